/* sampan: the commands. Each row says what a command takes; main/commands.c hands it to its room.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/date.h"
#include "core/file.h"
#include "engine/market/rules.h"
#include "main/cli.h"
#include "main/clock.h"
#include "main/commands.h"
#include "main/data_files.h"
#include "main/people_commands.h"
#include "main/run_commands.h"
#include "main/serve.h"
#include "main/store_commands.h"

#define OPTIONS(options) options, (int)COUNT_OF(options)

static const struct cli_option import_options[] = {
    {"--into", CLI_TEXT, true, N_("DATASET"), 0, 0, NULL, N_("folder to create for the data set")},
    {"--encoding", CLI_TEXT, false, N_("NAME"), 0, 0, NULL,
     N_("encoding of the files: utf-8 or gb18030 (else found from the bytes)")},
    {"--rules", CLI_TEXT, false, N_("FILE"), 0, 0, NULL,
     N_("rules that tell rows apart (else chosen by the header)")},
};
static const struct cli_option calibrate_options[] = {
    {"--out", CLI_TEXT, true, N_("SCENARIO"), 0, 0, NULL, N_("scenario file to write")},
    {"--until", CLI_DATE, false, N_("DATE"), 0, 0, NULL, N_("use only orders before this date")},
    {"--level", CLI_INT, false, N_("LEVEL"), 1, 2, NULL,
     N_("2: also the parts of level 2, all assumed (else 1)")},
};
static const struct cli_option simulate_options[] = {
    {"--seed", CLI_TEXT, false, N_("TEXT"), 0, 0, NULL,
     N_("any text; equal seeds give equal worlds")},
    {"--rounds", CLI_INT, false, N_("NUMBER"), 1, 208, NULL,
     N_("rounds to play (else as the scenario plans)")},
    {"--firms", CLI_INT, false, N_("NUMBER"), 1, 24, NULL,
     N_("firms in a world (else as the scenario says)")},
    {"--level", CLI_INT, false, N_("LEVEL"), 1, 3, NULL,
     N_("play at a lower level than the scenario's")},
    {"--decisions", CLI_TEXT, false, N_("FOLDER"), 0, 0, NULL,
     N_("decision files, for firms that people play")},
    {"--policies", CLI_TEXT, false, N_("LIST"), 0, 0, NULL,
     N_("who plays the firms, in turn: "
        "novice,steady,cheap,premium,air,late,over,heavy-ads,no-ads,absent")},
    {"--out", CLI_TEXT, true, N_("RUN"), 0, 0, NULL, N_("folder to create for the run")},
    {"--fork", CLI_INT, false, N_("ROUND"), 0, 208, NULL,
     N_("keep this many rounds of the run named by --from, then go on otherwise")},
    {"--from", CLI_TEXT, false, N_("RUN"), 0, 0, NULL, N_("run that a fork starts from")},
    {"--score-seeds", CLI_INT, false, N_("NUMBER"), 0, 1024, NULL,
     N_("seeds the score's yardsticks are played over; 0: no points (else 32 for one world)")},
    {"--worlds", CLI_INT, false, N_("NUMBER"), 1, 4096, NULL, N_("worlds of the run")},
    {"--threads", CLI_INT, false, N_("NUMBER"), 1, 64, NULL,
     N_("threads; the result does not depend on it")},
};
static const struct cli_option balance_options[] = {
    {"--out", CLI_TEXT, true, N_("SCENARIO"), 0, 0, NULL, N_("scenario file to write")},
    {"--level", CLI_INT, false, N_("LEVEL"), 1, 3, NULL,
     N_("balance a lower level than the scenario's")},
    {"--difficulty", CLI_CHOICE, false, N_("DIFFICULTY"), 0, 0, "easy, normal, hard",
     N_("what steady firms earn: easy, normal or hard (else normal)")},
    {"--worlds", CLI_INT, false, N_("NUMBER"), 1, 1024, NULL,
     N_("worlds of steady firms a trial (else 32)")},
    {"--threads", CLI_INT, false, N_("NUMBER"), 1, 64, NULL,
     N_("threads; the result does not depend on it")},
};
static const struct cli_option explain_options[] = {
    {"--firm", CLI_FIRM, true, N_("FIRM"), 0, 0, NULL, N_("F1, F2 ...")},
    {"--what", CLI_CHOICE, false, N_("FIGURE"), 0, 0,
     "sales, landed, profit, score, service, stock",
     N_("sales, landed, profit, score, service or stock (else sales)")},
    {"--listing", CLI_TEXT, false, N_("LISTING"), 0, 0, NULL,
     N_("product/market/channel, as far as it is needed; for sales and landed")},
    {"--day", CLI_DAY, false, N_("DAY"), 0, 0, NULL,
     N_("day of the world from 0, or a date; for sales")},
    {"--round", CLI_INT, false, N_("NUMBER"), 1, 208, NULL,
     N_("round, not for sales (else the run, or its last round)")},
    {"--units", CLI_INT, false, N_("NUMBER"), 1, 1000000, NULL,
     N_("for landed: units of the lot (else as ordered last)")},
    {"--world", CLI_INT, false, N_("NUMBER"), 1, 4096, NULL, N_("world of the run, from 1")},
};
static const struct cli_option compare_options[] = {
    {"--firm", CLI_FIRM, false, N_("FIRM"), 0, 0, NULL,
     N_("firm of both runs, when two runs are compared: F1, F2 ...")},
    {"--rounds", CLI_INT, false, N_("NUMBER"), 1, 208, NULL,
     N_("compare the first rounds only (else all that both played)")},
    {"--world", CLI_INT, false, N_("NUMBER"), 1, 4096, NULL, N_("world of the run, from 1")},
};
static const struct cli_option replay_options[] = {
    {"--threads", CLI_INT, false, N_("NUMBER"), 1, 64, NULL,
     N_("threads; the result does not depend on it")},
};
static const struct cli_option orders_options[] = {
    {"--format", CLI_CHOICE, true, N_("FORMAT"), 0, 0, "tidy, shopify, amazon",
     N_("tidy, shopify or amazon")},
    {"--firm", CLI_FIRM, false, N_("FIRM"), 0, 0, NULL, N_("orders of one firm (else of all)")},
    {"--world", CLI_INT, false, N_("NUMBER"), 1, 4096, NULL, N_("world of the run, from 1")},
    {"--out", CLI_TEXT, false, N_("FILE"), 0, 0, NULL, N_("file to write (else standard output)")},
};
static const struct cli_option quote_options[] = {
    {"--market", CLI_TEXT, true, N_("COUNTRY"), 0, 0, NULL,
     N_("country the goods enter: GB, DE ...")},
    {"--hs6", CLI_TEXT, true, N_("CLASS"), 0, 0, NULL, N_("six digits of the Harmonized System")},
    {"--value", CLI_MONEY, true, N_("AMOUNT"), 0, 0, NULL, N_("value of all the goods")},
    {"--units", CLI_INT, false, N_("NUMBER"), 1, 1000000, NULL, N_("pieces (else 1)")},
    {"--freight", CLI_MONEY, false, N_("AMOUNT"), 0, 0, NULL, N_("freight (else 0)")},
    {"--insurance", CLI_MONEY, false, N_("AMOUNT"), 0, 0, NULL, N_("insurance (else 0)")},
    {"--origin", CLI_TEXT, false, N_("COUNTRY"), 0, 0, NULL, N_("country of origin (else CN)")},
    {"--mode", CLI_CHOICE, false, N_("MODE"), 0, 0, "parcel, freight",
     N_("parcel to a buyer, or freight to stock abroad (else parcel)")},
    {"--currency", CLI_TEXT, false, N_("CURRENCY"), 0, 0, NULL,
     N_("currency of the amounts (else the market's)")},
    {"--date", CLI_DATE, false, N_("DATE"), 0, 0, NULL, N_("day of entry (else today)")},
};

static const struct cli_option serve_options[] = {
    {"--data", CLI_TEXT, true, N_("FOLDER"), 0, 0, NULL,
     N_("folder of the site's database and files (made when missing)")},
    {"--listen", CLI_TEXT, false, N_("ADDRESS:PORT"), 0, 0, NULL,
     N_("where requests are taken (else 127.0.0.1:8080; 0.0.0.0:8080 for all in the network)")},
    {"--prefix", CLI_TEXT, false, N_("PATH"), 0, 0, NULL,
     N_("path in front of every address, when a proxy serves others too: /sampan")},
    {"--trusted-proxy", CLI_TEXT, false, N_("ADDRESS"), 0, 0, NULL,
     N_("address of the proxy whose X-Forwarded headers are believed")},
    {"--qr", CLI_FLAG, false, NULL, 0, 0, NULL, N_("show the address as a QR code, for phones")},
};

static const struct cli_option organisation_options[] = {
    {"--data", CLI_TEXT, true, N_("FOLDER"), 0, 0, NULL, N_("the site's data folder")},
    {"--kind", CLI_CHOICE, true, N_("KIND"), 0, 0, "college, enterprise, institute, contest",
     N_("college, enterprise, institute or contest")},
    {"--name-zh", CLI_TEXT, false, N_("NAME"), 0, 0, NULL, N_("name in Chinese")},
    {"--name-en", CLI_TEXT, false, N_("NAME"), 0, 0, NULL, N_("name in English")},
    {"--zone-minutes", CLI_INT, false, N_("NUMBER"), -720, 840, NULL,
     N_("its clock, minutes east of UTC (else 480)")},
    {"--invented", CLI_FLAG, false, NULL, 0, 0, NULL,
     N_("it belongs to a demonstration; its pages say so")},
};
static const struct cli_option person_options[] = {
    {"--data", CLI_TEXT, true, N_("FOLDER"), 0, 0, NULL, N_("the site's data folder")},
    {"--organisation", CLI_TEXT, true, N_("CODE"), 0, 0, NULL,
     N_("short name of the person's organisation")},
    {"--name", CLI_TEXT, true, N_("NAME"), 0, 0, NULL, N_("name as it is written")},
    {"--role", CLI_CHOICE, true, N_("ROLE"), 0, 0,
     "student, teacher, programme_head, dean, mentor, manager, researcher, expert, administrator, "
     "auditor, organiser",
     N_("what the person is there")},
    {"--password-file", CLI_TEXT, false, N_("FILE"), 0, 0, NULL,
     N_("file that holds the first password (else a random one is shown)")},
    {"--password-stays", CLI_FLAG, false, NULL, 0, 0, NULL,
     N_("it need not be changed at the first sign-in; for demonstrations")},
};

static const struct cli_option backup_options[] = {
    {"--data", CLI_TEXT, true, N_("FOLDER"), 0, 0, NULL, N_("the site's data folder")},
    {"--whole", CLI_FLAG, false, NULL, 0, 0, NULL,
     N_("with the files, as one archive that can be put back anywhere")},
};
static const struct cli_option restore_options[] = {
    {"--data", CLI_TEXT, true, N_("FOLDER"), 0, 0, NULL, N_("the site's data folder")},
};

static const struct cli_option run_add_options[] = {
    {"--data", CLI_TEXT, true, N_("FOLDER"), 0, 0, NULL, N_("the site's data folder")},
    {"--organisation", CLI_TEXT, true, N_("CODE"), 0, 0, NULL,
     N_("short name of the organisation that may look at it")},
    {"--title", CLI_TEXT, true, N_("TEXT"), 0, 0, NULL, N_("what the run is called in the site")},
};

static enum err run_help(struct cli_call *call, struct buf *report, struct problem *problem);
static enum err run_version(struct cli_call *call, struct buf *report, struct problem *problem);

static const struct cli_command commands[] = {
    {"import", N_("FILE..."), 1, CLI_ARGUMENTS_MAX,
     N_("read order files into a data set, with a report of their quality"),
     N_("Reads tidy CSV, UCI Online Retail, Shopify and Amazon order files; plain, gzip or zstd."),
     OPTIONS(import_options), cli_import},
    {"dataset show", N_("DATASET"), 1, 1, N_("show the quality report of a data set again"), NULL,
     NULL, 0, cli_dataset_show},
    {"calibrate", N_("DATASET"), 1, 1, N_("make a scenario of a data set"),
     N_("Every parameter is printed as estimated, shrunk or default."), OPTIONS(calibrate_options),
     cli_calibrate},
    {"scenario show", N_("SCENARIO"), 1, 1,
     N_("show the figures of a scenario and where they come from"), NULL, NULL, 0,
     cli_scenario_show},
    {"scenario check", N_("SCENARIO"), 1, 1, N_("say whether a scenario can be played"), NULL, NULL,
     0, cli_scenario_check},
    {"balance", N_("SCENARIO"), 1, 1, N_("make money fit: set demand and cash of a scenario"),
     N_("Steady firms end a little richer, firms of mixed styles are not ruined and do not all "
        "win."),
     OPTIONS(balance_options), cli_balance},
    {"simulate", N_("[SCENARIO]"), 0, 1, N_("play a scenario round by round"),
     N_("A new run needs SCENARIO and --seed; a fork needs --fork and --from."),
     OPTIONS(simulate_options), cli_simulate},
    {"explain", N_("RUN"), 1, 1, N_("open a figure of a firm to its terms: why 37 and not 60"),
     N_("Sales need --listing and --day, landed cost needs --listing; the other figures need "
        "neither."),
     OPTIONS(explain_options), cli_explain},
    {"compare", N_("RUN FIRM FIRM | RUN RUN"), 2, 3,
     N_("say what mattered most between two firms, or two runs"),
     N_("Two firms of a run (F1 F2), or one firm of two runs (--firm): the parts add up to the "
        "difference of their results."),
     OPTIONS(compare_options), cli_compare},
    {"replay", N_("RUN"), 1, 1, N_("play a run again from its record and compare"), NULL,
     OPTIONS(replay_options), cli_replay},
    {"orders", N_("RUN"), 1, 1, N_("write the units sold as an order file"), NULL,
     OPTIONS(orders_options), cli_orders},
    {"quote", "", 0, 0, N_("reckon duty and tax of goods that cross a border"), NULL,
     OPTIONS(quote_options), cli_quote},
    {"serve", "", 0, 0, N_("serve the site to browsers until it is stopped"),
     N_("Ctrl-C or SIGTERM stops it: what runs is answered first."), OPTIONS(serve_options),
     cli_serve},
    {"organisation add", N_("CODE"), 1, 1,
     N_("enter a college, an enterprise, an institute or a contest"), NULL,
     OPTIONS(organisation_options), cli_organisation_add},
    {"backup", N_("FILE"), 1, 1, N_("copy a site's database, or all of it, while it runs"), NULL,
     OPTIONS(backup_options), cli_backup},
    {"restore", N_("FILE"), 1, 1, N_("put a copy in the place of a site's data"), NULL,
     OPTIONS(restore_options), cli_restore},
    {"person add", N_("NUMBER"), 1, 1, N_("enter a person with a role and a first password"), NULL,
     OPTIONS(person_options), cli_person_add},
    {"run add", N_("RUN"), 1, 1, N_("copy a played run into the site, for people to look at"),
     N_("The run is played again first; a damaged one is refused."), OPTIONS(run_add_options),
     cli_run_add},
    {"help", N_("[COMMAND]"), 0, 2, N_("show this text, or that of a command"), NULL, NULL, 0,
     run_help},
    {"version", "", 0, 0, N_("show the version of the program and of its engine"), NULL, NULL, 0,
     run_version},
};

static enum err run_help(struct cli_call *call, struct buf *report, struct problem *problem)
{
    const struct cli_command *command;
    int name_words;
    if (call->argument_count == 0) {
        cli_help_all(report, call->lang, commands, (int)COUNT_OF(commands));
        return ERR_OK;
    }
    TRY(cli_command_find(commands, (int)COUNT_OF(commands), call->argument_count, call->arguments,
                         &command, &name_words, problem));
    cli_help_one(report, call->lang, command);
    return ERR_OK;
}

static enum err run_version(struct cli_call *call, struct buf *report, struct problem *problem)
{
    (void)problem;
    text_put(report, call->lang, N_("sampan {0}, engine {1}"), ERR_CTEXT(SAMPAN_VERSION),
             ERR_INT(MARKET_ENGINE_VERSION));
    buf_append_byte(report, '\n');
    return ERR_OK;
}

int64_t clock_now_ms(void *context)
{
    struct timespec now;
    (void)context;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_us(void *context)
{
    struct timespec now;
    (void)context;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool print(FILE *stream, const struct buf *text)
{
    return fwrite(text->text, 1, text->length, stream) == text->length && fflush(stream) == 0;
}

/* "sampan: options.csv:3: ..." on standard error. */
static int complain(enum lang lang, const struct problem *problem, int exit_code)
{
    struct buf text;
    buf_init(&text);
    buf_append_c(&text, "sampan: ");
    text_append_problem(&text, lang, problem);
    buf_append_byte(&text, '\n');
    print(stderr, &text);
    buf_clear(&text);
    return exit_code;
}

