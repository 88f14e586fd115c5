/* Lanes: how long goods sent today need, and what a kilogram costs today. The same for all firms.
 */

#include "core/detmath.h"
#include "engine/market/work.h"

/* P(gamma < k + 1/2): days are rounded. */
static double within_days(const struct market_lane *lane, int k)
{
    if (lane->gamma_mean <= 0)
        return 1;
    if (lane->gamma_sd <= 0)
        return lane->gamma_mean < k + 0.5 ? 1 : 0;
    double ratio = lane->gamma_mean / lane->gamma_sd;
    double scale = lane->gamma_sd * lane->gamma_sd / lane->gamma_mean;
    return dm_gamma_p(ratio * ratio, (k + 0.5) / scale);
}

/* The same few probabilities are asked for every day, so they are kept as far as they were needed.
 * The cap on days is part of the model (docs/model.md, lanes). */
int market_lane_draw_days(const struct market_work *work, int lane, int32_t day)
{
    const struct market_lane *row = &work->rules->lanes[lane];
    struct market_lane_law *law = &work->laws[lane];
    struct rng_words words =
        rng_at(work->key->seed, STREAM_LANE, work->key->world, day, (uint64_t)lane, 0, 0);
    double uniform = rng_uniform(words.word[0]);
    for (int k = 0; row->days_min + k < MARKET_LANE_DAYS_MAX; k++) {
        if (k == law->known)
            law->within[law->known++] = within_days(row, k);
        if (uniform < law->within[k])
            return row->days_min + k;
    }
    return MARKET_LANE_DAYS_MAX;
}

double market_lane_kept(const struct market_lane_state *lane, int of_60)
{
    int count[MARKET_LANE_DAYS_MAX + 1] = {0};
    for (int d = 0; d < MARKET_LANE_HISTORY; d++)
        count[lane->days[d]]++;
    int seen = 0, days = 0;
    for (; days <= MARKET_LANE_DAYS_MAX; days++) {
        seen += count[days];
        if (seen >= of_60)
            break;
    }
    return days;
}

void market_lanes_promise(struct market_work *work)
{
    for (int l = 0; l < work->state->lane_count; l++)
        work->lane_promise[l] = market_lane_kept(&work->state->lanes[l], LANE_USUAL_OF_60);
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
            market_lane_draw_days(work, l, work->day) +
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
