/* States as versioned bytes: a head (magic, version, sizes), then every field in the order below.
 * Payouts are sparse: a mask of the days in use, then those. */
#include <string.h>

#include "engine/market/codec.h"
#include "engine/market/work.h"

static const char magic[8] = {'S', 'M', 'P', 'S', 'T', 'A', 'T', 'E'};

static void code_small(struct market_codec *codec, int16_t *value, int least, int most)
{
    int wire = *value;
    codec_int(codec, &wire, least, most);
    *value = (int16_t)wire;
}

static void code_delivery(struct market_codec *codec, int listings, struct market_delivery *due)
{
    codec_i32(codec, &due->due_day);
    code_small(codec, &due->listing, 0, listings - 1);
    code_small(codec, &due->late_days, 0, MARKET_LANE_DAYS_MAX);
    codec_i32(codec, &due->units);
    codec_i32(codec, &due->lost);
    codec_i64(codec, &due->goods);
    codec_i64(codec, &due->gross_minor);
    codec_i64(codec, &due->tax_minor);
    codec_i64(codec, &due->referral_minor);
    codec_i64(codec, &due->cogs_minor);
    codec_f64(codec, &due->defect_rate);
}

static void code_return(struct market_codec *codec, int listings, struct market_return *back)
{
    codec_i32(codec, &back->due_day);
    code_small(codec, &back->listing, 0, listings - 1);
    codec_i32(codec, &back->units);
    codec_i64(codec, &back->goods);
    codec_i64(codec, &back->gross_minor);
    codec_i64(codec, &back->tax_minor);
    codec_i64(codec, &back->referral_minor);
    codec_i64(codec, &back->cogs_minor);
}

static void code_past(struct market_codec *codec, struct market_past *past)
{
    codec_f64(codec, &past->latent);
    codec_i64(codec, &past->price_days);
    codec_i32(codec, &past->days);
}

static void code_listing(struct market_codec *codec, const struct market_state *state,
                         struct market_listing *listing)
{
    codec_int(codec, &listing->product, 0, state->product_count - 1);
    codec_int(codec, &listing->nest, 0, state->nest_count - 1);
    codec_bool(codec, &listing->live);
    codec_i64(codec, &listing->price_minor);
    codec_i64(codec, &listing->coupon_minor);
    codec_int(codec, &listing->lane, -1, state->lane_count - 1);
    codec_int(codec, &listing->promise_days, 0, MARKET_LANE_DAYS_MAX);
    codec_int(codec, &listing->return_days, 0, 365);
    codec_f64(codec, &listing->sales_average);
    codec_f64(codec, &listing->review_volume);
    codec_f64(codec, &listing->stars_sum);
    codec_i64(codec, &listing->review_count);
    codec_f64(codec, &listing->late_average);
    if (state->modules & MODULE_PROMOTION)
        market_promotion_code_listing(codec, &listing->promotion);
    if (state->modules & MODULE_STOREFRONT)
        market_storefront_code(codec, &listing->storefront);
    if (state->modules & MODULE_COMPLIANCE)
        market_compliance_code_listing(codec, &listing->compliance);
    for (int d = 0; d < MARKET_HISTORY_DAYS; d++) {
        codec_i32(codec, &listing->sold[d]);
        codec_i32(codec, &listing->missed[d]);
        codec_u8(codec, &listing->in_stock[d], 1);
        codec_f64(codec, &listing->latent[d]);
    }
    for (int p = 0; p < PAST_RING; p++)
        code_past(codec, &listing->past[p]);
    code_past(codec, &listing->now);
    codec_i64(codec, &listing->round_units);
    codec_i64(codec, &listing->round_missed);
    codec_i64(codec, &listing->round_returned);
    codec_i64(codec, &listing->round_delivered);
    codec_i64(codec, &listing->round_late);
    codec_i64(codec, &listing->round_gross_minor);
    codec_i64(codec, &listing->round_fees_minor);
    codec_i64(codec, &listing->round_tax_minor);
    codec_i64(codec, &listing->round_refunds_minor);
    codec_f64(codec, &listing->round_views);
    codec_bool(codec, &listing->forecast_given);
    codec_i64(codec, &listing->forecast_units);
    codec_f64(codec, &listing->smoothed_units);
}

