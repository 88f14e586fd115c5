#include "app/datasets/tally.h"

#include "core/arena.h"

void tally_init(struct tally *tally, struct arena *arena, size_t file_count)
{
    *tally = (struct tally){.file_count = file_count, .day_first = 1, .day_last = 0};
    tally->files = ARENA_ARRAY(arena, struct tally_file, file_count);
    tally->clean_days = ARENA_ARRAY(arena, uint64_t, TALLY_DAYS / 64);
    tally->clean_skus = ARENA_ARRAY(arena, uint64_t, DATASET_SKUS_MAX / 64 + 1);
}

const char *tally_aside_name(enum aside reason)
{
    static const char *const names[ASIDE_COUNT] = {
        "columns", "quote", "nul_byte", "order_id",       "sku", "date", "quantity",
        "price",   "value", "currency", "order_too_long", "twin"};
    return names[reason];
}

void tally_set_aside(struct tally_file *file, enum aside reason, int64_t line)
{
    struct tally_aside *aside = &file->aside[reason];
    aside->rows++;
    if (aside->line_count < TALLY_LINES_MAX)
        aside->lines[aside->line_count++] = line;
}

int64_t tally_aside_rows(const struct tally_file *file)
{
    int64_t rows = 0;
    for (int i = 0; i < ASIDE_COUNT; i++)
        rows += file->aside[i].rows;
    return rows;
}

int64_t tally_bits(const uint64_t *bits, size_t count)
{
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += __builtin_popcountll(bits[i]);
    return sum;
}
