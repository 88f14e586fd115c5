/* Migrations: forward only, compared, a backup before each, whole or not at all; one process. */
#include <setjmp.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/file.h"
#include "fixture.h"
#include "sample/sample_schema.h"

/* The first column of the first row of a statement on a database file; -1 when it fails. */
static int64_t ask(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *prepared = NULL;
    int64_t value = -1;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(db, sql, -1, &prepared, NULL) == SQLITE_OK &&
        sqlite3_step(prepared) == SQLITE_ROW)
        value = sqlite3_column_int64(prepared, 0);
    sqlite3_finalize(prepared);
    sqlite3_close(db);
    return value;
}

static enum err open_now(struct fixture *fixture)
{
    return store_open(&fixture->options, &fixture->store, &fixture->problem);
}

static void a_new_folder_gets_all(void **state)
{
    struct fixture *fixture = *state;
    fixture_open(fixture);
    fixture_close(fixture);
    const char *path = fixture_path(fixture, "sampan.db");
    assert_int_equal(ask(path, "SELECT count(*) FROM store_migration"), 2);
    assert_int_equal(ask(path, "SELECT count(*) FROM loan"), 0);
    assert_false(file_exists(fixture_path(fixture, "backups/before-9001_sample.db")));
    assert_false(file_exists(fixture_path(fixture, "sampan.db-wal"))); /* closed in good order */
}

static void a_due_one_is_applied_after_a_backup(void **state)
{
    struct fixture *fixture = *state;
    fixture->options.migration_count = 1;
    fixture_open(fixture);
    fixture_close(fixture);
    fixture->options.migration_count = 2;
    fixture_open(fixture);
    fixture_close(fixture);
    const char *backup = fixture_path(fixture, "backups/before-9002_sample_loan.db");
    assert_int_equal(ask(fixture_path(fixture, "sampan.db"), "SELECT count(*) FROM loan"), 0);
    assert_int_equal(ask(backup, "SELECT count(*) FROM store_migration"), 1);
    assert_int_equal(ask(backup, "SELECT count(*) FROM thing"), 0);
    assert_int_equal(ask(backup, "SELECT count(*) FROM loan"), -1); /* no such table yet */
}

static void a_newer_database_is_refused(void **state)
{
    struct fixture *fixture = *state;
    fixture_open(fixture);
    fixture_close(fixture);
    fixture->options.migration_count = 1;
    assert_int_equal(open_now(fixture), ERR_STORE_NEWER);
    assert_string_equal(fixture->problem.args[0].text, "9002_sample_loan");
    assert_string_equal(fixture->problem.place, fixture_path(fixture, "sampan.db"));
    assert_null(fixture->store);
    fixture->options.migration_count = 2; /* and nothing was harmed */
    fixture_open(fixture);
}

static void a_changed_migration_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct store_migration changed[2] = {sample_migrations[0], sample_migrations[1]};
    fixture_open(fixture);
    fixture_close(fixture);
    changed[0].digest[31] ^= 1;
    fixture->options.migrations = changed;
    assert_int_equal(open_now(fixture), ERR_STORE_MIGRATION);
    assert_string_equal(fixture->problem.args[0].text, "9001_sample");
}

static void a_foreign_database_is_left_alone(void **state)
{
    struct fixture *fixture = *state;
    sqlite3 *db;
    assert_int_equal(sqlite3_open(fixture_path(fixture, "sampan.db"), &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "CREATE TABLE other (a)", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(open_now(fixture), ERR_FILE_NOT_OURS);
}

static void a_failing_one_leaves_the_old_schema(void **state)
{
    struct fixture *fixture = *state;
    struct store_migration broken[2] = {sample_migrations[0], sample_migrations[1]};
    fixture->options.migration_count = 1;
    fixture_open(fixture);
    fixture_close(fixture);
    broken[1].sqlite = "CREATE TABLE loan (a); INSERT INTO club (id, name) VALUES (1, 'x');"
                       "INSERT INTO nowhere VALUES (1);";
    fixture->options.migrations = broken;
    fixture->options.migration_count = 2;
    assert_int_equal(open_now(fixture), ERR_STORE);
    assert_string_equal(fixture->problem.place, "9002_sample_loan");
    const char *path = fixture_path(fixture, "sampan.db");
    assert_int_equal(ask(path, "SELECT count(*) FROM loan"), -1);
    assert_int_equal(ask(path, "SELECT count(*) FROM club"), 0);
    assert_int_equal(ask(path, "SELECT count(*) FROM store_migration"), 1);
    fixture->options.migrations = sample_migrations;
    fixture_open(fixture);
}

/* A migration that would run for hours is killed on its way. */
static void a_killed_one_leaves_the_old_schema(void **state)
{
    struct fixture *fixture = *state;
    struct store_migration endless[2] = {sample_migrations[0], sample_migrations[1]};
    fixture->options.migration_count = 1;
    fixture_open(fixture);
    fixture_close(fixture);
    endless[1].sqlite =
        "CREATE TABLE loan (a); INSERT INTO loan WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL "
        "SELECT i + 1 FROM n WHERE i < 100000000000) SELECT i FROM n;";
    fixture->options.migrations = endless;
    fixture->options.migration_count = 2;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        enum err code = open_now(fixture);
        _exit(code == ERR_OK ? 1 : 2);
    }
    const char *backup = fixture_path(fixture, "backups/before-9002_sample_loan.db");
    while (!file_exists(backup) && waitpid(child, NULL, WNOHANG) == 0)
        usleep(1000);
    usleep(100000);
    int status;
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    fixture->options.migrations = sample_migrations;
    fixture_open(fixture);
    fixture_close(fixture);
    assert_int_equal(ask(fixture_path(fixture, "sampan.db"), "SELECT count(*) FROM loan"), 0);
}

static void one_process_holds_a_folder(void **state)
{
    struct fixture *fixture = *state;
    struct store *second;
    struct problem problem;
    fixture_open(fixture);
    assert_int_equal(store_open(&fixture->options, &second, &problem), ERR_FILE_BUSY);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(store_open(&fixture->options, &second, &problem) == ERR_FILE_BUSY ? 0 : 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    fixture_reopen(fixture); /* let go of by closing */
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_make_closed, fixture_remove)
    const struct CMUnitTest tests[] = {
        CASE(a_new_folder_gets_all),
        CASE(a_due_one_is_applied_after_a_backup),
        CASE(a_newer_database_is_refused),
        CASE(a_changed_migration_is_refused),
        CASE(a_foreign_database_is_left_alone),
        CASE(a_failing_one_leaves_the_old_schema),
        CASE(a_killed_one_leaves_the_old_schema),
        CASE(one_process_holds_a_folder),
    };
    return cmocka_run_group_tests_name("store/migration", tests, NULL, NULL);
}
