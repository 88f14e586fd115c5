/* Reading a rules file. */
#include <string.h>

#include "app/datasets/rules.h"
#include "core/arena.h"
#include "core/json.h"

enum { NAME_BYTES_MAX = 120 };

static const char format_name[] = "sampan-import-rules";

/* A parser's hands: where memory comes from and where problems go. */
struct parser {
    struct arena *arena;
    struct problem *problem;
    struct rules *rules;
};

static enum err parse_entries(struct parser *parser, const struct json *list_json,
                              struct rules_list *list)
{
    TRY(json_require_list(list_json, RULES_ENTRIES_MAX, parser->problem));
    list->count = json_count(list_json);
    struct str *entries = ARENA_ARRAY(parser->arena, struct str, list->count);
    for (size_t i = 0; i < list->count; i++) {
        struct json item = json_item(list_json, i);
        struct str text;
        if (!json_text(&item, &text) || text.length == 0 || text.length > NAME_BYTES_MAX) {
            problem_set(parser->problem, ERR_JSON_TYPE, ERR_CTEXT("text"));
            return json_place(parser->problem, &item, NULL);
        }
        entries[i] = str_copy(parser->arena, text);
    }
    list->entries = entries;
    return ERR_OK;
}

/* {"nonproduct": ["POST", ...], ...} */
static enum err parse_lists(struct parser *parser, const struct json *root, const char *key,
                            struct rules_lists *lists)
{
    struct json object = json_child(root, key);
    if (!object.node)
        return ERR_OK;
    TRY(json_require_object(&object, parser->problem));
    size_t count = json_count(&object);
    if (count > RULES_LISTS_MAX) {
        problem_set(parser->problem, ERR_LIST_TOO_LONG, ERR_INT((int64_t)count),
                    ERR_INT(RULES_LISTS_MAX));
        return json_place(parser->problem, &object, NULL);
    }
    for (size_t i = 0; i < count; i++) {
        struct json child;
        const char *name = json_key_at(&object, i, &child);
        lists->list[i].name = str_copy(parser->arena, str_from_c(name));
        TRY(parse_entries(parser, &child, &lists->list[i]));
    }
    lists->count = count;
    return ERR_OK;
}

static void append_list_names(struct buf *buf, const struct rules_lists *lists)
{
    for (size_t i = 0; i < lists->count; i++) {
        if (i > 0)
            buf_append_c(buf, ", ");
        buf_append(buf, lists->list[i].name);
    }
}

/* "sku": "nonproduct" -> the list's bit in `mask`. Absent: nothing. */
static enum err parse_list_bit(struct parser *parser, const struct json *rule, const char *key,
                               const struct rules_lists *lists, int first_bit, uint64_t *mask)
{
    struct json child = json_child(rule, key);
    if (!child.node)
        return ERR_OK;
    struct str name;
    TRY(json_get_text(rule, key, NAME_BYTES_MAX, &name, parser->problem));
    for (size_t i = 0; i < lists->count; i++) {
        if (str_equal(lists->list[i].name, name)) {
            *mask |= RULES_MARK(first_bit + (int)i);
            return ERR_OK;
        }
    }
    struct buf known;
    buf_init(&known);
    append_list_names(&known, lists);
    problem_set(parser->problem, ERR_CHOICE, ERR_TEXT(name), ERR_TEXT(buf_str(&known)));
    buf_clear(&known);
    return json_place(parser->problem, rule, key);
}

/* "price": "negative" | "zero" | "positive" -> one of three bits. */
static enum err parse_sign_bit(struct parser *parser, const struct json *rule, const char *key,
                               int first_bit, uint64_t *mask)
{
    static const char *const names[] = {"negative", "zero", "positive"};
    struct json child = json_child(rule, key);
    if (!child.node)
        return ERR_OK;
    struct str name;
    TRY(json_get_text(rule, key, NAME_BYTES_MAX, &name, parser->problem));
    for (int i = 0; i < 3; i++) {
        if (str_equal_c(name, names[i])) {
            *mask |= RULES_MARK(first_bit + i);
            return ERR_OK;
        }
    }
    problem_set(parser->problem, ERR_CHOICE, ERR_TEXT(name), ERR_CTEXT("negative, zero, positive"));
    return json_place(parser->problem, rule, key);
}

