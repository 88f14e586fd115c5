/* market/work: the work area of one step, and the services its parts share: books, random numbers,
 * money between currencies, notices. Internal to engine/market. */
#ifndef ENGINE_MARKET_WORK_H
#define ENGINE_MARKET_WORK_H

#include "core/arena.h"
#include "core/rng.h"
#include "engine/market/again.h"
#include "engine/market/state.h"

enum market_stream {
#define STREAM(name, number, what) STREAM_##name = (number),
#include "engine/market/streams.def"
#undef STREAM
};

enum { NOTICES_MAX = 64 };

struct market_notices {
    int count;
    struct market_notice notices[NOTICES_MAX]; /* further ones are dropped: they repeat */
};

/* All parcels of a listing that reach their buyers, or are missed, on one day. */
struct market_parcels {
    int64_t units, lost, goods;
    int64_t late_units, late_unit_days;
    int64_t gross_minor, tax_minor, referral_minor, cogs_minor;
    double defect_units;
};

/* Parcels of a firm by the day of the round on which they are due: a list a day in the order of
 * dispatch. Numbers count from 1; 0: none. */
struct market_due {
    int *first, *last; /* [day of the round] */
    int *next;         /* [parcels] */
};

/* A day's parcels of a listing that a list declares at home. */
struct market_declared_parcels {
    int product, lane; /* lane -1: declared */
    int mode;          /* enum market_customs_mode */
    int64_t value_minor;
};

/* The law of a lane's days: within[k] is the probability that goods need at most k days beyond the
 * least, of which the first `known` are reckoned. */
struct market_lane_law {
    int known;
    double within[MARKET_LANE_DAYS_MAX + 1];
};

struct market_work {
    struct arena *arena;
    const struct market_rules *rules;
    const struct market_key *key;
    const struct market_probe *probe;
    struct market_state *state;     /* being changed */
    struct market_notices *notices; /* [firm] */
    struct market_parcels *parcels; /* [listing]: scratch of a firm's day */
    struct market_return *backs;    /* [listing]: likewise */
    struct market_offer *offers;    /* scratch of a nest's day: room for every listing */
    struct market_again *again;     /* [firm * listing_room + listing] */
    struct again *exp_freight;      /* [lane] */
    struct market_lane_law *laws;   /* [lane] */
    /* What leaves today: reserved for freight and declarations, the lanes' rates for the firm when
     * loading began, and the day's parcels to declare; see consignment.c. */
    int64_t *loading_minor;                   /* [firm] */
    bool *loading_any;                        /* [firm] */
    double *loading_factor;                   /* [firm * lane_count + lane]; 0: nothing loaded */
    struct market_declared_parcels *declared; /* [firm * listing_room] */
    int *declared_count;                      /* [firm] */
    struct market_due *deliveries_due, *returns_due; /* [firm]: of the round being played */
    struct problem *problem;
    int32_t day; /* being played */
    int32_t date;
    double lane_promise[MARKET_LANES_MAX];  /* 80 % quantile of the last 60 days */
    int64_t tax_rate_1e9[MARKET_NESTS_MAX]; /* inside a consumer's price today */
    int32_t trade_rules_until;              /* date on which a row of the trade rules next begins
                                               or ends */
    int trade_rules_number;                 /* counts such dates */
    int64_t (*balance_before)[ACCOUNT_COUNT][MARKET_CURRENCIES_MAX]; /* [firm]: as the day began */
    /* journal, grown in the arena */
    struct market_entry *entries;
    int entry_count, entry_room;
};

/* The random words of an object of this world on the day being played. */
struct rng_words market_draw(const struct market_work *work, enum market_stream stream,
                             uint64_t object_a, uint64_t object_b);
/* No event is told or runs: its list is filled from the front. */
static inline bool market_events_quiet(const struct market_work *work)
{
    return work->state->events[0].event < 0;
}

static inline struct market_again *market_again_of(const struct market_work *work, int firm,
                                                   const struct market_listing *listing)
{
    return &work->again[firm * work->state->listing_room +
                        (int)(listing - work->state->firms[firm].listings)];
}

/* Object number of a firm's listing: stable over the world. */
static inline uint64_t market_listing_object(int firm, int product, int nest)
{
    return (uint64_t)firm << 32 | (uint64_t)product << 16 | (uint64_t)nest;
}

