/* What SQLite itself says of a statement: prepared on the migrated schema, with the tables it truly
 * touches told by the authorizer. */
#include <stdarg.h>
#include <stdio.h>

#include "core/arena.h"
#include "scope.h"

bool statement_refuse(const struct schema *schema, const struct statement *statement, size_t at,
                      const char *format, ...)
{
    char text[900];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    report_add(schema->report, statement->file, token_line(&statement->plain, at), "%.*s: %s",
               SLICE(statement->name), text);
    return false;
}

static bool is_sum64(const struct tokens *plain, size_t at)
{
    return token_is(plain, at, "sum64") && token_is(plain, at + 1, "(");
}

/* Both texts: "$1" is "?1" in SQLite; sum64(x) is sum(x), cast in PostgreSQL; types of CAST. */
static void translate(struct arena *arena, struct statement *statement)
{
    const struct tokens *plain = &statement->plain;
    struct buf sqlite;
    struct buf postgres;
    buf_init(&sqlite);
    buf_init(&postgres);
    size_t *offsets = ARENA_ARRAY(arena, size_t, plain->count + 1);
    bool *closes = ARENA_ARRAY(arena, bool, plain->count + 1);
    for (size_t i = 0; i < plain->count; i++) {
        struct token token = plain->at[i];
        enum word_type type = TYPE_NONE;
        if (token_is_word(plain, i) && i > 0 && token_is(plain, i - 1, "as") &&
            token_is(plain, i + 1, ")") && token_is(plain, plain->at[i + 1].match - 1, "cast"))
            type = word_column_type(token.text);
        struct token other = token;
        if (is_sum64(plain, i)) {
            token.text = STR("sum");
            other.text = STR("CAST(sum");
            closes[plain->at[i + 1].match] = true;
        } else if (token.kind == TOKEN_PARAMETER) {
            token.text = str_format(arena, "?%d", token.parameter);
        } else if (type != TYPE_NONE) {
            token.text = str_from_c(word_sqlite_name(type));
            other.text = str_from_c(type == TYPE_TEXT ? "TEXT" : word_postgres_name(type));
        }
        schema_emit(&sqlite, &token);
        offsets[i] = sqlite.length - token.text.length;
        schema_emit(&postgres, &other);
        if (closes[i])
            buf_append_c(&postgres, " AS BIGINT)");
    }
    statement->sqlite = str_copy(arena, buf_str(&sqlite));
    statement->postgres = str_copy(arena, buf_str(&postgres));
    statement->offsets = offsets;
    buf_clear(&sqlite);
    buf_clear(&postgres);
}

/* Tables the authorizer saw that the scopes do not name. */
struct witness {
    const struct statement *statement;
    struct arena *arena;
    const char *stranger; /* a table not named; NULL: none */
};

static bool is_named(const struct statement *statement, struct str table)
{
    for (const struct scope *scope = statement->scopes; scope != NULL; scope = scope->next) {
        for (size_t i = 0; i < scope->reference_count; i++) {
            if (scope->references[i].table != NULL &&
                str_equal(scope->references[i].table->name, table))
                return true;
        }
    }
    return false;
}

static int witness_action(void *context, int action, const char *first, const char *second,
                          const char *database, const char *trigger)
{
    struct witness *witness = context;
    (void)second;
    (void)trigger;
    bool of_table = action == SQLITE_READ || action == SQLITE_INSERT || action == SQLITE_UPDATE ||
                    action == SQLITE_DELETE;
    if (of_table && database != NULL && !is_named(witness->statement, str_from_c(first)) &&
        witness->stranger == NULL)
        witness->stranger = str_copy(witness->arena, str_from_c(first)).text;
    return SQLITE_OK;
}

/* The token that SQLite's error points to. */
static size_t error_token(const struct schema *schema, const struct statement *statement)
{
    int offset = sqlite3_error_offset(schema->db);
    size_t at = 0;
    for (size_t i = 0; i < statement->plain.count && offset >= 0; i++)
        at = statement->offsets[i] <= (size_t)offset ? i : at;
    return at;
}

static bool check_parameters(const struct schema *schema, struct statement *statement)
{
    const struct tokens *plain = &statement->plain;
    for (size_t i = 0; i < plain->count; i++) {
        if (plain->at[i].kind != TOKEN_PARAMETER)
            continue;
        size_t number = (size_t)plain->at[i].parameter;
        if (number > statement->parameter_count)
            return statement_refuse(schema, statement, i,
                                    "$%zu has no declaration; add \"-- param NAME TYPE\" lines in "
                                    "the order of the numbers",
                                    number);
        statement->parameters[number - 1].used = true;
    }
    for (size_t i = 0; i < statement->parameter_count; i++) {
        const struct statement_value *value = &statement->parameters[i];
        if (!value->used) {
            report_add(schema->report, statement->file, value->line,
                       "%.*s: the parameter \"%.*s\" is declared as $%zu, which the statement does "
                       "not use; remove it, or use it",
                       SLICE(statement->name), SLICE(value->name), i + 1);
            return false;
        }
    }
    return true;
}

static bool check_kind(const struct schema *schema, const struct statement *statement,
                       sqlite3_stmt *prepared)
{
    bool reads = sqlite3_stmt_readonly(prepared) != 0;
    if (reads && statement_writes(statement))
        return statement_refuse(schema, statement, 0,
                                "a write that is a read; its kind is :one, :maybe or :many");
    if (!reads && !statement_writes(statement))
        return statement_refuse(schema, statement, 0,
                                "a read that is a write; its kind is :change or :exec");
    return true;
}

bool statement_prepare(const struct schema *schema, struct statement *statement,
                       sqlite3_stmt **prepared)
{
    *prepared = NULL;
    translate(schema->arena, statement);
    struct witness witness = {.statement = statement, .arena = schema->arena};
    sqlite3_set_authorizer(schema->db, witness_action, &witness);
    int code = sqlite3_prepare_v2(schema->db, statement->sqlite.text, -1, prepared, NULL);
    sqlite3_set_authorizer(schema->db, NULL, NULL);
    if (code != SQLITE_OK || *prepared == NULL)
        return statement_refuse(schema, statement, error_token(schema, statement),
                                "%s; correct the statement, or add a migration",
                                sqlite3_errmsg(schema->db));
    if (witness.stranger != NULL)
        return statement_refuse(schema, statement, 0,
                                "the statement touches the table \"%s\" without naming it plainly; "
                                "write it in FROM under a name of its own",
                                witness.stranger);
    return check_parameters(schema, statement) && check_kind(schema, statement, *prepared);
}
