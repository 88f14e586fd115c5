#include "engine/market/fit_series.h"

#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "core/date.h"
#include "core/detmath.h"
#include "engine/market/fit_level.h"

enum { SEEN_LEAST = 6, SEASON_MAX = 53, TRADED_LEAST = 2 };
#define SHOCK_USUAL 0.1 /* for the first pass, whose coefficients hardly depend on it */
#define LUMPY_NOISE                                                                                \
    0.3                 /* variance of the logarithm of a week's total, beyond which it misleads   \
                         */
#define CLOSED_DUE 15.0 /* units due on a day without a sale before it counts as closed */

static int weekday_of(const struct market_gathered *gathered, int day)
{
    return date_weekday(gathered->plan.day_first + day);
}

static double units_of(const struct market_gathered *gathered, int market, int day)
{
    if (market >= 0)
        return (double)gathered->units[(size_t)market * (size_t)gathered->days + (size_t)day];
    double sum = 0.0;
    for (int m = 0; m < gathered->plan.markets; m++)
        sum += (double)gathered->units[(size_t)m * (size_t)gathered->days + (size_t)day];
    return sum;
}

/* ---- trading days ---- */

struct market_trading market_fit_trading(struct arena *arena,
                                         const struct market_gathered *gathered)
{
    struct market_trading trading = {.open = ARENA_ARRAY(arena, bool, (size_t)gathered->days)};
    double sum[7] = {0}, total = 0.0;
    int seen[7] = {0}, sold_days = 0;
    for (int day = 0; day < gathered->days; day++) {
        double units = units_of(gathered, -1, day);
        sum[weekday_of(gathered, day)] += units;
        seen[weekday_of(gathered, day)]++;
        total += units;
        sold_days += units > 0.0;
    }
    double usual = sold_days > 0 ? total / sold_days : 0.0;
    for (int k = 0; k < 7; k++)
        trading.closed_weekday[k] =
            seen[k] >= SEEN_LEAST && sum[k] <= 0.0 && usual * seen[k] >= CLOSED_DUE;
    for (int day = 0; day < gathered->days; day++) {
        int k = weekday_of(gathered, day);
        double due = seen[k] > 0 ? sum[k] / seen[k] : 0.0;
        bool sold = units_of(gathered, -1, day) > 0.0;
        trading.open[day] = !trading.closed_weekday[k] && (sold || due < CLOSED_DUE);
        trading.closed_days += !trading.closed_weekday[k] && !trading.open[day];
    }
    return trading;
}

/* ---- weekday ---- */

static double weekday_share(const double *sums, const void *context)
{
    int k = *(const int *)context;
    double total = 0.0;
    for (int i = 0; i < 7; i++)
        total += sums[i];
    return 7.0 * sums[k] / total;
}

/* Units by weekday of the weeks in which every trading weekday was open, by group. */
static void sum_whole_weeks(const struct market_gathered *gathered,
                            const struct market_trading *trading, int market, double *sums)
{
    int offset = gathered->plan.day_first - gathered->monday;
    for (int week = 0; week < gathered->weeks; week++) {
        double units[7] = {0};
        bool whole = true;
        for (int k = 0; k < 7; k++) {
            int day = 7 * week + k - offset;
            bool inside = day >= 0 && day < gathered->days;
            whole = whole && inside && (trading->open[day] || trading->closed_weekday[k]);
            units[k] = inside ? units_of(gathered, market, day) : 0.0;
        }
        double *group = sums + 7 * market_gathered_group(gathered, week);
        for (int k = 0; whole && k < 7; k++)
            group[k] += units[k];
    }
}

void market_fit_weekday(struct arena *scratch, const struct market_gathered *gathered,
                        const struct market_trading *trading, int market,
                        struct market_estimate weekday[7])
{
    struct arena_mark mark = arena_mark_get(scratch);
    double *sums = ARENA_ARRAY(scratch, double, (size_t)gathered->groups * 7);
    sum_whole_weeks(gathered, trading, market, sums);
    double total = 0.0;
    for (int i = 0; i < 7 * gathered->groups; i++)
        total += sums[i];
    for (int k = 0; k < 7; k++)
        weekday[k] = market_fit_jackknife(scratch, sums, gathered->groups, 7, weekday_share, &k,
                                          FIT_PLAIN, (int64_t)total);
    arena_rewind(scratch, mark);
}

