/* market/nest: one nest on one day, from shoppers to sales. Internal to engine/market.
 *
 * Equations and their sources: docs/model.md, "a day". Symbols in brackets are those of the text.
 */
#ifndef ENGINE_MARKET_NEST_H
#define ENGINE_MARKET_NEST_H

#include "engine/market/why.h"
#include "engine/market/work.h"

/* Shoppers of a nest today and the factors they came from. */
struct market_traffic {
    double shoppers; /* [N] */
    double season, weekday, growth, shock, event;
};

/* One listing of the nest today; in the order of firms and of their listings. */
struct market_offer {
    int firm;
    struct market_listing *listing;
    bool listed;      /* live, priced and with a lane */
    bool live;        /* listed and with stock at the day's start [live_j] */
    double organic;   /* [o_j] as if in stock */
    double sponsored; /* [omega c_j] share of the nest's views on sponsored slots */
    double outside;   /* [e_j / m_v] shoppers who come from outside for this listing */
    double exposure;  /* [x_j] */
    double appeal_by_segment[MARKET_SEGMENTS]; /* exp(u_gj / lambda) */
    double expected;                           /* [mu_j] */
    double latent;                             /* expected as if all listed firms had stock */
    int64_t drawn, stock, served, over, spill_in, spill_out;
};

struct market_nest_day {
    int nest;
    struct market_traffic traffic;
    double shoppers; /* [N'] with those from outside */
    int offer_count;
    struct market_offer *offers;
    double nest_weight[MARKET_SEGMENTS]; /* [W_g] */
    double nest_share[MARKET_SEGMENTS];  /* [S_g] */
    double exp_outside;                  /* exp(u0) */
};

/* nest.c: live, priced, with a lane and not closed; whether there is stock is another matter. */
bool market_is_listed(const struct market_work *work, int firm,
                      const struct market_listing *listing);

/* traffic.c: move the weekly shock when a week begins; then today's shoppers. */
void market_traffic_week(struct market_work *work);
struct market_traffic market_traffic_day(const struct market_work *work, int nest);

/* choice.c: organic weights and utilities of all listed offers; then, when promotion has set who is
 * sponsored, exposure and shares: fills expected and latent. */
void market_choice_prepare(const struct market_work *work, struct market_nest_day *day);
void market_choice_day(const struct market_work *work, struct market_nest_day *day);
/* The terms of one listing's utility; `appeal_by_segment` is exp(sum / lambda). */
void market_utility_terms(const struct market_work *work, int nest, int firm,
                          const struct market_listing *listing,
                          double terms[MARKET_SEGMENTS][TERM_COUNT]);
/* The factors of an organic weight, as if in stock. */
struct market_organic {
    double relevance, health, own_listings, rank;
};
struct market_organic market_organic_terms(const struct market_work *work, int nest, int firm,
                                           const struct market_listing *listing);
/* Listings a firm of this world holds here at reference, and the reference volume of reviews. */
double market_review_ref(const struct market_nest *nest);

/* service.c: draw, serve, spill; then book the sales. */
void market_service_draw(const struct market_work *work, struct market_nest_day *day);
void market_service_spill(const struct market_work *work, struct market_nest_day *day);
MUST_USE enum err market_service_book(struct market_work *work, struct market_nest_day *day);

/* aftersale.c: mean stars, and the share sent back, of a day's parcels that reached their buyers.
 */
double market_stars_expected(const struct market_work *work, int firm,
                             const struct market_listing *listing,
                             const struct market_parcels *due);
double market_return_rate(const struct market_work *work, int firm,
                          const struct market_listing *listing, const struct market_parcels *due);

/* why.c: the terms behind one offer, for the probe. */
void market_why_fill(const struct market_work *work, const struct market_nest_day *day, int offer,
                     struct market_why *why);

#endif
