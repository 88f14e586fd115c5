/* main/commands: from the words of a command to the options of its room's function. Each fills
 * `report` with what is to be printed.
 */
#ifndef MAIN_COMMANDS_H
#define MAIN_COMMANDS_H

#include "main/cli.h"

MUST_USE enum err cli_import(struct cli_call *call, struct buf *report, struct problem *problem);
MUST_USE enum err cli_dataset_show(struct cli_call *call, struct buf *report,
                                   struct problem *problem);
MUST_USE enum err cli_calibrate(struct cli_call *call, struct buf *report, struct problem *problem);
MUST_USE enum err cli_scenario_show(struct cli_call *call, struct buf *report,
                                    struct problem *problem);
MUST_USE enum err cli_scenario_check(struct cli_call *call, struct buf *report,
                                     struct problem *problem);
MUST_USE enum err cli_balance(struct cli_call *call, struct buf *report, struct problem *problem);
MUST_USE enum err cli_simulate(struct cli_call *call, struct buf *report, struct problem *problem);
MUST_USE enum err cli_explain(struct cli_call *call, struct buf *report, struct problem *problem);
MUST_USE enum err cli_compare(struct cli_call *call, struct buf *report, struct problem *problem);
MUST_USE enum err cli_replay(struct cli_call *call, struct buf *report, struct problem *problem);
MUST_USE enum err cli_orders(struct cli_call *call, struct buf *report, struct problem *problem);
MUST_USE enum err cli_quote(struct cli_call *call, struct buf *report, struct problem *problem);

#endif
