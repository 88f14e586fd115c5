#include "app/training/report.h"
#include "run_fixture.h"

enum { FIRMS = 3 };

/* Three firms that did the same: 1000 units, 20000.00 taken, margin 5000.00. */
struct planted {
    struct market_rules rules;
    struct report_firm firms[FIRMS];
    struct score_firm scores[FIRMS];
    struct score_cell cells[FIRMS][INDICATOR_COUNT];
    double totals[FIRMS];
    bool has_total[FIRMS];
};

static void plant(struct planted *planted)
{
    *planted = (struct planted){0};
    for (int i = 0; i < INDICATOR_COUNT; i++)
        planted->rules.score_weight_1e9[i] = RATE_ONE / INDICATOR_COUNT;
    for (int f = 0; f < FIRMS; f++) {
        struct report_firm *firm = &planted->firms[f];
        *firm = (struct report_firm){.firm = f,
                                     .policy = POLICY_STEADY,
                                     .units = 1000,
                                     .listing_days = 100,
                                     .days_out = 2,
                                     .price_ratio_sum = 10,
                                     .price_count = 10,
                                     .rating = 4.2,
                                     .equity_opening_minor = 10000000,
                                     .equity_minor = 10500000};
        firm->pl_minor[PL_REVENUE] = 2000000;
        firm->pl_minor[PL_COGS] = -1000000;
        firm->pl_minor[PL_REFERRAL] = -300000;
        firm->pl_minor[PL_FULFILMENT] = -200000;
        firm->pl_minor[PL_STORAGE] = -50000;
        planted->scores[f] = (struct score_firm){.firm = f,
                                                 .rounds = 1,
                                                 .closing_equity_minor = 10500000,
                                                 .goods_days = 50,
                                                 .cells = &planted->cells[f],
                                                 .total = &planted->totals[f],
                                                 .has_total = &planted->has_total[f]};
        for (int i = 0; i < INDICATOR_COUNT; i++)
            planted->cells[f][i] = (struct score_cell){.state = SCORE_NO_YARDSTICK, .value = 1};
    }
}

