#include "app/training/scenario_advice.h"

#include "app/training/scenario_time.h"

/* A card is told with a round's result, so decisions answer it one round later. */
static void events_put(struct buf *text, enum lang lang, const struct market_rules *rules)
{
    for (int e = 0; e < rules->event_count; e++) {
        const struct market_event_rules *card = &rules->events[e];
        bool stands = market_event_counter_stands(card->counter);
        if (card->warning_days < rules->round_days && !stands) {
            text_put(text, lang,
                     N_("Warning: events[{0}] ({1}) is told {2} days ahead, less than a round, and "
                        "its counter-move {3} cannot stand before: no decision can answer it."),
                     ERR_INT(e), ERR_CTEXT(card->id), ERR_INT(card->warning_days),
                     ERR_CTEXT(market_event_counter_name(card->counter)));
            buf_append_byte(text, '\n');
        }
        if (!(card->counter_factor < 1)) {
            text_put(text, lang,
                     N_("Warning: events[{0}] ({1}): its counter-move {2} changes nothing, because "
                        "the whole effect remains."),
                     ERR_INT(e), ERR_CTEXT(card->id),
                     ERR_CTEXT(market_event_counter_name(card->counter)));
            buf_append_byte(text, '\n');
        }
    }
}

void scenario_advice_put(struct buf *text, enum lang lang, const struct market_rules *rules,
                         int rounds)
{
    scenario_time_put(text, lang, rules, rounds);
    events_put(text, lang, rules);
}
