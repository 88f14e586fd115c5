/* The real functions of detmath against long double libm (64 bits of mantissa) and published
 * values. The counts have their own program. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/detmath.h"
#include "core/rng.h"

enum { POINTS = 400000 };

static double uniform(uint32_t stream, uint32_t index)
{
    return rng_uniform(rng_at((struct rng_key){{20261124, 7}}, stream, 0, 0, 0, 0, index).word[0]);
}

/* Symmetric around 0, from -most to most, dense near 0. */
static double spread(uint32_t stream, uint32_t index, double most)
{
    double t = 2.0 * uniform(stream, index) - 1.0;
    return t * t * t * most;
}

/* Distance in units of the last place of the wanted value. */
static double ulps(double got, long double wanted)
{
    double near = fabs((double)wanted);
    double unit = near == 0 ? DBL_TRUE_MIN : nextafter(near, INFINITY) - near;
    return (double)(fabsl((long double)got - wanted) / (long double)unit);
}

static bool is_nan(double x)
{
    return x != x;
}

static void need_long_double(void)
{
    if (LDBL_MANT_DIG < 64) {
        print_message("long double is no wider than double here\n");
        skip();
    }
}

static void exp_and_expm1_within_their_ulps(void **state)
{
    (void)state;
    need_long_double();
    double most_exp = 0;
    double most_expm1 = 0;
    double most_subnormal = 0;
    for (uint32_t i = 0; i < POINTS; i++) {
        double x = i % 2 ? spread(1, i, 708) : 1416 * uniform(1, i) - 708;
        most_exp = fmax(most_exp, ulps(dm_exp(x), expl(x)));
        double deep = -708 - 38 * uniform(2, i);
        most_subnormal = fmax(most_subnormal, ulps(dm_exp(deep), expl(deep)));
        double y = i % 2 ? spread(3, i, 60) : 4 * uniform(3, i) - 2;
        most_expm1 = fmax(most_expm1, ulps(dm_expm1(y), expm1l(y)));
    }
    assert_true(most_exp < 1.0);
    assert_true(most_subnormal < 1.5);
    assert_true(most_expm1 < 1.5);
}

static void exp_at_its_ends(void **state)
{
    (void)state;
    assert_true(dm_exp(0.0) == 1.0);
    assert_true(fabs(dm_exp(1.0) - 0x1.5bf0a8b145769p+1) <= 0x1p-51);
    assert_true(isinf(dm_exp(709.79)) && isinf(dm_exp(INFINITY)));
    assert_true(dm_exp(709.78) < INFINITY);
    assert_true(dm_exp(-745.2) == 0.0 && dm_exp(-INFINITY) == 0.0);
    assert_true(dm_exp(-745.13) == DBL_TRUE_MIN);
    assert_true(is_nan(dm_exp(NAN)));
    assert_true(dm_expm1(0.0) == 0.0 && dm_expm1(1e-300) == 1e-300);
    assert_true(dm_expm1(-800) == -1.0 && isinf(dm_expm1(800)) && is_nan(dm_expm1(NAN)));
}

static void log_and_log1p_within_their_ulps(void **state)
{
    (void)state;
    need_long_double();
    double most_log = 0;
    double most_log1p = 0;
    for (uint32_t i = 0; i < POINTS; i++) {
        double x = i % 2 ? exp(spread(4, i, 740)) : 0.5 + uniform(4, i);
        most_log = fmax(most_log, ulps(dm_log(x), logl(x)));
        double y = i % 3 == 0   ? spread(5, i, 1)
                   : i % 3 == 1 ? exp(spread(5, i, 700))
                                : -uniform(5, i);
        most_log1p = fmax(most_log1p, ulps(dm_log1p(y), log1pl(y)));
    }
    assert_true(most_log < 1.0);
    assert_true(most_log1p < 1.0);
}

