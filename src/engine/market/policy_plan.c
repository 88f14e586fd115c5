/* What a firm sells where, how goods get there, what they cost and how many are asked for. */
#include "engine/market/policy_plan.h"

#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "core/date.h"
#include "engine/supply/supply.h"

/* A unit's value lost for each day between paying and selling: interest, prices that fall, room.
 * *assumed*; it makes a dear fast lane and a cheap slow one comparable. */
static const double waiting_cost = 0.0015;
/* Share of a door price that a day of delivery is worth (about half of what a day sells). */
static const double door_day_worth = 0.006;
static const double smoothing_weight = 0.02; /* a day; a quarter in two weeks */
enum {
    SMOOTHING_WARM_DAYS = 28,
    SPREAD_DAYS = 28,
    NAIVE_DAYS = 14,
    WAVE_DAYS = 14,
    LOT_DAYS_MOST = 42
};
/* Share of the last fortnight's surprise that lasts into the next: shoppers come and go in waves of
 * some weeks (weekly correlation 0.6), and half of what one firm sees is chance. */
static const double wave_share = 0.25;
static const double newcomer_share = 0.4; /* of an incumbent's sales, when nothing else is known */

static const struct market_lane_view *lane_view(const struct plan *plan, int lane)
{
    for (int l = 0; l < plan->seen->lane_count; l++)
        if (plan->seen->lanes[l].lane == lane)
            return &plan->seen->lanes[l];
    return NULL;
}

double policy_plan_lane_days(const struct plan *plan, int lane)
{
    const struct market_lane_view *view = lane_view(plan, lane);
    const struct market_lane *row = &plan->rules->lanes[lane];
    return view != NULL && view->days_mean_60 > 0 ? view->days_mean_60
                                                  : row->days_min + row->gamma_mean;
}

double policy_plan_lane_promise(const struct plan *plan, int lane)
{
    const struct market_lane_view *view = lane_view(plan, lane);
    const struct market_lane *row = &plan->rules->lanes[lane];
    /* Without a record: mean and 0.84 sd, near the 80 % quantile. */
    return view != NULL && view->days_p80_60 > 0
               ? view->days_p80_60
               : row->days_min + row->gamma_mean + 0.84 * row->gamma_sd;
}

int64_t policy_plan_to_home(const struct plan *plan, int currency, int64_t minor)
{
    const struct market_rules *rules = plan->rules;
    int64_t home = 0;
    if (currency == 0)
        return minor;
    return money_convert(minor, rules->currencies[currency], rules->currencies[0],
                         market_fx(rules, currency, plan->seen->day), ROUND_HALF_UP, &home)
               ? home
               : 0;
}

int64_t policy_plan_to_local(const struct plan *plan, int currency, int64_t home_minor)
{
    const struct market_rules *rules = plan->rules;
    int64_t numerator, divisor, local;
    if (currency == 0)
        return home_minor;
    bool fits = int64_multiply(currency_minor_per_major(rules->currencies[currency]), RATE_ONE,
                               &numerator) &&
                int64_multiply(currency_minor_per_major(rules->currencies[0]),
                               market_fx(rules, currency, plan->seen->day), &divisor) &&
                divisor > 0 &&
                int64_multiply_divide(home_minor, numerator, divisor, ROUND_HALF_UP, &local);
    return fits ? local : 0;
}

int64_t policy_plan_lot(const struct plan *plan, int s, int lane, double demand)
{
    const struct market_supplier *supplier = &plan->rules->suppliers[s];
    double fixed = (double)supplier->inspection_fee_minor;
    if (lane >= 0)
        fixed += (double)plan->rules->lanes[lane].price_per_piece_minor;
    struct supply_lot lot = {0};
    if (!supply_eoq(fixed, waiting_cost * (double)supplier->breaks[0].price_minor, demand, &lot))
        lot.quantity = 0;
    double least = demand * plan->rules->round_days, most = demand * LOT_DAYS_MOST;
    double units = lot.quantity < most ? lot.quantity : most;
    units = units > least ? units : least;
    if (units > 1e6)
        return 1000000;
    int64_t minimum = supplier->breaks[0].units_min;
    return (int64_t)units > minimum ? (int64_t)units : minimum;
}

