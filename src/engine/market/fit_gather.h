/* market/fit_gather: order lines, one at a time, into tables whose size does not grow with them.
 *
 * Lines are read twice. The *survey* finds which days, regions, articles and sizes there are; with
 * it the caller pools regions into markets and makes a plan; the *gathering* fills the tables that
 * the estimators read. Lines of one order must follow one another. Days may come in any order, but
 * an article's units of one day are only recognised as such when the day's orders follow one
 * another (they do in a file sorted by time, either way).
 *
 * Weeks run from Monday. Groups are FIT_GROUPS blocks of consecutive weeks: the jackknife's groups.
 */
#ifndef ENGINE_MARKET_FIT_GATHER_H
#define ENGINE_MARKET_FIT_GATHER_H

#include "core/base.h"
#include "engine/market/baskets.h"

struct arena;

enum {
    FIT_DAYS_MAX = 4000, /* eleven years */
    FIT_GROUPS = 24,
    FIT_MARKETS_MAX = 8,      /* markets after pooling */
    FIT_TRACKED_MAX = 128,    /* articles whose daily units are kept */
    FIT_EXACT_MAX = 4096,     /* sizes counted one by one; larger ones share a bin */
    FIT_SUM_MAX = 1024,       /* sums kept one by one in the condition of a cut */
    FIT_SEEN_MAX = 64,        /* buyers of a region counted up to this */
    FIT_VISITS_MAX = 1 << 19, /* buyers' order days kept; beyond, a hashed sample of buyers */
};

enum market_fit_kind { FIT_SALE, FIT_CANCELLED, FIT_RETURN };

struct market_fit_line {
    enum market_fit_kind kind;
    bool basket;       /* its order is one buyer's basket, not a booking of many */
    uint64_t customer; /* 0: unknown */
    uint32_t order;
    uint32_t article;
    int region;
    int32_t day;            /* since 1970-01-01 */
    int16_t minute;         /* -1: unknown */
    int16_t delivered_days; /* after `day`; -1: unknown */
    int64_t units;          /* > 0, of returns, too */
    int64_t value_e4;       /* >= 0, ten-thousandths of the currency */
};

/* ---- survey ---- */

struct market_survey_region {
    int64_t lines, orders, units, value_e4;
    int buyers; /* different ones, counted to FIT_SEEN_MAX */
    uint64_t seen[FIT_SEEN_MAX];
};

struct market_survey {
    int regions;
    uint32_t articles;
    int32_t day_first, day_last; /* of sales; first > last: none */
    int64_t lines, orders, units;
    struct market_survey_region *region;
    int64_t *article_units;
    /* How often each size occurs, at [1] .. [FIT_EXACT_MAX]; larger ones count at the end. */
    int64_t units_per_line[FIT_EXACT_MAX + 2];
    int64_t lines_per_order[FIT_EXACT_MAX + 2];
    double units_beyond, lines_beyond; /* sums of those larger ones */
    /* of the order being read */
    bool open, open_basket;
    uint32_t open_order;
    int64_t open_lines;
};

struct market_survey *market_survey_new(struct arena *arena, int regions, uint32_t articles);
void market_survey_add(struct market_survey *survey, const struct market_fit_line *line);
void market_survey_end(struct market_survey *survey);

/* The values a table may hold: the most frequent ones, and for the rest values spread evenly in
 * logarithms. Always at least the value 1. */
struct market_support {
    int count;
    int32_t value[MARKET_TABLE_MAX];
};
struct market_support market_support_choose(const int64_t *counts, double beyond);
/* Index of the support's value nearest in logarithms. */
int market_support_find(const struct market_support *support, int64_t size);

/* The articles that sold most units, largest first; returns how many (at most FIT_TRACKED_MAX). */
int market_survey_top_articles(const struct market_survey *survey,
                               uint32_t articles[FIT_TRACKED_MAX]);

/* ---- gathering ---- */

struct market_fit_plan {
    int markets;
    const int *market_of_region; /* -1: the region is left out */
    uint32_t articles;
    int tracked_count;
    uint32_t tracked[FIT_TRACKED_MAX];
    int32_t day_first, day_last;
    struct market_support sizes, lines;
};

struct market_visit {
    uint64_t customer;
    int32_t day; /* from day_first */
};

struct market_gathered {
    struct market_fit_plan plan;
    int days;
    int weeks;
    int32_t monday; /* date of the first week's Monday */
    int groups;
    int64_t *units;         /* [market * days + day] */
    int64_t *orders;        /* [market * days + day] */
    int32_t *tracked_units; /* [(market * tracked_count + k) * days + day] */
    double *value_e4;       /* [market * weeks + week] */
    double *returned;       /* [market * weeks + week], units */
    double *cancelled;      /* [market * weeks + week], units */
    double *lead;           /* [(market * weeks + week) * 3]: orders, days, squared days */
    double *size_count;     /* [group * MARKET_TABLE_MAX + entry]: lines of that size */
    double *size_sum;       /* [group * (FIT_SUM_MAX + 1) + u]: article-days of u units */
    double *size_over;      /* [group]: units of article-days beyond */
    double *line_count;     /* the same for orders by their lines, and shop-days by theirs */
    double *line_sum;
    double *line_over;
    double *hour; /* [group * 24]: orders */
    int visit_count;
    struct market_visit *visits;
    uint64_t visit_mask; /* buyers are kept when hash & mask == 0 */
};

struct market_gather;
struct market_gather *market_gather_new(struct arena *arena, const struct market_fit_plan *plan);
void market_gather_add(struct market_gather *gather, const struct market_fit_line *line);
/* Borrowed from the gather. */
const struct market_gathered *market_gather_end(struct market_gather *gather);

/* Week of a day counted from day_first, and its jackknife group. */
int market_gathered_week(const struct market_gathered *gathered, int day);
int market_gathered_group(const struct market_gathered *gathered, int week);

#endif
