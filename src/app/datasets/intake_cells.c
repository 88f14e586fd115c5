/* The cells of one row as numbers and marks. */
#include "app/datasets/intake_cells.h"

#include <sodium.h>
#include <string.h>

#include "core/money.h"
#include "core/text.h"

enum { LEAD_DAYS_MAX = 3650 };

static inline bool cache_hit(const struct cache_text *cache, struct str text)
{
    return cache->full && cache->length == text.length &&
           memcmp(cache->text, text.text, text.length) == 0;
}

static inline void cache_put(struct cache_text *cache, struct str text)
{
    cache->full = text.length <= CACHE_TEXT_MAX;
    if (!cache->full)
        return;
    cache->length = (uint8_t)text.length;
    memcpy(cache->text, text.text, text.length);
}

static bool read_stamp(struct intake *intake, struct str text, int32_t *day, int16_t *minute)
{
    if (!cache_hit(&intake->stamp_text, text)) {
        if (!field_stamp(text, intake->format->dates, &intake->stamp_day, &intake->stamp_minute)) {
            intake->stamp_text.full = false;
            return false;
        }
        cache_put(&intake->stamp_text, text);
    }
    *day = intake->stamp_day;
    *minute = intake->stamp_minute;
    return true;
}

/* BLAKE2b with the data set's key, 64 bits of it; 0 is kept for "none". */
static uint64_t hash_customer(const struct intake *intake, struct str text)
{
    unsigned char lower[256];
    if (intake->format->flags & FORMAT_FOLD_CUSTOMERS && text.length <= sizeof(lower)) {
        for (size_t i = 0; i < text.length; i++) {
            char byte = text.text[i];
            lower[i] = (unsigned char)(byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte);
        }
        text.text = (const char *)lower;
    }
    unsigned char hash[crypto_generichash_BYTES_MIN];
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)text.text, text.length,
                       intake->shared->key, INTAKE_KEY_BYTES);
    uint64_t value;
    memcpy(&value, hash, sizeof(value));
    return value ? value : 1;
}

static uint64_t read_customer(struct intake *intake, const struct csv_row *row)
{
    struct str text = intake_cell(intake, row, ROLE_CUSTOMER);
    if (text.length == 0)
        text = intake_cell(intake, row, ROLE_CUSTOMER_ELSE);
    if (text.length == 0)
        return 0;
    if (intake->format->flags & FORMAT_NUMBER_CUSTOMERS && str_ends_with(text, STR(".0")))
        text.length -= 2;
    if (!cache_hit(&intake->customer_text, text)) {
        intake->customer = hash_customer(intake, text);
        cache_put(&intake->customer_text, text);
    }
    return intake->customer;
}

/* Country of a text, remembered by its hash: names are few, and looking one up is slow. */
static uint16_t find_country(struct intake *intake, struct str text, bool *unknown)
{
    uint64_t hash = field_hash(text, 2);
    struct country_slot *slot = &intake->countries[hash % CACHE_COUNTRIES];
    if (!slot->full || slot->hash != hash) {
        char code[3] = "";
        *slot = (struct country_slot){.hash = hash, .full = true};
        bool known = rules_country(intake->rules, intake->shared->known_countries, text, code);
        slot->unknown = !known;
        /* 249 codes fit in the dictionary, so a full one cannot happen. */
        if (known && !dictionary_name(&intake->shared->countries, str_from_c(code), &slot->country))
            slot->country = 0;
    }
    *unknown = slot->unknown;
    return slot->country;
}

/* Names of the rules that mean no country are known; so "Unspecified" is no flaw. */
static bool is_no_country(const struct intake *intake, struct str text)
{
    for (size_t i = 0; i < intake->rules->name_count; i++)
        if (intake->rules->names[i].code[0] == 0 &&
            str_equal_ascii_fold(intake->rules->names[i].name, text))
            return true;
    return false;
}

