/* A site archive unpacked beside the folder's content, compared with its manifest, and only then
 * put in place. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "platform/store/archive.h"
#include "platform/store/parts.h"

enum { CHUNK = 64 << 10 };

struct unpacker {
    const struct store_options *options;
    struct arena arena;
    struct problem *problem;
    const char *file;
    const char *incoming; /* folder that is filled first */
    int input;
    ZSTD_DCtx *zstd;
    unsigned char raw[CHUNK];
    ZSTD_inBuffer in;
    bool ended; /* the last frame is whole */
    struct archive_entry *entries;
    size_t count;
};

static enum err damaged(struct unpacker *unpacker, const char *name, const char *why)
{
    problem_set(unpacker->problem, ERR_FILE_DAMAGED, ERR_KEY(why));
    return problem_place(unpacker->problem, "%s: %s", unpacker->file, name);
}

/* ---- bytes of the archive ---- */

static enum err refill(struct unpacker *unpacker, const char *name)
{
    ssize_t got;
    do
        got = read(unpacker->input, unpacker->raw, sizeof(unpacker->raw));
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return path_fail(unpacker->problem, ERR_FILE_READ, unpacker->file);
    if (got == 0)
        return damaged(unpacker, name, N_("it is cut off"));
    unpacker->in = (ZSTD_inBuffer){unpacker->raw, (size_t)got, 0};
    return ERR_OK;
}

/* Exactly `length` bytes of the tar; `name` is the entry being read. */
static enum err take(struct unpacker *unpacker, void *bytes, size_t length, const char *name)
{
    ZSTD_outBuffer out = {bytes, length, 0};
    while (out.pos < out.size) {
        if (unpacker->ended)
            return damaged(unpacker, name, N_("it is cut off"));
        size_t before = out.pos;
        size_t left = ZSTD_decompressStream(unpacker->zstd, &out, &unpacker->in);
        if (ZSTD_isError(left)) {
            problem_set(unpacker->problem, ERR_FILE_DAMAGED, ERR_CTEXT(ZSTD_getErrorName(left)));
            return problem_place(unpacker->problem, "%s: %s", unpacker->file, name);
        }
        unpacker->ended = left == 0;
        if (out.pos == before && !unpacker->ended && unpacker->in.pos == unpacker->in.size)
            TRY(refill(unpacker, name));
    }
    return ERR_OK;
}

static enum err take_head(struct unpacker *unpacker, struct tar_head *head, const char *name)
{
    unsigned char block[TAR_BLOCK];
    TRY(take(unpacker, block, sizeof(block), name));
    if (!tar_head_read(block, head))
        return damaged(unpacker, name, N_("an entry's head cannot be read"));
    return ERR_OK;
}

static enum err take_padding(struct unpacker *unpacker, int64_t bytes, const char *name)
{
    unsigned char block[TAR_BLOCK];
    return take(unpacker, block, tar_padding(bytes), name);
}

/* ---- the manifest ---- */

static enum err read_entry(struct unpacker *unpacker, const struct json *at,
                           struct archive_entry *entry)
{
    struct problem *problem = unpacker->problem;
    struct str name;
    struct str hex;
    unsigned char hash[STORE_HASH_BYTES];
    TRY(json_get_text(at, "name", TAR_NAME_MAX, &name, problem));
    TRY(json_get_int(at, "bytes", 0, INT64_MAX, &entry->bytes, problem));
    TRY(json_get_text(at, "sha256", STORE_HASH_BYTES * 2, &hex, problem));
    bool is_file = file_name_read(name, hash);
    if (sodium_hex2bin(entry->hash, STORE_HASH_BYTES, hex.text, hex.length, NULL, NULL, NULL) !=
            0 ||
        hex.length != STORE_HASH_BYTES * 2 || (!is_file && !str_equal_c(name, "sampan.db")) ||
        (is_file && memcmp(hash, entry->hash, sizeof(hash)) != 0))
        return damaged(unpacker, ARCHIVE_MANIFEST, N_("it names what no archive holds"));
    memcpy(entry->name, name.text, name.length);
    return ERR_OK;
}

