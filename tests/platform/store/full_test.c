/* A disk that is really full: a small file system in memory, mounted for this process alone. What
 * was acknowledged is there, reading goes on, and saving as soon as there is room. Skipped where
 * the system lets nobody mount. */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/file.h"
#include "fixture.h"
#include "sample/sample_queries.h"

enum { SAVES_MAX = 5000 };

static bool may_mount;

struct large {
    int64_t tenant;
    int64_t id;
};

static enum err save_large(struct store_write *write, void *context, struct problem *problem)
{
    struct large *large = context;
    static char body[3000];
    memset(body, 'x', sizeof(body));
    large->id = store_id_new(write);
    return thing_insert(write, large->tenant, large->id, (struct str){body, sizeof(body)}, NULL,
                        false, NULL, NULL, problem);
}

/* Saves until one fails; how many were acknowledged. */
static size_t fill(struct fixture *fixture, int64_t tenant)
{
    struct large large = {.tenant = tenant};
    size_t saves = 0;
    enum err code = ERR_OK;
    while (saves < SAVES_MAX && code == ERR_OK) {
        code = store_write_now(fixture->store, save_large, &large, &fixture->problem);
        saves += code == ERR_OK ? 1 : 0;
    }
    assert_int_equal(code, ERR_DISK_FULL);
    return saves;
}

static void wait_for_room(const struct fixture *fixture)
{
    for (int i = 0; i < 1000 && store_is_read_only(fixture->store); i++)
        usleep(10000);
    assert_false(store_is_read_only(fixture->store));
}

static int make_small(void **state)
{
    if (fixture_make_closed(state) != 0)
        return 1;
    const struct fixture *fixture = *state;
    may_mount = may_mount && mount("small", fixture->folder, "tmpfs", 0, "size=3m,mode=0700") == 0;
    return 0;
}

static int remove_small(void **state)
{
    struct fixture *fixture = *state;
    fixture_close(fixture);
    if (may_mount && umount(fixture->folder) != 0)
        return 1;
    return fixture_remove(state);
}

static void need_mount(void)
{
    if (!may_mount) {
        print_message("no file system may be mounted here\n");
        skip();
    }
}

static void saving_stops_and_goes_on(void **state)
{
    struct fixture *fixture = *state;
    need_mount();
    fixture_open(fixture);
    int64_t tenant = fixture_club(fixture, "tools");
    size_t saves = fill(fixture, tenant);
    assert_true(saves > 50);
    assert_true(store_is_read_only(fixture->store));
    assert_int_equal(fixture_count(fixture, tenant), saves);
    for (int i = 0; i < 5; i++)
        assert_int_equal(fill(fixture, tenant), 0);
    unsigned char hash[STORE_HASH_BYTES];
    static char content[1 << 20];
    assert_int_equal(store_file_put(fixture->store, (struct str){content, sizeof(content)}, hash,
                                    &fixture->problem),
                     ERR_DISK_FULL);
    assert_int_equal(
        store_backup(fixture->store, fixture_path(fixture, "copy.db"), &fixture->problem),
        ERR_DISK_FULL);
    assert_false(file_exists(fixture_path(fixture, "copy.db")));
    assert_int_equal(mount("small", fixture->folder, "tmpfs", MS_REMOUNT, "size=16m"), 0);
    wait_for_room(fixture);
    assert_int_equal(fixture_thing(fixture, tenant, "saw", NULL), ERR_OK);
    fixture_reopen(fixture);
    assert_int_equal(fixture_count(fixture, tenant), saves + 1);
}

/* Ended while the disk is full: the next start, with room, needs no hand. */
static void a_start_after_it_needs_no_hand(void **state)
{
    struct fixture *fixture = *state;
    need_mount();
    fixture_open(fixture);
    int64_t tenant = fixture_club(fixture, "tools");
    size_t saves = fill(fixture, tenant);
    fixture_close(fixture);
    assert_int_equal(mount("small", fixture->folder, "tmpfs", MS_REMOUNT, "size=16m"), 0);
    fixture_open(fixture);
    assert_int_equal(fixture_count(fixture, tenant), saves);
    assert_int_equal(fixture_thing(fixture, tenant, "saw", NULL), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(saving_stops_and_goes_on, make_small, remove_small),
        cmocka_unit_test_setup_teardown(a_start_after_it_needs_no_hand, make_small, remove_small),
    };
    /* A view of mounts of our own, as root or in a user's own name space. */
    may_mount = unshare(geteuid() == 0 ? CLONE_NEWNS : CLONE_NEWUSER | CLONE_NEWNS) == 0 &&
                mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
    return cmocka_run_group_tests_name("store/full", tests, NULL, NULL);
}
