#include "core/text.h"

#include <string.h>

#include "core/date.h"
#include "core/money.h"
#include "core/text_table.h"

enum lang lang_from_code(const char *code)
{
    /* "zh", "zh_CN.UTF-8", "zh-Hans": what follows the two letters is a border or nothing. */
    struct str text = str_from_c(code);
    if (text.length < 2 || !str_equal_ascii_fold(str_slice(text, 0, 2), STR("zh")))
        return LANG_EN;
    char next = text.length == 2 ? '_' : text.text[2];
    return next == '_' || next == '-' || next == '.' || next == '@' ? LANG_ZH : LANG_EN;
}

const char *text_get(enum lang lang, const char *key)
{
    if (lang != LANG_ZH)
        return key;
    size_t low = 0;
    size_t high = text_table_zh_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(key, text_table_zh[middle].key);
        if (order == 0)
            return text_table_zh[middle].translation;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return key;
}

static void text_append_arg(struct buf *buf, enum lang lang, const struct err_arg *arg)
{
    char date[11];
    switch (arg->kind) {
    case ERR_ARG_TEXT:
        buf_append(buf, arg->text);
        return;
    case ERR_ARG_KEY:
        /* Keys come from zero-terminated literals (ERR_KEY). */
        buf_append_c(buf, text_get(lang, arg->text.text));
        return;
    case ERR_ARG_INT:
        buf_append_int64(buf, arg->number);
        return;
    case ERR_ARG_DECIMAL:
        int64_append_scaled(buf, arg->number, arg->decimals);
        return;
    case ERR_ARG_DATE:
        date_format((int32_t)arg->number, date);
        buf_append_c(buf, date);
        return;
    }
}

void text_append(struct buf *buf, enum lang lang, const char *key, const struct err_arg *args,
                 size_t count)
{
    const char *text = text_get(lang, key);
    const char *from = text;
    for (const char *at = text; *at != '\0'; at++) {
        bool hole = at[0] == '{' && at[1] >= '0' && at[1] <= '9' && at[2] == '}';
        if (!hole || (size_t)(at[1] - '0') >= count)
            continue;
        buf_append(buf, (struct str){from, (size_t)(at - from)});
        text_append_arg(buf, lang, &args[at[1] - '0']);
        at += 2;
        from = at + 1;
    }
    buf_append_c(buf, from);
}

void text_append_problem(struct buf *buf, enum lang lang, const struct problem *problem)
{
    struct err_arg args[PROBLEM_ARGS_MAX];
    for (int i = 0; i < problem->arg_count; i++) {
        const struct problem_arg *kept = &problem->args[i];
        args[i] = (struct err_arg){
            .kind = kept->kind,
            .decimals = kept->decimals,
            .number = kept->number,
            .text = str_from_c(kept->kind == ERR_ARG_KEY ? kept->key : kept->text),
        };
    }
    if (problem->place[0] != '\0') {
        buf_append_c(buf, problem->place);
        buf_append_c(buf, lang == LANG_ZH ? "：" : ": ");
    }
    text_append(buf, lang, err_message(problem->code), args, (size_t)problem->arg_count);
}

/* One code point of well-formed UTF-8; a stray byte counts as itself. */
static uint32_t utf8_next(struct str text, size_t *at)
{
    unsigned char lead = (unsigned char)text.text[(*at)++];
    if (lead < 0xC0)
        return lead;
    int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    uint32_t code = lead & (0x3FU >> more);
    for (; more > 0 && *at < text.length; more--) {
        unsigned char byte = (unsigned char)text.text[*at];
        if ((byte & 0xC0) != 0x80)
            break;
        code = code << 6 | (byte & 0x3FU);
        (*at)++;
    }
    return code;
}

struct code_range {
    uint32_t first;
    uint32_t last;
};

static bool in_ranges(uint32_t code, const struct code_range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    }
    return false;
}

size_t text_columns(struct str text)
{
    /* East Asian Width W and F, by blocks (Unicode Annex 11). */
    static const struct code_range wide[] = {
        {0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0x33FF},   {0x3400, 0x4DBF},
        {0x4E00, 0x9FFF},   {0xA000, 0xA4CF},   {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},
        {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F},
        {0x1F900, 0x1F9FF}, {0x20000, 0x2FFFD}, {0x30000, 0x3FFFD},
    };
    /* Combining marks, joiners and variation selectors take no column of their own. */
    static const struct code_range none[] = {
        {0x0000, 0x001F}, {0x007F, 0x009F}, {0x0300, 0x036F}, {0x200B, 0x200F},
        {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
    };
    size_t columns = 0;
    for (size_t at = 0; at < text.length;) {
        uint32_t code = utf8_next(text, &at);
        if (code >= 0x20 && code < 0x7F)
            columns++;
        else if (in_ranges(code, wide, COUNT_OF(wide)))
            columns += 2;
        else if (!in_ranges(code, none, COUNT_OF(none)))
            columns++;
    }
    return columns;
}
