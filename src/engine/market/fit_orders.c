#include "engine/market/fit_orders.h"

#include <math.h>

#include "core/arena.h"
#include "core/date.h"

/* ---- dispersion ---- */

/* Adds the pairs of one article's week to sums[0] / sums[1]. */
static void add_pairs(const struct market_gathered *gathered, const struct market_trading *trading,
                      const int32_t *units, int first, const double weekday[7], double sums[2])
{
    double a = 0.0, squares = 0.0, poisson = 0.0;
    int days = 0;
    for (int day = first < 0 ? 0 : first; day < first + 7 && day < gathered->days; day++) {
        double index = weekday[date_weekday(gathered->plan.day_first + day)];
        if (!trading->open[day] || index <= 0.0)
            continue;
        double level = units[day] / index;
        a += level;
        squares += level * level;
        poisson += level / index;
        days++;
    }
    if (days < 2)
        return;
    sums[0] += days * squares - a * a - (days - 1) * poisson;
    sums[1] += a * a - squares;
}

static double ratio_of(const double *sums, const void *context)
{
    (void)context;
    return sums[0] / sums[1];
}

struct market_estimate market_fit_dispersion(struct arena *scratch,
                                             const struct market_gathered *gathered,
                                             const struct market_trading *trading, int market,
                                             const double weekday[7])
{
    struct arena_mark mark = arena_mark_get(scratch);
    /* Weeks, not groups: they are independent given their level, and more of them help here. */
    double *sums = ARENA_ARRAY(scratch, double, (size_t)gathered->weeks * 2);
    int offset = gathered->plan.day_first - gathered->monday;
    int64_t count = 0;
    for (int m = 0; m < gathered->plan.markets; m++) {
        if (market >= 0 && m != market)
            continue;
        for (int k = 0; k < gathered->plan.tracked_count; k++) {
            const int32_t *units = gathered->tracked_units +
                                   ((size_t)m * (size_t)gathered->plan.tracked_count + (size_t)k) *
                                       (size_t)gathered->days;
            for (int week = 0; week < gathered->weeks; week++)
                add_pairs(gathered, trading, units, 7 * week - offset, weekday, sums + 2 * week);
            count += gathered->days;
        }
    }
    struct market_estimate estimate =
        market_fit_jackknife(scratch, sums, gathered->weeks, 2, ratio_of, NULL, FIT_LOG, count);
    arena_rewind(scratch, mark);
    return estimate;
}

/* ---- hours, prices, returns, lead times ---- */

static double hour_share(const double *sums, const void *context)
{
    int hour = *(const int *)context;
    double total = 0.0;
    for (int i = 0; i < 24; i++)
        total += sums[i];
    return sums[hour] / total;
}

int64_t market_fit_hours(struct arena *scratch, const struct market_gathered *gathered,
                         struct market_estimate hours[24])
{
    double total = 0.0;
    for (int i = 0; i < 24 * gathered->groups; i++)
        total += gathered->hour[i];
    for (int hour = 0; hour < 24; hour++)
        hours[hour] = market_fit_jackknife(scratch, gathered->hour, gathered->groups, 24,
                                           hour_share, &hour, FIT_LOGIT, (int64_t)total);
    return (int64_t)total;
}

/* Units sold by week; of one market or all. */
static double week_units(const struct market_gathered *gathered, int market, int week)
{
    int first = 7 * week - (gathered->plan.day_first - gathered->monday);
    double sum = 0.0;
    for (int m = 0; m < gathered->plan.markets; m++)
        for (int day = first < 0 ? 0 : first; day < first + 7 && day < gathered->days; day++)
            if (market < 0 || m == market)
                sum += (double)gathered->units[(size_t)m * (size_t)gathered->days + (size_t)day];
    return sum;
}

/* Ratio of a weekly table to the units sold, from `week_first` on, by blocks of weeks. */
static struct market_estimate per_unit(struct arena *scratch,
                                       const struct market_gathered *gathered, int market,
                                       const double *table, int week_first,
                                       enum market_fit_scale scale)
{
    struct arena_mark mark = arena_mark_get(scratch);
    double *sums = ARENA_ARRAY(scratch, double, (size_t)gathered->groups * 2);
    double units = 0.0;
    for (int week = week_first; week < gathered->weeks; week++) {
        double *group = sums + 2 * market_gathered_group(gathered, week);
        for (int m = 0; m < gathered->plan.markets; m++)
            if (market < 0 || m == market)
                group[0] += table[m * gathered->weeks + week];
        double sold = week_units(gathered, market, week);
        group[1] += sold;
        units += sold;
    }
    struct market_estimate estimate =
        market_fit_ratio(scratch, sums, gathered->groups, scale, (int64_t)units);
    arena_rewind(scratch, mark);
    return estimate;
}

struct market_estimate market_fit_price(struct arena *scratch,
                                        const struct market_gathered *gathered, int market)
{
    return per_unit(scratch, gathered, market, gathered->value_e4, 0, FIT_LOG);
}

struct market_estimate market_fit_returns(struct arena *scratch,
                                          const struct market_gathered *gathered, int market)
{
    return per_unit(scratch, gathered, market, gathered->returned, FIT_RETURN_WEEKS, FIT_LOGIT);
}

struct market_estimate market_fit_cancellations(struct arena *scratch,
                                                const struct market_gathered *gathered, int market)
{
    return per_unit(scratch, gathered, market, gathered->cancelled, 0, FIT_LOGIT);
}

static double lead_mean(const double *sums, const void *context)
{
    (void)context;
    return sums[1] / sums[0];
}

static double lead_sd(const double *sums, const void *context)
{
    (void)context;
    double mean = sums[1] / sums[0];
    double variance = sums[2] / sums[0] - mean * mean;
    return variance > 0.0 ? sqrt(variance) : 0.0;
}

void market_fit_lead(struct arena *scratch, const struct market_gathered *gathered, int market,
                     struct market_estimate *mean, struct market_estimate *sd)
{
    struct arena_mark mark = arena_mark_get(scratch);
    double *sums = ARENA_ARRAY(scratch, double, (size_t)gathered->groups * 3);
    double count = 0.0;
    for (int week = 0; week < gathered->weeks; week++)
        for (int i = 0; i < 3; i++) {
            double part = gathered->lead[3 * (market * gathered->weeks + week) + i];
            sums[3 * market_gathered_group(gathered, week) + i] += part;
            count += i == 0 ? part : 0.0;
        }
    *mean = *sd = (struct market_estimate){0};
    if (count > 0.0) {
        *mean = market_fit_jackknife(scratch, sums, gathered->groups, 3, lead_mean, NULL, FIT_LOG,
                                     (int64_t)count);
        *sd = market_fit_jackknife(scratch, sums, gathered->groups, 3, lead_sd, NULL, FIT_LOG,
                                   (int64_t)count);
    }
    arena_rewind(scratch, mark);
}
