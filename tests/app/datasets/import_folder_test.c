/* What an import leaves behind: nothing of a person, and a whole folder or none. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/datasets/lock.h"
#include "core/arena.h"
#include "core/file.h"
#include "helper.h"

#define HEAD "order_id,ordered_at,sku,title,quantity,unit_price,currency\n"

/* ---- people ---- */

static bool contains(struct str text, const char *part)
{
    return memmem(text.text, text.length, part, strlen(part)) != NULL;
}

static void nothing_of_a_person_is_stored(void **state)
{
    (void)state;
    struct problem problem;
    struct arena arena;
    struct buf report;
    struct stat status;
    arena_init(&arena);
    buf_init(&report);
    const char *path = helper_write_c(
        "orders.csv",
        "Name,Email,Phone,Billing Name,Shipping Street,Financial Status,Currency,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku\n"
        "#1,ann@example.com,0301234567,Ann Example,High Road 7,paid,EUR,2026-03-02,1,Case,9.90,P\n"
        "#2,ann@example.com,0301234567,Ann Example,High Road 7,paid,EUR,someday,1,Case,9.90,P\n"
        "#3,ann@example.com,0301234567,Ann Example,High, Road 7,paid,EUR,2026-03-02,1,Case,9.90,P\n"
        "#4,,0301234567,Ann Example,High Road 7,paid,EUR,2026-03-02,1,Case,9.90,P\n"
        "#5,ben@example.com,,Ben,,paid,EUR,2026-03-02,1,Case,9.90,P\n");
    assert_int_equal(helper_import(path, &report, &problem), ERR_OK);
    static const char *const files[] = {"dataset.json", "rows.bin", "dictionaries.bin",
                                        "set-aside.csv", "customer.key"};
    static const char *const words[] = {"nn@exa", "0301234567", "Ann", "High", "Road", "Ben"};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        const char *file = path_join(&arena, helper_path("set"), files[i]);
        struct str bytes = helper_read(&arena, file);
        assert_int_equal(stat(file, &status), 0);
        assert_int_equal(status.st_mode & 0777, i == 4 ? 0600 : 0644 & status.st_mode);
        assert_true(i != 4 || bytes.length == 32);
        for (size_t k = 0; k < COUNT_OF(words); k++)
            assert_false(contains(bytes, words[k]));
    }
    for (size_t k = 0; k < COUNT_OF(words); k++)
        assert_false(contains(buf_str(&report), words[k]));
    buf_clear(&report);
    arena_clear(&arena);
}

/* Customers of rows, as read from the set. */
static size_t read_customers(uint64_t *customers, size_t count)
{
    struct arena arena;
    struct problem problem;
    struct dataset *dataset;
    struct dataset_cursor *cursor;
    struct dataset_row row;
    bool found = true;
    size_t at = 0;
    arena_init(&arena);
    assert_int_equal(dataset_open(&arena, helper_path("set"), &dataset, &problem), ERR_OK);
    assert_int_equal(dataset_rows_begin(&arena, dataset, &cursor, &problem), ERR_OK);
    while (found) {
        assert_int_equal(dataset_rows_next(cursor, &row, &found, &problem), ERR_OK);
        if (found && at < count)
            customers[at++] = row.customer;
    }
    dataset_close(dataset);
    arena_clear(&arena);
    return at;
}

static void read_digest(char digest_hex[65])
{
    struct arena arena;
    struct problem problem;
    struct dataset *dataset;
    arena_init(&arena);
    assert_int_equal(dataset_open(&arena, helper_path("set"), &dataset, &problem), ERR_OK);
    memcpy(digest_hex, dataset_summary(dataset).digest_hex, 65);
    dataset_close(dataset);
    arena_clear(&arena);
}

