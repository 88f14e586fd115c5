#include "core/json_literal.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Index behind the closing quote of the text that opens at `at`. */
static size_t quoted_skip(struct str text, size_t at)
{
    for (at++; at < text.length && text.text[at] != '"'; at++)
        at += text.text[at] == '\\';
    return at + 1;
}

int json_depth(struct str text)
{
    int depth = 0;
    int deepest = 0;
    for (size_t at = 0; at < text.length;) {
        char c = text.text[at];
        if (c == '"') {
            at = quoted_skip(text, at);
            continue;
        }
        if (c == '{' || c == '[')
            depth++;
        else if (c == '}' || c == ']')
            depth--;
        if (depth > deepest)
            deepest = depth;
        at++;
    }
    return deepest;
}

static size_t number_length(struct str text, size_t start, bool *real)
{
    size_t at = start;
    *real = false;
    for (; at < text.length; at++) {
        char c = text.text[at];
        bool mark = c == '.' || c == 'e' || c == 'E';
        if (mark)
            *real = true;
        else if (!((c >= '0' && c <= '9') || c == '-' || c == '+'))
            break;
    }
    return at - start;
}

static void literals_add(struct json_literals *literals, size_t *capacity, struct str text)
{
    if (literals->count == *capacity) {
        *capacity = *capacity == 0 ? 64 : *capacity * 2;
        literals->items = realloc(literals->items, *capacity * sizeof(literals->items[0]));
        if (literals->items == NULL)
            abort();
    }
    literals->items[literals->count++] =
        (struct json_literal){.start = literals->bytes.length, .length = text.length};
    buf_append(&literals->bytes, text);
}

/* Give the reals below `node`, in document order, to the literals from `next` on. */
static size_t literals_pair(struct json_literals *literals, size_t next, json_t *node)
{
    size_t index;
    const char *key;
    json_t *child;
    if (json_is_real(node) && next < literals->count) {
        literals->items[next++].node = node;
    } else if (json_is_array(node)) {
        json_array_foreach(node, index, child) next = literals_pair(literals, next, child);
    } else if (json_is_object(node)) {
        json_object_foreach(node, key, child) next = literals_pair(literals, next, child);
    }
    return next;
}

static int literal_compare(const void *a, const void *b)
{
    uintptr_t left = (uintptr_t)((const struct json_literal *)a)->node;
    uintptr_t right = (uintptr_t)((const struct json_literal *)b)->node;
    return (left > right) - (left < right);
}

void json_literals_collect(struct json_literals *literals, struct str text, const void *tree)
{
    union {
        const void *from;
        json_t *to; /* jansson's loops take no const, though they only read */
    } root = {.from = tree};
    size_t capacity = 0;
    *literals = (struct json_literals){0};
    for (size_t at = 0; at < text.length;) {
        char c = text.text[at];
        bool real;
        if (c == '"') {
            at = quoted_skip(text, at);
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            size_t length = number_length(text, at, &real);
            if (real)
                literals_add(literals, &capacity, str_slice(text, at, length));
            at += length;
        } else {
            at++;
        }
    }
    if (literals_pair(literals, 0, root.to) != literals->count) {
        /* The two readings disagree: better no literal than a wrong one. */
        json_literals_clear(literals);
        return;
    }
    if (literals->count > 0)
        qsort(literals->items, literals->count, sizeof(literals->items[0]), literal_compare);
}

void json_literals_clear(struct json_literals *literals)
{
    buf_clear(&literals->bytes);
    free(literals->items);
    *literals = (struct json_literals){0};
}

struct str json_literals_find(const struct json_literals *literals, const void *node)
{
    const struct json_literal wanted = {.node = node};
    const struct json_literal *found = literals->count == 0
                                           ? NULL
                                           : bsearch(&wanted, literals->items, literals->count,
                                                     sizeof(literals->items[0]), literal_compare);
    if (found == NULL)
        return (struct str){"", 0};
    return str_slice(buf_str(&literals->bytes), found->start, found->length);
}
