/* The values of compiled pages, by their place. */
#include "platform/web/html.h"

#include <string.h>

#include "core/date.h"
#include "platform/web/static_files.h"

/* What a byte becomes in text and in quoted attributes; NULL: itself. A carriage return would be
 * read as a line feed, and a zero byte as nothing. */
static const char *const escapes[256] = {
    ['&'] = "&amp;",  ['<'] = "&lt;",   ['>'] = "&gt;",          ['"'] = "&quot;",
    ['\''] = "&#39;", ['\r'] = "&#13;", ['\0'] = "\xEF\xBF\xBD",
};

static void put_escaped(struct buf *out, struct str value)
{
    size_t start = 0;
    for (size_t i = 0; i < value.length; i++) {
        const char *escape = escapes[(unsigned char)value.text[i]];
        if (escape == NULL)
            continue;
        buf_append(out, str_slice(value, start, i - start));
        buf_append_c(out, escape);
        start = i + 1;
    }
    buf_append(out, str_slice(value, start, value.length - start));
}

void html_put_str(struct page *page, struct str value)
{
    put_escaped(page->out, value);
}

void html_put_c(struct page *page, const char *value)
{
    put_escaped(page->out, str_from_c(value));
}

/* Digits with a comma before each three from the end; `digits` has no sign. */
static void put_grouped(struct buf *out, struct str digits)
{
    for (size_t i = 0; i < digits.length; i++) {
        if (i > 0 && (digits.length - i) % 3 == 0)
            buf_append_byte(out, ',');
        buf_append_byte(out, digits.text[i]);
    }
}

/* A decimal number with groups before its point. */
static void put_number(struct buf *out, struct str number)
{
    bool negative = number.length > 0 && number.text[0] == '-';
    struct str rest = str_slice(number, negative, number.length - negative);
    size_t whole = str_find_byte(rest, '.');
    if (negative)
        buf_append_c(out, "\xE2\x88\x92"); /* a minus sign, as wide as a plus */
    put_grouped(out, str_slice(rest, 0, whole));
    buf_append(out, str_slice(rest, whole, rest.length - whole));
}

static void put_scaled(struct buf *out, int64_t number, int decimals)
{
    struct buf digits;
    buf_init(&digits);
    int64_append_scaled(&digits, number, decimals);
    put_number(out, buf_str(&digits));
    buf_clear(&digits);
}

void html_put_int(struct page *page, int64_t value)
{
    if (value >= 0 && value < 1000) {
        buf_append_int64(page->out, value);
        return;
    }
    put_scaled(page->out, value, 0);
}

void html_put_id(struct page *page, struct id value)
{
    buf_append_int64(page->out, value.value);
}

void html_put_money(struct page *page, struct money value)
{
    put_escaped(page->out, str_from_c(value.currency.code));
    buf_append_c(page->out, "\xC2\xA0");
    put_scaled(page->out, value.minor, currency_decimals(value.currency));
}

static void put_day(struct buf *out, enum lang lang, int32_t day)
{
    char iso[11];
    date_format(day, iso);
    if (lang != LANG_ZH) {
        buf_append_c(out, iso);
        return;
    }
    struct civil civil = date_to_civil(day);
    buf_format(out, "%d年%d月%d日", (int)civil.year, (int)civil.month, (int)civil.day);
}

void html_put_day(struct page *page, struct day value)
{
    put_day(page->out, page->lang, value.day);
}

enum { MINUTE_MS = 60000, MINUTES_PER_DAY = 1440 };

/* Whole minutes since 1970-01-01, rounded down also before it. */
static int64_t minutes_of(int64_t ms)
{
    return ms / MINUTE_MS - (ms % MINUTE_MS < 0);
}

void html_put_moment(struct page *page, struct moment value)
{
    int64_t minutes = minutes_of(value.ms) + page->zone_minutes;
    int64_t day = minutes / MINUTES_PER_DAY - (minutes % MINUTES_PER_DAY < 0);
    int minute = (int)(minutes - day * MINUTES_PER_DAY);
    html_put_day(page, (struct day){(int32_t)day});
    buf_format(page->out, " %02d:%02d", minute / 60, minute % 60);
}

