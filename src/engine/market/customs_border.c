/* What goods pay at a border under what is declared of them: one reckoning for all who ask. */
#include <string.h>

#include "engine/market/work.h"

static const int64_t share_most_1e9 = 10 * RATE_ONE; /* a declaration of ten times the value */

int64_t market_customs_declared_share(int64_t declared_minor, int64_t units, int64_t value_minor)
{
    if (declared_minor == 0 || value_minor <= 0)
        return RATE_ONE;
    int128 share = (int128)declared_minor * units * RATE_ONE / value_minor;
    return share > share_most_1e9 ? share_most_1e9 : (int64_t)share;
}

int64_t market_customs_taxed_share(int64_t declared_share_1e9)
{
    bool near = declared_share_1e9 >= CUSTOMS_VALUE_RIGHT_1E9 && declared_share_1e9 < RATE_ONE;
    return near ? RATE_ONE : declared_share_1e9;
}

enum err market_border_quote(const struct market_rules *rules, int32_t date,
                             const struct market_border *border, struct trade_quote *quote,
                             struct problem *problem)
{
    const struct market_category *category = &rules->categories[border->category];
    int64_t value = market_share_of(border->value_minor, border->declared_share_1e9, RATE_ONE);
    struct trade_item item = market_trade_item(rules, category, border->units, value);
    struct trade_request request = {.date = date,
                                    .mode = border->mode,
                                    .item_count = 1,
                                    .items = &item,
                                    .freight_minor = border->freight_minor};
    memcpy(request.market, rules->markets[border->market].name.id, sizeof(request.market) - 1);
    if (border->declared_hs6[0] != '\0') {
        memcpy(item.hs6, border->declared_hs6, sizeof(item.hs6));
        enum err code = trade_quote_make(&rules->trade, &request, quote, problem);
        if (code != ERR_DATUM_MISSING)
            return code;
        /* The scenario knows no rates of that class: the office charges those of the right one. */
        memcpy(item.hs6, category->hs6, sizeof(item.hs6));
    }
    return trade_quote_make(&rules->trade, &request, quote, problem);
}

int market_customs_held_days(const struct market_customs_rules *rules, int days)
{
    int held = days + rules->hold_days;
    return held < MARKET_LANE_DAYS_MAX ? held : MARKET_LANE_DAYS_MAX;
}
