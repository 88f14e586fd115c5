/* Prints one line a function: its name and a digest of many of its values. Builds by different
 * compilers and optimisations must print the same lines (tests/house/digest_matrix.py). */
#include <stdio.h>

#include "core/detmath.h"
#include "core/digest.h"
#include "core/rng.h"

enum { VALUES = 4096 };

static const struct rng_key key = {{20261124, 1}};

/* Uniform in (0, 1), four a point. */
struct point {
    double u[4];
};

static struct point point_at(uint32_t index)
{
    struct rng_words words = rng_at(key, 1, 0, 0, 0, 0, index);
    struct point point;
    for (int i = 0; i < 4; i++)
        point.u[i] = rng_uniform(words.word[i]);
    return point;
}

/* From 10^-most to 10^most, most points in the middle, both signs. */
static double wide(double u, double most)
{
    double t = 2.0 * u - 1.0;
    return t * t * t * most;
}

static double value_exp(struct point point)
{
    return dm_exp(wide(point.u[0], 760.0));
}

static double value_expm1(struct point point)
{
    return dm_expm1(wide(point.u[0], 60.0) * point.u[1]);
}

static double value_log(struct point point)
{
    return dm_log(dm_exp(wide(point.u[0], 700.0)));
}

static double value_log1p(struct point point)
{
    return dm_log1p(point.u[1] < 0.5 ? -point.u[0] : point.u[0] * dm_exp(wide(point.u[2], 40.0)));
}

static double value_pow(struct point point)
{
    return dm_pow(dm_exp(wide(point.u[0], 20.0)), wide(point.u[1], 9.0));
}

static double value_lgamma(struct point point)
{
    return dm_lgamma(dm_exp(wide(point.u[0], 14.0)));
}

static double value_normal_cdf(struct point point)
{
    return dm_normal_cdf(wide(point.u[0], 38.0));
}

static double value_normal_quantile(struct point point)
{
    return dm_normal_quantile(point.u[1] < 0.5 ? point.u[0] : dm_exp(-600.0 * point.u[0]));
}

/* Means from about 0.001 to 1e6. */
static double mean_of(double u)
{
    double mean = dm_exp(-7.0 + 20.7 * u);
    return mean > 1e6 ? 1e6 : mean;
}

/* Also near 0 and 1. */
static double probability_of(struct point point)
{
    if (point.u[3] < 0.8)
        return point.u[2];
    double tail = dm_exp(-36.0 * point.u[2]);
    return point.u[3] < 0.9 || tail < 0x1p-53 ? tail : 1.0 - tail;
}

static double value_poisson(struct point point)
{
    return (double)dm_poisson_quantile(mean_of(point.u[0]), probability_of(point));
}

static double value_negative_binomial(struct point point)
{
    double phi = dm_exp(-9.0 + 9.0 * point.u[1]);
    return (double)dm_negative_binomial_quantile(mean_of(point.u[0]), phi, probability_of(point));
}

static double value_binomial(struct point point)
{
    return (double)dm_binomial_quantile((int64_t)mean_of(point.u[0]), point.u[1],
                                        probability_of(point));
}

static double value_gamma_p(struct point point)
{
    double a = dm_exp(-3.0 + 10.0 * point.u[0]);
    return dm_gamma_p(a, a * dm_exp(wide(point.u[1], 4.0)));
}

static double value_gamma_quantile(struct point point)
{
    return dm_gamma_quantile(dm_exp(-3.0 + 10.0 * point.u[0]), probability_of(point));
}

int main(void)
{
    static const struct {
        const char *name;
        double (*value)(struct point);
    } functions[] = {
        {"exp", value_exp},
        {"expm1", value_expm1},
        {"log", value_log},
        {"log1p", value_log1p},
        {"pow", value_pow},
        {"lgamma", value_lgamma},
        {"normal_cdf", value_normal_cdf},
        {"normal_quantile", value_normal_quantile},
        {"poisson_quantile", value_poisson},
        {"negative_binomial_quantile", value_negative_binomial},
        {"binomial_quantile", value_binomial},
        {"gamma_p", value_gamma_p},
        {"gamma_quantile", value_gamma_quantile},
    };
    static double values[VALUES];
    for (size_t i = 0; i < COUNT_OF(functions); i++) {
        for (uint32_t j = 0; j < VALUES; j++)
            values[j] = functions[i].value(point_at(j));
        unsigned char digest[DIGEST_BYTES];
        char hex[DIGEST_HEX_MAX];
        digest_bytes(values, sizeof(values), digest);
        digest_hex(digest, hex);
        printf("%s %s\n", functions[i].name, hex);
    }
    return 0;
}
