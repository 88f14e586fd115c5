/* The worked numbers of docs/model-trade.md and docs/model-policies.md, by the engine's own code.
 */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/date.h"
#include "core/file.h"
#include "engine/market/policy.h"
#include "engine/supply/supply.h"
#include "policy_rules.h"

/* ---- trade ---- */

static struct trade_rule row_of(enum trade_kind kind, enum trade_formula formula, int64_t rate_1e9)
{
    struct trade_rule row = {
        .market = "AU",
        .kind = kind,
        .formula = formula,
        .base = kind == TRADE_TAX ? TRADE_BASE_VALUE_DUTY_CHARGES : TRADE_BASE_VALUE,
        .rate_1e9 = rate_1e9,
        .threshold_high_minor = INT64_MAX,
        .rounding_step_minor = 1,
        .valid_from = INT32_MIN,
        .valid_to = INT32_MAX,
        .status = TRADE_IN_FORCE,
    };
    return row;
}

static const int32_t july = 20635; /* 2026-07-01 */

static struct trade_quote quote_of(const struct trade_rule *duty, enum trade_formula value,
                                   int64_t tax_1e9, const struct trade_item *items, int count,
                                   int64_t freight_minor, int32_t date)
{
    struct trade_rule rows[] = {row_of(TRADE_VALUE, value, 0), *duty,
                                row_of(TRADE_TAX, TRADE_FORMULA_RATE, tax_1e9)};
    struct trade_rules rules = {.count = 3, .rows = rows};
    struct trade_request request = {.date = date,
                                    .market = "AU",
                                    .mode = TRADE_MODE_PARCEL,
                                    .item_count = count,
                                    .items = items,
                                    .freight_minor = freight_minor};
    struct trade_quote quote;
    struct problem problem = {0};
    assert_int_equal(date_from_civil((struct civil){2026, 7, 1}), july);
    assert_int_equal(trade_quote_make(&rules, &request, &quote, &problem), ERR_OK);
    return quote;
}

static struct trade_quote australia(void)
{
    const struct trade_item item = {.hs6 = "392690", .units = 1, .value_minor = 120000};
    const struct trade_rule duty = row_of(TRADE_DUTY, TRADE_FORMULA_RATE, 50000000);
    return quote_of(&duty, TRADE_FORMULA_FOB, 100000000, &item, 1, 15000, july);
}

/* Three euro a tariff line from July on, nothing before. */
static struct trade_quote europe(int lines, int32_t date)
{
    const struct trade_item items[] = {{.hs6 = "610910", .units = 5, .value_minor = 5000},
                                       {.hs6 = "910211", .units = 1, .value_minor = 5000}};
    struct trade_rule duty = row_of(TRADE_DUTY, TRADE_FORMULA_PER_LINE, 0);
    duty.amount_minor = date < july ? 0 : 300;
    return quote_of(&duty, TRADE_FORMULA_CIF, 190000000, items, lines, 0, date);
}

static double au_duty(void)
{
    return (double)australia().duty_minor / 100;
}
static double au_tax_base(void)
{
    return (double)australia().tax_base_minor / 100;
}
static double au_tax(void)
{
    return (double)australia().tax_minor / 100;
}
static double au_payable(void)
{
    return (double)australia().payable_minor / 100;
}
static double eu_shirts(void)
{
    return (double)europe(1, july).duty_minor / 100;
}
static double eu_shirt_watch(void)
{
    return (double)europe(2, july).duty_minor / 100;
}
static double eu_shirts_tax(void)
{
    return (double)europe(1, july).tax_minor / 100;
}
static double eu_before(void)
{
    return (double)europe(1, july - 1).duty_minor / 100;
}

