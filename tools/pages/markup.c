/* pages/markup: reads literal HTML byte by byte and knows where it is. */
#include <string.h>

#include "parts.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == ':' || c == '_' || c == '.';
}

static struct str name_head(struct str text)
{
    size_t length = 0;
    while (length < text.length && is_name_byte(text.text[length]))
        length++;
    return str_slice(text, 0, length);
}

void markup_begin(struct markup *markup, const struct compiler *compiler, struct writer *writer)
{
    memset(markup, 0, sizeof(*markup));
    markup->compiler = compiler;
    markup->writer = writer;
    markup->blank = true; /* a page begins with its first element */
}

void markup_free(struct markup *markup)
{
    for (int i = 0; i < ATTRIBUTES_MAX; i++)
        buf_clear(&markup->attributes[i].raw);
}

static bool is_untranslated(const struct markup *markup)
{
    return markup->depth > 0 && markup->elements[markup->depth - 1].untranslated;
}

/* A blank of text: a run of them is one, but in <pre>. */
static void put_blank(struct markup *markup, char c)
{
    if (element_open(markup, "pre") || markup->state == MARKUP_WORDS) {
        writer_byte(markup->writer, c);
        return;
    }
    if (!markup->blank)
        writer_byte(markup->writer, c == '\n' || c == '\r' ? '\n' : ' ');
    markup->blank = true;
}

static void put(struct markup *markup, struct str text)
{
    for (size_t i = 0; i < text.length; i++)
        writer_byte(markup->writer, text.text[i]);
    markup->blank = false;
}

/* One character of words, or of an attribute that people read. */
static bool words_check(struct markup *markup, struct str rest, size_t length)
{
    size_t bytes;
    (void)length;
    if (!letter_head(rest, &bytes) || is_untranslated(markup))
        return true;
    return complain(markup->compiler, rest.text,
                    "words outside of {{t \"...\"}}; write them as a text, or put them into an "
                    "element with translate=\"no\"");
}

/* A character of text or of a value, or a character reference; *taken its bytes. */
static bool character(struct markup *markup, struct str rest, bool read, size_t *taken)
{
    *taken = 1;
    if (rest.text[0] == '\0')
        return complain(markup->compiler, rest.text, "a zero byte");
    if (rest.text[0] == '&') {
        *taken = entity_length(rest);
        if (*taken == 0)
            return complain(markup->compiler, rest.text,
                            "'&' that begins no character reference; write &amp;");
        return true;
    }
    (void)letter_head(rest, taken);
    return !read || words_check(markup, rest, *taken);
}

static bool end_tag(struct markup *markup, struct str rest, size_t *taken)
{
    const struct compiler *compiler = markup->compiler;
    struct str name = name_head(str_slice(rest, 2, rest.length - 2));
    size_t i = 2 + name.length;
    while (i < rest.length && is_blank(rest.text[i]))
        i++;
    if (name.length == 0 || i >= rest.length || rest.text[i] != '>')
        return complain(compiler, rest.text,
                        "an end tag is </name>, without a value and without attributes");
    *taken = i + 1;
    if (element_is_void(name))
        return complain(compiler, rest.text, "</%.*s>: this element has no end tag",
                        (int)name.length, name.text);
    if (markup->depth == 0)
        return complain(compiler, rest.text, "</%.*s> closes nothing; it was never opened here",
                        (int)name.length, name.text);
    struct str open = markup->elements[markup->depth - 1].name;
    if (!str_equal(open, name))
        return complain(
            compiler, rest.text, "</%.*s> where <%.*s> of line %d is open; close that first",
            (int)name.length, name.text, (int)open.length, open.text, line_of(compiler, open.text));
    if (markup->depth <= markup->floor)
        return complain(compiler, rest.text,
                        "</%.*s> closes what was opened outside of this block; open and close on "
                        "the same side",
                        (int)name.length, name.text);
    markup->depth--;
    markup->state = MARKUP_TEXT;
    writer_c(markup->writer, "</");
    put(markup, name);
    writer_byte(markup->writer, '>');
    return true;
}

static bool start_tag(struct markup *markup, struct str rest, size_t *taken)
{
    struct str name = name_head(str_slice(rest, 1, rest.length - 1));
    if (name.length == 0 || rest.text[1] < 'A')
        return complain(markup->compiler, rest.text,
                        rest.length == 1 ? "a value in the name of a tag; write the name out"
                                         : "'<' that begins no tag; write &lt;");
    if (!element_check(markup, name, rest.text))
        return false;
    markup->tag = name;
    markup->tag_at = rest.text;
    markup->tag_blocks = markup->blocks;
    markup->attribute_count = 0;
    markup->state = MARKUP_TAG_GLUED;
    writer_byte(markup->writer, '<');
    put(markup, name);
    *taken = 1 + name.length;
    return true;
}

