#include "main/commands.h"

#include "app/datasets/datasets.h"
#include "app/training/training.h"

enum err cli_import(struct cli_call *call, struct buf *report, struct problem *problem)
{
    struct dataset_import_options options = {.files = call->arguments,
                                             .file_count = (size_t)call->argument_count,
                                             .into = cli_text(call, "--into"),
                                             .encoding = cli_text(call, "--encoding"),
                                             .rules = cli_text(call, "--rules"),
                                             .lang = call->lang};
    return dataset_import(&options, report, problem);
}

enum err cli_dataset_show(struct cli_call *call, struct buf *report, struct problem *problem)
{
    return dataset_show(call->arguments[0], call->lang, report, problem);
}

enum err cli_calibrate(struct cli_call *call, struct buf *report, struct problem *problem)
{
    struct training_calibrate_options options = {.dataset = call->arguments[0],
                                                 .out = cli_text(call, "--out"),
                                                 .has_until = cli_value(call, "--until")->given,
                                                 .until = (int32_t)cli_number(call, "--until", 0),
                                                 .level = (int)cli_number(call, "--level", 1),
                                                 .lang = call->lang};
    return training_calibrate(&options, report, problem);
}

static enum err scenario_print(struct cli_call *call, bool check_only, struct buf *report,
                               struct problem *problem)
{
    struct training_scenario_options options = {
        .scenario = call->arguments[0], .check_only = check_only, .lang = call->lang};
    return training_scenario_show(&options, report, problem);
}

enum err cli_scenario_show(struct cli_call *call, struct buf *report, struct problem *problem)
{
    return scenario_print(call, false, report, problem);
}

enum err cli_scenario_check(struct cli_call *call, struct buf *report, struct problem *problem)
{
    return scenario_print(call, true, report, problem);
}

static enum err missing(const char *name, const struct cli_call *call, struct problem *problem)
{
    return problem_set(problem, ERR_OPTION_MISSING, ERR_CTEXT(name),
                       ERR_CTEXT(call->command->name));
}

/* A fork goes on from a run that brings its scenario and its seed; a new run needs both. */
static enum err fork_check(const struct cli_call *call, struct problem *problem)
{
    bool fork = cli_value(call, "--fork")->given;
    if (fork != cli_value(call, "--from")->given)
        return missing(fork ? "--from" : "--fork", call, problem);
    if (fork && cli_value(call, "--seed")->given)
        return problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT("--seed"),
                           ERR_CTEXT(cli_text(call, "--seed")),
                           ERR_KEY(N_("a fork keeps the seed of its run")));
    if (fork && cli_value(call, "--level")->given)
        return problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT("--level"),
                           ERR_INT(cli_number(call, "--level", 0)),
                           ERR_KEY(N_("a fork keeps the level of its run")));
    if (!fork && call->argument_count == 0)
        return problem_set(problem, ERR_OPTION_MISSING, ERR_KEY(N_("SCENARIO")),
                           ERR_CTEXT(call->command->name));
    if (!fork && !cli_value(call, "--seed")->given)
        return missing("--seed", call, problem);
    return ERR_OK;
}

enum err cli_simulate(struct cli_call *call, struct buf *report, struct problem *problem)
{
    TRY(fork_check(call, problem));
    const struct cli_value *seeds = cli_value(call, "--score-seeds");
    struct training_simulate_options options = {
        .scenario = call->argument_count > 0 ? call->arguments[0] : NULL,
        .seed = cli_text(call, "--seed"),
        .rounds = (int)cli_number(call, "--rounds", 0),
        .firms = (int)cli_number(call, "--firms", 0),
        .level = (int)cli_number(call, "--level", 0),
        .decisions = cli_text(call, "--decisions"),
        .policies = cli_text(call, "--policies"),
        .from = cli_text(call, "--from"),
        .fork_round = (int)cli_number(call, "--fork", -1),
        .score_seeds = seeds->given && seeds->number == 0 ? -1 : (int)seeds->number,
        .worlds = (int)cli_number(call, "--worlds", 1),
        .threads = (int)cli_number(call, "--threads", 0),
        .out = cli_text(call, "--out"),
        .lang = call->lang};
    return training_simulate(&options, report, problem);
}

