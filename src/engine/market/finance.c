/* Finance: loans, conversions, the payout account (docs/model-level2.md, finance). */
#include "engine/market/finance.h"

#include "engine/market/codec.h"
#include "engine/market/work.h"

enum err market_finance_apply(struct market_work *work, int firm,
                              const struct market_seat_decisions *decisions)
{
    (void)work;
    (void)firm;
    (void)decisions;
    return ERR_OK;
}

void market_finance_day(struct market_work *work)
{
    (void)work;
}

void market_finance_code(struct market_codec *codec, struct market_finance_firm *firm)
{
    codec_bool(codec, &firm->keep_currency);
}

void market_finance_defaults(struct market_finance_rules *rules, int64_t usd_minor)
{
    (void)usd_minor;
    *rules = (struct market_finance_rules){.open = true};
}
