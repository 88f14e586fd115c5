/* Rules and observations for the tests of policies and unit costs. All figures are invented. */
#ifndef TESTS_ENGINE_MARKET_POLICY_RULES_H
#define TESTS_ENGINE_MARKET_POLICY_RULES_H

#include "core/arena.h"
#include "core/rng.h"
#include "engine/market/observation.h"
#include "engine/market/rules.h"

/* One product from one maker (50 from 42.00 CNY, 500 from 39.00; inspection 600.00) to DE
 * (EUR 7.90): lane 0 sea (bulk, 33 days on average), lane 1 local, lane 2 a direct line. Duty 2.7 %
 * on CIF, VAT 19 %, referral 15 %, at least 0.30; parcels up to 150.00 pay 3.00 a tariff line. */
enum { SHOP_SEA, SHOP_LOCAL, SHOP_LINE };
struct market_rules *shop_rules(struct arena *arena);
/* A firm there with one listing that sold `units` a day for 60 days at 20.00, nothing in stock. */
struct market_observation *shop_seen(struct arena *arena, const struct market_rules *rules,
                                     int units);

/* Any world the rules' check accepts: 1-4 markets, some without a local lane, 1-24 products, dear
 * minimums, no money. `number` chooses it. */
struct market_rules *random_rules(struct arena *arena, struct rng_key key, int32_t number);
/* Opens all of level 2 in such a world, half of the time with limits and with fields that open
 * later, a third of the suppliers bots. */
void random_level2(struct market_rules *rules, struct rng_key key, int32_t number);
/* Anything a firm there could see, and some things it could not. */
struct market_observation *random_seen(struct arena *arena, const struct market_rules *rules,
                                       struct rng_key key, int32_t number);

#endif
