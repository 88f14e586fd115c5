#include "app/training/calibrate_fit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"

static void take_survey(void *context, const struct market_fit_line *line)
{
    market_survey_add(context, line);
}

static void take_gather(void *context, const struct market_fit_line *line)
{
    market_gather_add(context, line);
}

/* ---- markets ---- */

struct pooling {
    struct calibrate_source *source;
    const struct market_survey *survey;
    calibrate_covered *covered;
    void *context;
};

static bool stands_alone(const struct pooling *pooling, uint16_t country)
{
    const struct market_survey_region *region = &pooling->survey->region[country];
    struct str id = dataset_country(pooling->source->dataset, country);
    if (country == 0 || id.length != 2 || str_equal(id, STR("ZZ")))
        return false;
    if (region->orders < CALIBRATE_ORDERS_LEAST)
        return false;
    if (pooling->source->has_customers && region->buyers < CALIBRATE_BUYERS_LEAST)
        return false;
    return pooling->covered(pooling->context, id);
}

static struct calibrate_market *market_new(struct calibration *fit, struct str id)
{
    struct calibrate_market *market = &fit->markets[fit->market_count++];
    *market = (struct calibrate_market){0};
    memcpy(market->id, id.text, id.length < sizeof(market->id) ? id.length : 2);
    return market;
}

static void market_join(struct calibrate_market *market, const struct pooling *pooling,
                        uint16_t country)
{
    const struct market_survey_region *region = &pooling->survey->region[country];
    market->orders += region->orders;
    market->lines += region->lines;
    market->units += region->units;
    market->buyers += region->buyers;
    market->countries++;
}

/* The largest markets stand alone, the rest is pooled and comes last. */
static void choose_markets(struct arena *arena, struct pooling *pooling, struct calibration *fit)
{
    uint16_t countries = pooling->source->summary.countries;
    const struct market_survey *survey = pooling->survey;
    fit->market_of_country = ARENA_ARRAY(arena, int, countries);
    for (uint16_t c = 0; c < countries; c++)
        fit->market_of_country[c] = -1;
    while (fit->market_count < FIT_MARKETS_MAX - 1) {
        int best = -1;
        for (uint16_t c = 0; c < countries; c++)
            if (fit->market_of_country[c] < 0 &&
                (best < 0 || survey->region[c].units > survey->region[best].units) &&
                stands_alone(pooling, c))
                best = c;
        if (best < 0)
            break;
        fit->market_of_country[best] = fit->market_count;
        struct calibrate_market *market =
            market_new(fit, dataset_country(pooling->source->dataset, (uint16_t)best));
        market_join(market, pooling, (uint16_t)best);
        market->currency =
            dataset_currency(pooling->source->dataset, pooling->source->country_currency[best]);
    }
    int pool = -1;
    for (uint16_t c = 0; c < countries; c++) {
        if (fit->market_of_country[c] >= 0 || survey->region[c].lines == 0)
            continue;
        if (pool < 0) {
            pool = fit->market_count;
            struct calibrate_market *market = market_new(fit, STR("ZZ"));
            market->pooled = true;
            market->currency = pooling->source->currency;
        }
        fit->market_of_country[c] = pool;
        pooling->source->country_currency[c] = pooling->source->main_currency;
        market_join(&fit->markets[pool], pooling, c);
    }
}

/* ---- shares of the whole enterprise ---- */

static int compare_shares(const void *left, const void *right)
{
    const struct calibrate_share *a = left, *b = right;
    if (a->value_share != b->value_share)
        return a->value_share > b->value_share ? -1 : 1;
    return strcmp(a->id, b->id);
}

