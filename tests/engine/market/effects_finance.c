/* The fields of finance. */
#include "effects.h"

const struct effect_table effects_finance = {0, NULL};
