/* lock: one writer at a place.
 *
 * The lock is a small file beside the data set, held by flock(2), so it ends with the process; it
 * is removed by its holder.
 */
#ifndef APP_DATASETS_LOCK_H
#define APP_DATASETS_LOCK_H

#include "core/base.h"
#include "core/err.h"

struct lock {
    int file; /* -1: not held */
    const char *path;
};

/* ERR_FILE_BUSY when another process (or another call in this one) holds it. `path` is borrowed
 * until the release. */
MUST_USE enum err lock_take(struct lock *lock, const char *path, struct problem *problem);
/* Fine when it is not held. */
void lock_release(struct lock *lock);

#endif
