/* One row of a scenario document, field by field, by its table. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/training/scenario_names.h"
#include "app/training/scenario_read.h"
#include "core/arena.h"
#include "core/date.h"

int64_t scenario_to_1e9(double value)
{
    return (int64_t)llround(value * 1e9);
}

double scenario_from_1e9(int64_t value_1e9)
{
    return (double)value_1e9 / 1e9;
}

/* ---- where a figure comes from ---- */

static enum err figure_text(const struct json *object, const char *key, struct str *text,
                            struct problem *problem)
{
    if (json_child(object, key).node == NULL)
        return ERR_OK;
    return json_get_text(object, key, SCENARIO_TEXT_MAX, text, problem);
}

static enum err figure_read(struct scenario_reading *reading, const struct json *object,
                            const char *path)
{
    static const char *const known[] = {"value",  "origin", "se",   "n",
                                        "source", "date",   "note", NULL};
    struct problem *problem = reading->problem;
    struct scenario_figure figure = {.path = str_from_c(path)};
    struct str origin;
    TRY(json_require_known(object, known, problem));
    TRY(json_get_text(object, "origin", MARKET_NAME_MAX, &origin, problem));
    if (!scenario_origin_from_name(origin, &figure.origin))
        return scenario_choice_problem(
            object, "origin", origin, "estimated, shrunk, default, assumed, sourced, set", problem);
    figure.has_error = json_child(object, "se").node != NULL;
    if (figure.has_error)
        TRY(json_get_double(object, "se", 0, SCENARIO_REAL_MAX, &figure.standard_error, problem));
    if (json_child(object, "n").node != NULL)
        TRY(json_get_int(object, "n", 1, INT64_MAX, &figure.count, problem));
    figure.has_date = json_child(object, "date").node != NULL;
    if (figure.has_date)
        TRY(json_get_date(object, "date", &figure.date, problem));
    TRY(figure_text(object, "source", &figure.source, problem));
    TRY(figure_text(object, "note", &figure.note, problem));
    if (reading->scenario->figure_count >= SCENARIO_FIGURES_MAX) {
        problem_set(problem, ERR_LIMIT, ERR_KEY(N_("figures")),
                    ERR_INT(reading->scenario->figure_count + 1), ERR_INT(SCENARIO_FIGURES_MAX));
        return json_place(problem, object, NULL);
    }
    scenario_figure_put(reading->arena, reading->scenario, &figure);
    return ERR_OK;
}

enum err scenario_holder_find(struct scenario_reading *reading, const struct json *row,
                              const char *key, const char *path, struct scenario_holder *holder)
{
    *holder = (struct scenario_holder){.object = row, .key = key, .wrapper = json_child(row, key)};
    if (!json_is_object(&holder->wrapper) || json_child(&holder->wrapper, "value").node == NULL)
        return ERR_OK;
    TRY(figure_read(reading, &holder->wrapper, path));
    holder->object = &holder->wrapper;
    holder->key = "value";
    return ERR_OK;
}

/* ---- kinds with rows or figures of their own ---- */

static struct currency market_currency(const struct market_rules *rules, int market)
{
    return rules->currencies[rules->markets[market].currency];
}

/* {"GB": "3.10", "DE": {"value": "3.40", "origin": ...}}: one figure a market. */
static enum err markets_read(struct scenario_reading *reading, const struct json *object,
                             const struct scenario_field *field, const char *path, int64_t *into)
{
    const struct market_rules *rules = &reading->scenario->rules;
    struct problem *problem = reading->problem;
    struct json map = json_child(object, field->name);
    const char *known[MARKET_MARKETS_MAX + 1] = {NULL};
    for (int m = 0; m < rules->market_count; m++)
        known[m] = rules->markets[m].name.id;
    TRY(json_require_known(&map, known, problem));
    for (int m = 0; m < rules->market_count; m++) {
        char entry[SCENARIO_PATH_MAX + MARKET_NAME_MAX];
        struct scenario_holder holder;
        snprintf(entry, sizeof(entry), "%s.%s", path, known[m]);
        TRY(scenario_holder_find(reading, &map, known[m], entry, &holder));
        if (field->kind == SCENARIO_MARKETS_MONEY) {
            TRY(json_get_money(holder.object, holder.key, market_currency(rules, m),
                               -SCENARIO_MONEY_MAX, SCENARIO_MONEY_MAX, &into[m], problem));
        } else {
            double value;
            TRY(json_get_double(holder.object, holder.key, -1e6, 1e6, &value, problem));
            /* 1e-9 of a minor unit: fine enough for a day of a small thing. */
            int64_t minor_per_major = currency_minor_per_major(market_currency(rules, m));
            into[m] = scenario_to_1e9(value * (double)minor_per_major);
        }
    }
    return ERR_OK;
}

