#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "app/datasets/store.h"
#include "core/arena.h"
#include "core/file.h"
#include "core/rng.h"
#include "helper.h"

static int64_t within(uint64_t word, int64_t least, int64_t most)
{
    return least + (int64_t)rng_below(word, (uint64_t)(most - least) + 1);
}

/* Row `number` of a made data set: mostly like the one before, sometimes at the limits. */
static struct dataset_row made_row(struct rng_key key, uint64_t number,
                                   const struct dataset_row *before)
{
    struct rng_words a = rng_at(key, 1, 0, 0, number, 0, 0);
    struct rng_words b = rng_at(key, 1, 0, 0, number, 1, 0);
    struct dataset_row row = *before;
    row.sku = (uint32_t)within(a.word[0], 0, 99);
    row.quantity = (int32_t)within(a.word[1], -20, 20);
    row.unit_price_e4 = within(a.word[2], -1000, 1000000);
    row.kind = (uint8_t)within(a.word[3], 0, DATASET_KIND_COUNT - 1);
    row.flags = (uint8_t)within(b.word[0] >> 8, 0, 7);
    if (number == 0 || number % 7 == 3) {
        row.order = number == 0 ? 0 : before->order + 1;
        row.day = (int32_t)within(b.word[1], 0, 65000);
        row.minute = (int16_t)within(b.word[2], -1, 1439);
        row.customer = number % 3 ? b.word[3] : 0;
    }
    if (number % 11 == 5) {
        row.country = (uint16_t)within(b.word[0], 0, 9);
        row.channel = (uint16_t)within(b.word[1], 0, 4);
        row.currency = (uint16_t)within(b.word[2], 0, 2);
        row.shipped_days = (int16_t)within(b.word[3], -1, 3650);
        row.delivered_days = (int16_t)within(b.word[0], -1, 3650);
    }
    if (number % 13 == 6) {
        row.quantity = number % 2 ? DATASET_QUANTITY_MAX : -DATASET_QUANTITY_MAX;
        row.unit_price_e4 = number % 3 ? DATASET_PRICE_E4_MAX : -DATASET_PRICE_E4_MAX;
        row.value_e4 = number % 5 ? DATASET_VALUE_E4_MAX : -DATASET_VALUE_E4_MAX;
        return row;
    }
    row.value_e4 = (int64_t)row.quantity * row.unit_price_e4 + (number % 17 == 0);
    return row;
}

static void write_set(uint64_t count, struct rng_key key)
{
    struct arena arena;
    struct problem problem;
    struct store_writer store;
    arena_init(&arena);
    const char *folder = helper_path("set");
    assert_int_equal(folder_remove(folder, &problem), ERR_OK);
    assert_int_equal(folder_make(folder, &problem), ERR_OK);
    const char *rows = path_join(&arena, folder, "rows.bin");
    assert_int_equal(store_writer_open(&store, &arena, rows, &problem), ERR_OK);
    struct dataset_row row = {.minute = -1, .shipped_days = -1, .delivered_days = -1};
    for (uint64_t i = 0; i < count; i++) {
        row = made_row(key, i, &row);
        assert_int_equal(store_writer_put(&store, &row, &problem), ERR_OK);
    }
    assert_int_equal(store_writer_finish(&store, &problem), ERR_OK);
    struct dictionary_skus skus;
    struct dictionary_names countries;
    struct dictionary_names channels;
    struct dictionary_names currencies;
    dictionary_skus_init(&skus, &arena);
    dictionary_names_init(&countries, &arena, 10);
    dictionary_names_init(&channels, &arena, 10);
    dictionary_names_init(&currencies, &arena, 3);
    static const char *const codes[] = {"EUR", "GBP", "JPY"};
    uint16_t index;
    uint32_t sku;
    for (uint32_t i = 0; i < 100; i++) {
        assert_true(dictionary_sku(&skus, str_format(&arena, "SKU%u", i), &sku));
        assert_int_equal(sku, i);
        dictionary_sku_title(&skus, sku, str_format(&arena, "Lamp %u", i));
    }
    for (int i = 0; i < 10; i++) {
        assert_true(dictionary_name(&countries, str_format(&arena, "%c%c", 'A' + i, 'B'), &index));
        assert_true(dictionary_name(&channels, str_format(&arena, "shop %d", i), &index));
    }
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        assert_true(dictionary_name(&currencies, str_from_c(codes[i]), &index));
    struct store_facts facts = {
        .rows = (int64_t)count, .orders = count == 0 ? 0 : row.order + 1, .day_last = 65000};
    memcpy(facts.digest, store.chain, DIGEST_BYTES);
    assert_int_equal(store_dictionaries_write(path_join(&arena, folder, "dictionaries.bin"), &skus,
                                              &countries, &channels, &currencies, &facts, &problem),
                     ERR_OK);
    assert_int_equal(
        file_write_atomic(path_join(&arena, folder, "dataset.json"), STR("{}"), 0644, &problem),
        ERR_OK);
    arena_clear(&arena);
}

