/* Promotion's rules and bytes: what a scenario may say, the defaults, the codec. */
#include <string.h>

#include "engine/market/auction.h"
#include "engine/market/codec.h"
#include "engine/market/promotion.h"
#include "engine/market/rules.h"

void market_promotion_code_listing(struct market_codec *codec,
                                   struct market_promotion_listing *listing)
{
    for (int q = 0; q < MARKET_QUERIES_MAX; q++) {
        codec_i64(codec, &listing->campaigns[q].bid_minor);
        codec_i64(codec, &listing->campaigns[q].cap_minor);
        codec_bool(codec, &listing->campaigns[q].waste_excluded);
    }
    codec_f64(codec, &listing->click_history);
    codec_i64(codec, &listing->round_clicks);
    codec_i64(codec, &listing->round_spend_minor);
}

void market_promotion_code_firm(struct market_codec *codec, struct market_promotion_firm *firm)
{
    codec_f64(codec, &firm->goodwill);
    codec_i64(codec, &firm->brand_minor);
    codec_i64(codec, &firm->social_minor);
    codec_i64(codec, &firm->round_spend_minor);
}

static bool between(double value, double least, double most)
{
    return value >= least && value <= most;
}

static bool queries_sound(const struct market_nest *nest)
{
    double weights = 0;
    if (nest->query_count < 0 || nest->query_count > MARKET_QUERIES_MAX)
        return false;
    for (int q = 0; q < nest->query_count; q++) {
        const struct market_query_group *query = &nest->queries[q];
        if (!between(query->weight, 0, 1) || !between(query->waste, 0, 0.95) ||
            memchr(query->term, '\0', sizeof(query->term)) == NULL ||
            memchr(query->waste_term, '\0', sizeof(query->waste_term)) == NULL)
            return false;
        weights += query->weight;
    }
    return nest->query_count == 0 || between(weights, 1 - 1e-9, 1 + 1e-9);
}

enum err market_promotion_rules_check(const struct market_rules *all, struct problem *problem)
{
    const struct market_promotion_rules *rules = &all->promotion;
    for (int n = 0; n < all->nest_count; n++)
        if (!queries_sound(&all->nests[n])) {
            problem_set(problem, ERR_SCENARIO, ERR_CTEXT("query groups: weights sum to 1"));
            return problem_place(problem, "nests[%d].queries", n);
        }
    if (!rules->open ||
        (between(rules->sponsored_share, 0, 0.9) && between(rules->slots, 1, AUCTION_SLOTS_MAX) &&
         between(rules->exponent, 0, 4) && between(rules->quality_noise, 0, 2) &&
         between(rules->reserve_share, 0, 10) && between(rules->goodwill_keep, 0, 0.9999) &&
         between(rules->goodwill_scale, 1e-6, 1000) && between(rules->visit_cost, 1e-3, 1000)))
        return ERR_OK;
    problem_set(problem, ERR_SCENARIO, ERR_CTEXT("a value out of its range"));
    return problem_place(problem, "promotion");
}

void market_promotion_defaults(struct market_promotion_rules *rules, int64_t usd_minor)
{
    (void)usd_minor; /* all money here is relative to a nest's reference price */
    *rules = (struct market_promotion_rules){.open = true,
                                             .sponsored_share = 0.25,
                                             .slots = 5,
                                             .exponent = 1,
                                             .quality_noise = 0.3,
                                             .reserve_share = 0.05,
                                             .goodwill_keep = 0.90572,
                                             .goodwill_scale = 0.01,
                                             .visit_cost = 0.6};
}
