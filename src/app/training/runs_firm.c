/* training: one firm of a run: how it ended and why, sales, stock and cash, its rounds. */
#include "app/training/report.h"
#include "app/training/runs.h"
#include "app/training/training_pages.h"
#include "app/training/training_queries.h"
#include "core/arena.h"

enum { CAUSES_SHOWN = 5 };

/* ---- why it ended there ---- */

/* Beside the firm that the report of the run sets it beside. */
static enum err reason_fill(struct request *request, struct runs_look *look, int firm,
                            struct run_firm_view *view)
{
    struct score_firm *scores =
        ARENA_ARRAY(&request->arena, struct score_firm, (size_t)look->firms);
    struct report_firm *firms =
        ARENA_ARRAY(&request->arena, struct report_firm, (size_t)look->firms);
    struct buf text;
    for (int f = 0; f < look->firms; f++) {
        firms[f].firm = scores[f].firm = f;
        scores[f].closing_equity_minor =
            look->history.kept[f][look->history.rounds].closing.equity_minor;
    }
    TRY(report_contrasts_make(&request->arena, look->folder, scores, firms, look->firms,
                              &request->problem));
    if (firms[firm].contrast == NULL)
        return ERR_OK;
    buf_init(&text);
    contrast_tell(&look->history.play.rules, firms[firm].contrast, firm, firms[firm].contrast_firm,
                  look->history.rounds, request->lang, &text);
    view->sentence_count = runs_lines(request, buf_str(&text), 4, &view->sentences);
    buf_clear(&text);
    runs_causes_fill(request, look, firms[firm].contrast, CAUSES_SHOWN, &view->causes);
    view->has_causes = view->causes.row_count > 0;
    return ERR_OK;
}

/* ---- charts ---- */

static int64_t *numbers(struct request *request, size_t count)
{
    return ARENA_ARRAY(&request->arena, int64_t, count);
}

static void rounds_chart(struct request *request, const struct runs_look *look, const char *id,
                         const char *title, const char *label, const int64_t *values, bool money,
                         struct chart *chart)
{
    struct chart_series *series = ARENA_ARRAY(&request->arena, struct chart_series, 1);
    series[0] = (struct chart_series){.label = label, .values = values};
    *chart = (struct chart){.id = id,
                            .kind = CHART_LINE,
                            .format = money ? CHART_MONEY : CHART_NUMBER,
                            .title = title,
                            .category_label = N_("Round"),
                            .categories = runs_round_names(request, look->history.rounds),
                            .category_count = (size_t)look->history.rounds + 1,
                            .series = series,
                            .series_count = 1,
                            .decimals = money ? currency_decimals(look->home) : 0};
    chart_fill(chart, &request->arena, request->lang);
}

static void charts_fill(struct request *request, const struct runs_look *look, int firm,
                        struct run_firm_view *view)
{
    size_t count = (size_t)look->history.rounds + 1;
    int64_t *sales = numbers(request, count), *stock = numbers(request, count);
    int64_t *cash = numbers(request, count);
    for (size_t r = 0; r < count; r++) {
        const struct history_round *round = &look->history.kept[firm][r];
        sales[r] = r == 0 ? SCALED_NONE : round->units;
        stock[r] = round->hand_units;
        cash[r] = round->cash_minor;
    }
    rounds_chart(request, look, "sales", N_("Pieces sold in each round"), N_("Pieces sold"), sales,
                 false, &view->sales);
    rounds_chart(request, look, "stock", N_("Pieces on hand after each round"), N_("On hand"),
                 stock, false, &view->stock);
    rounds_chart(request, look, "cash", N_("Cash after each round, all currencies"), N_("Cash"),
                 cash, true, &view->cash);
}

/* ---- listings, each with its oddest day ---- */

struct listing {
    int product, nest;
    int64_t units;
    int32_t odd_day;
    double oddity;
    int64_t odd_served, odd_usual;
};

static size_t listings_read(const struct runs_look *look, int firm, struct listing *listings,
                            size_t most)
{
    size_t count = 0;
    for (int r = 1; r <= look->history.rounds; r++) {
        const struct history_round *round = &look->history.kept[firm][r];
        for (int i = 0; i < round->why_count; i++) {
            const struct market_why *why = &round->why[i];
            size_t at = 0;
            while (at < count &&
                   (listings[at].product != why->product || listings[at].nest != why->nest))
                at++;
            if (at == most)
                continue;
            if (at == count)
                listings[count++] = (struct listing){
                    .product = why->product, .nest = why->nest, .odd_day = why->day, .oddity = -1};
            struct listing *listing = &listings[at];
            double odd = (double)why->served - why->expected_reference;
            int pieces = why->bundle_units > 1 ? why->bundle_units : 1;
            listing->units += why->served * pieces;
            odd = odd < 0 ? -odd : odd;
            if (!why->live || odd <= listing->oddity)
                continue;
            listing->oddity = odd;
            listing->odd_day = why->day;
            listing->odd_served = why->served;
            listing->odd_usual = (int64_t)(why->expected_reference + 0.5);
        }
    }
    return count;
}

