/* The import command: files in, a data set folder out, or nothing. */
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#include "app/datasets/datasets.h"
#include "app/datasets/intake.h"
#include "app/datasets/lock.h"
#include "app/datasets/report.h"
#include "app/datasets/store.h"
#include "app/datasets/table.h"
#include "core/arena.h"
#include "core/file.h"

enum { RULES_FILES_MAX = 4, ASIDE_BUFFER_BYTES = 1 << 18, RULES_BYTES_MAX = 4 << 20 };

static const char aside_header[] = "file,line,reason,column\n";

struct loaded_rules {
    const char *path;
    struct rules *rules;
};

struct importer {
    const struct dataset_import_options *options;
    struct arena *arena;   /* for the whole import */
    struct arena *scratch; /* for one file */
    const char *into;
    const char *temporary;
    const char *data_folder;
    enum input_encoding *encodings; /* per file; a wrong guess is changed and all begins again */
    bool encoding_named;
    bool again;
    struct rules_countries countries;
    struct loaded_rules rules[RULES_FILES_MAX];
    size_t rules_count;
    struct tally tally;
    struct intake_shared shared;
    struct store_writer store;
    struct writer aside;
    struct buf aside_line;
    struct table table;
    struct progress *progress;
    int64_t bytes_before; /* of the files that are done */
};

/* ---- what the intake gives ---- */

static enum err put_row(void *context, const struct dataset_row *row, struct problem *problem)
{
    struct importer *importer = context;
    return store_writer_put(&importer->store, row, problem);
}

static enum err put_aside(void *context, uint32_t file, int64_t line, enum aside reason,
                          const char *column, struct problem *problem)
{
    struct importer *importer = context;
    struct buf *buf = &importer->aside_line;
    buf_reset(buf);
    csv_append_field(buf, importer->tally.files[file].name, ',');
    buf_append_byte(buf, ',');
    buf_append_int64(buf, line);
    buf_append_byte(buf, ',');
    buf_append_c(buf, tally_aside_name(reason));
    buf_append_byte(buf, ',');
    csv_append_field(buf, str_from_c(column), ',');
    buf_append_byte(buf, '\n');
    return writer_put(&importer->aside, buf_str(buf), problem);
}

static enum err pause(void *context, struct problem *problem)
{
    struct importer *importer = context;
    progress_set(importer->progress,
                 importer->bytes_before + input_bytes_taken(importer->table.input));
    return interrupt_asked() ? problem_set0(problem, ERR_INTERRUPTED) : ERR_OK;
}

/* ---- one file ---- */

static enum err load_rules(struct importer *importer, const struct format *format, uint16_t *number,
                           struct problem *problem)
{
    const char *path = importer->options->rules;
    if (!path)
        path = str_format(importer->arena, "%s/import/rules-%s.json", importer->data_folder,
                          format->rules)
                   .text;
    for (size_t i = 0; i < importer->rules_count; i++) {
        if (strcmp(importer->rules[i].path, path) == 0) {
            *number = (uint16_t)(i + 1);
            return ERR_OK;
        }
    }
    struct str text;
    struct rules *rules;
    TRY(file_read(importer->arena, path, RULES_BYTES_MAX, &text, problem));
    TRY(rules_parse(importer->arena, text, path, &rules, problem));
    importer->rules[importer->rules_count++] = (struct loaded_rules){path, rules};
    *number = (uint16_t)importer->rules_count;
    return ERR_OK;
}

static enum err check_share_of_bad_rows(const struct tally_file *file, struct problem *problem)
{
    int64_t bad = tally_aside_rows(file) - file->aside[ASIDE_TWIN].rows;
    if (bad * 2 <= file->rows)
        return ERR_OK;
    *problem = file->first_bad;
    return problem->code;
}

