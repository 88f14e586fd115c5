/* market/rules: what a scenario says, compiled for the engine.
 *
 * Read from a scenario document by app/training, or filled by a test. Nothing here is computed by
 * the engine; nothing here changes during a world. Arrays belong to the arena they were made in.
 *
 * Units: money in minor units of the named currency; rates scaled 1e-9 where an int64_t ends in
 * `_1e9`; real parameters of the demand model are doubles; `day` counts from the world's first day
 * (0) and `date` from 1970-01-01; weights in grams. Symbols in brackets are those of docs/model.md.
 */
#ifndef ENGINE_MARKET_RULES_H
#define ENGINE_MARKET_RULES_H

#include "core/base.h"
#include "core/err.h"
#include "core/money.h"
#include "core/str.h"
#include "engine/market/compliance.h"
#include "engine/market/customs.h"
#include "engine/market/events.h"
#include "engine/market/finance.h"
#include "engine/market/promotion.h"
#include "engine/market/sourcing.h"
#include "engine/market/storefront.h"
#include "engine/trade/trade.h"

/* Raised whenever equal inputs would give other bytes; a golden digest test enforces it. An open
 * run stays on its version. */
enum { MARKET_ENGINE_VERSION = 2 };

enum {
    MARKET_LEVEL_MAX = 3,    /* highest level the schema knows */
    MARKET_LEVEL_PLAYED = 2, /* highest level this engine version plays */
    MARKET_FIRMS_MIN = 1,
    MARKET_FIRMS_MAX = 24,
    MARKET_WORLDS_MAX = 4096,
    MARKET_CURRENCIES_MAX = 8,
    MARKET_MARKETS_MAX = 8,
    MARKET_CHANNELS_MAX = 4,
    MARKET_CATEGORIES_MAX = 8,
    MARKET_NESTS_MAX = 32,
    MARKET_PRODUCTS_MAX = 24,
    MARKET_SUPPLIERS_MAX = 24,
    MARKET_BREAKS_MAX = 6,
    MARKET_LANES_MAX = 32,
    MARKET_LISTINGS_MAX = 24, /* live or retired listings of one firm */
    MARKET_SEGMENTS = 3,
    MARKET_ROUND_DAYS_MAX = 28,
    MARKET_DAYS_MAX = 1456,    /* 52 rounds of 28 days */
    MARKET_LANE_DAYS_MAX = 63, /* a lane's days are capped here: part of the model, see docs */
    MARKET_LANE_HISTORY = 60,  /* days of lane records behind a promise */
    MARKET_NAME_MAX = 64,
    MARKET_FIELD_LEVELS_MAX = 64,
};

/* Where a figure of the scenario comes from; shown beside it everywhere. */
enum market_origin {
    ORIGIN_ESTIMATED, /* from the data set, with a standard error */
    ORIGIN_SHRUNK,    /* from the data set, drawn towards a pooled value */
    ORIGIN_DEFAULT,   /* a default of docs/model.md with an outside source */
    ORIGIN_ASSUMED,   /* a default of docs/model.md without an outside source */
    ORIGIN_SOURCED,   /* a dated fact with its source */
    ORIGIN_SET,       /* set by a teacher or a command */
};

struct market_name {
    char id[MARKET_NAME_MAX]; /* stable, used in paths and files: "case", "DE" */
    char en[MARKET_NAME_MAX]; /* shown */
    char zh[MARKET_NAME_MAX];
};

struct market_country {
    struct market_name name; /* id: ISO 3166 alpha-2, or "ZZ" for pooled markets */
    int currency;            /* index into rules->currencies */
    double season[53];       /* by ISO week 1..53 at [0..52], mean about 1 [season] */
    double weekday[7];       /* Monday first, mean 1 [weekday] */
    double growth;           /* a year: 0.05 = +5 % [growth] */
    int payout_hold_days;    /* a channel keeps a day's takings this long */
};

struct market_category {
    struct market_name name;
    char hs6[8];            /* for duty */
    double return_rate;     /* share of delivered units sent back at reference */
    double resale_fraction; /* share of those fit to be sold again */
};

