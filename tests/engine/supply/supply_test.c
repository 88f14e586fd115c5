/* Lot sizes, levels and forecasts: worked numbers, edges, and the shared cases of the textbook. */
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/detmath.h"
#include "core/json.h"
#include "engine/supply/supply.h"

static void near(double value, double expected, double relative)
{
    if (!(fabs(value - expected) <= relative * fabs(expected)))
        fail_msg("%.12g is not %.12g", value, expected);
}

/* Snyder and Shen, examples 4.3, 4.7 and 3.1. */
static void test_worked_numbers(void **state)
{
    (void)state;
    struct supply_level level;
    assert_true(supply_newsvendor_normal(0.18, 0.7, 50, 8, &level));
    near(level.base_stock, 56.60395592743389, 1e-12);
    near(level.cost, 1.9976051931766445, 1e-12);
    assert_true(supply_newsvendor_poisson(1, 4, 6, &level));
    assert_true(level.base_stock == 8);
    near(level.cost, 3.5701069457709376, 1e-10);
    struct supply_lot lot;
    assert_true(supply_eoq(8, 0.225, 1300, &lot));
    near(lot.quantity, 304.0467800264368, 1e-12);
    near(lot.cost, 68.41052550594829, 1e-12);
    assert_int_equal(lot.region, 0);
}

/* Demand 8 a day with sd 4, 20 days of lead with sd 5, 14 days of review: mean 272, variance
 * 34 * 16 + 64 * 25 = 2144. */
static void test_protection_and_base_stock(void **state)
{
    (void)state;
    struct supply_protection demand;
    assert_true(supply_protection_demand(8, 4, 20, 5, 14, &demand));
    near(demand.mean, 272, 1e-15);
    near(demand.sd, 46.303347611160902, 1e-14);
    int64_t level;
    assert_true(supply_base_stock(&demand, 0.95, &level));
    /* Normal would say 272 + 1.645 * 46.3 = 348.2; the counting distribution leans to the right. */
    assert_in_range(level, 349, 356);
    double phi = (demand.sd * demand.sd - demand.mean) / (demand.mean * demand.mean);
    assert_int_equal(level, dm_negative_binomial_quantile(demand.mean, phi, 0.95));

    struct supply_protection poisson = {.mean = 6, .sd = sqrt(6)};
    assert_true(supply_base_stock(&poisson, 0.8, &level));
    assert_int_equal(level, 8);
    struct supply_protection certain = {.mean = 100, .sd = 0};
    assert_true(supply_base_stock(&certain, 0.5, &level));
    assert_int_equal(level, 100); /* the Poisson median of a whole mean is the mean */
    struct supply_protection none = {0};
    assert_true(supply_base_stock(&none, 0.99, &level));
    assert_int_equal(level, 0);
    struct supply_protection large = {.mean = 4e6, .sd = 1e6};
    assert_true(supply_base_stock(&large, 0.975, &level));
    assert_in_range(level, 5959960, 5959970); /* 4e6 + 1.95996 * 1e6, upwards */
}

/* More spread or more service never asks for less stock. */
static void test_base_stock_grows_with_service_and_spread(void **state)
{
    (void)state;
    int64_t before_spread = 0;
    for (int sd = 0; sd <= 60; sd += 4) {
        int64_t before = 0, level = 0;
        for (int s = 1; s < 50; s++) {
            struct supply_protection demand = {.mean = 40, .sd = sd};
            assert_true(supply_base_stock(&demand, 0.5 + s / 100.0, &level));
            assert_true(level >= before);
            before = level;
        }
        assert_true(level >= before_spread);
        before_spread = level;
    }
}

static void test_unfit_arguments_are_refused(void **state)
{
    (void)state;
    struct supply_level level = {1, 2};
    struct supply_lot lot = {.quantity = 3};
    struct supply_protection demand = {4, 5};
    int64_t units = 6;
    double number = 7;
    double points[] = {1, 2}, odd[] = {0.5, 0.6};
    assert_false(supply_newsvendor_normal(0, 1, 50, 8, &level));
    assert_false(supply_newsvendor_normal(1, NAN, 50, 8, &level));
    assert_false(supply_newsvendor_normal(1, 1, 50, -1, &level));
    assert_false(supply_newsvendor_poisson(1, 1, 1e6 + 1, &level));
    assert_false(supply_newsvendor_table(1, 1, points, odd, 2, &level));
    assert_false(supply_newsvendor_table(1, 1, points, odd, 0, &level));
    assert_false(supply_newsvendor_profit(1, 2, 0, 50, 8, &level)); /* sold below cost */
    assert_false(supply_newsvendor_disruption(1, 1, 10, 0, 0.5, &level));
    assert_false(supply_normal_cost(1, 1, 50, 8, INFINITY, &number));
    assert_false(supply_eoq(-1, 1, 1, &lot));
    assert_false(supply_epq(1, 1, 100, 100, &lot));
    double from[] = {0, 400, 300}, unit[] = {3, 2, 1};
    struct supply_breaks unordered = {3, from, unit};
    assert_false(supply_eoq_all_units(1, 1, 1, &unordered, &lot));
    assert_false(supply_protection_demand(-1, 0, 0, 0, 0, &demand));
    assert_false(supply_base_stock(&demand, 1, &units));
    demand.sd = NAN;
    assert_false(supply_base_stock(&demand, 0.5, &units));
    assert_true(level.base_stock == 1 && lot.quantity == 3 && units == 6 && number == 7);
}

