/* web/head: what the headers of a request say, and which requests are refused for them. Internal.
 *
 * Refused (RFC 9112 and what smuggling lives on): a name that is no token, control characters in a
 * value, no host or more than one, a length that is not digits, more than one length, any transfer
 * coding (a body here has a length), headers of one value given twice, a GET with a body, a target
 * that is not a path.
 */
#ifndef PLATFORM_WEB_HEAD_H
#define PLATFORM_WEB_HEAD_H

#include "platform/web/call.h"

/* Fills call->head and the request's host, remote, is_secure from call->headers.
 * ERR_REQUEST, ERR_REQUEST_LENGTH. */
MUST_USE enum err head_read(struct call *call, const char *trusted_proxy);
/* Splits the target into path and query: ERR_REQUEST, ERR_REQUEST_TARGET. */
MUST_USE enum err head_target(struct call *call, struct str target);
/* RFC 9110 tchar, at least one. */
bool head_is_token(struct str name);

#endif
