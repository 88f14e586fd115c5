/* helper: a temporary folder, files in it, and an import of them, for the tests of this folder. */
#ifndef TESTS_APP_DATASETS_HELPER_H
#define TESTS_APP_DATASETS_HELPER_H

#include "app/datasets/datasets.h"
#include "core/base.h"
#include "core/str.h"

struct arena;

enum { HELPER_PATH_MAX = 512 };

/* cmocka setup and teardown of a fresh temporary folder for each test. */
int helper_begin(void **state);
int helper_end(void **state);
/* Path of `name` in it; valid until the end of the test. */
const char *helper_path(const char *name);
const char *helper_write(const char *name, struct str bytes);
const char *helper_write_c(const char *name, const char *text);
/* All of a file in the arena. */
struct str helper_read(struct arena *arena, const char *path);
/* Number of entries in the temporary folder, hidden ones included. */
int helper_entries(void);
/* Folder of the shared data, or NULL when it is not here. With SAMPAN_REQUIRE_SHARED=1 its absence
 * fails the test. */
const char *helper_shared(void);

/* Import one file into "set" (removed before); the report in English is appended to `report`. */
enum err helper_import(const char *file, struct buf *report, struct problem *problem);
/* The same of text written to "orders.csv". */
enum err helper_import_text(const char *text, struct problem *problem);
/* Rows of "set", one a line: order sku quantity price value currency country channel kind day
 * minute shipped delivered flags customer? */
void helper_rows(struct buf *buf);
/* The data set's JSON in the arena. */
struct str helper_json(struct arena *arena);
/* A whole number of it. */
int64_t helper_json_number(const char *key);
/* dataset_import without its report. */
enum err helper_import_with(struct dataset_import_options options, struct problem *problem);
/* rounds, or more when SAMPAN_SOAK is set. */
int helper_rounds(int normal);

#endif
