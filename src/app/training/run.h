/* run: the folder a run is kept in, and what its parts are called.
 *
 *     run.json                       what was played: see `struct run`
 *     scenario.json                  the scenario, self-contained
 *     decisions/round-01/firm-01.json  what each seat decided, as played
 *     digests.json                   per round: digest of the state, source and digest of decisions
 *     states/round-00.bin            state after each round (round 0: before the first)
 *     rounds/round-01/firm-01.json   what that firm may see after the round
 *     ledger/round-01.csv            journal of the round; round-01-balance.csv: balances after it
 *     sales.csv                      units sold by day and listing
 *     score.json, score.csv, report.txt
 *
 * With several worlds the folders decisions ... ledger, digests.json and sales.csv stand once per
 * world in world-0001/ ... The record is run.json, scenario.json and decisions; all else can be
 * made again from it.
 */
#ifndef APP_TRAINING_RUN_H
#define APP_TRAINING_RUN_H

#include "app/training/scenario.h"
#include "core/base.h"
#include "core/digest.h"
#include "core/err.h"
#include "core/rng.h"
#include "core/str.h"
#include "engine/market/market.h"
#include "engine/market/policy.h"

struct arena;

enum { RUN_ROUNDS_MAX = 208, RUN_FIRMS_MAX = MARKET_FIRMS_MAX * MARKET_WORLDS_MAX };

/* Where the decisions of a firm for a round came from. */
enum run_source {
    RUN_SOURCE_FILE,   /* a decisions file of a person */
    RUN_SOURCE_POLICY, /* the firm's policy */
    RUN_SOURCE_ABSENT, /* neither: standing decisions carry, steady reorders */
    RUN_SOURCE_COUNT
};
const char *run_source_name(enum run_source source); /* "file" */

struct run {
    const char *folder; /* borrowed */
    int engine_version;
    struct str seed_text;
    struct rng_key seed;
    char commitment[DIGEST_HEX_MAX];      /* digest of the seed's 128 bits */
    char scenario_digest[DIGEST_HEX_MAX]; /* of the bytes of scenario.json */
    int rounds;                           /* played */
    int worlds;
    int firms;         /* in all worlds; worlds differ by at most one firm */
    int *policies;     /* one a firm, world by world: enum market_policy, or -1: none */
    struct str origin; /* of a fork: the run it left, as named; empty: no fork */
    int origin_round;  /* rounds shared with it */
};

/* Firms of a world, and the number of firms in the worlds before it. */
int run_world_firms(const struct run *run, int world);
int run_world_first(const struct run *run, int world);

/* "1f09..": digest of the seed's 16 bytes (little-endian), published before a run is played. */
void run_seed_commit(struct rng_key seed, char commitment[DIGEST_HEX_MAX]);

/* run.json. Reading: ERR_FILE_OPEN, ERR_FILE_NOT_OURS (no run there), ERR_FILE_VERSION, errors of
 * json.h. Texts and arrays belong to the arena. */
MUST_USE enum err run_read(struct arena *arena, const char *folder, struct run *run,
                           struct problem *problem);
MUST_USE enum err run_write(const char *folder, const struct run *run, struct problem *problem);
/* ERR_ENGINE_VERSION unless this program's engine played the run. */
MUST_USE enum err run_engine_check(const struct run *run, struct problem *problem);
/* The scenario of a run, checked against the digest in run.json (ERR_FILE_DAMAGED). */
MUST_USE enum err run_scenario_read(struct arena *arena, const struct run *run,
                                    struct scenario *scenario, struct problem *problem);
/* The rules of one world: the scenario's with the world's number of firms. */
struct market_rules run_world_rules(const struct run *run, const struct scenario *scenario,
                                    int world);
struct market_key run_world_key(const struct run *run, int world);

/* ---- paths, in the arena; `firm` 0-based, `round` 1-based (0: the opening) ---- */

/* The folder itself for a run of one world, else folder/world-0001. */
const char *run_world_path(struct arena *arena, const char *folder, int worlds, int world);
const char *run_state_path(struct arena *arena, const char *world_path, int round);
const char *run_round_path(struct arena *arena, const char *world_path, const char *kind,
                           int round);
const char *run_firm_path(struct arena *arena, const char *world_path, const char *kind, int round,
                          int firm);

/* ---- digests.json: one line of identity per round and world ---- */

struct run_digest {
    char state[DIGEST_HEX_MAX];
    enum run_source source[MARKET_FIRMS_MAX];         /* not for round 0 */
    char decisions[MARKET_FIRMS_MAX][DIGEST_HEX_MAX]; /* of the file's bytes */
};
MUST_USE enum err run_digests_write(const char *world_path, int firms, int rounds,
                                    const struct run_digest *digests, struct problem *problem);
/* rounds + 1 entries, in the arena; ERR_FILE_DAMAGED when their number is another. */
MUST_USE enum err run_digests_read(struct arena *arena, const char *world_path, int firms,
                                   int rounds, struct run_digest **digests,
                                   struct problem *problem);

#endif
