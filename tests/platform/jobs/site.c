#include "site.h"

#include <assert.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/file.h"
#include "core/json.h"
#include "effect_queries.h"
#include "effect_schema.h"

enum { LOOK_MS = 5, LOOKS_MAX = 6000 };

/* ---- kinds of work ---- */

static void say(struct job *job, const char *what)
{
    struct site *site = job->context;
    if (site->says)
        dprintf(STDOUT_FILENO, "%s %d\n", what, job->attempt);
}

static struct site *begin(struct job *job)
{
    struct site *site = job->context;
    atomic_fetch_add(&site->begun, 1);
    say(job, "begun");
    return site;
}

/* Ten parts, and a result that holds the arguments. */
static enum err run_counts(struct job *job, struct problem *problem)
{
    (void)problem;
    begin(job);
    for (int i = 1; i <= 10; i++)
        job_progress(job, i, 10);
    job_result(job, job->arguments);
    return ERR_OK;
}

/* Until it is told to stop, or may end. */
static enum err run_waits(struct job *job, struct problem *problem)
{
    struct site *site = begin(job);
    job_progress(job, 3, 9);
    while (!job_cancelled(job)) {
        if (atomic_load(&site->may_end))
            return ERR_OK;
        poll(NULL, 0, LOOK_MS);
    }
    return problem_set0(problem, ERR_INTERRUPTED);
}

static enum err run_fails(struct job *job, struct problem *problem)
{
    struct site *site = begin(job);
    if (atomic_fetch_sub(&site->failures, 1) <= 0)
        return ERR_OK;
    problem_set(problem, ERR_FILE_READ, ERR_CTEXT("too \"short\""));
    return problem_place(problem, "orders.csv:%d", 17);
}

static enum err run_refuses(struct job *job, struct problem *problem)
{
    begin(job);
    return problem_set(problem, ERR_RANGE, ERR_INT(12), ERR_INT(1), ERR_DECIMAL(105, 1));
}

static enum err effect_write(struct store_write *write, void *context, struct problem *problem)
{
    struct job *job = context;
    TRY(effect_insert(write, job->tenant, store_id_new(write), job->id, problem));
    return job_finish(job, write, problem);
}

/* Leaves an effect and its own end in one write. With "before" it first waits to be killed at the
 * first attempt, with "after" it does so once the effect is written. */
static enum err run_effect(struct job *job, struct problem *problem)
{
    begin(job);
    if (str_equal_c(job->arguments, "\"before\"") && job->attempt == 1)
        poll(NULL, 0, 60000);
    TRY(store_write_now(job->store, effect_write, job, problem));
    say(job, "written");
    if (str_equal_c(job->arguments, "\"after\""))
        poll(NULL, 0, 60000);
    return ERR_OK;
}

static const struct job_kind kinds[] = {
    {"counts", run_counts, 0, 0, 0},   {"waits", run_waits, 0, 0, 0},
    {"fails", run_fails, 3, 0, 10},    {"refuses", run_refuses, 0, 0, 0},
    {"effect", run_effect, 3, 30, 10},
};

/* ---- the site ---- */

static int64_t site_now(void *context)
{
    return atomic_load(&((struct site *)context)->now_ms);
}

static void site_changed(void *context, int64_t tenant, int64_t job)
{
    struct site *site = context;
    assert(tenant == TENANT);
    atomic_fetch_add(&site->changes, 1);
    atomic_store(&site->last_job, job);
}

static void site_check(struct site *site, enum err code)
{
    if (code != ERR_OK)
        fprintf(stderr, "%s at %s: %s\n", err_name(code), site->problem.place,
                site->problem.args[0].text);
    assert_int_equal(code, ERR_OK);
}

void site_open(struct site *site, const char *folder, int64_t now_ms)
{
    memset(site, 0, sizeof(*site));
    arena_init(&site->arena);
    site->folder = folder;
    atomic_store(&site->now_ms, now_ms);
    const struct store_options options = {.folder = folder,
                                          .migrations = effect_migrations,
                                          .migration_count = effect_migration_count,
                                          .readers = 4,
                                          .now_ms = site_now,
                                          .now_context = site};
    site_check(site, store_open(&options, &site->store, &site->problem));
}

