/* Events: names, limits of a deck, and their part of a state's bytes. */
#include "engine/market/codec.h"
#include "engine/market/rules.h"

static const char *const effect_names[EVENT_EFFECTS] = {
    "traffic", "lane_days", "freight", "supplier_days", "returns", "fee",
    "storage", "customs",   "payout",  "defects",       "stars",   "fx"};

static const char *const counter_names[COUNTER_KINDS] = {
    "local_stock", "insured", "inspection", "service",  "certificate",
    "responsible", "brand",   "ads",        "converted"};

/* Sizes an effect may have: none may pay the firm for an accident, none may break arithmetic. */
static const struct {
    double least, most;
} sizes[EVENT_EFFECTS] = {
    [EVENT_TRAFFIC] = {0.1, 3},      [EVENT_LANE_DAYS] = {0, 40}, [EVENT_FREIGHT] = {0.2, 5},
    [EVENT_SUPPLIER_DAYS] = {0, 60}, [EVENT_RETURNS] = {0.2, 5},  [EVENT_FEE] = {0.5, 2},
    [EVENT_STORAGE] = {0.2, 5},      [EVENT_CUSTOMS] = {0, 1},    [EVENT_PAYOUT] = {0, 40},
    [EVENT_DEFECTS] = {0.2, 5},      [EVENT_STARS] = {-2, 1},     [EVENT_FX] = {0.5, 2}};

const char *market_event_effect_name(enum market_event_effect effect)
{
    return effect_names[effect];
}

const char *market_event_counter_name(enum market_event_counter counter)
{
    return counter_names[counter];
}

bool market_event_counter_stands(enum market_event_counter counter)
{
    return counter != COUNTER_LOCAL_STOCK && counter != COUNTER_INSURED &&
           counter != COUNTER_INSPECTION;
}

static enum err refuse(struct problem *problem, int card, const char *field)
{
    problem_set(problem, ERR_SCENARIO, ERR_CTEXT("a value out of its range"));
    return problem_place(problem, "events[%d].%s", card, field);
}

static enum err check_card(const struct market_rules *rules, int index, struct problem *problem)
{
    const struct market_event_rules *card = &rules->events[index];
    if (card->market < -1 || card->market >= rules->market_count)
        return refuse(problem, index, "market");
    if (!(card->probability >= 0 && card->probability <= 1))
        return refuse(problem, index, "probability");
    if (card->warning_days < 0 || card->warning_days > 84)
        return refuse(problem, index, "warning_days");
    if (card->days < 1 || card->days > 60)
        return refuse(problem, index, "days");
    if ((int)card->effect < 0 || card->effect >= EVENT_EFFECTS)
        return refuse(problem, index, "effect");
    if (!(card->size >= sizes[card->effect].least && card->size <= sizes[card->effect].most))
        return refuse(problem, index, "size");
    if ((int)card->counter < 0 || card->counter >= COUNTER_KINDS)
        return refuse(problem, index, "counter");
    if (!(card->counter_factor >= 0 && card->counter_factor <= 1))
        return refuse(problem, index, "counter_factor");
    /* Suppliers are at home and serve all markets. */
    bool suppliers = card->effect == EVENT_SUPPLIER_DAYS || card->effect == EVENT_DEFECTS;
    if (suppliers && card->market >= 0)
        return refuse(problem, index, "market");
    return ERR_OK;
}

enum err market_events_check(const struct market_rules *rules, struct problem *problem)
{
    if (rules->event_count < 0 || rules->event_count > MARKET_EVENTS_MAX) {
        problem_set(problem, ERR_RANGE, ERR_INT(rules->event_count), ERR_INT(0),
                    ERR_INT(MARKET_EVENTS_MAX));
        return problem_place(problem, "events");
    }
    for (int e = 0; e < rules->event_count; e++)
        TRY(check_card(rules, e, problem));
    return ERR_OK;
}

void market_events_code(struct market_codec *codec, struct market_event_state *event)
{
    codec_int(codec, &event->event, -1, MARKET_EVENTS_MAX - 1);
    codec_i32(codec, &event->from_day);
    codec_i32(codec, &event->to_day);
}
