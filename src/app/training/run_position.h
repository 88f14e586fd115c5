/* run_position: a world of a run set to the state after a round, from the stored state or, where
 * that is missing or not what was played, from the decisions. */
#ifndef APP_TRAINING_RUN_POSITION_H
#define APP_TRAINING_RUN_POSITION_H

#include "app/training/run.h"
#include "app/training/run_play.h"
#include "core/base.h"
#include "core/err.h"

/* Set `play` (made by run_play_init with the world's rules and key) to the state after `round`.
 * `decisions` as from run_decisions_read, `digests` as from run_digests_read. *recomputed tells
 * that the stored state was not used. Errors  those of market_step. */
MUST_USE enum err run_position_set(struct run_play *play, const struct run *run, int world,
                                   const struct run_digest *digests,
                                   const struct market_seat_decisions *decisions, int round,
                                   bool *recomputed, struct problem *problem);

#endif
