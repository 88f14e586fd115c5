/* jansson's names come first: some of its macros would rewrite ours. */
#include <jansson.h>
#undef json_is_object

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/date.h"
#include "core/file.h"
#include "core/json.h"
#include "core/json_literal.h"
#include "core/text.h"

struct json_document {
    json_t *root;
    struct json_literals literals;
};

static const json_t *node_of(const struct json *at)
{
    return (const json_t *)at->node;
}

/* jansson's getters take no const, though they only read. */
static json_t *node_mutable(const struct json *at)
{
    union {
        const void *from;
        json_t *to;
    } node = {.from = at->node};
    return node.to;
}

/* Reading. */

static struct err_arg syntax_cause(const json_error_t *error)
{
    switch (json_error_code(error)) {
    case json_error_premature_end_of_input:
        return ERR_KEY(N_("it ends too early"));
    case json_error_end_of_input_expected:
        return ERR_KEY(N_("something follows behind the end"));
    case json_error_invalid_utf8:
        return ERR_KEY(N_("the text is not UTF-8"));
    case json_error_numeric_overflow:
        return ERR_KEY(N_("a number is too large"));
    case json_error_null_character:
    case json_error_null_byte_in_key:
        return ERR_KEY(N_("a text holds a zero character"));
    case json_error_stack_overflow:
        return ERR_KEY(N_("it is nested too deeply"));
    default:
        return ERR_CTEXT(error->text);
    }
}

/* The key out of jansson's: duplicate object key near '"price"' */
static struct str duplicate_key(const json_error_t *error)
{
    struct str text = str_from_c(error->text);
    size_t start = str_find_byte(text, '"');
    if (start == text.length)
        return text;
    struct str rest = str_slice(text, start + 1, text.length);
    return str_slice(rest, 0, str_find_byte(rest, '"'));
}

