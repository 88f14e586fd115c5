/* sampan orders: the order file of a run. */
#include <stdio.h>

#include "app/training/orders.h"
#include "app/training/run.h"
#include "core/arena.h"
#include "core/file.h"
#include "engine/market/baskets.h"

static void say_counts(const struct orders_counts *counts, enum lang lang, struct buf *report)
{
    text_put(report, lang, N_("{0} orders, {1} lines, {2} units by {3} buyers, from {4} to {5}.\n"),
             ERR_INT(counts->orders), ERR_INT(counts->lines), ERR_INT(counts->units),
             ERR_INT(counts->buyers), ERR_DATE(counts->day_first), ERR_DATE(counts->day_last));
    if (counts->returned_units > 0)
        text_put(report, lang,
                 N_("{0} units came back; {1} of them fit no order of this format.\n"),
                 ERR_INT(counts->returned_units), ERR_INT(counts->returned_left));
    text_put0(report, lang, N_("Buyers and orders are invented.\n"));
}

static enum err check_request(const struct run *run, const struct orders_request *request,
                              struct problem *problem)
{
    if (request->world < 0 || request->world >= run->worlds) {
        problem_set(problem, ERR_RANGE, ERR_INT(request->world + 1), ERR_INT(1),
                    ERR_INT(run->worlds));
        return problem_place(problem, "--world");
    }
    int firms = run_world_firms(run, request->world);
    if (request->firm >= firms || request->firm < -1) {
        problem_set(problem, ERR_RANGE, ERR_INT(request->firm + 1), ERR_INT(1), ERR_INT(firms));
        return problem_place(problem, "--firm");
    }
    return ERR_OK;
}

static enum err write_orders(struct arena *arena, const struct training_orders_options *options,
                             struct buf *text, struct buf *report, struct problem *problem)
{
    struct run run;
    struct scenario scenario;
    TRY(run_read(arena, options->run, &run, problem));
    TRY(run_scenario_read(arena, &run, &scenario, problem));
    if (!scenario.baskets)
        return problem_set(problem, ERR_SCENARIO,
                           ERR_KEY(N_("it has no basket tables, so units cannot become orders")));
    struct orders_request request = {.baskets = scenario.baskets,
                                     .seed = run.seed,
                                     .world = options->world,
                                     .firm = options->firm,
                                     .format = options->format};
    TRY(check_request(&run, &request, problem));
    struct market_rules rules = run_world_rules(&run, &scenario, options->world);
    request.rules = &rules;
    const char *world_path = run_world_path(arena, options->run, run.worlds, options->world);
    struct run_sale *sales;
    int64_t count;
    TRY(run_sales_read(arena, &rules, path_join(arena, world_path, "sales.csv"), &sales, &count,
                       problem));
    struct orders_counts counts;
    TRY(orders_append(&request, sales, count, text, &counts, problem));
    if (counts.units == 0)
        return problem_set0(problem, ERR_DATA_EMPTY);
    if (options->out) {
        TRY(file_write_atomic(options->out, buf_str(text), 0644, problem));
    } else if (fwrite(text->text, 1, text->length, stdout) != text->length) {
        return problem_set(problem, ERR_FILE_WRITE, ERR_CTEXT("stdout"));
    }
    say_counts(&counts, options->lang, report);
    return ERR_OK;
}

enum err training_orders(const struct training_orders_options *options, struct buf *report,
                         struct problem *problem)
{
    struct arena arena;
    struct buf text;
    arena_init(&arena);
    buf_init(&text);
    enum err code = write_orders(&arena, options, &text, report, problem);
    buf_clear(&text);
    arena_clear(&arena);
    return code;
}
