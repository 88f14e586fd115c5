#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/date.h"
#include "core/json.h"
#include "core/text.h"

static struct json_document *document;
static struct json root;
static struct problem problem;

static void parse(const char *text)
{
    json_close(document);
    document = NULL;
    assert_int_equal(json_parse(str_from_c(text), "a.json", &document, &root, &problem), ERR_OK);
}

static void refused(const char *text, enum err code)
{
    json_close(document);
    document = NULL;
    assert_int_equal(json_parse(str_from_c(text), "a.json", &document, &root, &problem), code);
    assert_null(document);
    assert_string_equal(problem.place, "a.json");
}

static int close_document(void **state)
{
    (void)state;
    json_close(document);
    document = NULL;
    return 0;
}

static struct currency currency_of(const char *code)
{
    struct currency currency;
    assert_true(currency_from_code(str_from_c(code), &currency));
    return currency;
}

static void what_is_not_json_is_refused(void **state)
{
    (void)state;
    refused("", ERR_JSON_SYNTAX);
    refused("{\"a\": 1", ERR_JSON_SYNTAX);
    refused("{\"a\": 1} x", ERR_JSON_SYNTAX);
    refused("{\"a\": 01}", ERR_JSON_SYNTAX);
    refused("{\"a\": NaN}", ERR_JSON_SYNTAX);
    refused("[1,]", ERR_JSON_SYNTAX);
    refused("[\"\xFF\"]", ERR_JSON_SYNTAX);
    refused("[\"\\u0000\"]", ERR_JSON_SYNTAX);
    refused("[1e999]", ERR_JSON_SYNTAX);
    refused("[9223372036854775808]", ERR_JSON_SYNTAX);
    refused("{\n  \"a\": 1,\n  \"b\" 2\n}", ERR_JSON_SYNTAX);
    assert_int_equal(problem.args[1].number, 3); /* the line */
    refused("{\"price\": 1, \"price\": 2}", ERR_FIELD_TWICE);
    assert_string_equal(problem.args[0].text, "price");
    refused("{\"a\": {\"b\": {\"c\": 1, \"c\": 1}}}", ERR_FIELD_TWICE);
}

static void nesting_has_a_limit(void **state)
{
    (void)state;
    char text[2 * (JSON_DEPTH_MAX + 1) + 1];
    for (int depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
        memset(text, '[', (size_t)depth);
        memset(text + depth, ']', (size_t)depth);
        text[2 * depth] = '\0';
        if (depth <= JSON_DEPTH_MAX)
            parse(text);
        else
            refused(text, ERR_LIMIT);
    }
    /* Brackets inside quotes do not count. */
    char quoted[200];
    memset(quoted, '[', sizeof(quoted));
    quoted[0] = '"';
    quoted[sizeof(quoted) - 2] = '"';
    quoted[sizeof(quoted) - 1] = '\0';
    parse(quoted);
}

static void typed_fields(void **state)
{
    (void)state;
    parse("\xEF\xBB\xBF{\"i\": -7, \"d\": 2.5, \"b\": true, \"t\": \"跨境\", \"day\": "
          "\"2026-03-31\"}");
    int64_t whole;
    double real;
    bool flag;
    struct str text;
    int32_t day;
    assert_int_equal(json_get_int(&root, "i", -10, 10, &whole, &problem), ERR_OK);
    assert_int_equal(whole, -7);
    assert_int_equal(json_get_double(&root, "d", 0, 10, &real, &problem), ERR_OK);
    assert_true(real == 2.5);
    assert_int_equal(json_get_double(&root, "i", -10, 10, &real, &problem), ERR_OK);
    assert_true(real == -7);
    assert_int_equal(json_get_bool(&root, "b", &flag, &problem), ERR_OK);
    assert_true(flag);
    assert_int_equal(json_get_text(&root, "t", 2, &text, &problem), ERR_OK);
    assert_true(str_equal(text, STR("跨境")));
    assert_int_equal(json_get_date(&root, "day", &day, &problem), ERR_OK);
    assert_int_equal(day, 20543);
    assert_int_equal(json_count(&root), 5);
}

