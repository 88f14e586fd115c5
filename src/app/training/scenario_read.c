/* Reading a scenario document: the document's own fields, its tables in order, its checks. */
#include "app/training/scenario_read.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/training/scenario_baskets.h"
#include "app/training/scenario_check.h"
#include "app/training/scenario_level.h"
#include "app/training/scenario_names.h"
#include "app/training/scenario_trade.h"
#include "core/arena.h"
#include "core/file.h"

static const char *const root_known[] = {"format",
                                         "statement_en",
                                         "statement_zh",
                                         "invented",
                                         "citation",
                                         "dataset_digest",
                                         "currencies",
                                         "fx",
                                         "markets",
                                         "channels",
                                         "categories",
                                         "nests",
                                         "products",
                                         "suppliers",
                                         "lanes",
                                         "demand",
                                         "finance",
                                         "score",
                                         "trade",
                                         "baskets",
                                         "levels",
                                         "promotion",
                                         "storefront",
                                         "customs",
                                         "loans",
                                         "compliance",
                                         "sourcing",
                                         "events",
                                         "level1_markets",
                                         "level1_products",
                                         "level1_units_scale",
                                         "level1_cash_opening",
                                         NULL};

static const struct json *require(const struct json *object, const char *key, struct json *child)
{
    *child = json_child(object, key);
    return child->node == NULL ? NULL : child;
}

static enum err missing(const struct json *object, const char *key, struct problem *problem)
{
    problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT(key));
    return json_place(problem, object, key);
}

/* ---- the document's own fields ---- */

static enum err format_read(const struct json *root, struct problem *problem)
{
    int64_t format;
    TRY(json_get_int(root, "format", 0, INT64_MAX, &format, problem));
    if (format == SCENARIO_FORMAT_VERSION)
        return ERR_OK;
    problem_set(problem, ERR_FILE_VERSION, ERR_INT(format), ERR_INT(SCENARIO_FORMAT_VERSION));
    return json_place(problem, root, "format");
}

static enum err long_text(struct scenario_reading *reading, const struct json *root,
                          const char *key, struct str *into)
{
    struct str text = {"", 0};
    if (json_child(root, key).node != NULL)
        TRY(json_get_text(root, key, SCENARIO_TEXT_MAX, &text, reading->problem));
    *into = str_copy(reading->arena, text);
    return ERR_OK;
}

static enum err about_read(struct scenario_reading *reading, const struct json *root)
{
    struct scenario *scenario = reading->scenario;
    TRY(long_text(reading, root, "statement_en", &scenario->statement_en));
    TRY(long_text(reading, root, "statement_zh", &scenario->statement_zh));
    TRY(long_text(reading, root, "citation", &scenario->citation));
    TRY(long_text(reading, root, "dataset_digest", &scenario->dataset_digest));
    return json_get_bool(root, "invented", &scenario->invented, reading->problem);
}

static enum err currencies_read(struct scenario_reading *reading, const struct json *root)
{
    struct market_rules *rules = &reading->scenario->rules;
    struct problem *problem = reading->problem;
    struct json list;
    if (require(root, "currencies", &list) == NULL)
        return missing(root, "currencies", problem);
    TRY(json_require_list(&list, MARKET_CURRENCIES_MAX, problem));
    for (size_t i = 0; i < json_count(&list); i++) {
        struct json item = json_item(&list, i);
        struct str code = {"", 0};
        struct currency *currency = &rules->currencies[i];
        if (!json_text(&item, &code) || !currency_from_code(code, currency)) {
            problem_set(problem, ERR_CURRENCY_UNKNOWN, ERR_TEXT(code), ERR_CTEXT("ISO 4217"));
            return json_place(problem, &item, NULL);
        }
        for (size_t other = 0; other < i; other++) {
            if (!currency_equal(rules->currencies[other], *currency))
                continue;
            problem_set(problem, ERR_FIELD_TWICE, ERR_TEXT(code));
            return json_place(problem, &item, NULL);
        }
        rules->currency_count++;
    }
    return rules->currency_count > 0 ? ERR_OK : missing(root, "currencies", problem);
}

/* ---- exchange rates ---- */

/* Days given for a currency: 1 for a single number. */
static enum err fx_days_count(const struct scenario_holder *holder, int *days,
                              struct problem *problem)
{
    struct json value = json_child(holder->object, holder->key);
    *days = 1;
    if (!json_is_list(&value))
        return ERR_OK;
    TRY(json_require_list(&value, MARKET_DAYS_MAX, problem));
    *days = (int)json_count(&value);
    if (*days > 0)
        return ERR_OK;
    problem_set(problem, ERR_LIST_LENGTH, ERR_INT(0), ERR_INT(1));
    return json_place(problem, &value, NULL);
}

