/* market/score: declared, normalised, weighted indicators; never return on investment alone.
 *
 * Points = clip(60 + 25 (y - y_novice) / (y_steady - y_novice), 0, 100): a firm that does as well
 * as the novice policy in the same seat has 60, as well as steady 85. Yardsticks are played in the
 * same seat over at least 32 seeds; a gap under two standard errors is not scored.
 */
#ifndef ENGINE_MARKET_SCORE_H
#define ENGINE_MARKET_SCORE_H

#include "core/base.h"
#include "engine/market/rules.h"

enum { MARKET_COVER_TARGET_DAYS = 30 }; /* assumed: stock on hand a firm should hold */

struct market_state;

/* The indicators of a firm at a state, in natural units, larger is better for all:
 * EQUITY   closing equity as a going concern / opening equity
 * SERVICE  orders served / asked for, since the start, at most 1: the draw of days on which the
 *          listing could be bought, latent demand of days on which it could not; without those that
 *          came over from sold-out rivals (docs/decisions/0012)
 * STOCK    minus |ln((cover + 1) / (target + 1))|, cover in days of latent demand, mean over rounds
 * FORECAST 1 - error / error of exponential smoothing (0 when no forecast was entered)
 * RATING   mean stars with a prior of 20 deliveries at 4.0
 * Source  market-model.md section 8. */
struct market_indicators {
    double value[INDICATOR_COUNT];
    bool defined[INDICATOR_COUNT];
};
void market_indicators_get(const struct market_rules *rules, const struct market_state *state,
                           int firm, struct market_indicators *indicators);

/* Closing equity as a going concern, home minor units: stock (in transit net of freight due) at
 * min(landed, net realisable) up to 60 days of latent demand, 30 % of landed beyond; receivables
 * less expected returns; books else. */
int64_t market_closing_equity(const struct market_rules *rules, const struct market_state *state,
                              int firm);

/* What the goods of a product count for at the close. */
struct market_closing_goods {
    int64_t units, landed_minor; /* anywhere, and what they cost so far; home */
    double units_per_day;        /* latent demand, mean of the 56 days before the last round */
    double landed, realisable;   /* of a unit, home minor units */
    double near_units;           /* those that 60 days of demand take */
    int64_t value_minor;         /* near_units at the lower of both, the rest at 30 % of landed */
};

/* The closing equity with all it is made of:
 * equity = books - goods in the books + values of the products' goods - refunds expected - export
 * tax at risk. */
struct market_closing {
    int64_t books_minor, goods_books_minor, refunds_minor, equity_minor; /* home */
    int64_t export_tax_minor; /* refunds at risk: on goods unsold, or not claimed */
    int product_count;
    struct market_closing_goods goods[MARKET_PRODUCTS_MAX];
};
void market_closing_open(const struct market_rules *rules, const struct market_state *state,
                         int firm, struct market_closing *closing);

struct market_yardstick {
    double mean[INDICATOR_COUNT];
    double variance_of_mean[INDICATOR_COUNT];
};

/* Points of one indicator; false (and no points) when the yardsticks' gap is under two standard
 * errors. */
bool market_points(double value, double novice_mean, double steady_mean, double gap_error,
                   double *points);
/* Weighted points over the indicators that could be scored; weights renormalised; false if none. */
bool market_score_total(const struct market_rules *rules, const double points[INDICATOR_COUNT],
                        const bool scored[INDICATOR_COUNT], double *total);
const char *market_indicator_name(enum market_indicator indicator); /* English text key */

#endif
