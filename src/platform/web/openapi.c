/* OpenAPI 3.1 of the routes, forms and rows: what a program may ask, from the same tables that
 * answer it. */
#include <string.h>

#include "core/json.h"
#include "platform/web/call.h"
#include "platform/web/form_body.h"
#include "platform/web/state.h"

static void put(struct json_writer *json, const char *key, const char *value)
{
    json_key(json, key);
    json_put_text(json, str_from_c(value));
}

static void begin(struct json_writer *json, const char *key)
{
    json_key(json, key);
    json_object_begin(json);
}

static void reference(struct json_writer *json, const char *key, const char *kind, const char *name)
{
    struct buf text;
    buf_init(&text);
    buf_format(&text, "#/components/%s/%s", kind, name);
    begin(json, key);
    json_key(json, "$ref");
    json_put_text(json, buf_str(&text));
    json_object_end(json);
    buf_clear(&text);
}

/* ---- fields of forms ---- */

static void choices_put(struct json_writer *json, const char *choices)
{
    struct str rest = str_from_c(choices);
    json_key(json, "enum");
    json_list_begin(json);
    while (rest.length > 0) {
        size_t end = str_find_byte(rest, ',');
        json_put_text(json, str_slice(rest, 0, end));
        rest = str_slice(rest, end + 1, rest.length);
    }
    json_list_end(json);
}

static void limits_put(struct json_writer *json, const char *least, const char *most,
                       const struct form_field *field)
{
    json_key(json, least);
    json_put_int(json, field->least);
    json_key(json, most);
    json_put_int(json, field->most);
}

static void field_put(struct json_writer *json, const struct form_field *field)
{
    begin(json, field->name);
    put(json, "title", field->label);
    switch (field->kind) {
    case FORM_TEXT:
    case FORM_LINES:
        put(json, "type", "string");
        limits_put(json, "minLength", "maxLength", field);
        break;
    case FORM_SECRET:
        put(json, "type", "string");
        put(json, "format", "password");
        limits_put(json, "minLength", "maxLength", field);
        break;
    case FORM_INT:
        put(json, "type", "integer");
        limits_put(json, "minimum", "maximum", field);
        break;
    case FORM_DAY:
        put(json, "type", "string");
        put(json, "format", "date");
        break;
    case FORM_FLAG:
        put(json, "type", "boolean");
        break;
    case FORM_ID:
        put(json, "type", "string");
        put(json, "pattern", "^[0-9]{1,19}$");
        break;
    case FORM_CHOICE:
        put(json, "type", "string");
        choices_put(json, field->choices);
        break;
    case FORM_FILE:
        put(json, "type", "string");
        put(json, "contentMediaType", "application/octet-stream");
        break;
    }
    json_object_end(json);
}

static bool has_file(const struct form *form)
{
    for (size_t i = 0; i < form->count; i++) {
        if (form->fields[i].kind == FORM_FILE)
            return true;
    }
    return false;
}

static void form_put(struct json_writer *json, const struct form *form)
{
    bool any_required = false;
    begin(json, form->name);
    put(json, "type", "object");
    begin(json, "properties");
    for (size_t i = 0; i < form->count; i++) {
        field_put(json, &form->fields[i]);
        any_required = any_required || form->fields[i].required;
    }
    json_object_end(json);
    if (any_required) {
        json_key(json, "required");
        json_list_begin(json);
        for (size_t i = 0; i < form->count; i++) {
            if (form->fields[i].required)
                json_put_text(json, str_from_c(form->fields[i].name));
        }
        json_list_end(json);
    }
    json_key(json, "additionalProperties");
    json_put_bool(json, has_file(form));
    json_object_end(json);
}

/* ---- rows ---- */

static void column_put(struct json_writer *json, const struct store_column *column)
{
    static const char *const types[] = {
        [STORE_INT64] = "integer", [STORE_REAL8] = "number", [STORE_BOOL] = "boolean",
        [STORE_TEXT] = "string",   [STORE_BYTES] = "string", [STORE_ID] = "string"};
    begin(json, column->name);
    if (column->nullable) {
        json_key(json, "type");
        json_list_begin(json);
        json_put_text(json, str_from_c(types[column->type]));
        json_put_text(json, STR("null"));
        json_list_end(json);
    } else {
        put(json, "type", types[column->type]);
    }
    if (column->type == STORE_ID)
        put(json, "pattern", "^[0-9]{1,19}$");
    json_object_end(json);
}

