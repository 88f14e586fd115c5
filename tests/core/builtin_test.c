#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/builtin.h"
#include "core/file.h"

static const struct builtin_file files[] = {
    {"trade/rules.csv", {"a,b\n", 4}},
    {"empty", {"", 0}},
};

static void a_file_inside_is_read_as_one_of_a_folder(void **state)
{
    (void)state;
    struct arena arena;
    struct problem problem;
    struct str content;
    arena_init(&arena);
    builtin_set(files, COUNT_OF(files));
    const char *path = path_join(&arena, path_join(&arena, BUILTIN_FOLDER, "trade"), "rules.csv");
    assert_true(file_exists(path));
    assert_int_equal(file_read(&arena, path, 4, &content, &problem), ERR_OK);
    assert_true(str_equal(content, STR("a,b\n")));
    assert_int_equal(content.text[4], '\0');
    assert_int_equal(file_read(&arena, "builtin:trade/rules.csv", 3, &content, &problem),
                     ERR_FILE_TOO_LARGE);
    assert_int_equal(file_read(&arena, "builtin:empty", 10, &content, &problem), ERR_OK);
    assert_int_equal(content.length, 0);
    assert_true(builtin_find("builtin:trade/../empty", &content));
    assert_true(builtin_find("builtin://./scenarios/x/../../trade//rules.csv", &content));
    assert_true(str_equal(content, STR("a,b\n")));
    arena_clear(&arena);
}

static void other_paths_are_none_of_its_business(void **state)
{
    (void)state;
    struct arena arena;
    struct problem problem;
    struct str content;
    arena_init(&arena);
    builtin_set(files, COUNT_OF(files));
    assert_false(builtin_find("trade/rules.csv", &content));
    assert_false(builtin_find("./builtin:trade/rules.csv", &content));
    assert_false(builtin_find("builtin:trade", &content));
    assert_false(builtin_find("builtin:trade/../../empty", &content));
    assert_false(builtin_find("builtin:..", &content));
    assert_false(builtin_find("builtin:", &content));
    assert_false(file_exists("builtin:nothing"));
    assert_int_equal(file_read(&arena, "builtin:nothing", 10, &content, &problem), ERR_FILE_OPEN);
    builtin_set(NULL, 0);
    assert_false(builtin_find("builtin:empty", &content));
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_inside_is_read_as_one_of_a_folder),
        cmocka_unit_test(other_paths_are_none_of_its_business),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
