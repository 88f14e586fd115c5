/* What the tests of order files and calibration share: a folder to work in, the engine's test shop
 * as a run would tell its sales, and imports of text. */
#ifndef TESTS_APP_TRAINING_CALIBRATE_FIXTURE_H
#define TESTS_APP_TRAINING_CALIBRATE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/datasets/datasets.h"
#include "app/training/orders.h"
#include "core/arena.h"
#include "core/file.h"
#include "fit_world.h"

struct bench {
    struct arena arena, scratch;
    char folder[64];
    struct problem problem;
};

static inline int bench_setup(void **state)
{
    struct bench *bench = test_calloc(1, sizeof(*bench));
    arena_init(&bench->arena);
    arena_init(&bench->scratch);
    snprintf(bench->folder, sizeof(bench->folder), "/tmp/sampan-orders-XXXXXX");
    assert_non_null(mkdtemp(bench->folder));
    *state = bench;
    return 0;
}

static inline int bench_teardown(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(folder_remove(bench->folder, &bench->problem), ERR_OK);
    arena_clear(&bench->scratch);
    arena_clear(&bench->arena);
    test_free(bench);
    return 0;
}

/* Two markets, one channel, six products: only what order files ask of rules. */
static inline const struct market_rules *rules_of(struct arena *arena, int32_t start)
{
    struct market_rules *rules = ARENA_NEW(arena, struct market_rules);
    struct market_country *markets = ARENA_ARRAY(arena, struct market_country, WORLD_MARKETS);
    struct market_name *channel = ARENA_NEW(arena, struct market_name);
    struct market_product *products = ARENA_ARRAY(arena, struct market_product, WORLD_ARTICLES);
    static const char *const codes[3] = {"CNY", "GBP", "EUR"};
    for (int c = 0; c < 3; c++)
        assert_true(currency_from_code(str_from_c(codes[c]), &rules->currencies[c]));
    rules->currency_count = 3;
    snprintf(markets[0].name.id, MARKET_NAME_MAX, "GB");
    snprintf(markets[1].name.id, MARKET_NAME_MAX, "DE");
    markets[0].currency = 1;
    markets[1].currency = 2;
    snprintf(channel->id, MARKET_NAME_MAX, "shop");
    for (int p = 0; p < WORLD_ARTICLES; p++) {
        snprintf(products[p].name.id, MARKET_NAME_MAX, "thing-%d", p + 1);
        snprintf(products[p].name.en, MARKET_NAME_MAX, "Thing, \"no. %d\"", p + 1);
    }
    rules->start_date = start;
    rules->firms = 1;
    rules->market_count = WORLD_MARKETS;
    rules->channel_count = 1;
    rules->product_count = WORLD_ARTICLES;
    rules->markets = markets;
    rules->channels = channel;
    rules->products = products;
    return rules;
}

static inline struct run_sale *sales_of(struct arena *arena, const struct fit_world *world,
                                        struct rng_key key, int64_t *count)
{
    int days = 7 * world->weeks;
    struct run_sale *sales =
        ARENA_ARRAY(arena, struct run_sale, (size_t)(days * WORLD_MARKETS * WORLD_ARTICLES));
    *count = 0;
    /* By listing, as a run tells them, not by day. */
    for (int m = 0; m < WORLD_MARKETS; m++)
        for (int j = 0; j < WORLD_ARTICLES; j++)
            for (int day = 0; day < days; day++) {
                struct market_basket_units units[WORLD_ARTICLES];
                int lead;
                fit_world_day(world, key, m, day, units, &lead);
                if (units[j].units == 0)
                    continue;
                sales[(*count)++] =
                    (struct run_sale){.day = day,
                                      .product = j,
                                      .market = m,
                                      .units = units[j].units,
                                      .price_minor = (int64_t)(world->price[j] * 100.0 + 0.5)};
            }
    return sales;
}

static inline struct rng_key key_of(int set)
{
    char label[32];
    int length = snprintf(label, sizeof(label), "set %d", set);
    return rng_key_derive(rng_key_from_text(STR("recovery")), (struct str){label, (size_t)length});
}

/* A zero byte behind the content, so that it can be searched as a C string. */
static inline void terminate(struct buf *text)
{
    buf_append_byte(text, '\0');
    text->length--;
}

static inline const char *import_text(struct bench *bench, const char *name, struct str text)
{
    const char *file =
        path_join(&bench->arena, bench->folder, str_format(&bench->arena, "%s.txt", name).text);
    const char *into = path_join(&bench->arena, bench->folder, name);
    assert_int_equal(file_write_atomic(file, text, 0644, &bench->problem), ERR_OK);
    struct dataset_import_options options = {
        .files = &file, .file_count = 1, .into = into, .data_folder = SAMPAN_SOURCE_ROOT "/data"};
    struct buf report;
    buf_init(&report);
    assert_int_equal(dataset_import(&options, &report, &bench->problem), ERR_OK);
    terminate(&report);
    assert_non_null(strstr(report.text, " 0 set aside"));
    buf_clear(&report);
    return into;
}

#endif
