/* The names of causes, and the figures behind them. */
#include "app/training/contrast.h"
#include "app/training/run_cells.h"
#include "core/money.h"

enum contrast_cause contrast_part_cause(enum contrast_part part)
{
    static const unsigned char causes[PART_COUNT] = {[TERM_APPEAL] = CONTRAST_APPEAL,
                                                     [TERM_PRICE] = CONTRAST_PRICE,
                                                     [TERM_RATING] = CONTRAST_RATING,
                                                     [TERM_REVIEWS] = CONTRAST_REVIEWS,
                                                     [TERM_DELIVERY] = CONTRAST_DELIVERY,
                                                     [TERM_BRAND] = CONTRAST_ADS,
                                                     [TERM_CONTENT] = CONTRAST_ADS,
                                                     [TERM_TRUST] = CONTRAST_TRUST,
                                                     [TERM_LUCK] = CONTRAST_LUCK,
                                                     [PART_EXPOSURE] = CONTRAST_EXPOSURE,
                                                     [PART_SPONSORED] = CONTRAST_ADS,
                                                     [PART_OUTSIDE] = CONTRAST_ADS,
                                                     [PART_MARKET] = CONTRAST_MARKET,
                                                     [PART_RANGE] = CONTRAST_RANGE,
                                                     [PART_OUT] = CONTRAST_STOCK_OUT,
                                                     [PART_SHORT] = CONTRAST_STOCK_OUT,
                                                     [PART_COME_OVER] = CONTRAST_COME_OVER,
                                                     [PART_CHANCE] = CONTRAST_CHANCE,
                                                     [PART_PRICE] = CONTRAST_PRICE,
                                                     [PART_REFERRAL] = CONTRAST_FEES,
                                                     [PART_FULFILMENT] = CONTRAST_FEES,
                                                     [PART_UNIT_COST] = CONTRAST_COST,
                                                     [PART_STORAGE] = CONTRAST_HOLDING,
                                                     [PART_WRITE_OFF] = CONTRAST_HOLDING,
                                                     [PART_ADS] = CONTRAST_ADS,
                                                     [PART_PAYROLL] = CONTRAST_OVERHEAD,
                                                     [PART_INTEREST] = CONTRAST_OVERHEAD,
                                                     [PART_INSPECTION] = CONTRAST_OVERHEAD,
                                                     [PART_CONVERSION] = CONTRAST_OVERHEAD,
                                                     [PART_PENALTY] = CONTRAST_OVERHEAD,
                                                     [PART_REST] = CONTRAST_OVERHEAD};
    return (enum contrast_cause)causes[part];
}

int64_t contrast_cause_minor(const struct contrast *contrast, enum contrast_cause cause)
{
    int64_t sum = 0;
    for (int p = 0; p < PART_COUNT; p++)
        if (contrast_part_cause((enum contrast_part)p) == cause)
            sum += contrast->parts_minor[p];
    return sum;
}

bool contrast_main(const struct contrast *contrast, int direction, enum contrast_cause *cause)
{
    int64_t most = 0;
    for (int c = 0; c < CONTRAST_COUNT; c++) {
        int64_t minor = direction * contrast_cause_minor(contrast, (enum contrast_cause)c);
        if (minor <= most)
            continue;
        most = minor;
        *cause = (enum contrast_cause)c;
    }
    return most > 0;
}

const char *contrast_part_name(enum contrast_part part)
{
    static const char *const names[PART_COUNT] = {
        [TERM_APPEAL] = N_("demand: the product's appeal"),
        [TERM_PRICE] = N_("demand: price"),
        [TERM_RATING] = N_("demand: rating"),
        [TERM_REVIEWS] = N_("demand: number of reviews"),
        [TERM_DELIVERY] = N_("demand: delivery time"),
        [TERM_BRAND] = N_("demand: brand"),
        [TERM_CONTENT] = N_("demand: content"),
        [TERM_TRUST] = N_("demand: terms of sale"),
        [TERM_LUCK] = N_("demand: luck of the weeks"),
        [PART_EXPOSURE] = N_("demand: exposure, unpaid"),
        [PART_SPONSORED] = N_("demand: sponsored slots"),
        [PART_OUTSIDE] = N_("demand: visits from outside"),
        [PART_MARKET] = N_("demand: shoppers and rivals"),
        [PART_RANGE] = N_("demand: products only one offered"),
        [PART_OUT] = N_("supply: days without goods"),
        [PART_SHORT] = N_("supply: buyers who found too little"),
        [PART_COME_OVER] = N_("supply: buyers of sold-out rivals"),
        [PART_CHANCE] = N_("chance in the orders"),
        [PART_PRICE] = N_("revenue of a sale"),
        [PART_REFERRAL] = N_("channel fee rate"),
        [PART_FULFILMENT] = N_("fulfilment of a sale"),
        [PART_UNIT_COST] = N_("unit cost"),
        [PART_STORAGE] = N_("storage"),
        [PART_WRITE_OFF] = N_("write-offs"),
        [PART_ADS] = N_("advertising and content"),
        [PART_PAYROLL] = N_("payroll"),
        [PART_INTEREST] = N_("interest"),
        [PART_INSPECTION] = N_("inspection"),
        [PART_CONVERSION] = N_("currency conversion"),
        [PART_PENALTY] = N_("fines and back duty"),
        [PART_REST] = N_("rates and roundings of the days")};
    return names[part];
}

