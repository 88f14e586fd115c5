/* Finance of level 2: the worked numbers of docs/model-level2.md, loans and their limit,
 * conversions at the rates of their days, the payout account, what is refused, and bytes that come
 * back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "money_bench.h"

static void decide(struct money_bench *bench, const struct market_seat_decisions *decisions)
{
    assert_int_equal(market_finance_apply(&bench->work, 0, decisions), ERR_OK);
}

static void loan(struct money_bench *bench, enum market_field field, int64_t amount)
{
    struct market_seat_decisions decisions = {0};
    market_row_set(money_row(bench, &decisions, LIST_loans), field, amount);
    decide(bench, &decisions);
}

static void convert(struct money_bench *bench, int from, int to, int64_t amount)
{
    struct market_seat_decisions decisions = {0};
    struct market_row *row = money_row(bench, &decisions, LIST_conversions);
    market_row_set(row, F_conversions_from, from);
    market_row_set(row, F_conversions_to, to);
    market_row_set(row, F_conversions_amount, amount);
    decide(bench, &decisions);
}

/* Foreign cash out of nowhere. */
static void give(struct money_bench *bench, int currency, int64_t minor)
{
    market_post(&bench->work, 0, currency, ACCOUNT_CASH, ACCOUNT_EQUITY, minor, REASON_OPENING, -1);
}

static double worked_loan_cost(void)
{
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    int64_t before = money_cash(&bench, 0);
    loan(&bench, F_loans_take, 2000000);
    for (int day = 0; day < 14; day++)
        market_finance_day(&bench.work);
    double cost = (double)(before + 2000000 - money_cash(&bench, 0)) / 100;
    money_bench_close(&bench);
    return cost;
}

static double worked_conversion(void)
{
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    give(&bench, 1, 10000);
    int64_t before = money_cash(&bench, 0);
    convert(&bench, 1, 0, 10000);
    double got = (double)(money_cash(&bench, 0) - before) / 100;
    assert_int_equal(money_cash(&bench, 1), 0);
    money_bench_close(&bench);
    return got;
}

static void page_and_engine_agree(void **state)
{
    (void)state;
    static const struct money_worked worked[] = {{"finance_loan_cost", worked_loan_cost},
                                                 {"finance_conversion", worked_conversion}};
    money_page_check("finance", worked, COUNT_OF(worked));
}

static void loans_end_at_half_the_opening_equity(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, true, NULL); /* 200,000.00 in cash */
    assert_int_equal(market_finance_room(&bench.work, 0), 10000000);
    loan(&bench, F_loans_take, 10000001);
    assert_int_equal(money_cash(&bench, 0), 20000000);
    assert_int_equal(money_notices(&bench, NOTICE_LOAN_LIMIT), 1);
    int64_t equity = market_equity(&bench.work, 0);
    loan(&bench, F_loans_take, 10000000);
    assert_int_equal(money_cash(&bench, 0), 30000000 - 50000);
    assert_int_equal(market_equity(&bench.work, 0), equity - 50000);
    loan(&bench, F_loans_take, 1);
    assert_int_equal(money_notices(&bench, NOTICE_LOAN_LIMIT), 2);
    /* More than is owed repays what is owed. */
    loan(&bench, F_loans_repay, 4000000);
    assert_int_equal(market_finance_room(&bench.work, 0), 4000000);
    loan(&bench, F_loans_repay, 90000000);
    assert_int_equal(market_finance_room(&bench.work, 0), 10000000);
    assert_int_equal(money_cash(&bench, 0), 20000000 - 50000);
    loan(&bench, F_loans_repay, 1);
    assert_int_equal(money_cash(&bench, 0), 20000000 - 50000);
    money_firm(&bench)->administration = true;
    loan(&bench, F_loans_take, 1);
    assert_int_equal(money_notices(&bench, NOTICE_LOAN_LIMIT), 3);
    assert_int_equal(market_invariants_check(&bench.work), ERR_OK);
    money_bench_close(&bench);
}

static void a_repayment_needs_cash(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, true, NULL);
    loan(&bench, F_loans_take, 10000000);
    int64_t room = market_can_pay(&bench.work, 0);
    market_post(&bench.work, 0, 0, ACCOUNT_PAYROLL, ACCOUNT_CASH, room - 9999999, REASON_PAYROLL,
                -1);
    loan(&bench, F_loans_repay, 10000000);
    assert_int_equal(money_notices(&bench, NOTICE_LOAN_UNPAID), 1);
    loan(&bench, F_loans_repay, 9999999);
    assert_int_equal(market_can_pay(&bench.work, 0), 0);
    money_bench_close(&bench);
}

