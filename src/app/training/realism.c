#include "app/training/realism.h"

#include <math.h>
#include <stdlib.h>

#include "core/arena.h"
#include "core/date.h"

static void take_block(void *context, const struct market_fit_line *line)
{
    realism_blocks_add(context, line);
}

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

struct comparing {
    struct realism_blocks real, simulated;
    int before; /* real blocks before the first held-out one */
    double weekday[7];
};

static int32_t block_day(const struct realism_blocks *blocks, int block)
{
    return blocks->day_first + block * BLOCK_DAYS;
}

/* The 95 % point of the distances of all pairs of real blocks; the smallest value that at least
 * 95 % of them do not exceed. */
static double real_point(struct arena *arena, const struct comparing *comparing,
                         enum realism_measure measure, int *pairs)
{
    struct arena_mark mark = arena_mark_get(arena);
    const struct realism_blocks *real = &comparing->real;
    double *distances = ARENA_ARRAY(arena, double, (size_t)(real->count * real->count));
    int count = 0;
    for (int i = 0; i < real->count; i++)
        for (int j = i + 1; j < real->count; j++) {
            double distance = realism_distance(measure, &real->blocks[i], &real->blocks[j],
                                               block_day(real, i), comparing->weekday);
            if (distance == distance)
                distances[count++] = distance;
        }
    double point = NAN;
    if (count >= REALISM_PAIRS_LEAST) {
        qsort(distances, (size_t)count, sizeof(*distances), compare_doubles);
        point = distances[(95 * count + 99) / 100 - 1];
    }
    *pairs = count;
    arena_rewind(arena, mark);
    return point;
}

static void compare_measure(struct arena *arena, const struct comparing *comparing,
                            enum realism_measure measure, struct realism *realism)
{
    double sum = 0.0;
    for (int b = 0; b < comparing->simulated.count; b++)
        sum += realism_distance(measure, &comparing->simulated.blocks[b],
                                &comparing->real.blocks[comparing->before + b],
                                block_day(&comparing->simulated, b), comparing->weekday);
    int pairs;
    realism->distance[measure] = sum / comparing->simulated.count;
    realism->point95[measure] = real_point(arena, comparing, measure, &pairs);
    realism->ratio[measure] = realism->distance[measure] / realism->point95[measure];
    realism->real_pairs = pairs > realism->real_pairs ? pairs : realism->real_pairs;
}

static enum err gather_real(struct calibrate_work *work, struct realism_blocks *real,
                            struct problem *problem)
{
    TRY(calibrate_source_each(&work->source, false, take_block, real, problem));
    TRY(calibrate_source_each(&work->source, true, take_block, real, problem));
    realism_blocks_end(real);
    return ERR_OK;
}

/* Places of the tracked articles, the best sellers, among all. */
static const int32_t *real_series(struct arena *arena, const struct calibrate_work *work)
{
    const struct market_fit_plan *plan = &work->fit.gathered->plan;
    int32_t *series = ARENA_ARRAY(arena, int32_t, plan->articles);
    for (uint32_t i = 0; i < plan->articles; i++)
        series[i] = -1;
    for (int k = 0; k < plan->tracked_count; k++)
        series[plan->tracked[k]] = k;
    return series;
}

/* The simulated catalogue is sorted by what its articles sell, the best last. */
static const int32_t *best_series(struct arena *arena, int articles)
{
    int32_t *series = ARENA_ARRAY(arena, int32_t, REALISM_ARTICLES_MAX);
    for (int i = 0; i < REALISM_ARTICLES_MAX; i++)
        series[i] = i < articles && articles - 1 - i < FIT_TRACKED_MAX ? articles - 1 - i : -1;
    return series;
}

static int count_unseen_weeks(const struct calibrate_work *work, int32_t first, int weeks)
{
    int unseen = 0;
    for (int w = 0; w < weeks; w++) {
        int iso = date_iso_week(first + 7 * w) - 1;
        unseen += !work->fit.markets[0].series.season[iso].known;
    }
    return unseen;
}

enum err realism_measure(struct arena *arena, struct calibrate_work *work, struct realism *realism,
                         struct problem *problem)
{
    static const int same[FIT_MARKETS_MAX] = {0, 1, 2, 3, 4, 5, 6, 7};
    *realism = (struct realism){0};
    int32_t until = work->source.until, last = work->source.summary.day_last;
    int held_out = (last - until + 1) / BLOCK_DAYS;
    held_out = held_out < REALISM_BLOCKS_MAX ? held_out : REALISM_BLOCKS_MAX;
    int before = (until - work->fit.day_first) / BLOCK_DAYS;
    before = before < REALISM_BLOCKS_MAX ? before : REALISM_BLOCKS_MAX;
    if (held_out < 1 || !work->scenario.baskets)
        return ERR_OK;
    realism->held_out_blocks = held_out;
    realism->unseen_weeks = count_unseen_weeks(work, until, held_out * BLOCK_WEEKS);

