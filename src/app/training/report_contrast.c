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

/* What the closing takes from a firm's books, or adds to them. */
static int64_t mark(const struct report_firm *firm, const struct score_firm *score)
{
    return score->closing_equity_minor - firm->equity_minor;
}

/* ---- the firm that the others are set beside ---- */

enum { SHAPE_COUNT = CONTRAST_COUNT + 1 }; /* the causes, and the value of stock at the close */

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
static int typical(const struct history *history, const struct score_firm *scores,
                   const struct report_firm *firms, const int *order, int count)
{
    double shapes[SHAPE_COUNT][MARKET_FIRMS_MAX], distance[MARKET_FIRMS_MAX] = {0};
    int pivot = order[count / 2], best = pivot;
    for (int f = 0; f < count; f++) {
        struct contrast contrast;
        contrast_make(history, f, history, pivot, history->rounds, &contrast);
        for (int c = 0; c < CONTRAST_COUNT; c++)
            shapes[c][f] = (double)contrast_cause_minor(&contrast, (enum contrast_cause)c);
        shapes[CONTRAST_COUNT][f] = (double)mark(&firms[f], &scores[f]);
    }
    for (int c = 0; c < SHAPE_COUNT; c++) {
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
        int middle = typical(&history, scores, firms, order, count);
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

static void append_evidence(const struct contrast *contrast, enum contrast_cause cause,
                            struct currency home, enum lang lang, struct buf *text)
{
    size_t told = text->length;
    buf_append_c(text, lang == LANG_ZH ? "：" : ": ");
    if (!contrast_evidence_append(contrast, cause, home, lang, text))
        text->length = told;
}

bool report_contrast_append(const struct market_rules *rules, const struct report_firm *firms,
                            const struct score_firm *scores, int firm, enum lang lang,
                            struct buf *text)
{
    const struct report_firm *own = &firms[firm];
    const struct contrast *contrast = own->contrast;
    struct currency home = rules->currencies[0];
    if (contrast == NULL)
        return false;
    const struct report_firm *other = &firms[own->contrast_firm];
    int64_t closing =
        scores[firm].closing_equity_minor - scores[own->contrast_firm].closing_equity_minor;
    int64_t marked = mark(own, &scores[firm]) - mark(other, &scores[own->contrast_firm]);
    int direction = closing < 0 ? -1 : 1;
    enum contrast_cause cause;
    bool any = contrast_main(contrast, direction, &cause);
    int64_t amount = any ? contrast_cause_minor(contrast, cause) : 0;
    append_head(own, closing, home, lang, text);
    /* Differences that are no more than one in a hundred of a firm's sales bear no name. */
    int64_t trifle = other->pl_minor[PL_REVENUE] / 100;
    if (size(closing) < trifle || (size(amount) < trifle && size(marked) < trifle)) {
        text_put0(text, lang, N_(", and no single cause stands out"));
        return true;
    }
    if (direction * marked > direction * amount) {
        text_put(
            text, lang,
            N_(", the largest part ({0} {1}) by what its goods count for at the close: they would "
               "last {2} days, those of firm {4} {3}"),
            run_cells_money(marked, home), ERR_CTEXT(home.code),
            ERR_INT(run_cells_scaled(own->cover_days, 0)),
            ERR_INT(run_cells_scaled(other->cover_days, 0)), ERR_INT(own->contrast_firm + 1));
        if (size(amount) < trifle)
            return true;
        text_put(text, lang, N_("; then by {0} ({1} {2})"), ERR_KEY(contrast_cause_name(cause)),
                 run_cells_money(amount, home), ERR_CTEXT(home.code));
        append_evidence(contrast, cause, home, lang, text);
        return true;
    }
    text_put(text, lang, N_(", the largest part by {0} ({1} {2})"),
             ERR_KEY(contrast_cause_name(cause)), run_cells_money(amount, home),
             ERR_CTEXT(home.code));
    append_evidence(contrast, cause, home, lang, text);
    return true;
}
