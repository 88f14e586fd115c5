#include "write_c.h"

static const char *const c_types[TYPE_COUNT] = {
    [TYPE_NONE] = "",           [TYPE_ID] = "int64_t", [TYPE_INT64] = "int64_t",
    [TYPE_REAL8] = "double",    [TYPE_BOOL] = "bool",  [TYPE_TEXT] = "struct str",
    [TYPE_BYTES] = "struct str"};
static const char *const store_types[TYPE_COUNT] = {[TYPE_NONE] = "",
                                                    [TYPE_ID] = "STORE_ID",
                                                    [TYPE_INT64] = "STORE_INT64",
                                                    [TYPE_REAL8] = "STORE_REAL8",
                                                    [TYPE_BOOL] = "STORE_BOOL",
                                                    [TYPE_TEXT] = "STORE_TEXT",
                                                    [TYPE_BYTES] = "STORE_BYTES"};
static const char *const binds[TYPE_COUNT] = {
    [TYPE_NONE] = "",     [TYPE_ID] = "int64",  [TYPE_INT64] = "int64", [TYPE_REAL8] = "real8",
    [TYPE_BOOL] = "bool", [TYPE_TEXT] = "text", [TYPE_BYTES] = "bytes"};

void write_literal(struct buf *out, struct str text)
{
    buf_append_byte(out, '"');
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.text[i];
        if (c == '"' || c == '\\' || c == '?') {
            buf_append_byte(out, '\\');
            buf_append_byte(out, (char)c);
        } else if (c == '\n') {
            buf_append_c(out, "\\n");
        } else if (c < 0x20 || c == 0x7f) {
            buf_format(out, "\\%03o", c);
        } else {
            buf_append_byte(out, (char)c);
        }
    }
    buf_append_byte(out, '"');
}

static void put_upper(struct buf *out, struct str name)
{
    for (size_t i = 0; i < name.length; i++) {
        char c = name.text[i];
        buf_append_byte(out, c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c);
    }
}

static void put_guard(struct buf *out, struct str name, const char *kind)
{
    buf_append_c(out, "#ifndef ");
    put_upper(out, name);
    buf_format(out, "_%s_H\n#define ", kind);
    put_upper(out, name);
    buf_format(out, "_%s_H\n\n#include \"platform/store/statement.h\"\n\n", kind);
}

static void put_row_struct(struct buf *out, const struct statement *statement)
{
    buf_format(out, "struct %.*s_row {\n", SLICE(statement->name));
    for (size_t i = 0; i < statement->result_count; i++) {
        const struct statement_value *result = &statement->results[i];
        buf_format(out, "    %s %.*s;\n", c_types[result->type], SLICE(result->name));
        if (result->nullable)
            buf_format(out, "    bool %.*s_null;\n", SLICE(result->name));
    }
    buf_append_c(out, "};\n");
    buf_format(out, "extern const struct store_columns %.*s_columns;\n", SLICE(statement->name));
}

/* The prototype, without what ends it. */
static void put_prototype(struct buf *out, const struct statement *statement)
{
    struct str name = statement->name;
    bool writes = statement_writes(statement);
    buf_format(out, "enum err %.*s(%s", SLICE(name),
               writes ? "struct store_write *write"
                      : "struct store_read *read, struct arena *arena");
    for (size_t i = 0; i < statement->parameter_count; i++) {
        const struct statement_value *value = &statement->parameters[i];
        buf_format(out, ", %s%s %s%.*s", value->nullable ? "const " : "", c_types[value->type],
                   value->nullable ? "*" : "", SLICE(value->name));
    }
    if (statement->kind == KIND_MANY)
        buf_format(out, ", struct %.*s_row **rows, size_t *count", SLICE(name));
    else if (statement->kind == KIND_EXEC)
        buf_append_c(out, ", int64_t *changed");
    else if (!writes)
        buf_format(out, ", struct %.*s_row *row", SLICE(name));
    if (statement->kind == KIND_MAYBE)
        buf_append_c(out, ", bool *found");
    buf_append_c(out, ", struct problem *problem)");
}

