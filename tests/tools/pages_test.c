/* tools/pages: each refusal of docs/platform.md section 3 at its line and column, and nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pages.h"

static struct arena arena;

static int clear(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

/* The complaints of a template, one a line: "line:column: message". */
static struct str complaints_of(const char *source)
{
    struct complaints complaints = {.count = 0};
    struct template_file file;
    bool fine = pages_compile(&arena, "t.html", str_from_c(source), &file, &complaints);
    if (fine)
        fine = pages_check_together(&arena, &file, 1, &complaints);
    assert_int_equal(fine, complaints.count == 0);
    struct buf buf;
    buf_init(&buf);
    for (size_t i = 0; i < complaints.count; i++)
        buf_format(&buf, "%d:%d: %.*s\n", complaints.list[i].line, complaints.list[i].column,
                   (int)complaints.list[i].message.length, complaints.list[i].message.text);
    struct str text = str_copy(&arena, buf_str(&buf));
    buf_clear(&buf);
    return text;
}

struct planted {
    const char *body; /* of {{page a(int x)}}, on line 2 */
    const char *place;
    const char *message; /* a part of it */
};

static const struct planted planted[] = {
#define REFUSED(body, place, message) {body, place, message},
#include "pages_refused.def"
#undef REFUSED
};

static void planted_mistakes_are_refused_where_they_stand(void **state)
{
    (void)state;
    int wrong = 0;
    for (size_t i = 0; i < COUNT_OF(planted); i++) {
        struct str source = str_format(&arena, "{{page a(int x)}}\n%s\n{{end}}\n", planted[i].body);
        struct str found = complaints_of(source.text);
        struct str head = str_format(&arena, "%s: ", planted[i].place);
        bool right = str_starts_with(found, head) && strstr(found.text, planted[i].message) != NULL;
        bool once = str_find_byte(found, '\n') + 1 == found.length;
        if (!right || !once) {
            print_error("%s\n  should be refused once, at %s with '%s', but: %s\n", planted[i].body,
                        planted[i].place, planted[i].message, found.text);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

static const char *const clean[] = {
#define ACCEPTED(body) body,
#include "pages_accepted.def"
#undef ACCEPTED
};

static void clean_templates_are_not_accused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(clean); i++) {
        struct str source = str_format(&arena, "{{page a(int x)}}\n%s\n{{end}}\n", clean[i]);
        struct str found = complaints_of(source.text);
        if (found.length > 0)
            fail_msg("%s\n  is fine, but: %s", clean[i], found.text);
    }
}

static void expect_complaint(const char *source, const char *complaint)
{
    struct str found = complaints_of(source);
    if (strcmp(complaint, "") == 0 ? found.length > 0 : strstr(found.text, complaint) == NULL)
        fail_msg("%s\n  should give '%s', but: %s", source, complaint, found.text);
}

static void files_hold_includes_and_pages(void **state)
{
    (void)state;
    expect_complaint("{{include \"a/b.h\"}}\n{{# words }}\n{{page a()}}{{end}}", "");
    expect_complaint("{{include a/b.h}}", "1:1: a header is");
    expect_complaint("{{include \"a\"\n#error \"}}", "1:1: {{ without }}");
    expect_complaint("<p>", "1:1: markup outside of a page");
    expect_complaint("\n {{x}}", "2:2: outside of a page");
    expect_complaint("{{page a}}{{end}}", "1:1: a page is NAME(...)");
    expect_complaint("{{page a(int x) }}{{page b()}}{{end}}", "1:19: {{page}} inside a page");
    expect_complaint("{{page a()}}{{include \"a.h\"}}{{end}}", "1:13: {{include}} stands before");
    expect_complaint("{{page a()}}\n<b>", "1:1: this block has no {{end}}");
    expect_complaint("{{page a()}}{{if x}}{{end}}", "1:1: this block has no {{end}}");
    expect_complaint("{{page a()}}{{x", "1:13: {{ without }}");
    expect_complaint("{{page a()}}{{# x", "1:13: {{# without }}");
    expect_complaint("{{page a()}}\xC3", "1:1: the file is not UTF-8");
    expect_complaint("", "");
}

static void mistakes_of_several_pages_are_all_told(void **state)
{
    (void)state;
    struct str found = complaints_of("{{page a()}}<b>{{end}}\n{{page b()}}</i> <q>{{end}}\n"
                                     "{{page c()}}{{end}}\n{{page d()}}{{x = 1}}{{end}}");
    assert_true(str_starts_with(found, STR("1:14: <b> is not closed")));
    assert_non_null(strstr(found.text, "\n2:13: </i> closes nothing"));
    assert_non_null(strstr(found.text, "\n4:17: an assignment"));
    assert_null(strstr(found.text, "\n3:"));
}

static void columns_count_characters(void **state)
{
    (void)state;
    expect_complaint("{{page a()}}{{# 中文}}{{t \"中文\"}}<x>{{end}}", "1:31: <x>");
}

static void pages_of_a_room_fit_together(void **state)
{
    (void)state;
    expect_complaint("{{page a()}}{{end}}\n{{page a(int x)}}{{end}}",
                     "2:8: the page 'a' is already in t.html, line 1");
    expect_complaint("{{page f()}}{{slot}}{{end}}{{page b()}}{{call f()}}{{end}}",
                     "'f' holds {{slot}}; write {{wrap");
    expect_complaint("{{page f()}}{{end}}{{page b()}}{{wrap f()}}{{end}}{{end}}",
                     "'f' holds no {{slot}}; write {{call");
    expect_complaint("{{page f()}}{{slot}}{{end}}{{page b()}}{{wrap f()}}<b></b>{{end}}{{end}}",
                     "");
    expect_complaint("{{page b()}}{{call elsewhere()}}{{end}}", "");
}

/* The C of one page, without the lines the preprocessor reads. */
static struct str code_of(const char *body)
{
    struct complaints complaints = {.count = 0};
    struct template_file file;
    struct str source = str_format(&arena, "{{page a(int x)}}%s{{end}}", body);
    bool fine = pages_compile(&arena, "t.html", source, &file, &complaints);
    assert_true(fine);
    struct buf whole, buf;
    buf_init(&whole);
    buf_init(&buf);
    pages_write_source(&whole, "t", &file, 1);
    struct str text = buf_str(&whole);
    bool inside = false;
    while (text.length > 0) {
        size_t end = str_find_byte(text, '\n');
        struct str one = str_slice(text, 0, end);
        inside = inside || str_starts_with(one, STR("void "));
        if (inside && !str_starts_with(one, STR("#line"))) {
            buf_append(&buf, str_trim(one));
            buf_append_byte(&buf, '\n');
        }
        text = str_slice(text, end + 1, text.length - end - 1);
    }
    struct str code = str_copy(&arena, buf_str(&buf));
    buf_clear(&whole);
    buf_clear(&buf);
    return code;
}

static void the_place_chooses_the_function(void **state)
{
    (void)state;
    assert_string_equal(
        code_of("<a href=\"/p/{{x}}?q={{y}}#{{z}}\" title=\"{{w}}\">{{v}}</a>").text,
        "void a(struct page *page, int x)\n{\nhtml_literal(page, \"<a href=\\\"\", 9);\n"
        "html_prefix(page);\nhtml_literal(page, \"/p/\", 3);\nHTML_SEGMENT(page, (x));\n"
        "html_literal(page, \"\\?q=\", 3);\nHTML_ADDRESS(page, (y));\n"
        "html_literal(page, \"#\", 1);\nHTML_ADDRESS(page, (z));\n"
        "html_literal(page, \"\\\" title=\\\"\", 9);\nHTML_ATTRIBUTE(page, (w));\n"
        "html_literal(page, \"\\\">\", 2);\nHTML_PUT(page, (v));\n"
        "html_literal(page, \"</a>\", 4);\n(void)page;\n}\n");
    assert_non_null(strstr(code_of("<a href=\"{{x->to}}#a\"></a>").text,
                           "html_address_link(page, (x->to));\nhtml_literal(page, \"#a\\\""));
    assert_non_null(
        strstr(code_of("<script src=\"/static/a.js\" defer></script>").text,
               "html_static(page, \"/static/a.js\");\nhtml_literal(page, \"\\\" defer>"));
    assert_non_null(
        strstr(code_of("<script type=\"application/json\"> {{json x}} </script>").text,
               "json\\\">\", 32);\nhtml_json(page, (x));\nhtml_literal(page, \"</script>\""));
}

static void texts_loops_and_calls_are_written(void **state)
{
    (void)state;
    assert_non_null(strstr(code_of("{{t \"{1} of {0}\", x, y}}").text,
                           "html_text(page, (\"{1} of {0}\"), (const struct err_arg[])"
                           "{HTML_ARGUMENT((x)), HTML_ARGUMENT((y))}, 2);"));
    assert_non_null(
        strstr(code_of("{{t x->label}}").text, "html_text(page, (x->label), NULL, 0);"));
    assert_non_null(
        strstr(code_of("{{for i in x->list, 3}}{{i->a}}{{end}}").text,
               "for (size_t i_index = 0; i_index < (size_t)(3); i_index++) { "
               "__typeof__(&(x->list)[0]) i = &(x->list)[i_index]; (void)i;\nHTML_PUT(page, "
               "(i->a));\n}\n"));
    assert_non_null(strstr(code_of("{{if x == 1}}<b></b>{{elif x}}{{else}}{{end}}").text,
                           "if (x == 1) {\nhtml_literal(page, \"<b></b>\", 7);\n} else if (x) {\n"
                           "} else {\n}\n"));
    assert_non_null(strstr(code_of("{{wrap f(x)}}<b></b>{{end}}{{call g()}}").text,
                           "f_begin(page, x);\nhtml_literal(page, \"<b></b>\", 7);\nf_end(page, "
                           "x);\ng(page);\n"));
    assert_non_null(strstr(code_of("<b></b>{{slot}}<i></i>").text,
                           "void a_begin(struct page *page, int x)\n{\nhtml_literal(page, "
                           "\"<b></b>\", 7);\n(void)page;\n}\n\nvoid a_end(struct page *page, int "
                           "x)\n{\nhtml_literal(page, \"<i></i>\", 7);\n"));
}

static void post_forms_get_their_token(void **state)
{
    (void)state;
    assert_non_null(
        strstr(code_of("<form method=\"post\" action=\"/x\"></form>").text,
               "/x\\\">\", 4);\nhtml_form_token(page);\nhtml_literal(page, \"</form>\""));
    assert_null(strstr(code_of("<form action=\"/x\"></form>").text, "html_form_token"));
    assert_null(
        strstr(code_of("<form method=\"get\" action=\"/x\"></form>").text, "html_form_token"));
}

static void blanks_are_joined_where_they_mean_nothing(void **state)
{
    (void)state;
    assert_non_null(strstr(code_of("\n  <b>1  2\n\n  3</b>").text, "\"<b>1 2\\n3</b>\""));
    assert_non_null(strstr(code_of("<pre>1  2\n\n</pre>").text, "\"<pre>\\n1  2\\n\\n</pre>\""));
    assert_non_null(strstr(code_of("<textarea aria-label=\"{{x}}\">1  2</textarea>").text,
                           "\">\\n1  2</textarea>\""));
    assert_non_null(strstr(code_of("<br   id=\"a\"\n  >").text, "\"<br id=\\\"a\\\" >\""));
    assert_non_null(
        strstr(code_of("<b>1</b>\n{{if x}}\n<i></i>\n{{end}}\n<b>2</b>\n").text,
               "<b>1</b>\\n\", 9);\nif (x) {\nhtml_literal(page, \"<i></i>\\n\", 8);\n}\n"
               "html_literal(page, \"<b>2</b>\", 8);"));
    assert_non_null(strstr(code_of("{{if x}}<i></i>{{end}} <b></b>").text, "\" <b></b>\""));
    assert_non_null(strstr(code_of("1 {{for i in x, 2}} 2{{end}} 3").text, "\" 2\", 2);"));
    assert_non_null(strstr(code_of("1 {{if x}}2{{end}} 3").text, "\" 3\", 2);"));
    assert_null(strstr(code_of("<!-- words -->{{# more }}").text, "words"));
}

int main(void)
{
    arena_init(&arena);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(planted_mistakes_are_refused_where_they_stand, clear),
        cmocka_unit_test_teardown(clean_templates_are_not_accused, clear),
        cmocka_unit_test_teardown(files_hold_includes_and_pages, clear),
        cmocka_unit_test_teardown(mistakes_of_several_pages_are_all_told, clear),
        cmocka_unit_test_teardown(columns_count_characters, clear),
        cmocka_unit_test_teardown(pages_of_a_room_fit_together, clear),
        cmocka_unit_test_teardown(the_place_chooses_the_function, clear),
        cmocka_unit_test_teardown(texts_loops_and_calls_are_written, clear),
        cmocka_unit_test_teardown(post_forms_get_their_token, clear),
        cmocka_unit_test_teardown(blanks_are_joined_where_they_mean_nothing, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
