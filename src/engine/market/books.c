/* Books, currencies and stock values: the money side that all parts of a day share. */
#include <string.h>

#include "core/detmath.h"
#include "engine/market/work.h"

struct rng_words market_draw(const struct market_work *work, enum market_stream stream,
                             uint64_t object_a, uint64_t object_b)
{
    return rng_at(work->key->seed, stream, work->key->world, work->day, object_a, object_b, 0);
}

int64_t market_share_of(int64_t whole_value, int64_t part, int64_t whole)
{
    int64_t share = 0;
    bool fits = int64_multiply_divide(whole_value, part, whole, ROUND_HALF_UP, &share);
    return fits ? share : 0;
}

void market_journal_add(struct market_work *work, struct market_entry entry)
{
    if (work->entry_count == work->entry_room) {
        int room = work->entry_room == 0 ? 4096 : 2 * work->entry_room;
        work->entries =
            ARENA_COPY(work->arena, struct market_entry, work->entries, work->entry_count, room);
        work->entry_room = room;
    }
    work->entries[work->entry_count++] = entry;
}

/* Home units per major unit of a currency today, events included. */
static int64_t rate_today(const struct market_work *work, int currency)
{
    int64_t rate = market_fx(work->rules, currency, work->day);
    for (int m = 0; m < work->rules->market_count; m++)
        if (work->rules->markets[m].currency == currency)
            return (int64_t)((double)rate * market_events_shared(work, m, EVENT_FX) + 0.5);
    return rate;
}

int64_t market_to_home(const struct market_work *work, int currency, int64_t minor)
{
    if (currency == 0 || minor == 0)
        return minor;
    int64_t home = 0;
    bool fits = money_convert(minor, work->rules->currencies[currency], work->rules->currencies[0],
                              rate_today(work, currency), ROUND_HALF_UP, &home);
    return fits ? home : 0;
}

int64_t market_from_home(const struct market_work *work, int currency, int64_t home_minor)
{
    if (currency == 0)
        return home_minor;
    /* home / rate, with the currencies' decimals: minor = home * 10^dl * 1e9 / (10^dh * rate). */
    int64_t local_unit = currency_minor_per_major(work->rules->currencies[currency]);
    int64_t home_unit = currency_minor_per_major(work->rules->currencies[0]);
    int128 numerator = (int128)home_minor * local_unit * RATE_ONE;
    int128 divisor = (int128)home_unit * rate_today(work, currency);
    int128 half = divisor / 2;
    return (int64_t)((numerator + (numerator < 0 ? -half : half)) / divisor);
}

static void conversion_fee(struct market_work *work, int firm, int64_t home_minor)
{
    int64_t fee = 0;
    if (money_times_rate(home_minor, work->rules->finance.conversion_fee_1e9, ROUND_HALF_UP, &fee))
        market_post(work, firm, 0, ACCOUNT_CONVERSION, ACCOUNT_CASH, fee, REASON_CONVERSION, -1);
}

void market_buy_currency(struct market_work *work, int firm, int currency, int64_t minor)
{
    if (currency == 0 || minor <= 0)
        return;
    int64_t home = market_to_home(work, currency, minor);
    market_post(work, firm, 0, ACCOUNT_EXCHANGE, ACCOUNT_CASH, home, REASON_CONVERSION, -1);
    market_post(work, firm, currency, ACCOUNT_CASH, ACCOUNT_EXCHANGE, minor, REASON_CONVERSION, -1);
    conversion_fee(work, firm, home);
}

void market_sell_currency(struct market_work *work, int firm, int currency, int64_t minor)
{
    if (currency == 0 || minor <= 0)
        return;
    int64_t home = market_to_home(work, currency, minor);
    market_post(work, firm, currency, ACCOUNT_EXCHANGE, ACCOUNT_CASH, minor, REASON_CONVERSION, -1);
    market_post(work, firm, 0, ACCOUNT_CASH, ACCOUNT_EXCHANGE, home, REASON_CONVERSION, -1);
    conversion_fee(work, firm, home);
}

void market_pay(struct market_work *work, int firm, int currency, enum market_account debit,
                int64_t minor, enum market_reason reason, int product)
{
    const struct market_firm *books = &work->state->firms[firm];
    int64_t held = books->balance[ACCOUNT_CASH][currency];
    if (currency != 0 && minor > held)
        market_buy_currency(work, firm, currency, minor - held);
    market_post(work, firm, currency, debit, ACCOUNT_CASH, minor, reason, product);
}

/* What a firm holds of a currency beyond the tax it owes in it. */
static int64_t spare_currency(const struct market_work *work, int firm, int currency)
{
    const struct market_firm *books = &work->state->firms[firm];
    int64_t tax_due = -books->balance[ACCOUNT_TAX][currency];
    int64_t spare = books->balance[ACCOUNT_CASH][currency] - (tax_due > 0 ? tax_due : 0);
    return spare > 0 ? spare : 0;
}

int64_t market_can_pay(const struct market_work *work, int firm)
{
    const struct market_firm *books = &work->state->firms[firm];
    int64_t room = books->balance[ACCOUNT_CASH][0] + work->rules->finance.overdraft_limit_minor -
                   work->loading_minor[firm];
    for (int c = 1; c < work->state->currency_count; c++) {
        int64_t spare = spare_currency(work, firm, c), fee = 0;
        int64_t home = spare > 0 ? market_to_home(work, c, spare) : 0;
        if (home > 0 &&
            money_times_rate(home, work->rules->finance.conversion_fee_1e9, ROUND_HALF_UP, &fee))
            room += home - fee;
    }
    return room;
}

