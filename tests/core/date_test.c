#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/date.h"

static int32_t day_of(const char *text)
{
    int32_t day = INT32_MIN;
    assert_true(date_parse(str_from_c(text), &day));
    return day;
}

static void known_days(void **state)
{
    (void)state;
    assert_int_equal(day_of("1970-01-01"), 0);
    assert_int_equal(day_of("1969-12-31"), -1);
    assert_int_equal(day_of("2000-03-01"), 11017);
    assert_int_equal(day_of("2026-03-31"), 20543);
    assert_int_equal(day_of("0001-01-01"), -719162);
    assert_int_equal(day_of("9999-12-31"), 2932896);
}

static void known_weekdays(void **state)
{
    (void)state;
    assert_int_equal(date_weekday(0), 3);                    /* a Thursday */
    assert_int_equal(date_weekday(day_of("1969-07-20")), 6); /* Apollo 11 landed on a Sunday */
    assert_int_equal(date_weekday(day_of("2000-01-01")), 5); /* a Saturday */
    assert_int_equal(date_weekday(day_of("2024-02-29")), 3); /* a Thursday */
    assert_int_equal(date_weekday(day_of("2026-11-24")), 1); /* a Tuesday */
    assert_int_equal(date_weekday(day_of("1582-10-15")), 4); /* the Gregorian calendar began on a
                                                                Friday */
}

/* Counts every day of 400 years by the rules a person knows, beside the formulas. */
static void every_day_of_400_years_makes_a_round_trip(void **state)
{
    (void)state;
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t day = day_of("1800-01-01");
    int weekday = date_weekday(day);
    for (int year = 1800; year < 2200; year++) {
        bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
        int day_of_year = 0;
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (leap && month == 2);
            for (int of_month = 1; of_month <= length; of_month++) {
                struct civil civil = {year, month, of_month};
                struct civil back = date_to_civil(day);
                char text[11];
                int32_t parsed;
                assert_true(civil_is_valid(civil));
                assert_int_equal(date_from_civil(civil), day);
                assert_memory_equal(&back, &civil, sizeof(civil));
                assert_int_equal(date_weekday(day), weekday);
                assert_int_equal(date_day_of_year(day), day_of_year);
                date_format(day, text);
                assert_true(date_parse(str_from_c(text), &parsed));
                assert_int_equal(parsed, day);
                day++;
                day_of_year++;
                weekday = (weekday + 1) % 7;
            }
            assert_false(civil_is_valid((struct civil){year, month, length + 1}));
        }
    }
    assert_int_equal(day, day_of("2200-01-01"));
}

static void iso_weeks(void **state)
{
    (void)state;
    assert_int_equal(date_iso_week(day_of("2026-01-01")), 1);
    assert_int_equal(date_iso_week(day_of("2021-01-03")), 53);
    assert_int_equal(date_iso_week(day_of("2021-01-04")), 1);
    assert_int_equal(date_iso_week(day_of("2019-12-30")), 1);
    assert_int_equal(date_iso_week(day_of("2020-12-31")), 53);
    assert_int_equal(date_iso_week(day_of("2008-12-28")), 52);
    /* A week has one number from Monday to Sunday, and the next week the next or 1. */
    for (int32_t day = day_of("1990-01-01"); day < day_of("2040-01-01"); day++) {
        int week = date_iso_week(day);
        int next = date_iso_week(day + 1);
        assert_in_range(week, 1, 53);
        if (date_weekday(day) != 6)
            assert_int_equal(next, week);
        else
            assert_true(next == week + 1 || (next == 1 && week >= 52));
    }
}

static void what_is_no_date_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "2026-3-31",  "2026-02-29", "1900-02-29", "2026-13-01",  "2026-00-10",
        "2026-04-31", "2026/03/31", "0000-01-01", "26-03-31",   "2026-03-31 ", " 2026-03-31",
        "2026-03-3a", "-026-03-31", "2026-03-00", "20260331",
    };
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        int32_t day = 77;
        assert_false(date_parse(str_from_c(bad[i]), &day));
        assert_int_equal(day, 77);
    }
    assert_true(civil_is_valid((struct civil){2000, 2, 29}));
    assert_false(civil_is_valid((struct civil){10000, 1, 1}));
}

static void days_out_of_range_show_the_nearest_end(void **state)
{
    (void)state;
    char text[11];
    date_format(INT32_MIN, text);
    assert_string_equal(text, "0001-01-01");
    date_format(INT32_MAX, text);
    assert_string_equal(text, "9999-12-31");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_days),
        cmocka_unit_test(known_weekdays),
        cmocka_unit_test(every_day_of_400_years_makes_a_round_trip),
        cmocka_unit_test(iso_weeks),
        cmocka_unit_test(what_is_no_date_is_refused),
        cmocka_unit_test(days_out_of_range_show_the_nearest_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
