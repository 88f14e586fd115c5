/* The counter-moves of event cards as people make them: each is a decision field, is seen as done
 * once it was decided and not before, and costs money of its own kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cards.h"
#include "effects.h"

enum { ROUNDS = 3, ROUNDS_PAID = 5, MARKET = 0 };

typedef void move_make(struct arena *arena, const struct market_observation *seen,
                       struct market_seat_decisions *seat, bool with);

static void order(struct arena *arena, struct market_seat_decisions *seat, int units, int lane,
                  bool inspect)
{
    struct market_row *row = effect_row_add(arena, seat, LIST_orders);
    market_row_set(row, F_orders_product, 0);
    market_row_set(row, F_orders_supplier, 0);
    market_row_set(row, F_orders_units, units);
    market_row_set(row, F_orders_inspect, inspect);
    if (lane >= 0)
        market_row_set(row, F_orders_lane, lane);
}

/* Goods for months, by air in the first round. */
static void stock_up(struct arena *arena, const struct market_observation *seen,
                     struct market_seat_decisions *seat, bool with)
{
    if (with && seen->round == 0)
        order(arena, seat, 2000, WORLD_LANE_AIR, false);
}

/* Goods stay at home first, then go by sea. */
static void insure(struct arena *arena, const struct market_observation *seen,
                   struct market_seat_decisions *seat, bool with)
{
    if (seen->round == 0)
        order(arena, seat, 100, -1, false);
    if (seen->round != 2)
        return;
    struct market_row *row = effect_row_add(arena, seat, LIST_transfers);
    market_row_set(row, F_transfers_product, 0);
    market_row_set(row, F_transfers_lane, WORLD_LANE_SEA);
    market_row_set(row, F_transfers_units, 100);
    market_row_set(row, F_transfers_insured, with);
}

static void inspect(struct arena *arena, const struct market_observation *seen,
                    struct market_seat_decisions *seat, bool with)
{
    if (seen->round == 2)
        order(arena, seat, 100, -1, with);
}

static void serve(struct arena *arena, const struct market_observation *seen,
                  struct market_seat_decisions *seat, bool with)
{
    if (!with || seen->round > 0)
        return; /* it stands */
    struct market_row *row = effect_row_add(arena, seat, LIST_agents);
    market_row_set(row, F_agents_market, MARKET);
    market_row_set(row, F_agents_service_hours, 8);
}

static void certify(struct arena *arena, const struct market_observation *seen,
                    struct market_seat_decisions *seat, bool with)
{
    for (int p = 0; with && seen->round == 0 && p < seen->rules->product_count; p++) {
        struct market_row *row = effect_row_add(arena, seat, LIST_certificates);
        market_row_set(row, F_certificates_product, p);
        market_row_set(row, F_certificates_market, MARKET);
        market_row_set(row, F_certificates_apply, 1);
    }
}

static void name_person(struct arena *arena, const struct market_observation *seen,
                        struct market_seat_decisions *seat, bool with)
{
    if (!with || seen->round > 0)
        return;
    struct market_row *row = effect_row_add(arena, seat, LIST_agents);
    market_row_set(row, F_agents_market, MARKET);
    market_row_set(row, F_agents_responsible_person, 1);
}

static void show_brand(struct arena *arena, const struct market_observation *seen,
                       struct market_seat_decisions *seat, bool with)
{
    if (!with || seen->round > 0)
        return;
    struct market_row *row = effect_row_add(arena, seat, LIST_brand);
    market_row_set(row, F_brand_market, MARKET);
    market_row_set(row, F_brand_channel, 0);
    market_row_set(row, F_brand_brand_spend, 5000);
}

static void advertise(struct arena *arena, const struct market_observation *seen,
                      struct market_seat_decisions *seat, bool with)
{
    if (!with || seen->round > 0)
        return;
    struct market_row *row = effect_row_add(arena, seat, LIST_campaigns);
    market_row_set(row, F_campaigns_product, 0);
    market_row_set(row, F_campaigns_market, MARKET);
    market_row_set(row, F_campaigns_channel, 0);
    market_row_set(row, F_campaigns_query_group, 0);
    market_row_set(row, F_campaigns_bid, 50);
    market_row_set(row, F_campaigns_cap, 2000);
}

static void convert(struct arena *arena, const struct market_observation *seen,
                    struct market_seat_decisions *seat, bool with)
{
    if (seen->round > 0)
        return;
    struct market_row *row = effect_row_add(arena, seat, LIST_payout);
    market_row_set(row, F_payout_convert, with);
}

