/* Service: the day's demand is drawn, served from stock, spilled to rivals who still have some, and
 * booked. D + spill in = served + lost + spill out for every listing, as integers. */
#include <string.h>

#include "core/detmath.h"
#include "engine/market/nest.h"

void market_service_draw(const struct market_work *work, struct market_nest_day *day)
{
    double phi = work->rules->nests[day->nest].dispersion;
    for (int i = 0; i < day->offer_count; i++) {
        struct market_offer *offer = &day->offers[i];
        if (!offer->live || !(offer->expected > 0))
            continue;
        struct rng_words words =
            market_draw(work, STREAM_DEMAND,
                        market_listing_object(offer->firm, offer->listing->product, day->nest), 0);
        double uniform = rng_uniform(words.word[0]);
        offer->drawn = phi > 0 ? dm_negative_binomial_quantile(offer->expected, phi, uniform)
                               : dm_poisson_quantile(offer->expected, uniform);
    }
}

static int place_of(const struct market_work *work, const struct market_offer *offer)
{
    const struct market_lane *lane = &work->rules->lanes[offer->listing->lane];
    return lane->kind == LANE_LOCAL ? 1 + lane->market : 0;
}

static struct market_stock *stock_of(const struct market_work *work,
                                     const struct market_offer *offer)
{
    return market_stock_at(work->state, &work->state->firms[offer->firm], place_of(work, offer),
                           offer->listing->product);
}

/* Offer `pool` units by largest remainder in proportion to mu to listings with stock left, again
 * and again until pool or stock ends; returns the units accepted. Proportions are mu in millionths.
 */
static int64_t pool_offer(const struct market_work *work, struct market_nest_day *day, int64_t pool)
{
    int n = day->offer_count;
    int64_t *weights = ARENA_ARRAY(work->arena, int64_t, (size_t)n);
    int64_t *parts = ARENA_ARRAY(work->arena, int64_t, (size_t)n);
    int64_t accepted = 0;
    while (pool > 0) {
        int64_t any = 0;
        for (int i = 0; i < n; i++) {
            struct market_offer *offer = &day->offers[i];
            bool room = offer->live && offer->stock > offer->served && offer->over == 0;
            weights[i] = room ? (int64_t)(offer->expected * 1e6) + 1 : 0;
            any |= weights[i];
        }
        if (any == 0)
            break;
        int64_apportion(pool, weights, (size_t)n, parts);
        for (int i = 0; i < n; i++) {
            struct market_offer *offer = &day->offers[i];
            int64_t room = weights[i] > 0 ? offer->stock - offer->served : 0;
            int64_t taken = parts[i] < room ? parts[i] : room;
            offer->spill_in += taken;
            offer->served += taken;
            accepted += taken;
            pool -= taken;
        }
    }
    return accepted;
}

void market_service_spill(const struct market_work *work, struct market_nest_day *day)
{
    const struct market_demand *demand = &work->rules->demand;
    int n = day->offer_count;
    int64_t over = 0;
    for (int i = 0; i < n; i++) {
        struct market_offer *offer = &day->offers[i];
        if (!offer->live)
            continue;
        /* In orders: a bundle takes several units. */
        offer->stock = stock_of(work, offer)->units / market_bundle_units(offer->listing);
        offer->served = offer->drawn < offer->stock ? offer->drawn : offer->stock;
        offer->over = offer->drawn - offer->served;
        over += offer->over;
    }
    if (over == 0)
        return;
    double inside = 0; /* mean share of shoppers who buy in the nest [S bar] */
    for (int g = 0; g < MARKET_SEGMENTS; g++)
        inside += demand->segment_weight[g] * day->nest_share[g];
    int64_t pool = (int64_t)((double)over * (1 - demand->lambda * (1 - inside)));
    struct arena_mark mark = arena_mark_get(work->arena);
    int64_t accepted = pool_offer(work, day, pool);
    int64_t *weights = ARENA_ARRAY(work->arena, int64_t, (size_t)n);
    int64_t *parts = ARENA_ARRAY(work->arena, int64_t, (size_t)n);
    for (int i = 0; i < n; i++)
        weights[i] = day->offers[i].over;
    int64_apportion(accepted, weights, (size_t)n, parts);
    for (int i = 0; i < n; i++)
        day->offers[i].spill_out = parts[i];
    arena_rewind(work->arena, mark);
}