void html_put_share(struct page *page, struct share value)
{
    int64_t tenths = 0; /* of a percent */
    if (!int64_multiply_divide(value.rate_1e9, 1000, 1000000000, ROUND_HALF_UP, &tenths))
        tenths = 0;
    put_scaled(page->out, tenths, 1);
    buf_append_c(page->out, "\xC2\xA0%");
}

void html_put_scaled(struct page *page, struct scaled value)
{
    if (value.number == SCALED_NONE)
        buf_append_c(page->out, "\xE2\x80\x93");
    else
        put_scaled(page->out, value.number, value.decimals);
}

void html_put_html(struct page *page, struct html value)
{
    buf_append(page->out, value.markup);
}

void html_attribute_str(struct page *page, struct str value)
{
    put_escaped(page->out, value);
}

void html_attribute_c(struct page *page, const char *value)
{
    put_escaped(page->out, str_from_c(value));
}

void html_attribute_int(struct page *page, int64_t value)
{
    buf_append_int64(page->out, value);
}

void html_attribute_id(struct page *page, struct id value)
{
    buf_append_int64(page->out, value.value);
}

/* "1234.50": what an <input> takes. */
void html_attribute_money(struct page *page, struct money value)
{
    money_append(page->out, value.minor, value.currency);
}

void html_attribute_day(struct page *page, struct day value)
{
    char iso[11];
    date_format(value.day, iso);
    buf_append_c(page->out, iso);
}

/* "2026-03-31T06:05Z": what <time datetime> takes. */
void html_attribute_moment(struct page *page, struct moment value)
{
    int64_t minutes = minutes_of(value.ms);
    int64_t day = minutes / MINUTES_PER_DAY - (minutes % MINUTES_PER_DAY < 0);
    int minute = (int)(minutes - day * MINUTES_PER_DAY);
    html_attribute_day(page, (struct day){(int32_t)day});
    buf_format(page->out, "T%02d:%02dZ", minute / 60, minute % 60);
}

void html_attribute_scaled(struct page *page, struct scaled value)
{
    if (value.number != SCALED_NONE)
        int64_append_scaled(page->out, value.number, value.decimals);
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void html_address_str(struct page *page, struct str value)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.text[i];
        if (is_unreserved(c)) {
            buf_append_byte(page->out, (char)c);
            continue;
        }
        buf_append_byte(page->out, '%');
        buf_append_byte(page->out, hex[c >> 4]);
        buf_append_byte(page->out, hex[c & 15]);
    }
}

void html_address_c(struct page *page, const char *value)
{
    html_address_str(page, str_from_c(value));
}

void html_address_int(struct page *page, int64_t value)
{
    buf_append_int64(page->out, value);
}

void html_address_id(struct page *page, struct id value)
{
    buf_append_int64(page->out, value.value);
}

void html_address_day(struct page *page, struct day value)
{
    html_attribute_day(page, value);
}

void html_segment_str(struct page *page, struct str value)
{
    if (value.length == 0 || str_equal_c(value, ".") || str_equal_c(value, ".."))
        value = STR("\xEF\xBF\xBD");
    html_address_str(page, value);
}

void html_segment_c(struct page *page, const char *value)
{
    html_segment_str(page, str_from_c(value));
}

void html_prefix(struct page *page)
{
    put_escaped(page->out, page->prefix);
}

void html_address_link(struct page *page, struct link value)
{
    html_prefix(page);
    put_escaped(page->out, value.address);
}

/* A "<" can only stand inside a string of JSON, where its escape means the same and no "</script"
 * or "<!--" is left. */
void html_json(struct page *page, struct json_text value)
{
    size_t start = 0;
    for (size_t i = 0; i < value.text.length; i++) {
        if (value.text.text[i] != '<')
            continue;
        buf_append(page->out, str_slice(value.text, start, i - start));
        buf_append_c(page->out, "\\u003c");
        start = i + 1;
    }
    buf_append(page->out, str_slice(value.text, start, value.text.length - start));
}

