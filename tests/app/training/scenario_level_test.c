/* Level 2 in a scenario document: what is read and written, what a lower level keeps, and the
 * shipped scenario's promises. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/training/run_play.h"
#include "app/training/scenario.h"
#include "core/arena.h"
#include "core/date.h"
#include "core/file.h"
#include "engine/market/decisions.h"

#define SHIPPED SAMPAN_SOURCE_ROOT "/data/scenarios/accessories.json"

static struct arena arena;
static struct problem problem;
static struct str whole; /* the shipped file */

static int group_setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return file_read(&arena, SHIPPED, SCENARIO_BYTES_MAX, &whole, &problem) == ERR_OK ? 0 : -1;
}

static int group_teardown(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

static enum err parse(struct str text, struct scenario *scenario)
{
    memset(&problem, 0, sizeof(problem));
    return scenario_parse(&arena, text, NULL, scenario, &problem);
}

static struct scenario shipped(void)
{
    struct scenario scenario;
    assert_int_equal(parse(whole, &scenario), ERR_OK);
    return scenario;
}

static struct str text_of(const struct scenario *scenario)
{
    struct buf text;
    buf_init(&text);
    scenario_append(scenario, &text);
    struct str copy = str_copy(&arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

/* The shipped file with the first `from` replaced. */
static struct str edited(const char *from, const char *to)
{
    const char *at = strstr(whole.text, from);
    assert_non_null(at);
    size_t before = (size_t)(at - whole.text);
    return str_format(&arena, "%.*s%s%s", (int)before, whole.text, to, at + strlen(from));
}

static void nothing_is_lost(void **state)
{
    (void)state;
    struct scenario first = shipped(), second;
    struct str once = text_of(&first);
    assert_int_equal(parse(once, &second), ERR_OK);
    assert_true(str_equal(once, text_of(&second)));
    assert_true(first.rules.promotion.open && first.rules.storefront.open &&
                first.rules.customs.open && first.rules.loans.open && first.rules.compliance.open &&
                first.rules.sourcing.open);
    assert_memory_equal(&first.rules.promotion, &second.rules.promotion,
                        sizeof(first.rules.promotion));
    assert_true(first.rules.compliance.certificate_needed[1][0]);
    assert_false(first.rules.compliance.certificate_needed[0][0]);
    assert_true(first.rules.compliance.responsible_needed[0]);
    assert_true(first.rules.event_count >= 20);
    assert_int_equal(first.rules.nests[0].query_count, 3);
    assert_string_equal(second.rules.nests[0].queries[1].term,
                        first.rules.nests[0].queries[1].term);
    int bots = 0;
    for (int s = 0; s < second.rules.supplier_count; s++)
        bots += second.rules.suppliers[s].bot.bot;
    assert_int_equal(bots, 2);
}

static void unknown_fields_are_refused(void **state)
{
    static const char *const objects[] = {
        "\"promotion\": {",  "\"storefront\": {", "\"customs\": {", "\"loans\": {",
        "\"compliance\": {", "\"sourcing\": {",   "\"bot\": {"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(objects); i++) {
        struct scenario scenario;
        const char *to = str_format(&arena, "%s\"slits\": 1, ", objects[i]).text;
        assert_int_equal(parse(edited(objects[i], to), &scenario), ERR_FIELD_UNKNOWN);
    }
    struct scenario scenario;
    assert_int_equal(
        parse(edited("\"effect\": \"lane_days\"", "\"effect\": \"lane_day\""), &scenario),
        ERR_NAME_UNKNOWN);
    assert_string_equal(problem.place, "events[0].effect");
}

/* Without a US dollar the amounts of a part cannot be guessed; shares can. */
static void parts_need_amounts_or_dollars(void **state)
{
    struct scenario scenario;
    struct str text;
    (void)state;
    assert_int_equal(scenario_read(&arena, SAMPAN_SOURCE_ROOT "/data/scenarios/hidden-shop.json",
                                   &scenario, &problem),
                     ERR_OK);
    text = text_of(&scenario);
    const char *tail = strstr(text.text, "\"trade\": {");
    assert_non_null(tail);
    struct str with =
        str_format(&arena, "%.*s\"promotion\": {}, %s", (int)(tail - text.text), text.text, tail);
    assert_int_equal(parse(with, &scenario), ERR_OK);
    assert_true(scenario.rules.promotion.open);
    assert_int_equal(scenario_figure_find(&scenario, STR("promotion.slots"))->origin,
                     ORIGIN_ASSUMED);
    with = str_format(&arena, "%.*s\"customs\": {}, %s", (int)(tail - text.text), text.text, tail);
    assert_int_equal(parse(with, &scenario), ERR_FIELD_MISSING);
}

/* The statement counts what is assumed, and both are right. */
static void assumptions_are_counted(void **state)
{
    (void)state;
    struct scenario scenario = shipped();
    int counts[6], rules = 0, figures = 0;
    scenario_origins_count(&scenario, counts);
    for (int r = 0; r < scenario.rules.trade.count; r++)
        rules += scenario.rules.trade.rows[r].confidence == TRADE_ASSUMED;
    for (int o = 0; o < 6; o++)
        figures += counts[o];
    assert_int_equal(counts[ORIGIN_ASSUMED], scenario.rules.assumed_count);
    const char *said = str_format(&arena, "Assumed: %d of %d figures and %d trade rules.",
                                  counts[ORIGIN_ASSUMED], scenario.figure_count, rules)
                           .text;
    assert_true(figures >= scenario.figure_count - 2);
    assert_non_null(strstr(scenario.statement_en.text, said));
}

/* ---- level 1 ---- */

static void level_1_keeps_its_part(void **state)
{
    (void)state;
    struct scenario full = shipped(), low = full;
    const struct scenario_parameter *parameters;
    int count;
    assert_int_equal(scenario_level_lower(&arena, &low, 1, &problem), ERR_OK);
    assert_int_equal(low.rules.level, 1);
    assert_int_equal(low.rules.market_count, 1);
    assert_string_equal(low.rules.markets[0].name.id, "DE");
    assert_int_equal(low.rules.nest_count, 1);
    assert_int_equal(low.rules.product_count, 3);
    assert_int_equal(low.rules.lane_count, 7);
    assert_false(low.rules.promotion.open || low.rules.customs.open || low.rules.compliance.open);
    assert_int_equal(low.rules.event_count, 0);
    assert_int_equal(low.rules.finance.cash_opening_minor, full.level1.cash_opening_minor);
    assert_true(fabs(low.rules.nests[0].units_per_firm_day -
                     full.rules.nests[0].units_per_firm_day * full.level1.units_scale) < 1e-9);
    assert_int_equal(low.rules.products[2].fulfil_fee_minor[0],
                     full.rules.products[2].fulfil_fee_minor[0]);
    /* Every figure stands where a parameter stands, and the other way round. */
    scenario_parameters(&arena, &low, &parameters, &count);
    assert_int_equal(count, low.figure_count);
    for (int p = 0; p < count; p++)
        assert_non_null(parameters[p].figure);
    /* What it is can be written and read. */
    struct scenario again;
    struct str text = text_of(&low);
    assert_int_equal(parse(text, &again), ERR_OK);
    assert_true(str_equal(text, text_of(&again)));
    /* The original is untouched. */
    assert_true(str_equal(text_of(&full), whole));
    assert_int_equal(scenario_level_lower(&arena, &full, 3, &problem), ERR_RANGE);
}

/* ---- levels of fields ---- */

static void a_field_may_open_later(void **state)
{
    (void)state;
    struct scenario scenario;
    struct market_row row = {0};
    struct market_seat_decisions decisions = {0};
    assert_int_equal(parse(edited("\"level1_markets\"",
                                  "\"levels\": {\"listings.coupon\": 3}, \"level1_markets\""),
                           &scenario),
                     ERR_OK);
    market_row_set(&row, F_listings_product, 0);
    market_row_set(&row, F_listings_market, 0);
    market_row_set(&row, F_listings_channel, 0);
    decisions.lists[LIST_listings] = (struct market_rows){1, &row};
    assert_int_equal(market_decisions_check(&scenario.rules, SEAT_FIRM, &decisions, &problem),
                     ERR_OK);
    market_row_set(&row, F_listings_coupon, 0);
    assert_int_equal(market_decisions_check(&scenario.rules, SEAT_FIRM, &decisions, &problem),
                     ERR_LEVEL_CLOSED);
    assert_string_equal(problem.place, "listings[0].coupon");
    struct scenario again;
    assert_int_equal(parse(text_of(&scenario), &again), ERR_OK);
    assert_int_equal(again.rules.field_level_count, 1);
    /* Earlier than in the schema is refused: its part may be closed. */
    assert_int_equal(parse(edited("\"level1_markets\"",
                                  "\"levels\": {\"campaigns.bid\": 1}, \"level1_markets\""),
                           &scenario),
                     ERR_RANGE);
    assert_string_equal(problem.place, "levels.campaigns.bid");
    assert_int_equal(parse(edited("\"level1_markets\"",
                                  "\"levels\": {\"listings.prize\": 2}, \"level1_markets\""),
                           &scenario),
                     ERR_FIELD_UNKNOWN);
}

/* ---- choosing markets ---- */

static struct market_row listing_row(int product, int market, int64_t price, bool live)
{
    struct market_row row = {0};
    market_row_set(&row, F_listings_product, product);
    market_row_set(&row, F_listings_market, market);
    market_row_set(&row, F_listings_channel, 0);
    market_row_set(&row, F_listings_live, live);
    if (price > 0)
        market_row_set(&row, F_listings_price, price);
    return row;
}

static enum err play(struct run_play *run, const struct market_row *rows, int count)
{
    struct market_seat_decisions decisions[MARKET_FIRMS_MAX] = {0};
    struct market_probe probe = {.why_firm = -1, .check = true};
    decisions[0].lists[LIST_listings] = (struct market_rows){count, rows};
    return run_play_step(run, decisions, &probe, &problem);
}

static void two_markets_of_four(void **state)
{
    (void)state;
    struct scenario scenario = shipped();
    struct run_play run;
    struct market_key key = {rng_key_from_text(STR("two")), 0};
    struct market_row rows[6];
    scenario.rules.firms = 2;
    run_play_init(&run, &scenario.rules, &key);
    assert_int_equal(run_play_open(&run, &key, &problem), ERR_OK);
    /* Warm start: four listings in each of the first two markets. */
    const struct market_observation *seen = &run.now.observations[0];
    assert_int_equal(seen->listing_count, 8);
    for (int i = 0; i < 8; i++)
        assert_true(seen->listings[i].market < 2);
    int64_t yen = scenario.rules.nests[4].price_ref_minor;
    assert_string_equal(scenario.rules.markets[2].name.id, "JP");
    /* A ninth listing, and a third market. */
    rows[0] = listing_row(4, 0, scenario.rules.nests[1].price_ref_minor, true);
    assert_int_equal(play(&run, rows, 1), ERR_LIMIT);
    rows[0] = listing_row(3, 0, 0, false);
    rows[1] = listing_row(0, 2, yen, true);
    assert_int_equal(play(&run, rows, 2), ERR_LIMIT);
    assert_string_equal(problem.place, "firms[0].listings[1].market");
    /* Leaving the United States makes room for Japan in the same round. */
    for (int p = 0; p < 4; p++)
        rows[p] = listing_row(p, 1, 0, false);
    rows[4] = listing_row(0, 2, yen, true);
    assert_int_equal(play(&run, rows, 5), ERR_OK);
    run_play_clear(&run);
}

/* ---- the two changes of rules ---- */

static int64_t payable(const struct market_rules *rules, const char *market, const char *hs6,
                       const char *date, int64_t value)
{
    struct trade_item item = {.units = 1, .value_minor = value};
    struct trade_request request = {.item_count = 1, .items = &item, .mode = TRADE_MODE_PARCEL};
    struct trade_quote quote;
    snprintf(item.hs6, sizeof(item.hs6), "%s", hs6);
    snprintf(item.origin, sizeof(item.origin), "CN");
    snprintf(request.market, sizeof(request.market), "%s", market);
    assert_true(date_parse(str_from_c(date), &request.date));
    assert_int_equal(trade_quote_make(&rules->trade, &request, &quote, &problem), ERR_OK);
    return quote.payable_minor;
}

static void rules_change_during_the_run(void **state)
{
    (void)state;
    struct scenario scenario = shipped();
    const struct market_rules *rules = &scenario.rules;
    int32_t end = rules->start_date + rules->rounds * rules->round_days, last;
    assert_true(date_parse(STR("2026-07-20"), &last));
    assert_int_equal(end, last);
    /* EU: VAT of 19 % alone, then EUR 3 and VAT on it: 10.00 -> 1.90, 3 + 0.19 x 13 = 5.47. */
    assert_int_equal(payable(rules, "DE", "392690", "2026-06-30", 1000), 190);
    assert_int_equal(payable(rules, "DE", "392690", "2026-07-01", 1000), 547);
    /* US earphones: 7.5 + 10 + 10 %, then 7.5 + 10 % (Section 122). */
    assert_int_equal(payable(rules, "US", "851830", "2026-02-23", 10000), 2750);
    assert_int_equal(payable(rules, "US", "851830", "2026-02-24", 10000), 1750);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost),
        cmocka_unit_test(unknown_fields_are_refused),
        cmocka_unit_test(parts_need_amounts_or_dollars),
        cmocka_unit_test(assumptions_are_counted),
        cmocka_unit_test(level_1_keeps_its_part),
        cmocka_unit_test(a_field_may_open_later),
        cmocka_unit_test(two_markets_of_four),
        cmocka_unit_test(rules_change_during_the_run),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
