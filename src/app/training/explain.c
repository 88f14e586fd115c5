#include "app/training/explain.h"

#include "app/training/explain_figures.h"
#include "app/training/run.h"
#include "app/training/run_decisions.h"
#include "app/training/run_play.h"
#include "app/training/run_position.h"
#include "app/training/training.h"
#include "core/arena.h"

/* A question about one day, with the run it is about. */
struct question {
    const struct training_explain_options *options;
    struct arena arena;
    struct run run;
    struct scenario scenario;
    struct market_rules rules;
    struct run_play play;                          /* set to the state before the day's round */
    const struct market_seat_decisions *decisions; /* of the day's round */
    int32_t day;
    int round;
};

static enum err out_of_range(int64_t value, int64_t least, int64_t most, const char *place,
                             struct problem *problem)
{
    problem_set(problem, ERR_RANGE, ERR_INT(value), ERR_INT(least), ERR_INT(most));
    return problem_place(problem, "%s", place);
}

static enum err find_place(struct question *question, struct problem *problem)
{
    const struct training_explain_options *options = question->options;
    const struct run *run = &question->run;
    int32_t start = question->scenario.rules.start_date;
    int32_t days = run->rounds * question->scenario.rules.round_days;
    if (options->world < 0 || options->world >= run->worlds)
        return out_of_range(options->world + 1, 1, run->worlds, "--world", problem);
    int firms = run_world_firms(run, options->world);
    if (options->firm < 0 || options->firm >= firms)
        return out_of_range(options->firm + 1, 1, firms, "--firm", problem);
    question->day = options->is_date ? options->day - start : options->day;
    if (question->day >= 0 && question->day < days) {
        question->round = question->day / question->scenario.rules.round_days + 1;
        return ERR_OK;
    }
    if (!options->is_date)
        return out_of_range(options->day, 0, days - 1, "--day", problem);
    problem_set(problem, ERR_RANGE, ERR_DATE(options->day), ERR_DATE(start),
                ERR_DATE(start + days - 1));
    return problem_place(problem, "--day");
}

static enum err go_there(struct question *question, bool *recomputed, struct problem *problem)
{
    const struct run *run = &question->run;
    int world = question->options->world;
    struct run_digest *digests;
    struct market_seat_decisions *decisions;
    const char *path = run_world_path(&question->arena, run->folder, run->worlds, world);
    question->rules = run_world_rules(run, &question->scenario, world);
    TRY(run_digests_read(&question->arena, path, question->rules.firms, run->rounds, &digests,
                         problem));
    TRY(run_decisions_read(&question->arena, run, &question->rules, world, digests, &decisions,
                           problem));
    question->decisions = decisions + (question->round - 1) * question->rules.firms;
    return run_position_set(&question->play, run, world, digests, decisions, question->round - 1,
                            recomputed, problem);
}

/* ---- the listing ---- */

static void append_listing_name(const struct market_rules *rules,
                                const struct market_listing_view *listing, struct buf *text)
{
    buf_format(text, "%s/%s/%s", rules->products[listing->product].name.id,
               rules->markets[listing->market].name.id, rules->channels[listing->channel].id);
}

/* "case" and "case/DE" stand for "case/DE/shop" where nothing else begins so. */
static bool name_fits(struct str full, struct str asked)
{
    if (!str_starts_with(full, asked))
        return false;
    return full.length == asked.length || full.text[asked.length] == '/';
}

/* Index of the one listing that the name fits, or -1; `known` gets the names of all, or of those it
 * fits when they are several. */
static int listing_find(const struct market_observation *seen, struct str asked, struct buf *known)
{
    struct buf fitting, name;
    int found = -1, count = 0;
    buf_init(&fitting);
    buf_init(&name);
    for (int i = 0; i < seen->listing_count; i++) {
        buf_reset(&name);
        append_listing_name(seen->rules, &seen->listings[i], &name);
        buf_append_c(known, i > 0 ? ", " : "");
        buf_append(known, buf_str(&name));
        if (!name_fits(buf_str(&name), asked))
            continue;
        buf_append_c(&fitting, count > 0 ? ", " : "");
        buf_append(&fitting, buf_str(&name));
        found = i;
        count++;
    }
    if (count > 1) {
        buf_reset(known);
        buf_append(known, buf_str(&fitting));
    }
    buf_clear(&fitting);
    buf_clear(&name);
    return count == 1 ? found : -1;
}

/* The round is played twice: once to see which listings there were, once with the probe. */
static enum err play_probed(struct question *question, struct arena *arena,
                            struct market_probe *probe, struct market_result *result,
                            struct problem *problem)
{
    struct market_decisions decisions = {.firm_count = question->rules.firms,
                                         .firms = question->decisions};
    struct run_play *play = &question->play;
    return market_step(arena, &play->rules, play->now.after, &decisions, &play->key, probe, result,
                       problem);
}

