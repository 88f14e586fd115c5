#include "app/datasets/input.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

#include "core/arena.h"
#include "core/text.h"

enum { CODED_BYTES = 1 << 17, ICONV_CHAR_MAX = 16 };

struct input {
    struct unpack *unpack;
    enum input_encoding encoding;
    bool had_mark;
    bool not_utf8;
    bool begun;
    bool ended;
    int64_t given;
    unsigned char head[4]; /* first bytes, looked at for a mark */
    size_t head_at;
    size_t head_end;
    unsigned utf8_left;                /* continuation bytes still expected */
    unsigned char utf8_low, utf8_high; /* bounds of the next one */
    bool iconv_open;
    iconv_t iconv;
    char *coded; /* bytes not yet converted */
    size_t coded_at;
    size_t coded_end;
};

static const struct {
    const char *name;
    enum input_encoding encoding;
} encoding_names[] = {
    {"utf-8", INPUT_UTF8},         {"utf8", INPUT_UTF8},
    {"gb18030", INPUT_GB18030},    {"gbk", INPUT_GB18030},
    {"gb2312", INPUT_GB18030},     {"iso-8859-1", INPUT_LATIN1},
    {"latin1", INPUT_LATIN1},      {"windows-1252", INPUT_WINDOWS1252},
    {"cp1252", INPUT_WINDOWS1252}, {"shift_jis", INPUT_SHIFT_JIS},
};

enum err input_encoding_from_name(const char *name, enum input_encoding *encoding,
                                  struct problem *problem)
{
    for (size_t i = 0; i < COUNT_OF(encoding_names); i++) {
        if (str_equal_ascii_fold(str_from_c(name), str_from_c(encoding_names[i].name))) {
            *encoding = encoding_names[i].encoding;
            return ERR_OK;
        }
    }
    return problem_set(problem, ERR_OPTION_VALUE, ERR_CTEXT("--encoding"), ERR_CTEXT(name),
                       ERR_CTEXT("utf-8, gb18030, iso-8859-1, windows-1252, shift_jis"));
}

const char *input_encoding_name(enum input_encoding encoding)
{
    static const char *const names[] = {"UTF-8",      "GB18030",      "UTF-8",    "GB18030",
                                        "ISO-8859-1", "WINDOWS-1252", "SHIFT_JIS"};
    return names[encoding];
}

static bool is_utf8(enum input_encoding encoding)
{
    return encoding == INPUT_UTF8_GUESSED || encoding == INPUT_UTF8;
}

static enum err fill_head(struct input *input, struct problem *problem)
{
    size_t got = 1;
    while (input->head_end < sizeof(input->head) && got > 0) {
        TRY(unpack_read(input->unpack, (char *)input->head + input->head_end,
                        sizeof(input->head) - input->head_end, &got, problem));
        input->head_end += got;
    }
    const unsigned char *head = input->head;
    if (input->head_end >= 2 &&
        ((head[0] == 0xff && head[1] == 0xfe) || (head[0] == 0xfe && head[1] == 0xff)))
        return problem_set0(problem, ERR_ENCODING_UTF16);
    if (input->head_end == 4 && memcmp(head, "PK\x03\x04", 4) == 0)
        return problem_set0(problem, ERR_FORMAT_SPREADSHEET);
    if (input->head_end >= 3 && head[0] == 0xef && head[1] == 0xbb && head[2] == 0xbf &&
        is_utf8(input->encoding)) {
        input->had_mark = true;
        input->head_at = 3;
        input->encoding = INPUT_UTF8;
    }
    return ERR_OK;
}

static enum err begin(struct input *input, struct problem *problem)
{
    input->begun = true;
    TRY(fill_head(input, problem));
    if (is_utf8(input->encoding))
        return ERR_OK;
    input->iconv = iconv_open("UTF-8", input_encoding_name(input->encoding));
    if (input->iconv == (iconv_t)-1) /* NOLINT: the library's own mark of failure */
        return problem_set(problem, ERR_INTERNAL, ERR_CTEXT("iconv_open"));
    input->iconv_open = true;
    return ERR_OK;
}

static struct input *new_input(struct arena *arena, enum input_encoding encoding)
{
    struct input *input = ARENA_NEW(arena, struct input);
    input->encoding = encoding;
    if (!is_utf8(encoding))
        input->coded = ARENA_ARRAY(arena, char, CODED_BYTES);
    return input;
}

enum err input_open_file(struct arena *arena, const char *path, enum input_encoding encoding,
                         struct input **input, struct problem *problem)
{
    *input = new_input(arena, encoding);
    return unpack_open_file(arena, path, &(*input)->unpack, problem);
}

enum err input_open_memory(struct arena *arena, struct str bytes, enum input_encoding encoding,
                           struct input **input, struct problem *problem)
{
    *input = new_input(arena, encoding);
    return unpack_open_memory(arena, bytes, &(*input)->unpack, problem);
}

void input_close(struct input *input)
{
    if (!input)
        return;
    unpack_close(input->unpack);
    input->unpack = NULL;
    if (input->iconv_open)
        iconv_close(input->iconv);
    input->iconv_open = false;
}

static enum err read_bytes(struct input *input, char *into, size_t capacity, size_t *got,
                           struct problem *problem)
{
    size_t left = input->head_end - input->head_at;
    if (left == 0)
        return unpack_read(input->unpack, into, capacity, got, problem);
    *got = left < capacity ? left : capacity;
    memcpy(into, input->head + input->head_at, *got);
    input->head_at += *got;
    return ERR_OK;
}