const char *contrast_cause_name(enum contrast_cause cause)
{
    static const char *const names[CONTRAST_COUNT] = {
        [CONTRAST_PRICE] = N_("its prices"),
        [CONTRAST_APPEAL] = N_("the appeal of its products"),
        [CONTRAST_RATING] = N_("its ratings"),
        [CONTRAST_REVIEWS] = N_("the number of its reviews"),
        [CONTRAST_DELIVERY] = N_("its delivery times"),
        [CONTRAST_TRUST] = N_("its terms of sale"),
        [CONTRAST_LUCK] = N_("the luck of the weeks"),
        [CONTRAST_EXPOSURE] = N_("where it stood in the results"),
        [CONTRAST_MARKET] = N_("shoppers and rivals"),
        [CONTRAST_RANGE] = N_("the products it offered"),
        [CONTRAST_STOCK_OUT] = N_("goods that were missing"),
        [CONTRAST_COME_OVER] = N_("buyers who came over from sold-out rivals"),
        [CONTRAST_CHANCE] = N_("chance in the orders"),
        [CONTRAST_COST] = N_("what its goods cost"),
        [CONTRAST_FEES] = N_("channel and fulfilment fees"),
        [CONTRAST_HOLDING] = N_("storage and write-offs"),
        [CONTRAST_ADS] = N_("its advertising and content"),
        [CONTRAST_OVERHEAD] = N_("wages, interest and other costs")};
    return names[cause];
}

/* Two figures side by side, with as many decimals as it takes for them to differ. */
struct pair {
    struct err_arg a, b;
};

static struct pair pair_of(double a, double b, int decimals)
{
    int shown = decimals;
    while (shown < 6 && shown < decimals + 3 && a != b &&
           run_cells_scaled(a, shown) == run_cells_scaled(b, shown))
        shown++;
    return (struct pair){ERR_DECIMAL(run_cells_scaled(a, shown), shown),
                         ERR_DECIMAL(run_cells_scaled(b, shown), shown)};
}

/* An amount of an order of each side; both have sold. */
static struct pair per_order(const struct contrast *contrast, int64_t a_minor, int64_t b_minor,
                             struct currency home)
{
    double minor = (double)currency_minor_per_major(home);
    return pair_of((double)a_minor / (double)contrast->a.orders / minor,
                   (double)b_minor / (double)contrast->b.orders / minor, currency_decimals(home));
}

bool contrast_evidence_append(const struct contrast *contrast, enum contrast_cause cause,
                              struct currency home, enum lang lang, struct buf *text)
{
    const struct contrast_side *a = &contrast->a, *b = &contrast->b;
    bool both = a->orders > 0 && b->orders > 0;
    bool live = a->live_days > 0 && b->live_days > 0;
    struct err_arg code = ERR_CTEXT(home.code);
    struct pair pair;
    switch (cause) {
    case CONTRAST_PRICE:
        if (!both)
            return false;
        pair = per_order(contrast, a->revenue_minor, b->revenue_minor, home);
        text_put(text, lang,
                 N_("a sale brought {0} {2} against {1}; what the price did to demand was "
                    "worth {3} {2}"),
                 pair.a, pair.b, code, run_cells_money(contrast->parts_minor[TERM_PRICE], home));
        return true;
    case CONTRAST_STOCK_OUT:
        text_put(text, lang,
                 N_("without goods on {0} listing days against {1}, and {2} buyers against {3} "
                    "found too little"),
                 ERR_INT(a->days_out), ERR_INT(b->days_out), ERR_INT(a->short_orders),
                 ERR_INT(b->short_orders));
        return true;
    case CONTRAST_COST:
        if (!both)
            return false;
        pair = per_order(contrast, a->cogs_minor, b->cogs_minor, home);
        text_put(text, lang, N_("the goods of a sale cost {0} {2} against {1}"), pair.a, pair.b,
                 code);
        return true;
    case CONTRAST_FEES:
        if (!both)
            return false;
        pair = per_order(contrast, a->fees_minor, b->fees_minor, home);
        text_put(text, lang, N_("fees took {0} {2} of a sale against {1}"), pair.a, pair.b, code);
        return true;
    case CONTRAST_HOLDING:
        text_put(text, lang, N_("they took {0} {2} against {1}"),
                 run_cells_money(a->holding_minor, home), run_cells_money(b->holding_minor, home),
                 code);
        return true;
    case CONTRAST_ADS:
        text_put(text, lang,
                 N_("they cost {0} {2} against {1}, and their effect on demand was worth {3} {2}"),
                 run_cells_money(a->ads_minor, home), run_cells_money(b->ads_minor, home), code,
                 run_cells_money(contrast_cause_minor(contrast, CONTRAST_ADS) -
                                     contrast->parts_minor[PART_ADS],
                                 home));
        return true;
    case CONTRAST_EXPOSURE:
        pair = pair_of(a->exposure * 100, b->exposure * 100, 1);
        if (live)
            text_put(text, lang, N_("a listing had {0} % of its shoppers' eyes against {1} %"),
                     pair.a, pair.b);
        return live;
    case CONTRAST_RATING:
        pair = pair_of(a->rating, b->rating, 2);
        if (live)
            text_put(text, lang, N_("{0} stars against {1}"), pair.a, pair.b);
        return live;
    case CONTRAST_REVIEWS:
        pair = pair_of(a->reviews, b->reviews, 1);
        if (live)
            text_put(text, lang, N_("{0} fresh reviews a listing against {1}"), pair.a, pair.b);
        return live;
    case CONTRAST_DELIVERY:
        pair = pair_of(a->delivery_days, b->delivery_days, 1);
        if (live)
            text_put(text, lang, N_("{0} days against {1}"), pair.a, pair.b);
        return live;
    default:
        return false;
    }
}
