#include "app/training/realism_shop.h"

#include <math.h>

#include "core/arena.h"
#include "core/date.h"
#include "core/detmath.h"
#include "core/file.h"
#include "engine/market/baskets.h"

enum {
    DRAW = 24, /* stream POLICY: choices outside a world */
    DRAW_ARTICLE = 1,
    DRAW_SHOCK = 2,
    DRAW_UNITS = 3,
    DRAW_PRICE = 4,
    MONTH_DAYS = 28,
};

/* ---- the catalogue's spreads ---- */

struct article_sums {
    double lines, price, squares; /* of ln price */
    int64_t units;
    int64_t month_units; /* of the last four weeks */
    double value;        /* major units */
};

struct measuring {
    struct article_sums *articles;
    int32_t month_first;
};

static void take_line(void *context, const struct market_fit_line *line)
{
    struct measuring *measuring = context;
    if (line->kind != FIT_SALE || line->value_e4 <= 0)
        return;
    struct article_sums *article = &measuring->articles[line->article];
    double price = dm_log((double)line->value_e4 / 10000.0 / (double)line->units);
    article->lines += 1.0;
    article->price += price;
    article->squares += price * price;
    article->units += line->units;
    article->value += (double)line->value_e4 / 10000.0;
    if (line->day >= measuring->month_first)
        article->month_units += line->units;
}

static double correlation_of(double n, double x, double y, double xx, double yy, double xy)
{
    double vx = xx - x * x / n, vy = yy - y * y / n;
    return vx > 0.0 && vy > 0.0 ? (xy - x * y / n) / sqrt(vx * vy) : 0.0;
}

enum err realism_catalogue_measure(struct arena *arena, struct calibrate_source *source,
                                   const struct calibration *fit,
                                   struct realism_catalogue *catalogue, struct problem *problem)
{
    struct measuring measuring = {.month_first = fit->day_last - MONTH_DAYS + 1};
    measuring.articles = ARENA_ARRAY(arena, struct article_sums, source->summary.skus);
    TRY(calibrate_source_each(source, false, take_line, &measuring, problem));
    double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0, within = 0, freedom = 0;
    double value = 0, all_units = 0;
    *catalogue = (struct realism_catalogue){0};
    for (uint32_t i = 0; i < source->summary.skus; i++) {
        const struct article_sums *article = &measuring.articles[i];
        if (article->lines < 1.0)
            continue;
        double price = article->price / article->lines;
        within += article->squares - article->price * price;
        freedom += article->lines - 1.0;
        value += article->value;
        all_units += (double)article->units;
        if (article->month_units <= 0)
            continue;
        double units = dm_log((double)article->month_units);
        catalogue->articles++;
        n += 1.0;
        x += units;
        y += price;
        xx += units * units;
        yy += price * price;
        xy += units * price;
    }
    if (n < 1.0)
        return problem_set(problem, ERR_TOO_FEW, ERR_KEY(N_("articles")), ERR_INT(0), ERR_INT(1));
    if (catalogue->articles > REALISM_ARTICLES_MAX)
        catalogue->articles = REALISM_ARTICLES_MAX;
    catalogue->price_mean = y / n;
    catalogue->takings = value / all_units;
    catalogue->units_sd = n > 2.0 ? sqrt(fmax(0.0, (xx - x * x / n) / (n - 1.0))) : 0.0;
    catalogue->price_sd = n > 2.0 ? sqrt(fmax(0.0, (yy - y * y / n) / (n - 1.0))) : 0.0;
    catalogue->correlation = n > 2.0 ? correlation_of(n, x, y, xx, yy, xy) : 0.0;
    catalogue->line_sd = freedom > 0.0 ? sqrt(fmax(0.0, within / freedom)) : 0.0;
    return ERR_OK;
}

/* ---- selling ---- */

