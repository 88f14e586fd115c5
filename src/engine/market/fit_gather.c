#include "engine/market/fit_gather.h"

#include <string.h>

#include "core/arena.h"
#include "core/date.h"

/* Units of an article in a market on the day being read. */
struct day_slot {
    uint64_t key; /* 1 + article * FIT_MARKETS_MAX + market; 0: empty */
    int64_t units;
};

struct market_gather {
    struct arena *arena;
    struct market_gathered out;
    int32_t *series; /* per article: its place among the tracked, or -1 */
    /* the day being read */
    int day;
    struct day_slot *slots;
    size_t slot_capacity, slot_used;
    int64_t day_lines[FIT_MARKETS_MAX];
    /* the order being read */
    bool open;
    struct market_fit_line first;
    int64_t order_lines;
    size_t visit_capacity;
};

int market_gathered_week(const struct market_gathered *gathered, int day)
{
    return (gathered->plan.day_first + day - gathered->monday) / 7;
}

int market_gathered_group(const struct market_gathered *gathered, int week)
{
    return week * gathered->groups / gathered->weeks;
}

struct market_gather *market_gather_new(struct arena *arena, const struct market_fit_plan *plan)
{
    struct market_gather *gather = ARENA_NEW(arena, struct market_gather);
    struct market_gathered *out = &gather->out;
    gather->arena = arena;
    gather->day = -1;
    out->plan = *plan;
    out->days = plan->day_last - plan->day_first + 1;
    out->monday = plan->day_first - date_weekday(plan->day_first);
    out->weeks = (plan->day_last - out->monday) / 7 + 1;
    out->groups = out->weeks < FIT_GROUPS ? out->weeks : FIT_GROUPS;
    size_t cells = (size_t)plan->markets * (size_t)out->days;
    size_t weeks = (size_t)plan->markets * (size_t)out->weeks;
    size_t groups = (size_t)out->groups;
    out->units = ARENA_ARRAY(arena, int64_t, cells);
    out->orders = ARENA_ARRAY(arena, int64_t, cells);
    out->tracked_units = ARENA_ARRAY(arena, int32_t, cells * (size_t)plan->tracked_count);
    out->value_e4 = ARENA_ARRAY(arena, double, weeks);
    out->returned = ARENA_ARRAY(arena, double, weeks);
    out->cancelled = ARENA_ARRAY(arena, double, weeks);
    out->lead = ARENA_ARRAY(arena, double, weeks * 3);
    out->size_count = ARENA_ARRAY(arena, double, groups *MARKET_TABLE_MAX);
    out->size_sum = ARENA_ARRAY(arena, double, groups *(FIT_SUM_MAX + 1));
    out->size_over = ARENA_ARRAY(arena, double, groups);
    out->line_count = ARENA_ARRAY(arena, double, groups *MARKET_TABLE_MAX);
    out->line_sum = ARENA_ARRAY(arena, double, groups *(FIT_SUM_MAX + 1));
    out->line_over = ARENA_ARRAY(arena, double, groups);
    out->hour = ARENA_ARRAY(arena, double, groups * 24);
    gather->visit_capacity = 4096;
    out->visits = ARENA_ARRAY(arena, struct market_visit, gather->visit_capacity);
    gather->series = ARENA_ARRAY(arena, int32_t, plan->articles);
    for (uint32_t i = 0; i < plan->articles; i++)
        gather->series[i] = -1;
    for (int k = 0; k < plan->tracked_count; k++)
        gather->series[plan->tracked[k]] = k;
    gather->slot_capacity = 1024;
    gather->slots = ARENA_ARRAY(arena, struct day_slot, gather->slot_capacity);
    return gather;
}

/* ---- the day being read ---- */

static struct day_slot *slot_find(struct day_slot *slots, size_t capacity, uint64_t key)
{
    size_t at = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (capacity - 1);
    while (slots[at].key != 0 && slots[at].key != key)
        at = (at + 1) & (capacity - 1);
    return &slots[at];
}

static void slots_grow(struct market_gather *gather)
{
    size_t capacity = gather->slot_capacity * 2;
    struct day_slot *slots = ARENA_ARRAY(gather->arena, struct day_slot, capacity);
    for (size_t i = 0; i < gather->slot_capacity; i++)
        if (gather->slots[i].key != 0)
            *slot_find(slots, capacity, gather->slots[i].key) = gather->slots[i];
    gather->slots = slots;
    gather->slot_capacity = capacity;
}

static void slot_add(struct market_gather *gather, uint32_t article, int market, int64_t units)
{
    if (2 * gather->slot_used >= gather->slot_capacity)
        slots_grow(gather);
    uint64_t key = 1 + (uint64_t)article * FIT_MARKETS_MAX + (uint64_t)market;
    struct day_slot *slot = slot_find(gather->slots, gather->slot_capacity, key);
    gather->slot_used += slot->key == 0;
    slot->key = key;
    slot->units += units;
}

static void note_sum(double *sums, double *over, int64_t sum)
{
    if (sum <= FIT_SUM_MAX)
        sums[sum] += 1.0;
    else
        *over += (double)sum;
}

