#include "engine/market/auction.h"

#include "core/detmath.h"

struct ranked {
    const struct auction_bid *bid;
    double weight; /* quality^s */
    double score;
};

static bool goes_before(const struct ranked *a, const struct ranked *b)
{
    if (a->score != b->score)
        return a->score > b->score;
    return a->bid->tie > b->bid->tie;
}

static int rank(const struct auction_terms *terms, const struct auction_bid *bids, int count,
                struct ranked *ranking)
{
    int ranked = 0;
    for (int i = 0; i < count; i++) {
        if (bids[i].bid_minor <= 0 || (double)bids[i].bid_minor * 1e9 < (double)terms->reserve_1e9)
            continue;
        struct ranked entry = {.bid = &bids[i]};
        entry.weight =
            terms->exponent == 1 ? bids[i].quality : dm_pow(bids[i].quality, terms->exponent);
        entry.score = (double)bids[i].bid_minor * entry.weight;
        int at = ranked++;
        while (at > 0 && goes_before(&entry, &ranking[at - 1])) {
            ranking[at] = ranking[at - 1];
            at--;
        }
        ranking[at] = entry;
    }
    return ranked;
}

int auction_run(const struct auction_terms *terms, const struct auction_bid *bids, int count,
                struct auction_slot *slots)
{
    struct ranked ranking[AUCTION_BIDS_MAX];
    int ranked = rank(terms, bids, count < AUCTION_BIDS_MAX ? count : AUCTION_BIDS_MAX, ranking);
    int sold = ranked < terms->slots ? ranked : terms->slots;
    for (int s = 0; s < sold; s++) {
        double price = (double)terms->reserve_1e9 / 1e9;
        if (s + 1 < ranked) {
            double next = ranking[s + 1].score / ranking[s].weight;
            price = next > price ? next : price;
        }
        int64_t minor = (int64_t)(price + (double)terms->increment_minor + 0.5);
        int64_t bid = ranking[s].bid->bid_minor;
        slots[s] = (struct auction_slot){.bidder = ranking[s].bid->bidder,
                                         .price_minor = minor < bid ? minor : bid};
    }
    return sold;
}

double auction_slot_share(int slot, int slots)
{
    double share = 0, sum = 0, weight = 1;
    for (int s = 0; s < slots; s++) {
        share = s == slot ? weight : share;
        sum += weight;
        weight *= 0.72;
    }
    return share / sum;
}
