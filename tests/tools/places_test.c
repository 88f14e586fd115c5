/* A property of compiled pages: whatever a value holds, the page taken apart by a parser has the
 * same elements and attributes, and the value comes back from every place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/json.h"
#include "core/rng.h"
#include "parse_back.h"
#include "places_pages.h"

enum { ROUNDS = 3000, PIECES_MAX = 12 };

static struct arena arena;

/* The page of places.html with `value` in every place, in the arena. */
static struct str page_of(struct str value)
{
    struct buf out, json;
    struct json_writer writer;
    buf_init(&out);
    buf_init(&json);
    json_writer_init(&writer, &json, false);
    json_put_text(&writer, value);
    struct places view = {.value = value,
                          .c_value = str_copy(&arena, value).text,
                          .link = {STR("/people/7?back=%2Fx&page=2")},
                          .json = {buf_str(&json)},
                          .on = true,
                          .list = {value, value, value}};
    struct page page = {.out = &out,
                        .lang = LANG_EN,
                        .prefix = STR("/prefix"),
                        .form_token = STR("token"),
                        .zone_minutes = 480};
    places(&page, &view);
    struct str html = str_copy(&arena, buf_str(&out));
    buf_clear(&out);
    buf_clear(&json);
    return html;
}

static void render(struct str value, struct parsed *parsed)
{
    struct str html = page_of(value);
    parse_back(&arena, html, parsed);
    if (parsed->fault != NULL)
        fail_msg("%s\n%.*s", parsed->fault, (int)html.length, html.text);
}

/* What a browser can give back of a value: a zero byte it cannot. */
static struct str expected(struct str value)
{
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < value.length; i++) {
        if (value.text[i] == '\0')
            buf_append_c(&out, "\xEF\xBF\xBD");
        else
            buf_append_byte(&out, value.text[i]);
    }
    struct str copy = str_copy(&arena, buf_str(&out));
    buf_clear(&out);
    return copy;
}

static struct str unescaped(struct str text)
{
    static const char hex[] = "0123456789ABCDEF";
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < text.length; i++) {
        if (text.text[i] != '%') {
            buf_append_byte(&out, text.text[i]);
            continue;
        }
        assert_true(i + 2 < text.length);
        const char *high = strchr(hex, text.text[i + 1]);
        const char *low = strchr(hex, text.text[i + 2]);
        assert_true(high != NULL && low != NULL);
        buf_append_byte(&out, (char)((high - hex) * 16 + (low - hex)));
        i += 2;
    }
    struct str copy = str_copy(&arena, buf_str(&out));
    buf_clear(&out);
    return copy;
}

static void same(struct str got, struct str wanted, const char *place)
{
    if (!str_equal(got, wanted))
        fail_msg("in %s: got '%.*s', wanted '%.*s'", place, (int)got.length, got.text,
                 (int)wanted.length, wanted.text);
}

/* "/prefix/people/VALUE/rows?name=VALUE&page=N#at-VALUE" */
static void check_row(struct str address, struct str value, int row)
{
    bool vanishes = value.length == 0 || str_equal_c(value, ".") || str_equal_c(value, "..");
    struct str head = STR("/prefix/people/");
    assert_true(str_starts_with(address, head));
    struct str rest = str_slice(address, head.length, address.length);
    size_t slash = str_find_byte(rest, '/');
    same(unescaped(str_slice(rest, 0, slash)), vanishes ? STR("\xEF\xBF\xBD") : value, "a segment");
    struct str tail = STR("/rows?name=");
    rest = str_slice(rest, slash, rest.length);
    assert_true(str_starts_with(rest, tail));
    rest = str_slice(rest, tail.length, rest.length);
    size_t end = str_find_byte(rest, '&');
    same(unescaped(str_slice(rest, 0, end)), value, "a query");
    rest = str_slice(rest, end, rest.length);
    struct str number = str_format(&arena, "&page=%d#at-", row);
    assert_true(str_starts_with(rest, number));
    same(unescaped(str_slice(rest, number.length, rest.length)), value, "a fragment");
}

