/* Compliance and events as a firm may see them. */
#include "engine/market/work.h"

static void see_incidents(const struct market_work *work, const struct market_firm *firm,
                          struct market_observation *seen)
{
    const struct market_compliance_firm *own = &firm->compliance;
    struct market_incident_view *views =
        ARENA_ARRAY(work->arena, struct market_incident_view, (size_t)own->incident_count);
    for (int i = 0; i < own->incident_count; i++)
        views[i] = (struct market_incident_view){.number = own->incidents[i].number,
                                                 .kind = own->incidents[i].kind,
                                                 .listing = own->incidents[i].listing,
                                                 .market = own->incidents[i].market,
                                                 .opened_day = own->incidents[i].opened_day};
    seen->incidents = views;
    seen->incident_count = own->incident_count;
}

static void see_certificates(const struct market_work *work, const struct market_firm *firm,
                             struct market_observation *seen)
{
    const struct market_rules *rules = work->rules;
    size_t room = (size_t)rules->product_count * (size_t)rules->market_count;
    struct market_certificate_view *views =
        ARENA_ARRAY(work->arena, struct market_certificate_view, room);
    for (int p = 0; p < rules->product_count; p++)
        for (int m = 0; m < rules->market_count; m++)
            if (firm->compliance.certificate_day[p][m] != 0)
                views[seen->certificate_count++] = (struct market_certificate_view){
                    p, m, firm->compliance.certificate_day[p][m] - 1};
    seen->certificates = views;
}

/* As it stands when the next round begins, before its decisions. */
static void see_closed(const struct market_work *work, const struct market_firm *firm,
                       struct market_observation *seen)
{
    struct market_closed_view *views =
        ARENA_ARRAY(work->arena, struct market_closed_view, (size_t)firm->listing_count);
    int32_t day = work->state->day;
    for (int i = 0; i < firm->listing_count; i++) {
        const struct market_listing *listing = &firm->listings[i];
        const struct market_compliance_listing *own = &listing->compliance;
        int market = work->rules->nests[listing->nest].market;
        int32_t holds = firm->compliance.certificate_day[listing->product][market];
        bool lacks = own->until_certificate && (holds == 0 || day < holds - 1);
        if (own->closed_until > day || lacks || own->until_responsible)
            views[seen->closed_count++] =
                (struct market_closed_view){.listing = i,
                                            .until_day = own->closed_until,
                                            .lacks_certificate = lacks,
                                            .lacks_responsible = own->until_responsible};
    }
    seen->closed = views;
}

void market_compliance_see(const struct market_work *work, int f, struct market_observation *seen)
{
    const struct market_firm *firm = &work->state->firms[f];
    if (!work->rules->compliance.open)
        return;
    see_incidents(work, firm, seen);
    see_certificates(work, firm, seen);
    see_closed(work, firm, seen);
    for (int m = 0; m < work->rules->market_count; m++) {
        seen->responsible[m] = firm->compliance.responsible[m];
        seen->service_hours[m] = firm->compliance.service_hours[m];
    }
}

void market_events_see(const struct market_work *work, struct market_observation *seen)
{
    const struct market_rules *rules = work->rules;
    struct market_event_view *views =
        ARENA_ARRAY(work->arena, struct market_event_view, MARKET_EVENTS_RUNNING);
    int32_t day = work->state->day;
    seen->events = views;
    for (int e = 0; e < MARKET_EVENTS_RUNNING; e++) {
        const struct market_event_state *event = &work->state->events[e];
        bool known = event->event >= 0 && event->event < rules->event_count &&
                     (event->from_day < day || rules->events[event->event].warning_days > 0);
        if (known && event->to_day > day)
            views[seen->event_count++] =
                (struct market_event_view){event->event, event->from_day, event->to_day};
    }
}
