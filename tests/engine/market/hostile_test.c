/* Thousands of random worlds under random and hostile decisions: a clear error or books that close,
 * nothing else. The engine checks its invariants after every day; this test makes it work for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/market/market.h"
#include "engine/market/state.h"
#include "play.h"
#include "world.h"

static int worlds_wanted(void)
{
    return getenv("SAMPAN_SOAK") != NULL ? 40000 : 2500;
}

/* Errors that say "your decision cannot be": all name a place. */
static bool is_clear(enum err code, const struct problem *problem)
{
    switch (code) {
    case ERR_RANGE:
    case ERR_NAME_UNKNOWN:
    case ERR_LEVEL_CLOSED:
    case ERR_SEAT_FIELD:
    case ERR_PRICE_BAND:
    case ERR_LISTING_TWICE:
    case ERR_FIELD_TWICE:
    case ERR_FIELD_MISSING:
    case ERR_LIST_TOO_LONG:
    case ERR_LANE_KIND:
    case ERR_SUPPLIER_PRODUCT:
    case ERR_ORDER_MINIMUM:
    case ERR_TEXT_TOO_LONG:
    case ERR_CHOICE:
    case ERR_HS6_BAD:
        return strncmp(problem->place, "firms[", 6) == 0;
    default:
        return false;
    }
}

struct counts {
    int settled, refused, administrations, sales;
    int two_channels, own_sales; /* worlds of two channels; sales on the second */
};

static void world_play(uint64_t number, struct counts *counts)
{
    struct arena arena;
    arena_init(&arena);
    char seed[32];
    snprintf(seed, sizeof(seed), "hostile %d", (int)number);
    struct play_random random = {.key = rng_key_from_text(str_from_c(seed))};
    struct market_rules *rules =
        number % 3 == 0 ? play_rules_level2(&arena, &random) : play_rules(&arena, &random);
    if (number % 3 == 1)
        play_second_channel(&arena, rules, &random);
    counts->two_channels += rules->channel_count > 1;
    struct market_key key = {.seed = random.key, .world = (uint32_t)number};
    struct market_result result;
    struct problem problem = {0};
    enum err code = market_open(&arena, rules, &key, &result, &problem);
    if (code != ERR_OK)
        print_message("world %d: %s at %s (%s)\n", (int)number, err_name(code), problem.place,
                      problem.args[0].text);
    assert_int_equal(code, ERR_OK);
    for (int round = 0; round < 4; round++) {
        struct market_decisions decisions = play_below(&random, 3) == 0
                                                ? play_hostile(&arena, rules, &random)
                                                : play_valid(&arena, rules, &random);
        struct market_result after;
        code = market_step(&arena, rules, result.after, &decisions, &key, NULL, &after, &problem);
        if (code != ERR_OK) {
            if (!is_clear(code, &problem))
                print_message("world %d round %d: %s at %s (%s)\n", (int)number, round,
                              err_name(code), problem.place, problem.args[0].text);
            assert_true(is_clear(code, &problem));
            counts->refused++;
            continue;
        }
        counts->settled++;
        result = after;
        for (int f = 0; f < rules->firms; f++) {
            counts->administrations += result.observations[f].in_administration;
            for (int i = 0; i < result.observations[f].listing_count; i++) {
                const struct market_listing_view *view = &result.observations[f].listings[i];
                counts->sales += view->round_units > 0;
                counts->own_sales += view->round_units > 0 && view->channel == 1;
            }
        }
    }
    arena_clear(&arena);
}

static void random_worlds_close(void **state)
{
    (void)state;
    struct counts counts = {0};
    for (int w = 0; w < worlds_wanted(); w++)
        world_play((uint64_t)w, &counts);
    print_message("%d worlds: %d rounds settled, %d refused, %d firm-rounds in administration, %d "
                  "worlds of two channels\n",
                  worlds_wanted(), counts.settled, counts.refused, counts.administrations,
                  counts.two_channels);
    /* The cases the test is about did occur. */
    assert_true(counts.settled > worlds_wanted());
    assert_true(counts.refused > worlds_wanted() / 8);
    assert_true(counts.administrations > worlds_wanted() / 50);
    assert_true(counts.sales > worlds_wanted());
    assert_true(counts.two_channels > worlds_wanted() / 3);
    assert_true(counts.own_sales > worlds_wanted() / 3);
}

/* Planted fault: a unit that vanishes, a cent that appears, are found on the next day. */
static void planted_faults_are_found(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {.firms = 2};
    struct market_rules *rules = world_rules(&arena, &options);
    struct market_key key = world_key("planted");
    struct market_decisions nothing = world_nothing(&arena, rules);
    for (int fault = 0; fault < 6; fault++) {
        struct market_result result;
        struct problem problem = {0};
        assert_int_equal(market_open(&arena, rules, &key, &result, &problem), ERR_OK);
        struct market_firm *firm = &result.after->firms[1];
        switch (fault) {
        case 0:
            market_stock_at(result.after, firm, 1, 0)->units -= 1;
            break;
        case 1:
            firm->balance[ACCOUNT_CASH][0] += 1;
            break;
        case 2:
            market_stock_at(result.after, firm, 1, 1)->value_minor += 1;
            break;
        case 3:
            firm->payouts[1][5] += 1;
            break;
        case 4:
            firm->shipments[0].goods_minor -= 1;
            break;
        default:
            firm->units[2].written_off += 1;
            break;
        }
        assert_int_equal(
            market_step(&arena, rules, result.after, &nothing, &key, NULL, &result, &problem),
            ERR_INVARIANT);
        assert_memory_equal(problem.place, "firms[1] day 0", 14);
    }
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_worlds_close),
        cmocka_unit_test(planted_faults_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
