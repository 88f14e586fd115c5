/* The csv reader. Property: rows, flaws, lines and errors do not depend on the scan nor on where
 * the blocks are cut; and rows without a flaw, written by csv_append_field, are read again. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/csv.h"
#include "core/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct pieces {
    struct str text;
    size_t at;
    size_t piece;
};

static enum err read_piece(void *context, char *into, size_t capacity, size_t *got,
                           struct problem *problem)
{
    struct pieces *pieces = context;
    size_t left = pieces->text.length - pieces->at;
    (void)problem;
    *got = left < pieces->piece ? left : pieces->piece;
    *got = *got < capacity ? *got : capacity;
    if (*got > 0)
        memcpy(into, pieces->text.text + pieces->at, *got);
    pieces->at += *got;
    return ERR_OK;
}

static void put_number(struct buf *buf, int64_t number)
{
    buf_append(buf, (struct str){(const char *)&number, sizeof(number)});
}

/* All that the reader says, as bytes; the rows once more as a table, when `again` is not NULL. */
static enum err describe(struct str text, struct csv_options options, size_t piece, struct buf *buf,
                         struct buf *again)
{
    struct arena arena;
    struct pieces pieces = {text, 0, piece};
    int64_t line_before = 0;
    enum err code;
    arena_init(&arena);
    buf_reset(buf);
    struct csv *csv = csv_open(&arena, (struct csv_source){&pieces, read_piece}, options);
    for (;;) {
        struct csv_row row;
        struct problem problem = {0};
        bool found;
        code = csv_next(csv, &row, &found, &problem);
        if (code != ERR_OK && code != problem.code)
            abort();
        if (code != ERR_OK || !found)
            break;
        if (row.line <= line_before || row.count == 0 || row.count > CSV_COLUMNS_MAX)
            abort();
        line_before = row.line;
        put_number(buf, row.line);
        put_number(buf, row.flaw);
        for (uint32_t i = 0; i < row.count; i++) {
            put_number(buf, (int64_t)row.fields[i].length);
            buf_append(buf, row.fields[i]);
            if (again && row.flaw != CSV_FLAW_NONE)
                continue;
            if (again && i > 0)
                buf_append_byte(again, options.delimiter);
            if (again)
                csv_append_field(again, row.fields[i], options.delimiter);
        }
        if (again && row.flaw == CSV_FLAW_NONE)
            buf_append_byte(again, '\n');
    }
    put_number(buf, csv_line(csv));
    arena_clear(&arena);
    return code;
}

/* Only the fields of rows without a flaw: what a second reading must give. */
static void fields_only(struct str text, struct csv_options options, struct buf *buf)
{
    struct arena arena;
    struct pieces pieces = {text, 0, SIZE_MAX};
    struct csv_row row;
    struct problem problem = {0};
    bool found = true;
    arena_init(&arena);
    buf_reset(buf);
    struct csv *csv = csv_open(&arena, (struct csv_source){&pieces, read_piece}, options);
    while (csv_next(csv, &row, &found, &problem) == ERR_OK && found) {
        /* A row of one empty field is an empty line when it is written. */
        if (row.flaw != CSV_FLAW_NONE || (row.count == 1 && row.fields[0].length == 0))
            continue;
        for (uint32_t i = 0; i < row.count; i++) {
            put_number(buf, (int64_t)row.fields[i].length);
            buf_append(buf, row.fields[i]);
        }
        put_number(buf, -1);
    }
    arena_clear(&arena);
}

static void must_equal(const struct buf *a, const struct buf *b)
{
    if (a->length != b->length || (a->length > 0 && memcmp(a->text, b->text, a->length) != 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    struct str text = {(const char *)data + 2, size - 2};
    struct csv_options options = {.delimiter = data[0] & 1 ? ',' : '\t', .quotes = data[0] & 2};
    struct buf first, other, again;
    buf_init(&first);
    buf_init(&other);
    buf_init(&again);
    enum err code = describe(text, options, SIZE_MAX, &first, &again);
    static const enum csv_scan scans[] = {CSV_SCAN_BEST, CSV_SCAN_WORD, CSV_SCAN_BYTE};
    for (size_t i = 0; i < COUNT_OF(scans); i++) {
        options.scan = scans[i];
        options.block_bytes = 1 + (size_t)data[1] + 37 * i;
        if (describe(text, options, 1 + data[1] % 61, &other, NULL) != code)
            abort();
        must_equal(&first, &other);
    }
    if (options.quotes) {
        fields_only(text, options, &first);
        fields_only(buf_str(&again), options, &other);
        must_equal(&first, &other);
    }
    buf_clear(&first);
    buf_clear(&other);
    buf_clear(&again);
    return 0;
}
