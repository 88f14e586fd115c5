#include "app/training/simulate_world.h"

#include <stdio.h>
#include <string.h>

enum { FILE_BYTES_MAX = 1 << 30 };

#include "app/training/decisions_json.h"
#include "app/training/run_books.h"
#include "app/training/run_decisions.h"
#include "app/training/run_play.h"
#include "app/training/run_sales.h"
#include "app/training/run_view.h"
#include "core/arena.h"
#include "core/file.h"

/* One world at work. */
struct world {
    const struct run *run;
    const struct simulate_sources *sources;
    int number;
    int first; /* of its firms among the run's */
    int firms;
    struct arena arena;   /* for the whole world */
    struct arena scratch; /* for one round */
    struct run_play play;
    const char *path;
    const char *decisions;      /* this world's part of the command's folder, or NULL */
    const char *origin;         /* this world's part of the origin's folder, or NULL */
    struct run_digest *digests; /* [rounds + 1] */
    struct run_digest *origin_digests;
    bool repaid_nothing[MARKET_FIRMS_MAX]; /* in the round being played: no loan was owed */
    bool taken[MARKET_FIRMS_MAX];          /* a team has decided in an earlier round */
    struct run_books books;
    struct buf sales;
    struct simulate_check *check; /* compare instead of writing; NULL: write */
};

static size_t first_difference(struct str a, struct str b)
{
    size_t at = 0;
    while (at < a.length && at < b.length && a.text[at] == b.text[at])
        at++;
    return at;
}

static enum err compare_file(struct world *world, const char *path, int round, struct str text,
                             struct problem *problem)
{
    struct arena arena;
    struct str stored;
    if (!file_exists(path)) {
        world->check->missing++;
        return ERR_OK;
    }
    arena_init(&arena);
    enum err code = file_read(&arena, path, FILE_BYTES_MAX, &stored, problem);
    if (code == ERR_OK && !str_equal(stored, text)) {
        problem_set(problem, ERR_REPLAY_DIFFERS, ERR_INT(round),
                    ERR_INT((int64_t)first_difference(stored, text) + 1));
        code = problem_place(problem, "%s", path);
    }
    arena_clear(&arena);
    world->check->compared++;
    return code;
}

/* A file of the run is written, or compared with the one that is there. */
static enum err leave_file(struct world *world, const char *path, int round, const struct buf *text,
                           struct problem *problem)
{
    if (world->check != NULL)
        return compare_file(world, path, round, buf_str(text), problem);
    return file_write_atomic(path, buf_str(text), 0644, problem);
}

static enum err leave_folder(const struct world *world, const char *path, struct problem *problem)
{
    return world->check != NULL ? ERR_OK : folder_make(path, problem);
}

static void digest_text(struct str text, char hex[DIGEST_HEX_MAX])
{
    unsigned char digest[DIGEST_BYTES];
    digest_bytes(text.text, text.length, digest);
    digest_hex(digest, hex);
}

/* ---- decisions ---- */

static bool in_origin(const struct world *world, int round)
{
    return world->origin != NULL && round <= world->sources->origin->rounds;
}

static enum err read_decisions(struct world *world, const char *path, int firm,
                               struct market_seat_decisions *decisions, struct problem *problem)
{
    return decisions_read(&world->scratch, &world->play.rules, SEAT_FIRM, firm, path, decisions,
                          problem);
}

static enum err read_origin(struct world *world, int round, int firm,
                            struct market_seat_decisions *decisions, struct problem *problem)
{
    const char *path = run_firm_path(&world->scratch, world->origin, "decisions", round, firm);
    return run_decisions_read_one(&world->scratch, &world->play.rules, path,
                                  &world->origin_digests[round], firm, decisions, problem);
}

static const char *decisions_path(struct world *world, int round, int firm)
{
    return str_format(&world->scratch, "%s/round-%02d/firm-%02d.json", world->decisions, round,
                      firm + 1)
        .text;
}

static enum err decide(struct world *world, int round, int firm, enum run_source *source,
                       struct market_seat_decisions *decisions, struct problem *problem)
{
    struct arena *scratch = &world->scratch;
    int policy = world->run->policies[world->first + firm];
    bool known = in_origin(world, round);
    if (known && round <= world->sources->fork_round) {
        *source = world->origin_digests[round].source[firm];
        return read_origin(world, round, firm, decisions, problem);
    }
    *source = RUN_SOURCE_FILE;
    if (world->decisions != NULL) {
        const char *path = decisions_path(world, round, firm);
        if (file_exists(path))
            return read_decisions(world, path, firm, decisions, problem);
    }
    if (known && world->origin_digests[round].source[firm] == RUN_SOURCE_FILE)
        return read_origin(world, round, firm, decisions, problem);
    *source = policy < 0 || world->taken[firm] ? RUN_SOURCE_ABSENT : RUN_SOURCE_POLICY;
    if (*source == RUN_SOURCE_ABSENT)
        *decisions = (struct market_seat_decisions){.absent = true};
    else
        market_policy_decide(scratch, (enum market_policy)policy,
                             &world->play.now.observations[firm], decisions);
    return ERR_OK;
}

