/* What a unit costs to bring to market and to sell, and the price at which nothing is earned. */
#include <string.h>

#include "core/text.h"
#include "engine/market/policy.h"
#include "engine/market/work.h"

/* What the parts of a reckoning share. */
struct outlay {
    const struct market_rules *rules;
    int32_t date;
    const struct market_nest *nest;
    const struct market_product *product;
    const struct market_lane *bulk; /* NULL: goods stay at home */
    const struct market_lane *sale;
    int currency; /* of the market */
    const struct market_cost_seat *seat;
    int bundle; /* units in an order */
    struct market_cost_terms *terms;
};

static enum err index_check(int64_t value, int64_t least, int64_t most, const char *place,
                            struct problem *problem)
{
    if (value >= least && value <= most)
        return ERR_OK;
    problem_set(problem, ERR_RANGE, ERR_INT(value), ERR_INT(least), ERR_INT(most));
    return problem_place(problem, "%s", place);
}

static enum err lane_refuse(const struct market_lane *lane, struct problem *problem)
{
    problem_set(problem, ERR_LANE_KIND, ERR_CTEXT(lane->name.id));
    return problem_place(problem, "lane");
}

static enum err arguments_check(const struct market_rules *rules, int product, int nest,
                                int supplier, int lane_bulk, int lane_sale, int64_t units,
                                struct problem *problem)
{
    TRY(index_check(product, 0, rules->product_count - 1, "product", problem));
    TRY(index_check(nest, 0, rules->nest_count - 1, "nest", problem));
    TRY(index_check(supplier, 0, rules->supplier_count - 1, "supplier", problem));
    TRY(index_check(lane_bulk, -1, rules->lane_count - 1, "lane", problem));
    TRY(index_check(lane_sale, 0, rules->lane_count - 1, "lane", problem));
    TRY(index_check(units, 1, 1000000, "units", problem));
    const struct market_lane *sale = &rules->lanes[lane_sale];
    int market = rules->nests[nest].market;
    if (rules->suppliers[supplier].product != product) {
        problem_set(problem, ERR_SUPPLIER_PRODUCT, ERR_CTEXT(rules->suppliers[supplier].name.id),
                    ERR_CTEXT(rules->products[product].name.id));
        return problem_place(problem, "supplier");
    }
    if (sale->kind == LANE_BULK || sale->market != market)
        return lane_refuse(sale, problem);
    if (lane_bulk >= 0 &&
        (rules->lanes[lane_bulk].kind != LANE_BULK || rules->lanes[lane_bulk].market != market))
        return lane_refuse(&rules->lanes[lane_bulk], problem);
    /* What is sold from a warehouse abroad came there on some lane. */
    return sale->kind == LANE_LOCAL && lane_bulk < 0 ? lane_refuse(sale, problem) : ERR_OK;
}

static enum err overflow(int64_t amount, struct problem *problem)
{
    return problem_set(problem, ERR_RANGE, ERR_INT(amount), ERR_INT(0), ERR_INT(INT64_MAX));
}

static enum err to_home(const struct outlay *it, int64_t minor, int64_t *home,
                        struct problem *problem)
{
    const struct market_rules *rules = it->rules;
    int64_t rate = market_fx(rules, it->currency, it->date - rules->start_date);
    if (it->currency == 0)
        *home = minor;
    else if (!money_convert(minor, rules->currencies[it->currency], rules->currencies[0], rate,
                            ROUND_HALF_UP, home))
        return overflow(minor, problem);
    return ERR_OK;
}

/* Home minor units in the market's: times its minor units a major, over the rate. */
static enum err to_local(const struct outlay *it, int64_t home, int64_t *minor,
                         struct problem *problem)
{
    const struct market_rules *rules = it->rules;
    int64_t rate = market_fx(rules, it->currency, it->date - rules->start_date);
    int64_t numerator, divisor;
    if (it->currency == 0)
        *minor = home;
    else if (!int64_multiply(currency_minor_per_major(rules->currencies[it->currency]), RATE_ONE,
                             &numerator) ||
             !int64_multiply(currency_minor_per_major(rules->currencies[0]), rate, &divisor) ||
             divisor <= 0 || !int64_multiply_divide(home, numerator, divisor, ROUND_HALF_UP, minor))
        return overflow(home, problem);
    return ERR_OK;
}

static enum err border_quote(const struct outlay *it, enum trade_mode mode, int64_t units,
                             int64_t value_minor, int64_t freight_minor, struct trade_quote *quote,
                             int64_t *charges_minor, struct problem *problem)
{
    struct market_border border = {
        .mode = mode,
        .market = it->nest->market,
        .category = it->product->category,
        .units = units,
        .value_minor = value_minor,
        .freight_minor = freight_minor,
        .declared_share_1e9 = market_customs_taxed_share(
            market_customs_declared_share(it->seat->declared_minor, units, value_minor)),
        .declared_hs6 = it->seat->declared_hs6};
    TRY(market_border_quote(it->rules, it->date, &border, quote, problem));
    it->terms->declared_share_1e9 = border.declared_share_1e9;
    *charges_minor = quote->duty_minor + quote->charges_minor + quote->handling_minor;
    return ERR_OK;
}

