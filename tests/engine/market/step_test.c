/* The engine's day: a reference world gives b units a firm, the books close, bytes are the same. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/digest.h"
#include "engine/market/market.h"
#include "engine/market/state.h"
#include "engine/market/why.h"
#include "world.h"

static void must(enum err code, const struct problem *problem)
{
    if (code != ERR_OK)
        print_message("%s at %s\n", err_name(code), problem->place);
    assert_int_equal(code, ERR_OK);
}

static struct market_result opened(struct arena *arena, const struct market_rules *rules,
                                   const struct market_key *key)
{
    struct market_result result;
    struct problem problem = {0};
    must(market_open(arena, rules, key, &result, &problem), &problem);
    return result;
}

static struct market_result played(struct arena *arena, const struct market_rules *rules,
                                   const struct market_key *key, int rounds)
{
    struct market_result result = opened(arena, rules, key);
    struct market_decisions nothing = world_nothing(arena, rules);
    struct problem problem = {0};
    for (int r = 0; r < rounds; r++)
        must(market_step(arena, rules, result.after, &nothing, key, NULL, &result, &problem),
             &problem);
    return result;
}

/* Equal firms at reference: W = 1, so a firm's listings together expect b units a day. */
static void reference_world_sells_b(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {.firms = 12};
    struct market_rules *rules = world_rules(&arena, &options);
    /* The local lane's promise decides d; make it the reference. */
    struct market_nest *nest = (struct market_nest *)(uintptr_t)rules->nests;
    struct market_key key = world_key("reference");
    struct market_result result = opened(&arena, rules, &key);
    nest->promise_ref_days = result.observations[0].listings[0].promise_days;
    struct market_decisions nothing = world_nothing(&arena, rules);
    struct market_why why = {0};
    struct market_probe probe = {
        .why_firm = 3, .why_listing = 1, .why_day = 0, .why = &why, .check = true};
    struct problem problem = {0};
    must(market_step(&arena, rules, result.after, &nothing, &key, &probe, &result, &problem),
         &problem);
    assert_true(why.found);
    assert_true(fabs(why.shoppers - 12 * 8 / 0.6) < 1e-9);
    assert_true(fabs(why.exposure - 1.0 / 36) < 1e-12);
    assert_true(fabs(why.expected_reference - 8.0 / 3) < 1e-12);
    assert_true(fabs(why.expected - 8.0 / 3) < 1e-9);
    for (int g = 0; g < MARKET_SEGMENTS; g++) {
        assert_true(fabs(why.nest_share[g] - 0.6) < 1e-9);
        assert_true(fabs(why.nest_weight[g] - 1) < 1e-9);
    }
    arena_clear(&arena);
}

/* The terms give the expectation back to 1e-12; draw, stock and spill add as integers. */
static void why_adds_up(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {.traffic_sd = 0.08, .luck_sd = 0.05, .dispersion = 0.1};
    struct market_rules *rules = world_rules(&arena, &options);
    struct market_key key = world_key("why");
    /* The opening stock lasts about 58 days, so the fifth round sees listings run out. */
    struct market_result before = played(&arena, rules, &key, 4);
    struct market_decisions nothing = world_nothing(&arena, rules);
    int sold_out = 0;
    for (int f = 0; f < rules->firms; f++)
        for (int day = 56; day < 70; day += 2) {
            struct arena_mark mark = arena_mark_get(&arena);
            struct market_why why = {0};
            struct market_probe probe = {
                .why_firm = f, .why_listing = f % 3, .why_day = day, .why = &why, .check = true};
            struct market_result after;
            struct problem problem = {0};
            must(market_step(&arena, rules, before.after, &nothing, &key, &probe, &after, &problem),
                 &problem);
            assert_true(why.found);
            double expected = 0;
            for (int g = 0; g < MARKET_SEGMENTS; g++) {
                double utility = 0;
                for (int t = 0; t < TERM_COUNT; t++)
                    utility += why.term[g][t];
                assert_true(fabs(utility - why.utility[g]) <= 1e-12);
                expected += why.shoppers * rules->demand.segment_weight[g] * why.share[g];
            }
            assert_true(fabs(expected - why.expected) <= 1e-12 * (1 + why.expected));
            double factors = why.season * why.weekday * why.growth * why.shock;
            assert_true(fabs(why.shoppers_reference * factors - why.shoppers) <=
                        1e-12 * why.shoppers);
            assert_int_equal(why.drawn + why.spill_in, why.served + why.lost + why.spill_out);
            const struct market_listing *listing = &after.after->firms[f].listings[f % 3];
            assert_int_equal(listing->sold[market_ring_60(day)], why.served);
            sold_out += why.live && why.drawn > why.stock;
            arena_rewind(&arena, mark);
        }
    assert_true(sold_out > 0); /* the test saw the case it is about */
    arena_clear(&arena);
}

