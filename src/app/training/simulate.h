/* simulate: the parts of `sampan simulate` that tests look at. */
#ifndef APP_TRAINING_SIMULATE_H
#define APP_TRAINING_SIMULATE_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "engine/market/policy.h"

struct arena;

/* Who plays when no policies are named: the mixed styles of the market model as far as level 1
 * knows them. Firm i takes the i-th of these twelve, and they repeat: steady, novice, cheap,
 * premium, air, late, over, steady, novice, steady, steady, steady. */
extern const char simulate_policies_default[];

/* "steady,novice" for `count` firms, repeating; ERR_CHOICE names the known ones. */
MUST_USE enum err simulate_policies_parse(struct str list, int *policies, int count,
                                          struct problem *problem);

#endif
