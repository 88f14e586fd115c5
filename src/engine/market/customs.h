/* market/customs: declarations, registrations and export-tax refunds of level 2.
 * Equations, defaults and worked numbers: docs/model-level2.md, customs. `open` false: mode 0110,
 * full value, right class, VAT number held, no refund. */
#ifndef ENGINE_MARKET_CUSTOMS_H
#define ENGINE_MARKET_CUSTOMS_H

#include "core/base.h"
#include "core/err.h"
#include "engine/trade/trade.h"

struct market_codec;
struct market_firm;
struct market_listing;
struct market_observation;
struct market_row;
struct market_rules;
struct market_seat_decisions;
struct market_shipment;
struct market_state;
struct market_work;

/* Customs modes of China's cross-border trade. */
enum market_customs_mode {
    CUSTOMS_0110, /* general trade */
    CUSTOMS_9610, /* parcels, cleared as a list */
    CUSTOMS_9710, /* direct sale to a company */
    CUSTOMS_9810, /* to a warehouse abroad: refund on departure, reconciled after sale */
    CUSTOMS_1210, /* through a bonded zone at home */
    CUSTOMS_MODES
};

/* A declared value this near to the true one is right: rates and price breaks move. */
#define CUSTOMS_VALUE_RIGHT_1E9 INT64_C(900000000)
/* Below it a value is grossly too low: goods may be taken for that alone. */
#define CUSTOMS_VALUE_GROSS_1E9 INT64_C(600000000)

enum { REFUND_RING = 64 }; /* days from claim or departure to payment stay below this */

struct market_customs_rules {
    bool open;
    int64_t refund_rate_1e9;        /* of the purchase value without tax: export tax refunded */
    int64_t input_tax_rate_1e9;     /* inside the purchase price */
    int refund_days[CUSTOMS_MODES]; /* from claim (9810, 1210: departure) to payment; -1: exempt, no
                                       refund */
    int64_t entry_fee_minor[CUSTOMS_MODES]; /* home, a declaration */
    double hold_rate;                       /* usual share of shipments held */
    int hold_days;
    double undervalue_rate;      /* added to the hold's probability when too little is declared */
    double undervalue_slope;     /* and per share undervalued */
    double misclass_rate;        /* added when the declared class is not the right one */
    double repeat_rate;          /* added to later holds for each discovery in the market; halved
                                    each round */
    int64_t penalty_rate_1e9;    /* of the duty and tax kept back, when a hold finds it */
    int64_t penalty_least_minor; /* home: no discovery costs less */
    int seizure_from;            /* the discovery of a gross undervaluation from which on the goods
                                    are taken; 0: never */
    int64_t vat_fee_minor, ioss_fee_minor; /* home, a market and round while registered */
    double no_ioss_u;                      /* u of a parcel into the EU without IOSS: -0.15 */
};

/* Units sent to the warehouse abroad and not yet sold there, with the refund they earned; home. */
struct market_customs_ahead {
    int64_t units, refund_minor;
};

/* Per firm, product and market; standing. */
struct market_customs_declaration {
    int mode; /* 1 + enum market_customs_mode; 0: as usual, see market_customs_mode_used */
    int64_t declared_minor;                         /* local, a unit; 0: the true value */
    char hs6[8];                                    /* "": the right class */
    struct market_customs_ahead provisional, final; /* under 9810; under other modes */
    int64_t open_minor; /* home: of the market's refunds to be claimed, those of this product */
};

/* Per firm and market. */
struct market_customs_firm {
    bool ioss, vat;                           /* at level 1 treated as held */
    int64_t refund_open_minor[CUSTOMS_MODES]; /* home: to be claimed; booked only then */
    int found;                                /* discoveries so far */
    int gross;                                /* those of a value grossly too low */
    double watch;                             /* discoveries, each halved every round: holds */
    int64_t evaded_minor;                     /* home: duty and tax kept back and not yet found */
};

MUST_USE enum err market_customs_apply(struct market_work *work, int firm,
                                       const struct market_seat_decisions *decisions);

/* The mode's index of a number such as 9610; -1 when there is no such mode. */
int market_customs_mode_find(int64_t number);
/* Its number, as it is decided: 110, 9610 ... */
int market_customs_mode_number(enum market_customs_mode mode);
/* The mode under which goods leave: the declared one where it fits the way, else the usual one:
 * parcels 9610, bulk 0110. 9610 and 1210 carry parcels only, 9810 goods for a warehouse abroad
 * only, 9710 needs a company that buys, which this level has not; 0110 fits all. */
enum market_customs_mode market_customs_mode_used(const struct market_customs_declaration *declared,
                                                  bool parcels);
/* Export tax refunded on goods bought at `purchase_minor`, tax inside: the value without tax x the
 * refund rate, half up. */
int64_t market_customs_refund(const struct market_customs_rules *rules, int64_t purchase_minor);
/* Export of units of a purchase value earns the refund; declarations are paid with the day's
 * consignments and lists (consignment.c). */
void market_customs_export(struct market_work *work, int firm, int product, int market,
                           bool parcels, int64_t units, int64_t purchase_minor);
/* Units sold from the warehouse abroad: their refund is no longer ahead of the sale. */
void market_customs_sold(struct market_work *work, int firm, int product, int market,
                         int64_t units);
/* Units removed there: what 9810 paid ahead on them is paid back. */
void market_customs_removed(struct market_work *work, int firm, int product, int market,
                            int64_t units);

/* Keeps with a shipment what stands declared of it now, as it leaves: its part of the invoice's
 * value at the day's rate, and a wrong class. What is declared later is for later shipments. */
void market_customs_stamp(const struct market_work *work, int firm,
                          struct market_shipment *shipment);

