/* Goods on their way: ready at the supplier, on a lane, at customs, in a warehouse.
 * What cannot be paid waits: goods at the supplier (at most 28 days, then the order is void and the
 * deposit lost) and goods at customs until duty and tax are paid. */
#include <string.h>

#include "core/detmath.h"
#include "engine/market/work.h"

enum { READY_WAIT_DAYS = 28 };

void market_ship(struct market_work *work, int f, int product, int lane, int64_t units,
                 int64_t goods_minor, double defect_rate, bool insured)
{
    struct market_firm *firm = &work->state->firms[f];
    int days = work->state->lanes[lane].days[market_ring_60(work->day)];
    int relief = market_events_days_relief(work, f, lane);
    int64_t premium = insured ? market_insurance_premium(work->rules, goods_minor) : 0;
    market_post(work, f, 0, ACCOUNT_TRANSIT, ACCOUNT_CASH, premium, REASON_INSURANCE, product);
    /* Insurance is part of the value at the border; freight joins it when the day's goods leave. */
    struct market_shipment *shipment = &firm->shipments[firm->shipment_count++];
    *shipment =
        (struct market_shipment){.product = product,
                                 .lane = lane,
                                 .units = units,
                                 .goods_minor = goods_minor,
                                 .freight_minor = premium,
                                 .sent_day = work->day,
                                 .arrive_day = work->day + (relief < days ? days - relief : days),
                                 .defect_rate = defect_rate,
                                 .insured = insured};
    market_customs_stamp(work, f, shipment);
    market_consignment_load(work, f, shipment);
    market_customs_export(work, f, product, work->rules->lanes[lane].market, false, units,
                          goods_minor);
}

/* The order is void: the deposit is the supplier's, the units were never bought. */
static void order_void(struct market_work *work, int f, const struct market_order *order)
{
    work->state->firms[f].units[order->product].bought -= order->units;
    market_post(work, f, 0, ACCOUNT_WRITE_OFF, ACCOUNT_PREPAID, order->paid_minor, REASON_WRITE_OFF,
                order->product);
    market_notice_add(work, f, NOTICE_ORDER_UNPAID, order->product, order->supplier,
                      order->total_minor - order->paid_minor);
}

/* True when the order left the supplier. */
static bool order_collect(struct market_work *work, int f, const struct market_order *order)
{
    const struct market_rules *rules = work->rules;
    struct market_firm *firm = &work->state->firms[f];
    int64_t rest = order->total_minor - order->paid_minor;
    int64_t fee = order->inspect ? rules->suppliers[order->supplier].inspection_fee_minor : 0;
    int64_t freight = order->lane >= 0 ? market_consignment_cost(work, f, order->product,
                                                                 order->lane, order->units)
                                       : 0;
    if (rest + fee + freight > market_can_pay(work, f))
        return false;
    market_post(work, f, 0, ACCOUNT_PREPAID, ACCOUNT_CASH, rest, REASON_ORDER_REST, order->product);
    market_post(work, f, 0, ACCOUNT_INSPECTION, ACCOUNT_CASH, fee, REASON_INSPECTION,
                order->product);
    if (order->lane >= 0) {
        market_post(work, f, 0, ACCOUNT_TRANSIT, ACCOUNT_PREPAID, order->total_minor,
                    REASON_ARRIVAL, order->product);
        market_ship(work, f, order->product, order->lane, order->units, order->total_minor,
                    order->defect_rate, false);
    } else {
        market_post(work, f, 0, ACCOUNT_INVENTORY, ACCOUNT_PREPAID, order->total_minor,
                    REASON_ARRIVAL, order->product);
        market_stock_add(market_stock_at(work->state, firm, 0, order->product), order->units,
                         order->total_minor, order->defect_rate);
        market_notice_add(work, f, NOTICE_ARRIVED, order->product, 0, order->units);
    }
    return true;
}