static void code_order(struct market_codec *codec, const struct market_state *state, int suppliers,
                       struct market_order *order)
{
    codec_int(codec, &order->product, 0, state->product_count - 1);
    codec_int(codec, &order->supplier, 0, suppliers - 1);
    codec_int(codec, &order->lane, -1, state->lane_count - 1);
    codec_i64(codec, &order->units);
    codec_i64(codec, &order->total_minor);
    codec_i64(codec, &order->paid_minor);
    codec_i32(codec, &order->placed_day);
    codec_i32(codec, &order->ready_day);
    codec_f64(codec, &order->defect_rate);
    codec_bool(codec, &order->inspect);
}

static void code_shipment(struct market_codec *codec, const struct market_state *state,
                          struct market_shipment *shipment)
{
    codec_int(codec, &shipment->product, 0, state->product_count - 1);
    codec_int(codec, &shipment->lane, 0, state->lane_count - 1);
    codec_i64(codec, &shipment->units);
    codec_i64(codec, &shipment->goods_minor);
    codec_i64(codec, &shipment->freight_minor);
    codec_i32(codec, &shipment->sent_day);
    codec_i32(codec, &shipment->arrive_day);
    codec_f64(codec, &shipment->defect_rate);
    codec_bool(codec, &shipment->insured);
    codec_bool(codec, &shipment->held);
    if (state->modules & MODULE_CUSTOMS)
        market_customs_code_shipment(codec, shipment);
}

static void code_payouts(struct market_codec *codec, const struct market_state *state,
                         struct market_firm *firm)
{
    for (int c = 0; c < state->currency_count; c++) {
        uint64_t mask = 0;
        for (int d = 0; d < PAYOUT_RING; d++)
            if (firm->payouts[c][d] != 0)
                mask |= UINT64_C(1) << d;
        codec_u64(codec, &mask);
        for (int d = 0; d < PAYOUT_RING; d++)
            if ((mask >> d) & 1)
                codec_i64(codec, &firm->payouts[c][d]);
    }
}

static void code_tally(struct market_codec *codec, struct market_tally *tally)
{
    codec_f64(codec, &tally->served);
    codec_f64(codec, &tally->asked);
    codec_f64(codec, &tally->cover_sum);
    codec_int(codec, &tally->cover_rounds, 0, MARKET_DAYS_MAX);
    codec_f64(codec, &tally->forecast_error);
    codec_f64(codec, &tally->smoothing_error);
    codec_int(codec, &tally->forecast_rounds, 0, MARKET_DAYS_MAX);
    codec_f64(codec, &tally->stars_sum);
    codec_i64(codec, &tally->reviews);
}

enum { GOODS_OPEN_MAX = 4096 };

/* Orders and shipments: their number decides the memory, so it is read before the rows. */
static void code_goods(struct market_codec *codec, const struct market_state *state, int suppliers,
                       struct market_firm *firm)
{
    codec_int(codec, &firm->delivery_count, 0, GOODS_OPEN_MAX);
    codec_int(codec, &firm->return_count, 0, GOODS_OPEN_MAX);
    codec_int(codec, &firm->order_count, 0, GOODS_OPEN_MAX);
    codec_int(codec, &firm->shipment_count, 0, GOODS_OPEN_MAX);
    if (codec->out == NULL) {
        firm->deliveries =
            ARENA_ARRAY(codec->arena, struct market_delivery, (size_t)firm->delivery_count);
        firm->returns = ARENA_ARRAY(codec->arena, struct market_return, (size_t)firm->return_count);
        firm->orders = ARENA_ARRAY(codec->arena, struct market_order, (size_t)firm->order_count);
        firm->shipments =
            ARENA_ARRAY(codec->arena, struct market_shipment, (size_t)firm->shipment_count);
    }
    for (int d = 0; d < firm->delivery_count && !codec_failed(codec); d++)
        code_delivery(codec, firm->listing_count, &firm->deliveries[d]);
    for (int r = 0; r < firm->return_count && !codec_failed(codec); r++)
        code_return(codec, firm->listing_count, &firm->returns[r]);
    for (int o = 0; o < firm->order_count && !codec_failed(codec); o++)
        code_order(codec, state, suppliers, &firm->orders[o]);
    for (int s = 0; s < firm->shipment_count && !codec_failed(codec); s++)
        code_shipment(codec, state, &firm->shipments[s]);
}

