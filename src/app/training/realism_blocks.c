#include "app/training/realism_blocks.h"

#include <math.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/date.h"
#include "core/detmath.h"
#include "core/text.h"

#define BIN_WIDTH 0.02
#define BIN_LOWEST (-10.0) /* ln of the smallest amount told apart, major units */

struct realism_blocks realism_blocks_new(struct arena *arena, int32_t day_first, int count,
                                         const int *market_of_region, const int32_t *series)
{
    return (struct realism_blocks){
        .day_first = day_first,
        .count = count,
        .blocks = ARENA_ARRAY(arena, struct realism_block, (size_t)count),
        .market_of_region = market_of_region,
        .series = series,
        .buyers = ARENA_ARRAY(arena, struct realism_buyer, 2 * (size_t)BLOCK_BUYERS)};
}

static struct realism_block *block_of(const struct realism_blocks *blocks, int32_t day)
{
    int32_t since = day - blocks->day_first;
    if (since < 0 || since / BLOCK_DAYS >= blocks->count)
        return NULL;
    return &blocks->blocks[since / BLOCK_DAYS];
}

static int bin_of(double amount)
{
    double at = (dm_log(amount > 0.0 ? amount : 1e-9) - BIN_LOWEST) / BIN_WIDTH;
    return at < 0.0 ? 0 : at >= BLOCK_BINS ? BLOCK_BINS - 1 : (int)at;
}

/* ---- buyers ---- */

