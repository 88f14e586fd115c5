/* The fields of finance: loans, conversions, the payout account. */
#include "effects.h"

/* Only what is shown here is decided, not what steady may decide of it. */
static void decide_alone(struct market_seat_decisions *decisions)
{
    decisions->lists[LIST_loans].count = 0;
    decisions->lists[LIST_conversions].count = 0;
    decisions->lists[LIST_payout].count = 0;
}

static void keep_currency(struct arena *arena, struct market_seat_decisions *decisions, bool keep)
{
    market_row_set(effect_row_add(arena, decisions, LIST_payout), F_payout_convert, !keep);
}

static void loan(struct arena *arena, const struct market_observation *seen,
                 struct market_seat_decisions *decisions, bool with)
{
    decide_alone(decisions);
    if (with && seen->round == 0)
        market_row_set(effect_row_add(arena, decisions, LIST_loans), F_loans_take, 2000000);
}

static void repay(struct arena *arena, const struct market_observation *seen,
                  struct market_seat_decisions *decisions, bool with)
{
    decide_alone(decisions);
    loan(arena, seen, decisions, true);
    if (with && seen->round == 1)
        market_row_set(effect_row_add(arena, decisions, LIST_loans), F_loans_repay, 2000000);
}

static void conversion(struct arena *arena, const struct market_observation *seen,
                       struct market_seat_decisions *decisions, bool with)
{
    decide_alone(decisions);
    keep_currency(arena, decisions, true);
    if (!with || seen->cash_minor[1] <= 0)
        return;
    struct market_row *row = effect_row_add(arena, decisions, LIST_conversions);
    market_row_set(row, F_conversions_from, 1);
    market_row_set(row, F_conversions_to, 0);
    market_row_set(row, F_conversions_amount, seen->cash_minor[1]);
}

static void payout(struct arena *arena, const struct market_observation *seen,
                   struct market_seat_decisions *decisions, bool with)
{
    decide_alone(decisions);
    if (seen->round == 0)
        keep_currency(arena, decisions, !with);
}

static const struct effect_row rows[] = {
    {F_loans_take, "a loan brings cash", 1, 1, NULL, loan, effect_cash},
    {F_loans_take, "a loan costs its fee and interest", -1, 3, NULL, loan, effect_equity},
    {F_loans_repay, "a loan repaid costs no more interest", 1, 4, NULL, repay, effect_equity},
    {F_loans_repay, "a loan repaid takes cash", -1, 4, NULL, repay, effect_cash},
    {F_conversions_amount, "euros changed are cash at home", 1, 3, NULL, conversion, effect_cash},
    {F_payout_convert, "payouts changed at once are cash at home", 1, 3, NULL, payout, effect_cash},
};

const struct effect_table effects_finance = {COUNT_OF(rows), rows};
