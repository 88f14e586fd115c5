/* Fields of the storefront: what a listing shows, and what people say of it. */
#include "effects.h"

static void all_listings(struct arena *arena, struct market_seat_decisions *decisions,
                         enum market_field field, int64_t value)
{
    for (int i = 0; i < decisions->lists[LIST_listings].count; i++)
        market_row_set(effect_row_of(arena, decisions, LIST_listings, i), field, value);
}

/* In the second market parcels come from home. */
static void duty_paid(struct arena *arena, const struct market_observation *seen,
                      struct market_seat_decisions *decisions, bool with)
{
    (void)seen;
    all_listings(arena, decisions, F_listings_duty_paid, with);
}

/* The same price a unit. */
static void bundle(struct arena *arena, const struct market_observation *seen,
                   struct market_seat_decisions *decisions, bool with)
{
    (void)seen;
    for (int i = 0; i < decisions->lists[LIST_listings].count; i++) {
        struct market_row *row = effect_row_of(arena, decisions, LIST_listings, i);
        market_row_set(row, F_listings_bundle_units, with ? 2 : 1);
        market_row_set(row, F_listings_price, with ? 4000 : 2000);
    }
}

/* Fulfilment a unit sold, home. */
static double fulfilment_a_unit(const struct market_rules *rules, const struct market_state *state,
                                const struct market_observation *seen)
{
    return (double)seen->total_pl_minor[PL_FULFILMENT] / (1 + effect_units(rules, state, seen));
}

static void title(struct arena *arena, const struct market_observation *seen,
                  struct market_seat_decisions *decisions, bool with)
{
    (void)seen;
    for (int i = 0; i < decisions->lists[LIST_listings].count; i++) {
        struct market_row *row = effect_row_of(arena, decisions, LIST_listings, i);
        market_row_set(row, F_listings_title_terms, 0);
        row->value[market_field_index(LIST_listings, F_listings_title_terms)].text =
            with ? STR("Slim case for your phone, clear cover") : STR("Best product");
    }
}

static void content(struct arena *arena, const struct market_observation *seen,
                    struct market_seat_decisions *decisions, bool with)
{
    (void)seen;
    all_listings(arena, decisions, F_listings_content_spend, with ? 200000 : 0);
}

static void translation(struct arena *arena, const struct market_observation *seen,
                        struct market_seat_decisions *decisions, bool with)
{
    (void)seen;
    all_listings(arena, decisions, F_listings_translation, with ? 2 : 0);
}

/* The coach rates all listings of firm 0. */
static void rate(struct arena *arena, const struct market_observation *seen,
                 struct market_seat_decisions *coach, enum market_field field, bool with)
{
    for (int i = 0; i < seen->listing_count; i++) {
        struct market_row *row = effect_row_add(arena, coach, LIST_content_ratings);
        market_row_set(row, F_content_ratings_firm, 0);
        market_row_set(row, F_content_ratings_product, seen->listings[i].product);
        market_row_set(row, F_content_ratings_market, seen->listings[i].market);
        market_row_set(row, F_content_ratings_channel, seen->listings[i].channel);
        market_row_set(row, field, with ? 90 : 20);
    }
}

static void images(struct arena *arena, const struct market_observation *seen,
                   struct market_seat_decisions *coach, bool with)
{
    rate(arena, seen, coach, F_content_ratings_images, with);
}

static void video(struct arena *arena, const struct market_observation *seen,
                  struct market_seat_decisions *coach, bool with)
{
    rate(arena, seen, coach, F_content_ratings_video, with);
}

static void copy(struct arena *arena, const struct market_observation *seen,
                 struct market_seat_decisions *coach, bool with)
{
    rate(arena, seen, coach, F_content_ratings_copy, with);
}

static const struct effect_row rows[] = {
    {F_listings_duty_paid, "no bill at the door sells more units", +1, 0, NULL, duty_paid,
     effect_units},
    {F_listings_bundle_units, "a bundle sells fewer units", -1, 0, NULL, bundle, effect_units},
    {F_listings_bundle_units, "and pays fewer parcels", +1, 0, NULL, bundle, fulfilment_a_unit},
    {F_listings_title_terms, "terms of the buyers sell more units", +1, 0, NULL, title,
     effect_units},
    {F_listings_content_spend, "content sells more units", +1, 0, NULL, content, effect_units},
    {F_listings_translation, "a native translation sells more units", +1, 0, NULL, translation,
     effect_units},
    {F_content_ratings_images, "better images sell more units", +1, 0, NULL, images, effect_units},
    {F_content_ratings_video, "a better video sells more units", +1, 0, NULL, video, effect_units},
    {F_content_ratings_copy, "better copy sells more units", +1, 0, NULL, copy, effect_units},
};

const struct effect_table effects_storefront = {COUNT_OF(rows), rows};
