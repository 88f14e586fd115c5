#include "scope.h"

#include "core/arena.h"

struct reader {
    const struct schema *schema;
    struct statement *statement;
    const struct tokens *plain;
    struct scope *first;
    struct scope *last;
    struct str ctes[SCOPE_CTES_MAX];
    size_t cte_count;
    int depth;
    int in_with;
};

static bool read_query(struct reader *reader, size_t from, size_t to, const struct scope *up,
                       struct scope *target);

static bool is(const struct reader *reader, size_t at, const char *text)
{
    return token_is(reader->plain, at, text);
}

#define REFUSE(reader, at, ...)                                                                    \
    statement_refuse((reader)->schema, (reader)->statement, (at), __VA_ARGS__)

static struct scope *scope_new(struct reader *reader, enum scope_verb verb, size_t at,
                               const struct scope *up)
{
    struct scope *scope = ARENA_NEW(reader->schema->arena, struct scope);
    scope->verb = verb;
    scope->at = at;
    scope->up = up;
    if (reader->last == NULL)
        reader->first = scope;
    else
        reader->last->next = scope;
    reader->last = scope;
    if (up == NULL && reader->in_with == 0) {
        if (reader->statement->outer == NULL)
            reader->statement->outer = scope;
        reader->statement->outer_last = scope;
    }
    return scope;
}

static bool begins_query(const struct reader *reader, size_t at)
{
    return is(reader, at, "select") || is(reader, at, "with") || is(reader, at, "values");
}

/* Queries in brackets anywhere in [from, to). */
static bool read_inner(struct reader *reader, size_t from, size_t to, const struct scope *up)
{
    for (size_t i = from; i < to; i++) {
        if (!is(reader, i, "(") || !begins_query(reader, i + 1))
            continue;
        size_t close = reader->plain->at[i].match;
        if (!read_query(reader, i + 1, close, up, NULL))
            return false;
        i = close;
    }
    return true;
}

static bool cte_known(const struct reader *reader, struct str name)
{
    for (size_t i = 0; i < reader->cte_count; i++) {
        if (str_equal(reader->ctes[i], name))
            return true;
    }
    return false;
}

/* The table named at `at`, as a reference with its alias; `at` moves behind. */
static bool read_table(struct reader *reader, struct scope *scope, size_t *at, size_t to,
                       bool outer)
{
    size_t name = *at;
    struct reference reference = {.at = name, .outer = outer};
    if (scope->reference_count == SCOPE_REFERENCES_MAX)
        return REFUSE(reader, name, "more than 16 tables; split the statement");
    if (is(reader, name, "(") && begins_query(reader, name + 1)) {
        *at = reader->plain->at[name].match + 1;
        if (!read_query(reader, name + 1, *at - 1, scope, NULL))
            return false;
    } else if (!token_is_word(reader->plain, name) || name >= to) {
        return REFUSE(reader, name,
                      "a table's name or a SELECT in brackets is expected here; "
                      "write joins without brackets");
    } else {
        if (is(reader, name + 1, ".") || (is(reader, name + 1, "(") && scope->verb != VERB_INSERT))
            return REFUSE(reader, name,
                          "tables are named bare, without a schema and without "
                          "arguments");
        struct str word = reader->plain->at[name].text;
        reference.alias = word;
        *at = name + 1;
        if (!cte_known(reader, word)) {
            reference.table = schema_table_find(reader->schema, word);
            if (reference.table == NULL)
                return REFUSE(reader, name,
                              "there is no table \"%.*s\"; correct the name, or add a migration",
                              SLICE(word));
        }
    }
    if (is(reader, *at, "as") && *at < to)
        (*at)++;
    if (*at < to && token_is_word(reader->plain, *at) &&
        !word_is_clause(reader->plain->at[*at].text))
        reference.alias = reader->plain->at[(*at)++].text;
    for (size_t i = 0; i < scope->reference_count; i++) {
        if (reference.alias.length > 0 &&
            str_equal_ascii_fold(scope->references[i].alias, reference.alias))
            return REFUSE(reader, name,
                          "two tables bear the name \"%.*s\" here; give one another "
                          "by AS",
                          SLICE(reference.alias));
    }
    scope->references[scope->reference_count++] = reference;
    return true;
}