void write_room_header(struct buf *out, struct str room, const struct statements *statements)
{
    buf_format(out, "/* Made by tools/queries from %s. */\n", statements->file);
    put_guard(out, room, "QUERIES");
    buf_append_c(out, "struct arena;\n\n");
    for (size_t i = 0; i < statements->count; i++) {
        const struct statement *statement = statements->at[i];
        if (statement->result_count > 0)
            put_row_struct(out, statement);
        buf_append_c(out, "/* ");
        buf_append(out, statement->comment);
        buf_append_c(out, " */\nMUST_USE ");
        put_prototype(out, statement);
        buf_append_c(out, ";\n\n");
    }
    buf_format(out,
               "/* All of them, NULL behind the last. */\n"
               "extern const struct store_statement *const %.*s_statements[];\n\n#endif\n",
               SLICE(room));
}

static void put_columns(struct buf *out, const struct statement *statement)
{
    struct str name = statement->name;
    buf_format(out, "static const struct store_column %.*s_list[] = {\n", SLICE(name));
    for (size_t i = 0; i < statement->result_count; i++) {
        const struct statement_value *result = &statement->results[i];
        buf_format(out, "    {\"%.*s\", %s, %s, offsetof(struct %.*s_row, %.*s), ",
                   SLICE(result->name), store_types[result->type],
                   result->nullable ? "true" : "false", SLICE(name), SLICE(result->name));
        if (result->nullable)
            buf_format(out, "offsetof(struct %.*s_row, %.*s_null)},\n", SLICE(name),
                       SLICE(result->name));
        else
            buf_append_c(out, "0},\n");
    }
    buf_append_c(out, "};\n");
    buf_format(out,
               "const struct store_columns %.*s_columns = {\"%.*s\", %.*s_list, %zu, "
               "sizeof(struct %.*s_row)};\n",
               SLICE(name), SLICE(name), SLICE(name), statement->result_count, SLICE(name));
}

static void put_statement(struct buf *out, const struct statement *statement)
{
    struct str name = statement->name;
    if (statement->parameter_count > 0) {
        buf_format(out, "static const struct store_parameter %.*s_parameters[] = {\n", SLICE(name));
        for (size_t i = 0; i < statement->parameter_count; i++) {
            const struct statement_value *value = &statement->parameters[i];
            buf_format(out, "    {\"%.*s\", %s, %s},\n", SLICE(value->name),
                       store_types[value->type], value->nullable ? "true" : "false");
        }
        buf_append_c(out, "};\n");
    }
    buf_format(out,
               "static const struct store_statement %.*s_statement = {\n"
               "    .name = \"%.*s\",\n    .place = \"%s:%d\",\n    .sqlite = ",
               SLICE(name), SLICE(name), statement->file, statement->line);
    write_literal(out, statement->sqlite);
    buf_append_c(out, ",\n    .postgres = ");
    write_literal(out, statement->postgres);
    buf_format(out, ",\n    .writes = %s,\n", statement_writes(statement) ? "true" : "false");
    if (statement->parameter_count > 0)
        buf_format(out, "    .parameters = %.*s_parameters,\n    .parameter_count = %zu,\n",
                   SLICE(name), statement->parameter_count);
    if (statement->result_count > 0)
        buf_format(out, "    .columns = &%.*s_columns,\n", SLICE(name));
    buf_append_c(out, "};\n");
}

static void put_binds(struct buf *out, const struct statement *statement)
{
    for (size_t i = 0; i < statement->parameter_count; i++) {
        const struct statement_value *value = &statement->parameters[i];
        if (value->nullable)
            buf_format(out,
                       "    if (%.*s == NULL)\n        store_bind_null(run, %zu);\n    else\n"
                       "        store_bind_%s(run, %zu, *%.*s);\n",
                       SLICE(value->name), i, binds[value->type], i, SLICE(value->name));
        else
            buf_format(out, "    store_bind_%s(run, %zu, %.*s);\n", binds[value->type], i,
                       SLICE(value->name));
    }
}