static void customers_are_keyed_hashes(void **state)
{
    (void)state;
    static const char text[] =
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"
        "1,S,t,1,12/1/2010 8:26,1.0,17850,France\n2,S,t,1,12/1/2010 8:26,1.0,17850.0,France\n"
        "3,S,t,1,12/1/2010 8:26,1.0,17851,France\n4,S,t,1,12/1/2010 8:26,1.0,,France\n";
    struct problem problem;
    uint64_t first[4];
    uint64_t second[4];
    char digests[2][65];
    assert_int_equal(helper_import_text(text, &problem), ERR_OK);
    assert_int_equal(read_customers(first, 4), 4);
    assert_true(first[0] == first[1]);
    assert_true(first[0] != first[2]);
    assert_true(first[0] != 0 && first[3] == 0);
    /* Another data set, another key: the same customer cannot be found again. The digest, which is
     * of everything but customers, is the same. */
    read_digest(digests[0]);
    assert_int_equal(helper_import_text(text, &problem), ERR_OK);
    read_digest(digests[1]);
    assert_string_equal(digests[0], digests[1]);
    assert_int_equal(read_customers(second, 4), 4);
    assert_true(first[0] != second[0]);
    assert_true(second[0] == second[1]);
}

/* ---- whole or not at all ---- */

static void an_existing_place_is_refused(void **state)
{
    (void)state;
    struct problem problem;
    assert_int_equal(helper_import_text(HEAD "1,2026-01-01,S,t,1,1.0,EUR\n", &problem), ERR_OK);
    const char *file = helper_path("orders.csv");
    struct dataset_import_options options = {.files = &file,
                                             .file_count = 1,
                                             .into = helper_path("set/"),
                                             .data_folder = SAMPAN_SOURCE_ROOT "/data"};
    assert_int_equal(helper_import_with(options, &problem), ERR_FILE_EXISTS);
    assert_int_equal(helper_json_number("rows_kept"), 1);
    assert_int_equal(helper_entries(), 2);
    options.into = helper_path("no/such/folder");
    assert_int_equal(helper_import_with(options, &problem), ERR_FILE_WRITE);
    options.into = helper_path("other");
    options.file_count = 0;
    assert_int_equal(helper_import_with(options, &problem), ERR_OPTION_MISSING);
    options.file_count = 1;
    file = helper_path("nowhere.csv");
    assert_int_equal(helper_import_with(options, &problem), ERR_FILE_OPEN);
    assert_string_equal(problem.place, helper_path("nowhere.csv"));
    assert_int_equal(mkfifo(helper_path("pipe"), 0600), 0);
    file = helper_path("pipe");
    assert_int_equal(helper_import_with(options, &problem), ERR_FILE_OPEN);
    assert_int_equal(unlink(file), 0);
    file = helper_path("set");
    assert_int_equal(helper_import_with(options, &problem), ERR_FILE_OPEN);
    assert_int_equal(helper_entries(), 2);
}

static void two_imports_at_one_place_are_kept_apart(void **state)
{
    (void)state;
    struct problem problem;
    struct lock lock;
    const char *path = helper_path(".set.lock");
    assert_int_equal(lock_take(&lock, path, &problem), ERR_OK);
    assert_int_equal(helper_import_text(HEAD "1,2026-01-01,S,t,1,1.0,EUR\n", &problem),
                     ERR_FILE_BUSY);
    assert_false(file_exists(helper_path("set")));
    lock_release(&lock);
    assert_int_equal(helper_import_text(HEAD "1,2026-01-01,S,t,1,1.0,EUR\n", &problem), ERR_OK);
    assert_false(file_exists(path));
}

/* A command that was killed leaves its folder and its lock file; the next one clears them. */
static void leftovers_do_not_disturb(void **state)
{
    (void)state;
    struct problem problem;
    helper_write_c(".set.lock", "");
    assert_int_equal(folder_make(helper_path(".set.importing"), &problem), ERR_OK);
    helper_write_c(".set.importing/rows.bin", "half");
    assert_int_equal(helper_import_text(HEAD "1,2026-01-01,S,t,1,1.0,EUR\n", &problem), ERR_OK);
    assert_int_equal(helper_json_number("rows_kept"), 1);
    assert_int_equal(helper_entries(), 2);
}

static void an_interrupt_leaves_nothing(void **state)
{
    (void)state;
    struct buf text;
    buf_init(&text);
    buf_append_c(&text, HEAD);
    for (int i = 0; i < 20000; i++)
        buf_format(&text, "%d,2026-01-01,S,t,1,1.0,EUR\n", i);
    buf_append_byte(&text, '\0');
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct problem problem;
        interrupt_watch();
        raise(SIGINT);
        _exit(helper_import_text(text.text, &problem) == ERR_INTERRUPTED ? 42 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 42);
    assert_int_equal(helper_entries(), 1);
    buf_clear(&text);
}

