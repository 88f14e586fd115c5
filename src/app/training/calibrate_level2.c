#include "app/training/calibrate_level2.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/training/scenario_check.h"
#include "app/training/scenario_fields.h"
#include "core/arena.h"

#define IN_PROPORTION "docs/model-level2.md, in proportion to takings"

/* ---- amounts ---- */

/* Takings of a firm at reference in the markets it may be in, home minor units a day. */
static double takings_a_day(const struct market_rules *rules)
{
    double sum = 0.0;
    for (int n = 0; n < rules->nest_count; n++) {
        const struct market_nest *nest = &rules->nests[n];
        int currency = rules->markets[nest->market].currency;
        if (rules->markets_max > 0 && nest->market >= rules->markets_max)
            continue;
        sum += nest->units_per_firm_day * (double)nest->price_ref_minor /
               (double)currency_minor_per_major(rules->currencies[currency]) *
               (double)market_fx(rules, currency, 0) / 1e9;
    }
    return sum * (double)currency_minor_per_major(rules->currencies[0]);
}

static bool is_money(enum scenario_kind kind)
{
    return kind == SCENARIO_MONEY_HOME || kind == SCENARIO_MONEYS_HOME;
}

static void assume_part(struct arena *arena, struct scenario *scenario, enum scenario_row which)
{
    const struct scenario_table *table = scenario_table(which);
    for (size_t f = 0; f < table->field_count; f++)
        scenario_figure_set(arena, scenario, ORIGIN_ASSUMED, -1, 0,
                            is_money(table->fields[f].kind) ? IN_PROPORTION : NULL, "%s.%s",
                            table->name, table->fields[f].name);
}

/* ---- parts ---- */

/* An order file tells neither the goods nor the markets' papers: no certificate is asked for, and a
 * responsible person where the market's currency is the euro. */
static void fill_compliance(struct scenario *scenario)
{
    struct market_rules *rules = &scenario->rules;
    struct market_compliance_rules *compliance = &rules->compliance;
    memset(compliance->certificate_needed, 0, sizeof(compliance->certificate_needed));
    memset(compliance->responsible_needed, 0, sizeof(compliance->responsible_needed));
    for (int m = 0; m < rules->market_count; m++)
        compliance->responsible_needed[m] =
            str_equal_c(str_from_c(rules->currencies[rules->markets[m].currency].code), "EUR");
}

static void fill_parts(struct arena *arena, double home_per_usd, struct scenario *scenario)
{
    struct market_rules *rules = &scenario->rules;
    double home = (double)currency_minor_per_major(rules->currencies[0]);
    double size = takings_a_day(rules) / (CALIBRATE_LEVEL2_TAKINGS_USD * home_per_usd * home);
    int64_t usd_minor = (int64_t)llround(home_per_usd * home * size);
    if (usd_minor < 1)
        usd_minor = 1;
    market_promotion_defaults(&rules->promotion, usd_minor);
    market_storefront_defaults(&rules->storefront, usd_minor);
    market_customs_defaults(&rules->customs, usd_minor);
    market_finance_defaults(&rules->loans, usd_minor);
    market_compliance_defaults(&rules->compliance, usd_minor);
    market_sourcing_defaults(&rules->sourcing, usd_minor);
    rules->promotion.open = rules->storefront.open = rules->customs.open = true;
    rules->loans.open = rules->compliance.open = rules->sourcing.open = true;
    fill_compliance(scenario);
    for (int row = SCENARIO_PROMOTION; row <= SCENARIO_SOURCING; row++)
        assume_part(arena, scenario, (enum scenario_row)row);
}

/* ---- what buyers type ---- */

static void fill_queries(struct arena *arena, struct scenario *scenario)
{
    /* General words: an article's own would tell what the enterprise sells. */
    static const struct market_query_group groups[] = {{"goods", 0.5, "free", 0.15},
                                                       {"article", 0.3, "wholesale", 0.1},
                                                       {"set", 0.2, "used", 0.1}};
    struct market_rules *rules = &scenario->rules;
    struct market_nest *nests = ARENA_ARRAY(arena, struct market_nest, (size_t)rules->nest_count);
    for (int n = 0; n < rules->nest_count; n++) {
        nests[n] = rules->nests[n];
        nests[n].query_count = (int)COUNT_OF(groups);
        memcpy(nests[n].queries, groups, sizeof(groups));
        for (size_t q = 0; q < COUNT_OF(groups); q++) {
            scenario_figure_set(arena, scenario, ORIGIN_ASSUMED, -1, 0, NULL,
                                "nests[%d].queries[%zu].weight", n, q);
            scenario_figure_set(arena, scenario, ORIGIN_ASSUMED, -1, 0, NULL,
                                "nests[%d].queries[%zu].waste", n, q);
        }
    }
    rules->nests = nests;
}

/* ---- the deck: every kind of effect at least once, in all markets ----
 *
 * A counter-move that cannot stand before (stock, insurance, inspection) needs a round's warning.
 */

