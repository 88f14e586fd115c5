/* contrast: why one firm ended above another, in parts that add up to the difference of their
 * closing equities.
 *
 * Closing equity = equity at the start + results + what the close adds to the books (goods count at
 * what they will bring, refunds and export tax at risk come off). The result of a firm is, product
 * by product, pieces x (revenue of a piece - its channel fee - its fulfilment - its goods - its
 * returns), and lines that do not follow from sales (storage, ads, wages, papers ...).
 *
 * Method  Revenue a piece, fee rate, fulfilment, unit cost, returns and pieces share the difference
 *         of each product by their Shapley values (Shapley 1953; the order in which factors are
 *         changed from one firm's to the other's is averaged over all orders; closed form, for the
 *         result is a sum of products). Revenue a piece differs by prices within a currency and by
 *         the markets it sold in. The pieces' part is split over pieces in a sale (bundles) and
 *         what made the sales differ, day by day and listing by listing: where both had goods, the
 *         expectation's causes by the logarithmic mean Divisia index (Ang 2004), which leaves no
 *         rest because a share is a product of exponentials; where one had none, the whole
 *         expectation of the other; then chance, buyers who found too little, and buyers who came
 *         over from sold-out rivals, as they were counted. Other lines are taken as booked, by the
 *         reason of their entries.
 *         In two plays of one seat the own causes count for what they leave after crowding the nest
 *         they stand in (a lower price of one of four firms wins less than its pull says); what
 *         rivals and shoppers did is the rest.
 * Limits  A cause is what differed, not what somebody decided: exposure today is also yesterday's
 *         sales, and so stands behind causes of its size.
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
    PART_PRICE,      /* revenue of a piece before refunds */
    PART_REFERRAL,   /* channel fee as a share of revenue */
    PART_FULFILMENT, /* of a piece */
    PART_UNIT_COST,  /* landed goods of a piece */
    PART_STORAGE,
    PART_WRITE_OFF,
    PART_ADS,
    PART_PAYROLL,
    PART_INTEREST,
    PART_INSPECTION,
    PART_CONVERSION,
    PART_PENALTY,
    PART_BUNDLE_DEMAND, /* demand: what of the terms of sale the bundle is */
    PART_PIECES,        /* pieces in a sale */
    PART_LATE,          /* demand: late parcels hide a listing */
    PART_MIX,           /* revenue of a piece: the currencies it sold in */
    PART_RETURNS,       /* refunds and handling less what came back, of a piece */
    PART_EXPORT_TAX,    /* refunded by the home office */
    PART_ENTRIES,       /* export declarations */
    PART_REGISTRATION,  /* at tax offices */
    PART_COMPLIANCE,    /* certificates, responsible persons, service */
    PART_UNSOLD,        /* charges of products that were not sold */
    PART_CLOSE_GOODS,   /* what goods count for at the close less what stands in the books */
    PART_CLOSE_RETURNS, /* refunds expected after the close */
    PART_CLOSE_TAX,     /* export tax at risk at the close */
    PART_OPENING,       /* equity at the start */
    PART_CLOSED,        /* demand: days on which a fault had closed the listing of one */
    PART_REST,          /* rates and roundings of the days */
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
    CONTRAST_HOLDING,    /* storage and write-offs */
    CONTRAST_ADS,        /* what was spent on being seen, and what it did to demand */
    CONTRAST_BUNDLE,     /* pieces in a sale, and what that did to demand */
    CONTRAST_LATE,       /* late parcels */
    CONTRAST_RETURNS,    /* what came back, and what still will */
    CONTRAST_EXPORT_TAX, /* refunded, less what is at risk at the close */
    CONTRAST_CHARGES,    /* declarations, registrations, papers, fines */
    CONTRAST_CLOSING,    /* what goods count for at the close */
    CONTRAST_CLOSED,     /* listings closed by a fault */
    CONTRAST_OVERHEAD,   /* payroll, interest, inspection, conversion, opening, rest */
    CONTRAST_COUNT
};

/* What one side did, for the words beside the parts; home minor units. */
struct contrast_side {
    int64_t orders, pieces;
    double revenue, cogs, fees, returns; /* of sales; revenue before refunds */
    int64_t holding_minor, ads_minor, result_minor, closing_minor;
    int64_t export_tax_minor, export_risk_minor; /* booked; at risk at the close */
    int64_t refunds_minor;                       /* expected after the close */
    int64_t days_out, short_orders;
    int64_t goods_units; /* anywhere, after the last round */
    double goods_days;   /* they last so long at latent demand; < 0: nobody asks for them */
    /* what the close takes from their cost: they bring less than they cost; 60 days do not take
     * them */
    double close_cheap, close_slow;
    double exposure, rating, reviews, delivery_days, health; /* means of days it could be sold */
    int64_t live_days;
    int64_t closed_days;        /* of listings, by faults */
    int closed_kind;            /* of the first: enum market_incident_kind; -1: unknown */
    int32_t closed_number;      /* its incident; 0: unknown */
    int32_t administration_day; /* the first; -1: never */
    bool in_administration;     /* at the end */
};

/* Of one product: pieces, and what a piece brought and cost, home minor units. */
struct contrast_product {
    double pieces_a, pieces_b;
    double price[2], fees[2], goods[2], returns[2];         /* of a piece; [0] a, [1] b */
    double price_part, fees_part, goods_part, returns_part; /* of the difference */
};

struct contrast {
    struct contrast_side a, b;
    int64_t difference_minor; /* closing equity of a - of b: sum of the parts */
    int64_t parts_minor[PART_COUNT];
    int product_count;
    struct contrast_product products[MARKET_PRODUCTS_MAX];
};

/* Firm `a` of one history against firm `b` of another (or the same), rounds 1 .. rounds of both.
 * The scenarios must be the same. */
void contrast_make(const struct history *history_a, int a, const struct history *history_b, int b,
                   int rounds, struct contrast *contrast);
enum contrast_cause contrast_part_cause(enum contrast_part part);
int64_t contrast_cause_minor(const struct contrast *contrast, enum contrast_cause cause);
/* What ranks a cause in a direction (+1, -1): its amount, or the larger side where what was done
 * works both ways (a price earns on each piece and costs sales); 0 when it works the other way. */
int64_t contrast_cause_weight(const struct contrast *contrast, enum contrast_cause cause,
                              int direction);
/* The cause with the largest weight in a direction; one that only follows from earlier sales
 * (exposure, reviews) when no other has half of it. False when there is none. */
bool contrast_main(const struct contrast *contrast, int direction, enum contrast_cause *cause);
/* The main one but for `told`. */
bool contrast_next(const struct contrast *contrast, int direction, enum contrast_cause told,
                   enum contrast_cause *cause);
const char *contrast_part_name(enum contrast_part part);    /* English text key */
const char *contrast_cause_name(enum contrast_cause cause); /* English text key */
/* The figures behind a cause, a sentence without a full stop; false when there are none that carry
 * it. */
bool contrast_evidence_append(const struct market_rules *rules, const struct contrast *contrast,
                              enum contrast_cause cause, enum lang lang, struct buf *text);

/* The difference of two firms of one run in a sentence, and one more for each that was under
 * administration; each ends with a line feed (`sampan compare` says the same). */
void contrast_tell(const struct market_rules *rules, const struct contrast *contrast, int firm_a,
                   int firm_b, int rounds, enum lang lang, struct buf *text);

#endif