static void several_files_are_one_set(void **state)
{
    (void)state;
    struct problem problem;
    struct buf report;
    buf_init(&report);
    const char *files[] = {
        helper_write_c("a.csv", HEAD "1,2026-01-01,S,t,1,1.0,EUR\n2,2026-01-01,S,t,1,1.0,EUR\n"),
        helper_write_c("b.csv", HEAD),
        helper_write_c("c.txt", "order_id\tordered_at\tsku\tquantity\tunit_price\tcurrency\n"
                                "2\t2026-01-02\ts\t1\t1.0\tEUR\n"),
    };
    struct dataset_import_options options = {.files = files,
                                             .file_count = 3,
                                             .into = helper_path("set"),
                                             .data_folder = SAMPAN_SOURCE_ROOT "/data"};
    assert_int_equal(dataset_import(&options, &report, &problem), ERR_OK);
    assert_int_equal(helper_json_number("orders"), 3);
    assert_int_equal(helper_json_number("stock_codes"), 1);
    buf_append_byte(&report, '\0');
    assert_non_null(strstr(report.text, "c.txt:2"));
    buf_clear(&report);
}

static void the_report_is_shown_again(void **state)
{
    (void)state;
    struct problem problem;
    struct buf first;
    struct buf again;
    struct buf chinese;
    buf_init(&first);
    buf_init(&again);
    buf_init(&chinese);
    const char *path = helper_write_c("orders.csv", HEAD "1,2026-01-01,S,t,1,1.0,EUR\n,,,,,,\n");
    assert_int_equal(helper_import(path, &first, &problem), ERR_OK);
    assert_int_equal(dataset_show(helper_path("set"), LANG_EN, &again, &problem), ERR_OK);
    assert_int_equal(first.length, again.length);
    assert_memory_equal(first.text, again.text, first.length);
    assert_int_equal(dataset_show(helper_path("set"), LANG_ZH, &chinese, &problem), ERR_OK);
    assert_true(contains(buf_str(&chinese), "行"));
    assert_false(contains(buf_str(&chinese), "rows"));
    assert_int_equal(dataset_show(helper_path("none"), LANG_EN, &again, &problem), ERR_FILE_OPEN);
    assert_int_equal(dataset_show(helper_path(""), LANG_EN, &again, &problem), ERR_FILE_NOT_OURS);
    buf_clear(&first);
    buf_clear(&again);
    buf_clear(&chinese);
}

static void the_data_folder_is_found(void **state)
{
    (void)state;
    struct arena arena;
    struct problem problem;
    const char *folder;
    arena_init(&arena);
    assert_int_equal(unsetenv("SAMPAN_DATA"), 0);
    assert_int_equal(data_folder_find(&arena, &folder, &problem), ERR_OK);
    assert_true(file_exists(path_join(&arena, folder, "import/rules-generic.json")));
    assert_int_equal(setenv("SAMPAN_DATA", helper_path(""), 1), 0);
    assert_int_equal(data_folder_find(&arena, &folder, &problem), ERR_FILE_OPEN);
    assert_int_equal(setenv("SAMPAN_DATA", SAMPAN_SOURCE_ROOT "/data", 1), 0);
    assert_int_equal(data_folder_find(&arena, &folder, &problem), ERR_OK);
    assert_string_equal(folder, SAMPAN_SOURCE_ROOT "/data");
    assert_int_equal(unsetenv("SAMPAN_DATA"), 0);
    arena_clear(&arena);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, helper_begin, helper_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_of_a_person_is_stored), TEST(customers_are_keyed_hashes),
        TEST(an_existing_place_is_refused),  TEST(two_imports_at_one_place_are_kept_apart),
        TEST(leftovers_do_not_disturb),      TEST(an_interrupt_leaves_nothing),
        TEST(several_files_are_one_set),     TEST(the_report_is_shown_again),
        TEST(the_data_folder_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
