/* What a firm sees: its own books and shelves, the shop windows of others, the public briefing. */
#include <string.h>

#include "core/detmath.h"
#include "engine/market/work.h"

static void *copy_of(struct arena *arena, const void *from, size_t count, size_t size)
{
    return arena_copy(arena, from, count * size, count * size, _Alignof(max_align_t));
}

const struct market_rules *market_rules_public(struct arena *arena,
                                               const struct market_rules *rules)
{
    struct market_rules *copy = ARENA_NEW(arena, struct market_rules);
    *copy = *rules;
    struct market_country *markets =
        copy_of(arena, rules->markets, (size_t)rules->market_count, sizeof(*markets));
    struct market_nest *nests =
        copy_of(arena, rules->nests, (size_t)rules->nest_count, sizeof(*nests));
    struct market_product *products =
        copy_of(arena, rules->products, (size_t)rules->product_count, sizeof(*products));
    memset(&copy->demand, 0, sizeof(copy->demand));
    /* How well advertising and content work is for the firms to find out. */
    copy->promotion = (struct market_promotion_rules){.open = rules->promotion.open,
                                                      .slots = rules->promotion.slots};
    copy->storefront.content_bound = copy->storefront.content_keep = 0;
    copy->storefront.content_scale_minor = 0;
    copy->storefront.rating_bound = copy->storefront.bill_at_door_u = 0;
    copy->storefront.bundle_u = copy->storefront.relevance_floor = 0;
    memset(copy->storefront.translation_u, 0, sizeof(copy->storefront.translation_u));
    for (int m = 0; m < rules->market_count; m++)
        markets[m].growth = 0;
    for (int n = 0; n < rules->nest_count; n++) {
        nests[n].units_per_firm_day = nests[n].units_per_firm_day_est = 0;
        nests[n].traffic_sd = nests[n].dispersion = 0;
        for (int q = 0; q < MARKET_QUERIES_MAX; q++)
            nests[n].queries[q].waste = 0;
    }
    for (int p = 0; p < rules->product_count; p++)
        products[p].appeal = 0;
    /* A bot's prices are asked for; what goods cost it is not told. */
    struct market_supplier *suppliers =
        copy_of(arena, rules->suppliers, (size_t)rules->supplier_count, sizeof(*suppliers));
    for (int s = 0; s < rules->supplier_count; s++)
        if (suppliers[s].bot.bot) {
            double price = (double)suppliers[s].bot.cost_minor * (1 + suppliers[s].bot.margin);
            suppliers[s].bot.cost_minor = 1;
            suppliers[s].bot.margin = price - 1;
        }
    /* That a fault may be found or a card may come is known; how likely it is is not. */
    memset(copy->compliance.audit_rate, 0, sizeof(copy->compliance.audit_rate));
    struct market_event_rules *events =
        copy_of(arena, rules->events, (size_t)rules->event_count, sizeof(*events));
    for (int e = 0; e < rules->event_count; e++)
        events[e].probability = 0;
    copy->events = events;
    copy->suppliers = suppliers;
    copy->markets = markets;
    copy->nests = nests;
    copy->products = products;
    return copy;
}

/* The ring of `bytes` in the order of days, the last one yesterday. */
static void ring_unroll(void *days, const void *ring, size_t bytes, int32_t day)
{
    size_t newer = bytes / MARKET_HISTORY_DAYS * (size_t)market_ring_60(day);
    memcpy(days, (const char *)ring + newer, bytes - newer);
    memcpy((char *)days + (bytes - newer), ring, newer);
}

static void listing_view(const struct market_work *work, const struct market_listing *listing,
                         struct market_listing_view *view)
{
    const struct market_nest *nest = &work->rules->nests[listing->nest];
    double rating_ref = work->rules->demand.rating_ref;
    *view = (struct market_listing_view){
        .product = listing->product,
        .market = nest->market,
        .channel = nest->channel,
        .nest = listing->nest,
        .live = listing->live,
        .price_minor = listing->price_minor,
        .coupon_minor = listing->coupon_minor,
        .lane = listing->lane,
        .promise_days = listing->promise_days,
        .return_days = listing->return_days,
        .promise_kept_days = listing->lane >= 0 ? work->lane_promise[listing->lane] : 0,
        .rating = (5 * rating_ref + listing->stars_sum) / (5 + (double)listing->review_count),
        .review_count = listing->review_count,
        .round_units = listing->round_units,
        .round_units_lost = listing->round_missed,
        .round_views = (int64_t)listing->round_views,
        .round_gross_minor = listing->round_gross_minor,
        .round_fees_minor = listing->round_fees_minor,
        .round_tax_minor = listing->round_tax_minor,
        .round_refunds_minor = listing->round_refunds_minor,
        .round_returned_units = listing->round_returned,
        .round_late_units = listing->round_late,
        .round_delivered_units = listing->round_delivered,
        .bundle_units = market_bundle_units(listing),
        .duty_unpaid = listing->storefront.duty_unpaid,
        .translation = listing->storefront.translation,
        .relevance = listing->storefront.relevance,
        .content_minor = listing->storefront.content_minor,
        .round_clicks = listing->promotion.round_clicks,
        .round_ads_minor = listing->promotion.round_spend_minor};
    memcpy(view->campaigns, listing->promotion.campaigns, sizeof(view->campaigns));
    int32_t day = work->state->day;
    ring_unroll(view->units_sold, listing->sold, sizeof(listing->sold), day);
    ring_unroll(view->units_lost, listing->missed, sizeof(listing->missed), day);
    ring_unroll(view->in_stock, listing->in_stock, sizeof(listing->in_stock), day);
}

