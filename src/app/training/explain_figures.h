/* explain_figures: what `sampan explain --what landed|profit|score|service|stock` tells.
 *
 * Each figure has a function that opens it to its terms (tests hold their sums) and one that tells
 * them, a sentence first, then tables.
 */
#ifndef APP_TRAINING_EXPLAIN_FIGURES_H
#define APP_TRAINING_EXPLAIN_FIGURES_H

#include "app/training/history.h"
#include "app/training/score.h"
#include "core/base.h"
#include "core/text.h"
#include "engine/market/policy.h"

struct arena;

/* What is asked: rounds first .. last of one firm; its play stands after the last. */
struct explain_asked {
    const struct history *history;
    int firm, first, last;
    int listing;   /* index among the firm's listings, or -1: all */
    int64_t units; /* of a lot, or 0: as ordered last */
    enum lang lang;
    struct arena *arena;
    struct buf *text;
};

/* ---- profit ---- */

/* The result in home minor units: lines[l] = sum of parts[l][reason] + rest[l];
 * before + sum of lines = after. Parts are the firm's journal entries at the scenario's rate of
 * their day; `rest` is roundings, events of the currency market and, in PL_CONVERSION, what the
 * movement of rates did to balances held. */
struct explain_profit {
    int64_t before_minor, after_minor, result_minor;
    int64_t lines[PL_COUNT], rest[PL_COUNT];
    int64_t parts[PL_COUNT][REASON_COUNT];
    int64_t local[PL_COUNT][REASON_COUNT][MARKET_CURRENCIES_MAX]; /* the same, in currencies */
};
void explain_profit_get(const struct history *history, int firm, int first, int last,
                        struct explain_profit *profit);
void explain_profit_append(const struct explain_asked *asked);
enum market_account explain_line_account(enum market_pl line);
/* Pieces that events brought (> 0) or took by moving shoppers, against the same days without. */
double explain_event_pieces(const struct history *history, int firm, int first, int last);
/* A line of the events that began, and with what those that moved shoppers cost the firm. */
void explain_events_append(const struct history *history, int firm, int first, int last,
                           bool with_cost, enum lang lang, struct buf *text);
/* When the firm was under administration, a line; nothing else. Compare tells it by another name.
 */
void explain_administration_append(const struct explain_asked *asked);

/* ---- landed cost ---- */

struct explain_landed {
    int product, nest, supplier, lane_bulk, lane_sale;
    int64_t units;
    bool ordered;   /* the lot is the firm's last order; else a first lot of the first supplier */
    bool inspected; /* that order asked for it */
    int64_t inspection_minor; /* of the lot, home: an expense, in no cost of the goods */
    int32_t date;
    struct market_cost_seat seat; /* what the firm declares and offers */
    int64_t coupon_minor;         /* of the listing, local */
    struct market_unit_cost cost;
    struct market_cost_terms terms;
};
/* Errors  ERR_OPTION_MISSING without a listing; those of market_unit_cost_open. */
MUST_USE enum err explain_landed_get(const struct explain_asked *asked,
                                     struct explain_landed *landed, struct problem *problem);
MUST_USE enum err explain_landed_append(const struct explain_asked *asked, struct problem *problem);

/* ---- service and stock ---- */

/* Of one listing, or all, over some rounds. In orders:
 * drawn + come over = sold + lost + gone to rivals; service = (sold - come over) / asked: what was
 * drawn on days with goods, latent demand on days without. */
struct explain_service {
    double latent, asked, expected;
    int64_t drawn, spill_in, sold, lost, spill_out;
    int64_t days, days_out; /* days listed, and those it could not be sold for want of goods */
};
void explain_service_get(const struct explain_asked *asked, int product, int nest,
                         struct explain_service *service);
void explain_service_append(const struct explain_asked *asked);
void explain_stock_append(const struct explain_asked *asked);
/* The indicator of one round: minus |ln((cover + 1) / (target + 1))|; false without demand. */
bool explain_cover(const struct market_rules *rules, const struct history_round *round,
                   double *cover_days, double *value);

/* ---- score ---- */

/* score.json of the run: the cells of the firm after a round. ERR_FILE_OPEN when it is not there,
 * errors of json.h. */
MUST_USE enum err score_read(const char *folder, int world, int firm, int round,
                             struct score_cell cells[INDICATOR_COUNT], int *seeds,
                             struct problem *problem);
/* Contributions in hundredths of a point, adding to the total as it is shown; false: no total. */
bool explain_contributions(const struct market_rules *rules,
                           const struct score_cell cells[INDICATOR_COUNT],
                           int64_t hundredths[INDICATOR_COUNT], int64_t *total);
MUST_USE enum err explain_score_append(const struct explain_asked *asked, struct problem *problem);

#endif
