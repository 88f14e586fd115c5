/* The points of a firm, opened: indicators, yardsticks, weights, and the closing equity. */
#include "app/training/explain_figures.h"
#include "app/training/run_cells.h"
#include "core/arena.h"
#include "core/file.h"
#include "core/json.h"

static const char *const indicator_ids[INDICATOR_COUNT] = {"equity", "service", "stock", "forecast",
                                                           "rating"};

/* ---- score.json ---- */

static enum err cell_read(const struct json *at, struct score_cell *cell, struct problem *problem)
{
    struct str state;
    double most = 1e12;
    *cell = (struct score_cell){.state = SCORE_STATE_COUNT};
    TRY(json_get_text(at, "state", 40, &state, problem));
    for (int s = 0; s < SCORE_STATE_COUNT; s++)
        if (str_equal_c(state, score_state_name((enum score_state)s)))
            cell->state = (enum score_state)s;
    if (cell->state == SCORE_STATE_COUNT) {
        problem_set(problem, ERR_CHOICE, ERR_TEXT(state), ERR_CTEXT(score_state_name(SCORE_GIVEN)));
        return json_place(problem, at, "state");
    }
    if (cell->state != SCORE_UNDEFINED)
        TRY(json_get_double(at, "value", -most, most, &cell->value, problem));
    if (cell->state == SCORE_UNDEFINED || cell->state == SCORE_NO_YARDSTICK)
        return ERR_OK;
    TRY(json_get_double(at, "novice", -most, most, &cell->novice, problem));
    TRY(json_get_double(at, "steady", -most, most, &cell->steady, problem));
    TRY(json_get_double(at, "gap_error", 0, most, &cell->gap_error, problem));
    if (cell->state == SCORE_GIVEN)
        TRY(json_get_double(at, "points", 0, 100, &cell->points, problem));
    return ERR_OK;
}

static enum err firm_read(const struct json *firms, int world, int firm, int round,
                          struct score_cell cells[INDICATOR_COUNT], struct problem *problem)
{
    TRY(json_require_list(firms, (size_t)RUN_FIRMS_MAX, problem));
    for (size_t i = 0; i < json_count(firms); i++) {
        struct json one = json_item(firms, i);
        int64_t world_read, firm_read;
        TRY(json_get_int(&one, "world", 1, MARKET_WORLDS_MAX, &world_read, problem));
        TRY(json_get_int(&one, "firm", 1, MARKET_FIRMS_MAX, &firm_read, problem));
        if (world_read != world + 1 || firm_read != firm + 1)
            continue;
        struct json rounds = json_child(&one, "rounds");
        TRY(json_require_list(&rounds, RUN_ROUNDS_MAX, problem));
        struct json at = json_item(&rounds, (size_t)round - 1);
        for (int k = 0; k < INDICATOR_COUNT; k++) {
            struct json cell = json_child(&at, indicator_ids[k]);
            TRY(cell_read(&cell, &cells[k], problem));
        }
        return ERR_OK;
    }
    problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT("firm"));
    return json_place(problem, firms, NULL);
}

enum err score_read(const char *folder, int world, int firm, int round,
                    struct score_cell cells[INDICATOR_COUNT], int *seeds, struct problem *problem)
{
    struct arena arena;
    struct json_document *document;
    struct json root;
    int64_t count = 0;
    arena_init(&arena);
    const char *path = path_join(&arena, folder, "score.json");
    enum err code = json_read_file(path, &document, &root, problem);
    if (code == ERR_OK) {
        code = json_get_int(&root, "yardstick_seeds", 0, SCORE_SEEDS_MAX, &count, problem);
        struct json firms = json_child(&root, "firms");
        if (code == ERR_OK)
            code = firm_read(&firms, world, firm, round, cells, problem);
        if (code != ERR_OK)
            problem_place_prefix(problem, "%s", path);
        json_close(document);
    }
    *seeds = (int)count;
    arena_clear(&arena);
    return code;
}

/* ---- points ---- */

bool explain_contributions(const struct market_rules *rules,
                           const struct score_cell cells[INDICATOR_COUNT],
                           int64_t hundredths[INDICATOR_COUNT], int64_t *total)
{
    double points[INDICATOR_COUNT], parts[INDICATOR_COUNT] = {0}, weights = 0, all;
    bool scored[INDICATOR_COUNT];
    for (int i = 0; i < INDICATOR_COUNT; i++) {
        scored[i] = cells[i].state == SCORE_GIVEN;
        points[i] = cells[i].points;
        weights += scored[i] ? (double)rules->score_weight_1e9[i] : 0;
        hundredths[i] = 0;
    }
    if (!market_score_total(rules, points, scored, &all))
        return false;
    for (int i = 0; i < INDICATOR_COUNT; i++)
        if (scored[i])
            parts[i] = 100 * points[i] * (double)rules->score_weight_1e9[i] / weights;
    *total = run_cells_scaled(all, 2);
    run_cells_round(parts, INDICATOR_COUNT, *total, hundredths);
    return true;
}

