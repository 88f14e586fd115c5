/* Quantiles of counts: the smallest k whose distribution function reaches u.
 *
 * Every sum runs over positive terms from the side where it stays small, so a comparison is off
 * only where u lies within a few 1e-14 of a step, relative to the smaller tail.
 */
#include "core/detmath.h"

#include "core/detmath_parts.h"

#include <assert.h>
#include <math.h>

#define TWO_PI 0x1.921fb54442d18p+2

/* Between these, a distribution function near its middle is summed upwards from 0 or from the mode;
 * outside, the smaller tail is summed. */
static const double U_LOW = 0.001;
static const double U_HIGH = 0.999;

static const double POISSON_MEAN_MAX = 1e6;
/* Below, the search from zero is faster than the one from the mode; measured. */
static const double POISSON_DIRECT_MAX = 20.0;

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
    double mass = dm_exp(-dm_stirling_error(m)) / sqrt(TWO_PI * m);
    double cdf = 0.5 + mass * (one_minus_theta(inverse) - integral);
    return (struct poisson_mode){.k = m, .mass = mass * g, .cdf = cdf};
}

/* Sequential search from zero. */
static int64_t poisson_direct(double mean, double u)
{
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
    assert(mu >= 0.0 && mu <= POISSON_MEAN_MAX && u > 0.0 && u < 1.0);
    /* Below this mean even the largest u, 1 - 2^-53, asks for nothing. */
    if (mu < 0x1p-54)
        return 0;
    if (u > U_HIGH)
        return poisson_upper_tail(mu, u);
    if (mu <= POISSON_DIRECT_MAX)
        return poisson_direct(mu, u);
    return u < U_LOW ? poisson_lower_tail(mu, u) : poisson_from_mode(mu, u);
}

/* Negative binomial and binomial: both tails by the incomplete beta function. */

enum { BETA_STEPS_MAX = 200000, SEARCH_NEWTON_MAX = 12 };

/* Continued fraction of I_x(a, b), for x below about a/(a+b). Source: DLMF 8.17.22, by Lentz's
 * method. */
static double beta_fraction(double a, double b, double x)
{
    const double tiny = 0x1p-1000;
    double c = 1.0;
    double d = 1.0 - (a + b) * x / (a + 1.0);
    d = 1.0 / (double_abs(d) < tiny ? tiny : d);
    double fraction = d;
    for (int i = 1; i < BETA_STEPS_MAX; i++) {
        double m = (double)i;
        double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 + even * d;
        d = 1.0 / (double_abs(d) < tiny ? tiny : d);
        c = 1.0 + even / c;
        c = double_abs(c) < tiny ? tiny : c;
        fraction *= d * c;
        double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 + odd * d;
        d = 1.0 / (double_abs(d) < tiny ? tiny : d);
        c = 1.0 + odd / c;
        c = double_abs(c) < tiny ? tiny : c;
        double factor = d * c;
        fraction *= factor;
        if (double_abs(factor - 1.0) < 0x1p-52)
            break;
    }
    return fraction;
}

/* A law whose P(X <= k) is I_p(a(k), k+1). */
struct count_law {
    bool binomial;
    double size; /* negative binomial: 1/phi, the shape; binomial: n */
    double p;    /* probability that the first argument counts */
    double q;    /* 1 - p, to full accuracy */
    double mean;
    double deviation;
    double skewness;
};

struct tails {
    double lower; /* P(X <= k) */
    double upper; /* P(X > k) */
    double mass;  /* P(X = k) */
};

static struct tails law_tails(const struct count_law *law, double k)
{
    double a = law->binomial ? law->size - k : law->size;
    double b = k + 1.0;
    if (a <= 0.0)
        return (struct tails){1.0, 0.0, 0.0};
    double density = dm_binomial_mass(a, a + b, law->p, law->q) * a * b / (a + b);
    struct tails tails = {.mass = density / (law->q * (law->binomial ? a : a + k))};
    if (law->p < (a + 1.0) / (a + b + 2.0)) {
        tails.lower = density / a * beta_fraction(a, b, law->p);
        tails.lower = tails.lower > 1.0 ? 1.0 : tails.lower;
        tails.upper = 1.0 - tails.lower;
    } else {
        tails.upper = density / b * beta_fraction(b, a, law->q);
        tails.upper = tails.upper > 1.0 ? 1.0 : tails.upper;
        tails.lower = 1.0 - tails.upper;
    }
    return tails;
}