static void suppliers_day(struct market_work *work, int f)
{
    struct market_firm *firm = &work->state->firms[f];
    int kept = 0;
    for (int o = 0; o < firm->order_count; o++) {
        const struct market_order order = firm->orders[o];
        bool gone = order.ready_day <= work->day && order_collect(work, f, &order);
        if (!gone && work->day - order.ready_day >= READY_WAIT_DAYS) {
            order_void(work, f, &order);
            gone = true;
        }
        if (!gone)
            firm->orders[kept++] = order;
    }
    firm->order_count = kept;
}

/* Duty and tax of a shipment under a declaration: a share of its true value, and a class. */
static enum err freight_entry_quote(const struct market_work *work,
                                    const struct market_shipment *shipment, int64_t value_share_1e9,
                                    const char *hs6, struct trade_quote *quote)
{
    const struct market_rules *rules = work->rules;
    int market = rules->lanes[shipment->lane].market, currency = rules->markets[market].currency;
    struct market_border border = {
        .mode = TRADE_MODE_FREIGHT,
        .market = market,
        .category = rules->products[shipment->product].category,
        .units = shipment->units,
        .value_minor = market_from_home(work, currency, shipment->goods_minor),
        .freight_minor = market_from_home(work, currency, shipment->freight_minor),
        .declared_share_1e9 = value_share_1e9,
        .declared_hs6 = hs6};
    return market_border_quote(rules, work->date, &border, quote, work->problem);
}

/* Duty and tax that a wrong declaration keeps back, or tried to, home. */
static enum err kept_back_reckon(const struct market_work *work,
                                 const struct market_shipment *shipment,
                                 const struct market_customs_effect *declared, int64_t *kept_back)
{
    struct trade_quote right, wrong;
    *kept_back = 0;
    int64_t share = declared->found ? declared->declared_share_1e9 : declared->value_share_1e9;
    if (share >= RATE_ONE && declared->declared_hs6[0] == '\0')
        return ERR_OK;
    int market = work->rules->lanes[shipment->lane].market;
    TRY(freight_entry_quote(work, shipment, RATE_ONE, "", &right));
    TRY(freight_entry_quote(work, shipment, share, declared->declared_hs6, &wrong));
    *kept_back =
        market_to_home(work, work->rules->markets[market].currency,
                       right.duty_minor + right.tax_minor - wrong.duty_minor - wrong.tax_minor);
    return ERR_OK;
}

/* A discovery is booked; true when the goods are taken for it: they never reach the warehouse. */
static bool shipment_found(struct market_work *work, int f, struct market_shipment *shipment,
                           int64_t cost_minor)
{
    int product = shipment->product, market = work->rules->lanes[shipment->lane].market;
    if (!market_customs_discover(work, f, product, market, shipment->declared_share_1e9,
                                 cost_minor))
        return false;
    market_post(work, f, 0, ACCOUNT_WRITE_OFF, ACCOUNT_TRANSIT,
                shipment->goods_minor + shipment->freight_minor, REASON_SEIZED, product);
    work->state->firms[f].units[product].written_off += shipment->units;
    market_customs_removed(work, f, product, market, shipment->units);
    market_notice_add(work, f, NOTICE_CUSTOMS_SEIZED, product, market, shipment->units);
    return true;
}

/* The first look of customs: what was found stays with the shipment. True: it is held.
 */
static bool shipment_look(struct market_work *work, int f, struct market_shipment *shipment,
                          const struct market_customs_effect *declared)
{
    shipment->held = true;
    shipment->found = declared->found;
    market_sourcing_accident(work, f, shipment);
    if (declared->hold_days == 0)
        return false;
    shipment->arrive_day = work->day + declared->hold_days;
    market_notice_add(work, f, NOTICE_CUSTOMS_HELD, shipment->product,
                      work->rules->lanes[shipment->lane].market, declared->hold_days);
    return true;
}

/* Clear a shipment: the broker bills duty and charges in the home currency and they join the landed
 * value; import tax is paid in the market's currency and stands against the tax collected there. */
