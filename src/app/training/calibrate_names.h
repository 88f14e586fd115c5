/* calibrate_names: names of the parts of a calibrated scenario, in both languages. */
#ifndef APP_TRAINING_CALIBRATE_NAMES_H
#define APP_TRAINING_CALIBRATE_NAMES_H

#include "core/base.h"
#include "core/err.h"
#include "engine/market/rules.h"

/* Texts are cut at MARKET_NAME_MAX - 1 bytes, at a border of UTF-8. */
void calibrate_name_set(struct market_name *name, const char *id, const char *en, const char *zh);
/* Names of a country from import/countries.json in the data folder; the code itself when it is not
 * listed; "ZZ" is other countries. Errors of the file. */
MUST_USE enum err calibrate_name_country(const char *data_folder, const char *id,
                                         struct market_name *name, struct problem *problem);

#endif