static uint16_t read_country(struct intake *intake, const struct csv_row *row)
{
    struct str text = intake_cell(intake, row, ROLE_COUNTRY);
    if (text.length == 0)
        text = intake_cell(intake, row, ROLE_COUNTRY_ELSE);
    if (text.length == 0)
        return 0;
    bool unknown;
    uint16_t country = find_country(intake, text, &unknown);
    if (unknown && !is_no_country(intake, text))
        intake->shared->tally->countries_unknown++;
    return country;
}

static uint16_t read_channel(struct intake *intake, const struct csv_row *row)
{
    struct str text = intake_cell(intake, row, ROLE_CHANNEL);
    text.length = str_utf8_cut(text, DICTIONARY_CODE_BYTES_MAX);
    uint16_t channel = 0;
    if (text.length > 0 && !dictionary_name(&intake->shared->channels, text, &channel))
        intake->shared->tally->channels_left_out++;
    return channel;
}

static uint64_t read_status(struct intake *intake, const struct csv_row *row)
{
    uint64_t marks = 0;
    struct str text = intake_cell(intake, row, ROLE_STATUS);
    if (text.length > 0) {
        if (!cache_hit(&intake->status_text, text)) {
            intake->status_marks = rules_status_marks(intake->rules, text);
            cache_put(&intake->status_text, text);
        }
        marks = intake->status_marks;
    }
    struct str other = intake_cell(intake, row, ROLE_STATUS_ELSE);
    if (other.length > 0 && !str_equal(other, text))
        marks |= rules_status_marks(intake->rules, other);
    if (intake_cell(intake, row, ROLE_CANCELLED_AT).length > 0)
        marks |= intake->cancelled_marks;
    return marks;
}

/* Index of the currency, -1 when the cell is empty, -2 when it is no currency. */
static int32_t read_currency(struct intake *intake, const struct csv_row *row)
{
    struct str text = intake_cell(intake, row, ROLE_CURRENCY);
    if (text.length == 0)
        return -1;
    if (!cache_hit(&intake->currency_text, text)) {
        struct currency currency;
        uint16_t index;
        if (!currency_from_code(text, &currency) ||
            !dictionary_name(&intake->shared->currencies, text, &index))
            return -2;
        intake->currency = index;
        cache_put(&intake->currency_text, text);
    }
    return intake->currency;
}

/* Days from the order to a date, -1 when unknown; a date that makes no sense is counted. */
static int16_t lead_days(struct intake *intake, int32_t day, int32_t ordered)
{
    if (day < 0)
        return -1;
    if (day < ordered || day - ordered > LEAD_DAYS_MAX) {
        intake->shared->tally->leads_unreadable++;
        return -1;
    }
    return (int16_t)(day - ordered);
}

static int32_t read_day(struct intake *intake, const struct csv_row *row, enum role role)
{
    struct str text = intake_cell(intake, row, role);
    int32_t day;
    int16_t minute;
    if (text.length == 0)
        return -1;
    if (!field_stamp(text, intake->format->dates, &day, &minute)) {
        intake->shared->tally->leads_unreadable++;
        return -1;
    }
    return day;
}

/* What the whole order shares. Formats that give it on the first row only leave the rest empty. */
struct order_cells {
    uint64_t status_marks;
    uint64_t customer;
    int32_t day;
    int16_t minute;
    bool has_date;
    int32_t shipped_day;
    uint16_t country;
    uint16_t channel;
    int32_t currency;
};

static struct order_cells read_order_cells(struct intake *intake, const struct csv_row *row)
{
    struct order_cells cells = {.status_marks = read_status(intake, row),
                                .customer = read_customer(intake, row),
                                .shipped_day = read_day(intake, row, ROLE_SHIPPED),
                                .country = read_country(intake, row),
                                .channel = read_channel(intake, row),
                                .currency = read_currency(intake, row)};
    struct str stamp = intake_cell(intake, row, ROLE_STAMP);
    cells.has_date = read_stamp(intake, stamp, &cells.day, &cells.minute);
    return cells;
}

