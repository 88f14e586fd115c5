/* contrast_orders: what made the number of a product's sales differ between two sides (contrast.h).
 */
#ifndef APP_TRAINING_CONTRAST_ORDERS_H
#define APP_TRAINING_CONTRAST_ORDERS_H

#include "app/training/contrast.h"

/* orders[product][part], in sales: sums over the days of rounds 1 .. rounds. The parts of demand
 * and supply alone are filled; together they are the difference of the sales. */
void contrast_orders_get(const struct history *history_a, int a, const struct history *history_b,
                         int b, int rounds, double orders[][PART_COUNT]);

#endif
