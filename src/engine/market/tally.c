/* Indicators, closing values and points: what a firm's play adds up to (docs/model.md, scores). */
#include <math.h>

#include "core/detmath.h"
#include "core/text.h"
#include "engine/market/work.h"

static const double smoothing_weight = 0.4; /* of the forecast's yardstick, a round */
static const double rating_prior = 20, rating_prior_stars = 4.0;
static const double return_rate_expected = 1; /* of the category's rate, on what is not yet back */
enum { LATENT_DAYS = 56, COVER_DAYS = 60 };

static int64_t stock_on_hand(const struct market_state *state, const struct market_firm *firm)
{
    int64_t units = 0;
    for (int place = 0; place < state->place_count; place++)
        for (int p = 0; p < state->product_count; p++)
            units += market_stock_at(state, firm, place, p)->units;
    return units;
}

static void cover_tally(const struct market_work *work, struct market_firm *firm)
{
    double latent = 0;
    for (int i = 0; i < firm->listing_count; i++)
        latent += firm->listings[i].now.latent;
    if (!(latent > 0))
        return;
    double cover = (double)stock_on_hand(work->state, firm) / (latent / work->rules->round_days);
    firm->tally.cover_sum -= fabs(dm_log((cover + 1) / (double)(MARKET_COVER_TARGET_DAYS + 1)));
    firm->tally.cover_rounds++;
}

static void forecast_tally(struct market_firm *firm)
{
    double error = 0, smoothing = 0;
    bool any = false;
    for (int i = 0; i < firm->listing_count; i++) {
        struct market_listing *listing = &firm->listings[i];
        if (listing->forecast_given && listing->now.days > 0) {
            any = true;
            error += fabs((double)listing->forecast_units - listing->now.latent);
            smoothing += fabs(listing->smoothed_units - listing->now.latent);
        }
        double asked = (double)(listing->round_units + listing->round_missed);
        listing->smoothed_units += smoothing_weight * (asked - listing->smoothed_units);
    }
    if (!any)
        return;
    firm->tally.forecast_error += error;
    firm->tally.smoothing_error += smoothing;
    firm->tally.forecast_rounds++;
}

void market_tally_round(struct market_work *work)
{
    for (int f = 0; f < work->state->firm_count; f++) {
        struct market_firm *firm = &work->state->firms[f];
        cover_tally(work, firm);
        forecast_tally(firm);
        for (int i = 0; i < firm->listing_count; i++) {
            struct market_listing *listing = &firm->listings[i];
            listing->past[work->state->round % PAST_RING] = listing->now;
        }
    }
}

void market_indicators_get(const struct market_rules *rules, const struct market_state *state,
                           int f, struct market_indicators *indicators)
{
    const struct market_firm *firm = &state->firms[f];
    const struct market_tally *tally = &firm->tally;
    *indicators = (struct market_indicators){0};
    if (firm->equity_opening_minor > 0) {
        indicators->defined[INDICATOR_EQUITY] = true;
        indicators->value[INDICATOR_EQUITY] =
            (double)market_closing_equity(rules, state, f) / (double)firm->equity_opening_minor;
    }
    if (tally->asked > 0) {
        indicators->defined[INDICATOR_SERVICE] = true;
        indicators->value[INDICATOR_SERVICE] = tally->served / tally->asked;
    }
    if (tally->cover_rounds > 0) {
        indicators->defined[INDICATOR_STOCK] = true;
        indicators->value[INDICATOR_STOCK] = tally->cover_sum / tally->cover_rounds;
    }
    if (tally->smoothing_error > 0) {
        indicators->defined[INDICATOR_FORECAST] = true;
        indicators->value[INDICATOR_FORECAST] = 1 - tally->forecast_error / tally->smoothing_error;
    }
    indicators->defined[INDICATOR_RATING] = true;
    indicators->value[INDICATOR_RATING] = (rating_prior * rating_prior_stars + tally->stars_sum) /
                                          (rating_prior + (double)tally->reviews);
}

