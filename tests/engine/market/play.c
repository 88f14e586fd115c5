#include "play.h"

#include <string.h>

#include "world.h"

uint64_t play_word(struct play_random *random)
{
    return rng_at(random->key, 1000, 0, 0, 0, 0, random->count++).word[0];
}

uint64_t play_below(struct play_random *random, uint64_t bound)
{
    return rng_below(play_word(random), bound);
}

double play_uniform(struct play_random *random)
{
    return rng_uniform(play_word(random));
}

static bool one_in(struct play_random *random, uint64_t n)
{
    return play_below(random, n) == 0;
}

static int64_t edge_or(struct play_random *random, int64_t least, int64_t most)
{
    switch (play_below(random, 4)) {
    case 0:
        return least;
    case 1:
        return most;
    default:
        return least + (int64_t)play_below(random, (uint64_t)(most - least) + 1);
    }
}

/* A random deck: every effect and counter-move, at sizes from edge to edge. */
static void random_deck(struct arena *arena, struct market_rules *rules, struct play_random *random)
{
    static const double sizes[EVENT_EFFECTS][2] = {
        [EVENT_TRAFFIC] = {0.1, 3},      [EVENT_LANE_DAYS] = {0, 40}, [EVENT_FREIGHT] = {0.2, 5},
        [EVENT_SUPPLIER_DAYS] = {0, 60}, [EVENT_RETURNS] = {0.2, 5},  [EVENT_FEE] = {0.5, 2},
        [EVENT_STORAGE] = {0.2, 5},      [EVENT_CUSTOMS] = {0, 1},    [EVENT_PAYOUT] = {0, 40},
        [EVENT_DEFECTS] = {0.2, 5},      [EVENT_STARS] = {-2, 1},     [EVENT_FX] = {0.5, 2}};
    int count = (int)play_below(random, 2 * EVENT_EFFECTS);
    struct market_event_rules *deck =
        ARENA_ARRAY(arena, struct market_event_rules, (size_t)count + 1);
    for (int e = 0; e < count; e++) {
        struct market_event_rules *card = &deck[e];
        card->effect = (enum market_event_effect)(e % EVENT_EFFECTS);
        bool suppliers = card->effect == EVENT_SUPPLIER_DAYS || card->effect == EVENT_DEFECTS;
        card->market = suppliers ? -1 : (int)play_below(random, (uint64_t)rules->market_count);
        card->probability = play_uniform(random);
        card->warning_days = (int)edge_or(random, 0, 28);
        card->days = (int)edge_or(random, 1, 60);
        card->size = sizes[card->effect][play_below(random, 2)];
        card->counter = (enum market_event_counter)play_below(random, COUNTER_KINDS);
        card->counter_factor = play_uniform(random);
    }
    rules->events = deck;
    rules->event_count = count;
}

static void random_compliance(struct market_rules *rules, struct play_random *random)
{
    struct market_compliance_rules *own = &rules->compliance;
    own->held_at_start = one_in(random, 2);
    own->certificate_days = (int)edge_or(random, 0, 60);
    for (int kind = 0; kind < INCIDENT_KINDS; kind++) {
        own->audit_rate[kind] = one_in(random, 2) ? 1 : play_uniform(random);
        own->closed_days[kind] = (int)edge_or(random, 0, 40);
    }
    own->late_threshold = one_in(random, 2) ? 0 : 0.3;
    own->service_fee_minor = edge_or(random, 0, 1000000);
}

static void random_promotion(struct market_rules *rules, struct play_random *random)
{
    struct market_nest *nests = (struct market_nest *)(uintptr_t)rules->nests;
    rules->promotion.slots = (int)edge_or(random, 1, 8);
    rules->promotion.sponsored_share = one_in(random, 3) ? 0.9 : 0.25;
    rules->promotion.quality_noise = one_in(random, 3) ? 2 : 0.3;
    rules->promotion.exponent = one_in(random, 3) ? 0.5 : 1;
    rules->promotion.reserve_share = one_in(random, 3) ? 0 : 0.05;
    rules->promotion.visit_cost = one_in(random, 3) ? 0.001 : 0.25;
    for (int n = 0; n < rules->nest_count; n++) {
        nests[n].query_count = (int)play_below(random, 3);
        nests[n].queries[0].weight = nests[n].query_count == 1 ? 1 : 0.6;
        nests[n].queries[0].waste = 0.95 * play_uniform(random);
    }
}

