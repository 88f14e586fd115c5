/* The tenant rule: each table with a column tenant is held to `alias.tenant = $1` in its own scope,
 * as a condition of its own that no OR can undo. */
#include "scope.h"

/* "a.tenant = $1" (five tokens) or "tenant = $1" (three) at `at`; its length, 0 when it is not. */
static size_t condition_length(const struct tokens *plain, size_t at, size_t to, struct str alias,
                               bool alone)
{
    size_t i = at;
    bool named = token_is_word(plain, i) && token_is(plain, i + 1, ".") &&
                 str_equal_ascii_fold(plain->at[i].text, alias);
    if (!named && !alone)
        return 0;
    i += named ? 2 : 0;
    bool good = i + 2 < to && token_is(plain, i, "tenant") && token_is(plain, i + 1, "=") &&
                plain->at[i + 2].kind == TOKEN_PARAMETER && plain->at[i + 2].parameter == 1;
    return good ? i + 3 - at : 0;
}

/* Does every row that passes the condition in `range` pass alias.tenant = $1? Only what stands
 * between ANDs outside brackets and CASE counts; an OR there makes nothing certain. */
static bool holds(const struct tokens *plain, struct range range, struct str alias, bool alone)
{
    bool found = false;
    bool between = false;
    bool begins = true; /* a condition begins here */
    int cases = 0;
    for (size_t i = range.from; i < range.to; i = token_next(plain, i)) {
        bool inside = cases > 0;
        bool qualified = i > range.from && token_is(plain, i - 1, ".");
        if (!qualified) {
            cases += token_is(plain, i, "case") ? 1 : 0;
            cases -= token_is(plain, i, "end") && cases > 0 ? 1 : 0;
        }
        if (inside || qualified) {
            begins = false;
            continue;
        }
        if (token_is(plain, i, "or"))
            return false;
        if (begins) {
            size_t length = condition_length(plain, i, range.to, alias, alone);
            bool ends =
                length > 0 && (i + length == range.to || token_is(plain, i + length, "and"));
            found |= ends;
        }
        begins = token_is(plain, i, "and") && !between;
        if (token_is(plain, i, "and"))
            between = false;
        between |= token_is(plain, i, "between");
    }
    return found;
}

static bool refuse_reference(const struct schema *schema, const struct statement *statement,
                             const struct reference *reference)
{
    return statement_refuse(
        schema, statement, reference->at,
        "\"%.*s\" belongs to tenants and \"%.*s.tenant = $1\" is no condition of its own in the "
        "same WHERE or its JOIN's ON; add it with AND, or mark the statement \"-- site: WHY\"",
        SLICE(reference->table->name), SLICE(reference->alias));
}

static bool check_references(const struct schema *schema, const struct statement *statement,
                             const struct scope *scope)
{
    for (size_t i = 0; i < scope->reference_count; i++) {
        const struct reference *reference = &scope->references[i];
        if (reference->table == NULL || !schema_table_has_tenant(reference->table))
            continue;
        bool alone = scope->reference_count == 1;
        if (!holds(&statement->plain, scope->where, reference->alias, alone) &&
            !holds(&statement->plain, reference->on, reference->alias, alone))
            return refuse_reference(schema, statement, reference);
    }
    return true;
}

/* Is the list item number `index` of [from, to) exactly $1? */
static bool item_is_tenant(const struct tokens *plain, size_t from, size_t to, size_t index)
{
    for (size_t i = 0; i < index && from < to; i++)
        from = scope_item_end(plain, from, to) + 1;
    size_t end = scope_item_end(plain, from, to);
    if (end >= from + 3 && token_is(plain, from + 1, "as"))
        end = from + 1;
    return end == from + 1 && plain->at[from].kind == TOKEN_PARAMETER &&
           plain->at[from].parameter == 1;
}

static bool source_gives_tenant(const struct tokens *plain, const struct scope *source,
                                size_t index)
{
    if (source->verb == VERB_SELECT)
        return item_is_tenant(plain, source->items.from, source->items.to, index);
    for (size_t i = source->values.from; i < source->values.to;) {
        if (!token_is(plain, i, "(") || !item_is_tenant(plain, i + 1, plain->at[i].match, index))
            return false;
        i = plain->at[i].match + 2;
    }
    return true;
}

/* Assignments in [from, to) that set tenant: a row must not move to another tenant. */
static bool sets_tenant(const struct tokens *plain, size_t from, size_t to)
{
    for (size_t i = from; i < to; i = scope_item_end(plain, i, to) + 1) {
        if (token_is(plain, i, "tenant"))
            return true;
        for (size_t k = i + 1; token_is(plain, i, "(") && k < plain->at[i].match; k++) {
            if (token_is(plain, k, "tenant"))
                return true;
        }
    }
    return false;
}

static bool check_insert(const struct schema *schema, const struct statement *statement,
                         const struct scope *scope)
{
    const struct tokens *plain = &statement->plain;
    size_t index = 0;
    size_t i = scope->items.from;
    while (i < scope->items.to && !token_is(plain, i, "tenant")) {
        i = scope_item_end(plain, i, scope->items.to) + 1;
        index++;
    }
    bool good = i < scope->items.to && scope->source_count > 0;
    for (size_t k = 0; k < scope->source_count && good; k++)
        good = source_gives_tenant(plain, scope->sources[k], index);
    if (!good)
        return statement_refuse(schema, statement, scope->references[0].at,
                                "an INSERT into \"%.*s\" gives the column tenant the value $1 in "
                                "every row; do so, or mark the statement \"-- site: WHY\"",
                                SLICE(scope->references[0].table->name));
    for (size_t k = scope->conflict.from; k < scope->conflict.to; k++) {
        if (token_is(plain, k, "set") && sets_tenant(plain, k + 1, scope->conflict.to))
            return statement_refuse(schema, statement, k,
                                    "a row stays with its tenant; do not set tenant");
    }
    return true;
}

static bool check_scope(const struct schema *schema, const struct statement *statement,
                        const struct scope *scope)
{
    if (scope->verb == VERB_INSERT) {
        return !schema_table_has_tenant(scope->references[0].table) ||
               check_insert(schema, statement, scope);
    }
    if (scope->verb == VERB_UPDATE && schema_table_has_tenant(scope->references[0].table) &&
        sets_tenant(&statement->plain, scope->items.from, scope->items.to))
        return statement_refuse(schema, statement, scope->items.from,
                                "a row stays with its tenant; do not set tenant");
    return check_references(schema, statement, scope);
}

static bool touches_tenants(const struct statement *statement)
{
    for (const struct scope *scope = statement->scopes; scope != NULL; scope = scope->next) {
        for (size_t i = 0; i < scope->reference_count; i++) {
            const struct schema_table *table = scope->references[i].table;
            if (table != NULL && schema_table_has_tenant(table))
                return true;
        }
    }
    return false;
}

bool statement_tenant_check(const struct schema *schema, const struct statement *statement)
{
    if (statement->site || !touches_tenants(statement))
        return true;
    for (const struct scope *scope = statement->scopes; scope != NULL; scope = scope->next) {
        if (!check_scope(schema, statement, scope))
            return false;
    }
    const struct statement_value *first = &statement->parameters[0];
    bool named = statement->parameter_count > 0 && str_equal_c(first->name, "tenant") &&
                 word_types_agree(first->type, TYPE_ID) && !first->nullable;
    return named || statement_refuse(schema, statement, 0,
                                     "$1 is the tenant here; declare it as \"-- param tenant "
                                     "int64\", first and not null");
}
