#include "app/training/orders.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/file.h"
#include "engine/market/baskets.h"

enum {
    SHOPS_MAX = MARKET_MARKETS_MAX * MARKET_CHANNELS_MAX,
    RETURN_DAYS_LEAST = 7, /* an order comes back one to five weeks later */
    RETURN_DAYS_MOST = 35,
    LAST_MINUTE = 1439,
};

struct making {
    struct arena *arena;
    struct arena scratch;
    const struct orders_request *request;
    int firm;
    struct orders_firm *out;
    struct orders_counts *counts;
    size_t order_capacity, line_capacity;
    struct market_basket_memory *memory[SHOPS_MAX];
    uint64_t buyers[SHOPS_MAX]; /* highest number given so far */
    struct problem *problem;
};

/* Room for one more entry of `size` bytes; returns the array, moved when it had to grow. */
static void *grow(struct arena *arena, void *items, int64_t count, size_t *capacity, size_t size)
{
    if ((size_t)count < *capacity)
        return items;
    size_t wanted = *capacity ? 2 * *capacity : 1024;
    char *moved = arena_array(arena, wanted, size, _Alignof(max_align_t));
    if (count > 0)
        memcpy(moved, items, (size_t)count * size);
    *capacity = wanted;
    return moved;
}

static struct orders_order *new_order(struct making *making, int32_t day, int32_t minute,
                                      const struct run_sale *sale)
{
    struct orders_firm *out = making->out;
    out->orders = grow(making->arena, out->orders, out->order_count, &making->order_capacity,
                       sizeof(*out->orders));
    struct orders_order *order = &out->orders[out->order_count++];
    *order = (struct orders_order){.day = day,
                                   .minute = minute,
                                   .firm = making->firm,
                                   .market = sale->market,
                                   .channel = sale->channel,
                                   .line_first = out->line_count};
    return order;
}

static void add_line(struct making *making, struct orders_order *order, const struct run_sale *sale,
                     int64_t units)
{
    struct orders_firm *out = making->out;
    out->lines = grow(making->arena, out->lines, out->line_count, &making->line_capacity,
                      sizeof(*out->lines));
    out->lines[out->line_count++] = (struct orders_line){
        .product = sale->product, .units = units, .price_minor = sale->price_minor};
    order->line_count++;
}

/* ---- sales to orders ---- */

static int compare_sales(const void *left, const void *right)
{
    const struct run_sale *a = left, *b = right;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->market != b->market)
        return a->market < b->market ? -1 : 1;
    if (a->channel != b->channel)
        return a->channel < b->channel ? -1 : 1;
    return (a->product > b->product) - (a->product < b->product);
}

static bool same_shop_day(const struct run_sale *a, const struct run_sale *b)
{
    return a->day == b->day && a->market == b->market && a->channel == b->channel;
}

/* The orders of one shop's day: sales[0 .. count - 1]. */
static enum err make_day(struct making *making, const struct run_sale *sales, int count)
{
    const struct orders_request *request = making->request;
    int shop_index = sales->market * MARKET_CHANNELS_MAX + sales->channel;
    if (!making->memory[shop_index])
        making->memory[shop_index] = market_basket_memory_new(making->arena);
    struct market_basket_units *units =
        ARENA_ARRAY(&making->scratch, struct market_basket_units, (size_t)count);
    for (int i = 0; i < count; i++)
        units[i] = (struct market_basket_units){sales[i].product, sales[i].units};
    struct market_shop shop = {.seed = request->seed,
                               .world = (uint32_t)request->world,
                               .firm = making->firm,
                               .market = sales->market,
                               .channel = sales->channel};
    struct market_basket_day day;
    TRY(market_baskets_split(&making->scratch, &request->baskets[sales->channel], &shop, sales->day,
                             units, count, making->memory[shop_index], &day, making->problem));
    if (making->out->line_count + day.line_count > ORDERS_LINES_MAX)
        return problem_set(making->problem, ERR_LIMIT, ERR_KEY(N_("order lines")),
                           ERR_INT(making->out->line_count + day.line_count),
                           ERR_INT(ORDERS_LINES_MAX));
    for (int i = 0; i < day.order_count; i++) {
        const struct market_basket_order *from = &day.orders[i];
        struct orders_order *order = new_order(making, sales->day, from->minute, sales);
        order->customer = from->customer;
        if (from->customer > making->buyers[shop_index])
            making->buyers[shop_index] = from->customer;
        for (int k = from->line_first; k < from->line_first + from->line_count; k++)
            add_line(making, order, &sales[day.lines[k].listing], day.lines[k].units);
    }
    for (int i = 0; i < count; i++)
        making->counts->units += sales[i].units;
    return ERR_OK;
}

/* ---- returns ---- */

