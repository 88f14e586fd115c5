/* calibrate_fit: everything one shop's order lines tell, market by market.
 *
 * Regions with fewer than CALIBRATE_BUYERS_LEAST buyers (where the file names buyers) or
 * CALIBRATE_ORDERS_LEAST orders, of unknown country, or without trade rules, are pooled as "ZZ".
 */
#ifndef APP_TRAINING_CALIBRATE_FIT_H
#define APP_TRAINING_CALIBRATE_FIT_H

#include "app/training/calibrate_source.h"
#include "engine/market/fit_orders.h"
#include "engine/market/fit_series.h"

struct arena;

enum { CALIBRATE_BUYERS_LEAST = 30, CALIBRATE_ORDERS_LEAST = 200, CALIBRATE_DAYS_LEAST = 70 };

struct calibrate_market {
    char id[4];
    bool pooled;
    int countries; /* pooled into it */
    struct currency currency;
    int64_t orders, lines, units;
    int buyers; /* counted to FIT_SEEN_MAX a country */
    struct market_series_fit series;
    struct market_estimate share, value_share; /* of the shop's units and takings */
    struct market_estimate shock, dispersion, price_e4, returns;
    bool is_shock_shrunk, is_dispersion_shrunk, is_returns_shrunk;
    struct market_estimate lead_mean, lead_sd;
};

/* A share of the whole enterprise, all channels. */
struct calibrate_share {
    char id[32];
    double value_share, unit_share;
};

struct calibration {
    int32_t day_first, day_last;
    int days, weeks;
    int64_t lines, orders, units;
    int market_count;
    struct calibrate_market markets[FIT_MARKETS_MAX];
    int *market_of_country;
    struct market_trading trading;
    struct market_estimate weekday[7];
    struct market_estimate dispersion, returns, cancellations; /* all markets */
    struct market_cut_fit units_per_line, lines_per_order;
    struct market_repeat_fit repeat;
    struct market_estimate hours[24];
    int64_t hour_orders;
    double top_fifth; /* share of units that the best-selling fifth of articles has */
    int64_t articles; /* that sold */
    int country_count, channel_count;
    struct calibrate_share *countries, *channels; /* by value, largest first */
    const struct market_gathered *gathered;
    const struct market_survey *survey;
};

/* Whether a country's goods can be taxed: asked for each that could be a market. */
typedef bool calibrate_covered(void *context, struct str country);

/* Two readings of the source. ERR_TOO_FEW: fewer than CALIBRATE_DAYS_LEAST days or
 * CALIBRATE_ORDERS_LEAST orders; ERR_LIMIT: more than FIT_DAYS_MAX days. */
MUST_USE enum err calibrate_fit(struct arena *arena, struct calibrate_source *source,
                                calibrate_covered *covered, void *context, struct calibration *fit,
                                struct problem *problem);

#endif