/* End of a JOIN's condition: the next comma or joining word outside brackets. */
static size_t condition_end(const struct reader *reader, size_t from, size_t to)
{
    static const char *const ends[] = {",", "join", "left", "inner", "cross", "right", "full"};
    for (size_t i = from; i < to; i = token_next(reader->plain, i)) {
        for (size_t k = 0; k < COUNT_OF(ends); k++) {
            if (is(reader, i, ends[k]) && !is(reader, i - 1, "."))
                return i;
        }
    }
    return to;
}

/* FROM's list, [from, to) behind the word. */
static bool read_from(struct reader *reader, struct scope *scope, size_t from, size_t to)
{
    size_t i = from;
    bool outer = false;
    while (i < to) {
        if (!read_table(reader, scope, &i, to, outer))
            return false;
        struct reference *reference = &scope->references[scope->reference_count - 1];
        if (i < to && is(reader, i, "on")) {
            size_t end = condition_end(reader, i + 1, to);
            reference->on = (struct range){i + 1, end};
            if (!read_inner(reader, i + 1, end, scope))
                return false;
            i = end;
        } else if (i < to && is(reader, i, "using")) {
            i = token_next(reader->plain, i + 1);
        }
        if (i >= to)
            break;
        outer = is(reader, i, "left");
        i += outer || is(reader, i, "inner") || is(reader, i, "cross") ? 1 : 0;
        i += is(reader, i, "outer") ? 1 : 0;
        if (!is(reader, i, "join") && !is(reader, i, ","))
            return REFUSE(reader, i,
                          "this form of FROM is not known; tables are joined by JOIN, "
                          "LEFT JOIN, CROSS JOIN or a comma");
        i++;
        if (i >= to)
            return REFUSE(reader, i - 1, "a table is missing behind this word");
    }
    return true;
}

/* The first of the words in [from, to) outside brackets; `to` when there is none. IS DISTINCT FROM
 * is no FROM, and a qualified name no clause. */
static size_t find_word(const struct reader *reader, size_t from, size_t to,
                        const char *const *words, size_t count)
{
    for (size_t i = from; i < to; i = token_next(reader->plain, i)) {
        bool qualified = i > 0 && is(reader, i - 1, ".");
        bool operator_from = i >= 2 && is(reader, i, "from") && is(reader, i - 1, "distinct") &&
                             (is(reader, i - 2, "is") || is(reader, i - 2, "not"));
        for (size_t k = 0; k < count && !qualified && !operator_from; k++) {
            if (is(reader, i, words[k]))
                return i;
        }
    }
    return to;
}

static size_t find_one(const struct reader *reader, size_t from, size_t to, const char *word)
{
    return find_word(reader, from, to, &word, 1);
}

static const char *const clause_words[] = {"from",   "where",  "group",    "having",
                                           "window", "order",  "limit",    "offset",
                                           "union",  "except", "intersect"};

/* One SELECT, [from, to): its clauses one after the other. */
static bool read_select(struct reader *reader, size_t from, size_t to, struct scope *scope)
{
    size_t at = find_word(reader, from + 1, to, clause_words, COUNT_OF(clause_words));
    scope->items = (struct range){from + 1, at};
    if (is(reader, from + 1, "distinct") || is(reader, from + 1, "all"))
        scope->items.from++;
    for (size_t i = scope->items.from; i < at; i = token_next(reader->plain, i)) {
        bool star = is(reader, i, "*") &&
                    (i == scope->items.from || is(reader, i - 1, ",") || is(reader, i - 1, "."));
        if (star)
            return REFUSE(reader, i,
                          "\"*\" gives other columns after the next migration; name "
                          "the columns");
    }
    while (at < to) {
        size_t end = find_word(reader, at + 1, to, clause_words, COUNT_OF(clause_words));
        if (is(reader, at, "from") && !read_from(reader, scope, at + 1, end))
            return false;
        if (is(reader, at, "where"))
            scope->where = (struct range){at + 1, end};
        if (is(reader, at, "order"))
            scope->order = (struct range){at + 2, end};
        scope->limited |= is(reader, at, "limit");
        if (!is(reader, at, "from") && !read_inner(reader, at + 1, end, scope))
            return false;
        at = end;
    }
    return read_inner(reader, scope->items.from, scope->items.to, scope);
}

