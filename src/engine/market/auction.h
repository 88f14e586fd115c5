/* market/auction: sponsored slots of one query group, sold by a generalised second price with
 * quality.
 *
 * Source: Edelman, Ostrovsky, Schwarz 2007, "Internet advertising and the generalized second-price
 * auction", with a score of bid x quality^s (market-model.md, section 3). Pure: no chance, no
 * memory; the caller puts noise into the quality and gives the hashes that break ties.
 */
#ifndef ENGINE_MARKET_AUCTION_H
#define ENGINE_MARKET_AUCTION_H

#include "core/base.h"

enum { AUCTION_BIDS_MAX = 24, AUCTION_SLOTS_MAX = 8 };

struct auction_terms {
    int slots;               /* 1 .. AUCTION_SLOTS_MAX */
    double exponent;         /* [s] of the quality */
    int64_t increment_minor; /* added to the price before rounding: one minor unit */
    int64_t reserve_1e9;     /* least price, in 1e-9 of a minor unit */
};

struct auction_bid {
    int64_t bid_minor; /* per click */
    double quality;    /* [q] in [0.1, 2] */
    uint64_t tie;      /* equal scores: the greater goes first */
    int bidder;        /* the caller's number; one bid a bidder */
};

struct auction_slot {
    int bidder;
    int64_t price_minor; /* per click, never above the bid */
};

/* Rank bids by bid x quality^s and price each slot at
 * max(reserve, next score / own quality^s) + increment, rounded half up, never above the own bid.
 * Bids below the reserve do not take part.
 * Returns the number of slots sold; `slots` has room for terms->slots. */
int auction_run(const struct auction_terms *terms, const struct auction_bid *bids, int count,
                struct auction_slot *slots);

/* Share of the clicks a slot receives when all are sold: 0.72^slot / sum over `slots` slots. */
double auction_slot_share(int slot, int slots);

#endif