static void random_sourcing(struct market_rules *rules, struct play_random *random)
{
    struct market_supplier *suppliers = (struct market_supplier *)(uintptr_t)rules->suppliers;
    struct market_lane *lanes = (struct market_lane *)(uintptr_t)rules->lanes;
    for (int s = 0; s < rules->supplier_count; s++)
        suppliers[s].bot =
            (struct market_bot_supplier){.bot = one_in(random, 2),
                                         .cost_minor = edge_or(random, 1, 8000),
                                         .margin = play_uniform(random),
                                         .quantity_ref = 500,
                                         .capacity_per_day = one_in(random, 3) ? 0.01 : 40};
    for (int l = 0; l < rules->lane_count; l++)
        if (lanes[l].kind == LANE_BULK)
            lanes[l].loss_rate = one_in(random, 2) ? 0.5 : 0;
    rules->sourcing.bulk_loss_share = one_in(random, 2) ? 1 : play_uniform(random);
    rules->sourcing.insurance_rate_1e9 = edge_or(random, 0, RATE_ONE);
}

static void random_money(struct market_rules *rules, struct play_random *random)
{
    struct market_customs_rules *customs = &rules->customs;
    customs->refund_rate_1e9 = edge_or(random, 0, RATE_ONE);
    customs->hold_rate = one_in(random, 2) ? 1 : play_uniform(random);
    customs->undervalue_slope = 10 * play_uniform(random);
    customs->hold_days = (int)edge_or(random, 0, 60);
    customs->penalty_rate_1e9 = edge_or(random, 0, 10 * (int64_t)RATE_ONE);
    for (int mode = 0; mode < CUSTOMS_MODES; mode++)
        customs->refund_days[mode] = (int)edge_or(random, -1, REFUND_RING - 1);
    rules->loans.loan_rate_1e9 = edge_or(random, 0, RATE_ONE);
    rules->loans.loan_limit_rate_1e9 = edge_or(random, 0, 10 * (int64_t)RATE_ONE);
}

void play_second_channel(struct arena *arena, struct market_rules *rules,
                         struct play_random *random)
{
    world_second_channel(arena, rules);
    struct market_nest *nests = (struct market_nest *)(uintptr_t)rules->nests;
    for (int n = 0; n < rules->nest_count; n++) {
        nests[n].units_per_firm_day /= (double)edge_or(random, 1, 4);
        nests[n].referral_rate_1e9 = edge_or(random, 0, 500000000);
        nests[n].referral_minimum_minor = edge_or(random, 0, 300);
        nests[n].payout_hold_days = (int)edge_or(random, 0, 60);
        nests[n].price_ref_minor = edge_or(random, 1000, 4000);
    }
}

struct market_rules *play_rules_level2(struct arena *arena, struct play_random *random)
{
    struct world_options options = {.firms = 1 + (int)play_below(random, 5),
                                    .products = 1 + (int)play_below(random, 4),
                                    .second_market = one_in(random, 2),
                                    .level2 = true,
                                    .cold = one_in(random, 4),
                                    .b = 0.2 + 12 * play_uniform(random),
                                    .traffic_sd = 0.25 * play_uniform(random),
                                    .luck_sd = 0.2 * play_uniform(random),
                                    .round_days = one_in(random, 3) ? 7 : 14};
    struct market_rules *rules = world_rules(arena, &options);
    if (one_in(random, 2))
        play_second_channel(arena, rules, random);
    random_deck(arena, rules, random);
    random_compliance(rules, random);
    random_sourcing(rules, random);
    random_promotion(rules, random);
    random_money(rules, random);
    rules->finance.cash_opening_minor = one_in(random, 4) ? 0 : edge_or(random, 0, 50000000);
    rules->finance.overdraft_limit_minor = one_in(random, 4) ? 0 : 3000000;
    return rules;
}

