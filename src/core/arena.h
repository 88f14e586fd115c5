/* arena: memory that is freed together.
 *
 * A function that takes an arena returns memory from it; one that does not returns none. No memory
 * left stops the program (there is nothing sensible to do halfway). Under AddressSanitizer every
 * byte that was not handed out is poisoned, and a gap is kept between allocations.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include "core/base.h"

struct arena_block;

struct arena {
    struct arena_block *block; /* newest block; blocks form a list */
    size_t used;               /* bytes used in `block` */
    size_t total;              /* bytes held by all blocks, for limits and reports */
    struct arena_block *spare; /* one block kept by a rewind, so that loops do not thrash */
};

struct arena_mark {
    struct arena_block *block;
    size_t used;
};

void arena_init(struct arena *arena);
/* Frees everything; the arena may be used again. */
void arena_clear(struct arena *arena);
/* Zeroed memory, never NULL; `align` is a power of two up to 64. Zero bytes give a valid pointer.
 */
void *arena_alloc(struct arena *arena, size_t size, size_t align);
/* Zeroed array; stops the program when count * size overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size, size_t align);
/* A copy of `size` bytes in room for `room` (>= size); the rest is zero. */
void *arena_copy(struct arena *arena, const void *from, size_t size, size_t room, size_t align);
/* Remember a place and give back everything handed out since. Marks nest like brackets. */
struct arena_mark arena_mark_get(const struct arena *arena);
void arena_rewind(struct arena *arena, struct arena_mark mark);

/* The first `count` of an array, in room for `room` (>= count) of them. */
#define ARENA_COPY(arena, type, from, count, room)                                                 \
    ((type *)arena_copy((arena), (from), (size_t)(count) * sizeof(type),                           \
                        (size_t)(room) * sizeof(type), _Alignof(type)))
#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type), _Alignof(type)))
#define ARENA_ARRAY(arena, type, count)                                                            \
    ((type *)arena_array((arena), (count), sizeof(type), _Alignof(type)))

#endif
