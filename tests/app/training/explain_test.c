#include <math.h>

#include "app/training/explain.h"
#include "app/training/run_decisions.h"
#include "app/training/run_play.h"
#include "app/training/run_position.h"
#include "engine/market/compliance.h"
#include "run_fixture.h"

/* A nest of two listings as the model writes it, reckoned here with libm: the asked one with a
 * price 30 % above the reference, the other at reference. */
struct planted {
    struct scenario scenario;
    struct market_why why;
};

static double expected_at(const struct market_rules *rules, const double *u_own, double x_own,
                          double x_other, struct market_why *why)
{
    const struct market_demand *demand = &rules->demand;
    double u0 = log((1 - demand->inside_share) / demand->inside_share), sum = 0;
    for (int g = 0; g < MARKET_SEGMENTS; g++) {
        double own = x_own * exp(u_own[g] / demand->lambda), all = own + x_other;
        double power = pow(all, demand->lambda);
        double nest_share = power / (exp(u0) + power);
        if (why != NULL) {
            why->nest_weight[g] = all;
            why->nest_share[g] = nest_share;
            why->share[g] = nest_share * own / all;
            why->utility[g] = u_own[g];
        }
        sum += demand->segment_weight[g] * nest_share * own / all;
    }
    return sum;
}

static void plant(struct fixture *fixture, struct planted *planted, double price_ratio, double x)
{
    assert_no_problem(
        scenario_read(&fixture->arena, FIXTURE_SCENARIO, &planted->scenario, &fixture->problem),
        &fixture->problem);
    const struct market_rules *rules = &planted->scenario.rules;
    int64_t reference = rules->nests[0].price_ref_minor;
    struct market_why *why = &planted->why;
    double u[MARKET_SEGMENTS];
    *why = (struct market_why){.found = true,
                               .firm = 2,
                               .day = 20,
                               .live = true,
                               .shoppers = 200,
                               .shoppers_reference = 160,
                               .season = 1.25,
                               .weekday = 1,
                               .growth = 1,
                               .shock = 1,
                               .exposure = x,
                               .exposure_reference = 0.5,
                               .expected_reference = 200 * rules->demand.inside_share / 2,
                               .door_price_minor = llround((double)reference * price_ratio),
                               .price_ref_minor = reference,
                               .rating = rules->demand.rating_ref,
                               .promise_days = 4,
                               .promise_kept_days = 4};
    for (int g = 0; g < MARKET_SEGMENTS; g++)
        u[g] = why->term[g][TERM_PRICE] = -rules->demand.price_beta[g] * log(price_ratio);
    why->expected = why->shoppers * expected_at(rules, u, x, 1 - x, why);
    why->expected_in_stock = why->expected;
    why->drawn = why->served = llround(why->expected);
    why->stock = 500;
}

static double product(const struct explain_effect *effects)
{
    double all = 1;
    for (int c = 0; c < CAUSE_COUNT; c++)
        all *= effects[c].factor;
    return all;
}

static void factors_give_back_the_expectation(void **state)
{
    struct fixture *fixture = *state;
    struct planted planted;
    struct explain_effect effects[CAUSE_COUNT];
    plant(fixture, &planted, 1.3, 0.3);
    assert_true(explain_effects_get(&planted.scenario.rules, &planted.why, effects));
    double ratio = planted.why.expected / planted.why.expected_reference;
    assert_true(fabs(product(effects) / ratio - 1) < 1e-12);
    for (int c = 1; c < CAUSE_COUNT; c++)
        assert_true(fabs(log(effects[c].factor)) <= fabs(log(effects[c - 1].factor)));
}

static void taking_the_price_out_is_the_world_at_the_reference_price(void **state)
{
    struct fixture *fixture = *state;
    struct planted planted, usual;
    plant(fixture, &planted, 1.3, 0.4);
    plant(fixture, &usual, 1.0, 0.4);
    double without = explain_expected_without(&planted.scenario.rules, &planted.why, CAUSE_PRICE);
    assert_true(fabs(without / usual.why.expected - 1) < 1e-12);
    plant(fixture, &usual, 1.3, 0.5);
    without = explain_expected_without(&planted.scenario.rules, &planted.why, CAUSE_EXPOSURE);
    assert_true(fabs(without / usual.why.expected - 1) < 1e-12);
}

