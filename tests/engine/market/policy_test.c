/* The policies: prices, promises, stock and means by worked numbers; never an invalid decision; and
 * whether steady does better than the novice in play. */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "engine/market/market.h"
#include "engine/market/policy.h"
#include "engine/market/score.h"
#include "policy_rules.h"
#include "world.h"

static int setup(void **state)
{
    static struct arena arena;
    arena_init(&arena);
    *state = &arena;
    return 0;
}

static int teardown(void **state)
{
    arena_clear(*state);
    return 0;
}

static struct market_seat_decisions decided(struct arena *arena, enum market_policy policy,
                                            const struct market_observation *seen)
{
    struct market_seat_decisions decisions;
    struct problem problem = {0};
    market_policy_decide(arena, policy, seen, &decisions);
    enum err code = market_decisions_check(seen->rules, SEAT_FIRM, &decisions, &problem);
    if (code != ERR_OK)
        fail_msg("%s: %s at %s", market_policy_name(policy), err_name(code), problem.place);
    return decisions;
}

static int64_t number_of(const struct market_seat_decisions *decisions, enum market_field field)
{
    const struct market_rows *rows = &decisions->lists[market_field_list(field)];
    assert_true(rows->count >= 1);
    assert_true(market_row_has(&rows->rows[0], field));
    return market_row_number(&rows->rows[0], field);
}

static int64_t units_ordered(const struct market_seat_decisions *decisions)
{
    return decisions->lists[LIST_orders].count == 0 ? 0 : number_of(decisions, F_orders_units);
}

/* The shop with one price and no fixed costs, so that a unit costs the same in every lot: 42.00 +
 * 1.62 freight + 1.18 duty = 44.80 CNY = 5.67 EUR, with 3.00 fulfilment 8.67, break-even 12.55. */
static struct market_rules *plain_rules(struct arena *arena)
{
    struct market_rules *rules = shop_rules(arena);
    struct market_supplier *supplier = ARENA_NEW(arena, struct market_supplier);
    *supplier = rules->suppliers[0];
    supplier->break_count = 1;
    supplier->inspection_fee_minor = 1; /* worth it */
    rules->suppliers = supplier;
    struct market_lane *lanes = ARENA_ARRAY(arena, struct market_lane, 3);
    memcpy(lanes, rules->lanes, 3 * sizeof(*lanes));
    lanes[SHOP_SEA].price_per_piece_minor = 0;
    lanes[SHOP_SEA].weight_step_g = 1;
    rules->lanes = lanes;
    return rules;
}

static struct market_observation *plain_seen(struct arena *arena, int64_t price_minor)
{
    struct market_observation *seen = shop_seen(arena, plain_rules(arena), 8);
    struct market_listing_view *view = ARENA_NEW(arena, struct market_listing_view);
    *view = seen->listings[0];
    view->price_minor = price_minor;
    seen->listings = view;
    return seen;
}

static void stock_put(struct arena *arena, struct market_observation *seen, int place,
                      int64_t units)
{
    struct market_stock_view *stock = ARENA_NEW(arena, struct market_stock_view);
    *stock = (struct market_stock_view){.place = place, .units = units, .value_minor = units};
    seen->stock = stock;
    seen->stock_count = 1;
}

static void test_names(void **state)
{
    (void)state;
    for (int p = 0; p < POLICY_COUNT; p++) {
        enum market_policy policy = POLICY_COUNT;
        assert_true(market_policy_from_name(str_from_c(market_policy_name((enum market_policy)p)),
                                            &policy));
        assert_int_equal(policy, p);
    }
    enum market_policy policy = POLICY_AIR;
    assert_false(market_policy_from_name(STR("Steady"), &policy));
    assert_int_equal(policy, POLICY_AIR);
    assert_string_equal(market_policy_name(POLICY_STEADY), "steady");
    assert_string_equal(market_policy_name(POLICY_COUNT), "");
}

