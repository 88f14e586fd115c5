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
};

/* A product on sale in a nest: a listing the firm has, or one it will open. */
struct plan_outlet {
    int product, nest, market;
    int view; /* index of the observation's listing, -1: new */
    int cell; /* where its stock lies */
    int lane; /* to the door */
    bool demand_known;
    double demand;   /* units a day, at the season ahead */
    double variance; /* of a day's units */
    bool costed;
    struct market_unit_cost cost;
    int64_t price_minor; /* decided */
};

/* Stock of a product at a place, and how it is filled. */
struct plan_cell {
    int product;
    int market; /* of the warehouse abroad, or PLAN_HOME */
    int supplier;
    int lane; /* bulk lane, -1 at home */
    double demand, variance;
    double lead_mean, lead_sd; /* days from order to stock */
    int64_t on_hand, position;
    int64_t unit_cash_minor; /* home: what a unit takes out of the till until it is in stock */
};

struct plan {
    const struct market_observation *seen;
    const struct market_rules *rules; /* the briefing with today's freight in its lanes */
    struct plan_style style;
    int outlet_count;
    struct plan_outlet outlets[MARKET_LISTINGS_MAX];
    int cell_count;
    struct plan_cell cells[MARKET_LISTINGS_MAX];
};

/* Choose outlets, lanes and suppliers, and estimate demand and cost. */
struct plan *plan_make(struct arena *arena, const struct market_observation *seen,
                       const struct plan_style *style);

/* Days a lane takes on average, and at the 80 % quantile, by its record. */
double plan_lane_days(const struct plan *plan, int lane);
double plan_lane_promise(const struct plan *plan, int lane);
/* In the other currency at today's rate; 0 when out of bounds. */
int64_t plan_to_home(const struct plan *plan, int currency, int64_t minor);
int64_t plan_to_local(const struct plan *plan, int currency, int64_t home_minor);
/* Units of a lot a cell would order at a time: a review period's demand, at least the supplier's
 * minimum. */
int64_t plan_lot(const struct plan *plan, int supplier, double demand);

/* policy_stock.c: orders and transfers into `decisions`. Needs prices decided. */
void plan_order_steady(struct arena *arena, struct plan *plan,
                       struct market_seat_decisions *decisions);
void plan_order_novice(struct arena *arena, struct plan *plan,
                       struct market_seat_decisions *decisions);

#endif
