/* Worlds of mixed styles: nobody must be ruined by a scenario, and not everybody may win. */
#include <stdlib.h>

#include "app/training/balance.h"
#include "core/arena.h"
#include "engine/market/policy.h"

const char *const balance_styles[BALANCE_MIXED_FIRMS] = {"steady", "steady", "steady",  "novice",
                                                         "novice", "cheap",  "premium", "ads",
                                                         "air",    "late",   "over",    "no-ads"};

void balance_styles_policies(int policies[BALANCE_MIXED_FIRMS])
{
    for (int f = 0; f < BALANCE_MIXED_FIRMS; f++) {
        enum market_policy policy = POLICY_STEADY;
        if (!market_policy_from_name(str_from_c(balance_styles[f]), &policy))
            policy = POLICY_STEADY;
        policies[f] = (int)policy;
    }
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Linear between the nearest ranks. */
static double quantile(const double *sorted, int count, double share)
{
    double at = share * (count - 1);
    int low = (int)at;
    if (low + 1 >= count)
        return sorted[count - 1];
    return sorted[low] + (at - low) * (sorted[low + 1] - sorted[low]);
}

void balance_mixed_sum(const double *ratios, int worlds, int firms, struct balance_mixed *mixed)
{
    struct arena arena;
    int count = worlds * firms, loss = 0, gain = 0;
    arena_init(&arena);
    double *sorted = ARENA_ARRAY(&arena, double, (size_t)count);
    *mixed = (struct balance_mixed){.worlds = worlds};
    for (int w = 0; w < worlds; w++) {
        bool all_loss = true, all_gain = true;
        for (int f = 0; f < firms; f++) {
            double ratio = ratios[w * firms + f];
            sorted[w * firms + f] = ratio;
            all_loss = all_loss && ratio < 1;
            all_gain = all_gain && ratio > 1;
            if (f < BALANCE_MIXED_FIRMS)
                mixed->style_mean[f] += ratio / worlds;
        }
        loss += all_loss;
        gain += all_gain;
    }
    qsort(sorted, (size_t)count, sizeof(*sorted), compare);
    mixed->p5 = quantile(sorted, count, 0.05);
    mixed->median = quantile(sorted, count, 0.5);
    mixed->p95 = quantile(sorted, count, 0.95);
    mixed->all_loss = (double)loss / worlds;
    mixed->all_gain = (double)gain / worlds;
    arena_clear(&arena);
}

const char *balance_refusal(const struct balance_mixed *mixed, enum training_difficulty difficulty,
                            int days)
{
    bool easy = difficulty == DIFFICULTY_EASY;
    if (mixed->p5 < 0.6)
        return N_("one firm in twenty of mixed styles loses more than four tenths of its equity");
    if (mixed->median < 1.0)
        return N_("most firms of mixed styles lose money");
    if (mixed->median > 1 + (easy ? 0.4 : 0.3) * days / 168.0)
        return N_("firms of mixed styles earn too easily");
    if (mixed->all_loss > 0)
        return N_("there are worlds in which every firm loses money");
    if (mixed->all_gain > (easy ? 0.60 : 0.25))
        return N_("there are too many worlds in which every firm earns money");
    return NULL;
}

enum err balance_mix(const struct market_rules *rules, int worlds, int threads,
                     const char *label_translated, struct balance_mixed *mixed,
                     struct problem *problem)
{
    struct arena arena;
    struct market_rules twelve = *rules;
    int policies[BALANCE_MIXED_FIRMS];
    size_t count = (size_t)worlds * BALANCE_MIXED_FIRMS;
    arena_init(&arena);
    twelve.firms = BALANCE_MIXED_FIRMS;
    balance_styles_policies(policies);
    struct balance_firm *firms = ARENA_ARRAY(&arena, struct balance_firm, count);
    double *ratios = ARENA_ARRAY(&arena, double, count);
    enum err code =
        balance_play(&twelve, policies, worlds, threads, label_translated, firms, problem);
    for (size_t i = 0; i < count; i++)
        ratios[i] = firms[i].ratio;
    if (code == ERR_OK)
        balance_mixed_sum(ratios, worlds, BALANCE_MIXED_FIRMS, mixed);
    arena_clear(&arena);
    return code;
}
