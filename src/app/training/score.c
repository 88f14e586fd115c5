#include "app/training/score.h"

#include <math.h>
#include <string.h>

#include "app/training/run_decisions.h"
#include "app/training/run_play.h"
#include "app/training/run_pool.h"
#include "app/training/training.h"
#include "core/arena.h"
#include "core/file.h"
#include "core/text.h"
#include "engine/market/figures.h"
#include "engine/market/policy.h"

static const char *const state_names[SCORE_STATE_COUNT] = {"given", "undefined", "no_yardstick",
                                                           "gap_unsure", "gap_turned"};
static const char *const state_texts[SCORE_STATE_COUNT] = {
    N_("scored"), N_("the firm has no value yet"), N_("no yardstick was played"),
    N_("the novice and the steady policy differ in this seat by less than two standard errors, too "
       "little to measure by"),
    N_("the steady policy did worse in it than the novice in this seat")};

const char *score_state_name(enum score_state state)
{
    return state_names[state];
}

const char *score_state_text(enum score_state state)
{
    return state_texts[state];
}

const char *score_state_note(enum market_indicator indicator, enum score_state state)
{
    if (indicator != INDICATOR_SERVICE || (state != SCORE_GAP_UNSURE && state != SCORE_GAP_TURNED))
        return NULL;
    return N_("A novice often serves as many buyers because it holds more stock; the difference "
              "then shows in the stock, not in the service.");
}

void score_mean(const double *values, int count, double *mean, double *error)
{
    double sum = 0, squares = 0;
    *mean = *error = 0;
    if (count < 1)
        return;
    for (int i = 0; i < count; i++)
        sum += values[i];
    *mean = sum / count;
    if (count < 2)
        return;
    for (int i = 0; i < count; i++)
        squares += (values[i] - *mean) * (values[i] - *mean);
    *error = sqrt(squares / ((double)(count - 1) * count));
}

/* ---- playing the yardsticks ---- */

enum { YARDSTICK_NOVICE, YARDSTICK_STEADY, YARDSTICK_COUNT };

static const enum market_policy yardsticks[YARDSTICK_COUNT] = {POLICY_NOVICE, POLICY_STEADY};

/* What the plays of one world share; tasks only read it, but for their own part of `results`. */
struct yard {
    const struct run *run;
    struct market_rules rules;
    int world, firms, seeds;
    const struct market_seat_decisions *decisions; /* [round - 1][firm], as played */
    struct market_indicators *results;             /* [firm][seed][yardstick][round - 1] */
};

static struct market_indicators *result_at(const struct yard *yard, int firm, int seed, int stick,
                                           int round)
{
    size_t row =
        ((size_t)firm * (size_t)yard->seeds + (size_t)seed) * YARDSTICK_COUNT + (size_t)stick;
    return &yard->results[row * (size_t)yard->run->rounds + (size_t)round - 1];
}

static enum err play_seat(const struct yard *yard, struct run_play *play, int firm, int seed,
                          int stick, struct run_pool *pool, struct problem *problem)
{
    struct market_probe probe = {.why_firm = -1, .check = true};
    struct market_key key = run_world_key(yard->run, yard->world);
    char label[32];
    struct buf text = {0};
    buf_format(&text, "yardstick %d", seed);
    memcpy(label, text.text, text.length);
    key.seed = rng_key_derive(key.seed, (struct str){label, text.length});
    buf_clear(&text);
    TRY(run_play_open(play, &key, problem));
    for (int round = 1; round <= yard->run->rounds; round++) {
        struct arena *arena = run_play_arena(play);
        struct market_seat_decisions *all =
            ARENA_ARRAY(arena, struct market_seat_decisions, (size_t)yard->firms);
        memcpy(all, yard->decisions + (round - 1) * yard->firms,
               (size_t)yard->firms * sizeof(*all));
        all[firm] = (struct market_seat_decisions){0};
        market_policy_decide(arena, yardsticks[stick], &play->now.observations[firm], &all[firm]);
        TRY(run_play_step(play, all, &probe, problem));
        market_indicators_get(&play->rules, play->now.after, firm,
                              result_at(yard, firm, seed, stick, round));
        if (run_pool_step(pool, 1))
            return problem_set0(problem, ERR_INTERRUPTED);
    }
    return ERR_OK;
}

