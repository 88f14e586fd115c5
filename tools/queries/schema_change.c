/* Statements of a migration other than CREATE TABLE. */
#include "schema_table.h"

static bool refuse(struct schema *schema, const struct tokens *plain, size_t at, const char *why)
{
    report_add(schema->report, plain->file, token_line(plain, at), "%s", why);
    return false;
}

static void emit_all(const struct tokens *plain, struct buf *sqlite, struct buf *postgres)
{
    for (size_t i = 0; i < plain->count; i++) {
        schema_emit(sqlite, &plain->at[i]);
        schema_emit(postgres, &plain->at[i]);
    }
}

/* The table named at `at`; a complaint when there is none. */
static struct schema_table *table_at(struct schema *schema, const struct tokens *plain, size_t at)
{
    struct schema_table *table =
        token_is_word(plain, at) ? schema_table_find(schema, plain->at[at].text) : NULL;
    if (table == NULL)
        report_add(schema->report, plain->file, token_line(plain, at),
                   "there is no table \"%.*s\"; correct the name",
                   SLICE(at < plain->count ? plain->at[at].text : STR("")));
    return table;
}

/* CREATE [UNIQUE] INDEX name ON table (...) [WHERE ...] */
static bool change_index(struct schema *schema, const struct tokens *plain, bool unique,
                         struct buf *sqlite, struct buf *postgres)
{
    size_t at = unique ? 3 : 2;
    if (!schema_name_check(schema, plain, at, "index"))
        return false;
    if (!token_is(plain, at + 1, "on") || !token_is(plain, at + 3, "("))
        return refuse(schema, plain, at, "an index is CREATE [UNIQUE] INDEX name ON table (...)");
    const struct schema_table *table = table_at(schema, plain, at + 2);
    if (table == NULL)
        return false;
    if (unique && schema_table_has_tenant(table) && !token_is(plain, at + 4, "tenant"))
        return refuse(schema, plain, at + 4,
                      "a unique index of a tenant's table begins with tenant; write "
                      "(tenant, ...)");
    emit_all(plain, sqlite, postgres);
    return true;
}

static bool alter_add(struct schema *schema, struct schema_table *table, const struct tokens *plain,
                      const struct tokens *comments, struct buf *sqlite, struct buf *postgres)
{
    size_t from = token_is(plain, 4, "column") ? 5 : 4;
    if (from >= plain->count ||
        !schema_column_add(schema, table, plain, from, plain->count, comments))
        return false;
    for (size_t i = 0; i < from; i++) {
        schema_emit(sqlite, &plain->at[i]);
        schema_emit(postgres, &plain->at[i]);
    }
    schema_column_emit(plain, from, plain->count, sqlite, postgres);
    return true;
}

static size_t column_index(const struct schema_table *table, const struct tokens *plain, size_t at)
{
    size_t i = 0;
    while (i < table->column_count && !token_is(plain, at, "") &&
           !(token_is_word(plain, at) && str_equal(table->columns[i].name, plain->at[at].text)))
        i++;
    return i;
}

/* RENAME TO name, RENAME COLUMN a TO b, DROP COLUMN a */
static bool alter_rest(struct schema *schema, struct schema_table *table,
                       const struct tokens *plain)
{
    if (token_is(plain, 3, "rename") && token_is(plain, 4, "to") && plain->count == 6) {
        table->name = plain->at[5].text;
        return schema_name_check(schema, plain, 5, "table");
    }
    size_t column = column_index(table, plain, 5);
    bool known = token_is(plain, 4, "column") && column < table->column_count;
    if (known && str_equal(table->columns[column].name, STR("tenant")))
        return refuse(schema, plain, 5, "tenant stays as it is; make a new table instead");
    if (known && token_is(plain, 3, "rename") && token_is(plain, 6, "to") && plain->count == 8) {
        table->columns[column].name = plain->at[7].text;
        return schema_name_check(schema, plain, 7, "column");
    }
    if (known && token_is(plain, 3, "drop") && plain->count == 6) {
        for (size_t i = column; i + 1 < table->column_count; i++)
            table->columns[i] = table->columns[i + 1];
        table->column_count--;
        return true;
    }
    return refuse(schema, plain, 0,
                  "ALTER TABLE name knows ADD column, DROP COLUMN, RENAME COLUMN ... TO and RENAME "
                  "TO, of tables and columns that exist");
}

static bool change_alter(struct schema *schema, const struct tokens *plain,
                         const struct tokens *comments, struct buf *sqlite, struct buf *postgres)
{
    struct schema_table *table = table_at(schema, plain, 2);
    if (table == NULL)
        return false;
    if (token_is(plain, 3, "add"))
        return alter_add(schema, table, plain, comments, sqlite, postgres);
    if (!alter_rest(schema, table, plain))
        return false;
    emit_all(plain, sqlite, postgres);
    return true;
}

static bool change_drop(struct schema *schema, const struct tokens *plain, struct buf *sqlite,
                        struct buf *postgres)
{
    if (plain->count != 3)
        return refuse(schema, plain, 0, "a drop is DROP TABLE name or DROP INDEX name");
    if (token_is(plain, 1, "table")) {
        struct schema_table *table = table_at(schema, plain, 2);
        if (table == NULL)
            return false;
        table->gone = true;
    }
    emit_all(plain, sqlite, postgres);
    return true;
}

static bool change_data(struct schema *schema, const struct tokens *plain, struct buf *sqlite,
                        struct buf *postgres)
{
    for (size_t i = 0; i < plain->count; i++) {
        if (plain->at[i].kind == TOKEN_PARAMETER)
            return refuse(schema, plain, i, "a migration has no parameters; write the value");
    }
    emit_all(plain, sqlite, postgres);
    return true;
}

bool schema_change(struct schema *schema, const struct tokens *plain, const struct tokens *comments,
                   struct buf *sqlite, struct buf *postgres)
{
    bool good;
    if (token_is(plain, 0, "create") && token_is(plain, 1, "table"))
        good = schema_table_create(schema, plain, comments, sqlite, postgres);
    else if (token_is(plain, 0, "create") && token_is(plain, 1, "index"))
        good = change_index(schema, plain, false, sqlite, postgres);
    else if (token_is(plain, 0, "create") && token_is(plain, 1, "unique") &&
             token_is(plain, 2, "index"))
        good = change_index(schema, plain, true, sqlite, postgres);
    else if (token_is(plain, 0, "alter") && token_is(plain, 1, "table"))
        good = change_alter(schema, plain, comments, sqlite, postgres);
    else if (token_is(plain, 0, "drop"))
        good = change_drop(schema, plain, sqlite, postgres);
    else if (token_is(plain, 0, "insert") || token_is(plain, 0, "update") ||
             token_is(plain, 0, "delete"))
        good = change_data(schema, plain, sqlite, postgres);
    else
        good = refuse(schema, plain, 0,
                      "a migration holds CREATE TABLE, CREATE [UNIQUE] INDEX, ALTER TABLE, DROP "
                      "TABLE or INDEX, INSERT, UPDATE and DELETE only");
    if (good) {
        buf_append_c(sqlite, ";\n");
        buf_append_c(postgres, ";\n");
    }
    return good;
}
