/* The defaults of docs/model.md, each with where it comes from. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/training/scenario.h"
#include "app/training/scenario_read.h"

/* US dollars; a world of the reference size (b = 8 units a firm and day in one nest). *assumed* */
#define CASH_OPENING_USD 30000.0
#define OVERDRAFT_LIMIT_USD 10000.0
#define PAYROLL_PER_DAY_USD 20.0

static int64_t minor_of(struct currency currency, double major)
{
    return (int64_t)llround(major * (double)currency_minor_per_major(currency));
}

static void table_defaults(struct arena *arena, struct scenario *scenario, enum scenario_row which,
                           void *row)
{
    const struct scenario_table *table = scenario_table(which);
    char prefix[MARKET_NAME_MAX];
    snprintf(prefix, sizeof(prefix), "%s.", table->name);
    for (size_t f = 0; f < table->field_count; f++) {
        if (table->fields[f].fallback != NULL)
            scenario_field_default(arena, scenario, &table->fields[f], prefix, row);
    }
}

void scenario_defaults(struct arena *arena, struct scenario *scenario, struct currency home,
                       double home_per_usd)
{
    *scenario = (struct scenario){0};
    struct market_rules *rules = &scenario->rules;
    struct market_finance *finance = &rules->finance;
    rules->level = 1;
    rules->round_days = 14;
    rules->rounds = 12;
    rules->firms = 12;
    rules->warm_start = true;
    rules->currency_count = 1;
    rules->currencies[0] = home;
    table_defaults(arena, scenario, SCENARIO_DEMAND, &rules->demand);
    table_defaults(arena, scenario, SCENARIO_FINANCE, finance);
    table_defaults(arena, scenario, SCENARIO_SCORE, rules->score_weight_1e9);
    finance->cash_opening_minor = minor_of(home, CASH_OPENING_USD * home_per_usd);
    finance->overdraft_limit_minor = minor_of(home, OVERDRAFT_LIMIT_USD * home_per_usd);
    finance->payroll_per_day_minor = minor_of(home, PAYROLL_PER_DAY_USD * home_per_usd);
    scenario_figure_set(arena, scenario, ORIGIN_ASSUMED, -1, 0, NULL, "finance.cash_opening");
    scenario_figure_set(arena, scenario, ORIGIN_ASSUMED, -1, 0, NULL, "finance.overdraft_limit");
    scenario_figure_set(arena, scenario, ORIGIN_ASSUMED, -1, 0, NULL, "finance.payroll_per_day");
}

/* ---- lanes: market-model.md section 4; days = minimum + gamma(mean, sd) ---- */

struct lane_default {
    const char *id, *en, *zh;
    enum market_lane_kind kind;
    int days_min;
    double gamma_mean, gamma_sd, loss_rate;
    double per_kg_usd, per_piece_usd;
    int weight_step_g, volume_divisor;
    double freight_sd_month;  /* sd of the log rate over 30 days */
    const char *price_source; /* NULL: assumed */
};

/* Air freight by weight; rail and sea by a 40-foot container of 67 m3 at 200 kg per m3 with as much
 * again for handling at both ends and part loads, *assumed*. */
#define AIR_SOURCE "topchinaforwarder.com, China-Europe 2025: 5.5-9 USD per kg (secondary), middle"
#define RAIL_SOURCE                                                                                \
    "topchinaforwarder.com, China-Europe 2025: 6000-8500 USD per 40ft (secondary); part load "     \
    "assumed"
#define SEA_SOURCE                                                                                 \
    "topchinaforwarder.com, China-Europe 2025: 2200-3800 USD per 40ft (secondary); part load "     \
    "assumed"

