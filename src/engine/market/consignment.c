/* Consignments: what a firm sends on one lane under one mode on one day travels together. Base
 * freight and declaration are charged once and shared over the lots, freight by billed weight and
 * declaration by value, by largest remainder (docs/model-level2.md, customs). */
#include "engine/market/work.h"

static enum market_customs_mode mode_of(const struct market_work *work, int f, int product,
                                        int market, bool parcels)
{
    if (!work->rules->customs.open)
        return CUSTOMS_0110;
    return market_customs_mode_used(
        market_declaration_at(work->state, &work->state->firms[f], product, market), parcels);
}

static int64_t entry_fee(const struct market_work *work, enum market_customs_mode mode)
{
    return work->rules->customs.open ? work->rules->customs.entry_fee_minor[mode] : 0;
}

/* A lane's rate for the firm stays what it was when the day's first goods were loaded: what is
 * loaded may itself be a counter-move. */
static double lane_factor(const struct market_work *work, int f, int lane)
{
    double loaded = work->loading_factor[f * work->state->lane_count + lane];
    return loaded > 0
               ? loaded
               : market_freight_factor(work, lane) * market_events_freight_relief(work, f, lane);
}

static bool travels_with(const struct market_work *work, int f,
                         const struct market_shipment *shipment, int lane,
                         enum market_customs_mode mode)
{
    return shipment->loading && shipment->lane == lane &&
           mode_of(work, f, shipment->product, work->rules->lanes[lane].market, false) == mode;
}

static int64_t lot_weight_g(const struct market_rules *rules,
                            const struct market_shipment *shipment)
{
    return shipment->units * market_billed_weight_g(&rules->lanes[shipment->lane],
                                                    &rules->products[shipment->product]);
}

/* Weight that is loaded so far; false: nothing is. */
static bool loaded_weight(const struct market_work *work, int f, int lane,
                          enum market_customs_mode mode, int64_t *weight_g)
{
    const struct market_firm *firm = &work->state->firms[f];
    bool any = false;
    *weight_g = 0;
    for (int s = 0; s < firm->shipment_count; s++)
        if (travels_with(work, f, &firm->shipments[s], lane, mode)) {
            any = true;
            *weight_g += lot_weight_g(work->rules, &firm->shipments[s]);
        }
    return any;
}

int64_t market_consignment_cost(const struct market_work *work, int f, int product, int lane,
                                int64_t units)
{
    const struct market_lane *row = &work->rules->lanes[lane];
    enum market_customs_mode mode = mode_of(work, f, product, row->market, false);
    struct market_shipment lot = {.product = product, .lane = lane, .units = units};
    double factor = lane_factor(work, f, lane);
    int64_t before_g;
    bool any = loaded_weight(work, f, lane, mode, &before_g);
    int64_t after =
        market_freight_of_weight(row, before_g + lot_weight_g(work->rules, &lot), factor);
    return any ? after - market_freight_of_weight(row, before_g, factor)
               : after + entry_fee(work, mode);
}

void market_consignment_load(struct market_work *work, int f, struct market_shipment *shipment)
{
    int lane = shipment->lane;
    work->loading_minor[f] +=
        market_consignment_cost(work, f, shipment->product, lane, shipment->units);
    work->loading_factor[f * work->state->lane_count + lane] = lane_factor(work, f, lane);
    work->loading_any[f] = true;
    shipment->loading = true;
}

