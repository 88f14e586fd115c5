/* store/statement: what generated query functions are made of; rooms call those, not this.
 *
 * A statement lives in the program as one constant; each connection prepares it at its first use
 * and keeps it. Texts and bytes of a row are copied into the caller's arena.
 */
#ifndef PLATFORM_STORE_STATEMENT_H
#define PLATFORM_STORE_STATEMENT_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "platform/store/store.h"

struct arena;
struct json_writer;

/* An id is an int64 that JSON writes as a string. */
enum store_type { STORE_INT64, STORE_REAL8, STORE_BOOL, STORE_TEXT, STORE_BYTES, STORE_ID };

struct store_column {
    const char *name;
    enum store_type type;
    bool nullable;
    size_t offset;      /* in the row struct */
    size_t null_offset; /* of `NAME_null`, when nullable */
};

/* The shape of a row struct, for JSON answers and their schemas. */
struct store_columns {
    const char *name; /* of the statement */
    const struct store_column *columns;
    size_t count;
    size_t row_size;
};

struct store_parameter {
    const char *name;
    enum store_type type;
    bool nullable;
};

struct store_statement {
    const char *name;
    const char *place;    /* "src/app/people/queries.sql:12" */
    const char *sqlite;   /* with ?1..?n */
    const char *postgres; /* with $1..$n */
    bool writes;
    const struct store_parameter *parameters;
    size_t parameter_count;
    const struct store_columns *columns; /* NULL when it gives none */
};

/* A statement being run on a connection. */
struct store_run;

MUST_USE enum err store_run_begin(struct store_read *read, const struct store_statement *statement,
                                  struct store_run **run, struct problem *problem);
/* Indices from 0. Texts and bytes are borrowed until the run ends. */
void store_bind_int64(struct store_run *run, int index, int64_t value);
void store_bind_real8(struct store_run *run, int index, double value);
void store_bind_bool(struct store_run *run, int index, bool value);
void store_bind_text(struct store_run *run, int index, struct str value);
void store_bind_bytes(struct store_run *run, int index, struct str value);
void store_bind_null(struct store_run *run, int index);
/* The next row, or *found = false. */
MUST_USE enum err store_step(struct store_run *run, bool *found, struct problem *problem);
bool store_is_null(const struct store_run *run, int index);
int64_t store_int64(const struct store_run *run, int index);
double store_real8(const struct store_run *run, int index);
bool store_bool(const struct store_run *run, int index);
struct str store_text(const struct store_run *run, int index, struct arena *arena);
struct str store_bytes(const struct store_run *run, int index, struct arena *arena);
/* Rows changed by the statement that has just run. */
int64_t store_changed(const struct store_run *run);
void store_run_end(struct store_run *run);

/* Run a bound statement to its end and end the run, whatever comes of it. */
/* Exactly one row; none is ERR_NOT_FOUND. */
MUST_USE enum err store_run_one(struct store_run *run, struct arena *arena, void *row,
                                struct problem *problem);
MUST_USE enum err store_run_maybe(struct store_run *run, struct arena *arena, void *row,
                                  bool *found, struct problem *problem);
MUST_USE enum err store_run_many(struct store_run *run, struct arena *arena, void **rows,
                                 size_t *count, struct problem *problem);
/* Exactly one row changed; else ERR_STALE. */
MUST_USE enum err store_run_change(struct store_run *run, struct problem *problem);
MUST_USE enum err store_run_exec(struct store_run *run, int64_t *changed, struct problem *problem);

/* A row as a JSON object: names as in SQL, ids as strings, bytes in hex, null where null. */
void store_row_json(struct json_writer *writer, const struct store_columns *columns,
                    const void *row);

#endif