static enum err parse_customer(struct parser *parser, const struct json *rule,
                               struct rules_test *test)
{
    struct json child = json_child(rule, "customer");
    if (!child.node)
        return ERR_OK;
    bool wanted;
    TRY(json_get_bool(rule, "customer", &wanted, parser->problem));
    *(wanted ? &test->required : &test->forbidden) |= RULES_MARK(RULES_CUSTOMER);
    return ERR_OK;
}

static enum err kind_from_name(struct parser *parser, const struct json *object, const char *key,
                               enum dataset_kind *kind)
{
    struct str name;
    TRY(json_get_text(object, key, NAME_BYTES_MAX, &name, parser->problem));
    for (int i = 0; i < DATASET_KIND_COUNT; i++) {
        if (str_equal_c(name, dataset_kind_name((enum dataset_kind)i))) {
            *kind = (enum dataset_kind)i;
            return ERR_OK;
        }
    }
    struct buf known;
    buf_init(&known);
    for (int i = 0; i < DATASET_KIND_COUNT; i++) {
        buf_append_c(&known, i > 0 ? ", " : "");
        buf_append_c(&known, dataset_kind_name((enum dataset_kind)i));
    }
    problem_set(parser->problem, ERR_CHOICE, ERR_TEXT(name), ERR_TEXT(buf_str(&known)));
    buf_clear(&known);
    return json_place(parser->problem, object, key);
}

static enum err parse_kind(struct parser *parser, const struct json *rule, struct rules_kind *kind)
{
    static const char *const known[] = {"kind",     "order",    "order_not",  "sku",
                                        "sku_not",  "status",   "status_not", "price",
                                        "quantity", "customer", "why",        NULL};
    struct rules *rules = parser->rules;
    struct rules_test *test = &kind->test;
    TRY(json_require_object(rule, parser->problem));
    TRY(json_require_known(rule, known, parser->problem));
    TRY(kind_from_name(parser, rule, "kind", &kind->kind));
    TRY(parse_list_bit(parser, rule, "order", &rules->orders, RULES_ORDER_LISTS, &test->required));
    TRY(parse_list_bit(parser, rule, "order_not", &rules->orders, RULES_ORDER_LISTS,
                       &test->forbidden));
    TRY(parse_list_bit(parser, rule, "sku", &rules->skus, RULES_SKU_LISTS, &test->required));
    TRY(parse_list_bit(parser, rule, "sku_not", &rules->skus, RULES_SKU_LISTS, &test->forbidden));
    TRY(parse_list_bit(parser, rule, "status", &rules->statuses, RULES_STATUS_LISTS,
                       &test->required));
    TRY(parse_list_bit(parser, rule, "status_not", &rules->statuses, RULES_STATUS_LISTS,
                       &test->forbidden));
    TRY(parse_sign_bit(parser, rule, "price", RULES_PRICE_NEGATIVE, &test->required));
    TRY(parse_sign_bit(parser, rule, "quantity", RULES_QUANTITY_NEGATIVE, &test->required));
    return parse_customer(parser, rule, test);
}

static enum err parse_channel(struct parser *parser, const struct json *rule,
                              struct rules_channel *channel)
{
    static const char *const known[] = {"channel", "customer", "order", "order_not", "order_has",
                                        "has_not", "bundle",   "why",   NULL};
    struct rules *rules = parser->rules;
    struct rules_test *test = &channel->test;
    TRY(json_require_object(rule, parser->problem));
    TRY(json_require_known(rule, known, parser->problem));
    struct str name;
    TRY(json_get_text(rule, "channel", NAME_BYTES_MAX, &name, parser->problem));
    channel->name = str_copy(parser->arena, name);
    TRY(parse_list_bit(parser, rule, "order", &rules->orders, RULES_ORDER_LISTS, &test->required));
    TRY(parse_list_bit(parser, rule, "order_not", &rules->orders, RULES_ORDER_LISTS,
                       &test->forbidden));
    TRY(parse_list_bit(parser, rule, "order_has", &rules->skus, RULES_SKU_LISTS, &test->required));
    TRY(parse_list_bit(parser, rule, "has_not", &rules->skus, RULES_SKU_LISTS, &test->forbidden));
    struct json bundle = json_child(rule, "bundle");
    if (bundle.node)
        TRY(json_get_bool(rule, "bundle", &channel->bundle, parser->problem));
    return parse_customer(parser, rule, test);
}

