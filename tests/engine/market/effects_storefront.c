/* The fields of storefront. */
#include "effects.h"

const struct effect_table effects_storefront = {0, NULL};
