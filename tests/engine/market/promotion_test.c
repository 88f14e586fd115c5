/* Promotion of level 2: worked numbers, what is always true of slots and money, refused rows. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/str.h"
#include "engine/market/auction.h"
#include "nest_bench.h"

/* ---- worked numbers ---- */

/* Firm `f` bids on a query group for its listing i. */
static struct market_campaign *bid(struct nest_bench *bench, int f, int i, int group,
                                   int64_t bid_minor)
{
    struct market_campaign *campaign = &nest_bench_listing(bench, f, i)->promotion.campaigns[group];
    *campaign = (struct market_campaign){.bid_minor = bid_minor, .cap_minor = 1000000};
    return campaign;
}

static double promotion_slot_share(void)
{
    return auction_slot_share(0, 5);
}

/* A single bidder pays the reserve and a minor unit. */
static double promotion_reserve_price(void)
{
    struct nest_bench bench;
    nest_bench_open(&bench, 12, 1);
    bid(&bench, 0, 0, 0, 100);
    assert_int_equal(nest_bench_day(&bench), ERR_OK);
    const struct market_promotion_listing *shown = &nest_bench_listing(&bench, 0, 0)->promotion;
    double price = (double)shown->round_spend_minor / (double)shown->round_clicks / 100;
    nest_bench_close(&bench);
    return price;
}

static double expected_clicks(double *views)
{
    struct nest_bench bench;
    nest_bench_open(&bench, 12, 1);
    *views = market_traffic_day(&bench.work, 0).shoppers * bench.rules->demand.views_per_shopper;
    double clicks = *views * bench.rules->promotion.sponsored_share *
                    bench.nest->queries[0].weight / 4 * auction_slot_share(0, 5);
    nest_bench_close(&bench);
    return clicks;
}

static double promotion_views(void)
{
    double views;
    (void)expected_clicks(&views);
    return views;
}

static double promotion_clicks(void)
{
    double views;
    return expected_clicks(&views);
}

static double promotion_goodwill_unit(void)
{
    struct nest_bench bench;
    nest_bench_open(&bench, 12, 1);
    double unit = market_promotion_goodwill_unit(&bench.work, 0) / 100;
    nest_bench_close(&bench);
    return unit;
}

/* Goodwill that 5 % of the reference revenue settles at, and what it adds to u. */
static double settled(bool utility)
{
    struct nest_bench bench;
    nest_bench_open(&bench, 12, 1);
    bench.work.state->firms[0].promotion[0].brand_minor = 6320;
    for (int d = 0; d < 200; d++)
        assert_int_equal(nest_bench_day(&bench), ERR_OK);
    double answer = utility ? market_promotion_brand(&bench.work, 0, 0)
                            : bench.work.state->firms[0].promotion[0].goodwill;
    nest_bench_close(&bench);
    return answer;
}

static double promotion_goodwill(void)
{
    return settled(false);
}

static double promotion_brand_u(void)
{
    return settled(true);
}

static double visitors_of(int64_t spend_minor)
{
    struct nest_bench bench;
    nest_bench_open(&bench, 12, 1);
    double visitors = market_promotion_visitors(&bench.work, 0, spend_minor);
    nest_bench_close(&bench);
    return visitors;
}

static double promotion_visitors(void)
{
    return visitors_of(10000);
}

static double promotion_visitors_most(void)
{
    return visitors_of(100000000);
}

static const struct worked_number worked[] = {
    {"promotion_slot_share", promotion_slot_share},
    {"promotion_reserve_price", promotion_reserve_price},
    {"promotion_views", promotion_views},
    {"promotion_clicks", promotion_clicks},
    {"promotion_goodwill_unit", promotion_goodwill_unit},
    {"promotion_goodwill", promotion_goodwill},
    {"promotion_brand_u", promotion_brand_u},
    {"promotion_visitors", promotion_visitors},
    {"promotion_visitors_most", promotion_visitors_most},
};