static int run(struct cli_call *call, struct problem *problem)
{
    struct buf report;
    buf_init(&report);
    enum err code = ERR_OK;
    if (call->help)
        cli_help_one(&report, call->lang, call->command);
    else
        code = call->command->run(call, &report, problem);
    if (report.length > 0 && !print(call->report_to_errors ? stderr : stdout, &report) &&
        code == ERR_OK)
        code = problem_set(problem, ERR_FILE_WRITE, ERR_KEY(N_("standard output is closed")));
    buf_clear(&report);
    return code == ERR_OK ? 0 : complain(call->lang, problem, cli_exit_code(code));
}

/* --lang may stand before the command; it has been read already. */
static void common_skip(int *word_count, const char *const **words)
{
    while (*word_count > 0 && strncmp((*words)[0], "--lang", 6) == 0) {
        int taken = (*words)[0][6] == '=' || *word_count == 1 ? 1 : 2;
        *words += taken;
        *word_count -= taken;
    }
}

int main(int argc, char **argv)
{
    static struct cli_call call; /* too large for a small stack */
    static const char *const help_word[] = {"help"};
    static const char *const version_word[] = {"version"};
    struct problem problem = {0};
    int word_count = argc - 1;
    const char *const *words = (const char *const *)argv + 1;
    call.lang = cli_lang(word_count, words);
    call.today = (int32_t)(time(NULL) / 86400);
    common_skip(&word_count, &words);
    bool no_command = word_count == 0;
    if (no_command || strcmp(words[0], "--help") == 0 || strcmp(words[0], "-h") == 0) {
        words = help_word;
        word_count = 1;
    } else if (strcmp(words[0], "--version") == 0) {
        words = version_word;
        word_count = 1;
    }
    call.report_to_errors = no_command;
    const struct cli_command *command;
    int name_words;
    if (cli_command_find(commands, (int)COUNT_OF(commands), word_count, words, &command,
                         &name_words, &problem) != ERR_OK ||
        cli_parse(command, word_count - name_words, words + name_words, &call, &problem) != ERR_OK)
        return complain(call.lang, &problem, CLI_EXIT_USAGE);
    interrupt_watch();
    builtin_set(data_files, data_file_count);
    int exit_code = run(&call, &problem);
    return no_command ? CLI_EXIT_USAGE : exit_code;
}