struct market_rules *play_rules(struct arena *arena, struct play_random *random)
{
    struct world_options options = {.firms = 1 + (int)play_below(random, 5),
                                    .products = 1 + (int)play_below(random, 4),
                                    .second_market = one_in(random, 2),
                                    .cold = one_in(random, 4),
                                    .b = one_in(random, 8) ? 900 : 0.2 + 12 * play_uniform(random),
                                    .dispersion = one_in(random, 2) ? 0 : play_uniform(random),
                                    .traffic_sd = 0.25 * play_uniform(random),
                                    .luck_sd = 0.2 * play_uniform(random),
                                    .round_days = one_in(random, 3) ? 7 : 14};
    struct market_rules *rules = world_rules(arena, &options);
    /* The arrays are the test's own: it may change them before the check. */
    struct market_country *markets = (struct market_country *)(uintptr_t)rules->markets;
    struct market_supplier *suppliers = (struct market_supplier *)(uintptr_t)rules->suppliers;
    struct market_lane *lanes = (struct market_lane *)(uintptr_t)rules->lanes;
    struct market_category *category = (struct market_category *)(uintptr_t)rules->categories;
    for (int m = 0; m < rules->market_count; m++) {
        markets[m].payout_hold_days = (int)edge_or(random, 0, 60);
        markets[m].weekday[5] = one_in(random, 3) ? 0 : 1;
        markets[m].season[play_below(random, 53)] = one_in(random, 2) ? 0 : 5;
        markets[m].growth = one_in(random, 2) ? -0.5 : 2;
    }
    if (one_in(random, 3)) /* a currency without minor units */
        (void)currency_from_code(STR("JPY"), &rules->currencies[1]);
    for (int s = 0; s < rules->supplier_count; s++) {
        suppliers[s].deposit_rate_1e9 = edge_or(random, 0, RATE_ONE);
        suppliers[s].lead_days_min = (int)edge_or(random, 0, 60);
        suppliers[s].defect_rate = one_in(random, 4) ? 0.5 : 0.02;
        suppliers[s].breaks[0].units_min = 1;
    }
    for (int l = 0; l < rules->lane_count; l++) {
        lanes[l].loss_rate = lanes[l].kind == LANE_BULK || one_in(random, 2) ? 0 : 0.5;
        lanes[l].freight_sd = 0.1 * play_uniform(random);
        lanes[l].freight_jump_rate = 0.1 * play_uniform(random);
        lanes[l].freight_jump = 0.7;
    }
    category->return_rate = one_in(random, 3) ? 0.9 : 0.1;
    category->resale_fraction = play_uniform(random);
    rules->finance.cash_opening_minor = one_in(random, 4) ? 0 : edge_or(random, 0, 50000000);
    rules->finance.overdraft_limit_minor = one_in(random, 4) ? 0 : 3000000;
    rules->finance.payroll_per_day_minor = edge_or(random, 0, 300000);
    return rules;
}

static int random_lane(const struct market_rules *rules, struct play_random *random, bool bulk,
                       int market)
{
    for (int tries = 0; tries < 64; tries++) {
        int l = (int)play_below(random, (uint64_t)rules->lane_count);
        bool fits = (rules->lanes[l].kind == LANE_BULK) == bulk;
        if (fits && (market < 0 || rules->lanes[l].market == market))
            return l;
    }
    return -1;
}

static struct market_rows rows_of(struct arena *arena, int count, struct market_row **rows)
{
    *rows = ARENA_ARRAY(arena, struct market_row, (size_t)count);
    return (struct market_rows){.count = count, .rows = *rows};
}

static struct str random_title(struct play_random *random)
{
    static const char *const titles[] = {"", "phone case", "cover, free, leather", "Aurelle cover",
                                         "\xff\xfe\x01 phone\x80 CASE"};
    return str_from_c(titles[play_below(random, COUNT_OF(titles))]);
}

/* The window of a listing; the price becomes that of its bundle. */
static void play_storefront(struct play_random *random, struct market_row *row)
{
    int64_t bundle = edge_or(random, 1, 5);
    market_row_set(row, F_listings_bundle_units, bundle);
    market_row_set(row, F_listings_price, market_row_number(row, F_listings_price) * bundle);
    market_row_set(row, F_listings_duty_paid, one_in(random, 2));
    market_row_set(row, F_listings_translation, edge_or(random, 0, 2));
    market_row_set(row, F_listings_content_spend, edge_or(random, 0, 10000000));
    market_row_set(row, F_listings_title_terms, 0);
    row->value[market_field_index(LIST_listings, F_listings_title_terms)].text =
        random_title(random);
}

