/* detmath: real functions whose bits do not depend on compiler, optimisation or libm.
 *
 * IEEE 754 double, round to nearest, contraction off, fixed order of operations; of the C library
 * only sqrt (correctly rounded by IEEE) is used. Accuracies are maxima measured in
 * tests/core/detmath_test.c against a long double or published reference.
 */
#ifndef CORE_DETMATH_H
#define CORE_DETMATH_H

#include "core/base.h"

/* e^x, relative error under 1.5 ulp; 0 below -745.2, +infinity above 709.79; NaN stays NaN. */
double dm_exp(double x);
/* Natural logarithm, error under 1.5 ulp; -infinity at 0, NaN below. */
double dm_log(double x);
/* ln(1+x), accurate near 0; x > -1. */
double dm_log1p(double x);
/* e^x - 1, accurate near 0. */
double dm_expm1(double x);
/* base^exponent for base > 0, by exp(exponent * log(base)) with a compensated product. */
double dm_pow(double base, double exponent);
/* ln Gamma(x), x > 0; relative error under 1e-14 (absolute near its zeros 1 and 2). */
double dm_lgamma(double x);
/* Standard normal distribution function; absolute error under 1e-15, relative under 1e-12 in tails.
 */
double dm_normal_cdf(double x);
/* Inverse of the above, p in (0,1). Source: Wichura 1988, AS 241 (PPND16), about 1e-16 relative. */
double dm_normal_quantile(double p);
/* A standard normal from one uniform word, by the quantile. */
double dm_normal_from_word(uint64_t word);
/* Smallest k with P(Poisson(mu) <= k) >= u. Exact by summation in log space from the mode (upper
 * tail from 1-u), to mu = 1e6; u in (0,1), mu >= 0. For mu > 1e6 the caller must refuse. */
int64_t dm_poisson_quantile(double mu, double u);
/* Negative binomial with mean mu and Var = mu + phi * mu^2 (phi > 0; phi = 0 is Poisson). Exact in
 * the same sense. */
int64_t dm_negative_binomial_quantile(double mu, double phi, double u);
/* Smallest k with P(Binomial(n, p) <= k) >= u; n <= 1e6. */
int64_t dm_binomial_quantile(int64_t n, double p, double u);
/* Regularised lower incomplete gamma P(a, x) and its inverse in x; a > 0. Absolute error of P under
 * 2e-15, relative error of the quantile under 1e-10 from a = 0.01 on. */
double dm_gamma_p(double a, double x);
double dm_gamma_quantile(double a, double p);

#endif
