#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/err.h"

static void codes_have_names_statuses_and_messages(void **state)
{
    (void)state;
    assert_string_equal(err_name(ERR_OK), "ERR_OK");
    assert_string_equal(err_name(ERR_RANGE), "ERR_RANGE");
    assert_int_equal(err_http_status(ERR_FILE_OPEN), 404);
    assert_string_equal(err_message(ERR_RANGE), "{0} is outside {1} to {2}.");
    for (int code = 0; code < ERR_COUNT; code++) {
        assert_true(strncmp(err_name((enum err)code), "ERR_", 4) == 0);
        assert_in_range(err_http_status((enum err)code), 200, 599);
        assert_true(strlen(err_message((enum err)code)) > 5);
    }
    assert_int_equal(err_http_status(ERR_COUNT), 500);
}

static void problems_keep_their_own_bytes(void **state)
{
    (void)state;
    struct problem problem;
    char text[] = "abc";
    assert_int_equal(
        problem_set(&problem, ERR_LIMIT, ERR_CTEXT(text), ERR_INT(-5), ERR_DECIMAL(1990, 2)),
        ERR_LIMIT);
    memset(text, 'x', 3);
    assert_string_equal(problem.place, "");
    assert_int_equal(problem.arg_count, 3);
    assert_string_equal(problem.args[0].text, "abc");
    assert_int_equal(problem.args[1].number, -5);
    assert_int_equal(problem.args[2].decimals, 2);
    assert_int_equal(problem_place(&problem, "orders[%d].units", 3), ERR_LIMIT);
    assert_string_equal(problem.place, "orders[3].units");
    problem_place_prefix(&problem, "%s", "firm-02.json");
    assert_string_equal(problem.place, "firm-02.json: orders[3].units");
    problem_set0(&problem, ERR_DATA_EMPTY);
    assert_int_equal(problem.arg_count, 0);
    problem_place_prefix(&problem, "a.csv");
    assert_string_equal(problem.place, "a.csv");
}

static void a_prefix_that_ends_in_a_point_joins_the_path(void **state)
{
    (void)state;
    struct problem problem;
    problem_set0(&problem, ERR_DATA_EMPTY);
    problem_place(&problem, "orders[0]");
    problem_place_prefix(&problem, "firms[%d].", 3);
    assert_string_equal(problem.place, "firms[3].orders[0]");
}

static void long_texts_are_cut_at_a_border(void **state)
{
    (void)state;
    struct problem problem;
    char text[601];
    for (int i = 0; i < 200; i++)
        memcpy(text + 3 * i, "跨", 3);
    text[600] = '\0';
    problem_set(&problem, ERR_NUMBER, ERR_CTEXT(text));
    assert_true(strlen(problem.args[0].text) < PROBLEM_TEXT_MAX);
    assert_true(str_is_utf8(str_from_c(problem.args[0].text)));
    assert_true(str_ends_with(str_from_c(problem.args[0].text), STR("跨…")));
    problem_place(&problem, "%s%s", text, text);
    assert_true(str_is_utf8(str_from_c(problem.place)));
    assert_true(str_ends_with(str_from_c(problem.place), STR("…")));
    for (int i = 0; i < 3; i++)
        problem_place_prefix(&problem, "%s", text);
    assert_true(strlen(problem.place) < PROBLEM_PLACE_MAX);
}

static void what_a_terminal_would_obey_is_taken_out(void **state)
{
    (void)state;
    struct problem problem;
    problem_set(&problem, ERR_NUMBER, ERR_CTEXT("a\033[2Jb\nc"), ERR_CTEXT("\xFFx"));
    assert_string_equal(problem.args[0].text, "a [2Jb c");
    assert_string_equal(problem.args[1].text, "?x");
}

static void too_many_arguments_are_dropped(void **state)
{
    (void)state;
    struct problem problem;
    problem_set(&problem, ERR_LIMIT, ERR_INT(0), ERR_INT(1), ERR_INT(2), ERR_INT(3), ERR_INT(4));
    assert_int_equal(problem.arg_count, PROBLEM_ARGS_MAX);
    assert_int_equal(problem.args[3].number, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_have_names_statuses_and_messages),
        cmocka_unit_test(problems_keep_their_own_bytes),
        cmocka_unit_test(a_prefix_that_ends_in_a_point_joins_the_path),
        cmocka_unit_test(long_texts_are_cut_at_a_border),
        cmocka_unit_test(what_a_terminal_would_obey_is_taken_out),
        cmocka_unit_test(too_many_arguments_are_dropped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
