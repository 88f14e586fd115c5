/* What goods cost to land: what the reckoning says, for every declaration and number a firm may
 * have, is what the engine books, to the unit. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/market/policy.h"
#include "engine/market/why.h"
#include "money_bench.h"

enum { UNITS = 600 };

static void nothing_is_looked_at(struct market_rules *rules)
{
    rules->customs.hold_rate = rules->customs.undervalue_slope = rules->customs.misclass_rate = 0;
    rules->customs.undervalue_rate = rules->customs.repeat_rate = 0;
    rules->sourcing.open = false;
}

static void all_is_looked_at(struct market_rules *rules)
{
    rules->customs.undervalue_slope = 10;
}

static int supplier_of(const struct market_rules *rules)
{
    int supplier = 0;
    while (rules->suppliers[supplier].product != MONEY_PRODUCT)
        supplier++;
    return supplier;
}

static int nest_of(const struct market_rules *rules, int market)
{
    int nest = 0;
    while (rules->nests[nest].market != market ||
           rules->nests[nest].category != rules->products[MONEY_PRODUCT].category)
        nest++;
    return nest;
}

/* A shipment bought at the supplier's price for the lot, with the freight of the lane, arrives. */
static struct market_shipment *arrives(struct money_bench *bench)
{
    const struct market_rules *rules = bench->rules;
    struct market_firm *firm = money_firm(bench);
    for (int s = 0; s < firm->shipment_count; s++)
        firm->shipments[s].arrive_day = 1000;
    struct market_shipment *shipment = &firm->shipments[firm->shipment_count++];
    *shipment = (struct market_shipment){
        .product = MONEY_PRODUCT,
        .lane = WORLD_LANE_AIR,
        .units = UNITS,
        .goods_minor = market_supplier_price(&rules->suppliers[supplier_of(rules)], UNITS) * UNITS,
        .freight_minor = market_freight(rules, &rules->lanes[WORLD_LANE_AIR],
                                        &rules->products[MONEY_PRODUCT], UNITS, 1.0),
        .sent_day = -8};
    market_customs_stamp(&bench->work, 0, shipment);
    firm->units[MONEY_PRODUCT].bought += UNITS;
    market_post(&bench->work, 0, 0, ACCOUNT_TRANSIT, ACCOUNT_CASH,
                shipment->goods_minor + shipment->freight_minor, REASON_FREIGHT, MONEY_PRODUCT);
    return shipment;
}

/* What a firm may declare and hold. */
static const struct market_cost_seat seats[] = {
    {0},
    {.declared_minor = 260},
    {.declared_minor = 1},
    {.declared_minor = 5000},
    {.declared_hs6 = "950300"},
    {.declared_minor = 260, .declared_hs6 = "950300"},
    {.vat_lacking = true},
    {.declared_minor = 260, .vat_lacking = true},
};

