/* The world before its first round. At a warm start every firm has the same going shop: 30 days'
 * stock, goods arriving on days 14 and 28, reviews, money held by channels, 60 days of history. */
#include "core/date.h"
#include "core/detmath.h"
#include "engine/market/nest.h"
#include "engine/market/policy.h"

static const double reviews_shown_days = 45; /* a young shop's shown reviews (assumed) */

/* How a firm serves a nest at the start: from a warehouse abroad when a lane leads there. */
struct opening {
    int supplier, lane_bulk, lane_sale; /* lane_bulk -1: goods stay at home */
    int place;
    double units_a_day;
    int64_t price_minor;
};

static int lane_pick(const struct market_rules *rules, int market, enum market_lane_kind kind)
{
    int best = -1;
    for (int l = 0; l < rules->lane_count; l++) {
        const struct market_lane *lane = &rules->lanes[l];
        if (lane->market == market && lane->kind == kind &&
            (best < 0 || lane->price_per_kg_minor < rules->lanes[best].price_per_kg_minor))
            best = l;
    }
    return best;
}

static int supplier_pick(const struct market_rules *rules, int product)
{
    int best = -1;
    for (int s = 0; s < rules->supplier_count; s++) {
        const struct market_supplier *row = &rules->suppliers[s];
        if (row->product == product &&
            (best < 0 || market_supplier_price_first(row) <
                             market_supplier_price_first(&rules->suppliers[best])))
            best = s;
    }
    return best;
}

static int64_t price_at_reference(const struct market_rules *rules, int n, int product)
{
    const struct market_nest *nest = &rules->nests[n];
    double beta = 0;
    for (int g = 0; g < MARKET_SEGMENTS; g++)
        beta += rules->demand.segment_weight[g] * rules->demand.price_beta[g];
    double fair = (double)nest->price_ref_minor * dm_exp(rules->products[product].appeal / beta);
    int64_t price = (int64_t)(fair + 0.5);
    int64_t least = (nest->price_ref_minor + 4) / 5, most = nest->price_ref_minor * 5;
    return price < least ? least : price > most ? most : price;
}

static struct opening opening_plan(const struct market_rules *rules, int n, int product)
{
    const struct market_nest *nest = &rules->nests[n];
    int local = lane_pick(rules, nest->market, LANE_LOCAL);
    int direct = lane_pick(rules, nest->market, LANE_DIRECT);
    return (struct opening){.supplier = supplier_pick(rules, product),
                            .lane_bulk =
                                local >= 0 ? lane_pick(rules, nest->market, LANE_BULK) : -1,
                            .lane_sale = local >= 0 ? local : direct,
                            .place = local >= 0 ? 1 + nest->market : 0,
                            .units_a_day = nest->units_per_firm_day / nest->listings_ref,
                            .price_minor = price_at_reference(rules, n, product)};
}

/* Season and weekday of a day, without growth and shock. */
static double index_of(const struct market_rules *rules, int n, int32_t day)
{
    const struct market_country *market = &rules->markets[rules->nests[n].market];
    int32_t date = rules->start_date + day;
    return market->season[date_iso_week(date) - 1] * market->weekday[date_weekday(date)];
}

static void history_fill(struct market_work *work, struct market_listing *listing,
                         const struct opening *plan)
{
    double carried = 0; /* error diffusion: whole units that add up to the expectation */
    for (int32_t day = -MARKET_HISTORY_DAYS; day < 0; day++) {
        double expected = plan->units_a_day * index_of(work->rules, listing->nest, day);
        int slot = market_ring_60(day);
        carried += expected;
        int32_t units = (int32_t)carried;
        carried -= units;
        listing->sold[slot] = units;
        listing->in_stock[slot] = 1;
        listing->latent[slot] = expected;
    }
    int days = work->rules->round_days;
    for (int back = 1; back < PAST_RING; back++) {
        struct market_past *past = &listing->past[PAST_RING - back];
        for (int d = 0; d < days; d++)
            past->latent +=
                plan->units_a_day * index_of(work->rules, listing->nest, d - back * days);
        past->price_days = plan->price_minor * days;
        past->days = days;
    }
    listing->smoothed_units = listing->past[PAST_RING - 1].latent;
}

