#include <signal.h>
#include <unistd.h>

#include "app/training/decisions_json.h"
#include "app/training/run_books.h"
#include "app/training/run_decisions.h"
#include "app/training/run_play.h"
#include "app/training/run_sales.h"
#include "core/json.h"
#include "run_fixture.h"

static enum err replay(struct fixture *fixture, const char *run, struct buf *report)
{
    struct training_replay_options options = {.run = run, .threads = 1};
    return training_replay(&options, report, &fixture->problem);
}

static void assert_same_file(struct fixture *fixture, const char *a, const char *b,
                             const char *name)
{
    struct str first = fixture_read(fixture, path_join(&fixture->arena, a, name));
    struct str second = fixture_read(fixture, path_join(&fixture->arena, b, name));
    if (!str_equal(first, second))
        fail_msg("%s differs", name);
}

static void a_replay_gives_the_same_bytes(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    const char *run = fixture_simulate(fixture, &options);
    struct buf report;
    buf_init(&report);
    assert_no_problem(replay(fixture, run, &report), &fixture->problem);
    /* 4 rounds' states, 4 x 4 views, 2 x 4 tables of the ledger, 3 x 4 decisions, sales, scores. */
    assert_has(buf_str(&report), "43 files");
    buf_clear(&report);
}

static void damage_is_found_where_it_is(void **state)
{
    static const char *const places[] = {
        "states/round-02.bin", "rounds/round-03/firm-02.json",
        "ledger/round-01.csv", "ledger/round-02-balance.csv",
        "sales.csv",           "rounds/round-00/firm-01.json",
    };
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    const char *run = fixture_simulate(fixture, &options);
    struct buf report;
    buf_init(&report);
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        const char *path = path_join(&fixture->arena, run, places[i]);
        struct str good = fixture_read(fixture, path);
        fixture_damage(fixture, path);
        assert_int_equal(replay(fixture, run, &report), ERR_REPLAY_DIFFERS);
        assert_string_equal(fixture->problem.place, path);
        assert_int_equal(fixture->problem.args[1].number, good.length / 2 + 1);
        fixture_write(fixture, path, good);
    }
    assert_no_problem(replay(fixture, run, &report), &fixture->problem);
    buf_clear(&report);
}

/* Points are reckoned again with their yardsticks, whose number stands in the file. */
static void changed_scores_are_found(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.score_seeds = 2;
    const char *run = fixture_simulate(fixture, &options);
    const char *json = path_join(&fixture->arena, run, "score.json");
    const char *csv = path_join(&fixture->arena, run, "score.csv");
    struct str good_json = str_copy(&fixture->arena, fixture_read(fixture, json));
    struct str good_csv = fixture_read(fixture, csv);
    struct buf report;
    buf_init(&report);
    assert_no_problem(replay(fixture, run, &report), &fixture->problem);
    assert_has(buf_str(&report),
               "Scores were reckoned again, their yardsticks played over 2 seeds");
    /* A better value for the firm, in a file that can still be read. */
    struct str tampered = str_copy(&fixture->arena, good_json);
    const char *value = strstr(tampered.text, "\"value\": ");
    assert_non_null(value);
    size_t digit = (size_t)(value - tampered.text) + strlen("\"value\": ");
    digit += tampered.text[digit] == '-';
    char *bytes = arena_alloc(&fixture->arena, tampered.length, 1);
    memcpy(bytes, tampered.text, tampered.length);
    bytes[digit] = bytes[digit] == '9' ? '8' : (char)(bytes[digit] + 1);
    fixture_write(fixture, json, (struct str){bytes, tampered.length});
    assert_int_equal(replay(fixture, run, &report), ERR_REPLAY_DIFFERS);
    assert_string_equal(fixture->problem.place, json);
    assert_int_equal(fixture->problem.args[1].number, digit + 1);
    fixture_write(fixture, json, good_json);
    fixture_damage(fixture, csv);
    assert_int_equal(replay(fixture, run, &report), ERR_REPLAY_DIFFERS);
    assert_string_equal(fixture->problem.place, csv);
    assert_int_equal(fixture->problem.args[1].number, good_csv.length / 2 + 1);
    /* Yardsticks of another number of seeds are other yardsticks. */
    fixture_write(fixture, csv, good_csv);
    const char *seeds = strstr(good_json.text, "\"yardstick_seeds\": 2");
    assert_non_null(seeds);
    memcpy(bytes, good_json.text, good_json.length);
    bytes[(size_t)(seeds - good_json.text) + strlen("\"yardstick_seeds\": ")] = '3';
    fixture_write(fixture, json, (struct str){bytes, good_json.length});
    assert_int_equal(replay(fixture, run, &report), ERR_REPLAY_DIFFERS);
    buf_clear(&report);
}

