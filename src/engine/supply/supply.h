/* supply: how much to hold, how much to order, how much to expect.
 *
 * Textbook models of one product at one place, as functions of a few numbers. Times are in periods
 * of the caller's choice, costs in a currency of the caller's choice, quantities in units. A
 * function returns false, and leaves its result alone, when its arguments lie outside what the
 * model covers (costs not positive, a negative spread, not a number).
 * Source  Snyder and Shen, "Fundamentals of Supply Chain Theory", 2nd ed. (2019), chapters 3, 4
 *         and 9; worked numbers in docs/model.md and in tests/engine/supply.
 */
#ifndef ENGINE_SUPPLY_SUPPLY_H
#define ENGINE_SUPPLY_SUPPLY_H

#include "core/base.h"

enum { SUPPLY_POINTS_MAX = 4096, SUPPLY_BREAKS_MAX = 64 };

/* ---- one period: the newsvendor (chapter 4) ----
 * Holding cost h a unit left over, stockout cost p a unit short, both > 0; the best level is the
 * p / (h + p) quantile of demand. Demand over a lead time of L periods and the review period:
 * mean (L + 1) m, sd sqrt(L + 1) s. */

struct supply_level {
    double base_stock;
    double cost; /* expected, a period, at that level */
};

/* Expected cost at `level` with normal demand (equations 4.6, 4.24). */
bool supply_normal_cost(double holding, double stockout, double mean, double sd, double level,
                        double *cost);
bool supply_newsvendor_normal(double holding, double stockout, double mean, double sd,
                              struct supply_level *best);
/* Smallest whole level with F(S) >= p / (h + p); mean at most 1e6. */
bool supply_newsvendor_poisson(double holding, double stockout, double mean,
                               struct supply_level *best);
/* The same for `count` demands with probabilities that sum to 1 (to 1e-9); in any order. */
bool supply_newsvendor_table(double holding, double stockout, const double *demand,
                             const double *probability, int count, struct supply_level *best);
/* Most expected profit with normal demand: ratio (r - c) / (r - v), revenue r > cost c > salvage v
 * (section 4.3.2.6). best->cost is minus the profit. */
bool supply_newsvendor_profit(double revenue, double purchase, double salvage, double mean,
                              double sd, struct supply_level *best);
/* Demand d certain, supply fails with probability a and recovers with probability b a period
 * (section 9.3). */
bool supply_newsvendor_disruption(double holding, double stockout, double demand,
                                  double disruption_probability, double recovery_probability,
                                  struct supply_level *best);

/* ---- repeated review: base stock on the inventory position ----
 * Position = on hand + on order + on the way - backorders. Ordering up to S every `review` periods
 * must last until the next order has arrived: lead time and review period together. */

struct supply_protection {
    double mean, sd; /* demand over lead time and review period */
};

/* Demand a period with mean d and sd s, independent; lead time with mean L and sd l, independent:
 * mean d (L + R), variance (L + R) s^2 + d^2 l^2. */
bool supply_protection_demand(double demand_mean, double demand_sd, double lead_mean,
                              double lead_sd, double review, struct supply_protection *demand);
/* Smallest whole S with P(demand <= S) >= service (0 < service < 1). The distribution has the two
 * moments given: Poisson when the variance is not above the mean, negative binomial above it,
 * normal beyond a mean of 1e6. */
bool supply_base_stock(const struct supply_protection *demand, double service, int64_t *level);

/* ---- lot sizes (chapter 3) ---- */

struct supply_lot {
    double quantity;
    double cost;              /* a period; with discounts the purchase is in it */
    double stockout_fraction; /* of demand met from backorders; 0 without */
    int region;               /* of the price list; 0 without one */
};

/* Fixed cost K an order, holding cost h a unit and period, demand rate. */
bool supply_eoq(double fixed, double holding, double demand_rate, struct supply_lot *lot);
bool supply_eoq_backorders(double fixed, double holding, double stockout, double demand_rate,
                           struct supply_lot *lot);
/* Production at a finite rate above demand. */
bool supply_epq(double fixed, double holding, double demand_rate, double production_rate,
                struct supply_lot *lot);

struct supply_breaks {
    int count;
    const double *from;      /* lower bounds of the regions, ascending, the first 0 */
    const double *unit_cost; /* falling */
};

/* Holding costs the rate times the unit cost. All units: the whole order at its region's price.
 * Incremental: each unit at the price of its own region. */
bool supply_eoq_all_units(double fixed, double holding_rate, double demand_rate,
                          const struct supply_breaks *breaks, struct supply_lot *lot);
bool supply_eoq_incremental(double fixed, double holding_rate, double demand_rate,
                            const struct supply_breaks *breaks, struct supply_lot *lot);
/* The supplier fails and recovers at exponential rates; demand while out of stock is lost at
 * `stockout` a unit (section 9.2, exact cost, minimised numerically to 1e-9 of the quantity). */
bool supply_eoq_disruption(double fixed, double holding, double stockout, double demand_rate,
                           double disruption_rate, double recovery_rate, struct supply_lot *lot);

/* ---- forecasts ---- */

/* Mean of the values whose `use` is not 0 (NULL: all); false when there are none. */
bool supply_forecast_mean(const int32_t *units, const uint8_t *use, int count, double *level);
/* Simple exponential smoothing: level <- level + weight (value - level) over the used values, from
 * the mean of the first `warm` used ones (all of them when fewer), which are then not counted
 * twice. The forecast of every later period is the level. 0 < weight <= 1, warm >= 1; false when no
 * value is used. Source: Hyndman and Athanasopoulos, "Forecasting", 3rd ed., section 8.1. */
bool supply_forecast_smooth(const int32_t *units, const uint8_t *use, int count, double weight,
                            int warm, double *level);

#endif
