#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/text.h"
#include "core/text_table.h"

static void languages_by_code(void **state)
{
    (void)state;
    assert_int_equal(lang_from_code("zh"), LANG_ZH);
    assert_int_equal(lang_from_code("zh_CN.UTF-8"), LANG_ZH);
    assert_int_equal(lang_from_code("zh-Hans"), LANG_ZH);
    assert_int_equal(lang_from_code("ZH"), LANG_ZH);
    assert_int_equal(lang_from_code("zha"), LANG_EN);
    assert_int_equal(lang_from_code("en_US.UTF-8"), LANG_EN);
    assert_int_equal(lang_from_code("C"), LANG_EN);
    assert_int_equal(lang_from_code(""), LANG_EN);
    assert_int_equal(lang_from_code(NULL), LANG_EN);
}

static void keys_are_found_or_fall_back(void **state)
{
    (void)state;
    assert_string_equal(text_get(LANG_EN, "No error."), "No error.");
    assert_string_equal(text_get(LANG_ZH, "No error."), "没有错误。");
    assert_string_equal(text_get(LANG_ZH, "not in any table"), "not in any table");
    assert_string_equal(text_get(LANG_ZH, ""), "");
}

/* Binary search needs the order; and every entry is found by it. */
static void the_table_is_sorted(void **state)
{
    (void)state;
    assert_true(text_table_zh_count > ERR_COUNT / 2);
    for (size_t i = 0; i < text_table_zh_count; i++) {
        if (i > 0)
            assert_true(strcmp(text_table_zh[i - 1].key, text_table_zh[i].key) < 0);
        assert_ptr_equal(text_get(LANG_ZH, text_table_zh[i].key), text_table_zh[i].translation);
    }
}

static void check(struct buf *buf, const char *wanted)
{
    buf_append_byte(buf, '\0');
    assert_string_equal(buf->text, wanted);
    buf_reset(buf);
}

static void arguments_of_every_kind(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf);
    text_put(&buf, LANG_EN, "{1} {0} {1}{2}", ERR_CTEXT("a"), ERR_INT(-5), ERR_DECIMAL(1990, 2));
    check(&buf, "-5 a -519.90");
    text_put(&buf, LANG_EN, "{0}|{1}", ERR_DATE(20543), ERR_KEY("list [...]"));
    check(&buf, "2026-03-31|list [...]");
    text_put(&buf, LANG_ZH, "{0}|{1}", ERR_CTEXT("list [...]"), ERR_KEY("list [...]"));
    check(&buf, "list [...]|列表 [...]");
    /* What is no hole stays. */
    text_put(&buf, LANG_EN, "{} {x} {1} {0", ERR_CTEXT("a"));
    check(&buf, "{} {x} {1} {0");
    /* An argument is not read for holes again. */
    text_put(&buf, LANG_EN, "{0}", ERR_CTEXT("{0}"));
    check(&buf, "{0}");
    text_put0(&buf, LANG_ZH, "No error.");
    check(&buf, "没有错误。");
    buf_clear(&buf);
}

static void problems_in_both_languages(void **state)
{
    (void)state;
    struct buf buf;
    struct problem problem;
    buf_init(&buf);
    problem_set(&problem, ERR_NUMBER, ERR_CTEXT("abc"));
    problem_place(&problem, "orders.csv:%d", 17);
    text_append_problem(&buf, LANG_EN, &problem);
    check(&buf, "orders.csv:17: 'abc' is not a number; write digits with a point, like 12.50.");
    text_append_problem(&buf, LANG_ZH, &problem);
    check(&buf, "orders.csv:17：“abc”不是数字；请用带小数点的写法，如 12.50。");
    problem_set(&problem, ERR_RANGE, ERR_DECIMAL(-5, 2), ERR_DECIMAL(0, 2), ERR_DECIMAL(150000, 2));
    text_append_problem(&buf, LANG_ZH, &problem);
    check(&buf, "-0.05 不在 0.00 到 1500.00 的范围内。");
    /* A key longer than the copy of an argument is shown whole. */
    static const char key[] =
        "a reason that is told at some length, because the person who reads it has "
        "to find the right one of many rows, and would not find it by less";
    assert_true(sizeof(key) > PROBLEM_TEXT_MAX);
    problem_set(&problem, ERR_SCENARIO, ERR_KEY(key));
    text_append_problem(&buf, LANG_EN, &problem);
    assert_true(str_ends_with(buf_str(&buf), STR("would not find it by less.")));
    buf_clear(&buf);
}

static void columns_of_a_terminal(void **state)
{
    (void)state;
    assert_int_equal(text_columns(STR("")), 0);
    assert_int_equal(text_columns(STR("abc")), 3);
    assert_int_equal(text_columns(STR("跨境电商")), 8);
    assert_int_equal(text_columns(STR("，。（）")), 8);
    assert_int_equal(text_columns(STR("é")), 1);
    assert_int_equal(text_columns(STR("e\xCC\x81")), 1);
    assert_int_equal(text_columns(STR("…€")), 2);
    assert_int_equal(text_columns(STR("한국")), 4);
    assert_int_equal(text_columns(STR("\xF0\x9F\x98\x80")), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(languages_by_code),          cmocka_unit_test(keys_are_found_or_fall_back),
        cmocka_unit_test(the_table_is_sorted),        cmocka_unit_test(arguments_of_every_kind),
        cmocka_unit_test(problems_in_both_languages), cmocka_unit_test(columns_of_a_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
