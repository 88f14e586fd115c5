/* scenario_write: the parts of writing a scenario that its files share. Private to scenario*.c. */
#ifndef APP_TRAINING_SCENARIO_WRITE_H
#define APP_TRAINING_SCENARIO_WRITE_H

#include "app/training/scenario.h"
#include "core/json.h"

/* Where the value of a parameter is put: into the document, beside its figure, or, for a list of
 * parameters, into a text of its own. */
struct scenario_writing {
    const struct scenario *scenario;
    struct json_writer *writer;
    struct arena *arena; /* of the list; NULL: only the document is wanted */
    struct scenario_parameter *parameters;
    int count;
    int capacity;
};

typedef void scenario_put(struct json_writer *writer, const struct scenario *scenario,
                          const void *value, const void *context);

/* Write `key` with the value that `put` writes of (value, context), wrapped with the figure
 * recorded under `path` if there is one; note it in the list. */
void scenario_parameter_put(struct scenario_writing *writing, const char *key, const char *path,
                            scenario_put *put, const void *value, const void *context);
/* The value of a field that stands alone; `row` is the row, `context` its scenario_field. Nothing
 * for kinds whose parts are parameters of their own. */
void scenario_value_put(struct json_writer *writer, const struct scenario *scenario,
                        const void *row, const void *context);
/* A list of numbers on one line. */
void scenario_reals_put(struct json_writer *writer, const double *values, size_t count);

#endif
