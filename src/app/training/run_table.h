/* run_table: text in columns that line up, Chinese and Latin letters alike. */
#ifndef APP_TRAINING_RUN_TABLE_H
#define APP_TRAINING_RUN_TABLE_H

#include "core/base.h"
#include "core/str.h"

struct arena;

enum { RUN_TABLE_COLUMNS_MAX = 12 };

struct run_table {
    struct arena *arena;
    int columns, rows, capacity;
    bool right[RUN_TABLE_COLUMNS_MAX]; /* figures stand at the right of their column */
    struct str *cells;                 /* [row][column] */
};

void run_table_init(struct run_table *table, struct arena *arena, int columns, int rows_max);
/* Begin the next row; cells are empty until they are put. */
void run_table_row(struct run_table *table);
/* Copy the text into a cell of the last row. */
void run_table_put(struct run_table *table, int column, struct str text);
/* Two blanks in front and between columns; no blanks at the end of a line. The first row is a head
 * with a rule below it when `head` is set. */
void run_table_append(const struct run_table *table, bool head, struct buf *text);

#endif
