/* queries/scope: which tables a statement names, under which names, with which conditions.
 *
 * A scope is one SELECT (of a compound, a subquery, a WITH), INSERT, UPDATE or DELETE. Ranges are
 * token indices [from, to) of the statement's plain tokens; an absent clause is empty.
 */
#ifndef QUERIES_SCOPE_H
#define QUERIES_SCOPE_H

#include "statement.h"

enum { SCOPE_REFERENCES_MAX = 16, SCOPE_CTES_MAX = 16 };

enum scope_verb { VERB_SELECT, VERB_VALUES, VERB_INSERT, VERB_UPDATE, VERB_DELETE };

struct range {
    size_t from;
    size_t to;
};

/* A table in FROM, or the table that is written. */
struct reference {
    const struct schema_table *table; /* NULL: a subquery or a name of WITH */
    struct str alias;
    size_t at;       /* token of the table's name */
    struct range on; /* condition of its JOIN */
    bool outer;      /* right side of a LEFT JOIN: all may be null */
};

struct scope {
    enum scope_verb verb;
    const struct scope *up;
    struct scope *next; /* of the whole statement, in order of reading */
    bool compound;      /* one of several SELECTs */
    size_t at;          /* its first token */
    struct reference references[SCOPE_REFERENCES_MAX];
    size_t reference_count;
    struct range items; /* SELECT list; of INSERT the column list; of UPDATE what SET assigns */
    struct range where;
    struct range order;
    struct range values;                               /* of VALUES: its rows */
    struct range conflict;                             /* of INSERT: behind ON CONFLICT */
    const struct scope *sources[SCOPE_REFERENCES_MAX]; /* of INSERT: what gives the rows */
    size_t source_count;
    bool limited;
};

/* Reads the statement's scopes; complains of tables that do not exist and of forms whose tables
 * could not be told. */
bool scope_read(const struct schema *schema, struct statement *statement);
/* The reference that a name stands for in this scope; NULL: none. */
const struct reference *scope_reference(const struct scope *scope, struct str alias);
/* The end of the list item that begins at `from`: its comma, or `to`. */
size_t scope_item_end(const struct tokens *plain, size_t from, size_t to);

/* A column as a list item or a sort key writes it: "alias.name" or "name", [from, to). */
struct scope_column {
    const struct reference *reference; /* NULL: cannot be told */
    const struct schema_column *column;
};
bool scope_column_read(const struct scope *scope, const struct tokens *plain, size_t from,
                       size_t to, struct scope_column *column);

#endif