static struct calibrate_share *shares_of(struct arena *arena, const struct calibrate_source *source,
                                         const struct calibrate_total *totals, uint16_t count,
                                         bool are_countries, int *used)
{
    struct calibrate_share *shares = ARENA_ARRAY(arena, struct calibrate_share, count);
    double value = 0.0, units = 0.0;
    for (uint16_t i = 0; i < count; i++) {
        value += totals[i].value;
        units += (double)totals[i].units;
    }
    *used = 0;
    for (uint16_t i = 0; i < count; i++) {
        if (totals[i].lines == 0)
            continue;
        struct calibrate_share *share = &shares[(*used)++];
        struct str id = are_countries ? dataset_country(source->dataset, i)
                                      : dataset_channel(source->dataset, i);
        snprintf(share->id, sizeof(share->id), "%.*s", (int)(id.length < 31 ? id.length : 31),
                 id.length > 0 ? id.text : "");
        if (id.length == 0)
            snprintf(share->id, sizeof(share->id), "-");
        share->value_share = value > 0.0 ? totals[i].value / value : 0.0;
        share->unit_share = units > 0.0 ? (double)totals[i].units / units : 0.0;
    }
    qsort(shares, (size_t)*used, sizeof(*shares), compare_shares);
    return shares;
}

static int compare_units(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
    return a != b ? (a > b ? -1 : 1) : 0;
}

static void measure_concentration(const struct market_survey *survey, struct calibration *fit)
{
    struct arena arena;
    arena_init(&arena);
    int64_t *units = ARENA_ARRAY(&arena, int64_t, survey->articles), all = 0, top = 0;
    for (uint32_t i = 0; i < survey->articles; i++) {
        if (survey->article_units[i] == 0)
            continue;
        units[fit->articles++] = survey->article_units[i];
        all += survey->article_units[i];
    }
    if (fit->articles > 0)
        qsort(units, (size_t)fit->articles, sizeof(*units), compare_units);
    for (int64_t i = 0; i < (fit->articles + 4) / 5; i++)
        top += units[i];
    fit->top_fifth = all > 0 ? (double)top / (double)all : 0.0;
    arena_clear(&arena);
}

/* ---- estimates ---- */

static bool shrink(struct calibration *fit, size_t offset)
{
    struct market_estimate estimates[FIT_MARKETS_MAX], pooled;
    for (int m = 0; m < fit->market_count; m++)
        memcpy(&estimates[m], (const char *)&fit->markets[m] + offset, sizeof(estimates[m]));
    market_fit_shrink(estimates, fit->market_count, 0.0, &pooled);
    for (int m = 0; m < fit->market_count; m++)
        memcpy((char *)&fit->markets[m] + offset, &estimates[m], sizeof(estimates[m]));
    return pooled.known;
}

static void estimate_markets(struct arena *scratch, struct calibration *fit)
{
    const struct market_gathered *gathered = fit->gathered;
    struct market_series_fit series[FIT_MARKETS_MAX];
    struct market_estimate shares[FIT_MARKETS_MAX], value_shares[FIT_MARKETS_MAX];
    double index[7];
    for (int k = 0; k < 7; k++)
        index[k] = fit->weekday[k].known ? fit->weekday[k].value : 1.0;
    for (int m = 0; m < fit->market_count; m++) {
        struct calibrate_market *market = &fit->markets[m];
        market_fit_series(scratch, gathered, &fit->trading, m, index, &market->series);
        series[m] = market->series;
        market->shock = market->series.shock;
        market->dispersion = market_fit_dispersion(scratch, gathered, &fit->trading, m, index);
        market->price_e4 = market_fit_price(scratch, gathered, m);
        market->returns = market_fit_returns(scratch, gathered, m);
        market_fit_lead(scratch, gathered, m, &market->lead_mean, &market->lead_sd);
    }
    market_fit_mix(gathered, series, false, shares);
    market_fit_mix(gathered, series, true, value_shares);
    for (int m = 0; m < fit->market_count; m++) {
        fit->markets[m].share = shares[m];
        fit->markets[m].value_share = value_shares[m];
    }
    bool shock = shrink(fit, offsetof(struct calibrate_market, shock));
    bool dispersion = shrink(fit, offsetof(struct calibrate_market, dispersion));
    bool returns = shrink(fit, offsetof(struct calibrate_market, returns));
    for (int m = 0; m < fit->market_count; m++) {
        fit->markets[m].is_shock_shrunk = shock && fit->markets[m].shock.known;
        fit->markets[m].is_dispersion_shrunk = dispersion && fit->markets[m].dispersion.known;
        fit->markets[m].is_returns_shrunk = returns && fit->markets[m].returns.known;
    }
    fit->dispersion = market_fit_dispersion(scratch, gathered, &fit->trading, -1, index);
    fit->returns = market_fit_returns(scratch, gathered, -1);
    fit->cancellations = market_fit_cancellations(scratch, gathered, -1);
}

