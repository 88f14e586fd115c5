/* The estimators on small cases worked by hand; recovery_test.c measures their intervals. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "core/arena.h"
#include "engine/market/fit.h"
#include "engine/market/fit_orders.h"
#include "engine/market/fit_series.h"
#include "fit_world.h"

static bool near(double a, double b, double within)
{
    return fabs(a - b) <= within;
}

static struct arena arena;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

/* Any table of Student's t. */
static void t_quantiles_are_those_of_the_tables(void **state)
{
    (void)state;
    assert_true(near(market_fit_t975(1), 12.7062, 1e-3));
    assert_true(near(market_fit_t975(2), 4.3027, 1e-3));
    assert_true(near(market_fit_t975(4), 2.7764, 1e-3));
    assert_true(near(market_fit_t975(10), 2.2281, 1e-4));
    assert_true(near(market_fit_t975(23), 2.0687, 1e-4));
    assert_true(near(market_fit_t975(1e9), 1.9600, 1e-4));
}

/* Of a mean, the jackknife's error is the classical one: 1 .. 10 have mean 5.5 and error .9574. */
static void the_jackknife_of_a_mean_is_the_classical_error(void **state)
{
    (void)state;
    double sums[20];
    for (int i = 0; i < 10; i++) {
        sums[2 * i] = i + 1;
        sums[2 * i + 1] = 1;
    }
    struct market_estimate mean = market_fit_ratio(&arena, sums, 10, FIT_PLAIN, 10);
    assert_true(mean.known && near(mean.value, 5.5, 1e-12));
    assert_true(near(mean.error, sqrt(82.5 / 9.0 / 10.0), 1e-12));
    assert_true(near(mean.high - mean.value, 2.2622 * mean.error, 1e-3)); /* 9 degrees */

    /* Too few groups cannot tell; neither can a ratio over nothing. */
    assert_false(market_fit_ratio(&arena, sums, 4, FIT_PLAIN, 4).known);
    double none[20] = {0};
    assert_false(market_fit_ratio(&arena, none, 10, FIT_PLAIN, 0).known);

    /* A share stays inside 0 and 1 on its own scale. */
    double shares[20];
    for (int i = 0; i < 10; i++) {
        shares[2 * i] = i % 2;
        shares[2 * i + 1] = 10;
    }
    struct market_estimate share = market_fit_ratio(&arena, shares, 10, FIT_LOGIT, 100);
    assert_true(near(share.value, 0.05, 1e-12) && share.low > 0.0 && share.high < 1.0);
}

/* 1, 2, 3 with errors of 1 spread no more than chance: all become 2 +- 1/sqrt(3). 0, 10, 20 with
 * errors of 1 differ in truth: between = (200 - 2) / 2 = 99, keep .99. */
static void shrinkage_draws_in_what_chance_spreads(void **state)
{
    (void)state;
    struct market_estimate one[3], pooled;
    for (int i = 0; i < 3; i++)
        one[i] = market_fit_make(i + 1, 1.0, 100, FIT_PLAIN, 10);
    market_fit_shrink(one, 3, -1e9, &pooled);
    for (int i = 0; i < 3; i++) {
        assert_true(near(one[i].value, 2.0, 1e-12));
        assert_true(near(one[i].error, sqrt(1.0 / 3.0), 1e-12));
    }
    assert_true(near(pooled.value, 2.0, 1e-12));
    for (int i = 0; i < 3; i++)
        one[i] = market_fit_make(10 * i, 1.0, 100, FIT_PLAIN, 10);
    market_fit_shrink(one, 3, 0.0, &pooled);
    assert_true(near(one[0].value, 0.1, 1e-9) && near(one[2].value, 19.9, 1e-9));
    assert_true(one[0].low == 0.0); /* cut at what cannot be */

    /* Two are not enough to tell how far apart they are. */
    one[0] = market_fit_make(1, 1.0, 100, FIT_PLAIN, 10);
    one[1] = market_fit_make(9, 1.0, 100, FIT_PLAIN, 10);
    market_fit_shrink(one, 2, 0.0, &pooled);
    assert_false(pooled.known);
    assert_true(one[0].value == 1.0);
}

