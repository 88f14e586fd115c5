#include "app/training/simulate.h"

#include <unistd.h>

#include "app/training/report.h"
#include "app/training/run.h"
#include "app/training/run_pool.h"
#include "app/training/scenario_advice.h"
#include "app/training/score.h"
#include "app/training/simulate_world.h"
#include "app/training/training.h"
#include "core/arena.h"
#include "core/file.h"

const char simulate_policies_default[] = "steady,novice,cheap,premium,air,late,over,steady,novice,"
                                         "steady,steady,steady";

static enum err unknown_policy(struct str name, struct problem *problem)
{
    struct buf known;
    buf_init(&known);
    for (int p = 0; p < POLICY_COUNT; p++) {
        if (p > 0)
            buf_append_c(&known, ", ");
        buf_append_c(&known, market_policy_name((enum market_policy)p));
    }
    problem_set(problem, ERR_CHOICE, ERR_TEXT(name), ERR_TEXT(buf_str(&known)));
    buf_clear(&known);
    return problem_place(problem, "--policies");
}

enum err simulate_policies_parse(struct str list, int *policies, int count, struct problem *problem)
{
    struct str rest = list;
    for (int f = 0; f < count; f++) {
        size_t comma = str_find_byte(rest, ',');
        struct str name = str_trim(str_slice(rest, 0, comma));
        enum market_policy policy;
        if (str_equal_c(name, "absent"))
            policies[f] = -1;
        else if (market_policy_from_name(name, &policy))
            policies[f] = (int)policy;
        else
            return unknown_policy(name, problem);
        rest = comma < rest.length ? str_slice(rest, comma + 1, rest.length - comma - 1) : list;
    }
    return ERR_OK;
}

/* A run being made. */
struct making {
    const struct training_simulate_options *options;
    struct arena arena;
    struct scenario scenario;
    struct run run;
    struct run origin;
    struct simulate_sources sources;
    const char *out;  /* without slashes at its end */
    const char *part; /* where it is written before it is published */
    struct report_firm *facts;
    struct score_firm *scores;
    int seeds; /* of the yardsticks; 0: none */
};

static enum err limit(const char *what, int64_t value, int64_t most, struct problem *problem)
{
    return problem_set(problem, ERR_LIMIT, ERR_CTEXT(what), ERR_INT(value), ERR_INT(most));
}

/* ---- what is to be played ---- */

static enum err prepare_fork(struct making *making, struct problem *problem)
{
    const struct training_simulate_options *options = making->options;
    struct run *origin = &making->origin;
    TRY(run_read(&making->arena, options->from, origin, problem));
    TRY(run_engine_check(origin, problem));
    if (options->fork_round < 0 || options->fork_round > origin->rounds) {
        problem_set(problem, ERR_RANGE, ERR_INT(options->fork_round), ERR_INT(0),
                    ERR_INT(origin->rounds));
        return problem_place(problem, "--fork");
    }
    TRY(run_scenario_read(&making->arena, origin, &making->scenario, problem));
    making->sources.origin = origin;
    making->sources.fork_round = options->fork_round;
    making->run = *origin;
    making->run.origin = str_from_c(options->from);
    making->run.origin_round = options->fork_round;
    if (options->rounds > 0)
        making->run.rounds = options->rounds;
    if (making->run.rounds < options->fork_round) {
        problem_set(problem, ERR_RANGE, ERR_INT(making->run.rounds), ERR_INT(options->fork_round),
                    ERR_INT(RUN_ROUNDS_MAX));
        return problem_place(problem, "--rounds");
    }
    if (options->policies != NULL) {
        making->run.policies = ARENA_ARRAY(&making->arena, int, (size_t)origin->firms);
        return simulate_policies_parse(str_from_c(options->policies), making->run.policies,
                                       making->run.firms, problem);
    }
    return ERR_OK;
}

/* More firms than a world holds are spread over as few worlds as will do. */
static enum err prepare_sizes(struct making *making, struct problem *problem)
{
    const struct training_simulate_options *options = making->options;
    struct run *run = &making->run;
    int firms = options->firms > 0 ? options->firms : making->scenario.rules.firms;
    run->worlds = options->worlds > 0 ? options->worlds : 1;
    if (run->worlds > MARKET_WORLDS_MAX)
        return limit("--worlds", run->worlds, MARKET_WORLDS_MAX, problem);
    if (firms > RUN_FIRMS_MAX || (run->worlds > 1 && firms > MARKET_FIRMS_MAX))
        return limit("--firms", firms, run->worlds > 1 ? MARKET_FIRMS_MAX : RUN_FIRMS_MAX, problem);
    if (run->worlds > 1) {
        run->firms = run->worlds * firms;
    } else {
        run->firms = firms;
        run->worlds = (firms + MARKET_FIRMS_MAX - 1) / MARKET_FIRMS_MAX;
    }
    return ERR_OK;
}

