/* bytes: versioned records written and read field by field, little-endian, no padding.
 *
 * A writer appends to a buf. A reader keeps a sticky `failed` flag: reading past the end or a count
 * beyond its limit sets it and returns zeros, so callers check once at the end.
 */
#ifndef CORE_BYTES_H
#define CORE_BYTES_H

#include "core/base.h"
#include "core/str.h"

struct byte_reader {
    const unsigned char *at;
    const unsigned char *end;
    bool failed;
};

void bytes_put_u8(struct buf *buf, uint8_t value);
void bytes_put_u32(struct buf *buf, uint32_t value);
void bytes_put_u64(struct buf *buf, uint64_t value);
void bytes_put_i32(struct buf *buf, int32_t value);
void bytes_put_i64(struct buf *buf, int64_t value);
/* The 64 bits of the double. */
void bytes_put_f64(struct buf *buf, double value);
/* u32 length, then the bytes. */
void bytes_put_str(struct buf *buf, struct str text);

struct byte_reader bytes_reader(struct str data);
uint8_t bytes_get_u8(struct byte_reader *reader);
uint32_t bytes_get_u32(struct byte_reader *reader);
uint64_t bytes_get_u64(struct byte_reader *reader);
int32_t bytes_get_i32(struct byte_reader *reader);
int64_t bytes_get_i64(struct byte_reader *reader);
double bytes_get_f64(struct byte_reader *reader);
/* Borrowed from the data read. */
struct str bytes_get_str(struct byte_reader *reader);
/* A u32 count; above `limit` the reader fails and 0 is returned. */
uint32_t bytes_get_count(struct byte_reader *reader, uint32_t limit);
/* True when nothing failed and nothing is left. */
bool bytes_reader_done(const struct byte_reader *reader);

#endif
