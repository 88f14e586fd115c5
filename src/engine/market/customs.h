/* market/customs: declarations, registrations and export-tax refunds of level 2.
 * Equations and sources: docs/model.md, customs. `open` false: mode 0110, full value, right class,
 * VAT number held, no refund. */
#ifndef ENGINE_MARKET_CUSTOMS_H
#define ENGINE_MARKET_CUSTOMS_H

#include "core/base.h"
#include "core/err.h"

struct market_codec;
struct market_seat_decisions;
struct market_shipment;
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

struct market_customs_rules {
    bool open;
    int64_t refund_rate_1e9;        /* of the purchase value without tax: export tax refunded */
    int64_t input_tax_rate_1e9;     /* inside the purchase price */
    int refund_days[CUSTOMS_MODES]; /* from claim (9810: departure) to payment; -1: no refund */
    int64_t entry_fee_minor[CUSTOMS_MODES]; /* home, a declaration */
    double hold_rate;                       /* usual share of shipments held */
    int hold_days;
    double undervalue_slope;  /* added to the hold's probability per share undervalued */
    double misclass_rate;     /* added when the declared class is not the right one */
    int64_t penalty_rate_1e9; /* of the duty and tax kept back, when a hold finds it */
    int64_t vat_fee_minor, ioss_fee_minor; /* home, a market and round while registered */
    double no_ioss_u;                      /* u of a parcel without IOSS: -0.15 */
};

/* Per firm, product and market; standing. */
struct market_customs_declaration {
    int mode;               /* enum market_customs_mode */
    int64_t declared_minor; /* local, a unit; 0: the true value */
    char hs6[8];            /* "": the right class */
};

/* Per firm and market. */
struct market_customs_firm {
    bool ioss, vat;               /* at level 1 treated as held */
    int64_t refund_open_minor;    /* home: earned, not yet claimed */
    int64_t refund_claimed_minor; /* home: claimed, to be paid on refund_day */
    int32_t refund_day;
};

MUST_USE enum err market_customs_apply(struct market_work *work, int firm,
                                       const struct market_seat_decisions *decisions);
/* Export of goods of a purchase value: earns or spoils the refund, posts the entry's fee. */
void market_customs_export(struct market_work *work, int firm, int product, int market,
                           int64_t purchase_minor);
/* What the declaration does to a freight entry: value share (1e-9), class, days held, penalty flag.
 */
struct market_customs_effect {
    int64_t value_share_1e9;
    char hs6[8];
    int hold_days;
    bool found; /* an inspection found the declaration wrong */
    bool vat_deductible;
};
struct market_customs_effect market_customs_effect_get(const struct market_work *work, int firm,
                                                       const struct market_shipment *shipment);
void market_customs_day(struct market_work *work);       /* refunds that fall due */
void market_customs_round_end(struct market_work *work); /* registration fees */
void market_customs_code_declaration(struct market_codec *codec,
                                     struct market_customs_declaration *declaration);
void market_customs_code_firm(struct market_codec *codec, struct market_customs_firm *firm);

/* The defaults of docs/model-level2.md, open; amounts are scaled by `usd_minor`, home minor units a
 * US dollar. */
void market_customs_defaults(struct market_customs_rules *rules, int64_t usd_minor);

#endif
