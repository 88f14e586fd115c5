/* Calibration from files: a shop whose parameters are known, odd files, and Online Retail. */
#include <math.h>

#include "app/training/calibrate.h"
#include "app/training/calibrate_level2.h"
#include "app/training/calibrate_publish.h"
#include "app/training/leak.h"
#include "app/training/training.h"
#include "calibrate_fixture.h"
#include "core/date.h"
#include "engine/market/policy.h"

#define DATA SAMPAN_SOURCE_ROOT "/data"

/* A tidy file of the test shop `set`, imported. */
static const char *import_shop(struct bench *bench, int set, const char *name,
                               struct fit_world *world)
{
    struct rng_key key = key_of(set);
    *world = fit_world_draw(key);
    int64_t count;
    struct run_sale *sales = sales_of(&bench->arena, world, key, &count);
    struct orders_request request = {.rules = rules_of(&bench->arena, world->start),
                                     .baskets = &world->baskets,
                                     .seed = key,
                                     .format = ORDERS_TIDY};
    struct orders_counts counts;
    struct buf text;
    buf_init(&text);
    assert_int_equal(orders_append(&request, sales, count, &text, &counts, &bench->problem),
                     ERR_OK);
    const char *folder = import_text(bench, name, buf_str(&text));
    buf_clear(&text);
    return folder;
}

static bool holds(struct market_estimate estimate, double truth)
{
    return estimate.known && estimate.low <= truth && truth <= estimate.high;
}

static double error_of(const struct scenario *scenario, const char *path, enum market_origin origin)
{
    const struct scenario_figure *figure = scenario_figure_find(scenario, str_from_c(path));
    assert_non_null(figure);
    assert_int_equal(figure->origin, origin);
    return figure->has_error ? figure->standard_error : -1.0;
}

static void a_known_shop_becomes_its_scenario(void **state)
{
    struct bench *bench = *state;
    struct fit_world world;
    const char *folder = import_shop(bench, 3, "shop", &world);
    struct calibrate_work work;
    assert_int_equal(
        calibrate_work_make(&bench->arena, folder, DATA, false, 0, &work, &bench->problem), ERR_OK);
    assert_int_equal(work.fit.market_count, 2);
    assert_string_equal(work.fit.markets[0].id, "GB");
    assert_string_equal(work.fit.markets[1].currency.code, "EUR");
    /* One set of the 400 of recovery_test: these intervals happen to hold it all. */
    assert_true(holds(work.fit.markets[0].series.base, world.base[0]));
    assert_true(holds(work.fit.markets[1].series.base, world.base[1]));
    assert_true(holds(work.fit.dispersion, world.dispersion));
    assert_true(
        holds(work.fit.lines_per_order.mean, market_table_mean(&world.baskets.lines_per_order)));
    assert_true(holds(work.fit.repeat.rate, world.baskets.repeat_rate));

    const struct market_rules *rules = &work.scenario.rules;
    assert_int_equal(rules->nest_count, 2);
    assert_int_equal(rules->product_count, CALIBRATE_PRODUCTS);
    assert_int_equal(rules->firms, 12);
    assert_int_equal(rules->rounds, 12);
    assert_int_equal(rules->start_date, world.start + 7 * world.weeks);
    /* The estimate was made without a season; the scenario puts the default one on it. */
    double season = calibrate_default_season_mean(&work.fit);
    assert_true(season > 0.94 && season < 0.97); /* January to October */
    assert_true(fabs(rules->nests[0].units_per_firm_day_est * season /
                         work.fit.markets[0].series.base.value -
                     1.0) < 0.001);
    assert_true(error_of(&work.scenario, "nests[0].units_per_firm_day", ORIGIN_ESTIMATED) > 0.0);
    assert_true(error_of(&work.scenario, "nests[1].price_ref", ORIGIN_ESTIMATED) > 0.0);
    assert_true(error_of(&work.scenario, "baskets.shop.repeat_rate", ORIGIN_ESTIMATED) > 0.0);
    error_of(&work.scenario, "markets[0].season", ORIGIN_DEFAULT);
    error_of(&work.scenario, "demand.inside_share", ORIGIN_ASSUMED);
    error_of(&work.scenario, "suppliers[0].breaks", ORIGIN_ASSUMED);
    calibrate_work_close(&work);
}

