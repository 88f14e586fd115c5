/* Any bytes as a room's queries.sql, on a fixed schema, or (behind a first "M") as a migration.
 * What is refused has a complaint that names the file; of what is accepted the C is whole (strings,
 * comments and brackets closed) and names nothing but words of the input, of the generator and of
 * the store's header. */
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "generate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void expect(bool good)
{
    if (!good)
        abort();
}

static const char schema_text[] =
    "-- People.\nCREATE TABLE person (\n"
    " id ID NOT NULL, -- a\n name TEXT NOT NULL, -- b\n born INT64, -- c\n KEY(id));\n"
    "-- Members.\nCREATE TABLE member (\n"
    " tenant ID NOT NULL, -- a\n id ID NOT NULL, -- b\n person ID NOT NULL, -- c\n"
    " paid BOOL NOT NULL, -- d\n share REAL8, -- e\n mark BYTES, -- f\n KEY(tenant, id));\n";

/* Words that generated C holds whatever the input. */
static const char *const known[] = {"ifndef",
                                    "define",
                                    "include",
                                    "endif",
                                    "pragma",
                                    "GCC",
                                    "diagnostic",
                                    "ignored",
                                    "ROOM_QUERIES_H",
                                    "SITE_SCHEMA_H",
                                    "struct",
                                    "const",
                                    "extern",
                                    "static",
                                    "arena",
                                    "str",
                                    "bool",
                                    "int64_t",
                                    "double",
                                    "size_t",
                                    "enum",
                                    "err",
                                    "MUST_USE",
                                    "store_read",
                                    "store_write",
                                    "store_columns",
                                    "store_column",
                                    "store_run",
                                    "store_statement",
                                    "store_parameter",
                                    "problem",
                                    "read",
                                    "write",
                                    "row",
                                    "rows",
                                    "count",
                                    "found",
                                    "changed",
                                    "run",
                                    "list",
                                    "void",
                                    "return",
                                    "if",
                                    "else",
                                    "NULL",
                                    "true",
                                    "false",
                                    "sizeof",
                                    "offsetof",
                                    "TRY",
                                    "ERR_OK",
                                    "STORE_ID",
                                    "STORE_INT64",
                                    "STORE_REAL8",
                                    "STORE_BOOL",
                                    "STORE_TEXT",
                                    "STORE_BYTES",
                                    "name",
                                    "place",
                                    "sqlite",
                                    "postgres",
                                    "writes",
                                    "parameters",
                                    "parameter_count",
                                    "columns",
                                    "store_run_begin",
                                    "store_bind_int64",
                                    "store_bind_real8",
                                    "store_bind_bool",
                                    "store_bind_text",
                                    "store_bind_bytes",
                                    "store_bind_null",
                                    "store_run_one",
                                    "store_run_maybe",
                                    "store_run_many",
                                    "store_run_change",
                                    "store_run_exec",
                                    "room_statements",
                                    "store_migration",
                                    "site_migrations",
                                    "site_migration_count",
                                    "site_all_statements",
                                    "digest",
                                    "postgres"};

static const char *const endings[] = {"",           "_row",        "_columns", "_list",
                                      "_statement", "_parameters", "_null"};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Does the word stand in the text, not as a part of another? */
static bool has_word(struct str text, struct str word)
{
    for (size_t i = 0; i + word.length <= text.length; i++) {
        bool begins = i == 0 || !is_letter(text.text[i - 1]);
        bool ends = i + word.length == text.length || !is_letter(text.text[i + word.length]);
        if (begins && ends && memcmp(text.text + i, word.text, word.length) == 0)
            return true;
    }
    return false;
}

static bool is_declared(struct str input, struct str word)
{
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (str_equal_c(word, known[i]))
            return true;
    }
    for (size_t i = 0; i < COUNT_OF(endings); i++) {
        struct str ending = str_from_c(endings[i]);
        if (word.length > ending.length && str_ends_with(word, ending) &&
            has_word(input, str_slice(word, 0, word.length - ending.length)))
            return true;
    }
    return false;
}

/* Behind a string or comment that begins at `at`; the text itself must close it. */
static size_t skip_quoted(struct str c, size_t at)
{
    size_t i = at;
    if (c.text[at] == '"') {
        for (i++; i < c.length && c.text[i] != '"'; i++) {
            expect(c.text[i] != '\n');
            i += c.text[i] == '\\' ? 1 : 0;
        }
        expect(i < c.length);
        return i + 1;
    }
    for (i += 2; i + 1 < c.length && !(c.text[i] == '*' && c.text[i + 1] == '/'); i++)
        ;
    expect(i + 1 < c.length);
    return i + 2;
}

static void check_c(struct str c, struct str input)
{
    int depth = 0;
    for (size_t i = 0; i < c.length;) {
        char at = c.text[i];
        if (at == '"' || (at == '/' && i + 1 < c.length && c.text[i + 1] == '*')) {
            i = skip_quoted(c, i);
        } else if (is_letter(at)) {
            size_t from = i;
            while (i < c.length && is_letter(c.text[i]))
                i++;
            bool number = c.text[from] >= '0' && c.text[from] <= '9';
            expect(number || is_declared(input, str_slice(c, from, i - from)));
        } else {
            depth += at == '{' || at == '(' ? 1 : 0;
            depth -= at == '}' || at == ')' ? 1 : 0;
            expect(depth >= 0 && at != '\'' && at != '`' && at != '$' && at != '@');
            i++;
        }
    }
    expect(depth == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct report report;
    struct buf header;
    struct buf source;
    struct str text = {(const char *)data, size};
    arena_init(&arena);
    report_init(&report);
    buf_init(&header);
    buf_init(&source);
    const struct source fixed = {"0001_fixed.sql", STR(schema_text)};
    bool migration = size > 0 && data[0] == 'M';
    bool good;
    if (migration) {
        const struct source both[] = {fixed, {"0002_more.sql", str_slice(text, 1, SIZE_MAX)}};
        good = generate_schema(&arena, &report, STR("site"), "site_schema.h", NULL, 0, both, 2,
                               &header, &source);
    } else {
        const struct source queries = {"room/queries.sql", text};
        good = generate_room(&arena, &report, STR("room"), "room_queries.h", &queries, &fixed, 1,
                             &header, &source);
    }
    expect(good == (report.count == 0));
    if (good) {
        check_c(buf_str(&header), text);
        check_c(buf_str(&source), text);
    } else {
        expect(header.length == 0 && source.length == 0);
        expect(str_starts_with(buf_str(&report.text),
                               migration ? STR("0002_more.sql:") : STR("room/queries.sql:")));
    }
    buf_clear(&header);
    buf_clear(&source);
    report_clear(&report);
    arena_clear(&arena);
    return 0;
}
