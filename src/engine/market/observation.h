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

enum { MARKET_OBSERVATION_VERSION = 2, MARKET_HISTORY_DAYS = 60 };

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
    /* level 2, storefront */
    int bundle_units;      /* in one order; 0 or 1: no bundle */
    bool duty_unpaid;      /* the buyer of a parcel from home is billed at the door */
    int translation;       /* 0 machine, 1 human, 2 native */
    double relevance;      /* of the title to what buyers type, 1: all of it */
    int64_t content_minor; /* home: spent each round */
    /* level 2, promotion; local */
    struct market_campaign campaigns[MARKET_QUERIES_MAX];
    int64_t round_clicks, round_ads_minor;
};

/* Level 2, promotion: what a firm spends each day on its brand in a nest, home. */
struct market_brand_view {
    int64_t brand_minor, social_minor, round_spend_minor;
};

struct market_stock_view {
    int product;
    int place; /* 0: home warehouse; 1 + market: warehouse abroad */
    int64_t units;
    int64_t value_minor; /* landed value, home currency */
    int age_days;        /* mean since its units arrived, whole days; abroad only */
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
    int bundle_units; /* level 2: the price is of so many units; 0 counts as 1 */
};

struct market_lane_view {
    int lane;
    double days_mean_60, days_p80_60; /* the last 60 days' record */
    double days_sure_60;              /* within which 58 of 60 came */
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
    PL_PENALTY,    /* fines and back duty */
    PL_COUNT
};

struct market_notice {
    int32_t day;
    enum market_notice_kind {
        NOTICE_ORDER_UNPAID,     /* an order was refused: not enough cash; a product, b supplier */
        NOTICE_TRANSFER_SHORT,   /* fewer units at home than asked: nothing was sent; a product */
        NOTICE_REMOVAL_SHORT,    /* fewer units there than asked: nothing removed; a product */
        NOTICE_STOCK_OUT,        /* a listing ran out; a product, b nest */
        NOTICE_ARRIVED,          /* goods arrived; a product, b place */
        NOTICE_LATE_LANE,        /* promise shorter than the lane keeps; a product, b nest */
        NOTICE_OVERDRAFT,        /* cash fell below zero */
        NOTICE_ADMINISTRATION,   /* overdraft limit passed: no bulk orders */
        NOTICE_LISTING_NO_LANE,  /* a live listing names no lane: it cannot be sold */
        NOTICE_RULE_CHANGE,      /* a trade rule of market a changed on this day; b: row */
        NOTICE_EVENT_WARNING,    /* a card of the deck was told; a event, amount its first day */
        NOTICE_EVENT_BEGINS,     /* it begins; a event, amount its first day */
        NOTICE_INCIDENT,         /* a fault was found; a kind, b market, amount its number */
        NOTICE_INCIDENT_UNKNOWN, /* an answer to no open incident; amount the number given */
        NOTICE_FEE_UNPAID,    /* a fee could not be paid: nothing done; a product, b market or -1 */
        NOTICE_CLAIM_SHORT,   /* more claimed than is open: nothing was; a market, amount open */
        NOTICE_MODE_UNFIT,    /* the customs mode does not fit the way; a product, b market */
        NOTICE_CUSTOMS_HELD,  /* a shipment is held; a product, b market, amount days */
        NOTICE_CUSTOMS_FOUND, /* a declaration was found wrong; amount fine and back duty, home */
        NOTICE_LOAN_LIMIT,    /* beyond the limit: no loan; amount: what could be taken */
        NOTICE_LOAN_UNPAID,   /* a repayment was not covered; amount */
        NOTICE_CONVERSION_SHORT, /* more than is held: not converted; a from, b to currency */
        NOTICE_EXIT_ORDER, /* an order was refused: an exit plan stands; a product, b supplier */
        NOTICE_ACCIDENT,   /* goods lost on arrival; a product, b lane, amount their units */
        NOTICE_LISTING_CLOSED,  /* a fault closed it; a product, b nest, amount day it may open; 0:
                                   when what it lacks is there */
        NOTICE_TRANSFER_UNPAID, /* a transfer was refused: not enough cash; a product, b lane */
        NOTICE_CUSTOMS_SEIZED,  /* goods were taken; a product, b market, amount their units */
        NOTICE_REFUND_OPEN,     /* export tax can be claimed, and counts only then; a market, amount
                                   home */
        NOTICE_KIND_COUNT
    } kind;
    int a, b;
    int64_t amount;
};

/* An open incident of the firm; answers.incident names it by its number. */
struct market_incident_view {
    int32_t number;
    int kind;    /* enum market_incident_kind */
    int listing; /* index of the firm's listing; -1: all it has in the market */
    int market;
    int32_t opened_day;
};

/* A certificate held or applied for. */
struct market_certificate_view {
    int product, market;
    int32_t holds_from_day;
};

/* A listing that may not sell at the start of the round to decide. */
struct market_closed_view {
    int listing;
    int32_t until_day; /* at least; no later than the round's first day: only what is lacking */
    bool lacks_certificate, lacks_responsible;
};

/* A card of the event deck that was told or runs. */
struct market_event_view {
    int event;
    int32_t from_day, to_day; /* inclusive, exclusive */
};

/* What a firm holds at the tax offices of a market, and what the home office owes it. */
struct market_customs_view {
    bool ioss, vat;
    int64_t refund_open_minor; /* home: earned by exports there, not yet claimed */
};

/* A standing declaration that is not as usual (customs.h). */
struct market_declaration_view {
    int product, market;
    int mode;               /* 9610, 110 (0110) ...; 0: as usual */
    int64_t declared_minor; /* local, a unit; 0: the true value */
    char hs6[8];            /* "": the right class */
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

    struct market_brand_view brand[MARKET_NESTS_MAX]; /* level 2, promotion: by nest */

    /* level 2, compliance and events; empty while these parts are closed */
    int incident_count;
    const struct market_incident_view *incidents;
    int certificate_count;
    const struct market_certificate_view *certificates;
    int closed_count;
    const struct market_closed_view *closed;
    bool responsible[MARKET_MARKETS_MAX];
    int service_hours[MARKET_MARKETS_MAX];
    int event_count;
    const struct market_event_view *events;

    /* level 2, customs and finance; home currency */
    struct market_customs_view customs[MARKET_MARKETS_MAX];
    int64_t refunds_due_minor;           /* claimed or paid by itself, on its way */
    int64_t loan_minor, loan_room_minor; /* owed; could still be taken */
    bool keep_currency;
    int declaration_count;
    const struct market_declaration_view *declarations; /* by product, then market */
};

/* Versioned bytes; equal observations give equal bytes. The rules are not part of them. */
void market_observation_encode(const struct market_observation *observation, struct buf *bytes);
MUST_USE enum err market_observation_decode(struct arena *arena, struct str bytes,
                                            const struct market_rules *rules,
                                            struct market_observation *observation,
                                            struct problem *problem);

#endif
