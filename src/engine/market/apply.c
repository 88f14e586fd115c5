/* The round's decisions: checked for all firms before anything changes, then carried out on the
 * round's first day. What business forbids (no cash, no stock) is not an error but a notice. */
#include "core/detmath.h"
#include "engine/market/work.h"

static enum err check_all(const struct market_work *work, const struct market_decisions *decisions)
{
    const struct market_rules *rules = work->rules;
    if (decisions->firm_count != rules->firms) {
        problem_set(work->problem, ERR_RANGE, ERR_INT(decisions->firm_count), ERR_INT(rules->firms),
                    ERR_INT(rules->firms));
        return problem_place(work->problem, "firms");
    }
    for (int f = 0; f < decisions->firm_count; f++) {
        enum err code =
            market_decisions_check(rules, SEAT_FIRM, &decisions->firms[f], work->problem);
        if (code != ERR_OK) {
            problem_place_prefix(work->problem, "firms[%d].", f);
            return code;
        }
    }
    for (int o = 0; o < decisions->other_count; o++) {
        const struct market_other_seat *other = &decisions->others[o];
        enum err code =
            market_decisions_check(rules, other->seat, &other->decisions, work->problem);
        if (code != ERR_OK) {
            problem_place_prefix(work->problem, "%s[%d].", market_seat_name(other->seat),
                                 other->number);
            return code;
        }
    }
    return ERR_OK;
}

static int row_nest(const struct market_rules *rules, const struct market_row *row)
{
    int product = (int)row->value[0].number;
    return market_nest_find(rules, (int)row->value[1].number, (int)row->value[2].number,
                            rules->products[product].category);
}

/* A listing that opens now: no reviews, no sales, what the buyer sees of a newcomer. */
static struct market_listing *listing_open(const struct market_work *work, struct market_firm *firm,
                                           int product, int nest)
{
    const struct market_storefront_rules *storefront = &work->rules->storefront;
    struct market_listing *listing = &firm->listings[firm->listing_count++];
    *listing = (struct market_listing){.product = product,
                                       .nest = nest,
                                       .lane = -1,
                                       .promise_days = 30,
                                       .return_days = 14,
                                       .promotion.click_history = 1,
                                       .storefront.relevance =
                                           storefront->open ? storefront->relevance_floor : 1,
                                       .storefront.translation = 1};
    return listing;
}

static void take_number(const struct market_row *row, enum market_field field, int *value)
{
    if (market_row_has(row, field))
        *value = (int)market_row_number(row, field);
}

/* The band holds for a unit's door price; here because any of price, coupon and bundle may have
 * been carried on. */
static enum err price_band_check(struct market_work *work, int f, int r,
                                 const struct market_row *row, const struct market_listing *listing)
{
    const struct market_nest *nest = &work->rules->nests[listing->nest];
    int64_t bundle = market_bundle_units(listing);
    int64_t least = (nest->price_ref_minor + 4) / 5 * bundle;
    int64_t most = nest->price_ref_minor * 5 * bundle;
    int64_t door = market_door_price(listing);
    if (listing->price_minor == 0 || (door >= least && listing->price_minor <= most))
        return ERR_OK;
    int decimals =
        currency_decimals(work->rules->currencies[work->rules->markets[nest->market].currency]);
    problem_set(work->problem, ERR_PRICE_BAND, ERR_DECIMAL(door, decimals),
                ERR_DECIMAL(least, decimals), ERR_DECIMAL(most, decimals));
    const char *blame = market_row_has(row, F_listings_coupon)  ? "coupon"
                        : market_row_has(row, F_listings_price) ? "price"
                                                                : "bundle_units";
    return problem_place(work->problem, "firms[%d].listings[%d].%s", f, r, blame);
}

static enum err apply_listing(struct market_work *work, int f, int r, const struct market_row *row)
{
    struct market_firm *firm = &work->state->firms[f];
    int product = (int)market_row_number(row, F_listings_product);
    int nest = row_nest(work->rules, row);
    struct market_listing *listing = market_listing_of(firm, product, nest);
    if (listing == NULL) {
        if (firm->listing_count == work->state->listing_room) {
            problem_set(work->problem, ERR_LIST_TOO_LONG, ERR_INT(firm->listing_count + 1),
                        ERR_INT(work->state->listing_room));
            return problem_place(work->problem, "firms[%d].listings[%d]", f, r);
        }
        listing = listing_open(work, firm, product, nest);
        listing->live = true;
    }
    if (market_row_has(row, F_listings_live))
        listing->live = market_row_number(row, F_listings_live) != 0;
    if (market_row_has(row, F_listings_price))
        listing->price_minor = market_row_number(row, F_listings_price);
    if (market_row_has(row, F_listings_coupon))
        listing->coupon_minor = market_row_number(row, F_listings_coupon);
    take_number(row, F_listings_lane, &listing->lane);
    take_number(row, F_listings_promise_days, &listing->promise_days);
    take_number(row, F_listings_return_days, &listing->return_days);
    take_number(row, F_listings_bundle_units, &listing->storefront.bundle_units);
    return price_band_check(work, f, r, row, listing);
}

