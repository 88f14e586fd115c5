/* The fields of level 1: listings, orders, transfers, removals, forecasts. */
#include "effects.h"
#include "engine/market/score.h"

static void price_up(struct arena *arena, const struct market_observation *seen,
                     struct market_seat_decisions *decisions, bool with)
{
    (void)seen;
    for (int i = 0; with && i < decisions->lists[LIST_listings].count; i++) {
        struct market_row *row = effect_row_of(arena, decisions, LIST_listings, i);
        market_row_set(row, F_listings_price, market_row_number(row, F_listings_price) * 11 / 10);
    }
}

static void coupon(struct arena *arena, const struct market_observation *seen,
                   struct market_seat_decisions *decisions, bool with)
{
    (void)seen;
    for (int i = 0; with && i < decisions->lists[LIST_listings].count; i++) {
        struct market_row *row = effect_row_of(arena, decisions, LIST_listings, i);
        market_row_set(row, F_listings_coupon, 150);
    }
}

static void retire(struct arena *arena, const struct market_observation *seen,
                   struct market_seat_decisions *decisions, bool with)
{
    (void)seen;
    struct market_row *row = effect_row_of(arena, decisions, LIST_listings, 0);
    market_row_set(row, F_listings_live, !with);
}

/* The first market's orders go by the slow parcel lane from home instead of its local lane. */
static void lane_from_home(struct arena *arena, const struct market_observation *seen,
                           struct market_seat_decisions *decisions, bool with)
{
    (void)seen;
    for (int i = 0; with && i < decisions->lists[LIST_listings].count; i++) {
        struct market_row *row = effect_row_of(arena, decisions, LIST_listings, i);
        if (market_row_number(row, F_listings_market) == 0)
            market_row_set(row, F_listings_lane, WORLD_LANE_LINE);
    }
}

static void promise_longer(struct arena *arena, const struct market_observation *seen,
                           struct market_seat_decisions *decisions, bool with)
{
    (void)seen;
    for (int i = 0; with && i < decisions->lists[LIST_listings].count; i++) {
        struct market_row *row = effect_row_of(arena, decisions, LIST_listings, i);
        market_row_set(row, F_listings_promise_days, 45);
    }
}

static void return_window(struct arena *arena, const struct market_observation *seen,
                          struct market_seat_decisions *decisions, bool with)
{
    (void)seen;
    for (int i = 0; i < decisions->lists[LIST_listings].count; i++) {
        struct market_row *row = effect_row_of(arena, decisions, LIST_listings, i);
        market_row_set(row, F_listings_return_days, with ? 60 : 14);
    }
}

static double returned(const struct market_rules *rules, const struct market_state *state,
                       const struct market_observation *seen)
{
    (void)seen;
    double units = 0;
    for (int p = 0; p < rules->product_count; p++)
        units += (double)state->firms[0].units[p].returned;
    return units;
}

/* One extra order at the start, of the first product, to stay at home. */
static struct market_row *extra_order(struct arena *arena, const struct market_observation *seen,
                                      struct market_seat_decisions *decisions, int64_t units)
{
    if (seen->round > 0)
        return NULL;
    struct market_row *row = effect_row_add(arena, decisions, LIST_orders);
    market_row_set(row, F_orders_product, 0);
    market_row_set(row, F_orders_supplier, 0);
    market_row_set(row, F_orders_units, units);
    market_row_set(row, F_orders_inspect, 0);
    return row;
}

static void order_more(struct arena *arena, const struct market_observation *seen,
                       struct market_seat_decisions *decisions, bool with)
{
    extra_order(arena, seen, decisions, with ? 600 : 60);
}

static void order_inspected(struct arena *arena, const struct market_observation *seen,
                            struct market_seat_decisions *decisions, bool with)
{
    struct market_row *row = extra_order(arena, seen, decisions, 600);
    if (row != NULL)
        market_row_set(row, F_orders_inspect, with);
}

static double defects_at_home(const struct market_rules *rules, const struct market_state *state,
                              const struct market_observation *seen)
{
    (void)rules;
    (void)seen;
    return market_stock_at(state, &state->firms[0], 0, 0)->defect_rate;
}

/* Two suppliers make the first product; the second asks more. */
static void second_supplier(struct market_rules *rules)
{
    struct market_supplier *suppliers = (struct market_supplier *)(uintptr_t)rules->suppliers;
    suppliers[1].product = 0;
    for (int b = 0; b < suppliers[1].break_count; b++)
        suppliers[1].breaks[b].price_minor *= 2;
    struct market_product *products = (struct market_product *)(uintptr_t)rules->products;
    (void)products;
    rules->product_count = 1;
    rules->supplier_count = 2;
}

static void dear_supplier(struct arena *arena, const struct market_observation *seen,
                          struct market_seat_decisions *decisions, bool with)
{
    struct market_row *row = extra_order(arena, seen, decisions, 600);
    if (row != NULL)
        market_row_set(row, F_orders_supplier, with ? 1 : 0);
}

static void order_shipped(struct arena *arena, const struct market_observation *seen,
                          struct market_seat_decisions *decisions, bool with)
{
    struct market_row *row = extra_order(arena, seen, decisions, 600);
    if (row != NULL && with)
        market_row_set(row, F_orders_lane, WORLD_LANE_AIR);
}

