#include "core/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/builtin.h"
#include "core/text.h"

/* The causes a person can do something about have a text of ours; the rest the system's. */
static struct err_arg cause(int number)
{
    switch (number) {
    case ENOENT:
        return ERR_KEY(N_("there is no such file or folder"));
    case EACCES:
    case EPERM:
        return ERR_KEY(N_("permission is denied"));
    case ENOSPC:
    case EDQUOT:
        return ERR_KEY(N_("no room is left on the disk"));
    case EISDIR:
        return ERR_KEY(N_("it is a folder"));
    case ENOTDIR:
        return ERR_KEY(N_("a part of the path is not a folder"));
    case EROFS:
        return ERR_KEY(N_("the file system is read-only"));
    case ENAMETOOLONG:
        return ERR_KEY(N_("the name is too long"));
    default:
        return ERR_CTEXT(strerror(number));
    }
}

static enum err fail(struct problem *problem, enum err code, int number, const char *path)
{
    struct err_arg arg = cause(number);
    problem_fill(problem, code, &arg, 1);
    return problem_place(problem, "%s", path);
}

static enum err too_large(struct problem *problem, size_t bytes_max, const char *path)
{
    problem_set(problem, ERR_FILE_TOO_LARGE, ERR_INT((int64_t)bytes_max));
    return problem_place(problem, "%s", path);
}