/* Purchase, freight and duty of the whole lot, then a unit's part of each, half up. */
static enum err landed_reckon(const struct outlay *it, const struct market_supplier *supplier,
                              int64_t units, struct market_unit_cost *cost, struct problem *problem)
{
    int64_t goods = market_supplier_price(supplier, units) * units, freight = 0, duty = 0;
    int64_t goods_local = 0, freight_local = 0, duty_local = 0;
    if (it->bulk != NULL) {
        freight = market_freight(it->rules, it->bulk, it->product, units, 1.0);
        TRY(to_local(it, goods, &goods_local, problem));
        TRY(to_local(it, freight, &freight_local, problem));
        TRY(border_quote(it, TRADE_MODE_FREIGHT, units, goods_local, freight_local,
                         &it->terms->border, &duty_local, problem));
        TRY(to_home(it, duty_local, &duty, problem));
        if (it->seat->vat_lacking) {
            int64_t tax = 0;
            it->terms->import_tax_local_minor = it->terms->border.tax_minor;
            TRY(to_home(it, it->terms->border.tax_minor, &tax, problem));
            duty_local += it->terms->border.tax_minor;
            duty += tax; /* converted apart, as it is booked */
        }
    }
    it->terms->price_minor = market_supplier_price(supplier, units);
    it->terms->goods_minor = goods;
    it->terms->inspection_minor = supplier->inspection_fee_minor;
    it->terms->freight_minor = freight;
    it->terms->duty_minor = duty;
    it->terms->goods_local_minor = goods_local;
    it->terms->freight_local_minor = freight_local;
    it->terms->duty_local_minor = duty_local;
    cost->purchase_minor = market_share_of(goods + supplier->inspection_fee_minor, 1, units);
    cost->freight_minor = market_share_of(freight, 1, units);
    cost->duty_minor = market_share_of(duty, 1, units);
    cost->landed_minor = cost->purchase_minor + cost->freight_minor + cost->duty_minor;
    return ERR_OK;
}

static int64_t tax_at(const struct market_unit_cost *cost, int64_t price)
{
    return market_share_of(price, cost->tax_rate_1e9, RATE_ONE + cost->tax_rate_1e9);
}

static int64_t referral_at(const struct outlay *it, const struct market_unit_cost *cost,
                           int64_t price)
{
    int64_t referral = market_share_of(price, cost->referral_rate_1e9, RATE_ONE);
    return referral > it->nest->referral_minimum_minor ? referral
                                                       : it->nest->referral_minimum_minor;
}

/* What is left of a door price after tax, referral and costs, rounded as a sale is booked. */
static int64_t profit_at(const struct outlay *it, const struct market_unit_cost *cost,
                         int64_t costs_minor, int64_t price)
{
    return price - tax_at(cost, price) - referral_at(it, cost, price) - costs_minor;
}

/* The lowest door price without a loss. Without roundings it is the greater of
 * c (1 + t) / (1 - r (1 + t)) and (c + m) (1 + t); INT64_MAX when tax and referral take all. */
static int64_t break_even_find(const struct outlay *it, const struct market_unit_cost *cost,
                               int64_t costs_minor)
{
    int64_t with_tax = RATE_ONE + cost->tax_rate_1e9, referred = 0, by_rate = 0, by_minimum = 0;
    bool fits = money_times_rate(with_tax, cost->referral_rate_1e9, ROUND_HALF_UP, &referred);
    if (!fits || referred >= RATE_ONE ||
        !int64_multiply_divide(costs_minor, with_tax, RATE_ONE - referred, ROUND_UP, &by_rate) ||
        !int64_multiply_divide(costs_minor + it->nest->referral_minimum_minor, with_tax, RATE_ONE,
                               ROUND_UP, &by_minimum))
        return INT64_MAX;
    int64_t price = by_rate > by_minimum ? by_rate : by_minimum;
    /* The roundings of a sale move it by a few units at most. */
    for (int i = 0; i < 64 && profit_at(it, cost, costs_minor, price) < 0; i++)
        price++;
    for (int i = 0; i < 64 && price > 0 && profit_at(it, cost, costs_minor, price - 1) >= 0; i++)
        price--;
    return price;
}

/* Cost of a sale and the break-even price. A parcel's charges at the border depend on the price,
 * which depends on them: both climb together from no charges. */
