#include "fit_world.h"

#include <assert.h>
#include <math.h>

#include "core/detmath.h"

enum { DRAW = 24 }; /* stream POLICY: choices of tests */

static double draw(struct rng_key key, int what, int day, int object)
{
    return rng_uniform(rng_at(key, DRAW, (uint32_t)what, day, (uint64_t)object, 0, 0).word[0]);
}

static double between(struct rng_key key, int what, double low, double high)
{
    return low + (high - low) * draw(key, what, -1, 0);
}

struct fit_world fit_world_draw(struct rng_key key)
{
    static const double weekday[7] = {1.1, 1.3, 1.2, 1.0, 1.2, 0.0, 1.2};
    struct fit_world world = {.start = 20094 /* 2025-01-06 */, .weeks = 40};
    world.base[0] = between(key, 100, 14, 22);
    world.base[1] = between(key, 101, 6, 12);
    double sum = 0.0;
    for (int j = 0; j < WORLD_ARTICLES; j++)
        sum += world.article[j] = between(key, 110 + j, 0.5, 1.5);
    for (int j = 0; j < WORLD_ARTICLES; j++) {
        world.article[j] /= sum;
        world.price[j] = floor(100.0 * between(key, 120 + j, 5, 40)) / 100.0;
    }
    for (int k = 0; k < 7; k++)
        world.weekday[k] = weekday[k];
    world.dispersion = between(key, 102, 0.1, 0.5);
    world.shock = between(key, 103, 0.06, 0.2);
    world.return_rate = between(key, 104, 0.04, 0.12);
    world.cancel_rate = between(key, 105, 0.02, 0.06);
    world.lead_mean = between(key, 106, 6, 12);
    world.lead_sd = between(key, 107, 2, 4);
    double one = between(key, 108, 0.55, 0.8), single = between(key, 109, 0.6, 0.8);
    world.baskets = market_baskets_default();
    world.baskets.units_per_line = (struct market_table){
        .count = 3, .value = {1, 2, 4}, .weight = {one, 0.7 * (1.0 - one), 0.3 * (1.0 - one)}};
    world.baskets.lines_per_order =
        (struct market_table){.count = 3,
                              .value = {1, 2, 3},
                              .weight = {single, 0.7 * (1.0 - single), 0.3 * (1.0 - single)}};
    world.baskets.repeat_rate = between(key, 130, 0.2, 0.5);
    world.baskets.repeat_gap_days =
        (struct market_table){.count = 3, .value = {7, 21, 50}, .weight = {0.2, 0.5, 0.3}};
    return world;
}

static void put(struct fit_world_lines *out, struct market_fit_line line)
{
    assert(out->count < out->capacity);
    out->lines[out->count++] = line;
}

/* Units of day `day` that come back or are cancelled, one uniform a unit. */
static void put_after_sale(const struct fit_world *world, struct rng_key key, int market, int day,
                           const struct market_basket_units *units, int *coming_back,
                           struct fit_world_lines *out)
{
    for (int j = 0; j < WORLD_ARTICLES; j++)
        for (int64_t u = 0; u < units[j].units; u++) {
            int object = (market * WORLD_ARTICLES + j) * 100000 + (int)u;
            struct market_fit_line line = {.kind = FIT_CANCELLED,
                                           .article = (uint32_t)j,
                                           .region = market,
                                           .day = world->start + day,
                                           .minute = -1,
                                           .delivered_days = -1,
                                           .units = 1};
            if (draw(key, 2, day, object) < world->cancel_rate)
                put(out, line);
            if (draw(key, 3, day, object) < world->return_rate) {
                int back = day + 7 + (int)(21.0 * draw(key, 4, day, object));
                if (back < 7 * world->weeks)
                    coming_back[back]++;
            }
        }
    struct market_fit_line line = {.kind = FIT_RETURN,
                                   .region = market,
                                   .day = world->start + day,
                                   .minute = -1,
                                   .delivered_days = -1,
                                   .units = coming_back[day]};
    if (coming_back[day] > 0)
        put(out, line);
}

static void put_orders(const struct fit_world *world, int market, int day, int lead,
                       const struct market_basket_day *split, uint32_t *order,
                       struct fit_world_lines *out)
{
    for (int i = 0; i < split->order_count; i++) {
        const struct market_basket_order *one = &split->orders[i];
        for (int k = one->line_first; k < one->line_first + one->line_count; k++) {
            const struct market_basket_line *line = &split->lines[k];
            int64_t price_e4 = (int64_t)(world->price[line->listing] * 10000.0 + 0.5);
            put(out,
                (struct market_fit_line){.kind = FIT_SALE,
                                         .basket = true,
                                         .customer = one->customer * UINT64_C(0x9e3779b97f4a7c15) +
                                                     (uint64_t)market,
                                         .order = *order,
                                         .article = (uint32_t)line->listing,
                                         .region = market,
                                         .day = world->start + day,
                                         .minute = (int16_t)one->minute,
                                         .delivered_days = (int16_t)lead,
                                         .units = line->units,
                                         .value_e4 = price_e4 * line->units});
        }
        ++*order;
    }
}