static void wrong_fields_are_named_with_their_path(void **state)
{
    (void)state;
    parse("{\"firms\": [{}, {\"orders\": [{\"units\": 0, \"x\": 1.5, \"t\": \"abc\", \"d\": "
          "\"x\"}]}]}");
    struct json firms = json_child(&root, "firms");
    struct json firm = json_item(&firms, 1);
    struct json orders = json_child(&firm, "orders");
    struct json order = json_item(&orders, 0);
    int64_t whole = 77;
    double real;
    bool flag;
    struct str text;
    int32_t day;
    assert_int_equal(json_get_int(&order, "units", 1, 9, &whole, &problem), ERR_RANGE);
    assert_string_equal(problem.place, "firms[1].orders[0].units");
    assert_int_equal(problem.args[0].number, 0);
    assert_int_equal(whole, 77);
    assert_int_equal(json_get_int(&order, "x", 1, 9, &whole, &problem), ERR_JSON_TYPE);
    assert_string_equal(problem.place, "firms[1].orders[0].x");
    assert_int_equal(json_get_int(&order, "none", 1, 9, &whole, &problem), ERR_FIELD_MISSING);
    assert_string_equal(problem.place, "firms[1].orders[0].none");
    assert_int_equal(json_get_double(&order, "x", 2, 1e9, &real, &problem), ERR_RANGE);
    assert_string_equal(problem.args[0].text, "1.5");
    assert_string_equal(problem.args[2].text, "1000000000");
    assert_int_equal(json_get_bool(&order, "x", &flag, &problem), ERR_JSON_TYPE);
    assert_int_equal(json_get_text(&order, "x", 9, &text, &problem), ERR_JSON_TYPE);
    assert_int_equal(json_get_text(&order, "t", 2, &text, &problem), ERR_TEXT_TOO_LONG);
    assert_int_equal(json_get_date(&order, "d", &day, &problem), ERR_DATE_BAD);
    assert_int_equal(json_get_int(&orders, "a", 0, 1, &whole, &problem), ERR_JSON_TYPE);
    assert_string_equal(problem.place, "firms[1].orders");
    assert_int_equal(json_require_list(&order, 9, &problem), ERR_JSON_TYPE);
    assert_int_equal(json_require_list(&firms, 1, &problem), ERR_LIST_TOO_LONG);
    assert_int_equal(json_require_list(&firms, 2, &problem), ERR_OK);
    assert_int_equal(json_require_object(&firms, &problem), ERR_JSON_TYPE);
    assert_string_equal(problem.place, "firms");
    struct arena arena;
    arena_init(&arena);
    assert_true(str_equal(json_path(&arena, &order), STR("firms[1].orders[0]")));
    assert_true(str_equal(json_path(&arena, &root), STR("")));
    arena_clear(&arena);
}

static void unknown_fields_name_the_nearest_known(void **state)
{
    (void)state;
    static const char *const known[] = {"price", "units", "promise_days", NULL};
    parse("{\"price\": 1, \"promise_day\": 3}");
    assert_int_equal(json_require_known(&root, known, &problem), ERR_FIELD_UNKNOWN);
    assert_string_equal(problem.args[0].text, "promise_day");
    assert_string_equal(problem.args[1].text, "promise_days");
    assert_string_equal(problem.place, "promise_day");
    parse("{\"prcie\": 1}");
    assert_int_equal(json_require_known(&root, known, &problem), ERR_FIELD_UNKNOWN);
    assert_string_equal(problem.args[1].text, "price");
    parse("{\"price\": 1, \"units\": 2}");
    assert_int_equal(json_require_known(&root, known, &problem), ERR_OK);
    parse("[]");
    assert_int_equal(json_require_known(&root, known, &problem), ERR_JSON_TYPE);
}

static void money_is_read_by_its_text(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        const char *code;
        enum err wanted;
        int64_t minor;
    } cases[] = {
        {"19.90", "EUR", ERR_OK, 1990},
        {"\"19.90\"", "EUR", ERR_OK, 1990},
        {"19", "EUR", ERR_OK, 1900},
        {"-0.01", "EUR", ERR_OK, -1},
        {"1500", "JPY", ERR_OK, 1500},
        /* Doubles cannot hold these apart; the text can. */
        {"92233720368547.57", "EUR", ERR_OK, 9223372036854757},
        {"90071992547409.93", "EUR", ERR_OK, 9007199254740993},
        {"19.900000000000000001", "EUR", ERR_MONEY_DECIMALS, 0},
        {"19.901", "EUR", ERR_MONEY_DECIMALS, 0},
        {"\"19.901\"", "EUR", ERR_MONEY_DECIMALS, 0},
        {"1.5", "JPY", ERR_MONEY_DECIMALS, 0},
        {"1e3", "EUR", ERR_NUMBER, 0},
        {"\"abc\"", "EUR", ERR_NUMBER, 0},
        {"\"\"", "EUR", ERR_NUMBER, 0},
        {"\"1,50\"", "EUR", ERR_NUMBER, 0},
        {"true", "EUR", ERR_JSON_TYPE, 0},
        {"200000000000000.00", "EUR", ERR_RANGE, 0},
        {"99999999999999999999.00", "EUR", ERR_RANGE, 0},
        {"\"99999999999999999999\"", "EUR", ERR_RANGE, 0},
        {"\"1.\"", "EUR", ERR_NUMBER, 0},
        {"\"-\"", "EUR", ERR_NUMBER, 0},
    };
    struct buf buf;
    buf_init(&buf);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t minor = 77;
        buf_reset(&buf);
        /* Other reals and tricky texts around it, so that the pairing is put to the test. */
        buf_format(&buf,
                   "{\"a\": [0.5, {\"b\": \"\\\"1.5, -2.5\"}, 1e2], \"-1.5\": 3, \"price\": %s, "
                   "\"c\": 7.25}",
                   cases[i].value);
        buf_append_byte(&buf, '\0');
        parse(buf.text);
        assert_int_equal(json_get_money(&root, "price", currency_of(cases[i].code), -INT64_C(10000),
                                        INT64_C(10000000000000000), &minor, &problem),
                         cases[i].wanted);
        assert_true(minor == (cases[i].wanted == ERR_OK ? cases[i].minor : 77));
        if (cases[i].wanted != ERR_OK)
            assert_string_equal(problem.place, "price");
    }
    buf_clear(&buf);
}

