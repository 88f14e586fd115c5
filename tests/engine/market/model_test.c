/* docs/model.md's worked numbers, computed by the engine's own code, and the formulas' bands. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/detmath.h"
#include "core/file.h"
#include "engine/market/nest.h"
#include "engine/market/policy.h"
#include "engine/market/score.h"
#include "world.h"

/* A nest of `firms` equal one-product firms, ready for one day's choice. */
struct bench {
    struct arena arena;
    struct market_rules *rules;
    struct market_nest *nest;
    struct market_product *products;
    struct market_key key;
    struct market_work work;
    struct market_notices notices[24];
    struct market_nest_day day;
    struct problem problem;
};

static void bench_open(struct bench *bench, int firms, int products)
{
    memset(bench, 0, sizeof(*bench));
    arena_init(&bench->arena);
    struct world_options options = {.firms = firms, .products = products};
    bench->rules = world_rules(&bench->arena, &options);
    bench->nest = (struct market_nest *)(uintptr_t)bench->rules->nests;
    bench->products = (struct market_product *)(uintptr_t)bench->rules->products;
    bench->key = world_key("model");
    struct market_result result;
    assert_int_equal(
        market_open(&bench->arena, bench->rules, &bench->key, &result, &bench->problem), ERR_OK);
    struct market_state *state =
        market_state_copy(&bench->arena, result.after, 4, bench->rules->round_days);
    market_work_init(&bench->work, &bench->arena, bench->rules, &bench->key, NULL, state,
                     &bench->problem);
    market_lanes_promise(&bench->work);
    bench->nest->promise_ref_days = bench->work.state->firms[0].listings[0].promise_days;
}

static struct market_listing *listing_of(struct bench *bench, int firm, int i)
{
    return &bench->work.state->firms[firm].listings[i];
}

/* Today's choice over the firms in `present` (bits; all: -1). */
static void choose(struct bench *bench, int present)
{
    bench->day = (struct market_nest_day){.nest = 0};
    bench->day.offers = ARENA_ARRAY(&bench->arena, struct market_offer, 24 * 8);
    for (int f = 0; f < bench->rules->firms; f++)
        for (int i = 0; i < bench->work.state->firms[f].listing_count; i++)
            bench->day.offers[bench->day.offer_count++] =
                (struct market_offer){.firm = f,
                                      .listing = listing_of(bench, f, i),
                                      .listed = (present >> f) & 1,
                                      .live = (present >> f) & 1};
    bench->day.traffic = market_traffic_day(&bench->work, 0);
    market_choice_prepare(&bench->work, &bench->day);
    market_choice_day(&bench->work, &bench->day);
}

static double term(struct bench *bench, enum market_term which)
{
    double terms[MARKET_SEGMENTS][TERM_COUNT];
    market_utility_terms(&bench->work, 0, 0, listing_of(bench, 0, 0), terms);
    return terms[1][which];
}

struct worked {
    const char *name;
    double (*compute)(void);
};

#define WORKED_WITH(function, firms, products, ...)                                                \
    static double function(void)                                                                   \
    {                                                                                              \
        struct bench bench;                                                                        \
        bench_open(&bench, (firms), (products));                                                   \
        struct market_listing *listing = listing_of(&bench, 0, 0);                                 \
        double answer = 0;                                                                         \
        (void)listing;                                                                             \
        __VA_ARGS__;                                                                               \
        arena_clear(&bench.arena);                                                                 \
        return answer;                                                                             \
    }

WORKED_WITH(traffic_reference, 12, 1, answer = market_traffic_day(&bench.work, 0).shoppers)
WORKED_WITH(traffic_shock, 12, 1, {
    bench.nest->traffic_sd = 0.08;
    bench.work.state->traffic[0] = 1;
    answer = market_traffic_day(&bench.work, 0).shock;
})
WORKED_WITH(exposure_own, 2, 4,
            answer = market_organic_terms(&bench.work, 0, 0, listing).own_listings)
