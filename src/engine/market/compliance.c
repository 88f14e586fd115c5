/* Compliance: certificates, responsible persons, service, incidents (docs/model-level2.md). */
#include "engine/market/compliance.h"

#include "engine/market/codec.h"
#include "engine/market/work.h"

enum err market_compliance_apply(struct market_work *work, int firm,
                                 const struct market_seat_decisions *decisions)
{
    (void)work;
    (void)firm;
    (void)decisions;
    return ERR_OK;
}

void market_compliance_round(struct market_work *work)
{
    (void)work;
}

bool market_compliance_closed(const struct market_work *work, int firm,
                              const struct market_listing *listing)
{
    (void)firm;
    return work->rules->compliance.open && listing->compliance.closed_until > work->day;
}

double market_compliance_stars(const struct market_work *work, int firm,
                               const struct market_listing *listing)
{
    (void)work;
    (void)firm;
    (void)listing;
    return 0;
}

void market_compliance_code_listing(struct market_codec *codec,
                                    struct market_compliance_listing *listing)
{
    codec_i32(codec, &listing->closed_until);
}

void market_compliance_code_firm(struct market_codec *codec, struct market_compliance_firm *firm)
{
    codec_i32(codec, &firm->incident_next);
}

void market_compliance_defaults(struct market_compliance_rules *rules, int64_t usd_minor)
{
    (void)usd_minor;
    *rules = (struct market_compliance_rules){.open = true};
}