static const struct {
    move_make *make;
    bool stands;
    enum market_reason reason; /* of what it costs */
} moves[COUNTER_KINDS] = {
    [COUNTER_LOCAL_STOCK] = {stock_up, false, REASON_FREIGHT},
    [COUNTER_INSURED] = {insure, false, REASON_INSURANCE},
    [COUNTER_INSPECTION] = {inspect, false, REASON_INSPECTION},
    [COUNTER_SERVICE] = {serve, true, REASON_COMPLIANCE},
    [COUNTER_CERTIFICATE] = {certify, true, REASON_COMPLIANCE},
    [COUNTER_RESPONSIBLE] = {name_person, true, REASON_COMPLIANCE},
    [COUNTER_BRAND] = {show_brand, true, REASON_ADS},
    [COUNTER_ADS] = {advertise, true, REASON_ADS},
    [COUNTER_CONVERTED] = {convert, true, REASON_CONVERSION},
};

/* Minor units of home and other currencies alike: only whether more was spent matters. */
static int64_t spent_on(const struct market_result *result, enum market_reason reason)
{
    int64_t sum = 0;
    for (int e = 0; e < result->journal.count; e++) {
        const struct market_entry *entry = &result->journal.entries[e];
        /* What a conversion costs is its fee, not the money changed. */
        bool cost = reason != REASON_CONVERSION || entry->debit == ACCOUNT_CONVERSION;
        if (entry->firm == 0 && entry->reason == (uint8_t)reason && cost)
            sum += entry->amount_minor;
    }
    return sum;
}

struct outcome {
    bool done;
    int64_t spent;
};

static struct outcome play(enum market_event_counter counter, bool with)
{
    struct arena arena;
    arena_init(&arena);
    struct market_event_rules card = card_make(MARKET, EVENT_TRAFFIC, 0.8, counter, 0.5);
    struct market_rules *rules = card_rules(&arena, &card);
    rules->compliance.held_at_start = false;
    rules->compliance.certificate_needed[0][MARKET] = true;
    rules->compliance.responsible_needed[MARKET] = false;
    /* What round 3 orders is still open at its end. */
    struct market_supplier *supplier = (struct market_supplier *)(uintptr_t)rules->suppliers;
    if (counter == COUNTER_INSPECTION)
        supplier->lead_days_min = 20;
    struct market_key key = world_key("counters");
    struct market_result result;
    struct problem problem = {0};
    struct outcome outcome = {0};
    assert_int_equal(market_open(&arena, rules, &key, &result, &problem), ERR_OK);
    for (int round = 0; round < ROUNDS_PAID; round++) {
        struct market_seat_decisions *firms =
            ARENA_ARRAY(&arena, struct market_seat_decisions, (size_t)rules->firms);
        moves[counter].make(&arena, &result.observations[0], &firms[0], with);
        struct market_decisions decisions = {.firm_count = rules->firms, .firms = firms};
        struct market_probe probe = {.journal = true, .why_firm = -1, .check = true};
        enum err code =
            market_step(&arena, rules, result.after, &decisions, &key, &probe, &result, &problem);
        if (code != ERR_OK)
            print_message("%s at %s\n", err_name(code), problem.place);
        assert_int_equal(code, ERR_OK);
        outcome.spent += spent_on(&result, moves[counter].reason);
        if (round != ROUNDS - 1)
            continue; /* some bills come when goods are ready */
        struct market_work work;
        market_work_init(&work, &arena, rules, &key, NULL, result.after, &problem);
        market_work_day(&work, result.after->day);
        outcome.done = market_events_countered(&work, 0, MARKET, counter);
    }
    arena_clear(&arena);
    return outcome;
}

static void every_move_is_decided_and_costs_money(void **state)
{
    (void)state;
    for (int counter = 0; counter < COUNTER_KINDS; counter++) {
        enum market_event_counter kind = (enum market_event_counter)counter;
        struct outcome without = play(kind, false), with = play(kind, true);
        print_message("%-12s done %d, not %d; spent %lld, not %lld\n",
                      market_event_counter_name(kind), with.done, without.done,
                      (long long)with.spent, (long long)without.spent);
        assert_true(with.done);
        assert_false(without.done);
        assert_true(with.spent > without.spent);
    }
}

/* Standing moves were made in the first round only above, and still hold at the end of the third.
 */
static void standing_moves_are_known(void **state)
{
    (void)state;
    for (int counter = 0; counter < COUNTER_KINDS; counter++)
        assert_int_equal(market_event_counter_stands((enum market_event_counter)counter),
                         moves[counter].stands);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_move_is_decided_and_costs_money),
        cmocka_unit_test(standing_moves_are_known),
    };
    return cmocka_run_group_tests_name("counters", tests, NULL, NULL);
}