static double freight_share(void)
{
    const struct trade_item items[] = {{.hs6 = "392690", .value_minor = 1000},
                                       {.hs6 = "392690", .value_minor = 1000},
                                       {.hs6 = "392690", .value_minor = 1000}};
    const struct trade_rule duty = row_of(TRADE_DUTY, TRADE_FORMULA_RATE, 0);
    struct trade_quote quote = quote_of(&duty, TRADE_FORMULA_CIF, 0, items, 3, 100, july);
    return (double)(quote.lines[0].amount_minor - 1000) / 100;
}

static double br_duty(void)
{
    const struct trade_item item = {.hs6 = "392690", .value_minor = 10000};
    struct trade_rule duty = row_of(TRADE_DUTY, TRADE_FORMULA_RATE, 600000000);
    duty.amount_minor = -2000;
    return (double)quote_of(&duty, TRADE_FORMULA_CIF, 0, &item, 1, 0, july).duty_minor / 100;
}

static double tax_inside(void)
{
    struct trade_rule row = row_of(TRADE_TAX, TRADE_FORMULA_RATE, 190000000);
    struct trade_rules rules = {.count = 1, .rows = &row};
    int64_t rate = 0, tax = 0;
    struct problem problem = {0};
    assert_int_equal(trade_tax_rate(&rules, "AU", "392690", july, &rate, &problem), ERR_OK);
    assert_true(int64_multiply_divide(2000, rate, RATE_ONE + rate, ROUND_HALF_UP, &tax));
    return (double)tax / 100;
}

/* ---- supply ---- */

static double newsvendor_level(void)
{
    struct supply_level best;
    assert_true(supply_newsvendor_normal(0.18, 0.70, 50, 8, &best));
    return best.base_stock;
}
static double newsvendor_cost(void)
{
    struct supply_level best;
    assert_true(supply_newsvendor_normal(0.18, 0.70, 50, 8, &best));
    return best.cost;
}
static double newsvendor_poisson(void)
{
    struct supply_level best;
    assert_true(supply_newsvendor_poisson(1, 4, 6, &best));
    return best.base_stock;
}
static struct supply_protection protection(void)
{
    struct supply_protection ahead;
    assert_true(supply_protection_demand(8, sqrt(8), 40, sqrt(37), 14, &ahead));
    return ahead;
}
static double protection_mean(void)
{
    return protection().mean;
}
static double protection_sd(void)
{
    return protection().sd;
}
static double eoq_quantity(void)
{
    struct supply_lot lot;
    assert_true(supply_eoq(8, 0.225, 1300, &lot));
    return lot.quantity;
}
static double eoq_cost(void)
{
    struct supply_lot lot;
    assert_true(supply_eoq(8, 0.225, 1300, &lot));
    return lot.cost;
}
static double smoothed(void)
{
    const int32_t units[] = {2, 4, 6, 8};
    double level = 0;
    assert_true(supply_forecast_smooth(units, NULL, 4, 0.5, 2, &level));
    return level;
}

/* ---- unit cost and policies, in the worked shop ---- */

