/* A pack of trade rules: whatever the bytes of rules.csv, a clear error or rows that pass the
 * engine's checks. */
#include <stdlib.h>

#include "app/training/trade_rules_read.h"
#include "core/arena.h"
#include "core/text.h"

static const int64_t rates[] = {RATE_ONE, 9 * RATE_ONE};
static const struct market_country markets[] = {{.name = {"GB", "GB", "GB"}, .currency = 1},
                                                {.name = {"DE", "DE", "DE"}, .currency = 0}};

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct market_rules rules = {.currency_count = 2,
                                 .currencies = {{"EUR"}, {"JPY"}},
                                 .fx_days = 1,
                                 .fx_1e9 = rates,
                                 .market_count = 2,
                                 .markets = markets};
    struct trade_pack_text text = {.pack_path = "p",
                                   .groups_path = "g",
                                   .rules_path = "r",
                                   .pack = STR("format_version,checked_on,checked_by\n1,,\n"),
                                   .groups = STR("group,member,valid_from,valid_to\nEU,DE,,\n"),
                                   .rules = {(const char *)data, size}};
    struct arena arena;
    struct trade_rules trade;
    struct problem problem = {0};
    struct buf message;
    arena_init(&arena);
    buf_init(&message);
    enum err code = trade_rules_parse(&arena, &text, &rules, &trade, &problem);
    if (code == ERR_OK) {
        must(trade_rules_check(&trade, &problem) == ERR_OK);
        for (int i = 0; i < trade.count; i++)
            must(trade_rule_in_use(&rules, &trade.rows[i]));
    } else {
        must(code == problem.code && code != ERR_INTERNAL);
        text_append_problem(&message, LANG_ZH, &problem);
        must(str_is_utf8(buf_str(&message)));
    }
    buf_clear(&message);
    arena_clear(&arena);
    return 0;
}
