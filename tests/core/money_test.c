#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/money.h"
#include "core/rng.h"

static struct currency currency_of(const char *code)
{
    struct currency currency;
    assert_true(currency_from_code(str_from_c(code), &currency));
    return currency;
}

static void currencies_have_their_decimals(void **state)
{
    (void)state;
    assert_int_equal(currency_decimals(currency_of("EUR")), 2);
    assert_int_equal(currency_decimals(currency_of("CNY")), 2);
    assert_int_equal(currency_decimals(currency_of("JPY")), 0);
    assert_int_equal(currency_decimals(currency_of("KRW")), 0);
    assert_int_equal(currency_decimals(currency_of("KWD")), 3);
    assert_int_equal(currency_decimals(currency_of("CLF")), 4);
    assert_int_equal(currency_minor_per_major(currency_of("USD")), 100);
    assert_int_equal(currency_minor_per_major(currency_of("VND")), 1);
    assert_int_equal(currency_minor_per_major(currency_of("TND")), 1000);
    assert_true(currency_equal(currency_of("GBP"), currency_of("GBP")));
    assert_false(currency_equal(currency_of("GBP"), currency_of("USD")));
    static const char *const bad[] = {"", "EU", "EURO", "eur", "ZZZ", "XAU", "E R", "12U"};
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        struct currency currency;
        assert_false(currency_from_code(str_from_c(bad[i]), &currency));
    }
    int known = 0;
    for (int i = 0; i < 26 * 26 * 26; i++) {
        const char code[4] = {(char)('A' + i / 676), (char)('A' + i / 26 % 26),
                              (char)('A' + i % 26), 0};
        struct currency currency;
        known += currency_from_code((struct str){code, 3}, &currency);
    }
    assert_int_equal(known, 168);
}

static void checked_sums(void **state)
{
    (void)state;
    int64_t result = 77;
    assert_true(int64_add(INT64_MAX, INT64_MIN, &result) && result == -1);
    assert_false(int64_add(INT64_MAX, 1, &result));
    assert_false(int64_subtract(INT64_MIN, 1, &result));
    assert_false(int64_subtract(0, INT64_MIN, &result));
    assert_false(int64_multiply(INT64_MIN, -1, &result));
    assert_int_equal(result, -1);
    assert_true(int64_multiply(-3, 4, &result) && result == -12);
    assert_true(int64_subtract(3, 4, &result) && result == -1);
}

