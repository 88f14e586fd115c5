/* Order files: units are conserved, rows have the formats' shape, and the import gives back the
 * tables that the same orders give in memory, in all three formats. */
#include "app/training/calibrate_fit.h"
#include "calibrate_fixture.h"

enum { SETS = 12 };

static bool any_country(void *context, struct str country)
{
    (void)context;
    return country.length == 2;
}

static void assert_same_doubles(const double *a, const double *b, int count)
{
    for (int i = 0; i < count; i++)
        assert_true(a[i] == b[i]);
}

/* Every table that does not need the buyers' names. */
static void assert_same_tables(const struct market_gathered *file,
                               const struct market_gathered *memory)
{
    assert_int_equal(file->days, memory->days);
    int cells = memory->days * WORLD_MARKETS, weeks = memory->weeks * WORLD_MARKETS;
    for (int i = 0; i < cells; i++) {
        assert_int_equal(file->units[i], memory->units[i]);
        assert_int_equal(file->orders[i], memory->orders[i]);
    }
    int groups = memory->groups;
    assert_same_doubles(file->size_count, memory->size_count, groups * MARKET_TABLE_MAX);
    assert_same_doubles(file->size_sum, memory->size_sum, groups * (FIT_SUM_MAX + 1));
    assert_same_doubles(file->line_count, memory->line_count, groups * MARKET_TABLE_MAX);
    assert_same_doubles(file->line_sum, memory->line_sum, groups * (FIT_SUM_MAX + 1));
    assert_same_doubles(file->hour, memory->hour, groups * 24);
    assert_same_doubles(file->value_e4, memory->value_e4, weeks);
}

static void check_set(struct bench *bench, int set, enum training_orders_format format)
{
    struct arena *arena = &bench->arena;
    struct rng_key key = key_of(set);
    struct fit_world world = fit_world_draw(key);
    struct fit_world_lines lines = fit_world_sell(arena, &bench->scratch, &world, key);
    int sold = 0;
    for (int i = 0; i < lines.count; i++)
        if (lines.lines[i].kind == FIT_SALE)
            lines.lines[sold++] = lines.lines[i];
    const struct market_gathered *memory =
        fit_world_gather(arena, lines.lines, sold, WORLD_MARKETS, WORLD_ARTICLES);

    int64_t count;
    struct run_sale *sales = sales_of(arena, &world, key, &count);
    struct orders_request request = {.rules = rules_of(arena, world.start),
                                     .baskets = &world.baskets,
                                     .seed = key,
                                     .firm = 0,
                                     .format = format};
    struct buf text;
    struct orders_counts counts;
    buf_init(&text);
    assert_int_equal(orders_append(&request, sales, count, &text, &counts, &bench->problem),
                     ERR_OK);
    assert_int_equal(counts.lines, sold);
    char name[32];
    snprintf(name, sizeof(name), "set-%d-%d", set, (int)format);
    const char *folder = import_text(bench, name, buf_str(&text));
    buf_clear(&text);

    struct dataset *dataset;
    struct calibrate_fx fx;
    struct calibrate_source source;
    struct calibration fit;
    assert_int_equal(dataset_open(arena, folder, &dataset, &bench->problem), ERR_OK);
    assert_int_equal(calibrate_fx_read(arena, SAMPAN_SOURCE_ROOT "/data", &fx, &bench->problem),
                     ERR_OK);
    assert_int_equal(calibrate_source_open(arena, dataset, &fx, false, 0, &source, &bench->problem),
                     ERR_OK);
    assert_int_equal(calibrate_fit(arena, &source, any_country, NULL, &fit, &bench->problem),
                     ERR_OK);
    assert_int_equal(fit.market_count, WORLD_MARKETS);
    assert_string_equal(fit.markets[0].id, "GB");
    assert_same_tables(fit.gathered, memory);

    struct market_repeat_fit repeat;
    market_fit_repeat(&bench->scratch, memory, &repeat);
    if (format == ORDERS_AMAZON) {
        assert_false(fit.repeat.rate.known); /* Amazon names no buyers */
    } else {
        assert_true(fit.repeat.rate.value == repeat.rate.value);
        assert_true(fit.repeat.gap_days.value == repeat.gap_days.value);
        assert_int_equal(fit.repeat.buyers, repeat.buyers);
    }
    dataset_close(dataset);
}

static void files_give_back_what_memory_holds(void **state)
{
    struct bench *bench = *state;
    for (int set = 0; set < SETS; set++)
        for (int format = 0; format < ORDERS_FORMAT_COUNT; format++) {
            struct arena_mark mark = arena_mark_get(&bench->arena);
            check_set(bench, set, (enum training_orders_format)format);
            arena_rewind(&bench->arena, mark);
        }
}

/* ---- small files, by hand ---- */

static struct market_baskets plain_baskets(void)
{
    struct market_baskets baskets = market_baskets_default();
    memset(baskets.hour_weight, 0, sizeof(baskets.hour_weight));
    baskets.hour_weight[9] = 1.0; /* all orders between nine and ten */
    return baskets;
}

