/* The life of a job: entered, run, retried, failed, cancelled, given back. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/text.h"
#include "site.h"

static void await_begun(struct site *site, int count)
{
    for (int i = 0; i < 6000 && atomic_load(&site->begun) < count; i++)
        poll(NULL, 0, 5);
    assert_int_equal(atomic_load(&site->begun), count);
}

static void test_is_done(void **state)
{
    struct site *site = *state;
    int64_t job = site_enqueue(site, "counts", "{\"rows\": 5}", "");
    struct job_by_id_row row = site_await(site, job, "done");
    assert_string_equal(row.result.text, "{\"rows\": 5}");
    assert_int_equal(row.done, 10);
    assert_int_equal(row.total, 10);
    assert_int_equal(row.attempts, 1);
    assert_int_equal(row.person, 42);
    assert_true(row.due_ms_null);
    assert_true(row.error_code_null);
    assert_false(row.ended_ms_null);
    assert_int_equal(atomic_load(&site->begun), 1);
    assert_int_equal(atomic_load(&site->last_job), job);
}

static void test_one_key_is_one_job(void **state)
{
    struct site *site = *state;
    int64_t job = site_enqueue(site, "counts", "1", "import-17");
    assert_int_equal(site_enqueue(site, "counts", "2", "import-17"), job);
    site_await(site, job, "done");
    assert_int_equal(site_enqueue(site, "counts", "3", "import-17"), job);
    assert_int_not_equal(site_enqueue(site, "counts", "1", "import-18"), job);
    assert_string_equal(site_job(site, job).result.text, "1");
}

static void test_many_at_once(void **state)
{
    struct site *site = *state;
    int64_t jobs[50];
    for (size_t i = 0; i < COUNT_OF(jobs); i++)
        jobs[i] = site_enqueue(site, "effect", "{}", "");
    for (size_t i = 0; i < COUNT_OF(jobs); i++) {
        site_await(site, jobs[i], "done");
        assert_int_equal(site_effects(site, jobs[i]), 1);
    }
    await_begun(site, COUNT_OF(jobs));
}

static void test_retried_with_growing_pauses(void **state)
{
    struct site *site = *state;
    atomic_store(&site->failures, 2);
    int64_t job = site_enqueue(site, "fails", "{}", "");
    await_begun(site, 1);
    struct job_by_id_row row = site_await(site, job, "waiting");
    assert_int_equal(row.due_ms - atomic_load(&site->now_ms), 10000);
    assert_string_equal(row.error_code.text, "ERR_FILE_READ");
    site_pass(site, 9999);
    poll(NULL, 0, 100);
    assert_int_equal(atomic_load(&site->begun), 1);
    site_pass(site, 1);
    await_begun(site, 2);
    row = site_await(site, job, "waiting");
    assert_int_equal(row.due_ms - atomic_load(&site->now_ms), 20000);
    site_pass(site, 20000);
    row = site_await(site, job, "done");
    assert_int_equal(row.attempts, 3);
    assert_true(row.error_code_null);
}

static void test_fails_and_keeps_its_error(void **state)
{
    struct site *site = *state;
    struct problem problem;
    struct buf text;
    atomic_store(&site->failures, 4);
    int64_t job = site_enqueue(site, "fails", "{}", "");
    await_begun(site, 1);
    site_await(site, job, "waiting");
    site_pass(site, 10000);
    await_begun(site, 2);
    site_await(site, job, "waiting");
    site_pass(site, 20000);
    struct job_by_id_row row = site_await(site, job, "failed");
    assert_int_equal(row.attempts, 3);
    job_problem(&site->arena, row.error_code, row.error_place, row.error_arguments, &problem);
    assert_int_equal(problem.code, ERR_FILE_READ);
    buf_init(&text);
    text_append_problem(&text, LANG_EN, &problem);
    buf_append_byte(&text, '\0');
    assert_string_equal(text.text,
                        "orders.csv:17: The file cannot be read further: too \"short\".");
    buf_clear(&text);
    /* By hand it gets all its attempts again. */
    assert_int_equal(site_retry(site, OTHER_TENANT, job), ERR_STALE);
    assert_int_equal(site_retry(site, TENANT, job), ERR_OK);
    await_begun(site, 4);
    site_await(site, job, "waiting");
    site_pass(site, 10000);
    row = site_await(site, job, "done");
    assert_int_equal(row.attempts, 2);
    assert_int_equal(site_retry(site, TENANT, job), ERR_STALE);
}

