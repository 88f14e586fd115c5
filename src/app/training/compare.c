/* `sampan compare`: why one firm of a run, or one of two runs, ended above the other. */
#include <string.h>

#include "app/training/contrast.h"
#include "app/training/decided.h"
#include "app/training/explain_figures.h"
#include "app/training/run_cells.h"
#include "app/training/training.h"
#include "core/arena.h"

/* What the two sides are called. */
struct names {
    struct err_arg a, b;
};

static int64_t size(int64_t value)
{
    return value < 0 ? -value : value;
}

static void tell_cause(const struct market_rules *rules, const struct contrast *contrast,
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

/* Where the books alone would tell another story, they are named. */
static void tell_books(const struct contrast *contrast, struct currency home, enum lang lang,
                       struct buf *text)
{
    int64_t results = contrast->a.result_minor - contrast->b.result_minor;
    int64_t closing = contrast->difference_minor, apart = results - closing;
    if (results == closing || 10 * size(apart) < size(closing))
        return;
    text_put(text, lang,
             results >= 0 ? N_(" (its books show {0} {2} more earned; what goods and refunds count "
                               "for at the close makes {1} {2})")
                          : N_(" (its books show {0} {2} less earned; what goods and refunds count "
                               "for at the close makes {1} {2})"),
             run_cells_money(size(results), home), run_cells_money(-apart, home),
             ERR_CTEXT(home.code));
}

/* When a firm went under administration, a sentence of its own. */
static void tell_administration(const struct contrast_side *side, struct err_arg name,
                                const struct market_rules *rules, enum lang lang, struct buf *text)
{
    if (side->administration_day < 0)
        return;
    text_put(
        text, lang,
        side->in_administration
            ? N_("{0} was under administration from {1} to the end: its cash had fallen below "
                 "the overdraft limit.")
            : N_("{0} was under administration from {1}, for a time: its cash had fallen below "
                 "the overdraft limit."),
        name, ERR_DATE(rules->start_date + side->administration_day));
    buf_append_byte(text, '\n');
}

/* What one of two plays of a seat decided otherwise, and what that did when it was played alone. */
static void tell_decision(const struct decided *decided, int index, const char *sentence,
                          const struct names *names, const struct market_rules *rules,
                          enum lang lang, struct buf *text)
{
    const struct decided_change *change = &decided->changes[index];
    struct currency home = rules->currencies[0];
    buf_append_c(text, lang == LANG_ZH ? "；" : "; ");
    text_put(text, lang, sentence, ERR_KEY(decided_area_name(change->area)));
    size_t told = text->length;
    buf_append_c(text, lang == LANG_ZH ? "（" : " (");
    if (decided_evidence_append(rules, change, lang, text))
        buf_append_c(text, lang == LANG_ZH ? "）" : ")");
    else
        text->length = told;
    if (!change->known)
        return;
    struct buf units, closing;
    buf_init(&units);
    buf_init(&closing);
    if (change->units > 0)
        buf_append_byte(&units, '+');
    buf_append_int64(&units, change->units);
    if (change->closing_minor > 0)
        buf_append_byte(&closing, '+');
    money_append(&closing, change->closing_minor, home);
    buf_append_c(text, lang == LANG_ZH ? "，" : ", ");
    text_put(
        text, lang,
        N_("played again with that alone as in {1}, {0} changes its sales by {2} units and its "
           "closing equity by {3} {4}"),
        decided->base_is_a ? names->a : names->b, decided->base_is_a ? names->b : names->a,
        ERR_TEXT(buf_str(&units)), ERR_TEXT(buf_str(&closing)), ERR_CTEXT(home.code));
    buf_clear(&units);
    buf_clear(&closing);
}

/* The second decision is told when it was no trifle beside the first. */
static void tell_decisions(const struct decided *decided, const struct names *names,
                           const struct market_rules *rules, enum lang lang, struct buf *text)
{
    tell_decision(decided, 0, N_("what mattered most is {0}"), names, rules, lang, text);
    if (decided->count < 2)
        return;
    int64_t first = decided->changes[0].closing_minor, second = decided->changes[1].closing_minor;
    if (4 * (second < 0 ? -second : second) >= (first < 0 ? -first : first))
        tell_decision(decided, 1, N_("next is {0}"), names, rules, lang, text);
}

static void tell(const struct contrast *contrast, const struct decided *decided,
                 const struct names *names, int rounds, const struct market_rules *rules,
                 enum lang lang, struct buf *text)
{
    struct currency home = rules->currencies[0];
    int64_t difference = contrast->difference_minor;
    int direction = difference < 0 ? -1 : 1;
    const char *stop = lang == LANG_ZH ? "。" : ".";
    enum contrast_cause cause, against, next;
    bool any = contrast_main(contrast, 1, &cause) || contrast_main(contrast, -1, &cause);
    if (!any) {
        text_put(text, lang,
                 N_("No difference: {0} and {1} end with the same equity, {2} {3}, in every part."),
                 names->a, names->b, run_cells_money(contrast->a.closing_minor, home),
                 ERR_CTEXT(home.code));
        buf_append_c(text, "\n");
        return;
    }
    text_put(text, lang,
             difference > 0   ? N_("{0} ends {2} {3} above {1} after {4} rounds")
             : difference < 0 ? N_("{0} ends {2} {3} below {1} after {4} rounds")
                              : N_("{0} and {1} end with the same equity after {4} rounds"),
             names->a, names->b, run_cells_money(difference * direction, home),
             ERR_CTEXT(home.code), ERR_INT(rounds));
    tell_books(contrast, home, lang, text);
    if (decided->count > 0) {
        tell_decisions(decided, names, rules, lang, text);
        buf_append_c(text, stop);
        buf_append_byte(text, '\n');
        return;
    }
    bool main = contrast_main(contrast, direction, &cause);
    bool both_ways = main && contrast_cause_weight(contrast, cause, direction) !=
                                 direction * contrast_cause_minor(contrast, cause);
    if (main) {
        buf_append_c(text, lang == LANG_ZH ? "；" : "; ");
        tell_cause(rules, contrast, cause,
                   both_ways ? N_("what mattered most is {0} (both ways together {1} {2})")
                             : N_("what mattered most is {0} ({1} {2})"),
                   lang, text);
    }
    /* Goods unsold are a consequence, and the balance of two sides may be less than another cause.
     */
    if ((cause == CONTRAST_CLOSING || both_ways) &&
        contrast_next(contrast, direction, cause, &next) &&
        10 * contrast_cause_weight(contrast, next, direction) >= size(difference)) {
        buf_append_c(text, lang == LANG_ZH ? "；" : "; ");
        tell_cause(rules, contrast, next, N_("next is {0} ({1} {2})"), lang, text);
    }
    /* What worked the other way is told when it was no trifle. */
    if (contrast_main(contrast, -direction, &against) &&
        4 * contrast_cause_weight(contrast, against, -direction) >=
            contrast_cause_weight(contrast, cause, direction)) {
        buf_append_c(text, lang == LANG_ZH ? "；" : "; ");
        tell_cause(rules, contrast, against, N_("against it worked {0} ({1} {2})"), lang, text);
    }
    buf_append_c(text, stop);
    buf_append_byte(text, '\n');
}

enum { COLUMN_CAUSE, COLUMN_PART, COLUMN_AMOUNT, COLUMNS };

/* The causes from the largest amount to the least. */
static void sort(const struct contrast *contrast, enum contrast_cause order[CONTRAST_COUNT])
{
    for (int c = 0; c < CONTRAST_COUNT; c++) {
        int at = c;
        int64_t moved = size(contrast_cause_minor(contrast, (enum contrast_cause)c));
        for (; at > 0 && size(contrast_cause_minor(contrast, order[at - 1])) < moved; at--)
            order[at] = order[at - 1];
        order[at] = (enum contrast_cause)c;
    }
}

static void append_parts(struct arena *arena, const struct contrast *contrast, struct currency home,
                         enum lang lang, struct buf *text)
{
    static const char *const heads[COLUMNS] = {N_("cause"), N_("part"), N_("difference")};
    enum contrast_cause order[CONTRAST_COUNT];
    struct run_table table;
    sort(contrast, order);
    run_cells_begin(&table, arena, lang, heads, COLUMNS, COLUMN_AMOUNT,
                    PART_COUNT + CONTRAST_COUNT + 1);
    for (int i = 0; i < CONTRAST_COUNT; i++) {
        int parts = 0;
        for (int p = 0; p < PART_COUNT; p++) {
            if (contrast_part_cause((enum contrast_part)p) != order[i] ||
                contrast->parts_minor[p] == 0)
                continue;
            run_table_row(&table);
            if (parts++ == 0)
                run_cells_put_key(&table, COLUMN_CAUSE, lang, contrast_cause_name(order[i]));
            run_cells_put_key(&table, COLUMN_PART, lang, contrast_part_name((enum contrast_part)p));
            run_cells_put_signed(&table, COLUMN_AMOUNT, contrast->parts_minor[p], home);
        }
    }
    run_table_row(&table);
    run_cells_put_key(&table, COLUMN_CAUSE, lang, N_("together"));
    run_cells_put_signed(&table, COLUMN_AMOUNT, contrast->difference_minor, home);
    run_table_append(&table, true, text);
}

static void report_contrast(struct arena *arena, const struct contrast *contrast,
                            const struct decided *decided, const struct names *names, int rounds,
                            const struct market_rules *rules, enum lang lang, struct buf *report)
{
    tell(contrast, decided, names, rounds, rules, lang, report);
    tell_administration(&contrast->a, names->a, rules, lang, report);
    tell_administration(&contrast->b, names->b, rules, lang, report);
    bool any = false;
    for (int p = 0; p < PART_COUNT; p++)
        any = any || contrast->parts_minor[p] != 0;
    if (!any)
        return;
    buf_append_byte(report, '\n');
    append_parts(arena, contrast, rules->currencies[0], lang, report);
    text_put0(
        report, lang,
        N_("Parts are Shapley values; those of demand and supply are what made the number of "
           "sales differ, day by day. They add up to the difference of the closing equities."));
    buf_append_byte(report, '\n');
}

static enum err compare_firms(const struct training_compare_options *options,
                              struct history *history, struct buf *report, struct problem *problem)
{
    struct contrast contrast;
    struct buf a, b;
    uint32_t firms = UINT32_C(1) << options->firm_a | UINT32_C(1) << options->firm_b;
    TRY(history_read(history, options->run_a, options->world, options->rounds, firms, problem));
    contrast_make(history, options->firm_a, history, options->firm_b, history->rounds, &contrast);
    buf_init(&a);
    buf_init(&b);
    text_put(&a, options->lang, N_("firm {0}"), ERR_INT(options->firm_a + 1));
    text_put(&b, options->lang, N_("firm {0}"), ERR_INT(options->firm_b + 1));
    struct names names = {.a = ERR_TEXT(buf_str(&a)), .b = ERR_TEXT(buf_str(&b))};
    if (options->lang == LANG_EN)
        a.text[0] = 'F'; /* it begins a sentence */
    /* Two firms differ in all they are, not in a decision: the parts tell. */
    struct decided none = {0};
    report_contrast(&history->arena, &contrast, &none, &names, history->rounds,
                    &history->play.rules, options->lang, report);
    buf_clear(&a);
    buf_clear(&b);
    explain_events_append(history, options->firm_a, 1, history->rounds, true, options->lang,
                          report);
    return ERR_OK;
}

static enum err compare_runs(const struct training_compare_options *options,
                             struct history *history_a, struct history *history_b,
                             struct buf *report, struct problem *problem)
{
    struct contrast contrast;
    uint32_t firms = UINT32_C(1) << options->firm_a;
    TRY(history_read(history_a, options->run_a, options->world, options->rounds, firms, problem));
    TRY(history_read(history_b, options->run_b, options->world, options->rounds, firms, problem));
    if (strcmp(history_a->run.scenario_digest, history_b->run.scenario_digest) != 0)
        return problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT("compare"),
                           ERR_CTEXT(options->run_b),
                           ERR_KEY(N_("the runs play different scenarios")));
    int rounds = history_a->rounds < history_b->rounds ? history_a->rounds : history_b->rounds;
    contrast_make(history_a, options->firm_a, history_b, options->firm_a, rounds, &contrast);
    struct names names = {.a = ERR_CTEXT(options->run_a), .b = ERR_CTEXT(options->run_b)};
    struct decided decided = {0};
    if (decided_comparable(history_a, history_b))
        TRY(decided_find(history_a, history_b, options->firm_a, rounds, &decided, problem));
    report_contrast(&history_a->arena, &contrast, &decided, &names, rounds, &history_a->play.rules,
                    options->lang, report);
    explain_events_append(history_a, options->firm_a, 1, rounds, true, options->lang, report);
    return ERR_OK;
}

