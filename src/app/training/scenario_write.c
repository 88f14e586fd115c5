/* Writing a scenario document, and listing its parameters, by the same tables. */
#include "app/training/scenario_write.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/training/scenario_baskets.h"
#include "app/training/scenario_check.h"
#include "app/training/scenario_fields.h"
#include "app/training/scenario_level.h"
#include "app/training/scenario_trade.h"
#include "core/arena.h"
#include "core/file.h"

/* ---- parameters ---- */

static void figure_put(struct json_writer *writer, const struct scenario_figure *figure)
{
    json_key(writer, "origin");
    json_put_text(writer, str_from_c(scenario_origin_name(figure->origin)));
    if (figure->has_error) {
        json_key(writer, "se");
        json_put_double(writer, figure->standard_error);
    }
    if (figure->count > 0) {
        json_key(writer, "n");
        json_put_int(writer, figure->count);
    }
    if (figure->source.length > 0) {
        json_key(writer, "source");
        json_put_text(writer, figure->source);
    }
    if (figure->has_date) {
        json_key(writer, "date");
        json_put_date(writer, figure->date);
    }
    if (figure->note.length > 0) {
        json_key(writer, "note");
        json_put_text(writer, figure->note);
    }
}

static void list_add(struct scenario_writing *writing, const char *path, scenario_put *put,
                     const void *value, const void *context, const struct scenario_figure *figure)
{
    struct json_writer alone;
    struct buf text;
    if (writing->arena == NULL)
        return;
    buf_init(&text);
    json_writer_init(&alone, &text, false);
    put(&alone, writing->scenario, value, context);
    if (writing->count == writing->capacity) {
        int capacity = writing->capacity == 0 ? 256 : 2 * writing->capacity;
        struct scenario_parameter *grown =
            ARENA_ARRAY(writing->arena, struct scenario_parameter, (size_t)capacity);
        if (writing->count > 0)
            memcpy(grown, writing->parameters, (size_t)writing->count * sizeof(*grown));
        writing->parameters = grown;
        writing->capacity = capacity;
    }
    writing->parameters[writing->count++] =
        (struct scenario_parameter){.path = str_copy(writing->arena, str_from_c(path)),
                                    .value = str_copy(writing->arena, buf_str(&text)),
                                    .figure = figure};
    buf_clear(&text);
}

void scenario_parameter_put(struct scenario_writing *writing, const char *key, const char *path,
                            scenario_put *put, const void *value, const void *context)
{
    struct json_writer *writer = writing->writer;
    const struct scenario_figure *figure =
        scenario_figure_find(writing->scenario, str_from_c(path));
    list_add(writing, path, put, value, context, figure);
    json_key(writer, key);
    bool pretty = writer->pretty;
    writer->pretty = false;
    if (figure == NULL) {
        put(writer, writing->scenario, value, context);
    } else {
        json_object_begin(writer);
        json_key(writer, "value");
        put(writer, writing->scenario, value, context);
        figure_put(writer, figure);
        json_object_end(writer);
    }
    writer->pretty = pretty;
}

void scenario_reals_put(struct json_writer *writer, const double *values, size_t count)
{
    bool pretty = writer->pretty;
    writer->pretty = false;
    json_list_begin(writer);
    for (size_t i = 0; i < count; i++)
        json_put_double(writer, values[i]);
    json_list_end(writer);
    writer->pretty = pretty;
}

/* ---- a figure a market ---- */

static struct currency market_currency(const struct market_rules *rules, int market)
{
    return rules->currencies[rules->markets[market].currency];
}

struct market_value_of {
    const struct scenario_field *field;
    int market;
};

static void market_value_put(struct json_writer *writer, const struct scenario *scenario,
                             const void *value, const void *context)
{
    const struct market_value_of *of = context;
    int64_t number = ((const int64_t *)value)[of->market];
    struct currency currency = market_currency(&scenario->rules, of->market);
    if (of->field->kind == SCENARIO_MARKETS_MONEY)
        json_put_money(writer, number, currency);
    else
        json_put_double(writer,
                        (double)number / (1e9 * (double)currency_minor_per_major(currency)));
}

static void markets_put(struct scenario_writing *writing, const struct scenario_field *field,
                        const char *path, const void *row)
{
    const struct market_rules *rules = &writing->scenario->rules;
    json_key(writing->writer, field->name);
    json_object_begin(writing->writer);
    for (int m = 0; m < rules->market_count; m++) {
        char entry[SCENARIO_PATH_MAX + MARKET_NAME_MAX];
        struct market_value_of of = {field, m};
        snprintf(entry, sizeof(entry), "%s.%s", path, rules->markets[m].name.id);
        scenario_parameter_put(writing, rules->markets[m].name.id, entry, market_value_put,
                               (const char *)row + field->offset, &of);
    }
    json_object_end(writing->writer);
}