static double units_abroad(const struct market_rules *rules, const struct market_state *state,
                           const struct market_observation *seen)
{
    (void)seen;
    double units = 0;
    for (int p = 0; p < rules->product_count; p++)
        units += (double)market_stock_at(state, &state->firms[0], 1, p)->units +
                 (double)state->firms[0].units[p].sold;
    return units;
}

/* Goods that were ordered to stay at home in the first round are moved in the second or third. */
static int64_t at_home(const struct market_observation *seen)
{
    for (int s = 0; s < seen->stock_count; s++)
        if (seen->stock[s].product == 0 && seen->stock[s].place == 0)
            return seen->stock[s].units;
    return 0;
}

static void no_transfers(struct market_seat_decisions *decisions)
{
    decisions->lists[LIST_transfers].count = 0;
}

static void transfer_some(struct arena *arena, const struct market_observation *seen,
                          struct market_seat_decisions *decisions, int lane, int64_t most)
{
    extra_order(arena, seen, decisions, 600);
    no_transfers(decisions);
    int64_t units = at_home(seen) < most ? at_home(seen) : most;
    if (seen->round != 1 || units == 0)
        return;
    struct market_row *row = effect_row_add(arena, decisions, LIST_transfers);
    market_row_set(row, F_transfers_product, 0);
    market_row_set(row, F_transfers_lane, lane);
    market_row_set(row, F_transfers_units, units);
}

static void transfer_more(struct arena *arena, const struct market_observation *seen,
                          struct market_seat_decisions *decisions, bool with)
{
    transfer_some(arena, seen, decisions, WORLD_LANE_AIR, with ? 500 : 50);
}

static void transfer_by_sea(struct arena *arena, const struct market_observation *seen,
                            struct market_seat_decisions *decisions, bool with)
{
    transfer_some(arena, seen, decisions, with ? WORLD_LANE_SEA : WORLD_LANE_AIR, 500);
}

static void remove_some(struct arena *arena, const struct market_observation *seen,
                        struct market_seat_decisions *decisions, bool with)
{
    if (seen->round > 0 || !with)
        return;
    struct market_row *row = effect_row_add(arena, decisions, LIST_removals);
    market_row_set(row, F_removals_product, 0);
    market_row_set(row, F_removals_market, 0);
    market_row_set(row, F_removals_units, 60);
}

static double storage_cost(const struct market_rules *rules, const struct market_state *state,
                           const struct market_observation *seen)
{
    (void)rules;
    (void)state;
    return (double)seen->total_pl_minor[PL_STORAGE]; /* costs are negative */
}

/* A forecast of what was asked last round, against one ten times as high. */
static void forecast_near(struct arena *arena, const struct market_observation *seen,
                          struct market_seat_decisions *decisions, bool with)
{
    decisions->lists[LIST_forecasts].count = 0;
    for (int i = 0; i < seen->listing_count; i++) {
        const struct market_listing_view *listing = &seen->listings[i];
        int64_t asked = 0;
        for (int d = MARKET_HISTORY_DAYS - 28; d < MARKET_HISTORY_DAYS; d++)
            asked += listing->units_sold[d] + listing->units_lost[d];
        struct market_row *row = effect_row_add(arena, decisions, LIST_forecasts);
        market_row_set(row, F_forecasts_product, listing->product);
        market_row_set(row, F_forecasts_market, listing->market);
        market_row_set(row, F_forecasts_channel, listing->channel);
        market_row_set(row, F_forecasts_units, with ? asked / 2 : asked * 5);
    }
}

static double forecast_points(const struct market_rules *rules, const struct market_state *state,
                              const struct market_observation *seen)
{
    (void)seen;
    struct market_indicators indicators;
    market_indicators_get(rules, state, 0, &indicators);
    return indicators.value[INDICATOR_FORECAST];
}

static const struct effect_row rows[] = {
    {F_listings_live, "a retired listing sells nothing", -1, 0, NULL, retire, effect_units},
    {F_listings_price, "a higher price sells fewer units", -1, 0, NULL, price_up, effect_units},
    {F_listings_coupon, "a coupon sells more units", +1, 0, NULL, coupon, effect_units},
    {F_listings_lane, "parcels from home sell less than local ones", -1, 0, NULL, lane_from_home,
     effect_units},
    {F_listings_promise_days, "a longer promise sells less", -1, 0, NULL, promise_longer,
     effect_units},
    {F_listings_return_days, "a longer window brings more returns", +1, 5, NULL, return_window,
     returned},
    {F_orders_units, "a larger order is more stock", +1, 0, NULL, order_more, effect_stock},
    {F_orders_supplier, "a dear supplier costs cash", -1, 0, second_supplier, dear_supplier,
     effect_cash},
    {F_orders_inspect, "an inspection catches defects", -1, 2, NULL, order_inspected,
     defects_at_home},
    {F_orders_lane, "a lane takes goods to the warehouse abroad", +1, 3, NULL, order_shipped,
     units_abroad},
    {F_transfers_units, "a larger transfer is more stock abroad", +1, 4, NULL, transfer_more,
     units_abroad},
    {F_transfers_lane, "the sea takes longer than the air", -1, 3, NULL, transfer_by_sea,
     units_abroad},
    {F_removals_units, "less stock costs less storage", +1, 2, NULL, remove_some, storage_cost},
    {F_forecasts_units, "a forecast near the demand scores", +1, 0, NULL, forecast_near,
     forecast_points},
};

const struct effect_table effects_level1 = {COUNT_OF(rows), rows};
