/* Counter-moves: what a firm has done, at its cost, that softens an event (docs/model-level2.md).
 */
#include "engine/market/work.h"

static const double cover_days = 30;       /* stock abroad that waits an event out */
static const double spending_share = 0.01; /* of the firm's own sales in the market, a day */
enum { SERVICE_HOURS = 8 };

static bool sells_in(const struct market_work *work, const struct market_listing *listing,
                     int market)
{
    return work->rules->nests[listing->nest].market == market && listing->live &&
           listing->price_minor > 0 && listing->lane >= 0;
}

static bool has_cover(const struct market_work *work, const struct market_firm *firm, int market)
{
    double sales = 0;
    int64_t units = 0;
    bool counted[MARKET_PRODUCTS_MAX] = {false};
    for (int i = 0; i < firm->listing_count; i++) {
        const struct market_listing *listing = &firm->listings[i];
        if (!sells_in(work, listing, market))
            continue;
        sales += listing->sales_average; /* units, in bundles or not */
        if (!counted[listing->product])
            units += market_stock_at(work->state, firm, 1 + market, listing->product)->units;
        counted[listing->product] = true;
    }
    return units > 0 && (double)units >= cover_days * sales;
}

/* Sales a day in the market's currency. */
static double sales_value(const struct market_work *work, const struct market_firm *firm,
                          int market)
{
    double value = 0;
    for (int i = 0; i < firm->listing_count; i++) {
        const struct market_listing *listing = &firm->listings[i];
        if (sells_in(work, listing, market))
            value += listing->sales_average / market_bundle_units(listing) *
                     (double)market_door_price(listing);
    }
    return value;
}

static bool has_brand(const struct market_work *work, const struct market_firm *firm, int market)
{
    int64_t spent = 0;
    if (!work->rules->promotion.open)
        return false;
    for (int n = 0; n < work->rules->nest_count; n++)
        if (work->rules->nests[n].market == market)
            spent += firm->promotion[n].brand_minor;
    int64_t least = (int64_t)(spending_share * sales_value(work, firm, market));
    return spent > 0 && spent >= market_to_home(work, work->rules->markets[market].currency, least);
}

static bool has_ads(const struct market_work *work, const struct market_firm *firm, int market)
{
    int64_t caps = 0;
    if (!work->rules->promotion.open)
        return false;
    for (int i = 0; i < firm->listing_count; i++) {
        const struct market_listing *listing = &firm->listings[i];
        if (!sells_in(work, listing, market))
            continue;
        for (int q = 0; q < MARKET_QUERIES_MAX; q++)
            if (listing->promotion.campaigns[q].bid_minor > 0)
                caps += listing->promotion.campaigns[q].cap_minor;
    }
    return caps > 0 && (double)caps >= spending_share * sales_value(work, firm, market);
}

static bool has_certificates(const struct market_work *work, int f, int market)
{
    const struct market_firm *firm = &work->state->firms[f];
    for (int i = 0; i < firm->listing_count; i++)
        if (sells_in(work, &firm->listings[i], market) &&
            !market_compliance_certified(work, f, firm->listings[i].product, market))
            return false;
    return true;
}

static bool has_insured(const struct market_work *work, const struct market_firm *firm, int market)
{
    for (int s = 0; s < firm->shipment_count; s++)
        if (firm->shipments[s].insured &&
            work->rules->lanes[firm->shipments[s].lane].market == market)
            return true;
    return false;
}

static bool has_inspection(const struct market_firm *firm)
{
    for (int o = 0; o < firm->order_count; o++)
        if (firm->orders[o].inspect)
            return true;
    return false;
}

static bool countered_in(const struct market_work *work, int f, int market,
                         enum market_event_counter counter)
{
    const struct market_firm *firm = &work->state->firms[f];
    switch (counter) {
    case COUNTER_LOCAL_STOCK:
        return has_cover(work, firm, market);
    case COUNTER_INSURED:
        return has_insured(work, firm, market);
    case COUNTER_INSPECTION:
        return has_inspection(firm);
    case COUNTER_SERVICE:
        return firm->compliance.service_hours[market] >= SERVICE_HOURS;
    case COUNTER_CERTIFICATE:
        return has_certificates(work, f, market);
    case COUNTER_RESPONSIBLE:
        return firm->compliance.responsible[market];
    case COUNTER_BRAND:
        return has_brand(work, firm, market);
    case COUNTER_ADS:
        return has_ads(work, firm, market);
    case COUNTER_CONVERTED:
        return !firm->finance.keep_currency;
    default:
        return false;
    }
}

bool market_events_countered(const struct market_work *work, int f, int market,
                             enum market_event_counter counter)
{
    const struct market_firm *firm = &work->state->firms[f];
    bool any = false;
    if (market >= 0 || counter == COUNTER_INSPECTION || counter == COUNTER_CONVERTED)
        return countered_in(work, f, market, counter);
    /* For all markets: everywhere the firm sells. */
    for (int m = 0; m < work->rules->market_count; m++) {
        bool sells = false;
        for (int i = 0; i < firm->listing_count; i++)
            sells = sells || sells_in(work, &firm->listings[i], m);
        any = any || sells;
        if (sells && !countered_in(work, f, m, counter))
            return false;
    }
    return any;
}
