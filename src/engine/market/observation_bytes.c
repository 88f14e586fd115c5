/* Observations as versioned bytes. The briefing is not part of them: it belongs to the scenario. */
#include <string.h>

#include "engine/market/codec.h"
#include "engine/market/work.h"

static const char magic[8] = {'S', 'M', 'P', 'O', 'B', 'S', 'E', 'R'};

enum { VIEWS_MAX = 4096 };

static void code_listing(struct market_codec *codec, const struct market_rules *rules,
                         struct market_listing_view *view)
{
    codec_int(codec, &view->product, 0, rules->product_count - 1);
    codec_int(codec, &view->market, 0, rules->market_count - 1);
    codec_int(codec, &view->channel, 0, rules->channel_count - 1);
    codec_int(codec, &view->nest, 0, rules->nest_count - 1);
    codec_bool(codec, &view->live);
    codec_i64(codec, &view->price_minor);
    codec_i64(codec, &view->coupon_minor);
    codec_int(codec, &view->lane, -1, rules->lane_count - 1);
    codec_int(codec, &view->promise_days, 0, MARKET_LANE_DAYS_MAX);
    codec_int(codec, &view->return_days, 0, 365);
    codec_f64(codec, &view->promise_kept_days);
    codec_f64(codec, &view->rating);
    codec_i64(codec, &view->review_count);
    for (int d = 0; d < MARKET_HISTORY_DAYS; d++) {
        codec_i32(codec, &view->units_sold[d]);
        codec_i32(codec, &view->units_lost[d]);
        codec_u8(codec, &view->in_stock[d], 1);
    }
    codec_i64(codec, &view->round_units);
    codec_i64(codec, &view->round_units_lost);
    codec_i64(codec, &view->round_views);
    codec_i64(codec, &view->round_gross_minor);
    codec_i64(codec, &view->round_fees_minor);
    codec_i64(codec, &view->round_tax_minor);
    codec_i64(codec, &view->round_refunds_minor);
    codec_i64(codec, &view->round_returned_units);
    codec_i64(codec, &view->round_late_units);
    codec_i64(codec, &view->round_delivered_units);
    if (rules->storefront.open) {
        codec_int(codec, &view->bundle_units, 0, 5);
        codec_bool(codec, &view->duty_unpaid);
        codec_int(codec, &view->translation, 0, 2);
        codec_f64(codec, &view->relevance);
        codec_i64(codec, &view->content_minor);
    }
    for (int q = 0; q < MARKET_QUERIES_MAX && rules->promotion.open; q++) {
        codec_i64(codec, &view->campaigns[q].bid_minor);
        codec_i64(codec, &view->campaigns[q].cap_minor);
        codec_bool(codec, &view->campaigns[q].waste_excluded);
    }
    if (rules->promotion.open) {
        codec_i64(codec, &view->round_clicks);
        codec_i64(codec, &view->round_ads_minor);
    }
}

static void code_stock(struct market_codec *codec, const struct market_rules *rules,
                       struct market_stock_view *view)
{
    codec_int(codec, &view->product, 0, rules->product_count - 1);
    codec_int(codec, &view->place, 0, rules->market_count);
    codec_i64(codec, &view->units);
    codec_i64(codec, &view->value_minor);
    codec_int(codec, &view->age_days, 0, MARKET_DAYS_MAX);
}

static void code_order(struct market_codec *codec, const struct market_rules *rules,
                       struct market_order_view *view)
{
    codec_int(codec, &view->product, 0, rules->product_count - 1);
    codec_int(codec, &view->supplier, 0, rules->supplier_count - 1);
    codec_int(codec, &view->lane, -1, rules->lane_count - 1);
    codec_i64(codec, &view->units);
    codec_i32(codec, &view->placed_day);
    codec_i32(codec, &view->ready_day_expected);
    codec_i64(codec, &view->open_minor);
}

static void code_shipment(struct market_codec *codec, const struct market_rules *rules,
                          struct market_shipment_view *view)
{
    codec_int(codec, &view->product, 0, rules->product_count - 1);
    codec_int(codec, &view->lane, 0, rules->lane_count - 1);
    codec_int(codec, &view->market, 0, rules->market_count - 1);
    codec_i64(codec, &view->units);
    codec_i32(codec, &view->sent_day);
    codec_i32(codec, &view->due_day_expected);
}

static void code_rival(struct market_codec *codec, const struct market_rules *rules,
                       struct market_rival_view *view)
{
    codec_int(codec, &view->firm, 0, rules->firms - 1);
    codec_int(codec, &view->product, 0, rules->product_count - 1);
    codec_int(codec, &view->nest, 0, rules->nest_count - 1);
    codec_i64(codec, &view->door_price_minor);
    codec_f64(codec, &view->rating);
    codec_i64(codec, &view->review_count);
    codec_int(codec, &view->promise_days, 0, MARKET_LANE_DAYS_MAX);
    codec_bool(codec, &view->sold_out);
    if (rules->storefront.open)
        codec_int(codec, &view->bundle_units, 0, 5);
}

