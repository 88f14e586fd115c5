/* What is always true (market model, section 2, invariants 1 to 3): the books against the things
 * they stand for. Every entry balances by its form, so what can fail is that an account no longer
 * agrees with cash, stock, goods on their way or claims; that units vanish; or that a sum
 * overflowed. */
#include <inttypes.h>

#include "engine/market/work.h"

static enum err fails(const struct market_work *work, int f, const char *what, int64_t books,
                      int64_t things)
{
    (void)books;
    (void)things;
    problem_set(work->problem, ERR_INVARIANT, ERR_CTEXT(what));
    return problem_place(work->problem, "firms[%d] day %d: %" PRId64 " against %" PRId64, f,
                         (int)work->day, books, things);
}

static enum err check_accounts(const struct market_work *work, int f)
{
    const struct market_firm *firm = &work->state->firms[f];
    for (int c = 0; c < work->state->currency_count; c++) {
        int64_t sum = 0;
        for (int a = 0; a < ACCOUNT_COUNT; a++)
            sum += firm->balance[a][c];
        if (sum != 0)
            return fails(work, f, "assets = liabilities + equity", sum, 0);
        int64_t claims = 0;
        for (int d = 0; d < PAYOUT_RING; d++)
            claims += firm->payouts[c][d];
        if (claims != firm->balance[ACCOUNT_RECEIVABLE][c])
            return fails(work, f, "receivable", firm->balance[ACCOUNT_RECEIVABLE][c], claims);
        if (c != 0 && firm->balance[ACCOUNT_CASH][c] < 0)
            return fails(work, f, "foreign cash below zero", firm->balance[ACCOUNT_CASH][c], 0);
    }
    return ERR_OK;
}

static enum err check_goods(const struct market_work *work, int f)
{
    const struct market_state *state = work->state;
    const struct market_firm *firm = &state->firms[f];
    int64_t stock = 0, transit = 0, prepaid = 0;
    int64_t refunds = market_customs_claims(firm);
    if (refunds != firm->balance[ACCOUNT_REFUND][0])
        return fails(work, f, "export tax", firm->balance[ACCOUNT_REFUND][0], refunds);
    for (int m = 0; work->rules->customs.open && m < state->place_count - 1; m++) {
        int64_t open = 0, products = 0;
        for (int mode = 0; mode < CUSTOMS_MODES; mode++)
            open += firm->customs[m].refund_open_minor[mode];
        for (int p = 0; p < state->product_count; p++)
            products += market_declaration_at(state, firm, p, m)->open_minor;
        if (open != products)
            return fails(work, f, "export tax to be claimed", open, products);
    }
    for (int place = 0; place < state->place_count; place++)
        for (int p = 0; p < state->product_count; p++) {
            const struct market_stock *held = market_stock_at(state, firm, place, p);
            if (held->units < 0 || (held->units == 0 && held->value_minor != 0))
                return fails(work, f, "stock", held->units, held->value_minor);
            stock += held->value_minor;
        }
    for (int s = 0; s < firm->shipment_count; s++)
        transit += firm->shipments[s].goods_minor + firm->shipments[s].freight_minor;
    for (int o = 0; o < firm->order_count; o++)
        prepaid += firm->orders[o].paid_minor;
    if (stock != firm->balance[ACCOUNT_INVENTORY][0])
        return fails(work, f, "inventory", firm->balance[ACCOUNT_INVENTORY][0], stock);
    if (transit != firm->balance[ACCOUNT_TRANSIT][0])
        return fails(work, f, "transit", firm->balance[ACCOUNT_TRANSIT][0], transit);
    if (prepaid != firm->balance[ACCOUNT_PREPAID][0])
        return fails(work, f, "prepaid", firm->balance[ACCOUNT_PREPAID][0], prepaid);
    return ERR_OK;
}

static int64_t units_anywhere(const struct market_state *state, const struct market_firm *firm,
                              int product)
{
    int64_t units = 0;
    for (int place = 0; place < state->place_count; place++)
        units += market_stock_at(state, firm, place, product)->units;
    for (int o = 0; o < firm->order_count; o++)
        units += firm->orders[o].product == product ? firm->orders[o].units : 0;
    for (int s = 0; s < firm->shipment_count; s++)
        units += firm->shipments[s].product == product ? firm->shipments[s].units : 0;
    return units;
}

static enum err check_units(const struct market_work *work, int f)
{
    const struct market_state *state = work->state;
    const struct market_firm *firm = &state->firms[f];
    for (int p = 0; p < state->product_count; p++) {
        const struct market_units *count = &firm->units[p];
        int64_t kept = count->sold - count->lost - count->returned;
        int64_t told = kept + units_anywhere(state, firm, p) + count->lost + count->written_off;
        if (kept < 0 || told != count->bought)
            return fails(work, f, "units bought", count->bought, told);
    }
    return ERR_OK;
}

enum err market_invariants_check(const struct market_work *work)
{
    for (int f = 0; f < work->state->firm_count; f++) {
        TRY(check_accounts(work, f));
        TRY(check_goods(work, f));
        TRY(check_units(work, f));
    }
    return ERR_OK;
}
