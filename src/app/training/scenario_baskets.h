/* scenario_baskets: the tables that turn units into orders, inside a scenario document. Private to
 * scenario*.c.
 */
#ifndef APP_TRAINING_SCENARIO_BASKETS_H
#define APP_TRAINING_SCENARIO_BASKETS_H

#include "app/training/scenario_read.h"
#include "app/training/scenario_write.h"

/* The field "baskets": an object, channel id -> tables. Absent: none. A channel that is left out
 * takes market_baskets_default. */
MUST_USE enum err scenario_baskets_read(struct scenario_reading *reading, const struct json *root);
void scenario_baskets_put(struct scenario_writing *writing);

#endif
