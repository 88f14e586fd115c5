/* SIGKILL at random moments of a write load, again and again on the same folder: every acknowledged
 * save is there, and the next start needs no hand. The same while copies are put back. SAMPAN_KILLS
 * sets how often (12, in a soak 200).
 */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/rng.h"
#include "fixture.h"
#include "sample/sample_queries.h"

enum { THREADS = 6, DELAY_MAX_US = 250000 };

/* Everything the child prints until it is dead; it is killed `delay_us` after its first line. */
static void run_and_kill(struct fixture *fixture, unsigned delay_us, struct buf *lines)
{
    int ends[2];
    char threads[16];
    assert_int_equal(pipe(ends), 0);
    snprintf(threads, sizeof(threads), "%d", THREADS);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(KILLED_PROGRAM, KILLED_PROGRAM, fixture->folder, threads, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    bool killed = false;
    for (;;) {
        char *at = buf_reserve(lines, 4096);
        ssize_t got = read(ends[0], at, 4096);
        if (got < 0 && errno == EINTR)
            continue;
        assert_true(got >= 0);
        if (got == 0)
            break;
        lines->length += (size_t)got;
        if (!killed) {
            usleep(delay_us);
            kill(child, SIGKILL);
            killed = true;
        }
    }
    close(ends[0]);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* The next "tenant id" of the lines; a last line without its end was not acknowledged whole. */
static bool next_line(struct str *rest, int64_t *tenant, int64_t *id)
{
    size_t end = str_find_byte(*rest, '\n');
    if (end == rest->length)
        return false;
    struct str line = str_slice(*rest, 0, end);
    size_t blank = str_find_byte(line, ' ');
    assert_true(str_to_int64(str_slice(line, 0, blank), tenant));
    assert_true(str_to_int64(str_slice(line, blank + 1, SIZE_MAX), id));
    *rest = str_slice(*rest, end + 1, SIZE_MAX);
    return true;
}

static int count_lost(struct fixture *fixture, struct str lines, int *acknowledged)
{
    struct store_read *read;
    int lost = 0;
    int64_t tenant;
    int64_t id;
    assert_int_equal(store_read_begin(fixture->store, &read, &fixture->problem), ERR_OK);
    while (next_line(&lines, &tenant, &id)) {
        struct thing_by_id_row row;
        bool found;
        struct arena_mark mark = arena_mark_get(&fixture->arena);
        assert_int_equal(
            thing_by_id(read, &fixture->arena, tenant, id, &row, &found, &fixture->problem),
            ERR_OK);
        arena_rewind(&fixture->arena, mark);
        lost += found ? 0 : 1;
        *acknowledged += 1;
    }
    store_read_end(read);
    return lost;
}

static void nothing_acknowledged_is_lost(void **state)
{
    struct fixture *fixture = *state;
    int kills = fixture_number("SAMPAN_KILLS", 12, 200);
    struct rng_key key = rng_key_from_text(STR("kill"));
    int acknowledged = 0;
    struct buf lines;
    buf_init(&lines);
    for (int i = 0; i < kills; i++) {
        uint64_t chance = rng_at(key, 1, 0, 0, (uint64_t)i, 0, 0).word[0];
        size_t before = lines.length;
        run_and_kill(fixture, (unsigned)rng_below(chance, DELAY_MAX_US), &lines);
        /* A line that was cut off stays unread, and does not join the next one. */
        while (lines.length > before && lines.text[lines.length - 1] != '\n')
            lines.length--;
        fixture_open(fixture);
        assert_int_equal(
            count_lost(fixture, str_slice(buf_str(&lines), before, SIZE_MAX), &acknowledged), 0);
        fixture_close(fixture);
    }
    /* And at the end everything ever acknowledged. */
    int again = 0;
    fixture_open(fixture);
    assert_int_equal(count_lost(fixture, buf_str(&lines), &again), 0);
    assert_int_equal(again, acknowledged);
    assert_true(acknowledged > kills);
    printf("%d kills, %d saves acknowledged, none lost\n", kills, acknowledged);
    buf_clear(&lines);
}

/* Puts two copies in place by turns until it is killed. */
static void restore_on(struct fixture *fixture, const char *const *copies)
{
    for (int i = 0;; i++) {
        if (store_restore(&fixture->options, copies[i % 2], &fixture->problem) != ERR_OK)
            _exit(1);
    }
}

/* A copy and an archive of the same site, with one thing and with two. */
static void a_killed_restore_leaves_a_whole_site(void **state)
{
    struct fixture *fixture = *state;
    struct rng_key key = rng_key_from_text(STR("restore"));
    const char *const copies[] = {fixture_path(fixture, "one.db"),
                                  fixture_path(fixture, "two.tar.zst")};
    unsigned char hash[STORE_HASH_BYTES];
    struct str content;
    fixture_open(fixture);
    int64_t tenant = fixture_club(fixture, "tools");
    assert_int_equal(fixture_thing(fixture, tenant, "saw", NULL), ERR_OK);
    assert_int_equal(store_file_put(fixture->store, STR("file"), hash, &fixture->problem), ERR_OK);
    assert_int_equal(store_backup(fixture->store, copies[0], &fixture->problem), ERR_OK);
    assert_int_equal(fixture_thing(fixture, tenant, "axe", NULL), ERR_OK);
    assert_int_equal(store_archive_write(fixture->store, copies[1], &fixture->problem), ERR_OK);
    int kills = fixture_number("SAMPAN_KILLS", 12, 200);
    int seen[3] = {0};
    for (int i = 0; i < kills; i++) {
        uint64_t chance = rng_at(key, 1, 0, 0, (uint64_t)i, 0, 0).word[0];
        int status;
        fixture_close(fixture);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            restore_on(fixture, copies);
        usleep((unsigned)rng_below(chance, DELAY_MAX_US));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        fixture_open(fixture);
        size_t count = fixture_count(fixture, tenant);
        assert_in_range(count, 1, 2);
        seen[count]++;
        assert_int_equal(
            store_file_get(fixture->store, &fixture->arena, hash, &content, &fixture->problem),
            ERR_OK);
    }
    printf("%d kills: %d times the one, %d times the other\n", kills, seen[1], seen[2]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_acknowledged_is_lost, fixture_make_closed,
                                        fixture_remove),
        cmocka_unit_test_setup_teardown(a_killed_restore_leaves_a_whole_site, fixture_make_closed,
                                        fixture_remove),
    };
    return cmocka_run_group_tests_name("store/kill", tests, NULL, NULL);
}
