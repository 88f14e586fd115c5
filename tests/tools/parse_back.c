#include "parse_back.h"

#include <string.h>

enum { OPEN_MAX = 128 };

struct reader {
    struct arena *arena;
    struct str html;
    size_t i;
    struct parsed *parsed;
    struct str open[OPEN_MAX];
    int depth;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char at(const struct reader *reader, size_t i)
{
    return i < reader->html.length ? reader->html.text[i] : '\0';
}

static void fault(struct reader *reader, const char *what)
{
    if (reader->parsed->fault == NULL)
        reader->parsed->fault = what;
}

static void put_code(struct buf *out, uint32_t code)
{
    if (code < 0x80) {
        buf_append_byte(out, (char)code);
    } else if (code < 0x800) {
        buf_append_byte(out, (char)(0xC0 | code >> 6));
        buf_append_byte(out, (char)(0x80 | (code & 0x3F)));
    } else {
        buf_append_byte(out, (char)(0xE0 | code >> 12));
        buf_append_byte(out, (char)(0x80 | (code >> 6 & 0x3F)));
        buf_append_byte(out, (char)(0x80 | (code & 0x3F)));
    }
}

/* The reference at the head of `text`; 0 bytes when it is none that this parser knows. */
static size_t reference(struct buf *out, struct str text)
{
    static const struct {
        const char *name;
        uint32_t code;
    } names[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&nbsp;", 0xA0}};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_starts_with(text, str_from_c(names[i].name))) {
            put_code(out, names[i].code);
            return strlen(names[i].name);
        }
    }
    if (!str_starts_with(text, STR("&#")))
        return 0;
    uint32_t code = 0;
    size_t i = 2;
    for (; i < text.length && text.text[i] >= '0' && text.text[i] <= '9' && code < 0xFFFF; i++)
        code = code * 10 + (uint32_t)(text.text[i] - '0');
    if (i == 2 || i >= text.length || text.text[i] != ';' || code == 0 || code > 0xFFFF)
        return 0;
    put_code(out, code);
    return i + 1;
}

/* References resolved; a bare CR or CR LF is a line feed, a zero byte the replacement character. */
static struct str resolved(struct reader *reader, struct str text)
{
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < text.length;) {
        size_t taken = text.text[i] == '&' ? reference(&out, str_slice(text, i, text.length)) : 0;
        if (taken > 0) {
            i += taken;
            continue;
        }
        char c = text.text[i++];
        if (c == '\r') {
            buf_append_byte(&out, '\n');
            i += i < text.length && text.text[i] == '\n';
        } else if (c == '\0') {
            buf_append_c(&out, "\xEF\xBF\xBD");
        } else {
            buf_append_byte(&out, c);
        }
    }
    struct str copy = str_copy(reader->arena, buf_str(&out));
    buf_clear(&out);
    return copy;
}

static void value_add(struct reader *reader, struct str element, struct str attribute,
                      struct str value)
{
    if (reader->parsed->count == PARSED_MAX)
        return;
    reader->parsed->values[reader->parsed->count++] =
        (struct parsed_value){element, attribute, value};
}

static struct str lower(struct reader *reader, struct str text)
{
    char *copy = arena_alloc(reader->arena, text.length + 1, 1);
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        copy[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
    }
    return (struct str){copy, text.length};
}

static bool is_void(struct str name)
{
    static const char *const names[] = {"br",  "col",  "hr",   "img",   "input",  "link", "meta",
                                        "wbr", "base", "area", "embed", "source", "track"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_equal_c(name, names[i]))
            return true;
    }
    return false;
}

static struct str innermost(const struct reader *reader)
{
    return reader->depth > 0 ? reader->open[reader->depth - 1] : STR("");
}

static void text_until(struct reader *reader, size_t end, bool resolve)
{
    struct str text = str_slice(reader->html, reader->i, end - reader->i);
    struct str element = innermost(reader);
    bool drops = str_equal_c(element, "textarea") || str_equal_c(element, "pre");
    if (drops && text.length > 0 && text.text[0] == '\n' && reader->html.text[reader->i - 1] == '>')
        text = str_slice(text, 1, text.length);
    if (end > reader->i)
        value_add(reader, element, STR(""), resolve ? resolved(reader, text) : text);
    reader->i = end;
}

/* Index of "</name" followed by a blank, "/" or ">", or the end. */
static size_t end_tag_of(const struct reader *reader, struct str name)
{
    for (size_t i = reader->i; i + name.length + 2 <= reader->html.length; i++) {
        if (at(reader, i) != '<' || at(reader, i + 1) != '/')
            continue;
        char after = at(reader, i + 2 + name.length);
        if (str_equal_ascii_fold(str_slice(reader->html, i + 2, name.length), name) &&
            (is_blank(after) || after == '/' || after == '>'))
            return i;
    }
    return reader->html.length;
}

