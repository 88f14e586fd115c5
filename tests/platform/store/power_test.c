/* The power fails at random points of a write load: every acknowledged save is there, and the next
 * start needs no hand. With synchronous switched off saves must be lost, or this test tests
 * nothing. SAMPAN_POWER_CUTS sets how often (200, in a soak 1000); SAMPAN_POWER_SEED where. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "amnesia.h"
#include "core/rng.h"
#include "fixture.h"
#include "sample/sample_queries.h"

enum { THREADS = 4, SAVES_MAX = 1000, STEPS_MAX = 4000 };

struct saver {
    struct fixture *fixture;
    int64_t tenant;
    int64_t acknowledged[SAVES_MAX];
    int count;
};

static enum err save(struct store_write *write, void *context, struct problem *problem)
{
    struct saver *saver = context;
    char body[600]; /* a thousand pages on, the log is written back to the database */
    memset(body, 'x', sizeof(body));
    int64_t id = store_id_new(write);
    saver->acknowledged[saver->count] = id;
    size_t length = (size_t)(id % (int64_t)sizeof(body));
    return thing_insert(write, saver->tenant, id, (struct str){body, length}, NULL, false, NULL,
                        NULL, problem);
}

static void *save_on(void *context)
{
    struct saver *saver = context;
    struct problem problem;
    while (saver->count < SAVES_MAX &&
           store_write_now(saver->fixture->store, save, saver, &problem) == ERR_OK)
        saver->count++;
    return NULL;
}

/* Saves of four threads until the cut or the end; the acknowledged ones. */
static void load(struct fixture *fixture, int64_t tenant, struct saver *savers)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        savers[i] = (struct saver){.fixture = fixture, .tenant = tenant};
        assert_int_equal(pthread_create(&threads[i], NULL, save_on, &savers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static bool is_there(const struct thing_list_row *rows, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++) {
        if (rows[i].id == id)
            return true;
    }
    return false;
}

/* How many of the acknowledged saves the reopened store lacks. */
static int count_lost(struct fixture *fixture, int64_t tenant, const struct saver *savers,
                      size_t *count)
{
    struct store_read *read;
    struct thing_list_row *rows;
    int lost = 0;
    struct arena_mark mark = arena_mark_get(&fixture->arena);
    assert_int_equal(store_read_begin(fixture->store, &read, &fixture->problem), ERR_OK);
    assert_int_equal(
        thing_list(read, &fixture->arena, tenant, 1000000, &rows, count, &fixture->problem),
        ERR_OK);
    store_read_end(read);
    for (int i = 0; i < THREADS; i++) {
        for (int k = 0; k < savers[i].count; k++)
            lost += is_there(rows, *count, savers[i].acknowledged[k]) ? 0 : 1;
    }
    arena_rewind(&fixture->arena, mark);
    return lost;
}

struct tally {
    int cuts;
    int acknowledged;
    int lost;
    int broken; /* starts that failed */
};

/* One round: load, cut, strike, start again. A new club a round keeps the reading short. */
static void round_run(struct fixture *fixture, uint64_t number, struct rng_key key, bool scatter,
                      struct tally *tally)
{
    static struct saver savers[THREADS];
    uint64_t chance = rng_at(key, 1, 0, 0, number, 0, 0).word[0];
    char name[32];
    size_t count;
    snprintf(name, sizeof(name), "club %d", (int)number);
    int64_t tenant = fixture_club(fixture, name);
    amnesia_cut_after(1 + (int64_t)rng_below(chance, STEPS_MAX));
    load(fixture, tenant, savers);
    tally->cuts += amnesia_is_cut() ? 1 : 0;
    for (int i = 0; i < THREADS; i++)
        tally->acknowledged += savers[i].count;
    if (!amnesia_is_cut())
        amnesia_cut_after(1); /* the end of the load is a point, too */
    fixture_close(fixture);
    amnesia_strike(scatter, chance);
    if (store_open(&fixture->options, &fixture->store, &fixture->problem) != ERR_OK) {
        tally->broken++;
        return;
    }
    tally->lost += count_lost(fixture, tenant, savers, &count);
}

static struct rng_key seed_key(void)
{
    const char *seed = getenv("SAMPAN_POWER_SEED");
    return rng_key_from_text(str_from_c(seed == NULL ? "power" : seed));
}

static struct tally rounds_run(struct fixture *fixture, int rounds, bool scatter)
{
    struct tally tally = {0};
    struct rng_key key = seed_key();
    for (int i = 0; i < rounds && tally.broken == 0; i++) {
        amnesia_reset();
        if (fixture->store != NULL)
            fixture_close(fixture);
        fixture_open(fixture);
        round_run(fixture, (uint64_t)i, key, scatter, &tally);
    }
    printf("%d cuts, %d saves acknowledged, %d lost, %d starts failed\n", tally.cuts,
           tally.acknowledged, tally.lost, tally.broken);
    return tally;
}

static int make_forgetful(void **state)
{
    if (fixture_make_closed(state) != 0)
        return 1;
    struct fixture *fixture = *state;
    amnesia_reset();
    fixture->options.vfs = AMNESIA_VFS;
    return 0;
}

static void nothing_acknowledged_is_forgotten(void **state)
{
    int rounds = fixture_number("SAMPAN_POWER_CUTS", 200, 1000) / 2;
    struct tally tally = rounds_run(*state, rounds, false);
    assert_int_equal(tally.lost, 0);
    assert_int_equal(tally.broken, 0);
    assert_true(tally.cuts > rounds / 2);
    assert_true(tally.acknowledged > rounds);
}

static void nor_when_the_disk_reorders(void **state)
{
    int rounds = fixture_number("SAMPAN_POWER_CUTS", 200, 1000) / 2;
    struct tally tally = rounds_run(*state, rounds, true);
    assert_int_equal(tally.lost, 0);
    assert_int_equal(tally.broken, 0);
    assert_true(tally.cuts > rounds / 2);
    assert_true(tally.acknowledged > rounds);
}

static void without_syncs_saves_are_lost(void **state)
{
    struct fixture *fixture = *state;
    fixture->options.sync = STORE_SYNC_OFF;
    struct tally tally = rounds_run(fixture, 5, false);
    assert_true(tally.lost > 0 || tally.broken > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_acknowledged_is_forgotten, make_forgetful,
                                        fixture_remove),
        cmocka_unit_test_setup_teardown(nor_when_the_disk_reorders, make_forgetful, fixture_remove),
        cmocka_unit_test_setup_teardown(without_syncs_saves_are_lost, make_forgetful,
                                        fixture_remove),
    };
    return cmocka_run_group_tests_name("store/power", tests, NULL, NULL);
}
