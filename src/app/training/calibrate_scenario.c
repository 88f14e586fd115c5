#include "app/training/calibrate_scenario.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/training/calibrate_names.h"
#include "app/training/calibrate_publish.h"
#include "app/training/calibrate_supply.h"
#include "app/training/trade_rules_read.h"
#include "core/arena.h"
#include "core/date.h"
#include "core/file.h"
#include "engine/trade/trade.h"

/* A firm of this many units a day, over all its listings, can be played in fifteen minutes a round.
 * *assumed* */
#define UNITS_A_DAY_LEAST 6.0
#define UNITS_A_DAY_MOST 60.0
#define UNITS_A_NEST_LEAST 1.0
#define QUARTER_FOUR 1.17
#define ORDERS "orders of the data set"

double calibrate_default_season(int iso_week)
{
    return iso_week >= 40 && iso_week <= 52 ? QUARTER_FOUR : (53.0 - 13.0 * QUARTER_FOUR) / 40.0;
}

double calibrate_default_season_mean(const struct calibration *fit)
{
    double sum = 0.0;
    for (int32_t day = fit->day_first; day <= fit->day_last; day++)
        sum += calibrate_default_season(date_iso_week(day));
    return sum / fit->days;
}

/* ---- what trade rules cover ---- */

static bool add_currency(struct market_rules *rules, struct currency currency)
{
    for (int i = 0; i < rules->currency_count; i++)
        if (currency_equal(rules->currencies[i], currency))
            return true;
    if (rules->currency_count == MARKET_CURRENCIES_MAX)
        return false;
    rules->currencies[rules->currency_count++] = currency;
    return true;
}

static int currency_index(const struct market_rules *rules, struct currency currency)
{
    for (int i = 0; i < rules->currency_count; i++)
        if (currency_equal(rules->currencies[i], currency))
            return i;
    return 0;
}

static void set_fx(struct arena *arena, const struct calibrate_facts *facts,
                   struct market_rules *rules)
{
    int64_t *fx = ARENA_ARRAY(arena, int64_t, (size_t)rules->currency_count);
    for (int c = 0; c < rules->currency_count; c++) {
        double per_usd = calibrate_fx_per_usd(facts->fx, rules->currencies[c]);
        fx[c] = per_usd > 0.0 ? (int64_t)llround(facts->home_per_usd / per_usd * 1e9)
                              : (int64_t)RATE_ONE;
    }
    fx[0] = RATE_ONE;
    rules->fx_days = 1;
    rules->fx_1e9 = fx;
}

static enum err add_trade_currency(const char *trade_folder, const char *market,
                                   struct market_rules *rules, struct problem *problem)
{
    struct currency currency;
    bool found;
    TRY(trade_rules_currency(trade_folder, market, &currency, &found, problem));
    if (found && !add_currency(rules, currency))
        return problem_set(problem, ERR_LIMIT, ERR_KEY(N_("currencies")),
                           ERR_INT(MARKET_CURRENCIES_MAX + 1), ERR_INT(MARKET_CURRENCIES_MAX));
    return ERR_OK;
}

/* Duty and tax on a unit sent as freight to the only market of `rules`. */
static enum err try_quote(const struct trade_rules *trade, const char *market, int32_t date,
                          struct problem *problem)
{
    struct trade_item item = {
        .hs6 = CALIBRATE_HS6, .origin = "CN", .units = 1, .value_minor = 1000};
    struct trade_request request = {
        .date = date, .mode = TRADE_MODE_FREIGHT, .item_count = 1, .items = &item};
    struct trade_quote quote;
    int64_t rate;
    snprintf(request.market, sizeof(request.market), "%.3s", market);
    TRY(trade_quote_make(trade, &request, &quote, problem));
    return trade_tax_rate(trade, market, CALIBRATE_HS6, date, &rate, problem);
}

static enum err try_country(struct arena *arena, const struct calibrate_facts *facts,
                            struct str country, struct problem *problem)
{
    const char *folder = path_join(arena, facts->data_folder, "trade");
    struct market_rules rules = {.currency_count = 1, .currencies = {facts->home}};
    struct market_country market = {0};
    struct market_category category = {.hs6 = CALIBRATE_HS6};
    struct trade_rules trade;
    snprintf(market.name.id, sizeof(market.name.id), "%.*s", (int)country.length, country.text);
    TRY(add_trade_currency(folder, market.name.id, &rules, problem));
    market.currency = rules.currency_count - 1;
    set_fx(arena, facts, &rules);
    rules.start_date = facts->start_date;
    rules.market_count = rules.category_count = 1;
    rules.markets = &market;
    rules.categories = &category;
    TRY(trade_rules_read(arena, folder, &rules, &trade, problem));
    return try_quote(&trade, market.name.id, facts->start_date, problem);
}

