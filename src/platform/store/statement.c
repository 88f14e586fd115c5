#include "platform/store/statement.h"

#include <assert.h>

#include "core/text.h"
#include "platform/store/parts.h"

static size_t bucket_of(const struct store_statement *statement)
{
    return ((uintptr_t)statement >> 4) * 2654435761U % STORE_BUCKETS;
}

/* Prepared at its first use on this connection, kept until the connection closes. */
static enum err run_find(struct store_read *read, const struct store_statement *statement,
                         struct store_run **found, struct problem *problem)
{
    struct store_run **bucket = &read->buckets[bucket_of(statement)];
    for (struct store_run *run = *bucket; run != NULL; run = run->next) {
        if (run->statement == statement) {
            *found = run;
            return ERR_OK;
        }
    }
    struct store_run *run = ARENA_NEW(&read->arena, struct store_run);
    int code = sqlite3_prepare_v3(read->db, statement->sqlite, -1, SQLITE_PREPARE_PERSISTENT,
                                  &run->prepared, NULL);
    if (code != SQLITE_OK)
        return connection_fail(read->db, code, statement->place, problem);
    run->statement = statement;
    run->read = read;
    run->next = *bucket;
    *bucket = run;
    *found = run;
    return ERR_OK;
}

enum err store_run_begin(struct store_read *read, const struct store_statement *statement,
                         struct store_run **run, struct problem *problem)
{
    TRY(run_find(read, statement, run, problem));
    if ((*run)->busy) {
        problem_set(problem, ERR_STORE, ERR_KEY(N_("a statement was begun while it ran")));
        return problem_place(problem, "%s", statement->place);
    }
    (*run)->busy = true;
    return ERR_OK;
}

/* Indices, lengths and types are the generator's; SQLite can only refuse for lack of memory. */
static void bound(int code)
{
    assert(code == SQLITE_OK);
    (void)code;
}

void store_bind_int64(struct store_run *run, int index, int64_t value)
{
    bound(sqlite3_bind_int64(run->prepared, index + 1, value));
}

void store_bind_real8(struct store_run *run, int index, double value)
{
    bound(sqlite3_bind_double(run->prepared, index + 1, value));
}

void store_bind_bool(struct store_run *run, int index, bool value)
{
    bound(sqlite3_bind_int64(run->prepared, index + 1, value ? 1 : 0));
}

/* An empty slice may have no address; NULL would bind null. */
void store_bind_text(struct store_run *run, int index, struct str value)
{
    bound(sqlite3_bind_text64(run->prepared, index + 1, value.text == NULL ? "" : value.text,
                              value.length, SQLITE_STATIC, SQLITE_UTF8));
}

void store_bind_bytes(struct store_run *run, int index, struct str value)
{
    bound(sqlite3_bind_blob64(run->prepared, index + 1, value.text == NULL ? "" : value.text,
                              value.length, SQLITE_STATIC));
}

void store_bind_null(struct store_run *run, int index)
{
    bound(sqlite3_bind_null(run->prepared, index + 1));
}

enum err store_step(struct store_run *run, bool *found, struct problem *problem)
{
    int code = sqlite3_step(run->prepared);
    *found = code == SQLITE_ROW;
    if (code == SQLITE_ROW || code == SQLITE_DONE)
        return ERR_OK;
    return connection_fail(run->read->db, code, run->statement->place, problem);
}

bool store_is_null(const struct store_run *run, int index)
{
    return sqlite3_column_type(run->prepared, index) == SQLITE_NULL;
}

int64_t store_int64(const struct store_run *run, int index)
{
    return sqlite3_column_int64(run->prepared, index);
}

double store_real8(const struct store_run *run, int index)
{
    return sqlite3_column_double(run->prepared, index);
}

bool store_bool(const struct store_run *run, int index)
{
    return sqlite3_column_int64(run->prepared, index) != 0;
}

struct str store_text(const struct store_run *run, int index, struct arena *arena)
{
    const void *text = sqlite3_column_text(run->prepared, index);
    size_t length = (size_t)sqlite3_column_bytes(run->prepared, index);
    return str_copy(arena, (struct str){text == NULL ? "" : text, text == NULL ? 0 : length});
}

struct str store_bytes(const struct store_run *run, int index, struct arena *arena)
{
    const void *bytes = sqlite3_column_blob(run->prepared, index);
    size_t length = (size_t)sqlite3_column_bytes(run->prepared, index);
    return str_copy(arena, (struct str){bytes == NULL ? "" : bytes, bytes == NULL ? 0 : length});
}

int64_t store_changed(const struct store_run *run)
{
    return sqlite3_changes64(run->read->db);
}

void store_run_end(struct store_run *run)
{
    sqlite3_reset(run->prepared);
    sqlite3_clear_bindings(run->prepared);
    run->busy = false;
}
