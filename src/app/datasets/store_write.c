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

static void begin_block(struct store_writer *store)
{
    store->sink = (struct store_sink){store->payload, store->payload + STORE_BLOCK_BYTES};
    store->block_rows = 0;
    store->block_order = store->state.order;
    store->state = store_state_begin(store->state.order);
}

enum err store_writer_open(struct store_writer *store, struct arena *arena, const char *path,
                           struct problem *problem)
{
    *store = (struct store_writer){.file = {.file = -1}};
    TRY(writer_open(&store->file, arena, path, 0644, FILE_BUFFER_BYTES, problem));
    store->payload = ARENA_ARRAY(arena, unsigned char, 2 * (size_t)STORE_BLOCK_BYTES);
    store->state.order = UINT32_MAX;
    begin_block(store);
    unsigned char head[STORE_HEAD_BYTES] = {0};
    memcpy(head, STORE_MAGIC, 8);
    put_u32(head + 8, DATASET_FORMAT_VERSION);
    return writer_put(&store->file, bytes_of(head, sizeof(head)), problem);
}

static enum err flush_block(struct store_writer *store, struct problem *problem)
{
    if (store->block_rows == 0)
        return ERR_OK;
    const unsigned char *customers = store->payload + STORE_BLOCK_BYTES;
    size_t row_bytes = (size_t)(store->sink.rows - store->payload);
    size_t customer_bytes = (size_t)(store->sink.customers - customers);
    unsigned char head[STORE_BLOCK_HEAD_BYTES] = {0};
    put_u32(head, (uint32_t)row_bytes);
    put_u32(head + 4, store->block_rows);
    put_u32(head + 8, store->block_order);
    put_u32(head + 12, (uint32_t)(customer_bytes / STORE_CUSTOMER_BYTES));
    digest_bytes(store->payload, row_bytes, head + 16);
    digest_bytes(customers, customer_bytes, head + 16 + DIGEST_BYTES);
    unsigned char link[2 * DIGEST_BYTES];
    memcpy(link, store->chain, DIGEST_BYTES);
    memcpy(link + DIGEST_BYTES, head + 16, DIGEST_BYTES);
    digest_bytes(link, sizeof(link), store->chain);
    TRY(writer_put(&store->file, bytes_of(head, sizeof(head)), problem));
    TRY(writer_put(&store->file, bytes_of(store->payload, row_bytes), problem));
    TRY(writer_put(&store->file, bytes_of(customers, customer_bytes), problem));
    begin_block(store);
    return ERR_OK;
}

static bool is_full(const struct store_writer *store)
{
    const unsigned char *border = store->payload + STORE_BLOCK_BYTES;
    return border - store->sink.rows < STORE_ROW_BYTES_MAX ||
           border + STORE_BLOCK_BYTES - store->sink.customers < STORE_CUSTOMER_BYTES;
}

enum err store_writer_put(struct store_writer *store, const struct dataset_row *row,
                          struct problem *problem)
{
    if (is_full(store))
        TRY(flush_block(store, problem));
    store_row_write(&store->sink, &store->state, row);
    store->block_rows++;
    store->rows++;
    return ERR_OK;
}

enum err store_writer_finish(struct store_writer *store, struct problem *problem)
{
    unsigned char end[STORE_BLOCK_HEAD_BYTES] = {0};
    TRY(flush_block(store, problem));
    memcpy(end + 16, store->chain, DIGEST_BYTES);
    TRY(writer_put(&store->file, bytes_of(end, sizeof(end)), problem));
    return writer_finish(&store->file, problem);
}