/* 12.55 * 3.2 / 2.2 = 18.25; the novice's 1.65 * (5.67 + 3.00) = 14.31. */
static void test_first_prices(void **state)
{
    struct market_observation *seen = plain_seen(*state, 0);
    static const struct {
        enum market_policy policy;
        int64_t price_minor;
    } cases[] = {{POLICY_STEADY, 1825}, {POLICY_CHEAP, 1606}, {POLICY_PREMIUM, 2190},
                 {POLICY_AIR, 1825},    {POLICY_LATE, 1825},  {POLICY_OVER, 1825},
                 {POLICY_NOVICE, 1431}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        struct market_seat_decisions decisions = decided(*state, cases[c].policy, seen);
        assert_int_equal(number_of(&decisions, F_listings_price), cases[c].price_minor);
        assert_int_equal(number_of(&decisions, F_listings_live), 1);
        assert_int_equal(number_of(&decisions, F_listings_coupon), 0);
        assert_int_equal(number_of(&decisions, F_listings_lane), SHOP_LOCAL);
    }
}

static void test_prices_move_half_way(void **state)
{
    struct market_seat_decisions decisions =
        decided(*state, POLICY_STEADY, plain_seen(*state, 2000));
    assert_int_equal(number_of(&decisions, F_listings_price), 2000 - 87); /* gap 175 */
    decisions = decided(*state, POLICY_STEADY, plain_seen(*state, 1810));
    assert_int_equal(number_of(&decisions, F_listings_price), 1825); /* within a hundredth */
    decisions = decided(*state, POLICY_NOVICE, plain_seen(*state, 2000));
    assert_int_equal(number_of(&decisions, F_listings_price), 1431);
}

/* A dear product is clamped to five times the usual price, a cheap one to a fifth. */
static void test_prices_stay_in_the_band(void **state)
{
    static const int64_t costs[] = {1, 100000000};
    static const int64_t prices[] = {400, 10000};
    for (int c = 0; c < 2; c++) {
        struct market_observation *seen = plain_seen(*state, 0);
        struct market_rules *rules = plain_rules(*state);
        struct market_supplier *supplier = ARENA_NEW(*state, struct market_supplier);
        *supplier = rules->suppliers[0];
        supplier->breaks[0].price_minor = costs[c];
        rules->suppliers = supplier;
        struct market_product *product = ARENA_NEW(*state, struct market_product);
        *product = rules->products[0];
        product->fulfil_fee_minor[0] = 0;
        product->weight_g = 1;
        rules->products = product;
        seen->rules = rules;
        for (int p = 0; p < POLICY_COUNT; p++) {
            struct market_seat_decisions decisions = decided(*state, (enum market_policy)p, seen);
            assert_int_equal(number_of(&decisions, F_listings_price), prices[c]);
        }
    }
}

static void test_promise_is_what_the_lane_keeps(void **state)
{
    struct market_observation *seen = plain_seen(*state, 1825);
    struct market_lane_view *lanes = ARENA_ARRAY(*state, struct market_lane_view, 3);
    memcpy(lanes, seen->lanes, 3 * sizeof(*lanes));
    lanes[SHOP_LOCAL].days_mean_60 = 3.4;
    lanes[SHOP_LOCAL].days_p80_60 = 3.6;
    lanes[SHOP_LOCAL].days_sure_60 = 4.2;
    seen->lanes = lanes;
    struct market_seat_decisions decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(number_of(&decisions, F_listings_promise_days), 5);
    decisions = decided(*state, POLICY_NOVICE, seen);
    assert_int_equal(number_of(&decisions, F_listings_promise_days), 3);
}

/* 8 units a day on lead time 7 + 33 days (sd sqrt(1 + 36)) and 14 days of review: mean 432,
 * variance 54 * 8 + 64 * 37 = 2800, with 10 % doubt of the level 4666; its 96 % point is 558. */
