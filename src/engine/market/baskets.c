#include "engine/market/baskets.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "engine/market/cut.h"

/* Numbers of the registered streams (streams.def); the objects are (firm, product, nest), where the
 * nest is named by market and channel. */
enum basket_stream {
#define STREAM(name, number, decides) BASKET_STREAM_##name = (number),
#include "engine/market/streams.def"
#undef STREAM
};

enum {
    DUE_RING = 512,   /* a power of two above MARKET_GAP_DAYS_MAX */
    SWAP_REACH = 64,  /* lines looked at when an order would hold a listing twice */
    SHOP_OBJECT = -1, /* stands for the product where a number belongs to the whole shop */
    MINUTES_PER_DAY = 1440,
};

/* ---- buyers who come back ---- */

struct due {
    struct due *next;
    uint64_t customer;
};

struct due_queue {
    struct due *first, *last;
};

struct market_basket_memory {
    struct arena *arena;
    bool started;
    int32_t day; /* last day split */
    uint64_t customers;
    struct due_queue waiting;
    struct due_queue ring[DUE_RING]; /* by due day modulo DUE_RING */
    struct due *spare;
};

struct market_basket_memory *market_basket_memory_new(struct arena *arena)
{
    struct market_basket_memory *memory = ARENA_NEW(arena, struct market_basket_memory);
    memory->arena = arena;
    return memory;
}

static void queue_append(struct due_queue *queue, struct due *due)
{
    due->next = NULL;
    if (queue->last)
        queue->last->next = due;
    else
        queue->first = due;
    queue->last = due;
}

static void queue_move(struct due_queue *to, struct due_queue *from)
{
    if (!from->first)
        return;
    if (to->last)
        to->last->next = from->first;
    else
        to->first = from->first;
    to->last = from->last;
    from->first = from->last = NULL;
}

static void memory_add(struct market_basket_memory *memory, int32_t day, uint64_t customer)
{
    struct due *due = memory->spare;
    if (due)
        memory->spare = due->next;
    else
        due = ARENA_NEW(memory->arena, struct due);
    due->customer = customer;
    queue_append(&memory->ring[(uint32_t)day % DUE_RING], due);
}

/* Everybody due by `day` joins those who wait. */
static void memory_advance(struct market_basket_memory *memory, int32_t day)
{
    if (!memory->started)
        memory->day = day - 1;
    memory->started = true;
    int32_t days = day - memory->day < DUE_RING ? day - memory->day : DUE_RING;
    for (int32_t i = 1; i <= days; i++)
        queue_move(&memory->waiting, &memory->ring[(uint32_t)(memory->day + i) % DUE_RING]);
    memory->day = day;
}

static bool memory_take(struct market_basket_memory *memory, uint64_t *customer)
{
    struct due *due = memory->waiting.first;
    if (!due)
        return false;
    memory->waiting.first = due->next;
    if (!due->next)
        memory->waiting.last = NULL;
    *customer = due->customer;
    due->next = memory->spare;
    memory->spare = due;
    return true;
}

/* ---- one day ---- */

struct split {
    const struct market_baskets *baskets;
    const struct market_shop *shop;
    int32_t day;
    struct market_basket_line *lines; /* as cut, then shuffled */
    int line_count, line_capacity;
    struct market_basket_line *dealt;
    int *dealt_order; /* per dealt line: its order */
    int dealt_count;
    struct market_basket_order *orders;
    int order_count;
    int *mark; /* per listing: 1 + the last order that holds it */
};

/* A row of uniform words looked up by number. */
struct words {
    const struct split *split;
    uint32_t stream;
    int product;
    uint32_t next;
    struct rng_words block;
};

static struct words words_of(const struct split *split, uint32_t stream, int product)
{
    return (struct words){.split = split, .stream = stream, .product = product};
}

static uint64_t words_next(struct words *words)
{
    const struct market_shop *shop = words->split->shop;
    uint32_t at = words->next++;
    if (at % 4 == 0)
        words->block =
            rng_at(shop->seed, words->stream, shop->world, words->split->day,
                   (uint64_t)(uint32_t)shop->firm << 32 | (uint32_t)words->product,
                   (uint64_t)(uint32_t)shop->market << 32 | (uint32_t)shop->channel, at / 4);
    return words->block.word[at % 4];
}

