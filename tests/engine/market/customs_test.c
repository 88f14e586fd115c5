/* Customs of level 2: the worked numbers of docs/model-level2.md, refunds by mode and their days,
 * holds that every look tells alike, registrations, what is refused, and bytes that come back. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/market/score.h"
#include "money_bench.h"

static struct market_customs_declaration *declaration(struct money_bench *bench)
{
    return market_declaration_at(bench->work.state, money_firm(bench), MONEY_PRODUCT, MONEY_DE);
}

static void under(struct money_bench *bench, int64_t mode)
{
    declaration(bench)->mode = 1 + market_customs_mode_find(mode);
}

/* 600 units bought at 42.00 leave for Germany. */
static void send(struct money_bench *bench, int64_t mode, bool parcels)
{
    under(bench, mode);
    market_customs_export(&bench->work, 0, MONEY_PRODUCT, MONEY_DE, parcels, 600, 600 * 4200);
}

enum { REFUND = 289912 }; /* 25,200.00 / 1.13 x 0.13 */

/* The office's days `from` to `to`; returns the home cash they brought. */
static int64_t office_days(struct money_bench *bench, int32_t from, int32_t to)
{
    int64_t before = money_cash(bench, 0);
    for (int32_t day = from; day <= to; day++) {
        market_work_day(&bench->work, day);
        market_customs_day(&bench->work);
    }
    return money_cash(bench, 0) - before;
}

static void claim(struct money_bench *bench, int64_t amount)
{
    struct market_seat_decisions decisions = {0};
    struct market_row *row = money_row(bench, &decisions, LIST_refund_claims);
    market_row_set(row, F_refund_claims_market, MONEY_DE);
    market_row_set(row, F_refund_claims_amount, amount);
    assert_int_equal(market_customs_apply(&bench->work, 0, &decisions), ERR_OK);
}

static int64_t open_in_de(struct money_bench *bench)
{
    struct market_observation seen = {0};
    market_customs_see(&bench->work, 0, &seen);
    return seen.customs[MONEY_DE].refund_open_minor;
}

/* ---- worked numbers ---- */

static double worked_refund(void)
{
    struct market_customs_rules rules;
    market_customs_defaults(&rules, 710);
    return (double)market_customs_refund(&rules, 4200000) / 100;
}

/* A shipment of goods worth EUR 1,000.00 that arrives today. */
static struct market_shipment *arrives(struct money_bench *bench)
{
    struct market_firm *firm = money_firm(bench);
    for (int s = 0; s < firm->shipment_count; s++)
        firm->shipments[s].arrive_day = 1000;
    struct market_shipment *shipment = &firm->shipments[firm->shipment_count++];
    *shipment = (struct market_shipment){.product = MONEY_PRODUCT,
                                         .lane = WORLD_LANE_AIR,
                                         .units = 200,
                                         .goods_minor = 790000,
                                         .sent_day = -8};
    market_customs_stamp(&bench->work, 0, shipment);
    firm->units[MONEY_PRODUCT].bought += 200;
    market_post(&bench->work, 0, 0, ACCOUNT_TRANSIT, ACCOUNT_CASH, 790000, REASON_FREIGHT, 0);
    return shipment;
}

static void always_held(struct market_rules *rules)
{
    rules->customs.hold_rate = 0.94;
    rules->sourcing.open = false;
}

static int64_t balance(struct money_bench *bench, enum market_account account)
{
    return money_firm(bench)->balance[account][0];
}

/* The fine on goods declared at half their value. */
static double worked_fine(void)
{
    struct money_bench bench;
    money_bench_open(&bench, false, always_held);
    declaration(&bench)->declared_minor = 250;
    arrives(&bench);
    assert_int_equal(market_goods_day(&bench.work), ERR_OK);
    assert_int_equal(money_notices(&bench, NOTICE_CUSTOMS_HELD), 1);
    market_work_day(&bench.work, 5);
    int64_t before = balance(&bench, ACCOUNT_PENALTY);
    assert_int_equal(market_goods_day(&bench.work), ERR_OK);
    assert_int_equal(money_notices(&bench, NOTICE_CUSTOMS_FOUND), 1);
    double fine = (double)(balance(&bench, ACCOUNT_PENALTY) - before) / 100;
    assert_int_equal(market_invariants_check(&bench.work), ERR_OK);
    money_bench_close(&bench);
    return fine;
}

