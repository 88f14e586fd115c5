/* store/archive: what the writer and the reader of a site archive share. */
#ifndef PLATFORM_STORE_ARCHIVE_H
#define PLATFORM_STORE_ARCHIVE_H

#include "platform/store/store.h"
#include "platform/store/tar.h"

enum { ARCHIVE_FORMAT = 1, ARCHIVE_ENTRIES_MAX = 1 << 20 };
#define ARCHIVE_MANIFEST "manifest.json"

struct archive_entry {
    char name[TAR_NAME_MAX + 1]; /* "sampan.db", "files/ab/cdef..." */
    int64_t bytes;
    unsigned char hash[STORE_HASH_BYTES];
};

#endif
