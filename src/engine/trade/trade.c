#include "engine/trade/trade.h"

#include <string.h>

#include "core/date.h"
#include "core/text.h"

enum { KIND_COUNT = TRADE_HANDLING + 1 };

/* The consignment while it is reckoned: shares and results by item. */
struct reckoning {
    const struct trade_rules *rules;
    const struct trade_request *request;
    int first, end; /* rows of the market */
    int64_t goods_minor;
    int64_t transport[TRADE_ITEMS_MAX]; /* freight and insurance */
    int64_t value[TRADE_ITEMS_MAX];     /* customs value */
    int64_t outside[TRADE_ITEMS_MAX];   /* transport the customs value left out */
    int64_t duty[TRADE_ITEMS_MAX];
    int64_t charges[TRADE_ITEMS_MAX];
};

static enum err amount_refuse(struct problem *problem, int64_t amount)
{
    return problem_set(problem, ERR_RANGE, ERR_INT(amount), ERR_INT(0), ERR_INT(INT64_MAX));
}

static enum err sum_into(int64_t *sum, int64_t addend, struct problem *problem)
{
    if (!int64_add(*sum, addend, sum))
        return amount_refuse(problem, *sum);
    return ERR_OK;
}

static enum err datum_missing(const struct trade_request *request, const char *hs6,
                              const char *what, struct problem *problem)
{
    char day[11];
    date_format(request->date, day);
    problem_set(problem, ERR_DATUM_MISSING, ERR_KEY(what));
    return problem_place(problem, "%.3s %.7s %s", request->market, hs6, day);
}

