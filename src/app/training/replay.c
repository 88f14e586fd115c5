/* `sampan replay`: a run played again from its record, and every file compared. */
#include "app/training/run.h"
#include "app/training/run_pool.h"
#include "app/training/score.h"
#include "app/training/simulate_world.h"
#include "app/training/training.h"
#include "core/arena.h"
#include "core/file.h"
#include "core/json.h"

enum { SCORE_BYTES_MAX = 64 << 20 };

struct replay {
    struct arena arena;
    struct run run;
    struct scenario scenario;
    struct simulate_check *checks; /* one a world */
    struct simulate_check scores;
    int seeds; /* of the yardsticks, as score.json says */
};

static enum err check_task(void *context, int task, int thread, struct run_pool *pool,
                           struct problem *problem)
{
    struct replay *replay = context;
    (void)thread;
    return simulate_world_check(&replay->run, &replay->scenario, task, pool, &replay->checks[task],
                                problem);
}

static void tell(const struct replay *replay, enum lang lang, struct buf *report)
{
    struct simulate_check sum = replay->scores;
    for (int w = 0; w < replay->run.worlds; w++) {
        sum.compared += replay->checks[w].compared;
        sum.missing += replay->checks[w].missing;
    }
    text_put(report, lang,
             N_("Equal: {0} rounds played again from the scenario, the seed and the decisions give "
                "the same bytes in {1} files."),
             ERR_INT((int64_t)replay->run.rounds * replay->run.worlds), ERR_INT(sum.compared));
    buf_append_byte(report, '\n');
    if (replay->scores.compared > 0) {
        text_put(report, lang,
                 replay->seeds > 0
                     ? N_("Scores were reckoned again, their yardsticks played over {0} seeds, and "
                          "give the same bytes.")
                     : N_("Scores were reckoned again, without yardsticks as in the run, and give "
                          "the same bytes."),
                 ERR_INT(replay->seeds));
        buf_append_byte(report, '\n');
    }
    if (sum.missing > 0) {
        text_put(report, lang,
                 N_("{0} files were not there and could not be compared; they can be made again."),
                 ERR_INT(sum.missing));
        buf_append_byte(report, '\n');
    }
}

/* ---- scores ---- */

/* A file of scores against what the decisions give; one that is not there is counted. */
static enum err scores_compare(struct replay *replay, const char *name, struct str made,
                               struct problem *problem)
{
    const char *path = path_join(&replay->arena, replay->run.folder, name);
    struct str found;
    if (!file_exists(path)) {
        replay->scores.missing++;
        return ERR_OK;
    }
    TRY(file_read(&replay->arena, path, SCORE_BYTES_MAX, &found, problem));
    replay->scores.compared++;
    if (str_equal(found, made))
        return ERR_OK;
    size_t at = 0;
    while (at < found.length && at < made.length && found.text[at] == made.text[at])
        at++;
    problem_set(problem, ERR_REPLAY_DIFFERS, ERR_INT(replay->run.rounds), ERR_INT((int64_t)at + 1));
    return problem_place(problem, "%s", path);
}

/* How many seeds the yardsticks were played over stands in score.json alone; false: it is not
 * there. */
static enum err seeds_read(struct replay *replay, bool *found, struct problem *problem)
{
    const char *path = path_join(&replay->arena, replay->run.folder, "score.json");
    struct json_document *document;
    struct json root;
    int64_t seeds = 0;
    *found = file_exists(path);
    if (!*found)
        return ERR_OK;
    TRY(json_read_file(path, &document, &root, problem));
    enum err code = json_get_int(&root, "yardstick_seeds", 0, SCORE_SEEDS_MAX, &seeds, problem);
    if (code != ERR_OK)
        problem_place_prefix(problem, "%s", path);
    json_close(document);
    replay->seeds = (int)seeds;
    return code;
}

static enum err scores_check(struct replay *replay, const struct training_replay_options *options,
                             struct problem *problem)
{
    const struct run *run = &replay->run;
    struct buf json, csv;
    bool found;
    TRY(seeds_read(replay, &found, problem));
    if (!found) {
        replay->scores.missing = 2;
        return ERR_OK;
    }
    struct score_firm *scores = ARENA_ARRAY(&replay->arena, struct score_firm, (size_t)run->firms);
    for (int w = 0; w < run->worlds; w++)
        TRY(score_world(&replay->arena, run, &replay->scenario, w, replay->seeds, options->threads,
                        text_get(options->lang, N_("Playing the yardsticks")),
                        scores + run_world_first(run, w), problem));
    buf_init(&json);
    buf_init(&csv);
    score_append(&replay->scenario.rules, replay->seeds, scores, run->firms, &json, &csv);
    enum err code = scores_compare(replay, "score.json", buf_str(&json), problem);
    if (code == ERR_OK)
        code = scores_compare(replay, "score.csv", buf_str(&csv), problem);
    buf_clear(&json);
    buf_clear(&csv);
    return code;
}

static enum err replay_run(struct replay *replay, const struct training_replay_options *options,
                           struct problem *problem)
{
    struct run *run = &replay->run;
    TRY(run_read(&replay->arena, options->run, run, problem));
    TRY(run_engine_check(run, problem));
    TRY(run_scenario_read(&replay->arena, run, &replay->scenario, problem));
    replay->checks = ARENA_ARRAY(&replay->arena, struct simulate_check, (size_t)run->worlds);
    TRY(run_pool_run(options->threads, run->worlds, check_task, replay,
                     text_get(options->lang, N_("Playing again")),
                     (int64_t)run->worlds * run->rounds, problem));
    return scores_check(replay, options, problem);
}

enum err training_replay(const struct training_replay_options *options, struct buf *report,
                         struct problem *problem)
{
    struct replay replay = {0};
    arena_init(&replay.arena);
    enum err code = replay_run(&replay, options, problem);
    if (code == ERR_OK)
        tell(&replay, options->lang, report);
    arena_clear(&replay.arena);
    return code;
}