static const struct lane_default lanes[SCENARIO_LANE_COUNT] = {
    [SCENARIO_LANE_POST] = {"post", "Post", "邮政小包", LANE_DIRECT, 12, 10, 6, 0.015, 9.0, 1.2, 1,
                            0, 0.15, NULL},
    [SCENARIO_LANE_DEDICATED] = {"line", "Dedicated line", "专线", LANE_DIRECT, 6, 4, 2.5, 0.005,
                                 11.0, 2.0, 1, 8000, 0.15, NULL},
    [SCENARIO_LANE_EXPRESS] = {"express", "Express", "国际快递", LANE_DIRECT, 3, 2, 1, 0.001, 12.0,
                               6.0, 500, 5000, 0.15, NULL},
    [SCENARIO_LANE_AIR] = {"air", "Air to the warehouse abroad", "空运至海外仓", LANE_BULK, 5, 3, 2,
                           0, 7.25, 60, 1, 6000, 0.20, AIR_SOURCE},
    [SCENARIO_LANE_RAIL] = {"rail", "Rail to the warehouse abroad", "铁路至海外仓", LANE_BULK, 12,
                            4, 3, 0, 1.1, 80, 1, 3000, 0.20, RAIL_SOURCE},
    [SCENARIO_LANE_SEA] = {"sea", "Sea to the warehouse abroad", "海运至海外仓", LANE_BULK, 24, 9,
                           6, 0, 0.45, 100, 1, 1000, 0.25, SEA_SOURCE},
    [SCENARIO_LANE_LOCAL] = {"local", "From the warehouse abroad", "海外仓本地派送", LANE_LOCAL, 2,
                             1, 0.5, 0.002, 0, 0, 1, 0, 0, NULL},
};

/* "Sea, Germany", cut at a border of UTF-8 when the name of the market is very long. */
static void name_format(char room[MARKET_NAME_MAX], const char *what, const char *where)
{
    struct buf name;
    buf_init(&name);
    buf_append_c(&name, what);
    buf_append(&name, STR(", "));
    buf_append_c(&name, where);
    size_t length = str_utf8_cut(buf_str(&name), MARKET_NAME_MAX - 1);
    memcpy(room, name.text, length);
    room[length] = '\0';
    buf_clear(&name);
}

void scenario_default_lane(struct arena *arena, struct scenario *scenario, enum scenario_lane which,
                           int market, double home_per_usd, int index, struct market_lane *lane)
{
    static const char *const assumed[] = {
        "days_min",      "gamma_mean",     "gamma_sd",   "loss_rate",         "price_per_piece",
        "weight_step_g", "volume_divisor", "freight_sd", "freight_jump_rate", "freight_jump"};
    const struct lane_default *from = &lanes[which];
    const struct market_name *where = &scenario->rules.markets[market].name;
    struct currency home = scenario->rules.currencies[0];
    *lane = (struct market_lane){.kind = from->kind,
                                 .market = market,
                                 .days_min = from->days_min,
                                 .gamma_mean = from->gamma_mean,
                                 .gamma_sd = from->gamma_sd,
                                 .loss_rate = from->loss_rate,
                                 .weight_step_g = from->weight_step_g,
                                 .volume_divisor = from->volume_divisor,
                                 .freight_sd = from->freight_sd_month / sqrt(30.0)};
    if (from->freight_sd_month > 0) {
        lane->freight_jump_rate = 0.002;
        lane->freight_jump = 0.3;
    }
    snprintf(lane->name.id, sizeof(lane->name.id), "%.20s-%.40s", from->id, where->id);
    name_format(lane->name.en, from->en, where->en);
    name_format(lane->name.zh, from->zh, where->zh);
    lane->price_per_kg_minor = minor_of(home, from->per_kg_usd * home_per_usd);
    lane->price_per_piece_minor = minor_of(home, from->per_piece_usd * home_per_usd);
    for (size_t a = 0; a < COUNT_OF(assumed); a++)
        scenario_figure_set(arena, scenario, ORIGIN_ASSUMED, -1, 0, NULL, "lanes[%d].%s", index,
                            assumed[a]);
    scenario_figure_set(arena, scenario,
                        from->price_source == NULL ? ORIGIN_ASSUMED : ORIGIN_DEFAULT, -1, 0,
                        from->price_source, "lanes[%d].price_per_kg", index);
}
