/* What a seller would find absurd: goods of one day travel together, money held in other currencies
 * pays before the overdraft does, service is not luck. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "effects.h"
#include "engine/market/policy.h"
#include "engine/market/score.h"
#include "money_bench.h"

/* ---- consignments ---- */

static void goods_bought(struct money_bench *bench, int product, int64_t units, int64_t value)
{
    struct market_firm *firm = money_firm(bench);
    firm->units[product].bought += units;
    market_post(&bench->work, 0, 0, ACCOUNT_TRANSIT, ACCOUNT_CASH, value, REASON_ARRIVAL, product);
    market_ship(&bench->work, 0, product, WORLD_LANE_AIR, units, value, 0.02, false);
}

static int64_t freight_of(const struct money_bench *bench, int product)
{
    const struct market_firm *firm = &bench->work.state->firms[0];
    for (int s = firm->shipment_count - 1; s >= 0; s--)
        if (firm->shipments[s].product == product)
            return firm->shipments[s].freight_minor;
    return -1;
}

/* Two products of one day and lane: base freight and declaration once, freight shared by weight. */
static void a_day_s_goods_are_one_consignment(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    const struct market_rules *rules = bench.rules;
    const struct market_lane *air = &rules->lanes[WORLD_LANE_AIR];
    int64_t entry = rules->customs.entry_fee_minor[CUSTOMS_0110];
    int64_t first = market_consignment_cost(&bench.work, 0, 0, WORLD_LANE_AIR, 100);
    int64_t second = market_consignment_cost(&bench.work, 0, 1, WORLD_LANE_AIR, 300);
    int64_t room = market_can_pay(&bench.work, 0);
    goods_bought(&bench, 0, 100, 420000);
    assert_int_equal(room - market_can_pay(&bench.work, 0), 420000 + first);
    /* The second lot pays neither the piece nor the declaration again. */
    int64_t more = market_consignment_cost(&bench.work, 0, 1, WORLD_LANE_AIR, 300);
    assert_true(llabs(second - more - air->price_per_piece_minor - entry) <=
                air->price_per_kg_minor);
    goods_bought(&bench, 1, 300, 900000);
    int64_t cash = money_cash(&bench, 0);
    int64_t fees = money_firm(&bench)->balance[ACCOUNT_FULFILMENT][0];
    assert_int_equal(market_goods_day(&bench.work), ERR_OK);
    assert_int_equal(cash - money_cash(&bench, 0), first + more);
    assert_int_equal(money_firm(&bench)->balance[ACCOUNT_FULFILMENT][0] - fees, entry);
    int64_t shared = freight_of(&bench, 0) + freight_of(&bench, 1);
    assert_int_equal(shared, first + more - entry);
    int64_t weight[2] = {100 * market_billed_weight_g(air, &rules->products[0]),
                         300 * market_billed_weight_g(air, &rules->products[1])};
    double part = (double)shared * (double)weight[0] / (double)(weight[0] + weight[1]);
    assert_true(fabs((double)freight_of(&bench, 0) - part) <= 1);
    assert_int_equal(market_can_pay(&bench.work, 0), room - 420000 - 900000 - first - more);
    assert_int_equal(market_invariants_check(&bench.work), ERR_OK);
    /* The next day is another consignment. */
    market_work_day(&bench.work, 1);
    assert_int_equal(market_consignment_cost(&bench.work, 0, 0, WORLD_LANE_AIR, 100), first);
    money_bench_close(&bench);
}

/* Another mode is another consignment; another lane too. */
static void modes_and_lanes_travel_apart(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    market_declaration_at(bench.work.state, money_firm(&bench), 1, MONEY_DE)->mode =
        1 + market_customs_mode_find(9810);
    int64_t other = market_consignment_cost(&bench.work, 0, 1, WORLD_LANE_AIR, 300);
    int64_t sea = market_consignment_cost(&bench.work, 0, 0, WORLD_LANE_SEA, 300);
    goods_bought(&bench, 0, 100, 420000);
    assert_int_equal(market_consignment_cost(&bench.work, 0, 1, WORLD_LANE_AIR, 300), other);
    assert_int_equal(market_consignment_cost(&bench.work, 0, 0, WORLD_LANE_SEA, 300), sea);
    money_bench_close(&bench);
}

