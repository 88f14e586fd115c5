/* platform/web/components.h: views of components, and what their pages make of hostile ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/json.h"
#include "platform/web/components_pages.h"

static struct arena arena;
static struct buf out;

static const struct form_field fields[] = {
    {.name = "title", .label = "Title", .kind = FORM_TEXT, .required = true, .most = 80},
    {.name = "places", .label = "Places", .kind = FORM_INT, .most = 200},
    {.name = "until", .label = "Apply until", .kind = FORM_DAY},
};
static const struct form form = {.name = "f", .fields = fields, .count = 3};

static struct page fresh_page(void)
{
    buf_reset(&out);
    return (struct page){.out = &out, .lang = LANG_EN, .prefix = STR("/p")};
}

static const char *text(void)
{
    buf_append_byte(&out, '\0');
    return out.text;
}

static struct form_state state_of(void)
{
    struct form_state state = {.form = &form,
                               .typed = ARENA_ARRAY(&arena, struct str, 3),
                               .problems = ARENA_ARRAY(&arena, struct problem, 3),
                               .problem_count = 1};
    state.typed[0] = STR("\"><b>");
    state.typed[2] = STR("31.3.2026");
    (void)problem_set(&state.problems[1], ERR_RANGE, ERR_INT(2000), ERR_INT(1), ERR_INT(200));
    return state;
}

static void a_field_follows_its_declaration(void **unused)
{
    (void)unused;
    struct field one = field_of(&form, NULL, "title", STR("old"));
    assert_string_equal(one.label, "Title");
    assert_true(one.required && !one.short_input && one.problem == NULL);
    assert_true(str_equal(one.value, STR("old")));
    one = field_of(&form, NULL, "places", STR(""));
    assert_true(one.kind == FORM_INT && one.short_input && !one.required);
}

static void what_was_typed_comes_back_beside_its_problem(void **unused)
{
    (void)unused;
    struct form_state state = state_of();
    struct field one = field_of(&form, &state, "title", STR("old"));
    struct page page = fresh_page();
    field(&page, &one);
    assert_non_null(strstr(text(), " value=\"&quot;&gt;&lt;b&gt;\""));
    assert_null(strstr(out.text, "aria-invalid"));
    assert_non_null(strstr(out.text, "<label class=\"field-label\" for=\"field-title\">"));

    one = field_of(&form, &state, "places", STR("12"));
    page = fresh_page();
    field(&page, &one);
    assert_non_null(strstr(text(), "aria-describedby=\" error-places\" aria-invalid=\"true\""));
    assert_non_null(strstr(out.text, "id=\"error-places\">2000 is outside 1 to 200."));
    assert_non_null(strstr(out.text, "inputmode=\"numeric\""));
    assert_non_null(strstr(out.text, "(optional)"));
}

static void a_date_that_is_none_is_not_dropped(void **unused)
{
    (void)unused;
    struct form_state state = state_of();
    struct field one = field_of(&form, &state, "until", STR(""));
    struct page page = fresh_page();
    field(&page, &one);
    assert_non_null(strstr(text(), "type=\"text\""));
    assert_non_null(strstr(out.text, "value=\"31.3.2026\""));
    one = field_of(&form, NULL, "until", STR("2026-03-31"));
    page = fresh_page();
    field(&page, &one);
    assert_non_null(strstr(text(), "type=\"date\""));
}

static void all_problems_stand_above_a_form_and_lead_to_it(void **unused)
{
    (void)unused;
    struct form_state state = state_of();
    struct page page = fresh_page();
    form_problems(&page, &state, "");
    assert_non_null(
        strstr(text(), "<li><a href=\"#field-places\">Places</a>: 2000 is outside 1 to 200.</li>"));
    assert_null(strstr(out.text, "#field-title"));
    page = fresh_page();
    form_problems(&page, NULL, "");
    assert_string_equal(text(), "");
    state.problem_count = 0;
    page = fresh_page();
    form_problems(&page, &state, "");
    assert_string_equal(text(), "");
}

static void one_option_is_chosen(void **unused)
{
    (void)unused;
    struct option options[] = {{.value = STR("a")}, {.value = STR("b")}, {.value = STR("ab")}};
    struct field one = {.value = STR("b")};
    field_choose(&one, options, 3);
    assert_true(!options[0].chosen && options[1].chosen && !options[2].chosen);
}

static const int64_t values[] = {123456, SCALED_NONE, -5};
static const struct chart_series series[] = {{.name = {"</script>\"<b>", 13}, .values = values}};
static const struct str categories[] = {{"a & b", 5}, {"\"", 1}, {"\xE4\xB8\xAD", 3}};

static void a_chart_and_its_table_hold_the_same_numbers(void **unused)
{
    (void)unused;
    struct chart drawn = {.id = "c",
                          .kind = CHART_BAR,
                          .format = CHART_MONEY,
                          .title = "Sales by round",
                          .category_label = "Round",
                          .categories = categories,
                          .category_count = 3,
                          .series = series,
                          .series_count = 1,
                          .decimals = 2};
    struct json_document *document;
    struct json root;
    struct problem problem;
    chart_fill(&drawn, &arena, LANG_ZH);
    assert_int_equal(json_parse(drawn.data.text, "chart", &document, &root, &problem), ERR_OK);
    struct str kind, x;
    assert_int_equal(json_get_text(&root, "kind", 20, &kind, &problem), ERR_OK);
    assert_int_equal(json_get_text(&root, "x", 20, &x, &problem), ERR_OK);
    assert_true(str_equal(kind, STR("bar")));
    assert_true(str_equal(x, STR("\xE5\x9B\x9E\xE5\x90\x88"))); /* the round, in Chinese */
    struct json list = json_child(&root, "series");
    struct json first = json_item(&list, 0);
    struct json numbers = json_child(&first, "values");
    struct json number = json_item(&numbers, 0);
    struct str written;
    assert_true(json_text(&number, &written) && str_equal(written, STR("1234.56")));
    number = json_item(&numbers, 1);
    assert_true(json_is_null_value(&number));
    number = json_item(&numbers, 2);
    assert_true(json_text(&number, &written) && str_equal(written, STR("-0.05")));
    json_close(document);

    struct page page = fresh_page();
    chart(&page, &drawn);
    assert_non_null(strstr(text(), "<td class=\"number\">1,234.56</td>"));
    assert_non_null(strstr(out.text, "<td class=\"number\">\xE2\x80\x93</td>"));
    assert_non_null(strstr(out.text, "<th scope=\"row\">a &amp; b</th>"));
    assert_non_null(strstr(out.text, "\\u003c/script>"));
    assert_null(strstr(out.text, "</script>\"<b>"));
}