static void listings_fill(struct request *request, const struct runs_look *look, int firm,
                          struct run_firm_view *view)
{
    static const struct run_head heads[] = {
        {N_("Listing"), false}, {N_("Pieces sold"), true}, {N_("Its oddest day"), false}};
    struct listing *listings =
        ARENA_ARRAY(&request->arena, struct listing, MARKET_LISTINGS_MAX + 1);
    const struct market_rules *rules = &look->history.play.rules;
    size_t count = listings_read(look, firm, listings, MARKET_LISTINGS_MAX);
    runs_grid_begin(&view->listings, &request->arena, N_("Listings"), heads, 3, count);
    for (size_t i = 0; i < count; i++) {
        const struct listing *one = &listings[i];
        struct run_cell *cells = runs_grid_row(&view->listings);
        const struct err_arg arguments[] = {ERR_INT(look->row->id), ERR_INT(firm + 1),
                                            ERR_INT(one->product), ERR_INT(one->nest),
                                            ERR_INT(one->odd_day)};
        struct link to = link_to(&request->arena, "/runs/{}/firms/{}/why?product={}&nest={}&day={}",
                                 arguments, COUNT_OF(arguments));
        runs_cell_put(&cells[0],
                      runs_cell_text(runs_listing_name(request, rules, one->product, one->nest)));
        runs_cell_put(&cells[1], runs_cell_int(one->units));
        runs_cell_put(&cells[2],
                      runs_cell_link(runs_cell_text(RUNS_TEXT(
                                         request, N_("{0}: why {1} and not {2}?"),
                                         ERR_DATE(rules->start_date + one->odd_day),
                                         ERR_INT(one->odd_served), ERR_INT(one->odd_usual))),
                                     to));
    }
    view->has_listings = count > 0;
}

/* ---- rounds ---- */

static struct run_firm_round_row *rows_make(struct request *request, const struct runs_look *look,
                                            int firm)
{
    size_t count = (size_t)look->history.rounds + 1;
    struct run_firm_round_row *rows =
        ARENA_ARRAY(&request->arena, struct run_firm_round_row, count);
    for (size_t r = 0; r < count; r++) {
        const struct history_round *round = &look->history.kept[firm][r];
        rows[r] = (struct run_firm_round_row){
            .round = (int64_t)r,
            .decided_by =
                r == 0 ? STR("") : str_from_c(run_source_name(look->digests[r].source[firm])),
            .equity_minor = round->equity_minor,
            .cash_minor = round->cash_minor,
            .currency = str_copy(&request->arena, str_from_c(look->home.code)),
            .units = round->units,
            .hand_units = round->hand_units};
    }
    return rows;
}

static void rounds_fill(struct request *request, const struct runs_look *look, int firm,
                        const struct run_firm_round_row *rows, struct run_firm_view *view)
{
    static const struct run_head heads[] = {
        {N_("Round"), false},  {N_("Decided by"), false}, {N_("Pieces sold"), true},
        {N_("On hand"), true}, {N_("Cash"), true},        {N_("Equity in the books"), true}};
    runs_grid_begin(&view->rounds, &request->arena, N_("Rounds"), heads, COUNT_OF(heads),
                    (size_t)look->history.rounds);
    for (int r = 1; r <= look->history.rounds; r++) {
        struct run_cell *cells = runs_grid_row(&view->rounds);
        runs_cell_put(&cells[0], runs_cell_link(runs_cell_text(RUNS_TEXT(request, N_("Round {0}"),
                                                                         ERR_INT(r))),
                                                runs_link(request, "/runs/{}/firms/{}/rounds/{}",
                                                          look->row->id, firm + 1, r)));
        runs_cell_put(&cells[1], runs_cell_key(runs_source_label(look->digests[r].source[firm])));
        runs_cell_put(&cells[2], runs_cell_int(rows[r].units));
        runs_cell_put(&cells[3], runs_cell_int(rows[r].hand_units));
        runs_cell_put(&cells[4], runs_cell_amount(request, rows[r].cash_minor, look->home));
        runs_cell_put(&cells[5], runs_cell_amount(request, rows[r].equity_minor, look->home));
    }
}

static enum err fill(struct request *request, struct runs_look *look, struct run_firm_view *view)
{
    int firm;
    TRY(runs_look_begin(request, 0, look));
    TRY(runs_firm_parameter(request, look, 1, &firm));
    const struct run_firm_round_row *rows = rows_make(request, look, firm);
    TRY(answer_rows(request, &run_firm_round_columns, rows, (size_t)look->history.rounds + 1,
                    STR("")));
    runs_shell(request, look, -1, runs_firm_name(request, firm), &view->shell);
    TRY(reason_fill(request, look, firm, view));
    charts_fill(request, look, firm, view);
    listings_fill(request, look, firm, view);
    rounds_fill(request, look, firm, rows, view);
    run_firm_page(answer_page(request), view);
    return ERR_OK;
}

enum err run_firm_show(struct request *request)
{
    struct runs_look look;
    struct run_firm_view view = {0};
    enum err code = fill(request, &look, &view);
    runs_look_end(&look);
    return code;
}
