/* Compliance: certificates, responsible persons, service, incidents (docs/model-level2.md). */
#include "engine/market/compliance.h"

#include "core/detmath.h"
#include "engine/market/work.h"

enum { ANSWER_IGNORE = 0, ANSWER_MAKE_GOOD = 2 };

static const double sales_least = 0.05;    /* units a day: below it nobody complains */
static const double complaint_hours = 8.0; /* hours of service that halve complaints */

/* ---- the round's decisions ---- */

/* Pay a fee in the home currency, or say that it cannot be paid. */
static bool fee_pay(struct market_work *work, int f, int64_t fee_minor, int product, int market)
{
    if (fee_minor > market_can_pay(work, f)) {
        market_notice_add(work, f, NOTICE_FEE_UNPAID, product, market, fee_minor);
        return false;
    }
    market_post(work, f, 0, ACCOUNT_INSPECTION, ACCOUNT_CASH, fee_minor, REASON_COMPLIANCE,
                product);
    return true;
}

static void apply_certificate(struct market_work *work, int f, const struct market_row *row)
{
    const struct market_compliance_rules *rules = &work->rules->compliance;
    int product = (int)market_row_number(row, F_certificates_product);
    int market = (int)market_row_number(row, F_certificates_market);
    int32_t *day = &work->state->firms[f].compliance.certificate_day[product][market];
    bool wanted = market_row_has(row, F_certificates_apply) &&
                  market_row_number(row, F_certificates_apply) != 0;
    /* A second application for what is held or under way is not made, nor paid. */
    if (!wanted || *day != 0 || !fee_pay(work, f, rules->certificate_fee_minor, product, market))
        return;
    *day = work->day + rules->certificate_days + 1;
}

static void apply_agent(struct market_firm *firm, const struct market_row *row)
{
    int market = (int)market_row_number(row, F_agents_market);
    if (market_row_has(row, F_agents_responsible_person))
        firm->compliance.responsible[market] =
            market_row_number(row, F_agents_responsible_person) != 0;
    if (market_row_has(row, F_agents_service_hours))
        firm->compliance.service_hours[market] =
            (int)market_row_number(row, F_agents_service_hours);
}

static void apply_check(struct market_work *work, int f, const struct market_row *row)
{
    struct market_firm *firm = &work->state->firms[f];
    int product = (int)market_row_number(row, F_ip_checks_product);
    if (!fee_pay(work, f, work->rules->compliance.ip_check_fee_minor, product, -1))
        return;
    for (int i = 0; i < firm->listing_count; i++)
        if (firm->listings[i].product == product)
            firm->listings[i].compliance.checked = true;
}

static struct market_incident *incident_find(struct market_compliance_firm *firm, int64_t number)
{
    for (int i = 0; i < firm->incident_count; i++)
        if (firm->incidents[i].number == number)
            return &firm->incidents[i];
    return NULL;
}

static void apply_answer(struct market_work *work, int f, const struct market_row *row)
{
    const struct market_compliance_rules *rules = &work->rules->compliance;
    int64_t number = market_row_number(row, F_answers_incident);
    struct market_incident *incident = incident_find(&work->state->firms[f].compliance, number);
    if (incident == NULL) {
        market_notice_add(work, f, NOTICE_INCIDENT_UNKNOWN, -1, -1, number);
        return;
    }
    int choice = market_row_has(row, F_answers_choice)
                     ? (int)market_row_number(row, F_answers_choice)
                     : ANSWER_IGNORE;
    if (fee_pay(work, f, rules->answer_fee_minor[incident->kind][choice], -1, incident->market))
        incident->answer = choice;
}

