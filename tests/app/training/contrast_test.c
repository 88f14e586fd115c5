/* What mattered between two firms: parts that add up, and planted causes that are named. */
#include <math.h>

#include "app/training/contrast.h"
#include "app/training/contrast_orders.h"
#include "app/training/explain_figures.h"
#include "app/training/run_cells.h"
#include "run_fixture.h"

static struct str compare(struct fixture *fixture, const struct training_compare_options *options,
                          enum err expected)
{
    struct buf report;
    buf_init(&report);
    enum err code = training_compare(options, &report, &fixture->problem);
    if (expected == ERR_OK)
        assert_no_problem(code, &fixture->problem);
    assert_int_equal(code, expected);
    struct str text = str_copy(&fixture->arena, buf_str(&report));
    buf_clear(&report);
    return text;
}

static int64_t sum_of(const struct contrast *contrast)
{
    int64_t sum = 0;
    for (int p = 0; p < PART_COUNT; p++)
        sum += contrast->parts_minor[p];
    return sum;
}

static struct history *read(struct fixture *fixture, const char *run, uint32_t firms)
{
    struct history *history = test_calloc(1, sizeof(*history));
    history_init(history);
    assert_no_problem(history_read(history, run, 0, 0, firms, &fixture->problem),
                      &fixture->problem);
    return history;
}

static void done(struct history *history)
{
    history_clear(history);
    test_free(history);
}

static void parts_add_up_for_all_pairs(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.rounds = 6;
    options.firms = 7;
    options.policies = "steady,novice,cheap,premium,air,late,over";
    struct history *history = read(fixture, fixture_simulate(fixture, &options), 0x7f);
    for (int a = 0; a < 7; a++) {
        for (int b = 0; b < 7; b++) {
            struct contrast there, back;
            contrast_make(history, a, history, b, history->rounds, &there);
            contrast_make(history, b, history, a, history->rounds, &back);
            assert_int_equal(sum_of(&there), there.difference_minor);
            assert_int_equal(there.difference_minor, there.a.closing_minor - there.b.closing_minor);
            for (int p = 0; p < PART_COUNT; p++) {
                /* The same story told from the other side, but for the last unit of rounding. */
                int64_t both = there.parts_minor[p] + back.parts_minor[p];
                assert_true(both >= -1 && both <= 1);
                if (a == b)
                    assert_int_equal(there.parts_minor[p], 0);
            }
            /* One world: shoppers and rivals are the same for both. */
            assert_true(there.parts_minor[PART_MARKET] >= -1 &&
                        there.parts_minor[PART_MARKET] <= 1);
            /* What is left for rates and roundings: a minor unit an entry at most. */
            assert_true(there.parts_minor[PART_REST] > -1000 &&
                        there.parts_minor[PART_REST] < 1000);
        }
    }
    done(history);
}

/* Level 2: advertising, several markets, fees of customs and of compliance, events. */
static void parts_add_up_at_level_2(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.scenario = SAMPAN_SOURCE_ROOT "/data/scenarios/accessories.json";
    options.rounds = 5;
    struct history *history = read(fixture, fixture_simulate(fixture, &options), 0x1f);
    bool advertised = false;
    for (int a = 0; a < 5; a++) {
        struct explain_profit profit;
        explain_profit_get(history, a, 1, history->rounds, &profit);
        int64_t sum = profit.before_minor;
        for (int l = 0; l < PL_COUNT; l++)
            sum += profit.lines[l];
        assert_int_equal(sum, profit.after_minor);
        for (int b = 0; b < a; b++) {
            struct contrast contrast;
            contrast_make(history, a, history, b, history->rounds, &contrast);
            assert_int_equal(sum_of(&contrast), contrast.difference_minor);
            assert_int_equal(contrast.a.result_minor, profit.result_minor);
            advertised = advertised || contrast.parts_minor[PART_SPONSORED] != 0;
            assert_true(llabs(contrast.parts_minor[PART_REST]) < 1000);
        }
    }
    assert_true(advertised);
    done(history);
}