static int promise_at_start(const struct market_work *work, int lane)
{
    bool local = work->rules->lanes[lane].kind == LANE_LOCAL;
    return (int)market_lane_kept(&work->state->lanes[lane],
                                 local ? LANE_SURE_OF_60 : LANE_USUAL_OF_60);
}

static void listing_start(struct market_work *work, int f, int product, int n,
                          const struct opening *plan)
{
    struct market_firm *firm = &work->state->firms[f];
    struct market_listing *listing = &firm->listings[firm->listing_count++];
    if (f > 0) { /* all firms open the same shop; its history is reckoned once */
        *listing = work->state->firms[0].listings[firm->listing_count - 1];
        return;
    }
    double rating_ref = work->rules->demand.rating_ref;
    int64_t reviews = (int64_t)(0.03 * reviews_shown_days * plan->units_a_day + 0.5);
    *listing = (struct market_listing){.product = product,
                                       .nest = n,
                                       .live = true,
                                       .price_minor = plan->price_minor,
                                       .lane = plan->lane_sale,
                                       .promise_days = promise_at_start(work, plan->lane_sale),
                                       .return_days = 14,
                                       .promotion.click_history = 1,
                                       .storefront.relevance = 1,
                                       .storefront.translation = 1,
                                       .sales_average = plan->units_a_day,
                                       .review_volume = market_review_ref(&work->rules->nests[n]),
                                       .review_count = reviews,
                                       .stars_sum = rating_ref * (double)reviews};
    if (listing->promise_days < 1)
        listing->promise_days = 1;
    history_fill(work, listing, plan);
}

/* Units of a stock that is worth `days` days of reference sales. */
static int64_t units_for(const struct opening *plan, int days)
{
    return (int64_t)(plan->units_a_day * days + 0.5);
}

static enum err stock_start(struct market_work *work, int f, int product, int n,
                            const struct opening *plan)
{
    struct market_firm *firm = &work->state->firms[f];
    struct market_unit_cost cost;
    int64_t units = units_for(plan, 30);
    TRY(market_unit_cost_reckon(work->rules, work->date, product, n, plan->supplier,
                                plan->lane_bulk, plan->lane_sale, units > 0 ? units : 1, &cost,
                                work->problem));
    double defects = work->rules->suppliers[plan->supplier].defect_rate;
    market_stock_add(market_stock_at(work->state, firm, plan->place, product), units,
                     units * cost.landed_minor, defects);
    market_post(work, f, 0, ACCOUNT_INVENTORY, ACCOUNT_EQUITY, units * cost.landed_minor,
                REASON_OPENING, product);
    firm->units[product].bought += units;
    for (int arrive = 14; arrive <= 28; arrive += 14) {
        int64_t more = units_for(plan, 14);
        /* On its way at the price paid: an inspection is no part of an invoice. */
        int64_t price = plan->lane_bulk >= 0
                            ? market_supplier_price(&work->rules->suppliers[plan->supplier],
                                                    units > 0 ? units : 1)
                            : cost.purchase_minor;
        int64_t goods = more * price, freight = more * cost.freight_minor;
        if (more == 0)
            continue;
        firm->units[product].bought += more;
        market_post(work, f, 0, ACCOUNT_TRANSIT, ACCOUNT_EQUITY,
                    plan->lane_bulk >= 0 ? goods + freight : 0, REASON_OPENING, product);
        if (plan->lane_bulk >= 0) {
            firm->shipments[firm->shipment_count++] =
                (struct market_shipment){.product = product,
                                         .lane = plan->lane_bulk,
                                         .units = more,
                                         .goods_minor = goods,
                                         .freight_minor = freight,
                                         .sent_day = work->day,
                                         .arrive_day = arrive,
                                         .defect_rate = defects};
            market_customs_stamp(work, f, &firm->shipments[firm->shipment_count - 1]);
        } else {
            /* No warehouse abroad: what would be on its way is at home already. */
            market_stock_add(market_stock_at(work->state, firm, 0, product), more, goods, defects);
            market_post(work, f, 0, ACCOUNT_INVENTORY, ACCOUNT_EQUITY, goods, REASON_OPENING,
                        product);
        }
    }
    return ERR_OK;
}

