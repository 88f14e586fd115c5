/* What a step keeps from day to day is only a way of reckoning: days are the same wherever rounds
 * are cut, and a rule that changes within a round is felt on its day. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/market/market.h"
#include "world.h"

enum { DAYS = 28, DUTY_RISES = 5, TAX_RISES = 17 };

static int by_rule(const void *a, const void *b)
{
    return trade_rule_compare(a, b);
}

/* From `day` on the row has another rate. */
static void rate_change(struct market_rules *rules, struct trade_rule *rows, const char *id,
                        const char *new_id, int day, int64_t rate)
{
    for (int r = 0; r < rules->trade.count; r++)
        if (strcmp(rows[r].id, id) == 0) {
            struct trade_rule *next = &rows[rules->trade.count++];
            *next = rows[r];
            memcpy(next->id, new_id, strlen(new_id) + 1);
            next->rate_1e9 = rate;
            rows[r].valid_to = next->valid_from = rules->start_date + day;
            return;
        }
    fail();
}

static struct market_rules *rules_of(struct arena *arena, int round_days)
{
    struct world_options options = {
        .second_market = true, .traffic_sd = 0.08, .luck_sd = 0.05, .round_days = round_days};
    struct market_rules *rules = world_rules(arena, &options);
    struct trade_rule *rows = ARENA_ARRAY(arena, struct trade_rule, (size_t)rules->trade.count + 2);
    memcpy(rows, rules->trade.rows, (size_t)rules->trade.count * sizeof(*rows));
    rules->trade.rows = rows;
    rate_change(rules, rows, "gb-duty", "gb-duty-more", DUTY_RISES, 100000000);
    rate_change(rules, rows, "gb-tax", "gb-tax-more", TAX_RISES, 250000000);
    qsort(rows, (size_t)rules->trade.count, sizeof(*rows), by_rule);
    /* Freight that moves every day. */
    struct market_lane *lanes = (struct market_lane *)(uintptr_t)rules->lanes;
    lanes[WORLD_LANE_POST_GB].freight_sd = 0.05;
    return rules;
}

/* What sales, their parcels and what came of them posted; not what a round's end does. */
static bool is_of_a_day(const struct market_entry *entry)
{
    switch (entry->reason) {
    case REASON_SALE:
    case REASON_SALE_TAX:
    case REASON_REFERRAL:
    case REASON_FULFILMENT:
    case REASON_DUTY:
    case REASON_PARCEL:
    case REASON_COGS:
    case REASON_LOSS:
    case REASON_REFUND:
    case REASON_RETURN_STOCK:
    case REASON_RETURN_HANDLING:
    case REASON_WRITE_OFF:
        return true;
    default:
        return false;
    }
}

/* The entries of DAYS days in rounds of so many; returns how many. */
static int play(struct arena *arena, int round_days, struct market_entry *entries, int room)
{
    struct market_rules *rules = rules_of(arena, round_days);
    struct market_key key = world_key("again");
    struct market_probe probe = {.journal = true, .why_firm = -1, .check = true};
    struct market_decisions nothing = world_nothing(arena, rules);
    struct market_result result;
    struct problem problem = {0};
    int count = 0;
    assert_int_equal(market_open(arena, rules, &key, &result, &problem), ERR_OK);
    for (int day = 0; day < DAYS; day += round_days) {
        assert_int_equal(
            market_step(arena, rules, result.after, &nothing, &key, &probe, &result, &problem),
            ERR_OK);
        for (int e = 0; e < result.journal.count; e++)
            if (is_of_a_day(&result.journal.entries[e])) {
                assert_true(count < room);
                entries[count++] = result.journal.entries[e];
            }
    }
    return count;
}

/* Field by field: between them the bytes are anything. */
static bool is_same(const struct market_entry *a, const struct market_entry *b)
{
    return a->day == b->day && a->firm == b->firm && a->currency == b->currency &&
           a->debit == b->debit && a->credit == b->credit && a->reason == b->reason &&
           a->object == b->object && a->amount_minor == b->amount_minor;
}

enum { ENTRIES_MAX = 60000 };
static struct market_entry long_rounds[ENTRIES_MAX], short_rounds[ENTRIES_MAX];

static void days_are_the_same_wherever_rounds_are_cut(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    int count = play(&arena, DAYS, long_rounds, ENTRIES_MAX);
    assert_true(count > 10000);
    for (int round_days = 7; round_days < DAYS; round_days *= 2) {
        assert_int_equal(play(&arena, round_days, short_rounds, ENTRIES_MAX), count);
        for (int e = 0; e < count; e++)
            assert_true(is_same(&long_rounds[e], &short_rounds[e]));
    }
    arena_clear(&arena);
}

/* Duty over the price without tax: 2 % before its day, 10 % from it on, to a minor unit a parcel;
 * tax over that price: 20 % and then 25 %. Currency 2 is GBP. */
static void rules_change_on_their_day(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    int count = play(&arena, DAYS, long_rounds, ENTRIES_MAX);
    int64_t sold[DAYS] = {0}, taxed[DAYS] = {0}, paid[DAYS] = {0};
    for (int e = 0; e < count; e++) {
        const struct market_entry *entry = &long_rounds[e];
        if (entry->currency != 2)
            continue;
        sold[entry->day] += entry->reason == REASON_SALE ? entry->amount_minor : 0;
        taxed[entry->day] += entry->reason == REASON_SALE_TAX ? entry->amount_minor : 0;
        paid[entry->day] += entry->reason == REASON_DUTY ? entry->amount_minor : 0;
    }
    for (int day = 0; day < DAYS; day++) {
        double duty = (double)paid[day] / (double)sold[day];
        double tax = (double)taxed[day] / (double)sold[day];
        double duty_wanted = day < DUTY_RISES ? 0.02 : 0.10;
        double tax_wanted = day < TAX_RISES ? 0.20 : 0.25;
        assert_true(sold[day] > 0);
        assert_true(duty > duty_wanted - 0.001 && duty < duty_wanted + 0.001);
        assert_true(tax > tax_wanted - 0.001 && tax < tax_wanted + 0.001);
    }
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_the_same_wherever_rounds_are_cut),
        cmocka_unit_test(rules_change_on_their_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
