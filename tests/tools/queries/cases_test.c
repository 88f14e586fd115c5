/* Every refusal of the generator: a planted mistake, and exactly what is said of it; and clean
 * texts that must not be accused. The cases stand in *.cases. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/file.h"
#include "generate.h"

#define FOLDER SAMPAN_SOURCE_ROOT "/tests/tools/queries/"

struct cases {
    struct arena arena;
    struct str text;
    size_t at;
    struct str title;
    struct str input;
    struct str expected;
};

static struct str read_whole(struct arena *arena, const char *path)
{
    struct problem problem;
    struct str text;
    assert_int_equal(file_read(arena, path, 1 << 20, &text, &problem), ERR_OK);
    return text;
}

/* Up to before the next line that begins with `mark`; behind that line's mark afterwards. */
static struct str take_until(struct cases *cases, const char *mark)
{
    size_t from = cases->at;
    size_t length = strlen(mark);
    while (cases->at < cases->text.length) {
        struct str rest = str_slice(cases->text, cases->at, SIZE_MAX);
        if (rest.length >= length && memcmp(rest.text, mark, length) == 0)
            break;
        cases->at += str_find_byte(rest, '\n') + 1;
    }
    struct str taken = str_slice(cases->text, from, cases->at - from);
    cases->at += cases->at < cases->text.length ? length : 0;
    return taken;
}

static bool next_case(struct cases *cases)
{
    if (cases->at >= cases->text.length)
        return false;
    struct str rest = str_slice(cases->text, cases->at, SIZE_MAX);
    cases->title = str_slice(rest, 0, str_find_byte(rest, '\n'));
    cases->at += cases->title.length + 1;
    cases->input = take_until(cases, "---\n");
    cases->expected = take_until(cases, "=== ");
    return true;
}

static bool run_statements(struct cases *cases, struct report *report)
{
    struct source schema = {"0001_schema.sql", read_whole(&cases->arena, FOLDER "schema.sql")};
    struct source input = {"case/queries.sql", cases->input};
    struct buf header = {0};
    struct buf source = {0};
    bool good = generate_room(&cases->arena, report, STR("sample"), "sample_queries.h", &input,
                              &schema, 1, &header, &source);
    assert_int_equal(good, header.length > 0);
    assert_int_equal(good, source.length > 0);
    buf_clear(&header);
    buf_clear(&source);
    return good;
}

static bool run_migration(struct cases *cases, struct report *report)
{
    struct source input = {"0001_club.sql", cases->input};
    struct buf header = {0};
    struct buf source = {0};
    bool good = generate_schema(&cases->arena, report, STR("sample"), "sample_schema.h", NULL, 0,
                                &input, 1, &header, &source);
    buf_clear(&header);
    buf_clear(&source);
    return good;
}

/* Each case in turn; all that differ are shown before the test fails. */
static void run_cases(const char *path, bool (*run)(struct cases *, struct report *), int least)
{
    struct cases cases = {0};
    int count = 0;
    int wrong = 0;
    arena_init(&cases.arena);
    cases.text = read_whole(&cases.arena, path);
    take_until(&cases, "=== ");
    for (; next_case(&cases); count++) {
        struct report report;
        report_init(&report);
        bool good = run(&cases, &report);
        struct str expected = str_trim(cases.expected);
        struct str said = str_trim(buf_str(&report.text));
        bool right = str_equal(said, expected) && good == (expected.length == 0);
        if (!right)
            fprintf(stderr, "=== %.*s\nsaid:\n%.*s\nexpected:\n%.*s\n", SLICE(cases.title),
                    SLICE(said), SLICE(expected));
        wrong += right ? 0 : 1;
        report_clear(&report);
    }
    arena_clear(&cases.arena);
    assert_int_equal(wrong, 0);
    assert_true(count >= least);
}

static void statements_are_refused_or_not(void **state)
{
    (void)state;
    run_cases(FOLDER "statements.cases", run_statements, 90);
}

static void migrations_are_refused_or_not(void **state)
{
    (void)state;
    run_cases(FOLDER "migrations.cases", run_migration, 20);
}

struct numbered {
    const char *first;
    const char *second;
    const char *said;
};

