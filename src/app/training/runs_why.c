/* training: why a listing sold what it sold on a day: sentences, then the terms. */
#include "app/training/explain.h"
#include "app/training/runs.h"
#include "app/training/training_pages.h"
#include "app/training/training_queries.h"
#include "core/arena.h"
#include "core/date.h"

struct place {
    int firm, product, nest;
    int32_t day;
};

static const struct market_why *why_find(const struct runs_look *look, const struct place *place,
                                         int32_t day)
{
    int round = day / look->history.play.rules.round_days + 1;
    if (day < 0 || round > look->history.rounds)
        return NULL;
    const struct history_round *kept = &look->history.kept[place->firm][round];
    for (int i = 0; i < kept->why_count; i++) {
        const struct market_why *why = &kept->why[i];
        if (why->day == day && why->product == place->product && why->nest == place->nest)
            return why;
    }
    return NULL;
}

/* ---- sentences and terms ---- */

static void sentences_fill(struct request *request, const struct runs_look *look,
                           const struct market_why *why, struct run_why_view *view)
{
    struct buf text;
    buf_init(&text);
    explain_append(&request->arena, &look->history.play.rules, why, request->lang, &text);
    view->sentence_count = runs_lines(request, buf_str(&text), 5, &view->sentences);
    buf_clear(&text);
}

static void term_put(struct run_grid *grid, const char *key, struct run_cell value,
                     const char *meaning)
{
    struct run_cell *cells = runs_grid_row(grid);
    runs_cell_put(&cells[0], runs_cell_key(key));
    runs_cell_put(&cells[1], value);
    runs_cell_put(&cells[2], runs_cell_key(meaning));
}

static const char *cause_label(enum explain_cause cause)
{
    static const char *const labels[CAUSE_COUNT] = {
        [CAUSE_APPEAL] = N_("x how the product appeals"),
        [CAUSE_PRICE] = N_("x its price"),
        [CAUSE_RATING] = N_("x its rating"),
        [CAUSE_REVIEWS] = N_("x its reviews"),
        [CAUSE_DELIVERY] = N_("x its delivery time"),
        [CAUSE_BRAND] = N_("x its brand"),
        [CAUSE_CONTENT] = N_("x its pictures and words"),
        [CAUSE_TRUST] = N_("x its terms of sale"),
        [CAUSE_LUCK] = N_("x the luck of the week"),
        [CAUSE_EXPOSURE] = N_("x where it stood"),
        [CAUSE_LATE] = N_("x late parcels"),
        [CAUSE_BUNDLE] = N_("x the bundle"),
        [CAUSE_RIVALS] = N_("x rivals, and all together")};
    return labels[cause];
}

static void terms_fill(struct request *request, const struct runs_look *look,
                       const struct market_why *why, struct run_grid *grid)
{
    static const struct run_head heads[] = {
        {N_("Term"), false}, {N_("Value"), true}, {N_("Meaning"), false}};
    struct explain_effect effects[CAUSE_COUNT];
    runs_grid_begin(grid, &request->arena, N_("The terms of the day"), heads, 3, CAUSE_COUNT + 12);
    term_put(grid, N_("Shoppers"), runs_cell_decimal(why->shoppers_all, 1),
             N_("people who looked for such goods that day"));
    term_put(grid, N_("A usual listing could expect"),
             runs_cell_decimal(why->expected_reference, 2), N_("orders, from those shoppers"));
    if (explain_effects_get(&look->history.play.rules, why, effects)) {
        for (int i = 0; i < CAUSE_COUNT; i++)
            if (effects[i].factor != 1)
                term_put(grid, cause_label(effects[i].cause),
                         runs_cell_decimal(effects[i].factor, 3), N_("factor; 1 changes nothing"));
    }
    term_put(grid, N_("= this listing could expect"), runs_cell_decimal(why->expected, 2),
             N_("orders; the factors multiply to it"));
    term_put(grid, N_("Buyers asked for"), runs_cell_int(why->drawn), N_("orders, by chance"));
    term_put(grid, N_("+ came over from sold-out rivals"), runs_cell_int(why->spill_in),
             N_("orders"));
    term_put(grid, N_("Stock at the day's start"), runs_cell_int(why->stock), N_("pieces"));
    term_put(grid, N_("- went to rivals for want of goods"), runs_cell_int(why->spill_out),
             N_("orders"));
    term_put(grid, N_("- lost for want of goods"), runs_cell_int(why->lost), N_("orders"));
    term_put(grid, N_("= sold"), runs_cell_int(why->served), N_("orders"));
}

/* ---- the days around ---- */

