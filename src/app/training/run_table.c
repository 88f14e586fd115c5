#include "app/training/run_table.h"

#include <assert.h>

#include "core/arena.h"
#include "core/text.h"

void run_table_init(struct run_table *table, struct arena *arena, int columns, int rows_max)
{
    assert(columns <= RUN_TABLE_COLUMNS_MAX);
    *table = (struct run_table){.arena = arena, .columns = columns, .capacity = rows_max};
    table->cells = ARENA_ARRAY(arena, struct str, (size_t)columns * (size_t)rows_max);
}

void run_table_row(struct run_table *table)
{
    assert(table->rows < table->capacity);
    table->rows++;
}

static struct str *cell_at(const struct run_table *table, int row, int column)
{
    return &table->cells[(size_t)row * (size_t)table->columns + (size_t)column];
}

void run_table_put(struct run_table *table, int column, struct str text)
{
    assert(table->rows > 0 && column < table->columns);
    *cell_at(table, table->rows - 1, column) = str_copy(table->arena, text);
}

static void append_repeated(struct buf *text, char byte, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_append_byte(text, byte);
}

static void append_row(const struct run_table *table, int row, const size_t *widths,
                       struct buf *text)
{
    size_t pending = 0; /* blanks not yet written, so that none stand at the end */
    for (int c = 0; c < table->columns; c++) {
        struct str cell = *cell_at(table, row, c);
        size_t fill = widths[c] - text_columns(cell);
        pending += 2 + (table->right[c] ? fill : 0);
        if (cell.length > 0) {
            append_repeated(text, ' ', pending);
            buf_append(text, cell);
            pending = 0;
        }
        pending += table->right[c] ? 0 : fill;
    }
    buf_append_byte(text, '\n');
}

void run_table_append(const struct run_table *table, bool head, struct buf *text)
{
    size_t widths[RUN_TABLE_COLUMNS_MAX] = {0};
    for (int r = 0; r < table->rows; r++) {
        for (int c = 0; c < table->columns; c++) {
            size_t width = text_columns(*cell_at(table, r, c));
            if (width > widths[c])
                widths[c] = width;
        }
    }
    for (int r = 0; r < table->rows; r++) {
        append_row(table, r, widths, text);
        if (r > 0 || !head)
            continue;
        for (int c = 0; c < table->columns; c++) {
            buf_append_c(text, "  ");
            append_repeated(text, '-', widths[c]);
        }
        buf_append_byte(text, '\n');
    }
}