static void log_at_its_ends(void **state)
{
    (void)state;
    assert_true(dm_log(1.0) == 0.0);
    assert_true(dm_log(2.0) == 0x1.62e42fefa39efp-1);
    assert_true(dm_log(0.0) == -INFINITY && isinf(dm_log(INFINITY)));
    assert_true(is_nan(dm_log(-1.0)) && is_nan(dm_log(NAN)));
    assert_true(ulps(dm_log(DBL_TRUE_MIN), logl(DBL_TRUE_MIN)) < 1.0);
    assert_true(dm_log1p(-1.0) == -INFINITY && is_nan(dm_log1p(-1.5)) && is_nan(dm_log1p(NAN)));
    assert_true(dm_log1p(1e-300) == 1e-300 && isinf(dm_log1p(INFINITY)));
}

static void powers(void **state)
{
    (void)state;
    need_long_double();
    double most = 0;
    double most_far = 0;
    for (uint32_t i = 0; i < POINTS; i++) {
        double base = exp(spread(6, i, 5));
        double exponent = 4 * uniform(7, i) - 2;
        most = fmax(most, ulps(dm_pow(base, exponent), powl(base, exponent)));
        exponent *= 60;
        most_far = fmax(most_far, ulps(dm_pow(base, exponent), powl(base, exponent)));
    }
    assert_true(most < 1.5);
    assert_true(most_far < 8);
    assert_true(fabs(dm_pow(2, 10) - 1024) < 1e-12 && dm_pow(7, 0) == 1 && dm_pow(1, 1e300) == 1);
    assert_true(fabs(dm_pow(9, 0.5) - 3) < 1e-15);
    assert_true(dm_pow(0, 2) == 0 && isinf(dm_pow(0, -2)) && isinf(dm_pow(INFINITY, 1)));
    assert_true(isinf(dm_pow(10, 400)) && dm_pow(10, -400) == 0);
    assert_true(is_nan(dm_pow(-1, 2)) && is_nan(dm_pow(2, NAN)));
}

static void log_gamma(void **state)
{
    (void)state;
    need_long_double();
    for (uint32_t i = 0; i < POINTS; i++) {
        double x = i % 2 ? 4 * uniform(8, i) : exp(spread(8, i, 30));
        long double wanted = lgammal(x);
        double scale = fabsl(wanted) > 0.01L ? (double)fabsl(wanted) : 0.01;
        assert_true(fabsl(dm_lgamma(x) - wanted) < 2e-15L * (long double)scale);
    }
    /* ln sqrt(pi), ln 99!, and 0 at 1 and 2. */
    assert_true(fabs(dm_lgamma(0.5) - 0.57236494292470008707) < 1e-15);
    assert_true(fabs(dm_lgamma(100) / 359.13420536957539878 - 1) < 1e-15);
    assert_true(dm_lgamma(1) == 0 && dm_lgamma(2) == 0);
    assert_true(isinf(dm_lgamma(0)) && is_nan(dm_lgamma(-0.5)));
}

static void normal_distribution(void **state)
{
    (void)state;
    need_long_double();
    for (uint32_t i = 0; i < POINTS; i++) {
        double x = 74 * uniform(9, i) - 37;
        if (i % 2)
            x /= 6;
        long double wanted = 0.5L * erfcl(-(long double)x / sqrtl(2.0L));
        assert_true(fabsl(dm_normal_cdf(x) - wanted) < 3e-16L);
        assert_true(fabsl(dm_normal_cdf(x) / wanted - 1) < 2e-15L);
    }
    assert_true(dm_normal_cdf(0) == 0.5);
    assert_true(dm_normal_cdf(-INFINITY) == 0 && dm_normal_cdf(INFINITY) == 1);
    assert_true(is_nan(dm_normal_cdf(NAN)));
}

static void normal_quantile(void **state)
{
    (void)state;
    /* The test values of AS 241. */
    assert_true(fabs(dm_normal_quantile(0.25) + 0.6744897501960817) < 1e-15);
    assert_true(fabs(dm_normal_quantile(0.001) + 3.090232306167814) < 1e-15);
    assert_true(fabs(dm_normal_quantile(1e-20) + 9.262340089798408) < 4e-15);
    assert_true(fabs(dm_normal_quantile(0.975) - 1.959963984540054) < 1e-15);
    assert_true(dm_normal_quantile(0.5) == 0);
    assert_true(dm_normal_quantile(0) == -INFINITY && dm_normal_quantile(1) == INFINITY);
    assert_true(is_nan(dm_normal_quantile(-0.1)) && is_nan(dm_normal_quantile(1.1)));
    for (uint32_t i = 0; i < POINTS; i++) {
        double p = i % 2 ? uniform(10, i) : exp(-700 * uniform(10, i));
        double x = dm_normal_quantile(p);
        /* One step of error in x moves p by x times as much, relatively. */
        double bound = 1e-15 * (2 + x * x);
        if (x < 0)
            assert_true(fabs(dm_normal_cdf(x) / p - 1) < bound);
        else
            assert_true(fabs(dm_normal_cdf(-x) / (1 - p) - 1) < bound);
        if (i % 2)
            assert_true(dm_normal_quantile(1 - p) + x < 1e-9);
    }
    uint64_t word = UINT64_C(0x8000000000000000);
    assert_true(dm_normal_from_word(word) == dm_normal_quantile(rng_uniform(word)));
}

