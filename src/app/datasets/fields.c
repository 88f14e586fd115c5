#include "app/datasets/fields.h"

#include <string.h>

#include "app/datasets/datasets.h"
#include "core/date.h"

enum { PRICE_DECIMALS = 4, YEAR_FIRST = 1970, YEAR_LAST = 2149 };

static bool is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

/* Sign of a number and what is left of it. */
static bool take_sign(struct str *text)
{
    if (text->length == 0 || (text->text[0] != '-' && text->text[0] != '+'))
        return false;
    bool negative = text->text[0] == '-';
    text->text++;
    text->length--;
    return negative;
}

/* Digits with an optional point as a whole number scaled by 10^decimals; 17 digits before the
 * point at most, so that nothing can overflow before it is compared with a limit. */
static bool take_decimal(struct str text, int decimals, int64_t *value)
{
    int64_t number = 0;
    size_t at = 0;
    while (at < text.length && is_digit(text.text[at])) {
        number = number * 10 + (text.text[at] - '0');
        if (number > DATASET_PRICE_E4_MAX)
            return false;
        at++;
    }
    size_t digits = at;
    int scale = 0;
    if (at < text.length && text.text[at] == '.') {
        at++;
        for (; at < text.length && is_digit(text.text[at]); at++, digits++) {
            if (number > DATASET_PRICE_E4_MAX)
                return false;
            if (scale < decimals) {
                number = number * 10 + (text.text[at] - '0');
                scale++;
            } else if (text.text[at] != '0') {
                return false;
            }
        }
    }
    if (digits == 0 || at != text.length)
        return false;
    for (; scale < decimals; scale++) {
        if (number > DATASET_PRICE_E4_MAX)
            return false;
        number *= 10;
    }
    *value = number;
    return true;
}

bool field_price_e4(struct str text, int64_t *price_e4)
{
    text = str_trim(text);
    bool negative = take_sign(&text);
    int64_t value = 0;
    if (!take_decimal(text, PRICE_DECIMALS, &value) || value > DATASET_PRICE_E4_MAX)
        return false;
    *price_e4 = negative ? -value : value;
    return true;
}

bool field_quantity(struct str text, int32_t *quantity)
{
    text = str_trim(text);
    bool negative = take_sign(&text);
    int64_t value = 0;
    if (!take_decimal(text, 0, &value) || value > DATASET_QUANTITY_MAX)
        return false;
    *quantity = (int32_t)(negative ? -value : value);
    return true;
}

/* A cell being read from the left. */
struct scan {
    const char *at;
    const char *end;
};

/* `least` .. `most` digits as a number; -1 when they are not there. */
static int take_digits(struct scan *scan, int least, int most)
{
    int value = 0;
    int count = 0;
    while (count < most && scan->at < scan->end && is_digit(*scan->at)) {
        value = value * 10 + (*scan->at++ - '0');
        count++;
    }
    return count < least ? -1 : value;
}

static bool take_byte(struct scan *scan, char byte)
{
    if (scan->at == scan->end || *scan->at != byte)
        return false;
    scan->at++;
    return true;
}

static bool take_date_iso(struct scan *scan, struct civil *civil)
{
    civil->year = take_digits(scan, 4, 4);
    if (!take_byte(scan, '-'))
        return false;
    civil->month = take_digits(scan, 2, 2);
    if (!take_byte(scan, '-'))
        return false;
    civil->day = take_digits(scan, 2, 2);
    return true;
}

static bool take_date_us(struct scan *scan, struct civil *civil)
{
    civil->month = take_digits(scan, 1, 2);
    if (!take_byte(scan, '/'))
        return false;
    civil->day = take_digits(scan, 1, 2);
    if (!take_byte(scan, '/'))
        return false;
    const char *year = scan->at;
    civil->year = take_digits(scan, 2, 4);
    if (scan->at - year == 3)
        return false;
    if (scan->at - year == 2)
        civil->year += 2000;
    return true;
}