static void page_and_engine_agree(void **unused)
{
    (void)unused;
    worked_page_agrees(SAMPAN_SOURCE_ROOT "/docs/model-level2.md", "promotion_", worked,
                       COUNT_OF(worked));
}

/* ---- slots ---- */

/* The same number is charged and counted: sponsored views are the clicks that may buy over V. */
static void clicks_are_charged_and_counted(void **unused)
{
    (void)unused;
    struct nest_bench bench;
    nest_bench_open(&bench, 12, 1);
    for (int f = 0; f < 8; f++) {
        bid(&bench, f, 0, 0, 40 + f)->waste_excluded = f % 2 == 0;
        bid(&bench, f, 0, 1, 50 - f)->cap_minor = 200 + f;
    }
    assert_int_equal(nest_bench_day(&bench), ERR_OK);
    double views = bench.day.traffic.shoppers * bench.rules->demand.views_per_shopper;
    int64_t clicks = 0;
    double seen = 0;
    for (int f = 0; f < 12; f++) {
        const struct market_firm *firm = &bench.work.state->firms[f];
        const struct market_promotion_listing *shown = &firm->listings[0].promotion;
        const struct market_offer *offer = &bench.day.offers[f];
        assert_int_equal(firm->balance[ACCOUNT_ADS][1], shown->round_spend_minor);
        assert_true(shown->round_spend_minor <= shown->round_clicks * 50);
        assert_true(offer->sponsored * views <= (double)shown->round_clicks + 1e-9);
        assert_true(offer->sponsored * views >= 0.8 * (double)shown->round_clicks - 1e-9);
        assert_int_equal(shown->round_clicks > 0, f < 8);
        clicks += shown->round_clicks;
        seen += offer->exposure;
    }
    assert_true((double)clicks <= 0.25 * views + 20);
    assert_true(fabs(seen - 1) < 1e-12);
    nest_bench_close(&bench);
}

static void caps_and_bids_bind(void **unused)
{
    (void)unused;
    struct nest_bench bench;
    nest_bench_open(&bench, 12, 1);
    for (int f = 0; f < 12; f++) {
        bid(&bench, f, 0, 0, 100 + f)->cap_minor = 150 * f;
        bid(&bench, f, 0, 1, 0);
    }
    for (int d = 0; d < 30; d++) {
        market_work_day(&bench.work, d);
        for (int f = 0; f < 12; f++)
            nest_bench_listing(&bench, f, 0)->promotion.round_spend_minor = 0;
        assert_int_equal(nest_bench_day(&bench), ERR_OK);
        for (int f = 0; f < 12; f++)
            assert_true(nest_bench_listing(&bench, f, 0)->promotion.round_spend_minor <= 150 * f);
    }
    /* A cap below the bid buys nothing, a bid below the reserve neither. */
    assert_int_equal(nest_bench_listing(&bench, 0, 0)->promotion.round_clicks, 0);
    bid(&bench, 1, 0, 0, 5);
    nest_bench_listing(&bench, 1, 0)->promotion.round_clicks = 0;
    assert_int_equal(nest_bench_day(&bench), ERR_OK);
    assert_int_equal(nest_bench_listing(&bench, 1, 0)->promotion.round_clicks, 0);
    nest_bench_close(&bench);
}

/* A firm's listings do not bid against one another. */
static void one_slot_a_firm_and_group(void **unused)
{
    (void)unused;
    struct nest_bench bench;
    nest_bench_open(&bench, 2, 3);
    bench.rules->promotion.quality_noise = 0;
    for (int i = 0; i < 3; i++)
        bid(&bench, 0, i, 0, 100 + 10 * i);
    assert_int_equal(nest_bench_day(&bench), ERR_OK);
    assert_int_equal(nest_bench_listing(&bench, 0, 0)->promotion.round_clicks, 0);
    assert_int_equal(nest_bench_listing(&bench, 0, 1)->promotion.round_clicks, 0);
    assert_true(nest_bench_listing(&bench, 0, 2)->promotion.round_clicks > 0);
    nest_bench_close(&bench);
}