static void sizes_find_their_nearest_value(void **state)
{
    (void)state;
    struct market_support support = {.count = 3, .value = {1, 4, 100}};
    assert_int_equal(market_support_find(&support, 1), 0);
    assert_int_equal(market_support_find(&support, 2), 0); /* 2 x 2 = 1 x 4: the lower */
    assert_int_equal(market_support_find(&support, 3), 1);
    assert_int_equal(market_support_find(&support, 20), 1);
    assert_int_equal(market_support_find(&support, 21), 2);
    assert_int_equal(market_support_find(&support, 5000), 2);

    static int64_t counts[FIT_EXACT_MAX + 2];
    counts[1] = 50;
    counts[12] = 30;
    counts[7] = 1;
    counts[FIT_EXACT_MAX + 1] = 2;
    support = market_support_choose(counts, 12000.0);
    assert_int_equal(support.count, 4);
    assert_int_equal(support.value[1], 7);
    assert_int_equal(support.value[3], 6000);
}

/* A line a day of a shop without chance. */
static const struct market_gathered *steady_shop(const int *units_by_weekday, int weeks,
                                                 int missing)
{
    struct market_fit_line *lines = ARENA_ARRAY(&arena, struct market_fit_line, 7 * (size_t)weeks);
    int count = 0;
    for (int day = 0; day < 7 * weeks; day++) {
        int units = units_by_weekday[day % 7];
        if (units == 0 || day == missing)
            continue;
        lines[count++] = (struct market_fit_line){.kind = FIT_SALE,
                                                  .order = (uint32_t)day,
                                                  .day = 20094 + day, /* a Monday */
                                                  .minute = -1,
                                                  .delivered_days = -1,
                                                  .units = units,
                                                  .value_e4 = 20000 * units};
    }
    return fit_world_gather(&arena, lines, count, 1, 1);
}

static void closed_days_are_not_days_without_demand(void **state)
{
    (void)state;
    const int units[7] = {30, 30, 30, 30, 30, 0, 60};
    const struct market_gathered *gathered = steady_shop(units, 20, 16 /* a Wednesday */);
    struct market_trading trading = market_fit_trading(&arena, gathered);
    assert_true(trading.closed_weekday[5] && !trading.closed_weekday[2]);
    assert_int_equal(trading.closed_days, 1);
    assert_false(trading.open[16]);
    struct market_estimate weekday[7];
    market_fit_weekday(&arena, gathered, &trading, -1, weekday);
    assert_true(near(weekday[0].value, 1.0, 1e-12)); /* 7 x 30 / 210 */
    assert_true(near(weekday[6].value, 2.0, 1e-12));
    assert_true(weekday[5].value == 0.0);

    double index[7];
    for (int k = 0; k < 7; k++)
        index[k] = weekday[k].value;
    struct market_series_fit fit;
    market_fit_series(&arena, gathered, &trading, 0, index, &fit);
    assert_true(fit.base.known && near(fit.base.value, 30.0, 1e-5));
    assert_true(fit.shock.value == 0.0 && fit.shock.low == 0.0);
    assert_false(fit.growth.known);
    assert_int_equal(fit.season_weeks, 0);
    struct market_estimate price = market_fit_price(&arena, gathered, 0);
    assert_true(near(price.value, 20000.0, 1e-9) && near(price.error, 0.0, 1e-9));
}

/* A slow seller's empty days are demand: nothing is due that would make them closed. */
static void empty_days_of_a_slow_shop_stay_open(void **state)
{
    (void)state;
    const int units[7] = {1, 0, 1, 0, 1, 0, 1};
    const struct market_gathered *gathered = steady_shop(units, 8, -1);
    struct market_trading trading = market_fit_trading(&arena, gathered);
    for (int k = 0; k < 7; k++)
        assert_false(trading.closed_weekday[k]);
    assert_int_equal(trading.closed_days, 0);
}

/* One article selling 2 and 6 on two open days of each week (index 3.5 each): a = 4/7, 12/7. The
 * sum over the pair is (a-a')^2 - a/3.5 - a'/3.5 = 64/49 - 16/24.5, over 2 a a' = 96/49: 1/3. */