static enum err yard_task(void *context, int task, int thread, struct run_pool *pool,
                          struct problem *problem)
{
    const struct yard *yard = context;
    struct run_play play;
    struct market_key key = run_world_key(yard->run, yard->world);
    (void)thread;
    run_play_init(&play, &yard->rules, &key);
    enum err code = ERR_OK;
    for (int stick = 0; stick < YARDSTICK_COUNT && code == ERR_OK; stick++)
        code = play_seat(yard, &play, task / yard->seeds, task % yard->seeds, stick, pool, problem);
    run_play_clear(&play);
    return code;
}

/* ---- from plays to points ---- */

/* Means over the seeds in which both yardsticks have a value. */
static void cell_fill(const struct yard *yard, int firm, int round, int indicator,
                      struct score_cell *cell)
{
    double novice[SCORE_SEEDS_MAX], steady[SCORE_SEEDS_MAX], gap[SCORE_SEEDS_MAX], unused;
    int count = 0;
    for (int seed = 0; seed < yard->seeds; seed++) {
        const struct market_indicators *a = result_at(yard, firm, seed, YARDSTICK_NOVICE, round);
        const struct market_indicators *b = result_at(yard, firm, seed, YARDSTICK_STEADY, round);
        if (!a->defined[indicator] || !b->defined[indicator])
            continue;
        novice[count] = a->value[indicator];
        steady[count] = b->value[indicator];
        gap[count] = steady[count] - novice[count];
        count++;
    }
    if (cell->state != SCORE_GIVEN)
        return;
    cell->state = SCORE_NO_YARDSTICK;
    if (count < 2)
        return;
    score_mean(novice, count, &cell->novice, &unused);
    score_mean(steady, count, &cell->steady, &unused);
    score_mean(gap, count, &unused, &cell->gap_error);
    bool scored =
        market_points(cell->value, cell->novice, cell->steady, cell->gap_error, &cell->points);
    cell->state = scored ? SCORE_GIVEN : SCORE_GAP_UNSURE;
    if (scored && cell->steady < cell->novice)
        cell->state = SCORE_GAP_TURNED;
}

static void total_fill(const struct market_rules *rules, struct score_firm *score, int round)
{
    double points[INDICATOR_COUNT] = {0};
    bool scored[INDICATOR_COUNT] = {false};
    for (int i = 0; i < INDICATOR_COUNT; i++) {
        const struct score_cell *cell = &score->cells[round - 1][i];
        points[i] = cell->points;
        scored[i] = cell->state == SCORE_GIVEN;
    }
    score->has_total[round - 1] =
        market_score_total(rules, points, scored, &score->total[round - 1]);
}

/* What goods count for at the close, and how long those on hand last (INDICATOR_STOCK's days). */
static void score_goods(const struct run_play *play, int firm, int round, struct score_firm *score)
{
    struct market_closing closing;
    struct market_sums sums;
    double daily = 0;
    int64_t hand = 0;
    market_closing_open(&play->rules, play->now.after, firm, &closing);
    market_sums_get(play->now.after, firm, &sums);
    score->closing_equity_minor = closing.equity_minor;
    score->goods_units = 0;
    for (int p = 0; p < closing.product_count; p++) {
        struct market_goods goods;
        market_goods_get(play->now.after, firm, p, &goods);
        hand += goods.home + goods.abroad;
        score->goods_units += closing.goods[p].units;
        daily += closing.goods[p].units_per_day;
    }
    score->goods_days = daily > 0 ? (double)score->goods_units / daily : 0;
    if (round == 1)
        score->hand_days = 0;
    if (!(sums.round_latent > 0) || sums.cover_rounds == 0)
        return;
    double days = (double)hand / (sums.round_latent / play->rules.round_days);
    score->hand_days += (days - score->hand_days) / sums.cover_rounds;
}