/* Rows of a market: the first at or behind it (rows are sorted by market). */
static int market_bound(const struct trade_rules *rules, const char *market, bool behind)
{
    int low = 0, high = rules->count;
    while (low < high) {
        int middle = low + (high - low) / 2;
        int order = strncmp(rules->rows[middle].market, market, sizeof(rules->rows->market));
        if (order < 0 || (behind && order == 0))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool row_is_live(const struct trade_rule *row, int32_t date)
{
    return (row->status == TRADE_IN_FORCE || row->status == TRADE_ANNOUNCED) &&
           row->valid_from <= date && date < row->valid_to;
}

static bool row_fits_goods(const struct trade_rule *row, const char *hs6, const char *origin)
{
    return strncmp(row->hs6_prefix, hs6, strlen(row->hs6_prefix)) == 0 &&
           (row->origin[0] == '\0' || strncmp(row->origin, origin, sizeof(row->origin)) == 0);
}

static bool row_fits_value(const struct trade_rule *row, int64_t goods_minor)
{
    bool above = row->threshold_low_minor == 0 || goods_minor > row->threshold_low_minor;
    return above && goods_minor <= row->threshold_high_minor;
}

/* True when `a` is the closer fit; equal rows keep the earlier one. */
static bool row_beats(const struct trade_rule *a, const struct trade_rule *b)
{
    if ((a->mode != TRADE_MODE_ANY) != (b->mode != TRADE_MODE_ANY))
        return a->mode != TRADE_MODE_ANY;
    size_t a_digits = strlen(a->hs6_prefix), b_digits = strlen(b->hs6_prefix);
    if (a_digits != b_digits)
        return a_digits > b_digits;
    if ((a->origin[0] != '\0') != (b->origin[0] != '\0'))
        return a->origin[0] != '\0';
    return a->valid_from > b->valid_from;
}

/* The row of a kind for an item; -1: none. */
static int row_find(const struct reckoning *it, enum trade_kind kind, const struct trade_item *item)
{
    int best = -1;
    for (int r = it->first; r < it->end; r++) {
        const struct trade_rule *row = &it->rules->rows[r];
        if (row->kind != kind || !row_is_live(row, it->request->date))
            continue;
        if (row->mode != TRADE_MODE_ANY && row->mode != it->request->mode)
            continue;
        if (!row_fits_goods(row, item->hs6, item->origin) || !row_fits_value(row, it->goods_minor))
            continue;
        if (best < 0 || row_beats(row, &it->rules->rows[best]))
            best = r;
    }
    return best;
}

/* Whether an earlier item already bore the fixed sum of this row: for the parcel, or for the same
 * tariff line. */
static bool fixed_sum_is_borne(const struct reckoning *it, const struct trade_quote *quote,
                               int rule, int item)
{
    bool per_line = it->rules->rows[rule].formula == TRADE_FORMULA_PER_LINE;
    for (int l = 0; l < quote->line_count; l++) {
        if (quote->lines[l].rule != rule)
            continue;
        const char *earlier = it->request->items[quote->lines[l].item].hs6;
        if (!per_line || strncmp(earlier, it->request->items[item].hs6, 6) == 0)
            return true;
    }
    return false;
}

static enum err rate_apply(const struct trade_rule *row, int64_t base_minor, int64_t *amount_minor,
                           struct problem *problem)
{
    int64_t step = row->rounding_step_minor > 1 ? row->rounding_step_minor : 1;
    int64_t divisor, steps, amount;
    if (!int64_multiply(RATE_ONE, step, &divisor) ||
        !int64_multiply_divide(base_minor, row->rate_1e9, divisor, row->rounding, &steps) ||
        !int64_multiply(steps, step, &amount) || !int64_add(amount, row->amount_minor, &amount))
        return amount_refuse(problem, base_minor);
    *amount_minor = amount > 0 ? amount : 0;
    return ERR_OK;
}

static enum err base_reckon(const struct reckoning *it, const struct trade_rule *row, int item,
                            int64_t *base_minor, struct problem *problem)
{
    int64_t base = it->value[item];
    if (row->kind != TRADE_DUTY && row->base != TRADE_BASE_VALUE)
        TRY(sum_into(&base, it->duty[item], problem));
    if (row->kind != TRADE_DUTY && row->base == TRADE_BASE_VALUE_DUTY_CHARGES) {
        TRY(sum_into(&base, it->charges[item], problem));
        TRY(sum_into(&base, it->outside[item], problem));
    }
    *base_minor = base;
    return ERR_OK;
}

/* The line of one kind for one item, and the item's amount in the kind's total. */
static enum err line_make(struct reckoning *it, enum trade_kind kind, int item,
                          struct trade_quote *quote, struct problem *problem)
{
    static const char *const missing[KIND_COUNT] = {
        [TRADE_VALUE] = N_("how the customs value is made"),
        [TRADE_DUTY] = N_("the duty"),
        [TRADE_TAX] = N_("the consumption tax at import"),
    };
    const struct trade_item *goods = &it->request->items[item];
    int rule = row_find(it, kind, goods);
    if (rule < 0)
        return missing[kind] == NULL
                   ? ERR_OK
                   : datum_missing(it->request, goods->hs6, missing[kind], problem);
    const struct trade_rule *row = &it->rules->rows[rule];
    int64_t base = 0, amount = 0;
    if (kind == TRADE_VALUE) {
        base = goods->value_minor;
        if (row->formula == TRADE_FORMULA_CIF)
            TRY(sum_into(&base, it->transport[item], problem));
        else
            it->outside[item] = it->transport[item];
        amount = it->value[item] = base;
    } else {
        TRY(base_reckon(it, row, item, &base, problem));
        if (row->formula == TRADE_FORMULA_RATE)
            TRY(rate_apply(row, base, &amount, problem));
        else if (!fixed_sum_is_borne(it, quote, rule, item))
            amount = row->amount_minor;
    }
    switch (kind) {
    case TRADE_VALUE:
        TRY(sum_into(&quote->customs_value_minor, amount, problem));
        break;
    case TRADE_DUTY:
        it->duty[item] = amount;
        TRY(sum_into(&quote->duty_minor, amount, problem));
        break;
    case TRADE_CHARGE:
        it->charges[item] = amount;
        TRY(sum_into(&quote->charges_minor, amount, problem));
        break;
    case TRADE_TAX:
        TRY(sum_into(&quote->tax_base_minor, base, problem));
        TRY(sum_into(&quote->tax_minor, amount, problem));
        break;
    case TRADE_HANDLING:
        TRY(sum_into(&quote->handling_minor, amount, problem));
        break;
    }
    quote->lines[quote->line_count++] = (struct trade_line){
        .kind = kind,
        .rule = rule,
        .item = item,
        .base_minor = base,
        .rate_1e9 = row->formula == TRADE_FORMULA_RATE ? row->rate_1e9 : 0,
        .amount_minor = amount,
    };
    return ERR_OK;
}

static enum err request_check(const struct trade_request *request, struct problem *problem)
{
    if (request->item_count < 1)
        return problem_set(problem, ERR_TOO_FEW, ERR_KEY(N_("goods")), ERR_INT(request->item_count),
                           ERR_INT(1));
    if (request->item_count > TRADE_ITEMS_MAX)
        return problem_set(problem, ERR_LIMIT, ERR_KEY(N_("tariff lines of a consignment")),
                           ERR_INT(request->item_count), ERR_INT(TRADE_ITEMS_MAX));
    for (int i = 0; i < request->item_count; i++) {
        if (request->items[i].value_minor < 0)
            return amount_refuse(problem, request->items[i].value_minor);
        if (request->items[i].units < 0)
            return amount_refuse(problem, request->items[i].units);
    }
    if (request->freight_minor < 0)
        return amount_refuse(problem, request->freight_minor);
    if (request->insurance_minor < 0)
        return amount_refuse(problem, request->insurance_minor);
    return ERR_OK;
}

enum err trade_quote_make(const struct trade_rules *rules, const struct trade_request *request,
                          struct trade_quote *quote, struct problem *problem)
{
    TRY(request_check(request, problem));
    struct reckoning it = {
        .rules = rules,
        .request = request,
        .first = market_bound(rules, request->market, false),
        .end = market_bound(rules, request->market, true),
    };
    int64_t transport = request->freight_minor;
    int64_t weights[TRADE_ITEMS_MAX];
    TRY(sum_into(&transport, request->insurance_minor, problem));
    for (int i = 0; i < request->item_count; i++) {
        weights[i] = request->items[i].value_minor;
        TRY(sum_into(&it.goods_minor, weights[i], problem));
    }
    int64_apportion(transport, weights, (size_t)request->item_count, it.transport);

    *quote = (struct trade_quote){.goods_minor = it.goods_minor};
    for (int kind = TRADE_VALUE; kind <= TRADE_HANDLING; kind++)
        for (int i = 0; i < request->item_count; i++)
            TRY(line_make(&it, (enum trade_kind)kind, i, quote, problem));

    const int64_t parts[] = {quote->duty_minor, quote->charges_minor, quote->tax_minor,
                             quote->handling_minor};
    for (size_t p = 0; p < COUNT_OF(parts); p++)
        TRY(sum_into(&quote->payable_minor, parts[p], problem));
    return ERR_OK;
}

int32_t trade_rules_until(const struct trade_rules *rules, int32_t date)
{
    int32_t until = INT32_MAX;
    for (int r = 0; r < rules->count; r++) {
        const int32_t bounds[] = {rules->rows[r].valid_from, rules->rows[r].valid_to};
        for (size_t b = 0; b < COUNT_OF(bounds); b++)
            if (bounds[b] > date && bounds[b] < until)
                until = bounds[b];
    }
    return until;
}

enum err trade_tax_rate(const struct trade_rules *rules, const char *market, const char *hs6,
                        int32_t date, int64_t *rate_1e9, struct problem *problem)
{
    const struct trade_rule *best = NULL;
    int end = market_bound(rules, market, true);
    for (int r = market_bound(rules, market, false); r < end; r++) {
        const struct trade_rule *row = &rules->rows[r];
        if (row->kind != TRADE_TAX || row->formula != TRADE_FORMULA_RATE ||
            row->mode != TRADE_MODE_ANY || row->origin[0] != '\0' ||
            row->threshold_low_minor != 0 || row->threshold_high_minor != INT64_MAX ||
            !row_is_live(row, date) || !row_fits_goods(row, hs6, ""))
            continue;
        if (best == NULL || row_beats(row, best))
            best = row;
    }
    if (best == NULL) {
        struct trade_request request = {.date = date};
        for (size_t i = 0; i + 1 < sizeof(request.market) && market[i] != '\0'; i++)
            request.market[i] = market[i];
        return datum_missing(&request, hs6, N_("the consumption tax inside the price"), problem);
    }
    *rate_1e9 = best->rate_1e9;
    return ERR_OK;
}
