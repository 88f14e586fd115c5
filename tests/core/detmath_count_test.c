/* Quantiles of counts against sums in 113-bit arithmetic. The reference knows only the ratio of
 * neighbouring masses: it starts from 1 at the mode, sums both ways until nothing is added, and
 * divides by the total; no function of detmath and no logarithm is in it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/detmath.h"
#include "core/rng.h"

__extension__ typedef __float128 quad;

enum law { POISSON, NEGATIVE_BINOMIAL, BINOMIAL };

struct reference {
    enum law law;
    double mean;   /* binomial: n */
    double shape;  /* negative binomial: phi; binomial: p */
    int64_t first; /* k of the first entry */
    size_t count;
    quad *lower; /* P(X <= k) */
    quad *upper; /* P(X > k) */
};

/* P(k+1) / P(k). */
static quad ratio(const struct reference *law, int64_t k)
{
    quad mean = law->mean;
    quad shape = law->shape;
    switch (law->law) {
    case POISSON:
        return mean / (quad)(k + 1);
    case NEGATIVE_BINOMIAL:
        return (mean + (quad)k * shape * mean) / ((1 + shape * mean) * (quad)(k + 1));
    case BINOMIAL:
        return (mean - (quad)k) * shape / ((1 - shape) * (quad)(k + 1));
    }
    return 0;
}

static int64_t mode_of(const struct reference *law)
{
    if (law->law == BINOMIAL)
        return (int64_t)floor((law->mean + 1) * law->shape);
    double mode = law->law == POISSON ? law->mean : law->mean * (1 - law->shape);
    return mode < 0 ? 0 : (int64_t)floor(mode);
}

static void reference_make(struct arena *arena, struct reference *law)
{
    const quad least = (quad)1e-40;
    int64_t mode = mode_of(law);
    int64_t first = mode;
    int64_t last = mode;
    for (quad mass = 1; first > 0 && mass > least; first--)
        mass /= ratio(law, first - 1);
    for (quad mass = 1; mass > least && !(law->law == BINOMIAL && (double)last >= law->mean);
         last++)
        mass *= ratio(law, last);
    law->first = first;
    law->count = (size_t)(last - first + 1);
    law->lower = ARENA_ARRAY(arena, quad, law->count);
    law->upper = ARENA_ARRAY(arena, quad, law->count);
    quad *mass = ARENA_ARRAY(arena, quad, law->count);
    size_t middle = (size_t)(mode - first);
    mass[middle] = 1;
    for (size_t i = middle; i > 0; i--)
        mass[i - 1] = mass[i] / ratio(law, first + (int64_t)i - 1);
    for (size_t i = middle; i + 1 < law->count; i++)
        mass[i + 1] = mass[i] * ratio(law, first + (int64_t)i);
    quad total = 0;
    for (size_t i = 0; i < law->count; i++)
        total += mass[i];
    quad sum = 0;
    for (size_t i = 0; i < law->count; i++)
        law->lower[i] = (sum += mass[i]) / total;
    sum = 0;
    for (size_t i = law->count; i-- > 0; sum += mass[i])
        law->upper[i] = sum / total;
}

static int64_t quantile(const struct reference *law, double u)
{
    switch (law->law) {
    case POISSON:
        return dm_poisson_quantile(law->mean, u);
    case NEGATIVE_BINOMIAL:
        return dm_negative_binomial_quantile(law->mean, law->shape, u);
    case BINOMIAL:
        return dm_binomial_quantile((int64_t)law->mean, law->shape, u);
    }
    return -1;
}

/* How far the step at k lies above u; negative when it does not reach u. */
static quad above(const struct reference *law, int64_t k, double u)
{
    if (k < law->first)
        return -(quad)u;
    size_t i = (size_t)(k - law->first);
    assert_true(i < law->count);
    return u < 0.5 ? law->lower[i] - (quad)u : (1 - (quad)u) - law->upper[i];
}

/* Nearer to a step than this, either neighbour is right: sums of doubles end here. The first part
 * is rounding near the middle, the second is relative to the smaller tail. */