static bool rows_equal(const struct dataset_row *a, const struct dataset_row *b)
{
    return a->customer == b->customer && a->unit_price_e4 == b->unit_price_e4 &&
           a->value_e4 == b->value_e4 && a->order == b->order && a->sku == b->sku &&
           a->day == b->day && a->quantity == b->quantity && a->minute == b->minute &&
           a->shipped_days == b->shipped_days && a->delivered_days == b->delivered_days &&
           a->currency == b->currency && a->country == b->country && a->channel == b->channel &&
           a->kind == b->kind && a->flags == b->flags;
}

/* Read the whole set; the first error, and the rows read before it. */
static enum err read_set(struct rng_key key, uint64_t *count)
{
    struct arena arena;
    struct problem problem;
    struct dataset *dataset = NULL;
    struct dataset_cursor *cursor;
    struct dataset_row row;
    struct dataset_row expected = {.minute = -1, .shipped_days = -1, .delivered_days = -1};
    bool found = true;
    arena_init(&arena);
    *count = 0;
    enum err code = dataset_open(&arena, helper_path("set"), &dataset, &problem);
    if (code == ERR_OK)
        code = dataset_rows_begin(&arena, dataset, &cursor, &problem);
    while (code == ERR_OK && found) {
        code = dataset_rows_next(cursor, &row, &found, &problem);
        if (code != ERR_OK || !found)
            break;
        expected = made_row(key, *count, &expected);
        assert_true(rows_equal(&row, &expected));
        ++*count;
    }
    dataset_close(dataset);
    arena_clear(&arena);
    return code;
}

static void rows_come_back(void **state)
{
    (void)state;
    static const uint64_t counts[] = {0, 1, 2, 1000, 40000};
    for (size_t i = 0; i < COUNT_OF(counts); i++) {
        struct rng_key key = {{i, 1}};
        uint64_t count;
        write_set(counts[i], key);
        assert_int_equal(read_set(key, &count), ERR_OK);
        assert_int_equal(count, counts[i]);
    }
}

static void dictionaries_come_back(void **state)
{
    (void)state;
    struct arena arena;
    struct problem problem;
    struct dataset *dataset;
    arena_init(&arena);
    write_set(50, (struct rng_key){{1, 2}});
    assert_int_equal(dataset_open(&arena, helper_path("set"), &dataset, &problem), ERR_OK);
    struct dataset_summary summary = dataset_summary(dataset);
    assert_int_equal(summary.rows, 50);
    assert_int_equal(summary.skus, 100);
    assert_int_equal(summary.countries, 10);
    assert_int_equal(summary.currencies, 3);
    assert_int_equal(strlen(summary.digest_hex), 64);
    assert_true(str_equal(dataset_sku(dataset, 7).code, STR("SKU7")));
    assert_true(str_equal(dataset_sku(dataset, 7).title, STR("Lamp 7")));
    assert_true(str_equal(dataset_channel(dataset, 3), STR("shop 3")));
    assert_string_equal(dataset_currency(dataset, 2).code, "JPY");
    dataset_close(dataset);
    arena_clear(&arena);
}