enum err market_compliance_apply(struct market_work *work, int f,
                                 const struct market_seat_decisions *decisions)
{
    if (!work->rules->compliance.open)
        return ERR_OK;
    struct market_firm *firm = &work->state->firms[f];
    const struct market_rows *rows = &decisions->lists[LIST_certificates];
    for (int r = 0; r < rows->count; r++)
        apply_certificate(work, f, &rows->rows[r]);
    rows = &decisions->lists[LIST_agents];
    for (int r = 0; r < rows->count; r++)
        apply_agent(firm, &rows->rows[r]);
    rows = &decisions->lists[LIST_ip_checks];
    for (int r = 0; r < rows->count; r++)
        apply_check(work, f, &rows->rows[r]);
    rows = &decisions->lists[LIST_answers];
    for (int r = 0; r < rows->count; r++)
        apply_answer(work, f, &rows->rows[r]);
    /* Who had his titles checked has them watched: brand words are taken out of later ones too. */
    for (int i = 0; i < firm->listing_count; i++)
        if (firm->listings[i].compliance.checked)
            firm->listings[i].storefront.infringing = false;
    return ERR_OK;
}

/* ---- the round ---- */

static int market_of(const struct market_work *work, const struct market_listing *listing)
{
    return work->rules->nests[listing->nest].market;
}

bool market_compliance_certified(const struct market_work *work, int f, int product, int market)
{
    const struct market_rules *rules = work->rules;
    if (!rules->compliance.open ||
        !rules->compliance.certificate_needed[rules->products[product].category][market])
        return true;
    int32_t day = work->state->firms[f].compliance.certificate_day[product][market];
    return day != 0 && work->day >= day - 1;
}

/* What an incident comes to: stars for the reviews of the round, the closure lifted. */
static void incident_end(struct market_work *work, int f, const struct market_incident *incident)
{
    const struct market_compliance_rules *rules = &work->rules->compliance;
    struct market_firm *firm = &work->state->firms[f];
    int answer = incident->answer < 0 ? ANSWER_IGNORE : incident->answer;
    for (int i = 0; i < firm->listing_count; i++) {
        struct market_listing *listing = &firm->listings[i];
        bool meant = incident->listing < 0 ? market_of(work, listing) == incident->market
                                           : incident->listing == i;
        if (!meant)
            continue;
        listing->compliance.stars_shift += rules->answer_stars[incident->kind][answer];
        if (answer == ANSWER_MAKE_GOOD)
            listing->compliance.closed_until = 0;
    }
}

static void incidents_end(struct market_work *work, int f)
{
    struct market_firm *firm = &work->state->firms[f];
    struct market_compliance_firm *own = &firm->compliance;
    for (int i = 0; i < firm->listing_count; i++)
        firm->listings[i].compliance.stars_shift = 0;
    for (int i = 0; i < own->incident_count; i++)
        incident_end(work, f, &own->incidents[i]);
    own->incident_count = 0;
}

/* Agents are paid at the round's start; one who is not paid stops. */
static void agents_pay(struct market_work *work, int f)
{
    const struct market_compliance_rules *rules = &work->rules->compliance;
    struct market_compliance_firm *own = &work->state->firms[f].compliance;
    for (int m = 0; m < work->rules->market_count; m++) {
        if (own->responsible[m])
            own->responsible[m] = fee_pay(work, f, rules->responsible_fee_minor, -1, m);
        int64_t fee = rules->service_fee_minor * own->service_hours[m];
        if (own->service_hours[m] > 0 && !fee_pay(work, f, fee, -1, m))
            own->service_hours[m] = 0;
    }
}

/* What has been put right opens again. */
static void conditions_lift(struct market_work *work, int f)
{
    struct market_firm *firm = &work->state->firms[f];
    for (int i = 0; i < firm->listing_count; i++) {
        struct market_listing *listing = &firm->listings[i];
        int market = market_of(work, listing);
        if (market_compliance_certified(work, f, listing->product, market))
            listing->compliance.until_certificate = false;
        if (firm->compliance.responsible[market])
            listing->compliance.until_responsible = false;
    }
}

static bool is_found(const struct market_work *work, uint64_t object,
                     enum market_incident_kind kind, double probability)
{
    struct rng_words words = market_draw(work, STREAM_INCIDENT, object, (uint64_t)kind);
    return rng_uniform(words.word[0]) < probability;
}

