/* Sourcing of level 2: the worked numbers of docs/model-level2.md, rules that order, accidents and
 * insurance, training, leaving, and who stands in for whom. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/file.h"
#include "engine/market/codec.h"
#include "engine/market/policy.h"
#include "engine/market/work.h"
#include "world.h"

struct bench {
    struct arena arena;
    struct market_rules *rules;
    struct market_supplier *suppliers; /* the test's own */
    struct market_lane *lanes;
    struct market_key key;
    struct market_result result;
    struct market_state *state;
    struct market_work work;
    struct problem problem;
};

/* A level-2 world with a work area on its first day, in a state with room to order. */
static void bench_open(struct bench *bench, int firms)
{
    memset(bench, 0, sizeof(*bench));
    arena_init(&bench->arena);
    struct world_options options = {.firms = firms, .level2 = true};
    bench->rules = world_rules(&bench->arena, &options);
    bench->suppliers = (struct market_supplier *)(uintptr_t)bench->rules->suppliers;
    bench->lanes = (struct market_lane *)(uintptr_t)bench->rules->lanes;
    bench->key = world_key("sourcing");
    assert_int_equal(
        market_open(&bench->arena, bench->rules, &bench->key, &bench->result, &bench->problem),
        ERR_OK);
    bench->state = market_state_copy(&bench->arena, bench->result.after, 64, 14);
    market_work_init(&bench->work, &bench->arena, bench->rules, &bench->key, NULL, bench->state,
                     &bench->problem);
    market_books_day_begin(&bench->work);
    market_lanes_day(&bench->work);
}

static void bench_close(struct bench *bench)
{
    arena_clear(&bench->arena);
}

static void closes(struct bench *bench)
{
    assert_int_equal(market_invariants_check(&bench->work), ERR_OK);
}

static int notices_of(struct bench *bench, enum market_notice_kind kind)
{
    int count = 0;
    for (int i = 0; i < bench->work.notices[0].count; i++)
        count += bench->work.notices[0].notices[i].kind == kind;
    return count;
}

static struct market_seat_decisions *nobody(struct arena *arena)
{
    return ARENA_NEW(arena, struct market_seat_decisions);
}

static struct market_row *row_of(struct arena *arena, struct market_seat_decisions *decisions,
                                 enum market_list list)
{
    struct market_row *row = ARENA_NEW(arena, struct market_row);
    decisions->lists[list] = (struct market_rows){1, row};
    return row;
}

/* ---- worked numbers ---- */

static struct market_supplier bot(void)
{
    return (struct market_supplier){.break_count = 1,
                                    .breaks = {{50, 9900}},
                                    .lead_days_min = 10,
                                    .bot = {.bot = true,
                                            .cost_minor = 4000,
                                            .margin = 0.25,
                                            .quantity_ref = 500,
                                            .capacity_per_day = 60}};
}

static double price_of(int64_t units)
{
    struct market_supplier supplier = bot();
    return (double)market_supplier_price(&supplier, units) / 100;
}

static double worked_small(void)
{
    return price_of(50);
}

static double worked_large(void)
{
    return price_of(2000);
}

/* Twelve firms order 100 each on one day. */
static double worked_days(void)
{
    struct bench bench;
    bench_open(&bench, 12);
    bench.suppliers[0].bot = bot().bot;
    bench.suppliers[0].lead_days_min = 10;
    bench.suppliers[0].lead_gamma_mean = bench.suppliers[0].lead_gamma_sd = 0;
    struct market_order_terms terms = {.lane = -1, .units = 100};
    for (int f = 0; f < 12; f++)
        assert_true(market_order_place(&bench.work, f, &terms));
    market_orders_schedule(&bench.work);
    closes(&bench);
    int32_t first = bench.state->firms[0].orders[0].ready_day;
    for (int f = 0; f < 12; f++) /* nobody is served before another */
        assert_int_equal(bench.state->firms[f].orders[0].ready_day, first);
    bench_close(&bench);
    return first;
}

