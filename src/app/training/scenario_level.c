/* Levels inside a scenario document. */
#include "app/training/scenario_level.h"

#include <stdio.h>

#include "app/training/scenario_names.h"
#include "core/arena.h"

/* ---- reading ---- */

/* "listings.price" for every field of the schema, in its order. */
static const char **field_names(struct arena *arena)
{
    const char **names = ARENA_ARRAY(arena, const char *, F_COUNT + 1);
    for (int field = 0; field < F_COUNT; field++) {
        enum market_list list = market_field_list((enum market_field)field);
        const struct market_list_info *info = market_list_info(list);
        names[field] =
            str_format(arena, "%s.%s", info->name,
                       info->fields[market_field_index(list, (enum market_field)field)].name)
                .text;
    }
    return names;
}

static enum err levels_read(struct scenario_reading *reading, const struct json *root)
{
    struct market_rules *rules = &reading->scenario->rules;
    struct problem *problem = reading->problem;
    struct json map = json_child(root, "levels");
    if (map.node == NULL)
        return ERR_OK;
    const char **names = field_names(reading->arena);
    TRY(json_require_known(&map, names, problem));
    for (int field = 0; field < F_COUNT; field++) {
        int64_t level;
        if (json_child(&map, names[field]).node == NULL)
            continue;
        if (rules->field_level_count == MARKET_FIELD_LEVELS_MAX) {
            problem_set(problem, ERR_LIST_TOO_LONG, ERR_INT(MARKET_FIELD_LEVELS_MAX + 1),
                        ERR_INT(MARKET_FIELD_LEVELS_MAX));
            return json_place(problem, root, "levels");
        }
        TRY(json_get_int(&map, names[field], 1, MARKET_LEVEL_MAX, &level, problem));
        rules->field_levels[rules->field_level_count++] =
            (struct market_field_level){field, (int)level};
    }
    return ERR_OK;
}

static enum err names_read(struct scenario_reading *reading, const struct json *root,
                           const char *key, enum market_kind kind, int *into, int *count,
                           size_t most)
{
    struct problem *problem = reading->problem;
    struct names names = names_of_kind(&reading->scenario->rules, kind);
    struct json list = json_child(root, key);
    *count = 0;
    if (list.node == NULL)
        return ERR_OK;
    TRY(json_require_list(&list, most, problem));
    for (size_t i = 0; i < json_count(&list); i++) {
        struct json item = json_item(&list, i);
        struct str name = {"", 0};
        if (!json_text(&item, &name)) {
            problem_set(problem, ERR_JSON_TYPE, ERR_KEY(N_("text in quotes")));
            return json_place(problem, &item, NULL);
        }
        if (names_resolve(&names, name, &into[*count], problem) != ERR_OK)
            return json_place(problem, &item, NULL);
        for (int other = 0; other < *count; other++) {
            if (into[other] != into[*count])
                continue;
            problem_set(problem, ERR_FIELD_TWICE, ERR_TEXT(name));
            return json_place(problem, &item, NULL);
        }
        ++*count;
    }
    return ERR_OK;
}

enum err scenario_level_read(struct scenario_reading *reading, const struct json *root)
{
    struct scenario_level1 *level1 = &reading->scenario->level1;
    const struct market_rules *rules = &reading->scenario->rules;
    struct problem *problem = reading->problem;
    struct scenario_holder holder;
    TRY(levels_read(reading, root));
    TRY(names_read(reading, root, "level1_markets", KIND_REF_MARKET, level1->markets,
                   &level1->market_count, MARKET_MARKETS_MAX));
    TRY(names_read(reading, root, "level1_products", KIND_REF_PRODUCT, level1->products,
                   &level1->product_count, MARKET_PRODUCTS_MAX));
    if (json_child(root, "level1_units_scale").node != NULL) {
        TRY(scenario_holder_find(reading, root, "level1_units_scale", "level1_units_scale",
                                 &holder));
        TRY(json_get_double(holder.object, holder.key, 1e-3, 1e3, &level1->units_scale, problem));
    }
    if (json_child(root, "level1_cash_opening").node != NULL) {
        TRY(scenario_holder_find(reading, root, "level1_cash_opening", "level1_cash_opening",
                                 &holder));
        TRY(json_get_money(holder.object, holder.key, rules->currencies[0], 1,
                           INT64_C(1000000000000000), &level1->cash_opening_minor, problem));
    }
    return ERR_OK;
}

/* ---- writing ---- */

static void levels_put(struct json_writer *writer, const struct market_rules *rules)
{
    json_key(writer, "levels");
    json_object_begin(writer);
    for (int i = 0; i < rules->field_level_count; i++) {
        enum market_field field = (enum market_field)rules->field_levels[i].field;
        enum market_list list = market_field_list(field);
        const struct market_list_info *info = market_list_info(list);
        char name[96];
        snprintf(name, sizeof(name), "%s.%s", info->name,
                 info->fields[market_field_index(list, field)].name);
        json_key(writer, name);
        json_put_int(writer, rules->field_levels[i].level);
    }
    json_object_end(writer);
}

static void real_put(struct json_writer *writer, const struct scenario *scenario, const void *value,
                     const void *context)
{
    (void)scenario;
    (void)context;
    json_put_double(writer, *(const double *)value);
}

static void home_put(struct json_writer *writer, const struct scenario *scenario, const void *value,
                     const void *context)
{
    (void)context;
    json_put_money(writer, *(const int64_t *)value, scenario->rules.currencies[0]);
}

void scenario_level_put(struct scenario_writing *writing)
{
    const struct scenario *scenario = writing->scenario;
    const struct scenario_level1 *level1 = &scenario->level1;
    const struct market_rules *rules = &scenario->rules;
    struct json_writer *writer = writing->writer;
    if (rules->field_level_count > 0)
        levels_put(writer, rules);
    if (level1->market_count > 0) {
        json_key(writer, "level1_markets");
        json_list_begin(writer);
        for (int m = 0; m < level1->market_count; m++)
            json_put_text(writer, str_from_c(rules->markets[level1->markets[m]].name.id));
        json_list_end(writer);
    }
    if (level1->product_count > 0) {
        json_key(writer, "level1_products");
        json_list_begin(writer);
        for (int p = 0; p < level1->product_count; p++)
            json_put_text(writer, str_from_c(rules->products[level1->products[p]].name.id));
        json_list_end(writer);
    }
    if (level1->units_scale > 0)
        scenario_parameter_put(writing, "level1_units_scale", "level1_units_scale", real_put,
                               &level1->units_scale, NULL);
    if (level1->cash_opening_minor > 0)
        scenario_parameter_put(writing, "level1_cash_opening", "level1_cash_opening", home_put,
                               &level1->cash_opening_minor, NULL);
}