/* One byte changed anywhere, or the end cut off, is seen. */
static void damage_is_found(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct rng_key key = {{3, 4}};
    write_set(40, key);
    static const char *const names[] = {"rows.bin", "dictionaries.bin"};
    for (size_t file = 0; file < COUNT_OF(names); file++) {
        const char *path = path_join(&arena, helper_path("set"), names[file]);
        struct str bytes = helper_read(&arena, path);
        char *changed = ARENA_ARRAY(&arena, char, bytes.length);
        /* The head's reserved bytes (12-15) carry nothing. */
        for (size_t at = 0; at < bytes.length; at += file == 0 ? 1 : 7) {
            memcpy(changed, bytes.text, bytes.length);
            changed[at] ^= 0x41;
            FILE *out = fopen(path, "wb");
            assert_non_null(out);
            fwrite(changed, 1, bytes.length, out);
            fclose(out);
            uint64_t count;
            bool reserved = file == 0 && at >= 12 && at < 16;
            enum err code = read_set(key, &count);
            if (code == ERR_OK && !reserved)
                fail_msg("a change of byte %zu of %s is not seen", at, names[file]);
        }
        for (size_t length = 0; length < bytes.length; length += 97) {
            FILE *out = fopen(path, "wb");
            assert_non_null(out);
            fwrite(bytes.text, 1, length, out);
            fclose(out);
            uint64_t count;
            assert_int_equal(read_set(key, &count), ERR_FILE_DAMAGED);
        }
        FILE *out = fopen(path, "wb");
        assert_non_null(out);
        fwrite(bytes.text, 1, bytes.length, out);
        fclose(out);
    }
    arena_clear(&arena);
}

static void other_folders_are_not_data_sets(void **state)
{
    (void)state;
    struct arena arena;
    struct problem problem;
    struct dataset *dataset = NULL;
    arena_init(&arena);
    assert_int_equal(dataset_open(&arena, helper_path("none"), &dataset, &problem), ERR_FILE_OPEN);
    assert_int_equal(folder_make(helper_path("other"), &problem), ERR_OK);
    assert_int_equal(dataset_open(&arena, helper_path("other"), &dataset, &problem),
                     ERR_FILE_NOT_OURS);
    assert_null(dataset);
    arena_clear(&arena);
}

static void stock_codes_differ_without_case(void **state)
{
    (void)state;
    struct arena arena;
    struct dictionary_skus skus;
    uint32_t a;
    uint32_t b;
    arena_init(&arena);
    dictionary_skus_init(&skus, &arena);
    assert_true(dictionary_sku(&skus, STR("85123a"), &a));
    assert_true(dictionary_sku(&skus, STR("85123A"), &b));
    assert_int_equal(a, b);
    assert_true(dictionary_sku(&skus, STR("85123B"), &b));
    assert_int_not_equal(a, b);
    dictionary_sku_title(&skus, a, STR(""));
    dictionary_sku_title(&skus, a, STR("  White heart "));
    dictionary_sku_title(&skus, a, STR("Red heart"));
    assert_string_equal(skus.entries[a].title, "White heart");
    assert_string_equal(skus.entries[a].code, "85123a");
    /* Through many doublings every code keeps its index. */
    for (uint32_t i = 0; i < 50000; i++)
        assert_true(dictionary_sku(&skus, str_format(&arena, "n%u", i), &a));
    for (uint32_t i = 0; i < 50000; i++) {
        assert_true(dictionary_sku(&skus, str_format(&arena, "N%u", i), &a));
        assert_int_equal(a, i + 2);
    }
    arena_clear(&arena);
}

/* The named limit holds and is told from a code that is there. */
static void stock_codes_have_a_limit(void **state)
{
    (void)state;
    struct arena arena;
    struct dictionary_skus skus;
    uint32_t index;
    char code[16];
    arena_init(&arena);
    dictionary_skus_init(&skus, &arena);
    for (uint32_t i = 0; i < DATASET_SKUS_MAX; i++) {
        int length = snprintf(code, sizeof(code), "%u", i);
        assert_true(dictionary_sku(&skus, (struct str){code, (size_t)length}, &index));
    }
    assert_false(dictionary_sku(&skus, STR("one more"), &index));
    assert_true(dictionary_sku(&skus, STR("499999"), &index));
    assert_int_equal(index, 499999);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_come_back, helper_begin, helper_end),
        cmocka_unit_test_setup_teardown(dictionaries_come_back, helper_begin, helper_end),
        cmocka_unit_test_setup_teardown(damage_is_found, helper_begin, helper_end),
        cmocka_unit_test_setup_teardown(other_folders_are_not_data_sets, helper_begin, helper_end),
        cmocka_unit_test(stock_codes_differ_without_case),
        cmocka_unit_test(stock_codes_have_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
