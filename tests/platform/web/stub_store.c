/* The few functions of the store that web stands on, without a database: one lock, work run at
 * once on a thread of its own as the writer does. */
#include "stub_store.h"

#include <pthread.h>
#include <string.h>

#include "core/err.h"

struct store_read {
    struct store *store;
};

struct job {
    store_work *work;
    store_done *done;
    void *context;
};

enum { JOBS_MAX = 4096 };

struct store {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t writer;
    struct job jobs[JOBS_MAX];
    size_t first, count;
    bool ending, held, read_only;
    struct store_read read;
    int reads_open, commits, rollbacks;
    int64_t next_id;
};

static struct store one_store;

static enum err job_run(struct store *store, const struct job *job, struct problem *problem)
{
    struct store_write write = {.read = &store->read, .now_ms = 1000, .store = store};
    enum err code = job->work(&write, job->context, problem);
    if (code == ERR_OK)
        store->commits++;
    else
        store->rollbacks++;
    return code;
}

static void *write_jobs(void *context)
{
    struct store *store = context;
    pthread_mutex_lock(&store->lock);
    for (;;) {
        while ((store->count == 0 || store->held) && !store->ending)
            pthread_cond_wait(&store->wake, &store->lock);
        if (store->count == 0)
            break;
        struct job job = store->jobs[store->first];
        store->first = (store->first + 1) % JOBS_MAX;
        store->count--;
        pthread_mutex_unlock(&store->lock);
        struct problem problem = {0};
        enum err code = job_run(store, &job, &problem);
        job.done(job.context, code, &problem);
        pthread_mutex_lock(&store->lock);
    }
    pthread_mutex_unlock(&store->lock);
    return NULL;
}

struct store *stub_store_open(void)
{
    struct store *store = &one_store;
    memset(store, 0, sizeof(*store));
    pthread_mutex_init(&store->lock, NULL);
    pthread_cond_init(&store->wake, NULL);
    store->read.store = store;
    pthread_create(&store->writer, NULL, write_jobs, store);
    return store;
}

void stub_store_close(struct store *store)
{
    pthread_mutex_lock(&store->lock);
    store->ending = true;
    pthread_cond_broadcast(&store->wake);
    pthread_mutex_unlock(&store->lock);
    pthread_join(store->writer, NULL);
}

void stub_store_hold(struct store *store, bool held)
{
    pthread_mutex_lock(&store->lock);
    store->held = held;
    pthread_cond_broadcast(&store->wake);
    pthread_mutex_unlock(&store->lock);
}

int stub_store_commits(struct store *store)
{
    return store->commits;
}

int stub_store_rollbacks(struct store *store)
{
    return store->rollbacks;
}

int stub_store_reads_open(struct store *store)
{
    return store->reads_open;
}

enum err store_read_begin(struct store *store, struct store_read **read, struct problem *problem)
{
    (void)problem;
    pthread_mutex_lock(&store->lock);
    store->reads_open++;
    pthread_mutex_unlock(&store->lock);
    *read = &store->read;
    return ERR_OK;
}

void store_read_end(struct store_read *read)
{
    pthread_mutex_lock(&read->store->lock);
    read->store->reads_open--;
    pthread_mutex_unlock(&read->store->lock);
}

void store_submit(struct store *store, store_work *work, store_done *done, void *context)
{
    pthread_mutex_lock(&store->lock);
    store->jobs[(store->first + store->count++) % JOBS_MAX] = (struct job){work, done, context};
    pthread_cond_broadcast(&store->wake);
    pthread_mutex_unlock(&store->lock);
}

enum err store_write_now(struct store *store, store_work *work, void *context,
                         struct problem *problem)
{
    return job_run(store, &(struct job){work, NULL, context}, problem);
}

bool store_is_read_only(const struct store *store)
{
    return store->read_only;
}