/* ---- level, season, growth, shock ---- */

struct weekly {
    int count;
    int *week;
    double *total;
    double *exposure;
    double dispersion;
};

/* Dispersion of the days around their weeks: the mean of (x - m)^2 / m, free days allowed for. */
static double dispersion_of(const struct market_gathered *gathered,
                            const struct market_trading *trading, int market,
                            const double weekday[7])
{
    double squares = 0.0, freedom = 0.0;
    int offset = gathered->plan.day_first - gathered->monday;
    for (int week = 0; week < gathered->weeks; week++) {
        double total = 0.0, exposure = 0.0;
        int first = 7 * week - offset, days = 0;
        for (int day = first < 0 ? 0 : first; day < first + 7 && day < gathered->days; day++) {
            if (!trading->open[day])
                continue;
            total += units_of(gathered, market, day);
            exposure += weekday[weekday_of(gathered, day)];
            days++;
        }
        if (days < 2 || total <= 0.0 || exposure <= 0.0)
            continue;
        for (int day = first < 0 ? 0 : first; day < first + 7 && day < gathered->days; day++) {
            double mean = total * weekday[weekday_of(gathered, day)] / exposure;
            if (!trading->open[day] || mean <= 0.0)
                continue;
            double difference = units_of(gathered, market, day) - mean;
            squares += difference * difference / mean;
        }
        freedom += days - 1;
    }
    double dispersion = freedom > 0.0 ? squares / freedom : 1.0;
    return dispersion > 1e-6 ? dispersion : 1e-6; /* never none: it divides */
}

static struct weekly weekly_of(struct arena *scratch, const struct market_gathered *gathered,
                               const struct market_trading *trading, int market,
                               const double weekday[7])
{
    size_t weeks = (size_t)gathered->weeks;
    struct weekly weekly = {.week = ARENA_ARRAY(scratch, int, weeks),
                            .total = ARENA_ARRAY(scratch, double, weeks),
                            .exposure = ARENA_ARRAY(scratch, double, weeks)};
    double *total = ARENA_ARRAY(scratch, double, weeks);
    double *exposure = ARENA_ARRAY(scratch, double, weeks);
    for (int day = 0; day < gathered->days; day++) {
        int week = market_gathered_week(gathered, day);
        if (!trading->open[day])
            continue;
        total[week] += units_of(gathered, market, day);
        exposure[week] += weekday[weekday_of(gathered, day)];
    }
    for (int week = 0; week < gathered->weeks; week++) {
        if (exposure[week] < TRADED_LEAST)
            continue;
        weekly.week[weekly.count] = week;
        weekly.total[weekly.count] = total[week] > 0.0 ? total[week] : 0.5;
        weekly.exposure[weekly.count++] = exposure[week];
    }
    weekly.dispersion = dispersion_of(gathered, trading, market, weekday);
    return weekly;
}

static int iso_week_of(const struct market_gathered *gathered, int week)
{
    return date_iso_week(gathered->monday + 7 * week) - 1;
}

/* Weeks of the year seen at least twice, or none when they are too few. */
static int season_columns(const struct market_gathered *gathered, const struct weekly *weekly,
                          int column[SEASON_MAX])
{
    int seen[SEASON_MAX] = {0}, count = 0;
    for (int i = 0; i < weekly->count; i++)
        seen[iso_week_of(gathered, weekly->week[i])]++;
    for (int k = 0; k < SEASON_MAX; k++)
        column[k] = seen[k] >= 2 ? count++ : -1;
    if (count >= FIT_SEASON_WEEKS)
        return count;
    for (int k = 0; k < SEASON_MAX; k++)
        column[k] = -1;
    return 0;
}

/* One row a week: 1, years to the last day, season contrasts (the last one is minus the others). */
static void fill_row(const struct market_gathered *gathered, int week, const int *column,
                     int seasons, double *row)
{
    row[0] = 1.0;
    if (seasons == 0)
        return;
    double middle = gathered->monday + 7 * week + 3;
    row[1] = (middle - gathered->plan.day_last) / 365.0;
    int own = column[iso_week_of(gathered, week)];
    if (own == seasons - 1)
        for (int k = 0; k < seasons - 1; k++)
            row[2 + k] = -1.0;
    else if (own >= 0)
        row[2 + own] = 1.0;
}