enum err json_parse(struct str text, const char *file, struct json_document **document,
                    struct json *root, struct problem *problem)
{
    *document = NULL;
    if (str_starts_with(text, STR("\xEF\xBB\xBF")))
        text = str_slice(text, 3, text.length);
    if (text.length > JSON_BYTES_MAX) {
        problem_set(problem, ERR_FILE_TOO_LARGE, ERR_INT(JSON_BYTES_MAX));
        return problem_place(problem, "%s", file);
    }
    if (json_depth(text) > JSON_DEPTH_MAX) {
        problem_set(problem, ERR_LIMIT, ERR_KEY(N_("Nesting")), ERR_INT(json_depth(text)),
                    ERR_INT(JSON_DEPTH_MAX));
        return problem_place(problem, "%s", file);
    }
    json_error_t error;
    json_t *tree =
        json_loadb(text.text, text.length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (tree == NULL) {
        if (json_error_code(&error) == json_error_duplicate_key)
            problem_set(problem, ERR_FIELD_TWICE, ERR_TEXT(duplicate_key(&error)));
        else
            problem_set(problem, ERR_JSON_SYNTAX, syntax_cause(&error), ERR_INT(error.line),
                        ERR_INT(error.column));
        return problem_place(problem, "%s", file);
    }
    struct json_document *made = calloc(1, sizeof(*made));
    if (made == NULL)
        abort();
    made->root = tree;
    json_literals_collect(&made->literals, text, tree);
    *document = made;
    *root = (struct json){.node = tree, .index = -1, .document = made};
    return ERR_OK;
}

enum err json_read_file(const char *path, struct json_document **document, struct json *root,
                        struct problem *problem)
{
    struct arena arena;
    struct str text;
    *document = NULL;
    arena_init(&arena);
    enum err code = file_read(&arena, path, JSON_BYTES_MAX, &text, problem);
    if (code == ERR_OK)
        code = json_parse(text, path, document, root, problem);
    arena_clear(&arena);
    return code;
}

void json_close(struct json_document *document)
{
    if (document == NULL)
        return;
    json_literals_clear(&document->literals);
    json_decref(document->root);
    free(document);
}

/* Shape. */

bool json_is_object(const struct json *at)
{
    return at->node != NULL && json_typeof(node_of(at)) == JSON_OBJECT;
}

bool json_is_list(const struct json *at)
{
    return at->node != NULL && json_typeof(node_of(at)) == JSON_ARRAY;
}

bool json_is_null_value(const struct json *at)
{
    return at->node != NULL && json_is_null(node_of(at));
}

size_t json_count(const struct json *at)
{
    if (json_is_object(at))
        return json_object_size(node_of(at));
    return json_is_list(at) ? json_array_size(node_of(at)) : 0;
}

/* The names of the cursor's ancestors, then its own, then `key`. */
static void path_write(struct buf *path, const struct json *at, const char *key)
{
    if (at->up != NULL) {
        path_write(path, at->up, at->key);
        if (at->key == NULL)
            buf_format(path, "[%d]", at->index);
    }
    if (key == NULL)
        return;
    if (path->length > 0)
        buf_append_byte(path, '.');
    buf_append_c(path, key);
}

struct str json_path(struct arena *arena, const struct json *at)
{
    struct buf path;
    buf_init(&path);
    path_write(&path, at, NULL);
    struct str text = str_copy(arena, buf_str(&path));
    buf_clear(&path);
    return text;
}

enum err json_place(struct problem *problem, const struct json *at, const char *key)
{
    struct buf path;
    buf_init(&path);
    path_write(&path, at, key);
    buf_append_byte(&path, '\0');
    problem_place(problem, "%s", path.text);
    buf_clear(&path);
    return problem->code;
}

struct json json_child(const struct json *object, const char *key)
{
    struct json child = {.up = object, .key = key, .index = -1, .document = object->document};
    if (json_is_object(object))
        child.node = json_object_get(node_of(object), key);
    return child;
}

struct json json_item(const struct json *list, size_t index)
{
    struct json item = {.up = list, .index = (int)index, .document = list->document};
    if (json_is_list(list))
        item.node = json_array_get(node_of(list), index);
    return item;
}

const char *json_key_at(const struct json *object, size_t index, struct json *child)
{
    *child = (struct json){.up = object, .index = -1, .document = object->document};
    if (!json_is_object(object))
        return NULL;
    json_t *node = node_mutable(object);
    void *iterator = json_object_iter(node);
    for (; iterator != NULL && index > 0; index--)
        iterator = json_object_iter_next(node, iterator);
    if (iterator == NULL)
        return NULL;
    child->node = json_object_iter_value(iterator);
    child->key = json_object_iter_key(iterator);
    return child->key;
}

/* Demands. */

/* Names of the types as a message shows them. */
#define TYPE_OBJECT N_("object {...}")
#define TYPE_LIST N_("list [...]")
#define TYPE_TEXT N_("text in quotes")
#define TYPE_INT N_("whole number")
#define TYPE_NUMBER N_("number")
#define TYPE_BOOL N_("true or false")
#define TYPE_MONEY N_("money amount")

static enum err type_problem(struct problem *problem, const struct json *at, const char *key,
                             const char *type)
{
    problem_set(problem, ERR_JSON_TYPE, ERR_KEY(type));
    return json_place(problem, at, key);
}

enum err json_require_object(const struct json *at, struct problem *problem)
{
    return json_is_object(at) ? ERR_OK : type_problem(problem, at, NULL, TYPE_OBJECT);
}

enum err json_require_list(const struct json *at, size_t count_max, struct problem *problem)
{
    if (!json_is_list(at))
        return type_problem(problem, at, NULL, TYPE_LIST);
    if (json_count(at) <= count_max)
        return ERR_OK;
    problem_set(problem, ERR_LIST_TOO_LONG, ERR_INT((int64_t)json_count(at)),
                ERR_INT((int64_t)count_max));
    return json_place(problem, at, NULL);
}

enum { NAME_MAX_COMPARED = 63 };

/* Levenshtein's distance of two names, each cut at NAME_MAX_COMPARED bytes. */
static size_t name_distance(struct str a, struct str b)
{
    a = str_slice(a, 0, NAME_MAX_COMPARED);
    b = str_slice(b, 0, NAME_MAX_COMPARED);
    size_t row[NAME_MAX_COMPARED + 1];
    for (size_t j = 0; j <= b.length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t best = diagonal + (a.text[i - 1] != b.text[j - 1]);
            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    return row[b.length];
}

static struct str name_nearest(struct str name, const char *const *known)
{
    struct str nearest = {"", 0};
    size_t least = SIZE_MAX;
    for (; *known != NULL; known++) {
        size_t distance = name_distance(name, str_from_c(*known));
        if (distance < least) {
            least = distance;
            nearest = str_from_c(*known);
        }
    }
    return nearest;
}

static bool name_is_known(const char *name, const char *const *known)
{
    for (; *known != NULL; known++) {
        if (strcmp(name, *known) == 0)
            return true;
    }
    return false;
}

enum err json_require_known(const struct json *object, const char *const *known,
                            struct problem *problem)
{
    TRY(json_require_object(object, problem));
    json_t *node = node_mutable(object);
    for (void *at = json_object_iter(node); at != NULL; at = json_object_iter_next(node, at)) {
        const char *key = json_object_iter_key(at);
        if (name_is_known(key, known))
            continue;
        problem_set(problem, ERR_FIELD_UNKNOWN, ERR_CTEXT(key),
                    ERR_TEXT(name_nearest(str_from_c(key), known)));
        return json_place(problem, object, key);
    }
    return ERR_OK;
}

/* Fields. */

static enum err field_find(const struct json *object, const char *key, struct json *field,
                           struct problem *problem)
{
    TRY(json_require_object(object, problem));
    *field = json_child(object, key);
    if (field->node != NULL)
        return ERR_OK;
    problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT(key));
    return json_place(problem, object, key);
}

enum err json_get_int(const struct json *object, const char *key, int64_t least, int64_t most,
                      int64_t *value, struct problem *problem)
{
    struct json field;
    int64_t number;
    TRY(field_find(object, key, &field, problem));
    if (!json_int(&field, &number))
        return type_problem(problem, object, key, TYPE_INT);
    if (number < least || number > most) {
        problem_set(problem, ERR_RANGE, ERR_INT(number), ERR_INT(least), ERR_INT(most));
        return json_place(problem, object, key);
    }
    *value = number;
    return ERR_OK;
}

static enum err range_problem(struct problem *problem, double number, double least, double most)
{
    struct buf texts[3];
    const double values[3] = {number, least, most};
    for (int i = 0; i < 3; i++) {
        buf_init(&texts[i]);
        buf_append_double(&texts[i], values[i]);
    }
    problem_set(problem, ERR_RANGE, ERR_TEXT(buf_str(&texts[0])), ERR_TEXT(buf_str(&texts[1])),
                ERR_TEXT(buf_str(&texts[2])));
    for (int i = 0; i < 3; i++)
        buf_clear(&texts[i]);
    return problem->code;
}

enum err json_get_double(const struct json *object, const char *key, double least, double most,
                         double *value, struct problem *problem)
{
    struct json field;
    double number;
    TRY(field_find(object, key, &field, problem));
    if (!json_double(&field, &number))
        return type_problem(problem, object, key, TYPE_NUMBER);
    if (!(number >= least && number <= most)) {
        range_problem(problem, number, least, most);
        return json_place(problem, object, key);
    }
    *value = number;
    return ERR_OK;
}

enum err json_get_bool(const struct json *object, const char *key, bool *value,
                       struct problem *problem)
{
    struct json field;
    TRY(field_find(object, key, &field, problem));
    if (!json_is_boolean(node_of(&field)))
        return type_problem(problem, object, key, TYPE_BOOL);
    *value = json_is_true(node_of(&field));
    return ERR_OK;
}

/* Characters, as a reader counts them: bytes that do not continue another. */
static size_t utf8_count(struct str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.text[i] & 0xC0) != 0x80;
    return count;
}