/* 8:26, 08:26:00, 08:26:00.123 */
static bool take_time(struct scan *scan, int16_t *minute)
{
    int hour = take_digits(scan, 1, 2);
    if (hour < 0 || hour > 23 || !take_byte(scan, ':'))
        return false;
    int minutes = take_digits(scan, 2, 2);
    if (minutes < 0 || minutes > 59)
        return false;
    *minute = (int16_t)(hour * 60 + minutes);
    if (!take_byte(scan, ':'))
        return true;
    int second = take_digits(scan, 2, 2);
    if (second < 0 || second > 60)
        return false;
    if (take_byte(scan, '.') && take_digits(scan, 1, 9) < 0)
        return false;
    return true;
}

static bool take_offset(struct scan *scan)
{
    take_byte(scan, ' ');
    if (scan->at == scan->end || take_byte(scan, 'Z'))
        return true;
    if (scan->end - scan->at == 3 && memcmp(scan->at, "UTC", 3) == 0) {
        scan->at = scan->end;
        return true;
    }
    if (!take_byte(scan, '+') && !take_byte(scan, '-'))
        return false;
    int hour = take_digits(scan, 2, 2);
    take_byte(scan, ':');
    int minute = take_digits(scan, 2, 2);
    return hour >= 0 && hour <= 14 && minute >= 0 && minute <= 59;
}

bool field_stamp(struct str text, enum field_dates dates, int32_t *day, int16_t *minute)
{
    text = str_trim(text);
    struct scan scan = {text.text, text.text + text.length};
    struct civil civil = {0};
    bool us = dates == FIELD_DATES_ISO_OR_US && (str_find_byte(text, '/') < text.length);
    if (us ? !take_date_us(&scan, &civil) : !take_date_iso(&scan, &civil))
        return false;
    if (!civil_is_valid(civil) || civil.year < YEAR_FIRST || civil.year > YEAR_LAST)
        return false;
    *minute = -1;
    if (scan.at < scan.end) {
        if (!take_byte(&scan, ' ') && !take_byte(&scan, 'T'))
            return false;
        if (!take_time(&scan, minute) || !take_offset(&scan) || scan.at != scan.end)
            return false;
    }
    *day = date_from_civil(civil);
    return true;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
    uint128 product =
        (uint128)(a ^ UINT64_C(0x9e3779b97f4a7c15)) * (b ^ UINT64_C(0xbf58476d1ce4e5b9));
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t load(const char *text, size_t length)
{
    uint64_t word = 0;
    memcpy(&word, text, length);
    return word;
}

/* Letters A-Z of eight bytes at once become a-z. */
static uint64_t fold(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t low = word & (ones * 0x7f);
    uint64_t above_z = low + ones * (0x7f - 'Z');
    uint64_t from_a = low + ones * (0x80 - 'A');
    uint64_t letters = from_a & ~above_z & ~word & (ones * 0x80);
    return word | (letters >> 2);
}

static inline __attribute__((always_inline)) uint64_t hash(struct str text, uint64_t seed,
                                                           bool folded)
{
    uint64_t state = mix(seed, text.length);
    size_t at = 0;
    for (; at + 16 <= text.length; at += 16) {
        uint64_t a = load(text.text + at, 8);
        uint64_t b = load(text.text + at + 8, 8);
        state = mix(state ^ (folded ? fold(a) : a), folded ? fold(b) : b);
    }
    size_t left = text.length - at;
    uint64_t a = 0;
    uint64_t b = 0;
    if (left > 8) {
        a = load(text.text + at, 8);
        b = load(text.text + at + 8, left - 8);
    } else if (left > 0) {
        a = load(text.text + at, left);
    }
    state = mix(state ^ (folded ? fold(a) : a), folded ? fold(b) : b);
    return mix(state, seed ^ text.length);
}

uint64_t field_hash(struct str text, uint64_t seed)
{
    return hash(text, seed, false);
}

uint64_t field_hash_fold(struct str text, uint64_t seed)
{
    return hash(text, seed, true);
}
