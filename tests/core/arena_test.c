#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif
#if !defined(UNDER_ASAN) && defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#endif
#ifdef UNDER_ASAN
#include <sanitizer/asan_interface.h>
#endif

static bool all_zero(const void *memory, size_t size)
{
    const unsigned char *bytes = memory;
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

static void memory_is_zeroed_and_aligned(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    for (size_t align = 1; align <= 64; align *= 2) {
        for (size_t size = 0; size < 300; size += 7) {
            unsigned char *memory = arena_alloc(&arena, size, align);
            assert_non_null(memory);
            assert_int_equal((uintptr_t)memory % align, 0);
            assert_true(all_zero(memory, size));
            memset(memory, 0xAA, size);
        }
    }
    arena_clear(&arena);
    assert_int_equal(arena.total, 0);
}

static void copies_are_the_same_and_their_rest_is_zero(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    static unsigned char from[300];
    for (size_t i = 0; i < sizeof(from); i++)
        from[i] = (unsigned char)(i * 7 + 1);
    struct arena_mark mark = arena_mark_get(&arena);
    memset(arena_alloc(&arena, 4000, 1), 0xAA, 4000); /* what a rewind leaves behind */
    arena_rewind(&arena, mark);
    for (size_t size = 0; size <= 300; size += 50) {
        unsigned char *copy = arena_copy(&arena, from, size, 300, 8);
        assert_memory_equal(copy, from, size);
        assert_true(all_zero(copy + size, 300 - size));
        assert_true(copy != from);
    }
    const int numbers[] = {3, 5};
    int *more = ARENA_COPY(&arena, int, numbers, 2, 4);
    assert_int_equal(more[0] + more[1] + more[2] + more[3], 8);
    assert_non_null(ARENA_COPY(&arena, int, NULL, 0, 0));
    arena_clear(&arena);
}

static void allocations_do_not_overlap(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    unsigned char *memory[200];
    for (size_t i = 0; i < 200; i++) {
        memory[i] = arena_alloc(&arena, i * 17 + 1, 1);
        memset(memory[i], (int)i, i * 17 + 1);
    }
    for (size_t i = 0; i < 200; i++) {
        for (size_t j = 0; j < i * 17 + 1; j++)
            assert_int_equal(memory[i][j], i);
    }
    arena_clear(&arena);
}

static void blocks_double_and_large_requests_fit(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    arena_alloc(&arena, 1, 1);
    assert_int_equal(arena.total, 64 << 10);
    arena_alloc(&arena, 60 << 10, 1);
    arena_alloc(&arena, 60 << 10, 1);
    assert_int_equal(arena.total, (64 + 128) << 10);
    unsigned char *large = arena_alloc(&arena, (size_t)5 << 20, 64);
    large[((size_t)5 << 20) - 1] = 1;
    assert_true(arena.total >= (size_t)5 << 20);
    arena_clear(&arena);
    /* A cleared arena may be used again. */
    assert_true(all_zero(arena_alloc(&arena, 100, 8), 100));
    arena_clear(&arena);
}

static void rewind_gives_back_zeroed_memory_again(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    int *kept = ARENA_NEW(&arena, int);
    *kept = 42;
    struct arena_mark outer = arena_mark_get(&arena);
    size_t total = 0;
    for (int round = 0; round < 100; round++) {
        unsigned char *first = arena_alloc(&arena, 50000, 8);
        assert_true(all_zero(first, 50000));
        memset(first, 0xFF, 50000);
        struct arena_mark inner = arena_mark_get(&arena);
        unsigned char *second = arena_alloc(&arena, 90000, 8);
        assert_true(all_zero(second, 90000));
        memset(second, 0xFF, 90000);
        arena_rewind(&arena, inner);
        arena_rewind(&arena, outer);
        /* No round holds more memory than the first: loops do not grow the arena. */
        if (round == 0)
            total = arena.total;
        assert_int_equal(arena.total, total);
    }
    assert_int_equal(*kept, 42);
    arena_clear(&arena);
    assert_int_equal(arena.total, 0);
}

static void rewind_to_an_empty_arena(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct arena_mark empty = arena_mark_get(&arena);
    memset(arena_alloc(&arena, 1000, 1), 1, 1000);
    arena_rewind(&arena, empty);
    assert_true(all_zero(arena_alloc(&arena, 1000, 1), 1000));
    arena_clear(&arena);
}

static void bytes_not_handed_out_are_poisoned(void **state)
{
    (void)state;
#ifdef UNDER_ASAN
    struct arena arena;
    arena_init(&arena);
    char *first = arena_alloc(&arena, 13, 1);
    struct arena_mark mark = arena_mark_get(&arena);
    char *second = arena_alloc(&arena, 8, 8);
    assert_false(__asan_address_is_poisoned(first));
    assert_false(__asan_address_is_poisoned(first + 12));
    assert_true(__asan_address_is_poisoned(first + 13));
    assert_true(__asan_address_is_poisoned(second - 1));
    assert_true(__asan_address_is_poisoned(second + 8));
    arena_rewind(&arena, mark);
    assert_true(__asan_address_is_poisoned(second));
    arena_clear(&arena);
#else
    print_message("without AddressSanitizer nothing is poisoned\n");
    skip();
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned),
        cmocka_unit_test(copies_are_the_same_and_their_rest_is_zero),
        cmocka_unit_test(allocations_do_not_overlap),
        cmocka_unit_test(blocks_double_and_large_requests_fit),
        cmocka_unit_test(rewind_gives_back_zeroed_memory_again),
        cmocka_unit_test(rewind_to_an_empty_arena),
        cmocka_unit_test(bytes_not_handed_out_are_poisoned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
