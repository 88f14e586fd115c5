/* market/compliance: certificates, responsible persons, rights checks, buyer service, incidents and
 * answers to them, level 2. Equations: docs/model.md, compliance. `open` false: nothing happens. */
#ifndef ENGINE_MARKET_COMPLIANCE_H
#define ENGINE_MARKET_COMPLIANCE_H

#include "core/base.h"
#include "core/err.h"

struct market_codec;
struct market_listing;
struct market_seat_decisions;
struct market_work;

enum { MARKET_INCIDENTS_MAX = 16 };

enum market_incident_kind {
    INCIDENT_CERTIFICATE,  /* a product without its certificate: the listing is closed until it has
                            */
    INCIDENT_RESPONSIBLE,  /* no responsible person in the market: all listings there are closed */
    INCIDENT_INFRINGEMENT, /* a brand word in a title: the listing is closed for days */
    INCIDENT_LATE,         /* too many late parcels: a warning, then less exposure */
    INCIDENT_COMPLAINT,    /* defects or late parcels: a buyer's complaint to answer */
    INCIDENT_KINDS
};

struct market_compliance_rules {
    bool open;
    /* by category and market index: a certificate is needed there */
    bool certificate_needed[8][8];
    bool responsible_needed[8];                  /* by market */
    int64_t certificate_fee_minor;               /* home */
    int certificate_days;                        /* from application to validity */
    int64_t responsible_fee_minor;               /* home, a market and round */
    int64_t service_fee_minor;                   /* home, an hour a day and market, a round */
    int64_t ip_check_fee_minor;                  /* home, a product */
    double audit_rate[INCIDENT_KINDS];           /* probability a round that the fault is found */
    int closed_days[INCIDENT_KINDS];             /* how long a listing stays closed */
    int64_t answer_fee_minor[INCIDENT_KINDS][3]; /* home: ignore, apologise, make good */
    double answer_stars[INCIDENT_KINDS][3]; /* added to the stars of the next round's reviews */
    double service_stars;                   /* stars per ln(1 + hours a day) */
};

struct market_incident {
    int32_t number; /* stable within the firm; what `answers.incident` names */
    int kind;       /* enum market_incident_kind */
    int listing;    /* index, or -1 */
    int market;
    int32_t opened_day;
    int answer; /* -1: not answered */
};

struct market_compliance_listing {
    int32_t closed_until; /* day; listing cannot be live before it; 0: open */
    double stars_shift;   /* from answers */
    bool checked;         /* rights checked: a brand word was removed from the title */
};

struct market_compliance_firm {
    /* certificate of a product in a market: 0 none, else the day from which it holds + 1 */
    int32_t certificate_day[24][8];
    bool responsible[8];  /* by market, standing */
    int service_hours[8]; /* by market, standing */
    int32_t incident_next;
    int incident_count;
    struct market_incident incidents[MARKET_INCIDENTS_MAX];
};

MUST_USE enum err market_compliance_apply(struct market_work *work, int firm,
                                          const struct market_seat_decisions *decisions);
void market_compliance_round(struct market_work *work); /* first day: audits, incidents, fees */
bool market_compliance_closed(const struct market_work *work, int firm,
                              const struct market_listing *listing);
double market_compliance_stars(const struct market_work *work, int firm,
                               const struct market_listing *listing);
void market_compliance_code_listing(struct market_codec *codec,
                                    struct market_compliance_listing *listing);
void market_compliance_code_firm(struct market_codec *codec, struct market_compliance_firm *firm);

/* The defaults of docs/model-level2.md, open; amounts are scaled by `usd_minor`, home minor units a
 * US dollar. */
void market_compliance_defaults(struct market_compliance_rules *rules, int64_t usd_minor);

#endif
