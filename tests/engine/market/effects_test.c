/* Every decision field has the effect it states: over two standard errors in 32 paired seeds, with
 * the sign beside the field. Fields that a level opens and no table shows are printed; the list is
 * empty. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "effects.h"
#include "engine/market/policy.h"

static const struct effect_table *const tables[] = {
    &effects_level1,  &effects_promotion,  &effects_storefront, &effects_customs,
    &effects_finance, &effects_compliance, &effects_sourcing,
};

static enum market_seat seat_of(enum market_field field)
{
    return market_list_info(market_field_list(field))->seat;
}

/* Firm 0 decides nothing of level 2 but what the row says, or the row's effect would hide behind
 * what steady does there. */
static void leave_to_the_row(struct market_seat_decisions *decisions)
{
    for (int list = 0; list < LIST_COUNT; list++)
        if (market_list_info((enum market_list)list)->level >= 2)
            decisions->lists[list] = (struct market_rows){0};
}

static double play(const struct effect_row *row, int seed, bool with)
{
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {.firms = 4,
                                    .b = 12,
                                    .second_market = true,
                                    .level2 = true,
                                    .traffic_sd = 0.08,
                                    .luck_sd = 0.05};
    struct market_rules *rules = world_rules(&arena, &options);
    if (row->setup != NULL)
        row->setup(rules);
    char name[32];
    snprintf(name, sizeof(name), "effect %d", seed);
    struct market_key key = world_key(name);
    struct market_result result;
    struct problem problem = {0};
    enum err code = market_open(&arena, rules, &key, &result, &problem);
    int rounds = row->rounds > 0 ? row->rounds : 3;
    for (int round = 0; code == ERR_OK && round < rounds; round++) {
        struct market_seat_decisions *firms =
            ARENA_ARRAY(&arena, struct market_seat_decisions, (size_t)rules->firms);
        struct market_other_seat coach = {.seat = SEAT_COACH};
        for (int f = 0; f < rules->firms; f++)
            market_policy_decide(&arena, POLICY_STEADY, &result.observations[f], &firms[f]);
        leave_to_the_row(&firms[0]);
        bool firm = seat_of(row->field) == SEAT_FIRM;
        row->change(&arena, &result.observations[0], firm ? &firms[0] : &coach.decisions, with);
        struct market_decisions decisions = {.firm_count = rules->firms,
                                             .firms = firms,
                                             .other_count = firm ? 0 : 1,
                                             .others = &coach};
        code = market_step(&arena, rules, result.after, &decisions, &key, NULL, &result, &problem);
    }
    if (code != ERR_OK)
        print_message("%s: %s at %s (%s)\n", row->what, err_name(code), problem.place,
                      problem.args[0].text);
    assert_int_equal(code, ERR_OK);
    double measured = row->measure(rules, result.after, &result.observations[0]);
    arena_clear(&arena);
    return measured;
}

static bool shows(const struct effect_row *row)
{
    double sum = 0, squares = 0;
    for (int seed = 0; seed < EFFECT_SEEDS; seed++) {
        double change = play(row, seed, true) - play(row, seed, false);
        sum += change;
        squares += change * change;
    }
    double mean = sum / EFFECT_SEEDS;
    double variance = (squares - sum * mean) / (EFFECT_SEEDS - 1);
    double error = sqrt(variance > 0 ? variance / EFFECT_SEEDS : 0);
    const struct market_list_info *list = market_list_info(market_field_list(row->field));
    int index = market_field_index(market_field_list(row->field), row->field);
    bool good = row->sign * mean > 2 * error && mean != 0;
    print_message("%-28s %-52s %+.4g +- %.2g%s\n", list->fields[index].path, row->what, mean, error,
                  good ? "" : "   NOT SHOWN");
    return good;
}

static void fields_have_their_stated_effects(void **state)
{
    (void)state;
    bool good = true;
    for (size_t t = 0; t < COUNT_OF(tables); t++)
        for (int r = 0; r < tables[t]->count; r++)
            good = shows(&tables[t]->rows[r]) && good;
    assert_true(good);
}

static bool has_row(enum market_field field)
{
    for (size_t t = 0; t < COUNT_OF(tables); t++)
        for (int r = 0; r < tables[t]->count; r++)
            if (tables[t]->rows[r].field == field)
                return true;
    return false;
}

/* Naming fields (keys and references that say which row is meant) and texts for people have no
 * effect of their own; all others that level 1 or 2 opens must stand in a table. */
static bool needs_row(const struct market_list_info *list, int index)
{
    const struct market_field_info *field = &list->fields[index];
    if (field->level > 2 || index < list->keys)
        return false;
    if (field->kind == KIND_REF_PRODUCT || field->kind == KIND_REF_MARKET ||
        field->kind == KIND_REF_CURRENCY || field->kind == KIND_REF_INCIDENT)
        return false;
    return strcmp(field->name, "memo") != 0 && strcmp(field->name, "text") != 0 &&
           strcmp(field->name, "assessment") != 0;
}

static void no_field_is_without_effect(void **state)
{
    (void)state;
    int without = 0;
    for (int field = 0; field < F_COUNT; field++) {
        const struct market_list_info *list =
            market_list_info(market_field_list((enum market_field)field));
        int index = market_field_index(market_field_list((enum market_field)field),
                                       (enum market_field)field);
        if (!needs_row(list, index) || has_row((enum market_field)field))
            continue;
        print_message("without effect: %s\n", list->fields[index].path);
        without++;
    }
    assert_int_equal(without, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_have_their_stated_effects),
        cmocka_unit_test(no_field_is_without_effect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
