/* The growing half of core/str.h: buf, and numbers to and from text. */
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/str.h"

/* The tests for NULL tell gcc's warnings, under UBSan, that no NULL is formatted. */
struct str str_format(struct arena *arena, const char *format, ...)
{
    if (format == NULL)
        return str_copy(arena, STR(""));
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        return str_copy(arena, STR(""));
    char *text = arena_alloc(arena, (size_t)length + 1, 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return (struct str){text, (size_t)length};
}

/* Digits of a decimal number, with what is needed to convert it exactly. */
struct decimal {
    uint64_t digits; /* significant digits, valid when count <= 19 */
    int count;       /* of significant digits, leading zeros not counted */
    int64_t power;   /* value = digits * 10^power */
    bool negative;
};

static bool is_digit(struct str text, size_t i)
{
    return i < text.length && text.text[i] >= '0' && text.text[i] <= '9';
}

static void decimal_take(struct decimal *decimal, char digit)
{
    if (decimal->count == 0 && digit == '0')
        return;
    if (decimal->count < 19)
        decimal->digits = decimal->digits * 10 + (uint64_t)(digit - '0');
    decimal->count++;
}

/* [+-] digits [. digits] [e [+-] digits], with digits on one side of the point at least. */
static bool decimal_scan(struct str text, struct decimal *decimal)
{
    size_t i = 0;
    *decimal = (struct decimal){0};
    if (i < text.length && (text.text[i] == '-' || text.text[i] == '+')) {
        decimal->negative = text.text[i] == '-';
        i++;
    }
    size_t digits_seen = 0;
    for (; is_digit(text, i); i++, digits_seen++)
        decimal_take(decimal, text.text[i]);
    if (i < text.length && text.text[i] == '.') {
        i++;
        for (; is_digit(text, i); i++, digits_seen++) {
            decimal_take(decimal, text.text[i]);
            decimal->power--;
        }
    }
    if (digits_seen == 0)
        return false;
    if (i < text.length && (text.text[i] == 'e' || text.text[i] == 'E')) {
        i++;
        bool minus = i < text.length && text.text[i] == '-';
        if (i < text.length && (text.text[i] == '-' || text.text[i] == '+'))
            i++;
        if (!is_digit(text, i))
            return false;
        int64_t exponent = 0;
        for (; is_digit(text, i); i++) {
            if (exponent < 1000000)
                exponent = exponent * 10 + (text.text[i] - '0');
        }
        decimal->power += minus ? -exponent : exponent;
    }
    return i == text.length;
}

/* The C library's conversion is correctly rounded; it wants a zero byte and the C locale. */
static bool double_by_library(struct str text, double *value)
{
    char small[64];
    char *copy = text.length < sizeof(small) ? small : malloc(text.length + 1);
    if (copy == NULL)
        abort();
    memcpy(copy, text.text, text.length);
    copy[text.length] = '\0';
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double number = strtod_l(copy, NULL, c_locale);
    freelocale(c_locale);
    if (copy != small)
        free(copy);
    if (!isfinite(number))
        return false;
    *value = number;
    return true;
}

bool str_to_double(struct str text, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    struct decimal decimal;
    if (!decimal_scan(text, &decimal))
        return false;
    /* Both operands are exact, so one IEEE operation rounds correctly. Source: Clinger 1990, "How
     * to read floating point numbers accurately". */
    if (decimal.count > 15 || decimal.power < -22 || decimal.power > 22)
        return double_by_library(text, value);
    double number = (double)decimal.digits;
    number = decimal.power < 0 ? number / powers[-decimal.power] : number * powers[decimal.power];
    *value = decimal.negative ? -number : number;
    return true;
}

void buf_init(struct buf *buf)
{
    *buf = (struct buf){0};
}

void buf_clear(struct buf *buf)
{
    free(buf->text);
    buf_init(buf);
}

void buf_reset(struct buf *buf)
{
    buf->length = 0;
}

char *buf_reserve(struct buf *buf, size_t extra)
{
    if (extra > SIZE_MAX / 2 - buf->length) {
        fprintf(stderr, "sampan: out of memory\n");
        abort();
    }
    size_t need = buf->length + extra;
    if (need > buf->capacity || buf->text == NULL) {
        size_t capacity = buf->capacity < 64 ? 64 : buf->capacity * 2;
        if (capacity < need)
            capacity = need;
        char *text = realloc(buf->text, capacity);
        if (text == NULL) {
            fprintf(stderr, "sampan: out of memory\n");
            abort();
        }
        buf->text = text;
        buf->capacity = capacity;
    }
    return buf->text + buf->length;
}

void buf_append(struct buf *buf, struct str text)
{
    if (text.length == 0)
        return;
    memcpy(buf_reserve(buf, text.length), text.text, text.length);
    buf->length += text.length;
}

void buf_append_c(struct buf *buf, const char *text)
{
    buf_append(buf, str_from_c(text));
}

void buf_append_byte(struct buf *buf, char byte)
{
    *buf_reserve(buf, 1) = byte;
    buf->length++;
}

void buf_append_int64(struct buf *buf, int64_t value)
{
    char digits[20];
    size_t at = sizeof(digits);
    uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0)
        digits[--at] = '-';
    buf_append(buf, (struct str){digits + at, sizeof(digits) - at});
}

/* A locale may print its own point, even of several bytes; make it "." again. */
static size_t point_normalise(char *text, size_t length)
{
    size_t out = 0;
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        bool plain = (c >= '0' && c <= '9') || c == '-' || c == '+' || c == 'e';
        if (plain)
            text[out++] = c;
        else if (out == 0 || text[out - 1] != '.')
            text[out++] = '.';
    }
    return out;
}

void buf_append_double(struct buf *buf, double value)
{
    if (isnan(value)) {
        buf_append_c(buf, "nan");
        return;
    }
    if (isinf(value)) {
        buf_append_c(buf, value < 0 ? "-inf" : "inf");
        return;
    }
    char text[48];
    for (int digits = 15; digits <= 17; digits++) {
        int written = snprintf(text, sizeof(text), "%.*g", digits, value);
        size_t length = point_normalise(text, (size_t)written);
        double back;
        if (digits == 17 || (str_to_double((struct str){text, length}, &back) && back == value)) {
            buf_append(buf, (struct str){text, length});
            return;
        }
    }
}

void buf_format(struct buf *buf, const char *format, ...)
{
    if (format == NULL)
        return;
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length <= 0)
        return;
    char *text = buf_reserve(buf, (size_t)length + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    buf->length += (size_t)length;
}

struct str buf_str(const struct buf *buf)
{
    return buf->text == NULL ? (struct str){"", 0} : (struct str){buf->text, buf->length};
}
