/* training: a round of a firm: what it saw before it, what it decided, what came of it. */
#include "app/training/decisions_json.h"
#include "app/training/runs.h"
#include "app/training/training_pages.h"
#include "app/training/training_queries.h"
#include "core/arena.h"

/* The world as it stood when the round was decided. */
static enum err play_before(struct runs_look *look, int round, struct problem *problem)
{
    struct run_play *play = &look->history.play;
    TRY(run_play_open(play, &play->key, problem));
    for (int r = 1; r < round; r++)
        TRY(run_play_step(play, look->history.decisions + (r - 1) * look->firms, NULL, problem));
    return ERR_OK;
}

/* ---- what it saw ---- */

static void listings_fill(struct request *request, const struct market_observation *seen,
                          struct run_grid *grid)
{
    static const struct run_head heads[] = {{N_("Listing"), false},
                                            {N_("Price"), true},
                                            {N_("Stars"), true},
                                            {N_("Sold in the round before"), true},
                                            {N_("Not served"), true}};
    const struct market_rules *rules = seen->rules;
    runs_grid_begin(grid, &request->arena, N_("Its listings"), heads, COUNT_OF(heads),
                    (size_t)seen->listing_count);
    grid->table.caption_unseen = false;
    for (int i = 0; i < seen->listing_count; i++) {
        const struct market_listing_view *one = &seen->listings[i];
        struct currency local = rules->currencies[rules->markets[one->market].currency];
        struct run_cell price = runs_cell_money(one->price_minor, local);
        struct run_cell *cells = runs_grid_row(grid);
        price.unit = str_copy(&request->arena, str_from_c(local.code));
        runs_cell_put(&cells[0],
                      runs_cell_text(runs_listing_name(request, rules, one->product, one->nest)));
        runs_cell_put(&cells[1], one->live ? price : runs_cell_key(N_("off sale")));
        runs_cell_put(&cells[2], runs_cell_decimal(one->rating, 2));
        runs_cell_put(&cells[3], runs_cell_int(one->round_units));
        runs_cell_put(&cells[4], runs_cell_int(one->round_units_lost));
    }
}

static void stock_fill(struct request *request, const struct market_observation *seen,
                       struct run_grid *grid)
{
    static const struct run_head heads[] = {
        {N_("Product"), false}, {N_("Place"), false}, {N_("Pieces"), true}};
    const struct market_rules *rules = seen->rules;
    runs_grid_begin(grid, &request->arena, N_("Its stock"), heads, COUNT_OF(heads),
                    (size_t)seen->stock_count);
    grid->table.caption_unseen = false;
    for (int i = 0; i < seen->stock_count; i++) {
        const struct market_stock_view *one = &seen->stock[i];
        struct run_cell *cells = runs_grid_row(grid);
        runs_cell_put(&cells[0],
                      runs_cell_text(runs_name(request, &rules->products[one->product].name)));
        runs_cell_put(&cells[1], one->place == 0
                                     ? runs_cell_key(N_("at home"))
                                     : runs_cell_text(runs_name(
                                           request, &rules->markets[one->place - 1].name)));
        runs_cell_put(&cells[2], runs_cell_int(one->units));
    }
}

/* ---- what it decided ---- */

static struct run_cell value_cell(struct request *request, const struct market_rules *rules,
                                  const struct market_list_info *list, int field,
                                  const struct market_row *row)
{
    const struct market_value *value = &row->value[field];
    struct currency currency;
    int64_t n = value->number;
    if ((row->set >> field & 1) == 0)
        return runs_cell_text(STR(""));
    switch (list->fields[field].kind) {
    case KIND_TEXT:
        return runs_cell_text(str_copy(&request->arena, value->text));
    case KIND_BOOL:
        return runs_cell_key(n != 0 ? N_("yes") : N_("no"));
    case KIND_PPM: {
        struct run_cell cell = runs_cell_scaled(n, 4);
        cell.unit = STR("%");
        return cell;
    }
    case KIND_MONEY_LOCAL:
    case KIND_MONEY_HOME:
    case KIND_MONEY_FROM: {
        if (!decisions_currency(rules, list, field, row, &currency))
            currency = rules->currencies[0];
        struct run_cell cell = runs_cell_money(n, currency);
        cell.unit = str_copy(&request->arena, str_from_c(currency.code));
        return cell;
    }
    case KIND_REF_PRODUCT:
        return n < 0 ? runs_cell_text(STR("-"))
                     : runs_cell_text(runs_name(request, &rules->products[n].name));
    case KIND_REF_MARKET:
        return n < 0 ? runs_cell_text(STR("-"))
                     : runs_cell_text(runs_name(request, &rules->markets[n].name));
    case KIND_REF_CHANNEL:
        return n < 0 ? runs_cell_text(STR("-"))
                     : runs_cell_text(runs_name(request, &rules->channels[n]));
    case KIND_REF_SUPPLIER:
        return n < 0 ? runs_cell_text(STR("-"))
                     : runs_cell_text(runs_name(request, &rules->suppliers[n].name));
    case KIND_REF_LANE:
        return n < 0 ? runs_cell_key(N_("stays at home"))
                     : runs_cell_text(runs_name(request, &rules->lanes[n].name));
    case KIND_REF_CURRENCY:
        return runs_cell_text(str_copy(&request->arena, str_from_c(rules->currencies[n].code)));
    default:
        /* Customs modes are names made of digits: 0110, 9610. */
        return list == market_list_info(LIST_customs)
                   ? runs_cell_text(str_format(&request->arena, "%04d", (int)n))
                   : runs_cell_int(n);
    }
}

