/* training: one run: what was played, who did well, equity round by round. */
#include "app/training/explain_figures.h"
#include "app/training/run_cells.h"
#include "app/training/runs.h"
#include "app/training/training_pages.h"
#include "app/training/training_queries.h"
#include "core/arena.h"

enum {
    COLUMN_FIRM,
    COLUMN_PLAYER,
    COLUMN_POINTS,
    COLUMN_EQUITY,
    COLUMN_UNITS,
    COLUMN_SERVICE,
    COLUMNS
};

/* ---- the scenario in three sentences ---- */

static void scenario_fill(struct request *request, const struct runs_look *look,
                          struct run_view *view)
{
    struct str *sentences = ARENA_ARRAY(&request->arena, struct str, 3);
    struct str *details = ARENA_ARRAY(&request->arena, struct str, 4);
    const struct scenario *scenario = &look->history.scenario;
    const struct market_rules *rules = &look->history.play.rules;
    int counts[6], all = 0;
    struct str statement =
        request->lang == LANG_ZH ? scenario->statement_zh : scenario->statement_en;
    sentences[view->sentence_count++] = RUNS_TEXT(
        request,
        N_("{0} firms sell {1} products in {2} markets from {3} on, for {4} rounds of {5} "
           "days."),
        ERR_INT(look->firms), ERR_INT(rules->product_count), ERR_INT(rules->market_count),
        ERR_DATE(rules->start_date), ERR_INT(look->history.run.rounds), ERR_INT(rules->round_days));
    if (statement.length > 0)
        sentences[view->sentence_count++] = str_copy(&request->arena, statement);
    scenario_origins_count(scenario, counts);
    for (int i = 0; i < 6; i++)
        all += counts[i];
    sentences[view->sentence_count++] = RUNS_TEXT(
        request, N_("Of its {0} figures {1} were estimated from data and {2} are assumed."),
        ERR_INT(all), ERR_INT(counts[ORIGIN_ESTIMATED]), ERR_INT(counts[ORIGIN_ASSUMED]));
    view->sentences = sentences;
    details[view->detail_count++] =
        RUNS_TEXT(request, N_("Scenario {0}, level {1}; played by engine {2} from the folder {3}."),
                  ERR_CTEXT(rules->id), ERR_INT(rules->level),
                  ERR_INT(look->history.run.engine_version), ERR_TEXT(look->row->folder_name));
    details[view->detail_count++] =
        RUNS_TEXT(request, N_("The seed was promised as {0} before the run was played."),
                  ERR_CTEXT(look->history.run.commitment));
    if (scenario->citation.length > 0)
        details[view->detail_count++] = str_copy(&request->arena, scenario->citation);
    view->details = details;
}

/* ---- firms ---- */

struct standing {
    int firm;
    int64_t closing_minor, units, points; /* points in hundredths */
    bool has_points;
    double service;
};

static enum err standing_read(struct request *request, const struct runs_look *look, int firm,
                              struct standing *standing)
{
    const struct history *history = &look->history;
    const struct history_round *last = &history->kept[firm][history->rounds];
    struct score_cell cells[INDICATOR_COUNT];
    int64_t parts[INDICATOR_COUNT];
    int seeds;
    *standing = (struct standing){.firm = firm,
                                  .closing_minor = last->closing.equity_minor,
                                  .service = last->indicators.value[INDICATOR_SERVICE]};
    for (int r = 1; r <= history->rounds; r++)
        standing->units += history->kept[firm][r].units;
    TRY(score_read(look->folder, 0, firm, history->rounds, cells, &seeds, &request->problem));
    standing->has_points =
        explain_contributions(&history->play.rules, cells, parts, &standing->points);
    return ERR_OK;
}

static bool is_better(const struct standing *a, const struct standing *b)
{
    if (a->has_points != b->has_points)
        return a->has_points;
    if (a->has_points && a->points != b->points)
        return a->points > b->points;
    return a->closing_minor > b->closing_minor;
}