static quad tolerance(const struct reference *law, double u)
{
    double tail = u < 0.5 ? u : 1 - u;
    if (law->law == POISSON)
        return (quad)(tail < 0.001 ? 1e-13 * tail : 2e-15);
    return (quad)(tail < 0.001 ? 2e-13 * tail : 2e-15 + 2e-13 * tail);
}

static void check(const struct reference *law, double u)
{
    if (!(u > 1e-20 && u < 1))
        return;
    int64_t k = quantile(law, u);
    assert_true(above(law, k, u) > -tolerance(law, u));
    assert_true(k == 0 || above(law, k - 1, u) < tolerance(law, u));
}

static void check_law(enum law kind, double mean, double shape)
{
    struct arena arena;
    arena_init(&arena);
    struct reference law = {.law = kind, .mean = mean, .shape = shape};
    reference_make(&arena, &law);
    struct rng_key key = rng_key_from_text(STR("counts"));
    for (uint32_t i = 0; i < 400; i++)
        check(&law, rng_uniform(rng_at(key, 1, 0, 0, 0, 0, i).word[0]));
    /* Both sides of steps, in the middle and far out. */
    size_t stride = law.count / 400 + 1;
    for (size_t i = 0; i < law.count; i += stride) {
        static const double sides[] = {1 - 1e-12, 1 + 1e-12};
        for (size_t side = 0; side < COUNT_OF(sides); side++) {
            check(&law, (double)law.lower[i] * sides[side]);
            check(&law, (double)(1 - law.upper[i] * (quad)sides[side]));
        }
    }
    /* Near 0 and near 1, where one tail is all there is. */
    for (double tail = 0.01; tail > 0x1p-53; tail /= 3) {
        check(&law, tail);
        check(&law, 1 - tail);
    }
    check(&law, 0x1p-53);
    check(&law, 1 - 0x1p-53);
    /* Around the borders between the ways of computing. */
    static const double borders[] = {0.001, 0.5, 0.999};
    for (size_t i = 0; i < COUNT_OF(borders); i++) {
        check(&law, nextafter(borders[i], 0));
        check(&law, borders[i]);
        check(&law, nextafter(borders[i], 1));
    }
    arena_clear(&arena);
}

static void poisson(void **state)
{
    (void)state;
    static const double means[] = {
        1e-9, 0.001, 0.1,        0.5,    1,         2.5,    7.99,     8,        8.3,
        12,   16,    19.99,      20,     31.9999,   32,     32.01,    33.7,     47.5,
        64,   100,   128.999999, 999.25, 12345.678, 100000, 123456.9, 999999.5, 1000000,
    };
    for (size_t i = 0; i < COUNT_OF(means); i++)
        check_law(POISSON, means[i], 0);
}

static void poisson_known_answers(void **state)
{
    (void)state;
    assert_int_equal(dm_poisson_quantile(0, 0.7), 0);
    assert_int_equal(dm_poisson_quantile(1e-300, 1 - 0x1p-53), 0);
    /* P(X <= 0) = e^-1 = 0.36788, P(X <= 1) = 0.73576, P(X <= 2) = 0.91970. */
    assert_int_equal(dm_poisson_quantile(1, 0.36787), 0);
    assert_int_equal(dm_poisson_quantile(1, 0.36789), 1);
    assert_int_equal(dm_poisson_quantile(1, 0.73577), 2);
    /* Medians: the integer itself for integer means (Choi 1994). */
    for (int mean = 1; mean < 2000; mean += 7)
        assert_int_equal(dm_poisson_quantile(mean, 0.5), mean);
    assert_int_equal(dm_poisson_quantile(1e6, 0.5), 1000000);
}

