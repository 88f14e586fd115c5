#include "app/training/calibrate_supply.h"

#include <math.h>
#include <stdio.h>

#include "app/training/calibrate_names.h"
#include "app/training/calibrate_publish.h"
#include "app/training/trade_rules_read.h"
#include "core/arena.h"
#include "core/detmath.h"
#include "core/file.h"
#include "engine/market/policy.h"

/* All *assumed*: shares of the reference price or of a day's takings. */
#define STEADY_MARKUP (3.2 / 2.2)
#define LANDED_SHARE 0.50    /* of the break-even price, in the largest market */
#define SEA_SHARE 0.03       /* of p_ref: freight by sea, which gives the weight */
#define DENSITY 0.25         /* kilograms a cubic decimetre */
#define SHIPMENT_SHARE 0.02  /* of a month's takings: the fixed price of a shipment, at most */
#define STORAGE_SHARE 0.0003 /* of p_ref, a unit and day */
#define CASH_DAYS 10.0
#define OVERDRAFT_DAYS 20.0
#define PAYROLL_SHARE 0.06 /* of takings */

enum {
    SHIPMENT_DAYS = 30,
    WEIGHT_LEAST_G = 10,
    WEIGHT_MOST_G = 3000,
    LANE_SEA = 0,
    LANE_AIR = 1,
    LANE_HERE = 2, /* from the warehouse abroad */
    LANE_PARCEL = 3,
    SOLVE_STEPS = 40,
};

struct supply {
    struct arena *arena;
    const struct calibration *fit;
    const struct calibrate_facts *facts;
    struct scenario *scenario;
    struct market_rules *rules;
    struct market_product *products;
    struct market_supplier *suppliers;
    struct market_lane *lanes;
};

static void assume(struct supply *supply, const char *list, int index, const char *field)
{
    scenario_figure_set(supply->arena, supply->scenario, ORIGIN_ASSUMED, -1, 0, NULL, "%s[%d].%s",
                        list, index, field);
}

static void assume_market(struct supply *supply, int product, const char *field, int market)
{
    scenario_figure_set(supply->arena, supply->scenario, ORIGIN_ASSUMED, -1, 0, NULL,
                        "products[%d].%s.%s", product, field,
                        supply->rules->markets[market].name.id);
}

static int64_t to_home(const struct market_rules *rules, int nest, double local_minor)
{
    int currency = rules->markets[rules->nests[nest].market].currency;
    double local = local_minor / (double)currency_minor_per_major(rules->currencies[currency]);
    double home = local * (double)market_fx(rules, currency, 0) / 1e9;
    return (int64_t)llround(home * (double)currency_minor_per_major(rules->currencies[0]));
}

static double price_home_minor(const struct market_rules *rules, int nest)
{
    return (double)to_home(rules, nest, (double)rules->nests[nest].price_ref_minor);
}

/* Takings of a firm at reference, home minor units a day. */
static double takings_a_day(const struct market_rules *rules)
{
    double sum = 0.0;
    for (int n = 0; n < rules->nest_count; n++)
        sum += rules->nests[n].units_per_firm_day * price_home_minor(rules, n);
    return sum;
}

static void fill_lanes(struct supply *supply)
{
    static const enum scenario_lane kinds[CALIBRATE_LANES_A_MARKET] = {
        [LANE_SEA] = SCENARIO_LANE_SEA,
        [LANE_AIR] = SCENARIO_LANE_AIR,
        [LANE_HERE] = SCENARIO_LANE_LOCAL,
        [LANE_PARCEL] = SCENARIO_LANE_DEDICATED};
    struct market_rules *rules = supply->rules;
    rules->lane_count = rules->market_count * CALIBRATE_LANES_A_MARKET;
    supply->lanes = ARENA_ARRAY(supply->arena, struct market_lane, (size_t)rules->lane_count);
    rules->lanes = supply->lanes;
    for (int m = 0; m < rules->market_count; m++)
        for (int k = 0; k < CALIBRATE_LANES_A_MARKET; k++) {
            int index = m * CALIBRATE_LANES_A_MARKET + k;
            struct market_lane *lane = &supply->lanes[index];
            scenario_default_lane(supply->arena, supply->scenario, kinds[k], m,
                                  supply->facts->home_per_usd, index, lane);
            if (lane->kind != LANE_BULK)
                continue;
            double month =
                SHIPMENT_DAYS * rules->nests[m].units_per_firm_day * price_home_minor(rules, m);
            int64_t most = (int64_t)llround(SHIPMENT_SHARE * month);
            if (lane->price_per_piece_minor > most)
                lane->price_per_piece_minor = most;
        }
}

