/* intake_cells: the state of an intake, shared by its two files (cells, and whole orders). */
#ifndef APP_DATASETS_INTAKE_CELLS_H
#define APP_DATASETS_INTAKE_CELLS_H

#include "app/datasets/intake.h"

enum {
    CACHE_TEXT_MAX = 56,
    PENDING_AT_FIRST = 256, /* rows of an order there is room for at first */
    TWIN_SPANS_MAX = ROLE_COUNT + 1,
    CACHE_COUNTRIES = 256 /* texts of countries remembered, by their hash */
};

/* The text of a cell seen last; columns repeat themselves a lot. */
struct cache_text {
    bool full;
    uint8_t length;
    char text[CACHE_TEXT_MAX];
};

/* A row of the order that is open. */
struct pending {
    struct dataset_row row;
    uint64_t sku_marks;
    uint64_t twin_hash;
    int64_t line;
    bool is_twin;
    uint8_t key_kind; /* index of their label, when there is an answer key */
    uint8_t key_twin;
    uint8_t key_channel;
};

/* What an order's rows share. */
struct order_state {
    char id[INTAKE_ORDER_BYTES_MAX];
    size_t id_length; /* 0: none is open */
    uint64_t order_marks;
    bool first_row_seen;
    /* of the first row, for formats that give them there only */
    uint64_t status_marks;
    uint64_t customer;
    int32_t day;
    int16_t minute;
    int32_t shipped_day; /* -1: unknown */
    uint16_t country;
    uint16_t channel;
    int32_t currency; /* -1: none given */
};

struct country_slot {
    uint64_t hash;
    uint16_t country;
    bool full;
    bool unknown;
};

struct twin_span {
    uint32_t first;
    uint32_t last;
};

struct intake {
    struct arena *arena;
    struct intake_shared *shared;
    struct csv *csv;
    const struct rules *rules;
    const struct format *format;
    struct format_map map;
    uint16_t rules_number;
    uint32_t file;
    struct tally_file *tally;
    const char *column_names[ROLE_COUNT];
    uint64_t cancelled_marks;

    struct cache_text stamp_text;
    int32_t stamp_day;
    int16_t stamp_minute;
    struct cache_text customer_text;
    uint64_t customer;
    struct cache_text currency_text;
    uint16_t currency;
    struct cache_text status_text;
    uint64_t status_marks;
    struct country_slot countries[CACHE_COUNTRIES];

    size_t span_count;
    struct twin_span spans[TWIN_SPANS_MAX];
    bool has_key;

    struct order_state order;
    struct pending *pending;
    uint32_t pending_count;
    uint32_t pending_capacity; /* a power of two */
    uint32_t *twin_slots;      /* index + 1 of a pending row; twice the capacity */
};

/* Fill pending->row and marks from the cells of `row`. *fits is false when a cell is bad: then
 * *reason, *role say which. Order fields of the first row are noted even then. */
MUST_USE enum err intake_cells_read(struct intake *intake, const struct csv_row *row,
                                    struct pending *pending, bool *fits, enum aside *reason,
                                    enum role *role, struct problem *problem);
/* Cell of a role without blanks around it; empty when the table has no such column. */
static inline struct str intake_cell(const struct intake *intake, const struct csv_row *row,
                                     enum role role)
{
    int16_t column = intake->map.column[role];
    return column == COLUMN_NONE ? (struct str){"", 0} : str_trim(row->fields[column]);
}

#endif
