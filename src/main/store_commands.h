/* main/store_commands: a site's data copied and put back from the command line. */
#ifndef MAIN_STORE_COMMANDS_H
#define MAIN_STORE_COMMANDS_H

#include "main/cli.h"

/* A server may have the folder open. */
MUST_USE enum err cli_backup(struct cli_call *call, struct buf *report, struct problem *problem);
/* No server may have it open: ERR_FILE_BUSY. */
MUST_USE enum err cli_restore(struct cli_call *call, struct buf *report, struct problem *problem);

#endif
