/* Advertising in play: the elasticity of a firm's sales to its brand spending. The band is one of
 * means over 200 worlds and more, which SAMPAN_SOAK=1 plays; the everyday run plays few. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/detmath.h"
#include "engine/market/state.h"
#include "world.h"

enum { FIRMS = 24, ROUNDS = 12, WORLDS_EVERY_DAY = 6, WORLDS_SOAK = 200, STOCK = 10000 };

static struct market_rules *rules_of(struct arena *arena)
{
    struct world_options options = {.firms = FIRMS, .products = 1, .level2 = true};
    struct market_rules *rules = world_rules(arena, &options);
    /* Only advertising is looked at. */
    rules->customs.open = rules->loans.open = rules->compliance.open = rules->sourcing.open = false;
    rules->event_count = 0;
    rules->rounds = 2 * ROUNDS;
    rules->finance.payroll_per_day_minor = 0;
    /* Whatever else a firm must pay, it can pay for its brand. */
    rules->finance.cash_opening_minor = INT64_C(100000000000);
    ((struct market_product *)(uintptr_t)rules->products)->storage_fee_1e9[0] = 0;
    return rules;
}

/* Stock never binds: units that cost nothing, in every firm's warehouse abroad. */
static void stock_fill(struct market_state *state)
{
    for (int f = 0; f < state->firm_count; f++) {
        market_stock_at(state, &state->firms[f], 1, 0)->units += STOCK;
        state->firms[f].units[0].bought += STOCK;
    }
}

/* One round in which firm 0 spends `first` a day on its brand and all others `rest`. */
static struct market_state *round_play(struct arena *arena, const struct market_rules *rules,
                                       const struct market_key *key,
                                       const struct market_state *before, int64_t first,
                                       int64_t rest)
{
    struct market_decisions decisions = world_nothing(arena, rules);
    struct market_seat_decisions *firms = ARENA_ARRAY(arena, struct market_seat_decisions, FIRMS);
    struct market_row *rows = ARENA_ARRAY(arena, struct market_row, FIRMS);
    for (int f = 0; f < FIRMS; f++) {
        market_row_set(&rows[f], F_brand_market, 0);
        market_row_set(&rows[f], F_brand_channel, 0);
        market_row_set(&rows[f], F_brand_brand_spend, f == 0 ? first : rest);
        firms[f].lists[LIST_brand] = (struct market_rows){1, &rows[f]};
    }
    decisions.firms = firms;
    struct market_result result;
    struct problem problem = {0};
    enum err code = market_step(arena, rules, before, &decisions, key, NULL, &result, &problem);
    if (code != ERR_OK)
        print_message("%s at %s\n", err_name(code), problem.place);
    assert_int_equal(code, ERR_OK);
    return result.after;
}

/* Demand of firm 0 as if in stock, of the round just played. */
static double demand_of(const struct market_state *state)
{
    double sum = 0;
    for (int d = 1; d <= 14; d++)
        sum += state->firms[0].listings[0].latent[market_ring_60(state->day - d)];
    return sum;
}

static void brand_elasticity_grows_into_its_band(void **unused)
{
    (void)unused;
    static const int at[] = {1, 3, 12};
    static const double expected[] = {0.05, 0.12, 0.15};
    double plain[ROUNDS] = {0}, tenth[ROUNDS] = {0};
    double shift[ROUNDS] = {0}, squares[ROUNDS] = {0}; /* of ln(tenth / plain), world by world */
    int worlds = getenv("SAMPAN_SOAK") != NULL ? WORLDS_SOAK : WORLDS_EVERY_DAY;
    for (int w = 0; w < worlds; w++) {
        struct arena arena;
        arena_init(&arena);
        struct market_rules *rules = rules_of(&arena);
        char seed[16];
        snprintf(seed, sizeof(seed), "brand %d", w);
        struct market_key key = world_key(seed);
        struct market_result opened;
        struct problem problem = {0};
        assert_int_equal(market_open(&arena, rules, &key, &opened, &problem), ERR_OK);
        stock_fill(opened.after);
        /* 5 % of eight units a day at EUR 20.00 and 7.90. */
        const int64_t spend = 6320;
        struct market_state *state = opened.after;
        for (int r = 0; r < ROUNDS; r++)
            state = round_play(&arena, rules, &key, state, spend, spend);
        struct market_state *more = state;
        for (int r = 0; r < ROUNDS; r++) {
            state = round_play(&arena, rules, &key, state, spend, spend);
            more = round_play(&arena, rules, &key, more, spend * 11 / 10, spend);
            double without = demand_of(state), with = demand_of(more);
            double own = dm_log(with / without) / dm_log(1.1);
            plain[r] += without;
            tenth[r] += with;
            shift[r] += own;
            squares[r] += own * own;
        }
        arena_clear(&arena);
    }
    for (size_t i = 0; i < COUNT_OF(at); i++) {
        double elasticity = dm_log(tenth[at[i] - 1] / plain[at[i] - 1]) / dm_log(1.1);
        double mean = shift[at[i] - 1] / worlds;
        double variance = (squares[at[i] - 1] - worlds * mean * mean) / (worlds - 1);
        print_message("round %d: elasticity %.4f (%.2f +- 0.03), standard error %.4f, %d worlds\n",
                      at[i], elasticity, expected[i], sqrt(variance > 0 ? variance / worlds : 0),
                      worlds);
        assert_true(fabs(elasticity - expected[i]) <= 0.03);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brand_elasticity_grows_into_its_band),
    };
    return cmocka_run_group_tests_name("promotion band", tests, NULL, NULL);
}
