/* Decisions as JSON: what is read, what is refused and where, that nothing is lost, and that the
 * document of the format tells every field of the schema.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/training/decisions_json.h"
#include "app/training/scenario.h"
#include "core/arena.h"
#include "core/file.h"
#include "core/rng.h"

#define FORMAT_DOCUMENT SAMPAN_SOURCE_ROOT "/docs/decisions-format.md"

static struct arena arena;
static struct problem problem;
static struct scenario scenario;
static struct market_rules open_rules; /* the same world with all levels open */

static int group_setup(void **state)
{
    (void)state;
    arena_init(&arena);
    assert_int_equal(scenario_read(&arena, SAMPAN_SOURCE_ROOT "/data/scenarios/hidden-shop.json",
                                   &scenario, &problem),
                     ERR_OK);
    open_rules = scenario.rules;
    open_rules.level = MARKET_LEVEL_MAX;
    struct market_nest *nests =
        ARENA_ARRAY(&arena, struct market_nest, (size_t)open_rules.nest_count);
    memcpy(nests, open_rules.nests, (size_t)open_rules.nest_count * sizeof(*nests));
    for (int n = 0; n < open_rules.nest_count; n++)
        nests[n].query_count = MARKET_QUERIES_MAX;
    open_rules.nests = nests;
    return 0;
}

static int group_teardown(void **state)
{
    (void)state;
    arena_clear(&arena);
    return 0;
}

static enum err parse(const struct market_rules *rules, enum market_seat seat, const char *text,
                      struct market_seat_decisions *decisions)
{
    memset(&problem, 0, sizeof(problem));
    return decisions_parse(&arena, rules, seat, str_from_c(text), NULL, decisions, &problem);
}

static int64_t number(const struct market_seat_decisions *decisions, enum market_field field,
                      int row)
{
    return market_row_number(&decisions->lists[market_field_list(field)].rows[row], field);
}

/* ---- what is read ---- */

static void names_and_money_become_indexes_and_minor_units(void **state)
{
    struct market_seat_decisions decisions;
    (void)state;
    assert_int_equal(
        parse(&scenario.rules, SEAT_FIRM,
              "{\"format\":1,\"seat\":\"firm\",\"firm\":\"F2\",\"listings\":[{\"product\":"
              "\"camera-case\",\"market\":\"DE\",\"channel\":\"shop\",\"price\":\"24.90\","
              "\"coupon\":1,\"lane\":\"local-DE\",\"promise_days\":4,\"live\":true},"
              "{\"product\":\"phone-pouch\",\"market\":\"GB\",\"channel\":\"shop\","
              "\"price\":19.05}],\"orders\":[{\"product\":\"camera-case\",\"supplier\":"
              "\"dongguan-case\",\"units\":600,\"inspect\":false,\"lane\":null}],"
              "\"team\":[{\"memo\":\"为什么\"}]}",
              &decisions),
        ERR_OK);
    assert_int_equal(decisions.lists[LIST_listings].count, 2);
    assert_int_equal(number(&decisions, F_listings_product, 0), 2);
    assert_int_equal(number(&decisions, F_listings_market, 0), 1);
    assert_int_equal(number(&decisions, F_listings_price, 0), 2490);
    assert_int_equal(number(&decisions, F_listings_coupon, 0), 100);
    assert_int_equal(number(&decisions, F_listings_live, 0), 1);
    assert_string_equal(scenario.rules.lanes[number(&decisions, F_listings_lane, 0)].name.id,
                        "local-DE");
    assert_int_equal(number(&decisions, F_listings_price, 1), 1905);
    const struct market_row *second = &decisions.lists[LIST_listings].rows[1];
    assert_false(market_row_has(second, F_listings_lane));
    assert_false(market_row_has(second, F_listings_live));
    assert_int_equal(number(&decisions, F_orders_lane, 0), -1);
    assert_true(market_row_has(&decisions.lists[LIST_orders].rows[0], F_orders_lane));
    assert_int_equal(number(&decisions, F_orders_inspect, 0), 0);
    int memo = market_field_index(LIST_team, F_team_memo);
    assert_true(str_equal_c(decisions.lists[LIST_team].rows[0].value[memo].text, "为什么"));
}

