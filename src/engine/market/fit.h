/* market/fit: estimates with their standard errors and 95 % intervals.
 *
 * An estimator of this room takes tables made by fit_gather.h and returns a `market_estimate`. The
 * interval comes from one of these, each chosen so that it holds the truth as often as it says
 * (recovery_test.c measures it):
 *   - delete-a-group jackknife over groups that are independent of each other (blocks of weeks, or
 *     buyers), on the scale where the estimate is closest to normal;
 *   - the likelihood of a model for weekly levels (fit_series.h).
 * Source  Wolter 2007, Introduction to Variance Estimation, chapter 4 (jackknife); DerSimonian and
 *         Laird 1986 (shrinkage).
 */
#ifndef ENGINE_MARKET_FIT_H
#define ENGINE_MARKET_FIT_H

#include "core/base.h"

struct arena;

struct market_estimate {
    bool known; /* false: the file cannot tell; the rest is then zero */
    double value;
    double error;     /* standard error, in the units of the value */
    double low, high; /* 95 % interval */
    int64_t count;    /* what it rests on: units, lines, orders, weeks ... */
};

/* The scale on which an estimate is taken to be normal. */
enum market_fit_scale { FIT_PLAIN, FIT_LOG, FIT_LOGIT };

/* 97.5 % quantile of Student's t; freedom >= 1. Within 0.001 from 4 degrees on (Cornish-Fisher,
 * Abramowitz and Stegun 26.7.5), exact for 1 and 2. */
double market_fit_t975(double freedom);

/* An estimate from a value and the standard error on `scale` (of ln value for FIT_LOG, of
 * ln(value / (1 - value)) for FIT_LOGIT). */
struct market_estimate market_fit_make(double value, double scale_error, double freedom,
                                       enum market_fit_scale scale, int64_t count);

/* A function of sums: called with the sums over all groups, then over all but one. */
typedef double market_fit_function(const double *sums, const void *context);

/* Delete-a-group jackknife: sums[g * width + k], groups >= 2. Groups whose sums are all zero do not
 * count. Not known when fewer than five groups hold anything or a value is not finite. A value at
 * the border of its scale (a share of 0) is known with the error of a plain scale. */
struct market_estimate market_fit_jackknife(struct arena *scratch, const double *sums, int groups,
                                            int width, market_fit_function *function,
                                            const void *context, enum market_fit_scale scale,
                                            int64_t count);
/* sums[g * 2] / sums[g * 2 + 1]. */
struct market_estimate market_fit_ratio(struct arena *scratch, const double *sums, int groups,
                                        enum market_fit_scale scale, int64_t count);
/* The jackknife's last step for estimators that need more than a function of sums: `all` and the
 * `parts` with one group left out each, on the natural scale. */
struct market_estimate market_fit_from_parts(double all, const double *parts, int count_parts,
                                             enum market_fit_scale scale, int64_t count);

/* Empirical Bayes: draws the known estimates towards their common mean by the method of moments for
 * the variance between them. Fewer than three known ones are left alone. `pooled` gets the mean.
 * Intervals are cut at `least`, below which the quantity cannot lie. */
void market_fit_shrink(struct market_estimate *estimates, int count, double least,
                       struct market_estimate *pooled);

#endif
