/* How a rule of thumb fills its stock: base stock on position, within its means. */
#include <math.h>

#include "core/arena.h"
#include "engine/market/policy_plan.h"
#include "engine/supply/supply.h"

static const double service_level = 0.96; /* of a protection interval, between 0.95 and 0.97 */
static const double level_error = 0.10;   /* relative sd of the demand level ahead; *assumed* */
static const double takings_share = 0.5;  /* of takings to come that a prudent buyer counts on */
static const double deposit_share = 0.8;  /* of the till, for deposits of one round */
static const double closing_cover = 35;   /* days of stock still wanted when the run ends */
static const double cover_most = 120;     /* days a minimum order may last */
enum { LATE_DAYS = 7, NOVICE_DAYS = 42, ORDERS_MAX = 16, UNITS_MAX = 1000000 };

/* Money a policy may bind this round, home minor units. */
struct means {
    int64_t total;    /* for whole orders: goods, freight, duty, import tax */
    int64_t deposits; /* for what is paid with the order */
};

static int64_t deposit_of(const struct market_supplier *supplier, int64_t total)
{
    int64_t deposit = 0;
    return money_times_rate(total, supplier->deposit_rate_1e9, ROUND_UP, &deposit) ? deposit
                                                                                   : total;
}

/* What a unit of an outlet brings after tax, fees and the cost of a sale, home. */
static double net_of(const struct plan *plan, const struct plan_outlet *outlet)
{
    if (!outlet->costed)
        return 0;
    int currency = plan->rules->markets[outlet->market].currency;
    double tax = (double)outlet->cost.tax_rate_1e9 / 1e9;
    double referral = (double)outlet->cost.referral_rate_1e9 / 1e9;
    double net =
        (double)outlet->price_minor * (1 / (1 + tax) - referral) - (double)outlet->cost.sale_minor;
    return net > 0 && net < 1e15 ? (double)policy_plan_to_home(plan, currency, (int64_t)net) : 0;
}

/* What sales bring in until the goods ordered now have come, from stock that is there or on its way
 * already. */
static double takings_ahead(const struct plan *plan)
{
    double sum = 0;
    for (int o = 0; o < plan->outlet_count; o++) {
        const struct plan_outlet *outlet = &plan->outlets[o];
        const struct plan_cell *cell = &plan->cells[outlet->cell];
        if (!(cell->demand > 0))
            continue;
        double units = cell->demand * cell->lead_mean;
        units = units < (double)cell->position ? units : (double)cell->position;
        double share = outlet->demand / cell->demand;
        sum += (share < 1 ? share : 1) * units * net_of(plan, outlet);
    }
    return sum;
}

/* Freight, duty and import tax still to pay on what was ordered before. */
static double dues_on_the_way(const struct plan *plan)
{
    double sum = 0;
    for (int c = 0; c < plan->cell_count; c++) {
        const struct plan_cell *cell = &plan->cells[c];
        if (cell->supplier < 0 || cell->market == PLAN_HOME)
            continue;
        int64_t price = market_supplier_price_first(&plan->rules->suppliers[cell->supplier]);
        int64_t beyond = cell->unit_cash_minor - price;
        if (beyond > 0)
            sum += (double)beyond * (double)(cell->position - cell->on_hand);
    }
    return sum;
}

static int64_t clamp_money(double amount)
{
    return amount <= 0 ? 0 : amount >= 9e17 ? INT64_C(900000000000000000) : (int64_t)amount;
}

static struct means means_reckon(const struct plan *plan)
{
    const struct market_observation *seen = plan->seen;
    double cash = 0, claims = 0, tax = 0, lead = 0, demand = 0;
    for (int c = 0; c < plan->rules->currency_count; c++) {
        cash += (double)policy_plan_to_home(plan, c, seen->cash_minor[c]);
        claims += (double)policy_plan_to_home(plan, c, seen->receivable_minor[c]);
        if (seen->tax_due_minor[c] > 0)
            tax += (double)policy_plan_to_home(plan, c, seen->tax_due_minor[c]);
    }
    for (int c = 0; c < plan->cell_count; c++) {
        lead += plan->cells[c].demand * plan->cells[c].lead_mean;
        demand += plan->cells[c].demand;
    }
    lead = demand > 0 ? lead / demand : 0;
    double payroll = (double)plan->rules->finance.payroll_per_day_minor;
    double ahead = takings_share * takings_ahead(plan);
    double bound = (double)seen->supplier_due_minor + dues_on_the_way(plan) + tax;
    double fixed = payroll * (lead + plan->rules->round_days);
    return (struct means){
        .total = clamp_money(cash + claims + ahead - bound - fixed),
        .deposits = clamp_money(deposit_share * (double)seen->cash_minor[0] -
                                payroll * plan->rules->round_days),
    };
}