void contrast_tell(const struct market_rules *rules, const struct contrast *contrast, int firm_a,
                   int firm_b, int rounds, enum lang lang, struct buf *text)
{
    struct decided none = {0};
    struct buf a, b;
    buf_init(&a);
    buf_init(&b);
    text_put(&a, lang, N_("firm {0}"), ERR_INT(firm_a + 1));
    text_put(&b, lang, N_("firm {0}"), ERR_INT(firm_b + 1));
    struct names names = {.a = ERR_TEXT(buf_str(&a)), .b = ERR_TEXT(buf_str(&b))};
    if (lang == LANG_EN)
        a.text[0] = 'F'; /* it begins a sentence */
    tell(contrast, &none, &names, rounds, rules, lang, text);
    tell_administration(&contrast->a, names.a, rules, lang, text);
    tell_administration(&contrast->b, names.b, rules, lang, text);
    buf_clear(&a);
    buf_clear(&b);
}

enum err training_compare(const struct training_compare_options *options, struct buf *report,
                          struct problem *problem)
{
    struct history a, b;
    int most = options->firm_a > options->firm_b ? options->firm_a : options->firm_b;
    if (most >= MARKET_FIRMS_MAX) {
        problem_set(problem, ERR_RANGE, ERR_INT(most + 1), ERR_INT(1), ERR_INT(MARKET_FIRMS_MAX));
        return problem_place(problem, "--firm");
    }
    history_init(&a);
    history_init(&b);
    enum err code = options->run_b == NULL ? compare_firms(options, &a, report, problem)
                                           : compare_runs(options, &a, &b, report, problem);
    history_clear(&a);
    history_clear(&b);
    return code;
}