/* Campaigns for some listings and groups; brand and social spending from nothing to absurd. */
static void play_promotion(struct arena *arena, const struct market_rules *rules,
                           struct play_random *random, struct market_seat_decisions *seat)
{
    struct market_row *rows = ARENA_ARRAY(arena, struct market_row, 24);
    int count = 0;
    for (int n = 0; n < rules->nest_count; n++)
        for (int p = 0; p < rules->product_count; p++)
            for (int q = 0; q < rules->nests[n].query_count && count < 24; q++) {
                if (one_in(random, 2))
                    continue;
                struct market_row *row = &rows[count++];
                market_row_set(row, F_campaigns_product, p);
                market_row_set(row, F_campaigns_market, rules->nests[n].market);
                market_row_set(row, F_campaigns_channel, rules->nests[n].channel);
                market_row_set(row, F_campaigns_query_group, q);
                market_row_set(row, F_campaigns_bid,
                               edge_or(random, 0, one_in(random, 4) ? 1000000 : 200));
                market_row_set(row, F_campaigns_cap,
                               edge_or(random, 0, one_in(random, 4) ? 100000000 : 20000));
                market_row_set(row, F_campaigns_exclusions, 0);
                row->value[market_field_index(LIST_campaigns, F_campaigns_exclusions)].text =
                    random_title(random);
            }
    seat->lists[LIST_campaigns] = (struct market_rows){count, rows};
    /* At most two markets on two channels. */
    int shops = rules->market_count * rules->channel_count;
    rows = ARENA_ARRAY(arena, struct market_row, (size_t)shops);
    for (int i = 0; i < shops; i++) {
        int64_t most = one_in(random, 4) ? 100000000 : 50000;
        market_row_set(&rows[i], F_brand_market, i % rules->market_count);
        market_row_set(&rows[i], F_brand_channel, i / rules->market_count);
        market_row_set(&rows[i], F_brand_brand_spend, edge_or(random, 0, most));
        market_row_set(&rows[i], F_brand_social_spend, edge_or(random, 0, most));
    }
    seat->lists[LIST_brand] = (struct market_rows){shops, rows};
}

/* The coach rates one listing of each firm, which need not exist. */
static void play_coach(struct arena *arena, const struct market_rules *rules,
                       struct play_random *random, struct market_decisions *decisions)
{
    struct market_other_seat *coach = ARENA_NEW(arena, struct market_other_seat);
    struct market_row *rows = ARENA_ARRAY(arena, struct market_row, (size_t)rules->firms);
    for (int f = 0; f < rules->firms; f++) {
        const struct market_nest *nest =
            &rules->nests[play_below(random, (uint64_t)rules->nest_count)];
        market_row_set(&rows[f], F_content_ratings_firm, f);
        market_row_set(&rows[f], F_content_ratings_product,
                       (int64_t)play_below(random, (uint64_t)rules->product_count));
        market_row_set(&rows[f], F_content_ratings_market, nest->market);
        market_row_set(&rows[f], F_content_ratings_channel, nest->channel);
        market_row_set(&rows[f], F_content_ratings_images, edge_or(random, 0, 100));
        if (one_in(random, 2))
            market_row_set(&rows[f], F_content_ratings_video, edge_or(random, 0, 100));
        if (one_in(random, 2))
            market_row_set(&rows[f], F_content_ratings_copy, edge_or(random, 0, 100));
    }
    coach->seat = SEAT_COACH;
    coach->decisions.lists[LIST_content_ratings] = (struct market_rows){rules->firms, rows};
    decisions->other_count = 1;
    decisions->others = coach;
}