static void nothing_decided_is_a_decision(void **state)
{
    static const char *const empty[] = {"",
                                        " \n\t ",
                                        "{}",
                                        "{\"format\":1}",
                                        "{\"listings\":[]}",
                                        "{\"firm\":3}",
                                        "{\"firm\":\"f4\",\"loans\":[]}"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(empty); i++) {
        struct market_seat_decisions decisions;
        assert_int_equal(parse(&scenario.rules, SEAT_FIRM, empty[i], &decisions), ERR_OK);
        for (int l = 0; l < LIST_COUNT; l++)
            assert_int_equal(decisions.lists[l].count, 0);
    }
}

static void full_width_digits_are_digits(void **state)
{
    struct market_seat_decisions decisions;
    (void)state;
    assert_int_equal(parse(&scenario.rules, SEAT_FIRM,
                           "{\"listings\":[{\"product\":\"phone-pouch\",\"market\":\"GB\","
                           "\"channel\":\"shop\",\"price\":\"１２．５０\"}],\"transfers\":[{"
                           "\"product\":\"phone-pouch\",\"lane\":\"sea-GB\",\"units\":\"３00\"}]}",
                           &decisions),
                     ERR_OK);
    assert_int_equal(number(&decisions, F_listings_price, 0), 1250);
    assert_int_equal(number(&decisions, F_transfers_units, 0), 300);
}

static void money_is_in_the_currency_the_row_names(void **state)
{
    struct market_seat_decisions decisions;
    (void)state;
    assert_int_equal(
        parse(&open_rules, SEAT_FIRM,
              "{\"conversions\":[{\"from\":\"GBP\",\"to\":\"CNY\",\"amount\":\"10.25\"}],"
              "\"forwards\":[{\"currency\":\"EUR\",\"amount\":100,\"days\":30}],"
              "\"loans\":[{\"take\":\"5000.5\"}]}",
              &decisions),
        ERR_OK);
    assert_int_equal(number(&decisions, F_conversions_amount, 0), 1025);
    assert_int_equal(number(&decisions, F_forwards_amount, 0), 10000);
    assert_int_equal(number(&decisions, F_loans_take, 0), 500050);
    assert_int_equal(
        parse(&open_rules, SEAT_FIRM, "{\"conversions\":[{\"amount\":1}]}", &decisions),
        ERR_FIELD_MISSING);
    assert_string_equal(problem.place, "conversions[0].from");
}

static void shares_are_fractions(void **state)
{
    struct market_seat_decisions decisions;
    (void)state;
    assert_int_equal(parse(&open_rules, SEAT_FIRM,
                           "{\"live_sessions\":[{\"product\":\"phone-pouch\",\"market\":\"GB\","
                           "\"offer\":0.125}]}",
                           &decisions),
                     ERR_OK);
    assert_int_equal(number(&decisions, F_live_sessions_offer, 0), 125000);
    assert_int_equal(
        parse(&open_rules, SEAT_FIRM, "{\"live_sessions\":[{\"offer\":1e300}]}", &decisions),
        ERR_RANGE);
    assert_string_equal(problem.place, "live_sessions[0].offer");
}

/* ---- what is refused ---- */

#define POUCH "{\"product\":\"phone-pouch\",\"market\":\"GB\",\"channel\":\"shop\""
#define LISTING(rest) "{\"listings\":[" POUCH "," rest "}]}"
#define ORDER(rest)                                                                                \
    "{\"orders\":[{\"product\":\"phone-pouch\",\"supplier\":\"yiwu-pouch\"," rest "}]}"

