/* balance: the parts of `sampan balance` that its files and tests share. Private to balance*.c.
 *
 * Market model, section 8, "Money must fit". Worlds are numbered seeds, the same for every trial.
 */
#ifndef APP_TRAINING_BALANCE_H
#define APP_TRAINING_BALANCE_H

#include "app/training/training.h"
#include "core/base.h"
#include "core/err.h"
#include "engine/market/rules.h"

enum {
    BALANCE_WORLDS = 32,
    BALANCE_MIXED_WORLDS = 100,
    BALANCE_MIXED_FIRMS = 12,
    BALANCE_GAP_WORLDS = 100,
    BALANCE_WORLDS_MAX = 1024
};

/* How a firm ended. */
struct balance_firm {
    double ratio;       /* closing equity as a going concern over opening equity */
    int64_t need_minor; /* home: the most that its cash fell below the opening, at a day's end */
};

/* Play `worlds` whole runs, firm f of each by policies[f] (enum market_policy). `firms` holds
 * rules->firms entries a world. */
MUST_USE enum err balance_play(const struct market_rules *rules, const int *policies, int worlds,
                               int threads, const char *label_translated,
                               struct balance_firm *firms, struct problem *problem);

/* What an all-steady world ends at: 1 + rate * days / 168. */
double balance_target(const struct market_rules *rules, enum training_difficulty difficulty);

/* The result of the search. */
struct balance_solution {
    double scale;       /* of every nest's b */
    int64_t cash_minor; /* opening, home */
    double ratio;       /* mean over worlds and firms, as solved */
    double target;
    int64_t need_minor; /* steady's deepest need, as solved: of 19 firms in 20 */
    int trials;         /* evaluations of `worlds` worlds */
};
/* The rules with b and cash changed; nests are new, in the arena. */
struct arena;
struct market_rules balance_rules(struct arena *arena, const struct market_rules *rules,
                                  double scale, int64_t cash_minor);
/* Secant steps within a bracket on log b; then cash; until both hold. ERR_BALANCE with the reason.
 */
MUST_USE enum err balance_solve(const struct market_rules *rules,
                                enum training_difficulty difficulty, int worlds, int threads,
                                const char *label_translated, struct balance_solution *solution,
                                struct problem *problem);

/* What mixed worlds show. */
struct balance_mixed {
    int worlds;
    double p5, median, p95;    /* of firms' ratios */
    double all_loss, all_gain; /* shares of worlds */
    double style_mean[BALANCE_MIXED_FIRMS];
};
/* The styles, firm by firm; those the engine does not know are played by steady. */
extern const char *const balance_styles[BALANCE_MIXED_FIRMS];
void balance_styles_policies(int policies[BALANCE_MIXED_FIRMS]);
MUST_USE enum err balance_mix(const struct market_rules *rules, int worlds, int threads,
                              const char *label_translated, struct balance_mixed *mixed,
                              struct problem *problem);
/* From ratios: what is asked of the acceptance. `ratios` ([world][firm]) is sorted away. */
void balance_mixed_sum(const double *ratios, int worlds, int firms, struct balance_mixed *mixed);

/* One seat, all others steady, paired worlds: steady in it against the novice. */
struct balance_gap {
    int worlds;
    double steady, novice; /* mean ratios of the seat */
    double mean, error;    /* steady - novice, and its standard error */
    bool holds;            /* mean > 2 error */
    bool asked;            /* section 8 asks it of this scenario */
};
/* Asked of runs of 84 days and more in which every maker and lane together take a third of the run
 * at most. */
bool balance_gap_asked(const struct market_rules *rules);
/* From the seat's ratios, world by world. One world has no error: nothing holds. */
void balance_gap_sum(const double *steady, const double *novice, int worlds,
                     struct balance_gap *gap);
/* Plays 2 * worlds runs. */
MUST_USE enum err balance_gap_play(const struct market_rules *rules, int worlds, int threads,
                                   const char *label_translated, struct balance_gap *gap,
                                   struct problem *problem);

/* NULL when accepted after a run of `days`, else an English text key with the reason. The bounds of
 * the median, 1.0 to 1.3 (easy 1.4), are those of 168 days and grow with the run as the target
 * does. */
const char *balance_refusal(const struct balance_mixed *mixed, enum training_difficulty difficulty,
                            int days);

#endif