/* Level 2: only what the world has. */
static void code_modules(struct market_codec *codec, const struct market_state *state,
                         int suppliers, struct market_firm *firm)
{
    int markets = state->place_count - 1;
    for (int n = 0; n < state->nest_count && (state->modules & MODULE_PROMOTION); n++)
        market_promotion_code_firm(codec, &firm->promotion[n]);
    for (int d = 0; d < state->product_count * markets && (state->modules & MODULE_CUSTOMS); d++)
        market_customs_code_declaration(codec, &firm->declarations[d]);
    for (int m = 0; m < markets && (state->modules & MODULE_CUSTOMS); m++)
        market_customs_code_firm(codec, &firm->customs[m]);
    if (state->modules & MODULE_CUSTOMS)
        market_customs_code_refunds(codec, firm);
    if (state->modules & MODULE_FINANCE)
        market_finance_code(codec, &firm->finance);
    if (state->modules & MODULE_COMPLIANCE)
        market_compliance_code_firm(codec, &firm->compliance);
    if (state->modules & MODULE_SOURCING) {
        market_sourcing_code_firm(codec, &firm->sourcing);
        for (int p = 0; p < state->product_count; p++)
            market_sourcing_code_reorder(codec, &firm->reorders[p], suppliers, state->lane_count);
    }
}

/* Accounts only the customs office posts to stand last and in home money; a new account must be
 * given its place here. */
_Static_assert(ACCOUNT_REFUND + 1 == ACCOUNT_PENALTY && ACCOUNT_PENALTY + 1 == ACCOUNT_COUNT,
               "every account is coded: those before ACCOUNT_REFUND always, the rest with customs");

static void code_balances(struct market_codec *codec, const struct market_state *state,
                          struct market_firm *firm)
{
    for (int a = 0; a < ACCOUNT_COUNT; a++) {
        if (a >= ACCOUNT_REFUND && !(state->modules & MODULE_CUSTOMS))
            continue;
        int currencies = a >= ACCOUNT_REFUND ? 1 : state->currency_count;
        for (int c = 0; c < currencies; c++)
            codec_i64(codec, &firm->balance[a][c]);
    }
}

static void code_firm(struct market_codec *codec, const struct market_state *state, int suppliers,
                      struct market_firm *firm)
{
    codec_f64(codec, &firm->luck);
    codec_bool(codec, &firm->administration);
    code_balances(codec, state, firm);
    code_payouts(codec, state, firm);
    for (int m = 0; m < state->place_count - 1; m++) {
        codec_i64(codec, &firm->storage_due_minor[m]);
        codec_i64(codec, &firm->storage_rest_1e9[m]);
    }
    codec_i64(codec, &firm->interest_rest_1e9);
    codec_i64(codec, &firm->equity_opening_minor);
    codec_i64(codec, &firm->equity_minor);
    for (int l = 0; l < PL_COUNT; l++) {
        codec_i64(codec, &firm->round_pl_minor[l]);
        codec_i64(codec, &firm->total_pl_minor[l]);
    }
    for (int place = 0; place < state->place_count; place++)
        for (int p = 0; p < state->product_count; p++) {
            struct market_stock *stock = market_stock_at(state, firm, place, p);
            codec_i64(codec, &stock->units);
            codec_i64(codec, &stock->value_minor);
            codec_f64(codec, &stock->defect_rate);
            codec_f64(codec, &stock->age_days);
        }
    for (int p = 0; p < state->product_count; p++) {
        codec_i64(codec, &firm->units[p].bought);
        codec_i64(codec, &firm->units[p].sold);
        codec_i64(codec, &firm->units[p].lost);
        codec_i64(codec, &firm->units[p].returned);
        codec_i64(codec, &firm->units[p].written_off);
    }
    code_tally(codec, &firm->tally);
    code_modules(codec, state, suppliers, firm);
    codec_int(codec, &firm->listing_count, 0, state->listing_room);
    for (int i = 0; i < firm->listing_count && !codec_failed(codec); i++)
        code_listing(codec, state, &firm->listings[i]);
    code_goods(codec, state, suppliers, firm);
}

