/* A small valid world for tests: Shenzhen to DE (EUR) and, when asked, GB (GBP); home currency CNY.
 * All its figures are invented for the tests. */
#ifndef TESTS_ENGINE_MARKET_WORLD_H
#define TESTS_ENGINE_MARKET_WORLD_H

#include "core/arena.h"
#include "engine/market/market.h"

enum {
    WORLD_LANE_LINE,    /* DE, direct, 6 + gamma(4, 2.5) days */
    WORLD_LANE_SEA,     /* DE, bulk, 24 + gamma(9, 6) */
    WORLD_LANE_AIR,     /* DE, bulk, 5 + gamma(3, 2) */
    WORLD_LANE_DE,      /* DE, local, 2 + gamma(1, 1) */
    WORLD_LANE_POST_GB, /* GB, direct */
    WORLD_LANES
};

struct world_options {
    int firms;    /* 0: 12 */
    int products; /* 0: 3 */
    bool second_market;
    bool second_channel;
    bool level2; /* all parts of level 2 open, at their defaults */
    bool cold;   /* no warm start */
    double b;    /* 0: 8 */
    double dispersion;
    double traffic_sd, luck_sd; /* as given, also 0 */
    int round_days;             /* 0: 14 */
};

struct market_rules *world_rules(struct arena *arena, const struct world_options *options);
/* Double the nests of a world of one channel ("shop") on a second one ("own"): half the shoppers, 3
 * % of the price and at least 0.10, takings kept for 3 days. */
void world_second_channel(struct arena *arena, struct market_rules *rules);
/* Seed from text, world 0. */
struct market_key world_key(const char *seed);
/* "Nothing decided" for all firms. */
struct market_decisions world_nothing(struct arena *arena, const struct market_rules *rules);

#endif
