/* A test world with one card of an event deck, and the shipped deck. */
#ifndef TESTS_ENGINE_MARKET_CARDS_H
#define TESTS_ENGINE_MARKET_CARDS_H

#include "engine/market/work.h"
#include "world.h"

/* A level-2 world of three firms and two markets whose deck is `card`, never drawn; nothing is
 * audited, so that only the event is seen. */
struct market_rules *card_rules(struct arena *arena, const struct market_event_rules *card);
/* Let the world's card run from day 0. */
void card_run(struct market_state *state, const struct market_event_rules *card);
/* Firm 0's counter-move as it stands in a state once it was decided; without it: surely not there.
 * `market` -1: everywhere. */
void card_counter(const struct market_rules *rules, struct market_state *state, int market,
                  enum market_event_counter counter, bool with);

/* Such a world opened, with a work area on its first day. */
struct card_bench {
    struct arena arena;
    struct market_rules *rules;
    struct market_key key;
    struct market_result result;
    struct market_work work;
    struct problem problem;
};
void card_bench_open(struct card_bench *bench, const struct market_event_rules *card);

/* A card of 14 days. */
struct market_event_rules card_make(int market, enum market_event_effect effect, double size,
                                    enum market_event_counter counter, double factor);
/* Whether sizes of an effect multiply. */
bool card_is_factor(enum market_event_effect effect);
/* The list `events` of a deck or scenario in data/ ("events/accessories.json"); markets are
 * numbered US, DE, JP, BR. Asserts that every row has exactly the fields it should have, all
 * figures assumed.
 */
const struct market_event_rules *card_deck_read(struct arena *arena, const char *file, int *count);

#endif
