/* embed OUT.c NAME=PATH...: files become a table in C (platform/web/static_files.h).
 * embed --data OUT.c NAME=PATH...: the same for core/builtin.h: the bytes alone, of any ending.
 *
 * Each file has its bytes, the same compressed with gzip when that saves a tenth, its media type by
 * the ending, and a tag that is a hash of its bytes. The table is sorted by name, bytewise.
 */
#define ZLIB_CONST
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/file.h"
#include "core/str.h"

enum { FILE_BYTES_MAX = 16 << 20, FILES_MAX = 256, TAG_BYTES = 12 };

struct entry {
    struct str name;
    struct str content;
    struct str gzip;
    const char *media_type;
    char tag[2 * TAG_BYTES + 1];
};

static const struct {
    const char *ending;
    const char *media_type;
} media_types[] = {
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
};

static const char *media_type_of(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(media_types); i++) {
        if (str_ends_with(name, str_from_c(media_types[i].ending)))
            return media_types[i].media_type;
    }
    return NULL;
}

/* No time and no name in the header, so that equal bytes give equal bytes. */
static struct str compressed(struct arena *arena, struct str content)
{
    z_stream stream = {0};
    if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
        abort();
    size_t room = deflateBound(&stream, (uLong)content.length) + 32;
    unsigned char *bytes = arena_alloc(arena, room, 1);
    stream.next_in = (z_const Bytef *)content.text;
    stream.avail_in = (uInt)content.length;
    stream.next_out = bytes;
    stream.avail_out = (uInt)room;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        abort();
    size_t length = room - stream.avail_out;
    deflateEnd(&stream);
    if (length > content.length - content.length / 10)
        return STR("");
    return (struct str){(const char *)bytes, length};
}

static int entry_order(const void *a, const void *b)
{
    return str_compare(((const struct entry *)a)->name, ((const struct entry *)b)->name);
}

static bool entry_read(struct arena *arena, const char *argument, bool data, struct entry *entry)
{
    struct problem problem;
    struct str text = str_from_c(argument);
    size_t equals = str_find_byte(text, '=');
    entry->name = str_slice(text, 0, equals);
    entry->media_type = data ? "" : media_type_of(entry->name);
    if (equals >= text.length || entry->name.length == 0 || entry->media_type == NULL) {
        fprintf(stderr, "embed: '%s' is not NAME=PATH with a name that ends in a known way\n",
                argument);
        return false;
    }
    const char *path = argument + equals + 1;
    if (file_read(arena, path, FILE_BYTES_MAX, &entry->content, &problem) != ERR_OK) {
        fprintf(stderr, "embed: %s: %s\n", path, err_message(problem.code));
        return false;
    }
    if (data)
        return true;
    entry->gzip = compressed(arena, entry->content);
    unsigned char hash[crypto_generichash_BYTES_MIN];
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)entry->content.text,
                       entry->content.length, NULL, 0);
    for (size_t i = 0; i < TAG_BYTES; i++)
        snprintf(entry->tag + 2 * i, 3, "%02x", hash[i]);
    return true;
}

/* A literal of C: compilers read it some ten times as fast as a list of numbers. */
static void put_bytes(struct buf *out, size_t index, const char *kind, struct str bytes)
{
    if (bytes.length == 0)
        return;
    buf_format(out, "static const char %s_%zu[] =\n\"", kind, index);
    for (size_t i = 0; i < bytes.length; i++) {
        unsigned char c = (unsigned char)bytes.text[i];
        if (i > 0 && i % 80 == 0)
            buf_append_c(out, "\"\n\"");
        bool plain = c >= ' ' && c < 0x7F && c != '"' && c != '\\' && c != '?';
        if (plain) {
            buf_append_byte(out, (char)c);
            continue;
        }
        buf_append_byte(out, '\\');
        for (int shift = 6; shift >= 0; shift -= 3)
            buf_append_byte(out, (char)('0' + (c >> shift & 7)));
    }
    buf_append_c(out, "\";\n");
}

static void put_data_table(struct buf *out, const struct entry *entries, size_t count)
{
    buf_append_c(out, "/* Made by tools/embed from data/. */\n"
                      "#include \"main/data_files.h\"\n\n"
                      "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n");
    for (size_t i = 0; i < count; i++)
        put_bytes(out, i, "content", entries[i].content);
    buf_append_c(out, "\nconst struct builtin_file data_files[] = {\n");
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = &entries[i];
        buf_format(out, "    {\"%.*s\", {", (int)entry->name.length, entry->name.text);
        if (entry->content.length > 0)
            buf_format(out, "content_%zu, %zu}},\n", i, entry->content.length);
        else
            buf_append_c(out, "\"\", 0}},\n");
    }
    buf_format(out, "};\nconst size_t data_file_count = %zu;\n", count);
}

static void put_table(struct buf *out, const struct entry *entries, size_t count)
{
    buf_append_c(out, "/* Made by tools/embed from static/ and the packages of package.json. */\n"
                      "#include \"platform/web/static_files.h\"\n\n"
                      "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n\n");
    for (size_t i = 0; i < count; i++) {
        put_bytes(out, i, "content", entries[i].content);
        put_bytes(out, i, "gzip", entries[i].gzip);
    }
    buf_append_c(out, "\nconst struct web_file static_files[] = {\n");
    for (size_t i = 0; i < count; i++) {
        const struct entry *entry = &entries[i];
        buf_format(out, "    {\"%.*s\", {", (int)entry->name.length, entry->name.text);
        if (entry->content.length > 0)
            buf_format(out, "content_%zu, %zu}, {", i, entry->content.length);
        else
            buf_append_c(out, "\"\", 0}, {");
        if (entry->gzip.length > 0)
            buf_format(out, "gzip_%zu, %zu}, ", i, entry->gzip.length);
        else
            buf_append_c(out, "\"\", 0}, ");
        buf_format(out, "\"%s\", \"\\\"%s\\\"\"},\n", entry->media_type, entry->tag);
    }
    buf_format(out, "};\nconst size_t static_file_count = %zu;\n", count);
}

int main(int argc, char **argv)
{
    bool data = argc > 1 && strcmp(argv[1], "--data") == 0;
    argc -= data ? 1 : 0;
    argv += data ? 1 : 0;
    if (argc < 3 || argc > FILES_MAX || sodium_init() < 0) {
        fprintf(stderr, "usage: embed [--data] OUT.c NAME=PATH...\n");
        return 2;
    }
    struct arena arena;
    struct problem problem;
    struct buf out;
    arena_init(&arena);
    buf_init(&out);
    size_t count = (size_t)argc - 2;
    struct entry *entries = ARENA_ARRAY(&arena, struct entry, count);
    bool fine = true;
    for (size_t i = 0; i < count; i++)
        fine = entry_read(&arena, argv[i + 2], data, &entries[i]) && fine;
    qsort(entries, count, sizeof(*entries), entry_order);
    for (size_t i = 1; i < count; i++) {
        if (str_equal(entries[i - 1].name, entries[i].name)) {
            fprintf(stderr, "embed: '%.*s' twice\n", (int)entries[i].name.length,
                    entries[i].name.text);
            fine = false;
        }
    }
    if (fine) {
        if (data)
            put_data_table(&out, entries, count);
        else
            put_table(&out, entries, count);
        fine = file_write_atomic(argv[1], buf_str(&out), 0644, &problem) == ERR_OK;
        if (!fine)
            fprintf(stderr, "%s: %s\n", argv[1], err_message(problem.code));
    }
    buf_clear(&out);
    arena_clear(&arena);
    return fine ? 0 : 1;
}