/* One parcel of `units`, honestly declared. */
static struct market_border parcel_border(const struct market_work *work, int nest, int product,
                                          int units, int64_t net_price)
{
    return (struct market_border){.mode = TRADE_MODE_PARCEL,
                                  .market = work->rules->nests[nest].market,
                                  .category = work->rules->products[product].category,
                                  .units = units,
                                  .value_minor = net_price,
                                  .declared_share_1e9 = RATE_ONE,
                                  .declared_hs6 = ""};
}

/* What `units` in one parcel cost at the border, local minor units. */
static enum err parcel_charges(const struct market_work *work, int nest, int product, int units,
                               int64_t net_price, struct again_charges *last)
{
    if (last->units == units && last->net_price_minor == net_price &&
        last->rules == work->trade_rules_number)
        return ERR_OK;
    const struct market_border border = parcel_border(work, nest, product, units, net_price);
    struct trade_quote quote;
    TRY(market_border_quote(work->rules, work->date, &border, &quote, work->problem));
    *last = (struct again_charges){.net_price_minor = net_price,
                                   .units = units,
                                   .rules = work->trade_rules_number,
                                   .charges_minor = quote.duty_minor + quote.charges_minor +
                                                    quote.handling_minor};
    return ERR_OK;
}

/* The money of a day's sales of one listing, local unless said. */
struct sale {
    int64_t units; /* orders: parcels */
    int64_t goods; /* units of the product */
    int64_t gross, tax, referral, fulfilment, border, parcel_home, cogs_home;
    bool found;        /* customs opened the parcels: they wait, and a fine is due */
    int64_t kept_back; /* by a wrong declaration */
};

/* The parcels of a firm that declares another value or class: what passes pays as declared; what
 * customs opens pays as it should, and is fined like a shipment's. */
static enum err parcel_charges_declared(const struct market_work *work, int nest, int product,
                                        int units, int64_t net_price,
                                        const struct market_customs_parcels *look,
                                        struct sale *sale)
{
    struct market_border border = parcel_border(work, nest, product, units, net_price);
    struct trade_quote right, declared;
    TRY(market_border_quote(work->rules, work->date, &border, &right, work->problem));
    border.declared_share_1e9 = look->declared_share_1e9;
    border.declared_hs6 = look->declared_hs6;
    TRY(market_border_quote(work->rules, work->date, &border, &declared, work->problem));
    int64_t true_minor = right.duty_minor + right.charges_minor + right.handling_minor;
    int64_t told_minor = declared.duty_minor + declared.charges_minor + declared.handling_minor;
    sale->border = (look->found ? true_minor : told_minor) * sale->units;
    sale->kept_back = (true_minor - told_minor) * sale->units;
    sale->found = look->found;
    return ERR_OK;
}

static int64_t parcel_freight(const struct market_work *work, const struct market_offer *offer,
                              int64_t parcels)
{
    const struct market_listing *listing = offer->listing;
    return market_freight_bundles(
        &work->rules->lanes[listing->lane], &work->rules->products[listing->product],
        market_bundle_units(listing), parcels,
        market_freight_factor(work, listing->lane) *
            market_events_freight_relief(work, offer->firm, listing->lane));
}

/* Tax inside a door price and the channel's fee on it, local minor units of one order. */
static const struct again_fees *order_fees(const struct market_work *work, int nest,
                                           const struct market_offer *offer, bool at_door)
{
    const struct market_nest *terms = &work->rules->nests[nest];
    struct again_fees *last = &market_again_of(work, offer->firm, offer->listing)->fees;
    int64_t price = market_door_price(offer->listing);
    int64_t rate = at_door ? 0 : work->tax_rate_1e9[nest];
    double fee_factor = market_events_quiet(work)
                            ? 1
                            : market_events_effect(work, offer->firm, terms->market, EVENT_FEE);
    if (last->price_minor == price && last->tax_rate_1e9 == rate && last->fee_factor == fee_factor)
        return last;
    int64_t referral_rate = (int64_t)((double)terms->referral_rate_1e9 * fee_factor + 0.5);
    int64_t referral = market_share_of(price, referral_rate, RATE_ONE);
    *last = (struct again_fees){.price_minor = price,
                                .tax_rate_1e9 = rate,
                                .fee_factor = fee_factor,
                                .tax_minor = market_share_of(price, rate, RATE_ONE + rate),
                                .referral_minor = referral > terms->referral_minimum_minor
                                                      ? referral
                                                      : terms->referral_minimum_minor};
    return last;
}

