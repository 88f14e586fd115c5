#include <float.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/rng.h"
#include "core/str.h"

static void slices_compare_and_search(void **state)
{
    (void)state;
    assert_true(str_equal(STR("abc"), str_from_c("abc")));
    assert_false(str_equal(STR("abc"), STR("abd")));
    assert_false(str_equal(STR("abc"), STR("ab")));
    assert_true(str_equal(str_from_c(NULL), STR("")));
    assert_true(str_equal_ascii_fold(STR("Order ID"), STR("order id")));
    assert_false(str_equal_ascii_fold(STR("ab"), STR("ac")));
    assert_false(str_equal_ascii_fold(STR("@"), STR("`")));
    assert_true(str_compare(STR("a"), STR("b")) < 0);
    assert_true(str_compare(STR("ab"), STR("a")) > 0);
    assert_true(str_compare(STR("\xC3"), STR("z")) > 0);
    assert_int_equal(str_compare(STR("x"), STR("x")), 0);
    assert_true(str_starts_with(STR("orders.csv"), STR("orders")));
    assert_false(str_starts_with(STR("or"), STR("orders")));
    assert_true(str_ends_with(STR("orders.csv"), STR(".csv")));
    assert_false(str_ends_with(STR("csv"), STR(".csv")));
    assert_int_equal(str_find_byte(STR("a,b"), ','), 1);
    assert_int_equal(str_find_byte(STR("ab"), ','), 2);
    assert_int_equal(str_find_byte(STR(""), ','), 0);
}

static void trim_and_slice_stay_inside(void **state)
{
    (void)state;
    assert_true(str_equal(str_trim(STR(" \t a b\r\n")), STR("a b")));
    assert_true(str_equal(str_trim(STR(" \t ")), STR("")));
    assert_true(str_equal(str_slice(STR("abcdef"), 2, 3), STR("cde")));
    assert_true(str_equal(str_slice(STR("abc"), 2, SIZE_MAX), STR("c")));
    assert_true(str_equal(str_slice(STR("abc"), 9, 1), STR("")));
}

static void copies_are_zero_terminated(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct str copy = str_copy(&arena, str_slice(STR("abcdef"), 1, 3));
    assert_string_equal(copy.text, "bcd");
    struct str text = str_format(&arena, "%s-%d", "x", 7);
    assert_int_equal(text.length, 3);
    assert_string_equal(text.text, "x-7");
    arena_clear(&arena);
}

static void whole_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool good;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"+17", true, 17},
        {"0009", true, 9},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"1 ", false, 0},
        {"1.0", false, 0},
        {"0x10", false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t value = 77;
        assert_int_equal(str_to_int64(str_from_c(cases[i].text), &value), cases[i].good);
        assert_int_equal(value, cases[i].good ? cases[i].value : 77);
    }
}

static void real_numbers_are_rounded_correctly(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"12.5", 12.5},
        {"-3", -3.0},
        {"1e-3", 0.001},
        {".5", 0.5},
        {"5.", 5.0},
        {"+2E+2", 200.0},
        {"0.1", 0.1},
        {"123456789012345678", 123456789012345678.0},
        {"9007199254740993", 9007199254740992.0},
        {"2.2250738585072011e-308", 2.2250738585072011e-308},
        {"1.7976931348623157e308", DBL_MAX},
        {"1e-400", 0.0},
        {"0.000000000000000000000000000000000000000000001", 1e-45},
        {"1000000000000000000000000", 1e24},
        {"0.1000000000000000055511151231257827021181583404541015625", 0.1},
    };
    static const char *const bad[] = {
        "",   "-",  ".",   "1e",    "1e+", "nan",   "inf", "0x1p3",
        " 1", "1 ", "1,5", "1e400", "--1", "1.2.3", "e5",  "1e5x",
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        double value = 0;
        assert_true(str_to_double(str_from_c(cases[i].text), &value));
        assert_memory_equal(&value, &cases[i].value, sizeof(value));
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        double value = 77;
        assert_false(str_to_double(str_from_c(bad[i]), &value));
        assert_true(value == 77);
    }
}

