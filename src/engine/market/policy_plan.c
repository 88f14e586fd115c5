/* What a firm sells where, how goods get there and what they cost. */
#include "engine/market/policy_plan.h"

#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "engine/supply/supply.h"

/* A unit's value lost for each day between paying and selling: interest, prices that fall, room.
 * *assumed*; it makes a dear fast lane and a cheap slow one comparable. */
static const double waiting_cost = 0.0015;
/* Times as much while the pipe is empty or money is short: what sells soon can be bought again. */
static const double waiting_haste = 6;
/* Share of a door price that a day of delivery is worth (about half of what a day sells). */
static const double door_day_worth = 0.006;
enum { PIPE_DAYS = 60, LOT_DAYS_MOST = 28 };

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

double policy_plan_lane_sure(const struct plan *plan, int lane)
{
    const struct market_lane_view *view = lane_view(plan, lane);
    const struct market_lane *row = &plan->rules->lanes[lane];
    /* Without a record: mean and two sd. */
    double days = view != NULL && view->days_sure_60 > 0
                      ? view->days_sure_60
                      : row->days_min + row->gamma_mean + 2 * row->gamma_sd;
    double usual = policy_plan_lane_promise(plan, lane);
    return days > usual ? days : usual;
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
    if (!supply_eoq(fixed, waiting_cost * (double)market_supplier_price_first(supplier), demand,
                    &lot))
        lot.quantity = 0;
    double least = demand * plan->rules->round_days, most = demand * LOT_DAYS_MOST;
    double units = lot.quantity < most ? lot.quantity : most;
    units = units > least ? units : least;
    if (units > 1e6)
        return 1000000;
    int64_t minimum = supplier->breaks[0].units_min;
    return (int64_t)units > minimum ? (int64_t)units : minimum;
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

/* Room for one more under the limits of a world where a firm chooses its markets. */
static bool outlet_allowed(const struct plan *plan, int nest)
{
    const struct market_rules *rules = plan->rules;
    bool sold[MARKET_MARKETS_MAX] = {false};
    int markets = 0;
    if (!market_rules_limited(rules))
        return true;
    for (int o = 0; o < plan->outlet_count; o++) {
        markets += !sold[plan->outlets[o].market];
        sold[plan->outlets[o].market] = true;
    }
    if (rules->listings_max > 0 && plan->outlet_count >= rules->listings_max)
        return false;
    return sold[rules->nests[nest].market] || rules->markets_max == 0 ||
           markets < rules->markets_max;
}

/* As outlets_choose, where only so many may be live: what is on sale stays, what was retired or is
 * new comes in while there is room. */
static void outlets_choose_limited(struct plan *plan)
{
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < plan->seen->listing_count; i++) {
            const struct market_listing_view *view = &plan->seen->listings[i];
            if (view->live == (pass == 0) && outlet_allowed(plan, view->nest))
                outlet_add(plan, view->product, view->nest, i);
        }
    /* What was retired keeps its room in the firm's books. */
    int room = MARKET_LISTINGS_MAX - plan->seen->listing_count;
    for (int n = 0; n < plan->rules->nest_count; n++)
        for (int p = 0; p < plan->rules->product_count; p++)
            if (plan->rules->nests[n].category == plan->rules->products[p].category && room > 0 &&
                !outlet_is_listed(plan, p, n) && outlet_allowed(plan, n)) {
                outlet_add(plan, p, n, -1);
                room--;
            }
}

