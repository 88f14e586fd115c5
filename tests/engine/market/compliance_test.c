/* Compliance of level 2: the worked numbers of docs/model-level2.md, faults found and closed,
 * answers, what is refused, and bytes that come back. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/file.h"
#include "effects.h"
#include "engine/market/nest.h"
#include "engine/market/work.h"

/* A level-2 world of four firms, opened, with a work area on its first day. */
struct bench {
    struct arena arena;
    struct market_rules *rules;
    struct market_key key;
    struct market_result result;
    struct market_work work;
    struct problem problem;
};

/* With `setup` before the opening; no certificate and no person where it says so. */
static void bench_open(struct bench *bench, void (*setup)(struct market_rules *rules))
{
    memset(bench, 0, sizeof(*bench));
    arena_init(&bench->arena);
    struct world_options options = {.firms = 4, .level2 = true, .second_market = true};
    bench->rules = world_rules(&bench->arena, &options);
    for (int kind = 0; kind < INCIDENT_KINDS; kind++)
        bench->rules->compliance.audit_rate[kind] = kind == INCIDENT_COMPLAINT ? 0 : 1;
    if (setup != NULL)
        setup(bench->rules);
    bench->key = world_key("compliance");
    assert_int_equal(
        market_open(&bench->arena, bench->rules, &bench->key, &bench->result, &bench->problem),
        ERR_OK);
    market_work_init(&bench->work, &bench->arena, bench->rules, &bench->key, NULL,
                     bench->result.after, &bench->problem);
    market_lanes_promise(&bench->work);
}

static void bench_close(struct bench *bench)
{
    arena_clear(&bench->arena);
}

static struct market_firm *firm_of(struct bench *bench)
{
    return &bench->work.state->firms[0];
}

/* Apply firm 0's decisions and play the round's compliance on `day`. */
static void round_on(struct bench *bench, int32_t day, struct market_seat_decisions *decisions)
{
    static struct market_seat_decisions nothing;
    market_work_day(&bench->work, day);
    for (int f = 0; f < bench->rules->firms; f++) {
        bool own = f == 0 && decisions != NULL;
        assert_int_equal(market_compliance_apply(&bench->work, f, own ? decisions : &nothing),
                         ERR_OK);
    }
    market_compliance_round(&bench->work);
}

static int incidents_of(struct bench *bench, enum market_incident_kind kind)
{
    const struct market_compliance_firm *own = &firm_of(bench)->compliance;
    int count = 0;
    for (int i = 0; i < own->incident_count; i++)
        count += own->incidents[i].kind == (int)kind;
    return count;
}

static int closed_listings(struct bench *bench)
{
    const struct market_firm *firm = firm_of(bench);
    int closed = 0;
    for (int i = 0; i < firm->listing_count; i++)
        closed += market_compliance_closed(&bench->work, 0, &firm->listings[i]);
    return closed;
}

static int notices_of(struct bench *bench, enum market_notice_kind kind)
{
    int count = 0;
    for (int i = 0; i < bench->work.notices[0].count; i++)
        count += bench->work.notices[0].notices[i].kind == kind;
    return count;
}

/* ---- worked numbers ---- */

static double worked_service(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    firm_of(&bench)->compliance.service_hours[0] = 8;
    double stars = market_compliance_stars(&bench.work, 0, &firm_of(&bench)->listings[0]);
    bench_close(&bench);
    return stars;
}

/* Stars that 4 % defects and two days late cost with eight hours of service. */
static double worked_relief(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    struct market_listing *listing = &firm_of(&bench)->listings[0];
    firm_of(&bench)->compliance.service_hours[0] = 8;
    struct market_parcels due = {
        .units = 100, .goods = 100, .gross_minor = 200000, .defect_units = 2};
    double usual = market_stars_expected(&bench.work, 0, listing, &due);
    due.late_unit_days = 200;
    due.defect_units = 4;
    double cost = usual - market_stars_expected(&bench.work, 0, listing, &due);
    bench_close(&bench);
    return cost;
}

static double complaint(int hours)
{
    struct market_compliance_rules rules;
    market_compliance_defaults(&rules, 100);
    return market_compliance_complaint(&rules, 0.02, 0.2, hours);
}