/* ---- closing as a going concern ---- */

static int64_t home_of(const struct market_rules *rules, const struct market_state *state,
                       int currency, int64_t minor)
{
    if (currency == 0)
        return minor;
    int64_t home = 0;
    bool fits = money_convert(minor, rules->currencies[currency], rules->currencies[0],
                              market_fx(rules, currency, state->day - 1), ROUND_HALF_UP, &home);
    return fits ? home : 0;
}

/* Demand a day and the home value a unit brings, over the 56 days before the last round. */
struct outlet {
    double units_per_day;
    double unit_home; /* price net of tax and fees, home minor units */
};

static struct outlet listing_outlet(const struct market_rules *rules,
                                    const struct market_state *state,
                                    const struct market_listing *listing)
{
    double latent = 0, price_days = 0;
    int days = 0;
    for (int back = 2; (back - 1) * rules->round_days <= LATENT_DAYS; back++) {
        int round = state->round - back;
        const struct market_past *past =
            &listing->past[((round % PAST_RING) + PAST_RING) % PAST_RING];
        latent += past->latent;
        price_days += (double)past->price_days;
        days += past->days;
    }
    const struct market_nest *nest = &rules->nests[listing->nest];
    const struct market_country *market = &rules->markets[nest->market];
    if (days == 0)
        return (struct outlet){0};
    const char *hs6 = rules->categories[nest->category].hs6;
    struct problem ignored;
    int64_t rate = 0;
    if (trade_tax_rate(&rules->trade, market->name.id, hs6, rules->start_date + state->day - 1,
                       &rate, &ignored) != ERR_OK)
        rate = 0; /* checked with the rules; unreachable */
    double price = price_days / days;
    double net = price * RATE_ONE / (double)(RATE_ONE + rate) -
                 price * (double)nest->referral_rate_1e9 / RATE_ONE -
                 (double)rules->products[listing->product].fulfil_fee_minor[nest->market];
    int64_t net_minor = net > 0 ? (int64_t)net : 0;
    return (struct outlet){.units_per_day = latent / days,
                           .unit_home = (double)home_of(rules, state, market->currency, net_minor)};
}

/* Units of a product anywhere and their landed value so far. */
struct holding {
    int64_t units, landed_minor;
};

static struct holding product_holding(const struct market_state *state,
                                      const struct market_firm *firm, int product)
{
    struct holding held = {0};
    for (int place = 0; place < state->place_count; place++) {
        const struct market_stock *stock = market_stock_at(state, firm, place, product);
        held.units += stock->units;
        held.landed_minor += stock->value_minor;
    }
    for (int s = 0; s < firm->shipment_count; s++)
        if (firm->shipments[s].product == product) {
            held.units += firm->shipments[s].units;
            held.landed_minor += firm->shipments[s].goods_minor + firm->shipments[s].freight_minor;
        }
    return held;
}

/* Stock at the lower of landed and net realisable up to 60 days of demand; 30 % of landed beyond.
 */
static struct market_closing_goods holding_open(const struct market_rules *rules,
                                                const struct market_state *state,
                                                const struct market_firm *firm, int product)
{
    struct holding held = product_holding(state, firm, product);
    struct market_closing_goods goods = {.units = held.units, .landed_minor = held.landed_minor};
    if (held.units == 0)
        return goods;
    double units_per_day = 0, worth = 0;
    for (int i = 0; i < firm->listing_count; i++) {
        if (firm->listings[i].product != product)
            continue;
        struct outlet outlet = listing_outlet(rules, state, &firm->listings[i]);
        units_per_day += outlet.units_per_day;
        worth += outlet.units_per_day * outlet.unit_home;
    }
    double landed = (double)held.landed_minor / (double)held.units;
    double realisable = units_per_day > 0 ? worth / units_per_day : 0;
    double saleable = COVER_DAYS * units_per_day;
    double near = (double)held.units < saleable ? (double)held.units : saleable;
    double value = near * (landed < realisable ? landed : realisable) +
                   ((double)held.units - near) * 0.3 * landed;
    goods.units_per_day = units_per_day;
    goods.landed = landed;
    goods.realisable = realisable;
    goods.near_units = near;
    goods.value_minor = (int64_t)value;
    return goods;
}