static int64_t law_search(const struct count_law *law, double u)
{
    double z = dm_normal_quantile(u);
    double guess = floor(law->mean + law->deviation * (z + law->skewness * (z * z - 1.0) / 6.0));
    double below = -1.0;                            /* does not reach u */
    double reach = law->binomial ? law->size : 0.0; /* reaches u; 0: not known yet */
    bool reach_known = law->binomial;
    for (int i = 0; !reach_known || reach - below > 1.0; i++) {
        if (i >= SEARCH_NEWTON_MAX && reach_known)
            guess = floor(0.5 * (below + reach));
        if (guess <= below)
            guess = below + 1.0;
        if (reach_known && guess >= reach)
            guess = reach - 1.0;
        struct tails tails = law_tails(law, guess);
        bool reaches = u < 0.5 ? tails.lower >= u : tails.upper <= 1.0 - u;
        /* Newton on the logarithm of the smaller tail; where that underflowed, halve or double. */
        double miss = u < 0.5 ? dm_log(u / tails.lower) * tails.lower
                              : dm_log(tails.upper / (1.0 - u)) * tails.upper;
        double step = miss / tails.mass;
        double most = 2.0 * (guess + 8.0);
        if (reaches) {
            reach = guess;
            reach_known = true;
            guess = step == step ? guess + (step < -1.0 ? ceil(step) : -1.0)
                                 : floor(0.5 * (below + reach));
        } else {
            below = guess;
            guess += step <= 1.0 ? 1.0 : step < most ? floor(step) : most;
        }
    }
    return (int64_t)reach;
}

int64_t dm_negative_binomial_quantile(double mu, double phi, double u)
{
    assert(phi >= 0.0);
    if (phi == 0.0)
        return dm_poisson_quantile(mu, u);
    assert(mu >= 0.0 && mu <= POISSON_MEAN_MAX && u > 0.0 && u < 1.0);
    if (mu < 0x1p-54)
        return 0;
    double spread = phi * mu;
    double share = 1.0 / (1.0 + spread);
    double zero_log = -dm_log1p(spread) / phi;
    if (u <= U_HIGH && mu <= 32.0 && zero_log > -600.0) {
        /* P(k+1) = P(k) (mu + k phi mu) / ((1 + phi mu) (k+1)). */
        double mass = dm_exp(zero_log);
        double sum = mass;
        double k = 0.0;
        double first = mu * share;
        double each = spread * share;
        while (sum < u) {
            mass *= (first + each * k) / (k + 1.0);
            k += 1.0;
            sum += mass;
        }
        return (int64_t)k;
    }
    double deviation = sqrt(mu * (1.0 + spread));
    struct count_law law = {
        .size = 1.0 / phi,
        .p = share,
        .q = spread * share,
        .mean = mu,
        .deviation = deviation,
        .skewness = (1.0 + 2.0 * spread) / deviation,
    };
    return law_search(&law, u);
}

int64_t dm_binomial_quantile(int64_t n, double p, double u)
{
    assert(n >= 0 && n <= 1000000 && u > 0.0 && u < 1.0);
    if (n == 0 || !(p > 0.0))
        return 0;
    if (p >= 1.0)
        return n;
    double size = (double)n;
    double q = 1.0 - p;
    double mean = size * p;
    double zero_log = size * dm_log1p(-p);
    if (u <= U_HIGH && mean <= 32.0 && zero_log > -600.0) {
        double mass = dm_exp(zero_log);
        double sum = mass;
        double odds = p / q;
        double k = 0.0;
        while (sum < u && k < size) {
            mass *= odds * (size - k) / (k + 1.0);
            k += 1.0;
            sum += mass;
        }
        return (int64_t)k;
    }
    double deviation = sqrt(mean * q);
    struct count_law law = {
        .binomial = true,
        .size = size,
        .p = q,
        .q = p,
        .mean = mean,
        .deviation = deviation,
        .skewness = (q - p) / deviation,
    };
    return law_search(&law, u);
}
