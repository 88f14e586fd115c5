#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/datasets/reopened.h"
#include "core/arena.h"
#include "core/rng.h"
#include "helper.h"

enum { NUMBERS = 500 };

/* The plain count beside the sorted one. */
struct plain {
    int64_t orders;
    int64_t openings;
    int64_t first_line; /* of the first opening again, -1 */
    int seen[NUMBERS];
};

static void add(struct plain *plain, uint64_t number, int64_t line)
{
    int before = plain->seen[number]++;
    plain->orders += before == 1;
    plain->openings += before >= 1;
    if (before >= 1 && plain->first_line < 0)
        plain->first_line = line;
}

static void sorted_runs_count_like_a_table(void **state)
{
    (void)state;
    struct rng_key key = rng_key_from_text(STR("reopened"));
    static const size_t buffers[] = {1, 2, 7, 64, 1000, 100000};
    for (uint64_t round = 0; round < (uint64_t)helper_rounds(30); round++) {
        struct arena arena;
        arena_init(&arena);
        struct plain plain = {.first_line = -1};
        struct reopened *reopened;
        struct problem problem;
        unsigned char secret[REOPENED_KEY_BYTES] = {(unsigned char)round, 1, 2, 3};
        size_t buffer = buffers[round % COUNT_OF(buffers)];
        int count = round == 0 ? 0 : (int)rng_below(rng_at(key, 1, 0, 0, round, 0, 0).word[0], 900);
        assert_int_equal(
            reopened_begin(&arena, helper_path(""), secret, buffer, &reopened, &problem), ERR_OK);
        for (int i = 0; i < count; i++) {
            uint64_t number =
                rng_below(rng_at(key, 1, 0, 1, round, (uint64_t)i, 0).word[0], NUMBERS);
            char text[32];
            int length = snprintf(text, sizeof(text), "#%llu", (unsigned long long)number);
            assert_int_equal(
                reopened_add(reopened, (struct str){text, (size_t)length}, 0, i + 2, &problem),
                ERR_OK);
            add(&plain, number, i + 2);
        }
        struct reopened_result result;
        assert_int_equal(reopened_count(reopened, &arena, &result, &problem), ERR_OK);
        assert_int_equal(result.orders, plain.orders);
        assert_int_equal(result.openings, plain.openings);
        assert_int_equal(result.place_count, plain.openings < REOPENED_PLACES_MAX
                                                 ? plain.openings
                                                 : REOPENED_PLACES_MAX);
        for (size_t i = 0; i < result.place_count; i++) {
            assert_true(i == 0 || result.places[i - 1].line < result.places[i].line);
            assert_int_equal(result.places[0].line, plain.first_line);
        }
        reopened_end(reopened);
        arena_clear(&arena);
    }
    /* The spill file has no name left. */
    assert_int_equal(helper_entries(), 0);
}

static void places_are_in_file_order(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct reopened *reopened;
    struct problem problem;
    unsigned char secret[REOPENED_KEY_BYTES] = {0};
    assert_int_equal(reopened_begin(&arena, helper_path(""), secret, 3, &reopened, &problem),
                     ERR_OK);
    for (uint32_t file = 0; file < 3; file++)
        for (int64_t line = 2; line < 8; line++) {
            char text = (char)('a' + line);
            assert_int_equal(reopened_add(reopened, (struct str){&text, 1}, file, line, &problem),
                             ERR_OK);
        }
    struct reopened_result result;
    assert_int_equal(reopened_count(reopened, &arena, &result, &problem), ERR_OK);
    assert_int_equal(result.orders, 6);
    assert_int_equal(result.openings, 12);
    assert_int_equal(result.place_count, 10);
    for (size_t i = 0; i < 10; i++) {
        assert_int_equal(result.places[i].file, 1 + i / 6);
        assert_int_equal(result.places[i].line, 2 + i % 6);
    }
    reopened_end(reopened);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sorted_runs_count_like_a_table, helper_begin, helper_end),
        cmocka_unit_test_setup_teardown(places_are_in_file_order, helper_begin, helper_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
