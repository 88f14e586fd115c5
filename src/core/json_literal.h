/* json_literal: the text of every real number of a document, beside jansson's tree.
 *
 * jansson turns 19.90 into a double and forgets the text. Money must be read exactly, so the source
 * is scanned a second time: its k-th number with a point or an exponent is the k-th real of the
 * tree in document order (jansson keeps the order of keys, and duplicate keys were refused).
 */
#ifndef CORE_JSON_LITERAL_H
#define CORE_JSON_LITERAL_H

#include "core/base.h"
#include "core/str.h"

struct json_literal {
    const void *node; /* jansson's real */
    size_t start;     /* in `bytes` */
    size_t length;
};

struct json_literals {
    struct buf bytes;
    struct json_literal *items; /* sorted by node */
    size_t count;
};

/* Deepest nesting of brackets outside quotes, of well-formed text or not. */
int json_depth(struct str text);
/* `tree` is the json_t that jansson made of `text`. */
void json_literals_collect(struct json_literals *literals, struct str text, const void *tree);
void json_literals_clear(struct json_literals *literals);
/* The literal of a real, borrowed; empty for a node that is none of the document's reals. */
struct str json_literals_find(const struct json_literals *literals, const void *node);

#endif
