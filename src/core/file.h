/* file: whole files and folders, written so that a reader sees the old one or the new one. */
#ifndef CORE_FILE_H
#define CORE_FILE_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

/* The whole file in the arena, zero-terminated behind its length; ERR_FILE_OPEN, ERR_FILE_READ,
 * ERR_FILE_TOO_LARGE. "builtin:NAME" is a file inside the program (core/builtin.h). */
MUST_USE enum err file_read(struct arena *arena, const char *path, size_t bytes_max,
                            struct str *content, struct problem *problem);
/* Write to a temporary name beside, fsync, rename. `mode` as for open(2). */
MUST_USE enum err file_write_atomic(const char *path, struct str content, unsigned mode,
                                    struct problem *problem);
/* mkdir -p for one level; fine when it exists. */
MUST_USE enum err folder_make(const char *path, struct problem *problem);
bool file_exists(const char *path);
/* Remove a folder and all in it; a missing one is fine. */
MUST_USE enum err folder_remove(const char *path, struct problem *problem);
/* Make `temporary` the content of `final` by rename (final must not exist). */
MUST_USE enum err folder_publish(const char *temporary, const char *final, struct problem *problem);
/* dir + "/" + name, in the arena. */
const char *path_join(struct arena *arena, const char *folder, const char *name);

/* SIGINT and SIGTERM set a flag; long work asks it between steps and stops cleanly with
 * ERR_INTERRUPTED. A second signal ends the program at once. */
void interrupt_watch(void);
bool interrupt_asked(void);

/* Progress of long work, on standard error: a line that is rewritten on a terminal, one line each
 * ten seconds elsewhere, nothing within the first second. */
struct progress;
struct progress *progress_begin(const char *label_translated, int64_t total);
void progress_set(struct progress *progress, int64_t done);
void progress_end(struct progress *progress);

#endif