static void negative_binomial(void **state)
{
    (void)state;
    static const struct {
        double mean, phi;
    } cases[] = {
        {0.3, 0.1},  {8, 1e-12},   {8, 1e-6},   {8, 0.05}, {8, 0.3},       {8, 1},
        {8, 20},     {0.01, 500},  {31, 0.2},   {33, 0.2}, {40, 1e-9},     {100, 0.01},
        {100, 3},    {1000, 1e-7}, {1000, 0.1}, {5000, 1}, {20000, 0.004}, {1e5, 1e-4},
        {1e6, 1e-6}, {1e6, 1e-9},  {1e6, 1e-3},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_law(NEGATIVE_BINOMIAL, cases[i].mean, cases[i].phi);
    for (int i = 1; i < 100; i++)
        assert_int_equal(dm_negative_binomial_quantile(9, 0, i / 100.0),
                         dm_poisson_quantile(9, i / 100.0));
    /* phi = 1 is geometric: P(X <= k) = 1 - (mu/(1+mu))^(k+1); mu = 1: 1/2, 3/4, 7/8. */
    assert_int_equal(dm_negative_binomial_quantile(1, 1, 0.5), 0);
    assert_int_equal(dm_negative_binomial_quantile(1, 1, 0.500001), 1);
    assert_int_equal(dm_negative_binomial_quantile(1, 1, 0.874999), 2);
    assert_int_equal(dm_negative_binomial_quantile(0, 1, 0.9), 0);
}

static void binomial(void **state)
{
    (void)state;
    static const struct {
        double n, p;
    } cases[] = {
        {1, 0.3},     {2, 0.5},    {10, 0.001}, {10, 0.999},  {20, 0.4},     {60, 0.5},
        {64, 0.5},    {70, 0.5},   {100, 0.97}, {1000, 0.01}, {1000, 0.5},   {1000, 0.999},
        {50000, 0.2}, {1e6, 1e-6}, {1e6, 0.5},  {1e6, 0.03},  {1e6, 0.9999},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check_law(BINOMIAL, cases[i].n, cases[i].p);
    assert_int_equal(dm_binomial_quantile(0, 0.5, 0.5), 0);
    assert_int_equal(dm_binomial_quantile(10, 0, 0.9), 0);
    assert_int_equal(dm_binomial_quantile(10, 1, 0.1), 10);
    assert_int_equal(dm_binomial_quantile(10, 0.5, 1 - 0x1p-53), 10);
}

/* Counts of rare events are answered without the sum where that must give 0: the same answer. */
static void rare_counts_are_zero_where_the_sum_is(void **state)
{
    (void)state;
    static const double chances[] = {1e-12, 1e-6, 0.005, 0.015, 0.08, 0.3, 0.6, 0.9};
    for (size_t c = 0; c < COUNT_OF(chances); c++)
        for (int n = 1; n * chances[c] <= 32 && n <= 40; n += 3) {
            double p = chances[c], mean = n * p;
            double none = dm_exp(n * dm_log1p(-p)), none_poisson = dm_exp(-mean);
            const double near[] = {1.0 - mean, none, none_poisson};
            for (size_t i = 0; i < COUNT_OF(near); i++)
                for (int step = -60; step <= 60; step++) {
                    double u = near[i] + (step < 0 ? -1 : 1) * ldexp(step * step, -54);
                    if (!(u > 0 && u <= 0.999))
                        continue;
                    assert_int_equal(dm_binomial_quantile(n, p, u) == 0, none >= u);
                    assert_int_equal(dm_poisson_quantile(mean, u) == 0, none_poisson >= u);
                }
        }
}

/* More luck never means fewer units, and a larger mean never means fewer at the same luck. */
static void quantiles_are_monotone(void **state)
{
    (void)state;
    static const double means[] = {0.4, 8, 31.5, 33, 250, 40000};
    for (size_t i = 0; i < COUNT_OF(means); i++) {
        int64_t before = 0;
        for (int j = 1; j < 4000; j++) {
            double u = j / 4000.0;
            int64_t k = dm_poisson_quantile(means[i], u);
            assert_true(k >= before);
            before = k;
        }
    }
    for (int j = 1; j < 40; j++) {
        int64_t before = 0;
        for (double mean = 0.01; mean < 1e6; mean *= 1.01) {
            int64_t k = dm_poisson_quantile(mean, j / 40.0);
            assert_true(k >= before);
            before = k;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(poisson),
        cmocka_unit_test(poisson_known_answers),
        cmocka_unit_test(negative_binomial),
        cmocka_unit_test(binomial),
        cmocka_unit_test(rare_counts_are_zero_where_the_sum_is),
        cmocka_unit_test(quantiles_are_monotone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
