/* parse_back: a small parser of HTML for tests, written apart from the generator.
 *
 * It takes a page apart as browsers do (HTML Living Standard, 13.2.5 "Tokenization"): tags,
 * attributes, text, <title> and <textarea> as words, <script> as it stands, comments.
 */
#ifndef TESTS_TOOLS_PARSE_BACK_H
#define TESTS_TOOLS_PARSE_BACK_H

#include "core/arena.h"
#include "core/base.h"
#include "core/str.h"

enum { PARSED_MAX = 20000 };

/* An attribute's value, or a run of text between two tags. */
struct parsed_value {
    struct str element;
    struct str attribute; /* empty: text */
    struct str value;     /* character references resolved */
};

struct parsed {
    struct buf shape; /* "<a href><b></b></a>": tags and names, neither values nor text */
    struct parsed_value *values;
    size_t count;
    const char *fault; /* what a parser would have to repair, or NULL */
};

/* The strings live in the arena; parsed_clear frees `shape`. */
void parse_back(struct arena *arena, struct str html, struct parsed *parsed);
void parsed_clear(struct parsed *parsed);

#endif
