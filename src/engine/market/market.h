/* market: the simulated world. One call settles a round.
 *
 *     step(rules, state, decisions of all seats, key) -> state, observations
 *
 * preceded by zero or more exchanges (requests, quotes, counters) that change only the
 * correspondence. A world's result is a pure function of (rules, seed, engine version, decisions):
 * no clock, no file, no allocator but the caller's arena; equal input gives equal bytes with any
 * compiler, optimisation and number of threads.
 *
 * The record of a run is scenario, seed, engine version and decisions; state, ledger and the terms
 * behind a sale are caches, recomputed on demand.
 */
#ifndef ENGINE_MARKET_MARKET_H
#define ENGINE_MARKET_MARKET_H

#include "core/base.h"
#include "core/err.h"
#include "core/rng.h"
#include "core/str.h"
#include "engine/market/decisions.h"
#include "engine/market/observation.h"
#include "engine/market/rules.h"

struct arena;
struct market_state; /* see state.h; opaque to the rooms above */

enum { MARKET_STATE_VERSION = 2 };

/* Names the random numbers of one world of a run. Contest worlds share `world`. */
struct market_key {
    struct rng_key seed;
    uint32_t world;
};

/* Accounts of a firm's books. Assets and expenses are debit accounts. */
enum market_account {
    ACCOUNT_CASH,
    ACCOUNT_RECEIVABLE, /* held by channels until payout */
    ACCOUNT_INVENTORY,  /* at landed cost, home and abroad */
    ACCOUNT_TRANSIT,    /* goods paid for, on the way, with freight and duty so far */
    ACCOUNT_PREPAID,    /* deposits with suppliers */
    ACCOUNT_TAX,        /* consumption tax: collected (credit) less paid at import (debit) */
    ACCOUNT_SUPPLIER_DUE,
    ACCOUNT_LOAN,
    ACCOUNT_EQUITY,   /* opening equity */
    ACCOUNT_EXCHANGE, /* currency clearing: both legs of a conversion */
    ACCOUNT_REVENUE,
    ACCOUNT_COGS,
    ACCOUNT_REFERRAL,
    ACCOUNT_FULFILMENT,
    ACCOUNT_STORAGE,
    ACCOUNT_ADS,
    ACCOUNT_WRITE_OFF,
    ACCOUNT_PAYROLL,
    ACCOUNT_INTEREST,
    ACCOUNT_INSPECTION,
    ACCOUNT_CONVERSION,
    ACCOUNT_REFUND,  /* export tax the office owes; standing, only with customs open */
    ACCOUNT_PENALTY, /* fines and back duty of the customs office; only with customs open */
    ACCOUNT_COUNT
};

/* Why an entry was made. */
enum market_reason {
    REASON_OPENING,
    REASON_ORDER_DEPOSIT,
    REASON_ORDER_REST,
    REASON_INSPECTION,
    REASON_FREIGHT,
    REASON_DUTY,
    REASON_IMPORT_TAX,
    REASON_ARRIVAL,
    REASON_SALE,
    REASON_SALE_TAX,
    REASON_REFERRAL,
    REASON_COGS,
    REASON_FULFILMENT,
    REASON_PARCEL,
    REASON_LOSS,
    REASON_REFUND,
    REASON_RETURN_STOCK,
    REASON_RETURN_HANDLING,
    REASON_WRITE_OFF,
    REASON_STORAGE,
    REASON_PAYOUT,
    REASON_CONVERSION,
    REASON_TAX_REMITTED,
    REASON_PAYROLL,
    REASON_INTEREST,
    REASON_REMOVAL,
    REASON_ADS,
    REASON_CONTENT,
    REASON_COMPLIANCE,
    REASON_EXPORT_ENTRY,
    REASON_EXPORT_REFUND,
    REASON_EXPORT_REFUND_PAID,
    REASON_EXPORT_REFUND_BACK,
    REASON_REGISTRATION,
    REASON_PENALTY,
    REASON_LOAN,
    REASON_LOAN_REPAID,
    REASON_LOAN_FEE,
    REASON_LOAN_INTEREST,
    REASON_TRAINING,
    REASON_INSURANCE, /* premium paid, or loss made good */
    REASON_SEIZED,    /* goods that a customs office took */
    REASON_COUNT
};
const char *market_account_name(enum market_account account); /* English text key */
const char *market_reason_name(enum market_reason reason);    /* English text key */