/* Clears firm 0's goods of product 0, and gives it 100 in stock and 60 on the way. */
static void goods_set(struct bench *bench)
{
    struct market_firm *firm = &bench->state->firms[0];
    for (int place = 0; place < bench->state->place_count; place++)
        market_stock_at(bench->state, firm, place, 0)->units = 0;
    market_stock_at(bench->state, firm, 0, 0)->units = 100;
    int kept = 0;
    for (int s = 0; s < firm->shipment_count; s++)
        if (firm->shipments[s].product != 0)
            firm->shipments[kept++] = firm->shipments[s];
    firm->shipments[kept] = (struct market_shipment){.units = 60, .lane = WORLD_LANE_SEA};
    firm->shipment_count = kept + 1;
    firm->orders[0] = (struct market_order){.units = 40, .lane = -1};
    firm->order_count = 1;
}

static double worked_reorder(void)
{
    struct bench bench;
    bench_open(&bench, 2);
    goods_set(&bench);
    struct market_firm *firm = &bench.state->firms[0];
    firm->reorders[0] = (struct market_reorder){.lane = -1, .point = 200, .up_to = 500};
    market_sourcing_day(&bench.work);
    assert_int_equal(firm->order_count, 2);
    double units = (double)firm->orders[1].units;
    bench_close(&bench);
    return units;
}

static double worked_premium(void)
{
    struct market_rules rules = {0};
    market_sourcing_defaults(&rules.sourcing, 100);
    return (double)market_insurance_premium(&rules, 1000000) / 100;
}

/* An insured shipment of goods worth 10,000.00 that surely meets with an accident. */
static double worked_paid(void)
{
    struct bench bench;
    bench_open(&bench, 2);
    bench.lanes[WORLD_LANE_SEA].loss_rate = 1;
    struct market_firm *firm = &bench.state->firms[0];
    int64_t cash = firm->balance[ACCOUNT_CASH][0];
    struct market_shipment shipment = {
        .lane = WORLD_LANE_SEA, .units = 200, .goods_minor = 1000000, .insured = true};
    market_sourcing_accident(&bench.work, 0, &shipment);
    assert_int_equal(shipment.units, 100);
    assert_int_equal(shipment.goods_minor, 500000);
    double paid = (double)(firm->balance[ACCOUNT_CASH][0] - cash) / 100;
    assert_int_equal(notices_of(&bench, NOTICE_ACCIDENT), 1);
    bench_close(&bench);
    return paid;
}

static double worked_trained(void)
{
    struct bench bench;
    bench_open(&bench, 2);
    bench.state->firms[0].sourcing.training =
        5 * (double)bench.rules->sourcing.training_scale_minor;
    double factor = market_training_factor(&bench.work, 0);
    assert_true(market_training_factor(&bench.work, 1) == 1);
    bench.state->firms[0].sourcing.training = 1e18;
    assert_true(market_training_factor(&bench.work, 0) == 0.5);
    bench_close(&bench);
    return factor;
}

static const struct {
    const char *name;
    double (*compute)(void);
} worked[] = {{"sourcing_small", worked_small},     {"sourcing_large", worked_large},
              {"sourcing_days", worked_days},       {"sourcing_reorder", worked_reorder},
              {"sourcing_premium", worked_premium}, {"sourcing_paid", worked_paid},
              {"sourcing_trained", worked_trained}};

/* Every worked sourcing_ number of the page is computed here, and every number here is there. */
static void page_and_engine_agree(void **state)
{
    (void)state;
    struct arena arena;
    struct str text;
    struct problem problem = {0};
    int found = 0, on_page = 0;
    arena_init(&arena);
    assert_int_equal(
        file_read(&arena, SAMPAN_SOURCE_ROOT "/docs/model-level2.md", 1 << 20, &text, &problem),
        ERR_OK);
    for (const char *at = strstr(text.text, "`worked sourcing_"); at != NULL;
         at = strstr(at + 1, "`worked sourcing_")) {
        char name[40];
        double value = NAN;
        int digits = 0;
        on_page++;
        assert_int_equal(sscanf(at, "`worked %39s = %lf", name, &value), 2);
        const char *end = strchr(at + 1, '`'), *point = strchr(at, '.');
        if (point != NULL && point < end)
            digits = (int)(end - point) - 1;
        for (size_t i = 0; i < COUNT_OF(worked); i++)
            if (strcmp(worked[i].name, name) == 0) {
                double computed = worked[i].compute();
                if (fabs(computed - value) > 0.5001 * pow(10, -digits))
                    fail_msg("%s: the page says %g, the engine %.9g", name, value, computed);
                found++;
            }
    }
    assert_int_equal(found, COUNT_OF(worked));
    assert_int_equal(on_page, COUNT_OF(worked));
    arena_clear(&arena);
}