static enum err import_table(struct importer *importer, size_t file, struct problem *problem)
{
    struct arena *arena = importer->scratch;
    struct table *table = &importer->table;
    struct tally_file *tally = &importer->tally.files[file];
    struct table_place place = {.path = importer->options->files[file]};
    TRY(table_open(arena, place, importer->encodings[file], table, problem));
    uint16_t number;
    TRY(load_rules(importer, table->map.format, &number, problem));
    const struct rules *rules = importer->rules[number - 1].rules;
    tally->format = table->map.format->id;
    tally->rules = rules->id;
    tally->rules_revision = rules->revision;
    tally->packing = unpack_kind_name(input_packing(table->input));
    struct intake *intake = intake_begin(arena, &importer->shared, table->csv, &table->header,
                                         &table->map, rules, number, (uint32_t)file);
    TRY(intake_run(intake, problem));
    tally->encoding = input_encoding_name(importer->encodings[file]);
    tally->encoding_named = importer->encoding_named;
    tally->had_mark = input_had_mark(table->input);
    tally->bytes = input_bytes_given(table->input);
    return check_share_of_bad_rows(tally, problem);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static enum err import_file(struct importer *importer, size_t file, struct problem *problem)
{
    importer->tally.files[file].name = str_from_c(base_name(importer->options->files[file]));
    enum err code = import_table(importer, file, problem);
    struct input *input = importer->table.input;
    if (input) {
        if (code == ERR_ENCODING_BROKEN && input_not_utf8(input)) {
            importer->encodings[file] = INPUT_GB18030_GUESSED;
            importer->again = true;
        }
        importer->bytes_before += input_bytes_taken(input);
    }
    table_close(&importer->table);
    arena_clear(importer->scratch);
    /* The place is the file, and the line when one is known. */
    if (code != ERR_OK && (problem->place[0] == 0 || problem->place[0] == ':')) {
        char line[PROBLEM_PLACE_MAX];
        memcpy(line, problem->place, sizeof(line));
        problem_place(problem, "%s%s", importer->options->files[file], line);
    }
    return code;
}

/* ---- the folder ---- */

static enum err write_key(struct importer *importer, struct problem *problem)
{
    struct writer writer;
    randombytes_buf(importer->shared.key, sizeof(importer->shared.key));
    enum err code = writer_open(&writer, importer->arena,
                                path_join(importer->arena, importer->temporary, "customer.key"),
                                0600, INTAKE_KEY_BYTES, problem);
    if (code == ERR_OK)
        code = writer_put(
            &writer, (struct str){(const char *)importer->shared.key, sizeof(importer->shared.key)},
            problem);
    if (code == ERR_OK)
        code = writer_finish(&writer, problem);
    writer_drop(&writer);
    return code;
}

static enum err open_folder(struct importer *importer, struct problem *problem)
{
    struct arena *arena = importer->arena;
    TRY(folder_remove(importer->temporary, problem));
    TRY(folder_make(importer->temporary, problem));
    TRY(write_key(importer, problem));
    TRY(store_writer_open(&importer->store, arena,
                          path_join(arena, importer->temporary, "rows.bin"), problem));
    TRY(writer_open(&importer->aside, arena, path_join(arena, importer->temporary, "set-aside.csv"),
                    0644, ASIDE_BUFFER_BYTES, problem));
    TRY(writer_put(&importer->aside, str_from_c(aside_header), problem));
    unsigned char key[REOPENED_KEY_BYTES];
    randombytes_buf(key, sizeof(key));
    return reopened_begin(arena, importer->temporary, key, 0, &importer->shared.reopened, problem);
}

static enum err finish_folder(struct importer *importer, struct buf *json, struct problem *problem)
{
    struct arena *arena = importer->arena;
    TRY(reopened_count(importer->shared.reopened, importer->scratch, &importer->tally.reopened,
                       problem));
    reopened_end(importer->shared.reopened);
    arena_clear(importer->scratch);
    TRY(store_writer_finish(&importer->store, problem));
    TRY(writer_finish(&importer->aside, problem));
    struct store_facts facts = {.rows = importer->store.rows,
                                .orders = importer->shared.next_order,
                                .day_first = importer->tally.day_first,
                                .day_last = importer->tally.day_last};
    memcpy(facts.digest, importer->store.chain, DIGEST_BYTES);
    TRY(store_dictionaries_write(path_join(arena, importer->temporary, "dictionaries.bin"),
                                 &importer->shared.skus, &importer->shared.countries,
                                 &importer->shared.channels, &importer->shared.currencies, &facts,
                                 problem));
    char hex[DIGEST_HEX_MAX];
    digest_hex(facts.digest, hex);
    report_write_json(json, &importer->shared, facts.rows, hex);
    return file_write_atomic(path_join(arena, importer->temporary, "dataset.json"), buf_str(json),
                             0644, problem);
}

static enum err print_json(struct str json, enum lang lang, struct buf *report,
                           struct problem *problem)
{
    struct json_document *document;
    struct json root;
    TRY(json_parse(json, "dataset.json", &document, &root, problem));
    enum err code = report_print(&root, lang, report, problem);
    json_close(document);
    return code;
}

static enum err import_files(struct importer *importer, struct problem *problem)
{
    for (size_t i = 0; i < importer->options->file_count; i++)
        TRY(import_file(importer, i, problem));
    if (importer->store.rows == 0) {
        problem_set0(problem, ERR_DATA_EMPTY);
        return problem_place(problem, "%s", importer->options->files[0]);
    }
    return ERR_OK;
}

/* The order matters: nothing has the final name before all of it is written and synced. */
static enum err fill_folder(struct importer *importer, struct buf *report, struct problem *problem)
{
    struct buf json;
    TRY(open_folder(importer, problem));
    TRY(import_files(importer, problem));
    buf_init(&json);
    enum err code = finish_folder(importer, &json, problem);
    if (code == ERR_OK)
        code = print_json(buf_str(&json), importer->options->lang, report, problem);
    if (code == ERR_OK && interrupt_asked())
        code = problem_set0(problem, ERR_INTERRUPTED);
    if (code == ERR_OK)
        code = folder_publish(importer->temporary, importer->into, problem);
    buf_clear(&json);
    return code;
}

static enum err load_countries(struct importer *importer, struct problem *problem)
{
    const char *path =
        str_format(importer->arena, "%s/import/countries.json", importer->data_folder).text;
    struct str text;
    TRY(file_read(importer->arena, path, RULES_BYTES_MAX, &text, problem));
    return rules_countries_parse(importer->arena, text, path, &importer->countries, problem);
}

/* One attempt from the first file on. */
static enum err attempt_import(struct importer *importer, struct buf *report,
                               struct problem *problem)
{
    struct arena_mark mark = arena_mark_get(importer->arena);
    importer->again = false;
    importer->rules_count = 0;
    importer->bytes_before = 0;
    importer->store.file.file = -1;
    importer->aside = (struct writer){.file = -1};
    tally_init(&importer->tally, importer->arena, importer->options->file_count);
    intake_shared_init(&importer->shared, importer->arena, &importer->tally, &importer->countries);
    importer->shared.context = importer;
    importer->shared.put_row = put_row;
    importer->shared.put_aside = put_aside;
    importer->shared.pause = pause;
    enum err code = fill_folder(importer, report, problem);
    reopened_end(importer->shared.reopened);
    writer_drop(&importer->store.file);
    writer_drop(&importer->aside);
    sodium_memzero(importer->shared.key, sizeof(importer->shared.key));
    arena_rewind(importer->arena, mark);
    return code;
}

static int64_t total_bytes(const struct dataset_import_options *options)
{
    int64_t total = 0;
    for (size_t i = 0; i < options->file_count; i++) {
        struct stat status;
        if (stat(options->files[i], &status) == 0)
            total += status.st_size;
    }
    return total;
}

static enum err run(struct importer *importer, struct buf *report, struct problem *problem)
{
    const struct dataset_import_options *options = importer->options;
    if (file_exists(importer->into)) {
        problem_set0(problem, ERR_FILE_EXISTS);
        return problem_place(problem, "%s", importer->into);
    }
    importer->data_folder = options->data_folder;
    if (!importer->data_folder)
        TRY(data_folder_find(importer->arena, &importer->data_folder, problem));
    TRY(load_countries(importer, problem));
    enum err code;
    do
        code = attempt_import(importer, report, problem);
    while (importer->again);
    if (code == ERR_OK)
        return ERR_OK;
    struct problem removal;
    if (folder_remove(importer->temporary, &removal) != ERR_OK)
        (void)0; /* the first problem is the one to tell; the next import tries again */
    return code;
}

/* The name without slashes at its end, and its folder's part with the slash. */
static const char *clean_path(struct arena *arena, const char *path, struct str *folder,
                              struct str *name)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    struct str clean = str_copy(arena, (struct str){path, length});
    size_t at = length;
    while (at > 0 && clean.text[at - 1] != '/')
        at--;
    *folder = str_slice(clean, 0, at);
    *name = str_slice(clean, at, length - at);
    return clean.text;
}

