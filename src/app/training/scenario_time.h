/* scenario_time: time must fit (section 4 of the market model): goods that are ordered and sent
 * must arrive while the run still has time to learn from it. */
#ifndef APP_TRAINING_SCENARIO_TIME_H
#define APP_TRAINING_SCENARIO_TIME_H

#include "core/str.h"
#include "core/text.h"
#include "engine/market/rules.h"

/* How goods of a product reach buyers or the warehouse abroad: a maker and a lane over the border.
 */
struct scenario_route {
    int supplier, lane;
    double days; /* mean days: both minima and the means beyond them */
};

/* The slowest and the quickest route of a product into a market that has a nest of its category;
 * false when there is none. Local lanes are no part of it: they start abroad. */
MUST_USE bool scenario_routes(const struct market_rules *rules, int product,
                              struct scenario_route *slowest, struct scenario_route *quickest);
/* One warning a product whose slowest route takes more than half of `rounds` rounds, with the
 * remedy: rounds of 28 days, a shorter lane, a longer run. Nothing when all fits. */
void scenario_time_put(struct buf *text, enum lang lang, const struct market_rules *rules,
                       int rounds);

#endif
