/* What a crossing of a border costs: worked numbers, edges of dates and thresholds, refusals. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/date.h"
#include "core/rng.h"
#include "engine/trade/trade.h"

enum { ROWS_MAX = 16 };

struct pack {
    struct trade_rule rows[ROWS_MAX];
    int count;
};

static struct trade_rules rules_of(const struct pack *pack)
{
    return (struct trade_rules){.count = pack->count, .rows = pack->rows};
}

static int32_t day_of(int year, int month, int day)
{
    return date_from_civil((struct civil){year, month, day});
}

static struct trade_rule row_of(const char *id, const char *market, enum trade_kind kind,
                                enum trade_formula formula)
{
    struct trade_rule row = {
        .kind = kind,
        .formula = formula,
        .threshold_high_minor = INT64_MAX,
        .rounding_step_minor = 1,
        .valid_from = INT32_MIN,
        .valid_to = INT32_MAX,
        .announced_on = INT32_MIN,
        .status = TRADE_IN_FORCE,
    };
    memcpy(row.id, id, strlen(id));
    memcpy(row.market, market, strlen(market));
    return row;
}

static struct trade_rule rate_of(const char *id, const char *market, enum trade_kind kind,
                                 int64_t rate_1e9, enum trade_base base)
{
    struct trade_rule row = row_of(id, market, kind, TRADE_FORMULA_RATE);
    row.rate_1e9 = rate_1e9;
    row.base = base;
    return row;
}

static void prefix_set(struct trade_rule *row, const char *prefix)
{
    memset(row->hs6_prefix, 0, sizeof(row->hs6_prefix));
    memcpy(row->hs6_prefix, prefix, strlen(prefix));
}

/* Add a row and keep the order the rules ask for. */
static void pack_add(struct pack *pack, struct trade_rule row)
{
    int at = pack->count++;
    assert_true(at < ROWS_MAX);
    while (at > 0 && trade_rule_compare(&row, &pack->rows[at - 1]) < 0) {
        pack->rows[at] = pack->rows[at - 1];
        at--;
    }
    pack->rows[at] = row;
}

static struct trade_item item_of(const char *hs6, int64_t units, int64_t value_minor)
{
    struct trade_item item = {.origin = "CN", .units = units, .value_minor = value_minor};
    memcpy(item.hs6, hs6, strlen(hs6));
    return item;
}

static struct trade_request request_of(const char *market, int32_t date, enum trade_mode mode,
                                       const struct trade_item *items, int count)
{
    struct trade_request request = {.date = date, .mode = mode, .item_count = count};
    request.items = items;
    memcpy(request.market, market, strlen(market));
    return request;
}

static struct trade_quote quote_of(const struct pack *pack, const struct trade_request *request)
{
    struct trade_rules rules = rules_of(pack);
    struct trade_quote quote;
    struct problem problem = {0};
    assert_int_equal(trade_rules_check(&rules, &problem), ERR_OK);
    assert_int_equal(trade_quote_make(&rules, request, &quote, &problem), ERR_OK);
    return quote;
}

static struct pack australia(void)
{
    struct pack pack = {0};
    pack_add(&pack, row_of("au-value", "AU", TRADE_VALUE, TRADE_FORMULA_FOB));
    pack_add(&pack, rate_of("au-duty", "AU", TRADE_DUTY, 50000000, TRADE_BASE_VALUE));
    pack_add(&pack, rate_of("au-gst", "AU", TRADE_TAX, 100000000, TRADE_BASE_VALUE_DUTY_CHARGES));
    return pack;
}

