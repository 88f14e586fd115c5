#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/datasets/datasets.h"
#include "app/datasets/fields.h"
#include "core/date.h"

static int64_t price(const char *text)
{
    int64_t value = INT64_MIN;
    return field_price_e4(str_from_c(text), &value) ? value : INT64_MIN;
}

static void prices_are_exact(void **state)
{
    (void)state;
    assert_int_equal(price("12.50"), 125000);
    assert_int_equal(price("0.001"), 10);
    assert_int_equal(price("-11062.06"), -110620600);
    assert_int_equal(price("+3"), 30000);
    assert_int_equal(price(" 4.2500 "), 42500);
    assert_int_equal(price("0.29000000"), 2900);
    assert_int_equal(price(".5"), 5000);
    assert_int_equal(price("5."), 50000);
    assert_int_equal(price("-0"), 0);
    assert_int_equal(price("0001.1"), 11000);
    assert_int_equal(price("100000000000"), DATASET_PRICE_E4_MAX);
    assert_int_equal(price("100000000000.0000"), DATASET_PRICE_E4_MAX);
}

static void what_is_no_price_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      ".",
                                      "-",
                                      "+",
                                      "1e3",
                                      "1,50",
                                      "1 000",
                                      "1.2.3",
                                      "0x1",
                                      "nan",
                                      "£1",
                                      "--1",
                                      "1-",
                                      "0.00001",
                                      "100000000000.0001",
                                      "100000000001",
                                      "99999999999999999999",
                                      "100000000000000000000000000000000000000",
                                      "1000000000000000.9999",
                                      "999999999999999.99999"};
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(price(bad[i]), INT64_MIN);
    int64_t value;
    assert_false(field_price_e4((struct str){"1\0", 2}, &value));
}

static void quantities(void **state)
{
    (void)state;
    int32_t value = 7;
    assert_true(field_quantity(STR("-80995"), &value));
    assert_int_equal(value, -80995);
    assert_true(field_quantity(STR("12.0"), &value));
    assert_int_equal(value, 12);
    assert_true(field_quantity(STR("100000000"), &value));
    assert_int_equal(value, DATASET_QUANTITY_MAX);
    assert_false(field_quantity(STR("100000001"), &value));
    assert_false(field_quantity(STR("12.5"), &value));
    assert_false(field_quantity(STR("4294967297"), &value));
    assert_false(field_quantity(STR("18446744073709551617"), &value));
    assert_false(field_quantity(STR(""), &value));
    assert_false(field_quantity(STR("two"), &value));
}

static void stamp(const char *text, enum field_dates dates, struct civil civil, int minute)
{
    int32_t day;
    int16_t got;
    assert_true(field_stamp(str_from_c(text), dates, &day, &got));
    assert_int_equal(day, date_from_civil(civil));
    assert_int_equal(got, minute);
}

static void stamps_of_all_formats(void **state)
{
    (void)state;
    struct civil first = {2010, 12, 1};
    stamp("2010-12-01", FIELD_DATES_ISO, first, -1);
    stamp("2010-12-01T08:26:00", FIELD_DATES_ISO, first, 506);
    stamp("2010-12-01 08:26:00", FIELD_DATES_ISO, first, 506);
    stamp("2010-12-01 08:26", FIELD_DATES_ISO, first, 506);
    stamp("2010-12-01 23:59:60.123 +0200", FIELD_DATES_ISO, first, 1439);
    stamp("2010-12-01T00:00:00+00:00", FIELD_DATES_ISO, first, 0);
    stamp("2010-12-01T00:00:00Z", FIELD_DATES_ISO, first, 0);
    stamp("2010-12-01 00:00:00 UTC", FIELD_DATES_ISO, first, 0);
    stamp("12/1/2010 8:26", FIELD_DATES_ISO_OR_US, first, 506);
    stamp("12/01/10 08:26", FIELD_DATES_ISO_OR_US, first, 506);
    stamp("2010-12-01 08:26:00", FIELD_DATES_ISO_OR_US, first, 506);
    stamp("2/29/2012", FIELD_DATES_ISO_OR_US, (struct civil){2012, 2, 29}, -1);
    stamp(" 2149-12-31 ", FIELD_DATES_ISO, (struct civil){2149, 12, 31}, -1);
}

static void what_is_no_stamp_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"",
                                      "2010",
                                      "2010-12",
                                      "2010-13-01",
                                      "2011-02-29",
                                      "2010-12-32",
                                      "1969-12-31",
                                      "2150-01-01",
                                      "2010-12-01T",
                                      "2010-12-01 8",
                                      "2010-12-01 24:00",
                                      "2010-12-01 08:60",
                                      "2010-12-01 08:26:61",
                                      "2010-12-01 08:26:00.",
                                      "2010-12-01 08:26:00 +2",
                                      "2010-12-01 08:26:00 CET",
                                      "2010-12-01x08:26",
                                      "2010-12-01 08:26:00 +1560",
                                      "10-12-01",
                                      "20101201",
                                      "31/12/2010 8:26",
                                      "12/1/010",
                                      "12/1/2010 8:26 PM",
                                      "2010/12/01"};
    int32_t day;
    int16_t minute;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(field_stamp(str_from_c(bad[i]), FIELD_DATES_ISO_OR_US, &day, &minute));
    assert_false(field_stamp(STR("12/1/2010 8:26"), FIELD_DATES_ISO, &day, &minute));
}

static void hashes_fold_ascii_letters_only(void **state)
{
    (void)state;
    assert_true(field_hash_fold(STR("85123a"), 1) == field_hash_fold(STR("85123A"), 1));
    assert_true(field_hash(STR("85123a"), 1) != field_hash(STR("85123A"), 1));
    assert_true(field_hash_fold(STR("[\\]^@"), 1) != field_hash_fold(STR("{|}~`"), 1));
    assert_true(field_hash_fold(STR("ABCDEFGHIJKLMNOPQRSTUVWXYZ!"), 1) ==
                field_hash_fold(STR("abcdefghijklmnopqrstuvwxyz!"), 1));
    /* Bytes above 0x7f are no letters: 0xC1 is not folded to 0xE1. */
    assert_true(field_hash_fold(STR("\xC1"), 1) != field_hash_fold(STR("\xE1"), 1));
    assert_true(field_hash(STR("a"), 1) != field_hash((struct str){"a\0", 2}, 1));
    assert_true(field_hash(STR("a"), 1) != field_hash(STR("a"), 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prices_are_exact),
        cmocka_unit_test(what_is_no_price_is_refused),
        cmocka_unit_test(quantities),
        cmocka_unit_test(stamps_of_all_formats),
        cmocka_unit_test(what_is_no_stamp_is_refused),
        cmocka_unit_test(hashes_fold_ascii_letters_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
