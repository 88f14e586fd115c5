#include "app/datasets/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "core/arena.h"
#include "core/text.h"

enum { INPUT_BYTES = 1 << 18, ZSTD_WINDOW_LOG_MAX = 26 };

struct unpack {
    int file; /* -1: memory */
    struct str memory;
    size_t memory_at;
    int64_t taken;
    bool raw_ended;
    enum unpack_kind kind;
    unsigned char *input; /* compressed bytes, or the first bytes of a plain file */
    size_t input_at;
    size_t input_end;
    bool in_frame; /* a member or frame has begun and not ended */
    bool inflate_open;
    z_stream inflate;
    ZSTD_DStream *zstd;
};

static enum err read_raw(struct unpack *unpack, void *into, size_t capacity, size_t *got,
                         struct problem *problem)
{
    *got = 0;
    if (unpack->raw_ended)
        return ERR_OK;
    if (unpack->file < 0) {
        size_t left = unpack->memory.length - unpack->memory_at;
        *got = left < capacity ? left : capacity;
        if (*got > 0)
            memcpy(into, unpack->memory.text + unpack->memory_at, *got);
        unpack->memory_at += *got;
    } else {
        ssize_t count;
        do
            count = read(unpack->file, into, capacity);
        while (count < 0 && errno == EINTR);
        if (count < 0)
            return problem_set(problem, ERR_FILE_READ, ERR_CTEXT(strerror(errno)));
        *got = (size_t)count;
    }
    unpack->taken += (int64_t)*got;
    unpack->raw_ended = *got == 0;
    return ERR_OK;
}

/* More compressed bytes behind the ones not yet used. */
static enum err fill_input(struct unpack *unpack, struct problem *problem)
{
    size_t left = unpack->input_end - unpack->input_at;
    memmove(unpack->input, unpack->input + unpack->input_at, left);
    unpack->input_at = 0;
    unpack->input_end = left;
    size_t got = 0;
    TRY(read_raw(unpack, unpack->input + left, INPUT_BYTES - left, &got, problem));
    unpack->input_end += got;
    return ERR_OK;
}

/* Zstd's own magic, or that of a frame to be skipped (RFC 8878, section 3.1). */
static bool is_zstd(const unsigned char *bytes)
{
    if (bytes[0] == 0x28)
        return bytes[1] == 0xb5 && bytes[2] == 0x2f && bytes[3] == 0xfd;
    return (bytes[0] & 0xf0) == 0x50 && bytes[1] == 0x2a && bytes[2] == 0x4d && bytes[3] == 0x18;
}

static enum unpack_kind kind_by_magic(const unsigned char *bytes, size_t length)
{
    if (length >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b)
        return UNPACK_GZIP;
    return length >= 4 && is_zstd(bytes) ? UNPACK_ZSTD : UNPACK_PLAIN;
}

static enum err begin(struct unpack *unpack, struct problem *problem)
{
    while (unpack->input_end < 4 && !unpack->raw_ended)
        TRY(fill_input(unpack, problem));
    unpack->kind = kind_by_magic(unpack->input, unpack->input_end);
    if (unpack->kind == UNPACK_GZIP) {
        if (inflateInit2(&unpack->inflate, 15 + 16) != Z_OK)
            return problem_set(problem, ERR_INTERNAL, ERR_CTEXT("inflateInit2"));
        unpack->inflate_open = true;
        unpack->in_frame = true;
    }
    if (unpack->kind == UNPACK_ZSTD) {
        unpack->zstd = ZSTD_createDStream();
        if (!unpack->zstd || ZSTD_isError(ZSTD_DCtx_setParameter(unpack->zstd, ZSTD_d_windowLogMax,
                                                                 ZSTD_WINDOW_LOG_MAX)))
            return problem_set(problem, ERR_INTERNAL, ERR_CTEXT("ZSTD_createDStream"));
        unpack->in_frame = true;
    }
    return ERR_OK;
}

static struct unpack *new_unpack(struct arena *arena)
{
    struct unpack *unpack = ARENA_NEW(arena, struct unpack);
    unpack->file = -1;
    unpack->input = ARENA_ARRAY(arena, unsigned char, INPUT_BYTES);
    return unpack;
}

static enum err begin_or_close(struct unpack *made, struct unpack **unpack, struct problem *problem)
{
    enum err code = begin(made, problem);
    if (code != ERR_OK)
        unpack_close(made);
    else
        *unpack = made;
    return code;
}

static struct err_arg cause(int number)
{
    switch (number) {
    case ENOENT:
        return ERR_KEY(N_("there is no such file or folder"));
    case EACCES:
        return ERR_KEY(N_("permission is denied"));
    case EISDIR:
        return ERR_KEY(N_("it is a folder"));
    default:
        return ERR_CTEXT(strerror(number));
    }
}

/* The file may have to be opened once more, so a pipe will not do. */
enum err unpack_open_file(struct arena *arena, const char *path, struct unpack **unpack,
                          struct problem *problem)
{
    *unpack = NULL;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return problem_set(problem, ERR_FILE_OPEN, cause(errno));
    struct stat status = {0};
    bool regular = fstat(file, &status) == 0 && S_ISREG(status.st_mode);
    if (!regular) {
        close(file);
        return problem_set(problem, ERR_FILE_OPEN,
                           S_ISDIR(status.st_mode)
                               ? cause(EISDIR)
                               : ERR_KEY(N_("it is not a regular file; write it to disk first")));
    }
    struct unpack *made = new_unpack(arena);
    made->file = file;
    return begin_or_close(made, unpack, problem);
}

