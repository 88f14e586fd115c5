/* Events of level 2: the worked numbers of docs/model-level2.md, what is drawn, told and runs, and
 * the shipped deck: every card moves what it says, its counter-move takes part of it back. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/file.h"
#include "core/json.h"
#include "effects.h"
#include "engine/market/nest.h"
#include "engine/market/policy.h"

enum { SEEDS = 16, ROUNDS = 2 };

static const struct market_event_rules *deck_read(struct arena *arena, int *count);

/* ---- a world with one card ---- */

static struct market_rules *rules_with(struct arena *arena, const struct market_event_rules *card)
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

static void run_now(struct market_state *state, const struct market_event_rules *card)
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
static void counter_set(const struct market_rules *rules, struct market_state *state, int market,
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

/* ---- one card, directly ---- */

struct bench {
    struct arena arena;
    struct market_rules *rules;
    struct market_key key;
    struct market_result result;
    struct market_work work;
    struct problem problem;
};

static void bench_open(struct bench *bench, const struct market_event_rules *card)
{
    memset(bench, 0, sizeof(*bench));
    arena_init(&bench->arena);
    bench->rules = rules_with(&bench->arena, card);
    bench->key = world_key("events");
    assert_int_equal(
        market_open(&bench->arena, bench->rules, &bench->key, &bench->result, &bench->problem),
        ERR_OK);
    market_work_init(&bench->work, &bench->arena, bench->rules, &bench->key, NULL,
                     bench->result.after, &bench->problem);
    market_lanes_promise(&bench->work);
}

static struct market_event_rules card_of(int market, enum market_event_effect effect, double size,
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

static double softened(enum market_event_effect effect, double size)
{
    struct bench bench;
    struct market_event_rules card = card_of(0, effect, size, COUNTER_SERVICE, 0.4);
    bench_open(&bench, &card);
    run_now(bench.work.state, &card);
    counter_set(bench.rules, bench.work.state, 0, COUNTER_SERVICE, true);
    double effective = market_events_effect(&bench.work, 0, 0, effect);
    arena_clear(&bench.arena);
    return effective;
}

static double worked_factor(void)
{
    return softened(EVENT_RETURNS, 1.6);
}

static double worked_sum(void)
{
    return softened(EVENT_STARS, -0.4);
}

/* Share of a firm's lost shoppers who come all the same. */
static double worked_traffic(void)
{
    struct bench bench;
    struct market_event_rules card = card_of(0, EVENT_TRAFFIC, 0.8, COUNTER_SERVICE, 0.4);
    bench_open(&bench, &card);
    run_now(bench.work.state, &card);
    counter_set(bench.rules, bench.work.state, 0, COUNTER_SERVICE, true);
    struct market_offer offers[2] = {{.firm = 0, .listed = true, .organic = 1},
                                     {.firm = 1, .listed = true, .organic = 3}};
    struct market_nest_day day = {.offer_count = 2, .offers = offers};
    day.traffic.event = market_events_shared(&bench.work, 0, EVENT_TRAFFIC);
    day.traffic.shoppers = 800;
    market_events_nest(&bench.work, &day);
    assert_true(offers[1].outside == 0);
    arena_clear(&bench.arena);
    return offers[0].outside;
}

static double worked_payout(void)
{
    struct bench bench;
    struct market_event_rules card = card_of(0, EVENT_FX, 0.9, COUNTER_CONVERTED, 0.3);
    bench_open(&bench, &card);
    run_now(bench.work.state, &card);
    double more = (double)market_events_payout_relief(&bench.work, 0, 1, 10000);
    /* Kept currency has no agreed rate. */
    bench.work.state->firms[0].finance.keep_currency = true;
    assert_int_equal(market_events_payout_relief(&bench.work, 0, 1, 10000), 0);
    arena_clear(&bench.arena);
    return more; /* minor units of CNY more for EUR 100.00 */
}

static const struct {
    const char *name;
    double (*compute)(void);
} worked[] = {{"events_factor", worked_factor},
              {"events_sum", worked_sum},
              {"events_traffic", worked_traffic},
              {"events_payout", worked_payout}};

static void page_and_engine_agree(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct str page;
    struct problem problem = {0};
    assert_int_equal(
        file_read(&arena, SAMPAN_SOURCE_ROOT "/docs/model-level2.md", 1 << 20, &page, &problem),
        ERR_OK);
    int found = 0;
    for (const char *at = strstr(page.text, "`worked events_"); at != NULL;
         at = strstr(at + 1, "`worked events_")) {
        char name[64];
        double printed;
        assert_int_equal(sscanf(at, "`worked %63[a-z0-9_] = %lf", name, &printed), 2);
        size_t i = 0;
        while (i < COUNT_OF(worked) && strcmp(worked[i].name, name) != 0)
            i++;
        assert_true(i < COUNT_OF(worked));
        double computed = worked[i].compute();
        if (fabs(computed - printed) > 0.0005)
            print_message("%s: page %g, engine %g\n", name, printed, computed);
        assert_true(fabs(computed - printed) <= 0.0005);
        found++;
    }
    assert_int_equal(found, COUNT_OF(worked));
    arena_clear(&arena);
}

static bool is_factor(enum market_event_effect effect)
{
    return effect == EVENT_TRAFFIC || effect == EVENT_FREIGHT || effect == EVENT_RETURNS ||
           effect == EVENT_FEE || effect == EVENT_STORAGE || effect == EVENT_DEFECTS ||
           effect == EVENT_FX;
}

/* Every card of the deck: neutral before and after, its size without, its part with the move. */
static void cards_and_counters_are_exact(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    int count = 0;
    const struct market_event_rules *deck = deck_read(&arena, &count);
    for (int e = 0; e < count; e++)
        for (int with = 0; with < 2; with++) {
            struct market_event_rules card = deck[e];
            int market = card.market < 0 ? -1 : 0;
            struct bench bench;
            card.market = market;
            bench_open(&bench, &card);
            struct market_state *world = bench.work.state;
            double none = is_factor(card.effect) ? 1 : 0;
            counter_set(bench.rules, world, market, card.counter, with);
            if (card.counter == COUNTER_LOCAL_STOCK && !with) /* the opening has just 30 days */
                market_stock_take(market_stock_at(world, &world->firms[0], 1, 0), 30);
            if (card.counter == COUNTER_INSPECTION && with) {
                world->firms[0].orders = ARENA_ARRAY(&bench.arena, struct market_order, 1);
                world->firms[0].orders[0] = (struct market_order){.inspect = true};
                world->firms[0].order_count = 1;
            }
            assert_true(market_events_effect(&bench.work, 0, market, card.effect) == none);
            run_now(world, &card);
            double left = with ? card.counter_factor : 1;
            double expected = none + (card.size - none) * left;
            double seen = market_events_effect(&bench.work, 0, market, card.effect);
            if (fabs(seen - expected) > 1e-12)
                print_message("%s with %d: %g, not %g\n", card.id, with, seen, expected);
            assert_true(fabs(seen - expected) <= 1e-12);
            assert_true(market_events_shared(&bench.work, market, card.effect) == card.size);
            /* Other effects and other markets see nothing. */
            enum market_event_effect other = (card.effect + 1) % EVENT_EFFECTS;
            assert_true(market_events_effect(&bench.work, 0, market, other) ==
                        (is_factor(other) ? 1 : 0));
            if (market == 0)
                assert_true(market_events_effect(&bench.work, 0, 1, card.effect) == none);
            market_work_day(&bench.work, card.days);
            assert_true(market_events_effect(&bench.work, 0, market, card.effect) == none);
            arena_clear(&bench.arena);
        }
    arena_clear(&arena);
}

/* ---- every card, played ---- */

/* Days from placing to ready, of orders still open. */
static double order_days(const struct market_firm *firm)
{
    double sum = 0;
    for (int o = 0; o < firm->order_count; o++)
        sum += firm->orders[o].ready_day - firm->orders[o].placed_day;
    return firm->order_count > 0 ? sum / firm->order_count : 0;
}

/* Defective units wherever the firm's goods are. */
static double defect_units(const struct market_state *state, const struct market_firm *firm)
{
    double sum = 0;
    for (int place = 0; place < state->place_count; place++)
        for (int p = 0; p < state->product_count; p++) {
            const struct market_stock *stock = market_stock_at(state, firm, place, p);
            sum += (double)stock->units * stock->defect_rate;
        }
    for (int o = 0; o < firm->order_count; o++)
        sum += (double)firm->orders[o].units * firm->orders[o].defect_rate;
    for (int s = 0; s < firm->shipment_count; s++)
        sum += (double)firm->shipments[s].units * firm->shipments[s].defect_rate;
    return sum;
}

/* Days on the lane, of goods on their way to warehouses. */
static double bulk_days(const struct market_firm *firm)
{
    double sum = 0;
    for (int s = 0; s < firm->shipment_count; s++)
        sum += firm->shipments[s].arrive_day - firm->shipments[s].sent_day;
    return firm->shipment_count > 0 ? sum / firm->shipment_count : 0;
}

/* Shipments that customs keep. */
static double kept_at_customs(const struct market_state *state, const struct market_firm *firm)
{
    int kept = 0;
    for (int s = 0; s < firm->shipment_count; s++)
        kept += firm->shipments[s].held && firm->shipments[s].arrive_day >= state->day;
    return kept;
}

/* Mean day on which a parcel to the market is due, of those on their way. */
static double parcel_days(const struct market_rules *rules, const struct market_firm *firm,
                          int market)
{
    double sum = 0, units = 0;
    for (int d = 0; d < firm->delivery_count; d++) {
        const struct market_delivery *due = &firm->deliveries[d];
        if (rules->nests[firm->listings[due->listing].nest].market != market)
            continue;
        sum += (double)due->units * due->due_day;
        units += due->units;
    }
    return units > 0 ? sum / units : 0;
}

/* A number that the card's effect raises (damage), of firm 0 at the end. */
static double damage(enum market_event_effect effect, int market, const struct market_state *state,
                     const struct market_observation *seen)
{
    const struct market_firm *firm = &state->firms[0];
    double back = 0, sold = 0, receivable = 0;
    for (int i = 0; i < firm->listing_count; i++) {
        const struct market_listing_view *view = &seen->listings[i];
        if (market >= 0 && view->market != market)
            continue;
        back += (double)view->round_returned_units;
        sold += (double)view->round_units;
    }
    for (int c = 1; c < seen->rules->currency_count; c++)
        receivable += (double)seen->receivable_minor[c];
    switch (effect) {
    case EVENT_TRAFFIC:
        return -sold;
    case EVENT_LANE_DAYS:
        return market == 0 ? bulk_days(firm) : parcel_days(seen->rules, firm, market);
    case EVENT_FREIGHT:
        return -(double)seen->total_pl_minor[PL_FULFILMENT] /
               effect_units(seen->rules, state, seen);
    case EVENT_SUPPLIER_DAYS:
        return order_days(firm);
    case EVENT_RETURNS:
        return back;
    case EVENT_FEE:
        return -(double)seen->total_pl_minor[PL_REFERRAL] /
               (double)seen->total_pl_minor[PL_REVENUE];
    case EVENT_STORAGE:
        return -(double)seen->total_pl_minor[PL_STORAGE];
    case EVENT_CUSTOMS:
        return kept_at_customs(state, firm);
    case EVENT_PAYOUT:
        return receivable;
    case EVENT_DEFECTS:
        return defect_units(state, firm);
    case EVENT_STARS:
        return firm->tally.reviews > 0 ? -firm->tally.stars_sum / (double)firm->tally.reviews : 0;
    case EVENT_FX:
        return -(double)seen->equity_minor;
    default:
        return 0;
    }
}

/* The market of the test world a card is played in: parcels over the border go to the second. */
static int market_played(const struct market_event_rules *card)
{
    bool parcels = card->effect == EVENT_LANE_DAYS || card->effect == EVENT_FREIGHT;
    bool insured = card->counter == COUNTER_INSURED; /* its shipments go to the first */
    return card->market < 0 ? -1 : parcels && !insured ? 1 : 0;
}

static double play(const struct market_event_rules *original, int seed, bool runs, bool countered)
{
    struct arena arena;
    arena_init(&arena);
    struct market_event_rules card = *original;
    card.market = market_played(original);
    card.days = 28; /* the whole play, so that its size can be told from luck */
    struct market_rules *rules = rules_with(&arena, &card);
    char name[32];
    snprintf(name, sizeof(name), "card %d", seed);
    struct market_key key = world_key(name);
    struct market_result result;
    struct problem problem = {0};
    assert_int_equal(market_open(&arena, rules, &key, &result, &problem), ERR_OK);
    counter_set(rules, result.after, card.market, card.counter, countered);
    if (runs)
        run_now(result.after, &card);
    /* Goods that come on the last day but one: whom customs keep can be counted then. */
    struct market_firm *firm = &result.after->firms[0];
    for (int s = 0; s < firm->shipment_count && card.effect == EVENT_CUSTOMS; s++)
        firm->shipments[s].arrive_day = 26;
    enum err code = ERR_OK;
    for (int round = 0; round < ROUNDS && code == ERR_OK; round++) {
        struct market_seat_decisions *firms =
            ARENA_ARRAY(&arena, struct market_seat_decisions, (size_t)rules->firms);
        for (int f = 0; f < rules->firms; f++)
            market_policy_decide(&arena, POLICY_STEADY, &result.observations[f], &firms[f]);
        /* What stands in the state is the counter-move, or surely not it. */
        for (int list = 0; list < LIST_COUNT; list++)
            if (list != LIST_listings && list != LIST_orders)
                firms[0].lists[list].count = 0;
        bool orders = card.effect == EVENT_SUPPLIER_DAYS || card.effect == EVENT_DEFECTS ||
                      card.counter == COUNTER_INSURED;
        struct market_row *row = orders ? effect_row_add(&arena, &firms[0], LIST_orders) : NULL;
        if (orders) {
            market_row_set(row, F_orders_product, 0);
            market_row_set(row, F_orders_supplier, 0);
            market_row_set(row, F_orders_units, 500);
            if (card.counter == COUNTER_INSURED)
                market_row_set(row, F_orders_lane, WORLD_LANE_SEA);
        }
        for (int o = 0; o < firms[0].lists[LIST_orders].count; o++)
            market_row_set(effect_row_of(&arena, &firms[0], LIST_orders, o), F_orders_inspect,
                           card.counter == COUNTER_INSPECTION && countered);
        struct market_decisions decisions = {.firm_count = rules->firms, .firms = firms};
        code = market_step(&arena, rules, result.after, &decisions, &key, NULL, &result, &problem);
        if (orders || card.effect == EVENT_LANE_DAYS)
            break; /* what the first round ordered or sent is still on its way */
    }
    if (code != ERR_OK)
        print_message("%s: %s at %s\n", card.id, err_name(code), problem.place);
    assert_int_equal(code, ERR_OK);
    double measured = damage(card.effect, card.market, result.after, &result.observations[0]);
    arena_clear(&arena);
    return measured;
}

struct mean {
    double sum, squares;
};

static void mean_add(struct mean *mean, double value)
{
    mean->sum += value;
    mean->squares += value * value;
}

/* More than two standard errors above zero. */
static bool is_above(const struct mean *mean)
{
    double average = mean->sum / SEEDS;
    double variance = (mean->squares - mean->sum * average) / (SEEDS - 1);
    return average > 2 * sqrt(variance > 0 ? variance / SEEDS : 0) && average > 0;
}

static void cards_harm_and_counter_moves_help(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    int count = 0;
    const struct market_event_rules *deck = deck_read(&arena, &count);
    bool good = true;
    for (int e = 0; e < count; e++) {
        const struct market_event_rules *card = &deck[e];
        struct mean harm = {0}, help = {0};
        for (int seed = 0; seed < SEEDS; seed++) {
            double bare = play(card, seed, true, false) - play(card, seed, false, false);
            double moved = play(card, seed, true, true) - play(card, seed, false, true);
            mean_add(&harm, bare);
            mean_add(&help, bare - moved);
        }
        bool shown = is_above(&harm) && is_above(&help);
        print_message("%-20s %-14s harm %.4g, with %s less by %.4g%s\n", card->id,
                      market_event_effect_name(card->effect), harm.sum / SEEDS,
                      market_event_counter_name(card->counter), help.sum / SEEDS,
                      shown ? "" : "   NOT SHOWN");
        good = good && shown;
    }
    assert_true(good);
    arena_clear(&arena);
}

/* ---- drawing and telling ---- */

static int notices_of(const struct market_observation *seen, enum market_notice_kind kind)
{
    int count = 0;
    for (int i = 0; i < seen->notice_count; i++)
        count += seen->notices[i].kind == kind;
    return count;
}

static void cards_are_drawn_told_and_end(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    struct market_event_rules card = card_of(-1, EVENT_STARS, -0.3, COUNTER_SERVICE, 0.5);
    card.warning_days = 14;
    card.days = 10;
    struct market_rules *rules = rules_with(&arena, &card);
    struct market_event_rules *deck = (struct market_event_rules *)(uintptr_t)rules->events;
    struct market_decisions nothing = world_nothing(&arena, rules);
    int32_t starts[3];
    for (int world = 0; world < 3; world++) {
        struct market_key key = world_key("drawn");
        key.world = (uint32_t)world;
        struct market_result result;
        struct problem problem = {0};
        assert_int_equal(market_open(&arena, rules, &key, &result, &problem), ERR_OK);
        assert_int_equal(result.observations[0].event_count, 0);
        deck->probability = 1;
        assert_int_equal(
            market_step(&arena, rules, result.after, &nothing, &key, NULL, &result, &problem),
            ERR_OK);
        deck->probability = 0;
        const struct market_observation *seen = &result.observations[0];
        /* Told in time to act: it begins in the next round. */
        assert_int_equal(notices_of(seen, NOTICE_EVENT_WARNING), 1);
        assert_int_equal(notices_of(seen, NOTICE_EVENT_BEGINS), 0);
        assert_int_equal(seen->event_count, 1);
        starts[world] = seen->events[0].from_day;
        assert_in_range(starts[world], 14, 27);
        assert_int_equal(seen->events[0].to_day, starts[world] + 10);
        assert_int_equal(
            market_step(&arena, rules, result.after, &nothing, &key, NULL, &result, &problem),
            ERR_OK);
        assert_int_equal(notices_of(&result.observations[0], NOTICE_EVENT_BEGINS), 1);
        assert_int_equal(
            market_step(&arena, rules, result.after, &nothing, &key, NULL, &result, &problem),
            ERR_OK);
        assert_int_equal(result.observations[0].event_count, 0);
    }
    /* All worlds of a run meet the same events. */
    assert_int_equal(starts[0], starts[1]);
    assert_int_equal(starts[0], starts[2]);
    arena_clear(&arena);
}

static void a_surprise_is_not_seen_before_it_begins(void **state)
{
    (void)state;
    struct bench bench;
    struct market_event_rules card = card_of(0, EVENT_FEE, 1.2, COUNTER_BRAND, 0.5);
    bench_open(&bench, &card);
    bench.work.state->events[0] = (struct market_event_state){0, 3, 9};
    struct market_observation seen = {0};
    market_events_see(&bench.work, &seen);
    assert_int_equal(seen.event_count, 0);
    bench.work.state->day = 4;
    market_events_see(&bench.work, &seen);
    assert_int_equal(seen.event_count, 1);
    arena_clear(&bench.arena);
}

static void eight_at_most_come_by_their_probability(void **state)
{
    (void)state;
    struct bench bench;
    struct market_event_rules card = card_of(-1, EVENT_FEE, 1.1, COUNTER_BRAND, 0.5);
    bench_open(&bench, &card);
    struct market_event_rules *deck =
        ARENA_ARRAY(&bench.arena, struct market_event_rules, MARKET_EVENTS_MAX);
    for (int e = 0; e < MARKET_EVENTS_MAX; e++) {
        deck[e] = card;
        deck[e].probability = 1;
    }
    bench.rules->events = deck;
    bench.rules->event_count = MARKET_EVENTS_MAX;
    market_events_round(&bench.work);
    for (int e = 0; e < MARKET_EVENTS_RUNNING; e++)
        assert_int_equal(bench.work.state->events[e].event, e);
    /* One card alone over 4,000 rounds: 0.1 a round within four standard errors (0.019). */
    bench.rules->event_count = 1;
    deck[0].probability = 0.1;
    int came = 0;
    for (int round = 0; round < 4000; round++) {
        for (int e = 0; e < MARKET_EVENTS_RUNNING; e++)
            bench.work.state->events[e].event = -1;
        market_work_day(&bench.work, round);
        market_events_round(&bench.work);
        came += bench.work.state->events[0].event == 0;
    }
    assert_in_range(came, 400 - 76, 400 + 76);
    arena_clear(&bench.arena);
}

static void open_orders_are_put_off(void **state)
{
    (void)state;
    struct bench bench;
    struct market_event_rules card = card_of(-1, EVENT_SUPPLIER_DAYS, 8, COUNTER_INSPECTION, 0.5);
    bench_open(&bench, &card);
    struct market_state *world = bench.work.state;
    for (int f = 0; f < 2; f++) {
        world->firms[f].orders = ARENA_ARRAY(&bench.arena, struct market_order, 2);
        world->firms[f].orders[0] = (struct market_order){.ready_day = 9, .inspect = f == 1};
        world->firms[f].orders[1] = (struct market_order){.ready_day = 3};
        world->firms[f].order_count = 2;
    }
    world->events[0] = (struct market_event_state){0, 3, 20};
    market_work_day(&bench.work, 3);
    market_events_day(&bench.work);
    assert_int_equal(world->firms[0].orders[0].ready_day, 17);
    assert_int_equal(world->firms[1].orders[0].ready_day, 13);
    assert_int_equal(world->firms[0].orders[1].ready_day, 3); /* ready already */
    market_work_day(&bench.work, 4);
    market_events_day(&bench.work); /* only once */
    assert_int_equal(world->firms[0].orders[0].ready_day, 17);
    arena_clear(&bench.arena);
}

static void damaged_events_are_refused(void **state)
{
    (void)state;
    struct bench bench;
    struct market_event_rules card = card_of(0, EVENT_FEE, 1.2, COUNTER_BRAND, 0.5);
    bench_open(&bench, &card);
    run_now(bench.work.state, &card);
    struct buf bytes;
    struct market_state *read = NULL;
    buf_init(&bytes);
    market_state_encode(bench.work.state, &bytes);
    assert_int_equal(
        market_state_decode(&bench.arena, bench.rules, buf_str(&bytes), &read, &bench.problem),
        ERR_OK);
    assert_int_equal(read->events[0].to_day, 14);
    bench.work.state->events[0].event = 1; /* the deck has one card */
    buf_reset(&bytes);
    market_state_encode(bench.work.state, &bytes);
    assert_int_equal(
        market_state_decode(&bench.arena, bench.rules, buf_str(&bytes), &read, &bench.problem),
        ERR_STATE_DAMAGED);
    buf_clear(&bytes);
    arena_clear(&bench.arena);
}

/* ---- the deck ---- */

static int number_of(const char *const *names, int count, struct str name)
{
    for (int i = 0; i < count; i++)
        if (str_equal(str_from_c(names[i]), name))
            return i;
    return -1;
}

static const char *const deck_markets[] = {"US", "DE", "JP", "BR"};

static void card_read(const struct json *row, struct market_event_rules *card)
{
    static const char *const keys[] = {
        "id",   "en",     "zh",   "market",  "probability",    "warning_days",
        "days", "effect", "size", "counter", "counter_factor", "origin",
        NULL};
    struct problem problem = {0};
    struct str id, en, zh, market, effect, counter, origin;
    int64_t warning, days;
    assert_int_equal(json_require_known(row, keys, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "id", 47, &id, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "en", 95, &en, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "zh", 95, &zh, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "market", 7, &market, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "effect", 31, &effect, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "counter", 31, &counter, &problem), ERR_OK);
    assert_int_equal(json_get_text(row, "origin", 31, &origin, &problem), ERR_OK);
    assert_int_equal(json_get_int(row, "warning_days", 0, 84, &warning, &problem), ERR_OK);
    assert_int_equal(json_get_int(row, "days", 1, 60, &days, &problem), ERR_OK);
    assert_int_equal(json_get_double(row, "probability", 0, 1, &card->probability, &problem),
                     ERR_OK);
    assert_int_equal(json_get_double(row, "size", -100, 100, &card->size, &problem), ERR_OK);
    assert_int_equal(json_get_double(row, "counter_factor", 0, 1, &card->counter_factor, &problem),
                     ERR_OK);
    assert_true(str_equal(origin, STR("assumed"))); /* none is a fact */
    snprintf(card->id, sizeof(card->id), "%.*s", (int)id.length, id.text);
    snprintf(card->en, sizeof(card->en), "%.*s", (int)en.length, en.text);
    snprintf(card->zh, sizeof(card->zh), "%.*s", (int)zh.length, zh.text);
    card->market = number_of(deck_markets, COUNT_OF(deck_markets), market);
    assert_true(card->market >= 0 || str_equal(market, STR("all")));
    card->warning_days = (int)warning;
    card->days = (int)days;
    int e = 0, c = 0;
    while (e < EVENT_EFFECTS && !str_equal(str_from_c(market_event_effect_name(e)), effect))
        e++;
    while (c < COUNTER_KINDS && !str_equal(str_from_c(market_event_counter_name(c)), counter))
        c++;
    assert_true(e < EVENT_EFFECTS && c < COUNTER_KINDS);
    card->effect = (enum market_event_effect)e;
    card->counter = (enum market_event_counter)c;
}

static const struct market_event_rules *deck_read(struct arena *arena, int *count)
{
    struct json_document *document;
    struct json root;
    struct problem problem = {0};
    assert_int_equal(json_read_file(SAMPAN_SOURCE_ROOT "/data/events/accessories.json", &document,
                                    &root, &problem),
                     ERR_OK);
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

static void the_deck_is_well_formed(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    int count = 0, by_market[5] = {0}, by_effect[EVENT_EFFECTS] = {0},
        by_counter[COUNTER_KINDS] = {0};
    const struct market_event_rules *deck = deck_read(&arena, &count);
    assert_in_range(count, 20, MARKET_EVENTS_MAX);
    struct market_rules rules = {.market_count = 4, .event_count = count, .events = deck};
    struct problem problem = {0};
    if (market_events_check(&rules, &problem) != ERR_OK)
        print_message("%s\n", problem.place);
    assert_int_equal(market_events_check(&rules, &problem), ERR_OK);
    double events = 0;
    for (int e = 0; e < count; e++) {
        const struct market_event_rules *card = &deck[e];
        by_market[1 + card->market]++;
        by_effect[card->effect]++;
        by_counter[card->counter]++;
        events += card->probability;
        for (int other = 0; other < e; other++)
            assert_string_not_equal(deck[other].id, card->id);
        assert_true(card->en[0] != '\0' && (card->zh[0] & 0x80) != 0); /* Chinese, not English */
        /* It harms, the move helps but does not undo it, and there is time to move or none. */
        double none = is_factor(card->effect) ? 1 : 0;
        bool less = card->effect == EVENT_TRAFFIC || card->effect == EVENT_STARS ||
                    card->effect == EVENT_FX;
        assert_true(less ? card->size < none : card->size > none);
        assert_true(card->counter_factor > 0 && card->counter_factor < 1);
        assert_true(card->warning_days == 0 || card->warning_days >= 14);
        assert_true(card->probability > 0 && card->probability <= 0.1);
    }
    for (size_t m = 0; m < COUNT_OF(by_market); m++)
        assert_true(by_market[m] > 0);
    for (int i = 0; i < EVENT_EFFECTS; i++)
        assert_true(by_effect[i] > 0);
    for (int i = 0; i < COUNTER_KINDS; i++)
        assert_true(by_counter[i] > 0);
    assert_true(events > 0.5 && events < 2); /* about one a round: enough to learn from */
    arena_clear(&arena);
}

static void decks_out_of_range_are_refused(void **state)
{
    (void)state;
    struct market_event_rules good = card_of(0, EVENT_FEE, 1.2, COUNTER_BRAND, 0.5);
    struct market_event_rules card = good;
    struct market_rules rules = {.market_count = 2, .event_count = 1, .events = &card};
    struct problem problem = {0};
    assert_int_equal(market_events_check(&rules, &problem), ERR_OK);
    card.size = NAN;
    assert_int_equal(market_events_check(&rules, &problem), ERR_SCENARIO);
    assert_string_equal(problem.place, "events[0].size");
    card = good;
    card.market = 2;
    assert_int_equal(market_events_check(&rules, &problem), ERR_SCENARIO);
    card = good;
    card.effect = EVENT_DEFECTS; /* suppliers serve all markets */
    assert_int_equal(market_events_check(&rules, &problem), ERR_SCENARIO);
    card = good;
    card.days = 61;
    assert_int_equal(market_events_check(&rules, &problem), ERR_SCENARIO);
    card = good;
    card.counter_factor = 1.5;
    assert_int_equal(market_events_check(&rules, &problem), ERR_SCENARIO);
    rules.event_count = MARKET_EVENTS_MAX + 1;
    assert_int_equal(market_events_check(&rules, &problem), ERR_RANGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_and_engine_agree),
        cmocka_unit_test(cards_and_counters_are_exact),
        cmocka_unit_test(cards_harm_and_counter_moves_help),
        cmocka_unit_test(cards_are_drawn_told_and_end),
        cmocka_unit_test(a_surprise_is_not_seen_before_it_begins),
        cmocka_unit_test(eight_at_most_come_by_their_probability),
        cmocka_unit_test(open_orders_are_put_off),
        cmocka_unit_test(damaged_events_are_refused),
        cmocka_unit_test(the_deck_is_well_formed),
        cmocka_unit_test(decks_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
