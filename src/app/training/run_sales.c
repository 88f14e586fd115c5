#include "app/training/run_sales.h"

#include <string.h>

#include "core/arena.h"
#include "core/csv.h"
#include "core/date.h"
#include "core/file.h"
#include "core/money.h"

enum column {
    COLUMN_DATE,
    COLUMN_DAY,
    COLUMN_ROUND,
    COLUMN_WORLD,
    COLUMN_FIRM,
    COLUMN_PRODUCT,
    COLUMN_MARKET,
    COLUMN_CHANNEL,
    COLUMN_CURRENCY,
    COLUMN_PRICE,
    COLUMN_UNITS,
    COLUMN_RETURNED,
    COLUMN_COUNT
};

static const char header[] =
    "date,day,round,world,firm,product,market,channel,currency,price,units,returned\n";

void run_sales_append_header(struct buf *text)
{
    buf_append_c(text, header);
}

static void append_name(struct buf *text, const char *id)
{
    csv_append_field(text, str_from_c(id), ',');
    buf_append_byte(text, ',');
}

static void append_row(const struct market_observation *seen, int world,
                       const struct market_listing_view *listing, int32_t day, int64_t units,
                       int64_t returned, struct buf *text)
{
    const struct market_rules *rules = seen->rules;
    const struct market_country *market = &rules->markets[listing->market];
    struct currency currency = rules->currencies[market->currency];
    char date[11];
    date_format(rules->start_date + day, date);
    buf_format(text, "%s,%d,%d,%d,%d,", date, (int)day, seen->round, world + 1, seen->firm + 1);
    append_name(text, rules->products[listing->product].name.id);
    append_name(text, market->name.id);
    append_name(text, rules->channels[listing->channel].id);
    buf_format(text, "%s,", currency.code);
    money_append(text, listing->price_minor - listing->coupon_minor, currency);
    buf_append_byte(text, ',');
    buf_append_int64(text, units);
    buf_append_byte(text, ',');
    buf_append_int64(text, returned);
    buf_append_byte(text, '\n');
}

void run_sales_append(const struct market_observation *seen, int world, struct buf *text)
{
    int days = seen->rules->round_days;
    for (int i = 0; i < seen->listing_count; i++) {
        const struct market_listing_view *listing = &seen->listings[i];
        for (int d = days; d > 0; d--) {
            int64_t units = listing->units_sold[MARKET_HISTORY_DAYS - d];
            int64_t returned = d == 1 ? listing->round_returned_units : 0;
            if (units > 0 || returned > 0)
                append_row(seen, world, listing, seen->day - d, units, returned, text);
        }
    }
}

/* ---- reading ---- */

struct reader {
    const struct market_rules *rules;
    struct str rest; /* not yet handed to the CSV reader */
};

static enum err source_read(void *context, char *into, size_t capacity, size_t *got,
                            struct problem *problem)
{
    struct reader *reader = context;
    (void)problem;
    *got = reader->rest.length < capacity ? reader->rest.length : capacity;
    memcpy(into, reader->rest.text, *got);
    reader->rest = str_slice(reader->rest, *got, reader->rest.length - *got);
    return ERR_OK;
}

static enum err get_number(struct str field, int64_t least, int64_t most, int64_t *value,
                           struct problem *problem)
{
    if (!str_to_int64(field, value))
        return problem_set(problem, ERR_INTEGER, ERR_TEXT(field));
    if (*value < least || *value > most)
        return problem_set(problem, ERR_RANGE, ERR_INT(*value), ERR_INT(least), ERR_INT(most));
    return ERR_OK;
}

static enum err unknown(struct str field, const char *column, struct problem *problem)
{
    return problem_set(problem, ERR_NAME_UNKNOWN, ERR_TEXT(field), ERR_CTEXT(column));
}

