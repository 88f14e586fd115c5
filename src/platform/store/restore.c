/* A copy put in the place of a folder's database. At every moment the folder holds a whole
 * database: the new one takes the old one's name by one rename. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "platform/store/parts.h"

static enum err check_integrity(sqlite3 *db, const char *shown, struct problem *problem)
{
    sqlite3_stmt *prepared;
    TRY(connection_prepare(db, "PRAGMA integrity_check(1)", &prepared, problem));
    int code = sqlite3_step(prepared);
    const void *text = code == SQLITE_ROW ? sqlite3_column_text(prepared, 0) : NULL;
    enum err result = ERR_OK;
    if (text == NULL)
        result = connection_fail(db, code, shown, problem);
    else if (!str_equal_c(STR("ok"), text))
        result = problem_set(problem, ERR_FILE_DAMAGED, ERR_CTEXT(text));
    sqlite3_finalize(prepared);
    return result;
}

static enum err check_open(sqlite3 *db, const struct store_options *options, const char *shown,
                           struct problem *problem)
{
    size_t applied;
    TRY(check_integrity(db, shown, problem));
    TRY(migrations_known(db, options, &applied, problem));
    return applied > 0 ? ERR_OK : problem_set0(problem, ERR_FILE_NOT_OURS);
}

enum err restore_check(const struct store_options *options, const char *file, const char *shown,
                       struct problem *problem)
{
    sqlite3 *db = NULL;
    int opened = sqlite3_open_v2(file, &db, SQLITE_OPEN_READWRITE, options->vfs);
    enum err code = opened == SQLITE_OK ? check_open(db, options, shown, problem)
                                        : connection_fail(db, opened, shown, problem);
    sqlite3_close(db);
    if (code != ERR_OK)
        problem_place(problem, "%s", shown);
    return code;
}

/* What the old database's log holds goes into it; the log of a damaged one is put aside, since it
 * would be taken for the new one's. */
static enum err settle(const struct store_options *options, struct arena *arena,
                       const char *database, const char *kept, struct problem *problem)
{
    sqlite3 *db = NULL;
    int code = sqlite3_open_v2(database, &db, SQLITE_OPEN_READWRITE, options->vfs);
    if (code == SQLITE_OK)
        sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_close(db); /* the last connection removes the log */
    const char *log = str_format(arena, "%s-wal", database).text;
    if (file_exists(log) && rename(log, str_format(arena, "%s-wal", kept).text) != 0)
        return path_fail(problem, ERR_FILE_WRITE, log);
    unlink(str_format(arena, "%s-shm", database).text);
    return path_sync_above(database, problem);
}

static const char *kept_name(const struct store_options *options, struct arena *arena)
{
    int64_t now_ms = options->now_ms(options->now_context);
    const char *name = NULL;
    for (int i = 0; name == NULL || file_exists(name); i++)
        name =
            str_format(arena, "%s/before-restore-%lld-%d.db", options->folder, (long long)now_ms, i)
                .text;
    return name;
}

static enum err place(const struct store_options *options, struct arena *arena, const char *file,
                      struct problem *problem)
{
    const char *database = path_join(arena, options->folder, "sampan.db");
    if (file_exists(database)) {
        const char *kept = kept_name(options, arena);
        TRY(settle(options, arena, database, kept, problem));
        if (link(database, kept) != 0)
            return path_fail(problem, ERR_FILE_WRITE, kept);
    }
    if (rename(file, database) != 0)
        return path_fail(problem, ERR_FILE_WRITE, database);
    return path_sync_above(database, problem);
}

enum err restore_place(const struct store_options *options, const char *file,
                       struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    enum err code = place(options, &arena, file, problem);
    arena_clear(&arena);
    return code;
}

/* Archives begin as every file of zstd does (RFC 8878, section 3.1.1). */
static bool is_archive(const char *file)
{
    static const unsigned char mark[4] = {0x28, 0xb5, 0x2f, 0xfd};
    unsigned char found[4] = {0};
    int input = open(file, O_RDONLY | O_CLOEXEC);
    if (input < 0)
        return false;
    ssize_t got = read(input, found, sizeof(found));
    close(input);
    return got == (ssize_t)sizeof(found) && memcmp(found, mark, sizeof(mark)) == 0;
}

enum err store_restore(const struct store_options *options, const char *file,
                       struct problem *problem)
{
    if (is_archive(file))
        return store_archive_restore(options, file, problem);
    int lock;
    struct arena arena;
    TRY(folder_hold(options->folder, &lock, problem));
    arena_init(&arena);
    const char *incoming = path_join(&arena, options->folder, "incoming.db");
    enum err code = file_copy_synced(file, incoming, problem);
    if (code == ERR_OK)
        code = restore_check(options, incoming, file, problem);
    if (code == ERR_OK)
        code = restore_place(options, incoming, problem);
    if (code != ERR_OK)
        unlink(incoming);
    unlink(str_format(&arena, "%s-wal", incoming).text);
    unlink(str_format(&arena, "%s-shm", incoming).text);
    arena_clear(&arena);
    folder_let_go(lock);
    return code;
}