/* ---- rows and the document ---- */

static void fields_put(struct scenario_writing *writing, enum scenario_row which,
                       const char *prefix, const void *row);

static void queries_put(struct scenario_writing *writing, const char *path,
                        const struct market_nest *nest)
{
    if (nest->query_count == 0)
        return;
    json_key(writing->writer, "queries");
    json_list_begin(writing->writer);
    for (int q = 0; q < nest->query_count; q++) {
        char prefix[SCENARIO_PATH_MAX];
        snprintf(prefix, sizeof(prefix), "%.100s[%d].", path, q);
        json_object_begin(writing->writer);
        fields_put(writing, SCENARIO_QUERY, prefix, &nest->queries[q]);
        json_object_end(writing->writer);
    }
    json_list_end(writing->writer);
}

/* What may be left out is written when it says something. */
static void quiet_put(struct scenario_writing *writing, const struct scenario_field *field,
                      const char *path, const void *row)
{
    const void *value = (const char *)row + field->offset;
    char prefix[SCENARIO_PATH_MAX];
    if (field->kind == SCENARIO_QUERIES) {
        queries_put(writing, path, row);
    } else if (field->kind == SCENARIO_LIMIT && *(const int *)value != 0) {
        json_key(writing->writer, field->name);
        scenario_value_put(writing->writer, writing->scenario, row, field);
    } else if (field->kind == SCENARIO_OBJECT && *(const bool *)value) {
        snprintf(prefix, sizeof(prefix), "%.100s.", path);
        json_key(writing->writer, field->name);
        json_object_begin(writing->writer);
        fields_put(writing, (enum scenario_row)field->size, prefix, value);
        json_object_end(writing->writer);
    }
}

static void fields_put(struct scenario_writing *writing, enum scenario_row which,
                       const char *prefix, const void *row)
{
    const struct scenario_table *table = scenario_table(which);
    for (size_t f = 0; f < table->field_count; f++) {
        const struct scenario_field *field = &table->fields[f];
        char path[SCENARIO_PATH_MAX];
        snprintf(path, sizeof(path), "%s%s", prefix, field->name);
        if (field->kind == SCENARIO_MARKETS_MONEY || field->kind == SCENARIO_MARKETS_FINE) {
            markets_put(writing, field, path, row);
        } else if (scenario_kind_is_quiet(field->kind)) {
            quiet_put(writing, field, path, row);
        } else if (field->parameter) {
            scenario_parameter_put(writing, field->name, path, scenario_value_put, row, field);
        } else {
            json_key(writing->writer, field->name);
            scenario_value_put(writing->writer, writing->scenario, row, field);
        }
    }
}

static void table_put(struct scenario_writing *writing, enum scenario_row which)
{
    const struct scenario_table *table = scenario_table(which);
    int count;
    const char *rows = scenario_rows(&writing->scenario->rules, which, &count);
    json_key(writing->writer, table->name);
    json_list_begin(writing->writer);
    for (int i = 0; i < count; i++) {
        char prefix[MARKET_NAME_MAX];
        snprintf(prefix, sizeof(prefix), "%s[%d].", table->name, i);
        json_object_begin(writing->writer);
        fields_put(writing, which, prefix, rows + (size_t)i * table->row_size);
        json_object_end(writing->writer);
    }
    json_list_end(writing->writer);
}

static void single_put(struct scenario_writing *writing, enum scenario_row which)
{
    char prefix[MARKET_NAME_MAX];
    int count;
    const char *name = scenario_table(which)->name;
    snprintf(prefix, sizeof(prefix), "%s.", name);
    json_key(writing->writer, name);
    json_object_begin(writing->writer);
    fields_put(writing, which, prefix, scenario_rows(&writing->scenario->rules, which, &count));
    json_object_end(writing->writer);
}

/* A rate that stays is one number; a list ends with its last change. */
static void fx_row_put(struct json_writer *writer, const struct scenario *scenario,
                       const void *value, const void *context)
{
    const struct market_rules *rules = &scenario->rules;
    const int64_t *rates = value;
    int days = rules->fx_days;
    (void)context;
    while (days > 1 && rates[days - 1] == rates[days - 2])
        days--;
    if (days == 1) {
        json_put_double(writer, scenario_from_1e9(rates[0]));
        return;
    }
    json_list_begin(writer);
    for (int d = 0; d < days; d++)
        json_put_double(writer, scenario_from_1e9(rates[d]));
    json_list_end(writer);
}

