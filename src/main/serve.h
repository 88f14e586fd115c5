/* main/serve: the command `sampan serve`. */
#ifndef MAIN_SERVE_H
#define MAIN_SERVE_H

#include "main/cli.h"

/* Opens the data folder, serves until SIGINT or SIGTERM, answers what runs, closes. Prints the
 * address when requests are taken. ERR_OPTION_VALUE, ERR_LISTEN and the store's. */
MUST_USE enum err cli_serve(struct cli_call *call, struct buf *report, struct problem *problem);

#endif
