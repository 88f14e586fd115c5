/* Forks that changed one thing: `compare` names it first, and what it states is what a replay
 * gives.
 */
#include "app/training/decided.h"
#include "app/training/decisions_json.h"
#include "run_fixture.h"

enum { ROUNDS = 4, FIRM = 1 };

/* The one thing a fork does otherwise. */
struct plant {
    const char *name;
    enum decided_area area;
    enum market_list list;
    enum market_field field;
    double factor; /* 0: the list is emptied */
    int64_t add;
    const char *said;
};

static const struct plant plants[] = {
    {"price", DECIDED_PRICE, LIST_listings, F_listings_price, 1.1, 0,
     "what mattered most is the price (price asked of "},
    {"promise", DECIDED_PROMISE, LIST_listings, F_listings_promise_days, 1, 12,
     "what mattered most is the promised delivery (days promised of "},
    {"returns", DECIDED_TERMS, LIST_listings, F_listings_return_days, 1, 20,
     "what mattered most is the terms of sale (days to return of "},
    {"bids", DECIDED_ADS, LIST_campaigns, F_campaigns_bid, 1.6, 0,
     "what mattered most is advertising (bid of "},
    {"orders", DECIDED_ORDERS, LIST_orders, F_orders_units, 0, 0,
     "what mattered most is what was ordered (0 units ordered against "},
};

static struct history *read(struct fixture *fixture, const char *run)
{
    struct history *history = test_calloc(1, sizeof(*history));
    history_init(history);
    assert_no_problem(history_read(history, run, 0, 0, UINT32_C(1) << FIRM, &fixture->problem),
                      &fixture->problem);
    return history;
}

static void done(struct history *history)
{
    history_clear(history);
    test_free(history);
}

static const struct market_seat_decisions *decided_by(const struct history *history, int firm,
                                                      int round)
{
    return &history->decisions[(round - 1) * history->play.rules.firms + firm];
}

static void write_file(struct fixture *fixture, const struct history *history, const char *folder,
                       int round, int firm, const struct market_seat_decisions *decisions)
{
    const char *mine = fixture_path(fixture, folder);
    const char *path = str_format(&fixture->arena, "%s/round-%02d", mine, round).text;
    struct buf text;
    if (!file_exists(mine))
        assert_int_equal(folder_make(mine, &fixture->problem), ERR_OK);
    if (!file_exists(path))
        assert_int_equal(folder_make(path, &fixture->problem), ERR_OK);
    buf_init(&text);
    decisions_append(&history->play.rules, SEAT_FIRM, decisions, &text);
    const char *name = str_format(&fixture->arena, "firm-%02d.json", firm + 1).text;
    fixture_write(fixture, path_join(&fixture->arena, path, name), buf_str(&text));
    buf_clear(&text);
}

/* What the firm decided, but for the one thing, in the first listing or campaign that has it. */
static struct market_seat_decisions planted(struct fixture *fixture,
                                            const struct market_seat_decisions *decisions,
                                            const struct plant *plant)
{
    struct market_seat_decisions changed = *decisions;
    struct market_rows *rows = &changed.lists[plant->list];
    if (plant->factor == 0) {
        *rows = (struct market_rows){0};
        return changed;
    }
    struct market_row *copy =
        ARENA_ARRAY(&fixture->arena, struct market_row, (size_t)rows->count + 1);
    for (int r = 0; r < rows->count; r++) {
        copy[r] = rows->rows[r];
        /* The return window that nobody set is 14 days. */
        bool set = market_row_has(&copy[r], plant->field);
        if (!set && plant->field != F_listings_return_days)
            continue;
        int64_t value = set ? market_row_number(&copy[r], plant->field) : 14;
        market_row_set(&copy[r], plant->field,
                       (int64_t)((double)value * plant->factor) + plant->add);
    }
    rows->rows = copy;
    return changed;
}

static const char *fork_with(struct fixture *fixture, const char *run, const char *name,
                             const char *decisions)
{
    struct training_simulate_options fork = fixture_options(fixture, name);
    fork.scenario = fork.seed = NULL;
    fork.from = run;
    fork.fork_round = 0;
    fork.rounds = 0;
    fork.decisions = fixture_path(fixture, decisions);
    return fixture_simulate(fixture, &fork);
}

