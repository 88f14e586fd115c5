#include "app/training/runs.h"

#include "app/training/run_cells.h"
#include "app/training/training_queries.h"
#include "core/arena.h"
#include "core/file.h"

const char *runs_folder(struct arena *arena, const struct store *store, int64_t id)
{
    return str_format(arena, "%s/runs/%lld", store_folder(store), (long long)id).text;
}

enum err runs_look_begin(struct request *request, int rounds, struct runs_look *look)
{
    int64_t id;
    bool found = false;
    *look = (struct runs_look){0};
    history_init(&look->history);
    TRY(request_id_parameter(request, 0, &id));
    struct run_by_id_row *row = ARENA_NEW(&request->arena, struct run_by_id_row);
    look->row = row;
    TRY(run_by_id(request->read, &request->arena, request->viewer.tenant, id, row, &found,
                  &request->problem));
    if (!found)
        return problem_set0(&request->problem, ERR_NOT_FOUND);
    look->folder = runs_folder(&request->arena, request->site->store, id);
    look->firms = (int)look->row->firms;
    TRY(history_read(&look->history, look->folder, 0, rounds,
                     (uint32_t)((UINT64_C(1) << look->firms) - 1), &request->problem));
    look->home = look->history.play.rules.currencies[0];
    look->world_path = run_world_path(&request->arena, look->folder, 1, 0);
    return run_digests_read(&request->arena, look->world_path, look->firms,
                            look->history.run.rounds, &look->digests, &request->problem);
}

void runs_look_end(struct runs_look *look)
{
    history_clear(&look->history);
}

enum err runs_firm_parameter(struct request *request, const struct runs_look *look, int index,
                             int *firm)
{
    int64_t number;
    TRY(request_id_parameter(request, index, &number));
    if (number > look->firms)
        return problem_set0(&request->problem, ERR_NOT_FOUND);
    *firm = (int)number - 1;
    return ERR_OK;
}

/* ---- words ---- */