/* False when no more can be open: such a fault is not found this round. */
static bool incident_open(struct market_work *work, int f, enum market_incident_kind kind,
                          int listing, int market)
{
    struct market_compliance_firm *own = &work->state->firms[f].compliance;
    if (own->incident_count == MARKET_INCIDENTS_MAX)
        return false;
    int32_t number = ++own->incident_next;
    own->incidents[own->incident_count++] = (struct market_incident){.number = number,
                                                                     .kind = (int)kind,
                                                                     .listing = listing,
                                                                     .market = market,
                                                                     .opened_day = work->day,
                                                                     .answer = -1};
    market_notice_add(work, f, NOTICE_INCIDENT, (int)kind, market, number);
    return true;
}

static void listing_close(struct market_work *work, int f, struct market_listing *listing,
                          enum market_incident_kind kind)
{
    int32_t until = work->day + work->rules->compliance.closed_days[kind];
    if (until > work->day && until > listing->compliance.closed_until)
        listing->compliance.closed_until = until;
    if (!market_compliance_closed(work, f, listing))
        return;
    /* The incident is the one just opened; it ends with the round, what it closed may not. */
    const struct market_compliance_firm *own = &work->state->firms[f].compliance;
    listing->compliance.closed_number = own->incidents[own->incident_count - 1].number;
    listing->compliance.closed_kind = (int)kind;
    bool lacks = listing->compliance.until_certificate || listing->compliance.until_responsible;
    market_notice_add(work, f, NOTICE_LISTING_CLOSED, listing->product, listing->nest,
                      lacks ? 0 : listing->compliance.closed_until);
}

static bool is_offered(const struct market_listing *listing)
{
    return listing->live && listing->price_minor > 0 && listing->lane >= 0;
}

double market_compliance_complaint(const struct market_compliance_rules *rules, double defect_rate,
                                   double late_share, int service_hours)
{
    double grounds = (defect_rate + 0.5 * late_share) / rules->complaint_scale;
    return rules->audit_rate[INCIDENT_COMPLAINT] * (grounds < 1 ? grounds : 1) /
           (1 + service_hours / complaint_hours);
}

static double complaint_probability(const struct market_work *work, int f,
                                    const struct market_listing *listing)
{
    const struct market_firm *firm = &work->state->firms[f];
    if (listing->sales_average < sales_least)
        return 0;
    const struct market_lane *lane = &work->rules->lanes[listing->lane];
    int place = lane->kind == LANE_LOCAL ? 1 + lane->market : 0;
    return market_compliance_complaint(
        &work->rules->compliance,
        market_stock_at(work->state, firm, place, listing->product)->defect_rate,
        listing->late_average, firm->compliance.service_hours[market_of(work, listing)]);
}

static void audit_responsible(struct market_work *work, int f)
{
    const struct market_compliance_rules *rules = &work->rules->compliance;
    struct market_firm *firm = &work->state->firms[f];
    for (int m = 0; m < work->rules->market_count; m++) {
        bool sells = false;
        for (int i = 0; i < firm->listing_count; i++)
            sells = sells ||
                    (market_of(work, &firm->listings[i]) == m && is_offered(&firm->listings[i]) &&
                     !firm->listings[i].compliance.until_responsible);
        if (!sells || !rules->responsible_needed[m] || firm->compliance.responsible[m] ||
            !is_found(work, (uint64_t)f << 32 | (uint64_t)m, INCIDENT_RESPONSIBLE,
                      rules->audit_rate[INCIDENT_RESPONSIBLE]) ||
            !incident_open(work, f, INCIDENT_RESPONSIBLE, -1, m))
            continue;
        for (int i = 0; i < firm->listing_count; i++)
            if (market_of(work, &firm->listings[i]) == m) {
                firm->listings[i].compliance.until_responsible = true;
                listing_close(work, f, &firm->listings[i], INCIDENT_RESPONSIBLE);
            }
    }
}

/* A fault of one listing; true when it was found and an incident opened. */
static bool fault_found(struct market_work *work, int f, int i, enum market_incident_kind kind,
                        double probability)
{
    const struct market_listing *listing = &work->state->firms[f].listings[i];
    return is_found(work, market_listing_object(f, listing->product, listing->nest), kind,
                    probability) &&
           incident_open(work, f, kind, i, market_of(work, listing));
}