static void code_lane(struct market_codec *codec, const struct market_rules *rules,
                      struct market_lane_view *view)
{
    codec_int(codec, &view->lane, 0, rules->lane_count - 1);
    codec_f64(codec, &view->days_mean_60);
    codec_f64(codec, &view->days_p80_60);
    codec_f64(codec, &view->days_sure_60);
    codec_i64(codec, &view->price_per_kg_minor);
}

static void code_notice(struct market_codec *codec, const struct market_rules *rules,
                        struct market_notice *notice)
{
    (void)rules;
    int kind = (int)notice->kind;
    codec_i32(codec, &notice->day);
    codec_int(codec, &kind, 0, NOTICE_KIND_COUNT - 1);
    notice->kind = (enum market_notice_kind)kind;
    codec_int(codec, &notice->a, -1, TRADE_RULES_MAX);
    codec_int(codec, &notice->b, -1, TRADE_RULES_MAX);
    codec_i64(codec, &notice->amount);
}

/* A list: its count, then its rows, copied so that the observation itself stays const. */
#define CODE_LIST(codec, rules, seen, field, count, type, code)                                    \
    do {                                                                                           \
        codec_int((codec), &(seen)->count, 0, VIEWS_MAX);                                          \
        type *rows_ = (codec)->out != NULL                                                         \
                          ? NULL                                                                   \
                          : ARENA_ARRAY((codec)->arena, type, (size_t)(seen)->count);              \
        for (int i_ = 0; i_ < (seen)->count && !codec_failed(codec); i_++) {                       \
            type row_ = {0};                                                                       \
            if ((codec)->out != NULL)                                                              \
                row_ = (seen)->field[i_];                                                          \
            code((codec), (rules), &row_);                                                         \
            if (rows_ != NULL)                                                                     \
                rows_[i_] = row_;                                                                  \
        }                                                                                          \
        if (rows_ != NULL)                                                                         \
            (seen)->field = rows_;                                                                 \
    } while (0)

static void code_incident(struct market_codec *codec, const struct market_rules *rules,
                          struct market_incident_view *view)
{
    codec_i32(codec, &view->number);
    codec_int(codec, &view->kind, 0, INCIDENT_KINDS - 1);
    codec_int(codec, &view->listing, -1, MARKET_LISTINGS_MAX - 1);
    codec_int(codec, &view->market, 0, rules->market_count - 1);
    codec_i32(codec, &view->opened_day);
}

static void code_certificate(struct market_codec *codec, const struct market_rules *rules,
                             struct market_certificate_view *view)
{
    codec_int(codec, &view->product, 0, rules->product_count - 1);
    codec_int(codec, &view->market, 0, rules->market_count - 1);
    codec_i32(codec, &view->holds_from_day);
}

static void code_closed(struct market_codec *codec, const struct market_rules *rules,
                        struct market_closed_view *view)
{
    (void)rules;
    codec_int(codec, &view->listing, 0, MARKET_LISTINGS_MAX - 1);
    codec_i32(codec, &view->until_day);
    codec_bool(codec, &view->lacks_certificate);
    codec_bool(codec, &view->lacks_responsible);
}

static void code_event(struct market_codec *codec, const struct market_rules *rules,
                       struct market_event_view *view)
{
    codec_int(codec, &view->event, 0, rules->event_count - 1);
    codec_i32(codec, &view->from_day);
    codec_i32(codec, &view->to_day);
}

static void code_compliance(struct market_codec *codec, const struct market_rules *rules,
                            struct market_observation *seen)
{
    CODE_LIST(codec, rules, seen, incidents, incident_count, struct market_incident_view,
              code_incident);
    CODE_LIST(codec, rules, seen, certificates, certificate_count, struct market_certificate_view,
              code_certificate);
    CODE_LIST(codec, rules, seen, closed, closed_count, struct market_closed_view, code_closed);
    for (int m = 0; m < rules->market_count; m++) {
        codec_bool(codec, &seen->responsible[m]);
        codec_int(codec, &seen->service_hours[m], 0, 24);
    }
}

static void code_books(struct market_codec *codec, const struct market_rules *rules,
                       struct market_observation *seen)
{
    for (int c = 0; c < rules->currency_count; c++) {
        codec_i64(codec, &seen->cash_minor[c]);
        codec_i64(codec, &seen->receivable_minor[c]);
        codec_i64(codec, &seen->tax_due_minor[c]);
    }
    codec_i64(codec, &seen->supplier_due_minor);
    codec_i64(codec, &seen->equity_minor);
    codec_i64(codec, &seen->equity_opening_minor);
    codec_bool(codec, &seen->in_administration);
    for (int l = 0; l < PL_COUNT; l++) {
        codec_i64(codec, &seen->round_pl_minor[l]);
        codec_i64(codec, &seen->total_pl_minor[l]);
    }
}

