/* explain: why a listing sold 37 and not 60 on a day.
 *
 * The 60 is what a listing at reference could expect among that day's shoppers, N S0 / (J k). The
 * way from there to the listing's own expectation is told as factors: each cause is taken out alone
 * (the term set to its reference value, all else as it was) and the expectation reckoned again, so
 * "34 % less" is what changing that one thing would have changed. What the single causes do not
 * explain is the rivals' doing, and the interplay of causes. From the expectation to what was
 * sold, draw, stock and spill add up in whole units.
 */
#ifndef APP_TRAINING_EXPLAIN_H
#define APP_TRAINING_EXPLAIN_H

#include "core/base.h"
#include "core/str.h"
#include "core/text.h"
#include "engine/market/rules.h"
#include "engine/market/why.h"

struct arena;

enum explain_cause {
    CAUSE_APPEAL,
    CAUSE_PRICE,
    CAUSE_RATING,
    CAUSE_REVIEWS,
    CAUSE_DELIVERY,
    CAUSE_BRAND,
    CAUSE_CONTENT,
    CAUSE_TRUST,
    CAUSE_LUCK,     /* so far as enum market_term */
    CAUSE_EXPOSURE, /* without what late parcels took from it */
    CAUSE_LATE,     /* late parcels hide a listing */
    CAUSE_BUNDLE,   /* what of TERM_TRUST it is; CAUSE_TRUST is the rest */
    CAUSE_RIVALS,   /* the rest: rivals better or worse than reference, and interplay */
    CAUSE_COUNT
};

struct explain_effect {
    enum explain_cause cause;
    double factor; /* expectation with the cause over without it; 1: none */
};

/* The causes from the largest effect (by |ln factor|) to the least, CAUSE_COUNT of them; their
 * product is expected / expected_reference. False when the listing could not be sold that day. */
bool explain_effects_get(const struct market_rules *rules, const struct market_why *why,
                         struct explain_effect effects[CAUSE_COUNT]);

/* The expectation with a cause at its reference and all else as it was; exposure's is the share of
 * one of all listings, late parcels in it. A replay with the price at its reference has this
 * expectation on the same day (the day's own rank and reviews cannot have moved yet). */
double explain_expected_without(const struct market_rules *rules, const struct market_why *why,
                                enum explain_cause cause);

/* English text key of the fault behind an incident of a kind (enum market_incident_kind; -1: a
 * fault). */
const char *explain_fault_name(int kind);

/* At most six sentences, then the tables. */
void explain_append(struct arena *arena, const struct market_rules *rules,
                    const struct market_why *why, enum lang lang, struct buf *text);

#endif
