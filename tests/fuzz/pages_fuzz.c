/* Any bytes as a template: the generator never crashes; what it accepts, played with hostile
 * values, is markup that no parser has to repair, holds no inline script or style, and leads
 * nowhere a template may not lead.
 *
 * The first byte tells how many bytes of choices follow; then comes the template.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pages.h"
#include "pages_play.h"
#include "parse_back.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct str hostile[] = {
    {"\"'><script>alert(1)</script>&amp;<!--", 37},
    {"javascript:alert(1)", 19},
    {"..", 2},
    {"//example.org/", 14},
    {"\r\n\0<", 4},
    {"", 0},
    {"x", 1},
};

static void fail(const char *what, struct str html, struct str source)
{
    fprintf(stderr, "%s\n---\n%.*s\n---\n%.*s\n", what, (int)html.length, html.text,
            (int)source.length, source.text);
    abort();
}

static bool is_address(struct str name)
{
    return str_equal_c(name, "href") || str_equal_c(name, "src") || str_equal_c(name, "action") ||
           str_equal_c(name, "formaction") || str_equal_c(name, "hx-get") ||
           str_equal_c(name, "hx-post");
}

static bool leads_well(struct str element, struct str value)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:"};
    for (size_t i = 0; i < COUNT_OF(schemes) && str_equal_c(element, "a"); i++) {
        if (str_starts_with(value, str_from_c(schemes[i])))
            return true;
    }
    if (value.length == 0 || strchr("/?#", value.text[0]) == NULL)
        return false;
    return value.length < 2 || value.text[0] != '/' ||
           (value.text[1] != '/' && value.text[1] != '\\');
}

static void check(struct arena *arena, struct str html, struct str source)
{
    struct parsed parsed;
    parse_back(arena, html, &parsed);
    if (parsed.fault != NULL)
        fail(parsed.fault, html, source);
    for (size_t i = 0; i < parsed.count; i++) {
        const struct parsed_value *one = &parsed.values[i];
        if (str_starts_with(one->attribute, STR("on")) || str_equal_c(one->attribute, "style"))
            fail("an inline script or style", html, source);
        if (is_address(one->attribute) && !leads_well(one->element, one->value))
            fail("an address that leads astray", html, source);
        bool code = str_equal_c(one->element, "script") && one->attribute.length == 0;
        if (code && str_find_byte(one->value, '<') < one->value.length)
            fail("'<' in a script", html, source);
    }
    parsed_clear(&parsed);
}

static void play_all(struct arena *arena, const struct template_file *file, struct choices choices)
{
    struct buf out;
    buf_init(&out);
    for (size_t p = 0; p < file->page_count; p++) {
        for (size_t h = 0; h < COUNT_OF(hostile); h++) {
            struct page page = {.out = &out, .lang = LANG_EN, .form_token = STR("\"t")};
            choices.next = h;
            buf_reset(&out);
            pages_play(&page, &file->pages[p], hostile[h], &choices);
            check(arena, buf_str(&out), file->source);
        }
    }
    buf_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    size_t chosen = data[0] % 16;
    if (size < 1 + chosen)
        return 0;
    struct arena arena;
    arena_init(&arena);
    struct choices choices = {data + 1, chosen, 0};
    struct str source =
        str_copy(&arena, (struct str){(const char *)data + 1 + chosen, size - 1 - chosen});
    struct complaints complaints = {.count = 0};
    struct template_file file;
    bool fine = pages_compile(&arena, "fuzz.html", source, &file, &complaints);
    if (fine != (complaints.count == 0))
        fail("refused without a complaint, or accepted with one", STR(""), source);
    for (size_t i = 0; i < complaints.count; i++) {
        if (complaints.list[i].line < 1 || complaints.list[i].column < 1)
            fail("a complaint without a place", STR(""), source);
    }
    if (fine && pages_check_together(&arena, &file, 1, &complaints)) {
        struct buf code;
        buf_init(&code);
        pages_write_header(&code, "fuzz", &file, 1);
        pages_write_source(&code, "fuzz", &file, 1);
        buf_clear(&code);
        play_all(&arena, &file, choices);
    }
    arena_clear(&arena);
    return 0;
}
