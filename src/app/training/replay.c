/* `sampan replay`: a run played again from its record, and every file compared. */
#include "app/training/run.h"
#include "app/training/run_pool.h"
#include "app/training/simulate_world.h"
#include "app/training/training.h"
#include "core/arena.h"

struct replay {
    struct arena arena;
    struct run run;
    struct scenario scenario;
    struct simulate_check *checks; /* one a world */
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
    struct simulate_check sum = {0};
    for (int w = 0; w < replay->run.worlds; w++) {
        sum.compared += replay->checks[w].compared;
        sum.missing += replay->checks[w].missing;
    }
    text_put(report, lang,
             N_("Equal: {0} rounds played again from the scenario, the seed and the decisions give "
                "the same bytes in {1} files."),
             ERR_INT((int64_t)replay->run.rounds * replay->run.worlds), ERR_INT(sum.compared));
    buf_append_byte(report, '\n');
    if (sum.missing > 0) {
        text_put(report, lang,
                 N_("{0} files were not there and could not be compared; they can be made again."),
                 ERR_INT(sum.missing));
        buf_append_byte(report, '\n');
    }
}

static enum err replay_run(struct replay *replay, const struct training_replay_options *options,
                           struct problem *problem)
{
    struct run *run = &replay->run;
    TRY(run_read(&replay->arena, options->run, run, problem));
    TRY(run_engine_check(run, problem));
    TRY(run_scenario_read(&replay->arena, run, &replay->scenario, problem));
    replay->checks = ARENA_ARRAY(&replay->arena, struct simulate_check, (size_t)run->worlds);
    return run_pool_run(options->threads, run->worlds, check_task, replay,
                        text_get(options->lang, N_("Playing again")),
                        (int64_t)run->worlds * run->rounds, problem);
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