/* {"EIRE": "IE", "Unspecified": ""}: the empty code means "known to be no country". */
static enum err parse_names(struct parser *parser, const struct json *object, size_t count_max,
                            const struct rules_name **names, size_t *count)
{
    TRY(json_require_object(object, parser->problem));
    *count = json_count(object);
    if (*count > count_max) {
        problem_set(parser->problem, ERR_LIST_TOO_LONG, ERR_INT((int64_t)*count),
                    ERR_INT((int64_t)count_max));
        return json_place(parser->problem, object, NULL);
    }
    struct rules_name *made = ARENA_ARRAY(parser->arena, struct rules_name, *count);
    for (size_t i = 0; i < *count; i++) {
        struct json child;
        const char *name = json_key_at(object, i, &child);
        struct str code;
        bool fits = json_text(&child, &code) && (code.length == 2 || code.length == 0);
        for (size_t k = 0; fits && k < code.length; k++)
            fits = code.text[k] >= 'A' && code.text[k] <= 'Z';
        if (!fits) {
            problem_set(parser->problem, ERR_JSON_TYPE, ERR_CTEXT("ISO 3166 alpha-2"));
            return json_place(parser->problem, &child, NULL);
        }
        made[i].name = str_copy(parser->arena, str_from_c(name));
        if (code.length == 2)
            memcpy(made[i].code, code.text, 2);
    }
    *names = made;
    return ERR_OK;
}

static enum err parse_labels(struct parser *parser, const struct json *root)
{
    struct rules *rules = parser->rules;
    struct json key = json_child(root, "answer_key");
    if (!key.node)
        return ERR_OK;
    TRY(json_require_object(&key, parser->problem));
    size_t count = json_count(&key);
    if (count > RULES_LABELS_MAX) {
        problem_set(parser->problem, ERR_LIST_TOO_LONG, ERR_INT((int64_t)count),
                    ERR_INT(RULES_LABELS_MAX));
        return json_place(parser->problem, &key, NULL);
    }
    for (size_t i = 0; i < count; i++) {
        struct json child;
        const char *label = json_key_at(&key, i, &child);
        TRY(kind_from_name(parser, &key, label, &rules->labels[i].kind));
        rules->labels[i].label = str_copy(parser->arena, str_from_c(label));
    }
    rules->label_count = count;
    return ERR_OK;
}

static enum err parse_currency(struct parser *parser, const struct json *root)
{
    struct json child = json_child(root, "currency");
    if (!child.node)
        return ERR_OK;
    struct str code;
    TRY(json_get_text(root, "currency", 3, &code, parser->problem));
    if (!currency_from_code(code, &parser->rules->currency)) {
        problem_set(parser->problem, ERR_CURRENCY_UNKNOWN, ERR_TEXT(code), ERR_CTEXT("ISO 4217"));
        return json_place(parser->problem, root, "currency");
    }
    parser->rules->has_currency = true;
    return ERR_OK;
}

static enum err parse_twins(struct parser *parser, const struct json *root)
{
    struct json child = json_child(root, "twins");
    if (!child.node)
        return ERR_OK;
    struct str choice;
    TRY(json_get_text(root, "twins", NAME_BYTES_MAX, &choice, parser->problem));
    parser->rules->keep_twins = str_equal_c(choice, "keep");
    if (parser->rules->keep_twins || str_equal_c(choice, "set_aside"))
        return ERR_OK;
    problem_set(parser->problem, ERR_CHOICE, ERR_TEXT(choice), ERR_CTEXT("set_aside, keep"));
    return json_place(parser->problem, root, "twins");
}

