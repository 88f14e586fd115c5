/* The market model's bands in play (section 3): at the defaults, b = 8, 24 one-product listings,
 * warm start, no advertising, stock never binding; means over 200 worlds of the last 14 days. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/detmath.h"
#include "engine/market/nest.h"
#include "world.h"

enum { FIRMS = 24, WORLDS = 200, ROUNDS = 12 };

struct band {
    const char *name;
    double least, most;
};

static void in_band(struct band band, double value)
{
    print_message("%-44s %8.4f  (%.4g to %.4g)\n", band.name, value, band.least, band.most);
    assert_true(value >= band.least && value <= band.most);
}

struct play {
    struct arena arena;
    struct market_rules *rules;
    struct market_key key;
    struct market_result result;
};

/* Goods without end for every listing; they cost nothing, so that the books still close. */
static void stock_fill(struct market_state *state, int firm, int product)
{
    const int64_t plenty = 10000000;
    market_stock_at(state, &state->firms[firm], 1, product)->units += plenty;
    state->firms[firm].units[product].bought += plenty;
}

static void play_open(struct play *play, int world, int products, double traffic_sd, double luck_sd)
{
    arena_init(&play->arena);
    struct world_options options = {
        .firms = FIRMS, .products = products, .traffic_sd = traffic_sd, .luck_sd = luck_sd};
    play->rules = world_rules(&play->arena, &options);
    struct market_nest *nest = (struct market_nest *)(uintptr_t)play->rules->nests;
    nest->listings_ref = 1;
    play->key =
        (struct market_key){.seed = rng_key_from_text(STR("bands")), .world = (uint32_t)world};
    struct problem problem = {0};
    assert_int_equal(market_open(&play->arena, play->rules, &play->key, &play->result, &problem),
                     ERR_OK);
    nest->promise_ref_days = play->result.observations[0].listings[0].promise_days;
    for (int f = 0; f < FIRMS; f++)
        for (int p = 0; p < products; p++)
            stock_fill(play->result.after, f, p);
}

static struct market_listing *listing_of(struct play *play, int firm)
{
    return &play->result.after->firms[firm].listings[0];
}

static void play_rounds(struct play *play, int rounds)
{
    static const struct market_probe quick = {.why_firm = -1, .check = false};
    struct problem problem = {0};
    struct market_decisions nothing = world_nothing(&play->arena, play->rules);
    for (int round = 0; round < rounds; round++)
        assert_int_equal(market_step(&play->arena, play->rules, play->result.after, &nothing,
                                     &play->key, &quick, &play->result, &problem),
                         ERR_OK);
}

/* Expected units of a firm's listing on a day of the last sixty; back 1: yesterday. */
static double expected_on(struct play *play, int firm, int back)
{
    return listing_of(play, firm)->latent[market_ring_60(play->result.after->day - back)];
}

static double expected_last(struct play *play, int firm)
{
    double sum = 0;
    for (int back = 1; back <= 14; back++)
        sum += expected_on(play, firm, back);
    return sum / 14;
}

/* ln of the ratio of firm 0's expectation with and without a change, on the first day and over the
 * last 14, mean over worlds of the expectations. */
struct response {
    double first, last;
};

static struct response respond(void (*change)(struct play *play, int side), int rounds, int worlds)
{
    double first[2] = {0}, last[2] = {0};
    for (int world = 0; world < worlds; world++)
        for (int side = 0; side < 2; side++) {
            struct play play;
            play_open(&play, world, 1, 0, 0);
            change(&play, side);
            play_rounds(&play, 1);
            first[side] += expected_on(&play, 0, 14);
            play_rounds(&play, rounds - 1);
            last[side] += expected_last(&play, 0);
            arena_clear(&play.arena);
        }
    return (struct response){.first = log(first[1] / first[0]), .last = log(last[1] / last[0])};
}

static void price_change(struct play *play, int side)
{
    listing_of(play, 0)->price_minor = side == 0 ? 1950 : 2050;
}

static void own_price(void **state)
{
    (void)state;
    struct response response = respond(price_change, ROUNDS, WORLDS);
    double run = log(2050.0 / 1950.0);
    in_band((struct band){"own price on impact", -3.2, -2.1}, response.first / run);
    in_band((struct band){"own price after 12 rounds", -4.3, -2.6}, response.last / run);
}

static void rating_change(struct play *play, int side)
{
    struct market_listing *listing = listing_of(play, 0);
    listing->review_count = 1000000;
    listing->stars_sum = (side == 0 ? 4.1 : 4.3) * 1000000;
}

static void volume_change(struct play *play, int side)
{
    listing_of(play, 0)->review_volume *= side == 0 ? 0.95 : 1.05;
}

static void ratings_and_reviews(void **state)
{
    (void)state;
    struct response rating = respond(rating_change, 1, 1);
    struct response volume = respond(volume_change, 1, 1);
    in_band((struct band){"rating (You et al. 0.42)", 0.21, 0.63}, rating.first / log(4.3 / 4.1));
    in_band((struct band){"review volume (You et al. 0.24)", 0.12, 0.36},
            volume.first / log(1.05 / 0.95));
}

static int promised_days;

