/* market/fit_level: a regression of weekly logarithms with an autoregressive shock and noise of
 * known variance: y_w = x_w b + s z_w + e_w, z_w = 0.6 z_(w-1) + ..., variance of z 1.
 *
 * The Kalman filter of z whitens y and the columns of x for a given s; least squares on what comes
 * out gives b, and the restricted likelihood gives s with the interval where it falls by 3.84/2.
 * Weeks may be missing. Cost: O(weeks * columns^2) for each s tried, about sixty of them.
 * Source  Harvey 1989, section 3.4; Patterson and Thompson 1971. Private to the fit.
 */
#ifndef ENGINE_MARKET_FIT_LEVEL_H
#define ENGINE_MARKET_FIT_LEVEL_H

#include "core/base.h"
#include "engine/market/fit.h"

struct arena;

struct fit_level {
    int weeks, columns;
    int *week;     /* ascending */
    double *y;     /* [weeks] */
    double *noise; /* [weeks], variance of e */
    double *rows;  /* [weeks * columns] */
    /* after solving */
    struct market_estimate shock; /* s */
    double freedom;               /* for t intervals of b */
    double *factor;               /* Cholesky factor of the normal matrix, y last */
};

/* Arrays to fill, in the arena. */
struct fit_level fit_level_new(struct arena *arena, int weeks, int columns);
void fit_level_solve(struct fit_level *level);
/* The coefficients at a given s; the shock is left alone. */
void fit_level_at(struct fit_level *level, double s);
/* A combination of the coefficients and its standard error. */
void fit_level_combine(const struct fit_level *level, const double *weights, double *value,
                       double *error);

#endif