/* The world as it was played, for the values that are judged. */
static enum err play_again(const struct yard *yard, struct score_firm *scores,
                           struct problem *problem)
{
    struct run_play play;
    struct market_probe probe = {.why_firm = -1, .check = true};
    struct market_key key = run_world_key(yard->run, yard->world);
    run_play_init(&play, &yard->rules, &key);
    enum err code = run_play_open(&play, &key, problem);
    for (int round = 1; round <= yard->run->rounds && code == ERR_OK; round++) {
        code = run_play_step(&play, yard->decisions + (round - 1) * yard->firms, &probe, problem);
        if (code == ERR_OK && interrupt_asked())
            code = problem_set0(problem, ERR_INTERRUPTED);
        for (int f = 0; f < yard->firms && code == ERR_OK; f++) {
            struct market_indicators values = {0};
            market_indicators_get(&play.rules, play.now.after, f, &values);
            for (int i = 0; i < INDICATOR_COUNT; i++)
                scores[f].cells[round - 1][i] =
                    (struct score_cell){.state = values.defined[i] ? SCORE_GIVEN : SCORE_UNDEFINED,
                                        .value = values.value[i]};
            score_goods(&play, f, round, &scores[f]);
        }
    }
    run_play_clear(&play);
    return code;
}

static void scores_init(struct arena *arena, const struct yard *yard, struct score_firm *scores)
{
    size_t rounds = (size_t)yard->run->rounds;
    for (int f = 0; f < yard->firms; f++)
        scores[f] = (struct score_firm){
            .world = yard->world,
            .firm = f,
            .rounds = yard->run->rounds,
            .cells =
                arena_array(arena, rounds, sizeof(*scores[f].cells), _Alignof(struct score_cell)),
            .total = ARENA_ARRAY(arena, double, rounds),
            .has_total = ARENA_ARRAY(arena, bool, rounds),
        };
}

static enum err world_score(struct arena *arena, struct yard *yard, int threads,
                            const char *label_translated, struct score_firm *scores,
                            struct problem *problem)
{
    struct run_digest *digests;
    struct market_seat_decisions *decisions;
    const struct run *run = yard->run;
    const char *path = run_world_path(arena, run->folder, run->worlds, yard->world);
    TRY(run_digests_read(arena, path, yard->firms, run->rounds, &digests, problem));
    TRY(run_decisions_read(arena, run, &yard->rules, yard->world, digests, &decisions, problem));
    yard->decisions = decisions;
    TRY(play_again(yard, scores, problem));
    int64_t plays = (int64_t)yard->firms * yard->seeds * YARDSTICK_COUNT;
    if (plays > 0) {
        yard->results = ARENA_ARRAY(arena, struct market_indicators, (size_t)(plays * run->rounds));
        TRY(run_pool_run(threads, yard->firms * yard->seeds, yard_task, yard, label_translated,
                         plays * run->rounds, problem));
    }
    for (int f = 0; f < yard->firms; f++) {
        for (int round = 1; round <= run->rounds; round++) {
            for (int i = 0; i < INDICATOR_COUNT; i++)
                cell_fill(yard, f, round, i, &scores[f].cells[round - 1][i]);
            total_fill(&yard->rules, &scores[f], round);
        }
    }
    return ERR_OK;
}

enum err score_world(struct arena *arena, const struct run *run, const struct scenario *scenario,
                     int world, int seeds, int threads, const char *label_translated,
                     struct score_firm *scores, struct problem *problem)
{
    struct arena own; /* decisions and plays; only the scores stay */
    struct yard yard = {.run = run,
                        .rules = run_world_rules(run, scenario, world),
                        .world = world,
                        .firms = run_world_firms(run, world),
                        .seeds = seeds};
    scores_init(arena, &yard, scores);
    arena_init(&own);
    enum err code = world_score(&own, &yard, threads, label_translated, scores, problem);
    arena_clear(&own);
    return code;
}
