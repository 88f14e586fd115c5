/* A scenario of level 2 played at level 1: fewer markets and products, the parts of level 2 closed.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app/training/scenario_check.h"
#include "app/training/scenario_fields.h"
#include "core/arena.h"

/* Old index -> new index, -1: dropped; one a list. */
struct lowering {
    struct arena *arena;
    const struct scenario *from;
    int markets[MARKET_MARKETS_MAX];
    int categories[MARKET_CATEGORIES_MAX];
    int products[MARKET_PRODUCTS_MAX];
    int nests[MARKET_NESTS_MAX];
    int suppliers[MARKET_SUPPLIERS_MAX];
    int lanes[MARKET_LANES_MAX];
};

static void number_kept(int *map, int count)
{
    int next = 0;
    for (int i = 0; i < count; i++)
        map[i] = map[i] >= 0 ? next++ : -1;
}

static void choose(struct lowering *low)
{
    const struct market_rules *rules = &low->from->rules;
    const struct scenario_level1 *level1 = &low->from->level1;
    memset(low->markets, -1, sizeof(low->markets));
    memset(low->categories, -1, sizeof(low->categories));
    memset(low->products, -1, sizeof(low->products));
    memset(low->nests, -1, sizeof(low->nests));
    memset(low->suppliers, -1, sizeof(low->suppliers));
    memset(low->lanes, -1, sizeof(low->lanes));
    for (int m = 0; m < level1->market_count; m++)
        low->markets[level1->markets[m]] = 0;
    if (level1->market_count == 0)
        low->markets[0] = 0;
    for (int p = 0; p < level1->product_count; p++)
        low->products[level1->products[p]] = 0;
    for (int p = 0; p < rules->product_count; p++) {
        if (level1->product_count == 0)
            low->products[p] = 0;
        if (low->products[p] >= 0)
            low->categories[rules->products[p].category] = 0;
    }
    for (int n = 0; n < rules->nest_count; n++)
        if (low->markets[rules->nests[n].market] >= 0 &&
            low->categories[rules->nests[n].category] >= 0)
            low->nests[n] = 0;
    for (int s = 0; s < rules->supplier_count; s++)
        low->suppliers[s] = low->products[rules->suppliers[s].product] >= 0 ? 0 : -1;
    for (int l = 0; l < rules->lane_count; l++)
        low->lanes[l] = low->markets[rules->lanes[l].market] >= 0 ? 0 : -1;
    number_kept(low->markets, rules->market_count);
    number_kept(low->categories, rules->category_count);
    number_kept(low->products, rules->product_count);
    number_kept(low->nests, rules->nest_count);
    number_kept(low->suppliers, rules->supplier_count);
    number_kept(low->lanes, rules->lane_count);
}

static const int *map_of(const struct lowering *low, enum scenario_row row)
{
    switch (row) {
    case SCENARIO_MARKETS:
        return low->markets;
    case SCENARIO_CATEGORIES:
        return low->categories;
    case SCENARIO_PRODUCTS:
        return low->products;
    case SCENARIO_NESTS:
        return low->nests;
    case SCENARIO_SUPPLIERS:
        return low->suppliers;
    case SCENARIO_LANES:
        return low->lanes;
    default:
        return NULL;
    }
}

/* ---- rows ---- */

static void *rows_keep(const struct lowering *low, struct market_rules *rules,
                       enum scenario_row row)
{
    const int *map = map_of(low, row);
    size_t size = scenario_table(row)->row_size;
    int count, kept = 0;
    const char *old = scenario_rows(&low->from->rules, row, &count);
    char *fresh = arena_array(low->arena, (size_t)count, size, _Alignof(max_align_t));
    for (int i = 0; i < count; i++)
        if (map[i] >= 0)
            memcpy(fresh + (size_t)kept++ * size, old + (size_t)i * size, size);
    scenario_rows_set(rules, row, fresh, kept);
    return fresh;
}

static int products_of(const struct market_rules *rules, int category)
{
    int count = 0;
    for (int p = 0; p < rules->product_count; p++)
        count += rules->products[p].category == category;
    return count;
}

