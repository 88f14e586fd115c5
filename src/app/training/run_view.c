#include "app/training/run_view.h"

#include "app/training/run_hints.h"
#include "core/json.h"
#include "core/money.h"

static const char *const pl_names[PL_COUNT] = {
    "revenue",     "cost_of_goods", "referral", "fulfilment", "storage",    "advertising",
    "written_off", "payroll",       "interest", "inspection", "conversion", "fines"};

static const char *const notice_names[NOTICE_KIND_COUNT] = {
    "order_unpaid",
    "transfer_short",
    "removal_short",
    "stock_out",
    "arrived",
    "late_lane",
    "overdraft",
    "administration",
    "listing_no_lane",
    "rule_change",
    "event_warning",
    "event_begins",
    "incident",
    "incident_unknown",
    "fee_unpaid",
    "claim_short",
    "mode_unfit",
    "customs_held",
    "customs_found",
    "loan_limit",
    "loan_unpaid",
    "conversion_short",
    [NOTICE_EXIT_ORDER] = "exit_plan",
    [NOTICE_ACCIDENT] = "accident",
    [NOTICE_TRANSFER_UNPAID] = "transfer_unpaid",
    [NOTICE_LISTING_CLOSED] = "listing_closed",
    [NOTICE_CUSTOMS_SEIZED] = "customs_seized",
    [NOTICE_REFUND_OPEN] = "refund_open"};

static const char *const incident_names[INCIDENT_KINDS] = {"certificate", "responsible_person",
                                                           "infringement", "late", "complaint"};

const char *run_view_pl_name(enum market_pl line)
{
    return pl_names[line];
}

/* A writer that knows the world's names. */
struct view {
    struct json_writer json;
    const struct market_observation *seen;
    const struct market_rules *rules;
    struct currency home;
    bool repaid_nothing;
};

static void put_text(struct view *view, const char *key, const char *value)
{
    json_key(&view->json, key);
    json_put_text(&view->json, str_from_c(value));
}

static void put_int(struct view *view, const char *key, int64_t value)
{
    json_key(&view->json, key);
    json_put_int(&view->json, value);
}

static void put_bool(struct view *view, const char *key, bool value)
{
    json_key(&view->json, key);
    json_put_bool(&view->json, value);
}

static void put_double(struct view *view, const char *key, double value)
{
    json_key(&view->json, key);
    json_put_double(&view->json, value);
}

static void put_money(struct view *view, const char *key, int64_t minor, struct currency currency)
{
    json_key(&view->json, key);
    json_put_money(&view->json, minor, currency);
}

static void put_day(struct view *view, const char *key, int32_t day)
{
    json_key(&view->json, key);
    json_put_date(&view->json, view->rules->start_date + day);
}

static void put_product(struct view *view, int product)
{
    put_text(view, "product", view->rules->products[product].name.id);
}

static void put_lane(struct view *view, int lane)
{
    json_key(&view->json, "lane");
    if (lane < 0)
        json_put_null(&view->json);
    else
        json_put_text(&view->json, str_from_c(view->rules->lanes[lane].name.id));
}

static void put_place(struct view *view, int place)
{
    put_text(view, "place", place == 0 ? "home" : view->rules->markets[place - 1].name.id);
}

static void put_nest(struct view *view, int nest)
{
    const struct market_nest *at = &view->rules->nests[nest];
    put_text(view, "market", view->rules->markets[at->market].name.id);
    put_text(view, "channel", view->rules->channels[at->channel].id);
}

static struct currency nest_currency(const struct view *view, int nest)
{
    int market = view->rules->nests[nest].market;
    return view->rules->currencies[view->rules->markets[market].currency];
}

/* ---- parts ---- */

static void put_purse(struct view *view, const char *key, const int64_t *minor)
{
    json_key(&view->json, key);
    json_object_begin(&view->json);
    for (int c = 0; c < view->rules->currency_count; c++)
        put_money(view, view->rules->currencies[c].code, minor[c], view->rules->currencies[c]);
    json_object_end(&view->json);
}