static struct str attribute_value(struct reader *reader)
{
    char quote = at(reader, reader->i);
    size_t start = reader->i;
    if (quote == '"' || quote == '\'') {
        start = ++reader->i;
        while (reader->i < reader->html.length && at(reader, reader->i) != quote)
            reader->i++;
        struct str value = str_slice(reader->html, start, reader->i - start);
        reader->i++;
        return resolved(reader, value);
    }
    fault(reader, "a value without quotes");
    while (reader->i < reader->html.length && !is_blank(at(reader, reader->i)) &&
           at(reader, reader->i) != '>')
        reader->i++;
    return resolved(reader, str_slice(reader->html, start, reader->i - start));
}

static void attribute(struct reader *reader, struct str element, size_t first)
{
    size_t start = reader->i;
    while (reader->i < reader->html.length && !is_blank(at(reader, reader->i)) &&
           strchr("/>=", at(reader, reader->i)) == NULL)
        reader->i++;
    struct str name = lower(reader, str_slice(reader->html, start, reader->i - start));
    if (name.length == 0) {
        fault(reader, "an attribute without a name");
        reader->i++;
        return;
    }
    for (size_t i = first; i < reader->parsed->count; i++) {
        if (str_equal(reader->parsed->values[i].attribute, name))
            fault(reader, "an attribute twice");
    }
    struct str value = STR("");
    if (at(reader, reader->i) == '=') {
        reader->i++;
        value = attribute_value(reader);
        char after = at(reader, reader->i);
        if (!is_blank(after) && after != '>' && after != '/')
            fault(reader, "no blank behind a value");
    }
    buf_format(&reader->parsed->shape, " %.*s", (int)name.length, name.text);
    value_add(reader, element, name, value);
}

static void start_tag(struct reader *reader)
{
    size_t start = ++reader->i;
    while (reader->i < reader->html.length && !is_blank(at(reader, reader->i)) &&
           at(reader, reader->i) != '/' && at(reader, reader->i) != '>')
        reader->i++;
    struct str name = lower(reader, str_slice(reader->html, start, reader->i - start));
    buf_format(&reader->parsed->shape, "<%.*s", (int)name.length, name.text);
    size_t first = reader->parsed->count;
    bool closes = false;
    for (;;) {
        char c = at(reader, reader->i);
        if (reader->i >= reader->html.length) {
            fault(reader, "the end inside a tag");
            return;
        }
        if (c == '>')
            break;
        closes = c == '/';
        if (is_blank(c) || c == '/')
            reader->i++;
        else
            attribute(reader, name, first);
    }
    reader->i++;
    buf_append_byte(&reader->parsed->shape, '>');
    if (is_void(name) || closes)
        return;
    if (reader->depth == OPEN_MAX) {
        fault(reader, "nested too deep");
        return;
    }
    reader->open[reader->depth++] = name;
    bool raw = str_equal_c(name, "script") || str_equal_c(name, "style");
    if (raw || str_equal_c(name, "title") || str_equal_c(name, "textarea"))
        text_until(reader, end_tag_of(reader, name), !raw);
}

static void end_tag(struct reader *reader)
{
    size_t start = reader->i + 2;
    reader->i = start;
    while (reader->i < reader->html.length && at(reader, reader->i) != '>')
        reader->i++;
    struct str name = lower(reader, str_slice(reader->html, start, reader->i - start));
    reader->i++;
    buf_format(&reader->parsed->shape, "</%.*s>", (int)name.length, name.text);
    if (!str_equal(innermost(reader), name))
        fault(reader, "an end tag that closes another element");
    else
        reader->depth--;
}

static void comment(struct reader *reader)
{
    size_t i = reader->i + 4;
    while (i + 3 <= reader->html.length && memcmp(reader->html.text + i, "-->", 3) != 0)
        i++;
    buf_append_c(&reader->parsed->shape, "<!---->");
    reader->i = i + 3 <= reader->html.length ? i + 3 : reader->html.length;
}

void parse_back(struct arena *arena, struct str html, struct parsed *parsed)
{
    struct reader reader = {.arena = arena, .html = html, .parsed = parsed};
    *parsed = (struct parsed){.values = ARENA_ARRAY(arena, struct parsed_value, PARSED_MAX)};
    buf_init(&parsed->shape);
    while (reader.i < html.length) {
        char next = at(&reader, reader.i + 1);
        if (at(&reader, reader.i) != '<') {
            size_t end = reader.i;
            while (end < html.length && html.text[end] != '<')
                end++;
            text_until(&reader, end, true);
        } else if (is_letter(next)) {
            start_tag(&reader);
        } else if (next == '/' && is_letter(at(&reader, reader.i + 2))) {
            end_tag(&reader);
        } else if (str_starts_with(str_slice(html, reader.i, html.length), STR("<!--"))) {
            comment(&reader);
        } else if (str_equal_ascii_fold(str_slice(html, reader.i, 15), STR("<!doctype html>"))) {
            reader.i += 15;
        } else {
            fault(&reader, "'<' that begins nothing");
            reader.i++;
        }
    }
    if (reader.depth > 0)
        fault(&reader, "an element that is not closed");
}

void parsed_clear(struct parsed *parsed)
{
    buf_clear(&parsed->shape);
}
