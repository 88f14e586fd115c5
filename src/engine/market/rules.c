#include "engine/market/rules.h"

#include <string.h>

#include "core/detmath.h"
#include "engine/market/decisions.h"

int market_nest_find(const struct market_rules *rules, int market, int channel, int category)
{
    for (int n = 0; n < rules->nest_count; n++) {
        const struct market_nest *nest = &rules->nests[n];
        if (nest->market == market && nest->channel == channel && nest->category == category)
            return n;
    }
    return -1;
}

int market_nest_hold_days(const struct market_rules *rules, int nest)
{
    const struct market_nest *row = &rules->nests[nest];
    return row->payout_hold_days > 0 ? row->payout_hold_days
                                     : rules->markets[row->market].payout_hold_days;
}

int64_t market_fx(const struct market_rules *rules, int currency, int32_t day)
{
    int row = day < 0 ? 0 : day < rules->fx_days ? day : rules->fx_days - 1;
    return rules->fx_1e9[(size_t)currency * (size_t)rules->fx_days + (size_t)row];
}

/* Checks of one value each: they fill the problem with the bare field name as place. */
static enum err int_in(int64_t value, int64_t least, int64_t most, const char *field,
                       struct problem *problem)
{
    if (value >= least && value <= most)
        return ERR_OK;
    problem_set(problem, ERR_RANGE, ERR_INT(value), ERR_INT(least), ERR_INT(most));
    return problem_place(problem, "%s", field);
}

/* Also refuses NaN, since every comparison with it is false. */
static enum err real_in(double value, double least, double most, const char *field,
                        struct problem *problem)
{
    if (value >= least && value <= most)
        return ERR_OK;
    /* Shown in millionths; what is not finite shows as the far end of what fits. */
    int64_t shown = value > -9e11 && value < 9e11 ? (int64_t)(value * 1e6) : INT64_MAX;
    int64_t low = least > -9e11 ? (int64_t)(least * 1e6) : INT64_MIN;
    int64_t high = most < 9e11 ? (int64_t)(most * 1e6) : INT64_MAX;
    problem_set(problem, ERR_RANGE, ERR_DECIMAL(shown, 6), ERR_DECIMAL(low, 6),
                ERR_DECIMAL(high, 6));
    return problem_place(problem, "%s", field);
}

enum { MINOR_MAX = 1000000000, RATE_MAX = 1000000000 };

static enum err check_country(const struct market_rules *rules, const struct market_country *market,
                              struct problem *problem)
{
    TRY(int_in(market->currency, 0, rules->currency_count - 1, "currency", problem));
    for (size_t week = 0; week < COUNT_OF(market->season); week++)
        TRY(real_in(market->season[week], 0, 20, "season", problem));
    for (size_t day = 0; day < COUNT_OF(market->weekday); day++)
        TRY(real_in(market->weekday[day], 0, 7, "weekday", problem));
    TRY(real_in(market->growth, -0.95, 10, "growth", problem));
    return int_in(market->payout_hold_days, 0, 60, "payout_hold_days", problem);
}

static enum err check_nest(const struct market_rules *rules, int index, struct problem *problem)
{
    const struct market_nest *nest = &rules->nests[index];
    TRY(int_in(nest->market, 0, rules->market_count - 1, "market", problem));
    TRY(int_in(nest->channel, 0, rules->channel_count - 1, "channel", problem));
    TRY(int_in(nest->category, 0, rules->category_count - 1, "category", problem));
    TRY(real_in(nest->units_per_firm_day, 1e-6, 20000, "units_per_firm_day", problem));
    TRY(int_in(nest->price_ref_minor, 5, MINOR_MAX / 10, "price_ref", problem));
    TRY(int_in(nest->listings_ref, 1, MARKET_LISTINGS_MAX, "listings_ref", problem));
    TRY(int_in(nest->firms_expected, 0, 10000, "firms_expected", problem));
    TRY(real_in(nest->promise_ref_days, 0, MARKET_LANE_DAYS_MAX, "promise_ref_days", problem));
    TRY(real_in(nest->traffic_sd, 0, 0.25, "traffic_sd", problem));
    TRY(real_in(nest->dispersion, 0, 10, "dispersion", problem));
    TRY(int_in(nest->payout_hold_days, 0, 60, "payout_hold_days", problem));
    TRY(int_in(nest->referral_rate_1e9, 0, RATE_MAX / 2, "referral_rate", problem));
    TRY(int_in(nest->referral_minimum_minor, 0, MINOR_MAX, "referral_minimum", problem));
    if (market_nest_find(rules, nest->market, nest->channel, nest->category) != index) {
        problem_set(problem, ERR_FIELD_TWICE, ERR_CTEXT("market, channel, category"));
        return problem_place(problem, "%s", "market");
    }
    return ERR_OK;
}