static void promise_change(struct play *play, int side)
{
    listing_of(play, 0)->promise_days = side == 0 ? promised_days : promised_days - 1;
}

static void one_day_faster(void **state)
{
    (void)state;
    for (promised_days = 9; promised_days <= 20; promised_days++) {
        char name[96];
        snprintf(name, sizeof(name), "one day faster, from %d (Fisher et al.)", promised_days);
        in_band((struct band){name, 0.012, 0.018}, respond(promise_change, 1, 1).first);
    }
}

/* Firm 0's listing opens now: nothing sold, nobody wrote a review. */
static void new_products_are_not_stillborn(void **state)
{
    (void)state;
    double first = 0, month = 0, half_year = 0;
    for (int world = 0; world < WORLDS; world++) {
        struct play play;
        play_open(&play, world, 1, 0.08, 0.05);
        struct market_listing *listing = listing_of(&play, 0);
        listing->sales_average = listing->review_volume = listing->stars_sum = 0;
        listing->review_count = 0;
        double others = 0;
        play_rounds(&play, 2);
        for (int f = 1; f < FIRMS; f++)
            others += expected_on(&play, f, 28);
        first += expected_on(&play, 0, 28) / (others / (FIRMS - 1)) / WORLDS;
        others = 0;
        for (int f = 1; f < FIRMS; f++)
            others += expected_on(&play, f, 1);
        month += expected_on(&play, 0, 1) / (others / (FIRMS - 1)) / WORLDS;
        play_rounds(&play, ROUNDS - 2);
        others = 0;
        for (int f = 1; f < FIRMS; f++)
            others += expected_on(&play, f, 1);
        half_year += expected_on(&play, 0, 1) / (others / (FIRMS - 1)) / WORLDS;
        arena_clear(&play.arena);
    }
    in_band((struct band){"a new product on day 1", 0.35, 0.55}, first);
    in_band((struct band){"a new product on day 28", 0.55, 0.70}, month);
    in_band((struct band){"a new product on day 168", 0.85, 0.97}, half_year);
}

/* Twelve products of one firm against 23 rivals with one each. */
static void many_products_do_not_own_the_nest(void **state)
{
    (void)state;
    struct play play;
    play_open(&play, 0, 12, 0, 0);
    struct market_firm *firm = &play.result.after->firms[0];
    for (int p = 1; p < 12; p++) {
        firm->listings[p] = firm->listings[0];
        firm->listings[p].product = p;
    }
    firm->listing_count = 12;
    play_rounds(&play, 2);
    double own = 0, all = 0;
    for (int f = 0; f < FIRMS; f++)
        for (int i = 0; i < play.result.after->firms[f].listing_count; i++) {
            double expected = play.result.after->firms[f].listings[i].latent[market_ring_60(27)];
            all += expected;
            own += f == 0 ? expected : 0;
        }
    in_band((struct band){"share of 12 products of one firm", 0, 0.15}, own / all);
    arena_clear(&play.arena);
}

/* The leader's share after 12 rounds; firm f sells product f, whose appeal is its own. */
static double leader_share(double rank_exponent, double appeal_sd, int worlds)
{
    double sum = 0;
    for (int world = 0; world < worlds; world++) {
        struct play play;
        play_open(&play, world, FIRMS, 0.08, 0.05);
        play.rules->demand.rank_exponent = rank_exponent;
        struct market_product *products = (struct market_product *)(uintptr_t)play.rules->products;
        for (int f = 0; f < FIRMS; f++) {
            struct rng_words words =
                rng_at(play.key.seed, 1001, (uint32_t)world, 0, (uint64_t)f, 0, 0);
            products[f].appeal = appeal_sd * dm_normal_from_word(words.word[0]);
            listing_of(&play, f)->product = f;
        }
        play_rounds(&play, ROUNDS);
        double all = 0, most = 0;
        for (int f = 0; f < FIRMS; f++) {
            double sold = 0;
            for (int back = 1; back <= 14; back++)
                sold += listing_of(&play, f)->sold[market_ring_60(play.result.after->day - back)];
            all += sold;
            most = sold > most ? sold : most;
        }
        sum += most / all;
        arena_clear(&play.arena);
    }
    return sum / worlds;
}

static void leaders_lead_within_reason(void **state)
{
    (void)state;
    static const struct {
        double exponent, share;
    } cases[] = {{0, 0.14}, {0.15, 0.17}, {0.20, 0.18}, {0.30, 0.22}};
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char name[96];
        snprintf(name, sizeof(name), "leader's share at k_r %.2f", cases[i].exponent);
        in_band((struct band){name, cases[i].share - 0.03, cases[i].share + 0.03},
                leader_share(cases[i].exponent, 0.35, WORLDS));
    }
    in_band((struct band){"largest share of equal firms", 0, 0.06}, leader_share(0.15, 0, WORLDS));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_price),
        cmocka_unit_test(ratings_and_reviews),
        cmocka_unit_test(one_day_faster),
        cmocka_unit_test(new_products_are_not_stillborn),
        cmocka_unit_test(many_products_do_not_own_the_nest),
        cmocka_unit_test(leaders_lead_within_reason),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
