/* The shared Online Retail file, against the numbers that the README of the data states. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/datasets/fields.h"
#include "app/datasets/input.h"
#include "core/arena.h"
#include "core/csv.h"
#include "core/date.h"
#include "core/file.h"
#include "core/json.h"
#include "helper.h"

static const char *shared_file(const char *name)
{
    const char *shared = helper_shared();
    if (!shared)
        return NULL;
    static char path[HELPER_PATH_MAX];
    snprintf(path, sizeof(path), "%s/data/%s", shared, name);
    return path;
}

#define RETAIL "online-retail/online-retail-2010-12_2011-07.csv.gz"

struct facts {
    struct arena arena;
    struct json_document *document;
    struct json root;
};

static void facts_open(struct facts *facts)
{
    struct problem problem;
    arena_init(&facts->arena);
    assert_int_equal(
        json_parse(helper_json(&facts->arena), "set", &facts->document, &facts->root, &problem),
        ERR_OK);
}

static void facts_close(struct facts *facts)
{
    json_close(facts->document);
    arena_clear(&facts->arena);
}

static int64_t number(const struct json *object, const char *key)
{
    int64_t value;
    struct problem problem;
    assert_int_equal(json_get_int(object, key, 0, INT64_MAX, &value, &problem), ERR_OK);
    return value;
}

static struct str text(const struct json *object, const char *key)
{
    struct str value;
    struct problem problem;
    assert_int_equal(json_get_text(object, key, 200, &value, &problem), ERR_OK);
    return value;
}

/* The entry of a list whose `key` is `value`; fails when there is none. */
static struct json entry(const struct json *root, const char *list, const char *key,
                         const char *value)
{
    static struct json items;
    items = json_child(root, list);
    for (size_t i = 0; i < json_count(&items); i++) {
        struct json item = json_item(&items, i);
        if (str_equal_c(text(&item, key), value))
            return item;
    }
    fail_msg("no %s %s", list, value);
    return (struct json){0};
}

/* Numbers of ../shared/data/README.md, section online-retail, and of its monthly.csv. */
static void expect_readme_counts(void)
{
    struct facts facts;
    facts_open(&facts);
    const struct json *root = &facts.root;
    assert_int_equal(number(root, "rows_read"), 285421);
    assert_int_equal(number(root, "rows_set_aside"), 2263);
    assert_int_equal(number(root, "rows_kept"), 285421 - 2263);
    assert_int_equal(number(root, "without_customer"), 81030);
    assert_int_equal(number(root, "without_title"), 1079);
    assert_int_equal(number(root, "countries_unknown"), 0);
    struct json clean = json_child(root, "clean_sales");
    assert_int_equal(number(&clean, "rows"), 274949);
    assert_int_equal(number(&clean, "stock_codes"), 3473);
    assert_int_equal(number(&clean, "trading_days"), 193);
    struct json value = entry(&clean, "values", "currency", "GBP");
    assert_true(str_equal(text(&value, "value"), STR("5324761.29")));
    struct json other = entry(root, "channels", "channel", "other");
    assert_int_equal(number(&other, "rows"), 9425);
    struct json dotcom = entry(root, "channels", "channel", "dotcom");
    bool bundle = false;
    struct problem problem;
    assert_int_equal(json_get_bool(&dotcom, "bundle", &bundle, &problem), ERR_OK);
    assert_true(bundle);
    struct json file = entry(root, "files", "encoding", "UTF-8");
    struct json twins = entry(&file, "set_aside_by_reason", "reason", "twin");
    assert_int_equal(number(&twins, "rows"), 2263);
    struct json reopened = json_child(root, "reopened");
    assert_int_equal(number(&reopened, "orders"), 0);
    facts_close(&facts);
}

/* All pairs of the answer key agree. */
static void expect_full_agreement(void)
{
    static const char *const columns[] = {"row_type", "is_exact_duplicate", "channel"};
    struct facts facts;
    facts_open(&facts);
    struct json agreement = json_child(&facts.root, "agreement");
    assert_int_equal(number(&agreement, "rows"), 285421);
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        struct json cells = json_child(&agreement, columns[i]);
        int64_t rows = 0;
        for (size_t k = 0; k < json_count(&cells); k++) {
            struct json cell = json_item(&cells, k);
            bool agree = false;
            struct problem problem;
            assert_int_equal(json_get_bool(&cell, "agree", &agree, &problem), ERR_OK);
            assert_true(agree);
            rows += number(&cell, "rows");
        }
        assert_int_equal(rows, 285421);
    }
    facts_close(&facts);
}

static void counts_equal_the_readme(void **state)
{
    (void)state;
    const char *path = shared_file(RETAIL);
    if (!path)
        skip();
    struct problem problem = {0};
    struct buf report;
    buf_init(&report);
    assert_int_equal(helper_import(path, &report, &problem), ERR_OK);
    expect_readme_counts();
    expect_full_agreement();
    buf_append_byte(&report, '\0');
    assert_non_null(strstr(report.text, "channel: 285421 of 285421 rows agree (100.00 %)"));
    buf_clear(&report);
}

