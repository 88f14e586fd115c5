/* market/fit_series: daily units of a market into level, weekday, season, growth and weekly shock.
 *
 * Model   the expected units of day d in week w of a market are
 *             b * season(iso week) * weekday(d) * (1 + growth)^(t/365) * exp(s z_w - s^2/2),
 *         z_w autoregressive with 0.6 and variance 1 (market-model.md section 3), t in days to the
 *         last day. Weekly totals T_w over their exposure (the sum of weekday indices of the days
 *         on which the shop traded) are, in logarithms, normal with the shock's covariance and the
 *         variance k/T_w of counting, k the dispersion of days within weeks. b, growth and season
 *         follow by generalised least squares, s by restricted maximum likelihood, both through
 *         the Kalman filter of the shock.
 * Limits  a season is only estimated for ISO weeks seen in two years or more, and only when there
 *         are at least FIT_SEASON_WEEKS of them; then growth is, too. Else season stays 1, growth
 *         0, and what the season did is part of the shock (so s is too large rather than too
 *         small).
 * Lumpy   where weeks are empty or made by a few orders, logarithms mislead: then b is the plain
 * mean with a jackknife error, and s, growth and season are not told. Source  Harvey 1989,
 * Forecasting, Structural Time Series Models and the Kalman Filter, sections 3.4 and 4.2; Patterson
 * and Thompson 1971 (restricted likelihood).
 */
#ifndef ENGINE_MARKET_FIT_SERIES_H
#define ENGINE_MARKET_FIT_SERIES_H

#include "core/base.h"
#include "engine/market/fit.h"
#include "engine/market/fit_gather.h"

struct arena;

enum { FIT_SEASON_WEEKS = 40, FIT_WEEKS_LEAST = 8 };
#define FIT_SHOCK_AR 0.6

/* Which days count. */
struct market_trading {
    bool closed_weekday[7]; /* seen six times or more and never a sale, though some were due */
    int closed_days;        /* other days without any sale although many were due: holidays */
    bool *open;             /* [days] */
};
struct market_trading market_fit_trading(struct arena *arena,
                                         const struct market_gathered *gathered);

/* Indices with mean 1 over the seven days, zero on closed weekdays, from weeks in which every
 * trading weekday was open; jackknife over the groups. `market` -1: all together. */
void market_fit_weekday(struct arena *scratch, const struct market_gathered *gathered,
                        const struct market_trading *trading, int market,
                        struct market_estimate weekday[7]);

struct market_series_fit {
    struct market_estimate base;       /* b at the last day */
    struct market_estimate growth;     /* a year; unknown when the span cannot tell */
    struct market_estimate shock;      /* s */
    struct market_estimate season[53]; /* unknown for weeks not seen twice */
    int season_weeks;                  /* how many are known */
    int weeks;                         /* that took part */
    double dispersion;                 /* k */
};

/* `weekday` gives the indices in use (values only). Units of all markets for market -1. */
void market_fit_series(struct arena *scratch, const struct market_gathered *gathered,
                       const struct market_trading *trading, int market, const double weekday[7],
                       struct market_series_fit *fit);

/* Share of each market in the units (or, with `by_value`, in the takings), with errors from the
 * markets' shocks and counting. */
void market_fit_mix(const struct market_gathered *gathered, const struct market_series_fit *fits,
                    bool by_value, struct market_estimate *shares);

#endif