static void test_base_stock_on_position(void **state)
{
    struct market_observation *seen = plain_seen(*state, 1825);
    seen->cash_minor[0] = 1000000000;
    struct market_seat_decisions decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(number_of(&decisions, F_orders_units), 558);
    assert_int_equal(number_of(&decisions, F_orders_lane), SHOP_SEA);
    assert_int_equal(number_of(&decisions, F_orders_inspect), 1);
    decisions = decided(*state, POLICY_OVER, seen);
    assert_int_equal(units_ordered(&decisions), 948); /* 1.7 * 558 */

    /* Position: 200 there, 100 on the way, 58 ordered; then only what is missing. */
    stock_put(*state, seen, 1, 200);
    struct market_shipment_view shipment = {.lane = SHOP_SEA, .units = 100};
    struct market_order_view order = {.lane = SHOP_SEA, .units = 58};
    seen->shipments = &shipment;
    seen->shipment_count = 1;
    seen->orders = &order;
    seen->order_count = 1;
    decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(units_ordered(&decisions), 200);
    decisions = decided(*state, POLICY_LATE, seen);
    assert_int_equal(units_ordered(&decisions), 0); /* more than a week lies there */
    /* A need below a lot waits for nothing: at least a round's demand is ordered. */
    shipment.units = 299;
    decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(units_ordered(&decisions), 112);
    shipment.units = 300;
    decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(units_ordered(&decisions), 0);
    /* The novice only looks at the shelf: 42 * 8 - 200. */
    decisions = decided(*state, POLICY_NOVICE, seen);
    assert_int_equal(units_ordered(&decisions), 136);
    stock_put(*state, seen, 1, 55);
    decisions = decided(*state, POLICY_LATE, seen);
    assert_true(units_ordered(&decisions) > 0); /* less than a week */
}

static void test_a_minimum_is_ordered_when_it_lasts_not_too_long(void **state)
{
    struct market_observation *seen = plain_seen(*state, 1825);
    struct market_rules *rules = plain_rules(*state);
    struct market_supplier *supplier = ARENA_NEW(*state, struct market_supplier);
    *supplier = rules->suppliers[0];
    rules->suppliers = supplier;
    seen->rules = rules;
    seen->cash_minor[0] = 10000000000;
    stock_put(*state, seen, 1, 500);
    supplier->breaks[0].units_min = 900; /* 113 days of sales */
    struct market_seat_decisions decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(units_ordered(&decisions), 900);
    supplier->breaks[0].units_min = 1000; /* 125 days, and the shelf is full enough */
    decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(units_ordered(&decisions), 0);
    stock_put(*state, seen, 1, 400); /* now it would run empty */
    decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(units_ordered(&decisions), 1000);
}

static void test_orders_stay_within_the_means(void **state)
{
    struct market_observation *seen = plain_seen(*state, 1825);
    int64_t before = -1;
    for (int64_t cash = 0; cash <= 6000000; cash += 100000) {
        seen->cash_minor[0] = cash;
        struct market_seat_decisions decisions = decided(*state, POLICY_STEADY, seen);
        int64_t units = units_ordered(&decisions);
        assert_true(units == 0 || units >= 50);
        assert_true(units * 4480 <= cash); /* all it will cost, without import tax */
        assert_true(units >= before);
        before = units;
    }
    assert_in_range(before, 500, 558);
    seen->cash_minor[0] = -1;
    struct market_seat_decisions decisions = decided(*state, POLICY_NOVICE, seen);
    assert_int_equal(units_ordered(&decisions), 0);
    seen->cash_minor[0] = 100000000;
    seen->in_administration = true;
    decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(decisions.lists[LIST_orders].count, 0);
    assert_int_equal(decisions.lists[LIST_listings].count, 1);
}

static void test_nothing_is_ordered_that_would_come_too_late(void **state)
{
    struct market_observation *seen = plain_seen(*state, 1825);
    seen->cash_minor[0] = 1000000000;
    seen->day = 12 * 14 - 42; /* 40 days of lead, 42 left */
    struct market_seat_decisions decisions = decided(*state, POLICY_STEADY, seen);
    assert_true(units_ordered(&decisions) > 0);
    seen->day += 14;
    decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(units_ordered(&decisions), 0);
}