static void put_books(struct view *view, const char *key, const int64_t *lines)
{
    int64_t result = 0;
    json_key(&view->json, key);
    json_object_begin(&view->json);
    for (int line = 0; line < PL_COUNT; line++) {
        put_money(view, pl_names[line], lines[line], view->home);
        result += lines[line];
    }
    put_money(view, "result", result, view->home);
    json_object_end(&view->json);
}

static void put_money_part(struct view *view)
{
    const struct market_observation *seen = view->seen;
    json_key(&view->json, "money");
    json_object_begin(&view->json);
    put_text(view, "home_currency", view->home.code);
    put_purse(view, "cash", seen->cash_minor);
    put_purse(view, "held_by_channels", seen->receivable_minor);
    put_purse(view, "tax_due", seen->tax_due_minor);
    put_money(view, "supplier_due", seen->supplier_due_minor, view->home);
    put_money(view, "equity", seen->equity_minor, view->home);
    put_money(view, "equity_opening", seen->equity_opening_minor, view->home);
    put_bool(view, "in_administration", seen->in_administration);
    put_books(view, "round", seen->round_pl_minor);
    put_books(view, "since_start", seen->total_pl_minor);
    json_object_end(&view->json);
}

/* The days of history, oldest first; the last is yesterday. */
static void put_days_i32(struct view *view, const char *key, const int32_t *days)
{
    json_key(&view->json, key);
    bool pretty = view->json.pretty;
    view->json.pretty = false;
    json_list_begin(&view->json);
    for (int d = 0; d < MARKET_HISTORY_DAYS; d++)
        json_put_int(&view->json, days[d]);
    json_list_end(&view->json);
    view->json.pretty = pretty;
}

static void put_days_u8(struct view *view, const char *key, const uint8_t *days)
{
    int32_t wide[MARKET_HISTORY_DAYS];
    for (int d = 0; d < MARKET_HISTORY_DAYS; d++)
        wide[d] = days[d];
    put_days_i32(view, key, wide);
}

static void put_listing_round(struct view *view, const struct market_listing_view *listing,
                              struct currency local)
{
    json_key(&view->json, "round");
    json_object_begin(&view->json);
    put_int(view, "units", listing->round_units);
    put_int(view, "units_lost", listing->round_units_lost);
    put_int(view, "views", listing->round_views);
    put_money(view, "takings", listing->round_gross_minor, local);
    put_money(view, "fees", listing->round_fees_minor, local);
    put_money(view, "tax", listing->round_tax_minor, local);
    put_money(view, "refunds", listing->round_refunds_minor, local);
    put_int(view, "returned_units", listing->round_returned_units);
    put_int(view, "delivered_units", listing->round_delivered_units);
    put_int(view, "late_units", listing->round_late_units);
    if (view->rules->promotion.open) {
        put_int(view, "clicks", listing->round_clicks);
        put_money(view, "clicks_cost", listing->round_ads_minor, local);
    }
    json_object_end(&view->json);
}