static void changed_decisions_are_found(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    const char *run = fixture_simulate(fixture, &options);
    const char *path = path_join(&fixture->arena, run, "decisions/round-02/firm-03.json");
    struct buf report;
    buf_init(&report);
    fixture_write(fixture, path, STR("{}\n"));
    assert_int_equal(replay(fixture, run, &report), ERR_FILE_DAMAGED);
    assert_has(str_from_c(fixture->problem.place), "decisions/round-02/firm-03.json");
    buf_clear(&report);
}

static void caches_may_be_dropped(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    const char *run = fixture_simulate(fixture, &options);
    struct buf report;
    buf_init(&report);
    const char *states = path_join(&fixture->arena, run, "states");
    assert_int_equal(folder_remove(states, &fixture->problem), ERR_OK);
    assert_no_problem(replay(fixture, run, &report), &fixture->problem);
    assert_has(buf_str(&report), "39 files");
    assert_has(buf_str(&report), "4 files were not there");
    buf_clear(&report);
}

/* ---- forks ---- */

static struct training_simulate_options fork_options(struct fixture *fixture, const char *from,
                                                     const char *name, int round)
{
    struct training_simulate_options options = fixture_options(fixture, name);
    options.scenario = NULL;
    options.seed = NULL;
    options.rounds = 0;
    options.from = from;
    options.fork_round = round;
    return options;
}

static void a_fork_with_equal_decisions_is_the_original(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    const char *run = fixture_simulate(fixture, &options);
    for (int round = 0; round <= 3; round++) {
        const char *name = str_format(&fixture->arena, "fork-%d", round).text;
        struct training_simulate_options fork = fork_options(fixture, run, name, round);
        const char *other = fixture_simulate(fixture, &fork);
        assert_same_file(fixture, run, other, "digests.json");
        assert_same_file(fixture, run, other, "states/round-03.bin");
        assert_same_file(fixture, run, other, "sales.csv");
        assert_same_file(fixture, run, other, "scenario.json");
    }
}

/* The price of a firm's first listing in a decisions file, as the run holds it, is set half above
 * the reference. */
static void write_dearer(struct fixture *fixture, const char *run, const char *into, int round,
                         int firm)
{
    struct run read;
    struct scenario scenario;
    struct run_digest *digests;
    struct market_seat_decisions *decisions;
    struct arena *arena = &fixture->arena;
    struct problem *problem = &fixture->problem;
    assert_no_problem(run_read(arena, run, &read, problem), problem);
    assert_no_problem(run_scenario_read(arena, &read, &scenario, problem), problem);
    struct market_rules rules = run_world_rules(&read, &scenario, 0);
    assert_no_problem(run_digests_read(arena, run, rules.firms, read.rounds, &digests, problem),
                      problem);
    assert_no_problem(run_decisions_read(arena, &read, &rules, 0, digests, &decisions, problem),
                      problem);
    struct market_row row = {0};
    market_row_set(&row, F_listings_product, 0);
    market_row_set(&row, F_listings_market, 0);
    market_row_set(&row, F_listings_channel, 0);
    market_row_set(&row, F_listings_price, rules.nests[0].price_ref_minor * 3 / 2);
    struct market_seat_decisions dearer = decisions[(round - 1) * rules.firms + firm];
    dearer.lists[LIST_listings] = (struct market_rows){1, &row};
    struct buf text;
    buf_init(&text);
    decisions_append(&rules, SEAT_FIRM, &dearer, &text);
    const char *folder = str_format(arena, "%s/round-%02d", into, round).text;
    assert_int_equal(folder_make(into, problem), ERR_OK);
    assert_int_equal(folder_make(folder, problem), ERR_OK);
    fixture_write(fixture, str_format(arena, "%s/firm-%02d.json", folder, firm + 1).text,
                  buf_str(&text));
    buf_clear(&text);
}

