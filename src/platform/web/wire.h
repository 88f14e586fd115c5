/* web/wire: what libmicrohttpd has read, as it stood on the wire. Internal to web.
 *
 * Release 0.9.75 reads generously: lines that end in a bare LF, values continued on the next line,
 * bytes behind a NUL. A proxy in front that reads otherwise could be made to see other requests
 * than we do. The library hands out pointers into its read buffer, so the layout tells: a head as
 * RFC 9112 wants it is method SP target SP version CRLF (name ":" blanks value CRLF)..., without a
 * gap. Whatever is not is refused. (From 0.9.76 on the library itself is told to be strict.)
 */
#ifndef PLATFORM_WEB_WIRE_H
#define PLATFORM_WEB_WIRE_H

#include "platform/web/call.h"

/* Is the head one piece of `head_size` bytes? `target` is the pointer into the buffer and its
 * length as sent. */
bool wire_is_strict(const struct call *call, const char *method, struct str target,
                    const char *version, size_t head_size);

#endif
