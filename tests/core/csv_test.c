#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/csv.h"
#include "core/csv_scan.h"
#include "core/rng.h"
#include "core/str.h"

/* Text handed out in pieces of at most `piece` bytes. */
struct pieces {
    struct str text;
    size_t at;
    size_t piece;
};

static enum err read_piece(void *context, char *into, size_t capacity, size_t *got,
                           struct problem *problem)
{
    (void)problem;
    struct pieces *pieces = context;
    size_t left = pieces->text.length - pieces->at;
    *got = left < pieces->piece ? left : pieces->piece;
    *got = *got < capacity ? *got : capacity;
    if (*got > 0)
        memcpy(into, pieces->text.text + pieces->at, *got);
    pieces->at += *got;
    return ERR_OK;
}

/* The whole table as one text: fields in brackets, rows as "line:[a][b]!flaw;", then the error. */
static void read_all(struct str text, struct csv_options options, size_t piece, struct buf *buf)
{
    struct arena arena;
    arena_init(&arena);
    struct pieces pieces = {text, 0, piece};
    struct csv *csv = csv_open(&arena, (struct csv_source){&pieces, read_piece}, options);
    buf_reset(buf);
    for (;;) {
        struct csv_row row;
        struct problem problem = {0};
        bool found;
        enum err code = csv_next(csv, &row, &found, &problem);
        if (code != ERR_OK)
            buf_format(buf, "%s@%lld", err_name(code), (long long)csv_line(csv));
        if (code != ERR_OK || !found)
            break;
        buf_format(buf, "%lld:", (long long)row.line);
        for (uint32_t i = 0; i < row.count; i++) {
            buf_append_byte(buf, '[');
            buf_append(buf, row.fields[i]);
            buf_append_byte(buf, ']');
        }
        if (row.flaw != CSV_FLAW_NONE)
            buf_format(buf, "!%d", (int)row.flaw);
        buf_append_byte(buf, ';');
    }
    arena_clear(&arena);
}

static struct csv_options commas(void)
{
    return (struct csv_options){.delimiter = ',', .quotes = true};
}

static void known_tables(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        const char *rows;
    } cases[] = {
        {"", ""},
        {"a,b\n1,2\n", "1:[a][b];2:[1][2];"},
        {"a,b\r\n1,2\r\n", "1:[a][b];2:[1][2];"},
        {"a,b\r1,2\r", "1:[a][b];2:[1][2];"},
        {"a,b\n1,2", "1:[a][b];2:[1][2];"},
        {"a,b\n1,2\r", "1:[a][b];2:[1][2];"},
        {",\n,,", "1:[][];2:[][][];"},
        {"\n\na\n\r\n\nb\n", "3:[a];6:[b];"},
        {"\"a\",\"b\"\n", "1:[a][b];"},
        {"\"a,b\",c\n", "1:[a,b][c];"},
        {"\"say \"\"hi\"\"\",c\nd,e\n", "1:[say \"hi\"][c];2:[d][e];"},
        {"\"\"\"\"\n", "1:[\"];"},
        {"\"\"\n", "1:[];"},
        {"\"two\nlines\",x\nnext,y\n", "1:[two\nlines][x];3:[next][y];"},
        {"\"two\r\nlines\",x\nnext,y\n", "1:[two\r\nlines][x];3:[next][y];"},
        {"\"a\rb\rc\",x\nnext,y\n", "1:[a\rb\rc][x];4:[next][y];"},
        {"27\" monitor,b\n", "1:[27\" monitor][b];"},
        {" \"a\",b\n", "1:[ \"a\"][b];"},
        {"\"a\"b,c\nd,e\n", "1:[\"a\"b][c]!1;2:[d][e];"},
        {"\"a\" ,c\n", "1:[\"a\" ][c]!1;"},
        {"\"cut,off\nx,y\n", "ERR_CSV_QUOTE@1"},
        {"a,b\n1,\"cut", "1:[a][b];ERR_CSV_QUOTE@2"},
        {"a,\"b\"", "1:[a][b];"},
        {"\"a\"\"", "ERR_CSV_QUOTE@1"},
        {"a\tb,c\n", "1:[a\tb][c];"},
    };
    struct buf buf;
    buf_init(&buf);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct str text = str_from_c(cases[i].text);
        for (size_t piece = 1; piece < 9; piece++) {
            for (int scan = CSV_SCAN_BEST; scan <= CSV_SCAN_BYTE; scan++) {
                struct csv_options options = commas();
                options.scan = (enum csv_scan)scan;
                options.block_bytes = piece;
                read_all(text, options, piece, &buf);
                buf_append_byte(&buf, '\0');
                assert_string_equal(buf.text, cases[i].rows);
            }
        }
    }
    buf_clear(&buf);
}

