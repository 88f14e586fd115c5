/* After the sale: parcels arrive or are lost, buyers write reviews, some send goods back.
 * All parameters here are assumed; docs/model.md lists them with a worked number each. */
#include <math.h>
#include <string.h>

#include "core/detmath.h"
#include "engine/market/nest.h"

static const double review_rate = 0.03;    /* reviews a delivered unit */
static const double review_keep = 0.98506; /* 0.9 a week: old reviews count less */
static const double star_sd = 1.1;         /* of one review */
static const double star_late = 0.4;       /* stars lost a day late, at most ten days */
static const double star_defect = 12.0;    /* stars lost per share of defects beyond usual: a buyer
                                              of a bad unit gives three less and writes four times
                                              as often */
static const double star_value = 0.6;      /* stars per ln(fair price / price) */
static const double defect_usual = 0.02;
static const double return_defect = 0.5;  /* share of defective units sent back */
static const double return_late = 0.01;   /* more returns a day late */
static const double return_window = 0.01; /* more returns a day of window beyond 14, relative */
static const double return_most = 0.9;
enum { RETURN_DAYS_MIN = 7, RETURN_DAYS_SPAN = 22, LATE_DAYS_MAX = 10 };

static double clip(double value, double least, double most)
{
    return value < least ? least : value > most ? most : value;
}

static struct rng_words listing_draw(const struct market_work *work, enum market_stream stream,
                                     int f, const struct market_listing *listing)
{
    return market_draw(work, stream, market_listing_object(f, listing->product, listing->nest), 0);
}

double market_stars_expected(const struct market_work *work, int f,
                             const struct market_listing *listing, const struct market_parcels *due)
{
    const struct market_nest *nest = &work->rules->nests[listing->nest];
    const struct market_demand *demand = &work->rules->demand;
    double units = (double)due->units;
    double beta = 0;
    for (int g = 0; g < MARKET_SEGMENTS; g++)
        beta += demand->segment_weight[g] * demand->price_beta[g];
    double price = (double)due->gross_minor / (double)due->goods; /* of a unit */
    /* ln(fair / price), where the fair price makes up for the product's appeal. */
    double value = work->rules->products[listing->product].appeal / beta -
                   dm_log(price / (double)nest->price_ref_minor);
    double late = clip((double)due->late_unit_days / units, 0, LATE_DAYS_MAX);
    double defects = due->defect_units / units - defect_usual;
    double shift = market_compliance_stars(work, f, listing) +
                   market_events_effect(work, f, nest->market, EVENT_STARS);
    double trouble = star_late * late + star_defect * defects;
    /* Service makes up for part of what went wrong. */
    if (trouble > 0)
        trouble *= market_compliance_relief(work, f, nest->market);
    double stars = demand->rating_ref + shift + star_value * value - trouble;
    return clip(stars, 1, 5);
}

static void reviews_add(struct market_work *work, int f, struct market_listing *listing,
                        const struct market_parcels *due)
{
    struct rng_words words = listing_draw(work, STREAM_REVIEW, f, listing);
    int64_t written =
        dm_poisson_quantile(review_rate * (double)due->units, rng_uniform(words.word[0]));
    if (written == 0)
        return;
    struct rng_words noise = listing_draw(work, STREAM_STARS, f, listing);
    double mean = market_stars_expected(work, f, listing, due) +
                  star_sd * dm_normal_from_word(noise.word[0]) / sqrt((double)written);
    double stars = clip(mean, 1, 5) * (double)written;
    listing->stars_sum += stars;
    listing->review_count += written;
    work->state->firms[f].tally.stars_sum += stars;
    work->state->firms[f].tally.reviews += written;
}

double market_return_rate(const struct market_work *work, int f,
                          const struct market_listing *listing, const struct market_parcels *due)
{
    const struct market_category *category =
        &work->rules->categories[work->rules->products[listing->product].category];
    int market = work->rules->nests[listing->nest].market;
    double units = (double)due->units;
    double rate = category->return_rate * market_training_factor(work, f) *
                      (1 + return_window * (listing->return_days - 14)) +
                  (return_defect * due->defect_units / units +
                   return_late * (double)due->late_unit_days / units) *
                      market_compliance_relief(work, f, market);
    return clip(rate * market_events_effect(work, f, market, EVENT_RETURNS), 0, return_most);
}

/* ---- parcels on their way, by the day of the round on which they are due ---- */

static void due_open(struct market_work *work, struct market_due *due, size_t room)
{
    size_t days = (size_t)work->rules->round_days;
    due->first = ARENA_ARRAY(work->arena, int, days);
    due->last = ARENA_ARRAY(work->arena, int, days);
    due->next = ARENA_ARRAY(work->arena, int, room);
}

/* Behind those of the same day; what is due after the round waits in the state. */
static void due_add(const struct market_work *work, struct market_due *due, int32_t due_day,
                    int index)
{
    int32_t day = due_day - work->state->day;
    if (day < 0 || day >= work->rules->round_days)
        return;
    if (due->first[day] == 0)
        due->first[day] = index + 1;
    else
        due->next[due->last[day] - 1] = index + 1;
    due->last[day] = index + 1;
}

