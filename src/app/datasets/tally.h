/* tally: what an import counts, for the quality report.
 *
 * Plain numbers, filled by intake.c and import.c, written as JSON by report.c.
 */
#ifndef APP_DATASETS_TALLY_H
#define APP_DATASETS_TALLY_H

#include "app/datasets/datasets.h"
#include "app/datasets/reopened.h"
#include "app/datasets/rules.h"
#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

/* Why a row is set aside. */
enum aside {
    ASIDE_COLUMNS,    /* another number of columns than the header */
    ASIDE_QUOTE,      /* text behind a closing quote */
    ASIDE_NUL,        /* a zero byte */
    ASIDE_ORDER,      /* no order number, or a very long one */
    ASIDE_SKU,        /* no stock code, or a very long one */
    ASIDE_DATE,       /* no readable date */
    ASIDE_QUANTITY,   /* no whole number, or none at all, or beyond the limit */
    ASIDE_PRICE,      /* no number with at most four decimals, or beyond the limit */
    ASIDE_VALUE,      /* quantity times price beyond the limit */
    ASIDE_CURRENCY,   /* no ISO 4217 code */
    ASIDE_ORDER_LONG, /* more rows in the order than DATASET_ORDER_ROWS_MAX */
    ASIDE_TWIN,       /* an exact twin of an earlier row of its order */
    ASIDE_COUNT
};

enum { TALLY_LINES_MAX = 10 };

struct tally_aside {
    int64_t rows;
    size_t line_count;
    int64_t lines[TALLY_LINES_MAX]; /* the first ones */
};

struct tally_file {
    struct str name; /* without its folder */
    const char *format;
    const char *packing;
    const char *encoding;
    struct str rules;
    struct str rules_revision;
    bool had_mark;
    bool encoding_named; /* by the caller */
    int64_t bytes;       /* of text, after unpacking and decoding */
    int64_t rows;
    int64_t kept;
    struct tally_aside aside[ASIDE_COUNT];
    struct problem first_bad; /* of the first row set aside, twins not counted */
};

/* Their label against ours. The last row of each table is "another label". */
enum { TALLY_CHANNEL_LABELS = 12 };

struct tally_key {
    int64_t rows; /* rows that bear an answer key */
    int64_t kind[RULES_LABELS_MAX + 1][DATASET_KIND_COUNT];
    int64_t twin[2][2];
    size_t channel_labels;
    struct str channel_label[TALLY_CHANNEL_LABELS];
    int64_t channel[TALLY_CHANNEL_LABELS + 1][DATASET_CHANNELS_MAX];
    const struct rules *rules; /* whose labels these are */
};

struct tally {
    struct tally_file *files;
    size_t file_count;
    int64_t kind_rows[DATASET_KIND_COUNT]; /* twins included */
    int64_t kind_twins[DATASET_KIND_COUNT];
    int64_t channel_rows[DATASET_CHANNELS_MAX]; /* twins included */
    bool channel_bundle[DATASET_CHANNELS_MAX];
    int64_t without_customer; /* rows read well, twins included, like the next ones */
    int64_t without_title;
    int64_t countries_unknown; /* a country is given that nobody knows */
    int64_t channels_left_out; /* beyond DATASET_CHANNELS_MAX */
    int64_t leads_unreadable;  /* a date of shipping or delivery that makes no sense */
    int64_t orders;
    int32_t day_first; /* of kept rows */
    int32_t day_last;
    /* sales that are no twins */
    int64_t clean_rows;
    int64_t clean_units;
    int128 clean_value_e4[DATASET_CURRENCIES_MAX];
    uint64_t *clean_days; /* a bit a day since 1970 */
    uint64_t *clean_skus; /* a bit a stock code */
    struct tally_key key;
    struct reopened_result reopened;
};

enum { TALLY_DAYS = 1 << 17 };

void tally_init(struct tally *tally, struct arena *arena, size_t file_count);
/* "columns", "twin" ...: stable names in dataset.json and set-aside.csv. */
const char *tally_aside_name(enum aside reason);
/* The same for people: a key of core/text.h. */
const char *tally_aside_text(enum aside reason);
void tally_set_aside(struct tally_file *file, enum aside reason, int64_t line);
/* Rows set aside, twins included. */
int64_t tally_aside_rows(const struct tally_file *file);
int64_t tally_bits(const uint64_t *bits, size_t count);

static inline void tally_bit_set(uint64_t *bits, uint32_t index)
{
    bits[index >> 6] |= UINT64_C(1) << (index & 63);
}

#endif
