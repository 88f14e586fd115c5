#include "app/training/scenario_check.h"

#include <stdio.h>
#include <string.h>

#include "app/training/scenario_fields.h"
#include "app/training/scenario_names.h"
#include "engine/market/baskets.h"

/* Every table of named rows begins its rows with the id. */
static enum err ids_check(const struct market_rules *rules, enum scenario_row which,
                          struct problem *problem)
{
    const struct scenario_table *table = scenario_table(which);
    int count;
    const char *rows = scenario_rows(rules, which, &count);
    for (int i = 0; i < count; i++) {
        const char *id = rows + (size_t)i * table->row_size;
        if (memchr(id, '\0', MARKET_NAME_MAX) == NULL || !name_is_id(str_from_c(id))) {
            problem_set(problem, ERR_ID_BAD, ERR_TEXT(((struct str){id, strnlen(id, 63)})));
            return problem_place(problem, "%s[%d].id", table->name, i);
        }
        for (int other = 0; other < i; other++) {
            if (strcmp(id, rows + (size_t)other * table->row_size) != 0)
                continue;
            problem_set(problem, ERR_FIELD_TWICE, ERR_CTEXT(id));
            return problem_place(problem, "%s[%d].id", table->name, i);
        }
    }
    return ERR_OK;
}

static enum err figures_check(const struct scenario *scenario, struct problem *problem)
{
    if (scenario->figure_count <= SCENARIO_FIGURES_MAX)
        return ERR_OK;
    return problem_set(problem, ERR_LIMIT, ERR_KEY(N_("figures")), ERR_INT(scenario->figure_count),
                       ERR_INT(SCENARIO_FIGURES_MAX));
}

static enum err baskets_check(const struct scenario *scenario, struct problem *problem)
{
    for (int c = 0; scenario->baskets != NULL && c < scenario->rules.channel_count; c++) {
        char place[PROBLEM_PLACE_MAX];
        enum err code = market_baskets_check(&scenario->baskets[c], problem);
        if (code == ERR_OK)
            continue;
        snprintf(place, sizeof(place), "%s", problem->place);
        return problem_place(problem, "baskets.%s.%s", scenario->rules.channels[c].id, place);
    }
    return ERR_OK;
}

enum err scenario_check(const struct scenario *scenario, struct problem *problem)
{
    static const enum scenario_row named[] = {
        SCENARIO_MARKETS,   SCENARIO_CHANNELS, SCENARIO_CATEGORIES, SCENARIO_PRODUCTS,
        SCENARIO_SUPPLIERS, SCENARIO_LANES,    SCENARIO_EVENTS};
    for (size_t t = 0; t < COUNT_OF(named); t++)
        TRY(ids_check(&scenario->rules, named[t], problem));
    TRY(figures_check(scenario, problem));
    TRY(market_rules_check(&scenario->rules, problem));
    return baskets_check(scenario, problem);
}

void scenario_assumed_count(struct scenario *scenario)
{
    scenario->rules.assumed_count = 0;
    for (int i = 0; i < scenario->figure_count; i++)
        scenario->rules.assumed_count += scenario->figures[i].origin == ORIGIN_ASSUMED;
}
