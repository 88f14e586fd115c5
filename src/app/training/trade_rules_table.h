/* trade_rules_table: the tables of a trade pack, cell by cell, with file, line and column in every
 * problem. Private to trade_rules_*.c.
 */
#ifndef APP_TRAINING_TRADE_RULES_TABLE_H
#define APP_TRAINING_TRADE_RULES_TABLE_H

#include "app/training/trade_rules_read.h"
#include "core/csv.h"

enum { TRADE_TABLE_COLUMNS_MAX = 32 };

struct trade_table {
    const char *path; /* for messages */
    struct str text;
    size_t taken; /* of the text, by the csv reader */
    struct csv *csv;
    const char *const *names;            /* columns asked for, NULL-terminated */
    int column[TRADE_TABLE_COLUMNS_MAX]; /* where each of them stands */
    int columns;                         /* of the header */
    struct csv_row row;
};

/* Read the header; columns may stand in any order. ERR_CSV_COLUMN_MISSING, ERR_DATA_EMPTY. */
MUST_USE enum err trade_table_open(struct arena *arena, const char *path, struct str text,
                                   const char *const *names, struct trade_table *table,
                                   struct problem *problem);
MUST_USE enum err trade_table_next(struct trade_table *table, bool *found, struct problem *problem);
/* Place the problem at the present row, and column if one is named; returns its code. */
MUST_USE enum err trade_table_problem(const struct trade_table *table, const char *column,
                                      struct problem *problem);

/* Cells of the present row by the index of their name; blanks at their ends are dropped. */
struct str trade_cell(const struct trade_table *table, int name);
/* A code of at most three letters. */
MUST_USE enum err trade_cell_code(const struct trade_table *table, int name, char code[4],
                                  struct problem *problem);
MUST_USE enum err trade_cell_date(const struct trade_table *table, int name, int32_t empty,
                                  int32_t *date, struct problem *problem);
/* At least `least` bytes, zero-terminated within `room`. */
MUST_USE enum err trade_cell_text(const struct trade_table *table, int name, size_t least,
                                  char *into, size_t room, struct problem *problem);
MUST_USE enum err trade_cell_word(const struct trade_table *table, int name, enum trade_word word,
                                  int empty, int *value, struct problem *problem);
/* A fraction of at most nine decimals; empty: 0. */
MUST_USE enum err trade_cell_rate(const struct trade_table *table, int name, int64_t *rate_1e9,
                                  struct problem *problem);
/* An amount in the row's currency; without one only an empty cell is fine. */
MUST_USE enum err trade_cell_money(const struct trade_table *table, int name,
                                   struct currency currency, int64_t empty, int64_t *minor,
                                   struct problem *problem);

#endif