static void test_forecasts(void **state)
{
    struct market_observation *seen = plain_seen(*state, 1825);
    struct market_seat_decisions decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(number_of(&decisions, F_forecasts_units), 112);
    decisions = decided(*state, POLICY_NOVICE, seen);
    assert_int_equal(number_of(&decisions, F_forecasts_units), 140); /* a quarter more */

    /* Days without stock tell nothing; what was asked for in vain counts. */
    struct market_listing_view *view = ARENA_NEW(*state, struct market_listing_view);
    *view = seen->listings[0];
    for (int d = 0; d < MARKET_HISTORY_DAYS; d += 2) {
        view->in_stock[d] = 0;
        view->units_sold[d] = 0;
        view->units_lost[d + 1] = 2;
    }
    seen->listings = view;
    decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(number_of(&decisions, F_forecasts_units), 140); /* 10 a day */

    /* The weeks ahead sell twice as much as those behind. */
    seen = plain_seen(*state, 1825);
    struct market_rules *rules = plain_rules(*state);
    struct market_country *market = ARENA_NEW(*state, struct market_country);
    *market = rules->markets[0];
    for (int week = 5; week < 20; week++) /* from the first day, 2026-02-02, on */
        market->season[week] = 2;
    rules->markets = market;
    seen->rules = rules;
    decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(number_of(&decisions, F_forecasts_units), 224);
}

static void test_stock_at_home_goes_abroad(void **state)
{
    struct market_observation *seen = plain_seen(*state, 1825);
    stock_put(*state, seen, 0, 300);
    struct market_seat_decisions decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(number_of(&decisions, F_transfers_units), 300);
    assert_int_equal(number_of(&decisions, F_transfers_lane), SHOP_SEA);
    /* Meanwhile it is sold from home. */
    assert_int_equal(number_of(&decisions, F_listings_lane), SHOP_LINE);
    stock_put(*state, seen, 0, 3000);
    decisions = decided(*state, POLICY_STEADY, seen);
    assert_int_equal(number_of(&decisions, F_transfers_units), 558);
}

static void test_without_a_local_lane_goods_stay_at_home(void **state)
{
    struct market_observation *seen = plain_seen(*state, 1825);
    struct market_rules *rules = plain_rules(*state);
    struct market_lane *lanes = ARENA_ARRAY(*state, struct market_lane, 3);
    memcpy(lanes, rules->lanes, 3 * sizeof(*lanes));
    lanes[SHOP_LOCAL].kind = LANE_BULK;
    rules->lanes = lanes;
    seen->rules = rules;
    for (int p = 0; p < POLICY_COUNT; p++) {
        struct market_seat_decisions decisions = decided(*state, (enum market_policy)p, seen);
        assert_int_equal(number_of(&decisions, F_listings_lane), SHOP_LINE);
        assert_int_equal(number_of(&decisions, F_orders_lane), -1);
        assert_int_equal(decisions.lists[LIST_transfers].count, 0);
    }
}

static bool same_decisions(const struct market_seat_decisions *a,
                           const struct market_seat_decisions *b)
{
    for (int list = 0; list < LIST_COUNT; list++) {
        if (a->lists[list].count != b->lists[list].count)
            return false;
        for (int r = 0; r < a->lists[list].count; r++)
            for (int v = 0; v < MARKET_FIELDS_MAX; v++)
                if (a->lists[list].rows[r].set != b->lists[list].rows[r].set ||
                    a->lists[list].rows[r].value[v].number !=
                        b->lists[list].rows[r].value[v].number)
                    return false;
    }
    return true;
}

/* Listings that exist and those that would open never outgrow the room; what is paid with the
 * orders is in the till. */
