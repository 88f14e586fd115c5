#include "platform/web/percent.h"

#include <string.h>

#include "core/arena.h"

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

bool percent_decode(struct arena *arena, struct str text, bool plus_is_blank, struct str *decoded)
{
    char *out = arena_alloc(arena, text.length + 1, 1);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        if (c == '%') {
            if (text.length - i < 3)
                return false;
            int high = hex_value(text.text[i + 1]);
            int low = hex_value(text.text[i + 2]);
            if (high < 0 || low < 0)
                return false;
            c = (char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        if (c == '\0')
            return false;
        out[length++] = c;
    }
    *decoded = (struct str){out, length};
    return str_is_utf8(*decoded);
}

void percent_encode(struct buf *out, struct str text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.text[i];
        bool plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                     c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            buf_append_byte(out, (char)c);
        } else {
            buf_append_byte(out, '%');
            buf_append_byte(out, digits[c >> 4]);
            buf_append_byte(out, digits[c & 15]);
        }
    }
}
