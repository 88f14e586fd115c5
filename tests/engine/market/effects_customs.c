/* The fields of customs. */
#include "effects.h"

const struct effect_table effects_customs = {0, NULL};
