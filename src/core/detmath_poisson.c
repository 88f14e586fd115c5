/* Quantiles of Poisson counts; detmath_count.c has the other counts.
 *
 * Every sum runs over positive terms from the side where it stays small, so a comparison is off
 * only where u lies within a few 1e-14 of a step, relative to the smaller tail.
 */
#include <assert.h>
#include <math.h>

#include "core/detmath.h"
#include "core/detmath_parts.h"

/* Below it the lower tail is summed. */
static const double U_LOW = 0.001;

/* Below, the search from zero is faster than the one from the mode; measured. */
static const double POISSON_DIRECT_MAX = 32.0;

/* P(X <= m) for X Poisson with mean m is 1/2 + (1 - theta) P(X = m) (Ramanujan); this is 1 - theta
 * as a function of 1/m for m >= 16. Minimax fit (Remez, 50 digits), error below 6e-18. */
static double one_minus_theta(double y)
{
    double sum = 0x1.aeecd5fda4547p-12;
    sum = sum * y + 0x1.01e99a7c92f1cp-11;
    sum = sum * y - 0x1.6433d723bc74cp-11;
    sum = sum * y - 0x1.75418a329f59ap-11;
    sum = sum * y + 0x1.ed28455cdd1d3p-10;
    sum = sum * y + 0x1.71de3a5de43b0p-9;
    sum = sum * y - 0x1.e573ac901f26cp-6;
    return sum * y + 0x1.5555555555555p-1;
}

/* The mode m of a Poisson count, its mass and its distribution function.
 * With mean m + f the mass at m is that of mean m times g(f) = e^-f (1 + f/m)^m, and the
 * distribution function falls by the integral of the mass over the mean. The power series of g
 * follows from (m + t) g' = -t g. */
struct poisson_mode {
    double k;
    double mass;
    double cdf;
};

static struct poisson_mode poisson_mode_at(double mean)
{
    double m = floor(mean);
    double f = mean - m;
    double inverse = 1.0 / m;
    double before = 1.0; /* c_{n-1} f^{n-1} */
    double term = 0.0;   /* c_n f^n */
    double g = 1.0;
    double integral = f;
    for (int n = 1; n < 24; n++) {
        double next = -inverse * ((double)n * f * term + f * f * before) / (double)(n + 1);
        before = term;
        term = next;
        g += next;
        integral += next * f / (double)(n + 2);
        if (double_abs(next) + double_abs(before) < 0x1p-58)
            break;
    }
    double mass = dm_exp(-dm_stirling_error(m)) / sqrt(DM_TWO_PI * m);
    double cdf = 0.5 + mass * (one_minus_theta(inverse) - integral);
    return (struct poisson_mode){.k = m, .mass = mass * g, .cdf = cdf};
}

/* Sequential search from zero. */
static int64_t poisson_direct(double mean, double u)
{
    if (dm_count_surely_zero(mean, u))
        return 0;
    double mass = dm_exp(-mean);
    double sum = mass;
    double k = 0.0;
    while (sum < u) {
        k += 1.0;
        mass *= mean / k;
        sum += mass;
    }
    return (int64_t)k;
}

static int64_t poisson_from_mode(double mean, double u)
{
    struct poisson_mode mode = poisson_mode_at(mean);
    double k = mode.k;
    double mass = mode.mass;
    double sum = mode.cdf;
    while (sum < u) {
        k += 1.0;
        mass *= mean / k;
        sum += mass;
    }
    /* Downwards: `sum` stays the function at k, as long as the one below still reaches u. */
    while (k > 0.0 && sum - mass >= u) {
        sum -= mass;
        mass *= k / mean;
        k -= 1.0;
    }
    return (int64_t)k;
}

/* A first guess with two terms of Cornish and Fisher. */
static double poisson_guess(double mean, double u)
{
    double z = dm_normal_quantile(u);
    double guess = floor(mean + z * sqrt(mean) + (z * z - 1.0) / 6.0);
    return guess < 0.0 ? 0.0 : guess;
}

static int64_t poisson_lower_tail(double mean, double u)
{
    /* Start where the distribution function is still below u, then add upwards. */
    double k = poisson_guess(mean, u) - 2.0;
    for (; k >= 0.0; k -= 4.0) {
        double mass = dm_poisson_mass(k, mean);
        double sum = mass;
        double term = mass;
        for (double i = k; i > 0.0 && term > sum * 0x1p-56; i -= 1.0) {
            term *= i / mean;
            sum += term;
        }
        if (sum >= u)
            continue;
        while (sum < u) {
            k += 1.0;
            mass *= mean / k;
            sum += mass;
        }
        return (int64_t)k;
    }
    return poisson_direct(mean, u);
}

static int64_t poisson_upper_tail(double mean, double u)
{
    double tail = 1.0 - u;
    /* Start where P(X > k) is small enough, then add downwards while it stays so. */
    for (double k = poisson_guess(mean, u) + 2.0;; k += 4.0) {
        double mass = dm_poisson_mass(k, mean);
        double sum = 0.0;
        double term = mass;
        double i = k;
        do {
            i += 1.0;
            term *= mean / i;
            sum += term;
        } while (term > sum * 0x1p-56);
        if (sum > tail)
            continue;
        while (k > 0.0 && sum + mass <= tail) {
            sum += mass;
            mass *= k / mean;
            k -= 1.0;
        }
        return (int64_t)k;
    }
}

int64_t dm_poisson_quantile(double mu, double u)
{
    assert(mu >= 0.0 && mu <= DM_COUNT_MEAN_MAX && u > 0.0 && u < 1.0);
    /* Below this mean even the largest u, 1 - 2^-53, asks for nothing. */
    if (mu < 0x1p-54)
        return 0;
    if (u > DM_U_HIGH)
        return poisson_upper_tail(mu, u);
    if (mu <= POISSON_DIRECT_MAX)
        return poisson_direct(mu, u);
    return u < U_LOW ? poisson_lower_tail(mu, u) : poisson_from_mode(mu, u);
}