static void code_customs(struct market_codec *codec, const struct market_rules *rules,
                         struct market_observation *seen)
{
    for (int m = 0; m < rules->market_count; m++) {
        codec_bool(codec, &seen->customs[m].ioss);
        codec_bool(codec, &seen->customs[m].vat);
        codec_i64(codec, &seen->customs[m].refund_open_minor);
    }
    codec_i64(codec, &seen->refunds_due_minor);
}

static void code_declaration(struct market_codec *codec, const struct market_rules *rules,
                             struct market_declaration_view *view)
{
    codec_int(codec, &view->product, 0, rules->product_count - 1);
    codec_int(codec, &view->market, 0, rules->market_count - 1);
    codec_int(codec, &view->mode, 0, 9999);
    codec_i64(codec, &view->declared_minor);
    for (int i = 0; i < 6; i++) {
        uint8_t byte = (uint8_t)view->hs6[i];
        codec_u8(codec, &byte, '9');
        view->hs6[i] = (char)byte;
    }
}

static void code_observation(struct market_codec *codec, const struct market_rules *rules,
                             struct market_observation *seen)
{
    codec_int(codec, &seen->firm, 0, rules->firms - 1);
    codec_int(codec, &seen->round, 0, MARKET_DAYS_MAX);
    codec_i32(codec, &seen->day);
    codec_i32(codec, &seen->date);
    CODE_LIST(codec, rules, seen, listings, listing_count, struct market_listing_view,
              code_listing);
    CODE_LIST(codec, rules, seen, stock, stock_count, struct market_stock_view, code_stock);
    CODE_LIST(codec, rules, seen, orders, order_count, struct market_order_view, code_order);
    CODE_LIST(codec, rules, seen, shipments, shipment_count, struct market_shipment_view,
              code_shipment);
    CODE_LIST(codec, rules, seen, rivals, rival_count, struct market_rival_view, code_rival);
    CODE_LIST(codec, rules, seen, lanes, lane_count, struct market_lane_view, code_lane);
    CODE_LIST(codec, rules, seen, notices, notice_count, struct market_notice, code_notice);
    code_books(codec, rules, seen);
    for (int n = 0; n < rules->nest_count && rules->promotion.open; n++) {
        codec_i64(codec, &seen->brand[n].brand_minor);
        codec_i64(codec, &seen->brand[n].social_minor);
        codec_i64(codec, &seen->brand[n].round_spend_minor);
    }
    if (rules->compliance.open)
        code_compliance(codec, rules, seen);
    if (rules->event_count > 0)
        CODE_LIST(codec, rules, seen, events, event_count, struct market_event_view, code_event);
    if (rules->customs.open)
        code_customs(codec, rules, seen);
    if (rules->loans.open) {
        codec_i64(codec, &seen->loan_minor);
        codec_i64(codec, &seen->loan_room_minor);
        codec_bool(codec, &seen->keep_currency);
    }
    if (rules->customs.open)
        CODE_LIST(codec, rules, seen, declarations, declaration_count,
                  struct market_declaration_view, code_declaration);
}

void market_observation_encode(const struct market_observation *observation, struct buf *bytes)
{
    struct market_codec codec = {.out = bytes};
    struct market_observation copy = *observation;
    buf_append(bytes, (struct str){magic, sizeof(magic)});
    bytes_put_u32(bytes, MARKET_OBSERVATION_VERSION);
    code_observation(&codec, observation->rules, &copy);
}

enum err market_observation_decode(struct arena *arena, struct str bytes,
                                   const struct market_rules *rules,
                                   struct market_observation *observation, struct problem *problem)
{
    if (bytes.length < sizeof(magic) || memcmp(bytes.text, magic, sizeof(magic)) != 0)
        return problem_set(problem, ERR_STATE_DAMAGED, ERR_CTEXT("not an observation"));
    struct market_codec codec = {.arena = arena, .in = bytes_reader(bytes)};
    codec.in.at += sizeof(magic);
    uint32_t version = bytes_get_u32(&codec.in);
    if (version != MARKET_OBSERVATION_VERSION)
        return problem_set(problem, ERR_FILE_VERSION, ERR_INT(version),
                           ERR_INT(MARKET_OBSERVATION_VERSION));
    struct market_observation read = {.version = MARKET_OBSERVATION_VERSION, .rules = rules};
    code_observation(&codec, rules, &read);
    if (codec_failed(&codec) || !bytes_reader_done(&codec.in))
        return problem_set(problem, ERR_STATE_DAMAGED, ERR_CTEXT("a value out of its range"));
    *observation = read;
    return ERR_OK;
}
