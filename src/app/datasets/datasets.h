/* datasets: an enterprise's order files become a data set, and a data set is read.
 *
 * A data set is a folder that is written once and never changed:
 *
 *     dataset.json      what was read, kept and set aside, and why (the quality report)
 *     rows.bin          the clean rows (layout: store.h)
 *     dictionaries.bin  texts behind the numbers in the rows
 *     set-aside.csv     every row that was set aside: file, line, reason, column
 *     customer.key      256 random bits, mode 0600, never exported
 *
 * Money  A unit price is kept in ten-thousandths of the major unit of its currency (`_e4`), because
 *        real files hold prices below the minor unit (0.001 GBP a piece). Prices with more decimals
 *        are set aside, never rounded. Only a price that the file gives for a whole line (Amazon)
 *        is divided by the quantity, rounded half to even, and then the row bears
 *        DATASET_PRICE_OF_LINE; `value_e4` is exact in every case.
 * Time   Day and minute are those written in the file, in whatever zone its owner writes.
 * People Names, mails, telephones and addresses are never stored; a customer is a keyed hash.
 */
#ifndef APP_DATASETS_DATASETS_H
#define APP_DATASETS_DATASETS_H

#include "core/base.h"
#include "core/err.h"
#include "core/money.h"
#include "core/str.h"
#include "core/text.h"

struct arena;

enum {
    DATASET_FORMAT_VERSION = 1,
    DATASET_SKUS_MAX = 500000,
    DATASET_COUNTRIES_MAX = 1024,
    DATASET_CHANNELS_MAX = 256,
    DATASET_CURRENCIES_MAX = 200,
    DATASET_FILES_MAX = 1000,
    DATASET_ORDER_ROWS_MAX = 65536, /* rows of one order; more are set aside */
    DATASET_QUANTITY_MAX = 100000000,
    DATASET_PATH_MAX = 4000
};
/* Largest unit price and line value: 1e11 and 4e14 major units. */
#define DATASET_PRICE_E4_MAX INT64_C(1000000000000000)
#define DATASET_VALUE_E4_MAX INT64_C(4000000000000000000)

/* What a row is. Stored in files: numbers are never reused. Sign of `quantity`: as the file writes
 * it. Only DATASET_SALE rows are sales to customers. */
enum dataset_kind {
    DATASET_SALE = 0,              /* goods sold at a price */
    DATASET_CANCELLED = 1,         /* an order cancelled before delivery; quantity as ordered */
    DATASET_CANCELLATION = 2,      /* a later credit of an earlier sale; quantity negative */
    DATASET_RETURN = 3,            /* goods that came back: negative, or a sale marked returned */
    DATASET_NONPRODUCT = 4,        /* postage, fees, samples, vouchers ... */
    DATASET_NONPRODUCT_CREDIT = 5, /* the same, credited */
    DATASET_ADJUSTMENT = 6,        /* stock bookings without a buyer */
    DATASET_ZERO_PRICE = 7,        /* goods at no price: gifts, replacements, notes */
    DATASET_PENDING = 8,           /* ordered, not yet paid or confirmed */
    DATASET_KIND_COUNT
};

enum dataset_flag {
    DATASET_PRICE_OF_LINE = 1, /* unit price was derived from the line's value */
    DATASET_BUNDLE = 2,        /* the order is a booking of many baskets (rules), not a basket */
    DATASET_REPEATED_TWIN = 4  /* an exact twin that the rules keep */
};

/* One clean row. Rows of one order follow one another. */
struct dataset_row {
    uint64_t customer; /* keyed hash; 0: the file names none */
    int64_t unit_price_e4;
    int64_t value_e4; /* quantity * price of the line, exact */
    uint32_t order;   /* 0, 1, 2 ... in order of appearance; an order re-opened later is another */
    uint32_t sku;     /* dataset_sku */
    int32_t day;      /* ordered, days since 1970-01-01 */
    int32_t quantity;
    int16_t minute;         /* of the day, 0 .. 1439; -1: the file gives no time */
    int16_t shipped_days;   /* after `day`; -1: unknown */
    int16_t delivered_days; /* after `day`; -1: unknown */
    uint16_t currency;      /* dataset_currency */
    uint16_t country;       /* dataset_country; 0: unknown */
    uint16_t channel;       /* dataset_channel; 0: unknown */
    uint8_t kind;           /* enum dataset_kind */
    uint8_t flags;          /* enum dataset_flag, added */
};

/* ---- reading ---- */

struct dataset; /* an open data set; read only */

