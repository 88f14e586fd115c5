/* run_play: one world played round after round in two arenas, the old state's and the new one's. */
#ifndef APP_TRAINING_RUN_PLAY_H
#define APP_TRAINING_RUN_PLAY_H

#include "core/arena.h"
#include "core/base.h"
#include "core/err.h"
#include "engine/market/market.h"

/* Stays where it is while it is used: the engine's results may point to `rules`. */
struct run_play {
    struct market_rules rules;
    struct market_key key;
    struct arena arenas[2];
    int side; /* arenas[side] holds `now` and what is decided from it */
    struct market_result now;
};

/* Nothing is played yet; run_play_clear must follow. */
void run_play_init(struct run_play *play, const struct market_rules *rules,
                   const struct market_key *key);
void run_play_clear(struct run_play *play);
/* Back to the opening, perhaps under another key; memory is kept. */
MUST_USE enum err run_play_open(struct run_play *play, const struct market_key *key,
                                struct problem *problem);
/* Continue from the bytes of a state; observations are empty until the next step. */
MUST_USE enum err run_play_resume(struct run_play *play, struct str state, struct problem *problem);
/* Memory for what is decided from `now`; valid until the next step has ended. */
struct arena *run_play_arena(struct run_play *play);
/* Settle a round; `now` becomes its result. On an error `now` stays. */
MUST_USE enum err run_play_step(struct run_play *play, const struct market_seat_decisions *firms,
                                const struct market_probe *probe, struct problem *problem);

#endif
