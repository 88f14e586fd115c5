#include "bare_log.h"

#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* As SQLite's log: a file of this size, written over again and again, so that no sync waits for the
 * file system to note a new length. */
enum { CLIENTS_MAX = 256, LOG_BYTES = 4 << 20 };

struct bare_log;

struct bare_client {
    struct bare_log *log;
    sem_t written; /* each is woken by itself: a common one would be a herd */
    pthread_t thread;
};

struct bare_log {
    pthread_mutex_t mutex;
    pthread_cond_t submitted;
    struct bare_client *pending[CLIENTS_MAX];
    int pending_count;
    bool stopping;
    size_t bytes;
    int file;
    size_t at; /* where the next group begins */
    atomic_llong count;
};

static const char record[64 << 10];

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void write_group(struct bare_log *log, int count)
{
    if (log->at + log->bytes * (size_t)count > LOG_BYTES)
        log->at = 0;
    for (int i = 0; i < count; i++) {
        if (pwrite(log->file, record, log->bytes, (off_t)log->at) != (ssize_t)log->bytes)
            abort();
        log->at += log->bytes;
    }
    if (fdatasync(log->file) != 0)
        abort();
}

static void *writer_main(void *context)
{
    struct bare_log *log = context;
    struct bare_client *group[CLIENTS_MAX];
    pthread_mutex_lock(&log->mutex);
    for (;;) {
        while (log->pending_count == 0 && !log->stopping)
            pthread_cond_wait(&log->submitted, &log->mutex);
        if (log->pending_count == 0)
            break;
        int count = log->pending_count;
        memcpy(group, log->pending, sizeof(group));
        log->pending_count = 0;
        pthread_mutex_unlock(&log->mutex);
        write_group(log, count);
        for (int i = 0; i < count; i++)
            sem_post(&group[i]->written);
        pthread_mutex_lock(&log->mutex);
    }
    pthread_mutex_unlock(&log->mutex);
    return NULL;
}

static void *client_main(void *context)
{
    struct bare_client *client = context;
    struct bare_log *log = client->log;
    for (;;) {
        pthread_mutex_lock(&log->mutex);
        bool stopping = log->stopping;
        if (!stopping) {
            log->pending[log->pending_count++] = client;
            pthread_cond_signal(&log->submitted);
        }
        pthread_mutex_unlock(&log->mutex);
        if (stopping)
            return NULL;
        sem_wait(&client->written);
        atomic_fetch_add(&log->count, 1);
    }
}

double bare_log_rate(const char *path, int clients, size_t bytes, double seconds)
{
    static struct bare_client list[CLIENTS_MAX];
    pthread_t writer;
    struct bare_log log = {.mutex = PTHREAD_MUTEX_INITIALIZER,
                           .submitted = PTHREAD_COND_INITIALIZER,
                           .bytes = bytes < sizeof(record) ? bytes : sizeof(record)};
    log.file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (log.file < 0 || clients > CLIENTS_MAX)
        abort();
    for (size_t at = 0; at < LOG_BYTES; at += sizeof(record)) {
        if (pwrite(log.file, record, sizeof(record), (off_t)at) != (ssize_t)sizeof(record))
            abort();
    }
    if (fsync(log.file) != 0 || pthread_create(&writer, NULL, writer_main, &log) != 0)
        abort();
    double start = seconds_now();
    for (int i = 0; i < clients; i++) {
        list[i].log = &log;
        sem_init(&list[i].written, 0, 0);
        if (pthread_create(&list[i].thread, NULL, client_main, &list[i]) != 0)
            abort();
    }
    usleep((useconds_t)(seconds * 1e6));
    double rate = (double)atomic_load(&log.count) / (seconds_now() - start);
    pthread_mutex_lock(&log.mutex);
    log.stopping = true;
    pthread_cond_signal(&log.submitted);
    pthread_mutex_unlock(&log.mutex);
    pthread_join(writer, NULL);
    for (int i = 0; i < clients; i++) {
        sem_post(&list[i].written); /* one that came after the last group */
        pthread_join(list[i].thread, NULL);
        sem_destroy(&list[i].written);
    }
    close(log.file);
    unlink(path);
    return rate;
}