/* Until the end of the file; a file that grows meanwhile is read to the size it had. */
static enum err read_whole(int file, char *bytes, size_t size, size_t *length, const char *path,
                           struct problem *problem)
{
    *length = 0;
    while (*length < size) {
        ssize_t got = read(file, bytes + *length, size - *length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(problem, ERR_FILE_READ, errno, path);
        if (got == 0)
            break;
        *length += (size_t)got;
    }
    return ERR_OK;
}

/* What has no size beforehand (a pipe, /dev/stdin, /proc) is read by growing steps. */
static enum err read_growing(struct arena *arena, int file, size_t bytes_max, struct str *content,
                             const char *path, struct problem *problem)
{
    struct buf buf;
    buf_init(&buf);
    enum err code = ERR_OK;
    const size_t step = (size_t)64 << 10;
    size_t got = step;
    while (code == ERR_OK && got == step && buf.length <= bytes_max) {
        char *at = buf_reserve(&buf, step);
        code = read_whole(file, at, step, &got, path, problem);
        buf.length += got;
    }
    if (code == ERR_OK && buf.length > bytes_max)
        code = too_large(problem, bytes_max, path);
    if (code == ERR_OK)
        *content = str_copy(arena, buf_str(&buf));
    buf_clear(&buf);
    return code;
}

enum err file_read(struct arena *arena, const char *path, size_t bytes_max, struct str *content,
                   struct problem *problem)
{
    if (builtin_find(path, content)) {
        if (content->length > bytes_max)
            return too_large(problem, bytes_max, path);
        *content = str_copy(arena, *content);
        return ERR_OK;
    }
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return fail(problem, ERR_FILE_OPEN, errno, path);
    struct stat stat;
    enum err code = ERR_OK;
    if (fstat(file, &stat) != 0) {
        code = fail(problem, ERR_FILE_READ, errno, path);
    } else if (S_ISDIR(stat.st_mode)) {
        code = fail(problem, ERR_FILE_OPEN, EISDIR, path);
    } else if (!S_ISREG(stat.st_mode) || stat.st_size == 0) {
        code = read_growing(arena, file, bytes_max, content, path, problem);
    } else if ((uintmax_t)stat.st_size > bytes_max) {
        code = too_large(problem, bytes_max, path);
    } else {
        struct arena_mark mark = arena_mark_get(arena);
        size_t size = (size_t)stat.st_size;
        char *bytes = arena_alloc(arena, size + 1, 1);
        size_t length;
        code = read_whole(file, bytes, size, &length, path, problem);
        if (code == ERR_OK)
            *content = (struct str){bytes, length};
        else
            arena_rewind(arena, mark);
    }
    close(file);
    return code;
}

static int write_whole(int file, struct str content)
{
    size_t done = 0;
    while (done < content.length) {
        ssize_t wrote = write(file, content.text + done, content.length - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return errno;
        done += (size_t)wrote;
    }
    return 0;
}

/* Make a rename or a new name last: the folder that holds `path` is synced. Some file systems
 * cannot sync a folder; that is no reason to fail. */
static void folder_sync_above(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    size_t length = slash == NULL ? 0 : (size_t)(slash - path);
    if (length >= sizeof(folder))
        return;
    if (slash == NULL) {
        folder[0] = '.';
        length = 1;
    } else if (length == 0) {
        folder[0] = '/';
        length = 1;
    } else {
        memcpy(folder, path, length);
    }
    folder[length] = '\0';
    int handle = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0)
        return;
    (void)fsync(handle);
    close(handle);
}

enum err file_write_atomic(const char *path, struct str content, unsigned mode,
                           struct problem *problem)
{
    char temporary[4096];
    int length = snprintf(temporary, sizeof(temporary), "%s.%ld.part", path, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof(temporary))
        return fail(problem, ERR_FILE_WRITE, ENAMETOOLONG, path);
    /* A leftover of a killed process with our number is ours to replace. */
    (void)unlink(temporary);
    int file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
    if (file < 0)
        return fail(problem, ERR_FILE_WRITE, errno, path);
    int number = write_whole(file, content);
    if (number == 0 && fsync(file) != 0)
        number = errno;
    if (close(file) != 0 && number == 0)
        number = errno;
    if (number == 0 && rename(temporary, path) != 0)
        number = errno;
    if (number != 0) {
        (void)unlink(temporary);
        return fail(problem, ERR_FILE_WRITE, number, path);
    }
    folder_sync_above(path);
    return ERR_OK;
}

enum err folder_make(const char *path, struct problem *problem)
{
    struct stat stat_buffer;
    if (mkdir(path, 0777) == 0)
        return ERR_OK;
    int number = errno;
    if (number == EEXIST && stat(path, &stat_buffer) == 0) {
        if (S_ISDIR(stat_buffer.st_mode))
            return ERR_OK;
        number = ENOTDIR;
    }
    return fail(problem, ERR_FILE_WRITE, number, path);
}

bool file_exists(const char *path)
{
    struct stat stat_buffer;
    struct str content;
    if (builtin_find(path, &content))
        return true;
    return lstat(path, &stat_buffer) == 0;
}

enum { FOLDER_DEPTH_MAX = 32 };

/* Links are removed, never followed. Returns 0 or an errno. */
static int remove_below(int above, const char *name, int depth)
{
    if (unlinkat(above, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return errno;
    if (depth >= FOLDER_DEPTH_MAX)
        return ELOOP;
    int handle = openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (handle < 0)
        return errno;
    DIR *folder = fdopendir(handle);
    if (folder == NULL) {
        int number = errno;
        close(handle);
        return number;
    }
    int number = 0;
    struct dirent *entry;
    while (number == 0 && (entry = readdir(folder)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            number = remove_below(dirfd(folder), entry->d_name, depth + 1);
    }
    closedir(folder);
    if (number == 0 && unlinkat(above, name, AT_REMOVEDIR) != 0)
        number = errno;
    return number;
}

enum err folder_remove(const char *path, struct problem *problem)
{
    int number = remove_below(AT_FDCWD, path, 0);
    return number == 0 ? ERR_OK : fail(problem, ERR_FILE_WRITE, number, path);
}

enum err folder_publish(const char *temporary, const char *final, struct problem *problem)
{
    int number = 0;
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, final, RENAME_NOREPLACE) != 0)
        number = errno;
    /* Not every file system knows the flag; then a look before must do. */
    if (number == EINVAL || number == ENOSYS) {
        number = file_exists(final) ? EEXIST : 0;
        if (number == 0 && rename(temporary, final) != 0)
            number = errno;
    }
    if (number == EEXIST || number == ENOTEMPTY) {
        problem_set0(problem, ERR_FILE_EXISTS);
        return problem_place(problem, "%s", final);
    }
    if (number != 0)
        return fail(problem, ERR_FILE_WRITE, number, final);
    folder_sync_above(final);
    return ERR_OK;
}

const char *path_join(struct arena *arena, const char *folder, const char *name)
{
    size_t length = strlen(folder);
    const char *slash = length > 0 && folder[length - 1] == '/' ? "" : "/";
    return str_format(arena, "%s%s%s", folder, slash, name).text;
}
