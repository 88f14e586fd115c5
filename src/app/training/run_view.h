/* run_view: what a firm may see, as JSON with the names of the scenario.
 *
 * Money is text in major units with its currency beside it ("12.50"), references are ids, dates
 * are ISO. Only what stands in the observation is written, so the file tells no more than a firm
 * may know.
 */
#ifndef APP_TRAINING_RUN_VIEW_H
#define APP_TRAINING_RUN_VIEW_H

#include "core/base.h"
#include "core/str.h"
#include "engine/market/observation.h"

enum { RUN_VIEW_FORMAT_VERSION = 1 };

/* Append the document. `repaid_nothing`: the firm repaid a loan that it did not owe (run_hints.h).
 * Equal observations give equal bytes. */
void run_view_append(const struct market_observation *observation, bool repaid_nothing,
                     struct buf *text);
/* "revenue": stable names of the lines of the books. */
const char *run_view_pl_name(enum market_pl line);

#endif
