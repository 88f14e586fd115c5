#include "token.h"

#include "core/arena.h"

struct reader {
    struct arena *arena;
    struct report *report;
    const char *file;
    struct str text;
    size_t at;
    int line;
    bool space;
    struct buf out; /* of struct token */
    bool good;
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char peek(const struct reader *reader, size_t ahead)
{
    size_t at = reader->at + ahead;
    return at < reader->text.length ? reader->text.text[at] : '\0';
}

static void refuse(struct reader *reader, const char *why)
{
    report_add(reader->report, reader->file, reader->line, "%s", why);
    reader->good = false;
}

static void put(struct reader *reader, enum token_kind kind, size_t length, int parameter)
{
    struct token token = {.kind = kind,
                          .text = str_slice(reader->text, reader->at, length),
                          .line = reader->line,
                          .space_before = reader->space,
                          .parameter = parameter};
    for (size_t i = 0; i < length; i++)
        reader->line += token.text.text[i] == '\n';
    if (kind == TOKEN_COMMENT)
        token.text = str_trim(str_slice(token.text, 2, length - 2));
    reader->at += length;
    reader->space = false;
    buf_append(&reader->out, (struct str){(const char *)&token, sizeof(token)});
}

static void read_string(struct reader *reader)
{
    size_t length = 1;
    while (reader->at + length < reader->text.length) {
        if (peek(reader, length) == '\'' && peek(reader, length + 1) != '\'') {
            put(reader, TOKEN_STRING, length + 1, 0);
            return;
        }
        length += peek(reader, length) == '\'' ? 2 : 1;
    }
    refuse(reader, "this string is never closed; end it with '");
    reader->at = reader->text.length;
}

static void read_parameter(struct reader *reader)
{
    size_t length = 1;
    int number = 0;
    while (is_digit(peek(reader, length)) && length < 4)
        number = number * 10 + (peek(reader, length++) - '0');
    bool good = number >= 1 && number <= TOKEN_PARAMETER_MAX && peek(reader, 1) != '0' &&
                !is_digit(peek(reader, length)) && !is_letter(peek(reader, length));
    if (!good)
        refuse(reader, "a parameter is $1 to $64; write its number and declare it by a line "
                       "\"-- param NAME TYPE\"");
    put(reader, TOKEN_PARAMETER, length, number);
}

static void read_number(struct reader *reader)
{
    size_t length = 0;
    while (is_digit(peek(reader, length)) || peek(reader, length) == '.')
        length++;
    char after = peek(reader, length);
    char sign = peek(reader, length + 1);
    if ((after == 'e' || after == 'E') &&
        (is_digit(sign) || ((sign == '+' || sign == '-') && is_digit(peek(reader, length + 2))))) {
        length += 2;
        while (is_digit(peek(reader, length)))
            length++;
    }
    if (is_letter(peek(reader, length)))
        refuse(reader, "letters follow a number; write whole numbers and decimals only");
    put(reader, TOKEN_NUMBER, length, 0);
}

/* Signs that both databases read alike, the long ones first. */
static const char *const signs[] = {"<=", ">=", "<>", "!=", "||", "(", ")", ",", ";", ".", "+",
                                    "-",  "*",  "/",  "%",  "<",  ">", "=", "&", "|", "~"};
/* What begins like a sign and is none of ours. */
static const struct {
    const char *sign;
    const char *why;
} strangers[] = {
    {"\"", "a double-quoted name or string: SQLite may take it for a string, PostgreSQL for a "
           "name; write strings as 'text' and names bare"},
    {"`", "a name in backquotes; write it bare"},
    {"[", "a name in brackets; write it bare"},
    {"?", "a parameter is $1, $2, ...; \"?\" is read by SQLite only"},
    {"::", "\"::\" is PostgreSQL's alone; write CAST(... AS ...)"},
    {":", "a parameter is $1, $2, ...; names are given by \"-- param\" lines"},
    {"@", "a parameter is $1, $2, ...; names are given by \"-- param\" lines"},
    {"->", "the databases' JSON functions differ; keep such values in columns, or take them apart "
           "in C"},
    {"==", "\"==\" is SQLite's alone; write \"=\""},
    {"<<", "shifts differ between the databases; reckon in C"},
    {">>", "shifts differ between the databases; reckon in C"},
    {"/*", "a block comment; write comment lines with \"--\""},
};

static bool starts(const struct reader *reader, const char *sign)
{
    for (size_t i = 0; sign[i] != '\0'; i++) {
        if (peek(reader, i) != sign[i])
            return false;
    }
    return true;
}

static void read_sign(struct reader *reader)
{
    for (size_t i = 0; i < COUNT_OF(strangers); i++) {
        if (starts(reader, strangers[i].sign)) {
            refuse(reader, strangers[i].why);
            reader->at += str_from_c(strangers[i].sign).length;
            return;
        }
    }
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (starts(reader, signs[i])) {
            put(reader, TOKEN_SIGN, str_from_c(signs[i]).length, 0);
            return;
        }
    }
    refuse(reader, "a character that is no part of a statement; remove it, or put it in a string");
    reader->at = reader->text.length;
}