/* What channels hold less what will be refunded: returns on the way, and the usual share of parcels
 * that have not arrived. */
static int64_t refunds_expected(const struct market_rules *rules, const struct market_state *state,
                                const struct market_firm *firm, int index)
{
    const struct market_nest *nest = &rules->nests[firm->listings[index].nest];
    double rate = return_rate_expected * rules->categories[nest->category].return_rate;
    double open = 0;
    int64_t planned = 0;
    for (int d = 0; d < firm->delivery_count; d++)
        if (firm->deliveries[d].listing == index)
            open += (double)(firm->deliveries[d].gross_minor - firm->deliveries[d].tax_minor);
    for (int r = 0; r < firm->return_count; r++)
        if (firm->returns[r].listing == index)
            planned += firm->returns[r].gross_minor - firm->returns[r].tax_minor -
                       firm->returns[r].referral_minor;
    int64_t expected = planned + (int64_t)(open * rate);
    return home_of(rules, state, rules->markets[nest->market].currency, expected);
}

void market_closing_open(const struct market_rules *rules, const struct market_state *state, int f,
                         struct market_closing *closing)
{
    const struct market_firm *firm = &state->firms[f];
    /* Goods leave the books at landed value and come back at closing value. */
    *closing = (struct market_closing){.books_minor = firm->equity_minor,
                                       .goods_books_minor = firm->balance[ACCOUNT_INVENTORY][0] +
                                                            firm->balance[ACCOUNT_TRANSIT][0],
                                       .product_count = state->product_count};
    for (int i = 0; i < firm->listing_count; i++)
        closing->refunds_minor += refunds_expected(rules, state, firm, i);
    closing->export_tax_minor = market_customs_at_risk(state, rules, firm);
    closing->equity_minor = closing->books_minor - closing->goods_books_minor -
                            closing->refunds_minor - closing->export_tax_minor;
    for (int p = 0; p < state->product_count; p++) {
        closing->goods[p] = holding_open(rules, state, firm, p);
        closing->equity_minor += closing->goods[p].value_minor;
    }
}

int64_t market_closing_equity(const struct market_rules *rules, const struct market_state *state,
                              int f)
{
    struct market_closing closing;
    market_closing_open(rules, state, f, &closing);
    return closing.equity_minor;
}

/* ---- points ---- */

bool market_points(double value, double novice_mean, double steady_mean, double gap_error,
                   double *points)
{
    double gap = steady_mean - novice_mean;
    if (!(fabs(gap) > 2 * gap_error) || gap == 0)
        return false;
    double score = 60 + 25 * (value - novice_mean) / gap;
    *points = score < 0 ? 0 : score > 100 ? 100 : score;
    return true;
}

bool market_score_total(const struct market_rules *rules, const double points[INDICATOR_COUNT],
                        const bool scored[INDICATOR_COUNT], double *total)
{
    double sum = 0, weights = 0;
    for (int i = 0; i < INDICATOR_COUNT; i++) {
        if (!scored[i])
            continue;
        sum += points[i] * (double)rules->score_weight_1e9[i];
        weights += (double)rules->score_weight_1e9[i];
    }
    if (!(weights > 0))
        return false;
    *total = sum / weights;
    return true;
}

const char *market_indicator_name(enum market_indicator indicator)
{
    static const char *const names[INDICATOR_COUNT] = {[INDICATOR_EQUITY] = N_("closing equity"),
                                                       [INDICATOR_SERVICE] = N_("service"),
                                                       [INDICATOR_STOCK] = N_("stock cover"),
                                                       [INDICATOR_FORECAST] = N_("forecast"),
                                                       [INDICATOR_RATING] = N_("buyers' rating")};
    return names[indicator];
}
