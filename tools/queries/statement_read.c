/* Heads of statements: "-- name: NAME :KIND", its sentence, param, result, site, whole. */
#include "core/arena.h"
#include "statement.h"

static const char *const kinds[KIND_COUNT] = {":one", ":maybe", ":many", ":change", ":exec"};

struct head_reader {
    struct arena *arena;
    struct report *report;
    const struct tokens *all;
    struct statement *statement;
    struct buf comment;
    bool good;
};

bool statement_writes(const struct statement *statement)
{
    return statement->kind == KIND_CHANGE || statement->kind == KIND_EXEC;
}

static void refuse(struct head_reader *reader, int line, const char *why)
{
    report_add(reader->report, reader->all->file, line, "%s", why);
    reader->good = false;
}

/* The next word of `rest`, cut off. */
static struct str take_word(struct str *rest)
{
    *rest = str_trim(*rest);
    size_t length = str_find_byte(*rest, ' ');
    struct str word = str_slice(*rest, 0, length);
    *rest = str_trim(str_slice(*rest, length, SIZE_MAX));
    return word;
}

static void read_name(struct head_reader *reader, struct str rest, int line)
{
    struct statement *statement = reader->statement;
    statement->name = take_word(&rest);
    statement->kind = KIND_COUNT;
    for (int kind = 0; kind < KIND_COUNT; kind++) {
        if (str_equal_c(rest, kinds[kind]))
            statement->kind = (enum statement_kind)kind;
    }
    if (!word_is_name(statement->name) || word_is_taken(statement->name))
        refuse(reader, line,
               "a statement's name has small letters, digits and \"_\" and is no word of SQL or "
               "C; write \"-- name: noun_verb :kind\"");
    else if (statement->kind == KIND_COUNT)
        refuse(reader, line,
               "the kind is one of :one, :maybe, :many, :change, :exec; write it behind the name");
}

/* "NAME TYPE [null]" behind param or result. */
static void read_value(struct head_reader *reader, struct str rest, int line,
                       struct statement_value *values, size_t *count, size_t count_max)
{
    struct statement_value value = {.name = take_word(&rest), .line = line};
    value.type = word_declared_type(take_word(&rest));
    value.nullable = str_equal_c(rest, "null");
    if (!word_is_name(value.name) || word_is_taken(value.name)) {
        refuse(reader, line,
               "this name cannot be used in C; take small letters, digits and \"_\", no word of "
               "SQL or C, and none of: read, write, arena, row, rows, count, problem, found, "
               "changed, run, list");
        return;
    }
    if (value.type == TYPE_NONE || (rest.length > 0 && !value.nullable)) {
        refuse(reader, line,
               "a declaration is NAME TYPE [null] with a TYPE of id, int64, real8, bool, text, "
               "bytes");
        return;
    }
    for (size_t i = 0; i < *count; i++) {
        if (str_equal(values[i].name, value.name)) {
            refuse(reader, line, "this name is declared twice; remove one");
            return;
        }
    }
    if (*count == count_max)
        refuse(reader, line, "more than 64 declarations; split the statement");
    else
        values[(*count)++] = value;
}

static void read_reason(struct head_reader *reader, struct str rest, int line, bool *mark)
{
    *mark = true;
    if (rest.length == 0)
        refuse(reader, line, "a reason is missing; say behind the colon why");
}

static void read_sentence(struct head_reader *reader, struct str text, int line)
{
    struct statement *statement = reader->statement;
    if (statement->parameter_count > 0 || statement->declared_count > 0 || statement->site ||
        statement->whole)
        refuse(reader, line,
               "this line is none of param, result, site:, whole:; the sentence stands before "
               "them");
    for (size_t i = 0; i + 1 < text.length; i++) {
        bool mark = (text.text[i] == '*' && text.text[i + 1] == '/') ||
                    (text.text[i] == '/' && text.text[i + 1] == '*');
        if (mark)
            refuse(reader, line,
                   "\"/*\" and \"*/\" are C's own in a comment; write it another way");
    }
    if (reader->comment.length > 0)
        buf_append_byte(&reader->comment, ' ');
    buf_append(&reader->comment, text);
}