static void a_firm_beside_itself_shows_no_difference(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    const char *run = fixture_simulate(fixture, &options);
    struct training_compare_options same = {.run_a = run, .firm_a = 1, .firm_b = 1};
    struct str text = compare(fixture, &same, ERR_OK);
    assert_has(text, "No difference: Firm 2 and firm 2 end with the same equity");
    assert_null(strchr(strchr(text.text, '\n') + 1, '\n'));
    same.run_b = run;
    assert_has(compare(fixture, &same, ERR_OK), "No difference: ");
}

static void write_round(struct fixture *fixture, const char *folder, int round, struct str text)
{
    const char *mine = fixture_path(fixture, folder);
    const char *path = str_format(&fixture->arena, "%s/round-%02d", mine, round).text;
    if (!file_exists(mine))
        assert_int_equal(folder_make(mine, &fixture->problem), ERR_OK);
    if (!file_exists(path))
        assert_int_equal(folder_make(path, &fixture->problem), ERR_OK);
    fixture_write(fixture, path_join(&fixture->arena, path, "firm-01.json"), text);
}

/* The decisions a round was played with, every price times `factor`. */
static struct str priced(struct fixture *fixture, const char *run, int round, double factor)
{
    static const char key[] = "\"price\":\"";
    const char *path =
        str_format(&fixture->arena, "%s/decisions/round-%02d/firm-01.json", run, round).text;
    struct str text = str_copy(&fixture->arena, fixture_read(fixture, path));
    struct buf out;
    buf_init(&out);
    const char *at = text.text;
    for (const char *next; (next = strstr(at, key)) != NULL;) {
        next += sizeof(key) - 1;
        char *end;
        double price = strtod(next, &end);
        buf_append(&out, (struct str){at, (size_t)(next - at)});
        buf_format(&out, "%.2f", price * factor);
        at = end;
    }
    buf_append_c(&out, at);
    struct str copy = str_copy(&fixture->arena, buf_str(&out));
    buf_clear(&out);
    return copy;
}

static const char *fork_with(struct fixture *fixture, const char *run, const char *name,
                             const char *decisions)
{
    struct training_simulate_options fork = fixture_options(fixture, name);
    fork.scenario = fork.seed = NULL;
    fork.from = run;
    fork.fork_round = 0;
    fork.rounds = 0; /* as the run */
    fork.decisions = fixture_path(fixture, decisions);
    return fixture_simulate(fixture, &fork);
}

static void a_firm_that_only_priced_higher_is_told_so(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.policies = "cheap,steady";
    const char *run = fixture_simulate(fixture, &options);
    for (int r = 1; r <= 3; r++)
        write_round(fixture, "dearer", r, priced(fixture, run, r, 1.3));
    const char *fork = fork_with(fixture, run, "fork", "dearer");
    struct history *before = read(fixture, run, 1), *after = read(fixture, fork, 1);
    struct contrast contrast;
    enum contrast_cause cause;
    contrast_make(after, 0, before, 0, 3, &contrast);
    assert_int_equal(sum_of(&contrast), contrast.difference_minor);
    assert_true(contrast.parts_minor[PART_PRICE] > 0);
    assert_true(contrast.parts_minor[TERM_PRICE] < 0);
    /* Nothing else was changed: no other term of the first day's demand may differ much. */
    int64_t price = contrast.parts_minor[PART_PRICE] - contrast.parts_minor[TERM_PRICE];
    for (int p = 0; p < PART_COUNT; p++)
        if (p != PART_PRICE && p != TERM_PRICE && p != PART_CLOSE_GOODS) /* fewer were sold */
            assert_true(llabs(contrast.parts_minor[p]) < price / 3);
    int direction = contrast_cause_minor(&contrast, CONTRAST_PRICE) < 0 ? -1 : 1;
    assert_true(contrast_main(&contrast, direction, &cause));
    assert_int_equal(cause, CONTRAST_PRICE);
    struct training_compare_options two = {.run_a = fork, .run_b = run, .firm_a = 0};
    struct str text = compare(fixture, &two, ERR_OK);
    assert_has(text, "what mattered most is the price (price asked of ");
    assert_has(text, ", from round 1), played again with that alone as in ");
    done(before);
    done(after);
}

