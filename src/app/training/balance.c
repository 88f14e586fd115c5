/* `sampan balance`: a scenario in which money fits. */
#include "app/training/balance.h"

#include <math.h>

#include "app/training/scenario.h"
#include "app/training/scenario_advice.h"
#include "app/training/scenario_check.h"
#include "core/arena.h"
#include "core/file.h"

struct balancing {
    const struct training_balance_options *options;
    struct arena arena;
    struct scenario scenario; /* as it is written */
    struct scenario played;   /* at the level asked for */
    bool lowered;
    struct balance_solution solution;
    struct balance_mixed mixed;
    struct balance_gap gap;
};

/* ---- telling ---- */

static struct err_arg percent(double share)
{
    return ERR_DECIMAL((int64_t)llround(share * 1000), 1);
}

static struct err_arg ratio_of(double ratio)
{
    return ERR_DECIMAL((int64_t)llround(ratio * 1000), 3);
}

static void tell_solution(const struct balancing *balancing, struct buf *text)
{
    const struct balance_solution *solution = &balancing->solution;
    const struct market_rules *rules = &balancing->played.rules;
    enum lang lang = balancing->options->lang;
    int decimals = currency_decimals(rules->currencies[0]);
    text_put(text, lang,
             N_("Steady firms end at {0} of their opening equity (target {1}), level {2}."),
             ratio_of(solution->ratio), ratio_of(solution->target), ERR_INT(rules->level));
    buf_append_byte(text, '\n');
    text_put(text, lang, N_("Demand x {0}; opening cash {1} {2}; deepest need {3} {2}."),
             ERR_DECIMAL((int64_t)llround(solution->scale * 10000), 4),
             ERR_DECIMAL(solution->cash_minor, decimals), ERR_CTEXT(rules->currencies[0].code),
             ERR_DECIMAL(solution->need_minor, decimals));
    buf_append_byte(text, '\n');
}

static void tell_mixed(const struct balancing *balancing, struct buf *text)
{
    const struct balance_mixed *mixed = &balancing->mixed;
    enum lang lang = balancing->options->lang;
    text_put(
        text, lang, N_("{0} worlds of mixed styles: equity ratio 5 % {1}, median {2}, 95 % {3}."),
        ERR_INT(mixed->worlds), ratio_of(mixed->p5), ratio_of(mixed->median), ratio_of(mixed->p95));
    buf_append_byte(text, '\n');
    text_put(text, lang, N_("All firms lose in {0} % of the worlds, all gain in {1} %."),
             percent(mixed->all_loss), percent(mixed->all_gain));
    buf_append(text, STR("\n\n"));
    for (int f = 0; f < BALANCE_MIXED_FIRMS; f++) {
        buf_append(text, STR("  "));
        text_put(text, lang, N_("firm {0}, {1}: mean {2}"), ERR_INT(f + 1),
                 ERR_CTEXT(balance_styles[f]), ratio_of(mixed->style_mean[f]));
        buf_append_byte(text, '\n');
    }
    buf_append_byte(text, '\n');
}

static void tell_gap(const struct balancing *balancing, struct buf *text)
{
    const struct balance_gap *gap = &balancing->gap;
    enum lang lang = balancing->options->lang;
    text_put(text, lang,
             N_("One seat, all others steady, {0} paired worlds: steady ends at {1}, the novice at "
                "{2}; steady leads by {3}, standard error {4}."),
             ERR_INT(gap->worlds), ratio_of(gap->steady), ratio_of(gap->novice),
             ratio_of(gap->mean), ratio_of(gap->error));
    buf_append_byte(text, '\n');
    if (gap->holds)
        text_put0(text, lang, N_("That is more than two standard errors, as it should be."));
    else if (gap->asked)
        text_put0(text, lang,
                  N_("That is less than two standard errors: this scenario does not tell a good "
                     "shopkeeper from a beginner, and no points can be given for equity."));
    else
        text_put0(text, lang,
                  N_("That is less than two standard errors, which is only asked of runs of 84 "
                     "days and more whose goods arrive within a third of the run."));
    buf_append(text, STR("\n\n"));
}

/* ---- writing the result into the scenario ---- */

static void set_by_balance(struct balancing *balancing, const char *path)
{
    scenario_figure_set(&balancing->arena, &balancing->scenario, ORIGIN_SET, -1, 0, "balance", "%s",
                        path);
}

/* A calibrated estimate stays beside the figure that takes its place. */
static void estimate_keep(struct balancing *balancing, struct market_nest *nest, int n)
{
    struct scenario *scenario = &balancing->scenario;
    struct buf path;
    buf_init(&path);
    buf_format(&path, "nests[%d].units_per_firm_day", n);
    const struct scenario_figure *figure = scenario_figure_find(scenario, buf_str(&path));
    buf_clear(&path);
    if (figure == NULL || nest->units_per_firm_day_est > 0 ||
        (figure->origin != ORIGIN_ESTIMATED && figure->origin != ORIGIN_SHRUNK))
        return;
    struct scenario_figure kept = *figure;
    kept.path = str_format(&balancing->arena, "nests[%d].units_per_firm_day_est", n);
    nest->units_per_firm_day_est = nest->units_per_firm_day;
    scenario_figure_put(&balancing->arena, scenario, &kept);
}

