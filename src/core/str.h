/* str, buf: text as a slice, and text that grows.
 *
 * A `struct str` never owns its bytes; it is passed by value and is not zero-terminated. Text is
 * UTF-8 unless a comment says otherwise. A `struct buf` owns its bytes (heap) until buf_clear.
 */
#ifndef CORE_STR_H
#define CORE_STR_H

#include "core/base.h"

struct arena;

struct str {
    const char *text;
    size_t length;
};

#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})

/* A borrowed slice of a zero-terminated text; NULL gives the empty slice. */
struct str str_from_c(const char *text);
bool str_equal(struct str a, struct str b);
bool str_equal_c(struct str a, const char *b);
/* Equal when ASCII letters are compared without case. */
bool str_equal_ascii_fold(struct str a, struct str b);
/* Bytewise order: negative, 0, positive. */
int str_compare(struct str a, struct str b);
bool str_starts_with(struct str text, struct str prefix);
bool str_ends_with(struct str text, struct str suffix);
/* Without ASCII blanks (space, tab, CR, LF) at both ends. */
struct str str_trim(struct str text);
struct str str_slice(struct str text, size_t start, size_t length);
/* Index of the first `byte`, or text.length. */
size_t str_find_byte(struct str text, char byte);
/* A copy in the arena, zero-terminated behind its length, so `.text` is also a C string. */
struct str str_copy(struct arena *arena, struct str text);
/* The text formatted as printf would, in the arena, zero-terminated. No locale: use %d, %s, %c, %x;
 * for doubles use buf_append_double. */
struct str str_format(struct arena *arena, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Decimal integer with optional sign, all of `text`; false on anything else or overflow. */
bool str_to_int64(struct str text, int64_t *value);
/* A decimal number ("12.5", "-3", "1e-3"), all of `text`, never NaN or infinite, independent of
 * locale; false on anything else. */
bool str_to_double(struct str text, double *value);
/* True when `text` is well-formed UTF-8 (no surrogates, no overlong forms). */
bool str_is_utf8(struct str text);
/* Largest length not above `length_max` that does not cut a UTF-8 sequence in two. */
size_t str_utf8_cut(struct str text, size_t length_max);

struct buf {
    char *text;
    size_t length;
    size_t capacity;
};

void buf_init(struct buf *buf);
void buf_clear(struct buf *buf);
/* Keep the memory, forget the content. */
void buf_reset(struct buf *buf);
void buf_append(struct buf *buf, struct str text);
void buf_append_c(struct buf *buf, const char *text);
void buf_append_byte(struct buf *buf, char byte);
void buf_append_int64(struct buf *buf, int64_t value);
/* Shortest decimal form that reads back to the same double; "." always the point. */
void buf_append_double(struct buf *buf, double value);
void buf_format(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Borrowed; valid until the next change of `buf`. */
struct str buf_str(const struct buf *buf);
/* At least `extra` writable bytes behind the content; the caller advances `length` itself. */
char *buf_reserve(struct buf *buf, size_t extra);

#endif
