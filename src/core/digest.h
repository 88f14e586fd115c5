/* digest: BLAKE2b-256 of bytes (libsodium), for golden digests, file identity and seed commitments.
 */
#ifndef CORE_DIGEST_H
#define CORE_DIGEST_H

#include "core/base.h"
#include "core/str.h"

enum { DIGEST_BYTES = 32, DIGEST_HEX_MAX = 65 };

void digest_bytes(const void *data, size_t length, unsigned char digest[DIGEST_BYTES]);
/* Lower-case hexadecimal, zero-terminated. */
void digest_hex(const unsigned char digest[DIGEST_BYTES], char hex[DIGEST_HEX_MAX]);

#endif
