/* Storefront of level 2: worked numbers, titles, what is booked for content, duty and bundles. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "nest_bench.h"

/* ---- worked numbers ---- */

enum number { RELEVANCE, CONTENT, KEPT, RATING, DOOR, BUNDLE, BUNDLE_TWO };

static double number_of(enum number which)
{
    struct nest_bench bench;
    nest_bench_open(&bench, 2, 1);
    struct market_listing *listing = nest_bench_listing(&bench, 0, 0);
    double answer = 0;
    switch (which) {
    case RELEVANCE:
        answer = market_title_relevance(bench.rules, 0, STR("Clear case for any phone"));
        break;
    case CONTENT:
        listing->storefront.content = 355000; /* USD 500 */
        answer = market_storefront_content(&bench.work, listing);
        break;
    case KEPT:
        listing->storefront.content = 1;
        for (int d = 0; d < 14; d++)
            market_storefront_day(&bench.work, false);
        answer = listing->storefront.content;
        break;
    case RATING:
        listing->storefront.images = 1 + 90;
        listing->storefront.copy = 1 + 60;
        answer = market_storefront_content(&bench.work, listing);
        break;
    case DOOR:
        listing->lane = WORLD_LANE_LINE;
        listing->storefront.duty_unpaid = true;
        bench.work.tax_rate_1e9[0] = 190000000;
        answer = market_storefront_trust(&bench.work, listing);
        break;
    case BUNDLE:
    case BUNDLE_TWO:
        listing->storefront.bundle_units = which == BUNDLE ? 3 : 2;
        answer = market_storefront_trust(&bench.work, listing);
        break;
    }
    nest_bench_close(&bench);
    return answer;
}

static double storefront_relevance(void)
{
    return number_of(RELEVANCE);
}
static double storefront_content(void)
{
    return number_of(CONTENT);
}
static double storefront_kept(void)
{
    return number_of(KEPT);
}
static double storefront_rating(void)
{
    return number_of(RATING);
}
static double storefront_door(void)
{
    return number_of(DOOR);
}
static double storefront_bundle(void)
{
    return number_of(BUNDLE);
}
static double storefront_bundle_two(void)
{
    return number_of(BUNDLE_TWO);
}

/* ---- a round ---- */

/* Firm 0's only listing goes by parcel from home, where it has stock; one round with a row. */
struct played {
    int64_t cash_minor; /* at the start; with it an overdraft of nothing */
    struct arena arena;
    struct market_rules *rules;
    struct market_result opened, result;
    struct problem problem;
    enum err code;
};

static void round_play(struct played *played, const struct market_row *row, int lane)
{
    arena_init(&played->arena);
    struct world_options options = {.firms = 2, .products = 1, .level2 = true};
    struct market_rules *rules = played->rules = world_rules(&played->arena, &options);
    rules->customs.open = rules->loans.open = rules->compliance.open = rules->sourcing.open = false;
    rules->event_count = 0;
    rules->finance.cash_opening_minor = played->cash_minor;
    rules->finance.overdraft_limit_minor = 0;
    struct market_key key = world_key("storefront");
    assert_int_equal(market_open(&played->arena, rules, &key, &played->opened, &played->problem),
                     ERR_OK);
    struct market_firm *firm = &played->opened.after->firms[0];
    firm->listings[0].lane = lane;
    market_stock_at(played->opened.after, firm, 0, 0)->units += 1000;
    firm->units[0].bought += 1000;
    struct market_decisions decisions = world_nothing(&played->arena, rules);
    struct market_seat_decisions *firms =
        ARENA_ARRAY(&played->arena, struct market_seat_decisions, 2);
    struct market_row named = *row;
    market_row_set(&named, F_listings_product, 0);
    market_row_set(&named, F_listings_market, 0);
    market_row_set(&named, F_listings_channel, 0);
    firms[0].lists[LIST_listings] = (struct market_rows){1, &named};
    decisions.firms = firms;
    struct market_probe probe = {.why_firm = -1, .check = true, .journal = true};
    played->code = market_step(&played->arena, rules, played->opened.after, &decisions, &key,
                               &probe, &played->result, &played->problem);
}