static enum err write_decisions(struct world *world, int round, int firm,
                                const struct market_seat_decisions *decisions,
                                struct problem *problem)
{
    struct buf text;
    buf_init(&text);
    decisions_append(&world->play.rules, SEAT_FIRM, decisions, &text);
    digest_text(buf_str(&text), world->digests[round].decisions[firm]);
    const char *path = run_firm_path(&world->scratch, world->path, "decisions", round, firm);
    enum err code = leave_file(world, path, round, &text, problem);
    buf_clear(&text);
    return code;
}

/* ---- what a round leaves ---- */

static enum err write_state(struct world *world, int round, struct problem *problem)
{
    struct buf bytes;
    buf_init(&bytes);
    market_state_encode(world->play.now.after, &bytes);
    digest_text(buf_str(&bytes), world->digests[round].state);
    enum err code = leave_file(world, run_state_path(&world->scratch, world->path, round), round,
                               &bytes, problem);
    buf_clear(&bytes);
    if (code != ERR_OK || !in_origin(world, round) || round > world->sources->fork_round)
        return code;
    if (strcmp(world->digests[round].state, world->origin_digests[round].state) == 0)
        return ERR_OK;
    problem_set(problem, ERR_FILE_DAMAGED, ERR_KEY(N_("its decisions do not give its states")));
    return problem_place(problem, "%s: round %d", world->origin, round);
}

static enum err write_views(struct world *world, int round, struct problem *problem)
{
    TRY(leave_folder(world, run_round_path(&world->scratch, world->path, "rounds", round),
                     problem));
    enum err code = ERR_OK;
    struct buf text;
    buf_init(&text);
    for (int f = 0; f < world->firms && code == ERR_OK; f++) {
        buf_reset(&text);
        run_view_append(&world->play.now.observations[f], world->repaid_nothing[f], &text);
        code = leave_file(world, run_firm_path(&world->scratch, world->path, "rounds", round, f),
                          round, &text, problem);
    }
    buf_clear(&text);
    return code;
}

static enum err write_ledger(struct world *world, int round, struct problem *problem)
{
    const struct market_rules *rules = &world->play.rules;
    const char *stem = run_round_path(&world->scratch, world->path, "ledger", round);
    struct buf text;
    buf_init(&text);
    run_books_append_journal(rules, &world->play.now.journal, &text);
    const char *path = str_format(&world->scratch, "%s.csv", stem).text;
    enum err code = leave_file(world, path, round, &text, problem);
    if (code == ERR_OK) {
        buf_reset(&text);
        run_books_add(&world->books, &world->play.now.journal);
        run_books_append_balances(rules, &world->books, &text);
        code = leave_file(world, str_format(&world->scratch, "%s-balance.csv", stem).text, round,
                          &text, problem);
    }
    buf_clear(&text);
    return code;
}

static enum err leave_round(struct world *world, int round, struct problem *problem)
{
    TRY(write_state(world, round, problem));
    TRY(write_views(world, round, problem));
    return write_ledger(world, round, problem);
}

/* ---- a round ---- */

/* "firms[2].listings[0].price" is, to its team, a place in the file it wrote. */
static void place_round(struct world *world, int round, struct problem *problem)
{
    int firm = -1, length = 0;
    if (sscanf(problem->place, "firms[%d].%n", &firm, &length) == 1 && length > 0 && firm >= 0 &&
        firm < world->firms && world->decisions != NULL &&
        world->digests[round].source[firm] == RUN_SOURCE_FILE) {
        char inside[PROBLEM_PLACE_MAX];
        snprintf(inside, sizeof(inside), "%s", problem->place + length);
        problem_place(problem, "%s", inside);
        problem_place_prefix(problem, "%s", decisions_path(world, round, firm));
        return;
    }
    problem_place_prefix(problem, "world %d, round %d", world->number + 1, round);
}

static bool repaid_nothing(const struct market_observation *seen,
                           const struct market_seat_decisions *decided)
{
    const struct market_rows *loans = &decided->lists[LIST_loans];
    bool repaid = false;
    for (int i = 0; i < loans->count; i++)
        repaid = repaid || market_row_has(&loans->rows[i], F_loans_repay);
    return repaid && seen->loan_minor == 0;
}

