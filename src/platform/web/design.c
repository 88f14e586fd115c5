#include "platform/web/design.h"

#include "core/arena.h"
#include "platform/web/components_pages.h"

/* The example's form, declared as forms.def would. */
static const struct form_field form_fields[] = {
    {.name = "title", .label = N_("Title"), .kind = FORM_TEXT, .required = true, .most = 80},
    {.name = "places", .label = N_("Places"), .kind = FORM_INT, .required = true, .most = 200},
    {.name = "until", .label = N_("Apply until"), .kind = FORM_DAY, .required = true},
    {.name = "direction", .label = N_("Direction"), .kind = FORM_CHOICE, .required = true},
    {.name = "rated_by", .label = N_("Rated by"), .kind = FORM_CHOICE, .required = false},
    {.name = "about", .label = N_("What is to be done"), .kind = FORM_LINES, .required = false},
    {.name = "plan", .label = N_("Plan as a file"), .kind = FORM_FILE, .required = false},
    {.name = "password", .label = N_("Your password"), .kind = FORM_SECRET, .required = true},
    {.name = "agreed", .label = N_("The agreement is signed"), .kind = FORM_FLAG, .required = true},
};
enum { FIELD_COUNT = COUNT_OF(form_fields) };

static const struct form form = {
    .name = "design", .fields = form_fields, .count = FIELD_COUNT, .size = 0};

static const struct option directions[] = {
    {.value = {"trade", 5}, .label = N_("Cross-border trade"), .chosen = true},
    {.value = {"logistics", 9}, .label = N_("Logistics")},
    {.value = {"data", 4}, .label = N_("Data analysis")},
};
static const struct option raters[] = {
    {.value = {"mentor", 6}, .label = N_("The mentor"), .chosen = true},
    {.value = {"teacher", 7}, .label = N_("The teacher")},
};

static void field_complete(struct field *field, const char *prefix, struct arena *arena)
{
    field->id = str_format(arena, "%s%s", prefix, field->name).text;
    if (str_equal_c(str_from_c(field->name), "direction")) {
        field->options = directions;
        field->option_count = COUNT_OF(directions);
    }
    if (str_equal_c(str_from_c(field->name), "rated_by")) {
        field->options = raters;
        field->option_count = COUNT_OF(raters);
        field->as_radios = true;
    }
    if (field->kind == FORM_SECRET)
        field->autocomplete = "current-password";
    if (str_equal_c(str_from_c(field->name), "title"))
        field->hint = N_("At most 80 letters; students see it first.");
    if (field->kind == FORM_FILE)
        field->disabled = prefix[0] == '\0';
}

static struct field *fields_make(struct arena *arena, const struct form_state *state,
                                 const char *prefix)
{
    static const struct str values[FIELD_COUNT] = {
        {"Spring campaign", 15}, {"12", 2},
        {"2026-11-30", 10},      {"trade", 5},
        {"mentor", 6},           {"Two weeks with the order desk.", 30},
    };
    struct field *fields = ARENA_ARRAY(arena, struct field, FIELD_COUNT);
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        fields[i] = field_of(&form, state, form_fields[i].name, values[i]);
        field_complete(&fields[i], prefix, arena);
    }
    return fields;
}

static const struct form_state *state_make(struct arena *arena)
{
    struct form_state *state = ARENA_NEW(arena, struct form_state);
    state->form = &form;
    state->typed = ARENA_ARRAY(arena, struct str, FIELD_COUNT);
    state->problems = ARENA_ARRAY(arena, struct problem, FIELD_COUNT);
    state->typed[1] = STR("2000");
    state->typed[2] = STR("2026-02-30");
    (void)problem_set0(&state->problems[0], ERR_FIELD_EMPTY);
    (void)problem_set(&state->problems[1], ERR_RANGE, ERR_INT(2000), ERR_INT(1), ERR_INT(200));
    (void)problem_set0(&state->problems[3], ERR_FIELD_EMPTY);
    (void)problem_set0(&state->problems[8], ERR_FIELD_EMPTY);
    state->problem_count = 4;
    return state;
}

static const struct design_row rows[] = {
    {{"Spring campaign", 15}, N_("Open"), TONE_GOOD, {1250000, {"CNY"}}, 12, {20787}, true},
    {{"Warehouse move, \xE5\xAE\x81\xE6\xB3\xA2", 22},
     N_("Ends soon"),
     TONE_WARN,
     {8600050, {"EUR"}},
     4,
     {20790},
     false},
    {{"Returns desk for the Christmas season in three languages", 56},
     N_("Draft"),
     TONE_INFO,
     {98000, {"USD"}},
     1,
     {20850},
     false},
    {{"Customs file check", 18}, N_("Overdue"), TONE_BAD, {0, {"JPY"}}, 0, {20700}, false},
};

