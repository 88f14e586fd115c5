/* `sampan quote`: what goods pay at a border, row by row. */
#include <string.h>

#include "app/datasets/datasets.h"
#include "app/training/trade_rules_read.h"
#include "app/training/training.h"
#include "core/arena.h"
#include "core/file.h"

/* A world of one market and one currency, so that the pack is read as a scenario reads it. */
struct quote_world {
    struct market_rules rules;
    struct market_country market;
    int64_t fx_1e9;
};

static enum err market_set(const struct training_quote_options *options, struct quote_world *world,
                           struct problem *problem)
{
    struct str code = str_from_c(options->market);
    if (code.length != 2 || code.text[0] < 'A' || code.text[0] > 'Z' || code.text[1] < 'A' ||
        code.text[1] > 'Z')
        return problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT("--market"), ERR_TEXT(code),
                           ERR_KEY(N_("write a country as two capital letters, like DE")));
    memcpy(world->market.name.id, code.text, code.length);
    world->fx_1e9 = RATE_ONE;
    world->rules.markets = &world->market;
    world->rules.market_count = 1;
    world->rules.currency_count = 1;
    world->rules.fx_days = 1;
    world->rules.fx_1e9 = &world->fx_1e9;
    return ERR_OK;
}

static enum err currency_set(const char *folder, const struct training_quote_options *options,
                             struct quote_world *world, struct problem *problem)
{
    struct currency *currency = &world->rules.currencies[0];
    if (options->currency == NULL) {
        bool found;
        TRY(trade_rules_currency(folder, options->market, currency, &found, problem));
        if (!found)
            return problem_set(problem, ERR_OPTION_MISSING, ERR_CTEXT("--currency"),
                               ERR_CTEXT("quote"));
        return ERR_OK;
    }
    if (!currency_from_code(str_from_c(options->currency), currency))
        return problem_set(problem, ERR_CURRENCY_UNKNOWN, ERR_CTEXT(options->currency),
                           ERR_CTEXT("ISO 4217"));
    return ERR_OK;
}

static enum err amount_parse(const char *option, const char *text, struct currency currency,
                             int64_t *minor, struct problem *problem)
{
    *minor = 0;
    if (text == NULL || money_parse(str_from_c(text), currency, minor))
        return ERR_OK;
    problem_set(problem, ERR_NUMBER, ERR_CTEXT(text));
    return problem_place(problem, "%s", option);
}

static enum err code_copy(const char *option, const char *text, size_t length, char *into,
                          struct problem *problem)
{
    if (strlen(text) != length)
        return problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT(option), ERR_CTEXT(text),
                           ERR_KEY(length == 6 ? N_("write six digits, like 851830")
                                               : N_("write a country as two capital letters, "
                                                    "like DE")));
    memcpy(into, text, length);
    return ERR_OK;
}

static void amount_line(struct buf *report, enum lang lang, const char *label, int64_t minor,
                        struct currency currency)
{
    text_put0(report, lang, label);
    buf_append(report, STR(": "));
    money_append(report, minor, currency);
    buf_format(report, " %s\n", currency.code);
}

static const char *kind_label(enum trade_kind kind)
{
    static const char *const labels[] = {N_("customs value"), N_("duty"), N_("other charges"),
                                         N_("consumption tax"), N_("handling")};
    return (unsigned)kind < COUNT_OF(labels) ? labels[kind] : "";
}

static void lines_put(struct buf *report, enum lang lang, const struct trade_rules *trade,
                      const struct trade_quote *quote, struct currency currency)
{
    for (int i = 0; i < quote->line_count; i++) {
        const struct trade_line *line = &quote->lines[i];
        buf_append(report, STR("  "));
        text_put0(report, lang, kind_label(line->kind));
        buf_append_byte(report, ' ');
        money_append(report, line->amount_minor, currency);
        if (line->rule >= 0 && line->rule < trade->count) {
            const struct trade_rule *rule = &trade->rows[line->rule];
            buf_format(report, "  [%s; %s; %s]", rule->id,
                       trade_word_name(TRADE_WORD_CONFIDENCE, (int)rule->confidence), rule->source);
        }
        buf_append_byte(report, '\n');
    }
}

static void quote_put(struct buf *report, enum lang lang, const struct trade_rules *trade,
                      const struct trade_quote *quote, struct currency currency)
{
    amount_line(report, lang, N_("goods"), quote->goods_minor, currency);
    amount_line(report, lang, N_("customs value"), quote->customs_value_minor, currency);
    amount_line(report, lang, N_("duty"), quote->duty_minor, currency);
    if (quote->charges_minor != 0)
        amount_line(report, lang, N_("other charges"), quote->charges_minor, currency);
    amount_line(report, lang, N_("tax base"), quote->tax_base_minor, currency);
    amount_line(report, lang, N_("consumption tax"), quote->tax_minor, currency);
    if (quote->handling_minor != 0)
        amount_line(report, lang, N_("handling"), quote->handling_minor, currency);
    amount_line(report, lang, N_("payable"), quote->payable_minor, currency);
    text_put0(report, lang, N_("Rows of the rules:"));
    buf_append_byte(report, '\n');
    lines_put(report, lang, trade, quote, currency);
}

static enum err quote_make(struct arena *arena, const struct training_quote_options *options,
                           struct buf *report, struct problem *problem)
{
    struct quote_world world = {0};
    struct trade_rules trade;
    struct trade_item item = {.units = options->units};
    struct trade_request request = {.date = options->date, .item_count = 1, .items = &item};
    struct trade_quote quote;
    const char *folder = options->data_folder;
    if (folder == NULL)
        TRY(data_folder_find(arena, &folder, problem));
    folder = path_join(arena, folder, "trade");
    TRY(market_set(options, &world, problem));
    TRY(currency_set(folder, options, &world, problem));
    struct currency currency = world.rules.currencies[0];
    TRY(code_copy("--hs6", options->hs6, 6, item.hs6, problem));
    TRY(code_copy("--origin", options->origin == NULL ? "CN" : options->origin, 2, item.origin,
                  problem));
    TRY(amount_parse("--value", options->value, currency, &item.value_minor, problem));
    TRY(amount_parse("--freight", options->freight, currency, &request.freight_minor, problem));
    TRY(amount_parse("--insurance", options->insurance, currency, &request.insurance_minor,
                     problem));
    memcpy(request.market, world.market.name.id, sizeof(request.market));
    request.mode = options->freight_mode ? TRADE_MODE_FREIGHT : TRADE_MODE_PARCEL;
    TRY(trade_rules_read(arena, folder, &world.rules, &trade, problem));
    TRY(trade_quote_make(&trade, &request, &quote, problem));
    quote_put(report, options->lang, &trade, &quote, currency);
    return ERR_OK;
}

enum err training_quote(const struct training_quote_options *options, struct buf *report,
                        struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    enum err code = quote_make(&arena, options, report, problem);
    arena_clear(&arena);
    return code;
}
