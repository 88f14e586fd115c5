/* scenario_read: the parts of reading a scenario that its files share. Private to scenario*.c. */
#ifndef APP_TRAINING_SCENARIO_READ_H
#define APP_TRAINING_SCENARIO_READ_H

#include "app/training/scenario.h"
#include "app/training/scenario_fields.h"
#include "core/json.h"

struct scenario_reading {
    struct arena *arena;
    struct scenario *scenario;
    const char *folder; /* where a trade pack is looked up; NULL: nowhere */
    struct problem *problem;
};

/* A parameter's holder: `object` and `key` where its value stands, after looking through
 * {"value": ..., "origin": ...}. When `row`.`key` is such an object its figure is recorded under
 * `path`. `wrapper` keeps the cursor alive and must outlive the use of `object`. */
struct scenario_holder {
    const struct json *object;
    const char *key;
    struct json wrapper;
};
MUST_USE enum err scenario_holder_find(struct scenario_reading *reading, const struct json *row,
                                       const char *key, const char *path,
                                       struct scenario_holder *holder);

/* What a number and an amount (minor units) of the document may be at most; market_rules_check
 * knows the model's own bounds. */
#define SCENARIO_REAL_MAX 1e15
#define SCENARIO_MONEY_MAX INT64_C(1000000000000000)

/* ERR_CHOICE at `object`.`key`: `value` is none of `choices`. */
MUST_USE enum err scenario_choice_problem(const struct json *object, const char *key,
                                          struct str value, const char *choices,
                                          struct problem *problem);

/* Fill the field of `row` with `object`.`key`, for the kinds that stand alone: not those whose
 * parts are rows or bear figures of their own (a market's figures, queries, parts of level 2). */
MUST_USE enum err scenario_value_read(const struct market_rules *rules,
                                      const struct scenario_field *field, const struct json *object,
                                      const char *key, void *row, struct problem *problem);

/* Fill one row (an object) by its table. `prefix` is the row's path with a point behind it, or "".
 * Unknown fields are refused except those in `also` (NULL-terminated). */
MUST_USE enum err scenario_row_read(struct scenario_reading *reading, const struct json *object,
                                    enum scenario_row row, const char *const *also,
                                    const char *prefix, void *into);
/* The default of an absent field and its figure. */
void scenario_field_default(struct arena *arena, struct scenario *scenario,
                            const struct scenario_field *field, const char *prefix, void *into);

/* Home minor units of one US dollar on the first day, for the defaults of level 2; 0 when the world
 * has no US dollar: then their amounts must be given. */
int64_t scenario_usd_minor(const struct market_rules *rules);

/* Major units <-> minor units, 1e-9 <-> fraction, to the nearest. */
int64_t scenario_to_1e9(double value);
double scenario_from_1e9(int64_t value_1e9);

#endif
