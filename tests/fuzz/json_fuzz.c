/* Any bytes as a JSON document. What is accepted can be written and read again, to the same text;
 * money read from a number agrees with the number; what is refused has a message in UTF-8. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/json.h"
#include "core/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool good)
{
    if (!good)
        abort();
}

static void expect_message(const struct problem *problem)
{
    struct buf buf;
    buf_init(&buf);
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        text_append_problem(&buf, (enum lang)lang, problem);
        expect(str_is_utf8(buf_str(&buf)));
    }
    buf_clear(&buf);
}

/* Money of a field is refused with a message, or lies within a cent of the double beside it. */
static void check_money(const struct json *object, const char *key)
{
    struct problem problem;
    struct currency currency;
    int64_t minor;
    double number;
    struct json field = json_child(object, key);
    expect(currency_from_code(STR("EUR"), &currency));
    enum err code = json_get_money(object, key, currency, INT64_MIN, INT64_MAX, &minor, &problem);
    if (code != ERR_OK)
        expect_message(&problem);
    else if (json_double(&field, &number))
        expect(fabs(number * 100 - (double)minor) <= 1e-15 * fabs((double)minor) + 1e-9);
}

static void write_value(struct json_writer *writer, const struct json *at)
{
    struct str text;
    int64_t whole;
    double real;
    struct json child;
    if (json_is_object(at)) {
        json_object_begin(writer);
        for (size_t i = 0; i < json_count(at); i++) {
            const char *key = json_key_at(at, i, &child);
            check_money(at, key);
            json_key(writer, key);
            write_value(writer, &child);
        }
        json_object_end(writer);
    } else if (json_is_list(at)) {
        json_list_begin(writer);
        for (size_t i = 0; i < json_count(at); i++) {
            child = json_item(at, i);
            write_value(writer, &child);
        }
        json_list_end(writer);
    } else if (json_text(at, &text)) {
        json_put_text(writer, text);
    } else if (json_int(at, &whole)) {
        json_put_int(writer, whole);
    } else if (json_double(at, &real)) {
        json_put_double(writer, real);
    } else {
        json_put_null(writer);
    }
}

/* Parse and write again; false when it is refused. */
static bool rewrite(struct str text, struct buf *out, bool pretty)
{
    struct json_document *document;
    struct json root;
    struct problem problem;
    struct json_writer writer;
    if (json_parse(text, "fuzz", &document, &root, &problem) != ERR_OK) {
        expect(document == NULL);
        expect_message(&problem);
        return false;
    }
    json_writer_init(&writer, out, pretty);
    write_value(&writer, &root);
    json_close(document);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buf once;
    struct buf again;
    buf_init(&once);
    buf_init(&again);
    if (rewrite((struct str){(const char *)data, size}, &once, size % 2 == 0)) {
        expect(rewrite(buf_str(&once), &again, size % 2 == 0));
        expect(str_equal(buf_str(&once), buf_str(&again)));
    }
    buf_clear(&once);
    buf_clear(&again);
    return 0;
}
