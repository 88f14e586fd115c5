#include "schema_table.h"

#include "core/arena.h"

static bool refuse(struct schema *schema, const struct tokens *plain, size_t at, const char *why)
{
    report_add(schema->report, plain->file, token_line(plain, at), "%s", why);
    return false;
}

bool schema_name_check(struct schema *schema, const struct tokens *plain, size_t at,
                       const char *what)
{
    struct str name = at < plain->count ? plain->at[at].text : STR("");
    if (token_is_word(plain, at) && word_is_name(name) && !str_starts_with(name, STR("store_")) &&
        !str_starts_with(name, STR("sqlite_")) && !str_starts_with(name, STR("pg_")))
        return true;
    report_add(schema->report, plain->file, token_line(plain, at),
               "\"%.*s\" cannot be the name of a %s; use small letters, digits and \"_\", no word "
               "of SQL or C, not beginning with store_, sqlite_ or pg_",
               SLICE(name), what);
    return false;
}

/* Is there a comment on one of the lines? */
static bool has_comment(const struct tokens *all, int line, int other_line)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->at[i].kind == TOKEN_COMMENT && all->at[i].text.length > 0 &&
            (all->at[i].line == line || all->at[i].line == other_line))
            return true;
    }
    return false;
}

/* The comment that ends on the line above and says in a sentence what the table is for. */
static bool has_sentence(const struct tokens *all, int line)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->at[i].kind == TOKEN_COMMENT && all->at[i].line == line - 1)
            return str_ends_with(all->at[i].text, STR("."));
    }
    return false;
}

/* Behind the type: NOT NULL, DEFAULT value, CHECK (...). */
static bool read_constraints(struct schema *schema, struct schema_column *column,
                             const struct tokens *plain, size_t from, size_t to)
{
    size_t i = from;
    while (i < to) {
        if (token_is(plain, i, "not") && token_is(plain, i + 1, "null")) {
            column->required = true;
            i += 2;
        } else if (token_is(plain, i, "default")) {
            i += token_is(plain, i + 1, "-") ? 1 : 0;
            i = token_next(plain, i + 1);
        } else if (token_is(plain, i, "check") && token_is(plain, i + 1, "(")) {
            i = token_next(plain, i + 1);
        } else {
            return refuse(schema, plain, i,
                          "behind a column's type stand NOT NULL, DEFAULT and CHECK (...) only; "
                          "write KEY(...), FOREIGN KEY(...) or CREATE UNIQUE INDEX for the rest");
        }
    }
    return true;
}

bool schema_column_add(struct schema *schema, struct schema_table *table,
                       const struct tokens *plain, size_t from, size_t to,
                       const struct tokens *comments)
{
    if (!schema_name_check(schema, plain, from, "column"))
        return false;
    struct schema_column column = {.name = plain->at[from].text};
    column.type = token_is_word(plain, from + 1) && from + 1 < to
                      ? word_column_type(plain->at[from + 1].text)
                      : TYPE_NONE;
    if (column.type == TYPE_NONE)
        return refuse(schema, plain, from,
                      "a column's type is one of ID, INT64, REAL8, BOOL, TEXT, BYTES; write it "
                      "behind the name, in capitals");
    bool names_row = str_equal_c(column.name, "id") || str_equal_c(column.name, "tenant");
    if (names_row && column.type != TYPE_ID)
        return refuse(
            schema, plain, from,
            "ids are strings in JSON, where numbers are cut; the type of id and tenant is "
            "ID");
    if (!read_constraints(schema, &column, plain, from + 2, to))
        return false;
    if (!has_comment(comments, token_line(plain, from), token_line(plain, to - 1))) {
        report_add(schema->report, plain->file, token_line(plain, from),
                   "the column \"%.*s\" has no comment; say on its line what it holds",
                   SLICE(column.name));
        return false;
    }
    if (table->column_count == SCHEMA_COLUMNS_MAX)
        return refuse(schema, plain, from, "a table has at most 64 columns; split it");
    table->columns[table->column_count++] = column;
    return true;
}

static void emit_type(struct buf *buf, const char *name)
{
    buf_append_byte(buf, ' ');
    buf_append_c(buf, name);
}

void schema_column_emit(const struct tokens *plain, size_t from, size_t to, struct buf *sqlite,
                        struct buf *postgres)
{
    for (size_t i = from; i < to; i++) {
        if (i == from + 1) {
            enum word_type type = word_column_type(plain->at[i].text);
            emit_type(sqlite, word_sqlite_name(type));
            emit_type(postgres, word_postgres_name(type));
        } else {
            schema_emit(sqlite, &plain->at[i]);
            schema_emit(postgres, &plain->at[i]);
        }
    }
}

enum item { ITEM_COLUMN, ITEM_KEY, ITEM_UNIQUE, ITEM_OTHER };

