/* Declaring too little, or another class, loses money on average, whatever the degree: at a low
 * duty with deductible tax and at a high duty without any. 32 paired seeds, a firm that plays
 * steady with an honest and with a wrong declaration. And each discovery makes the next one worse.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "effects.h"
#include "engine/market/policy.h"
#include "money_bench.h"

enum { SEEDS = 32, ROUNDS = 8, CHEAPEST_CENTS = 493 /* CNY 39.00 at 7.90 */ };

struct fraud {
    const char *what;
    int64_t cents; /* declared a unit; 0: the true value */
    bool other_class;
};

/* A class without duty, for whoever declares it; 25 % and no tax, or what the world has. */
static void duties_set(struct market_rules *rules, struct arena *arena, bool high)
{
    struct trade_rule *rows = ARENA_ARRAY(arena, struct trade_rule, (size_t)rules->trade.count + 1);
    int count = 0;
    for (int r = 0; r < rules->trade.count; r++) {
        struct trade_rule *row = &rows[count++];
        *row = rules->trade.rows[r];
        if (strcmp(row->id, "de-tax") == 0 && high)
            row->rate_1e9 = 0;
        if (strcmp(row->id, "de-duty") != 0)
            continue;
        struct trade_rule *free = &rows[count++];
        *free = *row;
        free->rate_1e9 = 0;
        snprintf(free->id, sizeof(free->id), "%s", "de-free");
        snprintf(free->hs6_prefix, sizeof(free->hs6_prefix), "%s", "9503");
        row->rate_1e9 = high ? 250000000 : row->rate_1e9;
    }
    rules->trade.rows = rows;
    rules->trade.count = count;
}

static void declare(struct arena *arena, const struct market_observation *seen,
                    struct market_seat_decisions *decisions, const struct fraud *fraud)
{
    decisions->lists[LIST_customs].count = 0;
    for (int p = 0; p < seen->rules->product_count && seen->round == 0; p++) {
        struct market_row *row = effect_row_add(arena, decisions, LIST_customs);
        market_row_set(row, F_customs_product, p);
        market_row_set(row, F_customs_market, 0);
        market_row_set(row, F_customs_mode, 9810);
        if (fraud->cents > 0)
            market_row_set(row, F_customs_declared_value, fraud->cents);
        if (!fraud->other_class)
            continue;
        market_row_set(row, F_customs_hs6, 0);
        row->value[market_field_index(LIST_customs, F_customs_hs6)].text = STR("950300");
    }
}

static double closing(int seed, bool high, const struct fraud *fraud)
{
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {.firms = 4, .b = 12, .level2 = true, .luck_sd = 0.05};
    struct market_rules *rules = world_rules(&arena, &options);
    duties_set(rules, &arena, high);
    char name[32];
    snprintf(name, sizeof(name), "fraud %d", seed);
    struct market_key key = world_key(name);
    struct market_result result;
    struct problem problem = {0};
    enum err code = market_open(&arena, rules, &key, &result, &problem);
    for (int round = 0; code == ERR_OK && round < ROUNDS; round++) {
        struct market_seat_decisions *firms =
            ARENA_ARRAY(&arena, struct market_seat_decisions, (size_t)rules->firms);
        for (int f = 0; f < rules->firms; f++)
            market_policy_decide(&arena, POLICY_STEADY, &result.observations[f], &firms[f]);
        declare(&arena, &result.observations[0], &firms[0], fraud);
        struct market_decisions decisions = {.firm_count = rules->firms, .firms = firms};
        code = market_step(&arena, rules, result.after, &decisions, &key, NULL, &result, &problem);
    }
    if (code != ERR_OK)
        print_message("%s: %s at %s\n", fraud->what, err_name(code), problem.place);
    assert_int_equal(code, ERR_OK);
    double equity = (double)market_closing_equity(rules, result.after, 0) /
                    (double)result.after->firms[0].equity_opening_minor;
    arena_clear(&arena);
    return equity;
}

static void a_wrong_declaration_loses_on_average(void **state)
{
    (void)state;
    static const struct fraud honest = {"honest", 0, false};
    static const struct fraud frauds[] = {{"12 % less", CHEAPEST_CENTS * 88 / 100, false},
                                          {"20 % less", CHEAPEST_CENTS * 80 / 100, false},
                                          {"a quarter less", CHEAPEST_CENTS * 3 / 4, false},
                                          {"half", CHEAPEST_CENTS / 2, false},
                                          {"a tenth", CHEAPEST_CENTS / 10, false},
                                          {"another class", 0, true},
                                          {"half in another class", CHEAPEST_CENTS / 2, true}};
    bool good = true;
    for (int high = 0; high < 2; high++) {
        double base[SEEDS];
        for (int seed = 0; seed < SEEDS; seed++)
            base[seed] = closing(seed, high, &honest);
        for (size_t i = 0; i < COUNT_OF(frauds); i++) {
            double sum = 0, squares = 0;
            for (int seed = 0; seed < SEEDS; seed++) {
                double change = closing(seed, high, &frauds[i]) - base[seed];
                sum += change;
                squares += change * change;
            }
            double mean = sum / SEEDS;
            double error = sqrt((squares - sum * mean) / (SEEDS - 1) / SEEDS);
            bool loses = mean < -2 * error && mean < -0.005;
            print_message("duty %s, %-24s %+.4f +- %.4f of opening equity%s\n",
                          high ? "25 %" : "2.7 %", frauds[i].what, mean, error,
                          loses ? "" : "   PAYS");
            good = good && loses;
        }
    }
    assert_true(good);
}

