/* market/promotion: advertising of level 2. Sponsored slots by auction, brand and social spending.
 *
 * Rules are part of the scenario, state of the world; functions are internal to engine/market and
 * called by the day's parts. Equations: docs/model-level2.md, promotion. `open` false: nothing is
 * sponsored.
 */
#ifndef ENGINE_MARKET_PROMOTION_H
#define ENGINE_MARKET_PROMOTION_H

#include "core/base.h"
#include "core/err.h"

struct market_codec;
struct market_nest_day;
struct market_row;
struct market_rules;
struct market_seat_decisions;
struct market_work;

enum { MARKET_QUERIES_MAX = 4, MARKET_WORD_MAX = 32 };

/* What buyers of a nest type. Weights of a nest's groups sum to 1. */
struct market_query_group {
    char term[MARKET_WORD_MAX];       /* "phone case": in a title it raises relevance */
    double weight;                    /* share of the nest's views */
    char waste_term[MARKET_WORD_MAX]; /* excluded in a campaign, it spares the clicks of `waste` */
    double waste;                     /* share of the group's clicks that never buy */
};

struct market_promotion_rules {
    bool open;
    double sponsored_share; /* [omega] 0.25: share of views on sponsored slots when all are sold */
    int slots;              /* 4..6 a query group: 5 */
    double exponent;        /* [s] 1 */
    double quality_noise;   /* 0.3: sd of ln q by (day, group, block, listing) */
    double reserve_share;   /* 0.05 of p_ref S0 / m_v */
    double goodwill_keep;   /* 0.90572 a day */
    double goodwill_scale;  /* [A0] 0.01 of a firm's reference weekly revenue in the nest */
    double visit_cost; /* a page view from social spending costs this share of p_ref S0 / m_v */
};

/* Standing campaigns of a listing, one a query group. */
struct market_campaign {
    int64_t bid_minor, cap_minor; /* local; bid 0: none; cap a day */
    bool waste_excluded;
};

struct market_promotion_listing {
    struct market_campaign campaigns[MARKET_QUERIES_MAX];
    double click_history; /* moving average of clicks a view of its slots over reference; 1 */
    int64_t round_clicks, round_spend_minor; /* local */
};

/* Per firm and nest. */
struct market_promotion_firm {
    double goodwill;                   /* [A] */
    int64_t brand_minor, social_minor; /* home, a day, standing */
    int64_t round_spend_minor;         /* home: brand and social */
};

/* Take campaigns and brand rows of the round's decisions. */
MUST_USE enum err market_promotion_apply(struct market_work *work, int firm,
                                         const struct market_seat_decisions *decisions);
/* Before choice: run the day's auctions (4 blocks a query group), charge clicks within caps, set
 * each offer's `sponsored` (omega c_j) and `outside` (e_j / m_v); spend brand and social, move
 * goodwill. Clicks are held back from the day's payout, brand and social paid from home cash when
 * there is enough; a firm under administration buys none of them.
 * Errors  ERR_INVARIANT: a price above its bid, spending above its cap (a mistake of ours). */
MUST_USE enum err market_promotion_day(struct market_work *work, struct market_nest_day *day);
/* After choice: exposures sum to 1, sponsored views are no more than all; ERR_INVARIANT. */
MUST_USE enum err market_promotion_check(struct market_work *work,
                                         const struct market_nest_day *day);
/* [A0] Home minor units of spending that add 1 to goodwill. */
double market_promotion_goodwill_unit(const struct market_work *work, int nest);
/* Shoppers from outside that a day's social spending brings: views bought over m_v, saturating at
 * b / S0, the shoppers a firm has at reference. */
double market_promotion_visitors(const struct market_work *work, int nest, int64_t spend_minor);
/* kappa ln(1 + A). */
double market_promotion_brand(const struct market_work *work, int firm, int nest);
void market_promotion_round_begin(struct market_work *work, int firm);
void market_promotion_code_listing(struct market_codec *codec,
                                   struct market_promotion_listing *listing);
void market_promotion_code_firm(struct market_codec *codec, struct market_promotion_firm *firm);

/* Part of market_rules_check; query groups of nests too. */
MUST_USE enum err market_promotion_rules_check(const struct market_rules *rules,
                                               struct problem *problem);

/* The defaults of docs/model-level2.md, open; amounts are scaled by `usd_minor`, home minor units a
 * US dollar. */
void market_promotion_defaults(struct market_promotion_rules *rules, int64_t usd_minor);

#endif