/* What the declaration does to a freight entry. The first look at a shipment (`held` false) draws
 * the hold; the caller keeps what was declared and found with the shipment, so later looks tell the
 * same. */
struct market_customs_effect {
    int64_t value_share_1e9; /* of the true value, for duty and tax: RATE_ONE after an inspection */
    char hs6[8];             /* "": the right class */
    int64_t declared_share_1e9;
    char declared_hs6[8];
    int hold_days; /* first look only */
    bool found;    /* an inspection found the declaration wrong */
    bool vat_deductible;
};
struct market_customs_effect market_customs_effect_get(const struct market_work *work, int firm,
                                                       const struct market_shipment *shipment);
/* Probability of a hold before events and what the declared value is of the true one. */
double market_customs_hold_rate(const struct market_customs_rules *rules,
                                int64_t declared_share_1e9, bool misclassed);

/* The declared part of a true value of `units` pieces, both local; the whole when nothing is
 * declared (0), at most ten times. */
int64_t market_customs_declared_share(int64_t declared_minor, int64_t units, int64_t value_minor);

/* The part that is taxed when nobody looks: a value that is near enough is read off the invoice. */
int64_t market_customs_taxed_share(int64_t declared_share_1e9);

/* Goods at a border: what they are, and what is declared of them. */
struct market_border {
    enum trade_mode mode;
    int market, category;
    int64_t units;
    int64_t value_minor, freight_minor; /* true, local */
    int64_t declared_share_1e9;         /* of the value; RATE_ONE: all of it */
    const char *declared_hs6;           /* "": the right class */
};
/* What they pay there, the one reckoning that the engine charges and that pages and policies read.
 * A class whose rates the scenario does not know is charged as the right one. Errors those of
 * trade_quote_make. */
MUST_USE enum err market_border_quote(const struct market_rules *rules, int32_t date,
                                      const struct market_border *border, struct trade_quote *quote,
                                      struct problem *problem);

/* What customs makes of a day's parcels of a listing (`units` of a product in each, worth
 * `net_minor` without tax, local). Honest parcels pass; others are opened with the probability
 * that a declared value and class add to a shipment's hold. */
struct market_customs_parcels {
    bool honest;
    int64_t declared_share_1e9;
    char declared_hs6[8];
    bool found; /* the true value and class count, the rest is fined, and the parcels wait */
};
struct market_customs_parcels market_customs_parcels_look(const struct market_work *work, int firm,
                                                          int product, int nest, int64_t units,
                                                          int64_t net_minor);

/* Days of parcels that were opened: those of the lane and of a hold, at most what a lane may take.
 */
int market_customs_held_days(const struct market_customs_rules *rules, int days);

/* What the record of a firm in a market adds to its holds. */
double market_customs_record_rate(const struct market_work *work, int firm, int market);
/* A wrong declaration that passed: what it kept back is remembered. */
void market_customs_evaded(struct market_work *work, int firm, int market, int64_t kept_back_home);
/* What a discovery costs, home: the duty and tax of all that passed before, and the fine on these
 * and on what was kept back now. */
int64_t market_customs_discovery_cost(const struct market_work *work, int firm, int market,
                                      int64_t kept_back_home);
/* Books a discovery (cost as above) and puts it on record; true when the goods are taken: for a
 * declared value grossly too low, not the first time. */
bool market_customs_discover(struct market_work *work, int firm, int product, int market,
                             int64_t declared_share_1e9, int64_t cost_minor);

/* Utility lost by a parcel from home into the EU without IOSS: the buyer pays at the door. */
double market_customs_parcel_u(const struct market_work *work, int firm,
                               const struct market_listing *listing);
/* Refunds in the books that closing values leave out, home: those on goods not yet sold, less those
 * not yet claimed, which are not in the books. */
int64_t market_customs_at_risk(const struct market_state *state, const struct market_rules *rules,
                               const struct market_firm *firm);

/* Numbers held at a warm start where the firm sells: a VAT number where consumption is taxed, IOSS
 * in the EU where it sells by parcels from home. */
void market_customs_start(struct market_work *work, int firm);
/* What the firm may know: its numbers, refunds and standing declarations. */
void market_customs_see(const struct market_work *work, int firm, struct market_observation *seen);
void market_customs_day(struct market_work *work);       /* refunds that fall due */
void market_customs_round_end(struct market_work *work); /* registration fees */
/* The books' claims on the tax office agree with account and ring; as the invariants ask. */
int64_t market_customs_claims(const struct market_firm *firm);

void market_customs_code_declaration(struct market_codec *codec,
                                     struct market_customs_declaration *declaration);
void market_customs_code_firm(struct market_codec *codec, struct market_customs_firm *firm);
void market_customs_code_refunds(struct market_codec *codec, struct market_firm *firm);
void market_customs_code_shipment(struct market_codec *codec, struct market_shipment *shipment);

/* Refuse what cannot be played: days beyond the ring, rates and amounts out of bounds; a row's
 * unknown mode (ERR_CHOICE names the modes), a class that is not six digits, a claim without an
 * amount. The place is the field: "mode", "customs.refund_days". */
MUST_USE enum err market_customs_rules_check(const struct market_customs_rules *rules,
                                             struct problem *problem);
MUST_USE enum err market_customs_row_check(const struct market_row *row, struct problem *problem);
MUST_USE enum err market_customs_claim_check(const struct market_row *row, struct problem *problem);

/* The defaults of docs/model-level2.md, open; amounts are scaled by `usd_minor`, home minor units a
 * US dollar. */
void market_customs_defaults(struct market_customs_rules *rules, int64_t usd_minor);

#endif
