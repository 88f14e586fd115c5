/* runs_copy: a run's folder copied, file by file, and published by rename. */
#ifndef APP_TRAINING_RUNS_COPY_H
#define APP_TRAINING_RUNS_COPY_H

#include "core/base.h"
#include "core/err.h"

enum { RUNS_COPY_DEPTH = 4, RUNS_COPY_BYTES_MAX = 256 << 20 };

/* Copies `from` to `to`, which must not exist, over a name beside it, so that `to` is whole or not
 * there. Only folders and plain files are copied; anything else is ERR_FILE_NOT_OURS. */
MUST_USE enum err runs_copy(const char *from, const char *to, struct problem *problem);

#endif