static struct realism_buyer *buyer_place(struct realism_blocks *blocks, uint64_t customer)
{
    size_t mask = 2 * (size_t)BLOCK_BUYERS - 1;
    size_t at = (size_t)((customer * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & mask;
    while (blocks->buyers[at].customer != 0 && blocks->buyers[at].customer != customer)
        at = (at + 1) & mask;
    return &blocks->buyers[at];
}

/* Days since the buyer's last order day, or 0 when there is none or it is today. */
static int32_t note_buyer(struct realism_blocks *blocks, uint64_t customer, int32_t day)
{
    if (customer == 0 || ((customer >> 24) & blocks->buyer_mask) != 0)
        return 0;
    struct realism_buyer *buyer = buyer_place(blocks, customer);
    int32_t gap = buyer->customer == 0 ? 0 : abs(day - buyer->day);
    if (buyer->customer == 0) {
        if (blocks->buyer_count == BLOCK_BUYERS) { /* follow half as many new ones from here on */
            blocks->buyer_mask = blocks->buyer_mask << 1 | 1;
            return 0;
        }
        blocks->buyer_count++;
    }
    buyer->customer = customer;
    buyer->day = day;
    return gap;
}

/* ---- lines ---- */

static void close_order(struct realism_blocks *blocks)
{
    if (!blocks->open)
        return;
    blocks->open = false;
    int32_t gap = note_buyer(blocks, blocks->order_customer, blocks->order_day);
    struct realism_block *block = block_of(blocks, blocks->order_day);
    if (!block)
        return;
    block->orders++;
    block->value[bin_of(blocks->order_value)] += 1.0;
    block->lines[blocks->order_lines < BLOCK_LINES_MAX ? blocks->order_lines : BLOCK_LINES_MAX] +=
        1.0;
    if (gap > 0 && gap <= MARKET_GAP_DAYS_MAX)
        block->gaps[gap] += 1.0;
}

void realism_blocks_add(struct realism_blocks *blocks, const struct market_fit_line *line)
{
    if (line->kind != FIT_SALE || !line->basket || line->units <= 0)
        return;
    if (!blocks->open || blocks->order != line->order) {
        close_order(blocks);
        blocks->open = true;
        blocks->order = line->order;
        blocks->order_day = line->day;
        blocks->order_customer = line->customer;
        blocks->order_lines = 0;
        blocks->order_value = 0.0;
    }
    double value = (double)line->value_e4 / 10000.0;
    blocks->order_lines++;
    blocks->order_value += value;
    struct realism_block *block = block_of(blocks, line->day);
    if (!block)
        return;
    int day = (line->day - blocks->day_first) % BLOCK_DAYS;
    int market = blocks->market_of_region[line->region];
    int32_t series = blocks->series[line->article];
    block->price[bin_of(value / (double)line->units)] += 1.0;
    block->days[day] += (double)line->units;
    if (market >= 0)
        block->weeks[market][day / 7] += (double)line->units;
    if (series >= 0)
        block->tracked[series][day / 7] += (double)line->units;
    int32_t *units = &block->articles[line->article % BLOCK_ARTICLES];
    *units = line->units < INT32_MAX - *units ? *units + (int32_t)line->units : INT32_MAX;
}

void realism_blocks_end(struct realism_blocks *blocks)
{
    close_order(blocks);
}

/* ---- distances ---- */

static double total_of(const double *counts, int count)
{
    double sum = 0.0;
    for (int i = 0; i < count; i++)
        sum += counts[i];
    return sum;
}

/* Sum (or largest) of the differences between two cumulated distributions. */
static double compare(const double *a, const double *b, int count, bool largest)
{
    double all_a = total_of(a, count), all_b = total_of(b, count);
    if (all_a <= 0.0 || all_b <= 0.0)
        return NAN;
    double at_a = 0.0, at_b = 0.0, area = 0.0, most = 0.0;
    for (int i = 0; i < count; i++) {
        at_a += a[i] / all_a;
        at_b += b[i] / all_b;
        double difference = fabs(at_a - at_b);
        area += difference;
        most = difference > most ? difference : most;
    }
    return largest ? most : area;
}

/* Weekly variance over mean, summed over the tracked articles. */
static double variance_to_mean(const struct realism_block *block)
{
    double variance = 0.0, mean = 0.0;
    for (int k = 0; k < FIT_TRACKED_MAX; k++) {
        const double *weeks = block->tracked[k];
        double own = total_of(weeks, BLOCK_WEEKS) / BLOCK_WEEKS;
        for (int w = 0; w < BLOCK_WEEKS; w++)
            variance += (weeks[w] - own) * (weeks[w] - own) / (BLOCK_WEEKS - 1);
        mean += own;
    }
    return mean > 0.0 && variance > 0.0 ? variance / mean : NAN;
}

static double lag_one(const struct realism_block *block, int32_t day_first, const double weekday[7])
{
    double level[BLOCK_DAYS], mean = 0.0, products = 0.0, squares = 0.0;
    int count = 0;
    for (int day = 0; day < BLOCK_DAYS; day++) {
        double index = weekday[date_weekday(day_first + day)];
        if (index <= 0.0)
            continue;
        level[count] = block->days[day] / index;
        mean += level[count++];
    }
    if (count < 10)
        return NAN;
    mean /= count;
    for (int i = 0; i < count; i++) {
        squares += (level[i] - mean) * (level[i] - mean);
        if (i > 0)
            products += (level[i] - mean) * (level[i - 1] - mean);
    }
    return squares > 0.0 ? products / squares : NAN;
}

static int compare_units(const void *left, const void *right)
{
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return (a < b) - (a > b);
}

static double top_fifth(const struct realism_block *block)
{
    struct arena arena;
    arena_init(&arena);
    int32_t *units = ARENA_ARRAY(&arena, int32_t, BLOCK_ARTICLES);
    int count = 0;
    double all = 0.0, top = 0.0;
    for (int i = 0; i < BLOCK_ARTICLES; i++)
        if (block->articles[i] > 0)
            units[count++] = block->articles[i];
    if (count > 0)
        qsort(units, (size_t)count, sizeof(*units), compare_units);
    for (int i = 0; i < count; i++) {
        all += units[i];
        top += i < (count + 4) / 5 ? units[i] : 0.0;
    }
    arena_clear(&arena);
    return all > 0.0 ? top / all : NAN;
}

static double weekly_wape(const struct realism_block *a, const struct realism_block *b)
{
    double off = 0.0, all = 0.0;
    for (int m = 0; m < FIT_MARKETS_MAX; m++)
        for (int w = 0; w < BLOCK_WEEKS; w++) {
            off += fabs(a->weeks[m][w] - b->weeks[m][w]);
            all += b->weeks[m][w];
        }
    return all > 0.0 ? off / all : NAN;
}

double realism_distance(enum realism_measure measure, const struct realism_block *a,
                        const struct realism_block *b, int32_t day_first, const double weekday[7])
{
    switch (measure) {
    case REALISM_PRICE:
        return BIN_WIDTH * compare(a->price, b->price, BLOCK_BINS, false);
    case REALISM_ORDER_VALUE:
        return BIN_WIDTH * compare(a->value, b->value, BLOCK_BINS, false);
    case REALISM_LINES:
        return compare(a->lines, b->lines, BLOCK_LINES_MAX + 1, true);
    case REALISM_GAPS:
        return compare(a->gaps, b->gaps, MARKET_GAP_DAYS_MAX + 1, true);
    case REALISM_VARIANCE:
        return fabs(dm_log(variance_to_mean(a) / variance_to_mean(b)));
    case REALISM_LAG:
        return fabs(lag_one(a, day_first, weekday) - lag_one(b, day_first, weekday));
    case REALISM_TOP_FIFTH:
        return fabs(top_fifth(a) - top_fifth(b));
    default:
        return weekly_wape(a, b);
    }
}

const char *realism_measure_name(enum realism_measure measure)
{
    static const char *const names[REALISM_COUNT] = {
        [REALISM_PRICE] = N_("log price (Wasserstein)"),
        [REALISM_ORDER_VALUE] = N_("log order value (Wasserstein)"),
        [REALISM_LINES] = N_("lines of an order (KS)"),
        [REALISM_GAPS] = N_("days between orders (KS)"),
        [REALISM_VARIANCE] = N_("weekly variance to mean (log)"),
        [REALISM_LAG] = N_("lag-1 autocorrelation of days"),
        [REALISM_TOP_FIFTH] = N_("share of the top fifth"),
        [REALISM_WEEKLY_SALES] = N_("weekly sales by market (WAPE)"),
    };
    return names[measure];
}