static enum err border_reckon(struct market_work *work, int nest, const struct market_offer *offer,
                              int64_t net_price, struct sale *sale)
{
    int product = offer->listing->product, units = market_bundle_units(offer->listing);
    const struct market_customs_parcels look =
        market_customs_parcels_look(work, offer->firm, product, nest, units, net_price);
    if (!look.honest)
        return parcel_charges_declared(work, nest, product, units, net_price, &look, sale);
    struct again_charges *paid = &market_again_of(work, offer->firm, offer->listing)->charges;
    TRY(parcel_charges(work, nest, product, units, net_price, paid));
    sale->border = paid->charges_minor * sale->units;
    return ERR_OK;
}

static enum err sale_reckon(struct market_work *work, int nest, const struct market_offer *offer,
                            struct sale *sale)
{
    const struct market_rules *rules = work->rules;
    const struct market_lane *lane = &rules->lanes[offer->listing->lane];
    const struct market_product *product = &rules->products[offer->listing->product];
    int64_t price = market_door_price(offer->listing), units = offer->served;
    /* Duty not paid: the buyer settles tax and charges at the door (storefront.h). */
    bool at_door = lane->kind == LANE_DIRECT && offer->listing->storefront.duty_unpaid;
    const struct again_fees *fees = order_fees(work, nest, offer, at_door);
    *sale = (struct sale){.units = units,
                          .goods = units * market_bundle_units(offer->listing),
                          .gross = price * units,
                          .tax = fees->tax_minor * units,
                          .referral = fees->referral_minor * units};
    if (lane->kind == LANE_LOCAL) {
        sale->fulfilment = product->fulfil_fee_minor[rules->nests[nest].market] * units;
    } else {
        if (!at_door)
            TRY(border_reckon(work, nest, offer, price - fees->tax_minor, sale));
        sale->parcel_home = parcel_freight(work, offer, units);
    }
    return ERR_OK;
}

static void sale_post(struct market_work *work, int nest, const struct market_offer *offer,
                      const struct sale *sale)
{
    int f = offer->firm, product = offer->listing->product;
    const struct market_country *market = &work->rules->markets[work->rules->nests[nest].market];
    int c = market->currency;
    market_post(work, f, c, ACCOUNT_RECEIVABLE, ACCOUNT_REVENUE, sale->gross - sale->tax,
                REASON_SALE, product);
    market_post(work, f, c, ACCOUNT_RECEIVABLE, ACCOUNT_TAX, sale->tax, REASON_SALE_TAX, product);
    market_post(work, f, c, ACCOUNT_REFERRAL, ACCOUNT_RECEIVABLE, sale->referral, REASON_REFERRAL,
                product);
    market_post(work, f, c, ACCOUNT_FULFILMENT, ACCOUNT_RECEIVABLE, sale->fulfilment,
                REASON_FULFILMENT, product);
    market_post(work, f, c, ACCOUNT_FULFILMENT, ACCOUNT_RECEIVABLE, sale->border, REASON_DUTY,
                product);
    market_post(work, f, 0, ACCOUNT_FULFILMENT, ACCOUNT_CASH, sale->parcel_home, REASON_PARCEL,
                product);
    market_post(work, f, 0, ACCOUNT_COGS, ACCOUNT_INVENTORY, sale->cogs_home, REASON_COGS, product);
    int in = work->rules->nests[nest].market;
    int64_t kept_back = market_to_home(work, c, sale->kept_back > 0 ? sale->kept_back : 0);
    if (sale->found)
        (void)market_customs_discover(work, f, product, in, RATE_ONE,
                                      market_customs_discovery_cost(work, f, in, kept_back));
    else
        market_customs_evaded(work, f, in, kept_back);
    work->state->firms[f].payouts[c][market_payout_slot(work, f, nest)] +=
        sale->gross - sale->referral - sale->fulfilment - sale->border;
}