/* Dictionaries go into the arena (at most a few hundred bytes a stock code), rows stay on disk.
 * ERR_FILE_OPEN, ERR_FILE_NOT_OURS (no data set there), ERR_FILE_VERSION, ERR_FILE_DAMAGED. */
MUST_USE enum err dataset_open(struct arena *arena, const char *folder, struct dataset **dataset,
                               struct problem *problem);
void dataset_close(struct dataset *dataset);

struct dataset_summary {
    int64_t rows;
    uint32_t orders;
    uint32_t skus;       /* codes 0 .. skus-1 are in the dictionary; not all have sales */
    uint16_t countries;  /* entries, the unknown (0) included */
    uint16_t channels;   /* entries, the unknown (0) included */
    uint16_t currencies; /* entries from 0 */
    int32_t day_first;   /* over all rows; first > last when there are none */
    int32_t day_last;
    char digest_hex[65]; /* of the rows without customers: the same files give the same one */
};

struct dataset_summary dataset_summary(const struct dataset *dataset);

struct dataset_sku {
    struct str code;    /* as first written; codes are equal when they differ in case only */
    struct str title;   /* first title that is not empty, at most 200 bytes; may be empty */
    bool is_nonproduct; /* the rules list it as postage, fee ... */
};

/* Borrowed from the data set; the index must be below the summary's count. */
struct dataset_sku dataset_sku(const struct dataset *dataset, uint32_t sku);
/* ISO 3166 alpha-2, or "" for the unknown (0). */
struct str dataset_country(const struct dataset *dataset, uint16_t country);
/* Channel name, or "" for the unknown (0); names starting with "other" are unknown to the rules. */
struct str dataset_channel(const struct dataset *dataset, uint16_t channel);
struct currency dataset_currency(const struct dataset *dataset, uint16_t currency);

struct dataset_cursor; /* a place in the rows; several may be open at once */

MUST_USE enum err dataset_rows_begin(struct arena *arena, const struct dataset *dataset,
                                     struct dataset_cursor **cursor, struct problem *problem);
/* The next row in file order; *found false at the end. Every block is checked against its digest:
 * ERR_FILE_DAMAGED. About 20 ns a row. */
MUST_USE enum err dataset_rows_next(struct dataset_cursor *cursor, struct dataset_row *row,
                                    bool *found, struct problem *problem);
void dataset_rows_end(struct dataset_cursor *cursor);

/* "sale", "cancelled" ...: stable names as used in rules and reports. */
const char *dataset_kind_name(enum dataset_kind kind);
/* Line value in minor units of the currency, rounded half up. */
int64_t dataset_value_minor(const struct dataset_row *row, struct currency currency);

/* ---- the commands ---- */

struct dataset_import_options {
    const char *const *files; /* one or more; "-" is not accepted */
    size_t file_count;
    const char *into;        /* folder to create; an existing one is refused (ERR_FILE_EXISTS) */
    const char *encoding;    /* NULL: decided from the bytes; else "utf-8", "gb18030", ... */
    const char *data_folder; /* where import/rules-*.json lie; NULL: data_folder_find */
    const char *rules;       /* a rules file used for every file; NULL: chosen by the header */
    enum lang lang;          /* of the printed report */
};

/* `sampan import FILE... --into DATASET`. Streams the files, at most 256 MiB resident at any size;
 * writes beside and publishes by rename, so the folder is there whole or not at all. `report` gets
 * the quality report as text. Problems bear the file and the line as their place. Errors besides
 * the files': ERR_FORMAT_UNKNOWN, ERR_CSV_*, ERR_ENCODING_*, ERR_DATA_EMPTY, ERR_FILE_EXISTS,
 * ERR_FILE_BUSY (another import writes there), ERR_INTERRUPTED, ERR_LIMIT. */
MUST_USE enum err dataset_import(const struct dataset_import_options *options, struct buf *report,
                                 struct problem *problem);

/* `sampan dataset show DATASET`: the report again, from dataset.json. */
MUST_USE enum err dataset_show(const char *folder, enum lang lang, struct buf *report,
                               struct problem *problem);

/* The folder of facts and rules: SAMPAN_DATA, else ../data beside the program's folder, else
 * ../share/sampan, else the copy inside the program (core/builtin.h), else, where tests are built,
 * the source tree. The answer lies in the arena.
 * ERR_FILE_OPEN when none is there. */
MUST_USE enum err data_folder_find(struct arena *arena, const char **folder,
                                   struct problem *problem);

#endif