static int64_t units_sold(struct fixture *fixture, const char *run, int round, int firm)
{
    struct scenario scenario;
    struct run_sale *sales;
    int64_t count, sum = 0;
    assert_no_problem(
        scenario_read(&fixture->arena, FIXTURE_SCENARIO, &scenario, &fixture->problem),
        &fixture->problem);
    assert_no_problem(run_sales_read(&fixture->arena, &scenario.rules,
                                     path_join(&fixture->arena, run, "sales.csv"), &sales, &count,
                                     &fixture->problem),
                      &fixture->problem);
    for (int64_t i = 0; i < count; i++)
        if (sales[i].round == round && sales[i].firm == firm && sales[i].product == 0 &&
            sales[i].market == 0)
            sum += sales[i].units;
    return sum;
}

static void a_fork_with_a_higher_price_sells_fewer_and_only_then(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    const char *run = fixture_simulate(fixture, &options);
    const char *mine = fixture_path(fixture, "mine");
    write_dearer(fixture, run, mine, 2, 0);
    struct training_simulate_options fork = fork_options(fixture, run, "fork", 1);
    fork.decisions = mine;
    const char *other = fixture_simulate(fixture, &fork);
    assert_same_file(fixture, run, other, "states/round-01.bin");
    assert_same_file(fixture, run, other, "decisions/round-02/firm-02.json");
    assert_int_equal(units_sold(fixture, run, 1, 0), units_sold(fixture, other, 1, 0));
    assert_true(units_sold(fixture, other, 2, 0) < units_sold(fixture, run, 2, 0) / 2);
    struct run read;
    assert_no_problem(run_read(&fixture->arena, other, &read, &fixture->problem),
                      &fixture->problem);
    assert_true(str_equal_c(read.origin, run));
    assert_int_equal(read.origin_round, 1);
    struct buf report;
    buf_init(&report);
    assert_no_problem(replay(fixture, other, &report), &fixture->problem);
    buf_clear(&report);
}

static void a_fork_of_a_changed_record_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    const char *run = fixture_simulate(fixture, &options);
    struct buf report;
    buf_init(&report);
    fixture_write(fixture, path_join(&fixture->arena, run, "decisions/round-01/firm-01.json"),
                  STR("{}\n"));
    struct training_simulate_options fork = fork_options(fixture, run, "fork", 2);
    assert_int_equal(training_simulate(&fork, &report, &fixture->problem), ERR_FILE_DAMAGED);
    assert_false(file_exists(fork.out));
    fork.fork_round = 9;
    assert_int_equal(training_simulate(&fork, &report, &fixture->problem), ERR_RANGE);
    buf_clear(&report);
}

/* ---- people ---- */

static void an_absent_firm_keeps_its_prices_and_is_named(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "first");
    const char *first = fixture_simulate(fixture, &options);
    const char *mine = fixture_path(fixture, "mine");
    struct buf report;
    buf_init(&report);
    write_dearer(fixture, first, mine, 1, 0);
    options = fixture_options(fixture, "run");
    options.decisions = mine;
    options.policies = "absent";
    assert_no_problem(training_simulate(&options, &report, &fixture->problem), &fixture->problem);
    assert_has(buf_str(&report), "Firm 1 was absent in 2 of 3 rounds");
    assert_has(buf_str(&report), "Firm 2 was absent in 3 of 3 rounds");
    const char *view = path_join(&fixture->arena, options.out, "rounds/round-03/firm-01.json");
    assert_has(fixture_read(fixture, view), "\"price\": \"29.85\"");
    buf_clear(&report);
    /* The record only says that nobody decided; the goods were ordered all the same, and a replay
     * orders them again. */
    const char *nothing =
        path_join(&fixture->arena, options.out, "decisions/round-02/firm-02.json");
    assert_null(strstr(fixture_read(fixture, nothing).text, "orders"));
    const char *ledger = path_join(&fixture->arena, options.out, "ledger/round-02.csv");
    assert_has(fixture_read(fixture, ledger), ",2,paid to suppliers in advance,");
    assert_no_problem(replay(fixture, options.out, &report), &fixture->problem);
    assert_has(buf_str(&report), "Equal: 3 rounds");
    buf_clear(&report);
}

