/* market/cut: a number cut into parts that are independent draws from a table, given their sum.
 *
 * With w the table's weights, r(0) = 1 and r(u) = sum over q of w(q) r(u - q) + CUT_CLOSE, the
 * first part of u is q with probability w(q) r(u - q) / r(u), else all of u. r is the probability
 * that a renewal process with these steps visits u (Feller 1968, An Introduction to Probability
 * Theory I, chapter XIII); the small term lets every number be cut, whatever the table holds.
 * Above CUT_EXACT the condition is without effect and parts are plain draws.
 */
#ifndef ENGINE_MARKET_CUT_H
#define ENGINE_MARKET_CUT_H

#include "core/base.h"
#include "engine/market/baskets.h"

struct arena;

enum { CUT_EXACT = 2048 };
#define CUT_CLOSE 1e-6

struct market_cut {
    const struct market_table *table;
    int64_t known; /* r[0 .. known] */
    const double *r;
};

/* `most` is the largest number that will be cut. The table must outlive the cut. */
struct market_cut market_cut_make(struct arena *arena, const struct market_table *table,
                                  int64_t most);
/* Size of the first part of `left` (>= 1) at the uniform u: 1 .. left. */
int64_t market_cut_draw(const struct market_cut *cut, int64_t left, double u);

/* r[0 .. most] for weights that need not add to 1; `close` is the small term. */
void market_cut_renewal(const struct market_table *table, double close, int64_t most, double *r);

#endif
