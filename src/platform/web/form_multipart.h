/* web/form_multipart: multipart/form-data (RFC 7578), as browsers send it. Internal to web.
 *
 * Strict: lines end in CRLF, every part has a name, no part has a transfer encoding, the body ends
 * with the closing boundary. What browsers never send is refused, not guessed.
 */
#ifndef PLATFORM_WEB_FORM_MULTIPART_H
#define PLATFORM_WEB_FORM_MULTIPART_H

#include "platform/web/form_body.h"

MUST_USE enum err form_multipart_read(struct arena *arena, struct str content_type, struct str body,
                                      struct form_body *fields, struct problem *problem);

#endif