static bool comment(struct markup *markup, struct str rest, size_t *taken)
{
    for (size_t i = 4; i + 3 <= rest.length; i++) {
        if (memcmp(rest.text + i, "-->", 3) == 0) {
            *taken = i + 3;
            return true;
        }
    }
    return complain(markup->compiler, rest.text,
                    "a comment that is not closed or holds a {{tag}}; write {{# a remark}}");
}

static bool angle(struct markup *markup, struct str rest, size_t *taken)
{
    if (str_starts_with(rest, STR("</")))
        return end_tag(markup, rest, taken);
    if (str_starts_with(rest, STR("<!--")))
        return comment(markup, rest, taken);
    if (str_equal_ascii_fold(str_slice(rest, 0, 15), STR("<!doctype html>"))) {
        put(markup, str_slice(rest, 0, 15));
        *taken = 15;
        return true;
    }
    return start_tag(markup, rest, taken);
}

static bool text_step(struct markup *markup, struct str rest, size_t *taken)
{
    char c = rest.text[0];
    *taken = 1;
    if (c == '<')
        return angle(markup, rest, taken);
    if (is_blank(c)) {
        put_blank(markup, c);
        return true;
    }
    if (!element_takes_words(markup))
        return complain(markup->compiler, rest.text,
                        "text directly in <%.*s>; a browser would move it out: put it into a cell "
                        "or item",
                        (int)markup->elements[markup->depth - 1].name.length,
                        markup->elements[markup->depth - 1].name.text);
    if (!character(markup, rest, true, taken))
        return false;
    put(markup, str_slice(rest, 0, *taken));
    return true;
}

static bool words_step(struct markup *markup, struct str rest, size_t *taken)
{
    struct str open = markup->elements[markup->depth - 1].name;
    if (rest.text[0] == '<') {
        if (!str_starts_with(rest, STR("</")) ||
            !str_equal(name_head(str_slice(rest, 2, rest.length - 2)), open))
            return complain(markup->compiler, rest.text, "markup in <%.*s>, which holds only words",
                            (int)open.length, open.text);
        return end_tag(markup, rest, taken);
    }
    if (!character(markup, rest, true, taken))
        return false;
    put(markup, str_slice(rest, 0, *taken));
    return true;
}

/* In a script nothing is written but {{json}}, or nothing at all. */
static bool script_step(struct markup *markup, struct str rest, size_t *taken)
{
    *taken = 1;
    if (is_blank(rest.text[0]))
        return true;
    if (str_starts_with(rest, STR("</script")))
        return end_tag(markup, rest, taken);
    return complain(markup->compiler, rest.text,
                    markup->state == MARKUP_JSON
                        ? "a script of data holds {{json expression}} and nothing else"
                        : "an inline script; put it into a file of static/");
}

/* ">" or "/>". */
static bool tag_end(struct markup *markup, struct str rest, size_t *taken)
{
    struct str tag = markup->tag;
    bool is_void = element_is_void(tag);
    bool closes = rest.text[0] == '/';
    if (markup->blocks > markup->tag_blocks)
        return complain(markup->compiler, rest.text,
                        "'>' inside a block that began inside the tag; end the block before it");
    if (closes && (rest.length < 2 || rest.text[1] != '>'))
        return complain(markup->compiler, rest.text, "'/' inside a tag; quote the value");
    if (closes && !is_void && !element_in_svg(markup))
        return complain(markup->compiler, rest.text, "<%.*s/> does not close itself; write </%.*s>",
                        (int)tag.length, tag.text, (int)tag.length, tag.text);
    *taken = closes ? 2 : 1;
    if (!tag_check(markup))
        return false;
    put(markup, closes && !is_void ? STR("/>") : STR(">"));
    markup->state = MARKUP_TEXT;
    if (attribute_is(attribute_find(markup, "method"), "post"))
        writer_op(markup->writer, OP_TOKEN, line_of(markup->compiler, markup->tag_at));
    if (is_void || closes)
        return true;
    if (markup->depth == ELEMENTS_MAX)
        return complain(markup->compiler, markup->tag_at, "elements nested deeper than %d",
                        ELEMENTS_MAX);
    const struct attribute *translate = attribute_find(markup, "translate");
    bool untranslated = translate == NULL ? is_untranslated(markup) : attribute_is(translate, "no");
    bool in_svg = element_in_svg(markup);
    markup->elements[markup->depth++] = (struct element){tag, untranslated};
    if (str_equal_c(tag, "textarea") || str_equal_c(tag, "pre"))
        writer_byte(markup->writer, '\n'); /* a parser drops the first line end: give it this one */
    if (str_equal_c(tag, "textarea") || (str_equal_c(tag, "title") && !in_svg))
        markup->state = MARKUP_WORDS;
    if (str_equal_c(tag, "script"))
        markup->state = attribute_find(markup, "src") != NULL ? MARKUP_EMPTY : MARKUP_JSON;
    return true;
}