/* Put the parcels on the lane: all of a day and lane arrive together, some never. */
static void parcels_send(struct market_work *work, int nest, const struct market_offer *offer,
                         const struct sale *sale, double defect_rate)
{
    struct market_listing *listing = offer->listing;
    const struct market_lane *lane = &work->rules->lanes[listing->lane];
    int days = work->state->lanes[listing->lane].days[market_ring_60(work->day)];
    int relief = market_events_days_relief(work, offer->firm, listing->lane);
    days = relief < days ? days - relief : days;
    if (sale->found)
        days = market_customs_held_days(&work->rules->customs, days);
    int64_t lost = 0;
    if (lane->loss_rate > 0) {
        struct rng_words words = market_draw(
            work, STREAM_LOSS, market_listing_object(offer->firm, listing->product, nest), 0);
        lost = dm_binomial_quantile(sale->units, lane->loss_rate, rng_uniform(words.word[0]));
    }
    const struct market_firm *firm = &work->state->firms[offer->firm];
    *market_delivery_new(work, offer->firm, work->day + days) = (struct market_delivery){
        .due_day = work->day + days,
        .listing = (int16_t)(listing - firm->listings),
        .late_days = (int16_t)(days > listing->promise_days ? days - listing->promise_days : 0),
        .units = (int32_t)(sale->units - lost),
        .lost = (int32_t)lost,
        .goods = sale->goods,
        .gross_minor = sale->gross,
        .tax_minor = sale->tax,
        .referral_minor = sale->referral,
        .cogs_minor = sale->cogs_home,
        .defect_rate = defect_rate};
}

static void round_add(struct market_listing *listing, const struct sale *sale)
{
    listing->round_units += sale->goods;
    listing->round_gross_minor += sale->gross;
    listing->round_tax_minor += sale->tax;
    listing->round_fees_minor += sale->referral + sale->fulfilment + sale->border;
}

static void history_add(const struct market_work *work, const struct market_nest_day *day,
                        const struct market_offer *offer)
{
    struct market_listing *listing = offer->listing;
    int slot = market_ring_60(work->day);
    int64_t missed = offer->over - offer->spill_out;
    int bundle = market_bundle_units(listing);
    listing->sold[slot] = (int32_t)offer->served * bundle;
    listing->missed[slot] = (int32_t)offer->over * bundle;
    listing->in_stock[slot] = offer->live;
    listing->latent[slot] = offer->latent * bundle;
    listing->round_missed += missed * bundle;
    if (offer->listed) {
        listing->now.latent += offer->latent * bundle;
        listing->now.price_days += market_door_price(listing) / bundle;
        listing->now.days++;
    }
    listing->round_views += offer->exposure * work->rules->demand.views_per_shopper * day->shoppers;
    /* Weekly weight 0.4, so 1 - 0.6^(1/7) a day. */
    listing->sales_average += 0.0704 * ((double)(offer->served * bundle) - listing->sales_average);
    struct market_tally *tally = &work->state->firms[offer->firm].tally;
    /* Buyers who came over from sold-out rivals are not demand of its own. */
    tally->served += (double)(offer->served - offer->spill_in);
    /* What came and was turned away is known; what a day without stock kept away is not. */
    tally->asked += offer->live ? (double)offer->drawn : offer->latent;
}

static void parcels_export(struct market_work *work, const struct market_offer *offer, int market,
                           const struct sale *sale)
{
    int product = offer->listing->product;
    market_parcels_declare(work, offer->firm, product, offer->listing->lane, sale->cogs_home);
    market_customs_export(work, offer->firm, product, market, true, sale->goods, sale->cogs_home);
}

enum err market_service_book(struct market_work *work, struct market_nest_day *day)
{
    for (int i = 0; i < day->offer_count; i++) {
        struct market_offer *offer = &day->offers[i];
        history_add(work, day, offer);
        if (offer->served == 0)
            continue;
        struct sale sale;
        struct market_stock *stock = stock_of(work, offer);
        double defect_rate = stock->defect_rate;
        TRY(sale_reckon(work, day->nest, offer, &sale));
        sale.cogs_home = market_stock_take(stock, sale.goods);
        int market = work->rules->nests[day->nest].market;
        if (work->rules->lanes[offer->listing->lane].kind == LANE_LOCAL)
            market_customs_sold(work, offer->firm, offer->listing->product, market, sale.goods);
        else
            parcels_export(work, offer, market, &sale);
        work->state->firms[offer->firm].units[offer->listing->product].sold += sale.goods;
        sale_post(work, day->nest, offer, &sale);
        parcels_send(work, day->nest, offer, &sale, defect_rate);
        round_add(offer->listing, &sale);
        if (stock->units == 0)
            market_notice_add(work, offer->firm, NOTICE_STOCK_OUT, offer->listing->product,
                              day->nest, offer->over);
    }
    return ERR_OK;
}
