#include "platform/web/workers.h"

#include <assert.h>
#include <pthread.h>

#include "core/arena.h"

enum { WORKERS_MAX = 64 };

struct workers {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    pthread_t threads[WORKERS_MAX];
    int count;
    bool ending;
    struct work_item *first;
    struct work_item **last;
};

static struct work_item *take(struct workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    while (workers->first == NULL && !workers->ending)
        pthread_cond_wait(&workers->wake, &workers->lock);
    struct work_item *item = workers->first;
    if (item != NULL) {
        workers->first = item->next;
        if (workers->first == NULL)
            workers->last = &workers->first;
    }
    pthread_mutex_unlock(&workers->lock);
    return item;
}

static void *work(void *context)
{
    struct workers *workers = context;
    struct work_item *item;
    while ((item = take(workers)) != NULL)
        item->run(item);
    return NULL;
}

struct workers *workers_start(struct arena *arena, int count)
{
    struct workers *workers = ARENA_NEW(arena, struct workers);
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->wake, NULL);
    workers->last = &workers->first;
    for (int i = 0; i < count && i < WORKERS_MAX; i++) {
        if (pthread_create(&workers->threads[i], NULL, work, workers) != 0)
            break;
        workers->count++;
    }
    assert(workers->count > 0);
    return workers;
}

void workers_submit(struct workers *workers, struct work_item *item)
{
    item->next = NULL;
    pthread_mutex_lock(&workers->lock);
    *workers->last = item;
    workers->last = &item->next;
    pthread_cond_signal(&workers->wake);
    pthread_mutex_unlock(&workers->lock);
}

void workers_stop(struct workers *workers)
{
    pthread_mutex_lock(&workers->lock);
    workers->ending = true;
    pthread_cond_broadcast(&workers->wake);
    pthread_mutex_unlock(&workers->lock);
    for (int i = 0; i < workers->count; i++)
        pthread_join(workers->threads[i], NULL);
    pthread_cond_destroy(&workers->wake);
    pthread_mutex_destroy(&workers->lock);
}
