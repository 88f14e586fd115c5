/* calibrate_supply: the side of a scenario that no order file tells: goods, suppliers, lanes, fees,
 * money and trade rules, so scaled that the steady policy's price is the reference price.
 *
 * Steady asks 3.2/2.2 of its break-even price (elasticity -3.2). So in every market the break-even
 * price, as market_unit_cost_reckon reckons it, is brought to p_ref * 2.2/3.2: in the largest
 * market three quarters of it are landed goods (the purchase price is solved for), elsewhere the
 * purchase price is what it is and the fulfilment fee makes up the rest. All of it is assumed.
 */
#ifndef APP_TRAINING_CALIBRATE_SUPPLY_H
#define APP_TRAINING_CALIBRATE_SUPPLY_H

#include "app/training/calibrate_scenario.h"

MUST_USE enum err calibrate_supply_fill(struct arena *arena, const struct calibration *fit,
                                        const struct calibrate_facts *facts,
                                        struct scenario *scenario, struct problem *problem);

#endif
