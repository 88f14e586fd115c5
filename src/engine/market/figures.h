/* market/figures: what stands behind a firm's indicators, for whoever opens them to their terms.
 *
 * Nothing here is computed anew: these are the sums a state keeps, told in plain units. Rooms above
 * show them to the firm itself after a run; a firm's own observation does not hold them.
 */
#ifndef ENGINE_MARKET_FIGURES_H
#define ENGINE_MARKET_FIGURES_H

#include "core/base.h"

struct market_state;

/* Units of one product of a firm. Since the start:
 * bought = sold - lost - returned + home + abroad + on the way + lost + written off; what is still
 * with a supplier is not bought yet. */
struct market_goods {
    int64_t bought, sold, lost, returned, written_off;
    int64_t home, abroad, on_way;
    int64_t ordered; /* with suppliers */
};
void market_goods_get(const struct market_state *state, int firm, int product,
                      struct market_goods *goods);

/* The sums of the indicators since the start, and the round's latent demand in units. */
struct market_sums {
    double served, asked; /* orders; those of sold-out rivals' buyers are not among `served` */
    double cover;         /* of minus |ln((cover + 1) / (target + 1))|, over rounds */
    int cover_rounds;
    double round_latent; /* units, of the round just played */
    double stars;
    int64_t reviews;
    double forecast_error, smoothing_error;
};
void market_sums_get(const struct market_state *state, int firm, struct market_sums *sums);

#endif
