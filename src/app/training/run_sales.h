/* run_sales: what was sold, by day and listing, as a table and back.
 *
 * Columns: date, day, round, world, firm, product, market, channel, currency, price, units,
 * returned. A row stands for each day on which a listing sold something; `price` is the door price
 * of the round. Units that came back in a round are told on the round's last day (an observation
 * tells them by round, not by day).
 */
#ifndef APP_TRAINING_RUN_SALES_H
#define APP_TRAINING_RUN_SALES_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "engine/market/observation.h"

struct arena;

enum { RUN_SALES_BYTES_MAX = 1 << 30 };

struct run_sale {
    int32_t day, round;
    int world, firm; /* 0-based */
    int product, market, channel;
    int64_t price_minor; /* market's currency */
    int64_t units, returned;
};

void run_sales_append_header(struct buf *text);
/* The rows of the round just played, from what one firm saw. */
void run_sales_append(const struct market_observation *seen, int world, struct buf *text);
/* The rows of a file, in the arena, checked against the rules. Errors: those of csv.h,
 * ERR_CSV_COLUMNS, ERR_INTEGER, ERR_NUMBER, ERR_RANGE, ERR_NAME_UNKNOWN with file and line. */
MUST_USE enum err run_sales_read(struct arena *arena, const struct market_rules *rules,
                                 const char *path, struct run_sale **sales, int64_t *count,
                                 struct problem *problem);

#endif
