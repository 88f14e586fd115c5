/* The writing half of core/json.h. */
#include <assert.h>
#include <math.h>

#include "core/date.h"
#include "core/json.h"

void json_writer_init(struct json_writer *writer, struct buf *buf, bool pretty)
{
    *writer = (struct json_writer){.buf = buf, .pretty = pretty};
    writer->first[0] = true;
}

static void line_break(struct json_writer *writer)
{
    if (!writer->pretty)
        return;
    buf_append_byte(writer->buf, '\n');
    for (int i = 0; i < writer->depth; i++)
        buf_append(writer->buf, STR("  "));
}

/* The comma and the line in front of a value or a key. */
static void separate(struct json_writer *writer)
{
    if (writer->after_key) {
        writer->after_key = false;
        return;
    }
    if (!writer->first[writer->depth])
        buf_append_byte(writer->buf, ',');
    writer->first[writer->depth] = false;
    if (writer->depth > 0)
        line_break(writer);
}

static void level_begin(struct json_writer *writer, char bracket)
{
    separate(writer);
    buf_append_byte(writer->buf, bracket);
    assert(writer->depth < JSON_DEPTH_MAX);
    writer->first[++writer->depth] = true;
}

static void level_end(struct json_writer *writer, char bracket)
{
    assert(writer->depth > 0 && !writer->after_key);
    bool empty = writer->first[writer->depth--];
    if (!empty)
        line_break(writer);
    buf_append_byte(writer->buf, bracket);
    if (writer->depth == 0 && writer->pretty)
        buf_append_byte(writer->buf, '\n');
}

void json_object_begin(struct json_writer *writer)
{
    level_begin(writer, '{');
}

void json_object_end(struct json_writer *writer)
{
    level_end(writer, '}');
}

void json_list_begin(struct json_writer *writer)
{
    level_begin(writer, '[');
}

void json_list_end(struct json_writer *writer)
{
    level_end(writer, ']');
}

static void quoted_append(struct buf *buf, struct str value)
{
    static const char digits[] = "0123456789abcdef";
    buf_append_byte(buf, '"');
    size_t from = 0;
    for (size_t i = 0; i < value.length; i++) {
        unsigned char byte = (unsigned char)value.text[i];
        if (byte >= 0x20 && byte != '"' && byte != '\\')
            continue;
        buf_append(buf, str_slice(value, from, i - from));
        from = i + 1;
        switch (byte) {
        case '"':
        case '\\':
            buf_append_byte(buf, '\\');
            buf_append_byte(buf, (char)byte);
            break;
        case '\n':
            buf_append(buf, STR("\\n"));
            break;
        case '\t':
            buf_append(buf, STR("\\t"));
            break;
        case '\r':
            buf_append(buf, STR("\\r"));
            break;
        default:
            buf_append(buf, STR("\\u00"));
            buf_append_byte(buf, digits[byte >> 4]);
            buf_append_byte(buf, digits[byte & 15]);
        }
    }
    buf_append(buf, str_slice(value, from, value.length - from));
    buf_append_byte(buf, '"');
}

void json_key(struct json_writer *writer, const char *key)
{
    separate(writer);
    quoted_append(writer->buf, str_from_c(key));
    buf_append_byte(writer->buf, ':');
    if (writer->pretty)
        buf_append_byte(writer->buf, ' ');
    writer->after_key = true;
}

void json_put_text(struct json_writer *writer, struct str value)
{
    separate(writer);
    quoted_append(writer->buf, value);
}

void json_put_int(struct json_writer *writer, int64_t value)
{
    separate(writer);
    buf_append_int64(writer->buf, value);
}

void json_put_double(struct json_writer *writer, double value)
{
    separate(writer);
    if (value == 0.0 && signbit(value))
        buf_append_c(writer->buf, "-0.0");
    else if (isfinite(value))
        buf_append_double(writer->buf, value);
    else
        buf_append_c(writer->buf, "null");
}

void json_put_bool(struct json_writer *writer, bool value)
{
    separate(writer);
    buf_append_c(writer->buf, value ? "true" : "false");
}

void json_put_null(struct json_writer *writer)
{
    separate(writer);
    buf_append_c(writer->buf, "null");
}

void json_put_money(struct json_writer *writer, int64_t minor, struct currency currency)
{
    separate(writer);
    buf_append_byte(writer->buf, '"');
    money_append(writer->buf, minor, currency);
    buf_append_byte(writer->buf, '"');
}

void json_put_date(struct json_writer *writer, int32_t day)
{
    char text[11];
    date_format(day, text);
    json_put_text(writer, str_from_c(text));
}