/* One journal entry: `amount` from the credit to the debit account, in one currency, so it balances
 * by its form; what is tested is that accounts agree with cash, stock and claims. */
struct market_entry {
    int32_t day;
    uint8_t firm;
    uint8_t currency;
    uint8_t debit, credit; /* enum market_account */
    uint8_t reason;        /* enum market_reason */
    int16_t object;        /* product index, or -1 */
    int64_t amount_minor;  /* > 0 */
};

struct market_journal {
    int count;
    const struct market_entry *entries; /* by day, then firm, then order of posting */
};

/* What a step may be asked to keep besides its results. */
struct market_probe {
    bool journal;    /* keep entries */
    int why_firm;    /* keep the terms behind this firm's sales, or -1 */
    int why_listing; /* index of the firm's listing */
    int32_t why_day;
    struct market_why *why;         /* filled when the day is played; see why.h */
    struct market_why_log *why_log; /* gets the terms of whole firms, every day; NULL: none */
    bool check; /* verify invariants 1-3 after every day (always on; false only in benchmarks) */
};

struct market_result {
    struct market_state *after;
    int firm_count;
    const struct market_observation *observations; /* one a firm */
    struct market_journal journal;                 /* empty unless asked for */
};

/* The state before the first round: opening cash, and at a warm start 30 days' stock abroad, goods
 * arriving on days 14 and 28, reviews, receivables and 60 days of history at reference, the same
 * for every firm. `observations` as from a step (what can be read before the first decision).
 * Errors  those of market_rules_check. */
MUST_USE enum err market_open(struct arena *arena, const struct market_rules *rules,
                              const struct market_key *key, struct market_result *result,
                              struct problem *problem);

/* Settle one round of rules->round_days days.
 * Owns    results live in `arena`; `before` and `decisions` are only read.
 * Errors  as market_decisions_check, with "firms[3]." in front of the place; ERR_INVARIANT when the
 *         books do not close (a mistake of ours; nothing is kept). Nothing else: whatever passes
 * the check can be settled. Random  only through `key`. */
MUST_USE enum err market_step(struct arena *arena, const struct market_rules *rules,
                              const struct market_state *before,
                              const struct market_decisions *decisions,
                              const struct market_key *key, const struct market_probe *probe,
                              struct market_result *result, struct problem *problem);

/* Correspondence between steps (level 3). The message is recorded in the state and changes nothing
 * else. This engine version plays levels 1 and 2, where every message is refused with
 * ERR_LEVEL_CLOSED; the face is fixed now. */
struct market_message {
    enum market_message_kind { MESSAGE_REQUEST, MESSAGE_QUOTE, MESSAGE_COUNTER, MESSAGE_TEXT } kind;
    enum market_seat from_seat, to_seat;
    int from_number, to_number;
    int32_t request; /* 0: opens a new one */
    int product;
    int64_t units, price_minor;
    int32_t due_days;
    struct str text;
};
MUST_USE enum err market_exchange(struct arena *arena, const struct market_rules *rules,
                                  const struct market_state *before,
                                  const struct market_message *message,
                                  const struct market_key *key, struct market_state **after,
                                  struct problem *problem);

/* Versioned bytes of a state; equal states give equal bytes. Decoding checks version, lengths and
 * every index against the rules (ERR_STATE_DAMAGED, ERR_FILE_VERSION). */
void market_state_encode(const struct market_state *state, struct buf *bytes);
MUST_USE enum err market_state_decode(struct arena *arena, const struct market_rules *rules,
                                      struct str bytes, struct market_state **state,
                                      struct problem *problem);
int market_state_round(const struct market_state *state); /* rounds played */
/* Bytes a state takes in memory, for limits and benchmarks. */
size_t market_state_memory(const struct market_state *state);

/* The rules a firm may read: hidden parameters (demand model, b, sigma, phi, growth, appeal)
 * zeroed. */
const struct market_rules *market_rules_public(struct arena *arena,
                                               const struct market_rules *rules);

#endif