static struct str told(struct fixture *fixture, const struct planted *planted, enum lang lang)
{
    struct buf text;
    buf_init(&text);
    explain_append(&fixture->arena, &planted->scenario.rules, &planted->why, lang, &text);
    struct str copy = str_copy(&fixture->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

static int sentences(struct str text)
{
    int lines = 0;
    for (size_t i = 0; i + 1 < text.length; i++) {
        lines += text.text[i] == '\n';
        if (text.text[i] == '\n' && text.text[i + 1] == '\n')
            return lines;
    }
    return lines;
}

static void a_high_price_is_named_first(void **state)
{
    struct fixture *fixture = *state;
    struct planted planted;
    plant(fixture, &planted, 1.3, 0.5);
    struct str text = told(fixture, &planted, LANG_EN);
    const char *second = strchr(text.text, '\n') + 1;
    assert_int_equal(strncmp(second, "The price: at 25.87 where 19.90 is usual it sold ", 49), 0);
    assert_has(text, "% fewer units");
    assert_has(text, "and not 60: on 2025-01-26 firm 3 sold");
    assert_true(sentences(text) <= 5);
}

/* Late parcels halved the weight of one of two listings: a third of the view is left of a half. */
static void late_parcels_are_named_and_the_factors_multiply_out(void **state)
{
    struct fixture *fixture = *state;
    struct planted planted;
    struct explain_effect effects[CAUSE_COUNT];
    plant(fixture, &planted, 1, 1.0 / 3);
    planted.why.health = 0.5;
    planted.why.organic_weight = 0.5;
    planted.why.organic_total = 1.5;
    const struct market_rules *rules = &planted.scenario.rules;
    double in_time = explain_expected_without(rules, &planted.why, CAUSE_LATE);
    double at_half = explain_expected_without(rules, &planted.why, CAUSE_EXPOSURE);
    assert_true(fabs(in_time / at_half - 1) < 1e-12); /* in time it has its usual share */
    assert_true(explain_effects_get(rules, &planted.why, effects));
    assert_int_equal(effects[0].cause, CAUSE_LATE);
    assert_true(fabs(product(effects) * planted.why.expected_reference / planted.why.expected - 1) <
                1e-12);
    for (int i = 1; i < CAUSE_COUNT; i++)
        assert_true(effects[i].cause == CAUSE_RIVALS || fabs(effects[i].factor - 1) < 1e-12);
    struct str text = told(fixture, &planted, LANG_EN);
    assert_has(text, "Late parcels hid the listing, to 50 % of its weight: 33 % fewer units.");
    assert_has(text, " x late parcels 0.500 x ");
}

/* A bundle of three: what it does is its own, and the price is of a piece. */
static void a_bundle_is_told_apart_from_the_terms_of_sale(void **state)
{
    struct fixture *fixture = *state;
    struct planted planted;
    plant(fixture, &planted, 1, 0.5);
    struct market_why *why = &planted.why;
    double u[MARKET_SEGMENTS], bundle_u = -1.5 * log(3);
    const struct market_rules *rules = &planted.scenario.rules;
    why->bundle_units = 3;
    why->bundle_u = bundle_u;
    why->door_price_minor *= 3;
    for (int g = 0; g < MARKET_SEGMENTS; g++)
        u[g] = why->term[g][TERM_TRUST] = bundle_u;
    double single = why->expected;
    why->expected = why->shoppers * expected_at(rules, u, 0.5, 0.5, why);
    assert_true(fabs(explain_expected_without(rules, why, CAUSE_BUNDLE) / single - 1) < 1e-12);
    assert_true(fabs(explain_expected_without(rules, why, CAUSE_TRUST) / why->expected - 1) <
                1e-12);
    struct str text = told(fixture, &planted, LANG_EN);
    assert_has(text, "The bundle of 3: few buyers want so many, ");
    assert_has(text, "19.90 "); /* of a piece, not 59.70 */
    assert_null(strstr(text.text, "59.70"));
}

static void the_event_that_took_the_shoppers_is_named(void **state)
{
    static const struct market_event_rules deck[] = {{.id = "a", .en = "Wrong card"},
                                                     {.id = "b", .en = "A rival's sale"}};
    struct fixture *fixture = *state;
    struct planted planted;
    plant(fixture, &planted, 1, 0.5);
    planted.scenario.rules.events = deck;
    planted.scenario.rules.event_count = 2;
    planted.why.event = 0.8;
    planted.why.event_card = 1;
    struct str text = told(fixture, &planted, LANG_EN);
    assert_has(text, "An event, 'A rival's sale', took 20 % of the shoppers, and of what a usual "
                     "listing could expect.");
    assert_has(text, ", events x0.800.");
    planted.why.event_card = -1;
    planted.why.event = 1;
    assert_null(strstr(told(fixture, &planted, LANG_EN).text, "An event"));
}

static void an_empty_shelf_is_named_first(void **state)
{
    struct fixture *fixture = *state;
    struct planted planted;
    plant(fixture, &planted, 1.02, 0.5);
    planted.why.drawn = 58;
    planted.why.stock = planted.why.served = 20;
    planted.why.spill_out = 15;
    planted.why.lost = 23;
    struct str text = told(fixture, &planted, LANG_EN);
    const char *second = strchr(text.text, '\n') + 1;
    assert_int_equal(strncmp(second, "Stock: 20 lay ready and 38 buyers found nothing; 15", 51), 0);
    assert_has(text, "drawn 58 + come over 0 = sold 20 + lost 23 + gone to rivals 15");
    assert_true(sentences(text) <= 5);
}

static void a_listing_that_could_not_be_sold_says_so(void **state)
{
    struct fixture *fixture = *state;
    struct planted planted;
    struct explain_effect effects[CAUSE_COUNT];
    plant(fixture, &planted, 1, 0.5);
    planted.why.live = false;
    planted.why.expected = planted.why.exposure = 0;
    planted.why.expected_in_stock = 57.5;
    planted.why.drawn = planted.why.served = planted.why.stock = 0;
    memset(planted.why.share, 0, sizeof(planted.why.share));
    assert_false(explain_effects_get(&planted.scenario.rules, &planted.why, effects));
    struct str text = told(fixture, &planted, LANG_EN);
    assert_has(text, "0 and not 60");
    assert_has(text, "It could not be sold");
    assert_has(text, "On sale it could have expected 57.5");
    assert_int_equal(sentences(text), 2);
}

/* Each thing that can stand in the way is told, in both languages. */
static void what_stood_in_the_way_is_told(void **state)
{
    static const struct {
        struct market_why why;
        const char *said, *zh;
    } cases[] = {
        {{.absence = ABSENCE_NO_STOCK}, "there was no stock at the day's start.", "没有库存"},
        {{.absence = ABSENCE_NO_STOCK, .held_units = 300, .held_until = 31},
         "300 units were held at customs until ",
         "被海关扣留"},
        {{.absence = ABSENCE_RETIRED}, "had taken it off sale", "下架"},
        {{.absence = ABSENCE_NO_PRICE}, "it had no price", "没有标价"},
        {{.absence = ABSENCE_NO_LANE}, "no lane was named", "没有指定订单线路"},
        {{.absence = ABSENCE_CLOSED,
          .closed_kind = INCIDENT_INFRINGEMENT,
          .closed_number = 7,
          .closed_until = 40},
         "incident 7 (a brand word in the title) closed it until ",
         "事件 7（标题含他人品牌词）"},
        {{.absence = ABSENCE_CLOSED, .closed_kind = -1, .closed_until = 40},
         "it was closed (a fault) until ",
         "因违规被关闭"},
        {{.absence = ABSENCE_CLOSED,
          .closed_kind = INCIDENT_CERTIFICATE,
          .closed_number = 2,
          .lacks_certificate = true},
         "incident 2 (a product without its certificate) closed it until what is lacking is there",
         "补齐所缺"},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct planted planted;
        plant(fixture, &planted, 1, 0.5);
        planted.why.live = false;
        planted.why.expected = planted.why.exposure = 0;
        planted.why.drawn = planted.why.served = planted.why.stock = 0;
        memset(planted.why.share, 0, sizeof(planted.why.share));
        planted.why.absence = cases[i].why.absence;
        planted.why.held_units = cases[i].why.held_units;
        planted.why.held_until = cases[i].why.held_until;
        planted.why.closed_kind = cases[i].why.closed_kind;
        planted.why.closed_number = cases[i].why.closed_number;
        planted.why.closed_until = cases[i].why.closed_until;
        planted.why.lacks_certificate = cases[i].why.lacks_certificate;
        assert_has(told(fixture, &planted, LANG_EN), cases[i].said);
        assert_has(told(fixture, &planted, LANG_ZH), cases[i].zh);
    }
}

static void chance_is_named_first_where_it_moved_most(void **state)
{
    struct fixture *fixture = *state;
    struct planted planted;
    plant(fixture, &planted, 1.01, 0.5);
    planted.why.drawn = planted.why.served = 80;
    struct str text = told(fixture, &planted, LANG_EN);
    const char *second = strchr(text.text, '\n') + 1;
    assert_int_equal(strncmp(second, "Chance: ", 8), 0);
    assert_has(text, "buyers asked for 80");
}

/* ---- from a run ---- */

static struct str ask(struct fixture *fixture, const char *run, int firm, const char *listing,
                      int32_t day, enum err expected)
{
    struct training_explain_options options = {
        .run = run, .firm = firm, .listing = listing, .day = day};
    struct buf report;
    buf_init(&report);
    enum err code = training_explain(&options, &report, &fixture->problem);
    if (expected == ERR_OK)
        assert_no_problem(code, &fixture->problem);
    assert_int_equal(code, expected);
    struct str text = str_copy(&fixture->arena, buf_str(&report));
    buf_clear(&report);
    return text;
}

static void a_day_of_a_run_is_explained_with_and_without_its_state(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    const char *run = fixture_simulate(fixture, &options);
    struct str text = ask(fixture, run, 1, "phone-pouch/GB/shop", 20, ERR_OK);
    assert_has(text, "on 2025-01-26 firm 2 sold");
    assert_true(str_equal(text, ask(fixture, run, 1, "phone-pouch/GB", 20, ERR_OK)));
    fixture_damage(fixture, path_join(&fixture->arena, run, "states/round-01.bin"));
    struct str again = ask(fixture, run, 1, "phone-pouch/GB", 20, ERR_OK);
    assert_true(str_starts_with(again, text));
    assert_has(again, "played again from the decisions");
}

static void what_cannot_be_asked_is_told(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.rounds = 1;
    const char *run = fixture_simulate(fixture, &options);
    ask(fixture, run, 0, "phone", 3, ERR_NAME_UNKNOWN);
    assert_has(str_from_c(fixture->problem.args[1].text), "phone-pouch/GB/shop");
    ask(fixture, run, 0, "phone-pouch", 3, ERR_NAME_UNKNOWN); /* two markets: not one listing */
    ask(fixture, run, 4, "phone-pouch/GB", 3, ERR_RANGE);
    ask(fixture, run, 0, "phone-pouch/GB", 14, ERR_RANGE);
    assert_int_equal(fixture->problem.args[2].number, 13);
}

/* The terms of a listing's first day of a round, after rounds - 1 rounds of a run. */
static struct market_why why_of(struct fixture *fixture, const char *path, int round, int firm)
{
    struct run run;
    struct scenario scenario;
    struct run_digest *digests;
    struct market_seat_decisions *decisions;
    struct run_play play;
    struct market_why why = {0};
    bool recomputed;
    struct arena *arena = &fixture->arena;
    struct problem *problem = &fixture->problem;
    assert_no_problem(run_read(arena, path, &run, problem), problem);
    assert_no_problem(run_scenario_read(arena, &run, &scenario, problem), problem);
    struct market_rules rules = run_world_rules(&run, &scenario, 0);
    struct market_key key = run_world_key(&run, 0);
    assert_no_problem(run_digests_read(arena, path, rules.firms, run.rounds, &digests, problem),
                      problem);
    assert_no_problem(run_decisions_read(arena, &run, &rules, 0, digests, &decisions, problem),
                      problem);
    run_play_init(&play, &rules, &key);
    assert_no_problem(
        run_position_set(&play, &run, 0, digests, decisions, round - 1, &recomputed, problem),
        problem);
    assert_false(recomputed);
    struct market_probe probe = {
        .why_firm = firm, .why_day = (round - 1) * rules.round_days, .why = &why, .check = true};
    assert_no_problem(run_play_step(&play, decisions + (round - 1) * rules.firms, &probe, problem),
                      problem);
    run_play_clear(&play);
    assert_true(why.found);
    return why;
}

/* The first price of a decisions file becomes the reference price of the first market. */
static void write_usual_price(struct fixture *fixture, const char *from, const char *to)
{
    struct str text = str_copy(&fixture->arena, fixture_read(fixture, from));
    static const char key[] = "\"price\":\"";
    const char *at = strstr(text.text, key);
    assert_non_null(at);
    at += sizeof(key) - 1;
    const char *end = strchr(at, '"');
    fixture_write(
        fixture, to,
        str_format(&fixture->arena, "%.*s19.90%s", (int)(at - text.text), text.text, end));
}

static void changing_the_named_cause_moves_the_expectation_as_told(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    struct scenario scenario;
    options.policies = "novice,steady";
    const char *run = fixture_simulate(fixture, &options);
    assert_no_problem(
        scenario_read(&fixture->arena, FIXTURE_SCENARIO, &scenario, &fixture->problem),
        &fixture->problem);
    scenario.rules.firms = 4;
    struct market_why before = why_of(fixture, run, 3, 0);
    struct explain_effect effects[CAUSE_COUNT];
    assert_true(explain_effects_get(&scenario.rules, &before, effects));
    assert_int_equal(effects[0].cause, CAUSE_PRICE);
    double told = explain_expected_without(&scenario.rules, &before, CAUSE_PRICE);

    const char *mine = fixture_path(fixture, "mine");
    const char *round = fixture_path(fixture, "mine/round-03");
    assert_int_equal(folder_make(mine, &fixture->problem), ERR_OK);
    assert_int_equal(folder_make(round, &fixture->problem), ERR_OK);
    write_usual_price(fixture, path_join(&fixture->arena, run, "decisions/round-03/firm-01.json"),
                      path_join(&fixture->arena, round, "firm-01.json"));
    struct training_simulate_options fork = fixture_options(fixture, "fork");
    fork.scenario = fork.seed = NULL;
    fork.from = run;
    fork.fork_round = 2;
    fork.decisions = mine;
    struct market_why after = why_of(fixture, fixture_simulate(fixture, &fork), 3, 0);
    assert_int_equal(after.door_price_minor, 1990);
    assert_true(fabs(after.expected / told - 1) < 1e-9);
    assert_true(fabs(before.expected / after.expected / effects[0].factor - 1) < 1e-9);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(factors_give_back_the_expectation),
        TEST(taking_the_price_out_is_the_world_at_the_reference_price),
        TEST(a_high_price_is_named_first),
        TEST(late_parcels_are_named_and_the_factors_multiply_out),
        TEST(a_bundle_is_told_apart_from_the_terms_of_sale),
        TEST(the_event_that_took_the_shoppers_is_named),
        TEST(an_empty_shelf_is_named_first),
        TEST(a_listing_that_could_not_be_sold_says_so),
        TEST(what_stood_in_the_way_is_told),
        TEST(chance_is_named_first_where_it_moved_most),
        TEST(a_day_of_a_run_is_explained_with_and_without_its_state),
        TEST(changing_the_named_cause_moves_the_expectation_as_told),
        TEST(what_cannot_be_asked_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
