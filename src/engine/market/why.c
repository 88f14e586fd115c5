/* The terms behind one listing's day, kept by the probe. */
#include "engine/market/why.h"

#include <math.h>

#include "core/detmath.h"
#include "core/text.h"
#include "engine/market/nest.h"

static void fill_choice(const struct market_work *work, const struct market_nest_day *day,
                        const struct market_offer *offer, struct market_why *why)
{
    const struct market_demand *demand = &work->rules->demand;
    if (offer->listed)
        market_utility_terms(work, day->nest, offer->firm, offer->listing, why->term);
    for (int g = 0; g < MARKET_SEGMENTS; g++) {
        for (int t = 0; t < TERM_COUNT; t++)
            why->utility[g] += why->term[g][t];
        why->nest_weight[g] = day->nest_weight[g];
        why->nest_share[g] = day->nest_share[g];
        double seen = 0;
        for (int i = 0; i < day->offer_count; i++)
            seen += day->offers[i].exposure * day->offers[i].appeal_by_segment[g];
        if (offer->live && seen > 0)
            why->share[g] =
                day->nest_share[g] * offer->exposure * offer->appeal_by_segment[g] / seen;
        why->expected += day->shoppers * demand->segment_weight[g] * why->share[g];
    }
    why->expected_in_stock = offer->latent;
}

static void fill_exposure(const struct market_work *work, const struct market_nest_day *day,
                          const struct market_offer *offer, struct market_why *why)
{
    const struct market_nest *nest = &work->rules->nests[day->nest];
    int firms = nest->firms_expected > 0 ? nest->firms_expected : work->rules->firms;
    why->exposure = offer->exposure;
    why->sponsored = offer->sponsored;
    why->outside = offer->outside;
    why->shoppers_all = day->shoppers;
    why->exposure_reference = 1.0 / ((double)firms * nest->listings_ref);
    why->expected_reference =
        day->traffic.shoppers * work->rules->demand.inside_share * why->exposure_reference;
    struct market_organic organic =
        market_organic_terms(work, day->nest, offer->firm, offer->listing);
    why->relevance = organic.relevance;
    why->health = organic.health;
    why->own_listings = organic.own_listings;
    why->rank = organic.rank;
    for (int i = 0; i < day->offer_count; i++)
        why->organic_total += day->offers[i].live ? day->offers[i].organic : 0;
    why->organic_weight = offer->live ? offer->organic : 0;
}

static void fill_closed(const struct market_work *work, const struct market_offer *offer,
                        struct market_why *why)
{
    const struct market_listing *listing = offer->listing;
    int market = work->rules->nests[listing->nest].market;
    why->lacks_certificate =
        listing->compliance.until_certificate &&
        !market_compliance_certified(work, offer->firm, listing->product, market);
    why->lacks_responsible = listing->compliance.until_responsible;
    why->closed_until =
        listing->compliance.closed_until > work->day ? listing->compliance.closed_until : 0;
    why->closed_number = listing->compliance.closed_number;
    why->closed_kind = why->closed_number > 0   ? listing->compliance.closed_kind
                       : why->lacks_certificate ? INCIDENT_CERTIFICATE
                       : why->lacks_responsible ? INCIDENT_RESPONSIBLE
                                                : -1;
}

static void fill_held(const struct market_work *work, const struct market_offer *offer,
                      struct market_why *why)
{
    const struct market_firm *firm = &work->state->firms[offer->firm];
    int market = work->rules->nests[offer->listing->nest].market;
    for (int s = 0; s < firm->shipment_count; s++) {
        const struct market_shipment *shipment = &firm->shipments[s];
        if (!shipment->held || shipment->product != offer->listing->product ||
            work->rules->lanes[shipment->lane].market != market)
            continue;
        if (why->held_units == 0 || shipment->arrive_day < why->held_until)
            why->held_until = shipment->arrive_day;
        why->held_units += shipment->units;
    }
}