/* The weekly shock, autoregressive with 0.6. */
static double shock_of(struct rng_key key, int market, int week)
{
    double z = dm_normal_quantile(draw(key, 5, 0, market));
    for (int w = 1; w <= week; w++)
        z = 0.6 * z + 0.8 * dm_normal_quantile(draw(key, 5, 7 * w, market));
    return z;
}

void fit_world_day(const struct fit_world *world, struct rng_key key, int market, int day,
                   struct market_basket_units units[WORLD_ARTICLES], int *lead_days)
{
    double s = world->shock;
    double level = world->base[market] * world->weekday[day % 7] *
                   dm_exp(s * shock_of(key, market, day / 7) - s * s / 2.0);
    for (int j = 0; j < WORLD_ARTICLES; j++)
        units[j] = (struct market_basket_units){
            .product = j,
            .units = level > 0.0 ? dm_negative_binomial_quantile(level * world->article[j],
                                                                 world->dispersion,
                                                                 draw(key, 6 + market, day, j))
                                 : 0};
    double shape = world->lead_mean * world->lead_mean / (world->lead_sd * world->lead_sd);
    double wait = dm_gamma_quantile(shape, draw(key, 9, day, market)) * world->lead_mean / shape;
    *lead_days = (int)(wait + 0.5);
}

struct fit_world_lines fit_world_sell(struct arena *arena, struct arena *scratch,
                                      const struct fit_world *world, struct rng_key key)
{
    int days = 7 * world->weeks;
    double units_due = (world->base[0] + world->base[1]) * days;
    struct fit_world_lines out = {.capacity = (int)(units_due * 3.0) + 4 * days};
    out.lines = ARENA_ARRAY(arena, struct market_fit_line, (size_t)out.capacity);
    struct market_basket_memory *memory[WORLD_MARKETS];
    int *coming_back[WORLD_MARKETS];
    for (int m = 0; m < WORLD_MARKETS; m++) {
        memory[m] = market_basket_memory_new(arena);
        coming_back[m] = ARENA_ARRAY(arena, int, (size_t)days);
    }
    uint32_t order = 0;
    for (int day = 0; day < days; day++)
        for (int m = 0; m < WORLD_MARKETS; m++) {
            struct arena_mark mark = arena_mark_get(scratch);
            struct market_basket_units units[WORLD_ARTICLES];
            int lead;
            fit_world_day(world, key, m, day, units, &lead);
            struct market_shop shop = {.seed = key, .firm = 0, .market = m, .channel = 0};
            struct market_basket_day split;
            struct problem problem;
            enum err code = market_baskets_split(scratch, &world->baskets, &shop, day, units,
                                                 WORLD_ARTICLES, memory[m], &split, &problem);
            assert(code == ERR_OK);
            (void)code;
            put_orders(world, m, day, lead, &split, &order, &out);
            put_after_sale(world, key, m, day, units, coming_back[m], &out);
            arena_rewind(scratch, mark);
        }
    return out;
}

const struct market_gathered *fit_world_gather(struct arena *arena,
                                               const struct market_fit_line *lines, int count,
                                               int markets, uint32_t articles)
{
    struct market_survey *survey = market_survey_new(arena, markets, articles);
    for (int i = 0; i < count; i++)
        market_survey_add(survey, &lines[i]);
    market_survey_end(survey);
    static const int same[FIT_MARKETS_MAX] = {0, 1, 2, 3, 4, 5, 6, 7};
    struct market_fit_plan plan = {.markets = markets,
                                   .market_of_region = same,
                                   .articles = articles,
                                   .day_first = survey->day_first,
                                   .day_last = survey->day_last};
    plan.sizes = market_support_choose(survey->units_per_line, survey->units_beyond);
    plan.lines = market_support_choose(survey->lines_per_order, survey->lines_beyond);
    plan.tracked_count = market_survey_top_articles(survey, plan.tracked);
    struct market_gather *gather = market_gather_new(arena, &plan);
    for (int i = 0; i < count; i++)
        market_gather_add(gather, &lines[i]);
    return market_gather_end(gather);
}
