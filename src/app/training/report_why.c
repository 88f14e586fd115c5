/* The main reason for a firm's place, from its own figures beside the mean of its world. */
#include "app/training/report.h"

/* A firm's books in the shape in which reasons are sought:
 * result = units x margin of a unit - holding costs. Home currency, minor units. */
struct shape {
    double units;
    double margin;     /* of a unit: revenue less goods, referral and fulfilment */
    double holding;    /* storage, ads, waste, interest, inspection, conversion */
    double goods_unit; /* landed cost of a unit sold */
    double revenue;
    double price; /* to rivals; 1: equal */
    double out;   /* share of days without stock */
    double cover; /* days */
    double mark;  /* closing equity as a going concern less equity in the books */
};

/* Shares nearer than this are not worth a name; nor are stars. */
static const double apart = 0.03;
static const double stars_apart = 0.05;

static double share(double part, double whole)
{
    return whole == 0 ? 0 : part / whole;
}

static struct shape shape_get(const struct report_firm *firm, const struct score_firm *score)
{
    const int64_t *pl = firm->pl_minor;
    double units = (double)firm->units;
    double margin = (double)(pl[PL_REVENUE] + pl[PL_COGS] + pl[PL_REFERRAL] + pl[PL_FULFILMENT]);
    double holding = -(double)(pl[PL_STORAGE] + pl[PL_ADS] + pl[PL_WRITE_OFF] + pl[PL_INTEREST] +
                               pl[PL_INSPECTION] + pl[PL_CONVERSION] + pl[PL_PENALTY]);
    return (struct shape){
        .units = units,
        .margin = share(margin, units),
        .holding = holding,
        .goods_unit = share(-(double)pl[PL_COGS], units),
        .revenue = (double)pl[PL_REVENUE],
        .price = report_price_ratio(firm),
        .out = share((double)firm->days_out, (double)firm->listing_days),
        .cover = score->goods_days,
        .mark = (double)(score->closing_equity_minor - firm->equity_minor),
    };
}

static struct shape shape_mean(const struct report_firm *firms, const struct score_firm *scores,
                               int count)
{
    struct shape mean = {0};
    for (int f = 0; f < count; f++) {
        struct shape one = shape_get(&firms[f], &scores[f]);
        mean.units += one.units / count;
        mean.margin += one.margin / count;
        mean.holding += one.holding / count;
        mean.goods_unit += one.goods_unit / count;
        mean.revenue += one.revenue / count;
        mean.price += one.price / count;
        mean.out += one.out / count;
        mean.cover += one.cover / count;
        mean.mark += one.mark / count;
    }
    return mean;
}

static int64_t percent(double value)
{
    double wide = value * 100;
    return (int64_t)(wide < 0 ? wide - 0.5 : wide + 0.5);
}

static int64_t whole(double value)
{
    return (int64_t)(value + 0.5);
}

static double magnitude(double value)
{
    return value < 0 ? -value : value;
}

/* ---- equity: units, margin or holding ---- */

static void reason_units(const struct shape *own, const struct shape *mean, enum lang lang,
                         struct buf *text)
{
    double change = share(own->units, mean->units) - 1;
    struct err_arg by = ERR_INT(percent(magnitude(change)));
    if (change < 0) {
        if (own->out > mean->out + apart)
            text_put(text, lang,
                     N_("out of stock on {0} % of its listing days, it sold {1} % fewer units than "
                        "the average firm"),
                     ERR_INT(percent(own->out)), by);
        else if (own->price > 1 + apart)
            text_put(text, lang,
                     N_("priced {0} % above its rivals, it sold {1} % fewer units than the average "
                        "firm"),
                     ERR_INT(percent(own->price - 1)), by);
        else
            text_put(text, lang, N_("it sold {0} % fewer units than the average firm"), by);
        return;
    }
    if (own->price < 1 - apart)
        text_put(
            text, lang,
            N_("priced {0} % below its rivals, it sold {1} % more units than the average firm"),
            ERR_INT(percent(1 - own->price)), by);
    else if (own->out < mean->out - apart)
        text_put(
            text, lang,
            N_("with goods on sale on {0} % of its listing days, it sold {1} % more units than "
               "the average firm"),
            ERR_INT(percent(1 - own->out)), by);
    else
        text_put(text, lang, N_("it sold {0} % more units than the average firm"), by);
}