static enum err check_product(const struct market_rules *rules,
                              const struct market_product *product, struct problem *problem)
{
    TRY(int_in(product->category, 0, rules->category_count - 1, "category", problem));
    TRY(int_in(product->weight_g, 1, 1000000, "weight_g", problem));
    TRY(int_in(product->length_mm, 0, 10000, "length_mm", problem));
    TRY(int_in(product->width_mm, 0, 10000, "width_mm", problem));
    TRY(int_in(product->height_mm, 0, 10000, "height_mm", problem));
    TRY(real_in(product->appeal, -5, 5, "appeal", problem));
    for (int m = 0; m < rules->market_count; m++) {
        TRY(int_in(product->fulfil_fee_minor[m], 0, MINOR_MAX, "fulfil_fee", problem));
        TRY(int_in(product->storage_fee_1e9[m], 0, INT64_C(1000000) * RATE_MAX, "storage_fee",
                   problem));
    }
    return ERR_OK;
}

static enum err check_supplier(const struct market_rules *rules,
                               const struct market_supplier *supplier, struct problem *problem)
{
    TRY(int_in(supplier->product, 0, rules->product_count - 1, "product", problem));
    TRY(int_in(supplier->break_count, 1, MARKET_BREAKS_MAX, "breaks", problem));
    for (int b = 0; b < supplier->break_count; b++) {
        int64_t before = b == 0 ? 0 : supplier->breaks[b - 1].units_min;
        TRY(int_in(supplier->breaks[b].units_min, before + 1, 1000000, "breaks", problem));
        TRY(int_in(supplier->breaks[b].price_minor, 1, MINOR_MAX, "breaks", problem));
    }
    TRY(int_in(supplier->lead_days_min, 0, 180, "lead_days_min", problem));
    TRY(real_in(supplier->lead_gamma_mean, 0, 180, "lead_gamma_mean", problem));
    TRY(real_in(supplier->lead_gamma_sd, 0, 180, "lead_gamma_sd", problem));
    TRY(real_in(supplier->defect_rate, 0, 0.5, "defect_rate", problem));
    TRY(int_in(supplier->deposit_rate_1e9, 0, RATE_MAX, "deposit", problem));
    TRY(int_in(supplier->inspection_fee_minor, 0, MINOR_MAX, "inspection_fee", problem));
    return real_in(supplier->inspection_catch, 0, 1, "inspection_catch", problem);
}

static enum err check_lane(const struct market_rules *rules, const struct market_lane *lane,
                           struct problem *problem)
{
    TRY(int_in(lane->kind, LANE_DIRECT, LANE_LOCAL, "kind", problem));
    TRY(int_in(lane->market, 0, rules->market_count - 1, "market", problem));
    TRY(int_in(lane->days_min, 0, MARKET_LANE_DAYS_MAX, "days_min", problem));
    TRY(real_in(lane->gamma_mean, 0, 60, "gamma_mean", problem));
    TRY(real_in(lane->gamma_sd, 0, 60, "gamma_sd", problem));
    TRY(real_in(lane->loss_rate, 0, 0.5, "loss_rate", problem));
    TRY(int_in(lane->price_per_kg_minor, 0, MINOR_MAX, "price_per_kg", problem));
    TRY(int_in(lane->price_per_piece_minor, 0, MINOR_MAX, "price_per_piece", problem));
    TRY(int_in(lane->weight_step_g, 1, 1000000, "weight_step_g", problem));
    TRY(int_in(lane->volume_divisor, 0, 100000, "volume_divisor", problem));
    TRY(real_in(lane->freight_sd, 0, 0.1, "freight_sd", problem));
    TRY(real_in(lane->freight_jump_rate, 0, 0.1, "freight_jump_rate", problem));
    return real_in(lane->freight_jump, -0.7, 0.7, "freight_jump", problem);
}

