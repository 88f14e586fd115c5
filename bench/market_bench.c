/* The market engine beside the bare loop, in one run: listing-days a second and core, a contest's
 * round, bytes of state, growth with listings. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../tests/engine/market/world.h"
#include "bare_loop.h"
#include "engine/market/market.h"

enum { FIRMS = 20, ROUND_DAYS = 14, CONTEST_WORLDS = 1000, THREADS = 2 };

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void line(const char *name, double value, const char *unit, const char *sign, double goal)
{
    bool good = sign[0] == '>' ? value >= goal : value <= goal;
    printf("bench %s %.4g %s goal %s %.4g %s\n", name, value, unit, sign, goal,
           good ? "ok" : "short");
}

static void must(enum err code, const struct problem *problem)
{
    if (code == ERR_OK)
        return;
    fprintf(stderr, "%s at %s\n", err_name(code), problem->place);
    exit(1);
}

/* ---- the bare loop ---- */

static double bare_rate(void)
{
    static struct bare_nest nest;
    nest.count = 240;
    nest.shoppers = 240 * 8 / 0.6;
    for (int j = 0; j < nest.count; j++) {
        nest.exposure[j] = 1.0 / nest.count;
        nest.log_price[j] = 0.001 * (j % 40 - 20);
        nest.other[j] = 0.002 * (j % 31 - 15);
    }
    struct rng_key key = rng_key_from_text(STR("bare"));
    const int days = 2000;
    double best = 0;
    int64_t units = 0;
    for (int repeat = 0; repeat < 5; repeat++) {
        double start = seconds_now();
        units += bare_loop(&nest, key, (uint32_t)repeat, days);
        double rate = nest.count * (double)days / (seconds_now() - start);
        best = rate > best ? rate : best;
    }
    printf("bare loop: %.1f ns a listing-day, %.2f units each\n", 1e9 / best,
           (double)units / (5.0 * nest.count * days));
    return best;
}

/* ---- the engine ---- */

static struct market_rules *contest_rules(struct arena *arena, int products)
{
    /* Two markets; b so that a listing sells 8 units a day; money enough for all to go on. */
    struct world_options options = {.firms = FIRMS,
                                    .products = products,
                                    .second_market = true,
                                    .b = 8.0 * products,
                                    .traffic_sd = 0.08,
                                    .luck_sd = 0.05};
    struct market_rules *rules = world_rules(arena, &options);
    rules->finance.cash_opening_minor = INT64_C(2000000000);
    return rules;
}

/* Opens `worlds` worlds and settles one round of each; returns the seconds of the settling. */
static double settle(const struct market_rules *rules, int first, int step, int worlds)
{
    struct arena kept, round;
    arena_init(&kept);
    arena_init(&round);
    /* A worker keeps its memory from world to world. */
    struct arena_mark start_of_round = arena_mark_get(&round),
                      start_of_kept = arena_mark_get(&kept);
    struct problem problem = {0};
    struct market_result result;
    double seconds = 0;
    for (int w = first; w < worlds; w += step) {
        struct market_key key = {.seed = rng_key_from_text(STR("contest")), .world = (uint32_t)w};
        struct market_decisions nothing = world_nothing(&kept, rules);
        must(market_open(&round, rules, &key, &result, &problem), &problem);
        double start = seconds_now();
        must(market_step(&round, rules, result.after, &nothing, &key, NULL, &result, &problem),
             &problem);
        seconds += seconds_now() - start;
        arena_rewind(&round, start_of_round);
        arena_rewind(&kept, start_of_kept);
    }
    arena_clear(&kept);
    arena_clear(&round);
    return seconds;
}

static double engine_rate(int products)
{
    struct arena arena;
    arena_init(&arena);
    struct market_rules *rules = contest_rules(&arena, products);
    const int worlds = 40;
    double best = 0;
    for (int repeat = 0; repeat < 3; repeat++) {
        double seconds = settle(rules, 0, 1, worlds);
        double rate = (double)worlds * FIRMS * 2 * products * ROUND_DAYS / seconds;
        best = rate > best ? rate : best;
    }
    arena_clear(&arena);
    return best;
}

struct share {
    const struct market_rules *rules;
    int first;
    double seconds;
};

static void *settle_share(void *argument)
{
    struct share *share = argument;
    share->seconds = settle(share->rules, share->first, THREADS, CONTEST_WORLDS);
    return NULL;
}

/* 20,000 firms on two threads: the longer of the two threads' settling. */
static double contest_seconds(void)
{
    struct arena arena;
    arena_init(&arena);
    struct market_rules *rules = contest_rules(&arena, 6);
    pthread_t workers[THREADS];
    struct share shares[THREADS];
    for (int t = 0; t < THREADS; t++) {
        shares[t] = (struct share){.rules = rules, .first = t};
        if (pthread_create(&workers[t], NULL, settle_share, &shares[t]) != 0)
            exit(1);
    }
    double longest = 0;
    for (int t = 0; t < THREADS; t++) {
        pthread_join(workers[t], NULL);
        longest = shares[t].seconds > longest ? shares[t].seconds : longest;
    }
    arena_clear(&arena);
    return longest;
}

static double state_bytes_a_firm(void)
{
    struct arena arena;
    arena_init(&arena);
    struct market_rules *rules = contest_rules(&arena, 6);
    struct market_key key = world_key("bytes");
    struct market_result result;
    struct problem problem = {0};
    must(market_open(&arena, rules, &key, &result, &problem), &problem);
    struct market_decisions nothing = world_nothing(&arena, rules);
    for (int round = 0; round < 4; round++)
        must(market_step(&arena, rules, result.after, &nothing, &key, NULL, &result, &problem),
             &problem);
    size_t bytes = market_state_memory(result.after);
    arena_clear(&arena);
    return (double)bytes / FIRMS;
}

int main(void)
{
    double bare = bare_rate();
    double engine = engine_rate(6);
    printf("engine: %.1f ns a listing-day\n", 1e9 / engine);
    line("market_listing_days", engine / 1e6, "million/s a core", ">=", bare / 1e7);
    line("market_of_bare_loop", engine / bare, "ratio", ">=", 0.1);
    line("market_of_bare_loop_quarter", engine / bare, "ratio", ">=", 0.25);
    line("market_contest_round", contest_seconds(), "s", "<=", 3);
    line("market_state_kib_a_firm", state_bytes_a_firm() / 1024, "KiB", "<=", 64);
    double one = 1e9 / engine_rate(1), twelve = 1e9 / engine_rate(12);
    /* Proportional growth: a listing-day costs the same with two or twenty-four listings a firm. */
    line("market_growth", twelve / one, "ratio", "<=", 1.3);
    return 0;
}