struct str runs_text(struct request *request, const char *key, const struct err_arg *arguments,
                     size_t count)
{
    struct buf text;
    buf_init(&text);
    text_append(&text, request->lang, key, arguments, count);
    struct str copy = str_copy(&request->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

size_t runs_lines(struct request *request, struct str text, size_t most, const struct str **lines)
{
    struct str *kept = ARENA_ARRAY(&request->arena, struct str, most + 1);
    size_t count = 0;
    while (text.length > 0 && count < most) {
        size_t end = str_find_byte(text, '\n');
        struct str line = str_trim(str_slice(text, 0, end));
        if (line.length == 0)
            break;
        kept[count++] = str_copy(&request->arena, line);
        text = str_slice(text, end + 1, text.length);
    }
    *lines = kept;
    return count;
}

struct str runs_name(const struct request *request, const struct market_name *name)
{
    return str_from_c(request->lang == LANG_ZH ? name->zh : name->en);
}

struct str runs_listing_name(struct request *request, const struct market_rules *rules, int product,
                             int nest)
{
    const struct market_nest *place = &rules->nests[nest];
    return RUNS_TEXT(request, N_("{0}, {1}, {2}"),
                     ERR_TEXT(runs_name(request, &rules->products[product].name)),
                     ERR_TEXT(runs_name(request, &rules->markets[place->market].name)),
                     ERR_TEXT(runs_name(request, &rules->channels[place->channel])));
}

struct str runs_firm_name(struct request *request, int firm)
{
    return RUNS_TEXT(request, N_("Firm {0}"), ERR_INT(firm + 1));
}

const char *runs_source_label(enum run_source source)
{
    static const char *const labels[RUN_SOURCE_COUNT] = {
        [RUN_SOURCE_FILE] = N_("the team"),
        [RUN_SOURCE_POLICY] = N_("a computer policy"),
        [RUN_SOURCE_ABSENT] = N_("nobody: as before")};
    return labels[source];
}

const char *runs_player(const struct runs_look *look, int firm)
{
    static const char *const policies[POLICY_COUNT] = {
        [POLICY_NOVICE] = N_("novice"), [POLICY_STEADY] = N_("steady"),
        [POLICY_CHEAP] = N_("cheap"),   [POLICY_PREMIUM] = N_("premium"),
        [POLICY_AIR] = N_("air"),       [POLICY_LATE] = N_("late"),
        [POLICY_OVER] = N_("over"),     [POLICY_HEAVY_ADS] = N_("heavy-ads"),
        [POLICY_NO_ADS] = N_("no-ads")};
    for (int r = 1; r <= look->history.run.rounds; r++) {
        if (look->digests[r].source[firm] == RUN_SOURCE_FILE)
            return N_("team");
    }
    int policy = look->history.run.policies[firm];
    return policy < 0 || policy >= POLICY_COUNT ? N_("absent") : policies[policy];
}

/* ---- tables ---- */

void runs_grid_begin(struct run_grid *grid, struct arena *arena, const char *caption,
                     const struct run_head *heads, size_t columns, size_t rows_most)
{
    struct run_grid_row *rows = ARENA_ARRAY(arena, struct run_grid_row, rows_most + 1);
    grid->table = (struct table){.caption = caption, .caption_unseen = true, .as_cards = true};
    grid->heads = heads;
    grid->column_count = columns;
    grid->cells = ARENA_ARRAY(arena, struct run_cell, columns * rows_most + 1);
    for (size_t r = 0; r < rows_most; r++) {
        struct run_cell *cells = &grid->cells[r * columns];
        for (size_t c = 0; c < columns; c++) {
            cells[c].head = heads[c].label;
            cells[c].is_number = heads[c].is_number;
        }
        rows[r].cells = cells;
    }
    grid->rows = rows;
    grid->row_count = 0;
}

struct run_cell *runs_grid_row(struct run_grid *grid)
{
    return &grid->cells[grid->row_count++ * grid->column_count];
}

void runs_cell_put(struct run_cell *at, struct run_cell cell)
{
    cell.head = at->head;
    cell.is_number = at->is_number;
    *at = cell;
}

struct run_cell runs_cell_text(struct str text)
{
    return (struct run_cell){.text = text};
}

struct run_cell runs_cell_key(const char *key)
{
    return (struct run_cell){.key = key};
}

struct run_cell runs_cell_int(int64_t value)
{
    return runs_cell_scaled(value, 0);
}

struct run_cell runs_cell_scaled(int64_t value, int decimals)
{
    return (struct run_cell){.has_number = true, .number = {value, decimals}};
}

struct run_cell runs_cell_decimal(double value, int decimals)
{
    return runs_cell_scaled(run_cells_scaled(value, decimals), decimals);
}

struct run_cell runs_cell_money(int64_t minor, struct currency currency)
{
    return runs_cell_scaled(minor, currency_decimals(currency));
}

struct run_cell runs_cell_amount(struct request *request, int64_t minor, struct currency currency)
{
    struct run_cell cell = runs_cell_money(minor, currency);
    cell.unit = str_copy(&request->arena, str_from_c(currency.code));
    return cell;
}

struct run_cell runs_cell_percent(double share)
{
    struct run_cell cell = runs_cell_decimal(100 * share, 1);
    cell.unit = STR("%");
    return cell;
}

struct run_cell runs_cell_day(int32_t date)
{
    return (struct run_cell){.is_day = true, .day = {date}};
}

struct run_cell runs_cell_link(struct run_cell cell, struct link to)
{
    cell.to = to;
    return cell;
}

/* ---- the frame ---- */

struct link runs_link(struct request *request, const char *pattern, int64_t id, int64_t a,
                      int64_t b)
{
    const struct err_arg arguments[] = {ERR_INT(id), ERR_INT(a), ERR_INT(b)};
    size_t holes = 0;
    for (const char *at = pattern; *at != '\0'; at++)
        holes += *at == '{';
    return link_to(&request->arena, pattern, arguments, holes);
}

void runs_shell(struct request *request, const struct runs_look *look, int firm, struct str title,
                struct shell *shell)
{
    struct nav_item *crumbs = ARENA_ARRAY(&request->arena, struct nav_item, 3);
    people_shell(request, title, shell);
    crumbs[0] = (struct nav_item){.label = N_("Runs"), .to = runs_link(request, "/runs", 0, 0, 0)};
    shell->crumb_count = 1;
    shell->crumbs = crumbs;
    shell->has_charts = true;
    if (look == NULL)
        return;
    crumbs[shell->crumb_count++] = (struct nav_item){
        .text = look->row->title, .to = runs_link(request, "/runs/{}", look->row->id, 0, 0)};
    if (firm >= 0)
        crumbs[shell->crumb_count++] = (struct nav_item){
            .text = runs_firm_name(request, firm),
            .to = runs_link(request, "/runs/{}/firms/{}", look->row->id, firm + 1, 0)};
}

/* ---- what programs read ---- */

static const struct store_column round_columns[] = {
    {"round", STORE_INT64, false, offsetof(struct run_firm_round_row, round), 0},
    {"decided_by", STORE_TEXT, false, offsetof(struct run_firm_round_row, decided_by), 0},
    {"equity_minor", STORE_INT64, false, offsetof(struct run_firm_round_row, equity_minor), 0},
    {"cash_minor", STORE_INT64, false, offsetof(struct run_firm_round_row, cash_minor), 0},
    {"currency", STORE_TEXT, false, offsetof(struct run_firm_round_row, currency), 0},
    {"units", STORE_INT64, false, offsetof(struct run_firm_round_row, units), 0},
    {"hand_units", STORE_INT64, false, offsetof(struct run_firm_round_row, hand_units), 0},
};
const struct store_columns run_firm_round_columns = {
    "run_firm_round", round_columns, COUNT_OF(round_columns), sizeof(struct run_firm_round_row)};

static const struct store_column why_columns[] = {
    {"product", STORE_TEXT, false, offsetof(struct run_why_row, product), 0},
    {"market", STORE_TEXT, false, offsetof(struct run_why_row, market), 0},
    {"channel", STORE_TEXT, false, offsetof(struct run_why_row, channel), 0},
    {"day", STORE_TEXT, false, offsetof(struct run_why_row, day), 0},
    {"sold", STORE_INT64, false, offsetof(struct run_why_row, sold), 0},
    {"drawn", STORE_INT64, false, offsetof(struct run_why_row, drawn), 0},
    {"stock", STORE_INT64, false, offsetof(struct run_why_row, stock), 0},
    {"shoppers", STORE_REAL8, false, offsetof(struct run_why_row, shoppers), 0},
    {"exposure", STORE_REAL8, false, offsetof(struct run_why_row, exposure), 0},
    {"share", STORE_REAL8, false, offsetof(struct run_why_row, share), 0},
    {"expected", STORE_REAL8, false, offsetof(struct run_why_row, expected), 0},
    {"expected_reference", STORE_REAL8, false, offsetof(struct run_why_row, expected_reference), 0},
};
const struct store_columns run_why_columns = {"run_why", why_columns, COUNT_OF(why_columns),
                                              sizeof(struct run_why_row)};
