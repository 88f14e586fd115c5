/* store/tar: heads of a tar archive (POSIX ustar), as much as a site archive needs. */
#ifndef PLATFORM_STORE_TAR_H
#define PLATFORM_STORE_TAR_H

#include "core/base.h"
#include "core/str.h"

enum { TAR_BLOCK = 512, TAR_NAME_MAX = 100 };

struct tar_head {
    char name[TAR_NAME_MAX + 1];
    int64_t bytes;
};

/* A regular file of the owner; `bytes` up to 8 GiB less one, more in base 256 as GNU tar writes. */
void tar_head_write(unsigned char block[TAR_BLOCK], const char *name, int64_t bytes,
                    int64_t made_ms);
/* False when the block is no head of a regular file or its check sum is wrong. */
bool tar_head_read(const unsigned char block[TAR_BLOCK], struct tar_head *head);
bool tar_block_is_zero(const unsigned char block[TAR_BLOCK]);
/* Zero bytes behind a file's content up to the next block. */
size_t tar_padding(int64_t bytes);

#endif