void market_cover_home(struct market_work *work, int firm)
{
    const struct market_firm *books = &work->state->firms[firm];
    int64_t kept_1e9 = RATE_ONE - work->rules->finance.conversion_fee_1e9;
    for (int c = 1; c < work->state->currency_count; c++) {
        int64_t short_minor = -books->balance[ACCOUNT_CASH][0];
        int64_t spare = spare_currency(work, firm, c);
        if (short_minor <= 0)
            return;
        if (spare == 0)
            continue;
        /* What brings the sum after its fee, a unit over for the roundings. */
        int64_t home = kept_1e9 > 0 ? market_share_of(short_minor, RATE_ONE, kept_1e9) + 1 : 0;
        int64_t sold = market_from_home(work, c, home) + 1;
        market_sell_currency(work, firm, c, sold < spare ? sold : spare);
    }
}

static bool is_standing(int account)
{
    return account <= ACCOUNT_LOAN || account == ACCOUNT_REFUND;
}

int64_t market_equity(const struct market_work *work, int firm)
{
    const struct market_firm *books = &work->state->firms[firm];
    int64_t equity = 0;
    for (int c = 0; c < work->state->currency_count; c++) {
        int64_t net = 0;
        for (int a = 0; a < ACCOUNT_COUNT; a++)
            if (is_standing(a))
                net += books->balance[a][c];
        equity += market_to_home(work, c, net);
    }
    return equity;
}

void market_notice_add(struct market_work *work, int firm, enum market_notice_kind kind, int a,
                       int b, int64_t amount)
{
    struct market_notices *list = &work->notices[firm];
    if (list->count == NOTICES_MAX)
        return;
    list->notices[list->count++] =
        (struct market_notice){.day = work->day, .kind = kind, .a = a, .b = b, .amount = amount};
}

void market_stock_add(struct market_stock *stock, int64_t units, int64_t value_minor,
                      double defect_rate)
{
    if (units <= 0)
        return;
    double before = (double)stock->units, added = (double)units;
    stock->defect_rate = (stock->defect_rate * before + defect_rate * added) / (before + added);
    stock->age_days = stock->age_days * before / (before + added);
    stock->units += units;
    stock->value_minor += value_minor;
}

int64_t market_stock_take(struct market_stock *stock, int64_t units)
{
    if (units <= 0)
        return 0;
    int64_t value = units == stock->units
                        ? stock->value_minor
                        : market_share_of(stock->value_minor, units, stock->units);
    stock->units -= units;
    stock->value_minor -= value;
    return value;
}

static int64_t billed_weight_g(const struct market_lane *lane, const struct market_product *product,
                               int bundle)
{
    int64_t weight_g = (int64_t)product->weight_g * bundle;
    if (lane->volume_divisor > 0) {
        /* mm3 / 1000 = cm3; cm3 / divisor = kg; rounded up to the gram. */
        int64_t volume =
            (int64_t)product->length_mm * product->width_mm * product->height_mm * bundle;
        int64_t volume_g = (volume + lane->volume_divisor - 1) / lane->volume_divisor;
        weight_g = volume_g > weight_g ? volume_g : weight_g;
    }
    return weight_g;
}

int64_t market_billed_weight_g(const struct market_lane *lane, const struct market_product *product)
{
    return billed_weight_g(lane, product, 1);
}

int64_t market_freight_of_weight(const struct market_lane *lane, int64_t weight_g,
                                 double rate_factor)
{
    int64_t steps = (weight_g + lane->weight_step_g - 1) / lane->weight_step_g;
    int64_t billed_g = steps * lane->weight_step_g;
    /* The walk of freight rates multiplies the price of a kilogram, rounded to the minor unit. */
    int64_t price_kg = (int64_t)((double)lane->price_per_kg_minor * rate_factor + 0.5);
    return market_share_of(price_kg, billed_g, 1000) + lane->price_per_piece_minor;
}

int64_t market_freight_bundles(const struct market_lane *lane, const struct market_product *product,
                               int bundle, int64_t units, double rate_factor)
{
    int64_t weight_g = billed_weight_g(lane, product, bundle);
    return lane->kind == LANE_BULK ? market_freight_of_weight(lane, weight_g * units, rate_factor)
                                   : market_freight_of_weight(lane, weight_g, rate_factor) * units;
}

int64_t market_freight(const struct market_rules *rules, const struct market_lane *lane,
                       const struct market_product *product, int64_t units, double rate_factor)
{
    (void)rules;
    return market_freight_bundles(lane, product, 1, units, rate_factor);
}

struct trade_item market_trade_item(const struct market_rules *rules,
                                    const struct market_category *category, int64_t units,
                                    int64_t value_minor)
{
    struct trade_item item = {.units = units, .value_minor = value_minor};
    memcpy(item.hs6, category->hs6, sizeof(item.hs6));
    memcpy(item.origin, rules->origin[0] != '\0' ? rules->origin : "CN", 3);
    return item;
}
