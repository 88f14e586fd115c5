#include "main/run_commands.h"

#include "app/training/training.h"
#include "main/clock.h"
#include "main/site_schema.h"
#include "platform/store/store.h"

enum err cli_run_add(struct cli_call *call, struct buf *report, struct problem *problem)
{
    struct store *store;
    const struct store_options options = {.folder = cli_text(call, "--data"),
                                          .migrations = site_migrations,
                                          .migration_count = site_migration_count,
                                          .readers = 2,
                                          .now_ms = clock_now_ms};
    const struct training_run_add_options add = {.run = call->arguments[0],
                                                 .organisation =
                                                     str_from_c(cli_text(call, "--organisation")),
                                                 .title = str_from_c(cli_text(call, "--title")),
                                                 .now_ms = clock_now_ms(NULL),
                                                 .lang = call->lang};
    TRY(store_open(&options, &store, problem));
    enum err code = training_run_add(store, &add, report, problem);
    store_close(store);
    return code;
}