/* ---- suppliers ---- */

static void prices_follow_list_or_quantity(void **state)
{
    (void)state;
    struct market_supplier supplier = bot();
    assert_int_equal(market_supplier_price(&supplier, 500), 5000);
    assert_int_equal(market_supplier_dearest(&supplier), market_supplier_price(&supplier, 50));
    for (int64_t units = 50; units < 100000; units *= 3)
        assert_true(market_supplier_price(&supplier, 2 * units) <=
                    market_supplier_price(&supplier, units));
    supplier.bot.cost_minor = 1;
    supplier.bot.margin = 0;
    assert_int_equal(market_supplier_price(&supplier, 1000000), 1); /* never for nothing */
    supplier.bot.bot = false;
    supplier.break_count = 3;
    supplier.breaks[1] = (struct market_break){100, 12000};
    supplier.breaks[2] = (struct market_break){200, 8000};
    assert_int_equal(market_supplier_price(&supplier, 99), 9900);
    assert_int_equal(market_supplier_price(&supplier, 100), 12000);
    assert_int_equal(market_supplier_price(&supplier, 5000), 8000);
    assert_int_equal(market_supplier_dearest(&supplier), 12000);
}

/* The briefing gives the prices and hides what they are made of. */
static void a_bot_s_cost_is_not_told(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 2);
    bench.suppliers[0].bot = bot().bot;
    const struct market_rules *told = market_rules_public(&bench.arena, bench.rules);
    assert_int_equal(told->suppliers[0].bot.cost_minor, 1);
    for (int64_t units = 50; units <= 1000000; units += 997)
        assert_int_equal(market_supplier_price(&told->suppliers[0], units),
                         market_supplier_price(&bench.suppliers[0], units));
    bench_close(&bench);
}

/* ---- reorders ---- */

static void a_rule_waits_a_week_and_needs_money(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 2);
    struct market_firm *firm = &bench.state->firms[0];
    firm->reorders[1] = (struct market_reorder){
        .supplier = 1, .lane = WORLD_LANE_SEA, .point = 1000000, .up_to = 1000000};
    market_sourcing_day(&bench.work); /* a million units cannot be paid */
    assert_int_equal(firm->order_count, 0);
    assert_int_equal(notices_of(&bench, NOTICE_ORDER_UNPAID), 1);
    firm->reorders[1].up_to = 700;
    for (int day = 1; day < 7; day++) {
        market_work_day(&bench.work, day);
        market_sourcing_day(&bench.work);
    }
    assert_int_equal(firm->order_count, 0);
    market_work_day(&bench.work, 7);
    market_sourcing_day(&bench.work);
    assert_int_equal(firm->order_count, 1);
    assert_int_equal(firm->orders[0].lane, WORLD_LANE_SEA);
    assert_int_equal(firm->orders[0].placed_day, 7);
    assert_true(firm->orders[0].ready_day > 7);
    closes(&bench);
    /* Now the position is at the level: nothing more, though the point is far above. */
    market_work_day(&bench.work, 14);
    market_sourcing_day(&bench.work);
    assert_int_equal(firm->order_count, 1);
    bench_close(&bench);
}