/* Listings of one category in one market on one channel. */
struct market_nest {
    int market;
    int channel;
    int category;
    double units_per_firm_day;      /* [b] reference units per firm and day */
    double units_per_firm_day_est;  /* the calibrated estimate kept beside it; 0: none */
    int64_t price_ref_minor;        /* [p_ref] door price of the reference listing */
    int listings_ref;               /* listings a firm holds here at reference, >= 1 */
    int firms_expected;             /* [J_ref]; 0: the world's F */
    double promise_ref_days;        /* [d_ref] */
    double traffic_sd;              /* [sigma_N] 0..0.25 */
    double dispersion;              /* [phi] Var = mu + phi mu^2; 0: Poisson */
    int64_t referral_rate_1e9;      /* channel's fee on the door price */
    int64_t referral_minimum_minor; /* per unit */
    int payout_hold_days;           /* the channel keeps a day's takings here; 0: as the market */
    int query_count; /* level 2: what buyers type; 0: nothing can be sponsored here */
    struct market_query_group queries[MARKET_QUERIES_MAX];
};

struct market_product {
    struct market_name name;
    int category;
    int weight_g;
    int length_mm, width_mm, height_mm;
    double appeal;                                /* [a_j] utility at equal price */
    int64_t fulfil_fee_minor[MARKET_MARKETS_MAX]; /* a unit from the warehouse abroad to the door */
    int64_t storage_fee_1e9[MARKET_MARKETS_MAX];  /* a unit and day abroad, 1e-9 of a minor unit's
                                                     currency: see docs; kept fine, billed a round */
};

struct market_break {
    int64_t units_min;
    int64_t price_minor; /* a unit, in the home currency */
};

struct market_supplier {
    struct market_name name;
    int product; /* what it makes */
    int break_count;
    struct market_break
        breaks[MARKET_BREAKS_MAX]; /* ascending units_min; the first is the minimum order */
    int lead_days_min;
    double lead_gamma_mean; /* days beyond the minimum; 0: none */
    double lead_gamma_sd;
    double defect_rate;             /* share of units */
    int64_t deposit_rate_1e9;       /* paid with the order; the rest when goods are ready */
    int64_t inspection_fee_minor;   /* an order, home currency */
    double inspection_catch;        /* share of defects an inspection finds (they are replaced) */
    struct market_bot_supplier bot; /* level 2: a price that follows quantity, shared capacity */
};

enum market_lane_kind {
    LANE_DIRECT, /* parcel from the home warehouse to the buyer's door */
    LANE_BULK,   /* goods to the firm's warehouse abroad */
    LANE_LOCAL,  /* parcel from the warehouse abroad to the door */
};

struct market_lane {
    struct market_name name;
    enum market_lane_kind kind;
    int market; /* where it leads */
    int days_min;
    double gamma_mean; /* days beyond the minimum; 0: none */
    double gamma_sd;
    double loss_rate;              /* parcels lost (direct and local lanes) */
    int64_t price_per_kg_minor;    /* home currency; bulk and direct lanes */
    int64_t price_per_piece_minor; /* a parcel (direct) or a shipment (bulk), home currency */
    int weight_step_g;             /* billed in whole steps of this; >= 1 */
    int volume_divisor;            /* cm3 per kg for volume weight; 0: weight only */
    double freight_sd;             /* daily sd of the log rate's walk [monthly sd / sqrt(30)] */
    double freight_jump_rate;      /* probability of a jump a day */
    double freight_jump;           /* size of a jump in the log rate */
};

/* The demand model's constants, section 3 of the market model. */
struct market_demand {
    double segment_weight[MARKET_SEGMENTS]; /* 0.35, 0.45, 0.20 */
    double price_beta[MARKET_SEGMENTS];     /* 2.4, 1.6, 0.9 [beta_g] */
    double lambda;                          /* 0.6 [lambda] nesting */
    double inside_share;                    /* 0.6 [S0] */
    double rating_rho;                      /* 0.25 [rho_v] */
    double review_rho;                      /* 0.14 [rho_n] */
    double brand_kappa;                     /* 0.072 [kappa] */
    double rank_exponent;                   /* 0.15 [k_r] */
    double luck_sd;                         /* 0.05 [sigma_f] */
    double rating_ref;                      /* 4.2 */
    double views_per_shopper;               /* 10 [m_v] */
};