static void test_a_users_error_is_not_tried_again(void **state)
{
    struct site *site = *state;
    struct problem problem;
    int64_t job = site_enqueue(site, "refuses", "{}", "");
    struct job_by_id_row row = site_await(site, job, "failed");
    assert_int_equal(row.attempts, 1);
    job_problem(&site->arena, row.error_code, row.error_place, row.error_arguments, &problem);
    assert_int_equal(problem.code, ERR_RANGE);
    assert_int_equal(problem.arg_count, 3);
    assert_int_equal(problem.args[0].number, 12);
    assert_int_equal(problem.args[2].decimals, 1);
}

static void test_unknown_kind(void **state)
{
    struct site *site = *state;
    int64_t job = site_enqueue(site, "of-a-newer-release", "{}", "");
    struct job_by_id_row row = site_await(site, job, "failed");
    assert_string_equal(row.error_code.text, "ERR_JOB_KIND");
}

static void test_progress_is_seen_and_lease_prolonged(void **state)
{
    struct site *site = *state;
    int64_t job = site_enqueue(site, "waits", "{}", "");
    await_begun(site, 1);
    int64_t due_ms = site_job(site, job).due_ms;
    struct job_by_id_row row = site_job(site, job);
    for (int i = 0; i < 6000 && (row.done != 3 || row.due_ms == due_ms); i++) {
        site_pass(site, 1000);
        poll(NULL, 0, 5);
        row = site_job(site, job);
    }
    assert_string_equal(row.state.text, "running");
    assert_int_equal(row.done, 3);
    assert_int_equal(row.total, 9);
    assert_true(row.due_ms > due_ms);
    /* However late it is by the clock, it is not taken up a second time. */
    site_pass(site, 3600 * 1000);
    poll(NULL, 0, 100);
    assert_int_equal(atomic_load(&site->begun), 1);
    atomic_store(&site->may_end, true);
    row = site_await(site, job, "done");
    assert_int_equal(row.done, 9);
}

static void test_cancel(void **state)
{
    struct site *site = *state;
    int64_t first = site_enqueue(site, "waits", "{}", "");
    int64_t second = site_enqueue(site, "waits", "{}", "");
    await_begun(site, 2);
    int64_t third = site_enqueue(site, "waits", "{}", "");
    assert_int_equal(site_cancel(site, OTHER_TENANT, first), ERR_STALE);
    assert_int_equal(site_cancel(site, TENANT, third), ERR_OK); /* it only waits */
    assert_string_equal(site_job(site, third).state.text, "cancelled");
    assert_int_equal(site_cancel(site, TENANT, first), ERR_OK);
    struct job_by_id_row row = site_await(site, first, "cancelled");
    assert_true(row.error_code_null);
    assert_string_equal(site_job(site, second).state.text, "running");
    assert_int_equal(site_cancel(site, TENANT, first), ERR_STALE);
    assert_int_equal(atomic_load(&site->begun), 2);
    /* A cancelled one can be asked for again. */
    assert_int_equal(site_retry(site, TENANT, third), ERR_OK);
    await_begun(site, 3);
    atomic_store(&site->may_end, true);
    site_await(site, second, "done");
    site_await(site, third, "done");
}

static void test_stop_gives_back(void **state)
{
    struct site *site = *state;
    int64_t job = site_enqueue(site, "waits", "{}", "");
    await_begun(site, 1);
    site_stop(site);
    struct job_by_id_row row = site_job(site, job);
    assert_string_equal(row.state.text, "waiting");
    assert_int_equal(row.attempts, 0);
    assert_int_equal(row.due_ms, atomic_load(&site->now_ms));
    /* What is entered meanwhile is found by the next start. */
    int64_t late = site_enqueue(site, "counts", "{}", "");
    atomic_store(&site->may_end, true);
    site_start(site);
    site_await(site, job, "done");
    site_await(site, late, "done");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_is_done, site_make, site_remove),
        cmocka_unit_test_setup_teardown(test_one_key_is_one_job, site_make, site_remove),
        cmocka_unit_test_setup_teardown(test_many_at_once, site_make, site_remove),
        cmocka_unit_test_setup_teardown(test_retried_with_growing_pauses, site_make, site_remove),
        cmocka_unit_test_setup_teardown(test_fails_and_keeps_its_error, site_make, site_remove),
        cmocka_unit_test_setup_teardown(test_a_users_error_is_not_tried_again, site_make,
                                        site_remove),
        cmocka_unit_test_setup_teardown(test_unknown_kind, site_make, site_remove),
        cmocka_unit_test_setup_teardown(test_progress_is_seen_and_lease_prolonged, site_make,
                                        site_remove),
        cmocka_unit_test_setup_teardown(test_cancel, site_make, site_remove),
        cmocka_unit_test_setup_teardown(test_stop_gives_back, site_make, site_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