/* What steady asks, 3.2/2.2 of its break-even price, is the reference price in every market. */
static void steady_asks_the_reference_price(void **state)
{
    struct bench *bench = *state;
    struct fit_world world;
    const char *folder = import_shop(bench, 5, "shop", &world);
    struct calibrate_work work;
    assert_int_equal(
        calibrate_work_make(&bench->arena, folder, DATA, false, 0, &work, &bench->problem), ERR_OK);
    const struct market_rules *rules = &work.scenario.rules;
    for (int n = 0; n < rules->nest_count; n++) {
        struct market_unit_cost cost;
        int lane = rules->nests[n].market * CALIBRATE_LANES_A_MARKET;
        int64_t units = (int64_t)ceil(10.0 * rules->nests[n].units_per_firm_day);
        if (units < rules->suppliers[1].breaks[0].units_min)
            units = rules->suppliers[1].breaks[0].units_min;
        assert_int_equal(market_unit_cost_reckon(rules, rules->start_date, 1, n, 1, lane, lane + 2,
                                                 units, &cost, &bench->problem),
                         ERR_OK);
        double asked = (double)cost.break_even_minor * 3.2 / 2.2;
        assert_true(fabs(asked / (double)rules->nests[n].price_ref_minor - 1.0) < 0.01);
        assert_true(cost.landed_minor > 0 && cost.sale_minor >= 0);
    }
    calibrate_work_close(&work);
}

static void the_command_prints_and_writes_once(void **state)
{
    struct bench *bench = *state;
    struct fit_world world;
    const char *folder = import_shop(bench, 7, "shop", &world);
    const char *out = path_join(&bench->arena, bench->folder, "shop.json");
    struct training_calibrate_options options = {
        .dataset = folder, .out = out, .data_folder = DATA};
    struct buf report;
    buf_init(&report);
    assert_int_equal(training_calibrate(&options, &report, &bench->problem), ERR_OK);
    terminate(&report);
    assert_non_null(strstr(report.text, "No trading on this weekday: Saturday."));
    assert_non_null(strstr(report.text, " estimated ("));
    assert_non_null(strstr(report.text, "share that buys at all (S0)"));
    assert_non_null(strstr(report.text, "names: "));
    assert_null(strstr(report.text, "Realism")); /* nothing was held out */

    struct scenario scenario;
    assert_int_equal(scenario_read(&bench->arena, out, &scenario, &bench->problem), ERR_OK);
    assert_int_equal(scenario.rules.market_count, 2);
    assert_true(scenario.baskets[0].repeat_rate > 0.0);
    struct str text;
    assert_int_equal(file_read(&bench->arena, out, 1 << 24, &text, &bench->problem), ERR_OK);
    assert_null(strstr(text.text, "thing-")); /* codes */
    assert_null(strstr(text.text, "Thing"));  /* titles */
    assert_null(strstr(text.text, "@example"));

    assert_int_equal(training_calibrate(&options, &report, &bench->problem), ERR_FILE_EXISTS);
    options.out = path_join(&bench->arena, bench->folder, "zh.json");
    options.lang = LANG_ZH;
    buf_reset(&report);
    assert_int_equal(training_calibrate(&options, &report, &bench->problem), ERR_OK);
    terminate(&report);
    assert_non_null(strstr(report.text, "估计"));
    assert_null(strstr(report.text, "estimated"));
    buf_clear(&report);
}

/* ---- level 2 ---- */

static void check_level2_is_assumed(const struct scenario *scenario)
{
    static const char *const parts[] = {"promotion.",  "storefront.", "customs.", "loans.",
                                        "compliance.", "sourcing.",   "events["};
    int counts[COUNT_OF(parts)] = {0}, queries = 0;
    for (int i = 0; i < scenario->figure_count; i++) {
        const struct scenario_figure *figure = &scenario->figures[i];
        for (size_t p = 0; p < COUNT_OF(parts); p++) {
            if (strncmp(figure->path.text, parts[p], strlen(parts[p])) != 0)
                continue;
            assert_int_equal(figure->origin, ORIGIN_ASSUMED);
            counts[p]++;
        }
        if (strstr(figure->path.text, "].queries[") != NULL) {
            assert_int_equal(figure->origin, ORIGIN_ASSUMED);
            queries++;
        }
    }
    for (size_t p = 0; p < COUNT_OF(parts); p++)
        assert_true(counts[p] > 0);
    assert_int_equal(counts[COUNT_OF(parts) - 1], 5 * CALIBRATE_EVENTS);
    assert_int_equal(queries, 2 * 3 * scenario->rules.nest_count);
}

