#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include <cmocka.h>

#include "app/datasets/input.h"
#include "core/arena.h"
#include "core/rng.h"

/* All text of `bytes`, read `step` bytes at a time; the error that ended it. */
static enum err read_text(struct str bytes, enum input_encoding encoding, size_t step,
                          struct buf *text, bool *not_utf8)
{
    struct arena arena;
    arena_init(&arena);
    struct input *input = NULL;
    struct problem problem = {0};
    buf_reset(text);
    enum err code = input_open_memory(&arena, bytes, encoding, &input, &problem);
    size_t got = 1;
    while (code == ERR_OK && got > 0) {
        char *into = buf_reserve(text, step);
        code = input_read(input, into, step, &got, &problem);
        if (code == ERR_OK)
            text->length += got;
    }
    *not_utf8 = input_not_utf8(input);
    if (code == ERR_OK)
        assert_int_equal(input_bytes_given(input), text->length);
    input_close(input);
    arena_clear(&arena);
    return code;
}

static void expect_text(struct str bytes, enum input_encoding encoding, struct str expected)
{
    static const size_t steps[] = {16, 17, 31, 64, 100000};
    struct buf text;
    buf_init(&text);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        bool not_utf8;
        assert_int_equal(read_text(bytes, encoding, steps[i], &text, &not_utf8), ERR_OK);
        assert_int_equal(text.length, expected.length);
        assert_memory_equal(text.text, expected.text, expected.length);
    }
    buf_clear(&text);
}

static void expect_error(struct str bytes, enum input_encoding encoding, enum err expected,
                         bool expected_not_utf8)
{
    struct buf text;
    buf_init(&text);
    bool not_utf8;
    assert_int_equal(read_text(bytes, encoding, 64, &text, &not_utf8), expected);
    assert_int_equal(not_utf8, expected_not_utf8);
    buf_clear(&text);
}

static void utf8_passes_with_and_without_mark(void **state)
{
    (void)state;
    struct str text = STR("sku,title\n1,台灯 é 😀\n");
    expect_text(text, INPUT_UTF8_GUESSED, text);
    expect_text(text, INPUT_UTF8, text);
    expect_text(STR("\xEF\xBB\xBFsku,title\n1,台灯 é 😀\n"), INPUT_UTF8_GUESSED, text);
    expect_text(STR(""), INPUT_UTF8_GUESSED, STR(""));
    expect_text(STR("\xEF\xBB\xBF"), INPUT_UTF8_GUESSED, STR(""));
    expect_text(STR("a"), INPUT_UTF8_GUESSED, STR("a"));
}

static void broken_utf8_is_found_wherever_it_is(void **state)
{
    (void)state;
    static const char *const bad[] = {"\x80",
                                      "\xBF",
                                      "\xC0\x80",
                                      "\xC1\xBF",
                                      "\xC3",
                                      "\xC3(",
                                      "\xE0\x80\x80",
                                      "\xE0\x9F\xBF",
                                      "\xED\xA0\x80",
                                      "\xE4\xBD",
                                      "\xF0\x8F\xBF\xBF",
                                      "\xF4\x90\x80\x80",
                                      "\xF5\x80\x80\x80",
                                      "\xFF",
                                      "\xFE"};
    char text[200];
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        for (size_t place = 1; place < 70; place++) {
            memset(text, 'x', sizeof(text));
            memcpy(text + place, bad[i], strlen(bad[i]));
            expect_error((struct str){text, 100}, INPUT_UTF8_GUESSED, ERR_ENCODING_BROKEN, true);
            /* At the end of the text too. */
            struct str end = {text, place + strlen(bad[i])};
            expect_error(end, INPUT_UTF8, ERR_ENCODING_BROKEN, false);
        }
    }
    /* A mark says UTF-8: then it is not guessed any more. */
    expect_error(STR("\xEF\xBB\xBFsku\xFF"), INPUT_UTF8_GUESSED, ERR_ENCODING_BROKEN, false);
}

/* Random code points against the core's own check, over every border between reads. */
static void random_utf8_agrees_with_the_core(void **state)
{
    (void)state;
    struct rng_key key = rng_key_from_text(STR("utf-8"));
    struct buf buf;
    struct buf text;
    buf_init(&buf);
    buf_init(&text);
    int valid = 0;
    for (uint64_t number = 0; number < 3000; number++) {
        buf_reset(&buf);
        for (uint32_t i = 0; i < 40; i++) {
            uint64_t word = rng_at(key, 1, 0, 0, number, 0, i).word[0];
            static const char *const parts[] = {"abc", "é", "你", "😀", "x", "好吗"};
            buf_append_c(&buf, parts[rng_below(word, COUNT_OF(parts))]);
        }
        struct rng_words words = rng_at(key, 1, 0, 1, number, 0, 0);
        if (number % 2)
            buf.text[rng_below(words.word[0], buf.length)] = (char)(words.word[1] & 0xff);
        bool expected = str_is_utf8(buf_str(&buf));
        bool not_utf8;
        size_t step = 1 + (size_t)rng_below(words.word[2], 40);
        enum err code = read_text(buf_str(&buf), INPUT_UTF8_GUESSED, step, &text, &not_utf8);
        assert_int_equal(code == ERR_OK, expected);
        valid += expected;
    }
    assert_true(valid > 1500 && valid < 2900);
    buf_clear(&buf);
    buf_clear(&text);
}