static void interest_is_kept_to_the_last_part(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, true, NULL);
    loan(&bench, F_loans_take, 1000); /* 10.00: 0.164 of a minor unit a day */
    int64_t before = money_cash(&bench, 0);
    for (int day = 0; day < 365; day++)
        market_finance_day(&bench.work);
    assert_int_equal(before - money_cash(&bench, 0), 59); /* 60 less what 365 divisions leave */
    market_finance_day(&bench.work);
    assert_int_equal(before - money_cash(&bench, 0), 60);
    money_bench_close(&bench);
}

static void an_order_can_be_paid_by_the_round_s_loan(void **state)
{
    (void)state;
    for (int with = 0; with < 2; with++) {
        struct money_bench bench;
        money_bench_open(&bench, true, NULL);
        struct market_seat_decisions decisions = {0};
        if (with)
            market_row_set(money_row(&bench, &decisions, LIST_loans), F_loans_take, 10000000);
        struct market_row *row = money_row(&bench, &decisions, LIST_orders);
        market_row_set(row, F_orders_product, 0);
        market_row_set(row, F_orders_supplier, 0);
        /* A deposit of 280,800.00 against 250,000.00 of cash and overdraft. */
        market_row_set(row, F_orders_units, 26000);
        assert_int_equal(money_step(&bench, &decisions), ERR_OK);
        int unpaid = 0;
        const struct market_observation *seen = &bench.result.observations[0];
        for (int n = 0; n < seen->notice_count; n++)
            unpaid += seen->notices[n].kind == NOTICE_ORDER_UNPAID && seen->notices[n].day == 0;
        assert_int_equal(unpaid, !with);
        assert_int_equal(seen->loan_minor, with ? 10000000 : 0);
        money_bench_close(&bench);
    }
}

static void conversions_need_what_they_change(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, true, NULL);
    convert(&bench, 1, 0, 1);
    assert_int_equal(money_notices(&bench, NOTICE_CONVERSION_SHORT), 1);
    /* Home cash less the fee, not the overdraft: 199,004.99 + 995.02 are 0.01 too much. */
    convert(&bench, 0, 1, 19900499);
    assert_int_equal(money_notices(&bench, NOTICE_CONVERSION_SHORT), 2);
    assert_int_equal(money_cash(&bench, 0), 20000000);
    convert(&bench, 0, 1, 7900000);
    assert_int_equal(money_cash(&bench, 1), 1000000);
    assert_int_equal(money_cash(&bench, 0), 20000000 - 7900000 - 39500);
    /* Between two foreign currencies: one fee, on the home value. */
    convert(&bench, 1, 2, 930000); /* EUR 9,300.00 = CNY 73,470.00 = GBP 7,900.00 */
    assert_int_equal(money_cash(&bench, 2), 790000);
    assert_int_equal(money_cash(&bench, 1), 70000);
    assert_int_equal(money_cash(&bench, 0), 20000000 - 7900000 - 39500 - 36735);
    assert_int_equal(market_invariants_check(&bench.work), ERR_OK);
    money_bench_close(&bench);
}

static void rates_move(struct market_rules *rules)
{
    static const int64_t path[] = {RATE_ONE,   RATE_ONE,   RATE_ONE,   7900000000, 8000000000,
                                   7500000000, 9300000000, 9300000000, 9300000000};
    rules->fx_days = 3;
    rules->fx_1e9 = path;
}

static void conversions_take_the_day_s_rate(void **state)
{
    (void)state;
    static const int64_t got[] = {7900 - 40, 8000 - 40, 7500 - 38, 7500 - 38};
    struct money_bench bench;
    money_bench_open(&bench, true, rates_move);
    for (int32_t day = 0; day < 4; day++) {
        market_work_day(&bench.work, day);
        give(&bench, 1, 1000);
        int64_t before = money_cash(&bench, 0);
        convert(&bench, 1, 0, 1000); /* EUR 10.00; 0.5 % of it, half up */
        assert_int_equal(money_cash(&bench, 0) - before, got[day]);
    }
    money_bench_close(&bench);
}

