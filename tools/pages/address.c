/* pages/address: what may stand in href, src, action and their like.
 *
 * An address is of this site: it begins with "/" (the site's prefix is put before it), "?" or "#",
 * or is a whole struct link. Only <a href> may name another host, and then with a literal host. A
 * value fills one segment of the path, or part of the query, percent-encoded.
 */
#include <string.h>

#include "parts.h"

static const char *const address_attributes[] = {
    "href",   "src",     "action",      "formaction",     "cite",       "poster",   "data",
    "hx-get", "hx-post", "hx-push-url", "hx-replace-url", "xlink:href", "longdesc", "background",
};

bool address_is(struct str element, struct str attribute)
{
    (void)element;
    for (size_t i = 0; i < COUNT_OF(address_attributes); i++) {
        if (str_equal_c(attribute, address_attributes[i]))
            return true;
    }
    return false;
}

static bool starts_with(struct str text, const char *head)
{
    return str_starts_with(text, str_from_c(head));
}

/* A file of static/: the whole value, so that its version can be added. */
static bool static_file(struct markup *markup, struct str rest, size_t *taken)
{
    size_t end = str_find_byte(rest, markup->quote);
    if (end == rest.length)
        return complain(
            markup->compiler, rest.text,
            "a value in the address of a static file; write the whole address, or put a "
            "struct link into the view struct");
    struct op *op = writer_op(markup->writer, OP_STATIC, line_of(markup->compiler, rest.text));
    op->text = str_slice(rest, 0, end);
    buf_append(&attribute_current(markup)->raw, op->text);
    markup->address = ADDRESS_WHOLE;
    *taken = end;
    return true;
}

static bool other_host(struct markup *markup, struct str rest, size_t scheme, size_t *taken)
{
    if (!str_equal_c(markup->tag, "a") || !str_equal_c(attribute_current(markup)->name, "href"))
        return complain(markup->compiler, rest.text,
                        "an address of another host; pages load nothing from elsewhere, only "
                        "<a href> may lead there");
    markup->address = scheme > 0 && rest.text[scheme - 1] == '/' ? ADDRESS_HOST : ADDRESS_QUERY;
    struct str head = str_slice(rest, 0, scheme);
    for (size_t i = 0; i < head.length; i++)
        writer_byte(markup->writer, head.text[i]);
    buf_append(&attribute_current(markup)->raw, head);
    *taken = scheme;
    return true;
}

static bool first_byte(struct markup *markup, struct str rest, size_t *taken)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:"};
    for (size_t i = 0; i < COUNT_OF(schemes); i++) {
        if (starts_with(rest, schemes[i]))
            return other_host(markup, rest, strlen(schemes[i]), taken);
    }
    bool history = starts_with(attribute_current(markup)->name, "hx-push-url") ||
                   starts_with(attribute_current(markup)->name, "hx-replace-url");
    if (history && (starts_with(rest, "true") || starts_with(rest, "false"))) {
        markup->address = ADDRESS_UNCERTAIN; /* a word of htmx: no value may join it */
        return true;
    }
    if (starts_with(rest, "//") || starts_with(rest, "/\\"))
        return complain(markup->compiler, rest.text,
                        "'//' begins the name of another host; write one '/'");
    if (starts_with(rest, "/static/"))
        return static_file(markup, rest, taken);
    char c = rest.text[0];
    if (c == '/') {
        writer_op(markup->writer, OP_PREFIX, line_of(markup->compiler, rest.text));
        markup->address = ADDRESS_SLASH;
        return true;
    }
    if (c == '?' || c == '#') {
        markup->address = ADDRESS_QUERY;
        return true;
    }
    return complain(
        markup->compiler, rest.text,
        "an address begins with '/', '?' or '#', or is a struct link; only <a href> may "
        "begin with https:, mailto: or tel:");
}

static bool path_byte(struct markup *markup, char c)
{
    markup->address = c == '?' || c == '#' ? ADDRESS_QUERY
                      : c == '/'           ? ADDRESS_SLASH
                      : c == '.'           ? ADDRESS_DOT
                                           : ADDRESS_PATH;
    return true;
}

bool address_literal(struct markup *markup, struct str rest, size_t *taken)
{
    char c = rest.text[0];
    *taken = 0;
    if ((unsigned char)c <= ' ' || c == '\\' || (unsigned char)c >= 0x7F)
        return complain(markup->compiler, rest.text,
                        "a blank, a backslash or a letter that is not ASCII in an address; "
                        "percent-encode it");
    switch (markup->address) {
    case ADDRESS_START:
        return first_byte(markup, rest, taken);
    case ADDRESS_WHOLE:
        if (c != '#')
            return complain(markup->compiler, rest.text,
                            "text behind a struct link; put it into link_to, only '#...' may "
                            "follow");
        markup->address = ADDRESS_QUERY;
        return true;
    case ADDRESS_UNCERTAIN:
    case ADDRESS_QUERY:
    case ADDRESS_NONE:
        return true;
    case ADDRESS_HOST:
        return c == '/' || c == '?' || c == '#' ? path_byte(markup, c) : true;
    case ADDRESS_SLASH:
        if (c == '/')
            return complain(markup->compiler, rest.text,
                            "'//' could begin the name of another host; write one '/'");
        return path_byte(markup, c);
    case ADDRESS_PATH:
    case ADDRESS_DOT:
    case ADDRESS_SEGMENT:
        return path_byte(markup, c);
    }
    return true;
}

bool address_value(struct markup *markup, struct str whole, struct str expression)
{
    const struct compiler *compiler = markup->compiler;
    enum op_kind kind = OP_ADDRESS;
    switch (markup->address) {
    case ADDRESS_START:
        kind = OP_LINK;
        markup->address = ADDRESS_WHOLE;
        break;
    case ADDRESS_PATH:
    case ADDRESS_SLASH:
        kind = OP_SEGMENT;
        markup->address = ADDRESS_SEGMENT;
        break;
    case ADDRESS_QUERY:
        break;
    case ADDRESS_DOT:
        return complain(compiler, whole.text,
                        "a value right behind '.' in a path could become '..'; write another "
                        "letter between");
    case ADDRESS_SEGMENT:
        return complain(compiler, whole.text,
                        "two values side by side in a path could become '..'; write '/' or '-' "
                        "between");
    case ADDRESS_HOST:
        return complain(compiler, whole.text, "a value in the name of a host; write it out");
    case ADDRESS_WHOLE:
        return complain(compiler, whole.text, "a value behind a struct link; put it into link_to");
    case ADDRESS_UNCERTAIN:
    case ADDRESS_NONE:
        return complain(compiler, whole.text,
                        "the {{if}} before decides whether this is path or query; put the address "
                        "together with link_to");
    }
    writer_op(markup->writer, kind, line_of(compiler, whole.text))->text = expression;
    return true;
}