static struct str state_bytes(struct buf *buf, const struct market_state *state)
{
    buf_reset(buf);
    market_state_encode(state, buf);
    return buf_str(buf);
}

/* A state written and read goes on to the same bytes; so does an observation. */
static void bytes_survive(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {.second_market = true, .traffic_sd = 0.08, .luck_sd = 0.05};
    struct market_rules *rules = world_rules(&arena, &options);
    struct market_key key = world_key("bytes");
    struct market_result third = played(&arena, rules, &key, 3);
    struct buf first, second;
    buf_init(&first);
    buf_init(&second);
    struct str bytes = state_bytes(&first, third.after);
    struct market_state *read = NULL;
    struct problem problem = {0};
    must(market_state_decode(&arena, rules, bytes, &read, &problem), &problem);
    assert_true(str_equal(bytes, state_bytes(&second, read)));

    struct market_decisions nothing = world_nothing(&arena, rules);
    struct market_result a, b;
    must(market_step(&arena, rules, third.after, &nothing, &key, NULL, &a, &problem), &problem);
    must(market_step(&arena, rules, read, &nothing, &key, NULL, &b, &problem), &problem);
    assert_true(str_equal(state_bytes(&first, a.after), state_bytes(&second, b.after)));
    for (int f = 0; f < rules->firms; f++) {
        buf_reset(&first);
        buf_reset(&second);
        market_observation_encode(&a.observations[f], &first);
        struct market_observation seen;
        must(market_observation_decode(&arena, buf_str(&first), a.observations[f].rules, &seen,
                                       &problem),
             &problem);
        market_observation_encode(&seen, &second);
        assert_true(str_equal(buf_str(&first), buf_str(&second)));
    }
    buf_clear(&first);
    buf_clear(&second);
    arena_clear(&arena);
}

/* Every cut and every flipped byte of a state is refused or read; nothing else happens. */
static void damaged_bytes_are_refused(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {.firms = 2};
    struct market_rules *rules = world_rules(&arena, &options);
    struct market_key key = world_key("damage");
    struct market_result result = played(&arena, rules, &key, 1);
    struct buf buf;
    buf_init(&buf);
    struct str bytes = state_bytes(&buf, result.after);
    struct problem problem = {0};
    struct market_state *read = NULL;
    for (size_t cut = 0; cut < bytes.length; cut += 1 + bytes.length / 200) {
        struct arena_mark mark = arena_mark_get(&arena);
        assert_int_not_equal(
            market_state_decode(&arena, rules, (struct str){bytes.text, cut}, &read, &problem),
            ERR_OK);
        arena_rewind(&arena, mark);
    }
    buf.text[8] ^= 1;
    assert_int_equal(market_state_decode(&arena, rules, bytes, &read, &problem), ERR_FILE_VERSION);
    buf_clear(&buf);
    arena_clear(&arena);
}

/* Nobody sees what a real firm could not: rivals' cost, cash, stock above zero and hidden rules. */
static void rivals_secrets_stay_secret(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {.traffic_sd = 0.08};
    struct market_rules *rules = world_rules(&arena, &options);
    struct market_key key = world_key("secrets");
    struct market_result plain = opened(&arena, rules, &key);
    struct market_decisions nothing = world_nothing(&arena, rules);
    struct market_result a, b;
    struct problem problem = {0};
    must(market_step(&arena, rules, plain.after, &nothing, &key, NULL, &a, &problem), &problem);

    /* Firm 1 becomes richer, with more stock at another cost; its books stay consistent. */
    struct market_firm *rival = &plain.after->firms[1];
    rival->balance[ACCOUNT_CASH][0] += 777777;
    rival->balance[ACCOUNT_EQUITY][0] -= 777777;
    struct market_stock *stock = market_stock_at(plain.after, rival, 1, 0);
    stock->units += 500;
    rival->units[0].bought += 500;
    stock->value_minor += 123456;
    rival->balance[ACCOUNT_INVENTORY][0] += 123456;
    rival->balance[ACCOUNT_EQUITY][0] -= 123456;
    must(market_step(&arena, rules, plain.after, &nothing, &key, NULL, &b, &problem), &problem);
    struct buf first, second;
    buf_init(&first);
    buf_init(&second);
    market_observation_encode(&a.observations[0], &first);
    market_observation_encode(&b.observations[0], &second);
    assert_true(str_equal(buf_str(&first), buf_str(&second)));
    buf_reset(&first);
    buf_reset(&second);
    market_observation_encode(&a.observations[1], &first);
    market_observation_encode(&b.observations[1], &second);
    assert_false(str_equal(buf_str(&first), buf_str(&second))); /* it does see its own */

    const struct market_rules *briefing = a.observations[0].rules;
    assert_true(briefing->nests[0].units_per_firm_day == 0 && briefing->nests[0].traffic_sd == 0);
    assert_true(briefing->demand.lambda == 0 && briefing->products[0].appeal == 0);
    buf_clear(&first);
    buf_clear(&second);
    arena_clear(&arena);
}

