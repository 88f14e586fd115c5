/* calibrate_publish: figures made coarse enough that a scenario tells parameters and not rows.
 *
 * A share given to sixteen digits is a fraction of two counts, and the counts can be found from it;
 * a table entry for the one order of 4,800 pieces is that order. So figures are rounded to four
 * digits, weights to 0.0001 (hours to 0.001), and entries that fewer than CALIBRATE_ROWS_LEAST rows
 * stand behind join their neighbour. leak.h tries what is left.
 */
#ifndef APP_TRAINING_CALIBRATE_PUBLISH_H
#define APP_TRAINING_CALIBRATE_PUBLISH_H

#include "core/base.h"
#include "engine/market/baskets.h"

enum { CALIBRATE_ROWS_LEAST = 5 };

/* Four significant digits. */
double calibrate_round(double value);
/* Two significant digits, so that a count tells its size and not itself. */
int64_t calibrate_round_count(int64_t count);
/* `rows` stand behind the whole table; `spans` where a value stands for the days up to it. */
void calibrate_publish_table(struct market_table *table, double rows, bool spans);
/* Weights in thousandths that add to 1. */
void calibrate_publish_hours(double weight[24]);

#endif
