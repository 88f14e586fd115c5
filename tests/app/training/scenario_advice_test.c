/* Time that does not fit, rounds that ask too much, cards nobody can answer: planted, found and
 * named; a clean scenario is not accused. */
#include "app/training/scenario.h"
#include "app/training/scenario_advice.h"
#include "app/training/scenario_load.h"
#include "app/training/scenario_time.h"
#include "run_fixture.h"

#define SHIPPED SAMPAN_SOURCE_ROOT "/data/scenarios/accessories.json"

static struct scenario shipped(struct fixture *fixture, int level)
{
    struct scenario scenario;
    assert_no_problem(scenario_read(&fixture->arena, SHIPPED, &scenario, &fixture->problem),
                      &fixture->problem);
    assert_no_problem(scenario_level_lower(&fixture->arena, &scenario, level, &fixture->problem),
                      &fixture->problem);
    return scenario;
}

static struct str advice(struct fixture *fixture, const struct market_rules *rules, int rounds,
                         enum lang lang)
{
    struct buf text;
    buf_init(&text);
    scenario_advice_put(&text, lang, rules, rounds);
    struct str copy = str_copy(&fixture->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

static int lines_of(struct str text)
{
    int count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += text.text[i] == '\n';
    return count;
}

static void a_clean_scenario_is_not_accused(void **state)
{
    struct fixture *fixture = *state;
    for (int level = 1; level <= 2; level++) {
        struct scenario scenario = shipped(fixture, level);
        struct str text = advice(fixture, &scenario.rules, scenario.rules.rounds, LANG_EN);
        assert_int_equal(text.length, 0);
    }
}

/* Slim cases to Germany: the slower maker needs 9 + 3 days, the sea 24 + 9; the quicker one 5 + 3,
 * express 3 + 2. */
static void routes_are_reckoned(void **state)
{
    struct fixture *fixture = *state;
    struct scenario scenario = shipped(fixture, 1);
    struct scenario_route slowest, quickest;
    assert_true(scenario_routes(&scenario.rules, 0, &slowest, &quickest));
    assert_true(slowest.days == 45 && quickest.days == 13);
    assert_string_equal(scenario.rules.suppliers[slowest.supplier].name.id, "huizhou-slim");
    assert_string_equal(scenario.rules.lanes[slowest.lane].name.id, "sea-DE");
    assert_string_equal(scenario.rules.suppliers[quickest.supplier].name.id, "bao-an-slim");
    assert_string_equal(scenario.rules.lanes[quickest.lane].name.id, "express-DE");
}

static void a_run_too_short_is_told_with_the_remedy(void **state)
{
    struct fixture *fixture = *state;
    struct scenario scenario = shipped(fixture, 1);
    /* 45 days are half of 90: six rounds of 14 days are short for slim cases alone (the others need
     * 42 and 43), seven are not. */
    assert_int_equal(advice(fixture, &scenario.rules, 7, LANG_EN).length, 0);
    struct str text = advice(fixture, &scenario.rules, 6, LANG_EN);
    assert_has(text,
               "Warning: Slim phone case takes 45 days from 'Huizhou slim cases' by 'Sea to "
               "the warehouse abroad, Germany', more than half of the run of 84. Remedy: "
               "rounds of 28 days, a shorter lane (the quickest route, 'Bao'an slim cases' "
               "and 'Express, Germany', takes 13 days) or a longer run (90 days and more).\n");
    assert_int_equal(lines_of(advice(fixture, &scenario.rules, 3, LANG_EN)), 3);
    struct str zh = advice(fixture, &scenario.rules, 6, LANG_ZH);
    assert_has(zh, "注意：超薄手机壳由“惠州超薄壳厂”供货、经“海运至海外仓，德国”发运，需要 45 "
                   "天，超过全程 84 天的一半。");
    assert_has(zh, "每回合改为 28 天");
    /* Rounds of 28 days make it fit, as the remedy says; where they do not, it is another one. */
    scenario.rules.round_days = 28;
    assert_int_equal(advice(fixture, &scenario.rules, 6, LANG_EN).length, 0);
    text = advice(fixture, &scenario.rules, 3, LANG_EN);
    assert_has(text, "Remedy: a shorter lane");
}

static void a_shorter_lane_is_a_remedy(void **state)
{
    struct fixture *fixture = *state;
    struct scenario scenario = shipped(fixture, 1);
    struct market_lane *lanes =
        ARENA_ARRAY(&fixture->arena, struct market_lane, (size_t)scenario.rules.lane_count);
    int kept = 0;
    for (int l = 0; l < scenario.rules.lane_count; l++) {
        const struct market_lane *lane = &scenario.rules.lanes[l];
        if (lane->kind == LANE_LOCAL || lane->days_min + lane->gamma_mean < 14)
            lanes[kept++] = *lane;
    }
    scenario.rules.lanes = lanes;
    scenario.rules.lane_count = kept;
    assert_int_equal(advice(fixture, &scenario.rules, 4, LANG_EN).length, 0);
}

static void cards_without_an_answer_are_told(void **state)
{
    struct fixture *fixture = *state;
    struct scenario scenario = shipped(fixture, 2);
    struct market_event_rules *cards =
        ARENA_ARRAY(&fixture->arena, struct market_event_rules, (size_t)scenario.rules.event_count);
    memcpy(cards, scenario.rules.events, (size_t)scenario.rules.event_count * sizeof(cards[0]));
    scenario.rules.events = cards;
    cards[0].warning_days = 13;
    cards[0].counter = COUNTER_LOCAL_STOCK;
    struct str text = advice(fixture, &scenario.rules, 12, LANG_EN);
    assert_has(text, "events[0] (us-port-queue) is told 13 days ahead, less than a round, and its "
                     "counter-move local_stock cannot stand before");
    assert_int_equal(lines_of(text), 1);
    cards[0].counter = COUNTER_SERVICE; /* stands, so no warning is needed */
    assert_int_equal(advice(fixture, &scenario.rules, 12, LANG_EN).length, 0);
    cards[0].counter_factor = 1;
    text = advice(fixture, &scenario.rules, 12, LANG_EN);
    assert_has(text, "events[0] (us-port-queue): its counter-move service changes nothing");
    assert_has(advice(fixture, &scenario.rules, 12, LANG_ZH), "毫无作用");
}

/* ---- load ---- */

static void the_shipped_scenario_is_inside_its_load(void **state)
{
    struct fixture *fixture = *state;
    struct scenario one = shipped(fixture, 1), two = shipped(fixture, 2);
    struct scenario_load load;
    scenario_load_count(&one.rules, &load);
    assert_int_equal(load.nests, 1);
    assert_int_equal(load.products, 3);
    assert_int_equal(load.listings, 3);
    assert_int_equal(load.decisions, 6); /* three orders, three forecasts */
    assert_int_equal(load.fields, 12);   /* units and lane; forecast and price */
    scenario_load_count(&two.rules, &load);
    assert_int_equal(load.markets, 2);
    assert_int_equal(load.listings, 8);
    assert_int_equal(load.decisions, 16);
    assert_int_equal(load.fields, 40); /* units, lane, forecast, price and bid */
    struct buf text;
    buf_init(&text);
    assert_no_problem(scenario_load_put(&fixture->arena, &text, LANG_EN, &two, &fixture->problem),
                      &fixture->problem);
    assert_null(strstr(str_copy(&fixture->arena, buf_str(&text)).text, "Warning"));
    assert_int_equal(lines_of(buf_str(&text)), 2);
    buf_clear(&text);
}

static void too_much_is_told_with_both_numbers(void **state)
{
    struct fixture *fixture = *state;
    struct scenario scenario = shipped(fixture, 2);
    struct buf text;
    buf_init(&text);
    scenario.rules.listings_max = 12;
    scenario.rules.markets_max = 3;
    scenario.level1.market_count = 2; /* Germany and the United States, all products */
    scenario.level1.markets[0] = 0;
    scenario.level1.markets[1] = 1;
    scenario.level1.product_count = 0;
    assert_no_problem(
        scenario_load_put(&fixture->arena, &text, LANG_EN, &scenario, &fixture->problem),
        &fixture->problem);
    struct str said = buf_str(&text);
    /* Level 1: two nests of the shops and two of the second marketplace in the United States, one
     * of each category in Germany; ten orders, fifteen listings. */
    assert_has(said, "Warning: level 1 opens 6 nests to a firm, more than 1");
    assert_has(said, "Warning: level 1 has 5 products, more than 3");
    assert_has(said, "Warning: a round of level 1 has 25 decisions that must be made, more than 8");
    assert_has(said, "Warning: a round of level 1 asks for 50 fields, more than 15");
    assert_has(said, "Warning: a firm at level 2 may sell in 3 markets at once, more than 2");
    assert_has(said, "Warning: a firm at level 2 may have 12 listings at once, more than 8");
    assert_has(said, "Warning: a round of level 2 asks for 60 fields, more than 40");
    assert_int_equal(lines_of(said), 9);
    buf_reset(&text);
    assert_no_problem(
        scenario_load_put(&fixture->arena, &text, LANG_ZH, &scenario, &fixture->problem),
        &fixture->problem);
    assert_has(buf_str(&text), "注意：2 级的企业可同时有 12 个商品页，多于 8 个");
    buf_clear(&text);
}

/* ---- where it is printed ---- */

/* The shipped scenario at level 1 with four rounds only, as a file. */
static const char *short_file(struct fixture *fixture)
{
    struct scenario scenario = shipped(fixture, 1);
    const char *path = fixture_path(fixture, "short.json");
    scenario.rules.rounds = 4;
    scenario.rules.firms = 2;
    assert_no_problem(scenario_write(path, &scenario, &fixture->problem), &fixture->problem);
    return path;
}

static void commands_say_it(void **state)
{
    static const char said[] = "more than half of the run of 56. Remedy:";
    struct fixture *fixture = *state;
    const char *file = short_file(fixture);
    struct buf report;
    buf_init(&report);
    for (int check = 0; check < 2; check++) {
        struct training_scenario_options show = {.scenario = file, .check_only = check};
        assert_no_problem(training_scenario_show(&show, &report, &fixture->problem),
                          &fixture->problem);
        assert_has(buf_str(&report), said);
        buf_reset(&report);
    }
    struct training_simulate_options simulate = fixture_options(fixture, "run");
    simulate.scenario = file;
    simulate.rounds = 0;
    assert_no_problem(training_simulate(&simulate, &report, &fixture->problem), &fixture->problem);
    assert_has(buf_str(&report), said);
    buf_reset(&report);
    struct training_balance_options balance = {.scenario = file,
                                               .out = fixture_path(fixture, "out.json"),
                                               .worlds = 2,
                                               .mixed_worlds = 2,
                                               .threads = 1};
    enum err code = training_balance(&balance, &report, &fixture->problem);
    assert_true(code == ERR_OK || code == ERR_BALANCE);
    assert_has(buf_str(&report), said);
    buf_clear(&report);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_clean_scenario_is_not_accused),
        TEST(routes_are_reckoned),
        TEST(a_run_too_short_is_told_with_the_remedy),
        TEST(a_shorter_lane_is_a_remedy),
        TEST(cards_without_an_answer_are_told),
        TEST(the_shipped_scenario_is_inside_its_load),
        TEST(too_much_is_told_with_both_numbers),
        TEST(commands_say_it),
    };
    return cmocka_run_group_tests_name("scenario advice", tests, NULL, NULL);
}