static double worked_half(void)
{
    struct market_customs_rules rules;
    market_customs_defaults(&rules, 710);
    return market_customs_hold_rate(&rules, RATE_ONE / 2, false);
}

static double worked_both(void)
{
    struct market_customs_rules rules;
    market_customs_defaults(&rules, 710);
    return market_customs_hold_rate(&rules, RATE_ONE / 2, true);
}

static double worked_at_risk(void)
{
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    struct market_closing before, after;
    money_firm(&bench)->shipment_count = 0;
    market_stock_at(bench.work.state, money_firm(&bench), 1 + MONEY_DE, MONEY_PRODUCT)->units = 600;
    market_closing_open(bench.rules, bench.work.state, 0, &before);
    send(&bench, 9810, false);
    market_closing_open(bench.rules, bench.work.state, 0, &after);
    double risk = (double)(after.export_tax_minor - before.export_tax_minor) / 100;
    money_bench_close(&bench);
    return risk;
}

static double worked_no_ioss(void)
{
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    struct market_firm *firm = money_firm(&bench);
    struct market_listing *listing = &firm->listings[0];
    /* Held, or from the warehouse abroad, or outside the Union: nothing is lost. */
    assert_true(market_customs_parcel_u(&bench.work, 0, listing) == 0);
    firm->customs[MONEY_DE].ioss = false;
    assert_true(market_customs_parcel_u(&bench.work, 0, listing) == 0);
    for (int i = 0; i < firm->listing_count; i++)
        if (bench.rules->nests[firm->listings[i].nest].market == MONEY_GB)
            assert_true(market_customs_parcel_u(&bench.work, 0, &firm->listings[i]) == 0);
    listing->lane = WORLD_LANE_LINE;
    double utility = market_customs_parcel_u(&bench.work, 0, listing);
    money_bench_close(&bench);
    return utility;
}

static double worked_fees(void)
{
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    money_firm(&bench)->customs[MONEY_DE].ioss = true;
    int64_t before = money_cash(&bench, 0);
    market_customs_round_end(&bench.work);
    double fees = (double)(before - money_cash(&bench, 0)) / 710;
    money_bench_close(&bench);
    return fees;
}

static void page_and_engine_agree(void **state)
{
    (void)state;
    static const struct money_worked worked[] = {
        {"customs_refund", worked_refund},  {"customs_at_risk", worked_at_risk},
        {"customs_hold_half", worked_half}, {"customs_hold_both", worked_both},
        {"customs_fine", worked_fine},      {"customs_no_ioss", worked_no_ioss},
        {"customs_fees", worked_fees}};
    money_page_check("customs", worked, COUNT_OF(worked));
}

/* ---- refunds ---- */

static void the_mode_decides_when_it_is_refunded(void **state)
{
    (void)state;
    static const struct {
        int64_t mode;
        bool parcels;
        int days;   /* after departure or claim */
        int claims; /* 1: only when claimed */
    } cases[] = {
        {110, false, 30, 1}, {9810, false, 10, 0}, {9610, true, 20, 1}, {1210, true, 15, 0}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct money_bench bench;
        money_bench_open(&bench, false, NULL);
        int64_t cogs = balance(&bench, ACCOUNT_COGS);
        send(&bench, cases[i].mode, cases[i].parcels);
        /* What must be claimed is in the books only when it is. */
        int64_t booked = cases[i].claims ? 0 : REFUND;
        assert_int_equal(cogs - balance(&bench, ACCOUNT_COGS), booked);
        assert_int_equal(balance(&bench, ACCOUNT_REFUND), booked);
        assert_int_equal(market_invariants_check(&bench.work), ERR_OK);
        assert_int_equal(open_in_de(&bench), cases[i].claims ? REFUND : 0);
        if (cases[i].claims) {
            assert_int_equal(office_days(&bench, 0, 63), 0);
            market_work_day(&bench.work, 64);
            market_customs_round_end(&bench.work);
            assert_int_equal(money_notices(&bench, NOTICE_REFUND_OPEN), 1);
            claim(&bench, REFUND);
            assert_int_equal(cogs - balance(&bench, ACCOUNT_COGS), REFUND);
            assert_int_equal(open_in_de(&bench), 0);
            assert_int_equal(office_days(&bench, 64, 64 + cases[i].days - 1), 0);
            assert_int_equal(office_days(&bench, 64 + cases[i].days, 64 + cases[i].days), REFUND);
        } else {
            assert_int_equal(office_days(&bench, 0, cases[i].days - 1), 0);
            assert_int_equal(office_days(&bench, cases[i].days, cases[i].days), REFUND);
        }
        assert_int_equal(balance(&bench, ACCOUNT_REFUND), 0);
        money_bench_close(&bench);
    }
}