static void test_forecasts(void **state)
{
    (void)state;
    const int32_t units[] = {2, 4, 6, 8, 0, 10};
    const uint8_t use[] = {1, 1, 1, 1, 0, 1};
    double level;
    assert_true(supply_forecast_mean(units, use, 6, &level));
    near(level, 6, 1e-15);
    assert_true(supply_forecast_mean(units, NULL, 6, &level));
    near(level, 5, 1e-15);
    /* Warm from the mean of 2 and 4, then 3 + .5 (6 - 3) = 4.5, 6.25, the fifth is passed over. */
    assert_true(supply_forecast_smooth(units, use, 6, 0.5, 2, &level));
    near(level, 8.125, 1e-15);
    assert_true(supply_forecast_smooth(units, use, 6, 0.5, 10, &level));
    near(level, 6, 1e-15); /* fewer than the warm values: their mean */
    assert_true(supply_forecast_smooth(units, use, 6, 1, 1, &level));
    near(level, 10, 1e-15); /* weight 1 keeps only the last */
    const uint8_t nothing[6] = {0};
    assert_false(supply_forecast_mean(units, nothing, 6, &level));
    assert_false(supply_forecast_smooth(units, nothing, 6, 0.5, 1, &level));
    assert_false(supply_forecast_smooth(units, use, 6, 0, 1, &level));
    assert_false(supply_forecast_mean(units, NULL, 0, &level));
}

/* A level beside the best one costs more, for each model of one period. */
static void test_best_levels_are_best(void **state)
{
    (void)state;
    for (int h = 1; h <= 9; h += 4)
        for (int p = 1; p <= 40; p += 13) {
            struct supply_level best;
            double beside;
            assert_true(supply_newsvendor_normal(h, p, 100, 30, &best));
            assert_true(supply_normal_cost(h, p, 100, 30, best.base_stock - 1, &beside));
            assert_true(beside > best.cost);
            assert_true(supply_normal_cost(h, p, 100, 30, best.base_stock + 1, &beside));
            assert_true(beside > best.cost);
            struct supply_lot lot;
            assert_true(supply_eoq_disruption(h, p, 10 * p, 50, 1, 10, &lot));
            assert_true(lot.cost > sqrt(2.0 * h * 50 * p)); /* failing supply is no gain */
        }
}

/* ---- the shared cases ---- */

static double field(const struct json *object, const char *key)
{
    double value = 0;
    struct problem problem = {0};
    if (json_get_double(object, key, -1e300, 1e300, &value, &problem) != ERR_OK)
        fail_msg("no number %s", key);
    return value;
}

static bool model_is(const struct json *input, const char *name)
{
    struct json model = json_child(input, "model");
    struct str text;
    return json_text(&model, &text) && str_equal_c(text, name);
}

static int numbers(const struct json *object, const char *key, double *values)
{
    struct json list = json_child(object, key);
    int count = (int)json_count(&list);
    for (int i = 0; i < count; i++) {
        struct json item = json_item(&list, (size_t)i);
        assert_true(json_double(&item, &values[i]));
    }
    return count;
}

static void check_newsvendor(const struct json *input, const struct json *expected)
{
    struct supply_level level;
    if (model_is(input, "normal")) {
        double h = field(input, "holding_cost"), p = field(input, "stockout_cost");
        struct supply_protection demand;
        assert_true(supply_protection_demand(field(input, "demand_mean"), field(input, "demand_sd"),
                                             field(input, "lead_time"), 0, 1, &demand));
        double at;
        assert_true(supply_newsvendor_normal(h, p, demand.mean, demand.sd, &level));
        assert_true(
            supply_normal_cost(h, p, demand.mean, demand.sd, field(input, "evaluate_at"), &at));
        near(at, field(expected, "cost_at"), 1e-6);
    } else if (model_is(input, "poisson")) {
        assert_true(supply_newsvendor_poisson(field(input, "holding_cost"),
                                              field(input, "stockout_cost"),
                                              field(input, "demand_mean"), &level));
    } else if (model_is(input, "pmf")) {
        struct json table = json_child(input, "demand_pmf");
        double demand[64], probability[64];
        size_t count = json_count(&table);
        for (size_t i = 0; i < count; i++) {
            struct json child;
            const char *key = json_key_at(&table, i, &child);
            assert_true(str_to_double(str_from_c(key), &demand[i]));
            assert_true(json_double(&child, &probability[i]));
        }
        assert_true(supply_newsvendor_table(field(input, "holding_cost"),
                                            field(input, "stockout_cost"), demand, probability,
                                            (int)count, &level));
    } else if (model_is(input, "normal_profit")) {
        assert_true(supply_newsvendor_profit(
            field(input, "revenue"), field(input, "purchase_cost"), field(input, "salvage_value"),
            field(input, "demand_mean"), field(input, "demand_sd"), &level));
        near(level.base_stock, field(expected, "base_stock_level"), 1e-6);
        near(-level.cost, field(expected, "profit"), 1e-6);
        return;
    } else {
        assert_true(model_is(input, "deterministic_demand_with_supply_disruptions"));
        assert_true(supply_newsvendor_disruption(
            field(input, "holding_cost"), field(input, "stockout_cost"), field(input, "demand"),
            field(input, "disruption_prob"), field(input, "recovery_prob"), &level));
    }
    near(level.base_stock, field(expected, "base_stock_level"), 1e-6);
    near(level.cost, field(expected, "cost"), 1e-6);
}

