/* The names of causes, and the figures behind them. */
#include "app/training/contrast.h"
#include "app/training/explain.h"
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
                                                     [PART_PENALTY] = CONTRAST_CHARGES,
                                                     [PART_BUNDLE_DEMAND] = CONTRAST_BUNDLE,
                                                     [PART_PIECES] = CONTRAST_BUNDLE,
                                                     [PART_LATE] = CONTRAST_LATE,
                                                     [PART_MIX] = CONTRAST_RANGE,
                                                     [PART_RETURNS] = CONTRAST_RETURNS,
                                                     [PART_EXPORT_TAX] = CONTRAST_EXPORT_TAX,
                                                     [PART_ENTRIES] = CONTRAST_CHARGES,
                                                     [PART_REGISTRATION] = CONTRAST_CHARGES,
                                                     [PART_COMPLIANCE] = CONTRAST_CHARGES,
                                                     [PART_UNSOLD] = CONTRAST_CHARGES,
                                                     [PART_CLOSE_GOODS] = CONTRAST_CLOSING,
                                                     [PART_CLOSE_RETURNS] = CONTRAST_RETURNS,
                                                     [PART_CLOSE_TAX] = CONTRAST_EXPORT_TAX,
                                                     [PART_OPENING] = CONTRAST_OVERHEAD,
                                                     [PART_CLOSED] = CONTRAST_CLOSED,
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

/* What was decided works both ways here, and the larger side tells what it did: where that is a
 * twentieth of the revenue or more; two prices that are nearly equal have sides, too. */
static bool has_two_sides(const struct contrast *contrast, enum contrast_cause cause,
                          int64_t larger)
{
    return (cause == CONTRAST_PRICE || cause == CONTRAST_ADS || cause == CONTRAST_BUNDLE) &&
           20 * (double)larger >= (contrast->a.revenue + contrast->b.revenue) / 2;
}

/* What only follows from what was sold before. */
static bool is_consequence(enum contrast_cause cause)
{
    return cause == CONTRAST_EXPOSURE || cause == CONTRAST_REVIEWS;
}

int64_t contrast_cause_weight(const struct contrast *contrast, enum contrast_cause cause,
                              int direction)
{
    int64_t with = 0, against = 0;
    for (int p = 0; p < PART_COUNT; p++) {
        int64_t minor = direction * contrast->parts_minor[p];
        if (contrast_part_cause((enum contrast_part)p) != cause)
            continue;
        with += minor > 0 ? minor : 0;
        against -= minor < 0 ? minor : 0;
    }
    if (with <= against)
        return 0;
    return has_two_sides(contrast, cause, with) ? with : with - against;
}

bool contrast_main(const struct contrast *contrast, int direction, enum contrast_cause *cause)
{
    int64_t most = 0, most_following = 0;
    enum contrast_cause following = CONTRAST_EXPOSURE;
    for (int c = 0; c < CONTRAST_COUNT; c++) {
        bool follows = is_consequence((enum contrast_cause)c);
        int64_t weight = contrast_cause_weight(contrast, (enum contrast_cause)c, direction);
        if (weight <= (follows ? most_following : most))
            continue;
        *(follows ? &most_following : &most) = weight;
        *(follows ? &following : cause) = (enum contrast_cause)c;
    }
    if (most_following > 0 && 2 * most < most_following)
        *cause = following;
    return most > 0 || most_following > 0;
}

