/* Realism: a known shop's held-out months beside its calibration, and planted faults. */
#include <math.h>

#include "app/training/realism.h"
#include "calibrate_fixture.h"
#include "core/date.h"

#define DATA SAMPAN_SOURCE_ROOT "/data"

static void put_shop(struct bench *bench, int set, struct fit_world *world, struct buf *text)
{
    struct rng_key key = key_of(set);
    *world = fit_world_draw(key);
    world->weeks = 56;
    int64_t count;
    struct run_sale *sales = sales_of(&bench->arena, world, key, &count);
    struct orders_request request = {.rules = rules_of(&bench->arena, world->start),
                                     .baskets = &world->baskets,
                                     .seed = key,
                                     .format = ORDERS_TIDY};
    struct orders_counts counts;
    assert_int_equal(orders_append(&request, sales, count, text, &counts, &bench->problem), ERR_OK);
}

static void work_make(struct bench *bench, struct calibrate_work *work)
{
    struct fit_world world;
    struct buf text;
    buf_init(&text);
    put_shop(bench, 21, &world, &text);
    const char *folder = import_text(bench, "shop", buf_str(&text));
    buf_clear(&text);
    assert_int_equal(calibrate_work_make(&bench->arena, folder, DATA, true, world.start + 7 * 44,
                                         work, &bench->problem),
                     ERR_OK);
    assert_int_equal(work->fit.day_last, world.start + 7 * 44 - 1); /* no row beyond was used */
}

/* The simulated months of a shop that follows the model are as near as real months are. */
static void a_shop_of_the_model_is_as_near_as_real_months(void **state)
{
    struct bench *bench = *state;
    struct calibrate_work work;
    struct realism realism;
    work_make(bench, &work);
    assert_int_equal(realism_measure(&bench->arena, &work, &realism, &bench->problem), ERR_OK);
    assert_int_equal(realism.held_out_blocks, 3);
    assert_int_equal(realism.real_pairs, 14 * 13 / 2);
    assert_int_equal(realism.unseen_weeks, 12);
    assert_int_equal(realism.catalogue.articles, WORLD_ARTICLES);
    for (int m = 0; m < REALISM_COUNT; m++) {
        print_message("realism of a known shop: %-32s ratio %.2f\n",
                      realism_measure_name((enum realism_measure)m), realism.ratio[m]);
        /* Six articles: their prices and their spread say little about a catalogue drawn anew. */
        if (m != REALISM_PRICE && m != REALISM_ORDER_VALUE && m != REALISM_TOP_FIFTH)
            assert_true(realism.ratio[m] <= 1.0);
    }

    /* Planted: every order of three lines, nobody comes back late, sales doubled. */
    struct market_baskets wrong = *work.scenario.baskets;
    wrong.lines_per_order = (struct market_table){.count = 1, .value = {3}, .weight = {1.0}};
    wrong.repeat_gap_days = (struct market_table){.count = 1, .value = {2}, .weight = {1.0}};
    work.scenario.baskets = &wrong;
    for (int m = 0; m < work.fit.market_count; m++)
        work.fit.markets[m].series.base.value *= 2.0;
    assert_int_equal(realism_measure(&bench->arena, &work, &realism, &bench->problem), ERR_OK);
    assert_true(realism.ratio[REALISM_LINES] > 2.0);
    assert_true(realism.ratio[REALISM_GAPS] > 1.0);
    assert_true(realism.ratio[REALISM_WEEKLY_SALES] > 1.0);
    calibrate_work_close(&work);
}

static void the_report_says_what_was_compared(void **state)
{
    struct bench *bench = *state;
    struct calibrate_work work;
    work_make(bench, &work);
    struct buf text;
    buf_init(&text);
    assert_int_equal(realism_report_append(&bench->arena, &work, LANG_EN, &text, &bench->problem),
                     ERR_OK);
    terminate(&text);
    assert_non_null(strstr(text.text, "3 blocks of four weeks"));
    assert_non_null(strstr(text.text, "no rivals, stock or advertising"));
    assert_non_null(strstr(text.text, "12 of 12 held-out weeks"));
    /* Less than four weeks held out: nothing is claimed. */
    buf_reset(&text);
    work.source.until = work.source.summary.day_last - 20;
    assert_int_equal(realism_report_append(&bench->arena, &work, LANG_EN, &text, &bench->problem),
                     ERR_OK);
    terminate(&text);
    assert_non_null(strstr(text.text, "Fewer than four weeks"));
    buf_clear(&text);
    calibrate_work_close(&work);
}

/* ---- distances by hand ---- */

static void add(struct realism_blocks *blocks, int order, int day, int units, double price,
                uint64_t customer)
{
    struct market_fit_line line = {.kind = FIT_SALE,
                                   .basket = true,
                                   .customer = customer,
                                   .order = (uint32_t)order,
                                   .day = day,
                                   .units = units,
                                   .value_e4 = (int64_t)(10000.0 * price * units + 0.5)};
    realism_blocks_add(blocks, &line);
}

static void distances_are_those_of_their_definitions(void **state)
{
    struct bench *bench = *state;
    static const int market[1] = {0};
    static const int32_t series[1] = {0};
    static const double weekday[7] = {1, 1, 1, 1, 1, 1, 1};
    struct realism_blocks blocks = realism_blocks_new(&bench->arena, 20454, 2, market, series);
    /* Block 0: ten orders of one line at 10; block 1: the same with two lines at 20. */
    for (int i = 0; i < 10; i++) {
        add(&blocks, i, 20454 + i, 1, 10.0, 1);
        add(&blocks, 100 + i, 20454 + 28 + 2 * i, 1, 20.0, 2);
        add(&blocks, 100 + i, 20454 + 28 + 2 * i, 1, 20.0, 2);
    }
    realism_blocks_end(&blocks);
    const struct realism_block *a = &blocks.blocks[0], *b = &blocks.blocks[1];
    double price = realism_distance(REALISM_PRICE, a, b, 20454, weekday);
    double value = realism_distance(REALISM_ORDER_VALUE, a, b, 20454, weekday);
    assert_true(fabs(price - log(2.0)) < 0.021); /* to a bin */
    assert_true(fabs(value - log(4.0)) < 0.021);
    assert_true(realism_distance(REALISM_LINES, a, b, 20454, weekday) == 1.0);
    assert_true(realism_distance(REALISM_GAPS, a, b, 20454, weekday) == 1.0); /* 1 and 2 days */
    assert_true(realism_distance(REALISM_PRICE, a, a, 20454, weekday) == 0.0);
    /* Weeks of block 0: 7 and 3 units; of block 1: 8 (days 0 2 4 6), 6, 6 and 0. */
    assert_true(fabs(realism_distance(REALISM_WEEKLY_SALES, a, b, 20454, weekday) -
                     (1.0 + 3.0 + 6.0 + 0.0) / 20.0) < 1e-12);
    assert_true(realism_distance(REALISM_TOP_FIFTH, a, b, 20454, weekday) == 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_shop_of_the_model_is_as_near_as_real_months, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(the_report_says_what_was_compared, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(distances_are_those_of_their_definitions, bench_setup,
                                        bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