bool calibrate_is_covered(void *context, struct str country)
{
    struct arena arena;
    struct problem problem;
    arena_init(&arena);
    bool covered = try_country(&arena, context, country, &problem) == ERR_OK;
    arena_clear(&arena);
    return covered;
}

/* ---- the scenario's parts ---- */

struct filling {
    struct arena *arena;
    const struct calibrate_source *source;
    const struct calibration *fit;
    const struct calibrate_facts *facts;
    struct scenario *scenario;
    struct calibrate_made *made;
    double level_scale; /* of an estimated level, for the default season put on it */
};

static double error_of(const struct market_estimate *estimate)
{
    return estimate->known ? estimate->error : -1.0;
}

#define FIGURE(filling, origin, error, count, source, ...)                                         \
    scenario_figure_set((filling)->arena, (filling)->scenario, (origin), calibrate_round(error),   \
                        calibrate_round_count(count), (source), __VA_ARGS__)

static void fill_season(struct filling *filling, int m, struct market_country *market)
{
    const struct market_series_fit *series = &filling->fit->markets[m].series;
    double error = -1.0;
    for (int week = 0; week < 53; week++) {
        bool known = series->season[week].known;
        market->season[week] = known                      ? series->season[week].value
                               : series->season_weeks > 0 ? 1.0
                                                          : calibrate_default_season(week + 1);
        if (known && series->season[week].error > error)
            error = series->season[week].error; /* the largest of the weeks */
    }
    if (series->season_weeks > 0)
        FIGURE(filling, ORIGIN_ESTIMATED, error, series->season_weeks, ORDERS, "markets[%d].season",
               m);
    else
        FIGURE(filling, ORIGIN_DEFAULT, -1, 0,
               "market-model.md section 3: fourth-quarter index 1.17; no week was seen twice",
               "markets[%d].season", m);
}

static void fill_weekday(struct filling *filling, int m, struct market_country *market)
{
    const struct calibration *fit = filling->fit;
    double error = 0.0;
    bool known = true;
    for (int k = 0; k < 7; k++) {
        known = known && fit->weekday[k].known;
        error = fit->weekday[k].error > error ? fit->weekday[k].error : error;
    }
    for (int k = 0; k < 7; k++)
        market->weekday[k] = known ? calibrate_round(fit->weekday[k].value) : 1.0;
    if (known)
        FIGURE(filling, ORIGIN_ESTIMATED, error, fit->weekday[0].count, ORDERS,
               "markets[%d].weekday", m);
    else
        FIGURE(filling, ORIGIN_DEFAULT, -1, 0, NULL, "markets[%d].weekday", m);
}

static enum err fill_markets(struct filling *filling, struct problem *problem)
{
    const struct calibration *fit = filling->fit;
    struct market_rules *rules = &filling->scenario->rules;
    struct market_country *markets =
        ARENA_ARRAY(filling->arena, struct market_country, (size_t)fit->market_count);
    for (int m = 0; m < fit->market_count; m++) {
        const struct calibrate_market *from = &fit->markets[m];
        struct market_country *market = &markets[m];
        TRY(calibrate_name_country(filling->facts->data_folder, from->id, &market->name, problem));
        market->currency = currency_index(rules, from->currency);
        fill_season(filling, m, market);
        fill_weekday(filling, m, market);
        if (from->series.growth.known) {
            market->growth = calibrate_round(from->series.growth.value);
            FIGURE(filling, ORIGIN_ESTIMATED, error_of(&from->series.growth),
                   from->series.growth.count, ORDERS, "markets[%d].growth", m);
        } else {
            FIGURE(filling, ORIGIN_DEFAULT, -1, 0, "needs the same weeks of two years",
                   "markets[%d].growth", m);
        }
        market->payout_hold_days = 14;
        FIGURE(filling, ORIGIN_ASSUMED, -1, 0, NULL, "markets[%d].payout_hold_days", m);
    }
    rules->markets = markets;
    rules->market_count = fit->market_count;
    return ERR_OK;
}

