/* Two channels in one market: one product listed on both, each with its own shoppers, fee and hold,
 * out of one stock. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/market/policy.h"
#include "engine/market/state.h"
#include "world.h"

enum { SHOP, OWN, CHANNELS };

static struct arena arena;
static struct problem problem;

static int group_setup(void **state)
{
    (void)state;
    arena_init(&arena);
    return 0;
}

static int group_teardown(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

static struct market_rules *rules_of(int firms, int products)
{
    struct world_options options = {
        .firms = firms, .products = products, .second_channel = true, .b = 12};
    return world_rules(&arena, &options);
}

static struct market_result opened(const struct market_rules *rules, const struct market_key *key)
{
    struct market_result result;
    enum err code = market_open(&arena, rules, key, &result, &problem);
    if (code != ERR_OK)
        print_message("%s at %s\n", err_name(code), problem.place);
    assert_int_equal(code, ERR_OK);
    return result;
}

static struct market_result step(const struct market_rules *rules, const struct market_key *key,
                                 const struct market_state *before,
                                 const struct market_decisions *decisions)
{
    struct market_probe probe = {.journal = true, .why_firm = -1, .check = true};
    struct market_result after;
    enum err code = market_step(&arena, rules, before, decisions, key, &probe, &after, &problem);
    if (code != ERR_OK)
        print_message("%s at %s\n", err_name(code), problem.place);
    assert_int_equal(code, ERR_OK);
    return after;
}

/* Rows of firm 0 that set its listing of product 0 on channels: live or not. */
static struct market_decisions live_set(const struct market_rules *rules, bool shop, bool own)
{
    struct market_decisions decisions = world_nothing(&arena, rules);
    struct market_seat_decisions *firms =
        ARENA_ARRAY(&arena, struct market_seat_decisions, (size_t)rules->firms);
    struct market_row *rows = ARENA_ARRAY(&arena, struct market_row, CHANNELS);
    for (int c = 0; c < CHANNELS; c++) {
        market_row_set(&rows[c], F_listings_product, 0);
        market_row_set(&rows[c], F_listings_market, 0);
        market_row_set(&rows[c], F_listings_channel, c);
        market_row_set(&rows[c], F_listings_live, c == SHOP ? shop : own);
    }
    firms[0].lists[LIST_listings] = (struct market_rows){CHANNELS, rows};
    decisions.firms = firms;
    return decisions;
}

static const struct market_listing_view *listing_on(const struct market_observation *seen,
                                                    int channel)
{
    for (int i = 0; i < seen->listing_count; i++)
        if (seen->listings[i].product == 0 && seen->listings[i].channel == channel)
            return &seen->listings[i];
    fail_msg("no listing on channel %d", channel);
    return NULL;
}

static int64_t stock_abroad(const struct market_state *state)
{
    return market_stock_at(state, &state->firms[0], 1, 0)->units;
}

/* A warm start lists every product on both and stocks one warehouse for both. */
static void a_firm_opens_on_both(void **state)
{
    (void)state;
    const struct market_rules *rules = rules_of(3, 2);
    struct market_key key = world_key("both");
    struct market_result result = opened(rules, &key);
    const struct market_observation *seen = &result.observations[0];
    assert_int_equal(seen->listing_count, 4);
    assert_ptr_not_equal(listing_on(seen, SHOP), listing_on(seen, OWN));
    /* 30 days of 12 / 2 and of 6 / 2 units a day, one product out of two. */
    assert_int_equal(stock_abroad(result.after), 30 * 6 + 30 * 3);
}

/* One listing of a product on a channel; one more on the other is no clone. */
static void a_twin_on_one_channel_is_refused(void **state)
{
    (void)state;
    const struct market_rules *rules = rules_of(2, 1);
    struct market_key key = world_key("twin");
    struct market_result before = opened(rules, &key), after;
    struct market_decisions decisions = live_set(rules, true, true);
    assert_int_equal(
        market_step(&arena, rules, before.after, &decisions, &key, NULL, &after, &problem), ERR_OK);
    struct market_row *rows =
        (struct market_row *)(uintptr_t)decisions.firms[0].lists[LIST_listings].rows;
    market_row_set(&rows[1], F_listings_channel, SHOP);
    assert_int_equal(
        market_step(&arena, rules, before.after, &decisions, &key, NULL, &after, &problem),
        ERR_LISTING_TWICE);
    assert_string_equal(problem.place, "firms[0].listings[1]");
    /* A channel without a nest of the category there sells nothing. */
    struct market_rules less = *rules;
    less.nest_count = 1;
    market_row_set(&rows[1], F_listings_channel, OWN);
    struct market_result one = opened(&less, &key);
    assert_int_equal(
        market_step(&arena, &less, one.after, &decisions, &key, NULL, &after, &problem),
        ERR_NAME_UNKNOWN);
    assert_string_equal(problem.place, "firms[0].listings[1].channel");
    assert_string_equal(problem.args[0].text, "own");
}