static void check_lots(const struct json *input, const struct json *expected)
{
    struct supply_lot lot;
    double k = field(input, "fixed_cost"), rate = field(input, "demand_rate");
    double quantity_tolerance = 1e-6, cost_tolerance = 1e-6;
    if (model_is(input, "eoq_discount_all_units") || model_is(input, "eoq_discount_incremental")) {
        double from[8], unit[8];
        struct supply_breaks breaks = {numbers(input, "breakpoints", from), from, unit};
        assert_int_equal(numbers(input, "unit_costs", unit), breaks.count);
        bool all_units = model_is(input, "eoq_discount_all_units");
        double holding = field(input, "holding_cost_rate");
        assert_true(all_units ? supply_eoq_all_units(k, holding, rate, &breaks, &lot)
                              : supply_eoq_incremental(k, holding, rate, &breaks, &lot));
        assert_int_equal(lot.region, (int)field(expected, "region"));
    } else if (model_is(input, "eoq")) {
        assert_true(supply_eoq(k, field(input, "holding_cost"), rate, &lot));
    } else if (model_is(input, "eoq_backorders")) {
        assert_true(supply_eoq_backorders(k, field(input, "holding_cost"),
                                          field(input, "stockout_cost"), rate, &lot));
        near(lot.stockout_fraction, field(expected, "stockout_fraction"), 1e-6);
    } else if (model_is(input, "epq")) {
        assert_true(supply_epq(k, field(input, "holding_cost"), rate,
                               field(input, "production_rate"), &lot));
    } else {
        assert_true(model_is(input, "eoq_disruptions"));
        assert_true(supply_eoq_disruption(
            k, field(input, "holding_cost"), field(input, "stockout_cost"), rate,
            field(input, "disruption_rate"), field(input, "recovery_rate"), &lot));
        quantity_tolerance = 0.002;
        cost_tolerance = 1e-5;
    }
    near(lot.quantity, field(expected, "order_quantity"), quantity_tolerance);
    near(lot.cost, field(expected, "cost"), cost_tolerance);
}

static void shared_cases(const char *file,
                         void (*check)(const struct json *input, const struct json *expected))
{
    const char *shared = getenv("SAMPAN_SHARED");
    struct arena arena;
    arena_init(&arena);
    struct str path = str_format(&arena, "%s/cases/supply-chain/%s",
                                 shared != NULL ? shared : SAMPAN_SOURCE_ROOT "/../shared", file);
    struct json_document *document;
    struct json root;
    struct problem problem = {0};
    if (json_read_file(path.text, &document, &root, &problem) != ERR_OK) {
        arena_clear(&arena);
        const char *require = getenv("SAMPAN_REQUIRE_SHARED");
        if (require != NULL && strcmp(require, "1") == 0)
            fail_msg("%s is required and cannot be read", file);
        print_message("skipped: the shared cases (%s) are not here\n", file);
        skip();
    }
    size_t count = json_count(&root);
    assert_true(count >= 9);
    for (size_t c = 0; c < count; c++) {
        struct json item = json_item(&root, c);
        struct json input = json_child(&item, "input");
        struct json expected = json_child(&item, "expected");
        check(&input, &expected);
    }
    print_message("%s: %d cases\n", file, (int)count);
    json_close(document);
    arena_clear(&arena);
}

static void test_shared_newsvendor_cases(void **state)
{
    (void)state;
    shared_cases("newsvendor.json", check_newsvendor);
}

static void test_shared_lot_cases(void **state)
{
    (void)state;
    shared_cases("eoq.json", check_lots);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worked_numbers),
        cmocka_unit_test(test_protection_and_base_stock),
        cmocka_unit_test(test_base_stock_grows_with_service_and_spread),
        cmocka_unit_test(test_unfit_arguments_are_refused),
        cmocka_unit_test(test_forecasts),
        cmocka_unit_test(test_best_levels_are_best),
        cmocka_unit_test(test_shared_newsvendor_cases),
        cmocka_unit_test(test_shared_lot_cases),
    };
    return cmocka_run_group_tests_name("supply", tests, NULL, NULL);
}
