/* exp, log and their kin. Polynomials are minimax fits (Remez, 50 digits) made for this file; the
 * bounds given are theirs before rounding. */
#include "core/detmath.h"

#include "core/detmath_parts.h"

/* Adding this to a double below 2^51 rounds it to a whole number, kept in the low bits. */
#define ROUND_SHIFT 0x1.8p52
#define INVERSE_LN2 0x1.71547652b82fep+0

/* x = k ln 2 + r, |r| <= ln(2)/2; r = high - low, where high carries no rounding error.
 * Source of the reduction: fdlibm's e_exp.c; of k by a shift: P. T. P. Tang 1989. */
struct reduced {
    double high;
    double low;
    double k;
    uint64_t k_bits; /* k in two's complement in the low 51 bits */
};

static inline struct reduced exp_reduce(double x)
{
    double shifted = x * INVERSE_LN2 + ROUND_SHIFT;
    double k = shifted - ROUND_SHIFT;
    return (struct reduced){
        .high = x - k * DM_LN2_HIGH,
        .low = k * DM_LN2_LOW,
        .k = k,
        .k_bits = double_to_bits(shifted),
    };
}

/* (e^r - 1 - r) / r^2 for |r| <= ln(2)/2; times r^2 its error is below 2^-58. */
static inline double exp_polynomial(double r, double r2)
{
    double r4 = r2 * r2;
    double p01 = 0x1.000000000000bp-1 + r * 0x1.5555555555561p-3;
    double p23 = 0x1.5555555550030p-5 + r * 0x1.111111110d61ap-7;
    double p45 = 0x1.6c16c185a74f1p-10 + r * 0x1.a01a01baed115p-13;
    double p67 = 0x1.a0199693a6f33p-16 + r * 0x1.71dddfb4ea1afp-19;
    double p89 = 0x1.28b0493ee36abp-22 + r * 0x1.af85a9a38f246p-26;
    return (p01 + r2 * p23) + r4 * ((p45 + r2 * p67) + r4 * p89);
}

/* e^r in [0.70, 1.42]. */
static inline double exp_core(struct reduced reduced)
{
    double r = reduced.high - reduced.low;
    double r2 = r * r;
    return 1.0 + (reduced.high + (r2 * exp_polynomial(r, r2) - reduced.low));
}

/* Results beyond the normal numbers: the power of two is applied in two steps. */
static double exp_edge(double x)
{
    if (x != x)
        return DM_NAN;
    if (x > 709.79)
        return DM_INFINITE;
    if (x < -745.2)
        return 0.0;
    struct reduced reduced = exp_reduce(x);
    int k = (int)reduced.k;
    int half = k / 2;
    double first = double_from_bits((uint64_t)(half + 1023) << 52);
    double second = double_from_bits((uint64_t)(k - half + 1023) << 52);
    return exp_core(reduced) * first * second;
}

double dm_exp(double x)
{
    if (!(double_abs(x) <= 708.0))
        return exp_edge(x);
    struct reduced reduced = exp_reduce(x);
    /* Adding k to the exponent field multiplies by 2^k. */
    return double_from_bits(double_to_bits(exp_core(reduced)) + (reduced.k_bits << 52));
}

double dm_expm1(double x)
{
    if (double_abs(x) < 0x1p-54)
        return x;
    if (!(x < 40.0))
        return dm_exp(x) - 1.0;
    if (x < -40.0)
        return -1.0;
    struct reduced reduced = exp_reduce(x);
    double r = reduced.high - reduced.low;
    double r2 = r * r;
    double more = r2 * exp_polynomial(r, r2) - reduced.low;
    double sum = reduced.high + more;
    if (reduced.k == 0.0)
        return sum;
    /* 2^k (1 + sum + rest) - 1, where the rest is what the sum lost. */
    double rest = reduced.high - sum + more;
    double scale = double_from_bits((uint64_t)((int)reduced.k + 1023) << 52);
    return (scale - 1.0 + scale * sum) + scale * rest;
}

/* x = 2^k (1+f) with sqrt(1/2) <= 1+f < sqrt(2). */
static inline double log_reduce(double x, double *k)
{
    const uint64_t half_root = UINT64_C(0x3FE6A09E667F3BCD);
    int exponent = 0;
    uint64_t bits = double_to_bits(x);
    if (bits < UINT64_C(0x0010000000000000)) {
        bits = double_to_bits(x * 0x1p54);
        exponent = -54;
    }
    /* Biased so that the shift never sees a negative number. */
    uint64_t above = bits - half_root + (UINT64_C(2048) << 52);
    exponent += (int)(above >> 52) - 2048;
    uint64_t steps = (above >> 52) - 2048;
    *k = (double)exponent;
    return double_from_bits(bits - (steps << 52)) - 1.0;
}

