/* json_parts: what the files of json share; not for other rooms. */
#ifndef CORE_JSON_PARTS_H
#define CORE_JSON_PARTS_H

/* jansson's names come first: some of its macros would rewrite ours. */
#include <jansson.h>
#undef json_is_object

#include "core/json.h"
#include "core/json_literal.h"

struct json_document {
    json_t *root;
    struct json_literals literals;
};

static inline const json_t *node_of(const struct json *at)
{
    return (const json_t *)at->node;
}

/* jansson's getters take no const, though they only read. */
static inline json_t *node_mutable(const struct json *at)
{
    union {
        const void *from;
        json_t *to;
    } node = {.from = at->node};
    return node.to;
}

#endif
