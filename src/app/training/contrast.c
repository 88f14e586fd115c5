#include "app/training/contrast.h"

#include <assert.h>

#include "app/training/run_cells.h"
#include "core/detmath.h"

/* ---- what a side did ---- */

/* Of one product, home minor units but for the orders; what income takes is negative. */
struct trade {
    double orders, revenue, referral, fulfilment, cogs;
};

static void trade_get(const struct history *history, int firm, int rounds, struct trade *trades)
{
    const struct market_rules *rules = &history->play.rules;
    for (int r = 1; r <= rounds; r++) {
        const struct history_round *round = &history->kept[firm][r];
        for (int i = 0; i < round->why_count; i++)
            trades[round->why[i].product].orders += (double)round->why[i].served;
        for (int i = 0; i < round->entry_count; i++) {
            const struct market_entry *entry = &round->entries[i];
            if (entry->object < 0)
                continue;
            struct trade *trade = &trades[entry->object];
            double home =
                (double)history_home(rules, entry->currency, entry->day, entry->amount_minor);
            for (int side = -1; side <= 1; side += 2) {
                int account = side < 0 ? entry->debit : entry->credit;
                if (account == ACCOUNT_REVENUE)
                    trade->revenue += side * home;
                else if (account == ACCOUNT_REFERRAL)
                    trade->referral += side * home;
                else if (account == ACCOUNT_FULFILMENT)
                    trade->fulfilment += side * home;
                else if (account == ACCOUNT_COGS)
                    trade->cogs += side * home;
            }
        }
    }
}

static void side_get(const struct history *history, int firm, int rounds,
                     struct contrast_side *side)
{
    *side = (struct contrast_side){0};
    for (int r = 1; r <= rounds; r++) {
        const struct history_round *round = &history->kept[firm][r];
        const int64_t *pl = round->pl_minor;
        side->revenue_minor += pl[PL_REVENUE];
        side->cogs_minor -= pl[PL_COGS];
        side->fees_minor -= pl[PL_REFERRAL] + pl[PL_FULFILMENT];
        side->holding_minor -= pl[PL_STORAGE] + pl[PL_WRITE_OFF];
        side->ads_minor -= pl[PL_ADS];
        for (int l = 0; l < PL_COUNT; l++)
            side->result_minor += pl[l];
        for (int i = 0; i < round->why_count; i++) {
            const struct market_why *why = &round->why[i];
            side->orders += why->served;
            side->short_orders += why->lost + why->spill_out;
            side->days_out += !why->live && why->expected_in_stock > 0;
            if (!why->live)
                continue;
            side->live_days++;
            side->exposure += why->exposure;
            side->rating += why->rating;
            side->reviews += why->reviews;
            side->delivery_days += (double)why->promise_days > why->promise_kept_days
                                       ? (double)why->promise_days
                                       : why->promise_kept_days;
        }
    }
    if (side->live_days == 0)
        return;
    side->exposure /= (double)side->live_days;
    side->rating /= (double)side->live_days;
    side->reviews /= (double)side->live_days;
    side->delivery_days /= (double)side->live_days;
}

/* ---- orders ---- */

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

/* Exposure in its three parts; x = (N (unpaid + sponsored) + outside) / N'. */
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
        orders[PART_EXPOSURE] += mean * (x.unpaid - y.unpaid) / log_mean;
        orders[PART_SPONSORED] += mean * (x.sponsored - y.sponsored) / log_mean;
        orders[PART_OUTSIDE] += mean * (x.outside - y.outside) / log_mean;
        orders[PART_MARKET] += rest - mean * (a->exposure - b->exposure) / log_mean;
    }
}