static void read_line(struct head_reader *reader, struct str text, int line)
{
    struct statement *statement = reader->statement;
    struct str rest = text;
    struct str word = take_word(&rest);
    if (str_equal_c(word, "param"))
        read_value(reader, rest, line, statement->parameters, &statement->parameter_count,
                   TOKEN_PARAMETER_MAX);
    else if (str_equal_c(word, "result"))
        read_value(reader, rest, line, statement->declared, &statement->declared_count,
                   STATEMENT_RESULTS_MAX);
    else if (str_equal_c(word, "site:"))
        read_reason(reader, rest, line, &statement->site);
    else if (str_equal_c(word, "whole:"))
        read_reason(reader, rest, line, &statement->whole);
    else if (text.length > 0)
        read_sentence(reader, text, line);
}

static bool is_head_line(struct str text)
{
    return str_starts_with(text, STR("param ")) || str_starts_with(text, STR("result ")) ||
           str_starts_with(text, STR("site:")) || str_starts_with(text, STR("whole:"));
}

/* The statement whose name stands in the comment at `at`; `at` moves behind its ";". */
static struct statement *read_statement(struct head_reader *reader, size_t *at)
{
    const struct tokens *all = reader->all;
    struct statement *statement = ARENA_NEW(reader->arena, struct statement);
    statement->file = all->file;
    statement->line = all->at[*at].line;
    reader->statement = statement;
    reader->good = true;
    buf_reset(&reader->comment);
    read_name(reader, str_slice(all->at[*at].text, 5, SIZE_MAX), statement->line);
    size_t i = *at + 1;
    for (; i < all->count && all->at[i].kind == TOKEN_COMMENT; i++) {
        if (str_starts_with(all->at[i].text, STR("name:")))
            break;
        read_line(reader, all->at[i].text, all->at[i].line);
    }
    size_t from = i;
    bool next_began = false;
    for (; i < all->count && !token_is(all, i, ";") && !next_began; i++) {
        if (all->at[i].kind != TOKEN_COMMENT)
            continue;
        next_began = str_starts_with(all->at[i].text, STR("name:"));
        if (is_head_line(all->at[i].text))
            refuse(reader, all->at[i].line, "a declaration stands above the statement; move it");
    }
    i -= next_began ? 1 : 0;
    if (i >= all->count || next_began || i == from)
        refuse(reader, statement->line, "the statement has no end or no text; end it with \";\"");
    else if (!tokens_plain(reader->arena, reader->report, all, from, i, &statement->plain))
        reader->good = false;
    *at = i < all->count && token_is(all, i, ";") ? i + 1 : i;
    statement->comment = str_copy(reader->arena, buf_str(&reader->comment));
    if (reader->good && !str_ends_with(statement->comment, STR(".")))
        refuse(reader, statement->line,
               "the sentence that says what the statement is for is missing; write it below the "
               "name, with a full stop");
    return reader->good ? statement : NULL;
}

bool statements_read(struct arena *arena, struct report *report, const char *file, struct str text,
                     struct statements *statements)
{
    struct tokens all;
    *statements = (struct statements){.file = file};
    if (!tokens_read(arena, report, file, text, &all))
        return false;
    statements->at = ARENA_ARRAY(arena, struct statement *, STATEMENTS_MAX);
    struct head_reader reader = {.arena = arena, .report = report, .all = &all};
    buf_init(&reader.comment);
    bool good = true;
    for (size_t i = 0; i < all.count;) {
        if (all.at[i].kind != TOKEN_COMMENT) {
            report_add(report, file, all.at[i].line,
                       "a statement without a name; begin it with \"-- name: NAME :KIND\"");
            good = false;
            while (i < all.count && !token_is(&all, i, ";"))
                i++;
            i++;
        } else if (!str_starts_with(all.at[i].text, STR("name:"))) {
            i++;
        } else {
            struct statement *statement = read_statement(&reader, &i);
            if (statement != NULL && statements->count < STATEMENTS_MAX)
                statements->at[statements->count++] = statement;
            good &= statement != NULL;
        }
    }
    buf_clear(&reader.comment);
    return good;
}
