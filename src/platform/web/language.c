#include "platform/web/language.h"

/* "q=0.8" in thousandths; 1000 when absent, -1 when it is none. */
static int quality_read(struct str parameters)
{
    struct str text = str_trim(parameters);
    if (text.length == 0)
        return 1000;
    if (text.length < 3 || (text.text[0] != 'q' && text.text[0] != 'Q') || text.text[1] != '=')
        return -1;
    double value;
    if (!str_to_double(str_slice(text, 2, text.length), &value) || !(value >= 0) || value > 1)
        return -1;
    return (int)(value * 1000);
}

static bool code_is(struct str tag, const char *code)
{
    return tag.length >= 2 && str_equal_ascii_fold(str_slice(tag, 0, 2), str_from_c(code)) &&
           (tag.length == 2 || tag.text[2] == '-');
}

enum lang language_choose(struct str cookie, struct str accept_language)
{
    if (code_is(cookie, "zh"))
        return LANG_ZH;
    if (code_is(cookie, "en"))
        return LANG_EN;
    enum lang best = LANG_EN;
    int best_quality = 0;
    for (int i = 0; i < 32 && accept_language.length > 0; i++) {
        size_t end = str_find_byte(accept_language, ',');
        struct str range = str_slice(accept_language, 0, end);
        accept_language = str_slice(accept_language, end + 1, accept_language.length);
        size_t semicolon = str_find_byte(range, ';');
        struct str tag = str_trim(str_slice(range, 0, semicolon));
        int quality = quality_read(str_slice(range, semicolon + 1, range.length));
        bool known = code_is(tag, "zh") || code_is(tag, "en");
        if (known && quality > best_quality) {
            best = code_is(tag, "zh") ? LANG_ZH : LANG_EN;
            best_quality = quality;
        }
    }
    return best;
}

enum web_theme theme_choose(struct str cookie)
{
    if (str_equal(cookie, STR("light")))
        return WEB_THEME_LIGHT;
    return str_equal(cookie, STR("dark")) ? WEB_THEME_DARK : WEB_THEME_AUTO;
}
