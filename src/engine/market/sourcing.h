/* market/sourcing: the bot supplier, standing reorders, insurance, absence and administration,
 * level 2. Equations: docs/model.md, sourcing. */
#ifndef ENGINE_MARKET_SOURCING_H
#define ENGINE_MARKET_SOURCING_H

#include "core/base.h"
#include "core/err.h"

struct market_codec;
struct market_decisions;
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

struct market_sourcing_rules {
    bool open;
    int64_t insurance_rate_1e9; /* of the goods' value */
    double bulk_loss_share;     /* of a shipment that meets with an accident (lane loss_rate) */
    double training_effect;     /* defects and late handling fall by this per ln(1 + spend/scale) */
    int64_t training_scale_minor; /* home */
};

/* Standing, per firm and product. */
struct market_reorder {
    int supplier, lane; /* supplier -1: none */
    int64_t point, up_to;
};

struct market_sourcing_firm {
    double training;        /* spending that still works, home minor units */
    int64_t training_minor; /* a round, standing */
    bool exit_plan;
};

/* Price of a unit at a quantity today, home; and the lead time's factor. */
int64_t market_supplier_price(const struct market_supplier *supplier, int64_t units);
double market_supplier_load(const struct market_work *work, int supplier);
/* Absent firms' orders by the steady policy, firms in administration wholly by it: makes the
 * round's decisions from those given. */
MUST_USE enum err market_sourcing_stand_in(struct market_work *work,
                                           const struct market_decisions *given,
                                           struct market_decisions *played);
MUST_USE enum err market_sourcing_apply(struct market_work *work, int firm,
                                        const struct market_seat_decisions *decisions);
void market_sourcing_day(struct market_work *work); /* standing reorders */
/* An accident of a shipment on arrival: units lost, and what insurance pays. */
void market_sourcing_accident(struct market_work *work, int firm, struct market_shipment *shipment);
void market_sourcing_code_firm(struct market_codec *codec, struct market_sourcing_firm *firm);
void market_sourcing_code_reorder(struct market_codec *codec, struct market_reorder *reorder,
                                  int suppliers, int lanes);

/* The defaults of docs/model-level2.md, open; amounts are scaled by `usd_minor`, home minor units a
 * US dollar. */
void market_sourcing_defaults(struct market_sourcing_rules *rules, int64_t usd_minor);

#endif