/* ---- demand ---- */

/* Mean season factor over some days of the world; 1 when the briefing tells none. */
static double season_mean(const struct plan *plan, int market, int32_t day, int days)
{
    const struct market_country *country = &plan->rules->markets[market];
    double sum = 0;
    if (plan->style.naive)
        return 1; /* the novice does not look at the calendar */
    for (int d = 0; d < days; d++)
        sum += country->season[date_iso_week(plan->rules->start_date + day + d) - 1];
    return days > 0 && sum > 0 ? sum / days : 1;
}

static void demand_read(const struct plan *plan, struct plan_outlet *outlet)
{
    const struct market_listing_view *view = &plan->seen->listings[outlet->view];
    int32_t asked[MARKET_HISTORY_DAYS];
    double mean = 0, squares = 0;
    int used = 0;
    for (int d = 0; d < MARKET_HISTORY_DAYS; d++)
        asked[d] = view->units_sold[d] + (plan->style.naive ? 0 : view->units_lost[d]);
    if (plan->style.naive)
        outlet->demand_known = supply_forecast_mean(
            asked + MARKET_HISTORY_DAYS - NAIVE_DAYS,
            view->in_stock + MARKET_HISTORY_DAYS - NAIVE_DAYS, NAIVE_DAYS, &outlet->level);
    else
        outlet->demand_known =
            supply_forecast_smooth(asked, view->in_stock, MARKET_HISTORY_DAYS, smoothing_weight,
                                   SMOOTHING_WARM_DAYS, &outlet->level);
    if (!outlet->demand_known)
        return;
    for (int d = MARKET_HISTORY_DAYS - SPREAD_DAYS; d < MARKET_HISTORY_DAYS; d++)
        if (view->in_stock[d] != 0) {
            mean += asked[d];
            squares += (double)asked[d] * asked[d];
            used++;
        }
    double spread = used > 1 ? (squares - mean * mean / used) / (used - 1) : 0;
    outlet->variance = spread > outlet->level ? spread : outlet->level;
    /* The level was smoothed over about four weeks: bring it to a mean season. */
    double season = season_mean(plan, outlet->market, plan->seen->day - SPREAD_DAYS, SPREAD_DAYS);
    outlet->level /= season;
    outlet->variance /= season * season;
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
            price = plan->rules->suppliers[s].breaks[0].price_minor;
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
            *told += outlet->level * season_mean(plan, outlet->market, first + d, 1);
        }
    }
}

static void demand_estimate(struct plan *plan)
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
        if (outlet->demand_known)
            continue;
        outlet->level = demand_guess(plan, outlet);
        outlet->variance = 2 * outlet->level;
    }
}

/* ---- outlets and routes ---- */

static void outlet_add(struct plan *plan, int product, int nest, int view)
{
    if (plan->outlet_count == MARKET_LISTINGS_MAX)
        return;
    plan->outlets[plan->outlet_count++] = (struct plan_outlet){
        .product = product,
        .nest = nest,
        .market = plan->rules->nests[nest].market,
        .view = view,
    };
}

static bool outlet_is_listed(const struct plan *plan, int product, int nest)
{
    for (int o = 0; o < plan->outlet_count; o++)
        if (plan->outlets[o].product == product && plan->outlets[o].nest == nest)
            return true;
    return false;
}

/* Listings the firm has come first: they take up room for good. */
static void outlets_choose(struct plan *plan)
{
    for (int i = 0; i < plan->seen->listing_count; i++)
        outlet_add(plan, plan->seen->listings[i].product, plan->seen->listings[i].nest, i);
    for (int p = 0; p < plan->rules->product_count; p++)
        for (int n = 0; n < plan->rules->nest_count; n++)
            if (plan->rules->nests[n].category == plan->rules->products[p].category &&
                !outlet_is_listed(plan, p, n))
                outlet_add(plan, p, n, -1);
}

static bool lane_fits(const struct plan *plan, int lane, enum market_lane_kind kind, int market)
{
    return plan->rules->lanes[lane].kind == kind && plan->rules->lanes[lane].market == market;
}

