/* What a unit costs and the price without a loss: worked numbers, edges, refusals. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "engine/market/policy.h"
#include "policy_rules.h"

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

static struct market_unit_cost cost_of(const struct market_rules *rules, int bulk, int sale,
                                       int64_t units)
{
    struct market_unit_cost cost;
    struct problem problem = {0};
    assert_int_equal(market_unit_cost_reckon(rules, rules->start_date, 0, 0, 0, bulk, sale, units,
                                             &cost, &problem),
                     ERR_OK);
    return cost;
}

/* A sale's profit as it is booked: tax and referral half up. */
static int64_t profit_of(const struct market_rules *rules, const struct market_unit_cost *cost,
                         int64_t landed_local, int64_t price)
{
    int64_t tax = 0, referral = 0;
    assert_true(int64_multiply_divide(price, cost->tax_rate_1e9, RATE_ONE + cost->tax_rate_1e9,
                                      ROUND_HALF_UP, &tax));
    assert_true(money_times_rate(price, cost->referral_rate_1e9, ROUND_HALF_UP, &referral));
    if (referral < rules->nests[0].referral_minimum_minor)
        referral = rules->nests[0].referral_minimum_minor;
    return price - tax - referral - landed_local - cost->sale_minor;
}

/* 500 units by sea: (19,500.00 + 600.00) / 500 = 40.20; 90 kg at 9.00 and 800.00 a shipment make
 * 3.22; duty 2.7 % of 2,468.35 + 203.80 EUR = 72.15, 569.99 CNY, 1.14 a unit. 44.56 CNY are 5.64
 * EUR, with 3.00 fulfilment 8.64, and 12.52 the price at which 2.00 tax and 1.88 referral leave it.
 */
static void test_a_lot_by_sea(void **state)
{
    struct market_rules *rules = shop_rules(*state);
    struct market_unit_cost cost = cost_of(rules, SHOP_SEA, SHOP_LOCAL, 500);
    assert_int_equal(cost.purchase_minor, 4020);
    assert_int_equal(cost.freight_minor, 322);
    assert_int_equal(cost.duty_minor, 114);
    assert_int_equal(cost.landed_minor, 4456);
    assert_int_equal(cost.sale_minor, 300);
    assert_int_equal(cost.tax_rate_1e9, 190000000);
    assert_int_equal(cost.referral_rate_1e9, 150000000);
    assert_int_equal(cost.break_even_minor, 1252);
    assert_int_equal(profit_of(rules, &cost, 564, 1252), 0);
    assert_int_equal(profit_of(rules, &cost, 564, 1251), -1);
}

/* A small lot: the dearer price, and its fixed costs on fewer units. */
static void test_a_small_lot(void **state)
{
    struct market_rules *rules = shop_rules(*state);
    struct market_unit_cost cost = cost_of(rules, SHOP_SEA, SHOP_LOCAL, 50);
    assert_int_equal(cost.purchase_minor, 5400);
    assert_int_equal(cost.freight_minor, 1762);
    assert_int_equal(cost.duty_minor, 161);
    assert_int_equal(cost.break_even_minor, 1778);
    /* One unit below a price break pays the dearer price. */
    assert_int_equal(cost_of(rules, SHOP_SEA, SHOP_LOCAL, 499).purchase_minor, 4320);
}

/* From home: 180 g are two steps of 100 g, 18.00 + 15.00 CNY, 4.18 EUR; the parcel pays 3.00. */
static void test_a_direct_parcel(void **state)
{
    struct market_rules *rules = shop_rules(*state);
    struct market_unit_cost cost = cost_of(rules, -1, SHOP_LINE, 500);
    assert_int_equal(cost.freight_minor, 0);
    assert_int_equal(cost.duty_minor, 0);
    assert_int_equal(cost.landed_minor, 4020);
    assert_int_equal(cost.sale_minor, 718);
    assert_int_equal(cost.break_even_minor, 1778);
    /* Bulky goods are billed by volume: 20 x 20 x 10 cm / 5000 = 800 g, 72.00 + 15.00. */
    struct market_product *product = ARENA_NEW(*state, struct market_product);
    *product = rules->products[0];
    product->length_mm = product->width_mm = 200;
    product->height_mm = 100;
    rules->products = product;
    assert_int_equal(cost_of(rules, -1, SHOP_LINE, 500).sale_minor, 1101 + 300);
}