static enum err check_demand(const struct market_demand *demand, struct problem *problem)
{
    double weights = 0;
    TRY(real_in(demand->lambda, 0.45, 0.69, "demand.lambda", problem));
    TRY(real_in(demand->inside_share, 0.05, 0.95, "demand.inside_share", problem));
    for (int g = 0; g < MARKET_SEGMENTS; g++) {
        TRY(real_in(demand->segment_weight[g], 0, 1, "demand.segment_weight", problem));
        TRY(real_in(demand->price_beta[g], 0, 20, "demand.price_beta", problem));
        weights += demand->segment_weight[g];
        if (demand->price_beta[g] / demand->lambda < 1.3 - 1e-12) {
            problem_set(problem, ERR_SCENARIO, ERR_CTEXT("price_beta / lambda < 1.3"));
            return problem_place(problem, "demand.price_beta[%d]", g);
        }
    }
    TRY(real_in(weights, 1 - 1e-9, 1 + 1e-9, "demand.segment_weight", problem));
    TRY(real_in(demand->rating_rho, 0, 5, "demand.rating_rho", problem));
    TRY(real_in(demand->review_rho, 0, 1, "demand.review_rho", problem));
    TRY(real_in(demand->brand_kappa, 0, 1, "demand.brand_kappa", problem));
    TRY(real_in(demand->rank_exponent, 0, 0.30, "demand.rank_exponent", problem));
    TRY(real_in(demand->luck_sd, 0, 0.5, "demand.luck_sd", problem));
    TRY(real_in(demand->rating_ref, 1, 5, "demand.rating_ref", problem));
    TRY(real_in(demand->views_per_shopper, 1, 1000, "demand.views_per_shopper", problem));
    if (demand->rank_exponent + demand->review_rho / demand->lambda > 0.55 + 1e-12) {
        problem_set(problem, ERR_SCENARIO, ERR_CTEXT("rank_exponent + review_rho / lambda > 0.55"));
        return problem_place(problem, "demand.rank_exponent");
    }
    return ERR_OK;
}

static enum err check_sizes(const struct market_rules *rules, struct problem *problem)
{
    TRY(int_in(rules->level, 1, MARKET_LEVEL_MAX, "level", problem));
    if (rules->level > MARKET_LEVEL_PLAYED) {
        problem_set(problem, ERR_LEVEL_CLOSED, ERR_INT(rules->level), ERR_INT(MARKET_LEVEL_PLAYED));
        return problem_place(problem, "level");
    }
    if (rules->round_days != 7 && rules->round_days != 14 && rules->round_days != 28) {
        problem_set(problem, ERR_CHOICE, ERR_INT(rules->round_days), ERR_CTEXT("7, 14, 28"));
        return problem_place(problem, "round_days");
    }
    TRY(int_in(rules->rounds, 1, MARKET_DAYS_MAX / rules->round_days, "rounds", problem));
    TRY(int_in(rules->firms, MARKET_FIRMS_MIN, MARKET_FIRMS_MAX, "firms", problem));
    TRY(int_in(rules->start_date, 0, 100000, "start_date", problem));
    TRY(int_in(rules->currency_count, 1, MARKET_CURRENCIES_MAX, "currencies", problem));
    TRY(int_in(rules->fx_days, 1, MARKET_DAYS_MAX, "fx_days", problem));
    TRY(int_in(rules->market_count, 1, MARKET_MARKETS_MAX, "markets", problem));
    TRY(int_in(rules->channel_count, 1, MARKET_CHANNELS_MAX, "channels", problem));
    TRY(int_in(rules->category_count, 1, MARKET_CATEGORIES_MAX, "categories", problem));
    TRY(int_in(rules->nest_count, 1, MARKET_NESTS_MAX, "nests", problem));
    TRY(int_in(rules->product_count, 1, MARKET_PRODUCTS_MAX, "products", problem));
    TRY(int_in(rules->supplier_count, 1, MARKET_SUPPLIERS_MAX, "suppliers", problem));
    TRY(int_in(rules->markets_max, 0, MARKET_MARKETS_MAX, "markets_max", problem));
    TRY(int_in(rules->listings_max, 0, MARKET_LISTINGS_MAX, "listings_max", problem));
    return int_in(rules->lane_count, 1, MARKET_LANES_MAX, "lanes", problem);
}

