#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "engine/market/baskets.h"
#include "engine/market/cut.h"

static struct market_baskets shop_tables(void)
{
    struct market_baskets baskets = market_baskets_default();
    baskets.units_per_line =
        (struct market_table){.count = 3, .value = {1, 2, 6}, .weight = {0.6, 0.3, 0.1}};
    baskets.lines_per_order =
        (struct market_table){.count = 3, .value = {1, 2, 3}, .weight = {0.7, 0.2, 0.1}};
    baskets.repeat_rate = 0.4;
    baskets.repeat_gap_days =
        (struct market_table){.count = 3, .value = {1, 3, 10}, .weight = {0.2, 0.3, 0.5}};
    return baskets;
}

static struct market_shop shop_of(const char *seed)
{
    return (struct market_shop){.seed = rng_key_from_text(str_from_c(seed)),
                                .world = 3,
                                .firm = 2,
                                .market = 1,
                                .channel = 0};
}

/* By hand: w = {1: 1/2, 2: 1/2}. r = 1, 1/2, 3/4, 5/8 (the closing term left out). Three units are
 * cut 1+1+1, 1+2 or 2+1 with weights 1/8, 1/4, 1/4. */
static void cut_follows_the_renewal_law(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct market_table table = {.count = 2, .value = {1, 2}, .weight = {0.5, 0.5}};
    double r[4];
    market_cut_renewal(&table, 0.0, 3, r);
    assert_true(r[1] == 0.5 && r[2] == 0.75 && r[3] == 0.625);

    struct market_cut cut = market_cut_make(&arena, &table, 3);
    int first_is_two = 0;
    for (int i = 0; i < 10000; i++)
        first_is_two += market_cut_draw(&cut, 3, (i + 0.5) / 10000) == 2;
    assert_true(first_is_two >= 3998 && first_is_two <= 4002); /* (1/4) / (5/8) */

    /* Seven units of a table that knows only twelve stay one line. */
    struct market_table dozen = {.count = 1, .value = {12}, .weight = {1.0}};
    cut = market_cut_make(&arena, &dozen, 7);
    assert_int_equal(market_cut_draw(&cut, 7, 0.5), 7);
    cut = market_cut_make(&arena, &dozen, 24);
    assert_int_equal(market_cut_draw(&cut, 24, 0.5), 12);
    arena_clear(&arena);
}

static void check_day(const struct market_basket_day *day, const struct market_basket_units *units,
                      int count)
{
    int64_t sum[16] = {0};
    int previous_minute = 0;
    for (int i = 0; i < day->order_count; i++) {
        const struct market_basket_order *order = &day->orders[i];
        bool seen[16] = {false};
        assert_true(order->minute >= previous_minute && order->minute < 1440);
        previous_minute = order->minute;
        assert_true(order->line_count >= 1 && order->customer >= 1);
        for (int k = order->line_first; k < order->line_first + order->line_count; k++) {
            assert_true(day->lines[k].units >= 1);
            assert_false(seen[day->lines[k].listing]);
            seen[day->lines[k].listing] = true;
            sum[day->lines[k].listing] += day->lines[k].units;
        }
    }
    for (int i = 0; i < count; i++)
        assert_int_equal(sum[i], units[i].units);
}

static void units_are_conserved_whatever_is_sold(void **state)
{
    (void)state;
    struct arena arena, scratch;
    arena_init(&arena);
    arena_init(&scratch);
    struct market_baskets baskets = shop_tables();
    struct market_shop shop = shop_of("conserve");
    struct market_basket_memory *memory = market_basket_memory_new(&arena);
    struct problem problem = {0};
    for (int day = 0; day < 400; day++) {
        struct arena_mark mark = arena_mark_get(&scratch);
        struct market_basket_units units[16];
        int count = 1 + day % 16;
        for (int i = 0; i < count; i++) {
            uint64_t word = rng_at(shop.seed, 24, 0, day, (uint64_t)i, 0, 0).word[0];
            /* From nothing at all over one dominant listing to a day beyond the exact table. */
            int64_t most = day % 50 == 7 ? 6000 : 12;
            units[i] = (struct market_basket_units){
                .product = i, .units = (int64_t)rng_below(word, (uint64_t)most)};
        }
        struct market_basket_day result;
        assert_int_equal(market_baskets_split(&scratch, &baskets, &shop, day, units, count, memory,
                                              &result, &problem),
                         ERR_OK);
        check_day(&result, units, count);
        arena_rewind(&scratch, mark);
    }
    arena_clear(&scratch);
    arena_clear(&arena);
}

