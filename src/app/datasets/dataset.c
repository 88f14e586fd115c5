/* Reading a data set. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "app/datasets/datasets.h"
#include "app/datasets/store.h"
#include "core/arena.h"
#include "core/file.h"
#include "core/text.h"

enum { DICTIONARY_BYTES_MAX = 256 << 20 };

struct dataset {
    const char *rows_path;
    int file;
    struct store_dictionaries dictionaries;
};

struct dataset_cursor {
    const struct dataset *dataset;
    off_t offset;
    struct store_source source;
    uint32_t rows_left; /* in the block */
    int64_t rows;
    bool ended;
    struct store_state state;
    unsigned char chain[DIGEST_BYTES];
    unsigned char *payload;
};

const char *dataset_kind_name(enum dataset_kind kind)
{
    static const char *const names[DATASET_KIND_COUNT] = {
        "sale",       "cancelled",  "cancellation", "return", "nonproduct", "nonproduct_credit",
        "adjustment", "zero_price", "pending"};
    return kind < DATASET_KIND_COUNT ? names[kind] : "unknown";
}

int64_t dataset_value_minor(const struct dataset_row *row, struct currency currency)
{
    int64_t minor = 0;
    (void)int64_multiply_divide(row->value_e4, currency_minor_per_major(currency), 10000,
                                ROUND_HALF_UP, &minor);
    return minor;
}

static enum err damaged(struct problem *problem)
{
    return problem_set(problem, ERR_FILE_DAMAGED, ERR_CTEXT("rows.bin"));
}

