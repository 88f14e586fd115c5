/* The nests' day: gather offers, then traffic, exposure, choice, service, one nest after another in
 * the scenario's order (which matters only where two nests share a warehouse). */
#include "engine/market/nest.h"

static bool has_stock(const struct market_work *work, int f, const struct market_listing *listing)
{
    const struct market_lane *lane = &work->rules->lanes[listing->lane];
    int place = lane->kind == LANE_LOCAL ? 1 + lane->market : 0;
    return market_stock_at(work->state, &work->state->firms[f], place, listing->product)->units >=
           market_bundle_units(listing);
}

bool market_is_listed(const struct market_work *work, int f, const struct market_listing *listing)
{
    return listing->live && listing->price_minor > 0 && listing->lane >= 0 &&
           !market_compliance_closed(work, f, listing);
}

/* Field by field: to clear the whole of it is what a day would spend most of its time on here. */
static void offer_open(struct market_offer *offer, int f, struct market_listing *listing,
                       bool listed, bool live)
{
    offer->firm = f;
    offer->listing = listing;
    offer->listed = listed;
    offer->live = live;
    offer->organic = offer->sponsored = offer->outside = 0;
    offer->exposure = offer->expected = offer->latent = 0;
    for (int g = 0; g < MARKET_SEGMENTS; g++)
        offer->appeal_by_segment[g] = 0;
    offer->drawn = offer->stock = offer->served = 0;
    offer->over = offer->spill_in = offer->spill_out = 0;
}

static void offers_gather(struct market_work *work, struct market_nest_day *day)
{
    day->offers = work->offers;
    for (int f = 0; f < work->state->firm_count; f++) {
        struct market_firm *firm = &work->state->firms[f];
        for (int i = 0; i < firm->listing_count; i++) {
            struct market_listing *listing = &firm->listings[i];
            if (listing->nest != day->nest)
                continue;
            bool listed = market_is_listed(work, f, listing);
            offer_open(&day->offers[day->offer_count++], f, listing, listed,
                       listed && has_stock(work, f, listing));
        }
    }
}

static void log_fill(const struct market_work *work, const struct market_nest_day *day,
                     struct market_why_log *log)
{
    for (int i = 0; i < day->offer_count; i++) {
        if ((log->firms >> day->offers[i].firm & 1) == 0)
            continue;
        if (log->count < log->room)
            market_why_fill(work, day, i, &log->rows[log->count]);
        log->count++;
    }
}

static void probe_fill(const struct market_work *work, const struct market_nest_day *day)
{
    const struct market_probe *probe = work->probe;
    if (probe->why_log != NULL)
        log_fill(work, day, probe->why_log);
    if (probe->why == NULL || probe->why_firm < 0 || probe->why_day != work->day)
        return;
    const struct market_firm *firm = &work->state->firms[probe->why_firm];
    for (int i = 0; i < day->offer_count; i++)
        if (day->offers[i].firm == probe->why_firm &&
            day->offers[i].listing == &firm->listings[probe->why_listing])
            market_why_fill(work, day, i, probe->why);
}

static enum err nest_day(struct market_work *work, int n)
{
    struct market_nest_day day = {.nest = n};
    offers_gather(work, &day);
    day.traffic = market_traffic_day(work, n);
    market_choice_prepare(work, &day);
    if (work->rules->promotion.open)
        TRY(market_promotion_day(work, &day));
    market_events_nest(work, &day);
    market_choice_day(work, &day);
    if (work->rules->promotion.open)
        TRY(market_promotion_check(work, &day));
    market_service_draw(work, &day);
    market_service_spill(work, &day);
    /* Before the books move averages that the terms are made of. */
    probe_fill(work, &day);
    return market_service_book(work, &day);
}

enum err market_nests_day(struct market_work *work)
{
    market_traffic_week(work);
    for (int n = 0; n < work->state->nest_count; n++) {
        /* The offers of a nest are scratch, but journal entries grown meanwhile are not: they live
         * in the same arena, so the scratch is only given back when no journal is kept. */
        struct arena_mark mark = arena_mark_get(work->arena);
        TRY(nest_day(work, n));
        if (!work->probe->journal)
            arena_rewind(work->arena, mark);
    }
    return ERR_OK;
}