/* What a list of parcels, or the entry of a bulk consignment without weight, costs today. */
static int64_t declared_fee(struct money_bench *bench, bool parcels)
{
    if (!parcels)
        return market_consignment_cost(&bench->work, 0, MONEY_PRODUCT, WORLD_LANE_AIR, 0) -
               bench->rules->lanes[WORLD_LANE_AIR].price_per_piece_minor;
    int64_t before = money_cash(bench, 0);
    market_parcels_declare(&bench->work, 0, MONEY_PRODUCT, WORLD_LANE_LINE, 100);
    market_parcels_send(&bench->work);
    return before - money_cash(bench, 0);
}

static void a_mode_that_does_not_fit_is_told_and_not_used(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    static const struct {
        int64_t mode;
        bool parcels;
        int64_t fee; /* US dollars, of the mode used */
        int told;
    } cases[] = {{110, true, 40, 0}, {110, false, 40, 0},  {9610, true, 1, 0}, {9610, false, 40, 1},
                 {9710, true, 1, 1}, {9710, false, 40, 1}, {9810, true, 1, 1}, {9810, false, 50, 0},
                 {1210, true, 4, 0}, {1210, false, 40, 1}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int told = money_notices(&bench, NOTICE_MODE_UNFIT);
        send(&bench, cases[i].mode, cases[i].parcels);
        assert_int_equal(declared_fee(&bench, cases[i].parcels), cases[i].fee * 710);
        assert_int_equal(money_notices(&bench, NOTICE_MODE_UNFIT) - told, cases[i].told);
    }
    /* Nothing declared: the usual modes, and nothing to tell. */
    declaration(&bench)->mode = 0;
    assert_int_equal(market_customs_mode_used(declaration(&bench), true), CUSTOMS_9610);
    assert_int_equal(market_customs_mode_used(declaration(&bench), false), CUSTOMS_0110);
    money_bench_close(&bench);
}

static void exempt_9610(struct market_rules *rules)
{
    rules->customs.refund_days[CUSTOMS_9610] = -1;
}

static void an_exempt_mode_refunds_nothing(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, exempt_9610);
    send(&bench, 9610, true);
    assert_int_equal(balance(&bench, ACCOUNT_REFUND), 0);
    assert_int_equal(open_in_de(&bench), 0);
    money_bench_close(&bench);
}

static void a_claim_takes_what_is_open_soonest_first(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    send(&bench, 110, false);
    send(&bench, 9610, true);
    claim(&bench, 2 * REFUND + 1);
    assert_int_equal(money_notices(&bench, NOTICE_CLAIM_SHORT), 1);
    assert_int_equal(open_in_de(&bench), 2 * REFUND);
    claim(&bench, REFUND + 100);
    assert_int_equal(open_in_de(&bench), REFUND - 100);
    assert_int_equal(office_days(&bench, 0, 20), REFUND); /* 9610 */
    assert_int_equal(office_days(&bench, 21, 30), 100);   /* 0110 */
    assert_int_equal(market_invariants_check(&bench.work), ERR_OK);
    money_bench_close(&bench);
}

static int64_t at_risk(struct money_bench *bench)
{
    return market_customs_at_risk(bench->work.state, bench->rules, money_firm(bench));
}

