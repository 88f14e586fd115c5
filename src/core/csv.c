#include "core/csv.h"

#include <string.h>

#include "core/arena.h"
#include "core/csv_scan.h"

/* Zero bytes behind the block, so that a window of 64 bytes may be read at its end. */
enum { PADDING = CSV_WINDOW };

struct csv {
    struct arena *arena;
    struct csv_source source;
    char *block;
    size_t capacity; /* without the padding */
    size_t read_bytes;
    size_t at;    /* start of the next row */
    size_t limit; /* bytes in the block */
    int64_t line_next;
    int64_t line_row;
    enum csv_scan scan;
    char delimiter;
    bool quotes;
    bool ended; /* the source has no more */
    bool failed;
    bool nul_seen;
    uint32_t doubled_count;
    uint16_t doubled[CSV_COLUMNS_MAX]; /* fields with doubled quotes, in order */
    struct str fields[CSV_COLUMNS_MAX];
};

/* What a pass over a row found. */
struct pass {
    size_t end;        /* first byte behind the row's text */
    size_t next;       /* first byte of the next row */
    uint32_t count;    /* fields seen, also those beyond the limit */
    int64_t line_ends; /* line ends inside quoted fields */
    enum csv_flaw flaw;
};

/* A window of 64 bytes and its structural bytes as bits. */
struct window {
    size_t start;
    uint64_t mask;
};

struct csv *csv_open(struct arena *arena, struct csv_source source, struct csv_options options)
{
    struct csv *csv = ARENA_NEW(arena, struct csv);
    csv->source = source;
    csv->arena = arena;
    csv->read_bytes = options.block_bytes ? options.block_bytes : CSV_BLOCK_BYTES;
    csv->capacity = 2 * csv->read_bytes;
    csv->block = ARENA_ARRAY(arena, char, csv->capacity + PADDING);
    csv->line_next = 1;
    csv->line_row = 1;
    csv->delimiter = options.delimiter;
    csv->quotes = options.quotes;
    csv->scan = options.scan;
    return csv;
}

int64_t csv_line(const struct csv *csv)
{
    return csv->line_row;
}

char csv_delimiter(const struct csv *csv)
{
    return csv->delimiter;
}

const char *csv_scan_name(void)
{
    return CSV_SCAN_NAME;
}

/* Room for `tail` bytes and one more reading; long rows make the block grow, twice as large each
 * time, so that what is left behind in the arena is less than the block. */
static void make_room(struct csv *csv, size_t tail)
{
    char *block = csv->block;
    if (tail + csv->read_bytes > csv->capacity) {
        csv->capacity = 2 * (tail + csv->read_bytes);
        csv->block = ARENA_ARRAY(csv->arena, char, csv->capacity + PADDING);
    }
    memmove(csv->block, block + csv->at, tail);
    csv->at = 0;
    csv->limit = tail;
}

/* Move the unread tail to the front and read behind it. */
static enum err refill(struct csv *csv, struct problem *problem)
{
    size_t tail = csv->limit - csv->at;
    if (tail >= CSV_ROW_BYTES_MAX)
        return problem_set(problem, ERR_CSV_LINE_TOO_LONG, ERR_INT(CSV_ROW_BYTES_MAX));
    make_room(csv, tail);
    size_t got = 0;
    TRY(csv->source.read(csv->source.context, csv->block + tail, csv->read_bytes, &got, problem));
    if (got == 0)
        csv->ended = true;
    else if (!csv->nul_seen && memchr(csv->block + tail, 0, got))
        csv->nul_seen = true;
    csv->limit += got;
    memset(csv->block + csv->limit, 0, PADDING);
    return ERR_OK;
}