/* WITH [RECURSIVE] name [(...)] AS (query), ...; `at` moves behind. */
static bool read_with(struct reader *reader, size_t *at, size_t to, const struct scope *up)
{
    size_t i = *at + 1;
    i += is(reader, i, "recursive") ? 1 : 0;
    for (;; i++) {
        size_t name = i;
        if (!token_is_word(reader->plain, i) || i >= to || reader->cte_count == SCOPE_CTES_MAX)
            return REFUSE(reader, i, "a name is expected behind WITH (at most 16)");
        struct str word = reader->plain->at[i].text;
        if (schema_table_find(reader->schema, word) != NULL || cte_known(reader, word))
            return REFUSE(reader, i, "\"%.*s\" is the name of a table, too; take another",
                          SLICE(word));
        reader->ctes[reader->cte_count++] = word;
        i = is(reader, i + 1, "(") ? token_next(reader->plain, i + 1) : i + 1;
        if (!is(reader, i, "as") || !is(reader, i + 1, "(") || !begins_query(reader, i + 2))
            return REFUSE(reader, name, "behind WITH stands name AS (SELECT ...)");
        size_t close = reader->plain->at[i + 1].match;
        reader->in_with++;
        if (!read_query(reader, i + 2, close, up, NULL))
            return false;
        reader->in_with--;
        i = close + 1;
        if (!is(reader, i, ",") || i >= to)
            break;
    }
    *at = i;
    return true;
}

static const char *const compound_words[] = {"union", "except", "intersect"};

/* SELECT ... UNION SELECT ..., [from, to). The scopes become sources of `target` if there is one.
 */
static bool read_compound(struct reader *reader, size_t from, size_t to, const struct scope *up,
                          struct scope *target)
{
    size_t at = from;
    bool compound = find_word(reader, from, to, compound_words, COUNT_OF(compound_words)) < to;
    while (at < to) {
        size_t end = find_word(reader, at, to, compound_words, COUNT_OF(compound_words));
        bool select = is(reader, at, "select");
        if (!select && !is(reader, at, "values"))
            return REFUSE(reader, at, "SELECT or VALUES is expected here");
        struct scope *scope = scope_new(reader, select ? VERB_SELECT : VERB_VALUES, at, up);
        scope->compound = compound;
        if (target != NULL && target->source_count < SCOPE_REFERENCES_MAX)
            target->sources[target->source_count++] = scope;
        scope->values = (struct range){at + 1, end};
        if (!(select ? read_select(reader, at, end, scope)
                     : read_inner(reader, at + 1, end, scope)))
            return false;
        at = end < to ? end + 1 : end;
        at += is(reader, at, "all") && at < to ? 1 : 0;
        if (at >= to && end < to)
            return REFUSE(reader, end, "a SELECT is missing behind this word");
    }
    return true;
}

/* INSERT INTO name [AS alias] (columns) source [ON CONFLICT ...] */
static bool read_insert(struct reader *reader, size_t from, size_t to, const struct scope *up)
{
    struct scope *scope = scope_new(reader, VERB_INSERT, from, up);
    size_t i = from + 2;
    if (!is(reader, from + 1, "into"))
        return REFUSE(reader, from, "INSERT INTO table (columns) ... is the form known here");
    if (!read_table(reader, scope, &i, to, false))
        return false;
    if (scope->references[0].table == NULL || !is(reader, i, "(") || begins_query(reader, i + 1))
        return REFUSE(reader, from, "INSERT names its columns; write INSERT INTO table (columns)");
    scope->items = (struct range){i + 1, reader->plain->at[i].match};
    i = scope->items.to + 1;
    size_t conflict = i;
    while (conflict < to && !(is(reader, conflict, "on") && is(reader, conflict + 1, "conflict")))
        conflict = token_next(reader->plain, conflict);
    if (conflict < to)
        scope->conflict = (struct range){conflict + 2, to};
    if (!begins_query(reader, i) || i >= conflict)
        return REFUSE(reader, i, "behind the columns of INSERT stands VALUES (...) or SELECT");
    return read_query(reader, i, conflict, scope, scope) &&
           read_inner(reader, scope->conflict.from, scope->conflict.to, scope);
}