static const struct refusal {
    const char *text;
    enum err code;
    const char *place;
} refusals[] = {
    /* the document */
    {"{\"format\":2}", ERR_FILE_VERSION, "format"},
    {"{\"format\":\"1\"}", ERR_JSON_TYPE, "format"},
    {"{\"seat\":\"buyer\"}", ERR_CHOICE, "seat"},
    {"{\"firm\":\"F5\"}", ERR_NAME_UNKNOWN, "firm"},
    {"{\"firm\":0}", ERR_NAME_UNKNOWN, "firm"},
    {"{\"firm\":\"5F\"}", ERR_NAME_UNKNOWN, "firm"},
    {"{\"firm\":true}", ERR_JSON_TYPE, "firm"},
    {"{\"listing\":[]}", ERR_FIELD_UNKNOWN, "listing"},
    {"{\"price_list\":[]}", ERR_SEAT_FIELD, "price_list"},
    {"{\"listings\":{}}", ERR_JSON_TYPE, "listings"},
    {"{\"listings\":[7]}", ERR_JSON_TYPE, "listings[0]"},
    {"{\"listings\":[null]}", ERR_JSON_TYPE, "listings[0]"},
    {"[]", ERR_JSON_TYPE, ""},
    {"7", ERR_JSON_TYPE, ""},
    {"{", ERR_JSON_SYNTAX, ""},
    {"{}{}", ERR_JSON_SYNTAX, ""},
    {"{\"firm\":1,\"firm\":2}", ERR_FIELD_TWICE, ""},
    /* names */
    {"{\"listings\":[{\"product\":\"pouch\",\"market\":\"GB\",\"channel\":\"shop\"}]}",
     ERR_NAME_UNKNOWN, "listings[0].product"},
    {"{\"listings\":[{\"product\":\"phone-pouch\",\"market\":\"XX\",\"channel\":\"shop\"}]}",
     ERR_NAME_UNKNOWN, "listings[0].market"},
    {"{\"listings\":[{\"product\":\"phone-pouch\",\"market\":1,\"channel\":\"shop\"}]}",
     ERR_JSON_TYPE, "listings[0].market"},
    {"{\"listings\":[{\"product\":\"phone-pouch\",\"market\":\"GB\"}]}", ERR_FIELD_MISSING,
     "listings[0]"},
    {"{\"listings\":[{\"market\":\"GB\",\"price\":\"1\",\"channel\":\"shop\"}]}", ERR_FIELD_MISSING,
     "listings[0]"},
    {"{\"listings\":[{\"product\":\"phone-pouch\",\"price\":\"10\"}]}", ERR_FIELD_MISSING,
     "listings[0].market"},
    {"{\"listings\":[" POUCH "}," POUCH ",\"live\":false}]}", ERR_LISTING_TWICE, "listings[1]"},
    {"{\"forecasts\":[" POUCH ",\"units\":1}," POUCH ",\"units\":2}]}", ERR_FIELD_TWICE,
     "forecasts[1]"},
    {LISTING("\"prise\":\"19\""), ERR_FIELD_UNKNOWN, "listings[0].prise"},
    {LISTING("\"lane\":\"sea-GB\""), ERR_LANE_KIND, "listings[0].lane"},
    {LISTING("\"lane\":\"local-DE\""), ERR_LANE_KIND, "listings[0].lane"},
    {LISTING("\"lane\":null"), ERR_JSON_TYPE, "listings[0].lane"},
    {LISTING("\"lane\":-1"), ERR_JSON_TYPE, "listings[0].lane"},
    /* money */
    {LISTING("\"price\":\"19.901\""), ERR_MONEY_DECIMALS, "listings[0].price"},
    {LISTING("\"price\":19.901"), ERR_MONEY_DECIMALS, "listings[0].price"},
    {LISTING("\"price\":\"１９．９０１\""), ERR_MONEY_DECIMALS, "listings[0].price"},
    {LISTING("\"price\":\"１９。９０\""), ERR_NUMBER, "listings[0].price"},
    {LISTING("\"price\":\"１９，９０\""), ERR_NUMBER, "listings[0].price"},
    {LISTING("\"price\":\"19,90\""), ERR_NUMBER, "listings[0].price"},
    {LISTING("\"price\":\"1e3\""), ERR_NUMBER, "listings[0].price"},
    {LISTING("\"price\":1e3"), ERR_NUMBER, "listings[0].price"},
    {LISTING("\"price\":\"\""), ERR_NUMBER, "listings[0].price"},
    {LISTING("\"price\":\"GBP 19\""), ERR_NUMBER, "listings[0].price"},
    {LISTING("\"price\":\"123456789012345678901234567890123456789012345678\""), ERR_RANGE,
     "listings[0].price"},
    {LISTING("\"price\":\"-99999999999999999999\""), ERR_RANGE, "listings[0].price"},
    {LISTING("\"price\":\"1.2.3\""), ERR_NUMBER, "listings[0].price"},
    {LISTING("\"price\":\"-\""), ERR_NUMBER, "listings[0].price"},
    {LISTING("\"price\":1e999"), ERR_JSON_SYNTAX, ""},
    {LISTING("\"price\":NaN"), ERR_JSON_SYNTAX, ""},
    {LISTING("\"price\":true"), ERR_JSON_TYPE, "listings[0].price"},
    {LISTING("\"price\":null"), ERR_JSON_TYPE, "listings[0].price"},
    {LISTING("\"price\":[]"), ERR_JSON_TYPE, "listings[0].price"},
    {LISTING("\"price\":\"-19.90\""), ERR_RANGE, "listings[0].price"},
    {LISTING("\"price\":\"－19.90\""), ERR_RANGE, "listings[0].price"},
    {LISTING("\"price\":0"), ERR_RANGE, "listings[0].price"},
    {LISTING("\"price\":99999999999"), ERR_RANGE, "listings[0].price"},
    {LISTING("\"price\":\"3.97\""), ERR_PRICE_BAND, "listings[0].price"},
    {LISTING("\"price\":\"99.51\""), ERR_PRICE_BAND, "listings[0].price"},
    {LISTING("\"price\":\"9\",\"coupon\":\"6\""), ERR_PRICE_BAND, "listings[0].coupon"},
    /* whole numbers, flags, texts */
    {LISTING("\"promise_days\":0"), ERR_RANGE, "listings[0].promise_days"},
    {LISTING("\"promise_days\":64"), ERR_RANGE, "listings[0].promise_days"},
    {LISTING("\"promise_days\":4.5"), ERR_INTEGER, "listings[0].promise_days"},
    {LISTING("\"promise_days\":\"four\""), ERR_INTEGER, "listings[0].promise_days"},
    {LISTING("\"promise_days\":false"), ERR_JSON_TYPE, "listings[0].promise_days"},
    {LISTING("\"live\":1"), ERR_JSON_TYPE, "listings[0].live"},
    {LISTING("\"live\":\"yes\""), ERR_JSON_TYPE, "listings[0].live"},
    {"{\"team\":[{\"memo\":7}]}", ERR_JSON_TYPE, "team[0].memo"},
    {"{\"team\":[{},{}]}", ERR_LIST_TOO_LONG, "team"},
    /* orders */
    {ORDER("\"units\":-5"), ERR_RANGE, "orders[0].units"},
    {ORDER("\"units\":9223372036854775807"), ERR_RANGE, "orders[0].units"},
    {ORDER("\"units\":9223372036854775808"), ERR_JSON_SYNTAX, ""},
    {ORDER("\"units\":100"), ERR_ORDER_MINIMUM, "orders[0].units"},
    {ORDER("\"inspect\":true"), ERR_FIELD_MISSING, "orders[0]"},
    {ORDER("\"units\":500,\"lane\":\"post-GB\""), ERR_LANE_KIND, "orders[0].lane"},
    {"{\"orders\":[{\"product\":\"camera-case\",\"supplier\":\"yiwu-pouch\",\"units\":500}]}",
     ERR_SUPPLIER_PRODUCT, "orders[0].supplier"},
    {"{\"transfers\":[{\"product\":\"phone-pouch\",\"lane\":null,\"units\":1}]}", ERR_JSON_TYPE,
     "transfers[0].lane"},
    /* levels */
    {LISTING("\"duty_paid\":true"), ERR_LEVEL_CLOSED, "listings[0].duty_paid"},
    {LISTING("\"title_terms\":7"), ERR_LEVEL_CLOSED, "listings[0].title_terms"},
    {"{\"loans\":[{\"take\":1}]}", ERR_LEVEL_CLOSED, "loans"},
    {"{\"team\":[{\"training_spend\":1}]}", ERR_LEVEL_CLOSED, "team[0].training_spend"},
};