static void append(struct bench *bench, enum training_orders_format format, int firm,
                   const struct run_sale *sales, int64_t count, struct buf *text,
                   struct orders_counts *counts)
{
    static struct market_baskets baskets;
    baskets = plain_baskets();
    struct orders_request request = {.rules = rules_of(&bench->arena, 20454 /* 2026-01-01 */),
                                     .baskets = &baskets,
                                     .seed = rng_key_from_text(STR("small")),
                                     .firm = firm,
                                     .format = format};
    buf_init(text);
    assert_int_equal(orders_append(&request, sales, count, text, counts, &bench->problem), ERR_OK);
    terminate(text);
}

static int lines_of(const struct buf *text)
{
    int lines = 0;
    for (size_t i = 0; i < text->length; i++)
        lines += text->text[i] == '\n';
    return lines;
}

static void returns_are_told_as_each_format_can(void **state)
{
    struct bench *bench = *state;
    struct run_sale sales[] = {
        {.day = 0, .product = 0, .market = 0, .price_minor = 990, .units = 5},
        {.day = 13, .product = 0, .market = 0, .price_minor = 990, .units = 0, .returned = 3},
        /* nothing of it was sold a week or more before: fits no order */
        {.day = 13, .product = 1, .market = 1, .price_minor = 500, .units = 2, .returned = 1},
    };
    struct buf text;
    struct orders_counts counts;
    append(bench, ORDERS_TIDY, 0, sales, 3, &text, &counts);
    assert_int_equal(counts.units, 7);
    assert_int_equal(counts.orders, 7); /* one unit a line, one line an order */
    assert_int_equal(counts.returned_units, 4);
    assert_int_equal(counts.returned_left, 0);
    assert_int_equal(lines_of(&text), 1 + 7 + 2);
    assert_non_null(strstr(text.text, ",2026-01-14T23:59:00,thing-1,"));
    assert_non_null(strstr(text.text, ",-3,9.90,GBP,,GB,shop,returned\n"));
    assert_non_null(strstr(text.text, ",\"Thing, \"\"no. 1\"\"\",1,9.90,GBP,buyer-f1-gb-"));
    buf_clear(&text);

    append(bench, ORDERS_AMAZON, 0, sales, 3, &text, &counts);
    assert_int_equal(lines_of(&text), 1 + 7);
    assert_int_equal(counts.returned_left, 1);
    int returned = 0;
    for (const char *at = text.text; (at = strstr(at, "\tReturned\t")) != NULL; at++)
        returned++;
    assert_int_equal(returned, 3);
    buf_clear(&text);

    append(bench, ORDERS_SHOPIFY, 0, sales, 3, &text, &counts);
    returned = 0;
    for (const char *at = text.text; (at = strstr(at, "@example.com,refunded,")) != NULL; at++)
        returned++;
    assert_int_equal(returned, 3);
    buf_clear(&text);
}

/* Every row has as many columns as the header, which is the marketplace's own. */
static void rows_have_the_marketplaces_columns(void **state)
{
    struct bench *bench = *state;
    struct run_sale sales[] = {{.day = 0, .product = 0, .price_minor = 990, .units = 40},
                               {.day = 0, .product = 1, .price_minor = 1990, .units = 40}};
    static const struct {
        enum training_orders_format format;
        char delimiter;
        int columns;
    } shapes[] = {{ORDERS_TIDY, ',', 11}, {ORDERS_SHOPIFY, ',', 79}, {ORDERS_AMAZON, '\t', 32}};
    for (size_t s = 0; s < COUNT_OF(shapes); s++) {
        struct buf text;
        struct orders_counts counts;
        append(bench, shapes[s].format, 0, sales, 2, &text, &counts);
        int columns = 1;
        bool quoted = false;
        for (size_t i = 0; i < text.length; i++) {
            quoted ^= text.text[i] == '"' && shapes[s].delimiter == ',';
            columns += text.text[i] == shapes[s].delimiter && !quoted;
            if (text.text[i] != '\n')
                continue;
            assert_int_equal(columns, shapes[s].columns);
            columns = 1;
        }
        buf_clear(&text);
    }
}

static void all_firms_share_a_file_and_no_code(void **state)
{
    struct bench *bench = *state;
    struct run_sale sales[] = {{.day = 0, .firm = 0, .price_minor = 990, .units = 2},
                               {.day = 0, .firm = 1, .price_minor = 990, .units = 3},
                               {.day = 0, .world = 1, .price_minor = 990, .units = 9}};
    static struct market_baskets baskets;
    baskets = plain_baskets();
    struct market_rules rules = *rules_of(&bench->arena, 20454);
    rules.firms = 2;
    struct orders_request request = {.rules = &rules,
                                     .baskets = &baskets,
                                     .seed = rng_key_from_text(STR("small")),
                                     .firm = -1,
                                     .format = ORDERS_TIDY};
    struct buf text;
    struct orders_counts counts;
    buf_init(&text);
    assert_int_equal(orders_append(&request, sales, 3, &text, &counts, &bench->problem), ERR_OK);
    terminate(&text);
    assert_int_equal(counts.units, 5); /* the other world's nine are not in it */
    assert_non_null(strstr(text.text, "S1-1001,"));
    assert_non_null(strstr(text.text, ",F2-thing-1,"));
    assert_non_null(strstr(text.text, "buyer-f2-gb-1@example.com"));
    buf_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(files_give_back_what_memory_holds, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(returns_are_told_as_each_format_can, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(rows_have_the_marketplaces_columns, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(all_firms_share_a_file_and_no_code, bench_setup,
                                        bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
