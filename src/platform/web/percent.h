/* web/percent: %XX in addresses and forms, both ways. */
#ifndef PLATFORM_WEB_PERCENT_H
#define PLATFORM_WEB_PERCENT_H

#include "core/base.h"
#include "core/str.h"

struct arena;

/* Resolve %XX (and "+" as a blank when `plus_is_blank`) into the arena. False on a broken escape,
 * on NUL and on what is not well-formed UTF-8. */
bool percent_decode(struct arena *arena, struct str text, bool plus_is_blank, struct str *decoded);
/* Everything but A-Z a-z 0-9 - . _ ~ becomes %XX. */
void percent_encode(struct buf *out, struct str text);

#endif
