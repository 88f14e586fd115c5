/* market/decisions: what the seats of a world decide for one round, and the schema behind it.
 *
 * All comes from decisions.def, so a field has one name everywhere: its path
 * "listings[].price" of the seat firm, its JSON key, its number F_listings_price, the place of an
 * error. A row carries a bit `set` per field (bit i = i-th FIELD of its list): standing lists
 * change only the fields set.
 *
 * Values: REF_* are indexes into the rules' arrays (-1: none, only where the schema's user allows
 * it: orders.lane); MONEY_* are minor units; BOOL 0/1; PPM 1e-6; TEXT borrowed.
 */
#ifndef ENGINE_MARKET_DECISIONS_H
#define ENGINE_MARKET_DECISIONS_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "core/text.h"
#include "engine/market/rules.h"

enum market_seat {
    SEAT_FIRM,
    SEAT_SUPPLIER,
    SEAT_CARRIER,
    SEAT_BUYER,
    SEAT_PLATFORM,
    SEAT_COACH,
    SEAT_COUNT
};

enum market_position {
    POSITION_SELECTION,
    POSITION_PRICING,
    POSITION_CONTENT,
    POSITION_ADVERTISING,
    POSITION_SOURCING,
    POSITION_LOGISTICS,
    POSITION_CUSTOMS,
    POSITION_FINANCE,
    POSITION_COMPLIANCE,
    POSITION_TEAM,
    POSITION_SEAT, /* seats other than a firm's have one position */
    POSITION_COUNT
};

enum market_kind {
    KIND_INT,
    KIND_BOOL,
    KIND_PPM,
    KIND_MONEY_LOCAL,
    KIND_MONEY_HOME,
    KIND_MONEY_FROM, /* in the currency of the row's field `from` */
    KIND_TEXT,
    KIND_REF_PRODUCT,
    KIND_REF_MARKET,
    KIND_REF_CHANNEL,
    KIND_REF_SUPPLIER,
    KIND_REF_LANE,
    KIND_REF_CURRENCY,
    KIND_REF_FIRM,
    KIND_REF_INCIDENT,
    KIND_REF_REQUEST,
};

enum market_carry { MARKET_CARRY, MARKET_ONCE };

/* One value of a row: text for KIND_TEXT, the number for all other kinds. */
struct market_value {
    int64_t number;
    struct str text;
};

enum market_list {
#define SEAT_LIST(seat, list, max, carry, keys, level) LIST_##list,
#define FIELD(list, field, kind, level, position, least, most, effect)
#define LIST_END(list)
#include "engine/market/decisions.def"
#undef SEAT_LIST
#undef FIELD
#undef LIST_END
    LIST_COUNT
};

enum { MARKET_FIELDS_MAX = 16, MARKET_TEXT_MAX = 4000 };

/* A row of any list: values by field number, so one reader, one writer and one checker serve all.
 */
struct market_row {
    uint32_t set; /* bit i: value[i] was given */
    struct market_value value[MARKET_FIELDS_MAX];
};

struct market_rows {
    int count;
    const struct market_row *rows;
};

struct market_field_info {
    const char *name; /* "price" */
    const char *path; /* "listings[].price"; the list knows its seat */
    enum market_kind kind;
    int level;
    enum market_position position;
    int64_t least, most; /* inclusive; length limits for TEXT */
    const char *effect;  /* English text key */
};

struct market_list_info {
    const char *name; /* "listings" */
    enum market_seat seat;
    int rows_max;
    enum market_carry carry;
    int keys;
    int level;
    int field_count;
    const struct market_field_info *fields;
};

/* The schema: LIST_COUNT entries in the order of decisions.def. */
const struct market_list_info *market_list_info(enum market_list list);
const char *market_seat_name(enum market_seat seat);             /* "firm" */
const char *market_position_name(enum market_position position); /* English text key */

/* Field numbers over the whole schema, e.g. F_listings_price; F_listings_first is the first of its
 * list and F_listings_end one behind its last. */
enum market_field {
#define SEAT_LIST(seat, list, max, carry, keys, level)                                             \
    F_##list##_first, F_##list##_first_next_ = F_##list##_first - 1,
#define FIELD(list, field, kind, level, position, least, most, effect) F_##list##_##field,
#define LIST_END(list) F_##list##_end, F_##list##_end_next_ = F_##list##_end - 1,
#include "engine/market/decisions.def"
#undef SEAT_LIST
#undef FIELD
#undef LIST_END
    F_COUNT
};

/* The decisions of one seat: its lists; lists of other seats stay empty. */
struct market_seat_decisions {
    struct market_rows lists[LIST_COUNT];
    /* Nobody decided for the firm: its lists are not read, its standing decisions carry, and goods
     * are ordered and moved by the steady policy (market_sourcing_stand_in). */
    bool absent;
};

/* The decisions of all seats of a world for one round. */
struct market_decisions {
    int firm_count; /* equals rules->firms */
    const struct market_seat_decisions *firms;
    /* Other seats, by kind; 0 when nobody (and no bot) holds one. */
    int other_count;
    const struct market_other_seat {
        enum market_seat seat;
        int number; /* which supplier, carrier ... */
        struct market_seat_decisions decisions;
    } * others;
};

/* Index of a field within its list. */
int market_field_index(enum market_list list, enum market_field field);
/* The level at which a field opens in this scenario, and a list: the first of its fields that are
 * not keys. */
int market_field_level(const struct market_rules *rules, enum market_field field);
int market_list_level(const struct market_rules *rules, enum market_list list);
/* Whether a limit of live listings or markets holds in this world. */
bool market_rules_limited(const struct market_rules *rules);
/* The list a field belongs to. */
enum market_list market_field_list(enum market_field field);
/* Value of a field in a row, and whether it was given. The row must be of the field's list. */
bool market_row_has(const struct market_row *row, enum market_field field);
int64_t market_row_number(const struct market_row *row, enum market_field field);
void market_row_set(struct market_row *row, enum market_field field, int64_t number);

/* Check one seat's decisions against the schema and the rules: levels, ranges, references, keys
 * given and not given twice, prices within [0.2, 5] of the nest's reference, lanes of the right
 * kind and market, suppliers that make the product, listings the scenario has a nest for.
 * `problem`'s place is the path with the row's index: "listings[2].price". Text made elsewhere is
 * not trusted: numbers are checked here even when they came through the JSON reader. */
MUST_USE enum err market_decisions_check(const struct market_rules *rules, enum market_seat seat,
                                         const struct market_seat_decisions *decisions,
                                         struct problem *problem);

#endif
