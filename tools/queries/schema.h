/* queries/schema: what the migrations make: tables and columns, their text for both databases, and
 * the migrated SQLite database in memory.
 *
 * A migration holds CREATE TABLE, CREATE [UNIQUE] INDEX, ALTER TABLE (ADD, RENAME, DROP COLUMN),
 * DROP TABLE, DROP INDEX, and INSERT, UPDATE, DELETE of data. docs/platform.md section 2 says what
 * is asked of a table.
 */
#ifndef QUERIES_SCHEMA_H
#define QUERIES_SCHEMA_H

#include <sqlite3.h>

#include "core/base.h"
#include "core/str.h"
#include "token.h"
#include "words.h"

struct arena;

enum { SCHEMA_TABLES_MAX = 512, SCHEMA_COLUMNS_MAX = 64, SCHEMA_MIGRATIONS_MAX = 512 };

struct schema_column {
    struct str name;
    enum word_type type;
    bool required; /* NOT NULL */
};

struct schema_table {
    struct str name;
    struct schema_column columns[SCHEMA_COLUMNS_MAX];
    size_t column_count;
    bool gone; /* dropped */
};

struct schema_migration {
    const char *path; /* shown in complaints */
    struct str name;  /* "0101_people" */
    struct str sqlite;
    struct str postgres;
    unsigned char digest[32]; /* SHA-256 of the neutral words, one blank between, no comments */
};

struct schema {
    struct arena *arena;
    struct report *report;
    sqlite3 *db;
    struct schema_table *tables[SCHEMA_TABLES_MAX];
    size_t table_count;
    struct schema_migration migrations[SCHEMA_MIGRATIONS_MAX];
    size_t migration_count;
};

/* An empty schema with its database in memory; false when SQLite is not to be had. */
bool schema_open(struct schema *schema, struct arena *arena, struct report *report);
void schema_close(struct schema *schema);
/* Reads, translates and applies one migration; call in the order of their numbers. */
bool schema_migrate(struct schema *schema, const char *path, struct str text);

struct schema_table *schema_table_find(const struct schema *schema, struct str name);
const struct schema_column *schema_column_find(const struct schema_table *table, struct str name);
bool schema_table_has_tenant(const struct schema_table *table);

/* Of schema_change.c: one statement of a migration, plain, without its ";". Fills both texts.
 * `comments` are all tokens of the file, for the sentences beside tables and columns. */
bool schema_change(struct schema *schema, const struct tokens *plain, const struct tokens *comments,
                   struct buf *sqlite, struct buf *postgres);
/* Appends a token, with one blank before it where the text had any. */
void schema_emit(struct buf *buf, const struct token *token);

#endif
