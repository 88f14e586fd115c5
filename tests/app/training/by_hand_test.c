/* docs/by-hand.md: every number of the page, read from it, against a run played here.
 *
 * A line "by-hand NAME = VALUE" of the page holds a number. Given numbers are the program's,
 * rounded as `sampan explain` prints them; worked numbers are reckoned here from the rounded ones
 * alone, as a reader with a pocket calculator would. With SAMPAN_BY_HAND_WRITE=1 the page's values
 * are written anew instead (after a change of the engine or the scenario); read the difference
 * before keeping it.
 */
#include <math.h>

#include "app/training/explain_figures.h"
#include "core/csv.h"
#include "run_fixture.h"

#define PAGE SAMPAN_SOURCE_ROOT "/docs/by-hand.md"

enum { FIRM = 0, ROUND = 2, DAY = 20, NUMBERS_MAX = 200 };
static const char product[] = "phone-pouch", market[] = "GB";

struct number {
    char name[48];
    char text[32];
};

struct page {
    struct number numbers[NUMBERS_MAX];
    int count;
};

/* Note a number as it is printed, and give back what was printed. */
static double put(struct page *page, const char *name, double value, int decimals)
{
    struct number *number = &page->numbers[page->count++];
    assert_true(page->count < NUMBERS_MAX);
    double unit = pow(10, decimals);
    double rounded = (double)llround(value * unit) / unit;
    snprintf(number->name, sizeof(number->name), "%s", name);
    snprintf(number->text, sizeof(number->text), "%.*f", decimals, rounded);
    return rounded;
}

static double put_segment(struct page *page, const char *name, int g, double value, int decimals)
{
    static const char *const segments[] = {"price", "main", "quality"};
    char full[48];
    snprintf(full, sizeof(full), "%s_%s", name, segments[g]);
    return put(page, full, value, decimals);
}

/* ---- one listing's day ---- */

static const struct market_why *find_why(const struct history *history)
{
    const struct market_rules *rules = &history->play.rules;
    const struct history_round *round = &history->kept[FIRM][ROUND];
    for (int i = 0; i < round->why_count; i++) {
        const struct market_why *why = &round->why[i];
        if (why->day == DAY && strcmp(rules->products[why->product].name.id, product) == 0 &&
            strcmp(rules->markets[rules->nests[why->nest].market].name.id, market) == 0)
            return why;
    }
    return NULL;
}