static void columns_put(struct json_writer *json, const struct store_columns *columns)
{
    begin(json, columns->name);
    put(json, "type", "object");
    begin(json, "properties");
    for (size_t i = 0; i < columns->count; i++)
        column_put(json, &columns->columns[i]);
    json_object_end(json);
    json_key(json, "required");
    json_list_begin(json);
    for (size_t i = 0; i < columns->count; i++)
        json_put_text(json, str_from_c(columns->columns[i].name));
    json_list_end(json);
    json_object_end(json);
}

/* ---- operations ---- */

static void problem_put(struct json_writer *json)
{
    begin(json, "default");
    put(json, "description", "What is wrong, for people and for programs (RFC 9457).");
    begin(json, "content");
    begin(json, "application/problem+json");
    reference(json, "schema", "schemas", "Problem");
    json_object_end(json);
    json_object_end(json);
    json_object_end(json);
}

static void rows_schema_put(struct json_writer *json, const struct web_shape *shape)
{
    if (!shape->many) {
        reference(json, "schema", "schemas", shape->columns->name);
        return;
    }
    begin(json, "schema");
    put(json, "type", "object");
    begin(json, "properties");
    begin(json, "items");
    put(json, "type", "array");
    reference(json, "items", "schemas", shape->columns->name);
    json_object_end(json);
    begin(json, "next");
    put(json, "type", "string");
    put(json, "description", "Where the next items begin; empty behind the last.");
    json_object_end(json);
    json_object_end(json);
    json_key(json, "required");
    json_list_begin(json);
    json_put_text(json, STR("items"));
    json_put_text(json, STR("next"));
    json_list_end(json);
    json_object_end(json);
}

static void answers_put(struct json_writer *json, const struct route_entry *entry)
{
    begin(json, "responses");
    begin(json, "200");
    put(json, "description",
        entry->route->method == WEB_POST ? "Saved; where to look now." : "What was asked for.");
    begin(json, "content");
    begin(json, "application/json");
    if (entry->shape != NULL)
        rows_schema_put(json, entry->shape);
    else
        reference(json, "schema", "schemas", "Location");
    json_object_end(json);
    json_object_end(json);
    json_object_end(json);
    problem_put(json);
    json_object_end(json);
}

/* ":name" of a path becomes "{name}"; `visit` sees each name. */
static void path_put(struct buf *out, struct str path)
{
    buf_append_c(out, WEB_API_PREFIX);
    for (size_t i = 0; i < path.length; i++) {
        if (path.text[i] != ':') {
            buf_append_byte(out, path.text[i]);
            continue;
        }
        size_t end = i + str_find_byte(str_slice(path, i, path.length), '/');
        buf_append_byte(out, '{');
        buf_append(out, str_slice(path, i + 1, end - i - 1));
        buf_append_byte(out, '}');
        i = end - 1;
    }
}

static void parameters_put(struct json_writer *json, struct str path)
{
    if (str_find_byte(path, ':') == path.length)
        return;
    json_key(json, "parameters");
    json_list_begin(json);
    for (size_t at = str_find_byte(path, ':'); at < path.length;) {
        struct str rest = str_slice(path, at + 1, path.length);
        size_t end = str_find_byte(rest, '/');
        json_object_begin(json);
        json_key(json, "name");
        json_put_text(json, str_slice(rest, 0, end));
        put(json, "in", "path");
        json_key(json, "required");
        json_put_bool(json, true);
        begin(json, "schema");
        put(json, "type", "string");
        json_object_end(json);
        json_object_end(json);
        at = at + 1 + end;
        at += str_find_byte(str_slice(path, at, path.length), ':');
    }
    json_list_end(json);
}

static void operation_put(struct json_writer *json, const struct route_entry *entry)
{
    const struct web_route *route = entry->route;
    begin(json, route->method == WEB_POST ? "post" : "get");
    put(json, "operationId", route->name);
    put(json, "x-permission", route->permission_name);
    parameters_put(json, str_from_c(route->path));
    if (route->method == WEB_POST) {
        const struct form *form = route->form();
        begin(json, "requestBody");
        json_key(json, "required");
        json_put_bool(json, form->count > 0);
        begin(json, "content");
        begin(json, has_file(form) ? "multipart/form-data" : "application/json");
        reference(json, "schema", "schemas", form->name);
        json_object_end(json);
        json_object_end(json);
        json_object_end(json);
    }
    answers_put(json, entry);
    json_object_end(json);
}

