#include "cards.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/json.h"

struct market_rules *card_rules(struct arena *arena, const struct market_event_rules *card)
{
    struct world_options options = {.firms = 3,
                                    .b = 12,
                                    .products = 2,
                                    .second_market = true,
                                    .level2 = true,
                                    .traffic_sd = 0.08};
    struct market_rules *rules = world_rules(arena, &options);
    struct market_event_rules *deck = ARENA_NEW(arena, struct market_event_rules);
    *deck = *card;
    deck->probability = 0; /* planted where it is wanted */
    rules->events = deck;
    rules->event_count = 1;
    /* Only the event is to be seen. */
    for (int kind = 0; kind < INCIDENT_KINDS; kind++)
        rules->compliance.audit_rate[kind] = 0;
    return rules;
}

void card_run(struct market_state *state, const struct market_event_rules *card)
{
    state->events[0] = (struct market_event_state){0, 0, card->days};
}

/* Goods for nothing, with books that close: the firm was given more to begin with. */
static void stock_give(struct market_state *state, struct market_firm *firm, int place)
{
    for (int p = 0; p < state->product_count; p++) {
        struct market_stock *stock = market_stock_at(state, firm, place, p);
        int64_t units = 4000, value = 4000 * 5000;
        market_stock_add(stock, units, value, 0.02);
        firm->units[p].bought += units;
        firm->balance[ACCOUNT_INVENTORY][0] += value;
        firm->balance[ACCOUNT_EQUITY][0] -= value;
    }
}

/* The counter-move as it stands in a state once it was decided; without it: surely not there. */
void card_counter(const struct market_rules *rules, struct market_state *state, int market,
                  enum market_event_counter counter, bool with)
{
    struct market_firm *firm = &state->firms[0];
    int m = market < 0 ? 0 : market, last = market < 0 ? rules->market_count - 1 : market;
    firm->finance.keep_currency = counter == COUNTER_CONVERTED && !with;
    for (; m <= last; m++) {
        firm->compliance.responsible[m] = counter != COUNTER_RESPONSIBLE || with;
        firm->compliance.service_hours[m] = counter == COUNTER_SERVICE && with ? 8 : 0;
        for (int p = 0; p < rules->product_count; p++)
            firm->compliance.certificate_day[p][m] = counter != COUNTER_CERTIFICATE || with;
        if (counter == COUNTER_LOCAL_STOCK && with)
            stock_give(state, firm, 1 + m);
    }
    for (int n = 0; n < rules->nest_count; n++) {
        bool there = market < 0 || rules->nests[n].market == market;
        if (counter == COUNTER_BRAND && there)
            firm->promotion[n].brand_minor = with ? 20000 : 0;
    }
    for (int i = 0; i < firm->listing_count; i++)
        if (counter == COUNTER_ADS)
            firm->listings[i].promotion.campaigns[0] =
                (struct market_campaign){with ? 30 : 0, with ? 3000 : 0, false};
    for (int s = 0; s < firm->shipment_count; s++)
        if (counter == COUNTER_INSURED)
            firm->shipments[s].insured = with;
}

void card_bench_open(struct card_bench *bench, const struct market_event_rules *card)
{
    memset(bench, 0, sizeof(*bench));
    arena_init(&bench->arena);
    bench->rules = card_rules(&bench->arena, card);
    bench->key = world_key("events");
    assert_int_equal(
        market_open(&bench->arena, bench->rules, &bench->key, &bench->result, &bench->problem),
        ERR_OK);
    market_work_init(&bench->work, &bench->arena, bench->rules, &bench->key, NULL,
                     bench->result.after, &bench->problem);
    market_lanes_promise(&bench->work);
}

struct market_event_rules card_make(int market, enum market_event_effect effect, double size,
                                    enum market_event_counter counter, double factor)
{
    struct market_event_rules card = {.market = market,
                                      .days = 14,
                                      .effect = effect,
                                      .size = size,
                                      .counter = counter,
                                      .counter_factor = factor};
    snprintf(card.id, sizeof(card.id), "card");
    return card;
}

bool card_is_factor(enum market_event_effect effect)
{
    return effect == EVENT_TRAFFIC || effect == EVENT_FREIGHT || effect == EVENT_RETURNS ||
           effect == EVENT_FEE || effect == EVENT_STORAGE || effect == EVENT_DEFECTS ||
           effect == EVENT_FX;
}

static int number_of(const char *const *names, int count, struct str name)
{
    for (int i = 0; i < count; i++)
        if (str_equal(str_from_c(names[i]), name))
            return i;
    return -1;
}

static const char *const deck_markets[] = {"US", "DE", "JP", "BR"};

/* A figure says that it is assumed: none of a deck is a fact. */
static double figure(const struct json *row, const char *key)
{
    struct problem problem = {0};
    struct json at = json_child(row, key);
    struct str origin;
    double value = 0;
    assert_int_equal(json_get_text(&at, "origin", 31, &origin, &problem), ERR_OK);
    assert_true(str_equal(origin, STR("assumed")));
    assert_int_equal(json_get_double(&at, "value", -100, 100, &value, &problem), ERR_OK);
    return value;
}

static void card_read(const struct json *row, struct market_event_rules *card)
{
    static const char *const keys[] = {
        "id",   "en",     "zh",   "market",  "probability",    "warning_days",
        "days", "effect", "size", "counter", "counter_factor", NULL};
    struct problem problem = {0};
    struct str id, en, zh, market, effect, counter;
    assert_int_equal(json_require_known(row, keys, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "id", 47, &id, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "en", 95, &en, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "zh", 95, &zh, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "market", 7, &market, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "effect", 31, &effect, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "counter", 31, &counter, &problem), ERR_OK);
    card->probability = figure(row, "probability");
    card->warning_days = (int)figure(row, "warning_days");
    card->days = (int)figure(row, "days");
    card->size = figure(row, "size");
    card->counter_factor = figure(row, "counter_factor");
    snprintf(card->id, sizeof(card->id), "%.*s", (int)id.length, id.text);
    snprintf(card->en, sizeof(card->en), "%.*s", (int)en.length, en.text);
    snprintf(card->zh, sizeof(card->zh), "%.*s", (int)zh.length, zh.text);
    card->market = number_of(deck_markets, COUNT_OF(deck_markets), market);
    assert_true(card->market >= 0 || str_equal(market, STR("*")));
    int e = 0, c = 0;
    while (e < EVENT_EFFECTS && !str_equal(str_from_c(market_event_effect_name(e)), effect))
        e++;
    while (c < COUNTER_KINDS && !str_equal(str_from_c(market_event_counter_name(c)), counter))
        c++;
    assert_true(e < EVENT_EFFECTS && c < COUNTER_KINDS);
    card->effect = (enum market_event_effect)e;
    card->counter = (enum market_event_counter)c;
}

const struct market_event_rules *card_deck_read(struct arena *arena, const char *file, int *count)
{
    struct json_document *document;
    struct json root;
    struct problem problem = {0};
    char path[512];
    snprintf(path, sizeof(path), "%s/data/%s", SAMPAN_SOURCE_ROOT, file);
    assert_int_equal(json_read_file(path, &document, &root, &problem), ERR_OK);
    struct json list = json_child(&root, "events");
    *count = (int)json_count(&list);
    struct market_event_rules *cards =
        ARENA_ARRAY(arena, struct market_event_rules, (size_t)*count);
    for (int e = 0; e < *count; e++) {
        struct json row = json_item(&list, (size_t)e);
        card_read(&row, &cards[e]);
    }
    json_close(document);
    return cards;
}
