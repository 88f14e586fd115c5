/* Exposure and choice: who is seen, and who of the seen is bought (docs/model.md, exposure,
 * choice). A nested logit per segment, weighted by exposure, measured from the nest's reference
 * listing. */
#include <math.h>

#include "core/detmath.h"
#include "engine/market/nest.h"

/* f(d) = -0.002 d up to seven days, then -0.014 - 0.009 (d - 7). */
static double delivery_utility(double days)
{
    return days <= 7 ? -0.002 * days : -0.014 - 0.009 * (days - 7);
}

static double rating_of(const struct market_listing *listing, double rating_ref)
{
    /* A prior of five reviews at the reference. */
    return (5 * rating_ref + listing->stars_sum) / (5 + (double)listing->review_count);
}

double market_review_ref(const struct market_nest *nest)
{
    /* 0.03 / (1 - 0.98506): what a reference listing's recent reviews settle at, a unit a day. */
    return 2.008 * nest->units_per_firm_day / nest->listings_ref;
}

static double price_utility(double beta, double log_price)
{
    static const double log_floor = -0.916290731874155065; /* ln 0.4 */
    static const double log_double = 0.693147180559945309; /* ln 2 */
    double far = log_price - log_double;
    double bounded = log_price > log_floor ? log_price : log_floor;
    return -beta * bounded - (far > 0 ? 1.5 * far * far : 0);
}

/* A bundle is compared by the price of a unit. */
static const struct again_price *price_again(const struct market_work *work, int n, int f,
                                             const struct market_listing *listing)
{
    const struct market_demand *demand = &work->rules->demand;
    struct again_price *last = &market_again_of(work, f, listing)->price;
    double relative =
        (double)market_door_price(listing) /
        ((double)work->rules->nests[n].price_ref_minor * market_bundle_units(listing));
    if (last->known && last->relative == relative)
        return last;
    *last = (struct again_price){.known = true, .relative = relative};
    double log_price = dm_log(relative);
    for (int g = 0; g < MARKET_SEGMENTS; g++) {
        last->utility[g] = price_utility(demand->price_beta[g], log_price);
        last->appeal[g] = dm_exp(last->utility[g] / demand->lambda);
    }
    return last;
}

/* The terms that all segments share; that of the price stays 0. */
static void shared_terms(const struct market_work *work, int n, int f,
                         const struct market_listing *listing, double terms[TERM_COUNT])
{
    const struct market_nest *nest = &work->rules->nests[n];
    const struct market_demand *demand = &work->rules->demand;
    double rating = rating_of(listing, demand->rating_ref) / demand->rating_ref;
    double review_ref = market_review_ref(nest);
    double kept = work->lane_promise[listing->lane];
    double days = listing->promise_days > kept ? listing->promise_days : kept;
    struct market_again *again = market_again_of(work, f, listing);
    terms[TERM_APPEAL] = work->rules->products[listing->product].appeal;
    terms[TERM_PRICE] = 0;
    terms[TERM_RATING] = demand->rating_rho * again_log(&again->log_rating, rating);
    terms[TERM_REVIEWS] = demand->review_rho *
                          dm_log((0.1 * review_ref + listing->review_volume) / (1.1 * review_ref));
    terms[TERM_DELIVERY] = delivery_utility(days) - delivery_utility(nest->promise_ref_days);
    terms[TERM_BRAND] = market_promotion_brand(work, f, n);
    terms[TERM_CONTENT] = market_storefront_content(work, listing);
    terms[TERM_TRUST] = 0.02 * (listing->return_days - 14) / 16.0 +
                        market_storefront_trust(work, listing) +
                        market_customs_parcel_u(work, f, listing);
    terms[TERM_LUCK] = demand->luck_sd * work->state->firms[f].luck;
}

void market_utility_terms(const struct market_work *work, int n, int f,
                          const struct market_listing *listing,
                          double terms[MARKET_SEGMENTS][TERM_COUNT])
{
    const struct again_price *price = price_again(work, n, f, listing);
    for (int g = 0; g < MARKET_SEGMENTS; g++) {
        shared_terms(work, n, f, listing, terms[g]);
        terms[g][TERM_PRICE] = price->utility[g];
    }
}

static struct market_organic organic_terms(const struct market_work *work, int n,
                                           const struct market_listing *listing, int own)
{
    const struct market_nest *nest = &work->rules->nests[n];
    double r0 = 0.2 * nest->units_per_firm_day / nest->listings_ref;
    /* Late parcels hide a listing: beyond a quarter of them late, down to half the weight. */
    double late = listing->late_average - 0.25;
    double hidden = late > 0 ? 2 * late : 0;
    return (struct market_organic){
        .relevance = work->rules->storefront.open ? listing->storefront.relevance : 1,
        .health = 1 - (hidden < 0.5 ? hidden : 0.5),
        .own_listings = 1 / sqrt((double)(own > 0 ? own : 1)),
        .rank = dm_exp(work->rules->demand.rank_exponent * dm_log(listing->sales_average + r0))};
}

struct market_organic market_organic_terms(const struct market_work *work, int n, int f,
                                           const struct market_listing *listing)
{
    const struct market_firm *firm = &work->state->firms[f];
    int own = 0;
    for (int i = 0; i < firm->listing_count; i++)
        own += firm->listings[i].nest == n && market_is_listed(work, f, &firm->listings[i]);
    return organic_terms(work, n, listing, own);
}

