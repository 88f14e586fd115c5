/* market/observation: what one firm may see; the only thing that policies, pages and the API
 * receive.
 *
 * Nothing here tells a rival's cost, stock, bids or cash, the model's hidden parameters, or the
 * future. Arrays belong to the arena of the call that made the observation. Encoded as versioned
 * bytes by market_observation_encode; JSON by app/training.
 */
#ifndef ENGINE_MARKET_OBSERVATION_H
#define ENGINE_MARKET_OBSERVATION_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "engine/market/rules.h"

struct arena;

enum { MARKET_OBSERVATION_VERSION = 1, MARKET_HISTORY_DAYS = 60 };

/* Own listing. Day arrays have MARKET_HISTORY_DAYS entries, the last is yesterday. */
struct market_listing_view {
    int product, market, channel, nest;
    bool live;
    int64_t price_minor, coupon_minor; /* market's currency */
    int lane;                          /* -1: none chosen yet */
    int promise_days;
    int return_days;
    double promise_kept_days; /* the lane's 80 % quantile over its last 60 days */
    double rating;
    int64_t review_count; /* as shown to buyers */
    int32_t units_sold[MARKET_HISTORY_DAYS];
    int32_t
        units_lost[MARKET_HISTORY_DAYS];   /* asked for while out of stock: buyers who were told */
    uint8_t in_stock[MARKET_HISTORY_DAYS]; /* 1: could be sold at the day's start */
    /* of the round just played */
    int64_t round_units, round_units_lost, round_views;
    int64_t round_gross_minor, round_fees_minor, round_tax_minor, round_refunds_minor; /* local */
    int64_t round_returned_units;
    int64_t round_late_units, round_delivered_units;
};

struct market_stock_view {
    int product;
    int place; /* 0: home warehouse; 1 + market: warehouse abroad */
    int64_t units;
    int64_t value_minor; /* landed value, home currency */
};

struct market_order_view {
    int product, supplier, lane; /* lane -1: stays at home */
    int64_t units;
    int32_t placed_day, ready_day_expected;
    int64_t open_minor; /* still to pay, home currency */
};

struct market_shipment_view {
    int product, lane, market;
    int64_t units;
    int32_t sent_day, due_day_expected; /* from the lane's record, not the truth */
};

/* What any visitor of the shop sees. Rivals bear a shop number, not a name, when the run is blind.
 */
struct market_rival_view {
    int firm, product, nest;
    int64_t door_price_minor;
    double rating;
    int64_t review_count;
    int promise_days;
    bool sold_out;
};

struct market_lane_view {
    int lane;
    double days_mean_60, days_p80_60; /* the last 60 days' record */
    int64_t price_per_kg_minor;       /* today's rate, home currency */
};

/* Books of the round and the standing, home currency, converted at each day's rate. */
enum market_pl {
    PL_REVENUE, /* without tax, after refunds */
    PL_COGS,    /* landed cost of goods sold */
    PL_REFERRAL,
    PL_FULFILMENT, /* direct parcels, local fulfilment, return handling */
    PL_STORAGE,
    PL_ADS,
    PL_WRITE_OFF, /* unsaleable returns, losses, removals */
    PL_PAYROLL,
    PL_INTEREST,
    PL_INSPECTION,
    PL_CONVERSION, /* fees and rate differences of currency */
    PL_COUNT
};

struct market_notice {
    int32_t day;
    enum market_notice_kind {
        NOTICE_ORDER_UNPAID,    /* an order was refused: not enough cash; a product, b supplier */
        NOTICE_TRANSFER_SHORT,  /* fewer units at home than asked: nothing was sent; a product */
        NOTICE_REMOVAL_SHORT,   /* fewer units there than asked: nothing removed; a product */
        NOTICE_STOCK_OUT,       /* a listing ran out; a product, b nest */
        NOTICE_ARRIVED,         /* goods arrived; a product, b place */
        NOTICE_LATE_LANE,       /* promise shorter than the lane keeps; a product, b nest */
        NOTICE_OVERDRAFT,       /* cash fell below zero */
        NOTICE_ADMINISTRATION,  /* overdraft limit passed: no bulk orders */
        NOTICE_LISTING_NO_LANE, /* a live listing names no lane: it cannot be sold */
        NOTICE_RULE_CHANGE,     /* a trade rule of market a changed on this day; b: row */
        NOTICE_KIND_COUNT
    } kind;
    int a, b;
    int64_t amount;
};

struct market_observation {
    int version;
    int firm;
    int round;   /* rounds already played */
    int32_t day; /* first day of the round to decide */
    int32_t date;
    /* the public briefing: the scenario without its hidden parameters (see market_rules_public) */
    const struct market_rules *rules;

    int listing_count;
    const struct market_listing_view *listings;
    int stock_count;
    const struct market_stock_view *stock;
    int order_count;
    const struct market_order_view *orders;
    int shipment_count;
    const struct market_shipment_view *shipments;
    int rival_count;
    const struct market_rival_view *rivals;
    int lane_count;
    const struct market_lane_view *lanes;
    int notice_count;
    const struct market_notice *notices;

    int64_t cash_minor[MARKET_CURRENCIES_MAX];       /* by currency */
    int64_t receivable_minor[MARKET_CURRENCIES_MAX]; /* held by channels */
    int64_t tax_due_minor[MARKET_CURRENCIES_MAX];    /* collected less paid, not yet remitted */
    int64_t supplier_due_minor;                      /* rest of open orders, home */
    int64_t equity_minor;                            /* home, books at landed value */
    int64_t equity_opening_minor;
    bool in_administration;
    int64_t round_pl_minor[PL_COUNT]; /* home; costs negative */
    int64_t total_pl_minor[PL_COUNT];
};

/* Versioned bytes; equal observations give equal bytes. The rules are not part of them. */
void market_observation_encode(const struct market_observation *observation, struct buf *bytes);
MUST_USE enum err market_observation_decode(struct arena *arena, struct str bytes,
                                            const struct market_rules *rules,
                                            struct market_observation *observation,
                                            struct problem *problem);

#endif
