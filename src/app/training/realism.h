/* realism: simulated orders beside real ones of months the calibration did not see.
 *
 * Held-out orders and as many simulated ones are gathered in blocks of four weeks; for each measure
 * (realism_blocks.h) the mean distance between a simulated and the real block of the same weeks is
 * divided by the 95 % point of the distances between any two real blocks: at most 1 means that the
 * simulated month is as near to the real one as real months are to each other. What was simulated
 * with, and what was not, is said in the report (realism_shop.h).
 */
#ifndef APP_TRAINING_REALISM_H
#define APP_TRAINING_REALISM_H

#include "app/training/calibrate.h"
#include "app/training/realism_blocks.h"
#include "app/training/realism_shop.h"

struct arena;

enum { REALISM_BLOCKS_MAX = 12, REALISM_PAIRS_LEAST = 6, REALISM_BURN_DAYS = 200 };

struct realism {
    int held_out_blocks; /* 0: fewer than four weeks are held out */
    int real_pairs;
    int unseen_weeks;               /* held-out weeks whose season is a default */
    double distance[REALISM_COUNT]; /* mean over held-out blocks; NaN: cannot tell */
    double point95[REALISM_COUNT];  /* of real against real */
    double ratio[REALISM_COUNT];
    struct realism_catalogue catalogue;
};

MUST_USE enum err realism_measure(struct arena *arena, struct calibrate_work *work,
                                  struct realism *realism, struct problem *problem);
MUST_USE enum err realism_report_append(struct arena *arena, struct calibrate_work *work,
                                        enum lang lang, struct buf *text, struct problem *problem);

#endif