/* Market model, section 6: value 1,200, duty 60, GST 10 % of 1,410 = 141, payable 201. */
static void test_australia_pays_201(void **state)
{
    (void)state;
    struct pack pack = australia();
    struct trade_item item = item_of("392690", 100, 120000);
    struct trade_request request =
        request_of("AU", day_of(2026, 5, 1), TRADE_MODE_FREIGHT, &item, 1);
    request.freight_minor = 13000;
    request.insurance_minor = 2000;
    struct trade_quote quote = quote_of(&pack, &request);
    assert_int_equal(quote.goods_minor, 120000);
    assert_int_equal(quote.customs_value_minor, 120000);
    assert_int_equal(quote.duty_minor, 6000);
    assert_int_equal(quote.tax_base_minor, 141000);
    assert_int_equal(quote.tax_minor, 14100);
    assert_int_equal(quote.payable_minor, 20100);
    assert_int_equal(quote.line_count, 3);
    assert_int_equal(quote.lines[1].kind, TRADE_DUTY);
    assert_string_equal(pack.rows[quote.lines[1].rule].id, "au-duty");
    assert_int_equal(quote.lines[1].rate_1e9, 50000000);
}

/* EU: EUR 3 a tariff line for parcels up to 150 from 2026-07-01, free of duty before, VAT on it. */
static struct pack europe(void)
{
    struct pack pack = {0};
    struct trade_rule relief = rate_of("de-free", "DE", TRADE_DUTY, 0, TRADE_BASE_VALUE);
    relief.mode = TRADE_MODE_PARCEL;
    relief.threshold_high_minor = 15000;
    relief.valid_to = day_of(2026, 7, 1);
    struct trade_rule line = row_of("de-line", "DE", TRADE_DUTY, TRADE_FORMULA_PER_LINE);
    line.mode = TRADE_MODE_PARCEL;
    line.amount_minor = 300;
    line.threshold_high_minor = 15000;
    line.valid_from = day_of(2026, 7, 1);
    line.valid_to = day_of(2028, 7, 1);
    struct trade_rule shirt = rate_of("de-shirt", "DE", TRADE_DUTY, 120000000, TRADE_BASE_VALUE);
    prefix_set(&shirt, "610910");
    struct trade_rule watch = rate_of("de-watch", "DE", TRADE_DUTY, 45000000, TRADE_BASE_VALUE);
    prefix_set(&watch, "910211");
    pack_add(&pack, line);
    pack_add(&pack, shirt);
    pack_add(&pack, watch);
    pack_add(&pack, relief);
    pack_add(&pack, row_of("de-value", "DE", TRADE_VALUE, TRADE_FORMULA_CIF));
    pack_add(&pack, rate_of("de-vat", "DE", TRADE_TAX, 190000000, TRADE_BASE_VALUE_DUTY_CHARGES));
    return pack;
}

static void test_three_euro_for_each_tariff_line(void **state)
{
    (void)state;
    struct pack pack = europe();
    struct trade_item shirts = item_of("610910", 5, 5000);
    struct trade_request request =
        request_of("DE", day_of(2026, 7, 1), TRADE_MODE_PARCEL, &shirts, 1);
    struct trade_quote quote = quote_of(&pack, &request);
    assert_int_equal(quote.duty_minor, 300);
    assert_int_equal(quote.tax_base_minor, 5300);
    assert_int_equal(quote.tax_minor, 1007); /* 19 % of 53.00 */
    assert_int_equal(quote.payable_minor, 1307);

    struct trade_item both[] = {item_of("610910", 1, 1000), item_of("910211", 1, 2000)};
    request = request_of("DE", day_of(2026, 7, 1), TRADE_MODE_PARCEL, both, 2);
    quote = quote_of(&pack, &request);
    assert_int_equal(quote.duty_minor, 600);
    assert_int_equal(quote.tax_minor, 247 + 437); /* 19 % of 13.00 and of 23.00 */

    /* Two rows of one tariff line are one line. */
    struct trade_item same[] = {item_of("610910", 2, 1000), item_of("610910", 3, 2000)};
    request = request_of("DE", day_of(2026, 7, 1), TRADE_MODE_PARCEL, same, 2);
    quote = quote_of(&pack, &request);
    assert_int_equal(quote.duty_minor, 300);
    assert_int_equal(quote.tax_base_minor, 3300);
}