WORKED_WITH(exposure_new, 2, 1, {
    double settled = market_organic_terms(&bench.work, 0, 0, listing).rank;
    listing->sales_average = 0;
    answer = market_organic_terms(&bench.work, 0, 0, listing).rank / settled;
})
WORKED_WITH(exposure_health, 2, 1, {
    listing->late_average = 0.4;
    answer = market_organic_terms(&bench.work, 0, 0, listing).health;
})
WORKED_WITH(choice_price, 2, 1, {
    listing->price_minor = 2600;
    listing->coupon_minor = 200;
    answer = term(&bench, TERM_PRICE);
})
WORKED_WITH(choice_price_far, 2, 1, {
    listing->price_minor = 10000;
    answer = term(&bench, TERM_PRICE);
})
WORKED_WITH(choice_delivery, 2, 1, {
    bench.nest->promise_ref_days = 4;
    bench.work.lane_promise[listing->lane] = 12;
    listing->promise_days = 3; /* promised, not kept */
    answer = term(&bench, TERM_DELIVERY);
})
WORKED_WITH(choice_rating, 2, 1, {
    listing->review_count = 10;
    listing->stars_sum = 36;
    answer = term(&bench, TERM_RATING);
})
WORKED_WITH(choice_reviews, 2, 1, {
    listing->review_volume = 0;
    answer = term(&bench, TERM_REVIEWS);
})
WORKED_WITH(choice_trust, 2, 1, {
    listing->return_days = 30;
    answer = term(&bench, TERM_TRUST);
})
WORKED_WITH(share_reference, 12, 1, {
    choose(&bench, -1);
    answer = bench.day.nest_share[0];
})
WORKED_WITH(share_half, 12, 1, {
    choose(&bench, 0x3f);
    answer = bench.day.nest_share[2];
})

/* Own and cross elasticity of the expectation by a central difference, steps of 1e-5. */
static double elasticity(int firms, int measured)
{
    struct bench bench;
    bench_open(&bench, firms, 1);
    const int64_t reference = 100000000, step = 1000;
    bench.nest->price_ref_minor = reference;
    double expected[2];
    for (int side = 0; side < 2; side++) {
        for (int f = 0; f < firms; f++)
            listing_of(&bench, f, 0)->price_minor = reference;
        listing_of(&bench, 0, 0)->price_minor = reference + (side == 0 ? -step : step);
        choose(&bench, -1);
        expected[side] = bench.day.offers[measured].expected;
    }
    arena_clear(&bench.arena);
    double run = dm_log((double)(reference + step) / (double)(reference - step));
    return dm_log(expected[1] / expected[0]) / run;
}

static double elasticity_4(void)
{
    return elasticity(4, 0);
}
static double elasticity_12(void)
{
    return elasticity(12, 0);
}
static double elasticity_24(void)
{
    return elasticity(24, 0);
}

static double demand_median(void)
{
    return (double)dm_poisson_quantile(8, 0.5);
}
static double demand_high(void)
{
    return (double)dm_poisson_quantile(8, 0.99);
}

/* One listing is ten units short; its rivals have plenty. */
WORKED_WITH(spill_pool, 12, 1, {
    choose(&bench, -1);
    for (int i = 0; i < bench.day.offer_count; i++)
        bench.day.offers[i].drawn = i == 0 ? 10 + 240 : 1;
    market_service_spill(&bench.work, &bench.day);
    for (int i = 1; i < bench.day.offer_count; i++)
        answer += (double)bench.day.offers[i].spill_in;
})

static double gamma_median(void)
{
    return 2.5 * 2.5 / 4 * dm_gamma_quantile(4 / 2.5 * (4 / 2.5), 0.5);
}

/* What one sale posts, found in the books. */
static double sale_of(enum market_account account)
{
    struct bench bench;
    bench_open(&bench, 2, 1);
    choose(&bench, -1);
    bench.work.tax_rate_1e9[0] = 190000000;
    int64_t before = bench.work.state->firms[0].balance[account][1];
    bench.day.offers[0].served = 1;
    assert_int_equal(market_service_book(&bench.work, &bench.day), ERR_OK);
    int64_t after = bench.work.state->firms[0].balance[account][1];
    arena_clear(&bench.arena);
    return (double)(after - before) / 100;
}
static double sale_tax(void)
{
    return -sale_of(ACCOUNT_TAX);
}
static double sale_referral(void)
{
    return sale_of(ACCOUNT_REFERRAL);
}
static double sale_left(void)
{
    return sale_of(ACCOUNT_RECEIVABLE) + sale_of(ACCOUNT_TAX);
}

WORKED_WITH(freight_parcel, 2, 1,
            answer = (double)market_freight(bench.rules, &bench.rules->lanes[WORLD_LANE_LINE],
                                            &bench.products[0], 1, 1) /
                     100)