static int64_t posted(const struct played *played, enum market_reason reason)
{
    int64_t sum = 0;
    for (int e = 0; e < played->result.journal.count; e++) {
        const struct market_entry *entry = &played->result.journal.entries[e];
        sum += entry->firm == 0 && entry->reason == reason ? entry->amount_minor : 0;
    }
    return sum;
}

static int64_t sold(const struct played *played)
{
    return played->result.after->firms[0].units[0].sold;
}

/* Three units of 180 g in one parcel: 0.54 kg at 90.00 and 15.00. */
static double storefront_parcel(void)
{
    struct played played = {.cash_minor = 20000000};
    struct market_row row = {0};
    market_row_set(&row, F_listings_bundle_units, 3);
    market_row_set(&row, F_listings_price, 6000);
    round_play(&played, &row, WORLD_LANE_LINE);
    assert_int_equal(played.code, ERR_OK);
    assert_int_equal(sold(&played) % 3, 0);
    double parcel = (double)posted(&played, REASON_PARCEL) / ((double)sold(&played) / 3) / 100;
    arena_clear(&played.arena);
    return parcel;
}

static const struct worked_number worked[] = {
    {"storefront_relevance", storefront_relevance},
    {"storefront_content", storefront_content},
    {"storefront_kept", storefront_kept},
    {"storefront_rating", storefront_rating},
    {"storefront_door", storefront_door},
    {"storefront_bundle", storefront_bundle},
    {"storefront_parcel", storefront_parcel},
    {"storefront_bundle_two", storefront_bundle_two},
};

static void page_and_engine_agree(void **unused)
{
    (void)unused;
    worked_page_agrees(SAMPAN_SOURCE_ROOT "/docs/model-level2.md", "storefront_", worked,
                       COUNT_OF(worked));
}

