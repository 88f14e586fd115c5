/* market/baskets: how a day's units become orders, lines and customers.
 *
 * The market engine settles units. What an order file shows is orders, and this turns one into the
 * other, after the fact: nothing here feeds back into a world. A *shop* is what one firm sells in
 * one market on one channel; an order belongs to one shop.
 *
 * Model   (docs/calibration.md)
 *   Lines   the units of a listing on a day are cut into lines. Sizes are independent draws from
 *           `units_per_line`, given that they add to the units: first size q of u units with
 *           probability w(q) r(u - q) / r(u), r(0) = 1, r(u) = sum w(q) r(u - q) + 1e-6; the last
 *           term closes with one line of all that is left, so every number can be cut.
 *   Orders  the shop's lines, shuffled, are dealt to orders whose numbers of lines follow
 *           `lines_per_order` in the same way. No order holds a listing twice: a line that would
 *           changes places with one close by, and where none helps becomes an order of its own.
 *   Buyers  an order is followed by another of its buyer with probability `repeat_rate`, after a
 *           gap drawn from `repeat_gap_days`, where a value stands for the days after the value
 *           before it and up to it, equally likely. Buyers who are due take the day's orders as
 *           they are made, the longest due first; if there are more of them than orders, they wait;
 *           all other orders come from new buyers, numbered 1, 2, 3 ... in each shop.
 *   Minutes an hour by `hour_weight`, any minute of it; a day's orders are sorted by minute.
 * Random  streams ORDER_SPLIT, ORDER_CUSTOMER, ORDER_MINUTE; equal input gives equal orders.
 */
#ifndef ENGINE_MARKET_BASKETS_H
#define ENGINE_MARKET_BASKETS_H

#include "core/base.h"
#include "core/err.h"
#include "core/rng.h"

struct arena;

enum {
    MARKET_TABLE_MAX = 64,             /* entries of one table */
    MARKET_BASKET_UNITS_MAX = 1 << 20, /* largest value of a table */
    MARKET_BASKET_LINES_MAX = 1 << 22, /* of one shop's day */
    MARKET_GAP_DAYS_MAX = 400,
};

/* A distribution over whole numbers: ascending values >= 1, weights > 0 with sum 1. */
struct market_table {
    int count;
    int32_t value[MARKET_TABLE_MAX];
    double weight[MARKET_TABLE_MAX];
};

/* How one channel's buyers buy. A plain value: copy it freely. */
struct market_baskets {
    struct market_table units_per_line;
    struct market_table lines_per_order;
    double repeat_rate;                  /* 0 .. 0.95 */
    struct market_table repeat_gap_days; /* 1 .. MARKET_GAP_DAYS_MAX */
    double hour_weight[24];              /* local hours 0 .. 23, >= 0, sum 1 */
};

/* One unit a line, one line an order, nobody returns, orders from 8 to 22 h: the assumed default
 * where a file tells nothing. */
struct market_baskets market_baskets_default(void);

/* ERR_RANGE with a place such as "lines_per_order.weight[3]" for anything outside the limits
 * above. Sums may be off by 1e-6. */
MUST_USE enum err market_baskets_check(const struct market_baskets *baskets,
                                       struct problem *problem);

/* Mean of a table. */
double market_table_mean(const struct market_table *table);

/* Which shop: the objects that key its random numbers. */
struct market_shop {
    struct rng_key seed;
    uint32_t world;
    int firm, market, channel;
};

/* Units of one listing on the day, >= 0. `product` names it among the shop's listings. */
struct market_basket_units {
    int product;
    int64_t units;
};

struct market_basket_line {
    int listing;   /* index in the units given */
    int64_t units; /* >= 1 */
};

struct market_basket_order {
    int32_t minute;    /* of the day, 0 .. 1439 */
    uint64_t customer; /* 1, 2, 3 ... within the shop */
    bool returning;    /* not the customer's first order */
    int line_first;    /* lines are line_first .. line_first + line_count - 1 */
    int line_count;
};

struct market_basket_day {
    int order_count;
    const struct market_basket_order *orders; /* by minute */
    int line_count;
    const struct market_basket_line *lines;
};

/* Buyers of a shop who will come back: carried from day to day. */
struct market_basket_memory;
struct market_basket_memory *market_basket_memory_new(struct arena *arena);

/* Split one day of one shop. Days are given in ascending order, each once; a day without units need
 * not be given.
 * Owns    the day lives in `arena`; the memory grows in the arena it was made in.
 * Errors  ERR_RANGE: negative units. ERR_LIMIT: more than MARKET_BASKET_LINES_MAX lines. The tables
 *         must have passed market_baskets_check.
 * Exact   units of each listing are conserved; no order holds a listing twice. */
MUST_USE enum err market_baskets_split(struct arena *arena, const struct market_baskets *baskets,
                                       const struct market_shop *shop, int32_t day,
                                       const struct market_basket_units *units, int count,
                                       struct market_basket_memory *memory,
                                       struct market_basket_day *result, struct problem *problem);

#endif
