/* market/events: the deck of what may happen to a market, level 2: each with a probability, a
 * warning, an effect and a counter-move that costs money and reduces it. Docs: docs/model.md,
 * events. */
#ifndef ENGINE_MARKET_EVENTS_H
#define ENGINE_MARKET_EVENTS_H

#include "core/base.h"
#include "core/err.h"

struct market_codec;
struct market_nest_day;
struct market_observation;
struct market_rules;
struct market_work;

enum { MARKET_EVENTS_MAX = 40 };

enum market_event_effect {
    EVENT_TRAFFIC,       /* shoppers of a market x size */
    EVENT_LANE_DAYS,     /* days added to lanes over the border into a market */
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
    COUNTER_INSPECTION,  /* an inspected order open */
    COUNTER_SERVICE,     /* 8 hours of buyer service a day or more */
    COUNTER_CERTIFICATE, /* certificates of all that is live there */
    COUNTER_RESPONSIBLE, /* a responsible person */
    COUNTER_BRAND,       /* brand spending of 1 % of its sales there or more */
    COUNTER_ADS,         /* campaigns whose caps reach 1 % of its sales there */
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

/* First day of a round, before the decisions: what has ended leaves; every card that is not told or
 * running comes with its probability, the same for all worlds of a run; those with a warning are
 * told at once. Starts warning_days plus 0 to round_days - 1 days later. */
void market_events_round(struct market_work *work);
/* Every day, before the decisions: tells what begins; open orders are put off. */
void market_events_day(struct market_work *work);
/* The product of sizes (factors) or the sum (added days, probabilities, stars) of what runs today,
 * for a firm, softened by its counter-moves; neutral when nothing runs. `market` -1: only cards for
 * all markets count (suppliers). */
double market_events_effect(const struct market_work *work, int firm, int market,
                            enum market_event_effect effect);
/* The same before any firm's softening, for what all share (traffic, lanes, freight, rates). */
double market_events_shared(const struct market_work *work, int market,
                            enum market_event_effect effect);
/* What a counter-move takes back for a firm out of what all share: */
/* of traffic: shoppers who come to its listings all the same (outside visits); after promotion; */
void market_events_nest(const struct market_work *work, struct market_nest_day *day);
/* of a lane's days: whole days of goods sent today; */
int market_events_days_relief(const struct market_work *work, int firm, int lane);
/* of freight: its rate over all firms' rate; */
double market_events_freight_relief(const struct market_work *work, int firm, int lane);
/* of a fallen rate: home minor units more for a payout of `minor`, when payouts are converted at
 * once (the channel's rate was agreed before). */
int64_t market_events_payout_relief(const struct market_work *work, int firm, int currency,
                                    int64_t minor);
/* Whether a firm has done the counter-move of a card (docs/model-level2.md, events). */
bool market_events_countered(const struct market_work *work, int firm, int market,
                             enum market_event_counter counter);
const char *market_event_effect_name(enum market_event_effect effect);    /* "lane_days" */
const char *market_event_counter_name(enum market_event_counter counter); /* "local_stock" */
/* Whether a counter-move is a standing decision, carried on from round to round and so there before
 * any warning (service, papers, brand, ads, conversion), not goods or an order of one round. */
bool market_event_counter_stands(enum market_event_counter counter);
/* What was told or runs, into an observation; cards without a warning only once they have begun. */
void market_events_see(const struct market_work *work, struct market_observation *seen);
/* Refuse decks out of range, and supplier cards for one market. */
MUST_USE enum err market_events_check(const struct market_rules *rules, struct problem *problem);
void market_events_code(struct market_codec *codec, struct market_event_state *event);

#endif
