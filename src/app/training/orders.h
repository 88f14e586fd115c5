/* orders: the units a run sold, written as an enterprise's order file.
 *
 * Units become orders, lines and buyers by the scenario's basket tables (engine/market/baskets.h);
 * the file has one of the formats that the import reads (docs/import.md). Everything in it is
 * invented and looks it: buyers are buyer-f1-gb-17@example.com, and no name or address is given.
 *
 * Returns  the tidy file has a row with a negative quantity for what came back, on the day the run
 *          tells it. The other formats know no such row: there an earlier order of one line of the
 *          same listing bears the status refunded or Returned, chosen so that the units add up;
 *          what fits no order is counted as `returned_left`.
 */
#ifndef APP_TRAINING_ORDERS_H
#define APP_TRAINING_ORDERS_H

#include "app/training/run_sales.h"
#include "app/training/training.h"
#include "core/base.h"
#include "core/err.h"
#include "core/rng.h"
#include "core/str.h"

struct arena;
struct market_baskets;

enum { ORDERS_LINES_MAX = 1 << 26 };

struct orders_request {
    const struct market_rules *rules;
    const struct market_baskets *baskets; /* one a channel */
    struct rng_key seed;
    int world;
    int firm; /* -1: all, one after the other; then stock codes and order ids name the firm */
    enum training_orders_format format;
};

struct orders_counts {
    int64_t orders, lines, units, buyers, returned_units, returned_left;
    int32_t day_first, day_last; /* dates; first > last: nothing was sold */
};

/* One line as it will be written. */
struct orders_line {
    int product;
    int64_t units; /* negative: came back (tidy only) */
    int64_t price_minor;
};

struct orders_order {
    int32_t day; /* of the world */
    int32_t minute;
    int firm, market, channel;
    int64_t number;    /* 1, 2, 3 ... within the firm, by time */
    uint64_t customer; /* 0: not told */
    bool returned;     /* the whole order came back */
    int64_t line_first;
    int line_count;
};

/* Orders of one firm by time, in the arena. */
struct orders_firm {
    int64_t order_count;
    struct orders_order *orders;
    int64_t line_count;
    struct orders_line *lines;
};

/* Orders of one firm from the sales of its world (others are passed over). ERR_LIMIT beyond
 * ORDERS_LINES_MAX lines, ERR_RANGE as market_baskets_split. */
MUST_USE enum err orders_make(struct arena *arena, const struct orders_request *request, int firm,
                              const struct run_sale *sales, int64_t count,
                              struct orders_firm *orders, struct orders_counts *counts,
                              struct problem *problem);

/* The whole file, header and rows, appended to `text`. */
MUST_USE enum err orders_append(const struct orders_request *request, const struct run_sale *sales,
                                int64_t count, struct buf *text, struct orders_counts *counts,
                                struct problem *problem);

/* The formats' own part (orders_formats.c). */
void orders_append_header(enum training_orders_format format, struct buf *text);
void orders_append_order(const struct orders_request *request, const struct orders_order *order,
                         const struct orders_line *lines, struct buf *text);

#endif
