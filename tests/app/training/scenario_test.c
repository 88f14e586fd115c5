/* Scenario documents: what is read, what is refused and where, and that nothing is lost. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/training/scenario.h"
#include "app/training/scenario_fields.h"
#include "core/arena.h"
#include "core/date.h"
#include "core/file.h"
#include "engine/market/baskets.h"

#define SCENARIOS SAMPAN_SOURCE_ROOT "/data/scenarios"

static struct arena arena;
static struct problem problem;

/* Folders made by the tests, removed at the end. */
static const char *scratch_folders[32];
static int scratch_count;

/* The shipped scenario with its trade rows inside, as text: the ground of the edits below. */
static struct str whole;

static int group_setup(void **state)
{
    struct scenario scenario;
    struct buf text;
    (void)state;
    arena_init(&arena);
    assert_int_equal(scenario_read(&arena, SCENARIOS "/hidden-shop.json", &scenario, &problem),
                     ERR_OK);
    buf_init(&text);
    scenario_append(&scenario, &text);
    whole = str_copy(&arena, buf_str(&text));
    buf_clear(&text);
    return 0;
}

static int group_teardown(void **state)
{
    (void)state;
    for (int i = 0; i < scratch_count; i++)
        assert_int_equal(folder_remove(scratch_folders[i], &problem), ERR_OK);
    arena_clear(&arena);
    return 0;
}

static enum err parse(struct str text, struct scenario *scenario)
{
    memset(&problem, 0, sizeof(problem));
    return scenario_parse(&arena, text, NULL, scenario, &problem);
}