static void rows_are_taken_field_by_field(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 2);
    struct market_seat_decisions *decisions = nobody(&bench.arena);
    struct market_row *row = row_of(&bench.arena, decisions, LIST_reorders);
    market_row_set(row, F_reorders_product, 1);
    market_row_set(row, F_reorders_supplier, 1);
    market_row_set(row, F_reorders_point, 10);
    market_row_set(row, F_reorders_up_to, 20);
    assert_int_equal(market_sourcing_apply(&bench.work, 0, decisions), ERR_OK);
    const struct market_reorder *rule = &bench.state->firms[0].reorders[1];
    assert_int_equal(rule->lane, -1);
    row->set = 0;
    market_row_set(row, F_reorders_product, 1);
    market_row_set(row, F_reorders_up_to, 30);
    assert_int_equal(market_sourcing_apply(&bench.work, 0, decisions), ERR_OK);
    assert_int_equal(rule->point, 10);
    assert_int_equal(rule->up_to, 30);
    assert_int_equal(rule->supplier, 1);
    bench_close(&bench);
}

static void rows_that_cannot_be_are_refused(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 2);
    struct market_seat_decisions *decisions = nobody(&bench.arena);
    struct market_row *row = row_of(&bench.arena, decisions, LIST_reorders);
    static const struct {
        enum market_field field;
        int64_t number;
        enum err code;
        const char *place;
    } cases[] = {
        {F_reorders_supplier, 1, ERR_SUPPLIER_PRODUCT, "reorders[0].supplier"},
        {F_reorders_supplier, 99, ERR_RANGE, "reorders[0].supplier"},
        {F_reorders_lane, WORLD_LANE_DE, ERR_LANE_KIND, "reorders[0].lane"},
        {F_reorders_lane, -2, ERR_RANGE, "reorders[0].lane"},
        {F_reorders_lane, -1, ERR_OK, ""},
        {F_reorders_point, -1, ERR_RANGE, "reorders[0].point"},
        {F_reorders_up_to, INT64_MAX, ERR_RANGE, "reorders[0].up_to"},
    };
    for (size_t c = 0; c < COUNT_OF(cases); c++) {
        *row = (struct market_row){0};
        market_row_set(row, F_reorders_product, 0);
        market_row_set(row, cases[c].field, cases[c].number);
        assert_int_equal(market_decisions_check(bench.rules, SEAT_FIRM, decisions, &bench.problem),
                         cases[c].code);
        if (cases[c].code != ERR_OK)
            assert_string_equal(bench.problem.place, cases[c].place);
    }
    bench_close(&bench);
}

/* ---- accidents ---- */

/* Of an insured and an uninsured lot only one is made good; a loss of all leaves nothing to clear.
 */
static void losses_close_the_books(void **state)
{
    (void)state;
    for (int insured = 0; insured <= 1; insured++) {
        struct bench bench;
        bench_open(&bench, 2);
        bench.lanes[WORLD_LANE_AIR].loss_rate = 0.5;
        bench.rules->sourcing.bulk_loss_share = 1;
        struct market_firm *firm = &bench.state->firms[0];
        int lost = 0;
        int64_t alone = market_freight(bench.rules, &bench.lanes[WORLD_LANE_AIR],
                                       &bench.rules->products[0], 10, 1);
        for (int day = 0; day < 40; day++) {
            struct market_stock *home = market_stock_at(bench.state, firm, 0, 0);
            market_work_day(&bench.work, day);
            if (day < 20) {
                market_stock_add(home, 10, 40000, 0);
                firm->units[0].bought += 10;
                market_post(&bench.work, 0, 0, ACCOUNT_INVENTORY, ACCOUNT_CASH, 40000,
                            REASON_ARRIVAL, 0);
                int64_t goods = market_stock_take(home, 10);
                market_post(&bench.work, 0, 0, ACCOUNT_TRANSIT, ACCOUNT_INVENTORY, goods,
                            REASON_FREIGHT, 0);
                market_ship(&bench.work, 0, 0, WORLD_LANE_AIR, 10, goods, 0, insured != 0);
            }
            assert_int_equal(market_goods_day(&bench.work), ERR_OK);
            closes(&bench);
        }
        lost = notices_of(&bench, NOTICE_ACCIDENT);
        assert_true(lost > 3 && lost < 17);
        assert_int_equal(firm->units[0].written_off, 10 * lost);
        int64_t premiums = insured ? 20 * 120 : 0; /* 0.3 % of 400.00, in the freight */
        int64_t loss = firm->balance[ACCOUNT_WRITE_OFF][0];
        int64_t freight = lost * (alone + premiums / 20);
        assert_int_equal(loss, insured ? freight : freight + 40000 * lost);
        bench_close(&bench);
    }
}

