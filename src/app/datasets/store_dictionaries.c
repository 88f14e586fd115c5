/* dictionaries.bin; the layout stands in store.h. */
#include <string.h>

#include "app/datasets/store.h"
#include "core/arena.h"
#include "core/bytes.h"
#include "core/file.h"
#include "core/text.h"

enum { MAGIC_BYTES = 8 };

static void put_names(struct buf *buf, const struct dictionary_names *names)
{
    bytes_put_u32(buf, names->count);
    for (uint32_t i = 0; i < names->count; i++)
        bytes_put_str(buf, names->names[i]);
}

static void put_skus(struct buf *buf, const struct dictionary_skus *skus)
{
    bytes_put_u32(buf, skus->count);
    for (uint32_t i = 0; i < skus->count; i++) {
        const struct dictionary_sku *entry = &skus->entries[i];
        bytes_put_str(buf, (struct str){entry->code, entry->code_length});
        bytes_put_str(buf, (struct str){entry->title, entry->title_length});
        bytes_put_u8(buf, entry->is_nonproduct);
    }
}

enum err store_dictionaries_write(const char *path, const struct dictionary_skus *skus,
                                  const struct dictionary_names *countries,
                                  const struct dictionary_names *channels,
                                  const struct dictionary_names *currencies,
                                  const struct store_facts *facts, struct problem *problem)
{
    struct buf buf;
    buf_init(&buf);
    buf_append_c(&buf, STORE_DICTIONARY_MAGIC);
    bytes_put_u32(&buf, DATASET_FORMAT_VERSION);
    put_skus(&buf, skus);
    put_names(&buf, countries);
    put_names(&buf, channels);
    put_names(&buf, currencies);
    bytes_put_i64(&buf, facts->rows);
    bytes_put_u32(&buf, facts->orders);
    bytes_put_i32(&buf, facts->day_first);
    bytes_put_i32(&buf, facts->day_last);
    buf_append(&buf, (struct str){(const char *)facts->digest, DIGEST_BYTES});
    unsigned char digest[DIGEST_BYTES];
    digest_bytes(buf.text, buf.length, digest);
    buf_append(&buf, (struct str){(const char *)digest, DIGEST_BYTES});
    enum err code = file_write_atomic(path, buf_str(&buf), 0644, problem);
    buf_clear(&buf);
    return code;
}

static enum err damaged(struct problem *problem)
{
    return problem_set(problem, ERR_FILE_DAMAGED, ERR_CTEXT("dictionaries.bin"));
}

static const struct dataset_sku *get_skus(struct arena *arena, struct byte_reader *reader,
                                          uint32_t *count)
{
    *count = bytes_get_count(reader, DATASET_SKUS_MAX);
    struct dataset_sku *skus = ARENA_ARRAY(arena, struct dataset_sku, *count);
    for (uint32_t i = 0; i < *count && !reader->failed; i++) {
        skus[i].code = bytes_get_str(reader);
        skus[i].title = bytes_get_str(reader);
        skus[i].is_nonproduct = bytes_get_u8(reader) != 0;
    }
    return skus;
}

static const struct str *get_names(struct arena *arena, struct byte_reader *reader, uint32_t most,
                                   uint32_t *count)
{
    *count = bytes_get_count(reader, most);
    struct str *names = ARENA_ARRAY(arena, struct str, *count);
    for (uint32_t i = 0; i < *count && !reader->failed; i++)
        names[i] = bytes_get_str(reader);
    return names;
}

static const struct currency *get_currencies(struct arena *arena, struct byte_reader *reader,
                                             uint32_t *count)
{
    uint32_t most = DATASET_CURRENCIES_MAX;
    const struct str *names = get_names(arena, reader, most, count);
    struct currency *currencies = ARENA_ARRAY(arena, struct currency, *count);
    for (uint32_t i = 0; i < *count; i++)
        if (!currency_from_code(names[i], &currencies[i]))
            reader->failed = true;
    return currencies;
}

static struct store_facts get_facts(struct byte_reader *reader)
{
    struct store_facts facts = {0};
    facts.rows = bytes_get_i64(reader);
    facts.orders = bytes_get_u32(reader);
    facts.day_first = bytes_get_i32(reader);
    facts.day_last = bytes_get_i32(reader);
    for (int i = 0; i < DIGEST_BYTES; i++)
        facts.digest[i] = bytes_get_u8(reader);
    return facts;
}

enum err store_dictionaries_parse(struct arena *arena, struct str bytes,
                                  struct store_dictionaries *dictionaries, struct problem *problem)
{
    if (bytes.length < MAGIC_BYTES + DIGEST_BYTES ||
        memcmp(bytes.text, STORE_DICTIONARY_MAGIC, MAGIC_BYTES) != 0)
        return damaged(problem);
    unsigned char digest[DIGEST_BYTES];
    struct str content = str_slice(bytes, 0, bytes.length - DIGEST_BYTES);
    digest_bytes(content.text, content.length, digest);
    if (memcmp(digest, bytes.text + content.length, DIGEST_BYTES) != 0)
        return damaged(problem);
    struct byte_reader reader =
        bytes_reader(str_slice(content, MAGIC_BYTES, content.length - MAGIC_BYTES));
    uint32_t version = bytes_get_u32(&reader);
    if (version != DATASET_FORMAT_VERSION)
        return problem_set(problem, ERR_FILE_VERSION, ERR_INT(version),
                           ERR_INT(DATASET_FORMAT_VERSION));
    dictionaries->skus = get_skus(arena, &reader, &dictionaries->sku_count);
    dictionaries->countries =
        get_names(arena, &reader, DATASET_COUNTRIES_MAX, &dictionaries->country_count);
    dictionaries->channels =
        get_names(arena, &reader, DATASET_CHANNELS_MAX, &dictionaries->channel_count);
    dictionaries->currencies = get_currencies(arena, &reader, &dictionaries->currency_count);
    dictionaries->facts = get_facts(&reader);
    return bytes_reader_done(&reader) ? ERR_OK : damaged(problem);
}
