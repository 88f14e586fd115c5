#include "core/arena.h"
#include "engine/market/fit_gather.h"

enum { SUPPORT_FREQUENT = 48 };

struct market_survey *market_survey_new(struct arena *arena, int regions, uint32_t articles)
{
    struct market_survey *survey = ARENA_NEW(arena, struct market_survey);
    survey->regions = regions;
    survey->articles = articles;
    survey->day_first = INT32_MAX;
    survey->day_last = INT32_MIN;
    survey->region = ARENA_ARRAY(arena, struct market_survey_region, (size_t)regions);
    survey->article_units = ARENA_ARRAY(arena, int64_t, (size_t)articles);
    return survey;
}

static void count_size(int64_t *counts, double *beyond, int64_t size)
{
    if (size <= FIT_EXACT_MAX) {
        counts[size]++;
        return;
    }
    counts[FIT_EXACT_MAX + 1]++;
    *beyond += (double)size;
}

static void close_order(struct market_survey *survey)
{
    if (survey->open && survey->open_basket)
        count_size(survey->lines_per_order, &survey->lines_beyond, survey->open_lines);
    survey->open = false;
}

static void note_buyer(struct market_survey_region *region, uint64_t customer)
{
    if (customer == 0 || region->buyers == FIT_SEEN_MAX)
        return;
    for (int i = 0; i < region->buyers; i++)
        if (region->seen[i] == customer)
            return;
    region->seen[region->buyers++] = customer;
}

void market_survey_add(struct market_survey *survey, const struct market_fit_line *line)
{
    if (line->kind != FIT_SALE)
        return;
    struct market_survey_region *region = &survey->region[line->region];
    if (!survey->open || survey->open_order != line->order) {
        close_order(survey);
        survey->open = true;
        survey->open_order = line->order;
        survey->open_basket = line->basket;
        survey->open_lines = 0;
        survey->orders++;
        region->orders++;
        note_buyer(region, line->customer);
    }
    survey->open_lines++;
    survey->lines++;
    survey->units += line->units;
    region->lines++;
    region->units += line->units;
    region->value_e4 += line->value_e4;
    survey->article_units[line->article] += line->units;
    if (line->basket)
        count_size(survey->units_per_line, &survey->units_beyond, line->units);
    survey->day_first = line->day < survey->day_first ? line->day : survey->day_first;
    survey->day_last = line->day > survey->day_last ? line->day : survey->day_last;
}

void market_survey_end(struct market_survey *survey)
{
    close_order(survey);
}

static void support_insert(struct market_support *support, int32_t value)
{
    int at = support->count;
    while (at > 0 && support->value[at - 1] > value)
        at--;
    if (at > 0 && support->value[at - 1] == value)
        return;
    for (int i = support->count; i > at; i--)
        support->value[i] = support->value[i - 1];
    support->value[at] = value;
    support->count++;
}

static bool support_holds(const struct market_support *support, int32_t value)
{
    int i = market_support_find(support, value);
    return support->value[i] == value;
}

/* The most frequent value that the support lacks; 0 when there is none. */
static int32_t most_frequent(const int64_t *counts, int32_t last,
                             const struct market_support *support)
{
    int32_t best = 0;
    for (int32_t size = 1; size <= last; size++)
        if (counts[size] > 0 && (best == 0 || counts[size] > counts[best]) &&
            !support_holds(support, size))
            best = size;
    return best;
}

/* The value (weighted by counts) that lies farthest, in logarithms and number, from the support. */
static int32_t worst_served(const int64_t *counts, int32_t last,
                            const struct market_support *support)
{
    int32_t worst = 0;
    double most = 0.0;
    for (int32_t size = 1; size <= last; size++) {
        if (counts[size] == 0)
            continue;
        double nearest = support->value[market_support_find(support, size)];
        double ratio = size > nearest ? size / nearest : nearest / size;
        double harm = (double)counts[size] * (ratio - 1.0);
        if (harm > most) {
            most = harm;
            worst = size;
        }
    }
    return worst;
}

struct market_support market_support_choose(const int64_t *counts, double beyond)
{
    struct market_support support = {.count = 1, .value = {1}};
    if (counts[FIT_EXACT_MAX + 1] > 0)
        support_insert(&support, (int32_t)(beyond / (double)counts[FIT_EXACT_MAX + 1] + 0.5));
    int32_t last = FIT_EXACT_MAX;
    while (last > 1 && counts[last] == 0)
        last--;
    while (support.count < MARKET_TABLE_MAX) {
        int32_t value = support.count < SUPPORT_FREQUENT ? most_frequent(counts, last, &support)
                                                         : worst_served(counts, last, &support);
        if (value == 0)
            break;
        support_insert(&support, value);
    }
    return support;
}

int market_support_find(const struct market_support *support, int64_t size)
{
    int low = 0, high = support->count - 1;
    while (low < high) {
        int middle = (low + high + 1) / 2;
        if (support->value[middle] <= size)
            low = middle;
        else
            high = middle - 1;
    }
    if (low + 1 < support->count && size > support->value[low] &&
        (double)size * (double)size > (double)support->value[low] * (double)support->value[low + 1])
        low++;
    return low;
}

int market_survey_top_articles(const struct market_survey *survey,
                               uint32_t articles[FIT_TRACKED_MAX])
{
    int count = 0;
    for (uint32_t article = 0; article < survey->articles; article++) {
        int64_t units = survey->article_units[article];
        if (units == 0 || (count == FIT_TRACKED_MAX &&
                           units <= survey->article_units[articles[FIT_TRACKED_MAX - 1]]))
            continue;
        int at = count < FIT_TRACKED_MAX ? count++ : FIT_TRACKED_MAX - 1;
        for (; at > 0 && survey->article_units[articles[at - 1]] < units; at--)
            articles[at] = articles[at - 1];
        articles[at] = article;
    }
    return count;
}