/* Parcels of a lane and day go on one list, shared by value. */
static void parcels_of_a_day_are_one_list(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    int64_t fee = bench.rules->customs.entry_fee_minor[CUSTOMS_9610], cash = money_cash(&bench, 0);
    market_parcels_declare(&bench.work, 0, 0, WORLD_LANE_LINE, 300);
    market_parcels_declare(&bench.work, 0, 1, WORLD_LANE_LINE, 100);
    market_parcels_send(&bench.work);
    assert_int_equal(cash - money_cash(&bench, 0), fee);
    market_parcels_declare(&bench.work, 0, 0, WORLD_LANE_LINE, 300);
    market_parcels_declare(&bench.work, 0, 1, WORLD_LANE_POST_GB, 100);
    market_parcels_send(&bench.work);
    assert_int_equal(cash - money_cash(&bench, 0), 3 * fee);
    money_bench_close(&bench);
}

/* ---- own currency before the overdraft ---- */

static void give(struct money_bench *bench, int currency, int64_t amount)
{
    market_post(&bench->work, 0, currency, ACCOUNT_CASH, ACCOUNT_EQUITY, amount, REASON_OPENING,
                -1);
}

static void own_currency_pays_before_the_overdraft(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    struct market_firm *firm = money_firm(&bench);
    give(&bench, 0, -money_cash(&bench, 0) - 100000); /* CNY 1,000.00 short */
    int64_t limit = bench.rules->finance.overdraft_limit_minor;
    assert_int_equal(market_can_pay(&bench.work, 0), limit - 100000);
    give(&bench, 1, 100000); /* EUR 1,000.00, of which 400.00 are owed as tax */
    market_post(&bench.work, 0, 1, ACCOUNT_EQUITY, ACCOUNT_TAX, 40000, REASON_OPENING, -1);
    int64_t spare = market_to_home(&bench.work, 1, 60000), fee = 0;
    assert_true(
        money_times_rate(spare, bench.rules->finance.conversion_fee_1e9, ROUND_HALF_UP, &fee));
    assert_int_equal(market_can_pay(&bench.work, 0), limit - 100000 + spare - fee);
    market_cover_home(&bench.work, 0);
    /* Just as much is changed as is short, the fee paid out of it. */
    assert_true(money_cash(&bench, 0) >= 0 && money_cash(&bench, 0) < 20);
    assert_true(firm->balance[ACCOUNT_CONVERSION][0] > 0);
    /* What is held for the tax office stays. */
    give(&bench, 0, -1000000);
    market_cover_home(&bench.work, 0);
    assert_int_equal(firm->balance[ACCOUNT_CASH][1], 40000);
    assert_true(money_cash(&bench, 0) < 0);
    money_bench_close(&bench);
}

/* ---- service ---- */

/* Twelve firms that always have goods serve all they are asked for, whatever the draw. */
static void who_never_runs_out_serves_all(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {.products = 2, .luck_sd = 0.05};
    struct market_rules *rules = world_rules(&arena, &options);
    struct market_key key = world_key("service");
    struct market_result result;
    struct problem problem = {0};
    struct market_decisions nothing = world_nothing(&arena, rules);
    assert_int_equal(market_open(&arena, rules, &key, &result, &problem), ERR_OK);
    for (int r = 0; r < 8; r++) {
        assert_int_equal(
            market_step(&arena, rules, result.after, &nothing, &key, NULL, &result, &problem),
            ERR_OK);
        double least = 1;
        for (int f = 0; f < rules->firms; f++) {
            struct market_indicators values;
            market_indicators_get(rules, result.after, f, &values);
            double service = values.value[INDICATOR_SERVICE];
            assert_true(service >= 0 && service <= 1);
            least = service < least ? service : least;
        }
        if (r < 2)
            assert_true(least == 1); /* the opening stock lasts */
        if (r == 7)
            assert_true(least < 1); /* nothing was ordered */
    }
    arena_clear(&arena);
}

/* ---- promises and ratings ---- */

enum { WEEKS_12 = 6 };

/* Twelve weeks of a firm whose goods, promise and service are good or bad; all others steady. */
static struct market_result weeks_played(struct arena *arena, struct market_rules *rules,
                                         const char *seed, bool careless, bool careful)
{
    struct market_key key = world_key(seed);
    struct market_result result;
    struct problem problem = {0};
    assert_int_equal(market_open(arena, rules, &key, &result, &problem), ERR_OK);
    for (int r = 0; r < WEEKS_12; r++) {
        struct market_seat_decisions *firms =
            ARENA_ARRAY(arena, struct market_seat_decisions, (size_t)rules->firms);
        for (int f = 0; f < rules->firms; f++)
            market_policy_decide(arena, POLICY_STEADY, &result.observations[f], &firms[f]);
        for (int i = 0; careless && i < firms[0].lists[LIST_listings].count; i++)
            market_row_set(effect_row_of(arena, &firms[0], LIST_listings, i),
                           F_listings_promise_days, 2);
        for (int i = 0; (careless || careful) && i < firms[0].lists[LIST_orders].count; i++)
            market_row_set(effect_row_of(arena, &firms[0], LIST_orders, i), F_orders_inspect,
                           careful);
        if (careful && r == 0) {
            struct market_row *row = effect_row_add(arena, &firms[0], LIST_agents);
            market_row_set(row, F_agents_market, 0);
            market_row_set(row, F_agents_service_hours, 4);
        }
        struct market_decisions all = {.firm_count = rules->firms, .firms = firms};
        assert_int_equal(
            market_step(arena, rules, result.after, &all, &key, NULL, &result, &problem), ERR_OK);
    }
    return result;
}

