/* market/fit_orders: dispersion, basket tables, buyers who come back, prices, returns, lead times.
 *
 * All of them read the tables of fit_gather.h and take their intervals from a delete-a-group
 * jackknife: blocks of weeks, for buyers who come back groups of buyers.
 */
#ifndef ENGINE_MARKET_FIT_ORDERS_H
#define ENGINE_MARKET_FIT_ORDERS_H

#include "core/base.h"
#include "engine/market/baskets.h"
#include "engine/market/fit.h"
#include "engine/market/fit_gather.h"
#include "engine/market/fit_series.h"

struct arena;

/* Dispersion phi of an article's daily units, Var = mu + phi mu^2 within a week (so weekly shocks
 * take no part). Over pairs of days i, j of a week of one article, with a = units / weekday index,
 * the sum of (a_i - a_j)^2 - a_i/index_i - a_j/index_j has the expectation 2 phi mu^2 and the sum
 * of 2 a_i a_j the expectation 2 mu^2: phi is their ratio over the tracked articles. `market` -1:
 * all. The value may be below zero when sales are steadier than Poisson. */
struct market_estimate market_fit_dispersion(struct arena *scratch,
                                             const struct market_gathered *gathered,
                                             const struct market_trading *trading, int market,
                                             const double weekday[7]);

/* A table whose cuts (baskets.h) are as often of each size as those counted: maximum likelihood
 * given the sums that were cut, by iterative scaling; where sums are large this is the plain
 * frequency. Entries never seen are left out. Where large sums often stay whole (wholesale), large
 * sizes weigh much in the table although they are seldom seen: what a file shows is `observed`. */
struct market_cut_fit {
    struct market_table table;
    struct market_estimate mean;     /* of the table */
    struct market_estimate first;    /* weight of the value 1 in the table */
    struct market_estimate observed; /* plain mean of the sizes counted */
};
void market_fit_units_per_line(struct arena *scratch, const struct market_gathered *gathered,
                               struct market_cut_fit *fit);
void market_fit_lines_per_order(struct arena *scratch, const struct market_gathered *gathered,
                                struct market_cut_fit *fit);

/* Buyers who come back: Kaplan and Meier's estimate of the days until a buyer's next order day, so
 * that buyers whose future the file does not show count as long as it shows them. Orders of one
 * buyer on one day are one visit. */
struct market_repeat_fit {
    int horizon_days;            /* gaps up to this; 0.6 of the span, at most MARKET_GAP_DAYS_MAX */
    struct market_estimate rate; /* comes back within the horizon */
    struct market_estimate gap_days; /* mean gap of those who do */
    struct market_table gaps;        /* as market_baskets.repeat_gap_days */
    int64_t visits, buyers;
};
void market_fit_repeat(struct arena *scratch, const struct market_gathered *gathered,
                       struct market_repeat_fit *fit);

/* Share of a day's orders in each hour; returns the orders counted. */
int64_t market_fit_hours(struct arena *scratch, const struct market_gathered *gathered,
                         struct market_estimate hours[24]);

/* Mean takings of a unit, ten-thousandths of the currency. */
struct market_estimate market_fit_price(struct arena *scratch,
                                        const struct market_gathered *gathered, int market);
/* Units sent back, or cancelled, over units sold. The first FIT_RETURN_WEEKS are left out, because
 * what comes back then was sold before the file begins or not at all. Market -1: all. */
enum { FIT_RETURN_WEEKS = 5 };
struct market_estimate market_fit_returns(struct arena *scratch,
                                          const struct market_gathered *gathered, int market);
struct market_estimate market_fit_cancellations(struct arena *scratch,
                                                const struct market_gathered *gathered, int market);
/* Mean and standard deviation of the days from order to delivery. */
void market_fit_lead(struct arena *scratch, const struct market_gathered *gathered, int market,
                     struct market_estimate *mean, struct market_estimate *sd);

#endif
