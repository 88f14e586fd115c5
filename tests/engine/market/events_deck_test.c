/* The shipped deck: well formed; every card moves what it says and its counter-move takes part of
 * it back, exactly by the rule and in play over paired seeds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "cards.h"
#include "effects.h"
#include "engine/market/policy.h"

enum { SEEDS = 32, ROUNDS = 2 };

/* One deck: the scenario takes it over, which the last test holds. */
static const char *const decks[] = {"events/accessories.json"};

/* Every card of the deck: neutral before and after, its size without, its part with the move. */
static void deck_is_exact(const char *file)
{
    struct arena arena;
    arena_init(&arena);
    int count = 0;
    const struct market_event_rules *deck = card_deck_read(&arena, file, &count);
    for (int e = 0; e < count; e++)
        for (int with = 0; with < 2; with++) {
            struct market_event_rules card = deck[e];
            int market = card.market < 0 ? -1 : 0;
            struct card_bench bench;
            card.market = market;
            card_bench_open(&bench, &card);
            struct market_state *world = bench.work.state;
            double none = card_is_factor(card.effect) ? 1 : 0;
            card_counter(bench.rules, world, market, card.counter, with);
            if (card.counter == COUNTER_LOCAL_STOCK && !with) /* the opening has just 30 days */
                market_stock_take(market_stock_at(world, &world->firms[0], 1, 0), 30);
            if (card.counter == COUNTER_INSPECTION && with) {
                world->firms[0].orders = ARENA_ARRAY(&bench.arena, struct market_order, 1);
                world->firms[0].orders[0] = (struct market_order){.inspect = true};
                world->firms[0].order_count = 1;
            }
            assert_true(market_events_effect(&bench.work, 0, market, card.effect) == none);
            card_run(world, &card);
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
                        (card_is_factor(other) ? 1 : 0));
            if (market == 0)
                assert_true(market_events_effect(&bench.work, 0, 1, card.effect) == none);
            market_work_day(&bench.work, card.days);
            assert_true(market_events_effect(&bench.work, 0, market, card.effect) == none);
            arena_clear(&bench.arena);
        }
    arena_clear(&arena);
}

static void cards_and_counters_are_exact(void **state)
{
    (void)state;
    for (size_t d = 0; d < COUNT_OF(decks); d++)
        deck_is_exact(decks[d]);
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

/* Freight of a unit, of goods on their way to warehouses. */
static double bulk_freight(const struct market_firm *firm)
{
    double freight = 0, units = 0;
    for (int s = 0; s < firm->shipment_count; s++) {
        freight += (double)firm->shipments[s].freight_minor;
        units += (double)firm->shipments[s].units;
    }
    return units > 0 ? freight / units : 0;
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
        if (market >= 0 && rules->nests[firm->listings[due->listing].nest].market != market)
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
        return market == 0 ? bulk_freight(firm)
                           : -(double)seen->total_pl_minor[PL_FULFILMENT] /
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
    struct market_rules *rules = card_rules(&arena, &card);
    struct market_supplier *suppliers = (struct market_supplier *)(uintptr_t)rules->suppliers;
    for (int i = 0; i < rules->supplier_count && card.effect == EVENT_SUPPLIER_DAYS; i++)
        suppliers[i].lead_days_min = 20; /* what the first round orders is open at its end */
    char name[32];
    snprintf(name, sizeof(name), "card %d", seed);
    struct market_key key = world_key(name);
    struct market_result result;
    struct problem problem = {0};
    assert_int_equal(market_open(&arena, rules, &key, &result, &problem), ERR_OK);
    card_counter(rules, result.after, card.market, card.counter, countered);
    if (runs)
        card_run(result.after, &card);
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

static bool deck_harms_and_is_softened(const char *file)
{
    struct arena arena;
    arena_init(&arena);
    int count = 0;
    const struct market_event_rules *deck = card_deck_read(&arena, file, &count);
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
    arena_clear(&arena);
    return good;
}

static void cards_harm_and_counter_moves_help(void **state)
{
    (void)state;
    bool good = true;
    for (size_t d = 0; d < COUNT_OF(decks); d++)
        good = deck_harms_and_is_softened(decks[d]) && good;
    assert_true(good);
}

static void the_deck_is_well_formed(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    int count = 0, by_market[5] = {0}, by_effect[EVENT_EFFECTS] = {0},
        by_counter[COUNTER_KINDS] = {0};
    const struct market_event_rules *deck = card_deck_read(&arena, decks[0], &count);
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
        double none = card_is_factor(card->effect) ? 1 : 0;
        bool less = card->effect == EVENT_TRAFFIC || card->effect == EVENT_STARS ||
                    card->effect == EVENT_FX;
        assert_true(less ? card->size < none : card->size > none);
        assert_true(card->counter_factor > 0 && card->counter_factor < 1);
        /* A round of 14 days to move in, or a move that stands before; then the card says so. */
        bool unwarned = card->warning_days < 14;
        assert_true(!unwarned || market_event_counter_stands(card->counter));
        assert_int_equal(strstr(card->en, "Without warning") != NULL, unwarned);
        assert_int_equal(strstr(card->zh, "无预告") != NULL, unwarned);
        assert_int_equal(strstr(card->en, "standing") != NULL, unwarned);
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

/* The scenario's cards are those of the deck, field by field, in the same order. */
static void the_scenario_has_this_deck(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena);
    int count = 0, played = 0;
    const struct market_event_rules *deck = card_deck_read(&arena, decks[0], &count);
    const struct market_event_rules *scenario =
        card_deck_read(&arena, "scenarios/accessories.json", &played);
    assert_int_equal(played, count);
    for (int e = 0; e < count; e++) {
        assert_string_equal(scenario[e].id, deck[e].id);
        assert_string_equal(scenario[e].en, deck[e].en);
        assert_string_equal(scenario[e].zh, deck[e].zh);
        assert_int_equal(scenario[e].market, deck[e].market);
        assert_true(scenario[e].probability == deck[e].probability);
        assert_int_equal(scenario[e].warning_days, deck[e].warning_days);
        assert_int_equal(scenario[e].days, deck[e].days);
        assert_int_equal(scenario[e].effect, deck[e].effect);
        assert_true(scenario[e].size == deck[e].size);
        assert_int_equal(scenario[e].counter, deck[e].counter);
        assert_true(scenario[e].counter_factor == deck[e].counter_factor);
    }
    arena_clear(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cards_and_counters_are_exact),
        cmocka_unit_test(cards_harm_and_counter_moves_help),
        cmocka_unit_test(the_deck_is_well_formed),
        cmocka_unit_test(the_scenario_has_this_deck),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