void html_static(struct page *page, const char *path)
{
    struct str whole = str_from_c(path);
    size_t end = str_find_byte(whole, '#');
    size_t head = sizeof("/static/") - 1;
    html_prefix(page);
    put_escaped(page->out, str_slice(whole, 0, end));
    const struct web_file *file = static_file_find(str_slice(whole, head, end - head));
    if (file != NULL) {
        struct str tag = str_from_c(file->etag); /* with its quotes */
        buf_append_c(page->out, "?v=");
        buf_append(page->out, str_slice(tag, 1, tag.length - 2));
    }
    put_escaped(page->out, str_slice(whole, end, whole.length - end));
}

void html_form_token(struct page *page)
{
    buf_append_c(page->out, "<input type=\"hidden\" name=\"form_token\" value=\"");
    put_escaped(page->out, page->form_token);
    buf_append_c(page->out, "\">");
}

struct err_arg html_argument_str(struct str value)
{
    return ERR_TEXT(value);
}

struct err_arg html_argument_c(const char *value)
{
    return ERR_CTEXT(value);
}

struct err_arg html_argument_int(int64_t value)
{
    return ERR_INT(value);
}

struct err_arg html_argument_day(struct day value)
{
    return ERR_DATE(value.day);
}

/* What was appended from `start` on is escaped where it stands: it moves up by as much as the
 * escapes are longer, from its end on. */
static void escape_from(struct buf *out, size_t start)
{
    size_t extra = 0;
    for (size_t i = start; i < out->length; i++) {
        const char *escape = escapes[(unsigned char)out->text[i]];
        extra += escape == NULL ? 0 : strlen(escape) - 1;
    }
    if (extra == 0)
        return;
    (void)buf_reserve(out, extra);
    size_t from = out->length;
    size_t to = out->length + extra;
    out->length = to;
    while (from > start) {
        const char *escape = escapes[(unsigned char)out->text[--from]];
        size_t length = escape == NULL ? 1 : strlen(escape);
        to -= length;
        if (escape == NULL)
            out->text[to] = out->text[from];
        else
            memcpy(out->text + to, escape, length);
    }
}

enum { TEXT_ARGUMENTS_MAX = 10, GROUPED_FROM = 10000 };

/* Does this argument of a text have a form of its own in the reader's language? A number of four
 * digits may be a year and stays as it is. */
static bool has_form(const struct err_arg *argument)
{
    bool long_number = argument->number >= GROUPED_FROM || argument->number < 0;
    return argument->kind == ERR_ARG_DATE || (argument->kind == ERR_ARG_INT && long_number);
}

/* The same text with numbers grouped and dates as the reader writes them. */
static void text_in_form(struct page *page, const char *key, const struct err_arg *arguments,
                         size_t count)
{
    struct err_arg written[TEXT_ARGUMENTS_MAX];
    size_t ends[TEXT_ARGUMENTS_MAX];
    struct buf forms;
    buf_init(&forms);
    for (size_t i = 0; i < count; i++) {
        if (has_form(&arguments[i]) && arguments[i].kind == ERR_ARG_INT)
            put_scaled(&forms, arguments[i].number, 0);
        else if (has_form(&arguments[i]))
            put_day(&forms, page->lang, (int32_t)arguments[i].number);
        ends[i] = forms.length;
    }
    for (size_t i = 0; i < count; i++) {
        size_t start = i == 0 ? 0 : ends[i - 1];
        written[i] = arguments[i];
        if (has_form(&arguments[i]))
            written[i] = ERR_TEXT(str_slice(buf_str(&forms), start, ends[i] - start));
    }
    text_append(page->out, page->lang, key, written, count);
    buf_clear(&forms);
}

void html_text(struct page *page, const char *key, const struct err_arg *arguments, size_t count)
{
    size_t start = page->out->length;
    bool plain = true;
    for (size_t i = 0; i < count; i++)
        plain = plain && !has_form(&arguments[i]);
    if (plain || count > TEXT_ARGUMENTS_MAX)
        text_append(page->out, page->lang, key, arguments, count);
    else
        text_in_form(page, key, arguments, count);
    escape_from(page->out, start);
}

void html_put_problem(struct page *page, const struct problem *value)
{
    size_t start = page->out->length;
    struct problem bare = *value;
    bare.place[0] = '\0';
    text_append_problem(page->out, page->lang, &bare);
    escape_from(page->out, start);
}
