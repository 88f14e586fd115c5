/* web/form_text: text as people type it, made fit to keep. Internal to web.
 *
 * Text is NFC (Unicode Annex 15) and without control characters, directional overrides, line
 * separators, byte order marks and what Unicode reserves; lines end in LF. Numbers and dates may
 * come in full-width form, as Chinese input methods give them.
 */
#ifndef PLATFORM_WEB_FORM_TEXT_H
#define PLATFORM_WEB_FORM_TEXT_H

#include "core/base.h"
#include "core/str.h"

struct arena;

/* Valid UTF-8 in; false: it holds what cannot be kept. `lines`: LF and tab may stand in it, CRLF
 * and CR become LF. */
bool form_text_clean(struct arena *arena, struct str text, bool lines, struct str *clean);
/* Without blanks of any width at both ends. */
struct str form_text_trim(struct str text);
/* Code points of valid UTF-8. */
int64_t form_text_length(struct str text);
/* Full-width digits, signs, points and separators become ASCII. */
struct str form_text_narrow(struct arena *arena, struct str text);
/* 2026-03-31, 2026/3/31, 2026.3.31 or 2026年3月31日; narrow text in. */
bool form_day_read(struct str text, int32_t *day);

#endif