enum err unpack_open_memory(struct arena *arena, struct str bytes, struct unpack **unpack,
                            struct problem *problem)
{
    *unpack = NULL;
    struct unpack *made = new_unpack(arena);
    made->memory = bytes;
    return begin_or_close(made, unpack, problem);
}

void unpack_close(struct unpack *unpack)
{
    if (!unpack)
        return;
    if (unpack->file >= 0)
        close(unpack->file);
    if (unpack->inflate_open)
        inflateEnd(&unpack->inflate);
    ZSTD_freeDStream(unpack->zstd);
    unpack->file = -1;
    unpack->inflate_open = false;
    unpack->zstd = NULL;
}

static enum err damaged(struct problem *problem, const char *how)
{
    return problem_set(problem, ERR_FILE_DAMAGED, ERR_KEY(how));
}

/* Inflate what the input holds; *got may stay 0 when more input is needed. */
static enum err step_gzip(struct unpack *unpack, char *into, size_t capacity, size_t *got,
                          struct problem *problem)
{
    z_stream *stream = &unpack->inflate;
    stream->next_in = unpack->input + unpack->input_at;
    stream->avail_in = (unsigned)(unpack->input_end - unpack->input_at);
    stream->next_out = (unsigned char *)into;
    stream->avail_out = capacity > (1u << 30) ? 1u << 30 : (unsigned)capacity;
    unsigned room = stream->avail_out;
    int result = inflate(stream, Z_NO_FLUSH);
    unpack->input_at = unpack->input_end - stream->avail_in;
    *got = room - stream->avail_out;
    if (result == Z_STREAM_END) {
        unpack->in_frame = false;
        return ERR_OK;
    }
    if (result != Z_OK && result != Z_BUF_ERROR)
        return damaged(problem, N_("the gzip stream is broken"));
    return ERR_OK;
}

static enum err step_zstd(struct unpack *unpack, char *into, size_t capacity, size_t *got,
                          struct problem *problem)
{
    ZSTD_inBuffer in = {unpack->input + unpack->input_at, unpack->input_end - unpack->input_at, 0};
    ZSTD_outBuffer out = {into, capacity, 0};
    size_t result = ZSTD_decompressStream(unpack->zstd, &out, &in);
    unpack->input_at += in.pos;
    *got = out.pos;
    if (ZSTD_isError(result))
        return damaged(problem, N_("the zstd stream is broken, or wants more than 64 MiB"));
    unpack->in_frame = result != 0;
    return ERR_OK;
}

/* Between two members or frames: another one may follow, or zeros as padding, or the end. */
static enum err next_frame(struct unpack *unpack, bool *ended, struct problem *problem)
{
    *ended = false;
    while (unpack->input_end - unpack->input_at < 4 && !unpack->raw_ended)
        TRY(fill_input(unpack, problem));
    const unsigned char *next = unpack->input + unpack->input_at;
    size_t left = unpack->input_end - unpack->input_at;
    if (left == 0) {
        *ended = true;
        return ERR_OK;
    }
    if (kind_by_magic(next, left) == unpack->kind) {
        if (unpack->kind == UNPACK_GZIP)
            inflateReset(&unpack->inflate);
        unpack->in_frame = true;
        return ERR_OK;
    }
    for (size_t i = 0; i < left; i++)
        if (next[i] != 0)
            return damaged(problem, N_("other bytes follow the compressed text"));
    unpack->input_at = unpack->input_end;
    return ERR_OK;
}

static enum err read_packed(struct unpack *unpack, char *into, size_t capacity, size_t *got,
                            struct problem *problem)
{
    while (*got == 0) {
        if (!unpack->in_frame) {
            bool ended;
            TRY(next_frame(unpack, &ended, problem));
            if (ended)
                return ERR_OK;
            continue;
        }
        if (unpack->input_at == unpack->input_end)
            TRY(fill_input(unpack, problem));
        bool starved = unpack->input_at == unpack->input_end;
        TRY(unpack->kind == UNPACK_GZIP ? step_gzip(unpack, into, capacity, got, problem)
                                        : step_zstd(unpack, into, capacity, got, problem));
        if (*got == 0 && starved && unpack->in_frame)
            return damaged(problem, N_("the compressed text is cut off"));
    }
    return ERR_OK;
}

enum err unpack_read(struct unpack *unpack, char *into, size_t capacity, size_t *got,
                     struct problem *problem)
{
    *got = 0;
    if (unpack->kind != UNPACK_PLAIN)
        return read_packed(unpack, into, capacity, got, problem);
    size_t left = unpack->input_end - unpack->input_at;
    if (left == 0)
        return read_raw(unpack, into, capacity, got, problem);
    *got = left < capacity ? left : capacity;
    memcpy(into, unpack->input + unpack->input_at, *got);
    unpack->input_at += *got;
    return ERR_OK;
}

enum unpack_kind unpack_kind(const struct unpack *unpack)
{
    return unpack->kind;
}

const char *unpack_kind_name(enum unpack_kind kind)
{
    static const char *const names[] = {N_("plain"), "gzip", "zstd"};
    return names[kind];
}

int64_t unpack_bytes_taken(const struct unpack *unpack)
{
    return unpack->taken;
}
