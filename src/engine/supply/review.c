/* supply/review: base stock of repeated orders, and forecasts. */
#include <math.h>

#include "core/detmath.h"
#include "engine/supply/supply.h"

static bool is_amount(double value)
{
    return value >= 0 && value < INFINITY;
}

bool supply_protection_demand(double demand_mean, double demand_sd, double lead_mean,
                              double lead_sd, double review, struct supply_protection *demand)
{
    if (!is_amount(demand_mean) || !is_amount(demand_sd) || !is_amount(lead_mean) ||
        !is_amount(lead_sd) || !is_amount(review))
        return false;
    double span = lead_mean + review;
    demand->mean = demand_mean * span;
    demand->sd = sqrt(span * demand_sd * demand_sd + demand_mean * demand_mean * lead_sd * lead_sd);
    return is_amount(demand->mean) && is_amount(demand->sd);
}

bool supply_base_stock(const struct supply_protection *demand, double service, int64_t *level)
{
    if (!is_amount(demand->mean) || !is_amount(demand->sd) || !(service > 0 && service < 1) ||
        demand->mean > 1e15 || demand->sd > 1e15)
        return false;
    double variance = demand->sd * demand->sd;
    if (demand->mean > 1e6) {
        double units = demand->mean + demand->sd * dm_normal_quantile(service);
        *level = units > 0 ? (int64_t)units : 0;
        *level += (double)*level < units; /* upwards */
        return true;
    }
    double excess = variance - demand->mean;
    /* Under this share of the mean the excess is below what the distribution can resolve. */
    if (demand->mean <= 0)
        *level = 0;
    else if (excess <= 1e-9 * demand->mean)
        *level = dm_poisson_quantile(demand->mean, service);
    else
        *level = dm_negative_binomial_quantile(demand->mean, excess / (demand->mean * demand->mean),
                                               service);
    return true;
}

bool supply_forecast_mean(const int32_t *units, const uint8_t *use, int count, double *level)
{
    int64_t sum = 0;
    int used = 0;
    for (int i = 0; i < count; i++)
        if (use == NULL || use[i] != 0) {
            sum += units[i];
            used++;
        }
    if (used == 0)
        return false;
    *level = (double)sum / used;
    return true;
}

bool supply_forecast_smooth(const int32_t *units, const uint8_t *use, int count, double weight,
                            int warm, double *level)
{
    if (!(weight > 0 && weight <= 1) || warm < 1)
        return false;
    int used = 0;
    int64_t sum = 0;
    double smooth = 0;
    for (int i = 0; i < count; i++) {
        if (use != NULL && use[i] == 0)
            continue;
        used++;
        if (used <= warm) {
            sum += units[i];
            smooth = (double)sum / used;
        } else {
            smooth += weight * (units[i] - smooth);
        }
    }
    if (used == 0)
        return false;
    *level = smooth;
    return true;
}
