#include "core/digest.h"

#include <sodium.h>

void digest_bytes(const void *data, size_t length, unsigned char digest[DIGEST_BYTES])
{
    crypto_generichash(digest, DIGEST_BYTES, data, length, NULL, 0);
}

void digest_hex(const unsigned char digest[DIGEST_BYTES], char hex[DIGEST_HEX_MAX])
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < DIGEST_BYTES; i++) {
        hex[2 * i] = digits[digest[i] >> 4];
        hex[2 * i + 1] = digits[digest[i] & 15];
    }
    hex[DIGEST_HEX_MAX - 1] = '\0';
}