/* First structural byte (delimiter, LF, CR) at or behind `from`; `limit` when there is none. */
static inline __attribute__((always_inline)) size_t find_structural(const char *block, size_t from,
                                                                    size_t limit, char delimiter,
                                                                    enum csv_scan scan,
                                                                    struct window *window)
{
    size_t start = from & ~(size_t)(CSV_WINDOW - 1);
    if (start != window->start) {
        window->start = start;
        window->mask = csv_window_mask(block + start, delimiter, scan);
    }
    uint64_t mask = window->mask & (~UINT64_C(0) << (from & (CSV_WINDOW - 1)));
    while (mask == 0) {
        window->start += CSV_WINDOW;
        if (window->start >= limit) {
            window->start = SIZE_MAX;
            return limit;
        }
        mask = csv_window_mask(block + window->start, delimiter, scan);
        window->mask = mask;
    }
    size_t found = window->start + (size_t)__builtin_ctzll(mask);
    return found < limit ? found : limit;
}

static int64_t count_line_ends(const char *text, size_t length)
{
    int64_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += text[i] == '\n' || (text[i] == '\r' && (i + 1 == length || text[i + 1] != '\n'));
    return count;
}

/* The closing quote of the field whose text begins at `from`; `limit` when there is none. */
static size_t find_closing_quote(const char *block, size_t from, size_t limit, bool *doubled)
{
    for (size_t at = from; at < limit;) {
        const char *quote = memchr(block + at, '"', limit - at);
        if (!quote)
            return limit;
        size_t place = (size_t)(quote - block);
        if (place + 1 >= limit || block[place + 1] != '"')
            return place;
        *doubled = true;
        at = place + 2;
    }
    return limit;
}

static void put_field(struct csv *csv, uint32_t index, size_t start, size_t end, bool doubled)
{
    if (index >= CSV_COLUMNS_MAX)
        return;
    csv->fields[index] = (struct str){csv->block + start, end - start};
    if (doubled)
        csv->doubled[csv->doubled_count++] = (uint16_t)index;
}

/* One pass over the row at csv->at. False when the block ends before the row does. */
static inline __attribute__((always_inline)) bool pass_row(struct csv *csv, enum csv_scan scan,
                                                           struct pass *pass)
{
    const char *block = csv->block;
    const size_t limit = csv->limit;
    const bool quotes = csv->quotes;
    const char delimiter = csv->delimiter;
    struct window window = {SIZE_MAX, 0};
    size_t at = csv->at;
    *pass = (struct pass){0};
    csv->doubled_count = 0;
    for (;;) {
        size_t start = at;
        size_t stop;
        if (quotes && at < limit && block[at] == '"') {
            bool doubled = false;
            size_t close = find_closing_quote(block, at + 1, limit, &doubled);
            /* A quote as the last byte so far may be the first half of a doubled one. */
            if (close >= limit || (close + 1 == limit && !csv->ended))
                return false;
            pass->line_ends += count_line_ends(block + start, close - start);
            stop = find_structural(block, close + 1, limit, delimiter, scan, &window);
            if (stop == close + 1) {
                put_field(csv, pass->count, start + 1, close, doubled);
            } else {
                pass->flaw = CSV_FLAW_QUOTE;
                put_field(csv, pass->count, start, stop, false);
            }
        } else {
            stop = find_structural(block, at, limit, delimiter, scan, &window);
            if (pass->count < CSV_COLUMNS_MAX)
                csv->fields[pass->count] = (struct str){block + start, stop - start};
        }
        pass->count++;
        if (stop < limit && block[stop] == delimiter) {
            at = stop + 1;
            continue;
        }
        if (stop >= limit && !csv->ended)
            return false;
        if (stop < limit && block[stop] == '\r' && stop + 1 >= limit && !csv->ended)
            return false;
        pass->end = stop;
        pass->next = stop;
        if (stop < limit)
            pass->next +=
                block[stop] == '\r' && stop + 1 < limit && block[stop + 1] == '\n' ? 2 : 1;
        return true;
    }
}

static bool pass_row_by_scan(struct csv *csv, struct pass *pass)
{
    switch (csv->scan) {
    case CSV_SCAN_BYTE:
        return pass_row(csv, CSV_SCAN_BYTE, pass);
    case CSV_SCAN_WORD:
        return pass_row(csv, CSV_SCAN_WORD, pass);
    case CSV_SCAN_BEST:
        break;
    }
    return pass_row(csv, CSV_SCAN_BEST, pass);
}

