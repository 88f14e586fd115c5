/* Packs of trade rules: groups, currencies, bad rows, and the pack that comes with the program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "app/training/scenario.h"
#include "app/training/trade_rules_read.h"
#include "core/arena.h"
#include "core/date.h"

static struct arena arena;
static struct problem problem;
static struct scenario scenario;

static int group_setup(void **state)
{
    (void)state;
    arena_init(&arena);
    assert_int_equal(scenario_read(&arena, SAMPAN_SOURCE_ROOT "/data/scenarios/hidden-shop.json",
                                   &scenario, &problem),
                     ERR_OK);
    return 0;
}

static int group_teardown(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

struct refusal {
    const char *rows;
    enum err code;
    const char *place; /* NULL: elsewhere */
};

#define RULES_HEADER                                                                               \
    "id,market,kind,mode,hs6_prefix,origin,formula,base,rate,amount,currency,threshold_low,"       \
    "threshold_high,rounding,rounding_step,valid_from,valid_to,announced_on,status,confidence,"    \
    "source,note\n"

static enum err pack_read(const char *rows, struct trade_rules *trade)
{
    struct trade_pack_text text = {
        .pack_path = "pack.csv",
        .groups_path = "groups.csv",
        .rules_path = "rules.csv",
        .pack = STR("format_version,collected_on,checked_on,checked_by\n"
                    "1,2026-11-23,2026-11-24,A. Teacher\n"),
        .groups = STR("group,member,valid_from,valid_to\nEU,DE,,\nEU,GB,,2020-02-01\n"),
        .rules = str_format(&arena, "%s%s", RULES_HEADER, rows)};
    memset(&problem, 0, sizeof(problem));
    return trade_rules_parse(&arena, &text, &scenario.rules, trade, &problem);
}

static void a_group_is_copied_for_members_of_ours(void **state)
{
    struct trade_rules trade;
    (void)state;
    assert_int_equal(pack_read("a,EU,tax,,,,rate,value,0.2,,,,,,,2010-01-01,,,in_force,assumed,x,\n"
                               "b,US,tax,,,,rate,value,0.1,,,,,,,,,,in_force,assumed,x,\n"
                               "c,DE,duty,,8518,,rate,,0.1,,,,,,,,,,in_force,assumed,x,\n",
                               &trade),
                     ERR_OK);
    /* The US is no market of the scenario, 8518 no class of it. */
    assert_int_equal(trade.count, 2);
    assert_string_equal(trade.rows[0].id, "a-de");
    assert_int_equal(trade.rows[0].valid_to, INT32_MAX);
    assert_string_equal(trade.rows[1].id, "a-gb");
    int32_t left;
    assert_true(date_parse(STR("2020-02-01"), &left));
    assert_int_equal(trade.rows[1].valid_to, left);
    assert_string_equal(trade.checked_by, "A. Teacher");
}

static void amounts_are_converted_into_the_markets_currency(void **state)
{
    struct trade_rules trade;
    (void)state;
    /* 135 GBP * 9.038 / 7.8026 = 156.37 EUR */
    assert_int_equal(
        pack_read("d,DE,duty,,,,rate,,0,,GBP,,135.00,,,,,,in_force,assumed,x,\n", &trade), ERR_OK);
    assert_int_equal(trade.rows[0].threshold_high_minor, 15637);
    assert_int_equal(trade.rows[0].rounding_step_minor, 1);
}

static void bad_rows_of_a_pack_bear_their_line(void **state)
{
    static const struct refusal bad[] = {
        {"e,DE,duti,,,,rate,,0,,,,,,,,,,in_force,assumed,x,\n", ERR_CHOICE, "rules.csv:2: kind"},
        {"e,DE,duty,,,,rate,,x,,,,,,,,,,in_force,assumed,x,\n", ERR_NUMBER, "rules.csv:2: rate"},
        {"e,DE,duty,,,,rate,,0,3,,,,,,,,,in_force,assumed,x,\n", ERR_FIELD_MISSING,
         "rules.csv:2: amount"},
        {"e,DE,duty,,,,rate,,0,3,AUD,,,,,,,,in_force,assumed,x,\n", ERR_CURRENCY_UNKNOWN,
         "rules.csv:2: currency"},
        {"e,DE,duty,,,,rate,,0,,,,,,,2026-13-01,,,in_force,assumed,x,\n", ERR_DATE_BAD,
         "rules.csv:2: valid_from"},
        {"e,DE,duty,,,,rate,,0,,,,,,,,,,in_force,assumed,,\n", ERR_FIELD_MISSING,
         "rules.csv:2: source"},
        {"e,DE,duty\n", ERR_CSV_COLUMNS, "rules.csv:2"},
        {"e,DE,duty,,,,rate,,0,,,,,,,,,,in_force,assumed,x,\n"
         "f,DE,duty,,,,rate,,1,,,,,,,,,,in_force,assumed,x,\n",
         ERR_SCENARIO, NULL},
    };
    struct trade_rules trade;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        enum err code = pack_read(bad[i].rows, &trade);
        if (code != bad[i].code ||
            (bad[i].place != NULL && strcmp(problem.place, bad[i].place) != 0))
            fail_msg("%s: %s at %s", bad[i].rows, err_name(code), problem.place);
    }
}

static void the_shipped_pack_serves_every_market_it_names(void **state)
{
    static const char *const markets[] = {"GB", "DE", "FR", "US", "AU", "JP"};
    (void)state;
    for (size_t m = 0; m < COUNT_OF(markets); m++) {
        struct currency currency;
        bool found;
        assert_int_equal(trade_rules_currency(SAMPAN_SOURCE_ROOT "/data/trade", markets[m],
                                              &currency, &found, &problem),
                         ERR_OK);
        assert_true(found);
        int64_t one = RATE_ONE;
        struct market_country market = {0};
        memcpy(market.name.id, markets[m], 2);
        struct market_rules rules = {.markets = &market,
                                     .market_count = 1,
                                     .currency_count = 1,
                                     .currencies = {currency},
                                     .fx_days = 1,
                                     .fx_1e9 = &one};
        struct trade_rules trade;
        assert_int_equal(
            trade_rules_read(&arena, SAMPAN_SOURCE_ROOT "/data/trade", &rules, &trade, &problem),
            ERR_OK);
        assert_true(trade.count > 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_group_is_copied_for_members_of_ours),
        cmocka_unit_test(amounts_are_converted_into_the_markets_currency),
        cmocka_unit_test(bad_rows_of_a_pack_bear_their_line),
        cmocka_unit_test(the_shipped_pack_serves_every_market_it_names),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