static void work_day(struct page *page, const struct history *history)
{
    const struct market_rules *rules = &history->play.rules;
    const struct market_why *why = find_why(history);
    assert_non_null(why);
    assert_true(why->live);
    double lambda = rules->demand.lambda;
    double usual = put(page, "shoppers_usual", why->shoppers_reference, 1);
    double season = put(page, "season", why->season, 3);
    double weekday = put(page, "weekday", why->weekday, 3);
    double growth = put(page, "growth", why->growth, 3);
    double shock = put(page, "shock", why->shock, 3);
    double shoppers = put(page, "shoppers", usual * season * weekday * growth * shock, 1);
    double own = put(page, "weight_own", why->organic_weight, 3);
    double all = put(page, "weight_all", why->organic_total, 3);
    double exposure = put(page, "exposure", own / all, 4);
    put(page, "price", (double)why->door_price_minor / 100, 2);
    put(page, "price_usual", (double)why->price_ref_minor / 100, 2);
    double log_price = put(page, "log_price",
                           log((double)why->door_price_minor / (double)why->price_ref_minor), 4);
    double others = 0;
    static const char *const names[TERM_COUNT] = {
        "appeal", "", "rating", "reviews", "delivery", "brand", "content", "trust", "luck"};
    for (int t = 0; t < TERM_COUNT; t++)
        if (t != TERM_PRICE)
            others += put(page, names[t], why->term[0][t], 4);
    others = put(page, "other_terms", others, 4);
    double outside =
        put(page, "outside", (1 - rules->demand.inside_share) / rules->demand.inside_share, 4);
    double expected = 0;
    for (int g = 0; g < MARKET_SEGMENTS; g++) {
        double price =
            put_segment(page, "u_of_price", g, -rules->demand.price_beta[g] * log_price, 4);
        double utility = put_segment(page, "u", g, price + others, 4);
        double seen = put_segment(page, "own", g, exposure * exp(utility / lambda), 4);
        double nest = put_segment(
            page, "all", g,
            why->exposure * exp(why->utility[g] / lambda) * why->nest_share[g] / why->share[g], 4);
        double weight = put_segment(page, "w", g, why->nest_weight[g], 4);
        double power = pow(weight, lambda);
        double share = put_segment(page, "s", g, power / (outside + power), 4);
        double part = put_segment(page, "share", g, share * seen / nest, 4);
        expected +=
            put_segment(page, "units", g, shoppers * rules->demand.segment_weight[g] * part, 2);
        /* Each step from rounded numbers stays by the program's own. */
        assert_true(fabs(utility - why->utility[g]) < 5e-4);
        assert_true(fabs(share - why->nest_share[g]) < 5e-4);
        assert_true(fabs(part / why->share[g] - 1) < 5e-3);
    }
    expected = put(page, "expected", expected, 2);
    put(page, "expected_program", why->expected, 3);
    assert_true(fabs(shoppers / why->shoppers - 1) < 2e-3);
    assert_true(fabs(exposure / why->exposure - 1) < 2e-3);
    assert_true(fabs(expected / why->expected - 1) < 5e-3);
    put(page, "drawn", (double)why->drawn, 0);
    put(page, "come_over", (double)why->spill_in, 0);
    put(page, "sold", (double)why->served, 0);
    put(page, "lost", (double)why->lost, 0);
    put(page, "gone", (double)why->spill_out, 0);
    assert_int_equal(why->drawn + why->spill_in, why->served + why->lost + why->spill_out);
}

/* ---- one round's result ---- */

/* What ledger/round-02.csv holds for the firm on an account in a currency: credit less debit. */
static int64_t ledger_sum(struct fixture *fixture, const char *run, const char *account,
                          const char *currency)
{
    struct str text = fixture_read(fixture, path_join(&fixture->arena, run, "ledger/round-02.csv"));
    char *copy = test_calloc(1, text.length + 1);
    int64_t sum = 0;
    memcpy(copy, text.text, text.length);
    for (char *line = copy, *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        char firm[8], debit[64], credit[64], code[8], amount[32];
        if (sscanf(line, "%*[^,],%*[^,],%7[^,],%63[^,],%63[^,],%7[^,],%31[^,]", firm, debit, credit,
                   code, amount) != 5 ||
            strcmp(firm, "1") != 0 || strcmp(code, currency) != 0)
            continue;
        int64_t minor = llround(strtod(amount, NULL) * 100);
        sum += strcmp(credit, account) == 0 ? minor : 0;
        sum -= strcmp(debit, account) == 0 ? minor : 0;
    }
    test_free(copy);
    return sum;
}