static void quotes_mean_nothing_when_off(void **state)
{
    (void)state;
    struct csv_options options = {.delimiter = '\t', .quotes = false};
    struct buf buf;
    buf_init(&buf);
    read_all(STR("\"Best\" lamp\t27\"\n\"open\tx\n"), options, 100, &buf);
    buf_append_byte(&buf, '\0');
    assert_string_equal(buf.text, "1:[\"Best\" lamp][27\"];2:[\"open][x];");
    buf_clear(&buf);
}

static char sniffed(const char *text, size_t piece)
{
    struct arena arena;
    arena_init(&arena);
    struct pieces pieces = {str_from_c(text), 0, piece};
    struct csv_options options = {.quotes = true, .block_bytes = 64};
    struct csv *csv = csv_open(&arena, (struct csv_source){&pieces, read_piece}, options);
    struct csv_row row;
    struct problem problem = {0};
    bool found;
    assert_int_equal(csv_delimiter(csv), 0);
    assert_int_equal(csv_next(csv, &row, &found, &problem), ERR_OK);
    char delimiter = csv_delimiter(csv);
    arena_clear(&arena);
    return delimiter;
}

static void the_first_line_tells_the_delimiter(void **state)
{
    (void)state;
    for (size_t piece = 1; piece < 40; piece += 7) {
        assert_int_equal(sniffed("a,b,c\n1\t2\t3\t4\n", piece), ',');
        assert_int_equal(sniffed("a\tb, c\td\n1,2,3,4,5\n", piece), '\t');
        assert_int_equal(sniffed("\r\n\na\tb\n", piece), '\t');
        assert_int_equal(sniffed("one\n", piece), ',');
        assert_int_equal(sniffed("one", piece), ',');
        assert_int_equal(sniffed("", piece), ',');
    }
}

static void zero_bytes_are_marked(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf);
    read_all((struct str){"a,b\n1,\0\n3,4\n", 12}, commas(), 5, &buf);
    static const char expected[] = "1:[a][b];2:[1][\0]!2;3:[3][4];";
    assert_int_equal(buf.length, sizeof(expected) - 1);
    assert_memory_equal(buf.text, expected, buf.length);
    buf_clear(&buf);
}

static void too_many_columns_are_marked(void **state)
{
    (void)state;
    struct buf text;
    struct buf buf;
    buf_init(&text);
    buf_init(&buf);
    for (int extra = 0; extra < 2; extra++) {
        buf_reset(&text);
        for (int i = 1; i < CSV_COLUMNS_MAX + extra; i++)
            buf_append_byte(&text, ',');
        buf_append_c(&text, "\nx\n");
        read_all(buf_str(&text), commas(), 100, &buf);
        assert_int_equal(buf.length, 2 * CSV_COLUMNS_MAX + 3 + 6 + 2 * extra);
        buf_append_byte(&buf, '\0');
        assert_string_equal(strchr(buf.text, ';') - (extra ? 2 : 0),
                            extra ? "!3;2:[x];" : ";2:[x];");
    }
    buf_clear(&text);
    buf_clear(&buf);
}