/* Takings of the last days that the channel still holds: price less fees; tax is settled. */
static void claims_start(struct market_work *work, int f, int n, const struct opening *plan,
                         const struct market_listing *listing)
{
    const struct market_rules *rules = work->rules;
    const struct market_nest *nest = &rules->nests[n];
    const struct market_country *market = &rules->markets[nest->market];
    int64_t referral = market_share_of(plan->price_minor, nest->referral_rate_1e9, RATE_ONE);
    if (referral < nest->referral_minimum_minor)
        referral = nest->referral_minimum_minor;
    int64_t fulfil =
        plan->lane_bulk >= 0 ? rules->products[listing->product].fulfil_fee_minor[nest->market] : 0;
    int64_t net = plan->price_minor - referral - fulfil;
    int hold_days = market_nest_hold_days(rules, n);
    for (int32_t day = -hold_days; net > 0 && day < 0; day++) {
        int64_t amount = net * listing->sold[market_ring_60(day)];
        int slot = (day + hold_days) % PAYOUT_RING;
        work->state->firms[f].payouts[market->currency][slot] += amount;
        market_post(work, f, market->currency, ACCOUNT_RECEIVABLE, ACCOUNT_EQUITY, amount,
                    REASON_OPENING, listing->product);
    }
}

/* A firm that may sell in few markets begins in the first of them. */
static bool nest_opens(const struct market_rules *rules, int n)
{
    return !market_rules_limited(rules) || rules->markets_max == 0 ||
           rules->nests[n].market < rules->markets_max;
}

static bool room_left(const struct market_rules *rules, const struct market_firm *firm, int room)
{
    if (market_rules_limited(rules) && rules->listings_max > 0 && rules->listings_max < room)
        room = rules->listings_max;
    return firm->listing_count < room;
}

static enum err firm_start(struct market_work *work, int f)
{
    const struct market_rules *rules = work->rules;
    struct market_firm *firm = &work->state->firms[f];
    market_post(work, f, 0, ACCOUNT_CASH, ACCOUNT_EQUITY, rules->finance.cash_opening_minor,
                REASON_OPENING, -1);
    for (int n = 0; rules->warm_start && n < rules->nest_count; n++) {
        int opened = 0;
        if (!nest_opens(rules, n))
            continue;
        for (int p = 0; p < rules->product_count && opened < rules->nests[n].listings_ref; p++) {
            if (rules->products[p].category != rules->nests[n].category ||
                !room_left(rules, firm, work->state->listing_room))
                continue;
            struct opening plan = opening_plan(rules, n, p);
            listing_start(work, f, p, n, &plan);
            TRY(stock_start(work, f, p, n, &plan));
            claims_start(work, f, n, &plan, &firm->listings[firm->listing_count - 1]);
            opened++;
        }
    }
    market_compliance_start(work, f);
    if (rules->warm_start)
        market_customs_start(work, f);
    firm->equity_opening_minor = firm->equity_minor = market_equity(work, f);
    return ERR_OK;
}

enum err market_open(struct arena *arena, const struct market_rules *rules,
                     const struct market_key *key, struct market_result *result,
                     struct problem *problem)
{
    static const struct market_probe probe = {.journal = true, .why_firm = -1, .check = true};
    TRY(market_rules_check(rules, problem));
    struct market_work work;
    market_work_init(&work, arena, rules, key, &probe, market_state_new(arena, rules), problem);
    for (int l = 0; l < rules->lane_count; l++)
        for (int32_t day = -MARKET_LANE_HISTORY; day < 0; day++)
            work.state->lanes[l].days[market_ring_60(day)] =
                (uint8_t)market_lane_draw_days(&work, l, day);
    market_lanes_promise(&work);
    for (int f = 0; f < work.state->firm_count; f++)
        TRY(firm_start(&work, f));
    TRY(market_invariants_check(&work));
    market_result_make(&work, result);
    return ERR_OK;
}
