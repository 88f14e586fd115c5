#include "core/money.h"

#include <string.h>

/* Decimals + 1 by code, 0 for a code that is not known: 26^3 bytes buy a look-up of one load. */
/* clang-format off */
enum {
    LETTER_A, LETTER_B, LETTER_C, LETTER_D, LETTER_E, LETTER_F, LETTER_G, LETTER_H, LETTER_I,
    LETTER_J, LETTER_K, LETTER_L, LETTER_M, LETTER_N, LETTER_O, LETTER_P, LETTER_Q, LETTER_R,
    LETTER_S, LETTER_T, LETTER_U, LETTER_V, LETTER_W, LETTER_X, LETTER_Y, LETTER_Z, LETTER_COUNT
};
/* clang-format on */

static const int8_t currency_table[LETTER_COUNT * LETTER_COUNT * LETTER_COUNT] = {
#define CURRENCY(a, b, c, decimals)                                                                \
    [(LETTER_##a * LETTER_COUNT + LETTER_##b) * LETTER_COUNT + LETTER_##c] = (decimals) + 1,
#include "core/currencies.def"
#undef CURRENCY
};

/* decimals + 1, or 0. */
static int currency_entry(const char *code)
{
    size_t index = 0;
    for (int i = 0; i < 3; i++) {
        if (code[i] < 'A' || code[i] > 'Z')
            return 0;
        index = index * LETTER_COUNT + (size_t)(code[i] - 'A');
    }
    return currency_table[index];
}

bool currency_from_code(struct str code, struct currency *currency)
{
    if (code.length != 3 || currency_entry(code.text) == 0)
        return false;
    memcpy(currency->code, code.text, 3);
    currency->code[3] = '\0';
    return true;
}

bool currency_equal(struct currency a, struct currency b)
{
    return memcmp(a.code, b.code, sizeof(a.code)) == 0;
}

int currency_decimals(struct currency currency)
{
    int entry = currency_entry(currency.code);
    return entry == 0 ? 2 : entry - 1;
}

static const int64_t powers_of_ten[] = {1, 10, 100, 1000, 10000};

int64_t currency_minor_per_major(struct currency currency)
{
    return powers_of_ten[currency_decimals(currency)];
}

bool int64_add(int64_t a, int64_t b, int64_t *sum)
{
    int64_t result;
    if (__builtin_add_overflow(a, b, &result))
        return false;
    *sum = result;
    return true;
}

bool int64_subtract(int64_t a, int64_t b, int64_t *difference)
{
    int64_t result;
    if (__builtin_sub_overflow(a, b, &result))
        return false;
    *difference = result;
    return true;
}

bool int64_multiply(int64_t a, int64_t b, int64_t *product)
{
    int64_t result;
    if (__builtin_mul_overflow(a, b, &result))
        return false;
    *product = result;
    return true;
}

static uint64_t int64_magnitude(int64_t value)
{
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

static bool int64_from_magnitude(uint128 magnitude, bool negative, int64_t *result)
{
    if (magnitude > (uint128)INT64_MAX + (negative ? 1 : 0))
        return false;
    *result = negative ? (int64_t)(-(uint64_t)magnitude) : (int64_t)magnitude;
    return true;
}

/* Sign and magnitude: whether a division with this rest goes away from zero. */
static bool rounds_away(uint128 quotient, uint128 rest, uint128 divisor, bool negative,
                        enum rounding rounding)
{
    if (rest == 0)
        return false;
    /* rest < divisor <= 2^127, so the doubled rest fits. */
    uint128 twice = rest * 2;
    switch (rounding) {
    case ROUND_HALF_UP:
        return twice >= divisor;
    case ROUND_HALF_EVEN:
        return twice > divisor || (twice == divisor && (quotient & 1) != 0);
    case ROUND_DOWN:
        return false;
    case ROUND_UP:
        return true;
    case ROUND_FLOOR:
        return negative;
    }
    return false;
}

static bool magnitude_divide(uint128 magnitude, uint128 divisor, bool negative,
                             enum rounding rounding, int64_t *result)
{
    uint128 quotient, rest;
    if (magnitude <= UINT64_MAX && divisor <= UINT64_MAX) {
        /* Most amounts: one division of the machine instead of a library call. */
        quotient = (uint64_t)magnitude / (uint64_t)divisor;
        rest = (uint64_t)magnitude % (uint64_t)divisor;
    } else {
        quotient = magnitude / divisor;
        rest = magnitude - quotient * divisor;
    }
    quotient += rounds_away(quotient, rest, divisor, negative, rounding);
    return int64_from_magnitude(quotient, negative, result);
}

bool int64_multiply_divide(int64_t a, int64_t b, int64_t divisor, enum rounding rounding,
                           int64_t *result)
{
    if (divisor == 0)
        return false;
    bool negative = (a < 0) != ((b < 0) != (divisor < 0));
    uint128 product = (uint128)int64_magnitude(a) * int64_magnitude(b);
    return magnitude_divide(product, int64_magnitude(divisor), negative && product != 0, rounding,
                            result);
}

bool money_times_rate(int64_t minor, int64_t rate_1e9, enum rounding rounding, int64_t *result)
{
    return int64_multiply_divide(minor, rate_1e9, RATE_ONE, rounding, result);
}

bool money_convert(int64_t minor, struct currency from, struct currency to, int64_t fx_rate_1e9,
                   enum rounding rounding, int64_t *result)
{
    /* |minor * rate| < 2^126 and the decimals differ by 10^4 at most, so a product could pass 128
     * bits only beyond 2^112: such an amount overflows its target anyway unless it shrinks. */
    bool negative = (minor < 0) != (fx_rate_1e9 < 0);
    uint128 product = (uint128)int64_magnitude(minor) * int64_magnitude(fx_rate_1e9);
    uint128 divisor = (uint128)RATE_ONE;
    int shift = currency_decimals(to) - currency_decimals(from);
    if (shift < 0)
        divisor *= (uint128)powers_of_ten[-shift];
    else if (product > ~(uint128)0 / (uint128)powers_of_ten[shift])
        return false;
    else
        product *= (uint128)powers_of_ten[shift];
    return magnitude_divide(product, divisor, negative && product != 0, rounding, result);
}

enum { APPORTION_MAX = 4096 };

void int64_apportion(int64_t total, const int64_t *weights, size_t count, int64_t *parts)
{
    uint128 sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += weights[i] > 0 ? (uint64_t)weights[i] : 0;
    if (count == 0)
        return;
    if (sum == 0 || count > APPORTION_MAX) {
        memset(parts, 0, count * sizeof(parts[0]));
        parts[0] = total;
        return;
    }
    uint128 rest[APPORTION_MAX];
    uint64_t magnitude = int64_magnitude(total);
    uint64_t left = magnitude;
    for (size_t i = 0; i < count; i++) {
        uint128 product = weights[i] > 0 ? (uint128)magnitude * (uint64_t)weights[i] : 0;
        uint128 quotient = product / sum;
        rest[i] = product - quotient * sum;
        left -= (uint64_t)quotient;
        parts[i] = (int64_t)(uint64_t)quotient;
    }
    /* The rests add to left * sum, so fewer units are left than parts have a rest above zero. */
    for (; left > 0; left--) {
        size_t best = 0;
        for (size_t i = 1; i < count; i++) {
            if (rest[i] > rest[best])
                best = i;
        }
        parts[best] = (int64_t)((uint64_t)parts[best] + 1);
        rest[best] = 0;
    }
    if (total < 0) {
        for (size_t i = 0; i < count; i++)
            parts[i] = (int64_t)(-(uint64_t)parts[i]);
    }
}

bool money_parse(struct str text, struct currency currency, int64_t *minor)
{
    size_t i = 0;
    bool negative = text.length > 0 && text.text[0] == '-';
    if (negative)
        i++;
    int64_t value = 0; /* built downwards, as the most negative amount has no positive twin */
    size_t whole = 0;
    size_t decimals = 0;
    bool point = false;
    size_t decimals_max = (size_t)currency_decimals(currency);
    for (; i < text.length; i++) {
        char c = text.text[i];
        if (c == '.' && !point && whole > 0) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9')
            return false;
        if (point && ++decimals > decimals_max)
            return false;
        whole += !point;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, c - '0', &value))
            return false;
    }
    if (whole == 0 || (point && decimals == 0))
        return false;
    for (; decimals < decimals_max; decimals++) {
        if (__builtin_mul_overflow(value, 10, &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *minor = negative ? value : -value;
    return true;
}

void money_append(struct buf *buf, int64_t minor, struct currency currency)
{
    int64_append_scaled(buf, minor, currency_decimals(currency));
}

void int64_append_scaled(struct buf *buf, int64_t number, int decimals)
{
    char text[48];
    size_t at = sizeof(text);
    uint64_t rest = int64_magnitude(number);
    if (decimals < 0 || decimals > 18)
        decimals = 0;
    int written = 0;
    do {
        text[--at] = (char)('0' + rest % 10);
        rest /= 10;
        if (++written == decimals)
            text[--at] = '.';
    } while (rest != 0 || written <= decimals);
    if (number < 0)
        text[--at] = '-';
    buf_append(buf, (struct str){text + at, sizeof(text) - at});
}