/* Earlier orders of one line of the listing bear the return, the longest ago first. */
static int64_t mark_returned(struct making *making, const struct run_sale *sale, int64_t first,
                             int64_t end)
{
    int64_t left = sale->returned;
    for (int64_t i = first; i < end && left > 0; i++) {
        struct orders_order *order = &making->out->orders[i];
        const struct orders_line *line = &making->out->lines[order->line_first];
        int32_t ago = sale->day - order->day;
        if (ago < RETURN_DAYS_LEAST || ago > RETURN_DAYS_MOST || order->returned ||
            order->line_count != 1 || order->market != sale->market ||
            order->channel != sale->channel || line->product != sale->product || line->units > left)
            continue;
        order->returned = true;
        left -= line->units;
    }
    return left;
}

static void make_returns(struct making *making, const struct run_sale *sales, int64_t count)
{
    int64_t sold = making->out->order_count, first = 0;
    for (int64_t i = 0; i < count; i++) {
        const struct run_sale *sale = &sales[i];
        if (sale->returned <= 0)
            continue;
        making->counts->returned_units += sale->returned;
        if (making->request->format == ORDERS_TIDY) {
            struct orders_order *order = new_order(making, sale->day, LAST_MINUTE, sale);
            order->returned = true;
            add_line(making, order, sale, -sale->returned);
            continue;
        }
        /* Sales and orders are by day, so what is too old for one return is for all later ones. */
        while (first < sold && sale->day - making->out->orders[first].day > RETURN_DAYS_MOST)
            first++;
        making->counts->returned_left += mark_returned(making, sale, first, sold);
    }
}

/* ---- one firm, all firms ---- */

static int compare_orders(const void *left, const void *right)
{
    const struct orders_order *a = left, *b = right;
    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    if (a->minute != b->minute)
        return a->minute < b->minute ? -1 : 1;
    return (a->line_first > b->line_first) - (a->line_first < b->line_first);
}

static void note_day(struct making *making, int32_t day)
{
    struct orders_counts *counts = making->counts;
    int32_t date = making->request->rules->start_date + day;
    counts->day_first = date < counts->day_first ? date : counts->day_first;
    counts->day_last = date > counts->day_last ? date : counts->day_last;
}

static enum err make_firm(struct making *making, const struct run_sale *sales, int64_t count)
{
    for (int64_t i = 0; i < count;) {
        int same = 1;
        while (i + same < count && same_shop_day(&sales[i], &sales[i + same]))
            same++;
        struct arena_mark mark = arena_mark_get(&making->scratch);
        enum err code = make_day(making, &sales[i], same);
        arena_rewind(&making->scratch, mark);
        TRY(code);
        note_day(making, sales[i].day);
        i += same;
    }
    int64_t sold = making->out->order_count;
    make_returns(making, sales, count);
    struct orders_firm *out = making->out;
    if (out->order_count > 0)
        qsort(out->orders, (size_t)out->order_count, sizeof(*out->orders), compare_orders);
    for (int64_t i = 0; i < out->order_count; i++)
        out->orders[i].number = i + 1;
    making->counts->orders += sold;
    making->counts->lines += out->line_count - (out->order_count - sold);
    for (int i = 0; i < SHOPS_MAX; i++)
        making->counts->buyers += (int64_t)making->buyers[i];
    return ERR_OK;
}

enum err orders_make(struct arena *arena, const struct orders_request *request, int firm,
                     const struct run_sale *sales, int64_t count, struct orders_firm *orders,
                     struct orders_counts *counts, struct problem *problem)
{
    int64_t own = 0;
    for (int64_t i = 0; i < count; i++)
        own += sales[i].firm == firm && sales[i].world == request->world;
    struct run_sale *sorted = ARENA_ARRAY(arena, struct run_sale, (size_t)own);
    own = 0;
    for (int64_t i = 0; i < count; i++)
        if (sales[i].firm == firm && sales[i].world == request->world)
            sorted[own++] = sales[i];
    if (own > 0)
        qsort(sorted, (size_t)own, sizeof(*sorted), compare_sales);
    *orders = (struct orders_firm){0};
    struct making making = {.arena = arena,
                            .request = request,
                            .firm = firm,
                            .out = orders,
                            .counts = counts,
                            .problem = problem};
    arena_init(&making.scratch);
    enum err code = make_firm(&making, sorted, own);
    arena_clear(&making.scratch);
    return code;
}

enum err orders_append(const struct orders_request *request, const struct run_sale *sales,
                       int64_t count, struct buf *text, struct orders_counts *counts,
                       struct problem *problem)
{
    *counts = (struct orders_counts){.day_first = INT32_MAX, .day_last = INT32_MIN};
    int first = request->firm >= 0 ? request->firm : 0;
    int last = request->firm >= 0 ? request->firm : request->rules->firms - 1;
    orders_append_header(request->format, text);
    for (int firm = first; firm <= last; firm++) {
        struct arena arena;
        struct orders_firm orders;
        arena_init(&arena);
        enum err code = interrupt_asked() ? problem_set0(problem, ERR_INTERRUPTED)
                                          : orders_make(&arena, request, firm, sales, count,
                                                        &orders, counts, problem);
        for (int64_t i = 0; code == ERR_OK && i < orders.order_count; i++)
            orders_append_order(request, &orders.orders[i],
                                &orders.lines[orders.orders[i].line_first], text);
        arena_clear(&arena);
        TRY(code);
    }
    return ERR_OK;
}
