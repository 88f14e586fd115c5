/* contrast: why one firm earned more than another, in parts that add up to the difference.
 *
 * The result of a firm is, product by product, orders x (revenue of an order - its channel fee -
 * its fulfilment - its goods), and lines that do not follow from orders (storage, ads, wages ...).
 *
 * Method  Revenue a sale, fee rate, fulfilment, unit cost and orders share the difference of each
 *         product by their Shapley values (Shapley 1953; the order in which factors are changed
 *         from one firm's to the other's is averaged over all orders; closed form, for the result
 *         is a sum of products). The orders' part is then split over
 *         what made the orders differ, day by day and listing by listing: where both had goods, the
 *         expectation's causes by the logarithmic mean Divisia index (Ang 2004), which leaves no
 *         rest because a share is a product of exponentials; where one had none, the whole
 *         expectation of the other; then chance, buyers who found too little, and buyers who came
 *         over from sold-out rivals, as they were counted. Other lines are taken as booked.
 *         In two plays of one seat the own causes count for what they leave after crowding the nest
 *         they stand in (a lower price of one of four firms wins less than its pull says); what
 *         rivals and shoppers did is the rest.
 * Limits  A cause is what differed, not what somebody decided: exposure today is also yesterday's
 *         sales. Where a product sells in several markets, their mix is part of revenue a sale.
 */
#ifndef APP_TRAINING_CONTRAST_H
#define APP_TRAINING_CONTRAST_H

#include "app/training/history.h"
#include "core/base.h"
#include "core/text.h"

struct arena;

enum contrast_part {
    PART_TERM_FIRST,                              /* demand: one an enum market_term */
    PART_EXPOSURE = PART_TERM_FIRST + TERM_COUNT, /* demand: where the listing stood unpaid */
    PART_SPONSORED,                               /* demand: sponsored slots */
    PART_OUTSIDE,                                 /* demand: visits from outside */
    PART_MARKET,     /* demand: shoppers and rivals; 0 for two firms of one world */
    PART_RANGE,      /* demand: days on which only one offered the product */
    PART_OUT,        /* days without goods */
    PART_SHORT,      /* buyers who found nothing or too little */
    PART_COME_OVER,  /* buyers of sold-out rivals */
    PART_CHANCE,     /* orders drawn less expected */
    PART_PRICE,      /* revenue of an order */
    PART_REFERRAL,   /* channel fee as a share of revenue */
    PART_FULFILMENT, /* of an order */
    PART_UNIT_COST,  /* landed goods of an order */
    PART_STORAGE,
    PART_WRITE_OFF,
    PART_ADS,
    PART_PAYROLL,
    PART_INTEREST,
    PART_INSPECTION,
    PART_CONVERSION,
    PART_PENALTY,
    PART_REST, /* rates and roundings of the days */
    PART_COUNT
};

/* Parts that are told together. */
enum contrast_cause {
    CONTRAST_PRICE, /* what a sale brought, and what the price did to demand */
    CONTRAST_APPEAL,
    CONTRAST_RATING,
    CONTRAST_REVIEWS,
    CONTRAST_DELIVERY,
    CONTRAST_TRUST,
    CONTRAST_LUCK,
    CONTRAST_EXPOSURE,
    CONTRAST_MARKET,
    CONTRAST_RANGE,
    CONTRAST_STOCK_OUT,
    CONTRAST_COME_OVER,
    CONTRAST_CHANCE,
    CONTRAST_COST,
    CONTRAST_FEES,
    CONTRAST_HOLDING,  /* storage and write-offs */
    CONTRAST_ADS,      /* what was spent on being seen, and what it did to demand */
    CONTRAST_OVERHEAD, /* payroll, interest, inspection, conversion, rest */
    CONTRAST_COUNT
};

/* What one side did, for the words beside the parts; home minor units. */
struct contrast_side {
    int64_t orders, revenue_minor, cogs_minor, fees_minor, holding_minor, ads_minor, result_minor;
    int64_t days_out, short_orders;
    double exposure, rating, reviews, delivery_days; /* means over the days it could be sold */
    int64_t live_days;
};

struct contrast {
    struct contrast_side a, b;
    int64_t difference_minor; /* a - b: sum of the parts */
    int64_t parts_minor[PART_COUNT];
};

/* Firm `a` of one history against firm `b` of another (or the same), rounds 1 .. rounds of both.
 * The scenarios must be the same. */
void contrast_make(const struct history *history_a, int a, const struct history *history_b, int b,
                   int rounds, struct contrast *contrast);
enum contrast_cause contrast_part_cause(enum contrast_part part);
int64_t contrast_cause_minor(const struct contrast *contrast, enum contrast_cause cause);
/* The cause with the largest amount in a direction (+1, -1); false when there is none. */
bool contrast_main(const struct contrast *contrast, int direction, enum contrast_cause *cause);
const char *contrast_part_name(enum contrast_part part);    /* English text key */
const char *contrast_cause_name(enum contrast_cause cause); /* English text key */
/* The figures behind a cause, a sentence without a full stop; false when there are none to tell. */
bool contrast_evidence_append(const struct contrast *contrast, enum contrast_cause cause,
                              struct currency home, enum lang lang, struct buf *text);

#endif