/* Channels warn once of late parcels; a second time within eight weeks they close. */
static void late_warn(struct market_work *work, int f, struct market_listing *listing)
{
    int32_t warned = listing->compliance.late_warned;
    if (warned != 0 && work->day - (warned - 1) <= MARKET_LATE_WARNING_DAYS)
        listing_close(work, f, listing, INCIDENT_LATE);
    listing->compliance.late_warned = work->day + 1;
}

static void audit_listings(struct market_work *work, int f)
{
    const struct market_compliance_rules *rules = &work->rules->compliance;
    struct market_firm *firm = &work->state->firms[f];
    for (int kind = 0; kind < INCIDENT_KINDS; kind++)
        for (int i = 0; i < firm->listing_count; i++) {
            struct market_listing *listing = &firm->listings[i];
            int market = market_of(work, listing);
            if (!is_offered(listing) || market_compliance_closed(work, f, listing))
                continue;
            double rate = rules->audit_rate[kind];
            if (kind == INCIDENT_CERTIFICATE) {
                if (market_compliance_certified(work, f, listing->product, market) ||
                    !fault_found(work, f, i, INCIDENT_CERTIFICATE, rate))
                    continue;
                listing->compliance.until_certificate = true;
                listing_close(work, f, listing, INCIDENT_CERTIFICATE);
            } else if (kind == INCIDENT_INFRINGEMENT) {
                if (listing->storefront.infringing &&
                    fault_found(work, f, i, INCIDENT_INFRINGEMENT, rate))
                    listing_close(work, f, listing, INCIDENT_INFRINGEMENT);
            } else if (kind == INCIDENT_LATE) {
                if (listing->late_average > rules->late_threshold &&
                    fault_found(work, f, i, INCIDENT_LATE, rate))
                    late_warn(work, f, listing);
            } else if (kind == INCIDENT_COMPLAINT) {
                (void)fault_found(work, f, i, INCIDENT_COMPLAINT,
                                  complaint_probability(work, f, listing));
            }
        }
}

void market_compliance_round(struct market_work *work)
{
    if (!work->rules->compliance.open)
        return;
    for (int f = 0; f < work->state->firm_count; f++) {
        incidents_end(work, f);
        agents_pay(work, f);
        conditions_lift(work, f);
        audit_responsible(work, f);
        audit_listings(work, f);
    }
}

void market_compliance_start(struct market_work *work, int f)
{
    const struct market_rules *rules = work->rules;
    struct market_firm *firm = &work->state->firms[f];
    if (!rules->compliance.open || !rules->compliance.held_at_start)
        return;
    for (int i = 0; i < firm->listing_count; i++) {
        int product = firm->listings[i].product, market = market_of(work, &firm->listings[i]);
        if (rules->compliance.certificate_needed[rules->products[product].category][market])
            firm->compliance.certificate_day[product][market] = 1; /* since day 0 */
        if (rules->compliance.responsible_needed[market])
            firm->compliance.responsible[market] = true;
    }
}

bool market_compliance_closed(const struct market_work *work, int f,
                              const struct market_listing *listing)
{
    const struct market_compliance_listing *own = &listing->compliance;
    if (!work->rules->compliance.open)
        return false;
    /* A certificate may come to hold in the middle of a round. */
    return own->closed_until > work->day || own->until_responsible ||
           (own->until_certificate &&
            !market_compliance_certified(work, f, listing->product, market_of(work, listing)));
}

double market_compliance_relief(const struct market_work *work, int f, int market)
{
    if (!work->rules->compliance.open)
        return 1;
    return 1 / (1 + work->state->firms[f].compliance.service_hours[market] / complaint_hours);
}

double market_compliance_stars(const struct market_work *work, int f,
                               const struct market_listing *listing)
{
    const struct market_compliance_rules *rules = &work->rules->compliance;
    if (!rules->open)
        return 0;
    int hours = work->state->firms[f].compliance.service_hours[market_of(work, listing)];
    return listing->compliance.stars_shift +
           (hours > 0 ? rules->service_stars * dm_log(1.0 + hours) : 0);
}
