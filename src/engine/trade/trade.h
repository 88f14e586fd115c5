/* trade: what a crossing of a border costs on a date, each line with the rule row it came from.
 *
 * Order of a calculation (market model, section 6): customs value (CIF or FOB by market), duty,
 * other charges, tax base, VAT / GST / sales tax, handling. Rules are rows valid from a date to a
 * date; the caller's date decides which apply.
 */
#ifndef ENGINE_TRADE_TRADE_H
#define ENGINE_TRADE_TRADE_H

#include "core/base.h"
#include "core/err.h"
#include "core/money.h"
#include "core/str.h"

enum {
    TRADE_RULES_MAX = 4096,
    TRADE_ITEMS_MAX = 12,
    TRADE_LINES_MAX = 64, /* a line an item and kind of rule at most */
    TRADE_STEP_MAX = 1000000,
};

enum trade_kind {
    TRADE_VALUE, /* how the customs value is made: formula CIF or FOB */
    TRADE_DUTY,
    TRADE_CHARGE, /* other charges at import that join the tax base; also a second layer of duty */
    TRADE_TAX,    /* VAT, GST, sales tax */
    TRADE_HANDLING, /* carrier's or post's fee for clearing */
};

enum trade_formula {
    TRADE_FORMULA_RATE,       /* rate of the base */
    TRADE_FORMULA_PER_LINE,   /* fixed amount per distinct tariff line */
    TRADE_FORMULA_PER_PARCEL, /* fixed amount per parcel */
    TRADE_FORMULA_CIF,        /* TRADE_VALUE: goods + freight + insurance */
    TRADE_FORMULA_FOB,        /* TRADE_VALUE: goods only */
};

/* The last one also holds freight and insurance where the customs value (FOB) left them out. */
enum trade_base { TRADE_BASE_VALUE, TRADE_BASE_VALUE_DUTY, TRADE_BASE_VALUE_DUTY_CHARGES };

enum trade_status { TRADE_ANNOUNCED, TRADE_IN_FORCE, TRADE_POSTPONED, TRADE_STRUCK_DOWN };

enum trade_confidence {
    TRADE_SOURCED,
    TRADE_SECONDARY,
    TRADE_WEAK,
    TRADE_CONFLICT,
    TRADE_COMPUTED,
    TRADE_ASSUMED,
};

/* How goods enter: a parcel to a consumer, or freight to the seller's stock abroad. */
enum trade_mode { TRADE_MODE_ANY, TRADE_MODE_PARCEL, TRADE_MODE_FREIGHT };

struct trade_rule {
    char id[48];    /* stable row id, e.g. "eu-duty-851830" */
    char market[4]; /* ISO 3166 alpha-2, "EU" rows are expanded by the reader */
    enum trade_kind kind;
    enum trade_mode mode;
    char hs6_prefix[8]; /* "" any; "85", "8518", "851830" */
    char origin[4];     /* "" any; "CN" */
    enum trade_formula formula;
    enum trade_base base; /* for TRADE_TAX and TRADE_CHARGE */
    int64_t rate_1e9;     /* TRADE_FORMULA_RATE */
    int64_t amount_minor; /* fixed formulas, in the market's currency; TRADE_FORMULA_RATE: added
                             to the rate's result, which never falls below 0 (a deduction) */
    int64_t
        threshold_low_minor; /* applies when the goods' value is > low (0: from zero, inclusive) */
    int64_t threshold_high_minor; /* and <= high; INT64_MAX: no limit */
    enum rounding rounding;
    int64_t rounding_step_minor; /* 1: to the minor unit */
    int32_t valid_from;          /* date, inclusive */
    int32_t valid_to;            /* date, exclusive; INT32_MAX: open */
    int32_t announced_on;        /* date; INT32_MIN: unknown */
    enum trade_status status;
    enum trade_confidence confidence;
    char source[128];
};

