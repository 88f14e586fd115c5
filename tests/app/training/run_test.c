#include "app/training/run_pool.h"
#include "app/training/run_sales.h"
#include "app/training/run_table.h"
#include "app/training/scenario.h"
#include "app/training/simulate.h"
#include "run_fixture.h"

static struct run small_run(struct fixture *fixture)
{
    static int policies[5] = {POLICY_STEADY, POLICY_NOVICE, -1, POLICY_CHEAP, POLICY_OVER};
    struct run run = {.folder = fixture->folder,
                      .engine_version = MARKET_ENGINE_VERSION,
                      .seed_text = STR("spring"),
                      .rounds = 4,
                      .worlds = 2,
                      .firms = 5,
                      .policies = policies,
                      .origin = STR("runs/first"),
                      .origin_round = 2};
    run.seed = rng_key_from_text(run.seed_text);
    run_seed_commit(run.seed, run.commitment);
    snprintf(run.scenario_digest, sizeof(run.scenario_digest), "%064d", 7);
    return run;
}

static void a_run_is_read_as_it_was_written(void **state)
{
    struct fixture *fixture = *state;
    struct run written = small_run(fixture), read;
    assert_no_problem(run_write(fixture->folder, &written, &fixture->problem), &fixture->problem);
    assert_no_problem(run_read(&fixture->arena, fixture->folder, &read, &fixture->problem),
                      &fixture->problem);
    assert_int_equal(read.engine_version, written.engine_version);
    assert_true(str_equal(read.seed_text, STR("spring")));
    assert_memory_equal(&read.seed, &written.seed, sizeof(read.seed));
    assert_string_equal(read.commitment, written.commitment);
    assert_string_equal(read.scenario_digest, written.scenario_digest);
    assert_int_equal(read.rounds, 4);
    assert_int_equal(read.worlds, 2);
    assert_int_equal(read.firms, 5);
    assert_memory_equal(read.policies, written.policies, 5 * sizeof(int));
    assert_true(str_equal(read.origin, STR("runs/first")));
    assert_int_equal(read.origin_round, 2);
}

static void replace_in_file(struct fixture *fixture, const char *path, const char *old,
                            const char *new)
{
    struct str text = str_copy(&fixture->arena, fixture_read(fixture, path));
    const char *at = strstr(text.text, old);
    assert_non_null(at);
    size_t before = (size_t)(at - text.text);
    struct str changed =
        str_format(&fixture->arena, "%.*s%s%s", (int)before, text.text, new, at + strlen(old));
    fixture_write(fixture, path, changed);
}

static void a_run_with_another_seed_or_version_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct run run = small_run(fixture), read;
    const char *path = fixture_path(fixture, "run.json");
    assert_no_problem(run_write(fixture->folder, &run, &fixture->problem), &fixture->problem);
    replace_in_file(fixture, path, "spring", "autumn");
    assert_int_equal(run_read(&fixture->arena, fixture->folder, &read, &fixture->problem),
                     ERR_FILE_DAMAGED);
    replace_in_file(fixture, path, "autumn", "spring");
    replace_in_file(fixture, path, "\"format\": 1", "\"format\": 99");
    assert_int_equal(run_read(&fixture->arena, fixture->folder, &read, &fixture->problem),
                     ERR_FILE_VERSION);
    run.engine_version = MARKET_ENGINE_VERSION + 1;
    assert_int_equal(run_engine_check(&run, &fixture->problem), ERR_ENGINE_VERSION);
    assert_int_equal(fixture->problem.args[0].number, MARKET_ENGINE_VERSION + 1);
}

static void a_folder_without_a_run_says_so(void **state)
{
    struct fixture *fixture = *state;
    struct run read;
    assert_int_equal(run_read(&fixture->arena, fixture->folder, &read, &fixture->problem),
                     ERR_RUN_NONE);
    assert_string_equal(fixture->problem.place, fixture->folder);
    assert_int_equal(
        run_read(&fixture->arena, fixture_path(fixture, "no"), &read, &fixture->problem),
        ERR_FILE_OPEN);
}