/* A field may open later than in the schema, not earlier: its part may be closed then. */
static enum err check_field_levels(const struct market_rules *rules, struct problem *problem)
{
    TRY(int_in(rules->field_level_count, 0, MARKET_FIELD_LEVELS_MAX, "levels", problem));
    for (int i = 0; i < rules->field_level_count; i++) {
        int field = rules->field_levels[i].field;
        TRY(int_in(field, 0, F_COUNT - 1, "levels", problem));
        const struct market_list_info *list =
            market_list_info(market_field_list((enum market_field)field));
        const struct market_field_info *info = &list->fields[market_field_index(
            market_field_list((enum market_field)field), (enum market_field)field)];
        enum err code =
            int_in(rules->field_levels[i].level, info->level, MARKET_LEVEL_MAX, "levels", problem);
        if (code != ERR_OK)
            return problem_place(problem, "levels.%s.%s", list->name, info->name);
    }
    return ERR_OK;
}

static enum err check_money(const struct market_rules *rules, struct problem *problem)
{
    for (int c = 0; c < rules->currency_count; c++)
        for (int d = 0; d < rules->fx_days; d++) {
            int64_t rate = market_fx(rules, c, d);
            TRY(int_in(rate, c == 0 ? RATE_ONE : 1, c == 0 ? RATE_ONE : 1000000 * RATE_ONE, "fx",
                       problem));
        }
    const struct market_finance *finance = &rules->finance;
    TRY(int_in(finance->cash_opening_minor, 0, INT64_C(100000) * MINOR_MAX, "finance.cash_opening",
               problem));
    TRY(int_in(finance->overdraft_limit_minor, 0, INT64_C(100000) * MINOR_MAX,
               "finance.overdraft_limit", problem));
    TRY(int_in(finance->overdraft_rate_1e9, 0, RATE_MAX, "finance.overdraft_rate", problem));
    TRY(int_in(finance->payroll_per_day_minor, 0, INT64_C(1000) * MINOR_MAX,
               "finance.payroll_per_day", problem));
    TRY(int_in(finance->conversion_fee_1e9, 0, RATE_MAX / 5, "finance.conversion_fee", problem));
    int64_t weights = 0;
    for (int i = 0; i < INDICATOR_COUNT; i++) {
        TRY(int_in(rules->score_weight_1e9[i], 0, RATE_ONE, "score_weight", problem));
        weights += rules->score_weight_1e9[i];
    }
    return int_in(weights, RATE_ONE, RATE_ONE, "score_weight", problem);
}

/* The exact Poisson quantile serves to a mean of one million units a day. */
enum { UNITS_PER_DAY_MAX = 1000000 };

static enum err check_volume(const struct market_rules *rules, int index, struct problem *problem)
{
    const struct market_nest *nest = &rules->nests[index];
    const struct market_country *market = &rules->markets[nest->market];
    double season = 0, weekday = 0, years = rules->rounds * rules->round_days / 365.0;
    for (size_t week = 0; week < COUNT_OF(market->season); week++)
        season = market->season[week] > season ? market->season[week] : season;
    for (size_t day = 0; day < COUNT_OF(market->weekday); day++)
        weekday = market->weekday[day] > weekday ? market->weekday[day] : weekday;
    /* Eight standard deviations of the weekly shock; the uniform cannot reach beyond. */
    double units = rules->firms * nest->units_per_firm_day / rules->demand.inside_share * season *
                   weekday * dm_pow(1 + market->growth, market->growth > 0 ? years : 0) *
                   dm_exp(8.3 * nest->traffic_sd);
    /* Social spending brings no more from outside than the firms' reference. */
    if (rules->promotion.open)
        units += rules->firms * nest->units_per_firm_day / rules->demand.inside_share;
    if (units <= UNITS_PER_DAY_MAX)
        return ERR_OK;
    problem_set(problem, ERR_LIMIT, ERR_CTEXT("units a day"), ERR_INT((int64_t)units),
                ERR_INT(UNITS_PER_DAY_MAX));
    return problem_place(problem, "nests[%d].units_per_firm_day", index);
}

static bool lane_exists(const struct market_rules *rules, int market, enum market_lane_kind kind)
{
    for (int l = 0; l < rules->lane_count; l++)
        if (rules->lanes[l].market == market && rules->lanes[l].kind == kind)
            return true;
    return false;
}