static void take_season(const struct fit_level *level, const int *column, int seasons,
                        struct market_series_fit *fit, double *mean)
{
    double value[SEASON_MAX], error[SEASON_MAX];
    *mean = 0.0;
    for (int k = 0; k < seasons; k++) {
        double weights[2 + SEASON_MAX] = {0};
        if (k < seasons - 1)
            weights[2 + k] = 1.0;
        else
            for (int j = 0; j < seasons - 1; j++)
                weights[2 + j] = -1.0;
        fit_level_combine(level, weights, &value[k], &error[k]);
        *mean += dm_exp(value[k]) / seasons;
    }
    for (int k = 0; k < SEASON_MAX; k++)
        if (column[k] >= 0)
            fit->season[k] = market_fit_make(dm_exp(value[column[k]]) / *mean, error[column[k]],
                                             level->freedom, FIT_LOG, level->weeks);
    fit->season_weeks = seasons;
}

static void take_growth(const struct fit_level *level, struct market_series_fit *fit)
{
    double weights[2 + SEASON_MAX] = {[1] = 1.0}, value, error;
    fit_level_combine(level, weights, &value, &error);
    struct market_estimate growth =
        market_fit_make(dm_exp(value), error, level->freedom, FIT_LOG, level->weeks);
    growth.value -= 1.0;
    growth.low -= 1.0;
    growth.high -= 1.0;
    fit->growth = growth;
}

static void expect_level(const struct weekly *weekly, double *expected)
{
    double total = 0.0, exposure = 0.0;
    for (int i = 0; i < weekly->count; i++) {
        total += weekly->total[i];
        exposure += weekly->exposure[i];
    }
    for (int i = 0; i < weekly->count; i++)
        expected[i] = total / exposure * weekly->exposure[i];
}

static void expect_fitted(const struct weekly *weekly, const struct fit_level *level,
                          double *expected)
{
    for (int i = 0; i < weekly->count; i++) {
        double at, error;
        fit_level_combine(level, level->rows + i * level->columns, &at, &error);
        expected[i] = dm_exp(at) * weekly->exposure[i];
    }
}

/* Sales so lumpy that the logarithms of weeks mislead: weeks without any, or a few orders that make
 * the week. */
static bool is_lumpy(const struct weekly *weekly)
{
    double total = 0.0;
    int empty = 0;
    for (int i = 0; i < weekly->count; i++) {
        total += weekly->total[i];
        empty += weekly->total[i] < 1.0;
    }
    return 10 * empty > weekly->count || weekly->dispersion * weekly->count > LUMPY_NOISE * total;
}

/* Then the level is the plain mean, with the jackknife's error; nothing else is told. */
static void take_plain_level(struct arena *scratch, const struct market_gathered *gathered,
                             const struct weekly *weekly, struct market_series_fit *fit)
{
    double *sums = ARENA_ARRAY(scratch, double, (size_t)gathered->groups * 2);
    for (int i = 0; i < weekly->count; i++) {
        double *group = sums + 2 * market_gathered_group(gathered, weekly->week[i]);
        group[0] += weekly->total[i];
        group[1] += weekly->exposure[i];
    }
    fit->base = market_fit_ratio(scratch, sums, gathered->groups, FIT_LOG, weekly->count);
}

