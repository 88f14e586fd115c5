/* run_pool: independent pieces of work on a few threads, with progress and a clean stop.
 *
 * Tasks are handed out in order, each task writes only to its own place, and results are put
 * together in the order of tasks by the caller: so nothing depends on the number of threads.
 */
#ifndef APP_TRAINING_RUN_POOL_H
#define APP_TRAINING_RUN_POOL_H

#include "core/base.h"
#include "core/err.h"

struct run_pool;

/* One task. `thread` is 0 .. threads - 1, for memory kept per thread. */
typedef enum err run_task(void *context, int task, int thread, struct run_pool *pool,
                          struct problem *problem);

/* Run tasks 0 .. count - 1 on `threads` (1 .. TRAINING_THREADS_MAX) threads; one thread is the
 * caller's own. Progress counts to `steps`, which tasks report. After an error or an interrupt no
 * further task is begun; the error of the lowest task that failed is returned. */
MUST_USE enum err run_pool_run(int threads, int count, run_task *task, void *context,
                               const char *label_translated, int64_t steps,
                               struct problem *problem);
/* Called by a task: so many more steps are done; true when it should stop with ERR_INTERRUPTED. */
bool run_pool_step(struct run_pool *pool, int64_t steps);

#endif