static const struct market_event_rules deck[CALIBRATE_EVENTS] = {
    {"holiday-close", "Factories stay closed after a holiday", "节后工厂延迟开工", -1, 0.05, 14, 10,
     EVENT_SUPPLIER_DAYS, 7, COUNTER_LOCAL_STOCK, 0.5},
    {"power-cuts", "Power is rationed where the goods are made", "产地限电", -1, 0.04, 14, 14,
     EVENT_SUPPLIER_DAYS, 5, COUNTER_INSPECTION, 0.7},
    {"port-jam", "A port of entry is jammed", "目的港拥堵", -1, 0.05, 14, 14, EVENT_LANE_DAYS, 6,
     COUNTER_INSURED, 0.5},
    {"dock-strike", "Dock workers strike", "码头工人罢工", -1, 0.04, 14, 10, EVENT_LANE_DAYS, 8,
     COUNTER_LOCAL_STOCK, 0.4},
    {"low-water", "Low water holds the ships up", "枯水期船舶受阻", -1, 0.04, 14, 7,
     EVENT_LANE_DAYS, 4, COUNTER_LOCAL_STOCK, 0.4},
    {"freight-peak", "Freight is in peak season", "运价进入旺季", -1, 0.06, 14, 21, EVENT_FREIGHT,
     1.4, COUNTER_LOCAL_STOCK, 0.5},
    {"detour", "Ships take the long way round", "船舶绕行", -1, 0.05, 14, 28, EVENT_FREIGHT, 1.3,
     COUNTER_INSURED, 0.7},
    {"rival-sale", "A chain clears its stock", "连锁店清仓", -1, 0.06, 0, 10, EVENT_TRAFFIC, 0.8,
     COUNTER_BRAND, 0.5},
    {"rival-opens", "Another channel opens with gifts", "另一平台开业促销", -1, 0.05, 14, 14,
     EVENT_TRAFFIC, 0.85, COUNTER_ADS, 0.5},
    {"heat-wave", "A heat wave keeps people from shopping", "热浪，购物减少", -1, 0.04, 3, 7,
     EVENT_TRAFFIC, 0.85, COUNTER_ADS, 0.5},
    {"returns-wave", "Buyers send back more than usual", "退货潮", -1, 0.05, 0, 14, EVENT_RETURNS,
     1.5, COUNTER_SERVICE, 0.5},
    {"gift-regret", "After the holidays gifts come back", "节后礼品退货", -1, 0.04, 14, 14,
     EVENT_RETURNS, 1.4, COUNTER_SERVICE, 0.6},
    {"fee-rise", "The channel raises its referral fee", "平台上调佣金", -1, 0.03, 28, 28, EVENT_FEE,
     1.1, COUNTER_BRAND, 0.7},
    {"storage-peak", "Warehouses are full: storage costs more", "仓库爆仓，仓储费上涨", -1, 0.05,
     14, 28, EVENT_STORAGE, 2.0, COUNTER_SERVICE, 0.8},
    {"customs-drive", "Customs look closer", "海关严查", -1, 0.06, 0, 14, EVENT_CUSTOMS, 0.12,
     COUNTER_RESPONSIBLE, 0.5},
    {"customs-strike", "Customs officers strike", "海关人员罢工", -1, 0.04, 7, 14, EVENT_CUSTOMS,
     0.2, COUNTER_RESPONSIBLE, 0.6},
    {"payout-check", "The channel checks accounts and pays later", "平台核查账户，延迟付款", -1,
     0.05, 0, 14, EVENT_PAYOUT, 7, COUNTER_SERVICE, 0.5},
    {"bad-batch", "Recalled material is still in the trade", "被召回的原料仍在流通", -1, 0.05, 14,
     14, EVENT_DEFECTS, 2.0, COUNTER_INSPECTION, 0.2},
    {"press-test", "A magazine tests such goods and is not amused", "媒体评测不佳", -1, 0.04, 0, 14,
     EVENT_STARS, -0.3, COUNTER_SERVICE, 0.4},
    {"home-currency", "The home currency rises", "本币升值", -1, 0.05, 0, 28, EVENT_FX, 0.95,
     COUNTER_CONVERTED, 0.5},
};

static void fill_events(struct arena *arena, struct scenario *scenario)
{
    static const char *const fields[] = {"probability", "warning_days", "days", "size",
                                         "counter_factor"};
    scenario->rules.events = deck;
    scenario->rules.event_count = CALIBRATE_EVENTS;
    for (int e = 0; e < CALIBRATE_EVENTS; e++)
        for (size_t f = 0; f < COUNT_OF(fields); f++)
            scenario_figure_set(arena, scenario, ORIGIN_ASSUMED, -1, 0, NULL, "events[%d].%s", e,
                                fields[f]);
}

/* ---- the whole ---- */

static void fill_statement(struct arena *arena, struct scenario *scenario)
{
    scenario->statement_en = str_format(
        arena,
        "%.*s Everything of level 2 (advertising, content, customs, loans, papers, sourcing, what "
        "buyers type, events) is assumed.",
        (int)scenario->statement_en.length, scenario->statement_en.text);
    scenario->statement_zh = str_format(
        arena, "%.*s二级的全部内容（广告、内容、报关、贷款、证照、采购、搜索词、事件）均为假设。",
        (int)scenario->statement_zh.length, scenario->statement_zh.text);
}

enum err calibrate_level2_open(struct arena *arena, double home_per_usd, struct scenario *scenario,
                               struct problem *problem)
{
    struct market_rules *rules = &scenario->rules;
    rules->level = 2;
    rules->markets_max = CALIBRATE_LEVEL2_MARKETS;
    rules->listings_max = CALIBRATE_LEVEL2_LISTINGS;
    scenario->level1.market_count = 1; /* markets stand in the order of their size, ZZ last */
    scenario->level1.markets[0] = 0;
    /* Its own, so that what balance raises for level 2 does not make level 1 rich. */
    scenario->level1.cash_opening_minor = rules->finance.cash_opening_minor;
    scenario_figure_set(arena, scenario, ORIGIN_ASSUMED, -1, 0, "as finance.cash_opening",
                        "level1_cash_opening");
    fill_parts(arena, home_per_usd, scenario);
    fill_queries(arena, scenario);
    fill_events(arena, scenario);
    fill_statement(arena, scenario);
    scenario_assumed_count(scenario);
    return scenario_check(scenario, problem);
}