static void dispersion_of_a_pair_is_worked_by_hand(void **state)
{
    (void)state;
    const int units[7] = {2, 6, 0, 0, 0, 0, 0};
    const struct market_gathered *gathered = steady_shop(units, 30, -1);
    struct market_trading trading = market_fit_trading(&arena, gathered);
    const double weekday[7] = {3.5, 3.5, 0, 0, 0, 0, 0};
    struct market_estimate phi = market_fit_dispersion(&arena, gathered, &trading, -1, weekday);
    assert_true(near(phi.value, (64.0 / 49.0 - 16.0 / 24.5) / (96.0 / 49.0), 1e-12));
}

/* Five visits can be followed at day 10, one comes back: .8 stay away; at day 20 one of four:
 * .6. So .4 come back, after 15 days on average. */
static void buyers_are_followed_as_kaplan_and_meier_do(void **state)
{
    (void)state;
    static const struct {
        uint64_t customer;
        int day;
    } visits[] = {{1, 0}, {2, 0}, {3, 0}, {1, 10}, {3, 20}, {4, 95}};
    struct market_fit_line lines[8] = {0};
    for (int i = 0; i < 7; i++)
        lines[i] = (struct market_fit_line){.kind = FIT_SALE,
                                            .basket = true,
                                            .customer = i < 6 ? visits[i].customer : 0,
                                            .order = (uint32_t)i,
                                            .day = 20094 + (i < 6 ? visits[i].day : 99),
                                            .minute = 600,
                                            .delivered_days = -1,
                                            .units = 1};
    const struct market_gathered *gathered = fit_world_gather(&arena, lines, 7, 1, 1);
    assert_int_equal(gathered->days, 100);
    struct market_repeat_fit fit;
    market_fit_repeat(&arena, gathered, &fit);
    assert_int_equal(fit.horizon_days, 60);
    assert_int_equal(fit.visits, 6);
    assert_int_equal(fit.buyers, 4);
    assert_true(near(fit.rate.value, 0.4, 1e-12));
    assert_true(near(fit.gap_days.value, 15.0, 1e-12));
    assert_true(near(fit.gaps.weight[9], 0.5, 1e-9) && fit.gaps.value[9] == 10);
    assert_true(near(fit.gaps.weight[10], 0.0, 1e-9)); /* day 11 does not share day 20's weight */
}

/* Cut sums far above the sizes leave no trace of the condition: the table is the frequency. */
static void big_sums_give_the_plain_frequencies(void **state)
{
    (void)state;
    enum { DAYS = 70, LINES = 60 };
    struct market_fit_line *lines =
        ARENA_ARRAY(&arena, struct market_fit_line, (size_t)DAYS * LINES);
    int count = 0;
    for (int day = 0; day < DAYS; day++)
        for (int i = 0; i < LINES; i++)
            lines[count++] = (struct market_fit_line){.kind = FIT_SALE,
                                                      .basket = true,
                                                      .order = (uint32_t)(day * LINES + i),
                                                      .day = 20094 + day,
                                                      .minute = 0,
                                                      .delivered_days = -1,
                                                      .units = i % 3 == 0 ? 5 : 1};
    const struct market_gathered *gathered = fit_world_gather(&arena, lines, count, 1, 1);
    struct market_cut_fit fit;
    market_fit_units_per_line(&arena, gathered, &fit);
    assert_int_equal(fit.table.count, 2);
    assert_true(near(fit.observed.value, 7.0 / 3.0, 1e-12));
    assert_true(near(fit.table.weight[0], 2.0 / 3.0, 0.01));
    market_fit_lines_per_order(&arena, gathered, &fit);
    assert_int_equal(fit.table.count, 1);
    assert_true(near(fit.mean.value, 1.0, 1e-9));
}