static void test_dates_begin_inclusive_and_end_exclusive(void **state)
{
    (void)state;
    struct pack pack = europe();
    struct trade_item shirts = item_of("610910", 5, 5000);
    static const struct {
        int year, month, day;
        int64_t duty_minor;
    } cases[] = {{2026, 6, 30, 0}, {2026, 7, 1, 300}, {2028, 6, 30, 300}, {2028, 7, 1, 600}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        struct trade_request request =
            request_of("DE", day_of(cases[c].year, cases[c].month, cases[c].day), TRADE_MODE_PARCEL,
                       &shirts, 1);
        assert_int_equal(quote_of(&pack, &request).duty_minor, cases[c].duty_minor);
    }
}

static void test_thresholds_are_up_to_and_more_than(void **state)
{
    (void)state;
    struct pack pack = europe();
    struct trade_rule top = row_of("de-post", "DE", TRADE_HANDLING, TRADE_FORMULA_PER_PARCEL);
    top.amount_minor = 600;
    top.threshold_low_minor = 15000;
    pack_add(&pack, top);
    static const struct {
        int64_t value_minor, duty_minor, handling_minor;
    } cases[] = {{0, 300, 0}, {14999, 300, 0}, {15000, 300, 0}, {15001, 1800, 600}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        struct trade_item shirts = item_of("610910", 5, cases[c].value_minor);
        struct trade_request request =
            request_of("DE", day_of(2026, 8, 1), TRADE_MODE_PARCEL, &shirts, 1);
        struct trade_quote quote = quote_of(&pack, &request);
        assert_int_equal(quote.duty_minor, cases[c].duty_minor);
        assert_int_equal(quote.handling_minor, cases[c].handling_minor);
    }
    /* The threshold looks at the whole consignment, and a parcel's fee is paid once. */
    struct trade_item two[] = {item_of("610910", 1, 10000), item_of("910211", 1, 10000)};
    struct trade_request request = request_of("DE", day_of(2026, 8, 1), TRADE_MODE_PARCEL, two, 2);
    struct trade_quote quote = quote_of(&pack, &request);
    assert_int_equal(quote.duty_minor, 1200 + 450);
    assert_int_equal(quote.handling_minor, 600);
}

static void test_freight_knows_no_parcel_relief(void **state)
{
    (void)state;
    struct pack pack = europe();
    struct trade_item shirts = item_of("610910", 5, 5000);
    struct trade_request request =
        request_of("DE", day_of(2026, 6, 1), TRADE_MODE_FREIGHT, &shirts, 1);
    request.freight_minor = 1000;
    struct trade_quote quote = quote_of(&pack, &request);
    assert_int_equal(quote.customs_value_minor, 6000);
    assert_int_equal(quote.duty_minor, 720);
    assert_int_equal(quote.tax_base_minor, 6720);
}

static void test_closer_row_wins(void **state)
{
    (void)state;
    struct pack pack = {0};
    pack_add(&pack, row_of("value", "AU", TRADE_VALUE, TRADE_FORMULA_FOB));
    pack_add(&pack, rate_of("tax", "AU", TRADE_TAX, 0, TRADE_BASE_VALUE));
    pack_add(&pack, rate_of("any", "AU", TRADE_DUTY, 10000000, TRADE_BASE_VALUE));
    struct trade_rule row = rate_of("chapter", "AU", TRADE_DUTY, 20000000, TRADE_BASE_VALUE);
    prefix_set(&row, "85");
    pack_add(&pack, row);
    row = rate_of("heading", "AU", TRADE_DUTY, 30000000, TRADE_BASE_VALUE);
    prefix_set(&row, "8518");
    pack_add(&pack, row);
    row = rate_of("heading-cn", "AU", TRADE_DUTY, 40000000, TRADE_BASE_VALUE);
    prefix_set(&row, "8518");
    memcpy(row.origin, "CN", 2);
    pack_add(&pack, row);
    row.rate_1e9 = 50000000;
    row.valid_from = day_of(2026, 1, 1);
    memcpy(row.id, "heading-cn-later", 16);
    pack_add(&pack, row);
    row.rate_1e9 = 60000000;
    row.status = TRADE_STRUCK_DOWN;
    row.valid_from = day_of(2026, 2, 1);
    memcpy(row.id, "heading-cn-struck", 17);
    pack_add(&pack, row);

    static const struct {
        const char *hs6, *origin;
        int year;
        int64_t duty_minor;
    } cases[] = {{"392690", "CN", 2026, 100}, {"854442", "CN", 2026, 200},
                 {"851830", "VN", 2026, 300}, {"851830", "CN", 2025, 400},
                 {"851830", "CN", 2026, 500}, {"851830", "CN", 2027, 500}};
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        struct trade_item item = item_of(cases[c].hs6, 1, 10000);
        memcpy(item.origin, cases[c].origin, 2);
        struct trade_request request =
            request_of("AU", day_of(cases[c].year, 3, 1), TRADE_MODE_FREIGHT, &item, 1);
        assert_int_equal(quote_of(&pack, &request).duty_minor, cases[c].duty_minor);
    }
}

