/* Entering, cancelling and retrying jobs, inside somebody's write. */
#include "platform/jobs/jobs_queries.h"
#include "platform/jobs/parts.h"

static enum err text_fits(struct str text, size_t length_max, const char *place,
                          struct problem *problem)
{
    if (text.length <= length_max)
        return ERR_OK;
    problem_set(problem, ERR_TEXT_TOO_LONG, ERR_INT((int64_t)length_max));
    return problem_place(problem, "%s", place);
}

enum err job_enqueue(struct store_write *write, int64_t tenant, const struct job_order *order,
                     int64_t *id, struct problem *problem)
{
    struct arena arena;
    struct job_by_once_key_row before;
    bool found = false;
    struct str kind = str_from_c(order->kind);
    TRY(text_fits(order->arguments, JOB_ARGUMENTS_BYTES_MAX, "arguments", problem));
    TRY(text_fits(order->key, JOB_KEY_BYTES_MAX, "key", problem));
    arena_init(&arena);
    struct str key = order->key;
    enum err code = ERR_OK;
    if (key.length > 0)
        code = job_by_once_key(write->read, &arena, tenant, kind, key, &before, &found, problem);
    if (code == ERR_OK && found) {
        *id = before.id;
    } else if (code == ERR_OK) {
        *id = store_id_new(write);
        if (key.length == 0)
            key = str_format(&arena, "%lld", (long long)*id);
        code = job_insert(
            write, tenant, *id, kind, order->arguments.length > 0 ? order->arguments : STR("{}"),
            key, order->person, order->not_before_ms > 0 ? order->not_before_ms : write->now_ms,
            write->now_ms, problem);
    }
    arena_clear(&arena);
    return code;
}

enum err job_cancel(struct store_write *write, int64_t tenant, int64_t id, struct problem *problem)
{
    return job_mark_cancelled(write, tenant, id, write->now_ms, problem);
}

enum err job_retry(struct store_write *write, int64_t tenant, int64_t id, struct problem *problem)
{
    return job_mark_retried(write, tenant, id, write->now_ms, problem);
}