enum err cli_balance(struct cli_call *call, struct buf *report, struct problem *problem)
{
    struct training_balance_options options = {
        .scenario = call->arguments[0],
        .level = (int)cli_number(call, "--level", 0),
        .difficulty = (enum training_difficulty)cli_number(call, "--difficulty", DIFFICULTY_NORMAL),
        .worlds = (int)cli_number(call, "--worlds", 0),
        .threads = (int)cli_number(call, "--threads", 0),
        .out = cli_text(call, "--out"),
        .lang = call->lang};
    return training_balance(&options, report, problem);
}

enum err cli_explain(struct cli_call *call, struct buf *report, struct problem *problem)
{
    const struct cli_value *day = cli_value(call, "--day");
    int64_t what = cli_number(call, "--what", EXPLAIN_SALES);
    if (!cli_value(call, "--listing")->given && (what == EXPLAIN_SALES || what == EXPLAIN_LANDED))
        return missing("--listing", call, problem);
    if (!day->given && what == EXPLAIN_SALES)
        return missing("--day", call, problem);
    struct training_explain_options options = {.run = call->arguments[0],
                                               .what = (enum training_explain_what)what,
                                               .round = (int)cli_number(call, "--round", 0),
                                               .units = cli_number(call, "--units", 0),
                                               .world = (int)cli_number(call, "--world", 1) - 1,
                                               .firm = (int)cli_number(call, "--firm", 0),
                                               .listing = cli_text(call, "--listing"),
                                               .is_date = day->is_date,
                                               .day = (int32_t)day->number,
                                               .lang = call->lang};
    return training_explain(&options, report, problem);
}

enum err cli_compare(struct cli_call *call, struct buf *report, struct problem *problem)
{
    bool two_runs = call->argument_count == 2;
    int64_t firms[2] = {cli_number(call, "--firm", 0), 0};
    if (two_runs && !cli_value(call, "--firm")->given)
        return missing("--firm", call, problem);
    for (int i = 0; i < 2 && !two_runs; i++)
        if (!cli_firm_read(call->arguments[1 + i], &firms[i]))
            return problem_set(problem, ERR_OPTION_VALUE, ERR_KEY(N_("FIRM")),
                               ERR_CTEXT(call->arguments[1 + i]),
                               ERR_KEY(N_("write a firm as F1, F2 ...")));
    struct training_compare_options options = {.run_a = call->arguments[0],
                                               .run_b = two_runs ? call->arguments[1] : NULL,
                                               .firm_a = (int)firms[0],
                                               .firm_b = (int)firms[1],
                                               .rounds = (int)cli_number(call, "--rounds", 0),
                                               .world = (int)cli_number(call, "--world", 1) - 1,
                                               .lang = call->lang};
    return training_compare(&options, report, problem);
}

enum err cli_replay(struct cli_call *call, struct buf *report, struct problem *problem)
{
    struct training_replay_options options = {.run = call->arguments[0],
                                              .threads = (int)cli_number(call, "--threads", 0),
                                              .lang = call->lang};
    return training_replay(&options, report, problem);
}

enum err cli_orders(struct cli_call *call, struct buf *report, struct problem *problem)
{
    struct training_orders_options options = {
        .run = call->arguments[0],
        .format = (enum training_orders_format)cli_number(call, "--format", ORDERS_TIDY),
        .world = (int)cli_number(call, "--world", 1) - 1,
        .firm = (int)cli_number(call, "--firm", -1),
        .out = cli_text(call, "--out"),
        .lang = call->lang};
    call->report_to_errors = options.out == NULL;
    return training_orders(&options, report, problem);
}

enum err cli_quote(struct cli_call *call, struct buf *report, struct problem *problem)
{
    struct training_quote_options options = {.market = cli_text(call, "--market"),
                                             .currency = cli_text(call, "--currency"),
                                             .hs6 = cli_text(call, "--hs6"),
                                             .origin = cli_text(call, "--origin"),
                                             .value = cli_text(call, "--value"),
                                             .freight = cli_text(call, "--freight"),
                                             .insurance = cli_text(call, "--insurance"),
                                             .units = cli_number(call, "--units", 1),
                                             .freight_mode = cli_number(call, "--mode", 0) == 1,
                                             .date =
                                                 (int32_t)cli_number(call, "--date", call->today),
                                             .lang = call->lang};
    return training_quote(&options, report, problem);
}
