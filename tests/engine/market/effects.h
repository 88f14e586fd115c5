/* The stated effect of every decision field: a world is played twice with one seed, once with a
 * change in firm 0's decisions and once without; over 32 paired seeds the measure must move with
 * the sign stated, by more than two standard errors. All other firms play steady. */
#ifndef TESTS_ENGINE_MARKET_EFFECTS_H
#define TESTS_ENGINE_MARKET_EFFECTS_H

#include "engine/market/market.h"
#include "engine/market/state.h"
#include "world.h"

enum { EFFECT_SEEDS = 32, EFFECT_ROWS_MAX = 24 };

struct effect_row {
    enum market_field field;
    const char *what; /* "a coupon sells more units" */
    int sign;         /* of the measure's change with the change made: +1 or -1 */
    int rounds;       /* 0: 3 */
    /* Both plays: change the rules or the opening state; may be NULL. */
    void (*setup)(struct market_rules *rules);
    /* Called each round for firm 0 with steady's decisions of level 1: `with` tells which play this
     * is. Rows
     * may be added with effect_row_add or changed in place with effect_row_of. */
    void (*change)(struct arena *arena, const struct market_observation *seen,
                   struct market_seat_decisions *decisions, bool with);
    /* Of firm 0 at the end. */
    double (*measure)(const struct market_rules *rules, const struct market_state *state,
                      const struct market_observation *seen);
};

struct effect_table {
    int count;
    const struct effect_row *rows;
};

/* A new empty row at the end of a list (the list is copied into the arena). */
struct market_row *effect_row_add(struct arena *arena, struct market_seat_decisions *decisions,
                                  enum market_list list);
/* A copy of row i of a list that may be changed. */
struct market_row *effect_row_of(struct arena *arena, struct market_seat_decisions *decisions,
                                 enum market_list list, int i);
/* Usual measures. */
double effect_units(const struct market_rules *rules, const struct market_state *state,
                    const struct market_observation *seen); /* units sold since the start */
double effect_cash(const struct market_rules *rules, const struct market_state *state,
                   const struct market_observation *seen); /* home cash, minor units */
double effect_equity(const struct market_rules *rules, const struct market_state *state,
                     const struct market_observation *seen);
double effect_stock(const struct market_rules *rules, const struct market_state *state,
                    const struct market_observation *seen); /* units anywhere in warehouses */

/* One table a module; effects_<module>.c. */
extern const struct effect_table effects_level1, effects_promotion, effects_storefront,
    effects_customs, effects_finance, effects_compliance, effects_sourcing;

#endif
