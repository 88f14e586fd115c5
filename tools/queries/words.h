/* queries/words: lists of words the generator knows: types, functions that both databases have,
 * words refused with what to do instead, names that C or the generated code needs for itself. */
#ifndef QUERIES_WORDS_H
#define QUERIES_WORDS_H

#include "core/base.h"
#include "core/str.h"
#include "token.h"

/* ID and INT64 are the same in C and in both databases; in JSON an id is a string. */
enum word_type {
    TYPE_NONE,
    TYPE_ID,
    TYPE_INT64,
    TYPE_REAL8,
    TYPE_BOOL,
    TYPE_TEXT,
    TYPE_BYTES,
    TYPE_COUNT
};

/* The type of a column ("INT64") and of a declaration ("int64"); TYPE_NONE when it is none. */
enum word_type word_column_type(struct str word);
enum word_type word_declared_type(struct str word);
/* "int64", "INT64", "BIGINT": of declarations, in SQLite, in PostgreSQL. */
const char *word_declared_name(enum word_type type);
const char *word_sqlite_name(enum word_type type);
const char *word_postgres_name(enum word_type type);
/* Equal, or id and int64. */
bool word_types_agree(enum word_type a, enum word_type b);

/* a-z, digits, "_", beginning with a letter, at most 60, and no reserved word of SQL or C. */
bool word_is_name(struct str word);
/* A name of the generated functions' own parameters ("read", "arena", ...). */
bool word_is_taken(struct str word);
/* A word that stands for a clause or an operator and so cannot be a bare alias. */
bool word_is_clause(struct str word);

/* Complains of every word in `plain` that the two databases read differently; false when any. */
bool words_check(struct report *report, const struct tokens *plain);

#endif