static void equal_keys_give_equal_orders(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct market_baskets baskets = shop_tables();
    struct problem problem = {0};
    struct market_basket_units units[3] = {{0, 20}, {1, 7}, {2, 31}};
    struct market_basket_day days[3];
    const char *seeds[3] = {"a", "a", "b"};
    for (int i = 0; i < 3; i++) {
        struct market_shop shop = shop_of(seeds[i]);
        struct market_basket_memory *memory = market_basket_memory_new(&arena);
        assert_int_equal(
            market_baskets_split(&arena, &baskets, &shop, 5, units, 3, memory, &days[i], &problem),
            ERR_OK);
    }
    assert_int_equal(days[0].order_count, days[1].order_count);
    for (int i = 0; i < days[0].order_count; i++) {
        assert_int_equal(days[0].orders[i].minute, days[1].orders[i].minute);
        assert_int_equal(days[0].orders[i].customer, days[1].orders[i].customer);
        assert_int_equal(days[0].orders[i].line_count, days[1].orders[i].line_count);
    }
    int differences = days[0].order_count != days[2].order_count;
    for (int i = 0; !differences && i < days[0].order_count; i++)
        differences += days[0].orders[i].minute != days[2].orders[i].minute;
    assert_true(differences > 0);
    arena_clear(&arena);
}

/* Buyers: the share who come back and the days until they do are those of the table. */
static void buyers_come_back_after_the_tables_gaps(void **state)
{
    (void)state;
    struct arena arena, scratch;
    arena_init(&arena);
    arena_init(&scratch);
    struct market_baskets baskets = shop_tables();
    struct market_shop shop = shop_of("buyers");
    struct market_basket_memory *memory = market_basket_memory_new(&arena);
    struct problem problem = {0};
    enum { DAYS = 600, LAST = 580, CUSTOMERS = 60000 };
    int32_t *last_day = ARENA_ARRAY(&arena, int32_t, CUSTOMERS);
    int gaps[12] = {0}, orders = 0, again = 0;
    uint64_t customers = 0;
    for (int day = 1; day <= DAYS; day++) {
        struct arena_mark mark = arena_mark_get(&scratch);
        struct market_basket_units units[4] = {{0, 40}, {1, 40}, {2, 40}, {3, 40}};
        struct market_basket_day result;
        assert_int_equal(market_baskets_split(&scratch, &baskets, &shop, day, units, 4, memory,
                                              &result, &problem),
                         ERR_OK);
        for (int i = 0; i < result.order_count; i++) {
            uint64_t customer = result.orders[i].customer;
            assert_true(customer <= customers + (uint64_t)result.order_count);
            assert_true(customer < CUSTOMERS);
            customers = customer > customers ? customer : customers;
            int32_t before = last_day[customer];
            assert_int_equal(result.orders[i].returning, before != 0);
            if (before != 0) {
                assert_in_range(day - before, 1, 10);
                if (before <= LAST) {
                    gaps[day - before]++;
                    again++;
                }
            }
            orders += day <= LAST;
            last_day[customer] = day;
        }
        arena_rewind(&scratch, mark);
    }
    /* About 29,000 orders: three standard errors of the rate are 0.009, of a gap's share 0.014. */
    assert_true(orders > 20000);
    assert_true(fabs((double)again / orders - 0.4) < 0.009);
    assert_true(fabs((double)gaps[1] / again - 0.2) < 0.014);
    assert_true(fabs((double)(gaps[2] + gaps[3]) / again - 0.3) < 0.014);
    assert_true(fabs((double)gaps[7] / again - 0.5 / 7) < 0.010);
    arena_clear(&scratch);
    arena_clear(&arena);
}

