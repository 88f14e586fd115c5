/* store: the rows of a data set as bytes, written once, read in order.
 *
 * rows.bin, version 1, little-endian:
 *     "SAMPROWS", u32 version, u32 zero
 *     blocks: u32 bytes of rows, u32 rows, u32 order before the block, u32 customers,
 *             32 bytes BLAKE2b-256 of the rows' bytes, 32 bytes of the customers' bytes,
 *             the rows' bytes, the customers as u64
 *     the end: a block of zeros, but for its first digest, which is the data set's: the chain
 *             d_k = BLAKE2b-256(d_(k-1) | digest of the rows of block k), d_0 = 32 zero bytes
 * Customers are hashes under a key that is random in each import; they lie apart and outside the
 * chain, so the same files give the same digest wherever and whenever they are imported.
 *
 * Rows are told as what changes against the row before (at the start of a block: day, customer,
 * country, channel, currency 0; minute and leads -1):
 *     u8 changes: 1 a new order, 2 day, 4 minute, 8 customer (the block's next one), 16 country,
 *                 32 channel, 64 currency, 128 leads
 *     u8 kind | flags << 4 | 128 when the value is written
 *     day     varint of the zigzag difference        minute  varint of minute + 1
 *     country, channel, currency   varints
 *     leads   varints of shipped_days + 1 and delivered_days + 1
 *     sku varint, quantity zigzag varint, unit price zigzag varint, [value zigzag varint]
 * Without a written value it is quantity * unit price. Rows of an order differ in little, so a row
 * takes about eight bytes and costs less than writing and reading fixed records.
 *
 * dictionaries.bin, version 1: "SAMPDICT", u32 version, then u32 counts and entries of stock codes
 * (code, title, u8 is_nonproduct), countries, channels, currencies (texts), each text as u32 length
 * and bytes; then the summary: i64 rows, u32 orders, i32 first and last day, the rows' digest as 32
 * bytes; then BLAKE2b-256 of all bytes before.
 */
#ifndef APP_DATASETS_STORE_H
#define APP_DATASETS_STORE_H

#include "app/datasets/datasets.h"
#include "app/datasets/dictionary.h"
#include "app/datasets/writer.h"
#include "core/base.h"
#include "core/digest.h"
#include "core/err.h"

enum {
    STORE_BLOCK_BYTES = 1 << 18,
    STORE_ROW_BYTES_MAX = 96,
    STORE_HEAD_BYTES = 16,
    STORE_CUSTOMERS_MAX = STORE_BLOCK_BYTES / 8, /* of a block */
    STORE_CUSTOMER_BYTES = 8,
    STORE_BLOCK_HEAD_BYTES = 16 + 2 * DIGEST_BYTES
};

#define STORE_MAGIC "SAMPROWS"
#define STORE_DICTIONARY_MAGIC "SAMPDICT"

/* The row that the next one is told against. */
struct store_state {
    uint32_t order;
    int32_t day;
    uint64_t customer;
    int16_t minute;
    int16_t shipped_days;
    int16_t delivered_days;
    uint16_t country;
    uint16_t channel;
    uint16_t currency;
};

static inline struct store_state store_state_begin(uint32_t order)
{
    return (struct store_state){
        .order = order, .minute = -1, .shipped_days = -1, .delivered_days = -1};
}

/* Where the next row's bytes go. */
struct store_sink {
    unsigned char *rows;
    unsigned char *customers;
};

/* Where the next row's bytes are. */
struct store_source {
    const unsigned char *rows;
    const unsigned char *rows_end;
    const unsigned char *customers;
    const unsigned char *customers_end;
};

struct store_writer {
    struct writer file;
    unsigned char *payload; /* of rows, then of customers */
    struct store_sink sink;
    uint32_t block_rows;
    uint32_t block_order;
    struct store_state state;
    int64_t rows;
    unsigned char chain[DIGEST_BYTES];
};

MUST_USE enum err store_writer_open(struct store_writer *store, struct arena *arena,
                                    const char *path, struct problem *problem);
/* Orders must come as 0, 1, 2 ..., their rows together. */
MUST_USE enum err store_writer_put(struct store_writer *store, const struct dataset_row *row,
                                   struct problem *problem);
/* The data set's digest is then in `chain`. */
MUST_USE enum err store_writer_finish(struct store_writer *store, struct problem *problem);

/* One row from its bytes. False when they are not a row. */
bool store_row_read(struct store_source *source, struct store_state *state,
                    struct dataset_row *row);
/* One row behind those that are there: at most STORE_ROW_BYTES_MAX bytes, and one customer. */
void store_row_write(struct store_sink *sink, struct store_state *state,
                     const struct dataset_row *row);

/* What dictionaries.bin says besides its texts. */
struct store_facts {
    int64_t rows;
    uint32_t orders;
    int32_t day_first;
    int32_t day_last;
    unsigned char digest[DIGEST_BYTES];
};

struct store_dictionaries {
    const struct dataset_sku *skus;
    uint32_t sku_count;
    const struct str *countries;
    uint32_t country_count;
    const struct str *channels;
    uint32_t channel_count;
    const struct currency *currencies;
    uint32_t currency_count;
    struct store_facts facts;
};

MUST_USE enum err store_dictionaries_write(const char *path, const struct dictionary_skus *skus,
                                           const struct dictionary_names *countries,
                                           const struct dictionary_names *channels,
                                           const struct dictionary_names *currencies,
                                           const struct store_facts *facts,
                                           struct problem *problem);
/* Texts are borrowed from `bytes`. ERR_FILE_VERSION, ERR_FILE_DAMAGED. */
MUST_USE enum err store_dictionaries_parse(struct arena *arena, struct str bytes,
                                           struct store_dictionaries *dictionaries,
                                           struct problem *problem);

#endif