static double worked_complaint(void)
{
    return complaint(0);
}

static double worked_complaint_served(void)
{
    return complaint(8);
}

static double worked_fees(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    firm_of(&bench)->compliance.service_hours[0] = 8;
    int64_t before = firm_of(&bench)->balance[ACCOUNT_CASH][0];
    round_on(&bench, 0, NULL);
    double paid = (double)(before - firm_of(&bench)->balance[ACCOUNT_CASH][0]) / 710;
    bench_close(&bench);
    return paid; /* US dollars: two responsible persons and eight hours in one market */
}

static double worked_ignored(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    struct market_listing *listing = &firm_of(&bench)->listings[0];
    listing->late_average = 0.5;
    round_on(&bench, 0, NULL);
    listing->late_average = 0;
    round_on(&bench, 14, NULL);
    double stars = market_compliance_stars(&bench.work, 0, listing);
    bench_close(&bench);
    return stars;
}

static const struct {
    const char *name;
    double (*compute)(void);
} worked[] = {{"compliance_service", worked_service},
              {"compliance_relief", worked_relief},
              {"compliance_complaint", worked_complaint},
              {"compliance_complaint_served", worked_complaint_served},
              {"compliance_fees", worked_fees},
              {"compliance_ignored", worked_ignored}};

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
    for (const char *at = strstr(page.text, "`worked compliance_"); at != NULL;
         at = strstr(at + 1, "`worked compliance_")) {
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

/* ---- faults ---- */

static void nothing_held(struct market_rules *rules)
{
    rules->compliance.held_at_start = false;
}

/* Warm start: what is listed is in order, so nothing is found. */
static void a_warm_start_is_in_order(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, NULL);
    round_on(&bench, 0, NULL);
    assert_int_equal(firm_of(&bench)->compliance.incident_count, 0);
    assert_int_equal(closed_listings(&bench), 0);
    bench_close(&bench);
}

static struct market_row *row_of(struct bench *bench, struct market_seat_decisions *decisions,
                                 enum market_list list)
{
    return effect_row_add(&bench->arena, decisions, list);
}

static void a_ban_ends_when_the_certificate_holds(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, nothing_held);
    struct market_seat_decisions apply = {0};
    for (int m = 0; m < 2; m++) {
        struct market_row *row = row_of(&bench, &apply, LIST_agents);
        market_row_set(row, F_agents_market, m);
        market_row_set(row, F_agents_responsible_person, 1);
    }
    struct market_row *row = row_of(&bench, &apply, LIST_certificates);
    market_row_set(row, F_certificates_product, 0);
    market_row_set(row, F_certificates_market, 0);
    market_row_set(row, F_certificates_apply, 1);
    int64_t before = firm_of(&bench)->balance[ACCOUNT_CASH][0];
    round_on(&bench, 0, &apply);
    /* One certificate, two persons. */
    assert_int_equal(before - firm_of(&bench)->balance[ACCOUNT_CASH][0], (400 + 2 * 15) * 710);
    /* Applied for is not held: all six listings were found and are closed. */
    assert_int_equal(incidents_of(&bench, INCIDENT_CERTIFICATE), 6);
    assert_int_equal(closed_listings(&bench), 6);
    market_work_day(&bench.work, 27);
    assert_int_equal(closed_listings(&bench), 6);
    market_work_day(&bench.work, 28);
    assert_int_equal(closed_listings(&bench), 5);
    /* A second application costs nothing and changes nothing. */
    before = firm_of(&bench)->balance[ACCOUNT_CASH][0];
    assert_int_equal(market_compliance_apply(&bench.work, 0, &apply), ERR_OK);
    assert_int_equal(firm_of(&bench)->balance[ACCOUNT_CASH][0], before);
    bench_close(&bench);
}