static enum err firms_fill(struct request *request, const struct runs_look *look,
                           struct run_view *view)
{
    static const struct run_head heads[COLUMNS] = {
        {N_("Firm"), false},          {N_("Played by"), false},  {N_("Points"), true},
        {N_("Closing equity"), true}, {N_("Pieces sold"), true}, {N_("Orders served"), true}};
    struct standing standings[MARKET_FIRMS_MAX];
    for (int f = 0; f < look->firms; f++) {
        struct standing standing;
        TRY(standing_read(request, look, f, &standing));
        int at = f;
        for (; at > 0 && is_better(&standing, &standings[at - 1]); at--)
            standings[at] = standings[at - 1];
        standings[at] = standing;
    }
    runs_grid_begin(&view->firms, &request->arena, N_("Firms, the best first"), heads, COLUMNS,
                    (size_t)look->firms);
    for (int i = 0; i < look->firms; i++) {
        const struct standing *one = &standings[i];
        struct run_cell *cells = runs_grid_row(&view->firms);
        struct link to = runs_link(request, "/runs/{}/firms/{}", look->row->id, one->firm + 1, 0);
        runs_cell_put(&cells[COLUMN_FIRM],
                      runs_cell_link(runs_cell_text(runs_firm_name(request, one->firm)), to));
        runs_cell_put(&cells[COLUMN_PLAYER], runs_cell_key(runs_player(look, one->firm)));
        runs_cell_put(&cells[COLUMN_POINTS], one->has_points
                                                 ? runs_cell_decimal((double)one->points / 100, 1)
                                                 : runs_cell_text(STR("-")));
        struct run_cell equity = runs_cell_money(one->closing_minor, look->home);
        equity.unit = str_from_c(look->home.code);
        runs_cell_put(&cells[COLUMN_EQUITY], equity);
        runs_cell_put(&cells[COLUMN_UNITS], runs_cell_int(one->units));
        runs_cell_put(&cells[COLUMN_SERVICE], runs_cell_percent(one->service));
    }
    return ERR_OK;
}

/* ---- equity ---- */

const struct str *runs_round_names(struct request *request, int rounds)
{
    struct str *names = ARENA_ARRAY(&request->arena, struct str, (size_t)rounds + 1);
    for (int r = 0; r <= rounds; r++)
        names[r] = str_format(&request->arena, "%d", r);
    return names;
}

void runs_equity_chart(struct request *request, const struct runs_look *look, const int *firms,
                       int count, struct chart *chart)
{
    int rounds = look->history.rounds;
    struct chart_series *series = ARENA_ARRAY(&request->arena, struct chart_series, (size_t)count);
    for (int i = 0; i < count; i++) {
        int64_t *values = ARENA_ARRAY(&request->arena, int64_t, (size_t)rounds + 1);
        for (int r = 0; r <= rounds; r++)
            values[r] = look->history.kept[firms[i]][r].equity_minor -
                        look->history.kept[firms[i]][0].equity_minor;
        series[i] =
            (struct chart_series){.name = runs_firm_name(request, firms[i]), .values = values};
    }
    *chart = (struct chart){.id = "equity",
                            .kind = CHART_LINE,
                            .format = CHART_MONEY,
                            .title = N_("Equity gained since the start, after each round"),
                            .category_label = N_("Round"),
                            .categories = runs_round_names(request, rounds),
                            .category_count = (size_t)rounds + 1,
                            .series = series,
                            .series_count = (size_t)count,
                            .decimals = currency_decimals(look->home)};
    chart_fill(chart, &request->arena, request->lang);
}

struct field runs_firm_field(struct request *request, const struct runs_look *look,
                             const char *name, const char *label, int chosen)
{
    struct option *options = ARENA_ARRAY(&request->arena, struct option, (size_t)look->firms);
    for (int f = 0; f < look->firms; f++)
        options[f] = (struct option){.value = str_format(&request->arena, "%d", f + 1),
                                     .text = runs_firm_name(request, f),
                                     .chosen = f == chosen};
    return (struct field){.kind = FORM_CHOICE,
                          .name = name,
                          .id = name,
                          .label = label,
                          .required = true,
                          .value = options[chosen].value,
                          .options = options,
                          .option_count = (size_t)look->firms};
}

static enum err fill(struct request *request, struct runs_look *look, struct run_view *view)
{
    int all[MARKET_FIRMS_MAX];
    TRY(runs_look_begin(request, 0, look));
    TRY(answer_row(request, &run_by_id_columns, look->row));
    runs_shell(request, NULL, -1, look->row->title, &view->shell);
    view->invented = look->row->invented;
    scenario_fill(request, look, view);
    TRY(firms_fill(request, look, view));
    for (int f = 0; f < look->firms; f++)
        all[f] = f;
    runs_equity_chart(request, look, all, look->firms, &view->equity);
    view->compare = runs_link(request, "/runs/{}/compare", look->row->id, 0, 0);
    view->firm_a = runs_firm_field(request, look, "a", N_("One firm"), 0);
    view->firm_b = runs_firm_field(request, look, "b", N_("Another firm"), look->firms > 1 ? 1 : 0);
    run_page_show(answer_page(request), view);
    return ERR_OK;
}

enum err run_show(struct request *request)
{
    struct runs_look look;
    struct run_view view = {0};
    enum err code = fill(request, &look, &view);
    runs_look_end(&look);
    return code;
}