/* Days a buyer waits, where the file tells them: the lane from the warehouse abroad takes them. */
static void fill_lead(struct supply *supply)
{
    for (int m = 0; m < supply->rules->market_count; m++) {
        const struct calibrate_market *market = &supply->fit->markets[m];
        int index = m * CALIBRATE_LANES_A_MARKET + LANE_HERE;
        struct market_lane *lane = &supply->lanes[index];
        if (!market->lead_mean.known || !market->lead_sd.known)
            continue;
        double least = floor(market->lead_mean.value - 1.5 * market->lead_sd.value);
        lane->days_min = least > 0.0 ? (int)least : 0;
        lane->gamma_mean = calibrate_round(market->lead_mean.value - lane->days_min);
        lane->gamma_sd = calibrate_round(market->lead_sd.value);
        scenario_figure_set(supply->arena, supply->scenario, ORIGIN_ESTIMATED,
                            calibrate_round(market->lead_mean.error),
                            calibrate_round_count(market->lead_mean.count),
                            "delivery dates of the data set", "lanes[%d].gamma_mean", index);
        scenario_figure_set(supply->arena, supply->scenario, ORIGIN_ESTIMATED,
                            calibrate_round(market->lead_sd.error),
                            calibrate_round_count(market->lead_sd.count),
                            "delivery dates of the data set", "lanes[%d].gamma_sd", index);
    }
}

static void fill_products(struct supply *supply)
{
    static const char *const names[CALIBRATE_PRODUCTS][3] = {{"article-a", "Article A", "商品甲"},
                                                             {"article-b", "Article B", "商品乙"},
                                                             {"article-c", "Article C", "商品丙"}};
    static const double appeal[CALIBRATE_PRODUCTS] = {0.1, 0.0, -0.1};
    static const char *const fields[] = {"weight_g", "length_mm", "width_mm", "height_mm",
                                         "appeal"};
    struct market_rules *rules = supply->rules;
    supply->products = ARENA_ARRAY(supply->arena, struct market_product, CALIBRATE_PRODUCTS);
    rules->products = supply->products;
    rules->product_count = CALIBRATE_PRODUCTS;
    double per_kg = (double)supply->lanes[LANE_SEA].price_per_kg_minor;
    double billed = per_kg > 0.0 ? 1000.0 * SEA_SHARE * price_home_minor(rules, 0) / per_kg : 100.0;
    /* A cube of 250 kg per m3: by sea its volume is billed, a kilogram for each cubic decimetre. */
    double weight = DENSITY * billed;
    weight = weight < WEIGHT_LEAST_G  ? WEIGHT_LEAST_G
             : weight > WEIGHT_MOST_G ? WEIGHT_MOST_G
                                      : weight;
    double edge = 10.0 * dm_exp(dm_log(weight / DENSITY) / 3.0);
    for (int p = 0; p < CALIBRATE_PRODUCTS; p++) {
        struct market_product *product = &supply->products[p];
        calibrate_name_set(&product->name, names[p][0], names[p][1], names[p][2]);
        product->weight_g = (int)weight;
        product->length_mm = product->width_mm = product->height_mm = (int)edge;
        product->appeal = appeal[p];
        for (int n = 0; n < rules->nest_count; n++)
            product->storage_fee_1e9[rules->nests[n].market] =
                (int64_t)llround(STORAGE_SHARE * (double)rules->nests[n].price_ref_minor * 1e9);
        for (size_t f = 0; f < COUNT_OF(fields); f++)
            assume(supply, "products", p, fields[f]);
        for (int m = 0; m < rules->market_count; m++) {
            assume_market(supply, p, "storage_fee", m);
            assume_market(supply, p, "fulfil_fee", m);
        }
    }
}

static void set_purchase(struct supply *supply, int64_t price_minor)
{
    static const double cut[] = {1.0, 0.96, 0.92};
    for (int s = 0; s < supply->rules->supplier_count; s++)
        for (int b = 0; b < supply->suppliers[s].break_count; b++) {
            int64_t price = (int64_t)llround((double)price_minor * cut[b]);
            supply->suppliers[s].breaks[b].price_minor = price > 0 ? price : 1;
        }
}

static void fill_suppliers(struct supply *supply)
{
    static const char *const names[CALIBRATE_PRODUCTS][3] = {
        {"supplier-a", "Supplier A", "供应商甲"},
        {"supplier-b", "Supplier B", "供应商乙"},
        {"supplier-c", "Supplier C", "供应商丙"}};
    static const char *const fields[] = {"breaks",         "lead_days_min",   "lead_gamma_mean",
                                         "lead_gamma_sd",  "defect_rate",     "deposit_rate",
                                         "inspection_fee", "inspection_catch"};
    struct market_rules *rules = supply->rules;
    double units_a_day = 0.0;
    for (int n = 0; n < rules->nest_count; n++)
        units_a_day += rules->nests[n].units_per_firm_day / CALIBRATE_PRODUCTS;
    int64_t least = (int64_t)ceil(5.0 * units_a_day);
    supply->suppliers = ARENA_ARRAY(supply->arena, struct market_supplier, CALIBRATE_PRODUCTS);
    rules->suppliers = supply->suppliers;
    rules->supplier_count = CALIBRATE_PRODUCTS;
    for (int s = 0; s < CALIBRATE_PRODUCTS; s++) {
        struct market_supplier *supplier = &supply->suppliers[s];
        calibrate_name_set(&supplier->name, names[s][0], names[s][1], names[s][2]);
        supplier->product = s;
        supplier->break_count = 3;
        supplier->breaks[0].units_min = least;
        supplier->breaks[1].units_min = 4 * least;
        supplier->breaks[2].units_min = 12 * least;
        supplier->lead_days_min = 7;
        supplier->lead_gamma_mean = 3.0;
        supplier->lead_gamma_sd = 2.0;
        supplier->defect_rate = 0.02;
        supplier->deposit_rate_1e9 = RATE_ONE * 3 / 10;
        supplier->inspection_catch = 0.9;
        supplier->inspection_fee_minor = (int64_t)llround(0.02 * 14.0 * takings_a_day(rules) / 3.0);
        for (size_t f = 0; f < COUNT_OF(fields); f++)
            assume(supply, "suppliers", s, fields[f]);
    }
}