static void no_person_closes_the_market_until_named(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, NULL);
    struct market_seat_decisions change = {0};
    struct market_row *row = row_of(&bench, &change, LIST_agents);
    market_row_set(row, F_agents_market, 1);
    market_row_set(row, F_agents_responsible_person, 0);
    round_on(&bench, 0, &change);
    assert_int_equal(incidents_of(&bench, INCIDENT_RESPONSIBLE), 1);
    assert_int_equal(closed_listings(&bench), 3); /* the second market's */
    round_on(&bench, 14, NULL);
    assert_int_equal(closed_listings(&bench), 3);
    market_row_set(row, F_agents_responsible_person, 1);
    round_on(&bench, 28, &change);
    assert_int_equal(closed_listings(&bench), 0);
    bench_close(&bench);
}

static void a_second_warning_for_lateness_closes(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, NULL);
    struct market_listing *listing = &firm_of(&bench)->listings[2];
    listing->late_average = 0.31;
    round_on(&bench, 0, NULL);
    assert_int_equal(incidents_of(&bench, INCIDENT_LATE), 1);
    assert_int_equal(closed_listings(&bench), 0);
    assert_int_equal(notices_of(&bench, NOTICE_LISTING_CLOSED), 0);
    round_on(&bench, 14, NULL);
    assert_int_equal(closed_listings(&bench), 1);
    assert_int_equal(notices_of(&bench, NOTICE_LISTING_CLOSED), 1);
    market_work_day(&bench.work, 14 + 7);
    assert_int_equal(closed_listings(&bench), 0);
    /* At the threshold nothing is wrong. */
    listing->late_average = 0.30;
    round_on(&bench, 28, NULL);
    assert_int_equal(incidents_of(&bench, INCIDENT_LATE), 0);
    /* Eight weeks and a day later it is a first warning again. */
    listing->late_average = 0.31;
    round_on(&bench, 14 + MARKET_LATE_WARNING_DAYS + 1, NULL);
    assert_int_equal(incidents_of(&bench, INCIDENT_LATE), 1);
    assert_int_equal(closed_listings(&bench), 0);
    bench_close(&bench);
}

static void a_check_clears_the_title(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, NULL);
    struct market_firm *firm = firm_of(&bench);
    for (int i = 0; i < firm->listing_count; i++)
        firm->listings[i].storefront.infringing = true;
    struct market_seat_decisions check = {0};
    market_row_set(row_of(&bench, &check, LIST_ip_checks), F_ip_checks_product, 1);
    round_on(&bench, 0, &check);
    for (int i = 0; i < firm->listing_count; i++) {
        bool checked = firm->listings[i].product == 1;
        assert_int_equal(firm->listings[i].compliance.checked, checked);
        assert_int_equal(firm->listings[i].storefront.infringing, !checked);
        assert_int_equal(market_compliance_closed(&bench.work, 0, &firm->listings[i]), !checked);
    }
    bench_close(&bench);
}

/* ---- answers ---- */

static void answers_cost_and_shift_stars(void **state)
{
    (void)state;
    static const int64_t fees[] = {0, 5, 60};
    for (int choice = 0; choice < 3; choice++) {
        struct bench bench;
        bench_open(&bench, NULL);
        struct market_listing *listing = &firm_of(&bench)->listings[1];
        listing->late_average = 0.9;
        round_on(&bench, 0, NULL);
        listing->late_average = 0;
        struct market_seat_decisions answers = {0};
        struct market_row *row = row_of(&bench, &answers, LIST_answers);
        market_row_set(row, F_answers_incident, firm_of(&bench)->compliance.incidents[0].number);
        market_row_set(row, F_answers_choice, choice);
        market_work_day(&bench.work, 14);
        int64_t before = firm_of(&bench)->balance[ACCOUNT_CASH][0];
        assert_int_equal(market_compliance_apply(&bench.work, 0, &answers), ERR_OK);
        assert_int_equal(before - firm_of(&bench)->balance[ACCOUNT_CASH][0], fees[choice] * 710);
        market_compliance_round(&bench.work);
        double stars = bench.rules->compliance.answer_stars[INCIDENT_LATE][choice];
        assert_true(market_compliance_stars(&bench.work, 0, listing) == stars);
        /* Only that listing, only that round. */
        assert_true(market_compliance_stars(&bench.work, 0, listing + 1) == 0);
        round_on(&bench, 28, NULL);
        assert_true(market_compliance_stars(&bench.work, 0, listing) == 0);
        bench_close(&bench);
    }
}