/* Level 2: the shop window as it stands, then the campaigns by query group. */
static void put_listing_shown(struct view *view, const struct market_listing_view *listing,
                              struct currency local)
{
    const struct market_nest *nest = &view->rules->nests[listing->nest];
    if (view->rules->storefront.open) {
        put_int(view, "bundle_units", listing->bundle_units);
        put_bool(view, "duty_paid", !listing->duty_unpaid);
        put_int(view, "translation", listing->translation);
        put_double(view, "title_relevance", listing->relevance);
        put_money(view, "content_spend", listing->content_minor, view->home);
    }
    if (!view->rules->promotion.open)
        return;
    json_key(&view->json, "campaigns");
    json_list_begin(&view->json);
    for (int q = 0; q < nest->query_count; q++) {
        json_object_begin(&view->json);
        put_text(view, "term", nest->queries[q].term);
        put_money(view, "bid", listing->campaigns[q].bid_minor, local);
        put_money(view, "cap", listing->campaigns[q].cap_minor, local);
        put_bool(view, "waste_excluded", listing->campaigns[q].waste_excluded);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
}

static void put_listing(struct view *view, const struct market_listing_view *listing)
{
    struct currency local = nest_currency(view, listing->nest);
    json_object_begin(&view->json);
    put_product(view, listing->product);
    put_nest(view, listing->nest);
    put_bool(view, "live", listing->live);
    put_text(view, "currency", local.code);
    put_money(view, "price", listing->price_minor, local);
    put_money(view, "coupon", listing->coupon_minor, local);
    put_lane(view, listing->lane);
    put_int(view, "promise_days", listing->promise_days);
    put_double(view, "promise_kept_days", listing->promise_kept_days);
    put_int(view, "return_days", listing->return_days);
    put_double(view, "rating", listing->rating);
    put_int(view, "reviews", listing->review_count);
    put_listing_shown(view, listing, local);
    put_listing_round(view, listing, local);
    put_days_i32(view, "units_sold", listing->units_sold);
    put_days_i32(view, "units_lost", listing->units_lost);
    put_days_u8(view, "in_stock", listing->in_stock);
    json_object_end(&view->json);
}

static void put_listings(struct view *view)
{
    json_key(&view->json, "listings");
    json_list_begin(&view->json);
    for (int i = 0; i < view->seen->listing_count; i++)
        put_listing(view, &view->seen->listings[i]);
    json_list_end(&view->json);
}

static void put_brand(struct view *view)
{
    json_key(&view->json, "brand");
    json_list_begin(&view->json);
    for (int n = 0; n < view->rules->nest_count; n++) {
        const struct market_brand_view *brand = &view->seen->brand[n];
        json_object_begin(&view->json);
        put_nest(view, n);
        put_text(view, "category", view->rules->categories[view->rules->nests[n].category].name.id);
        put_money(view, "brand_spend", brand->brand_minor, view->home);
        put_money(view, "social_spend", brand->social_minor, view->home);
        put_money(view, "round_spend", brand->round_spend_minor, view->home);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
}

static void put_stock(struct view *view)
{
    json_key(&view->json, "stock");
    json_list_begin(&view->json);
    for (int i = 0; i < view->seen->stock_count; i++) {
        const struct market_stock_view *stock = &view->seen->stock[i];
        json_object_begin(&view->json);
        put_product(view, stock->product);
        put_place(view, stock->place);
        put_int(view, "units", stock->units);
        put_money(view, "landed_value", stock->value_minor, view->home);
        put_int(view, "age_days", stock->age_days);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
}

static void put_orders(struct view *view)
{
    json_key(&view->json, "orders");
    json_list_begin(&view->json);
    for (int i = 0; i < view->seen->order_count; i++) {
        const struct market_order_view *order = &view->seen->orders[i];
        json_object_begin(&view->json);
        put_product(view, order->product);
        put_text(view, "supplier", view->rules->suppliers[order->supplier].name.id);
        put_lane(view, order->lane);
        put_int(view, "units", order->units);
        put_day(view, "placed", order->placed_day);
        put_day(view, "ready_expected", order->ready_day_expected);
        put_money(view, "still_to_pay", order->open_minor, view->home);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
}

static void put_shipments(struct view *view)
{
    json_key(&view->json, "shipments");
    json_list_begin(&view->json);
    for (int i = 0; i < view->seen->shipment_count; i++) {
        const struct market_shipment_view *shipment = &view->seen->shipments[i];
        json_object_begin(&view->json);
        put_product(view, shipment->product);
        put_lane(view, shipment->lane);
        put_text(view, "market", view->rules->markets[shipment->market].name.id);
        put_int(view, "units", shipment->units);
        put_day(view, "sent", shipment->sent_day);
        put_day(view, "due_expected", shipment->due_day_expected);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
}

static void put_rivals(struct view *view)
{
    json_key(&view->json, "rivals");
    json_list_begin(&view->json);
    for (int i = 0; i < view->seen->rival_count; i++) {
        const struct market_rival_view *rival = &view->seen->rivals[i];
        json_object_begin(&view->json);
        put_int(view, "firm", rival->firm + 1);
        put_product(view, rival->product);
        put_nest(view, rival->nest);
        put_money(view, "door_price", rival->door_price_minor, nest_currency(view, rival->nest));
        if (view->rules->storefront.open)
            put_int(view, "bundle_units", rival->bundle_units > 1 ? rival->bundle_units : 1);
        put_double(view, "rating", rival->rating);
        put_int(view, "reviews", rival->review_count);
        put_int(view, "promise_days", rival->promise_days);
        put_bool(view, "sold_out", rival->sold_out);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
}

static void put_lanes(struct view *view)
{
    json_key(&view->json, "lanes");
    json_list_begin(&view->json);
    for (int i = 0; i < view->seen->lane_count; i++) {
        const struct market_lane_view *lane = &view->seen->lanes[i];
        json_object_begin(&view->json);
        put_lane(view, lane->lane);
        put_double(view, "days_mean", lane->days_mean_60);
        put_double(view, "days_80_of_100", lane->days_p80_60);
        put_double(view, "days_58_of_60", lane->days_sure_60);
        put_money(view, "price_per_kg", lane->price_per_kg_minor, view->home);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
}

static void put_notice_objects(struct view *view, const struct market_notice *notice)
{
    switch (notice->kind) {
    case NOTICE_ORDER_UNPAID:
    case NOTICE_EXIT_ORDER:
        put_product(view, notice->a);
        put_text(view, "supplier", view->rules->suppliers[notice->b].name.id);
        return;
    case NOTICE_ACCIDENT:
    case NOTICE_TRANSFER_UNPAID:
        put_product(view, notice->a);
        put_lane(view, notice->b);
        return;
    case NOTICE_TRANSFER_SHORT:
    case NOTICE_REMOVAL_SHORT:
        put_product(view, notice->a);
        return;
    case NOTICE_STOCK_OUT:
    case NOTICE_LATE_LANE:
    case NOTICE_LISTING_NO_LANE:
    case NOTICE_LISTING_CLOSED:
        put_product(view, notice->a);
        put_nest(view, notice->b);
        return;
    case NOTICE_ARRIVED:
        put_product(view, notice->a);
        put_place(view, notice->b);
        return;
    case NOTICE_RULE_CHANGE:
        put_text(view, "market", view->rules->markets[notice->a].name.id);
        put_text(view, "rule", view->rules->trade.rows[notice->b].id);
        return;
    case NOTICE_EVENT_WARNING:
    case NOTICE_EVENT_BEGINS:
        put_text(view, "event", view->rules->events[notice->a].id);
        return;
    case NOTICE_INCIDENT:
        put_text(view, "incident", incident_names[notice->a]);
        put_text(view, "market", view->rules->markets[notice->b].name.id);
        return;
    case NOTICE_CLAIM_SHORT:
    case NOTICE_REFUND_OPEN:
        put_text(view, "market", view->rules->markets[notice->a].name.id);
        return;
    case NOTICE_MODE_UNFIT:
    case NOTICE_CUSTOMS_HELD:
    case NOTICE_CUSTOMS_FOUND:
    case NOTICE_CUSTOMS_SEIZED:
        put_product(view, notice->a);
        put_text(view, "market", view->rules->markets[notice->b].name.id);
        return;
    case NOTICE_CONVERSION_SHORT:
        put_text(view, "from", view->rules->currencies[notice->a].code);
        put_text(view, "to", view->rules->currencies[notice->b].code);
        return;
    case NOTICE_FEE_UNPAID:
        if (notice->a >= 0)
            put_product(view, notice->a);
        if (notice->b >= 0)
            put_text(view, "market", view->rules->markets[notice->b].name.id);
        return;
    default:
        return;
    }
}

static void put_hint(struct view *view, const struct run_hint *hint)
{
    const struct market_observation *seen = view->seen;
    const struct market_listing_view *listing = NULL;
    json_object_begin(&view->json);
    put_day(view, "date", seen->day > 0 ? seen->day - 1 : 0);
    put_text(view, "kind", run_hint_name(hint->kind));
    switch (hint->kind) {
    case HINT_BID_ABOVE_CAP:
        listing = &seen->listings[hint->a];
        put_product(view, listing->product);
        put_nest(view, listing->nest);
        put_text(view, "term", view->rules->nests[listing->nest].queries[hint->b].term);
        break;
    case HINT_LANE_WITHOUT_STOCK:
        listing = &seen->listings[hint->a];
        put_product(view, listing->product);
        put_nest(view, listing->nest);
        put_lane(view, listing->lane);
        put_place(view, hint->b);
        break;
    case HINT_CERTIFICATE_NOT_NEEDED:
        put_product(view, hint->a);
        put_text(view, "market", view->rules->markets[hint->b].name.id);
        break;
    case HINT_VAT_NOT_USED:
        put_text(view, "market", view->rules->markets[hint->b].name.id);
        break;
    default:
        break;
    }
    put_int(view, "amount", 0);
    json_object_end(&view->json);
}

static void put_notices(struct view *view)
{
    struct run_hint hints[RUN_HINTS_MAX];
    int hint_count = run_hints_get(view->seen, view->repaid_nothing, hints);
    json_key(&view->json, "notices");
    json_list_begin(&view->json);
    for (int i = 0; i < view->seen->notice_count; i++) {
        const struct market_notice *notice = &view->seen->notices[i];
        json_object_begin(&view->json);
        put_day(view, "date", notice->day);
        put_text(view, "kind", notice_names[notice->kind]);
        put_notice_objects(view, notice);
        put_int(view, "amount", notice->amount);
        json_object_end(&view->json);
    }
    for (int i = 0; i < hint_count; i++)
        put_hint(view, &hints[i]);
    json_list_end(&view->json);
}

/* What a certificate of a product or a responsible person is needed for is told with the rest. */
static void put_compliance_needs(struct view *view)
{
    const struct market_compliance_rules *rules = &view->rules->compliance;
    json_key(&view->json, "certificates_needed");
    json_list_begin(&view->json);
    for (int p = 0; p < view->rules->product_count; p++)
        for (int m = 0; m < view->rules->market_count; m++)
            if (rules->certificate_needed[view->rules->products[p].category][m]) {
                json_object_begin(&view->json);
                put_product(view, p);
                put_text(view, "market", view->rules->markets[m].name.id);
                json_object_end(&view->json);
            }
    json_list_end(&view->json);
    json_key(&view->json, "agents");
    json_list_begin(&view->json);
    for (int m = 0; m < view->rules->market_count; m++) {
        json_object_begin(&view->json);
        put_text(view, "market", view->rules->markets[m].name.id);
        put_bool(view, "responsible_person_needed", rules->responsible_needed[m]);
        put_bool(view, "responsible_person", view->seen->responsible[m]);
        put_int(view, "service_hours", view->seen->service_hours[m]);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
}

static void put_compliance(struct view *view)
{
    const struct market_observation *seen = view->seen;
    json_key(&view->json, "incidents");
    json_list_begin(&view->json);
    for (int i = 0; i < seen->incident_count; i++) {
        const struct market_incident_view *incident = &seen->incidents[i];
        json_object_begin(&view->json);
        put_int(view, "incident", incident->number);
        put_text(view, "kind", incident_names[incident->kind]);
        put_text(view, "market", view->rules->markets[incident->market].name.id);
        if (incident->listing >= 0)
            put_product(view, seen->listings[incident->listing].product);
        put_day(view, "opened", incident->opened_day);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
    json_key(&view->json, "certificates");
    json_list_begin(&view->json);
    for (int i = 0; i < seen->certificate_count; i++) {
        json_object_begin(&view->json);
        put_product(view, seen->certificates[i].product);
        put_text(view, "market", view->rules->markets[seen->certificates[i].market].name.id);
        put_day(view, "holds_from", seen->certificates[i].holds_from_day);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
    json_key(&view->json, "closed");
    json_list_begin(&view->json);
    for (int i = 0; i < seen->closed_count; i++) {
        const struct market_closed_view *closed = &seen->closed[i];
        json_object_begin(&view->json);
        put_product(view, seen->listings[closed->listing].product);
        put_nest(view, seen->listings[closed->listing].nest);
        if (closed->until_day > seen->day)
            put_day(view, "until", closed->until_day);
        put_bool(view, "lacks_certificate", closed->lacks_certificate);
        put_bool(view, "lacks_responsible_person", closed->lacks_responsible);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
    put_compliance_needs(view);
}

static void put_events(struct view *view)
{
    json_key(&view->json, "events");
    json_list_begin(&view->json);
    for (int i = 0; i < view->seen->event_count; i++) {
        const struct market_event_view *event = &view->seen->events[i];
        const struct market_event_rules *card = &view->rules->events[event->event];
        json_object_begin(&view->json);
        put_text(view, "event", card->id);
        put_text(view, "en", card->en);
        put_text(view, "zh", card->zh);
        put_text(view, "market",
                 card->market < 0 ? "" : view->rules->markets[card->market].name.id);
        put_day(view, "from", event->from_day);
        put_day(view, "until", event->to_day);
        put_text(view, "effect", market_event_effect_name(card->effect));
        put_double(view, "size", card->size);
        put_text(view, "counter", market_event_counter_name(card->counter));
        put_double(view, "counter_factor", card->counter_factor);
        put_bool(view, "counter_stands", market_event_counter_stands(card->counter));
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
}

static void put_customs(struct view *view)
{
    json_key(&view->json, "tax_offices");
    json_list_begin(&view->json);
    for (int m = 0; m < view->rules->market_count; m++) {
        const struct market_customs_view *customs = &view->seen->customs[m];
        json_object_begin(&view->json);
        put_text(view, "market", view->rules->markets[m].name.id);
        put_bool(view, "vat", customs->vat);
        put_bool(view, "ioss", customs->ioss);
        put_money(view, "refund_open", customs->refund_open_minor, view->home);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
    put_money(view, "refunds_due", view->seen->refunds_due_minor, view->home);
}

/* What the firm has told customs and still tells it; where nothing is said, all is as it should be.
 */
static void put_declarations(struct view *view)
{
    json_key(&view->json, "declarations");
    json_list_begin(&view->json);
    for (int i = 0; i < view->seen->declaration_count; i++) {
        const struct market_declaration_view *declared = &view->seen->declarations[i];
        int currency = view->rules->markets[declared->market].currency;
        json_object_begin(&view->json);
        put_product(view, declared->product);
        put_text(view, "market", view->rules->markets[declared->market].name.id);
        if (declared->mode > 0)
            put_int(view, "mode", declared->mode);
        if (declared->declared_minor > 0)
            put_money(view, "declared_value", declared->declared_minor,
                      view->rules->currencies[currency]);
        if (declared->hs6[0] != '\0')
            put_text(view, "hs6", declared->hs6);
        json_object_end(&view->json);
    }
    json_list_end(&view->json);
}

static void put_finance(struct view *view)
{
    json_key(&view->json, "loan");
    json_object_begin(&view->json);
    put_money(view, "owed", view->seen->loan_minor, view->home);
    put_money(view, "could_take", view->seen->loan_room_minor, view->home);
    json_object_end(&view->json);
    put_bool(view, "payouts_converted", !view->seen->keep_currency);
}

void run_view_append(const struct market_observation *observation, bool repaid_nothing,
                     struct buf *text)
{
    struct view view = {.seen = observation,
                        .repaid_nothing = repaid_nothing,
                        .rules = observation->rules,
                        .home = observation->rules->currencies[0]};
    json_writer_init(&view.json, text, true);
    json_object_begin(&view.json);
    put_text(&view, "about", "What this firm may see after the round. Firms are invented.");
    put_int(&view, "format", RUN_VIEW_FORMAT_VERSION);
    put_int(&view, "firm", observation->firm + 1);
    put_int(&view, "rounds_played", observation->round);
    put_int(&view, "day", observation->day);
    json_key(&view.json, "date");
    json_put_date(&view.json, observation->date);
    put_money_part(&view);
    put_listings(&view);
    put_stock(&view);
    put_orders(&view);
    put_shipments(&view);
    put_rivals(&view);
    put_lanes(&view);
    put_notices(&view);
    if (view.rules->promotion.open)
        put_brand(&view);
    if (view.rules->compliance.open)
        put_compliance(&view);
    if (view.rules->event_count > 0)
        put_events(&view);
    if (view.rules->customs.open)
        put_customs(&view);
    if (view.rules->loans.open)
        put_finance(&view);
    if (view.rules->customs.open)
        put_declarations(&view);
    json_object_end(&view.json);
}