static void titles_match_whole_words(void **unused)
{
    (void)unused;
    static const struct {
        const char *title, *term;
        bool matches;
    } cases[] = {
        {"Phone case, clear", "phone case", true},
        {"PHONE-CASE", "phone case", true},
        {"Case for a phone", "phone case", true},
        {"Phone cases", "phone case", false},
        {"smartphone case", "phone case", false},
        {"case", "phone case", false},
        {"", "cover", false},
        {"cover", "", false},
        {"cover", " ,;", false},
        {"H\xc3\xbclle cover", "h\xc3\xbclle", true},
        {"H\xc3\xbcllen cover", "h\xc3\xbclle", false},
        {"cover\xff", "cover", false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (market_title_matches(cases[i].title, strlen(cases[i].title), cases[i].term) !=
            cases[i].matches)
            fail_msg("case %zu", i);
    assert_false(market_title_matches("cover", 3, "cover")); /* only what belongs to it is read */
}

static struct market_row title_row(struct str title)
{
    struct market_row row = {0};
    market_row_set(&row, F_listings_title_terms, 0);
    row.value[market_field_index(LIST_listings, F_listings_title_terms)].text = title;
    return row;
}

static void a_title_counts_and_may_infringe(void **unused)
{
    (void)unused;
    struct played played = {.cash_minor = 20000000};
    struct market_row row = title_row(STR("Phone case like Aurelle"));
    round_play(&played, &row, WORLD_LANE_LINE);
    const struct market_storefront_listing *shown =
        &played.result.after->firms[0].listings[0].storefront;
    assert_true(fabs(shown->relevance - 0.88) < 1e-12);
    assert_true(shown->infringing);
    arena_clear(&played.arena);
    row = title_row(STR("cover, phone case"));
    round_play(&played, &row, WORLD_LANE_LINE);
    shown = &played.result.after->firms[0].listings[0].storefront;
    assert_true(fabs(shown->relevance - 1) < 1e-12);
    assert_false(shown->infringing);
    arena_clear(&played.arena);
}

static void duty_unpaid_books_no_tax(void **unused)
{
    (void)unused;
    struct played paid = {.cash_minor = 20000000}, unpaid = paid;
    struct market_row row = {0};
    market_row_set(&row, F_listings_duty_paid, 1);
    round_play(&paid, &row, WORLD_LANE_LINE);
    market_row_set(&row, F_listings_duty_paid, 0);
    round_play(&unpaid, &row, WORLD_LANE_LINE);
    assert_true(posted(&paid, REASON_SALE_TAX) > 0 && posted(&paid, REASON_DUTY) > 0);
    assert_int_equal(posted(&unpaid, REASON_SALE_TAX), 0);
    assert_int_equal(posted(&unpaid, REASON_DUTY), 0);
    assert_true(sold(&unpaid) < sold(&paid));
    arena_clear(&paid.arena);
    arena_clear(&unpaid.arena);
    /* From a warehouse abroad the goods have entered: nothing changes. */
    round_play(&unpaid, &row, WORLD_LANE_DE);
    assert_true(posted(&unpaid, REASON_SALE_TAX) > 0);
    assert_true(unpaid.opened.observations[0].listings[0].bundle_units == 1);
    arena_clear(&unpaid.arena);
}

/* One fee of EUR 3.00 a parcel, half of it for each that comes back. */
static void a_bundle_is_one_parcel(void **unused)
{
    (void)unused;
    struct played played = {.cash_minor = 20000000};
    struct market_row row = {0};
    market_row_set(&row, F_listings_bundle_units, 4);
    market_row_set(&row, F_listings_price, 8000);
    round_play(&played, &row, WORLD_LANE_DE);
    assert_int_equal(played.code, ERR_OK);
    assert_true(sold(&played) > 0 && sold(&played) % 4 == 0);
    assert_int_equal(posted(&played, REASON_FULFILMENT), sold(&played) / 4 * 300);
    assert_int_equal(posted(&played, REASON_SALE) + posted(&played, REASON_SALE_TAX),
                     sold(&played) / 4 * 8000);
    assert_int_equal(played.result.after->firms[0].listings[0].round_units, sold(&played));
    arena_clear(&played.arena);
}

static void the_price_band_is_a_unit_s(void **unused)
{
    (void)unused;
    struct played played = {.cash_minor = 20000000};
    static const struct {
        int64_t bundle, price;
        enum err code;
        const char *place;
    } cases[] = {
        {3, 30000, ERR_OK, ""},
        {3, 30001, ERR_PRICE_BAND, "firms[0].listings[0].price"},
        {3, 1200, ERR_OK, ""},
        {3, 1199, ERR_PRICE_BAND, "firms[0].listings[0].price"},
        {0, 10001, ERR_PRICE_BAND, "firms[0].listings[0].price"},
        {5, 0, ERR_OK, ""}, /* 20.00 carried on: just a fifth each */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct market_row row = {0};
        if (cases[i].bundle > 0)
            market_row_set(&row, F_listings_bundle_units, cases[i].bundle);
        if (cases[i].price > 0)
            market_row_set(&row, F_listings_price, cases[i].price);
        round_play(&played, &row, WORLD_LANE_DE);
        assert_int_equal(played.code, cases[i].code);
        if (played.code != ERR_OK)
            assert_string_equal(played.problem.place, cases[i].place);
        arena_clear(&played.arena);
    }
}

static void content_and_translation_are_booked(void **unused)
{
    (void)unused;
    struct played played = {.cash_minor = 20000000};
    struct market_row row = {0};
    market_row_set(&row, F_listings_content_spend, 30000);
    market_row_set(&row, F_listings_translation, 2);
    round_play(&played, &row, WORLD_LANE_DE);
    assert_int_equal(posted(&played, REASON_CONTENT), 30000 + 25 * 710);
    assert_true(played.result.after->firms[0].listings[0].storefront.content < 30000);
    assert_true(played.result.after->firms[0].listings[0].storefront.content > 28000);
    assert_int_equal(-played.result.observations[0].round_pl_minor[PL_ADS], 30000 + 25 * 710);
    arena_clear(&played.arena);
    /* What cannot be paid is not made; the translator is paid in any case. */
    market_row_set(&row, F_listings_content_spend, 5000000);
    played.cash_minor = 4999999;
    round_play(&played, &row, WORLD_LANE_DE);
    assert_int_equal(posted(&played, REASON_CONTENT), 25 * 710);
    arena_clear(&played.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_and_engine_agree),
        cmocka_unit_test(titles_match_whole_words),
        cmocka_unit_test(a_title_counts_and_may_infringe),
        cmocka_unit_test(duty_unpaid_books_no_tax),
        cmocka_unit_test(a_bundle_is_one_parcel),
        cmocka_unit_test(the_price_band_is_a_unit_s),
        cmocka_unit_test(content_and_translation_are_booked),
    };
    return cmocka_run_group_tests_name("storefront", tests, NULL, NULL);
}
