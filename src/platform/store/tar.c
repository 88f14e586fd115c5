#include "platform/store/tar.h"

#include <string.h>

enum {
    AT_MODE = 100,
    AT_OWNER = 108,
    AT_GROUP = 116,
    AT_SIZE = 124,
    AT_TIME = 136,
    AT_SUM = 148,
    AT_TYPE = 156,
    AT_MAGIC = 257,
    SIZE_DIGITS = 11
};

static void put_octal(unsigned char *at, int digits, int64_t value)
{
    for (int i = digits - 1; i >= 0; i--) {
        at[i] = (unsigned char)('0' + (value & 7));
        value >>= 3;
    }
    at[digits] = '\0';
}

/* The sum of all bytes, with blanks where the sum itself stands. */
static int64_t sum_of(const unsigned char block[TAR_BLOCK])
{
    int64_t sum = 0;
    for (int i = 0; i < TAR_BLOCK; i++)
        sum += i >= AT_SUM && i < AT_SUM + 8 ? ' ' : block[i];
    return sum;
}

void tar_head_write(unsigned char block[TAR_BLOCK], const char *name, int64_t bytes,
                    int64_t made_ms)
{
    struct str text = str_from_c(name);
    memset(block, 0, TAR_BLOCK);
    memcpy(block, name, text.length < TAR_NAME_MAX ? text.length : TAR_NAME_MAX);
    put_octal(block + AT_MODE, 7, 0600);
    put_octal(block + AT_OWNER, 7, 0);
    put_octal(block + AT_GROUP, 7, 0);
    if (bytes < (int64_t)1 << 33) {
        put_octal(block + AT_SIZE, SIZE_DIGITS, bytes);
    } else {
        block[AT_SIZE] = 0x80;
        for (int i = 0; i < 8; i++)
            block[AT_SIZE + SIZE_DIGITS - i] = (unsigned char)(bytes >> (8 * i));
    }
    put_octal(block + AT_TIME, SIZE_DIGITS, made_ms / 1000);
    block[AT_TYPE] = '0';
    memcpy(block + AT_MAGIC, "ustar\00000", 8);
    put_octal(block + AT_SUM, 6, sum_of(block));
    block[AT_SUM + 7] = ' ';
}

static bool get_octal(const unsigned char *at, int digits, int64_t *value)
{
    *value = 0;
    for (int i = 0; i < digits; i++) {
        if (at[i] < '0' || at[i] > '7')
            return false;
        *value = *value * 8 + (at[i] - '0');
    }
    return true;
}

static bool get_size(const unsigned char *at, int64_t *value)
{
    if (at[0] != 0x80)
        return get_octal(at, SIZE_DIGITS, value);
    uint64_t number = 0;
    for (int i = 7; i >= 0; i--)
        number = number << 8 | at[SIZE_DIGITS - i];
    *value = (int64_t)(number & INT64_MAX);
    return number <= INT64_MAX;
}

bool tar_head_read(const unsigned char block[TAR_BLOCK], struct tar_head *head)
{
    int64_t sum;
    if (!get_octal(block + AT_SUM, 6, &sum) || sum != sum_of(block) || block[AT_TYPE] != '0' ||
        memcmp(block + AT_MAGIC, "ustar", 5) != 0 || !get_size(block + AT_SIZE, &head->bytes))
        return false;
    memcpy(head->name, block, TAR_NAME_MAX);
    head->name[TAR_NAME_MAX] = '\0';
    return head->name[0] != '\0';
}

bool tar_block_is_zero(const unsigned char block[TAR_BLOCK])
{
    for (int i = 0; i < TAR_BLOCK; i++) {
        if (block[i] != 0)
            return false;
    }
    return true;
}

size_t tar_padding(int64_t bytes)
{
    return (size_t)((TAR_BLOCK - bytes % TAR_BLOCK) % TAR_BLOCK);
}
