/* text: sentences in the reader's language, made at the edge.
 *
 * The key of a text is its English form. Tables come from the .po files in po/ at build time
 * (tools/po2c.c); libintl is never called, because its language belongs to the process and its
 * locales are missing on fresh machines. A key without a translation falls back to English (a test
 * finds them).
 */
#ifndef CORE_TEXT_H
#define CORE_TEXT_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

enum lang { LANG_EN, LANG_ZH, LANG_COUNT };

/* Marks a literal for the extractor and returns it unchanged; translate with text_get. */
#define N_(literal) (literal)

/* "en", "zh", "zh_CN.UTF-8" ...: the language of a code; English for the unknown and NULL. */
enum lang lang_from_code(const char *code);
/* Translation of `key` (an English literal marked N_); never NULL. */
const char *text_get(enum lang lang, const char *key);
/* Append the translation with {0}.. replaced by the arguments. */
void text_append(struct buf *buf, enum lang lang, const char *key, const struct err_arg *args,
                 size_t count);
#define text_put(buf, lang, key, ...)                                                              \
    text_append((buf), (lang), (key), (const struct err_arg[]){__VA_ARGS__},                       \
                sizeof((const struct err_arg[]){__VA_ARGS__}) / sizeof(struct err_arg))
#define text_put0(buf, lang, key) text_append((buf), (lang), (key), NULL, 0)
/* "orders.csv:17: 'abc' is not a number; ..." in the reader's language. */
void text_append_problem(struct buf *buf, enum lang lang, const struct problem *problem);
/* Display width in terminal columns: CJK and full-width characters count two. */
size_t text_columns(struct str text);

#endif
