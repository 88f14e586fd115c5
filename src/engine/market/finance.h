/* market/finance: loans, conversions and the payout account of level 2.
 * `open` false: level 1 money (docs/decisions/0004). Equations, defaults and worked numbers:
 * docs/model-level2.md, finance. */
#ifndef ENGINE_MARKET_FINANCE_H
#define ENGINE_MARKET_FINANCE_H

#include "core/base.h"
#include "core/err.h"

struct market_codec;
struct market_observation;
struct market_row;
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

/* Repayments, then loans, then conversions: before the round's orders, which they may pay for. */
MUST_USE enum err market_finance_apply(struct market_work *work, int firm,
                                       const struct market_seat_decisions *decisions);
/* What a firm may still borrow, home, >= 0: the limit less what it owes; 0 in administration. */
int64_t market_finance_room(const struct market_work *work, int firm);
/* What the firm may know: its loan and its payout account. */
void market_finance_see(const struct market_work *work, int firm, struct market_observation *seen);
void market_finance_day(struct market_work *work); /* interest on loans */
void market_finance_code(struct market_codec *codec, struct market_finance_firm *firm);

/* Refuse rates out of bounds; a conversion's row without its three fields, or into its own
 * currency. The place is the field: "loans.loan_rate", "to". */
MUST_USE enum err market_finance_rules_check(const struct market_finance_rules *rules,
                                             struct problem *problem);
MUST_USE enum err market_finance_row_check(const struct market_row *row, struct problem *problem);

/* The defaults of docs/model-level2.md, open; amounts are scaled by `usd_minor`, home minor units a
 * US dollar. */
void market_finance_defaults(struct market_finance_rules *rules, int64_t usd_minor);

#endif
