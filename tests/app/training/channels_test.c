/* Two channels of one market in files: the scenario's, the decisions', what firms see, what was
 * sold. The shipped scenario has a second marketplace in the United States. */
#include "app/training/scenario.h"
#include "core/json.h"
#include "run_fixture.h"

#define SHIPPED SAMPAN_SOURCE_ROOT "/data/scenarios/accessories.json"

static void a_scenario_keeps_its_channels(void **state)
{
    struct fixture *fixture = *state;
    struct scenario first, second;
    struct buf once, twice;
    assert_no_problem(scenario_read(&fixture->arena, SHIPPED, &first, &fixture->problem),
                      &fixture->problem);
    const struct market_rules *rules = &first.rules;
    assert_int_equal(rules->channel_count, 2);
    int shop = market_nest_find(rules, 1, 0, 0), other = market_nest_find(rules, 1, 1, 0);
    assert_true(shop >= 0 && other >= 0 && shop != other);
    /* 15 % and the market's fourteen days; 13.6 % with USD 0.40 an order, and three days. */
    assert_int_equal(rules->nests[shop].referral_rate_1e9, 150000000);
    assert_int_equal(rules->nests[other].referral_rate_1e9, 173000000);
    assert_int_equal(market_nest_hold_days(rules, shop), 14);
    assert_int_equal(market_nest_hold_days(rules, other), 3);
    char path[64];
    snprintf(path, sizeof(path), "nests[%d].referral_rate", other);
    const struct scenario_figure *figure = scenario_figure_find(&first, str_from_c(path));
    assert_non_null(figure);
    assert_int_equal(figure->origin, ORIGIN_SOURCED);
    assert_true(figure->source.length > 0 && figure->has_date);
    buf_init(&once);
    buf_init(&twice);
    scenario_append(&first, &once);
    assert_no_problem(
        scenario_parse(&fixture->arena, buf_str(&once), NULL, &second, &fixture->problem),
        &fixture->problem);
    scenario_append(&second, &twice);
    assert_true(str_equal(buf_str(&once), buf_str(&twice)));
    assert_int_equal(second.rules.nests[other].payout_hold_days, 3);
    assert_int_equal(second.rules.nests[other].channel, 1);
    buf_clear(&once);
    buf_clear(&twice);
    /* Level 1 is one nest: the first channel of the first market. */
    assert_no_problem(scenario_level_lower(&fixture->arena, &first, 1, &fixture->problem),
                      &fixture->problem);
    assert_int_equal(first.rules.nest_count, 1);
    assert_int_equal(first.rules.nests[0].channel, 0);
}

static void mine_write(struct fixture *fixture, const char *text)
{
    const char *mine = fixture_path(fixture, "mine");
    const char *round = fixture_path(fixture, "mine/round-01");
    if (!file_exists(mine)) {
        assert_int_equal(folder_make(mine, &fixture->problem), ERR_OK);
        assert_int_equal(folder_make(round, &fixture->problem), ERR_OK);
    }
    fixture_write(fixture, path_join(&fixture->arena, round, "firm-01.json"), str_from_c(text));
}

/* A firm moves one of its eight listings to the second marketplace by a file. */
static void a_file_lists_on_the_second_channel(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    struct buf report;
    mine_write(fixture,
               "{\"listings\": ["
               "{\"product\": \"wired-earphones\", \"market\": \"DE\", \"channel\": \"shop\","
               " \"live\": false},"
               "{\"product\": \"slim-case\", \"market\": \"US\", \"channel\": \"second\","
               " \"live\": true, \"price\": \"9.90\", \"lane\": \"local-US\","
               " \"promise_days\": 4}]}");
    options.scenario = SHIPPED;
    options.decisions = fixture_path(fixture, "mine");
    options.firms = 4;
    const char *run = fixture_simulate(fixture, &options);
    struct str view =
        fixture_read(fixture, path_join(&fixture->arena, run, "rounds/round-03/firm-01.json"));
    assert_has(view, "\"channel\": \"second\"");
    /* Sold on both, out of one warehouse, each in its own row. */
    struct str sales = fixture_read(fixture, path_join(&fixture->arena, run, "sales.csv"));
    assert_has(sales, ",1,slim-case,US,second,USD,9.90,");
    assert_has(sales, ",1,slim-case,US,shop,USD,");
    assert_has(
        fixture_read(fixture, path_join(&fixture->arena, run, "decisions/round-01/firm-01.json")),
        "\"channel\":\"second\"");
    struct training_explain_options explain = {.run = run,
                                               .firm = 0,
                                               .round = 3,
                                               .what = EXPLAIN_LANDED,
                                               .listing = "slim-case/US/second"};
    buf_init(&report);
    assert_no_problem(training_explain(&explain, &report, &fixture->problem), &fixture->problem);
    assert_has(buf_str(&report), "17.3");
    buf_reset(&report);
    /* Two listings begin so: the channel has to be named. */
    explain.listing = "slim-case/US";
    assert_int_equal(training_explain(&explain, &report, &fixture->problem), ERR_NAME_UNKNOWN);
    assert_string_equal(fixture->problem.args[1].text, "slim-case/US/shop, slim-case/US/second");
    buf_reset(&report);
    struct training_replay_options again = {.run = run, .threads = 1};
    assert_no_problem(training_replay(&again, &report, &fixture->problem), &fixture->problem);
    buf_clear(&report);
}

static void a_twin_and_an_unknown_channel_are_named(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    struct buf report;
    buf_init(&report);
    options.scenario = SHIPPED;
    options.decisions = fixture_path(fixture, "mine");
    mine_write(fixture,
               "{\"listings\": ["
               "{\"product\": \"slim-case\", \"market\": \"US\", \"channel\": \"shop\"},"
               "{\"product\": \"slim-case\", \"market\": \"US\", \"channel\": \"shop\"}]}");
    assert_int_equal(training_simulate(&options, &report, &fixture->problem), ERR_LISTING_TWICE);
    assert_has(str_from_c(fixture->problem.place), "listings[1]");
    mine_write(fixture,
               "{\"listings\": ["
               "{\"product\": \"slim-case\", \"market\": \"DE\", \"channel\": \"second\"}]}");
    assert_int_equal(training_simulate(&options, &report, &fixture->problem), ERR_NAME_UNKNOWN);
    assert_has(str_from_c(fixture->problem.place), "listings[0].channel");
    mine_write(fixture,
               "{\"listings\": ["
               "{\"product\": \"slim-case\", \"market\": \"US\", \"channel\": \"bazaar\"}]}");
    assert_int_equal(training_simulate(&options, &report, &fixture->problem), ERR_NAME_UNKNOWN);
    assert_has(str_from_c(fixture->problem.place), "listings[0].channel");
    buf_clear(&report);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_scenario_keeps_its_channels),
        TEST(a_file_lists_on_the_second_channel),
        TEST(a_twin_and_an_unknown_channel_are_named),
    };
    return cmocka_run_group_tests_name("channels", tests, NULL, NULL);
}
