#include <math.h>

#include "app/training/score.h"
#include "run_fixture.h"

static void mean_and_error_of_four_numbers(void **state)
{
    /* mean 5, squares 9 + 1 + 1 + 9 = 20, error sqrt(20 / (3 * 4)) = 1.2909944... */
    const double values[] = {2, 4, 6, 8};
    double mean, error;
    (void)state;
    score_mean(values, 4, &mean, &error);
    assert_true(mean == 5);
    assert_true(error > 1.29099444 && error < 1.29099445);
    score_mean(values, 1, &mean, &error);
    assert_true(mean == 2 && error == 0);
    score_mean(values, 0, &mean, &error);
    assert_true(mean == 0 && error == 0);
}

struct scored {
    struct run run;
    struct scenario scenario;
    struct score_firm firms[4];
};

static void score_small(struct fixture *fixture, const char *run, int seeds, int threads,
                        struct scored *scored)
{
    struct arena *arena = &fixture->arena;
    struct problem *problem = &fixture->problem;
    assert_no_problem(run_read(arena, run, &scored->run, problem), problem);
    assert_no_problem(run_scenario_read(arena, &scored->run, &scored->scenario, problem), problem);
    assert_no_problem(score_world(arena, &scored->run, &scored->scenario, 0, seeds, threads, "test",
                                  scored->firms, problem),
                      problem);
}

static void points_are_those_of_the_formula(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    struct scored scored;
    int given = 0;
    options.rounds = 4;
    score_small(fixture, fixture_simulate(fixture, &options), 4, 2, &scored);
    for (int f = 0; f < 4; f++) {
        const struct score_firm *firm = &scored.firms[f];
        double sum = 0, weights = 0;
        for (int i = 0; i < INDICATOR_COUNT; i++) {
            const struct score_cell *cell = &firm->cells[3][i];
            double gap = cell->steady - cell->novice;
            assert_true(cell->state != SCORE_GAP_TURNED || gap < -2 * cell->gap_error);
            assert_true(cell->state != SCORE_GAP_UNSURE || fabs(gap) <= 2 * cell->gap_error);
            if (cell->state != SCORE_GIVEN)
                continue;
            assert_true(gap > 2 * cell->gap_error);
            double points = 60 + 25 * (cell->value - cell->novice) / gap;
            points = points < 0 ? 0 : points > 100 ? 100 : points;
            assert_true(fabs(points - cell->points) < 1e-9);
            sum += points * (double)scored.scenario.rules.score_weight_1e9[i];
            weights += (double)scored.scenario.rules.score_weight_1e9[i];
            given++;
        }
        assert_int_equal(firm->has_total[3], weights > 0);
        if (weights > 0)
            assert_true(fabs(firm->total[3] - sum / weights) < 1e-9);
    }
    assert_true(given > 0);
}

static void threads_do_not_change_points(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    struct scored one, two;
    options.rounds = 2;
    const char *run = fixture_simulate(fixture, &options);
    score_small(fixture, run, 3, 1, &one);
    score_small(fixture, run, 3, 2, &two);
    for (int f = 0; f < 4; f++) {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < INDICATOR_COUNT; i++) {
                const struct score_cell *a = &one.firms[f].cells[round][i];
                const struct score_cell *b = &two.firms[f].cells[round][i];
                assert_int_equal(a->state, b->state);
                assert_true(a->value == b->value && a->novice == b->novice &&
                            a->steady == b->steady && a->gap_error == b->gap_error &&
                            a->points == b->points);
            }
            assert_true(one.firms[f].total[round] == two.firms[f].total[round]);
        }
    }
}

static void without_yardsticks_there_are_values_and_no_points(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    struct scored scored;
    options.rounds = 1;
    const char *run = fixture_simulate(fixture, &options);
    score_small(fixture, run, 0, 1, &scored);
    for (int f = 0; f < 4; f++) {
        const struct score_cell *equity = &scored.firms[f].cells[0][INDICATOR_EQUITY];
        assert_int_equal(equity->state, SCORE_NO_YARDSTICK);
        assert_true(equity->value > 0.5 && equity->value < 2);
        assert_false(scored.firms[f].has_total[0]);
    }
    assert_true(file_exists(path_join(&fixture->arena, run, "score.json")));
    assert_has(fixture_read(fixture, path_join(&fixture->arena, run, "score.json")),
               "\"no_yardstick\"");
    assert_has(fixture_read(fixture, path_join(&fixture->arena, run, "report.txt")),
               "No yardsticks were played");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_and_error_of_four_numbers),
        TEST(points_are_those_of_the_formula),
        TEST(threads_do_not_change_points),
        TEST(without_yardsticks_there_are_values_and_no_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