static enum err ask(struct question *question, struct market_why *why, struct problem *problem)
{
    struct market_probe probe = {.why_firm = -1, .check = true};
    struct market_result result;
    struct buf known;
    struct str asked = str_from_c(question->options->listing);
    TRY(play_probed(question, &question->arena, &probe, &result, problem));
    buf_init(&known);
    int listing = listing_find(&result.observations[question->options->firm], asked, &known);
    if (listing < 0) {
        problem_set(problem, ERR_NAME_UNKNOWN, ERR_TEXT(asked), ERR_TEXT(buf_str(&known)));
        buf_clear(&known);
        return problem_place(problem, "--listing");
    }
    buf_clear(&known);
    probe.why_firm = question->options->firm;
    probe.why_listing = listing;
    probe.why_day = question->day;
    probe.why = why;
    TRY(play_probed(question, &question->arena, &probe, &result, problem));
    if (why->found)
        return ERR_OK;
    return problem_set(problem, ERR_INTERNAL, ERR_KEY(N_("the day was played and not explained")));
}

static enum err answer(struct question *question, struct buf *report, struct problem *problem)
{
    const struct training_explain_options *options = question->options;
    struct market_why why = {0};
    bool recomputed;
    TRY(run_read(&question->arena, options->run, &question->run, problem));
    TRY(run_engine_check(&question->run, problem));
    TRY(run_scenario_read(&question->arena, &question->run, &question->scenario, problem));
    TRY(find_place(question, problem));
    struct market_rules rules =
        run_world_rules(&question->run, &question->scenario, options->world);
    struct market_key key = run_world_key(&question->run, options->world);
    run_play_init(&question->play, &rules, &key);
    enum err code = go_there(question, &recomputed, problem);
    if (code == ERR_OK)
        code = ask(question, &why, problem);
    if (code == ERR_OK) {
        explain_append(&question->arena, &question->rules, &why, options->lang, report);
        if (recomputed) {
            text_put0(report, options->lang,
                      N_("(The stored state was missing or damaged; it was played again from the "
                         "decisions.)"));
            buf_append_byte(report, '\n');
        }
    }
    run_play_clear(&question->play);
    return code;
}

/* ---- figures other than sales ---- */

static enum err tell_figure(const struct explain_asked *asked, enum training_explain_what what,
                            struct problem *problem)
{
    switch (what) {
    case EXPLAIN_LANDED:
        return explain_landed_append(asked, problem);
    case EXPLAIN_SCORE:
        return explain_score_append(asked, problem);
    case EXPLAIN_SERVICE:
        explain_service_append(asked);
        return ERR_OK;
    case EXPLAIN_STOCK:
        explain_stock_append(asked);
        return ERR_OK;
    default:
        explain_profit_append(asked);
        return ERR_OK;
    }
}

static enum err answer_figure(const struct training_explain_options *options,
                              struct history *history, struct buf *report, struct problem *problem)
{
    TRY(history_read(history, options->run, options->world, options->round,
                     UINT32_C(1) << options->firm, problem));
    bool one_round =
        options->round > 0 && (options->what == EXPLAIN_PROFIT || options->what == EXPLAIN_SERVICE);
    struct explain_asked asked = {.history = history,
                                  .firm = options->firm,
                                  .first = one_round ? options->round : 1,
                                  .last = history->rounds,
                                  .listing = -1,
                                  .units = options->units,
                                  .lang = options->lang,
                                  .arena = &history->arena,
                                  .text = report};
    if (options->listing != NULL) {
        struct buf known;
        struct str name = str_from_c(options->listing);
        buf_init(&known);
        asked.listing = listing_find(&history->play.now.observations[options->firm], name, &known);
        if (asked.listing < 0)
            problem_set(problem, ERR_NAME_UNKNOWN, ERR_TEXT(name), ERR_TEXT(buf_str(&known)));
        buf_clear(&known);
        if (asked.listing < 0)
            return problem_place(problem, "--listing");
    }
    return tell_figure(&asked, options->what, problem);
}

static enum err explain_figure(const struct training_explain_options *options, struct buf *report,
                               struct problem *problem)
{
    struct history history;
    if (options->firm < 0 || options->firm >= MARKET_FIRMS_MAX)
        return out_of_range(options->firm + 1, 1, MARKET_FIRMS_MAX, "--firm", problem);
    history_init(&history);
    enum err code = answer_figure(options, &history, report, problem);
    history_clear(&history);
    return code;
}

enum err training_explain(const struct training_explain_options *options, struct buf *report,
                          struct problem *problem)
{
    bool sales = options->what == EXPLAIN_SALES;
    if ((sales || options->what == EXPLAIN_LANDED) && options->listing == NULL)
        return problem_set(problem, ERR_OPTION_MISSING, ERR_CTEXT("--listing"),
                           ERR_CTEXT("explain"));
    if (!sales)
        return explain_figure(options, report, problem);
    struct question question = {.options = options};
    arena_init(&question.arena);
    enum err code = answer(&question, report, problem);
    arena_clear(&question.arena);
    return code;
}