/* A row of `length` bytes and its line end, between two ordinary rows. */
static void row_of_length(size_t length, bool quoted, struct buf *buf)
{
    struct buf text;
    buf_init(&text);
    buf_append_c(&text, "a\n");
    for (size_t i = 0; i < length; i++)
        buf_append_byte(&text, quoted && i % 7 == 3 ? '\n' : 'x');
    if (quoted)
        text.text[2] = text.text[text.length - 1] = '"';
    buf_append_c(&text, "\nb\n");
    read_all(buf_str(&text), commas(), SIZE_MAX, buf);
    buf_append_byte(buf, '\0');
    buf_clear(&text);
}

static void long_rows_are_read_to_the_limit(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf);
    row_of_length(CSV_ROW_BYTES_MAX - 1, false, &buf);
    assert_int_equal(buf.length, 6 + 3 + (CSV_ROW_BYTES_MAX - 1) + 2 + 6 + 1);
    assert_memory_equal(buf.text, "1:[a];2:[x", 10);
    row_of_length(CSV_ROW_BYTES_MAX - 1, true, &buf);
    assert_memory_equal(buf.text, "1:[a];2:[x", 10);
    row_of_length((size_t)2 * CSV_ROW_BYTES_MAX, false, &buf);
    assert_string_equal(buf.text, "1:[a];ERR_CSV_LINE_TOO_LONG@2");
    row_of_length((size_t)2 * CSV_ROW_BYTES_MAX, true, &buf);
    assert_string_equal(buf.text, "1:[a];ERR_CSV_LINE_TOO_LONG@2");
    buf_clear(&buf);
}

static enum err read_failing(void *context, char *into, size_t capacity, size_t *got,
                             struct problem *problem)
{
    int *calls = context;
    (void)capacity;
    if (++*calls > 1)
        return problem_set(problem, ERR_FILE_READ, ERR_CTEXT("planted"));
    memcpy(into, "a,b\n1,2", 7);
    *got = 7;
    return ERR_OK;
}

static void errors_of_the_source_come_through(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    int calls = 0;
    struct csv *csv = csv_open(&arena, (struct csv_source){&calls, read_failing}, commas());
    struct csv_row row;
    struct problem problem = {0};
    bool found;
    assert_int_equal(csv_next(csv, &row, &found, &problem), ERR_OK);
    assert_true(found);
    assert_int_equal(csv_next(csv, &row, &found, &problem), ERR_FILE_READ);
    assert_false(found);
    /* The reader is done and does not ask again. */
    assert_int_equal(csv_next(csv, &row, &found, &problem), ERR_OK);
    assert_false(found);
    assert_int_equal(calls, 2);
    arena_clear(&arena);
}

/* Bytes that matter to the reader, more often than chance has it. */
static void random_text(struct rng_key key, uint32_t number, struct buf *buf)
{
    static const char bytes[] = ",\t\n\r\"\"\",ab\xE4\xBD\xA0 0";
    buf_reset(buf);
    size_t length = (size_t)rng_below(rng_at(key, 1, 0, 0, number, 0, 0).word[0], 300);
    for (size_t i = 0; i < length; i++) {
        struct rng_words words = rng_at(key, 1, 0, 1, number, i, 0);
        buf_append_byte(buf, bytes[rng_below(words.word[0], sizeof(bytes) - 1)]);
    }
}

static int rounds(int normal)
{
    return getenv("SAMPAN_SOAK") ? 50 * normal : normal;
}

static void all_scans_and_blocks_give_the_same_rows(void **state)
{
    (void)state;
    struct rng_key key = rng_key_from_text(STR("csv"));
    struct buf text;
    struct buf first;
    struct buf other;
    buf_init(&text);
    buf_init(&first);
    buf_init(&other);
    static const size_t blocks[] = {1, 2, 3, 7, 63, 64, 65, 4096};
    for (int number = 0; number < rounds(400); number++) {
        random_text(key, (uint32_t)number, &text);
        struct csv_options options = commas();
        options.quotes = number % 5 != 0;
        read_all(buf_str(&text), options, SIZE_MAX, &first);
        for (size_t i = 0; i < COUNT_OF(blocks); i++) {
            options.scan = (enum csv_scan)((number + (int)i) % 3);
            options.block_bytes = blocks[i];
            read_all(buf_str(&text), options, blocks[COUNT_OF(blocks) - 1 - i], &other);
            assert_int_equal(other.length, first.length);
            assert_memory_equal(other.text, first.text, first.length);
        }
    }
    buf_clear(&text);
    buf_clear(&first);
    buf_clear(&other);
}

