#include "core/str.h"

#include <string.h>

#include "core/arena.h"

struct str str_from_c(const char *text)
{
    return text == NULL ? (struct str){"", 0} : (struct str){text, strlen(text)};
}

bool str_equal(struct str a, struct str b)
{
    return a.length == b.length && (a.length == 0 || memcmp(a.text, b.text, a.length) == 0);
}

bool str_equal_c(struct str a, const char *b)
{
    return str_equal(a, str_from_c(b));
}

static unsigned char ascii_lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool str_equal_ascii_fold(struct str a, struct str b)
{
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++) {
        if (ascii_lower(a.text[i]) != ascii_lower(b.text[i]))
            return false;
    }
    return true;
}

int str_compare(struct str a, struct str b)
{
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.text, b.text, shorter);
    if (order != 0)
        return order;
    return (a.length > b.length) - (a.length < b.length);
}

bool str_starts_with(struct str text, struct str prefix)
{
    return text.length >= prefix.length &&
           str_equal((struct str){text.text, prefix.length}, prefix);
}

bool str_ends_with(struct str text, struct str suffix)
{
    return text.length >= suffix.length &&
           str_equal(str_slice(text, text.length - suffix.length, suffix.length), suffix);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str text)
{
    size_t start = 0;
    size_t end = text.length;
    while (start < end && is_blank(text.text[start]))
        start++;
    while (end > start && is_blank(text.text[end - 1]))
        end--;
    return str_slice(text, start, end - start);
}

struct str str_slice(struct str text, size_t start, size_t length)
{
    if (text.length == 0)
        return text;
    if (start > text.length)
        start = text.length;
    if (length > text.length - start)
        length = text.length - start;
    return (struct str){text.text + start, length};
}

size_t str_find_byte(struct str text, char byte)
{
    const char *found = text.length == 0 ? NULL : memchr(text.text, byte, text.length);
    return found == NULL ? text.length : (size_t)(found - text.text);
}

struct str str_copy(struct arena *arena, struct str text)
{
    char *copy = arena_alloc(arena, text.length + 1, 1);
    if (text.length > 0)
        memcpy(copy, text.text, text.length);
    return (struct str){copy, text.length};
}

/* How many bytes the well-formed UTF-8 sequence at `at` has; 0 when it is not well-formed.
 * Source: Unicode 15, table 3-7. */
static size_t utf8_sequence(const unsigned char *at, size_t left)
{
    unsigned char lead = at[0];
    if (lead < 0x80)
        return 1;
    if (lead < 0xC2 || lead > 0xF4)
        return 0;
    size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (left < length)
        return 0;
    unsigned char least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char most = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (at[1] < least || at[1] > most)
        return 0;
    for (size_t i = 2; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    }
    return length;
}

bool str_is_utf8(struct str text)
{
    const unsigned char *at = (const unsigned char *)text.text;
    size_t left = text.length;
    while (left > 0) {
        /* Eight ASCII bytes at a time: order files are mostly ASCII. */
        uint64_t eight;
        if (left >= sizeof(eight)) {
            memcpy(&eight, at, sizeof(eight));
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                at += sizeof(eight);
                left -= sizeof(eight);
                continue;
            }
        }
        size_t length = utf8_sequence(at, left);
        if (length == 0)
            return false;
        at += length;
        left -= length;
    }
    return true;
}

size_t str_utf8_cut(struct str text, size_t length_max)
{
    if (text.length <= length_max)
        return text.length;
    size_t cut = length_max;
    while (cut > 0 && ((unsigned char)text.text[cut] & 0xC0) == 0x80)
        cut--;
    return cut;
}

bool str_to_int64(struct str text, int64_t *value)
{
    size_t i = 0;
    bool negative = text.length > 0 && text.text[0] == '-';
    if (text.length > 0 && (text.text[0] == '-' || text.text[0] == '+'))
        i = 1;
    if (i == text.length)
        return false;
    int64_t number = 0;
    for (; i < text.length; i++) {
        if (text.text[i] < '0' || text.text[i] > '9')
            return false;
        int digit = text.text[i] - '0';
        /* Build downwards: the most negative number has no positive twin. */
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_sub_overflow(number, digit, &number))
            return false;
    }
    if (!negative && number == INT64_MIN)
        return false;
    *value = negative ? number : -number;
    return true;
}