static void a_firm_that_was_sold_out_is_told_so(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.rounds = 8;
    options.policies = "steady";
    const char *run = fixture_simulate(fixture, &options);
    /* The same prices, and nothing is ordered: what lay there sells out. */
    for (int r = 1; r <= 8; r++) {
        struct str text = priced(fixture, run, r, 1);
        const char *orders = strstr(text.text, "\"orders\"");
        if (orders != NULL) {
            const char *end = strchr(orders, ']');
            text = str_format(&fixture->arena, "%.*s\"orders\":[%s", (int)(orders - text.text),
                              text.text, end);
        }
        write_round(fixture, "bare", r, text);
    }
    const char *fork = fork_with(fixture, run, "fork", "bare");
    struct history *before = read(fixture, run, 1), *after = read(fixture, fork, 1);
    struct contrast contrast;
    contrast_make(after, 0, before, 0, 8, &contrast);
    assert_int_equal(sum_of(&contrast), contrast.difference_minor);
    enum contrast_cause cause;
    assert_true(contrast.a.days_out > contrast.b.days_out + 100);
    assert_true(contrast_main(&contrast, -1, &cause));
    assert_int_equal(cause, CONTRAST_STOCK_OUT);
    struct training_compare_options two = {.run_a = fork, .run_b = run, .firm_a = 0};
    assert_has(compare(fixture, &two, ERR_OK),
               "what mattered most is what was ordered (0 units ordered against ");
    done(before);
    done(after);
}

/* ---- planted contrasts ---- */

/* A home currency of hundredths and two products with names. */
static struct market_rules planted_rules(void)
{
    static const struct market_product products[2] = {{.name = {.en = "Case"}},
                                                      {.name = {.en = "Strap"}}};
    struct market_rules rules = {.products = products, .product_count = 2, .currency_count = 1};
    rules.currencies[0] = (struct currency){.code = "CNY"};
    return rules;
}