static void masks_agree_on_every_byte(void **state)
{
    (void)state;
    char text[CSV_WINDOW];
    for (int byte = 0; byte < 256; byte++) {
        for (int place = 0; place < CSV_WINDOW; place++) {
            memset(text, 'x' + (byte & 1) * 0x80, sizeof(text));
            text[place] = (char)byte;
            bool structural = byte == '\n' || byte == '\r' || byte == ',';
            uint64_t expected = structural ? UINT64_C(1) << place : 0;
            assert_true(csv_window_mask(text, ',', CSV_SCAN_BYTE) == expected);
            assert_true(csv_window_mask(text, ',', CSV_SCAN_WORD) == expected);
            assert_true(csv_window_mask(text, ',', CSV_SCAN_BEST) == expected);
        }
    }
    print_message("the best scan here is %s\n", csv_scan_name());
}

/* What is written by the rules is read back, field by field. */
static void written_tables_come_back(void **state)
{
    (void)state;
    struct rng_key key = rng_key_from_text(STR("csv round trip"));
    static const char *const ends[] = {"\n", "\r\n", "\r"};
    struct buf text;
    struct buf expected;
    struct buf got;
    struct buf field;
    buf_init(&text);
    buf_init(&expected);
    buf_init(&got);
    buf_init(&field);
    for (int number = 0; number < rounds(300); number++) {
        struct rng_words words = rng_at(key, 1, 0, 0, (uint64_t)number, 0, 0);
        int columns = 2 + (int)rng_below(words.word[0], 6);
        char delimiter = words.word[1] & 1 ? ',' : '\t';
        buf_reset(&text);
        buf_reset(&expected);
        int64_t line = 1;
        for (int row = 0; row < 5; row++) {
            buf_format(&expected, "%lld:", (long long)line);
            for (int column = 0; column < columns; column++) {
                random_text(key, (uint32_t)(number * 64 + row * 8 + column), &field);
                buf_append_c(&text, column > 0 ? (char[]){delimiter, 0} : "");
                csv_append_field(&text, buf_str(&field), delimiter);
                buf_append_byte(&expected, '[');
                buf_append(&expected, buf_str(&field));
                buf_append_byte(&expected, ']');
                for (size_t i = 0; i < field.length; i++)
                    line += field.text[i] == '\n' ||
                            (field.text[i] == '\r' &&
                             (i + 1 == field.length || field.text[i + 1] != '\n'));
            }
            buf_append_c(&text, ends[number % 3]);
            buf_append_byte(&expected, ';');
            line++;
        }
        struct csv_options options = {.delimiter = delimiter, .quotes = true};
        read_all(buf_str(&text), options, 17, &got);
        assert_int_equal(got.length, expected.length);
        assert_memory_equal(got.text, expected.text, expected.length);
    }
    buf_clear(&text);
    buf_clear(&expected);
    buf_clear(&got);
    buf_clear(&field);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_tables),
        cmocka_unit_test(quotes_mean_nothing_when_off),
        cmocka_unit_test(the_first_line_tells_the_delimiter),
        cmocka_unit_test(zero_bytes_are_marked),
        cmocka_unit_test(too_many_columns_are_marked),
        cmocka_unit_test(long_rows_are_read_to_the_limit),
        cmocka_unit_test(errors_of_the_source_come_through),
        cmocka_unit_test(all_scans_and_blocks_give_the_same_rows),
        cmocka_unit_test(masks_agree_on_every_byte),
        cmocka_unit_test(written_tables_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
