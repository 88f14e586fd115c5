/* The books' own day: payouts, payroll, storage, interest; and what a round adds up to. */
#include <string.h>

#include "engine/market/work.h"

static int slot_after(const struct market_work *work, int f, int market, int hold_days)
{
    if (market_events_quiet(work))
        return (work->day + hold_days) % PAYOUT_RING; /* at most sixty */
    double days = hold_days + market_events_effect(work, f, market, EVENT_PAYOUT);
    int most = PAYOUT_RING - 1;
    return (work->day + (days < most ? (int)days : most)) % PAYOUT_RING;
}

int market_payout_slot(const struct market_work *work, int f, int nest)
{
    return slot_after(work, f, work->rules->nests[nest].market,
                      market_nest_hold_days(work->rules, nest));
}

static void payouts_day(struct market_work *work, int f)
{
    struct market_firm *firm = &work->state->firms[f];
    int slot = work->day % PAYOUT_RING;
    for (int c = 0; c < work->state->currency_count; c++) {
        int64_t amount = firm->payouts[c][slot];
        firm->payouts[c][slot] = 0;
        if (amount < 0 && c != 0) {
            /* Refunds beyond takings: the channel collects from the firm. */
            int64_t held = firm->balance[ACCOUNT_CASH][c];
            if (-amount > held)
                market_buy_currency(work, f, c, -amount - held);
        }
        market_post(work, f, c, ACCOUNT_CASH, ACCOUNT_RECEIVABLE, amount, REASON_PAYOUT, -1);
        /* What the tax office will ask for stays in its currency; the rest comes home. */
        int64_t tax_due = -firm->balance[ACCOUNT_TAX][c];
        int64_t spare = firm->balance[ACCOUNT_CASH][c] - (tax_due > 0 ? tax_due : 0);
        if (!firm->finance.keep_currency) {
            /* Only what was taken in the market has the rate agreed with the channel. */
            int64_t taken = amount < spare ? amount : spare;
            market_sell_currency(work, f, c, spare);
            market_post(work, f, 0, ACCOUNT_CASH, ACCOUNT_EXCHANGE,
                        market_events_payout_relief(work, f, c, taken), REASON_CONVERSION, -1);
        }
    }
}

/* Aged goods pay more: from a mean of 90 days on a share of the reference price a unit and month,
 * and as much again for each month beyond (assumed; docs/model.md, books). */
static const double aged_from_days = 90, aged_month_days = 30, aged_rate = 0.02, aged_most = 6;

double market_storage_aged(double age_days)
{
    if (age_days < aged_from_days)
        return 0;
    double months = 1 + (age_days - aged_from_days) / aged_month_days;
    return aged_rate * (months < aged_most ? months : aged_most) / aged_month_days;
}

/* The price that goods of a product usually have in a market; 0 where nobody sells them. */
static int64_t price_usual(const struct market_rules *rules, int product, int market)
{
    for (int n = 0; n < rules->nest_count; n++)
        if (rules->nests[n].market == market &&
            rules->nests[n].category == rules->products[product].category)
            return rules->nests[n].price_ref_minor;
    return 0;
}

/* Fees of a unit and day, kept to the last 1e-9 of a minor unit. Goods grow older as they lie. */
static void storage_day(struct market_work *work, int f)
{
    const struct market_rules *rules = work->rules;
    struct market_firm *firm = &work->state->firms[f];
    for (int m = 0; m < rules->market_count; m++) {
        int128 fee = firm->storage_rest_1e9[m];
        double factor = market_events_effect(work, f, m, EVENT_STORAGE);
        for (int p = 0; p < rules->product_count; p++) {
            struct market_stock *stock = market_stock_at(work->state, firm, 1 + m, p);
            double unit_1e9 = (double)rules->products[p].storage_fee_1e9[m];
            double aged = market_storage_aged(stock->age_days);
            if (aged > 0)
                unit_1e9 += aged * (double)price_usual(rules, p, m) * RATE_ONE;
            fee += (int128)stock->units * (int64_t)(unit_1e9 * factor);
            stock->age_days = stock->units > 0 ? stock->age_days + 1 : 0;
        }
        firm->storage_due_minor[m] += (int64_t)(fee / RATE_ONE);
        firm->storage_rest_1e9[m] = (int64_t)(fee % RATE_ONE);
    }
}

static void interest_day(struct market_work *work, int f)
{
    struct market_firm *firm = &work->state->firms[f];
    int64_t cash = firm->balance[ACCOUNT_CASH][0];
    if (cash >= 0)
        return;
    int128 interest =
        (int128)-cash * work->rules->finance.overdraft_rate_1e9 / 365 + firm->interest_rest_1e9;
    firm->interest_rest_1e9 = (int64_t)(interest % RATE_ONE);
    market_post(work, f, 0, ACCOUNT_INTEREST, ACCOUNT_CASH, (int64_t)(interest / RATE_ONE),
                REASON_INTEREST, -1);
}

