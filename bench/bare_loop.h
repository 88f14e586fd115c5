/* The bare choice-and-draw loop: what any engine of this model must at least do for a listing and
 * day: a three-segment exposure-weighted logit with our exp, a counter-based draw, a Poisson
 * quantile. The market engine is measured beside it. */
#ifndef BENCH_BARE_LOOP_H
#define BENCH_BARE_LOOP_H

#include "core/base.h"
#include "core/rng.h"

enum { BARE_LISTINGS_MAX = 1024, BARE_SEGMENTS = 3 };

/* One nest of listings. */
struct bare_nest {
    int count;
    double shoppers;
    double exposure[BARE_LISTINGS_MAX];
    double log_price[BARE_LISTINGS_MAX]; /* ln(p / p_ref) */
    double other[BARE_LISTINGS_MAX];     /* the rest of the utility */
};

/* Plays `days` days; returns the units sold. */
int64_t bare_loop(const struct bare_nest *nest, struct rng_key key, uint32_t world, int days);

#endif
