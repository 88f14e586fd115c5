/* One row as bytes, and back; the layout stands in store.h. */
#include <string.h>

#include "app/datasets/store.h"

enum change {
    CHANGE_ORDER = 1,
    CHANGE_DAY = 2,
    CHANGE_MINUTE = 4,
    CHANGE_CUSTOMER = 8,
    CHANGE_COUNTRY = 16,
    CHANGE_CHANNEL = 32,
    CHANGE_CURRENCY = 64,
    CHANGE_LEADS = 128
};

enum { VALUE_WRITTEN = 128, KIND_BITS = 15, FLAG_SHIFT = 4, FLAG_BITS = 7 };

static inline unsigned char *put_varint(unsigned char *at, uint64_t value)
{
    while (value >= 0x80) {
        *at++ = (unsigned char)(value | 0x80);
        value >>= 7;
    }
    *at++ = (unsigned char)value;
    return at;
}

static inline uint64_t zigzag(int64_t value)
{
    return ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
}

static inline int64_t unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

void store_row_write(struct store_sink *sink, struct store_state *state,
                     const struct dataset_row *row)
{
    unsigned changes = 0;
    unsigned char *into = sink->rows;
    unsigned char *at = into + 2;
    if (row->order != state->order)
        changes |= CHANGE_ORDER;
    if (row->day != state->day) {
        changes |= CHANGE_DAY;
        at = put_varint(at, zigzag((int64_t)row->day - state->day));
    }
    if (row->minute != state->minute) {
        changes |= CHANGE_MINUTE;
        at = put_varint(at, (uint64_t)(row->minute + 1));
    }
    if (row->customer != state->customer) {
        changes |= CHANGE_CUSTOMER;
        for (int i = 0; i < 8; i++)
            *sink->customers++ = (unsigned char)(row->customer >> (8 * i));
    }
    if (row->country != state->country) {
        changes |= CHANGE_COUNTRY;
        at = put_varint(at, row->country);
    }
    if (row->channel != state->channel) {
        changes |= CHANGE_CHANNEL;
        at = put_varint(at, row->channel);
    }
    if (row->currency != state->currency) {
        changes |= CHANGE_CURRENCY;
        at = put_varint(at, row->currency);
    }
    if (row->shipped_days != state->shipped_days || row->delivered_days != state->delivered_days) {
        changes |= CHANGE_LEADS;
        at = put_varint(at, (uint64_t)(row->shipped_days + 1));
        at = put_varint(at, (uint64_t)(row->delivered_days + 1));
    }
    at = put_varint(at, row->sku);
    at = put_varint(at, zigzag(row->quantity));
    at = put_varint(at, zigzag(row->unit_price_e4));
    unsigned kind = (unsigned)row->kind | (unsigned)row->flags << FLAG_SHIFT;
    int64_t product;
    if (__builtin_mul_overflow((int64_t)row->quantity, row->unit_price_e4, &product) ||
        row->value_e4 != product) {
        kind |= VALUE_WRITTEN;
        at = put_varint(at, zigzag(row->value_e4));
    }
    into[0] = (unsigned char)changes;
    into[1] = (unsigned char)kind;
    *state = (struct store_state){.order = row->order,
                                  .day = row->day,
                                  .customer = row->customer,
                                  .minute = row->minute,
                                  .shipped_days = row->shipped_days,
                                  .delivered_days = row->delivered_days,
                                  .country = row->country,
                                  .channel = row->channel,
                                  .currency = row->currency};
    sink->rows = at;
}

/* A reader that is checked once at the end. */
struct scan {
    const unsigned char *at;
    const unsigned char *end;
    bool failed;
};

static inline uint64_t get_varint(struct scan *scan, uint64_t most)
{
    uint64_t value = 0;
    for (int shift = 0; shift < 64 && scan->at < scan->end; shift += 7) {
        unsigned char byte = *scan->at++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            if (value > most)
                scan->failed = true;
            return scan->failed ? 0 : value;
        }
    }
    scan->failed = true;
    return 0;
}

static uint64_t get_customer(struct scan *scan, struct store_source *source)
{
    uint64_t value = 0;
    if (source->customers_end - source->customers < STORE_CUSTOMER_BYTES) {
        scan->failed = true;
        return 0;
    }
    for (int i = 0; i < STORE_CUSTOMER_BYTES; i++)
        value |= (uint64_t)*source->customers++ << (8 * i);
    return value;
}

static void read_changes(struct scan *scan, struct store_source *source, unsigned changes,
                         struct store_state *state)
{
    if (changes & CHANGE_ORDER)
        state->order++;
    if (changes & CHANGE_DAY)
        state->day += (int32_t)unzigzag(get_varint(scan, UINT32_MAX / 4));
    if (changes & CHANGE_MINUTE)
        state->minute = (int16_t)((int)get_varint(scan, 1440) - 1);
    if (changes & CHANGE_CUSTOMER)
        state->customer = get_customer(scan, source);
    if (changes & CHANGE_COUNTRY)
        state->country = (uint16_t)get_varint(scan, UINT16_MAX);
    if (changes & CHANGE_CHANNEL)
        state->channel = (uint16_t)get_varint(scan, UINT16_MAX);
    if (changes & CHANGE_CURRENCY)
        state->currency = (uint16_t)get_varint(scan, UINT16_MAX);
    if (changes & CHANGE_LEADS) {
        state->shipped_days = (int16_t)((int)get_varint(scan, INT16_MAX) - 1);
        state->delivered_days = (int16_t)((int)get_varint(scan, INT16_MAX) - 1);
    }
}

/* Days stay within reach of their type, whatever the bytes say. */
static bool day_fits(int32_t day)
{
    return day >= 0 && day < 100000;
}

bool store_row_read(struct store_source *source, struct store_state *state, struct dataset_row *row)
{
    struct scan scan = {source->rows, source->rows_end, false};
    if (scan.end - scan.at < 2)
        return false;
    unsigned changes = *scan.at++;
    unsigned kind = *scan.at++;
    read_changes(&scan, source, changes, state);
    row->sku = (uint32_t)get_varint(&scan, UINT32_MAX);
    int64_t quantity = unzigzag(get_varint(&scan, 2 * (uint64_t)DATASET_QUANTITY_MAX));
    row->unit_price_e4 = unzigzag(get_varint(&scan, 2 * (uint64_t)DATASET_PRICE_E4_MAX));
    row->quantity = (int32_t)quantity;
    if (kind & VALUE_WRITTEN)
        row->value_e4 = unzigzag(get_varint(&scan, 2 * (uint64_t)DATASET_VALUE_E4_MAX));
    else if (__builtin_mul_overflow(quantity, row->unit_price_e4, &row->value_e4))
        return false;
    row->customer = state->customer;
    row->order = state->order;
    row->day = state->day;
    row->minute = state->minute;
    row->shipped_days = state->shipped_days;
    row->delivered_days = state->delivered_days;
    row->currency = state->currency;
    row->country = state->country;
    row->channel = state->channel;
    row->kind = (uint8_t)(kind & KIND_BITS);
    row->flags = (uint8_t)(kind >> FLAG_SHIFT & FLAG_BITS);
    source->rows = scan.at;
    return !scan.failed && day_fits(state->day) && row->kind < DATASET_KIND_COUNT;
}
