/* realism_shop: a shop sold by the calibrated demand process, for the realism report.
 *
 * The scenario holds three neutral products, a real shop may hold thousands. So the report adds a
 * catalogue of the same spread, made of estimated numbers only and never of the articles
 * themselves: as many articles as sell in four weeks, logarithms of their units and prices normal
 * with the estimated spreads and correlation, prices of one article spread from line to line, and
 * the takings of a unit as estimated.
 * Units: expected level x season x weekday x weekly shock, negative binomial draws per article,
 * market and day, split into orders by the scenario's basket tables. The market engine (rivals,
 * stock, advertising) takes no part.
 */
#ifndef APP_TRAINING_REALISM_SHOP_H
#define APP_TRAINING_REALISM_SHOP_H

#include "app/training/calibrate.h"
#include "core/rng.h"

struct arena;

enum { REALISM_ARTICLES_MAX = 4096 };

struct realism_catalogue {
    int articles;                /* that sell in four weeks */
    double units_sd;             /* of ln units of an article */
    double price_mean, price_sd; /* of ln price (main currency), over articles */
    double correlation;          /* of the two */
    double takings;              /* of a unit, main currency */
    double line_sd;              /* of ln price within an article */
};

/* One reading of the lines before `until`. */
MUST_USE enum err realism_catalogue_measure(struct arena *arena, struct calibrate_source *source,
                                            const struct calibration *fit,
                                            struct realism_catalogue *catalogue,
                                            struct problem *problem);

/* Sells from `day_first` to `day_last` (dates); lines have the market as their region. */
MUST_USE enum err realism_shop_sell(const struct calibrate_work *work,
                                    const struct realism_catalogue *catalogue, struct rng_key key,
                                    int32_t day_first, int32_t day_last, calibrate_take *take,
                                    void *context, struct problem *problem);

#endif
