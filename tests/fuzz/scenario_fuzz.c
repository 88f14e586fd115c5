/* Scenario documents: whatever the bytes, a clear error or a scenario that passes the model's
 * checks and is written and read again as the same bytes. */
#include <stdlib.h>

#include "app/training/scenario.h"
#include "core/arena.h"
#include "core/text.h"

static void must(bool holds)
{
    if (!holds)
        abort();
}

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

static void scenario_hold(struct arena *arena, const struct scenario *scenario)
{
    const struct scenario_parameter *parameters;
    struct scenario again;
    struct problem problem = {0};
    struct buf once, twice;
    int count, counts[6], sum = 0;
    buf_init(&once);
    buf_init(&twice);
    must(market_rules_check(&scenario->rules, &problem) == ERR_OK);
    scenario_append(scenario, &once);
    must(scenario_parse(arena, buf_str(&once), NULL, &again, &problem) == ERR_OK);
    scenario_append(&again, &twice);
    must(str_equal(buf_str(&once), buf_str(&twice)));
    scenario_parameters(arena, scenario, &parameters, &count);
    scenario_origins_count(scenario, counts);
    for (int o = 0; o < 6; o++)
        sum += counts[o];
    must(sum == count);
    buf_clear(&once);
    buf_clear(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct scenario scenario;
    struct problem problem = {0};
    arena_init(&arena);
    enum err code =
        scenario_parse(&arena, (struct str){(const char *)data, size}, NULL, &scenario, &problem);
    if (code == ERR_OK)
        scenario_hold(&arena, &scenario);
    else
        error_check(code, &problem);
    arena_clear(&arena);
    return 0;
}
