#include "app/datasets/tally.h"

#include "core/arena.h"
#include "core/text.h"

void tally_init(struct tally *tally, struct arena *arena, size_t file_count)
{
    *tally = (struct tally){.file_count = file_count, .day_first = 1, .day_last = 0};
    tally->files = ARENA_ARRAY(arena, struct tally_file, file_count);
    tally->clean_days = ARENA_ARRAY(arena, uint64_t, TALLY_DAYS / 64);
    tally->clean_skus = ARENA_ARRAY(arena, uint64_t, DATASET_SKUS_MAX / 64 + 1);
}

static const struct {
    const char *name;
    const char *text;
} asides[ASIDE_COUNT] = {
    [ASIDE_COLUMNS] = {"columns", N_("another number of columns than the header")},
    [ASIDE_QUOTE] = {"quote", N_("text behind a closing quote")},
    [ASIDE_NUL] = {"nul_byte", N_("a zero byte in the row")},
    [ASIDE_ORDER] = {"order_id", N_("no order number, or one that is too long")},
    [ASIDE_SKU] = {"sku", N_("no stock code, or one that is too long")},
    [ASIDE_DATE] = {"date", N_("no readable date")},
    [ASIDE_QUANTITY] = {"quantity", N_("no usable quantity")},
    [ASIDE_PRICE] = {"price", N_("no readable price (at most four decimals)")},
    [ASIDE_VALUE] = {"value", N_("the value of the line is out of range")},
    [ASIDE_CURRENCY] = {"currency", N_("no known currency")},
    [ASIDE_ORDER_LONG] = {"order_too_long", N_("an order of more than 65536 rows")},
    [ASIDE_TWIN] = {"twin", N_("exact twin of an earlier row of its order")},
};

const char *tally_aside_name(enum aside reason)
{
    return asides[reason].name;
}

const char *tally_aside_text(enum aside reason)
{
    return asides[reason].text;
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
