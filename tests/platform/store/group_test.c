/* Works in groups: one sync for many, failures that stay alone, failed COMMITs, a full disk, ids.
 */
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "amnesia.h"
#include "fixture.h"
#include "sample/sample_queries.h"

enum { WORKS = 40 };

/* Works that wait until the test lets the first go, so that the rest share a group. */
struct batch {
    sem_t go;
    int64_t tenant;
    atomic_int done;
    enum err codes[WORKS];
    int64_t ids[WORKS];
    struct item {
        struct batch *batch;
        int index;
        enum err fails; /* what the work returns after having written */
    } items[WORKS];
};

static enum err wait_first(struct store_write *write, void *context, struct problem *problem)
{
    struct batch *batch = context;
    (void)write;
    (void)problem;
    sem_wait(&batch->go);
    return ERR_OK;
}

static void done_first(void *context, enum err code, const struct problem *problem)
{
    (void)context;
    (void)code;
    (void)problem;
}

static enum err enter(struct store_write *write, void *context, struct problem *problem)
{
    struct item *item = context;
    struct batch *batch = item->batch;
    batch->ids[item->index] = store_id_new(write);
    TRY(thing_insert(write, batch->tenant, batch->ids[item->index], STR("thing"), NULL, false, NULL,
                     NULL, problem));
    return item->fails == ERR_OK ? ERR_OK : problem_set0(problem, item->fails);
}

static void entered(void *context, enum err code, const struct problem *problem)
{
    struct item *item = context;
    assert_true(code == ERR_OK || problem->code == code);
    item->batch->codes[item->index] = code;
    atomic_fetch_add(&item->batch->done, 1);
}

static void batch_begin(struct batch *batch, struct fixture *fixture)
{
    memset(batch, 0, sizeof(*batch));
    sem_init(&batch->go, 0, 0);
    batch->tenant = fixture_club(fixture, "tools");
    for (int i = 0; i < WORKS; i++)
        batch->items[i] = (struct item){.batch = batch, .index = i};
}

/* All works of the batch in one group, to the end. */
static void batch_run(struct batch *batch, struct fixture *fixture)
{
    store_submit(fixture->store, wait_first, done_first, batch);
    usleep(20000); /* the first is running by now; if not, it is only in the same group */
    for (int i = 0; i < WORKS; i++)
        store_submit(fixture->store, enter, entered, &batch->items[i]);
    sem_post(&batch->go);
    while (atomic_load(&batch->done) < WORKS)
        usleep(1000);
    sem_destroy(&batch->go);
}

static int make_forgetful(void **state)
{
    if (fixture_make_closed(state) != 0)
        return 1;
    struct fixture *fixture = *state;
    amnesia_reset();
    fixture->options.vfs = AMNESIA_VFS;
    fixture_open(fixture);
    return 0;
}

static void many_share_one_sync(void **state)
{
    struct fixture *fixture = *state;
    struct batch batch;
    batch_begin(&batch, fixture);
    int64_t before = amnesia_sync_count();
    batch_run(&batch, fixture);
    assert_in_range(amnesia_sync_count() - before, 1, 3);
    for (int i = 0; i < WORKS; i++)
        assert_int_equal(batch.codes[i], ERR_OK);
    assert_int_equal(fixture_count(fixture, batch.tenant), WORKS);
}

static void a_failed_work_undoes_only_itself(void **state)
{
    struct fixture *fixture = *state;
    struct batch batch;
    batch_begin(&batch, fixture);
    batch.items[0].fails = ERR_STALE;
    batch.items[7].fails = ERR_NOT_FOUND;
    batch.items[WORKS - 1].fails = ERR_STALE;
    batch_run(&batch, fixture);
    for (int i = 0; i < WORKS; i++)
        assert_int_equal(batch.codes[i], batch.items[i].fails);
    assert_int_equal(fixture_count(fixture, batch.tenant), WORKS - 3);
}

