/* rng: random numbers that are looked up, never drawn in sequence.
 *
 * A number is a pure function of (seed, stream, world, day, object, index). So two plays of one
 * world differ only where their decisions differ, and threads need no order.
 * Source: Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3",
 * Philox4x64 with 10 rounds; known answers from Random123's kat_vectors.
 */
#ifndef CORE_RNG_H
#define CORE_RNG_H

#include "core/base.h"
#include "core/str.h"

struct rng_key {
    uint64_t seed[2]; /* 128 bits */
};

struct rng_words {
    uint64_t word[4];
};

/* The bare block function: counter and key as Random123 numbers them. */
struct rng_words rng_philox4x64(const uint64_t counter[4], const uint64_t key[2]);

/* Counter layout (stable): word 0 = stream << 32 | world, word 1 = day (two's complement) << 32 |
 * index, word 2 = object a, word 3 = object b. `stream` is a registered number, never reused. */
struct rng_words rng_at(struct rng_key key, uint32_t stream, uint32_t world, int32_t day,
                        uint64_t object_a, uint64_t object_b, uint32_t index);

/* In (0, 1), never 0 or 1: (word >> 12) + 1/2, times 2^-52. */
double rng_uniform(uint64_t word);
/* Uniform on 0 .. bound-1 without bias to 2^-64 (high half of the 128-bit product). */
uint64_t rng_below(uint64_t word, uint64_t bound);
/* A derived key for what-if, hints and tests: hash of (key, label). */
struct rng_key rng_key_derive(struct rng_key key, struct str label);
/* The command line's seed: text hashed to 128 bits (BLAKE2b-128 of its UTF-8 bytes). */
struct rng_key rng_key_from_text(struct str text);

#endif
