/* The nearest known name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/nearest.h"

static size_t apart(const char *a, const char *b)
{
    return name_distance(str_from_c(a), str_from_c(b));
}

static void distances_are_levenshteins(void **state)
{
    (void)state;
    assert_int_equal(apart("kitten", "sitting"), 3);
    assert_int_equal(apart("", "abc"), 3);
    assert_int_equal(apart("abc", ""), 3);
    assert_int_equal(apart("abc", "ABC"), 0);
    assert_int_equal(apart("price", "prise"), 1);
    assert_int_equal(apart("ab", "ba"), 2);
    assert_int_equal(apart("", ""), 0);
}

static void long_names_are_cut(void **state)
{
    char a[201], b[201];
    (void)state;
    for (int i = 0; i < 200; i++)
        a[i] = b[i] = 'x';
    a[200] = b[200] = '\0';
    b[70] = 'y';
    assert_int_equal(apart(a, b), 0);
    b[62] = 'y';
    assert_int_equal(apart(a, b), 1);
}

static void the_first_of_the_nearest_is_taken(void **state)
{
    static const char *const known[] = {"orders", "listings", "border"};
    (void)state;
    assert_int_equal(name_nearest(STR("listing"), known, COUNT_OF(known)), 1);
    assert_int_equal(name_nearest(STR("order"), known, COUNT_OF(known)), 0);
    assert_int_equal(name_nearest(STR("Borders"), known, COUNT_OF(known)), 0);
    assert_int_equal(name_nearest(STR("x"), known, 0), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(distances_are_levenshteins),
        cmocka_unit_test(long_names_are_cut),
        cmocka_unit_test(the_first_of_the_nearest_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
