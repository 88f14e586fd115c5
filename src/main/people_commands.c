#include "main/people_commands.h"

#include <sodium.h>
#include <string.h>

#include "app/people/people.h"
#include "core/arena.h"
#include "core/file.h"
#include "core/text.h"
#include "main/clock.h"
#include "main/site_schema.h"
#include "platform/store/store.h"

enum { PASSWORD_GROUPS = 4, PASSWORD_GROUP = 4, PASSWORD_FILE_MAX = 1024 };

static enum err folder_open(struct cli_call *call, struct store **store, struct problem *problem)
{
    struct store_options options = {.folder = cli_text(call, "--data"),
                                    .migrations = site_migrations,
                                    .migration_count = site_migration_count,
                                    .readers = 2,
                                    .now_ms = clock_now_ms};
    return store_open(&options, store, problem);
}

/* ---- organisations ---- */

static enum err organisation_work(struct store_write *write, void *context, struct problem *problem)
{
    int64_t id;
    return people_organisation_add(write, context, &id, problem);
}

enum err cli_organisation_add(struct cli_call *call, struct buf *report, struct problem *problem)
{
    struct store *store;
    const char *zh = cli_text(call, "--name-zh");
    const char *en = cli_text(call, "--name-en");
    struct people_organisation organisation = {.code = str_from_c(call->arguments[0]),
                                               .kind = str_from_c(cli_text(call, "--kind")),
                                               .name_zh = str_from_c(zh == NULL ? en : zh),
                                               .name_en = str_from_c(en == NULL ? zh : en),
                                               .zone_minutes =
                                                   (int32_t)cli_number(call, "--zone-minutes", 480),
                                               .invented = cli_value(call, "--invented")->given};
    if (zh == NULL && en == NULL)
        return problem_set(problem, ERR_OPTION_MISSING, ERR_CTEXT("--name-zh"),
                           ERR_CTEXT(call->command->name));
    TRY(folder_open(call, &store, problem));
    enum err code = store_write_now(store, organisation_work, &organisation, problem);
    store_close(store);
    TRY(code);
    text_put(report, call->lang, N_("Entered: {0}"), ERR_TEXT(organisation.code));
    buf_append_byte(report, '\n');
    return ERR_OK;
}

/* ---- people ---- */

/* Twenty bits a group, in letters and digits that are not taken for one another. */
static struct str password_random(struct arena *arena)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz23456789";
    struct buf text;
    buf_init(&text);
    for (int i = 0; i < PASSWORD_GROUPS * PASSWORD_GROUP; i++) {
        if (i > 0 && i % PASSWORD_GROUP == 0)
            buf_append_byte(&text, '-');
        buf_append_byte(&text, letters[randombytes_uniform((uint32_t)sizeof(letters) - 1)]);
    }
    struct str password = str_copy(arena, buf_str(&text));
    buf_clear(&text);
    return password;
}

struct entry {
    struct str organisation;
    struct people_person person;
    enum role role;
};

static enum err person_work(struct store_write *write, void *context, struct problem *problem)
{
    struct entry *entry = context;
    int64_t id;
    TRY(people_organisation_find(write->read, entry->organisation, &entry->person.home, problem));
    TRY(people_person_add(write, &entry->person, &id, problem));
    return people_role_add(write, entry->person.home, id, entry->role, problem);
}

static enum err password_choose(struct cli_call *call, struct arena *arena, struct str *password,
                                bool *shown, struct problem *problem)
{
    const char *file = cli_text(call, "--password-file");
    *shown = file == NULL;
    if (file == NULL) {
        *password = password_random(arena);
        return ERR_OK;
    }
    TRY(file_read(arena, file, PASSWORD_FILE_MAX, password, problem));
    *password = str_trim(*password);
    if (password->length >= PEOPLE_PASSWORD_LEAST && password->length <= PEOPLE_PASSWORD_MOST)
        return ERR_OK;
    problem_set(problem, ERR_TEXT_TOO_SHORT, ERR_INT(PEOPLE_PASSWORD_LEAST));
    return problem_place(problem, "%s", file);
}

static enum err person_enter(struct cli_call *call, struct arena *arena, struct buf *report,
                             struct problem *problem)
{
    struct store *store;
    struct str password;
    bool shown;
    char hash[PEOPLE_HASH_MAX];
    struct entry entry = {
        .organisation = str_from_c(cli_text(call, "--organisation")),
        .person = {.number = str_from_c(call->arguments[0]),
                   .name = str_from_c(cli_text(call, "--name")),
                   .must_change = !cli_value(call, "--password-stays")->given},
    };
    if (!role_from_word(str_from_c(cli_text(call, "--role")), &entry.role))
        return problem_set0(problem, ERR_NOT_FOUND); /* the table of options has checked it */
    TRY(password_choose(call, arena, &password, &shown, problem));
    if (!people_password_hash(password, hash))
        return problem_set0(problem, ERR_BUSY);
    entry.person.password_hash = str_from_c(hash);
    TRY(folder_open(call, &store, problem));
    enum err code = store_write_now(store, person_work, &entry, problem);
    store_close(store);
    TRY(code);
    if (shown)
        text_put(report, call->lang, N_("Entered: {0} at {1}, first password {2}"),
                 ERR_TEXT(entry.person.number), ERR_TEXT(entry.organisation), ERR_TEXT(password));
    else
        text_put(report, call->lang, N_("Entered: {0}"), ERR_TEXT(entry.person.number));
    buf_append_byte(report, '\n');
    return ERR_OK;
}

enum err cli_person_add(struct cli_call *call, struct buf *report, struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    enum err code = person_enter(call, &arena, report, problem);
    arena_clear(&arena);
    return code;
}