/* The digest of the sixteen bytes, low word first: Python's hashlib.blake2b(..., digest_size=32) of
 * bytes(range(16)). */
static void the_commitment_is_the_digest_of_the_seed(void **state)
{
    char hex[DIGEST_HEX_MAX];
    struct rng_key seed = {{UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)}};
    (void)state;
    run_seed_commit(seed, hex);
    assert_string_equal(hex, "c7cb5d1a1a214f1d833a21fe6c7b2420e417c2f220784cbe90072975131bc367");
}

static void firms_are_spread_evenly_over_worlds(void **state)
{
    struct run run = {.firms = 50, .worlds = 3};
    (void)state;
    assert_int_equal(run_world_firms(&run, 0), 17);
    assert_int_equal(run_world_firms(&run, 1), 17);
    assert_int_equal(run_world_firms(&run, 2), 16);
    assert_int_equal(run_world_first(&run, 1), 17);
    assert_int_equal(run_world_first(&run, 2), 34);
    assert_int_equal(run_world_first(&run, 3), 50);
}

static void policies_repeat_and_unknown_ones_are_named(void **state)
{
    struct problem problem;
    int policies[5];
    (void)state;
    assert_int_equal(simulate_policies_parse(STR("steady, novice"), policies, 5, &problem), ERR_OK);
    assert_int_equal(policies[0], POLICY_STEADY);
    assert_int_equal(policies[3], POLICY_NOVICE);
    assert_int_equal(policies[4], POLICY_STEADY);
    assert_int_equal(simulate_policies_parse(STR("steady,lucky"), policies, 5, &problem),
                     ERR_CHOICE);
    assert_string_equal(problem.args[0].text, "lucky");
    assert_int_equal(
        simulate_policies_parse(str_from_c(simulate_policies_default), policies, 5, &problem),
        ERR_OK);
    assert_int_equal(policies[2], POLICY_CHEAP);
}

/* ---- the pool ---- */

struct sums {
    int64_t parts[100];
    int fail_from;
};

static enum err add_task(void *context, int task, int thread, struct run_pool *pool,
                         struct problem *problem)
{
    struct sums *sums = context;
    (void)thread;
    if (task >= sums->fail_from)
        return problem_set(problem, ERR_LIMIT, ERR_TEXT(STR("task")), ERR_INT(task), ERR_INT(0));
    sums->parts[task] = (int64_t)task * task;
    return run_pool_step(pool, 1) ? problem_set0(problem, ERR_INTERRUPTED) : ERR_OK;
}

static void every_task_is_done_once_on_any_number_of_threads(void **state)
{
    static const int threads[] = {1, 2, 7};
    (void)state;
    for (size_t t = 0; t < COUNT_OF(threads); t++) {
        struct sums sums = {.fail_from = 100};
        struct problem problem;
        assert_int_equal(run_pool_run(threads[t], 100, add_task, &sums, "test", 100, &problem),
                         ERR_OK);
        int64_t sum = 0;
        for (int i = 0; i < 100; i++)
            sum += sums.parts[i];
        assert_int_equal(sum, 328350); /* 99 * 100 * 199 / 6 */
    }
}

static void the_first_task_that_failed_is_told(void **state)
{
    (void)state;
    for (int threads = 1; threads <= 4; threads++) {
        struct sums sums = {.fail_from = 30};
        struct problem problem;
        assert_int_equal(run_pool_run(threads, 100, add_task, &sums, "test", 100, &problem),
                         ERR_LIMIT);
        assert_int_equal(problem.args[1].number, 30);
    }
}

/* ---- tables ---- */