/* UPDATE name [AS alias] SET ... [FROM ...] [WHERE ...] */
static bool read_update(struct reader *reader, size_t from, size_t to, const struct scope *up)
{
    struct scope *scope = scope_new(reader, VERB_UPDATE, from, up);
    size_t i = from + 1;
    if (!read_table(reader, scope, &i, to, false))
        return false;
    if (scope->references[0].table == NULL || !is(reader, i, "set"))
        return REFUSE(reader, from, "UPDATE table SET ... is the form known here");
    size_t where = find_one(reader, i, to, "where");
    size_t list = find_one(reader, i, where, "from");
    scope->items = (struct range){i + 1, list};
    scope->where = (struct range){where < to ? where + 1 : to, to};
    if (list < where && !read_from(reader, scope, list + 1, where))
        return false;
    return read_inner(reader, scope->items.from, scope->items.to, scope) &&
           read_inner(reader, scope->where.from, scope->where.to, scope);
}

/* DELETE FROM name [AS alias] [WHERE ...] */
static bool read_delete(struct reader *reader, size_t from, size_t to, const struct scope *up)
{
    struct scope *scope = scope_new(reader, VERB_DELETE, from, up);
    size_t i = from + 2;
    if (!is(reader, from + 1, "from"))
        return REFUSE(reader, from, "DELETE FROM table WHERE ... is the form known here");
    if (!read_table(reader, scope, &i, to, false))
        return false;
    if (scope->references[0].table == NULL || (i < to && !is(reader, i, "where")))
        return REFUSE(reader, i, "DELETE FROM table WHERE ... is the form known here");
    scope->where = (struct range){i < to ? i + 1 : to, to};
    return read_inner(reader, scope->where.from, scope->where.to, scope);
}

static bool read_query(struct reader *reader, size_t from, size_t to, const struct scope *up,
                       struct scope *target)
{
    if (reader->depth++ > 16)
        return REFUSE(reader, from, "queries stand in each other more than 16 deep; split it");
    size_t i = from;
    bool good = !is(reader, i, "with") || read_with(reader, &i, to, up);
    bool outermost = up == NULL && reader->in_with == 0;
    if (good && is(reader, i, "insert") && outermost)
        good = read_insert(reader, i, to, up);
    else if (good && is(reader, i, "update") && outermost)
        good = read_update(reader, i, to, up);
    else if (good && is(reader, i, "delete") && outermost)
        good = read_delete(reader, i, to, up);
    else if (good && i < to)
        good = read_compound(reader, i, to, up, target);
    else if (good)
        good = REFUSE(reader, from, "a statement is SELECT, INSERT, UPDATE, DELETE or WITH");
    reader->depth--;
    return good;
}

bool scope_read(const struct schema *schema, struct statement *statement)
{
    struct reader reader = {.schema = schema, .statement = statement, .plain = &statement->plain};
    if (!read_query(&reader, 0, statement->plain.count, NULL, NULL))
        return false;
    statement->scopes = reader.first;
    return true;
}

const struct reference *scope_reference(const struct scope *scope, struct str alias)
{
    for (size_t i = 0; i < scope->reference_count; i++) {
        if (str_equal_ascii_fold(scope->references[i].alias, alias))
            return &scope->references[i];
    }
    return NULL;
}

size_t scope_item_end(const struct tokens *plain, size_t from, size_t to)
{
    size_t i = from;
    while (i < to && !token_is(plain, i, ","))
        i = token_next(plain, i);
    return i;
}

bool scope_column_read(const struct scope *scope, const struct tokens *plain, size_t from,
                       size_t to, struct scope_column *column)
{
    *column = (struct scope_column){0};
    if (to - from == 3 && token_is_word(plain, from) && token_is(plain, from + 1, ".") &&
        token_is_word(plain, from + 2)) {
        column->reference = scope_reference(scope, plain->at[from].text);
        if (column->reference != NULL && column->reference->table != NULL)
            column->column = schema_column_find(column->reference->table, plain->at[from + 2].text);
        return true;
    }
    if (to - from != 1 || !token_is_word(plain, from))
        return false;
    for (size_t i = 0; i < scope->reference_count && column->column == NULL; i++) {
        const struct reference *reference = &scope->references[i];
        if (reference->table == NULL)
            continue;
        column->column = schema_column_find(reference->table, plain->at[from].text);
        column->reference = column->column == NULL ? NULL : reference;
    }
    return true;
}
