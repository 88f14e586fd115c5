/* Lanes: how long goods sent today need, and what a kilogram costs today. The same for all firms.
 */

#include "core/detmath.h"
#include "engine/market/work.h"

static double gamma_days(double mean, double sd, double uniform)
{
    if (mean <= 0)
        return 0;
    if (sd <= 0)
        return mean;
    double shape = mean / sd * (mean / sd), scale = sd * sd / mean;
    return scale * dm_gamma_quantile(shape, uniform);
}

int market_lane_draw_days(const struct market_rules *rules, const struct market_key *key, int lane,
                          int32_t day)
{
    const struct market_lane *row = &rules->lanes[lane];
    struct rng_words words = rng_at(key->seed, STREAM_LANE, key->world, day, (uint64_t)lane, 0, 0);
    double beyond = gamma_days(row->gamma_mean, row->gamma_sd, rng_uniform(words.word[0]));
    /* Rounded to whole days; the cap is part of the model (docs/model.md, lanes). */
    double days = row->days_min + beyond + 0.5;
    return days >= MARKET_LANE_DAYS_MAX ? MARKET_LANE_DAYS_MAX : (int)days;
}

/* The 80 % quantile of the last 60 days' record: the 48th of 60 in ascending order. */
static double lane_promise(const struct market_lane_state *lane)
{
    int count[MARKET_LANE_DAYS_MAX + 1] = {0};
    for (int d = 0; d < MARKET_LANE_HISTORY; d++)
        count[lane->days[d]]++;
    int seen = 0, days = 0;
    for (; days <= MARKET_LANE_DAYS_MAX; days++) {
        seen += count[days];
        if (seen >= MARKET_LANE_HISTORY * 8 / 10)
            break;
    }
    return days;
}

void market_lanes_promise(struct market_work *work)
{
    for (int l = 0; l < work->state->lane_count; l++)
        work->lane_promise[l] = lane_promise(&work->state->lanes[l]);
}

void market_lanes_day(struct market_work *work)
{
    /* Buyers see the record up to yesterday. */
    market_lanes_promise(work);
    for (int l = 0; l < work->state->lane_count; l++) {
        struct market_lane_state *lane = &work->state->lanes[l];
        const struct market_lane *row = &work->rules->lanes[l];
        /* Events hold goods up on their way over the border, not from a warehouse there. */
        double days =
            market_lane_draw_days(work->rules, work->key, l, work->day) +
            (row->kind != LANE_LOCAL ? market_events_shared(work, row->market, EVENT_LANE_DAYS)
                                     : 0);
        lane->days[market_ring_60(work->day)] =
            days > MARKET_LANE_DAYS_MAX ? MARKET_LANE_DAYS_MAX : (uint8_t)days;
        if (row->freight_sd > 0 || row->freight_jump_rate > 0) {
            struct rng_words words = market_draw(work, STREAM_FREIGHT, (uint64_t)l, 0);
            lane->log_freight += row->freight_sd * dm_normal_from_word(words.word[0]);
            if (rng_uniform(words.word[1]) < row->freight_jump_rate)
                lane->log_freight += row->freight_jump;
            /* A rate does not leave a tenth to ten times the scenario's: part of the model. */
            if (lane->log_freight > 2.302585092994046)
                lane->log_freight = 2.302585092994046;
            if (lane->log_freight < -2.302585092994046)
                lane->log_freight = -2.302585092994046;
        }
    }
}

double market_freight_factor(const struct market_work *work, int lane)
{
    return again_exp(&work->exp_freight[lane], work->state->lanes[lane].log_freight) *
           market_events_shared(work, work->rules->lanes[lane].market, EVENT_FREIGHT);
}
