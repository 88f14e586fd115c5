#include "engine/market/figures.h"

#include "engine/market/state.h"

void market_goods_get(const struct market_state *state, int f, int product,
                      struct market_goods *goods)
{
    const struct market_firm *firm = &state->firms[f];
    const struct market_units *units = &firm->units[product];
    *goods = (struct market_goods){.bought = units->bought,
                                   .sold = units->sold,
                                   .lost = units->lost,
                                   .returned = units->returned,
                                   .written_off = units->written_off};
    for (int place = 0; place < state->place_count; place++) {
        int64_t there = market_stock_at(state, firm, place, product)->units;
        *(place == 0 ? &goods->home : &goods->abroad) += there;
    }
    for (int s = 0; s < firm->shipment_count; s++)
        goods->on_way += firm->shipments[s].product == product ? firm->shipments[s].units : 0;
    for (int o = 0; o < firm->order_count; o++)
        goods->ordered += firm->orders[o].product == product ? firm->orders[o].units : 0;
}

void market_sums_get(const struct market_state *state, int f, struct market_sums *sums)
{
    const struct market_firm *firm = &state->firms[f];
    const struct market_tally *tally = &firm->tally;
    *sums = (struct market_sums){.served = tally->served,
                                 .asked = tally->asked,
                                 .cover = tally->cover_sum,
                                 .cover_rounds = tally->cover_rounds,
                                 .stars = tally->stars_sum,
                                 .reviews = tally->reviews,
                                 .forecast_error = tally->forecast_error,
                                 .smoothing_error = tally->smoothing_error};
    for (int i = 0; i < firm->listing_count; i++)
        sums->round_latent += firm->listings[i].now.latent;
}
