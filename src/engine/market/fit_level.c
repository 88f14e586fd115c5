#include "engine/market/fit_level.h"

#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "core/detmath.h"
#include "engine/market/fit_series.h"

enum { COLUMNS_MAX = 60, GOLDEN_STEPS = 18, BISECTIONS = 12 };
#define SHOCK_MAX 2.0
#define CHI2_95 3.841458820694124

struct fit_level fit_level_new(struct arena *arena, int weeks, int columns)
{
    size_t n = (size_t)weeks, p = (size_t)columns;
    return (struct fit_level){.weeks = weeks,
                              .columns = columns,
                              .week = ARENA_ARRAY(arena, int, n),
                              .y = ARENA_ARRAY(arena, double, n),
                              .noise = ARENA_ARRAY(arena, double, n),
                              .rows = ARENA_ARRAY(arena, double, n *p),
                              .factor = ARENA_ARRAY(arena, double, (p + 1) * (p + 1))};
}

/* Lower Cholesky factor in place of the lower triangle; a pivot that vanishes becomes tiny, so a
 * column that says nothing gets a huge error instead of stopping the work. */
static void cholesky(double *a, int n)
{
    for (int j = 0; j < n; j++) {
        for (int i = j; i < n; i++) {
            double sum = a[i * n + j];
            for (int k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            if (i == j)
                a[j * n + j] = sqrt(sum > 1e-18 ? sum : 1e-18);
            else
                a[i * n + j] = sum / a[j * n + j];
        }
    }
}

/* -2 ln restricted likelihood at s; the factor is left in level->factor. */
static double level_deviance(struct fit_level *level, double s)
{
    int p = level->columns, n = p + 1;
    double mean[COLUMNS_MAX + 1] = {0}, seen[COLUMNS_MAX + 1];
    double variance = 1.0, deviance = 0.0;
    double *a = level->factor;
    memset(a, 0, (size_t)(n * n) * sizeof(*a));
    for (int i = 0; i < level->weeks; i++) {
        for (int week = i > 0 ? level->week[i - 1] : level->week[0]; week < level->week[i];
             week++) {
            for (int c = 0; c < n; c++)
                mean[c] *= FIT_SHOCK_AR;
            variance = FIT_SHOCK_AR * FIT_SHOCK_AR * variance + 1.0 - FIT_SHOCK_AR * FIT_SHOCK_AR;
        }
        double spread = s * s * variance + level->noise[i];
        double gain = s * variance / spread, scale = 1.0 / sqrt(spread);
        for (int c = 0; c < n; c++) {
            double given = c < p ? level->rows[i * p + c] : level->y[i];
            double innovation = given - s * mean[c];
            mean[c] += gain * innovation;
            seen[c] = innovation * scale;
        }
        variance -= gain * s * variance;
        deviance += dm_log(spread);
        for (int r = 0; r < n; r++)
            for (int c = 0; c <= r; c++)
                a[r * n + c] += seen[r] * seen[c];
    }
    cholesky(a, n);
    for (int c = 0; c < p; c++)
        deviance += 2.0 * dm_log(a[c * n + c]);
    return deviance + a[p * n + p] * a[p * n + p];
}

/* Where the deviance exceeds `limit`, between `inside` (where it does not) and `outside`. */
static double level_border(struct fit_level *level, double limit, double inside, double outside)
{
    for (int i = 0; i < BISECTIONS; i++) {
        double middle = 0.5 * (inside + outside);
        if (level_deviance(level, middle) > limit)
            outside = middle;
        else
            inside = middle;
    }
    return 0.5 * (inside + outside);
}

static double level_minimum(struct fit_level *level)
{
    /* A coarse grid, then golden section around its best. */
    static const double grid[] = {0.0, 0.01, 0.02, 0.03, 0.045, 0.065, 0.09, 0.12,     0.16,
                                  0.2, 0.26, 0.35, 0.5,  0.7,   1.0,   1.5,  SHOCK_MAX};
    int best = 0;
    double least = INFINITY;
    for (int i = 0; i < (int)COUNT_OF(grid); i++) {
        double deviance = level_deviance(level, grid[i]);
        if (deviance < least) {
            least = deviance;
            best = i;
        }
    }
    double low = grid[best > 0 ? best - 1 : 0];
    double high = grid[best + 1 < (int)COUNT_OF(grid) ? best + 1 : best];
    const double ratio = 0.6180339887498949;
    for (int i = 0; i < GOLDEN_STEPS; i++) {
        double a = high - ratio * (high - low), b = low + ratio * (high - low);
        if (level_deviance(level, a) < level_deviance(level, b))
            high = b;
        else
            low = a;
    }
    double middle = 0.5 * (low + high);
    return level_deviance(level, 0.0) <= level_deviance(level, middle) ? 0.0 : middle;
}

void fit_level_at(struct fit_level *level, double s)
{
    level_deviance(level, s);
}

void fit_level_solve(struct fit_level *level)
{
    double s = level_minimum(level);
    double limit = level_deviance(level, s) + CHI2_95;
    double low = level_deviance(level, 0.0) <= limit ? 0.0 : level_border(level, limit, s, 0.0);
    double high = level_deviance(level, SHOCK_MAX) <= limit
                      ? SHOCK_MAX
                      : level_border(level, limit, s, SHOCK_MAX);
    level->shock = (struct market_estimate){.known = true,
                                            .value = s,
                                            .error = (high - low) / (2.0 * 1.96),
                                            .low = low,
                                            .high = high,
                                            .count = level->weeks};
    /* The shock's carrying over leaves about a third as many independent weeks. */
    level->freedom = (level->weeks - level->columns) / 3.0;
    if (level->freedom < 4.0)
        level->freedom = 4.0;
    level_deviance(level, s);
}

void fit_level_combine(const struct fit_level *level, const double *weights, double *value,
                       double *error)
{
    /* With L the factor of x'x and f its row for y: b = L'^-1 f and the variance of w'b is
     * |L^-1 w|^2, so one forward substitution gives both. */
    int p = level->columns, n = p + 1;
    const double *a = level->factor;
    double solved[COLUMNS_MAX], sum = 0.0, squares = 0.0;
    for (int i = 0; i < p; i++) {
        double rest = weights[i];
        for (int k = 0; k < i; k++)
            rest -= a[i * n + k] * solved[k];
        solved[i] = rest / a[i * n + i];
        sum += solved[i] * a[p * n + i];
        squares += solved[i] * solved[i];
    }
    *value = sum;
    *error = sqrt(squares);
}