bool contrast_next(const struct contrast *contrast, int direction, enum contrast_cause told,
                   enum contrast_cause *cause)
{
    struct contrast rest = *contrast;
    for (int p = 0; p < PART_COUNT; p++)
        if (contrast_part_cause((enum contrast_part)p) == told)
            rest.parts_minor[p] = 0;
    return contrast_main(&rest, direction, cause);
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
        [PART_BUNDLE_DEMAND] = N_("demand: bundles"),
        [PART_PIECES] = N_("pieces in a sale"),
        [PART_LATE] = N_("demand: hidden for late parcels"),
        [PART_MIX] = N_("markets sold in"),
        [PART_RETURNS] = N_("returns of a piece"),
        [PART_EXPORT_TAX] = N_("export tax refunded"),
        [PART_ENTRIES] = N_("export declarations"),
        [PART_REGISTRATION] = N_("tax registrations"),
        [PART_COMPLIANCE] = N_("certificates, persons and service"),
        [PART_UNSOLD] = N_("charges of products not sold"),
        [PART_CLOSE_GOODS] = N_("goods at the close, less in the books"),
        [PART_CLOSE_RETURNS] = N_("refunds expected at the close"),
        [PART_CLOSE_TAX] = N_("export tax at risk at the close"),
        [PART_OPENING] = N_("equity at the start"),
        [PART_CLOSED] = N_("demand: listings closed by a fault"),
        [PART_PRICE] = N_("revenue of a piece"),
        [PART_REFERRAL] = N_("channel fee rate"),
        [PART_FULFILMENT] = N_("fulfilment of a piece"),
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
        [CONTRAST_RANGE] = N_("the products and markets it chose"),
        [CONTRAST_BUNDLE] = N_("its bundles"),
        [CONTRAST_LATE] = N_("its late parcels"),
        [CONTRAST_RETURNS] = N_("what its buyers returned"),
        [CONTRAST_EXPORT_TAX] = N_("refunds of export tax"),
        [CONTRAST_CHARGES] = N_("declarations, papers and fines"),
        [CONTRAST_CLOSING] = N_("what its goods count for at the close"),
        [CONTRAST_STOCK_OUT] = N_("goods that were missing"),
        [CONTRAST_COME_OVER] = N_("buyers who came over from sold-out rivals"),
        [CONTRAST_CHANCE] = N_("chance in the orders"),
        [CONTRAST_COST] = N_("what its goods cost"),
        [CONTRAST_FEES] = N_("channel and fulfilment fees"),
        [CONTRAST_HOLDING] = N_("storage and write-offs"),
        [CONTRAST_ADS] = N_("its advertising and content"),
        [CONTRAST_CLOSED] = N_("listings closed by a fault"),
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

/* ---- amounts of a piece ---- */

/* A mean over all products is told where it carries the part: same direction, half of it or more.
 */
static bool carries(double change, double part)
{
    return change * part > 0 && 2 * (change < 0 ? -change : change) >= (part < 0 ? -part : part);
}

enum piece { PIECE_PRICE, PIECE_FEES, PIECE_GOODS, PIECE_RETURNS };

static const double *piece_of(const struct contrast_product *product, enum piece piece)
{
    return piece == PIECE_PRICE   ? product->price
           : piece == PIECE_FEES  ? product->fees
           : piece == PIECE_GOODS ? product->goods
                                  : product->returns;
}

static double piece_part(const struct contrast_product *product, enum piece piece)
{
    return piece == PIECE_PRICE   ? product->price_part
           : piece == PIECE_FEES  ? product->fees_part
           : piece == PIECE_GOODS ? product->goods_part
                                  : product->returns_part;
}

/* The product with most of a part, where its own amounts of a piece carry that; -1: none. */
static int product_of(const struct contrast *contrast, enum piece piece, int64_t part)
{
    int most = -1;
    for (int p = 0; p < contrast->product_count; p++) {
        const struct contrast_product *product = &contrast->products[p];
        const double *own = piece_of(product, piece);
        double sign = piece == PIECE_PRICE ? 1 : -1;
        double mine = part < 0 ? -piece_part(product, piece) : piece_part(product, piece);
        double change = sign * (own[0] - own[1]) * (product->pieces_a + product->pieces_b) / 2;
        if (mine > 0 && carries(change, piece_part(product, piece)) &&
            (most < 0 || mine > (part < 0 ? -1 : 1) * piece_part(&contrast->products[most], piece)))
            most = p;
    }
    return most;
}

/* "the goods of a piece cost 24.71 CNY against 25.27", of all or of the product that carries it. */
static bool append_piece(const struct market_rules *rules, const struct contrast *contrast,
                         enum piece piece, double a, double b, int64_t part, enum lang lang,
                         struct buf *text)
{
    static const char *const words[][2] = {
        [PIECE_PRICE] = {N_("a piece brought {0} {2} against {1}"),
                         N_("a piece of {3} brought {0} {2} against {1}")},
        [PIECE_FEES] = {N_("fees took {0} {2} of a piece against {1}"),
                        N_("of a piece of {3} fees took {0} {2} against {1}")},
        [PIECE_GOODS] = {N_("the goods of a piece cost {0} {2} against {1}"),
                         N_("the goods of a piece of {3} cost {0} {2} against {1}")},
        [PIECE_RETURNS] = {N_("returns took {0} {2} of a piece against {1}"),
                           N_("of a piece of {3} returns took {0} {2} against {1}")}};
    struct currency home = rules->currencies[0];
    double minor = (double)currency_minor_per_major(home);
    double pieces_a = (double)contrast->a.pieces, pieces_b = (double)contrast->b.pieces;
    if (!(pieces_a > 0 && pieces_b > 0))
        return false;
    double mean_a = a / pieces_a, mean_b = b / pieces_b;
    int product = -1;
    double sign = piece == PIECE_PRICE ? 1 : -1;
    if (!carries(sign * (mean_a - mean_b) * (pieces_a + pieces_b) / 2, (double)part)) {
        product = product_of(contrast, piece, part);
        if (product < 0)
            return false;
        mean_a = piece_of(&contrast->products[product], piece)[0];
        mean_b = piece_of(&contrast->products[product], piece)[1];
    }
    struct pair pair = pair_of(mean_a / minor, mean_b / minor, currency_decimals(home));
    const struct market_name *name = product < 0 ? NULL : &rules->products[product].name;
    text_put(text, lang, words[piece][product >= 0], pair.a, pair.b, ERR_CTEXT(home.code),
             ERR_CTEXT(name == NULL      ? ""
                       : lang == LANG_ZH ? name->zh
                                         : name->en));
    return true;
}

static void append_comma(enum lang lang, struct buf *text)
{
    buf_append_c(text, lang == LANG_ZH ? "，" : ", ");
}

/* ---- evidence of causes ---- */

static bool append_price(const struct market_rules *rules, const struct contrast *contrast,
                         enum lang lang, struct buf *text)
{
    struct currency home = rules->currencies[0];
    if (append_piece(rules, contrast, PIECE_PRICE, contrast->a.revenue, contrast->b.revenue,
                     contrast->parts_minor[PART_PRICE], lang, text))
        append_comma(lang, text);
    text_put(text, lang,
             N_("what a piece brought was worth {0} {2}, what the price did to demand {1} {2}"),
             run_cells_money(contrast->parts_minor[PART_PRICE], home),
             run_cells_money(contrast->parts_minor[TERM_PRICE], home), ERR_CTEXT(home.code));
    return true;
}

static bool append_bundle(const struct market_rules *rules, const struct contrast *contrast,
                          enum lang lang, struct buf *text)
{
    const struct contrast_side *a = &contrast->a, *b = &contrast->b;
    struct currency home = rules->currencies[0];
    if (a->orders == 0 || b->orders == 0)
        return false;
    struct pair pair =
        pair_of((double)a->pieces / (double)a->orders, (double)b->pieces / (double)b->orders, 1);
    text_put(
        text, lang,
        N_("{0} pieces in a sale against {1} were worth {2} {4}, what the bundle did to demand "
           "{3} {4}"),
        pair.a, pair.b, run_cells_money(contrast->parts_minor[PART_PIECES], home),
        run_cells_money(contrast->parts_minor[PART_BUNDLE_DEMAND], home), ERR_CTEXT(home.code));
    return true;
}

static void append_goods_days(const struct contrast_side *side, enum lang lang, struct buf *text)
{
    if (side->goods_days < 0)
        text_put(text, lang, N_("{0} pieces for which nobody asks"), ERR_INT(side->goods_units));
    else
        text_put(text, lang, N_("{0} pieces, {1} days of demand"), ERR_INT(side->goods_units),
                 ERR_INT(run_cells_scaled(side->goods_days, 0)));
}

static bool append_closing(const struct contrast *contrast, struct currency home, enum lang lang,
                           struct buf *text)
{
    const struct contrast_side *a = &contrast->a, *b = &contrast->b;
    double cheap = a->close_cheap - b->close_cheap, slow = a->close_slow - b->close_slow;
    double direction = contrast_cause_minor(contrast, CONTRAST_CLOSING) < 0 ? 1 : -1;
    if (direction * cheap > direction * slow) {
        text_put(text, lang,
                 N_("after tax and fees its goods bring {0} {2} less than they cost, against {1}"),
                 run_cells_money(run_cells_scaled(a->close_cheap, 0), home),
                 run_cells_money(run_cells_scaled(b->close_cheap, 0), home), ERR_CTEXT(home.code));
        return true;
    }
    append_goods_days(&contrast->a, lang, text);
    buf_append_c(text, lang == LANG_ZH ? "，对方 " : ", against ");
    append_goods_days(&contrast->b, lang, text);
    text_put0(text, lang, N_(" (what 60 days do not take counts for 30 % of its cost)"));
    return true;
}

static bool append_export_tax(const struct contrast *contrast, struct currency home, enum lang lang,
                              struct buf *text)
{
    const struct contrast_side *a = &contrast->a, *b = &contrast->b;
    text_put(text, lang,
             N_("{0} {4} were booked against {1}, of which {2} against {3} were at risk at the "
                "close: the goods unsold or the refund not claimed"),
             run_cells_money(a->export_tax_minor, home), run_cells_money(b->export_tax_minor, home),
             run_cells_money(a->export_risk_minor, home),
             run_cells_money(b->export_risk_minor, home), ERR_CTEXT(home.code));
    return true;
}

/* The largest part of a cause that is several things. */
static bool append_largest(const struct contrast *contrast, enum contrast_cause cause,
                           struct currency home, enum lang lang, struct buf *text)
{
    int64_t direction = contrast_cause_minor(contrast, cause) < 0 ? -1 : 1, amount = 0;
    int most = -1, parts = 0;
    for (int p = 0; p < PART_COUNT; p++) {
        if (contrast_part_cause((enum contrast_part)p) != cause || contrast->parts_minor[p] == 0)
            continue;
        parts++;
        if (direction * contrast->parts_minor[p] > amount) {
            amount = direction * contrast->parts_minor[p];
            most = p;
        }
    }
    if (most < 0)
        return false;
    const char *name = contrast_part_name((enum contrast_part)most);
    if (parts == 1)
        text_put0(text, lang, name);
    else
        text_put(text, lang, N_("most of it {0} ({1} {2})"), ERR_KEY(name),
                 run_cells_money(contrast->parts_minor[most], home), ERR_CTEXT(home.code));
    return true;
}

static bool append_closed(const struct contrast *contrast, enum lang lang, struct buf *text)
{
    const struct contrast_side *a = &contrast->a, *b = &contrast->b;
    const struct contrast_side *most = a->closed_days >= b->closed_days ? a : b;
    text_put(text, lang,
             most->closed_number > 0
                 ? N_("closed on {0} listing days against {1}, first by incident {2} ({3})")
                 : N_("closed on {0} listing days against {1}, because of {3}"),
             ERR_INT(a->closed_days), ERR_INT(b->closed_days), ERR_INT(most->closed_number),
             ERR_KEY(explain_fault_name(most->closed_kind)));
    return true;
}

/* Whether the difference in returns is one of refunds still expected rather than of returns of a
 * piece: these may work against the direction of the whole, which they then contradict. */
static bool refunds_carry(const struct contrast *contrast)
{
    int64_t sign = contrast_cause_minor(contrast, CONTRAST_RETURNS) < 0 ? -1 : 1;
    return sign * contrast->parts_minor[PART_CLOSE_RETURNS] >
           sign * contrast->parts_minor[PART_RETURNS];
}

bool contrast_evidence_append(const struct market_rules *rules, const struct contrast *contrast,
                              enum contrast_cause cause, enum lang lang, struct buf *text)
{
    const struct contrast_side *a = &contrast->a, *b = &contrast->b;
    const int64_t *parts = contrast->parts_minor;
    bool live = a->live_days > 0 && b->live_days > 0;
    struct currency home = rules->currencies[0];
    struct err_arg code = ERR_CTEXT(home.code);
    struct pair pair;
    switch (cause) {
    case CONTRAST_PRICE:
        return append_price(rules, contrast, lang, text);
    case CONTRAST_BUNDLE:
        return append_bundle(rules, contrast, lang, text);
    case CONTRAST_CLOSING:
        return append_closing(contrast, home, lang, text);
    case CONTRAST_CLOSED:
        return append_closed(contrast, lang, text);
    case CONTRAST_EXPORT_TAX:
        return append_export_tax(contrast, home, lang, text);
    case CONTRAST_RANGE:
    case CONTRAST_CHARGES:
    case CONTRAST_OVERHEAD:
        return append_largest(contrast, cause, home, lang, text);
    case CONTRAST_LATE:
        pair = pair_of(a->health * 100, b->health * 100, 0);
        if (live)
            text_put(text, lang,
                     N_("for late parcels its listings were shown at {0} % of their weight against "
                        "{1} %"),
                     pair.a, pair.b);
        return live;
    case CONTRAST_STOCK_OUT:
        text_put(text, lang,
                 N_("without goods on {0} listing days against {1}, and {2} buyers against {3} "
                    "found too little"),
                 ERR_INT(a->days_out), ERR_INT(b->days_out), ERR_INT(a->short_orders),
                 ERR_INT(b->short_orders));
        return true;
    case CONTRAST_COST:
        return append_piece(rules, contrast, PIECE_GOODS, a->cogs, b->cogs, parts[PART_UNIT_COST],
                            lang, text);
    case CONTRAST_FEES:
        return append_piece(rules, contrast, PIECE_FEES, a->fees, b->fees,
                            parts[PART_REFERRAL] + parts[PART_FULFILMENT], lang, text);
    case CONTRAST_RETURNS:
        if (refunds_carry(contrast)) {
            text_put(text, lang,
                     N_("refunds still expected after the close take {0} {3} against {1}, returns "
                        "so far made {2} {3}"),
                     run_cells_money(a->refunds_minor, home),
                     run_cells_money(b->refunds_minor, home),
                     run_cells_money(parts[PART_RETURNS], home), code);
            return true;
        }
        return append_piece(rules, contrast, PIECE_RETURNS, a->returns, b->returns,
                            parts[PART_RETURNS], lang, text);
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
