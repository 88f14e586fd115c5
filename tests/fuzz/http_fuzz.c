/* Whole requests, behind the wire: "METHOD TARGET\nName: value\n...\n\nbody". Property: every one
 * has an answer below 500, no header of it holds a line end, no redirect leaves the site, and no
 * snapshot stays open. */
#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../platform/web/site.h"
#include "../platform/web/stub_store.h"
#include "core/arena.h"
#include "platform/web/web.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct web_site site;

static void site_leave(void)
{
    site_end(&site);
}

static void site_once(void)
{
    static bool begun;
    if (begun)
        return;
    begun = true;
    site_broken_answers = false;
    site_begin(&site, "");
    atexit(site_leave);
}

enum { HEADERS_MAX = 20 };

/* The next line, zero-terminated in the arena; the rest behind it. */
static const char *line_take(struct arena *arena, struct str *rest)
{
    size_t end = str_find_byte(*rest, '\n');
    struct str line = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->length);
    return str_copy(arena, str_slice(line, 0, str_find_byte(line, '\0'))).text;
}

static void result_check(const struct web_result *result)
{
    struct str head = buf_str(&result->head);
    assert(result->status >= 200 && result->status < 500);
    while (head.length > 0) {
        size_t end = str_find_byte(head, '\n');
        struct str line = str_slice(head, 0, end);
        head = str_slice(head, end + 1, head.length);
        assert(str_find_byte(line, ':') < line.length);
        assert(str_find_byte(line, '\r') == line.length);
        if (str_starts_with(line, STR("Location: ")))
            assert(line.length > 10 && line.text[10] == '/' &&
                   (line.length == 11 || (line.text[11] != '/' && line.text[11] != '\\')));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *headers[2 * HEADERS_MAX + 1] = {NULL};
    struct str rest = {(const char *)data, size};
    struct arena arena;
    int count = 0;
    site_once();
    arena_init(&arena);
    const char *first = line_take(&arena, &rest);
    struct str words = str_from_c(first);
    size_t blank = str_find_byte(words, ' ');
    struct web_exchange exchange = {
        .method = str_copy(&arena, str_slice(words, 0, blank)).text,
        .target = str_copy(&arena, str_slice(words, blank + 1, words.length)).text,
        .headers = headers};
    while (count < HEADERS_MAX && rest.length > 0) {
        struct str line = str_from_c(line_take(&arena, &rest));
        size_t colon = str_find_byte(line, ':');
        if (line.length == 0)
            break;
        headers[2 * count] = str_copy(&arena, str_slice(line, 0, colon)).text;
        headers[2 * count + 1] = str_copy(&arena, str_slice(line, colon + 1, line.length)).text;
        count++;
    }
    exchange.body = rest;
    struct web_result result;
    web_loopback(&site, &exchange, &result);
    result_check(&result);
    assert(stub_store_reads_open(site.store) == 0);
    web_result_clear(&result);
    arena_clear(&arena);
    return 0;
}
