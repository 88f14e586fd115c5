/* The dispatcher: one thread that hands due jobs to free workers, prolongs the leases of those that
 * run, writes their progress and hears of cancels.
 *
 * It sleeps until something is committed, a worker becomes free, the next job is due, or, while
 * jobs run, for a second.
 */
#include <poll.h>
#include <unistd.h>

#include "platform/jobs/jobs_queries.h"
#include "platform/jobs/parts.h"

enum {
    TICK_MS = 1000,      /* while jobs run, and after a failed write */
    PAUSE_MS = 20,       /* commits that come faster share a look */
    SLEEP_MS_MAX = 60000 /* the clock may have been set */
};

/* One look and what came of it. */
struct tick {
    struct jobs *jobs;
    struct arena arena;
    struct job_slot *running[JOB_WORKERS_MAX];
    size_t running_count;
    struct job_slot *free[JOB_WORKERS_MAX];
    size_t free_count;
    bool needs_write;
    int64_t due_ms; /* of the next job; INT64_MAX: none */
    /* Of the write; begun anew when it runs twice. */
    int64_t now_ms;
    struct job_due_list_row *due;
    const struct job_kind *kinds[JOB_WORKERS_MAX]; /* of due[i]; NULL: not taken up */
    size_t due_count;
};

int64_t job_lease_ms(const struct job_kind *kind)
{
    return (int64_t)(kind->lease_seconds == 0 ? JOB_LEASE_SECONDS_DEFAULT : kind->lease_seconds) *
           1000;
}

static const struct job_kind *kind_find(const struct jobs *jobs, struct str name)
{
    for (size_t i = 0; i < jobs->options.kind_count; i++) {
        if (str_equal_c(name, jobs->options.kinds[i].name))
            return &jobs->options.kinds[i];
    }
    return NULL;
}

static void slots_look(struct tick *tick)
{
    struct jobs *jobs = tick->jobs;
    pthread_mutex_lock(&jobs->mutex);
    for (size_t i = 0; i < jobs->slot_count; i++) {
        if (jobs->slots[i].busy)
            tick->running[tick->running_count++] = &jobs->slots[i];
        else
            tick->free[tick->free_count++] = &jobs->slots[i];
    }
    pthread_mutex_unlock(&jobs->mutex);
}

/* ---- reading ---- */

static enum err look_at_running(struct tick *tick, struct store_read *read, struct problem *problem)
{
    int64_t now = jobs_now(tick->jobs);
    for (size_t i = 0; i < tick->running_count; i++) {
        struct job_slot *slot = tick->running[i];
        struct job_held_row row;
        bool found;
        TRY(job_held(read, &tick->arena, slot->job.tenant, slot->job.id, slot->turn, &row, &found,
                     problem));
        if (!found || row.cancel_asked)
            atomic_store(&slot->stop, true);
        int64_t age = now - slot->saved_ms;
        bool moved = atomic_load(&slot->done) != slot->saved_done ||
                     atomic_load(&slot->total) != slot->saved_total;
        if ((moved && age >= TICK_MS) || age >= job_lease_ms(slot->kind) / 3 || age < 0)
            tick->needs_write = true;
    }
    return ERR_OK;
}

static enum err look(struct tick *tick, struct problem *problem)
{
    struct store_read *read;
    struct job_due_next_row next;
    TRY(store_read_begin(tick->jobs->options.store, &read, problem));
    enum err code = look_at_running(tick, read, problem);
    if (code == ERR_OK)
        code = job_due_next(read, &tick->arena, &next, problem);
    store_read_end(read);
    tick->due_ms = code == ERR_OK && !next.due_ms_null ? next.due_ms : INT64_MAX;
    if (tick->free_count > 0 && tick->due_ms <= jobs_now(tick->jobs))
        tick->needs_write = true;
    return code;
}

/* ---- writing ---- */

static enum err hold_running(struct tick *tick, struct store_write *write, struct problem *problem)
{
    for (size_t i = 0; i < tick->running_count; i++) {
        struct job_slot *slot = tick->running[i];
        int64_t changed;
        int64_t done = atomic_load(&slot->done);
        int64_t total = atomic_load(&slot->total);
        TRY(job_mark_held(write, slot->job.tenant, slot->job.id, slot->turn,
                          tick->now_ms + job_lease_ms(slot->kind), done, total, &changed, problem));
        slot->saved_done = done;
        slot->saved_total = total;
    }
    return ERR_OK;
}

static enum err refuse(struct store_write *write, struct arena *arena,
                       const struct job_due_list_row *row, struct str state,
                       const struct problem *why, struct problem *problem)
{
    struct job_error error;
    int64_t changed;
    if (why == NULL)
        return job_mark_refused(write, row->tenant, row->id, row->turn, state, write->now_ms, NULL,
                                NULL, NULL, &changed, problem);
    job_error_fill(arena, why, &error);
    return job_mark_refused(write, row->tenant, row->id, row->turn, state, write->now_ms,
                            &error.code, &error.place, &error.arguments, &changed, problem);
}