/* Empty cells of later rows take what the first row said. */
static void inherit(struct order_state *order, struct order_cells *cells, bool stamp_empty)
{
    if (!order->first_row_seen) {
        order->first_row_seen = true;
        order->status_marks = cells->status_marks;
        order->customer = cells->customer;
        order->day = cells->has_date ? cells->day : -1;
        order->minute = cells->minute;
        order->shipped_day = cells->shipped_day;
        order->country = cells->country;
        order->channel = cells->channel;
        order->currency = cells->currency;
        return;
    }
    cells->status_marks |= order->status_marks;
    if (cells->customer == 0)
        cells->customer = order->customer;
    if (stamp_empty && order->day >= 0) {
        cells->has_date = true;
        cells->day = order->day;
        cells->minute = order->minute;
    }
    if (cells->shipped_day < 0)
        cells->shipped_day = order->shipped_day;
    if (cells->country == 0)
        cells->country = order->country;
    if (cells->channel == 0)
        cells->channel = order->channel;
    if (cells->currency == -1)
        cells->currency = order->currency;
}

static enum err read_sku(struct intake *intake, const struct csv_row *row, struct pending *pending,
                         bool *fits, struct problem *problem)
{
    struct dictionary_skus *skus = &intake->shared->skus;
    struct str title = intake_cell(intake, row, ROLE_TITLE);
    struct str code = intake_cell(intake, row, ROLE_SKU);
    if (code.length == 0 && intake->format->flags & FORMAT_TITLE_FOR_SKU) {
        code = title;
        code.length = str_utf8_cut(code, DICTIONARY_CODE_BYTES_MAX);
    }
    *fits = code.length > 0 && code.length <= DICTIONARY_CODE_BYTES_MAX;
    if (!*fits)
        return ERR_OK;
    if (!dictionary_sku(skus, code, &pending->row.sku))
        return problem_set(problem, ERR_LIMIT, ERR_KEY(N_("stock codes")),
                           ERR_INT((int64_t)skus->count + 1), ERR_INT(DATASET_SKUS_MAX));
    struct dictionary_sku *entry = &skus->entries[pending->row.sku];
    if (title.length > 0 && entry->title_length == 0)
        dictionary_sku_title(skus, pending->row.sku, title);
    if (entry->rules != intake->rules_number) {
        entry->marks = rules_sku_marks(intake->rules, code);
        entry->rules = intake->rules_number;
        if (intake->rules->nonproduct_list < RULES_LISTS_MAX)
            entry->is_nonproduct =
                entry->marks >> (RULES_SKU_LISTS + intake->rules->nonproduct_list) & 1;
    }
    pending->sku_marks = entry->marks;
    return ERR_OK;
}

static bool value_of_line(struct dataset_row *row, int64_t value_e4)
{
    row->flags |= DATASET_PRICE_OF_LINE;
    row->value_e4 = value_e4;
    if (row->quantity == 0) {
        row->unit_price_e4 = 0;
        return value_e4 == 0;
    }
    return int64_multiply_divide(value_e4, 1, row->quantity, ROUND_HALF_EVEN, &row->unit_price_e4);
}

/* Price and value, by unit or by line. */
static bool read_price(const struct intake *intake, const struct csv_row *row,
                       struct dataset_row *into, enum aside *reason, enum role *role)
{
    bool by_line = intake->map.column[ROLE_LINE_VALUE] != COLUMN_NONE;
    *role = by_line ? ROLE_LINE_VALUE : ROLE_PRICE;
    *reason = ASIDE_PRICE;
    struct str text = intake_cell(intake, row, *role);
    int64_t price = 0;
    bool missing = text.length == 0 && intake->format->flags & FORMAT_MISSING_PRICE;
    if (!missing && !field_price_e4(text, &price))
        return false;
    *reason = ASIDE_VALUE;
    if (by_line)
        return value_of_line(into, price);
    into->unit_price_e4 = price;
    return int64_multiply(into->quantity, price, &into->value_e4) &&
           into->value_e4 <= DATASET_VALUE_E4_MAX && into->value_e4 >= -DATASET_VALUE_E4_MAX;
}

