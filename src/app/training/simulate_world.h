/* simulate_world: one world of a run, from the opening to its last round, into its folder.
 *
 * Decisions of a round and firm come, in this order, from: the run a fork left, up to its round;
 * the decisions folder of this command; in a fork, what a team decided there; the firm's policy, as
 * long as no team has taken the seat; else the firm is absent: its document is empty, standing
 * decisions carry and the engine lets the steady policy reorder. So a price that a team has set
 * stands until it sets another.
 */
#ifndef APP_TRAINING_SIMULATE_WORLD_H
#define APP_TRAINING_SIMULATE_WORLD_H

#include "app/training/report.h"
#include "app/training/run.h"
#include "app/training/run_pool.h"
#include "core/base.h"
#include "core/err.h"

struct arena;

/* Where decisions come from. Paths are those of the whole run; a world finds its own below. */
struct simulate_sources {
    const char *decisions;    /* folder of this command, or NULL */
    const struct run *origin; /* the run a fork left, or NULL */
    int fork_round;           /* rounds taken from it as they were */
};

/* What a comparison with a run's folder found. */
struct simulate_check {
    int64_t compared, missing; /* files */
};

/* Play world `world` of `run` into the run's folder (which exists): decisions, states, what firms
 * saw, ledger, sales and digests. `firms` gets the facts of the world's firms for the report.
 * Errors  of market_step and decisions_read with world, round and firm in the place;
 *         ERR_FILE_DAMAGED when the shared rounds of a fork do not give the states they gave. */
MUST_USE enum err simulate_world_play(const struct run *run, const struct scenario *scenario,
                                      const struct simulate_sources *sources, int world,
                                      struct run_pool *pool, struct report_firm *firms,
                                      struct problem *problem);

/* The same from the run's own decisions, writing nothing: every file is compared with the one in
 * the folder. A file that is not there is counted, for caches may be dropped.
 * Errors  ERR_REPLAY_DIFFERS with the file, the round and the first byte that differs;
 *         ERR_FILE_DAMAGED for decisions or states other than those that were played. */
MUST_USE enum err simulate_world_check(const struct run *run, const struct scenario *scenario,
                                       int world, struct run_pool *pool,
                                       struct simulate_check *check, struct problem *problem);

#endif