static void days_fill(struct request *request, const struct runs_look *look,
                      const struct place *place, struct run_why_view *view)
{
    enum { BEFORE = 21, AFTER = 21 };
    const struct market_rules *rules = &look->history.play.rules;
    int32_t days = look->history.rounds * rules->round_days;
    int32_t first = place->day - BEFORE < 0 ? 0 : place->day - BEFORE;
    int32_t end = place->day + AFTER + 1 > days ? days : place->day + AFTER + 1;
    size_t count = (size_t)(end - first);
    struct str *names = ARENA_ARRAY(&request->arena, struct str, count);
    int64_t *sold = ARENA_ARRAY(&request->arena, int64_t, count);
    int64_t *usual = ARENA_ARRAY(&request->arena, int64_t, count);
    struct chart_series *series = ARENA_ARRAY(&request->arena, struct chart_series, 2);
    for (size_t i = 0; i < count; i++) {
        const struct market_why *why = why_find(look, place, first + (int32_t)i);
        char date[11];
        date_format(rules->start_date + first + (int32_t)i, date);
        names[i] = str_copy(&request->arena, str_from_c(date));
        sold[i] = why == NULL ? SCALED_NONE : why->served * 10;
        usual[i] = why == NULL ? SCALED_NONE : (int64_t)(why->expected_reference * 10 + 0.5);
    }
    series[0] = (struct chart_series){.label = N_("Orders sold"), .values = sold};
    series[1] = (struct chart_series){.label = N_("A usual listing could expect"), .values = usual};
    view->days = (struct chart){.id = "days",
                                .kind = CHART_LINE,
                                .format = CHART_NUMBER,
                                .title = N_("Orders of this listing, day by day"),
                                .category_label = N_("Day"),
                                .categories = names,
                                .category_count = count,
                                .series = series,
                                .series_count = 2,
                                .decimals = 1};
    chart_fill(&view->days, &request->arena, request->lang);
}

static void way_put(struct request *request, const struct runs_look *look,
                    const struct place *place, int32_t day, const char *label, struct action *ways,
                    size_t *count)
{
    if (why_find(look, place, day) == NULL)
        return;
    const struct err_arg arguments[] = {ERR_INT(look->row->id), ERR_INT(place->firm + 1),
                                        ERR_INT(place->product), ERR_INT(place->nest),
                                        ERR_INT(day)};
    ways[(*count)++] = (struct action){
        .label = label,
        .to = link_to(&request->arena, "/runs/{}/firms/{}/why?product={}&nest={}&day={}", arguments,
                      COUNT_OF(arguments))};
}

static struct run_why_row row_of(struct request *request, const struct runs_look *look,
                                 const struct market_why *why)
{
    const struct market_rules *rules = &look->history.play.rules;
    const struct market_nest *nest = &rules->nests[why->nest];
    char date[11];
    date_format(rules->start_date + why->day, date);
    return (struct run_why_row){
        .product = str_copy(&request->arena, str_from_c(rules->products[why->product].name.id)),
        .market = str_copy(&request->arena, str_from_c(rules->markets[nest->market].name.id)),
        .channel = str_copy(&request->arena, str_from_c(rules->channels[nest->channel].id)),
        .day = str_copy(&request->arena, str_from_c(date)),
        .sold = why->served,
        .drawn = why->drawn,
        .stock = why->stock,
        .shoppers = why->shoppers,
        .exposure = why->exposure,
        .share = why->share[0],
        .expected = why->expected,
        .expected_reference = why->expected_reference};
}

static enum err fill(struct request *request, struct runs_look *look, struct run_why_view *view)
{
    int64_t product, nest, day;
    struct place place;
    TRY(runs_look_begin(request, 0, look));
    const struct market_rules *rules = &look->history.play.rules;
    TRY(runs_firm_parameter(request, look, 1, &place.firm));
    TRY(request_query_int(request, "product", 0, rules->product_count - 1, 0, &product));
    TRY(request_query_int(request, "nest", 0, rules->nest_count - 1, 0, &nest));
    TRY(request_query_int(request, "day", 0, (int64_t)look->history.rounds * rules->round_days - 1,
                          0, &day));
    place.product = (int)product;
    place.nest = (int)nest;
    place.day = (int32_t)day;
    const struct market_why *why = why_find(look, &place, place.day);
    if (why == NULL)
        return problem_set0(&request->problem, ERR_NOT_FOUND);
    struct run_why_row *row = ARENA_NEW(&request->arena, struct run_why_row);
    *row = row_of(request, look, why);
    TRY(answer_row(request, &run_why_columns, row));
    runs_shell(request, look, place.firm,
               RUNS_TEXT(request, N_("{0} on {1}"),
                         ERR_TEXT(runs_listing_name(request, rules, place.product, place.nest)),
                         ERR_DATE(rules->start_date + place.day)),
               &view->shell);
    sentences_fill(request, look, why, view);
    terms_fill(request, look, why, &view->terms);
    days_fill(request, look, &place, view);
    struct action *ways = ARENA_ARRAY(&request->arena, struct action, 2);
    way_put(request, look, &place, place.day - 1, N_("The day before"), ways, &view->way_count);
    way_put(request, look, &place, place.day + 1, N_("The day after"), ways, &view->way_count);
    view->ways = ways;
    run_why_page(answer_page(request), view);
    return ERR_OK;
}

enum err run_why_show(struct request *request)
{
    struct runs_look look;
    struct run_why_view view = {0};
    enum err code = fill(request, &look, &view);
    runs_look_end(&look);
    return code;
}