static enum err prepare(struct importer *importer, struct problem *problem)
{
    const struct dataset_import_options *options = importer->options;
    if (options->file_count == 0)
        return problem_set(problem, ERR_OPTION_MISSING, ERR_CTEXT("FILE"), ERR_CTEXT("import"));
    if (options->file_count > DATASET_FILES_MAX)
        return problem_set(problem, ERR_LIST_TOO_LONG, ERR_INT((int64_t)options->file_count),
                           ERR_INT(DATASET_FILES_MAX));
    enum input_encoding encoding = INPUT_UTF8_GUESSED;
    if (options->encoding)
        TRY(input_encoding_from_name(options->encoding, &encoding, problem));
    importer->encoding_named = options->encoding != NULL;
    importer->encodings = ARENA_ARRAY(importer->arena, enum input_encoding, options->file_count);
    for (size_t i = 0; i < options->file_count; i++)
        importer->encodings[i] = encoding;
    if (sodium_init() < 0)
        return problem_set(problem, ERR_INTERNAL, ERR_CTEXT("sodium_init"));
    return ERR_OK;
}

static enum err import_locked(struct importer *importer, struct buf *report,
                              struct problem *problem)
{
    struct str folder;
    struct str name;
    struct lock lock;
    importer->into = clean_path(importer->arena, importer->options->into, &folder, &name);
    if (name.length == 0)
        return problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT("--into"),
                           ERR_CTEXT(importer->options->into), ERR_CTEXT("a new folder"));
    const char *lock_path = str_format(importer->arena, "%.*s.%.*s.lock", (int)folder.length,
                                       folder.text, (int)name.length, name.text)
                                .text;
    importer->temporary = str_format(importer->arena, "%.*s.%.*s.importing", (int)folder.length,
                                     folder.text, (int)name.length, name.text)
                              .text;
    TRY(lock_take(&lock, lock_path, problem));
    importer->progress = progress_begin(text_get(importer->options->lang, N_("Reading the orders")),
                                        total_bytes(importer->options));
    enum err code = run(importer, report, problem);
    progress_end(importer->progress);
    lock_release(&lock);
    return code;
}