/* Pages that only people read answer 406 to programs and are left out. */
static bool is_for_programs(const struct route_entry *entry)
{
    return entry->route->permission != PERMISSION_WEB_ANYONE &&
           (entry->route->method == WEB_POST || entry->shape != NULL);
}

static void paths_put(struct json_writer *json, const struct router *router)
{
    struct buf path;
    buf_init(&path);
    begin(json, "paths");
    for (int i = 0; i < router->count; i++) {
        const struct route_entry *first = &router->entries[i];
        bool earlier = false;
        for (int k = 0; k < i; k++)
            earlier = earlier || (is_for_programs(&router->entries[k]) &&
                                  strcmp(router->entries[k].route->path, first->route->path) == 0);
        if (!is_for_programs(first) || earlier)
            continue;
        buf_reset(&path);
        path_put(&path, str_from_c(first->route->path));
        buf_append_byte(&path, '\0');
        begin(json, path.text);
        for (int k = i; k < router->count; k++) {
            if (is_for_programs(&router->entries[k]) &&
                strcmp(router->entries[k].route->path, first->route->path) == 0)
                operation_put(json, &router->entries[k]);
        }
        json_object_end(json);
    }
    json_object_end(json);
    buf_clear(&path);
}

static void fixed_schemas_put(struct json_writer *json)
{
    static const char *const texts[] = {"type", "title", "detail", "place", "request_id"};
    begin(json, "Problem");
    put(json, "type", "object");
    begin(json, "properties");
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        begin(json, texts[i]);
        put(json, "type", "string");
        json_object_end(json);
    }
    begin(json, "status");
    put(json, "type", "integer");
    json_object_end(json);
    begin(json, "fields");
    put(json, "type", "array");
    begin(json, "items");
    put(json, "type", "object");
    json_object_end(json);
    json_object_end(json);
    json_object_end(json);
    json_object_end(json);
    begin(json, "Location");
    put(json, "type", "object");
    begin(json, "properties");
    begin(json, "location");
    put(json, "type", "string");
    json_object_end(json);
    json_object_end(json);
    json_object_end(json);
}

/* Several routes may answer the same rows. */
static bool shape_is_first(const struct router *router, int index)
{
    for (int i = 0; i < index; i++) {
        if (router->entries[i].shape != NULL &&
            router->entries[i].shape->columns == router->entries[index].shape->columns)
            return false;
    }
    return true;
}

static void components_put(struct json_writer *json, const struct router *router)
{
    begin(json, "components");
    begin(json, "schemas");
    fixed_schemas_put(json);
    for (int i = 0; i < router->count; i++) {
        const struct route_entry *entry = &router->entries[i];
        if (!is_for_programs(entry))
            continue;
        if (entry->route->method == WEB_POST)
            form_put(json, entry->route->form());
        if (entry->shape != NULL && shape_is_first(router, i))
            columns_put(json, entry->shape->columns);
    }
    json_object_end(json);
    begin(json, "securitySchemes");
    begin(json, "token");
    put(json, "type", "http");
    put(json, "scheme", "bearer");
    json_object_end(json);
    json_object_end(json);
    json_object_end(json);
}

void web_openapi(const struct web_site *site, struct buf *text)
{
    struct json_writer json;
    const struct router *router = &site->state->router;
    json_writer_init(&json, text, true);
    json_object_begin(&json);
    put(&json, "openapi", "3.1.0");
    begin(&json, "info");
    put(&json, "title", site->title == NULL ? "" : site->title);
    put(&json, "version", site->version == NULL ? "" : site->version);
    json_object_end(&json);
    json_key(&json, "servers");
    json_list_begin(&json);
    json_object_begin(&json);
    put(&json, "url", site->prefix[0] == '\0' ? "/" : site->prefix);
    json_object_end(&json);
    json_list_end(&json);
    json_key(&json, "security");
    json_list_begin(&json);
    json_object_begin(&json);
    json_key(&json, "token");
    json_list_begin(&json);
    json_list_end(&json);
    json_object_end(&json);
    json_list_end(&json);
    paths_put(&json, router);
    components_put(&json, router);
    json_object_end(&json);
    buf_append_byte(text, '\n');
}
