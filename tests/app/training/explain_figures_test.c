/* Figures opened to their terms: the terms add up, exactly, in runs of many kinds of players. */
#include <math.h>

#include "app/training/explain_figures.h"
#include "core/date.h"
#include "run_fixture.h"

enum { FIRMS = 7, ROUNDS = 6 };

/* A run of all kinds of policies, played once for all tests of this file. */
static struct fixture *shared;
static const char *shared_run;
static struct history shared_history;

static int play_once(void **state)
{
    if (fixture_setup(state) != 0)
        return 1;
    shared = *state;
    struct training_simulate_options options = fixture_options(shared, "run");
    options.rounds = ROUNDS;
    options.firms = FIRMS;
    options.policies = "steady,novice,cheap,premium,air,late,over";
    options.score_seeds = 2;
    shared_run = fixture_simulate(shared, &options);
    history_init(&shared_history);
    return history_read(&shared_history, shared_run, 0, 0, (1U << FIRMS) - 1, &shared->problem) !=
           ERR_OK;
}

static int end_once(void **state)
{
    history_clear(&shared_history);
    return fixture_teardown(state);
}

static struct explain_asked ask(int firm, int first, int last)
{
    return (struct explain_asked){.history = &shared_history,
                                  .firm = firm,
                                  .first = first,
                                  .last = last,
                                  .listing = -1,
                                  .arena = &shared->arena};
}

static void profit_adds_up_to_the_unit(void **state)
{
    (void)state;
    for (int f = 0; f < FIRMS; f++) {
        int64_t run = 0;
        for (int r = 0; r <= ROUNDS; r++) {
            struct explain_profit profit;
            explain_profit_get(&shared_history, f, r == 0 ? 1 : r, r == 0 ? ROUNDS : r, &profit);
            int64_t sum = profit.before_minor;
            for (int l = 0; l < PL_COUNT; l++) {
                int64_t line = profit.rest[l];
                for (int reason = 0; reason < REASON_COUNT; reason++)
                    line += profit.parts[l][reason];
                assert_int_equal(line, profit.lines[l]);
                sum += profit.lines[l];
                /* Rates of this scenario stand still: a rest is roundings, half a minor unit a
                 * currency, day and reason. */
                if (l != PL_CONVERSION)
                    assert_true(llabs(profit.rest[l]) <= 14 * 2 * 6 * (r == 0 ? ROUNDS : 1) / 2);
            }
            assert_int_equal(sum, profit.after_minor);
            run += r == 0 ? -profit.result_minor : profit.result_minor;
        }
        assert_int_equal(run, 0);
    }
}

static void a_planted_entry_shows_in_its_line(void **state)
{
    (void)state;
    struct explain_profit before, after;
    struct history_round *round = &shared_history.kept[0][2];
    const struct market_entry *kept = round->entries;
    struct market_entry *entries =
        ARENA_ARRAY(&shared->arena, struct market_entry, (size_t)round->entry_count + 1);
    explain_profit_get(&shared_history, 0, 2, 2, &before);
    memcpy(entries, kept, (size_t)round->entry_count * sizeof(*entries));
    entries[round->entry_count++] = (struct market_entry){.day = 14,
                                                          .debit = ACCOUNT_STORAGE,
                                                          .credit = ACCOUNT_CASH,
                                                          .reason = REASON_STORAGE,
                                                          .object = -1,
                                                          .amount_minor = 4200};
    round->entries = entries;
    explain_profit_get(&shared_history, 0, 2, 2, &after);
    assert_int_equal(after.parts[PL_STORAGE][REASON_STORAGE],
                     before.parts[PL_STORAGE][REASON_STORAGE] - 4200);
    /* The engine's line stays: what the journal tells too much stands in the rest. */
    assert_int_equal(after.rest[PL_STORAGE], before.rest[PL_STORAGE] + 4200);
    round->entries = kept;
    round->entry_count--;
}