static enum err queries_read(struct scenario_reading *reading, const struct json *object,
                             const char *key, const char *path, struct market_nest *nest)
{
    struct json list = json_child(object, key);
    TRY(json_require_list(&list, MARKET_QUERIES_MAX, reading->problem));
    nest->query_count = (int)json_count(&list);
    for (size_t i = 0; i < json_count(&list); i++) {
        char prefix[SCENARIO_PATH_MAX];
        struct json item = json_item(&list, i);
        snprintf(prefix, sizeof(prefix), "%.100s[%zu].", path, i);
        TRY(scenario_row_read(reading, &item, SCENARIO_QUERY, NULL, prefix, &nest->queries[i]));
    }
    return ERR_OK;
}

static enum err object_read(struct scenario_reading *reading, const struct json *object,
                            const struct scenario_field *field, const char *path, void *into)
{
    char prefix[SCENARIO_PATH_MAX];
    struct json child = json_child(object, field->name);
    snprintf(prefix, sizeof(prefix), "%.100s.", path);
    *(bool *)into = true;
    return scenario_row_read(reading, &child, (enum scenario_row)field->size, NULL, prefix, into);
}

static enum err value_read(struct scenario_reading *reading, const struct scenario_field *field,
                           const struct json *object, const char *key, const char *path, void *row)
{
    void *into = (char *)row + field->offset;
    switch (field->kind) {
    case SCENARIO_MARKETS_MONEY:
    case SCENARIO_MARKETS_FINE:
        return markets_read(reading, object, field, path, into);
    case SCENARIO_QUERIES:
        return queries_read(reading, object, key, path, row);
    case SCENARIO_OBJECT:
        return object_read(reading, object, field, path, into);
    default:
        return scenario_value_read(&reading->scenario->rules, field, object, key, row,
                                   reading->problem);
    }
}

/* ---- absent fields ---- */

void scenario_field_default(struct arena *arena, struct scenario *scenario,
                            const struct scenario_field *field, const char *prefix, void *row)
{
    const struct market_rules *rules = &scenario->rules;
    void *into = (char *)row + field->offset;
    double value = field->fallback[0];
    switch (field->kind) {
    case SCENARIO_INT:
        *(int *)into = (int)value;
        break;
    case SCENARIO_REAL:
        *(double *)into = value;
        break;
    case SCENARIO_REALS:
        memcpy(into, field->fallback, field->size * sizeof(double));
        break;
    case SCENARIO_RATE:
        *(int64_t *)into = scenario_to_1e9(value);
        break;
    case SCENARIO_MONEY_HOME:
        *(int64_t *)into =
            (int64_t)llround(value * (double)currency_minor_per_major(rules->currencies[0]));
        break;
    case SCENARIO_MONEY_MARKET:
        *(int64_t *)into =
            (int64_t)llround(value * (double)currency_minor_per_major(market_currency(
                                         rules, ((const struct market_nest *)row)->market)));
        break;
    default: /* SCENARIO_TEXT: the row begins with its id */
        memcpy(into, row, field->size);
        return;
    }
    scenario_figure_set(arena, scenario, field->source == NULL ? ORIGIN_ASSUMED : ORIGIN_DEFAULT,
                        -1, 0, field->source, "%s%s", prefix, field->name);
}

/* ---- a row ---- */

static bool is_money(enum scenario_kind kind)
{
    return kind == SCENARIO_MONEY_HOME || kind == SCENARIO_MONEYS_HOME;
}

enum err scenario_row_read(struct scenario_reading *reading, const struct json *object,
                           enum scenario_row row, const char *const *also, const char *prefix,
                           void *into)
{
    const struct scenario_table *table = scenario_table(row);
    const char *known[64] = {NULL};
    size_t count = 0;
    for (size_t f = 0; f < table->field_count; f++)
        known[count++] = table->fields[f].name;
    for (; also != NULL && *also != NULL; also++)
        known[count++] = *also;
    TRY(json_require_known(object, known, reading->problem));
    for (size_t f = 0; f < table->field_count; f++) {
        const struct scenario_field *field = &table->fields[f];
        char path[SCENARIO_PATH_MAX];
        struct scenario_holder holder = {.object = object, .key = field->name};
        if (json_child(object, field->name).node == NULL && field->fallback != NULL) {
            scenario_field_default(reading->arena, reading->scenario, field, prefix, into);
            continue;
        }
        if (json_child(object, field->name).node == NULL && scenario_kind_is_quiet(field->kind))
            continue;
        if (json_child(object, field->name).node == NULL && scenario_row_is_part(row)) {
            if (scenario_usd_minor(&reading->scenario->rules) == 0 && is_money(field->kind)) {
                problem_set(reading->problem, ERR_FIELD_MISSING, ERR_CTEXT(field->name));
                return json_place(reading->problem, object, field->name);
            }
            /* The part's own default is there already. */
            scenario_figure_set(reading->arena, reading->scenario, ORIGIN_ASSUMED, -1, 0, NULL,
                                "%s%s", prefix, field->name);
            continue;
        }
        snprintf(path, sizeof(path), "%s%s", prefix, field->name);
        if (field->parameter)
            TRY(scenario_holder_find(reading, object, field->name, path, &holder));
        TRY(value_read(reading, field, holder.object, holder.key, path, into));
    }
    return ERR_OK;
}
