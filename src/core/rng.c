#include "core/rng.h"

#include <sodium.h>

enum { PHILOX_ROUNDS = 10, KEY_BYTES = 16 };

static inline uint64_t multiply_high(uint64_t a, uint64_t b, uint64_t *low)
{
    uint128 product = (uint128)a * b;
    *low = (uint64_t)product;
    return (uint64_t)(product >> 64);
}

static inline struct rng_words philox(uint64_t c0, uint64_t c1, uint64_t c2, uint64_t c3,
                                      uint64_t k0, uint64_t k1)
{
    /* Multipliers and Weyl steps of the paper's table for 4x64. */
    const uint64_t m0 = UINT64_C(0xD2E7470EE14C6C93);
    const uint64_t m1 = UINT64_C(0xCA5A826395121157);
    const uint64_t w0 = UINT64_C(0x9E3779B97F4A7C15);
    const uint64_t w1 = UINT64_C(0xBB67AE8584CAA73B);
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        uint64_t low0;
        uint64_t low1;
        uint64_t high0 = multiply_high(m0, c0, &low0);
        uint64_t high1 = multiply_high(m1, c2, &low1);
        c0 = high1 ^ c1 ^ k0;
        c1 = low1;
        c2 = high0 ^ c3 ^ k1;
        c3 = low0;
        k0 += w0;
        k1 += w1;
    }
    return (struct rng_words){{c0, c1, c2, c3}};
}

struct rng_words rng_philox4x64(const uint64_t counter[4], const uint64_t key[2])
{
    return philox(counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
}

struct rng_words rng_at(struct rng_key key, uint32_t stream, uint32_t world, int32_t day,
                        uint64_t object_a, uint64_t object_b, uint32_t index)
{
    return philox((uint64_t)stream << 32 | world, (uint64_t)(uint32_t)day << 32 | index, object_a,
                  object_b, key.seed[0], key.seed[1]);
}

double rng_uniform(uint64_t word)
{
    /* 52 bits and a half: every step is exact, and neither 0 nor 1 can come out. */
    return ((double)(word >> 12) + 0.5) * 0x1p-52;
}

uint64_t rng_below(uint64_t word, uint64_t bound)
{
    return (uint64_t)((uint128)word * bound >> 64);
}

static struct rng_key key_from_bytes(const unsigned char bytes[KEY_BYTES])
{
    struct rng_key key = {{0, 0}};
    for (int i = 0; i < KEY_BYTES; i++)
        key.seed[i / 8] |= (uint64_t)bytes[i] << (8 * (i % 8));
    return key;
}

struct rng_key rng_key_derive(struct rng_key key, struct str label)
{
    /* The key is the hash's key, so a derived key tells nothing of its parent. */
    unsigned char parent[KEY_BYTES];
    unsigned char child[KEY_BYTES];
    for (int i = 0; i < KEY_BYTES; i++)
        parent[i] = (unsigned char)(key.seed[i / 8] >> (8 * (i % 8)));
    crypto_generichash(child, sizeof(child), (const unsigned char *)label.text, label.length,
                       parent, sizeof(parent));
    return key_from_bytes(child);
}

struct rng_key rng_key_from_text(struct str text)
{
    unsigned char bytes[KEY_BYTES];
    crypto_generichash(bytes, sizeof(bytes), (const unsigned char *)text.text, text.length, NULL,
                       0);
    return key_from_bytes(bytes);
}
