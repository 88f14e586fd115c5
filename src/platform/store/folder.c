/* The data folder: made, held by one process, files copied and synced. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "platform/store/parts.h"

enum err path_fail(struct problem *problem, enum err code, const char *path)
{
    if (errno == ENOSPC || errno == EDQUOT)
        problem_set0(problem, ERR_DISK_FULL);
    else
        problem_set(problem, code, ERR_CTEXT(strerror(errno)));
    return problem_place(problem, "%s", path);
}

enum err folder_make_private(const char *path, struct problem *problem)
{
    if (mkdir(path, 0700) == 0 || errno == EEXIST)
        return ERR_OK;
    return path_fail(problem, ERR_FILE_WRITE, path);
}

enum err file_make_private(const char *path, struct problem *problem)
{
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0)
        return path_fail(problem, ERR_FILE_WRITE, path);
    close(file);
    return ERR_OK;
}

static enum err hold(const char *path, int *lock, struct problem *problem)
{
    *lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*lock < 0)
        return path_fail(problem, ERR_FILE_WRITE, path);
    if (flock(*lock, LOCK_EX | LOCK_NB) == 0)
        return ERR_OK;
    enum err code = errno == EWOULDBLOCK ? problem_set0(problem, ERR_FILE_BUSY)
                                         : path_fail(problem, ERR_FILE_OPEN, path);
    close(*lock);
    *lock = -1;
    problem_place(problem, "%s", path);
    return code;
}

enum err folder_hold(const char *folder, int *lock, struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    *lock = -1;
    enum err code = folder_make_private(folder, problem);
    if (code == ERR_OK)
        code = hold(path_join(&arena, folder, "lock"), lock, problem);
    if (code == ERR_OK)
        code = folder_make_private(path_join(&arena, folder, "backups"), problem);
    if (code == ERR_OK)
        code = folder_make_private(path_join(&arena, folder, "files"), problem);
    arena_clear(&arena);
    if (code != ERR_OK && *lock >= 0)
        folder_let_go(*lock);
    return code;
}

void folder_let_go(int lock)
{
    close(lock);
}

enum err path_sync(const char *path, struct problem *problem)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return path_fail(problem, ERR_FILE_OPEN, path);
    enum err code = ERR_OK;
    if (fsync(file) != 0 && errno != EINVAL)
        code = path_fail(problem, ERR_FILE_WRITE, path);
    close(file);
    return code;
}

enum err path_sync_above(const char *path, struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    struct str text = str_from_c(path);
    size_t slash = text.length;
    while (slash > 0 && text.text[slash - 1] != '/')
        slash--;
    struct str folder = slash == 0 ? STR(".") : str_slice(text, 0, slash);
    enum err code = path_sync(str_copy(&arena, folder).text, problem);
    arena_clear(&arena);
    return code;
}

static enum err copy_bytes(int from, int to, const char *from_path, const char *to_path,
                           struct problem *problem)
{
    char bytes[64 << 10];
    for (;;) {
        ssize_t got = read(from, bytes, sizeof(bytes));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return path_fail(problem, ERR_FILE_READ, from_path);
        if (got == 0)
            break;
        for (ssize_t done = 0; done < got;) {
            ssize_t wrote = write(to, bytes + done, (size_t)(got - done));
            if (wrote < 0 && errno != EINTR)
                return path_fail(problem, ERR_FILE_WRITE, to_path);
            done += wrote < 0 ? 0 : wrote;
        }
    }
    return fsync(to) == 0 ? ERR_OK : path_fail(problem, ERR_FILE_WRITE, to_path);
}

enum err file_copy_synced(const char *from_path, const char *to_path, struct problem *problem)
{
    int from = open(from_path, O_RDONLY | O_CLOEXEC);
    if (from < 0)
        return path_fail(problem, ERR_FILE_OPEN, from_path);
    int to = open(to_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    enum err code = to < 0 ? path_fail(problem, ERR_FILE_WRITE, to_path)
                           : copy_bytes(from, to, from_path, to_path, problem);
    close(from);
    if (to >= 0)
        close(to);
    return code;
}
