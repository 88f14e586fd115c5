/* trade/rules_check: the order of rows, and what a pack of rows must hold. */
#include <string.h>

#include "core/text.h"
#include "engine/trade/trade.h"

static int number_compare(int64_t a, int64_t b)
{
    return a < b ? -1 : a > b;
}

/* Everything but dates and id: rows equal here compete for the same goods. */
static int goods_compare(const struct trade_rule *a, const struct trade_rule *b)
{
    int order = strncmp(a->market, b->market, sizeof(a->market));
    if (order == 0)
        order = number_compare((int64_t)a->kind, (int64_t)b->kind);
    if (order == 0)
        order = strncmp(a->hs6_prefix, b->hs6_prefix, sizeof(a->hs6_prefix));
    if (order == 0)
        order = strncmp(a->origin, b->origin, sizeof(a->origin));
    if (order == 0)
        order = number_compare((int64_t)a->mode, (int64_t)b->mode);
    return order;
}

int trade_rule_compare(const struct trade_rule *a, const struct trade_rule *b)
{
    int order = goods_compare(a, b);
    if (order == 0)
        order = number_compare(a->threshold_low_minor, b->threshold_low_minor);
    if (order == 0)
        order = number_compare(a->threshold_high_minor, b->threshold_high_minor);
    if (order == 0)
        order = number_compare(a->valid_from, b->valid_from);
    if (order == 0)
        order = strncmp(a->id, b->id, sizeof(a->id));
    return order;
}

static bool text_is(const char *text, size_t room, size_t least, size_t most, char low, char high)
{
    const char *end = memchr(text, '\0', room);
    size_t length = end == NULL ? room : (size_t)(end - text);
    if (end == NULL || length < least || length > most)
        return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] < low || text[i] > high)
            return false;
    return true;
}

static bool country_is_well_formed(const char *text, size_t room)
{
    return text_is(text, room, 2, 2, 'A', 'Z');
}

/* The first thing wrong with a row by itself, or NULL. */
static const char *row_fault(const struct trade_rule *row)
{
    if (!text_is(row->id, sizeof(row->id), 1, sizeof(row->id), '!', '~'))
        return N_("the rule has no usable id");
    if (!country_is_well_formed(row->market, sizeof(row->market)))
        return N_("the rule's market is not a two-letter code");
    if (row->origin[0] != '\0' && !country_is_well_formed(row->origin, sizeof(row->origin)))
        return N_("the rule's origin is not a two-letter code");
    if (!text_is(row->hs6_prefix, sizeof(row->hs6_prefix), 0, 6, '0', '9'))
        return N_("the rule's tariff prefix is not up to six digits");
    bool makes_value = row->formula == TRADE_FORMULA_CIF || row->formula == TRADE_FORMULA_FOB;
    if ((unsigned)row->kind > TRADE_HANDLING || (unsigned)row->formula > TRADE_FORMULA_FOB ||
        (row->kind == TRADE_VALUE) != makes_value)
        return N_("the rule's formula does not suit its kind");
    if ((unsigned)row->mode > TRADE_MODE_FREIGHT ||
        (unsigned)row->base > TRADE_BASE_VALUE_DUTY_CHARGES ||
        (unsigned)row->status > TRADE_STRUCK_DOWN || (unsigned)row->confidence > TRADE_ASSUMED ||
        (unsigned)row->rounding > ROUND_FLOOR)
        return N_("the rule holds an unknown word");
    if (row->rate_1e9 < 0 || row->rate_1e9 > 10 * RATE_ONE)
        return N_("the rule's rate is below 0 or above 10");
    if (row->rounding_step_minor < 1 || row->rounding_step_minor > TRADE_STEP_MAX)
        return N_("the rule's rounding step is out of bounds");
    if (row->amount_minor < 0 && row->formula != TRADE_FORMULA_RATE)
        return N_("the rule's fixed sum is negative");
    if (row->threshold_low_minor < 0 || row->threshold_high_minor < row->threshold_low_minor)
        return N_("the rule's thresholds do not make a range");
    if (row->valid_to <= row->valid_from)
        return N_("the rule ends before it begins");
    return NULL;
}

static bool rows_tie(const struct trade_rule *a, const struct trade_rule *b)
{
    bool live = a->status <= TRADE_IN_FORCE && b->status <= TRADE_IN_FORCE;
    return live && a->valid_from == b->valid_from &&
           (a->threshold_low_minor == 0 || a->threshold_low_minor < b->threshold_high_minor) &&
           (b->threshold_low_minor == 0 || b->threshold_low_minor < a->threshold_high_minor);
}

enum err trade_rules_check(const struct trade_rules *rules, struct problem *problem)
{
    if (rules->count < 0 || rules->count > TRADE_RULES_MAX)
        return problem_set(problem, ERR_LIMIT, ERR_KEY(N_("trade rules")), ERR_INT(rules->count),
                           ERR_INT(TRADE_RULES_MAX));
    int group = 0; /* first row that competes for the same goods as this one */
    for (int r = 0; r < rules->count; r++) {
        const struct trade_rule *row = &rules->rows[r];
        const char *fault = row_fault(row);
        if (fault == NULL && r > 0 && trade_rule_compare(row - 1, row) >= 0)
            fault = N_("the rules are not in their order, or one stands twice");
        if (r > 0 && goods_compare(row - 1, row) != 0)
            group = r;
        for (int other = group; other < r && fault == NULL; other++)
            if (rows_tie(&rules->rows[other], row))
                fault = N_("two rules begin on the same day for the same goods");
        if (fault != NULL) {
            problem_set(problem, ERR_SCENARIO, ERR_KEY(fault));
            return problem_place(problem, "%.47s", row->id);
        }
    }
    return ERR_OK;
}
