/* Events: the deck, its warnings and effects (docs/model-level2.md, events). */
#include "engine/market/events.h"

#include "engine/market/nest.h"

/* Effects that multiply are neutral at 1, those that add at 0. */
static bool multiplies(enum market_event_effect effect)
{
    switch (effect) {
    case EVENT_TRAFFIC:
    case EVENT_FREIGHT:
    case EVENT_RETURNS:
    case EVENT_FEE:
    case EVENT_STORAGE:
    case EVENT_DEFECTS:
    case EVENT_FX:
        return true;
    default:
        return false;
    }
}

/* What is told or running stands at the front of the state's list, so a day without events costs
 * one comparison a question. */
static const struct market_event_rules *card_at(const struct market_work *work, int slot)
{
    int event = slot < MARKET_EVENTS_RUNNING ? work->state->events[slot].event : -1;
    return event < 0 || event >= work->rules->event_count ? NULL : &work->rules->events[event];
}

static bool is_running(const struct market_work *work, int slot)
{
    const struct market_event_state *event = &work->state->events[slot];
    return event->from_day <= work->day && work->day < event->to_day;
}

static void ended_drop(struct market_work *work)
{
    struct market_event_state *events = work->state->events;
    int kept = 0;
    for (int e = 0; e < MARKET_EVENTS_RUNNING; e++)
        if (events[e].event >= 0 && events[e].to_day > work->day)
            events[kept++] = events[e];
    for (; kept < MARKET_EVENTS_RUNNING; kept++)
        events[kept] = (struct market_event_state){.event = -1};
}

static void tell_all(struct market_work *work, enum market_notice_kind kind, int event,
                     int32_t from_day)
{
    for (int f = 0; f < work->state->firm_count; f++)
        market_notice_add(work, f, kind, event, -1, from_day);
}

void market_events_round(struct market_work *work)
{
    const struct market_rules *rules = work->rules;
    struct market_event_state *events = work->state->events;
    if (rules->event_count == 0)
        return;
    ended_drop(work);
    for (int e = 0; e < rules->event_count; e++) {
        const struct market_event_rules *card = &rules->events[e];
        int slot = 0;
        bool told = false;
        for (; slot < MARKET_EVENTS_RUNNING && events[slot].event >= 0; slot++)
            told = told || events[slot].event == e;
        /* World 0: all worlds of a run meet the same events. */
        struct rng_words words =
            rng_at(work->key->seed, STREAM_EVENT, 0, work->day, (uint64_t)e, 0, 0);
        if (told || slot == MARKET_EVENTS_RUNNING ||
            !(rng_uniform(words.word[0]) < card->probability))
            continue;
        int32_t from = work->day + card->warning_days +
                       (int32_t)rng_below(words.word[1], (uint64_t)rules->round_days);
        events[slot] = (struct market_event_state){e, from, from + card->days};
        if (card->warning_days > 0)
            tell_all(work, NOTICE_EVENT_WARNING, e, from);
    }
}

/* Orders at the supplier when it begins are put off like those placed later. */
static void orders_put_off(struct market_work *work)
{
    for (int f = 0; f < work->state->firm_count; f++) {
        struct market_firm *firm = &work->state->firms[f];
        int days = (int)market_events_effect(work, f, -1, EVENT_SUPPLIER_DAYS);
        for (int o = 0; o < firm->order_count; o++)
            if (firm->orders[o].ready_day > work->day)
                firm->orders[o].ready_day += days;
    }
}

void market_events_day(struct market_work *work)
{
    bool suppliers = false;
    for (int slot = 0; card_at(work, slot) != NULL; slot++) {
        const struct market_event_state *event = &work->state->events[slot];
        if (event->from_day != work->day)
            continue;
        tell_all(work, NOTICE_EVENT_BEGINS, event->event, event->from_day);
        suppliers = suppliers || card_at(work, slot)->effect == EVENT_SUPPLIER_DAYS;
    }
    if (suppliers)
        orders_put_off(work);
}

/* `firm` -1: before any softening. */
static double effect_sum(const struct market_work *work, int firm, int market,
                         enum market_event_effect effect)
{
    double sum = multiplies(effect) ? 1 : 0;
    for (int slot = 0; card_at(work, slot) != NULL; slot++) {
        const struct market_event_rules *card = card_at(work, slot);
        if (card->effect != effect || (card->market >= 0 && card->market != market) ||
            !is_running(work, slot))
            continue;
        double left = firm >= 0 && market_events_countered(work, firm, market, card->counter)
                          ? card->counter_factor
                          : 1;
        if (multiplies(effect))
            sum *= 1 + (card->size - 1) * left;
        else
            sum += card->size * left;
    }
    return sum;
}

double market_events_effect(const struct market_work *work, int firm, int market,
                            enum market_event_effect effect)
{
    return effect_sum(work, firm, market, effect);
}

double market_events_shared(const struct market_work *work, int market,
                            enum market_event_effect effect)
{
    return effect_sum(work, -1, market, effect);
}

/* ---- what a counter-move takes back out of what all share ---- */

void market_events_nest(const struct market_work *work, struct market_nest_day *day)
{
    int market = work->rules->nests[day->nest].market;
    if (market_events_quiet(work) || !(day->traffic.event < 1) || !(day->traffic.event > 0))
        return;
    double organic = 0;
    for (int i = 0; i < day->offer_count; i++)
        organic += day->offers[i].listed ? day->offers[i].organic : 0;
    for (int i = 0; i < day->offer_count; i++) {
        struct market_offer *offer = &day->offers[i];
        if (!offer->listed)
            continue;
        double own = market_events_effect(work, offer->firm, market, EVENT_TRAFFIC);
        if (own > day->traffic.event)
            offer->outside +=
                day->traffic.shoppers * (own / day->traffic.event - 1) * offer->organic / organic;
    }
}

int market_events_days_relief(const struct market_work *work, int firm, int lane)
{
    const struct market_lane *row = &work->rules->lanes[lane];
    if (market_events_quiet(work) || row->kind == LANE_LOCAL)
        return 0;
    double days = market_events_shared(work, row->market, EVENT_LANE_DAYS) -
                  market_events_effect(work, firm, row->market, EVENT_LANE_DAYS);
    return days > 0 ? (int)days : 0;
}

double market_events_freight_relief(const struct market_work *work, int firm, int lane)
{
    if (market_events_quiet(work))
        return 1;
    int market = work->rules->lanes[lane].market;
    double all = market_events_shared(work, market, EVENT_FREIGHT);
    double own = market_events_effect(work, firm, market, EVENT_FREIGHT);
    return own < all ? own / all : 1;
}

int64_t market_events_payout_relief(const struct market_work *work, int firm, int currency,
                                    int64_t minor)
{
    const struct market_rules *rules = work->rules;
    if (market_events_quiet(work) || currency == 0 || minor <= 0)
        return 0;
    for (int m = 0; m < rules->market_count; m++) {
        if (rules->markets[m].currency != currency)
            continue;
        double all = market_events_shared(work, m, EVENT_FX);
        double own = market_events_effect(work, firm, m, EVENT_FX);
        if (!(own > all) || !(all > 0))
            return 0;
        return (int64_t)((double)market_to_home(work, currency, minor) * (own / all - 1) + 0.5);
    }
    return 0;
}
