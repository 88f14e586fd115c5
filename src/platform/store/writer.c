/* The writer's thread: works in one transaction, each in its savepoint, one COMMIT for all.
 *
 * While a COMMIT waits for the disk, the next works gather in `pending`: a group is whatever came
 * meanwhile, so a lone save waits for nobody and many share one sync.
 */
#include <assert.h>
#include <poll.h>
#include <string.h>

#include "core/text.h"
#include "platform/store/parts.h"

enum { GROUP_MAX = 256, FULL_PAUSE_MS = 250 };

struct store_entry {
    store_work *work;
    store_done *done;
    void *context;
    enum err code;
    struct problem problem;
};

static struct store_entry *entries(struct buf *buf)
{
    return (struct store_entry *)(void *)buf->text;
}

/* ---- one group ---- */

/* A transaction that SQLite itself has given up takes all works done so far with it. */
static bool is_lost(const struct store *store)
{
    return sqlite3_get_autocommit(store->connection.db) != 0;
}

static void fail_all(struct store_entry *entry, size_t count, enum err code,
                     const struct problem *problem)
{
    for (size_t i = 0; i < count; i++) {
        if (entry[i].code == ERR_OK) {
            entry[i].code = code;
            entry[i].problem = *problem;
        }
    }
}

/* The group's end without a COMMIT. */
static void give_up(struct store *store, struct store_entry *entry, size_t count, enum err code,
                    const struct problem *problem)
{
    sqlite3 *db = store->connection.db;
    if (sqlite3_get_autocommit(db) == 0)
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    store->id_mark_ms = 0; /* the mark was rolled back as well */
    if (code == ERR_DISK_FULL)
        atomic_store(&store->read_only, true);
    fail_all(entry, count, code, problem);
}

/* The work inside its savepoint; a failed one leaves nothing. */
static enum err run_work(struct store *store, struct store_write *write, struct store_entry *entry,
                         struct problem *problem)
{
    sqlite3 *db = store->connection.db;
    TRY(connection_step(db, store->savepoint, store->database, problem));
    entry->code = entry->work(write, entry->context, &entry->problem);
    if (is_lost(store)) {
        bool full = entry->code == ERR_DISK_FULL;
        *problem = entry->problem;
        if (!full)
            problem_set(problem, ERR_STORE, ERR_KEY(N_("the transaction was lost")));
        return full ? ERR_DISK_FULL : ERR_STORE;
    }
    if (entry->code != ERR_OK)
        TRY(connection_step(db, store->rollback_to, store->database, problem));
    return connection_step(db, store->release, store->database, problem);
}

static enum err begin(struct store *store, struct store_write *write, struct problem *problem)
{
    TRY(connection_step(store->connection.db, store->connection.begin, store->database, problem));
    write->now_ms = store->options.now_ms(store->options.now_context);
    return ids_reserve(store, write->now_ms, problem);
}

/* Runs works until all are in or the transaction is lost; the number that were run. */
static size_t run_works(struct store *store, struct store_entry *entry, size_t count)
{
    struct store_write write = {.read = &store->connection, .store = store};
    struct problem problem = {0};
    enum err code = begin(store, &write, &problem);
    size_t ran = code == ERR_OK ? 0 : count;
    for (; ran < count && code == ERR_OK; ran++)
        code = run_work(store, &write, &entry[ran], &problem);
    if (code == ERR_OK)
        code = connection_step(store->connection.db, store->connection.commit, store->database,
                               &problem);
    if (code == ERR_OK)
        atomic_store(&store->read_only, false);
    else
        give_up(store, entry, ran, code, &problem);
    return ran;
}

static void wake_all(struct store *store)
{
    pthread_mutex_lock(&store->mutex);
    struct store_wake wakes[STORE_WAKES_MAX];
    size_t count = store->wake_count;
    memcpy(wakes, store->wakes, sizeof(wakes));
    pthread_mutex_unlock(&store->mutex);
    for (size_t i = 0; i < count; i++)
        wakes[i].wake(wakes[i].context);
}

static void run_group(struct store *store)
{
    size_t count = store->group.length / sizeof(struct store_entry);
    struct store_entry *entry = entries(&store->group);
    for (size_t from = 0; from < count;) {
        int64_t changes = sqlite3_total_changes64(store->connection.db);
        size_t size = count - from < GROUP_MAX ? count - from : GROUP_MAX;
        size_t ran = run_works(store, entry + from, size);
        bool changed = sqlite3_total_changes64(store->connection.db) != changes;
        for (size_t i = from; i < from + ran; i++)
            entry[i].done(entry[i].context, entry[i].code, &entry[i].problem);
        if (changed && !atomic_load(&store->read_only))
            wake_all(store);
        from += ran;
    }
    buf_reset(&store->group);
}

/* ---- the thread ---- */

/* While the disk is full and nobody asks, try a write that means nothing. */
static void probe(struct store *store)
{
    sqlite3 *db = store->connection.db;
    struct problem problem;
    enum err code = connection_exec(db, "BEGIN IMMEDIATE; PRAGMA user_version = 1; COMMIT",
                                    store->database, &problem);
    if (sqlite3_get_autocommit(db) == 0)
        sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    if (code == ERR_OK)
        atomic_store(&store->read_only, false);
}