static enum err shipment_clear(struct market_work *work, int f, struct market_shipment *shipment,
                               bool *cleared)
{
    struct market_customs_effect declared = market_customs_effect_get(work, f, shipment);
    if (!shipment->held && shipment_look(work, f, shipment, &declared))
        return ERR_OK;
    if (shipment->units == 0) {
        *cleared = true; /* an accident left nothing to clear */
        return ERR_OK;
    }
    int market = work->rules->lanes[shipment->lane].market;
    int currency = work->rules->markets[market].currency;
    struct trade_quote quote;
    int64_t kept_back, cost = 0;
    TRY(freight_entry_quote(work, shipment, declared.value_share_1e9, declared.hs6, &quote));
    TRY(kept_back_reckon(work, shipment, &declared, &kept_back));
    if (declared.found)
        cost = market_customs_discovery_cost(work, f, market, kept_back);
    int64_t duty = market_to_home(work, currency,
                                  quote.duty_minor + quote.charges_minor + quote.handling_minor);
    int64_t tax_home = market_to_home(work, currency, quote.tax_minor);
    if (!declared.vat_deductible) {
        /* Without a number the import tax is a cost of the goods. */
        duty += tax_home;
        tax_home = 0;
        quote.tax_minor = 0;
    }
    *cleared = duty + tax_home + cost <= market_can_pay(work, f);
    if (!*cleared || (declared.found && shipment_found(work, f, shipment, cost)))
        return ERR_OK;
    if (!declared.found)
        market_customs_evaded(work, f, market, kept_back);
    struct market_firm *firm = &work->state->firms[f];
    int64_t landed = shipment->goods_minor + shipment->freight_minor + duty;
    market_post(work, f, 0, ACCOUNT_TRANSIT, ACCOUNT_CASH, duty, REASON_DUTY, shipment->product);
    market_pay(work, f, currency, ACCOUNT_TAX, quote.tax_minor, REASON_IMPORT_TAX,
               shipment->product);
    market_post(work, f, 0, ACCOUNT_INVENTORY, ACCOUNT_TRANSIT, landed, REASON_ARRIVAL,
                shipment->product);
    market_stock_add(market_stock_at(work->state, firm, 1 + market, shipment->product),
                     shipment->units, landed, shipment->defect_rate);
    market_notice_add(work, f, NOTICE_ARRIVED, shipment->product, 1 + market, shipment->units);
    return ERR_OK;
}

static enum err shipments_day(struct market_work *work, int f)
{
    struct market_firm *firm = &work->state->firms[f];
    int kept = 0;
    for (int s = 0; s < firm->shipment_count; s++) {
        struct market_shipment shipment = firm->shipments[s];
        bool cleared = false;
        if (shipment.arrive_day <= work->day && !shipment.loading)
            TRY(shipment_clear(work, f, &shipment, &cleared));
        if (!cleared && shipment.units > 0)
            firm->shipments[kept++] = shipment;
    }
    firm->shipment_count = kept;
    return ERR_OK;
}

static int market_of_rule(const struct market_rules *rules, const struct trade_rule *rule)
{
    for (int m = 0; m < rules->market_count; m++)
        if (strcmp(rules->markets[m].name.id, rule->market) == 0)
            return m;
    return -1;
}

static void rule_news(struct market_work *work)
{
    const struct trade_rules *trade = &work->rules->trade;
    for (int r = 0; r < trade->count; r++) {
        const struct trade_rule *rule = &trade->rows[r];
        int market = rule->valid_from == work->date ? market_of_rule(work->rules, rule) : -1;
        for (int f = 0; market >= 0 && f < work->state->firm_count; f++)
            market_notice_add(work, f, NOTICE_RULE_CHANGE, market, r, 0);
    }
}

enum err market_goods_day(struct market_work *work)
{
    rule_news(work);
    for (int f = 0; f < work->state->firm_count; f++) {
        TRY(shipments_day(work, f));
        suppliers_day(work, f);
        market_consignments_send(work, f);
    }
    return ERR_OK;
}
