#include "app/datasets/formats.h"

#include <string.h>

#include "core/text.h"

/* Documented in docs/import.md; the names are the contract. */
static const struct format_column tidy_columns[] = {
    {"order_id", ROLE_ORDER, true},
    {"ordered_at", ROLE_STAMP, true},
    {"sku", ROLE_SKU, true},
    {"quantity", ROLE_QUANTITY, true},
    {"unit_price", ROLE_PRICE, true},
    {"currency", ROLE_CURRENCY, true},
    {"title", ROLE_TITLE, false},
    {"customer_id", ROLE_CUSTOMER, false},
    {"country", ROLE_COUNTRY, false},
    {"channel", ROLE_CHANNEL, false},
    {"status", ROLE_STATUS, false},
    {"shipped_at", ROLE_SHIPPED, false},
    {"delivered_at", ROLE_DELIVERED, false},
};

/* UCI Machine Learning Repository, Online Retail (Chen 2015): the donor's spelling. */
static const struct format_column retail_raw_columns[] = {
    {"InvoiceNo", ROLE_ORDER, true},     {"StockCode", ROLE_SKU, true},
    {"Description", ROLE_TITLE, true},   {"Quantity", ROLE_QUANTITY, true},
    {"InvoiceDate", ROLE_STAMP, true},   {"UnitPrice", ROLE_PRICE, true},
    {"CustomerID", ROLE_CUSTOMER, true}, {"Country", ROLE_COUNTRY, true},
};

/* The same data with ISO dates, country codes and an answer key. */
static const struct format_column retail_labelled_columns[] = {
    {"invoice_no", ROLE_ORDER, true},
    {"stock_code", ROLE_SKU, true},
    {"description", ROLE_TITLE, true},
    {"quantity", ROLE_QUANTITY, true},
    {"invoice_at", ROLE_STAMP, true},
    {"unit_price_gbp", ROLE_PRICE, true},
    {"customer_id", ROLE_CUSTOMER, true},
    {"country_iso2", ROLE_COUNTRY, true},
    {"country_name", ROLE_COUNTRY_ELSE, false},
    {"row_type", ROLE_KEY_KIND, false},
    {"is_exact_duplicate", ROLE_KEY_TWIN, false},
    {"channel", ROLE_KEY_CHANNEL, false},
};

/* 79 columns; the older variant lacks some that are not needed here. */
static const struct format_column shopify_columns[] = {
    {"Name", ROLE_ORDER, true},
    {"Created at", ROLE_STAMP, true},
    {"Lineitem quantity", ROLE_QUANTITY, true},
    {"Lineitem name", ROLE_TITLE, true},
    {"Lineitem price", ROLE_PRICE, true},
    {"Lineitem sku", ROLE_SKU, true},
    {"Currency", ROLE_CURRENCY, true},
    {"Financial Status", ROLE_STATUS, true},
    {"Email", ROLE_CUSTOMER, false},
    {"Phone", ROLE_CUSTOMER_ELSE, false},
    {"Shipping Country", ROLE_COUNTRY, false},
    {"Billing Country", ROLE_COUNTRY_ELSE, false},
    {"Source", ROLE_CHANNEL, false},
    {"Cancelled at", ROLE_CANCELLED_AT, false},
    {"Fulfilled at", ROLE_SHIPPED, false},
};

/* 32 columns, 29 in the older report; newer ones add columns. There is no buyer in it. */
static const struct format_column amazon_columns[] = {
    {"amazon-order-id", ROLE_ORDER, true},  {"purchase-date", ROLE_STAMP, true},
    {"order-status", ROLE_STATUS, true},    {"sku", ROLE_SKU, true},
    {"quantity", ROLE_QUANTITY, true},      {"currency", ROLE_CURRENCY, true},
    {"item-price", ROLE_LINE_VALUE, true},  {"product-name", ROLE_TITLE, false},
    {"sales-channel", ROLE_CHANNEL, false}, {"item-status", ROLE_STATUS_ELSE, false},
    {"ship-country", ROLE_COUNTRY, false},
};

