#include "engine/market/state.h"

#include "core/arena.h"

static void firm_new(struct arena *arena, const struct market_state *state,
                     struct market_firm *firm, int shipments)
{
    size_t products = (size_t)state->product_count, places = (size_t)state->place_count;
    firm->stock = ARENA_ARRAY(arena, struct market_stock, places * products);
    firm->units = ARENA_ARRAY(arena, struct market_units, products);
    firm->promotion = ARENA_ARRAY(arena, struct market_promotion_firm, (size_t)state->nest_count);
    firm->declarations =
        ARENA_ARRAY(arena, struct market_customs_declaration, products * (places - 1));
    firm->reorders = ARENA_ARRAY(arena, struct market_reorder, products);
    for (size_t p = 0; p < products; p++)
        firm->reorders[p].supplier = -1;
    firm->listings = ARENA_ARRAY(arena, struct market_listing, (size_t)state->listing_room);
    firm->shipments = ARENA_ARRAY(arena, struct market_shipment, (size_t)shipments);
}

static int listing_room(const struct market_rules *rules)
{
    int room = 0;
    for (int n = 0; n < rules->nest_count; n++)
        for (int p = 0; p < rules->product_count; p++)
            room += rules->products[p].category == rules->nests[n].category;
    return room < MARKET_LISTINGS_MAX ? room : MARKET_LISTINGS_MAX;
}

struct market_state *market_state_new(struct arena *arena, const struct market_rules *rules)
{
    struct market_state *state = ARENA_NEW(arena, struct market_state);
    state->firm_count = rules->firms;
    state->nest_count = rules->nest_count;
    state->lane_count = rules->lane_count;
    state->product_count = rules->product_count;
    state->place_count = 1 + rules->market_count;
    state->currency_count = rules->currency_count;
    state->listing_room = listing_room(rules);
    state->modules =
        (rules->promotion.open ? MODULE_PROMOTION : 0) |
        (rules->storefront.open ? MODULE_STOREFRONT : 0) |
        (rules->customs.open ? MODULE_CUSTOMS : 0) | (rules->loans.open ? MODULE_FINANCE : 0) |
        (rules->compliance.open ? MODULE_COMPLIANCE : 0) |
        (rules->sourcing.open ? MODULE_SOURCING : 0) | (rules->event_count > 0 ? MODULE_EVENTS : 0);
    for (int e = 0; e < MARKET_EVENTS_RUNNING; e++)
        state->events[e].event = -1;
    state->traffic = ARENA_ARRAY(arena, double, (size_t)state->nest_count);
    state->lanes = ARENA_ARRAY(arena, struct market_lane_state, (size_t)state->lane_count);
    state->firms = ARENA_ARRAY(arena, struct market_firm, (size_t)state->firm_count);
    int room = 2 * state->listing_room; /* a warm start has two shipments a listing on their way */
    for (int f = 0; f < state->firm_count; f++)
        firm_new(arena, state, &state->firms[f], room);
    return state;
}

static void firm_copy(struct arena *arena, const struct market_state *state,
                      const struct market_firm *from, struct market_firm *to, int extra, int days)
{
    *to = *from;
    int products = state->product_count, places = state->place_count;
    int parcels = days * state->listing_room;
    /* An order becomes a shipment, so shipments may take the orders' room as well. */
    int orders = from->order_count + extra, shipments = from->shipment_count + orders + extra;
    to->stock =
        ARENA_COPY(arena, struct market_stock, from->stock, places * products, places * products);
    to->units = ARENA_COPY(arena, struct market_units, from->units, products, products);
    to->promotion = ARENA_COPY(arena, struct market_promotion_firm, from->promotion,
                               state->nest_count, state->nest_count);
    to->declarations = ARENA_COPY(arena, struct market_customs_declaration, from->declarations,
                                  products * (places - 1), products * (places - 1));
    to->reorders = ARENA_COPY(arena, struct market_reorder, from->reorders, products, products);
    to->listings = ARENA_COPY(arena, struct market_listing, from->listings, from->listing_count,
                              state->listing_room);
    to->deliveries = ARENA_COPY(arena, struct market_delivery, from->deliveries,
                                from->delivery_count, from->delivery_count + parcels);
    to->returns = ARENA_COPY(arena, struct market_return, from->returns, from->return_count,
                             from->return_count + parcels);
    to->orders = ARENA_COPY(arena, struct market_order, from->orders, from->order_count, orders);
    to->shipments =
        ARENA_COPY(arena, struct market_shipment, from->shipments, from->shipment_count, shipments);
}

struct market_state *market_state_copy(struct arena *arena, const struct market_state *state,
                                       int extra, int days)
{
    struct market_state *copy = ARENA_NEW(arena, struct market_state);
    *copy = *state;
    copy->traffic = ARENA_COPY(arena, double, state->traffic, state->nest_count, state->nest_count);
    copy->lanes = ARENA_COPY(arena, struct market_lane_state, state->lanes, state->lane_count,
                             state->lane_count);
    copy->firms = ARENA_ARRAY(arena, struct market_firm, (size_t)state->firm_count);
    for (int f = 0; f < state->firm_count; f++)
        firm_copy(arena, state, &state->firms[f], &copy->firms[f], extra, days);
    return copy;
}

int market_state_round(const struct market_state *state)
{
    return state->round;
}

size_t market_state_memory(const struct market_state *state)
{
    size_t places = (size_t)state->place_count * (size_t)state->product_count;
    size_t markets = (size_t)state->place_count - 1;
    size_t bytes = sizeof(*state) + (size_t)state->nest_count * sizeof(*state->traffic) +
                   (size_t)state->lane_count * sizeof(*state->lanes);
    for (int f = 0; f < state->firm_count; f++) {
        const struct market_firm *firm = &state->firms[f];
        bytes += sizeof(*firm) + places * sizeof(*firm->stock) +
                 (size_t)state->product_count * (sizeof(*firm->units) + sizeof(*firm->reorders) +
                                                 markets * sizeof(*firm->declarations)) +
                 (size_t)state->nest_count * sizeof(*firm->promotion) +
                 (size_t)state->listing_room * sizeof(*firm->listings) +
                 (size_t)firm->delivery_count * sizeof(*firm->deliveries) +
                 (size_t)firm->return_count * sizeof(*firm->returns) +
                 (size_t)firm->order_count * sizeof(*firm->orders) +
                 (size_t)firm->shipment_count * sizeof(*firm->shipments);
    }
    return bytes;
}
