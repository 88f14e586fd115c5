/* market/policy_plan: how a rule of thumb sees its firm: what it sells where, and where it keeps
 * stock. Internal to engine/market; made from an observation and nothing else. */
#ifndef ENGINE_MARKET_POLICY_PLAN_H
#define ENGINE_MARKET_POLICY_PLAN_H

#include "engine/market/policy.h"

enum { PLAN_HOME = -1 };

/* In what a policy differs from steady. */
struct plan_style {
    double price_factor;
    double stock_factor;
    bool fastest; /* bulk lanes by days alone */
    bool late;    /* reorders only below 7 days of stock on hand */
    bool naive;   /* the novice */
    /* level 2 */
    enum plan_ads { ADS_MARGIN, ADS_NONE, ADS_HEAVY } ads; /* what a sale may cost in clicks */
    double brand_share;                                    /* of revenue, for the brand */
};

/* A product on sale in a nest: a listing the firm has, or one it will open. */
struct plan_outlet {
    int product, nest, market;
    int view; /* index of the observation's listing, -1: new */
    int cell; /* where its stock lies */
    int lane; /* to the door */
    bool demand_known;
    int days_used;   /* of the record: on sale and in stock */
    double level;    /* units a day in a mean season, at the price to come */
    double recent;   /* what the last fortnight tells of the coming round, a factor */
    double demand;   /* units a day in the coming round */
    double variance; /* of a day's units in a mean season */
    bool costed;
    struct market_unit_cost cost;
    int64_t price_minor; /* decided */
};

/* Stock of a product at a place, and how it is filled. */
struct plan_cell {
    int product;
    int market; /* of the warehouse abroad, or PLAN_HOME */
    int supplier;
    int lane;                  /* bulk lane, -1 at home */
    double demand, variance;   /* of a day, over lead time and review period */
    double lead_mean, lead_sd; /* days from order to stock */
    int64_t on_hand, position;
    int64_t unit_cash_minor; /* home: what a unit takes out of the till until it is in stock */
};

struct plan {
    const struct market_observation *seen;
    /* The briefing with today's freight in its lanes, and without the fee of inspections that do
     * not pay. */
    const struct market_rules *rules;
    struct plan_style style;
    int outlet_count;
    struct plan_outlet outlets[MARKET_LISTINGS_MAX];
    int cell_count;
    struct plan_cell cells[MARKET_LISTINGS_MAX];
};

/* Choose outlets, lanes and suppliers, and estimate demand and cost. */
struct plan *policy_plan_make(struct arena *arena, const struct market_observation *seen,
                              const struct plan_style *style);

/* Days a lane takes on average, and at the 80 % quantile, by its record. */
double policy_plan_lane_days(const struct plan *plan, int lane);
double policy_plan_lane_promise(const struct plan *plan, int lane);
/* Within which 58 of 60 came. */
double policy_plan_lane_sure(const struct plan *plan, int lane);
/* In the other currency at today's rate; 0 when out of bounds. */
int64_t policy_plan_to_home(const struct plan *plan, int currency, int64_t minor);
int64_t policy_plan_to_local(const struct plan *plan, int currency, int64_t home_minor);
/* Units of a lot: the economic quantity of the supplier's and lane's fixed costs (lane -1: none),
 * at least a review period's demand and the supplier's minimum. */
int64_t policy_plan_lot(const struct plan *plan, int supplier, int lane, double demand);
/* Demand of outlets and cells out of the outlets' levels; after levels change. */
void policy_plan_sum(struct plan *plan);

/* policy_demand.c: levels, variances and waves of all outlets. */
void policy_plan_demand(struct plan *plan);
/* Mean season factor over some days of the world; 1 when the briefing tells none. */
double policy_plan_season(const struct plan *plan, int market, int32_t day, int days);

/* policy_stock.c: orders and transfers into `decisions`. Needs prices decided. */
void policy_plan_order_steady(struct arena *arena, struct plan *plan,
                              struct market_seat_decisions *decisions);
void policy_plan_order_novice(struct arena *arena, struct plan *plan,
                              struct market_seat_decisions *decisions);

/* policy_trade.c, level 2: the title of a listing's row, and the lists of the parts that are open.
 * Needs prices decided. */
void policy_plan_title(struct arena *arena, const struct plan *plan,
                       const struct plan_outlet *outlet, struct market_row *row);
void policy_plan_trade(struct arena *arena, const struct plan *plan,
                       struct market_seat_decisions *decisions);
/* Takes out what this scenario opens at a later level. */
void policy_plan_drop_closed(struct arena *arena, const struct plan *plan,
                             struct market_seat_decisions *decisions);

#endif