static struct str reason(struct fixture *fixture, const struct planted *planted, int firm)
{
    struct buf text;
    buf_init(&text);
    report_reason_append(&planted->rules, planted->firms, planted->scores, FIRMS, firm, 1, LANG_EN,
                         &text);
    struct str copy = str_copy(&fixture->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

static void assert_reason(struct fixture *fixture, const struct planted *planted, int firm,
                          const char *expected)
{
    assert_string_equal(reason(fixture, planted, firm).text, expected);
}

static void equal_firms_have_no_reason(void **state)
{
    struct planted planted;
    plant(&planted);
    assert_reason(*state, &planted, 1, "its units, margin and costs are near the average firm's");
}

/* 400 of its 1000 units less: mean (1000 + 1000 + 600) / 3 = 866.7, so 31 % fewer. */
static void plant_fewer(struct planted *planted)
{
    struct report_firm *firm = &planted->firms[2];
    plant(planted);
    firm->units = 600;
    firm->pl_minor[PL_REVENUE] = 1200000;
    firm->pl_minor[PL_COGS] = -600000;
    firm->pl_minor[PL_REFERRAL] = -180000;
    firm->pl_minor[PL_FULFILMENT] = -120000;
    firm->equity_minor = planted->scores[2].closing_equity_minor = 10200000;
}

static void missing_stock_is_named(void **state)
{
    struct planted planted;
    plant_fewer(&planted);
    planted.firms[2].days_out = 40;
    assert_reason(*state, &planted, 2,
                  "out of stock on 40 % of its listing days, it sold 31 % fewer units than the "
                  "average firm");
    assert_reason(
        *state, &planted, 0,
        "with goods on sale on 98 % of its listing days, it sold 15 % more units than the "
        "average firm");
}

static void a_high_price_is_named(void **state)
{
    struct planted planted;
    plant_fewer(&planted);
    planted.firms[2].price_ratio_sum = 13;
    assert_reason(*state, &planted, 2,
                  "priced 30 % above its rivals, it sold 31 % fewer units than the average firm");
}

static void a_low_price_that_keeps_little_is_named(void **state)
{
    struct planted planted;
    plant(&planted);
    struct report_firm *firm = &planted.firms[1];
    firm->price_ratio_sum = 8;
    firm->pl_minor[PL_REVENUE] = 1600000; /* keeps 100000 of it; the mean firm 366667 of 1866667 */
    firm->equity_minor = planted.scores[1].closing_equity_minor = 10100000;
    assert_reason(
        *state, &planted, 1,
        "priced 20 % below its rivals, it kept 6 % of its sales after goods and fees, the "
        "average firm 20 %");
}

static void dear_goods_are_named(void **state)
{
    struct planted planted;
    plant(&planted);
    struct report_firm *firm = &planted.firms[1];
    firm->pl_minor[PL_COGS] = -1300000; /* the mean firm's: 1100000 */
    firm->equity_minor = planted.scores[1].closing_equity_minor = 10200000;
    struct str text = reason(*state, &planted, 1);
    assert_has(text, "its goods cost 18 % more a unit, landed, than the average firm's");
}

static void too_much_stock_is_named(void **state)
{
    struct planted planted;
    plant(&planted);
    planted.scores[0].goods_days = 170;
    planted.scores[0].closing_equity_minor = 9500000; /* the books say 10500000 */
    planted.firms[0].equity_minor = 10500000;
    planted.firms[1].equity_minor = planted.firms[2].equity_minor = 10600000;
    planted.scores[1].closing_equity_minor = planted.scores[2].closing_equity_minor = 10600000;
    assert_reason(*state, &planted, 0,
                  "stock for 170 days, the average firm's 90: what will not sell within 60 days "
                  "counts little at the close");
}

/* With points, the indicator that differs most decides. */
static void the_indicator_that_cost_most_points_is_named(void **state)
{
    struct planted planted;
    plant(&planted);
    for (int f = 0; f < FIRMS; f++) {
        for (int i = 0; i < INDICATOR_COUNT; i++) {
            planted.cells[f][i].state = SCORE_GIVEN;
            planted.cells[f][i].points = 80;
        }
        planted.has_total[f] = true;
        planted.totals[f] = 80;
    }
    planted.cells[1][INDICATOR_SERVICE].points = 20;
    planted.cells[1][INDICATOR_SERVICE].value = 0.71;
    planted.firms[1].days_out = 25;
    planted.firms[1].units_lost = 37;
    planted.cells[1][INDICATOR_STOCK].points = 95;
    planted.totals[1] = 71;
    assert_reason(
        *state, &planted, 1,
        "it served only 71.0 % of its demand: stock was missing on 25.0 % of its listing days, "
        "and 37 pieces were asked for in vain");
}

/* Chance in what buyers asked for is no service: who lost nobody is not told of missing stock. */
static void a_firm_that_lost_nobody_served_all(void **state)
{
    struct planted planted;
    plant(&planted);
    for (int f = 0; f < FIRMS; f++) {
        planted.cells[f][INDICATOR_SERVICE].state = SCORE_GIVEN;
        planted.cells[f][INDICATOR_SERVICE].points = f == 1 ? 90 : 60;
        planted.has_total[f] = true;
    }
    planted.firms[1].days_out = 0;
    assert_reason(*state, &planted, 1, "it served all of its demand: no goods were missing");
}

/* Points and a contrast of 1000.00 in favour of firm 0, beside firm 1. */
static void plant_points(struct planted *planted, struct contrast *contrast)
{
    plant(planted);
    *contrast = (struct contrast){0};
    contrast->parts_minor[PART_UNIT_COST] = contrast->difference_minor = 100000;
    planted->firms[0].contrast = contrast;
    planted->firms[0].contrast_firm = 1;
    planted->rules.currencies[0] = (struct currency){.code = "CNY"};
    for (int f = 0; f < FIRMS; f++) {
        planted->has_total[f] = true;
        planted->cells[f][INDICATOR_EQUITY].state = SCORE_GIVEN;
        planted->cells[f][INDICATOR_EQUITY].points = f == 0 ? 40 : 60;
        planted->cells[f][INDICATOR_RATING].state = SCORE_GIVEN;
        planted->cells[f][INDICATOR_RATING].points = f == 0 ? 100 : 50;
    }
    planted->scores[0].closing_equity_minor += 100000;
}

/* Stars were nearly equal, equity points worked the other way and service was not scored: nothing
 * is left to name. */
static void an_indicator_that_was_not_scored_is_not_named(void **state)
{
    struct planted planted;
    struct contrast contrast;
    plant_points(&planted, &contrast);
    assert_null(strstr(reason(*state, &planted, 0).text, "most points"));
    planted.firms[0].rating = 4.8; /* now the stars tell */
    assert_has(reason(*state, &planted, 0), "; most points it won because buyers gave it 4.80");
}

/* A shortage that rounds to nothing took points, and is no reason that can be read. */
static void all_of_the_demand_is_no_fault(void **state)
{
    struct planted planted;
    struct contrast contrast;
    plant_points(&planted, &contrast);
    for (int f = 0; f < FIRMS; f++) {
        planted.cells[f][INDICATOR_RATING].state = SCORE_NO_YARDSTICK;
        planted.cells[f][INDICATOR_EQUITY].points = 60;
        planted.cells[f][INDICATOR_SERVICE].state = SCORE_GIVEN;
        planted.cells[f][INDICATOR_SERVICE].value = f == 0 ? 0.9998 : 1;
        planted.cells[f][INDICATOR_SERVICE].points = f == 0 ? 20 : 80;
    }
    assert_null(strstr(reason(*state, &planted, 0).text, "most points"));
    planted.cells[0][INDICATOR_SERVICE].value = 0.9;
    assert_has(reason(*state, &planted, 0), "; most points it lost because it served only 90.0 %");
}

/* "Nearer than its rivals" is said of one firm at most. */
static void only_one_firm_is_nearest_to_the_target(void **state)
{
    struct planted planted;
    plant(&planted);
    for (int f = 0; f < FIRMS; f++) {
        planted.has_total[f] = true;
        planted.cells[f][INDICATOR_STOCK].state = SCORE_GIVEN;
        planted.cells[f][INDICATOR_STOCK].points = f == 2 ? 10 : 80 + f;
        planted.scores[f].hand_days = MARKET_COVER_TARGET_DAYS + (f == 2 ? 90 : 4 - 2 * f);
    }
    assert_has(reason(*state, &planted, 0), "days on hand where 30 are the target");
    assert_has(reason(*state, &planted, 1), "nearer to the target of 30 than its rivals");
}

static void administration_is_told_first_with_its_day(void **state)
{
    struct planted planted;
    plant(&planted);
    planted.rules.start_date = 20486; /* 2026-02-02 */
    planted.firms[1].administration = planted.firms[1].in_administration = true;
    planted.firms[1].administration_day = 67;
    assert_reason(*state, &planted, 1,
                  "it ran out of cash and was under administration from 2026-04-10 to the end; its "
                  "units, margin and costs are near the average firm's");
    planted.firms[1].in_administration = false;
    assert_has(reason(*state, &planted, 1),
               "was under administration from 2026-04-10 for a time; ");
}

/* Five pieces at 40.00 stand beside single pieces at 8.00. */
static void a_bundle_is_priced_by_the_piece(void **state)
{
    (void)state;
    static struct market_observation seen[2];
    static struct market_rules rules = {.round_days = 14};
    struct market_listing_view bundle = {
        .live = true, .price_minor = 4100, .coupon_minor = 100, .bundle_units = 5};
    struct market_listing_view single = {.live = true, .price_minor = 800, .bundle_units = 1};
    struct report_firm facts[2] = {{0}, {0}};
    for (int f = 0; f < 2; f++)
        seen[f] = (struct market_observation){
            .rules = &rules, .listing_count = 1, .listings = f == 0 ? &bundle : &single};
    report_firm_add(&facts[0], seen, 2, 0);
    report_firm_add(&facts[1], seen, 2, 1);
    assert_true(report_price_ratio(&facts[0]) == 1);
    assert_true(report_price_ratio(&facts[1]) == 1);
}

static void firms_stand_best_first(void **state)
{
    struct fixture *fixture = *state;
    struct planted planted;
    struct buf text;
    plant(&planted);
    for (int f = 0; f < FIRMS; f++) {
        planted.has_total[f] = f != 0; /* a firm without points stands last */
        planted.totals[f] = 60 + 10 * f;
    }
    buf_init(&text);
    report_append(&fixture->arena, &planted.rules, planted.firms, planted.scores, FIRMS, 1, LANG_EN,
                  &text);
    struct str table = str_copy(&fixture->arena, buf_str(&text));
    buf_clear(&text);
    const char *first = strstr(table.text, " F3 "), *second = strstr(table.text, " F2 "),
               *third = strstr(table.text, " F1 ");
    assert_true(first != NULL && second != NULL && third != NULL);
    assert_true(first < second && second < third);
    assert_has(table, "80.0");
}

/* The last column of words of a line "  Firm N: ..." without its figures. */
static struct str reason_of(struct str report, int firm, struct arena *arena)
{
    struct str head = str_format(arena, "\n  Firm %d: ", firm + 1);
    const char *at = strstr(str_copy(arena, report).text, head.text);
    assert_non_null(at);
    at += head.length;
    return str_copy(arena, (struct str){at, strcspn(at, "\n")});
}

/* A run of all kinds of players: each firm's sentence is of the largest part of what sets it apart
 * from the typical firm, and different players hear different things. */
static void a_played_report_says_what_set_each_firm_apart(void **state)
{
    enum { PLAYERS = 7 };
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.rounds = 6;
    options.firms = PLAYERS;
    options.policies = "steady,novice,cheap,premium,air,late,over";
    const char *run = fixture_simulate(fixture, &options);
    struct arena *arena = &fixture->arena;
    struct str report = fixture_read(fixture, path_join(arena, run, "report.txt"));
    const char *beside = strstr(str_copy(arena, report).text, "of the middle, firm ");
    assert_non_null(beside);
    int typical = (int)strtol(beside + strlen("of the middle, firm "), NULL, 10) - 1;
    struct history *history = test_calloc(1, sizeof(*history));
    history_init(history);
    assert_no_problem(history_read(history, run, 0, 0, 0x7f, &fixture->problem), &fixture->problem);
    int kinds = 0;
    bool heard[CONTRAST_COUNT] = {false};
    for (int f = 0; f < PLAYERS; f++) {
        struct str reason = reason_of(report, f, arena);
        struct contrast contrast;
        enum contrast_cause cause;
        assert_true(str_starts_with(reason, STR("it ends ")));
        if (f == typical || strstr(reason.text, "no single cause") != NULL)
            continue;
        contrast_make(history, f, history, typical, history->rounds, &contrast);
        bool below = strstr(reason.text, " below firm ") != NULL;
        bool any = contrast_main(&contrast, below ? -1 : 1, &cause);
        assert_true(any);
        struct buf words;
        buf_init(&words);
        int64_t amount = contrast_cause_minor(&contrast, cause);
        bool both_ways = contrast_cause_weight(&contrast, cause, below ? -1 : 1) != llabs(amount);
        buf_format(&words,
                   both_ways ? "above all by %s (both ways together " : "the largest part by %s (",
                   contrast_cause_name(cause));
        money_append(&words, amount, history->play.rules.currencies[0]);
        struct str expected = str_copy(arena, buf_str(&words));
        buf_clear(&words);
        assert_has(reason, expected.text);
        kinds += !heard[cause];
        heard[cause] = true;
    }
    assert_true(kinds >= 2);
    history_clear(history);
    test_free(history);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(equal_firms_have_no_reason),
        TEST(missing_stock_is_named),
        TEST(a_high_price_is_named),
        TEST(a_low_price_that_keeps_little_is_named),
        TEST(dear_goods_are_named),
        TEST(too_much_stock_is_named),
        TEST(the_indicator_that_cost_most_points_is_named),
        TEST(a_firm_that_lost_nobody_served_all),
        TEST(an_indicator_that_was_not_scored_is_not_named),
        TEST(all_of_the_demand_is_no_fault),
        TEST(only_one_firm_is_nearest_to_the_target),
        TEST(administration_is_told_first_with_its_day),
        TEST(a_bundle_is_priced_by_the_piece),
        TEST(firms_stand_best_first),
        TEST(a_played_report_says_what_set_each_firm_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