static void append_points(const struct explain_asked *asked,
                          const struct score_cell cells[INDICATOR_COUNT],
                          const int64_t hundredths[INDICATOR_COUNT], bool has_total, int64_t total)
{
    static const char *const heads[] = {
        N_("indicator"),        N_("value"),  N_("novice"),   N_("steady"),
        N_("error of the gap"), N_("points"), N_("weight %"), N_("adds")};
    const struct market_rules *rules = &asked->history->play.rules;
    struct run_table table;
    run_cells_begin(&table, asked->arena, asked->lang, heads, COUNT_OF(heads), 1,
                    INDICATOR_COUNT + 1);
    for (int i = 0; i < INDICATOR_COUNT; i++) {
        const struct score_cell *cell = &cells[i];
        run_table_row(&table);
        run_cells_put_key(&table, 0, asked->lang, market_indicator_name((enum market_indicator)i));
        run_cells_put_decimal(&table, 6, (double)rules->score_weight_1e9[i] / 1e7, 0);
        if (cell->state == SCORE_UNDEFINED)
            continue;
        run_cells_put_decimal(&table, 1, cell->value, 4);
        if (cell->state == SCORE_NO_YARDSTICK)
            continue;
        run_cells_put_decimal(&table, 2, cell->novice, 4);
        run_cells_put_decimal(&table, 3, cell->steady, 4);
        run_cells_put_decimal(&table, 4, cell->gap_error, 4);
        if (cell->state != SCORE_GIVEN)
            continue;
        run_cells_put_decimal(&table, 5, cell->points, 2);
        run_cells_put_decimal(&table, 7, (double)hundredths[i] / 100, 2);
    }
    if (has_total) {
        run_table_row(&table);
        run_cells_put_key(&table, 0, asked->lang, N_("together"));
        run_cells_put_decimal(&table, 7, (double)total / 100, 2);
    }
    run_table_append(&table, true, asked->text);
    for (int i = 0; i < INDICATOR_COUNT; i++) {
        if (cells[i].state == SCORE_GIVEN)
            continue;
        text_put(asked->text, asked->lang, N_("Not scored: {0}, because {1}."),
                 ERR_KEY(market_indicator_name((enum market_indicator)i)),
                 ERR_KEY(score_state_text(cells[i].state)));
        const char *more = score_state_note((enum market_indicator)i, cells[i].state);
        if (more != NULL) {
            buf_append_c(asked->text, asked->lang == LANG_ZH ? "" : " ");
            text_put0(asked->text, asked->lang, more);
        }
        buf_append_byte(asked->text, '\n');
    }
}

/* ---- closing equity ---- */

static void put_sum(const struct explain_asked *asked, struct run_table *table, const char *label,
                    int64_t minor)
{
    run_table_row(table);
    run_cells_put_key(table, 0, asked->lang, label);
    run_cells_put_money(table, 7, minor, asked->history->play.rules.currencies[0], false);
}

static void append_closing(const struct explain_asked *asked)
{
    static const char *const heads[] = {N_("closing equity"), N_("units"),
                                        N_("landed a unit"),  N_("realisable a unit"),
                                        N_("demand a day"),   N_("units within 60 days"),
                                        N_("units beyond"),   N_("home currency")};
    const struct market_rules *rules = &asked->history->play.rules;
    struct currency home = rules->currencies[0];
    struct market_closing closing;
    struct run_table table;
    market_closing_open(rules, asked->history->play.now.after, asked->firm, &closing);
    run_cells_begin(&table, asked->arena, asked->lang, heads, COUNT_OF(heads), 1,
                    closing.product_count + 6);
    put_sum(asked, &table, N_("equity in the books"), closing.books_minor);
    put_sum(asked, &table, N_("less goods in the books"), -closing.goods_books_minor);
    for (int p = 0; p < closing.product_count; p++) {
        const struct market_closing_goods *goods = &closing.goods[p];
        run_table_row(&table);
        run_table_put(&table, 0, str_from_c(rules->products[p].name.id));
        run_cells_put_int(&table, 1, goods->units);
        run_cells_put_money(&table, 2, run_cells_scaled(goods->landed, 0), home, false);
        run_cells_put_money(&table, 3, run_cells_scaled(goods->realisable, 0), home, false);
        run_cells_put_decimal(&table, 4, goods->units_per_day, 2);
        run_cells_put_decimal(&table, 5, goods->near_units, 1);
        run_cells_put_decimal(&table, 6, (double)goods->units - goods->near_units, 1);
        run_cells_put_money(&table, 7, goods->value_minor, home, false);
    }
    put_sum(asked, &table, N_("less refunds expected"), -closing.refunds_minor);
    if (closing.export_tax_minor != 0)
        put_sum(asked, &table, N_("less refunds of export tax at risk"), -closing.export_tax_minor);
    put_sum(asked, &table, N_("closing equity"), closing.equity_minor);
    put_sum(asked, &table, N_("opening equity"),
            asked->history->play.now.observations[asked->firm].equity_opening_minor);
    run_table_append(&table, true, asked->text);
    text_put0(
        asked->text, asked->lang,
        N_("Goods anywhere count at the lower of landed and realisable as far as 60 days of "
           "demand take them, at 30 % of landed beyond. Demand and realisable price are those "
           "of the 56 days before the last round."));
    buf_append_byte(asked->text, '\n');
}

