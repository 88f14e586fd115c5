#include "app/training/contrast.h"

#include <assert.h>

#include "app/training/contrast_orders.h"
#include "app/training/run_cells.h"

/* ---- what a side did ---- */

/* Of one product, home minor units but for orders and pieces; what income takes is negative. Per
 * currency: pieces sold there, and what buyers paid. */
struct trade {
    double orders, pieces, referral, fulfilment, cogs, returns, booked[PART_COUNT];
    double pieces_in[MARKET_CURRENCIES_MAX], revenue_in[MARKET_CURRENCIES_MAX];
};

static int bundle_of(const struct market_why *why)
{
    return why->bundle_units > 1 ? why->bundle_units : 1;
}

/* The part of an entry that no sale has brought about; PART_COUNT: one did. */
static enum contrast_part part_booked(enum market_account account, enum market_reason reason)
{
    switch (reason) {
    case REASON_EXPORT_REFUND:
    case REASON_EXPORT_REFUND_PAID:
    case REASON_EXPORT_REFUND_BACK:
        return PART_EXPORT_TAX;
    case REASON_EXPORT_ENTRY:
        return PART_ENTRIES;
    case REASON_REGISTRATION:
        return PART_REGISTRATION;
    case REASON_COMPLIANCE:
        return PART_COMPLIANCE;
    default:
        return account == ACCOUNT_INSPECTION ? PART_INSPECTION : PART_COUNT;
    }
}

static bool is_return(enum market_reason reason)
{
    return reason == REASON_REFUND || reason == REASON_RETURN_HANDLING ||
           reason == REASON_RETURN_STOCK;
}

/* `home`: what income gains by it. */
static void trade_add(struct trade *trade, const struct market_entry *entry,
                      enum market_account account, double home)
{
    enum contrast_part part = part_booked(account, (enum market_reason)entry->reason);
    if (part != PART_COUNT)
        trade->booked[part] += home;
    else if (entry->object < 0)
        trade->booked[PART_UNSOLD] += home;
    else if (is_return((enum market_reason)entry->reason))
        trade->returns += home;
    else if (account == ACCOUNT_REVENUE)
        trade->revenue_in[entry->currency] += home;
    else if (account == ACCOUNT_REFERRAL)
        trade->referral += home;
    else if (account == ACCOUNT_FULFILMENT)
        trade->fulfilment += home;
    else
        trade->cogs += home;
}

/* trades[product], and behind the last product what belongs to none. */
static void trade_get(const struct history *history, int firm, int rounds, struct trade *trades)
{
    const struct market_rules *rules = &history->play.rules;
    for (int r = 1; r <= rounds; r++) {
        const struct history_round *round = &history->kept[firm][r];
        for (int i = 0; i < round->why_count; i++) {
            const struct market_why *why = &round->why[i];
            struct trade *trade = &trades[why->product];
            double pieces = (double)why->served * bundle_of(why);
            trade->orders += (double)why->served;
            trade->pieces += pieces;
            trade->pieces_in[rules->markets[rules->nests[why->nest].market].currency] += pieces;
        }
        for (int i = 0; i < round->entry_count; i++) {
            const struct market_entry *entry = &round->entries[i];
            struct trade *trade = &trades[entry->object < 0 ? MARKET_PRODUCTS_MAX : entry->object];
            double home =
                (double)history_home(rules, entry->currency, entry->day, entry->amount_minor);
            for (int side = -1; side <= 1; side += 2) {
                int account = side < 0 ? entry->debit : entry->credit;
                if (account == ACCOUNT_REVENUE || account == ACCOUNT_REFERRAL ||
                    account == ACCOUNT_FULFILMENT || account == ACCOUNT_COGS ||
                    account == ACCOUNT_INSPECTION)
                    trade_add(trade, entry, (enum market_account)account, side * home);
            }
        }
    }
}

static double revenue_of(const struct trade *trade)
{
    double revenue = 0;
    for (int c = 0; c < MARKET_CURRENCIES_MAX; c++)
        revenue += trade->revenue_in[c];
    return revenue;
}

