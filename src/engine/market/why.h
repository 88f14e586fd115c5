/* market/why: the terms behind a listing's sales on a day.
 *
 * "Why 37 and not 60": traffic x exposure x utility terms x stock x spill. The expectation is the
 * sum over segments of weight x shoppers x share; its terms give it back to 1e-12; draw, stock and
 * spill add as integers. The 60 is the reference listing's share, N S0 / (J k).
 */
#ifndef ENGINE_MARKET_WHY_H
#define ENGINE_MARKET_WHY_H

#include "core/base.h"
#include "engine/market/rules.h"

enum market_term {
    TERM_APPEAL, /* a_j */
    TERM_PRICE,  /* -beta ln(p/p_ref) and the far-price penalty; differs by segment */
    TERM_RATING,
    TERM_REVIEWS,
    TERM_DELIVERY, /* f(d_j) - f(d_ref) */
    TERM_BRAND,
    TERM_CONTENT,
    TERM_TRUST, /* return window; at level 2 also duty at the door, IOSS and bundles */
    TERM_LUCK,  /* sigma_f xi */
    TERM_COUNT
};

/* Why a listing could not be bought on a day; the first that holds. */
enum market_absence {
    ABSENCE_NONE,
    ABSENCE_RETIRED,  /* taken off sale by the firm */
    ABSENCE_NO_PRICE, /* none was ever set */
    ABSENCE_NO_LANE,  /* nothing carries its orders */
    ABSENCE_CLOSED,   /* by a fault: see the fields beside */
    ABSENCE_NO_STOCK  /* less than an order at the day's start; goods may wait at customs */
};

struct market_why {
    bool found; /* the day was played and the listing exists */
    int firm, product, nest;
    int32_t day;
    bool live;
    /* traffic */
    double shoppers;                       /* N */
    double shoppers_reference;             /* F b / S0 */
    double season, weekday, growth, shock; /* factors; their product x reference = shoppers */
    /* exposure */
    double shoppers_all;       /* N' with those from outside */
    double sponsored, outside; /* omega c_j; e_j / m_v */
    double event;              /* factor of events on the shoppers; in `shoppers` */
    double exposure;           /* x_j */
    double exposure_reference; /* 1 / (J k) */
    double relevance, health, own_listings, rank; /* factors of the organic weight */
    double organic_weight, organic_total;
    /* choice */
    double term[MARKET_SEGMENTS][TERM_COUNT];
    double utility[MARKET_SEGMENTS];     /* their sum */
    double nest_weight[MARKET_SEGMENTS]; /* W_g */
    double nest_share[MARKET_SEGMENTS];  /* S_g: share of shoppers who buy in the nest */
    double share[MARKET_SEGMENTS];       /* of shoppers, this listing */
    double expected;                     /* mu_j */
    double expected_reference;           /* N S0 / (J k) */
    double expected_in_stock;            /* as if all listed firms had stock: latent demand */
    /* settlement, integers */
    int64_t drawn; /* D_j */
    int64_t stock;
    int64_t spill_in, spill_out, lost, served; /* D + spill in = served + lost + spill out */
    /* what the terms refer to */
    int64_t door_price_minor, price_ref_minor;
    double rating, reviews, promise_days, promise_kept_days;
    /* when it was not live */
    enum market_absence absence;
    bool lacks_certificate, lacks_responsible; /* closed until it is there */
    int32_t closed_until;                      /* day; 0: no day is set */
    int closed_kind;       /* enum market_incident_kind of the fault that closed it; -1: unknown */
    int32_t closed_number; /* of that incident; 0: unknown */
    int64_t held_units;    /* at customs of the market */
    int32_t held_until;    /* day on which the first of them go on */
    int bundle_units;      /* pieces in an order; 0 (planted terms) counts as 1 */
    double bundle_u;       /* what of TERM_TRUST the bundle is */
    int event_card;        /* of the deck, the one that moved the shoppers most; -1: none */
};

/* The terms of all listings of some firms, day after day in the order of the days, nests, firms and
 * listings. Rows beyond `room` are counted and not kept. */
struct market_why_log {
    uint32_t firms; /* bit f: keep those of firm f */
    int count, room;
    struct market_why *rows; /* the caller's */
};

const char *market_term_name(enum market_term term); /* English text key */

#endif