/* Sums of firm 0's entries of a reason, in the market's currency; the first day of one. */
static int64_t entries_of(const struct market_result *result, int reason, int *first_day)
{
    int64_t sum = 0;
    if (first_day != NULL)
        *first_day = -1;
    for (int e = 0; e < result->journal.count; e++) {
        const struct market_entry *entry = &result->journal.entries[e];
        if (entry->firm != 0 || entry->reason != reason || entry->currency != 1)
            continue;
        if (first_day != NULL && *first_day < 0)
            *first_day = entry->day;
        sum += entry->amount_minor;
    }
    return sum;
}

/* The shop keeps 15 % and fourteen days, the own one 3 % and three. Nothing comes back before the
 * first payouts, so takings are whole. */
static void fees_and_holds_are_the_channel_s(void **state)
{
    (void)state;
    struct world_options options = {.firms = 2, .products = 1, .second_channel = true, .b = 12};
    for (int channel = 0; channel < CHANNELS; channel++) {
        struct market_rules *rules = world_rules(&arena, &options);
        struct market_category *category = (struct market_category *)(uintptr_t)rules->categories;
        category->return_rate = 0;
        struct market_key key = world_key("fees");
        struct market_result before = opened(rules, &key);
        /* Only what is sold from now on: no claims of the time before. */
        struct market_firm *firm = &before.after->firms[0];
        for (int slot = 0; slot < PAYOUT_RING; slot++)
            firm->payouts[1][slot] = 0;
        firm->balance[ACCOUNT_EQUITY][1] += firm->balance[ACCOUNT_RECEIVABLE][1];
        firm->balance[ACCOUNT_RECEIVABLE][1] = 0;
        struct market_decisions decisions = live_set(rules, channel == SHOP, channel == OWN);
        struct market_result result = step(rules, &key, before.after, &decisions);
        const struct market_observation *seen = &result.observations[0];
        int64_t units = listing_on(seen, channel)->round_units;
        assert_true(units > 40);
        assert_int_equal(listing_on(seen, 1 - channel)->round_units, 0);
        int64_t price = listing_on(seen, channel)->price_minor;
        /* Per unit: 15 % of the price, or 3 %, more than the least of 0.30 and 0.10. */
        int64_t fee = (price * (channel == SHOP ? 15 : 3) + 50) / 100;
        assert_int_equal(entries_of(&result, REASON_REFERRAL, NULL), units * fee);
        int paid_day;
        int64_t paid = entries_of(&result, REASON_PAYOUT, &paid_day);
        if (channel == SHOP) {
            assert_int_equal(paid_day, -1); /* day 14 belongs to the next round */
            assert_int_equal(paid, 0);
        } else {
            assert_int_equal(paid_day, 3);
            assert_true(paid > 0);
        }
        /* The books say the same of what is still held. */
        int64_t held = result.after->firms[0].balance[ACCOUNT_RECEIVABLE][1];
        int64_t claims = 0;
        for (int slot = 0; slot < PAYOUT_RING; slot++)
            claims += result.after->firms[0].payouts[1][slot];
        assert_int_equal(held, claims);
        assert_int_equal(seen->receivable_minor[1], held);
    }
}

/* The second channel has shoppers of its own: while stock lasts, what the first one asks for is the
 * same to the last bit with and without it, and clones do not come about. */
static void a_channel_leaves_the_other_alone(void **state)
{
    (void)state;
    double asked[2][14];
    for (int with = 0; with < 2; with++) {
        const struct market_rules *rules = rules_of(4, 1);
        struct market_key key = world_key("alone");
        struct market_result before = opened(rules, &key);
        struct market_decisions decisions = live_set(rules, true, with);
        struct market_result result = step(rules, &key, before.after, &decisions);
        const struct market_firm *firm = &result.after->firms[0];
        int shop = firm->listings[0].nest == 0 ? 0 : 1;
        for (int day = 0; day < 14; day++)
            asked[with][day] = firm->listings[shop].latent[market_ring_60(day)];
    }
    for (int day = 0; day < 14; day++) {
        assert_true(asked[0][day] > 0);
        assert_true(asked[0][day] == asked[1][day]);
    }
}

