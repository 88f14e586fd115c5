/* Whole runs played by policies, for their ends only. */
#include <string.h>

#include "app/training/balance.h"
#include "app/training/run_play.h"
#include "app/training/run_pool.h"
#include "core/str.h"
#include "engine/market/policy.h"
#include "engine/market/score.h"

struct plays {
    struct market_rules rules;
    const int *policies;
    struct balance_firm *firms;
};

static struct market_key world_key(int world)
{
    struct market_key key = {rng_key_from_text(STR("balance")), 0};
    struct buf label;
    buf_init(&label);
    buf_format(&label, "world %d", world);
    key.seed = rng_key_derive(key.seed, buf_str(&label));
    buf_clear(&label);
    return key;
}

/* Home cash of each firm, followed through the journal; what counts is a day's end. */
struct tills {
    int32_t day;
    int64_t opening[MARKET_FIRMS_MAX], now[MARKET_FIRMS_MAX], least[MARKET_FIRMS_MAX];
};

static void day_end(struct tills *tills, int firms)
{
    for (int f = 0; f < firms; f++)
        if (tills->now[f] < tills->least[f])
            tills->least[f] = tills->now[f];
}

static void tills_follow(struct tills *tills, const struct market_journal *journal, int firms)
{
    for (int e = 0; e < journal->count; e++) {
        const struct market_entry *entry = &journal->entries[e];
        if (entry->day != tills->day)
            day_end(tills, firms);
        tills->day = entry->day;
        if (entry->currency != 0)
            continue;
        if (entry->debit == ACCOUNT_CASH)
            tills->now[entry->firm] += entry->amount_minor;
        if (entry->credit == ACCOUNT_CASH)
            tills->now[entry->firm] -= entry->amount_minor;
    }
    day_end(tills, firms);
}

static enum err play_rounds(const struct plays *plays, struct run_play *play, struct tills *tills,
                            struct run_pool *pool, struct problem *problem)
{
    struct market_probe probe = {.journal = true, .why_firm = -1, .check = true};
    int firms = plays->rules.firms;
    for (int round = 1; round <= plays->rules.rounds; round++) {
        struct arena *arena = run_play_arena(play);
        struct market_seat_decisions *decisions =
            ARENA_ARRAY(arena, struct market_seat_decisions, (size_t)firms);
        for (int f = 0; f < firms; f++)
            market_policy_decide(arena, (enum market_policy)plays->policies[f],
                                 &play->now.observations[f], &decisions[f]);
        TRY(run_play_step(play, decisions, &probe, problem));
        tills_follow(tills, &play->now.journal, firms);
        if (run_pool_step(pool, 1))
            return problem_set0(problem, ERR_INTERRUPTED);
    }
    return ERR_OK;
}

static enum err play_world(const struct plays *plays, struct run_play *play, int world,
                           struct run_pool *pool, struct problem *problem)
{
    struct market_key key = world_key(world);
    int firms = plays->rules.firms;
    struct tills tills = {.day = -1};
    TRY(run_play_open(play, &key, problem));
    for (int f = 0; f < firms; f++)
        tills.opening[f] = tills.now[f] = tills.least[f] = play->now.observations[f].cash_minor[0];
    TRY(play_rounds(plays, play, &tills, pool, problem));
    for (int f = 0; f < firms; f++) {
        struct balance_firm *firm = &plays->firms[world * firms + f];
        int64_t opening = play->now.observations[f].equity_opening_minor;
        int64_t closing = market_closing_equity(&play->rules, play->now.after, f);
        firm->ratio = opening > 0 ? (double)closing / (double)opening : 0;
        firm->need_minor = tills.opening[f] - tills.least[f];
    }
    return ERR_OK;
}

static enum err play_task(void *context, int task, int thread, struct run_pool *pool,
                          struct problem *problem)
{
    const struct plays *plays = context;
    struct market_key key = world_key(task);
    struct run_play play;
    (void)thread;
    run_play_init(&play, &plays->rules, &key);
    enum err code = play_world(plays, &play, task, pool, problem);
    run_play_clear(&play);
    return code;
}

enum err balance_play(const struct market_rules *rules, const int *policies, int worlds,
                      int threads, const char *label_translated, struct balance_firm *firms,
                      struct problem *problem)
{
    struct plays plays = {.rules = *rules, .policies = policies, .firms = firms};
    return run_pool_run(threads, worlds, play_task, &plays, label_translated,
                        (int64_t)worlds * rules->rounds, problem);
}
