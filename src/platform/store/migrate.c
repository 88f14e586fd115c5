/* Migrations: forward only, each in one transaction with the note that it was applied; a backup
 * before each on a database that holds anything. */
#include <string.h>

#include "core/file.h"
#include "core/text.h"
#include "platform/store/parts.h"

static const char own_tables[] =
    "CREATE TABLE IF NOT EXISTS store_migration ("
    "name TEXT NOT NULL PRIMARY KEY, digest BYTES NOT NULL, applied_ms INT64 NOT NULL"
    ") WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS store_mark ("
    "name TEXT NOT NULL PRIMARY KEY, value INT64 NOT NULL) WITHOUT ROWID;";

static enum err count_of(sqlite3 *db, const char *sql, int64_t *count, struct problem *problem)
{
    sqlite3_stmt *prepared;
    TRY(connection_prepare(db, sql, &prepared, problem));
    int code = sqlite3_step(prepared);
    *count = code == SQLITE_ROW ? sqlite3_column_int64(prepared, 0) : 0;
    sqlite3_finalize(prepared);
    return code == SQLITE_ROW ? ERR_OK : connection_fail(db, code, "sampan.db", problem);
}

static const struct store_migration *migration_find(const struct store_options *options,
                                                    struct str name)
{
    for (size_t i = 0; i < options->migration_count; i++) {
        if (str_equal_c(name, options->migrations[i].name))
            return &options->migrations[i];
    }
    return NULL;
}

/* One row of store_migration beside what the program holds. */
static enum err compare_row(sqlite3_stmt *row, const struct store_options *options,
                            struct problem *problem)
{
    const void *text = sqlite3_column_text(row, 0);
    struct str name = {text, (size_t)sqlite3_column_bytes(row, 0)};
    const struct store_migration *migration = migration_find(options, name);
    if (migration == NULL)
        return problem_set(problem, ERR_STORE_NEWER, ERR_TEXT(name));
    bool same =
        (size_t)sqlite3_column_bytes(row, 1) == sizeof(migration->digest) &&
        memcmp(sqlite3_column_blob(row, 1), migration->digest, sizeof(migration->digest)) == 0;
    return same ? ERR_OK : problem_set(problem, ERR_STORE_MIGRATION, ERR_TEXT(name));
}

enum err migrations_known(sqlite3 *db, const struct store_options *options, size_t *applied,
                          struct problem *problem)
{
    int64_t tables;
    int64_t own;
    *applied = 0;
    TRY(count_of(db, "SELECT count(*) FROM sqlite_schema", &tables, problem));
    TRY(count_of(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'store_migration'", &own,
                 problem));
    if (tables == 0)
        return ERR_OK;
    if (own == 0)
        return problem_set0(problem, ERR_FILE_NOT_OURS);
    sqlite3_stmt *rows;
    TRY(connection_prepare(db, "SELECT name, digest FROM store_migration ORDER BY name", &rows,
                           problem));
    enum err result = ERR_OK;
    int code = SQLITE_ROW;
    while (result == ERR_OK && (code = sqlite3_step(rows)) == SQLITE_ROW) {
        result = compare_row(rows, options, problem);
        *applied += 1;
    }
    if (result == ERR_OK && code != SQLITE_DONE)
        result = connection_fail(db, code, "store_migration", problem);
    sqlite3_finalize(rows);
    return result;
}

static enum err is_applied(sqlite3 *db, const char *name, bool *applied, struct problem *problem)
{
    sqlite3_stmt *prepared;
    TRY(connection_prepare(db, "SELECT 1 FROM store_migration WHERE name = ?1", &prepared,
                           problem));
    sqlite3_bind_text(prepared, 1, name, -1, SQLITE_STATIC);
    int code = sqlite3_step(prepared);
    *applied = code == SQLITE_ROW;
    sqlite3_finalize(prepared);
    return code == SQLITE_ROW || code == SQLITE_DONE ? ERR_OK
                                                     : connection_fail(db, code, name, problem);
}

static enum err note_applied(struct store *store, const struct store_migration *migration,
                             struct problem *problem)
{
    sqlite3 *db = store->connection.db;
    sqlite3_stmt *prepared;
    TRY(connection_prepare(
        db, "INSERT INTO store_migration (name, digest, applied_ms) VALUES (?1, ?2, ?3)", &prepared,
        problem));
    sqlite3_bind_text(prepared, 1, migration->name, -1, SQLITE_STATIC);
    sqlite3_bind_blob(prepared, 2, migration->digest, sizeof(migration->digest), SQLITE_STATIC);
    sqlite3_bind_int64(prepared, 3, store->options.now_ms(store->options.now_context));
    enum err code = connection_step(db, prepared, migration->name, problem);
    sqlite3_finalize(prepared);
    return code;
}

static enum err apply(struct store *store, const struct store_migration *migration,
                      struct problem *problem)
{
    sqlite3 *db = store->connection.db;
    TRY(connection_exec(db, "BEGIN IMMEDIATE", migration->name, problem));
    enum err code = connection_exec(db, migration->sqlite, migration->name, problem);
    if (code == ERR_OK)
        code = note_applied(store, migration, problem);
    if (code == ERR_OK)
        code = connection_exec(db, "COMMIT", migration->name, problem);
    if (!sqlite3_get_autocommit(db))
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

static enum err backup_before(struct store *store, const char *name, struct problem *problem)
{
    struct str path =
        str_format(&store->arena, "%s/backups/before-%s.db", store->options.folder, name);
    return backup_to(store, path.text, problem);
}

enum err migrate(struct store *store, struct problem *problem)
{
    sqlite3 *db = store->connection.db;
    const struct store_options *options = &store->options;
    size_t applied_before;
    enum err known = migrations_known(db, options, &applied_before, problem);
    if (known != ERR_OK) {
        problem_place(problem, "%s", store->database);
        return known;
    }
    TRY(connection_exec(db, own_tables, store->database, problem));
    for (size_t i = 0; i < options->migration_count; i++) {
        const struct store_migration *migration = &options->migrations[i];
        bool applied;
        TRY(is_applied(db, migration->name, &applied, problem));
        if (applied)
            continue;
        if (applied_before > 0)
            TRY(backup_before(store, migration->name, problem));
        TRY(apply(store, migration, problem));
    }
    return ERR_OK;
}
