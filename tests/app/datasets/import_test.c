/* What the import makes of files, good and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/file.h"
#include "core/json.h"
#include "helper.h"

#define TIDY                                                                                       \
    "order_id,ordered_at,sku,title,quantity,unit_price,currency,customer_id,country,channel,"      \
    "status,shipped_at,delivered_at\n"

static void expect_rows(const char *text, const char *rows)
{
    struct problem problem = {0};
    struct buf buf;
    buf_init(&buf);
    if (helper_import_text(text, &problem) != ERR_OK)
        fail_msg("%s at %s", err_name(problem.code), problem.place);
    helper_rows(&buf);
    assert_string_equal(buf.text, rows);
    buf_clear(&buf);
}

/* The place ends with `place`; nothing is left beside the file. */
static void expect_refusal(const char *text, enum err code, const char *place)
{
    struct problem problem = {0};
    assert_int_equal(helper_import_text(text, &problem), code);
    assert_int_equal(problem.code, code);
    size_t length = strlen(problem.place);
    assert_true(length >= strlen(place));
    assert_string_equal(problem.place + length - strlen(place), place);
    assert_int_equal(helper_entries(), 1);
}

static void tidy_rows(void **state)
{
    (void)state;
    expect_rows(TIDY "A-1,2026-03-02 10:15:00,L1,Desk lamp,2,19.90,EUR,c7,DE,shop,paid,2026-03-03,"
                     "2026-03-09\n"
                     "A-1,2026-03-02 10:15:00,P2,Case,1,0.125,EUR,c7,DE,shop,paid,,\n"
                     "A-2,2026-03-03,L1,,3,18,EUR,,France,,cancelled,,\n"
                     "A-3,2026-03-04T00:00:00Z,l1,,-1,18,EUR,,,,,,\n"
                     "A-4,2026-03-05,SHIPPING,,1,4.90,JPY,,中国,web,,2026-03-01,soon\n",
                "0 L1 2 199000 398000 EUR DE shop sale 2026-03-02 615 1 7 0 customer\n"
                "0 P2 1 1250 1250 EUR DE shop sale 2026-03-02 615 -1 -1 0 customer\n"
                "1 L1 3 180000 540000 EUR FR - cancelled 2026-03-03 -1 -1 -1 0 -\n"
                "2 L1 -1 180000 -180000 EUR - - return 2026-03-04 0 -1 -1 0 -\n"
                "3 SHIPPING 1 49000 49000 JPY CN web nonproduct 2026-03-05 -1 -1 -1 0 -\n");
    assert_int_equal(helper_json_number("leads_unreadable"), 2);
    assert_int_equal(helper_json_number("without_customer"), 3);
    assert_int_equal(helper_json_number("without_title"), 3);
}

static void columns_stand_in_any_order_with_others_between(void **state)
{
    (void)state;
    expect_rows("note;x,CURRENCY,Unit_Price,note,sku , quantity,ordered_at,order_id,note\n"
                "hello,EUR,1.5,x,S,2,2026-01-01,1,y\n",
                "0 S 2 15000 30000 EUR - - sale 2026-01-01 -1 -1 -1 0 -\n");
    /* Tabs do as well. */
    expect_rows("order_id\tordered_at\tsku\tquantity\tunit_price\tcurrency\n"
                "1\t2026-01-01\t\"S\t1\"\t2\t1.5\tEUR\n",
                "0 S\t1 2 15000 30000 EUR - - sale 2026-01-01 -1 -1 -1 0 -\n");
}

static void headers_that_are_refused(void **state)
{
    (void)state;
    expect_refusal("", ERR_DATA_EMPTY, "orders.csv");
    expect_refusal("\n\n\r\n", ERR_DATA_EMPTY, "orders.csv");
    expect_refusal(TIDY, ERR_DATA_EMPTY, "orders.csv");
    expect_refusal("a,b,c\n1,2,3\n", ERR_FORMAT_UNKNOWN, "orders.csv:1");
    expect_refusal("order_id,ordered_at,sku,quantity,unit_price\n1,2,3,4,5\n",
                   ERR_CSV_COLUMN_MISSING, "orders.csv:1");
    expect_refusal("order_id,ordered_at,sku,quantity,unit_price,currency,SKU\n",
                   ERR_CSV_COLUMN_TWICE, "orders.csv:1");
    expect_refusal("PK\x03\x04 not a table", ERR_FORMAT_SPREADSHEET, "orders.csv:1");
}