static void a_refund_is_safe_when_the_goods_are_sold(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    struct market_stock *stock =
        market_stock_at(bench.work.state, money_firm(&bench), 1 + MONEY_DE, MONEY_PRODUCT);
    stock->units = 600;
    money_firm(&bench)->shipment_count = 0;
    send(&bench, 9810, false);
    assert_int_equal(at_risk(&bench), REFUND);
    stock->units = 450;
    market_customs_sold(&bench.work, 0, MONEY_PRODUCT, MONEY_DE, 150);
    assert_int_equal(at_risk(&bench), REFUND / 4 * 3);
    /* Lost on the way: what is not there cannot be unsold. */
    stock->units = 300;
    assert_int_equal(at_risk(&bench), REFUND / 2);
    /* Removed unsold: provisional refunds are paid back. */
    int64_t before = money_cash(&bench, 0);
    market_customs_removed(&bench.work, 0, MONEY_PRODUCT, MONEY_DE, 225);
    assert_int_equal(before - money_cash(&bench, 0), REFUND / 8 * 3);
    money_bench_close(&bench);
    /* General trade's are final. */
    money_bench_open(&bench, false, NULL);
    send(&bench, 110, false);
    before = money_cash(&bench, 0);
    market_customs_removed(&bench.work, 0, MONEY_PRODUCT, MONEY_DE, 600);
    assert_int_equal(money_cash(&bench, 0), before);
    money_bench_close(&bench);
}

/* ---- holds ---- */

static void every_look_tells_the_same(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, always_held);
    declaration(&bench)->declared_minor = 250;
    memcpy(declaration(&bench)->hs6, "950300", 6);
    struct market_shipment *shipment = arrives(&bench);
    struct market_customs_effect first = market_customs_effect_get(&bench.work, 0, shipment);
    assert_int_equal(first.hold_days, 5);
    assert_true(first.found);
    assert_int_equal(first.value_share_1e9, RATE_ONE);
    assert_string_equal(first.hs6, "");
    assert_int_equal(first.declared_share_1e9, RATE_ONE / 2);
    assert_string_equal(first.declared_hs6, "950300");
    assert_int_equal(market_goods_day(&bench.work), ERR_OK);
    /* A better declaration after the goods have left comes too late. */
    declaration(&bench)->declared_minor = 500;
    memset(declaration(&bench)->hs6, 0, 8);
    market_work_day(&bench.work, 3);
    const struct market_firm *firm = money_firm(&bench);
    shipment = &firm->shipments[firm->shipment_count - 1];
    struct market_customs_effect later = market_customs_effect_get(&bench.work, 0, shipment);
    assert_true(later.found);
    assert_int_equal(later.hold_days, 0);
    assert_int_equal(later.declared_share_1e9, RATE_ONE / 2);
    money_bench_close(&bench);
}

static void honest_goods_are_held_at_the_usual_rate(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    struct market_shipment *shipment = arrives(&bench);
    int honest = 0, half = 0;
    enum { DRAWS = 20000 };
    for (int i = 0; i < DRAWS; i++) {
        shipment->sent_day = i % 1000;
        shipment->arrive_day = 1000 + i / 1000;
        declaration(&bench)->declared_minor = 0;
        market_customs_stamp(&bench.work, 0, shipment);
        struct market_customs_effect effect = market_customs_effect_get(&bench.work, 0, shipment);
        honest += effect.hold_days > 0;
        assert_false(effect.found);
        /* A tenth less is no fault. */
        declaration(&bench)->declared_minor = 450;
        market_customs_stamp(&bench.work, 0, shipment);
        assert_false(market_customs_effect_get(&bench.work, 0, shipment).found);
        declaration(&bench)->declared_minor = 198;
        market_customs_stamp(&bench.work, 0, shipment);
        effect = market_customs_effect_get(&bench.work, 0, shipment);
        half += effect.hold_days > 0;
        assert_int_equal(effect.found, effect.hold_days > 0);
    }
    assert_true(fabs((double)honest / DRAWS - 0.03) < 3 * sqrt(0.03 * 0.97 / DRAWS));
    double rate = 0.03 + 0.15 + 0.6 * (1 - 198 * 200 / 100000.0);
    assert_true(fabs((double)half / DRAWS - rate) < 3 * sqrt(rate * (1 - rate) / DRAWS));
    money_bench_close(&bench);
}

