/* Writing rows.bin; the layout stands in store.h. */
#include <string.h>

#include "app/datasets/store.h"
#include "core/arena.h"

enum { FILE_BUFFER_BYTES = 1 << 20 };

static void put_u32(unsigned char *into, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        into[i] = (unsigned char)(value >> (8 * i));
}

static struct str bytes_of(const unsigned char *bytes, size_t length)
{
    return (struct str){(const char *)bytes, length};
}

enum err store_writer_open(struct store_writer *store, struct arena *arena, const char *path,
                           struct problem *problem)
{
    *store = (struct store_writer){.file = {.file = -1}};
    TRY(writer_open(&store->file, arena, path, 0644, FILE_BUFFER_BYTES, problem));
    store->payload = ARENA_ARRAY(arena, unsigned char, STORE_BLOCK_BYTES);
    store->block_order = UINT32_MAX;
    store->state = store_state_begin(UINT32_MAX);
    unsigned char head[STORE_HEAD_BYTES] = {0};
    memcpy(head, STORE_MAGIC, 8);
    put_u32(head + 8, DATASET_FORMAT_VERSION);
    return writer_put(&store->file, bytes_of(head, sizeof(head)), problem);
}

static enum err write_block(struct store_writer *store, const unsigned char digest[DIGEST_BYTES],
                            struct problem *problem)
{
    unsigned char head[STORE_BLOCK_HEAD_BYTES] = {0};
    put_u32(head, (uint32_t)store->used);
    put_u32(head + 4, store->block_rows);
    put_u32(head + 8, store->block_order);
    memcpy(head + 16, digest, DIGEST_BYTES);
    TRY(writer_put(&store->file, bytes_of(head, sizeof(head)), problem));
    return writer_put(&store->file, bytes_of(store->payload, store->used), problem);
}

static enum err flush_block(struct store_writer *store, struct problem *problem)
{
    if (store->block_rows == 0)
        return ERR_OK;
    unsigned char link[2 * DIGEST_BYTES];
    memcpy(link, store->chain, DIGEST_BYTES);
    digest_bytes(store->payload, store->used, link + DIGEST_BYTES);
    digest_bytes(link, sizeof(link), store->chain);
    TRY(write_block(store, link + DIGEST_BYTES, problem));
    store->used = 0;
    store->block_rows = 0;
    store->block_order = store->state.order;
    store->state = store_state_begin(store->state.order);
    return ERR_OK;
}

enum err store_writer_put(struct store_writer *store, const struct dataset_row *row,
                          struct problem *problem)
{
    if (store->used > STORE_BLOCK_BYTES - STORE_ROW_BYTES_MAX)
        TRY(flush_block(store, problem));
    store->used += store_row_write(store->payload + store->used, &store->state, row);
    store->block_rows++;
    store->rows++;
    return ERR_OK;
}

enum err store_writer_finish(struct store_writer *store, struct problem *problem)
{
    TRY(flush_block(store, problem));
    TRY(write_block(store, store->chain, problem));
    return writer_finish(&store->file, problem);
}
