/* training: two firms of a run beside each other: one sentence and the parts behind it. */
#include "app/training/runs.h"
#include "app/training/training_pages.h"
#include "app/training/training_queries.h"
#include "core/arena.h"

static int64_t size(int64_t value)
{
    return value < 0 ? -value : value;
}

void runs_causes_fill(struct request *request, const struct runs_look *look,
                      const struct contrast *contrast, size_t most, struct run_grid *grid)
{
    static const struct run_head heads[] = {{N_("Cause"), false}, {N_("Difference"), true}};
    enum contrast_cause order[CONTRAST_COUNT];
    for (int c = 0; c < CONTRAST_COUNT; c++) {
        int at = c;
        int64_t moved = size(contrast_cause_minor(contrast, (enum contrast_cause)c));
        for (; at > 0 && size(contrast_cause_minor(contrast, order[at - 1])) < moved; at--)
            order[at] = order[at - 1];
        order[at] = (enum contrast_cause)c;
    }
    runs_grid_begin(grid, &request->arena, N_("Causes, the largest first"), heads, 2, most + 1);
    for (size_t i = 0; i < most && i < CONTRAST_COUNT; i++) {
        int64_t minor = contrast_cause_minor(contrast, order[i]);
        if (minor == 0)
            break;
        struct run_cell *cells = runs_grid_row(grid);
        runs_cell_put(&cells[0], runs_cell_key(contrast_cause_name(order[i])));
        runs_cell_put(&cells[1], runs_cell_amount(request, minor, look->home));
    }
}

static void parts_fill(struct request *request, const struct runs_look *look,
                       const struct contrast *contrast, struct run_grid *grid)
{
    static const struct run_head heads[] = {
        {N_("Part"), false}, {N_("Cause"), false}, {N_("Difference"), true}};
    runs_grid_begin(grid, &request->arena, N_("All parts"), heads, 3, PART_COUNT + 1);
    for (int p = 0; p < PART_COUNT; p++) {
        if (contrast->parts_minor[p] == 0)
            continue;
        struct run_cell *cells = runs_grid_row(grid);
        runs_cell_put(&cells[0], runs_cell_key(contrast_part_name((enum contrast_part)p)));
        runs_cell_put(&cells[1], runs_cell_key(contrast_cause_name(
                                     contrast_part_cause((enum contrast_part)p))));
        runs_cell_put(&cells[2], runs_cell_amount(request, contrast->parts_minor[p], look->home));
    }
    struct run_cell *cells = runs_grid_row(grid);
    runs_cell_put(&cells[0], runs_cell_key(N_("together")));
    runs_cell_put(&cells[2], runs_cell_amount(request, contrast->difference_minor, look->home));
}

static enum err fill(struct request *request, struct runs_look *look, struct run_compare_view *view)
{
    int64_t a, b;
    struct contrast contrast;
    struct buf text;
    TRY(runs_look_begin(request, 0, look));
    TRY(answer_row(request, &run_by_id_columns, look->row));
    TRY(request_query_int(request, "a", 1, look->firms, 1, &a));
    TRY(request_query_int(request, "b", 1, look->firms, look->firms > 1 ? 2 : 1, &b));
    const int firms[] = {(int)a - 1, (int)b - 1};
    contrast_make(&look->history, firms[0], &look->history, firms[1], look->history.rounds,
                  &contrast);
    runs_shell(request, look, -1,
               RUNS_TEXT(request, N_("Firm {0} beside firm {1}"), ERR_INT(a), ERR_INT(b)),
               &view->shell);
    buf_init(&text);
    contrast_tell(&look->history.play.rules, &contrast, firms[0], firms[1], look->history.rounds,
                  request->lang, &text);
    view->sentence_count = runs_lines(request, buf_str(&text), 5, &view->sentences);
    buf_clear(&text);
    runs_equity_chart(request, look, firms, a == b ? 1 : 2, &view->equity);
    runs_causes_fill(request, look, &contrast, CONTRAST_COUNT, &view->causes);
    parts_fill(request, look, &contrast, &view->parts);
    run_compare_page(answer_page(request), view);
    return ERR_OK;
}

enum err run_compare_show(struct request *request)
{
    struct runs_look look;
    struct run_compare_view view = {0};
    enum err code = fill(request, &look, &view);
    runs_look_end(&look);
    return code;
}
