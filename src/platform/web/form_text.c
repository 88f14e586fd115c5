#include "platform/web/form_text.h"

#include <string.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#include "core/arena.h"
#include "core/date.h"

/* One code point of valid UTF-8. */
static uint32_t next_point(struct str text, size_t *at)
{
    unsigned char lead = (unsigned char)text.text[(*at)++];
    if (lead < 0x80)
        return lead;
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    uint32_t code = lead & (0x3FU >> more);
    for (; more > 0; more--)
        code = code << 6 | ((unsigned char)text.text[(*at)++] & 0x3FU);
    return code;
}

int64_t form_text_length(struct str text)
{
    int64_t count = 0;
    for (size_t i = 0; i < text.length; i++)
        count += ((unsigned char)text.text[i] & 0xC0) != 0x80;
    return count;
}

static bool point_is_kept(uint32_t point, bool lines)
{
    if (point < 0x20)
        return lines && (point == '\n' || point == '\t');
    if (point >= 0x7F && point <= 0x9F)
        return false;
    if (point == 0x2028 || point == 0x2029 || point == 0xFEFF)
        return false; /* separators and the byte order mark */
    if ((point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069))
        return false; /* they make text look other than it is */
    if ((point >= 0xFDD0 && point <= 0xFDEF) || (point & 0xFFFE) == 0xFFFE)
        return false;                          /* no characters */
    return point < 0xE0000 || point > 0xE007F; /* invisible tags */
}

/* Points that no normalisation changes and that join nothing: most of what is typed. */
static bool point_is_plain(uint32_t point)
{
    return point < 0x300 || (point >= 0x3400 && point <= 0x9FFF) ||
           (point >= 0x3000 && point <= 0x3029) || (point >= 0xFF01 && point <= 0xFF5E);
}

static struct str lines_unite(struct arena *arena, struct str text)
{
    if (str_find_byte(text, '\r') == text.length)
        return text;
    char *out = arena_alloc(arena, text.length + 1, 1);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.text[i] != '\r')
            out[length++] = text.text[i];
        else if (i + 1 == text.length || text.text[i + 1] != '\n')
            out[length++] = '\n';
    }
    return (struct str){out, length};
}

/* NFC may triple the length of a text at most (Unicode Annex 15, stability of expansion). */
enum { NFC_EXPANSION = 3 };

static bool normalize(struct arena *arena, struct str text, struct str *normal)
{
    UErrorCode error = U_ZERO_ERROR;
    const UNormalizer2 *nfc = unorm2_getNFCInstance(&error);
    int32_t capacity = (int32_t)text.length + 1;
    int32_t length = 0;
    UChar *wide = ARENA_ARRAY(arena, UChar, (size_t)capacity);
    UChar *composed = ARENA_ARRAY(arena, UChar, (size_t)capacity * NFC_EXPANSION);
    u_strFromUTF8(wide, capacity, &length, text.text, (int32_t)text.length, &error);
    length = unorm2_normalize(nfc, wide, length, composed, capacity * NFC_EXPANSION, &error);
    if (U_FAILURE(error))
        return false;
    char *out = arena_alloc(arena, (size_t)length * 3 + 1, 1);
    int32_t bytes = 0;
    u_strToUTF8(out, length * 3 + 1, &bytes, composed, length, &error);
    *normal = (struct str){out, (size_t)bytes};
    return U_SUCCESS(error);
}

bool form_text_clean(struct arena *arena, struct str text, bool lines, struct str *clean)
{
    bool plain = true;
    if (lines)
        text = lines_unite(arena, text);
    for (size_t at = 0; at < text.length;) {
        uint32_t point = next_point(text, &at);
        if (!point_is_kept(point, lines))
            return false;
        plain = plain && point_is_plain(point);
    }
    *clean = text;
    return plain || normalize(arena, text, clean);
}

static const struct str wide_blank = {"\xE3\x80\x80", 3};

struct str form_text_trim(struct str text)
{
    size_t before;
    do {
        before = text.length;
        text = str_trim(text);
        if (str_starts_with(text, wide_blank))
            text = str_slice(text, wide_blank.length, text.length);
        if (str_ends_with(text, wide_blank))
            text.length -= wide_blank.length;
    } while (text.length != before);
    return text;
}

struct str form_text_narrow(struct arena *arena, struct str text)
{
    char *out = arena_alloc(arena, text.length + 1, 1);
    size_t length = 0;
    for (size_t at = 0; at < text.length;) {
        size_t start = at;
        uint32_t point = next_point(text, &at);
        if (point >= 0xFF01 && point <= 0xFF5E) {
            out[length++] = (char)(point - 0xFF01 + 0x21);
        } else if (point == 0x2212) {
            out[length++] = '-';
        } else {
            memcpy(out + length, text.text + start, at - start);
            length += at - start;
        }
    }
    return form_text_trim((struct str){out, length});
}

/* Digits at the head of the text; false when there are none or too many. */
static bool digits_take(struct str *text, int most, int32_t *value)
{
    int count = 0;
    *value = 0;
    while (text->length > 0 && text->text[0] >= '0' && text->text[0] <= '9') {
        if (++count > most)
            return false;
        *value = *value * 10 + (text->text[0] - '0');
        *text = str_slice(*text, 1, text->length);
    }
    return count > 0;
}

static bool take(struct str *text, const char *mark)
{
    struct str wanted = str_from_c(mark);
    if (!str_starts_with(*text, wanted))
        return false;
    *text = str_slice(*text, wanted.length, text->length);
    return true;
}

bool form_day_read(struct str text, int32_t *day)
{
    static const struct {
        const char *year, *month, *day;
    } forms[] = {
        {"-", "-", ""},
        {"/", "/", ""},
        {".", ".", ""},
        {"\xE5\xB9\xB4", "\xE6\x9C\x88", "\xE6\x97\xA5"},
    };
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        struct civil civil;
        struct str rest = text;
        if (digits_take(&rest, 4, &civil.year) && take(&rest, forms[i].year) &&
            digits_take(&rest, 2, &civil.month) && take(&rest, forms[i].month) &&
            digits_take(&rest, 2, &civil.day) && take(&rest, forms[i].day) && rest.length == 0 &&
            civil.year >= 1000 && civil_is_valid(civil)) {
            *day = date_from_civil(civil);
            return true;
        }
    }
    return false;
}
