/* Sourcing: suppliers' prices and load, reorders, insurance, stand-ins (docs/model-level2.md). */
#include "engine/market/sourcing.h"

#include "engine/market/codec.h"
#include "engine/market/work.h"

int64_t market_supplier_price(const struct market_supplier *supplier, int64_t units)
{
    int64_t price = supplier->breaks[0].price_minor;
    for (int b = 0; b < supplier->break_count; b++)
        if (units >= supplier->breaks[b].units_min)
            price = supplier->breaks[b].price_minor;
    return price;
}

double market_supplier_load(const struct market_work *work, int supplier)
{
    (void)work;
    (void)supplier;
    return 0;
}

enum err market_sourcing_stand_in(struct market_work *work, const struct market_decisions *given,
                                  struct market_decisions *played)
{
    (void)work;
    *played = *given;
    return ERR_OK;
}

enum err market_sourcing_apply(struct market_work *work, int firm,
                               const struct market_seat_decisions *decisions)
{
    (void)work;
    (void)firm;
    (void)decisions;
    return ERR_OK;
}

void market_sourcing_day(struct market_work *work)
{
    (void)work;
}

void market_sourcing_accident(struct market_work *work, int firm, struct market_shipment *shipment)
{
    (void)work;
    (void)firm;
    (void)shipment;
}

void market_sourcing_code_firm(struct market_codec *codec, struct market_sourcing_firm *firm)
{
    codec_f64(codec, &firm->training);
}

void market_sourcing_code_reorder(struct market_codec *codec, struct market_reorder *reorder,
                                  int suppliers, int lanes)
{
    codec_int(codec, &reorder->supplier, -1, suppliers - 1);
    codec_int(codec, &reorder->lane, -1, lanes - 1);
    codec_i64(codec, &reorder->point);
    codec_i64(codec, &reorder->up_to);
}

void market_sourcing_defaults(struct market_sourcing_rules *rules, int64_t usd_minor)
{
    (void)usd_minor;
    *rules = (struct market_sourcing_rules){.open = true};
}