/* Both sell out of one stock and together never more than is there. */
static void one_stock_serves_both(void **state)
{
    (void)state;
    const struct market_rules *rules = rules_of(2, 1);
    /* Nothing comes back to be sold again. */
    ((struct market_category *)(uintptr_t)rules->categories)->return_rate = 0;
    ((struct market_supplier *)(uintptr_t)rules->suppliers)->defect_rate = 0;
    struct market_key key = world_key("stock");
    struct market_decisions decisions = live_set(rules, true, true);
    for (int64_t units = 0; units <= 60; units += 20) {
        struct market_result before = opened(rules, &key);
        struct market_firm *firm = &before.after->firms[0];
        struct market_stock *stock = market_stock_at(before.after, firm, 1, 0);
        int64_t all = stock->units;
        /* Leave so many; the rest was never bought. */
        int64_t taken = all - units, value = stock->value_minor;
        int64_t kept = units > 0 ? value / all * units : 0;
        stock->units = units;
        stock->value_minor = kept;
        firm->units[0].bought -= taken;
        firm->balance[ACCOUNT_INVENTORY][0] -= value - kept;
        firm->balance[ACCOUNT_EQUITY][0] += value - kept;
        for (int s = 0; s < firm->shipment_count; s++)
            firm->shipments[s].arrive_day = 40;
        struct market_result result = step(rules, &key, before.after, &decisions);
        int64_t shop = listing_on(&result.observations[0], SHOP)->round_units;
        int64_t own = listing_on(&result.observations[0], OWN)->round_units;
        /* About 18 a day are asked for, so a stock of three days is gone. */
        assert_int_equal(shop + own, units);
        assert_int_equal(shop > 0 && own > 0, units > 0);
    }
}

/* The steady policy fills one stock for both channels: neither starves nor is it filled twice. */
static void steady_supplies_both(void **state)
{
    enum { ROUNDS = 8, FIRMS = 4 };
    (void)state;
    const struct market_rules *rules = rules_of(FIRMS, 2);
    struct market_key key = world_key("steady");
    struct market_result result = opened(rules, &key);
    double asked[CHANNELS] = {0}, served[CHANNELS] = {0};
    int64_t stock = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct market_decisions decisions = world_nothing(&arena, rules);
        struct market_seat_decisions *firms =
            ARENA_ARRAY(&arena, struct market_seat_decisions, FIRMS);
        for (int f = 0; f < FIRMS; f++)
            market_policy_decide(&arena, POLICY_STEADY, &result.observations[f], &firms[f]);
        decisions.firms = firms;
        result = step(rules, &key, result.after, &decisions);
        for (int f = 0; f < FIRMS; f++)
            for (int i = 0; i < result.after->firms[f].listing_count; i++) {
                const struct market_listing *listing = &result.after->firms[f].listings[i];
                int channel = rules->nests[listing->nest].channel;
                served[channel] += (double)listing->round_units;
                for (int d = 1; d <= 14; d++)
                    asked[channel] += listing->latent[market_ring_60(result.after->day - d)];
            }
    }
    for (int f = 0; f < FIRMS; f++)
        for (int p = 0; p < 2; p++)
            stock += market_stock_at(result.after, &result.after->firms[f], 1, p)->units;
    double rate = (asked[SHOP] + asked[OWN]) / (ROUNDS * 14);
    print_message("served %.3f and %.3f of what was asked; stock for %.1f days\n",
                  served[SHOP] / asked[SHOP], served[OWN] / asked[OWN], (double)stock / rate);
    for (int c = 0; c < CHANNELS; c++)
        assert_true(served[c] > 0.9 * asked[c]);
    assert_true((double)stock < 75 * rate);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_firm_opens_on_both),
        cmocka_unit_test(a_twin_on_one_channel_is_refused),
        cmocka_unit_test(fees_and_holds_are_the_channel_s),
        cmocka_unit_test(a_channel_leaves_the_other_alone),
        cmocka_unit_test(one_stock_serves_both),
        cmocka_unit_test(steady_supplies_both),
    };
    return cmocka_run_group_tests_name("channels", tests, group_setup, group_teardown);
}
