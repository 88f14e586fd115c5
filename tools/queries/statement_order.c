/* LIMIT of :many, and NULLS FIRST or LAST wherever a sort key may be null: SQLite sorts nulls
 * first, PostgreSQL last. */
#include "scope.h"

/* May the sort key [from, to) be null? A column is known by the schema and its JOIN, a result by
 * its declaration; count(...) and numbers never are; of anything else nothing is known. */
static bool may_be_null(const struct statement *statement, const struct scope *scope, size_t from,
                        size_t to)
{
    const struct tokens *plain = &statement->plain;
    struct scope_column column;
    if (token_is(plain, from, "count") && token_is(plain, from + 1, "(") &&
        plain->at[from + 1].match + 1 == to)
        return false;
    if (to - from == 1 && plain->at[from].kind == TOKEN_NUMBER)
        return false;
    if (to - from == 1 && token_is_word(plain, from)) {
        for (size_t i = 0; i < statement->declared_count; i++) {
            if (str_equal(statement->declared[i].name, plain->at[from].text))
                return statement->declared[i].nullable;
        }
    }
    if (!scope_column_read(scope, plain, from, to, &column))
        return true;
    if (column.column == NULL) { /* "person AS who": the name of a plain column in the list */
        for (size_t i = scope->items.from; i < scope->items.to;) {
            size_t end = scope_item_end(plain, i, scope->items.to);
            if (end >= i + 3 && token_is(plain, end - 2, "as") && to - from == 1 &&
                str_equal(plain->at[end - 1].text, plain->at[from].text) &&
                scope_column_read(scope, plain, i, end - 2, &column) && column.column != NULL)
                return !column.column->required || column.reference->outer;
            i = end + 1;
        }
        return true;
    }
    return !column.column->required || column.reference->outer;
}

/* One sort key with what follows it: ASC, DESC, NULLS FIRST, NULLS LAST. */
static bool check_key(const struct schema *schema, const struct statement *statement,
                      const struct scope *scope, size_t from, size_t to)
{
    const struct tokens *plain = &statement->plain;
    size_t end = to;
    if (end >= from + 2 && token_is(plain, end - 2, "nulls"))
        return true;
    if (end > from && (token_is(plain, end - 1, "asc") || token_is(plain, end - 1, "desc")))
        end--;
    if (end == from || !may_be_null(statement, scope, from, end))
        return true;
    return statement_refuse(schema, statement, from,
                            "this sort key may be null, and the databases put nulls at different "
                            "ends; add NULLS FIRST or NULLS LAST");
}

static bool check_keys(const struct schema *schema, const struct statement *statement,
                       const struct scope *scope, size_t from, size_t to)
{
    static const char *const ends[] = {"limit", "offset", "rows", "range", "groups"};
    const struct tokens *plain = &statement->plain;
    while (from < to) {
        size_t end = scope_item_end(plain, from, to);
        size_t stop = end;
        for (size_t i = from; i < stop; i++) {
            for (size_t k = 0; k < COUNT_OF(ends); k++)
                stop = token_is(plain, i, ends[k]) && i < stop ? i : stop;
        }
        if (!check_key(schema, statement, scope, from, stop))
            return false;
        from = end + 1;
    }
    return true;
}

/* OVER (... ORDER BY keys) and aggregates' orders, in brackets of the scope's list. */
static bool check_windows(const struct schema *schema, const struct statement *statement,
                          const struct scope *scope, size_t from, size_t to)
{
    const struct tokens *plain = &statement->plain;
    for (size_t i = from; i < to; i++) {
        if (!token_is(plain, i, "("))
            continue;
        size_t close = plain->at[i].match;
        if (token_is(plain, i + 1, "select") || token_is(plain, i + 1, "with")) {
            i = close; /* a scope of its own */
            continue;
        }
        for (size_t k = i + 1; k < close; k = token_next(plain, k)) {
            if (token_is(plain, k, "order") && token_is(plain, k + 1, "by") &&
                !check_keys(schema, statement, scope, k + 2, close))
                return false;
        }
    }
    return true;
}

bool statement_order_check(const struct schema *schema, const struct statement *statement)
{
    for (const struct scope *scope = statement->scopes; scope != NULL; scope = scope->next) {
        if (!check_keys(schema, statement, scope, scope->order.from, scope->order.to) ||
            !check_windows(schema, statement, scope, scope->items.from, scope->items.to))
            return false;
    }
    if (statement->kind == KIND_MANY && !statement->outer_last->limited && !statement->whole)
        return statement_refuse(schema, statement, 0,
                                "a :many without LIMIT; add LIMIT $n, or say why all rows are "
                                "few: \"-- whole: WHY\"");
    return true;
}