/* One listing's day of both sides; NULL: the side has no such listing. */
static void add_day(const struct market_rules *rules, bool one_world, const struct market_why *a,
                    const struct market_why *b, double *orders)
{
    static const struct market_why none = {0};
    bool both = is_listed(a) && is_listed(b);
    if (a == NULL)
        a = &none;
    if (b == NULL)
        b = &none;
    if (a->live && b->live)
        split_expectation(rules, one_world, a, b, orders);
    else
        orders[both ? PART_OUT : PART_RANGE] += a->expected - b->expected;
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

/* orders[product][part]: what made the orders of a product differ. */
static void orders_get(const struct history *history_a, int a, const struct history *history_b,
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

/* ---- money ---- */

/* An order: v = orders (price kept - fulfilment - goods), `kept` the share the channel leaves. */
struct unit {
    double orders, price, kept, fulfilment, goods;
};

static struct unit unit_get(const struct trade *trade)
{
    struct unit unit = {.orders = trade->orders, .kept = 1};
    if (!(trade->orders > 0))
        return unit;
    unit.price = trade->revenue / trade->orders;
    unit.kept = trade->revenue != 0 ? 1 + trade->referral / trade->revenue : 1;
    unit.fulfilment = -trade->fulfilment / trade->orders;
    unit.goods = -trade->cogs / trade->orders;
    return unit;
}

/* Shapley value of the first of three factors that change from 0 to 1: the mean of what its change
 * makes over the six orders of changing. */
static double shapley3(double change, double x0, double x1, double y0, double y1)
{
    return change * ((x0 * y0 + x1 * y1) / 3 + (x0 * y1 + x1 * y0) / 6);
}

static void add_product(const struct trade *trade_a, const struct trade *trade_b,
                        const double *orders, double *parts)
{
    struct unit a = unit_get(trade_a), b = unit_get(trade_b);
    /* A side that sold none has no price of its own: all is a matter of orders. */
    if (!(a.orders > 0))
        a = (struct unit){0, b.price, b.kept, b.fulfilment, b.goods};
    if (!(b.orders > 0))
        b = (struct unit){0, a.price, a.kept, a.fulfilment, a.goods};
    double an_order = shapley3(1, b.price, a.price, b.kept, a.kept) -
                      (a.fulfilment + b.fulfilment) / 2 - (a.goods + b.goods) / 2;
    double mean = (a.orders + b.orders) / 2;
    for (int p = 0; p < PART_COUNT; p++)
        parts[p] += orders[p] * an_order;
    parts[PART_PRICE] += shapley3(a.price - b.price, b.orders, a.orders, b.kept, a.kept);
    parts[PART_REFERRAL] += shapley3(a.kept - b.kept, b.orders, a.orders, b.price, a.price);
    parts[PART_FULFILMENT] -= (a.fulfilment - b.fulfilment) * mean;
    parts[PART_UNIT_COST] -= (a.goods - b.goods) * mean;
}

static const struct {
    enum contrast_part part;
    enum market_pl line;
} booked[] = {{PART_STORAGE, PL_STORAGE},
              {PART_WRITE_OFF, PL_WRITE_OFF},
              {PART_ADS, PL_ADS},
              {PART_PAYROLL, PL_PAYROLL},
              {PART_INTEREST, PL_INTEREST},
              {PART_INSPECTION, PL_INSPECTION},
              {PART_CONVERSION, PL_CONVERSION},
              {PART_PENALTY, PL_PENALTY}};

static int64_t line_of(const struct history *history, int firm, int rounds, enum market_pl line)
{
    int64_t sum = 0;
    for (int r = 1; r <= rounds; r++)
        sum += history->kept[firm][r].pl_minor[line];
    return sum;
}

void contrast_make(const struct history *history_a, int a, const struct history *history_b, int b,
                   int rounds, struct contrast *contrast)
{
    struct trade trades_a[MARKET_PRODUCTS_MAX] = {0}, trades_b[MARKET_PRODUCTS_MAX] = {0};
    double orders[MARKET_PRODUCTS_MAX][PART_COUNT] = {{0}}, parts[PART_COUNT] = {0}, told = 0;
    assert(rounds <= history_a->rounds && rounds <= history_b->rounds);
    *contrast = (struct contrast){0};
    side_get(history_a, a, rounds, &contrast->a);
    side_get(history_b, b, rounds, &contrast->b);
    contrast->difference_minor = contrast->a.result_minor - contrast->b.result_minor;
    trade_get(history_a, a, rounds, trades_a);
    trade_get(history_b, b, rounds, trades_b);
    orders_get(history_a, a, history_b, b, rounds, orders);
    for (int p = 0; p < history_a->play.rules.product_count; p++)
        add_product(&trades_a[p], &trades_b[p], orders[p], parts);
    for (size_t i = 0; i < COUNT_OF(booked); i++)
        parts[booked[i].part] = (double)(line_of(history_a, a, rounds, booked[i].line) -
                                         line_of(history_b, b, rounds, booked[i].line));
    for (int p = 0; p < PART_COUNT; p++)
        told += parts[p];
    parts[PART_REST] += (double)contrast->difference_minor - told;
    run_cells_round(parts, PART_COUNT, contrast->difference_minor, contrast->parts_minor);
}