static void landed_is_what_is_booked(void **state)
{
    (void)state;
    int64_t duty[COUNT_OF(seats)];
    for (size_t i = 0; i < COUNT_OF(seats); i++) {
        struct money_bench bench;
        struct market_unit_cost cost;
        struct market_cost_terms terms;
        struct market_observation seen = {0};
        money_bench_open(&bench, false, nothing_is_looked_at);
        const struct market_rules *rules = bench.rules;
        struct market_customs_declaration *declared =
            market_declaration_at(bench.work.state, money_firm(&bench), MONEY_PRODUCT, MONEY_DE);
        declared->declared_minor = seats[i].declared_minor;
        memcpy(declared->hs6, seats[i].declared_hs6, sizeof(declared->hs6));
        money_firm(&bench)->customs[MONEY_DE].vat = !seats[i].vat_lacking;
        struct market_shipment *shipment = arrives(&bench);
        int64_t goods = shipment->goods_minor, freight = shipment->freight_minor;
        int64_t before =
            market_stock_at(bench.work.state, money_firm(&bench), 1 + MONEY_DE, MONEY_PRODUCT)
                ->value_minor;

        /* As the firm sees its own seat. */
        seen.rules = rules;
        market_customs_see(&bench.work, 0, &seen);
        struct market_cost_seat seat =
            market_cost_seat_get(&seen, MONEY_PRODUCT, nest_of(rules, MONEY_DE), -1);
        assert_int_equal(seat.declared_minor, seats[i].declared_minor);
        assert_string_equal(seat.declared_hs6, seats[i].declared_hs6);
        assert_int_equal(seat.vat_lacking, seats[i].vat_lacking);
        struct market_rules plain = *rules;
        struct market_supplier *suppliers =
            ARENA_ARRAY(&bench.arena, struct market_supplier, (size_t)rules->supplier_count);
        memcpy(suppliers, rules->suppliers, (size_t)rules->supplier_count * sizeof(*suppliers));
        suppliers[supplier_of(rules)].inspection_fee_minor = 0;
        plain.suppliers = suppliers;
        assert_int_equal(market_unit_cost_open(&plain, bench.work.date, MONEY_PRODUCT,
                                               nest_of(rules, MONEY_DE), supplier_of(rules),
                                               WORLD_LANE_AIR, WORLD_LANE_DE, UNITS, &seat, &cost,
                                               &terms, &bench.problem),
                         ERR_OK);

        int64_t paid = money_firm(&bench)->balance[ACCOUNT_TRANSIT][0];
        assert_int_equal(market_goods_day(&bench.work), ERR_OK);
        int64_t after =
            market_stock_at(bench.work.state, money_firm(&bench), 1 + MONEY_DE, MONEY_PRODUCT)
                ->value_minor;
        assert_int_equal(terms.goods_minor, goods);
        assert_int_equal(terms.freight_minor, freight);
        assert_int_equal(after - before,
                         terms.goods_minor + terms.freight_minor + terms.duty_minor);
        assert_int_equal(paid - money_firm(&bench)->balance[ACCOUNT_TRANSIT][0], goods + freight);
        duty[i] = terms.duty_minor;
        money_bench_close(&bench);
    }
    assert_true(duty[2] < duty[1] && duty[1] < duty[0] && duty[0] < duty[3]);
    assert_true(duty[6] > duty[0]);
    assert_true(duty[7] > duty[1] && duty[7] < duty[6]);
}

/* ---- parcels ---- */

struct parcel_case {
    int64_t declared;
    const char *hs6;
    int bundle;
    bool duty_paid;
};

static void first_decide(struct money_bench *bench, const struct parcel_case *with,
                         struct market_seat_decisions *decisions)
{
    int nest = nest_of(bench->rules, MONEY_DE);
    struct market_row *row = money_row(bench, decisions, LIST_listings);
    market_row_set(row, F_listings_product, MONEY_PRODUCT);
    market_row_set(row, F_listings_market, MONEY_DE);
    market_row_set(row, F_listings_channel, bench->rules->nests[nest].channel);
    market_row_set(row, F_listings_lane, WORLD_LANE_LINE);
    market_row_set(row, F_listings_price, bench->rules->nests[nest].price_ref_minor * with->bundle);
    market_row_set(row, F_listings_coupon, 50);
    market_row_set(row, F_listings_bundle_units, with->bundle);
    market_row_set(row, F_listings_duty_paid, with->duty_paid);
    row = money_row(bench, decisions, LIST_orders);
    market_row_set(row, F_orders_product, MONEY_PRODUCT);
    market_row_set(row, F_orders_supplier, supplier_of(bench->rules));
    market_row_set(row, F_orders_units, UNITS);
    if (with->declared == 0 && with->hs6 == NULL)
        return;
    row = money_row(bench, decisions, LIST_customs);
    market_row_set(row, F_customs_product, MONEY_PRODUCT);
    market_row_set(row, F_customs_market, MONEY_DE);
    if (with->declared > 0)
        market_row_set(row, F_customs_declared_value, with->declared);
    if (with->hs6 == NULL)
        return;
    market_row_set(row, F_customs_hs6, 0);
    row->value[market_field_index(LIST_customs, F_customs_hs6)].text = str_from_c(with->hs6);
}

static void step(struct money_bench *bench, const struct market_seat_decisions *decisions)
{
    struct market_seat_decisions *firms =
        ARENA_ARRAY(&bench->arena, struct market_seat_decisions, (size_t)bench->rules->firms);
    firms[0] = *decisions;
    struct market_decisions all = {.firm_count = bench->rules->firms, .firms = firms};
    struct market_probe probe = {.journal = true, .why_firm = -1, .check = true};
    assert_int_equal(market_step(&bench->arena, bench->rules, bench->result.after, &all,
                                 &bench->key, &probe, &bench->result, &bench->problem),
                     ERR_OK);
}