static void standing_day(struct market_work *work, int f, int64_t cash_before)
{
    struct market_firm *firm = &work->state->firms[f];
    int64_t cash = firm->balance[ACCOUNT_CASH][0];
    if (cash < 0 && cash_before >= 0)
        market_notice_add(work, f, NOTICE_OVERDRAFT, 0, 0, -cash);
    if (!firm->administration && cash < -work->rules->finance.overdraft_limit_minor) {
        firm->administration = true;
        market_notice_add(work, f, NOTICE_ADMINISTRATION, 0, 0, -cash);
    } else if (firm->administration && cash >= 0) {
        firm->administration = false;
    }
}

void market_books_day_begin(struct market_work *work)
{
    for (int f = 0; f < work->state->firm_count; f++)
        memcpy(work->balance_before[f], work->state->firms[f].balance,
               sizeof(work->balance_before[f]));
}

void market_books_day(struct market_work *work)
{
    market_customs_day(work);
    market_finance_day(work);
    for (int f = 0; f < work->state->firm_count; f++) {
        payouts_day(work, f);
        storage_day(work, f);
        market_cover_home(work, f);
        interest_day(work, f);
        market_post(work, f, 0, ACCOUNT_PAYROLL, ACCOUNT_CASH, market_sourcing_wages(work, f),
                    REASON_PAYROLL, -1);
        market_cover_home(work, f);
        standing_day(work, f, work->balance_before[f][ACCOUNT_CASH][0]);
    }
}

static const struct {
    enum market_account account;
    enum market_pl line;
} result_lines[] = {{ACCOUNT_REVENUE, PL_REVENUE},       {ACCOUNT_COGS, PL_COGS},
                    {ACCOUNT_REFERRAL, PL_REFERRAL},     {ACCOUNT_FULFILMENT, PL_FULFILMENT},
                    {ACCOUNT_STORAGE, PL_STORAGE},       {ACCOUNT_ADS, PL_ADS},
                    {ACCOUNT_WRITE_OFF, PL_WRITE_OFF},   {ACCOUNT_PAYROLL, PL_PAYROLL},
                    {ACCOUNT_INTEREST, PL_INTEREST},     {ACCOUNT_INSPECTION, PL_INSPECTION},
                    {ACCOUNT_CONVERSION, PL_CONVERSION}, {ACCOUNT_PENALTY, PL_PENALTY}};

/* Income and expense of the day in the home currency, at the day's rate. */
void market_books_day_end(struct market_work *work)
{
    for (int f = 0; f < work->state->firm_count; f++) {
        struct market_firm *firm = &work->state->firms[f];
        for (size_t l = 0; l < COUNT_OF(result_lines); l++)
            for (int c = 0; c < work->state->currency_count; c++) {
                enum market_account account = result_lines[l].account;
                int64_t change = firm->balance[account][c] - work->balance_before[f][account][c];
                if (change != 0)
                    firm->round_pl_minor[result_lines[l].line] -= market_to_home(work, c, change);
            }
    }
}

void market_books_round_end(struct market_work *work)
{
    const struct market_rules *rules = work->rules;
    market_customs_round_end(work);
    for (int f = 0; f < work->state->firm_count; f++) {
        struct market_firm *firm = &work->state->firms[f];
        for (int m = 0; m < rules->market_count; m++) {
            int c = rules->markets[m].currency;
            int due = slot_after(work, f, m, rules->markets[m].payout_hold_days);
            market_post(work, f, c, ACCOUNT_STORAGE, ACCOUNT_RECEIVABLE, firm->storage_due_minor[m],
                        REASON_STORAGE, -1);
            /* Held back from a payout that is still to come; day 0 of a hold means tomorrow's. */
            if (due == work->day % PAYOUT_RING)
                due = (work->day + 1) % PAYOUT_RING;
            firm->payouts[c][due] -= firm->storage_due_minor[m];
            firm->storage_due_minor[m] = 0;
        }
        for (int c = 0; c < work->state->currency_count; c++) {
            int64_t due = -firm->balance[ACCOUNT_TAX][c];
            if (due > 0)
                market_pay(work, f, c, ACCOUNT_TAX, due, REASON_TAX_REMITTED, -1);
        }
    }
}

/* The round's result must explain the change of equity to the unit; what the currencies' movement
 * did to balances held is the difference, shown with the conversion fees. */
void market_result_round(struct market_work *work)
{
    for (int f = 0; f < work->state->firm_count; f++) {
        struct market_firm *firm = &work->state->firms[f];
        int64_t equity = market_equity(work, f), explained = 0;
        for (int l = 0; l < PL_COUNT; l++)
            explained += firm->round_pl_minor[l];
        firm->round_pl_minor[PL_CONVERSION] += equity - firm->equity_minor - explained;
        for (int l = 0; l < PL_COUNT; l++)
            firm->total_pl_minor[l] += firm->round_pl_minor[l];
        firm->equity_minor = equity;
    }
}
