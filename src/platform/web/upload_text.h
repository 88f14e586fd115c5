/* web/upload_text: a text file as people's programs save it, made UTF-8.
 *
 * A byte order mark decides (UTF-8, UTF-16 either way); without one, well-formed UTF-8 is UTF-8,
 * and anything else must be GB18030, as spreadsheets in China save CSV. Line ends stay.
 */
#ifndef PLATFORM_WEB_UPLOAD_TEXT_H
#define PLATFORM_WEB_UPLOAD_TEXT_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

/* ERR_ENCODING_BROKEN with the encoding's name; ERR_FORMAT_SPREADSHEET for workbooks and archives
 * (they begin with "PK"); ERR_TEXT_CONTROL when it holds NUL. */
MUST_USE enum err upload_text_decode(struct arena *arena, struct str content, struct str *text,
                                     struct problem *problem);

#endif
