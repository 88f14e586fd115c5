/* Storefront: title, content, translation, duty at the door, bundles (docs/model-level2.md). */
#include "engine/market/storefront.h"

#include <string.h>

#include "core/detmath.h"
#include "engine/market/codec.h"
#include "engine/market/work.h"

enum { RATING_MOST = 100, BUNDLE_MOST = 5, TRANSLATION_MOST = 2 };

/* Letters and digits; bytes of UTF-8 beyond ASCII count as letters. */
static bool in_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (unsigned char)c >= 0x80;
}

/* The next word at or behind *at; empty at the end. */
static struct str word_next(struct str text, size_t *at)
{
    while (*at < text.length && !in_word(text.text[*at]))
        ++*at;
    size_t start = *at;
    while (*at < text.length && in_word(text.text[*at]))
        ++*at;
    return str_slice(text, start, *at - start);
}

static bool has_word(struct str text, struct str word)
{
    size_t at = 0;
    for (struct str next = word_next(text, &at); next.length > 0; next = word_next(text, &at))
        if (str_equal_ascii_fold(next, word))
            return true;
    return false;
}

bool market_title_matches(const char *title, size_t length, const char *term)
{
    struct str text = {title, length}, words = str_from_c(term);
    size_t at = 0;
    bool any = false;
    for (struct str word = word_next(words, &at); word.length > 0; word = word_next(words, &at)) {
        if (!has_word(text, word))
            return false;
        any = true;
    }
    return any;
}

double market_title_relevance(const struct market_rules *rules, int n, struct str title)
{
    const struct market_nest *nest = &rules->nests[n];
    double floor = rules->storefront.relevance_floor, found = nest->query_count == 0 ? 1 : 0;
    for (int q = 0; q < nest->query_count; q++)
        if (market_title_matches(title.text, title.length, nest->queries[q].term))
            found += nest->queries[q].weight;
    return floor + (1 - floor) * found;
}

static void take_title(const struct market_work *work, struct market_listing *listing,
                       struct str title)
{
    const struct market_storefront_rules *rules = &work->rules->storefront;
    listing->storefront.relevance = market_title_relevance(work->rules, listing->nest, title);
    listing->storefront.infringing = false;
    for (int w = 0; w < rules->brand_word_count; w++)
        if (market_title_matches(title.text, title.length, rules->brand_words[w]))
            listing->storefront.infringing = true;
}

enum err market_storefront_apply(struct market_work *work, int f,
                                 const struct market_seat_decisions *decisions)
{
    const struct market_rows *rows = &decisions->lists[LIST_listings];
    for (int r = 0; work->rules->storefront.open && r < rows->count; r++) {
        const struct market_row *row = &rows->rows[r];
        int product = (int)market_row_number(row, F_listings_product);
        int nest = market_nest_find(work->rules, (int)market_row_number(row, F_listings_market),
                                    (int)market_row_number(row, F_listings_channel),
                                    work->rules->products[product].category);
        struct market_listing *listing = market_listing_of(&work->state->firms[f], product, nest);
        if (listing == NULL)
            continue;
        if (market_row_has(row, F_listings_title_terms))
            take_title(work, listing,
                       row->value[market_field_index(LIST_listings, F_listings_title_terms)].text);
        if (market_row_has(row, F_listings_content_spend))
            listing->storefront.content_minor = market_row_number(row, F_listings_content_spend);
        if (market_row_has(row, F_listings_translation))
            listing->storefront.translation = (int)market_row_number(row, F_listings_translation);
        if (market_row_has(row, F_listings_duty_paid))
            listing->storefront.duty_unpaid = market_row_number(row, F_listings_duty_paid) == 0;
    }
    return ERR_OK;
}

static void take_rating(const struct market_row *row, enum market_field field, int *rating)
{
    if (market_row_has(row, field))
        *rating = 1 + (int)market_row_number(row, field);
}

void market_storefront_rate(struct market_work *work, const struct market_seat_decisions *decisions)
{
    const struct market_rows *rows = &decisions->lists[LIST_content_ratings];
    for (int r = 0; work->rules->storefront.open && r < rows->count; r++) {
        const struct market_row *row = &rows->rows[r];
        int f = (int)market_row_number(row, F_content_ratings_firm);
        int product = (int)market_row_number(row, F_content_ratings_product);
        int nest =
            market_nest_find(work->rules, (int)market_row_number(row, F_content_ratings_market),
                             (int)market_row_number(row, F_content_ratings_channel),
                             work->rules->products[product].category);
        struct market_listing *listing = market_listing_of(&work->state->firms[f], product, nest);
        if (listing == NULL)
            continue; /* there is nothing to look at */
        take_rating(row, F_content_ratings_images, &listing->storefront.images);
        take_rating(row, F_content_ratings_video, &listing->storefront.video);
        take_rating(row, F_content_ratings_copy, &listing->storefront.copy);
    }
}

/* The mean of what was rated, 50 neutral, within +-1. */
static double rating_mean(const struct market_storefront_listing *shown)
{
    const int ratings[] = {shown->images, shown->video, shown->copy};
    double sum = 0;
    int rated = 0;
    for (size_t i = 0; i < COUNT_OF(ratings); i++) {
        if (ratings[i] == 0)
            continue;
        sum += (ratings[i] - 1 - RATING_MOST / 2) / (RATING_MOST / 2.0);
        rated++;
    }
    return rated > 0 ? sum / rated : 0;
}

