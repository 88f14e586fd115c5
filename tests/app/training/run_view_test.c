/* What a firm of level 2 may see, as JSON: every part is there, named by the scenario's ids, and
 * says what the observation says; below level 2 none of it is. */
#include "app/training/run_hints.h"
#include "app/training/run_view.h"
#include "app/training/scenario.h"
#include "core/json.h"
#include "run_fixture.h"

static const struct market_rules *rules_read(struct fixture *fixture, const char *name)
{
    struct scenario *scenario = arena_alloc(&fixture->arena, sizeof(*scenario), 16);
    const char *path =
        str_format(&fixture->arena, "%s/data/scenarios/%s.json", SAMPAN_SOURCE_ROOT, name).text;
    assert_no_problem(scenario_read(&fixture->arena, path, scenario, &fixture->problem),
                      &fixture->problem);
    return &scenario->rules;
}

static struct str view_of(struct fixture *fixture, const struct market_observation *seen)
{
    struct buf text;
    buf_init(&text);
    run_view_append(seen, false, &text);
    struct str copy = str_copy(&fixture->arena, buf_str(&text));
    buf_clear(&text);
    return copy;
}

static int market_of(const struct market_rules *rules, const char *id)
{
    int found = 0;
    while (strcmp(rules->markets[found].name.id, id) != 0)
        found++;
    return found;
}

static struct json item(const struct json *root, const char *list, size_t index)
{
    static struct json rows; /* the item looks up to it */
    rows = json_child(root, list);
    return json_item(&rows, index);
}

static void is_text(const struct json *object, const char *key, const char *expected)
{
    struct json child = json_child(object, key);
    struct str text;
    assert_true(json_text(&child, &text));
    if (!str_equal_c(text, expected))
        fail_msg("%s: %.*s, not %s", key, (int)text.length, text.text, expected);
}

static void is_int(const struct json *object, const char *key, int64_t expected)
{
    struct json child = json_child(object, key);
    int64_t number;
    assert_true(json_int(&child, &number));
    assert_int_equal(number, expected);
}

static void is_bool(const struct json *object, const char *key, bool expected)
{
    struct problem problem;
    bool flag = !expected;
    assert_no_problem(json_get_bool(object, key, &flag, &problem), &problem);
    assert_int_equal(flag, expected);
}

