/* Promotion: sponsored slots, brand and social spending (docs/model-level2.md, promotion). */
#include "engine/market/promotion.h"

#include <string.h>

#include "core/detmath.h"
#include "engine/market/auction.h"
#include "engine/market/nest.h"

enum { BLOCKS = 4 };
static const double history_step = 0.0704; /* weekly weight 0.4 */
static const double quality_least = 0.1, quality_most = 2;

static double clip(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

static enum err breaks(struct market_work *work, const struct market_offer *offer, const char *what)
{
    problem_set(work->problem, ERR_INVARIANT, ERR_CTEXT(what));
    return problem_place(work->problem, "firms[%d] day %d", offer->firm, (int)work->day);
}

/* ---- decisions ---- */

static void take_campaign(struct market_work *work, int f, const struct market_row *row)
{
    const struct market_rules *rules = work->rules;
    int product = (int)market_row_number(row, F_campaigns_product);
    int n = market_nest_find(rules, (int)market_row_number(row, F_campaigns_market),
                             (int)market_row_number(row, F_campaigns_channel),
                             rules->products[product].category);
    int group = (int)market_row_number(row, F_campaigns_query_group);
    struct market_listing *listing = market_listing_of(&work->state->firms[f], product, n);
    if (listing == NULL)
        return; /* nothing is sold there, so nothing can be shown */
    struct market_campaign *campaign = &listing->promotion.campaigns[group];
    if (market_row_has(row, F_campaigns_bid))
        campaign->bid_minor = market_row_number(row, F_campaigns_bid);
    if (market_row_has(row, F_campaigns_cap))
        campaign->cap_minor = market_row_number(row, F_campaigns_cap);
    if (market_row_has(row, F_campaigns_exclusions)) {
        struct str terms =
            row->value[market_field_index(LIST_campaigns, F_campaigns_exclusions)].text;
        campaign->waste_excluded = market_title_matches(terms.text, terms.length,
                                                        rules->nests[n].queries[group].waste_term);
    }
}

/* A day's spending on a channel of a market, over its nests by their reference revenue. */
static void take_brand(struct market_work *work, int f, const struct market_row *row)
{
    const struct market_rules *rules = work->rules;
    struct market_promotion_firm *firm = work->state->firms[f].promotion;
    int64_t weights[MARKET_NESTS_MAX], parts[MARKET_NESTS_MAX];
    bool here[MARKET_NESTS_MAX];
    size_t count = (size_t)rules->nest_count;
    for (int n = 0; n < rules->nest_count; n++) {
        const struct market_nest *nest = &rules->nests[n];
        here[n] = nest->market == market_row_number(row, F_brand_market) &&
                  nest->channel == market_row_number(row, F_brand_channel);
        double revenue = nest->units_per_firm_day * (double)nest->price_ref_minor;
        weights[n] = here[n] ? (int64_t)(revenue * 1000) + 1 : 0;
    }
    if (market_row_has(row, F_brand_brand_spend)) {
        int64_apportion(market_row_number(row, F_brand_brand_spend), weights, count, parts);
        for (size_t n = 0; n < count; n++)
            firm[n].brand_minor = here[n] ? parts[n] : firm[n].brand_minor;
    }
    if (market_row_has(row, F_brand_social_spend)) {
        int64_apportion(market_row_number(row, F_brand_social_spend), weights, count, parts);
        for (size_t n = 0; n < count; n++)
            firm[n].social_minor = here[n] ? parts[n] : firm[n].social_minor;
    }
}

enum err market_promotion_apply(struct market_work *work, int firm,
                                const struct market_seat_decisions *decisions)
{
    if (!work->rules->promotion.open)
        return ERR_OK;
    const struct market_rows *rows = &decisions->lists[LIST_campaigns];
    for (int r = 0; r < rows->count; r++)
        take_campaign(work, firm, &rows->rows[r]);
    rows = &decisions->lists[LIST_brand];
    for (int r = 0; r < rows->count; r++)
        take_brand(work, firm, &rows->rows[r]);
    return ERR_OK;
}

/* ---- sponsored slots ---- */

/* A day's auctions of one nest. */
struct sale_of_slots {
    struct market_work *work;
    struct market_nest_day *day;
    double views;                  /* [V] */
    int64_t clicks;                /* of all listings: never more than page views */
    int64_t *spent;                /* [offer]: of the query group being sold, today */
    int64_t *clicked, *paid_minor; /* [offer]: of the day */
    bool *shown;                   /* [offer]: won a slot today */
};

static double slot_quality(const struct sale_of_slots *sale, const struct market_offer *offer,
                           int group, int block)
{
    const struct market_work *work = sale->work;
    const struct market_listing *listing = offer->listing;
    double relevance = work->rules->storefront.open ? listing->storefront.relevance : 1;
    double sd = work->rules->promotion.quality_noise, noise = 1;
    if (sd > 0) {
        struct rng_words words =
            market_draw(work, STREAM_AUCTION_NOISE,
                        market_listing_object(offer->firm, listing->product, listing->nest),
                        (uint64_t)(group * BLOCKS + block));
        noise = dm_exp(sd * dm_normal_from_word(words.word[0]));
    }
    return clip(relevance * dm_exp(market_storefront_content(work, listing)) *
                    listing->promotion.click_history * noise,
                quality_least, quality_most);
}

/* The best bid of each firm: a firm takes one slot of a group at most. */
static int bids_gather(const struct sale_of_slots *sale, const struct auction_terms *terms,
                       int group, int block, struct auction_bid *bids)
{
    const struct market_work *work = sale->work;
    int count = 0, last = -1;
    double best = 0;
    for (int i = 0; i < sale->day->offer_count; i++) {
        const struct market_offer *offer = &sale->day->offers[i];
        const struct market_campaign *campaign = &offer->listing->promotion.campaigns[group];
        /* Out for the rest of the day when the cap has no room for a click at its bid. */
        if (!offer->live || campaign->bid_minor <= 0 ||
            campaign->cap_minor - sale->spent[i] < campaign->bid_minor ||
            work->state->firms[offer->firm].administration)
            continue;
        double quality = slot_quality(sale, offer, group, block);
        double score = (double)campaign->bid_minor * dm_pow(quality, terms->exponent);
        bool another = offer->firm == last;
        if (another && score <= best)
            continue;
        struct rng_words tie = market_draw(
            work, STREAM_AUCTION_TIE,
            market_listing_object(offer->firm, offer->listing->product, offer->listing->nest),
            (uint64_t)group);
        bids[another ? count - 1 : count++] = (struct auction_bid){
            .bid_minor = campaign->bid_minor, .quality = quality, .tie = tie.word[0], .bidder = i};
        last = offer->firm;
        best = score;
    }
    return count;
}

/* Expected clicks of a slot become whole ones by a keyed uniform, within cap and page views; the
 * same number is charged and counted, but clicks that never buy only cost. */
static enum err slot_sell(struct sale_of_slots *sale, int group, int block, double expected,
                          const struct auction_slot *slot)
{
    struct market_offer *offer = &sale->day->offers[slot->bidder];
    const struct market_query_group *query =
        &sale->work->rules->nests[sale->day->nest].queries[group];
    const struct market_campaign *campaign = &offer->listing->promotion.campaigns[group];
    double buying = 1;
    if (campaign->waste_excluded)
        expected *= 1 - query->waste;
    else
        buying = 1 - query->waste;
    struct rng_words words = market_draw(
        sale->work, STREAM_AUCTION_CLICKS,
        market_listing_object(offer->firm, offer->listing->product, offer->listing->nest),
        (uint64_t)(group * BLOCKS + block));
    int64_t clicks = (int64_t)(expected + rng_uniform(words.word[0]));
    int64_t views_left = (int64_t)sale->views - sale->clicks;
    int64_t affordable = slot->price_minor > 0
                             ? (campaign->cap_minor - sale->spent[slot->bidder]) / slot->price_minor
                             : clicks;
    clicks = clicks < views_left ? clicks : views_left;
    clicks = clicks < affordable ? clicks : affordable;
    sale->clicks += clicks;
    sale->spent[slot->bidder] += clicks * slot->price_minor;
    sale->clicked[slot->bidder] += clicks;
    sale->paid_minor[slot->bidder] += clicks * slot->price_minor;
    sale->shown[slot->bidder] = true;
    if (clicks > 0)
        offer->sponsored += (double)clicks * buying / sale->views;
    if (slot->price_minor > campaign->bid_minor)
        return breaks(sale->work, offer, "price per click <= bid");
    if (sale->spent[slot->bidder] > campaign->cap_minor)
        return breaks(sale->work, offer, "ad spend <= cap");
    return ERR_OK;
}

static enum err group_sell(struct sale_of_slots *sale, int group)
{
    const struct market_rules *rules = sale->work->rules;
    const struct market_nest *nest = &rules->nests[sale->day->nest];
    const struct market_promotion_rules *promotion = &rules->promotion;
    double view_value = (double)nest->price_ref_minor * rules->demand.inside_share /
                        rules->demand.views_per_shopper;
    struct auction_terms terms = {.slots = promotion->slots,
                                  .exponent = promotion->exponent,
                                  .increment_minor = 1,
                                  .reserve_1e9 =
                                      (int64_t)(promotion->reserve_share * view_value * 1e9)};
    double clicks = promotion->sponsored_share * sale->views * nest->queries[group].weight / BLOCKS;
    memset(sale->spent, 0, (size_t)sale->day->offer_count * sizeof(*sale->spent));
    for (int block = 0; block < BLOCKS; block++) {
        struct auction_bid bids[AUCTION_BIDS_MAX];
        struct auction_slot slots[AUCTION_SLOTS_MAX];
        int count = bids_gather(sale, &terms, group, block, bids);
        int sold = auction_run(&terms, bids, count, slots);
        for (int s = 0; s < sold; s++)
            TRY(slot_sell(sale, group, block, clicks * auction_slot_share(s, terms.slots),
                          &slots[s]));
    }
    return ERR_OK;
}

/* Held back from what the channel pays out for this day, like its other fees. */
static void clicks_charge(struct sale_of_slots *sale)
{
    struct market_work *work = sale->work;
    int nest = sale->day->nest;
    int c = work->rules->markets[work->rules->nests[nest].market].currency;
    for (int i = 0; i < sale->day->offer_count; i++) {
        struct market_offer *offer = &sale->day->offers[i];
        struct market_promotion_listing *promotion = &offer->listing->promotion;
        if (!sale->shown[i])
            continue;
        market_post(work, offer->firm, c, ACCOUNT_ADS, ACCOUNT_RECEIVABLE, sale->paid_minor[i],
                    REASON_ADS, offer->listing->product);
        work->state->firms[offer->firm].payouts[c][market_payout_slot(work, offer->firm, nest)] -=
            sale->paid_minor[i];
        promotion->round_clicks += sale->clicked[i];
        promotion->round_spend_minor += sale->paid_minor[i];
        /* Clicks a view over reference follow what the listing is worth to those who see it. */
        double worth = 0;
        for (int g = 0; g < MARKET_SEGMENTS; g++)
            worth += work->rules->demand.segment_weight[g] * offer->appeal_by_segment[g];
        promotion->click_history += history_step * (clip(worth, 0.5, 2) - promotion->click_history);
    }
}

static enum err slots_day(struct market_work *work, struct market_nest_day *day)
{
    size_t count = (size_t)day->offer_count;
    struct arena_mark mark = arena_mark_get(work->arena);
    struct sale_of_slots sale = {.work = work,
                                 .day = day,
                                 .views =
                                     work->rules->demand.views_per_shopper * day->traffic.shoppers,
                                 .spent = ARENA_ARRAY(work->arena, int64_t, count),
                                 .clicked = ARENA_ARRAY(work->arena, int64_t, count),
                                 .paid_minor = ARENA_ARRAY(work->arena, int64_t, count),
                                 .shown = ARENA_ARRAY(work->arena, bool, count)};
    for (int q = 0; q < work->rules->nests[day->nest].query_count; q++)
        TRY(group_sell(&sale, q));
    if (!work->probe->journal) {
        clicks_charge(&sale);
        arena_rewind(work->arena, mark);
        return ERR_OK;
    }
    clicks_charge(&sale); /* journal entries may grow behind the mark: keep all */
    return ERR_OK;
}

/* ---- brand and social ---- */

/* Home minor units of one minor unit of a nest's currency today. */
static double home_rate(const struct market_work *work, const struct market_nest *nest)
{
    return (double)market_to_home(work, work->rules->markets[nest->market].currency, RATE_ONE) /
           RATE_ONE;
}

double market_promotion_goodwill_unit(const struct market_work *work, int n)
{
    const struct market_nest *nest = &work->rules->nests[n];
    return work->rules->promotion.goodwill_scale * nest->units_per_firm_day * 7 *
           (double)nest->price_ref_minor * home_rate(work, nest);
}

double market_promotion_visitors(const struct market_work *work, int n, int64_t spend_minor)
{
    const struct market_nest *nest = &work->rules->nests[n];
    const struct market_demand *demand = &work->rules->demand;
    double view = work->rules->promotion.visit_cost * (double)nest->price_ref_minor *
                  demand->inside_share / demand->views_per_shopper * home_rate(work, nest);
    double room = nest->units_per_firm_day / demand->inside_share;
    if (!(view > 0))
        return 0;
    double visitors = (double)spend_minor / view / demand->views_per_shopper;
    return room * (1 - dm_exp(-visitors / room));
}

static void visitors_bring(struct market_work *work, struct market_nest_day *day, int f, int live)
{
    int64_t spend = work->state->firms[f].promotion[day->nest].social_minor;
    double each = market_promotion_visitors(work, day->nest, spend) / live;
    for (int i = 0; i < day->offer_count; i++)
        if (day->offers[i].firm == f && day->offers[i].live)
            day->offers[i].outside += each;
}

static void brand_day(struct market_work *work, struct market_nest_day *day, int f)
{
    struct market_firm *firm = &work->state->firms[f];
    struct market_promotion_firm *promotion = &firm->promotion[day->nest];
    int live = 0;
    for (int i = 0; i < day->offer_count; i++)
        live += day->offers[i].firm == f && day->offers[i].live;
    /* Posts about goods that cannot be bought are not paid for. */
    int64_t spend = promotion->brand_minor + (live > 0 ? promotion->social_minor : 0);
    if (firm->administration || spend > market_can_pay(work, f))
        spend = 0;
    promotion->goodwill *= work->rules->promotion.goodwill_keep;
    if (spend == 0)
        return;
    double unit = market_promotion_goodwill_unit(work, day->nest);
    promotion->goodwill += unit > 0 ? (double)spend / unit : 0;
    promotion->round_spend_minor += spend;
    market_post(work, f, 0, ACCOUNT_ADS, ACCOUNT_CASH, spend, REASON_ADS, -1);
    if (live > 0 && promotion->social_minor > 0)
        visitors_bring(work, day, f, live);
}

double market_promotion_brand(const struct market_work *work, int firm, int nest)
{
    double goodwill = work->state->firms[firm].promotion[nest].goodwill;
    return goodwill > 0 ? work->rules->demand.brand_kappa * dm_log1p(goodwill) : 0;
}

/* ---- the day ---- */

enum err market_promotion_day(struct market_work *work, struct market_nest_day *day)
{
    TRY(slots_day(work, day));
    for (int f = 0; f < work->state->firm_count; f++)
        brand_day(work, day, f);
    return ERR_OK;
}

enum err market_promotion_check(struct market_work *work, const struct market_nest_day *day)
{
    double seen = 0, sponsored = 0;
    int live = 0;
    for (int i = 0; i < day->offer_count; i++) {
        seen += day->offers[i].exposure;
        sponsored += day->offers[i].sponsored;
        live += day->offers[i].live;
    }
    bool any = live > 0 && day->shoppers > 0;
    if (sponsored > 1 + 1e-9 || (any && !(seen > 1 - 1e-9 && seen < 1 + 1e-9)))
        return breaks(work, &day->offers[0], "exposures sum to 1");
    return ERR_OK;
}

void market_promotion_round_begin(struct market_work *work, int firm)
{
    struct market_firm *books = &work->state->firms[firm];
    for (int i = 0; i < books->listing_count; i++)
        books->listings[i].promotion.round_clicks = books->listings[i].promotion.round_spend_minor =
            0;
    for (int n = 0; n < work->state->nest_count; n++)
        books->promotion[n].round_spend_minor = 0;
}
