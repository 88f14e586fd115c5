/* Customs: declarations, registrations, export-tax refunds (docs/model-level2.md, customs). */
#include "engine/market/customs.h"

#include "engine/market/codec.h"
#include "engine/market/work.h"

enum err market_customs_apply(struct market_work *work, int firm,
                              const struct market_seat_decisions *decisions)
{
    (void)work;
    (void)firm;
    (void)decisions;
    return ERR_OK;
}

void market_customs_export(struct market_work *work, int firm, int product, int market,
                           int64_t purchase_minor)
{
    (void)work;
    (void)firm;
    (void)product;
    (void)market;
    (void)purchase_minor;
}

struct market_customs_effect market_customs_effect_get(const struct market_work *work, int firm,
                                                       const struct market_shipment *shipment)
{
    (void)work;
    (void)firm;
    (void)shipment;
    return (struct market_customs_effect){.value_share_1e9 = RATE_ONE, .vat_deductible = true};
}

void market_customs_day(struct market_work *work)
{
    (void)work;
}

void market_customs_round_end(struct market_work *work)
{
    (void)work;
}

void market_customs_code_declaration(struct market_codec *codec,
                                     struct market_customs_declaration *declaration)
{
    codec_int(codec, &declaration->mode, 0, CUSTOMS_MODES - 1);
}

void market_customs_code_firm(struct market_codec *codec, struct market_customs_firm *firm)
{
    codec_bool(codec, &firm->vat);
}

void market_customs_defaults(struct market_customs_rules *rules, int64_t usd_minor)
{
    (void)usd_minor;
    *rules = (struct market_customs_rules){.open = true};
}
