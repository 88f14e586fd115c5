/* decided: what one seat decided otherwise in two plays of one world, and what each of it did.
 *
 * Two runs of one scenario under one seed differ by decisions alone, and a seller asks which of
 * them it was. Fields are put together in areas (prices; promises and lanes; orders ...). The
 * effect of an area is not reckoned but played: the base run once more, rivals and everything else
 * as they decided there, with the other run's decisions in that area alone.
 *
 * Cause   An area in which a person's file changed something comes before those that differ because
 *         a policy or an absent team answered what had happened.
 * Limits  Effects of areas played one at a time do not add up to the difference: what they do
 *         together and what rivals answer is left out.
 */
#ifndef APP_TRAINING_DECIDED_H
#define APP_TRAINING_DECIDED_H

#include "app/training/history.h"
#include "core/base.h"
#include "core/err.h"
#include "core/text.h"

enum decided_area {
    DECIDED_PRICE,   /* price, coupon */
    DECIDED_PROMISE, /* promised days, lane of orders */
    DECIDED_TERMS,   /* return window, duty paid */
    DECIDED_RANGE,   /* what is listed, bundles */
    DECIDED_CONTENT, /* title, pictures, translation */
    DECIDED_ADS,     /* campaigns, brand, social */
    DECIDED_ORDERS,  /* orders and the rules that make them */
    DECIDED_MOVES,   /* transfers, removals */
    DECIDED_CUSTOMS,
    DECIDED_FINANCE,
    DECIDED_COMPLIANCE,
    DECIDED_TEAM,
    DECIDED_COUNT
};

/* The first difference of an area. */
struct decided_first {
    int round;
    enum market_list list;
    int field;             /* of the list; -1: whole lists differ (orders, loans ...) */
    struct market_row row; /* names the thing by its keys */
    bool has_a, has_b;     /* false: as it stood */
    struct market_value a, b;
};

struct decided_change {
    enum decided_area area;
    bool by_file; /* a person's file made it */
    struct decided_first first;
    int64_t units_a, units_b;     /* ordered in all, for DECIDED_ORDERS */
    int product;                  /* whose orders differ most */
    int64_t product_a, product_b; /* units of it */
    bool known;                   /* it could be played alone */
    int64_t units, closing_minor; /* base with a's (or b's) decisions there, less base */
};

struct decided {
    bool base_is_a; /* else b: the run that was played on in the other's way */
    int count;      /* areas that differ, what mattered most first */
    struct decided_change changes[DECIDED_COUNT];
};

/* True when both are the same world under the same seed, so that decisions alone can differ. */
bool decided_comparable(const struct history *a, const struct history *b);
/* Firm `firm` of both, rounds 1 .. rounds. The base is the run that is no fork, b when neither or
 * both are. An area whose decisions made no difference at all is left out.
 * Errors  ERR_INTERRUPTED, those of run_digests_read; of decisions that cannot be played alone only
 *         `known` tells. */
MUST_USE enum err decided_find(struct history *a, struct history *b, int firm, int rounds,
                               struct decided *decided, struct problem *problem);
/* Base's decisions of a round with the other run's in one area, in the arena; `seen` is what the
 * firm sees before it. */
void decided_graft(struct arena *arena, enum decided_area area,
                   const struct market_observation *seen, const struct market_seat_decisions *base,
                   const struct market_seat_decisions *other, struct market_seat_decisions *mixed);

const char *decided_area_name(enum decided_area area); /* English text key */
/* "case/DE/shop: price 24.88 EUR against 19.90 EUR, from round 7"; nothing to tell: false. */
bool decided_evidence_append(const struct market_rules *rules, const struct decided_change *change,
                             enum lang lang, struct buf *text);

#endif
