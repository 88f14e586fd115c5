/* The fields of compliance. */
#include "effects.h"

const struct effect_table effects_compliance = {0, NULL};
