/* main/cli: what the commands of `sampan` share: options by table, help, languages, exit codes.
 *
 * A command is a row of the table in src/main.c. Options are "--name value", "--name=value" or a
 * bare flag; they may stand before and after the arguments; "--" ends them. Every command also
 * takes
 * --lang en|zh and --help. Exit codes: 0 done, 1 failed, 2 not understood.
 */
#ifndef MAIN_CLI_H
#define MAIN_CLI_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "core/text.h"

enum {
    CLI_OPTIONS_MAX = 16,
    CLI_COMMANDS_MAX = 32,
    CLI_ARGUMENTS_MAX = 1000,
    CLI_EXIT_FAILED = 1,
    CLI_EXIT_USAGE = 2
};

enum cli_kind {
    CLI_TEXT,
    CLI_INT,    /* least .. most */
    CLI_DATE,   /* 2026-03-31 */
    CLI_DAY,    /* a whole number from 0, or a date */
    CLI_FIRM,   /* F1 or 1; the value is 0-based */
    CLI_MONEY,  /* a decimal text, checked later against a currency */
    CLI_CHOICE, /* one of `choices` */
    CLI_FLAG,   /* stands alone */
};

struct cli_option {
    const char *name; /* "--out" */
    enum cli_kind kind;
    bool required;
    const char *shown;   /* name of the value in help: N_("FOLDER"); NULL for flags */
    int64_t least, most; /* CLI_INT */
    const char *choices; /* CLI_CHOICE: "tidy, shopify, amazon" */
    const char *help;    /* English text key */
};

struct cli_value {
    bool given;
    bool is_date; /* CLI_DAY */
    const char *text;
    int64_t number; /* CLI_INT, CLI_DATE, CLI_DAY, CLI_FIRM; CLI_CHOICE: index */
};

struct cli_command;

/* One call of a command, checked against its table. */
struct cli_call {
    const struct cli_command *command;
    enum lang lang;
    int32_t today; /* date, days since 1970-01-01 */
    int argument_count;
    const char *arguments[CLI_ARGUMENTS_MAX];
    struct cli_value values[CLI_OPTIONS_MAX]; /* by index of the command's options */
    bool help;                                /* --help was given */
    bool report_to_errors; /* set by the command: standard output bears something else */
};

struct cli_command {
    const char *name;      /* "simulate", "dataset show" */
    const char *arguments; /* N_("FILE..."), or "" */
    int arguments_least, arguments_most;
    const char *summary; /* English text key, one line */
    const char *details; /* English text key, or NULL */
    const struct cli_option *options;
    int option_count;
    enum err (*run)(struct cli_call *call, struct buf *report, struct problem *problem);
};

/* The language of --lang anywhere among the words, else of LC_ALL, LC_MESSAGES, LANG. */
enum lang cli_lang(int word_count, const char *const *words);
/* The command the words name ("dataset" "show" is one) and how many words its name has.
 * ERR_COMMAND_UNKNOWN with the nearest. `words` do not include the program's name. */
MUST_USE enum err cli_command_find(const struct cli_command *commands, int command_count,
                                   int word_count, const char *const *words,
                                   const struct cli_command **command, int *name_words,
                                   struct problem *problem);
/* Fill `call` from the words behind the command's name.
 * ERR_OPTION_UNKNOWN (with the nearest), ERR_OPTION_MISSING, ERR_OPTION_VALUE, ERR_FIELD_TWICE,
 * ERR_USAGE (an argument too many). */
MUST_USE enum err cli_parse(const struct cli_command *command, int word_count,
                            const char *const *words, struct cli_call *call,
                            struct problem *problem);
/* Value of an option by its name; a mistaken name is a mistake of ours (assert). */
const struct cli_value *cli_value(const struct cli_call *call, const char *name);
const char *cli_text(const struct cli_call *call, const char *name); /* NULL when not given */
int64_t cli_number(const struct cli_call *call, const char *name, int64_t otherwise);

/* "F1" or "1" as 0; false on anything else. */
bool cli_firm_read(const char *text, int64_t *firm);

/* Texts of `sampan help` and `sampan help COMMAND`. */
void cli_help_all(struct buf *text, enum lang lang, const struct cli_command *commands,
                  int command_count);
void cli_help_one(struct buf *text, enum lang lang, const struct cli_command *command);
/* 0, CLI_EXIT_FAILED or CLI_EXIT_USAGE. */
int cli_exit_code(enum err code);

#endif