struct market_finance {
    int64_t cash_opening_minor;    /* home currency */
    int64_t overdraft_limit_minor; /* home currency, >= 0 */
    int64_t overdraft_rate_1e9;    /* a year: 0.12 */
    int64_t payroll_per_day_minor; /* home currency */
    int64_t conversion_fee_1e9;    /* of the converted amount */
};

/* Weights of the score's indicators, 1e-9, summing to 1e9; see score.h. */
enum market_indicator {
    INDICATOR_EQUITY,   /* closing equity as a going concern over opening equity */
    INDICATOR_SERVICE,  /* orders served over orders asked for */
    INDICATOR_STOCK,    /* distance to target cover, both sides */
    INDICATOR_FORECAST, /* forecast error relative to exponential smoothing */
    INDICATOR_RATING,   /* buyers' rating with a prior */
    INDICATOR_COUNT
};

/* A decision field that opens at a later level in this scenario than in the schema. */
struct market_field_level {
    int field; /* enum market_field */
    int level;
};

struct market_rules {
    char id[MARKET_NAME_MAX];
    char name_en[128], name_zh[128];
    char origin[4]; /* ISO 3166 alpha-2 of the country goods come from, for duty; "" means CN */
    int level;
    int32_t start_date;
    int round_days; /* 7, 14, 28 */
    int rounds;     /* planned length of a run */
    int firms;      /* F, frozen at the start */
    bool warm_start;
    /* Live listings of one firm, and markets they stand in, from level 2 on; 0: no limit. A warm
     * start fills the first `markets_max` markets. */
    int markets_max, listings_max;
    int field_level_count; /* none: the levels of decisions.def hold */
    struct market_field_level field_levels[MARKET_FIELD_LEVELS_MAX];

    int currency_count;
    struct currency currencies[MARKET_CURRENCIES_MAX]; /* [0] is the home currency */
    /* Home minor... units of home currency per one major unit of currency c on day d:
     * fx_1e9[c * fx_days + min(d, fx_days - 1)]; fx_days >= 1; row 0 is 1e9. */
    int fx_days;
    const int64_t *fx_1e9;

    int market_count, channel_count, category_count, nest_count, product_count, supplier_count,
        lane_count;
    const struct market_country *markets;
    const struct market_name *channels;
    const struct market_category *categories;
    const struct market_nest *nests;
    const struct market_product *products;
    const struct market_supplier *suppliers;
    const struct market_lane *lanes;

    struct market_demand demand;
    struct market_finance finance;
    struct trade_rules trade; /* duties and taxes by date */
    /* level 2; `open` false: as at level 1 */
    struct market_promotion_rules promotion;
    struct market_storefront_rules storefront;
    struct market_customs_rules customs;
    struct market_finance_rules loans;
    struct market_compliance_rules compliance;
    struct market_sourcing_rules sourcing;
    int event_count;
    const struct market_event_rules *events;
    int64_t score_weight_1e9[INDICATOR_COUNT];
    int assumed_count; /* parameters marked assumed, for the scenario's own statement */
};

/* Refuse what the model cannot play, with a place such as "nests[0].price_ref": sizes and
 * references out of bounds, beta_g/lambda < 1.3, k_r + rho_n/lambda > 0.55, levels this engine does
 * not play, non-finite numbers, prices or rates out of range, fx rows missing. Every step expects
 * checked rules. */
MUST_USE enum err market_rules_check(const struct market_rules *rules, struct problem *problem);

/* The nest of a market, channel and category; -1 when there is none. */
int market_nest_find(const struct market_rules *rules, int market, int channel, int category);
/* Days that the channel of a nest keeps a day's takings: its own, else those of the market. */
int market_nest_hold_days(const struct market_rules *rules, int nest);
/* Home units (1e-9) per major unit of `currency` on `day`. */
int64_t market_fx(const struct market_rules *rules, int currency, int32_t day);

#endif