static void a_bad_decision_is_named_with_its_file_and_field(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    const char *mine = fixture_path(fixture, "mine");
    const char *round = fixture_path(fixture, "mine/round-01");
    struct buf report;
    buf_init(&report);
    assert_int_equal(folder_make(mine, &fixture->problem), ERR_OK);
    assert_int_equal(folder_make(round, &fixture->problem), ERR_OK);
    fixture_write(fixture, path_join(&fixture->arena, round, "firm-02.json"),
                  STR("{\"listings\": [{\"product\": \"phone-pouch\", \"market\": \"GB\", "
                      "\"channel\": \"shop\", \"price\": \"0.01\"}]}"));
    options.decisions = mine;
    assert_int_equal(training_simulate(&options, &report, &fixture->problem), ERR_PRICE_BAND);
    assert_has(str_from_c(fixture->problem.place), "firm-02.json");
    assert_has(str_from_c(fixture->problem.place), "listings[0].price");
    assert_false(file_exists(options.out));
    buf_clear(&report);
}

static void a_price_a_team_set_stands_though_a_policy_played_before(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    const char *run = fixture_simulate(fixture, &options);
    const char *mine = fixture_path(fixture, "mine");
    write_dearer(fixture, run, mine, 2, 1);
    struct training_simulate_options fork = fork_options(fixture, run, "fork", 1);
    fork.decisions = mine;
    const char *other = fixture_simulate(fixture, &fork);
    const char *view = path_join(&fixture->arena, other, "rounds/round-03/firm-02.json");
    assert_has(fixture_read(fixture, view), "\"price\": \"29.85\"");
    const char *digests = path_join(&fixture->arena, other, "digests.json");
    assert_has(fixture_read(fixture, digests), "\"source\": \"absent\"");
}

/* ---- worlds and threads ---- */

static void worlds_on_two_threads_have_the_bytes_of_one(void **state)
{
    static const char *const names[] = {"digests.json", "sales.csv", "states/round-02.bin",
                                        "ledger/round-02.csv"};
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "one");
    options.worlds = 3;
    options.rounds = 2;
    const char *one = fixture_simulate(fixture, &options);
    options.out = fixture_path(fixture, "two");
    options.threads = 2;
    const char *two = fixture_simulate(fixture, &options);
    for (int w = 0; w < 3; w++)
        for (size_t i = 0; i < COUNT_OF(names); i++)
            assert_same_file(fixture, one, two,
                             str_format(&fixture->arena, "world-%04d/%s", w + 1, names[i]).text);
    assert_same_file(fixture, one, two, "run.json");
    assert_same_file(fixture, one, two, "score.csv");
    assert_same_file(fixture, one, two, "report.txt");
    struct str a = fixture_read(fixture, path_join(&fixture->arena, one, "world-0001/sales.csv"));
    struct str b = fixture_read(fixture, path_join(&fixture->arena, one, "world-0002/sales.csv"));
    assert_false(str_equal(a, b)); /* worlds differ in their luck */
}

static void more_firms_than_a_world_holds_make_more_worlds(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.firms = 26;
    options.rounds = 1;
    const char *path = fixture_simulate(fixture, &options);
    struct run run;
    assert_no_problem(run_read(&fixture->arena, path, &run, &fixture->problem), &fixture->problem);
    assert_int_equal(run.worlds, 2);
    assert_int_equal(run.firms, 26);
    assert_true(file_exists(
        path_join(&fixture->arena, path, "world-0002/decisions/round-01/firm-13.json")));
    assert_false(file_exists(
        path_join(&fixture->arena, path, "world-0002/decisions/round-01/firm-14.json")));
}

/* ---- what stands in the folder ---- */

static void balances_of_every_firm_and_currency_add_to_nothing(void **state)
{
    struct fixture *fixture = *state;
    struct scenario scenario;
    struct run_play play;
    struct run_books books;
    struct market_key key = {.seed = rng_key_from_text(STR("books"))};
    assert_no_problem(
        scenario_read(&fixture->arena, FIXTURE_SCENARIO, &scenario, &fixture->problem),
        &fixture->problem);
    run_play_init(&play, &scenario.rules, &key);
    run_books_init(&fixture->arena, &scenario.rules, &books);
    assert_no_problem(run_play_open(&play, &key, &fixture->problem), &fixture->problem);
    run_books_add(&books, &play.now.journal);
    struct market_probe probe = {.journal = true, .why_firm = -1, .check = true};
    for (int round = 0; round < 3; round++) {
        struct market_seat_decisions firms[4] = {0};
        for (int f = 0; f < 4; f++)
            market_policy_decide(run_play_arena(&play), POLICY_NOVICE, &play.now.observations[f],
                                 &firms[f]);
        assert_no_problem(run_play_step(&play, firms, &probe, &fixture->problem),
                          &fixture->problem);
        assert_true(play.now.journal.count > 0);
        run_books_add(&books, &play.now.journal);
    }
    for (int f = 0; f < 4; f++) {
        for (int c = 0; c < scenario.rules.currency_count; c++) {
            int64_t sum = 0;
            for (int a = 0; a < ACCOUNT_COUNT; a++) {
                const struct run_account *account =
                    run_books_get(&books, f, c, (enum market_account)a);
                sum += account->debit_minor - account->credit_minor;
            }
            assert_int_equal(sum, 0);
            /* The cash a firm sees is the balance of its cash account. */
            const struct run_account *cash = run_books_get(&books, f, c, ACCOUNT_CASH);
            assert_int_equal(cash->debit_minor - cash->credit_minor,
                             play.now.observations[f].cash_minor[c]);
        }
    }
    run_play_clear(&play);
}

