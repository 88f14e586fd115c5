#include "app/training/run_cells.h"

#include <assert.h>
#include <math.h>

void run_cells_begin(struct run_table *table, struct arena *arena, enum lang lang,
                     const char *const *heads, int columns, int left, int rows_max)
{
    run_table_init(table, arena, columns, rows_max + 1);
    run_table_row(table);
    for (int c = 0; c < columns; c++) {
        run_table_put(table, c, str_from_c(text_get(lang, heads[c])));
        table->right[c] = c >= left;
    }
}

void run_cells_put_key(struct run_table *table, int column, enum lang lang, const char *key)
{
    run_table_put(table, column, str_from_c(text_get(lang, key)));
}

static void put_buf(struct run_table *table, int column, struct buf *text)
{
    run_table_put(table, column, buf_str(text));
    buf_clear(text);
}

void run_cells_put_int(struct run_table *table, int column, int64_t value)
{
    struct buf text;
    buf_init(&text);
    buf_append_int64(&text, value);
    put_buf(table, column, &text);
}

int64_t run_cells_scaled(double value, int decimals)
{
    static const double powers[] = {1, 10, 100, 1e3, 1e4, 1e5, 1e6};
    return llround(value * powers[decimals]);
}

void run_cells_put_decimal(struct run_table *table, int column, double value, int decimals)
{
    struct buf text;
    buf_init(&text);
    int64_append_scaled(&text, run_cells_scaled(value, decimals), decimals);
    put_buf(table, column, &text);
}

void run_cells_put_money(struct run_table *table, int column, int64_t minor,
                         struct currency currency, bool with_code)
{
    struct buf text;
    buf_init(&text);
    money_append(&text, minor, currency);
    if (with_code)
        buf_format(&text, " %s", currency.code);
    put_buf(table, column, &text);
}

void run_cells_put_signed(struct run_table *table, int column, int64_t minor,
                          struct currency currency)
{
    struct buf text;
    buf_init(&text);
    if (minor > 0)
        buf_append_byte(&text, '+');
    money_append(&text, minor, currency);
    put_buf(table, column, &text);
}

struct err_arg run_cells_money(int64_t minor, struct currency currency)
{
    return ERR_DECIMAL(minor, currency_decimals(currency));
}

void run_cells_round(const double *parts, int count, int64_t whole, int64_t *rounded)
{
    double rest[64];
    int64_t missing = whole;
    assert(count <= 64);
    for (int i = 0; i < count; i++) {
        rounded[i] = llround(parts[i]);
        rest[i] = parts[i] - (double)rounded[i];
        missing -= rounded[i];
    }
    while (missing != 0 && count > 0) {
        int64_t step = missing > 0 ? 1 : -1;
        int most = 0;
        for (int i = 1; i < count; i++)
            if ((double)step * rest[i] > (double)step * rest[most])
                most = i;
        rounded[most] += step;
        rest[most] -= (double)step;
        missing -= step;
    }
}