/* A second layer of duty is a charge: it is paid and joins the tax base. */
static void test_charges_join_the_tax_base(void **state)
{
    (void)state;
    struct pack pack = australia();
    pack_add(&pack, rate_of("au-layer", "AU", TRADE_CHARGE, 75000000, TRADE_BASE_VALUE));
    struct trade_item item = item_of("392690", 1, 100000);
    struct trade_request request =
        request_of("AU", day_of(2026, 5, 1), TRADE_MODE_FREIGHT, &item, 1);
    struct trade_quote quote = quote_of(&pack, &request);
    assert_int_equal(quote.charges_minor, 7500);
    assert_int_equal(quote.tax_base_minor, 112500);
    assert_int_equal(quote.payable_minor, 5000 + 7500 + 11250);
}

/* Brazil's parcels: 60 % less a deduction, never below zero; rounding to a step. */
static void test_rate_with_deduction_and_step(void **state)
{
    (void)state;
    struct pack pack = {0};
    pack_add(&pack, row_of("value", "BR", TRADE_VALUE, TRADE_FORMULA_CIF));
    pack_add(&pack, rate_of("tax", "BR", TRADE_TAX, 0, TRADE_BASE_VALUE));
    struct trade_rule row = rate_of("duty", "BR", TRADE_DUTY, 600000000, TRADE_BASE_VALUE);
    row.amount_minor = -2000;
    pack_add(&pack, row);
    static const struct {
        int64_t value_minor, step, duty_minor;
        enum rounding rounding;
    } cases[] = {{10001, 1, 4001, ROUND_HALF_UP},   /* 6000.6 - 2000 */
                 {10001, 1, 4000, ROUND_DOWN},      /* 6000 - 2000 */
                 {10001, 100, 4000, ROUND_HALF_UP}, /* 6000 - 2000 */
                 {10001, 100, 4100, ROUND_UP},      /* 6100 - 2000 */
                 {3000, 1, 0, ROUND_HALF_UP}};      /* 1800 - 2000 */
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        for (int r = 0; r < pack.count; r++)
            if (pack.rows[r].kind == TRADE_DUTY) {
                pack.rows[r].rounding_step_minor = cases[c].step;
                pack.rows[r].rounding = cases[c].rounding;
            }
        struct trade_item item = item_of("392690", 1, cases[c].value_minor);
        struct trade_request request =
            request_of("BR", day_of(2026, 5, 1), TRADE_MODE_PARCEL, &item, 1);
        assert_int_equal(quote_of(&pack, &request).duty_minor, cases[c].duty_minor);
    }
}

static void test_transport_is_shared_to_the_last_unit(void **state)
{
    (void)state;
    struct pack pack = europe();
    /* 100 over values 1, 1, 1: 34, 33, 33. */
    struct trade_item items[] = {item_of("610910", 1, 1000), item_of("910211", 1, 1000),
                                 item_of("610910", 1, 1000)};
    struct trade_request request =
        request_of("DE", day_of(2027, 1, 1), TRADE_MODE_FREIGHT, items, 3);
    request.freight_minor = 60;
    request.insurance_minor = 40;
    struct trade_quote quote = quote_of(&pack, &request);
    assert_int_equal(quote.customs_value_minor, 3100);
    assert_int_equal(quote.lines[0].amount_minor, 1034);
    assert_int_equal(quote.lines[1].amount_minor, 1033);
    assert_int_equal(quote.lines[2].amount_minor, 1033);
    /* All values zero: everything to the first. */
    for (int i = 0; i < 3; i++)
        items[i].value_minor = 0;
    quote = quote_of(&pack, &request);
    assert_int_equal(quote.lines[0].amount_minor, 100);
    assert_int_equal(quote.lines[2].amount_minor, 0);
}

