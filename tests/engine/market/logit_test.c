/* The choice model against the shared logit cases: with lambda 1, equal exposure and u0 = -ln J the
 * nested, exposure-weighted logit is the textbook's, outside utility 0. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/json.h"
#include "engine/market/nest.h"
#include "world.h"

enum { GOODS_MAX = 6 };

/* Shares of goods with the given utilities: one firm a good, nothing but appeal in the utility. */
static void shares_of(const double *utility, int goods, double *share)
{
    struct arena arena;
    arena_init(&arena);
    struct world_options options = {.firms = goods, .products = goods};
    struct market_rules *rules = world_rules(&arena, &options);
    struct market_nest *nest = (struct market_nest *)(uintptr_t)rules->nests;
    struct market_product *products = (struct market_product *)(uintptr_t)rules->products;
    struct market_key key = world_key("logit");
    struct market_result result;
    struct problem problem = {0};
    nest->listings_ref = 1;
    assert_int_equal(market_open(&arena, rules, &key, &result, &problem), ERR_OK);
    rules->demand.lambda = 1;
    rules->demand.inside_share = (double)goods / (goods + 1);
    struct market_work work;
    market_work_init(&work, &arena, rules, &key, NULL, result.after, &problem);
    market_lanes_promise(&work);
    nest->promise_ref_days = result.after->firms[0].listings[0].promise_days;
    struct market_nest_day day = {.nest = 0, .traffic.shoppers = 1};
    day.offers = ARENA_ARRAY(&arena, struct market_offer, (size_t)goods);
    for (int j = 0; j < goods; j++) {
        struct market_listing *listing = &result.after->firms[j].listings[0];
        listing->product = j;
        listing->price_minor = nest->price_ref_minor;
        products[j].appeal = utility[j];
        day.offers[day.offer_count++] =
            (struct market_offer){.firm = j, .listing = listing, .listed = true, .live = true};
    }
    market_choice_prepare(&work, &day);
    market_choice_day(&work, &day);
    for (int j = 0; j < goods; j++)
        share[j] = day.offers[j].expected;
    arena_clear(&arena);
}

static int numbers(const struct json *object, const char *key, double *values)
{
    struct json list = json_child(object, key);
    int count = (int)json_count(&list);
    assert_true(count <= GOODS_MAX);
    for (int i = 0; i < count; i++) {
        struct json item = json_item(&list, (size_t)i);
        assert_true(json_double(&item, &values[i]));
    }
    return count;
}

static double number(const struct json *object, const char *key)
{
    struct json child = json_child(object, key);
    double value = 0;
    assert_true(json_double(&child, &value));
    return value;
}

static void near_enough(double value, double expected, double relative)
{
    if (fabs(value - expected) > relative * fabs(expected))
        print_message("%.15g, expected %.15g\n", value, expected);
    assert_true(fabs(value - expected) <= relative * fabs(expected));
}

static void utilities_at(const double *intercept, const double *price, int goods, double alpha,
                         double *utility)
{
    for (int j = 0; j < goods; j++)
        utility[j] = intercept[j] - alpha * price[j];
}

/* Shares to 1e-9; own and cross elasticities by central differences. */
static void logit_shares(const struct json *input, const struct json *expected)
{
    double intercept[GOODS_MAX], price[GOODS_MAX], utility[GOODS_MAX], share[GOODS_MAX],
        wanted[GOODS_MAX], up[GOODS_MAX], down[GOODS_MAX];
    int goods = numbers(input, "intercepts", intercept);
    double alpha = number(input, "price_coefficient");
    numbers(input, "prices", price);
    numbers(expected, "shares", wanted);
    utilities_at(intercept, price, goods, alpha, utility);
    shares_of(utility, goods, share);
    double inside = 0;
    for (int j = 0; j < goods; j++) {
        near_enough(share[j], wanted[j], 1e-9);
        inside += share[j];
    }
    near_enough(1 - inside, number(expected, "outside_share"), 1e-9);
    struct json rows = json_child(expected, "elasticity_of_j_wrt_price_k");
    for (int k = 0; k < goods; k++) {
        const double step = 1e-5;
        utility[k] -= alpha * price[k] * step;
        shares_of(utility, goods, up);
        utility[k] += 2 * alpha * price[k] * step;
        shares_of(utility, goods, down);
        utility[k] -= alpha * price[k] * step;
        for (int j = 0; j < goods; j++) {
            struct json row = json_item(&rows, (size_t)j), cell = json_item(&row, (size_t)k);
            double elasticity = 0;
            assert_true(json_double(&cell, &elasticity));
            near_enough(log(up[j] / down[j]) / (2 * step), elasticity, 1e-6);
        }
    }
}

/* At the equilibrium's prices the shares are the case's, and each seller's markup is the one its
 * own shares ask for: 1 / (alpha (1 - sum of own shares)). */
static void bertrand_nash(const struct json *input, const struct json *expected)
{
    double intercept[GOODS_MAX], cost[GOODS_MAX], owner[GOODS_MAX], price[GOODS_MAX],
        utility[GOODS_MAX], share[GOODS_MAX], wanted[GOODS_MAX];
    int goods = numbers(input, "intercepts", intercept);
    double alpha = number(input, "price_coefficient");
    numbers(input, "marginal_costs", cost);
    numbers(input, "owner", owner);
    numbers(expected, "prices", price);
    numbers(expected, "shares", wanted);
    utilities_at(intercept, price, goods, alpha, utility);
    shares_of(utility, goods, share);
    for (int j = 0; j < goods; j++) {
        near_enough(share[j], wanted[j], 1e-6);
        double own = 0;
        for (int k = 0; k < goods; k++)
            own += owner[k] == owner[j] ? share[k] : 0;
        near_enough(price[j], cost[j] + 1 / (alpha * (1 - own)), 1e-6);
    }
}

static void shared_cases_agree(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    const char *root = getenv("SAMPAN_SHARED");
    struct str path = root != NULL
                          ? str_format(&arena, "%s/cases/supply-chain/analytic.json", root)
                          : str_format(&arena, "%s/../shared/cases/supply-chain/analytic.json",
                                       SAMPAN_SOURCE_ROOT);
    struct json_document *document = NULL;
    struct json file;
    struct problem problem = {0};
    if (json_read_file(path.text, &document, &file, &problem) != ERR_OK) {
        arena_clear(&arena);
        if (getenv("SAMPAN_REQUIRE_SHARED") != NULL)
            fail_msg("the shared cases are required and not there");
        print_message("skipped: the shared cases are not there (SAMPAN_SHARED)\n");
        skip();
    }
    int cases = 0;
    for (size_t i = 0; i < json_count(&file); i++) {
        struct json one = json_item(&file, i), input = json_child(&one, "input"),
                    expected = json_child(&one, "expected");
        struct json model = json_child(&input, "model");
        struct str name;
        if (!json_text(&model, &name))
            continue;
        bool shares = str_equal_c(name, "logit_shares");
        if (!shares && !str_equal_c(name, "logit_bertrand_nash"))
            continue;
        if (shares)
            logit_shares(&input, &expected);
        else
            bertrand_nash(&input, &expected);
        cases++;
    }
    assert_true(cases >= 5);
    json_close(document);
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(shared_cases_agree)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
