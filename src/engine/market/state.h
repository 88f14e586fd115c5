/* market/state: everything a world remembers between rounds. Internal to engine/market.
 *
 * Balances are signed, debit positive. Money of accounts is in the currency of its column; stock
 * values are in the home currency. Rings are indexed by day modulo their size. All arrays belong to
 * the arena of the call that made the state and have the sizes of the rules it was made under.
 */
#ifndef ENGINE_MARKET_STATE_H
#define ENGINE_MARKET_STATE_H

#include "engine/market/market.h"
#include "engine/market/score.h"

enum { PAYOUT_RING = 64 /* > 60 days */ };

/* Parcels of a listing on their way: a day's dispatch on one lane. */
struct market_delivery {
    int32_t due_day;
    int16_t listing;     /* index within the firm */
    int16_t late_days;   /* behind their promise when they arrive */
    int32_t units;       /* parcels that arrive; a parcel holds a bundle */
    int32_t lost;        /* parcels that never do; noticed on the due day */
    int64_t goods;       /* units of the product in all of them */
    int64_t gross_minor; /* of units + lost, local */
    int64_t tax_minor;
    int64_t referral_minor;
    int64_t cogs_minor; /* home */
    double defect_rate;
};

/* Parcels of a listing on their way back. */
struct market_return {
    int32_t due_day;
    int16_t listing;
    int32_t units;                                  /* parcels */
    int64_t goods;                                  /* units of the product in them */
    int64_t gross_minor, tax_minor, referral_minor; /* local */
    int64_t cogs_minor;                             /* home */
};

/* One past round of a listing, for closing values: 56 days before the last round. */
enum { PAST_RING = 9 };
struct market_past {
    double latent;      /* units asked as if in stock */
    int64_t price_days; /* sum of the door price over the days it was listed */
    int32_t days;       /* days listed */
};

struct market_listing {
    int product, nest;
    bool live;
    int64_t price_minor, coupon_minor; /* local; price 0: not priced yet */
    int lane;                          /* -1: none */
    int promise_days, return_days;

    double sales_average; /* [E_j] units a day */
    double review_volume; /* [n_j] */
    double stars_sum;
    int64_t review_count;
    double late_average; /* share of late units among delivered, moving */

    struct market_past now; /* the round being played */

    /* of the round being played or just played */
    int64_t round_units, round_missed, round_returned, round_delivered, round_late;
    int64_t round_gross_minor, round_fees_minor, round_tax_minor, round_refunds_minor;
    double round_views;
    bool forecast_given;
    int64_t forecast_units;
    double smoothed_units; /* a round's units by exponential smoothing, the forecast's yardstick */

    struct market_storefront_listing storefront;
    struct market_compliance_listing compliance;
    struct market_promotion_listing promotion;

    /* The long past stands behind what every day reads. */
    int32_t sold[MARKET_HISTORY_DAYS];
    int32_t missed[MARKET_HISTORY_DAYS]; /* asked for and not served here */
    uint8_t in_stock[MARKET_HISTORY_DAYS];
    double latent[MARKET_HISTORY_DAYS]; /* expected demand as if in stock */
    struct market_past past[PAST_RING]; /* by round modulo its size */
};

struct market_stock {
    int64_t units;
    int64_t value_minor; /* landed, home */
    double defect_rate;  /* mean share of defects in it */
    double age_days;     /* mean since its units arrived; abroad only */
};

/* An order with a supplier, until the goods are ready. */
struct market_order {
    int product, supplier, lane;
    int64_t units, total_minor, paid_minor;
    int32_t placed_day, ready_day;
    double defect_rate;
    bool inspect;
};

struct market_shipment {
    int product, lane;
    int64_t units;
    int64_t goods_minor, freight_minor; /* home */
    int32_t sent_day, arrive_day;
    double defect_rate;
    bool insured;
    bool held;    /* customs looked at it once already */
    bool loading; /* sent today, its freight not shared yet; never when a day ends */
    /* what was declared and found then; customs open only */
    bool found;
    int64_t declared_share_1e9;
    char declared_hs6[8];
};

/* Units of a product since the start: bought = (sold - lost - returned) + stock anywhere + lost +
 * written off, where a returned unit fit for sale is stock again and any other is written off. */
struct market_units {
    int64_t bought, sold, lost, returned, written_off;
};

/* Sums behind the indicators. */
struct market_tally {
    double served, asked; /* orders; asked for: see score.h */
    double cover_sum;     /* minus |ln((cover+1)/(target+1))|, summed over rounds */
    int cover_rounds;
    double forecast_error, smoothing_error;
    int forecast_rounds;
    double stars_sum;
    int64_t reviews;
};

