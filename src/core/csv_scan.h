/* csv_scan: the structural bytes of 64 bytes of text as 64 bits, in three equal ways.
 *
 * Bit i is set when byte i is the delimiter, LF or CR. Private to core/csv.c and its test.
 */
#ifndef CORE_CSV_SCAN_H
#define CORE_CSV_SCAN_H

#include <string.h>

#include "core/base.h"
#include "core/csv.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#define CSV_SCAN_NAME "sse2"
#elif __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define CSV_SCAN_NAME "word"
#else
#define CSV_SCAN_NAME "byte"
#endif

enum { CSV_WINDOW = 64 };

static inline uint64_t csv_mask_byte(const char *text, char delimiter)
{
    uint64_t mask = 0;
    for (int i = 0; i < CSV_WINDOW; i++)
        mask |= (uint64_t)(text[i] == delimiter || text[i] == '\n' || text[i] == '\r') << i;
    return mask;
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* 0x80 in every byte of `word` that equals the byte repeated in `pattern`, exactly. */
static inline uint64_t csv_equal_bytes(uint64_t word, uint64_t pattern)
{
    const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);
    uint64_t difference = word ^ pattern;
    return ~(((difference & low) + low) | difference | low);
}

static inline uint64_t csv_mask_word(const char *text, char delimiter)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t delimiters = ones * (unsigned char)delimiter;
    uint64_t mask = 0;
    for (int i = 0; i < CSV_WINDOW / 8; i++) {
        uint64_t word;
        memcpy(&word, text + 8 * i, sizeof(word));
        uint64_t hits = csv_equal_bytes(word, delimiters) | csv_equal_bytes(word, ones * '\n') |
                        csv_equal_bytes(word, ones * '\r');
        /* The multiplication gathers bit 8k into bit 56 + k. */
        mask |= (((hits >> 7) * UINT64_C(0x0102040810204080)) >> 56) << (8 * i);
    }
    return mask;
}
#else
static inline uint64_t csv_mask_word(const char *text, char delimiter)
{
    return csv_mask_byte(text, delimiter);
}
#endif

#if defined(__SSE2__)
static inline uint64_t csv_mask_sse2(const char *text, char delimiter)
{
    const __m128i delimiters = _mm_set1_epi8(delimiter);
    const __m128i feeds = _mm_set1_epi8('\n');
    const __m128i returns = _mm_set1_epi8('\r');
    uint64_t mask = 0;
    for (int i = 0; i < CSV_WINDOW / 16; i++) {
        __m128i part = _mm_loadu_si128((const __m128i *)(const void *)(text + 16 * i));
        __m128i hits =
            _mm_or_si128(_mm_cmpeq_epi8(part, delimiters),
                         _mm_or_si128(_mm_cmpeq_epi8(part, feeds), _mm_cmpeq_epi8(part, returns)));
        mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(hits) << (16 * i);
    }
    return mask;
}
#endif

static inline uint64_t csv_window_mask(const char *text, char delimiter, enum csv_scan scan)
{
    if (scan == CSV_SCAN_BYTE)
        return csv_mask_byte(text, delimiter);
#if defined(__SSE2__)
    if (scan == CSV_SCAN_BEST)
        return csv_mask_sse2(text, delimiter);
#endif
    return csv_mask_word(text, delimiter);
}

#endif
