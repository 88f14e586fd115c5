/* writer: a file written from front to back through one buffer. */
#ifndef APP_DATASETS_WRITER_H
#define APP_DATASETS_WRITER_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

struct writer {
    int file; /* -1: nothing open */
    const char *path;
    char *buffer;
    size_t capacity;
    size_t used;
};

/* Creates the file (it must not exist) with `mode`; `path` is borrowed until the close. */
MUST_USE enum err writer_open(struct writer *writer, struct arena *arena, const char *path,
                              unsigned mode, size_t capacity, struct problem *problem);
MUST_USE enum err writer_put(struct writer *writer, struct str bytes, struct problem *problem);
/* Write out, sync and close. */
MUST_USE enum err writer_finish(struct writer *writer, struct problem *problem);
/* Close without a promise; for the way out after an error. Fine when nothing is open. */
void writer_drop(struct writer *writer);

#endif
