#include "effects.h"

#include <string.h>

#include "engine/market/policy.h"

struct market_row *effect_row_add(struct arena *arena, struct market_seat_decisions *decisions,
                                  enum market_list list)
{
    struct market_rows *rows = &decisions->lists[list];
    struct market_row *copy = ARENA_ARRAY(arena, struct market_row, (size_t)rows->count + 1);
    if (rows->count > 0)
        memcpy(copy, rows->rows, (size_t)rows->count * sizeof(*copy));
    rows->rows = copy;
    return &copy[rows->count++];
}

struct market_row *effect_row_of(struct arena *arena, struct market_seat_decisions *decisions,
                                 enum market_list list, int i)
{
    struct market_rows *rows = &decisions->lists[list];
    struct market_row *copy = ARENA_ARRAY(arena, struct market_row, (size_t)rows->count);
    memcpy(copy, rows->rows, (size_t)rows->count * sizeof(*copy));
    rows->rows = copy;
    return &copy[i];
}

double effect_units(const struct market_rules *rules, const struct market_state *state,
                    const struct market_observation *seen)
{
    (void)seen;
    double units = 0;
    for (int p = 0; p < rules->product_count; p++)
        units += (double)state->firms[0].units[p].sold;
    return units;
}

double effect_cash(const struct market_rules *rules, const struct market_state *state,
                   const struct market_observation *seen)
{
    (void)rules;
    (void)state;
    return (double)seen->cash_minor[0];
}

double effect_equity(const struct market_rules *rules, const struct market_state *state,
                     const struct market_observation *seen)
{
    (void)rules;
    (void)state;
    return (double)seen->equity_minor;
}

double effect_stock(const struct market_rules *rules, const struct market_state *state,
                    const struct market_observation *seen)
{
    (void)rules;
    (void)state;
    double units = 0;
    for (int s = 0; s < seen->stock_count; s++)
        units += (double)seen->stock[s].units;
    return units;
}
