#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/bytes.h"

static void the_layout_is_little_endian_without_padding(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf);
    bytes_put_u8(&buf, 0xAB);
    bytes_put_u32(&buf, 0x01020304);
    bytes_put_i32(&buf, -2);
    bytes_put_i64(&buf, -3);
    bytes_put_f64(&buf, 1.0);
    bytes_put_str(&buf, STR("hi"));
    static const unsigned char wanted[] = {
        0xAB, 4, 3, 2, 1, 0xFE, 0xFF, 0xFF, 0xFF, 0xFD, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
        0xFF, 0, 0, 0, 0, 0,    0,    0xF0, 0x3F, 2,    0,    0,    0,    'h',  'i',
    };
    assert_int_equal(buf.length, sizeof(wanted));
    assert_memory_equal(buf.text, wanted, sizeof(wanted));
    buf_clear(&buf);
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf);
    bytes_put_u8(&buf, 255);
    bytes_put_u32(&buf, UINT32_MAX);
    bytes_put_u64(&buf, UINT64_MAX - 1);
    bytes_put_i32(&buf, INT32_MIN);
    bytes_put_i64(&buf, INT64_MIN);
    bytes_put_f64(&buf, -0.0);
    bytes_put_f64(&buf, INFINITY);
    bytes_put_str(&buf, STR(""));
    bytes_put_str(&buf, STR("赛区"));
    bytes_put_u32(&buf, 7);
    struct byte_reader reader = bytes_reader(buf_str(&buf));
    assert_int_equal(bytes_get_u8(&reader), 255);
    assert_int_equal(bytes_get_u32(&reader), UINT32_MAX);
    assert_true(bytes_get_u64(&reader) == UINT64_MAX - 1);
    assert_int_equal(bytes_get_i32(&reader), INT32_MIN);
    assert_true(bytes_get_i64(&reader) == INT64_MIN);
    double zero = bytes_get_f64(&reader);
    assert_true(zero == 0.0 && signbit(zero));
    assert_true(isinf(bytes_get_f64(&reader)));
    assert_int_equal(bytes_get_str(&reader).length, 0);
    assert_true(str_equal(bytes_get_str(&reader), STR("赛区")));
    assert_false(bytes_reader_done(&reader));
    assert_int_equal(bytes_get_count(&reader, 7), 7);
    assert_true(bytes_reader_done(&reader));
    buf_clear(&buf);
}

/* Every cut of a good record is noticed, and reading never leaves the data (ASan watches). */
static void every_cut_is_noticed(void **state)
{
    (void)state;
    struct buf buf;
    buf_init(&buf);
    bytes_put_u8(&buf, 1);
    bytes_put_str(&buf, STR("abcdef"));
    bytes_put_i64(&buf, 5);
    for (size_t cut = 0; cut < buf.length; cut++) {
        struct byte_reader reader = bytes_reader((struct str){buf.text, cut});
        bytes_get_u8(&reader);
        bytes_get_str(&reader);
        assert_int_equal(bytes_get_i64(&reader), 0);
        assert_true(reader.failed);
        assert_int_equal(bytes_get_u8(&reader), 0);
        assert_false(bytes_reader_done(&reader));
    }
    buf_clear(&buf);
}

static void hostile_lengths_and_counts_fail(void **state)
{
    (void)state;
    static const char huge[] = "\xFF\xFF\xFF\xFF";
    struct byte_reader reader = bytes_reader((struct str){huge, 4});
    assert_int_equal(bytes_get_str(&reader).length, 0);
    assert_true(reader.failed);
    reader = bytes_reader((struct str){huge, 4});
    assert_int_equal(bytes_get_count(&reader, 1000), 0);
    assert_true(reader.failed);
    /* A failure sticks: a later good field reads as zero. */
    static const char two[] = "\x09\0\0\0\x01\0\0\0";
    reader = bytes_reader((struct str){two, 8});
    assert_int_equal(bytes_get_count(&reader, 8), 0);
    assert_int_equal(bytes_get_u32(&reader), 0);
    reader = bytes_reader((struct str){NULL, 0});
    assert_true(bytes_reader_done(&reader));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_layout_is_little_endian_without_padding),
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(every_cut_is_noticed),
        cmocka_unit_test(hostile_lengths_and_counts_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