static void check_json(struct str text, struct str value)
{
    struct problem problem;
    struct json_document *document;
    struct json root;
    struct str back;
    struct str whole = str_format(&arena, "{\"a\": %.*s}", (int)text.length, text.text);
    assert_int_equal(str_find_byte(text, '<'), text.length);
    assert_int_equal(json_parse(whole, "json", &document, &root, &problem), ERR_OK);
    assert_int_equal(json_get_text(&root, "a", 4096, &back, &problem), ERR_OK);
    same(back, value, "JSON");
    json_close(document);
}

static bool is(const struct parsed_value *one, const char *element, const char *attribute)
{
    return str_equal_c(one->element, element) && str_equal_c(one->attribute, attribute);
}

/* Texts between tags come joined, with the template's own blanks around some of them. */
static void check_values(const struct parsed *parsed, struct str raw, struct str value)
{
    int rows = 0;
    int found = 0;
    bool in_json = false;
    for (size_t i = 0; i < parsed->count; i++) {
        const struct parsed_value *one = &parsed->values[i];
        static const char *const whole[][2] = {
            {"body", "class"},   {"body", "data-a"},
            {"p", "title"},      {"p", "aria-label"},
            {"input", "value"},  {"textarea", "aria-label"},
            {"option", "value"}, {"select", "aria-label"},
            {"title", ""},       {"textarea", ""},
            {"pre", ""},         {"option", ""},
        };
        for (size_t k = 0; k < COUNT_OF(whole); k++) {
            bool token = is(one, "input", "value") && str_equal_c(one->value, "token");
            if (!token && is(one, whole[k][0], whole[k][1])) {
                same(one->value, value, whole[k][0]);
                found++;
            }
        }
        if (is(one, "a", "href") && str_starts_with(one->value, STR("/prefix/people/")) && rows < 3)
            check_row(one->value, raw, rows++);
        if (is(one, "a", "href") && str_starts_with(one->value, STR("?q=")))
            same(unescaped(str_slice(one->value, 3, one->value.length)), raw, "a search");
        if (is(one, "form", "action") && raw.length > 2)
            same(unescaped(str_slice(one->value, 13, one->value.length)), raw, "an action");
        if (is(one, "script", "")) {
            check_json(one->value, raw);
            in_json = true;
        }
    }
    assert_int_equal(rows, 3);
    assert_true(in_json);
    assert_true(found >= (value.length > 0 ? 12 : 8));
}

static uint64_t number_at(struct rng_key key, uint32_t round, uint64_t index)
{
    return rng_at(key, 0, round, 0, index, 0, 0).word[0];
}

static struct str hostile(struct rng_key key, uint32_t round)
{
    static const struct str pieces[] = {
        {"\"", 1},
        {"'", 1},
        {"<", 1},
        {">", 1},
        {"&", 1},
        {"&amp;", 5},
        {"&#39;", 5},
        {"&quot", 5},
        {"</title>", 8},
        {"</textarea>", 11},
        {"</script>", 9},
        {"<!--", 4},
        {"-->", 3},
        {"]]>", 3},
        {"<script>", 8},
        {"javascript:", 11},
        {" onload=x ", 10},
        {"`", 1},
        {"\n", 1},
        {"\r\n", 2},
        {"\r", 1},
        {"\t", 1},
        {" ", 1},
        {"..", 2},
        {"/", 1},
        {"\\", 1},
        {"?", 1},
        {"#", 1},
        {"%2e", 3},
        {"=", 1},
        {"{{x}}", 5},
        {"{0}", 3},
        {"a", 1},
        {"\xE4\xB8\xAD", 3},
        {"\xF0\x9F\x9A\xA2", 4},
        {"\xE2\x80\xA8", 3},
        {"\xEF\xBB\xBF", 3},
    };
    struct buf out;
    buf_init(&out);
    uint64_t count = number_at(key, round, 0) % PIECES_MAX;
    for (uint64_t i = 0; i < count; i++)
        buf_append(&out, pieces[number_at(key, round, i + 1) % COUNT_OF(pieces)]);
    struct str copy = str_copy(&arena, buf_str(&out));
    buf_clear(&out);
    return copy;
}

