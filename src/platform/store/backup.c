/* A consistent copy of the database while the site runs, and a copy put back. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "core/file.h"
#include "core/text.h"
#include "platform/store/parts.h"

static enum err publish(const char *temporary, const char *file, struct problem *problem)
{
    TRY(path_sync(temporary, problem));
    if (rename(temporary, file) != 0)
        return path_fail(problem, ERR_FILE_WRITE, file);
    struct arena arena;
    arena_init(&arena);
    struct str path = str_from_c(file);
    size_t slash = path.length;
    while (slash > 0 && path.text[slash - 1] != '/')
        slash--;
    struct str folder = slash == 0 ? STR(".") : str_slice(path, 0, slash);
    enum err code = path_sync(str_copy(&arena, folder).text, problem);
    arena_clear(&arena);
    return code;
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
    enum err code = vacuum_into(store, temporary, problem);
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