static enum err fx_row_read(const struct scenario_holder *holder, int64_t *row, int days,
                            struct problem *problem)
{
    struct json value = json_child(holder->object, holder->key);
    double rate = 0;
    if (!json_is_list(&value)) {
        TRY(json_get_double(holder->object, holder->key, 0, 1e6, &rate, problem));
        for (int d = 0; d < days; d++)
            row[d] = scenario_to_1e9(rate);
        return ERR_OK;
    }
    for (int d = 0; d < days; d++) {
        struct json item = json_item(&value, (size_t)d);
        if (item.node != NULL && (!json_double(&item, &rate) || !(rate >= 0 && rate <= 1e6))) {
            problem_set(problem, ERR_JSON_TYPE, ERR_KEY(N_("number")));
            return json_place(problem, &item, NULL);
        }
        row[d] = scenario_to_1e9(rate); /* a list that ends early stays at its last rate */
    }
    return ERR_OK;
}

static enum err fx_read(struct scenario_reading *reading, const struct json *root)
{
    struct market_rules *rules = &reading->scenario->rules;
    struct problem *problem = reading->problem;
    struct scenario_holder holders[MARKET_CURRENCIES_MAX];
    const char *known[MARKET_CURRENCIES_MAX + 1] = {NULL};
    struct json map = json_child(root, "fx");
    rules->fx_days = 1;
    for (int c = 1; c < rules->currency_count; c++)
        known[c - 1] = rules->currencies[c].code;
    if (map.node == NULL && rules->currency_count > 1)
        return missing(root, "fx", problem);
    if (map.node != NULL)
        TRY(json_require_known(&map, known, problem));
    for (int c = 1; c < rules->currency_count; c++) {
        char path[SCENARIO_PATH_MAX];
        int days;
        snprintf(path, sizeof(path), "fx.%s", known[c - 1]);
        if (json_child(&map, known[c - 1]).node == NULL)
            return missing(&map, known[c - 1], problem);
        TRY(scenario_holder_find(reading, &map, known[c - 1], path, &holders[c]));
        TRY(fx_days_count(&holders[c], &days, problem));
        rules->fx_days = days > rules->fx_days ? days : rules->fx_days;
    }
    int64_t *rates = ARENA_ARRAY(reading->arena, int64_t,
                                 (size_t)rules->currency_count * (size_t)rules->fx_days);
    for (int d = 0; d < rules->fx_days; d++)
        rates[d] = RATE_ONE;
    for (int c = 1; c < rules->currency_count; c++)
        TRY(fx_row_read(&holders[c], &rates[(size_t)c * (size_t)rules->fx_days], rules->fx_days,
                        problem));
    rules->fx_1e9 = rates;
    return ERR_OK;
}

/* ---- tables ---- */

static enum err table_read(struct scenario_reading *reading, const struct json *root,
                           enum scenario_row which)
{
    const struct scenario_table *table = scenario_table(which);
    struct json list;
    if (require(root, table->name, &list) == NULL && which == SCENARIO_EVENTS)
        return ERR_OK;
    if (list.node == NULL)
        return missing(root, table->name, reading->problem);
    TRY(json_require_list(&list, (size_t)table->rows_max, reading->problem));
    size_t count = json_count(&list);
    char *rows = arena_array(reading->arena, count, table->row_size, _Alignof(max_align_t));
    scenario_rows_set(&reading->scenario->rules, which, rows, (int)count);
    for (size_t i = 0; i < count; i++) {
        char prefix[MARKET_NAME_MAX];
        struct json item = json_item(&list, i);
        snprintf(prefix, sizeof(prefix), "%s[%zu].", table->name, i);
        TRY(scenario_row_read(reading, &item, which, NULL, prefix, rows + i * table->row_size));
    }
    return ERR_OK;
}

/* demand, finance, score: one object each, which may be left out where all its fields may. */
static enum err single_read(struct scenario_reading *reading, const struct json *root,
                            enum scenario_row which, void *into)
{
    const struct scenario_table *table = scenario_table(which);
    char prefix[MARKET_NAME_MAX];
    struct json object = json_child(root, table->name);
    snprintf(prefix, sizeof(prefix), "%s.", table->name);
    if (object.node != NULL)
        return scenario_row_read(reading, &object, which, NULL, prefix, into);
    for (size_t f = 0; f < table->field_count; f++) {
        if (table->fields[f].fallback == NULL)
            return missing(root, table->name, reading->problem);
        scenario_field_default(reading->arena, reading->scenario, &table->fields[f], prefix, into);
    }
    return ERR_OK;
}

