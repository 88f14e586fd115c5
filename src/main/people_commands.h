/* main/people_commands: organisations and people entered from the command line. */
#ifndef MAIN_PEOPLE_COMMANDS_H
#define MAIN_PEOPLE_COMMANDS_H

#include "main/cli.h"

/* Both open the data folder, so no server may have it open: ERR_FILE_BUSY. */
MUST_USE enum err cli_organisation_add(struct cli_call *call, struct buf *report,
                                       struct problem *problem);
/* Prints the first password, which is random unless --password-file names one. */
MUST_USE enum err cli_person_add(struct cli_call *call, struct buf *report,
                                 struct problem *problem);

#endif