static void see_listings(const struct market_work *work, const struct market_firm *firm,
                         struct market_observation *seen)
{
    struct market_listing_view *views =
        ARENA_ARRAY(work->arena, struct market_listing_view, (size_t)firm->listing_count);
    for (int i = 0; i < firm->listing_count; i++)
        listing_view(work, &firm->listings[i], &views[i]);
    seen->listings = views;
    seen->listing_count = firm->listing_count;
}

static void see_stock(const struct market_work *work, const struct market_firm *firm,
                      struct market_observation *seen)
{
    const struct market_state *state = work->state;
    int room = state->place_count * state->product_count;
    struct market_stock_view *views =
        ARENA_ARRAY(work->arena, struct market_stock_view, (size_t)room);
    for (int place = 0; place < state->place_count; place++)
        for (int p = 0; p < state->product_count; p++) {
            const struct market_stock *stock = market_stock_at(state, firm, place, p);
            if (stock->units > 0)
                views[seen->stock_count++] =
                    (struct market_stock_view){.product = p,
                                               .place = place,
                                               .units = stock->units,
                                               .value_minor = stock->value_minor,
                                               .age_days = (int)stock->age_days};
        }
    seen->stock = views;
}

static void see_goods(const struct market_work *work, const struct market_firm *firm,
                      struct market_observation *seen)
{
    struct market_order_view *orders =
        ARENA_ARRAY(work->arena, struct market_order_view, (size_t)firm->order_count);
    for (int o = 0; o < firm->order_count; o++) {
        const struct market_order *order = &firm->orders[o];
        const struct market_supplier *supplier = &work->rules->suppliers[order->supplier];
        orders[o] = (struct market_order_view){
            .product = order->product,
            .supplier = order->supplier,
            .lane = order->lane,
            .units = order->units,
            .placed_day = order->placed_day,
            .ready_day_expected = order->placed_day + supplier->lead_days_min +
                                  (int32_t)(supplier->lead_gamma_mean + 0.5),
            .open_minor = order->total_minor - order->paid_minor};
        seen->supplier_due_minor += orders[o].open_minor;
    }
    seen->orders = orders;
    seen->order_count = firm->order_count;
    struct market_shipment_view *shipments =
        ARENA_ARRAY(work->arena, struct market_shipment_view, (size_t)firm->shipment_count);
    for (int s = 0; s < firm->shipment_count; s++) {
        const struct market_shipment *shipment = &firm->shipments[s];
        shipments[s] = (struct market_shipment_view){
            .product = shipment->product,
            .lane = shipment->lane,
            .market = work->rules->lanes[shipment->lane].market,
            .units = shipment->units,
            .sent_day = shipment->sent_day,
            .due_day_expected = shipment->sent_day + (int32_t)work->lane_promise[shipment->lane]};
    }
    seen->shipments = shipments;
    seen->shipment_count = firm->shipment_count;
}

static bool can_sell(const struct market_work *work, const struct market_firm *firm,
                     const struct market_listing *listing)
{
    const struct market_lane *lane = &work->rules->lanes[listing->lane];
    int place = lane->kind == LANE_LOCAL ? 1 + lane->market : 0;
    return market_stock_at(work->state, firm, place, listing->product)->units >=
           market_bundle_units(listing);
}

/* A firm's shop windows as all others see them; returns how many. */
static int windows_of(const struct market_work *work, int f, struct market_rival_view *views)
{
    const struct market_firm *firm = &work->state->firms[f];
    double rating_ref = work->rules->demand.rating_ref;
    int count = 0;
    for (int i = 0; i < firm->listing_count; i++) {
        const struct market_listing *listing = &firm->listings[i];
        if (!listing->live || listing->lane < 0 || listing->price_minor == 0 ||
            market_compliance_closed(work, f, listing))
            continue;
        views[count++] = (struct market_rival_view){
            .firm = f,
            .product = listing->product,
            .nest = listing->nest,
            .door_price_minor = market_door_price(listing),
            .rating = (5 * rating_ref + listing->stars_sum) / (5 + (double)listing->review_count),
            .review_count = listing->review_count,
            .promise_days = listing->promise_days,
            .sold_out = !can_sell(work, firm, listing),
            .bundle_units = market_bundle_units(listing)};
    }
    return count;
}