static enum err read_entries(struct unpacker *unpacker, const struct json *root)
{
    struct problem *problem = unpacker->problem;
    int64_t format;
    struct json list = json_child(root, "entries");
    TRY(json_get_int(root, "format", 1, INT64_MAX, &format, problem));
    if (format != ARCHIVE_FORMAT)
        return problem_set(problem, ERR_FILE_VERSION, ERR_INT(format), ERR_INT(ARCHIVE_FORMAT));
    TRY(json_require_list(&list, ARCHIVE_ENTRIES_MAX, problem));
    unpacker->count = json_count(&list);
    unpacker->entries = ARENA_ARRAY(&unpacker->arena, struct archive_entry, unpacker->count);
    for (size_t i = 0; i < unpacker->count; i++) {
        struct json item = json_item(&list, i);
        TRY(read_entry(unpacker, &item, &unpacker->entries[i]));
        bool is_database = strcmp(unpacker->entries[i].name, "sampan.db") == 0;
        if (is_database != (i == 0) ||
            (i > 1 && strcmp(unpacker->entries[i - 1].name, unpacker->entries[i].name) >= 0))
            return damaged(unpacker, ARCHIVE_MANIFEST, N_("its entries are not in order"));
    }
    if (unpacker->count == 0)
        return damaged(unpacker, ARCHIVE_MANIFEST, N_("it names no database"));
    return ERR_OK;
}

static enum err read_manifest(struct unpacker *unpacker)
{
    struct tar_head head;
    struct json_document *document;
    struct json root;
    TRY(take_head(unpacker, &head, ARCHIVE_MANIFEST));
    if (strcmp(head.name, ARCHIVE_MANIFEST) != 0 || head.bytes > JSON_BYTES_MAX)
        return damaged(unpacker, head.name, N_("an archive begins with its manifest"));
    size_t length = (size_t)head.bytes;
    char *text = arena_alloc(&unpacker->arena, length + 1, 1);
    TRY(take(unpacker, text, length, ARCHIVE_MANIFEST));
    TRY(take_padding(unpacker, head.bytes, ARCHIVE_MANIFEST));
    TRY(json_parse((struct str){text, length},
                   str_format(&unpacker->arena, "%s: %s", unpacker->file, ARCHIVE_MANIFEST).text,
                   &document, &root, unpacker->problem));
    enum err code = read_entries(unpacker, &root);
    json_close(document);
    if (code != ERR_OK &&
        !str_starts_with(str_from_c(unpacker->problem->place), str_from_c(unpacker->file)))
        problem_place_prefix(unpacker->problem, "%s: %s", unpacker->file, ARCHIVE_MANIFEST);
    return code;
}

/* ---- entries ---- */

static enum err unpack_content(struct unpacker *unpacker, const struct archive_entry *entry,
                               int output, const char *path)
{
    crypto_hash_sha256_state state;
    unsigned char hash[STORE_HASH_BYTES];
    unsigned char bytes[CHUNK];
    crypto_hash_sha256_init(&state);
    for (int64_t left = entry->bytes; left > 0;) {
        size_t size = left < CHUNK ? (size_t)left : CHUNK;
        TRY(take(unpacker, bytes, size, entry->name));
        crypto_hash_sha256_update(&state, bytes, size);
        for (size_t done = 0; done < size;) {
            ssize_t wrote = write(output, bytes + done, size - done);
            if (wrote < 0 && errno != EINTR)
                return path_fail(unpacker->problem, ERR_FILE_WRITE, path);
            done += wrote < 0 ? 0 : (size_t)wrote;
        }
        left -= (int64_t)size;
    }
    crypto_hash_sha256_final(&state, hash);
    if (memcmp(hash, entry->hash, sizeof(hash)) != 0)
        return damaged(unpacker, entry->name, N_("its content is not what the manifest says"));
    if (fsync(output) != 0)
        return path_fail(unpacker->problem, ERR_FILE_WRITE, path);
    return take_padding(unpacker, entry->bytes, entry->name);
}

/* "files/ab" of a file's name; nothing for the database. */
static enum err make_folder_of(struct unpacker *unpacker, const char *top, const char *name)
{
    struct str text = str_from_c(name);
    if (!str_starts_with(text, STR("files/")))
        return ERR_OK;
    struct str folder = str_format(&unpacker->arena, "%s/%.*s", top, 8, name);
    return folder_make_private(folder.text, unpacker->problem);
}

static enum err unpack_entry(struct unpacker *unpacker, const struct archive_entry *entry)
{
    struct tar_head head;
    TRY(take_head(unpacker, &head, entry->name));
    if (strcmp(head.name, entry->name) != 0 || head.bytes != entry->bytes)
        return damaged(unpacker, entry->name, N_("it is not the entry that the manifest names"));
    TRY(make_folder_of(unpacker, unpacker->incoming, entry->name));
    const char *path = path_join(&unpacker->arena, unpacker->incoming, entry->name);
    int output = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (output < 0)
        return path_fail(unpacker->problem, ERR_FILE_WRITE, path);
    enum err code = unpack_content(unpacker, entry, output, path);
    close(output);
    return code;
}

