/* training: what the pages of a played run show. Filled by the handlers, read by the templates. */
#ifndef APP_TRAINING_RUNS_VIEWS_H
#define APP_TRAINING_RUNS_VIEWS_H

#include "app/people/people.h"

/* A table of figures: heads, and cells row by row. */
struct run_head {
    const char *label; /* text key */
    bool is_number;
};
struct run_cell {
    const char *head; /* of its column, for phones; filled by run_grid_fill */
    bool is_number;
    const char *key; /* a text key; NULL: what follows */
    bool has_number; /* `number` and `unit`, else `text` */
    bool is_day;
    struct scaled number;
    struct day day;
    struct str text, unit;
    struct link to; /* empty: no link */
};
struct run_grid {
    struct table table;
    const struct run_head *heads;
    size_t column_count;
    struct run_cell *cells; /* [row][column] */
    const struct run_grid_row {
        const struct run_cell *cells;
    } * rows;
    size_t row_count;
};

struct run_list_view {
    struct shell shell;
    struct run_grid runs;
    struct pager pager;
};

struct run_view {
    struct shell shell;
    bool invented;
    const struct str *sentences;
    size_t sentence_count;
    struct chart equity;
    struct run_grid firms;
    struct field firm_a, firm_b;
    struct link compare;
    const struct str *details; /* technical sentences */
    size_t detail_count;
};

struct run_firm_view {
    struct shell shell;
    const struct str *sentences;
    size_t sentence_count;
    struct chart sales, stock, cash;
    struct run_grid causes, listings, rounds;
    bool has_causes, has_listings;
};

struct run_round_view {
    struct shell shell;
    const struct str *sentences;
    size_t sentence_count;
    const struct action *ways; /* to the rounds beside it */
    size_t way_count;
    struct run_grid listings, stock;
    const struct run_list_shown {
        const char *name; /* text key */
        struct run_grid grid;
    } * lists;
    size_t list_count;
};

struct run_why_view {
    struct shell shell;
    const struct str *sentences;
    size_t sentence_count;
    struct chart days;
    const struct action *ways; /* to the days beside it */
    size_t way_count;
    struct run_grid terms;
};

struct run_compare_view {
    struct shell shell;
    const struct str *sentences;
    size_t sentence_count;
    struct chart equity;
    struct run_grid causes, parts;
};

#endif
