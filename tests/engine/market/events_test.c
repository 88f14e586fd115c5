/* Events of level 2: the worked numbers of docs/model-level2.md, what is drawn, told, seen and
 * refused. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cards.h"
#include "core/file.h"
#include "engine/market/nest.h"

static double softened(enum market_event_effect effect, double size)
{
    struct card_bench bench;
    struct market_event_rules card = card_make(0, effect, size, COUNTER_SERVICE, 0.4);
    card_bench_open(&bench, &card);
    card_run(bench.work.state, &card);
    card_counter(bench.rules, bench.work.state, 0, COUNTER_SERVICE, true);
    double effective = market_events_effect(&bench.work, 0, 0, effect);
    arena_clear(&bench.arena);
    return effective;
}

static double worked_factor(void)
{
    return softened(EVENT_RETURNS, 1.6);
}

static double worked_sum(void)
{
    return softened(EVENT_STARS, -0.4);
}

/* Share of a firm's lost shoppers who come all the same. */
static double worked_traffic(void)
{
    struct card_bench bench;
    struct market_event_rules card = card_make(0, EVENT_TRAFFIC, 0.8, COUNTER_SERVICE, 0.4);
    card_bench_open(&bench, &card);
    card_run(bench.work.state, &card);
    card_counter(bench.rules, bench.work.state, 0, COUNTER_SERVICE, true);
    struct market_offer offers[2] = {{.firm = 0, .listed = true, .organic = 1},
                                     {.firm = 1, .listed = true, .organic = 3}};
    struct market_nest_day day = {.offer_count = 2, .offers = offers};
    day.traffic.event = market_events_shared(&bench.work, 0, EVENT_TRAFFIC);
    day.traffic.shoppers = 800;
    market_events_nest(&bench.work, &day);
    assert_true(offers[1].outside == 0);
    arena_clear(&bench.arena);
    return offers[0].outside;
}

static double worked_payout(void)
{
    struct card_bench bench;
    struct market_event_rules card = card_make(0, EVENT_FX, 0.9, COUNTER_CONVERTED, 0.3);
    card_bench_open(&bench, &card);
    card_run(bench.work.state, &card);
    double more = (double)market_events_payout_relief(&bench.work, 0, 1, 10000);
    /* Kept currency has no agreed rate. */
    bench.work.state->firms[0].finance.keep_currency = true;
    assert_int_equal(market_events_payout_relief(&bench.work, 0, 1, 10000), 0);
    arena_clear(&bench.arena);
    return more; /* minor units of CNY more for EUR 100.00 */
}

static const struct {
    const char *name;
    double (*compute)(void);
} worked[] = {{"events_factor", worked_factor},
              {"events_sum", worked_sum},
              {"events_traffic", worked_traffic},
              {"events_payout", worked_payout}};

static void page_and_engine_agree(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct str page;
    struct problem problem = {0};
    assert_int_equal(
        file_read(&arena, SAMPAN_SOURCE_ROOT "/docs/model-level2.md", 1 << 20, &page, &problem),
        ERR_OK);
    int found = 0;
    for (const char *at = strstr(page.text, "`worked events_"); at != NULL;
         at = strstr(at + 1, "`worked events_")) {
        char name[64];
        double printed;
        assert_int_equal(sscanf(at, "`worked %63[a-z0-9_] = %lf", name, &printed), 2);
        size_t i = 0;
        while (i < COUNT_OF(worked) && strcmp(worked[i].name, name) != 0)
            i++;
        assert_true(i < COUNT_OF(worked));
        double computed = worked[i].compute();
        if (fabs(computed - printed) > 0.0005)
            print_message("%s: page %g, engine %g\n", name, printed, computed);
        assert_true(fabs(computed - printed) <= 0.0005);
        found++;
    }
    assert_int_equal(found, COUNT_OF(worked));
    arena_clear(&arena);
}

/* ---- drawing and telling ---- */

static int notices_of(const struct market_observation *seen, enum market_notice_kind kind)
{
    int count = 0;
    for (int i = 0; i < seen->notice_count; i++)
        count += seen->notices[i].kind == kind;
    return count;
}

