/* main/run_commands: played runs put into the site from the command line. */
#ifndef MAIN_RUN_COMMANDS_H
#define MAIN_RUN_COMMANDS_H

#include "main/cli.h"

/* Opens the data folder, so no server may have it open: ERR_FILE_BUSY. Else as training_run_add. */
MUST_USE enum err cli_run_add(struct cli_call *call, struct buf *report, struct problem *problem);

#endif
