/* run_decisions: the decision files of a run, read back as they were played. */
#ifndef APP_TRAINING_RUN_DECISIONS_H
#define APP_TRAINING_RUN_DECISIONS_H

#include "app/training/run.h"
#include "core/base.h"
#include "core/err.h"

/* The decisions of every firm of a world for rounds 1 .. run->rounds: firms of round r at
 * [(r - 1) * firms]. The bytes must have the digests noted when they were played: otherwise
 * ERR_FILE_DAMAGED with the file. In the arena. */
MUST_USE enum err run_decisions_read(struct arena *arena, const struct run *run,
                                     const struct market_rules *rules, int world,
                                     const struct run_digest *digests,
                                     struct market_seat_decisions **decisions,
                                     struct problem *problem);

/* One such file, by its path and what was noted of its round: the firm's digest, and whether it was
 * absent. */
MUST_USE enum err run_decisions_read_one(struct arena *arena, const struct market_rules *rules,
                                         const char *path, const struct run_digest *noted, int firm,
                                         struct market_seat_decisions *decisions,
                                         struct problem *problem);

#endif
