#include "words.h"

enum { NAME_LENGTH_MAX = 60 };

static const struct {
    const char *column;
    const char *declared;
    const char *sqlite;
    const char *postgres;
} types[TYPE_COUNT] = {
    [TYPE_NONE] = {"", "", "", ""},
    [TYPE_ID] = {"ID", "id", "INT64", "BIGINT"},
    [TYPE_INT64] = {"INT64", "int64", "INT64", "BIGINT"},
    [TYPE_REAL8] = {"REAL8", "real8", "REAL8", "DOUBLE PRECISION"},
    [TYPE_BOOL] = {"BOOL", "bool", "BOOL", "BOOLEAN"},
    [TYPE_TEXT] = {"TEXT", "text", "TEXT", "TEXT COLLATE \"C\""},
    [TYPE_BYTES] = {"BYTES", "bytes", "BYTES", "BYTEA"},
};

enum word_type word_column_type(struct str word)
{
    for (int type = TYPE_NONE + 1; type < TYPE_COUNT; type++) {
        if (str_equal_c(word, types[type].column))
            return (enum word_type)type;
    }
    return TYPE_NONE;
}

enum word_type word_declared_type(struct str word)
{
    for (int type = TYPE_NONE + 1; type < TYPE_COUNT; type++) {
        if (str_equal_c(word, types[type].declared))
            return (enum word_type)type;
    }
    return TYPE_NONE;
}

const char *word_declared_name(enum word_type type)
{
    return types[type].declared;
}

const char *word_sqlite_name(enum word_type type)
{
    return types[type].sqlite;
}

const char *word_postgres_name(enum word_type type)
{
    return types[type].postgres;
}

bool word_types_agree(enum word_type a, enum word_type b)
{
    return (a == TYPE_ID ? TYPE_INT64 : a) == (b == TYPE_ID ? TYPE_INT64 : b);
}

/* Words of C, and reserved words of PostgreSQL 15 and SQLite that a bare name cannot be. */
static const char *const reserved[] = {
    "alignas",     "alignof",    "asm",       "auto",      "bool",         "break",    "char",
    "const",       "continue",   "double",    "enum",      "extern",       "false",    "float",
    "goto",        "inline",     "int",       "long",      "register",     "restrict", "return",
    "short",       "signed",     "sizeof",    "static",    "struct",       "switch",   "true",
    "typedef",     "typeof",     "union",     "unsigned",  "void",         "volatile", "while",
    "assert",      "errno",      "linux",     "main",      "unix",         "all",      "analyse",
    "analyze",     "and",        "any",       "array",     "as",           "asc",      "asymmetric",
    "between",     "both",       "case",      "cast",      "check",        "collate",  "column",
    "commit",      "constraint", "create",    "cross",     "current_date", "default",  "deferrable",
    "delete",      "desc",       "distinct",  "do",        "drop",         "else",     "end",
    "escape",      "except",     "exists",    "fetch",     "for",          "foreign",  "freeze",
    "from",        "full",       "glob",      "grant",     "group",        "having",   "if",
    "ilike",       "in",         "index",     "indexed",   "initially",    "inner",    "insert",
    "intersect",   "into",       "is",        "isnull",    "join",         "key",      "lateral",
    "leading",     "left",       "like",      "localtime", "natural",      "not",      "nothing",
    "notnull",     "null",       "offset",    "on",        "only",         "or",       "order",
    "outer",       "over",       "overlaps",  "placing",   "primary",      "raise",    "references",
    "regexp",      "replace",    "right",     "returning", "rollback",     "select",   "set",
    "similar",     "some",       "symmetric", "table",     "then",         "to",       "trailing",
    "transaction", "trigger",    "unique",    "update",    "user",         "using",    "values",
    "variadic",    "verbose",    "view",      "when",      "where",        "window",   "with",
    "rowid",       "oid",        "ctid",      "xmin",      "xmax",         "tableoid", "match"};

static bool in_list(struct str word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_ascii_fold(word, str_from_c(list[i])))
            return true;
    }
    return false;
}