static void write_back(struct balancing *balancing)
{
    struct scenario *scenario = &balancing->scenario;
    struct market_rules *rules = &scenario->rules;
    const struct balance_solution *solution = &balancing->solution;
    bool more_cash = solution->cash_minor != balancing->played.rules.finance.cash_opening_minor;
    if (balancing->lowered) {
        double before = scenario->level1.units_scale > 0 ? scenario->level1.units_scale : 1;
        scenario->level1.units_scale = before * solution->scale;
        scenario->level1.cash_opening_minor = solution->cash_minor;
        set_by_balance(balancing, "level1_units_scale");
        set_by_balance(balancing, "level1_cash_opening");
        return;
    }
    struct market_rules changed =
        balance_rules(&balancing->arena, rules, solution->scale, solution->cash_minor);
    struct market_nest *nests =
        ARENA_ARRAY(&balancing->arena, struct market_nest, (size_t)rules->nest_count);
    for (int n = 0; n < rules->nest_count; n++) {
        nests[n] = rules->nests[n];
        estimate_keep(balancing, &nests[n], n);
        nests[n].units_per_firm_day = changed.nests[n].units_per_firm_day;
        scenario_figure_set(&balancing->arena, scenario, ORIGIN_SET, -1, 0, "balance",
                            "nests[%d].units_per_firm_day", n);
    }
    rules->nests = nests;
    if (more_cash) {
        rules->finance.cash_opening_minor = solution->cash_minor;
        set_by_balance(balancing, "finance.cash_opening");
    }
}

/* ---- the command ---- */

static enum err prepare(struct balancing *balancing, struct problem *problem)
{
    const struct training_balance_options *options = balancing->options;
    if (file_exists(options->out)) {
        problem_set0(problem, ERR_FILE_EXISTS);
        return problem_place(problem, "%s", options->out);
    }
    if (options->worlds > BALANCE_WORLDS_MAX || options->mixed_worlds > BALANCE_WORLDS_MAX)
        return problem_set(problem, ERR_LIMIT, ERR_CTEXT("--worlds"), ERR_INT(options->worlds),
                           ERR_INT(BALANCE_WORLDS_MAX));
    TRY(scenario_read(&balancing->arena, options->scenario, &balancing->scenario, problem));
    balancing->played = balancing->scenario;
    if (options->level == 0)
        return ERR_OK;
    balancing->lowered = options->level < balancing->scenario.rules.level;
    return scenario_level_lower(&balancing->arena, &balancing->played, options->level, problem);
}

static enum err balance(struct balancing *balancing, struct buf *report, struct problem *problem)
{
    const struct training_balance_options *options = balancing->options;
    const struct market_rules *rules = &balancing->played.rules;
    TRY(prepare(balancing, problem));
    scenario_advice_put(report, options->lang, rules, rules->rounds);
    enum err code = balance_solve(
        rules, options->difficulty, options->worlds > 0 ? options->worlds : BALANCE_WORLDS,
        options->threads, text_get(options->lang, N_("Playing steady worlds")),
        &balancing->solution, problem);
    if (code == ERR_OK || code == ERR_BALANCE)
        tell_solution(balancing, report);
    if (code != ERR_OK)
        return code;
    write_back(balancing);
    struct market_rules balanced = balance_rules(
        &balancing->arena, rules, balancing->solution.scale, balancing->solution.cash_minor);
    TRY(balance_mix(&balanced,
                    options->mixed_worlds > 0 ? options->mixed_worlds : BALANCE_MIXED_WORLDS,
                    options->threads, text_get(options->lang, N_("Playing mixed worlds")),
                    &balancing->mixed, problem));
    tell_mixed(balancing, report);
    const char *refusal =
        balance_refusal(&balancing->mixed, options->difficulty, rules->rounds * rules->round_days);
    if (refusal != NULL) {
        problem_set(problem, ERR_BALANCE, ERR_KEY(refusal));
        return problem_place(problem, "%s", options->scenario);
    }
    TRY(balance_gap_play(
        &balanced, options->gap_worlds > 0 ? options->gap_worlds : BALANCE_GAP_WORLDS,
        options->threads, text_get(options->lang, N_("Playing the novice against steady")),
        &balancing->gap, problem));
    tell_gap(balancing, report);
    scenario_assumed_count(&balancing->scenario);
    TRY(scenario_write(options->out, &balancing->scenario, problem));
    text_put(report, options->lang, N_("Balanced; written to {0}."), ERR_CTEXT(options->out));
    buf_append_byte(report, '\n');
    return ERR_OK;
}

enum err training_balance(const struct training_balance_options *options, struct buf *report,
                          struct problem *problem)
{
    struct balancing balancing = {.options = options};
    arena_init(&balancing.arena);
    enum err code = balance(&balancing, report, problem);
    arena_clear(&balancing.arena);
    return code;
}
