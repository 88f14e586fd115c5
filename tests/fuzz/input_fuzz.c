/* Packing and encodings. Property: whatever the bytes, the text that comes out is UTF-8, in any
 * size of reads the same; and bytes that are refused are refused in any size of reads (for the
 * first of several faults that is met: text before a broken block is given out or not). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/datasets/input.h"
#include "core/arena.h"
#include "core/str.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TEXT_MAX = 1 << 22 };

static enum err read_all(struct str bytes, enum input_encoding encoding, size_t step,
                         struct buf *text, bool *not_utf8)
{
    struct arena arena;
    struct input *input = NULL;
    struct problem problem = {0};
    size_t got = 1;
    arena_init(&arena);
    buf_reset(text);
    enum err code = input_open_memory(&arena, bytes, encoding, &input, &problem);
    while (code == ERR_OK && got > 0 && text->length < TEXT_MAX) {
        char *into = buf_reserve(text, step);
        code = input_read(input, into, step, &got, &problem);
        if (code == ERR_OK)
            text->length += got;
    }
    if (code != problem.code)
        abort();
    *not_utf8 = input && input_not_utf8(input);
    input_close(input);
    arena_clear(&arena);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    static const enum input_encoding encodings[] = {
        INPUT_UTF8_GUESSED, INPUT_GB18030_GUESSED, INPUT_UTF8,     INPUT_GB18030,
        INPUT_LATIN1,       INPUT_WINDOWS1252,     INPUT_SHIFT_JIS};
    enum input_encoding encoding = encodings[data[0] % COUNT_OF(encodings)];
    struct str bytes = {(const char *)data + 2, size - 2};
    struct buf first, second;
    bool not_utf8, not_utf8_second;
    buf_init(&first);
    buf_init(&second);
    enum err code = read_all(bytes, encoding, 1 << 16, &first, &not_utf8);
    enum err code_second =
        read_all(bytes, encoding, 16 + (size_t)data[1], &second, &not_utf8_second);
    if ((not_utf8 || not_utf8_second) && encoding != INPUT_UTF8_GUESSED)
        abort();
    if (first.length < TEXT_MAX && (code == ERR_OK) != (code_second == ERR_OK))
        abort();
    if (code == ERR_OK && first.length < TEXT_MAX) {
        if (!str_is_utf8(buf_str(&first)) || first.length != second.length ||
            (first.length > 0 && memcmp(first.text, second.text, first.length) != 0))
            abort();
    }
    buf_clear(&first);
    buf_clear(&second);
    return 0;
}