static void a_failed_commit_answers_all(void **state)
{
    struct fixture *fixture = *state;
    struct batch batch;
    batch_begin(&batch, fixture);
    batch.items[7].fails = ERR_STALE;
    amnesia_set_sync_failing(true);
    batch_run(&batch, fixture);
    for (int i = 0; i < WORKS; i++)
        assert_int_equal(batch.codes[i], i == 7 ? ERR_STALE : ERR_STORE);
    assert_int_equal(fixture_count(fixture, batch.tenant), 0);
    assert_false(store_is_read_only(fixture->store));
    amnesia_set_sync_failing(false);
    assert_int_equal(fixture_thing(fixture, batch.tenant, "saw", NULL), ERR_OK);
    fixture_reopen(fixture);
    assert_int_equal(fixture_count(fixture, batch.tenant), 1);
}

static void a_full_disk_reads_on_and_recovers(void **state)
{
    struct fixture *fixture = *state;
    struct batch batch;
    batch_begin(&batch, fixture);
    assert_int_equal(fixture_thing(fixture, batch.tenant, "saw", NULL), ERR_OK);
    amnesia_set_full(true);
    batch_run(&batch, fixture);
    for (int i = 0; i < WORKS; i++)
        assert_int_equal(batch.codes[i], ERR_DISK_FULL);
    assert_true(store_is_read_only(fixture->store));
    assert_int_equal(fixture_count(fixture, batch.tenant), 1);
    assert_int_equal(fixture_thing(fixture, batch.tenant, "axe", NULL), ERR_DISK_FULL);
    amnesia_set_full(false);
    /* Nobody needs to ask: the store finds out by itself. */
    for (int i = 0; i < 1000 && store_is_read_only(fixture->store); i++)
        usleep(10000);
    assert_false(store_is_read_only(fixture->store));
    assert_int_equal(fixture_thing(fixture, batch.tenant, "axe", NULL), ERR_OK);
    fixture_reopen(fixture);
    assert_int_equal(fixture_count(fixture, batch.tenant), 2);
}

static void a_save_that_finds_room_ends_read_only(void **state)
{
    struct fixture *fixture = *state;
    int64_t tenant = fixture_club(fixture, "tools");
    amnesia_set_full(true);
    assert_int_equal(fixture_thing(fixture, tenant, "saw", NULL), ERR_DISK_FULL);
    amnesia_set_full(false);
    assert_int_equal(fixture_thing(fixture, tenant, "saw", NULL), ERR_OK);
    assert_false(store_is_read_only(fixture->store));
}

static void ids_increase_whatever_the_clock_does(void **state)
{
    struct fixture *fixture = *state;
    int64_t tenant = fixture_club(fixture, "tools");
    int64_t last = tenant;
    static const int64_t steps_ms[] = {0, 0, 5, -3600000, 0, 3600000, -86400000, 1};
    for (size_t i = 0; i < COUNT_OF(steps_ms); i++) {
        int64_t id;
        fixture->now_ms += steps_ms[i];
        assert_int_equal(fixture_thing(fixture, tenant, "saw", &id), ERR_OK);
        assert_true(id > last);
        last = id;
    }
    /* A restart under a clock that went back gives no id twice. */
    fixture->now_ms -= 86400000;
    fixture_reopen(fixture);
    for (int i = 0; i < 3; i++) {
        int64_t id;
        assert_int_equal(fixture_thing(fixture, tenant, "saw", &id), ERR_OK);
        assert_true(id > last);
        last = id;
    }
}

static void ids_of_a_group_differ_and_hold_the_time(void **state)
{
    struct fixture *fixture = *state;
    struct batch batch;
    batch_begin(&batch, fixture);
    batch_run(&batch, fixture);
    for (int i = 1; i < WORKS; i++)
        assert_true(batch.ids[i] > batch.ids[i - 1]);
    int64_t ms = batch.ids[0] >> 22;
    assert_true(ms >= fixture->now_ms - 1735689600000 && ms < fixture->now_ms - 1735689600000 + 10);
}

static void count_wake(void *context)
{
    atomic_fetch_add((atomic_int *)context, 1);
}

static enum err only_look(struct store_write *write, void *context, struct problem *problem)
{
    struct arena arena;
    struct club_by_name_row row;
    bool found;
    (void)context;
    arena_init(&arena);
    enum err code = club_by_name(write->read, &arena, STR("none"), &row, &found, problem);
    arena_clear(&arena);
    return code;
}

