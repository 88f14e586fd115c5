/* A worker: runs the function of the job it was given, then writes what came of it. */
#include <poll.h>

#include "platform/jobs/jobs_queries.h"
#include "platform/jobs/parts.h"

enum { WRITE_AGAIN_MS = 1000 };

/* How a function ended, and what the row is to say. */
struct ending {
    struct job_slot *slot;
    enum err code;
    struct problem problem;
    enum { END_DONE, END_FAILED, END_RETRY, END_CANCELLED, END_GIVE_BACK } outcome;
};

static bool may_mend_itself(enum err code)
{
    return err_http_status(code) >= 500 || code == ERR_STALE || code == ERR_FILE_BUSY ||
           code == ERR_TOO_OFTEN;
}

static void judge(struct ending *ending)
{
    const struct job_slot *slot = ending->slot;
    int most = slot->kind->attempts_max == 0 ? JOB_ATTEMPTS_DEFAULT : slot->kind->attempts_max;
    if (ending->code == ERR_OK)
        ending->outcome = END_DONE;
    else if (atomic_load(&slot->stop))
        ending->outcome = END_CANCELLED;
    else if (ending->code == ERR_INTERRUPTED && atomic_load(&slot->jobs->stopping))
        ending->outcome = END_GIVE_BACK;
    else if (may_mend_itself(ending->code) && slot->job.attempt < most)
        ending->outcome = END_RETRY;
    else
        ending->outcome = END_FAILED;
}

/* 1, 2, 4 ... times the kind's own. */
static int64_t retry_ms(const struct job_slot *slot)
{
    int64_t seconds =
        slot->kind->retry_seconds == 0 ? JOB_RETRY_SECONDS_DEFAULT : slot->kind->retry_seconds;
    for (int i = 1; i < slot->job.attempt && seconds < JOB_RETRY_SECONDS_MAX; i++)
        seconds *= 2;
    return (seconds < JOB_RETRY_SECONDS_MAX ? seconds : JOB_RETRY_SECONDS_MAX) * 1000;
}

static enum err end_good(const struct ending *ending, struct store_write *write, int64_t *changed,
                         struct problem *problem)
{
    const struct job_slot *slot = ending->slot;
    int64_t total = atomic_load(&slot->total);
    return job_mark_ended(write, slot->job.tenant, slot->job.id, slot->turn, STR("done"), total,
                          total, NULL, &write->now_ms, NULL, NULL, NULL,
                          slot->result.length > 0 ? &slot->result : NULL, changed, problem);
}

static enum err end_badly(const struct ending *ending, struct store_write *write, int64_t *changed,
                          struct problem *problem)
{
    static const struct str states[] = {[END_FAILED] = {"failed", 6},
                                        [END_RETRY] = {"waiting", 7},
                                        [END_CANCELLED] = {"cancelled", 9}};
    const struct job_slot *slot = ending->slot;
    struct job_error error;
    bool again = ending->outcome == END_RETRY;
    int64_t due_ms = write->now_ms + retry_ms(slot);
    bool has_error = ending->outcome != END_CANCELLED;
    job_error_fill(slot->job.arena, &ending->problem, &error);
    return job_mark_ended(write, slot->job.tenant, slot->job.id, slot->turn,
                          states[ending->outcome], atomic_load(&slot->done),
                          atomic_load(&slot->total), again ? &due_ms : NULL,
                          again ? NULL : &write->now_ms, has_error ? &error.code : NULL,
                          has_error ? &error.place : NULL, has_error ? &error.arguments : NULL,
                          NULL, changed, problem);
}

/* A row that is no longer ours stays as it is: the function has ended it, or another worker has it.
 */
static enum err ending_write(struct store_write *write, void *context, struct problem *problem)
{
    const struct ending *ending = context;
    const struct job_slot *slot = ending->slot;
    int64_t changed;
    if (ending->outcome == END_DONE)
        return end_good(ending, write, &changed, problem);
    if (ending->outcome == END_GIVE_BACK)
        return job_mark_given_back(write, slot->job.tenant, slot->job.id, slot->turn, write->now_ms,
                                   atomic_load(&slot->done), atomic_load(&slot->total), &changed,
                                   problem);
    return end_badly(ending, write, &changed, problem);
}

static void run(struct job_slot *slot)
{
    struct ending ending = {.slot = slot};
    struct problem problem;
    problem_set0(&ending.problem, ERR_OK);
    ending.code = slot->kind->run(&slot->job, &ending.problem);
    if (ending.code != ERR_OK && ending.problem.code != ending.code)
        problem_set0(&ending.problem, ending.code); /* a function that only told the code */
    judge(&ending);
    /* Until it is written (the disk may be full) the job stays ours; at the end of the program the
     * lease runs out. */
    while (store_write_now(slot->jobs->options.store, ending_write, &ending, &problem) != ERR_OK &&
           !atomic_load(&slot->jobs->stopping))
        poll(NULL, 0, WRITE_AGAIN_MS);
    jobs_changed(slot->jobs, slot->job.tenant, slot->job.id);
}

void *jobs_work(void *context)
{
    struct job_slot *slot = context;
    struct jobs *jobs = slot->jobs;
    pthread_mutex_lock(&jobs->mutex);
    for (;;) {
        while (!slot->busy && !jobs->closing)
            pthread_cond_wait(&jobs->given, &jobs->mutex);
        if (!slot->busy)
            break;
        pthread_mutex_unlock(&jobs->mutex);
        run(slot);
        pthread_mutex_lock(&jobs->mutex);
        arena_clear(&slot->arena);
        slot->busy = false;
        jobs_wake(jobs);
    }
    pthread_mutex_unlock(&jobs->mutex);
    return NULL;
}
