#include "app/training/explain.h"
#include "core/detmath.h"

/* One segment of the nest as the listing met it. With own = x_j exp(u_j / lambda) and all the sum
 * over the nest's listings: nest weight W = m all, nest share S = W^lambda / (e^u0 + W^lambda),
 * listing's share = S own / all. All three follow from what the engine tells. */
struct segment {
    double own, all, m;
};

static struct segment segment_get(const struct market_rules *rules, const struct market_why *why,
                                  int g)
{
    struct segment segment = {0};
    if (why->share[g] <= 0 || why->nest_share[g] <= 0)
        return segment;
    segment.own = why->exposure * dm_exp(why->utility[g] / rules->demand.lambda);
    segment.all = segment.own * why->nest_share[g] / why->share[g];
    segment.m = why->nest_weight[g] / segment.all;
    return segment;
}

static double share_of(const struct market_rules *rules, double m, double own, double others)
{
    double s0 = rules->demand.inside_share;
    double all = own + others;
    if (own <= 0)
        return 0;
    double power = dm_exp(rules->demand.lambda * dm_log(m * all));
    return power / ((1 - s0) / s0 + power) * own / all;
}

/* The exposure that the listing would have had without late parcels: they take from the weight that
 * the unsponsored part is dealt by. */
static double exposure_in_time(const struct market_why *why)
{
    double weight = why->organic_weight, total = why->organic_total;
    if (!(why->health > 0) || !(why->health < 1) || !(weight > 0) || !(total > 0))
        return why->exposure;
    double shoppers = why->shoppers_all > 0 ? why->shoppers_all : why->shoppers;
    double unpaid = why->exposure - (why->sponsored * why->shoppers + why->outside) / shoppers;
    double whole = weight / why->health;
    return why->exposure - unpaid + unpaid * (whole / (total - weight + whole)) / (weight / total);
}

double explain_expected_without(const struct market_rules *rules, const struct market_why *why,
                                enum explain_cause cause)
{
    double expected = 0;
    for (int g = 0; g < MARKET_SEGMENTS; g++) {
        struct segment segment = segment_get(rules, why, g);
        double own = segment.own, others = segment.all - segment.own;
        if (own <= 0)
            continue;
        if (cause <= CAUSE_LUCK) {
            double term = why->term[g][cause] - (cause == CAUSE_TRUST ? why->bundle_u : 0);
            own *= dm_exp(-term / rules->demand.lambda);
        } else if (cause == CAUSE_BUNDLE) {
            own *= dm_exp(-why->bundle_u / rules->demand.lambda);
        } else if (cause == CAUSE_EXPOSURE || cause == CAUSE_LATE) {
            double exposure = cause == CAUSE_LATE ? exposure_in_time(why) : why->exposure_reference;
            own *= exposure / why->exposure;
            /* What the listing gives up in view goes to the others, and the other way round. */
            if (why->exposure < 1)
                others *= (1 - exposure) / (1 - why->exposure);
        }
        expected += rules->demand.segment_weight[g] * share_of(rules, segment.m, own, others);
    }
    /* With visitors from outside there are more of them (planted terms tell only the others). */
    return (why->shoppers_all > 0 ? why->shoppers_all : why->shoppers) * expected;
}

static double size(double factor)
{
    double log = dm_log(factor);
    return log < 0 ? -log : log;
}

bool explain_effects_get(const struct market_rules *rules, const struct market_why *why,
                         struct explain_effect effects[CAUSE_COUNT])
{
    double rest = 1;
    for (int c = 0; c < CAUSE_COUNT; c++)
        effects[c] = (struct explain_effect){(enum explain_cause)c, 1};
    if (!why->live || why->expected <= 0 || why->expected_reference <= 0)
        return false;
    rest = why->expected / why->expected_reference;
    for (int c = 0; c < CAUSE_RIVALS; c++) {
        double without = explain_expected_without(rules, why, (enum explain_cause)c);
        double with =
            c == CAUSE_EXPOSURE ? explain_expected_without(rules, why, CAUSE_LATE) : why->expected;
        effects[c].factor = without > 0 ? with / without : 1;
        rest /= effects[c].factor;
    }
    effects[CAUSE_RIVALS].factor = rest;
    for (int i = 1; i < CAUSE_COUNT; i++) {
        struct explain_effect moved = effects[i];
        int at = i;
        for (; at > 0 && size(effects[at - 1].factor) < size(moved.factor); at--)
            effects[at] = effects[at - 1];
        effects[at] = moved;
    }
    return true;
}