/* A delivery of many units, so that the mean of the stars shows: the spread is averaged out of many
 * seeds' worth of reviews by taking very many of them. */
static double stars_of(int64_t late_unit_days, int64_t price_minor)
{
    struct bench bench;
    bench_open(&bench, 1, 1);
    struct market_listing *listing = listing_of(&bench, 0, 0);
    double expected = 0;
    const int64_t units = 1000;
    struct market_parcels due = {.units = units,
                                 .goods = units,
                                 .late_unit_days = late_unit_days * units,
                                 .gross_minor = price_minor * units,
                                 .defect_units = 0.02 * (double)units};
    expected = market_stars_expected(&bench.work, 0, listing, &due);
    arena_clear(&bench.arena);
    return expected;
}
static double stars_late(void)
{
    return stars_of(2, 2000);
}
static double stars_price(void)
{
    return stars_of(0, 2400);
}
WORKED_WITH(return_rate, 2, 1, {
    listing->return_days = 30;
    struct market_parcels due = {
        .units = 100, .goods = 100, .gross_minor = 200000, .defect_units = 2};
    answer = market_return_rate(&bench.work, 0, listing, &due);
})

WORKED_WITH(storage, 2, 1, {
    struct market_firm *firm = &bench.work.state->firms[0];
    market_stock_at(bench.work.state, firm, 1, 0)->units = 100;
    for (int day = 0; day < 14; day++)
        market_books_day(&bench.work);
    answer = (double)firm->storage_due_minor[0] / 100;
})
static double storage_aged(void)
{
    assert_true(market_storage_aged(89.9) == 0);
    assert_true(market_storage_aged(1000) == market_storage_aged(240));
    return 2000 * market_storage_aged(120);
}
WORKED_WITH(interest, 2, 1, {
    struct market_firm *firm = &bench.work.state->firms[0];
    memset(firm->payouts, 0, sizeof(firm->payouts));
    firm->balance[ACCOUNT_CASH][0] = -1000000;
    market_books_day(&bench.work);
    answer = (double)firm->balance[ACCOUNT_INTEREST][0] / 100;
})

static double points_half(void)
{
    double points = 0;
    assert_true(market_points(1.1, 1.0, 1.2, 0.01, &points));
    return points;
}
WORKED_WITH(cover_double, 1, 1, {
    struct market_firm *firm = &bench.work.state->firms[0];
    market_stock_at(bench.work.state, firm, 1, 0)->units = 62 * 8;
    listing->now.latent = 8.0 * bench.rules->round_days;
    market_tally_round(&bench.work);
    answer = firm->tally.cover_sum;
})

static const struct worked table[] = {
    {"traffic_reference", traffic_reference},
    {"traffic_shock", traffic_shock},
    {"exposure_own_listings", exposure_own},
    {"exposure_new_listing", exposure_new},
    {"exposure_health", exposure_health},
    {"choice_price", choice_price},
    {"choice_price_far", choice_price_far},
    {"choice_delivery", choice_delivery},
    {"choice_rating", choice_rating},
    {"choice_reviews", choice_reviews},
    {"choice_trust", choice_trust},
    {"choice_share_reference", share_reference},
    {"choice_share_half", share_half},
    {"elasticity_4", elasticity_4},
    {"elasticity_12", elasticity_12},
    {"elasticity_24", elasticity_24},
    {"demand_median", demand_median},
    {"demand_high", demand_high},
    {"spill_pool", spill_pool},
    {"lane_gamma_median", gamma_median},
    {"sale_tax", sale_tax},
    {"sale_referral", sale_referral},
    {"sale_left", sale_left},
    {"freight_parcel", freight_parcel},
    {"stars_late", stars_late},
    {"stars_price", stars_price},
    {"return_rate", return_rate},
    {"storage", storage},
    {"storage_aged", storage_aged},
    {"interest", interest},
    {"points_half", points_half},
    {"cover_double", cover_double},
};

/* Compare one "worked NAME = VALUE" of the page; half a unit of its last printed digit is allowed.
 */
