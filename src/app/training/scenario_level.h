/* scenario_level: which level opens what, inside a scenario document. Private to scenario*.c. */
#ifndef APP_TRAINING_SCENARIO_LEVEL_H
#define APP_TRAINING_SCENARIO_LEVEL_H

#include "app/training/scenario_read.h"
#include "app/training/scenario_write.h"

/* The fields "levels" (an object: "list.field" -> level) and "level1_...". Absent: none. */
MUST_USE enum err scenario_level_read(struct scenario_reading *reading, const struct json *root);
void scenario_level_put(struct scenario_writing *writing);

#endif
