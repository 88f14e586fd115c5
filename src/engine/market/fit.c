#include "engine/market/fit.h"

#include <math.h>

#include "core/arena.h"
#include "core/detmath.h"

enum { GROUPS_LEAST = 5 };

double market_fit_t975(double freedom)
{
    const double z = 1.959963984540054; /* the normal's */
    if (freedom < 1.5)
        return 12.706204736;
    if (freedom < 2.5)
        return 4.302652730;
    double z2 = z * z;
    double g1 = z * (z2 + 1.0) / 4.0;
    double g2 = z * ((5.0 * z2 + 16.0) * z2 + 3.0) / 96.0;
    double g3 = z * (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) / 384.0;
    double g4 = z * ((((79.0 * z2 + 776.0) * z2 + 1482.0) * z2 - 1920.0) * z2 - 945.0) / 92160.0;
    double f = 1.0 / freedom;
    return z + f * (g1 + f * (g2 + f * (g3 + f * g4)));
}

static bool is_finite(double value)
{
    return value - value == 0.0;
}

static double to_scale(double value, enum market_fit_scale scale)
{
    if (scale == FIT_LOG)
        return dm_log(value);
    if (scale == FIT_LOGIT)
        return dm_log(value) - dm_log1p(-value);
    return value;
}

static double from_scale(double value, enum market_fit_scale scale)
{
    if (scale == FIT_LOG)
        return dm_exp(value);
    if (scale == FIT_LOGIT)
        return value > 0.0 ? 1.0 / (1.0 + dm_exp(-value)) : dm_exp(value) / (1.0 + dm_exp(value));
    return value;
}

/* d value / d scale: turns an error on the scale into one of the value. */
static double scale_slope(double value, enum market_fit_scale scale)
{
    if (scale == FIT_LOG)
        return value;
    if (scale == FIT_LOGIT)
        return value * (1.0 - value);
    return 1.0;
}

static bool fits_scale(double value, enum market_fit_scale scale)
{
    if (!is_finite(value))
        return false;
    if (scale == FIT_LOG)
        return value > 0.0;
    if (scale == FIT_LOGIT)
        return value > 0.0 && value < 1.0;
    return true;
}

struct market_estimate market_fit_make(double value, double scale_error, double freedom,
                                       enum market_fit_scale scale, int64_t count)
{
    struct market_estimate estimate = {
        .known = is_finite(value) && is_finite(scale_error), .value = value, .count = count};
    if (!estimate.known)
        return (struct market_estimate){0};
    if (!fits_scale(value, scale))
        scale = FIT_PLAIN;
    double reach = market_fit_t975(freedom) * scale_error;
    double at = to_scale(value, scale);
    estimate.error = scale_error * scale_slope(value, scale);
    estimate.low = from_scale(at - reach, scale);
    estimate.high = from_scale(at + reach, scale);
    return estimate;
}

struct market_estimate market_fit_from_parts(double all, const double *parts, int count_parts,
                                             enum market_fit_scale scale, int64_t count)
{
    if (count_parts < GROUPS_LEAST || !is_finite(all))
        return (struct market_estimate){0};
    bool fits = fits_scale(all, scale);
    for (int i = 0; i < count_parts; i++) {
        if (!is_finite(parts[i]))
            return (struct market_estimate){0};
        fits = fits && fits_scale(parts[i], scale);
    }
    if (!fits)
        scale = FIT_PLAIN;
    double mean = 0.0, sum = 0.0;
    for (int i = 0; i < count_parts; i++)
        mean += to_scale(parts[i], scale);
    mean /= count_parts;
    for (int i = 0; i < count_parts; i++) {
        double difference = to_scale(parts[i], scale) - mean;
        sum += difference * difference;
    }
    double n = count_parts;
    return market_fit_make(all, sqrt((n - 1.0) / n * sum), n - 1.0, scale, count);
}

