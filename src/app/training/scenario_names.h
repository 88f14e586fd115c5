/* scenario_names: ids of a scenario, found by name, with the nearest named when one is not known.
 */
#ifndef APP_TRAINING_SCENARIO_NAMES_H
#define APP_TRAINING_SCENARIO_NAMES_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "engine/market/decisions.h"

enum { NAMES_MAX = 64 };

/* A list of ids, borrowed. */
struct names {
    int count;
    const char *id[NAMES_MAX];
};

/* The ids a REF_x value may name; empty for kinds that are numbers (firms, incidents, requests). */
struct names names_of_kind(const struct market_rules *rules, enum market_kind kind);
/* Index of `name`, or -1. */
int names_find(const struct names *names, struct str name);
/* Index of `name`, or ERR_NAME_UNKNOWN with the known names, the nearest first. */
MUST_USE enum err names_resolve(const struct names *names, struct str name, int *index,
                                struct problem *problem);
/* 1 .. 63 of the letters a-z, A-Z, digits, '-' and '_': what an id may consist of. */
bool name_is_id(struct str name);

#endif