/* A firm may choose where it sells, but not everywhere at once. The last row that names a live
 * listing is blamed: without it the rest may stand. */
static enum err limits_check(const struct market_work *work, int f, const struct market_rows *rows)
{
    const struct market_rules *rules = work->rules;
    struct market_firm *firm = &work->state->firms[f];
    bool sold[MARKET_MARKETS_MAX] = {false};
    int live = 0, markets = 0, blamed = 0;
    if (!market_rules_limited(rules))
        return ERR_OK;
    for (int i = 0; i < firm->listing_count; i++) {
        int market = rules->nests[firm->listings[i].nest].market;
        if (!firm->listings[i].live)
            continue;
        live++;
        markets += !sold[market];
        sold[market] = true;
    }
    for (int r = 0; r < rows->count; r++) {
        const struct market_row *row = &rows->rows[r];
        const struct market_listing *listing =
            market_listing_of(firm, (int)row->value[0].number, row_nest(rules, row));
        if (listing != NULL && listing->live)
            blamed = r;
    }
    if (rules->markets_max > 0 && markets > rules->markets_max) {
        problem_set(work->problem, ERR_LIMIT, ERR_KEY(N_("markets a firm sells in")),
                    ERR_INT(markets), ERR_INT(rules->markets_max));
    } else if (rules->listings_max > 0 && live > rules->listings_max) {
        problem_set(work->problem, ERR_LIMIT, ERR_KEY(N_("live listings of a firm")), ERR_INT(live),
                    ERR_INT(rules->listings_max));
        return problem_place(work->problem, "firms[%d].listings[%d]", f, blamed);
    } else {
        return ERR_OK;
    }
    return problem_place(work->problem, "firms[%d].listings[%d].market", f, blamed);
}

static void apply_order(struct market_work *work, int f, const struct market_row *row)
{
    struct market_order_terms terms = {.product = (int)market_row_number(row, F_orders_product),
                                       .supplier = (int)market_row_number(row, F_orders_supplier),
                                       .lane = market_row_has(row, F_orders_lane)
                                                   ? (int)market_row_number(row, F_orders_lane)
                                                   : -1,
                                       .units = market_row_number(row, F_orders_units),
                                       .inspect = market_row_has(row, F_orders_inspect) &&
                                                  market_row_number(row, F_orders_inspect) != 0};
    (void)market_order_place(work, f, &terms);
}

static void apply_transfer(struct market_work *work, int f, const struct market_row *row)
{
    struct market_firm *firm = &work->state->firms[f];
    int product = (int)market_row_number(row, F_transfers_product);
    int lane = (int)market_row_number(row, F_transfers_lane);
    int64_t units = market_row_number(row, F_transfers_units);
    struct market_stock *home = market_stock_at(work->state, firm, 0, product);
    if (units > home->units) {
        market_notice_add(work, f, NOTICE_TRANSFER_SHORT, product, lane, units);
        return;
    }
    bool insured = work->rules->sourcing.open && market_row_has(row, F_transfers_insured) &&
                   market_row_number(row, F_transfers_insured) != 0;
    int64_t goods = units == home->units ? home->value_minor
                                         : market_share_of(home->value_minor, units, home->units);
    int64_t due = market_consignment_cost(work, f, product, lane, units) +
                  (insured ? market_insurance_premium(work->rules, goods) : 0);
    if (firm->administration || due > market_can_pay(work, f)) {
        market_notice_add(work, f, NOTICE_TRANSFER_UNPAID, product, lane, due);
        return;
    }
    double defect_rate = home->defect_rate;
    goods = market_stock_take(home, units);
    market_post(work, f, 0, ACCOUNT_TRANSIT, ACCOUNT_INVENTORY, goods, REASON_FREIGHT, product);
    market_ship(work, f, product, lane, units, goods, defect_rate, insured);
}