static uint64_t sign_mark(int64_t value, int first_bit)
{
    return RULES_MARK(first_bit + (value > 0) + (value >= 0));
}

/* The currency of the row: its own, or that of the rules, or, for a row without a price, any. */
static bool settle_currency(struct intake *intake, int32_t given, struct dataset_row *row)
{
    bool by_rules = intake->map.column[ROLE_CURRENCY] == COLUMN_NONE;
    if (given >= 0) {
        row->currency = (uint16_t)given;
        return true;
    }
    if (given == -1 && by_rules && intake->rules->has_currency)
        return dictionary_name(&intake->shared->currencies,
                               str_from_c(intake->rules->currency.code), &row->currency);
    return given == -1 && intake->format->flags & FORMAT_MISSING_PRICE && row->value_e4 == 0 &&
           intake->shared->currencies.count > 0;
}

static void settle_kind(const struct intake *intake, const struct order_cells *cells,
                        struct pending *pending)
{
    struct dataset_row *row = &pending->row;
    uint64_t marks = pending->sku_marks | intake->order.order_marks | cells->status_marks;
    marks |= sign_mark(row->value_e4 == 0 || row->unit_price_e4 != 0 ? row->unit_price_e4 : 1,
                       RULES_PRICE_NEGATIVE);
    marks |= sign_mark(row->quantity, RULES_QUANTITY_NEGATIVE);
    if (row->customer != 0)
        marks |= RULES_MARK(RULES_CUSTOMER);
    row->kind = (uint8_t)rules_kind(intake->rules, marks);
}

static bool quantity_fits(const struct dataset_row *row)
{
    return row->quantity != 0 || row->kind == DATASET_CANCELLED || row->kind == DATASET_PENDING;
}

enum err intake_cells_read(struct intake *intake, const struct csv_row *row,
                           struct pending *pending, bool *fits, enum aside *reason, enum role *role,
                           struct problem *problem)
{
    struct order_cells cells = read_order_cells(intake, row);
    if (intake->format->flags & FORMAT_FIRST_ROW)
        inherit(&intake->order, &cells, intake_cell(intake, row, ROLE_STAMP).length == 0);
    struct dataset_row *into = &pending->row;
    *into = (struct dataset_row){.customer = cells.customer,
                                 .country = cells.country,
                                 .channel = cells.channel,
                                 .day = cells.day,
                                 .minute = cells.minute};
    *fits = false;
    *reason = ASIDE_DATE;
    *role = ROLE_STAMP;
    if (!cells.has_date)
        return ERR_OK;
    bool found;
    TRY(read_sku(intake, row, pending, &found, problem));
    *reason = ASIDE_SKU;
    *role = ROLE_SKU;
    if (!found)
        return ERR_OK;
    *reason = ASIDE_QUANTITY;
    *role = ROLE_QUANTITY;
    if (!field_quantity(intake_cell(intake, row, ROLE_QUANTITY), &into->quantity))
        return ERR_OK;
    if (!read_price(intake, row, into, reason, role))
        return ERR_OK;
    *reason = ASIDE_CURRENCY;
    *role = ROLE_CURRENCY;
    if (!settle_currency(intake, cells.currency, into))
        return ERR_OK;
    settle_kind(intake, &cells, pending);
    *reason = ASIDE_QUANTITY;
    *role = ROLE_QUANTITY;
    if (!quantity_fits(into))
        return ERR_OK;
    into->shipped_days = lead_days(intake, cells.shipped_day, into->day);
    into->delivered_days = lead_days(intake, read_day(intake, row, ROLE_DELIVERED), into->day);
    *fits = true;
    return ERR_OK;
}
