/* Played runs in the site: adding them, and every page as every role, a stranger and another
 * tenant.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/training/runs.h"
#include "app/training/training.h"
#include "app/training/training_queries.h"
#include "core/file.h"
#include "site.h"

static struct people_fixture fixture;
static struct arena arena;
static const char *played; /* run folder */
static int64_t run_id[SITE_ORGANISATIONS];

static enum err add(const char *folder, const char *organisation, struct problem *problem)
{
    struct buf report;
    const struct training_run_add_options options = {.run = folder,
                                                     .organisation = str_from_c(organisation),
                                                     .title = STR("A <b>shop</b> & more"),
                                                     .now_ms = 1000,
                                                     .lang = LANG_EN};
    buf_init(&report);
    enum err code = training_run_add(fixture.site.store, &options, &report, problem);
    buf_clear(&report);
    return code;
}

static int64_t newest(int64_t tenant)
{
    struct store_read *read;
    struct problem problem;
    struct run_page_row *rows;
    size_t count;
    assert_int_equal(store_read_begin(fixture.site.store, &read, &problem), ERR_OK);
    assert_int_equal(run_page(read, &arena, tenant, INT64_MAX, 1, &rows, &count, &problem), ERR_OK);
    store_read_end(read);
    assert_int_equal(count, 1);
    return rows[0].id;
}

static int begin(void **state)
{
    static const char *const organisations[] = {"college", "firm"};
    struct problem problem;
    struct buf report;
    (void)state;
    arena_init(&arena);
    buf_init(&report);
    people_fixture_begin(&fixture);
    played = path_join(&arena, fixture.folder, "played");
    const struct training_simulate_options options = {.scenario = SAMPAN_SOURCE_ROOT
                                                      "/data/scenarios/accessories.json",
                                                      .seed = "pages",
                                                      .rounds = 2,
                                                      .firms = 3,
                                                      .worlds = 1,
                                                      .score_seeds = 2,
                                                      .fork_round = -1,
                                                      .out = played,
                                                      .lang = LANG_EN};
    assert_int_equal(training_simulate(&options, &report, &problem), ERR_OK);
    for (int o = 0; o < SITE_ORGANISATIONS; o++) {
        assert_int_equal(add(played, organisations[o], &problem), ERR_OK);
        run_id[o] = newest(fixture.organisation[o]);
    }
    buf_clear(&report);
    return 0;
}

static int end(void **state)
{
    (void)state;
    people_fixture_end(&fixture);
    arena_clear(&arena);
    return 0;
}

/* ---- adding ---- */

static void a_run_is_added_once(void **state)
{
    struct problem problem;
    (void)state;
    assert_int_equal(add(played, "college", &problem), ERR_FILE_EXISTS);
    assert_int_equal(add(played, "nosuch", &problem), ERR_NOT_FOUND);
    assert_int_equal(add(fixture.folder, "college", &problem), ERR_RUN_NONE);
    const char *copy = runs_folder(&arena, fixture.site.store, run_id[0]);
    assert_true(file_exists(path_join(&arena, copy, "run.json")));
    assert_true(file_exists(path_join(&arena, copy, "decisions/round-02/firm-03.json")));
}

static void a_run_that_is_not_sound_is_refused(void **state)
{
    static const char *const files[] = {"scenario.json", "decisions/round-01/firm-01.json",
                                        "digests.json", "score.json", "run.json"};
    struct problem problem;
    struct str content;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        const char *file = path_join(&arena, played, files[i]);
        assert_int_equal(file_read(&arena, file, 16 << 20, &content, &problem), ERR_OK);
        struct str half = str_slice(content, 0, content.length / 2);
        assert_int_equal(file_write_atomic(file, half, 0600, &problem), ERR_OK);
        enum err code = add(played, "college", &problem);
        if (code == ERR_OK || code == ERR_FILE_EXISTS)
            fail_msg("half of %s was taken", files[i]);
        assert_int_equal(file_write_atomic(file, content, 0600, &problem), ERR_OK);
    }
    /* Another engine's. */
    const char *file = path_join(&arena, played, "run.json");
    assert_int_equal(file_read(&arena, file, 1 << 20, &content, &problem), ERR_OK);
    char *text = (char *)arena_copy(&arena, content.text, content.length, content.length + 1, 1);
    char *version = strstr(text, "\"engine\": ");
    assert_non_null(version);
    version[strlen("\"engine\": ")] = '9';
    assert_int_equal(file_write_atomic(file, str_from_c(text), 0600, &problem), ERR_OK);
    assert_int_equal(add(played, "college", &problem), ERR_ENGINE_VERSION);
    assert_int_equal(file_write_atomic(file, content, 0600, &problem), ERR_OK);
}

/* ---- pages ---- */

