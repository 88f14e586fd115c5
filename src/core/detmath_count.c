/* Quantiles of negative binomial and binomial counts: the smallest k whose distribution function
 * reaches u. A comparison is off only where u lies within a few 1e-13 of a step, relative to the
 * smaller tail; where sums run from zero, within a few 1e-15. */
#include <assert.h>
#include <math.h>

#include "core/detmath.h"
#include "core/detmath_parts.h"

enum { BETA_STEPS_MAX = 200000, SEARCH_NEWTON_MAX = 12 };

struct count_law {
    bool binomial;
    bool summed; /* tails by summing masses, else by the incomplete beta function */
    double size; /* negative binomial: 1/phi, the shape; binomial: n */
    double p;    /* negative binomial: 1/(1 + phi mu); binomial: 1 - p */
    double q;    /* 1 - p, to full accuracy */
    double mean;
    double deviation;
    double skewness;
    double first; /* P(k+1) / P(k) = (first + each k) / (k + 1) */
    double each;
};

struct tails {
    double lower; /* P(X <= k) */
    double upper; /* P(X > k) */
    double mass;  /* P(X = k) */
};

/* Continued fraction of I_x(a, b) / (x^a y^b / B(a, b)) for x = 1 - y below a/(a+b); lambda is
 * a - (a+b) x, without cancellation. This form, unlike DLMF 8.17.22 of which it is the even part,
 * keeps its digits in wide and in nearly normal laws. Source: A. R. Didonato and A. H. Morris 1992,
 * algorithm 708, BFRAC. */
static double beta_fraction(double a, double b, double x, double y, double lambda)
{
    double c = 1.0 + lambda;
    double c0 = b / a;
    double c1 = 1.0 + 1.0 / a;
    double p = 1.0;
    double s = a + 1.0;
    double top_before = 0.0;
    double top = 1.0;
    double bottom_before = 1.0;
    double bottom = c / c1;
    double fraction = c1 / c;
    for (double n = 1.0; n < BETA_STEPS_MAX; n += 1.0) {
        double t = n / a;
        double w = n * (b - n) * x;
        double e = a / s;
        double alpha = p * (p + c0) * e * e * (w * x);
        e = (1.0 + t) / (c1 + t + t);
        double beta = n + w / s + e * (c + n * (1.0 + y));
        p = 1.0 + t;
        s += 2.0;
        double next = alpha * top_before + beta * top;
        top_before = top;
        top = next;
        next = alpha * bottom_before + beta * bottom;
        bottom_before = bottom;
        bottom = next;
        double before = fraction;
        fraction = top / bottom;
        if (double_abs(fraction - before) <= 0x1p-53 * fraction)
            break;
        /* Only the ratio matters: keep the numbers from growing. */
        top_before /= bottom;
        bottom_before /= bottom;
        top = fraction;
        bottom = 1.0;
    }
    return fraction;
}

/* The side of k that lies away from the mean, summed from k outwards. */
static void tails_by_sum(const struct count_law *law, double k, struct tails *tails)
{
    double sum = 0.0;
    double term = tails->mass;
    if (k < law->mean) {
        for (double i = k; term > sum * 0x1p-56; i -= 1.0) {
            sum += term;
            if (i == 0.0)
                break;
            term *= i / (law->first + law->each * (i - 1.0));
        }
        tails->lower = sum;
        tails->upper = 1.0 - sum;
        return;
    }
    for (double i = k;; i += 1.0) {
        term *= (law->first + law->each * i) / (i + 1.0);
        if (!(term > sum * 0x1p-56))
            break;
        sum += term;
    }
    tails->upper = sum;
    tails->lower = 1.0 - sum;
}

/* P(X <= k) = I_p(size, k+1); only the negative binomial comes here. The lower tail is the series
 * of DLMF 8.17.8, whose terms are positive: for a wide law they are few, about sqrt(size). */
static void tails_by_beta(const struct count_law *law, double k, double density,
                          struct tails *tails)
{
    double a = law->size;
    double b = k + 1.0;
    if (k < law->mean) {
        double term = density / a;
        double sum = term;
        for (double n = 0.0; n < BETA_STEPS_MAX && term > sum * 0x1p-56; n += 1.0) {
            term *= (a + b + n) / (a + 1.0 + n) * law->p;
            sum += term;
        }
        tails->lower = sum;
        tails->upper = 1.0 - tails->lower;
    } else {
        tails->upper = density * beta_fraction(b, a, law->q, law->p, b * law->p - a * law->q);
        tails->lower = 1.0 - tails->upper;
    }
}

static struct tails law_tails(const struct count_law *law, double k)
{
    double a = law->binomial ? law->size - k : law->size;
    double b = k + 1.0;
    if (a <= 0.0)
        return (struct tails){1.0, 0.0, 0.0};
    /* p^a q^b / B(a, b), whose k-th mass is a part. */
    double density = dm_binomial_mass(a, b, law->p, law->q) * a * b / (a + b);
    struct tails tails = {.mass = density / (law->q * (law->binomial ? a : a + k))};
    if (law->summed)
        tails_by_sum(law, k, &tails);
    else
        tails_by_beta(law, k, density, &tails);
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

/* Sums are long in wide laws, the incomplete beta function loses digits in nearly Poisson ones. */
static const double SIZE_SUMMED = 1e4;

int64_t dm_negative_binomial_quantile(double mu, double phi, double u)
{
    assert(phi >= 0.0);
    if (phi == 0.0)
        return dm_poisson_quantile(mu, u);
    assert(mu >= 0.0 && mu <= DM_COUNT_MEAN_MAX && u > 0.0 && u < 1.0);
    if (mu < 0x1p-54)
        return 0;
    double spread = phi * mu;
    double share = 1.0 / (1.0 + spread);
    double zero_log = -dm_log1p(spread) / phi;
    if (u <= DM_U_HIGH && mu <= 32.0 && zero_log > -600.0) {
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
        .summed =
            1.0 / phi >= SIZE_SUMMED || deviation < 16.0 || (deviation < 64.0 && spread < 1.0),
        .size = 1.0 / phi,
        .p = share,
        .q = spread * share,
        .mean = mu,
        .deviation = deviation,
        .skewness = (1.0 + 2.0 * spread) / deviation,
        .first = mu * share,
        .each = spread * share,
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
    if (u <= DM_U_HIGH && dm_count_surely_zero(mean, u))
        return 0;
    double zero_log = size * dm_log1p(-p);
    if (u <= DM_U_HIGH && mean <= 32.0 && zero_log > -600.0) {
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
        .summed = true,
        .size = size,
        .p = q,
        .q = p,
        .mean = mean,
        .deviation = deviation,
        .skewness = (q - p) / deviation,
        .first = size * (p / q),
        .each = -(p / q),
    };
    return law_search(&law, u);
}
