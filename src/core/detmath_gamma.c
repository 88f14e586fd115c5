/* Gamma function, its incomplete forms, and the masses of counts. */
#include <math.h>

#include "core/detmath.h"
#include "core/detmath_parts.h"

#define HALF_LN_TWO_PI 0x1.d67f1c864beb5p-1

/* Stirling's series; from x = 10 on its next term is below 4e-17. Source: DLMF 5.11.1. */
static double stirling_series(double x)
{
    double y = 1.0 / (x * x);
    double sum = -3617.0 / 122400.0;
    sum = sum * y + 1.0 / 156.0;
    sum = sum * y - 691.0 / 360360.0;
    sum = sum * y + 1.0 / 1188.0;
    sum = sum * y - 1.0 / 1680.0;
    sum = sum * y + 1.0 / 1260.0;
    sum = sum * y - 1.0 / 360.0;
    sum = sum * y + 1.0 / 12.0;
    return sum / x;
}

double dm_stirling_error(double x)
{
    /* d(x) - d(x+1) = (x + 1/2) ln(1 + 1/x) - 1, until the series holds. */
    double sum = 0.0;
    for (; x < 10.0; x += 1.0)
        sum += (x + 0.5) * dm_log1p(1.0 / x) - 1.0;
    return sum + stirling_series(x);
}

/* ln Gamma(2+t) / t for |t| <= 1/2; minimax fit (Remez, 50 digits), error below 2^-63. */
static double lgamma_polynomial(double t)
{
    static const double c[] = {
        0x1.1a906126d0e45p-24,  -0x1.207136e9f3ef9p-23, 0x1.aef26dd506b1bp-23,
        -0x1.cddfc84ec0719p-22, 0x1.01718e5706438p-20,  -0x1.127a04ecc0f3dp-19,
        0x1.25899f3cf3c2fp-18,  -0x1.3cb38ea27589cp-17, 0x1.580e44d5a28b6p-16,
        -0x1.78de9c5fdd384p-15, 0x1.a127ae82ed63ap-14,  -0x1.d3fd4b5ef2b13p-13,
        0x1.0b36af8a181d1p-11,  -0x1.38ac5c2d54c89p-10, 0x1.7add6eadaff62p-9,
        -0x1.e404fc218da87p-8,  0x1.51322ac7d84b0p-6,   -0x1.13e001a55760ap-4,
        0x1.4a34cc4a60fa6p-2,   0x1.b0ee6072093cep-2,
    };
    double sum = c[0];
    for (size_t i = 1; i < COUNT_OF(c); i++)
        sum = sum * t + c[i];
    return sum;
}

double dm_lgamma(double x)
{
    if (!(x > 0.0))
        return x == 0.0 ? DM_INFINITE : DM_NAN;
    if (x >= 10.0)
        return (x - 0.5) * (dm_log(x) - 1.0) + (HALF_LN_TWO_PI - 0.5 + stirling_series(x));
    if (x < 0.5)
        return x * lgamma_polynomial(x) - dm_log1p(x) - dm_log(x);
    if (x < 1.5)
        return (x - 1.0) * lgamma_polynomial(x - 1.0) - dm_log1p(x - 1.0);
    double product = 1.0;
    while (x > 2.5) {
        x -= 1.0;
        product *= x;
    }
    double value = (x - 2.0) * lgamma_polynomial(x - 2.0);
    return product == 1.0 ? value : value + dm_log(product);
}

double dm_deviance(double x, double mean, double difference)
{
    if (double_abs(difference) >= 0.1 * (x + mean))
        return x * dm_log(x / mean) - difference;
    /* With v = (x - mean)/(x + mean): (x - mean) v + 2 x v (v^2/3 + v^4/5 + ...). */
    double v = difference / (x + mean);
    double square = v * v;
    double sum = difference * v;
    double term = 2.0 * x * v;
    for (int i = 3; i < 100; i += 2) {
        term *= square;
        double next = sum + term / (double)i;
        if (next == sum)
            break;
        sum = next;
    }
    return sum;
}

/* The part of a Poisson mass at x that no mean changes: ln Gamma(x+1) below 1, else the error of
 * Stirling's formula. */
static double mass_constant(double x)
{
    if (x < 1.0)
        return x <= 0.0 ? 0.0 : dm_lgamma(x + 1.0);
    return dm_stirling_error(x);
}

