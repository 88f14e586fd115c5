/* leak: what students could see of the enterprise in a scenario, tried out before consent is asked.
 *
 * Players see the public rules (market_rules_public) and what their firm observes; the file itself
 * holds more. Both are tried: article names and stock codes are looked for in every text of the
 * file; the best seller is guessed by the price nearest to the reference price, from the scenario
 * alone and with one real price known; volume is read off the file and off the play; counts of
 * orders are sought behind the rounded weights.
 */
#ifndef APP_TRAINING_LEAK_H
#define APP_TRAINING_LEAK_H

#include "app/training/calibrate.h"

struct arena;

enum { LEAK_CODE_LEAST = 4, LEAK_TITLE_LEAST = 5, LEAK_ORDERS_MAX = 1000000 };

struct leak {
    int64_t names_tried; /* stock codes, titles and channel names of the data set */
    int64_t names_found;
    char first_found[48];
    bool has_costs;            /* never: a data set of orders holds none */
    int64_t articles;          /* that sold */
    int64_t near_price;        /* whose mean price lies in the interval of the reference price */
    int64_t top_seller_place;  /* of the best seller, by nearness of its price to the reference */
    int64_t known_price_place; /* the same when the price of the second-best seller is known and
                                  taken for the ratio of real to shown prices */
    bool is_volume_in_file;    /* as an estimate with its error */
    bool is_volume_in_play;    /* the firm's size is the enterprise's */
    double volume_error;       /* of what the file or the play tells, as a share */
    int64_t orders, orders_guess; /* smallest count that explains the hours' weights */
};

MUST_USE enum err leak_measure(struct arena *arena, struct calibrate_work *work, struct leak *leak,
                               struct problem *problem);
MUST_USE enum err leak_report_append(struct arena *arena, struct calibrate_work *work,
                                     enum lang lang, struct buf *text, struct problem *problem);

/* Whether `name` stands in `texts` as a whole word, without case; both are lower-case ASCII where
 * they are ASCII. */
bool leak_finds(struct str texts, struct str name);

#endif