static void fill_absence(const struct market_work *work, const struct market_offer *offer,
                         struct market_why *why)
{
    const struct market_listing *listing = offer->listing;
    why->closed_kind = -1;
    if (offer->live)
        return;
    if (!listing->live) {
        why->absence = ABSENCE_RETIRED;
    } else if (listing->price_minor == 0) {
        why->absence = ABSENCE_NO_PRICE;
    } else if (listing->lane < 0) {
        why->absence = ABSENCE_NO_LANE;
    } else if (market_compliance_closed(work, offer->firm, listing)) {
        why->absence = ABSENCE_CLOSED;
        fill_closed(work, offer, why);
    } else {
        why->absence = ABSENCE_NO_STOCK;
        if (work->rules->lanes[listing->lane].kind == LANE_LOCAL)
            fill_held(work, offer, why);
    }
}

/* The running card that alone changes the number of shoppers most. */
static int traffic_card(const struct market_work *work, int market)
{
    int most = -1;
    double moved = 0;
    for (int i = 0; i < MARKET_EVENTS_RUNNING; i++) {
        const struct market_event_state *running = &work->state->events[i];
        if (running->event < 0 || running->event >= work->rules->event_count ||
            running->from_day > work->day || running->to_day <= work->day)
            continue;
        const struct market_event_rules *card = &work->rules->events[running->event];
        double by = fabs(dm_log(card->effect == EVENT_TRAFFIC ? card->size : 1));
        if ((card->market >= 0 && card->market != market) || !(by > moved))
            continue;
        moved = by;
        most = running->event;
    }
    return most;
}

void market_why_fill(const struct market_work *work, const struct market_nest_day *day, int index,
                     struct market_why *why)
{
    const struct market_offer *offer = &day->offers[index];
    const struct market_listing *listing = offer->listing;
    const struct market_nest *nest = &work->rules->nests[day->nest];
    double rating_ref = work->rules->demand.rating_ref;
    *why = (struct market_why){
        .found = true,
        .firm = offer->firm,
        .product = listing->product,
        .nest = day->nest,
        .day = work->day,
        .live = offer->live,
        .shoppers = day->traffic.shoppers,
        .shoppers_reference =
            work->rules->firms * nest->units_per_firm_day / work->rules->demand.inside_share,
        .season = day->traffic.season,
        .weekday = day->traffic.weekday,
        .growth = day->traffic.growth,
        .shock = day->traffic.shock,
        .event = day->traffic.event,
        .drawn = offer->drawn,
        .stock = offer->stock,
        .spill_in = offer->spill_in,
        .spill_out = offer->spill_out,
        .lost = offer->over - offer->spill_out,
        .served = offer->served,
        .door_price_minor = market_door_price(listing),
        .price_ref_minor = nest->price_ref_minor,
        .rating = (5 * rating_ref + listing->stars_sum) / (5 + (double)listing->review_count),
        .reviews = listing->review_volume,
        .promise_days = listing->promise_days,
        .promise_kept_days = listing->lane >= 0 ? work->lane_promise[listing->lane] : 0,
        .bundle_units = market_bundle_units(listing),
        .event_card = traffic_card(work, nest->market)};
    if (why->bundle_units > 1 && work->rules->storefront.open)
        why->bundle_u = work->rules->storefront.bundle_u * dm_log(why->bundle_units);
    fill_absence(work, offer, why);
    fill_exposure(work, day, offer, why);
    fill_choice(work, day, offer, why);
}

const char *market_term_name(enum market_term term)
{
    static const char *const names[TERM_COUNT] = {[TERM_APPEAL] = N_("the product's appeal"),
                                                  [TERM_PRICE] = N_("price"),
                                                  [TERM_RATING] = N_("rating"),
                                                  [TERM_REVIEWS] = N_("number of reviews"),
                                                  [TERM_DELIVERY] = N_("delivery time"),
                                                  [TERM_BRAND] = N_("brand"),
                                                  [TERM_CONTENT] = N_("content"),
                                                  [TERM_TRUST] = N_("terms of sale"),
                                                  [TERM_LUCK] = N_("luck of the week")};
    return names[term];
}
