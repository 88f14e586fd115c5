/* The events of some rounds, and what those that moved shoppers cost a firm. */
#include "app/training/explain_figures.h"
#include "app/training/run_cells.h"

/* An event that changed the day's shoppers by a factor e took expected x (1 / e - 1) of what could
 * be expected. */
double explain_event_pieces(const struct history *history, int firm, int first, int last)
{
    double pieces = 0;
    for (int r = first; r <= last; r++) {
        const struct history_round *round = &history->kept[firm][r];
        for (int i = 0; i < round->why_count; i++) {
            const struct market_why *why = &round->why[i];
            int bundle = why->bundle_units > 1 ? why->bundle_units : 1;
            if (why->event > 0)
                pieces += why->expected * (1 - 1 / why->event) * bundle;
        }
    }
    return pieces;
}

/* What a piece left after goods and fees in those rounds, home minor units. */
static double margin_of(const struct history *history, int firm, int first, int last)
{
    double margin = 0, units = 0;
    for (int r = first; r <= last; r++) {
        const struct history_round *round = &history->kept[firm][r];
        const int64_t *pl = round->pl_minor;
        units += (double)round->units;
        margin += (double)(pl[PL_REVENUE] + pl[PL_COGS] + pl[PL_REFERRAL] + pl[PL_FULFILMENT]);
    }
    return units > 0 ? margin / units : 0;
}

static int append_names(const struct history *history, int firm, int first, int last,
                        enum lang lang, struct buf *text)
{
    const struct market_rules *rules = &history->play.rules;
    int count = 0;
    for (int r = first; r <= last; r++) {
        const struct history_round *round = &history->kept[firm][r];
        for (int i = 0; i < round->event_count; i++) {
            const struct market_event_rules *card = &rules->events[round->events[i].event];
            if (count++ == 0)
                text_put0(text, lang, N_("Events that began: "));
            else
                buf_append_c(text, lang == LANG_ZH ? "；" : "; ");
            text_put(text, lang, N_("'{0}' ({1}, {2} days)"),
                     ERR_CTEXT(lang == LANG_ZH ? card->zh : card->en),
                     ERR_DATE(rules->start_date + round->events[i].from_day), ERR_INT(card->days));
        }
    }
    if (count > 0)
        buf_append_c(text, lang == LANG_ZH ? "。\n" : ".\n");
    return count;
}

void explain_events_append(const struct history *history, int firm, int first, int last,
                           bool with_cost, enum lang lang, struct buf *text)
{
    struct currency home = history->play.rules.currencies[0];
    double pieces = explain_event_pieces(history, firm, first, last);
    double lost = pieces < 0 ? -pieces : pieces;
    append_names(history, firm, first, last, lang, text);
    if (!with_cost || run_cells_scaled(lost, 0) == 0)
        return;
    text_put(
        text, lang,
        pieces < 0 ? N_("Events that moved shoppers cost firm {0} about {1} pieces, {2} {3} of "
                        "what pieces left after goods and fees.")
                   : N_("Events that moved shoppers brought firm {0} about {1} pieces, {2} {3} "
                        "of what pieces left after goods and fees."),
        ERR_INT(firm + 1), ERR_INT(run_cells_scaled(lost, 0)),
        run_cells_money(run_cells_scaled(lost * margin_of(history, firm, first, last), 0), home),
        ERR_CTEXT(home.code));
    buf_append_byte(text, '\n');
}
