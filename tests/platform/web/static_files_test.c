/* tools/embed and platform/web/static_files.h: what is served is what lies in static/. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define ZLIB_CONST
#include <zlib.h>

#include "core/arena.h"
#include "core/file.h"
#include "platform/web/static_files.h"

static struct arena arena;

static void the_table_is_sorted_and_whole(void **state)
{
    (void)state;
    assert_true(static_file_count >= 6);
    for (size_t i = 0; i < static_file_count; i++) {
        const struct web_file *file = &static_files[i];
        assert_true(i == 0 || strcmp(static_files[i - 1].path, file->path) < 0);
        assert_true(file->content.length > 0);
        assert_non_null(strchr(file->media_type, '/'));
        assert_int_equal(strlen(file->etag), 26);
        assert_int_equal(file->etag[0], '"');
        assert_ptr_equal(static_file_find(str_from_c(file->path)), file);
    }
    assert_null(static_file_find(STR("nosuch.css")));
    assert_null(static_file_find(STR("")));
    assert_string_equal(static_file_find(STR("sampan.css"))->media_type, "text/css; charset=utf-8");
}

static void our_files_are_there_byte_by_byte(void **state)
{
    (void)state;
    static const char *const names[] = {"charts.js", "icon.svg", "sampan.css", "sampan.js"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct problem problem;
        struct str content;
        const char *path = path_join(&arena, SAMPAN_SOURCE_ROOT "/static", names[i]);
        assert_int_equal(file_read(&arena, path, 1 << 20, &content, &problem), ERR_OK);
        assert_true(str_equal(static_file_find(str_from_c(names[i]))->content, content));
    }
}

static void the_terms_of_others_work_are_served(void **state)
{
    (void)state;
    const struct web_file *file = static_file_find(STR("licences.txt"));
    assert_non_null(file);
    static const char *const names[] = {"==== echarts/LICENSE", "==== echarts/NOTICE",
                                        "==== zrender/LICENSE", "==== htmx.org/LICENSE"};
    const char *text = str_copy(&arena, file->content).text;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        assert_non_null(strstr(text, names[i]));
}

static void gzip_gives_the_same_bytes(void **state)
{
    (void)state;
    for (size_t i = 0; i < static_file_count; i++) {
        const struct web_file *file = &static_files[i];
        if (file->gzip.length == 0)
            continue;
        assert_true(file->gzip.length < file->content.length);
        z_stream stream = {.next_in = (const unsigned char *)file->gzip.text,
                           .avail_in = (unsigned)file->gzip.length};
        assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
        unsigned char *back = arena_alloc(&arena, file->content.length + 1, 1);
        stream.next_out = back;
        stream.avail_out = (unsigned)file->content.length + 1;
        assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
        assert_int_equal(stream.total_out, file->content.length);
        assert_memory_equal(back, file->content.text, file->content.length);
        inflateEnd(&stream);
    }
}

static void addresses_bear_the_tag(void **state)
{
    (void)state;
    struct buf out;
    buf_init(&out);
    struct page page = {.out = &out, .prefix = STR("/p")};
    const struct web_file *file = static_file_find(STR("icon.svg"));
    html_static(&page, "/static/icon.svg#mast");
    struct str wanted = str_format(&arena, "/p/static/icon.svg?v=%.24s#mast", file->etag + 1);
    assert_true(str_equal(buf_str(&out), wanted));
    buf_reset(&out);
    html_static(&page, "/static/nosuch.css");
    assert_true(str_equal(buf_str(&out), STR("/p/static/nosuch.css")));
    buf_clear(&out);
}

static int clear(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

int main(void)
{
    arena_init(&arena);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_table_is_sorted_and_whole, clear),
        cmocka_unit_test_teardown(our_files_are_there_byte_by_byte, clear),
        cmocka_unit_test_teardown(the_terms_of_others_work_are_served, clear),
        cmocka_unit_test_teardown(gzip_gives_the_same_bytes, clear),
        cmocka_unit_test_teardown(addresses_bear_the_tag, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
