/* po2c: a .po file becomes a sorted table in C (core/text_table.h).
 *
 *     po2c zh po/zh_CN.po texts_zh.c
 *
 * Refused, with file and line: what is not UTF-8 or not well-formed, fuzzy, plural and context
 * entries, a missing translation, a msgid given twice, and a translation whose {0}..{9} are not
 * those of its msgid. The tool runs while the house is built and uses only the lowest files of
 * core.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/file.h"
#include "core/str.h"

enum { PO_BYTES_MAX = 16 << 20, ENTRIES_MAX = 100000 };

struct entry {
    struct str id;
    struct str text;
    int line;
};

enum part { PART_NONE, PART_ID, PART_TEXT };

struct reader {
    const char *path;
    struct arena *arena;
    int line;
    enum part part; /* what a continued line continues */
    bool open;      /* an entry is being read */
    int entry_line;
    struct buf id;
    struct buf text;
    struct entry *entries;
    size_t count;
};

static bool refuse(const struct reader *reader, int line, const char *why)
{
    fprintf(stderr, "%s:%d: %s\n", reader->path, line, why);
    return false;
}

/* Bit n is set when {n} stands in the text. */
static unsigned placeholders(struct str text)
{
    unsigned found = 0;
    for (size_t i = 0; i + 2 < text.length; i++) {
        char digit = text.text[i + 1];
        if (text.text[i] == '{' && digit >= '0' && digit <= '9' && text.text[i + 2] == '}')
            found |= 1U << (digit - '0');
    }
    return found;
}

static bool entry_close(struct reader *reader)
{
    if (!reader->open)
        return true;
    reader->open = false;
    struct str id = buf_str(&reader->id);
    struct str text = buf_str(&reader->text);
    if (reader->part != PART_TEXT)
        return refuse(reader, reader->entry_line, "msgid without msgstr");
    reader->part = PART_NONE;
    if (id.length == 0) {
        /* The header: its fields are for translators' tools. */
        if (reader->count > 0)
            return refuse(reader, reader->entry_line, "an empty msgid that is not the header");
        return true;
    }
    if (text.length == 0)
        return refuse(reader, reader->entry_line, "the translation is missing");
    if (placeholders(id) != placeholders(text))
        return refuse(reader, reader->entry_line, "{0}.. differ between msgid and msgstr");
    if (reader->count == ENTRIES_MAX)
        return refuse(reader, reader->entry_line, "too many entries");
    reader->entries[reader->count++] = (struct entry){
        .id = str_copy(reader->arena, id),
        .text = str_copy(reader->arena, text),
        .line = reader->entry_line,
    };
    return true;
}

/* "..." with \n \t \" \\, all of `quoted`. */
static bool quoted_append(const struct reader *reader, struct buf *buf, struct str quoted)
{
    if (quoted.length < 2 || quoted.text[0] != '"' || quoted.text[quoted.length - 1] != '"')
        return refuse(reader, reader->line, "a text in quotes is expected");
    for (size_t i = 1; i < quoted.length - 1; i++) {
        char c = quoted.text[i];
        if (c == '"')
            return refuse(reader, reader->line, "a quote inside a text is not escaped");
        if (c == '\\') {
            if (++i == quoted.length - 1)
                return refuse(reader, reader->line, "the text is not closed");
            switch (quoted.text[i]) {
            case 'n':
                c = '\n';
                break;
            case 't':
                c = '\t';
                break;
            case '"':
            case '\\':
                c = quoted.text[i];
                break;
            default:
                return refuse(reader, reader->line, "unknown escape; use \\n \\t \\\" \\\\");
            }
        }
        buf_append_byte(buf, c);
    }
    return true;
}