static void level_2_is_open_and_assumed(void **state)
{
    struct bench *bench = *state;
    struct fit_world world;
    const char *folder = import_shop(bench, 7, "shop", &world);
    const char *out = path_join(&bench->arena, bench->folder, "both.json");
    struct training_calibrate_options options = {
        .dataset = folder, .out = out, .level = 2, .data_folder = DATA};
    struct scenario scenario, lower;
    struct buf report;
    buf_init(&report);
    assert_int_equal(training_calibrate(&options, &report, &bench->problem), ERR_OK);
    terminate(&report);
    assert_non_null(strstr(report.text, "no order file tells of it, so all of it is assumed."));
    assert_int_equal(scenario_read(&bench->arena, out, &scenario, &bench->problem), ERR_OK);
    const struct market_rules *rules = &scenario.rules;
    assert_int_equal(rules->level, 2);
    assert_true(rules->promotion.open && rules->storefront.open && rules->customs.open);
    assert_true(rules->loans.open && rules->compliance.open && rules->sourcing.open);
    assert_int_equal(rules->event_count, CALIBRATE_EVENTS);
    check_level2_is_assumed(&scenario);
    /* Fees follow takings: a firm that takes 600 dollars a day pays the model's own amounts. */
    double takings = 0;
    for (int n = 0; n < rules->nest_count; n++) {
        int currency = rules->markets[rules->nests[n].market].currency;
        takings += rules->nests[n].units_per_firm_day * (double)rules->nests[n].price_ref_minor *
                   (double)market_fx(rules, currency, 0) / 1e9;
    }
    double shown = (double)rules->customs.vat_fee_minor / takings;
    assert_true(fabs(shown * CALIBRATE_LEVEL2_TAKINGS_USD / 30.0 - 1.0) < 0.01);
    /* No decision is without an answer, and level 1 is one nest. */
    for (int e = 0; e < rules->event_count; e++)
        assert_true(market_event_counter_stands(rules->events[e].counter) ||
                    rules->events[e].warning_days >= rules->round_days);
    lower = scenario;
    assert_int_equal(scenario_level_lower(&bench->arena, &lower, 1, &bench->problem), ERR_OK);
    assert_int_equal(lower.rules.nest_count, 1);
    assert_int_equal(scenario.level1.cash_opening_minor, rules->finance.cash_opening_minor);
    assert_string_equal(lower.rules.markets[0].name.id, rules->markets[0].name.id);
    assert_false(lower.rules.promotion.open || lower.rules.event_count > 0);
    buf_clear(&report);
}

/* A cube of 250 kg per m3 by sea: its volume is billed, and that is 3 % of the reference price. */
static void freight_by_sea_is_as_meant(void **state)
{
    struct bench *bench = *state;
    struct fit_world world;
    const char *folder = import_shop(bench, 5, "shop", &world);
    struct calibrate_work work;
    assert_int_equal(
        calibrate_work_make(&bench->arena, folder, DATA, false, 0, &work, &bench->problem), ERR_OK);
    const struct market_rules *rules = &work.scenario.rules;
    const struct market_product *product = &rules->products[0];
    const struct market_lane *sea = &rules->lanes[0];
    int currency = rules->markets[rules->nests[0].market].currency;
    double litres = (double)product->length_mm * product->width_mm * product->height_mm / 1e6;
    double freight = litres * 1000.0 / sea->volume_divisor * (double)sea->price_per_kg_minor;
    double price =
        (double)rules->nests[0].price_ref_minor * (double)market_fx(rules, currency, 0) / 1e9;
    assert_true(product->weight_g / 1000.0 < litres);
    assert_true(fabs(freight / price / 0.03 - 1.0) < 0.05);
    calibrate_work_close(&work);
}