/* Room for one more line: twice the array. */
static void split_make_room(struct split *split, struct arena *arena)
{
    if (split->line_count < split->line_capacity)
        return;
    int wanted = split->line_capacity > 0 ? 2 * split->line_capacity : 64;
    struct market_basket_line *lines =
        ARENA_ARRAY(arena, struct market_basket_line, (size_t)wanted);
    if (split->line_count > 0)
        memcpy(lines, split->lines, (size_t)split->line_count * sizeof(*lines));
    split->lines = lines;
    split->line_capacity = wanted;
}

/* False when there would be more than MARKET_BASKET_LINES_MAX lines. */
static bool split_cut_lines(struct split *split, struct arena *arena, const struct market_cut *cut,
                            const struct market_basket_units *units, int count)
{
    for (int i = 0; i < count; i++) {
        struct words words = words_of(split, BASKET_STREAM_ORDER_SPLIT, units[i].product);
        for (int64_t left = units[i].units; left > 0;) {
            int64_t size = market_cut_draw(cut, left, rng_uniform(words_next(&words)));
            if (split->line_count == MARKET_BASKET_LINES_MAX)
                return false;
            split_make_room(split, arena);
            split->lines[split->line_count++] =
                (struct market_basket_line){.listing = i, .units = size};
            left -= size;
        }
    }
    return true;
}

static void split_shuffle(struct split *split, struct words *words)
{
    for (int i = split->line_count - 1; i > 0; i--) {
        int j = (int)rng_below(words_next(words), (uint64_t)i + 1);
        struct market_basket_line line = split->lines[i];
        split->lines[i] = split->lines[j];
        split->lines[j] = line;
    }
}

static struct market_basket_order *split_new_order(struct split *split)
{
    struct market_basket_order *order = &split->orders[split->order_count++];
    order->line_first = split->dealt_count;
    return order;
}

static void split_put_line(struct split *split, struct market_basket_order *order,
                           struct market_basket_line line)
{
    split->dealt_order[split->dealt_count] = split->order_count - 1;
    split->dealt[split->dealt_count++] = line;
    order->line_count++;
    split->mark[line.listing] = split->order_count;
}

/* A line among the next ones whose listing the order lacks changes places with line `at`. */
static bool split_swap_ahead(struct split *split, int at)
{
    int end = at + SWAP_REACH < split->line_count ? at + SWAP_REACH : split->line_count;
    for (int i = at + 1; i < end; i++) {
        if (split->mark[split->lines[i].listing] == split->order_count)
            continue;
        struct market_basket_line line = split->lines[i];
        split->lines[i] = split->lines[at];
        split->lines[at] = line;
        return true;
    }
    return false;
}

static bool order_holds(const struct split *split, int order, int listing)
{
    const struct market_basket_order *one = &split->orders[order];
    for (int i = one->line_first; i < one->line_first + one->line_count; i++)
        if (split->dealt[i].listing == listing)
            return true;
    return false;
}

/* The same with a line dealt before, of an order that lacks the listing of line `at`. */
static bool split_swap_back(struct split *split, int at)
{
    int end = split->dealt_count > SWAP_REACH ? split->dealt_count - SWAP_REACH : 0;
    for (int i = split->dealt_count - 1; i >= end; i--) {
        if (split->mark[split->dealt[i].listing] == split->order_count ||
            order_holds(split, split->dealt_order[i], split->lines[at].listing))
            continue;
        struct market_basket_line line = split->dealt[i];
        split->dealt[i] = split->lines[at];
        split->lines[at] = line;
        return true;
    }
    return false;
}

static void split_deal(struct split *split, const struct market_cut *cut, struct words *words)
{
    int alone = 0; /* lines that no order could take, moved to the front */
    for (int at = 0; at < split->line_count;) {
        int64_t size = market_cut_draw(cut, split->line_count - at, rng_uniform(words_next(words)));
        struct market_basket_order *order = split_new_order(split);
        for (int64_t k = 0; k < size; k++, at++) {
            bool held = split->mark[split->lines[at].listing] == split->order_count;
            if (held && !split_swap_ahead(split, at) && !split_swap_back(split, at))
                split->lines[alone++] = split->lines[at];
            else
                split_put_line(split, order, split->lines[at]);
        }
    }
    for (int i = 0; i < alone; i++)
        split_put_line(split, split_new_order(split), split->lines[i]);
}

static int split_draw_hour(const struct market_baskets *baskets, double u)
{
    int last = 0;
    double sum = 0.0;
    for (int hour = 0; hour < 24; hour++) {
        if (baskets->hour_weight[hour] <= 0.0)
            continue;
        last = hour;
        sum += baskets->hour_weight[hour];
        if (u < sum)
            break;
    }
    return last;
}

