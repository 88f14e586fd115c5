/* csv: tables of text read as a stream, row by row, as slices into the block they were read into.
 *
 * RFC 4180 with what real files do: rows end with LF, CRLF or a lone CR; the last row needs no end;
 * a field that begins with a quote may hold delimiters, line ends and doubled quotes; a quote
 * inside a field that does not begin with one is an ordinary byte. Empty lines are passed over.
 * With `quotes` off (Amazon's flat files) a quote never means anything.
 *
 * Nothing is copied except inside quoted fields with doubled quotes, which are shortened in place.
 * Structure is found 64 bytes at a time (SSE2 where the machine has it, else in 64-bit words); the
 * byte-wise scan gives the same rows and is kept for comparison.
 * Source: RFC 4180, section 2; the mask of structural bytes follows Langdale and Lemire 2019,
 * "Parsing gigabytes of JSON per second", section 3.1.
 */
#ifndef CORE_CSV_H
#define CORE_CSV_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

enum {
    CSV_ROW_BYTES_MAX = 1 << 20, /* of one row, its line end included */
    CSV_COLUMNS_MAX = 512,
    CSV_BLOCK_BYTES = 1 << 18 /* read at a time; small enough to stay in the cache */
};

/* Where the bytes come from. `read` puts 1 .. capacity bytes into `into`, or *got = 0 at the end
 * (then it is not called again). */
struct csv_source {
    void *context;
    enum err (*read)(void *context, char *into, size_t capacity, size_t *got,
                     struct problem *problem);
};

enum csv_scan { CSV_SCAN_BEST, CSV_SCAN_WORD, CSV_SCAN_BYTE };

struct csv_options {
    char delimiter; /* ',' or '\t' ...; 0: tab when the first line holds more tabs than commas */
    bool quotes;
    enum csv_scan scan;
    size_t block_bytes; /* 0: CSV_BLOCK_BYTES; tests use small ones */
};

/* What is wrong with one row; the reader goes on behind it. */
enum csv_flaw {
    CSV_FLAW_NONE,
    CSV_FLAW_QUOTE,  /* text behind a closing quote */
    CSV_FLAW_NUL,    /* a zero byte */
    CSV_FLAW_COLUMNS /* more than CSV_COLUMNS_MAX; the first ones are given */
};

struct csv_row {
    const struct str *fields; /* valid until the next call */
    uint32_t count;
    enum csv_flaw flaw;
    int64_t line;    /* where the row begins, 1-based, in lines of the file */
    struct str text; /* the row's bytes as they now lie in the block, without the line end */
};

struct csv;

/* Memory (0.5 MiB, at most 5 MiB when rows are long) is the arena's; the source must outlive the
 * reader. */
struct csv *csv_open(struct arena *arena, struct csv_source source, struct csv_options options);
/* The next row, or *found = false behind the last. ERR_CSV_QUOTE: a quoted field is still open at
 * the end; ERR_CSV_LINE_TOO_LONG; or what the source reports. After an error the reader is done. */
MUST_USE enum err csv_next(struct csv *csv, struct csv_row *row, bool *found,
                           struct problem *problem);
/* Line on which the row last given, or the one that failed, begins. */
int64_t csv_line(const struct csv *csv);
/* The delimiter in use; 0 before the first row of a reader that is to find it. */
char csv_delimiter(const struct csv *csv);
/* Name of the scan that CSV_SCAN_BEST stands for: "sse2", "word" or "byte". */
const char *csv_scan_name(void);

/* Append one field, quoted when it must be. Delimiters and line ends are the caller's. */
void csv_append_field(struct buf *buf, struct str field, char delimiter);

#endif
