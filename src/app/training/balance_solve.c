/* Demand and cash at which steady firms end where they should. */
#include <math.h>
#include <stdlib.h>

#include "app/training/balance.h"
#include "core/arena.h"
#include "core/detmath.h"
#include "engine/market/policy.h"

enum { HALVINGS_MAX = 7, STEPS_MAX = 16, CASH_ROUNDS_MAX = 12, LOWERINGS_MAX = 3 };

static const double close_enough = 0.001; /* of the ratio */
static const double cash_margin = 1.25;
static const double cash_loose = 1.6; /* times the need: more than this was raised too far */

double balance_target(const struct market_rules *rules, enum training_difficulty difficulty)
{
    static const double rates[DIFFICULTY_COUNT] = {0.35, 0.22, 0.10};
    return 1 + rates[difficulty] * rules->rounds * rules->round_days / 168.0;
}

struct market_rules balance_rules(struct arena *arena, const struct market_rules *rules,
                                  double scale, int64_t cash_minor)
{
    struct market_rules changed = *rules;
    struct market_nest *nests = ARENA_ARRAY(arena, struct market_nest, (size_t)rules->nest_count);
    for (int n = 0; n < rules->nest_count; n++) {
        nests[n] = rules->nests[n];
        /* Four decimals are kept, so that the file says what was tried. */
        nests[n].units_per_firm_day = round(nests[n].units_per_firm_day * scale * 1e4) / 1e4;
    }
    changed.nests = nests;
    changed.finance.cash_opening_minor = cash_minor;
    return changed;
}