/* ---- the team ---- */

/* What cannot pay its freight or premium stays at home, and the firm is told by which lane. */
static void a_transfer_that_cannot_be_paid_stays(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 2);
    struct market_firm *firm = &bench.state->firms[0];
    struct market_stock *home = market_stock_at(bench.state, firm, 0, 0);
    market_stock_add(home, 100, 1000000, 0);
    bench.rules->sourcing.insurance_rate_1e9 = RATE_ONE;
    firm->balance[ACCOUNT_CASH][0] = 900000;
    bench.rules->finance.overdraft_limit_minor = 0;
    struct market_seat_decisions *decisions =
        ARENA_ARRAY(&bench.arena, struct market_seat_decisions, 2);
    struct market_row *row = row_of(&bench.arena, decisions, LIST_transfers);
    struct market_decisions all = {.firm_count = 2, .firms = decisions};
    market_row_set(row, F_transfers_product, 0);
    market_row_set(row, F_transfers_lane, WORLD_LANE_AIR);
    market_row_set(row, F_transfers_units, 100);
    market_row_set(row, F_transfers_insured, 1);
    assert_int_equal(market_apply_decisions(&bench.work, &all), ERR_OK);
    assert_int_equal(home->units, 100);
    assert_int_equal(notices_of(&bench, NOTICE_TRANSFER_UNPAID), 1);
    market_row_set(row, F_transfers_insured, 0);
    assert_int_equal(market_apply_decisions(&bench.work, &all), ERR_OK);
    assert_int_equal(home->units, 0);
    bench_close(&bench);
}

static void training_is_paid_and_fades(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 2);
    struct market_firm *firm = &bench.state->firms[0];
    struct market_seat_decisions *decisions = nobody(&bench.arena);
    market_row_set(row_of(&bench.arena, decisions, LIST_team), F_team_training_spend, 100000);
    int64_t cash = firm->balance[ACCOUNT_CASH][0];
    assert_int_equal(market_sourcing_apply(&bench.work, 0, decisions), ERR_OK);
    assert_int_equal(firm->balance[ACCOUNT_CASH][0], cash - 100000);
    market_sourcing_day(&bench.work);
    assert_true(fabs(firm->sourcing.training - 99000) < 1e-6);
    /* The next round trains again without being told; without money it does not. */
    assert_int_equal(market_sourcing_apply(&bench.work, 0, nobody(&bench.arena)), ERR_OK);
    assert_true(fabs(firm->sourcing.training - 199000) < 1e-6);
    firm->administration = true;
    assert_int_equal(market_sourcing_apply(&bench.work, 0, nobody(&bench.arena)), ERR_OK);
    assert_true(fabs(firm->sourcing.training - 199000) < 1e-6);
    struct market_order_terms terms = {.lane = -1, .units = 100};
    firm->administration = false;
    assert_true(market_order_place(&bench.work, 0, &terms));
    assert_true(market_order_place(&bench.work, 1, &terms));
    assert_true(firm->orders[0].defect_rate < bench.state->firms[1].orders[0].defect_rate);
    bench_close(&bench);
}

static void who_leaves_orders_nothing_and_ends_without_wages(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 2);
    struct market_firm *firm = &bench.state->firms[0];
    int64_t wages = bench.rules->finance.payroll_per_day_minor;
    struct market_order_terms terms = {.lane = -1, .units = 100};
    firm->sourcing.exit_plan = true;
    assert_false(market_order_place(&bench.work, 0, &terms));
    assert_int_equal(notices_of(&bench, NOTICE_EXIT_ORDER), 1);
    assert_int_equal(market_sourcing_wages(&bench.work, 0), wages); /* stock is left */
    firm->shipment_count = 0;
    for (int place = 0; place < bench.state->place_count; place++)
        for (int p = 0; p < bench.state->product_count; p++)
            market_stock_at(bench.state, firm, place, p)->units = 0;
    assert_int_equal(market_sourcing_wages(&bench.work, 0), 0);
    firm->sourcing.exit_plan = false;
    assert_int_equal(market_sourcing_wages(&bench.work, 0), wages);
    bench_close(&bench);
}

