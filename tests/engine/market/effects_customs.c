/* The fields of customs: declarations, registrations, refund claims. */
#include "effects.h"

/* Only what is shown here is decided, not what steady may decide of it. */
static void decide_alone(struct market_seat_decisions *decisions)
{
    decisions->lists[LIST_customs].count = 0;
    decisions->lists[LIST_registrations].count = 0;
    decisions->lists[LIST_refund_claims].count = 0;
}

/* An extra order of the first product that flies to the first market. */
static void order_by_air(struct arena *arena, const struct market_observation *seen,
                         struct market_seat_decisions *decisions)
{
    if (seen->round > 0)
        return;
    struct market_row *row = effect_row_add(arena, decisions, LIST_orders);
    market_row_set(row, F_orders_product, 0);
    market_row_set(row, F_orders_supplier, 0);
    market_row_set(row, F_orders_units, 600);
    market_row_set(row, F_orders_inspect, 0);
    market_row_set(row, F_orders_lane, WORLD_LANE_AIR);
}

static struct market_row *declare(struct arena *arena, struct market_seat_decisions *decisions,
                                  int product)
{
    struct market_row *row = effect_row_add(arena, decisions, LIST_customs);
    market_row_set(row, F_customs_product, product);
    market_row_set(row, F_customs_market, 0);
    return row;
}

static void mode(struct arena *arena, const struct market_observation *seen,
                 struct market_seat_decisions *decisions, bool with)
{
    decide_alone(decisions);
    order_by_air(arena, seen, decisions);
    if (seen->round == 0)
        market_row_set(declare(arena, decisions, 0), F_customs_mode, with ? 9810 : 110);
}

static void wrong_class(struct arena *arena, const struct market_observation *seen,
                        struct market_seat_decisions *decisions, bool with)
{
    decide_alone(decisions);
    for (int p = 0; with && seen->round == 0 && p < seen->rules->product_count; p++) {
        struct market_row *row = declare(arena, decisions, p);
        market_row_set(row, F_customs_hs6, 0);
        row->value[market_field_index(LIST_customs, F_customs_hs6)].text = STR("950300");
    }
}

/* About half of what a unit costs: EUR 2.60. */
static void half_value(struct arena *arena, const struct market_observation *seen,
                       struct market_seat_decisions *decisions, bool with)
{
    decide_alone(decisions);
    for (int p = 0; with && seen->round == 0 && p < seen->rules->product_count; p++)
        market_row_set(declare(arena, decisions, p), F_customs_declared_value, 260);
}

/* A hold lasts beyond the play, so that held goods can be counted at its end. */
static void long_holds(struct market_rules *rules)
{
    rules->customs.hold_days = 40;
}

static void no_inspections(struct market_rules *rules)
{
    rules->customs.hold_rate = rules->customs.undervalue_slope = rules->customs.undervalue_rate = 0;
}

static double held(const struct market_rules *rules, const struct market_state *state,
                   const struct market_observation *seen)
{
    (void)rules;
    (void)seen;
    double count = 0;
    for (int s = 0; s < state->firms[0].shipment_count; s++)
        count += state->firms[0].shipments[s].held;
    return count;
}

static void registered(struct arena *arena, const struct market_observation *seen,
                       struct market_seat_decisions *decisions, enum market_field field, bool with)
{
    if (seen->round > 0)
        return;
    struct market_row *row = effect_row_add(arena, decisions, LIST_registrations);
    market_row_set(row, F_registrations_market, 0);
    market_row_set(row, field, with);
}

static void ioss(struct arena *arena, const struct market_observation *seen,
                 struct market_seat_decisions *decisions, bool with)
{
    decide_alone(decisions);
    registered(arena, seen, decisions, F_registrations_ioss, with);
}

static void vat(struct arena *arena, const struct market_observation *seen,
                struct market_seat_decisions *decisions, bool with)
{
    decide_alone(decisions);
    order_by_air(arena, seen, decisions);
    registered(arena, seen, decisions, F_registrations_vat, with);
}

/* The first market is served from home only. */
static void from_home(struct market_rules *rules)
{
    struct market_lane *lanes = (struct market_lane *)(uintptr_t)rules->lanes;
    lanes[WORLD_LANE_DE].kind = LANE_DIRECT;
}

static void claim(struct arena *arena, const struct market_observation *seen,
                  struct market_seat_decisions *decisions, bool with)
{
    decide_alone(decisions);
    order_by_air(arena, seen, decisions);
    if (!with || seen->customs[0].refund_open_minor == 0)
        return;
    struct market_row *row = effect_row_add(arena, decisions, LIST_refund_claims);
    market_row_set(row, F_refund_claims_market, 0);
    market_row_set(row, F_refund_claims_amount, seen->customs[0].refund_open_minor);
}

static const struct effect_row rows[] = {
    {F_customs_mode, "9810 refunds by itself, 0110 only what is claimed", 1, 3, NULL, mode,
     effect_cash},
    {F_customs_hs6, "a wrong class brings holds", 1, 3, long_holds, wrong_class, held},
    {F_customs_declared_value, "half the value brings holds", 1, 3, long_holds, half_value, held},
    {F_customs_declared_value, "half the value saves duty that nobody finds", 1, 3, no_inspections,
     half_value, effect_cash},
    {F_customs_declared_value, "half the value costs more than it saves", -1, 3, NULL, half_value,
     effect_equity},
    {F_registrations_ioss, "IOSS sells more parcels", 1, 3, from_home, ioss, effect_units},
    {F_registrations_vat, "a number makes import tax deductible", 1, 4, NULL, vat, effect_cash},
    {F_refund_claims_amount, "a claim brings export tax back", 1, 4, NULL, claim, effect_cash},
};

const struct effect_table effects_customs = {COUNT_OF(rows), rows};