/* With the mutex held: waits for works; false at the end of the store. */
static bool wait_for_works(struct store *store)
{
    while (store->pending.length == 0 && !store->stopping) {
        if (!atomic_load(&store->read_only)) {
            pthread_cond_wait(&store->submitted, &store->mutex);
            continue;
        }
        pthread_mutex_unlock(&store->mutex);
        poll(NULL, 0, FULL_PAUSE_MS);
        probe(store);
        pthread_mutex_lock(&store->mutex);
    }
    return store->pending.length > 0;
}

static void *writer_main(void *context)
{
    struct store *store = context;
    pthread_mutex_lock(&store->mutex);
    while (wait_for_works(store)) {
        struct buf empty = store->group;
        store->group = store->pending;
        store->pending = empty;
        pthread_mutex_unlock(&store->mutex);
        run_group(store);
        pthread_mutex_lock(&store->mutex);
    }
    pthread_mutex_unlock(&store->mutex);
    return NULL;
}

enum err writer_start(struct store *store, struct problem *problem)
{
    sqlite3 *db = store->connection.db;
    TRY(connection_prepare(db, "SAVEPOINT work", &store->savepoint, problem));
    TRY(connection_prepare(db, "RELEASE work", &store->release, problem));
    TRY(connection_prepare(db, "ROLLBACK TO work", &store->rollback_to, problem));
    if (pthread_create(&store->writer, NULL, writer_main, store) != 0)
        return problem_set(problem, ERR_STORE, ERR_KEY(N_("no thread could be begun")));
    store->writer_runs = true;
    return ERR_OK;
}

void writer_stop(struct store *store)
{
    if (store->writer_runs) {
        pthread_mutex_lock(&store->mutex);
        store->stopping = true;
        pthread_cond_signal(&store->submitted);
        pthread_mutex_unlock(&store->mutex);
        pthread_join(store->writer, NULL);
    }
    sqlite3_finalize(store->savepoint);
    sqlite3_finalize(store->release);
    sqlite3_finalize(store->rollback_to);
    buf_clear(&store->pending);
    buf_clear(&store->group);
}

/* ---- the face ---- */

void store_submit(struct store *store, store_work *work, store_done *done, void *context)
{
    struct store_entry entry = {.work = work, .done = done, .context = context};
    pthread_mutex_lock(&store->mutex);
    assert(!store->stopping);
    bool first = store->pending.length == 0;
    buf_append(&store->pending, (struct str){(const char *)&entry, sizeof(entry)});
    if (first)
        pthread_cond_signal(&store->submitted);
    pthread_mutex_unlock(&store->mutex);
}

struct waiting {
    pthread_mutex_t mutex;
    pthread_cond_t finished;
    bool is_finished;
    store_work *work;
    void *context;
    enum err code;
    struct problem *problem;
};

static enum err work_waited(struct store_write *write, void *context, struct problem *problem)
{
    struct waiting *waiting = context;
    return waiting->work(write, waiting->context, problem);
}

static void done_waited(void *context, enum err code, const struct problem *problem)
{
    struct waiting *waiting = context;
    pthread_mutex_lock(&waiting->mutex);
    waiting->code = code;
    if (code != ERR_OK)
        *waiting->problem = *problem;
    waiting->is_finished = true;
    pthread_cond_signal(&waiting->finished);
    pthread_mutex_unlock(&waiting->mutex);
}

enum err store_write_now(struct store *store, store_work *work, void *context,
                         struct problem *problem)
{
    assert(!pthread_equal(pthread_self(), store->writer));
    struct waiting waiting = {.mutex = PTHREAD_MUTEX_INITIALIZER,
                              .finished = PTHREAD_COND_INITIALIZER,
                              .work = work,
                              .context = context,
                              .problem = problem};
    store_submit(store, work_waited, done_waited, &waiting);
    pthread_mutex_lock(&waiting.mutex);
    while (!waiting.is_finished)
        pthread_cond_wait(&waiting.finished, &waiting.mutex);
    pthread_mutex_unlock(&waiting.mutex);
    pthread_cond_destroy(&waiting.finished);
    pthread_mutex_destroy(&waiting.mutex);
    return waiting.code;
}

void store_on_commit(struct store *store, void (*wake)(void *context), void *context)
{
    pthread_mutex_lock(&store->mutex);
    assert(store->wake_count < STORE_WAKES_MAX);
    store->wakes[store->wake_count++] = (struct store_wake){wake, context};
    pthread_mutex_unlock(&store->mutex);
}

static enum err work_nothing(struct store_write *write, void *context, struct problem *problem)
{
    (void)write;
    (void)context;
    (void)problem;
    return ERR_OK;
}

void store_on_commit_end(struct store *store, void (*wake)(void *context), void *context)
{
    struct problem ignored;
    size_t kept = 0;
    pthread_mutex_lock(&store->mutex);
    for (size_t i = 0; i < store->wake_count; i++) {
        if (store->wakes[i].wake != wake || store->wakes[i].context != context)
            store->wakes[kept++] = store->wakes[i];
    }
    store->wake_count = kept;
    pthread_mutex_unlock(&store->mutex);
    /* A group that took its copy of the wakes before has called them when the next one runs; how
     * that one fares does not matter. */
    enum err code = store_write_now(store, work_nothing, NULL, &ignored);
    (void)code;
}

bool store_is_read_only(const struct store *store)
{
    return atomic_load(&store->read_only);
}
