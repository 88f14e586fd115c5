/* trade_rules_read: a pack of dated trade rules (data/trade) becomes the rules of a scenario.
 *
 * The columns are described in data/trade/README.md. Rows of a group ("EU") are copied for every
 * member, with the dates of its membership; amounts in another currency than the market's are
 * converted at the scenario's rate on its first day, half up.
 */
#ifndef APP_TRAINING_TRADE_RULES_READ_H
#define APP_TRAINING_TRADE_RULES_READ_H

#include "core/base.h"
#include "core/err.h"
#include "core/str.h"
#include "engine/market/rules.h"

struct arena;

enum {
    TRADE_PACK_FORMAT_VERSION = 1,
    TRADE_PACK_BYTES_MAX = 32 << 20,
    TRADE_PACK_ROWS_MAX = 100000
};

/* The rows of the pack in `folder` (rules.csv, groups.csv, pack.csv) that can apply to the markets
 * and categories of `rules` (its currencies and exchange rates must be set; without categories
 * every class of goods is kept), sorted and checked.
 * Errors  those of files and tables, with "FILE:LINE" and the column's name in the place;
 *         ERR_CHOICE for an unknown word; ERR_CURRENCY_UNKNOWN for a currency that the scenario
 *         does not hold; ERR_FILE_VERSION; ERR_LIMIT; ERR_SCENARIO (trade_rules_check). */
MUST_USE enum err trade_rules_read(struct arena *arena, const char *folder,
                                   const struct market_rules *rules, struct trade_rules *trade,
                                   struct problem *problem);

/* The same from the three files' texts; the paths stand in messages only. */
struct trade_pack_text {
    const char *pack_path, *groups_path, *rules_path;
    struct str pack, groups, rules;
};
MUST_USE enum err trade_rules_parse(struct arena *arena, const struct trade_pack_text *text,
                                    const struct market_rules *rules, struct trade_rules *trade,
                                    struct problem *problem);

/* The currency in which the pack writes amounts of a market (of its group, else); *found false when
 * no row tells one. */
MUST_USE enum err trade_rules_currency(const char *folder, const char *market,
                                       struct currency *currency, bool *found,
                                       struct problem *problem);

/* Whether a row can matter to a world: one of its markets and, where the row names goods, one of
 * its categories. */
bool trade_rule_in_use(const struct market_rules *rules, const struct trade_rule *row);
/* Sort rows into the engine's order (trade_rule_compare). */
void trade_rules_sort(struct trade_rule *rows, int count);

/* The words of columns that take one of a few. */
enum trade_word {
    TRADE_WORD_KIND,
    TRADE_WORD_MODE,
    TRADE_WORD_FORMULA,
    TRADE_WORD_BASE,
    TRADE_WORD_ROUNDING,
    TRADE_WORD_STATUS,
    TRADE_WORD_CONFIDENCE,
    TRADE_WORD_COUNT
};
const char *trade_word_name(enum trade_word word, int value);
/* Value of `text`, the empty text being `empty` (-1: not allowed); ERR_CHOICE with the known. */
MUST_USE enum err trade_word_read(enum trade_word word, struct str text, int empty, int *value,
                                  struct problem *problem);

#endif
