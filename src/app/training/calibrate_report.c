/* The printed table of a calibration. */
#include <math.h>

#include "app/training/calibrate.h"
#include "core/arena.h"
#include "core/detmath.h"

#define LOG10_E 0.4342944819032518 /* log10 of e */

enum { NAME_COLUMNS = 34, NUMBER_COLUMNS = 12, RANGE_COLUMNS = 24, SHARES_SHOWN = 12 };

void calibrate_put_number(struct buf *text, double value, int decimals)
{
    double scaled = value;
    for (int i = 0; i < decimals; i++)
        scaled *= 10.0;
    if (!(scaled > -9e17 && scaled < 9e17))
        buf_append_double(text, value);
    else
        int64_append_scaled(text, llround(scaled), decimals);
}

int calibrate_decimals(double value, double error)
{
    double size = error > 0.0 ? error : fabs(value) / 10.0;
    if (size <= 0.0)
        return 0;
    int decimals = 1 - (int)floor(dm_log(size) * LOG10_E);
    return decimals < 0 ? 0 : decimals > 6 ? 6 : decimals;
}

void calibrate_pad(struct buf *text, size_t start, size_t columns)
{
    size_t used = text_columns((struct str){text->text + start, text->length - start});
    buf_append_byte(text, ' ');
    for (; used + 1 < columns; used++)
        buf_append_byte(text, ' ');
}

struct report {
    struct arena *arena;
    const struct calibrate_work *work;
    enum lang lang;
    struct buf *text;
};

static const char *tr(const struct report *report, const char *key)
{
    return text_get(report->lang, key);
}

/* ---- the table ---- */

static void put_cells(const struct report *report, size_t start, const char *name, const char *of)
{
    buf_append_c(report->text, "  ");
    buf_append_c(report->text, name);
    if (of)
        buf_format(report->text, " %s", of);
    calibrate_pad(report->text, start, NAME_COLUMNS);
}

static void put_estimate(const struct report *report, const char *name, const char *of,
                         const struct market_estimate *estimate, double unit, const char *origin)
{
    struct buf *text = report->text;
    size_t start = text->length;
    put_cells(report, start, name, of);
    double value = estimate->value / unit, error = estimate->error / unit;
    int decimals = calibrate_decimals(value, error);
    calibrate_put_number(text, value, decimals);
    calibrate_pad(text, start, NAME_COLUMNS + NUMBER_COLUMNS);
    buf_append_c(text, "± ");
    calibrate_put_number(text, error, decimals);
    calibrate_pad(text, start, NAME_COLUMNS + 2 * NUMBER_COLUMNS);
    calibrate_put_number(text, estimate->low / unit, decimals);
    buf_append_c(text, " .. ");
    calibrate_put_number(text, estimate->high / unit, decimals);
    calibrate_pad(text, start, NAME_COLUMNS + 2 * NUMBER_COLUMNS + RANGE_COLUMNS);
    buf_append_int64(text, estimate->count);
    calibrate_pad(text, start, NAME_COLUMNS + 3 * NUMBER_COLUMNS + RANGE_COLUMNS);
    buf_append_c(text, tr(report, origin));
    buf_append_byte(text, '\n');
}

/* A parameter that was not estimated, with the reason. */
static void put_default(const struct report *report, const char *name, const char *of,
                        const char *reason)
{
    size_t start = report->text->length;
    put_cells(report, start, name, of);
    buf_format(report->text, "%s: %s\n", tr(report, N_("default")), tr(report, reason));
}

static void put_either(const struct report *report, const char *name, const char *of,
                       const struct market_estimate *estimate, double unit, bool shrunk,
                       const char *reason)
{
    if (estimate->known)
        put_estimate(report, tr(report, name), of, estimate, unit,
                     shrunk ? N_("shrunk") : N_("estimated"));
    else
        put_default(report, tr(report, name), of, reason);
}

/* None at all in the file: it may not record them. */
static struct market_estimate if_any(const struct market_estimate *estimate)
{
    struct market_estimate seen = *estimate;
    seen.known = seen.known && seen.value > 0.0;
    return seen;
}

static void put_head(const struct report *report)
{
    struct buf *text = report->text;
    buf_append_byte(text, '\n');
    size_t start = text->length;
    put_cells(report, start, tr(report, N_("parameter")), NULL);
    const struct {
        const char *key;
        size_t columns;
    } cells[] = {{N_("value"), NUMBER_COLUMNS},
                 {N_("error"), NUMBER_COLUMNS},
                 {N_("95 % interval"), RANGE_COLUMNS},
                 {N_("rests on"), NUMBER_COLUMNS}};
    size_t at = NAME_COLUMNS;
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        buf_append_c(text, tr(report, cells[i].key));
        at += cells[i].columns;
        calibrate_pad(text, start, at);
    }
    buf_append_c(text, tr(report, N_("origin")));
    buf_append_byte(text, '\n');
}

