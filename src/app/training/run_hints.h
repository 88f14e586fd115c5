/* run_hints: what a firm decided that the engine took and that does nothing, told in its view.
 *
 * Reckoned from what the firm itself may see, so that nothing is told that it could not find out.
 */
#ifndef APP_TRAINING_RUN_HINTS_H
#define APP_TRAINING_RUN_HINTS_H

#include "core/base.h"
#include "engine/market/observation.h"

enum run_hint_kind {
    HINT_BID_ABOVE_CAP,          /* a listing, b query: one click costs more than a day may */
    HINT_CERTIFICATE_NOT_NEEDED, /* a product, b market */
    HINT_VAT_NOT_USED,           /* b market: nothing on sale, in stock or on its way there */
    HINT_NO_LOAN_TO_REPAY,
    HINT_LANE_WITHOUT_STOCK, /* a listing, b place (as in market_stock_view) where goods lie */
    RUN_HINT_KINDS
};

struct run_hint {
    enum run_hint_kind kind;
    int a, b; /* -1: none */
};

enum { RUN_HINTS_MAX = 64 };

/* Fills `hints` (RUN_HINTS_MAX of them) and returns their number. `repaid_nothing`: the round's
 * decisions repaid a loan that nobody owed. */
int run_hints_get(const struct market_observation *seen, bool repaid_nothing,
                  struct run_hint *hints);
const char *run_hint_name(enum run_hint_kind kind); /* "bid_above_cap", in files */

#endif