/* With many units a day the cut is without a border and the sizes are the table's. */
static void big_days_show_the_tables_themselves(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct market_baskets baskets = shop_tables();
    struct market_shop shop = shop_of("big");
    struct market_basket_memory *memory = market_basket_memory_new(&arena);
    struct problem problem = {0};
    struct market_basket_units units[8];
    for (int i = 0; i < 8; i++)
        units[i] = (struct market_basket_units){.product = i, .units = 4000};
    struct market_basket_day day;
    assert_int_equal(
        market_baskets_split(&arena, &baskets, &shop, 0, units, 8, memory, &day, &problem), ERR_OK);
    check_day(&day, units, 8);
    int sizes[7] = {0}, orders[4] = {0}, hours[24] = {0};
    for (int i = 0; i < day.line_count; i++)
        if (day.lines[i].units <= 6)
            sizes[day.lines[i].units]++;
    for (int i = 0; i < day.order_count; i++) {
        orders[day.orders[i].line_count]++;
        hours[day.orders[i].minute / 60]++;
    }
    /* 32,000 units are about 17,800 lines and 12,700 orders. */
    assert_true(fabs((double)sizes[2] / day.line_count - 0.3) < 0.011);
    assert_true(fabs((double)sizes[6] / day.line_count - 0.1) < 0.007);
    assert_true(fabs((double)orders[2] / day.order_count - 0.2) < 0.011);
    assert_true(fabs((double)orders[3] / day.order_count - 0.1) < 0.009);
    assert_int_equal(hours[7] + hours[22], 0);
    assert_true(fabs((double)hours[12] / day.order_count - 1.0 / 14) < 0.007);
    arena_clear(&arena);
}

static void absurd_days_and_tables_are_refused(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct market_baskets baskets = shop_tables();
    struct market_shop shop = shop_of("absurd");
    struct market_basket_memory *memory = market_basket_memory_new(&arena);
    struct problem problem = {0};
    struct market_basket_day day;
    struct market_basket_units units[2] = {{0, 5}, {1, -1}};
    assert_int_equal(
        market_baskets_split(&arena, &baskets, &shop, 0, units, 2, memory, &day, &problem),
        ERR_RANGE);
    units[1].units = INT64_MAX;
    assert_int_equal(
        market_baskets_split(&arena, &baskets, &shop, 0, units, 2, memory, &day, &problem),
        ERR_LIMIT);
    units[0].units = units[1].units = 0;
    assert_int_equal(
        market_baskets_split(&arena, &baskets, &shop, 0, units, 2, memory, &day, &problem), ERR_OK);
    assert_int_equal(day.order_count, 0);

    assert_int_equal(market_baskets_check(&baskets, &problem), ERR_OK);
    struct market_baskets broken = baskets;
    broken.lines_per_order.weight[2] = NAN;
    assert_int_equal(market_baskets_check(&broken, &problem), ERR_RANGE);
    assert_string_equal(problem.place, "lines_per_order.weight[2]");
    broken = baskets;
    broken.units_per_line.value[1] = 1;
    assert_int_equal(market_baskets_check(&broken, &problem), ERR_RANGE);
    assert_string_equal(problem.place, "units_per_line.value[1]");
    broken = baskets;
    broken.repeat_rate = 1.0;
    assert_int_equal(market_baskets_check(&broken, &problem), ERR_RANGE);
    broken = baskets;
    broken.hour_weight[3] = 0.5;
    assert_int_equal(market_baskets_check(&broken, &problem), ERR_RANGE);
    assert_string_equal(problem.place, "hour.weight[24]");
    broken = baskets;
    broken.repeat_gap_days.count = MARKET_TABLE_MAX + 1;
    assert_int_equal(market_baskets_check(&broken, &problem), ERR_RANGE);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_follows_the_renewal_law),
        cmocka_unit_test(units_are_conserved_whatever_is_sold),
        cmocka_unit_test(equal_keys_give_equal_orders),
        cmocka_unit_test(buyers_come_back_after_the_tables_gaps),
        cmocka_unit_test(big_days_show_the_tables_themselves),
        cmocka_unit_test(absurd_days_and_tables_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