static void reason_margin(const struct shape *own, const struct shape *mean, enum lang lang,
                          struct buf *text)
{
    struct err_arg kept = ERR_INT(percent(share(own->margin * own->units, own->revenue)));
    struct err_arg usual = ERR_INT(percent(share(mean->margin * mean->units, mean->revenue)));
    double goods = share(own->goods_unit, mean->goods_unit) - 1;
    double price = own->price - 1;
    bool better = own->margin > mean->margin;
    bool goods_agree = better ? goods < -apart : goods > apart;
    bool price_agrees = better ? price > apart : price < -apart;
    if (goods_agree && (!price_agrees || magnitude(goods) > magnitude(price)))
        text_put(text, lang,
                 better
                     ? N_("its goods cost {0} % less a unit, landed, than the average firm's: it "
                          "kept {1} % of its sales after goods and fees, the average firm {2} %")
                     : N_("its goods cost {0} % more a unit, landed, than the average firm's: it "
                          "kept {1} % of its sales after goods and fees, the average firm {2} %"),
                 ERR_INT(percent(magnitude(goods))), kept, usual);
    else if (price_agrees)
        text_put(text, lang,
                 better
                     ? N_("priced {0} % above its rivals, it kept {1} % of its sales after goods "
                          "and fees, the average firm {2} %")
                     : N_("priced {0} % below its rivals, it kept {1} % of its sales after goods "
                          "and fees, the average firm {2} %"),
                 ERR_INT(percent(magnitude(own->price - 1))), kept, usual);
    else
        text_put(text, lang,
                 N_("it kept {0} % of its sales after goods and fees, the average firm {1} %"),
                 kept, usual);
}

static void reason_holding(const struct shape *own, const struct shape *mean, enum lang lang,
                           struct buf *text)
{
    text_put(text, lang,
             N_("stock for {0} days: storage, waste and interest took {1} % of its sales, of the "
                "average firm's {2} %"),
             ERR_INT(whole(own->cover)), ERR_INT(percent(share(own->holding, own->revenue))),
             ERR_INT(percent(share(mean->holding, mean->revenue))));
}

/* A unit that will not sell within 60 days counts little at the close (market/score.h). */
static void reason_mark(const struct shape *own, const struct shape *mean, enum lang lang,
                        struct buf *text)
{
    text_put(
        text, lang,
        N_("stock for {0} days, the average firm's {1}: what will not sell within 60 days counts "
           "little at the close"),
        ERR_INT(whole(own->cover)), ERR_INT(whole(mean->cover)));
}

/* The part of the difference from the mean firm's result that is largest in the direction asked
 * for; `better` says which. */
static void reason_equity(const struct shape *own, const struct shape *mean, bool better,
                          enum lang lang, struct buf *text)
{
    double sign = better ? 1 : -1;
    double units = sign * (own->units - mean->units) * mean->margin;
    double margin = sign * (own->margin - mean->margin) * own->units;
    double holding = sign * (mean->holding - own->holding);
    double mark = sign * (own->mark - mean->mark);
    double small = mean->revenue / 50; /* differences not worth a name */
    if (units < small && margin < small && holding < small && mark < small)
        text_put0(text, lang, N_("its units, margin and costs are near the average firm's"));
    else if (mark > units && mark > margin && mark > holding)
        reason_mark(own, mean, lang, text);
    else if (units >= margin && units >= holding)
        reason_units(own, mean, lang, text);
    else if (margin >= holding)
        reason_margin(own, mean, lang, text);
    else
        reason_holding(own, mean, lang, text);
}

