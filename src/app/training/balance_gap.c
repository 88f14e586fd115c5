/* One seat, all others steady: how far the novice ends below steady (market model, section 8). */
#include <math.h>

#include "app/training/balance.h"
#include "app/training/scenario_time.h"
#include "core/arena.h"
#include "engine/market/policy.h"

enum { GAP_DAYS_LEAST = 84, GAP_ROUTE_SHARE = 3, GAP_SEAT = 0 };

bool balance_gap_asked(const struct market_rules *rules)
{
    int days = rules->rounds * rules->round_days;
    for (int p = 0; p < rules->product_count; p++) {
        struct scenario_route slowest, quickest;
        if (scenario_routes(rules, p, &slowest, &quickest) && slowest.days * GAP_ROUTE_SHARE > days)
            return false;
    }
    return days >= GAP_DAYS_LEAST;
}

void balance_gap_sum(const double *steady, const double *novice, int worlds,
                     struct balance_gap *gap)
{
    double squares = 0;
    *gap = (struct balance_gap){.worlds = worlds};
    for (int w = 0; w < worlds; w++) {
        gap->steady += steady[w] / worlds;
        gap->novice += novice[w] / worlds;
    }
    gap->mean = gap->steady - gap->novice;
    for (int w = 0; w < worlds; w++)
        squares += (steady[w] - novice[w] - gap->mean) * (steady[w] - novice[w] - gap->mean);
    gap->error = worlds > 1 ? sqrt(squares / (worlds - 1) / worlds) : INFINITY;
    gap->holds = gap->mean > 2 * gap->error;
}

/* The ratio of the seat in every world, played by `policy`. */
static enum err seat_play(const struct market_rules *rules, enum market_policy policy, int worlds,
                          int threads, const char *label_translated, struct balance_firm *firms,
                          double *ratios, struct problem *problem)
{
    int policies[MARKET_FIRMS_MAX];
    for (int f = 0; f < rules->firms; f++)
        policies[f] = f == GAP_SEAT ? (int)policy : (int)POLICY_STEADY;
    TRY(balance_play(rules, policies, worlds, threads, label_translated, firms, problem));
    for (int w = 0; w < worlds; w++)
        ratios[w] = firms[w * rules->firms + GAP_SEAT].ratio;
    return ERR_OK;
}

enum err balance_gap_play(const struct market_rules *rules, int worlds, int threads,
                          const char *label_translated, struct balance_gap *gap,
                          struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    struct balance_firm *firms =
        ARENA_ARRAY(&arena, struct balance_firm, (size_t)worlds * (size_t)rules->firms);
    double *steady = ARENA_ARRAY(&arena, double, (size_t)worlds);
    double *novice = ARENA_ARRAY(&arena, double, (size_t)worlds);
    enum err code =
        seat_play(rules, POLICY_STEADY, worlds, threads, label_translated, firms, steady, problem);
    if (code == ERR_OK)
        code = seat_play(rules, POLICY_NOVICE, worlds, threads, label_translated, firms, novice,
                         problem);
    if (code == ERR_OK) {
        balance_gap_sum(steady, novice, worlds, gap);
        gap->asked = balance_gap_asked(rules);
    }
    arena_clear(&arena);
    return code;
}