static enum err get_names(const struct market_rules *rules, const struct str *fields,
                          struct run_sale *sale, struct problem *problem)
{
    sale->product = sale->market = sale->channel = -1;
    for (int i = 0; i < rules->product_count; i++)
        if (str_equal_c(fields[COLUMN_PRODUCT], rules->products[i].name.id))
            sale->product = i;
    for (int i = 0; i < rules->market_count; i++)
        if (str_equal_c(fields[COLUMN_MARKET], rules->markets[i].name.id))
            sale->market = i;
    for (int i = 0; i < rules->channel_count; i++)
        if (str_equal_c(fields[COLUMN_CHANNEL], rules->channels[i].id))
            sale->channel = i;
    if (sale->product < 0)
        return unknown(fields[COLUMN_PRODUCT], "product", problem);
    if (sale->market < 0)
        return unknown(fields[COLUMN_MARKET], "market", problem);
    if (sale->channel < 0)
        return unknown(fields[COLUMN_CHANNEL], "channel", problem);
    return ERR_OK;
}

static enum err get_row(const struct market_rules *rules, const struct csv_row *row,
                        struct run_sale *sale, struct problem *problem)
{
    if (row->count != COLUMN_COUNT || row->flaw != CSV_FLAW_NONE)
        return problem_set(problem, ERR_CSV_COLUMNS, ERR_INT(row->count), ERR_INT(COLUMN_COUNT));
    int64_t day, round, world, firm;
    TRY(get_number(row->fields[COLUMN_DAY], 0, MARKET_DAYS_MAX, &day, problem));
    TRY(get_number(row->fields[COLUMN_ROUND], 1, MARKET_DAYS_MAX, &round, problem));
    TRY(get_number(row->fields[COLUMN_WORLD], 1, MARKET_WORLDS_MAX, &world, problem));
    TRY(get_number(row->fields[COLUMN_FIRM], 1, MARKET_FIRMS_MAX, &firm, problem));
    TRY(get_names(rules, row->fields, sale, problem));
    TRY(get_number(row->fields[COLUMN_UNITS], 0, INT32_MAX, &sale->units, problem));
    TRY(get_number(row->fields[COLUMN_RETURNED], 0, INT32_MAX, &sale->returned, problem));
    struct currency currency = rules->currencies[rules->markets[sale->market].currency];
    if (!money_parse(row->fields[COLUMN_PRICE], currency, &sale->price_minor))
        return problem_set(problem, ERR_NUMBER, ERR_TEXT(row->fields[COLUMN_PRICE]));
    sale->day = (int32_t)day;
    sale->round = (int32_t)round;
    sale->world = (int)world - 1;
    sale->firm = (int)firm - 1;
    return ERR_OK;
}

/* Lines of the file: no row is shorter than one. */
static size_t lines_count(struct str text)
{
    size_t lines = 1;
    for (size_t i = 0; i < text.length; i++)
        lines += text.text[i] == '\n';
    return lines;
}

enum err run_sales_read(struct arena *arena, const struct market_rules *rules, const char *path,
                        struct run_sale **sales, int64_t *count, struct problem *problem)
{
    struct reader reader = {.rules = rules};
    TRY(file_read(arena, path, RUN_SALES_BYTES_MAX, &reader.rest, problem));
    *sales = ARENA_ARRAY(arena, struct run_sale, lines_count(reader.rest));
    *count = 0;
    struct csv *csv = csv_open(arena, (struct csv_source){&reader, source_read},
                               (struct csv_options){.delimiter = ',', .quotes = true});
    struct csv_row row;
    bool found = false;
    enum err code = csv_next(csv, &row, &found, problem); /* the header */
    while (code == ERR_OK && found) {
        code = csv_next(csv, &row, &found, problem);
        if (code == ERR_OK && found)
            code = get_row(rules, &row, &(*sales)[*count], problem);
        if (code == ERR_OK && found)
            (*count)++;
    }
    if (code != ERR_OK)
        return problem_place(problem, "%s:%lld", path, (long long)csv_line(csv));
    return ERR_OK;
}
