/* input: the text of a file as checked UTF-8, whatever it was packed and written in.
 *
 * Without a named encoding the text is UTF-8 until a byte proves otherwise; then `input_read`
 * answers ERR_ENCODING_BROKEN and `input_not_utf8` is true, and the caller opens the file again as
 * GB18030 guessed (INPUT_GB18030_GUESSED), which answers ERR_ENCODING_UNDECIDED when that is wrong
 * too. So the decision needs no second copy of the file, and no second pass for files in UTF-8.
 * A byte order mark decides by itself: UTF-8 is then UTF-8, UTF-16 is refused (ERR_ENCODING_UTF16).
 * So are workbooks, by the mark of their ZIP archive (ERR_FORMAT_SPREADSHEET).
 */
#ifndef APP_DATASETS_INPUT_H
#define APP_DATASETS_INPUT_H

#include "app/datasets/unpack.h"
#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

enum input_encoding {
    INPUT_UTF8_GUESSED, /* nobody named one */
    INPUT_GB18030_GUESSED,
    INPUT_UTF8,
    INPUT_GB18030,
    INPUT_LATIN1,
    INPUT_WINDOWS1252,
    INPUT_SHIFT_JIS
};

struct input;

/* "utf-8", "gb18030" (also gbk, gb2312), "iso-8859-1", "windows-1252", "shift_jis", without case;
 * else ERR_OPTION_VALUE. */
MUST_USE enum err input_encoding_from_name(const char *name, enum input_encoding *encoding,
                                           struct problem *problem);
/* "UTF-8", "GB18030" ... */
const char *input_encoding_name(enum input_encoding encoding);

MUST_USE enum err input_open_file(struct arena *arena, const char *path,
                                  enum input_encoding encoding, struct input **input,
                                  struct problem *problem);
MUST_USE enum err input_open_memory(struct arena *arena, struct str bytes,
                                    enum input_encoding encoding, struct input **input,
                                    struct problem *problem);
void input_close(struct input *input);
/* A csv_source: `context` is the struct input. Only checked UTF-8 comes out, without its mark. */
MUST_USE enum err input_read(void *context, char *into, size_t capacity, size_t *got,
                             struct problem *problem);

/* True when reading ended because a guessed UTF-8 text is not UTF-8. */
bool input_not_utf8(const struct input *input);
bool input_had_mark(const struct input *input);
enum unpack_kind input_packing(const struct input *input);
int64_t input_bytes_taken(const struct input *input);
/* Bytes of text given out so far. */
int64_t input_bytes_given(const struct input *input);

#endif