/* Days until the run ends. */
static double days_left(const struct plan *plan)
{
    return plan->rules->rounds * plan->rules->round_days - plan->seen->day;
}

/* A position beyond this would lie unsold for long when the run ends. */
static double position_most(const struct plan *plan, const struct plan_cell *cell)
{
    return cell->demand * (days_left(plan) + closing_cover);
}

/* Stock a cell wants in all, on hand and on the way. */
static int64_t level_wanted(const struct plan *plan, const struct plan_cell *cell)
{
    struct supply_protection ahead;
    int64_t level = 0;
    if (!supply_protection_demand(cell->demand, sqrt(cell->variance), cell->lead_mean,
                                  cell->lead_sd, plan->rules->round_days, &ahead))
        return 0;
    double error = level_error * ahead.mean;
    ahead.sd = sqrt(ahead.sd * ahead.sd + error * error);
    if (!supply_base_stock(&ahead, service_level, &level))
        return 0;
    double most = position_most(plan, cell), wanted = plan->style.stock_factor * (double)level;
    wanted = wanted < most ? wanted : most;
    return wanted > UNITS_MAX ? UNITS_MAX : (int64_t)wanted;
}

/* What to order when `need` units are missing: that or the economic lot, up to the minimum or the
 * next price when it is near and not too much; 0 when ordering is not reasonable now. */
static int64_t lot_of(const struct plan *plan, const struct plan_cell *cell, int64_t need)
{
    const struct market_supplier *supplier = &plan->rules->suppliers[cell->supplier];
    double until = cell->demand * (cell->lead_mean + plan->rules->round_days);
    double room = position_most(plan, cell) - (double)cell->position;
    int64_t least = supplier->breaks[0].units_min;
    if (need <= 0 || cell->lead_mean >= days_left(plan))
        return 0;
    /* A minimum that lasts for months, or beyond the run, is only bought when the shelf would be
     * empty. */
    bool lasts = (double)least > cover_most * cell->demand || (double)least > room;
    if (lasts && (double)cell->position > until)
        return 0;
    int64_t units = policy_plan_lot(plan, cell->supplier, cell->lane, cell->demand);
    if ((double)units > room)
        units = (int64_t)room > least ? (int64_t)room : least;
    units = units > need ? units : need;
    for (int b = 1; b < supplier->break_count; b++) {
        int64_t next = supplier->breaks[b].units_min;
        if (units < next && (double)units >= 0.8 * (double)next &&
            (double)next < cover_most * cell->demand && (double)next < room)
            units = next;
    }
    return units < UNITS_MAX ? units : UNITS_MAX;
}

/* The units of a lot that the means allow, or 0 when they do not reach the minimum. */
static int64_t lot_within(const struct plan *plan, const struct plan_cell *cell, int64_t units,
                          const struct means *means)
{
    const struct market_supplier *supplier = &plan->rules->suppliers[cell->supplier];
    int64_t unit_cash = cell->unit_cash_minor > 0 ? cell->unit_cash_minor : 1;
    int64_t affordable = means->total / unit_cash;
    int64_t deposit = deposit_of(supplier, market_supplier_dearest(supplier));
    if (deposit > 0 && means->deposits / deposit < affordable)
        affordable = means->deposits / deposit;
    if (units > affordable)
        units = affordable;
    return units >= supplier->breaks[0].units_min ? units : 0;
}

/* Days the position lasts, against the days it must: the smallest first. */
static double urgency_of(const struct plan *plan, const struct plan_cell *cell)
{
    double span = cell->demand * (cell->lead_mean + plan->rules->round_days);
    return span > 0 ? (double)cell->position / span : INFINITY;
}

static void order_put(struct market_row *row, const struct plan_cell *cell, int64_t units,
                      bool inspect)
{
    market_row_set(row, F_orders_product, cell->product);
    market_row_set(row, F_orders_supplier, cell->supplier);
    market_row_set(row, F_orders_units, units);
    market_row_set(row, F_orders_inspect, inspect);
    market_row_set(row, F_orders_lane, cell->lane);
}

/* Cells in the order of their urgency; ties by number. */
static void cells_sort(const struct plan *plan, int *order)
{
    for (int c = 0; c < plan->cell_count; c++) {
        int at = c;
        while (at > 0 &&
               urgency_of(plan, &plan->cells[c]) < urgency_of(plan, &plan->cells[order[at - 1]])) {
            order[at] = order[at - 1];
            at--;
        }
        order[at] = c;
    }
}

