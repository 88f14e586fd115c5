/* pages/template: a template is literal text and {{tags}}. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "parts.h"

static const struct {
    const char *name;
    enum word word;
} words[] = {
    {"include", WORD_INCLUDE}, {"page", WORD_PAGE}, {"end", WORD_END},   {"if", WORD_IF},
    {"elif", WORD_ELIF},       {"else", WORD_ELSE}, {"for", WORD_FOR},   {"t", WORD_T},
    {"call", WORD_CALL},       {"wrap", WORD_WRAP}, {"slot", WORD_SLOT}, {"json", WORD_JSON},
};

int line_of(const struct compiler *compiler, const char *at)
{
    int line = 1;
    for (const char *c = compiler->source.text; c < at; c++)
        line += *c == '\n';
    return line;
}

bool complain(const struct compiler *compiler, const char *at, const char *format, ...)
{
    struct complaints *all = compiler->complaints;
    if (all->count == PAGES_COMPLAINTS_MAX)
        return false;
    struct complaint *complaint = &all->list[all->count++];
    *complaint = (struct complaint){.path = compiler->path, .line = line_of(compiler, at)};
    complaint->column = 1;
    for (const char *c = at; c > compiler->source.text && c[-1] != '\n'; c--)
        complaint->column += ((unsigned char)c[-1] & 0xC0) != 0x80;
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    complaint->message = str_copy(compiler->arena, str_from_c(text));
    return false;
}

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

struct str identifier_head(struct str text)
{
    size_t length = 0;
    while (length < text.length && is_word_byte(text.text[length]))
        length++;
    if (length > 0 && text.text[0] >= '0' && text.text[0] <= '9')
        length = 0;
    return str_slice(text, 0, length);
}

/* Index behind the string or character that begins at `i`, or the end. */
static size_t quoted_end(struct str text, size_t i)
{
    char quote = text.text[i++];
    while (i < text.length && text.text[i] != quote && text.text[i] != '\n')
        i += text.text[i] == '\\' ? 2 : 1;
    return i < text.length ? i + 1 : text.length;
}

/* Index of the "}}" that ends a tag whose inside begins at `i`, or the end. Braces and strings of C
 * inside are stepped over. */
static size_t tag_end(struct str text, size_t i)
{
    if (i < text.length && text.text[i] == '#') {
        while (i + 1 < text.length && (text.text[i] != '}' || text.text[i + 1] != '}'))
            i++;
        return i + 1 < text.length ? i : text.length;
    }
    int depth = 0;
    while (i < text.length) {
        char c = text.text[i];
        if (c == '"' || c == '\'') {
            i = quoted_end(text, i);
            continue;
        }
        if (depth == 0 && c == '}' && i + 1 < text.length && text.text[i + 1] == '}')
            return i;
        depth += c == '{';
        depth -= c == '}' && depth > 0;
        i++;
    }
    return text.length;
}

/* An identifier, a blank, then what no expression of C goes on with: a mistyped word. */
static bool is_unknown_word(struct str inside, struct str head)
{
    if (head.length == 0 || head.length == inside.length || str_equal_c(head, "sizeof"))
        return false;
    struct str rest = str_slice(inside, head.length, inside.length - head.length);
    struct str next = str_trim(rest);
    return next.length < rest.length && next.length > 0 &&
           (is_word_byte(next.text[0]) || next.text[0] == '"');
}

static bool tag_read(struct template *template, struct token *token)
{
    const struct compiler *compiler = template->compiler;
    struct str source = compiler->source;
    size_t start = template->at;
    size_t end = tag_end(source, start + 2);
    if (end >= source.length) {
        template->at = source.length;
        return complain(compiler, source.text + start, "{{ without }}; close the tag");
    }
    template->at = end + 2;
    token->whole = str_slice(source, start, end + 2 - start);
    struct str inside = str_trim(str_slice(source, start + 2, end - start - 2));
    if (inside.length == 0)
        return complain(compiler, token->whole.text, "an empty {{}}; write a value or a word");
    struct str head = identifier_head(inside);
    struct str rest = str_slice(inside, head.length, inside.length - head.length);
    struct str after = str_trim(rest);
    token->word = WORD_NONE;
    token->text = inside;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (str_equal_c(head, words[i].name) && (rest.length == 0 || after.length < rest.length)) {
            token->word = words[i].word;
            token->text = after;
            return true;
        }
    }
    if (is_unknown_word(inside, head))
        return complain(compiler, inside.text,
                        "'%.*s' is no word of templates; the words are include, page, if, elif, "
                        "else, for, t, call, wrap, slot, json and end",
                        (int)head.length, head.text);
    return true;
}

bool template_next(struct template *template, struct token *token)
{
    struct str source = template->compiler->source;
    size_t start = template->at;
    *token = (struct token){.kind = TOKEN_END, .whole = str_slice(source, source.length, 0)};
    if (start >= source.length)
        return true;
    size_t i = start;
    while (i < source.length) {
        if (source.text[i] == '{' && i + 1 < source.length && source.text[i + 1] == '{')
            break;
        i++;
    }
    if (i > start) {
        token->kind = TOKEN_LITERAL;
        token->text = token->whole = str_slice(source, start, i - start);
        template->at = i;
        return true;
    }
    if (i + 2 < source.length && source.text[i + 2] == '#') { /* a remark */
        size_t end = tag_end(source, i + 2);
        if (end >= source.length) {
            template->at = source.length;
            return complain(template->compiler, source.text + i,
                            "{{# without }}; close the remark");
        }
        template->at = end + 2;
        return template_next(template, token);
    }
    token->kind = TOKEN_TAG;
    return tag_read(template, token);
}
