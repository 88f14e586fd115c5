/* run_cells: figures as cells of a table: whole numbers, decimals, money, texts of the program. */
#ifndef APP_TRAINING_RUN_CELLS_H
#define APP_TRAINING_RUN_CELLS_H

#include "app/training/run_table.h"
#include "core/base.h"
#include "core/money.h"
#include "core/text.h"

/* A table with its head; all columns but the first `left` stand right. */
void run_cells_begin(struct run_table *table, struct arena *arena, enum lang lang,
                     const char *const *heads, int columns, int left, int rows_max);
void run_cells_put_key(struct run_table *table, int column, enum lang lang, const char *key);
void run_cells_put_int(struct run_table *table, int column, int64_t value);
/* Rounded half away from zero in the last digit shown; `decimals` 0 to 6. */
void run_cells_put_decimal(struct run_table *table, int column, double value, int decimals);
/* "1234.50"; with_code: "1234.50 EUR". */
void run_cells_put_money(struct run_table *table, int column, int64_t minor,
                         struct currency currency, bool with_code);
/* "+1234.50" with its sign. */
void run_cells_put_signed(struct run_table *table, int column, int64_t minor,
                          struct currency currency);
/* value * 10^decimals, rounded half away from zero: what is shown of it. */
int64_t run_cells_scaled(double value, int decimals);
/* Money as an argument of a sentence. */
struct err_arg run_cells_money(int64_t minor, struct currency currency);
/* Integers nearest to `parts` that add to `whole`: what is missing goes to the parts with the
 * largest rests. The parts must add to `whole` but for roundings. count <= 64. */
void run_cells_round(const double *parts, int count, int64_t whole, int64_t *rounded);

#endif
