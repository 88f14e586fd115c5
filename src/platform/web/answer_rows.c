/* Rows of typed queries as JSON. */
#include <string.h>

#include "core/json.h"
#include "platform/web/call.h"

/* Ids do not fit into the numbers of JavaScript: they are strings. */
static void id_put(struct json_writer *json, int64_t value)
{
    struct buf text;
    buf_init(&text);
    buf_append_int64(&text, value);
    json_put_text(json, buf_str(&text));
    buf_clear(&text);
}

static void bytes_put(struct json_writer *json, struct str bytes)
{
    static const char digits[] = "0123456789abcdef";
    struct buf text;
    buf_init(&text);
    for (size_t i = 0; i < bytes.length; i++) {
        unsigned char byte = (unsigned char)bytes.text[i];
        buf_append_byte(&text, digits[byte >> 4]);
        buf_append_byte(&text, digits[byte & 15]);
    }
    json_put_text(json, buf_str(&text));
    buf_clear(&text);
}

static void value_put(struct json_writer *json, const struct store_column *column, const char *row)
{
    const void *at = row + column->offset;
    json_key(json, column->name);
    if (column->nullable && *(const bool *)(const void *)(row + column->null_offset)) {
        json_put_null(json);
        return;
    }
    switch (column->type) {
    case STORE_INT64:
        json_put_int(json, *(const int64_t *)at);
        return;
    case STORE_ID:
        id_put(json, *(const int64_t *)at);
        return;
    case STORE_REAL8:
        json_put_double(json, *(const double *)at);
        return;
    case STORE_BOOL:
        json_put_bool(json, *(const bool *)at);
        return;
    case STORE_TEXT:
        json_put_text(json, *(const struct str *)at);
        return;
    case STORE_BYTES:
        bytes_put(json, *(const struct str *)at);
        return;
    }
}

static void row_put(struct json_writer *json, const struct store_columns *columns, const char *row)
{
    json_object_begin(json);
    for (size_t i = 0; i < columns->count; i++)
        value_put(json, &columns->columns[i], row);
    json_object_end(json);
}

void rows_put_json(struct buf *text, const struct store_columns *columns, const void *rows,
                   size_t count, bool many, struct str next)
{
    struct json_writer json;
    json_writer_init(&json, text, false);
    if (!many) {
        row_put(&json, columns, rows);
        return;
    }
    json_object_begin(&json);
    json_key(&json, "items");
    json_list_begin(&json);
    for (size_t i = 0; i < count; i++)
        row_put(&json, columns, (const char *)rows + i * columns->row_size);
    json_list_end(&json);
    json_key(&json, "next");
    json_put_text(&json, next);
    json_object_end(&json);
}