struct selling {
    const struct calibrate_work *work;
    const struct realism_catalogue *catalogue;
    struct rng_key key;
    struct arena arena, day_arena;
    double *share;    /* per article, sum 1 */
    double *ln_price; /* per article */
    struct market_basket_units *units;
    struct market_basket_memory *memory[FIT_MARKETS_MAX];
    double shock[FIT_MARKETS_MAX]; /* of the week, standard normal */
    double season_mean;            /* of the default season over the days of the fit */
    uint32_t order;
    calibrate_take *take;
    void *context;
};

static uint64_t word(const struct selling *selling, int what, int32_t day, uint64_t a, uint64_t b)
{
    return rng_at(selling->key, DRAW, (uint32_t)what, day, a, b, 0).word[0];
}

static double normal(const struct selling *selling, int what, int32_t day, uint64_t a, uint64_t b)
{
    return dm_normal_from_word(word(selling, what, day, a, b));
}

/* Normal quantiles, one a position, scaled to variance 1: a drawn catalogue of a few articles would
 * differ from the estimated spread by chance alone. */
static void fill_quantiles(double *z, size_t count)
{
    double squares = 0.0;
    for (size_t a = 0; a < count; a++) {
        z[a] = dm_normal_quantile(((double)a + 0.5) / (double)count);
        squares += z[a] * z[a];
    }
    double scale = count > 1 ? sqrt((double)(count - 1) / squares) : 1.0;
    for (size_t a = 0; a < count; a++)
        z[a] *= scale;
}

/* Units and prices of the articles; which price goes with which units beyond the correlation is
 * drawn. Then all prices are shifted to the calibrated takings of a unit. */
static void make_articles(struct selling *selling)
{
    const struct realism_catalogue *catalogue = selling->catalogue;
    size_t count = (size_t)catalogue->articles;
    double r = catalogue->correlation, sum = 0.0, takings = 0.0;
    double *z = ARENA_ARRAY(&selling->arena, double, count);
    double *y = ARENA_ARRAY(&selling->arena, double, count);
    selling->share = ARENA_ARRAY(&selling->arena, double, count);
    selling->ln_price = ARENA_ARRAY(&selling->arena, double, count);
    selling->units = ARENA_ARRAY(&selling->arena, struct market_basket_units, count);
    fill_quantiles(z, count);
    fill_quantiles(y, count);
    for (size_t a = count; a-- > 1;) {
        size_t other = (size_t)rng_below(word(selling, DRAW_ARTICLE, 0, a, 0), a + 1);
        double kept = y[a];
        y[a] = y[other];
        y[other] = kept;
    }
    for (size_t a = 0; a < count; a++) {
        selling->share[a] = dm_exp(catalogue->units_sd * z[a]);
        selling->ln_price[a] =
            catalogue->price_mean + catalogue->price_sd * (r * z[a] + sqrt(1.0 - r * r) * y[a]);
        sum += selling->share[a];
        takings += selling->share[a] * dm_exp(selling->ln_price[a]);
    }
    double line = catalogue->line_sd * catalogue->line_sd / 2.0;
    double shift = dm_log(catalogue->takings * sum / takings) - line;
    for (size_t a = 0; a < count; a++) {
        selling->share[a] /= sum;
        selling->ln_price[a] += shift;
    }
}

/* Expected units of a market on a date: level at the last day x season x weekday x growth x shock.
 */
static double level_of(const struct selling *selling, int m, int32_t date)
{
    const struct calibration *fit = &selling->work->fit;
    const struct calibrate_market *market = &fit->markets[m];
    const struct market_series_fit *series = &market->series;
    double level = series->base.known ? series->base.value : (double)market->units / fit->days;
    double index =
        fit->weekday[date_weekday(date)].known ? fit->weekday[date_weekday(date)].value : 1.0;
    int week = date_iso_week(date) - 1;
    if (series->season[week].known)
        index *= series->season[week].value;
    else if (series->season_weeks == 0)
        index *= calibrate_default_season(week + 1) / selling->season_mean;
    if (series->growth.known)
        index *= dm_pow(1.0 + series->growth.value, (date - fit->day_last) / 365.0);
    double s = market->shock.known && market->shock.value > 0.0 ? market->shock.value : 0.0;
    return level * index * dm_exp(s * selling->shock[m] - s * s / 2.0);
}

