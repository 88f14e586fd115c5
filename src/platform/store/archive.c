/* The whole site in one file: manifest.json, sampan.db, files/..., in that order, tar in zstd. */
#include "platform/store/archive.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zstd.h>

#include "core/file.h"
#include "core/json.h"
#include "core/text.h"
#include "platform/store/parts.h"
#include "platform/store/tar.h"

enum { CHUNK = 64 << 10, ZSTD_LEVEL = 3 };

struct packer {
    struct store *store;
    struct arena arena;
    struct problem *problem;
    const char *file;     /* as the caller named it */
    const char *part;     /* what is written first */
    const char *database; /* copy of the database */
    int output;
    ZSTD_CCtx *zstd;
    struct buf entries; /* of struct archive_entry */
    int64_t made_ms;
};

static void entry_add(struct packer *packer, const struct archive_entry *entry)
{
    buf_append(&packer->entries, (struct str){(const char *)entry, sizeof(*entry)});
}

/* ---- what is to be packed ---- */

static int entry_order(const void *a, const void *b)
{
    return strcmp(((const struct archive_entry *)a)->name, ((const struct archive_entry *)b)->name);
}

static enum err list_folder(struct packer *packer, const char *name)
{
    const char *path = path_join(&packer->arena, packer->store->options.folder, name);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return path_fail(packer->problem, ERR_FILE_OPEN, path);
    struct dirent *found;
    while ((found = readdir(folder)) != NULL) {
        struct archive_entry entry;
        struct stat status;
        struct str full = str_format(&packer->arena, "%s/%s", name, found->d_name);
        if (!file_name_read(full, entry.hash) ||
            fstatat(dirfd(folder), found->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            continue; /* what a killed process left half-written */
        memcpy(entry.name, full.text, full.length + 1);
        entry.bytes = status.st_size;
        entry_add(packer, &entry);
    }
    closedir(folder);
    return ERR_OK;
}

static enum err list_files(struct packer *packer)
{
    const char *top = path_join(&packer->arena, packer->store->options.folder, "files");
    DIR *folder = opendir(top);
    if (folder == NULL)
        return path_fail(packer->problem, ERR_FILE_OPEN, top);
    enum err code = ERR_OK;
    struct dirent *found;
    while (code == ERR_OK && (found = readdir(folder)) != NULL) {
        if (str_from_c(found->d_name).length == 2 && found->d_name[0] != '.')
            code = list_folder(packer, str_format(&packer->arena, "files/%s", found->d_name).text);
    }
    closedir(folder);
    size_t count = packer->entries.length / sizeof(struct archive_entry);
    if (count > 1) /* the database stands first */
        qsort((struct archive_entry *)(void *)packer->entries.text + 1, count - 1,
              sizeof(struct archive_entry), entry_order);
    return code;
}

/* The copy of the database, with its length and hash. */
static enum err list_database(struct packer *packer)
{
    struct archive_entry entry = {.name = "sampan.db"};
    TRY(backup_to(packer->store, packer->database, packer->problem));
    int file = open(packer->database, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return path_fail(packer->problem, ERR_FILE_OPEN, packer->database);
    crypto_hash_sha256_state state;
    crypto_hash_sha256_init(&state);
    unsigned char bytes[CHUNK];
    ssize_t got;
    while ((got = read(file, bytes, sizeof(bytes))) > 0) {
        crypto_hash_sha256_update(&state, bytes, (size_t)got);
        entry.bytes += got;
    }
    crypto_hash_sha256_final(&state, entry.hash);
    close(file);
    if (got < 0)
        return path_fail(packer->problem, ERR_FILE_READ, packer->database);
    entry_add(packer, &entry);
    return ERR_OK;
}

/* ---- writing ---- */

static enum err write_out(struct packer *packer, const void *bytes, size_t length)
{
    const char *at = bytes;
    while (length > 0) {
        ssize_t wrote = write(packer->output, at, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return path_fail(packer->problem, ERR_FILE_WRITE, packer->file);
        at += wrote;
        length -= (size_t)wrote;
    }
    return ERR_OK;
}

static enum err compress(struct packer *packer, const void *bytes, size_t length,
                         ZSTD_EndDirective directive)
{
    char space[CHUNK];
    ZSTD_inBuffer in = {bytes, length, 0};
    size_t left = 1;
    while (in.pos < in.size || (directive == ZSTD_e_end && left != 0)) {
        ZSTD_outBuffer out = {space, sizeof(space), 0};
        left = ZSTD_compressStream2(packer->zstd, &out, &in, directive);
        if (ZSTD_isError(left)) {
            problem_set(packer->problem, ERR_FILE_WRITE, ERR_CTEXT(ZSTD_getErrorName(left)));
            return problem_place(packer->problem, "%s", packer->file);
        }
        TRY(write_out(packer, space, out.pos));
    }
    return ERR_OK;
}

static enum err pack_head(struct packer *packer, const char *name, int64_t bytes)
{
    unsigned char block[TAR_BLOCK];
    tar_head_write(block, name, bytes, packer->made_ms);
    return compress(packer, block, sizeof(block), ZSTD_e_continue);
}

static enum err pack_zeros(struct packer *packer, size_t length)
{
    static const unsigned char zeros[2 * TAR_BLOCK];
    return compress(packer, zeros, length, ZSTD_e_continue);
}

static enum err changed(struct packer *packer, const char *path)
{
    problem_set(packer->problem, ERR_FILE_DAMAGED,
                ERR_KEY(N_("its content is not what its name says")));
    return problem_place(packer->problem, "%s", path);
}

/* The content, compared with the hash on the way: a damaged file is found when it is packed. */
static enum err pack_content(struct packer *packer, const struct archive_entry *entry, int file,
                             const char *path)
{
    crypto_hash_sha256_state state;
    unsigned char hash[STORE_HASH_BYTES];
    unsigned char bytes[CHUNK];
    int64_t done = 0;
    crypto_hash_sha256_init(&state);
    for (;;) {
        ssize_t got = read(file, bytes, sizeof(bytes));
        if (got < 0)
            return path_fail(packer->problem, ERR_FILE_READ, path);
        if (got == 0)
            break;
        done += got;
        if (done > entry->bytes)
            return changed(packer, path);
        crypto_hash_sha256_update(&state, bytes, (size_t)got);
        TRY(compress(packer, bytes, (size_t)got, ZSTD_e_continue));
    }
    crypto_hash_sha256_final(&state, hash);
    if (done != entry->bytes || memcmp(hash, entry->hash, sizeof(hash)) != 0)
        return changed(packer, path);
    return pack_zeros(packer, tar_padding(entry->bytes));
}

static enum err pack_entry(struct packer *packer, const struct archive_entry *entry, bool database)
{
    struct arena_mark mark = arena_mark_get(&packer->arena);
    const char *path = database
                           ? packer->database
                           : path_join(&packer->arena, packer->store->options.folder, entry->name);
    TRY(pack_head(packer, entry->name, entry->bytes));
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return path_fail(packer->problem, ERR_FILE_OPEN, path);
    enum err code = pack_content(packer, entry, file, path);
    close(file);
    arena_rewind(&packer->arena, mark);
    return code;
}

static void manifest_write(const struct packer *packer, struct buf *text)
{
    struct json_writer writer;
    const struct archive_entry *entry = (const void *)packer->entries.text;
    size_t count = packer->entries.length / sizeof(*entry);
    json_writer_init(&writer, text, true);
    json_object_begin(&writer);
    json_key(&writer, "format");
    json_put_int(&writer, ARCHIVE_FORMAT);
    json_key(&writer, "made_ms");
    json_put_int(&writer, packer->made_ms);
    json_key(&writer, "entries");
    json_list_begin(&writer);
    for (size_t i = 0; i < count; i++) {
        char hex[STORE_HASH_BYTES * 2 + 1];
        sodium_bin2hex(hex, sizeof(hex), entry[i].hash, STORE_HASH_BYTES);
        json_object_begin(&writer);
        json_key(&writer, "name");
        json_put_text(&writer, str_from_c(entry[i].name));
        json_key(&writer, "bytes");
        json_put_int(&writer, entry[i].bytes);
        json_key(&writer, "sha256");
        json_put_text(&writer, str_from_c(hex));
        json_object_end(&writer);
    }
    json_list_end(&writer);
    json_object_end(&writer);
}

static enum err pack_all(struct packer *packer)
{
    struct buf manifest;
    buf_init(&manifest);
    manifest_write(packer, &manifest);
    int64_t bytes = (int64_t)manifest.length;
    enum err code = pack_head(packer, ARCHIVE_MANIFEST, bytes);
    if (code == ERR_OK)
        code = compress(packer, manifest.text, manifest.length, ZSTD_e_continue);
    if (code == ERR_OK)
        code = pack_zeros(packer, tar_padding(bytes));
    buf_clear(&manifest);
    const struct archive_entry *entry = (const void *)packer->entries.text;
    size_t count = packer->entries.length / sizeof(*entry);
    for (size_t i = 0; i < count && code == ERR_OK; i++)
        code = pack_entry(packer, &entry[i], i == 0);
    TRY(code);
    TRY(pack_zeros(packer, (size_t)2 * TAR_BLOCK));
    return compress(packer, NULL, 0, ZSTD_e_end);
}

static enum err pack(struct packer *packer)
{
    TRY(list_database(packer));
    TRY(list_files(packer));
    packer->output = open(packer->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (packer->output < 0)
        return path_fail(packer->problem, ERR_FILE_WRITE, packer->file);
    packer->zstd = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(packer->zstd, ZSTD_c_compressionLevel, ZSTD_LEVEL);
    ZSTD_CCtx_setParameter(packer->zstd, ZSTD_c_checksumFlag, 1);
    TRY(pack_all(packer));
    if (fsync(packer->output) != 0 || rename(packer->part, packer->file) != 0)
        return path_fail(packer->problem, ERR_FILE_WRITE, packer->file);
    return path_sync_above(packer->file, packer->problem);
}

enum err store_archive_write(struct store *store, const char *file, struct problem *problem)
{
    struct packer packer = {.store = store, .problem = problem, .file = file, .output = -1};
    arena_init(&packer.arena);
    packer.part = str_format(&packer.arena, "%s.part", file).text;
    packer.database = str_format(&packer.arena, "%s.db.part", file).text;
    packer.made_ms = store->options.now_ms(store->options.now_context);
    enum err code = pack(&packer);
    ZSTD_freeCCtx(packer.zstd);
    if (packer.output >= 0)
        close(packer.output);
    unlink(packer.database);
    if (code != ERR_OK)
        unlink(packer.part);
    buf_clear(&packer.entries);
    arena_clear(&packer.arena);
    return code;
}

enum err store_archive_folder(const struct store_options *options, const char *file,
                              struct problem *problem)
{
    struct store *store;
    TRY(store_outside(options, &store, problem));
    enum err code = store_archive_write(store, file, problem);
    store_close(store);
    return code;
}