static void every_part_of_level_2_is_told(void **state)
{
    struct fixture *fixture = *state;
    const struct market_rules *rules = rules_read(fixture, "accessories");
    int de = market_of(rules, "DE"), n = 0;
    while (rules->nests[n].market != de || rules->nests[n].query_count < 2)
        n++;
    const struct market_nest *nest = &rules->nests[n];
    int product = 0;
    while (rules->products[product].category != nest->category)
        product++;
    struct market_listing_view listing = {
        .product = product,
        .market = de,
        .channel = nest->channel,
        .nest = n,
        .live = true,
        .price_minor = 1990,
        .lane = -1,
        .bundle_units = 3,
        .duty_unpaid = true,
        .translation = 2,
        .relevance = 0.5,
        .content_minor = 12345,
        .campaigns = {{.bid_minor = 45, .cap_minor = 6000},
                      {.bid_minor = 7, .cap_minor = 800, .waste_excluded = true}},
        .round_clicks = 17,
        .round_ads_minor = 765,
    };
    struct market_incident_view incident = {
        .number = 9, .kind = INCIDENT_INFRINGEMENT, .listing = 0, .market = de, .opened_day = 3};
    struct market_certificate_view certificate = {
        .product = product, .market = de, .holds_from_day = 20};
    struct market_closed_view closed = {
        .listing = 0, .until_day = 30, .lacks_certificate = true, .lacks_responsible = false};
    struct market_event_view event = {.event = 0, .from_day = 16, .to_day = 25};
    struct market_declaration_view declarations[] = {
        {.product = product, .market = de, .mode = 9810, .declared_minor = 250, .hs6 = "950300"},
        {.product = product, .market = de, .mode = 110}};
    struct market_notice notices[] = {
        {.day = 5, .kind = NOTICE_CUSTOMS_FOUND, .a = product, .b = de, .amount = 500},
        {.day = 6, .kind = NOTICE_LISTING_CLOSED, .a = product, .b = n, .amount = 30},
        {.day = 7, .kind = NOTICE_LOAN_LIMIT, .amount = 8}};
    struct market_observation seen = {.rules = rules,
                                      .firm = 2,
                                      .round = 1,
                                      .day = 14,
                                      .date = rules->start_date + 14,
                                      .listing_count = 1,
                                      .listings = &listing,
                                      .incident_count = 1,
                                      .incidents = &incident,
                                      .certificate_count = 1,
                                      .certificates = &certificate,
                                      .closed_count = 1,
                                      .closed = &closed,
                                      .event_count = 1,
                                      .events = &event,
                                      .notice_count = 3,
                                      .notices = notices,
                                      .refunds_due_minor = 777,
                                      .loan_minor = 5000000,
                                      .loan_room_minor = 100,
                                      .keep_currency = true,
                                      .declaration_count = 2,
                                      .declarations = declarations};
    seen.responsible[de] = true;
    seen.service_hours[de] = 8;
    seen.customs[de] = (struct market_customs_view){.ioss = true, .refund_open_minor = 4200};
    seen.brand[n] = (struct market_brand_view){
        .brand_minor = 1000, .social_minor = 200, .round_spend_minor = 16800};

    struct str text = view_of(fixture, &seen);
    struct json_document *document;
    struct json root, at, row;
    assert_no_problem(json_parse(text, "view", &document, &root, &fixture->problem),
                      &fixture->problem);
    const char *product_id = rules->products[product].name.id;
    const char *channel_id = rules->channels[nest->channel].id;
    is_int(&root, "firm", 3);

    at = item(&root, "listings", 0);
    is_int(&at, "bundle_units", 3);
    is_bool(&at, "duty_paid", false);
    is_int(&at, "translation", 2);
    is_text(&at, "content_spend", "123.45");
    row = item(&at, "campaigns", 1);
    is_text(&row, "term", nest->queries[1].term);
    is_text(&row, "bid", "0.07");
    is_text(&row, "cap", "8.00");
    is_bool(&row, "waste_excluded", true);
    row = json_child(&at, "round");
    is_int(&row, "clicks", 17);
    is_text(&row, "clicks_cost", "7.65");

    at = item(&root, "brand", (size_t)n);
    is_text(&at, "market", "DE");
    is_text(&at, "brand_spend", "10.00");
    is_text(&at, "social_spend", "2.00");
    is_text(&at, "round_spend", "168.00");

    at = item(&root, "incidents", 0);
    is_int(&at, "incident", 9);
    is_text(&at, "kind", "infringement");
    is_text(&at, "market", "DE");
    is_text(&at, "product", product_id);
    at = item(&root, "certificates", 0);
    is_text(&at, "product", product_id);
    at = item(&root, "closed", 0);
    is_text(&at, "product", product_id);
    is_text(&at, "channel", channel_id);
    is_bool(&at, "lacks_certificate", true);
    is_bool(&at, "lacks_responsible_person", false);
    at = item(&root, "agents", (size_t)de);
    is_bool(&at, "responsible_person", true);
    is_int(&at, "service_hours", 8);
    at = item(&root, "events", 0);
    is_text(&at, "event", rules->events[0].id);

    at = item(&root, "tax_offices", (size_t)de);
    is_text(&at, "market", "DE");
    is_bool(&at, "vat", false);
    is_bool(&at, "ioss", true);
    is_text(&at, "refund_open", "42.00");
    is_text(&root, "refunds_due", "7.77");
    at = json_child(&root, "loan");
    is_text(&at, "owed", "50000.00");
    is_text(&at, "could_take", "1.00");
    is_bool(&root, "payouts_converted", false);

    at = item(&root, "declarations", 0);
    is_text(&at, "product", product_id);
    is_text(&at, "market", "DE");
    is_int(&at, "mode", 9810);
    is_text(&at, "declared_value", "2.50");
    is_text(&at, "hs6", "950300");
    at = item(&root, "declarations", 1);
    is_int(&at, "mode", 110);
    row = json_child(&at, "declared_value");
    assert_null(row.node);
    row = json_child(&at, "hs6");
    assert_null(row.node);

    at = item(&root, "notices", 0);
    is_text(&at, "kind", "customs_found");
    is_text(&at, "market", "DE");
    at = item(&root, "notices", 1);
    is_text(&at, "kind", "listing_closed");
    is_text(&at, "channel", channel_id);
    at = item(&root, "notices", 2);
    is_text(&at, "kind", "loan_limit");
    is_int(&at, "amount", 8);
    json_close(document);
}