static void append_others(const struct explain_asked *asked)
{
    const struct history_round *last = &asked->history->kept[asked->firm][asked->last];
    const struct market_sums *sums = &last->sums;
    const struct market_indicators *values = &last->indicators;
    text_put(asked->text, asked->lang, N_("Service: {0} served of {1} orders asked for = {2}."),
             ERR_DECIMAL(run_cells_scaled(sums->served, 0), 0),
             ERR_DECIMAL(run_cells_scaled(sums->asked, 1), 1),
             ERR_DECIMAL(run_cells_scaled(values->value[INDICATOR_SERVICE], 4), 4));
    buf_append_byte(asked->text, '\n');
    text_put(asked->text, asked->lang,
             N_("Rating: (20 x 4.0 + {0} stars) / (20 + {1} reviews) = {2}."),
             ERR_DECIMAL(run_cells_scaled(sums->stars, 1), 1), ERR_INT(sums->reviews),
             ERR_DECIMAL(run_cells_scaled(values->value[INDICATOR_RATING], 4), 4));
    buf_append_byte(asked->text, '\n');
    if (!values->defined[INDICATOR_FORECAST])
        return;
    text_put(asked->text, asked->lang,
             N_("Forecast: 1 - {0} / {1} (the error of exponential smoothing) = {2}."),
             ERR_DECIMAL(run_cells_scaled(sums->forecast_error, 1), 1),
             ERR_DECIMAL(run_cells_scaled(sums->smoothing_error, 1), 1),
             ERR_DECIMAL(run_cells_scaled(values->value[INDICATOR_FORECAST], 4), 4));
    buf_append_byte(asked->text, '\n');
}

static void tell(const struct explain_asked *asked, const struct score_cell cells[INDICATOR_COUNT],
                 bool has_total, int64_t total, const int64_t hundredths[INDICATOR_COUNT])
{
    int most = -1;
    if (!has_total) {
        text_put(asked->text, asked->lang,
                 N_("Firm {0} has no points after round {1}: no indicator could be scored."),
                 ERR_INT(asked->firm + 1), ERR_INT(asked->last));
        buf_append_c(asked->text, "\n\n");
        return;
    }
    for (int i = 0; i < INDICATOR_COUNT; i++)
        if (cells[i].state == SCORE_GIVEN && (most < 0 || hundredths[i] > hundredths[most]))
            most = i;
    text_put(asked->text, asked->lang,
             N_("Firm {0} has {2} points after round {1}; most of them, {3}, for its {4}."),
             ERR_INT(asked->firm + 1), ERR_INT(asked->last), ERR_DECIMAL(total, 2),
             ERR_DECIMAL(hundredths[most], 2),
             ERR_KEY(market_indicator_name((enum market_indicator)most)));
    buf_append_c(asked->text, "\n\n");
}

enum err explain_score_append(const struct explain_asked *asked, struct problem *problem)
{
    struct score_cell cells[INDICATOR_COUNT];
    int64_t hundredths[INDICATOR_COUNT], total = 0;
    int seeds;
    TRY(score_read(asked->history->run.folder, asked->history->world, asked->firm, asked->last,
                   cells, &seeds, problem));
    bool has_total = explain_contributions(&asked->history->play.rules, cells, hundredths, &total);
    explain_administration_append(asked);
    tell(asked, cells, has_total, total, hundredths);
    append_points(asked, cells, hundredths, has_total, total);
    if (has_total) {
        text_put(asked->text, asked->lang,
                 N_("Points: 60 + 25 (here - novice) / (steady - novice), between 0 and 100; both "
                    "played in this seat over {0} seeds."),
                 ERR_INT(seeds));
        buf_append_byte(asked->text, '\n');
    }
    buf_append_byte(asked->text, '\n');
    append_closing(asked);
    buf_append_byte(asked->text, '\n');
    append_others(asked);
    return ERR_OK;
}