static enum err refusal(const struct pack *pack, const struct trade_request *request,
                        struct problem *problem)
{
    struct trade_rules rules = rules_of(pack);
    struct trade_quote quote;
    *problem = (struct problem){0};
    return trade_quote_make(&rules, request, &quote, problem);
}

static void test_a_missing_figure_is_asked_for(void **state)
{
    (void)state;
    struct pack pack = europe();
    struct problem problem;
    struct trade_item item = item_of("392690", 1, 20000); /* no tariff row for it */
    struct trade_request request =
        request_of("DE", day_of(2026, 8, 1), TRADE_MODE_PARCEL, &item, 1);
    assert_int_equal(refusal(&pack, &request, &problem), ERR_DATUM_MISSING);
    assert_string_equal(problem.place, "DE 392690 2026-08-01");
    assert_string_equal(problem.args[0].text, "the duty");

    request = request_of("FR", day_of(2026, 8, 1), TRADE_MODE_PARCEL, &item, 1);
    assert_int_equal(refusal(&pack, &request, &problem), ERR_DATUM_MISSING);
    assert_string_equal(problem.args[0].text, "how the customs value is made");

    struct pack without_tax = {0};
    for (int r = 0; r < pack.count; r++)
        if (pack.rows[r].kind != TRADE_TAX)
            pack_add(&without_tax, pack.rows[r]);
    item = item_of("610910", 1, 20000);
    request = request_of("DE", day_of(2026, 8, 1), TRADE_MODE_PARCEL, &item, 1);
    assert_int_equal(refusal(&without_tax, &request, &problem), ERR_DATUM_MISSING);
    assert_string_equal(problem.args[0].text, "the consumption tax at import");
}

static void test_amounts_out_of_bounds_are_refused(void **state)
{
    (void)state;
    struct pack pack = australia();
    struct problem problem;
    struct trade_item items[TRADE_ITEMS_MAX + 1];
    for (size_t i = 0; i < COUNT_OF(items); i++)
        items[i] = item_of("392690", 1, 100);
    int32_t day = day_of(2026, 5, 1);
    struct trade_request request =
        request_of("AU", day, TRADE_MODE_FREIGHT, items, TRADE_ITEMS_MAX);
    assert_int_equal(refusal(&pack, &request, &problem), ERR_OK);
    request.item_count++;
    assert_int_equal(refusal(&pack, &request, &problem), ERR_LIMIT);
    request.item_count = 0;
    assert_int_equal(refusal(&pack, &request, &problem), ERR_TOO_FEW);

    request.item_count = 2;
    request.freight_minor = -1;
    assert_int_equal(refusal(&pack, &request, &problem), ERR_RANGE);
    request.freight_minor = 0;
    items[1].value_minor = -1;
    assert_int_equal(refusal(&pack, &request, &problem), ERR_RANGE);
    items[1].value_minor = INT64_MAX;
    assert_int_equal(refusal(&pack, &request, &problem), ERR_RANGE); /* the goods' sum */
    items[0].value_minor = 0;
    assert_int_equal(refusal(&pack, &request, &problem), ERR_RANGE); /* the tax base */
    request.freight_minor = INT64_MAX;
    request.insurance_minor = 1;
    assert_int_equal(refusal(&pack, &request, &problem), ERR_RANGE); /* transport */
}