/* Above 150.00 without tax the parcel pays 2.7 % of its price instead: price and duty agree. */
static void test_a_dear_parcel_pays_by_its_price(void **state)
{
    struct market_rules *rules = shop_rules(*state);
    struct market_supplier *supplier = ARENA_NEW(*state, struct market_supplier);
    *supplier = rules->suppliers[0];
    supplier->break_count = 1;
    supplier->breaks[0] = (struct market_break){1, 110000};
    supplier->inspection_fee_minor = 0;
    rules->suppliers = supplier;
    struct market_unit_cost cost = cost_of(rules, -1, SHOP_LINE, 1);
    assert_int_equal(cost.landed_minor, 110000);
    int64_t net = cost.break_even_minor - (cost.break_even_minor * 19 + 59) / 119;
    assert_true(net > 15000);
    assert_in_range(cost.sale_minor - 418, net * 27 / 1000 - 1, net * 27 / 1000 + 1);
    assert_in_range(cost.break_even_minor, 21478, 21485); /* 143.42 / (0.690336 - 0.022689) */
    assert_true(profit_of(rules, &cost, 13924, cost.break_even_minor) >= 0);
}

/* A referral of at least 5.00: (8.64 + 5.00) 1.19 = 16.23. */
static void test_a_minimum_referral(void **state)
{
    struct market_rules *rules = shop_rules(*state);
    struct market_nest *nest = ARENA_NEW(*state, struct market_nest);
    *nest = rules->nests[0];
    nest->referral_minimum_minor = 500;
    rules->nests = nest;
    struct market_unit_cost cost = cost_of(rules, SHOP_SEA, SHOP_LOCAL, 500);
    assert_int_equal(cost.break_even_minor, 1623);
    assert_int_equal(profit_of(rules, &cost, 564, 1623), 0);
    assert_int_equal(profit_of(rules, &cost, 564, 1622), -1);
}

static void test_no_price_covers_all(void **state)
{
    struct market_rules *rules = shop_rules(*state);
    struct market_nest *nest = ARENA_NEW(*state, struct market_nest);
    *nest = rules->nests[0];
    nest->referral_rate_1e9 = 500000000;
    rules->nests = nest;
    struct trade_rule *rows = ARENA_ARRAY(*state, struct trade_rule, 4);
    memcpy(rows, rules->trade.rows, 4 * sizeof(*rows));
    rows[3].rate_1e9 = RATE_ONE; /* half of a price is tax, half referral */
    rules->trade.rows = rows;
    assert_true(cost_of(rules, SHOP_SEA, SHOP_LOCAL, 500).break_even_minor == INT64_MAX);
    assert_true(cost_of(rules, -1, SHOP_LINE, 500).break_even_minor == INT64_MAX);
}

static void test_the_day_decides_rate_and_tax(void **state)
{
    struct market_rules *rules = shop_rules(*state);
    static const int64_t fx[] = {RATE_ONE, RATE_ONE, 7900000000, 15800000000, 1, 1, 1, 1};
    rules->fx_1e9 = fx;
    rules->fx_days = 2;
    struct market_unit_cost cost = cost_of(rules, SHOP_SEA, SHOP_LOCAL, 500), later;
    struct problem problem = {0};
    assert_int_equal(market_unit_cost_reckon(rules, rules->start_date + 1, 0, 0, 0, SHOP_SEA,
                                             SHOP_LOCAL, 500, &later, &problem),
                     ERR_OK);
    assert_int_equal(later.purchase_minor, cost.purchase_minor);
    /* The euro is worth twice as much: 2.82 + 3.00 instead of 5.64 + 3.00. */
    assert_int_equal(cost.break_even_minor, 1252);
    assert_in_range(later.break_even_minor, 842, 844);
}

static void refused(const struct market_rules *rules, int product, int nest, int supplier, int bulk,
                    int sale, int64_t units, enum err code, const char *place)
{
    struct market_unit_cost cost;
    struct problem problem = {0};
    assert_int_equal(market_unit_cost_reckon(rules, rules->start_date, product, nest, supplier,
                                             bulk, sale, units, &cost, &problem),
                     code);
    assert_string_equal(problem.place, place);
}