struct trade_rules {
    int count;
    const struct trade_rule *rows; /* in the order of trade_rule_compare */
    char checked_by[64];           /* stamp of the pack: "checked on DATE by NAME", or "" */
    int32_t checked_on;
};

/* One tariff line of a consignment. */
struct trade_item {
    char hs6[8];
    char origin[4];
    int64_t units;
    int64_t value_minor; /* goods, whole line, in the market's currency */
};

struct trade_request {
    int32_t date;
    char market[4];
    enum trade_mode mode;
    int item_count;
    const struct trade_item *items;
    int64_t freight_minor;
    int64_t insurance_minor;
};

struct trade_line {
    enum trade_kind kind;
    int rule; /* row index in trade_rules */
    int item; /* index of the item */
    int64_t base_minor;
    int64_t rate_1e9;
    int64_t amount_minor;
};

struct trade_quote {
    int64_t goods_minor;
    int64_t customs_value_minor;
    int64_t duty_minor;
    int64_t charges_minor;
    int64_t tax_base_minor;
    int64_t tax_minor;
    int64_t handling_minor;
    int64_t payable_minor; /* duty + charges + tax + handling */
    int line_count;
    struct trade_line lines[TRADE_LINES_MAX];
};

/* Order of rows: market, kind, hs6_prefix, origin, mode, thresholds, valid_from, id. */
int trade_rule_compare(const struct trade_rule *a, const struct trade_rule *b);

/* Refuse a pack whose rows are out of order, overlap (two rows that fit the same goods, value and
 * day equally well), bear words that do not belong together (a fixed sum as customs value), or
 * figures out of bounds. ERR_SCENARIO with the row's id as the place. Rows that quote and rate read
 * should have passed it. */
MUST_USE enum err trade_rules_check(const struct trade_rules *rules, struct problem *problem);

/* The charges on a consignment crossing into `request->market` on `request->date`.
 *
 * Rows    A row applies when its status is in force or announced, the date lies in [valid_from,
 *         valid_to), and its market, mode, hs6 prefix, origin and thresholds (against the goods'
 *         value of the whole consignment) fit. Among the rows of a kind that apply to an item, one
 *         that names the mode beats one that does not (so that a parcel relief beats a tariff
 *         line), then the longer hs6 prefix, then a named origin, then the later valid_from.
 * Value   CIF: goods + freight + insurance; FOB: goods. Freight and insurance are shared over the
 *         items by value (largest remainder; all values zero: to the first).
 * Fixed   per_line: once for each distinct hs6 to which the row applies; per_parcel: once a row.
 * Bases   value: the customs value. value_duty: with duty. value_duty_charges: with charges too,
 *         and with freight and insurance where an FOB value left them out. Duty is always taken on
 *         the value; handling may take a rate of any base.
 * Lines   one an item and kind, in the order of the kinds; a charge or handling without a row has
 *         none. A line of TRADE_VALUE bears the customs value as base and amount.
 * Errors  ERR_DATUM_MISSING: no row tells duty, tax or the customs value (a zero rate is a row);
 *         the place is "market hs6 date". ERR_RANGE: negative or overflowing amounts. ERR_LIMIT:
 *         too many items. ERR_TOO_FEW: none.
 * Source  market-model.md section 6; worked numbers in docs/model.md (Australia 201; EU shirts 3).
 */
MUST_USE enum err trade_quote_make(const struct trade_rules *rules,
                                   const struct trade_request *request, struct trade_quote *quote,
                                   struct problem *problem);

/* The first date after `date` on which some row begins or ends, INT32_MAX when none does: until
 * then the same request is answered in the same way. */
int32_t trade_rules_until(const struct trade_rules *rules, int32_t date);

/* The consumption-tax rate inside a consumer's price on a date (1e-9): the tax row of mode "any"
 * without thresholds that fits best; ERR_DATUM_MISSING when there is none. */
MUST_USE enum err trade_tax_rate(const struct trade_rules *rules, const char *market,
                                 const char *hs6, int32_t date, int64_t *rate_1e9,
                                 struct problem *problem);

#endif
