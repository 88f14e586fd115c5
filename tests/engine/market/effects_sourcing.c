/* The fields of sourcing. */
#include "effects.h"

const struct effect_table effects_sourcing = {0, NULL};
