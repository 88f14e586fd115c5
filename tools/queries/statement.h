/* queries/statement: the named statements of a queries.sql, read, checked and prepared.
 *
 * docs/platform.md section 2 is the manual; each refusal there has its place in one of the files
 * statement_read.c (heads), scope.c (tables under their names), statement_tenant.c,
 * statement_order.c, statement_prepare.c (what SQLite says) and statement_results.c.
 */
#ifndef QUERIES_STATEMENT_H
#define QUERIES_STATEMENT_H

#include "schema.h"
#include "token.h"
#include "words.h"

struct scope;

enum { STATEMENT_RESULTS_MAX = 64, STATEMENTS_MAX = 1024 };

enum statement_kind { KIND_ONE, KIND_MAYBE, KIND_MANY, KIND_CHANGE, KIND_EXEC, KIND_COUNT };

struct statement_value {
    struct str name;
    enum word_type type;
    bool nullable;
    int line;
    bool used;
};

struct statement {
    const char *file;
    struct str name;
    int line;
    enum statement_kind kind;
    struct str comment;
    struct statement_value parameters[TOKEN_PARAMETER_MAX];
    size_t parameter_count;
    struct statement_value declared[STATEMENT_RESULTS_MAX];
    size_t declared_count;
    bool site;  /* may touch a tenant's table without tenant = $1 */
    bool whole; /* :many without LIMIT */
    struct tokens plain;
    struct str sqlite;
    struct str postgres;
    const size_t *offsets;          /* of each token in `sqlite` */
    const struct scope *scopes;     /* all, linked by `next` */
    const struct scope *outer;      /* the statement itself; of a compound the first SELECT */
    const struct scope *outer_last; /* of a compound the last */
    struct statement_value results[STATEMENT_RESULTS_MAX];
    size_t result_count;
};

struct statements {
    const char *file;
    struct statement **at;
    size_t count;
};

bool statement_writes(const struct statement *statement);

/* Cuts a file into statements and reads their heads; false when something was refused (the good
 * ones are there, so that one run shows all that is wrong). */
bool statements_read(struct arena *arena, struct report *report, const char *file, struct str text,
                     struct statements *statements);
/* Everything that is asked of one statement, and its texts and results. */
bool statement_check(const struct schema *schema, struct statement *statement);

/* The steps of statement_check. */
bool statement_tenant_check(const struct schema *schema, const struct statement *statement);
bool statement_order_check(const struct schema *schema, const struct statement *statement);
bool statement_prepare(const struct schema *schema, struct statement *statement,
                       sqlite3_stmt **prepared);
bool statement_results(const struct schema *schema, struct statement *statement,
                       sqlite3_stmt *prepared);
/* A complaint at a token of the statement; false. */
bool statement_refuse(const struct schema *schema, const struct statement *statement, size_t at,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