static struct str text_of(const struct scenario *scenario)
{
    struct buf text;
    buf_init(&text);
    scenario_append(scenario, &text);
    struct str copy = str_copy(&arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

/* `whole` with the first `from` replaced. */
static struct str edited(const char *from, const char *to)
{
    const char *at = strstr(whole.text, from);
    struct buf text;
    assert_non_null(at);
    buf_init(&text);
    buf_append(&text, (struct str){whole.text, (size_t)(at - whole.text)});
    buf_append_c(&text, to);
    buf_append_c(&text, at + strlen(from));
    struct str copy = str_copy(&arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

static const struct scenario_figure *figure(const struct scenario *scenario, const char *path)
{
    return scenario_figure_find(scenario, str_from_c(path));
}

/* ---- what is read ---- */

static void shipped_scenario_says_what_it_holds(void **state)
{
    struct scenario scenario;
    int64_t rate = 0;
    (void)state;
    assert_int_equal(parse(whole, &scenario), ERR_OK);
    const struct market_rules *rules = &scenario.rules;
    assert_string_equal(rules->id, "hidden-shop");
    assert_true(scenario.invented);
    assert_int_equal(rules->level, 1);
    assert_int_equal(rules->rounds * rules->round_days, 364);
    assert_int_equal(date_weekday(rules->start_date), 0);
    assert_int_equal(rules->market_count, 2);
    assert_int_equal(rules->product_count, 3);
    assert_string_equal(rules->currencies[0].code, "CNY");
    /* 6.7758 / 0.7497 yuan a pound: Federal Reserve, June 2026. */
    assert_int_equal(market_fx(rules, 1, 0), INT64_C(9038000000));
    assert_int_equal(market_fx(rules, 1, 363), INT64_C(9038000000));
    assert_int_equal(rules->nests[0].price_ref_minor, 1990);
    assert_int_equal(rules->nests[1].referral_rate_1e9, 150000000);
    assert_int_equal(rules->suppliers[0].break_count, 3);
    assert_int_equal(rules->suppliers[0].breaks[2].price_minor, 2250);
    assert_int_equal(rules->products[0].storage_fee_1e9[0], 100000000);
    double mean = 0;
    for (int week = 0; week < 52; week++)
        mean += rules->markets[0].season[week] / 52;
    assert_true(fabs(mean - 1) < 0.001);
    assert_int_equal(
        trade_tax_rate(&rules->trade, "DE", "420292", rules->start_date, &rate, &problem), ERR_OK);
    assert_int_equal(rate, 190000000);
    assert_non_null(scenario.baskets);
    assert_int_equal(market_baskets_check(&scenario.baskets[0], &problem), ERR_OK);
}

static void written_read_and_written_again_are_the_same_bytes(void **state)
{
    struct scenario scenario;
    (void)state;
    assert_int_equal(parse(whole, &scenario), ERR_OK);
    struct str again = text_of(&scenario);
    assert_int_equal(again.length, whole.length);
    assert_memory_equal(again.text, whole.text, whole.length);
}

static void shipped_file_stands_as_it_would_be_written(void **state)
{
    struct str file;
    (void)state;
    assert_int_equal(file_read(&arena, SCENARIOS "/hidden-shop.json", 1 << 20, &file, &problem),
                     ERR_OK);
    const char *trade = strstr(file.text, "  \"trade\":");
    assert_non_null(trade);
    assert_memory_equal(file.text, whole.text, (size_t)(trade - file.text));
}

static void exchange_rates_may_change_by_the_day(void **state)
{
    struct scenario scenario;
    (void)state;
    struct str text = edited("\"value\":9.038,", "\"value\":[9,9.5,9.25,9.25],");
    assert_int_equal(parse(text, &scenario), ERR_OK);
    assert_int_equal(scenario.rules.fx_days, 4);
    assert_int_equal(market_fx(&scenario.rules, 0, 2), RATE_ONE);
    assert_int_equal(market_fx(&scenario.rules, 1, 1), INT64_C(9500000000));
    assert_int_equal(market_fx(&scenario.rules, 1, 99), INT64_C(9250000000));
    assert_int_equal(market_fx(&scenario.rules, 2, 3), INT64_C(7802600000));
    struct str once = text_of(&scenario);
    assert_non_null(strstr(once.text, "[9,9.5,9.25]"));
    assert_int_equal(parse(once, &scenario), ERR_OK);
    assert_int_equal(market_fx(&scenario.rules, 1, 3), INT64_C(9250000000));
    assert_string_equal(text_of(&scenario).text, once.text);
}

static void plain_values_are_values_without_a_figure(void **state)
{
    struct scenario scenario;
    int counts[6], before[6];
    (void)state;
    assert_int_equal(parse(whole, &scenario), ERR_OK);
    scenario_origins_count(&scenario, before);
    struct str text = edited(
        "\"units_per_firm_day\": {\"value\":17.1123,\"origin\":\"set\",\"source\":\"balance\"}",
        "\"units_per_firm_day\": 16.25");
    assert_int_equal(parse(text, &scenario), ERR_OK);
    assert_true(scenario.rules.nests[0].units_per_firm_day == 16.25);
    assert_null(figure(&scenario, "nests[0].units_per_firm_day"));
    scenario_origins_count(&scenario, counts);
    assert_int_equal(counts[ORIGIN_SET], before[ORIGIN_SET]);
    assert_int_equal(counts[ORIGIN_ASSUMED], before[ORIGIN_ASSUMED]);
    assert_non_null(strstr(text_of(&scenario).text, "\"units_per_firm_day\": 16.25,"));
}

static void figures_keep_error_count_source_date_and_note(void **state)
{
    struct scenario scenario;
    (void)state;
    struct str text = edited(
        "\"units_per_firm_day\": {\"value\":17.1123,\"origin\":\"set\",\"source\":\"balance\"}",
        "\"units_per_firm_day\": {\"value\":16,\"origin\":\"estimated\",\"se\":0.4,"
        "\"n\":212,\"source\":\"orders \\\"A\\\"\",\"date\":\"2026-11-24\","
        "\"note\":\"店\"}");
    assert_int_equal(parse(text, &scenario), ERR_OK);
    const struct scenario_figure *found = figure(&scenario, "nests[0].units_per_firm_day");
    assert_non_null(found);
    assert_int_equal(found->origin, ORIGIN_ESTIMATED);
    assert_true(found->has_error && found->standard_error == 0.4);
    assert_int_equal(found->count, 212);
    assert_true(str_equal_c(found->source, "orders \"A\""));
    assert_true(found->has_date);
    assert_true(str_equal_c(found->note, "店"));
    struct str once = text_of(&scenario);
    assert_int_equal(parse(once, &scenario), ERR_OK);
    assert_string_equal(text_of(&scenario).text, once.text);
}

static void absent_fields_take_their_default_and_say_so(void **state)
{
    struct scenario scenario;
    (void)state;
    struct str text = edited("\"lambda\": {\"value\":0.6,", "\"lambda\": {\"value\":0.5,");
    assert_int_equal(parse(text, &scenario), ERR_OK);
    assert_true(scenario.rules.demand.lambda == 0.5);
    const char *start = strstr(whole.text, "  \"demand\": {");
    const char *end = strstr(whole.text, "  \"finance\": {");
    struct buf buf;
    buf_init(&buf);
    buf_append(&buf, (struct str){whole.text, (size_t)(start - whole.text)});
    buf_append_c(&buf, end);
    assert_int_equal(parse(buf_str(&buf), &scenario), ERR_OK);
    buf_clear(&buf);
    assert_true(scenario.rules.demand.lambda == 0.6);
    assert_true(scenario.rules.demand.price_beta[2] == 0.9);
    assert_int_equal(figure(&scenario, "demand.lambda")->origin, ORIGIN_DEFAULT);
    assert_non_null(strstr(figure(&scenario, "demand.lambda")->source.text, "Bijmolt"));
    assert_int_equal(figure(&scenario, "demand.luck_sd")->origin, ORIGIN_ASSUMED);
    assert_string_equal(text_of(&scenario).text, whole.text);
}

static void defaults_are_those_of_the_model(void **state)
{
    struct scenario scenario;
    struct market_country market = {.name = {"DE", "Germany", "德国"}};
    struct market_lane lane;
    struct currency yuan = {"CNY"};
    (void)state;
    scenario_defaults(&arena, &scenario, yuan, 7);
    assert_true(scenario.rules.demand.segment_weight[1] == 0.45);
    assert_true(scenario.rules.demand.brand_kappa == 0.072);
    assert_int_equal(scenario.rules.finance.overdraft_rate_1e9, 120000000);
    assert_int_equal(scenario.rules.finance.cash_opening_minor, 21000000);
    int64_t weights = 0;
    for (int i = 0; i < INDICATOR_COUNT; i++)
        weights += scenario.rules.score_weight_1e9[i];
    assert_int_equal(weights, RATE_ONE);
    scenario.rules.markets = &market;
    scenario.rules.market_count = 1;
    scenario_default_lane(&arena, &scenario, SCENARIO_LANE_EXPRESS, 0, 7, 4, &lane);
    assert_string_equal(lane.name.id, "express-DE");
    assert_int_equal(lane.days_min, 3);
    assert_true(lane.gamma_mean == 2 && lane.gamma_sd == 1 && lane.loss_rate == 0.001);
    assert_int_equal(lane.weight_step_g, 500);
    assert_int_equal(lane.volume_divisor, 5000);
    assert_int_equal(figure(&scenario, "lanes[4].days_min")->origin, ORIGIN_ASSUMED);
    scenario_default_lane(&arena, &scenario, SCENARIO_LANE_SEA, 0, 7, 5, &lane);
    assert_int_equal(lane.kind, LANE_BULK);
    assert_int_equal(lane.days_min, 24);
    /* Monthly sd within the model's 0.15 .. 0.25. */
    assert_true(lane.freight_sd * sqrt(30) > 0.149 && lane.freight_sd * sqrt(30) < 0.251);
    assert_int_equal(figure(&scenario, "lanes[5].price_per_kg")->origin, ORIGIN_DEFAULT);
}

static void parameters_are_listed_with_their_value(void **state)
{
    const struct scenario_parameter *parameters;
    struct scenario scenario;
    int count, counts[6], sum = 0, found = 0;
    (void)state;
    assert_int_equal(parse(whole, &scenario), ERR_OK);
    scenario_parameters(&arena, &scenario, &parameters, &count);
    scenario_origins_count(&scenario, counts);
    for (int o = 0; o < 6; o++)
        sum += counts[o];
    assert_int_equal(sum, count);
    assert_int_equal(counts[ORIGIN_ASSUMED], scenario.rules.assumed_count);
    for (int i = 0; i < count; i++) {
        if (str_equal_c(parameters[i].path, "nests[0].price_ref")) {
            assert_true(str_equal_c(parameters[i].value, "\"19.90\""));
            found++;
        }
        if (str_equal_c(parameters[i].path, "products[2].fulfil_fee.DE")) {
            assert_true(str_equal_c(parameters[i].value, "\"3.95\""));
            found++;
        }
    }
    assert_int_equal(found, 2);
}

/* ---- what is refused ---- */

struct refusal {
    const char *from, *to;
    enum err code;
    const char *place;
};

#define B16 "\"units_per_firm_day\": {\"value\":17.1123,\"origin\":\"set\",\"source\":\"balance\"}"

static const struct refusal refusals[] = {
    /* the document */
    {"\"format\": 1", "\"format\": 2", ERR_FILE_VERSION, "format"},
    {"\"format\": 1,", "", ERR_FIELD_MISSING, "format"},
    {"\"format\": 1", "\"format\": \"1\"", ERR_JSON_TYPE, "format"},
    {"\"level\": 1", "\"levle\": 1", ERR_FIELD_UNKNOWN, "levle"},
    {"\"level\": 1", "\"level\": 3", ERR_LEVEL_CLOSED, "level"},
    {"\"level\": 1", "\"level\": 1.5", ERR_JSON_TYPE, "level"},
    {"\"level\": 1", "\"level\": 99999999999", ERR_RANGE, "level"},
    {"\"level\": 1", "\"level\": 99999999999999999999", ERR_JSON_SYNTAX, ""},
    {"\"rounds\": 26", "\"rounds\": 0", ERR_RANGE, "rounds"},
    {"\"rounds\": 26", "\"rounds\": -1", ERR_RANGE, "rounds"},
    {"\"rounds\": 26", "\"rounds\": 26, \"rounds\": 3", ERR_FIELD_TWICE, ""},
    {"\"round_days\": 14", "\"round_days\": 10", ERR_CHOICE, "round_days"},
    {"\"firms\": 4", "\"firms\": 25", ERR_RANGE, "firms"},
    {"\"firms\": 4", "\"firms\": NaN", ERR_JSON_SYNTAX, ""},
    {"\"firms\": 4", "\"firms\": Infinity", ERR_JSON_SYNTAX, ""},
    {"\"start_date\": \"2025-01-06\"", "\"start_date\": \"2025-02-30\"", ERR_DATE_BAD,
     "start_date"},
    {"\"warm_start\": true", "\"warm_start\": 1", ERR_JSON_TYPE, "warm_start"},
    {"\"invented\": true,", "", ERR_FIELD_MISSING, "invented"},
    {"\"id\": \"hidden-shop\"", "\"id\": \"hidden/shop\"", ERR_ID_BAD, "id"},
    {"\"id\": \"hidden-shop\"", "\"id\": \"\"", ERR_ID_BAD, "id"},
    /* money */
    {"[\"CNY\",\"GBP\",\"EUR\"]", "[\"CNY\",\"GBP\",\"EUX\"]", ERR_CURRENCY_UNKNOWN,
     "currencies[2]"},
    {"[\"CNY\",\"GBP\",\"EUR\"]", "[\"CNY\",\"GBP\",7]", ERR_CURRENCY_UNKNOWN, "currencies[2]"},
    {"[\"CNY\",\"GBP\",\"EUR\"]", "[\"CNY\",\"GBP\",\"GBP\"]", ERR_FIELD_TWICE, "currencies[2]"},
    {"[\"CNY\",\"GBP\",\"EUR\"]", "[]", ERR_FIELD_MISSING, "currencies"},
    {"[\"CNY\",\"GBP\",\"EUR\"]", "[\"CNY\",\"GBP\"]", ERR_FIELD_UNKNOWN, "fx.EUR"},
    {"[\"CNY\",\"GBP\",\"EUR\"]", "[\"CNY\",\"GBP\",\"EUR\",\"USD\"]", ERR_FIELD_MISSING, "fx.USD"},
    {"\"value\":9.038,", "\"value\":-9.038,", ERR_RANGE, "fx.GBP.value"},
    {"\"value\":9.038,", "\"value\":0,", ERR_RANGE, "fx"},
    {"\"value\":9.038,", "\"value\":1e999,", ERR_JSON_SYNTAX, ""},
    {"\"value\":9.038,", "\"value\":[],", ERR_LIST_LENGTH, "fx.GBP.value"},
    {"\"value\":9.038,", "\"value\":[9,\"x\"],", ERR_JSON_TYPE, "fx.GBP.value[1]"},
    {"\"value\":\"19.90\"", "\"value\":\"19.901\"", ERR_MONEY_DECIMALS, "nests[0].price_ref.value"},
    {"\"value\":\"19.90\"", "\"value\":\"-1\"", ERR_RANGE, "nests[0].price_ref"},
    {"\"value\":\"19.90\"", "\"value\":\"99999999999999999999\"", ERR_RANGE,
     "nests[0].price_ref.value"},
    {"\"value\":\"19.90\"", "\"value\":true", ERR_JSON_TYPE, "nests[0].price_ref.value"},
    {"\"value\":\"19.90\"", "\"value\":1e30", ERR_NUMBER, "nests[0].price_ref.value"},
    /* figures */
    {B16, "\"units_per_firm_day\": {\"value\":16,\"origin\":\"guess\"}", ERR_CHOICE,
     "nests[0].units_per_firm_day.origin"},
    {B16, "\"units_per_firm_day\": {\"value\":16}", ERR_FIELD_MISSING,
     "nests[0].units_per_firm_day.origin"},
    {B16, "\"units_per_firm_day\": {\"value\":16,\"origin\":\"set\",\"se\":-1}", ERR_RANGE,
     "nests[0].units_per_firm_day.se"},
    {B16, "\"units_per_firm_day\": {\"value\":16,\"origin\":\"set\",\"sd\":1}", ERR_FIELD_UNKNOWN,
     "nests[0].units_per_firm_day.sd"},
    {B16, "\"units_per_firm_day\": {\"origin\":\"set\"}", ERR_JSON_TYPE,
     "nests[0].units_per_firm_day"},
    {B16, "\"units_per_firm_day\": {\"value\":16,\"origin\":\"set\",\"date\":\"soon\"}",
     ERR_DATE_BAD, "nests[0].units_per_firm_day.date"},
    {B16, "\"units_per_firm_day\": null", ERR_JSON_TYPE, "nests[0].units_per_firm_day"},
    {B16 ",", "", ERR_FIELD_MISSING, "nests[0].units_per_firm_day"},
    {B16, "\"units_per_firm_day\": 1e308", ERR_RANGE, "nests[0].units_per_firm_day"},
    {B16, "\"units_per_firm_day\": -3", ERR_RANGE, "nests[0].units_per_firm_day"},
    /* names */
    {"\"market\": \"DE\",\n      \"channel\"", "\"market\": \"DF\",\n      \"channel\"",
     ERR_NAME_UNKNOWN, "nests[1].market"},
    {"\"market\": \"DE\",\n      \"channel\"", "\"market\": \"GB\",\n      \"channel\"",
     ERR_FIELD_TWICE, "nests[1].market"},
    {"\"category\": \"cases\"", "\"category\": \"case\"", ERR_NAME_UNKNOWN, "nests[0].category"},
    {"\"product\": \"phone-pouch\"", "\"product\": \"phone\"", ERR_NAME_UNKNOWN,
     "suppliers[0].product"},
    {"\"product\": \"phone-pouch\"", "\"product\": 0", ERR_JSON_TYPE, "suppliers[0].product"},
    {"\"id\": \"phone-pouch\"", "\"id\": \"phone pouch\"", ERR_ID_BAD, "products[0].id"},
    {"\"id\": \"phone-pouch\"", "\"id\": \"tablet-sleeve\"", ERR_NAME_UNKNOWN,
     "suppliers[0].product"},
    {"\"id\": \"post-GB\"", "\"id\": \"sea-DE\"", ERR_FIELD_TWICE, "lanes[11].id"},
    {"\"kind\": \"direct\"", "\"kind\": \"ship\"", ERR_CHOICE, "lanes[0].kind"},
    {"\"hs6\": \"420292\"", "\"hs6\": \"42029\"", ERR_HS6_BAD, "categories[0].hs6"},
    {"\"hs6\": \"420292\"", "\"hs6\": \"42029x\"", ERR_HS6_BAD, "categories[0].hs6"},
    /* lists */
    {"\"weekday\": {\"value\":[1.06,", "\"weekday\": {\"value\":[", ERR_LIST_LENGTH,
     "markets[0].weekday.value"},
    {"\"weekday\": {\"value\":[1.06,", "\"weekday\": {\"value\":[1,1.06,", ERR_LIST_TOO_LONG,
     "markets[0].weekday.value"},
    {"\"weekday\": {\"value\":[1.06,", "\"weekday\": {\"value\":[\"1\",", ERR_JSON_TYPE,
     "markets[0].weekday.value[0]"},
    {"\"weekday\": {\"value\":[1.06,", "\"weekday\": {\"value\":[-1,", ERR_RANGE,
     "markets[0].weekday"},
    {"\"units_min\":200,", "\"units_min\":0,", ERR_RANGE, "suppliers[0].breaks.value[0].units_min"},
    {"\"units_min\":200,", "\"units_min\":800,", ERR_RANGE, "suppliers[0].breaks"},
    {"{\"units_min\":200,\"price\":\"26.00\"},", "{\"units_min\":200},", ERR_FIELD_MISSING,
     "suppliers[0].breaks.value[0].price"},
    {"\"fulfil_fee\": {\n        \"GB\":", "\"fulfil_fee\": {\n        \"FR\":", ERR_FIELD_UNKNOWN,
     "products[0].fulfil_fee.FR"},
    {"\"channels\": [", "\"channels\": [7,", ERR_JSON_TYPE, "channels[0]"},
    /* the model's own bounds */
    {"\"lambda\": {\"value\":0.6,", "\"lambda\": {\"value\":0.9,", ERR_RANGE, "demand.lambda"},
    {"\"price_beta\": {\"value\":[2.4,1.6,0.9]", "\"price_beta\": {\"value\":[2.4,1.6,0.7]",
     ERR_SCENARIO, "demand.price_beta[2]"},
    {"\"rank_exponent\": {\"value\":0.15", "\"rank_exponent\": {\"value\":0.3", ERR_OK, ""},
    {"\"review_rho\": {\"value\":0.14", "\"review_rho\": {\"value\":0.25", ERR_SCENARIO,
     "demand.rank_exponent"},
    {"\"equity\": {\"value\":0.4", "\"equity\": {\"value\":0.5", ERR_RANGE, "score_weight"},
    {"\"start_date\": \"2025-01-06\"", "\"start_date\": \"2005-01-03\"", ERR_DATUM_MISSING, NULL},
    /* baskets and trade */
    {"\"weights\":[0.8,0.16,0.04]", "\"weights\":[0.8,0.16,0.14]", ERR_RANGE, NULL},
    {"\"weights\":[0.8,0.16,0.04]", "\"weights\":[0.8,0.2]", ERR_LIST_LENGTH,
     "baskets.shop.lines_per_order.value.weights"},
    {"\"repeat_rate\"", "\"repeat\"", ERR_FIELD_UNKNOWN, "baskets.shop.repeat"},
    {"\"baskets\": {\n    \"shop\"", "\"baskets\": {\n    \"shopp\"", ERR_FIELD_UNKNOWN,
     "baskets.shopp"},
    {"\"kind\":\"value\"", "\"kind\":\"worth\"", ERR_CHOICE, "trade.rows[0].kind"},
    {"\"kind\":\"value\",", "", ERR_FIELD_MISSING, "trade.rows[0].kind"},
    {"\"kind\":\"value\"", "\"kind\":\"duty\"", ERR_SCENARIO, "trade.rows: eu-value-de"},
    {"\"rate\":0.097", "\"rate\":-0.097", ERR_SCENARIO, NULL},
    {"\"trade\": {", "\"trade\": [7], \"x\": {", ERR_FIELD_UNKNOWN, "x"},
};

static void what_is_wrong_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const struct refusal *one = &refusals[i];
        struct arena_mark mark = arena_mark_get(&arena);
        struct scenario scenario;
        enum err code = parse(edited(one->from, one->to), &scenario);
        if (code != one->code || (code != ERR_OK && problem.code != code) ||
            (one->place != NULL && strcmp(problem.place, one->place) != 0))
            fail_msg("%s -> %s: %s at '%s', expected %s at '%s'", one->from, one->to,
                     err_name(code), problem.place, err_name(one->code),
                     one->place == NULL ? "" : one->place);
        arena_rewind(&arena, mark);
    }
}

static void the_nearest_name_comes_first(void **state)
{
    struct scenario scenario;
    (void)state;
    assert_int_equal(
        parse(edited("\"product\": \"phone-pouch\"", "\"product\": \"sleeve-tablet\""), &scenario),
        ERR_NAME_UNKNOWN);
    assert_string_equal(problem.args[0].text, "sleeve-tablet");
    assert_int_equal(
        parse(edited("\"product\": \"phone-pouch\"", "\"product\": \"tabletsleve\""), &scenario),
        ERR_NAME_UNKNOWN);
    assert_string_equal(problem.args[1].text, "tablet-sleeve, phone-pouch, camera-case");
    assert_int_equal(parse(edited("\"level\": 1", "\"levle\": 1"), &scenario), ERR_FIELD_UNKNOWN);
    assert_string_equal(problem.args[1].text, "level");
}

static void hostile_documents_are_refused(void **state)
{
    static const struct {
        const char *text;
        enum err code;
    } hostile[] = {
        {"", ERR_JSON_SYNTAX},
        {"[]", ERR_JSON_TYPE},
        {"7", ERR_JSON_TYPE},
        {"null", ERR_JSON_TYPE},
        {"{", ERR_JSON_SYNTAX},
        {"{}", ERR_FIELD_MISSING},
        {"{\"a\":1", ERR_JSON_SYNTAX},
        {"\"x\"", ERR_JSON_TYPE},
        {"{}{}", ERR_JSON_SYNTAX},
        {"\xff\xfe{}", ERR_JSON_SYNTAX},
        {"{\"format\":1}", ERR_FIELD_MISSING},
        {"{\"format\":1,\"fx\":[]}", ERR_FIELD_MISSING},
    };
    struct scenario scenario;
    struct buf deep;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(hostile); i++)
        assert_int_equal(parse(str_from_c(hostile[i].text), &scenario), hostile[i].code);
    buf_init(&deep);
    for (int i = 0; i < 100000; i++)
        buf_append_byte(&deep, '[');
    assert_int_equal(parse(buf_str(&deep), &scenario), ERR_LIMIT);
    buf_clear(&deep);
}

static void a_pack_is_looked_up_only_where_there_is_a_folder(void **state)
{
    struct scenario scenario;
    struct str file;
    (void)state;
    assert_int_equal(file_read(&arena, SCENARIOS "/hidden-shop.json", 1 << 20, &file, &problem),
                     ERR_OK);
    assert_int_equal(parse(file, &scenario), ERR_SCENARIO);
    assert_string_equal(problem.place, "trade");
    assert_int_equal(scenario_read(&arena, SCENARIOS "/nothing.json", &scenario, &problem),
                     ERR_FILE_OPEN);
}

/* ---- files ---- */

static const char *scratch_path(const char *name)
{
    char folder[] = "/tmp/sampan-scenario-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_true(scratch_count < (int)COUNT_OF(scratch_folders));
    scratch_folders[scratch_count] = str_copy(&arena, str_from_c(folder)).text;
    return path_join(&arena, scratch_folders[scratch_count++], name);
}

static void a_written_file_is_read_back(void **state)
{
    struct scenario scenario, again;
    (void)state;
    const char *path = scratch_path("copy.json");
    assert_int_equal(parse(whole, &scenario), ERR_OK);
    assert_int_equal(scenario_write(path, &scenario, &problem), ERR_OK);
    assert_int_equal(scenario_read(&arena, path, &again, &problem), ERR_OK);
    assert_string_equal(text_of(&again).text, whole.text);
    scenario.rules.demand.lambda = NAN;
    assert_int_equal(scenario_write(path, &scenario, &problem), ERR_RANGE);
    assert_string_equal(problem.place, "demand.lambda");
}

static void problems_of_a_file_bear_its_name(void **state)
{
    struct scenario scenario;
    (void)state;
    const char *path = scratch_path("bad.json");
    struct str text = edited("\"value\":\"19.90\"", "\"value\":\"x\"");
    assert_int_equal(file_write_atomic(path, text, 0600, &problem), ERR_OK);
    assert_int_equal(scenario_read(&arena, path, &scenario, &problem), ERR_NUMBER);
    assert_string_equal(problem.place,
                        str_format(&arena, "%s: nests[0].price_ref.value", path).text);
}

/* ---- the document of the format ---- */

static void section_tells(const char *document, const struct scenario_table *table)
{
    char head[64];
    snprintf(head, sizeof(head), "\n### `%s`\n", table->name);
    const char *section =
        table->name[0] == '\0' ? strstr(document, "\n## The document\n") : strstr(document, head);
    assert_non_null(section);
    const char *next = strstr(section + 5, "\n##");
    for (size_t f = 0; f < table->field_count; f++) {
        char field[64];
        snprintf(field, sizeof(field), "`%s`", table->fields[f].name);
        const char *told = strstr(section, field);
        if (told == NULL || (next != NULL && told > next))
            fail_msg("docs/scenario-format.md does not tell %s of '%s'", field, table->name);
    }
}

static void the_document_tells_every_field(void **state)
{
    static const char *const parts[] = {"`origin`",      "`se`",          "`n`",
                                        "`source`",      "`estimated`",   "`shrunk`",
                                        "`set`",         "`currencies`",  "`fx`",
                                        "`trade`",       "`baskets`",     "`units_per_line`",
                                        "`repeat_rate`", "`hour_weight`", "`invented`"};
    struct str document;
    (void)state;
    assert_int_equal(file_read(&arena, SAMPAN_SOURCE_ROOT "/docs/scenario-format.md", 1 << 20,
                               &document, &problem),
                     ERR_OK);
    for (int row = 0; row < SCENARIO_ROW_COUNT; row++)
        section_tells(document.text, scenario_table((enum scenario_row)row));
    for (size_t p = 0; p < COUNT_OF(parts); p++)
        assert_non_null(strstr(document.text, parts[p]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shipped_scenario_says_what_it_holds),
        cmocka_unit_test(written_read_and_written_again_are_the_same_bytes),
        cmocka_unit_test(shipped_file_stands_as_it_would_be_written),
        cmocka_unit_test(exchange_rates_may_change_by_the_day),
        cmocka_unit_test(plain_values_are_values_without_a_figure),
        cmocka_unit_test(figures_keep_error_count_source_date_and_note),
        cmocka_unit_test(absent_fields_take_their_default_and_say_so),
        cmocka_unit_test(defaults_are_those_of_the_model),
        cmocka_unit_test(parameters_are_listed_with_their_value),
        cmocka_unit_test(what_is_wrong_is_refused_with_its_place),
        cmocka_unit_test(the_nearest_name_comes_first),
        cmocka_unit_test(hostile_documents_are_refused),
        cmocka_unit_test(a_pack_is_looked_up_only_where_there_is_a_folder),
        cmocka_unit_test(a_written_file_is_read_back),
        cmocka_unit_test(problems_of_a_file_bear_its_name),
        cmocka_unit_test(the_document_tells_every_field),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
