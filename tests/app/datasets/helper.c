#include "helper.h"

#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/date.h"
#include "core/file.h"
#include "core/json.h"

static char folder[HELPER_PATH_MAX];
static struct arena paths;

int helper_begin(void **state)
{
    (void)state;
    const char *base = getenv("TMPDIR");
    snprintf(folder, sizeof(folder), "%s/sampan-test-XXXXXX", base && base[0] ? base : "/tmp");
    arena_init(&paths);
    return mkdtemp(folder) ? 0 : -1;
}

int helper_end(void **state)
{
    (void)state;
    struct problem problem;
    arena_clear(&paths);
    return folder_remove(folder, &problem) == ERR_OK ? 0 : -1;
}

const char *helper_path(const char *name)
{
    return path_join(&paths, folder, name);
}

const char *helper_write(const char *name, struct str bytes)
{
    const char *path = helper_path(name);
    FILE *file = fopen(path, "wb");
    if (!file)
        fail_msg("%s: %s", path, strerror(errno));
    assert_int_equal(fwrite(bytes.text, 1, bytes.length, file), bytes.length);
    assert_int_equal(fclose(file), 0);
    return path;
}

const char *helper_write_c(const char *name, const char *text)
{
    return helper_write(name, str_from_c(text));
}

struct str helper_read(struct arena *arena, const char *path)
{
    struct str content = {"", 0};
    struct problem problem;
    assert_int_equal(file_read(arena, path, (size_t)1 << 30, &content, &problem), ERR_OK);
    return content;
}

int helper_entries(void)
{
    DIR *directory = opendir(folder);
    assert_non_null(directory);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        count += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(directory);
    return count;
}

const char *helper_shared(void)
{
    const char *named = getenv("SAMPAN_SHARED");
    const char *shared = named && named[0] ? named : SAMPAN_SOURCE_ROOT "/../shared";
    if (file_exists(shared))
        return str_copy(&paths, str_from_c(shared)).text;
    const char *required = getenv("SAMPAN_REQUIRE_SHARED");
    if (required && strcmp(required, "1") == 0)
        fail_msg("the shared data are not at %s", shared);
    print_message("skipped: the shared data are not at %s\n", shared);
    return NULL;
}

enum err helper_import(const char *file, struct buf *report, struct problem *problem)
{
    struct problem removal;
    const char *files[] = {file};
    const char *into = helper_path("set");
    assert_int_equal(folder_remove(into, &removal), ERR_OK);
    struct dataset_import_options options = {
        .files = files, .file_count = 1, .into = into, .data_folder = SAMPAN_SOURCE_ROOT "/data"};
    return dataset_import(&options, report, problem);
}

enum err helper_import_text(const char *text, struct problem *problem)
{
    struct buf report;
    buf_init(&report);
    enum err code = helper_import(helper_write_c("orders.csv", text), &report, problem);
    buf_clear(&report);
    return code;
}

static void append_row(struct buf *buf, const struct dataset *dataset,
                       const struct dataset_row *row)
{
    char date[11];
    date_format(row->day, date);
    buf_format(buf, "%u ", row->order);
    buf_append(buf, dataset_sku(dataset, row->sku).code);
    buf_format(buf, " %d %lld %lld ", row->quantity, (long long)row->unit_price_e4,
               (long long)row->value_e4);
    buf_append_c(buf, dataset_currency(dataset, row->currency).code);
    buf_append_byte(buf, ' ');
    buf_append(buf, row->country ? dataset_country(dataset, row->country) : STR("-"));
    buf_append_byte(buf, ' ');
    buf_append(buf, row->channel ? dataset_channel(dataset, row->channel) : STR("-"));
    buf_format(buf, " %s %s %d %d %d %d %s\n", dataset_kind_name((enum dataset_kind)row->kind),
               date, row->minute, row->shipped_days, row->delivered_days, row->flags,
               row->customer ? "customer" : "-");
}

void helper_rows(struct buf *buf)
{
    struct arena arena;
    arena_init(&arena);
    struct dataset *dataset;
    struct dataset_cursor *cursor;
    struct dataset_row row;
    struct problem problem;
    bool found = true;
    int64_t count = 0;
    assert_int_equal(dataset_open(&arena, helper_path("set"), &dataset, &problem), ERR_OK);
    assert_int_equal(dataset_rows_begin(&arena, dataset, &cursor, &problem), ERR_OK);
    for (;; count++) {
        assert_int_equal(dataset_rows_next(cursor, &row, &found, &problem), ERR_OK);
        if (!found)
            break;
        append_row(buf, dataset, &row);
    }
    assert_int_equal(count, dataset_summary(dataset).rows);
    dataset_rows_end(cursor);
    dataset_close(dataset);
    arena_clear(&arena);
    buf_append_byte(buf, '\0');
    buf->length--;
}

struct str helper_json(struct arena *arena)
{
    return helper_read(arena, path_join(arena, helper_path("set"), "dataset.json"));
}

int64_t helper_json_number(const char *key)
{
    struct arena arena;
    struct problem problem;
    struct json_document *document;
    struct json root;
    int64_t value = -1;
    arena_init(&arena);
    assert_int_equal(json_parse(helper_json(&arena), "set", &document, &root, &problem), ERR_OK);
    assert_int_equal(json_get_int(&root, key, 0, INT64_MAX, &value, &problem), ERR_OK);
    json_close(document);
    arena_clear(&arena);
    return value;
}

enum err helper_import_with(struct dataset_import_options options, struct problem *problem)
{
    struct buf report;
    buf_init(&report);
    enum err code = dataset_import(&options, &report, problem);
    buf_clear(&report);
    return code;
}

int helper_rounds(int normal)
{
    return getenv("SAMPAN_SOAK") ? 50 * normal : normal;
}
