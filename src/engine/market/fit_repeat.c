#include "core/arena.h"
#include "engine/market/fit_orders.h"

enum { BUYER_GROUPS = 24, GAPS_EXACT = 40 };

/* Per group and day: buyers who came back then, and buyers whom the file follows no longer. */
struct follow {
    double back[MARKET_GAP_DAYS_MAX + 2];
    double lost[MARKET_GAP_DAYS_MAX + 2];
};

static bool visit_before(const struct market_visit *a, const struct market_visit *b)
{
    return a->customer != b->customer ? a->customer < b->customer : a->day < b->day;
}

static void sift(struct market_visit *visits, int root, int count)
{
    struct market_visit visit = visits[root];
    for (;;) {
        int child = 2 * root + 1;
        if (child >= count)
            break;
        if (child + 1 < count && visit_before(&visits[child], &visits[child + 1]))
            child++;
        if (!visit_before(&visit, &visits[child]))
            break;
        visits[root] = visits[child];
        root = child;
    }
    visits[root] = visit;
}

/* Heap sort: equal visits are equal in every way, so their order does not matter. */
static void sort_visits(struct market_visit *visits, int count)
{
    for (int root = count / 2 - 1; root >= 0; root--)
        sift(visits, root, count);
    for (int end = count - 1; end > 0; end--) {
        struct market_visit visit = visits[0];
        visits[0] = visits[end];
        visits[end] = visit;
        sift(visits, 0, end);
    }
}

static int group_of(uint64_t customer)
{
    return (int)((customer * UINT64_C(0x9e3779b97f4a7c15) >> 33) % BUYER_GROUPS);
}

static void follow_buyers(const struct market_visit *visits, int count, int days, int horizon,
                          struct follow *groups, struct market_repeat_fit *fit)
{
    for (int i = 0; i < count; i++) {
        const struct market_visit *visit = &visits[i];
        bool more = i + 1 < count && visits[i + 1].customer == visit->customer;
        if (more && visits[i + 1].day == visit->day)
            continue;
        struct follow *group = &groups[group_of(visit->customer)];
        int gap = more ? visits[i + 1].day - visit->day : days - 1 - visit->day;
        fit->visits++;
        fit->buyers += !more;
        if (gap > horizon) { /* seen to the horizon without coming back */
            more = false;
            gap = horizon;
        }
        (more ? group->back : group->lost)[gap] += 1.0;
    }
}

/* Kaplan and Meier: share still away after each day; returns the share that came back. */
static double came_back(const struct follow *sum, int horizon, double *share_at)
{
    double at_risk = 0.0, away = 1.0;
    for (int day = 0; day <= horizon; day++)
        at_risk += sum->back[day] + sum->lost[day];
    at_risk -= sum->lost[0];
    for (int day = 1; day <= horizon; day++) {
        double rate = at_risk > 0.0 ? sum->back[day] / at_risk : 0.0;
        if (share_at)
            share_at[day] = away * rate;
        away *= 1.0 - rate;
        at_risk -= sum->back[day] + sum->lost[day];
    }
    return 1.0 - away;
}

static double mean_gap(const double *share_at, int horizon, double back)
{
    double sum = 0.0;
    for (int day = 1; day <= horizon; day++)
        sum += share_at[day] * day;
    return sum / back;
}

/* Days one by one to GAPS_EXACT, then bins of about equal weight, each named by its last day. A day
 * on which nobody came back keeps an entry of next to no weight, or the entry behind it would take
 * it in. */
static void bin_gaps(const double *share_at, int horizon, double back, struct market_table *gaps)
{
    const double least = 1e-12;
    double tail = 0.0, collected = 0.0, sum = 0.0;
    for (int day = GAPS_EXACT + 1; day <= horizon; day++)
        tail += share_at[day];
    double step = tail / (MARKET_TABLE_MAX - GAPS_EXACT - 2);
    for (int day = 1; day <= horizon; day++) {
        collected += share_at[day] / back;
        if (day > GAPS_EXACT && collected * back < step && day < horizon)
            continue;
        gaps->value[gaps->count] = day;
        gaps->weight[gaps->count++] = collected > least ? collected : least;
        sum += collected > least ? collected : least;
        collected = 0.0;
    }
    for (int i = 0; i < gaps->count; i++)
        gaps->weight[i] /= sum;
}

void market_fit_repeat(struct arena *scratch, const struct market_gathered *gathered,
                       struct market_repeat_fit *fit)
{
    struct arena_mark mark = arena_mark_get(scratch);
    *fit = (struct market_repeat_fit){0};
    size_t count = (size_t)gathered->visit_count;
    struct market_visit *visits = ARENA_ARRAY(scratch, struct market_visit, count);
    for (size_t i = 0; i < count; i++)
        visits[i] = gathered->visits[i];
    sort_visits(visits, (int)count);
    int horizon = gathered->days * 6 / 10;
    horizon = horizon < MARKET_GAP_DAYS_MAX ? horizon : MARKET_GAP_DAYS_MAX;
    struct follow *groups = ARENA_ARRAY(scratch, struct follow, BUYER_GROUPS);
    struct follow *sum = ARENA_ARRAY(scratch, struct follow, 2);
    fit->horizon_days = horizon;
    follow_buyers(visits, (int)count, gathered->days, horizon, groups, fit);
    for (int g = 0; g < BUYER_GROUPS; g++)
        for (int day = 0; day <= horizon; day++) {
            sum->back[day] += groups[g].back[day];
            sum->lost[day] += groups[g].lost[day];
        }
    double share_at[MARKET_GAP_DAYS_MAX + 2] = {0}, rates[BUYER_GROUPS], means[BUYER_GROUPS];
    double back = came_back(sum, horizon, share_at);
    if (back > 0.0) {
        bin_gaps(share_at, horizon, back, &fit->gaps);
        double mean = mean_gap(share_at, horizon, back);
        for (int g = 0; g < BUYER_GROUPS; g++) {
            for (int day = 0; day <= horizon; day++) {
                sum[1].back[day] = sum->back[day] - groups[g].back[day];
                sum[1].lost[day] = sum->lost[day] - groups[g].lost[day];
            }
            rates[g] = came_back(&sum[1], horizon, share_at);
            means[g] = mean_gap(share_at, horizon, rates[g]);
        }
        fit->rate = market_fit_from_parts(back, rates, BUYER_GROUPS, FIT_LOGIT, fit->visits);
        fit->gap_days = market_fit_from_parts(mean, means, BUYER_GROUPS, FIT_LOG, fit->visits);
    }
    arena_rewind(scratch, mark);
}
