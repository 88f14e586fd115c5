#include "policy_rules.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "core/date.h"
#include "engine/market/decisions.h"

static struct market_name named(const char *prefix, int number)
{
    struct market_name name = {0};
    size_t length = strlen(prefix);
    memcpy(name.id, prefix, length);
    if (number >= 0) {
        name.id[length] = (char)('a' + number / 26);
        name.id[length + 1] = (char)('a' + number % 26);
    }
    memcpy(name.en, name.id, sizeof(name.en));
    memcpy(name.zh, name.id, sizeof(name.zh));
    return name;
}

static struct trade_rule rule_of(const char *market, enum trade_kind kind,
                                 enum trade_formula formula, int64_t rate)
{
    struct trade_rule row = {
        .kind = kind,
        .formula = formula,
        .base = kind == TRADE_TAX ? TRADE_BASE_VALUE_DUTY_CHARGES : TRADE_BASE_VALUE,
        .rate_1e9 = rate,
        .threshold_high_minor = INT64_MAX,
        .rounding_step_minor = 1,
        .valid_from = INT32_MIN,
        .valid_to = INT32_MAX,
        .announced_on = INT32_MIN,
        .status = TRADE_IN_FORCE,
        .confidence = TRADE_ASSUMED,
    };
    static const char *const ids[] = {"value", "duty", "charge", "tax", "handling"};
    memcpy(row.market, market, 2);
    memcpy(row.id, ids[kind], strlen(ids[kind]));
    memcpy(row.source, "invented", 8);
    return row;
}

/* Value, duty, the parcel's duty and tax of a market, in their order. */
static int trade_put(struct trade_rule *rows, const char *market, int64_t duty, int64_t tax)
{
    rows[0] = rule_of(market, TRADE_VALUE, TRADE_FORMULA_CIF, 0);
    rows[1] = rule_of(market, TRADE_DUTY, TRADE_FORMULA_RATE, duty);
    rows[2] = rule_of(market, TRADE_DUTY, TRADE_FORMULA_PER_LINE, 0);
    rows[2].mode = TRADE_MODE_PARCEL;
    rows[2].amount_minor = 300;
    rows[2].threshold_high_minor = 15000;
    memcpy(rows[2].id, "line", 5);
    rows[3] = rule_of(market, TRADE_TAX, TRADE_FORMULA_RATE, tax);
    return 4;
}

static struct market_country country_of(const char *id, int currency)
{
    struct market_country country = {
        .name = named(id, -1), .currency = currency, .payout_hold_days = 14};
    for (int week = 0; week < 53; week++)
        country.season[week] = 1;
    for (int day = 0; day < 7; day++)
        country.weekday[day] = 1;
    return country;
}

