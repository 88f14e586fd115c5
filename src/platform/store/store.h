/* store: the site's database: one writer, many readers, migrations, backup, files by their hash.
 *
 * Purpose  A GET reads one snapshot; a POST is one function inside the writer's open transaction,
 *          each in its own savepoint, and is answered only when that transaction is on the disk.
 * Owns     The data folder: sampan.db (SQLite, WAL, synchronous FULL), backups/, files/, lock.
 * Threads  Everything here may be called from any thread; a snapshot stays with one thread at a
 *          time; work runs on the store's own writer thread, one after the other.
 * Errors   ERR_STORE: the database refused something that the program must not ask (our mistake);
 *          ERR_DISK_FULL: no room; the store reads on and refuses writes until there is room;
 *          ERR_STORE_NEWER: the database was made by a newer release; ERR_STORE_MIGRATION: a
 *          migration that was applied has been changed since; ERR_FILE_BUSY: another process has
 *          the folder open.
 */
#ifndef PLATFORM_STORE_STORE_H
#define PLATFORM_STORE_STORE_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

struct arena;
struct store;
struct store_read; /* a snapshot; statements that only read take it */

/* What a function inside the write transaction holds. Statements that write take it. */
struct store_write {
    struct store_read *read; /* sees what the function itself has written */
    int64_t now_ms;          /* UTC, read once when the group began */
    struct store *store;
};

/* One step of the schema; made by tools/queries, in order of their numbers. */
struct store_migration {
    const char *name;   /* "0101_people" */
    const char *sqlite; /* the statements, translated */
    const char *postgres;
    unsigned char digest[32]; /* SHA-256 of the neutral text */
};

enum store_sync { STORE_SYNC_FULL, STORE_SYNC_OFF /* only for the test that must lose data */ };

struct store_options {
    const char *folder; /* made when missing, mode 0700 */
    const struct store_migration *migrations;
    size_t migration_count;
    int readers;               /* snapshots that may be open at once */
    int64_t (*now_ms)(void *); /* the clock, handed in */
    void *now_context;
    const char *vfs; /* SQLite VFS by name, NULL: the usual one */
    enum store_sync sync;
};

/* Opens or makes the database, takes a backup when migrations are due
 * (backups/before-NNNN_name.db), applies them in one transaction each. */
MUST_USE enum err store_open(const struct store_options *options, struct store **store,
                             struct problem *problem);
/* Ends the writer after what was submitted, checkpoints, closes. */
void store_close(struct store *store);
/* The data folder, for a room that keeps more there than files by their hash; lives as long as the
 * store. */
const char *store_folder(const struct store *store);

/* A snapshot, taken now. Waits when all `readers` are out. */
MUST_USE enum err store_read_begin(struct store *store, struct store_read **read,
                                   struct problem *problem);
void store_read_end(struct store_read *read);

/* What runs in the write transaction. Any error rolls back to before it. It may run twice. */
typedef enum err store_work(struct store_write *write, void *context, struct problem *problem);
/* Called once on the writer's thread after COMMIT (or failure); must be quick and must not submit
 * and wait. `code` is the work's own, or the COMMIT's. */
typedef void store_done(void *context, enum err code, const struct problem *problem);

void store_submit(struct store *store, store_work *work, store_done *done, void *context);
/* Submit and wait. Not from the writer's thread. */
MUST_USE enum err store_write_now(struct store *store, store_work *work, void *context,
                                  struct problem *problem);
/* Called on the writer's thread after each COMMIT that changed rows: outbox and jobs wake on it. */
void store_on_commit(struct store *store, void (*wake)(void *context), void *context);
/* From the return on, `wake` is not called with `context` any more, nor is such a call under way.
 * Not from the writer's thread; before store_close. */
void store_on_commit_end(struct store *store, void (*wake)(void *context), void *context);
/* True while the disk is full and writes are refused. */
bool store_is_read_only(const struct store *store);

/* A new id: 41 bits of ms since 2025-01-01 UTC, 8 of node, 14 of sequence. Only inside a write. */
int64_t store_id_new(struct store_write *write);

/* A consistent copy while the site runs (VACUUM INTO a temporary name, then rename). */
MUST_USE enum err store_backup(struct store *store, const char *file, struct problem *problem);
/* The same from a process of its own, whether or not a server has the folder open: for commands. */
MUST_USE enum err store_backup_folder(const struct store_options *options, const char *file,
                                      struct problem *problem);
/* Puts a backup in the place of the database of a folder that no process has open; the old one is
 * kept beside it. The backup is checked first (integrity, migrations known). An archive is taken,
 * too, as by store_archive_restore. */
MUST_USE enum err store_restore(const struct store_options *options, const char *file,
                                struct problem *problem);

/* The whole site in one file, while it runs: a copy of the database, every file, and a manifest
 * with their SHA-256, as a tar archive compressed by zstd ("tar --zstd -tf" lists it). */
MUST_USE enum err store_archive_write(struct store *store, const char *file,
                                      struct problem *problem);
/* The same from a process of its own, as store_backup_folder. */
MUST_USE enum err store_archive_folder(const struct store_options *options, const char *file,
                                       struct problem *problem);
/* Puts an archive's database and files into a folder that no process has open; an old database is
 * kept beside it as by store_restore. Everything is compared with the manifest first; a damaged
 * archive changes nothing and the problem names the place. */
MUST_USE enum err store_archive_restore(const struct store_options *options, const char *file,
                                        struct problem *problem);

/* Files live under files/ab/cdef... by SHA-256; equal content is kept once. */
enum { STORE_FILE_BYTES_MAX = 64 << 20, STORE_HASH_BYTES = 32 };
MUST_USE enum err store_file_put(struct store *store, struct str content,
                                 unsigned char hash[STORE_HASH_BYTES], struct problem *problem);
MUST_USE enum err store_file_get(struct store *store, struct arena *arena,
                                 const unsigned char hash[STORE_HASH_BYTES], struct str *content,
                                 struct problem *problem);

#endif
