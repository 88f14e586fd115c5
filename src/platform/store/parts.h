/* store/parts: what the files of the store share; nobody else includes it. */
#ifndef PLATFORM_STORE_PARTS_H
#define PLATFORM_STORE_PARTS_H

#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#include "core/arena.h"
#include "platform/store/statement.h"
#include "platform/store/store.h"

enum { STORE_BUCKETS = 256, STORE_WAKES_MAX = 8, STORE_READERS_MAX = 64 };

/* A statement prepared on one connection. */
struct store_run {
    const struct store_statement *statement;
    sqlite3_stmt *prepared;
    struct store_read *read;
    struct store_run *next; /* of the same bucket */
    bool busy;
};

/* A connection: a reader's, or the writer's own. */
struct store_read {
    sqlite3 *db;
    struct arena arena;
    struct store *store;
    struct store_read *next_free;
    struct store_run *buckets[STORE_BUCKETS];
    sqlite3_stmt *begin;
    sqlite3_stmt *look;
    sqlite3_stmt *commit;
};

struct store_wake {
    void (*wake)(void *context);
    void *context;
};

struct store {
    struct arena arena;
    struct store_options options; /* with its own copies of the texts */
    const char *database;         /* path of sampan.db */
    int lock;                     /* descriptor that holds the folder */

    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t reader_back;
    pthread_cond_t submitted;
    struct store_read readers[STORE_READERS_MAX];
    struct store_read *free_readers;
    int reader_count;   /* opened so far */
    struct buf pending; /* of struct store_entry */
    struct store_wake wakes[STORE_WAKES_MAX];
    size_t wake_count;
    bool stopping;

    pthread_mutex_t files; /* one file is put at a time */

    /* The writer's own. */
    pthread_t writer;
    bool writer_runs;
    struct store_read connection;
    struct buf group; /* of struct store_entry */
    sqlite3_stmt *savepoint;
    sqlite3_stmt *release;
    sqlite3_stmt *rollback_to;
    int64_t id_last; /* ms since the ids' epoch and sequence, as in an id */
    int64_t id_mark_ms;
    atomic_bool read_only;
};

/* store.c */
/* A store that is not open, for its options and its folder's database, which must exist: neither
 * held nor migrated. Ended by store_close. */
MUST_USE enum err store_outside(const struct store_options *options, struct store **store,
                                struct problem *problem);

/* connection.c */
MUST_USE enum err connection_open(struct store *store, const char *path, bool reads_only,
                                  struct store_read *read, struct problem *problem);
void connection_close(struct store_read *read);
/* The problem for what SQLite has just answered on `db`. */
MUST_USE enum err connection_fail(sqlite3 *db, int code, const char *place,
                                  struct problem *problem);
MUST_USE enum err connection_exec(sqlite3 *db, const char *sql, const char *place,
                                  struct problem *problem);
MUST_USE enum err connection_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **prepared,
                                     struct problem *problem);
/* Run a prepared statement that gives nothing of interest. */
MUST_USE enum err connection_step(sqlite3 *db, sqlite3_stmt *prepared, const char *place,
                                  struct problem *problem);

/* folder.c */
/* Makes the folder and what lies in it, and holds it; ERR_FILE_BUSY when another does. */
MUST_USE enum err folder_hold(const char *folder, int *lock, struct problem *problem);
void folder_let_go(int lock);
/* A new file with the same content, synced. */
MUST_USE enum err file_copy_synced(const char *from, const char *to, struct problem *problem);
/* The folder that holds the path, synced, so that a new name in it lasts. */
MUST_USE enum err path_sync_above(const char *path, struct problem *problem);
MUST_USE enum err folder_make_private(const char *path, struct problem *problem);
/* An empty file that only its owner may read, unless there is one of that name. SQLite keeps the
 * mode, and gives it to the log. */
MUST_USE enum err file_make_private(const char *path, struct problem *problem);
MUST_USE enum err path_sync(const char *path, struct problem *problem);
MUST_USE enum err path_fail(struct problem *problem, enum err code, const char *path);

/* files.c */
enum { STORE_FILE_NAME_MAX = 80 };
/* "files/ab/cdef..." of a hash, and back; false when the path is no such name. */
void file_name_of(const unsigned char hash[STORE_HASH_BYTES], char name[STORE_FILE_NAME_MAX]);
bool file_name_read(struct str path, unsigned char hash[STORE_HASH_BYTES]);

/* migrate.c */
/* Compares what was applied with what the program holds and applies what is due. */
MUST_USE enum err migrate(struct store *store, struct problem *problem);
/* Only the comparison, on any database; the number of those applied. */
MUST_USE enum err migrations_known(sqlite3 *db, const struct store_options *options,
                                   size_t *applied, struct problem *problem);

/* writer.c */
MUST_USE enum err writer_start(struct store *store, struct problem *problem);
void writer_stop(struct store *store);

/* ids.c */
MUST_USE enum err ids_open(struct store *store, struct problem *problem);
/* At the begin of a group: no id beyond the mark may be given. */
MUST_USE enum err ids_reserve(struct store *store, int64_t now_ms, struct problem *problem);

/* restore.c */
/* Is the file a whole database whose migrations this program knows? `shown` is the place. */
MUST_USE enum err restore_check(const struct store_options *options, const char *file,
                                const char *shown, struct problem *problem);
/* Makes `file`, which lies in the held folder, its database; the old one is kept beside it. */
MUST_USE enum err restore_place(const struct store_options *options, const char *file,
                                struct problem *problem);

/* backup.c */
MUST_USE enum err backup_to(struct store *store, const char *file, struct problem *problem);

#endif