static enum err prepare_policies(struct making *making, struct problem *problem)
{
    const struct training_simulate_options *options = making->options;
    struct run *run = &making->run;
    const char *list = options->policies;
    run->policies = ARENA_ARRAY(&making->arena, int, (size_t)run->firms);
    if (list == NULL)
        list = simulate_policies_default;
    for (int w = 0; w < run->worlds; w++)
        TRY(simulate_policies_parse(str_from_c(list), run->policies + run_world_first(run, w),
                                    run_world_firms(run, w), problem));
    return ERR_OK;
}

static enum err prepare_new(struct making *making, struct problem *problem)
{
    const struct training_simulate_options *options = making->options;
    struct run *run = &making->run;
    TRY(scenario_read(&making->arena, options->scenario, &making->scenario, problem));
    if (options->level > 0)
        TRY(scenario_level_lower(&making->arena, &making->scenario, options->level, problem));
    *run = (struct run){.engine_version = MARKET_ENGINE_VERSION,
                        .seed_text = str_from_c(options->seed),
                        .rounds = options->rounds};
    if (run->seed_text.length > TRAINING_SEED_MAX) {
        problem_set(problem, ERR_TEXT_TOO_LONG, ERR_INT(TRAINING_SEED_MAX));
        return problem_place(problem, "--seed");
    }
    if (run->rounds <= 0)
        run->rounds = making->scenario.rules.rounds;
    run->seed = rng_key_from_text(run->seed_text);
    run_seed_commit(run->seed, run->commitment);
    TRY(prepare_sizes(making, problem));
    return prepare_policies(making, problem);
}

static enum err prepare(struct making *making, struct problem *problem)
{
    const struct training_simulate_options *options = making->options;
    struct str out = str_from_c(options->out);
    while (out.length > 1 && out.text[out.length - 1] == '/')
        out.length--;
    making->out = str_copy(&making->arena, out).text;
    making->part = str_format(&making->arena, "%s.%ld.part", making->out, (long)getpid()).text;
    if (file_exists(making->out)) {
        problem_set0(problem, ERR_FILE_EXISTS);
        return problem_place(problem, "%s", making->out);
    }
    if (options->decisions != NULL && !file_exists(options->decisions)) {
        problem_set(problem, ERR_FILE_OPEN, ERR_KEY(N_("there is no such file or folder")));
        return problem_place(problem, "%s", options->decisions);
    }
    making->sources.decisions = options->decisions;
    if (options->from != NULL)
        TRY(prepare_fork(making, problem));
    else
        TRY(prepare_new(making, problem));
    struct run *run = &making->run;
    int days = making->scenario.rules.round_days;
    if (run->rounds > RUN_ROUNDS_MAX || run->rounds * days > MARKET_DAYS_MAX)
        return limit("--rounds", run->rounds,
                     MARKET_DAYS_MAX / days < RUN_ROUNDS_MAX ? MARKET_DAYS_MAX / days
                                                             : RUN_ROUNDS_MAX,
                     problem);
    run->folder = making->part;
    making->facts = ARENA_ARRAY(&making->arena, struct report_firm, (size_t)run->firms);
    making->scores = ARENA_ARRAY(&making->arena, struct score_firm, (size_t)run->firms);
    making->seeds = options->score_seeds;
    if (making->seeds == 0)
        making->seeds = run->worlds == 1 ? SCORE_SEEDS : -1;
    if (making->seeds > SCORE_SEEDS_MAX)
        return limit("--score-seeds", making->seeds, SCORE_SEEDS_MAX, problem);
    if (making->seeds < 0)
        making->seeds = 0;
    return ERR_OK;
}

/* ---- playing ---- */

static enum err play_task(void *context, int task, int thread, struct run_pool *pool,
                          struct problem *problem)
{
    struct making *making = context;
    (void)thread;
    return simulate_world_play(&making->run, &making->scenario, &making->sources, task, pool,
                               making->facts + run_world_first(&making->run, task), problem);
}

static enum err write_scenario(struct making *making, struct problem *problem)
{
    struct buf text;
    unsigned char digest[DIGEST_BYTES];
    buf_init(&text);
    scenario_append(&making->scenario, &text);
    digest_bytes(text.text, text.length, digest);
    digest_hex(digest, making->run.scenario_digest);
    enum err code = file_write_atomic(path_join(&making->arena, making->part, "scenario.json"),
                                      buf_str(&text), 0644, problem);
    buf_clear(&text);
    return code;
}

static enum err score(struct making *making, struct problem *problem)
{
    const struct run *run = &making->run;
    for (int w = 0; w < run->worlds; w++)
        TRY(score_world(&making->arena, run, &making->scenario, w, making->seeds,
                        making->options->threads,
                        text_get(making->options->lang, N_("Playing the yardsticks")),
                        making->scores + run_world_first(run, w), problem));
    return score_write(run, &making->scenario.rules, making->seeds, making->scores, run->firms,
                       problem);
}