enum err json_get_text(const struct json *object, const char *key, size_t length_max,
                       struct str *value, struct problem *problem)
{
    struct json field;
    struct str text;
    TRY(field_find(object, key, &field, problem));
    if (!json_text(&field, &text))
        return type_problem(problem, object, key, TYPE_TEXT);
    if (utf8_count(text) > length_max) {
        problem_set(problem, ERR_TEXT_TOO_LONG, ERR_INT((int64_t)length_max));
        return json_place(problem, object, key);
    }
    *value = text;
    return ERR_OK;
}

enum err json_get_date(const struct json *object, const char *key, int32_t *day,
                       struct problem *problem)
{
    struct json field;
    struct str text;
    TRY(field_find(object, key, &field, problem));
    if (!json_text(&field, &text))
        return type_problem(problem, object, key, TYPE_TEXT);
    if (!date_parse(text, day)) {
        problem_set(problem, ERR_DATE_BAD, ERR_TEXT(text));
        return json_place(problem, object, key);
    }
    return ERR_OK;
}

/* The amount was refused: for its decimals, or for not being a number at all. */
static enum err money_problem(struct problem *problem, struct str text, struct currency currency)
{
    size_t point = str_find_byte(text, '.');
    int64_t ignored;
    double number;
    if (!str_to_double(text, &number) || str_find_byte(text, 'e') < text.length ||
        str_find_byte(text, 'E') < text.length)
        return problem_set(problem, ERR_NUMBER, ERR_TEXT(text));
    if (text.length > point + 1 + (size_t)currency_decimals(currency) &&
        str_to_int64(str_slice(text, 0, point), &ignored))
        return problem_set(problem, ERR_MONEY_DECIMALS, ERR_TEXT(text), ERR_CTEXT(currency.code),
                           ERR_INT(currency_decimals(currency)));
    return problem_set(problem, ERR_NUMBER, ERR_TEXT(text));
}