/* ---- stand-ins ---- */

static void an_absent_firm_orders_as_steady_and_decides_nothing(void **state)
{
    (void)state;
    for (int level2 = 0; level2 <= 1; level2++) {
        struct arena arena;
        arena_init(&arena);
        struct world_options options = {.firms = 3, .level2 = level2 != 0, .b = 20};
        struct market_rules *rules = world_rules(&arena, &options);
        struct market_key key = world_key("absent");
        struct market_result start, by_flag, by_hand;
        struct problem problem = {0};
        assert_int_equal(market_open(&arena, rules, &key, &start, &problem), ERR_OK);
        struct market_seat_decisions firms[3] = {0}, steady;
        market_policy_decide(&arena, POLICY_STEADY, &start.observations[1], &steady);
        assert_true(steady.lists[LIST_orders].count > 0);
        struct market_decisions decisions = {.firm_count = 3, .firms = firms};
        firms[1].absent = true;
        firms[1].lists[LIST_listings] = steady.lists[LIST_listings]; /* not read */
        assert_int_equal(
            market_step(&arena, rules, start.after, &decisions, &key, NULL, &by_flag, &problem),
            ERR_OK);
        firms[1] = (struct market_seat_decisions){0};
        firms[1].lists[LIST_orders] = steady.lists[LIST_orders];
        firms[1].lists[LIST_transfers] = steady.lists[LIST_transfers];
        assert_int_equal(
            market_step(&arena, rules, start.after, &decisions, &key, NULL, &by_hand, &problem),
            ERR_OK);
        struct buf a = {0}, b = {0};
        market_state_encode(by_flag.after, &a);
        market_state_encode(by_hand.after, &b);
        assert_true(str_equal(buf_str(&a), buf_str(&b)));
        buf_clear(&a);
        buf_clear(&b);
        arena_clear(&arena);
    }
}

static struct market_decisions stood_in(struct bench *bench, struct market_seat_decisions *firms)
{
    struct market_decisions given = {.firm_count = bench->rules->firms, .firms = firms}, played;
    assert_int_equal(market_decisions_complete(&bench->work, &given, &played), ERR_OK);
    return played;
}

static void rules_and_exit_plans_bind_the_stand_in(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 2);
    struct market_firm *firm = &bench.state->firms[0];
    for (int p = 0; p < bench.state->product_count; p++)
        market_stock_at(bench.state, firm, 1, p)->units = 0; /* wants goods */
    struct market_seat_decisions firms[2] = {{.absent = true}, {.absent = false}};
    int all = stood_in(&bench, firms).firms[0].lists[LIST_orders].count;
    assert_int_equal(all, bench.rules->product_count);
    firm->reorders[0] = (struct market_reorder){.lane = -1, .point = 1, .up_to = 2};
    struct market_decisions played = stood_in(&bench, firms);
    assert_int_equal(played.firms[0].lists[LIST_orders].count, all - 1);
    firm->sourcing.exit_plan = true;
    played = stood_in(&bench, firms);
    assert_int_equal(played.firms[0].lists[LIST_orders].count, 0);
    assert_int_equal(played.firms[1].lists[LIST_orders].count, 0); /* it is there, and silent */
    bench_close(&bench);
}