static void limits_hold(const struct market_observation *seen,
                        const struct market_seat_decisions *decisions)
{
    const struct market_rules *rules = seen->rules;
    int listings = seen->listing_count;
    const struct market_rows *rows = &decisions->lists[LIST_listings];
    for (int r = 0; r < rows->count; r++) {
        bool known = false;
        for (int i = 0; i < seen->listing_count; i++)
            known = known || (seen->listings[i].product ==
                                  market_row_number(&rows->rows[r], F_listings_product) &&
                              seen->listings[i].market ==
                                  market_row_number(&rows->rows[r], F_listings_market) &&
                              seen->listings[i].channel ==
                                  market_row_number(&rows->rows[r], F_listings_channel));
        listings += !known;
    }
    assert_true(listings <= MARKET_LISTINGS_MAX);
    double deposits = 0;
    rows = &decisions->lists[LIST_orders];
    for (int r = 0; r < rows->count; r++) {
        const struct market_supplier *supplier =
            &rules->suppliers[market_row_number(&rows->rows[r], F_orders_supplier)];
        int64_t units = market_row_number(&rows->rows[r], F_orders_units);
        int64_t price = market_supplier_price(supplier, units);
        deposits += (double)units * (double)price * (double)supplier->deposit_rate_1e9 / 1e9;
    }
    double cash = seen->cash_minor[0] > 0 ? (double)seen->cash_minor[0] : 0;
    assert_true(deposits <= cash * (1 + 1e-9) + 64);
}

static void decisions_are_valid_in_any_world(void **state, bool level2)
{
    struct rng_key key = rng_key_from_text(STR("any world"));
    int orders = 0, transfers = 0, of[LIST_COUNT] = {0};
    for (int32_t i = 0; i < 1500; i++) {
        struct arena_mark mark = arena_mark_get(*state);
        struct market_rules *rules = random_rules(*state, key, i);
        if (level2)
            random_level2(rules, key, i);
        struct problem problem = {0};
        enum err code = market_rules_check(rules, &problem);
        if (code != ERR_OK)
            fail_msg("world %d: %s at %s", (int)i, err_name(code), problem.place);
        struct market_observation *seen = random_seen(*state, rules, key, i);
        for (int p = 0; p < POLICY_COUNT; p++) {
            struct market_seat_decisions decisions = decided(*state, (enum market_policy)p, seen);
            struct market_seat_decisions again = decided(*state, (enum market_policy)p, seen);
            assert_true(same_decisions(&decisions, &again));
            limits_hold(seen, &decisions);
            orders += decisions.lists[LIST_orders].count;
            transfers += decisions.lists[LIST_transfers].count;
            for (int list = 0; list < LIST_COUNT; list++)
                of[list] += decisions.lists[list].count;
        }
        arena_rewind(*state, mark);
    }
    assert_true(orders > 1000 && transfers > 100);
    static const enum market_list trade[] = {LIST_campaigns,     LIST_brand,         LIST_customs,
                                             LIST_registrations, LIST_refund_claims, LIST_agents,
                                             LIST_certificates};
    for (size_t i = 0; i < COUNT_OF(trade); i++)
        assert_true(level2 ? of[trade[i]] > 1000 : of[trade[i]] == 0);
}

static void test_decisions_are_valid_in_any_world(void **state)
{
    decisions_are_valid_in_any_world(state, false);
}

static void test_decisions_are_valid_in_any_world_of_level_2(void **state)
{
    decisions_are_valid_in_any_world(state, true);
}

/* ---- in play ---- */

