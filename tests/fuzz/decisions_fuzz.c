/* Decisions as JSON: whatever the bytes, each seat gives a clear error or decisions that are
 * written and read again as the same bytes. */
#include <stdlib.h>
#include <string.h>

#include "app/training/decisions_json.h"
#include "core/arena.h"
#include "core/text.h"

/* A world of one of each, two of what can be confused. */
static const int64_t rates[] = {RATE_ONE, 9 * RATE_ONE};
static const struct market_country markets[] = {{.name = {"GB", "GB", "GB"}, .currency = 1},
                                                {.name = {"JP", "JP", "JP"}, .currency = 0}};
static const struct market_name channels[] = {{"shop", "shop", "shop"}};
static const struct market_category categories[] = {{.name = {"cases", "", ""}, .hs6 = "420292"}};
static const struct market_nest nests[] = {
    {.market = 0, .channel = 0, .category = 0, .price_ref_minor = 1990},
    {.market = 1, .channel = 0, .category = 0, .price_ref_minor = 300}};
static const struct market_product products[] = {{.name = {"case", "", ""}, .weight_g = 100},
                                                 {.name = {"pouch", "", ""}, .weight_g = 100}};
static const struct market_supplier suppliers[] = {
    {.name = {"yiwu", "", ""}, .product = 0, .break_count = 1, .breaks = {{100, 2500}}}};
static const struct market_lane lanes[] = {
    {.name = {"sea-GB", "", ""}, .kind = LANE_BULK, .market = 0},
    {.name = {"post-GB", "", ""}, .kind = LANE_DIRECT, .market = 0},
    {.name = {"post-JP", "", ""}, .kind = LANE_DIRECT, .market = 1}};

static struct market_rules rules_make(int level)
{
    return (struct market_rules){.level = level,
                                 .firms = 4,
                                 .round_days = 14,
                                 .rounds = 12,
                                 .currency_count = 2,
                                 .currencies = {{"JPY"}, {"GBP"}},
                                 .fx_days = 1,
                                 .fx_1e9 = rates,
                                 .market_count = (int)COUNT_OF(markets),
                                 .channel_count = (int)COUNT_OF(channels),
                                 .category_count = (int)COUNT_OF(categories),
                                 .nest_count = (int)COUNT_OF(nests),
                                 .product_count = (int)COUNT_OF(products),
                                 .supplier_count = (int)COUNT_OF(suppliers),
                                 .lane_count = (int)COUNT_OF(lanes),
                                 .markets = markets,
                                 .channels = channels,
                                 .categories = categories,
                                 .nests = nests,
                                 .products = products,
                                 .suppliers = suppliers,
                                 .lanes = lanes};
}

static void must(bool holds)
{
    if (!holds)
        abort();
}

/* An error of a reader is the input's, never the program's, and can be said in both languages. */
static void error_check(enum err code, const struct problem *problem)
{
    struct buf text;
    must(code == problem->code && code != ERR_INTERNAL && code != ERR_INVARIANT);
    buf_init(&text);
    text_append_problem(&text, LANG_EN, problem);
    text_append_problem(&text, LANG_ZH, problem);
    must(str_is_utf8(buf_str(&text)));
    buf_clear(&text);
}

static void seat_try(struct arena *arena, const struct market_rules *rules, enum market_seat seat,
                     struct str text)
{
    struct market_seat_decisions decisions, again;
    struct problem problem = {0};
    struct buf once, twice;
    enum err code = decisions_parse(arena, rules, seat, text, NULL, &decisions, &problem);
    if (code != ERR_OK) {
        error_check(code, &problem);
        return;
    }
    buf_init(&once);
    buf_init(&twice);
    decisions_append(rules, seat, &decisions, &once);
    must(decisions_parse(arena, rules, seat, buf_str(&once), NULL, &again, &problem) == ERR_OK);
    decisions_append(rules, seat, &again, &twice);
    must(str_equal(buf_str(&once), buf_str(&twice)));
    buf_clear(&once);
    buf_clear(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct str text = {(const char *)data, size};
    struct market_rules played = rules_make(1);
    struct market_rules open = rules_make(MARKET_LEVEL_MAX);
    arena_init(&arena);
    seat_try(&arena, &played, SEAT_FIRM, text);
    for (int seat = SEAT_FIRM; seat < SEAT_COUNT; seat++)
        seat_try(&arena, &open, (enum market_seat)seat, text);
    arena_clear(&arena);
    return 0;
}