/* ---- small files ---- */

static void put_row(struct buf *text, int order, int day, const char *sku, int quantity,
                    const char *price, const char *country, int customer, const char *status)
{
    char date[11];
    date_format(20454 + day, date);
    buf_format(text, "%d,%sT10:00,%s,%d,%s,GBP,c%d,%s,shop,%s\n", order, date, sku, quantity, price,
               customer, country, status);
}

static void put_header(struct buf *text)
{
    buf_append_c(text,
                 "order_id,ordered_at,sku,quantity,unit_price,currency,customer_id,country,channel,"
                 "status\n");
}

static enum err work_of(struct bench *bench, const char *name, struct buf *text,
                        struct calibrate_work *work)
{
    const char *folder = import_text(bench, name, buf_str(text));
    buf_clear(text);
    return calibrate_work_make(&bench->arena, folder, DATA, false, 0, work, &bench->problem);
}

static void small_markets_are_pooled(void **state)
{
    struct bench *bench = *state;
    struct buf text;
    buf_init(&text);
    put_header(&text);
    int order = 0;
    for (int day = 0; day < 100; day++) {
        for (int i = 0; i < 3; i++, order++)
            put_row(&text, order, day, "a", 1 + order % 3, "9.99", "GB", order % 200, "paid");
        for (int i = 0; i < 3; i++, order++) /* many orders of few buyers */
            put_row(&text, order, day, "b", 2, "19.99", "DE", 900 + order % 20, "paid");
        if (day % 2 == 0) /* many buyers, few orders */
            put_row(&text, order++, day, "c", 1, "5.00", "FR", 1000 + day, "paid");
    }
    struct calibrate_work work;
    assert_int_equal(work_of(bench, "pool", &text, &work), ERR_OK);
    assert_int_equal(work.fit.market_count, 2);
    assert_string_equal(work.fit.markets[0].id, "GB");
    assert_string_equal(work.fit.markets[1].id, "ZZ");
    assert_int_equal(work.fit.markets[1].orders, 350);
    assert_int_equal(work.fit.markets[1].countries, 2);
    assert_string_equal(work.scenario.rules.markets[1].name.en, "Other countries");
    calibrate_work_close(&work);
}

/* A thousand pieces ordered and taken back the next day never happened; a return of two did. */
static void a_big_order_taken_back_never_happened(void **state)
{
    struct bench *bench = *state;
    struct buf text;
    buf_init(&text);
    put_header(&text);
    int order = 0;
    for (int day = 0; day < 100; day++)
        for (int i = 0; i < 3; i++, order++)
            put_row(&text, order, day, "a", 2, "10.00", "GB", order % 150, "paid");
    /* Newest first, as exports often are. */
    put_row(&text, order++, 51, "a", -1000, "10.00", "GB", 7, "returned");
    put_row(&text, order++, 50, "a", 1000, "10.00", "GB", 7, "paid");
    put_row(&text, order++, 60, "a", 900, "10.00", "GB", 8, "paid"); /* kept */
    put_row(&text, order++, 70, "a", -2, "10.00", "GB", 9, "returned");
    struct calibrate_work work;
    assert_int_equal(work_of(bench, "annul", &text, &work), ERR_OK);
    assert_int_equal(work.fit.units, 600 + 900);
    assert_int_equal(work.source.annulled_lines, 1);
    assert_int_equal(work.source.annulled_units, 1000);
    double back = 0.0;
    for (int week = 0; week < work.fit.weeks; week++)
        back += work.fit.gathered->returned[week];
    assert_true(back == 2.0);
    calibrate_work_close(&work);
}

static void too_little_is_refused(void **state)
{
    struct bench *bench = *state;
    struct buf text;
    buf_init(&text);
    put_header(&text);
    for (int order = 0; order < 150; order++)
        put_row(&text, order, order % 100, "a", 1, "10.00", "GB", order, "paid");
    struct calibrate_work work;
    assert_int_equal(work_of(bench, "few", &text, &work), ERR_TOO_FEW);

    buf_init(&text);
    put_header(&text);
    for (int order = 0; order < 400; order++)
        put_row(&text, order, order % 40, "a", 1, "10.00", "GB", order, "paid");
    assert_int_equal(work_of(bench, "short", &text, &work), ERR_TOO_FEW);
}

