#include "bare_loop.h"

#include "core/detmath.h"

static const double beta[BARE_SEGMENTS] = {2.4, 1.6, 0.9};
static const double weight[BARE_SEGMENTS] = {0.35, 0.45, 0.20};
static const double lambda = 0.6, exp_outside = 0.4 / 0.6;

int64_t bare_loop(const struct bare_nest *nest, struct rng_key key, uint32_t world, int days)
{
    static _Thread_local double attraction[BARE_SEGMENTS][BARE_LISTINGS_MAX];
    int64_t units = 0;
    for (int day = 0; day < days; day++) {
        double factor[BARE_SEGMENTS];
        for (int g = 0; g < BARE_SEGMENTS; g++) {
            double sum = 0;
            for (int j = 0; j < nest->count; j++) {
                double utility = nest->other[j] - beta[g] * nest->log_price[j];
                attraction[g][j] = nest->exposure[j] * dm_exp(utility / lambda);
                sum += attraction[g][j];
            }
            double power = dm_pow(sum, lambda);
            factor[g] = nest->shoppers * weight[g] * power / (exp_outside + power) / sum;
        }
        for (int j = 0; j < nest->count; j++) {
            double expected = 0;
            for (int g = 0; g < BARE_SEGMENTS; g++)
                expected += factor[g] * attraction[g][j];
            struct rng_words words = rng_at(key, 1, world, day, (uint64_t)j, 0, 0);
            units += dm_poisson_quantile(expected, rng_uniform(words.word[0]));
        }
    }
    return units;
}