/* n / d rounded by each name, in the order of enum rounding. */
static void halves_and_signs_round_by_name(void **state)
{
    (void)state;
    static const struct {
        int64_t n, d;
        int64_t half_up, half_even, down, up, floor;
    } cases[] = {
        {5, 2, 3, 2, 2, 3, 2},       {7, 2, 4, 4, 3, 4, 3},      {-5, 2, -3, -2, -2, -3, -3},
        {-7, 2, -4, -4, -3, -4, -4}, {1, 3, 0, 0, 0, 1, 0},      {-1, 3, 0, 0, 0, -1, -1},
        {2, 3, 1, 1, 0, 1, 0},       {-2, 3, -1, -1, 0, -1, -1}, {6, 3, 2, 2, 2, 2, 2},
        {5, -2, -3, -2, -2, -3, -3}, {-5, -2, 3, 2, 2, 3, 2},    {0, 7, 0, 0, 0, 0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const int64_t wanted[] = {cases[i].half_up, cases[i].half_even, cases[i].down, cases[i].up,
                                  cases[i].floor};
        for (int rounding = ROUND_HALF_UP; rounding <= ROUND_FLOOR; rounding++) {
            int64_t result;
            assert_true(
                int64_multiply_divide(cases[i].n, 1, cases[i].d, (enum rounding)rounding, &result));
            assert_int_equal(result, wanted[rounding]);
        }
    }
}

static void products_of_128_bits(void **state)
{
    (void)state;
    int64_t result = 77;
    assert_true(int64_multiply_divide(INT64_MAX, INT64_MAX, INT64_MAX, ROUND_DOWN, &result));
    assert_true(result == INT64_MAX);
    assert_true(int64_multiply_divide(INT64_MIN, INT64_MIN, INT64_MIN, ROUND_DOWN, &result));
    assert_true(result == INT64_MIN);
    assert_true(int64_multiply_divide(INT64_MIN, 1, 1, ROUND_DOWN, &result));
    result = 77;
    assert_false(int64_multiply_divide(INT64_MIN, -1, 1, ROUND_DOWN, &result));
    assert_false(int64_multiply_divide(INT64_MAX, 2, 1, ROUND_DOWN, &result));
    assert_false(int64_multiply_divide(1, 1, 0, ROUND_DOWN, &result));
    assert_int_equal(result, 77);
    /* The magnitude just beyond the largest rounds down into range, up out of it. */
    assert_true(int64_multiply_divide(INT64_MAX, 3, 3, ROUND_UP, &result));
    assert_false(int64_multiply_divide(INT64_MAX, INT64_MAX, INT64_MAX - 1, ROUND_UP, &result));
}

static void rates_and_exchange(void **state)
{
    (void)state;
    int64_t result;
    /* 20 % VAT of 19.99. */
    assert_true(money_times_rate(1999, 200000000, ROUND_HALF_UP, &result));
    assert_int_equal(result, 400);
    assert_true(money_times_rate(-1999, 200000000, ROUND_FLOOR, &result));
    assert_int_equal(result, -400);
    assert_false(money_times_rate(INT64_MAX, 2 * RATE_ONE, ROUND_DOWN, &result));
    struct currency eur = currency_of("EUR");
    struct currency jpy = currency_of("JPY");
    struct currency kwd = currency_of("KWD");
    /* 12.34 EUR at 160.5 JPY is 1980.57 JPY; at 0.335 KWD it is 4.1339 KWD. */
    assert_true(money_convert(1234, eur, jpy, INT64_C(160500000000), ROUND_HALF_UP, &result));
    assert_int_equal(result, 1981);
    assert_true(money_convert(1234, eur, kwd, 335000000, ROUND_HALF_UP, &result));
    assert_int_equal(result, 4134);
    assert_true(money_convert(1981, jpy, eur, 6230530, ROUND_HALF_UP, &result));
    assert_int_equal(result, 1234);
    assert_true(money_convert(-1234, eur, eur, RATE_ONE, ROUND_FLOOR, &result));
    assert_int_equal(result, -1234);
    assert_false(money_convert(INT64_MAX, jpy, kwd, RATE_ONE, ROUND_DOWN, &result));
    assert_false(money_convert(INT64_MAX, jpy, currency_of("CLF"), INT64_MAX, ROUND_DOWN, &result));
}

static int64_t sum_of(const int64_t *parts, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        assert_true(int64_add(sum, parts[i], &sum));
    return sum;
}

static void apportion_known_answers(void **state)
{
    (void)state;
    int64_t parts[4];
    int64_apportion(100, (const int64_t[]){1, 1, 1}, 3, parts);
    assert_memory_equal(parts, ((const int64_t[]){34, 33, 33}), 3 * sizeof(parts[0]));
    int64_apportion(-100, (const int64_t[]){1, 1, 1}, 3, parts);
    assert_memory_equal(parts, ((const int64_t[]){-34, -33, -33}), 3 * sizeof(parts[0]));
    /* Hamilton's example: 10 seats for 47, 16, 37 of 100 votes. */
    int64_apportion(10, (const int64_t[]){47, 16, 37}, 3, parts);
    assert_memory_equal(parts, ((const int64_t[]){5, 1, 4}), 3 * sizeof(parts[0]));
    int64_apportion(7, (const int64_t[]){0, 0}, 2, parts);
    assert_memory_equal(parts, ((const int64_t[]){7, 0}), 2 * sizeof(parts[0]));
    int64_apportion(1, (const int64_t[]){0, 3, 3, 0}, 4, parts);
    assert_memory_equal(parts, ((const int64_t[]){0, 1, 0, 0}), 4 * sizeof(parts[0]));
    int64_apportion(INT64_MIN, (const int64_t[]){INT64_MAX, INT64_MAX}, 2, parts);
    assert_true(parts[0] == INT64_MIN / 2 && parts[1] == INT64_MIN / 2);
}

static void apportion_always_sums(void **state)
{
    (void)state;
    enum { COUNT = 4096 };
    static int64_t weights[COUNT];
    static int64_t parts[COUNT];
    struct rng_key key = rng_key_from_text(STR("apportion"));
    for (uint32_t round = 0; round < 3000; round++) {
        struct rng_words words = rng_at(key, 0, 0, 0, 0, 0, round);
        size_t count = round < 3 ? COUNT : 1 + (size_t)rng_below(words.word[0], 30);
        int shift = (int)rng_below(words.word[1], 63);
        int64_t total = (int64_t)(words.word[2] >> (1 + rng_below(words.word[3], 60)));
        if (round % 3 == 1)
            total = -total;
        uint128 weight_sum = 0;
        for (size_t i = 0; i < count; i++) {
            uint64_t word = rng_at(key, 1, 0, 0, i, 0, round).word[0];
            weights[i] = word % 5 == 0 ? 0 : (int64_t)(word >> 1 >> shift);
            weight_sum += (uint64_t)weights[i];
        }
        int64_apportion(total, weights, count, parts);
        assert_true(sum_of(parts, count) == total);
        for (size_t i = 0; i < count && weight_sum > 0; i++) {
            /* Each part is its exact share rounded down or up (the quota rule). */
            uint64_t magnitude = (uint64_t)(total < 0 ? -total : total);
            uint64_t least = (uint64_t)((uint128)magnitude * (uint64_t)weights[i] / weight_sum);
            uint64_t part = (uint64_t)(total < 0 ? -parts[i] : parts[i]);
            assert_true(part == least || (part == least + 1 && weights[i] > 0));
        }
    }
}

static void amounts_are_read_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        const char *text;
        bool good;
        int64_t minor;
    } cases[] = {
        {"EUR", "1234.50", true, 123450},
        {"EUR", "1234.5", true, 123450},
        {"EUR", "1234", true, 123400},
        {"EUR", "-0.05", true, -5},
        {"EUR", "0", true, 0},
        {"EUR", "92233720368547758.07", true, INT64_MAX},
        {"EUR", "-92233720368547758.08", true, INT64_MIN},
        {"EUR", "92233720368547758.08", false, 0},
        {"EUR", "92233720368547759", false, 0},
        {"EUR", "1.234", false, 0},
        {"EUR", "1.230", false, 0},
        {"JPY", "1500", true, 1500},
        {"JPY", "1500.0", false, 0},
        {"KWD", "1.234", true, 1234},
        {"EUR", "", false, 0},
        {"EUR", "-", false, 0},
        {"EUR", ".5", false, 0},
        {"EUR", "5.", false, 0},
        {"EUR", "1,50", false, 0},
        {"EUR", "+5", false, 0},
        {"EUR", "1e3", false, 0},
        {"EUR", " 5", false, 0},
        {"EUR", "5 EUR", false, 0},
        {"EUR", "1.2.3", false, 0},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t minor = 77;
        bool good = money_parse(str_from_c(cases[i].text), currency_of(cases[i].code), &minor);
        assert_int_equal(good, cases[i].good);
        assert_true(minor == (cases[i].good ? cases[i].minor : 77));
    }
}