static void read_one(struct reader *reader)
{
    char c = peek(reader, 0);
    size_t length = 1;
    if (c == '\n' || c == ' ' || c == '\t' || c == '\r') {
        reader->line += c == '\n';
        reader->space = true;
        reader->at++;
    } else if (c == '-' && peek(reader, 1) == '-') {
        length = str_find_byte(str_slice(reader->text, reader->at, SIZE_MAX), '\n');
        put(reader, TOKEN_COMMENT, length, 0);
        reader->space = true;
    } else if (c == '\'') {
        read_string(reader);
    } else if (c == '$') {
        read_parameter(reader);
    } else if (is_digit(c)) {
        read_number(reader);
    } else if (is_letter(c)) {
        while (is_letter(peek(reader, length)) || is_digit(peek(reader, length)))
            length++;
        if (peek(reader, length) == '\'')
            refuse(reader, "a string with a prefix; write 'text' (bytes are handed in as a "
                           "parameter)");
        put(reader, TOKEN_WORD, length, 0);
    } else {
        read_sign(reader);
    }
}

bool tokens_read(struct arena *arena, struct report *report, const char *file, struct str text,
                 struct tokens *tokens)
{
    struct reader reader = {.arena = arena,
                            .report = report,
                            .file = file,
                            .text = text,
                            .line = 1,
                            .space = true,
                            .good = true};
    buf_init(&reader.out);
    *tokens = (struct tokens){.file = file};
    if (text.length > TOKENS_BYTES_MAX || !str_is_utf8(text)) {
        report_add(report, file, 1, "the file is no UTF-8 text of at most 4 MiB; mend it");
        return false;
    }
    while (reader.at < text.length && reader.good)
        read_one(&reader);
    tokens->count = reader.out.length / sizeof(struct token);
    struct token *copy = ARENA_ARRAY(arena, struct token, tokens->count + 1);
    for (size_t i = 0; i < tokens->count; i++)
        copy[i] = ((const struct token *)(const void *)reader.out.text)[i];
    tokens->at = copy;
    buf_clear(&reader.out);
    return reader.good;
}

static bool match_brackets(struct report *report, const char *file, struct token *at, size_t count)
{
    size_t open[TOKEN_DEPTH_MAX];
    size_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        if (at[i].kind != TOKEN_SIGN)
            continue;
        if (str_equal_c(at[i].text, "(")) {
            if (depth == TOKEN_DEPTH_MAX) {
                report_add(report, file, at[i].line,
                           "more than %d brackets in each other; split "
                           "the statement",
                           TOKEN_DEPTH_MAX);
                return false;
            }
            open[depth++] = i;
        } else if (str_equal_c(at[i].text, ")")) {
            if (depth == 0) {
                report_add(report, file, at[i].line, "this \")\" closes nothing; remove it");
                return false;
            }
            at[i].match = open[--depth];
            at[at[i].match].match = i;
        }
    }
    if (depth > 0)
        report_add(report, file, at[open[depth - 1]].line, "this \"(\" is never closed; close it");
    return depth == 0;
}

bool tokens_plain(struct arena *arena, struct report *report, const struct tokens *all, size_t from,
                  size_t to, struct tokens *plain)
{
    struct token *copy = ARENA_ARRAY(arena, struct token, to - from + 1);
    size_t count = 0;
    for (size_t i = from; i < to; i++) {
        if (all->at[i].kind != TOKEN_COMMENT)
            copy[count++] = all->at[i];
    }
    *plain = (struct tokens){.file = all->file, .at = copy, .count = count};
    return match_brackets(report, all->file, copy, count);
}

bool token_is(const struct tokens *tokens, size_t index, const char *text)
{
    if (index >= tokens->count)
        return false;
    const struct token *token = &tokens->at[index];
    return (token->kind == TOKEN_WORD || token->kind == TOKEN_SIGN) &&
           str_equal_ascii_fold(token->text, str_from_c(text));
}

bool token_is_word(const struct tokens *tokens, size_t index)
{
    return index < tokens->count && tokens->at[index].kind == TOKEN_WORD;
}

size_t token_next(const struct tokens *tokens, size_t index)
{
    return token_is(tokens, index, "(") ? tokens->at[index].match + 1 : index + 1;
}

int token_line(const struct tokens *tokens, size_t index)
{
    if (tokens->count == 0)
        return 1;
    return tokens->at[index < tokens->count ? index : tokens->count - 1].line;
}
