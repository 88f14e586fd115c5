/* scenario_check: what a scenario must hold before it is played or written. */
#ifndef APP_TRAINING_SCENARIO_CHECK_H
#define APP_TRAINING_SCENARIO_CHECK_H

#include "app/training/scenario.h"

/* Ids well-formed and given once, money counts, basket tables, then market_rules_check. The place
 * is the path of the field: "nests[0].price_ref". Errors  ERR_ID_BAD, ERR_FIELD_TWICE, those of
 * market_baskets_check and market_rules_check. */
MUST_USE enum err scenario_check(const struct scenario *scenario, struct problem *problem);
/* Set rules.assumed_count from the figures. */
void scenario_assumed_count(struct scenario *scenario);

#endif
