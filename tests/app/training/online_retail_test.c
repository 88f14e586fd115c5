/* The shared Online Retail file goes import and calibrate; numbers its README states come back. */
#include <math.h>

#include "app/training/calibrate.h"
#include "app/training/leak.h"
#include "app/training/realism.h"
#include "app/training/training.h"
#include "calibrate_fixture.h"
#include "core/date.h"

#define DATA SAMPAN_SOURCE_ROOT "/data"
#define FILE_NAME "/data/online-retail/online-retail-2010-12_2011-07.csv.gz"

/* The file, or NULL when it is not here; its absence fails when it is required. */
static const char *shared_file(struct bench *bench)
{
    const char *folder = getenv("SAMPAN_SHARED"), *required = getenv("SAMPAN_REQUIRE_SHARED");
    if (!folder)
        folder = SAMPAN_SOURCE_ROOT "/../shared";
    const char *path = str_format(&bench->arena, "%s%s", folder, FILE_NAME).text;
    if (file_exists(path))
        return path;
    if (required && strcmp(required, "1") == 0)
        fail_msg("%s is required and not there", path);
    print_message("skipped: the shared Online Retail file is not there (SAMPAN_SHARED)\n");
    return NULL;
}

static const char *import_shared(struct bench *bench)
{
    const char *file = shared_file(bench);
    if (!file)
        return NULL;
    const char *into = path_join(&bench->arena, bench->folder, "retail");
    struct dataset_import_options options = {
        .files = &file, .file_count = 1, .into = into, .data_folder = DATA};
    struct buf report;
    buf_init(&report);
    assert_int_equal(dataset_import(&options, &report, &bench->problem), ERR_OK);
    buf_clear(&report);
    return into;
}

static void online_retail_is_calibrated(void **state)
{
    struct bench *bench = *state;
    const char *folder = import_shared(bench);
    if (!folder)
        skip();
    struct calibrate_work work;
    assert_int_equal(
        calibrate_work_make(&bench->arena, folder, DATA, false, 0, &work, &bench->problem), ERR_OK);
    const struct calibration *fit = &work.fit;

    /* README: GB has 84.63 % of the clean revenue, all channels. */
    assert_string_equal(fit->countries[0].id, "GB");
    assert_true(fabs(fit->countries[0].value_share - 0.8463) < 5e-5);
    /* Baskets are the account channel's alone: dotcom invoices are bundles, other is unknown. */
    assert_int_equal(fit->channel_count, 3);
    int shops = 0;
    for (uint16_t c = 0; c < work.source.summary.channels; c++)
        if (work.source.in_shop[c]) {
            assert_true(str_equal(dataset_channel(work.dataset, c), STR("account")));
            shops++;
        }
    assert_int_equal(shops, 1);
    assert_false(work.source.all_is_shop);

    /* README: no trading on Saturdays, from 24 December to 3 January and on bank holidays; 193
     * trading days of 243 (35 Saturdays, 15 others). */
    for (int k = 0; k < 7; k++)
        assert_int_equal(fit->trading.closed_weekday[k], k == 5);
    assert_true(fit->weekday[5].value == 0.0);
    assert_int_equal(fit->days, 243);
    assert_int_equal(fit->trading.closed_days, 15);
    int open = 0;
    for (int day = 0; day < fit->days; day++)
        open += fit->trading.open[day];
    assert_int_equal(open, 193);

    /* Markets of 30 buyers and 200 orders stand alone: GB and DE; France has 196 orders. */
    assert_int_equal(fit->market_count, 3);
    assert_string_equal(fit->markets[0].id, "GB");
    assert_string_equal(fit->markets[1].id, "DE");
    assert_string_equal(fit->markets[2].id, "ZZ");
    assert_true(fit->markets[2].pooled);
    /* README: 74,215 jars were ordered and taken back within 16 minutes. */
    assert_true(work.source.annulled_units >= 74215);

    /* No week is seen twice: season and growth are defaults. */
    assert_int_equal(fit->markets[0].series.season_weeks, 0);
    assert_false(fit->markets[0].series.growth.known);
    /* The account channel is wholesale: some twenty lines of some dozen pieces, and most come back.
     */
    assert_true(fit->lines_per_order.observed.value > 15 &&
                fit->lines_per_order.observed.value < 25);
    assert_true(fit->units_per_line.observed.value > 8 && fit->units_per_line.observed.value < 16);
    assert_true(fit->repeat.rate.value > 0.6 && fit->repeat.rate.value < 0.9);
    assert_true(fit->markets[0].dispersion.value > 1.0);
    assert_true(fit->cancellations.value == 0.0); /* the file has credits only */
    assert_true(fit->returns.value > 0.005 && fit->returns.value < 0.05);

    assert_non_null(strstr(work.scenario.citation.text, "Chen 2015"));
    assert_non_null(strstr(work.scenario.citation.text, "CC BY 4.0"));
    assert_int_equal(work.scenario.dataset_digest.length, 64);
    struct leak leak;
    assert_int_equal(leak_measure(&bench->arena, &work, &leak, &bench->problem), ERR_OK);
    assert_true(leak.names_tried > 6000);
    assert_int_equal(leak.names_found, 0);
    assert_false(leak.is_volume_in_play); /* 10,000 pieces a day are not played */
    calibrate_work_close(&work);
}

/* Held-out June and July: the report is made, and says what it could not know. */
static void online_retail_is_laid_beside_its_simulation(void **state)
{
    struct bench *bench = *state;
    const char *folder = import_shared(bench);
    if (!folder)
        skip();
    const char *out = path_join(&bench->arena, bench->folder, "retail.json");
    int32_t until;
    assert_true(date_parse(STR("2011-06-01"), &until));
    struct training_calibrate_options options = {
        .dataset = folder, .out = out, .has_until = true, .until = until, .data_folder = DATA};
    struct buf report;
    buf_init(&report);
    assert_int_equal(training_calibrate(&options, &report, &bench->problem), ERR_OK);
    terminate(&report);
    assert_non_null(strstr(report.text, "2 blocks of four weeks"));
    assert_non_null(strstr(report.text, "8 of 8 held-out weeks"));
    const char *realism = strstr(report.text, "\nRealism"), *leak = strstr(report.text, "\nLeak");
    assert_true(realism != NULL && leak > realism);
    const char *untold = strstr(realism, "cannot tell");
    assert_true(untold == NULL || untold > leak); /* every measure has its ratio */
    struct scenario scenario;
    assert_int_equal(scenario_read(&bench->arena, out, &scenario, &bench->problem), ERR_OK);
    assert_int_equal(scenario.rules.start_date % 7, until % 7); /* the weekday stays */
    buf_clear(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(online_retail_is_calibrated, bench_setup, bench_teardown),
        cmocka_unit_test_setup_teardown(online_retail_is_laid_beside_its_simulation, bench_setup,
                                        bench_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