enum err dataset_import(const struct dataset_import_options *options, struct buf *report,
                        struct problem *problem)
{
    struct arena arena;
    struct arena scratch;
    arena_init(&arena);
    arena_init(&scratch);
    struct importer *importer = ARENA_NEW(&arena, struct importer);
    importer->options = options;
    importer->arena = &arena;
    importer->scratch = &scratch;
    buf_init(&importer->aside_line);
    enum err code = prepare(importer, problem);
    if (code == ERR_OK)
        code = import_locked(importer, report, problem);
    buf_clear(&importer->aside_line);
    arena_clear(&scratch);
    arena_clear(&arena);
    return code;
}

enum err dataset_show(const char *folder, enum lang lang, struct buf *report,
                      struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    const char *path = path_join(&arena, folder, "dataset.json");
    enum err code = ERR_OK;
    if (file_exists(folder) && !file_exists(path)) {
        problem_set0(problem, ERR_FILE_NOT_OURS);
        code = problem_place(problem, "%s", folder);
    }
    struct str json = {"", 0};
    if (code == ERR_OK)
        code = file_read(&arena, path, RULES_BYTES_MAX, &json, problem);
    if (code == ERR_OK)
        code = print_json(json, lang, report, problem);
    arena_clear(&arena);
    return code;
}
