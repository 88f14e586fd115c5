/* Compliance: its part of a state's bytes, its defaults and their limits. */
#include "engine/market/codec.h"
#include "engine/market/compliance.h"
#include "engine/market/rules.h"

enum { ANSWERS = 3, SERVICE_HOURS_MAX = 24, CERTIFICATES = 24 * 8 };

void market_compliance_code_listing(struct market_codec *codec,
                                    struct market_compliance_listing *listing)
{
    codec_i32(codec, &listing->closed_until);
    codec_bool(codec, &listing->until_certificate);
    codec_bool(codec, &listing->until_responsible);
    codec_i32(codec, &listing->late_warned);
    codec_f64(codec, &listing->stars_shift);
    codec_bool(codec, &listing->checked);
    codec_i32(codec, &listing->closed_number);
    codec_int(codec, &listing->closed_kind, 0, INCIDENT_KINDS - 1);
}

/* Sparse: how many there are, then each with its place, ascending. */
static void code_certificates(struct market_codec *codec, struct market_compliance_firm *firm)
{
    int held = 0, next = 0;
    for (int i = 0; i < CERTIFICATES; i++)
        held += firm->certificate_day[i / 8][i % 8] != 0;
    codec_int(codec, &held, 0, CERTIFICATES);
    for (int h = 0; h < held; h++) {
        int at = next;
        while (codec->out != NULL && firm->certificate_day[at / 8][at % 8] == 0)
            at++;
        codec_int(codec, &at, next, CERTIFICATES - 1);
        if (codec_failed(codec))
            return;
        codec_i32(codec, &firm->certificate_day[at / 8][at % 8]);
        if (firm->certificate_day[at / 8][at % 8] == 0)
            codec->damaged = true;
        next = at + 1;
    }
}

void market_compliance_code_firm(struct market_codec *codec, struct market_compliance_firm *firm)
{
    code_certificates(codec, firm);
    for (int m = 0; m < 8; m++) {
        codec_bool(codec, &firm->responsible[m]);
        codec_int(codec, &firm->service_hours[m], 0, SERVICE_HOURS_MAX);
    }
    codec_i32(codec, &firm->incident_next);
    codec_int(codec, &firm->incident_count, 0, MARKET_INCIDENTS_MAX);
    for (int i = 0; i < firm->incident_count; i++) {
        struct market_incident *incident = &firm->incidents[i];
        codec_i32(codec, &incident->number);
        codec_int(codec, &incident->kind, 0, INCIDENT_KINDS - 1);
        codec_int(codec, &incident->listing, -1, MARKET_LISTINGS_MAX - 1);
        codec_int(codec, &incident->market, 0, MARKET_MARKETS_MAX - 1);
        codec_i32(codec, &incident->opened_day);
        codec_int(codec, &incident->answer, -1, ANSWERS - 1);
    }
}

bool market_compliance_sound(const struct market_compliance_firm *firm, int listings, int markets)
{
    for (int i = 0; i < firm->incident_count; i++)
        if (firm->incidents[i].listing >= listings || firm->incidents[i].market >= markets)
            return false;
    return true;
}

void market_compliance_defaults(struct market_compliance_rules *rules, int64_t usd_minor)
{
    /* All assumed; docs/model-level2.md, compliance. A scenario says what its markets ask for. */
    *rules =
        (struct market_compliance_rules){.open = true,
                                         .held_at_start = true,
                                         .certificate_fee_minor = 400 * usd_minor,
                                         .certificate_days = 28,
                                         .responsible_fee_minor = 15 * usd_minor,
                                         .service_fee_minor = 4 * usd_minor,
                                         .ip_check_fee_minor = 20 * usd_minor,
                                         .audit_rate = {0.35, 0.35, 0.40, 0.50, 0.25},
                                         .closed_days = {7, 7, 21, 7, 0},
                                         .late_threshold = 0.30,
                                         .complaint_scale = 0.25,
                                         .answer_fee_minor = {{0, 5 * usd_minor, 60 * usd_minor},
                                                              {0, 5 * usd_minor, 60 * usd_minor},
                                                              {0, 10 * usd_minor, 150 * usd_minor},
                                                              {0, 5 * usd_minor, 60 * usd_minor},
                                                              {0, 5 * usd_minor, 40 * usd_minor}},
                                         .answer_stars = {{-0.15, -0.05, 0.05},
                                                          {-0.15, -0.05, 0.05},
                                                          {-0.15, -0.05, 0.05},
                                                          {-0.20, -0.08, 0.05},
                                                          {-0.25, -0.08, 0.05}},
                                         .service_stars = 0.08};
    for (int c = 0; c < 8; c++)
        for (int m = 0; m < 8; m++)
            rules->certificate_needed[c][m] = true;
    for (int m = 0; m < 8; m++)
        rules->responsible_needed[m] = true;
}

static enum err refuse(struct problem *problem, const char *place)
{
    problem_set(problem, ERR_SCENARIO, ERR_CTEXT("a value out of its range"));
    return problem_place(problem, "compliance.%s", place);
}

enum err market_compliance_check(const struct market_compliance_rules *rules,
                                 struct problem *problem)
{
    const int64_t most = INT64_C(1000000000000);
    const int64_t fees[] = {rules->certificate_fee_minor, rules->responsible_fee_minor,
                            rules->service_fee_minor, rules->ip_check_fee_minor};
    if (!rules->open)
        return ERR_OK;
    for (size_t i = 0; i < COUNT_OF(fees); i++)
        if (fees[i] < 0 || fees[i] > most)
            return refuse(problem, "fees");
    if (rules->certificate_days < 0 || rules->certificate_days > 365)
        return refuse(problem, "certificate_days");
    if (!(rules->late_threshold >= 0 && rules->late_threshold <= 1))
        return refuse(problem, "late_threshold");
    if (!(rules->complaint_scale > 0 && rules->complaint_scale <= 10))
        return refuse(problem, "complaint_scale");
    if (!(rules->service_stars >= -1 && rules->service_stars <= 1))
        return refuse(problem, "service_stars");
    for (int k = 0; k < INCIDENT_KINDS; k++) {
        if (!(rules->audit_rate[k] >= 0 && rules->audit_rate[k] <= 1))
            return refuse(problem, "audit_rate");
        if (rules->closed_days[k] < 0 || rules->closed_days[k] > 365)
            return refuse(problem, "closed_days");
        for (int a = 0; a < ANSWERS; a++) {
            if (rules->answer_fee_minor[k][a] < 0 || rules->answer_fee_minor[k][a] > most)
                return refuse(problem, "answer_fee");
            if (!(rules->answer_stars[k][a] >= -4 && rules->answer_stars[k][a] <= 4))
                return refuse(problem, "answer_stars");
        }
    }
    return ERR_OK;
}