/* When others bid, those who do not are seen less. */
static void share_without_bids_shrinks(void **unused)
{
    (void)unused;
    struct nest_bench bench;
    nest_bench_open(&bench, 12, 1);
    assert_int_equal(nest_bench_day(&bench), ERR_OK);
    double exposure = bench.day.offers[11].exposure, expected = bench.day.offers[11].expected;
    double before = expected;
    for (int f = 0; f < 10; f++) {
        bid(&bench, f, 0, 0, 60);
        bid(&bench, f, 0, 1, 60);
        assert_int_equal(nest_bench_day(&bench), ERR_OK);
        assert_true(bench.day.offers[11].exposure < exposure);
        assert_true(bench.day.offers[11].expected < expected);
    }
    assert_true(bench.day.offers[11].expected < 0.85 * before);
    assert_true(bench.day.offers[0].expected > before);
    nest_bench_close(&bench);
}

/* Clicks that never buy are paid alike; excluded, they are not clicked. */
static void waste_costs_until_excluded(void **unused)
{
    (void)unused;
    struct nest_bench bench;
    int64_t clicks[2];
    double sponsored[2];
    for (int excluded = 0; excluded < 2; excluded++) {
        nest_bench_open(&bench, 12, 1);
        bench.nest->units_per_firm_day = 800;
        bench.nest->queries[0].waste = 0.5;
        bid(&bench, 0, 0, 0, 60)->waste_excluded = excluded;
        assert_int_equal(nest_bench_day(&bench), ERR_OK);
        clicks[excluded] = nest_bench_listing(&bench, 0, 0)->promotion.round_clicks;
        sponsored[excluded] = bench.day.offers[0].sponsored;
        nest_bench_close(&bench);
    }
    assert_true(fabs((double)clicks[1] / (double)clicks[0] - 0.5) < 0.01);
    assert_true(fabs(sponsored[1] / sponsored[0] - 1) < 0.01);
}

static void nobody_pays_under_administration(void **unused)
{
    (void)unused;
    struct nest_bench bench;
    nest_bench_open(&bench, 12, 1);
    struct market_firm *firm = &bench.work.state->firms[0];
    bid(&bench, 0, 0, 0, 60);
    firm->promotion[0].brand_minor = firm->promotion[0].social_minor = 1000;
    firm->administration = true;
    assert_int_equal(nest_bench_day(&bench), ERR_OK);
    assert_int_equal(firm->balance[ACCOUNT_ADS][0], 0);
    assert_int_equal(firm->balance[ACCOUNT_ADS][1], 0);
    firm->administration = false;
    assert_int_equal(nest_bench_day(&bench), ERR_OK);
    assert_int_equal(firm->balance[ACCOUNT_ADS][0], 2000);
    assert_true(firm->balance[ACCOUNT_ADS][1] > 0);
    assert_true(bench.day.offers[0].outside > 0 && bench.day.offers[1].outside == 0);
    /* Without cash there is no brand either. */
    firm->promotion[0].brand_minor = market_can_pay(&bench.work, 0);
    assert_int_equal(nest_bench_day(&bench), ERR_OK);
    assert_int_equal(firm->balance[ACCOUNT_ADS][0], 2000);
    nest_bench_close(&bench);
}

/* Planted faults: the day's check sees them. */
static void check_sees_planted_faults(void **unused)
{
    (void)unused;
    struct nest_bench bench;
    nest_bench_open(&bench, 12, 1);
    assert_int_equal(nest_bench_day(&bench), ERR_OK);
    bench.day.offers[3].exposure += 1e-6;
    assert_int_equal(market_promotion_check(&bench.work, &bench.day), ERR_INVARIANT);
    assert_int_equal(nest_bench_day(&bench), ERR_OK);
    bench.day.offers[3].sponsored = 1.5;
    assert_int_equal(market_promotion_check(&bench.work, &bench.day), ERR_INVARIANT);
    nest_bench_close(&bench);
}

