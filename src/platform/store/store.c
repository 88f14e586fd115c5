#include "platform/store/store.h"

#include <assert.h>

#include "core/file.h"
#include "core/text.h"
#include "platform/store/parts.h"

static pthread_once_t sqlite_once = PTHREAD_ONCE_INIT;

/* Memory statistics would take one lock of the whole process at each allocation. */
static void sqlite_set_up(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

/* The store lives in an arena of its own, which its struct then holds. */
static struct store *store_new(const struct store_options *options)
{
    struct arena arena;
    arena_init(&arena);
    struct store *store = ARENA_NEW(&arena, struct store);
    store->options = *options;
    store->options.folder = str_copy(&arena, str_from_c(options->folder)).text;
    store->database = path_join(&arena, options->folder, "sampan.db");
    store->lock = -1;
    if (store->options.readers < 1)
        store->options.readers = 1;
    if (store->options.readers > STORE_READERS_MAX)
        store->options.readers = STORE_READERS_MAX;
    pthread_mutex_init(&store->mutex, NULL);
    pthread_cond_init(&store->reader_back, NULL);
    pthread_cond_init(&store->submitted, NULL);
    pthread_mutex_init(&store->files, NULL);
    buf_init(&store->pending);
    buf_init(&store->group);
    store->arena = arena;
    return store;
}

static enum err open_all(struct store *store, struct problem *problem)
{
    TRY(folder_hold(store->options.folder, &store->lock, problem));
    TRY(file_make_private(store->database, problem));
    TRY(connection_open(store, store->database, false, &store->connection, problem));
    TRY(migrate(store, problem));
    TRY(ids_open(store, problem));
    return writer_start(store, problem);
}

enum err store_open(const struct store_options *options, struct store **store,
                    struct problem *problem)
{
    pthread_once(&sqlite_once, sqlite_set_up);
    *store = store_new(options);
    enum err code = open_all(*store, problem);
    if (code != ERR_OK) {
        store_close(*store);
        *store = NULL;
    }
    return code;
}

enum err store_outside(const struct store_options *options, struct store **store,
                       struct problem *problem)
{
    pthread_once(&sqlite_once, sqlite_set_up);
    *store = store_new(options);
    if (file_exists((*store)->database))
        return ERR_OK;
    problem_set(problem, ERR_FILE_OPEN, ERR_KEY(N_("there is no such file or folder")));
    problem_place(problem, "%s", (*store)->database);
    store_close(*store);
    *store = NULL;
    return ERR_FILE_OPEN;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    writer_stop(store);
    int free_count = 0;
    for (struct store_read *read = store->free_readers; read != NULL; read = read->next_free)
        free_count++;
    assert(free_count == store->reader_count); /* each snapshot was ended */
    for (int i = 0; i < store->reader_count; i++)
        connection_close(&store->readers[i]);
    if (store->connection.db != NULL)
        sqlite3_wal_checkpoint_v2(store->connection.db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                  NULL);
    connection_close(&store->connection);
    if (store->lock >= 0)
        folder_let_go(store->lock);
    pthread_mutex_destroy(&store->mutex);
    pthread_cond_destroy(&store->reader_back);
    pthread_cond_destroy(&store->submitted);
    pthread_mutex_destroy(&store->files);
    struct arena arena = store->arena;
    arena_clear(&arena);
}

/* With the mutex held: a free connection, or a new place for one (*fresh). */
static struct store_read *take_reader(struct store *store, bool *fresh)
{
    while (store->free_readers == NULL && store->reader_count == store->options.readers)
        pthread_cond_wait(&store->reader_back, &store->mutex);
    struct store_read *read = store->free_readers;
    *fresh = read == NULL;
    if (*fresh)
        read = &store->readers[store->reader_count++];
    else
        store->free_readers = read->next_free;
    return read;
}

static void give_reader(struct store *store, struct store_read *read)
{
    pthread_mutex_lock(&store->mutex);
    read->next_free = store->free_readers;
    store->free_readers = read;
    pthread_cond_signal(&store->reader_back);
    pthread_mutex_unlock(&store->mutex);
}

/* BEGIN alone takes no snapshot; the first look does. */
static enum err take_snapshot(struct store_read *read, struct problem *problem)
{
    const char *place = read->store->database;
    TRY(connection_step(read->db, read->begin, place, problem));
    enum err code = connection_step(read->db, read->look, place, problem);
    if (code != ERR_OK)
        sqlite3_exec(read->db, "ROLLBACK", NULL, NULL, NULL);
    return code;
}

enum err store_read_begin(struct store *store, struct store_read **read, struct problem *problem)
{
    bool fresh;
    pthread_mutex_lock(&store->mutex);
    struct store_read *taken = take_reader(store, &fresh);
    pthread_mutex_unlock(&store->mutex);
    enum err code = ERR_OK;
    if (fresh || taken->db == NULL)
        code = connection_open(store, store->database, true, taken, problem);
    if (code == ERR_OK)
        code = take_snapshot(taken, problem);
    if (code != ERR_OK) {
        give_reader(store, taken);
        *read = NULL;
        return code;
    }
    *read = taken;
    return ERR_OK;
}

void store_read_end(struct store_read *read)
{
    if (read == NULL)
        return;
    struct problem problem;
    if (connection_step(read->db, read->commit, read->store->database, &problem) != ERR_OK)
        sqlite3_exec(read->db, "ROLLBACK", NULL, NULL, NULL);
    give_reader(read->store, read);
}

const char *store_folder(const struct store *store)
{
    return store->options.folder;
}
