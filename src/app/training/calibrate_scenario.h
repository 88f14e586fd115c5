/* calibrate_scenario: what was estimated, and playable defaults for everything no order file tells,
 * as a scenario.
 *
 * The scenario holds parameters only: no row, no stock code, no title and no channel name of the
 * enterprise (products are article-a, article-b, article-c; the channel is shop).
 */
#ifndef APP_TRAINING_CALIBRATE_SCENARIO_H
#define APP_TRAINING_CALIBRATE_SCENARIO_H

#include "app/training/calibrate_fit.h"
#include "app/training/scenario.h"

struct arena;

enum { CALIBRATE_PRODUCTS = 3, CALIBRATE_LANES_A_MARKET = 4, CALIBRATE_SHIFT_YEARS_MAX = 20 };
/* Class of goods assumed for duty; a file of orders does not tell one. */
#define CALIBRATE_HS6 "420292"

/* Facts beside the data set. */
struct calibrate_facts {
    const char *data_folder;
    const struct calibrate_fx *fx;
    struct currency home;
    double home_per_usd;
    int32_t start_date; /* first day of the world */
};

/* Whether trade rules tell the charges on freight into the country on the facts' start date; a
 * calibrate_covered with the facts as its context. */
bool calibrate_is_covered(void *context, struct str country);

/* What the scenario's making found that people should know. */
struct calibrate_made {
    bool is_size_scaled; /* the shop is larger or smaller than a firm that can be played */
    double size_factor;  /* units played over units estimated */
    bool is_shock_clipped, is_dispersion_clipped;
};

MUST_USE enum err calibrate_scenario_make(struct arena *arena,
                                          const struct calibrate_source *source,
                                          const struct calibration *fit,
                                          const struct calibrate_facts *facts, struct str citation,
                                          struct scenario *scenario, struct calibrate_made *made,
                                          struct problem *problem);

/* Mean of the default season over the days of the fit: what a level estimated without a season must
 * be divided by before that season is put on it. */
double calibrate_default_season_mean(const struct calibration *fit);
/* Index of an ISO week (1 .. 53) where a file tells no season: 1.17 in the fourth quarter
 * (market-model.md section 3), mean 1. */
double calibrate_default_season(int iso_week);

#endif
