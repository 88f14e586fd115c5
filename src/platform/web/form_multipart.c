#include "platform/web/form_multipart.h"

#include <string.h>

#include "core/arena.h"
#include "core/text.h"
#include "platform/web/percent.h"

static enum err broken(struct problem *problem, const char *why)
{
    return problem_set(problem, ERR_FORM_BODY, ERR_KEY(why));
}

/* Where `part` begins in `text`, or text.length. */
static size_t find(struct str text, struct str part)
{
    const char *at =
        part.length > text.length ? NULL : memmem(text.text, text.length, part.text, part.length);
    return at == NULL ? text.length : (size_t)(at - text.text);
}

/* The value of `name=` among parameters parted by ';', its quotes taken off. False when absent or
 * not closed. Inside quotes browsers escape nothing but '\x22' as %22 (WHATWG), so '\' is plain. */
static bool parameter_find(struct str header, const char *name, struct str *value)
{
    struct str rest = header;
    while (rest.length > 0) {
        size_t semicolon = str_find_byte(rest, ';');
        size_t quote = str_find_byte(rest, '\x22');
        if (quote < semicolon) { /* the ';' may stand inside of the quotes */
            size_t close = str_find_byte(str_slice(rest, quote + 1, rest.length), '\x22');
            if (quote + 1 + close >= rest.length)
                return false;
            size_t after = quote + 1 + close + 1;
            semicolon = after + str_find_byte(str_slice(rest, after, rest.length), ';');
        }
        struct str pair = str_trim(str_slice(rest, 0, semicolon));
        rest = str_slice(rest, semicolon + 1, rest.length);
        size_t equals = str_find_byte(pair, '=');
        if (!str_equal_ascii_fold(str_slice(pair, 0, equals), str_from_c(name)))
            continue;
        *value = str_slice(pair, equals + 1, pair.length);
        if (value->length >= 2 && value->text[0] == '\x22' &&
            value->text[value->length - 1] == '\x22')
            *value = str_slice(*value, 1, value->length - 2);
        return true;
    }
    return false;
}

/* %22, %0D and %0A are what browsers escape in names; the rest is as it is. */
static struct str name_unescape(struct arena *arena, struct str text)
{
    static const struct {
        const char *escape;
        char byte;
    } escapes[] = {{"%22", '\x22'}, {"%0D", '\r'}, {"%0A", '\n'}};
    char *out = arena_alloc(arena, text.length + 1, 1);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        for (size_t e = 0; e < COUNT_OF(escapes); e++) {
            if (str_equal_ascii_fold(str_slice(text, i, 3), str_from_c(escapes[e].escape))) {
                c = escapes[e].byte;
                i += 2;
                break;
            }
        }
        out[length++] = c;
    }
    return (struct str){out, length};
}

/* The name alone: a browser of old sent the whole path. */
static struct str name_bare(struct str name)
{
    size_t start = name.length;
    while (start > 0 && name.text[start - 1] != '/' && name.text[start - 1] != '\\')
        start--;
    return str_slice(name, start, name.length);
}

static enum err disposition_read(struct arena *arena, struct str value, struct form_raw *raw,
                                 struct problem *problem)
{
    struct str kind = str_trim(str_slice(value, 0, str_find_byte(value, ';')));
    struct str rest = str_slice(value, str_find_byte(value, ';') + 1, value.length);
    struct str name;
    if (!str_equal_ascii_fold(kind, STR("form-data")) || !parameter_find(rest, "name", &name))
        return broken(problem, N_("a part of it has no name"));
    raw->name = name_unescape(arena, name);
    raw->kind = FORM_RAW_TEXT;
    if (parameter_find(rest, "filename", &name)) {
        raw->kind = FORM_RAW_FILE;
        raw->file_name = name_bare(name_unescape(arena, name));
    }
    if (!str_is_utf8(raw->name) || !str_is_utf8(raw->file_name))
        return broken(problem, N_("a value is wrongly escaped, or not UTF-8"));
    return ERR_OK;
}

static enum err part_head_read(struct arena *arena, struct str head, struct form_raw *raw,
                               struct problem *problem)
{
    bool named = false;
    while (head.length > 0) {
        size_t end = find(head, STR("\r\n"));
        struct str line = str_slice(head, 0, end);
        head = str_slice(head, end + 2, head.length);
        size_t colon = str_find_byte(line, ':');
        struct str name = str_slice(line, 0, colon);
        struct str value = str_trim(str_slice(line, colon + 1, line.length));
        if (colon == line.length || memchr(line.text, 0, line.length) != NULL)
            return broken(problem, N_("the head of a part is damaged"));
        if (str_equal_ascii_fold(name, STR("Content-Transfer-Encoding")))
            return broken(problem, N_("a part of it has a transfer encoding"));
        if (!str_equal_ascii_fold(name, STR("Content-Disposition")))
            continue;
        if (named)
            return broken(problem, N_("the head of a part is damaged"));
        TRY(disposition_read(arena, value, raw, problem));
        named = true;
    }
    return named ? ERR_OK : broken(problem, N_("a part of it has no name"));
}

enum { PART_HEAD_BYTES_MAX = 4096 };

/* One part: its head, an empty line, its content. */
static enum err part_read(struct arena *arena, struct str part, struct form_body *fields,
                          struct problem *problem)
{
    struct form_raw raw = {0};
    size_t border = find(part, STR("\r\n\r\n"));
    if (border == part.length || border > PART_HEAD_BYTES_MAX)
        return broken(problem, N_("the head of a part is damaged"));
    TRY(part_head_read(arena, str_slice(part, 0, border), &raw, problem));
    raw.value = str_slice(part, border + 4, part.length);
    if (raw.kind == FORM_RAW_TEXT &&
        (memchr(raw.value.text, 0, raw.value.length) != NULL || !str_is_utf8(raw.value)))
        return broken(problem, N_("a value is wrongly escaped, or not UTF-8"));
    return form_body_add(fields, &raw, problem);
}

enum { BOUNDARY_BYTES_MAX = 70 };

enum err form_multipart_read(struct arena *arena, struct str content_type, struct str body,
                             struct form_body *fields, struct problem *problem)
{
    struct str boundary;
    struct str parameters =
        str_slice(content_type, str_find_byte(content_type, ';') + 1, content_type.length);
    if (!parameter_find(parameters, "boundary", &boundary) || boundary.length == 0 ||
        boundary.length > BOUNDARY_BYTES_MAX)
        return broken(problem, N_("it names no boundary between its parts"));
    struct str border = str_format(arena, "\r\n--%.*s", (int)boundary.length, boundary.text);
    struct str opening = str_slice(border, 2, border.length);
    if (!str_starts_with(body, opening))
        return broken(problem, N_("it does not begin with its boundary"));
    body = str_slice(body, opening.length, body.length);
    while (!str_starts_with(body, STR("--"))) {
        if (!str_starts_with(body, STR("\r\n")))
            return broken(problem, N_("it ends before its closing boundary"));
        body = str_slice(body, 2, body.length);
        size_t end = find(body, border);
        if (end == body.length)
            return broken(problem, N_("it ends before its closing boundary"));
        TRY(part_read(arena, str_slice(body, 0, end), fields, problem));
        body = str_slice(body, end + border.length, body.length);
    }
    return ERR_OK;
}