/* Behind /runs/ID. */
static const char *const pages[] = {
    "",
    "/compare?a=1&b=3",
    "/firms/2",
    "/firms/2/why?product=0&nest=0&day=3",
    "/firms/2/rounds/1",
    "/firms/2/rounds/2",
};

static struct answer visit(const char *page, int64_t run, const char *headers)
{
    char path[128];
    snprintf(path, sizeof(path), "/runs/%lld%s", (long long)run, page);
    return ask(&fixture.site, "GET", path, headers, "");
}

static void every_member_may_look_and_no_stranger(void **state)
{
    (void)state;
    for (int r = 0; r < ROLE_COUNT; r++) {
        const char *cookie =
            sign_in_as(&fixture, 0, "college", role_word((enum role)r), FIXTURE_PASSWORD);
        assert_non_null(cookie);
        assert_int_equal(ask(&fixture.site, "GET", "/runs", cookie, "").status, 200);
        for (size_t p = 0; p < COUNT_OF(pages); p++) {
            struct answer answer = visit(pages[p], run_id[0], cookie);
            if (answer.status != 200)
                fail_msg("%s as %s: %d", pages[p], role_word((enum role)r), answer.status);
            /* A title is data. */
            assert_null(strstr(answer.body, "<b>shop"));
        }
    }
    for (size_t p = 0; p < COUNT_OF(pages); p++)
        assert_int_equal(visit(pages[p], run_id[0], "").status, 303);
    assert_int_equal(ask(&fixture.site, "GET", "/runs", "", "").status, 303);
}

static void another_organisations_run_is_not_found(void **state)
{
    (void)state;
    const char *cookie = sign_in_as(&fixture, 0, "college", "administrator", FIXTURE_PASSWORD);
    for (size_t p = 0; p < COUNT_OF(pages); p++) {
        assert_int_equal(visit(pages[p], run_id[1], cookie).status, 404);
        assert_int_equal(visit(pages[p], 1, cookie).status, 404);
    }
}

static void what_was_not_played_is_not_found(void **state)
{
    static const struct {
        const char *page;
        int status;
    } cases[] = {
        {"/firms/4", 404},
        {"/firms/0", 404},
        {"/firms/x", 404},
        {"/firms/2/rounds/3", 404},
        {"/firms/2/rounds/0", 404},
        {"/firms/2/why?day=100000", 422},
        {"/firms/2/why?product=99", 422},
        {"/firms/2/why?nest=-1", 422},
        {"/compare?a=4", 422},
        {"/compare?a=x", 422},
    };
    (void)state;
    const char *cookie = sign_in_as(&fixture, 0, "college", "student", FIXTURE_PASSWORD);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct answer answer = visit(cases[i].page, run_id[0], cookie);
        bool fits =
            answer.status == cases[i].status || (cases[i].status == 422 && answer.status == 400);
        if (!fits)
            fail_msg("%s: %d", cases[i].page, answer.status);
    }
}

/* Figures on pages are those that the history holds. */
static void pages_tell_what_was_played(void **state)
{
    char wanted[64], headers[600];
    struct history history;
    struct problem problem;
    (void)state;
    history_init(&history);
    assert_int_equal(history_read(&history, played, 0, 0, 7, &problem), ERR_OK);
    const char *cookie = sign_in_as(&fixture, 0, "college", "teacher", FIXTURE_PASSWORD);
    snprintf(headers, sizeof(headers), "%sAccept: application/json\n", cookie);
    struct answer answer = visit("/firms/2", run_id[0], headers);
    assert_int_equal(answer.status, 200);
    for (int r = 0; r <= 2; r++) {
        snprintf(wanted, sizeof(wanted), "\"equity_minor\":%lld",
                 (long long)history.kept[1][r].equity_minor);
        assert_non_null(strstr(answer.body, wanted));
        snprintf(wanted, sizeof(wanted), "\"units\":%lld", (long long)history.kept[1][r].units);
        assert_non_null(strstr(answer.body, wanted));
    }
    const struct market_why *why = &history.kept[1][1].why[0];
    snprintf(wanted, sizeof(wanted), "/firms/2/why?product=%d&nest=%d&day=%d", why->product,
             why->nest, (int)why->day);
    answer = visit(wanted, run_id[0], headers);
    assert_int_equal(answer.status, 200);
    snprintf(wanted, sizeof(wanted), "\"sold\":%lld", (long long)why->served);
    assert_non_null(strstr(answer.body, wanted));
    answer = visit("", run_id[0], headers);
    assert_non_null(strstr(answer.body, "\"firms\":3"));
    history_clear(&history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_added_once),
        cmocka_unit_test(a_run_that_is_not_sound_is_refused),
        cmocka_unit_test(every_member_may_look_and_no_stranger),
        cmocka_unit_test(another_organisations_run_is_not_found),
        cmocka_unit_test(what_was_not_played_is_not_found),
        cmocka_unit_test(pages_tell_what_was_played),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