/* The charges of one order of the day, as the reckoning quotes them. */
static int64_t quoted(const struct money_bench *bench, const struct market_cost_seat *seat,
                      int32_t date, int64_t net_minor)
{
    struct market_border border = {.mode = TRADE_MODE_PARCEL,
                                   .market = MONEY_DE,
                                   .category = bench->rules->products[MONEY_PRODUCT].category,
                                   .units = seat->bundle_units,
                                   .value_minor = net_minor,
                                   .declared_share_1e9 = market_customs_declared_share(
                                       seat->declared_minor, seat->bundle_units, net_minor),
                                   .declared_hs6 = seat->declared_hs6};
    struct trade_quote quote;
    struct problem problem;
    assert_int_equal(market_border_quote(bench->rules, date, &border, &quote, &problem), ERR_OK);
    return seat->duty_unpaid ? 0 : quote.duty_minor + quote.charges_minor + quote.handling_minor;
}

/* What sales and their duty were on a day, local. */
struct day_sums {
    int64_t net, duty, penalty;
};

static struct day_sums day_of(const struct money_bench *bench, int32_t day)
{
    const struct market_journal *journal = &bench->result.journal;
    struct day_sums sums = {0};
    int local = bench->rules->markets[MONEY_DE].currency;
    for (int i = 0; i < journal->count; i++) {
        const struct market_entry *entry = &journal->entries[i];
        if (entry->firm != 0 || entry->day != day || entry->object != MONEY_PRODUCT)
            continue;
        if (entry->reason == REASON_PENALTY)
            sums.penalty += entry->amount_minor;
        if (entry->currency != local)
            continue;
        if (entry->reason == REASON_SALE)
            sums.net += entry->amount_minor;
        if (entry->reason == REASON_DUTY && entry->debit == ACCOUNT_FULFILMENT)
            sums.duty += entry->amount_minor;
    }
    return sums;
}

/* Duty of all parcels a unit sold, after each day was held against the quote; with inspections the
 * days that were fined are counted instead. */
static double parcels_play(const struct parcel_case *with,
                           void (*setup)(struct market_rules *rules), int *fined)
{
    struct money_bench bench;
    struct market_seat_decisions decisions = {0}, nothing = {0};
    double duty = 0, net = 0;
    *fined = 0;
    money_bench_open(&bench, false, setup);
    first_decide(&bench, with, &decisions);
    for (int r = 0; r < 4; r++) {
        step(&bench, r == 0 ? &decisions : &nothing);
        const struct market_observation *seen = &bench.result.observations[0];
        int view = 0;
        while (seen->listings[view].product != MONEY_PRODUCT ||
               seen->listings[view].market != MONEY_DE)
            view++;
        struct market_cost_seat seat =
            market_cost_seat_get(seen, MONEY_PRODUCT, seen->listings[view].nest, view);
        assert_int_equal(seat.bundle_units, with->bundle);
        assert_int_equal(seat.declared_minor, with->declared);
        assert_int_equal(seat.duty_unpaid, !with->duty_paid);
        int64_t price = seen->listings[view].price_minor - seen->listings[view].coupon_minor;
        for (int32_t day = seen->day - bench.rules->round_days; day < seen->day; day++) {
            struct day_sums sums = day_of(&bench, day);
            int32_t date = bench.rules->start_date + day;
            int64_t rate = 0;
            assert_int_equal(
                trade_tax_rate(&bench.rules->trade, "DE",
                               bench.rules->categories[bench.rules->products[0].category].hs6, date,
                               &rate, &bench.problem),
                ERR_OK);
            int64_t one =
                with->duty_paid ? price - market_share_of(price, rate, RATE_ONE + rate) : price;
            assert_int_equal(sums.net % one, 0);
            *fined += sums.penalty > 0;
            if (sums.penalty == 0)
                assert_int_equal(sums.duty, sums.net / one * quoted(&bench, &seat, date, one));
            duty += (double)sums.duty;
            net += (double)sums.net;
        }
    }
    assert_true(net > 0);
    money_bench_close(&bench);
    return duty / net;
}

static void parcels_pay_what_is_quoted(void **state)
{
    (void)state;
    static const struct parcel_case cases[] = {
        {0, NULL, 1, true}, {300, NULL, 1, true}, {0, "950300", 1, true}, {300, "950300", 1, true},
        {0, NULL, 3, true}, {300, NULL, 3, true}, {300, NULL, 1, false},
    };
    double duty[COUNT_OF(cases)];
    int fined;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        duty[i] = parcels_play(&cases[i], nothing_is_looked_at, &fined);
        assert_int_equal(fined, 0);
    }
    assert_true(duty[1] < duty[0]); /* a low value saves duty that nobody finds */
    assert_true(duty[5] < duty[4]);
    assert_true(duty[6] == 0);
}

