/* queries/token: neutral SQL cut into words, numbers, strings, parameters and signs.
 *
 * What one of the two databases reads in another way is refused here: double quotes, backquotes,
 * "[name]", "?", ":name", "@name", "::", "->", "==", block comments, letters outside ASCII outside
 * of strings.
 */
#ifndef QUERIES_TOKEN_H
#define QUERIES_TOKEN_H

#include "core/base.h"
#include "core/str.h"
#include "report.h"

struct arena;

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,
    TOKEN_NUMBER,
    TOKEN_STRING,
    TOKEN_PARAMETER, /* "$3": parameter is 3 */
    TOKEN_SIGN,
    TOKEN_COMMENT /* text without "--", trimmed */
};

enum { TOKEN_PARAMETER_MAX = 64, TOKEN_DEPTH_MAX = 64, TOKENS_BYTES_MAX = 4 << 20 };

struct token {
    enum token_kind kind;
    struct str text;
    int line;
    bool space_before;
    int parameter;
    size_t match; /* of "(" the index of its ")", and the other way round */
};

struct tokens {
    const char *file;
    const struct token *at;
    size_t count;
};

/* Cuts `text`; false when something was refused. Comments are tokens, too. */
bool tokens_read(struct arena *arena, struct report *report, const char *file, struct str text,
                 struct tokens *tokens);
/* The same without comments, from `from` to before `to`, brackets matched anew; false when a
 * bracket is not closed. */
bool tokens_plain(struct arena *arena, struct report *report, const struct tokens *all, size_t from,
                  size_t to, struct tokens *plain);

/* Words and signs; words without regard to case. Beyond the end nothing is equal. */
bool token_is(const struct tokens *tokens, size_t index, const char *text);
bool token_is_word(const struct tokens *tokens, size_t index);
/* Behind a bracket at `index`: behind its partner; else index + 1. */
size_t token_next(const struct tokens *tokens, size_t index);
int token_line(const struct tokens *tokens, size_t index);

#endif
