/* Basket tables given the sums that were cut.
 *
 * The probability of a cut of u into sizes q1 .. qk is w(q1) .. w(qk) / r(u) (cut.h), so the
 * likelihood is greatest where, for every size, the lines counted equal those expected: the sum
 * over cut sums u of w(q) rr(u - q) / r(u), rr the convolution of r with itself. Scaling every
 * weight by counted / expected and tilting (w(q) times t^q changes no cut) back to the sum 1 goes
 * there: Darroch and Ratcliff 1972. */
#include <math.h>

#include "core/arena.h"
#include "core/detmath.h"
#include "engine/market/cut.h"
#include "engine/market/fit_orders.h"

enum { SCALINGS_MAX = 400, TILT_STEPS = 60 };

struct cut_counts {
    const struct market_support *support;
    double count[MARKET_TABLE_MAX];
    double sum[FIT_SUM_MAX + 1];
    double over; /* units of sums beyond */
    int most;    /* largest sum that occurs */
};

static void counts_add(struct cut_counts *into, const double *count, const double *sum, double over,
                       double sign)
{
    for (int i = 0; i < MARKET_TABLE_MAX; i++)
        into->count[i] += sign * count[i];
    into->most = 0;
    for (int u = 0; u <= FIT_SUM_MAX; u++) {
        into->sum[u] += sign * sum[u];
        if (into->sum[u] > 0.5)
            into->most = u;
    }
    into->over += sign * over;
}

/* w(q) t^q with the t that makes the sum 1. */
static void table_tilt(struct market_table *table)
{
    double low = -30.0, high = 30.0; /* of ln t */
    double weight[MARKET_TABLE_MAX];
    for (int step = 0; step < TILT_STEPS; step++) {
        double middle = 0.5 * (low + high), sum = 0.0;
        for (int i = 0; i < table->count; i++)
            sum += table->weight[i] * dm_exp(middle * table->value[i]);
        if (sum > 1.0)
            high = middle;
        else
            low = middle;
    }
    double sum = 0.0;
    for (int i = 0; i < table->count; i++) {
        weight[i] = table->weight[i] * dm_exp(0.5 * (low + high) * table->value[i]);
        sum += weight[i];
    }
    for (int i = 0; i < table->count; i++)
        table->weight[i] = weight[i] / sum;
}

/* Lines of each size expected of the cuts. `r` and `rr` are scratch for [0 .. most]. */
static void expect(const struct cut_counts *counts, const struct market_table *table, double *r,
                   double *rr, double *expected)
{
    market_cut_renewal(table, 0.0, counts->most, r);
    for (int u = 0; u <= counts->most; u++) {
        double sum = r[u];
        for (int i = 0; i < table->count && table->value[i] <= u; i++)
            sum += table->weight[i] * rr[u - table->value[i]];
        rr[u] = sum;
    }
    double mean = market_table_mean(table);
    for (int i = 0; i < table->count; i++) {
        double sum = counts->over / mean;
        for (int u = table->value[i]; u <= counts->most; u++)
            if (counts->sum[u] > 0.5 && r[u] > 0.0)
                sum += counts->sum[u] * rr[u - table->value[i]] / r[u];
        expected[i] = table->weight[i] * sum;
    }
}

/* From `table`'s weights to those of the counts. Entries without counts have been dropped. */
static void scale_to_counts(const struct cut_counts *counts, const double *counted, double *r,
                            double *rr, struct market_table *table)
{
    double lines = 0.0, expected[MARKET_TABLE_MAX];
    for (int i = 0; i < table->count; i++)
        lines += counted[i];
    for (int step = 0; step < SCALINGS_MAX; step++) {
        double off = 0.0;
        expect(counts, table, r, rr, expected);
        for (int i = 0; i < table->count; i++) {
            off += fabs(counted[i] - expected[i]);
            if (expected[i] > 0.0)
                table->weight[i] *= counted[i] / expected[i];
        }
        table_tilt(table);
        if (off < 1e-7 * lines)
            break;
    }
}

