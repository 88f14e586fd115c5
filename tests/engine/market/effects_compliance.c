/* The fields of compliance. */
#include <stdio.h>

#include "effects.h"

/* Faults are found at once, so that a play of three rounds shows them. */
static void surely_found(struct market_rules *rules)
{
    for (int kind = 0; kind < INCIDENT_COMPLAINT; kind++)
        rules->compliance.audit_rate[kind] = 1;
}

/* Only fees: no fault is ever found. */
static void nothing_found(struct market_rules *rules)
{
    for (int kind = 0; kind < INCIDENT_KINDS; kind++)
        rules->compliance.audit_rate[kind] = 0;
}

static void nothing_held(struct market_rules *rules)
{
    surely_found(rules);
    rules->compliance.held_at_start = false;
    rules->compliance.certificate_days = 0;
    for (int m = 0; m < rules->market_count; m++)
        rules->compliance.responsible_needed[m] = false;
}

static void certify(struct arena *arena, const struct market_observation *seen,
                    struct market_seat_decisions *decisions, bool with)
{
    for (int p = 0; seen->round == 0 && p < seen->rules->product_count; p++)
        for (int m = 0; m < seen->rules->market_count; m++) {
            struct market_row *row = effect_row_add(arena, decisions, LIST_certificates);
            market_row_set(row, F_certificates_product, p);
            market_row_set(row, F_certificates_market, m);
            market_row_set(row, F_certificates_apply, with);
        }
}

static void name_person(struct arena *arena, const struct market_observation *seen,
                        struct market_seat_decisions *decisions, bool with)
{
    for (int m = 0; m < seen->rules->market_count; m++) {
        struct market_row *row = effect_row_add(arena, decisions, LIST_agents);
        market_row_set(row, F_agents_market, m);
        market_row_set(row, F_agents_responsible_person, with);
    }
}

static void serve_buyers(struct arena *arena, const struct market_observation *seen,
                         struct market_seat_decisions *decisions, bool with)
{
    for (int m = 0; m < seen->rules->market_count; m++) {
        struct market_row *row = effect_row_add(arena, decisions, LIST_agents);
        market_row_set(row, F_agents_market, m);
        market_row_set(row, F_agents_service_hours, with ? 12 : 0);
    }
}

static void serve_a_little(struct arena *arena, const struct market_observation *seen,
                           struct market_seat_decisions *decisions, bool with)
{
    for (int m = 0; m < seen->rules->market_count; m++) {
        struct market_row *row = effect_row_add(arena, decisions, LIST_agents);
        market_row_set(row, F_agents_market, m);
        market_row_set(row, F_agents_service_hours, with ? 4 : 0);
    }
}

static void brand_in_title(struct market_rules *rules)
{
    surely_found(rules);
    rules->storefront.brand_word_count = 1;
    snprintf(rules->storefront.brand_words[0], MARKET_WORD_MAX, "acme");
}

static void check_titles(struct arena *arena, const struct market_observation *seen,
                         struct market_seat_decisions *decisions, bool with)
{
    for (int i = 0; i < decisions->lists[LIST_listings].count; i++) {
        struct market_row *row = effect_row_of(arena, decisions, LIST_listings, i);
        int title = market_field_index(LIST_listings, F_listings_title_terms);
        row->set |= UINT32_C(1) << title;
        row->value[title].text = STR("acme phone case cover");
    }
    for (int p = 0; with && seen->round == 0 && p < seen->rules->product_count; p++)
        market_row_set(effect_row_add(arena, decisions, LIST_ip_checks), F_ip_checks_product, p);
}

static void all_complain(struct market_rules *rules)
{
    rules->compliance.audit_rate[INCIDENT_COMPLAINT] = 1;
    rules->compliance.complaint_scale = 0.001;
}

static void answer_row(struct arena *arena, struct market_seat_decisions *decisions, int64_t number,
                       int choice)
{
    struct market_row *row = effect_row_add(arena, decisions, LIST_answers);
    market_row_set(row, F_answers_incident, number);
    market_row_set(row, F_answers_choice, choice);
}

static void answer_well(struct arena *arena, const struct market_observation *seen,
                        struct market_seat_decisions *decisions, bool with)
{
    for (int i = 0; i < seen->incident_count; i++)
        answer_row(arena, decisions, seen->incidents[i].number, with ? 2 : 0);
}

static void answer_the_right(struct arena *arena, const struct market_observation *seen,
                             struct market_seat_decisions *decisions, bool with)
{
    for (int i = 0; i < seen->incident_count; i++)
        answer_row(arena, decisions, seen->incidents[i].number + (with ? 0 : 1000000), 2);
}

static double mean_stars(const struct market_rules *rules, const struct market_state *state,
                         const struct market_observation *seen)
{
    (void)rules;
    (void)seen;
    const struct market_tally *tally = &state->firms[0].tally;
    return tally->reviews > 0 ? tally->stars_sum / (double)tally->reviews : 0;
}

/* Goods of which one in twelve is bad, and nothing else that could go wrong. */
static void bad_goods(struct market_rules *rules)
{
    struct market_supplier *makers = (struct market_supplier *)(uintptr_t)rules->suppliers;
    for (int s = 0; s < rules->supplier_count; s++)
        makers[s].defect_rate = 0.08;
    rules->event_count = 0;
}

static const struct effect_row rows[] = {
    {F_certificates_apply, "a certificate prevents a ban", +1, 3, nothing_held, certify,
     effect_units},
    {F_agents_responsible_person, "a responsible person prevents a ban", +1, 3, surely_found,
     name_person, effect_units},
    {F_agents_responsible_person, "a responsible person costs a fee", -1, 1, nothing_found,
     name_person, effect_cash},
    {F_agents_service_hours, "hours of service raise the stars", +1, 6, NULL, serve_buyers,
     mean_stars},
    {F_agents_service_hours, "where goods are bad hours of service pay", +1, 8, bad_goods,
     serve_a_little, effect_equity},
    {F_agents_service_hours, "hours of service cost a fee", -1, 1, nothing_found, serve_buyers,
     effect_cash},
    {F_ip_checks_product, "a check keeps the listing from being closed", +1, 3, brand_in_title,
     check_titles, effect_units},
    {F_answers_choice, "making good raises the stars", +1, 6, all_complain, answer_well,
     mean_stars},
    {F_answers_choice, "making good costs a fee", -1, 2, all_complain, answer_well, effect_cash},
    {F_answers_incident, "an answer helps only the incident it names", +1, 6, all_complain,
     answer_the_right, mean_stars},
};

const struct effect_table effects_compliance = {COUNT_OF(rows), rows};