static void give_lines(struct selling *selling, int m, int32_t date,
                       const struct market_basket_day *day)
{
    for (int i = 0; i < day->order_count; i++, selling->order++) {
        const struct market_basket_order *order = &day->orders[i];
        for (int k = order->line_first; k < order->line_first + order->line_count; k++) {
            const struct market_basket_line *line = &day->lines[k];
            double price = selling->ln_price[line->listing] +
                           selling->catalogue->line_sd *
                               normal(selling, DRAW_PRICE, date, selling->order, (uint64_t)k);
            double value = 10000.0 * dm_exp(price) * (double)line->units;
            struct market_fit_line out = {
                .kind = FIT_SALE,
                .basket = true,
                .customer = (order->customer << 3 | (uint64_t)m) * UINT64_C(0x9e3779b97f4a7c15),
                .order = selling->order,
                .article = (uint32_t)line->listing,
                .region = m,
                .day = date,
                .minute = (int16_t)order->minute,
                .delivered_days = -1,
                .units = line->units,
                .value_e4 = value < 9e17 ? (int64_t)value : INT64_C(900000000000000000)};
            selling->take(selling->context, &out);
        }
    }
}

static enum err sell_day(struct selling *selling, int m, int32_t date, struct problem *problem)
{
    const struct calibrate_market *market = &selling->work->fit.markets[m];
    double level = level_of(selling, m, date);
    double phi =
        market->dispersion.known && market->dispersion.value > 0.0 ? market->dispersion.value : 0.0;
    if (level <= 0.0)
        return ERR_OK;
    for (int a = 0; a < selling->catalogue->articles; a++) {
        double u = rng_uniform(word(selling, DRAW_UNITS, date, (uint64_t)a, (uint64_t)m));
        double mu = level * selling->share[a];
        selling->units[a] = (struct market_basket_units){
            .product = a, .units = dm_negative_binomial_quantile(mu < 1e6 ? mu : 1e6, phi, u)};
    }
    struct market_shop shop = {.seed = selling->key, .market = m};
    struct market_basket_day day;
    TRY(market_baskets_split(&selling->day_arena, selling->work->scenario.baskets, &shop, date,
                             selling->units, selling->catalogue->articles, selling->memory[m], &day,
                             problem));
    give_lines(selling, m, date, &day);
    return ERR_OK;
}

static enum err sell(struct selling *selling, int32_t day_first, int32_t day_last,
                     struct problem *problem)
{
    int markets = selling->work->fit.market_count;
    make_articles(selling);
    for (int m = 0; m < markets; m++)
        selling->memory[m] = market_basket_memory_new(&selling->arena);
    for (int32_t date = day_first; date <= day_last; date++) {
        for (int m = 0; m < markets; m++) {
            if (interrupt_asked())
                return problem_set0(problem, ERR_INTERRUPTED);
            if (date == day_first || date_weekday(date) == 0) {
                double fresh = normal(selling, DRAW_SHOCK, date, (uint64_t)m, 0);
                selling->shock[m] =
                    date == day_first ? fresh : 0.6 * selling->shock[m] + 0.8 * fresh;
            }
            struct arena_mark mark = arena_mark_get(&selling->day_arena);
            enum err code = sell_day(selling, m, date, problem);
            arena_rewind(&selling->day_arena, mark);
            TRY(code);
        }
    }
    return ERR_OK;
}

enum err realism_shop_sell(const struct calibrate_work *work,
                           const struct realism_catalogue *catalogue, struct rng_key key,
                           int32_t day_first, int32_t day_last, calibrate_take *take, void *context,
                           struct problem *problem)
{
    struct selling selling = {.work = work,
                              .catalogue = catalogue,
                              .key = key,
                              .take = take,
                              .context = context,
                              .season_mean = calibrate_default_season_mean(&work->fit)};
    arena_init(&selling.arena);
    arena_init(&selling.day_arena);
    enum err code = sell(&selling, day_first, day_last, problem);
    arena_clear(&selling.day_arena);
    arena_clear(&selling.arena);
    return code;
}