/* The labelled file in the donor's columns and dates, as the raw export has them. */
static void write_raw(const char *from, struct buf *raw)
{
    struct arena arena;
    struct problem problem;
    struct input *input;
    arena_init(&arena);
    assert_int_equal(input_open_file(&arena, from, INPUT_UTF8_GUESSED, &input, &problem), ERR_OK);
    struct csv_options options = {.delimiter = ',', .quotes = true};
    struct csv *csv = csv_open(&arena, (struct csv_source){input, input_read}, options);
    struct csv_row row;
    bool found;
    assert_int_equal(csv_next(csv, &row, &found, &problem), ERR_OK);
    buf_append_c(raw, "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,"
                      "Country\r\n");
    for (;;) {
        assert_int_equal(csv_next(csv, &row, &found, &problem), ERR_OK);
        if (!found)
            break;
        int32_t day;
        int16_t minute;
        assert_true(field_stamp(row.fields[4], FIELD_DATES_ISO, &day, &minute));
        struct civil civil = date_to_civil(day);
        for (int i = 0; i < 4; i++) {
            csv_append_field(raw, row.fields[i], ',');
            buf_append_byte(raw, ',');
        }
        buf_format(raw, "%d/%d/%d %d:%02d,", civil.month, civil.day, civil.year, minute / 60,
                   minute % 60);
        buf_append(raw, row.fields[5]);
        buf_append_byte(raw, ',');
        buf_append(raw, row.fields[6]);
        buf_append_c(raw, row.fields[6].length > 0 ? ".0," : ",");
        csv_append_field(raw, row.fields[8], ',');
        buf_append_c(raw, "\r\n");
    }
    input_close(input);
    arena_clear(&arena);
}

static void the_raw_export_gives_the_same(void **state)
{
    (void)state;
    const char *path = shared_file(RETAIL);
    if (!path)
        skip();
    struct problem problem = {0};
    struct buf raw;
    struct buf labelled_rows;
    struct buf raw_rows;
    struct buf report;
    buf_init(&raw);
    buf_init(&labelled_rows);
    buf_init(&raw_rows);
    buf_init(&report);
    write_raw(path, &raw);
    assert_int_equal(helper_import(path, &report, &problem), ERR_OK);
    helper_rows(&labelled_rows);
    const char *file = helper_write("raw.csv", buf_str(&raw));
    assert_int_equal(helper_import(file, &report, &problem), ERR_OK);
    helper_rows(&raw_rows);
    expect_readme_counts();
    assert_int_equal(raw_rows.length, labelled_rows.length);
    assert_memory_equal(raw_rows.text, labelled_rows.text, raw_rows.length);
    buf_clear(&raw);
    buf_clear(&labelled_rows);
    buf_clear(&raw_rows);
    buf_clear(&report);
}

/* The table of months that lies beside the data, from the rows of the set. */
static void months_equal_the_shared_table(void **state)
{
    (void)state;
    static const struct {
        int64_t lines;
        int64_t units;
        int64_t revenue_major;
    } months[] = {/* 2010-12 to 2011-03, monthly.csv */
                  {40826, 357529, 775638},
                  {33902, 386738, 670380},
                  {26741, 282627, 507800},
                  {35301, 376182, 689834}};
    const char *path = shared_file(RETAIL);
    if (!path)
        skip();
    struct problem problem = {0};
    struct arena arena;
    struct buf report;
    struct dataset *dataset;
    struct dataset_cursor *cursor;
    struct dataset_row row;
    int64_t lines[COUNT_OF(months)] = {0};
    int64_t units[COUNT_OF(months)] = {0};
    int64_t values_e4[COUNT_OF(months)] = {0};
    bool found = true;
    arena_init(&arena);
    buf_init(&report);
    assert_int_equal(helper_import(path, &report, &problem), ERR_OK);
    assert_int_equal(dataset_open(&arena, helper_path("set"), &dataset, &problem), ERR_OK);
    assert_int_equal(dataset_rows_begin(&arena, dataset, &cursor, &problem), ERR_OK);
    while (found) {
        assert_int_equal(dataset_rows_next(cursor, &row, &found, &problem), ERR_OK);
        struct civil civil = date_to_civil(found ? row.day : 0);
        int month = (civil.year - 2010) * 12 + civil.month - 12;
        if (!found || row.kind != DATASET_SALE || month >= (int)COUNT_OF(months))
            continue;
        lines[month]++;
        units[month] += row.quantity;
        values_e4[month] += row.value_e4;
    }
    for (size_t i = 0; i < COUNT_OF(months); i++) {
        assert_int_equal(lines[i], months[i].lines);
        assert_int_equal(units[i], months[i].units);
        assert_int_equal((values_e4[i] + 5000) / 10000, months[i].revenue_major);
    }
    dataset_close(dataset);
    buf_clear(&report);
    arena_clear(&arena);
}

static void sample_exports_are_read(void **state)
{
    (void)state;
    const char *path = shared_file("marketplace-formats/shopify-orders.csv");
    if (!path)
        skip();
    struct problem problem = {0};
    struct buf buf;
    buf_init(&buf);
    assert_int_equal(helper_import(path, &buf, &problem), ERR_OK);
    buf_reset(&buf);
    helper_rows(&buf);
    assert_string_equal(
        buf.text, "0 PC-BLK-01 1 99000 99000 EUR DE web sale 2026-03-02 614 1 -1 0 customer\n"
                  "0 LL-LED-02 1 299000 299000 EUR DE web sale 2026-03-02 614 1 -1 0 customer\n");
    path = shared_file("marketplace-formats/amazon-all-orders.txt");
    assert_int_equal(helper_import(path, &buf, &problem), ERR_OK);
    buf_reset(&buf);
    helper_rows(&buf);
    assert_string_equal(
        buf.text, "0 LL-LED-02 1 299000 299000 EUR DE Amazon.de sale 2026-03-02 555 -1 -1 1 -\n");
    path = shared_file("marketplace-formats/ebay-orders.csv");
    assert_int_equal(helper_import(path, &buf, &problem), ERR_FORMAT_UNKNOWN);
    buf_clear(&buf);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, helper_begin, helper_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(counts_equal_the_readme),
        TEST(the_raw_export_gives_the_same),
        TEST(months_equal_the_shared_table),
        TEST(sample_exports_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