static void close_day(struct market_gather *gather)
{
    struct market_gathered *out = &gather->out;
    if (gather->day < 0)
        return;
    int group = market_gathered_group(out, market_gathered_week(out, gather->day));
    double *size_sum = out->size_sum + (size_t)group * (FIT_SUM_MAX + 1);
    double *line_sum = out->line_sum + (size_t)group * (FIT_SUM_MAX + 1);
    if (gather->slot_used > 0) {
        for (size_t i = 0; i < gather->slot_capacity; i++)
            if (gather->slots[i].key != 0)
                note_sum(size_sum, &out->size_over[group], gather->slots[i].units);
        memset(gather->slots, 0, gather->slot_capacity * sizeof(*gather->slots));
        gather->slot_used = 0;
    }
    for (int market = 0; market < out->plan.markets; market++) {
        if (gather->day_lines[market] > 0)
            note_sum(line_sum, &out->line_over[group], gather->day_lines[market]);
        gather->day_lines[market] = 0;
    }
    gather->day = -1;
}

/* ---- buyers ---- */

static bool visit_is_kept(const struct market_gathered *out, uint64_t customer)
{
    return ((customer >> 20) & out->visit_mask) == 0;
}

/* Room for one more: twice the array, or at its largest every second buyer less. */
static void visits_make_room(struct market_gather *gather)
{
    struct market_gathered *out = &gather->out;
    while ((size_t)out->visit_count == gather->visit_capacity &&
           gather->visit_capacity == FIT_VISITS_MAX) {
        out->visit_mask = out->visit_mask << 1 | 1;
        int kept = 0;
        for (int i = 0; i < out->visit_count; i++)
            if (visit_is_kept(out, out->visits[i].customer))
                out->visits[kept++] = out->visits[i];
        out->visit_count = kept;
    }
    if ((size_t)out->visit_count < gather->visit_capacity)
        return;
    struct market_visit *visits =
        ARENA_ARRAY(gather->arena, struct market_visit, gather->visit_capacity * 2);
    memcpy(visits, out->visits, (size_t)out->visit_count * sizeof(*visits));
    out->visits = visits;
    gather->visit_capacity *= 2;
}

static void note_visit(struct market_gather *gather, uint64_t customer, int day)
{
    struct market_gathered *out = &gather->out;
    visits_make_room(gather);
    if (visit_is_kept(out, customer))
        out->visits[out->visit_count++] = (struct market_visit){.customer = customer, .day = day};
}

/* ---- the order being read ---- */

static void close_order(struct market_gather *gather)
{
    struct market_gathered *out = &gather->out;
    if (!gather->open)
        return;
    gather->open = false;
    const struct market_fit_line *line = &gather->first;
    int day = line->day - out->plan.day_first;
    int week = market_gathered_week(out, day);
    int group = market_gathered_group(out, week);
    int market = out->plan.market_of_region[line->region];
    out->orders[(size_t)market * (size_t)out->days + (size_t)day]++;
    if (line->delivered_days >= 0) {
        double *lead = out->lead + 3 * ((size_t)market * (size_t)out->weeks + (size_t)week);
        lead[0] += 1.0;
        lead[1] += line->delivered_days;
        lead[2] += (double)line->delivered_days * line->delivered_days;
    }
    if (!line->basket)
        return;
    int entry = market_support_find(&out->plan.lines, gather->order_lines);
    out->line_count[group * MARKET_TABLE_MAX + entry] += 1.0;
    gather->day_lines[market] += out->plan.lines.value[entry];
    if (line->minute >= 0)
        out->hour[group * 24 + line->minute / 60] += 1.0;
    if (line->customer != 0)
        note_visit(gather, line->customer, day);
}

static void add_sale(struct market_gather *gather, const struct market_fit_line *line, int market)
{
    struct market_gathered *out = &gather->out;
    int day = line->day - out->plan.day_first;
    if (!gather->open || gather->first.order != line->order) {
        close_order(gather);
        if (day != gather->day)
            close_day(gather);
        gather->day = day;
        gather->open = true;
        gather->first = *line;
        gather->order_lines = 0;
    }
    gather->order_lines++;
    int week = market_gathered_week(out, day);
    size_t cell = (size_t)market * (size_t)out->days + (size_t)day;
    out->units[cell] += line->units;
    out->value_e4[(size_t)market * (size_t)out->weeks + (size_t)week] += (double)line->value_e4;
    int series = gather->series[line->article];
    if (series >= 0) {
        size_t row = (size_t)market * (size_t)out->plan.tracked_count + (size_t)series;
        int32_t *kept = &out->tracked_units[row * (size_t)out->days + (size_t)day];
        int64_t sum = *kept + line->units;
        *kept = sum < INT32_MAX ? (int32_t)sum : INT32_MAX;
    }
    if (!line->basket)
        return;
    int group = market_gathered_group(out, week);
    int entry = market_support_find(&out->plan.sizes, line->units);
    out->size_count[group * MARKET_TABLE_MAX + entry] += 1.0;
    slot_add(gather, line->article, market, out->plan.sizes.value[entry]);
}

void market_gather_add(struct market_gather *gather, const struct market_fit_line *line)
{
    struct market_gathered *out = &gather->out;
    int market = out->plan.market_of_region[line->region];
    if (market < 0 || line->day < out->plan.day_first || line->day > out->plan.day_last)
        return;
    if (line->kind == FIT_SALE) {
        add_sale(gather, line, market);
        return;
    }
    int week = market_gathered_week(out, line->day - out->plan.day_first);
    double *sums = line->kind == FIT_RETURN ? out->returned : out->cancelled;
    sums[(size_t)market * (size_t)out->weeks + (size_t)week] += (double)line->units;
}

const struct market_gathered *market_gather_end(struct market_gather *gather)
{
    close_order(gather);
    close_day(gather);
    return &gather->out;
}
