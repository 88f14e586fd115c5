/* realism_blocks: order lines of a shop, gathered by blocks of four weeks, and how far two blocks
 * are from each other.
 *
 * A block keeps histograms and sums only, so its size does not grow with the lines. Distances:
 *   price, order value  Wasserstein distance of the logarithms (area between the distributions)
 *   lines, gaps         Kolmogorov-Smirnov distance (largest difference of the distributions)
 *   variance to mean    |ln of the quotient| of weekly variance over mean of the best sellers
 *   lag-1               difference of the autocorrelations of daily units within their weekdays
 *   top fifth           difference of the shares of the best-selling fifth of the articles
 *   weekly sales        sum over weeks and markets of |a - b| over the sum of b (WAPE)
 */
#ifndef APP_TRAINING_REALISM_BLOCKS_H
#define APP_TRAINING_REALISM_BLOCKS_H

#include "core/base.h"
#include "engine/market/fit_gather.h"

struct arena;

enum {
    BLOCK_DAYS = 28,
    BLOCK_WEEKS = 4,
    BLOCK_BINS = 1400,        /* of logarithms, 0.02 wide */
    BLOCK_LINES_MAX = 1024,   /* orders with more lines count as this */
    BLOCK_ARTICLES = 1 << 16, /* articles beyond share places */
    BLOCK_BUYERS = 1 << 20,   /* buyers followed; beyond, a hashed sample */
};

enum realism_measure {
    REALISM_PRICE,
    REALISM_ORDER_VALUE,
    REALISM_LINES,
    REALISM_GAPS,
    REALISM_VARIANCE,
    REALISM_LAG,
    REALISM_TOP_FIFTH,
    REALISM_WEEKLY_SALES,
    REALISM_COUNT
};

struct realism_block {
    double price[BLOCK_BINS]; /* lines by ln of the unit price */
    double value[BLOCK_BINS]; /* orders by ln of their value */
    double lines[BLOCK_LINES_MAX + 1];
    double gaps[MARKET_GAP_DAYS_MAX + 1];
    double days[BLOCK_DAYS];                      /* units */
    double weeks[FIT_MARKETS_MAX][BLOCK_WEEKS];   /* units */
    double tracked[FIT_TRACKED_MAX][BLOCK_WEEKS]; /* units */
    int32_t articles[BLOCK_ARTICLES];             /* units */
    int64_t orders;
};

struct realism_buyer {
    uint64_t customer; /* 0: free place */
    int32_t day;
};

struct realism_blocks {
    int32_t day_first; /* of block 0 */
    int count;
    struct realism_block *blocks;
    const int *market_of_region;
    const int32_t *series; /* per article: place among the tracked, or -1 */
    struct realism_buyer *buyers;
    int64_t buyer_count;
    uint64_t buyer_mask;
    /* the order being read */
    bool open;
    uint32_t order;
    int32_t order_day;
    uint64_t order_customer;
    int64_t order_lines;
    double order_value;
};

struct realism_blocks realism_blocks_new(struct arena *arena, int32_t day_first, int count,
                                         const int *market_of_region, const int32_t *series);
/* Sale lines of baskets count; a line before the first block only makes its buyer known. */
void realism_blocks_add(struct realism_blocks *blocks, const struct market_fit_line *line);
void realism_blocks_end(struct realism_blocks *blocks);

/* Distance of `a` from `b`; NaN when either cannot tell. `weekday` are the indices in use. */
double realism_distance(enum realism_measure measure, const struct realism_block *a,
                        const struct realism_block *b, int32_t day_first, const double weekday[7]);
/* "log price" ...: an English text key. */
const char *realism_measure_name(enum realism_measure measure);

#endif
