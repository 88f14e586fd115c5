#include "core/json.h"

#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/file.h"
#include "core/json_parts.h"
#include "core/text.h"

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
