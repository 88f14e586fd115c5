/* Recovery: shops with known parameters are sold, their order lines fitted, and the 95 % intervals
 * must hold the truth in 90 to 99 % of the cases, kind by kind. SAMPAN_SOAK multiplies the sets. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/detmath.h"
#include "engine/market/fit_orders.h"
#include "engine/market/fit_series.h"
#include "fit_world.h"

enum { SETS = 400 };

enum kind {
    BASE,
    MIX,
    WEEKDAY,
    SHOCK,
    DISPERSION,
    UNITS_PER_LINE,
    SINGLE_UNITS,
    LINES_PER_ORDER,
    SINGLE_LINES,
    REPEAT_RATE,
    REPEAT_GAP,
    HOUR,
    PRICE,
    RETURNS,
    CANCELLATIONS,
    LEAD_MEAN,
    LEAD_SD,
    SEASON,
    GROWTH,
    SEASON_BASE,
    KIND_COUNT
};

static const char *const kind_names[KIND_COUNT] = {
    "base level",     "market mix",     "weekday",         "weekly shock",    "dispersion",
    "units per line", "one-unit lines", "lines per order", "one-line orders", "repeat rate",
    "repeat gap",     "hour of day",    "price level",     "return rate",     "cancellation rate",
    "lead time mean", "lead time sd",   "season",          "growth",          "base with season",
};

struct tally {
    int held[KIND_COUNT], below[KIND_COUNT], total[KIND_COUNT];
    double error_sum[KIND_COUNT]; /* (value - truth) / error */
};

static void judge(struct tally *tally, enum kind kind, struct market_estimate estimate,
                  double truth)
{
    assert_true(estimate.known);
    tally->total[kind]++;
    tally->held[kind] += estimate.low <= truth && truth <= estimate.high;
    tally->below[kind] += estimate.high < truth;
    if (estimate.error > 0.0)
        tally->error_sum[kind] += (estimate.value - truth) / estimate.error;
}

static int sets_wanted(void)
{
    const char *soak = getenv("SAMPAN_SOAK");
    return soak && soak[0] != '\0' && soak[0] != '0' ? 4 * SETS : SETS;
}

static void print_and_check(const struct tally *tally, enum kind first, enum kind last)
{
    bool good = true;
    for (int k = (int)first; k <= (int)last; k++) {
        double share = 100.0 * tally->held[k] / tally->total[k];
        printf("recovery: %-18s %5.1f %% of %5d intervals hold the truth (too low %4.1f %%, mean "
               "offset %+.2f se)\n",
               kind_names[k], share, tally->total[k], 100.0 * tally->below[k] / tally->total[k],
               tally->error_sum[k] / tally->total[k]);
        good = good && share >= 90.0 && share <= 99.0;
    }
    assert_true(good);
}

static double mean_gap_of(const struct market_table *gaps)
{
    double sum = 0.0;
    for (int i = 0; i < gaps->count; i++) {
        double before = i > 0 ? gaps->value[i - 1] : 0;
        sum += gaps->weight[i] * (before + 1.0 + gaps->value[i]) / 2.0;
    }
    return sum;
}

static void judge_set(struct tally *tally, struct arena *scratch, const struct fit_world *world,
                      const struct market_gathered *gathered)
{
    struct market_trading trading = market_fit_trading(scratch, gathered);
    struct market_estimate weekday[7], shares[WORLD_MARKETS], hours[24], mean, sd;
    struct market_series_fit series[WORLD_MARKETS];
    double index[7];
    market_fit_weekday(scratch, gathered, &trading, -1, weekday);
    for (int k = 0; k < 7; k++) {
        index[k] = weekday[k].value;
        if (world->weekday[k] > 0.0)
            judge(tally, WEEKDAY, weekday[k], world->weekday[k]);
        else
            assert_true(trading.closed_weekday[k] && index[k] == 0.0);
    }
    for (int m = 0; m < WORLD_MARKETS; m++) {
        market_fit_series(scratch, gathered, &trading, m, index, &series[m]);
        judge(tally, BASE, series[m].base, world->base[m]);
        judge(tally, SHOCK, series[m].shock, world->shock);
        assert_int_equal(series[m].season_weeks, 0);
        assert_false(series[m].growth.known);
    }
    market_fit_mix(gathered, series, false, shares);
    judge(tally, MIX, shares[0], world->base[0] / (world->base[0] + world->base[1]));
    judge(tally, DISPERSION, market_fit_dispersion(scratch, gathered, &trading, -1, index),
          world->dispersion);

    struct market_cut_fit cut;
    market_fit_units_per_line(scratch, gathered, &cut);
    judge(tally, UNITS_PER_LINE, cut.mean, market_table_mean(&world->baskets.units_per_line));
    judge(tally, SINGLE_UNITS, cut.first, world->baskets.units_per_line.weight[0]);
    market_fit_lines_per_order(scratch, gathered, &cut);
    judge(tally, LINES_PER_ORDER, cut.mean, market_table_mean(&world->baskets.lines_per_order));
    judge(tally, SINGLE_LINES, cut.first, world->baskets.lines_per_order.weight[0]);

    struct market_repeat_fit repeat;
    market_fit_repeat(scratch, gathered, &repeat);
    judge(tally, REPEAT_RATE, repeat.rate, world->baskets.repeat_rate);
    /* Gaps lead to any weekday alike; who is due on the closed one waits a day. */
    judge(tally, REPEAT_GAP, repeat.gap_days,
          mean_gap_of(&world->baskets.repeat_gap_days) + 1.0 / 7.0);

    market_fit_hours(scratch, gathered, hours);
    judge(tally, HOUR, hours[9], world->baskets.hour_weight[9]);
    double price = 0.0;
    for (int j = 0; j < WORLD_ARTICLES; j++)
        price += world->article[j] * floor(world->price[j] * 10000.0 + 0.5);
    for (int m = 0; m < WORLD_MARKETS; m++)
        judge(tally, PRICE, market_fit_price(scratch, gathered, m), price);
    judge(tally, RETURNS, market_fit_returns(scratch, gathered, -1), world->return_rate);
    judge(tally, CANCELLATIONS, market_fit_cancellations(scratch, gathered, -1),
          world->cancel_rate);
    market_fit_lead(scratch, gathered, 0, &mean, &sd);
    judge(tally, LEAD_MEAN, mean, world->lead_mean);
    /* Rounding to whole days adds a twelfth to the variance. */
    judge(tally, LEAD_SD, sd, sqrt(world->lead_sd * world->lead_sd + 1.0 / 12.0));
}

