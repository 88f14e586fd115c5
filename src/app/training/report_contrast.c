/* What set a firm apart from the median firm of its world. */
#include "app/training/report.h"
#include "app/training/run_cells.h"
#include "core/arena.h"

/* Firms of a world by closing equity, the best first; equal ones in their own order. */
static void rank(const struct score_firm *scores, int count, int *order)
{
    for (int f = 0; f < count; f++) {
        int at = f;
        for (;
             at > 0 && scores[order[at - 1]].closing_equity_minor < scores[f].closing_equity_minor;
             at--)
            order[at] = order[at - 1];
        order[at] = f;
    }
}

/* ---- the firm that the others are set beside ---- */

static double median_of(const double *values, int count)
{
    double sorted[MARKET_FIRMS_MAX];
    for (int i = 0; i < count; i++) {
        int at = i;
        for (; at > 0 && sorted[at - 1] > values[i]; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = values[i];
    }
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
}

/* Of the middle third by closing equity, the firm whose causes are nearest to the median of each:
 * one that is in the middle because two extremes cancel would make all others look odd. */
static int typical(const struct history *history, const int *order, int count)
{
    double shapes[CONTRAST_COUNT][MARKET_FIRMS_MAX], distance[MARKET_FIRMS_MAX] = {0};
    int pivot = order[count / 2], best = pivot;
    for (int f = 0; f < count; f++) {
        struct contrast contrast;
        contrast_make(history, f, history, pivot, history->rounds, &contrast);
        for (int c = 0; c < CONTRAST_COUNT; c++)
            shapes[c][f] = (double)contrast_cause_minor(&contrast, (enum contrast_cause)c);
    }
    for (int c = 0; c < CONTRAST_COUNT; c++) {
        double middle = median_of(shapes[c], count);
        for (int f = 0; f < count; f++)
            distance[f] += shapes[c][f] > middle ? shapes[c][f] - middle : middle - shapes[c][f];
    }
    for (int r = count / 3; r <= 2 * count / 3 && r < count; r++)
        if (distance[order[r]] < distance[best])
            best = order[r];
    return best;
}

enum err report_contrasts_make(struct arena *arena, const char *folder,
                               const struct score_firm *scores, struct report_firm *firms,
                               int count, struct problem *problem)
{
    struct history history;
    int order[MARKET_FIRMS_MAX];
    if (count < 2 || count > MARKET_FIRMS_MAX)
        return ERR_OK;
    history_init(&history);
    enum err code =
        history_read(&history, folder, 0, 0, (uint32_t)((UINT64_C(1) << count) - 1), problem);
    if (code == ERR_OK) {
        rank(scores, count, order);
        int middle = typical(&history, order, count);
        int other = order[0] == middle ? order[1] : order[0];
        struct contrast *contrasts = ARENA_ARRAY(arena, struct contrast, (size_t)count);
        for (int f = 0; f < count; f++) {
            firms[f].contrast_firm = f == middle ? other : middle;
            contrast_make(&history, f, &history, firms[f].contrast_firm, history.rounds,
                          &contrasts[f]);
            firms[f].contrast = &contrasts[f];
        }
    }
    history_clear(&history);
    return code;
}

/* ---- telling ---- */

static int64_t size(int64_t value)
{
    return value < 0 ? -value : value;
}

static void append_head(const struct report_firm *own, int64_t closing, struct currency home,
                        enum lang lang, struct buf *text)
{
    text_put(text, lang,
             closing >= 0 ? N_("it ends {0} {1} above firm {2}")
                          : N_("it ends {0} {1} below firm {2}"),
             run_cells_money(size(closing), home), ERR_CTEXT(home.code),
             ERR_INT(own->contrast_firm + 1));
}

static void append_cause(const struct market_rules *rules, const struct contrast *contrast,
                         enum contrast_cause cause, const char *sentence, enum lang lang,
                         struct buf *text)
{
    struct currency home = rules->currencies[0];
    text_put(text, lang, sentence, ERR_KEY(contrast_cause_name(cause)),
             run_cells_money(contrast_cause_minor(contrast, cause), home), ERR_CTEXT(home.code));
    size_t told = text->length;
    buf_append_c(text, lang == LANG_ZH ? "，" : ": ");
    if (!contrast_evidence_append(rules, contrast, cause, lang, text))
        text->length = told;
}

bool report_contrast_append(const struct market_rules *rules, const struct report_firm *firms,
                            const struct score_firm *scores, int firm, enum lang lang,
                            struct buf *text)
{
    const struct report_firm *own = &firms[firm];
    const struct contrast *contrast = own->contrast;
    if (contrast == NULL)
        return false;
    const struct report_firm *other = &firms[own->contrast_firm];
    int64_t closing =
        scores[firm].closing_equity_minor - scores[own->contrast_firm].closing_equity_minor;
    int direction = closing < 0 ? -1 : 1;
    enum contrast_cause cause, next;
    int64_t weight = 0;
    if (contrast_main(contrast, direction, &cause))
        weight = contrast_cause_weight(contrast, cause, direction);
    append_head(own, closing, rules->currencies[0], lang, text);
    /* Differences that are no more than one in a hundred of a firm's sales bear no name. */
    int64_t trifle = other->pl_minor[PL_REVENUE] / 100;
    if (size(closing) < trifle || weight < trifle) {
        text_put0(text, lang, N_(", and no single cause stands out"));
        return true;
    }
    bool both_ways = weight != direction * contrast_cause_minor(contrast, cause);
    append_cause(rules, contrast, cause,
                 both_ways ? N_(", above all by {0} (both ways together {1} {2})")
                           : N_(", the largest part by {0} ({1} {2})"),
                 lang, text);
    /* Goods that nobody bought are a consequence: what kept them from being bought is told too. So
     * is what is larger than the balance of a cause that works both ways. */
    if (cause != CONTRAST_CLOSING && !both_ways)
        return true;
    if (trifle < size(closing) / 10)
        trifle = size(closing) / 10;
    if (contrast_next(contrast, direction, cause, &next) &&
        contrast_cause_weight(contrast, next, direction) >= trifle)
        append_cause(rules, contrast, next, N_("; then by {0} ({1} {2})"), lang, text);
    return true;
}