static bool attribute_step(struct markup *markup, struct str rest, size_t *taken)
{
    const struct compiler *compiler = markup->compiler;
    struct str name = name_head(rest);
    size_t after = name.length;
    if (name.length == 0)
        return complain(compiler, rest.text,
                        rest.text[0] == '=' ? "blanks around '='; write name=\"value\""
                                            : "this byte has no place in a tag");
    if (markup->state == MARKUP_TAG_GLUED)
        return complain(compiler, rest.text, "a blank is missing before this attribute");
    bool has_value = after < rest.length && rest.text[after] == '=';
    if (has_value &&
        (after + 1 >= rest.length || (rest.text[after + 1] != '"' && rest.text[after + 1] != '\'')))
        return complain(compiler, rest.text, "the value of '%.*s' is not quoted; write \"...\"",
                        (int)name.length, name.text);
    if (!attribute_begin(markup, name, has_value))
        return false;
    put(markup, name);
    *taken = name.length;
    markup->state = MARKUP_TAG_GLUED;
    if (has_value) {
        markup->quote = rest.text[after + 1];
        put(markup, str_slice(rest, after, 2));
        *taken += 2;
        markup->state = MARKUP_VALUE;
    }
    return true;
}

static bool tag_step(struct markup *markup, struct str rest, size_t *taken)
{
    char c = rest.text[0];
    *taken = 1;
    if (is_blank(c)) {
        if (markup->state == MARKUP_TAG_GLUED)
            writer_byte(markup->writer, ' ');
        markup->state = MARKUP_TAG;
        return true;
    }
    if (c == '>' || c == '/')
        return tag_end(markup, rest, taken);
    return attribute_step(markup, rest, taken);
}

static bool value_step(struct markup *markup, struct str rest, size_t *taken)
{
    char c = rest.text[0];
    *taken = 1;
    if (c == markup->quote) {
        writer_byte(markup->writer, c);
        markup->state = MARKUP_TAG_GLUED;
        return attribute_done(markup, rest.text);
    }
    if (markup->address != ADDRESS_NONE) {
        size_t whole = 0;
        if (!address_literal(markup, rest, &whole))
            return false;
        if (whole > 0) {
            *taken = whole;
            return true;
        }
    }
    if (!character(markup, rest, attribute_is_read(markup), taken))
        return false;
    put(markup, str_slice(rest, 0, *taken));
    buf_append(&attribute_current(markup)->raw, str_slice(rest, 0, *taken));
    return true;
}

bool markup_literal(struct markup *markup, struct str text)
{
    while (text.length > 0) {
        size_t taken = 0;
        bool fine = false;
        switch (markup->state) {
        case MARKUP_TEXT:
            fine = text_step(markup, text, &taken);
            break;
        case MARKUP_TAG:
        case MARKUP_TAG_GLUED:
            fine = tag_step(markup, text, &taken);
            break;
        case MARKUP_VALUE:
            fine = value_step(markup, text, &taken);
            break;
        case MARKUP_WORDS:
            fine = words_step(markup, text, &taken);
            break;
        case MARKUP_JSON:
        case MARKUP_EMPTY:
            fine = script_step(markup, text, &taken);
            break;
        }
        if (!fine)
            return false;
        text = str_slice(text, taken, text.length - taken);
        if (taken == 0)
            return complain(markup->compiler, text.text, "nothing can be read here");
    }
    return true;
}

bool markup_end(struct markup *markup, const char *at)
{
    if (markup->state != MARKUP_TEXT && markup->state != MARKUP_WORDS &&
        markup->state != MARKUP_JSON && markup->state != MARKUP_EMPTY)
        return complain(markup->compiler, at, "the page ends inside the tag <%.*s> of line %d",
                        (int)markup->tag.length, markup->tag.text,
                        line_of(markup->compiler, markup->tag_at));
    if (markup->depth > 0) {
        struct str open = markup->elements[markup->depth - 1].name;
        return complain(markup->compiler, open.text, "<%.*s> is not closed in its page",
                        (int)open.length, open.text);
    }
    return labels_check(markup);
}