/* What is on its way at the start is declared at the price paid, whatever is declared later. */
static void opening_lots_are_honest(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, always_held);
    const struct market_firm *firm = money_firm(&bench);
    assert_true(firm->shipment_count > 0);
    declaration(&bench)->declared_minor = 1;
    for (int s = 0; s < firm->shipment_count; s++) {
        const struct market_shipment *shipment = &firm->shipments[s];
        bool priced = false;
        for (int i = 0; i < bench.rules->supplier_count; i++)
            for (int64_t units = 1; units < 5000 && !priced; units++)
                priced =
                    market_supplier_price(&bench.rules->suppliers[i], units) * shipment->units ==
                    shipment->goods_minor;
        assert_true(priced);
        assert_false(market_customs_effect_get(&bench.work, 0, shipment).found);
    }
    money_bench_close(&bench);
}

static void never_held(struct market_rules *rules)
{
    rules->customs.hold_rate = rules->customs.undervalue_slope = rules->customs.misclass_rate = 0;
    rules->customs.undervalue_rate = 0;
    rules->sourcing.open = false;
}

/* EUR 1,000.00 at 2.7 % duty; tax 19 % of 1,027.00. */
static void without_a_number_import_tax_is_a_cost(void **state)
{
    (void)state;
    for (int vat = 0; vat < 2; vat++) {
        struct money_bench bench;
        money_bench_open(&bench, false, never_held);
        arrives(&bench);
        money_firm(&bench)->customs[MONEY_DE].vat = vat;
        int64_t stock = balance(&bench, ACCOUNT_INVENTORY);
        assert_int_equal(market_goods_day(&bench.work), ERR_OK);
        int64_t landed = balance(&bench, ACCOUNT_INVENTORY) - stock;
        assert_int_equal(landed, 790000 + 21330 + (vat ? 0 : 154153));
        assert_int_equal(money_firm(&bench)->balance[ACCOUNT_TAX][1], vat ? 19513 : 0);
        assert_int_equal(market_invariants_check(&bench.work), ERR_OK);
        money_bench_close(&bench);
    }
}

/* A class the scenario knows no rates of is charged as the right one. */
static void a_class_without_rates_can_be_settled(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, never_held);
    struct trade_rule *rows = (struct trade_rule *)(uintptr_t)bench.rules->trade.rows;
    for (int r = 0; r < bench.rules->trade.count; r++)
        if (rows[r].kind == TRADE_DUTY)
            snprintf(rows[r].hs6_prefix, sizeof(rows[r].hs6_prefix), "%s", "39");
    memcpy(declaration(&bench)->hs6, "950300", 6);
    arrives(&bench);
    int64_t stock = balance(&bench, ACCOUNT_INVENTORY);
    assert_int_equal(market_goods_day(&bench.work), ERR_OK);
    assert_int_equal(balance(&bench, ACCOUNT_INVENTORY) - stock, 790000 + 21330);
    money_bench_close(&bench);
}

/* ---- registrations, refusals, bytes ---- */

static void a_warm_start_is_registered(void **state)
{
    (void)state;
    for (int cold = 0; cold < 2; cold++) {
        struct money_bench bench;
        money_bench_open(&bench, cold, NULL);
        const struct market_customs_firm *held = money_firm(&bench)->customs;
        assert_int_equal(held[MONEY_DE].vat, !cold);
        assert_false(held[MONEY_DE].ioss); /* it sells from a warehouse there */
        assert_int_equal(held[MONEY_GB].vat, !cold);
        assert_false(held[MONEY_GB].ioss);
        money_bench_close(&bench);
    }
}

static void refused(struct money_bench *bench, const struct market_seat_decisions *decisions,
                    enum err code, const char *place)
{
    assert_int_equal(market_decisions_check(bench->rules, SEAT_FIRM, decisions, &bench->problem),
                     code);
    assert_string_equal(bench->problem.place, place);
}