static void other_encodings_become_utf8(void **state)
{
    (void)state;
    /* 台灯 and 𠮷 (U+20BB7, four bytes) in GB18030. */
    expect_text(STR("\xCC\xA8\xB5\xC6,\x95\x34\xB2\x35\n"), INPUT_GB18030_GUESSED,
                STR("台灯,𠮷\n"));
    expect_text(STR("caf\xE9 \xA3"
                    "1"),
                INPUT_LATIN1, STR("café £1"));
    expect_text(STR("\x80"
                    "1"),
                INPUT_WINDOWS1252, STR("€1"));
    expect_text(STR("\x93\x64\x8B\x43"), INPUT_SHIFT_JIS, STR("電気"));
    expect_error(STR("caf\xE9,\xA3"
                     "1.50,x\n"),
                 INPUT_GB18030_GUESSED, ERR_ENCODING_UNDECIDED, false);
    expect_error(STR("\xCC\xA8\xB5"), INPUT_GB18030, ERR_ENCODING_BROKEN, false);
    expect_error(STR("\xCC\xA8\xB5"), INPUT_GB18030_GUESSED, ERR_ENCODING_UNDECIDED, false);
}

static void long_gb18030_survives_every_border(void **state)
{
    (void)state;
    struct buf coded;
    struct buf expected;
    buf_init(&coded);
    buf_init(&expected);
    /* Odd lengths, so that characters lie across the borders of every buffer. */
    for (int i = 0; i < 60000; i++) {
        buf_append_c(&coded, "\xCC\xA8"
                             "a\x95\x34\xB2\x35");
        buf_append_c(&expected, "台a𠮷");
    }
    expect_text(buf_str(&coded), INPUT_GB18030, buf_str(&expected));
    buf_clear(&coded);
    buf_clear(&expected);
}

static void utf16_and_workbooks_are_refused(void **state)
{
    (void)state;
    expect_error((struct str){"\xFF\xFEs\0k\0u\0", 8}, INPUT_UTF8_GUESSED, ERR_ENCODING_UTF16,
                 false);
    expect_error((struct str){"\xFE\xFF\0s\0k\0u", 8}, INPUT_GB18030, ERR_ENCODING_UTF16, false);
    expect_error(STR("PK\x03\x04\x14"), INPUT_UTF8_GUESSED, ERR_FORMAT_SPREADSHEET, false);
    expect_text(STR("PK,x"), INPUT_UTF8_GUESSED, STR("PK,x"));
}

static void names_of_encodings(void **state)
{
    (void)state;
    enum input_encoding encoding;
    struct problem problem;
    assert_int_equal(input_encoding_from_name("GBK", &encoding, &problem), ERR_OK);
    assert_int_equal(encoding, INPUT_GB18030);
    assert_int_equal(input_encoding_from_name("UTF-8", &encoding, &problem), ERR_OK);
    assert_int_equal(encoding, INPUT_UTF8);
    assert_int_equal(input_encoding_from_name("utf-16", &encoding, &problem), ERR_OPTION_VALUE);
}

/* ---- packed texts ---- */

static void pack_gzip(struct str text, struct buf *packed)
{
    z_stream stream = {0};
    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t bound = deflateBound(&stream, text.length);
    stream.next_out = (unsigned char *)buf_reserve(packed, bound);
    stream.avail_out = (unsigned)bound;
    stream.next_in = (unsigned char *)(uintptr_t)text.text;
    stream.avail_in = (unsigned)text.length;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    packed->length += stream.total_out;
    deflateEnd(&stream);
}

static void pack_zstd(struct str text, struct buf *packed)
{
    size_t bound = ZSTD_compressBound(text.length);
    char *into = buf_reserve(packed, bound);
    size_t length = ZSTD_compress(into, bound, text.text, text.length, 3);
    assert_false(ZSTD_isError(length));
    packed->length += length;
}

