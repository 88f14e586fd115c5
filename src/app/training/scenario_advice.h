/* scenario_advice: what can be played and should still be thought over before a run. */
#ifndef APP_TRAINING_SCENARIO_ADVICE_H
#define APP_TRAINING_SCENARIO_ADVICE_H

#include "core/str.h"
#include "core/text.h"
#include "engine/market/rules.h"

/* Warnings, a line each, for `rounds` rounds of these rules; nothing when nothing is amiss:
 * time that does not fit (scenario_time.h); cards whose warning leaves no round to answer them
 * though their counter-move cannot stand beforehand; cards whose counter-move changes nothing. */
void scenario_advice_put(struct buf *text, enum lang lang, const struct market_rules *rules,
                         int rounds);

#endif
