/* queries/schema_table: CREATE TABLE and the one column of ALTER TABLE ... ADD. */
#ifndef QUERIES_SCHEMA_TABLE_H
#define QUERIES_SCHEMA_TABLE_H

#include "schema.h"

/* "CREATE TABLE name (...)": checks it, adds the table, appends both texts (without ";"). */
bool schema_table_create(struct schema *schema, const struct tokens *plain,
                         const struct tokens *comments, struct buf *sqlite, struct buf *postgres);
/* The column that stands in plain[from, to): checks it, adds it to the table. The type is the token
 * from + 1. */
bool schema_column_add(struct schema *schema, struct schema_table *table,
                       const struct tokens *plain, size_t from, size_t to,
                       const struct tokens *comments);
/* Appends plain[from, to) to both texts; the token at `type` is a type, to be translated. */
void schema_column_emit(const struct tokens *plain, size_t from, size_t to, struct buf *sqlite,
                        struct buf *postgres);
/* Not a name of the store's own tables, and fit to be one in C and SQL. */
bool schema_name_check(struct schema *schema, const struct tokens *plain, size_t at,
                       const char *what);

#endif
