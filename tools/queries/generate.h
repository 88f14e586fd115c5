/* queries/generate: texts in, C out; main.c only reads and writes files. */
#ifndef QUERIES_GENERATE_H
#define QUERIES_GENERATE_H

#include "core/base.h"
#include "core/str.h"
#include "report.h"

struct arena;

struct source {
    const char *path; /* as shown in complaints */
    struct str text;
};

/* C of the statements in `queries` on the schema of `migrations` (any order). False when anything
 * was refused; `report` says what, and nothing was appended. */
bool generate_room(struct arena *arena, struct report *report, struct str room,
                   const char *header_name, const struct source *queries,
                   const struct source *migrations, size_t migration_count, struct buf *header,
                   struct buf *source);
/* The table of all migrations and of all rooms' statements. A statement's name is unique in the
 * program. */
bool generate_schema(struct arena *arena, struct report *report, struct str name,
                     const char *header_name, const struct source *queries, size_t queries_count,
                     const struct source *migrations, size_t migration_count, struct buf *header,
                     struct buf *source);
/* "people" of "src/app/people/queries.sql". */
struct str generate_room_name(const char *queries_path);

#endif
