/* The store: durable saves a second with 64 clients, beside bare group commit of the same bytes on
 * the same disk; one client alone; snapshots and rows. In a folder of the working directory, so
 * that a real disk is measured. */
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "bare_log.h"
#include "core/arena.h"
#include "core/file.h"
#include "platform/store/parts.h"
#include "sample_queries.h"
#include "sample_schema.h"

enum { CLIENTS = 64, ROWS = 50, REPEATS = 20000, SLICES = 5 };
static const double seconds = 0.6;

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int64_t now_ms(void *context)
{
    struct timespec now;
    (void)context;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void line(const char *name, double value, const char *unit, const char *sign, double goal)
{
    bool good = sign[0] == '>' ? value >= goal : value <= goal;
    printf("bench %s %.4g %s goal %s %.4g %s\n", name, value, unit, sign, goal,
           good ? "ok" : "short");
}

static void must(enum err code, const struct problem *problem)
{
    if (code == ERR_OK)
        return;
    fprintf(stderr, "%s at %s\n", err_name(code), problem->place);
    exit(1);
}

struct client {
    struct store *store;
    int64_t tenant;
    int64_t thing;
    int64_t uses;
    atomic_llong *saves;
    atomic_bool *stop;
};

/* A form's save: a row found under its version and changed, and one added. */
static enum err save(struct store_write *write, void *context, struct problem *problem)
{
    struct client *client = context;
    TRY(thing_use(write, client->tenant, client->thing, client->uses, problem));
    return loan_insert(write, client->tenant, store_id_new(write), client->thing,
                       STR("A person's name"), 7, problem);
}

static enum err enter(struct store_write *write, void *context, struct problem *problem)
{
    struct client *client = context;
    client->thing = store_id_new(write);
    return thing_insert(write, client->tenant, client->thing, STR("A thing that is lent"), NULL,
                        false, NULL, NULL, problem);
}

static void *client_main(void *context)
{
    struct client *client = context;
    struct problem problem;
    while (!atomic_load(client->stop)) {
        must(store_write_now(client->store, save, client, &problem), &problem);
        client->uses++;
        atomic_fetch_add(client->saves, 1);
    }
    return NULL;
}

static int64_t pages_written(struct store *store)
{
    int now = 0;
    int high = 0;
    sqlite3_db_status(store->connection.db, SQLITE_DBSTATUS_CACHE_WRITE, &now, &high, 0);
    return now;
}

/* Saves a second by so many clients; bytes of the log a save. */
static double save_rate(struct store *store, int clients, double *bytes)
{
    static struct client list[CLIENTS];
    pthread_t threads[CLIENTS];
    atomic_llong saves = 0;
    atomic_bool stop = false;
    struct problem problem;
    for (int i = 0; i < clients; i++) {
        list[i] = (struct client){.store = store, .tenant = 1, .saves = &saves, .stop = &stop};
        must(store_write_now(store, enter, &list[i], &problem), &problem);
    }
    int64_t pages = pages_written(store);
    double start = seconds_now();
    for (int i = 0; i < clients; i++) {
        if (pthread_create(&threads[i], NULL, client_main, &list[i]) != 0)
            exit(1);
    }
    usleep((useconds_t)(seconds * 1e6));
    double count = (double)atomic_load(&saves);
    double rate = count / (seconds_now() - start);
    atomic_store(&stop, true);
    for (int i = 0; i < clients; i++)
        pthread_join(threads[i], NULL);
    *bytes = (double)(pages_written(store) - pages) * (4096 + 24) / (double)atomic_load(&saves);
    return rate;
}

/* Microseconds of a snapshot, of one with a row by its key, of one with a page of rows. */
static double read_us(struct store *store, int64_t thing, int rows)
{
    struct arena arena;
    struct problem problem;
    arena_init(&arena);
    double start = seconds_now();
    for (int i = 0; i < REPEATS; i++) {
        struct store_read *read;
        struct arena_mark mark = arena_mark_get(&arena);
        must(store_read_begin(store, &read, &problem), &problem);
        if (rows == 1) {
            struct thing_by_id_row row;
            bool found;
            must(thing_by_id(read, &arena, 1, thing, &row, &found, &problem), &problem);
        } else if (rows > 1) {
            struct thing_list_row *list;
            size_t count;
            must(thing_list(read, &arena, 1, rows, &list, &count, &problem), &problem);
            if (count != (size_t)rows)
                exit(1);
        }
        store_read_end(read);
        arena_rewind(&arena, mark);
    }
    double us = (seconds_now() - start) * 1e6 / REPEATS;
    arena_clear(&arena);
    return us;
}

struct rates {
    double store;
    double bare;
    double bytes;
};

/* The store and the bare log in turn, the best slice of each: a neighbour's load on the disk hits
 * both alike. */
static struct rates rates_of(struct store *store, const char *log, int clients)
{
    struct rates best = {0};
    for (int i = 0; i < SLICES; i++) {
        double rate = save_rate(store, clients, &best.bytes);
        double bare = bare_log_rate(log, clients, (size_t)best.bytes, seconds);
        best.store = rate > best.store ? rate : best.store;
        best.bare = bare > best.bare ? bare : best.bare;
    }
    printf("store: %d clients: %.0f saves a second of %.0f bytes of log each; bare %.0f\n", clients,
           best.store, best.bytes, best.bare);
    return best;
}

static void measure(struct store *store, const char *log)
{
    struct problem problem;
    struct client first = {.store = store, .tenant = 1};
    for (int i = 0; i < ROWS; i++)
        must(store_write_now(store, enter, &first, &problem), &problem);
    struct rates alone = rates_of(store, log, 1);
    struct rates together = rates_of(store, log, CLIENTS);
    line("store_saves", together.store, "per_s", ">=", 2000);
    line("store_saves_of_bare", together.store / together.bare, "ratio", ">=", 0.25);
    line("store_saves_alone_of_bare", alone.store / alone.bare, "ratio", ">=", 0.5);
    line("store_snapshot", read_us(store, first.thing, 0), "us", "<=", 10);
    line("store_row", read_us(store, first.thing, 1), "us", "<=", 20);
    line("store_rows_50", read_us(store, first.thing, ROWS), "us", "<=", 100);
}

int main(void)
{
    char folder[] = "store-bench-XXXXXX";
    struct arena arena;
    struct problem problem;
    struct store *store;
    arena_init(&arena);
    if (mkdtemp(folder) == NULL)
        return 1;
    const struct store_options options = {.folder = folder,
                                          .migrations = sample_migrations,
                                          .migration_count = sample_migration_count,
                                          .readers = 4,
                                          .now_ms = now_ms};
    must(store_open(&options, &store, &problem), &problem);
    measure(store, path_join(&arena, folder, "bare.log"));
    store_close(store);
    must(folder_remove(folder, &problem), &problem);
    arena_clear(&arena);
    return 0;
}