static void columns_line_up_with_chinese_in_them(void **state)
{
    struct fixture *fixture = *state;
    struct run_table table;
    struct buf text;
    buf_init(&text);
    run_table_init(&table, &fixture->arena, 3, 3);
    table.right[1] = true;
    run_table_row(&table);
    run_table_put(&table, 0, STR("企业"));
    run_table_put(&table, 1, STR("分"));
    run_table_put(&table, 2, STR("note"));
    run_table_row(&table);
    run_table_put(&table, 0, STR("ab"));
    run_table_put(&table, 1, STR("100"));
    run_table_row(&table);
    run_table_put(&table, 1, STR("7"));
    run_table_put(&table, 2, STR("x"));
    run_table_append(&table, true, &text);
    static const char expected[] = "  企业   分  note\n"
                                   "  ----  ---  ----\n"
                                   "  ab    100\n"
                                   "          7  x\n";
    assert_int_equal(text.length, sizeof(expected) - 1);
    assert_memory_equal(text.text, expected, sizeof(expected) - 1);
    buf_clear(&text);
}

/* ---- sales ---- */

static void sales_are_read_as_they_were_written(void **state)
{
    struct fixture *fixture = *state;
    struct scenario scenario;
    struct buf text;
    struct run_sale *sales;
    int64_t count;
    assert_no_problem(
        scenario_read(&fixture->arena, FIXTURE_SCENARIO, &scenario, &fixture->problem),
        &fixture->problem);
    struct market_listing_view listing = {.product = 1,
                                          .market = 1,
                                          .price_minor = 2290,
                                          .coupon_minor = 100,
                                          .round_returned_units = 2};
    listing.units_sold[MARKET_HISTORY_DAYS - 14] = 5; /* the round's first day */
    listing.units_sold[MARKET_HISTORY_DAYS - 15] = 9; /* the round before: told already */
    struct market_observation seen = {.firm = 2,
                                      .round = 3,
                                      .day = 42,
                                      .rules = &scenario.rules,
                                      .listing_count = 1,
                                      .listings = &listing};
    buf_init(&text);
    run_sales_append_header(&text);
    run_sales_append(&seen, 0, &text);
    const char *path = fixture_path(fixture, "sales.csv");
    fixture_write(fixture, path, buf_str(&text));
    buf_clear(&text);
    assert_no_problem(
        run_sales_read(&fixture->arena, &scenario.rules, path, &sales, &count, &fixture->problem),
        &fixture->problem);
    assert_int_equal(count, 2);
    assert_int_equal(sales[0].day, 28);
    assert_int_equal(sales[0].firm, 2);
    assert_int_equal(sales[0].product, 1);
    assert_int_equal(sales[0].market, 1);
    assert_int_equal(sales[0].price_minor, 2190);
    assert_int_equal(sales[0].units, 5);
    assert_int_equal(sales[0].returned, 0);
    assert_int_equal(sales[1].day, 41);
    assert_int_equal(sales[1].units, 0);
    assert_int_equal(sales[1].returned, 2);
    replace_in_file(fixture, path, ",5,0", ",-5,0");
    assert_int_equal(
        run_sales_read(&fixture->arena, &scenario.rules, path, &sales, &count, &fixture->problem),
        ERR_RANGE);
    assert_has(str_from_c(fixture->problem.place), "sales.csv:2");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_run_is_read_as_it_was_written, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(a_run_with_another_seed_or_version_is_refused,
                                        fixture_setup, fixture_teardown),
        cmocka_unit_test_setup_teardown(a_folder_without_a_run_says_so, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test(the_commitment_is_the_digest_of_the_seed),
        cmocka_unit_test(firms_are_spread_evenly_over_worlds),
        cmocka_unit_test(policies_repeat_and_unknown_ones_are_named),
        cmocka_unit_test(every_task_is_done_once_on_any_number_of_threads),
        cmocka_unit_test(the_first_task_that_failed_is_told),
        cmocka_unit_test_setup_teardown(columns_line_up_with_chinese_in_them, fixture_setup,
                                        fixture_teardown),
        cmocka_unit_test_setup_teardown(sales_are_read_as_they_were_written, fixture_setup,
                                        fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