static void service_gives_back_the_indicator(void **state)
{
    (void)state;
    for (int f = 0; f < FIRMS; f++) {
        struct explain_asked asked = ask(f, 1, ROUNDS);
        struct explain_service all, one;
        const struct history_round *last = &shared_history.kept[f][ROUNDS];
        const struct market_observation *seen = &shared_history.play.now.observations[f];
        explain_service_get(&asked, -1, -1, &all);
        assert_int_equal(all.drawn + all.spill_in, all.sold + all.lost + all.spill_out);
        assert_true(fabs(all.asked / last->sums.asked - 1) < 1e-9);
        assert_true((double)(all.sold - all.spill_in) == last->sums.served);
        assert_true(fabs((double)(all.sold - all.spill_in) / all.asked -
                         last->indicators.value[INDICATOR_SERVICE]) < 1e-9);
        int64_t sold = 0, units = 0;
        for (int i = 0; i < seen->listing_count; i++) {
            explain_service_get(&asked, seen->listings[i].product, seen->listings[i].nest, &one);
            sold += one.sold;
        }
        for (int r = 1; r <= ROUNDS; r++)
            units += shared_history.kept[f][r].units;
        assert_int_equal(sold, all.sold);
        assert_int_equal(sold, units); /* no bundles here */
    }
}

static void stock_gives_back_the_indicator_and_every_unit(void **state)
{
    (void)state;
    for (int f = 0; f < FIRMS; f++) {
        double sum = 0, cover, value;
        int rounds = 0;
        for (int r = 1; r <= ROUNDS; r++) {
            if (!explain_cover(&shared_history.play.rules, &shared_history.kept[f][r], &cover,
                               &value))
                continue;
            sum += value;
            rounds++;
        }
        assert_true(fabs(sum / rounds -
                         shared_history.kept[f][ROUNDS].indicators.value[INDICATOR_STOCK]) < 1e-12);
        for (int p = 0; p < shared_history.play.rules.product_count; p++) {
            struct market_goods goods;
            market_goods_get(shared_history.play.now.after, f, p, &goods);
            assert_int_equal(goods.bought, goods.sold - goods.returned + goods.home + goods.abroad +
                                               goods.on_way + goods.written_off);
        }
    }
}

static void closing_equity_is_the_sum_of_its_parts(void **state)
{
    (void)state;
    for (int f = 0; f < FIRMS; f++) {
        struct market_closing closing;
        const struct market_rules *rules = &shared_history.play.rules;
        market_closing_open(rules, shared_history.play.now.after, f, &closing);
        int64_t sum = closing.books_minor - closing.goods_books_minor - closing.refunds_minor -
                      closing.export_tax_minor;
        for (int p = 0; p < closing.product_count; p++) {
            const struct market_closing_goods *goods = &closing.goods[p];
            sum += goods->value_minor;
            double least = goods->landed < goods->realisable ? goods->landed : goods->realisable;
            double value = goods->near_units * least +
                           ((double)goods->units - goods->near_units) * 0.3 * goods->landed;
            assert_true(fabs(value - (double)goods->value_minor) < 1.001);
            assert_true(goods->near_units <= 60 * goods->units_per_day + 1e-9);
        }
        assert_int_equal(sum, closing.equity_minor);
        assert_int_equal(sum, market_closing_equity(rules, shared_history.play.now.after, f));
        assert_int_equal(closing.books_minor, shared_history.kept[f][ROUNDS].equity_minor);
    }
}

static void points_add_up_as_they_are_shown(void **state)
{
    (void)state;
    for (int f = 0; f < FIRMS; f++) {
        struct score_cell cells[INDICATOR_COUNT];
        int64_t parts[INDICATOR_COUNT], total, sum = 0;
        int seeds;
        assert_no_problem(score_read(shared_run, 0, f, ROUNDS, cells, &seeds, &shared->problem),
                          &shared->problem);
        assert_int_equal(seeds, 2);
        for (int i = 0; i < INDICATOR_COUNT; i++)
            if (cells[i].state != SCORE_UNDEFINED)
                assert_true(cells[i].value == shared_history.kept[f][ROUNDS].indicators.value[i]);
        if (!explain_contributions(&shared_history.play.rules, cells, parts, &total))
            continue;
        for (int i = 0; i < INDICATOR_COUNT; i++)
            sum += parts[i];
        assert_int_equal(sum, total);
    }
}

