/* A value of a scenario document by its field's kind: all that stands alone. */
#include <math.h>
#include <string.h>

#include "app/training/scenario_names.h"
#include "app/training/scenario_read.h"

enum err scenario_choice_problem(const struct json *object, const char *key, struct str value,
                                 const char *choices, struct problem *problem)
{
    problem_set(problem, ERR_CHOICE, ERR_TEXT(value), ERR_CTEXT(choices));
    return json_place(problem, object, key);
}

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
        TRY(json_get_money(&item, "price", rules->currencies[0], 0, SCENARIO_MONEY_MAX,
                           &into[i].price_minor, problem));
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
    return scenario_choice_problem(object, key, name, "direct, bulk, local", problem);
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

/* The market a nest belongs to has been read before its prices: the table's order. */
static struct currency row_currency(const struct market_rules *rules, const void *row)
{
    return rules->currencies[rules->markets[((const struct market_nest *)row)->market].currency];
}

enum err scenario_value_read(const struct market_rules *rules, const struct scenario_field *field,
                             const struct json *object, const char *key, void *row,
                             struct problem *problem)
{
    void *into = (char *)row + field->offset;
    int64_t whole;
    double real;
    switch (field->kind) {
    case SCENARIO_INT:
        TRY(json_get_int(object, key, INT32_MIN, INT32_MAX, &whole, problem));
        *(int *)into = (int)whole;
        return ERR_OK;
    case SCENARIO_REAL:
        return json_get_double(object, key, -SCENARIO_REAL_MAX, SCENARIO_REAL_MAX, into, problem);
    case SCENARIO_REALS:
        return reals_read(object, key, into, field->size, problem);
    case SCENARIO_BOOL:
        return json_get_bool(object, key, into, problem);
    case SCENARIO_RATE:
        TRY(json_get_double(object, key, -1e6, 1e6, &real, problem));
        *(int64_t *)into = scenario_to_1e9(real);
        return ERR_OK;
    case SCENARIO_MONEY_HOME:
        return json_get_money(object, key, rules->currencies[0], -SCENARIO_MONEY_MAX,
                              SCENARIO_MONEY_MAX, into, problem);
    case SCENARIO_MONEY_MARKET:
        return json_get_money(object, key, row_currency(rules, row), -SCENARIO_MONEY_MAX,
                              SCENARIO_MONEY_MAX, into, problem);
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
    case SCENARIO_MARKETS_MONEY:
    case SCENARIO_MARKETS_FINE:
    case SCENARIO_QUERIES:
    case SCENARIO_OBJECT:
        break; /* rows and figures of their own: scenario_row_read.c */
    }
    return ERR_INTERNAL;
}