static void what_is_wrong_is_refused_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        const struct refusal *one = &refusals[i];
        struct market_seat_decisions decisions;
        enum err code = parse(&scenario.rules, SEAT_FIRM, one->text, &decisions);
        if (code != one->code || problem.code != code || strcmp(problem.place, one->place) != 0)
            fail_msg("%s: %s at '%s', expected %s at '%s'", one->text, err_name(code),
                     problem.place, err_name(one->code), one->place);
    }
}

static void refusals_of_open_levels(void **state)
{
    static const struct refusal open[] = {
        {"{\"customs\":[{\"product\":\"phone-pouch\",\"market\":\"GB\",\"hs6\":\"42\"}]}",
         ERR_TEXT_TOO_SHORT, "customs[0].hs6"},
        {"{\"customs\":[{\"product\":\"phone-pouch\",\"market\":\"GB\",\"hs6\":\"4202921\"}]}",
         ERR_TEXT_TOO_LONG, "customs[0].hs6"},
        {"{\"conversions\":[{\"from\":\"USD\"}]}", ERR_NAME_UNKNOWN, "conversions[0].from"},
        {"{\"answers\":[{\"incident\":\"1\"}]}", ERR_JSON_TYPE, "answers[0].incident"},
        {"{\"answers\":[{\"incident\":-1}]}", ERR_RANGE, "answers[0].incident"},
        {"{\"live_sessions\":[{\"offer\":\"0,2\"}]}", ERR_NUMBER, "live_sessions[0].offer"},
        {"{\"live_sessions\":[{\"offer\":-0.1}]}", ERR_RANGE, "live_sessions[0].offer"},
    };
    struct market_seat_decisions decisions;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(open); i++) {
        enum err code = parse(&open_rules, SEAT_FIRM, open[i].text, &decisions);
        if (code != open[i].code || strcmp(problem.place, open[i].place) != 0)
            fail_msg("%s: %s at '%s'", open[i].text, err_name(code), problem.place);
    }
    assert_int_equal(parse(&open_rules, SEAT_COACH,
                           "{\"comments\":[{\"firm\":\"F5\",\"text\":\"ok\"}]}", &decisions),
                     ERR_NAME_UNKNOWN);
    assert_string_equal(problem.place, "comments[0].firm");
}

