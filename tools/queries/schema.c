#include "schema.h"

#include <sodium.h>
#include <string.h>

#include "core/arena.h"

/* A migration's statement that runs so long is no migration of an empty database. */
enum { STEPS_MAX = 20000000 };

static int give_up(void *context)
{
    (void)context;
    return 1;
}

bool schema_open(struct schema *schema, struct arena *arena, struct report *report)
{
    *schema = (struct schema){.arena = arena, .report = report};
    if (sqlite3_open(":memory:", &schema->db) != SQLITE_OK)
        return false;
    sqlite3_db_config(schema->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(schema->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(schema->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_progress_handler(schema->db, STEPS_MAX, give_up, NULL);
    sqlite3_limit(schema->db, SQLITE_LIMIT_EXPR_DEPTH, 200);
    return true;
}

void schema_close(struct schema *schema)
{
    sqlite3_close(schema->db);
    schema->db = NULL;
}

struct schema_table *schema_table_find(const struct schema *schema, struct str name)
{
    for (size_t i = 0; i < schema->table_count; i++) {
        if (!schema->tables[i]->gone && str_equal(schema->tables[i]->name, name))
            return schema->tables[i];
    }
    return NULL;
}

const struct schema_column *schema_column_find(const struct schema_table *table, struct str name)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (str_equal(table->columns[i].name, name))
            return &table->columns[i];
    }
    return NULL;
}

bool schema_table_has_tenant(const struct schema_table *table)
{
    return schema_column_find(table, STR("tenant")) != NULL;
}

void schema_emit(struct buf *buf, const struct token *token)
{
    if (token->space_before && buf->length > 0 && buf->text[buf->length - 1] != '\n')
        buf_append_byte(buf, ' ');
    buf_append(buf, token->text);
}

/* The words alone decide the digest: a better comment must not stop a running site. */
static void digest_of(const struct tokens *all, unsigned char digest[32])
{
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < all->count; i++) {
        if (all->at[i].kind == TOKEN_COMMENT)
            continue;
        struct str text = all->at[i].text;
        crypto_hash_sha256_update(&state, (const unsigned char *)text.text, text.length);
        crypto_hash_sha256_update(&state, (const unsigned char *)" ", 1);
    }
    crypto_hash_sha256_final(&state, digest);
}

/* "0101_people" of ".../0101_people.sql". */
static bool migration_name(const char *path, struct str *name)
{
    const char *slash = strrchr(path, '/');
    struct str file = str_from_c(slash == NULL ? path : slash + 1);
    if (!str_ends_with(file, STR(".sql")) || file.length < 4 + 6)
        return false;
    *name = str_slice(file, 0, file.length - 4);
    for (size_t i = 0; i < 4; i++) {
        if (name->text[i] < '0' || name->text[i] > '9')
            return false;
    }
    return name->text[4] == '_' && word_is_name(str_slice(*name, 5, SIZE_MAX));
}

static bool number_is_new(struct schema *schema, const char *path, struct str name)
{
    for (size_t i = 0; i < schema->migration_count; i++) {
        int order = str_compare(str_slice(schema->migrations[i].name, 0, 4), str_slice(name, 0, 4));
        if (order == 0) {
            report_add(schema->report, path, 1,
                       "the number %.*s is taken by %s; numbers are unique in the whole program, "
                       "take the next free one",
                       4, name.text, schema->migrations[i].path);
            return false;
        }
    }
    return true;
}

static bool apply(struct schema *schema, const char *path, int line, struct str sqlite)
{
    char *message = NULL;
    const char *text = str_copy(schema->arena, sqlite).text;
    if (sqlite3_exec(schema->db, text, NULL, NULL, &message) == SQLITE_OK)
        return true;
    report_add(schema->report, path, line, "%s; mend the statement", message);
    sqlite3_free(message);
    return false;
}

bool schema_migrate(struct schema *schema, const char *path, struct str text)
{
    struct tokens all;
    struct str name;
    if (schema->migration_count == SCHEMA_MIGRATIONS_MAX || !migration_name(path, &name)) {
        report_add(schema->report, path, 1,
                   "a migration's file is called NNNN_name.sql, with small letters; rename it");
        return false;
    }
    if (!number_is_new(schema, path, name) ||
        !tokens_read(schema->arena, schema->report, path, text, &all))
        return false;
    struct buf sqlite;
    struct buf postgres;
    buf_init(&sqlite);
    buf_init(&postgres);
    bool good = true;
    size_t from = 0;
    for (size_t i = 0; i < all.count && good; i++) {
        if (all.at[i].kind == TOKEN_COMMENT || !token_is(&all, i, ";"))
            continue;
        struct tokens plain;
        size_t start = sqlite.length;
        good = tokens_plain(schema->arena, schema->report, &all, from, i, &plain) &&
               words_check(schema->report, &plain) &&
               schema_change(schema, &plain, &all, &sqlite, &postgres) &&
               apply(schema, path, token_line(&plain, 0),
                     str_slice(buf_str(&sqlite), start, SIZE_MAX));
        from = i + 1;
    }
    for (size_t i = from; i < all.count && good; i++) {
        if (all.at[i].kind != TOKEN_COMMENT) {
            report_add(schema->report, path, all.at[i].line,
                       "the last statement has no end; write \";\"");
            good = false;
        }
    }
    if (good) {
        struct schema_migration *migration = &schema->migrations[schema->migration_count++];
        *migration =
            (struct schema_migration){.path = path,
                                      .name = str_copy(schema->arena, name),
                                      .sqlite = str_copy(schema->arena, buf_str(&sqlite)),
                                      .postgres = str_copy(schema->arena, buf_str(&postgres))};
        digest_of(&all, migration->digest);
    }
    buf_clear(&sqlite);
    buf_clear(&postgres);
    return good;
}