static void estimate(struct arena *arena, struct calibration *fit)
{
    struct arena scratch;
    arena_init(&scratch);
    fit->trading = market_fit_trading(arena, fit->gathered);
    market_fit_weekday(&scratch, fit->gathered, &fit->trading, -1, fit->weekday);
    estimate_markets(&scratch, fit);
    market_fit_units_per_line(&scratch, fit->gathered, &fit->units_per_line);
    market_fit_lines_per_order(&scratch, fit->gathered, &fit->lines_per_order);
    market_fit_repeat(&scratch, fit->gathered, &fit->repeat);
    fit->hour_orders = market_fit_hours(&scratch, fit->gathered, fit->hours);
    arena_clear(&scratch);
}

static enum err check_enough(const struct market_survey *survey, struct problem *problem)
{
    int64_t days = (int64_t)survey->day_last - survey->day_first + 1;
    if (survey->orders < CALIBRATE_ORDERS_LEAST)
        return problem_set(problem, ERR_TOO_FEW, ERR_KEY(N_("orders")), ERR_INT(survey->orders),
                           ERR_INT(CALIBRATE_ORDERS_LEAST));
    if (days < CALIBRATE_DAYS_LEAST)
        return problem_set(problem, ERR_TOO_FEW, ERR_KEY(N_("days")), ERR_INT(days),
                           ERR_INT(CALIBRATE_DAYS_LEAST));
    if (days > FIT_DAYS_MAX)
        return problem_set(problem, ERR_LIMIT, ERR_KEY(N_("days")), ERR_INT(days),
                           ERR_INT(FIT_DAYS_MAX));
    return ERR_OK;
}

enum err calibrate_fit(struct arena *arena, struct calibrate_source *source,
                       calibrate_covered *covered, void *context, struct calibration *fit,
                       struct problem *problem)
{
    *fit = (struct calibration){0};
    struct market_survey *survey =
        market_survey_new(arena, source->summary.countries, source->summary.skus);
    TRY(calibrate_source_each(source, false, take_survey, survey, problem));
    market_survey_end(survey);
    TRY(check_enough(survey, problem));
    fit->survey = survey;
    fit->day_first = survey->day_first;
    fit->day_last = survey->day_last;
    fit->lines = survey->lines;
    fit->orders = survey->orders;
    fit->units = survey->units;
    struct pooling pooling = {source, survey, covered, context};
    choose_markets(arena, &pooling, fit);
    struct market_fit_plan plan = {.markets = fit->market_count,
                                   .market_of_region = fit->market_of_country,
                                   .articles = source->summary.skus,
                                   .day_first = survey->day_first,
                                   .day_last = survey->day_last};
    plan.sizes = market_support_choose(survey->units_per_line, survey->units_beyond);
    plan.lines = market_support_choose(survey->lines_per_order, survey->lines_beyond);
    plan.tracked_count = market_survey_top_articles(survey, plan.tracked);
    struct market_gather *gather = market_gather_new(arena, &plan);
    TRY(calibrate_source_each(source, false, take_gather, gather, problem));
    fit->gathered = market_gather_end(gather);
    fit->days = fit->gathered->days;
    fit->weeks = fit->gathered->weeks;
    measure_concentration(survey, fit);
    fit->countries = shares_of(arena, source, source->countries, source->summary.countries, true,
                               &fit->country_count);
    fit->channels = shares_of(arena, source, source->channels, source->summary.channels, false,
                              &fit->channel_count);
    estimate(arena, fit);
    return ERR_OK;
}