static void making_good_lifts_a_closure(void **state)
{
    (void)state;
    for (int choice = 0; choice < 3; choice++) {
        struct bench bench;
        bench_open(&bench, NULL);
        struct market_listing *listing = &firm_of(&bench)->listings[0];
        listing->storefront.infringing = true;
        round_on(&bench, 0, NULL);
        listing->storefront.infringing = false;
        struct market_seat_decisions answers = {0};
        struct market_row *row = row_of(&bench, &answers, LIST_answers);
        market_row_set(row, F_answers_incident, 1);
        market_row_set(row, F_answers_choice, choice);
        round_on(&bench, 14, &answers); /* closed for 21 days */
        assert_int_equal(market_compliance_closed(&bench.work, 0, listing), choice < 2);
        bench_close(&bench);
    }
}

static void unknown_incidents_are_told(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, NULL);
    struct market_seat_decisions answers = {0};
    market_row_set(row_of(&bench, &answers, LIST_answers), F_answers_incident, 77);
    round_on(&bench, 0, &answers);
    assert_int_equal(notices_of(&bench, NOTICE_INCIDENT_UNKNOWN), 1);
    bench_close(&bench);
}

/* ---- money, limits, bytes ---- */

static void what_cannot_be_paid_is_not_done(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, NULL);
    struct market_firm *firm = firm_of(&bench);
    bench.rules->finance.overdraft_limit_minor = 0;
    market_post(&bench.work, 0, 0, ACCOUNT_PAYROLL, ACCOUNT_CASH, firm->balance[ACCOUNT_CASH][0],
                REASON_PAYROLL, -1);
    firm->compliance.service_hours[0] = 3;
    firm->compliance.certificate_day[0][0] = 0;
    struct market_seat_decisions wishes = {0};
    struct market_row *row = row_of(&bench, &wishes, LIST_certificates);
    market_row_set(row, F_certificates_product, 0);
    market_row_set(row, F_certificates_market, 0);
    market_row_set(row, F_certificates_apply, 1);
    market_row_set(row_of(&bench, &wishes, LIST_ip_checks), F_ip_checks_product, 0);
    round_on(&bench, 0, &wishes);
    assert_int_equal(firm->balance[ACCOUNT_CASH][0], 0);
    assert_int_equal(firm->compliance.certificate_day[0][0], 0);
    assert_false(firm->listings[0].compliance.checked);
    assert_int_equal(firm->compliance.service_hours[0], 0);
    assert_false(firm->compliance.responsible[0]);
    /* A certificate, a check, two persons, the service. */
    assert_int_equal(notices_of(&bench, NOTICE_FEE_UNPAID), 5);
    bench_close(&bench);
}

static void incidents_are_limited(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, NULL);
    struct market_compliance_firm *own = &firm_of(&bench)->compliance;
    bench.rules->compliance.audit_rate[INCIDENT_COMPLAINT] = 1;
    bench.rules->compliance.complaint_scale = 1e-6;
    /* All listings late, infringing, complained of: 18 faults. */
    for (int i = 0; i < firm_of(&bench)->listing_count; i++) {
        firm_of(&bench)->listings[i].late_average = 1;
        firm_of(&bench)->listings[i].storefront.infringing = true;
        firm_of(&bench)->listings[i].compliance.closed_until = 0;
    }
    bench.rules->compliance.closed_days[INCIDENT_INFRINGEMENT] = 0;
    round_on(&bench, 0, NULL);
    assert_int_equal(own->incident_count, MARKET_INCIDENTS_MAX);
    assert_int_equal(own->incident_next, MARKET_INCIDENTS_MAX);
    round_on(&bench, 14, NULL); /* ignored ones end, so their desk is free again */
    assert_int_equal(own->incidents[0].number, MARKET_INCIDENTS_MAX + 1);
    bench_close(&bench);
}

