/* Rules files. Property: what is accepted judges any row without fault, the same twice; what is
 * not leaves a code and a place. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "app/datasets/rules.h"
#include "core/arena.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void judge(const struct rules *rules)
{
    static const char *const texts[] = {"", "C1", "POST", "gift_1", "cancelled", "运费", "*"};
    struct rules_countries none = {NULL, 0};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct str text = str_from_c(texts[i]);
        uint64_t marks = rules_sku_marks(rules, text) | rules_order_marks(rules, text) |
                         rules_status_marks(rules, text) |
                         RULES_MARK(RULES_PRICE_NEGATIVE + i % 3) |
                         RULES_MARK(RULES_QUANTITY_NEGATIVE + i / 3 % 3);
        if (marks >> RULES_BIT_COUNT != 0)
            abort();
        if (rules_kind(rules, marks) >= DATASET_KIND_COUNT)
            abort();
        const struct rules_channel *channel = rules_channel(rules, marks);
        if (channel && !channel->name.text)
            abort();
        char code[3] = "";
        if (rules_country(rules, &none, text, code) && strlen(code) != 2)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct rules *rules = NULL;
    struct rules_countries countries;
    struct problem problem = {0};
    struct str text = {(const char *)data, size};
    arena_init(&arena);
    enum err code = rules_parse(&arena, text, "rules.json", &rules, &problem);
    if ((code == ERR_OK) != (rules != NULL))
        abort();
    if (code != ERR_OK && (problem.code != code || problem.place[0] == 0))
        abort();
    if (code == ERR_OK)
        judge(rules);
    problem = (struct problem){0};
    code = rules_countries_parse(&arena, text, "countries.json", &countries, &problem);
    if (code != ERR_OK && problem.code != code)
        abort();
    arena_clear(&arena);
    return 0;
}