static void amounts_are_written_and_read_back(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        int64_t minor;
        const char *text;
    } cases[] = {
        {"EUR", 123450, "1234.50"}, {"EUR", -5, "-0.05"},
        {"EUR", 0, "0.00"},         {"JPY", -1500, "-1500"},
        {"KWD", 1, "0.001"},        {"EUR", INT64_MIN, "-92233720368547758.08"},
    };
    struct buf buf;
    buf_init(&buf);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t back;
        buf_reset(&buf);
        money_append(&buf, cases[i].minor, currency_of(cases[i].code));
        assert_true(str_equal_c(buf_str(&buf), cases[i].text));
        assert_true(money_parse(buf_str(&buf), currency_of(cases[i].code), &back));
        assert_true(back == cases[i].minor);
    }
    buf_reset(&buf);
    int64_append_scaled(&buf, 5, 9);
    assert_true(str_equal_c(buf_str(&buf), "0.000000005"));
    buf_clear(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(currencies_have_their_decimals),
        cmocka_unit_test(checked_sums),
        cmocka_unit_test(halves_and_signs_round_by_name),
        cmocka_unit_test(products_of_128_bits),
        cmocka_unit_test(rates_and_exchange),
        cmocka_unit_test(apportion_known_answers),
        cmocka_unit_test(apportion_always_sums),
        cmocka_unit_test(amounts_are_read_exactly),
        cmocka_unit_test(amounts_are_written_and_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