/* Names of files: numbers are unique whatever the folders, and give the order. */
static void numbers_are_unique(void **state)
{
    (void)state;
    static const struct numbered cases[] = {
        {"a/0002_two.sql", "b/0001_one.sql", ""},
        {"a/0001_one.sql", "b/0001_two.sql",
         "b/0001_two.sql:1: the number 0001 is taken by a/0001_one.sql; numbers are unique in the "
         "whole program, take the next free one\n"},
        {"a/1_one.sql", "b/0002_two.sql",
         "a/1_one.sql:1: a migration's file is called NNNN_name.sql, with small letters; rename "
         "it\n"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena arena;
        struct report report;
        struct buf header = {0};
        struct buf source = {0};
        arena_init(&arena);
        report_init(&report);
        struct source migrations[] = {
            {cases[i].first, STR("ALTER TABLE club ADD COLUMN name TEXT; -- as written\n")},
            {cases[i].second, STR("-- Clubs.\nCREATE TABLE club (\n id ID NOT NULL, -- made\n"
                                  " KEY(id));\n")}};
        if (i > 0)
            migrations[0].text = STR("");
        generate_schema(&arena, &report, STR("sample"), "s.h", NULL, 0, migrations, 2, &header,
                        &source);
        buf_append_byte(&report.text, '\0');
        assert_string_equal(report.text.text, cases[i].said);
        report_clear(&report);
        buf_clear(&header);
        buf_clear(&source);
        arena_clear(&arena);
    }
}

static void names_are_unique_among_rooms(void **state)
{
    (void)state;
    struct arena arena;
    struct report report;
    struct buf header = {0};
    struct buf source = {0};
    arena_init(&arena);
    report_init(&report);
    struct str text = STR("-- name: one :one\n-- Gives one.\nSELECT 1;\n");
    const struct source queries[] = {{"app/a/queries.sql", text}, {"app/b/queries.sql", text}};
    assert_false(generate_schema(&arena, &report, STR("site"), "s.h", queries, 2, NULL, 0, &header,
                                 &source));
    buf_append_byte(&report.text, '\0');
    assert_string_equal(report.text.text,
                        "app/b/queries.sql:1: the name \"one\" is taken by app/a/queries.sql:1; "
                        "names are unique in the program, take another\n");
    report_clear(&report);
    arena_clear(&arena);
}

/* A comment may be mended after a migration was applied; a word may not. */
static void the_digest_is_of_the_words(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "-- Clubs.\nCREATE TABLE club (\n id ID NOT NULL, -- made\n KEY(id));\n",
        "-- Clubs of a town.\nCREATE  TABLE club\n(\n id ID NOT NULL, -- made by us\n KEY(id));\n",
        "-- Clubs.\nCREATE TABLE clubs (\n id ID NOT NULL, -- made\n KEY(id));\n"};
    struct buf sources[COUNT_OF(texts)] = {0};
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct report report;
        struct buf header = {0};
        report_init(&report);
        const struct source migration = {"0001_club.sql", str_from_c(texts[i])};
        assert_true(generate_schema(&arena, &report, STR("site"), "s.h", NULL, 0, &migration, 1,
                                    &header, &sources[i]));
        buf_append_byte(&sources[i], '\0');
        report_clear(&report);
        buf_clear(&header);
    }
    const char *digests[COUNT_OF(texts)];
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        digests[i] = strstr(sources[i].text, ".digest");
    assert_string_equal(digests[0], digests[1]);
    assert_string_not_equal(digests[0], digests[2]);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        buf_clear(&sources[i]);
    arena_clear(&arena);
}

static void the_neutral_words_become_both_databases_words(void **state)
{
    (void)state;
    struct arena arena;
    struct report report;
    struct buf header = {0};
    struct buf source = {0};
    arena_init(&arena);
    report_init(&report);
    const struct source migration = {
        "0001_club.sql",
        STR("-- Clubs.\nCREATE TABLE club (\n id ID NOT NULL, -- made\n size INT64, -- places\n"
            " share REAL8, -- part\n open BOOL NOT NULL DEFAULT TRUE, -- or not\n"
            " name TEXT NOT NULL, -- as written\n mark BYTES, -- sign\n KEY(id));\n")};
    assert_true(generate_schema(&arena, &report, STR("site"), "s.h", NULL, 0, &migration, 1,
                                &header, &source));
    buf_append_byte(&source, '\0');
    assert_non_null(strstr(source.text,
                           ".sqlite = \"CREATE TABLE club ( id INT64 NOT NULL, size INT64, share "
                           "REAL8, open BOOL NOT NULL DEFAULT TRUE, name TEXT NOT NULL, mark "
                           "BYTES, PRIMARY KEY(id)) WITHOUT ROWID;\\n\""));
    assert_non_null(strstr(
        source.text,
        ".postgres = \"CREATE TABLE club ( id BIGINT NOT NULL, size BIGINT, share DOUBLE "
        "PRECISION, open BOOLEAN NOT NULL DEFAULT TRUE, name TEXT COLLATE \\\"C\\\" NOT NULL, mark "
        "BYTEA, PRIMARY KEY(id));\\n\""));
    report_clear(&report);
    buf_clear(&header);
    buf_clear(&source);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_are_refused_or_not),
        cmocka_unit_test(migrations_are_refused_or_not),
        cmocka_unit_test(numbers_are_unique),
        cmocka_unit_test(names_are_unique_among_rooms),
        cmocka_unit_test(the_digest_is_of_the_words),
        cmocka_unit_test(the_neutral_words_become_both_databases_words),
    };
    return cmocka_run_group_tests_name("tools/queries", tests, NULL, NULL);
}