static void parcels_that_are_opened_pay_and_are_fined(void **state)
{
    (void)state;
    const struct parcel_case honest = {0, NULL, 1, true}, low = {300, NULL, 1, true};
    int honest_fined, low_fined;
    double right = parcels_play(&honest, all_is_looked_at, &honest_fined);
    double found = parcels_play(&low, all_is_looked_at, &low_fined);
    assert_int_equal(honest_fined, 0);
    assert_true(low_fined > 5);
    /* Nearly all days are opened and pay as they should. */
    assert_true(found > right * 0.8);
}

static void opened_parcels_wait(void **state)
{
    (void)state;
    struct market_customs_rules rules;
    market_customs_defaults(&rules, 710);
    assert_int_equal(market_customs_held_days(&rules, 4), 9);
    assert_int_equal(market_customs_held_days(&rules, 60), MARKET_LANE_DAYS_MAX);
    /* EUR 2.50 of EUR 10.00 for three units: three quarters. */
    assert_int_equal(market_customs_declared_share(250, 3, 1000), 750000000);
    assert_int_equal(market_customs_declared_share(0, 3, 1000), RATE_ONE);
    assert_int_equal(market_customs_declared_share(100000000, 3, 1), INT64_C(10) * RATE_ONE);
}

/* ---- why a listing could not be bought ---- */

/* The first day of the next round of firm 0's first listing, after `change` of its state. */
static struct market_why first_day(struct money_bench *bench,
                                   void (*change)(struct money_bench *bench))
{
    struct market_why why = {0};
    struct market_seat_decisions *firms =
        ARENA_ARRAY(&bench->arena, struct market_seat_decisions, (size_t)bench->rules->firms);
    struct market_decisions all = {.firm_count = bench->rules->firms, .firms = firms};
    change(bench);
    struct market_probe probe = {
        .why_firm = 0, .why_listing = 0, .why_day = bench->work.state->day, .why = &why};
    struct market_result result;
    assert_int_equal(market_step(&bench->arena, bench->rules, bench->work.state, &all, &bench->key,
                                 &probe, &result, &bench->problem),
                     ERR_OK);
    assert_true(why.found);
    return why;
}

static void infringe(struct money_bench *bench)
{
    struct market_firm *firm = money_firm(bench);
    firm->listings[0].compliance.closed_until = 30;
    firm->listings[0].compliance.closed_number = 4;
    firm->listings[0].compliance.closed_kind = INCIDENT_INFRINGEMENT;
}

static void sell_out(struct money_bench *bench)
{
    struct market_firm *firm = money_firm(bench);
    int product = firm->listings[0].product;
    int market = bench->rules->nests[firm->listings[0].nest].market;
    struct market_stock *stock = market_stock_at(bench->work.state, firm, 1 + market, product);
    firm->units[product].bought -= stock->units;
    stock->units = 0;
    for (int s = 0; s < firm->shipment_count; s++)
        if (firm->shipments[s].product == product) {
            firm->shipments[s].held = true;
            firm->shipments[s].declared_share_1e9 = RATE_ONE;
            firm->shipments[s].arrive_day = 12;
        }
}

static void retire(struct money_bench *bench)
{
    money_firm(bench)->listings[0].live = false;
}

static void keep(struct money_bench *bench)
{
    (void)bench;
}

static void what_closed_a_listing_is_found(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    assert_int_equal(first_day(&bench, keep).absence, ABSENCE_NONE);
    struct market_why why = first_day(&bench, infringe);
    assert_int_equal(why.absence, ABSENCE_CLOSED);
    assert_int_equal(why.closed_kind, INCIDENT_INFRINGEMENT);
    assert_int_equal(why.closed_number, 4);
    assert_int_equal(why.closed_until, 30);
    assert_int_equal(first_day(&bench, retire).absence, ABSENCE_RETIRED);
    money_bench_close(&bench);
    money_bench_open(&bench, false, NULL);
    why = first_day(&bench, sell_out);
    assert_int_equal(why.absence, ABSENCE_NO_STOCK);
    assert_true(why.held_units > 0);
    assert_int_equal(why.held_until, 12);
    money_bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(landed_is_what_is_booked),
        cmocka_unit_test(parcels_pay_what_is_quoted),
        cmocka_unit_test(parcels_that_are_opened_pay_and_are_fined),
        cmocka_unit_test(opened_parcels_wait),
        cmocka_unit_test(what_closed_a_listing_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