static double mass_with(double constant, double x, double mean)
{
    if (x < 1.0)
        return dm_exp(x <= 0.0 ? -mean : x * dm_log(mean) - mean - constant);
    return dm_exp(-constant - dm_deviance(x, mean, x - mean)) / sqrt(DM_TWO_PI * x);
}

double dm_poisson_mass(double x, double mean)
{
    return mass_with(mass_constant(x), x, mean);
}

double dm_binomial_mass(double x, double y, double p, double q)
{
    double n = x + y;
    double difference = x * q - y * p; /* x - n p, and n q - y */
    double exponent = dm_stirling_error(n) - dm_stirling_error(x) - dm_stirling_error(y) -
                      dm_deviance(x, n * p, difference) - dm_deviance(y, n * q, -difference);
    return dm_exp(exponent) * sqrt(n / (DM_TWO_PI * x * y));
}

enum { GAMMA_STEPS_MAX = 200000 };

/* P and Q = 1 - P, whichever is the smaller tail to full relative accuracy; `mass` is the Poisson
 * mass at a with mean x.
 * Source: DLMF 8.11.4 (series) and 8.9.2 (continued fraction, by Lentz's method). */
static void gamma_tails(double a, double x, double mass, double *lower, double *upper)
{
    if (x < a + 1.0) {
        double term = 1.0;
        double sum = 1.0;
        for (int i = 1; i < GAMMA_STEPS_MAX && term > sum * 0x1p-56; i++) {
            term *= x / (a + (double)i);
            sum += term;
        }
        *lower = mass * sum;
        if (*lower > 1.0)
            *lower = 1.0;
        *upper = 1.0 - *lower;
        return;
    }
    const double tiny = 0x1p-1000;
    double b = x + 1.0 - a;
    double c = 1.0 / tiny;
    double d = 1.0 / b;
    double fraction = d;
    for (int i = 1; i < GAMMA_STEPS_MAX; i++) {
        double step = -(double)i * ((double)i - a);
        b += 2.0;
        d = step * d + b;
        d = 1.0 / (double_abs(d) < tiny ? tiny : d);
        c = b + step / c;
        c = double_abs(c) < tiny ? tiny : c;
        double factor = d * c;
        fraction *= factor;
        if (double_abs(factor - 1.0) < 0x1p-52)
            break;
    }
    *upper = mass * a * fraction;
    if (*upper > 1.0)
        *upper = 1.0;
    *lower = 1.0 - *upper;
}

double dm_gamma_p(double a, double x)
{
    double lower;
    double upper;
    if (!(x > 0.0))
        return x == x ? 0.0 : DM_NAN;
    if (x == DM_INFINITE)
        return 1.0;
    gamma_tails(a, x, dm_poisson_mass(a, x), &lower, &upper);
    return lower;
}

/* Where the search starts, as ln x. Wilson and Hilferty 1931, or the first term of the series for
 * small a or deep lower tails. */
static double gamma_quantile_start(double a, double p)
{
    double first_term = (dm_log(p) + dm_lgamma(a + 1.0)) / a;
    double root = 1.0 - 1.0 / (9.0 * a) + dm_normal_quantile(p) / (3.0 * sqrt(a));
    if (a < 0.5 || root < 0.2)
        return first_term;
    return dm_log(a * root * root * root);
}

double dm_gamma_quantile(double a, double p)
{
    if (!(p > 0.0))
        return p == p ? 0.0 : DM_NAN;
    if (p >= 1.0)
        return DM_INFINITE;
    /* Newton in ln x on the logarithm of the smaller tail, kept inside a bracket. */
    double low = -750.0;
    double high = dm_log(a) + 10.0;
    if (high < 8.0)
        high = 8.0;
    double y = gamma_quantile_start(a, p);
    double constant = mass_constant(a);
    if (y < low)
        return 0.0;
    for (int i = 0; i < 100; i++) {
        if (!(y > low && y < high))
            y = 0.5 * (low + high);
        double x = dm_exp(y);
        double lower;
        double upper;
        double mass = mass_with(constant, a, x);
        gamma_tails(a, x, mass, &lower, &upper);
        bool above = p < 0.5 ? lower > p : upper < 1.0 - p;
        if (above)
            high = y;
        else
            low = y;
        double slope = a * mass; /* x times the density */
        double step =
            p < 0.5 ? dm_log(p / lower) * lower / slope : dm_log(upper / (1.0 - p)) * upper / slope;
        double next = y + step;
        if (double_abs(step) < 0x1p-46 || high - low < 0x1p-50)
            return dm_exp(next > low && next < high ? next : y);
        y = next;
    }
    return dm_exp(y);
}