static int64_t close_goods(const struct market_closing *closing)
{
    int64_t value = -closing->goods_books_minor;
    for (int p = 0; p < closing->product_count; p++)
        value += closing->goods[p].value_minor;
    return value;
}

static void side_close(const struct history_round *last, struct contrast_side *side)
{
    const struct market_closing *closing = &last->closing;
    double daily = 0;
    for (int p = 0; p < closing->product_count; p++) {
        side->goods_units += closing->goods[p].units;
        const struct market_closing_goods *goods = &closing->goods[p];
        daily += goods->units_per_day;
        if (goods->realisable < goods->landed)
            side->close_cheap += goods->near_units * (goods->landed - goods->realisable);
        side->close_slow += ((double)goods->units - goods->near_units) * 0.7 * goods->landed;
    }
    side->goods_days = daily > 0               ? (double)side->goods_units / daily
                       : side->goods_units > 0 ? -1
                                               : 0;
    side->closing_minor = closing->equity_minor;
    side->export_risk_minor = closing->export_tax_minor;
    side->refunds_minor = closing->refunds_minor;
    side->in_administration = last->in_administration;
}

static void side_days(const struct history_round *round, struct contrast_side *side)
{
    for (int i = 0; i < round->why_count; i++) {
        const struct market_why *why = &round->why[i];
        side->short_orders += why->lost + why->spill_out;
        side->days_out += !why->live && why->expected_in_stock > 0;
        if (why->absence == ABSENCE_CLOSED && side->closed_days++ == 0) {
            side->closed_kind = why->closed_kind;
            side->closed_number = why->closed_number;
        }
        if (!why->live)
            continue;
        side->live_days++;
        side->exposure += why->exposure;
        side->rating += why->rating;
        side->reviews += why->reviews;
        side->health += why->health;
        side->delivery_days += (double)why->promise_days > why->promise_kept_days
                                   ? (double)why->promise_days
                                   : why->promise_kept_days;
    }
}

static void side_get(const struct history *history, int firm, int rounds,
                     const struct trade *trades, struct contrast_side *side)
{
    *side = (struct contrast_side){.administration_day = -1};
    for (int r = 1; r <= rounds; r++) {
        const struct history_round *round = &history->kept[firm][r];
        const int64_t *pl = round->pl_minor;
        side->holding_minor -= pl[PL_STORAGE] + pl[PL_WRITE_OFF];
        side->ads_minor -= pl[PL_ADS];
        for (int l = 0; l < PL_COUNT; l++)
            side->result_minor += pl[l];
        if (side->administration_day < 0)
            side->administration_day = round->administration_day;
        side_days(round, side);
    }
    for (int p = 0; p <= MARKET_PRODUCTS_MAX; p++) {
        const struct trade *trade = &trades[p];
        side->orders += (int64_t)trade->orders;
        side->pieces += (int64_t)trade->pieces;
        side->revenue += revenue_of(trade);
        side->cogs -= trade->cogs;
        side->fees -= trade->referral + trade->fulfilment;
        side->returns -= trade->returns;
        side->export_tax_minor += (int64_t)trade->booked[PART_EXPORT_TAX];
    }
    side_close(&history->kept[firm][rounds], side);
    if (side->live_days == 0)
        return;
    side->exposure /= (double)side->live_days;
    side->rating /= (double)side->live_days;
    side->reviews /= (double)side->live_days;
    side->health /= (double)side->live_days;
    side->delivery_days /= (double)side->live_days;
}

/* ---- money ---- */

/* v = pieces (price kept - fulfilment - goods - returns), `kept` the share the channel leaves. */
struct unit {
    double pieces, price, kept, fulfilment, goods, returns;
};

