/* market/sourcing: the bot supplier, standing reorders, insurance, training, the exit plan, absence
 * and administration, level 2. Equations: docs/model-level2.md, sourcing. */
#ifndef ENGINE_MARKET_SOURCING_H
#define ENGINE_MARKET_SOURCING_H

#include "core/base.h"
#include "core/err.h"

struct market_codec;
struct market_decisions;
struct market_rules;
struct market_seat_decisions;
struct market_shipment;
struct market_supplier;
struct market_work;

/* Part of a supplier: price c (1+m) (Q/Q0)^-0.08, lead time x (1 + load^2), capacity shared. */
struct market_bot_supplier {
    bool bot;                /* false: the price breaks hold */
    int64_t cost_minor;      /* [c] home, a unit */
    double margin;           /* [m] */
    double quantity_ref;     /* [Q0] */
    double capacity_per_day; /* units a day, shared by all firms of the world */
};

/* What a firm asks a supplier for. */
struct market_order_terms {
    int product, supplier;
    int lane; /* bulk lane that takes the goods on; -1: they stay at home */
    int64_t units;
    bool inspect;
};

struct market_sourcing_rules {
    bool open;
    int64_t insurance_rate_1e9; /* of the goods' value */
    double bulk_loss_share;     /* of a shipment that meets with an accident (lane loss_rate) */
    double training_effect;     /* defects and late handling fall by this per ln(1 + spend/scale) */
    int64_t training_scale_minor; /* home */
    double training_keep;         /* a day: people forget and leave */
};

/* Standing, per firm and product. */
struct market_reorder {
    int supplier, lane; /* supplier -1: none */
    int64_t point, up_to;
    int32_t asked_day; /* last day on which the rule ordered or was refused, +1; 0: never */
};

struct market_sourcing_firm {
    double training;        /* spending that still works, home minor units */
    int64_t training_minor; /* a round, standing */
    bool exit_plan;
};

/* Price of a unit at a quantity, home minor units: the price break, or a bot's
 * c (1+m) (Q/Q0)^-0.08 half up, at least 1. */
int64_t market_supplier_price(const struct market_supplier *supplier, int64_t units);
/* The price at the minimum order: the first of a price list. */
int64_t market_supplier_price_first(const struct market_supplier *supplier);
/* The dearest price of a unit at any quantity that can be ordered, home minor units. */
int64_t market_supplier_dearest(const struct market_supplier *supplier);
/* Days that a supplier usually needs. */
double market_supplier_days(const struct market_supplier *supplier);
/* [load] of a bot: units of open orders of all firms / (capacity a day * its usual days); 0 for
 * suppliers without a bot. The lead time is its usual draw x (1 + load^2). */
double market_supplier_load(const struct market_work *work, int supplier);
/* Place an order: the deposit is paid from what the firm can pay. False, with a notice to the firm,
 * when it cannot be paid, under administration, or while an exit plan stands. The day on which the
 * goods are ready is set by market_sourcing_day, when all firms have ordered. */
bool market_order_place(struct market_work *work, int firm, const struct market_order_terms *terms);
/* Premium of a transfer of goods of a value, home minor units. */
int64_t market_insurance_premium(const struct market_rules *rules, int64_t goods_minor);
/* Share of handling mistakes that training leaves: 1 without any, at least 0.5. It multiplies the
 * defects of orders placed now and the usual returns of parcels that arrive now. */
double market_training_factor(const struct market_work *work, int firm);
/* Wages of a day, home minor units: none once a firm with an exit plan has nothing left. */
int64_t market_sourcing_wages(const struct market_work *work, int firm);
/* The round's decisions from those given: orders and transfers of absent firms by the steady
 * policy (standing decisions carry; products with a standing reorder are left to it; none under an
 * exit plan); at level 2 firms in administration wholly by it, without orders, but for their team's
 * own row. Called at the round's start, before anything moves; only reads the state. */
MUST_USE enum err market_sourcing_stand_in(struct market_work *work,
                                           const struct market_decisions *given,
                                           struct market_decisions *played);
MUST_USE enum err market_sourcing_apply(struct market_work *work, int firm,
                                        const struct market_seat_decisions *decisions);
/* Standing reorders, training's decay; then the days of all orders placed today. */
void market_sourcing_day(struct market_work *work);
/* An accident of a shipment on its arrival, by the lane's loss_rate: part of the goods is written
 * off, and insurance pays for them. */
void market_sourcing_accident(struct market_work *work, int firm, struct market_shipment *shipment);
/* Refuse rates and a bot's figures out of range. */
MUST_USE enum err market_sourcing_check(const struct market_rules *rules, struct problem *problem);
void market_sourcing_code_firm(struct market_codec *codec, struct market_sourcing_firm *firm);
void market_sourcing_code_reorder(struct market_codec *codec, struct market_reorder *reorder,
                                  int suppliers, int lanes);

/* The defaults of docs/model-level2.md, open; amounts are scaled by `usd_minor`, home minor units a
 * US dollar. */
void market_sourcing_defaults(struct market_sourcing_rules *rules, int64_t usd_minor);

#endif
