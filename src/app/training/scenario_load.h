/* scenario_load: what one firm of a scenario faces in a round, and whether it is more than its
 * level should ask of people (section 4 of the market model; docs/scenario-format.md, load). */
#ifndef APP_TRAINING_SCENARIO_LOAD_H
#define APP_TRAINING_SCENARIO_LOAD_H

#include "app/training/scenario.h"
#include "core/str.h"
#include "core/text.h"

/* At most, for a firm that fills the markets and listings it may have. */
struct scenario_load {
    int nests;     /* open to it */
    int products;  /* that it can sell */
    int markets;   /* at once */
    int listings;  /* at once */
    int decisions; /* that must be made a round: nothing carries them on */
    int fields;    /* that a round asks for */
};

/* Count it for the level of the rules. */
void scenario_load_count(const struct market_rules *rules, struct scenario_load *load);
/* For each level up to the scenario's own: the counts in a sentence, and a warning with both
 * numbers for each that is over its limit. Errors of scenario_level_lower. */
MUST_USE enum err scenario_load_put(struct arena *arena, struct buf *text, enum lang lang,
                                    const struct scenario *scenario, struct problem *problem);

#endif