static int32_t split_draw_gap(const struct market_table *gaps, double u, uint64_t word)
{
    int i = 0;
    double sum = gaps->weight[0];
    while (u >= sum && i + 1 < gaps->count)
        sum += gaps->weight[++i];
    int32_t before = i > 0 ? gaps->value[i - 1] : 0;
    return before + 1 + (int32_t)rng_below(word, (uint64_t)(gaps->value[i] - before));
}

static void split_name_buyers(struct split *split, struct market_basket_memory *memory)
{
    const struct market_baskets *baskets = split->baskets;
    struct words words = words_of(split, BASKET_STREAM_ORDER_CUSTOMER, SHOP_OBJECT);
    memory_advance(memory, split->day);
    for (int i = 0; i < split->order_count; i++) {
        struct market_basket_order *order = &split->orders[i];
        order->returning = memory_take(memory, &order->customer);
        if (!order->returning)
            order->customer = ++memory->customers;
        double again = rng_uniform(words_next(&words));
        double which = rng_uniform(words_next(&words));
        uint64_t within = words_next(&words);
        if (again >= baskets->repeat_rate || baskets->repeat_gap_days.count == 0)
            continue;
        int32_t gap = split_draw_gap(&baskets->repeat_gap_days, which, within);
        memory_add(memory, split->day + gap, order->customer);
    }
}

/* Draw minutes and sort by them; orders of one minute keep the order in which they were made. */
static void split_set_minutes(struct split *split, struct market_basket_order *sorted)
{
    int starts[MINUTES_PER_DAY + 1] = {0};
    struct words words = words_of(split, BASKET_STREAM_ORDER_MINUTE, SHOP_OBJECT);
    for (int i = 0; i < split->order_count; i++) {
        int hour = split_draw_hour(split->baskets, rng_uniform(words_next(&words)));
        split->orders[i].minute = 60 * hour + (int)rng_below(words_next(&words), 60);
        starts[split->orders[i].minute + 1]++;
    }
    for (int minute = 0; minute < MINUTES_PER_DAY; minute++)
        starts[minute + 1] += starts[minute];
    for (int i = 0; i < split->order_count; i++)
        sorted[starts[split->orders[i].minute]++] = split->orders[i];
}

enum err market_baskets_split(struct arena *arena, const struct market_baskets *baskets,
                              const struct market_shop *shop, int32_t day,
                              const struct market_basket_units *units, int count,
                              struct market_basket_memory *memory, struct market_basket_day *result,
                              struct problem *problem)
{
    int64_t most = 0;
    for (int i = 0; i < count; i++) {
        if (units[i].units < 0)
            return problem_set(problem, ERR_RANGE, ERR_INT(units[i].units), ERR_INT(0),
                               ERR_INT(INT64_MAX));
        most = units[i].units > most ? units[i].units : most;
    }
    *result = (struct market_basket_day){0};
    if (most == 0) {
        memory_advance(memory, day);
        return ERR_OK;
    }
    struct split split = {.baskets = baskets, .shop = shop, .day = day};
    struct market_cut cut = market_cut_make(arena, &baskets->units_per_line, most);
    if (!split_cut_lines(&split, arena, &cut, units, count))
        return problem_set(problem, ERR_LIMIT, ERR_KEY(N_("order lines of a day")),
                           ERR_INT((int64_t)MARKET_BASKET_LINES_MAX + 1),
                           ERR_INT(MARKET_BASKET_LINES_MAX));

    size_t lines = (size_t)split.line_count;
    split.dealt = ARENA_ARRAY(arena, struct market_basket_line, lines);
    split.orders = ARENA_ARRAY(arena, struct market_basket_order, lines);
    split.dealt_order = ARENA_ARRAY(arena, int, lines);
    split.mark = ARENA_ARRAY(arena, int, (size_t)count);
    struct words words = words_of(&split, BASKET_STREAM_ORDER_SPLIT, SHOP_OBJECT);
    split_shuffle(&split, &words);
    cut = market_cut_make(arena, &baskets->lines_per_order, split.line_count);
    split_deal(&split, &cut, &words);
    split_name_buyers(&split, memory);

    struct market_basket_order *sorted =
        ARENA_ARRAY(arena, struct market_basket_order, (size_t)split.order_count);
    split_set_minutes(&split, sorted);
    result->order_count = split.order_count;
    result->orders = sorted;
    result->line_count = split.dealt_count;
    result->lines = split.dealt;
    return ERR_OK;
}