static void returns_plan(struct market_work *work, int f, struct market_listing *listing,
                         const struct market_parcels *due)
{
    struct rng_words words = listing_draw(work, STREAM_RETURN, f, listing);
    int64_t back = dm_binomial_quantile(due->units, market_return_rate(work, f, listing, due),
                                        rng_uniform(words.word[0]));
    if (back == 0)
        return;
    struct rng_words delay = listing_draw(work, STREAM_RETURN_DELAY, f, listing);
    int days = RETURN_DAYS_MIN + (int)rng_below(delay.word[0], RETURN_DAYS_SPAN);
    struct market_firm *firm = &work->state->firms[f];
    int64_t parcels = due->units + due->lost;
    due_add(work, &work->returns_due[f], work->day + days, firm->return_count);
    firm->returns[firm->return_count++] = (struct market_return){
        .due_day = work->day + days,
        .listing = (int16_t)(listing - firm->listings),
        .units = (int32_t)back,
        .goods = market_share_of(due->goods, back, parcels),
        .gross_minor = market_share_of(due->gross_minor, back, parcels),
        .tax_minor = market_share_of(due->tax_minor, back, parcels),
        .referral_minor = market_share_of(due->referral_minor, back, parcels),
        .cogs_minor = market_share_of(due->cogs_minor, back, parcels)};
}

/* The buyer's money back, out of what the channel holds; the channel gives its fee back too. */
static void refund(struct market_work *work, int f, struct market_listing *listing,
                   const struct market_return *back)
{
    const struct market_country *market =
        &work->rules->markets[work->rules->nests[listing->nest].market];
    int c = market->currency, product = listing->product;
    market_post(work, f, c, ACCOUNT_REVENUE, ACCOUNT_RECEIVABLE,
                back->gross_minor - back->tax_minor, REASON_REFUND, product);
    market_post(work, f, c, ACCOUNT_TAX, ACCOUNT_RECEIVABLE, back->tax_minor, REASON_REFUND,
                product);
    market_post(work, f, c, ACCOUNT_RECEIVABLE, ACCOUNT_REFERRAL, back->referral_minor,
                REASON_REFUND, product);
    int due = market_payout_slot(work, f, listing->nest);
    work->state->firms[f].payouts[c][due] -= back->gross_minor - back->referral_minor;
    listing->round_refunds_minor += back->gross_minor;
}

static void parcels_lost(struct market_work *work, int f, struct market_listing *listing,
                         const struct market_parcels *due)
{
    int64_t parcels = due->units + due->lost;
    struct market_return lost = {
        .units = (int32_t)due->lost,
        .gross_minor = market_share_of(due->gross_minor, due->lost, parcels),
        .tax_minor = market_share_of(due->tax_minor, due->lost, parcels),
        .referral_minor = market_share_of(due->referral_minor, due->lost, parcels),
        .cogs_minor = market_share_of(due->cogs_minor, due->lost, parcels)};
    refund(work, f, listing, &lost);
    market_post(work, f, 0, ACCOUNT_WRITE_OFF, ACCOUNT_COGS, lost.cogs_minor, REASON_LOSS,
                listing->product);
    work->state->firms[f].units[listing->product].lost +=
        market_share_of(due->goods, due->lost, parcels);
}

static void deliveries_day(struct market_work *work, int f, struct market_listing *listing,
                           const struct market_parcels *arrived)
{
    const struct market_parcels due = *arrived;
    listing->review_volume = review_keep * listing->review_volume + review_rate * (double)due.units;
    if (due.lost > 0)
        parcels_lost(work, f, listing, &due);
    if (due.units == 0)
        return;
    listing->round_delivered += due.units;
    listing->round_late += due.late_units;
    double late = (double)due.late_units / (double)due.units;
    listing->late_average += 0.0704 * (late - listing->late_average);
    reviews_add(work, f, listing, &due);
    returns_plan(work, f, listing, &due);
}

static void returns_day(struct market_work *work, int f, struct market_listing *listing,
                        const struct market_return *arrived)
{
    const struct market_return back = *arrived;
    if (back.units == 0)
        return;
    const struct market_rules *rules = work->rules;
    struct market_firm *firm = &work->state->firms[f];
    int product = listing->product, market = rules->nests[listing->nest].market;
    int c = rules->markets[market].currency;
    refund(work, f, listing, &back);
    /* Taking a parcel back costs half of sending one. */
    int64_t handling =
        market_share_of(rules->products[product].fulfil_fee_minor[market], back.units, 2);
    market_post(work, f, c, ACCOUNT_FULFILMENT, ACCOUNT_RECEIVABLE, handling,
                REASON_RETURN_HANDLING, product);
    firm->payouts[c][market_payout_slot(work, f, listing->nest)] -= handling;
    listing->round_fees_minor += handling;
    listing->round_returned += back.goods;

    /* Only a firm with a warehouse there can put a returned unit on sale again. */
    bool warehouse = listing->lane >= 0 && rules->lanes[listing->lane].kind == LANE_LOCAL;
    double fit =
        warehouse ? rules->categories[rules->products[product].category].resale_fraction : 0;
    struct rng_words words = listing_draw(work, STREAM_RESALE, f, listing);
    int64_t resold = dm_binomial_quantile(back.goods, fit, rng_uniform(words.word[0]));
    int64_t value = back.goods > 0 ? market_share_of(back.cogs_minor, resold, back.goods) : 0;
    struct market_stock *stock = market_stock_at(work->state, firm, 1 + market, product);
    market_stock_add(stock, resold, value, stock->defect_rate);
    market_post(work, f, 0, ACCOUNT_INVENTORY, ACCOUNT_COGS, value, REASON_RETURN_STOCK, product);
    market_post(work, f, 0, ACCOUNT_WRITE_OFF, ACCOUNT_COGS, back.cogs_minor - value,
                REASON_WRITE_OFF, product);
    firm->units[product].returned += back.goods;
    firm->units[product].written_off += back.goods - resold;
}

