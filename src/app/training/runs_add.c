/* training: a played run copied into the site. Its folder is put in place inside the transaction
 * that enters its row: if that fails, the folder is taken away again; a folder without a row, left
 * by a power cut, is never read. */
#include <string.h>

#include "app/training/explain_figures.h"
#include "app/training/runs.h"
#include "app/training/runs_copy.h"
#include "app/training/training.h"
#include "app/training/training_queries.h"
#include "core/arena.h"
#include "core/digest.h"
#include "core/file.h"

enum { RECORD_BYTES_MAX = 32 << 20, TITLE_MAX = 200 };

struct entry {
    const struct training_run_add_options *options;
    const struct history *history;
    struct str record, folder_name;
    const char *folder; /* where it was put; NULL: nowhere yet */
    struct arena arena;
};

/* The digest of what makes a run this run: its head, and the digests of every round. */
static enum err record_digest(struct arena *arena, const char *folder, struct str *record,
                              struct problem *problem)
{
    static const char *const names[] = {"run.json", "digests.json"};
    unsigned char digest[DIGEST_BYTES];
    char hex[DIGEST_HEX_MAX];
    struct buf all;
    enum err code = ERR_OK;
    buf_init(&all);
    for (size_t i = 0; i < COUNT_OF(names) && code == ERR_OK; i++) {
        struct str content = STR("");
        code = file_read(arena, path_join(arena, folder, names[i]), RECORD_BYTES_MAX, &content,
                         problem);
        buf_append(&all, content);
    }
    digest_bytes(all.text, all.length, digest);
    digest_hex(digest, hex);
    *record = str_copy(arena, str_from_c(hex));
    buf_clear(&all);
    return code;
}

static struct str last_part(const char *path)
{
    struct str name = str_from_c(path);
    while (name.length > 1 && name.text[name.length - 1] == '/')
        name.length--;
    for (size_t i = name.length; i > 0; i--) {
        if (name.text[i - 1] == '/' && i < name.length)
            return str_slice(name, i, name.length - i);
    }
    return name;
}

/* Every round again, and every firm's points: what pages will ask for. */
static enum err sound(struct history *history, const char *folder, struct problem *problem)
{
    struct run run;
    struct score_cell cells[INDICATOR_COUNT];
    int seeds;
    TRY(run_read(&history->arena, folder, &run, problem));
    TRY(run_engine_check(&run, problem));
    if (run.worlds != 1)
        return problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT("run add"), ERR_CTEXT(folder),
                           ERR_KEY(N_("it has several worlds; pages show runs of one world")));
    TRY(history_read(history, folder, 0, 0, 1, problem));
    for (int f = 0; f < run.firms; f++)
        TRY(score_read(folder, 0, f, run.rounds, cells, &seeds, problem));
    return ERR_OK;
}

static enum err enter(struct store_write *write, void *context, struct problem *problem)
{
    struct entry *entry = context;
    const struct run *run = &entry->history->run;
    const struct market_rules *rules = &entry->history->play.rules;
    struct run_by_record_row same;
    bool found = false;
    int64_t tenant;
    TRY(people_organisation_find(write->read, entry->options->organisation, &tenant, problem));
    TRY(run_by_record(write->read, &entry->arena, tenant, entry->record, &same, &found, problem));
    if (found) {
        problem_set0(problem, ERR_FILE_EXISTS);
        return problem_place(problem, "%s", same.title.text);
    }
    int64_t id = store_id_new(write);
    TRY(run_insert(write, tenant, id, entry->options->title, entry->folder_name, entry->record,
                   str_from_c(rules->id), str_from_c(rules->name_en), str_from_c(rules->name_zh),
                   entry->history->scenario.invented, str_from_c(run->commitment),
                   run->engine_version, rules->level, run->rounds, rules->round_days, run->firms,
                   rules->start_date, entry->options->now_ms, problem));
    const char *runs = path_join(&entry->arena, store_folder(write->store), "runs");
    TRY(folder_make(runs, problem));
    const char *folder = runs_folder(&entry->arena, write->store, id);
    TRY(runs_copy(entry->options->run, folder, problem));
    entry->folder = folder;
    return ERR_OK;
}

static enum err add(struct store *store, struct entry *entry, struct history *history,
                    struct problem *problem)
{
    struct problem ignored;
    struct str title = entry->options->title;
    if (title.length == 0 || title.length > TITLE_MAX || !str_is_utf8(title))
        return problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT("--title"), ERR_TEXT(title),
                           ERR_KEY(N_("a title has 1 to 200 bytes")));
    TRY(sound(history, entry->options->run, problem));
    TRY(record_digest(&entry->arena, entry->options->run, &entry->record, problem));
    entry->folder_name = last_part(entry->options->run);
    enum err code = store_write_now(store, enter, entry, problem);
    if (code != ERR_OK && entry->folder != NULL && folder_remove(entry->folder, &ignored) != ERR_OK)
        return code; /* a folder without a row is never read */
    return code;
}

enum err training_run_add(struct store *store, const struct training_run_add_options *options,
                          struct buf *report, struct problem *problem)
{
    struct history history;
    struct entry entry = {.options = options, .history = &history};
    history_init(&history);
    arena_init(&entry.arena);
    enum err code = add(store, &entry, &history, problem);
    if (code == ERR_OK) {
        text_put(report, options->lang, N_("Added: {0}"), ERR_TEXT(options->title));
        buf_append_byte(report, '\n');
    }
    arena_clear(&entry.arena);
    history_clear(&history);
    return code;
}
