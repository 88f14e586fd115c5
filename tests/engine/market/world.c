#include "world.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/date.h"

static struct market_name named(const char *id)
{
    struct market_name name;
    memset(&name, 0, sizeof(name));
    snprintf(name.id, sizeof(name.id), "%s", id);
    snprintf(name.en, sizeof(name.en), "%s", id);
    snprintf(name.zh, sizeof(name.zh), "%s", id);
    return name;
}

static struct trade_rule rule(const char *market, const char *id, enum trade_kind kind,
                              enum trade_formula formula, int64_t rate)
{
    struct trade_rule row = {.kind = kind,
                             .mode = TRADE_MODE_ANY,
                             .formula = formula,
                             .base = TRADE_BASE_VALUE_DUTY_CHARGES,
                             .rate_1e9 = rate,
                             .threshold_high_minor = INT64_MAX,
                             .rounding = ROUND_HALF_UP,
                             .rounding_step_minor = 1,
                             .valid_from = 0,
                             .valid_to = INT32_MAX,
                             .announced_on = INT32_MIN,
                             .status = TRADE_IN_FORCE,
                             .confidence = TRADE_ASSUMED};
    snprintf(row.market, sizeof(row.market), "%s", market);
    snprintf(row.id, sizeof(row.id), "%s", id);
    snprintf(row.source, sizeof(row.source), "%s", "invented for a test");
    return row;
}

static void trade_fill(struct arena *arena, struct market_rules *rules)
{
    struct trade_rule *rows = ARENA_ARRAY(arena, struct trade_rule, 6);
    int n = 0;
    rows[n++] = rule("DE", "de-value", TRADE_VALUE, TRADE_FORMULA_CIF, 0);
    rows[n++] = rule("DE", "de-duty", TRADE_DUTY, TRADE_FORMULA_RATE, 27000000);
    rows[n++] = rule("DE", "de-tax", TRADE_TAX, TRADE_FORMULA_RATE, 190000000);
    rows[n++] = rule("GB", "gb-value", TRADE_VALUE, TRADE_FORMULA_CIF, 0);
    rows[n++] = rule("GB", "gb-duty", TRADE_DUTY, TRADE_FORMULA_RATE, 20000000);
    rows[n++] = rule("GB", "gb-tax", TRADE_TAX, TRADE_FORMULA_RATE, 200000000);
    rules->trade.rows = rows;
    rules->trade.count = n;
}

static void markets_fill(struct arena *arena, struct market_rules *rules,
                         const struct world_options *options)
{
    int count = options->second_market ? 2 : 1;
    struct market_country *markets = ARENA_ARRAY(arena, struct market_country, (size_t)count);
    struct market_nest *nests = ARENA_ARRAY(arena, struct market_nest, (size_t)count);
    for (int m = 0; m < count; m++) {
        markets[m].name = named(m == 0 ? "DE" : "GB");
        markets[m].currency = 1 + m;
        for (int week = 0; week < 53; week++)
            markets[m].season[week] = 1;
        for (int day = 0; day < 7; day++)
            markets[m].weekday[day] = 1;
        markets[m].payout_hold_days = 14;
        nests[m] =
            (struct market_nest){.market = m,
                                 .units_per_firm_day = options->b > 0 ? options->b : 8,
                                 .price_ref_minor = 2000,
                                 .listings_ref = options->products > 0 ? options->products : 3,
                                 .promise_ref_days = m == 0 ? 4 : 12,
                                 .traffic_sd = options->traffic_sd,
                                 .dispersion = options->dispersion,
                                 .referral_rate_1e9 = 150000000,
                                 .referral_minimum_minor = 30};
    }
    rules->markets = markets;
    rules->nests = nests;
    rules->market_count = rules->nest_count = count;
}

/* Every market's nest once more on a second channel, with its own fee, price and hold: an own shop
 * that takes less, pays sooner and has fewer visitors. */