static const struct format formats[] = {
    {"tidy", N_("tidy CSV"), "generic", 0, FIELD_DATES_ISO, tidy_columns, COUNT_OF(tidy_columns)},
    {"online-retail-raw", N_("UCI Online Retail"), "online-retail", FORMAT_NUMBER_CUSTOMERS,
     FIELD_DATES_ISO_OR_US, retail_raw_columns, COUNT_OF(retail_raw_columns)},
    {"online-retail-labelled", N_("Online Retail with labels"), "online-retail",
     FORMAT_NUMBER_CUSTOMERS, FIELD_DATES_ISO_OR_US, retail_labelled_columns,
     COUNT_OF(retail_labelled_columns)},
    {"shopify-orders", N_("Shopify orders"), "generic",
     FORMAT_FIRST_ROW | FORMAT_TITLE_FOR_SKU | FORMAT_FOLD_CUSTOMERS, FIELD_DATES_ISO,
     shopify_columns, COUNT_OF(shopify_columns)},
    {"amazon-all-orders", N_("Amazon all orders"), "generic", FORMAT_TABS | FORMAT_MISSING_PRICE,
     FIELD_DATES_ISO, amazon_columns, COUNT_OF(amazon_columns)},
};

static const char known_titles[] = "tidy CSV, UCI Online Retail, Shopify orders, Amazon all orders";

const struct format *format_by_id(struct str id)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (str_equal_c(id, formats[i].id))
            return &formats[i];
    return NULL;
}

static int find_column(const struct csv_row *header, const char *name, int from)
{
    for (int i = from; i < (int)header->count; i++)
        if (str_equal_ascii_fold(str_trim(header->fields[i]), str_from_c(name)))
            return i;
    return COLUMN_NONE;
}

/* Required columns of `format` that stand in the header, and the first that does not. */
static size_t count_required(const struct csv_row *header, const struct format *format,
                             size_t *required, const char **missing)
{
    size_t found = 0;
    *required = 0;
    *missing = NULL;
    for (size_t i = 0; i < format->column_count; i++) {
        const struct format_column *column = &format->columns[i];
        if (!column->required)
            continue;
        ++*required;
        if (find_column(header, column->name, 0) != COLUMN_NONE)
            found++;
        else if (!*missing)
            *missing = column->name;
    }
    return found;
}

/* The header without control bytes, for a message. */
static struct str printable_header(const struct csv_row *header, char *text, size_t capacity)
{
    size_t length = header->text.length < capacity ? header->text.length : capacity;
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)header->text.text[i];
        text[i] = (char)(byte < 0x20 || byte == 0x7f ? ' ' : byte);
    }
    return (struct str){text, str_utf8_cut((struct str){text, length}, length)};
}

static enum err unknown(const struct csv_row *header, const struct format *nearest,
                        const char *missing, struct problem *problem)
{
    if (nearest)
        return problem_set(problem, ERR_CSV_COLUMN_MISSING, ERR_CTEXT(missing));
    char text[PROBLEM_TEXT_MAX];
    return problem_set(problem, ERR_FORMAT_UNKNOWN, ERR_CTEXT(known_titles),
                       ERR_TEXT(printable_header(header, text, sizeof(text))));
}

static enum err map_columns(const struct csv_row *header, struct format_map *map,
                            struct problem *problem)
{
    for (size_t i = 0; i < ROLE_COUNT; i++)
        map->column[i] = COLUMN_NONE;
    map->header_columns = header->count;
    for (size_t i = 0; i < map->format->column_count; i++) {
        const struct format_column *column = &map->format->columns[i];
        int index = find_column(header, column->name, 0);
        if (index == COLUMN_NONE)
            continue;
        if (find_column(header, column->name, index + 1) != COLUMN_NONE)
            return problem_set(problem, ERR_CSV_COLUMN_TWICE, ERR_CTEXT(column->name));
        map->column[column->role] = (int16_t)index;
    }
    return ERR_OK;
}

enum err format_recognise(const struct csv_row *header, struct format_map *map,
                          struct problem *problem)
{
    const struct format *nearest = NULL;
    const char *nearest_missing = NULL;
    size_t nearest_found = 0;
    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        size_t required;
        const char *missing;
        size_t found = count_required(header, &formats[i], &required, &missing);
        if (found == required) {
            map->format = &formats[i];
            return map_columns(header, map, problem);
        }
        if (2 * found >= required && found > nearest_found) {
            nearest = &formats[i];
            nearest_missing = missing;
            nearest_found = found;
        }
    }
    return unknown(header, nearest, nearest_missing, problem);
}