void market_after_sale_round(struct market_work *work)
{
    const struct market_state *state = work->state;
    size_t firms = (size_t)state->firm_count;
    size_t more = (size_t)(work->rules->round_days * state->listing_room);
    work->deliveries_due = ARENA_ARRAY(work->arena, struct market_due, firms);
    work->returns_due = ARENA_ARRAY(work->arena, struct market_due, firms);
    for (int f = 0; f < state->firm_count; f++) {
        const struct market_firm *firm = &state->firms[f];
        due_open(work, &work->deliveries_due[f], (size_t)firm->delivery_count + more);
        due_open(work, &work->returns_due[f], (size_t)firm->return_count + more);
        for (int d = 0; d < firm->delivery_count; d++)
            due_add(work, &work->deliveries_due[f], firm->deliveries[d].due_day, d);
        for (int r = 0; r < firm->return_count; r++)
            due_add(work, &work->returns_due[f], firm->returns[r].due_day, r);
    }
}

struct market_delivery *market_delivery_new(struct market_work *work, int f, int32_t due_day)
{
    struct market_firm *firm = &work->state->firms[f];
    due_add(work, &work->deliveries_due[f], due_day, firm->delivery_count);
    return &firm->deliveries[firm->delivery_count++];
}

/* What arrives today, by listing. It stays in its place until the round ends. */
static void deliveries_due(struct market_work *work, int f)
{
    const struct market_due *due_days = &work->deliveries_due[f];
    int next = due_days->first[work->day - work->state->day];
    for (; next != 0; next = due_days->next[next - 1]) {
        const struct market_delivery *sent = &work->state->firms[f].deliveries[next - 1];
        struct market_parcels *due = &work->parcels[sent->listing];
        due->units += sent->units;
        due->lost += sent->lost;
        due->goods += sent->goods;
        due->late_units += sent->late_days > 0 ? sent->units : 0;
        due->late_unit_days += (int64_t)sent->late_days * sent->units;
        due->gross_minor += sent->gross_minor;
        due->tax_minor += sent->tax_minor;
        due->referral_minor += sent->referral_minor;
        due->cogs_minor += sent->cogs_minor;
        due->defect_units += sent->defect_rate * sent->units;
    }
}

static void returns_due(struct market_work *work, int f)
{
    const struct market_due *due_days = &work->returns_due[f];
    int next = due_days->first[work->day - work->state->day];
    for (; next != 0; next = due_days->next[next - 1]) {
        const struct market_return *sent = &work->state->firms[f].returns[next - 1];
        struct market_return *due = &work->backs[sent->listing];
        due->units += sent->units;
        due->goods += sent->goods;
        due->gross_minor += sent->gross_minor;
        due->tax_minor += sent->tax_minor;
        due->referral_minor += sent->referral_minor;
        due->cogs_minor += sent->cogs_minor;
    }
}

void market_after_sale_round_end(struct market_work *work)
{
    for (int f = 0; f < work->state->firm_count; f++) {
        struct market_firm *firm = &work->state->firms[f];
        int kept = 0;
        for (int d = 0; d < firm->delivery_count; d++)
            if (firm->deliveries[d].due_day > work->day)
                firm->deliveries[kept++] = firm->deliveries[d];
        firm->delivery_count = kept;
        kept = 0;
        for (int r = 0; r < firm->return_count; r++)
            if (firm->returns[r].due_day > work->day)
                firm->returns[kept++] = firm->returns[r];
        firm->return_count = kept;
    }
}

void market_after_sale_day(struct market_work *work)
{
    for (int f = 0; f < work->state->firm_count; f++) {
        struct market_firm *firm = &work->state->firms[f];
        size_t listings = (size_t)firm->listing_count;
        memset(work->parcels, 0, listings * sizeof(*work->parcels));
        memset(work->backs, 0, listings * sizeof(*work->backs));
        deliveries_due(work, f);
        returns_due(work, f);
        for (int i = 0; i < firm->listing_count; i++) {
            deliveries_day(work, f, &firm->listings[i], &work->parcels[i]);
            returns_day(work, f, &firm->listings[i], &work->backs[i]);
        }
    }
}