#define FEW_WEEKS N_("too few weeks in the file")

static void put_market(const struct report *report, int m)
{
    const struct calibrate_market *market = &report->work->fit.markets[m];
    const char *id = market->id;
    put_either(report, N_("units a day"), id, &market->series.base, 1.0, false, FEW_WEEKS);
    put_either(report, N_("share of units"), id, &market->share, 1.0, false,
               N_("there is one market"));
    put_either(report, N_("share of takings"), id, &market->value_share, 1.0, false,
               N_("there is one market"));
    put_either(report, N_("takings of a unit"), id, &market->price_e4, 10000.0, false, FEW_WEEKS);
    put_either(report, N_("weekly shock"), id, &market->shock, 1.0, market->is_shock_shrunk,
               N_("too few weeks, or sales too lumpy to tell"));
    put_either(report, N_("dispersion"), id, &market->dispersion, 1.0, market->is_dispersion_shrunk,
               FEW_WEEKS);
    struct market_estimate returns = if_any(&market->returns);
    put_either(report, N_("returns and credits"), id, &returns, 1.0, market->is_returns_shrunk,
               N_("no returns in the file"));
    put_either(report, N_("growth a year"), id, &market->series.growth, 1.0, false,
               N_("needs the same weeks of two years"));
    put_either(report, N_("days to delivery"), id, &market->lead_mean, 1.0, false,
               N_("no delivery dates in the file"));
    put_either(report, N_("sd of days to delivery"), id, &market->lead_sd, 1.0, false,
               N_("no delivery dates in the file"));
    for (int week = 0; week < 53; week++) {
        if (!market->series.season[week].known)
            continue;
        struct str of = str_format(report->arena, "%s %d", id, week + 1);
        put_estimate(report, tr(report, N_("season, week")), of.text, &market->series.season[week],
                     1.0, N_("estimated"));
    }
    if (market->series.season_weeks == 0)
        put_default(report, tr(report, N_("season")), id, N_("no week was seen in two years"));
}

static void put_common(const struct report *report)
{
    static const char *const days[7] = {N_("Monday"),   N_("Tuesday"), N_("Wednesday"),
                                        N_("Thursday"), N_("Friday"),  N_("Saturday"),
                                        N_("Sunday")};
    const struct calibration *fit = &report->work->fit;
    for (int k = 0; k < 7; k++)
        put_either(report, days[k], NULL, &fit->weekday[k], 1.0, false, FEW_WEEKS);
    const char *no_baskets = N_("no orders that are baskets");
    put_either(report, N_("units a line, as seen"), NULL, &fit->units_per_line.observed, 1.0, false,
               no_baskets);
    put_either(report, N_("units a line, table"), NULL, &fit->units_per_line.mean, 1.0, false,
               no_baskets);
    put_either(report, N_("lines of one unit"), NULL, &fit->units_per_line.first, 1.0, false,
               no_baskets);
    put_either(report, N_("lines an order, as seen"), NULL, &fit->lines_per_order.observed, 1.0,
               false, no_baskets);
    put_either(report, N_("lines an order, table"), NULL, &fit->lines_per_order.mean, 1.0, false,
               no_baskets);
    put_either(report, N_("orders of one line"), NULL, &fit->lines_per_order.first, 1.0, false,
               no_baskets);
    struct str horizon = str_format(report->arena, "%d", fit->repeat.horizon_days);
    put_either(report, N_("comes back within days"), horizon.text, &fit->repeat.rate, 1.0, false,
               N_("the file names no buyers"));
    put_either(report, N_("mean days until then"), NULL, &fit->repeat.gap_days, 1.0, false,
               N_("the file names no buyers"));
    int peak = 0;
    for (int hour = 1; hour < 24; hour++)
        if (fit->hours[hour].known && fit->hours[hour].value > fit->hours[peak].value)
            peak = hour;
    struct str at = str_format(report->arena, "%02d:00", peak);
    put_either(report, N_("orders in the hour of"), at.text, &fit->hours[peak], 1.0, false,
               N_("the file gives no times"));
    put_either(report, N_("dispersion"), tr(report, N_("(all)")), &fit->dispersion, 1.0, false,
               FEW_WEEKS);
    struct market_estimate returns = if_any(&fit->returns);
    struct market_estimate cancelled = if_any(&fit->cancellations);
    put_either(report, N_("returns and credits"), tr(report, N_("(all)")), &returns, 1.0, false,
               N_("no returns in the file"));
    put_either(report, N_("cancelled"), tr(report, N_("(all)")), &cancelled, 1.0, false,
               N_("no cancellations in the file"));
}

