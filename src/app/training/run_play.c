#include "app/training/run_play.h"

void run_play_init(struct run_play *play, const struct market_rules *rules,
                   const struct market_key *key)
{
    *play = (struct run_play){.rules = *rules, .key = *key};
    arena_init(&play->arenas[0]);
    arena_init(&play->arenas[1]);
}

void run_play_clear(struct run_play *play)
{
    arena_clear(&play->arenas[0]);
    arena_clear(&play->arenas[1]);
    play->now = (struct market_result){0};
}

static void empty(struct arena *arena)
{
    arena_rewind(arena, (struct arena_mark){0});
}

enum err run_play_open(struct run_play *play, const struct market_key *key, struct problem *problem)
{
    play->now = (struct market_result){0};
    play->key = *key;
    play->side = 0;
    empty(&play->arenas[0]);
    return market_open(&play->arenas[0], &play->rules, &play->key, &play->now, problem);
}

enum err run_play_resume(struct run_play *play, struct str state, struct problem *problem)
{
    play->now = (struct market_result){.firm_count = play->rules.firms};
    play->side = 0;
    empty(&play->arenas[0]);
    return market_state_decode(&play->arenas[0], &play->rules, state, &play->now.after, problem);
}

struct arena *run_play_arena(struct run_play *play)
{
    return &play->arenas[play->side];
}

enum err run_play_step(struct run_play *play, const struct market_seat_decisions *firms,
                       const struct market_probe *probe, struct problem *problem)
{
    struct market_decisions decisions = {.firm_count = play->rules.firms, .firms = firms};
    int other = 1 - play->side;
    struct market_result next;
    empty(&play->arenas[other]);
    TRY(market_step(&play->arenas[other], &play->rules, play->now.after, &decisions, &play->key,
                    probe, &next, problem));
    play->side = other;
    play->now = next;
    return ERR_OK;
}
