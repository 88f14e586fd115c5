#include "app/training/run_pool.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "app/training/training.h"
#include "core/file.h"

struct run_pool {
    run_task *task;
    void *context;
    int count;
    struct progress *progress;
    bool inline_progress; /* the only thread may draw progress itself */
    atomic_int next;
    atomic_int running;
    atomic_llong done;
    atomic_bool stop;
    pthread_mutex_t lock;
    int failed_task; /* lowest that failed, or -1 */
    enum err code;
    struct problem problem;
};

struct worker {
    struct run_pool *pool;
    int thread;
    pthread_t handle;
};

bool run_pool_step(struct run_pool *pool, int64_t steps)
{
    long long done = atomic_fetch_add(&pool->done, steps) + steps;
    if (pool->inline_progress)
        progress_set(pool->progress, done);
    return interrupt_asked() || atomic_load(&pool->stop);
}

static void note_failure(struct run_pool *pool, int task, enum err code,
                         const struct problem *problem)
{
    pthread_mutex_lock(&pool->lock);
    /* A task that was only told to stop says ERR_INTERRUPTED; the cause is worth more. */
    bool first = pool->failed_task < 0;
    bool better =
        code != ERR_INTERRUPTED && (pool->code == ERR_INTERRUPTED || task < pool->failed_task);
    if (first || better) {
        pool->failed_task = task;
        pool->code = code;
        pool->problem = *problem;
    }
    pthread_mutex_unlock(&pool->lock);
    atomic_store(&pool->stop, true);
}

static void work(struct run_pool *pool, int thread)
{
    while (!atomic_load(&pool->stop)) {
        int task = atomic_fetch_add(&pool->next, 1);
        if (task >= pool->count)
            return;
        struct problem problem = {0};
        enum err code = interrupt_asked() ? problem_set0(&problem, ERR_INTERRUPTED)
                                          : pool->task(pool->context, task, thread, pool, &problem);
        if (code != ERR_OK)
            note_failure(pool, task, code, &problem);
    }
}

static void *worker_main(void *argument)
{
    struct worker *worker = argument;
    work(worker->pool, worker->thread);
    atomic_fetch_sub(&worker->pool->running, 1);
    return NULL;
}

/* Workers run; this thread draws progress, because core/file.h lets one thread do it. */
static void work_many(struct run_pool *pool, int threads)
{
    struct worker workers[TRAINING_THREADS_MAX];
    int started = 0;
    for (; started < threads; started++) {
        workers[started] = (struct worker){.pool = pool, .thread = started};
        atomic_fetch_add(&pool->running, 1);
        if (pthread_create(&workers[started].handle, NULL, worker_main, &workers[started]) != 0) {
            atomic_fetch_sub(&pool->running, 1);
            break;
        }
    }
    if (started == 0) {
        pool->inline_progress = true;
        work(pool, 0);
        return;
    }
    while (atomic_load(&pool->running) > 0) {
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
        progress_set(pool->progress, atomic_load(&pool->done));
    }
    for (int i = 0; i < started; i++)
        pthread_join(workers[i].handle, NULL);
}

enum err run_pool_run(int threads, int count, run_task *task, void *context,
                      const char *label_translated, int64_t steps, struct problem *problem)
{
    struct run_pool pool = {.task = task, .context = context, .count = count, .failed_task = -1};
    pthread_mutex_init(&pool.lock, NULL);
    pool.progress = progress_begin(label_translated, steps);
    if (threads > count)
        threads = count;
    if (threads <= 1) {
        pool.inline_progress = true;
        work(&pool, 0);
    } else {
        work_many(&pool, threads < TRAINING_THREADS_MAX ? threads : TRAINING_THREADS_MAX);
    }
    progress_end(pool.progress);
    pthread_mutex_destroy(&pool.lock);
    if (pool.failed_task < 0)
        return ERR_OK;
    *problem = pool.problem;
    return pool.code;
}
