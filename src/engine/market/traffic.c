/* Shoppers: N = F b index / S0 exp(sigma z - sigma^2/2), index = season weekday (1+g)^(t/365);
 * z is weekly, AR(1) with phi 0.6, one per market and category, shared by all worlds of a run. */
#include <math.h>

#include "core/date.h"
#include "core/detmath.h"
#include "engine/market/nest.h"

static const double shock_phi = 0.6;

/* The innovation of a week: keyed by market and category, world 0, so that all worlds of a run and
 * all channels of a market see the same shoppers. */
static double week_normal(const struct market_work *work, enum market_stream stream, uint32_t world,
                          uint64_t object_a, uint64_t object_b)
{
    struct rng_words words =
        rng_at(work->key->seed, stream, world, work->day, object_a, object_b, 0);
    return dm_normal_from_word(words.word[0]);
}

void market_traffic_week(struct market_work *work)
{
    if (work->day % 7 != 0)
        return;
    /* The first week starts in the stationary law, later ones take a step. */
    double keep = work->day == 0 ? 0 : shock_phi;
    double step = sqrt(1 - keep * keep);
    for (int n = 0; n < work->state->nest_count; n++) {
        const struct market_nest *nest = &work->rules->nests[n];
        double z =
            week_normal(work, STREAM_TRAFFIC, 0, (uint64_t)nest->market, (uint64_t)nest->category);
        work->state->traffic[n] = keep * work->state->traffic[n] + step * z;
    }
    for (int f = 0; f < work->state->firm_count; f++) {
        double z = week_normal(work, STREAM_LUCK, work->key->world, (uint64_t)f, 0);
        work->state->firms[f].luck = keep * work->state->firms[f].luck + step * z;
    }
}

struct market_traffic market_traffic_day(const struct market_work *work, int n)
{
    const struct market_rules *rules = work->rules;
    const struct market_nest *nest = &rules->nests[n];
    const struct market_country *market = &rules->markets[nest->market];
    double sd = nest->traffic_sd;
    struct market_traffic traffic = {
        .season = market->season[date_iso_week(work->date) - 1],
        .weekday = market->weekday[date_weekday(work->date)],
        .growth = market->growth == 0 ? 1 : dm_pow(1 + market->growth, work->day / 365.0),
        .shock = sd == 0 ? 1 : dm_exp(sd * work->state->traffic[n] - sd * sd / 2),
        .event = market_events_shared(work, nest->market, EVENT_TRAFFIC)};
    double reference = rules->firms * nest->units_per_firm_day / rules->demand.inside_share;
    traffic.shoppers = reference * traffic.season * traffic.weekday * traffic.growth *
                       traffic.shock * traffic.event;
    return traffic;
}
