/* pages/letters: what a person would read as words. */
#include "parts.h"

/* Ranges of characters beyond ASCII that are signs, not letters. */
static const uint32_t signs[][2] = {
    {0x80, 0xA9},     {0xAB, 0xB4},     {0xB6, 0xB9},       {0xBB, 0xBF},     {0xD7, 0xD7},
    {0xF7, 0xF7},     {0x2000, 0x206F}, {0x20A0, 0x20CF},   {0x2190, 0x2BFF}, {0x3000, 0x3004},
    {0x3008, 0x3020}, {0xFE00, 0xFE0F}, {0xFE30, 0xFE4F},   {0xFF00, 0xFF20}, {0xFF3B, 0xFF40},
    {0xFF5B, 0xFF65}, {0xFFE0, 0xFFFF}, {0x1F000, 0x1FAFF},
};

bool letter_head(struct str text, size_t *length)
{
    unsigned char c = (unsigned char)text.text[0];
    *length = 1;
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    size_t extra = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
    uint32_t code = c & (0x3FU >> extra);
    for (size_t i = 1; i <= extra && i < text.length; i++, ++*length)
        code = (code << 6) | ((unsigned char)text.text[i] & 0x3FU);
    for (size_t i = 0; i < COUNT_OF(signs); i++) {
        if (code >= signs[i][0] && code <= signs[i][1])
            return false;
    }
    return true;
}

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

size_t entity_length(struct str text)
{
    size_t i = 1;
    if (i < text.length && text.text[i] == '#')
        i++;
    size_t start = i;
    while (i < text.length && i < 34 && is_alphanumeric(text.text[i]))
        i++;
    return i > start && i < text.length && text.text[i] == ';' ? i + 1 : 0;
}