/* ---- the other parts of the score ---- */

static void reason_service(const struct report_firm *firm, const struct shape *own,
                           const struct score_cell *cell, bool better, enum lang lang,
                           struct buf *text)
{
    struct err_arg served = ERR_DECIMAL(percent(cell->value * 10), 1);
    struct err_arg out = ERR_DECIMAL(percent(own->out * 10), 1);
    struct err_arg lost = ERR_INT(firm->units_lost);
    if (better && !(own->out > 0) && firm->units_lost == 0)
        text_put0(text, lang, N_("it served all of its demand: no goods were missing"));
    else
        text_put(text, lang,
                 better ? N_("it served {0} % of its demand; stock was missing on {1} % of its "
                             "listing days, and {2} pieces were asked for in vain")
                        : N_("it served only {0} % of its demand: stock was missing on {1} % of "
                             "its listing days, and {2} pieces were asked for in vain"),
                 served, out, lost);
}

static double stock_distance(const struct score_firm *score)
{
    return magnitude(score->hand_days - MARKET_COVER_TARGET_DAYS);
}

/* Whether no rival, in whole days, is as near to the target. */
static bool is_nearest(const struct score_firm *scores, int count, int firm)
{
    for (int f = 0; f < count; f++)
        if (f != firm && whole(stock_distance(&scores[f])) <= whole(stock_distance(&scores[firm])))
            return false;
    return true;
}

static void reason_stock(const struct score_firm *scores, int count, int firm, bool better,
                         enum lang lang, struct buf *text)
{
    double hand = scores[firm].hand_days;
    struct err_arg days = ERR_INT(whole(hand)), target = ERR_INT(MARKET_COVER_TARGET_DAYS);
    if (better && !is_nearest(scores, count, firm))
        text_put(text, lang, N_("it held goods for {0} days on hand where {1} are the target"),
                 days, target);
    else if (better)
        text_put(text, lang,
                 N_("it held goods for {0} days on hand, nearer to the target of {1} than its "
                    "rivals"),
                 days, target);
    else if (hand > MARKET_COVER_TARGET_DAYS)
        text_put(
            text, lang,
            N_("it held goods for {0} days on hand where {1} are the target: they tie up cash"),
            days, target);
    else
        text_put(text, lang, N_("it held goods for only {0} days on hand where {1} are the target"),
                 days, target);
}

static double rating_mean(const struct report_firm *firms, int count)
{
    double mean = 0;
    for (int f = 0; f < count; f++)
        mean += firms[f].rating / count;
    return mean;
}

static void reason_rating(const struct report_firm *firms, int count, int firm, bool better,
                          enum lang lang, struct buf *text)
{
    text_put(text, lang,
             better ? N_("buyers gave it {0} stars, the average firm {1}")
                    : N_("buyers gave it only {0} stars, the average firm {1}"),
             ERR_DECIMAL(percent(firms[firm].rating), 2),
             ERR_DECIMAL(percent(rating_mean(firms, count)), 2));
}

static double points_of(const struct score_firm *score, int rounds, int indicator)
{
    const struct score_cell *cell = &score->cells[rounds - 1][indicator];
    return cell->state == SCORE_GIVEN ? cell->points : 0;
}

/* Whether a difference of points is one that the sentence's figures show: hundredths of a star do
 * not, nor does a shortage that rounds to all of the demand. */
static bool is_shown(const struct report_firm *firms, const struct score_firm *score, int count,
                     int firm, int rounds, int indicator, bool better)
{
    if (indicator == INDICATOR_RATING)
        return magnitude(firms[firm].rating - rating_mean(firms, count)) > stars_apart;
    if (indicator == INDICATOR_SERVICE && !better)
        return percent(score->cells[rounds - 1][INDICATOR_SERVICE].value * 10) < 1000;
    return true;
}

