/* intake: one table of orders becomes clean rows.
 *
 * Rows are read, checked cell by cell, told apart by the rules, and held until their order is over,
 * because twins and the channel are matters of the whole order. Then they go to the sink. Nothing
 * of a person leaves here but the keyed hash of the customer's identifier.
 */
#ifndef APP_DATASETS_INTAKE_H
#define APP_DATASETS_INTAKE_H

#include "app/datasets/dictionary.h"
#include "app/datasets/formats.h"
#include "app/datasets/reopened.h"
#include "app/datasets/rules.h"
#include "app/datasets/tally.h"
#include "core/base.h"
#include "core/csv.h"
#include "core/err.h"

struct arena;
struct intake;

enum { INTAKE_KEY_BYTES = 32, INTAKE_ORDER_BYTES_MAX = 128 };

/* What all files of an import share. */
struct intake_shared {
    struct dictionary_skus skus;
    struct dictionary_names countries; /* entry 0: unknown */
    struct dictionary_names channels;  /* entry 0: unknown */
    struct dictionary_names currencies;
    const struct rules_countries *known_countries;
    unsigned char key[INTAKE_KEY_BYTES]; /* of the customers' hashes */
    struct tally *tally;
    struct reopened *reopened; /* NULL: not counted */
    uint32_t next_order;
    void *context; /* of the two sinks */
    enum err (*put_row)(void *context, const struct dataset_row *row, struct problem *problem);
    enum err (*put_aside)(void *context, uint32_t file, int64_t line, enum aside reason,
                          const char *column, struct problem *problem);
    /* Asked every few thousand rows; an error stops the intake. */
    enum err (*pause)(void *context, struct problem *problem);
};

void intake_shared_init(struct intake_shared *shared, struct arena *arena, struct tally *tally,
                        const struct rules_countries *known_countries);

/* `csv` stands behind the header that `map` was made from; `header` gives the columns' names.
 * Memory (0.1 MiB, at most 20 MiB for orders of many rows) is the arena's. */
struct intake *intake_begin(struct arena *arena, struct intake_shared *shared, struct csv *csv,
                            const struct csv_row *header, const struct format_map *map,
                            const struct rules *rules, uint16_t rules_number, uint32_t file);
/* All rows to the end. Problems bear ":line" of the file as their place. ERR_CSV_*, ERR_LIMIT, or
 * what source and sinks report. Rows that are set aside are no errors. */
MUST_USE enum err intake_run(struct intake *intake, struct problem *problem);

#endif