static enum err unpack_all(struct unpacker *unpacker)
{
    unsigned char block[TAR_BLOCK];
    TRY(folder_make_private(unpacker->incoming, unpacker->problem));
    TRY(folder_make_private(path_join(&unpacker->arena, unpacker->incoming, "files"),
                            unpacker->problem));
    TRY(read_manifest(unpacker));
    for (size_t i = 0; i < unpacker->count; i++)
        TRY(unpack_entry(unpacker, &unpacker->entries[i]));
    for (int i = 0; i < 2; i++) {
        TRY(take(unpacker, block, sizeof(block), "its end"));
        if (!tar_block_is_zero(block))
            return damaged(unpacker, "its end", N_("it holds more than the manifest names"));
    }
    /* The check sum behind the last byte. */
    while (!unpacker->ended) {
        ZSTD_outBuffer out = {block, sizeof(block), 0};
        size_t left = ZSTD_decompressStream(unpacker->zstd, &out, &unpacker->in);
        if (ZSTD_isError(left) || out.pos > 0)
            return damaged(unpacker, "its end", N_("its check sum does not fit"));
        unpacker->ended = left == 0;
        if (!unpacker->ended && unpacker->in.pos == unpacker->in.size)
            TRY(refill(unpacker, "its end"));
    }
    if (unpacker->in.pos < unpacker->in.size ||
        read(unpacker->input, unpacker->raw, sizeof(unpacker->raw)) > 0)
        return damaged(unpacker, "its end", N_("something follows it"));
    return ERR_OK;
}

/* ---- in place ---- */

static enum err place_file(struct unpacker *unpacker, const char *name)
{
    const char *folder = unpacker->options->folder;
    const char *to = path_join(&unpacker->arena, folder, name);
    TRY(make_folder_of(unpacker, folder, name));
    if (rename(path_join(&unpacker->arena, unpacker->incoming, name), to) != 0)
        return path_fail(unpacker->problem, ERR_FILE_WRITE, to);
    return path_sync_above(to, unpacker->problem);
}

/* Files first: a database never names a file that is not there. */
static enum err place_all(struct unpacker *unpacker)
{
    const char *database = path_join(&unpacker->arena, unpacker->incoming, "sampan.db");
    TRY(restore_check(unpacker->options, database, unpacker->file, unpacker->problem));
    for (size_t i = 1; i < unpacker->count; i++)
        TRY(place_file(unpacker, unpacker->entries[i].name));
    TRY(path_sync(path_join(&unpacker->arena, unpacker->options->folder, "files"),
                  unpacker->problem));
    return restore_place(unpacker->options, database, unpacker->problem);
}

static enum err unpack(struct unpacker *unpacker)
{
    struct problem ignored;
    unpacker->input = open(unpacker->file, O_RDONLY | O_CLOEXEC);
    if (unpacker->input < 0)
        return path_fail(unpacker->problem, ERR_FILE_OPEN, unpacker->file);
    unpacker->incoming = path_join(&unpacker->arena, unpacker->options->folder, "incoming");
    TRY(folder_remove(unpacker->incoming, unpacker->problem));
    unpacker->zstd = ZSTD_createDCtx();
    enum err code = unpack_all(unpacker);
    if (code == ERR_OK)
        code = place_all(unpacker);
    ZSTD_freeDCtx(unpacker->zstd);
    close(unpacker->input);
    enum err removed = folder_remove(unpacker->incoming, &ignored);
    (void)removed; /* what is left of it goes with the next archive */
    return code;
}

enum err store_archive_restore(const struct store_options *options, const char *file,
                               struct problem *problem)
{
    int lock;
    TRY(folder_hold(options->folder, &lock, problem));
    struct arena arena;
    arena_init(&arena);
    struct unpacker *unpacker = ARENA_NEW(&arena, struct unpacker);
    *unpacker = (struct unpacker){.options = options, .problem = problem, .file = file};
    arena_init(&unpacker->arena);
    enum err code = unpack(unpacker);
    arena_clear(&unpacker->arena);
    arena_clear(&arena);
    folder_let_go(lock);
    return code;
}
