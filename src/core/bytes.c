#include "core/bytes.h"

#include <string.h>

static void put_little(struct buf *buf, uint64_t value, size_t bytes)
{
    char *at = buf_reserve(buf, bytes);
    for (size_t i = 0; i < bytes; i++)
        at[i] = (char)(unsigned char)(value >> (8 * i));
    buf->length += bytes;
}

void bytes_put_u8(struct buf *buf, uint8_t value)
{
    put_little(buf, value, 1);
}

void bytes_put_u32(struct buf *buf, uint32_t value)
{
    put_little(buf, value, 4);
}

void bytes_put_u64(struct buf *buf, uint64_t value)
{
    put_little(buf, value, 8);
}

void bytes_put_i32(struct buf *buf, int32_t value)
{
    put_little(buf, (uint32_t)value, 4);
}

void bytes_put_i64(struct buf *buf, int64_t value)
{
    put_little(buf, (uint64_t)value, 8);
}

void bytes_put_f64(struct buf *buf, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof(bits));
    put_little(buf, bits, 8);
}

void bytes_put_str(struct buf *buf, struct str text)
{
    /* The length field has 32 bits; nothing the house writes comes near. */
    if (text.length > UINT32_MAX)
        text.length = UINT32_MAX;
    put_little(buf, text.length, 4);
    buf_append(buf, text);
}

struct byte_reader bytes_reader(struct str data)
{
    const unsigned char *at = (const unsigned char *)data.text;
    if (data.length == 0)
        return (struct byte_reader){0};
    return (struct byte_reader){.at = at, .end = at + data.length};
}

/* `bytes` bytes are there to read; else the reader fails. */
static bool reader_has(struct byte_reader *reader, size_t bytes)
{
    if (reader->failed || (size_t)(reader->end - reader->at) < bytes)
        reader->failed = true;
    return !reader->failed;
}

static uint64_t get_little(struct byte_reader *reader, size_t bytes)
{
    if (!reader_has(reader, bytes))
        return 0;
    uint64_t value = 0;
    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)reader->at[i] << (8 * i);
    reader->at += bytes;
    return value;
}

uint8_t bytes_get_u8(struct byte_reader *reader)
{
    return (uint8_t)get_little(reader, 1);
}

uint32_t bytes_get_u32(struct byte_reader *reader)
{
    return (uint32_t)get_little(reader, 4);
}

uint64_t bytes_get_u64(struct byte_reader *reader)
{
    return get_little(reader, 8);
}

int32_t bytes_get_i32(struct byte_reader *reader)
{
    return (int32_t)(uint32_t)get_little(reader, 4);
}

int64_t bytes_get_i64(struct byte_reader *reader)
{
    return (int64_t)get_little(reader, 8);
}

double bytes_get_f64(struct byte_reader *reader)
{
    uint64_t bits = get_little(reader, 8);
    double value;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

struct str bytes_get_str(struct byte_reader *reader)
{
    size_t length = bytes_get_u32(reader);
    if (!reader_has(reader, length) || length == 0)
        return (struct str){"", 0};
    struct str text = {(const char *)reader->at, length};
    reader->at += length;
    return text;
}

uint32_t bytes_get_count(struct byte_reader *reader, uint32_t limit)
{
    uint32_t count = bytes_get_u32(reader);
    if (count > limit) {
        reader->failed = true;
        return 0;
    }
    return count;
}

bool bytes_reader_done(const struct byte_reader *reader)
{
    return !reader->failed && reader->at == reader->end;
}
