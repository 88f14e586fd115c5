/* The words of a pack of trade rules, and which rows matter to a world. */
#include <stdlib.h>
#include <string.h>

#include "app/training/trade_rules_read.h"

struct words {
    int count;
    const char *names[8];
    const char *listed;
};

static const struct words words[TRADE_WORD_COUNT] = {
    [TRADE_WORD_KIND] = {5,
                         {"value", "duty", "charge", "tax", "handling"},
                         "value, duty, charge, tax, handling"},
    [TRADE_WORD_MODE] = {3, {"", "parcel", "freight"}, "parcel, freight"},
    [TRADE_WORD_FORMULA] = {5,
                            {"rate", "per_line", "per_parcel", "cif", "fob"},
                            "rate, per_line, per_parcel, cif, fob"},
    [TRADE_WORD_BASE] = {3,
                         {"value", "value_duty", "value_duty_charges"},
                         "value, value_duty, value_duty_charges"},
    [TRADE_WORD_ROUNDING] = {5,
                             {"half_up", "half_even", "down", "up", "floor"},
                             "half_up, half_even, down, up, floor"},
    [TRADE_WORD_STATUS] = {4,
                           {"announced", "in_force", "postponed", "struck_down"},
                           "announced, in_force, postponed, struck_down"},
    [TRADE_WORD_CONFIDENCE] = {6,
                               {"sourced", "secondary", "weak", "conflict", "computed", "assumed"},
                               "sourced, secondary, weak, conflict, computed, assumed"},
};

const char *trade_word_name(enum trade_word word, int value)
{
    return value >= 0 && value < words[word].count ? words[word].names[value] : "";
}

enum err trade_word_read(enum trade_word word, struct str text, int empty, int *value,
                         struct problem *problem)
{
    if (text.length == 0 && empty >= 0) {
        *value = empty;
        return ERR_OK;
    }
    for (int i = 0; i < words[word].count; i++) {
        if (text.length > 0 && str_equal_c(text, words[word].names[i])) {
            *value = i;
            return ERR_OK;
        }
    }
    return problem_set(problem, ERR_CHOICE, ERR_TEXT(text), ERR_CTEXT(words[word].listed));
}

bool trade_rule_in_use(const struct market_rules *rules, const struct trade_rule *row)
{
    bool market = false;
    for (int m = 0; m < rules->market_count; m++)
        market = market || strcmp(rules->markets[m].name.id, row->market) == 0;
    bool goods = row->hs6_prefix[0] == '\0' || rules->category_count == 0;
    for (int c = 0; c < rules->category_count; c++)
        goods = goods ||
                strncmp(rules->categories[c].hs6, row->hs6_prefix, strlen(row->hs6_prefix)) == 0;
    return market && goods;
}

static int compare(const void *a, const void *b)
{
    return trade_rule_compare(a, b);
}

void trade_rules_sort(struct trade_rule *rows, int count)
{
    if (count > 1)
        qsort(rows, (size_t)count, sizeof(*rows), compare);
}
