#include "platform/web/upload_text.h"

#include <iconv.h>
#include <string.h>

#include "core/arena.h"

static enum err broken(struct problem *problem, const char *encoding)
{
    return problem_set(problem, ERR_ENCODING_BROKEN, ERR_CTEXT(encoding));
}

/* Two bytes of GB18030 or UTF-16 become three of UTF-8 at most, four become four. */
static enum err convert(struct arena *arena, struct str content, const char *encoding,
                        struct str *text, struct problem *problem)
{
    size_t size = content.length * 3 / 2 + 8;
    char *out = arena_alloc(arena, size, 1);
    char *to = out;
    char *from = (char *)(uintptr_t)content.text; /* iconv does not write there */
    size_t from_left = content.length;
    size_t to_left = size;
    iconv_t converter = iconv_open("UTF-8", encoding);
    if (converter == (iconv_t)-1)
        return broken(problem, encoding);
    size_t done = iconv(converter, &from, &from_left, &to, &to_left);
    iconv_close(converter);
    if (done == (size_t)-1 || from_left > 0)
        return broken(problem, encoding);
    *text = (struct str){out, size - to_left};
    return ERR_OK;
}

static enum err decode(struct arena *arena, struct str content, struct str *text,
                       struct problem *problem)
{
    if (str_starts_with(content, STR("\xEF\xBB\xBF"))) {
        *text = str_slice(content, 3, content.length);
        return str_is_utf8(*text) ? ERR_OK : broken(problem, "UTF-8");
    }
    if (str_starts_with(content, STR("\xFF\xFE")))
        return convert(arena, str_slice(content, 2, content.length), "UTF-16LE", text, problem);
    if (str_starts_with(content, STR("\xFE\xFF")))
        return convert(arena, str_slice(content, 2, content.length), "UTF-16BE", text, problem);
    *text = content;
    return str_is_utf8(content) ? ERR_OK : convert(arena, content, "GB18030", text, problem);
}

enum err upload_text_decode(struct arena *arena, struct str content, struct str *text,
                            struct problem *problem)
{
    if (str_starts_with(content, STR("PK\x03\x04")) ||
        str_starts_with(content, STR("\xD0\xCF\x11\xE0")))
        return problem_set0(problem, ERR_FORMAT_SPREADSHEET);
    TRY(decode(arena, content, text, problem));
    if (text->length > 0 && memchr(text->text, 0, text->length) != NULL)
        return problem_set0(problem, ERR_TEXT_CONTROL);
    return ERR_OK;
}