/* Stock at home that no parcel needs goes where it sells. */
static void transfers_put(struct arena *arena, struct plan *plan,
                          struct market_seat_decisions *decisions)
{
    struct market_row *rows = ARENA_ARRAY(arena, struct market_row, ORDERS_MAX);
    int count = 0;
    for (int i = 0; i < plan->seen->stock_count; i++) {
        const struct market_stock_view *stock = &plan->seen->stock[i];
        int64_t spare = stock->place == 0 ? stock->units : 0;
        for (int c = 0; c < plan->cell_count; c++)
            if (plan->cells[c].product == stock->product && plan->cells[c].market == PLAN_HOME)
                spare = 0;
        for (int c = 0; c < plan->cell_count && spare > 0 && count < ORDERS_MAX; c++) {
            struct plan_cell *cell = &plan->cells[c];
            if (cell->product != stock->product || cell->lane < 0)
                continue;
            int64_t need = level_wanted(plan, cell) - cell->position;
            int64_t units = need < spare ? need : spare;
            units = units < UNITS_MAX ? units : UNITS_MAX;
            if (units <= 0)
                continue;
            struct market_row *row = &rows[count++];
            market_row_set(row, F_transfers_product, cell->product);
            market_row_set(row, F_transfers_lane, cell->lane);
            market_row_set(row, F_transfers_units, units);
            cell->position += units;
            spare -= units;
        }
    }
    decisions->lists[LIST_transfers] = (struct market_rows){.count = count, .rows = rows};
}

void policy_plan_order_steady(struct arena *arena, struct plan *plan,
                              struct market_seat_decisions *decisions)
{
    int order[MARKET_LISTINGS_MAX];
    int count = 0;
    if (plan->seen->in_administration)
        return; /* nothing would be delivered */
    struct market_row *rows = ARENA_ARRAY(arena, struct market_row, ORDERS_MAX);
    struct means means = means_reckon(plan);
    transfers_put(arena, plan, decisions);
    cells_sort(plan, order);
    for (int i = 0; i < plan->cell_count && count < ORDERS_MAX; i++) {
        struct plan_cell *cell = &plan->cells[order[i]];
        if (cell->supplier < 0 || (cell->market != PLAN_HOME && cell->lane < 0))
            continue;
        if (plan->style.late && (double)cell->on_hand >= LATE_DAYS * cell->demand)
            continue;
        const struct market_supplier *supplier = &plan->rules->suppliers[cell->supplier];
        int64_t units = lot_of(plan, cell, level_wanted(plan, cell) - cell->position);
        units = lot_within(plan, cell, units, &means);
        if (units == 0)
            continue;
        order_put(&rows[count++], cell, units, supplier->inspection_catch > 0);
        means.total -= units * cell->unit_cash_minor;
        means.deposits -= deposit_of(supplier, units * market_supplier_price(supplier, units));
    }
    decisions->lists[LIST_orders] = (struct market_rows){.count = count, .rows = rows};
}

/* Up to 42 days of sales compared with what lies there now; goods on the way are forgotten, and of
 * the price only the deposit is thought of. */
void policy_plan_order_novice(struct arena *arena, struct plan *plan,
                              struct market_seat_decisions *decisions)
{
    struct market_row *rows = ARENA_ARRAY(arena, struct market_row, ORDERS_MAX);
    int count = 0;
    int64_t till = plan->seen->cash_minor[0];
    for (int c = 0; c < plan->cell_count && count < ORDERS_MAX; c++) {
        const struct plan_cell *cell = &plan->cells[c];
        if (cell->supplier < 0 || (cell->market != PLAN_HOME && cell->lane < 0))
            continue;
        const struct market_supplier *supplier = &plan->rules->suppliers[cell->supplier];
        double wanted = NOVICE_DAYS * cell->demand - (double)cell->on_hand;
        if (wanted < 1)
            continue;
        int64_t units = wanted > UNITS_MAX ? UNITS_MAX : (int64_t)wanted;
        int64_t least = supplier->breaks[0].units_min;
        units = units > least ? units : least;
        int64_t deposit = deposit_of(supplier, units * market_supplier_price(supplier, units));
        if (deposit > till)
            continue;
        till -= deposit;
        order_put(&rows[count++], cell, units, false);
    }
    decisions->lists[LIST_orders] = (struct market_rows){.count = count, .rows = rows};
}
