#include "app/datasets/writer.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/arena.h"

static enum err fail(const struct writer *writer, int cause, struct problem *problem)
{
    problem_set(problem, ERR_FILE_WRITE, ERR_CTEXT(strerror(cause)));
    return problem_place(problem, "%s", writer->path);
}

enum err writer_open(struct writer *writer, struct arena *arena, const char *path, unsigned mode,
                     size_t capacity, struct problem *problem)
{
    *writer = (struct writer){.path = path, .capacity = capacity};
    writer->file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (writer->file < 0)
        return fail(writer, errno, problem);
    writer->buffer = ARENA_ARRAY(arena, char, capacity);
    return ERR_OK;
}

static enum err write_all(struct writer *writer, const char *bytes, size_t length,
                          struct problem *problem)
{
    while (length > 0) {
        ssize_t wrote = write(writer->file, bytes, length);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote < 0)
            return fail(writer, errno, problem);
        bytes += wrote;
        length -= (size_t)wrote;
    }
    return ERR_OK;
}

static enum err flush(struct writer *writer, struct problem *problem)
{
    size_t used = writer->used;
    writer->used = 0;
    return write_all(writer, writer->buffer, used, problem);
}

enum err writer_put(struct writer *writer, struct str bytes, struct problem *problem)
{
    if (bytes.length > writer->capacity - writer->used) {
        TRY(flush(writer, problem));
        if (bytes.length > writer->capacity)
            return write_all(writer, bytes.text, bytes.length, problem);
    }
    if (bytes.length > 0)
        memcpy(writer->buffer + writer->used, bytes.text, bytes.length);
    writer->used += bytes.length;
    return ERR_OK;
}

enum err writer_finish(struct writer *writer, struct problem *problem)
{
    TRY(flush(writer, problem));
    if (fsync(writer->file) != 0)
        return fail(writer, errno, problem);
    int file = writer->file;
    writer->file = -1;
    return close(file) == 0 ? ERR_OK : fail(writer, errno, problem);
}

void writer_drop(struct writer *writer)
{
    if (writer->file >= 0 && writer->buffer)
        close(writer->file);
    writer->file = -1;
}
