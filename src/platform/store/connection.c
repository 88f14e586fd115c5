#include <errno.h>
#include <string.h>

#include "core/text.h"
#include "platform/store/parts.h"

enum { BUSY_WAIT_MS = 5000 };

enum err connection_fail(sqlite3 *db, int code, const char *place, struct problem *problem)
{
    int extended = db == NULL ? code : sqlite3_extended_errcode(db);
    int system = db == NULL ? 0 : sqlite3_system_errno(db);
    bool io = (code & 0xff) == SQLITE_IOERR || (extended & 0xff) == SQLITE_IOERR;
    bool full = (code & 0xff) == SQLITE_FULL || (extended & 0xff) == SQLITE_FULL ||
                (io && (system == ENOSPC || system == EDQUOT));
    if (full)
        problem_set0(problem, ERR_DISK_FULL);
    else if ((code & 0xff) == SQLITE_CORRUPT || (code & 0xff) == SQLITE_NOTADB)
        problem_set(problem, ERR_FILE_DAMAGED, ERR_CTEXT(sqlite3_errstr(code)));
    else
        problem_set(problem, ERR_STORE,
                    ERR_CTEXT(db == NULL ? sqlite3_errstr(code) : sqlite3_errmsg(db)));
    return problem_place(problem, "%s", place);
}

enum err connection_exec(sqlite3 *db, const char *sql, const char *place, struct problem *problem)
{
    int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? ERR_OK : connection_fail(db, code, place, problem);
}

enum err connection_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **prepared,
                            struct problem *problem)
{
    int code = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, prepared, NULL);
    return code == SQLITE_OK ? ERR_OK : connection_fail(db, code, sql, problem);
}

enum err connection_step(sqlite3 *db, sqlite3_stmt *prepared, const char *place,
                         struct problem *problem)
{
    int code = sqlite3_step(prepared);
    enum err result = code == SQLITE_DONE || code == SQLITE_ROW
                          ? ERR_OK
                          : connection_fail(db, code, place, problem);
    sqlite3_reset(prepared);
    return result;
}

static void defend(sqlite3 *db)
{
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, BUSY_WAIT_MS);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
}

/* What a connection of the house is: WAL, every COMMIT on the disk, foreign keys kept. */
static enum err set_up(const struct store *store, const char *path, bool reads_only, sqlite3 *db,
                       struct problem *problem)
{
    TRY(connection_exec(db,
                        "PRAGMA journal_mode = WAL; PRAGMA temp_store = MEMORY;"
                        "PRAGMA foreign_keys = ON;",
                        path, problem));
    /* Lists join rows from all over a table: a page that is not in the cache costs a system call. A
     * reader's cache grows to 8 MiB as it is used. */
    if (reads_only)
        return connection_exec(db, "PRAGMA query_only = ON; PRAGMA cache_size = -8192;", path,
                               problem);
    return connection_exec(db,
                           store->options.sync == STORE_SYNC_OFF
                               ? "PRAGMA synchronous = OFF;"
                               : "PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864;",
                           path, problem);
}

enum err connection_open(struct store *store, const char *path, bool reads_only,
                         struct store_read *read, struct problem *problem)
{
    *read = (struct store_read){.store = store};
    arena_init(&read->arena);
    int code = sqlite3_open_v2(path, &read->db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                               store->options.vfs);
    enum err result = ERR_OK;
    if (code != SQLITE_OK) {
        result = connection_fail(read->db, code, path, problem);
    } else {
        defend(read->db);
        result = set_up(store, path, reads_only, read->db, problem);
    }
    if (result == ERR_OK)
        result = connection_prepare(read->db, reads_only ? "BEGIN" : "BEGIN IMMEDIATE",
                                    &read->begin, problem);
    if (result == ERR_OK)
        result = connection_prepare(read->db, "COMMIT", &read->commit, problem);
    if (result == ERR_OK)
        result = connection_prepare(read->db, "SELECT 1 FROM sqlite_schema LIMIT 1", &read->look,
                                    problem);
    if (result != ERR_OK)
        connection_close(read);
    return result;
}

void connection_close(struct store_read *read)
{
    for (size_t i = 0; i < STORE_BUCKETS; i++) {
        for (struct store_run *run = read->buckets[i]; run != NULL; run = run->next)
            sqlite3_finalize(run->prepared);
    }
    sqlite3_finalize(read->begin);
    sqlite3_finalize(read->look);
    sqlite3_finalize(read->commit);
    sqlite3_close(read->db);
    arena_clear(&read->arena);
    *read = (struct store_read){0};
}