static void fill_category(struct filling *filling)
{
    const struct calibration *fit = filling->fit;
    struct market_rules *rules = &filling->scenario->rules;
    struct market_category *category = ARENA_NEW(filling->arena, struct market_category);
    struct market_name *channel = ARENA_NEW(filling->arena, struct market_name);
    calibrate_name_set(&category->name, "goods", "Goods", "商品");
    calibrate_name_set(channel, "shop", "Shop", "店铺");
    memcpy(category->hs6, CALIBRATE_HS6, sizeof(CALIBRATE_HS6));
    category->resale_fraction = 0.6;
    FIGURE(filling, ORIGIN_ASSUMED, -1, 0, NULL, "categories[0].resale_fraction");
    if (fit->returns.known && fit->returns.value > 0.0) {
        category->return_rate =
            calibrate_round(fit->returns.value < 0.9 ? fit->returns.value : 0.9);
        FIGURE(filling, ORIGIN_ESTIMATED, error_of(&fit->returns), fit->returns.count, ORDERS,
               "categories[0].return_rate");
    } else {
        category->return_rate = 0.06;
        FIGURE(filling, ORIGIN_ASSUMED, -1, 0, NULL, "categories[0].return_rate");
    }
    rules->categories = category;
    rules->channels = channel;
    rules->category_count = rules->channel_count = 1;
}

static double level_of(const struct filling *filling, int m)
{
    const struct calibrate_market *market = &filling->fit->markets[m];
    const struct market_series_fit *series = &market->series;
    if (series->base.known)
        return series->base.value / (series->season_weeks > 0 ? 1.0 : filling->level_scale);
    return (double)market->units / filling->fit->days / filling->level_scale;
}

static void fill_level(struct filling *filling, int m, double factor, struct market_nest *nest)
{
    const struct market_series_fit *series = &filling->fit->markets[m].series;
    double estimate = calibrate_round(level_of(filling, m));
    double scale = series->base.known ? estimate / series->base.value : 1.0;
    nest->units_per_firm_day_est = estimate;
    FIGURE(filling, series->base.known ? ORIGIN_ESTIMATED : ORIGIN_DEFAULT,
           series->base.known ? series->base.error * scale : -1.0, filling->fit->markets[m].units,
           series->base.known ? ORDERS : "plain mean: too few weeks for an error",
           "nests[%d].units_per_firm_day_est", m);
    nest->units_per_firm_day = factor == 1.0 ? estimate : calibrate_round(estimate * factor);
    if (nest->units_per_firm_day < UNITS_A_NEST_LEAST)
        nest->units_per_firm_day = UNITS_A_NEST_LEAST;
    bool as_estimated = nest->units_per_firm_day == estimate && series->base.known;
    FIGURE(filling, as_estimated ? ORIGIN_ESTIMATED : ORIGIN_ASSUMED,
           as_estimated ? series->base.error * scale : -1.0, 0,
           as_estimated ? ORDERS : "the estimate scaled to a firm that can be played",
           "nests[%d].units_per_firm_day", m);
}

static void fill_chance(struct filling *filling, int m, struct market_nest *nest)
{
    const struct calibrate_market *market = &filling->fit->markets[m];
    nest->traffic_sd = 0.08;
    if (market->shock.known) {
        nest->traffic_sd = market->shock.value < 0.25 ? market->shock.value : 0.25;
        nest->traffic_sd = nest->traffic_sd > 0.0 ? nest->traffic_sd : 0.0;
        filling->made->is_shock_clipped =
            filling->made->is_shock_clipped || nest->traffic_sd != market->shock.value;
        nest->traffic_sd = calibrate_round(nest->traffic_sd);
    }
    FIGURE(filling,
           !market->shock.known      ? ORIGIN_DEFAULT
           : market->is_shock_shrunk ? ORIGIN_SHRUNK
                                     : ORIGIN_ESTIMATED,
           error_of(&market->shock), market->shock.count,
           market->shock.known ? ORDERS : "market-model.md section 3", "nests[%d].traffic_sd", m);
    if (market->dispersion.known) {
        nest->dispersion = market->dispersion.value < 10.0 ? market->dispersion.value : 10.0;
        nest->dispersion = nest->dispersion > 0.0 ? nest->dispersion : 0.0;
        filling->made->is_dispersion_clipped =
            filling->made->is_dispersion_clipped || nest->dispersion != market->dispersion.value;
        nest->dispersion = calibrate_round(nest->dispersion);
    }
    FIGURE(filling,
           !market->dispersion.known      ? ORIGIN_DEFAULT
           : market->is_dispersion_shrunk ? ORIGIN_SHRUNK
                                          : ORIGIN_ESTIMATED,
           error_of(&market->dispersion), market->dispersion.count,
           market->dispersion.known ? ORDERS : "Poisson", "nests[%d].dispersion", m);
}

