/* detmath_parts: what the files of detmath share; not for other rooms. */
#ifndef CORE_DETMATH_PARTS_H
#define CORE_DETMATH_PARTS_H

#include "core/base.h"

#include <string.h>

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

/* ln 2 in two parts; the first has 33 bits, so its product with an exponent is exact. */
#define DM_LN2_HIGH 0x1.62e42fee00000p-1
#define DM_LN2_LOW 0x1.a39ef35793c76p-33

/* Error of Stirling's formula: ln x! - [(x + 1/2) ln x - x + ln(2 pi)/2], x > 0. */
double dm_stirling_error(double x);
/* x ln(x/mean) + mean - x without cancellation, x > 0, mean > 0. */
double dm_deviance(double x, double mean);
/* mean^x e^-mean / Gamma(x+1), x >= 0 real, mean > 0.
 * Source: C. Loader 2000, "Fast and accurate computation of binomial probabilities". */
double dm_poisson_mass(double x, double mean);
/* Gamma(n+1) / (Gamma(x+1) Gamma(n-x+1)) p^x q^(n-x), x and n real, 0 < x < n, p + q = 1. The same
 * source. */
double dm_binomial_mass(double x, double n, double p, double q);

#endif
