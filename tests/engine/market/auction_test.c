/* The auction: the teaching vector, Edelman et al.'s payments, ties, reserve and bounds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "core/json.h"
#include "engine/market/auction.h"

/* Market model, section 3: bids 5, 4, 4, 3.5, quality .9, .9, .8, .7 pay 4.01, 3.57, 3.07. */
static void teaching_vector(void **state)
{
    (void)state;
    const struct auction_terms terms = {.slots = 3, .exponent = 1, .increment_minor = 1};
    const struct auction_bid bids[] = {
        {500, 0.9, 1, 0}, {400, 0.9, 2, 1}, {400, 0.8, 3, 2}, {350, 0.7, 4, 3}};
    struct auction_slot slots[3];
    assert_int_equal(auction_run(&terms, bids, 4, slots), 3);
    assert_int_equal(slots[0].bidder, 0);
    assert_int_equal(slots[0].price_minor, 401);
    assert_int_equal(slots[1].bidder, 1);
    assert_int_equal(slots[1].price_minor, 357);
    assert_int_equal(slots[2].bidder, 2);
    assert_int_equal(slots[2].price_minor, 307);
}

static void prices_stay_in_bounds(void **state)
{
    (void)state;
    struct auction_terms terms = {
        .slots = 4, .exponent = 1, .increment_minor = 1, .reserve_1e9 = INT64_C(6000000000)};
    /* Equal bids: the second pays the reserve and one; the first never more than its bid. */
    struct auction_bid bids[] = {{10, 1, 5, 0}, {10, 1, 9, 1}, {5, 2, 1, 2}};
    struct auction_slot slots[4];
    assert_int_equal(auction_run(&terms, bids, 3, slots), 2); /* 5 lies under the reserve of 6 */
    assert_int_equal(slots[0].bidder, 1);                     /* the greater hash */
    assert_int_equal(slots[0].price_minor, 10);
    assert_int_equal(slots[1].bidder, 0);
    assert_int_equal(slots[1].price_minor, 7);
    assert_int_equal(auction_run(&terms, bids, 0, slots), 0);
    /* A worse quality pays more for the same place. */
    terms.reserve_1e9 = 0;
    bids[0].quality = 0.5;
    assert_int_equal(auction_run(&terms, bids, 2, slots), 2);
    assert_int_equal(slots[0].price_minor, 6);
}

static void slot_shares_sum_to_one(void **state)
{
    (void)state;
    for (int n = 1; n <= AUCTION_SLOTS_MAX; n++) {
        double sum = 0;
        for (int s = 0; s < n; s++)
            sum += auction_slot_share(s, n);
        assert_true(fabs(sum - 1) < 1e-15);
    }
    assert_true(fabs(auction_slot_share(1, 4) / auction_slot_share(0, 4) - 0.72) < 1e-15);
}

static const char *shared_path(struct arena *arena)
{
    const char *root = getenv("SAMPAN_SHARED");
    struct str path = root != NULL
                          ? str_format(arena, "%s/cases/supply-chain/analytic.json", root)
                          : str_format(arena, "%s/../shared/cases/supply-chain/analytic.json",
                                       SAMPAN_SOURCE_ROOT);
    return path.text;
}

/* Values per click in whole units are bid truthfully; payments are price times clicks. */
static void check_case(const struct json *one)
{
    struct json input = json_child(one, "input"), expected = json_child(one, "expected");
    struct json values = json_child(&input, "values_per_click");
    struct json clicks = json_child(&input, "clicks");
    struct json payments = json_child(&expected, "gsp_truthful_payments");
    struct auction_bid bids[AUCTION_BIDS_MAX];
    struct auction_slot slots[AUCTION_SLOTS_MAX];
    int count = (int)json_count(&values);
    for (int i = 0; i < count; i++) {
        struct json value = json_item(&values, (size_t)i);
        int64_t number = 0;
        assert_true(json_int(&value, &number));
        bids[i] = (struct auction_bid){.bid_minor = number, .quality = 1, .bidder = i};
    }
    const struct auction_terms terms = {.slots = (int)json_count(&clicks), .exponent = 1};
    int sold = auction_run(&terms, bids, count, slots);
    assert_int_equal(sold, json_count(&payments));
    for (int s = 0; s < sold; s++) {
        struct json paid = json_item(&payments, (size_t)s);
        struct json click = json_item(&clicks, (size_t)s);
        int64_t payment = 0, number = 0;
        assert_true(json_int(&paid, &payment) && json_int(&click, &number));
        assert_int_equal(slots[s].bidder, s);
        assert_int_equal(slots[s].price_minor * number, payment);
    }
}

static void truthful_payments_of_the_cases(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    const char *path = shared_path(&arena);
    struct json_document *document = NULL;
    struct json root;
    struct problem problem = {0};
    if (json_read_file(path, &document, &root, &problem) != ERR_OK) {
        arena_clear(&arena);
        if (getenv("SAMPAN_REQUIRE_SHARED") != NULL)
            fail_msg("the shared cases are required and not there");
        print_message("skipped: the shared cases are not there (SAMPAN_SHARED)\n");
        skip();
    }
    int cases = 0;
    for (size_t i = 0; i < json_count(&root); i++) {
        struct json one = json_item(&root, i), input = json_child(&one, "input");
        struct json model = json_child(&input, "model");
        struct str name;
        if (!json_text(&model, &name) || !str_equal_c(name, "position_auction"))
            continue;
        check_case(&one);
        cases++;
    }
    assert_true(cases >= 4);
    json_close(document);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(teaching_vector),
        cmocka_unit_test(prices_stay_in_bounds),
        cmocka_unit_test(slot_shares_sum_to_one),
        cmocka_unit_test(truthful_payments_of_the_cases),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
