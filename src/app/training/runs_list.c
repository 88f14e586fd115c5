/* training: the list of an organisation's runs, a page at a time. It plays nothing. */
#include "app/training/runs.h"
#include "app/training/training_pages.h"
#include "app/training/training_queries.h"
#include "core/arena.h"

enum { PAGE_ROWS = 50 };
enum { COLUMN_TITLE, COLUMN_SCENARIO, COLUMN_FIRMS, COLUMN_ROUNDS, COLUMN_LEVEL, COLUMNS };

static void rows_fill(struct request *request, const struct run_page_row *rows, size_t count,
                      struct run_grid *grid)
{
    static const struct run_head heads[COLUMNS] = {{N_("Run"), false},
                                                   {N_("Scenario"), false},
                                                   {N_("Firms"), true},
                                                   {N_("Rounds"), true},
                                                   {N_("Level"), true}};
    runs_grid_begin(grid, &request->arena, N_("Runs, the newest first"), heads, COLUMNS, count);
    for (size_t i = 0; i < count; i++) {
        struct run_cell *cells = runs_grid_row(grid);
        runs_cell_put(&cells[COLUMN_TITLE],
                      runs_cell_link(runs_cell_text(rows[i].title),
                                     runs_link(request, "/runs/{}", rows[i].id, 0, 0)));
        runs_cell_put(
            &cells[COLUMN_SCENARIO],
            runs_cell_text(request->lang == LANG_ZH ? rows[i].scenario_zh : rows[i].scenario_en));
        runs_cell_put(&cells[COLUMN_FIRMS], runs_cell_int(rows[i].firms));
        runs_cell_put(&cells[COLUMN_ROUNDS], runs_cell_int(rows[i].rounds));
        runs_cell_put(&cells[COLUMN_LEVEL], runs_cell_int(rows[i].level));
    }
}

enum err run_list(struct request *request)
{
    struct run_list_view view = {0};
    struct run_page_row *rows;
    struct run_count_row total;
    size_t count;
    int64_t before, first;
    struct str next = STR("");
    TRY(request_query_int(request, "before", 1, INT64_MAX, INT64_MAX, &before));
    TRY(request_query_int(request, "first", 1, INT64_MAX, 1, &first));
    TRY(run_page(request->read, &request->arena, request->viewer.tenant, before, PAGE_ROWS + 1,
                 &rows, &count, &request->problem));
    TRY(run_count(request->read, &request->arena, request->viewer.tenant, &total,
                  &request->problem));
    if (count > PAGE_ROWS) {
        count = PAGE_ROWS;
        next = str_format(&request->arena, "%lld", (long long)rows[count - 1].id);
        view.pager.next = runs_link(request, "/runs?before={}&first={}", rows[count - 1].id,
                                    first + PAGE_ROWS, 0);
    }
    TRY(answer_rows(request, &run_page_columns, rows, count, next));
    people_shell_titled(request, N_("Runs"), &view.shell);
    rows_fill(request, rows, count, &view.runs);
    view.pager.first = first;
    view.pager.last = first + (int64_t)count - 1;
    view.pager.total = total.runs;
    if (before != INT64_MAX)
        view.pager.previous = runs_link(request, "/runs", 0, 0, 0);
    run_list_page(answer_page(request), &view);
    return ERR_OK;
}