/* The quickest lane of a kind to a market; -1: none. */
static int lane_fastest(const struct plan *plan, enum market_lane_kind kind, int market)
{
    int best = -1;
    for (int l = 0; l < plan->rules->lane_count; l++)
        if (lane_fits(plan, l, kind, market) &&
            (best < 0 || policy_plan_lane_promise(plan, l) < policy_plan_lane_promise(plan, best)))
            best = l;
    return best;
}

/* The direct lane whose parcel and days together cost least of the reference price. */
static int lane_direct(const struct plan *plan, const struct plan_outlet *outlet, int supplier)
{
    int best = -1;
    double best_cost = INFINITY;
    for (int l = 0; l < plan->rules->lane_count; l++) {
        struct market_unit_cost cost;
        struct problem problem;
        if (!lane_fits(plan, l, LANE_DIRECT, outlet->market) ||
            market_unit_cost_reckon(plan->rules, plan->seen->date, outlet->product, outlet->nest,
                                    supplier, -1, l, 1, &cost, &problem) != ERR_OK)
            continue;
        double days = plan->style.naive ? 0 : policy_plan_lane_promise(plan, l);
        double worth = door_day_worth * (double)plan->rules->nests[outlet->nest].price_ref_minor;
        double total = (double)cost.sale_minor + days * worth;
        if (total < best_cost) {
            best_cost = total;
            best = l;
        }
    }
    return best >= 0 ? best : lane_fastest(plan, LANE_DIRECT, outlet->market);
}

/* What a unit costs by one supplier and bulk lane, waiting and defects counted; infinite when it
 * cannot be reckoned. The naive look at the first price and the freight. */
static double route_cost(const struct plan *plan, const struct plan_outlet *outlet,
                         const struct plan_cell *cell, int s, int bulk, int sale)
{
    const struct market_supplier *supplier = &plan->rules->suppliers[s];
    struct market_unit_cost cost;
    struct problem problem;
    int64_t lot = policy_plan_lot(plan, s, bulk, cell->demand);
    if (market_unit_cost_reckon(plan->rules, plan->seen->date, outlet->product, outlet->nest, s,
                                bulk, sale, plan->style.naive ? supplier->breaks[0].units_min : lot,
                                &cost, &problem) != ERR_OK)
        return INFINITY;
    double landed = (double)cost.landed_minor;
    if (plan->style.naive)
        return landed;
    double days = supplier->lead_days_min + supplier->lead_gamma_mean +
                  (bulk >= 0 ? policy_plan_lane_days(plan, bulk) : 0);
    double cover = cell->demand > 0 ? (double)lot / cell->demand : 365;
    int left = plan->rules->rounds * plan->rules->round_days - plan->seen->day;
    /* What comes after the half of what is left of the run hardly helps it. */
    double late = days > left / 2.0 ? days - left / 2.0 : 0;
    double defects = supplier->defect_rate * (1 - supplier->inspection_catch);
    return landed * (1 + waiting_cost * (days + cover / 2 + 4 * late) + defects);
}

static void route_choose(const struct plan *plan, const struct plan_outlet *outlet,
                         struct plan_cell *cell)
{
    double best = INFINITY, best_days = INFINITY;
    for (int s = 0; s < plan->rules->supplier_count; s++) {
        if (plan->rules->suppliers[s].product != cell->product)
            continue;
        if (cell->supplier < 0)
            cell->supplier = s;
        for (int l = -1; l < plan->rules->lane_count; l++) {
            bool usable = cell->market == PLAN_HOME
                              ? l < 0
                              : l >= 0 && lane_fits(plan, l, LANE_BULK, cell->market);
            if (!usable)
                continue;
            if (cell->lane < 0)
                cell->lane = l;
            double cost = route_cost(plan, outlet, cell, s, l, outlet->lane);
            double days = l >= 0 && plan->style.fastest ? policy_plan_lane_days(plan, l) : 0;
            if (days < best_days || (days == best_days && cost < best)) {
                best_days = days;
                best = cost;
                cell->supplier = s;
                cell->lane = l;
            }
        }
    }
}

