/* supply/newsvendor: the best level for one period. */
#include <math.h>

#include "core/detmath.h"
#include "engine/supply/supply.h"

#define INVERSE_ROOT_TAU 0.39894228040143267794 /* 1 / sqrt(2 pi) */

static bool costs_fit(double holding, double stockout)
{
    return holding > 0 && stockout > 0 && holding < INFINITY && stockout < INFINITY;
}

static bool demand_fits(double mean, double sd)
{
    return mean >= 0 && mean < INFINITY && sd >= 0 && sd < INFINITY;
}

/* E (Z - z)+ of a standard normal: phi(z) - z (1 - Phi(z)). */
static double normal_loss(double z)
{
    return INVERSE_ROOT_TAU * dm_exp(-0.5 * z * z) - z * dm_normal_cdf(-z);
}

bool supply_normal_cost(double holding, double stockout, double mean, double sd, double level,
                        double *cost)
{
    if (!costs_fit(holding, stockout) || !demand_fits(mean, sd) ||
        !(level > -INFINITY && level < INFINITY))
        return false;
    double over = level - mean;
    double z = sd > 0 ? over / sd : 0;
    double is_short = sd > 0 ? sd * normal_loss(z) : over < 0 ? -over : 0;
    *cost = holding * (over + is_short) + stockout * is_short;
    return true;
}

bool supply_newsvendor_normal(double holding, double stockout, double mean, double sd,
                              struct supply_level *best)
{
    if (!costs_fit(holding, stockout) || !demand_fits(mean, sd))
        return false;
    double ratio = stockout / (holding + stockout);
    best->base_stock = sd > 0 ? mean + sd * dm_normal_quantile(ratio) : mean;
    return supply_normal_cost(holding, stockout, mean, sd, best->base_stock, &best->cost);
}

bool supply_newsvendor_poisson(double holding, double stockout, double mean,
                               struct supply_level *best)
{
    if (!costs_fit(holding, stockout) || !demand_fits(mean, 0) || mean > 1e6)
        return false;
    double level = (double)dm_poisson_quantile(mean, stockout / (holding + stockout));
    /* E (D - S)+ = mu P(D >= S) - S P(D >= S + 1); tails of the Poisson are gamma functions. */
    double reached = level > 0 ? dm_gamma_p(level, mean) : 1;
    double is_short = mean > 0 ? mean * reached - level * dm_gamma_p(level + 1, mean) : 0;
    best->base_stock = level;
    best->cost = holding * (level - mean + is_short) + stockout * is_short;
    return true;
}

bool supply_newsvendor_table(double holding, double stockout, const double *demand,
                             const double *probability, int count, struct supply_level *best)
{
    if (!costs_fit(holding, stockout) || count < 1 || count > SUPPLY_POINTS_MAX)
        return false;
    double total = 0, largest = -INFINITY;
    for (int i = 0; i < count; i++) {
        if (!(probability[i] >= 0) || !(demand[i] > -INFINITY && demand[i] < INFINITY))
            return false;
        total += probability[i];
        largest = demand[i] > largest ? demand[i] : largest;
    }
    if (!(total > 1 - 1e-9 && total < 1 + 1e-9))
        return false;
    /* The smallest tabled demand that reaches the ratio; the largest does in spite of rounding. */
    double ratio = stockout / (holding + stockout), level = largest;
    for (int i = 0; i < count; i++) {
        double reached = 0;
        for (int j = 0; j < count; j++)
            reached += demand[j] <= demand[i] ? probability[j] : 0;
        if (reached >= ratio - 1e-12 && demand[i] < level)
            level = demand[i];
    }
    best->base_stock = level;
    best->cost = 0;
    for (int i = 0; i < count; i++) {
        double over = level - demand[i];
        best->cost += probability[i] * (over > 0 ? holding * over : -stockout * over);
    }
    return true;
}

bool supply_newsvendor_profit(double revenue, double purchase, double salvage, double mean,
                              double sd, struct supply_level *best)
{
    struct supply_level level;
    /* A unit left over costs c - v, a unit short r - c; profit is (r - c) mean less both. */
    if (!supply_newsvendor_normal(purchase - salvage, revenue - purchase, mean, sd, &level))
        return false;
    best->base_stock = level.base_stock;
    best->cost = level.cost - (revenue - purchase) * mean;
    return true;
}

bool supply_newsvendor_disruption(double holding, double stockout, double demand,
                                  double disruption_probability, double recovery_probability,
                                  struct supply_level *best)
{
    if (!costs_fit(holding, stockout) || !demand_fits(demand, 0) ||
        !(disruption_probability > 0 && disruption_probability <= 1) ||
        !(recovery_probability > 0 && recovery_probability <= 1))
        return false;
    /* P(down for more than n periods) = down (1 - b)^n. Hold demand of n + 1 periods. */
    double ratio = stockout / (holding + stockout);
    double down = disruption_probability / (disruption_probability + recovery_probability);
    double beyond = down, periods = 0;
    while (beyond > 1 - ratio && periods < 1e6) {
        beyond *= 1 - recovery_probability;
        periods += 1;
    }
    double is_short = beyond / recovery_probability;
    double over = periods - down / recovery_probability + is_short;
    best->base_stock = demand * (periods + 1);
    best->cost = demand * (holding * over + stockout * is_short);
    return true;
}