static void the_nearest_name_comes_first(void **state)
{
    struct market_seat_decisions decisions;
    (void)state;
    assert_int_equal(parse(&scenario.rules, SEAT_FIRM,
                           "{\"listings\":[{\"product\":\"Tablet sleeve\"}]}", &decisions),
                     ERR_NAME_UNKNOWN);
    assert_string_equal(problem.args[0].text, "Tablet sleeve");
    assert_string_equal(problem.args[1].text, "tablet-sleeve, phone-pouch, camera-case");
    assert_int_equal(parse(&scenario.rules, SEAT_FIRM, LISTING("\"prise\":1"), &decisions),
                     ERR_FIELD_UNKNOWN);
    assert_string_equal(problem.args[1].text, "price");
    assert_int_equal(parse(&scenario.rules, SEAT_FIRM, "{\"order\":[]}", &decisions),
                     ERR_FIELD_UNKNOWN);
    assert_string_equal(problem.args[1].text, "orders");
    assert_int_equal(parse(&scenario.rules, SEAT_FIRM, "{\"firm\":\"F9\"}", &decisions),
                     ERR_NAME_UNKNOWN);
    assert_string_equal(problem.args[1].text, "F1 ... F4");
}

static void too_much_is_refused(void **state)
{
    struct market_seat_decisions decisions;
    struct buf text;
    (void)state;
    buf_init(&text);
    buf_append_c(&text, "{\"team\":[{\"memo\":\"");
    for (int i = 0; i < 4001; i++)
        buf_append_c(&text, "字");
    buf_append_c(&text, "\"}]}");
    assert_int_equal(decisions_parse(&arena, &scenario.rules, SEAT_FIRM, buf_str(&text), "a.json",
                                     &decisions, &problem),
                     ERR_TEXT_TOO_LONG);
    assert_string_equal(problem.place, "a.json: team[0].memo");
    buf_reset(&text);
    buf_append_c(&text, "{\"listings\":[");
    for (int i = 0; i < 25; i++)
        buf_append_c(&text, i == 0 ? "{}" : ",{}");
    buf_append_c(&text, "]}");
    assert_int_equal(decisions_parse(&arena, &scenario.rules, SEAT_FIRM, buf_str(&text), NULL,
                                     &decisions, &problem),
                     ERR_LIST_TOO_LONG);
    assert_string_equal(problem.place, "listings");
    buf_reset(&text);
    for (int i = 0; i < 200; i++)
        buf_append_c(&text, "{\"listings\":[");
    assert_int_equal(decisions_parse(&arena, &scenario.rules, SEAT_FIRM, buf_str(&text), NULL,
                                     &decisions, &problem),
                     ERR_LIMIT);
    while (text.length <= DECISIONS_BYTES_MAX)
        buf_append_byte(&text, ' ');
    assert_int_equal(decisions_parse(&arena, &scenario.rules, SEAT_FIRM, buf_str(&text), NULL,
                                     &decisions, &problem),
                     ERR_FILE_TOO_LARGE);
    buf_clear(&text);
}

/* ---- writing ---- */

