/* Orders with suppliers: what they cost, whether they can be paid, when they are ready. */
#include "core/detmath.h"
#include "engine/market/work.h"

static const double quantity_exponent = -0.08; /* of a bot's price, market model section 5 */
enum { ORDER_DAYS_MAX = 180 };                 /* from order to ready: part of the model */

int64_t market_supplier_price(const struct market_supplier *supplier, int64_t units)
{
    const struct market_bot_supplier *bot = &supplier->bot;
    int64_t price = supplier->breaks[0].price_minor;
    if (bot->bot) {
        double exact = (double)bot->cost_minor * (1 + bot->margin) *
                       dm_pow((double)units / bot->quantity_ref, quantity_exponent);
        return exact < 1 ? 1 : (int64_t)(exact + 0.5);
    }
    for (int b = 0; b < supplier->break_count; b++)
        if (units >= supplier->breaks[b].units_min)
            price = supplier->breaks[b].price_minor;
    return price;
}

int64_t market_supplier_price_first(const struct market_supplier *supplier)
{
    return market_supplier_price(supplier, supplier->breaks[0].units_min);
}

int64_t market_supplier_dearest(const struct market_supplier *supplier)
{
    if (supplier->bot.bot)
        return market_supplier_price_first(supplier);
    int64_t dearest = 0; /* a price list need not fall */
    for (int b = 0; b < supplier->break_count; b++)
        if (supplier->breaks[b].price_minor > dearest)
            dearest = supplier->breaks[b].price_minor;
    return dearest;
}

double market_supplier_days(const struct market_supplier *supplier)
{
    return supplier->lead_days_min + supplier->lead_gamma_mean;
}

double market_supplier_load(const struct market_work *work, int s)
{
    const struct market_supplier *supplier = &work->rules->suppliers[s];
    double units = 0, days = market_supplier_days(supplier);
    if (!supplier->bot.bot)
        return 0;
    for (int f = 0; f < work->state->firm_count; f++) {
        const struct market_firm *firm = &work->state->firms[f];
        for (int o = 0; o < firm->order_count; o++)
            if (firm->orders[o].supplier == s)
                units += (double)firm->orders[o].units;
    }
    return units / (supplier->bot.capacity_per_day * (days > 1 ? days : 1));
}

static int order_days(const struct market_work *work, int f, int s, double load)
{
    const struct market_supplier *supplier = &work->rules->suppliers[s];
    double beyond = supplier->lead_gamma_mean;
    if (supplier->lead_gamma_mean > 0 && supplier->lead_gamma_sd > 0) {
        double ratio = supplier->lead_gamma_mean / supplier->lead_gamma_sd;
        struct rng_words words = market_draw(work, STREAM_SUPPLIER, (uint64_t)f, (uint64_t)s);
        beyond = supplier->lead_gamma_sd / ratio *
                 dm_gamma_quantile(ratio * ratio, rng_uniform(words.word[0]));
    }
    /* A busy supplier is late: x (1 + load^2); events add days. */
    double days = (supplier->lead_days_min + beyond) * (1 + load * load) +
                  market_events_effect(work, f, -1, EVENT_SUPPLIER_DAYS) + 0.5;
    return days < ORDER_DAYS_MAX ? (int)days : ORDER_DAYS_MAX;
}

bool market_order_place(struct market_work *work, int f, const struct market_order_terms *terms)
{
    struct market_firm *firm = &work->state->firms[f];
    const struct market_supplier *supplier = &work->rules->suppliers[terms->supplier];
    int64_t total = terms->units * market_supplier_price(supplier, terms->units), deposit = 0;
    if (firm->sourcing.exit_plan) {
        market_notice_add(work, f, NOTICE_EXIT_ORDER, terms->product, terms->supplier, total);
        return false;
    }
    bool fits = money_times_rate(total, supplier->deposit_rate_1e9, ROUND_HALF_UP, &deposit);
    if (firm->administration || !fits || deposit > market_can_pay(work, f)) {
        market_notice_add(work, f, NOTICE_ORDER_UNPAID, terms->product, terms->supplier, total);
        return false;
    }
    market_post(work, f, 0, ACCOUNT_PREPAID, ACCOUNT_CASH, deposit, REASON_ORDER_DEPOSIT,
                terms->product);
    firm->units[terms->product].bought += terms->units;
    struct market_order *order = &firm->orders[firm->order_count++];
    *order =
        (struct market_order){.product = terms->product,
                              .supplier = terms->supplier,
                              .lane = terms->lane,
                              .units = terms->units,
                              .total_minor = total,
                              .paid_minor = deposit,
                              .placed_day = work->day,
                              .ready_day = work->day, /* until market_orders_schedule */
                              .defect_rate = supplier->defect_rate *
                                             (terms->inspect ? 1 - supplier->inspection_catch : 1),
                              .inspect = terms->inspect};
    /* Asked when the order stands: its own inspection is a counter-move. */
    double defects = order->defect_rate * market_events_effect(work, f, -1, EVENT_DEFECTS) *
                     market_training_factor(work, f);
    order->defect_rate = defects < 1 ? defects : 1;
    return true;
}

/* Capacity is shared by what is open when all have ordered, so no firm is served before another for
 * its number. */
void market_orders_schedule(struct market_work *work)
{
    double load[MARKET_SUPPLIERS_MAX];
    for (int s = 0; s < work->rules->supplier_count; s++)
        load[s] = market_supplier_load(work, s);
    for (int f = 0; f < work->state->firm_count; f++) {
        struct market_firm *firm = &work->state->firms[f];
        for (int o = 0; o < firm->order_count; o++) {
            struct market_order *order = &firm->orders[o];
            if (order->placed_day == work->day)
                order->ready_day =
                    work->day + order_days(work, f, order->supplier, load[order->supplier]);
        }
    }
}