static int cell_find(const struct plan *plan, int product, int market)
{
    for (int c = 0; c < plan->cell_count; c++)
        if (plan->cells[c].product == product && plan->cells[c].market == market)
            return c;
    return -1;
}

static int first_supplier(const struct plan *plan, int product)
{
    for (int s = 0; s < plan->rules->supplier_count; s++)
        if (plan->rules->suppliers[s].product == product)
            return s;
    return -1;
}

void policy_plan_sum(struct plan *plan)
{
    for (int c = 0; c < plan->cell_count; c++)
        plan->cells[c].demand = plan->cells[c].variance = 0;
    for (int o = 0; o < plan->outlet_count; o++) {
        struct plan_outlet *outlet = &plan->outlets[o];
        struct plan_cell *cell = &plan->cells[outlet->cell];
        int round = plan->rules->round_days, span = (int)cell->lead_mean + round;
        outlet->demand = outlet->level * outlet->recent *
                         season_mean(plan, outlet->market, plan->seen->day, round);
        double season = season_mean(plan, outlet->market, plan->seen->day, span);
        cell->demand += outlet->level * season;
        cell->variance += outlet->variance * season * season;
    }
}

/* A cell for every outlet: abroad where a local lane serves the market, else at home. */
static void cells_make(struct plan *plan)
{
    for (int o = 0; o < plan->outlet_count; o++) {
        struct plan_outlet *outlet = &plan->outlets[o];
        int local = lane_fastest(plan, LANE_LOCAL, outlet->market);
        bool abroad = local >= 0 && lane_fastest(plan, LANE_BULK, outlet->market) >= 0;
        outlet->lane =
            abroad ? local : lane_direct(plan, outlet, first_supplier(plan, outlet->product));
        int market = abroad ? outlet->market : PLAN_HOME;
        outlet->cell = cell_find(plan, outlet->product, market);
        if (outlet->cell < 0) {
            outlet->cell = plan->cell_count++;
            plan->cells[outlet->cell] = (struct plan_cell){
                .product = outlet->product, .market = market, .supplier = -1, .lane = -1};
        }
    }
    policy_plan_sum(plan);
    for (int o = 0; o < plan->outlet_count; o++) {
        struct plan_cell *cell = &plan->cells[plan->outlets[o].cell];
        if (cell->supplier < 0 && plan->outlets[o].lane >= 0)
            route_choose(plan, &plan->outlets[o], cell);
    }
}

/* ---- stock and cost ---- */

static void cell_count_stock(const struct plan *plan, struct plan_cell *cell)
{
    const struct market_observation *seen = plan->seen;
    int place = cell->market == PLAN_HOME ? 0 : 1 + cell->market;
    for (int i = 0; i < seen->stock_count; i++)
        if (seen->stock[i].product == cell->product && seen->stock[i].place == place)
            cell->on_hand += seen->stock[i].units;
    cell->position = cell->on_hand;
    for (int i = 0; i < seen->order_count; i++) {
        const struct market_order_view *order = &seen->orders[i];
        int market = order->lane < 0 ? PLAN_HOME : plan->rules->lanes[order->lane].market;
        if (order->product == cell->product && market == cell->market)
            cell->position += order->units;
    }
    for (int i = 0; i < seen->shipment_count; i++)
        if (seen->shipments[i].product == cell->product &&
            seen->shipments[i].market == cell->market)
            cell->position += seen->shipments[i].units;
}

static void cell_time(const struct plan *plan, struct plan_cell *cell)
{
    if (cell->supplier < 0)
        return;
    const struct market_supplier *supplier = &plan->rules->suppliers[cell->supplier];
    double variance = supplier->lead_gamma_sd * supplier->lead_gamma_sd;
    cell->lead_mean = supplier->lead_days_min + supplier->lead_gamma_mean;
    if (cell->lane >= 0) {
        double sd = plan->rules->lanes[cell->lane].gamma_sd;
        cell->lead_mean += policy_plan_lane_days(plan, cell->lane);
        variance += sd * sd;
    }
    cell->lead_sd = sqrt(variance);
}