static void commits_that_change_wake(void **state)
{
    struct fixture *fixture = *state;
    atomic_int wakes = 0;
    store_on_commit(fixture->store, count_wake, &wakes);
    int64_t tenant = fixture_club(fixture, "tools");
    assert_int_equal(fixture_thing(fixture, tenant, "saw", NULL), ERR_OK);
    assert_int_equal(store_write_now(fixture->store, only_look, NULL, &fixture->problem), ERR_OK);
    assert_int_equal(fixture_thing(fixture, tenant, "axe", NULL), ERR_OK);
    fixture_close(fixture);
    assert_int_equal(atomic_load(&wakes), 3);
}

static void a_snapshot_stays_as_it_was(void **state)
{
    struct fixture *fixture = *state;
    int64_t tenant = fixture_club(fixture, "tools");
    struct store_read *before;
    struct thing_list_row *rows;
    size_t count;
    assert_int_equal(store_read_begin(fixture->store, &before, &fixture->problem), ERR_OK);
    assert_int_equal(fixture_thing(fixture, tenant, "saw", NULL), ERR_OK);
    assert_int_equal(
        thing_list(before, &fixture->arena, tenant, 9, &rows, &count, &fixture->problem), ERR_OK);
    assert_int_equal(count, 0);
    store_read_end(before);
    assert_int_equal(fixture_count(fixture, tenant), 1);
}

struct readers {
    struct fixture *fixture;
    int64_t tenant;
    atomic_bool stop;
    atomic_int reads;
    atomic_bool wrong;
};

static void *read_on(void *context)
{
    struct readers *readers = context;
    struct arena arena;
    struct problem problem;
    size_t last = 0;
    arena_init(&arena);
    while (!atomic_load(&readers->stop)) {
        struct store_read *read;
        struct thing_list_row *rows;
        size_t count = 0;
        if (store_read_begin(readers->fixture->store, &read, &problem) != ERR_OK ||
            thing_list(read, &arena, readers->tenant, 1000, &rows, &count, &problem) != ERR_OK ||
            count < last)
            atomic_store(&readers->wrong, true);
        store_read_end(read);
        last = count;
        arena_clear(&arena);
        atomic_fetch_add(&readers->reads, 1);
    }
    return NULL;
}

/* More threads than snapshots: some wait, none fails, none sees time go back. */
static void readers_and_the_writer_together(void **state)
{
    struct fixture *fixture = *state;
    struct readers readers = {.fixture = fixture, .tenant = fixture_club(fixture, "tools")};
    pthread_t threads[8];
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, read_on, &readers), 0);
    for (int i = 0; i < 200; i++)
        assert_int_equal(fixture_thing(fixture, readers.tenant, "saw", NULL), ERR_OK);
    atomic_store(&readers.stop, true);
    for (size_t i = 0; i < COUNT_OF(threads); i++)
        pthread_join(threads[i], NULL);
    assert_false(atomic_load(&readers.wrong));
    assert_true(atomic_load(&readers.reads) > 0);
    assert_int_equal(fixture_count(fixture, readers.tenant), 200);
}

int main(void)
{
#define CASE(name, make) cmocka_unit_test_setup_teardown(name, make, fixture_remove)
    const struct CMUnitTest tests[] = {
        CASE(many_share_one_sync, make_forgetful),
        CASE(a_failed_work_undoes_only_itself, fixture_make),
        CASE(a_failed_commit_answers_all, make_forgetful),
        CASE(a_full_disk_reads_on_and_recovers, make_forgetful),
        CASE(a_save_that_finds_room_ends_read_only, make_forgetful),
        CASE(ids_increase_whatever_the_clock_does, fixture_make),
        CASE(ids_of_a_group_differ_and_hold_the_time, fixture_make),
        CASE(commits_that_change_wake, fixture_make),
        CASE(a_snapshot_stays_as_it_was, fixture_make),
        CASE(readers_and_the_writer_together, fixture_make),
    };
    return cmocka_run_group_tests_name("store/group", tests, NULL, NULL);
}