void site_start(struct site *site)
{
    const struct jobs_options options = {.store = site->store,
                                         .kinds = kinds,
                                         .kind_count = COUNT_OF(kinds),
                                         .context = site,
                                         .now_ms = site_now,
                                         .now_context = site,
                                         .changed = site_changed,
                                         .changed_context = site};
    site_check(site, jobs_start(&options, &site->jobs, &site->problem));
}

void site_stop(struct site *site)
{
    jobs_stop(site->jobs);
    site->jobs = NULL;
}

void site_close(struct site *site)
{
    if (site->jobs != NULL)
        site_stop(site);
    store_close(site->store);
    arena_clear(&site->arena);
}

int site_make(void **state)
{
    static struct site site;
    static char folder[64];
    snprintf(folder, sizeof(folder), "/tmp/sampan-jobs-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    site_open(&site, folder, 1790000000000);
    site_start(&site);
    *state = &site;
    return 0;
}

int site_remove(void **state)
{
    struct site *site = *state;
    site_close(site);
    return folder_remove(site->folder, &site->problem) != ERR_OK;
}

/* ---- asking ---- */

struct ask {
    struct job_order order;
    int64_t tenant;
    int64_t job;
};

static enum err work_enqueue(struct store_write *write, void *context, struct problem *problem)
{
    struct ask *ask = context;
    return job_enqueue(write, TENANT, &ask->order, &ask->job, problem);
}

static enum err work_cancel(struct store_write *write, void *context, struct problem *problem)
{
    struct ask *ask = context;
    return job_cancel(write, ask->tenant, ask->job, problem);
}

static enum err work_retry(struct store_write *write, void *context, struct problem *problem)
{
    struct ask *ask = context;
    return job_retry(write, ask->tenant, ask->job, problem);
}

static enum err work_nothing_much(struct store_write *write, void *context, struct problem *problem)
{
    (void)context;
    return effect_insert(write, OTHER_TENANT, store_id_new(write), 0, problem);
}

int64_t site_enqueue(struct site *site, const char *kind, const char *arguments, const char *key)
{
    struct ask ask = {.order = {.kind = kind,
                                .arguments = str_from_c(arguments),
                                .key = str_from_c(key),
                                .person = 42}};
    site_check(site, store_write_now(site->store, work_enqueue, &ask, &site->problem));
    return ask.job;
}

enum err site_cancel(struct site *site, int64_t tenant, int64_t job)
{
    struct ask ask = {.tenant = tenant, .job = job};
    return store_write_now(site->store, work_cancel, &ask, &site->problem);
}

enum err site_retry(struct site *site, int64_t tenant, int64_t job)
{
    struct ask ask = {.tenant = tenant, .job = job};
    return store_write_now(site->store, work_retry, &ask, &site->problem);
}

void site_pass(struct site *site, int64_t ms)
{
    atomic_fetch_add(&site->now_ms, ms);
    site_check(site, store_write_now(site->store, work_nothing_much, NULL, &site->problem));
}

struct job_by_id_row site_job(struct site *site, int64_t job)
{
    struct store_read *read;
    struct job_by_id_row row;
    site_check(site, store_read_begin(site->store, &read, &site->problem));
    enum err code = job_by_id(read, &site->arena, TENANT, job, &row, &site->problem);
    store_read_end(read);
    site_check(site, code);
    return row;
}

struct job_by_id_row site_await(struct site *site, int64_t job, const char *state)
{
    struct job_by_id_row row = site_job(site, job);
    for (int i = 0; i < LOOKS_MAX && !str_equal_c(row.state, state); i++) {
        poll(NULL, 0, LOOK_MS);
        row = site_job(site, job);
    }
    assert_string_equal(row.state.text, state);
    return row;
}

int64_t site_effects(struct site *site, int64_t job)
{
    struct store_read *read;
    struct effect_count_row row;
    site_check(site, store_read_begin(site->store, &read, &site->problem));
    enum err code = effect_count(read, &site->arena, TENANT, job, &row, &site->problem);
    store_read_end(read);
    site_check(site, code);
    return row.times;
}