static void fill_nests(struct filling *filling)
{
    const struct calibration *fit = filling->fit;
    struct market_rules *rules = &filling->scenario->rules;
    struct market_nest *nests =
        ARENA_ARRAY(filling->arena, struct market_nest, (size_t)fit->market_count);
    double total = 0.0;
    for (int m = 0; m < fit->market_count; m++)
        total += level_of(filling, m);
    double factor = total < UNITS_A_DAY_LEAST  ? UNITS_A_DAY_LEAST / total
                    : total > UNITS_A_DAY_MOST ? UNITS_A_DAY_MOST / total
                                               : 1.0;
    filling->made->size_factor = factor;
    filling->made->is_size_scaled = factor != 1.0;
    for (int m = 0; m < fit->market_count; m++) {
        const struct calibrate_market *from = &fit->markets[m];
        struct market_nest *nest = &nests[m];
        struct currency currency = rules->currencies[rules->markets[m].currency];
        double minor = (double)currency_minor_per_major(currency) / 10000.0;
        nest->market = m;
        fill_level(filling, m, factor, nest);
        nest->price_ref_minor = (int64_t)llround(from->price_e4.value * minor);
        if (nest->price_ref_minor < 1)
            nest->price_ref_minor = 1;
        FIGURE(filling, from->price_e4.known ? ORIGIN_ESTIMATED : ORIGIN_DEFAULT,
               from->price_e4.known ? from->price_e4.error / 10000.0 : -1.0, from->price_e4.count,
               "mean takings of a unit, taken as the door price: a file seldom says whether tax is "
               "inside",
               "nests[%d].price_ref", m);
        nest->listings_ref = CALIBRATE_PRODUCTS;
        nest->promise_ref_days =
            from->lead_mean.known ? calibrate_round(from->lead_mean.value) : 4.0;
        if (from->lead_mean.known)
            FIGURE(filling, ORIGIN_ESTIMATED, error_of(&from->lead_mean), from->lead_mean.count,
                   ORDERS, "nests[%d].promise_ref_days", m);
        else
            FIGURE(filling, ORIGIN_ASSUMED, -1, 0, NULL, "nests[%d].promise_ref_days", m);
        fill_chance(filling, m, nest);
        nest->referral_rate_1e9 = RATE_ONE * 15 / 100;
        FIGURE(filling, ORIGIN_ASSUMED, -1, 0,
               "blog.bqool.com/amazon-seller-guide-2025 (secondary): 15 % in most categories on "
               "Amazon US, taken over",
               "nests[%d].referral_rate", m);
        FIGURE(filling, ORIGIN_ASSUMED, -1, 0, NULL, "nests[%d].listings_ref", m);
        FIGURE(filling, ORIGIN_DEFAULT, -1, 0, NULL, "nests[%d].firms_expected", m);
        FIGURE(filling, ORIGIN_ASSUMED, -1, 0, NULL, "nests[%d].referral_minimum", m);
    }
    rules->nests = nests;
    rules->nest_count = fit->market_count;
}

/* ---- baskets ---- */

static void fill_cut(struct filling *filling, const struct market_cut_fit *cut, const char *name,
                     struct market_table *table)
{
    if (cut->table.count > 0 && cut->mean.known) {
        *table = cut->table;
        FIGURE(filling, ORIGIN_ESTIMATED, error_of(&cut->mean), cut->mean.count,
               "orders of the data set; the error is that of the mean", "baskets.shop.%s", name);
    } else {
        FIGURE(filling, ORIGIN_ASSUMED, -1, 0, NULL, "baskets.shop.%s", name);
    }
}