/* What does nothing is told once; what does something is not. */
static void what_does_nothing_is_told(void **state)
{
    struct fixture *fixture = *state;
    const struct market_rules *rules = rules_read(fixture, "accessories");
    int de = market_of(rules, "DE"), us = market_of(rules, "US"), jp = market_of(rules, "JP");
    int n = 0, product = 0, local = 0, direct = 0;
    while (rules->nests[n].market != de || rules->nests[n].query_count < 2)
        n++;
    while (rules->products[product].category != rules->nests[n].category ||
           rules->compliance.certificate_needed[rules->products[product].category][us])
        product++;
    while (rules->lanes[local].kind != LANE_LOCAL || rules->lanes[local].market != de)
        local++;
    while (rules->lanes[direct].kind != LANE_DIRECT || rules->lanes[direct].market != de)
        direct++;
    struct market_listing_view listing = {
        .product = product,
        .market = de,
        .channel = rules->nests[n].channel,
        .nest = n,
        .live = true,
        .price_minor = 1990,
        .lane = direct,
        .campaigns = {{.bid_minor = 45, .cap_minor = 44}, {.bid_minor = 45, .cap_minor = 45}}};
    struct market_certificate_view certificate = {.product = product, .market = us};
    struct market_stock_view stock = {.product = product, .place = 1 + de, .units = 4227};
    struct market_observation seen = {.rules = rules,
                                      .day = 14,
                                      .listing_count = 1,
                                      .listings = &listing,
                                      .certificate_count = 1,
                                      .certificates = &certificate,
                                      .stock_count = 1,
                                      .stock = &stock};
    struct run_hint hints[RUN_HINTS_MAX];
    seen.customs[de].vat = seen.customs[jp].vat = true;
    assert_int_equal(run_hints_get(&seen, true, hints), 5);
    const struct run_hint expected[] = {{HINT_BID_ABOVE_CAP, 0, 0},
                                        {HINT_CERTIFICATE_NOT_NEEDED, product, us},
                                        {HINT_VAT_NOT_USED, -1, jp},
                                        {HINT_NO_LOAN_TO_REPAY, -1, -1},
                                        {HINT_LANE_WITHOUT_STOCK, 0, 1 + de}};
    for (int i = 0; i < 5; i++) {
        assert_int_equal(hints[i].kind, expected[i].kind);
        assert_int_equal(hints[i].a, expected[i].a);
        assert_int_equal(hints[i].b, expected[i].b);
    }
    struct str text = view_of(fixture, &seen);
    assert_has(text, "\"kind\": \"bid_above_cap\"");
    assert_has(text, "\"kind\": \"lane_without_stock\"");
    listing.lane = local;
    listing.campaigns[0].cap_minor = 45;
    seen.certificate_count = 0;
    seen.customs[jp].vat = false;
    assert_int_equal(run_hints_get(&seen, false, hints), 0);
}

static void level_1_tells_none_of_it(void **state)
{
    static const char *const parts[] = {
        "brand",       "incidents",    "certificates", "closed", "agents",           "events",
        "tax_offices", "declarations", "refunds_due",  "loan",   "payouts_converted"};
    struct fixture *fixture = *state;
    const struct market_rules *rules = rules_read(fixture, "hidden-shop");
    struct market_listing_view listing = {.lane = -1};
    struct market_observation seen = {
        .rules = rules, .date = rules->start_date, .listing_count = 1, .listings = &listing};
    struct json_document *document;
    struct json root;
    struct str text = view_of(fixture, &seen);
    assert_no_problem(json_parse(text, "view", &document, &root, &fixture->problem),
                      &fixture->problem);
    for (size_t i = 0; i < COUNT_OF(parts); i++) {
        struct json child = json_child(&root, parts[i]);
        assert_null(child.node);
    }
    struct json shown = item(&root, "listings", 0);
    struct json campaigns = json_child(&shown, "campaigns");
    assert_null(campaigns.node);
    json_close(document);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_part_of_level_2_is_told),
        TEST(what_does_nothing_is_told),
        TEST(level_1_tells_none_of_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
