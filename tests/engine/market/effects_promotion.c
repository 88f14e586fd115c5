/* The fields of promotion. */
#include "effects.h"

const struct effect_table effects_promotion = {0, NULL};