struct market_firm {
    double luck; /* [xi] */
    bool administration;
    int64_t balance[ACCOUNT_COUNT][MARKET_CURRENCIES_MAX];
    int64_t payouts[MARKET_CURRENCIES_MAX][PAYOUT_RING];
    int64_t storage_due_minor[MARKET_MARKETS_MAX];
    int64_t storage_rest_1e9[MARKET_MARKETS_MAX];
    int64_t interest_rest_1e9;
    int64_t equity_opening_minor, equity_minor; /* home */
    int64_t round_pl_minor[PL_COUNT], total_pl_minor[PL_COUNT];
    struct market_stock *stock; /* [place * product_count + product] */
    struct market_units *units; /* [product] */
    struct market_tally tally;
    int listing_count;
    struct market_listing *listings; /* room for listing_room */
    /* level 2 */
    struct market_promotion_firm *promotion;         /* [nest] */
    struct market_customs_declaration *declarations; /* [product * market_count + market] */
    struct market_customs_firm customs[MARKET_MARKETS_MAX];
    int64_t refunds_minor[REFUND_RING]; /* export tax the office pays on a day */
    struct market_finance_firm finance;
    struct market_compliance_firm compliance;
    struct market_sourcing_firm sourcing;
    struct market_reorder *reorders; /* [product] */
    int delivery_count;
    struct market_delivery *deliveries; /* in the order of their dispatch */
    int return_count;
    struct market_return *returns;
    int order_count;
    struct market_order *orders;
    int shipment_count;
    struct market_shipment *shipments;
};

struct market_lane_state {
    double log_freight;                /* ln of today's rate over the scenario's */
    uint8_t days[MARKET_LANE_HISTORY]; /* days needed by goods sent on a day, by day modulo 60 */
};

struct market_state {
    int round;
    int32_t day; /* next day to play */
    int firm_count, nest_count, lane_count, product_count, place_count, currency_count;
    int listing_room; /* listings a firm can have: one a product and nest of its category, at most
                         24 */
    int modules;      /* bits of enum market_module: which parts of level 2 this world has */
    double *traffic;  /* [nest]: z, AR(1) */
    struct market_event_state events[MARKET_EVENTS_RUNNING];
    struct market_lane_state *lanes;
    struct market_firm *firms;
};

/* Parts of level 2; a world without one keeps no bytes of it. */
enum market_module {
    MODULE_PROMOTION = 1,
    MODULE_STOREFRONT = 2,
    MODULE_CUSTOMS = 4,
    MODULE_FINANCE = 8,
    MODULE_COMPLIANCE = 16,
    MODULE_SOURCING = 32,
    MODULE_EVENTS = 64
};

/* An empty state with the rules' sizes. */
struct market_state *market_state_new(struct arena *arena, const struct market_rules *rules);
/* A deep copy; orders and shipments get room for `extra` more rows each, deliveries and returns for
 * those of `days` days. */
struct market_state *market_state_copy(struct arena *arena, const struct market_state *state,
                                       int extra, int days);

static inline int market_ring_60(int32_t day)
{
    int slot = day % MARKET_HISTORY_DAYS;
    return slot < 0 ? slot + MARKET_HISTORY_DAYS : slot;
}

static inline struct market_stock *market_stock_at(const struct market_state *state,
                                                   const struct market_firm *firm, int place,
                                                   int product)
{
    return &firm->stock[(size_t)place * (size_t)state->product_count + (size_t)product];
}

/* The firm's listing of a product in a nest; NULL: it never opened one. */
static inline struct market_listing *market_listing_of(struct market_firm *firm, int product,
                                                       int nest)
{
    for (int i = 0; i < firm->listing_count; i++)
        if (firm->listings[i].product == product && firm->listings[i].nest == nest)
            return &firm->listings[i];
    return NULL;
}

static inline int market_bundle_units(const struct market_listing *listing)
{
    return listing->storefront.bundle_units > 1 ? listing->storefront.bundle_units : 1;
}

static inline struct market_customs_declaration *
market_declaration_at(const struct market_state *state, const struct market_firm *firm, int product,
                      int market)
{
    return &firm->declarations[(size_t)product * (size_t)(state->place_count - 1) + (size_t)market];
}

static inline int64_t market_door_price(const struct market_listing *listing)
{
    return listing->price_minor - listing->coupon_minor;
}

#endif
