/* fit_world: a shop whose parameters are known, sold for some weeks, as order lines in memory. */
#ifndef TESTS_FIT_WORLD_H
#define TESTS_FIT_WORLD_H

#include "core/arena.h"
#include "core/rng.h"
#include "engine/market/baskets.h"
#include "engine/market/fit_gather.h"

enum { WORLD_MARKETS = 2, WORLD_ARTICLES = 6 };

struct fit_world {
    int32_t start; /* a Monday */
    int weeks;
    double base[WORLD_MARKETS];     /* units a day, all articles */
    double article[WORLD_ARTICLES]; /* shares, sum 1 */
    double price[WORLD_ARTICLES];   /* major units, four decimals */
    double weekday[7];              /* mean 1 */
    double dispersion;              /* of a listing's day */
    double shock;
    double return_rate;
    double cancel_rate; /* cancelled units over units sold */
    double lead_mean, lead_sd;
    struct market_baskets baskets;
};

struct fit_world_lines {
    int count, capacity;
    struct market_fit_line *lines; /* by day; returns and cancellations behind the day's sales */
};

/* Truths that differ from set to set within ordinary bounds. */
struct fit_world fit_world_draw(struct rng_key key);
/* Units of one market's day (0: the first), and the days from order to delivery of its parcels. */
void fit_world_day(const struct fit_world *world, struct rng_key key, int market, int day,
                   struct market_basket_units units[WORLD_ARTICLES], int *lead_days);
struct fit_world_lines fit_world_sell(struct arena *arena, struct arena *scratch,
                                      const struct fit_world *world, struct rng_key key);
/* Survey, plan and gathering of lines; regions are markets. */
const struct market_gathered *fit_world_gather(struct arena *arena,
                                               const struct market_fit_line *lines, int count,
                                               int markets, uint32_t articles);

#endif
