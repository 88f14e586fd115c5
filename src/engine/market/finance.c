/* Finance: loans, conversions, the payout account (docs/model-level2.md, finance). */
#include "engine/market/finance.h"

#include "engine/market/codec.h"
#include "engine/market/work.h"

static int64_t owed(const struct market_work *work, int f)
{
    return -work->state->firms[f].balance[ACCOUNT_LOAN][0];
}

int64_t market_finance_room(const struct market_work *work, int f)
{
    const struct market_firm *firm = &work->state->firms[f];
    if (!work->rules->loans.open || firm->administration || firm->equity_opening_minor <= 0)
        return 0;
    int64_t limit = market_share_of(firm->equity_opening_minor,
                                    work->rules->loans.loan_limit_rate_1e9, RATE_ONE);
    int64_t room = limit - owed(work, f);
    return room > 0 ? room : 0;
}

static void loan_take(struct market_work *work, int f, int64_t amount)
{
    int64_t room = market_finance_room(work, f);
    if (amount > room) {
        market_notice_add(work, f, NOTICE_LOAN_LIMIT, 0, 0, room);
        return;
    }
    int64_t fee = market_share_of(amount, work->rules->loans.loan_fee_1e9, RATE_ONE);
    market_post(work, f, 0, ACCOUNT_CASH, ACCOUNT_LOAN, amount, REASON_LOAN, -1);
    market_post(work, f, 0, ACCOUNT_INTEREST, ACCOUNT_CASH, fee, REASON_LOAN_FEE, -1);
}

/* More than is owed repays what is owed. */
static void loan_repay(struct market_work *work, int f, int64_t amount)
{
    if (amount > owed(work, f))
        amount = owed(work, f);
    if (amount > market_can_pay(work, f)) {
        market_notice_add(work, f, NOTICE_LOAN_UNPAID, 0, 0, amount);
        return;
    }
    market_post(work, f, 0, ACCOUNT_LOAN, ACCOUNT_CASH, amount, REASON_LOAN_REPAID, -1);
}

/* Both legs at the day's rate; the fee is taken in the home currency on the home value. */
static void convert(struct market_work *work, int f, const struct market_row *row)
{
    int from = (int)market_row_number(row, F_conversions_from);
    int to = (int)market_row_number(row, F_conversions_to);
    int64_t amount = market_row_number(row, F_conversions_amount);
    const struct market_firm *firm = &work->state->firms[f];
    int64_t home = market_to_home(work, from, amount), got = market_from_home(work, to, home);
    int64_t fee = market_share_of(home, work->rules->finance.conversion_fee_1e9, RATE_ONE);
    /* Currency is bought out of what is there, not on the overdraft, which only the fee may use. */
    int64_t held = firm->balance[ACCOUNT_CASH][from] - (from == 0 ? fee : 0);
    int64_t fee_room = market_can_pay(work, f) + (to == 0 ? home : 0);
    if (amount > held || fee > fee_room) {
        market_notice_add(work, f, NOTICE_CONVERSION_SHORT, from, to, amount);
        return;
    }
    market_post(work, f, from, ACCOUNT_EXCHANGE, ACCOUNT_CASH, amount, REASON_CONVERSION, -1);
    market_post(work, f, to, ACCOUNT_CASH, ACCOUNT_EXCHANGE, got, REASON_CONVERSION, -1);
    market_post(work, f, 0, ACCOUNT_CONVERSION, ACCOUNT_CASH, fee, REASON_CONVERSION, -1);
}

enum err market_finance_apply(struct market_work *work, int f,
                              const struct market_seat_decisions *decisions)
{
    if (!work->rules->loans.open)
        return ERR_OK;
    const struct market_rows *rows = &decisions->lists[LIST_payout];
    for (int r = 0; r < rows->count; r++)
        if (market_row_has(&rows->rows[r], F_payout_convert))
            work->state->firms[f].finance.keep_currency =
                market_row_number(&rows->rows[r], F_payout_convert) == 0;
    rows = &decisions->lists[LIST_loans];
    for (int r = 0; r < rows->count; r++)
        if (market_row_has(&rows->rows[r], F_loans_repay))
            loan_repay(work, f, market_row_number(&rows->rows[r], F_loans_repay));
    for (int r = 0; r < rows->count; r++)
        if (market_row_has(&rows->rows[r], F_loans_take))
            loan_take(work, f, market_row_number(&rows->rows[r], F_loans_take));
    rows = &decisions->lists[LIST_conversions];
    for (int r = 0; r < rows->count; r++)
        convert(work, f, &rows->rows[r]);
    return ERR_OK;
}

void market_finance_day(struct market_work *work)
{
    for (int f = 0; work->rules->loans.open && f < work->state->firm_count; f++) {
        int64_t *rest = &work->state->firms[f].finance.loan_rest_1e9;
        int128 interest = (int128)owed(work, f) * work->rules->loans.loan_rate_1e9 / 365 + *rest;
        *rest = (int64_t)(interest % RATE_ONE);
        market_post(work, f, 0, ACCOUNT_INTEREST, ACCOUNT_CASH, (int64_t)(interest / RATE_ONE),
                    REASON_LOAN_INTEREST, -1);
    }
}

void market_finance_see(const struct market_work *work, int f, struct market_observation *seen)
{
    if (!work->rules->loans.open)
        return;
    seen->loan_minor = owed(work, f);
    seen->loan_room_minor = market_finance_room(work, f);
    seen->keep_currency = work->state->firms[f].finance.keep_currency;
}

void market_finance_code(struct market_codec *codec, struct market_finance_firm *firm)
{
    codec_bool(codec, &firm->keep_currency);
    codec_i64(codec, &firm->loan_rest_1e9);
}

static enum err rate_within(int64_t value, int64_t most, const char *field, struct problem *problem)
{
    if (value >= 0 && value <= most)
        return ERR_OK;
    problem_set(problem, ERR_RANGE, ERR_DECIMAL(value, 9), ERR_INT(0), ERR_DECIMAL(most, 9));
    return problem_place(problem, "loans.%s", field);
}

enum err market_finance_rules_check(const struct market_finance_rules *rules,
                                    struct problem *problem)
{
    if (!rules->open)
        return ERR_OK;
    TRY(rate_within(rules->loan_rate_1e9, RATE_ONE, "loan_rate", problem));
    TRY(rate_within(rules->loan_limit_rate_1e9, INT64_C(10) * RATE_ONE, "loan_limit_rate",
                    problem));
    return rate_within(rules->loan_fee_1e9, RATE_ONE / 5, "loan_fee", problem);
}

enum err market_finance_row_check(const struct market_row *row, struct problem *problem)
{
    static const enum market_field needed[] = {F_conversions_from, F_conversions_to,
                                               F_conversions_amount};
    static const char *const names[] = {"from", "to", "amount"};
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (!market_row_has(row, needed[i])) {
            problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT(names[i]));
            return problem_place(problem, "%s", names[i]);
        }
    if (market_row_number(row, F_conversions_from) != market_row_number(row, F_conversions_to))
        return ERR_OK;
    problem_set(problem, ERR_FIELD_TWICE, ERR_CTEXT("currency"));
    return problem_place(problem, "to");
}

void market_finance_defaults(struct market_finance_rules *rules, int64_t usd_minor)
{
    (void)usd_minor; /* rates only */
    *rules = (struct market_finance_rules){.open = true,
                                           .loan_rate_1e9 = 60000000,
                                           .loan_limit_rate_1e9 = 500000000,
                                           .loan_fee_1e9 = 5000000};
}