static void what_a_firm_sees_is_json_with_names_and_no_secrets(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    const char *run = fixture_simulate(fixture, &options);
    struct str text =
        fixture_read(fixture, path_join(&fixture->arena, run, "rounds/round-02/firm-02.json"));
    struct json_document *document;
    struct json root;
    assert_no_problem(json_parse(text, "view", &document, &root, &fixture->problem),
                      &fixture->problem);
    int64_t firm, rounds;
    assert_no_problem(json_get_int(&root, "firm", 1, 24, &firm, &fixture->problem),
                      &fixture->problem);
    assert_no_problem(json_get_int(&root, "rounds_played", 0, 99, &rounds, &fixture->problem),
                      &fixture->problem);
    assert_int_equal(firm, 2);
    assert_int_equal(rounds, 2);
    struct json rivals = json_child(&root, "rivals");
    assert_true(json_count(&rivals) > 0);
    for (size_t i = 0; i < json_count(&rivals); i++) {
        static const char *const known[] = {"firm",         "product",    "market",  "channel",
                                            "rating",       "door_price", "reviews", "sold_out",
                                            "promise_days", NULL};
        struct json rival = json_item(&rivals, i);
        assert_no_problem(json_require_known(&rival, known, &fixture->problem), &fixture->problem);
    }
    json_close(document);
    assert_has(text, "phone-pouch");
    assert_null(strstr(str_copy(&fixture->arena, text).text, "units_per_firm_day"));
}

static void an_existing_folder_is_left_alone(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    struct buf report;
    buf_init(&report);
    assert_int_equal(folder_make(options.out, &fixture->problem), ERR_OK);
    assert_int_equal(training_simulate(&options, &report, &fixture->problem), ERR_FILE_EXISTS);
    buf_clear(&report);
}

/* Last: the flag of an interrupt stays up. */
static void an_interrupt_leaves_nothing_behind(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    struct buf report;
    buf_init(&report);
    interrupt_watch();
    assert_int_equal(raise(SIGINT), 0);
    assert_int_equal(training_simulate(&options, &report, &fixture->problem), ERR_INTERRUPTED);
    assert_int_equal(report.length, 0);
    /* The folder holds nothing, not even what was being written: it can be removed as empty. */
    assert_int_equal(rmdir(fixture->folder), 0);
    assert_int_equal(folder_make(fixture->folder, &fixture->problem), ERR_OK);
    buf_clear(&report);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_replay_gives_the_same_bytes),
        TEST(changed_scores_are_found),
        TEST(damage_is_found_where_it_is),
        TEST(changed_decisions_are_found),
        TEST(caches_may_be_dropped),
        TEST(a_fork_with_equal_decisions_is_the_original),
        TEST(a_fork_with_a_higher_price_sells_fewer_and_only_then),
        TEST(a_fork_of_a_changed_record_is_refused),
        TEST(an_absent_firm_keeps_its_prices_and_is_named),
        TEST(a_price_a_team_set_stands_though_a_policy_played_before),
        TEST(a_bad_decision_is_named_with_its_file_and_field),
        TEST(worlds_on_two_threads_have_the_bytes_of_one),
        TEST(more_firms_than_a_world_holds_make_more_worlds),
        TEST(balances_of_every_firm_and_currency_add_to_nothing),
        TEST(what_a_firm_sees_is_json_with_names_and_no_secrets),
        TEST(an_existing_folder_is_left_alone),
        TEST(an_interrupt_leaves_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
