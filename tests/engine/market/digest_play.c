#include "digest_play.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>

#include "engine/market/market.h"
#include "engine/market/policy.h"
#include "play.h"
#include "world.h"

static void result_put(struct buf *bytes, const struct market_result *result)
{
    market_state_encode(result->after, bytes);
    for (int f = 0; f < result->firm_count; f++)
        market_observation_encode(&result->observations[f], bytes);
    for (int e = 0; e < result->journal.count; e++) {
        const struct market_entry *entry = &result->journal.entries[e];
        buf_format(bytes, "%d %d %d %d %d %d %d %lld\n", (int)entry->day, entry->firm,
                   entry->currency, entry->debit, entry->credit, entry->reason, entry->object,
                   (long long)entry->amount_minor);
    }
}

/* The policies of the digest stay the same ones when others are added. */
enum { POLICIES_LEVEL1 = POLICY_OVER + 1 };

static struct market_decisions decide(struct arena *arena, const struct market_rules *rules,
                                      const struct market_result *seen, struct play_random *random)
{
    if (play_below(random, 3) == 0)
        return play_valid(arena, rules, random);
    struct market_seat_decisions *firms =
        ARENA_ARRAY(arena, struct market_seat_decisions, (size_t)rules->firms);
    for (int f = 0; f < rules->firms; f++)
        market_policy_decide(arena, (enum market_policy)(f % POLICIES_LEVEL1),
                             &seen->observations[f], &firms[f]);
    return (struct market_decisions){.firm_count = rules->firms, .firms = firms};
}

/* Everything of one world, digested. */
static void world_digest(int world, unsigned char digest[DIGEST_BYTES])
{
    struct arena arena;
    struct buf bytes;
    char seed[32];
    arena_init(&arena);
    buf_init(&bytes);
    snprintf(seed, sizeof(seed), "digest %d", world);
    struct play_random random = {.key = rng_key_from_text(str_from_c(seed))};
    struct world_options options = {.second_market = world % 2 == 1,
                                    .level2 = world % 4 >= 2,
                                    .dispersion = world % 3 == 0 ? 0.2 : 0,
                                    .traffic_sd = 0.08,
                                    .luck_sd = 0.05};
    struct market_rules *rules =
        world < 4 ? world_rules(&arena, &options) : play_rules(&arena, &random);
    struct market_key key = {.seed = random.key, .world = (uint32_t)world};
    struct market_probe probe = {.journal = true, .why_firm = -1, .check = true};
    struct market_result result;
    struct problem problem = {0};
    enum err code = market_open(&arena, rules, &key, &result, &problem);
    for (int round = 0; code == ERR_OK && round < DIGEST_ROUNDS; round++) {
        result_put(&bytes, &result);
        struct market_decisions decisions = decide(&arena, rules, &result, &random);
        code =
            market_step(&arena, rules, result.after, &decisions, &key, &probe, &result, &problem);
    }
    if (code != ERR_OK)
        fprintf(stderr, "world %d: %s at %s (%s)\n", world, err_name(code), problem.place,
                problem.args[0].text);
    assert(code == ERR_OK);
    result_put(&bytes, &result);
    digest_bytes(bytes.text, bytes.length, digest);
    buf_clear(&bytes);
    arena_clear(&arena);
}

struct share {
    int first, step;
    unsigned char (*digests)[DIGEST_BYTES];
};

static void *worlds_digest(void *argument)
{
    const struct share *share = argument;
    for (int w = share->first; w < DIGEST_WORLDS; w += share->step)
        world_digest(w, share->digests[w]);
    return NULL;
}

void digest_play(int threads, char hex[DIGEST_HEX_MAX])
{
    unsigned char digests[DIGEST_WORLDS][DIGEST_BYTES];
    struct share shares[DIGEST_WORLDS];
    pthread_t workers[DIGEST_WORLDS];
    assert(threads >= 1 && threads <= DIGEST_WORLDS);
    for (int t = 0; t < threads; t++) {
        shares[t] = (struct share){t, threads, digests};
        int started = pthread_create(&workers[t], NULL, worlds_digest, &shares[t]);
        assert(started == 0);
    }
    for (int t = 0; t < threads; t++)
        pthread_join(workers[t], NULL);
    unsigned char all[DIGEST_BYTES];
    digest_bytes(digests, sizeof(digests), all);
    digest_hex(all, hex);
}