static int compare_int64(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* A search under way. */
struct search {
    const struct market_rules *rules;
    int worlds, threads;
    const char *label;
    int policies[MARKET_FIRMS_MAX];
    struct balance_firm *firms; /* of the last trial */
    struct arena *arena;
    struct balance_solution *solution;
};

/* One firm in twenty may need more: a lumpy shop's rare misjudgement must not set everybody's cash,
 * the more so as who has more cash misjudges on a larger scale. */
static int64_t deepest_need(struct search *search, int count)
{
    int64_t *needs = ARENA_ARRAY(search->arena, int64_t, (size_t)count);
    for (int i = 0; i < count; i++)
        needs[i] = search->firms[i].need_minor;
    qsort(needs, (size_t)count, sizeof(*needs), compare_int64);
    return needs[(count * 95 + 99) / 100 - 1];
}

/* Play at a scale; the mean ratio less the target. */
static enum err try_scale(struct search *search, double scale, double *gap, struct problem *problem)
{
    struct balance_solution *solution = search->solution;
    struct arena_mark mark = arena_mark_get(search->arena);
    struct market_rules rules =
        balance_rules(search->arena, search->rules, scale, solution->cash_minor);
    enum err code = balance_play(&rules, search->policies, search->worlds, search->threads,
                                 search->label, search->firms, problem);
    double sum = 0;
    int count = search->worlds * rules.firms;
    for (int i = 0; code == ERR_OK && i < count; i++)
        sum += search->firms[i].ratio;
    solution->need_minor = code == ERR_OK ? deepest_need(search, count) : 0;
    arena_rewind(search->arena, mark);
    solution->scale = scale;
    solution->ratio = sum / count;
    solution->trials++;
    *gap = solution->ratio - solution->target;
    return code;
}

static enum err no_demand(const struct search *search, struct problem *problem)
{
    const struct balance_solution *solution = search->solution;
    problem_set(
        problem, ERR_BALANCE,
        solution->ratio < solution->target
            ? ERR_KEY(N_("however much is sold, steady firms do not earn enough; costs are "
                         "too high for the reference prices"))
            : ERR_KEY(N_("however little is sold, steady firms earn too much; wages are too "
                         "low or reference prices too high")));
    return problem_place(problem, "nests[0].units_per_firm_day");
}

/* A bracket on log b by doubling or halving from where the search stands, then regula falsi with
 * the Illinois weight. */
static enum err solve_scale(struct search *search, struct problem *problem)
{
    double step = dm_log(2), low = dm_log(search->solution->scale), high, low_gap, high_gap;
    TRY(try_scale(search, dm_exp(low), &low_gap, problem));
    if (fabs(low_gap) <= close_enough)
        return ERR_OK;
    if (low_gap > 0)
        step = -step;
    high = low;
    high_gap = low_gap;
    for (int i = 0; (high_gap > 0) == (low_gap > 0); i++) {
        if (i == HALVINGS_MAX)
            return no_demand(search, problem);
        low = high;
        low_gap = high_gap;
        high += step / (i == 0 ? 2 : 1);
        TRY(try_scale(search, dm_exp(high), &high_gap, problem));
    }
    for (int i = 0; i < STEPS_MAX && fabs(high - low) > 2e-4; i++) {
        double at = (low * high_gap - high * low_gap) / (high_gap - low_gap), gap;
        TRY(try_scale(search, dm_exp(at), &gap, problem));
        if (fabs(gap) <= close_enough)
            return ERR_OK;
        if ((gap > 0) == (high_gap > 0)) {
            low_gap *= 0.5;
        } else {
            low = high;
            low_gap = high_gap;
        }
        high = at;
        high_gap = gap;
    }
    /* Lots and minimum orders make small steps in the ratio: one of them is near enough. */
    if (fabs(search->solution->ratio - search->solution->target) <= 10 * close_enough)
        return ERR_OK;
    problem_set(problem, ERR_BALANCE,
                ERR_KEY(N_("the ending jumps across the target as demand grows")));
    return problem_place(problem, "nests[0].units_per_firm_day");
}

/* Up to whole thousands of the home currency. */
static int64_t cash_round(const struct market_rules *rules, double minor)
{
    double step = 1000.0 * (double)currency_minor_per_major(rules->currencies[0]);
    return (int64_t)(ceil(minor / step) * step);
}

static bool is_cash_enough(const struct balance_solution *solution)
{
    return (double)solution->cash_minor >= cash_margin * (double)solution->need_minor;
}

/* A little beyond, because more cash asks for more sales, and they for more cash; never below what
 * the scenario gives itself. */
static int64_t cash_wanted(const struct search *search)
{
    int64_t own = search->rules->finance.cash_opening_minor;
    int64_t wanted =
        cash_round(search->rules, cash_margin * 1.05 * (double)search->solution->need_minor);
    return wanted > own ? wanted : own;
}

/* Firms short of cash do not sell what they could, whatever the demand: a search among them finds a
 * demand far too high, and cash to match. So cash comes first, at the demand the scenario has. */
static enum err provide(struct search *search, struct problem *problem)
{
    for (int i = 0; i < CASH_ROUNDS_MAX; i++) {
        double gap;
        TRY(try_scale(search, search->solution->scale, &gap, problem));
        if (is_cash_enough(search->solution))
            return ERR_OK;
        search->solution->cash_minor = cash_wanted(search);
    }
    return ERR_OK;
}

static enum err solve(struct search *search, struct problem *problem)
{
    struct balance_solution *solution = search->solution;
    int lowerings = 0;
    TRY(provide(search, problem));
    for (int i = 0; i < CASH_ROUNDS_MAX; i++) {
        TRY(solve_scale(search, problem));
        int64_t wanted = cash_wanted(search);
        bool enough = is_cash_enough(solution);
        bool loose = (double)solution->cash_minor > cash_loose * (double)solution->need_minor &&
                     wanted < solution->cash_minor && lowerings < LOWERINGS_MAX;
        if (enough && !loose)
            return ERR_OK;
        lowerings += enough;
        solution->cash_minor = wanted;
    }
    problem_set(problem, ERR_BALANCE,
                ERR_KEY(N_("more cash asks for more sales, and they for more cash, without end")));
    return problem_place(problem, "finance.cash_opening");
}

enum err balance_solve(const struct market_rules *rules, enum training_difficulty difficulty,
                       int worlds, int threads, const char *label_translated,
                       struct balance_solution *solution, struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    *solution = (struct balance_solution){.scale = 1,
                                          .cash_minor = rules->finance.cash_opening_minor,
                                          .target = balance_target(rules, difficulty)};
    struct search search = {
        .rules = rules,
        .worlds = worlds,
        .threads = threads,
        .label = label_translated,
        .firms = ARENA_ARRAY(&arena, struct balance_firm, (size_t)worlds * (size_t)rules->firms),
        .arena = &arena,
        .solution = solution};
    for (int f = 0; f < rules->firms; f++)
        search.policies[f] = POLICY_STEADY;
    enum err code = solve(&search, problem);
    arena_clear(&arena);
    return code;
}