static void test_what_does_not_belong_together(void **state)
{
    struct market_rules *rules = shop_rules(*state);
    refused(rules, 1, 0, 0, SHOP_SEA, SHOP_LOCAL, 1, ERR_RANGE, "product");
    refused(rules, 0, -1, 0, SHOP_SEA, SHOP_LOCAL, 1, ERR_RANGE, "nest");
    refused(rules, 0, 0, 1, SHOP_SEA, SHOP_LOCAL, 1, ERR_RANGE, "supplier");
    refused(rules, 0, 0, 0, 3, SHOP_LOCAL, 1, ERR_RANGE, "lane");
    refused(rules, 0, 0, 0, SHOP_SEA, -1, 1, ERR_RANGE, "lane");
    refused(rules, 0, 0, 0, SHOP_SEA, SHOP_LOCAL, 0, ERR_RANGE, "units");
    refused(rules, 0, 0, 0, SHOP_SEA, SHOP_LOCAL, 1000001, ERR_RANGE, "units");
    refused(rules, 0, 0, 0, SHOP_SEA, SHOP_SEA, 1, ERR_LANE_KIND, "lane");
    refused(rules, 0, 0, 0, SHOP_LINE, SHOP_LOCAL, 1, ERR_LANE_KIND, "lane");
    refused(rules, 0, 0, 0, -1, SHOP_LOCAL, 1, ERR_LANE_KIND, "lane"); /* nothing comes there */
    struct market_supplier *supplier = ARENA_NEW(*state, struct market_supplier);
    *supplier = rules->suppliers[0];
    supplier->product = 1;
    rules->suppliers = supplier;
    refused(rules, 0, 0, 0, SHOP_SEA, SHOP_LOCAL, 1, ERR_SUPPLIER_PRODUCT, "supplier");
    rules = shop_rules(*state);
    rules->trade.count = 3; /* no tax row */
    refused(rules, 0, 0, 0, SHOP_SEA, SHOP_LOCAL, 1, ERR_DATUM_MISSING, "DE 392690 2026-02-02");
}

/* In random worlds: no loss at the price found, a loss one unit below; parts sum to the landed. */
static void test_break_even_is_the_lowest_price_without_loss(void **state)
{
    struct rng_key key = rng_key_from_text(STR("break-even"));
    int checked = 0;
    for (int32_t i = 0; i < 400; i++) {
        struct arena_mark mark = arena_mark_get(*state);
        struct market_rules *rules = random_rules(*state, key, i);
        for (int s = 0; s < rules->supplier_count; s++)
            for (int bulk = 0; bulk < rules->lane_count; bulk++)
                for (int sale = 0; sale < rules->lane_count; sale++) {
                    struct market_unit_cost cost;
                    struct problem problem = {0};
                    int product = rules->suppliers[s].product;
                    int64_t units = rules->suppliers[s].breaks[0].units_min;
                    if (rules->lanes[sale].kind != LANE_LOCAL ||
                        rules->products[product].category != rules->nests[0].category ||
                        market_unit_cost_reckon(rules, rules->start_date, product, 0, s, bulk, sale,
                                                units, &cost, &problem) != ERR_OK)
                        continue;
                    assert_int_equal(cost.landed_minor,
                                     cost.purchase_minor + cost.freight_minor + cost.duty_minor);
                    int currency = rules->markets[0].currency;
                    if (currency != 0 || cost.break_even_minor == INT64_MAX)
                        continue;
                    assert_true(profit_of(rules, &cost, cost.landed_minor, cost.break_even_minor) >=
                                0);
                    assert_true(
                        profit_of(rules, &cost, cost.landed_minor, cost.break_even_minor - 1) < 0);
                    checked++;
                }
        arena_rewind(*state, mark);
    }
    assert_true(checked > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_lot_by_sea, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_small_lot, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_direct_parcel, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_dear_parcel_pays_by_its_price, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_minimum_referral, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_price_covers_all, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_day_decides_rate_and_tax, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_does_not_belong_together, setup, teardown),
        cmocka_unit_test_setup_teardown(test_break_even_is_the_lowest_price_without_loss, setup,
                                        teardown),
    };
    return cmocka_run_group_tests_name("unit_cost", tests, NULL, NULL);
}
