/* What made the sales of two sides differ, day by day and listing by listing. */
#include "app/training/contrast_orders.h"

#include "core/detmath.h"

/* (a - b) / ln(a / b), and a where they are equal (to within what the logarithm can tell). */
static double logarithmic_mean(double a, double b)
{
    double log = dm_log(a / b);
    return log > 1e-9 || log < -1e-9 ? (a - b) / log : a;
}

static bool is_listed(const struct market_why *why)
{
    return why != NULL && (why->live || why->expected_in_stock > 0);
}

/* Exposure in its three parts; x = (N (unpaid + sponsored) + outside) / N'. Late parcels take from
 * the unpaid one: health is a factor of its weight. */
struct seen {
    double unpaid, sponsored, outside;
};

static struct seen seen_get(const struct market_why *why)
{
    struct seen seen = {.sponsored = why->sponsored * why->shoppers / why->shoppers_all,
                        .outside = why->outside / why->shoppers_all};
    seen.unpaid = why->exposure - seen.sponsored - seen.outside;
    return seen;
}

/* The part of a difference of unpaid exposures that late parcels made. */
static double late_view(const struct market_why *a, const struct market_why *b, double x, double y)
{
    bool known = a->health > 0 && b->health > 0 && x > 0 && y > 0;
    return known ? logarithmic_mean(x, y) * dm_log(a->health / b->health) : 0;
}

/* What all listings of the nest give the segment to one of pull `own`: S / all, where the others
 * have the pull that they had beside `why`, in the view that an exposure of `exposure` leaves them.
 */
static double pull_worth(const struct market_rules *rules, const struct market_why *why, int g,
                         double own, double exposure)
{
    double s0 = rules->demand.inside_share;
    double was = why->exposure * dm_exp(why->utility[g] / rules->demand.lambda);
    double all = was * why->nest_share[g] / why->share[g];
    double others = all - was;
    if (why->exposure < 1)
        others *= (1 - exposure) / (1 - why->exposure);
    double power =
        dm_exp(rules->demand.lambda * dm_log(why->nest_weight[g] * (own + others) / all));
    return power / ((1 - s0) / s0 + power) / (own + others);
}

/* In two plays of one seat a better offer also crowds the nest and so earns less than its pull
 * says. The share of each own cause that is left of it, 0 to 1; in one world both sides stand in
 * the same nest, and all of it is. */
static double crowding(const struct market_rules *rules, const struct market_why *a,
                       const struct market_why *b, int g)
{
    double log_own =
        (a->utility[g] - b->utility[g]) / rules->demand.lambda + dm_log(a->exposure / b->exposure);
    double own = a->exposure * dm_exp(a->utility[g] / rules->demand.lambda);
    double was = b->exposure * dm_exp(b->utility[g] / rules->demand.lambda);
    if (log_own < 1e-6 && log_own > -1e-6)
        return 1;
    double left = 1 + dm_log(pull_worth(rules, b, g, own, a->exposure) /
                             pull_worth(rules, b, g, was, b->exposure)) /
                          log_own;
    return left < 0 ? 0 : left > 1 ? 1 : left;
}

/* Both had goods on that day: the difference of the expectations, cause by cause. */
static void split_expectation(const struct market_rules *rules, bool one_world,
                              const struct market_why *a, const struct market_why *b,
                              double *orders)
{
    struct seen x = seen_get(a), y = seen_get(b);
    double log_mean = logarithmic_mean(a->exposure, b->exposure);
    double late = late_view(a, b, x.unpaid, y.unpaid);
    for (int g = 0; g < MARKET_SEGMENTS; g++) {
        double weight = rules->demand.segment_weight[g];
        double own = a->shoppers_all * weight * a->share[g];
        double other = b->shoppers_all * weight * b->share[g];
        if (!(own > 0 && other > 0)) {
            orders[PART_MARKET] += own - other;
            continue;
        }
        double left = one_world ? 1 : crowding(rules, a, b, g);
        double mean = left * logarithmic_mean(own, other), rest = own - other;
        for (int t = 0; t < TERM_COUNT; t++) {
            double part = mean * (a->term[g][t] - b->term[g][t]) / rules->demand.lambda;
            orders[PART_TERM_FIRST + t] += part;
            rest -= part;
        }
        double bundle = mean * (a->bundle_u - b->bundle_u) / rules->demand.lambda;
        orders[PART_BUNDLE_DEMAND] += bundle;
        orders[TERM_TRUST] -= bundle;
        double hidden = mean * late / log_mean;
        orders[PART_LATE] += hidden;
        orders[PART_EXPOSURE] += mean * (x.unpaid - y.unpaid) / log_mean - hidden;
        orders[PART_SPONSORED] += mean * (x.sponsored - y.sponsored) / log_mean;
        orders[PART_OUTSIDE] += mean * (x.outside - y.outside) / log_mean;
        orders[PART_MARKET] += rest - mean * (a->exposure - b->exposure) / log_mean;
    }
}

/* What made one side sell that day and not the other: goods that were missing, a fault that closed
 * the listing, or that it was not offered. */
static enum contrast_part absence_part(const struct market_why *a, const struct market_why *b)
{
    if (is_listed(a) && is_listed(b))
        return PART_OUT;
    return a->absence == ABSENCE_CLOSED || b->absence == ABSENCE_CLOSED ? PART_CLOSED : PART_RANGE;
}

/* One listing's day of both sides; NULL: the side has no such listing. */
static void add_day(const struct market_rules *rules, bool one_world, const struct market_why *a,
                    const struct market_why *b, double *orders)
{
    static const struct market_why none = {0};
    if (a == NULL)
        a = &none;
    if (b == NULL)
        b = &none;
    if (a->live && b->live)
        split_expectation(rules, one_world, a, b, orders);
    else
        orders[absence_part(a, b)] += a->expected - b->expected;
    orders[PART_CHANCE] += ((double)a->drawn - a->expected) - ((double)b->drawn - b->expected);
    orders[PART_COME_OVER] += (double)(a->spill_in - b->spill_in);
    orders[PART_SHORT] -= (double)(a->lost + a->spill_out - b->lost - b->spill_out);
}

static bool is_same_day(const struct market_why *a, const struct market_why *b)
{
    return a->day == b->day && a->product == b->product && a->nest == b->nest;
}

/* The row of the same listing and day; firms with equal listings have it at the same place. */
static const struct market_why *same_day(const struct history_round *round, int place,
                                         const struct market_why *why)
{
    if (place < round->why_count && is_same_day(&round->why[place], why))
        return &round->why[place];
    for (int i = 0; i < round->why_count; i++)
        if (is_same_day(&round->why[i], why))
            return &round->why[i];
    return NULL;
}

void contrast_orders_get(const struct history *history_a, int a, const struct history *history_b,
                         int b, int rounds, double orders[][PART_COUNT])
{
    const struct market_rules *rules = &history_a->play.rules;
    for (int r = 1; r <= rounds; r++) {
        const struct history_round *own = &history_a->kept[a][r];
        const struct history_round *other = &history_b->kept[b][r];
        for (int i = 0; i < own->why_count; i++)
            add_day(rules, history_a == history_b, &own->why[i], same_day(other, i, &own->why[i]),
                    orders[own->why[i].product]);
        for (int i = 0; i < other->why_count; i++)
            if (same_day(own, i, &other->why[i]) == NULL)
                add_day(rules, history_a == history_b, NULL, &other->why[i],
                        orders[other->why[i].product]);
    }
}