static void code_state(struct market_codec *codec, int suppliers, struct market_state *state)
{
    codec_int(codec, &state->round, 0, MARKET_DAYS_MAX);
    codec_int(codec, &state->day, 0, MARKET_DAYS_MAX);
    for (int n = 0; n < state->nest_count; n++)
        codec_f64(codec, &state->traffic[n]);
    for (int l = 0; l < state->lane_count; l++) {
        codec_f64(codec, &state->lanes[l].log_freight);
        for (int d = 0; d < MARKET_LANE_HISTORY; d++)
            codec_u8(codec, &state->lanes[l].days[d], MARKET_LANE_DAYS_MAX);
    }
    for (int e = 0; e < MARKET_EVENTS_RUNNING && (state->modules & MODULE_EVENTS); e++)
        market_events_code(codec, &state->events[e]);
    for (int f = 0; f < state->firm_count && !codec_failed(codec); f++)
        code_firm(codec, state, suppliers, &state->firms[f]);
}

/* Sizes that must agree with the rules. */
static void code_head(struct market_codec *codec, struct market_state *state)
{
    codec_int(codec, &state->modules, state->modules, state->modules);
    codec_int(codec, &state->firm_count, state->firm_count, state->firm_count);
    codec_int(codec, &state->nest_count, state->nest_count, state->nest_count);
    codec_int(codec, &state->lane_count, state->lane_count, state->lane_count);
    codec_int(codec, &state->product_count, state->product_count, state->product_count);
    codec_int(codec, &state->place_count, state->place_count, state->place_count);
    codec_int(codec, &state->currency_count, state->currency_count, state->currency_count);
}

void market_state_encode(const struct market_state *state, struct buf *bytes)
{
    struct market_codec codec = {.out = bytes};
    struct market_state copy = *state; /* its arrays are shared and only read */
    buf_append(bytes, (struct str){magic, sizeof(magic)});
    bytes_put_u32(bytes, MARKET_STATE_VERSION);
    code_head(&codec, &copy);
    code_state(&codec, MARKET_SUPPLIERS_MAX, &copy);
}

enum err market_state_decode(struct arena *arena, const struct market_rules *rules,
                             struct str bytes, struct market_state **state, struct problem *problem)
{
    if (bytes.length < sizeof(magic) || memcmp(bytes.text, magic, sizeof(magic)) != 0)
        return problem_set(problem, ERR_STATE_DAMAGED, ERR_CTEXT("not a state"));
    struct market_codec codec = {.arena = arena, .in = bytes_reader(bytes)};
    codec.in.at += sizeof(magic);
    uint32_t version = bytes_get_u32(&codec.in);
    if (version != MARKET_STATE_VERSION)
        return problem_set(problem, ERR_FILE_VERSION, ERR_INT(version),
                           ERR_INT(MARKET_STATE_VERSION));
    struct market_state *read = market_state_new(arena, rules);
    code_head(&codec, read);
    if (!codec_failed(&codec))
        code_state(&codec, rules->supplier_count, read);
    bool sound = true;
    for (int e = 0; e < MARKET_EVENTS_RUNNING; e++)
        sound = sound && read->events[e].event < rules->event_count;
    for (int f = 0; f < read->firm_count; f++)
        sound = sound && market_compliance_sound(&read->firms[f].compliance,
                                                 read->firms[f].listing_count, rules->market_count);
    if (!sound || codec_failed(&codec) || !bytes_reader_done(&codec.in))
        return problem_set(problem, ERR_STATE_DAMAGED, ERR_CTEXT("a value out of its range"));
    *state = read;
    return ERR_OK;
}