static void fill_finance(struct supply *supply)
{
    struct market_finance *finance = &supply->rules->finance;
    double day = takings_a_day(supply->rules);
    finance->cash_opening_minor = (int64_t)llround(CASH_DAYS * day);
    finance->overdraft_limit_minor = (int64_t)llround(OVERDRAFT_DAYS * day);
    finance->payroll_per_day_minor = (int64_t)llround(PAYROLL_SHARE * day);
    scenario_figure_set(supply->arena, supply->scenario, ORIGIN_ASSUMED, -1, 0,
                        "10 days' takings at reference; balance raises what does not do",
                        "finance.cash_opening");
    scenario_figure_set(supply->arena, supply->scenario, ORIGIN_ASSUMED, -1, 0,
                        "20 days' takings at reference", "finance.overdraft_limit");
    scenario_figure_set(supply->arena, supply->scenario, ORIGIN_ASSUMED, -1, 0,
                        "6 % of takings at reference", "finance.payroll_per_day");
}

/* ---- the price level ---- */

static enum err break_even(const struct supply *supply, int nest, int64_t *minor,
                           struct problem *problem)
{
    const struct market_rules *rules = supply->rules;
    struct market_unit_cost cost;
    int64_t units = (int64_t)ceil(SHIPMENT_DAYS * rules->nests[nest].units_per_firm_day / 3.0);
    int64_t least = supply->suppliers[1].breaks[0].units_min;
    int lane = rules->nests[nest].market * CALIBRATE_LANES_A_MARKET;
    TRY(market_unit_cost_reckon(rules, rules->start_date, 1, nest, 1, lane + LANE_SEA,
                                lane + LANE_HERE, units > least ? units : least, &cost, problem));
    *minor = cost.break_even_minor;
    return ERR_OK;
}

static double target_of(const struct market_rules *rules, int nest)
{
    return (double)rules->nests[nest].price_ref_minor / STEADY_MARKUP;
}

/* The purchase price at which landed goods are LANDED_SHARE of the break-even of nest 0. */
static enum err solve_purchase(struct supply *supply, struct problem *problem)
{
    int64_t low = 1, high = (int64_t)price_home_minor(supply->rules, 0) + 1;
    for (int step = 0; step < SOLVE_STEPS && low < high; step++) {
        int64_t middle = low + (high - low) / 2, reached;
        set_purchase(supply, middle);
        TRY(break_even(supply, 0, &reached, problem));
        if ((double)reached < LANDED_SHARE * target_of(supply->rules, 0))
            low = middle + 1;
        else
            high = middle;
    }
    set_purchase(supply, low);
    return ERR_OK;
}

static void set_fee(struct supply *supply, int nest, int64_t fee_minor)
{
    for (int p = 0; p < CALIBRATE_PRODUCTS; p++)
        supply->products[p].fulfil_fee_minor[supply->rules->nests[nest].market] = fee_minor;
}

static enum err solve_fee(struct supply *supply, int nest, struct problem *problem)
{
    int64_t low = 0, high = supply->rules->nests[nest].price_ref_minor;
    for (int step = 0; step < SOLVE_STEPS && low < high; step++) {
        int64_t middle = low + (high - low) / 2, reached;
        set_fee(supply, nest, middle);
        TRY(break_even(supply, nest, &reached, problem));
        if ((double)reached < target_of(supply->rules, nest))
            low = middle + 1;
        else
            high = middle;
    }
    set_fee(supply, nest, low);
    return ERR_OK;
}

enum err calibrate_supply_fill(struct arena *arena, const struct calibration *fit,
                               const struct calibrate_facts *facts, struct scenario *scenario,
                               struct problem *problem)
{
    struct supply supply = {.arena = arena,
                            .fit = fit,
                            .facts = facts,
                            .scenario = scenario,
                            .rules = &scenario->rules};
    fill_lanes(&supply);
    fill_lead(&supply);
    fill_products(&supply);
    fill_suppliers(&supply);
    fill_finance(&supply);
    TRY(trade_rules_read(arena, path_join(arena, facts->data_folder, "trade"), &scenario->rules,
                         &scenario->rules.trade, problem));
    TRY(solve_purchase(&supply, problem));
    for (int n = 0; n < scenario->rules.nest_count; n++)
        TRY(solve_fee(&supply, n, problem));
    return ERR_OK;
}