static void valid_listings(struct arena *arena, const struct market_rules *rules,
                           struct play_random *random, struct market_seat_decisions *seat)
{
    struct market_row *rows;
    int count = 0;
    rows_of(arena, rules->product_count * rules->nest_count, &rows);
    for (int n = 0; n < rules->nest_count; n++)
        for (int p = 0; p < rules->product_count; p++) {
            if (one_in(random, 3))
                continue;
            struct market_row *row = &rows[count++];
            int64_t reference = rules->nests[n].price_ref_minor;
            market_row_set(row, F_listings_product, p);
            market_row_set(row, F_listings_market, rules->nests[n].market);
            market_row_set(row, F_listings_channel, rules->nests[n].channel);
            market_row_set(row, F_listings_coupon, 0);
            market_row_set(row, F_listings_price,
                           edge_or(random, (reference + 4) / 5, reference * 5));
            market_row_set(row, F_listings_live, !one_in(random, 6));
            int lane = random_lane(rules, random, false, rules->nests[n].market);
            if (lane >= 0)
                market_row_set(row, F_listings_lane, lane);
            market_row_set(row, F_listings_promise_days, edge_or(random, 1, 63));
            market_row_set(row, F_listings_return_days, edge_or(random, 14, 60));
            if (rules->storefront.open)
                play_storefront(random, row);
        }
    seat->lists[LIST_listings] = (struct market_rows){count, rows};
}

static int64_t random_units(struct play_random *random)
{
    return one_in(random, 4) ? 1000000 : 1 + (int64_t)play_below(random, 800);
}

static void valid_goods(struct arena *arena, const struct market_rules *rules,
                        struct play_random *random, struct market_seat_decisions *seat)
{
    struct market_row *orders, *transfers, *removals, *forecasts;
    int n = (int)play_below(random, 5);
    seat->lists[LIST_orders] = rows_of(arena, n, &orders);
    for (int i = 0; i < n; i++) {
        int s = (int)play_below(random, (uint64_t)rules->supplier_count);
        market_row_set(&orders[i], F_orders_supplier, s);
        market_row_set(&orders[i], F_orders_product, rules->suppliers[s].product);
        int64_t units = random_units(random), least = rules->suppliers[s].breaks[0].units_min;
        market_row_set(&orders[i], F_orders_units, units > least ? units : least);
        market_row_set(&orders[i], F_orders_inspect, one_in(random, 2));
        if (one_in(random, 2))
            market_row_set(&orders[i], F_orders_lane, random_lane(rules, random, true, -1));
    }
    seat->lists[LIST_transfers] = rows_of(arena, n, &transfers);
    seat->lists[LIST_removals] = rows_of(arena, n, &removals);
    for (int i = 0; i < n; i++) {
        int p = (int)play_below(random, (uint64_t)rules->product_count);
        market_row_set(&transfers[i], F_transfers_product, p);
        market_row_set(&transfers[i], F_transfers_lane, random_lane(rules, random, true, -1));
        market_row_set(&transfers[i], F_transfers_units, random_units(random));
        market_row_set(&removals[i], F_removals_product, p);
        market_row_set(&removals[i], F_removals_market,
                       (int64_t)play_below(random, (uint64_t)rules->market_count));
        market_row_set(&removals[i], F_removals_units, random_units(random));
    }
    /* Of the first market, on all its channels. */
    seat->lists[LIST_forecasts] = rows_of(arena, rules->channel_count, &forecasts);
    for (int c = 0; c < rules->channel_count; c++) {
        market_row_set(&forecasts[c], F_forecasts_product, 0);
        market_row_set(&forecasts[c], F_forecasts_market, rules->nests[0].market);
        market_row_set(&forecasts[c], F_forecasts_channel, c);
        market_row_set(&forecasts[c], F_forecasts_units, edge_or(random, 0, 1000000));
    }
}

/* Compliance and service: also certificates twice, answers to incidents that never were. */
static void play_compliance(struct arena *arena, const struct market_rules *rules,
                            struct play_random *random, struct market_seat_decisions *seat)
{
    struct market_row *certificates, *agents, *checks, *answers;
    int products = rules->product_count, markets = rules->market_count;
    seat->lists[LIST_certificates] = rows_of(arena, products, &certificates);
    seat->lists[LIST_ip_checks] = rows_of(arena, products, &checks);
    for (int p = 0; p < products; p++) {
        market_row_set(&certificates[p], F_certificates_product, p);
        market_row_set(&certificates[p], F_certificates_market,
                       (int64_t)play_below(random, (uint64_t)markets));
        market_row_set(&certificates[p], F_certificates_apply, one_in(random, 2));
        market_row_set(&checks[p], F_ip_checks_product, p);
    }
    seat->lists[LIST_agents] = rows_of(arena, markets, &agents);
    for (int m = 0; m < markets; m++) {
        market_row_set(&agents[m], F_agents_market, m);
        if (one_in(random, 2))
            market_row_set(&agents[m], F_agents_responsible_person, one_in(random, 2));
        market_row_set(&agents[m], F_agents_service_hours, edge_or(random, 0, 24));
    }
    int first = 1 + (int)play_below(random, 20);
    seat->lists[LIST_answers] = rows_of(arena, 8, &answers);
    for (int i = 0; i < 8; i++) {
        market_row_set(&answers[i], F_answers_incident, first + i);
        if (one_in(random, 2))
            market_row_set(&answers[i], F_answers_choice, (int64_t)play_below(random, 3));
    }
}

