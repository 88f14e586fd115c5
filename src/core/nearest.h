/* nearest: of some known names, the one a person may have meant. */
#ifndef CORE_NEAREST_H
#define CORE_NEAREST_H

#include "core/base.h"
#include "core/str.h"

enum { NEAREST_NAME_MAX = 63 }; /* bytes of a name that are looked at */

/* Levenshtein's distance in bytes, ASCII letters compared without case, both names cut at
 * NEAREST_NAME_MAX; O(length^2). Source: V. Levenshtein 1966, with one row of the table kept. */
size_t name_distance(struct str a, struct str b);
/* Index of the known name nearest to `name`, the first of equals; -1 when there is none. */
int name_nearest(struct str name, const char *const *known, size_t count);

#endif
