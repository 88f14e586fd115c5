/* pages/expression: C between the braces, as far as a template may hold it.
 *
 * Values and conditions only look: an assignment, a call or a statement belongs into the function
 * that fills the view struct. The compiler checks the rest, at the template's line.
 */
#include <string.h>

#include "parts.h"

enum { BRACKETS_MAX = 32 };

struct reader {
    const struct compiler *compiler;
    struct str text;
    size_t i;
    char
        before; /* last significant byte; 'a' for a name that could be called, '0' for a constant */
    char brackets[BRACKETS_MAX];
    int depth;
};

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static size_t skip_quoted(struct str text, size_t i)
{
    char quote = text.text[i++];
    while (i < text.length && text.text[i] != quote)
        i += text.text[i] == '\\' ? 2 : 1;
    return i + 1;
}

static char byte_at(const struct reader *reader, size_t i)
{
    return i < reader->text.length ? reader->text.text[i] : '\0';
}

static bool read_name(struct reader *reader)
{
    size_t start = reader->i;
    while (is_name_byte(byte_at(reader, reader->i)))
        reader->i++;
    struct str name = str_slice(reader->text, start, reader->i - start);
    bool marks = str_equal_c(name, "sizeof") || str_equal_c(name, "N_"); /* they compute nothing */
    reader->before = marks ? '+' : 'a';
    return true;
}

static bool read_open(struct reader *reader, char c)
{
    const char *at = reader->text.text + reader->i;
    char before = reader->before;
    if (c == '(' && (before == 'a' || before == ')' || before == ']'))
        return complain(reader->compiler, at,
                        "a call in a template; compute it in C and put it into the view struct");
    if (c == '{' && before != ')' && before != '{' && before != ',')
        return complain(
            reader->compiler, at,
            "a brace here; only a compound literal such as (struct id){row->id} has one");
    if (reader->depth == BRACKETS_MAX)
        return complain(reader->compiler, at, "brackets nested deeper than %d", BRACKETS_MAX);
    reader->brackets[reader->depth++] = c;
    reader->before = c;
    reader->i++;
    return true;
}

static bool read_close(struct reader *reader, char c)
{
    char open = c == ')' ? '(' : c == ']' ? '[' : '{';
    if (reader->depth == 0 || reader->brackets[reader->depth - 1] != open)
        return complain(reader->compiler, reader->text.text + reader->i, "'%c' without '%c'", c,
                        open);
    reader->depth--;
    reader->before = c;
    reader->i++;
    return true;
}

static bool is_assignment(const struct reader *reader)
{
    char c = byte_at(reader, reader->i);
    char next = byte_at(reader, reader->i + 1);
    if ((c == '+' || c == '-') && next == c)
        return true;
    if (c != '=')
        return false;
    if (next == '=')
        return false;
    char last = reader->i > 0 ? byte_at(reader, reader->i - 1) : '\0';
    char earlier = reader->i > 1 ? byte_at(reader, reader->i - 2) : '\0';
    if (last == '=' || last == '!')
        return false;
    if (last == '<' || last == '>')
        return earlier == last;
    return true;
}

static bool read_one(struct reader *reader)
{
    char c = byte_at(reader, reader->i);
    const char *at = reader->text.text + reader->i;
    if (is_name_byte(c))
        return read_name(reader);
    if (c == '"' || c == '\'') {
        reader->i = skip_quoted(reader->text, reader->i);
        if (reader->i > reader->text.length)
            return complain(reader->compiler, at, "%c without its end", c);
        reader->before = '0';
        return true;
    }
    if (c == '(' || c == '[' || c == '{')
        return read_open(reader, c);
    if (c == ')' || c == ']' || c == '}')
        return read_close(reader, c);
    if (is_assignment(reader))
        return complain(reader->compiler, at,
                        "an assignment in a template; a template only looks (== compares)");
    if (c == '/' &&
        (byte_at(reader, reader->i + 1) == '*' || byte_at(reader, reader->i + 1) == '/'))
        return complain(reader->compiler, at, "a comment inside a tag; write {{# a remark}}");
    if (c == '\0' || strchr("+-*/%<>=!&|^~?:.,", c) == NULL)
        return complain(reader->compiler, at, "this byte has no place in an expression");
    reader->before = c;
    reader->i++;
    return true;
}

bool expression_check(const struct compiler *compiler, struct str text)
{
    struct reader reader = {.compiler = compiler, .text = text, .before = '\0'};
    if (str_trim(text).length == 0)
        return complain(compiler, text.text, "an expression is missing here");
    while (reader.i < text.length) {
        char c = text.text[reader.i];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            reader.i++;
            continue;
        }
        if (!read_one(&reader))
            return false;
    }
    if (reader.depth > 0)
        return complain(compiler, text.text, "a '%c' is not closed",
                        reader.brackets[reader.depth - 1]);
    return true;
}

size_t expression_split(struct arena *arena, struct str text, struct str **parts)
{
    size_t count = 0;
    *parts = ARENA_ARRAY(arena, struct str, text.length + 1);
    if (str_trim(text).length == 0)
        return 0;
    int depth = 0;
    size_t start = 0;
    for (size_t i = 0; i <= text.length;) {
        char c = i < text.length ? text.text[i] : ',';
        if (i < text.length && (c == '"' || c == '\'')) {
            i = skip_quoted(text, i);
            if (i > text.length)
                i = text.length;
            continue;
        }
        depth += c == '(' || c == '[' || c == '{';
        depth -= c == ')' || c == ']' || c == '}';
        if (i == text.length || (c == ',' && depth == 0)) {
            (*parts)[count++] = str_trim(str_slice(text, start, i - start));
            start = i + 1;
        }
        i++;
    }
    return count;
}

bool expression_single(const struct compiler *compiler, struct str text)
{
    if (!expression_check(compiler, text))
        return false;
    struct str *parts;
    if (expression_split(compiler->arena, text, &parts) != 1)
        return complain(compiler, text.text, "one expression is wanted here, not several");
    return true;
}

bool expression_is_literal(struct str text)
{
    size_t i = 0;
    if (text.length == 0)
        return false;
    while (i < text.length) {
        char c = text.text[i];
        if (c == '"')
            i = skip_quoted(text, i);
        else if (c == ' ' || c == '\n' || c == '\t' || c == '\r')
            i++;
        else
            return false;
    }
    return i == text.length;
}
