/* rules: what a row is, which channel an order came through, by a file of data.
 *
 * A rules file (data/import/rules-*.json, documented in docs/import.md) names lists of stock codes,
 * of order number prefixes and of statuses, and then the kinds and channels in the order in which
 * they are tried. Compiled, a row's marks are one 64-bit word, and a rule is two masks: marks that
 * must be there and marks that must not.
 */
#ifndef APP_DATASETS_RULES_H
#define APP_DATASETS_RULES_H

#include "app/datasets/datasets.h"
#include "core/base.h"
#include "core/err.h"
#include "core/money.h"
#include "core/str.h"

struct arena;

enum {
    RULES_FORMAT_VERSION = 1,
    RULES_LISTS_MAX = 12,    /* of each of the three sorts */
    RULES_ENTRIES_MAX = 500, /* of a list */
    RULES_KINDS_MAX = 40,
    RULES_CHANNELS_MAX = 20,
    RULES_NAMES_MAX = 600, /* country names */
    RULES_LABELS_MAX = 20  /* of an answer key */
};

/* Marks of a row or an order. Lists take one bit each, from the given first bit on. */
enum rules_bit {
    RULES_PRICE_NEGATIVE,
    RULES_PRICE_ZERO,
    RULES_PRICE_POSITIVE,
    RULES_QUANTITY_NEGATIVE,
    RULES_QUANTITY_ZERO,
    RULES_QUANTITY_POSITIVE,
    RULES_CUSTOMER,
    RULES_SKU_LISTS,
    RULES_ORDER_LISTS = RULES_SKU_LISTS + RULES_LISTS_MAX,
    RULES_STATUS_LISTS = RULES_ORDER_LISTS + RULES_LISTS_MAX,
    RULES_BIT_COUNT = RULES_STATUS_LISTS + RULES_LISTS_MAX
};

#define RULES_MARK(bit) (UINT64_C(1) << (bit))
/* All marks that stock codes can bear. */
#define RULES_SKU_MARKS ((RULES_MARK(RULES_LISTS_MAX) - 1) << RULES_SKU_LISTS)

struct rules_list {
    struct str name;
    const struct str *entries; /* "POST"; "gift_*" means beginning with gift_ */
    size_t count;
};

struct rules_lists {
    struct rules_list list[RULES_LISTS_MAX];
    size_t count;
};

struct rules_test {
    uint64_t required;
    uint64_t forbidden;
};

struct rules_kind {
    struct rules_test test;
    enum dataset_kind kind;
};

struct rules_channel {
    struct rules_test test; /* marks of the whole order */
    struct str name;
    bool bundle;
};

struct rules_name {
    struct str name;
    char code[3];
};

struct rules_label {
    struct str label;
    enum dataset_kind kind;
};

struct rules {
    struct str id;
    struct str revision;
    bool has_currency; /* for formats without a currency column */
    struct currency currency;
    bool keep_twins;
    struct rules_lists skus;
    struct rules_lists orders;
    struct rules_lists statuses;
    size_t nonproduct_list; /* index in `skus` of the list "nonproduct", or RULES_LISTS_MAX */
    struct rules_kind kinds[RULES_KINDS_MAX];
    size_t kind_count;
    struct rules_channel channels[RULES_CHANNELS_MAX]; /* none: the file's own column */
    size_t channel_count;
    const struct rules_name *names; /* of countries, beside those everybody knows */
    size_t name_count;
    struct rules_label labels[RULES_LABELS_MAX]; /* the answer key's kinds in our words */
    size_t label_count;
};

/* All of it lives in the arena. Errors bear the path of the field. */
MUST_USE enum err rules_parse(struct arena *arena, struct str text, const char *file,
                              struct rules **rules, struct problem *problem);

/* Marks of a stock code, an order number and a status; compared without case of ASCII letters. */
uint64_t rules_sku_marks(const struct rules *rules, struct str sku);
uint64_t rules_order_marks(const struct rules *rules, struct str order);
uint64_t rules_status_marks(const struct rules *rules, struct str status);
/* Kind of a row with these marks; DATASET_SALE when no rule takes it. */
enum dataset_kind rules_kind(const struct rules *rules, uint64_t marks);
/* Channel of an order with these marks, or NULL. */
const struct rules_channel *rules_channel(const struct rules *rules, uint64_t marks);

/* ISO country of a text: a name of the rules, an alpha-2 code, or an English or Chinese name of
 * `countries` (data/import/countries.json). */
struct rules_countries {
    const struct rules_name *names;
    size_t count;
};
MUST_USE enum err rules_countries_parse(struct arena *arena, struct str text, const char *file,
                                        struct rules_countries *countries, struct problem *problem);
bool rules_country(const struct rules *rules, const struct rules_countries *countries,
                   struct str text, char code[3]);

#endif
