/* market/finance: loans, conversions and the payout account of level 2.
 * `open` false: level 1 money (docs/decisions/0004). */
#ifndef ENGINE_MARKET_FINANCE_H
#define ENGINE_MARKET_FINANCE_H

#include "core/base.h"
#include "core/err.h"

struct market_codec;
struct market_seat_decisions;
struct market_work;

struct market_finance_rules {
    bool open;
    int64_t loan_rate_1e9;       /* a year */
    int64_t loan_limit_rate_1e9; /* most owed, of opening equity */
    int64_t loan_fee_1e9;        /* of what is taken */
};

struct market_finance_firm {
    bool keep_currency;    /* payouts stay in their currency; 0 at level 1 */
    int64_t loan_rest_1e9; /* interest carried */
};

MUST_USE enum err market_finance_apply(struct market_work *work, int firm,
                                       const struct market_seat_decisions *decisions);
void market_finance_day(struct market_work *work); /* interest on loans */
void market_finance_code(struct market_codec *codec, struct market_finance_firm *firm);

/* The defaults of docs/model-level2.md, open; amounts are scaled by `usd_minor`, home minor units a
 * US dollar. */
void market_finance_defaults(struct market_finance_rules *rules, int64_t usd_minor);

#endif