static void play_sourcing(struct arena *arena, const struct market_rules *rules,
                          struct play_random *random, struct market_seat_decisions *seat)
{
    struct market_row *reorders, *team, *transfers;
    seat->lists[LIST_reorders] = rows_of(arena, rules->supplier_count, &reorders);
    for (int s = 0; s < rules->supplier_count; s++) {
        market_row_set(&reorders[s], F_reorders_product, rules->suppliers[s].product);
        market_row_set(&reorders[s], F_reorders_point, edge_or(random, 0, 1000000));
        market_row_set(&reorders[s], F_reorders_up_to, edge_or(random, 0, 1000000));
        if (!one_in(random, 3))
            market_row_set(&reorders[s], F_reorders_supplier, s);
        if (one_in(random, 2))
            market_row_set(&reorders[s], F_reorders_lane, random_lane(rules, random, true, -1));
    }
    /* A row a product: the worlds here have a supplier each. */
    seat->lists[LIST_team] = rows_of(arena, 1, &team);
    market_row_set(team, F_team_training_spend, edge_or(random, 0, 10000000));
    market_row_set(team, F_team_exit_plan, one_in(random, 5));
    int sent = seat->lists[LIST_transfers].count;
    struct market_rows before = seat->lists[LIST_transfers];
    seat->lists[LIST_transfers] = rows_of(arena, sent, &transfers);
    for (int t = 0; t < sent; t++) {
        transfers[t] = before.rows[t];
        market_row_set(&transfers[t], F_transfers_insured, one_in(random, 2));
    }
}

static void play_customs(struct arena *arena, const struct market_rules *rules,
                         struct play_random *random, struct market_seat_decisions *seat)
{
    static const int64_t modes[] = {110, 9610, 9710, 9810, 1210};
    struct market_row *customs, *registrations, *claims;
    int market = (int)play_below(random, (uint64_t)rules->market_count);
    seat->lists[LIST_customs] = rows_of(arena, rules->product_count, &customs);
    for (int p = 0; p < rules->product_count; p++) {
        market_row_set(&customs[p], F_customs_product, p);
        market_row_set(&customs[p], F_customs_market, market);
        market_row_set(&customs[p], F_customs_mode, modes[play_below(random, COUNT_OF(modes))]);
        if (one_in(random, 2))
            market_row_set(&customs[p], F_customs_declared_value, edge_or(random, 1, 100000000));
        if (one_in(random, 2)) {
            market_row_set(&customs[p], F_customs_hs6, 0);
            customs[p].value[market_field_index(LIST_customs, F_customs_hs6)].text =
                one_in(random, 2) ? STR("000000") : STR("999999");
        }
    }
    seat->lists[LIST_registrations] = rows_of(arena, 1, &registrations);
    market_row_set(registrations, F_registrations_market, market);
    market_row_set(registrations, F_registrations_vat, one_in(random, 2));
    market_row_set(registrations, F_registrations_ioss, one_in(random, 2));
    seat->lists[LIST_refund_claims] = rows_of(arena, 1, &claims);
    market_row_set(claims, F_refund_claims_market, market);
    market_row_set(claims, F_refund_claims_amount, edge_or(random, 1, 300000));
}

