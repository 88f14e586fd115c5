/* supply/lots: how much to order at a time. */
#include <math.h>

#include "core/detmath.h"
#include "engine/supply/supply.h"

static bool is_positive(double value)
{
    return value > 0 && value < INFINITY;
}

bool supply_eoq(double fixed, double holding, double demand_rate, struct supply_lot *lot)
{
    if (!is_positive(fixed) || !is_positive(holding) || !is_positive(demand_rate))
        return false;
    *lot = (struct supply_lot){
        .quantity = sqrt(2 * fixed * demand_rate / holding),
        .cost = sqrt(2 * fixed * demand_rate * holding),
    };
    return true;
}

bool supply_eoq_backorders(double fixed, double holding, double stockout, double demand_rate,
                           struct supply_lot *lot)
{
    if (!is_positive(stockout) || !supply_eoq(fixed, holding, demand_rate, lot))
        return false;
    double stretch = sqrt((holding + stockout) / stockout);
    lot->quantity *= stretch;
    lot->cost /= stretch;
    lot->stockout_fraction = holding / (holding + stockout);
    return true;
}

bool supply_epq(double fixed, double holding, double demand_rate, double production_rate,
                struct supply_lot *lot)
{
    if (!is_positive(demand_rate) || !is_positive(production_rate) ||
        production_rate <= demand_rate)
        return false;
    return supply_eoq(fixed, holding * (1 - demand_rate / production_rate), demand_rate, lot);
}

static bool breaks_fit(double fixed, double holding_rate, double demand_rate,
                       const struct supply_breaks *breaks)
{
    if (!is_positive(fixed) || !is_positive(holding_rate) || !is_positive(demand_rate) ||
        breaks->count < 1 || breaks->count > SUPPLY_BREAKS_MAX || breaks->from[0] != 0)
        return false;
    for (int b = 0; b < breaks->count; b++)
        if (!is_positive(breaks->unit_cost[b]) ||
            (b > 0 && !(breaks->from[b] > breaks->from[b - 1] &&
                        breaks->unit_cost[b] < breaks->unit_cost[b - 1])))
            return false;
    return true;
}

/* End of a region (where the next begins). */
static double region_end(const struct supply_breaks *breaks, int region)
{
    return region + 1 < breaks->count ? breaks->from[region + 1] : INFINITY;
}

static void keep_cheaper(struct supply_lot *best, double quantity, double cost, int region)
{
    if (best->region < 0 || cost < best->cost)
        *best = (struct supply_lot){.quantity = quantity, .cost = cost, .region = region};
}

bool supply_eoq_all_units(double fixed, double holding_rate, double demand_rate,
                          const struct supply_breaks *breaks, struct supply_lot *lot)
{
    if (!breaks_fit(fixed, holding_rate, demand_rate, breaks))
        return false;
    struct supply_lot best = {.region = -1};
    for (int b = 0; b < breaks->count; b++) {
        double unit = breaks->unit_cost[b], holding = holding_rate * unit;
        double quantity = sqrt(2 * fixed * demand_rate / holding);
        if (quantity >= region_end(breaks, b))
            continue; /* beyond the region a cheaper price holds */
        if (quantity < breaks->from[b])
            quantity = breaks->from[b];
        double cost = unit * demand_rate + fixed * demand_rate / quantity + holding * quantity / 2;
        keep_cheaper(&best, quantity, cost, b);
    }
    *lot = best;
    return true;
}

bool supply_eoq_incremental(double fixed, double holding_rate, double demand_rate,
                            const struct supply_breaks *breaks, struct supply_lot *lot)
{
    if (!breaks_fit(fixed, holding_rate, demand_rate, breaks))
        return false;
    struct supply_lot best = {.region = -1};
    double extra = 0; /* what the units below the region cost beyond its price */
    for (int b = 0; b < breaks->count; b++) {
        double unit = breaks->unit_cost[b];
        if (b > 0)
            extra += breaks->from[b] * (breaks->unit_cost[b - 1] - unit);
        double quantity = sqrt(2 * (fixed + extra) * demand_rate / (holding_rate * unit));
        if (quantity < breaks->from[b] || quantity >= region_end(breaks, b))
            continue;
        double cost = unit * demand_rate + (fixed + extra) * demand_rate / quantity +
                      holding_rate * (extra + unit * quantity) / 2;
        keep_cheaper(&best, quantity, cost, b);
    }
    *lot = best;
    return best.region >= 0;
}

struct failing_supply {
    double fixed, holding, stockout, demand, fail, recover;
};

/* Cost a period of ordering q when the supplier may be down: cycle cost over cycle length. */
static double failing_cost(const struct failing_supply *it, double q)
{
    double down =
        -it->fail / (it->fail + it->recover) * dm_expm1(-(it->fail + it->recover) * q / it->demand);
    double outage = down / it->recover;
    double cycle =
        it->fixed + it->holding * q * q / (2 * it->demand) + it->stockout * it->demand * outage;
    return cycle / (q / it->demand + outage);
}

bool supply_eoq_disruption(double fixed, double holding, double stockout, double demand_rate,
                           double disruption_rate, double recovery_rate, struct supply_lot *lot)
{
    struct supply_lot plain;
    if (!is_positive(stockout) || !is_positive(disruption_rate) || !is_positive(recovery_rate) ||
        !supply_eoq(fixed, holding, demand_rate, &plain))
        return false;
    struct failing_supply it = {fixed,       holding,         stockout,
                                demand_rate, disruption_rate, recovery_rate};
    /* The cost has one valley; it lies above the plain quantity's half. Bracket it, then divide by
     * the golden section. */
    double low = plain.quantity / 2, high = plain.quantity;
    while (failing_cost(&it, 2 * high) < failing_cost(&it, high) && high < 1e15)
        high *= 2;
    high *= 2;
    const double golden = 0.61803398874989484820;
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double cost_left = failing_cost(&it, left), cost_right = failing_cost(&it, right);
    for (int i = 0; i < 200 && high - low > 1e-9 * high; i++) {
        if (cost_left <= cost_right) {
            high = right;
            right = left;
            cost_right = cost_left;
            left = high - golden * (high - low);
            cost_left = failing_cost(&it, left);
        } else {
            low = left;
            left = right;
            cost_left = cost_right;
            right = low + golden * (high - low);
            cost_right = failing_cost(&it, right);
        }
    }
    double quantity = (low + high) / 2;
    *lot = (struct supply_lot){.quantity = quantity, .cost = failing_cost(&it, quantity)};
    return true;
}