struct market_estimate market_fit_jackknife(struct arena *scratch, const double *sums, int groups,
                                            int width, market_fit_function *function,
                                            const void *context, enum market_fit_scale scale,
                                            int64_t count)
{
    struct arena_mark mark = arena_mark_get(scratch);
    double *all = ARENA_ARRAY(scratch, double, (size_t)width);
    double *rest = ARENA_ARRAY(scratch, double, (size_t)width);
    double *parts = ARENA_ARRAY(scratch, double, (size_t)groups);
    int used = 0;
    for (int g = 0; g < groups; g++)
        for (int k = 0; k < width; k++)
            all[k] += sums[g * width + k];
    for (int g = 0; g < groups; g++) {
        bool empty = true;
        for (int k = 0; k < width; k++) {
            empty = empty && sums[g * width + k] == 0.0;
            rest[k] = all[k] - sums[g * width + k];
        }
        if (!empty)
            parts[used++] = function(rest, context);
    }
    struct market_estimate estimate =
        market_fit_from_parts(function(all, context), parts, used, scale, count);
    arena_rewind(scratch, mark);
    return estimate;
}

static double ratio_of(const double *sums, const void *context)
{
    (void)context;
    return sums[0] / sums[1];
}

struct market_estimate market_fit_ratio(struct arena *scratch, const double *sums, int groups,
                                        enum market_fit_scale scale, int64_t count)
{
    return market_fit_jackknife(scratch, sums, groups, 2, ratio_of, NULL, scale, count);
}

/* Mean of the known estimates weighted by 1 / (error^2 + between). */
static double weighted_mean(const struct market_estimate *estimates, int count, double between,
                            double *weights)
{
    double sum = 0.0;
    *weights = 0.0;
    for (int i = 0; i < count; i++) {
        if (!estimates[i].known || estimates[i].error <= 0.0)
            continue;
        double weight = 1.0 / (estimates[i].error * estimates[i].error + between);
        sum += weight * estimates[i].value;
        *weights += weight;
    }
    return *weights > 0.0 ? sum / *weights : 0.0;
}

/* Variance between the true values, DerSimonian and Laird's moment estimate. */
static double variance_between(const struct market_estimate *estimates, int count)
{
    double weights;
    double mean = weighted_mean(estimates, count, 0.0, &weights);
    double squares = 0.0, q = 0.0;
    int known = 0;
    for (int i = 0; i < count; i++) {
        if (!estimates[i].known || estimates[i].error <= 0.0)
            continue;
        double weight = 1.0 / (estimates[i].error * estimates[i].error);
        double difference = estimates[i].value - mean;
        q += weight * difference * difference;
        squares += weight * weight;
        known++;
    }
    double scale = weights - squares / weights;
    double between = (q - (known - 1)) / scale;
    return between > 0.0 ? between : 0.0;
}

void market_fit_shrink(struct market_estimate *estimates, int count, double least,
                       struct market_estimate *pooled)
{
    int known = 0;
    for (int i = 0; i < count; i++)
        known += estimates[i].known && estimates[i].error > 0.0;
    *pooled = (struct market_estimate){0};
    if (known < 3)
        return;
    double between = variance_between(estimates, count), weights;
    double mean = weighted_mean(estimates, count, between, &weights);
    int64_t total = 0;
    for (int i = 0; i < count; i++) {
        struct market_estimate *one = &estimates[i];
        if (!one->known || one->error <= 0.0)
            continue;
        double own = one->error * one->error;
        double keep = between / (between + own);
        double freedom_reach = (one->high - one->low) / (2.0 * one->error);
        double error = sqrt(keep * own + (1.0 - keep) * (1.0 - keep) / weights);
        one->value = mean + keep * (one->value - mean);
        one->error = error;
        one->low = one->value - freedom_reach * error;
        one->low = one->low > least ? one->low : least;
        one->high = one->value + freedom_reach * error;
        total += one->count;
    }
    *pooled = market_fit_make(mean, sqrt(1.0 / weights), known - 1, FIT_PLAIN, total);
}
