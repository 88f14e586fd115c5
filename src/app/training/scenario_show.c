/* `sampan scenario show` and `check`: a scenario read aloud. */
#include "app/training/scenario.h"
#include "app/training/scenario_advice.h"
#include "app/training/scenario_load.h"
#include "app/training/training.h"
#include "core/arena.h"
#include "core/date.h"

enum { VALUE_COLUMNS_MAX = 34, PATH_COLUMNS = 40 };

static struct str name_of(const struct market_rules *rules, enum lang lang)
{
    return str_from_c(lang == LANG_ZH && rules->name_zh[0] != '\0' ? rules->name_zh
                                                                   : rules->name_en);
}

static void line_put(struct buf *text, enum lang lang, struct str line)
{
    (void)lang;
    if (line.length == 0)
        return;
    buf_append(text, line);
    buf_append_byte(text, '\n');
}

static void head_put(struct buf *text, enum lang lang, const struct scenario *scenario)
{
    const struct market_rules *rules = &scenario->rules;
    text_put(text, lang, N_("{0}: level {1}, {2} firms, {3} rounds of {4} days from {5}"),
             ERR_TEXT(name_of(rules, lang)), ERR_INT(rules->level), ERR_INT(rules->firms),
             ERR_INT(rules->rounds), ERR_INT(rules->round_days), ERR_DATE(rules->start_date));
    buf_append_byte(text, '\n');
    text_put(text, lang,
             N_("{0} markets, {1} nests, {2} products, {3} suppliers, {4} lanes, {5} trade rules"),
             ERR_INT(rules->market_count), ERR_INT(rules->nest_count),
             ERR_INT(rules->product_count), ERR_INT(rules->supplier_count),
             ERR_INT(rules->lane_count), ERR_INT(rules->trade.count));
    buf_append_byte(text, '\n');
    if (scenario->invented) {
        text_put0(text, lang, N_("This world is invented."));
        buf_append_byte(text, '\n');
    }
    line_put(text, lang, lang == LANG_ZH ? scenario->statement_zh : scenario->statement_en);
    line_put(text, lang, scenario->citation);
}

static void padded(struct buf *text, struct str word, size_t width)
{
    buf_append(text, word);
    for (size_t columns = text_columns(word); columns < width; columns++)
        buf_append_byte(text, ' ');
    buf_append(text, STR("  "));
}

static void value_put(struct buf *text, struct str value)
{
    size_t length = str_utf8_cut(value, VALUE_COLUMNS_MAX - 3);
    struct buf shown;
    buf_init(&shown);
    buf_append(&shown, str_slice(value, 0, length));
    if (length < value.length)
        buf_append(&shown, STR("..."));
    padded(text, buf_str(&shown), VALUE_COLUMNS_MAX);
    buf_clear(&shown);
}

/* "estimated ± 0.4, n 212; source" */
static void figure_put(struct buf *text, enum lang lang, const struct scenario_figure *figure)
{
    enum market_origin origin = figure == NULL ? ORIGIN_SET : figure->origin;
    text_put0(text, lang, scenario_origin_label(origin));
    if (figure == NULL)
        return;
    if (figure->has_error) {
        buf_append(text, STR(" ± "));
        buf_append_double(text, figure->standard_error);
    }
    if (figure->count > 0) {
        buf_append(text, STR(", n "));
        buf_append_int64(text, figure->count);
    }
    if (figure->source.length > 0) {
        buf_append(text, STR("; "));
        buf_append(text, figure->source);
    }
    if (figure->has_date) {
        char date[11];
        date_format(figure->date, date);
        buf_format(text, " (%s)", date);
    }
    if (figure->note.length > 0) {
        buf_append(text, STR("; "));
        buf_append(text, figure->note);
    }
}

static void parameters_put(struct arena *arena, struct buf *text, enum lang lang,
                           const struct scenario *scenario)
{
    const struct scenario_parameter *parameters;
    int count;
    scenario_parameters(arena, scenario, &parameters, &count);
    for (int i = 0; i < count; i++) {
        padded(text, parameters[i].path, PATH_COLUMNS);
        value_put(text, parameters[i].value);
        figure_put(text, lang, parameters[i].figure);
        buf_append_byte(text, '\n');
    }
}

static void origins_put(struct buf *text, enum lang lang, const struct scenario *scenario)
{
    int counts[6];
    int total = 0;
    scenario_origins_count(scenario, counts);
    for (size_t o = 0; o < COUNT_OF(counts); o++)
        total += counts[o];
    text_put(text, lang, N_("{0} of {1} parameters estimated"), ERR_INT(counts[ORIGIN_ESTIMATED]),
             ERR_INT(total));
    for (int o = ORIGIN_SHRUNK; o <= ORIGIN_SET; o++) {
        buf_append(text, STR(", "));
        buf_append_int64(text, counts[o]);
        buf_append_byte(text, ' ');
        text_put0(text, lang, scenario_origin_label((enum market_origin)o));
    }
    buf_append_byte(text, '\n');
}

enum err training_scenario_show(const struct training_scenario_options *options, struct buf *report,
                                struct problem *problem)
{
    struct arena arena;
    struct scenario scenario;
    arena_init(&arena);
    enum err code = scenario_read(&arena, options->scenario, &scenario, problem);
    struct buf load;
    buf_init(&load);
    if (code == ERR_OK)
        code = scenario_load_put(&arena, &load, options->lang, &scenario, problem);
    if (code == ERR_OK) {
        head_put(report, options->lang, &scenario);
        buf_append(report, buf_str(&load));
        scenario_advice_put(report, options->lang, &scenario.rules, scenario.rules.rounds);
        if (options->check_only) {
            text_put0(report, options->lang, N_("It can be played."));
            buf_append_byte(report, '\n');
        } else {
            buf_append_byte(report, '\n');
            parameters_put(&arena, report, options->lang, &scenario);
            buf_append_byte(report, '\n');
        }
        origins_put(report, options->lang, &scenario);
    }
    buf_clear(&load);
    arena_clear(&arena);
    return code;
}