double market_storefront_content(const struct market_work *work,
                                 const struct market_listing *listing)
{
    const struct market_storefront_rules *rules = &work->rules->storefront;
    const struct market_storefront_listing *shown = &listing->storefront;
    if (!rules->open)
        return 0;
    double stock = shown->content / (double)rules->content_scale_minor;
    return rules->content_bound * (1 - dm_exp(-stock)) + rules->translation_u[shown->translation] +
           rules->rating_bound * rating_mean(shown);
}

double market_storefront_trust(const struct market_work *work, const struct market_listing *listing)
{
    const struct market_storefront_rules *rules = &work->rules->storefront;
    const struct market_demand *demand = &work->rules->demand;
    if (!rules->open)
        return 0;
    double trust = 0;
    int bundle = market_bundle_units(listing);
    if (bundle > 1)
        trust += rules->bundle_u * dm_log(bundle);
    if (listing->storefront.duty_unpaid && work->rules->lanes[listing->lane].kind == LANE_DIRECT) {
        double beta = 0;
        for (int g = 0; g < MARKET_SEGMENTS; g++)
            beta += demand->segment_weight[g] * demand->price_beta[g];
        double tax = (double)work->tax_rate_1e9[listing->nest] / RATE_ONE;
        trust += rules->bill_at_door_u - beta * dm_log1p(tax);
    }
    return trust;
}

/* A round's content and translation of one listing are paid when its first day begins. */
static void spend_round(struct market_work *work, int f, struct market_listing *listing)
{
    struct market_storefront_listing *shown = &listing->storefront;
    int64_t spend = shown->content_minor;
    if (work->state->firms[f].administration || spend > market_can_pay(work, f))
        spend = 0;
    int64_t translation = work->rules->storefront.translation_minor[shown->translation];
    market_post(work, f, 0, ACCOUNT_ADS, ACCOUNT_CASH, spend + translation, REASON_CONTENT,
                listing->product);
    shown->content += (double)spend;
}

void market_storefront_day(struct market_work *work, bool first_of_round)
{
    if (!work->rules->storefront.open)
        return;
    for (int f = 0; f < work->state->firm_count; f++) {
        struct market_firm *firm = &work->state->firms[f];
        for (int i = 0; i < firm->listing_count; i++) {
            struct market_listing *listing = &firm->listings[i];
            listing->storefront.content *= work->rules->storefront.content_keep;
            if (first_of_round && listing->live)
                spend_round(work, f, listing);
        }
    }
}

void market_storefront_code(struct market_codec *codec, struct market_storefront_listing *listing)
{
    codec_f64(codec, &listing->relevance);
    codec_f64(codec, &listing->content);
    codec_i64(codec, &listing->content_minor);
    codec_int(codec, &listing->translation, 0, TRANSLATION_MOST);
    codec_bool(codec, &listing->duty_unpaid);
    codec_int(codec, &listing->bundle_units, 0, BUNDLE_MOST);
    codec_bool(codec, &listing->infringing);
    codec_int(codec, &listing->images, 0, RATING_MOST + 1);
    codec_int(codec, &listing->video, 0, RATING_MOST + 1);
    codec_int(codec, &listing->copy, 0, RATING_MOST + 1);
}

static bool between(double value, double least, double most)
{
    return value >= least && value <= most;
}

enum err market_storefront_rules_check(const struct market_rules *all, struct problem *problem)
{
    const struct market_storefront_rules *rules = &all->storefront;
    bool sound = between(rules->relevance_floor, 0.01, 1) && between(rules->content_bound, 0, 2) &&
                 between((double)rules->content_scale_minor, 1, 1e12) &&
                 between(rules->content_keep, 0, 1) && between(rules->rating_bound, 0, 2) &&
                 between(rules->bill_at_door_u, -5, 0) && between(rules->bundle_u, -5, 0) &&
                 between(rules->brand_word_count, 0, MARKET_BRAND_WORDS_MAX);
    for (int t = 0; sound && t <= TRANSLATION_MOST; t++)
        sound = between(rules->translation_u[t], -2, 2) &&
                between((double)rules->translation_minor[t], 0, 1e10);
    for (int w = 0; sound && w < rules->brand_word_count; w++)
        sound = memchr(rules->brand_words[w], '\0', MARKET_WORD_MAX) != NULL;
    if (sound || !rules->open)
        return ERR_OK;
    problem_set(problem, ERR_SCENARIO, ERR_CTEXT("a value out of its range"));
    return problem_place(problem, "storefront");
}

void market_storefront_defaults(struct market_storefront_rules *rules, int64_t usd_minor)
{
    /* The brands are invented: a scenario names its own. */
    *rules =
        (struct market_storefront_rules){.open = true,
                                         .relevance_floor = 0.7,
                                         .content_bound = 0.15,
                                         .content_scale_minor = 500 * usd_minor,
                                         .content_keep = 0.9957,
                                         .translation_u = {-0.06, 0, 0.04},
                                         .translation_minor = {0, 8 * usd_minor, 25 * usd_minor},
                                         .rating_bound = 0.10,
                                         .bill_at_door_u = -0.25,
                                         .bundle_u = -1.5,
                                         .brand_word_count = 3,
                                         .brand_words = {"Norvika", "Aurelle", "Kestrin"}};
}