/* Every product can be bought and every market reached, or the world is not playable. */
static enum err check_complete(const struct market_rules *rules, struct problem *problem)
{
    for (int p = 0; p < rules->product_count; p++) {
        bool made = false;
        for (int s = 0; s < rules->supplier_count; s++)
            made = made || rules->suppliers[s].product == p;
        if (!made) {
            problem_set(problem, ERR_SCENARIO, ERR_CTEXT("no supplier makes this product"));
            return problem_place(problem, "products[%d]", p);
        }
    }
    for (int n = 0; n < rules->nest_count; n++) {
        int market = rules->nests[n].market;
        bool local = lane_exists(rules, market, LANE_LOCAL);
        if (local && !lane_exists(rules, market, LANE_BULK)) {
            problem_set(problem, ERR_SCENARIO,
                        ERR_CTEXT("a local lane needs a bulk lane that brings goods there"));
            return problem_place(problem, "markets[%d]", market);
        }
        if (!local && !lane_exists(rules, market, LANE_DIRECT)) {
            problem_set(problem, ERR_SCENARIO, ERR_CTEXT("no lane reaches this market's buyers"));
            return problem_place(problem, "markets[%d]", market);
        }
    }
    return ERR_OK;
}

/* A quote that lacks a row would stop a round halfway, so every day and way of entry is tried. */
static enum err check_crossing(const struct market_rules *rules, const struct market_nest *nest,
                               enum trade_mode mode, int32_t date, struct problem *problem)
{
    struct trade_item item = {.units = 1, .value_minor = nest->price_ref_minor};
    struct trade_request request = {.date = date, .mode = mode, .item_count = 1, .items = &item};
    struct trade_quote quote;
    memcpy(item.hs6, rules->categories[nest->category].hs6, sizeof(item.hs6));
    memcpy(item.origin, rules->origin[0] != '\0' ? rules->origin : "CN", 3);
    memcpy(request.market, rules->markets[nest->market].name.id, sizeof(request.market) - 1);
    return trade_quote_make(&rules->trade, &request, &quote, problem);
}

static enum err check_trade(const struct market_rules *rules, struct problem *problem)
{
    TRY(trade_rules_check(&rules->trade, problem));
    for (int n = 0; n < rules->nest_count; n++) {
        const struct market_nest *nest = &rules->nests[n];
        const char *market = rules->markets[nest->market].name.id;
        const char *hs6 = rules->categories[nest->category].hs6;
        for (int d = 0; d < rules->rounds * rules->round_days; d++) {
            int32_t date = rules->start_date + d;
            int64_t rate = 0;
            TRY(trade_tax_rate(&rules->trade, market, hs6, date, &rate, problem));
            TRY(check_crossing(rules, nest, TRADE_MODE_FREIGHT, date, problem));
            TRY(check_crossing(rules, nest, TRADE_MODE_PARCEL, date, problem));
        }
    }
    return ERR_OK;
}

/* Run a check over an array and put "nests[2]." in front of the place it names. */
#define CHECK_EACH(count, name, call)                                                              \
    for (int i = 0; i < (count); i++) {                                                            \
        enum err code_ = (call);                                                                   \
        if (code_ != ERR_OK) {                                                                     \
            problem_place_prefix(problem, name "[%d].", i);                                        \
            return code_;                                                                          \
        }                                                                                          \
    }

enum err market_rules_check(const struct market_rules *rules, struct problem *problem)
{
    TRY(check_sizes(rules, problem));
    TRY(check_field_levels(rules, problem));
    TRY(check_money(rules, problem));
    TRY(check_demand(&rules->demand, problem));
    CHECK_EACH(rules->market_count, "markets", check_country(rules, &rules->markets[i], problem))
    CHECK_EACH(rules->category_count, "categories",
               real_in(rules->categories[i].return_rate, 0, 0.9, "return_rate", problem))
    CHECK_EACH(rules->category_count, "categories",
               real_in(rules->categories[i].resale_fraction, 0, 1, "resale_fraction", problem))
    CHECK_EACH(rules->nest_count, "nests", check_nest(rules, i, problem))
    CHECK_EACH(rules->product_count, "products", check_product(rules, &rules->products[i], problem))
    CHECK_EACH(rules->supplier_count, "suppliers",
               check_supplier(rules, &rules->suppliers[i], problem))
    CHECK_EACH(rules->lane_count, "lanes", check_lane(rules, &rules->lanes[i], problem))
    for (int n = 0; n < rules->nest_count; n++)
        TRY(check_volume(rules, n, problem));
    TRY(check_complete(rules, problem));
    TRY(check_trade(rules, problem));
    TRY(market_promotion_rules_check(rules, problem));
    TRY(market_storefront_rules_check(rules, problem));
    TRY(market_customs_rules_check(&rules->customs, problem));
    TRY(market_finance_rules_check(&rules->loans, problem));
    TRY(market_compliance_check(&rules->compliance, problem));
    TRY(market_sourcing_check(rules, problem));
    return market_events_check(rules, problem);
}
