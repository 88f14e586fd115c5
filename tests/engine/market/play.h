/* Decisions for tests: random ones that pass the check, and hostile ones that mostly do not. */
#ifndef TESTS_ENGINE_MARKET_PLAY_H
#define TESTS_ENGINE_MARKET_PLAY_H

#include "core/arena.h"
#include "core/rng.h"
#include "engine/market/market.h"

/* A stream of random numbers for tests: a counter over one key. */
struct play_random {
    struct rng_key key;
    uint32_t count;
};
uint64_t play_word(struct play_random *random);
uint64_t play_below(struct play_random *random, uint64_t bound);
double play_uniform(struct play_random *random);

/* A random world: any valid size, money and demand, edges often. */
struct market_rules *play_rules(struct arena *arena, struct play_random *random);
/* The same with all parts of level 2 open, a random deck and strict compliance. Apart, so that the
 * golden digest's random worlds stay what they are. */
struct market_rules *play_rules_level2(struct arena *arena, struct play_random *random);
/* A second channel in all markets of a world, with fees, holds and prices from edge to edge. Apart
 * too: worlds of level 2 have it half of the time, others when a test asks. */
void play_second_channel(struct arena *arena, struct market_rules *rules,
                         struct play_random *random);
/* Decisions that pass the check, often extreme: orders of a million, prices at the band's edges. */
struct market_decisions play_valid(struct arena *arena, const struct market_rules *rules,
                                   struct play_random *random);
/* Decisions with absurd numbers, unknown references, wrong levels, doubled keys. */
struct market_decisions play_hostile(struct arena *arena, const struct market_rules *rules,
                                     struct play_random *random);

#endif