/* `""` becomes `"`, in place. */
static void shorten_doubled(struct str *field, char *text)
{
    size_t into = 0;
    for (size_t i = 0; i < field->length; i++) {
        text[into++] = text[i];
        if (text[i] == '"')
            i++;
    }
    field->length = into;
}

/* First line that is not empty, as far as it is in the block; *whole when its end is too. */
static struct str first_line(const struct csv *csv, bool *whole)
{
    size_t start = csv->at;
    while (start < csv->limit && (csv->block[start] == '\n' || csv->block[start] == '\r'))
        start++;
    size_t end = start;
    while (end < csv->limit && csv->block[end] != '\n' && csv->block[end] != '\r')
        end++;
    *whole = end < csv->limit;
    return (struct str){csv->block + start, end - start};
}

/* Settle the delimiter as soon as the first line can be seen. */
static void sniff_delimiter(struct csv *csv)
{
    bool whole;
    struct str line = first_line(csv, &whole);
    if (!whole && !csv->ended && csv->limit < CSV_ROW_BYTES_MAX)
        return;
    size_t tabs = 0;
    size_t commas = 0;
    for (size_t i = 0; i < line.length; i++) {
        tabs += line.text[i] == '\t';
        commas += line.text[i] == ',';
    }
    csv->delimiter = tabs > commas ? '\t' : ',';
}

static enum err next_row(struct csv *csv, struct pass *pass, bool *found, struct problem *problem)
{
    *found = false;
    for (;;) {
        csv->line_row = csv->line_next;
        if (csv->at < csv->limit && csv->delimiter != 0) {
            if (pass_row_by_scan(csv, pass)) {
                *found = true;
                return ERR_OK;
            }
            if (csv->ended)
                return problem_set0(problem, ERR_CSV_QUOTE);
        }
        if (csv->ended && csv->at >= csv->limit)
            return ERR_OK;
        TRY(refill(csv, problem));
        if (csv->delimiter == 0)
            sniff_delimiter(csv);
    }
}

enum err csv_next(struct csv *csv, struct csv_row *row, bool *found, struct problem *problem)
{
    *row = (struct csv_row){.fields = csv->fields};
    *found = false;
    while (!csv->failed) {
        struct pass pass = {0};
        enum err code = next_row(csv, &pass, found, problem);
        csv->failed = code != ERR_OK || !*found;
        if (csv->failed)
            return code;
        csv->line_next += 1 + pass.line_ends;
        size_t start = csv->at;
        csv->at = pass.next;
        if (pass.end == start)
            continue; /* an empty line */
        for (uint32_t i = 0; i < csv->doubled_count; i++) {
            struct str *field = &csv->fields[csv->doubled[i]];
            shorten_doubled(field, csv->block + (field->text - csv->block));
        }
        row->count = pass.count < CSV_COLUMNS_MAX ? pass.count : CSV_COLUMNS_MAX;
        row->line = csv->line_row;
        row->text = (struct str){csv->block + start, pass.end - start};
        row->flaw = pass.count > CSV_COLUMNS_MAX ? CSV_FLAW_COLUMNS : pass.flaw;
        if (csv->nul_seen && memchr(row->text.text, 0, row->text.length))
            row->flaw = CSV_FLAW_NUL;
        return ERR_OK;
    }
    *found = false;
    return ERR_OK;
}

void csv_append_field(struct buf *buf, struct str field, char delimiter)
{
    bool quote = field.length > 0 && (field.text[0] == ' ' || field.text[field.length - 1] == ' ');
    for (size_t i = 0; i < field.length && !quote; i++)
        quote = field.text[i] == '"' || field.text[i] == delimiter || field.text[i] == '\n' ||
                field.text[i] == '\r';
    if (!quote) {
        buf_append(buf, field);
        return;
    }
    buf_append_byte(buf, '"');
    for (size_t i = 0; i < field.length; i++) {
        if (field.text[i] == '"')
            buf_append_byte(buf, '"');
        buf_append_byte(buf, field.text[i]);
    }
    buf_append_byte(buf, '"');
}