/* ---- the record ---- */

static struct market_shipment *arrives(struct money_bench *bench)
{
    struct market_firm *firm = money_firm(bench);
    struct market_shipment *shipment = &firm->shipments[firm->shipment_count++];
    *shipment = (struct market_shipment){.product = MONEY_PRODUCT,
                                         .lane = WORLD_LANE_AIR,
                                         .units = 200,
                                         .goods_minor = 790000,
                                         .sent_day = bench->work.day - 8,
                                         .arrive_day = bench->work.day};
    market_customs_stamp(&bench->work, 0, shipment);
    firm->units[MONEY_PRODUCT].bought += 200;
    market_post(&bench->work, 0, 0, ACCOUNT_TRANSIT, ACCOUNT_CASH, 790000, REASON_FREIGHT, 0);
    return shipment;
}

static void no_holds(struct market_rules *rules)
{
    rules->customs.hold_rate = rules->customs.undervalue_slope = rules->customs.undervalue_rate = 0;
    rules->customs.seizure_from = 2;
    rules->sourcing.open = false;
}

/* Two entries at half their value pass; the third is found and pays for all; the fourth is taken.
 */
static void a_discovery_opens_the_past_and_the_next_one_takes_the_goods(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, no_holds);
    struct market_firm *firm = money_firm(&bench);
    firm->shipment_count = 0;
    for (int p = 0; p < bench.rules->product_count; p++)
        firm->units[p].bought = 0;
    struct market_customs_declaration *declared =
        market_declaration_at(bench.work.state, firm, MONEY_PRODUCT, MONEY_DE);
    declared->declared_minor = 250;
    const int64_t kept_back = 87737; /* EUR 111.06 at 7.90 */
    for (int lot = 0; lot < 2; lot++) {
        market_work_day(&bench.work, lot);
        arrives(&bench);
        assert_int_equal(market_goods_day(&bench.work), ERR_OK);
    }
    assert_int_equal(firm->customs[MONEY_DE].evaded_minor, 2 * kept_back);
    assert_int_equal(firm->balance[ACCOUNT_PENALTY][0], 0);
    bench.rules->customs.hold_rate = 0.94;
    for (int lot = 0; lot < 2; lot++) {
        int found = firm->customs[MONEY_DE].found;
        int64_t written = firm->units[MONEY_PRODUCT].written_off;
        for (int day = 10 + 20 * lot; firm->customs[MONEY_DE].found == found; day += 20) {
            market_work_day(&bench.work, day);
            arrives(&bench);
            assert_int_equal(market_goods_day(&bench.work), ERR_OK);
            market_work_day(&bench.work, day + bench.rules->customs.hold_days);
            assert_int_equal(market_goods_day(&bench.work), ERR_OK);
        }
        if (lot == 0) {
            assert_int_equal(firm->balance[ACCOUNT_PENALTY][0], 2 * kept_back + 3 * 3 * kept_back);
            assert_int_equal(firm->units[MONEY_PRODUCT].written_off, written);
        } else {
            assert_int_equal(firm->units[MONEY_PRODUCT].written_off, written + 200);
            assert_int_equal(money_notices(&bench, NOTICE_CUSTOMS_SEIZED), 1);
        }
        assert_int_equal(firm->customs[MONEY_DE].evaded_minor, 0);
    }
    assert_true(market_customs_record_rate(&bench.work, 0, MONEY_DE) > 0.29);
    assert_true(market_customs_record_rate(&bench.work, 0, MONEY_GB) == 0);
    /* The office's eye fades by half each round. */
    double rate = market_customs_record_rate(&bench.work, 0, MONEY_DE);
    market_customs_round_end(&bench.work);
    assert_true(fabs(market_customs_record_rate(&bench.work, 0, MONEY_DE) - rate / 2) < 1e-12);
    money_bench_close(&bench);
}

/* A small find costs the least fine. */
static void no_discovery_is_cheap(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    int64_t least = bench.rules->customs.penalty_least_minor;
    assert_int_equal(market_customs_discovery_cost(&bench.work, 0, MONEY_DE, 100), least);
    assert_int_equal(market_customs_discovery_cost(&bench.work, 0, MONEY_DE, -500), least);
    assert_int_equal(market_customs_discovery_cost(&bench.work, 0, MONEY_DE, least), 3 * least);
    money_bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_declaration_loses_on_average),
        cmocka_unit_test(a_discovery_opens_the_past_and_the_next_one_takes_the_goods),
        cmocka_unit_test(no_discovery_is_cheap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