/* The journal grows in the arena. */
void market_journal_add(struct market_work *work, struct market_entry entry);
/* `amount` (any sign; 0 posts nothing) from the credit to the debit account. */
static inline void market_post(struct market_work *work, int firm, int currency,
                               enum market_account debit, enum market_account credit,
                               int64_t amount, enum market_reason reason, int product)
{
    if (amount == 0)
        return;
    if (amount < 0) {
        enum market_account swap = debit;
        debit = credit;
        credit = swap;
        amount = -amount;
    }
    struct market_firm *books = &work->state->firms[firm];
    books->balance[debit][currency] += amount;
    books->balance[credit][currency] -= amount;
    if (work->probe->journal)
        market_journal_add(work, (struct market_entry){.day = work->day,
                                                       .firm = (uint8_t)firm,
                                                       .currency = (uint8_t)currency,
                                                       .debit = (uint8_t)debit,
                                                       .credit = (uint8_t)credit,
                                                       .reason = (uint8_t)reason,
                                                       .object = (int16_t)product,
                                                       .amount_minor = amount});
}
/* At the day's rate, half up. */
int64_t market_to_home(const struct market_work *work, int currency, int64_t minor);
int64_t market_from_home(const struct market_work *work, int currency, int64_t home_minor);
/* Pay `minor` of a currency out of cash against `debit`, buying the currency with home cash when
 * the firm holds too little of it. */
void market_pay(struct market_work *work, int firm, int currency, enum market_account debit,
                int64_t minor, enum market_reason reason, int product);
/* Buy `minor` of a foreign currency with home cash at the day's rate and fee. */
void market_buy_currency(struct market_work *work, int firm, int currency, int64_t minor);
/* Sell `minor` of a foreign currency for home cash at the day's rate and fee. */
void market_sell_currency(struct market_work *work, int firm, int currency, int64_t minor);
/* Book equity of a firm, home, at the day's rates. */
int64_t market_equity(const struct market_work *work, int firm);

/* Today's rate of a lane over the scenario's: the walk of freight rates and events. */
double market_freight_factor(const struct market_work *work, int lane);
/* Ring slot of the day on which the channel of a nest pays out what it takes today. */
int market_payout_slot(const struct market_work *work, int firm, int nest);

void market_notice_add(struct market_work *work, int firm, enum market_notice_kind kind, int a,
                       int b, int64_t amount);

/* part * whole_value / whole in 128 bits, half up; whole > 0. */
int64_t market_share_of(int64_t whole_value, int64_t part, int64_t whole);

/* What a unit of this mean age pays a day beyond the usual storage fee, as a share of the reference
 * price: nothing below 90 days, then 2 % a month and as much more each month, six times at most. */
double market_storage_aged(double age_days);
/* Add units of a value to a stock, keeping the mean defect rate and age. */
void market_stock_add(struct market_stock *stock, int64_t units, int64_t value_minor,
                      double defect_rate);
/* Take units (<= stock->units) at mean cost; returns their value. The last unit takes the rest. */
int64_t market_stock_take(struct market_stock *stock, int64_t units);

/* Billed weight of a unit, the greater of weight and volume weight; and what goods of a weight cost
 * on a lane as one consignment: whole steps of weight, one piece. */
int64_t market_billed_weight_g(const struct market_lane *lane,
                               const struct market_product *product);
int64_t market_freight_of_weight(const struct market_lane *lane, int64_t weight_g,
                                 double rate_factor);
/* Freight of `units` of a product on a lane today, home minor units: billed weight in whole steps,
 * the greater of weight and volume weight; one piece for a bulk shipment, one a unit for parcels.
 */
int64_t market_freight(const struct market_rules *rules, const struct market_lane *lane,
                       const struct market_product *product, int64_t units, double rate_factor);
/* The same where each of the `units` is a bundle of products that lie on one another. */
int64_t market_freight_bundles(const struct market_lane *lane, const struct market_product *product,
                               int bundle, int64_t units, double rate_factor);

/* A tariff line of goods of a category out of the scenario's country of origin. */
struct trade_item market_trade_item(const struct market_rules *rules,
                                    const struct market_category *category, int64_t units,
                                    int64_t value_minor);

/* ---- the parts of a step, in the order of a day; each its own file ---- */
/* apply.c: check the decisions given for a round, at its start and before its first day, and make
 * those that are played: with stand-ins for who is absent or in administration. */
