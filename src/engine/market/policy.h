/* market/policy: players made of rules of thumb, for yardsticks, bots and empty seats.
 *
 * A policy receives the observation and nothing else, so it knows what a firm in that seat knows.
 */
#ifndef ENGINE_MARKET_POLICY_H
#define ENGINE_MARKET_POLICY_H

#include "core/base.h"
#include "core/err.h"
#include "core/rng.h"
#include "core/str.h"
#include "engine/market/decisions.h"
#include "engine/market/observation.h"

struct arena;

enum market_policy {
    POLICY_NOVICE, /* 1.65 x (landed + fulfilment), tax and referral forgotten; orders up to 42 days
                      of stock on hand, ignores what is in transit; cheapest supplier and lane */
    POLICY_STEADY, /* break-even price x 3.2/2.2 (elasticity -3.2); base stock on position; level 2:
                      clicks for 0.6 of the margin, all duties met, refunds claimed */
    POLICY_CHEAP,  /* 0.88 x steady's price */
    POLICY_PREMIUM,   /* 1.2 x steady's price */
    POLICY_AIR,       /* steady, fastest bulk lane only */
    POLICY_LATE,      /* steady, reorders only below 7 days of stock */
    POLICY_OVER,      /* steady with 1.7 x the base stock */
    POLICY_HEAVY_ADS, /* steady, clicks may cost 25 % of takings, 8 % of revenue for the brand */
    POLICY_NO_ADS,    /* steady without advertising */
    POLICY_COUNT
};

const char *market_policy_name(enum market_policy policy); /* "steady" */
bool market_policy_from_name(struct str name, enum market_policy *policy);

/* The decisions of the next round, in the arena. Always valid under market_decisions_check. */
void market_policy_decide(struct arena *arena, enum market_policy policy,
                          const struct market_observation *observation,
                          struct market_seat_decisions *decisions);

/* Landed cost of a unit of a listing as the firm can reckon it today, home currency: purchase price
 * at the lot of `units` with its share of an inspection, bulk freight and duty of the lot as
 * freight (import tax is deductible and left out); and what a sale costs on top, local currency:
 * the fee of the warehouse abroad, or a direct parcel with its charges at the border at the
 * break-even price. Charges at the border are those of market_border_quote, as the engine books
 * them. lane_bulk is -1 when goods stay at home. Lane prices are those of `rules`: put
 * today's into a copy of its lanes. Used by policies and by pages ("break-even").
 *
 * Errors  ERR_RANGE, ERR_LANE_KIND, ERR_SUPPLIER_PRODUCT: arguments that do not belong together;
 *         those of trade_quote_make. */
struct market_unit_cost {
    int64_t purchase_minor, freight_minor, duty_minor; /* home */
    int64_t landed_minor;                              /* home, their sum */
    int64_t sale_minor; /* local: fulfilment fee, or parcel with border charges, an order */
    int64_t tax_rate_1e9, referral_rate_1e9;
    int64_t break_even_minor; /* lowest local door price of an order without a loss; INT64_MAX: none
                                 is */
};
/* What a firm declares, holds and offers, as far as its costs depend on it; all zero: the right
 * declarations, a VAT number, single units with duty paid, as at level 1. */
struct market_cost_seat {
    int64_t declared_minor; /* local, a unit; 0: the true value */
    char declared_hs6[8];   /* "": the right class */
    bool vat_lacking;       /* no VAT number: import tax is a cost of the goods */
    int bundle_units;       /* in an order; 0 counts as 1 */
    bool duty_unpaid;       /* the buyer of a parcel from home settles tax and charges himself */
};
/* As the observation tells it of a listing of the firm; `view` -1: of a listing to be. */
struct market_cost_seat market_cost_seat_get(const struct market_observation *seen, int product,
                                             int nest, int view);
MUST_USE enum err market_unit_cost_reckon(const struct market_rules *rules, int32_t date,
                                          int product, int nest, int supplier, int lane_bulk,
                                          int lane_sale, int64_t units,
                                          struct market_unit_cost *cost, struct problem *problem);

/* The same for a seat; NULL: all zero. */
MUST_USE enum err market_unit_cost_seat(const struct market_rules *rules, int32_t date, int product,
                                        int nest, int supplier, int lane_bulk, int lane_sale,
                                        int64_t units, const struct market_cost_seat *seat,
                                        struct market_unit_cost *cost, struct problem *problem);

/* The same with what it was reckoned from, for pages that show each step. */
struct market_cost_terms {
    /* the lot, home currency */
    int64_t price_minor; /* a unit, at the price break of the lot */
    int64_t goods_minor, inspection_minor, freight_minor, duty_minor;
    /* the lot at the border, local; no lines when goods stay at home */
    int64_t goods_local_minor, freight_local_minor, duty_local_minor;
    struct trade_quote border;
    int64_t import_tax_local_minor; /* in the duty: import tax that cannot be deducted */
    int64_t declared_share_1e9;     /* of the goods' value at the border */
    /* a sale, local; a parcel's border is quoted at the break-even price */
    int64_t landed_local_minor, parcel_minor, parcel_border_minor;
    struct trade_quote parcel;
    /* at the break-even price, local: price = tax + referral + landed + sale + rest */
    int64_t tax_minor, referral_minor, rest_minor;
    int64_t fx_1e9; /* home units a local one */
};
MUST_USE enum err market_unit_cost_open(const struct market_rules *rules, int32_t date, int product,
                                        int nest, int supplier, int lane_bulk, int lane_sale,
                                        int64_t units, const struct market_cost_seat *seat,
                                        struct market_unit_cost *cost,
                                        struct market_cost_terms *terms, struct problem *problem);

#endif
