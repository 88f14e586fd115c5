#include "app/datasets/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ATTEMPTS = 100 };

static enum err fail(struct problem *problem, enum err code, int cause, const char *path)
{
    if (code == ERR_FILE_BUSY)
        problem_set0(problem, code);
    else
        problem_set(problem, code, ERR_CTEXT(strerror(cause)));
    return problem_place(problem, "%s", path);
}

/* The file that is locked must still be the one behind the name: its last holder removes it. */
static bool is_still_there(int file, const char *path)
{
    struct stat held;
    struct stat named;
    return fstat(file, &held) == 0 && stat(path, &named) == 0 && held.st_ino == named.st_ino &&
           held.st_dev == named.st_dev;
}

enum err lock_take(struct lock *lock, const char *path, struct problem *problem)
{
    *lock = (struct lock){-1, path};
    for (int i = 0; i < ATTEMPTS; i++) {
        int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (file < 0)
            return fail(problem, ERR_FILE_WRITE, errno, path);
        if (flock(file, LOCK_EX | LOCK_NB) != 0) {
            int cause = errno;
            close(file);
            return fail(problem, cause == EWOULDBLOCK ? ERR_FILE_BUSY : ERR_FILE_WRITE, cause,
                        path);
        }
        if (is_still_there(file, path)) {
            lock->file = file;
            return ERR_OK;
        }
        close(file);
    }
    return fail(problem, ERR_FILE_BUSY, 0, path);
}

void lock_release(struct lock *lock)
{
    if (lock->file < 0)
        return;
    unlink(lock->path);
    close(lock->file);
    lock->file = -1;
}
