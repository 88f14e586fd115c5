/* jobs/parts: what the files of jobs share; nobody else includes it. */
#ifndef PLATFORM_JOBS_PARTS_H
#define PLATFORM_JOBS_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "platform/jobs/jobs.h"

enum {
    JOB_ATTEMPTS_DEFAULT = 5,
    JOB_LEASE_SECONDS_DEFAULT = 30,
    JOB_RETRY_SECONDS_DEFAULT = 10,
    JOB_WORKERS_DEFAULT = 2
};

/* A worker and the job it is at. */
struct job_slot {
    struct jobs *jobs;
    pthread_t thread;
    bool thread_runs;
    bool busy; /* guarded by the mutex of jobs; what follows belongs to whoever set it */

    struct arena arena; /* of the job; emptied when it is over */
    struct job job;
    const struct job_kind *kind;
    int64_t turn;
    struct str result;
    atomic_bool stop; /* cancelled, or no longer ours */
    atomic_llong done;
    atomic_llong total;

    /* The dispatcher's own. */
    int64_t saved_done;
    int64_t saved_total;
    int64_t saved_ms;
};

struct jobs {
    struct arena arena;
    struct jobs_options options;
    int wake; /* eventfd: something was committed, a worker is free, or the end */
    pthread_t dispatcher;
    bool dispatcher_runs;
    atomic_bool stopping;

    pthread_mutex_t mutex;
    pthread_cond_t given;
    bool closing; /* no job will be given any more */
    struct job_slot slots[JOB_WORKERS_MAX];
    size_t slot_count;
};

/* jobs.c */
void jobs_wake(struct jobs *jobs);
int64_t jobs_now(const struct jobs *jobs);
void jobs_changed(const struct jobs *jobs, int64_t tenant, int64_t job);

/* dispatch.c */
void *jobs_dispatch(void *context);
int64_t job_lease_ms(const struct job_kind *kind);

/* work.c */
void *jobs_work(void *context);

/* error.c: a problem as the three columns of a row. */
struct job_error {
    struct str code;
    struct str place;
    struct str arguments;
};
void job_error_fill(struct arena *arena, const struct problem *problem, struct job_error *error);

#endif