static void keys_are_listed_in_the_order_of_the_document(void **state)
{
    (void)state;
    parse("{\"z\": 1, \"a\": {\"k\": [true]}, \"m\": 3}");
    struct json child;
    assert_string_equal(json_key_at(&root, 0, &child), "z");
    assert_string_equal(json_key_at(&root, 1, &child), "a");
    assert_true(json_is_object(&child));
    struct json list = json_child(&child, "k");
    assert_true(json_is_list(&list));
    struct json item = json_item(&list, 0);
    json_place(&problem, &item, NULL);
    assert_string_equal(problem.place, "a.k[0]");
    assert_string_equal(json_key_at(&root, 2, &child), "m");
    int64_t value;
    assert_true(json_int(&child, &value) && value == 3);
    assert_null(json_key_at(&root, 3, &child));
    struct json absent = json_child(&root, "none");
    struct str text;
    double real;
    assert_null(absent.node);
    assert_false(json_text(&absent, &text) || json_int(&absent, &value) ||
                 json_double(&absent, &real));
    assert_null(json_item(&list, 1).node);
    assert_int_equal(json_count(&absent), 0);
}

static void the_writer_puts_commas_and_lines(void **state)
{
    (void)state;
    struct buf buf;
    struct json_writer writer;
    for (int pretty = 0; pretty <= 1; pretty++) {
        buf_init(&buf);
        json_writer_init(&writer, &buf, pretty);
        json_object_begin(&writer);
        json_key(&writer, "list");
        json_list_begin(&writer);
        json_put_int(&writer, 1);
        json_put_double(&writer, 0.5);
        json_put_double(&writer, NAN);
        json_put_double(&writer, -0.0);
        json_put_bool(&writer, false);
        json_put_null(&writer);
        json_list_end(&writer);
        json_key(&writer, "t\"");
        json_put_text(&writer, STR("a\\\n\x01\"跨"));
        json_key(&writer, "m");
        json_put_money(&writer, -5, currency_of("EUR"));
        json_key(&writer, "d");
        json_put_date(&writer, 0);
        json_key(&writer, "e");
        json_object_begin(&writer);
        json_object_end(&writer);
        json_object_end(&writer);
        const char *wanted =
            pretty ? "{\n  \"list\": [\n    1,\n    0.5,\n    null,\n    -0.0,\n    false,\n    "
                     "null\n  ],\n"
                     "  \"t\\\"\": \"a\\\\\\n\\u0001\\\"跨\",\n  \"m\": \"-0.05\",\n"
                     "  \"d\": \"1970-01-01\",\n  \"e\": {}\n}\n"
                   : "{\"list\":[1,0.5,null,-0.0,false,null],\"t\\\"\":\"a\\\\\\n\\u0001\\\"跨\","
                     "\"m\":\"-0.05\",\"d\":\"1970-01-01\",\"e\":{}}";
        buf_append_byte(&buf, '\0');
        assert_string_equal(buf.text, wanted);
        /* What was written can be read. */
        parse(buf.text);
        struct str text;
        assert_int_equal(json_get_text(&root, "t\"", 10, &text, &problem), ERR_OK);
        assert_true(str_equal(text, STR("a\\\n\x01\"跨")));
        buf_clear(&buf);
    }
}

static void messages_show_path_and_type_in_both_languages(void **state)
{
    (void)state;
    parse("{\"price\": true}");
    int64_t minor;
    struct buf buf;
    buf_init(&buf);
    assert_int_equal(json_get_money(&root, "price", currency_of("EUR"), 0, 100, &minor, &problem),
                     ERR_JSON_TYPE);
    text_append_problem(&buf, LANG_EN, &problem);
    buf_append_byte(&buf, '\n');
    text_append_problem(&buf, LANG_ZH, &problem);
    assert_true(str_equal(buf_str(&buf),
                          STR("price: Here a money amount is expected.\nprice：此处应为金额。")));
    buf_clear(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(what_is_not_json_is_refused, close_document),
        cmocka_unit_test_teardown(nesting_has_a_limit, close_document),
        cmocka_unit_test_teardown(typed_fields, close_document),
        cmocka_unit_test_teardown(wrong_fields_are_named_with_their_path, close_document),
        cmocka_unit_test_teardown(unknown_fields_name_the_nearest_known, close_document),
        cmocka_unit_test_teardown(money_is_read_by_its_text, close_document),
        cmocka_unit_test_teardown(keys_are_listed_in_the_order_of_the_document, close_document),
        cmocka_unit_test_teardown(the_writer_puts_commas_and_lines, close_document),
        cmocka_unit_test_teardown(messages_show_path_and_type_in_both_languages, close_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
