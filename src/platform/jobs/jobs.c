/* Starting and stopping; the handle of a running job. */
#include "platform/jobs/jobs.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/text.h"
#include "platform/jobs/jobs_queries.h"
#include "platform/jobs/parts.h"

void jobs_wake(struct jobs *jobs)
{
    uint64_t one = 1;
    ssize_t written = write(jobs->wake, &one, sizeof(one));
    (void)written; /* the counter is full: the dispatcher is awake anyway */
}

int64_t jobs_now(const struct jobs *jobs)
{
    return jobs->options.now_ms(jobs->options.now_context);
}

void jobs_changed(const struct jobs *jobs, int64_t tenant, int64_t job)
{
    if (jobs->options.changed != NULL)
        jobs->options.changed(jobs->options.changed_context, tenant, job);
}

/* ---- the handle ---- */

void job_progress(struct job *job, int64_t done, int64_t total)
{
    atomic_store(&job->slot->done, done);
    atomic_store(&job->slot->total, total);
}

bool job_cancelled(const struct job *job)
{
    return atomic_load(&job->slot->stop) || atomic_load(&job->slot->jobs->stopping);
}

void job_result(struct job *job, struct str result)
{
    size_t length = str_utf8_cut(result, JOB_RESULT_BYTES_MAX);
    job->slot->result = str_copy(job->arena, str_slice(result, 0, length));
}

enum err job_finish(struct job *job, struct store_write *write, struct problem *problem)
{
    struct job_slot *slot = job->slot;
    int64_t changed;
    int64_t total = atomic_load(&slot->total);
    TRY(job_mark_ended(write, job->tenant, job->id, slot->turn, STR("done"), total, total, NULL,
                       &write->now_ms, NULL, NULL, NULL,
                       slot->result.length > 0 ? &slot->result : NULL, &changed, problem));
    return changed == 1 ? ERR_OK : problem_set0(problem, ERR_STALE);
}

/* ---- start and stop ---- */

static void on_commit(void *context)
{
    jobs_wake(context);
}

static enum err threads_start(struct jobs *jobs, struct problem *problem)
{
    for (size_t i = 0; i < jobs->slot_count; i++) {
        struct job_slot *slot = &jobs->slots[i];
        slot->jobs = jobs;
        arena_init(&slot->arena);
        slot->thread_runs = pthread_create(&slot->thread, NULL, jobs_work, slot) == 0;
        if (!slot->thread_runs)
            return problem_set(problem, ERR_INTERNAL, ERR_KEY(N_("no thread could be begun")));
    }
    jobs->dispatcher_runs = pthread_create(&jobs->dispatcher, NULL, jobs_dispatch, jobs) == 0;
    if (!jobs->dispatcher_runs)
        return problem_set(problem, ERR_INTERNAL, ERR_KEY(N_("no thread could be begun")));
    return ERR_OK;
}

static enum err kinds_check(const struct jobs_options *options, struct problem *problem)
{
    for (size_t i = 0; i < options->kind_count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(options->kinds[i].name, options->kinds[k].name) == 0)
                return problem_set(problem, ERR_INTERNAL, ERR_CTEXT(options->kinds[i].name));
        }
    }
    return ERR_OK;
}

enum err jobs_start(const struct jobs_options *options, struct jobs **result,
                    struct problem *problem)
{
    struct arena arena;
    TRY(kinds_check(options, problem));
    arena_init(&arena);
    struct jobs *jobs = ARENA_NEW(&arena, struct jobs);
    jobs->arena = arena;
    jobs->options = *options;
    int workers = options->workers == 0 ? JOB_WORKERS_DEFAULT : options->workers;
    jobs->slot_count = workers > JOB_WORKERS_MAX ? JOB_WORKERS_MAX : (size_t)workers;
    pthread_mutex_init(&jobs->mutex, NULL);
    pthread_cond_init(&jobs->given, NULL);
    jobs->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    enum err code = jobs->wake < 0 ? problem_set(problem, ERR_INTERNAL,
                                                 ERR_KEY(N_("no more files can be opened")))
                                   : threads_start(jobs, problem);
    if (code != ERR_OK) {
        jobs_stop(jobs);
        return code;
    }
    store_on_commit(options->store, on_commit, jobs);
    jobs_wake(jobs); /* what an earlier process left */
    *result = jobs;
    return ERR_OK;
}

void jobs_stop(struct jobs *jobs)
{
    struct arena arena = jobs->arena;
    if (jobs->dispatcher_runs)
        store_on_commit_end(jobs->options.store, on_commit, jobs);
    atomic_store(&jobs->stopping, true);
    if (jobs->dispatcher_runs) {
        jobs_wake(jobs);
        pthread_join(jobs->dispatcher, NULL);
    }
    pthread_mutex_lock(&jobs->mutex);
    jobs->closing = true;
    pthread_cond_broadcast(&jobs->given);
    pthread_mutex_unlock(&jobs->mutex);
    for (size_t i = 0; i < jobs->slot_count; i++) {
        if (jobs->slots[i].thread_runs)
            pthread_join(jobs->slots[i].thread, NULL);
        arena_clear(&jobs->slots[i].arena);
    }
    if (jobs->wake >= 0)
        close(jobs->wake);
    pthread_cond_destroy(&jobs->given);
    pthread_mutex_destroy(&jobs->mutex);
    arena_clear(&arena);
}
