/* table: an order file opened up to its header: unpacked, decoded, recognised. */
#ifndef APP_DATASETS_TABLE_H
#define APP_DATASETS_TABLE_H

#include "app/datasets/formats.h"
#include "app/datasets/input.h"
#include "core/base.h"
#include "core/csv.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

/* Where the bytes are: a file, or, when `path` is NULL, memory. */
struct table_place {
    const char *path;
    struct str bytes;
};

struct table {
    struct input *input;
    struct csv *csv; /* behind the header */
    struct csv_row header;
    struct format_map map;
};

/* Errors of input, csv and formats; ERR_DATA_EMPTY when there is not even a header. The place is
 * ":line" when a line is known. Close it in every case. */
MUST_USE enum err table_open(struct arena *arena, struct table_place place,
                             enum input_encoding encoding, struct table *table,
                             struct problem *problem);
void table_close(struct table *table);

#endif