static void rows_lower(const struct lowering *low, struct market_rules *rules)
{
    double scale = low->from->level1.units_scale > 0 ? low->from->level1.units_scale : 1;
    rows_keep(low, rules, SCENARIO_MARKETS);
    rows_keep(low, rules, SCENARIO_CATEGORIES);
    struct market_product *products = rows_keep(low, rules, SCENARIO_PRODUCTS);
    struct market_nest *nests = rows_keep(low, rules, SCENARIO_NESTS);
    struct market_supplier *suppliers = rows_keep(low, rules, SCENARIO_SUPPLIERS);
    struct market_lane *lanes = rows_keep(low, rules, SCENARIO_LANES);
    for (int p = 0; p < rules->product_count; p++) {
        struct market_product before = products[p];
        products[p].category = low->categories[before.category];
        memset(products[p].fulfil_fee_minor, 0, sizeof(products[p].fulfil_fee_minor));
        memset(products[p].storage_fee_1e9, 0, sizeof(products[p].storage_fee_1e9));
        for (int m = 0; m < low->from->rules.market_count; m++) {
            if (low->markets[m] < 0)
                continue;
            products[p].fulfil_fee_minor[low->markets[m]] = before.fulfil_fee_minor[m];
            products[p].storage_fee_1e9[low->markets[m]] = before.storage_fee_1e9[m];
        }
    }
    for (int n = 0; n < rules->nest_count; n++) {
        nests[n].market = low->markets[nests[n].market];
        nests[n].category = low->categories[nests[n].category];
        nests[n].units_per_firm_day *= scale;
        nests[n].query_count = 0;
        memset(nests[n].queries, 0, sizeof(nests[n].queries));
        int made = products_of(rules, nests[n].category);
        if (nests[n].listings_ref > made)
            nests[n].listings_ref = made;
    }
    for (int s = 0; s < rules->supplier_count; s++) {
        suppliers[s].product = low->products[suppliers[s].product];
        suppliers[s].bot = (struct market_bot_supplier){0}; /* the price breaks hold */
    }
    for (int l = 0; l < rules->lane_count; l++)
        lanes[l].market = low->markets[lanes[l].market];
}

/* ---- figures ---- */

static bool market_is_dropped(const struct lowering *low, struct str id)
{
    for (int m = 0; m < low->from->rules.market_count; m++)
        if (str_equal_c(id, low->from->rules.markets[m].name.id))
            return low->markets[m] < 0;
    return false;
}

/* False: the figure's place is gone. */
static bool path_lower(const struct lowering *low, struct str path, char into[SCENARIO_PATH_MAX])
{
    static const char *const gone[] = {"promotion.",  "storefront.", "customs.", "loans.",
                                       "compliance.", "sourcing.",   "events[",  "level1_"};
    const char *text = path.text;
    snprintf(into, SCENARIO_PATH_MAX, "%.*s", (int)path.length, text);
    for (size_t i = 0; i < COUNT_OF(gone); i++)
        if (strncmp(into, gone[i], strlen(gone[i])) == 0)
            return false;
    for (int row = SCENARIO_MARKETS; row <= SCENARIO_LANES; row++) {
        const char *name = scenario_table((enum scenario_row)row)->name;
        const int *map = map_of(low, (enum scenario_row)row);
        size_t length = strlen(name), at = length + 1;
        int index = 0;
        char rest[SCENARIO_PATH_MAX];
        if (map == NULL || strncmp(into, name, length) != 0 || into[length] != '[')
            continue;
        for (; isdigit((unsigned char)into[at]) && index < 1000; at++)
            index = 10 * index + into[at] - '0';
        snprintf(rest, sizeof(rest), "%s", into + at);
        if (index >= 32 || map[index] < 0)
            return false;
        if (strncmp(rest, "].queries", 9) == 0 || strncmp(rest, "].bot.", 6) == 0)
            return false;
        const char *last = strrchr(rest, '.');
        if (row == SCENARIO_PRODUCTS && last != NULL && last != rest + 1 &&
            market_is_dropped(low, str_from_c(last + 1)))
            return false;
        snprintf(into, SCENARIO_PATH_MAX, "%s[%d%.120s", name, map[index], rest);
    }
    return true;
}

static void figures_lower(const struct lowering *low, struct scenario *scenario)
{
    const struct scenario *from = low->from;
    scenario->figure_count = scenario->figure_capacity = 0;
    scenario->figures = NULL;
    for (int i = 0; i < from->figure_count; i++) {
        struct scenario_figure figure = from->figures[i];
        char path[SCENARIO_PATH_MAX];
        if (!path_lower(low, figure.path, path))
            continue;
        figure.path = str_from_c(path);
        scenario_figure_put(low->arena, scenario, &figure);
    }
}

/* ---- the whole ---- */

enum err scenario_level_lower(struct arena *arena, struct scenario *scenario, int level,
                              struct problem *problem)
{
    struct scenario from = *scenario;
    struct lowering low = {.arena = arena, .from = &from};
    struct market_rules *rules = &scenario->rules;
    if (level == rules->level)
        return ERR_OK;
    if (level < 1 || level > rules->level) {
        problem_set(problem, ERR_RANGE, ERR_INT(level), ERR_INT(1), ERR_INT(rules->level));
        return problem_place(problem, "--level");
    }
    rules->level = level;
    if (level >= 2)
        return ERR_OK;
    choose(&low);
    rows_lower(&low, rules);
    rules->promotion = (struct market_promotion_rules){0};
    rules->storefront = (struct market_storefront_rules){0};
    rules->customs = (struct market_customs_rules){0};
    rules->loans = (struct market_finance_rules){0};
    rules->compliance = (struct market_compliance_rules){0};
    rules->sourcing = (struct market_sourcing_rules){0};
    rules->event_count = 0;
    rules->events = NULL;
    rules->markets_max = rules->listings_max = 0;
    if (from.level1.cash_opening_minor > 0)
        rules->finance.cash_opening_minor = from.level1.cash_opening_minor;
    scenario->level1 = (struct scenario_level1){0};
    figures_lower(&low, scenario);
    scenario_assumed_count(scenario);
    return scenario_check(scenario, problem);
}