/* Closing equity over opening of seat 0 after the run; all other seats play steady. */
static double seat_plays(enum market_policy policy, const struct world_options *options,
                         const char *seed)
{
    struct arena arena;
    arena_init(&arena);
    struct market_rules *rules = world_rules(&arena, options);
    struct market_key key = world_key(seed);
    struct market_result result;
    struct problem problem = {0};
    assert_int_equal(market_open(&arena, rules, &key, &result, &problem), ERR_OK);
    for (int round = 0; round < rules->rounds; round++) {
        struct market_decisions decisions = world_nothing(&arena, rules);
        struct market_seat_decisions *firms =
            ARENA_ARRAY(&arena, struct market_seat_decisions, (size_t)rules->firms);
        for (int f = 0; f < rules->firms; f++)
            market_policy_decide(&arena, f == 0 ? policy : POLICY_STEADY, &result.observations[f],
                                 &firms[f]);
        decisions.firms = firms;
        struct market_probe probe = {.why_firm = -1, .check = true};
        struct market_result next;
        enum err code =
            market_step(&arena, rules, result.after, &decisions, &key, &probe, &next, &problem);
        if (code != ERR_OK)
            fail_msg("round %d: %s at %s", round, err_name(code), problem.place);
        result = next;
    }
    struct market_indicators indicators;
    market_indicators_get(rules, result.after, 0, &indicators);
    arena_clear(&arena);
    return indicators.value[INDICATOR_EQUITY];
}

/* Mean and standard error of steady's lead over a policy in one seat, over paired seeds. */
static void lead_of_steady(enum market_policy policy, const struct world_options *options,
                           double *mean, double *error)
{
    enum { SEEDS = 8 };
    double sum = 0, squares = 0;
    for (int s = 0; s < SEEDS; s++) {
        const char seed[] = {'l', 'e', 'a', 'd', (char)('a' + s), '\0'};
        double lead = seat_plays(POLICY_STEADY, options, seed) - seat_plays(policy, options, seed);
        sum += lead;
        squares += lead * lead;
    }
    *mean = sum / SEEDS;
    *error = sqrt((squares / SEEDS - *mean * *mean) / (SEEDS - 1));
}

static void test_steady_beats_the_novice_in_play(void **state)
{
    (void)state;
    const struct world_options worlds[] = {
        {.b = 20, .traffic_sd = 0.08, .luck_sd = 0.05, .dispersion = 0.05},
        {.b = 20, .traffic_sd = 0.08, .luck_sd = 0.05, .second_market = true},
        {.b = 20, .traffic_sd = 0.08, .luck_sd = 0.05, .cold = true},
        {.b = 20, .traffic_sd = 0.08, .luck_sd = 0.05, .second_market = true, .level2 = true},
    };
    for (size_t w = 0; w < COUNT_OF(worlds); w++) {
        double mean, error;
        lead_of_steady(POLICY_NOVICE, &worlds[w], &mean, &error);
        print_message("world %d: steady leads the novice by %.3f (se %.3f) of opening equity\n",
                      (int)w, mean, error);
        assert_true(mean > 2 * error && mean > 0.05);
    }
    double mean, error;
    lead_of_steady(POLICY_LATE, &worlds[0], &mean, &error);
    assert_true(mean > 2 * error); /* who reorders late loses sales */
}

static void test_steady_earns(void **state)
{
    (void)state;
    const struct world_options options = {
        .b = 20, .traffic_sd = 0.08, .luck_sd = 0.05, .dispersion = 0.05};
    double equity = seat_plays(POLICY_STEADY, &options, "earns");
    print_message("steady ends at %.3f of its opening equity\n", equity);
    assert_true(equity > 1.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test_setup_teardown(test_first_prices, setup, teardown),
        cmocka_unit_test_setup_teardown(test_prices_move_half_way, setup, teardown),
        cmocka_unit_test_setup_teardown(test_prices_stay_in_the_band, setup, teardown),
        cmocka_unit_test_setup_teardown(test_promise_is_what_the_lane_keeps, setup, teardown),
        cmocka_unit_test_setup_teardown(test_base_stock_on_position, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_minimum_is_ordered_when_it_lasts_not_too_long, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_orders_stay_within_the_means, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_is_ordered_that_would_come_too_late, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_forecasts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stock_at_home_goes_abroad, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_a_local_lane_goods_stay_at_home, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_decisions_are_valid_in_any_world, setup, teardown),
        cmocka_unit_test_setup_teardown(test_decisions_are_valid_in_any_world_of_level_2, setup,
                                        teardown),
        cmocka_unit_test(test_steady_beats_the_novice_in_play),
        cmocka_unit_test(test_steady_earns),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
