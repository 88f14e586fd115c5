/* calibrate_level2: the parts of level 2 in a calibrated scenario. No order file tells anything of
 * them, so all of it is assumed and every figure says so.
 *
 * Amounts are those of docs/model-level2.md in proportion to takings: they are given there for a
 * firm that takes CALIBRATE_LEVEL2_TAKINGS_USD a day. */
#ifndef APP_TRAINING_CALIBRATE_LEVEL2_H
#define APP_TRAINING_CALIBRATE_LEVEL2_H

#include "app/training/scenario.h"

struct arena;

/* What a firm of the accessories scenario takes a day in its two markets, rounded. *assumed* */
#define CALIBRATE_LEVEL2_TAKINGS_USD 600.0
enum { CALIBRATE_LEVEL2_MARKETS = 2, CALIBRATE_LEVEL2_LISTINGS = 8, CALIBRATE_EVENTS = 20 };

/* Make a calibrated scenario of level 1 one of level 2: promotion, storefront, customs, loans,
 * compliance, sourcing, query groups and a deck of events; a firm may be in two markets and hold
 * eight listings. `home_per_usd`: home units per US dollar. What level 1 opens is the largest
 * market. Figures and arrays are new, in the arena of the scenario. ERR_SCENARIO ... as
 * scenario_check says. */
MUST_USE enum err calibrate_level2_open(struct arena *arena, double home_per_usd,
                                        struct scenario *scenario, struct problem *problem);

#endif