MUST_USE enum err market_decisions_complete(struct market_work *work,
                                            const struct market_decisions *given,
                                            struct market_decisions *played);
MUST_USE enum err market_apply_decisions(struct market_work *work,
                                         const struct market_decisions *decisions); /* apply.c */
/* goods.c: load `units` of value `goods_minor` on a bulk lane today. */
void market_ship(struct market_work *work, int firm, int product, int lane, int64_t units,
                 int64_t goods_minor, double defect_rate, bool insured);
/* consignment.c: what loading these goods adds to today's freight and declarations, home; reserve
 * that for a shipment; pay and share what was loaded. One consignment a lane, mode and day. */
int64_t market_consignment_cost(const struct market_work *work, int firm, int product, int lane,
                                int64_t units);
void market_consignment_load(struct market_work *work, int firm, struct market_shipment *shipment);
void market_consignments_send(struct market_work *work, int firm);
/* The same for parcels: one list a lane, mode and day; shared by purchase value. */
void market_parcels_declare(struct market_work *work, int firm, int product, int lane,
                            int64_t value_minor);
void market_parcels_send(struct market_work *work);
/* sourcing_orders.c: days of all orders placed today. */
void market_orders_schedule(struct market_work *work);
/* What a firm can pay today: home cash, the overdraft's room and what its other currencies bring
 * beyond the tax they are held for, less what is reserved for goods loaded today. */
int64_t market_can_pay(const struct market_work *work, int firm);
/* Sell as much of other currencies as home cash is below zero, before the overdraft is used. */
void market_cover_home(struct market_work *work, int firm);
/* lanes.c: days within which so many of the last 60 days' goods came: 48 (the 80 % quantile) is
 * what buyers count with, 58 what a careful seller promises from a warehouse at the door. */
enum { LANE_USUAL_OF_60 = 48, LANE_SURE_OF_60 = 58 };
double market_lane_kept(const struct market_lane_state *lane, int of_60);
void market_lanes_promise(struct market_work *work); /* lanes.c: what the last 60 days kept */
void market_lanes_day(struct market_work *work); /* lanes.c: days and freight of today's goods */
int market_lane_draw_days(const struct market_work *work, int lane, int32_t day); /* lanes.c */
MUST_USE enum err market_goods_day(struct market_work *work); /* goods.c: suppliers, customs */
MUST_USE enum err market_nests_day(struct market_work *work); /* nest.c: traffic to service */
/* aftersale.c: when a round begins, a day, and when it ends: what arrived is forgotten. */
void market_after_sale_round(struct market_work *work);
void market_after_sale_day(struct market_work *work);
void market_after_sale_round_end(struct market_work *work);
/* Room for parcels sent today, which the caller fills; for each listing once a day at most. */
struct market_delivery *market_delivery_new(struct market_work *work, int firm, int32_t due_day);
void market_books_day_begin(struct market_work *work); /* bookday.c: remember the balances */
void market_books_day(struct market_work *work);       /* bookday.c: payouts, storage, interest */
void market_books_day_end(struct market_work *work);   /* bookday.c: the day's result */
void market_books_round_end(struct market_work *work); /* bookday.c: storage and tax are paid */
void market_tally_round(struct market_work *work);     /* tally.c: what the indicators add up */
void market_result_round(struct market_work *work);    /* bookday.c: the round's result, equity */
/* The invariants 1-3; ERR_INVARIANT names what does not close. */
MUST_USE enum err market_invariants_check(const struct market_work *work); /* invariants.c */
/* Makes a work area for `state`, starting on its day. observe.c's and step.c's common ground. */
void market_work_init(struct market_work *work, struct arena *arena,
                      const struct market_rules *rules, const struct market_key *key,
                      const struct market_probe *probe, struct market_state *state,
                      struct problem *problem);
void market_work_day(struct market_work *work, int32_t day);
/* All firms' observations and the journal, from a settled work area. */
void market_result_make(struct market_work *work, struct market_result *result);
/* observe.c: what every firm sees alike, made once for all: the briefing and all shop windows;
 * those of firm f are views[first[f]] up to views[first[f + 1]]. */
struct market_public {
    const struct market_rules *rules;
    int *first;
    struct market_rival_view *views;
};
const struct market_public *market_public_see(const struct market_work *work);
void market_observe(const struct market_work *work, int firm, const struct market_public *all,
                    struct market_observation *observation);

#endif