static double rating_shown(const struct market_result *result)
{
    const struct market_firm *firm = &result->after->firms[0];
    double stars = 0, count = 0;
    for (int i = 0; i < firm->listing_count; i++) {
        stars +=
            (5 * 4.2 + firm->listings[i].stars_sum) / (5 + (double)firm->listings[i].review_count);
        count++;
    }
    return stars / count;
}

/* Goods of a maker with 5 % defects: who takes them as they come, promises two days and answers
 * nobody is rated 0.3 below who inspects, promises what is kept and answers. */
static void care_shows_in_the_rating(void **state)
{
    (void)state;
    enum { SEEDS = 8 };
    double gap = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
        double rating[2];
        for (int careful = 0; careful < 2; careful++) {
            struct arena arena;
            arena_init(&arena);
            struct world_options options = {.firms = 4, .b = 20, .level2 = true};
            struct market_rules *rules = world_rules(&arena, &options);
            rules->event_count = 0;
            struct market_supplier *makers = (struct market_supplier *)(uintptr_t)rules->suppliers;
            for (int s = 0; s < rules->supplier_count; s++) {
                makers[s].defect_rate = 0.05;
                makers[s].lead_days_min = 3;
            }
            char name[32];
            snprintf(name, sizeof(name), "care %d", seed);
            struct market_result result =
                weeks_played(&arena, rules, name, careful == 0, careful == 1);
            rating[careful] = rating_shown(&result);
            arena_clear(&arena);
        }
        gap += (rating[1] - rating[0]) / SEEDS;
    }
    print_message("careful above careless after twelve weeks: %.3f stars\n", gap);
    assert_true(gap >= 0.3);
}

/* Who promises what a warehouse at the door keeps is late with fewer than one parcel in twenty. */
static void an_honest_local_promise_is_kept(void **state)
{
    (void)state;
    double late = 0, delivered = 0;
    for (int seed = 0; seed < 16; seed++) {
        struct arena arena;
        arena_init(&arena);
        struct world_options options = {.firms = 4, .b = 20};
        struct market_rules *rules = world_rules(&arena, &options);
        char name[32];
        snprintf(name, sizeof(name), "promise %d", seed);
        struct market_result result = weeks_played(&arena, rules, name, false, false);
        for (int f = 0; f < rules->firms; f++)
            for (int i = 0; i < result.after->firms[f].listing_count; i++) {
                late += (double)result.after->firms[f].listings[i].round_late;
                delivered += (double)result.after->firms[f].listings[i].round_delivered;
            }
        arena_clear(&arena);
    }
    print_message("late %.2f %% of %.0f parcels\n", 100 * late / delivered, delivered);
    assert_true(delivered > 5000 && late < 0.05 * delivered);
}

/* ---- aged goods ---- */

/* Goods that lie grow older; what arrives makes the mean younger; fees follow. */
static void goods_that_lie_pay_more(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    struct market_firm *firm = money_firm(&bench);
    struct market_stock *stock =
        market_stock_at(bench.work.state, firm, 1 + MONEY_DE, MONEY_PRODUCT);
    stock->age_days = 120;
    int64_t units = stock->units;
    market_books_day(&bench.work);
    assert_true(stock->age_days == 121);
    /* EUR 20.00 x 2 % x 2 / 30 a unit and day, beside the usual fee. */
    assert_true(firm->storage_due_minor[MONEY_DE] >= units * 2000 * 2 / 50 / 30);
    market_stock_add(stock, units, 0, 0);
    assert_true(fabs(stock->age_days - 60.5) < 1e-9);
    market_stock_take(stock, 2 * units);
    market_books_day(&bench.work);
    assert_true(stock->age_days == 0);
    money_bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_day_s_goods_are_one_consignment),
        cmocka_unit_test(modes_and_lanes_travel_apart),
        cmocka_unit_test(parcels_of_a_day_are_one_list),
        cmocka_unit_test(own_currency_pays_before_the_overdraft),
        cmocka_unit_test(who_never_runs_out_serves_all),
        cmocka_unit_test(care_shows_in_the_rating),
        cmocka_unit_test(an_honest_local_promise_is_kept),
        cmocka_unit_test(goods_that_lie_pay_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