static enum err parse_version(struct parser *parser, const struct json *root)
{
    struct str format;
    TRY(json_get_text(root, "format", NAME_BYTES_MAX, &format, parser->problem));
    if (!str_equal_c(format, format_name)) {
        problem_set(parser->problem, ERR_CHOICE, ERR_TEXT(format), ERR_CTEXT(format_name));
        return json_place(parser->problem, root, "format");
    }
    int64_t version;
    TRY(json_get_int(root, "version", 1, INT32_MAX, &version, parser->problem));
    if (version != RULES_FORMAT_VERSION) {
        problem_set(parser->problem, ERR_FILE_VERSION, ERR_INT(version),
                    ERR_INT(RULES_FORMAT_VERSION));
        return json_place(parser->problem, root, "version");
    }
    return ERR_OK;
}

static enum err parse_tests(struct parser *parser, const struct json *root)
{
    struct rules *rules = parser->rules;
    struct json kinds = json_child(root, "kinds");
    TRY(json_require_list(&kinds, RULES_KINDS_MAX, parser->problem));
    rules->kind_count = json_count(&kinds);
    for (size_t i = 0; i < rules->kind_count; i++) {
        struct json rule = json_item(&kinds, i);
        TRY(parse_kind(parser, &rule, &rules->kinds[i]));
    }
    struct json channels = json_child(root, "channels");
    if (!channels.node)
        return ERR_OK;
    TRY(json_require_list(&channels, RULES_CHANNELS_MAX, parser->problem));
    rules->channel_count = json_count(&channels);
    for (size_t i = 0; i < rules->channel_count; i++) {
        struct json rule = json_item(&channels, i);
        TRY(parse_channel(parser, &rule, &rules->channels[i]));
    }
    return ERR_OK;
}

static enum err parse_root(struct parser *parser, const struct json *root)
{
    static const char *const known[] = {"format",        "version",    "id",       "revision",
                                        "about",         "source",     "currency", "skus",
                                        "orders",        "kinds",      "statuses", "channels",
                                        "country_names", "answer_key", "twins",    NULL};
    struct rules *rules = parser->rules;
    TRY(json_require_object(root, parser->problem));
    TRY(parse_version(parser, root));
    TRY(json_require_known(root, known, parser->problem));
    struct str text;
    TRY(json_get_text(root, "id", NAME_BYTES_MAX, &text, parser->problem));
    rules->id = str_copy(parser->arena, text);
    TRY(json_get_text(root, "revision", NAME_BYTES_MAX, &text, parser->problem));
    rules->revision = str_copy(parser->arena, text);
    TRY(parse_currency(parser, root));
    TRY(parse_twins(parser, root));
    TRY(parse_lists(parser, root, "skus", &rules->skus));
    TRY(parse_lists(parser, root, "orders", &rules->orders));
    TRY(parse_lists(parser, root, "statuses", &rules->statuses));
    rules->nonproduct_list = RULES_LISTS_MAX;
    for (size_t i = 0; i < rules->skus.count; i++)
        if (str_equal_c(rules->skus.list[i].name, "nonproduct"))
            rules->nonproduct_list = i;
    TRY(parse_tests(parser, root));
    struct json names = json_child(root, "country_names");
    if (names.node)
        TRY(parse_names(parser, &names, RULES_NAMES_MAX, &rules->names, &rules->name_count));
    return parse_labels(parser, root);
}

enum err rules_parse(struct arena *arena, struct str text, const char *file, struct rules **rules,
                     struct problem *problem)
{
    struct json_document *document;
    struct json root;
    TRY(json_parse(text, file, &document, &root, problem));
    struct parser parser = {arena, problem, ARENA_NEW(arena, struct rules)};
    enum err code = parse_root(&parser, &root);
    json_close(document);
    if (code != ERR_OK) {
        problem_place_prefix(problem, "%s", file);
        return code;
    }
    *rules = parser.rules;
    return ERR_OK;
}

enum err rules_countries_parse(struct arena *arena, struct str text, const char *file,
                               struct rules_countries *countries, struct problem *problem)
{
    struct json_document *document;
    struct json root;
    TRY(json_parse(text, file, &document, &root, problem));
    struct parser parser = {arena, problem, NULL};
    struct json names = json_child(&root, "names");
    enum err code = parse_names(&parser, &names, 2000, &countries->names, &countries->count);
    json_close(document);
    if (code != ERR_OK)
        problem_place_prefix(problem, "%s", file);
    return code;
}