/* ---- decisions and bytes ---- */

static void rows_without_a_nest_are_refused(void **unused)
{
    (void)unused;
    struct nest_bench bench;
    nest_bench_open(&bench, 12, 1);
    struct market_row row = {0};
    struct market_seat_decisions seat = {.lists[LIST_campaigns] = {1, &row}};
    market_row_set(&row, F_campaigns_product, 0);
    market_row_set(&row, F_campaigns_market, 0);
    market_row_set(&row, F_campaigns_channel, 0);
    market_row_set(&row, F_campaigns_query_group, 1);
    assert_int_equal(market_decisions_check(bench.rules, SEAT_FIRM, &seat, &bench.problem), ERR_OK);
    market_row_set(&row, F_campaigns_query_group, 2);
    assert_int_equal(market_decisions_check(bench.rules, SEAT_FIRM, &seat, &bench.problem),
                     ERR_RANGE);
    assert_string_equal(bench.problem.place, "campaigns[0].query_group");
    nest_bench_close(&bench);
}

static void bad_rules_are_refused(void **unused)
{
    (void)unused;
    struct nest_bench bench;
    nest_bench_open(&bench, 12, 1);
    assert_int_equal(market_rules_check(bench.rules, &bench.problem), ERR_OK);
    bench.rules->promotion.slots = AUCTION_SLOTS_MAX + 1;
    assert_int_equal(market_rules_check(bench.rules, &bench.problem), ERR_SCENARIO);
    bench.rules->promotion.slots = 5;
    bench.nest->queries[0].weight = 0.7;
    assert_int_equal(market_rules_check(bench.rules, &bench.problem), ERR_SCENARIO);
    bench.nest->queries[0].weight = NAN;
    assert_int_equal(market_rules_check(bench.rules, &bench.problem), ERR_SCENARIO);
    nest_bench_close(&bench);
}

static void state_keeps_campaigns(void **unused)
{
    (void)unused;
    struct nest_bench bench;
    nest_bench_open(&bench, 3, 2);
    bid(&bench, 1, 1, 1, 77)->waste_excluded = true;
    bench.work.state->firms[2].promotion[0] = (struct market_promotion_firm){1.5, 20, 30, 40};
    struct buf first, second;
    buf_init(&first);
    buf_init(&second);
    market_state_encode(bench.work.state, &first);
    struct market_state *read = NULL;
    assert_int_equal(
        market_state_decode(&bench.arena, bench.rules, buf_str(&first), &read, &bench.problem),
        ERR_OK);
    assert_int_equal(read->firms[1].listings[1].promotion.campaigns[1].bid_minor, 77);
    assert_true(read->firms[1].listings[1].promotion.campaigns[1].waste_excluded);
    assert_int_equal(read->firms[2].promotion[0].social_minor, 30);
    market_state_encode(read, &second);
    assert_true(str_equal(buf_str(&first), buf_str(&second)));
    buf_clear(&first);
    buf_clear(&second);
    nest_bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_and_engine_agree),
        cmocka_unit_test(clicks_are_charged_and_counted),
        cmocka_unit_test(caps_and_bids_bind),
        cmocka_unit_test(one_slot_a_firm_and_group),
        cmocka_unit_test(share_without_bids_shrinks),
        cmocka_unit_test(waste_costs_until_excluded),
        cmocka_unit_test(nobody_pays_under_administration),
        cmocka_unit_test(check_sees_planted_faults),
        cmocka_unit_test(rows_without_a_nest_are_refused),
        cmocka_unit_test(bad_rules_are_refused),
        cmocka_unit_test(state_keeps_campaigns),
    };
    return cmocka_run_group_tests_name("promotion", tests, NULL, NULL);
}
