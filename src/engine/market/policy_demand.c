/* How many units an outlet is asked for, read from its record. */
#include "core/date.h"
#include "engine/market/policy_plan.h"
#include "engine/supply/supply.h"

static const double smoothing_weight = 0.02; /* a day; a quarter in two weeks */
/* Share of the last fortnight's surprise that lasts into the next: shoppers come and go in waves of
 * some weeks (weekly correlation 0.6), and half of what one firm sees is chance. */
static const double wave_share = 0.25;
static const double newcomer_share = 0.4; /* of an incumbent's sales, when nothing else is known */
enum {
    SMOOTHING_WARM_DAYS = 28,
    SPREAD_DAYS = 28,
    NAIVE_DAYS = 14,
    WAVE_DAYS = 14,
    FEW_DAYS = 14,
    GUESS_DAYS = 7
};

double policy_plan_season(const struct plan *plan, int market, int32_t day, int days)
{
    const struct market_country *country = &plan->rules->markets[market];
    double sum = 0;
    if (plan->style.naive)
        return 1; /* the novice does not look at the calendar */
    for (int d = 0; d < days; d++) {
        int32_t date = plan->rules->start_date + day + d;
        sum += country->season[date_iso_week(date) - 1] * country->weekday[date_weekday(date)];
    }
    return days > 0 && sum > 0 ? sum / days : 1;
}

/* Units asked for on a day of the record as a mean season would have had them, in 1/256 of a unit
 * (the smoother takes whole numbers). */
static int32_t asked_in_mean_season(const struct plan *plan, const struct plan_outlet *outlet,
                                    int slot)
{
    const struct market_listing_view *view = &plan->seen->listings[outlet->view];
    double asked = view->units_sold[slot] + (plan->style.naive ? 0 : view->units_lost[slot]);
    int32_t day = plan->seen->day - MARKET_HISTORY_DAYS + slot;
    double season = policy_plan_season(plan, outlet->market, day, 1);
    double units = 256 * asked / (season > 0.05 ? season : 0.05);
    return units < 2e9 ? (int32_t)(units + 0.5) : 2000000000;
}

static void demand_read(const struct plan *plan, struct plan_outlet *outlet)
{
    const struct market_listing_view *view = &plan->seen->listings[outlet->view];
    int32_t asked[MARKET_HISTORY_DAYS];
    double level, sum = 0, squares = 0;
    int used = 0;
    for (int d = 0; d < MARKET_HISTORY_DAYS; d++) {
        asked[d] = asked_in_mean_season(plan, outlet, d);
        outlet->days_used += view->in_stock[d] != 0;
    }
    const int recent = MARKET_HISTORY_DAYS - NAIVE_DAYS;
    outlet->demand_known =
        plan->style.naive
            ? supply_forecast_mean(asked + recent, view->in_stock + recent, NAIVE_DAYS, &level)
            : supply_forecast_smooth(asked, view->in_stock, MARKET_HISTORY_DAYS, smoothing_weight,
                                     SMOOTHING_WARM_DAYS, &level);
    if (!outlet->demand_known)
        return;
    for (int d = MARKET_HISTORY_DAYS - SPREAD_DAYS; d < MARKET_HISTORY_DAYS; d++)
        if (view->in_stock[d] != 0) {
            double units = asked[d] / 256.0;
            sum += units;
            squares += units * units;
            used++;
        }
    double spread = used > 1 ? (squares - sum * sum / used) / (used - 1) : 0;
    outlet->level = level / 256;
    outlet->variance = spread > outlet->level ? spread : outlet->level;
}

/* For an outlet without a record: a newcomer's share of what others like it sell; without any, what
 * a third of the till buys for sixty days. */
static double demand_guess(const struct plan *plan, const struct plan_outlet *outlet)
{
    int category = plan->rules->products[outlet->product].category;
    double sum[2] = {0, 0};
    int count[2] = {0, 0};
    for (int o = 0; o < plan->outlet_count; o++) {
        const struct plan_outlet *other = &plan->outlets[o];
        if (!other->demand_known)
            continue;
        bool alike = plan->rules->products[other->product].category == category;
        sum[alike] += other->level;
        count[alike]++;
    }
    for (int alike = 1; alike >= 0; alike--)
        if (count[alike] > 0)
            return newcomer_share * sum[alike] / count[alike];
    int64_t price = 1;
    for (int s = 0; s < plan->rules->supplier_count; s++)
        if (plan->rules->suppliers[s].product == outlet->product)
            price = market_supplier_price_first(&plan->rules->suppliers[s]);
    double till = plan->seen->cash_minor[0] > 0 ? (double)plan->seen->cash_minor[0] / 3 : 0;
    double guess = till / ((double)price * 60 * plan->outlet_count);
    return guess < 0.05 ? 0.05 : guess > 50 ? 50 : guess;
}

/* Units asked for in the last fortnight, and how many the levels would have told, over all listings
 * of a category in a market: the wave of shoppers is common to them. */
static void wave_read(const struct plan *plan, const struct plan_outlet *like, double *asked,
                      double *told)
{
    int category = plan->rules->products[like->product].category;
    int32_t first = plan->seen->day - WAVE_DAYS;
    *asked = *told = 0;
    for (int o = 0; o < plan->outlet_count; o++) {
        const struct plan_outlet *outlet = &plan->outlets[o];
        if (!outlet->demand_known || outlet->market != like->market ||
            plan->rules->products[outlet->product].category != category)
            continue;
        const struct market_listing_view *view = &plan->seen->listings[outlet->view];
        for (int d = 0; d < WAVE_DAYS; d++) {
            int slot = MARKET_HISTORY_DAYS - WAVE_DAYS + d;
            if (view->in_stock[slot] == 0)
                continue;
            *asked += view->units_sold[slot] + view->units_lost[slot];
            *told += outlet->level * policy_plan_season(plan, outlet->market, first + d, 1);
        }
    }
}

void policy_plan_demand(struct plan *plan)
{
    for (int o = 0; o < plan->outlet_count; o++)
        if (plan->outlets[o].view >= 0)
            demand_read(plan, &plan->outlets[o]);
    for (int o = 0; o < plan->outlet_count; o++) {
        struct plan_outlet *outlet = &plan->outlets[o];
        double asked, told;
        outlet->recent = 1;
        wave_read(plan, outlet, &asked, &told);
        if (asked > 0 && told > 0 && !plan->style.naive)
            outlet->recent = 1 + wave_share * (asked / told - 1);
        if (outlet->demand_known && (outlet->days_used >= FEW_DAYS || plan->style.naive))
            continue;
        double guess = demand_guess(plan, outlet);
        if (outlet->demand_known) {
            /* A few days on sale tell little: the guess counts as a week of them. */
            outlet->level = (outlet->days_used * outlet->level + GUESS_DAYS * guess) /
                            (outlet->days_used + GUESS_DAYS);
            continue;
        }
        outlet->level = guess;
        outlet->variance = 2 * outlet->level;
    }
}