static void work_round(struct fixture *fixture, struct page *page, const struct history *history,
                       const char *run)
{
    static const char *const names[PL_COUNT] = {
        "revenue",   "goods",   "channel_fees", "fulfilment", "storage",    "advertising",
        "write_off", "payroll", "interest",     "inspection", "conversion", "fines"};
    const struct market_rules *rules = &history->play.rules;
    struct explain_profit profit;
    explain_profit_get(history, FIRM, ROUND, ROUND, &profit);
    double sum = put(page, "equity_before", (double)profit.before_minor / 100, 2), result = 0;
    int64_t gbp = ledger_sum(fixture, run, "revenue", "GBP");
    int64_t eur = ledger_sum(fixture, run, "revenue", "EUR");
    double pounds = put(page, "ledger_gbp", (double)gbp / 100, 2);
    double euros = put(page, "ledger_eur", (double)eur / 100, 2);
    int32_t first = (ROUND - 1) * rules->round_days;
    double rates[2];
    for (int c = 1; c <= 2; c++) {
        double rate = 0;
        for (int d = 0; d < rules->round_days; d++)
            rate += (double)market_fx(rules, c, first + d) / 1e9 / rules->round_days;
        bool pound = strcmp(rules->currencies[c].code, "GBP") == 0;
        rates[pound ? 0 : 1] = rate;
    }
    rates[0] = put(page, "rate_gbp", rates[0], 4);
    rates[1] = put(page, "rate_eur", rates[1], 4);
    double revenue = put(page, "revenue_by_hand", pounds * rates[0] + euros * rates[1], 2);
    /* The program converts day by day, the hand at the round's mean rate. */
    assert_true(fabs(revenue * 100 / (double)profit.lines[PL_REVENUE] - 1) < 1e-4);
    for (int l = 0; l < PL_COUNT; l++)
        result += put(page, names[l], (double)profit.lines[l] / 100, 2);
    result = put(page, "result", result, 2);
    put(page, "equity_after", (double)profit.after_minor / 100, 2);
    assert_int_equal(llround((sum + result) * 100), profit.after_minor);
}

/* ---- the page ---- */

static void make_page(struct fixture *fixture, struct page *page)
{
    struct training_simulate_options options = fixture_options(fixture, "run");
    options.seed = "by hand";
    const char *run = fixture_simulate(fixture, &options);
    struct history *history = test_calloc(1, sizeof(*history));
    history_init(history);
    assert_no_problem(history_read(history, run, 0, 0, 1, &fixture->problem), &fixture->problem);
    work_day(page, history);
    work_round(fixture, page, history, run);
    history_clear(history);
    test_free(history);
}

static const struct number *find(const struct page *page, struct str name)
{
    for (int i = 0; i < page->count; i++)
        if (str_equal_c(name, page->numbers[i].name))
            return &page->numbers[i];
    return NULL;
}

/* The page with every value as it should be; counts those that were not. */
static void correct(const struct page *page, struct str text, struct buf *right, int *wrong,
                    int *found)
{
    static const char mark[] = "by-hand ";
    const char *end = text.text + text.length;
    for (const char *at = text.text; at < end;) {
        if ((size_t)(end - at) < sizeof(mark) || memcmp(at, mark, sizeof(mark) - 1) != 0) {
            buf_append_byte(right, *at++);
            continue;
        }
        const char *name = at + sizeof(mark) - 1, *name_end = name, *value;
        while (name_end < end && *name_end != ' ')
            name_end++;
        value = name_end + 3; /* " = " */
        const char *value_end = value;
        while (value_end < end && *value_end != '`')
            value_end++;
        const struct number *number = find(page, (struct str){name, (size_t)(name_end - name)});
        if (number == NULL)
            fail_msg("the page tells '%.*s', which nothing computes", (int)(name_end - name), name);
        ++*found;
        if (!str_equal_c((struct str){value, (size_t)(value_end - value)}, number->text)) {
            print_error("%s: the page says %.*s, the program %s\n", number->name,
                        (int)(value_end - value), value, number->text);
            ++*wrong;
        }
        buf_append(right, (struct str){at, (size_t)(value - at)});
        buf_append_c(right, number->text);
        at = value_end;
    }
}

static void the_page_tells_what_is_played(void **state)
{
    struct fixture *fixture = *state;
    struct page page = {.count = 0};
    struct buf right;
    int wrong = 0, found = 0;
    make_page(fixture, &page);
    buf_init(&right);
    correct(&page, fixture_read(fixture, PAGE), &right, &wrong, &found);
    const char *write = getenv("SAMPAN_BY_HAND_WRITE");
    if (write != NULL && strcmp(write, "1") == 0)
        fixture_write(fixture, PAGE, buf_str(&right));
    else
        assert_int_equal(wrong, 0);
    buf_clear(&right);
    assert_int_equal(found, page.count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(
        the_page_tells_what_is_played, fixture_setup, fixture_teardown)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