static void what_cannot_be_is_refused_at_its_field(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    struct market_seat_decisions decisions = {0};
    struct market_row *row = money_row(&bench, &decisions, LIST_customs);
    market_row_set(row, F_customs_product, 0);
    market_row_set(row, F_customs_market, 0);
    market_row_set(row, F_customs_mode, 9611);
    refused(&bench, &decisions, ERR_CHOICE, "customs[0].mode");
    assert_string_equal(bench.problem.args[1].text, "0110, 9610, 9710, 9810, 1210");
    static const int64_t unknown[] = {-1, 0, 109, 9711, 9820, 10000};
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        market_row_set(row, F_customs_mode, unknown[i]);
        refused(&bench, &decisions, ERR_CHOICE, "customs[0].mode");
    }
    market_row_set(row, F_customs_mode, 9610);
    market_row_set(row, F_customs_hs6, 0);
    struct market_value *hs6 = &row->value[market_field_index(LIST_customs, F_customs_hs6)];
    static const char *const bad[] = {"", "39269", "3926901", "39269a", "39 690"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        hs6->text = str_from_c(bad[i]);
        refused(&bench, &decisions, ERR_HS6_BAD, "customs[0].hs6");
    }
    hs6->text = STR("392690");
    market_row_set(row, F_customs_declared_value, 0);
    refused(&bench, &decisions, ERR_RANGE, "customs[0].declared_value");
    market_row_set(row, F_customs_declared_value, 1);
    assert_int_equal(market_decisions_check(bench.rules, SEAT_FIRM, &decisions, &bench.problem),
                     ERR_OK);
    row = money_row(&bench, &decisions, LIST_refund_claims);
    market_row_set(row, F_refund_claims_market, 1);
    refused(&bench, &decisions, ERR_FIELD_MISSING, "refund_claims[0].amount");
    bench.rules->customs.refund_days[CUSTOMS_9810] = REFUND_RING;
    assert_int_equal(market_rules_check(bench.rules, &bench.problem), ERR_RANGE);
    assert_string_equal(bench.problem.place, "customs.refund_days");
    bench.rules->customs.refund_days[CUSTOMS_9810] = REFUND_RING - 1;
    bench.rules->customs.hold_rate = NAN;
    assert_int_equal(market_rules_check(bench.rules, &bench.problem), ERR_RANGE);
    assert_string_equal(bench.problem.place, "customs.hold_rate");
    money_bench_close(&bench);
}

static struct str bytes_of(struct money_bench *bench, const struct market_state *state)
{
    struct buf bytes;
    buf_init(&bytes);
    market_state_encode(state, &bytes);
    struct str copy = str_copy(&bench->arena, (struct str){bytes.text, bytes.length});
    buf_clear(&bytes);
    return copy;
}

static void long_waits(struct market_rules *rules)
{
    always_held(rules);
    rules->customs.hold_days = rules->customs.refund_days[CUSTOMS_9810] = 40;
}