static void costs_reckon(struct plan *plan)
{
    for (int o = 0; o < plan->outlet_count; o++) {
        struct plan_outlet *outlet = &plan->outlets[o];
        struct plan_cell *cell = &plan->cells[outlet->cell];
        struct problem problem;
        if (cell->supplier < 0 || outlet->lane < 0)
            continue;
        const struct market_supplier *supplier = &plan->rules->suppliers[cell->supplier];
        int64_t lot = plan->style.naive
                          ? supplier->breaks[0].units_min
                          : policy_plan_lot(plan, cell->supplier, cell->lane, cell->demand);
        outlet->costed =
            market_unit_cost_reckon(plan->rules, plan->seen->date, outlet->product, outlet->nest,
                                    cell->supplier, cell->lane, outlet->lane, lot, &outlet->cost,
                                    &problem) == ERR_OK;
        int64_t unit = supplier->breaks[0].price_minor;
        if (outlet->costed) {
            unit = outlet->cost.landed_minor;
            /* Import tax is paid at the border and only later set against the tax collected. */
            if (cell->market != PLAN_HOME)
                unit += (int64_t)((double)unit * (double)outlet->cost.tax_rate_1e9 / 1e9);
        }
        if (unit > cell->unit_cash_minor)
            cell->unit_cash_minor = unit;
    }
}

/* Whether an inspection catches more than it costs, on four weeks of a product's sales. */
static bool inspection_pays(const struct plan *plan, const struct market_supplier *supplier)
{
    double units = 0;
    for (int o = 0; o < plan->outlet_count; o++)
        if (plan->outlets[o].product == supplier->product)
            units += plan->outlets[o].level * 28;
    double least = (double)supplier->breaks[0].units_min;
    units = units > least ? units : least;
    double caught = units * supplier->defect_rate * supplier->inspection_catch;
    return caught * (double)supplier->breaks[0].price_minor >
           (double)supplier->inspection_fee_minor;
}

static struct market_rules *rules_today(struct arena *arena, const struct market_observation *seen)
{
    struct market_rules *rules = ARENA_NEW(arena, struct market_rules);
    *rules = *seen->rules;
    struct market_lane *lanes = ARENA_ARRAY(arena, struct market_lane, (size_t)rules->lane_count);
    if (rules->lane_count > 0)
        memcpy(lanes, rules->lanes, (size_t)rules->lane_count * sizeof(*lanes));
    for (int l = 0; l < seen->lane_count; l++)
        if (seen->lanes[l].lane >= 0 && seen->lanes[l].lane < rules->lane_count)
            lanes[seen->lanes[l].lane].price_per_kg_minor = seen->lanes[l].price_per_kg_minor;
    rules->lanes = lanes;
    return rules;
}

static void inspections_choose(struct arena *arena, struct market_rules *rules,
                               const struct plan *plan)
{
    size_t count = (size_t)rules->supplier_count;
    struct market_supplier *suppliers = ARENA_ARRAY(arena, struct market_supplier, count);
    for (size_t s = 0; s < count; s++) {
        suppliers[s] = rules->suppliers[s];
        if (plan->style.naive || !inspection_pays(plan, &suppliers[s])) {
            suppliers[s].inspection_fee_minor = 0;
            suppliers[s].inspection_catch = 0;
        }
    }
    rules->suppliers = suppliers;
}

struct plan *policy_plan_make(struct arena *arena, const struct market_observation *seen,
                              const struct plan_style *style)
{
    struct plan *plan = ARENA_NEW(arena, struct plan);
    plan->seen = seen;
    struct market_rules *rules = rules_today(arena, seen);
    plan->rules = rules;
    plan->style = *style;
    outlets_choose(plan);
    demand_estimate(plan);
    inspections_choose(arena, rules, plan);
    cells_make(plan);
    for (int c = 0; c < plan->cell_count; c++) {
        cell_count_stock(plan, &plan->cells[c]);
        cell_time(plan, &plan->cells[c]);
    }
    policy_plan_sum(plan);
    costs_reckon(plan);
    return plan;
}
