/* A consistent copy of the database while the site runs. */
#include <stdio.h>
#include <unistd.h>

#include "platform/store/parts.h"

static enum err publish(const char *temporary, const char *file, struct problem *problem)
{
    TRY(path_sync(temporary, problem));
    if (rename(temporary, file) != 0)
        return path_fail(problem, ERR_FILE_WRITE, file);
    return path_sync_above(file, problem);
}

/* On a connection of its own, so that it holds up neither readers nor the writer. */
static enum err vacuum_into(struct store *store, const char *temporary, struct problem *problem)
{
    struct store_read own;
    sqlite3_stmt *prepared;
    TRY(connection_open(store, store->database, false, &own, problem));
    enum err code = connection_prepare(own.db, "VACUUM INTO ?1", &prepared, problem);
    if (code == ERR_OK) {
        sqlite3_bind_text(prepared, 1, temporary, -1, SQLITE_STATIC);
        code = connection_step(own.db, prepared, temporary, problem);
        sqlite3_finalize(prepared);
    }
    connection_close(&own);
    return code;
}

enum err backup_to(struct store *store, const char *file, struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    const char *temporary = str_format(&arena, "%s.part", file).text;
    unlink(temporary);
    enum err code = file_make_private(temporary, problem);
    if (code == ERR_OK)
        code = vacuum_into(store, temporary, problem);
    if (code == ERR_OK)
        code = publish(temporary, file, problem);
    if (code != ERR_OK)
        unlink(temporary);
    arena_clear(&arena);
    return code;
}

enum err store_backup(struct store *store, const char *file, struct problem *problem)
{
    return backup_to(store, file, problem);
}

enum err store_backup_folder(const struct store_options *options, const char *file,
                             struct problem *problem)
{
    struct store *store;
    TRY(store_outside(options, &store, problem));
    enum err code = backup_to(store, file, problem);
    store_close(store);
    return code;
}