/* Listings the firm has come first: they take up room for good. */
static void outlets_choose(struct plan *plan)
{
    if (market_rules_limited(plan->rules)) {
        outlets_choose_limited(plan);
        return;
    }
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

/* What the firm declares and offers, with the number that all but the naive register. */
static struct market_cost_seat seat_of(const struct plan *plan, const struct plan_outlet *outlet)
{
    struct market_cost_seat seat =
        market_cost_seat_get(plan->seen, outlet->product, outlet->nest, outlet->view);
    if (!plan->style.naive &&
        market_field_level(plan->rules, F_registrations_vat) <= plan->rules->level)
        seat.vat_lacking = false;
    return seat;
}

/* The direct lane whose parcel and days together cost least of the reference price. */
static int lane_direct(const struct plan *plan, const struct plan_outlet *outlet, int supplier)
{
    int best = -1;
    double best_cost = INFINITY;
    struct market_cost_seat seat = seat_of(plan, outlet);
    for (int l = 0; l < plan->rules->lane_count; l++) {
        struct market_unit_cost cost;
        struct problem problem;
        if (!lane_fits(plan, l, LANE_DIRECT, outlet->market) ||
            market_unit_cost_seat(plan->rules, plan->seen->date, outlet->product, outlet->nest,
                                  supplier, -1, l, 1, &seat, &cost, &problem) != ERR_OK)
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

static int first_supplier(const struct plan *plan, int product)
{
    for (int s = 0; s < plan->rules->supplier_count; s++)
        if (plan->rules->suppliers[s].product == product)
            return s;
    return -1;
}

/* Whether the till and what channels hold would not fill a pipe of sixty days. */
static bool money_is_short(const struct plan *plan)
{
    double money = 0, pipe = 0;
    for (int c = 0; c < plan->rules->currency_count; c++)
        money += (double)policy_plan_to_home(
            plan, c, plan->seen->cash_minor[c] + plan->seen->receivable_minor[c]);
    for (int i = 0; i < plan->seen->stock_count; i++)
        money += (double)plan->seen->stock[i].value_minor;
    for (int o = 0; o < plan->outlet_count; o++) {
        int s = first_supplier(plan, plan->outlets[o].product);
        if (s >= 0)
            pipe += PIPE_DAYS * plan->outlets[o].level *
                    (double)market_supplier_price_first(&plan->rules->suppliers[s]);
    }
    return money < pipe;
}

static double route_days(const struct plan *plan, int s, int bulk)
{
    const struct market_supplier *supplier = &plan->rules->suppliers[s];
    return supplier->lead_days_min + supplier->lead_gamma_mean +
           (bulk >= 0 ? policy_plan_lane_days(plan, bulk) : 0);
}

/* What a unit costs by one supplier and bulk lane, waiting and defects counted; infinite when it
 * cannot be reckoned. The naive look at the first price and the freight. */
static double route_cost(const struct plan *plan, const struct plan_outlet *outlet,
                         const struct plan_cell *cell, int s, int bulk, double useful_days)
{
    const struct market_supplier *supplier = &plan->rules->suppliers[s];
    struct market_unit_cost cost;
    struct problem problem;
    int64_t lot = policy_plan_lot(plan, s, bulk, cell->demand);
    struct market_cost_seat seat = seat_of(plan, outlet);
    if (market_unit_cost_seat(plan->rules, plan->seen->date, outlet->product, outlet->nest, s, bulk,
                              outlet->lane, plan->style.naive ? supplier->breaks[0].units_min : lot,
                              &seat, &cost, &problem) != ERR_OK)
        return INFINITY;
    double landed = (double)cost.landed_minor;
    if (plan->style.naive)
        return landed;
    double days = route_days(plan, s, bulk);
    double cover = cell->demand > 0 ? (double)lot / cell->demand : 365;
    /* What comes after the half of what is left of the run hardly helps it. */
    double late = days > useful_days ? days - useful_days : 0;
    double defects = supplier->defect_rate * (1 - supplier->inspection_catch);
    double waiting =
        waiting_cost * (money_is_short(plan) || cell->position == 0 ? waiting_haste : 1);
    return landed * (1 + waiting * (days + cover / 2 + 4 * late) + defects);
}

static bool route_fits(const struct plan *plan, const struct plan_cell *cell, int s, int bulk)
{
    if (plan->rules->suppliers[s].product != cell->product)
        return false;
    return cell->market == PLAN_HOME ? bulk < 0
                                     : bulk >= 0 && lane_fits(plan, bulk, LANE_BULK, cell->market);
}

/* Half of what is left of the run; without end when no route comes in time anyway. */
static double useful_days_of(const struct plan *plan, const struct plan_cell *cell)
{
    double left = plan->rules->rounds * plan->rules->round_days - plan->seen->day;
    for (int s = 0; s < plan->rules->supplier_count; s++)
        for (int l = -1; l < plan->rules->lane_count; l++)
            if (route_fits(plan, cell, s, l) && route_days(plan, s, l) < left)
                return left / 2;
    return INFINITY;
}

static void route_choose(const struct plan *plan, const struct plan_outlet *outlet,
                         struct plan_cell *cell)
{
    double best = INFINITY, best_days = INFINITY;
    double useful_days = useful_days_of(plan, cell);
    for (int s = 0; s < plan->rules->supplier_count; s++)
        for (int l = -1; l < plan->rules->lane_count; l++) {
            if (!route_fits(plan, cell, s, l))
                continue;
            double cost = route_cost(plan, outlet, cell, s, l, useful_days);
            double days = l >= 0 && plan->style.fastest ? policy_plan_lane_days(plan, l) : 0;
            bool better =
                cost < INFINITY && (days < best_days || (days == best_days && cost < best));
            if (cell->supplier >= 0 && !better)
                continue; /* the first is kept where no cost can be reckoned */
            best_days = days;
            best = cost;
            cell->supplier = s;
            cell->lane = l;
        }
}

static int cell_find(const struct plan *plan, int product, int market)
{
    for (int c = 0; c < plan->cell_count; c++)
        if (plan->cells[c].product == product && plan->cells[c].market == market)
            return c;
    return -1;
}

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

void policy_plan_sum(struct plan *plan)
{
    for (int c = 0; c < plan->cell_count; c++)
        plan->cells[c].demand = plan->cells[c].variance = 0;
    for (int o = 0; o < plan->outlet_count; o++) {
        struct plan_outlet *outlet = &plan->outlets[o];
        struct plan_cell *cell = &plan->cells[outlet->cell];
        int round = plan->rules->round_days, span = (int)cell->lead_mean + round;
        outlet->demand = outlet->level * outlet->recent *
                         policy_plan_season(plan, outlet->market, plan->seen->day, round);
        double season = policy_plan_season(plan, outlet->market, plan->seen->day, span);
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
    for (int c = 0; c < plan->cell_count; c++)
        cell_count_stock(plan, &plan->cells[c]);
    policy_plan_sum(plan);
    for (int o = 0; o < plan->outlet_count; o++) {
        struct plan_cell *cell = &plan->cells[plan->outlets[o].cell];
        if (cell->supplier < 0 && plan->outlets[o].lane >= 0)
            route_choose(plan, &plan->outlets[o], cell);
    }
}

/* ---- stock and cost ---- */

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

/* Of a unit where the order is a bundle: the plan thinks in units. */
static void cost_to_unit(struct market_unit_cost *cost, int bundle)
{
    if (bundle <= 1)
        return;
    cost->sale_minor = (cost->sale_minor + bundle - 1) / bundle;
    if (cost->break_even_minor != INT64_MAX)
        cost->break_even_minor = (cost->break_even_minor + bundle - 1) / bundle;
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
        struct market_cost_seat seat = seat_of(plan, outlet);
        outlet->costed =
            market_unit_cost_seat(plan->rules, plan->seen->date, outlet->product, outlet->nest,
                                  cell->supplier, cell->lane, outlet->lane, lot, &seat,
                                  &outlet->cost, &problem) == ERR_OK;
        cost_to_unit(&outlet->cost, seat.bundle_units);
        int64_t unit = market_supplier_price_first(supplier);
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
    return caught * (double)market_supplier_price_first(supplier) >
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
    policy_plan_demand(plan);
    inspections_choose(arena, rules, plan);
    cells_make(plan);
    for (int c = 0; c < plan->cell_count; c++) {
        cell_time(plan, &plan->cells[c]);
    }
    policy_plan_sum(plan);
    costs_reckon(plan);
    return plan;
}