/* The indicator in which the firm's weighted points differ most from its world's, in the direction
 * of the whole difference; NO_INDICATOR where none was scored, or none of them tells it. */
enum { NO_INDICATOR = -1 };
static int main_indicator(const struct market_rules *rules, const struct report_firm *firms,
                          const struct score_firm *scores, int count, int firm, int rounds,
                          bool *better)
{
    double differences[INDICATOR_COUNT] = {0}, whole_difference = 0;
    for (int i = 0; i < INDICATOR_COUNT; i++) {
        double mean = 0;
        int scored = 0;
        for (int f = 0; f < count; f++) {
            if (scores[f].cells[rounds - 1][i].state != SCORE_GIVEN)
                continue;
            mean += points_of(&scores[f], rounds, i);
            scored++;
        }
        if (scored > 0 && scores[firm].cells[rounds - 1][i].state == SCORE_GIVEN)
            differences[i] = (points_of(&scores[firm], rounds, i) - mean / scored) *
                             (double)rules->score_weight_1e9[i];
        whole_difference += differences[i];
    }
    int most = NO_INDICATOR;
    double largest = 0;
    *better = whole_difference >= 0;
    for (int i = 0; i < INDICATOR_COUNT; i++) {
        double difference = *better ? differences[i] : -differences[i];
        if (difference > largest &&
            is_shown(firms, &scores[firm], count, firm, rounds, i, *better)) {
            most = i;
            largest = difference;
        }
    }
    return most;
}

/* A firm that ran out of cash hears that first, and when. */
static void append_administration(const struct market_rules *rules, const struct report_firm *firm,
                                  enum lang lang, struct buf *text)
{
    if (firm->administration)
        text_put(text, lang,
                 firm->in_administration
                     ? N_("it ran out of cash and was under administration from {0} to the end; ")
                     : N_("it ran out of cash and was under administration from {0} for a time; "),
                 ERR_DATE(rules->start_date + firm->administration_day));
}

void report_reason_append(const struct market_rules *rules, const struct report_firm *firms,
                          const struct score_firm *scores, int count, int firm, int rounds,
                          enum lang lang, struct buf *text)
{
    bool better;
    struct shape own = shape_get(&firms[firm], &scores[firm]);
    struct shape mean = shape_mean(firms, scores, count);
    int indicator = main_indicator(rules, firms, scores, count, firm, rounds, &better);
    if (!scores[firm].has_total[rounds - 1]) {
        double equity = 0;
        for (int f = 0; f < count; f++)
            equity += (double)firms[f].equity_minor / count;
        better = (double)firms[firm].equity_minor >= equity;
    }
    append_administration(rules, &firms[firm], lang, text);
    if (report_contrast_append(rules, firms, scores, firm, lang, text)) {
        if (indicator == INDICATOR_EQUITY || indicator == NO_INDICATOR ||
            !scores[firm].has_total[rounds - 1])
            return;
        text_put0(text, lang,
                  better ? N_("; most points it won because ")
                         : N_("; most points it lost because "));
    }
    switch (indicator) {
    case INDICATOR_SERVICE:
        reason_service(&firms[firm], &own, &scores[firm].cells[rounds - 1][INDICATOR_SERVICE],
                       better, lang, text);
        return;
    case INDICATOR_STOCK:
        reason_stock(scores, count, firm, better, lang, text);
        return;
    case INDICATOR_FORECAST:
        text_put0(text, lang,
                  better ? N_("its forecasts were nearer to the demand than its rivals'")
                         : N_("its forecasts were farther from the demand than its rivals', or "
                              "missing"));
        return;
    case INDICATOR_RATING:
        reason_rating(firms, count, firm, better, lang, text);
        return;
    default:
        reason_equity(&own, &mean, better, lang, text);
        return;
    }
}