/* One consignment leaves: that of a shipment being loaded. */
static void consignment_send(struct market_work *work, int f, const struct market_shipment *first)
{
    struct market_firm *firm = &work->state->firms[f];
    int lane = first->lane, lots = 0;
    const struct market_lane *row = &work->rules->lanes[lane];
    enum market_customs_mode mode = mode_of(work, f, first->product, row->market, false);
    struct arena_mark mark = arena_mark_get(work->arena);
    size_t room = (size_t)firm->shipment_count;
    struct market_shipment **lot = ARENA_ARRAY(work->arena, struct market_shipment *, room);
    int64_t *weights = ARENA_ARRAY(work->arena, int64_t, room);
    int64_t *values = ARENA_ARRAY(work->arena, int64_t, room);
    int64_t *freights = ARENA_ARRAY(work->arena, int64_t, room);
    int64_t *entries = ARENA_ARRAY(work->arena, int64_t, room);
    int64_t weight_g = 0;
    for (int s = 0; s < firm->shipment_count; s++) {
        struct market_shipment *shipment = &firm->shipments[s];
        if (!travels_with(work, f, shipment, lane, mode))
            continue;
        lot[lots] = shipment;
        weights[lots] = lot_weight_g(work->rules, shipment);
        values[lots] = shipment->goods_minor;
        weight_g += weights[lots++];
    }
    int64_t freight = market_freight_of_weight(row, weight_g, lane_factor(work, f, lane));
    int64_apportion(freight, weights, (size_t)lots, freights);
    int64_apportion(entry_fee(work, mode), values, (size_t)lots, entries);
    for (int i = 0; i < lots; i++) {
        lot[i]->loading = false;
        lot[i]->freight_minor += freights[i];
        market_post(work, f, 0, ACCOUNT_TRANSIT, ACCOUNT_CASH, freights[i], REASON_FREIGHT,
                    lot[i]->product);
        market_post(work, f, 0, ACCOUNT_FULFILMENT, ACCOUNT_CASH, entries[i], REASON_EXPORT_ENTRY,
                    lot[i]->product);
    }
    /* Journal entries grown meanwhile live in the same arena: keep all. */
    if (!work->probe->journal)
        arena_rewind(work->arena, mark);
}

void market_consignments_send(struct market_work *work, int f)
{
    struct market_firm *firm = &work->state->firms[f];
    if (!work->loading_any[f])
        return;
    for (int s = 0; s < firm->shipment_count; s++)
        if (firm->shipments[s].loading)
            consignment_send(work, f, &firm->shipments[s]);
    work->loading_minor[f] = 0;
    work->loading_any[f] = false;
    for (int l = 0; l < work->state->lane_count; l++)
        work->loading_factor[f * work->state->lane_count + l] = 0;
}

/* ---- parcels: a list a lane, mode and day ---- */

void market_parcels_declare(struct market_work *work, int f, int product, int lane, int64_t value)
{
    enum market_customs_mode mode =
        mode_of(work, f, product, work->rules->lanes[lane].market, true);
    if (entry_fee(work, mode) == 0)
        return;
    int room = work->state->listing_room;
    work->declared[f * room + work->declared_count[f]++] = (struct market_declared_parcels){
        .product = product, .lane = lane, .mode = (int)mode, .value_minor = value};
}

static void list_send(struct market_work *work, int f, struct market_declared_parcels *rows,
                      int count, const struct market_declared_parcels *first)
{
    int64_t values[MARKET_LISTINGS_MAX] = {0}, parts[MARKET_LISTINGS_MAX];
    int product[MARKET_LISTINGS_MAX], lane = first->lane, mode = first->mode, lots = 0;
    for (int i = 0; i < count; i++) {
        if (rows[i].lane != lane || rows[i].mode != mode)
            continue;
        values[lots] = rows[i].value_minor;
        product[lots++] = rows[i].product;
        rows[i].lane = -1;
    }
    int64_apportion(entry_fee(work, (enum market_customs_mode)mode), values, (size_t)lots, parts);
    for (int i = 0; i < lots; i++)
        market_post(work, f, 0, ACCOUNT_FULFILMENT, ACCOUNT_CASH, parts[i], REASON_EXPORT_ENTRY,
                    product[i]);
}

void market_parcels_send(struct market_work *work)
{
    for (int f = 0; f < work->state->firm_count; f++) {
        struct market_declared_parcels *rows = &work->declared[f * work->state->listing_room];
        for (int i = 0; i < work->declared_count[f]; i++)
            if (rows[i].lane >= 0)
                list_send(work, f, rows, work->declared_count[f], &rows[i]);
        work->declared_count[f] = 0;
    }
}