static struct unit unit_get(const struct trade *trade)
{
    struct unit unit = {.pieces = trade->pieces, .kept = 1};
    double revenue = revenue_of(trade);
    if (!(trade->pieces > 0))
        return unit;
    unit.price = revenue / trade->pieces;
    unit.kept = revenue != 0 ? 1 + trade->referral / revenue : 1;
    unit.fulfilment = -trade->fulfilment / trade->pieces;
    unit.goods = -trade->cogs / trade->pieces;
    unit.returns = -trade->returns / trade->pieces;
    return unit;
}

/* Shapley value of the first of three factors that change from 0 to 1: the mean of what its change
 * makes over the six orders of changing. */
static double shapley3(double change, double x0, double x1, double y0, double y1)
{
    return change * ((x0 * y0 + x1 * y1) / 3 + (x0 * y1 + x1 * y0) / 6);
}

/* What of the difference of two prices lies within currencies in which both sold; the rest is which
 * currencies they were. */
static double price_within(const struct trade *a, const struct trade *b)
{
    double within = 0;
    for (int c = 0; c < MARKET_CURRENCIES_MAX; c++)
        if (a->pieces_in[c] > 0 && b->pieces_in[c] > 0)
            within += (a->pieces_in[c] / a->pieces + b->pieces_in[c] / b->pieces) / 2 *
                      (a->revenue_in[c] / a->pieces_in[c] - b->revenue_in[c] / b->pieces_in[c]);
    return within;
}

/* What a product that was not sold has cost or brought all the same. */
static double unsold(const struct trade *trade)
{
    return trade->pieces > 0 ? 0
                             : revenue_of(trade) + trade->referral + trade->fulfilment +
                                   trade->cogs + trade->returns;
}

static void product_tell(const struct unit *a, const struct unit *b, double fees, double goods,
                         double price, double returns, struct contrast_product *product)
{
    const struct unit *units[2] = {a, b};
    product->pieces_a = a->pieces;
    product->pieces_b = b->pieces;
    for (int i = 0; i < 2; i++) {
        product->price[i] = units[i]->price;
        product->fees[i] = units[i]->price * (1 - units[i]->kept) + units[i]->fulfilment;
        product->goods[i] = units[i]->goods;
        product->returns[i] = units[i]->returns;
    }
    product->price_part = price;
    product->fees_part = fees;
    product->goods_part = goods;
    product->returns_part = returns;
}

static void add_product(const struct trade *trade_a, const struct trade *trade_b,
                        const double *orders, double *parts, struct contrast_product *product)
{
    struct unit a = unit_get(trade_a), b = unit_get(trade_b);
    bool both = a.pieces > 0 && b.pieces > 0;
    double bundle_a = a.pieces > 0 ? a.pieces / trade_a->orders : 0;
    double bundle_b = b.pieces > 0 ? b.pieces / trade_b->orders : 0;
    /* A side that sold none has no price of its own: all is a matter of sales. */
    if (!(a.pieces > 0)) {
        a = (struct unit){0, b.price, b.kept, b.fulfilment, b.goods, b.returns};
        bundle_a = bundle_b;
    }
    if (!(b.pieces > 0)) {
        b = (struct unit){0, a.price, a.kept, a.fulfilment, a.goods, a.returns};
        bundle_b = bundle_a;
    }
    double a_piece = shapley3(1, b.price, a.price, b.kept, a.kept) -
                     (a.fulfilment + b.fulfilment) / 2 - (a.goods + b.goods) / 2 -
                     (a.returns + b.returns) / 2;
    double mean = (a.pieces + b.pieces) / 2;
    for (int p = 0; p < PART_COUNT; p++)
        parts[p] += orders[p] * (bundle_a + bundle_b) / 2 * a_piece;
    parts[PART_PIECES] += (bundle_a - bundle_b) * (trade_a->orders + trade_b->orders) / 2 * a_piece;
    double within = both ? price_within(trade_a, trade_b) : 0;
    double price = shapley3(within, b.pieces, a.pieces, b.kept, a.kept);
    double referral = shapley3(a.kept - b.kept, b.pieces, a.pieces, b.price, a.price);
    double fulfilment = -(a.fulfilment - b.fulfilment) * mean;
    double goods = -(a.goods - b.goods) * mean, returns = -(a.returns - b.returns) * mean;
    parts[PART_PRICE] += price;
    parts[PART_MIX] += shapley3(a.price - b.price - within, b.pieces, a.pieces, b.kept, a.kept);
    parts[PART_REFERRAL] += referral;
    parts[PART_FULFILMENT] += fulfilment;
    parts[PART_UNIT_COST] += goods;
    parts[PART_RETURNS] += returns;
    parts[PART_UNSOLD] += unsold(trade_a) - unsold(trade_b);
    product_tell(&a, &b, referral + fulfilment, goods, price, returns, product);
}

