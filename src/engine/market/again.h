/* market/again: what was reckoned last, with what it was reckoned from. Internal to engine/market.
 *
 * Prices, ratings and rules stay the same for days, so most logarithms and border charges of a day
 * are those of the day before. An answer is given again only when its inputs are equal to the bit;
 * so it never needs telling that something changed, and it cannot change what is played. It lives
 * in the work area of one step and is never part of a state.
 */
#ifndef ENGINE_MARKET_AGAIN_H
#define ENGINE_MARKET_AGAIN_H

#include "core/detmath.h"
#include "engine/market/rules.h"

/* A function's last argument and value; all bytes zero: none yet. */
struct again {
    bool known;
    double argument, value;
};

/* What a parcel with these contents paid at the border under these rules. */
struct again_charges {
    int64_t net_price_minor;
    int units; /* in the parcel; 0: none yet */
    int rules; /* market_work.trade_rules_number then */
    int64_t charges_minor;
};

/* What the channel and the tax office take of one order at a door price. */
struct again_fees {
    int64_t price_minor, tax_rate_1e9;
    double fee_factor; /* 0: none yet, as a factor never is */
    int64_t tax_minor, referral_minor;
};

/* What a door price is to the buyers of each segment: its utility u, and exp(u / lambda). */
struct again_price {
    bool known;
    double relative; /* to the nest's reference */
    double utility[MARKET_SEGMENTS], appeal[MARKET_SEGMENTS];
};

/* One listing's. */
struct market_again {
    struct again_price price;
    struct again log_rating;
    struct again_fees fees;
    struct again_charges charges;
};

static inline double again_log(struct again *last, double x)
{
    if (!last->known || last->argument != x)
        *last = (struct again){true, x, dm_log(x)};
    return last->value;
}

static inline double again_exp(struct again *last, double x)
{
    if (!last->known || last->argument != x)
        *last = (struct again){true, x, dm_exp(x)};
    return last->value;
}

#endif
