/* Events: the deck, its warnings and effects (docs/model-level2.md, events). */
#include "engine/market/events.h"

#include "engine/market/codec.h"
#include "engine/market/work.h"

/* Effects that multiply are neutral at 1, those that add at 0. */
static double neutral(enum market_event_effect effect)
{
    switch (effect) {
    case EVENT_TRAFFIC:
    case EVENT_FREIGHT:
    case EVENT_RETURNS:
    case EVENT_FEE:
    case EVENT_STORAGE:
    case EVENT_DEFECTS:
    case EVENT_FX:
        return 1;
    default:
        return 0;
    }
}

void market_events_round(struct market_work *work)
{
    (void)work;
}

double market_events_effect(const struct market_work *work, int firm, int market,
                            enum market_event_effect effect)
{
    (void)work;
    (void)firm;
    (void)market;
    return neutral(effect);
}

double market_events_shared(const struct market_work *work, int market,
                            enum market_event_effect effect)
{
    (void)work;
    (void)market;
    return neutral(effect);
}

void market_events_code(struct market_codec *codec, struct market_event_state *event)
{
    codec_int(codec, &event->event, -1, MARKET_EVENTS_MAX - 1);
    codec_i32(codec, &event->from_day);
    codec_i32(codec, &event->to_day);
}
