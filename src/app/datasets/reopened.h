/* reopened: order numbers that come back after their order was closed, counted exactly.
 *
 * Every order that is opened leaves 128 keyed bits of its number and its place. When a buffer is
 * full it is sorted and spilled to one unnamed file; at the end the sorted runs are merged and
 * equal neighbours counted. Memory is constant: 8 MiB, and 4 KiB for each 260,000 orders while
 * merging. The bits are SipHash-128 with a key of the day, so that equal means the same number
 * (two of 10^9 differing numbers collide with a probability under 10^-20).
 */
#ifndef APP_DATASETS_REOPENED_H
#define APP_DATASETS_REOPENED_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

enum { REOPENED_BUFFER = 1 << 18, REOPENED_PLACES_MAX = 10, REOPENED_KEY_BYTES = 16 };

struct reopened_place {
    uint32_t file; /* index of the file */
    int64_t line;
};

struct reopened_result {
    int64_t orders;   /* numbers that were opened more than once */
    int64_t openings; /* times they were opened again */
    size_t place_count;
    struct reopened_place places[REOPENED_PLACES_MAX]; /* the first in file order */
};

struct reopened;

/* `folder` is where the spill file lives while it is needed. `buffer`: entries kept in memory, 0
 * for REOPENED_BUFFER (tests use small ones). */
MUST_USE enum err reopened_begin(struct arena *arena, const char *folder,
                                 const unsigned char key[REOPENED_KEY_BYTES], size_t buffer,
                                 struct reopened **reopened, struct problem *problem);
MUST_USE enum err reopened_add(struct reopened *reopened, struct str order, uint32_t file,
                               int64_t line, struct problem *problem);
MUST_USE enum err reopened_count(struct reopened *reopened, struct arena *arena,
                                 struct reopened_result *result, struct problem *problem);
void reopened_end(struct reopened *reopened);

#endif
