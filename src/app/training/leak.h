#ifndef APP_TRAINING_LEAK_H
#define APP_TRAINING_LEAK_H
#include "app/training/calibrate.h"
MUST_USE enum err leak_report_append(struct arena *arena, struct calibrate_work *work,
                                     enum lang lang, struct buf *text, struct problem *problem);
#endif