void market_fit_series(struct arena *scratch, const struct market_gathered *gathered,
                       const struct market_trading *trading, int market, const double weekday[7],
                       struct market_series_fit *fit)
{
    struct arena_mark mark = arena_mark_get(scratch);
    memset(fit, 0, sizeof(*fit));
    struct weekly weekly = weekly_of(scratch, gathered, trading, market, weekday);
    fit->weeks = weekly.count;
    fit->dispersion = weekly.dispersion;
    if (weekly.count >= FIT_WEEKS_LEAST && is_lumpy(&weekly)) {
        take_plain_level(scratch, gathered, &weekly, fit);
        arena_rewind(scratch, mark);
        return;
    }
    int column[SEASON_MAX];
    int seasons = season_columns(gathered, &weekly, column);
    int columns = seasons > 0 ? seasons + 1 : 1;
    if (weekly.count < FIT_WEEKS_LEAST + columns) {
        arena_rewind(scratch, mark);
        return;
    }
    struct fit_level level = fit_level_new(scratch, weekly.count, columns);
    for (int i = 0; i < weekly.count; i++) {
        level.week[i] = weekly.week[i];
        fill_row(gathered, weekly.week[i], column, seasons, level.rows + i * columns);
    }
    /* The variance of counting needs the weeks' expected totals, never their own: a week that sold
     * little by chance would weigh less, and the level come out too high. First they are taken as
     * level, then as fitted. */
    double *expected = ARENA_ARRAY(scratch, double, (size_t)weekly.count);
    expect_level(&weekly, expected);
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < weekly.count; i++) {
            level.noise[i] = weekly.dispersion / expected[i];
            /* E ln T = ln mean - noise / 2. */
            level.y[i] = dm_log(weekly.total[i] / weekly.exposure[i]) + level.noise[i] / 2.0;
        }
        if (pass > 0) {
            fit_level_solve(&level);
            break;
        }
        fit_level_at(&level, SHOCK_USUAL);
        expect_fitted(&weekly, &level, expected);
    }

    double season_mean = 1.0;
    if (seasons > 0) {
        take_season(&level, column, seasons, fit, &season_mean);
        take_growth(&level, fit);
    }
    fit->shock = level.shock;
    double weights[2 + SEASON_MAX] = {1.0}, at, error;
    fit_level_combine(&level, weights, &at, &error);
    double shock = level.shock.value;
    double convexity = shock * level.shock.error; /* of s^2 / 2 */
    fit->base = market_fit_make(dm_exp(at + shock * shock / 2.0) * season_mean,
                                sqrt(error * error + convexity * convexity), level.freedom, FIT_LOG,
                                weekly.count);
    arena_rewind(scratch, mark);
}

/* ---- mix ---- */

/* Variance of the logarithm of a market's total: counting, and the shock of its weeks. */
static double total_variance(const struct market_gathered *gathered, int market,
                             const struct market_series_fit *fit)
{
    double total = 0.0, shock = 0.0, carried = 0.0;
    for (int week = 0; week < gathered->weeks; week++) {
        double units = 0.0;
        int first = 7 * week - (gathered->plan.day_first - gathered->monday);
        for (int day = first < 0 ? 0 : first; day < first + 7 && day < gathered->days; day++)
            units += units_of(gathered, market, day);
        total += units;
        /* sum over pairs of T T' 0.6^distance, by carrying the discounted earlier weeks */
        shock += units * units + 2.0 * units * carried;
        carried = FIT_SHOCK_AR * (carried + units);
    }
    if (total <= 0.0)
        return 0.0;
    double s = fit->shock.known ? fit->shock.value : 0.0;
    return fit->dispersion / total + s * s * shock / (total * total);
}

void market_fit_mix(const struct market_gathered *gathered, const struct market_series_fit *fits,
                    bool by_value, struct market_estimate *shares)
{
    int markets = gathered->plan.markets;
    double amount[FIT_MARKETS_MAX] = {0}, variance[FIT_MARKETS_MAX], sum = 0.0;
    int64_t units = 0;
    for (int m = 0; m < markets; m++) {
        for (int day = 0; day < gathered->days; day++)
            units += gathered->units[(size_t)m * (size_t)gathered->days + (size_t)day];
        if (by_value)
            for (int week = 0; week < gathered->weeks; week++)
                amount[m] += gathered->value_e4[m * gathered->weeks + week];
        else
            for (int day = 0; day < gathered->days; day++)
                amount[m] += units_of(gathered, m, day);
        variance[m] = total_variance(gathered, m, &fits[m]);
        sum += amount[m];
    }
    for (int m = 0; m < markets; m++) {
        double share = sum > 0.0 ? amount[m] / sum : 0.0;
        double scale_variance = variance[m];
        for (int k = 0; k < markets; k++) {
            double part = k != m && sum > amount[m] ? amount[k] / (sum - amount[m]) : 0.0;
            scale_variance += part * part * variance[k];
        }
        double freedom = fits[m].weeks > 12 ? fits[m].weeks / 3.0 : 4.0;
        shares[m] = markets > 1 && sum > 0.0
                        ? market_fit_make(share, sqrt(scale_variance), freedom, FIT_LOGIT, units)
                        : (struct market_estimate){0};
    }
}