static struct str compare(struct fixture *fixture, const char *a, const char *b, enum lang lang)
{
    struct training_compare_options options = {
        .run_a = a, .run_b = b, .firm_a = FIRM, .lang = lang};
    struct buf report;
    buf_init(&report);
    assert_no_problem(training_compare(&options, &report, &fixture->problem), &fixture->problem);
    struct str text = str_copy(&fixture->arena, buf_str(&report));
    buf_clear(&report);
    return text;
}

static void sums(const struct history *history, int64_t *units, int64_t *closing)
{
    *units = 0;
    for (int r = 1; r <= ROUNDS; r++) {
        *units += history->kept[FIRM][r].units;
    }
    *closing = history->kept[FIRM][ROUNDS].closing.equity_minor;
}

/* The base's files of every firm, the one thing changed: what the sentence says was replayed. */
static void stated_is_replayed(struct fixture *fixture, const struct history *base, const char *run,
                               const struct plant *plant, struct str said)
{
    const char *files = str_format(&fixture->arena, "alone-%s", plant->name).text;
    const char *name = str_format(&fixture->arena, "replayed-%s", plant->name).text;
    for (int r = 1; r <= ROUNDS; r++)
        for (int f = 0; f < base->play.rules.firms; f++) {
            struct market_seat_decisions decisions = *decided_by(base, f, r);
            if (f == FIRM)
                decisions = planted(fixture, &decisions, plant);
            write_file(fixture, base, files, r, f, &decisions);
        }
    struct history *replayed = read(fixture, fork_with(fixture, run, name, files));
    int64_t units, closing, base_units, base_closing;
    struct buf stated;
    sums(replayed, &units, &closing);
    sums(base, &base_units, &base_closing);
    assert_true(units != base_units);
    buf_init(&stated);
    buf_format(&stated, "changes its sales by %+lld units and its closing equity by %s",
               (long long)(units - base_units), closing > base_closing ? "+" : "");
    money_append(&stated, closing - base_closing, base->play.rules.currencies[0]);
    buf_append_byte(&stated, ' ');
    buf_append_c(&stated, base->play.rules.currencies[0].code);
    assert_has(said, str_copy(&fixture->arena, buf_str(&stated)).text);
    buf_clear(&stated);
    done(replayed);
}

static void the_planted_cause_is_named_first(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.scenario = SAMPAN_SOURCE_ROOT "/data/scenarios/accessories.json";
    options.policies = "novice,steady,steady,cheap";
    options.rounds = ROUNDS;
    const char *run = fixture_simulate(fixture, &options);
    struct history *base = read(fixture, run);
    for (size_t i = 0; i < COUNT_OF(plants); i++) {
        const struct plant *plant = &plants[i];
        for (int r = 1; r <= ROUNDS; r++) {
            struct market_seat_decisions decisions =
                planted(fixture, decided_by(base, FIRM, r), plant);
            write_file(fixture, base, plant->name, r, FIRM, &decisions);
        }
        const char *name = str_format(&fixture->arena, "fork-%s", plant->name).text;
        const char *fork = fork_with(fixture, run, name, plant->name);
        struct history *after = read(fixture, fork);
        struct decided decided;
        assert_true(decided_comparable(after, base));
        assert_no_problem(decided_find(after, base, FIRM, ROUNDS, &decided, &fixture->problem),
                          &fixture->problem);
        assert_int_equal(decided.count, 1);
        assert_int_equal(decided.changes[0].area, plant->area);
        assert_true(decided.changes[0].by_file);
        assert_false(decided.base_is_a);
        struct str said = compare(fixture, fork, run, LANG_EN);
        said.length = (size_t)(strchr(said.text, '\n') - said.text);
        assert_has(said, plant->said);
        assert_int_equal(said.text[said.length - 1], '.');
        stated_is_replayed(fixture, base, run, plant, said);
        /* Told from the other side, the same run is the base and the same change is stated. */
        struct str back = compare(fixture, run, fork, LANG_EN);
        assert_has(back, strstr(str_copy(&fixture->arena, said).text, "changes its sales by"));
        assert_has(compare(fixture, fork, run, LANG_ZH), "影响最大的是");
        done(after);
    }
    done(base);
}

