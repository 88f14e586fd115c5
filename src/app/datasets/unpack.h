/* unpack: the bytes of a file or of memory, decompressed when they are gzip or zstd.
 *
 * The compression is told by the first bytes, never by the name. Memory is constant whatever the
 * bytes expand to: 256 KiB read at a time, 32 KiB of window for gzip, at most 64 MiB for zstd
 * (frames that ask for more are refused). Several gzip members or zstd frames in a row are one
 * text; a stream that is cut off or followed by other bytes is ERR_FILE_DAMAGED.
 */
#ifndef APP_DATASETS_UNPACK_H
#define APP_DATASETS_UNPACK_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"

struct arena;

enum unpack_kind { UNPACK_PLAIN, UNPACK_GZIP, UNPACK_ZSTD };

struct unpack;

/* Regular files only: ERR_FILE_OPEN, ERR_FILE_READ. Close what was opened. */
MUST_USE enum err unpack_open_file(struct arena *arena, const char *path, struct unpack **unpack,
                                   struct problem *problem);
/* `bytes` are borrowed until the close. */
MUST_USE enum err unpack_open_memory(struct arena *arena, struct str bytes, struct unpack **unpack,
                                     struct problem *problem);
void unpack_close(struct unpack *unpack);
/* 1 .. capacity bytes of content, or *got = 0 at the end. */
MUST_USE enum err unpack_read(struct unpack *unpack, char *into, size_t capacity, size_t *got,
                              struct problem *problem);
enum unpack_kind unpack_kind(const struct unpack *unpack);
/* "plain", "gzip", "zstd" */
const char *unpack_kind_name(enum unpack_kind kind);
/* Bytes of the file taken so far (before decompression), for progress. */
int64_t unpack_bytes_taken(const struct unpack *unpack);

#endif