/* [ln((1+s)/(1-s)) - 2s] / s for z = s^2, |s| <= 0.1716; error below 2^-65.
 * Source of the form: fdlibm's e_log.c. */
static inline double log_polynomial(double z)
{
    double z2 = z * z;
    double z4 = z2 * z2;
    double p01 = 0x1.5555555555555p-1 + z * 0x1.9999999999e00p-2;
    double p23 = 0x1.249249242b30ep-2 + z * 0x1.c71c725911426p-3;
    double p45 = 0x1.745cde2f6a58bp-3 + z * 0x1.3b20aca20b21cp-3;
    double p67 = 0x1.0f5cb09931127p-3 + z * 0x1.0f63f1f318807p-3;
    return z * ((p01 + z2 * p23) + z4 * (p45 + z2 * p67));
}

/* ln(1+f) + k ln 2 + correction. */
static inline double log_core(double f, double k, double correction)
{
    double s = f / (2.0 + f);
    double half_square = 0.5 * f * f;
    double rest = s * (half_square + log_polynomial(s * s)) + (k * DM_LN2_LOW + correction);
    return k * DM_LN2_HIGH - ((half_square - rest) - f);
}

double dm_log(double x)
{
    if (!(x > 0.0))
        return x == 0.0 ? -DM_INFINITE : DM_NAN;
    if (x == DM_INFINITE)
        return x;
    double k;
    double f = log_reduce(x, &k);
    return log_core(f, k, 0.0);
}

double dm_log1p(double x)
{
    if (!(x > -1.0))
        return x == -1.0 ? -DM_INFINITE : DM_NAN;
    if (x == DM_INFINITE || double_abs(x) < 0x1p-54)
        return x;
    if (x > -0.29 && x < 0.41)
        return log_core(x, 0.0, 0.0);
    double sum = 1.0 + x;
    double k;
    double f = log_reduce(sum, &k);
    /* What the sum lost, relative to it. */
    double lost = x >= 1.0 ? 1.0 - (sum - x) : x - (sum - 1.0);
    return log_core(f, k, lost / sum);
}

/* a * b exactly, as a sum. Source: T. J. Dekker 1971; no fused multiply-add. */
static inline double product_exact(double a, double b, double *low)
{
    const double splitter = 134217729.0; /* 2^27 + 1 */
    double a_big = a * splitter;
    double b_big = b * splitter;
    double a_high = a_big - (a_big - a);
    double b_high = b_big - (b_big - b);
    double a_low = a - a_high;
    double b_low = b - b_high;
    double high = a * b;
    *low = ((a_high * b_high - high) + a_high * b_low + a_low * b_high) + a_low * b_low;
    return high;
}

/* ln x as a sum of two, about 58 bits. */
static inline double log_double(double x, double *low)
{
    double k;
    double f = log_reduce(x, &k);
    double divisor = 2.0 + f;
    double divisor_low = f - (divisor - 2.0);
    double s = f / divisor;
    double product_low;
    double product = product_exact(s, divisor, &product_low);
    double s_low = (((f - product) - product_low) - s * divisor_low) / divisor;
    double small = 2.0 * s_low + s * log_polynomial(s * s);
    double big = k * DM_LN2_HIGH;
    double sum = big + 2.0 * s;
    double lost = 2.0 * s - (sum - big);
    double rest = lost + (k * DM_LN2_LOW + small);
    double high = sum + rest;
    *low = rest - (high - sum);
    return high;
}

double dm_pow(double base, double exponent)
{
    if (exponent == 0.0 || base == 1.0)
        return 1.0;
    if (!(base >= 0.0) || exponent != exponent)
        return DM_NAN;
    if (base == 0.0 || base == DM_INFINITE)
        return (base == 0.0) == (exponent > 0.0) ? 0.0 : DM_INFINITE;
    double log_low;
    double log_high = log_double(base, &log_low);
    double rough = exponent * log_high;
    if (!(double_abs(rough) <= 800.0))
        return dm_exp(rough);
    double low;
    double high = product_exact(exponent, log_high, &low);
    low += exponent * log_low;
    double power = dm_exp(high);
    return power == DM_INFINITE ? power : power + power * low;
}