static void shops_are_recovered(void **state)
{
    (void)state;
    static struct tally tally;
    struct arena arena, scratch;
    arena_init(&arena);
    arena_init(&scratch);
    struct rng_key seed = rng_key_from_text(STR("recovery"));
    int sets = sets_wanted();
    for (int i = 0; i < sets; i++) {
        struct arena_mark mark = arena_mark_get(&arena);
        char label[32];
        int length = snprintf(label, sizeof(label), "set %d", i);
        struct rng_key key = rng_key_derive(seed, (struct str){label, (size_t)length});
        struct fit_world world = fit_world_draw(key);
        struct fit_world_lines lines = fit_world_sell(&arena, &scratch, &world, key);
        const struct market_gathered *gathered =
            fit_world_gather(&arena, lines.lines, lines.count, WORLD_MARKETS, WORLD_ARTICLES);
        judge_set(&tally, &scratch, &world, gathered);
        arena_rewind(&arena, mark);
    }
    print_and_check(&tally, BASE, LEAD_SD);
    arena_clear(&scratch);
    arena_clear(&arena);
}

/* ---- two years and more: season and growth ---- */

enum { LONG_WEEKS = 112, LONG_START = 18995 /* 2022-01-03, a Monday */ };

static double uniform(struct rng_key key, int what, int day)
{
    return rng_uniform(rng_at(key, 24, (uint32_t)what, day, 0, 0, 0).word[0]);
}

static void judge_long_set(struct tally *tally, struct arena *arena, struct arena *scratch,
                           struct rng_key key)
{
    double season[53], mean = 0.0, z = 0.0;
    double base = 30.0 + 40.0 * uniform(key, 1, 0), shock = 0.05 + 0.1 * uniform(key, 2, 0);
    double growth = -0.2 + 0.5 * uniform(key, 3, 0), phi = 0.02 + 0.1 * uniform(key, 4, 0);
    for (int k = 0; k < 52; k++)
        mean += season[k] = dm_exp(0.2 * dm_normal_quantile(uniform(key, 5, k)));
    for (int k = 0; k < 52; k++)
        season[k] *= 52.0 / mean;
    season[52] = 1.0;
    struct market_fit_line *lines = ARENA_ARRAY(arena, struct market_fit_line, 7 * LONG_WEEKS);
    int count = 0;
    for (int day = 0; day < 7 * LONG_WEEKS; day++) {
        if (day % 7 == 0) {
            double fresh = dm_normal_quantile(uniform(key, 6, day));
            z = day == 0 ? fresh : 0.6 * z + 0.8 * fresh;
        }
        double years = (double)(day - (7 * LONG_WEEKS - 1)) / 365.0;
        int iso = (day / 7) % 52; /* both years begin with their week 1 and have 52 */
        double mu = base * season[iso] * dm_pow(1.0 + growth, years) *
                    dm_exp(shock * z - shock * shock / 2.0);
        int64_t units = dm_negative_binomial_quantile(mu, phi, uniform(key, 7, day));
        if (units > 0)
            lines[count++] = (struct market_fit_line){.kind = FIT_SALE,
                                                      .order = (uint32_t)day,
                                                      .day = LONG_START + day,
                                                      .minute = -1,
                                                      .delivered_days = -1,
                                                      .units = units,
                                                      .value_e4 = units};
    }
    const struct market_gathered *gathered = fit_world_gather(arena, lines, count, 1, 1);
    struct market_trading trading = market_fit_trading(scratch, gathered);
    static const double weekday[7] = {1, 1, 1, 1, 1, 1, 1};
    struct market_series_fit fit;
    market_fit_series(scratch, gathered, &trading, 0, weekday, &fit);
    assert_int_equal(fit.season_weeks, 52);
    for (int k = 0; k < 52; k++)
        judge(tally, SEASON, fit.season[k], season[k]);
    assert_false(fit.season[52].known);
    judge(tally, GROWTH, fit.growth, growth);
    judge(tally, SEASON_BASE, fit.base, base);
}

static void seasons_and_growth_are_recovered(void **state)
{
    (void)state;
    static struct tally tally;
    struct arena arena, scratch;
    arena_init(&arena);
    arena_init(&scratch);
    struct rng_key seed = rng_key_from_text(STR("recovery of seasons"));
    int sets = sets_wanted();
    for (int i = 0; i < sets; i++) {
        struct arena_mark mark = arena_mark_get(&arena);
        char label[32];
        int length = snprintf(label, sizeof(label), "set %d", i);
        judge_long_set(&tally, &arena, &scratch,
                       rng_key_derive(seed, (struct str){label, (size_t)length}));
        arena_rewind(&arena, mark);
    }
    print_and_check(&tally, SEASON, SEASON_BASE);
    arena_clear(&scratch);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shops_are_recovered),
        cmocka_unit_test(seasons_and_growth_are_recovered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
