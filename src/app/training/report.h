/* report: who did well in a run and why, as a table and a sentence for each firm.
 *
 * The sentence sets the firm beside the median firm of its world (by closing equity; the median
 * firm beside the best) and names the largest part of the difference of their closing equities, as
 * contrast.h splits it, with the figures behind it. Where another indicator than equity moved the
 * points most, it is named too. Without contrasts (several worlds) the sentence names the part of
 * the score in which the firm differs most from the mean of its world, and for equity whether it
 * was units, margin or holding costs.
 */
#ifndef APP_TRAINING_REPORT_H
#define APP_TRAINING_REPORT_H

#include "app/training/contrast.h"
#include "app/training/run.h"
#include "app/training/score.h"
#include "core/base.h"
#include "core/text.h"
#include "engine/market/observation.h"

struct arena;

/* What a firm saw of itself, added up over the rounds. Money in the home currency. */
struct report_firm {
    int world, firm; /* 0-based */
    int policy;      /* enum market_policy, or -1: people */
    int file_rounds, absent_rounds;
    int64_t units, units_lost;
    int64_t listing_days,
        days_out;           /* days a live listing could be sold, or not, for want of stock */
    double price_ratio_sum; /* door price of a piece over the median of the nest's other firms */
    int64_t price_count;
    int64_t delivered, late, returned;
    double rating; /* mean of its listings, last round */
    int64_t equity_opening_minor, equity_minor;
    int64_t pl_minor[PL_COUNT];
    bool administration;             /* in some round */
    int32_t administration_day;      /* the first day of it */
    bool in_administration;          /* after the last round */
    const struct contrast *contrast; /* with firm `contrast_firm`; NULL: none was made */
    int contrast_firm;
};

/* Contrasts of the firms of a run of one world, in the arena: each with a typical firm of the
 * middle third by closing equity, that firm with the best other one. Plays the run in `folder`
 * again; a world of one firm gets none. Errors  those of history_read. */
MUST_USE enum err report_contrasts_make(struct arena *arena, const char *folder,
                                        const struct score_firm *scores, struct report_firm *firms,
                                        int count, struct problem *problem);
/* A clause on the largest part of the difference; false: there is no contrast. */
bool report_contrast_append(const struct market_rules *rules, const struct report_firm *firms,
                            const struct score_firm *scores, int firm, enum lang lang,
                            struct buf *text);

/* Add the round just played to the facts of firm `firm`; `seen` are the observations of all firms
 * of the world. */
void report_firm_add(struct report_firm *facts, const struct market_observation *seen, int firms,
                     int firm);
double report_price_ratio(const struct report_firm *facts); /* 1: as its rivals */

/* The table and the sentences, best first. `scores` one a firm, in the order of `firms`. */
void report_append(struct arena *arena, const struct market_rules *rules,
                   const struct report_firm *firms, const struct score_firm *scores, int count,
                   int rounds, enum lang lang, struct buf *text);
/* The main reason for a firm's place among `count` firms, a sentence without a full stop. */
void report_reason_append(const struct market_rules *rules, const struct report_firm *firms,
                          const struct score_firm *scores, int count, int firm, int rounds,
                          enum lang lang, struct buf *text);

#endif
