/* Every migration and every statement on PostgreSQL 15: prepared, and its types compared with the
 * declared ones. Built twice: for the sample room, and for all rooms of the site. Skipped without
 * PostgreSQL, unless SAMPAN_REQUIRE_POSTGRES=1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "postgres.h"
#include SCHEMA_HEADER

static struct postgres postgres;

static int start(void **state)
{
    (void)state;
    const char *required = getenv("SAMPAN_REQUIRE_POSTGRES");
    if (postgres_start(&postgres))
        return 0;
    print_message("%s\n", postgres.missing);
    return required != NULL && strcmp(required, "1") == 0;
}

static int stop(void **state)
{
    (void)state;
    postgres_stop(&postgres);
    return 0;
}

/* The test runs only with a server. */
static void need_server(void)
{
    if (postgres.connection == NULL) {
        print_message("%s\n", postgres.missing);
        skip();
    }
}

static void expect_none(int complaints, struct buf *out)
{
    fprintf(stderr, "%.*s", (int)buf_str(out).length, buf_str(out).text);
    buf_clear(out);
    assert_int_equal(complaints, 0);
}

static void migrations_apply(void **state)
{
    (void)state;
    struct buf out = {0};
    need_server();
    expect_none(postgres_migrate(&postgres, SCHEMA_MIGRATIONS, SCHEMA_COUNT, &out), &out);
}

static void statements_are_the_same_there(void **state)
{
    (void)state;
    struct buf out = {0};
    int complaints = 0;
    int count = 0;
    need_server();
    for (size_t room = 0; SCHEMA_STATEMENTS[room] != NULL; room++) {
        for (size_t i = 0; SCHEMA_STATEMENTS[room][i] != NULL; i++, count++)
            complaints += postgres_check(&postgres, SCHEMA_STATEMENTS[room][i], &out);
    }
    print_message("%d statements\n", count);
    expect_none(complaints, &out);
    assert_true(count > 0);
}

static const struct store_column text_column = {.name = "number", .type = STORE_TEXT};
static const struct store_column int_column = {.name = "number", .type = STORE_INT64};
static const struct store_columns text_columns = {"planted", &text_column, 1, 0};
static const struct store_columns int_columns = {"planted", &int_column, 1, 0};
static const struct store_parameter int_parameter = {"number", STORE_INT64, false};
static const struct store_parameter text_parameter = {"number", STORE_TEXT, false};

/* Mistakes that SQLite alone would not see. */
static void planted_mistakes_are_found(void **state)
{
    (void)state;
    static const struct {
        struct store_statement statement;
        const char *said;
    } planted[] = {
        {{.place = "q:1", .postgres = "SELECT 1 AS number", .columns = &text_columns},
         "q:1: planted: in PostgreSQL the result number has type 23, not 25\n"},
        {{.place = "q:2", .postgres = "SELECT sum(9000000000) AS number", .columns = &int_columns},
         "q:2: planted: in PostgreSQL the result number has type 1700, not 20\n"},
        {{.place = "q:3", .postgres = "SELECT 1 AS numbers", .columns = &int_columns},
         "q:3: planted: in PostgreSQL the result number has type 23, not 20\n"},
        {{.place = "q:4", .postgres = "SELECT 1 AS number, 2 AS two", .columns = &int_columns},
         "q:4: another number of results in PostgreSQL\n"},
        {{.place = "q:5",
          .postgres = "SELECT 1 AS number WHERE 'a' = lower($1)",
          .columns = &int_columns,
          .parameters = &int_parameter,
          .parameter_count = 1},
         "q:5: ERROR:  function lower(bigint) does not exist\n"},
        {{.place = "q:6",
          .postgres = "SELECT 1 AS number LIMIT $1",
          .columns = &int_columns,
          .parameters = &text_parameter,
          .parameter_count = 1},
         "q:6: ERROR:  argument of LIMIT must be type bigint, not type text\n"},
        {{.place = "q:7", .postgres = "SELECT 1 AS number", .columns = &int_columns}, ""},
    };
    need_server();
    for (size_t i = 0; i < COUNT_OF(planted); i++) {
        struct buf out = {0};
        struct store_statement statement = planted[i].statement;
        statement.name = "planted";
        postgres_check(&postgres, &statement, &out);
        struct str expected = str_from_c(planted[i].said);
        if (!str_starts_with(buf_str(&out), expected) || (expected.length == 0 && out.length > 0))
            fprintf(stderr, "said %.*s", (int)out.length, buf_str(&out).text);
        assert_true(str_starts_with(buf_str(&out), expected));
        assert_true(expected.length > 0 || out.length == 0);
        buf_clear(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(migrations_apply),
        cmocka_unit_test(statements_are_the_same_there),
        cmocka_unit_test(planted_mistakes_are_found),
    };
    return cmocka_run_group_tests_name("store/postgres", tests, start, stop);
}