static enum err make(struct making *making, struct problem *problem)
{
    const struct training_simulate_options *options = making->options;
    const struct run *run = &making->run;
    TRY(folder_make(making->part, problem));
    TRY(write_scenario(making, problem));
    TRY(run_pool_run(options->threads, run->worlds, play_task, making,
                     text_get(options->lang, N_("Playing the rounds")),
                     (int64_t)run->worlds * run->rounds, problem));
    TRY(run_write(making->part, run, problem));
    return score(making, problem);
}

/* ---- telling ---- */

static void append_head(const struct making *making, struct buf *text)
{
    const struct run *run = &making->run;
    const struct market_rules *rules = &making->scenario.rules;
    enum lang lang = making->options->lang;
    struct err_arg name = ERR_CTEXT(lang == LANG_ZH ? rules->name_zh : rules->name_en);
    struct err_arg rounds = ERR_INT(run->rounds), days = ERR_INT(rules->round_days);
    struct err_arg firms = ERR_INT(run->firms), seed = ERR_TEXT(run->seed_text);
    if (run->worlds > 1)
        text_put(text, lang,
                 N_("{0}: {1} rounds of {2} days, {3} firms in {4} worlds, seed '{5}'."), name,
                 rounds, days, firms, ERR_INT(run->worlds), seed);
    else
        text_put(text, lang, N_("{0}: {1} rounds of {2} days, {3} firms, seed '{4}'."), name,
                 rounds, days, firms, seed);
    buf_append_byte(text, '\n');
    if (run->origin.length > 0) {
        text_put(text, lang, N_("It left {1} after round {0}."), ERR_INT(run->origin_round),
                 ERR_TEXT(run->origin));
        buf_append_byte(text, '\n');
    }
    text_put0(text, lang, N_("The firms and the people in it are invented."));
    buf_append_c(text, "\n\n");
}

/* Absent rounds are said, not hidden: the firm was played by nobody. */
static void append_absent(const struct making *making, struct buf *text)
{
    enum lang lang = making->options->lang;
    for (int f = 0; f < making->run.firms; f++) {
        const struct report_firm *facts = &making->facts[f];
        if (facts->absent_rounds == 0)
            continue;
        text_put(text, lang,
                 N_("Firm {0} was absent in {1} of {2} rounds: its prices stood, and goods were "
                    "ordered as the steady policy would."),
                 ERR_INT(facts->firm + 1), ERR_INT(facts->absent_rounds),
                 ERR_INT(making->run.rounds));
        buf_append_byte(text, '\n');
    }
}

static enum err tell(struct making *making, struct buf *report, struct problem *problem)
{
    struct buf text;
    buf_init(&text);
    append_head(making, &text);
    enum err code = ERR_OK;
    if (making->run.worlds == 1)
        code = report_contrasts_make(&making->arena, making->part, making->scores, making->facts,
                                     making->run.firms, problem);
    if (code != ERR_OK) {
        buf_clear(&text);
        return code;
    }
    report_append(&making->arena, &making->scenario.rules, making->facts, making->scores,
                  making->run.firms, making->run.rounds, making->options->lang, &text);
    append_absent(making, &text);
    code = file_write_atomic(path_join(&making->arena, making->part, "report.txt"), buf_str(&text),
                             0644, problem);
    if (code == ERR_OK) {
        scenario_advice_put(report, making->options->lang, &making->scenario.rules,
                            making->run.rounds);
        buf_append(report, buf_str(&text));
        buf_append_byte(report, '\n');
        text_put(report, making->options->lang,
                 N_("Everything lies in {0}: what each firm saw (rounds), decided (decisions), "
                    "booked (ledger), sold (sales.csv) and earned (score.csv)."),
                 ERR_CTEXT(making->out));
        buf_append_byte(report, '\n');
    }
    buf_clear(&text);
    return code;
}

enum err training_simulate(const struct training_simulate_options *options, struct buf *report,
                           struct problem *problem)
{
    struct making making = {.options = options};
    size_t told = report->length;
    arena_init(&making.arena);
    enum err code = prepare(&making, problem);
    if (code == ERR_OK) {
        code = make(&making, problem);
        if (code == ERR_OK)
            code = tell(&making, report, problem);
        if (code == ERR_OK)
            code = folder_publish(making.part, making.out, problem);
        if (code != ERR_OK) {
            /* The first problem is the one to tell. */
            struct problem ignored;
            if (folder_remove(making.part, &ignored) != ERR_OK)
                problem_place_prefix(problem, "%s", making.part);
            report->length = told;
        }
    }
    arena_clear(&making.arena);
    return code;
}