/* Exactly `length` bytes from `offset` on. */
static enum err read_at(int file, off_t offset, void *into, size_t length, struct problem *problem)
{
    size_t done = 0;
    while (done < length) {
        ssize_t got = pread(file, (char *)into + done, length - done, offset + (off_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return problem_set(problem, ERR_FILE_READ, ERR_CTEXT(strerror(errno)));
        if (got == 0)
            return damaged(problem);
        done += (size_t)got;
    }
    return ERR_OK;
}

static uint32_t get_u32(const unsigned char *from)
{
    return (uint32_t)from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 |
           (uint32_t)from[3] << 24;
}

static enum err open_rows(struct dataset *dataset, struct problem *problem)
{
    dataset->file = open(dataset->rows_path, O_RDONLY | O_CLOEXEC);
    if (dataset->file < 0)
        return problem_set(problem, ERR_FILE_OPEN, ERR_CTEXT(strerror(errno)));
    unsigned char head[STORE_HEAD_BYTES];
    TRY(read_at(dataset->file, 0, head, sizeof(head), problem));
    if (memcmp(head, STORE_MAGIC, 8) != 0)
        return damaged(problem);
    if (get_u32(head + 8) != DATASET_FORMAT_VERSION)
        return problem_set(problem, ERR_FILE_VERSION, ERR_INT(get_u32(head + 8)),
                           ERR_INT(DATASET_FORMAT_VERSION));
    return ERR_OK;
}

static enum err open_all(struct arena *arena, const char *folder, struct dataset *dataset,
                         struct problem *problem)
{
    if (!file_exists(path_join(arena, folder, "dataset.json")))
        return problem_set0(problem, file_exists(folder) ? ERR_FILE_NOT_OURS : ERR_FILE_OPEN);
    struct str bytes;
    TRY(file_read(arena, path_join(arena, folder, "dictionaries.bin"), DICTIONARY_BYTES_MAX, &bytes,
                  problem));
    TRY(store_dictionaries_parse(arena, bytes, &dataset->dictionaries, problem));
    dataset->rows_path = path_join(arena, folder, "rows.bin");
    return open_rows(dataset, problem);
}

enum err dataset_open(struct arena *arena, const char *folder, struct dataset **dataset,
                      struct problem *problem)
{
    struct dataset *made = ARENA_NEW(arena, struct dataset);
    made->file = -1;
    enum err code = open_all(arena, folder, made, problem);
    if (code == ERR_FILE_OPEN && problem->arg_count == 0)
        problem_set(problem, ERR_FILE_OPEN, ERR_KEY(N_("there is no such file or folder")));
    if (code != ERR_OK) {
        dataset_close(made);
        if (problem->place[0] == 0)
            problem_place(problem, "%s", folder);
        return code;
    }
    *dataset = made;
    return ERR_OK;
}

void dataset_close(struct dataset *dataset)
{
    if (dataset && dataset->file >= 0)
        close(dataset->file);
    if (dataset)
        dataset->file = -1;
}

struct dataset_summary dataset_summary(const struct dataset *dataset)
{
    const struct store_dictionaries *dictionaries = &dataset->dictionaries;
    struct dataset_summary summary = {.rows = dictionaries->facts.rows,
                                      .orders = dictionaries->facts.orders,
                                      .skus = dictionaries->sku_count,
                                      .countries = (uint16_t)dictionaries->country_count,
                                      .channels = (uint16_t)dictionaries->channel_count,
                                      .currencies = (uint16_t)dictionaries->currency_count,
                                      .day_first = dictionaries->facts.day_first,
                                      .day_last = dictionaries->facts.day_last};
    digest_hex(dictionaries->facts.digest, summary.digest_hex);
    return summary;
}

struct dataset_sku dataset_sku(const struct dataset *dataset, uint32_t sku)
{
    return dataset->dictionaries.skus[sku];
}

struct str dataset_country(const struct dataset *dataset, uint16_t country)
{
    return dataset->dictionaries.countries[country];
}

struct str dataset_channel(const struct dataset *dataset, uint16_t channel)
{
    return dataset->dictionaries.channels[channel];
}

struct currency dataset_currency(const struct dataset *dataset, uint16_t currency)
{
    return dataset->dictionaries.currencies[currency];
}

enum err dataset_rows_begin(struct arena *arena, const struct dataset *dataset,
                            struct dataset_cursor **cursor, struct problem *problem)
{
    (void)problem;
    struct dataset_cursor *made = ARENA_NEW(arena, struct dataset_cursor);
    made->dataset = dataset;
    made->offset = STORE_HEAD_BYTES;
    made->payload = ARENA_ARRAY(arena, unsigned char, 2 * (size_t)STORE_BLOCK_BYTES);
    *cursor = made;
    return ERR_OK;
}

void dataset_rows_end(struct dataset_cursor *cursor)
{
    if (cursor)
        cursor->ended = true;
}

/* The end mark carries the chain of all digests, which is the data set's, and nothing else. */
static bool end_is_right(const struct dataset_cursor *cursor, const unsigned char *head)
{
    static const unsigned char zeros[DIGEST_BYTES];
    const struct store_facts *facts = &cursor->dataset->dictionaries.facts;
    return memcmp(head, zeros, 16) == 0 && memcmp(cursor->chain, head + 16, DIGEST_BYTES) == 0 &&
           memcmp(head + 16 + DIGEST_BYTES, zeros, DIGEST_BYTES) == 0 &&
           memcmp(facts->digest, cursor->chain, DIGEST_BYTES) == 0 && facts->rows == cursor->rows;
}

static bool digest_fits(const unsigned char *bytes, size_t length, const unsigned char *expected)
{
    unsigned char digest[DIGEST_BYTES];
    digest_bytes(bytes, length, digest);
    return memcmp(digest, expected, DIGEST_BYTES) == 0;
}

/* The bytes of a block whose head is read: rows, then customers. */
static enum err read_block(struct dataset_cursor *cursor, const unsigned char *head,
                           struct problem *problem)
{
    uint32_t row_bytes = get_u32(head);
    uint32_t customer_count = get_u32(head + 12);
    if (row_bytes > STORE_BLOCK_BYTES || customer_count > STORE_CUSTOMERS_MAX)
        return damaged(problem);
    size_t customer_bytes = (size_t)customer_count * STORE_CUSTOMER_BYTES;
    unsigned char *customers = cursor->payload + row_bytes;
    TRY(read_at(cursor->dataset->file, cursor->offset, cursor->payload, row_bytes + customer_bytes,
                problem));
    cursor->offset += (off_t)(row_bytes + customer_bytes);
    if (!digest_fits(cursor->payload, row_bytes, head + 16) ||
        !digest_fits(customers, customer_bytes, head + 16 + DIGEST_BYTES))
        return damaged(problem);
    cursor->source =
        (struct store_source){cursor->payload, customers, customers, customers + customer_bytes};
    return ERR_OK;
}

static enum err next_block(struct dataset_cursor *cursor, struct problem *problem)
{
    unsigned char head[STORE_BLOCK_HEAD_BYTES];
    if (cursor->source.rows != cursor->source.rows_end ||
        cursor->source.customers != cursor->source.customers_end)
        return damaged(problem);
    TRY(read_at(cursor->dataset->file, cursor->offset, head, sizeof(head), problem));
    cursor->offset += (off_t)sizeof(head);
    cursor->rows_left = get_u32(head + 4);
    if (cursor->rows_left == 0) {
        cursor->ended = true;
        return end_is_right(cursor, head) ? ERR_OK : damaged(problem);
    }
    TRY(read_block(cursor, head, problem));
    unsigned char link[2 * DIGEST_BYTES];
    memcpy(link, cursor->chain, DIGEST_BYTES);
    memcpy(link + DIGEST_BYTES, head + 16, DIGEST_BYTES);
    digest_bytes(link, sizeof(link), cursor->chain);
    cursor->state = store_state_begin(get_u32(head + 8));
    return ERR_OK;
}

static bool indices_fit(const struct dataset *dataset, const struct dataset_row *row)
{
    const struct store_dictionaries *dictionaries = &dataset->dictionaries;
    return row->sku < dictionaries->sku_count && row->country < dictionaries->country_count &&
           row->channel < dictionaries->channel_count &&
           row->currency < dictionaries->currency_count && row->order < dictionaries->facts.orders;
}

enum err dataset_rows_next(struct dataset_cursor *cursor, struct dataset_row *row, bool *found,
                           struct problem *problem)
{
    enum err code = ERR_OK;
    *found = false;
    if (cursor->rows_left == 0 && !cursor->ended)
        code = next_block(cursor, problem);
    if (code == ERR_OK && cursor->ended)
        return ERR_OK;
    if (code == ERR_OK && (!store_row_read(&cursor->source, &cursor->state, row) ||
                           !indices_fit(cursor->dataset, row)))
        code = damaged(problem);
    if (code != ERR_OK)
        return problem_place(problem, "%s", cursor->dataset->rows_path);
    cursor->rows_left--;
    cursor->rows++;
    *found = true;
    return ERR_OK;
}
