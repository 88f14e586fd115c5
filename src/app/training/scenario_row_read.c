/* One row of a scenario document, field by field, by its table. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/training/scenario_names.h"
#include "app/training/scenario_read.h"
#include "core/arena.h"
#include "core/date.h"

/* What a number of the document may be at most; market_rules_check knows the model's own bounds. */
#define REAL_MAX 1e15
#define MONEY_MAX INT64_C(1000000000000000)

int64_t scenario_to_1e9(double value)
{
    return (int64_t)llround(value * 1e9);
}

double scenario_from_1e9(int64_t value_1e9)
{
    return (double)value_1e9 / 1e9;
}

static enum err choice_problem(const struct json *object, const char *key, struct str value,
                               const char *choices, struct problem *problem)
{
    problem_set(problem, ERR_CHOICE, ERR_TEXT(value), ERR_CTEXT(choices));
    return json_place(problem, object, key);
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
        return choice_problem(object, "origin", origin,
                              "estimated, shrunk, default, assumed, sourced, set", problem);
    figure.has_error = json_child(object, "se").node != NULL;
    if (figure.has_error)
        TRY(json_get_double(object, "se", 0, REAL_MAX, &figure.standard_error, problem));
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

/* ---- kinds ---- */

static enum err reals_read(const struct json *object, const char *key, double *into, size_t count,
                           struct problem *problem)
{
    struct json list = json_child(object, key);
    TRY(json_require_list(&list, count, problem));
    if (json_count(&list) != count) {
        problem_set(problem, ERR_LIST_LENGTH, ERR_INT((int64_t)json_count(&list)),
                    ERR_INT((int64_t)count));
        return json_place(problem, object, key);
    }
    for (size_t i = 0; i < count; i++) {
        struct json item = json_item(&list, i);
        if (!json_double(&item, &into[i])) {
            problem_set(problem, ERR_JSON_TYPE, ERR_KEY(N_("number")));
            return json_place(problem, &item, NULL);
        }
    }
    return ERR_OK;
}

static enum err ref_read(const struct market_rules *rules, const struct json *object,
                         const char *key, enum market_kind kind, int *index,
                         struct problem *problem)
{
    struct str name;
    struct names names = names_of_kind(rules, kind);
    TRY(json_get_text(object, key, MARKET_NAME_MAX, &name, problem));
    if (names_resolve(&names, name, index, problem) != ERR_OK)
        return json_place(problem, object, key);
    return ERR_OK;
}

static struct currency market_currency(const struct market_rules *rules, int market)
{
    return rules->currencies[rules->markets[market].currency];
}

static enum err category_read(const struct market_rules *rules, const struct json *object,
                              const char *key, int *index, struct problem *problem)
{
    struct names names = {0};
    struct str name;
    for (; names.count < rules->category_count; names.count++)
        names.id[names.count] = rules->categories[names.count].name.id;
    TRY(json_get_text(object, key, MARKET_NAME_MAX, &name, problem));
    if (names_resolve(&names, name, index, problem) != ERR_OK)
        return json_place(problem, object, key);
    return ERR_OK;
}

static enum err breaks_read(const struct market_rules *rules, const struct json *object,
                            const char *key, struct market_break *into, struct problem *problem)
{
    static const char *const known[] = {"units_min", "price", NULL};
    struct json list = json_child(object, key);
    TRY(json_require_list(&list, MARKET_BREAKS_MAX, problem));
    for (size_t i = 0; i < json_count(&list); i++) {
        struct json item = json_item(&list, i);
        TRY(json_require_known(&item, known, problem));
        TRY(json_get_int(&item, "units_min", 1, INT32_MAX, &into[i].units_min, problem));
        TRY(json_get_money(&item, "price", rules->currencies[0], 0, MONEY_MAX, &into[i].price_minor,
                           problem));
    }
    return ERR_OK;
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
            TRY(json_get_money(holder.object, holder.key, market_currency(rules, m), -MONEY_MAX,
                               MONEY_MAX, &into[m], problem));
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

static enum err text_read(const struct json *object, const struct scenario_field *field,
                          const char *key, char *into, struct problem *problem)
{
    struct str text;
    TRY(json_get_text(object, key, field->size - 1, &text, problem));
    /* Characters were counted; the bytes must fit too, and C strings hold no zero byte. */
    if (text.length >= field->size) {
        problem_set(problem, ERR_TEXT_TOO_LONG, ERR_INT((int64_t)(field->size - 1) / 3));
        return json_place(problem, object, key);
    }
    if (field->kind == SCENARIO_ID && !name_is_id(text)) {
        problem_set(problem, ERR_ID_BAD, ERR_TEXT(text));
        return json_place(problem, object, key);
    }
    bool digits = true;
    for (size_t i = 0; i < text.length; i++)
        digits = digits && text.text[i] >= '0' && text.text[i] <= '9';
    if (field->kind == SCENARIO_HS6 && (!digits || text.length != 6)) {
        problem_set(problem, ERR_HS6_BAD, ERR_TEXT(text));
        return json_place(problem, object, key);
    }
    if (memchr(text.text, '\0', text.length) != NULL) {
        problem_set(problem, ERR_JSON_TYPE, ERR_KEY(N_("text in quotes")));
        return json_place(problem, object, key);
    }
    memcpy(into, text.text, text.length);
    into[text.length] = '\0';
    return ERR_OK;
}

static enum err lane_kind_read(const struct json *object, const char *key, void *into,
                               struct problem *problem)
{
    struct str name;
    TRY(json_get_text(object, key, MARKET_NAME_MAX, &name, problem));
    for (int kind = LANE_DIRECT; kind <= LANE_LOCAL; kind++) {
        if (str_equal_c(name, scenario_lane_kind_name((enum market_lane_kind)kind))) {
            *(enum market_lane_kind *)into = (enum market_lane_kind)kind;
            return ERR_OK;
        }
    }
    return choice_problem(object, key, name, "direct, bulk, local", problem);
}

/* ---- kinds of level 2 ---- */

static enum err list_require(const struct json *object, const char *key, size_t count,
                             struct json *list, struct problem *problem)
{
    *list = json_child(object, key);
    TRY(json_require_list(list, count, problem));
    if (json_count(list) == count)
        return ERR_OK;
    problem_set(problem, ERR_LIST_LENGTH, ERR_INT((int64_t)json_count(list)),
                ERR_INT((int64_t)count));
    return json_place(problem, object, key);
}

static enum err ints_read(const struct json *object, const char *key, int *into, size_t count,
                          struct problem *problem)
{
    struct json list;
    TRY(list_require(object, key, count, &list, problem));
    for (size_t i = 0; i < count; i++) {
        struct json item = json_item(&list, i);
        double value = 0;
        if (!json_double(&item, &value) || value != floor(value) || fabs(value) > INT32_MAX) {
            problem_set(problem, ERR_JSON_TYPE, ERR_KEY(N_("whole number")));
            return json_place(problem, &item, NULL);
        }
        into[i] = (int)value;
    }
    return ERR_OK;
}

static enum err moneys_read(const struct market_rules *rules, const struct json *object,
                            const char *key, int64_t *into, size_t count, struct problem *problem)
{
    struct json list;
    TRY(list_require(object, key, count, &list, problem));
    for (size_t i = 0; i < count; i++) {
        struct json item = json_item(&list, i);
        struct str text;
        if (!json_text(&item, &text) || !money_parse(text, rules->currencies[0], &into[i])) {
            problem_set(problem, ERR_JSON_TYPE, ERR_KEY(N_("amount of money in quotes")));
            return json_place(problem, &item, NULL);
        }
    }
    return ERR_OK;
}

static enum err words_read(const struct json *object, const char *key,
                           struct market_storefront_rules *into, struct problem *problem)
{
    struct json list = json_child(object, key);
    TRY(json_require_list(&list, MARKET_BRAND_WORDS_MAX, problem));
    memset(into->brand_words, 0, sizeof(into->brand_words));
    into->brand_word_count = (int)json_count(&list);
    for (size_t i = 0; i < json_count(&list); i++) {
        struct json item = json_item(&list, i);
        struct str text;
        if (!json_text(&item, &text) || text.length == 0 || text.length >= MARKET_WORD_MAX ||
            memchr(text.text, '\0', text.length) != NULL) {
            problem_set(problem, ERR_TEXT_TOO_LONG, ERR_INT(MARKET_WORD_MAX - 1));
            return json_place(problem, &item, NULL);
        }
        memcpy(into->brand_words[i], text.text, text.length);
    }
    return ERR_OK;
}

static enum err market_set_read(const struct market_rules *rules, const struct json *object,
                                const char *key, bool into[MARKET_MARKETS_MAX],
                                struct problem *problem)
{
    struct json list = json_child(object, key);
    struct names names = names_of_kind(rules, KIND_REF_MARKET);
    memset(into, 0, MARKET_MARKETS_MAX * sizeof(into[0]));
    TRY(json_require_list(&list, MARKET_MARKETS_MAX, problem));
    for (size_t i = 0; i < json_count(&list); i++) {
        struct json item = json_item(&list, i);
        struct str name = {"", 0};
        int index = 0;
        if (!json_text(&item, &name)) {
            problem_set(problem, ERR_JSON_TYPE, ERR_KEY(N_("text in quotes")));
            return json_place(problem, &item, NULL);
        }
        if (names_resolve(&names, name, &index, problem) != ERR_OK)
            return json_place(problem, &item, NULL);
        if (into[index]) {
            problem_set(problem, ERR_FIELD_TWICE, ERR_TEXT(name));
            return json_place(problem, &item, NULL);
        }
        into[index] = true;
    }
    return ERR_OK;
}

static enum err needed_read(const struct market_rules *rules, const struct json *object,
                            const char *key, bool (*into)[MARKET_MARKETS_MAX],
                            struct problem *problem)
{
    const char *known[MARKET_CATEGORIES_MAX + 1] = {NULL};
    struct json map = json_child(object, key);
    for (int c = 0; c < rules->category_count; c++)
        known[c] = rules->categories[c].name.id;
    TRY(json_require_known(&map, known, problem));
    for (int c = 0; c < rules->category_count; c++)
        if (json_child(&map, known[c]).node != NULL)
            TRY(market_set_read(rules, &map, known[c], into[c], problem));
    return ERR_OK;
}

static enum err market_or_all_read(const struct market_rules *rules, const struct json *object,
                                   const char *key, int *into, struct problem *problem)
{
    struct str name;
    TRY(json_get_text(object, key, MARKET_NAME_MAX, &name, problem));
    *into = -1;
    return str_equal_c(name, "*") ? ERR_OK
                                  : ref_read(rules, object, key, KIND_REF_MARKET, into, problem);
}

static enum err event_word_read(const struct json *object, const char *key, bool effect, int *into,
                                struct problem *problem)
{
    struct names names = {0};
    struct str name;
    names.count = effect ? EVENT_EFFECTS : COUNTER_KINDS;
    for (int i = 0; i < names.count; i++)
        names.id[i] = effect ? market_event_effect_name((enum market_event_effect)i)
                             : market_event_counter_name((enum market_event_counter)i);
    TRY(json_get_text(object, key, MARKET_NAME_MAX, &name, problem));
    if (names_resolve(&names, name, into, problem) != ERR_OK)
        return json_place(problem, object, key);
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

/* The market a nest belongs to has been read before its prices: the table's order. */
static struct currency row_currency(const struct market_rules *rules, const void *row)
{
    return market_currency(rules, ((const struct market_nest *)row)->market);
}

static enum err value_read(struct scenario_reading *reading, const struct scenario_field *field,
                           const struct json *object, const char *key, const char *path, void *row)
{
    const struct market_rules *rules = &reading->scenario->rules;
    struct problem *problem = reading->problem;
    void *into = (char *)row + field->offset;
    int64_t whole;
    double real;
    switch (field->kind) {
    case SCENARIO_INT:
        TRY(json_get_int(object, key, INT32_MIN, INT32_MAX, &whole, problem));
        *(int *)into = (int)whole;
        return ERR_OK;
    case SCENARIO_REAL:
        return json_get_double(object, key, -REAL_MAX, REAL_MAX, into, problem);
    case SCENARIO_REALS:
        return reals_read(object, key, into, field->size, problem);
    case SCENARIO_BOOL:
        return json_get_bool(object, key, into, problem);
    case SCENARIO_RATE:
        TRY(json_get_double(object, key, -1e6, 1e6, &real, problem));
        *(int64_t *)into = scenario_to_1e9(real);
        return ERR_OK;
    case SCENARIO_MONEY_HOME:
        return json_get_money(object, key, rules->currencies[0], -MONEY_MAX, MONEY_MAX, into,
                              problem);
    case SCENARIO_MONEY_MARKET:
        return json_get_money(object, key, row_currency(rules, row), -MONEY_MAX, MONEY_MAX, into,
                              problem);
    case SCENARIO_DATE:
        return json_get_date(object, key, into, problem);
    case SCENARIO_ID:
    case SCENARIO_TEXT:
    case SCENARIO_HS6:
        return text_read(object, field, key, into, problem);
    case SCENARIO_REF_MARKET:
        return ref_read(rules, object, key, KIND_REF_MARKET, into, problem);
    case SCENARIO_REF_CHANNEL:
        return ref_read(rules, object, key, KIND_REF_CHANNEL, into, problem);
    case SCENARIO_REF_CATEGORY:
        return category_read(rules, object, key, into, problem);
    case SCENARIO_REF_PRODUCT:
        return ref_read(rules, object, key, KIND_REF_PRODUCT, into, problem);
    case SCENARIO_REF_CURRENCY:
        return ref_read(rules, object, key, KIND_REF_CURRENCY, into, problem);
    case SCENARIO_LANE_KIND:
        return lane_kind_read(object, key, into, problem);
    case SCENARIO_MARKETS_MONEY:
    case SCENARIO_MARKETS_FINE:
        return markets_read(reading, object, field, path, into);
    case SCENARIO_BREAKS:
        /* The count stands beside the list. */
        TRY(breaks_read(rules, object, key, into, problem));
        struct json list = json_child(object, key);
        ((struct market_supplier *)row)->break_count = (int)json_count(&list);
        return ERR_OK;
    case SCENARIO_LIMIT:
        TRY(json_get_int(object, key, 0, INT32_MAX, &whole, problem));
        *(int *)into = (int)whole;
        return ERR_OK;
    case SCENARIO_INTS:
        return ints_read(object, key, into, field->size, problem);
    case SCENARIO_MONEYS_HOME:
        return moneys_read(rules, object, key, into, field->size, problem);
    case SCENARIO_WORD:
        return text_read(object, field, key, into, problem);
    case SCENARIO_WORDS:
        return words_read(object, key, row, problem);
    case SCENARIO_MARKET_SET:
        return market_set_read(rules, object, key, into, problem);
    case SCENARIO_NEEDED:
        return needed_read(rules, object, key, into, problem);
    case SCENARIO_REF_MARKET_ALL:
        return market_or_all_read(rules, object, key, into, problem);
    case SCENARIO_EVENT_EFFECT:
    case SCENARIO_EVENT_COUNTER: {
        int word = 0;
        TRY(event_word_read(object, key, field->kind == SCENARIO_EVENT_EFFECT, &word, problem));
        if (field->kind == SCENARIO_EVENT_EFFECT)
            *(enum market_event_effect *)into = (enum market_event_effect)word;
        else
            *(enum market_event_counter *)into = (enum market_event_counter)word;
        return ERR_OK;
    }
    case SCENARIO_QUERIES:
        return queries_read(reading, object, key, path, row);
    case SCENARIO_OBJECT:
        return object_read(reading, object, field, path, into);
    }
    return ERR_INTERNAL;
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
            (int64_t)llround(value * (double)currency_minor_per_major(row_currency(rules, row)));
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
