/* Results: names, types, nulls; what the schema tells and what must be declared. */
#include "core/arena.h"
#include "scope.h"

static struct statement_value *declared_find(struct statement *statement, struct str name)
{
    for (size_t i = 0; i < statement->declared_count; i++) {
        if (str_equal(statement->declared[i].name, name))
            return &statement->declared[i];
    }
    return NULL;
}

static bool refuse_line(const struct schema *schema, const struct statement *statement, int line,
                        const char *why, struct str name)
{
    report_add(schema->report, statement->file, line, "%.*s: the result \"%.*s\" %s",
               SLICE(statement->name), SLICE(name), why);
    return false;
}

/* The plain column behind a list item, without its AS name. */
static void item_column(const struct statement *statement, size_t from, size_t to,
                        struct scope_column *column)
{
    const struct tokens *plain = &statement->plain;
    if (to >= from + 3 && token_is(plain, to - 2, "as"))
        to -= 2;
    if (!scope_column_read(statement->outer, plain, from, to, column))
        *column = (struct scope_column){0};
}

/* Does the schema alone tell type and nulls? */
static bool is_told(const struct statement *statement, const struct scope_column *column)
{
    return column->column != NULL && !column->reference->outer && !statement->outer->compound;
}

static bool read_result(const struct schema *schema, struct statement *statement, size_t at,
                        struct str name, const struct scope_column *column)
{
    struct statement_value *declared = declared_find(statement, name);
    struct statement_value *result = &statement->results[statement->result_count];
    bool told = is_told(statement, column);
    if (declared == NULL && !told)
        return statement_refuse(schema, statement, at,
                                "the result \"%.*s\" is no plain column, or an outer join may make "
                                "it null; declare it: \"-- result %.*s TYPE [null]\"",
                                SLICE(name), SLICE(name));
    *result = (struct statement_value){.name = str_copy(schema->arena, name)};
    if (declared != NULL) {
        declared->used = true;
        result->type = declared->type;
        result->nullable = declared->nullable;
    }
    if (column->column != NULL) {
        if (declared != NULL && !word_types_agree(declared->type, column->column->type))
            return refuse_line(schema, statement, declared->line,
                               "has another type in the schema; correct the declaration", name);
        result->type = column->column->type;
    }
    if (told && declared != NULL && !declared->nullable)
        return refuse_line(schema, statement, declared->line,
                           "is told by the schema; remove the declaration", name);
    if (told)
        result->nullable = (declared != NULL && declared->nullable) || !column->column->required;
    statement->result_count++;
    return true;
}

static bool check_name(const struct schema *schema, const struct statement *statement, size_t at,
                       struct str name)
{
    if (!word_is_name(name))
        return statement_refuse(schema, statement, at,
                                "a result without a name that C can bear; write \"AS name\" with "
                                "small letters, no word of SQL or C");
    for (size_t i = 0; i < statement->result_count; i++) {
        if (str_equal(statement->results[i].name, name))
            return statement_refuse(schema, statement, at,
                                    "the result \"%.*s\" stands there twice; name one another way "
                                    "by AS",
                                    SLICE(name));
    }
    return true;
}

/* "x_null" says of a nullable x that it is null; another result cannot bear the name. */
static bool check_null_names(const struct schema *schema, const struct statement *statement)
{
    for (size_t i = 0; i < statement->result_count; i++) {
        struct str name = statement->results[i].name;
        for (size_t k = 0; k < statement->result_count; k++) {
            struct str other = statement->results[k].name;
            if (statement->results[i].nullable && other.length == name.length + 5 &&
                str_starts_with(other, name) && str_ends_with(other, STR("_null")))
                return statement_refuse(schema, statement, statement->outer->at,
                                        "\"%.*s\" is what the null of another result is called; "
                                        "take another name",
                                        SLICE(other));
        }
    }
    return true;
}

bool statement_results(const struct schema *schema, struct statement *statement,
                       sqlite3_stmt *prepared)
{
    const struct tokens *plain = &statement->plain;
    int count = sqlite3_column_count(prepared);
    if (count > STATEMENT_RESULTS_MAX)
        return statement_refuse(schema, statement, 0, "more than 64 results; split the statement");
    const struct scope *outer = statement->outer;
    size_t from = outer->items.from;
    for (int i = 0; i < count; i++) {
        struct scope_column column = {0};
        size_t at = outer->at;
        if (outer->verb == VERB_SELECT && from < outer->items.to) {
            size_t to = scope_item_end(plain, from, outer->items.to);
            item_column(statement, from, to, &column);
            at = from;
            from = to + 1;
        }
        struct str name = str_from_c(sqlite3_column_name(prepared, i));
        if (!check_name(schema, statement, at, name) ||
            !read_result(schema, statement, at, name, &column))
            return false;
    }
    for (size_t i = 0; i < statement->declared_count; i++) {
        if (!statement->declared[i].used)
            return refuse_line(schema, statement, statement->declared[i].line,
                               "is declared and not there; remove the declaration, or name it in "
                               "the statement",
                               statement->declared[i].name);
    }
    if (count == 0 && !statement_writes(statement))
        return statement_refuse(schema, statement, 0, "a read without results; name some");
    return check_null_names(schema, statement);
}

bool statement_check(const struct schema *schema, struct statement *statement)
{
    sqlite3_stmt *prepared = NULL;
    bool good = words_check(schema->report, &statement->plain) && scope_read(schema, statement) &&
                statement_prepare(schema, statement, &prepared) &&
                statement_results(schema, statement, prepared) &&
                statement_tenant_check(schema, statement) &&
                statement_order_check(schema, statement);
    sqlite3_finalize(prepared);
    return good;
}