static void put_function(struct buf *out, const struct statement *statement)
{
    put_prototype(out, statement);
    buf_format(out,
               "\n{\n    struct store_run *run;\n"
               "    TRY(store_run_begin(%s, &%.*s_statement, &run, problem));\n",
               statement_writes(statement) ? "write->read" : "read", SLICE(statement->name));
    put_binds(out, statement);
    switch (statement->kind) {
    case KIND_ONE:
        buf_append_c(out, "    return store_run_one(run, arena, row, problem);\n");
        break;
    case KIND_MAYBE:
        buf_append_c(out, "    return store_run_maybe(run, arena, row, found, problem);\n");
        break;
    case KIND_MANY:
        buf_append_c(out, "    void *list;\n"
                          "    TRY(store_run_many(run, arena, &list, count, problem));\n"
                          "    *rows = list;\n    return ERR_OK;\n");
        break;
    case KIND_CHANGE:
        buf_append_c(out, "    return store_run_change(run, problem);\n");
        break;
    case KIND_EXEC:
        buf_append_c(out, "    return store_run_exec(run, changed, problem);\n");
        break;
    case KIND_COUNT:
        break;
    }
    buf_append_c(out, "}\n\n");
}

static void put_source_head(struct buf *out, const char *header_name)
{
    buf_format(out,
               "/* Made by tools/queries. */\n#include \"%s\"\n\n"
               "/* Texts of statements may be long. */\n"
               "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n",
               header_name);
}

void write_room_source(struct buf *out, struct str room, const char *header_name,
                       const struct statements *statements)
{
    put_source_head(out, header_name);
    for (size_t i = 0; i < statements->count; i++) {
        if (statements->at[i]->result_count > 0)
            put_columns(out, statements->at[i]);
        put_statement(out, statements->at[i]);
        put_function(out, statements->at[i]);
    }
    buf_format(out, "const struct store_statement *const %.*s_statements[] = {\n", SLICE(room));
    for (size_t i = 0; i < statements->count; i++)
        buf_format(out, "    &%.*s_statement,\n", SLICE(statements->at[i]->name));
    buf_append_c(out, "    NULL,\n};\n");
}

void write_schema_header(struct buf *out, struct str name)
{
    buf_append_c(out, "/* Made by tools/queries: all migrations, all statements. */\n");
    put_guard(out, name, "SCHEMA");
    buf_format(
        out,
        "extern const struct store_migration %.*s_migrations[];\n"
        "extern const size_t %.*s_migration_count;\n"
        "/* The rooms' tables of statements, NULL behind the last. */\n"
        "extern const struct store_statement *const *const %.*s_all_statements[];\n\n#endif\n",
        SLICE(name), SLICE(name), SLICE(name));
}

static void put_migration(struct buf *out, const struct schema_migration *migration)
{
    buf_format(out, "    {\n        .name = \"%.*s\",\n        .sqlite = ", SLICE(migration->name));
    write_literal(out, migration->sqlite);
    buf_append_c(out, ",\n        .postgres = ");
    write_literal(out, migration->postgres);
    buf_append_c(out, ",\n        .digest = {");
    for (size_t i = 0; i < sizeof(migration->digest); i++)
        buf_format(out, "%s0x%02x", i == 0 ? "" : ", ", migration->digest[i]);
    buf_append_c(out, "},\n    },\n");
}

void write_schema_source(struct buf *out, struct str name, const char *header_name,
                         const struct schema *schema, const struct str *rooms, size_t room_count)
{
    put_source_head(out, header_name);
    for (size_t i = 0; i < room_count; i++)
        buf_format(out, "extern const struct store_statement *const %.*s_statements[];\n",
                   SLICE(rooms[i]));
    buf_format(out, "\nconst struct store_migration %.*s_migrations[] = {\n", SLICE(name));
    for (size_t i = 0; i < schema->migration_count; i++)
        put_migration(out, &schema->migrations[i]);
    if (schema->migration_count == 0)
        buf_append_c(out, "    {.name = NULL},\n");
    buf_format(out, "};\nconst size_t %.*s_migration_count = %zu;\n", SLICE(name),
               schema->migration_count);
    buf_format(out, "const struct store_statement *const *const %.*s_all_statements[] = {\n",
               SLICE(name));
    for (size_t i = 0; i < room_count; i++)
        buf_format(out, "    %.*s_statements,\n", SLICE(rooms[i]));
    buf_append_c(out, "    NULL,\n};\n");
}