static void closed_parts_do_nothing(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, NULL);
    bench.rules->compliance.open = false;
    firm_of(&bench)->listings[0].compliance.closed_until = 1000;
    firm_of(&bench)->compliance.service_hours[0] = 24;
    round_on(&bench, 0, NULL);
    assert_int_equal(closed_listings(&bench), 0);
    assert_true(market_compliance_stars(&bench.work, 0, &firm_of(&bench)->listings[0]) == 0);
    bench_close(&bench);
}

static void states_and_views_come_back(void **state)
{
    (void)state;
    struct bench bench;
    bench_open(&bench, nothing_held);
    struct market_decisions nothing = world_nothing(&bench.arena, bench.rules);
    struct market_result after;
    assert_int_equal(market_step(&bench.arena, bench.rules, bench.result.after, &nothing,
                                 &bench.key, NULL, &after, &bench.problem),
                     ERR_OK);
    const struct market_observation *seen = &after.observations[0];
    /* No person: both markets closed, found before any certificate is looked at. */
    assert_int_equal(seen->incident_count, 2);
    assert_int_equal(seen->closed_count, 6);
    assert_true(seen->closed[0].lacks_responsible);
    struct buf bytes, again;
    buf_init(&bytes);
    buf_init(&again);
    market_state_encode(after.after, &bytes);
    struct market_state *read = NULL;
    assert_int_equal(
        market_state_decode(&bench.arena, bench.rules, buf_str(&bytes), &read, &bench.problem),
        ERR_OK);
    market_state_encode(read, &again);
    assert_true(str_equal(buf_str(&bytes), buf_str(&again)));
    assert_int_equal(read->firms[0].compliance.incident_count, 2);
    /* An incident over a listing that is not there is refused. */
    after.after->firms[0].compliance.incidents[0].listing = 20;
    buf_reset(&bytes);
    market_state_encode(after.after, &bytes);
    assert_int_equal(
        market_state_decode(&bench.arena, bench.rules, buf_str(&bytes), &read, &bench.problem),
        ERR_STATE_DAMAGED);
    buf_reset(&bytes);
    market_observation_encode(seen, &bytes);
    struct market_observation view;
    assert_int_equal(market_observation_decode(&bench.arena, buf_str(&bytes), seen->rules, &view,
                                               &bench.problem),
                     ERR_OK);
    assert_int_equal(view.incident_count, 2);
    assert_int_equal(view.incidents[1].market, seen->incidents[1].market);
    assert_int_equal(view.closed_count, 6);
    buf_clear(&bytes);
    buf_clear(&again);
    bench_close(&bench);
}

static void rules_out_of_range_are_refused(void **state)
{
    (void)state;
    struct problem problem = {0};
    struct market_compliance_rules rules;
    market_compliance_defaults(&rules, 710);
    assert_int_equal(market_compliance_check(&rules, &problem), ERR_OK);
    rules.audit_rate[2] = NAN;
    assert_int_equal(market_compliance_check(&rules, &problem), ERR_SCENARIO);
    assert_string_equal(problem.place, "compliance.audit_rate");
    market_compliance_defaults(&rules, 710);
    rules.answer_fee_minor[1][2] = -1;
    assert_int_equal(market_compliance_check(&rules, &problem), ERR_SCENARIO);
    rules.open = false;
    assert_int_equal(market_compliance_check(&rules, &problem), ERR_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(page_and_engine_agree),
        cmocka_unit_test(a_warm_start_is_in_order),
        cmocka_unit_test(a_ban_ends_when_the_certificate_holds),
        cmocka_unit_test(no_person_closes_the_market_until_named),
        cmocka_unit_test(a_second_warning_for_lateness_closes),
        cmocka_unit_test(a_check_clears_the_title),
        cmocka_unit_test(answers_cost_and_shift_stars),
        cmocka_unit_test(making_good_lifts_a_closure),
        cmocka_unit_test(unknown_incidents_are_told),
        cmocka_unit_test(what_cannot_be_paid_is_not_done),
        cmocka_unit_test(incidents_are_limited),
        cmocka_unit_test(closed_parts_do_nothing),
        cmocka_unit_test(states_and_views_come_back),
        cmocka_unit_test(rules_out_of_range_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