/* One order of 600 units now and then: a mean of about 20 a day, and no logarithm runs away. */
static void lumpy_sales_have_a_plain_level(void **state)
{
    (void)state;
    enum { WEEKS = 60 };
    struct market_fit_line lines[WEEKS * 2];
    struct rng_key key = rng_key_from_text(STR("lumpy"));
    int count = 0;
    for (int week = 0; week < WEEKS; week++) {
        double u = rng_uniform(rng_at(key, 24, 0, week, 0, 0, 0).word[0]);
        for (int part = 0; part < 2; part++, count++)
            lines[count] = (struct market_fit_line){.kind = FIT_SALE,
                                                    .order = (uint32_t)count + 1,
                                                    .day = 20094 + 7 * week + 3 * part,
                                                    .minute = -1,
                                                    .delivered_days = -1,
                                                    .units = part == 0 && u < 0.23 ? 600 : 1,
                                                    .value_e4 = 1};
    }
    const struct market_gathered *gathered = fit_world_gather(&arena, lines, count, 1, 1);
    struct market_trading trading = market_fit_trading(&arena, gathered);
    static const double weekday[7] = {1, 1, 1, 1, 1, 1, 1};
    for (int day = 0; day < gathered->days; day++)
        trading.open[day] = true;
    struct market_series_fit fit;
    market_fit_series(&arena, gathered, &trading, 0, weekday, &fit);
    assert_true(fit.base.known && !fit.shock.known && !fit.growth.known);
    assert_true(fit.base.low < 20.0 && fit.base.high > 20.0);
    assert_true(fit.base.low > 8.0 && fit.base.high < 45.0);
}

/* Exports often come newest first: what is recognised by day and order must not depend on it. */
static void newest_first_files_give_the_same_tables(void **state)
{
    (void)state;
    struct arena scratch;
    arena_init(&scratch);
    struct rng_key key = rng_key_from_text(STR("newest first"));
    struct fit_world world = fit_world_draw(key);
    struct fit_world_lines lines = fit_world_sell(&arena, &scratch, &world, key);
    const struct market_gathered *forward =
        fit_world_gather(&arena, lines.lines, lines.count, WORLD_MARKETS, WORLD_ARTICLES);
    for (int i = 0, j = lines.count - 1; i < j; i++, j--) {
        struct market_fit_line line = lines.lines[i];
        lines.lines[i] = lines.lines[j];
        lines.lines[j] = line;
    }
    const struct market_gathered *backward =
        fit_world_gather(&arena, lines.lines, lines.count, WORLD_MARKETS, WORLD_ARTICLES);
    for (int i = 0; i < forward->groups * (FIT_SUM_MAX + 1); i++) {
        assert_true(forward->size_sum[i] == backward->size_sum[i]);
        assert_true(forward->line_sum[i] == backward->line_sum[i]);
    }
    for (int i = 0; i < forward->days * WORLD_MARKETS; i++)
        assert_int_equal(forward->orders[i], backward->orders[i]);
    struct market_repeat_fit a, b;
    market_fit_repeat(&scratch, forward, &a);
    market_fit_repeat(&scratch, backward, &b);
    assert_true(a.rate.value == b.rate.value && a.gap_days.error == b.gap_days.error);
    arena_clear(&scratch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(t_quantiles_are_those_of_the_tables, setup, teardown),
        cmocka_unit_test_setup_teardown(the_jackknife_of_a_mean_is_the_classical_error, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(shrinkage_draws_in_what_chance_spreads, setup, teardown),
        cmocka_unit_test_setup_teardown(sizes_find_their_nearest_value, setup, teardown),
        cmocka_unit_test_setup_teardown(closed_days_are_not_days_without_demand, setup, teardown),
        cmocka_unit_test_setup_teardown(empty_days_of_a_slow_shop_stay_open, setup, teardown),
        cmocka_unit_test_setup_teardown(dispersion_of_a_pair_is_worked_by_hand, setup, teardown),
        cmocka_unit_test_setup_teardown(buyers_are_followed_as_kaplan_and_meier_do, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(lumpy_sales_have_a_plain_level, setup, teardown),
        cmocka_unit_test_setup_teardown(newest_first_files_give_the_same_tables, setup, teardown),
        cmocka_unit_test_setup_teardown(big_sums_give_the_plain_frequencies, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