static void cards_are_drawn_told_and_end(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct market_event_rules card = card_make(-1, EVENT_STARS, -0.3, COUNTER_SERVICE, 0.5);
    card.warning_days = 14;
    card.days = 10;
    struct market_rules *rules = card_rules(&arena, &card);
    struct market_event_rules *deck = (struct market_event_rules *)(uintptr_t)rules->events;
    struct market_decisions nothing = world_nothing(&arena, rules);
    int32_t starts[3];
    for (int world = 0; world < 3; world++) {
        struct market_key key = world_key("drawn");
        key.world = (uint32_t)world;
        struct market_result result;
        struct problem problem = {0};
        assert_int_equal(market_open(&arena, rules, &key, &result, &problem), ERR_OK);
        assert_int_equal(result.observations[0].event_count, 0);
        deck->probability = 1;
        assert_int_equal(
            market_step(&arena, rules, result.after, &nothing, &key, NULL, &result, &problem),
            ERR_OK);
        deck->probability = 0;
        const struct market_observation *seen = &result.observations[0];
        /* Told in time to act: it begins in the next round. */
        assert_int_equal(notices_of(seen, NOTICE_EVENT_WARNING), 1);
        assert_int_equal(notices_of(seen, NOTICE_EVENT_BEGINS), 0);
        assert_int_equal(seen->event_count, 1);
        starts[world] = seen->events[0].from_day;
        assert_in_range(starts[world], 14, 27);
        assert_int_equal(seen->events[0].to_day, starts[world] + 10);
        assert_int_equal(
            market_step(&arena, rules, result.after, &nothing, &key, NULL, &result, &problem),
            ERR_OK);
        assert_int_equal(notices_of(&result.observations[0], NOTICE_EVENT_BEGINS), 1);
        assert_int_equal(
            market_step(&arena, rules, result.after, &nothing, &key, NULL, &result, &problem),
            ERR_OK);
        assert_int_equal(result.observations[0].event_count, 0);
    }
    /* All worlds of a run meet the same events. */
    assert_int_equal(starts[0], starts[1]);
    assert_int_equal(starts[0], starts[2]);
    arena_clear(&arena);
}

static void a_surprise_is_not_seen_before_it_begins(void **state)
{
    (void)state;
    struct card_bench bench;
    struct market_event_rules card = card_make(0, EVENT_FEE, 1.2, COUNTER_BRAND, 0.5);
    card_bench_open(&bench, &card);
    bench.work.state->events[0] = (struct market_event_state){0, 3, 9};
    struct market_observation seen = {0};
    market_events_see(&bench.work, &seen);
    assert_int_equal(seen.event_count, 0);
    bench.work.state->day = 4;
    market_events_see(&bench.work, &seen);
    assert_int_equal(seen.event_count, 1);
    arena_clear(&bench.arena);
}

static void eight_at_most_come_by_their_probability(void **state)
{
    (void)state;
    struct card_bench bench;
    struct market_event_rules card = card_make(-1, EVENT_FEE, 1.1, COUNTER_BRAND, 0.5);
    card_bench_open(&bench, &card);
    struct market_event_rules *deck =
        ARENA_ARRAY(&bench.arena, struct market_event_rules, MARKET_EVENTS_MAX);
    for (int e = 0; e < MARKET_EVENTS_MAX; e++) {
        deck[e] = card;
        deck[e].probability = 1;
    }
    bench.rules->events = deck;
    bench.rules->event_count = MARKET_EVENTS_MAX;
    market_events_round(&bench.work);
    for (int e = 0; e < MARKET_EVENTS_RUNNING; e++)
        assert_int_equal(bench.work.state->events[e].event, e);
    /* One card alone over 4,000 rounds: 0.1 a round within four standard errors (0.019). */
    bench.rules->event_count = 1;
    deck[0].probability = 0.1;
    int came = 0;
    for (int round = 0; round < 4000; round++) {
        for (int e = 0; e < MARKET_EVENTS_RUNNING; e++)
            bench.work.state->events[e].event = -1;
        market_work_day(&bench.work, round);
        market_events_round(&bench.work);
        came += bench.work.state->events[0].event == 0;
    }
    assert_in_range(came, 400 - 76, 400 + 76);
    arena_clear(&bench.arena);
}