static void play_finance(struct arena *arena, const struct market_rules *rules,
                         struct play_random *random, struct market_seat_decisions *seat)
{
    struct market_row *loans, *conversions, *payout;
    int count = (int)play_below(random, 9);
    seat->lists[LIST_loans] = rows_of(arena, 2, &loans);
    market_row_set(&loans[0], F_loans_take, edge_or(random, 0, 40000000));
    market_row_set(&loans[1], F_loans_repay, edge_or(random, 0, 100000000000));
    seat->lists[LIST_payout] = rows_of(arena, 1, &payout);
    market_row_set(payout, F_payout_convert, one_in(random, 2));
    seat->lists[LIST_conversions] = rows_of(arena, count, &conversions);
    for (int i = 0; i < count; i++) {
        int64_t currencies = rules->currency_count;
        int64_t from = (int64_t)play_below(random, (uint64_t)currencies);
        int64_t step = 1 + (int64_t)play_below(random, (uint64_t)currencies - 1);
        market_row_set(&conversions[i], F_conversions_from, from);
        market_row_set(&conversions[i], F_conversions_to, (from + step) % currencies);
        market_row_set(&conversions[i], F_conversions_amount,
                       one_in(random, 3) ? 100000000000 : edge_or(random, 1, 200000));
    }
}

struct market_decisions play_valid(struct arena *arena, const struct market_rules *rules,
                                   struct play_random *random)
{
    struct market_seat_decisions *firms =
        ARENA_ARRAY(arena, struct market_seat_decisions, (size_t)rules->firms);
    for (int f = 0; f < rules->firms; f++) {
        if (one_in(random, 5))
            continue; /* absent this round */
        valid_listings(arena, rules, random, &firms[f]);
        valid_goods(arena, rules, random, &firms[f]);
        if (rules->compliance.open)
            play_compliance(arena, rules, random, &firms[f]);
        if (rules->promotion.open)
            play_promotion(arena, rules, random, &firms[f]);
        if (rules->sourcing.open)
            play_sourcing(arena, rules, random, &firms[f]);
        if (rules->customs.open)
            play_customs(arena, rules, random, &firms[f]);
        if (rules->loans.open)
            play_finance(arena, rules, random, &firms[f]);
        firms[f].absent = rules->sourcing.open && one_in(random, 8);
    }
    struct market_decisions decisions = {.firm_count = rules->firms, .firms = firms};
    if (rules->storefront.open)
        play_coach(arena, rules, random, &decisions);
    return decisions;
}

static int64_t absurd(struct play_random *random)
{
    static const int64_t numbers[] = {
        INT64_MIN, INT64_MIN + 1,    -1000000,  -1,           0, 1, 2, 1999,
        100000,    (int64_t)1 << 31, INT64_MAX, INT64_MAX - 1};
    return numbers[play_below(random, COUNT_OF(numbers))];
}

/* Spoil up to three values or row counts of otherwise valid decisions, anywhere in the schema. */
static void spoil(struct arena *arena, struct play_random *random,
                  struct market_seat_decisions *seat)
{
    int hits = 1 + (int)play_below(random, 3);
    for (int h = 0; h < hits; h++) {
        enum market_list list = (enum market_list)play_below(random, LIST_COUNT);
        if (one_in(random, 2))
            list = (enum market_list)play_below(random, LIST_forecasts + 1);
        const struct market_list_info *info = market_list_info(list);
        int count = seat->lists[list].count + (int)play_below(random, 3);
        struct market_row *rows;
        struct market_rows spoiled = rows_of(arena, count > 0 ? count : 1, &rows);
        for (int r = 0; r < seat->lists[list].count; r++)
            rows[r] = seat->lists[list].rows[r];
        struct market_row *row = &rows[play_below(random, (uint64_t)spoiled.count)];
        int field = (int)play_below(random, (uint64_t)info->field_count);
        row->set |= UINT32_C(1) << field;
        row->value[field].number = absurd(random);
        if (one_in(random, 3))
            row->set = (uint32_t)play_word(random) & ((UINT32_C(1) << info->field_count) - 1);
        seat->lists[list] = spoiled;
    }
}

struct market_decisions play_hostile(struct arena *arena, const struct market_rules *rules,
                                     struct play_random *random)
{
    struct market_decisions decisions = play_valid(arena, rules, random);
    struct market_seat_decisions *firms =
        ARENA_ARRAY(arena, struct market_seat_decisions, (size_t)rules->firms);
    memcpy(firms, decisions.firms, (size_t)rules->firms * sizeof(*firms));
    spoil(arena, random, &firms[play_below(random, (uint64_t)rules->firms)]);
    decisions.firms = firms;
    return decisions;
}
