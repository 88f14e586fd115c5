/* Rows of generated functions: statements run to their end, results put where `store_columns` say,
 * rows as JSON. */
#include <sodium.h>
#include <string.h>

#include "core/json.h"
#include "core/text.h"
#include "platform/store/parts.h"

static void fill_column(const struct store_run *run, int index, const struct store_column *column,
                        struct arena *arena, char *row)
{
    void *at = row + column->offset;
    if (column->nullable) {
        bool null = store_is_null(run, index);
        *(bool *)(row + column->null_offset) = null;
        if (null)
            return;
    }
    switch (column->type) {
    case STORE_ID:
    case STORE_INT64:
        *(int64_t *)at = store_int64(run, index);
        break;
    case STORE_REAL8:
        *(double *)at = store_real8(run, index);
        break;
    case STORE_BOOL:
        *(bool *)at = store_bool(run, index);
        break;
    case STORE_TEXT:
        *(struct str *)at = store_text(run, index, arena);
        break;
    case STORE_BYTES:
        *(struct str *)at = store_bytes(run, index, arena);
        break;
    }
}

/* The row the run stands on; a null where the program expects none is our mistake. */
static enum err fill_row(const struct store_run *run, struct arena *arena, void *row,
                         struct problem *problem)
{
    const struct store_columns *columns = run->statement->columns;
    memset(row, 0, columns->row_size);
    for (size_t i = 0; i < columns->count; i++) {
        const struct store_column *column = &columns->columns[i];
        if (!column->nullable && store_is_null(run, (int)i)) {
            problem_set(problem, ERR_STORE,
                        ERR_KEY(N_("a result is null that was declared not null")));
            return problem_place(problem, "%s: %s", run->statement->place, column->name);
        }
        fill_column(run, (int)i, column, arena, row);
    }
    return ERR_OK;
}

static enum err step_single(struct store_run *run, struct arena *arena, void *row, bool *found,
                            struct problem *problem)
{
    bool more = false;
    TRY(store_step(run, found, problem));
    if (!*found)
        return ERR_OK;
    TRY(fill_row(run, arena, row, problem));
    TRY(store_step(run, &more, problem));
    if (!more)
        return ERR_OK;
    problem_set(problem, ERR_STORE, ERR_KEY(N_("more than one row where one was expected")));
    return problem_place(problem, "%s", run->statement->place);
}

enum err store_run_maybe(struct store_run *run, struct arena *arena, void *row, bool *found,
                         struct problem *problem)
{
    *found = false;
    enum err code = step_single(run, arena, row, found, problem);
    store_run_end(run);
    return code;
}

enum err store_run_one(struct store_run *run, struct arena *arena, void *row,
                       struct problem *problem)
{
    bool found;
    TRY(store_run_maybe(run, arena, row, &found, problem));
    return found ? ERR_OK : problem_set0(problem, ERR_NOT_FOUND);
}

/* Grows by doubling; the arena keeps the short ones until it is cleared. */
static void *grow(struct arena *arena, void *rows, size_t count, size_t row_size, size_t capacity)
{
    void *larger = arena_array(arena, capacity, row_size, 16);
    if (count > 0)
        memcpy(larger, rows, count * row_size);
    return larger;
}

static enum err step_many(struct store_run *run, struct arena *arena, void **rows, size_t *count,
                          struct problem *problem)
{
    size_t row_size = run->statement->columns->row_size;
    size_t capacity = 0;
    for (bool found = true;;) {
        TRY(store_step(run, &found, problem));
        if (!found)
            return ERR_OK;
        if (*count == capacity) {
            capacity = capacity == 0 ? 16 : capacity * 2;
            *rows = grow(arena, *rows, *count, row_size, capacity);
        }
        TRY(fill_row(run, arena, (char *)*rows + *count * row_size, problem));
        (*count)++;
    }
}

enum err store_run_many(struct store_run *run, struct arena *arena, void **rows, size_t *count,
                        struct problem *problem)
{
    *rows = NULL;
    *count = 0;
    enum err code = step_many(run, arena, rows, count, problem);
    store_run_end(run);
    return code;
}

enum err store_run_exec(struct store_run *run, int64_t *changed, struct problem *problem)
{
    bool found;
    enum err code = store_step(run, &found, problem);
    *changed = code == ERR_OK ? store_changed(run) : 0;
    store_run_end(run);
    return code;
}

enum err store_run_change(struct store_run *run, struct problem *problem)
{
    int64_t changed;
    const char *place = run->statement->place;
    TRY(store_run_exec(run, &changed, problem));
    if (changed == 1)
        return ERR_OK;
    problem_set0(problem, ERR_STALE);
    return problem_place(problem, "%s", place);
}

static void put_hex(struct json_writer *writer, struct str bytes)
{
    size_t size = bytes.length * 2 + 1;
    struct buf text;
    buf_init(&text);
    char *at = buf_reserve(&text, size);
    sodium_bin2hex(at, size, (const unsigned char *)bytes.text, bytes.length);
    json_put_text(writer, (struct str){at, size - 1});
    buf_clear(&text);
}

static void put_value(struct json_writer *writer, enum store_type type, const void *at)
{
    char digits[24];
    struct buf buf = {.text = digits, .capacity = sizeof(digits)};
    switch (type) {
    case STORE_ID:
        buf_append_int64(&buf, *(const int64_t *)at);
        json_put_text(writer, buf_str(&buf));
        break;
    case STORE_INT64:
        json_put_int(writer, *(const int64_t *)at);
        break;
    case STORE_REAL8:
        json_put_double(writer, *(const double *)at);
        break;
    case STORE_BOOL:
        json_put_bool(writer, *(const bool *)at);
        break;
    case STORE_TEXT:
        json_put_text(writer, *(const struct str *)at);
        break;
    case STORE_BYTES:
        put_hex(writer, *(const struct str *)at);
        break;
    }
}

void store_row_json(struct json_writer *writer, const struct store_columns *columns,
                    const void *row)
{
    const char *bytes = row;
    json_object_begin(writer);
    for (size_t i = 0; i < columns->count; i++) {
        const struct store_column *column = &columns->columns[i];
        json_key(writer, column->name);
        if (column->nullable && *(const bool *)(bytes + column->null_offset))
            json_put_null(writer);
        else
            put_value(writer, column->type, bytes + column->offset);
    }
    json_object_end(writer);
}
