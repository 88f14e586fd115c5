/* formats: which known table a header belongs to, and which column means what.
 *
 * Columns are found by name, without case, in any order; columns nobody knows are passed over. A
 * format is recognised when all its required columns are there; a header that holds at least half
 * of some format's required columns is that format with a column missing, and says so by name.
 */
#ifndef APP_DATASETS_FORMATS_H
#define APP_DATASETS_FORMATS_H

#include "app/datasets/fields.h"
#include "core/base.h"
#include "core/csv.h"
#include "core/err.h"
#include "core/str.h"

enum role {
    ROLE_ORDER,
    ROLE_STAMP,
    ROLE_SKU,
    ROLE_TITLE,
    ROLE_QUANTITY,
    ROLE_PRICE,      /* of one unit */
    ROLE_LINE_VALUE, /* of all units of the line */
    ROLE_CURRENCY,
    ROLE_CUSTOMER,
    ROLE_CUSTOMER_ELSE, /* taken when the one above is empty */
    ROLE_COUNTRY,
    ROLE_COUNTRY_ELSE,
    ROLE_CHANNEL,
    ROLE_STATUS,
    ROLE_STATUS_ELSE,
    ROLE_CANCELLED_AT, /* any text in it: the order was cancelled */
    ROLE_SHIPPED,
    ROLE_DELIVERED,
    ROLE_KEY_KIND, /* the answer key of the shared Online Retail file: compared, never used */
    ROLE_KEY_TWIN,
    ROLE_KEY_CHANNEL,
    ROLE_COUNT
};

enum format_flag {
    FORMAT_TABS = 1,              /* tab separated, quotes mean nothing */
    FORMAT_FIRST_ROW = 2,         /* order fields stand on the order's first row only */
    FORMAT_MISSING_PRICE = 4,     /* rows that never became sales may lack price and currency */
    FORMAT_TITLE_FOR_SKU = 8,     /* a line without a code is known by its title */
    FORMAT_NUMBER_CUSTOMERS = 16, /* "17850.0" is customer 17850 */
    FORMAT_FOLD_CUSTOMERS = 32    /* mail addresses: compared without case */
};

struct format_column {
    const char *name;
    enum role role;
    bool required;
};

struct format {
    const char *id;    /* stable: "tidy", "online-retail-raw" ... */
    const char *title; /* as shown */
    const char *rules; /* name of the rules file: "generic" */
    unsigned flags;    /* enum format_flag, added */
    enum field_dates dates;
    const struct format_column *columns;
    size_t column_count;
};

enum { COLUMN_NONE = -1 };

/* A recognised header. */
struct format_map {
    const struct format *format;
    uint32_t header_columns;
    int16_t column[ROLE_COUNT]; /* index of the column, or COLUMN_NONE */
};

/* ERR_FORMAT_UNKNOWN, ERR_CSV_COLUMN_MISSING, ERR_CSV_COLUMN_TWICE (only columns that matter). */
MUST_USE enum err format_recognise(const struct csv_row *header, struct format_map *map,
                                   struct problem *problem);
/* NULL when there is no such id. */
const struct format *format_by_id(struct str id);

#endif