static enum err play_round(struct world *world, int round, struct report_firm *facts,
                           struct problem *problem)
{
    struct market_seat_decisions *decisions =
        ARENA_ARRAY(&world->scratch, struct market_seat_decisions, (size_t)world->firms);
    TRY(leave_folder(world, run_round_path(&world->scratch, world->path, "decisions", round),
                     problem));
    for (int f = 0; f < world->firms; f++) {
        enum run_source *source = &world->digests[round].source[f];
        TRY(decide(world, round, f, source, &decisions[f], problem));
        TRY(write_decisions(world, round, f, &decisions[f], problem));
        world->repaid_nothing[f] = repaid_nothing(&world->play.now.observations[f], &decisions[f]);
        world->taken[f] = world->taken[f] || *source == RUN_SOURCE_FILE;
        facts[f].file_rounds += *source == RUN_SOURCE_FILE;
        facts[f].absent_rounds += *source == RUN_SOURCE_ABSENT;
    }
    struct market_probe probe = {.journal = true, .why_firm = -1, .check = true};
    enum err code = run_play_step(&world->play, decisions, &probe, problem);
    if (code != ERR_OK) {
        place_round(world, round, problem);
        return code;
    }
    for (int f = 0; f < world->firms; f++) {
        report_firm_add(&facts[f], world->play.now.observations, world->firms, f);
        run_sales_append(&world->play.now.observations[f], world->number, &world->sales);
    }
    return leave_round(world, round, problem);
}

static enum err make_folders(struct world *world, struct problem *problem)
{
    static const char *const kinds[] = {"decisions", "states", "rounds", "ledger"};
    TRY(leave_folder(world, world->path, problem));
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        TRY(leave_folder(world, path_join(&world->arena, world->path, kinds[i]), problem));
    return ERR_OK;
}

static enum err world_open(struct world *world, struct problem *problem)
{
    const struct run *run = world->run;
    const struct run *origin = world->sources->origin;
    world->path = run_world_path(&world->arena, run->folder, run->worlds, world->number);
    world->digests = ARENA_ARRAY(&world->arena, struct run_digest, (size_t)run->rounds + 1);
    if (world->sources->decisions != NULL)
        world->decisions =
            run_world_path(&world->arena, world->sources->decisions, run->worlds, world->number);
    if (origin != NULL) {
        world->origin =
            run_world_path(&world->arena, origin->folder, origin->worlds, world->number);
        TRY(run_digests_read(&world->arena, world->origin, world->firms, origin->rounds,
                             &world->origin_digests, problem));
    }
    run_books_init(&world->arena, &world->play.rules, &world->books);
    run_sales_append_header(&world->sales);
    TRY(make_folders(world, problem));
    struct market_key key = run_world_key(run, world->number);
    TRY(run_play_open(&world->play, &key, problem));
    return leave_round(world, 0, problem);
}

static enum err world_play(struct world *world, struct run_pool *pool, struct report_firm *facts,
                           struct problem *problem)
{
    TRY(world_open(world, problem));
    for (int f = 0; f < world->firms; f++)
        facts[f] = (struct report_firm){
            .world = world->number, .firm = f, .policy = world->run->policies[world->first + f]};
    for (int round = 1; round <= world->run->rounds; round++) {
        arena_rewind(&world->scratch, (struct arena_mark){0});
        TRY(play_round(world, round, facts, problem));
        if (run_pool_step(pool, 1))
            return problem_set0(problem, ERR_INTERRUPTED);
    }
    TRY(leave_file(world, path_join(&world->arena, world->path, "sales.csv"), world->run->rounds,
                   &world->sales, problem));
    if (world->check != NULL)
        return ERR_OK;
    return run_digests_write(world->path, world->firms, world->run->rounds, world->digests,
                             problem);
}

static enum err world_run(const struct run *run, const struct scenario *scenario,
                          const struct simulate_sources *sources, int number, struct run_pool *pool,
                          struct report_firm *firms, struct simulate_check *check,
                          struct problem *problem)
{
    struct world world = {.run = run,
                          .sources = sources,
                          .number = number,
                          .first = run_world_first(run, number),
                          .firms = run_world_firms(run, number),
                          .check = check};
    struct market_rules rules = run_world_rules(run, scenario, number);
    struct market_key key = run_world_key(run, number);
    arena_init(&world.arena);
    arena_init(&world.scratch);
    buf_init(&world.sales);
    run_play_init(&world.play, &rules, &key);
    enum err code = world_play(&world, pool, firms, problem);
    run_play_clear(&world.play);
    buf_clear(&world.sales);
    arena_clear(&world.scratch);
    arena_clear(&world.arena);
    return code;
}

enum err simulate_world_play(const struct run *run, const struct scenario *scenario,
                             const struct simulate_sources *sources, int world,
                             struct run_pool *pool, struct report_firm *firms,
                             struct problem *problem)
{
    return world_run(run, scenario, sources, world, pool, firms, NULL, problem);
}

enum err simulate_world_check(const struct run *run, const struct scenario *scenario, int world,
                              struct run_pool *pool, struct simulate_check *check,
                              struct problem *problem)
{
    /* The run is taken for its own origin, shared to the end. */
    struct simulate_sources sources = {.origin = run, .fork_round = run->rounds};
    struct report_firm firms[MARKET_FIRMS_MAX];
    return world_run(run, scenario, &sources, world, pool, firms, check, problem);
}
