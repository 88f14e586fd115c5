/* The shared Online Retail file becomes a scenario in which money fits: the method, on real orders.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/datasets/datasets.h"
#include "app/training/scenario.h"
#include "app/training/training.h"
#include "core/arena.h"
#include "core/file.h"

#define DATA SAMPAN_SOURCE_ROOT "/data"
#define FILE_NAME "/data/online-retail/online-retail-2010-12_2011-07.csv.gz"

static struct arena arena;
static struct problem problem;

static const char *shared_file(void)
{
    const char *folder = getenv("SAMPAN_SHARED"), *required = getenv("SAMPAN_REQUIRE_SHARED");
    if (folder == NULL)
        folder = SAMPAN_SOURCE_ROOT "/../shared";
    const char *path = str_format(&arena, "%s%s", folder, FILE_NAME).text;
    if (file_exists(path))
        return path;
    if (required != NULL && strcmp(required, "1") == 0)
        fail_msg("%s is required and not there", path);
    print_message("skipped: the shared Online Retail file is not there (SAMPAN_SHARED)\n");
    return NULL;
}

static void online_retail_is_balanced(void **state)
{
    (void)state;
    const char *file = shared_file();
    if (file == NULL)
        skip();
    const char *folder = str_format(&arena, "/tmp/sampan-retail-%ld", (long)getpid()).text;
    const char *dataset = path_join(&arena, folder, "dataset");
    const char *calibrated = path_join(&arena, folder, "calibrated.json");
    const char *balanced = path_join(&arena, folder, "balanced.json");
    struct buf report;
    struct dataset_import_options import = {
        .files = &file, .file_count = 1, .into = dataset, .data_folder = DATA};
    struct training_calibrate_options calibrate = {
        .dataset = dataset, .out = calibrated, .data_folder = DATA};
    struct training_balance_options balance = {
        .scenario = calibrated, .out = balanced, .worlds = 8, .mixed_worlds = 12, .threads = 2};
    struct scenario before, after;
    buf_init(&report);
    assert_int_equal(folder_make(folder, &problem), ERR_OK);
    assert_int_equal(dataset_import(&import, &report, &problem), ERR_OK);
    assert_int_equal(training_calibrate(&calibrate, &report, &problem), ERR_OK);
    assert_int_equal(training_balance(&balance, &report, &problem), ERR_OK);
    assert_int_equal(scenario_read(&arena, calibrated, &before, &problem), ERR_OK);
    assert_int_equal(scenario_read(&arena, balanced, &after, &problem), ERR_OK);
    /* Citation and estimates stay; only demand (and cash) is set. */
    assert_non_null(strstr(after.citation.text, "Chen"));
    assert_non_null(strstr(after.citation.text, "CC BY 4.0"));
    assert_true(str_equal(before.citation, after.citation));
    double scale =
        after.rules.nests[0].units_per_firm_day / before.rules.nests[0].units_per_firm_day;
    for (int n = 0; n < after.rules.nest_count; n++) {
        const struct market_nest *a = &before.rules.nests[n], *b = &after.rules.nests[n];
        assert_true(fabs(b->units_per_firm_day - scale * a->units_per_firm_day) < 0.001);
        assert_true(b->units_per_firm_day_est == a->units_per_firm_day_est);
        assert_int_equal(b->price_ref_minor, a->price_ref_minor);
    }
    assert_int_equal(scenario_figure_find(&after, STR("nests[0].units_per_firm_day"))->origin,
                     ORIGIN_SET);
    buf_clear(&report);
    assert_int_equal(folder_remove(folder, &problem), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(online_retail_is_balanced)};
    arena_init(&arena);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_clear(&arena);
    return failed;
}