static void money_put(struct scenario_writing *writing)
{
    const struct market_rules *rules = &writing->scenario->rules;
    struct json_writer *writer = writing->writer;
    json_key(writer, "currencies");
    bool pretty = writer->pretty;
    writer->pretty = false;
    json_list_begin(writer);
    for (int c = 0; c < rules->currency_count; c++)
        json_put_text(writer, str_from_c(rules->currencies[c].code));
    json_list_end(writer);
    writer->pretty = pretty;
    json_key(writer, "fx");
    json_object_begin(writer);
    for (int c = 1; c < rules->currency_count; c++) {
        char path[SCENARIO_PATH_MAX];
        snprintf(path, sizeof(path), "fx.%s", rules->currencies[c].code);
        scenario_parameter_put(writing, rules->currencies[c].code, path, fx_row_put,
                               &rules->fx_1e9[(size_t)c * (size_t)rules->fx_days], NULL);
    }
    json_object_end(writer);
}

static void about_put(struct json_writer *writer, const char *key, struct str text)
{
    if (text.length == 0)
        return;
    json_key(writer, key);
    json_put_text(writer, text);
}

static void document_put(struct scenario_writing *writing)
{
    const struct scenario *scenario = writing->scenario;
    struct json_writer *writer = writing->writer;
    json_object_begin(writer);
    json_key(writer, "format");
    json_put_int(writer, SCENARIO_FORMAT_VERSION);
    fields_put(writing, SCENARIO_ROOT, "", &scenario->rules);
    json_key(writer, "invented");
    json_put_bool(writer, scenario->invented);
    about_put(writer, "statement_en", scenario->statement_en);
    about_put(writer, "statement_zh", scenario->statement_zh);
    about_put(writer, "citation", scenario->citation);
    about_put(writer, "dataset_digest", scenario->dataset_digest);
    money_put(writing);
    for (int row = SCENARIO_MARKETS; row <= SCENARIO_LANES; row++)
        table_put(writing, (enum scenario_row)row);
    single_put(writing, SCENARIO_DEMAND);
    single_put(writing, SCENARIO_FINANCE);
    single_put(writing, SCENARIO_SCORE);
    for (int row = SCENARIO_PROMOTION; row <= SCENARIO_SOURCING; row++) {
        int count;
        if (*(const bool *)scenario_rows(&scenario->rules, (enum scenario_row)row, &count))
            single_put(writing, (enum scenario_row)row);
    }
    if (scenario->rules.event_count > 0)
        table_put(writing, SCENARIO_EVENTS);
    scenario_level_put(writing);
    scenario_baskets_put(writing);
    scenario_trade_put(writer, &scenario->rules);
    json_object_end(writer);
}

void scenario_append(const struct scenario *scenario, struct buf *text)
{
    struct json_writer writer;
    struct scenario_writing writing = {.scenario = scenario, .writer = &writer};
    json_writer_init(&writer, text, true);
    document_put(&writing);
}

enum err scenario_write(const char *path, const struct scenario *scenario, struct problem *problem)
{
    struct buf text;
    TRY(scenario_check(scenario, problem));
    buf_init(&text);
    scenario_append(scenario, &text);
    enum err code = file_write_atomic(path, buf_str(&text), 0644, problem);
    buf_clear(&text);
    return code;
}

/* ---- reading it aloud ---- */

void scenario_parameters(struct arena *arena, const struct scenario *scenario,
                         const struct scenario_parameter **parameters, int *count)
{
    struct json_writer writer;
    struct buf text;
    struct scenario_writing writing = {.scenario = scenario, .writer = &writer, .arena = arena};
    buf_init(&text);
    json_writer_init(&writer, &text, false);
    document_put(&writing);
    buf_clear(&text);
    *parameters = writing.parameters;
    *count = writing.count;
}

void scenario_origins_count(const struct scenario *scenario, int counts[6])
{
    const struct scenario_parameter *parameters;
    struct arena scratch;
    int count;
    arena_init(&scratch);
    scenario_parameters(&scratch, scenario, &parameters, &count);
    memset(counts, 0, 6 * sizeof(counts[0]));
    for (int i = 0; i < count; i++) {
        enum market_origin origin =
            parameters[i].figure == NULL ? ORIGIN_SET : parameters[i].figure->origin;
        counts[origin]++;
    }
    arena_clear(&scratch);
}
