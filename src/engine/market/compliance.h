/* market/compliance: certificates, responsible persons, rights checks, buyer service, incidents and
 * answers to them, level 2. Equations: docs/model.md, compliance. `open` false: nothing happens. */
#ifndef ENGINE_MARKET_COMPLIANCE_H
#define ENGINE_MARKET_COMPLIANCE_H

#include "core/base.h"
#include "core/err.h"

struct market_codec;
struct market_listing;
struct market_observation;
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
    bool responsible_needed[8];        /* by market */
    bool held_at_start;                /* warm start: what is listed has both */
    int64_t certificate_fee_minor;     /* home */
    int certificate_days;              /* from application to validity */
    int64_t responsible_fee_minor;     /* home, a market and round */
    int64_t service_fee_minor;         /* home, an hour a day and market, a round */
    int64_t ip_check_fee_minor;        /* home, a product */
    double audit_rate[INCIDENT_KINDS]; /* probability a round that the fault is found */
    int closed_days[INCIDENT_KINDS];   /* how long a listing stays closed at least */
    double late_threshold;             /* a moving share of late parcels beyond this is a fault */
    double complaint_scale; /* share of defects + half the late share at which one is sure */
    int64_t answer_fee_minor[INCIDENT_KINDS][3]; /* home: ignore, apologise, make good */
    double answer_stars[INCIDENT_KINDS][3]; /* added to the stars of the next round's reviews */
    double service_stars;                   /* stars per ln(1 + hours a day) */
};

struct market_incident {
    int32_t number; /* stable within the firm; what `answers.incident` names */
    int kind;       /* enum market_incident_kind */
    int listing;    /* index within the firm; -1: all in the market */
    int market;
    int32_t opened_day;
    int answer; /* -1: not answered */
};

struct market_compliance_listing {
    int32_t closed_until;   /* day; listing cannot be live before it; 0: open */
    bool until_certificate; /* closed until the product's certificate holds */
    bool until_responsible; /* closed until a responsible person is named */
    int32_t late_warned;    /* day + 1 of the last warning for late parcels; 0: none */
    double stars_shift;     /* from answers; this round's reviews */
    bool checked;           /* rights checked: brand words stay out of the title */
    int32_t closed_number;  /* of the incident that closed it last; 0: none did */
    int closed_kind;        /* of that incident */
};

/* A second warning for late parcels within these days closes the listing. */
enum { MARKET_LATE_WARNING_DAYS = 56 };

struct market_compliance_firm {
    /* certificate of a product in a market: 0 none, else the day from which it holds + 1 */
    int32_t certificate_day[24][8];
    bool responsible[8];  /* by market, standing */
    int service_hours[8]; /* by market, standing */
    int32_t incident_next;
    int incident_count;
    struct market_incident incidents[MARKET_INCIDENTS_MAX];
};

/* Take certificates, agents, rights checks and answers of the round's decisions. What cannot be
 * paid is not done (NOTICE_FEE_UNPAID); an answer to an incident that is not open is told
 * (NOTICE_INCIDENT_UNKNOWN) and changes nothing. */
MUST_USE enum err market_compliance_apply(struct market_work *work, int firm,
                                          const struct market_seat_decisions *decisions);
/* A round's first day, after the decisions: incidents of earlier rounds end as answered (not
 * answered: ignored), agents are paid, faults are found. */
void market_compliance_round(struct market_work *work);
/* Warm start: what is listed has its certificate and its responsible person. */
void market_compliance_start(struct market_work *work, int firm);
/* Whether the certificate of a product holds in a market today (also where none is needed). */
bool market_compliance_certified(const struct market_work *work, int firm, int product, int market);
bool market_compliance_closed(const struct market_work *work, int firm,
                              const struct market_listing *listing);
/* What answers and hours of buyer service add to a review's expected stars. */
/* Part of complaints, of returns for defects and lateness and of the stars these cost that is left
 * with the firm's service: 1/(1 + hours/8). */
double market_compliance_relief(const struct market_work *work, int firm, int market);
double market_compliance_stars(const struct market_work *work, int firm,
                               const struct market_listing *listing);
/* Probability that a complaint is made over a listing in a round:
 * rate * min(1, (defects + late / 2) / scale) / (1 + hours / 8). */
double market_compliance_complaint(const struct market_compliance_rules *rules, double defect_rate,
                                   double late_share, int service_hours);
/* What the firm may see of it, into its observation. */
void market_compliance_see(const struct market_work *work, int firm,
                           struct market_observation *seen);
/* Refuse rates, fees and stars out of range. */
MUST_USE enum err market_compliance_check(const struct market_compliance_rules *rules,
                                          struct problem *problem);
/* Whether the incidents name what a firm with `listings` listings and a world with `markets`
 * markets has; false: the bytes were damaged. */
bool market_compliance_sound(const struct market_compliance_firm *firm, int listings, int markets);
void market_compliance_code_listing(struct market_codec *codec,
                                    struct market_compliance_listing *listing);
void market_compliance_code_firm(struct market_codec *codec, struct market_compliance_firm *firm);

/* The defaults of docs/model-level2.md, open; amounts are scaled by `usd_minor`, home minor units a
 * US dollar. */
void market_compliance_defaults(struct market_compliance_rules *rules, int64_t usd_minor);

#endif