static void frame_fill(struct arena *arena, struct market_rules *rules)
{
    static const struct market_demand demand = {
        .segment_weight = {0.35, 0.45, 0.20},
        .price_beta = {2.4, 1.6, 0.9},
        .lambda = 0.6,
        .inside_share = 0.6,
        .rating_rho = 0.25,
        .review_rho = 0.14,
        .brand_kappa = 0.072,
        .rank_exponent = 0.15,
        .luck_sd = 0.05,
        .rating_ref = 4.2,
        .views_per_shopper = 10,
    };
    static const char *const codes[] = {"CNY", "EUR", "GBP", "JPY"};
    static const int64_t rates[] = {RATE_ONE, 7900000000, 9300000000, 42000000};
    int64_t *fx = ARENA_ARRAY(arena, int64_t, 4);
    for (int c = 0; c < 4; c++) {
        memcpy(rules->currencies[c].code, codes[c], 4);
        fx[c] = rates[c];
    }
    memcpy(rules->id, "policy-test", 12);
    rules->level = 1;
    rules->start_date = date_from_civil((struct civil){2026, 2, 2});
    rules->round_days = 14;
    rules->rounds = 12;
    rules->firms = 12;
    rules->demand = demand;
    rules->currency_count = 4;
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

struct market_rules *shop_rules(struct arena *arena)
{
    struct market_rules *rules = ARENA_NEW(arena, struct market_rules);
    frame_fill(arena, rules);
    struct market_country *market = ARENA_NEW(arena, struct market_country);
    *market = country_of("DE", 1);
    struct market_name *channel = ARENA_NEW(arena, struct market_name);
    *channel = named("shop", -1);
    struct market_category *category = ARENA_NEW(arena, struct market_category);
    category->name = named("accessories", -1);
    memcpy(category->hs6, "392690", 7);
    struct market_nest *nest = ARENA_NEW(arena, struct market_nest);
    *nest = (struct market_nest){.units_per_firm_day = 8,
                                 .price_ref_minor = 2000,
                                 .listings_ref = 1,
                                 .promise_ref_days = 4,
                                 .referral_rate_1e9 = 150000000,
                                 .referral_minimum_minor = 30};
    struct market_product *product = ARENA_NEW(arena, struct market_product);
    *product = (struct market_product){.name = named("case", -1),
                                       .weight_g = 180,
                                       .length_mm = 160,
                                       .width_mm = 90,
                                       .height_mm = 30,
                                       .fulfil_fee_minor = {300}};
    struct market_supplier *supplier = ARENA_NEW(arena, struct market_supplier);
    *supplier = (struct market_supplier){.name = named("maker", -1),
                                         .break_count = 2,
                                         .breaks = {{50, 4200}, {500, 3900}},
                                         .lead_days_min = 5,
                                         .lead_gamma_mean = 2,
                                         .lead_gamma_sd = 1,
                                         .defect_rate = 0.02,
                                         .deposit_rate_1e9 = 300000000,
                                         .inspection_fee_minor = 60000,
                                         .inspection_catch = 0.8};
    struct market_lane *lanes = ARENA_ARRAY(arena, struct market_lane, 3);
    lanes[SHOP_SEA] = (struct market_lane){.name = named("sea", -1),
                                           .kind = LANE_BULK,
                                           .days_min = 24,
                                           .gamma_mean = 9,
                                           .gamma_sd = 6,
                                           .price_per_kg_minor = 900,
                                           .price_per_piece_minor = 80000,
                                           .weight_step_g = 1000};
    lanes[SHOP_LOCAL] = (struct market_lane){.name = named("local", -1),
                                             .kind = LANE_LOCAL,
                                             .days_min = 2,
                                             .gamma_mean = 1,
                                             .gamma_sd = 1,
                                             .weight_step_g = 1};
    lanes[SHOP_LINE] = (struct market_lane){.name = named("line", -1),
                                            .kind = LANE_DIRECT,
                                            .days_min = 6,
                                            .gamma_mean = 4,
                                            .gamma_sd = 2.5,
                                            .price_per_kg_minor = 9000,
                                            .price_per_piece_minor = 1500,
                                            .weight_step_g = 100,
                                            .volume_divisor = 5000};
    struct trade_rule *rows = ARENA_ARRAY(arena, struct trade_rule, 4);
    rules->trade.count = trade_put(rows, "DE", 27000000, 190000000);
    rules->trade.rows = rows;
    rules->markets = market;
    rules->channels = channel;
    rules->categories = category;
    rules->nests = nest;
    rules->products = product;
    rules->suppliers = supplier;
    rules->lanes = lanes;
    rules->market_count = rules->channel_count = rules->category_count = rules->nest_count = 1;
    rules->product_count = rules->supplier_count = 1;
    rules->lane_count = 3;
    return rules;
}

static struct market_observation *seen_new(struct arena *arena, const struct market_rules *rules,
                                           int listings)
{
    struct market_observation *seen = ARENA_NEW(arena, struct market_observation);
    struct market_lane_view *lanes =
        ARENA_ARRAY(arena, struct market_lane_view, (size_t)rules->lane_count);
    for (int l = 0; l < rules->lane_count; l++) {
        const struct market_lane *lane = &rules->lanes[l];
        lanes[l] = (struct market_lane_view){.lane = l,
                                             .days_mean_60 = lane->days_min + lane->gamma_mean,
                                             .days_p80_60 = lane->days_min + lane->gamma_mean + 1,
                                             .days_sure_60 = lane->days_min + lane->gamma_mean + 2,
                                             .price_per_kg_minor = lane->price_per_kg_minor};
    }
    seen->version = MARKET_OBSERVATION_VERSION;
    seen->rules = rules;
    seen->date = rules->start_date;
    seen->lanes = lanes;
    seen->lane_count = rules->lane_count;
    seen->listings = ARENA_ARRAY(arena, struct market_listing_view, (size_t)listings + 1);
    seen->listing_count = listings;
    seen->cash_minor[0] = rules->finance.cash_opening_minor;
    seen->equity_minor = seen->equity_opening_minor = rules->finance.cash_opening_minor;
    return seen;
}

struct market_observation *shop_seen(struct arena *arena, const struct market_rules *rules,
                                     int units)
{
    struct market_observation *seen = seen_new(arena, rules, 0);
    struct market_listing_view *view = ARENA_NEW(arena, struct market_listing_view);
    *view = (struct market_listing_view){
        .live = true, .price_minor = 2000, .lane = SHOP_LOCAL, .promise_days = 4};
    for (int d = 0; d < MARKET_HISTORY_DAYS; d++) {
        view->units_sold[d] = units;
        view->in_stock[d] = 1;
    }
    seen->listings = view;
    seen->listing_count = 1;
    return seen;
}

/* ---- random ---- */

struct dice {
    struct rng_key key;
    int32_t number;
    uint32_t index;
};

static int64_t roll(struct dice *dice, int64_t least, int64_t most)
{
    struct rng_words words = rng_at(dice->key, 24, 0, dice->number, 0, 0, dice->index++);
    return least + (int64_t)rng_below(words.word[0], (uint64_t)(most - least) + 1);
}

static bool chance(struct dice *dice, int percent)
{
    return roll(dice, 0, 99) < percent;
}

/* From 1 to 10^digits, every order of magnitude alike. */
static int64_t roll_wide(struct dice *dice, int digits)
{
    int64_t most = 1;
    for (int64_t d = roll(dice, 1, digits); d > 0; d--)
        most *= 10;
    return roll(dice, 1, most);
}

static void random_markets(struct arena *arena, struct dice *dice, struct market_rules *rules)
{
    static const char *const ids[] = {"AU", "DE", "GB", "JP"};
    int count = (int)roll(dice, 1, 4), categories = (int)roll(dice, 1, 3);
    int channels = (int)roll(dice, 1, 2), nests = 0;
    struct market_country *markets = ARENA_ARRAY(arena, struct market_country, 4);
    struct market_name *names = ARENA_ARRAY(arena, struct market_name, 2);
    struct market_category *category = ARENA_ARRAY(arena, struct market_category, 3);
    struct market_nest *nest = ARENA_ARRAY(arena, struct market_nest, 24);
    struct trade_rule *rows = ARENA_ARRAY(arena, struct trade_rule, 16);
    for (int m = 0; m < count; m++) {
        markets[m] = country_of(ids[m], (int)roll(dice, 0, 3));
        for (int week = 0; week < 53; week++)
            markets[m].season[week] = chance(dice, 5) ? 0 : (double)roll(dice, 5, 20) / 10;
        rules->trade.count += trade_put(rows + rules->trade.count, ids[m], roll(dice, 0, 400000000),
                                        roll(dice, 0, 300000000));
    }
    for (int c = 0; c < categories; c++) {
        category[c].name = named("category", c);
        memcpy(category[c].hs6, "392690", 7);
        category[c].return_rate = 0.1;
    }
    for (int c = 0; c < channels; c++)
        names[c] = named("channel", c);
    for (int m = 0; m < count; m++)
        for (int c = 0; c < channels; c++)
            for (int k = 0; k < categories; k++)
                if (nests == 0 || chance(dice, 80))
                    nest[nests++] = (struct market_nest){
                        .market = m,
                        .channel = c,
                        .category = k,
                        .units_per_firm_day = (double)roll_wide(dice, 4) / 10,
                        .price_ref_minor = 4 + roll_wide(dice, 7),
                        .listings_ref = (int)roll(dice, 1, 24),
                        .promise_ref_days = (double)roll(dice, 0, 63),
                        .traffic_sd = 0.08,
                        .referral_rate_1e9 = roll(dice, 0, 500000000),
                        .referral_minimum_minor = roll(dice, 0, 1000),
                    };
    rules->markets = markets;
    rules->market_count = count;
    rules->channels = names;
    rules->channel_count = channels;
    rules->categories = category;
    rules->category_count = categories;
    rules->nests = nest;
    rules->nest_count = nests;
    rules->trade.rows = rows;
}

static void random_goods(struct arena *arena, struct dice *dice, struct market_rules *rules)
{
    int count = (int)roll(dice, 1, chance(dice, 30) ? 24 : 4), makers = 0;
    struct market_product *products = ARENA_ARRAY(arena, struct market_product, 24);
    struct market_supplier *suppliers = ARENA_ARRAY(arena, struct market_supplier, 24);
    for (int p = 0; p < count; p++) {
        products[p] = (struct market_product){
            .name = named("product", p),
            .category = (int)roll(dice, 0, rules->category_count - 1),
            .weight_g = (int)roll_wide(dice, 5),
            .length_mm = (int)roll(dice, 0, 1000),
            .width_mm = (int)roll(dice, 0, 1000),
            .height_mm = (int)roll(dice, 0, 1000),
        };
        for (int m = 0; m < rules->market_count; m++)
            products[p].fulfil_fee_minor[m] = roll(dice, 0, 2000);
    }
    for (int p = 0; p < count || (makers < 24 && chance(dice, 60)); p++) {
        struct market_supplier *row = &suppliers[makers];
        *row = (struct market_supplier){
            .name = named("maker", makers),
            .product = p % count,
            .break_count = (int)roll(dice, 1, 3),
            .lead_days_min = (int)roll(dice, 0, chance(dice, 10) ? 180 : 30),
            .lead_gamma_mean = (double)roll(dice, 0, 10),
            .lead_gamma_sd = (double)roll(dice, 0, 5),
            .defect_rate = (double)roll(dice, 0, 50) / 100,
            .deposit_rate_1e9 = roll(dice, 0, 1000000000),
            .inspection_fee_minor = roll(dice, 0, 100000),
            .inspection_catch = (double)roll(dice, 0, 100) / 100,
        };
        for (int b = 0; b < row->break_count; b++)
            row->breaks[b] = (struct market_break){(b == 0 ? 0 : row->breaks[b - 1].units_min) +
                                                       roll_wide(dice, 5),
                                                   roll_wide(dice, 6)};
        makers++;
    }
    rules->products = products;
    rules->product_count = count;
    rules->suppliers = suppliers;
    rules->supplier_count = makers;
}

static void random_lanes(struct arena *arena, struct dice *dice, struct market_rules *rules)
{
    struct market_lane *lanes = ARENA_ARRAY(arena, struct market_lane, 32);
    int count = 0;
    for (int m = 0; m < rules->market_count; m++) {
        bool local = chance(dice, 60), direct = !local || chance(dice, 50);
        const enum market_lane_kind kinds[] = {LANE_LOCAL, LANE_BULK, LANE_BULK, LANE_DIRECT,
                                               LANE_DIRECT};
        for (size_t k = 0; k < COUNT_OF(kinds); k++) {
            bool wanted = kinds[k] == LANE_DIRECT  ? direct
                          : kinds[k] == LANE_LOCAL ? local
                                                   : local || chance(dice, 30);
            if (!wanted)
                continue;
            lanes[count] = (struct market_lane){
                .name = named("lane", count),
                .kind = kinds[k],
                .market = m,
                .days_min = (int)roll(dice, 0, 63),
                .gamma_mean = (double)roll(dice, 0, 20),
                .gamma_sd = (double)roll(dice, 0, 8),
                .price_per_kg_minor = roll(dice, 0, 20000),
                .price_per_piece_minor = roll(dice, 0, 100000),
                .weight_step_g = (int)roll_wide(dice, 4),
                .volume_divisor = chance(dice, 50) ? 5000 : 0,
            };
            count++;
        }
    }
    rules->lanes = lanes;
    rules->lane_count = count;
}

struct market_rules *random_rules(struct arena *arena, struct rng_key key, int32_t number)
{
    struct dice dice = {.key = key, .number = number};
    static const int lengths[] = {7, 14, 28};
    struct market_rules *rules = ARENA_NEW(arena, struct market_rules);
    frame_fill(arena, rules);
    rules->round_days = lengths[roll(&dice, 0, 2)];
    rules->rounds = (int)roll(&dice, 1, 26);
    rules->firms = (int)roll(&dice, 1, 24);
    rules->finance.cash_opening_minor = chance(&dice, 30) ? 0 : roll_wide(&dice, 10);
    random_markets(arena, &dice, rules);
    random_goods(arena, &dice, rules);
    random_lanes(arena, &dice, rules);
    return rules;
}

void random_level2(struct market_rules *rules, struct rng_key key, int32_t number)
{
    struct dice dice = {.key = key, .number = number, .index = 200000};
    /* The arrays are the test's own: it may change them before the check. */
    struct market_nest *nests = (struct market_nest *)(uintptr_t)rules->nests;
    struct market_supplier *suppliers = (struct market_supplier *)(uintptr_t)rules->suppliers;
    rules->level = 2;
    market_promotion_defaults(&rules->promotion, 710);
    market_storefront_defaults(&rules->storefront, 710);
    market_customs_defaults(&rules->customs, 710);
    market_finance_defaults(&rules->loans, 710);
    market_compliance_defaults(&rules->compliance, 710);
    market_sourcing_defaults(&rules->sourcing, 710);
    for (int n = 0; n < rules->nest_count; n++) {
        nests[n].query_count = (int)roll(&dice, 0, MARKET_QUERIES_MAX);
        for (int q = 0; q < nests[n].query_count; q++) {
            nests[n].queries[q] = (struct market_query_group){.weight = 1.0 / nests[n].query_count};
            memset(nests[n].queries[q].term, 'a' + q, (size_t)roll(&dice, 1, MARKET_WORD_MAX - 1));
            if (chance(&dice, 50))
                memset(nests[n].queries[q].waste_term, 'k' + q, (size_t)roll(&dice, 1, 31));
        }
    }
    for (int s = 0; s < rules->supplier_count; s++)
        suppliers[s].bot =
            (struct market_bot_supplier){.bot = chance(&dice, 33),
                                         .cost_minor = roll_wide(&dice, 6),
                                         .margin = (double)roll(&dice, 0, 100) / 100,
                                         .quantity_ref = (double)roll_wide(&dice, 4),
                                         .capacity_per_day = (double)roll_wide(&dice, 4)};
    if (chance(&dice, 50)) {
        rules->markets_max = (int)roll(&dice, 0, 2);
        rules->listings_max = (int)roll(&dice, 0, 8);
    }
    for (int i = (int)roll(&dice, 0, 6); i > 0 && chance(&dice, 50); i--)
        rules->field_levels[rules->field_level_count++] =
            (struct market_field_level){(int)roll(&dice, F_reorders_product, F_team_exit_plan), 3};
}

/* What the parts of level 2 show, some of it impossible. */
static void random_seen_level2(struct arena *arena, struct dice *dice,
                               const struct market_rules *rules, struct market_observation *seen)
{
    struct market_certificate_view *certificates =
        ARENA_ARRAY(arena, struct market_certificate_view, 64);
    struct market_listing_view *views = (struct market_listing_view *)(uintptr_t)seen->listings;
    for (int m = 0; m < rules->market_count; m++) {
        seen->responsible[m] = chance(dice, 50);
        seen->customs[m] =
            (struct market_customs_view){.ioss = chance(dice, 50),
                                         .vat = chance(dice, 50),
                                         .refund_open_minor = roll_wide(dice, 12) - 1};
        for (int p = 0; p < rules->product_count && seen->certificate_count < 64; p++)
            if (chance(dice, 50))
                certificates[seen->certificate_count++] =
                    (struct market_certificate_view){.product = p, .market = m};
    }
    for (int i = 0; i < seen->listing_count; i++) {
        views[i].round_clicks = chance(dice, 50) ? roll_wide(dice, 5) : 0;
        views[i].round_ads_minor = roll_wide(dice, 7) - 1;
        views[i].round_views = roll_wide(dice, 6) - 1;
        views[i].round_gross_minor = roll_wide(dice, 9) - 100;
        views[i].relevance = chance(dice, 50) ? 1 : 0.7;
        views[i].bundle_units = 1;
        for (int q = 0; q < MARKET_QUERIES_MAX; q++)
            views[i].campaigns[q].bid_minor = roll(dice, 0, 100);
    }
    seen->certificates = certificates;
}

static void random_listing(struct dice *dice, const struct market_rules *rules, int product,
                           int nest, struct market_listing_view *view)
{
    *view = (struct market_listing_view){
        .product = product,
        .market = rules->nests[nest].market,
        .channel = rules->nests[nest].channel,
        .nest = nest,
        .live = chance(dice, 90),
        .price_minor = chance(dice, 10) ? 0 : roll_wide(dice, 8),
        .coupon_minor = roll(dice, 0, 500),
        .lane = -1,
        .promise_days = (int)roll(dice, 1, 63),
    };
    int most = (int)roll_wide(dice, chance(dice, 5) ? 6 : 3);
    for (int d = 0; d < MARKET_HISTORY_DAYS; d++) {
        view->units_sold[d] = (int32_t)roll(dice, 0, most);
        view->units_lost[d] = chance(dice, 20) ? (int32_t)roll(dice, 0, most) : 0;
        view->in_stock[d] = chance(dice, 80);
    }
}

static int random_listings(struct dice *dice, const struct market_rules *rules,
                           struct market_listing_view *views)
{
    int count = 0;
    for (int p = 0; p < rules->product_count; p++)
        for (int n = 0; n < rules->nest_count; n++)
            if (rules->nests[n].category == rules->products[p].category &&
                count < MARKET_LISTINGS_MAX && chance(dice, 50))
                random_listing(dice, rules, p, n, &views[count++]);
    return count;
}

struct market_observation *random_seen(struct arena *arena, const struct market_rules *rules,
                                       struct rng_key key, int32_t number)
{
    struct dice dice = {.key = key, .number = number, .index = 100000};
    struct market_observation *seen = seen_new(arena, rules, 0);
    struct market_listing_view *views =
        ARENA_ARRAY(arena, struct market_listing_view, MARKET_LISTINGS_MAX);
    struct market_stock_view *stock = ARENA_ARRAY(arena, struct market_stock_view, 64);
    struct market_order_view *orders = ARENA_ARRAY(arena, struct market_order_view, 8);
    struct market_shipment_view *shipments = ARENA_ARRAY(arena, struct market_shipment_view, 8);
    seen->round = (int)roll(&dice, 0, rules->rounds - 1);
    seen->day = seen->round * rules->round_days;
    seen->date = rules->start_date + seen->day;
    seen->listings = views;
    seen->listing_count = chance(&dice, 20) ? 0 : random_listings(&dice, rules, views);
    for (int p = 0; p < rules->product_count; p++)
        for (int place = 0; place <= rules->market_count && seen->stock_count < 64; place++)
            if (chance(&dice, 40))
                stock[seen->stock_count++] = (struct market_stock_view){
                    p, place, roll_wide(&dice, chance(&dice, 5) ? 9 : 4), roll_wide(&dice, 9), 0};
    for (int o = (int)roll(&dice, 0, 8); o > 0; o--) {
        int s = (int)roll(&dice, 0, rules->supplier_count - 1);
        orders[seen->order_count++] =
            (struct market_order_view){.product = rules->suppliers[s].product,
                                       .supplier = s,
                                       .lane = -1,
                                       .units = roll_wide(&dice, 5),
                                       .open_minor = roll_wide(&dice, 8)};
    }
    for (int l = 0; l < rules->lane_count && seen->shipment_count < 8; l++)
        if (rules->lanes[l].kind == LANE_BULK)
            shipments[seen->shipment_count++] =
                (struct market_shipment_view){.product = 0,
                                              .lane = l,
                                              .market = rules->lanes[l].market,
                                              .units = roll_wide(&dice, 4)};
    seen->stock = stock;
    seen->orders = orders;
    seen->shipments = shipments;
    for (int c = 0; c < rules->currency_count; c++) {
        seen->cash_minor[c] = roll_wide(&dice, 10) - (chance(&dice, 20) ? 5000000000 : 0);
        seen->receivable_minor[c] = roll(&dice, -10000, 1000000);
        seen->tax_due_minor[c] = roll(&dice, -100000, 1000000);
    }
    seen->supplier_due_minor = roll_wide(&dice, 9);
    seen->in_administration = chance(&dice, 5);
    if (rules->level >= 2)
        random_seen_level2(arena, &dice, rules, seen);
    return seen;
}