static void test_tax_rate_inside_a_price(void **state)
{
    (void)state;
    struct pack pack = {0};
    struct trade_rule old = rate_of("de-16", "DE", TRADE_TAX, 160000000, TRADE_BASE_VALUE);
    old.valid_from = day_of(2020, 7, 1);
    old.valid_to = day_of(2021, 1, 1);
    struct trade_rule now = rate_of("de-19", "DE", TRADE_TAX, 190000000, TRADE_BASE_VALUE);
    now.valid_from = day_of(2021, 1, 1);
    struct trade_rule books = rate_of("de-49", "DE", TRADE_TAX, 70000000, TRADE_BASE_VALUE);
    prefix_set(&books, "49");
    struct trade_rule relief = rate_of("de-relief", "DE", TRADE_TAX, 0, TRADE_BASE_VALUE);
    relief.mode = TRADE_MODE_PARCEL;
    relief.threshold_high_minor = 1000;
    pack_add(&pack, old);
    pack_add(&pack, now);
    pack_add(&pack, books);
    pack_add(&pack, relief);
    int64_t rate = -1;
    struct trade_rules rules = rules_of(&pack);
    struct problem problem = {0};
    assert_int_equal(trade_rules_check(&rules, &problem), ERR_OK);
    assert_int_equal(trade_tax_rate(&rules, "DE", "392690", day_of(2020, 12, 31), &rate, &problem),
                     ERR_OK);
    assert_int_equal(rate, 160000000);
    assert_int_equal(trade_tax_rate(&rules, "DE", "392690", day_of(2021, 1, 1), &rate, &problem),
                     ERR_OK);
    assert_int_equal(rate, 190000000);
    assert_int_equal(trade_tax_rate(&rules, "DE", "491110", day_of(2026, 1, 1), &rate, &problem),
                     ERR_OK);
    assert_int_equal(rate, 70000000);
    assert_int_equal(trade_tax_rate(&rules, "DE", "392690", day_of(2020, 6, 30), &rate, &problem),
                     ERR_DATUM_MISSING);
    assert_int_equal(trade_tax_rate(&rules, "JP", "392690", day_of(2026, 1, 1), &rate, &problem),
                     ERR_DATUM_MISSING);
    assert_int_equal(trade_rules_until(&rules, day_of(2020, 6, 30)), day_of(2020, 7, 1));
    assert_int_equal(trade_rules_until(&rules, day_of(2020, 7, 1)), day_of(2021, 1, 1));
    assert_int_equal(trade_rules_until(&rules, day_of(2020, 12, 31)), day_of(2021, 1, 1));
    assert_int_equal(trade_rules_until(&rules, day_of(2021, 1, 1)), INT32_MAX);
}

static void fault_expect(struct trade_rule *rows, int count, const char *id)
{
    struct trade_rules rules = {.count = count, .rows = rows};
    struct problem problem = {0};
    assert_int_equal(trade_rules_check(&rules, &problem), ERR_SCENARIO);
    assert_string_equal(problem.place, id);
}

static void test_faults_of_a_pack_are_found(void **state)
{
    (void)state;
    const struct trade_rule sound = rate_of("x", "AU", TRADE_DUTY, 50000000, TRADE_BASE_VALUE);
    struct trade_rule row = sound;
    struct trade_rules rules = {.count = 1, .rows = &row};
    struct problem problem = {0};
    assert_int_equal(trade_rules_check(&rules, &problem), ERR_OK);
    row = sound, row.market[0] = 'a', fault_expect(&row, 1, "x");
    row = sound, prefix_set(&row, "85x"), fault_expect(&row, 1, "x");
    row = sound, prefix_set(&row, "8518301"), fault_expect(&row, 1, "x");
    row = sound, memset(row.hs6_prefix, '8', sizeof(row.hs6_prefix)), fault_expect(&row, 1, "x");
    row = sound, row.formula = TRADE_FORMULA_CIF, fault_expect(&row, 1, "x");
    row = sound, row.kind = TRADE_VALUE, fault_expect(&row, 1, "x");
    row = sound, row.rate_1e9 = -1, fault_expect(&row, 1, "x");
    row = sound, row.rounding_step_minor = 0, fault_expect(&row, 1, "x");
    row = sound, row.threshold_low_minor = -1, fault_expect(&row, 1, "x");
    row = sound, row.threshold_high_minor = -1, fault_expect(&row, 1, "x");
    row = sound, row.valid_to = row.valid_from, fault_expect(&row, 1, "x");
    row = sound, row.formula = TRADE_FORMULA_PER_LINE, row.amount_minor = -1;
    fault_expect(&row, 1, "x");

    struct trade_rule two[] = {sound, sound};
    two[1].id[0] = 'y';
    fault_expect(two, 2, "y"); /* the same goods twice */
    two[1].threshold_high_minor = 100;
    fault_expect(two, 2, "y"); /* out of order */
    two[0].threshold_high_minor = 100;
    two[1].threshold_low_minor = 100;
    two[1].threshold_high_minor = 200;
    rules = (struct trade_rules){.count = 2, .rows = two};
    assert_int_equal(trade_rules_check(&rules, &problem), ERR_OK);
    two[1].threshold_low_minor = 99;
    fault_expect(two, 2, "y"); /* thresholds overlap */
    two[1].status = TRADE_POSTPONED;
    assert_int_equal(trade_rules_check(&rules, &problem), ERR_OK);
    rules.count = TRADE_RULES_MAX + 1;
    assert_int_equal(trade_rules_check(&rules, &problem), ERR_LIMIT);
}