static void hostile_values_come_back_from_every_place(void **state)
{
    (void)state;
    struct rng_key key = {{2026, 11}};
    struct parsed calm;
    render(STR("calm"), &calm);
    struct str shape = str_copy(&arena, buf_str(&calm.shape));
    parsed_clear(&calm);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct arena_mark mark = arena_mark_get(&arena);
        struct parsed parsed;
        struct str value = hostile(key, round);
        render(value, &parsed);
        same(buf_str(&parsed.shape), shape, "the shape of the page");
        check_values(&parsed, value, expected(value));
        parsed_clear(&parsed);
        arena_rewind(&arena, mark);
    }
}

static void a_zero_byte_is_replaced(void **state)
{
    (void)state;
    struct parsed parsed;
    struct str value = {"a\0<b", 4};
    render(value, &parsed);
    for (size_t i = 0; i < parsed.count; i++) {
        if (is(&parsed.values[i], "body", "class"))
            same(parsed.values[i].value, STR("a\xEF\xBF\xBD<b"), "class");
    }
    parsed_clear(&parsed);
}

/* The parser of these tests sees what it must see. */
static void planted_breaks_are_seen(void **state)
{
    (void)state;
    static const char *const broken[] = {
        "<b>",
        "</b>",
        "<b><i></b></i>",
        "<b class=\"a\" class=\"b\"></b>",
        "<b class=a></b>",
        "<b class=\"a",
        "<b class=\"a\"id=\"b\"></b>",
        "a < b",
    };
    for (size_t i = 0; i < COUNT_OF(broken); i++) {
        struct parsed parsed;
        parse_back(&arena, str_from_c(broken[i]), &parsed);
        if (parsed.fault == NULL)
            fail_msg("%s: nothing was seen", broken[i]);
        parsed_clear(&parsed);
    }
    struct parsed parsed;
    parse_back(&arena, STR("<a href='&lt;&#39;'>x&amp;y<br><title></b></title></a>"), &parsed);
    assert_null(parsed.fault);
    same(buf_str(&parsed.shape), STR("<a href><br><title></title></a>"), "shape");
    assert_int_equal(parsed.count, 3);
    same(parsed.values[0].value, STR("<'"), "href");
    same(parsed.values[1].value, STR("x&y"), "text");
    same(parsed.values[2].value, STR("</b>"), "title");
    parsed_clear(&parsed);
}

static int clear(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

/* [{"value": ..., "html": ...}, ...] for the browser, which is another judge of the same. */
static int dump(uint32_t count)
{
    struct rng_key key = {{2026, 12}};
    struct buf json;
    struct json_writer writer;
    buf_init(&json);
    json_writer_init(&writer, &json, false);
    json_list_begin(&writer);
    for (uint32_t round = 0; round < count; round++) {
        struct str value = hostile(key, round);
        json_object_begin(&writer);
        json_key(&writer, "value");
        json_put_text(&writer, value);
        json_key(&writer, "html");
        json_put_text(&writer, page_of(value));
        json_object_end(&writer);
    }
    json_list_end(&writer);
    size_t written = fwrite(json.text, 1, json.length, stdout);
    int status = written == json.length ? 0 : 1;
    buf_clear(&json);
    arena_clear(&arena);
    return status;
}

int main(int argc, char **argv)
{
    arena_init(&arena);
    if (argc == 2 && strcmp(argv[1], "--dump") == 0)
        return dump(ROUNDS / 10);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(hostile_values_come_back_from_every_place, clear),
        cmocka_unit_test_teardown(a_zero_byte_is_replaced, clear),
        cmocka_unit_test_teardown(planted_breaks_are_seen, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