/* `own`: the firm's listings in the nest today. */
static void offer_prepare(const struct market_work *work, int n, int own,
                          struct market_offer *offer)
{
    double terms[TERM_COUNT], utility = 0;
    shared_terms(work, n, offer->firm, offer->listing, terms);
    for (int t = 0; t < TERM_COUNT; t++)
        utility += terms[t];
    /* exp((price + rest) / lambda), of which the price's part is that of yesterday. */
    double rest = dm_exp(utility / work->rules->demand.lambda);
    const struct again_price *price = price_again(work, n, offer->firm, offer->listing);
    for (int g = 0; g < MARKET_SEGMENTS; g++)
        offer->appeal_by_segment[g] = price->appeal[g] * rest;
    struct market_organic organic = organic_terms(work, n, offer->listing, own);
    offer->organic = organic.relevance * organic.health * organic.own_listings * organic.rank;
}

/* Who is seen: sponsored slots first, the rest by organic weight; then those from outside, who come
 * for one listing. `live_only` false: as if every listed offer had stock, for latent demand. */
static double exposures(const struct market_nest_day *day, bool live_only, double *exposure)
{
    double organic = 0, sponsored = 0, outside = 0;
    for (int i = 0; i < day->offer_count; i++) {
        const struct market_offer *offer = &day->offers[i];
        if (!(live_only ? offer->live : offer->listed))
            continue;
        organic += offer->organic;
        sponsored += offer->sponsored;
        outside += offer->outside;
    }
    double shoppers = day->traffic.shoppers + outside;
    for (int i = 0; i < day->offer_count; i++) {
        const struct market_offer *offer = &day->offers[i];
        exposure[i] = 0;
        if (!(live_only ? offer->live : offer->listed))
            continue;
        double seen = (1 - sponsored) * offer->organic / organic + offer->sponsored;
        exposure[i] =
            outside > 0 ? (day->traffic.shoppers * seen + offer->outside) / shoppers : seen;
    }
    return shoppers;
}

/* [min(1, L/J_ref)]: a nest with few firms is not a gold mine. */
static double presence(const struct market_work *work, const struct market_nest_day *day,
                       bool live_only)
{
    const struct market_nest *nest = &work->rules->nests[day->nest];
    int expected = nest->firms_expected > 0 ? nest->firms_expected : work->rules->firms;
    int firms = 0, last = -1;
    for (int i = 0; i < day->offer_count; i++) {
        const struct market_offer *offer = &day->offers[i];
        if (!(live_only ? offer->live : offer->listed))
            continue;
        firms += offer->firm != last;
        last = offer->firm;
    }
    return firms < expected ? (double)firms / expected : 1;
}

/* Shares of all segments at once, listing by listing: a listing that is not seen has exposure 0 and
 * adds nothing. */
static void shares(const struct market_work *work, struct market_nest_day *day, bool live_only)
{
    const struct market_demand *demand = &work->rules->demand;
    struct arena_mark mark = arena_mark_get(work->arena);
    double *exposure = ARENA_ARRAY(work->arena, double, (size_t)day->offer_count);
    double shoppers = exposures(day, live_only, exposure);
    double present = presence(work, day, live_only);
    double sum[MARKET_SEGMENTS] = {0}, factor[MARKET_SEGMENTS] = {0};
    for (int i = 0; i < day->offer_count; i++)
        for (int g = 0; g < MARKET_SEGMENTS; g++)
            sum[g] += exposure[i] * day->offers[i].appeal_by_segment[g];
    for (int g = 0; g < MARKET_SEGMENTS; g++) {
        double weight = present * sum[g];
        /* W^lambda / (e^u0 + W^lambda); 0 for an empty nest. */
        double power = weight > 0 ? dm_pow(weight, demand->lambda) : 0;
        double nest_share = power / (day->exp_outside + power);
        if (live_only) {
            day->nest_weight[g] = weight;
            day->nest_share[g] = nest_share;
        }
        if (sum[g] > 0)
            factor[g] = shoppers * demand->segment_weight[g] * nest_share / sum[g];
    }
    if (live_only)
        day->shoppers = shoppers;
    for (int i = 0; i < day->offer_count; i++) {
        struct market_offer *offer = &day->offers[i];
        double units = 0;
        for (int g = 0; g < MARKET_SEGMENTS; g++)
            units += factor[g] * exposure[i] * offer->appeal_by_segment[g];
        offer->latent = units;
        if (live_only) {
            offer->exposure = exposure[i];
            offer->expected = units;
        }
    }
    arena_rewind(work->arena, mark);
}

void market_choice_prepare(const struct market_work *work, struct market_nest_day *day)
{
    double s0 = work->rules->demand.inside_share;
    day->exp_outside = (1 - s0) / s0;
    /* A firm's offers stand together. */
    for (int first = 0, end; first < day->offer_count; first = end) {
        int own = 0;
        for (end = first;
             end < day->offer_count && day->offers[end].firm == day->offers[first].firm; end++)
            own += day->offers[end].listed;
        for (int i = first; i < end; i++)
            if (day->offers[i].listed)
                offer_prepare(work, day->nest, own, &day->offers[i]);
    }
}

void market_choice_day(const struct market_work *work, struct market_nest_day *day)
{
    bool all_live = true;
    for (int i = 0; i < day->offer_count; i++)
        all_live = all_live && day->offers[i].live == day->offers[i].listed;
    shares(work, day, true);
    if (!all_live)
        shares(work, day, false);
}
