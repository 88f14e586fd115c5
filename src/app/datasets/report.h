/* report: the quality report of a data set, as JSON for programs and as text for people.
 *
 * dataset.json is the one source: the text is made from it, so that `import` and `dataset show`
 * say the same.
 */
#ifndef APP_DATASETS_REPORT_H
#define APP_DATASETS_REPORT_H

#include "app/datasets/intake.h"
#include "app/datasets/tally.h"
#include "core/base.h"
#include "core/err.h"
#include "core/json.h"
#include "core/text.h"

#define REPORT_FORMAT "sampan-dataset"

/* `digest_hex` of the rows. */
void report_write_json(struct buf *buf, const struct intake_shared *shared, int64_t rows,
                       const char *digest_hex);
/* Append the report as text. ERR_FILE_VERSION, ERR_JSON_*, ERR_FIELD_MISSING. */
MUST_USE enum err report_print(const struct json *root, enum lang lang, struct buf *buf,
                               struct problem *problem);

#endif