static void administration_is_steady_without_orders(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 2);
    bench.state->firms[0].administration = true;
    struct market_seat_decisions firms[2] = {0};
    struct market_row *own = row_of(&bench.arena, &firms[0], LIST_team);
    market_row_set(own, F_team_exit_plan, 1);
    struct market_row *order = row_of(&bench.arena, &firms[0], LIST_orders);
    market_row_set(order, F_orders_product, 0);
    market_row_set(order, F_orders_supplier, 0);
    market_row_set(order, F_orders_units, 100);
    struct market_decisions played = stood_in(&bench, firms);
    assert_true(played.firms[0].lists[LIST_listings].count > 0);
    assert_int_equal(played.firms[0].lists[LIST_orders].count, 0);
    assert_int_equal(played.firms[0].lists[LIST_transfers].count, 0);
    assert_ptr_equal(played.firms[0].lists[LIST_team].rows, own);
    assert_int_equal(
        market_decisions_check(bench.rules, SEAT_FIRM, &played.firms[0], &bench.problem), ERR_OK);
    bench_close(&bench);
}

/* ---- bytes and rules ---- */

static void states_come_back(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 2);
    struct market_firm *firm = &bench.state->firms[0];
    firm->sourcing = (struct market_sourcing_firm){1.5, 77, true};
    firm->reorders[2] = (struct market_reorder){2, WORLD_LANE_SEA, 5, 50, 3};
    struct market_order_terms terms = {.lane = -1, .units = 100};
    assert_true(market_order_place(&bench.work, 1, &terms));
    struct buf bytes = {0}, again = {0};
    struct market_state *read;
    market_state_encode(bench.state, &bytes);
    assert_int_equal(
        market_state_decode(&bench.arena, bench.rules, buf_str(&bytes), &read, &bench.problem),
        ERR_OK);
    market_state_encode(read, &again);
    assert_true(str_equal(buf_str(&bytes), buf_str(&again)));
    assert_int_equal(read->firms[0].reorders[2].up_to, 50);
    assert_true(read->firms[0].sourcing.exit_plan);
    buf_reset(&bytes);
    firm->reorders[2].up_to = -1;
    market_state_encode(bench.state, &bytes);
    assert_int_equal(
        market_state_decode(&bench.arena, bench.rules, buf_str(&bytes), &read, &bench.problem),
        ERR_STATE_DAMAGED);
    buf_clear(&bytes);
    buf_clear(&again);
    bench_close(&bench);
}

static void rules_out_of_range_are_refused(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 2);
    bench.rules->sourcing.training_effect = NAN;
    assert_int_equal(market_sourcing_check(bench.rules, &bench.problem), ERR_SCENARIO);
    assert_string_equal(bench.problem.place, "sourcing.training_effect");
    bench.rules->sourcing.open = false;
    assert_int_equal(market_sourcing_check(bench.rules, &bench.problem), ERR_OK);
    bench.suppliers[1].bot = bot().bot;
    assert_int_equal(market_sourcing_check(bench.rules, &bench.problem), ERR_OK);
    bench.suppliers[1].bot.capacity_per_day = 0;
    assert_int_equal(market_rules_check(bench.rules, &bench.problem), ERR_SCENARIO);
    assert_string_equal(bench.problem.place, "suppliers[1].bot");
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_and_engine_agree),
        cmocka_unit_test(prices_follow_list_or_quantity),
        cmocka_unit_test(a_bot_s_cost_is_not_told),
        cmocka_unit_test(a_rule_waits_a_week_and_needs_money),
        cmocka_unit_test(rows_are_taken_field_by_field),
        cmocka_unit_test(rows_that_cannot_be_are_refused),
        cmocka_unit_test(losses_close_the_books),
        cmocka_unit_test(a_transfer_that_cannot_be_paid_stays),
        cmocka_unit_test(training_is_paid_and_fades),
        cmocka_unit_test(who_leaves_orders_nothing_and_ends_without_wages),
        cmocka_unit_test(an_absent_firm_orders_as_steady_and_decides_nothing),
        cmocka_unit_test(rules_and_exit_plans_bind_the_stand_in),
        cmocka_unit_test(administration_is_steady_without_orders),
        cmocka_unit_test(states_come_back),
        cmocka_unit_test(rules_out_of_range_are_refused),
    };
    return cmocka_run_group_tests_name("sourcing", tests, NULL, NULL);
}