static void incomplete_gamma(void **state)
{
    (void)state;
    need_long_double();
    for (uint32_t i = 0; i < POINTS / 8; i++) {
        double x = exp(spread(11, i, 6));
        assert_true(fabs(dm_gamma_p(1, x) + expm1(-x)) < 1e-15);
        assert_true(fabs(dm_gamma_p(0.5, x) - erf(sqrt(x))) < 1e-15);
        /* P(3, x) = 1 - e^-x (1 + x + x^2/2). */
        long double wanted = 1 - expl(-x) * (1 + x + (long double)x * x / 2);
        assert_true(fabsl(dm_gamma_p(3, x) - wanted) < 1e-15L);
        /* P(a, x) - P(a+1, x) = x^a e^-x / Gamma(a+1), also for large a. */
        double a = exp(spread(12, i, 13));
        double y = a * exp(0.2 * (2 * uniform(13, i) - 1));
        double mass = exp(a * log(y) - y - lgamma(a + 1));
        double tolerance = 1e-15 + 4e-16 * a * (1 + fabs(log(y))) * mass;
        assert_true(fabs(dm_gamma_p(a, y) - dm_gamma_p(a + 1, y) - mass) < tolerance);
    }
    assert_true(dm_gamma_p(2, 0) == 0 && dm_gamma_p(2, -1) == 0 && dm_gamma_p(2, INFINITY) == 1);
}

static void gamma_quantiles(void **state)
{
    (void)state;
    /* Half of published quantiles of chi-square: 5 and 95 % at 10 degrees of freedom, 95 % at 1. */
    assert_true(fabs(2 * dm_gamma_quantile(5, 0.95) / 18.307038053275146 - 1) < 1e-13);
    assert_true(fabs(2 * dm_gamma_quantile(5, 0.05) / 3.940299136119158 - 1) < 1e-12);
    assert_true(fabs(2 * dm_gamma_quantile(0.5, 0.95) / 3.841458820694124 - 1) < 1e-13);
    assert_true(fabs(dm_gamma_quantile(1, 0.5) / 0.69314718055994531 - 1) < 1e-14);
    assert_true(dm_gamma_quantile(2, 0) == 0 && isinf(dm_gamma_quantile(2, 1)));
    for (uint32_t i = 0; i < POINTS / 16; i++) {
        double a = exp(3 + spread(14, i, 7.5));
        double p = i % 3 == 0 ? exp(-30 * uniform(15, i)) : uniform(15, i);
        double x = dm_gamma_quantile(a, p);
        if (x < 1e-300)
            continue;
        /* Inside the bounds that the quantile's accuracy allows, 1e-10 of x on both sides. */
        assert_true(dm_gamma_p(a, x * (1 - 1e-10)) <= p * (1 + 1e-13) + 1e-16);
        assert_true(dm_gamma_p(a, x * (1 + 1e-10)) >= p * (1 - 1e-13) - 1e-16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_and_expm1_within_their_ulps),
        cmocka_unit_test(exp_at_its_ends),
        cmocka_unit_test(log_and_log1p_within_their_ulps),
        cmocka_unit_test(log_at_its_ends),
        cmocka_unit_test(powers),
        cmocka_unit_test(log_gamma),
        cmocka_unit_test(normal_distribution),
        cmocka_unit_test(normal_quantile),
        cmocka_unit_test(incomplete_gamma),
        cmocka_unit_test(gamma_quantiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