void world_second_channel(struct arena *arena, struct market_rules *rules)
{
    int count = rules->nest_count;
    struct market_name *channels = ARENA_ARRAY(arena, struct market_name, 2);
    struct market_nest *nests = ARENA_ARRAY(arena, struct market_nest, 2 * (size_t)count);
    channels[0] = rules->channels[0];
    channels[1] = named("own");
    for (int n = 0; n < count; n++) {
        nests[n] = nests[count + n] = rules->nests[n];
        nests[count + n].channel = 1;
        nests[count + n].units_per_firm_day /= 2;
        nests[count + n].referral_rate_1e9 = 30000000;
        nests[count + n].referral_minimum_minor = 10;
        nests[count + n].payout_hold_days = 3;
    }
    rules->channels = channels;
    rules->channel_count = 2;
    rules->nests = nests;
    rules->nest_count = 2 * count;
}

static void goods_fill(struct arena *arena, struct market_rules *rules,
                       const struct world_options *options)
{
    static const char *const ids[] = {"case", "cable", "stand", "lamp", "ring", "cap"};
    int count = options->products > 0 ? options->products : 3;
    struct market_product *products = ARENA_ARRAY(arena, struct market_product, (size_t)count);
    struct market_supplier *suppliers = ARENA_ARRAY(arena, struct market_supplier, (size_t)count);
    for (int p = 0; p < count; p++) {
        products[p].name = named(ids[p % 6]);
        products[p].weight_g = 180;
        products[p].length_mm = 160;
        products[p].width_mm = 90;
        products[p].height_mm = 30;
        for (int m = 0; m < rules->market_count; m++) {
            products[p].fulfil_fee_minor[m] = 300;
            products[p].storage_fee_1e9[m] = 300000000; /* 0.3 of a cent a unit and day */
        }
        suppliers[p] = (struct market_supplier){.name = named("maker"),
                                                .product = p,
                                                .break_count = 3,
                                                .breaks = {{50, 4200}, {500, 3900}, {2000, 3600}},
                                                .lead_days_min = 5,
                                                .lead_gamma_mean = 2,
                                                .lead_gamma_sd = 1,
                                                .defect_rate = 0.02,
                                                .deposit_rate_1e9 = 300000000,
                                                .inspection_fee_minor = 60000,
                                                .inspection_catch = 0.8};
    }
    struct market_category *category = ARENA_ARRAY(arena, struct market_category, 1);
    category->name = named("accessories");
    memcpy(category->hs6, "392690", 7);
    category->return_rate = 0.08;
    category->resale_fraction = 0.6;
    rules->products = products;
    rules->suppliers = suppliers;
    rules->categories = category;
    rules->product_count = rules->supplier_count = count;
    rules->category_count = 1;
}

static struct market_lane lane(const char *id, enum market_lane_kind kind, int market, int days,
                               double mean, double sd)
{
    return (struct market_lane){.name = named(id),
                                .kind = kind,
                                .market = market,
                                .days_min = days,
                                .gamma_mean = mean,
                                .gamma_sd = sd,
                                .weight_step_g = 1};
}

static void lanes_fill(struct arena *arena, struct market_rules *rules,
                       const struct world_options *options)
{
    struct market_lane *lanes = ARENA_ARRAY(arena, struct market_lane, WORLD_LANES);
    lanes[WORLD_LANE_LINE] = lane("line", LANE_DIRECT, 0, 6, 4, 2.5);
    lanes[WORLD_LANE_LINE].price_per_kg_minor = 9000;
    lanes[WORLD_LANE_LINE].price_per_piece_minor = 1500;
    lanes[WORLD_LANE_LINE].loss_rate = 0.005;
    lanes[WORLD_LANE_SEA] = lane("sea", LANE_BULK, 0, 24, 9, 6);
    lanes[WORLD_LANE_SEA].price_per_kg_minor = 900;
    lanes[WORLD_LANE_SEA].price_per_piece_minor = 80000;
    lanes[WORLD_LANE_SEA].freight_sd = 0.036;
    lanes[WORLD_LANE_AIR] = lane("air", LANE_BULK, 0, 5, 3, 2);
    lanes[WORLD_LANE_AIR].price_per_kg_minor = 5500;
    lanes[WORLD_LANE_AIR].price_per_piece_minor = 30000;
    lanes[WORLD_LANE_DE] = lane("de-home", LANE_LOCAL, 0, 2, 1, 1);
    lanes[WORLD_LANE_POST_GB] =
        lane("post-gb", LANE_DIRECT, options->second_market ? 1 : 0, 12, 10, 6);
    lanes[WORLD_LANE_POST_GB].price_per_kg_minor = 7000;
    lanes[WORLD_LANE_POST_GB].price_per_piece_minor = 1200;
    lanes[WORLD_LANE_POST_GB].loss_rate = 0.015;
    rules->lanes = lanes;
    rules->lane_count = WORLD_LANES;
}