bool word_is_name(struct str word)
{
    if (word.length == 0 || word.length > NAME_LENGTH_MAX || word.text[0] < 'a' ||
        word.text[0] > 'z')
        return false;
    for (size_t i = 0; i < word.length; i++) {
        char c = word.text[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'))
            return false;
    }
    return !in_list(word, reserved, COUNT_OF(reserved));
}

bool word_is_taken(struct str word)
{
    static const char *const taken[] = {"read",    "write", "arena",   "row", "rows", "count",
                                        "problem", "found", "changed", "run", "list"};
    return in_list(word, taken, COUNT_OF(taken));
}

bool word_is_clause(struct str word)
{
    static const char *const clauses[] = {
        "on",     "using",  "join",  "inner",  "left",      "right",  "full",      "cross",
        "outer",  "where",  "group", "having", "order",     "limit",  "offset",    "union",
        "except", "window", "set",   "values", "intersect", "select", "returning", "natural",
        "and",    "or",     "as",    "from",   "do",        "for",    "indexed",   "not"};
    return in_list(word, clauses, COUNT_OF(clauses));
}

struct refusal {
    const char *word;
    const char *why;
    bool call; /* refused only as a function: a column may bear the name */
};

static const struct refusal refusals[] = {
    {"like", "LIKE folds letters in SQLite and does not in PostgreSQL; compare a key computed in C",
     false},
    {"ilike", "ILIKE is PostgreSQL's alone; compare a key computed in C", false},
    {"regexp", "REGEXP is SQLite's alone; compare a key computed in C", false},
    {"match", "MATCH is SQLite's alone; use the search table", true},
    {"collate", "orders of letters differ between the databases; sort by a key computed in C",
     false},
    {"datetime", "times are UTC milliseconds handed in as a parameter; take them apart in C", true},
    {"date", "dates are handed in as a parameter; take them apart in C", true},
    {"time", "times are UTC milliseconds handed in as a parameter; take them apart in C", true},
    {"julianday", "times are UTC milliseconds handed in as a parameter; take them apart in C",
     true},
    {"strftime", "times are UTC milliseconds handed in as a parameter; take them apart in C", true},
    {"unixepoch", "times are UTC milliseconds handed in as a parameter; take them apart in C",
     true},
    {"now", "the clock is handed in as a parameter (store_write's now_ms)", true},
    {"current_timestamp", "the clock is handed in as a parameter (store_write's now_ms)", false},
    {"current_date", "the clock is handed in as a parameter (store_write's now_ms)", false},
    {"current_time", "the clock is handed in as a parameter (store_write's now_ms)", false},
    {"random", "chance is drawn in C; a statement gives the same rows twice", true},
    {"randomblob", "chance is drawn in C; a statement gives the same rows twice", false},
    {"gen_random_uuid", "ids are made in C (store_id_new)", false},
    {"rowid", "tables have no hidden row number; use the key", false},
    {"_rowid_", "tables have no hidden row number; use the key", false},
    {"oid", "tables have no hidden row number; use the key", false},
    {"returning", "a write gives no rows; make the id in C and read the row afterwards", false},
    {"natural", "NATURAL JOIN changes with every new column; write JOIN ... ON", false},
    {"right", "write the tables in the other order with LEFT JOIN", false},
    {"full", "FULL JOIN; write two statements, or LEFT JOIN", false},
    {"glob", "GLOB is SQLite's alone; compare a key computed in C", false},
    {"pragma", "PRAGMA belongs to the store alone", false},
    {"attach", "a statement stays within the site's database", false},
    {"indexed", "hints are SQLite's alone; make the index fit", false},
    {"array", "arrays are PostgreSQL's alone; use rows", false},
    {"isnull", "write IS NULL", false},
    {"notnull", "write IS NOT NULL", false},
};

/* Functions that give the same in both databases. sum64 becomes sum(), cast to a whole number in
 * PostgreSQL, whose sum of BIGINT is a decimal. */
static const char *const functions[] = {
    "count", "sum64",  "min",         "max",        "coalesce",   "nullif", "lower",
    "upper", "length", "substr",      "abs",        "row_number", "rank",   "dense_rank",
    "lag",   "lead",   "first_value", "last_value", "cast",       "trim"};

/* Words in front of a "(" that is no call. */
static const char *const before_bracket[] = {
    "in",           "exists", "and",        "or",       "not",     "values",  "on",
    "when",         "then",   "else",       "where",    "as",      "by",      "select",
    "from",         "join",   "over",       "filter",   "any",     "set",     "union",
    "all",          "except", "intersect",  "conflict", "key",     "check",   "unique",
    "using",        "limit",  "offset",     "having",   "case",    "between", "is",
    "materialized", "into",   "references", "distinct", "foreign", "default"};

static bool check_cast(struct report *report, const struct tokens *plain, size_t at)
{
    size_t close = plain->at[at + 1].match;
    bool shaped = close >= at + 4 && token_is(plain, close - 2, "as");
    enum word_type type = shaped ? word_column_type(plain->at[close - 1].text) : TYPE_NONE;
    if (type == TYPE_REAL8 || type == TYPE_TEXT)
        return true;
    report_add(report, plain->file, token_line(plain, at),
               "CAST gives REAL8 or TEXT only (to whole numbers SQLite cuts and PostgreSQL "
               "rounds); reckon in C, or write sum64(...) for a sum");
    return false;
}

/* A name in front of a bracket: a known function, a word of the language, or a table's column
 * list. */
static bool check_call(struct report *report, const struct tokens *plain, size_t at)
{
    struct str word = plain->at[at].text;
    if (str_equal_ascii_fold(word, STR("cast")))
        return check_cast(report, plain, at);
    if (in_list(word, functions, COUNT_OF(functions)) ||
        in_list(word, before_bracket, COUNT_OF(before_bracket)))
        return true;
    /* A list of columns: behind a table's name, or behind the name of a WITH. */
    size_t close = plain->at[at + 1].match;
    bool of_index = token_is(plain, 0, "create") && token_is(plain, at - 1, "on");
    bool of_with = token_is(plain, close + 1, "as") && token_is(plain, close + 2, "(");
    if (of_index || of_with || token_is(plain, at - 1, "into") ||
        token_is(plain, at - 1, "table") || token_is(plain, at - 1, "references") ||
        (token_is(plain, at - 1, "as") && token_is(plain, at - 3, "into")))
        return true;
    report_add(report, plain->file, token_line(plain, at),
               "the function %.*s is not known to give the same in both databases; reckon in C, "
               "or use one of: count, sum64, min, max, coalesce, nullif, abs, length, substr, "
               "trim, lower, upper, row_number, rank, dense_rank, lag, lead",
               SLICE(word));
    return false;
}

static bool check_word(struct report *report, const struct tokens *plain, size_t at)
{
    struct str word = plain->at[at].text;
    bool qualified = at > 0 && token_is(plain, at - 1, ".");
    if (qualified)
        return true; /* a column's name, which the schema decides */
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        if (!str_equal_ascii_fold(word, str_from_c(refusals[i].word)))
            continue;
        if (refusals[i].call && !token_is(plain, at + 1, "("))
            return true;
        report_add(report, plain->file, token_line(plain, at), "%s", refusals[i].why);
        return false;
    }
    static const char *const conflict[] = {"replace", "ignore", "abort", "fail", "rollback"};
    bool after_or = at > 0 && token_is(plain, at - 1, "or") && at >= 2 &&
                    (token_is(plain, at - 2, "insert") || token_is(plain, at - 2, "update"));
    if ((after_or && in_list(word, conflict, COUNT_OF(conflict))) ||
        (at == 0 && str_equal_ascii_fold(word, STR("replace")))) {
        report_add(report, plain->file, token_line(plain, at),
                   "OR REPLACE and its kin are SQLite's alone; write ON CONFLICT (...) DO ...");
        return false;
    }
    if (token_is(plain, at, "in") && !token_is(plain, at + 1, "(")) {
        report_add(report, plain->file, token_line(plain, at),
                   "IN without brackets names a table in SQLite; write IN (SELECT ...) or IN "
                   "(values)");
        return false;
    }
    if (token_is(plain, at + 1, "("))
        return check_call(report, plain, at);
    return true;
}

bool words_check(struct report *report, const struct tokens *plain)
{
    bool good = true;
    for (size_t i = 0; i < plain->count; i++) {
        if (plain->at[i].kind == TOKEN_WORD)
            good &= check_word(report, plain, i);
    }
    return good;
}
