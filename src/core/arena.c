#include "core/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#if !defined(ARENA_ASAN) && defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
/* One granule behind every allocation stays poisoned, so that a byte too far is caught. */
enum { ARENA_GAP = 8, ARENA_ALIGN_LEAST = 8 };
#else
#define ASAN_POISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(start, size) ((void)(start), (void)(size))
enum { ARENA_GAP = 0, ARENA_ALIGN_LEAST = 1 };
#endif

enum { ARENA_ALIGN_MOST = 64 };

static const size_t ARENA_BLOCK_LEAST = (size_t)64 << 10;
/* Doubling stops here: a larger step would only strand memory. */
static const size_t ARENA_BLOCK_STEP_MOST = (size_t)64 << 20;

struct arena_block {
    struct arena_block *older;
    unsigned char *data; /* aligned to ARENA_ALIGN_MOST */
    size_t capacity;     /* bytes from data */
    size_t dirty;        /* bytes from data that were handed out once; the rest is still zero */
};

static _Noreturn void arena_stop(const char *why)
{
    fprintf(stderr, "sampan: %s\n", why);
    abort();
}

static struct arena_block *block_new(size_t capacity)
{
    if (capacity > SIZE_MAX - sizeof(struct arena_block) - ARENA_ALIGN_MOST)
        arena_stop("out of memory");
    struct arena_block *block = calloc(1, sizeof(*block) + ARENA_ALIGN_MOST + capacity);
    if (block == NULL)
        arena_stop("out of memory");
    uintptr_t start = (uintptr_t)(block + 1);
    size_t skip = (size_t)(-start & (ARENA_ALIGN_MOST - 1));
    block->data = (unsigned char *)(block + 1) + skip;
    block->capacity = capacity;
    ASAN_POISON_MEMORY_REGION(block->data, capacity);
    return block;
}

static void block_free(struct arena *arena, struct arena_block *block)
{
    if (block == NULL)
        return;
    arena->total -= block->capacity;
    ASAN_UNPOISON_MEMORY_REGION(block->data, block->capacity);
    free(block);
}

/* Keep the larger of the spare block and this one. */
static void block_retire(struct arena *arena, struct arena_block *block)
{
    struct arena_block *lesser = block;
    if (arena->spare == NULL || arena->spare->capacity < block->capacity) {
        lesser = arena->spare;
        arena->spare = block;
        block->older = NULL;
        ASAN_POISON_MEMORY_REGION(block->data, block->capacity);
    }
    block_free(arena, lesser);
}

static void block_push(struct arena *arena, size_t need)
{
    struct arena_block *block = arena->spare;
    if (block != NULL && block->capacity >= need) {
        arena->spare = NULL;
    } else {
        size_t capacity = ARENA_BLOCK_LEAST;
        if (arena->block != NULL)
            capacity = arena->block->capacity * 2;
        if (capacity > ARENA_BLOCK_STEP_MOST)
            capacity = ARENA_BLOCK_STEP_MOST;
        if (capacity < need)
            capacity = need;
        block = block_new(capacity);
        arena->total += capacity;
    }
    block->older = arena->block;
    arena->block = block;
    arena->used = 0;
}

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

void arena_clear(struct arena *arena)
{
    while (arena->block != NULL) {
        struct arena_block *older = arena->block->older;
        block_free(arena, arena->block);
        arena->block = older;
    }
    block_free(arena, arena->spare);
    arena_init(arena);
}

/* The first `kept` bytes are left as they are: the caller writes all of them. */
static void *take(struct arena *arena, size_t size, size_t align, size_t kept)
{
    if (align == 0 || (align & (align - 1)) != 0 || align > ARENA_ALIGN_MOST)
        arena_stop("arena: bad alignment");
    if (size > SIZE_MAX / 4)
        arena_stop("out of memory");
    if (align < ARENA_ALIGN_LEAST)
        align = ARENA_ALIGN_LEAST;
    /* Block data is aligned to ARENA_ALIGN_MOST, so offsets may be aligned instead of addresses. */
    size_t start = (arena->used + align - 1) & ~(align - 1);
    if (arena->block == NULL || start > arena->block->capacity ||
        arena->block->capacity - start < size + ARENA_GAP) {
        block_push(arena, size + ARENA_GAP);
        start = 0;
    }
    struct arena_block *block = arena->block;
    unsigned char *bytes = block->data + start;
    size_t end = start + size;
    ASAN_UNPOISON_MEMORY_REGION(bytes, size);
    if (start + kept < block->dirty)
        memset(bytes + kept, 0, (end < block->dirty ? end : block->dirty) - (start + kept));
    if (block->dirty < end)
        block->dirty = end;
    arena->used = end + ARENA_GAP;
    return bytes;
}

void *arena_alloc(struct arena *arena, size_t size, size_t align)
{
    return take(arena, size, align, 0);
}

void *arena_copy(struct arena *arena, const void *from, size_t size, size_t room, size_t align)
{
    if (size > room)
        arena_stop("arena: a copy is larger than its room");
    void *to = take(arena, room, align, size);
    if (size > 0)
        memcpy(to, from, size);
    return to;
}

void *arena_array(struct arena *arena, size_t count, size_t size, size_t align)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        arena_stop("out of memory: an array is too large");
    return arena_alloc(arena, bytes, align);
}

struct arena_mark arena_mark_get(const struct arena *arena)
{
    return (struct arena_mark){.block = arena->block, .used = arena->used};
}

void arena_rewind(struct arena *arena, struct arena_mark mark)
{
    while (arena->block != mark.block) {
        if (arena->block == NULL)
            arena_stop("arena: a mark was rewound twice or out of order");
        struct arena_block *older = arena->block->older;
        block_retire(arena, arena->block);
        arena->block = older;
    }
    arena->used = mark.used;
    if (arena->block != NULL)
        ASAN_POISON_MEMORY_REGION(arena->block->data + mark.used,
                                  arena->block->capacity - mark.used);
}
