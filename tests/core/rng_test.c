#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/rng.h"

/* Random123's tests/kat_vectors, lines "philox4x64 10". */
static void known_answers_of_random123(void **state)
{
    (void)state;
    static const struct {
        uint64_t counter[4];
        uint64_t key[2];
        uint64_t word[4];
    } cases[] = {
        {{0, 0, 0, 0},
         {0, 0},
         {UINT64_C(0x16554d9eca36314c), UINT64_C(0xdb20fe9d672d0fdc), UINT64_C(0xd7e772cee186176b),
          UINT64_C(0x7e68b68aec7ba23b)}},
        {{UINT64_MAX, UINT64_MAX, UINT64_MAX, UINT64_MAX},
         {UINT64_MAX, UINT64_MAX},
         {UINT64_C(0x87b092c3013fe90b), UINT64_C(0x438c3c67be8d0224), UINT64_C(0x9cc7d7c69cd777b6),
          UINT64_C(0xa09caebf594f0ba0)}},
        /* Digits of pi. */
        {{UINT64_C(0x243f6a8885a308d3), UINT64_C(0x13198a2e03707344), UINT64_C(0xa4093822299f31d0),
          UINT64_C(0x082efa98ec4e6c89)},
         {UINT64_C(0x452821e638d01377), UINT64_C(0xbe5466cf34e90c6c)},
         {UINT64_C(0xa528f45403e61d95), UINT64_C(0x38c72dbd566e9788), UINT64_C(0xa5a1610e72fd18b5),
          UINT64_C(0x57bd43b5e52b7fe6)}},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rng_words words = rng_philox4x64(cases[i].counter, cases[i].key);
        assert_memory_equal(words.word, cases[i].word, sizeof(words.word));
    }
}

static void the_counter_is_laid_out_as_promised(void **state)
{
    (void)state;
    struct rng_key key = {{5, 6}};
    struct rng_words got = rng_at(key, 3, 7, -2, 11, 13, 17);
    const uint64_t counter[4] = {(UINT64_C(3) << 32) | 7, (UINT64_C(0xFFFFFFFE) << 32) | 17, 11,
                                 13};
    struct rng_words wanted = rng_philox4x64(counter, key.seed);
    assert_memory_equal(&got, &wanted, sizeof(got));
}

static void uniforms_are_open_and_even(void **state)
{
    (void)state;
    assert_true(rng_uniform(0) > 0.0);
    assert_true(rng_uniform(0) == 0x1p-53);
    assert_true(rng_uniform(UINT64_MAX) < 1.0);
    assert_true(rng_uniform(UINT64_MAX) == 1.0 - 0x1p-53);
    assert_true(rng_uniform(UINT64_C(1) << 63) > 0.5);
    struct rng_key key = rng_key_from_text(STR("even"));
    enum { BINS = 16, DRAWS = 1 << 16 };
    int counts[BINS] = {0};
    double sum = 0;
    for (uint32_t i = 0; i < DRAWS; i++) {
        double u = rng_uniform(rng_at(key, 1, 0, 0, 0, 0, i).word[i % 4]);
        counts[(int)(u * BINS)]++;
        sum += u;
    }
    /* Five standard deviations, with a fixed seed. */
    for (int i = 0; i < BINS; i++)
        assert_in_range(counts[i], 4096 - 310, 4096 + 310);
    assert_true(sum / DRAWS > 0.4943 && sum / DRAWS < 0.5057);
}

static void below_covers_its_bound(void **state)
{
    (void)state;
    assert_int_equal(rng_below(0, 10), 0);
    assert_int_equal(rng_below(UINT64_MAX, 10), 9);
    assert_int_equal(rng_below(UINT64_MAX, 1), 0);
    assert_true(rng_below(UINT64_MAX, UINT64_MAX) == UINT64_MAX - 1);
    assert_int_equal(rng_below(UINT64_C(1) << 63, 6), 3);
}

static void seeds_come_from_text(void **state)
{
    (void)state;
    struct rng_key a = rng_key_from_text(STR("demo"));
    struct rng_key b = rng_key_from_text(STR("demo"));
    struct rng_key c = rng_key_from_text(STR("Demo"));
    assert_memory_equal(&a, &b, sizeof(a));
    assert_memory_not_equal(&a, &c, sizeof(a));
    /* BLAKE2b with 16 bytes of the empty text (RFC 7693's function; value of python's hashlib). */
    struct rng_key empty = rng_key_from_text(STR(""));
    assert_true(empty.seed[0] == UINT64_C(0x40bdefd94169e6ca));
    struct rng_key child = rng_key_derive(a, STR("what-if"));
    struct rng_key same = rng_key_derive(a, STR("what-if"));
    struct rng_key other = rng_key_derive(a, STR("hint"));
    assert_memory_equal(&child, &same, sizeof(child));
    assert_memory_not_equal(&child, &other, sizeof(child));
    assert_memory_not_equal(&child, &a, sizeof(child));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers_of_random123),
        cmocka_unit_test(the_counter_is_laid_out_as_promised),
        cmocka_unit_test(uniforms_are_open_and_even),
        cmocka_unit_test(below_covers_its_bound),
        cmocka_unit_test(seeds_come_from_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
