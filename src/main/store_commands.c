#include "main/store_commands.h"

#include "core/text.h"
#include "main/clock.h"
#include "main/site_schema.h"
#include "platform/store/store.h"

static struct store_options options_of(struct cli_call *call)
{
    return (struct store_options){.folder = cli_text(call, "--data"),
                                  .migrations = site_migrations,
                                  .migration_count = site_migration_count,
                                  .readers = 1,
                                  .now_ms = clock_now_ms};
}

static enum err say(struct cli_call *call, struct buf *report, const char *key, const char *file)
{
    text_put(report, call->lang, key, ERR_CTEXT(file));
    buf_append_byte(report, '\n');
    return ERR_OK;
}

enum err cli_backup(struct cli_call *call, struct buf *report, struct problem *problem)
{
    const struct store_options options = options_of(call);
    const char *file = call->arguments[0];
    if (cli_value(call, "--whole")->given) {
        TRY(store_archive_folder(&options, file, problem));
        return say(call, report, N_("The whole site is in {0}."), file);
    }
    TRY(store_backup_folder(&options, file, problem));
    return say(call, report, N_("The database is in {0}; files are not part of it (--whole)."),
               file);
}

enum err cli_restore(struct cli_call *call, struct buf *report, struct problem *problem)
{
    const struct store_options options = options_of(call);
    TRY(store_restore(&options, call->arguments[0], problem));
    return say(call, report,
               N_("{0} was put in place; a database that was there is kept beside it."),
               call->arguments[0]);
}