enum err json_get_money(const struct json *object, const char *key, struct currency currency,
                        int64_t least, int64_t most, int64_t *minor, struct problem *problem)
{
    struct json field;
    struct str text;
    char digits[24];
    int64_t number;
    TRY(field_find(object, key, &field, problem));
    if (json_int(&field, &number)) {
        struct buf buf = {.text = digits, .capacity = sizeof(digits)};
        buf_append_int64(&buf, number);
        text = buf_str(&buf);
    } else if (json_is_real(node_of(&field))) {
        text = json_literals_find(&field.document->literals, field.node);
    } else if (!json_text(&field, &text)) {
        return type_problem(problem, object, key, TYPE_MONEY);
    }
    if (!money_parse(text, currency, &number)) {
        money_problem(problem, text, currency);
        return json_place(problem, object, key);
    }
    if (number < least || number > most) {
        int decimals = currency_decimals(currency);
        problem_set(problem, ERR_RANGE, ERR_DECIMAL(number, decimals), ERR_DECIMAL(least, decimals),
                    ERR_DECIMAL(most, decimals));
        return json_place(problem, object, key);
    }
    *minor = number;
    return ERR_OK;
}

bool json_text(const struct json *at, struct str *value)
{
    if (at->node == NULL || !json_is_string(node_of(at)))
        return false;
    *value = (struct str){json_string_value(node_of(at)), json_string_length(node_of(at))};
    return true;
}

bool json_int(const struct json *at, int64_t *value)
{
    if (at->node == NULL || !json_is_integer(node_of(at)))
        return false;
    *value = json_integer_value(node_of(at));
    return true;
}

bool json_double(const struct json *at, double *value)
{
    if (at->node == NULL || !json_is_number(node_of(at)))
        return false;
    *value = json_number_value(node_of(at));
    return true;
}
