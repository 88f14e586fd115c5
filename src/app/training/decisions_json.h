/* decisions_json: the decisions of one seat for one round as a JSON document, both ways, by walking
 * the schema (engine/market/decisions.def).
 *
 *     {"format": 1, "seat": "firm", "firm": "F1",
 *      "listings": [{"product": "case", "market": "DE", "channel": "shop", "price": "19.90"}],
 *      "orders": [{"product": "case", "supplier": "ningbo", "units": 500, "lane": "sea-DE"}]}
 *
 * Things are named by their ids, firms as "F1" or 1, money is a text or number in major units of
 * the row's market (or lane, or currency), shares are fractions, `"lane": null` leaves an order's
 * goods at home. Texts that stand for numbers may use full-width digits. Every field may be left
 * out; an empty file and {} mean "nothing decided". docs/decisions-format.md lists every field.
 */
#ifndef APP_TRAINING_DECISIONS_JSON_H
#define APP_TRAINING_DECISIONS_JSON_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "engine/market/decisions.h"

struct arena;

enum { DECISIONS_FORMAT_VERSION = 1, DECISIONS_BYTES_MAX = 1 << 20, DECISIONS_ANY_FIRM = -1 };

/* Read and check (market_decisions_check). Rows and texts live in `arena`. `file` may be NULL; it
 * stands in front of the path in `problem`'s place: "F1.json: listings[2].price".
 * Errors  those of json.h; ERR_FILE_VERSION; ERR_FIELD_UNKNOWN, ERR_NAME_UNKNOWN (the nearest known
 *         name first); ERR_SEAT_FIELD; ERR_LEVEL_CLOSED; ERR_RANGE, ERR_NUMBER, ERR_INTEGER,
 *         ERR_MONEY_DECIMALS, ERR_TEXT_TOO_LONG; those of market_decisions_check. */
MUST_USE enum err decisions_parse(struct arena *arena, const struct market_rules *rules,
                                  enum market_seat seat, struct str text, const char *file,
                                  struct market_seat_decisions *decisions, struct problem *problem);
/* The same from a file of at most DECISIONS_BYTES_MAX. `firm` (from 0) is whose file it must be
 * when it names one: ERR_CHOICE otherwise. */
MUST_USE enum err decisions_read(struct arena *arena, const struct market_rules *rules,
                                 enum market_seat seat, int firm, const char *path,
                                 struct market_seat_decisions *decisions, struct problem *problem);
/* Append the document of decisions that passed market_decisions_check. Reading it gives the same
 * rows; equal decisions give equal bytes. */
void decisions_append(const struct market_rules *rules, enum market_seat seat,
                      const struct market_seat_decisions *decisions, struct buf *text);

/* The currency of a money field of a row, from the fields of the row before it; false when the row
 * does not say its market (or lane, or currency) yet. */
bool decisions_currency(const struct market_rules *rules, const struct market_list_info *list,
                        int field, const struct market_row *row, struct currency *currency);
/* Index of a field of the list by name, or -1. */
int decisions_field_find(const struct market_list_info *list, const char *name);

#endif