static void landed_cost_opens_to_the_break_even_price(void **state)
{
    (void)state;
    for (int f = 0; f < FIRMS; f++) {
        const struct market_observation *seen = &shared_history.play.now.observations[f];
        for (int i = 0; i < seen->listing_count; i++) {
            struct explain_asked asked = ask(f, 1, ROUNDS);
            struct explain_landed landed;
            asked.listing = i;
            assert_no_problem(explain_landed_get(&asked, &landed, &shared->problem),
                              &shared->problem);
            const struct market_cost_terms *terms = &landed.terms;
            const struct market_unit_cost *cost = &landed.cost;
            assert_int_equal(cost->purchase_minor + cost->freight_minor + cost->duty_minor,
                             cost->landed_minor);
            assert_int_equal(terms->goods_minor, terms->price_minor * landed.units);
            /* An inspection is an expense apart: goods cost what the ledger books for them. */
            int64_t fee = shared_history.play.rules.suppliers[landed.supplier].inspection_fee_minor;
            assert_int_equal(terms->inspection_minor, 0);
            assert_int_equal(landed.inspection_minor, landed.inspected ? fee : 0);
            assert_true(cost->purchase_minor - terms->price_minor <= 1 &&
                        terms->price_minor - cost->purchase_minor <= 1);
            assert_int_equal(terms->landed_local_minor + cost->sale_minor + terms->tax_minor +
                                 terms->referral_minor + terms->rest_minor,
                             cost->break_even_minor);
            /* The lowest price without a loss leaves less than a sale's roundings. */
            assert_true(terms->rest_minor >= 0 && terms->rest_minor <= 2);
            int64_t lines[5] = {0};
            for (int l = 0; l < terms->border.line_count; l++)
                lines[terms->border.lines[l].kind] += terms->border.lines[l].amount_minor;
            assert_int_equal(lines[TRADE_DUTY], terms->border.duty_minor);
            assert_int_equal(lines[TRADE_DUTY] + lines[TRADE_CHARGE] + lines[TRADE_HANDLING],
                             terms->duty_local_minor);
            assert_int_equal(lines[TRADE_TAX], terms->border.tax_minor);
        }
    }
}

/* The same lot with and without an inspection: goods cost the same, as in the ledger. */
static void an_inspection_is_told_apart_from_the_goods(void **state)
{
    struct explain_asked asked = ask(0, 1, ROUNDS);
    struct explain_landed plain, inspected;
    struct problem *problem = &shared->problem;
    struct market_rows *orders =
        &shared_history.decisions[(ROUNDS - 1) * shared_history.play.rules.firms]
             .lists[LIST_orders];
    struct market_rows kept = *orders;
    struct market_row row = {0};
    (void)state;
    asked.listing = 0;
    assert_no_problem(explain_landed_get(&asked, &plain, problem), problem);
    market_row_set(&row, F_orders_product, plain.product);
    market_row_set(&row, F_orders_supplier, plain.supplier);
    market_row_set(&row, F_orders_units, plain.units);
    if (plain.lane_bulk >= 0)
        market_row_set(&row, F_orders_lane, plain.lane_bulk);
    *orders = (struct market_rows){.count = 1, .rows = &row};
    assert_no_problem(explain_landed_get(&asked, &plain, problem), problem);
    market_row_set(&row, F_orders_inspect, 1);
    assert_no_problem(explain_landed_get(&asked, &inspected, problem), problem);
    struct buf text;
    buf_init(&text);
    asked.text = &text;
    assert_no_problem(explain_landed_append(&asked, problem), problem);
    assert_has(buf_str(&text), "inspection, an expense apart");
    buf_clear(&text);
    *orders = kept;
    assert_false(plain.inspected);
    assert_true(inspected.inspected && inspected.inspection_minor > 0);
    assert_int_equal(inspected.cost.purchase_minor, plain.cost.purchase_minor);
    assert_int_equal(inspected.cost.landed_minor, plain.cost.landed_minor);
    assert_int_equal(inspected.cost.break_even_minor, plain.cost.break_even_minor);
}