/* Bytes at the front that are ASCII, in steps of 32. */
static size_t ascii_run(const char *text, size_t length)
{
    size_t at = 0;
    for (; at + 32 <= length; at += 32) {
        uint64_t word[4];
        memcpy(word, text + at, sizeof(word));
        if ((word[0] | word[1] | word[2] | word[3]) & UINT64_C(0x8080808080808080))
            break;
    }
    return at;
}

/* Begin of a sequence: how many bytes follow and the bounds of the first of them (Unicode 15,
 * table 3-7). False for a byte that begins none. */
static bool utf8_begin(struct input *input, unsigned char lead)
{
    input->utf8_low = 0x80;
    input->utf8_high = 0xbf;
    if (lead >= 0xc2 && lead <= 0xdf) {
        input->utf8_left = 1;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        input->utf8_left = 2;
        input->utf8_low = lead == 0xe0 ? 0xa0 : 0x80;
        input->utf8_high = lead == 0xed ? 0x9f : 0xbf;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        input->utf8_left = 3;
        input->utf8_low = lead == 0xf0 ? 0x90 : 0x80;
        input->utf8_high = lead == 0xf4 ? 0x8f : 0xbf;
    } else {
        return false;
    }
    return true;
}

/* Check a piece of the stream; a sequence may go on in the next piece. */
static bool utf8_check(struct input *input, const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        if (input->utf8_left == 0) {
            at += ascii_run(text + at, length - at);
            if (at == length)
                break;
        }
        /* A few bytes one by one before the wide look is tried again. */
        size_t stop = length - at > 32 ? at + 32 : length;
        for (; at < stop || (at < length && input->utf8_left > 0); at++) {
            unsigned char byte = (unsigned char)text[at];
            if (input->utf8_left > 0) {
                if (byte < input->utf8_low || byte > input->utf8_high)
                    return false;
                input->utf8_left--;
                input->utf8_low = 0x80;
                input->utf8_high = 0xbf;
            } else if (byte >= 0x80 && !utf8_begin(input, byte)) {
                return false;
            }
        }
    }
    return true;
}

static enum err broken(struct input *input, struct problem *problem)
{
    if (input->encoding == INPUT_GB18030_GUESSED)
        return problem_set0(problem, ERR_ENCODING_UNDECIDED);
    input->not_utf8 = input->encoding == INPUT_UTF8_GUESSED;
    return problem_set(problem, ERR_ENCODING_BROKEN,
                       ERR_CTEXT(input_encoding_name(input->encoding)));
}

static enum err read_utf8(struct input *input, char *into, size_t capacity, size_t *got,
                          struct problem *problem)
{
    TRY(read_bytes(input, into, capacity, got, problem));
    if (*got == 0 ? input->utf8_left > 0 : !utf8_check(input, into, *got))
        return broken(input, problem);
    return ERR_OK;
}

static enum err fill_coded(struct input *input, struct problem *problem)
{
    size_t left = input->coded_end - input->coded_at;
    memmove(input->coded, input->coded + input->coded_at, left);
    input->coded_at = 0;
    input->coded_end = left;
    size_t got = 0;
    TRY(read_bytes(input, input->coded + left, CODED_BYTES - left, &got, problem));
    input->coded_end += got;
    input->ended = got == 0;
    return ERR_OK;
}

static enum err read_coded(struct input *input, char *into, size_t capacity, size_t *got,
                           struct problem *problem)
{
    if (capacity < ICONV_CHAR_MAX)
        return problem_set(problem, ERR_INTERNAL, ERR_CTEXT("input: too little room"));
    while (*got == 0) {
        if (input->coded_end - input->coded_at < ICONV_CHAR_MAX && !input->ended)
            TRY(fill_coded(input, problem));
        size_t left = input->coded_end - input->coded_at;
        if (left == 0 && input->ended)
            return ERR_OK;
        char *from = input->coded + input->coded_at;
        char *to = into;
        size_t room = capacity;
        size_t result = iconv(input->iconv, &from, &left, &to, &room);
        int cause = errno;
        input->coded_at = input->coded_end - left;
        *got = capacity - room;
        if (result != (size_t)-1 || cause == E2BIG || *got > 0)
            continue; /* what was converted goes out first; the cause shows again */
        if (cause != EINVAL || input->ended)
            return broken(input, problem);
        TRY(fill_coded(input, problem));
    }
    return ERR_OK;
}

enum err input_read(void *context, char *into, size_t capacity, size_t *got,
                    struct problem *problem)
{
    struct input *input = context;
    *got = 0;
    if (!input->begun)
        TRY(begin(input, problem));
    TRY(is_utf8(input->encoding) ? read_utf8(input, into, capacity, got, problem)
                                 : read_coded(input, into, capacity, got, problem));
    input->given += (int64_t)*got;
    return ERR_OK;
}

bool input_not_utf8(const struct input *input)
{
    return input->not_utf8;
}

bool input_had_mark(const struct input *input)
{
    return input->had_mark;
}

enum unpack_kind input_packing(const struct input *input)
{
    return unpack_kind(input->unpack);
}

int64_t input_bytes_taken(const struct input *input)
{
    return input->unpack ? unpack_bytes_taken(input->unpack) : 0;
}

int64_t input_bytes_given(const struct input *input)
{
    return input->given;
}