/* A team that changed one price and then stayed away: what stood in for it is no cause. */
static void answers_to_a_decision_come_after_it(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.rounds = ROUNDS;
    const char *run = fixture_simulate(fixture, &options);
    struct history *base = read(fixture, run);
    struct market_seat_decisions decisions =
        planted(fixture, decided_by(base, FIRM, 1), &plants[0]);
    write_file(fixture, base, "dearer", 1, FIRM, &decisions);
    const char *fork = fork_with(fixture, run, "fork", "dearer");
    assert_has(compare(fixture, fork, run, LANG_EN), plants[0].said);
    assert_has(compare(fixture, run, fork, LANG_EN), plants[0].said);
    done(base);
}

static void other_worlds_are_not_compared_by_decision(void **state)
{
    struct fixture *fixture = *state;
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.rounds = ROUNDS;
    const char *run = fixture_simulate(fixture, &options);
    options = fixture_options(fixture, "luck");
    options.rounds = ROUNDS;
    options.seed = "another test";
    const char *luck = fixture_simulate(fixture, &options);
    struct history *a = read(fixture, run), *b = read(fixture, luck);
    assert_false(decided_comparable(a, b));
    assert_true(decided_comparable(a, a));
    struct decided decided;
    assert_no_problem(decided_find(a, a, FIRM, ROUNDS, &decided, &fixture->problem),
                      &fixture->problem);
    assert_int_equal(decided.count, 0);
    done(a);
    done(b);
}

static struct str evidence(struct fixture *fixture, enum decided_area area,
                           const struct decided_first *first)
{
    static const struct market_product products[] = {{.name = {.id = "case"}}};
    static const struct market_country markets[] = {{.name = {.id = "DE"}}};
    static const struct market_name channels[] = {{.id = "shop"}};
    struct market_rules rules = {.products = products, .markets = markets, .channels = channels};
    struct decided_change change = {.area = area, .first = *first};
    struct buf text;
    buf_init(&text);
    if (!decided_evidence_append(&rules, &change, LANG_EN, &text))
        buf_append_c(&text, "none");
    struct str copy = str_copy(&fixture->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

/* Yes and no have words, what nobody decided has its value, lists without fields have a name. */
static void the_deciding_field_is_named(void **state)
{
    static const struct {
        enum decided_area area;
        enum market_list list;
        enum market_field field;
        int64_t a;
        const char *said;
    } fields[] = {
        {DECIDED_COMPLIANCE, LIST_agents, F_agents_responsible_person, 1,
         "responsible person of DE yes against no, from round 3"},
        {DECIDED_CUSTOMS, LIST_registrations, F_registrations_vat, 1,
         "VAT number of DE yes against no, from round 3"},
        {DECIDED_FINANCE, LIST_payout, F_payout_convert, 0,
         "payouts changed at once no against yes, from round 3"},
        {DECIDED_TEAM, LIST_team, F_team_exit_plan, 1,
         "plan to leave yes against no, from round 3"},
        {DECIDED_TERMS, LIST_listings, F_listings_return_days, 60,
         "days to return of case/DE/shop 60 against 14, from round 3"},
    };
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        struct decided_first first = {.round = 3,
                                      .list = fields[i].list,
                                      .field = market_field_index(fields[i].list, fields[i].field),
                                      .has_a = true,
                                      .a = {.number = fields[i].a}};
        assert_string_equal(evidence(*state, fields[i].area, &first).text, fields[i].said);
    }
    /* 4900 against 4800 in all, but another product: the product is told. */
    const struct market_product products[] = {{.name = {.id = "case"}}, {.name = {.id = "buds"}}};
    struct market_rules rules = {.products = products};
    struct decided_change swapped = {.area = DECIDED_ORDERS,
                                     .first = {.round = 1, .list = LIST_orders, .field = -1},
                                     .units_a = 4900,
                                     .units_b = 4800,
                                     .product = 1,
                                     .product_a = 1500,
                                     .product_b = 0};
    struct buf text;
    buf_init(&text);
    assert_true(decided_evidence_append(&rules, &swapped, LANG_EN, &text));
    assert_true(
        str_equal_c(buf_str(&text), "1500 units of buds ordered against 0, first in round 1"));
    buf_clear(&text);
    struct decided_first loan = {.round = 2, .list = LIST_loans, .field = -1};
    assert_string_equal(evidence(*state, DECIDED_FINANCE, &loan).text,
                        "loans taken or repaid, first otherwise in round 2");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_planted_cause_is_named_first),
        TEST(answers_to_a_decision_come_after_it),
        TEST(the_deciding_field_is_named),
        TEST(other_worlds_are_not_compared_by_decision),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