static void doubles_read_back_to_the_same_bits(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *text;
    } cases[] = {
        {0.1, "0.1"},
        {-0.0, "-0"},
        {1e300, "1e+300"},
        {100.0, "100"},
        {0.3, "0.3"},
        {1.0 / 3, "0.3333333333333333"},
        {5e-324, "4.94065645841247e-324"},
    };
    struct buf buf;
    buf_init(&buf);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        buf_reset(&buf);
        buf_append_double(&buf, cases[i].value);
        assert_true(str_equal_c(buf_str(&buf), cases[i].text));
    }
    struct rng_key key = {{1, 2}};
    for (uint32_t i = 0; i < 20000; i++) {
        uint64_t bits = rng_at(key, 0, 0, 0, 0, 0, i).word[0];
        if ((bits >> 52 & 0x7FF) == 0x7FF)
            continue;
        double value;
        double back;
        memcpy(&value, &bits, sizeof(value));
        buf_reset(&buf);
        buf_append_double(&buf, value);
        assert_true(str_to_double(buf_str(&buf), &back));
        assert_memory_equal(&back, &value, sizeof(value));
    }
    buf_clear(&buf);
}

static void utf8_as_the_standard_says(void **state)
{
    (void)state;
    assert_true(str_is_utf8(STR("")));
    assert_true(str_is_utf8(STR("plain ascii, longer than eight bytes")));
    assert_true(str_is_utf8(STR("跨境电商 é \xF0\x9F\x98\x80")));
    assert_true(str_is_utf8(STR("\xF4\x8F\xBF\xBF")));
    static const char *const bad[] = {
        "\x80",             /* continuation alone */
        "abcdefgh\xFF",     /* never a byte of UTF-8 */
        "\xC0\xAF",         /* overlong */
        "\xE0\x80\x80",     /* overlong */
        "\xED\xA0\x80",     /* surrogate */
        "\xF4\x90\x80\x80", /* beyond U+10FFFF */
        "\xF0\x9F\x98",     /* cut off */
        "\xC3(",            /* no continuation */
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(str_is_utf8(str_from_c(bad[i])));
    struct str text = STR("a跨b");
    assert_int_equal(str_utf8_cut(text, 9), 5);
    assert_int_equal(str_utf8_cut(text, 4), 4);
    assert_int_equal(str_utf8_cut(text, 3), 1);
    assert_int_equal(str_utf8_cut(text, 2), 1);
    assert_int_equal(str_utf8_cut(text, 0), 0);
}

static void buffers_grow_and_keep_their_content(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf);
    assert_int_equal(buf_str(&buf).length, 0);
    for (int i = 0; i < 10000; i++)
        buf_append_byte(&buf, (char)('a' + i % 26));
    for (int i = 0; i < 10000; i++)
        assert_int_equal(buf.text[i], 'a' + i % 26);
    buf_reset(&buf);
    buf_append_int64(&buf, INT64_MIN);
    buf_append_c(&buf, " ");
    buf_append_int64(&buf, 0);
    buf_format(&buf, "|%05d|", 42);
    assert_true(str_equal_c(buf_str(&buf), "-9223372036854775808 0|00042|"));
    buf_clear(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_compare_and_search),
        cmocka_unit_test(trim_and_slice_stay_inside),
        cmocka_unit_test(copies_are_zero_terminated),
        cmocka_unit_test(whole_numbers),
        cmocka_unit_test(real_numbers_are_rounded_correctly),
        cmocka_unit_test(doubles_read_back_to_the_same_bits),
        cmocka_unit_test(utf8_as_the_standard_says),
        cmocka_unit_test(buffers_grow_and_keep_their_content),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
