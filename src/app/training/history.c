#include "app/training/history.h"

#include <string.h>

#include "app/training/run_decisions.h"
#include "core/file.h"

static enum err out_of_range(int64_t value, int64_t most, const char *place,
                             struct problem *problem)
{
    problem_set(problem, ERR_RANGE, ERR_INT(value), ERR_INT(1), ERR_INT(most));
    return problem_place(problem, "%s", place);
}

static void keep_journal(struct history *history, int firm, struct history_round *round)
{
    const struct market_journal *journal = &history->play.now.journal;
    for (int i = 0; i < journal->count; i++)
        round->entry_count += journal->entries[i].firm == firm;
    struct market_entry *entries =
        ARENA_ARRAY(&history->arena, struct market_entry, (size_t)round->entry_count + 1);
    int count = 0;
    for (int i = 0; i < journal->count; i++)
        if (journal->entries[i].firm == firm)
            entries[count++] = journal->entries[i];
    round->entries = entries;
}

static void keep_why(struct history *history, int firm, const struct market_why_log *log,
                     struct history_round *round)
{
    for (int i = 0; i < log->count; i++)
        round->why_count += log->rows[i].firm == firm;
    struct market_why *rows =
        ARENA_ARRAY(&history->arena, struct market_why, (size_t)round->why_count + 1);
    int count = 0;
    for (int i = 0; i < log->count; i++)
        if (log->rows[i].firm == firm)
            rows[count++] = log->rows[i];
    round->why = rows;
}

static void keep_standing(struct history *history, int firm, struct history_round *round)
{
    const struct run_play *play = &history->play;
    const struct market_observation *seen = &play->now.observations[firm];
    round->equity_minor = seen->equity_minor;
    memcpy(round->pl_minor, seen->round_pl_minor, sizeof(round->pl_minor));
    for (int i = 0; i < seen->listing_count; i++)
        round->units += seen->listings[i].round_units;
    for (int p = 0; p < play->rules.product_count; p++) {
        struct market_goods goods;
        market_goods_get(play->now.after, firm, p, &goods);
        round->hand_units += goods.home + goods.abroad;
    }
    for (int c = 0; c < play->rules.currency_count; c++)
        round->cash_minor += history_home(&play->rules, c, seen->day, seen->cash_minor[c]);
    round->in_administration = seen->in_administration;
    round->administration_day = -1;
    for (int i = 0; i < seen->notice_count; i++) {
        const struct market_notice *notice = &seen->notices[i];
        if (notice->kind == NOTICE_ADMINISTRATION && round->administration_day < 0)
            round->administration_day = notice->day;
        if (notice->kind != NOTICE_EVENT_BEGINS || round->event_count == MARKET_EVENTS_RUNNING)
            continue;
        round->events[round->event_count].event = notice->a;
        round->events[round->event_count++].from_day = (int32_t)notice->amount;
    }
    for (int m = 0; m < play->rules.market_count; m++)
        round->claims_open_minor += seen->customs[m].refund_open_minor;
    market_closing_open(&play->rules, play->now.after, firm, &round->closing);
    market_sums_get(play->now.after, firm, &round->sums);
    market_indicators_get(&play->rules, play->now.after, firm, &round->indicators);
}

static enum err play_all(struct history *history, struct problem *problem)
{
    struct run_play *play = &history->play;
    struct arena scratch; /* the rows of one round, all firms */
    size_t kept = 0;
    for (int f = 0; f < play->rules.firms; f++)
        kept += history->firms >> f & 1;
    size_t room = kept * MARKET_LISTINGS_MAX * (size_t)play->rules.round_days;
    arena_init(&scratch);
    struct market_why_log log = {.firms = history->firms,
                                 .room = (int)room,
                                 .rows = ARENA_ARRAY(&scratch, struct market_why, room + 1)};
    struct market_probe probe = {.journal = true, .why_firm = -1, .check = true, .why_log = &log};
    enum err code = run_play_open(play, &play->key, problem);
    for (int r = 0; r <= history->rounds && code == ERR_OK; r++) {
        log.count = 0;
        if (r > 0)
            code = run_play_step(play, history->decisions + (r - 1) * play->rules.firms, &probe,
                                 problem);
        if (code == ERR_OK && interrupt_asked())
            code = problem_set0(problem, ERR_INTERRUPTED);
        for (int f = 0; f < play->rules.firms && code == ERR_OK; f++) {
            if ((history->firms >> f & 1) == 0)
                continue;
            keep_standing(history, f, &history->kept[f][r]);
            if (r == 0)
                continue;
            keep_journal(history, f, &history->kept[f][r]);
            keep_why(history, f, &log, &history->kept[f][r]);
        }
    }
    arena_clear(&scratch);
    return code;
}

void history_init(struct history *history)
{
    struct market_rules rules = {0};
    struct market_key key = {0};
    *history = (struct history){0};
    arena_init(&history->arena);
    run_play_init(&history->play, &rules, &key);
}

enum err history_read(struct history *history, const char *folder, int world, int rounds,
                      uint32_t firms, struct problem *problem)
{
    struct arena *arena = &history->arena;
    struct run *run = &history->run;
    history->world = world;
    history->firms = firms;
    TRY(run_read(arena, folder, run, problem));
    TRY(run_engine_check(run, problem));
    TRY(run_scenario_read(arena, run, &history->scenario, problem));
    if (world < 0 || world >= run->worlds)
        return out_of_range(world + 1, run->worlds, "--world", problem);
    if (rounds < 0 || rounds > run->rounds)
        return out_of_range(rounds, run->rounds, "--round", problem);
    history->rounds = rounds == 0 ? run->rounds : rounds;
    history->play.rules = run_world_rules(run, &history->scenario, world);
    history->play.key = run_world_key(run, world);
    int count = history->play.rules.firms;
    if (firms >> count != 0) {
        int asked = count;
        while (firms >> (asked + 1) != 0)
            asked++;
        return out_of_range(asked + 1, count, "--firm", problem);
    }
    for (int f = 0; f < count; f++)
        history->kept[f] = ARENA_ARRAY(arena, struct history_round, (size_t)history->rounds + 1);
    struct run_digest *digests;
    const char *path = run_world_path(arena, run->folder, run->worlds, world);
    TRY(run_digests_read(arena, path, count, run->rounds, &digests, problem));
    TRY(run_decisions_read(arena, run, &history->play.rules, world, digests, &history->decisions,
                           problem));
    return play_all(history, problem);
}

void history_clear(struct history *history)
{
    run_play_clear(&history->play);
    arena_clear(&history->arena);
}

int64_t history_home(const struct market_rules *rules, int currency, int32_t day, int64_t minor)
{
    int64_t home = minor;
    if (currency != 0 && !money_convert(minor, rules->currencies[currency], rules->currencies[0],
                                        market_fx(rules, currency, day), ROUND_HALF_UP, &home))
        home = 0;
    return home;
}
