/* Promotion: sponsored slots, brand and social spending (docs/model-level2.md, promotion). */
#include "engine/market/promotion.h"

#include "engine/market/codec.h"
#include "engine/market/nest.h"

enum err market_promotion_apply(struct market_work *work, int firm,
                                const struct market_seat_decisions *decisions)
{
    (void)work;
    (void)firm;
    (void)decisions;
    return ERR_OK;
}

void market_promotion_day(struct market_work *work, struct market_nest_day *day)
{
    (void)work;
    (void)day;
}

double market_promotion_brand(const struct market_work *work, int firm, int nest)
{
    (void)work;
    (void)firm;
    (void)nest;
    return 0;
}

void market_promotion_round_begin(struct market_work *work, int firm)
{
    (void)work;
    (void)firm;
}

void market_promotion_code_listing(struct market_codec *codec,
                                   struct market_promotion_listing *listing)
{
    codec_f64(codec, &listing->click_history);
}

void market_promotion_code_firm(struct market_codec *codec, struct market_promotion_firm *firm)
{
    codec_f64(codec, &firm->goodwill);
}

void market_promotion_defaults(struct market_promotion_rules *rules, int64_t usd_minor)
{
    (void)usd_minor;
    *rules = (struct market_promotion_rules){.open = true};
}
