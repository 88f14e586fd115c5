/* web/files: the embedded files of static/. Internal to web. */
#ifndef PLATFORM_WEB_FILES_H
#define PLATFORM_WEB_FILES_H

#include "platform/web/call.h"

/* The file of request->path ("/static/..."): 200 with its bytes (compressed for who takes gzip),
 * 304, or 404. Kept for a year when the address bears its tag (?v=TAG), else asked again each time.
 */
enum call_next file_reply(struct call *call);

#endif
