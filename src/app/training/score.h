/* score: what each firm earned, beside what novice and steady would have earned in its seat.
 *
 * Yardsticks: each firm's seat is played anew by the novice and by the steady policy against the
 * same rivals' decisions, over SCORE_SEEDS seeds derived from the run's (the same seeds for both,
 * so luck cancels in their gap). Points = clip(60 + 25 (y - novice) / (steady - novice), 0, 100);
 * an indicator whose gap is under two standard errors is not scored, and the report says so. Nor is
 * one in which novice beats steady: the formula would then reward doing worse.
 * Source  market-model.md section 8; docs/model.md.
 */
#ifndef APP_TRAINING_SCORE_H
#define APP_TRAINING_SCORE_H

#include "app/training/run.h"
#include "core/base.h"
#include "core/err.h"
#include "engine/market/score.h"

struct arena;
struct buf;

enum { SCORE_SEEDS = 32, SCORE_SEEDS_MAX = 4096, SCORE_FORMAT_VERSION = 1 };

enum score_state {
    SCORE_GIVEN,
    SCORE_UNDEFINED,    /* the firm has no value: nothing sold, no forecast yet ... */
    SCORE_NO_YARDSTICK, /* yardsticks were not played */
    SCORE_GAP_UNSURE,   /* novice and steady differ by under two standard errors */
    SCORE_GAP_TURNED,   /* steady did worse than novice: no measure of doing well */
    SCORE_STATE_COUNT
};
const char *score_state_name(enum score_state state); /* "given" */
const char *score_state_text(enum score_state state); /* English text key, a clause */
/* What a reader should know of an indicator that is not scored, an English text key; or NULL. */
const char *score_state_note(enum market_indicator indicator, enum score_state state);

struct score_cell {
    enum score_state state;
    double value; /* as played */
    double novice, steady, gap_error;
    double points;
};

struct score_firm {
    int world, firm;
    int rounds;
    int64_t closing_equity_minor;
    int64_t goods_units; /* on hand and on the way at the close */
    double goods_days;   /* they last so long at the demand of the close; 0: nobody asks */
    double hand_days;    /* what lay ready after a round lasts, mean of the rounds with demand */
    struct score_cell (*cells)[INDICATOR_COUNT]; /* [rounds]: the standing after round r + 1 */
    double *total;                               /* [rounds] */
    bool *has_total;                             /* [rounds] */
};

/* Score the firms of a world whose decisions lie in the run's folder. seeds = 0: indicators only.
 * `scores`: run_world_firms entries, in the arena. Results do not depend on `threads`.
 * Errors  those of run_decisions_read and market_step; ERR_INTERRUPTED. */
MUST_USE enum err score_world(struct arena *arena, const struct run *run,
                              const struct scenario *scenario, int world, int seeds, int threads,
                              const char *label_translated, struct score_firm *scores,
                              struct problem *problem);
/* Mean, and standard error of the mean, of `count` numbers; the error is 0 for count < 2. */
void score_mean(const double *values, int count, double *mean, double *error);

/* The bytes of score.json and score.csv. */
void score_append(const struct market_rules *rules, int seeds, const struct score_firm *scores,
                  int count, struct buf *json, struct buf *csv);
/* Writes them into the run's folder. */
MUST_USE enum err score_write(const struct run *run, const struct market_rules *rules, int seeds,
                              const struct score_firm *scores, int count, struct problem *problem);

#endif
