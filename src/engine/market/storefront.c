/* Storefront: title, content, translation, duty at the door, bundles (docs/model-level2.md). */
#include "engine/market/storefront.h"

#include "engine/market/codec.h"
#include "engine/market/work.h"

enum err market_storefront_apply(struct market_work *work, int firm,
                                 const struct market_seat_decisions *decisions)
{
    (void)work;
    (void)firm;
    (void)decisions;
    return ERR_OK;
}

void market_storefront_rate(struct market_work *work, const struct market_seat_decisions *decisions)
{
    (void)work;
    (void)decisions;
}

double market_storefront_content(const struct market_work *work,
                                 const struct market_listing *listing)
{
    (void)work;
    (void)listing;
    return 0;
}

double market_storefront_trust(const struct market_work *work, const struct market_listing *listing)
{
    (void)work;
    (void)listing;
    return 0;
}

void market_storefront_day(struct market_work *work, bool first_of_round)
{
    (void)work;
    (void)first_of_round;
}

void market_storefront_code(struct market_codec *codec, struct market_storefront_listing *listing)
{
    codec_f64(codec, &listing->relevance);
}

int market_title_matches(const char *title, size_t length, const char *term)
{
    (void)title;
    (void)length;
    (void)term;
    return 0;
}

void market_storefront_defaults(struct market_storefront_rules *rules, int64_t usd_minor)
{
    (void)usd_minor;
    *rules = (struct market_storefront_rules){.open = true};
}
