/* queries/write_c: the C of a room's statements, and of the table of all migrations. */
#ifndef QUERIES_WRITE_C_H
#define QUERIES_WRITE_C_H

#include "schema.h"
#include "statement.h"

/* `room` names the table of statements ("people"), `header_name` is what the source includes. */
void write_room_header(struct buf *out, struct str room, const struct statements *statements);
void write_room_source(struct buf *out, struct str room, const char *header_name,
                       const struct statements *statements);
/* NAME_migrations, NAME_migration_count, NAME_all_statements over the rooms' tables. */
void write_schema_header(struct buf *out, struct str name);
void write_schema_source(struct buf *out, struct str name, const char *header_name,
                         const struct schema *schema, const struct str *rooms, size_t room_count);

/* A C string literal that holds exactly the bytes of `text`. */
void write_literal(struct buf *out, struct str text);

#endif
