/* The shared Online Retail file becomes a scenario in which money fits at both levels: the method,
 * on real orders. SAMPAN_SOAK plays as many worlds as `sampan balance` does. */
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
#include "app/training/balance.h"
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

/* Citation and estimates stay; only demand (and cash) is set. */
static void check_estimates(const struct scenario *before, const struct scenario *after)
{
    assert_non_null(strstr(after->citation.text, "Chen"));
    assert_non_null(strstr(after->citation.text, "CC BY 4.0"));
    assert_true(str_equal(before->citation, after->citation));
    double scale =
        after->rules.nests[0].units_per_firm_day / before->rules.nests[0].units_per_firm_day;
    for (int n = 0; n < after->rules.nest_count; n++) {
        const struct market_nest *a = &before->rules.nests[n], *b = &after->rules.nests[n];
        assert_true(fabs(b->units_per_firm_day - scale * a->units_per_firm_day) < 0.001);
        assert_true(b->units_per_firm_day_est == a->units_per_firm_day_est);
        assert_int_equal(b->price_ref_minor, a->price_ref_minor);
    }
    assert_int_equal(scenario_figure_find(after, STR("nests[0].units_per_firm_day"))->origin,
                     ORIGIN_SET);
}

/* What the file tells is estimated at level 2 as at level 1; all that level 2 adds is assumed. */
static void check_origins(const struct scenario *plain, const struct scenario *both)
{
    int of_plain[6], of_both[6];
    scenario_origins_count(plain, of_plain);
    scenario_origins_count(both, of_both);
    for (int origin = 0; origin < 6; origin++) {
        if (origin == ORIGIN_ASSUMED)
            assert_true(of_both[origin] > of_plain[origin] + 100);
        else
            assert_int_equal(of_both[origin], of_plain[origin]);
    }
}

static void check_gap(const struct scenario *scenario, int level, int worlds)
{
    struct scenario played = *scenario;
    struct balance_gap gap;
    assert_int_equal(scenario_level_lower(&arena, &played, level, &problem), ERR_OK);
    assert_int_equal(balance_gap_play(&played.rules, worlds, 2, "test", &gap, &problem), ERR_OK);
    print_message("Online Retail, level %d: steady - novice = %.3f, standard error %.3f\n", level,
                  gap.mean, gap.error);
    assert_true(gap.asked && gap.holds);
}

static void online_retail_is_balanced_at_both_levels(void **state)
{
    (void)state;
    bool soak = getenv("SAMPAN_SOAK") != NULL;
    const char *file = shared_file();
    if (file == NULL)
        skip();
    const char *folder = str_format(&arena, "/tmp/sampan-retail-%ld", (long)getpid()).text;
    const char *dataset = path_join(&arena, folder, "dataset");
    const char *plain = path_join(&arena, folder, "plain.json");
    const char *calibrated = path_join(&arena, folder, "calibrated.json");
    const char *at_two = path_join(&arena, folder, "at-two.json");
    const char *at_both = path_join(&arena, folder, "at-both.json");
    struct buf report;
    struct dataset_import_options import = {
        .files = &file, .file_count = 1, .into = dataset, .data_folder = DATA};
    struct training_calibrate_options calibrate = {
        .dataset = dataset, .out = plain, .data_folder = DATA};
    struct training_balance_options balance = {.scenario = calibrated,
                                               .difficulty = DIFFICULTY_NORMAL,
                                               .out = at_two,
                                               .worlds = soak ? 0 : 6,
                                               .mixed_worlds = soak ? 0 : 12,
                                               .gap_worlds = 1,
                                               .threads = 2};
    struct scenario level1, before, two, both;
    buf_init(&report);
    assert_int_equal(folder_make(folder, &problem), ERR_OK);
    assert_int_equal(dataset_import(&import, &report, &problem), ERR_OK);
    assert_int_equal(training_calibrate(&calibrate, &report, &problem), ERR_OK);
    calibrate.out = calibrated;
    calibrate.level = 2;
    assert_int_equal(training_calibrate(&calibrate, &report, &problem), ERR_OK);
    assert_int_equal(training_balance(&balance, &report, &problem), ERR_OK);
    balance.scenario = at_two;
    balance.out = at_both;
    balance.level = 1;
    assert_int_equal(training_balance(&balance, &report, &problem), ERR_OK);

    assert_int_equal(scenario_read(&arena, plain, &level1, &problem), ERR_OK);
    assert_int_equal(scenario_read(&arena, calibrated, &before, &problem), ERR_OK);
    assert_int_equal(scenario_read(&arena, at_two, &two, &problem), ERR_OK);
    assert_int_equal(scenario_read(&arena, at_both, &both, &problem), ERR_OK);
    check_origins(&level1, &before);
    check_estimates(&before, &two);
    /* Level 1 bears its own demand and cash; level 2 stays. */
    assert_true(both.level1.units_scale > 0 && both.level1.cash_opening_minor > 0);
    assert_true(both.level1.cash_opening_minor < both.rules.finance.cash_opening_minor);
    assert_true(both.rules.nests[0].units_per_firm_day == two.rules.nests[0].units_per_firm_day);
    check_gap(&both, 1, soak ? BALANCE_GAP_WORLDS : 20);
    check_gap(&both, 2, soak ? BALANCE_GAP_WORLDS : 20);
    buf_clear(&report);
    assert_int_equal(folder_remove(folder, &problem), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(online_retail_is_balanced_at_both_levels)};
    arena_init(&arena);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    arena_clear(&arena);
    return failed;
}
