/* market/storefront: what a listing shows, level 2: title, content, translation, ratings by people,
 * duty paid, bundles. Equations: docs/model-level2.md, storefront. `open` false: all neutral. */
#ifndef ENGINE_MARKET_STOREFRONT_H
#define ENGINE_MARKET_STOREFRONT_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "engine/market/promotion.h"

struct market_listing;
struct market_rules;

enum { MARKET_BRAND_WORDS_MAX = 8 };

struct market_storefront_rules {
    bool open;
    double relevance_floor;       /* 0.7: a title without any of the nest's terms */
    double content_bound;         /* 0.15: most that spending can add to u */
    int64_t content_scale_minor;  /* home: spending that brings 63 % of the bound */
    double content_keep;          /* a day: content goes stale, 0.9957 (0.97 a week) */
    double translation_u[3];      /* machine, human, native: -0.06, 0, 0.04 */
    int64_t translation_minor[3]; /* home, a listing and round */
    double rating_bound;          /* 0.10: most that people's ratings of content add or take */
    double bill_at_door_u; /* -0.25: a parcel whose duty is not paid, beside the tax itself */
    double bundle_u;       /* -1.5 per ln(units of the bundle): few want several of one thing; below
                              -lambda, or every bundle would sell more units */
    int brand_word_count;  /* words of others' brands: in a title they infringe */
    char brand_words[MARKET_BRAND_WORDS_MAX][MARKET_WORD_MAX];
};

struct market_storefront_listing {
    double relevance;      /* 1: all terms, or level 1 */
    double content;        /* spending that still works, home minor units */
    int64_t content_minor; /* spent a round, standing */
    int translation;       /* 0, 1, 2 */
    bool duty_unpaid;
    int bundle_units;        /* 0 counts as 1 */
    bool infringing;         /* a brand word stands in the title */
    int images, video, copy; /* people's ratings + 1; 0: not rated */
};

MUST_USE enum err market_storefront_apply(struct market_work *work, int firm,
                                          const struct market_seat_decisions *decisions);
/* The coach's ratings of content, for all firms. */
void market_storefront_rate(struct market_work *work,
                            const struct market_seat_decisions *decisions);
/* content_j = bound (1 - exp(-content / scale)) + translation + rating_bound * mean rating (50
 * neutral); and the part of trust_j that duty and bundle make: bundle_u ln k, and for a parcel from
 * home whose duty is not paid bill_at_door_u - beta ln(1 + tax): the buyer pays the tax himself. */
double market_storefront_content(const struct market_work *work,
                                 const struct market_listing *listing);
double market_storefront_trust(const struct market_work *work,
                               const struct market_listing *listing);
/* Content goes stale; a round's first day spends: content when the firm can pay and is not under
 * administration, translation in any case; live listings only, home cash. */
void market_storefront_day(struct market_work *work, bool first_of_round);
void market_storefront_code(struct market_codec *codec, struct market_storefront_listing *listing);

/* True when every word of `term` stands in the title as a whole word, in any order, ASCII letters
 * compared without case; false for a term without words. */
bool market_title_matches(const char *title, size_t length, const char *term);
/* floor + (1 - floor) * weight of the nest's query groups whose term the title holds; 1 in a nest
 * without query groups. */
double market_title_relevance(const struct market_rules *rules, int nest, struct str title);

/* Part of market_rules_check. */
MUST_USE enum err market_storefront_rules_check(const struct market_rules *rules,
                                                struct problem *problem);

/* The defaults of docs/model-level2.md, open; amounts are scaled by `usd_minor`, home minor units a
 * US dollar. */
void market_storefront_defaults(struct market_storefront_rules *rules, int64_t usd_minor);

#endif