static void a_pager_links_only_where_there_is_more(void **unused)
{
    (void)unused;
    struct pager one = {.first = 51, .last = 100, .total = 20000, .next = {STR("/x?page=3")}};
    struct page page = fresh_page();
    pager(&page, &one);
    assert_non_null(strstr(text(), "51 to 100 of 20,000"));
    assert_non_null(strstr(out.text, "href=\"/p/x?page=3\""));
    assert_null(strstr(out.text, "rel=\"prev\""));
}

static int clear(void **unused)
{
    (void)unused;
    arena_clear(&arena);
    return 0;
}

int main(void)
{
    arena_init(&arena);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_field_follows_its_declaration, clear),
        cmocka_unit_test_teardown(what_was_typed_comes_back_beside_its_problem, clear),
        cmocka_unit_test_teardown(a_date_that_is_none_is_not_dropped, clear),
        cmocka_unit_test_teardown(all_problems_stand_above_a_form_and_lead_to_it, clear),
        cmocka_unit_test_teardown(one_option_is_chosen, clear),
        cmocka_unit_test_teardown(a_chart_and_its_table_hold_the_same_numbers, clear),
        cmocka_unit_test_teardown(a_pager_links_only_where_there_is_more, clear),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    buf_clear(&out);
    return failed;
}