static struct str text_of(const struct market_rules *rules, enum market_seat seat,
                          const struct market_seat_decisions *decisions)
{
    struct buf text;
    buf_init(&text);
    decisions_append(rules, seat, decisions, &text);
    struct str copy = str_copy(&arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

static void same_rows(const struct market_rows *a, const struct market_rows *b)
{
    assert_int_equal(a->count, b->count);
    for (int r = 0; r < a->count; r++) {
        assert_int_equal(a->rows[r].set, b->rows[r].set);
        for (int f = 0; f < MARKET_FIELDS_MAX; f++) {
            if (!((a->rows[r].set >> f) & 1))
                continue;
            assert_int_equal(a->rows[r].value[f].number, b->rows[r].value[f].number);
            assert_true(str_equal(a->rows[r].value[f].text, b->rows[r].value[f].text));
        }
    }
}

static uint64_t draw(int trial, int row, int field, uint64_t bound)
{
    static const struct rng_key key = {{20261124, 7}};
    return rng_below(rng_at(key, 1, 0, trial, (uint64_t)row, (uint64_t)field, 0).word[0], bound);
}

static int references(enum market_kind kind)
{
    switch (kind) {
    case KIND_REF_PRODUCT:
        return open_rules.product_count;
    case KIND_REF_MARKET:
        return open_rules.market_count;
    case KIND_REF_CHANNEL:
        return open_rules.channel_count;
    case KIND_REF_SUPPLIER:
        return open_rules.supplier_count;
    case KIND_REF_LANE:
        return open_rules.lane_count;
    case KIND_REF_CURRENCY:
        return open_rules.currency_count;
    case KIND_REF_FIRM:
        return open_rules.firms;
    case KIND_REF_INCIDENT:
    case KIND_REF_REQUEST:
        return 1000;
    default:
        return 0;
    }
}

/* A row within the schema; what the engine wants beyond it, the caller tries and skips. */
static void row_draw(const struct market_list_info *list, int trial, int r, struct market_row *row)
{
    static const char *const texts[] = {"case \"A\"", "套\\壳", "line\nend", "\t", "ok"};
    for (int f = 0; f < list->field_count; f++) {
        const struct market_field_info *info = &list->fields[f];
        bool given = f < list->keys || info->kind >= KIND_REF_PRODUCT || draw(trial, r, f, 4) > 0;
        if (!given)
            continue;
        row->set |= UINT32_C(1) << f;
        int count = references(info->kind);
        if (info->kind == KIND_TEXT) {
            const char *text = texts[draw(trial, r, f + 100, COUNT_OF(texts))];
            row->value[f].text = info->most == 6    ? STR("420292")
                                 : info->least == 3 ? STR("FOB")
                                                    : str_from_c(text);
        } else if (count > 0) {
            row->value[f].number = (int64_t)draw(trial, r, f + 100, (uint64_t)count);
        } else {
            row->value[f].number =
                info->least +
                (int64_t)draw(trial, r, f + 100, (uint64_t)(info->most - info->least) + 1);
        }
    }
}

/* Thousands of random documents of every list: what the checks let pass reads back as it was. */
static void read_gives_back_what_was_written(void **state)
{
    int passed[LIST_COUNT] = {0};
    (void)state;
    for (int l = 0; l < LIST_COUNT; l++) {
        const struct market_list_info *list = market_list_info((enum market_list)l);
        for (int trial = 0; trial < 2000 && passed[l] < 40; trial++) {
            struct arena_mark mark = arena_mark_get(&arena);
            struct market_row *rows = ARENA_ARRAY(&arena, struct market_row, 3);
            struct market_seat_decisions decisions = {0}, again;
            int count = 1 + (int)draw(trial, l, 50, list->rows_max < 3 ? 1 : 3);
            for (int r = 0; r < count; r++)
                row_draw(list, trial, l * 10 + r, &rows[r]);
            /* A drawn price is rarely within the band of its nest. */
            if (l == LIST_listings) {
                for (int r = 0; r < count; r++) {
                    market_row_set(&rows[r], F_listings_price, 1990 + trial);
                    market_row_set(&rows[r], F_listings_coupon, trial % 300);
                }
            }
            /* Nor a drawn number a customs mode. */
            static const int64_t modes[] = {110, 9610, 9710, 9810, 1210};
            for (int r = 0; r < count && l == LIST_customs; r++)
                market_row_set(&rows[r], F_customs_mode, modes[(trial + r) % 5]);
            decisions.lists[l] = (struct market_rows){count, rows};
            if (market_decisions_check(&open_rules, list->seat, &decisions, &problem) == ERR_OK) {
                struct str text = text_of(&open_rules, list->seat, &decisions);
                if (parse(&open_rules, list->seat, text.text, &again) != ERR_OK)
                    fail_msg("%s: %s at %s", text.text, err_name(problem.code), problem.place);
                for (int other = 0; other < LIST_COUNT; other++)
                    same_rows(&decisions.lists[other], &again.lists[other]);
                assert_string_equal(text_of(&open_rules, list->seat, &again).text, text.text);
                passed[l]++;
            }
            arena_rewind(&arena, mark);
        }
        if (passed[l] < 5)
            fail_msg("only %d documents of %s passed the checks", passed[l], list->name);
    }
}

static void one_list_with_all_its_fields_is_written_in_their_order(void **state)
{
    struct market_seat_decisions decisions;
    (void)state;
    assert_int_equal(
        parse(&scenario.rules, SEAT_FIRM, LISTING("\"price\":\"20\",\"live\":true"), &decisions),
        ERR_OK);
    assert_string_equal(text_of(&scenario.rules, SEAT_FIRM, &decisions).text,
                        "{\n  \"format\": 1,\n  \"seat\": \"firm\",\n  \"listings\": [\n    "
                        "{\"product\":\"phone-pouch\",\"market\":\"GB\",\"channel\":\"shop\","
                        "\"live\":true,\"price\":\"20.00\"}\n  ]\n}\n");
}

static void a_file_is_read_and_named(void **state)
{
    struct market_seat_decisions decisions;
    char folder[] = "/tmp/sampan-decisions-XXXXXX";
    (void)state;
    assert_non_null(mkdtemp(folder));
    const char *path = path_join(&arena, folder, "F1.json");
    assert_int_equal(
        decisions_read(&arena, &scenario.rules, SEAT_FIRM, 0, path, &decisions, &problem),
        ERR_FILE_OPEN);
    assert_int_equal(
        file_write_atomic(path, str_from_c(LISTING("\"price\":\"x\"")), 0600, &problem), ERR_OK);
    assert_int_equal(
        decisions_read(&arena, &scenario.rules, SEAT_FIRM, 0, path, &decisions, &problem),
        ERR_NUMBER);
    assert_string_equal(problem.place, str_format(&arena, "%s: listings[0].price", path).text);
    assert_int_equal(file_write_atomic(path, STR(""), 0600, &problem), ERR_OK);
    assert_int_equal(
        decisions_read(&arena, &scenario.rules, SEAT_FIRM, 0, path, &decisions, &problem), ERR_OK);
    assert_int_equal(file_write_atomic(path, STR("{\"firm\": \"F1\"}"), 0600, &problem), ERR_OK);
    assert_int_equal(
        decisions_read(&arena, &scenario.rules, SEAT_FIRM, 0, path, &decisions, &problem), ERR_OK);
    assert_int_equal(
        decisions_read(&arena, &scenario.rules, SEAT_FIRM, 1, path, &decisions, &problem),
        ERR_CHOICE);
    assert_string_equal(problem.place, str_format(&arena, "%s: firm", path).text);
    assert_string_equal(problem.args[0].text, "F1");
    assert_string_equal(problem.args[1].text, "F2");
    assert_int_equal(folder_remove(folder, &problem), ERR_OK);
}

static void a_mode_that_is_none_is_told_with_those_there_are(void **state)
{
    struct market_seat_decisions decisions;
    struct market_rules rules = scenario.rules;
    (void)state;
    rules.level = 2; /* where customs opens */
    assert_int_equal(decisions_parse(&arena, &rules, SEAT_FIRM,
                                     STR("{\"customs\": [{\"product\": \"phone-pouch\", "
                                         "\"market\": \"GB\", \"mode\": 9820}]}"),
                                     NULL, &decisions, &problem),
                     ERR_CHOICE);
    assert_string_equal(problem.place, "customs[0].mode");
}

/* ---- the document of the format ---- */

static const char *kind_words(enum market_kind kind)
{
    switch (kind) {
    case KIND_INT:
        return "whole number";
    case KIND_BOOL:
        return "true or false";
    case KIND_PPM:
        return "share";
    case KIND_MONEY_LOCAL:
        return "money of the market";
    case KIND_MONEY_HOME:
        return "home money";
    case KIND_MONEY_FROM:
        return "money of `from`";
    case KIND_TEXT:
        return "text";
    case KIND_REF_PRODUCT:
        return "product id";
    case KIND_REF_MARKET:
        return "market id";
    case KIND_REF_CHANNEL:
        return "channel id";
    case KIND_REF_SUPPLIER:
        return "supplier id";
    case KIND_REF_LANE:
        return "lane id";
    case KIND_REF_CURRENCY:
        return "currency";
    case KIND_REF_FIRM:
        return "firm";
    case KIND_REF_INCIDENT:
        return "incident number";
    case KIND_REF_REQUEST:
        return "request number";
    }
    return "";
}

static void range_append(struct buf *text, const struct market_field_info *info)
{
    switch (info->kind) {
    case KIND_INT:
        buf_append_int64(text, info->least);
        buf_append_c(text, " to ");
        buf_append_int64(text, info->most);
        break;
    case KIND_PPM:
        int64_append_scaled(text, info->least, 6);
        buf_append_c(text, " to ");
        int64_append_scaled(text, info->most, 6);
        break;
    case KIND_MONEY_LOCAL:
    case KIND_MONEY_HOME:
    case KIND_MONEY_FROM:
        buf_append_int64(text, info->least);
        buf_append_c(text, " to ");
        buf_append_int64(text, info->most);
        buf_append_c(text, " minor units");
        break;
    case KIND_TEXT:
        buf_append_int64(text, info->least);
        buf_append_c(text, " to ");
        buf_append_int64(text, info->most);
        buf_append_c(text, " characters");
        break;
    default:
        break;
    }
}

/* The part of the document that the schema dictates. */
static void tables_append(struct buf *text)
{
    for (int l = 0; l < LIST_COUNT; l++) {
        const struct market_list_info *list = market_list_info((enum market_list)l);
        buf_format(text, "\n### %s: `%s`\n\n", market_seat_name(list->seat), list->name);
        buf_format(text, "At most %d rows, from level %d, %s", list->rows_max, list->level,
                   list->carry == MARKET_CARRY ? "standing: carried on until changed"
                                               : "for this round only");
        if (list->keys > 0)
            buf_format(text, "; a row is named by its first %d field%s", list->keys,
                       list->keys > 1 ? "s" : "");
        buf_append_c(text, ".\n\n| field | kind | range | level | position | effect |\n"
                           "| --- | --- | --- | --- | --- | --- |\n");
        for (int f = 0; f < list->field_count; f++) {
            const struct market_field_info *info = &list->fields[f];
            buf_format(text, "| `%s` | %s | ", info->name, kind_words(info->kind));
            range_append(text, info);
            buf_format(text, " | %d | %s | %s |\n", info->level,
                       market_position_name(info->position), info->effect);
        }
    }
}

/* SAMPAN_WRITE_DOCS=1 rewrites the tables of the document; else they must be there already. */
static void the_document_tells_every_field(void **state)
{
    static const char mark[] = "<!-- tables of src/engine/market/decisions.def -->\n";
    struct str document;
    struct buf text;
    (void)state;
    assert_int_equal(file_read(&arena, FORMAT_DOCUMENT, 1 << 20, &document, &problem), ERR_OK);
    const char *tables = strstr(document.text, mark);
    assert_non_null(tables);
    buf_init(&text);
    buf_append(&text,
               (struct str){document.text, (size_t)(tables - document.text) + sizeof(mark) - 1});
    tables_append(&text);
    if (getenv("SAMPAN_WRITE_DOCS") != NULL)
        assert_int_equal(file_write_atomic(FORMAT_DOCUMENT, buf_str(&text), 0644, &problem),
                         ERR_OK);
    else if (!str_equal(buf_str(&text), document))
        fail_msg("docs/decisions-format.md is not what decisions.def says; run this test once with "
                 "SAMPAN_WRITE_DOCS=1");
    buf_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_and_money_become_indexes_and_minor_units),
        cmocka_unit_test(nothing_decided_is_a_decision),
        cmocka_unit_test(full_width_digits_are_digits),
        cmocka_unit_test(money_is_in_the_currency_the_row_names),
        cmocka_unit_test(shares_are_fractions),
        cmocka_unit_test(what_is_wrong_is_refused_with_its_place),
        cmocka_unit_test(refusals_of_open_levels),
        cmocka_unit_test(the_nearest_name_comes_first),
        cmocka_unit_test(too_much_is_refused),
        cmocka_unit_test(read_gives_back_what_was_written),
        cmocka_unit_test(one_list_with_all_its_fields_is_written_in_their_order),
        cmocka_unit_test(a_file_is_read_and_named),
        cmocka_unit_test(a_mode_that_is_none_is_told_with_those_there_are),
        cmocka_unit_test(the_document_tells_every_field),
    };
    return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