static struct str evidence(struct fixture *fixture, const struct contrast *contrast,
                           enum contrast_cause cause)
{
    struct market_rules rules = planted_rules();
    struct buf text;
    buf_init(&text);
    if (!contrast_evidence_append(&rules, contrast, cause, LANG_EN, &text))
        buf_append_c(&text, "none");
    struct str copy = str_copy(&fixture->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

/* A price that doubled: what it earned on a piece hides what it cost in sales. */
static void a_cause_that_works_both_ways_ranks_by_its_larger_side(void **state)
{
    struct contrast contrast = {0};
    enum contrast_cause cause;
    contrast.parts_minor[PART_PRICE] = 7670000;
    contrast.parts_minor[TERM_PRICE] = -7871000;
    contrast.parts_minor[PART_EXPOSURE] = -584000;
    assert_true(contrast_main(&contrast, -1, &cause));
    assert_int_equal(cause, CONTRAST_PRICE);
    assert_int_equal(contrast_cause_weight(&contrast, CONTRAST_PRICE, -1), 7871000);
    assert_int_equal(contrast_cause_weight(&contrast, CONTRAST_PRICE, 1), 0);
    /* Nearly equal prices have two sides, too: where both are small their balance ranks. */
    contrast.a.revenue = contrast.b.revenue = 20.0 * 7871001;
    assert_int_equal(contrast_cause_weight(&contrast, CONTRAST_PRICE, -1), 201000);
    assert_string_equal(evidence(*state, &contrast, CONTRAST_PRICE).text,
                        "what a piece brought was worth 76700.00 CNY, what the price did to demand "
                        "-78710.00 CNY");
}

/* Where a listing stands follows from what it sold: it is named when nothing else is half of it. */
static void exposure_stands_behind_what_was_done(void **state)
{
    (void)state;
    struct contrast contrast = {0};
    enum contrast_cause cause;
    contrast.parts_minor[PART_EXPOSURE] = -1000;
    contrast.parts_minor[TERM_DELIVERY] = -500;
    assert_true(contrast_main(&contrast, -1, &cause));
    assert_int_equal(cause, CONTRAST_DELIVERY);
    contrast.parts_minor[TERM_DELIVERY] = -499;
    assert_true(contrast_main(&contrast, -1, &cause));
    assert_int_equal(cause, CONTRAST_EXPOSURE);
    assert_false(contrast_main(&contrast, 1, &cause));
    assert_true(contrast_next(&contrast, -1, CONTRAST_EXPOSURE, &cause));
    assert_int_equal(cause, CONTRAST_DELIVERY);
}

/* Each product cost 1.00 more; the mean of all is the same, for the cheap one sold more. */
static void a_mean_that_does_not_carry_its_part_is_not_told(void **state)
{
    struct contrast contrast = {.product_count = 2};
    contrast.a.pieces = contrast.b.pieces = 200;
    contrast.a.cogs = contrast.b.cogs = 400000;
    contrast.parts_minor[PART_UNIT_COST] = -20000;
    contrast.products[0] = (struct contrast_product){
        .pieces_a = 150, .pieces_b = 100, .goods = {1100, 1000}, .goods_part = -12500};
    contrast.products[1] = (struct contrast_product){
        .pieces_a = 50, .pieces_b = 100, .goods = {3100, 3000}, .goods_part = -7500};
    assert_string_equal(evidence(*state, &contrast, CONTRAST_COST).text,
                        "the goods of a piece of Case cost 11.00 CNY against 10.00");
    contrast.products[0].goods[0] = 1000; /* its own amounts do not carry it either */
    contrast.products[1].goods[0] = 3000;
    assert_string_equal(evidence(*state, &contrast, CONTRAST_COST).text, "none");
    contrast.a.cogs = 420000; /* now the mean does */
    assert_string_equal(evidence(*state, &contrast, CONTRAST_COST).text,
                        "the goods of a piece cost 21.00 CNY against 20.00");
}

static void charges_name_the_largest_of_them(void **state)
{
    struct contrast contrast = {0};
    contrast.parts_minor[PART_REGISTRATION] = 333120;
    contrast.parts_minor[PART_COMPLIANCE] = -5;
    assert_string_equal(evidence(*state, &contrast, CONTRAST_CHARGES).text,
                        "most of it tax registrations (3331.20 CNY)");
}

/* Returns a piece worked the other way: refunds still to come carry the part and are told. */
static void refunds_expected_are_told_where_they_carry_the_part(void **state)
{
    struct contrast contrast = {.product_count = 1};
    contrast.a = (struct contrast_side){.pieces = 100, .returns = 1900, .refunds_minor = 20000};
    contrast.b = (struct contrast_side){.pieces = 100, .returns = 1100, .refunds_minor = 120480};
    contrast.parts_minor[PART_RETURNS] = -4608;
    contrast.parts_minor[PART_CLOSE_RETURNS] = 100480;
    assert_string_equal(evidence(*state, &contrast, CONTRAST_RETURNS).text,
                        "refunds still expected after the close take 200.00 CNY against 1204.80, "
                        "returns so far made -46.08 CNY");
    contrast.parts_minor[PART_CLOSE_RETURNS] = -4000; /* now returns carry it */
    contrast.parts_minor[PART_RETURNS] = -80000;
    contrast.a.returns = 110000;
    contrast.b.returns = 30000;
    assert_null(strstr(evidence(*state, &contrast, CONTRAST_RETURNS).text, "still expected"));
}

/* One day of one listing: a fault had closed that of firm 0, firm 1 expected 10 orders. */
static void plant_closed(struct history *history, struct history_round rounds[2][2],
                         struct market_why why[2], enum market_absence absence)
{
    why[0] = (struct market_why){.found = true, .absence = absence, .closed_kind = -1};
    why[1] =
        (struct market_why){.found = true, .firm = 1, .live = true, .expected = 10, .drawn = 10};
    for (int f = 0; f < 2; f++) {
        rounds[f][1] = (struct history_round){.why_count = 1, .why = &why[f]};
        history->kept[f] = rounds[f];
    }
    history->rounds = 1;
}

static void a_closed_listing_is_no_choice_of_products(void **state)
{
    struct history *history = test_calloc(1, sizeof(*history));
    struct history_round(*rounds)[2] = test_calloc(2, sizeof(*rounds));
    static double orders[MARKET_PRODUCTS_MAX][PART_COUNT];
    struct market_why why[2];
    (void)state;
    plant_closed(history, rounds, why, ABSENCE_CLOSED);
    contrast_orders_get(history, 0, history, 1, 1, orders);
    assert_true(orders[0][PART_CLOSED] == -10 && orders[0][PART_RANGE] == 0);
    plant_closed(history, rounds, why, ABSENCE_RETIRED);
    contrast_orders_get(history, 0, history, 1, 1, orders);
    assert_true(orders[0][PART_CLOSED] == -10 && orders[0][PART_RANGE] == -10);
    test_free(rounds);
    test_free(history);
}

static void closed_days_name_the_incident(void **state)
{
    struct contrast contrast = {
        .a = {.closed_days = 28, .closed_kind = INCIDENT_RESPONSIBLE, .closed_number = 3}};
    contrast.parts_minor[PART_CLOSED] = -500000;
    enum contrast_cause cause;
    assert_true(contrast_main(&contrast, -1, &cause));
    assert_int_equal(cause, CONTRAST_CLOSED);
    assert_string_equal(
        evidence(*state, &contrast, CONTRAST_CLOSED).text,
        "closed on 28 listing days against 0, first by incident 3 (no responsible person)");
    contrast.b = contrast.a;
    contrast.a = (struct contrast_side){0};
    contrast.b.closed_number = 0;
    assert_string_equal(evidence(*state, &contrast, CONTRAST_CLOSED).text,
                        "closed on 0 listing days against 28, because of no responsible person");
}

static void what_goods_count_for_names_how_long_they_last(void **state)
{
    struct contrast contrast = {.a = {.goods_units = 4662, .goods_days = -1},
                                .b = {.goods_units = 687, .goods_days = 24.4}};
    assert_string_equal(evidence(*state, &contrast, CONTRAST_CLOSING).text,
                        "4662 pieces for which nobody asks, against 687 pieces, 24 days of demand "
                        "(what 60 days do not take counts for 30 % of its cost)");
    /* Few goods that bring less than they cost are another story. */
    contrast.parts_minor[PART_CLOSE_GOODS] = -2816070;
    contrast.a.close_cheap = 2900000;
    contrast.b.close_cheap = 100;
    contrast.b.close_slow = 5000;
    assert_string_equal(evidence(*state, &contrast, CONTRAST_CLOSING).text,
                        "after tax and fees its goods bring 29000.00 CNY less than they cost, "
                        "against 1.00");
}

/* ---- played ---- */

/* The decisions a round was played with, the units of its orders times `factor`. */
static struct str ordered(struct fixture *fixture, const char *run, int round, int factor)
{
    static const char key[] = "\"units\":";
    struct str text = priced(fixture, run, round, 1);
    const char *orders = strstr(text.text, "\"orders\"");
    struct buf out;
    if (orders == NULL)
        return text;
    const char *end = strchr(orders, ']'), *at = orders;
    buf_init(&out);
    buf_append(&out, (struct str){text.text, (size_t)(orders - text.text)});
    for (const char *next; (next = strstr(at, key)) != NULL && next < end;) {
        char *after;
        next += sizeof(key) - 1;
        long long units = strtoll(next, &after, 10);
        buf_append(&out, (struct str){at, (size_t)(next - at)});
        buf_append_int64(&out, units * factor);
        at = after;
    }
    buf_append_c(&out, at);
    struct str copy = str_copy(&fixture->arena, buf_str(&out));
    buf_clear(&out);
    return copy;
}

/* Goods for months look well in the books and are a loss at the close: the close decides. */
static void goods_for_months_are_no_success(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.rounds = 6;
    options.policies = "steady";
    const char *run = fixture_simulate(fixture, &options);
    for (int r = 1; r <= 6; r++)
        write_round(fixture, "much", r, ordered(fixture, run, r, 6));
    const char *fork = fork_with(fixture, run, "fork", "much");
    struct history *before = read(fixture, run, 1), *after = read(fixture, fork, 1);
    struct contrast contrast;
    enum contrast_cause cause;
    contrast_make(after, 0, before, 0, 6, &contrast);
    assert_int_equal(sum_of(&contrast), contrast.difference_minor);
    assert_int_equal(contrast.difference_minor, after->kept[0][6].closing.equity_minor -
                                                    before->kept[0][6].closing.equity_minor);
    assert_true(contrast.difference_minor < 0);
    assert_true(contrast_main(&contrast, -1, &cause));
    assert_int_equal(cause, CONTRAST_CLOSING);
    struct training_compare_options two = {.run_a = fork, .run_b = run, .firm_a = 0};
    struct str text = compare(fixture, &two, ERR_OK);
    assert_has(text, " below ");
    assert_has(text, "; what goods and refunds count for at the close makes -");
    /* The first day under administration is the side's; it ends in it when the last round does. */
    after->kept[0][3].administration_day = 37;
    after->kept[0][5].administration_day = 60;
    contrast_make(after, 0, before, 0, 6, &contrast);
    assert_int_equal(contrast.a.administration_day, 37);
    assert_false(contrast.a.in_administration);
    assert_int_equal(contrast.b.administration_day, -1);
    done(before);
    done(after);
}

static void what_cannot_be_compared_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.rounds = 1;
    const char *run = fixture_simulate(fixture, &options);
    struct training_compare_options ask = {.run_a = run, .firm_a = 0, .firm_b = 4};
    compare(fixture, &ask, ERR_RANGE);
    ask.firm_b = 300;
    compare(fixture, &ask, ERR_RANGE);
    ask.firm_b = 1;
    ask.rounds = 2;
    compare(fixture, &ask, ERR_RANGE);
    ask.rounds = 0;
    ask.world = 1;
    compare(fixture, &ask, ERR_RANGE);
    ask.world = 0;
    ask.run_b = fixture_path(fixture, "nowhere");
    compare(fixture, &ask, ERR_FILE_OPEN);
}

static void rounded_parts_keep_the_whole(void **state)
{
    (void)state;
    const double thirds[] = {10.0 / 3, 10.0 / 3, 10.0 / 3}, mixed[] = {-0.5, 0.5, 2.4, -2.4};
    int64_t rounded[4];
    run_cells_round(thirds, 3, 10, rounded);
    assert_int_equal(rounded[0] + rounded[1] + rounded[2], 10);
    assert_int_equal(rounded[0], 4);
    run_cells_round(mixed, 4, 0, rounded);
    assert_int_equal(rounded[0] + rounded[1] + rounded[2] + rounded[3], 0);
    run_cells_round(mixed, 0, 0, rounded);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(parts_add_up_for_all_pairs),
        TEST(parts_add_up_at_level_2),
        TEST(a_firm_beside_itself_shows_no_difference),
        TEST(a_firm_that_only_priced_higher_is_told_so),
        TEST(a_firm_that_was_sold_out_is_told_so),
        TEST(a_cause_that_works_both_ways_ranks_by_its_larger_side),
        TEST(exposure_stands_behind_what_was_done),
        TEST(a_mean_that_does_not_carry_its_part_is_not_told),
        TEST(charges_name_the_largest_of_them),
        TEST(refunds_expected_are_told_where_they_carry_the_part),
        TEST(a_closed_listing_is_no_choice_of_products),
        TEST(closed_days_name_the_incident),
        TEST(what_goods_count_for_names_how_long_they_last),
        TEST(goods_for_months_are_no_success),
        TEST(what_cannot_be_compared_is_refused),
        cmocka_unit_test(rounded_parts_keep_the_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