/* ---- publishing ---- */

static void rare_sizes_and_exact_shares_are_not_published(void **state)
{
    (void)state;
    assert_true(calibrate_round(0.123456) == 0.1235);
    assert_true(calibrate_round(98765.4) == 98770.0);
    assert_int_equal(calibrate_round_count(10073), 10000);
    assert_int_equal(calibrate_round_count(87), 87);
    /* 1000 rows: the one of 4800 joins the size before it. */
    struct market_table table = {
        .count = 4, .value = {1, 6, 12, 4800}, .weight = {0.7, 0.2002, 0.0988, 0.001}};
    calibrate_publish_table(&table, 1000, false);
    assert_int_equal(table.count, 3);
    assert_true(fabs(table.weight[2] - 0.0998) < 1e-12);
    double sum = table.weight[0] + table.weight[1] + table.weight[2];
    assert_true(fabs(sum - 1.0) < 1e-12);
    /* Gaps: a span of too few joins the next one, and the last span keeps its end. */
    struct market_table gaps = {
        .count = 4, .value = {7, 8, 14, 90}, .weight = {0.5, 0.001, 0.498, 0.001}};
    calibrate_publish_table(&gaps, 1000, true);
    assert_int_equal(gaps.count, 2);
    assert_int_equal(gaps.value[0], 7);
    assert_int_equal(gaps.value[1], 90);
    double hours[24] = {[9] = 1.0 / 3, [10] = 1.0 / 3, [11] = 1.0 / 3};
    calibrate_publish_hours(hours);
    assert_true(fabs(hours[9] + hours[10] + hours[11] - 1.0) < 1e-12);
}

static void names_are_found_as_words(void **state)
{
    (void)state;
    struct str texts = STR("article a\nshop like red mug no. 5\n22423\n");
    assert_true(leak_finds(texts, STR("red mug")));
    assert_true(leak_finds(texts, STR("22423")));
    assert_false(leak_finds(texts, STR("2242")));
    assert_false(leak_finds(texts, STR("red mugs")));
    assert_false(leak_finds(texts, STR("")));
}

/* A scenario that names an article of the enterprise is found out. */
static void a_planted_name_is_found(void **state)
{
    struct bench *bench = *state;
    struct fit_world world;
    const char *folder = import_shop(bench, 9, "shop", &world);
    struct calibrate_work work;
    struct leak leak;
    assert_int_equal(
        calibrate_work_make(&bench->arena, folder, DATA, false, 0, &work, &bench->problem), ERR_OK);
    assert_int_equal(leak_measure(&bench->arena, &work, &leak, &bench->problem), ERR_OK);
    assert_int_equal(leak.names_tried, 2 * WORLD_ARTICLES);
    assert_int_equal(leak.names_found, 0);
    assert_int_equal(leak.articles, WORLD_ARTICLES);
    assert_in_range(leak.top_seller_place, 1, WORLD_ARTICLES);
    assert_true(leak.is_volume_in_file && leak.is_volume_in_play);
    work.scenario.statement_en = STR("This shop sells Thing-4 and more.");
    assert_int_equal(leak_measure(&bench->arena, &work, &leak, &bench->problem), ERR_OK);
    assert_int_equal(leak.names_found, 1);
    assert_string_equal(leak.first_found, "thing-4");
    calibrate_work_close(&work);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_known_shop_becomes_its_scenario, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(steady_asks_the_reference_price, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(the_command_prints_and_writes_once, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(level_2_is_open_and_assumed, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(freight_by_sea_is_as_meant, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(small_markets_are_pooled, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(a_big_order_taken_back_never_happened, bench_setup,
                                        bench_teardown),
        cmocka_unit_test_setup_teardown(too_little_is_refused, bench_setup, bench_teardown),
        cmocka_unit_test(rare_sizes_and_exact_shares_are_not_published),
        cmocka_unit_test(names_are_found_as_words),
        cmocka_unit_test_setup_teardown(a_planted_name_is_found, bench_setup, bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
