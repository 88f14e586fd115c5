#include "core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int http_status;
    const char *message;
} errors[ERR_COUNT] = {
#define ERR(code, http_status, message) [code] = {#code, http_status, message},
#include "core/errors.def"
#undef ERR
};

/* Copy into `size` bytes: control characters (a terminal would obey them) become blanks, bytes that
 * are not UTF-8 become question marks, and what does not fit is cut with an ellipsis. */
static void text_keep(char *out, size_t size, struct str text)
{
    static const char ellipsis[] = "\xE2\x80\xA6";
    const size_t ellipsis_length = sizeof(ellipsis) - 1;
    bool cut = text.length > size - 1;
    struct str kept = text;
    if (cut)
        kept.length = str_utf8_cut(text, size - 1 - ellipsis_length);
    bool utf8 = str_is_utf8(kept);
    for (size_t i = 0; i < kept.length; i++) {
        unsigned char byte = (unsigned char)kept.text[i];
        if (byte < 0x20 || byte == 0x7F)
            byte = ' ';
        else if (byte >= 0x80 && !utf8)
            byte = '?';
        out[i] = (char)byte;
    }
    if (cut)
        memcpy(out + kept.length, ellipsis, ellipsis_length);
    out[kept.length + (cut ? ellipsis_length : 0)] = '\0';
}

enum err problem_fill(struct problem *problem, enum err code, const struct err_arg *args,
                      size_t count)
{
    problem->code = code;
    problem->place[0] = '\0';
    if (count > PROBLEM_ARGS_MAX)
        count = PROBLEM_ARGS_MAX;
    problem->arg_count = (int)count;
    for (size_t i = 0; i < count; i++) {
        struct problem_arg *kept = &problem->args[i];
        kept->kind = args[i].kind;
        kept->decimals = args[i].decimals;
        kept->number = args[i].number;
        kept->key = args[i].kind == ERR_ARG_KEY ? args[i].text.text : NULL;
        text_keep(kept->text, sizeof(kept->text), args[i].text);
    }
    return code;
}

/* Long enough that only absurd places are cut twice. */
enum { PLACE_SCRATCH = 4 * PROBLEM_PLACE_MAX };

enum err problem_place(struct problem *problem, const char *format, ...)
{
    char text[PLACE_SCRATCH];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    text_keep(problem->place, sizeof(problem->place), str_from_c(text));
    return problem->code;
}

void problem_place_prefix(struct problem *problem, const char *format, ...)
{
    char text[PLACE_SCRATCH];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text) - PROBLEM_PLACE_MAX - 2, format, args);
    va_end(args);
    size_t length = strlen(text);
    /* A prefix that ends in a point is the head of the same path: "firms[3]." + "orders[0]". */
    const char *joint = length > 0 && text[length - 1] == '.' ? "" : ": ";
    if (problem->place[0] != '\0')
        snprintf(text + length, sizeof(text) - length, "%s%s", joint, problem->place);
    text_keep(problem->place, sizeof(problem->place), str_from_c(text));
}

static bool err_is_known(enum err code)
{
    return (unsigned)code < ERR_COUNT;
}

const char *err_name(enum err code)
{
    return err_is_known(code) ? errors[code].name : "ERR_?";
}

bool err_from_name(struct str name, enum err *code)
{
    for (int i = 0; i < ERR_COUNT; i++) {
        if (str_equal_c(name, errors[i].name)) {
            *code = (enum err)i;
            return true;
        }
    }
    return false;
}

int err_http_status(enum err code)
{
    return err_is_known(code) ? errors[code].http_status : 500;
}

const char *err_message(enum err code)
{
    return errors[err_is_known(code) ? code : ERR_INTERNAL].message;
}
