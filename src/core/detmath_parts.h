/* detmath_parts: what the files of detmath share; not for other rooms. */
#ifndef CORE_DETMATH_PARTS_H
#define CORE_DETMATH_PARTS_H

#include <string.h>

#include "core/base.h"

static inline uint64_t double_to_bits(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static inline double double_from_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

static inline double double_abs(double value)
{
    return double_from_bits(double_to_bits(value) & (UINT64_MAX >> 1));
}

/* Made from bits: the sign of a computed NaN depends on who computes it, compiler or processor. */
#define DM_INFINITE (double_from_bits(UINT64_C(0x7FF0000000000000)))
#define DM_NAN (double_from_bits(UINT64_C(0x7FF8000000000000)))

/* ln 2 in two parts; the first has 33 bits, so its product with an exponent is exact. */
#define DM_LN2_HIGH 0x1.62e42fee00000p-1
#define DM_LN2_LOW 0x1.a39ef35793c76p-33

#define DM_TWO_PI 0x1.921fb54442d18p+2

/* Above it the upper tail is summed, because 1 - P(X <= k) has lost its digits. */
#define DM_U_HIGH 0.999
/* The largest mean of a count; callers refuse more. */
#define DM_COUNT_MEAN_MAX 1e6

/* Whether a count with this mean is surely 0 at u: neither e^-mean nor (1 - mean/n)^n is below
 * 1 - mean (Bernoulli), and the margin is wide for the rounding of either. Saves their logarithm
 * and exponential where events are rare; the answer is the one they would give. */
static inline bool dm_count_surely_zero(double mean, double u)
{
    return u + mean < 1.0 - 0x1p-40;
}

/* Error of Stirling's formula: ln x! - [(x + 1/2) ln x - x + ln(2 pi)/2], x > 0. */
double dm_stirling_error(double x);
/* x ln(x/mean) + mean - x without cancellation, x > 0, mean > 0; `difference` is x - mean, which
 * the caller may know better than a subtraction. */
double dm_deviance(double x, double mean, double difference);
/* mean^x e^-mean / Gamma(x+1), x >= 0 real, mean > 0.
 * Source: C. Loader 2000, "Fast and accurate computation of binomial probabilities". */
double dm_poisson_mass(double x, double mean);
/* Gamma(x+y+1) / (Gamma(x+1) Gamma(y+1)) p^x q^y, x and y real and positive, p + q = 1. The same
 * source. */
double dm_binomial_mass(double x, double y, double p, double q);

#endif