static void apply_removal(struct market_work *work, int f, const struct market_row *row)
{
    struct market_firm *firm = &work->state->firms[f];
    int product = (int)market_row_number(row, F_removals_product);
    int place = 1 + (int)market_row_number(row, F_removals_market);
    int64_t units = market_row_number(row, F_removals_units);
    struct market_stock *stock = market_stock_at(work->state, firm, place, product);
    if (units > stock->units) {
        market_notice_add(work, f, NOTICE_REMOVAL_SHORT, product, place, units);
        return;
    }
    int64_t value = market_stock_take(stock, units);
    firm->units[product].written_off += units;
    market_post(work, f, 0, ACCOUNT_WRITE_OFF, ACCOUNT_INVENTORY, value, REASON_REMOVAL, product);
    market_customs_removed(work, f, product, place - 1, units);
}

static void apply_forecast(struct market_work *work, int f, const struct market_row *row)
{
    struct market_listing *listing =
        market_listing_of(&work->state->firms[f], (int)market_row_number(row, F_forecasts_product),
                          row_nest(work->rules, row));
    if (listing == NULL)
        return; /* nothing is sold there, so nothing can be forecast */
    listing->forecast_given = true;
    listing->forecast_units = market_row_number(row, F_forecasts_units);
}

static void round_begin(struct market_work *work, int f)
{
    struct market_firm *firm = &work->state->firms[f];
    for (int i = 0; i < firm->listing_count; i++) {
        struct market_listing *listing = &firm->listings[i];
        listing->round_units = listing->round_missed = listing->round_returned = 0;
        listing->round_delivered = listing->round_late = 0;
        listing->round_gross_minor = listing->round_fees_minor = 0;
        listing->round_tax_minor = listing->round_refunds_minor = 0;
        listing->round_views = 0;
        listing->now = (struct market_past){0};
        listing->forecast_given = false;
        listing->forecast_units = 0;
    }
    for (int p = 0; p < PL_COUNT; p++)
        firm->round_pl_minor[p] = 0;
    market_promotion_round_begin(work, f);
}

static void warn_of_lanes(struct market_work *work, int f)
{
    const struct market_firm *firm = &work->state->firms[f];
    for (int i = 0; i < firm->listing_count; i++) {
        const struct market_listing *listing = &firm->listings[i];
        if (!listing->live)
            continue;
        if (listing->lane < 0 || listing->price_minor == 0)
            market_notice_add(work, f, NOTICE_LISTING_NO_LANE, listing->product, listing->nest, 0);
        else if (listing->promise_days < work->lane_promise[listing->lane])
            market_notice_add(work, f, NOTICE_LATE_LANE, listing->product, listing->nest,
                              (int64_t)work->lane_promise[listing->lane]);
    }
}

static enum err apply_firm(struct market_work *work, int f,
                           const struct market_seat_decisions *decisions)
{
    round_begin(work, f);
    const struct market_rows *rows = &decisions->lists[LIST_listings];
    for (int r = 0; r < rows->count; r++)
        TRY(apply_listing(work, f, r, &rows->rows[r]));
    TRY(limits_check(work, f, rows));
    /* What moves money or goods comes after what only changes the shop. */
    rows = &decisions->lists[LIST_forecasts];
    for (int r = 0; r < rows->count; r++)
        apply_forecast(work, f, &rows->rows[r]);
    /* A declaration holds for what leaves today; a loan may pay for it. */
    TRY(market_customs_apply(work, f, decisions));
    TRY(market_finance_apply(work, f, decisions));
    rows = &decisions->lists[LIST_removals];
    for (int r = 0; r < rows->count; r++)
        apply_removal(work, f, &rows->rows[r]);
    rows = &decisions->lists[LIST_transfers];
    for (int r = 0; r < rows->count; r++)
        apply_transfer(work, f, &rows->rows[r]);
    rows = &decisions->lists[LIST_orders];
    for (int r = 0; r < rows->count; r++)
        apply_order(work, f, &rows->rows[r]);
    TRY(market_promotion_apply(work, f, decisions));
    TRY(market_storefront_apply(work, f, decisions));
    TRY(market_compliance_apply(work, f, decisions));
    TRY(market_sourcing_apply(work, f, decisions));
    warn_of_lanes(work, f);
    return ERR_OK;
}

enum err market_decisions_complete(struct market_work *work, const struct market_decisions *given,
                                   struct market_decisions *played)
{
    TRY(check_all(work, given));
    return market_sourcing_stand_in(work, given, played);
}

enum err market_apply_decisions(struct market_work *work, const struct market_decisions *decisions)
{
    for (int f = 0; f < work->state->firm_count; f++)
        TRY(apply_firm(work, f, &decisions->firms[f]));
    for (int o = 0; o < decisions->other_count; o++)
        if (decisions->others[o].seat == SEAT_COACH)
            market_storefront_rate(work, &decisions->others[o].decisions);
    return ERR_OK;
}