static struct str told_profit(int firm, int first, int last)
{
    struct buf text;
    struct explain_asked asked = ask(firm, first, last);
    buf_init(&text);
    asked.text = &text;
    explain_profit_append(&asked);
    struct str copy = str_copy(&shared->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

/* Administration, an event that took a fifth of the shoppers, a claim nobody made: each a line. */
static void what_a_round_was_like_is_told_beside_its_profit(void **state)
{
    static const struct market_event_rules deck[] = {
        {.id = "sale", .en = "A rival's sale", .market = -1, .days = 10, .size = 0.8}};
    (void)state;
    struct str before = told_profit(0, 1, 3);
    assert_null(strstr(before.text, "Events"));
    assert_null(strstr(before.text, "administration"));
    assert_null(strstr(before.text, "can still be claimed"));
    struct history_round *round = &shared_history.kept[0][2];
    struct history_round kept = *round, last = shared_history.kept[0][3];
    struct market_rules rules = shared_history.play.rules;
    struct market_why *rows =
        ARENA_ARRAY(&shared->arena, struct market_why, (size_t)round->why_count + 1);
    double taken = 0;
    for (int i = 0; i < round->why_count; i++) {
        rows[i] = round->why[i];
        rows[i].event = 0.8;
        rows[i].bundle_units = 2;
        taken += rows[i].expected * 0.25 * 2;
    }
    round->why = rows;
    round->event_count = 1;
    round->events[0].event = 0;
    round->events[0].from_day = 19;
    round->administration_day = 20;
    shared_history.kept[0][3].claims_open_minor = 980172;
    shared_history.play.rules.events = deck;
    shared_history.play.rules.event_count = 1;
    assert_true(fabs(explain_event_pieces(&shared_history, 0, 1, 3) + taken) < 1e-9);
    struct str text = told_profit(0, 1, 3);
    assert_has(text, "Events that began: 'A rival's sale' (2025-01-25, 10 days).");
    assert_has(text, str_format(&shared->arena,
                                "Events that moved shoppers cost firm 1 about %.0f pieces, ",
                                floor(taken + 0.5))
                         .text);
    assert_has(text, "Firm 1 was under administration from 2025-01-26, for a time: ");
    assert_has(text, " can still be claimed; it counts only once it is.");
    assert_has(text, "9801.72 ");
    shared_history.play.rules = rules;
    shared_history.kept[0][3] = last;
    *round = kept;
}

/* What is kept of whole firms is what the probe of one listing tells of its day. */
static void rows_are_those_of_the_single_probe(void **state)
{
    (void)state;
    enum { ROUND = 2, WHO = 3 };
    struct run_play play;
    struct market_why why = {0};
    const struct history_round *round = &shared_history.kept[WHO][ROUND];
    const struct market_why *kept = &round->why[round->why_count / 2];
    run_play_init(&play, &shared_history.play.rules, &shared_history.play.key);
    assert_int_equal(run_play_open(&play, &shared_history.play.key, &shared->problem), ERR_OK);
    const struct market_observation *seen = &shared_history.play.now.observations[WHO];
    struct market_probe probe = {
        .why_firm = WHO, .why_listing = -1, .why_day = kept->day, .why = &why, .check = true};
    for (int i = 0; i < seen->listing_count; i++)
        if (seen->listings[i].product == kept->product && seen->listings[i].nest == kept->nest)
            probe.why_listing = i;
    assert_true(probe.why_listing >= 0);
    for (int r = 1; r <= ROUND; r++)
        assert_int_equal(run_play_step(&play, shared_history.decisions + (r - 1) * FIRMS, &probe,
                                       &shared->problem),
                         ERR_OK);
    run_play_clear(&play);
    assert_true(why.found && kept->found);
    assert_int_equal(why.day, kept->day);
    assert_true(why.expected == kept->expected && why.exposure == kept->exposure);
    assert_int_equal(why.drawn, kept->drawn);
    assert_int_equal(why.served, kept->served);
    assert_memory_equal(why.term, kept->term, sizeof(why.term));
    assert_memory_equal(why.share, kept->share, sizeof(why.share));
}

/* ---- told ---- */

static struct str told(enum training_explain_what what, const char *listing, int round,
                       enum lang lang, enum err expected)
{
    struct training_explain_options options = {.run = shared_run,
                                               .what = what,
                                               .firm = 1,
                                               .listing = listing,
                                               .round = round,
                                               .lang = lang};
    struct buf report;
    buf_init(&report);
    enum err code = training_explain(&options, &report, &shared->problem);
    if (expected == ERR_OK)
        assert_no_problem(code, &shared->problem);
    assert_int_equal(code, expected);
    struct str text = str_copy(&shared->arena, buf_str(&report));
    buf_clear(&report);
    return text;
}

static void every_figure_begins_with_a_sentence(void **state)
{
    (void)state;
    assert_true(
        str_starts_with(told(EXPLAIN_PROFIT, NULL, 2, LANG_EN, ERR_OK), STR("Round 2: firm 2 ")));
    assert_true(str_starts_with(told(EXPLAIN_SCORE, NULL, 0, LANG_EN, ERR_OK), STR("Firm 2 has ")));
    assert_true(
        str_starts_with(told(EXPLAIN_SERVICE, NULL, 0, LANG_EN, ERR_OK), STR("Firm 2 served ")));
    assert_true(str_starts_with(told(EXPLAIN_STOCK, NULL, 3, LANG_EN, ERR_OK),
                                STR("After round 3 firm 2 ")));
    struct str landed = told(EXPLAIN_LANDED, "phone-pouch/GB", 0, LANG_EN, ERR_OK);
    assert_true(str_starts_with(landed, STR("A unit of Phone pouch lands in United Kingdom at ")));
    assert_has(landed, "gb-duty-420292");
    assert_has(landed, "break-even price");
    assert_has(told(EXPLAIN_PROFIT, NULL, 0, LANG_ZH, ERR_OK), "期末权益");
    assert_has(told(EXPLAIN_SCORE, NULL, 0, LANG_ZH, ERR_OK), "期初权益");
}

static void what_is_missing_is_asked_for(void **state)
{
    (void)state;
    told(EXPLAIN_LANDED, NULL, 0, LANG_EN, ERR_OPTION_MISSING);
    told(EXPLAIN_LANDED, "phone", 0, LANG_EN, ERR_NAME_UNKNOWN);
    told(EXPLAIN_SALES, NULL, 0, LANG_EN, ERR_OPTION_MISSING);
    told(EXPLAIN_PROFIT, NULL, ROUNDS + 1, LANG_EN, ERR_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profit_adds_up_to_the_unit),
        cmocka_unit_test(a_planted_entry_shows_in_its_line),
        cmocka_unit_test(service_gives_back_the_indicator),
        cmocka_unit_test(stock_gives_back_the_indicator_and_every_unit),
        cmocka_unit_test(closing_equity_is_the_sum_of_its_parts),
        cmocka_unit_test(points_add_up_as_they_are_shown),
        cmocka_unit_test(landed_cost_opens_to_the_break_even_price),
        cmocka_unit_test(an_inspection_is_told_apart_from_the_goods),
        cmocka_unit_test(what_a_round_was_like_is_told_beside_its_profit),
        cmocka_unit_test(rows_are_those_of_the_single_probe),
        cmocka_unit_test(every_figure_begins_with_a_sentence),
        cmocka_unit_test(what_is_missing_is_asked_for),
    };
    return cmocka_run_group_tests(tests, play_once, end_once);
}