/* A due job is taken up, or ended: cancelled meanwhile, of no known kind, or begun too often. */
static enum err take_up(struct tick *tick, struct store_write *write, size_t i,
                        struct problem *problem)
{
    const struct job_due_list_row *row = &tick->due[i];
    const struct job_kind *kind = kind_find(tick->jobs, row->kind);
    struct problem why;
    if (row->cancel_asked)
        return refuse(write, &tick->arena, row, STR("cancelled"), NULL, problem);
    if (kind == NULL) {
        problem_set(&why, ERR_JOB_KIND, ERR_TEXT(row->kind));
        return refuse(write, &tick->arena, row, STR("failed"), &why, problem);
    }
    int attempts_max = kind->attempts_max == 0 ? JOB_ATTEMPTS_DEFAULT : kind->attempts_max;
    if (row->attempts >= attempts_max) {
        problem_set(&why, ERR_JOB_LOST, ERR_INT(row->attempts));
        return refuse(write, &tick->arena, row, STR("failed"), &why, problem);
    }
    TRY(job_mark_begun(write, row->tenant, row->id, row->turn, tick->now_ms + job_lease_ms(kind),
                       tick->now_ms, problem));
    tick->kinds[i] = kind;
    return ERR_OK;
}

static enum err tick_write(struct store_write *write, void *context, struct problem *problem)
{
    struct tick *tick = context;
    tick->now_ms = write->now_ms;
    tick->due_count = 0;
    /* First those that run here, so that none of them looks as if its lease had run out. */
    TRY(hold_running(tick, write, problem));
    if (tick->free_count == 0 || atomic_load(&tick->jobs->stopping))
        return ERR_OK;
    TRY(job_due_list(write->read, &tick->arena, tick->now_ms, (int64_t)tick->free_count, &tick->due,
                     &tick->due_count, problem));
    for (size_t i = 0; i < tick->due_count; i++) {
        tick->kinds[i] = NULL;
        TRY(take_up(tick, write, i, problem));
    }
    return ERR_OK;
}

/* ---- handing over ---- */

static void give(struct tick *tick, struct job_slot *slot, size_t i)
{
    const struct job_due_list_row *row = &tick->due[i];
    slot->kind = tick->kinds[i];
    slot->turn = row->turn + 1;
    slot->result = STR("");
    slot->saved_ms = tick->now_ms;
    slot->saved_done = row->done;
    slot->saved_total = row->total;
    atomic_store(&slot->done, row->done);
    atomic_store(&slot->total, row->total);
    atomic_store(&slot->stop, false);
    slot->job = (struct job){.store = tick->jobs->options.store,
                             .arena = &slot->arena,
                             .context = tick->jobs->options.context,
                             .tenant = row->tenant,
                             .id = row->id,
                             .person = row->person,
                             .arguments = str_copy(&slot->arena, row->arguments),
                             .key = str_copy(&slot->arena, row->once_key),
                             .attempt = (int)row->attempts + 1,
                             .slot = slot};
    pthread_mutex_lock(&tick->jobs->mutex);
    slot->busy = true;
    pthread_cond_broadcast(&tick->jobs->given);
    pthread_mutex_unlock(&tick->jobs->mutex);
}

static void hand_over(struct tick *tick)
{
    size_t used = 0;
    for (size_t i = 0; i < tick->running_count; i++) {
        tick->running[i]->saved_ms = tick->now_ms;
        jobs_changed(tick->jobs, tick->running[i]->job.tenant, tick->running[i]->job.id);
    }
    for (size_t i = 0; i < tick->due_count; i++) {
        if (tick->kinds[i] != NULL)
            give(tick, tick->free[used++], i);
        jobs_changed(tick->jobs, tick->due[i].tenant, tick->due[i].id);
    }
    /* Not every worker got one, or one that was due was only ended: look again for more. */
    if (tick->due_count > used)
        jobs_wake(tick->jobs);
}

/* How long to sleep until the next look. */
static int look_around(struct jobs *jobs)
{
    struct tick tick = {.jobs = jobs, .due_ms = INT64_MAX};
    struct problem problem;
    arena_init(&tick.arena);
    slots_look(&tick);
    bool runs = tick.running_count > 0;
    enum err code = look(&tick, &problem);
    if (code == ERR_OK && tick.needs_write) {
        code = store_write_now(jobs->options.store, tick_write, &tick, &problem);
        if (code == ERR_OK) {
            hand_over(&tick);
            runs = runs || tick.due_count > 0;
        }
    }
    arena_clear(&tick.arena);
    if (code != ERR_OK || runs)
        return TICK_MS;
    int64_t wait = tick.due_ms == INT64_MAX ? SLEEP_MS_MAX : tick.due_ms - jobs_now(jobs);
    return wait > SLEEP_MS_MAX ? SLEEP_MS_MAX : wait < PAUSE_MS ? PAUSE_MS : (int)wait;
}

void *jobs_dispatch(void *context)
{
    struct jobs *jobs = context;
    struct pollfd wake = {.fd = jobs->wake, .events = POLLIN};
    while (!atomic_load(&jobs->stopping)) {
        int wait = look_around(jobs);
        if (poll(&wake, 1, wait) > 0) {
            uint64_t count;
            poll(NULL, 0, PAUSE_MS);
            ssize_t got = read(jobs->wake, &count, sizeof(count));
            (void)got;
        }
    }
    return NULL;
}
