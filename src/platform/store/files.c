/* Files by their SHA-256 under files/ab/cdef...: equal content is kept once, and what is read is
 * compared with its name. */
#include <sodium.h>
#include <string.h>

#include "core/file.h"
#include "core/text.h"
#include "platform/store/parts.h"

enum { HEX_MAX = STORE_HASH_BYTES * 2 + 1, FOLDER_LENGTH = 6 };

void file_name_of(const unsigned char hash[STORE_HASH_BYTES], char name[STORE_FILE_NAME_MAX])
{
    char hex[HEX_MAX];
    sodium_bin2hex(hex, sizeof(hex), hash, STORE_HASH_BYTES);
    memcpy(name, "files/", FOLDER_LENGTH);
    memcpy(name + FOLDER_LENGTH, hex, 2);
    name[FOLDER_LENGTH + 2] = '/';
    memcpy(name + FOLDER_LENGTH + 3, hex + 2, HEX_MAX - 2);
}

bool file_name_read(struct str path, unsigned char hash[STORE_HASH_BYTES])
{
    char again[STORE_FILE_NAME_MAX];
    char hex[HEX_MAX];
    if (path.length != FOLDER_LENGTH + HEX_MAX)
        return false;
    memcpy(hex, path.text + FOLDER_LENGTH, 2);
    memcpy(hex + 2, path.text + FOLDER_LENGTH + 3, HEX_MAX - 3);
    if (sodium_hex2bin(hash, STORE_HASH_BYTES, hex, HEX_MAX - 1, NULL, NULL, NULL) != 0)
        return false;
    file_name_of(hash, again); /* also refuses capital letters and other folders */
    return str_equal_c(path, again);
}

static enum err put(struct store *store, struct arena *arena, const char *name, struct str content,
                    struct problem *problem)
{
    const char *path = path_join(arena, store->options.folder, name);
    if (file_exists(path))
        return ERR_OK;
    const char *folder =
        str_copy(arena, str_slice(str_from_c(path), 0, str_from_c(path).length - HEX_MAX + 2)).text;
    if (!file_exists(folder)) {
        TRY(folder_make_private(folder, problem));
        TRY(path_sync_above(folder, problem));
    }
    enum err code = file_write_atomic(path, content, 0600, problem);
    /* core/file tells a full disk by its cause alone. */
    bool no_room = code == ERR_FILE_WRITE && problem->arg_count == 1 &&
                   str_equal_c(STR("no room is left on the disk"), problem->args[0].text);
    if (!no_room)
        return code;
    problem_set0(problem, ERR_DISK_FULL);
    return problem_place(problem, "%s", path);
}

enum err store_file_put(struct store *store, struct str content,
                        unsigned char hash[STORE_HASH_BYTES], struct problem *problem)
{
    char name[STORE_FILE_NAME_MAX];
    if (content.length > STORE_FILE_BYTES_MAX)
        return problem_set(problem, ERR_FILE_TOO_LARGE, ERR_INT(STORE_FILE_BYTES_MAX));
    crypto_hash_sha256(hash, (const unsigned char *)content.text, content.length);
    file_name_of(hash, name);
    struct arena arena;
    arena_init(&arena);
    pthread_mutex_lock(&store->files);
    enum err code = put(store, &arena, name, content, problem);
    pthread_mutex_unlock(&store->files);
    arena_clear(&arena);
    return code;
}

enum err store_file_get(struct store *store, struct arena *arena,
                        const unsigned char hash[STORE_HASH_BYTES], struct str *content,
                        struct problem *problem)
{
    char name[STORE_FILE_NAME_MAX];
    unsigned char found[STORE_HASH_BYTES];
    file_name_of(hash, name);
    const char *path = path_join(arena, store->options.folder, name);
    if (!file_exists(path))
        return problem_set0(problem, ERR_NOT_FOUND);
    TRY(file_read(arena, path, STORE_FILE_BYTES_MAX, content, problem));
    crypto_hash_sha256(found, (const unsigned char *)content->text, content->length);
    if (memcmp(found, hash, STORE_HASH_BYTES) == 0)
        return ERR_OK;
    problem_set(problem, ERR_FILE_DAMAGED, ERR_KEY(N_("its content is not what its name says")));
    return problem_place(problem, "%s", path);
}