/* What one firm's served sales cannot tell. */
static void put_unclaimed(const struct report *report)
{
    static const char *const rows[][2] = {
        {N_("share that buys at all (S0)"), N_("buyers who bought elsewhere are in no order")},
        {N_("shoppers (N)"), N_("only their product with the share shows in sales")},
        {N_("rivals"), N_("the file is one enterprise's")},
        {N_("price response"),
         N_("prices follow demand; sales give a bound at best, none is used")},
        {N_("exposure and rank"), N_("no page views in the file")},
        {N_("advertising"), N_("no spending in the file")},
        {N_("ratings and reviews"), N_("none in the file")},
        {N_("stock-outs"), N_("a day without stock looks like a day without demand")},
        {N_("suppliers, lanes, fees, money"), N_("not in orders; scaled to the reference price")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        put_default(report, tr(report, rows[i][0]), NULL, rows[i][1]);
}

/* ---- around the table ---- */

static void put_shares(const struct report *report, const char *key,
                       const struct calibrate_share *shares, int count)
{
    struct buf *text = report->text;
    buf_append_c(text, tr(report, key));
    for (int i = 0; i < count && i < SHARES_SHOWN; i++) {
        buf_format(text, " %s ", shares[i].id);
        calibrate_put_number(text, 100.0 * shares[i].value_share, 2);
        buf_append_c(text, i + 1 < count && i + 1 < SHARES_SHOWN ? " %," : " %");
    }
    if (count > SHARES_SHOWN)
        buf_append_c(text, " ...");
    buf_append_byte(text, '\n');
}

static void put_findings(const struct report *report)
{
    static const char *const days[7] = {N_("Monday"),   N_("Tuesday"), N_("Wednesday"),
                                        N_("Thursday"), N_("Friday"),  N_("Saturday"),
                                        N_("Sunday")};
    const struct calibrate_work *work = report->work;
    const struct calibration *fit = &work->fit;
    enum lang lang = report->lang;
    struct buf *text = report->text;
    for (int k = 0; k < 7; k++)
        if (fit->trading.closed_weekday[k])
            text_put(text, lang, N_("No trading on this weekday: {0}.\n"), ERR_KEY(days[k]));
    if (fit->trading.closed_days > 0)
        text_put(text, lang,
                 N_("{0} other days without any sale count as closed, not as no demand.\n"),
                 ERR_INT(fit->trading.closed_days));
    for (int m = 0; m < fit->market_count; m++)
        if (fit->markets[m].pooled)
            text_put(text, lang,
                     N_("ZZ pools {0} countries ({1} orders): under {2} buyers or {3} orders each, "
                        "unknown, or without trade rules.\n"),
                     ERR_INT(fit->markets[m].countries), ERR_INT(fit->markets[m].orders),
                     ERR_INT(CALIBRATE_BUYERS_LEAST), ERR_INT(CALIBRATE_ORDERS_LEAST));
    if (work->source.annulled_lines > 0)
        text_put(text, lang,
                 N_("{0} sales of {1} units in all were taken back within a week and left out.\n"),
                 ERR_INT(work->source.annulled_lines), ERR_INT(work->source.annulled_units));
    if (work->source.all_is_shop)
        text_put0(text, lang,
                  N_("No channel has orders that are baskets; basket tables are defaults.\n"));
    text_put0(text, lang, N_("Categories: none in the file; all goods are one.\n"));
    text_put(text, lang, N_("The best-selling fifth of {0} articles has {1} % of the units.\n"),
             ERR_INT(fit->articles), ERR_DECIMAL(llround(1000.0 * fit->top_fifth), 1));
    if (work->scenario.rules.level >= 2)
        text_put0(text, lang,
                  N_("Level 2 (advertising, content, customs, loans, papers, sourcing, what buyers "
                     "type, events): no order file tells of it, so all of it is assumed.\n"));
    if (work->made.is_size_scaled)
        text_put(text, lang,
                 N_("For playing, units a day are scaled by {0}; the estimate is kept beside.\n"),
                 ERR_DECIMAL(llround(10000.0 * work->made.size_factor), 4));
    if (work->made.is_shock_clipped)
        text_put0(
            text, lang,
            N_("A weekly shock was cut to the model's limits (0 to 0.25): without a season it "
               "also holds what the season did.\n"));
    if (work->made.is_dispersion_clipped)
        text_put0(text, lang, N_("A dispersion was cut to the model's limits (0 to 10).\n"));
    int32_t after = fit->day_last + 1;
    if (work->facts.start_date > after)
        text_put(
            text, lang,
            N_("The world starts on {0}: trade rules do not reach back to {1}; weekday and week "
               "of the year are kept.\n"),
            ERR_DATE(work->facts.start_date), ERR_DATE(after));
}

static void put_read(const struct report *report)
{
    const struct calibrate_work *work = report->work;
    const struct calibration *fit = &work->fit;
    text_put(report->text, report->lang,
             N_("The shop: {0} lines, {1} orders, {2} units, from {3} to {4} ({5} weeks). Its "
                "channels:"),
             ERR_INT(fit->lines), ERR_INT(fit->orders), ERR_INT(fit->units),
             ERR_DATE(fit->day_first), ERR_DATE(fit->day_last), ERR_INT(fit->weeks));
    const char *between = " ";
    for (uint16_t c = 0; c < work->source.summary.channels; c++) {
        if (!work->source.in_shop[c] || work->source.channels[c].lines == 0)
            continue;
        struct str name = dataset_channel(work->dataset, c);
        buf_append_c(report->text, between);
        buf_append(report->text, name.length > 0 ? name : STR("-"));
        between = ", ";
    }
    buf_append_byte(report->text, '\n');
    put_shares(report, N_("All channels, share of takings by channel:"), fit->channels,
               fit->channel_count);
    put_shares(report, N_("All channels, share of takings by country:"), fit->countries,
               fit->country_count);
}

/* Every parameter of the scenario by its path, and how many were estimated. */
static void put_parameters(const struct report *report)
{
    enum { VALUE_BYTES = 44 };
    const struct scenario_parameter *parameters;
    int count;
    struct buf *text = report->text;
    scenario_parameters(report->arena, &report->work->scenario, &parameters, &count);
    text_put0(text, report->lang, N_("\nEvery parameter of the scenario:\n"));
    for (int i = 0; i < count; i++) {
        size_t start = text->length;
        const struct scenario_parameter *parameter = &parameters[i];
        buf_append_c(text, "  ");
        buf_append(text, parameter->path);
        calibrate_pad(text, start, 42);
        size_t length = str_utf8_cut(parameter->value, VALUE_BYTES);
        buf_append(text, str_slice(parameter->value, 0, length));
        buf_append_c(text, length < parameter->value.length ? "..." : "");
        calibrate_pad(text, start, 42 + VALUE_BYTES + 4);
        enum market_origin origin = parameter->figure ? parameter->figure->origin : ORIGIN_SET;
        buf_append_c(text, tr(report, scenario_origin_label(origin)));
        if (parameter->figure && parameter->figure->has_error) {
            buf_append_c(text, " ± ");
            double error = parameter->figure->standard_error;
            calibrate_put_number(text, error, calibrate_decimals(error, error));
        }
        buf_append_byte(text, '\n');
    }
}

void calibrate_report_append(struct arena *arena, const struct calibrate_work *work, enum lang lang,
                             struct buf *text)
{
    struct report report = {.arena = arena, .work = work, .lang = lang, .text = text};
    put_read(&report);
    put_findings(&report);
    put_head(&report);
    for (int m = 0; m < work->fit.market_count; m++)
        put_market(&report, m);
    put_common(&report);
    put_unclaimed(&report);
    put_parameters(&report);
}

void calibrate_count_append(struct arena *arena, const struct calibrate_work *work, enum lang lang,
                            struct buf *text)
{
    const struct scenario_parameter *parameters;
    int count, counts[6];
    scenario_parameters(arena, &work->scenario, &parameters, &count);
    scenario_origins_count(&work->scenario, counts);
    text_put(
        text, lang,
        N_("\n{0} of {1} estimated ({2} of them shrunk); {3} defaults, {4} assumed, {5} sourced, "
           "{6} set.\n"),
        ERR_INT(counts[ORIGIN_ESTIMATED] + counts[ORIGIN_SHRUNK]), ERR_INT(count),
        ERR_INT(counts[ORIGIN_SHRUNK]), ERR_INT(counts[ORIGIN_DEFAULT]),
        ERR_INT(counts[ORIGIN_ASSUMED]), ERR_INT(counts[ORIGIN_SOURCED]),
        ERR_INT(counts[ORIGIN_SET]));
}