static void packed_texts_are_unpacked(void **state)
{
    (void)state;
    struct buf text;
    struct buf packed;
    buf_init(&text);
    buf_init(&packed);
    for (int i = 0; i < 50000; i++)
        buf_format(&text, "%d,%d\n", i, i % 977 * 13);
    pack_gzip(buf_str(&text), &packed);
    expect_text(buf_str(&packed), INPUT_UTF8_GUESSED, buf_str(&text));
    buf_reset(&packed);
    pack_zstd(buf_str(&text), &packed);
    expect_text(buf_str(&packed), INPUT_UTF8_GUESSED, buf_str(&text));
    /* Two members or frames are one text; zeros may pad the end. */
    struct buf twice;
    buf_init(&twice);
    buf_append(&twice, buf_str(&text));
    buf_append(&twice, buf_str(&text));
    pack_zstd(buf_str(&text), &packed);
    expect_text(buf_str(&packed), INPUT_UTF8_GUESSED, buf_str(&twice));
    buf_reset(&packed);
    pack_gzip(buf_str(&text), &packed);
    pack_gzip(buf_str(&text), &packed);
    buf_append(&packed, (struct str){"\0\0\0\0\0\0\0", 7});
    expect_text(buf_str(&packed), INPUT_UTF8_GUESSED, buf_str(&twice));
    buf_append_c(&packed, "x");
    expect_error(buf_str(&packed), INPUT_UTF8_GUESSED, ERR_FILE_DAMAGED, false);
    /* Frames to be skipped (pzstd writes them) hold no text. */
    buf_reset(&packed);
    buf_append(&packed, (struct str){"\x50\x2A\x4D\x18\x03\0\0\0abc", 11});
    pack_zstd(buf_str(&text), &packed);
    buf_append(&packed, (struct str){"\x5F\x2A\x4D\x18\0\0\0\0", 8});
    expect_text(buf_str(&packed), INPUT_UTF8_GUESSED, buf_str(&text));
    buf_clear(&twice);
    buf_clear(&text);
    buf_clear(&packed);
}

static void damaged_packing_is_found(void **state)
{
    (void)state;
    struct buf packed;
    buf_init(&packed);
    for (int kind = 0; kind < 2; kind++) {
        buf_reset(&packed);
        struct str text = STR("order_id,sku\n1,2\n1,3\n1,4\n1,5\n1,6\n1,7\n");
        (kind == 0 ? pack_gzip : pack_zstd)(text, &packed);
        for (size_t length = 4; length < packed.length; length++)
            expect_error((struct str){packed.text, length}, INPUT_UTF8_GUESSED, ERR_FILE_DAMAGED,
                         false);
    }
    /* A gzip check sum that does not fit. */
    buf_reset(&packed);
    pack_gzip(STR("order_id\n"), &packed);
    packed.text[packed.length - 6] ^= 1;
    expect_error(buf_str(&packed), INPUT_UTF8_GUESSED, ERR_FILE_DAMAGED, false);
    buf_clear(&packed);
}

/* 200 MB of text in 200 kB: read through without keeping it. */
static void bombs_take_constant_memory(void **state)
{
    (void)state;
    struct buf text;
    struct buf packed;
    struct arena arena;
    buf_init(&text);
    buf_init(&packed);
    arena_init(&arena);
    for (int i = 0; i < 1 << 20; i++)
        buf_append_byte(&text, 'x');
    for (int i = 0; i < 200; i++)
        pack_gzip(buf_str(&text), &packed);
    assert_true(packed.length < 300000);
    struct input *input;
    struct problem problem;
    static char block[1 << 16];
    size_t got = 1;
    int64_t total = 0;
    assert_int_equal(
        input_open_memory(&arena, buf_str(&packed), INPUT_UTF8_GUESSED, &input, &problem), ERR_OK);
    while (got > 0) {
        assert_int_equal(input_read(input, block, sizeof(block), &got, &problem), ERR_OK);
        total += (int64_t)got;
    }
    assert_int_equal(total, INT64_C(200) << 20);
    assert_true(arena.total < (1 << 20));
    input_close(input);
    arena_clear(&arena);
    buf_clear(&text);
    buf_clear(&packed);
}

/* A zstd frame that asks for a window of 128 MiB is not granted it. */
static void greedy_zstd_windows_are_refused(void **state)
{
    (void)state;
    struct buf text;
    struct buf packed;
    buf_init(&text);
    buf_init(&packed);
    ZSTD_CCtx *context = ZSTD_createCCtx();
    assert_non_null(context);
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 27);
    ZSTD_inBuffer in = {"order_id\n", 9, 0};
    char *into = buf_reserve(&packed, 4096);
    ZSTD_outBuffer out = {into, 4096, 0};
    /* Streamed without a known size, so the window stands in the header. */
    assert_false(ZSTD_isError(ZSTD_compressStream2(context, &out, &in, ZSTD_e_flush)));
    assert_false(ZSTD_isError(ZSTD_compressStream2(context, &out, &in, ZSTD_e_end)));
    packed.length = out.pos;
    expect_error(buf_str(&packed), INPUT_UTF8_GUESSED, ERR_FILE_DAMAGED, false);
    ZSTD_freeCCtx(context);
    buf_clear(&text);
    buf_clear(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_passes_with_and_without_mark),
        cmocka_unit_test(broken_utf8_is_found_wherever_it_is),
        cmocka_unit_test(random_utf8_agrees_with_the_core),
        cmocka_unit_test(other_encodings_become_utf8),
        cmocka_unit_test(long_gb18030_survives_every_border),
        cmocka_unit_test(utf16_and_workbooks_are_refused),
        cmocka_unit_test(names_of_encodings),
        cmocka_unit_test(packed_texts_are_unpacked),
        cmocka_unit_test(damaged_packing_is_found),
        cmocka_unit_test(bombs_take_constant_memory),
        cmocka_unit_test(greedy_zstd_windows_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