    struct comparing comparing = {.before = before};
    for (int k = 0; k < 7; k++)
        comparing.weekday[k] = work->fit.weekday[k].known ? work->fit.weekday[k].value : 1.0;
    comparing.real = realism_blocks_new(arena, until - before * BLOCK_DAYS, before + held_out,
                                        work->fit.market_of_country, real_series(arena, work));
    work->source.in_main_currency = true;
    TRY(gather_real(work, &comparing.real, problem));
    TRY(realism_catalogue_measure(arena, &work->source, &work->fit, &realism->catalogue, problem));
    comparing.simulated = realism_blocks_new(arena, until, held_out, same,
                                             best_series(arena, realism->catalogue.articles));
    struct rng_key key = rng_key_derive(rng_key_from_text(STR("realism")),
                                        str_from_c(work->source.summary.digest_hex));
    TRY(realism_shop_sell(work, &realism->catalogue, key, until - REALISM_BURN_DAYS,
                          until + held_out * BLOCK_DAYS - 1, take_block, &comparing.simulated,
                          problem));
    realism_blocks_end(&comparing.simulated);
    for (int m = 0; m < REALISM_COUNT; m++)
        compare_measure(arena, &comparing, (enum realism_measure)m, realism);
    return ERR_OK;
}

/* ---- the report ---- */

static void put_row(const struct realism *realism, enum realism_measure measure, enum lang lang,
                    struct buf *text)
{
    size_t start = text->length;
    double distance = realism->distance[measure], point = realism->point95[measure];
    double ratio = realism->ratio[measure];
    buf_append_c(text, "  ");
    buf_append_c(text, text_get(lang, realism_measure_name(measure)));
    calibrate_pad(text, start, 40);
    if (distance != distance || point != point) {
        buf_append_c(text, text_get(lang, N_("cannot tell")));
        buf_append_byte(text, '\n');
        return;
    }
    calibrate_put_number(text, distance, 4);
    calibrate_pad(text, start, 52);
    calibrate_put_number(text, point, 4);
    calibrate_pad(text, start, 64);
    if (point > 0.0)
        calibrate_put_number(text, ratio, 2);
    calibrate_pad(text, start, 74);
    buf_append_c(text, text_get(lang, ratio <= 1.0 ? N_("as real months differ") : N_("differs")));
    buf_append_byte(text, '\n');
}

static void put_head(enum lang lang, struct buf *text)
{
    size_t start = text->length;
    buf_append_c(text, "  ");
    buf_append_c(text, text_get(lang, N_("measure")));
    calibrate_pad(text, start, 40);
    buf_append_c(text, text_get(lang, N_("distance")));
    calibrate_pad(text, start, 52);
    buf_append_c(text, text_get(lang, N_("real 95 %")));
    calibrate_pad(text, start, 64);
    buf_append_c(text, text_get(lang, N_("ratio")));
    buf_append_byte(text, '\n');
}

enum err realism_report_append(struct arena *arena, struct calibrate_work *work, enum lang lang,
                               struct buf *text, struct problem *problem)
{
    struct realism realism;
    TRY(realism_measure(arena, work, &realism, problem));
    text_put(text, lang,
             N_("\nRealism: simulated beside real orders from {0} on, which calibration "
                "did not see.\n"),
             ERR_DATE(work->source.until));
    if (realism.held_out_blocks == 0) {
        text_put0(text, lang, N_("Fewer than four weeks are held out: nothing to compare.\n"));
        return ERR_OK;
    }
    text_put(
        text, lang,
        N_("{0} blocks of four weeks; real against real: {1} pairs of such blocks. A ratio of at "
           "most 1 is no more than real months differ.\n"),
        ERR_INT(realism.held_out_blocks), ERR_INT(realism.real_pairs));
    put_head(lang, text);
    for (int m = 0; m < REALISM_COUNT; m++)
        put_row(&realism, (enum realism_measure)m, lang, text);
    text_put0(
        text, lang,
        N_("Simulated with the calibrated demand process (level, season, weekday, shock, "
           "dispersion) and basket tables, a catalogue of the same spread and no rivals, stock "
           "or advertising.\n"));
    if (realism.unseen_weeks > 0)
        text_put(
            text, lang,
            N_("Season: {0} of {1} held-out weeks were not seen in two years. Their season is a "
               "default and part of what differs in weekly sales.\n"),
            ERR_INT(realism.unseen_weeks), ERR_INT(realism.held_out_blocks * BLOCK_WEEKS));
    return ERR_OK;
}