/* On random consignments: the parts sum to the whole, every line names a row of its kind, more
 * value never costs less duty at one rate. */
static void test_lines_sum_to_the_quote(void **state)
{
    (void)state;
    struct pack pack = europe();
    struct rng_key key = rng_key_from_text(STR("trade lines"));
    for (int round = 0; round < 2000; round++) {
        struct rng_words words = rng_at(key, 1, 0, round, 0, 0, 0);
        struct trade_item items[4];
        int count = 1 + (int)rng_below(words.word[0], 4);
        for (int i = 0; i < count; i++) {
            struct rng_words more = rng_at(key, 2, 0, round, (uint64_t)i, 0, 0);
            items[i] = item_of(more.word[0] % 2 ? "610910" : "910211", 1,
                               (int64_t)rng_below(more.word[1], 100000000));
        }
        struct trade_request request =
            request_of("DE", day_of(2026, 6, 1) + (int32_t)rng_below(words.word[1], 60),
                       words.word[2] % 2 ? TRADE_MODE_PARCEL : TRADE_MODE_FREIGHT, items, count);
        request.freight_minor = (int64_t)rng_below(words.word[3], 1000000);
        struct trade_quote quote = quote_of(&pack, &request);
        int64_t by_kind[5] = {0};
        for (int l = 0; l < quote.line_count; l++) {
            assert_int_equal(pack.rows[quote.lines[l].rule].kind, quote.lines[l].kind);
            by_kind[quote.lines[l].kind] += quote.lines[l].amount_minor;
        }
        assert_int_equal(by_kind[TRADE_VALUE], quote.goods_minor + request.freight_minor);
        assert_int_equal(by_kind[TRADE_DUTY], quote.duty_minor);
        assert_int_equal(by_kind[TRADE_TAX], quote.tax_minor);
        assert_int_equal(quote.payable_minor, quote.duty_minor + quote.charges_minor +
                                                  quote.tax_minor + quote.handling_minor);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_australia_pays_201),
        cmocka_unit_test(test_three_euro_for_each_tariff_line),
        cmocka_unit_test(test_dates_begin_inclusive_and_end_exclusive),
        cmocka_unit_test(test_thresholds_are_up_to_and_more_than),
        cmocka_unit_test(test_freight_knows_no_parcel_relief),
        cmocka_unit_test(test_closer_row_wins),
        cmocka_unit_test(test_charges_join_the_tax_base),
        cmocka_unit_test(test_rate_with_deduction_and_step),
        cmocka_unit_test(test_transport_is_shared_to_the_last_unit),
        cmocka_unit_test(test_a_missing_figure_is_asked_for),
        cmocka_unit_test(test_amounts_out_of_bounds_are_refused),
        cmocka_unit_test(test_tax_rate_inside_a_price),
        cmocka_unit_test(test_faults_of_a_pack_are_found),
        cmocka_unit_test(test_lines_sum_to_the_quote),
    };
    return cmocka_run_group_tests_name("trade", tests, NULL, NULL);
}
