/* money: whole minor units with a currency; rates scaled by 1e9; every rounding has a name.
 *
 * No floating point. Sums and products are checked: a function that could overflow returns false
 * and leaves its result alone.
 */
#ifndef CORE_MONEY_H
#define CORE_MONEY_H

#include "core/base.h"
#include "core/str.h"

#define RATE_ONE INT64_C(1000000000) /* 1.0 as a scaled rate */

/* ISO 4217 code, zero-terminated: "EUR". */
struct currency {
    char code[4];
};

struct money {
    int64_t minor;
    struct currency currency;
};

enum rounding {
    ROUND_HALF_UP,   /* to nearest, halves away from zero (commerce, tax forms) */
    ROUND_HALF_EVEN, /* to nearest, halves to the even neighbour (statistics) */
    ROUND_DOWN,      /* towards zero */
    ROUND_UP,        /* away from zero */
    ROUND_FLOOR,     /* towards minus infinity */
};

/* "EUR" -> {"EUR"}; false unless three capital letters of ISO 4217 known to core/currencies.def. */
bool currency_from_code(struct str code, struct currency *currency);
bool currency_equal(struct currency a, struct currency b);
/* Digits behind the point: 2 for EUR, 0 for JPY, 3 for KWD. */
int currency_decimals(struct currency currency);
/* 10^decimals: minor units in one major unit. */
int64_t currency_minor_per_major(struct currency currency);

bool int64_add(int64_t a, int64_t b, int64_t *sum);
bool int64_subtract(int64_t a, int64_t b, int64_t *difference);
bool int64_multiply(int64_t a, int64_t b, int64_t *product);
/* a * b / divisor in 128 bits, rounded by name; divisor != 0. */
bool int64_multiply_divide(int64_t a, int64_t b, int64_t divisor, enum rounding rounding,
                           int64_t *result);
/* amount * rate / 1e9. */
bool money_times_rate(int64_t minor, int64_t rate_1e9, enum rounding rounding, int64_t *result);
/* Amount in another currency. fx_rate_1e9 is units of `to` per one unit of `from`, major units
 * both. */
bool money_convert(int64_t minor, struct currency from, struct currency to, int64_t fx_rate_1e9,
                   enum rounding rounding, int64_t *result);
/* Divide `total` in proportion to non-negative weights so that the parts sum to it exactly (largest
 * remainder; ties go to the lower index). All weights zero: everything to index 0. total >= 0 or <
 * 0 alike; count >= 1. Scratch-free, O(count^2) at most in the remainder step; count <= 4096. */
void int64_apportion(int64_t total, const int64_t *weights, size_t count, int64_t *parts);

/* "1234.50" with the currency's decimals -> minor units. False on more decimals than it has, on
 * anything that is not a plain decimal number, or on overflow. */
bool money_parse(struct str text, struct currency currency, int64_t *minor);
/* "1234.50": digits with a point, for files and logs. */
void money_append(struct buf *buf, int64_t minor, struct currency currency);
/* number / 10^decimals with exactly that many digits behind the point (0 to 18; none: no point). */
void int64_append_scaled(struct buf *buf, int64_t number, int decimals);

#endif