static void money_fill(struct arena *arena, struct market_rules *rules)
{
    static const char *const codes[] = {"CNY", "EUR", "GBP"};
    static const int64_t rates[] = {RATE_ONE, 7900000000, 9300000000};
    int64_t *fx = ARENA_ARRAY(arena, int64_t, 3);
    for (int c = 0; c < 3; c++) {
        if (!currency_from_code(str_from_c(codes[c]), &rules->currencies[c]))
            return;
        fx[c] = rates[c];
    }
    rules->currency_count = 3;
    rules->fx_days = 1;
    rules->fx_1e9 = fx;
    rules->finance = (struct market_finance){.cash_opening_minor = 20000000,
                                             .overdraft_limit_minor = 5000000,
                                             .overdraft_rate_1e9 = 120000000,
                                             .payroll_per_day_minor = 20000,
                                             .conversion_fee_1e9 = 5000000};
    for (int i = 0; i < INDICATOR_COUNT; i++)
        rules->score_weight_1e9[i] = RATE_ONE / INDICATOR_COUNT;
}

/* Level 2: 7.10 CNY a dollar, as good as any for a test. */
static void level2_fill(struct market_rules *rules)
{
    const int64_t usd_minor = 710;
    struct market_nest *nests = (struct market_nest *)(uintptr_t)rules->nests;
    rules->level = 2;
    market_promotion_defaults(&rules->promotion, usd_minor);
    market_storefront_defaults(&rules->storefront, usd_minor);
    market_customs_defaults(&rules->customs, usd_minor);
    market_finance_defaults(&rules->loans, usd_minor);
    market_compliance_defaults(&rules->compliance, usd_minor);
    market_sourcing_defaults(&rules->sourcing, usd_minor);
    for (int n = 0; n < rules->nest_count; n++) {
        nests[n].query_count = 2;
        nests[n].queries[0] = (struct market_query_group){
            .term = "phone case", .weight = 0.6, .waste_term = "free", .waste = 0.1};
        nests[n].queries[1] = (struct market_query_group){
            .term = "cover", .weight = 0.4, .waste_term = "leather", .waste = 0.2};
    }
}

struct market_rules *world_rules(struct arena *arena, const struct world_options *options)
{
    struct market_rules *rules = ARENA_NEW(arena, struct market_rules);
    static const struct market_demand demand = {.segment_weight = {0.35, 0.45, 0.20},
                                                .price_beta = {2.4, 1.6, 0.9},
                                                .lambda = 0.6,
                                                .inside_share = 0.6,
                                                .rating_rho = 0.25,
                                                .review_rho = 0.14,
                                                .brand_kappa = 0.072,
                                                .rank_exponent = 0.15,
                                                .rating_ref = 4.2,
                                                .views_per_shopper = 10};
    snprintf(rules->id, sizeof(rules->id), "%s", "test-world");
    rules->level = 1;
    rules->start_date = date_from_civil((struct civil){2026, 2, 2}); /* a Monday */
    rules->round_days = options->round_days > 0 ? options->round_days : 14;
    rules->rounds = 12;
    rules->firms = options->firms > 0 ? options->firms : 12;
    rules->warm_start = !options->cold;
    rules->demand = demand;
    rules->demand.luck_sd = options->luck_sd;
    struct market_name *channel = ARENA_NEW(arena, struct market_name);
    *channel = named("shop");
    rules->channels = channel;
    rules->channel_count = 1;
    markets_fill(arena, rules, options);
    goods_fill(arena, rules, options);
    lanes_fill(arena, rules, options);
    money_fill(arena, rules);
    trade_fill(arena, rules);
    if (options->level2)
        level2_fill(rules);
    if (options->second_channel)
        world_second_channel(arena, rules);
    return rules;
}

struct market_key world_key(const char *seed)
{
    return (struct market_key){.seed = rng_key_from_text(str_from_c(seed)), .world = 0};
}

struct market_decisions world_nothing(struct arena *arena, const struct market_rules *rules)
{
    return (struct market_decisions){
        .firm_count = rules->firms,
        .firms = ARENA_ARRAY(arena, struct market_seat_decisions, (size_t)rules->firms)};
}
