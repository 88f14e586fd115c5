/* Bytes of a data set. Property: a row that is read is within the limits and is the same after
 * writing and reading it; dictionaries are read whole or refused. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/datasets/store.h"
#include "core/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The last eighth of the bytes stands for customers. */
static void read_rows(const unsigned char *bytes, size_t size)
{
    size_t rows = size - size / 8;
    struct store_state state = store_state_begin(UINT32_MAX);
    struct store_state copy = state;
    struct dataset_row row = {0};
    struct store_source source = {bytes, bytes + rows, bytes + rows, bytes + size};
    while (source.rows < source.rows_end && store_row_read(&source, &state, &row)) {
        unsigned char written[STORE_ROW_BYTES_MAX];
        unsigned char customer[STORE_CUSTOMER_BYTES];
        struct store_state copy_before = copy;
        struct dataset_row again = {0};
        struct store_sink sink = {written, customer};
        store_row_write(&sink, &copy, &row);
        struct store_source back = {written, sink.rows, customer, sink.customers};
        if (sink.rows > written + sizeof(written) || !store_row_read(&back, &copy_before, &again) ||
            back.rows != back.rows_end || back.customers != back.customers_end)
            abort();
        if (again.value_e4 != row.value_e4 || again.customer != row.customer ||
            again.day != row.day || again.minute != row.minute || again.sku != row.sku ||
            again.order != row.order || again.delivered_days != row.delivered_days ||
            again.flags != row.flags || again.kind >= DATASET_KIND_COUNT)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct store_dictionaries dictionaries = {0};
    struct problem problem = {0};
    struct buf bytes;
    read_rows(data, size);
    arena_init(&arena);
    buf_init(&bytes);
    /* With the digest that fits, so that what is behind it is reached. */
    unsigned char digest[DIGEST_BYTES];
    buf_append_c(&bytes, STORE_DICTIONARY_MAGIC);
    buf_append(&bytes, (struct str){(const char *)data, size});
    digest_bytes(bytes.text, bytes.length, digest);
    buf_append(&bytes, (struct str){(const char *)digest, DIGEST_BYTES});
    enum err code = store_dictionaries_parse(&arena, buf_str(&bytes), &dictionaries, &problem);
    if (code != problem.code)
        abort();
    if (code == ERR_OK && dictionaries.sku_count > 0 &&
        dictionaries.skus[dictionaries.sku_count - 1].code.length > size)
        abort();
    buf_clear(&bytes);
    arena_clear(&arena);
    return 0;
}
