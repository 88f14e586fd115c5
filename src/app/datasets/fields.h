/* fields: the texts of a table's cells as numbers and dates, parsed by hand and exactly.
 *
 * All of them take the whole cell (blanks around it are dropped) and answer false on anything else.
 */
#ifndef APP_DATASETS_FIELDS_H
#define APP_DATASETS_FIELDS_H

#include "core/base.h"
#include "core/str.h"

/* "12.50" -> 125000. Optional sign; at most four decimals that are not zero; no grouping, no
 * exponent; at most DATASET_PRICE_E4_MAX in size. */
bool field_price_e4(struct str text, int64_t *price_e4);
/* "-12" or "12.0"; at most DATASET_QUANTITY_MAX in size. */
bool field_quantity(struct str text, int32_t *quantity);

enum field_dates {
    FIELD_DATES_ISO, /* 2010-12-01, then nothing or T or a blank and 08:26[:00[.0]] and an offset */
    FIELD_DATES_ISO_OR_US /* also 12/1/2010 8:26, month first, as spreadsheets of the donor write */
};

/* Day since 1970-01-01 (years 1970 .. 2149) and minute of the day, -1 when the cell gives no time.
 * An offset ("Z", "+0200", " UTC") is checked and otherwise ignored: the time stays as written. */
bool field_stamp(struct str text, enum field_dates dates, int32_t *day, int16_t *minute);

/* 64 bits of a cell, equal for equal bytes, spread well; not a secret. */
uint64_t field_hash(struct str text, uint64_t seed);
/* The same without case of ASCII letters. */
uint64_t field_hash_fold(struct str text, uint64_t seed);

#endif