static bool agrees(const char *name, const char *printed, double value)
{
    const char *point = strchr(printed, '.');
    size_t digits = point != NULL ? strspn(point + 1, "0123456789") : 0;
    double allowed = 0.5 + 1e-6;
    for (size_t d = 0; d < digits; d++)
        allowed /= 10;
    double stated = strtod(printed, NULL);
    if (fabs(stated - value) <= allowed)
        return true;
    print_message("%s: the page says %s, the engine %.10g\n", name, printed, value);
    return false;
}

static void page_and_engine_agree(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct str page;
    struct problem problem = {0};
    assert_int_equal(
        file_read(&arena, SAMPAN_SOURCE_ROOT "/docs/model.md", 1 << 20, &page, &problem), ERR_OK);
    bool seen[COUNT_OF(table)] = {false}, good = true;
    int found = 0;
    for (const char *at = strstr(page.text, "`worked "); at != NULL;
         at = strstr(at + 1, "`worked ")) {
        char name[64], printed[32];
        assert_int_equal(sscanf(at, "`worked %63[a-z0-9_] = %31[-0-9.]", name, printed), 2);
        size_t i = 0;
        while (i < COUNT_OF(table) && strcmp(table[i].name, name) != 0)
            i++;
        if (i == COUNT_OF(table)) {
            print_message("%s: on the page, not in the test\n", name);
            good = false;
            continue;
        }
        seen[i] = true;
        found++;
        good = agrees(name, printed, table[i].compute()) && good;
    }
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (!seen[i]) {
            print_message("%s: in the test, not on the page\n", table[i].name);
            good = false;
        }
    assert_true(good);
    assert_int_equal(found, COUNT_OF(table));
    arena_clear(&arena);
}

/* Market model, section 3, bands: exact to 1e-6 against the formula. */
static void elasticities_follow_the_formula(void **state)
{
    (void)state;
    static const int firms[] = {4, 12, 24};
    const double lambda = 0.6, s = 0.6, beta = 1.74;
    for (size_t i = 0; i < COUNT_OF(firms); i++) {
        double j = firms[i], part = (1 - lambda * (1 - s)) / j;
        double own = elasticity(firms[i], 0), cross = elasticity(firms[i], 1);
        assert_true(fabs(own + beta / lambda * (1 - part)) < 1e-6);
        assert_true(fabs(cross - beta / lambda * part) < 1e-6);
        /* All together: own plus the cross effects of the others. */
        assert_true(fabs(own + (j - 1) * cross + beta * (1 - s)) < 1e-5);
    }
}

/* Six firms or twenty-four, equal listings: the market's total a firm is the same. */
static void totals_a_firm_do_not_depend_on_their_number(void **state)
{
    (void)state;
    static const int firms[] = {6, 24};
    for (size_t i = 0; i < COUNT_OF(firms); i++) {
        struct bench bench;
        bench_open(&bench, firms[i], 1);
        choose(&bench, -1);
        double total = 0;
        for (int o = 0; o < bench.day.offer_count; o++)
            total += bench.day.offers[o].expected;
        assert_true(fabs(total / firms[i] - 8) < 1e-9);
        arena_clear(&bench.arena);
    }
}

/* A promise below what the lane keeps sells exactly what the kept days sell. */
static void broken_promises_sell_nothing_extra(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 12, 1);
    struct market_listing *listing = listing_of(&bench, 0, 0);
    listing->promise_days = (int)bench.work.lane_promise[listing->lane];
    choose(&bench, -1);
    double kept = bench.day.offers[0].expected;
    listing->promise_days = 1;
    choose(&bench, -1);
    assert_true(bench.day.offers[0].expected == kept);
    listing->promise_days = 20;
    choose(&bench, -1);
    assert_true(bench.day.offers[0].expected < kept);
    arena_clear(&bench.arena);
}

/* Nothing is sold without stock, and a nest without live listings sells nothing. */
static void ghosts_sell_nothing(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, 4, 1);
    choose(&bench, 0);
    for (int o = 0; o < bench.day.offer_count; o++) {
        assert_true(bench.day.offers[o].expected == 0);
        assert_true(bench.day.offers[o].exposure == 0);
    }
    choose(&bench, 2);
    assert_true(bench.day.offers[1].exposure == 1);
    arena_clear(&bench.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_and_engine_agree),
        cmocka_unit_test(elasticities_follow_the_formula),
        cmocka_unit_test(totals_a_firm_do_not_depend_on_their_number),
        cmocka_unit_test(broken_promises_sell_nothing_extra),
        cmocka_unit_test(ghosts_sell_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