int64_t scenario_usd_minor(const struct market_rules *rules)
{
    int64_t home = currency_minor_per_major(rules->currencies[0]);
    for (int c = 0; c < rules->currency_count; c++)
        if (str_equal_c(str_from_c(rules->currencies[c].code), "USD"))
            return (int64_t)llround((double)market_fx(rules, c, 0) * (double)home / 1e9);
    return 0;
}

/* A part of level 2 is open when its object is there; what it leaves out has its default. */
static enum err part_read(struct scenario_reading *reading, const struct json *root,
                          enum scenario_row which)
{
    struct market_rules *rules = &reading->scenario->rules;
    struct json object = json_child(root, scenario_table(which)->name);
    int64_t usd = scenario_usd_minor(rules);
    if (object.node == NULL)
        return ERR_OK;
    switch (which) {
    case SCENARIO_PROMOTION:
        market_promotion_defaults(&rules->promotion, usd);
        rules->promotion.open = true;
        return single_read(reading, root, which, &rules->promotion);
    case SCENARIO_STOREFRONT:
        market_storefront_defaults(&rules->storefront, usd);
        rules->storefront.open = true;
        return single_read(reading, root, which, &rules->storefront);
    case SCENARIO_CUSTOMS:
        market_customs_defaults(&rules->customs, usd);
        rules->customs.open = true;
        return single_read(reading, root, which, &rules->customs);
    case SCENARIO_LOANS:
        market_finance_defaults(&rules->loans, usd);
        rules->loans.open = true;
        return single_read(reading, root, which, &rules->loans);
    case SCENARIO_COMPLIANCE:
        market_compliance_defaults(&rules->compliance, usd);
        rules->compliance.open = true;
        return single_read(reading, root, which, &rules->compliance);
    default:
        market_sourcing_defaults(&rules->sourcing, usd);
        rules->sourcing.open = true;
        return single_read(reading, root, which, &rules->sourcing);
    }
}

static enum err tables_read(struct scenario_reading *reading, const struct json *root)
{
    struct market_rules *rules = &reading->scenario->rules;
    /* In the order in which they name each other. */
    for (int row = SCENARIO_MARKETS; row <= SCENARIO_LANES; row++)
        TRY(table_read(reading, root, (enum scenario_row)row));
    TRY(single_read(reading, root, SCENARIO_DEMAND, &rules->demand));
    TRY(single_read(reading, root, SCENARIO_FINANCE, &rules->finance));
    TRY(single_read(reading, root, SCENARIO_SCORE, rules->score_weight_1e9));
    for (int row = SCENARIO_PROMOTION; row <= SCENARIO_SOURCING; row++)
        TRY(part_read(reading, root, (enum scenario_row)row));
    TRY(table_read(reading, root, SCENARIO_EVENTS));
    return scenario_level_read(reading, root);
}

/* ---- the whole ---- */

static enum err root_read(struct scenario_reading *reading, const struct json *root)
{
    struct scenario *scenario = reading->scenario;
    TRY(json_require_object(root, reading->problem));
    TRY(format_read(root, reading->problem));
    TRY(scenario_row_read(reading, root, SCENARIO_ROOT, root_known, "", &scenario->rules));
    TRY(about_read(reading, root));
    TRY(currencies_read(reading, root));
    TRY(fx_read(reading, root));
    TRY(tables_read(reading, root));
    TRY(scenario_baskets_read(reading, root));
    TRY(scenario_trade_read(reading, root));
    scenario_assumed_count(scenario);
    return scenario_check(scenario, reading->problem);
}

enum err scenario_parse(struct arena *arena, struct str text, const char *folder,
                        struct scenario *scenario, struct problem *problem)
{
    struct json_document *document;
    struct json root;
    struct scenario_reading reading = {arena, scenario, folder, problem};
    *scenario = (struct scenario){0};
    TRY(json_parse(text, "", &document, &root, problem));
    enum err code = root_read(&reading, &root);
    json_close(document);
    return code;
}

/* The folder a file lies in, for what it names beside itself. */
static const char *folder_of(struct arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return ".";
    size_t length = slash == path ? 1 : (size_t)(slash - path);
    return str_copy(arena, (struct str){path, length}).text;
}

enum err scenario_read(struct arena *arena, const char *path, struct scenario *scenario,
                       struct problem *problem)
{
    struct arena scratch;
    struct str text;
    arena_init(&scratch);
    enum err code = file_read(&scratch, path, SCENARIO_BYTES_MAX, &text, problem);
    bool opened = code == ERR_OK;
    if (opened)
        code = scenario_parse(arena, text, folder_of(arena, path), scenario, problem);
    if (opened && code != ERR_OK)
        problem_place_prefix(problem, "%s", path);
    arena_clear(&scratch);
    return code;
}
