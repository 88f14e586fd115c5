/* json: documents read with the path of every field in the message (jansson behind it).
 *
 * A cursor is a value and the path that led to it ("firms[2].listings[0].price"). Getters put the
 * first problem in `problem` with that path as the place; all of them are strict about types.
 * Numbers that stand for money are read as JSON strings or as number literals by their text, never
 * through a double: json_get_money sees "19.90" or 19.90 exactly.
 */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include "core/base.h"
#include "core/err.h"
#include "core/money.h"
#include "core/str.h"

struct arena;
struct json_document; /* owns the tree; close it */

enum { JSON_BYTES_MAX = 64 << 20, JSON_DEPTH_MAX = 64 };

struct json {
    const void *node;                     /* jansson value; NULL: absent */
    const struct json *up;                /* parent cursor, must outlive this one */
    const char *key;                      /* name in the parent object, or NULL */
    int index;                            /* index in the parent list when key is NULL */
    const struct json_document *document; /* owner of the tree */
};

/* Parse UTF-8 text of one JSON value; duplicate keys, depth beyond the limit and trailing text are
 * refused. `file` names the place for syntax errors. */
MUST_USE enum err json_parse(struct str text, const char *file, struct json_document **document,
                             struct json *root, struct problem *problem);
/* The same from a file of at most JSON_BYTES_MAX. */
MUST_USE enum err json_read_file(const char *path, struct json_document **document,
                                 struct json *root, struct problem *problem);
void json_close(struct json_document *document);

bool json_is_object(const struct json *at);
bool json_is_list(const struct json *at);
/* The value null itself; false when absent. */
bool json_is_null_value(const struct json *at);
/* Entries of a list or object; 0 for others. */
size_t json_count(const struct json *at);
/* Path of the cursor, in the arena: "listings[0].price"; the root is "". */
struct str json_path(struct arena *arena, const struct json *at);
/* Set `problem`'s place to the path of `at` (and ".key" when key is not NULL); returns its code. */
enum err json_place(struct problem *problem, const struct json *at, const char *key);

/* Child cursors; `node` NULL when absent (optional), ERR_FIELD_MISSING / ERR_JSON_TYPE (required).
 */
struct json json_child(const struct json *object, const char *key);
struct json json_item(const struct json *list, size_t index);
MUST_USE enum err json_require_object(const struct json *at, struct problem *problem);
MUST_USE enum err json_require_list(const struct json *at, size_t count_max,
                                    struct problem *problem);
/* Every key of `object` must be one of `known` (NULL-terminated); else ERR_FIELD_UNKNOWN with the
 * nearest known name. */
MUST_USE enum err json_require_known(const struct json *object, const char *const *known,
                                     struct problem *problem);
/* i-th key of an object in document order, with its child cursor; NULL behind the last. Counts from
 * the first key: a loop over n keys takes n^2 / 2 steps. */
const char *json_key_at(const struct json *object, size_t index, struct json *child);

/* Required typed fields of an object: ERR_FIELD_MISSING when absent, ERR_JSON_TYPE on another type,
 * ERR_RANGE outside [least, most]. Text is borrowed from the document. */
MUST_USE enum err json_get_int(const struct json *object, const char *key, int64_t least,
                               int64_t most, int64_t *value, struct problem *problem);
MUST_USE enum err json_get_double(const struct json *object, const char *key, double least,
                                  double most, double *value, struct problem *problem);
MUST_USE enum err json_get_bool(const struct json *object, const char *key, bool *value,
                                struct problem *problem);
MUST_USE enum err json_get_text(const struct json *object, const char *key, size_t length_max,
                                struct str *value, struct problem *problem);
MUST_USE enum err json_get_date(const struct json *object, const char *key, int32_t *day,
                                struct problem *problem);
/* Money in a known currency: a string or number with at most its decimals. */
MUST_USE enum err json_get_money(const struct json *object, const char *key,
                                 struct currency currency, int64_t least, int64_t most,
                                 int64_t *minor, struct problem *problem);
/* The value of the cursor itself as text / whole number; false on another type. */
bool json_text(const struct json *at, struct str *value);
bool json_int(const struct json *at, int64_t *value);
bool json_double(const struct json *at, double *value);

/* Writer: appends to a buf; commas and indentation by itself; keys in the order of the calls. */
struct json_writer {
    struct buf *buf;
    int depth;
    bool pretty; /* two blanks an indentation level, a line a field */
    bool after_key;
    bool first[JSON_DEPTH_MAX + 1];
};

void json_writer_init(struct json_writer *writer, struct buf *buf, bool pretty);
void json_object_begin(struct json_writer *writer);
void json_object_end(struct json_writer *writer);
void json_list_begin(struct json_writer *writer);
void json_list_end(struct json_writer *writer);
void json_key(struct json_writer *writer, const char *key);
void json_put_text(struct json_writer *writer, struct str value);
void json_put_int(struct json_writer *writer, int64_t value);
/* As buf_append_double; null for what is not finite, "-0.0" for minus zero (a reader takes "-0" for
 * a whole number). */
void json_put_double(struct json_writer *writer, double value);
void json_put_bool(struct json_writer *writer, bool value);
void json_put_null(struct json_writer *writer);
/* Money as a string with its decimals: "19.90". */
void json_put_money(struct json_writer *writer, int64_t minor, struct currency currency);
void json_put_date(struct json_writer *writer, int32_t day);

#endif
