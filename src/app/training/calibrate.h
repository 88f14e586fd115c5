/* calibrate: parts of `sampan calibrate` that its reports and tests share. */
#ifndef APP_TRAINING_CALIBRATE_H
#define APP_TRAINING_CALIBRATE_H

#include "app/training/calibrate_fit.h"
#include "app/training/calibrate_scenario.h"
#include "core/base.h"
#include "core/err.h"
#include "core/text.h"

struct arena;

/* All that the command works out before it writes; everything lies in the arena. The source's data
 * set stays open until calibrate_work_close. */
struct calibrate_work {
    struct dataset *dataset;
    struct calibrate_fx fx;
    struct calibrate_facts facts;
    struct calibrate_source source;
    struct calibration fit;
    struct scenario scenario;
    struct calibrate_made made;
};

MUST_USE enum err calibrate_work_make(struct arena *arena, const char *dataset,
                                      const char *data_folder, bool has_until, int32_t until,
                                      struct calibrate_work *work, struct problem *problem);
void calibrate_work_close(struct calibrate_work *work);

/* What was read, found and estimated, each parameter with its error or the reason for its default,
 * then every parameter of the scenario with its origin. */
void calibrate_report_append(struct arena *arena, const struct calibrate_work *work, enum lang lang,
                             struct buf *text);

/* "n of m estimated", the last line. */
void calibrate_count_append(struct arena *arena, const struct calibrate_work *work, enum lang lang,
                            struct buf *text);

/* ---- cells of the reports' tables ---- */

/* `value` with that many digits behind the point. */
void calibrate_put_number(struct buf *text, double value, int decimals);
/* Digits that show two figures of the error; three of the value without one. */
int calibrate_decimals(double value, double error);
/* Blanks until the row that began at `start` is `columns` wide. */
void calibrate_pad(struct buf *text, size_t start, size_t columns);

#endif
