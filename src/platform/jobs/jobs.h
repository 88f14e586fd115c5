/* jobs: long work in the background, with progress, lease, retry and cancel.
 *
 * Purpose  A handler enters a job inside its write (job_enqueue); after the COMMIT a worker's
 *          thread runs the function of its kind. Who looks at the job's row sees how far it is.
 * Promise  At least once: when the process is killed, another one takes the job up as soon as its
 *          lease has run out. A function makes its effect and the job's end one with job_finish, or
 *          recognises its own earlier effect by `key`.
 * Owns     The table `job`; threads: one dispatcher, and the workers.
 * Errors   An error that another attempt may mend (the server's: status 500 and above, ERR_STALE,
 *          ERR_FILE_BUSY, ERR_TOO_OFTEN) is tried again, after 1, 2, 4 ... times the kind's
 *          retry_seconds, until attempts_max; any other ends the job at once. The last error stays
 *          in the row; job_retry gives a failed job all its attempts again.
 */
#ifndef PLATFORM_JOBS_JOBS_H
#define PLATFORM_JOBS_JOBS_H

#include "core/arena.h"
#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "platform/store/store.h"

enum {
    JOB_ARGUMENTS_BYTES_MAX = 64 << 10,
    JOB_RESULT_BYTES_MAX = 64 << 10,
    JOB_KEY_BYTES_MAX = 200,
    JOB_WORKERS_MAX = 16,
    JOB_RETRY_SECONDS_MAX = 3600 /* between two attempts */
};

/* What a job's function holds. Nothing in it changes while the function runs. */
struct job {
    struct store *store; /* reads by store_read_begin, writes by store_write_now */
    struct arena *arena; /* lasts as long as the call */
    void *context;       /* of the options: the site's own */
    int64_t tenant;
    int64_t id;
    int64_t person;       /* who asked; 0: the program itself */
    struct str arguments; /* JSON */
    struct str key;       /* the idempotence key: the same at each attempt */
    int attempt;          /* from 1 */
    struct job_slot *slot;
};

/* Runs on a worker's thread. Asks job_cancelled at least once a second and then returns
 * ERR_INTERRUPTED. */
typedef enum err job_function(struct job *job, struct problem *problem);

/* A kind of work; a room has a table of them and main hands over all. */
struct job_kind {
    const char *name;
    job_function *run;
    int attempts_max;  /* 0: 5 */
    int lease_seconds; /* 0: 30; prolonged by the dispatcher while the function runs */
    int retry_seconds; /* before the second attempt; 0: 10 */
};

/* ---- for handlers, inside a write ---- */

struct job_order {
    const char *kind;
    struct str arguments; /* JSON; empty: {} */
    struct str key; /* a second order with the same key gives the first job; empty: a new one */
    int64_t person; /* who asks; 0: the program itself */
    int64_t not_before_ms; /* UTC; 0: at once */
};

/* Enters a job; it begins after the COMMIT. `id` is that of the job with this kind and key,
 * whatever has become of it. ERR_TEXT_TOO_LONG. */
MUST_USE enum err job_enqueue(struct store_write *write, int64_t tenant,
                              const struct job_order *order, int64_t *id, struct problem *problem);
/* Ends a waiting job, asks a running one to stop; ERR_STALE when it has ended. */
MUST_USE enum err job_cancel(struct store_write *write, int64_t tenant, int64_t id,
                             struct problem *problem);
/* A failed or cancelled job waits again; ERR_STALE when it is neither. */
MUST_USE enum err job_retry(struct store_write *write, int64_t tenant, int64_t id,
                            struct problem *problem);
/* The error that a row of job_by_id, job_list or job_failed_list tells of, for text at the edge;
 * its code is ERR_OK without one. Texts lie in the arena. */
void job_problem(struct arena *arena, struct str code, struct str place, struct str arguments,
                 struct problem *problem);

/* ---- for a job's function ---- */

/* How far it is: `done` of `total` parts (0: not known). Costs nothing; the dispatcher writes it at
 * most once a second. */
void job_progress(struct job *job, int64_t done, int64_t total);
/* True when the function is to stop: somebody cancelled, the program ends, or the job is another
 * worker's by now. */
bool job_cancelled(const struct job *job);
/* What the row keeps as the job's result, in the function's own form; for one that then returns
 * ERR_OK. Cut at JOB_RESULT_BYTES_MAX. */
void job_result(struct job *job, struct str result);
/* Ends the job inside the write that bears its effect: both happen or neither, so the effect is
 * there once. ERR_STALE when the job is no longer this worker's; then the write must fail. */
MUST_USE enum err job_finish(struct job *job, struct store_write *write, struct problem *problem);

/* ---- for main ---- */

struct jobs_options {
    struct store *store;
    const struct job_kind *kinds;
    size_t kind_count;
    void *context;             /* handed to the functions */
    int workers;               /* 0: 2 */
    int64_t (*now_ms)(void *); /* as the store's */
    void *now_context;
    /* A job's row has changed; from any thread, after the COMMIT. May be NULL. */
    void (*changed)(void *context, int64_t tenant, int64_t job);
    void *changed_context;
};

struct jobs;
/* After store_open. */
MUST_USE enum err jobs_start(const struct jobs_options *options, struct jobs **jobs,
                             struct problem *problem);
/* Before store_close: tells the functions to stop, waits for them, gives back what they did not
 * finish, so that the next process takes it up at once. */
void jobs_stop(struct jobs *jobs);

#endif