static void kept_payouts_stay_until_converted(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    struct market_seat_decisions keep = {0};
    market_row_set(money_row(&bench, &keep, LIST_payout), F_payout_convert, 0);
    assert_int_equal(money_step(&bench, &keep), ERR_OK);
    const struct market_observation *seen = &bench.result.observations[0];
    assert_true(seen->keep_currency);
    assert_true(seen->cash_minor[1] > 100000);
    /* Standing: nothing more is said and it is still kept. */
    struct market_seat_decisions nothing = {0};
    int64_t held = seen->cash_minor[1];
    assert_int_equal(money_step(&bench, &nothing), ERR_OK);
    seen = &bench.result.observations[0];
    assert_true(seen->cash_minor[1] > held);
    struct market_seat_decisions change = {0};
    market_row_set(money_row(&bench, &change, LIST_payout), F_payout_convert, 1);
    assert_int_equal(money_step(&bench, &change), ERR_OK);
    seen = &bench.result.observations[0];
    assert_false(seen->keep_currency);
    assert_true(seen->cash_minor[1] < held);
    money_bench_close(&bench);
}

static void refused(struct money_bench *bench, const struct market_seat_decisions *decisions,
                    enum err code, const char *place)
{
    assert_int_equal(market_decisions_check(bench->rules, SEAT_FIRM, decisions, &bench->problem),
                     code);
    assert_string_equal(bench->problem.place, place);
}

static void what_cannot_be_is_refused_at_its_field(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, true, NULL);
    struct market_seat_decisions decisions = {0};
    struct market_row *row = money_row(&bench, &decisions, LIST_conversions);
    market_row_set(row, F_conversions_from, 1);
    market_row_set(row, F_conversions_amount, 5);
    refused(&bench, &decisions, ERR_FIELD_MISSING, "conversions[0].to");
    market_row_set(row, F_conversions_to, 1);
    refused(&bench, &decisions, ERR_FIELD_TWICE, "conversions[0].to");
    market_row_set(row, F_conversions_to, 3);
    refused(&bench, &decisions, ERR_RANGE, "conversions[0].to");
    market_row_set(row, F_conversions_to, 0);
    market_row_set(row, F_conversions_amount, 0);
    refused(&bench, &decisions, ERR_RANGE, "conversions[0].amount");
    bench.rules->loans.loan_rate_1e9 = RATE_ONE + 1;
    assert_int_equal(market_rules_check(bench.rules, &bench.problem), ERR_RANGE);
    assert_string_equal(bench.problem.place, "loans.loan_rate");
    money_bench_close(&bench);
}

static void bytes_come_back(void **state)
{
    (void)state;
    struct money_bench bench;
    money_bench_open(&bench, false, NULL);
    struct market_seat_decisions decisions = {0};
    market_row_set(money_row(&bench, &decisions, LIST_loans), F_loans_take, 1234567);
    market_row_set(money_row(&bench, &decisions, LIST_payout), F_payout_convert, 0);
    assert_int_equal(money_step(&bench, &decisions), ERR_OK);
    struct buf bytes;
    buf_init(&bytes);
    market_state_encode(bench.result.after, &bytes);
    struct market_state *read;
    assert_int_equal(market_state_decode(&bench.arena, bench.rules,
                                         (struct str){bytes.text, bytes.length}, &read,
                                         &bench.problem),
                     ERR_OK);
    assert_true(read->firms[0].finance.keep_currency);
    assert_true(read->firms[0].finance.loan_rest_1e9 > 0);
    assert_int_equal(read->firms[0].finance.loan_rest_1e9,
                     bench.result.after->firms[0].finance.loan_rest_1e9);
    assert_int_equal(read->firms[0].balance[ACCOUNT_LOAN][0], -1234567);
    buf_reset(&bytes);
    market_observation_encode(&bench.result.observations[0], &bytes);
    struct market_observation seen;
    assert_int_equal(market_observation_decode(&bench.arena, (struct str){bytes.text, bytes.length},
                                               bench.rules, &seen, &bench.problem),
                     ERR_OK);
    assert_int_equal(seen.loan_minor, 1234567);
    assert_true(seen.loan_room_minor > 0);
    assert_true(seen.keep_currency);
    buf_clear(&bytes);
    money_bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_and_engine_agree),
        cmocka_unit_test(loans_end_at_half_the_opening_equity),
        cmocka_unit_test(a_repayment_needs_cash),
        cmocka_unit_test(interest_is_kept_to_the_last_part),
        cmocka_unit_test(an_order_can_be_paid_by_the_round_s_loan),
        cmocka_unit_test(conversions_need_what_they_change),
        cmocka_unit_test(conversions_take_the_day_s_rate),
        cmocka_unit_test(kept_payouts_stay_until_converted),
        cmocka_unit_test(what_cannot_be_is_refused_at_its_field),
        cmocka_unit_test(bytes_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