static void the_missing_column_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        const char *column;
    } cases[] = {
        {"order_id,ordered_at,sku,quantity,unit_price", "currency"},
        {"InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,Country", "CustomerID"},
        {"Name,Email,Financial Status,Currency,Created at,Lineitem quantity,Lineitem name,"
         "Lineitem sku",
         "Lineitem price"},
        {"amazon-order-id\tpurchase-date\torder-status\tquantity\tcurrency\titem-price", "sku"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct problem problem;
        assert_int_equal(helper_import_text(cases[i].header, &problem), ERR_CSV_COLUMN_MISSING);
        assert_string_equal(problem.args[0].text, cases[i].column);
    }
}

/* Ten good rows around each bad one, so that the file is not refused for being mostly bad. */
static void bad_rows_are_set_aside(void **state)
{
    (void)state;
    static const struct {
        const char *row;
        const char *reason;
        const char *column;
    } cases[] = {
        {"1,2026-01-01,S,1,1.0", "columns", ""},
        {"1,2026-01-01,S,1,1.0,EUR,x,y", "columns", ""},
        {"\"1\"x,2026-01-01,S,1,1.0,EUR", "quote", ""},
        {",2026-01-01,S,1,1.0,EUR", "order_id", "order_id"},
        {"1,2026-02-30,S,1,1.0,EUR", "date", "ordered_at"},
        {"1,yesterday,S,1,1.0,EUR", "date", "ordered_at"},
        {"1,2026-01-01,,1,1.0,EUR", "sku", "sku"},
        {"1,2026-01-01,0123456789012345678901234567890123456789012345678901234567890123456789,"
         "1,1.0,EUR",
         "sku", "sku"},
        {"1,2026-01-01,S,one,1.0,EUR", "quantity", "quantity"},
        {"1,2026-01-01,S,1.5,1.0,EUR", "quantity", "quantity"},
        {"1,2026-01-01,S,0,1.0,EUR", "quantity", "quantity"},
        {"1,2026-01-01,S,99999999999999999999,1.0,EUR", "quantity", "quantity"},
        {"1,2026-01-01,S,1,,EUR", "price", "unit_price"},
        {"1,2026-01-01,S,1,1.00001,EUR", "price", "unit_price"},
        {"1,2026-01-01,S,1,9999999999999999999999,EUR", "price", "unit_price"},
        {"1,2026-01-01,S,100000000,100000000000,EUR", "value", "unit_price"},
        {"1,2026-01-01,S,1,1.0,", "currency", "currency"},
        {"1,2026-01-01,S,1,1.0,XQX", "currency", "currency"},
        {"1,2026-01-01,S,1,1.0,eur", "currency", "currency"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct problem problem = {0};
        struct arena arena;
        struct buf text;
        arena_init(&arena);
        buf_init(&text);
        buf_append_c(&text, "order_id,ordered_at,sku,quantity,unit_price,currency\n");
        for (int row = 0; row < 10; row++) {
            buf_format(&text, "g%d,2026-01-01,\"S\n\",1,1.0,EUR\n", row);
            if (row == 4)
                buf_format(&text, "%s\n", cases[i].row);
        }
        buf_append_byte(&text, '\0');
        assert_int_equal(helper_import_text(text.text, &problem), ERR_OK);
        assert_int_equal(helper_json_number("rows_read"), 11);
        assert_int_equal(helper_json_number("rows_kept"), 10);
        assert_int_equal(helper_json_number("rows_set_aside"), 1);
        /* Two lines a row: the bad one begins on line 12. */
        const char *expected = str_format(&arena, "file,line,reason,column\norders.csv,12,%s,%s\n",
                                          cases[i].reason, cases[i].column)
                                   .text;
        struct str aside =
            helper_read(&arena, path_join(&arena, helper_path("set"), "set-aside.csv"));
        assert_string_equal(aside.text, expected);
        buf_clear(&text);
        arena_clear(&arena);
    }
}

static void a_file_of_bad_rows_is_refused(void **state)
{
    (void)state;
    expect_refusal(TIDY "1,2,3\n", ERR_CSV_COLUMNS, "orders.csv:2");
    expect_refusal("order_id,ordered_at,sku,quantity,unit_price,currency\n"
                   "1,2026-01-01,S,1,1.0,EUR\n"
                   "2,2026-01-01,S,1,\"1,50\",EUR\n3,2026-01-01,S,1,\"1,50\",EUR\n",
                   ERR_NUMBER, "orders.csv:3");
    expect_refusal("order_id,ordered_at,sku,quantity,unit_price,currency\n"
                   "1,02.01.2026,S,1,1.0,EUR\n",
                   ERR_DATE_BAD, "orders.csv:2");
}

static void broken_files_are_refused(void **state)
{
    (void)state;
    expect_refusal("order_id,ordered_at,sku,quantity,unit_price,currency\n"
                   "1,2026-01-01,S,1,1.0,EUR\n2,2026-01-01,\"S,1,1.0,EUR\n",
                   ERR_CSV_QUOTE, "orders.csv:3");
    struct buf text;
    buf_init(&text);
    buf_append_c(&text, "order_id,ordered_at,sku,quantity,unit_price,currency\n"
                        "1,2026-01-01,S,1,1.0,EUR\n2,2026-01-01,");
    for (int i = 0; i < 3 << 20; i++)
        buf_append_byte(&text, 'x');
    buf_append_byte(&text, '\0');
    expect_refusal(text.text, ERR_CSV_LINE_TOO_LONG, "orders.csv:3");
    buf_clear(&text);
}

static void zero_bytes_set_a_row_aside(void **state)
{
    (void)state;
    static const char text[] = "order_id,ordered_at,sku,quantity,unit_price,currency\n"
                               "1,2026-01-01,S,1,1.0,EUR\n2,2026-01-01,S\0T,1,1.0,EUR\n"
                               "3,2026-01-01,S,1,1.0,EUR\n";
    struct problem problem;
    struct buf report;
    buf_init(&report);
    const char *path = helper_write("orders.csv", (struct str){text, sizeof(text) - 1});
    assert_int_equal(helper_import(path, &report, &problem), ERR_OK);
    assert_int_equal(helper_json_number("rows_kept"), 2);
    buf_append_byte(&report, '\0');
    assert_non_null(strstr(report.text, "a zero byte in the row: 1 (lines 3)"));
    buf_clear(&report);
}

/* ---- encodings through the whole import ---- */

static const char *encoding_in_report(struct arena *arena)
{
    struct problem problem;
    struct json_document *document;
    struct json root;
    struct str encoding = {"", 0};
    assert_int_equal(json_parse(helper_json(arena), "set", &document, &root, &problem), ERR_OK);
    struct json files = json_child(&root, "files");
    struct json file = json_item(&files, 0);
    assert_int_equal(json_get_text(&file, "encoding", 100, &encoding, &problem), ERR_OK);
    const char *copy = str_copy(arena, encoding).text;
    json_close(document);
    return copy;
}

static void expect_title(struct str bytes, const char *encoding, const char *title)
{
    struct arena arena;
    struct problem problem = {0};
    struct buf report;
    struct dataset *dataset;
    arena_init(&arena);
    buf_init(&report);
    assert_int_equal(helper_import(helper_write("orders.csv", bytes), &report, &problem), ERR_OK);
    assert_string_equal(encoding_in_report(&arena), encoding);
    assert_int_equal(dataset_open(&arena, helper_path("set"), &dataset, &problem), ERR_OK);
    struct str found = dataset_sku(dataset, dataset_summary(dataset).skus - 1).title;
    assert_true(str_equal_c(found, title));
    dataset_close(dataset);
    buf_clear(&report);
    arena_clear(&arena);
}

#define HEAD "order_id,ordered_at,sku,title,quantity,unit_price,currency\n"

static void encodings_are_told_apart(void **state)
{
    (void)state;
    expect_title(STR(HEAD "1,2026-01-01,S,台灯,1,1.0,EUR\n"), "UTF-8", "台灯");
    expect_title(STR("\xEF\xBB\xBF" HEAD "1,2026-01-01,S,台灯,1,1.0,EUR\n"), "UTF-8", "台灯");
    expect_title(STR(HEAD "1,2026-01-01,S,\xCC\xA8\xB5\xC6,1,1.0,EUR\n"), "GB18030", "台灯");
}

/* The first byte that is not UTF-8 comes late: all is read again, and nothing is left of before. */
static void a_late_byte_decides_for_the_whole_file(void **state)
{
    (void)state;
    struct arena arena;
    struct buf text;
    arena_init(&arena);
    buf_init(&text);
    buf_append_c(&text, HEAD);
    /* These two bytes are "é" in UTF-8 and another character in GB18030. */
    buf_append_c(&text, "0,2026-01-01,FIRST,\xC3\xA9,1,1.0,EUR\n");
    for (int i = 1; i < 30000; i++)
        buf_format(&text, "%d,2026-01-01,SKU%d,lamp,1,1.0,EUR\n", i, i % 50);
    buf_append_c(&text, "x,2026-01-01,LAST,\xCC\xA8\xB5\xC6,1,1.0,EUR\n");
    expect_title(buf_str(&text), "GB18030", "台灯");
    struct problem problem;
    struct dataset *dataset;
    assert_int_equal(dataset_open(&arena, helper_path("set"), &dataset, &problem), ERR_OK);
    assert_int_equal(dataset_summary(dataset).rows, 30001);
    assert_int_equal(dataset_summary(dataset).skus, 52);
    assert_true(str_equal(dataset_sku(dataset, 0).title, STR("茅")));
    dataset_close(dataset);
    buf_clear(&text);
    arena_clear(&arena);
}

static void undecidable_bytes_are_refused(void **state)
{
    (void)state;
    expect_refusal(HEAD "1,2026-01-01,S,caf\xE9 \xFF,1,1.0,EUR\n", ERR_ENCODING_UNDECIDED,
                   "orders.csv:2");
    expect_refusal("\xEF\xBB\xBF" HEAD "1,2026-01-01,S,caf\xE9 ,1,1.0,EUR\n", ERR_ENCODING_BROKEN,
                   "orders.csv:1");
    /* UTF-8 titles and one GB18030 title in one file. */
    expect_refusal(HEAD "1,2026-01-01,S,灯,1,1.0,EUR\n2,2026-01-01,T,\xCC\xA8\xB5\xC6,1,1.0,EUR\n",
                   ERR_ENCODING_UNDECIDED, "orders.csv:2");
    expect_refusal("\xFF\xFEo\x01", ERR_ENCODING_UTF16, "orders.csv:1");
}

static void a_named_encoding_overrides(void **state)
{
    (void)state;
    struct problem problem;
    struct arena arena;
    arena_init(&arena);
    const char *file = helper_write_c("orders.csv", HEAD "1,2026-01-01,S,caf\xE9,1,1.0,EUR\n");
    struct dataset_import_options options = {.files = &file,
                                             .file_count = 1,
                                             .into = helper_path("set"),
                                             .encoding = "latin1",
                                             .data_folder = SAMPAN_SOURCE_ROOT "/data"};
    assert_int_equal(helper_import_with(options, &problem), ERR_OK);
    assert_string_equal(encoding_in_report(&arena), "ISO-8859-1");
    options.into = helper_path("other");
    options.encoding = "utf-8";
    assert_int_equal(helper_import_with(options, &problem), ERR_ENCODING_BROKEN);
    options.encoding = "klingon";
    assert_int_equal(helper_import_with(options, &problem), ERR_OPTION_VALUE);
    assert_false(file_exists(helper_path("other")));
    arena_clear(&arena);
}

/* ---- twins, orders, prices ---- */

static void twins_are_sought_within_an_order(void **state)
{
    (void)state;
    expect_rows(HEAD "1,2026-01-01,S,t,1,1.0,EUR\n"
                     "1,2026-01-01,S,t,1,1.0,EUR\n" /* twin */
                     "1,2026-01-01,S,t,2,1.0,EUR\n"
                     "1,2026-01-01,S,t,1,1.00,EUR\n" /* other bytes: no exact twin */
                     "1,2026-01-01,S,t,1,1.0,EUR\n"  /* twin */
                     "2,2026-01-01,S,t,1,1.0,EUR\n", /* another order */
                "0 S 1 10000 10000 EUR - - sale 2026-01-01 -1 -1 -1 0 -\n"
                "0 S 2 10000 20000 EUR - - sale 2026-01-01 -1 -1 -1 0 -\n"
                "0 S 1 10000 10000 EUR - - sale 2026-01-01 -1 -1 -1 0 -\n"
                "1 S 1 10000 10000 EUR - - sale 2026-01-01 -1 -1 -1 0 -\n");
    struct arena arena;
    arena_init(&arena);
    struct str aside = helper_read(&arena, path_join(&arena, helper_path("set"), "set-aside.csv"));
    assert_string_equal(aside.text, "file,line,reason,column\norders.csv,3,twin,\n"
                                    "orders.csv,6,twin,\n");
    arena_clear(&arena);
}

static void rules_may_keep_twins(void **state)
{
    (void)state;
    struct problem problem;
    struct buf buf;
    buf_init(&buf);
    const char *file = helper_write_c("orders.csv", HEAD "1,2026-01-01,S,t,1,1.0,EUR\n"
                                                         "1,2026-01-01,S,t,1,1.0,EUR\n");
    const char *rules = helper_write_c(
        "rules.json", "{\"format\":\"sampan-import-rules\",\"version\":1,\"id\":\"own\","
                      "\"revision\":\"1\",\"twins\":\"keep\",\"kinds\":[],"
                      "\"channels\":[{\"channel\":\"all\",\"bundle\":true}]}");
    struct dataset_import_options options = {.files = &file,
                                             .file_count = 1,
                                             .into = helper_path("set"),
                                             .rules = rules,
                                             .data_folder = SAMPAN_SOURCE_ROOT "/data"};
    assert_int_equal(helper_import_with(options, &problem), ERR_OK);
    helper_rows(&buf);
    assert_string_equal(buf.text, "0 S 1 10000 10000 EUR - all sale 2026-01-01 -1 -1 -1 2 -\n"
                                  "0 S 1 10000 10000 EUR - all sale 2026-01-01 -1 -1 -1 6 -\n");
    buf_clear(&buf);
}

static void reopened_orders_are_reported(void **state)
{
    (void)state;
    struct problem problem;
    struct buf report;
    buf_init(&report);
    const char *path = helper_write_c("orders.csv", HEAD "1,2026-01-01,S,t,1,1.0,EUR\n"
                                                         "2,2026-01-01,S,t,1,1.0,EUR\n"
                                                         "1,2026-01-01,T,t,1,1.0,EUR\n"
                                                         "3,2026-01-01,S,t,1,1.0,EUR\n"
                                                         "1,2026-01-01,S,t,1,1.0,EUR\n");
    assert_int_equal(helper_import(path, &report, &problem), ERR_OK);
    assert_int_equal(helper_json_number("orders"), 5);
    buf_append_byte(&report, '\0');
    assert_non_null(strstr(report.text, "1 order numbers come back later (2 times), each time as "
                                        "another order; sort the rows by order to join them: "
                                        "orders.csv:4, orders.csv:6\n"));
    buf_clear(&report);
}

static void an_order_has_a_largest_size(void **state)
{
    (void)state;
    struct problem problem;
    struct buf text;
    buf_init(&text);
    buf_append_c(&text, HEAD);
    for (int i = 0; i < DATASET_ORDER_ROWS_MAX + 3; i++)
        buf_format(&text, "1,2026-01-01,S,t,%d,1.0,EUR\n", i + 1);
    buf_append_byte(&text, '\0');
    assert_int_equal(helper_import_text(text.text, &problem), ERR_OK);
    assert_int_equal(helper_json_number("rows_kept"), DATASET_ORDER_ROWS_MAX);
    assert_int_equal(helper_json_number("rows_set_aside"), 3);
    buf_clear(&text);
}

/* ---- the marketplaces ---- */

static void shopify_rows_take_from_their_first(void **state)
{
    (void)state;
    expect_rows(
        "Name,Email,Financial Status,Fulfilled at,Currency,Created at,Lineitem quantity,"
        "Lineitem name,Lineitem price,Lineitem sku,Shipping Country,Billing Country,Cancelled at,"
        "Source\n"
        "#1,Ann@Example.com,paid,2026-03-03 08:00:00 +0000,EUR,2026-03-02 10:14:40 +0000,1,Case,"
        "9.90,PC-1,DE,FR,,web\n"
        "#1,,,,,2026-03-02 10:14:40 +0000,2,Lamp,29.90,,,,,\n"
        "#2,ann@example.com ,refunded,,EUR,2026-03-04 10:14:40 +0200,1,Case,9.90,PC-1,,FR,,pos\n"
        "#3,,paid,,EUR,2026-03-05 00:00:01 +0200,1,Case,9.90,PC-1,,,2026-03-06 00:00:01 +0200,\n"
        "#3,,,,,,1,Lamp,0,L-2,,,,\n",
        "0 PC-1 1 99000 99000 EUR DE web sale 2026-03-02 614 1 -1 0 customer\n"
        "0 Lamp 2 299000 598000 EUR DE web sale 2026-03-02 614 1 -1 0 customer\n"
        "1 PC-1 1 99000 99000 EUR FR pos return 2026-03-04 614 -1 -1 0 customer\n"
        "2 PC-1 1 99000 99000 EUR - - cancelled 2026-03-05 0 -1 -1 0 -\n"
        "2 L-2 1 0 0 EUR - - cancelled 2026-03-05 0 -1 -1 0 -\n");
}

static void amazon_lines_give_the_value_of_the_line(void **state)
{
    (void)state;
    expect_rows(
        "amazon-order-id\tpurchase-date\torder-status\tsales-channel\tproduct-name\tsku\t"
        "item-status\tquantity\tcurrency\titem-price\tship-country\textra\n"
        "302-1\t2026-03-02T09:15:00+00:00\tShipped\tAmazon.de\t27\" \"best\" monitor\t\"Q\"\t"
        "Shipped\t3\tEUR\t10.00\tDE\t\n"
        "302-2\t2026-03-02T09:16:00+00:00\tCancelled\tAmazon.de\tLamp\tL\tCancelled\t0\t\t\tDE\t\n"
        "302-3\t2026-03-02T09:17:00+00:00\tPending\tAmazon.fr\tLamp\tL\tUnshipped\t1\t\t\tFR\t\n"
        "302-4\t2026-03-02T09:18:00+00:00\tShipped\tAmazon.fr\tLamp\tL\tShipped\t2\tEUR\t5.00\tFR\t"
        "\n",
        "0 \"Q\" 3 33333 100000 EUR DE Amazon.de sale 2026-03-02 555 -1 -1 1 -\n"
        "1 L 0 0 0 EUR DE Amazon.de cancelled 2026-03-02 556 -1 -1 1 -\n"
        "2 L 1 0 0 EUR FR Amazon.fr pending 2026-03-02 557 -1 -1 1 -\n"
        "3 L 2 25000 50000 EUR FR Amazon.fr sale 2026-03-02 558 -1 -1 1 -\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, helper_begin, helper_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tidy_rows),
        TEST(columns_stand_in_any_order_with_others_between),
        TEST(headers_that_are_refused),
        TEST(the_missing_column_is_named),
        TEST(bad_rows_are_set_aside),
        TEST(a_file_of_bad_rows_is_refused),
        TEST(broken_files_are_refused),
        TEST(zero_bytes_set_a_row_aside),
        TEST(encodings_are_told_apart),
        TEST(a_late_byte_decides_for_the_whole_file),
        TEST(undecidable_bytes_are_refused),
        TEST(a_named_encoding_overrides),
        TEST(twins_are_sought_within_an_order),
        TEST(rules_may_keep_twins),
        TEST(reopened_orders_are_reported),
        TEST(an_order_has_a_largest_size),
        TEST(shopify_rows_take_from_their_first),
        TEST(amazon_lines_give_the_value_of_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