static double in_shop(double (*read)(struct arena *arena, struct market_rules *rules))
{
    struct arena arena;
    arena_init(&arena);
    double answer = read(&arena, shop_rules(&arena));
    arena_clear(&arena);
    return answer;
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

#define SHOP(name, expression)                                                                     \
    static double name##_read(struct arena *arena, struct market_rules *rules)                     \
    {                                                                                              \
        (void)arena;                                                                               \
        return (double)(expression);                                                               \
    }                                                                                              \
    static double name(void)                                                                       \
    {                                                                                              \
        return in_shop(name##_read);                                                               \
    }

SHOP(lot_purchase, cost_of(rules, SHOP_SEA, SHOP_LOCAL, 500).purchase_minor / 100.0)
SHOP(lot_freight, cost_of(rules, SHOP_SEA, SHOP_LOCAL, 500).freight_minor / 100.0)
SHOP(lot_duty, cost_of(rules, SHOP_SEA, SHOP_LOCAL, 500).duty_minor / 100.0)
SHOP(lot_landed, cost_of(rules, SHOP_SEA, SHOP_LOCAL, 500).landed_minor / 100.0)
SHOP(lot_break_even, cost_of(rules, SHOP_SEA, SHOP_LOCAL, 500).break_even_minor / 100.0)
SHOP(small_lot_break_even, cost_of(rules, SHOP_SEA, SHOP_LOCAL, 50).break_even_minor / 100.0)
SHOP(parcel_sale, cost_of(rules, -1, SHOP_LINE, 500).sale_minor / 100.0)
SHOP(parcel_break_even, cost_of(rules, -1, SHOP_LINE, 500).break_even_minor / 100.0)

/* The shop without fixed costs and price breaks, 8 units a day: a field of the policy's first row.
 */
static double decided(struct arena *arena, struct market_rules *rules, enum market_policy policy,
                      enum market_field field, int64_t price_minor, int64_t on_hand)
{
    struct market_supplier supplier = rules->suppliers[0];
    struct market_lane lanes[3];
    memcpy(lanes, rules->lanes, sizeof(lanes));
    supplier.break_count = 1;
    supplier.inspection_fee_minor = 1;
    lanes[SHOP_SEA].price_per_piece_minor = 0;
    lanes[SHOP_SEA].weight_step_g = 1;
    rules->suppliers = &supplier;
    rules->lanes = lanes;
    struct market_observation *seen = shop_seen(arena, rules, 8);
    struct market_listing_view view = seen->listings[0];
    view.price_minor = price_minor;
    seen->listings = &view;
    seen->cash_minor[0] = 1000000000;
    const struct market_stock_view stock = {.place = 1, .units = on_hand};
    seen->stock = &stock;
    seen->stock_count = 1;
    struct market_seat_decisions decisions;
    market_policy_decide(arena, policy, seen, &decisions);
    const struct market_rows *rows = &decisions.lists[market_field_list(field)];
    assert_int_equal(rows->count, 1);
    return (double)market_row_number(&rows->rows[0], field);
}

/* The same with one group of queries that can be sponsored, 200 units abroad. */
static double advertised(struct arena *arena, struct market_rules *rules, enum market_policy policy,
                         enum market_field field)
{
    struct market_nest *nest = ARENA_NEW(arena, struct market_nest);
    *nest = rules->nests[0];
    nest->query_count = 1;
    nest->queries[0] = (struct market_query_group){.term = "case", .weight = 1};
    rules->nests = nest;
    rules->level = 2;
    rules->promotion.open = true;
    return decided(arena, rules, policy, field, 1825, 200);
}

SHOP(steady_bid, advertised(arena, rules, POLICY_STEADY, F_campaigns_bid) / 100)
SHOP(steady_cap, advertised(arena, rules, POLICY_STEADY, F_campaigns_cap) / 100)
SHOP(heavy_bid, advertised(arena, rules, POLICY_HEAVY_ADS, F_campaigns_bid) / 100)
SHOP(heavy_brand, advertised(arena, rules, POLICY_HEAVY_ADS, F_brand_brand_spend) / 100)
SHOP(steady_price, decided(arena, rules, POLICY_STEADY, F_listings_price, 0, 0) / 100)
SHOP(cheap_price, decided(arena, rules, POLICY_CHEAP, F_listings_price, 0, 0) / 100)
SHOP(premium_price, decided(arena, rules, POLICY_PREMIUM, F_listings_price, 0, 0) / 100)
SHOP(steady_level, decided(arena, rules, POLICY_STEADY, F_orders_units, 1825, 0))
SHOP(over_level, decided(arena, rules, POLICY_OVER, F_orders_units, 1825, 0))
SHOP(novice_price, decided(arena, rules, POLICY_NOVICE, F_listings_price, 0, 0) / 100)
SHOP(novice_order, decided(arena, rules, POLICY_NOVICE, F_orders_units, 1431, 200))

/* ---- the pages ---- */

struct worked {
    const char *name;
    double (*compute)(void);
};

#define WORKED(name)                                                                               \
    {                                                                                              \
#name, name                                                                                \
    }

static const struct worked trade_page[] = {
    WORKED(au_duty),         WORKED(au_tax_base),        WORKED(au_tax),
    WORKED(au_payable),      WORKED(eu_shirts),          WORKED(eu_shirt_watch),
    WORKED(eu_shirts_tax),   WORKED(eu_before),          WORKED(freight_share),
    WORKED(br_duty),         WORKED(tax_inside),         WORKED(newsvendor_level),
    WORKED(newsvendor_cost), WORKED(newsvendor_poisson), WORKED(protection_mean),
    WORKED(protection_sd),   WORKED(eoq_quantity),       WORKED(eoq_cost),
    WORKED(smoothed),
};

static const struct worked policies_page[] = {
    WORKED(lot_purchase), WORKED(lot_freight),       WORKED(lot_duty),
    WORKED(lot_landed),   WORKED(lot_break_even),    WORKED(small_lot_break_even),
    WORKED(parcel_sale),  WORKED(parcel_break_even), WORKED(steady_price),
    WORKED(cheap_price),  WORKED(premium_price),     WORKED(steady_level),
    WORKED(over_level),   WORKED(novice_price),      WORKED(novice_order),
    WORKED(steady_bid),   WORKED(steady_cap),        WORKED(heavy_bid),
    WORKED(heavy_brand),
};

static const struct worked *worked_find(const struct worked *list, size_t count, struct str name)
{
    for (size_t w = 0; w < count; w++)
        if (str_equal_c(name, list[w].name))
            return &list[w];
    return NULL;
}

/* Every "`worked NAME = VALUE`" of the page equals what the engine computes, to half a unit of the
 * last printed digit; every name of the list stands there once. */
static void page_agrees(const char *path, const struct worked *list, size_t count)
{
    struct arena arena;
    arena_init(&arena);
    struct str page;
    struct problem problem = {0};
    if (file_read(&arena, path, 1 << 20, &page, &problem) != ERR_OK)
        fail_msg("%s cannot be read", path);
    const struct str mark = STR("`worked ");
    size_t seen = 0;
    for (size_t at = 0; at + mark.length < page.length; at++) {
        if (!str_equal(str_slice(page, at, mark.length), mark))
            continue;
        struct str rest = str_slice(page, at + mark.length, page.length);
        struct str text = str_slice(rest, 0, str_find_byte(rest, '`'));
        size_t equals = str_find_byte(text, '=');
        struct str name = str_trim(str_slice(text, 0, equals));
        struct str number = str_trim(str_slice(text, equals + 1, text.length));
        const struct worked *worked = worked_find(list, count, name);
        double printed = 0;
        if (worked == NULL || !str_to_double(number, &printed))
            fail_msg("%s: %.*s is not computed", path, (int)name.length, name.text);
        size_t point = str_find_byte(number, '.');
        double unit = 1;
        for (size_t d = point + 1; d < number.length; d++)
            unit /= 10;
        double computed = worked->compute();
        if (fabs(computed - printed) > unit * 0.5000001)
            fail_msg("%s: %s is %.9g, the page says %.*s", path, worked->name, computed,
                     (int)number.length, number.text);
        seen++;
    }
    assert_int_equal(seen, count);
    arena_clear(&arena);
}

static void test_the_trade_page(void **state)
{
    (void)state;
    page_agrees(SAMPAN_SOURCE_ROOT "/docs/model-trade.md", trade_page, COUNT_OF(trade_page));
}

static void test_the_policies_page(void **state)
{
    (void)state;
    page_agrees(SAMPAN_SOURCE_ROOT "/docs/model-policies.md", policies_page,
                COUNT_OF(policies_page));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_trade_page),
        cmocka_unit_test(test_the_policies_page),
    };
    return cmocka_run_group_tests_name("pages", tests, NULL, NULL);
}
