/* err: what can go wrong, as a code, a place and typed arguments.
 *
 * Text is made at the edge, in the reader's language (core/text.h); nothing below it writes prose.
 * A function that can fail returns `enum err` and, when it knows more than the code, fills the
 * `struct problem` it was handed (never NULL). The struct holds its own
 * bytes, so it outlives arenas; long texts are cut at the limits below, at a UTF-8 border, with an
 * ellipsis.
 *
 *     problem_set(problem, ERR_RANGE, ERR_INT(units), ERR_INT(1), ERR_INT(max));
 *     return problem_place(problem, "orders[%d].units", i);
 */
#ifndef CORE_ERR_H
#define CORE_ERR_H

#include "core/base.h"
#include "core/str.h"

enum err {
#define ERR(code, http_status, message) code,
#include "core/errors.def"
#undef ERR
    ERR_COUNT
};

enum { PROBLEM_PLACE_MAX = 240, PROBLEM_TEXT_MAX = 120, PROBLEM_ARGS_MAX = 4 };

/* ERR_ARG_KEY is a text of the program (an N_ literal, which lives for ever) and is translated;
 * ERR_ARG_TEXT is not. */
enum err_arg_kind { ERR_ARG_TEXT, ERR_ARG_INT, ERR_ARG_DECIMAL, ERR_ARG_DATE, ERR_ARG_KEY };

struct err_arg {
    enum err_arg_kind kind;
    int decimals;    /* ERR_ARG_DECIMAL: number is scaled by 10^decimals */
    int64_t number;  /* ERR_ARG_INT, ERR_ARG_DECIMAL; ERR_ARG_DATE: days since 1970-01-01 */
    struct str text; /* ERR_ARG_TEXT, ERR_ARG_KEY: borrowed for the call */
};

#define ERR_TEXT(value) ((struct err_arg){.kind = ERR_ARG_TEXT, .text = (value)})
#define ERR_CTEXT(value) ((struct err_arg){.kind = ERR_ARG_TEXT, .text = str_from_c(value)})
#define ERR_KEY(value) ((struct err_arg){.kind = ERR_ARG_KEY, .text = str_from_c(value)})
#define ERR_INT(value) ((struct err_arg){.kind = ERR_ARG_INT, .number = (value)})
#define ERR_DECIMAL(value, digits)                                                                 \
    ((struct err_arg){.kind = ERR_ARG_DECIMAL, .number = (value), .decimals = (digits)})
#define ERR_DATE(value) ((struct err_arg){.kind = ERR_ARG_DATE, .number = (value)})

struct problem_arg {
    enum err_arg_kind kind;
    int decimals;
    int64_t number;
    const char *key; /* ERR_ARG_KEY: the literal itself, which may be longer than `text` */
    char text[PROBLEM_TEXT_MAX];
};

struct problem {
    enum err code;
    char place[PROBLEM_PLACE_MAX]; /* "orders.csv:17", "firms[2].listings[0].price"; may be "" */
    int arg_count;
    struct problem_arg args[PROBLEM_ARGS_MAX];
};

/* Fill `problem` (place emptied) and return `code`. At most PROBLEM_ARGS_MAX arguments. */
enum err problem_fill(struct problem *problem, enum err code, const struct err_arg *args,
                      size_t count);
#define problem_set(problem, code, ...)                                                            \
    problem_fill((problem), (code), (const struct err_arg[]){__VA_ARGS__},                         \
                 sizeof((const struct err_arg[]){__VA_ARGS__}) / sizeof(struct err_arg))
#define problem_set0(problem, code) problem_fill((problem), (code), NULL, 0)

/* Write the place and return the code the problem already bears. */
enum err problem_place(struct problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Put a prefix and ": " in front of the place (a caller adds the file); a prefix that ends in "."
 * is the head of the same path and is joined as it is ("firms[3]."). */
void problem_place_prefix(struct problem *problem, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* "ERR_RANGE"; for logs and tests. */
const char *err_name(enum err code);
/* The code of a name; false when there is none. */
bool err_from_name(struct str name, enum err *code);
int err_http_status(enum err code);
/* English message with {0}.. for arguments; also the key of the other languages' texts. */
const char *err_message(enum err code);

#endif