static enum err sale_reckon(const struct outlay *it, struct market_unit_cost *cost,
                            struct problem *problem)
{
    int64_t landed = 0;
    TRY(to_local(it, cost->landed_minor * it->bundle, &landed, problem));
    it->terms->landed_local_minor = landed;
    if (it->sale->kind == LANE_LOCAL) {
        cost->sale_minor = it->product->fulfil_fee_minor[it->nest->market];
        cost->break_even_minor = break_even_find(it, cost, landed + cost->sale_minor);
        return ERR_OK;
    }
    int64_t parcel = 0, border = 0;
    TRY(to_local(it, market_freight_bundles(it->sale, it->product, it->bundle, 1, 1.0), &parcel,
                 problem));
    it->terms->parcel_minor = parcel;
    if (it->seat->duty_unpaid) {
        /* Tax and charges are the buyer's: the door price bears neither. */
        cost->tax_rate_1e9 = 0;
        cost->sale_minor = parcel;
        cost->break_even_minor = break_even_find(it, cost, landed + parcel);
        return ERR_OK;
    }
    for (int i = 0; i < 24; i++) {
        cost->sale_minor = parcel + border;
        it->terms->parcel_border_minor = border;
        cost->break_even_minor = break_even_find(it, cost, landed + cost->sale_minor);
        if (cost->break_even_minor == INT64_MAX)
            return ERR_OK;
        int64_t price = cost->break_even_minor, charges = 0;
        TRY(border_quote(it, TRADE_MODE_PARCEL, it->bundle, price - tax_at(cost, price), 0,
                         &it->terms->parcel, &charges, problem));
        if (charges <= border)
            return ERR_OK;
        border = charges;
    }
    return ERR_OK;
}

enum err market_unit_cost_reckon(const struct market_rules *rules, int32_t date, int product,
                                 int nest, int supplier, int lane_bulk, int lane_sale,
                                 int64_t units, struct market_unit_cost *cost,
                                 struct problem *problem)
{
    return market_unit_cost_seat(rules, date, product, nest, supplier, lane_bulk, lane_sale, units,
                                 NULL, cost, problem);
}

enum err market_unit_cost_seat(const struct market_rules *rules, int32_t date, int product,
                               int nest, int supplier, int lane_bulk, int lane_sale, int64_t units,
                               const struct market_cost_seat *seat, struct market_unit_cost *cost,
                               struct problem *problem)
{
    struct market_cost_terms terms;
    return market_unit_cost_open(rules, date, product, nest, supplier, lane_bulk, lane_sale, units,
                                 seat, cost, &terms, problem);
}

struct market_cost_seat market_cost_seat_get(const struct market_observation *seen, int product,
                                             int nest, int view)
{
    const struct market_rules *rules = seen->rules;
    int market = rules->nests[nest].market;
    struct market_cost_seat seat = {.bundle_units = 1};
    if (view >= 0 && rules->storefront.open) {
        seat.bundle_units = seen->listings[view].bundle_units;
        seat.duty_unpaid = seen->listings[view].duty_unpaid;
    }
    if (!rules->customs.open)
        return seat;
    seat.vat_lacking = !seen->customs[market].vat;
    for (int d = 0; d < seen->declaration_count; d++) {
        const struct market_declaration_view *declared = &seen->declarations[d];
        if (declared->product != product || declared->market != market)
            continue;
        seat.declared_minor = declared->declared_minor;
        memcpy(seat.declared_hs6, declared->hs6, sizeof(seat.declared_hs6));
    }
    return seat;
}

static void break_even_open(const struct outlay *it, const struct market_unit_cost *cost)
{
    int64_t price = cost->break_even_minor;
    if (price == INT64_MAX)
        return;
    it->terms->tax_minor = tax_at(cost, price);
    it->terms->referral_minor = referral_at(it, cost, price);
    it->terms->rest_minor = price - it->terms->tax_minor - it->terms->referral_minor -
                            it->terms->landed_local_minor - cost->sale_minor;
}

enum err market_unit_cost_open(const struct market_rules *rules, int32_t date, int product,
                               int nest, int supplier, int lane_bulk, int lane_sale, int64_t units,
                               const struct market_cost_seat *seat, struct market_unit_cost *cost,
                               struct market_cost_terms *terms, struct problem *problem)
{
    static const struct market_cost_seat usual = {.bundle_units = 1};
    TRY(arguments_check(rules, product, nest, supplier, lane_bulk, lane_sale, units, problem));
    struct outlay it = {
        .rules = rules,
        .date = date,
        .nest = &rules->nests[nest],
        .product = &rules->products[product],
        .bulk = lane_bulk >= 0 ? &rules->lanes[lane_bulk] : NULL,
        .sale = &rules->lanes[lane_sale],
        .currency = rules->markets[rules->nests[nest].market].currency,
        .seat = seat != NULL ? seat : &usual,
        .bundle = seat != NULL && seat->bundle_units > 1 ? seat->bundle_units : 1,
        .terms = terms,
    };
    *terms = (struct market_cost_terms){
        .declared_share_1e9 = RATE_ONE,
        .fx_1e9 = market_fx(rules, it.currency, date - rules->start_date)};
    *cost = (struct market_unit_cost){.referral_rate_1e9 = it.nest->referral_rate_1e9};
    TRY(trade_tax_rate(&rules->trade, rules->markets[it.nest->market].name.id,
                       rules->categories[it.product->category].hs6, date, &cost->tax_rate_1e9,
                       problem));
    TRY(landed_reckon(&it, &rules->suppliers[supplier], units, cost, problem));
    TRY(sale_reckon(&it, cost, problem));
    break_even_open(&it, cost);
    return ERR_OK;
}