static enum item item_kind(const struct tokens *plain, size_t at)
{
    if (token_is(plain, at, "key") && token_is(plain, at + 1, "("))
        return ITEM_KEY;
    if (token_is(plain, at, "unique"))
        return ITEM_UNIQUE;
    if (token_is(plain, at, "foreign") || token_is(plain, at, "check"))
        return ITEM_OTHER;
    return ITEM_COLUMN;
}

static size_t item_end(const struct tokens *plain, size_t from, size_t close)
{
    size_t i = from;
    while (i < close && !token_is(plain, i, ","))
        i = token_next(plain, i);
    return i;
}

struct create {
    struct schema *schema;
    struct schema_table *table;
    const struct tokens *plain;
    const struct tokens *comments;
    struct buf *sqlite;
    struct buf *postgres;
    size_t key_at; /* token of KEY, 0: none yet */
    size_t unique_at;
};

static void emit_both(struct create *create, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        schema_emit(create->sqlite, &create->plain->at[i]);
        schema_emit(create->postgres, &create->plain->at[i]);
    }
}

static bool read_item(struct create *create, size_t from, size_t to)
{
    const struct tokens *plain = create->plain;
    switch (item_kind(plain, from)) {
    case ITEM_COLUMN:
        if (create->key_at != 0)
            return refuse(create->schema, plain, from,
                          "columns stand before KEY(...); move it down");
        if (!schema_column_add(create->schema, create->table, plain, from, to, create->comments))
            return false;
        schema_column_emit(plain, from, to, create->sqlite, create->postgres);
        return true;
    case ITEM_KEY:
        if (create->key_at != 0)
            return refuse(create->schema, plain, from, "a table has one KEY(...); remove this one");
        create->key_at = from;
        buf_append_c(create->sqlite, " PRIMARY KEY");
        buf_append_c(create->postgres, " PRIMARY KEY");
        emit_both(create, from + 1, to);
        return true;
    case ITEM_UNIQUE:
        create->unique_at = from;
        emit_both(create, from, to);
        return true;
    case ITEM_OTHER:
        emit_both(create, from, to);
        return true;
    }
    return false;
}

static bool check_keys(struct create *create)
{
    const struct tokens *plain = create->plain;
    if (create->key_at == 0)
        return refuse(create->schema, plain, 2,
                      "the table has no key; end it with KEY(...) over the columns that name a "
                      "row");
    for (size_t i = create->key_at + 2; !token_is(plain, i, ")"); i++) {
        const struct schema_column *column = schema_column_find(create->table, plain->at[i].text);
        if (column != NULL && !column->required)
            return refuse(create->schema, plain, i,
                          "a column of the KEY may be null; add NOT NULL");
    }
    if (!schema_table_has_tenant(create->table))
        return true;
    if (!schema_column_find(create->table, STR("tenant"))->required)
        return refuse(create->schema, plain, 2,
                      "tenant may be null; each row of a tenant's table has one, add NOT NULL");
    if (!token_is(plain, create->key_at + 2, "tenant"))
        return refuse(create->schema, plain, create->key_at,
                      "the key of a tenant's table begins with tenant; write KEY(tenant, ...)");
    if (create->unique_at != 0 && !token_is(plain, create->unique_at + 2, "tenant"))
        return refuse(create->schema, plain, create->unique_at,
                      "a unique index of a tenant's table begins with tenant; write "
                      "UNIQUE(tenant, ...)");
    return true;
}

bool schema_table_create(struct schema *schema, const struct tokens *plain,
                         const struct tokens *comments, struct buf *sqlite, struct buf *postgres)
{
    if (!schema_name_check(schema, plain, 2, "table"))
        return false;
    if (!token_is(plain, 3, "(") || plain->at[3].match + 1 != plain->count)
        return refuse(schema, plain, 2,
                      "a table is CREATE TABLE name ( columns, KEY(...) ) and nothing behind");
    if (!has_sentence(comments, token_line(plain, 0)))
        return refuse(schema, plain, 0,
                      "the line above says in a sentence what the table is for, with a full stop; "
                      "write \"-- ...\"");
    struct schema_table *table = ARENA_NEW(schema->arena, struct schema_table);
    table->name = plain->at[2].text;
    struct create create = {.schema = schema,
                            .table = table,
                            .plain = plain,
                            .comments = comments,
                            .sqlite = sqlite,
                            .postgres = postgres};
    emit_both(&create, 0, 4);
    size_t close = plain->at[3].match;
    for (size_t from = 4; from < close;) {
        size_t to = item_end(plain, from, close);
        if (to == from || !read_item(&create, from, to))
            return to == from ? refuse(schema, plain, from, "a column is missing here") : false;
        emit_both(&create, to, to < close ? to + 1 : to);
        from = to + 1;
    }
    emit_both(&create, close, close + 1);
    buf_append_c(sqlite, " WITHOUT ROWID");
    if (!check_keys(&create))
        return false;
    if (schema->table_count == SCHEMA_TABLES_MAX)
        return refuse(schema, plain, 0, "more than 512 tables; raise SCHEMA_TABLES_MAX");
    schema->tables[schema->table_count++] = table;
    return true;
}
