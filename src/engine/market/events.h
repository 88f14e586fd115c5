/* market/events: the deck of what may happen to a market, level 2: each with a probability, a
 * warning, an effect and a counter-move that costs money and reduces it. Docs: docs/model.md,
 * events. */
#ifndef ENGINE_MARKET_EVENTS_H
#define ENGINE_MARKET_EVENTS_H

#include "core/base.h"
#include "core/err.h"

struct market_codec;
struct market_work;

enum { MARKET_EVENTS_MAX = 40 };

enum market_event_effect {
    EVENT_TRAFFIC,       /* shoppers of a market x size */
    EVENT_LANE_DAYS,     /* days added to lanes of a kind into a market */
    EVENT_FREIGHT,       /* price of a kilogram on those lanes x size */
    EVENT_SUPPLIER_DAYS, /* days added to orders not yet ready */
    EVENT_RETURNS,       /* returns of a market x size */
    EVENT_FEE,           /* channel's referral fee x size */
    EVENT_STORAGE,       /* storage fee of a market x size */
    EVENT_CUSTOMS,       /* added probability of a hold at customs */
    EVENT_PAYOUT,        /* days added to the channel's hold */
    EVENT_DEFECTS,       /* defects of orders placed now x size */
    EVENT_STARS,         /* stars added to the day's reviews (negative) */
    EVENT_FX,            /* home price of a market's currency x size */
    EVENT_EFFECTS
};

/* What a firm has done that softens the event; all cost money. */
enum market_event_counter {
    COUNTER_LOCAL_STOCK, /* stock abroad of 30 days or more */
    COUNTER_INSURED,     /* an insured transfer on its way there */
    COUNTER_INSPECTION,  /* orders inspected */
    COUNTER_SERVICE,     /* 8 hours of buyer service a day or more */
    COUNTER_CERTIFICATE, /* all certificates held */
    COUNTER_RESPONSIBLE, /* a responsible person */
    COUNTER_BRAND,       /* brand spending */
    COUNTER_ADS,         /* campaigns running */
    COUNTER_CONVERTED,   /* payouts converted at once */
    COUNTER_KINDS
};

struct market_event_rules {
    char id[48];
    char en[96], zh[96];
    int market;         /* -1: all */
    double probability; /* a round */
    int warning_days;   /* told so long before */
    int days;           /* how long it lasts, 1..60 */
    enum market_event_effect effect;
    double size;
    enum market_event_counter counter;
    double counter_factor; /* the effect that remains with the counter-move: 0..1 */
};

/* An event that is told or running. */
struct market_event_state {
    int event;                /* index in the deck; -1: free */
    int32_t from_day, to_day; /* inclusive, exclusive */
};
enum { MARKET_EVENTS_RUNNING = 8 };

void market_events_round(struct market_work *work); /* first day of a round: draw, warn */
/* The product of sizes (factors) or the sum (added days, probabilities, stars) of what runs today,
 * for a firm, softened by its counter-moves; neutral when nothing runs. */
double market_events_effect(const struct market_work *work, int firm, int market,
                            enum market_event_effect effect);
/* The same before any firm's softening, for what all share (traffic, lanes, freight, rates). */
double market_events_shared(const struct market_work *work, int market,
                            enum market_event_effect effect);
void market_events_code(struct market_codec *codec, struct market_event_state *event);

#endif