static const struct str rounds[] = {{"1", 1}, {"2", 1}, {"3", 1}, {"4", 1}, {"5", 1}, {"6", 1}};
static const int64_t sales_a[] = {1200000, 1350000, 1100050, 1600000, 1900000, 2150000};
static const int64_t sales_b[] = {900000, 950000, SCALED_NONE, 1000000, 1300000, 1250000};
static const int64_t costs_a[] = {400000, 420000, 380000, 500000, 560000, 610000};
static const int64_t costs_b[] = {250000, 240000, 300000, 310000, 330000, 300000};
static const struct str countries[] = {{"DE", 2}, {"FR", 2}, {"US", 2}, {"JP", 2}};
static const int64_t shares[] = {4120, 2310, 2895, 675};
static const int64_t scores[] = {6200, 7150, 8800, 5400};
static const int64_t hours[] = {2400, 3100, 4000, 1850};

static const struct chart charts[] = {
    {.id = "sales",
     .kind = CHART_LINE,
     .format = CHART_MONEY,
     .title = N_("Sales by round"),
     .words = N_("Harbour Team sold more each round but the third."),
     .category_label = N_("Round"),
     .categories = rounds,
     .category_count = COUNT_OF(rounds),
     .series = (const struct chart_series[]){{.name = {"Harbour Team", 12}, .values = sales_a},
                                             {.name = {"Lantern Team", 12}, .values = sales_b}},
     .series_count = 2,
     .decimals = 2},
    {.id = "shares",
     .kind = CHART_BAR,
     .format = CHART_PERCENT,
     .title = N_("Share of orders by country"),
     .category_label = N_("Country"),
     .categories = countries,
     .category_count = COUNT_OF(countries),
     .series = (const struct chart_series[]){{.label = N_("Share"), .values = shares}},
     .series_count = 1,
     .decimals = 4},
    {.id = "costs",
     .kind = CHART_STACKED,
     .format = CHART_MONEY,
     .title = N_("Costs by round"),
     .category_label = N_("Round"),
     .categories = rounds,
     .category_count = COUNT_OF(rounds),
     .series = (const struct chart_series[]){{.label = N_("Goods"), .values = costs_a},
                                             {.label = N_("Freight"), .values = costs_b}},
     .series_count = 2,
     .decimals = 2},
    {.id = "points",
     .kind = CHART_SCATTER,
     .format = CHART_NUMBER,
     .title = N_("Score by hours of practice"),
     .category_label = N_("Country"),
     .categories = countries,
     .category_count = COUNT_OF(countries),
     .series = (const struct chart_series[]){{.label = N_("Hours"), .values = hours},
                                             {.label = N_("Score"), .values = scores}},
     .series_count = 2,
     .decimals = 2},
};

static const struct nav_item tabs_of_page[] = {
    {.label = N_("All"), .to = {{"/design", 7}}, .here = true},
    {.label = N_("Forms"), .to = {{"/design?part=forms", 18}}},
    {.label = N_("Tables"), .to = {{"/design?part=tables", 19}}},
    {.label = N_("Charts"), .to = {{"/design?part=charts", 19}}},
};
static const struct nav_item crumbs[] = {{.label = N_("Home"), .to = {{"/", 1}}},
                                         {.label = N_("Operations"), .to = {{"/design", 7}}}};
static const struct action page_actions[] = {{N_("New project"), {{"/design", 7}}, true},
                                             {N_("Print"), {{"/design", 7}}, false}};

void design_page(struct page *page, struct arena *arena, struct shell *shell)
{
    struct chart *filled = ARENA_ARRAY(arena, struct chart, COUNT_OF(charts));
    for (size_t i = 0; i < COUNT_OF(charts); i++) {
        filled[i] = charts[i];
        chart_fill(&filled[i], arena, page->lang);
    }
    shell->title = N_("Design language");
    shell->lead = str_from_c(
        text_get(page->lang, N_("Every component in every state. None is written twice.")));
    shell->crumbs = crumbs;
    shell->crumb_count = COUNT_OF(crumbs);
    shell->actions = page_actions;
    shell->action_count = COUNT_OF(page_actions);
    shell->has_charts = true;
    const struct form_state *state = state_make(arena);
    struct design view = {
        .shell = shell,
        .self = {STR("/design")},
        .tabs = tabs_of_page,
        .tab_count = COUNT_OF(tabs_of_page),
        .fields = fields_make(arena, NULL, ""),
        .wrong_fields = fields_make(arena, state, "wrong-"),
        .field_count = FIELD_COUNT,
        .state = state,
        .charts = filled,
        .chart_count = COUNT_OF(charts),
        .rows = rows,
        .row_count = COUNT_OF(rows),
        .pager = {.first = 51,
                  .last = 100,
                  .total = 20000,
                  .previous = {STR("/design?page=1")},
                  .next = {STR("/design?page=3")}},
        .first_page = {.label = N_("Pages of the cards"),
                       .first = 1,
                       .last = 4,
                       .total = -1,
                       .next = {STR("/design?page=2")}},
    };
    design(page, &view);
}