static bool line_read(struct reader *reader, struct str line)
{
    const struct str id_word = STR("msgid ");
    const struct str text_word = STR("msgstr ");
    if (line.length == 0)
        return entry_close(reader);
    if (line.text[0] == '#') {
        if (str_starts_with(line, STR("#,")) && strstr(line.text, "fuzzy") != NULL)
            return refuse(reader, reader->line, "a fuzzy entry; check it and remove the mark");
        return entry_close(reader);
    }
    if (str_starts_with(line, id_word)) {
        if (!entry_close(reader))
            return false;
        buf_reset(&reader->id);
        buf_reset(&reader->text);
        reader->open = true;
        reader->part = PART_ID;
        reader->entry_line = reader->line;
        return quoted_append(reader, &reader->id, str_slice(line, id_word.length, line.length));
    }
    if (str_starts_with(line, text_word)) {
        if (!reader->open || reader->part != PART_ID)
            return refuse(reader, reader->line, "msgstr without msgid");
        reader->part = PART_TEXT;
        return quoted_append(reader, &reader->text, str_slice(line, text_word.length, line.length));
    }
    if (line.text[0] == '"' && reader->part != PART_NONE)
        return quoted_append(reader, reader->part == PART_ID ? &reader->id : &reader->text, line);
    return refuse(reader, reader->line, "not understood (contexts and plurals are not used here)");
}

static bool file_parse(struct reader *reader, struct str content)
{
    if (!str_is_utf8(content))
        return refuse(reader, 1, "the file is not UTF-8");
    while (content.length > 0) {
        size_t end = str_find_byte(content, '\n');
        reader->line++;
        /* Copied so that the line is zero-terminated. */
        struct str line = str_copy(reader->arena, str_trim(str_slice(content, 0, end)));
        if (!line_read(reader, line))
            return false;
        content = str_slice(content, end + 1, content.length);
    }
    return entry_close(reader);
}

static int entry_compare(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    int order = str_compare(left->id, right->id);
    return order != 0 ? order : left->line - right->line;
}

static bool entries_sort(struct reader *reader)
{
    qsort(reader->entries, reader->count, sizeof(reader->entries[0]), entry_compare);
    for (size_t i = 1; i < reader->count; i++) {
        if (str_equal(reader->entries[i - 1].id, reader->entries[i].id))
            return refuse(reader, reader->entries[i].line, "this msgid was given before");
    }
    return true;
}

static void literal_append(struct buf *out, struct str text)
{
    buf_append_byte(out, '"');
    for (size_t i = 0; i < text.length; i++) {
        char c = text.text[i];
        if (c == '\n') {
            buf_append_c(out, "\\n");
        } else if (c == '\t') {
            buf_append_c(out, "\\t");
        } else {
            /* A question mark is escaped because ??' and its like mean something else in C17. */
            if (c == '"' || c == '\\' || c == '?')
                buf_append_byte(out, '\\');
            buf_append_byte(out, c);
        }
    }
    buf_append_byte(out, '"');
}

static void table_write(const struct reader *reader, const char *language, struct buf *out)
{
    buf_format(out, "/* Made by tools/po2c.c; change the .po file instead. */\n"
                    "#include \"core/text_table.h\"\n\n");
    buf_format(out, "const size_t text_table_%s_count = %zu;\n", language, reader->count);
    buf_format(out, "const struct text_entry text_table_%s[] = {\n", language);
    for (size_t i = 0; i < reader->count; i++) {
        buf_append_c(out, "    {");
        literal_append(out, reader->entries[i].id);
        buf_append_c(out, ",\n     ");
        literal_append(out, reader->entries[i].text);
        buf_append_c(out, "},\n");
    }
    /* A table may be empty, an array may not. */
    buf_append_c(out, "    {\"\", \"\"},\n};\n");
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: po2c LANGUAGE FILE.po FILE.c\n");
        return 2;
    }
    struct arena arena;
    struct problem problem;
    struct str content;
    struct buf out;
    arena_init(&arena);
    buf_init(&out);
    struct reader reader = {.path = argv[2], .arena = &arena};
    enum err code = file_read(&arena, argv[2], PO_BYTES_MAX, &content, &problem);
    bool good = code == ERR_OK;
    if (good) {
        reader.entries = ARENA_ARRAY(&arena, struct entry, ENTRIES_MAX);
        good = file_parse(&reader, content) && entries_sort(&reader);
    }
    if (good) {
        table_write(&reader, argv[1], &out);
        code = file_write_atomic(argv[3], buf_str(&out), 0666, &problem);
        good = code == ERR_OK;
    }
    if (code != ERR_OK)
        fprintf(stderr, "%s: %s\n", problem.place, err_name(code));
    buf_clear(&reader.id);
    buf_clear(&reader.text);
    buf_clear(&out);
    arena_clear(&arena);
    return good ? 0 : 1;
}