/* Only the columns that were given in some row. */
static void list_fill(struct request *request, const struct market_rules *rules,
                      enum market_list which, const struct market_rows *rows,
                      struct run_list_shown *shown)
{
    const struct market_list_info *list = market_list_info(which);
    struct run_head *heads = ARENA_ARRAY(&request->arena, struct run_head, MARKET_FIELDS_MAX);
    int fields[MARKET_FIELDS_MAX];
    size_t columns = 0;
    for (int f = 0; f < list->field_count; f++) {
        uint32_t set = 0;
        for (int r = 0; r < rows->count; r++)
            set |= rows->rows[r].set >> f & 1;
        if (set == 0)
            continue;
        enum market_kind kind = list->fields[f].kind;
        bool is_number = kind == KIND_INT || kind == KIND_PPM || kind == KIND_MONEY_LOCAL ||
                         kind == KIND_MONEY_HOME || kind == KIND_MONEY_FROM;
        heads[columns] = (struct run_head){runs_field_label(list->fields[f].name), is_number};
        fields[columns++] = f;
    }
    shown->name = runs_list_label(list->name);
    runs_grid_begin(&shown->grid, &request->arena, shown->name, heads, columns,
                    (size_t)rows->count);
    for (int r = 0; r < rows->count; r++) {
        struct run_cell *cells = runs_grid_row(&shown->grid);
        for (size_t c = 0; c < columns; c++)
            runs_cell_put(&cells[c], value_cell(request, rules, list, fields[c], &rows->rows[r]));
    }
}

static void lists_fill(struct request *request, const struct runs_look *look, int firm, int round,
                       struct run_round_view *view)
{
    const struct market_seat_decisions *decided =
        &look->history.decisions[(round - 1) * look->firms + firm];
    struct run_list_shown *lists = ARENA_ARRAY(&request->arena, struct run_list_shown, LIST_COUNT);
    for (int l = 0; l < LIST_COUNT; l++) {
        if (decided->lists[l].count > 0)
            list_fill(request, &look->history.play.rules, (enum market_list)l, &decided->lists[l],
                      &lists[view->list_count++]);
    }
    view->lists = lists;
}

static void sentences_fill(struct request *request, const struct runs_look *look, int firm,
                           int round, struct run_round_view *view)
{
    const struct history_round *after = &look->history.kept[firm][round];
    const struct history_round *before = &look->history.kept[firm][round - 1];
    struct str *sentences = ARENA_ARRAY(&request->arena, struct str, 2);
    struct currency home = look->home;
    int decimals = currency_decimals(home);
    sentences[0] = RUNS_TEXT(request, N_("Decided by: {0}."),
                             ERR_KEY(runs_source_label(look->digests[round].source[firm])));
    sentences[1] = RUNS_TEXT(
        request,
        N_("In the round it sold {0} pieces; its equity in the books went from {1} to {2} {3}."),
        ERR_INT(after->units), ERR_DECIMAL(before->equity_minor, decimals),
        ERR_DECIMAL(after->equity_minor, decimals), ERR_CTEXT(home.code));
    view->sentences = sentences;
    view->sentence_count = 2;
}

static enum err fill(struct request *request, struct runs_look *look, struct run_round_view *view)
{
    int64_t round;
    int firm;
    TRY(runs_look_begin(request, 0, look));
    TRY(runs_firm_parameter(request, look, 1, &firm));
    TRY(request_id_parameter(request, 2, &round));
    if (round > look->history.rounds)
        return problem_set0(&request->problem, ERR_NOT_FOUND);
    const struct history_round *kept = &look->history.kept[firm][round];
    struct run_firm_round_row *row = ARENA_NEW(&request->arena, struct run_firm_round_row);
    *row = (struct run_firm_round_row){
        .round = round,
        .decided_by = str_from_c(run_source_name(look->digests[round].source[firm])),
        .equity_minor = kept->equity_minor,
        .cash_minor = kept->cash_minor,
        .currency = str_copy(&request->arena, str_from_c(look->home.code)),
        .units = kept->units,
        .hand_units = kept->hand_units};
    TRY(answer_row(request, &run_firm_round_columns, row));
    runs_shell(request, look, firm, RUNS_TEXT(request, N_("Round {0}"), ERR_INT(round)),
               &view->shell);
    view->shell.has_charts = false;
    sentences_fill(request, look, firm, (int)round, view);
    lists_fill(request, look, firm, (int)round, view);
    TRY(play_before(look, (int)round, &request->problem));
    const struct market_observation *seen = &look->history.play.now.observations[firm];
    listings_fill(request, seen, &view->listings);
    stock_fill(request, seen, &view->stock);
    struct action *ways = ARENA_ARRAY(&request->arena, struct action, 2);
    if (round > 1)
        ways[view->way_count++] =
            (struct action){.label = N_("The round before"),
                            .to = runs_link(request, "/runs/{}/firms/{}/rounds/{}", look->row->id,
                                            firm + 1, round - 1)};
    if (round < look->history.rounds)
        ways[view->way_count++] =
            (struct action){.label = N_("The round after"),
                            .to = runs_link(request, "/runs/{}/firms/{}/rounds/{}", look->row->id,
                                            firm + 1, round + 1)};
    view->ways = ways;
    run_round_page(answer_page(request), view);
    return ERR_OK;
}

enum err run_round_show(struct request *request)
{
    struct runs_look look;
    struct run_round_view view = {0};
    enum err code = fill(request, &look, &view);
    runs_look_end(&look);
    return code;
}