static void fill_baskets(struct filling *filling)
{
    const struct calibration *fit = filling->fit;
    struct market_baskets *baskets = ARENA_NEW(filling->arena, struct market_baskets);
    *baskets = market_baskets_default();
    fill_cut(filling, &fit->units_per_line, "units_per_line", &baskets->units_per_line);
    fill_cut(filling, &fit->lines_per_order, "lines_per_order", &baskets->lines_per_order);
    const struct market_repeat_fit *repeat = &fit->repeat;
    if (repeat->rate.known && repeat->gaps.count > 0) {
        baskets->repeat_rate = repeat->rate.value < 0.95 ? repeat->rate.value : 0.95;
        baskets->repeat_gap_days = repeat->gaps;
        FIGURE(filling, ORIGIN_ESTIMATED, error_of(&repeat->rate), repeat->visits, ORDERS,
               "baskets.shop.repeat_rate");
        FIGURE(filling, ORIGIN_ESTIMATED, error_of(&repeat->gap_days), repeat->visits,
               "orders of the data set; the error is that of the mean",
               "baskets.shop.repeat_gap_days");
    } else {
        FIGURE(filling, ORIGIN_ASSUMED, -1, 0, "the file names no buyers",
               "baskets.shop.repeat_rate");
    }
    if (fit->hour_orders > 0) {
        double sum = 0.0;
        for (int hour = 0; hour < 24; hour++)
            sum += fit->hours[hour].known ? fit->hours[hour].value : 0.0;
        for (int hour = 0; hour < 24 && sum > 0.0; hour++)
            baskets->hour_weight[hour] =
                fit->hours[hour].known ? fit->hours[hour].value / sum : 0.0;
        FIGURE(filling, ORIGIN_ESTIMATED, -1, fit->hour_orders, ORDERS, "baskets.shop.hour_weight");
    } else {
        FIGURE(filling, ORIGIN_ASSUMED, -1, 0, "the file gives no times",
               "baskets.shop.hour_weight");
    }
    calibrate_publish_table(&baskets->units_per_line, (double)fit->units_per_line.mean.count,
                            false);
    calibrate_publish_table(&baskets->lines_per_order, (double)fit->lines_per_order.mean.count,
                            false);
    calibrate_publish_table(&baskets->repeat_gap_days, repeat->rate.value * (double)repeat->visits,
                            true);
    calibrate_publish_hours(baskets->hour_weight);
    baskets->repeat_rate = calibrate_round(baskets->repeat_rate);
    filling->scenario->baskets = baskets;
}

/* ---- the whole ---- */

static enum err fill_currencies(struct filling *filling, struct problem *problem)
{
    struct market_rules *rules = &filling->scenario->rules;
    const char *folder = path_join(filling->arena, filling->facts->data_folder, "trade");
    for (int m = 0; m < filling->fit->market_count; m++) {
        const struct calibrate_market *market = &filling->fit->markets[m];
        if (!add_currency(rules, market->currency))
            return problem_set(problem, ERR_LIMIT, ERR_KEY(N_("currencies")),
                               ERR_INT(MARKET_CURRENCIES_MAX + 1), ERR_INT(MARKET_CURRENCIES_MAX));
        TRY(add_trade_currency(folder, market->id, rules, problem));
    }
    set_fx(filling->arena, filling->facts, rules);
    for (int c = 1; c < rules->currency_count; c++)
        FIGURE(filling, ORIGIN_SOURCED, -1, 0,
               "Federal Reserve monthly averages, latest month (data/fx); constant during a run",
               "fx.%s", rules->currencies[c].code);
    return ERR_OK;
}

enum err calibrate_scenario_make(struct arena *arena, const struct calibrate_source *source,
                                 const struct calibration *fit, const struct calibrate_facts *facts,
                                 struct str citation, struct scenario *scenario,
                                 struct calibrate_made *made, struct problem *problem)
{
    struct filling filling = {.arena = arena,
                              .source = source,
                              .fit = fit,
                              .facts = facts,
                              .scenario = scenario,
                              .made = made,
                              .level_scale = calibrate_default_season_mean(fit)};
    *made = (struct calibrate_made){0};
    scenario_defaults(arena, scenario, facts->home, facts->home_per_usd);
    struct market_rules *rules = &scenario->rules;
    snprintf(rules->id, sizeof(rules->id), "calibrated-%.12s", source->summary.digest_hex);
    snprintf(rules->name_en, sizeof(rules->name_en), "A shop like the enterprise's");
    snprintf(rules->name_zh, sizeof(rules->name_zh), "与企业相似的店铺");
    rules->start_date = facts->start_date;
    scenario->statement_en =
        STR("Calibrated from an enterprise's orders. It holds parameters only: no order, no buyer, "
            "no article of the enterprise. What orders cannot tell is a default and marked so.");
    scenario->statement_zh = STR(
        "根据企业订单校准。其中只有参数，没有企业的任何订单、买家或商品。订单说明不了的均为默认值并"
        "已标明。");
    scenario->citation = str_copy(arena, citation);
    scenario->dataset_digest = str_copy(arena, str_from_c(source->summary.digest_hex));
    TRY(fill_currencies(&filling, problem));
    TRY(fill_markets(&filling, problem));
    fill_category(&filling);
    fill_nests(&filling);
    fill_baskets(&filling);
    return calibrate_supply_fill(arena, fit, facts, scenario, problem);
}