const struct market_public *market_public_see(const struct market_work *work)
{
    int firms = work->state->firm_count, room = 0;
    for (int f = 0; f < firms; f++)
        room += work->state->firms[f].listing_count;
    struct market_public *all = ARENA_NEW(work->arena, struct market_public);
    all->rules = market_rules_public(work->arena, work->rules);
    all->first = ARENA_ARRAY(work->arena, int, (size_t)firms + 1);
    all->views = ARENA_ARRAY(work->arena, struct market_rival_view, (size_t)room);
    for (int f = 0; f < firms; f++)
        all->first[f + 1] = all->first[f] + windows_of(work, f, all->views + all->first[f]);
    return all;
}

/* All windows but the firm's own. */
static void see_rivals(const struct market_work *work, int f, const struct market_public *all,
                       struct market_observation *seen)
{
    size_t before = (size_t)all->first[f], behind = (size_t)all->first[f + 1];
    size_t count = (size_t)all->first[work->state->firm_count];
    size_t others = before + (count - behind);
    struct market_rival_view *views = ARENA_ARRAY(work->arena, struct market_rival_view, others);
    memcpy(views, all->views, before * sizeof(*views));
    memcpy(views + before, all->views + behind, (count - behind) * sizeof(*views));
    seen->rivals = views;
    seen->rival_count = (int)others;
}

static void see_lanes(const struct market_work *work, struct market_observation *seen)
{
    struct market_lane_view *views =
        ARENA_ARRAY(work->arena, struct market_lane_view, (size_t)work->state->lane_count);
    for (int l = 0; l < work->state->lane_count; l++) {
        const struct market_lane_state *lane = &work->state->lanes[l];
        int days = 0;
        for (int d = 0; d < MARKET_LANE_HISTORY; d++)
            days += lane->days[d];
        views[l] = (struct market_lane_view){
            .lane = l,
            .days_mean_60 = (double)days / MARKET_LANE_HISTORY,
            .days_p80_60 = work->lane_promise[l],
            .days_sure_60 = market_lane_kept(&work->state->lanes[l], LANE_SURE_OF_60),
            .price_per_kg_minor = (int64_t)((double)work->rules->lanes[l].price_per_kg_minor *
                                                market_freight_factor(work, l) +
                                            0.5)};
    }
    seen->lanes = views;
    seen->lane_count = work->state->lane_count;
}

void market_observe(const struct market_work *work, int f, const struct market_public *all,
                    struct market_observation *seen)
{
    const struct market_state *state = work->state;
    const struct market_firm *firm = &state->firms[f];
    *seen = (struct market_observation){.version = MARKET_OBSERVATION_VERSION,
                                        .firm = f,
                                        .round = state->round,
                                        .day = state->day,
                                        .date = work->rules->start_date + state->day,
                                        .rules = all->rules,
                                        .equity_minor = firm->equity_minor,
                                        .equity_opening_minor = firm->equity_opening_minor,
                                        .in_administration = firm->administration};
    see_listings(work, firm, seen);
    see_stock(work, firm, seen);
    see_goods(work, firm, seen);
    see_rivals(work, f, all, seen);
    see_lanes(work, seen);
    seen->notice_count = work->notices[f].count;
    seen->notices = copy_of(work->arena, work->notices[f].notices, (size_t)seen->notice_count,
                            sizeof(*seen->notices));
    market_compliance_see(work, f, seen);
    market_events_see(work, seen);
    market_customs_see(work, f, seen);
    market_finance_see(work, f, seen);
    for (int c = 0; c < state->currency_count; c++) {
        seen->cash_minor[c] = firm->balance[ACCOUNT_CASH][c];
        seen->receivable_minor[c] = firm->balance[ACCOUNT_RECEIVABLE][c];
        seen->tax_due_minor[c] = -firm->balance[ACCOUNT_TAX][c];
    }
    for (int n = 0; n < state->nest_count; n++)
        seen->brand[n] =
            (struct market_brand_view){.brand_minor = firm->promotion[n].brand_minor,
                                       .social_minor = firm->promotion[n].social_minor,
                                       .round_spend_minor = firm->promotion[n].round_spend_minor};
    memcpy(seen->round_pl_minor, firm->round_pl_minor, sizeof(seen->round_pl_minor));
    memcpy(seen->total_pl_minor, firm->total_pl_minor, sizeof(seen->total_pl_minor));
}
