/* Saves under load from several threads and prints each acknowledged one as a line "tenant id" on
 * standard output, until it is killed. For kill_test.c.
 *
 *     killed FOLDER THREADS
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/str.h"
#include "sample/sample_queries.h"
#include "sample/sample_schema.h"

struct saver {
    struct store *store;
    int64_t tenant;
    int64_t id;
};

/* A constant clock: ids go on by themselves, also over restarts. */
static int64_t now(void *context)
{
    (void)context;
    return 1790000000000;
}

static enum err enter_club(struct store_write *write, void *context, struct problem *problem)
{
    struct saver *saver = context;
    char name[32];
    saver->tenant = store_id_new(write);
    int length = snprintf(name, sizeof(name), "%lld", (long long)saver->tenant);
    return club_insert(write, saver->tenant, (struct str){name, (size_t)length}, problem);
}

static enum err enter_thing(struct store_write *write, void *context, struct problem *problem)
{
    struct saver *saver = context;
    static const char body[300] = {'x'};
    saver->id = store_id_new(write);
    return thing_insert(write, saver->tenant, saver->id, (struct str){body, sizeof(body)}, NULL,
                        false, NULL, NULL, problem);
}

static void *save_on(void *context)
{
    struct saver *saver = context;
    struct problem problem;
    while (store_write_now(saver->store, enter_thing, saver, &problem) == ERR_OK) {
        char line[64];
        int length = snprintf(line, sizeof(line), "%lld %lld\n", (long long)saver->tenant,
                              (long long)saver->id);
        /* One write a line, so that lines of threads do not mix and none is half there. */
        if (write(STDOUT_FILENO, line, (size_t)length) != length)
            break;
    }
    return NULL;
}

int main(int argc, char **argv)
{
    enum { THREADS_MAX = 16 };
    static struct saver savers[THREADS_MAX];
    pthread_t threads[THREADS_MAX];
    struct problem problem;
    struct store *store;
    int64_t count;
    if (argc != 3 || !str_to_int64(str_from_c(argv[2]), &count) || count < 1 || count > THREADS_MAX)
        return 2;
    const struct store_options options = {.folder = argv[1],
                                          .migrations = sample_migrations,
                                          .migration_count = sample_migration_count,
                                          .readers = 1,
                                          .now_ms = now};
    if (store_open(&options, &store, &problem) != ERR_OK) {
        fprintf(stderr, "%s at %s\n", err_name(problem.code), problem.place);
        return 1;
    }
    for (int i = 0; i < count; i++) {
        savers[i].store = store;
        if (store_write_now(store, enter_club, &savers[i], &problem) != ERR_OK ||
            pthread_create(&threads[i], NULL, save_on, &savers[i]) != 0)
            return 1;
    }
    for (int i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return 1; /* only a failed save ends it */
}