static void bytes_come_back(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, long_waits);
    struct market_seat_decisions decisions = {0};
    struct market_row *row = money_row(&bench, &decisions, LIST_customs);
    market_row_set(row, F_customs_product, 0);
    market_row_set(row, F_customs_market, 0);
    market_row_set(row, F_customs_mode, 9810);
    market_row_set(row, F_customs_declared_value, 99);
    market_row_set(row, F_customs_hs6, 0);
    row->value[market_field_index(LIST_customs, F_customs_hs6)].text = STR("950300");
    row = money_row(&bench, &decisions, LIST_orders);
    market_row_set(row, F_orders_product, 0);
    market_row_set(row, F_orders_supplier, 0);
    market_row_set(row, F_orders_units, 500);
    market_row_set(row, F_orders_lane, WORLD_LANE_AIR);
    assert_int_equal(money_step(&bench, &decisions), ERR_OK);
    struct market_seat_decisions nothing = {0};
    assert_int_equal(money_step(&bench, &nothing), ERR_OK);
    const struct market_firm *firm = &bench.result.after->firms[0];
    bool found = false, due = firm->balance[ACCOUNT_REFUND][0] > 0;
    for (int s = 0; s < firm->shipment_count; s++)
        found = found || firm->shipments[s].found;
    assert_true(found && due);
    struct str bytes = bytes_of(&bench, bench.result.after);
    struct market_state *read;
    assert_int_equal(market_state_decode(&bench.arena, bench.rules, bytes, &read, &bench.problem),
                     ERR_OK);
    assert_true(str_equal(bytes, bytes_of(&bench, read)));
    struct buf seen;
    buf_init(&seen);
    market_observation_encode(&bench.result.observations[0], &seen);
    struct market_observation back;
    assert_int_equal(market_observation_decode(&bench.arena, (struct str){seen.text, seen.length},
                                               bench.rules, &back, &bench.problem),
                     ERR_OK);
    assert_true(back.refunds_due_minor > 0);
    assert_true(back.customs[MONEY_DE].vat);
    assert_int_equal(back.refunds_due_minor, bench.result.observations[0].refunds_due_minor);
    /* Its declarations stand and are seen, by it alone. */
    assert_int_equal(back.declaration_count, 1);
    assert_int_equal(back.declarations[0].product, 0);
    assert_int_equal(back.declarations[0].market, 0);
    assert_int_equal(back.declarations[0].mode, 9810);
    assert_int_equal(back.declarations[0].declared_minor, 99);
    assert_string_equal(back.declarations[0].hs6, "950300");
    for (int f = 1; f < bench.result.firm_count; f++)
        assert_int_equal(bench.result.observations[f].declaration_count, 0);
    struct buf again;
    buf_init(&again);
    market_observation_encode(&back, &again);
    assert_true(str_equal(buf_str(&seen), buf_str(&again)));
    buf_clear(&again);
    buf_clear(&seen);
    money_bench_close(&bench);
}

/* A fined firm is read back with its fine, and plays on as if it had never been put away. */
static void a_state_with_a_fine_comes_back_and_plays_on(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    market_post(&bench.work, 0, 0, ACCOUNT_PENALTY, ACCOUNT_CASH, 34567, REASON_PENALTY, 0);
    money_firm(&bench)->customs[MONEY_DE].found = 2;
    money_firm(&bench)->customs[MONEY_DE].gross = 1;
    money_firm(&bench)->customs[MONEY_DE].watch = 1.5;
    struct market_state *kept = bench.work.state, *read;
    assert_int_equal(market_state_decode(&bench.arena, bench.rules, bytes_of(&bench, kept), &read,
                                         &bench.problem),
                     ERR_OK);
    for (int a = 0; a < ACCOUNT_COUNT; a++)
        for (int c = 0; c < kept->currency_count; c++)
            assert_int_equal(read->firms[0].balance[a][c], kept->firms[0].balance[a][c]);
    struct str bytes[2];
    for (int i = 0; i < 2; i++) {
        struct market_seat_decisions *firms =
            ARENA_ARRAY(&bench.arena, struct market_seat_decisions, (size_t)bench.rules->firms);
        struct market_decisions decisions = {.firm_count = bench.rules->firms, .firms = firms};
        struct market_result result;
        assert_int_equal(market_step(&bench.arena, bench.rules, i == 0 ? kept : read, &decisions,
                                     &bench.key, NULL, &result, &bench.problem),
                         ERR_OK);
        bytes[i] = bytes_of(&bench, result.after);
    }
    assert_true(str_equal(bytes[0], bytes[1]));
    money_bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_and_engine_agree),
        cmocka_unit_test(the_mode_decides_when_it_is_refunded),
        cmocka_unit_test(a_mode_that_does_not_fit_is_told_and_not_used),
        cmocka_unit_test(an_exempt_mode_refunds_nothing),
        cmocka_unit_test(a_claim_takes_what_is_open_soonest_first),
        cmocka_unit_test(a_refund_is_safe_when_the_goods_are_sold),
        cmocka_unit_test(every_look_tells_the_same),
        cmocka_unit_test(honest_goods_are_held_at_the_usual_rate),
        cmocka_unit_test(opening_lots_are_honest),
        cmocka_unit_test(without_a_number_import_tax_is_a_cost),
        cmocka_unit_test(a_class_without_rates_can_be_settled),
        cmocka_unit_test(a_warm_start_is_registered),
        cmocka_unit_test(what_cannot_be_is_refused_at_its_field),
        cmocka_unit_test(bytes_come_back),
        cmocka_unit_test(a_state_with_a_fine_comes_back_and_plays_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