/* The result of the rounds explains the change of equity to the unit. */
static void result_explains_equity(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {.second_market = true, .traffic_sd = 0.08};
    struct market_rules *rules = world_rules(&arena, &options);
    struct market_key key = world_key("equity");
    struct market_result result = played(&arena, rules, &key, 6);
    for (int f = 0; f < rules->firms; f++) {
        const struct market_observation *seen = &result.observations[f];
        int64_t sum = 0;
        for (int l = 0; l < PL_COUNT; l++)
            sum += seen->total_pl_minor[l];
        assert_int_equal(seen->equity_opening_minor + sum, seen->equity_minor);
        assert_true(seen->total_pl_minor[PL_REVENUE] > 0);
    }
    arena_clear(&arena);
}

/* The journal of a round carries balances from before to after, account by account. */
static void journal_moves_balances(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {0};
    struct market_rules *rules = world_rules(&arena, &options);
    struct market_key key = world_key("journal");
    struct market_result before = played(&arena, rules, &key, 1), after;
    struct market_decisions nothing = world_nothing(&arena, rules);
    struct market_probe probe = {.journal = true, .why_firm = -1, .check = true};
    struct problem problem = {0};
    must(market_step(&arena, rules, before.after, &nothing, &key, &probe, &after, &problem),
         &problem);
    assert_true(after.journal.count > 100);
    for (int f = 0; f < rules->firms; f++)
        for (int a = 0; a < ACCOUNT_COUNT; a++)
            for (int c = 0; c < rules->currency_count; c++) {
                int64_t balance = before.after->firms[f].balance[a][c];
                for (int e = 0; e < after.journal.count; e++) {
                    const struct market_entry *entry = &after.journal.entries[e];
                    if (entry->firm != f || entry->currency != c)
                        continue;
                    assert_true(entry->amount_minor > 0 && entry->debit != entry->credit);
                    balance += entry->debit == a ? entry->amount_minor : 0;
                    balance -= entry->credit == a ? entry->amount_minor : 0;
                }
                assert_int_equal(balance, after.after->firms[f].balance[a][c]);
            }
    arena_clear(&arena);
}

/* Correspondence opens at level 3: until then its face refuses, and changes nothing. */
static void exchange_is_closed_below_level_3(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {.firms = 2};
    struct market_rules *rules = world_rules(&arena, &options);
    struct market_key key = world_key("exchange");
    struct market_result result = opened(&arena, rules, &key);
    struct buf before, after;
    buf_init(&before);
    buf_init(&after);
    struct str bytes = state_bytes(&before, result.after);
    const struct market_message message = {.kind = MESSAGE_REQUEST,
                                           .from_seat = SEAT_FIRM,
                                           .to_seat = SEAT_SUPPLIER,
                                           .units = 500,
                                           .text = STR("What would five hundred cost?")};
    struct market_state *changed = NULL;
    struct problem problem = {0};
    assert_int_equal(
        market_exchange(&arena, rules, result.after, &message, &key, &changed, &problem),
        ERR_LEVEL_CLOSED);
    assert_string_equal(problem.place, "message");
    assert_null(changed);
    assert_true(str_equal(bytes, state_bytes(&after, result.after)));
    buf_clear(&before);
    buf_clear(&after);
    arena_clear(&arena);
}

/* Two streams under one number would give two things the same chance. */
static void streams_have_numbers_of_their_own(void **state)
{
    (void)state;
    static const uint32_t numbers[] = {
#define STREAM(name, number, what) number,
#include "engine/market/streams.def"
#undef STREAM
    };
    for (size_t i = 0; i < COUNT_OF(numbers); i++)
        for (size_t j = 0; j < i; j++)
            assert_int_not_equal(numbers[i], numbers[j]);
    assert_true(COUNT_OF(numbers) >= 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reference_world_sells_b),
        cmocka_unit_test(why_adds_up),
        cmocka_unit_test(bytes_survive),
        cmocka_unit_test(damaged_bytes_are_refused),
        cmocka_unit_test(rivals_secrets_stay_secret),
        cmocka_unit_test(result_explains_equity),
        cmocka_unit_test(journal_moves_balances),
        cmocka_unit_test(exchange_is_closed_below_level_3),
        cmocka_unit_test(streams_have_numbers_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
