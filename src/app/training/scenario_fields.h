/* scenario_fields: what the rows of a scenario document are made of, as tables that the reader, the
 * writer and the list of parameters all walk.
 */
#ifndef APP_TRAINING_SCENARIO_FIELDS_H
#define APP_TRAINING_SCENARIO_FIELDS_H

#include "core/base.h"
#include "engine/market/rules.h"

enum scenario_kind {
    SCENARIO_INT,
    SCENARIO_REAL,
    SCENARIO_REALS, /* a list of exactly `size` numbers */
    SCENARIO_BOOL,
    SCENARIO_RATE,         /* a fraction, kept in 1e-9 */
    SCENARIO_MONEY_HOME,   /* major units of the home currency */
    SCENARIO_MONEY_MARKET, /* of the currency of the row's market (field `market` of the row) */
    SCENARIO_DATE,
    SCENARIO_ID,   /* char[size], unique in its list */
    SCENARIO_TEXT, /* char[size]; absent: the row's id */
    SCENARIO_HS6,
    SCENARIO_REF_MARKET,
    SCENARIO_REF_CHANNEL,
    SCENARIO_REF_CATEGORY,
    SCENARIO_REF_PRODUCT,
    SCENARIO_REF_CURRENCY,
    SCENARIO_LANE_KIND,
    SCENARIO_MARKETS_MONEY, /* an object: market id -> money in its currency */
    SCENARIO_MARKETS_FINE,  /* an object: market id -> major units, kept in 1e-9 minor */
    SCENARIO_BREAKS,        /* a list of {"units_min", "price"} */
    /* level 2 */
    SCENARIO_LIMIT,          /* a whole number; absent, and not written: 0 */
    SCENARIO_INTS,           /* a list of exactly `size` whole numbers */
    SCENARIO_MONEYS_HOME,    /* a list of exactly `size` amounts in the home currency */
    SCENARIO_WORD,           /* char[size], may be empty */
    SCENARIO_WORDS,          /* brand words: a list of words, counted in the row */
    SCENARIO_MARKET_SET,     /* a list of market ids; bool[MARKET_MARKETS_MAX] */
    SCENARIO_NEEDED,         /* an object: category id -> a list of market ids */
    SCENARIO_REF_MARKET_ALL, /* a market's id, or "*" for all: -1 */
    SCENARIO_EVENT_EFFECT,
    SCENARIO_EVENT_COUNTER,
    SCENARIO_QUERIES, /* rows of SCENARIO_QUERY, counted in the nest; absent: none */
    SCENARIO_OBJECT,  /* a row of the table `size`, whose struct begins with a flag: present */
};

struct scenario_field {
    const char *name;
    enum scenario_kind kind;
    bool parameter; /* may say its origin: {"value": ..., "origin": ...} */
    size_t offset;
    size_t size;            /* REALS: entries; ID, TEXT: bytes */
    const double *fallback; /* value (list) when absent, in the document's units; NULL: required */
    const char *source;     /* of the fallback; NULL: assumed */
};

struct scenario_table {
    const char *name; /* "nests" */
    size_t row_size;
    int rows_max;
    const struct scenario_field *fields;
    size_t field_count;
};

enum scenario_row {
    SCENARIO_ROOT, /* the document itself; struct market_rules */
    SCENARIO_MARKETS,
    SCENARIO_CHANNELS,
    SCENARIO_CATEGORIES,
    SCENARIO_NESTS,
    SCENARIO_PRODUCTS,
    SCENARIO_SUPPLIERS,
    SCENARIO_LANES,
    SCENARIO_DEMAND,
    SCENARIO_FINANCE,
    SCENARIO_SCORE,
    /* the parts of level 2: objects that may be left out (closed), their fields too (defaults) */
    SCENARIO_PROMOTION,
    SCENARIO_STOREFRONT,
    SCENARIO_CUSTOMS,
    SCENARIO_LOANS,
    SCENARIO_COMPLIANCE,
    SCENARIO_SOURCING,
    SCENARIO_EVENTS, /* a list */
    /* inside other rows */
    SCENARIO_QUERY,
    SCENARIO_BOT,
    SCENARIO_ROW_COUNT
};

const struct scenario_table *scenario_table(enum scenario_row row);
/* Tables that are lists of rows: their rows in `rules`, and how many. */
const void *scenario_rows(const struct market_rules *rules, enum scenario_row row, int *count);
void scenario_rows_set(struct market_rules *rules, enum scenario_row row, const void *rows,
                       int count);
/* Whether a row is a part of level 2, whose fields have their defaults before they are read. */
bool scenario_row_is_part(enum scenario_row row);
/* Fields whose absence says something and is not written: limits, queries, bots. */
bool scenario_kind_is_quiet(enum scenario_kind kind);
/* Names of LANE_DIRECT ... in the document. */
const char *scenario_lane_kind_name(enum market_lane_kind kind);

#endif