static void open_orders_are_put_off(void **state)
{
    (void)state;
    struct card_bench bench;
    struct market_event_rules card = card_make(-1, EVENT_SUPPLIER_DAYS, 8, COUNTER_INSPECTION, 0.5);
    card_bench_open(&bench, &card);
    struct market_state *world = bench.work.state;
    for (int f = 0; f < 2; f++) {
        world->firms[f].orders = ARENA_ARRAY(&bench.arena, struct market_order, 2);
        world->firms[f].orders[0] = (struct market_order){.ready_day = 9, .inspect = f == 1};
        world->firms[f].orders[1] = (struct market_order){.ready_day = 3};
        world->firms[f].order_count = 2;
    }
    world->events[0] = (struct market_event_state){0, 3, 20};
    market_work_day(&bench.work, 3);
    market_events_day(&bench.work);
    assert_int_equal(world->firms[0].orders[0].ready_day, 17);
    assert_int_equal(world->firms[1].orders[0].ready_day, 13);
    assert_int_equal(world->firms[0].orders[1].ready_day, 3); /* ready already */
    market_work_day(&bench.work, 4);
    market_events_day(&bench.work); /* only once */
    assert_int_equal(world->firms[0].orders[0].ready_day, 17);
    arena_clear(&bench.arena);
}

static void damaged_events_are_refused(void **state)
{
    (void)state;
    struct card_bench bench;
    struct market_event_rules card = card_make(0, EVENT_FEE, 1.2, COUNTER_BRAND, 0.5);
    card_bench_open(&bench, &card);
    card_run(bench.work.state, &card);
    struct buf bytes;
    struct market_state *read = NULL;
    buf_init(&bytes);
    market_state_encode(bench.work.state, &bytes);
    assert_int_equal(
        market_state_decode(&bench.arena, bench.rules, buf_str(&bytes), &read, &bench.problem),
        ERR_OK);
    assert_int_equal(read->events[0].to_day, 14);
    bench.work.state->events[0].event = 1; /* the deck has one card */
    buf_reset(&bytes);
    market_state_encode(bench.work.state, &bytes);
    assert_int_equal(
        market_state_decode(&bench.arena, bench.rules, buf_str(&bytes), &read, &bench.problem),
        ERR_STATE_DAMAGED);
    buf_clear(&bytes);
    arena_clear(&bench.arena);
}

static void decks_out_of_range_are_refused(void **state)
{
    (void)state;
    struct market_event_rules good = card_make(0, EVENT_FEE, 1.2, COUNTER_BRAND, 0.5);
    struct market_event_rules card = good;
    struct market_rules rules = {.market_count = 2, .event_count = 1, .events = &card};
    struct problem problem = {0};
    assert_int_equal(market_events_check(&rules, &problem), ERR_OK);
    card.size = NAN;
    assert_int_equal(market_events_check(&rules, &problem), ERR_SCENARIO);
    assert_string_equal(problem.place, "events[0].size");
    card = good;
    card.market = 2;
    assert_int_equal(market_events_check(&rules, &problem), ERR_SCENARIO);
    card = good;
    card.effect = EVENT_DEFECTS; /* suppliers serve all markets */
    assert_int_equal(market_events_check(&rules, &problem), ERR_SCENARIO);
    card = good;
    card.days = 61;
    assert_int_equal(market_events_check(&rules, &problem), ERR_SCENARIO);
    card = good;
    card.counter_factor = 1.5;
    assert_int_equal(market_events_check(&rules, &problem), ERR_SCENARIO);
    rules.event_count = MARKET_EVENTS_MAX + 1;
    assert_int_equal(market_events_check(&rules, &problem), ERR_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_and_engine_agree),
        cmocka_unit_test(cards_are_drawn_told_and_end),
        cmocka_unit_test(a_surprise_is_not_seen_before_it_begins),
        cmocka_unit_test(eight_at_most_come_by_their_probability),
        cmocka_unit_test(open_orders_are_put_off),
        cmocka_unit_test(damaged_events_are_refused),
        cmocka_unit_test(decks_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
