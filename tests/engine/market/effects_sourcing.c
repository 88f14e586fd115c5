/* The fields of sourcing: insured transfers, standing reorders, training, the exit plan. */
#include "effects.h"

static void set_bulk_losses(struct market_rules *rules, double rate)
{
    struct market_lane *lanes = (struct market_lane *)(uintptr_t)rules->lanes;
    for (int l = 0; l < rules->lane_count; l++)
        if (lanes[l].kind == LANE_BULK)
            lanes[l].loss_rate = rate;
}

static void accidents(struct market_rules *rules)
{
    set_bulk_losses(rules, 0.5);
}

/* 500 units ordered in round 0 go abroad by air in round 1; nothing else is ordered. */
static void insure(struct arena *arena, const struct market_observation *seen,
                   struct market_seat_decisions *decisions, bool with)
{
    decisions->lists[LIST_orders].count = decisions->lists[LIST_transfers].count = 0;
    if (seen->round == 0) {
        struct market_row *row = effect_row_add(arena, decisions, LIST_orders);
        market_row_set(row, F_orders_product, 0);
        market_row_set(row, F_orders_supplier, 0);
        market_row_set(row, F_orders_units, 500);
    } else if (seen->round == 1) {
        struct market_row *row = effect_row_add(arena, decisions, LIST_transfers);
        market_row_set(row, F_transfers_product, 0);
        market_row_set(row, F_transfers_lane, WORLD_LANE_AIR);
        market_row_set(row, F_transfers_units, 500);
        market_row_set(row, F_transfers_insured, with);
    }
}

static double written_off(const struct market_rules *rules, const struct market_state *state,
                          const struct market_observation *seen)
{
    (void)rules;
    (void)state;
    return (double)seen->total_pl_minor[PL_WRITE_OFF]; /* costs are negative */
}

/* A rule for product 0 in place of steady's orders. */
static struct market_row *rule(struct arena *arena, const struct market_observation *seen,
                               struct market_seat_decisions *decisions, int64_t point,
                               int64_t up_to)
{
    static struct market_row unused;
    decisions->lists[LIST_orders].count = decisions->lists[LIST_transfers].count = 0;
    if (seen->round > 0)
        return &unused;
    struct market_row *row = effect_row_add(arena, decisions, LIST_reorders);
    market_row_set(row, F_reorders_product, 0);
    market_row_set(row, F_reorders_point, point);
    market_row_set(row, F_reorders_up_to, up_to);
    return row;
}

static void rule_with_maker(struct arena *arena, const struct market_observation *seen,
                            struct market_seat_decisions *decisions, bool with)
{
    struct market_row *row = rule(arena, seen, decisions, 1500, 2000);
    if (with)
        market_row_set(row, F_reorders_supplier, 0);
}

static void rule_point(struct arena *arena, const struct market_observation *seen,
                       struct market_seat_decisions *decisions, bool with)
{
    market_row_set(rule(arena, seen, decisions, with ? 600 : 60, 900), F_reorders_supplier, 0);
}

static void rule_up_to(struct arena *arena, const struct market_observation *seen,
                       struct market_seat_decisions *decisions, bool with)
{
    market_row_set(rule(arena, seen, decisions, 600, with ? 2500 : 1000), F_reorders_supplier, 0);
}

static void rule_lane(struct arena *arena, const struct market_observation *seen,
                      struct market_seat_decisions *decisions, bool with)
{
    struct market_row *row = rule(arena, seen, decisions, 1500, 2000);
    market_row_set(row, F_reorders_supplier, 0);
    market_row_set(row, F_reorders_lane, with ? WORLD_LANE_AIR : -1);
}

static double bought(const struct market_rules *rules, const struct market_state *state,
                     const struct market_observation *seen)
{
    (void)rules;
    (void)seen;
    return (double)state->firms[0].units[0].bought;
}

static double abroad(const struct market_rules *rules, const struct market_state *state,
                     const struct market_observation *seen)
{
    (void)rules;
    (void)state;
    double units = 0;
    for (int s = 0; s < seen->stock_count; s++)
        units += seen->stock[s].place > 0 ? (double)seen->stock[s].units : 0;
    return units;
}

static struct market_row *team(struct arena *arena, const struct market_observation *seen,
                               struct market_seat_decisions *decisions)
{
    static struct market_row unused;
    return seen->round > 0 ? &unused : effect_row_add(arena, decisions, LIST_team);
}

static void train(struct arena *arena, const struct market_observation *seen,
                  struct market_seat_decisions *decisions, bool with)
{
    market_row_set(team(arena, seen, decisions), F_team_training_spend, with ? 1000000 : 0);
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

static double wages(const struct market_rules *rules, const struct market_state *state,
                    const struct market_observation *seen)
{
    (void)rules;
    (void)state;
    return (double)seen->total_pl_minor[PL_PAYROLL]; /* costs are negative */
}

static void leave(struct arena *arena, const struct market_observation *seen,
                  struct market_seat_decisions *decisions, bool with)
{
    market_row_set(team(arena, seen, decisions), F_team_exit_plan, with);
}

static void bad_goods(struct market_rules *rules)
{
    struct market_supplier *makers = (struct market_supplier *)(uintptr_t)rules->suppliers;
    for (int s = 0; s < rules->supplier_count; s++)
        makers[s].defect_rate = 0.08;
    rules->event_count = 0;
}

/* CNY 70.00 a round. */
static void train_little(struct arena *arena, const struct market_observation *seen,
                         struct market_seat_decisions *decisions, bool with)
{
    if (seen->round == 0)
        market_row_set(effect_row_add(arena, decisions, LIST_team), F_team_training_spend,
                       with ? 7000 : 0);
}

static const struct effect_row rows[] = {
    {F_transfers_insured, "insurance pays for lost goods", +1, 4, accidents, insure, written_off},
    {F_transfers_insured, "and costs a premium", -1, 2, NULL, insure, effect_cash},
    {F_reorders_supplier, "a rule with a supplier orders", +1, 0, NULL, rule_with_maker, bought},
    {F_reorders_point, "a higher point orders earlier", +1, 0, NULL, rule_point, bought},
    {F_reorders_up_to, "a higher level orders more", +1, 0, NULL, rule_up_to, bought},
    {F_reorders_lane, "a lane takes the goods on", +1, 3, NULL, rule_lane, abroad},
    {F_team_training_spend, "training lowers returns", -1, 6, NULL, train, returned},
    {F_team_training_spend, "and costs wages", -1, 1, NULL, train, wages},
    {F_team_training_spend, "where goods are bad a little training pays", +1, 10, bad_goods,
     train_little, effect_equity},
    {F_team_exit_plan, "who leaves holds less stock", -1, 6, NULL, leave, effect_stock},
    {F_team_exit_plan, "and pays no wages when all is sold", +1, 12, NULL, leave, wages},
};

const struct effect_table effects_sourcing = {COUNT_OF(rows), rows};
