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
                                     .cover_days = 50,
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
    planted.firms[0].cover_days = 170;
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
    planted.cells[1][INDICATOR_STOCK].points = 95;
    planted.totals[1] = 71;
    assert_reason(
        *state, &planted, 1,
        "it served only 71 % of its demand: stock was missing on 25 % of its listing days");
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
    bool heard[CONTRAST_COUNT + 1] = {false};
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
        bool marked = strstr(reason.text, "by what its goods count for at the close") != NULL;
        int kind = marked ? CONTRAST_COUNT : (int)cause;
        if (!marked) {
            assert_true(any);
            struct buf words;
            buf_init(&words);
            buf_format(&words, "the largest part by %s (", contrast_cause_name(cause));
            money_append(&words, contrast_cause_minor(&contrast, cause),
                         history->play.rules.currencies[0]);
            struct str expected = str_copy(arena, buf_str(&words));
            buf_clear(&words);
            assert_has(reason, expected.text);
        }
        kinds += !heard[kind];
        heard[kind] = true;
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
        TEST(firms_stand_best_first),
        TEST(a_played_report_says_what_set_each_firm_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
