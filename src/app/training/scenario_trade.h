/* scenario_trade: the trade rules and basket tables inside a scenario document. Private to
 * scenario*.c.
 */
#ifndef APP_TRAINING_SCENARIO_TRADE_H
#define APP_TRAINING_SCENARIO_TRADE_H

#include "app/training/scenario_read.h"

/* The field "trade" of the document: a folder with a pack, or the rows themselves. */
MUST_USE enum err scenario_trade_read(struct scenario_reading *reading, const struct json *root);
/* Write it: the rows that can apply to the scenario's markets and categories. */
void scenario_trade_put(struct json_writer *writer, const struct market_rules *rules);

#endif