static const struct {
    enum contrast_part part;
    enum market_pl line;
} booked[] = {{PART_STORAGE, PL_STORAGE},   {PART_WRITE_OFF, PL_WRITE_OFF},
              {PART_ADS, PL_ADS},           {PART_PAYROLL, PL_PAYROLL},
              {PART_INTEREST, PL_INTEREST}, {PART_CONVERSION, PL_CONVERSION},
              {PART_PENALTY, PL_PENALTY}};

static int64_t line_of(const struct history *history, int firm, int rounds, enum market_pl line)
{
    int64_t sum = 0;
    for (int r = 1; r <= rounds; r++)
        sum += history->kept[firm][r].pl_minor[line];
    return sum;
}

/* The lines that follow from no sale, with a sign. */
static void add_lines(const struct history *history, int firm, int rounds,
                      const struct trade *trades, int sign, double *parts)
{
    const struct history_round *kept = history->kept[firm];
    const struct market_closing *closing = &kept[rounds].closing;
    for (size_t i = 0; i < COUNT_OF(booked); i++)
        parts[booked[i].part] += sign * (double)line_of(history, firm, rounds, booked[i].line);
    for (int p = 0; p <= MARKET_PRODUCTS_MAX; p++)
        for (int part = 0; part < PART_COUNT; part++)
            parts[part] += sign * trades[p].booked[part];
    parts[PART_OPENING] += sign * (double)kept[0].equity_minor;
    parts[PART_CLOSE_GOODS] += sign * (double)close_goods(closing);
    parts[PART_CLOSE_RETURNS] -= sign * (double)closing->refunds_minor;
    parts[PART_CLOSE_TAX] -= sign * (double)closing->export_tax_minor;
}

void contrast_make(const struct history *history_a, int a, const struct history *history_b, int b,
                   int rounds, struct contrast *contrast)
{
    struct trade trades_a[MARKET_PRODUCTS_MAX + 1] = {0}, trades_b[MARKET_PRODUCTS_MAX + 1] = {0};
    double orders[MARKET_PRODUCTS_MAX][PART_COUNT] = {{0}}, parts[PART_COUNT] = {0}, told = 0;
    assert(rounds <= history_a->rounds && rounds <= history_b->rounds);
    *contrast = (struct contrast){.product_count = history_a->play.rules.product_count};
    trade_get(history_a, a, rounds, trades_a);
    trade_get(history_b, b, rounds, trades_b);
    side_get(history_a, a, rounds, trades_a, &contrast->a);
    side_get(history_b, b, rounds, trades_b, &contrast->b);
    contrast->difference_minor = contrast->a.closing_minor - contrast->b.closing_minor;
    contrast_orders_get(history_a, a, history_b, b, rounds, orders);
    for (int p = 0; p < contrast->product_count; p++)
        add_product(&trades_a[p], &trades_b[p], orders[p], parts, &contrast->products[p]);
    add_lines(history_a, a, rounds, trades_a, 1, parts);
    add_lines(history_b, b, rounds, trades_b, -1, parts);
    for (int p = 0; p < PART_COUNT; p++)
        told += parts[p];
    parts[PART_REST] += (double)contrast->difference_minor - told;
    run_cells_round(parts, PART_COUNT, contrast->difference_minor, contrast->parts_minor);
}