static struct market_table start_table(const struct cut_counts *counts, double *counted)
{
    struct market_table table = {0};
    double lines = 0.0;
    for (int i = 0; i < counts->support->count; i++)
        lines += counts->count[i] > 0.5 ? counts->count[i] : 0.0;
    for (int i = 0; i < counts->support->count; i++) {
        if (counts->count[i] <= 0.5)
            continue;
        counted[table.count] = counts->count[i];
        table.value[table.count] = counts->support->value[i];
        table.weight[table.count++] = counts->count[i] / lines;
    }
    return table;
}

static double weight_of_one(const struct market_table *table)
{
    return table->count > 0 && table->value[0] == 1 ? table->weight[0] : 0.0;
}

static struct market_estimate observed_mean(struct arena *scratch,
                                            const struct market_support *support,
                                            const double *count, int groups, int64_t lines)
{
    double *sums = ARENA_ARRAY(scratch, double, (size_t)groups * 2);
    for (int g = 0; g < groups; g++)
        for (int i = 0; i < support->count; i++) {
            sums[2 * g] += count[g * MARKET_TABLE_MAX + i] * support->value[i];
            sums[2 * g + 1] += count[g * MARKET_TABLE_MAX + i];
        }
    return market_fit_ratio(scratch, sums, groups, FIT_LOG, lines);
}

static void fit_cut(struct arena *scratch, const struct market_support *support,
                    const double *count, const double *sum, const double *over, int groups,
                    struct market_cut_fit *fit)
{
    struct arena_mark mark = arena_mark_get(scratch);
    *fit = (struct market_cut_fit){0};
    struct cut_counts *all = ARENA_NEW(scratch, struct cut_counts);
    struct cut_counts *part = ARENA_NEW(scratch, struct cut_counts);
    double *r = ARENA_ARRAY(scratch, double, FIT_SUM_MAX + 1);
    double *rr = ARENA_ARRAY(scratch, double, FIT_SUM_MAX + 1);
    double means[FIT_GROUPS], firsts[FIT_GROUPS], counted[MARKET_TABLE_MAX];
    int parts = 0;
    all->support = support;
    for (int g = 0; g < groups; g++)
        counts_add(all, count + g * MARKET_TABLE_MAX, sum + (size_t)g * (FIT_SUM_MAX + 1), over[g],
                   1.0);
    fit->table = start_table(all, counted);
    double lines = 0.0;
    for (int i = 0; i < fit->table.count; i++)
        lines += counted[i];
    if (fit->table.count > 0)
        scale_to_counts(all, counted, r, rr, &fit->table);
    fit->observed = observed_mean(scratch, support, count, groups, (int64_t)lines);
    for (int g = 0; g < groups && fit->table.count > 0; g++) {
        double here = 0.0;
        for (int i = 0; i < MARKET_TABLE_MAX; i++)
            here += count[g * MARKET_TABLE_MAX + i];
        if (here <= 0.0)
            continue;
        *part = *all;
        counts_add(part, count + g * MARKET_TABLE_MAX, sum + (size_t)g * (FIT_SUM_MAX + 1), over[g],
                   -1.0);
        struct market_table table = start_table(part, counted);
        /* Start from the whole's weights: the same entries but for those only this group has. */
        for (int i = 0, j = 0; i < table.count; i++) {
            while (fit->table.value[j] != table.value[i])
                j++;
            table.weight[i] = fit->table.weight[j];
        }
        scale_to_counts(part, counted, r, rr, &table);
        means[parts] = market_table_mean(&table);
        firsts[parts++] = weight_of_one(&table);
    }
    fit->mean = market_fit_from_parts(market_table_mean(&fit->table), means, parts, FIT_LOG,
                                      (int64_t)lines);
    fit->first =
        market_fit_from_parts(weight_of_one(&fit->table), firsts, parts, FIT_LOGIT, (int64_t)lines);
    arena_rewind(scratch, mark);
}

void market_fit_units_per_line(struct arena *scratch, const struct market_gathered *gathered,
                               struct market_cut_fit *fit)
{
    fit_cut(scratch, &gathered->plan.sizes, gathered->size_count, gathered->size_sum,
            gathered->size_over, gathered->groups, fit);
}

void market_fit_lines_per_order(struct arena *scratch, const struct market_gathered *gathered,
                                struct market_cut_fit *fit)
{
    fit_cut(scratch, &gathered->plan.lines, gathered->line_count, gathered->line_sum,
            gathered->line_over, gathered->groups, fit);
}
