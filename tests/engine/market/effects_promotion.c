/* Fields of promotion: campaigns, brand and social spending. */
#include "effects.h"

/* Campaigns for every listing and query group. */
static void campaign_all(struct arena *arena, const struct market_observation *seen,
                         struct market_seat_decisions *decisions, int64_t bid, int64_t cap,
                         const char *exclusions)
{
    for (int i = 0; i < seen->listing_count; i++)
        for (int q = 0; q < seen->rules->nests[seen->listings[i].nest].query_count; q++) {
            struct market_row *row = effect_row_add(arena, decisions, LIST_campaigns);
            market_row_set(row, F_campaigns_product, seen->listings[i].product);
            market_row_set(row, F_campaigns_market, seen->listings[i].market);
            market_row_set(row, F_campaigns_channel, seen->listings[i].channel);
            market_row_set(row, F_campaigns_query_group, q);
            market_row_set(row, F_campaigns_bid, bid);
            market_row_set(row, F_campaigns_cap, cap);
            market_row_set(row, F_campaigns_exclusions, 0);
            row->value[market_field_index(LIST_campaigns, F_campaigns_exclusions)].text =
                str_from_c(exclusions);
        }
}

/* Firm 0 bids alone: what is above the reserve wins, so a low bid is one under it. */
static void bid_high(struct arena *arena, const struct market_observation *seen,
                     struct market_seat_decisions *decisions, bool with)
{
    campaign_all(arena, seen, decisions, with ? 60 : 4, 20000, "");
}

static void cap_high(struct arena *arena, const struct market_observation *seen,
                     struct market_seat_decisions *decisions, bool with)
{
    campaign_all(arena, seen, decisions, 60, with ? 20000 : 60, "");
}

static void exclude(struct arena *arena, const struct market_observation *seen,
                    struct market_seat_decisions *decisions, bool with)
{
    campaign_all(arena, seen, decisions, 60, 20000, with ? "leather, free" : "");
}

static double advertising(const struct market_rules *rules, const struct market_state *state,
                          const struct market_observation *seen)
{
    (void)rules;
    (void)state;
    return (double)seen->total_pl_minor[PL_ADS];
}

static void spend(struct arena *arena, const struct market_observation *seen,
                  struct market_seat_decisions *decisions, enum market_field field, bool with)
{
    for (int m = 0; m < seen->rules->market_count; m++) {
        struct market_row *row = effect_row_add(arena, decisions, LIST_brand);
        market_row_set(row, F_brand_market, m);
        market_row_set(row, F_brand_channel, 0);
        market_row_set(row, field, with ? 30000 : 0);
    }
}

static void brand(struct arena *arena, const struct market_observation *seen,
                  struct market_seat_decisions *decisions, bool with)
{
    spend(arena, seen, decisions, F_brand_brand_spend, with);
}

static void social(struct arena *arena, const struct market_observation *seen,
                   struct market_seat_decisions *decisions, bool with)
{
    spend(arena, seen, decisions, F_brand_social_spend, with);
}

static const struct effect_row rows[] = {
    {F_campaigns_bid, "a bid that wins slots sells more units", +1, 0, NULL, bid_high,
     effect_units},
    {F_campaigns_cap, "a higher cap sells more units", +1, 0, NULL, cap_high, effect_units},
    {F_campaigns_bid, "and costs clicks", -1, 0, NULL, bid_high, advertising},
    {F_campaigns_exclusions, "excluded terms spare clicks", +1, 0, NULL, exclude, advertising},
    {F_brand_brand_spend, "goodwill sells more units", +1, 0, NULL, brand, effect_units},
    {F_brand_brand_spend, "and costs cash", -1, 0, NULL, brand, advertising},
    {F_brand_social_spend, "outside visits sell more units", +1, 0, NULL, social, effect_units},
};

const struct effect_table effects_promotion = {COUNT_OF(rows), rows};
