#include "app/training/scenario_baskets.h"

#include <stdio.h>

#include "core/arena.h"
#include "core/text.h"
#include "engine/market/baskets.h"

static enum err table_values_read(const struct json *object, struct market_table *table,
                                  struct problem *problem)
{
    static const char *const known[] = {"values", "weights", NULL};
    TRY(json_require_known(object, known, problem));
    struct json values = json_child(object, "values");
    struct json weights = json_child(object, "weights");
    TRY(json_require_list(&values, MARKET_TABLE_MAX, problem));
    TRY(json_require_list(&weights, MARKET_TABLE_MAX, problem));
    if (json_count(&values) != json_count(&weights)) {
        problem_set(problem, ERR_LIST_LENGTH, ERR_INT((int64_t)json_count(&weights)),
                    ERR_INT((int64_t)json_count(&values)));
        return json_place(problem, &weights, NULL);
    }
    table->count = (int)json_count(&values);
    for (int i = 0; i < table->count; i++) {
        struct json value = json_item(&values, (size_t)i);
        struct json weight = json_item(&weights, (size_t)i);
        int64_t whole;
        if (!json_int(&value, &whole) || whole < 0 || whole > INT32_MAX) {
            problem_set(problem, ERR_JSON_TYPE, ERR_KEY(N_("whole number")));
            return json_place(problem, &value, NULL);
        }
        if (!json_double(&weight, &table->weight[i])) {
            problem_set(problem, ERR_JSON_TYPE, ERR_KEY(N_("number")));
            return json_place(problem, &weight, NULL);
        }
        table->value[i] = (int32_t)whole;
    }
    return ERR_OK;
}

static enum err table_read(struct scenario_reading *reading, const struct json *channel,
                           const char *key, const char *prefix, struct market_table *table)
{
    char path[SCENARIO_PATH_MAX];
    struct scenario_holder holder;
    if (json_child(channel, key).node == NULL)
        return ERR_OK;
    snprintf(path, sizeof(path), "%s.%s", prefix, key);
    TRY(scenario_holder_find(reading, channel, key, path, &holder));
    struct json object = json_child(holder.object, holder.key);
    return table_values_read(&object, table, reading->problem);
}

static enum err hours_read(struct scenario_reading *reading, const struct json *channel,
                           const char *prefix, double hours[24])
{
    static const char key[] = "hour_weight";
    char path[SCENARIO_PATH_MAX];
    struct scenario_holder holder;
    if (json_child(channel, key).node == NULL)
        return ERR_OK;
    snprintf(path, sizeof(path), "%s.%s", prefix, key);
    TRY(scenario_holder_find(reading, channel, key, path, &holder));
    struct json list = json_child(holder.object, holder.key);
    TRY(json_require_list(&list, 24, reading->problem));
    if (json_count(&list) != 24) {
        problem_set(reading->problem, ERR_LIST_LENGTH, ERR_INT((int64_t)json_count(&list)),
                    ERR_INT(24));
        return json_place(reading->problem, &list, NULL);
    }
    for (int hour = 0; hour < 24; hour++) {
        struct json item = json_item(&list, (size_t)hour);
        if (!json_double(&item, &hours[hour])) {
            problem_set(reading->problem, ERR_JSON_TYPE, ERR_KEY(N_("number")));
            return json_place(reading->problem, &item, NULL);
        }
    }
    return ERR_OK;
}

static enum err channel_read(struct scenario_reading *reading, const struct json *channel,
                             const char *prefix, struct market_baskets *baskets)
{
    static const char *const known[] = {"units_per_line",  "lines_per_order", "repeat_rate",
                                        "repeat_gap_days", "hour_weight",     NULL};
    char path[SCENARIO_PATH_MAX];
    struct scenario_holder holder;
    TRY(json_require_known(channel, known, reading->problem));
    TRY(table_read(reading, channel, "units_per_line", prefix, &baskets->units_per_line));
    TRY(table_read(reading, channel, "lines_per_order", prefix, &baskets->lines_per_order));
    TRY(table_read(reading, channel, "repeat_gap_days", prefix, &baskets->repeat_gap_days));
    if (json_child(channel, "repeat_rate").node != NULL) {
        snprintf(path, sizeof(path), "%s.repeat_rate", prefix);
        TRY(scenario_holder_find(reading, channel, "repeat_rate", path, &holder));
        TRY(json_get_double(holder.object, holder.key, 0, 1, &baskets->repeat_rate,
                            reading->problem));
    }
    return hours_read(reading, channel, prefix, baskets->hour_weight);
}

enum err scenario_baskets_read(struct scenario_reading *reading, const struct json *root)
{
    const struct market_rules *rules = &reading->scenario->rules;
    const char *known[MARKET_CHANNELS_MAX + 1] = {NULL};
    struct json map = json_child(root, "baskets");
    if (map.node == NULL)
        return ERR_OK;
    for (int c = 0; c < rules->channel_count; c++)
        known[c] = rules->channels[c].id;
    TRY(json_require_known(&map, known, reading->problem));
    struct market_baskets *baskets =
        ARENA_ARRAY(reading->arena, struct market_baskets, (size_t)rules->channel_count);
    for (int c = 0; c < rules->channel_count; c++) {
        char prefix[SCENARIO_PATH_MAX - MARKET_NAME_MAX];
        struct json channel = json_child(&map, known[c]);
        baskets[c] = market_baskets_default();
        snprintf(prefix, sizeof(prefix), "baskets.%s", known[c]);
        if (channel.node != NULL)
            TRY(channel_read(reading, &channel, prefix, &baskets[c]));
    }
    reading->scenario->baskets = baskets;
    return ERR_OK;
}

/* ---- writing ---- */

static void table_put(struct json_writer *writer, const struct scenario *scenario,
                      const void *value, const void *context)
{
    const struct market_table *table = value;
    (void)scenario;
    (void)context;
    json_object_begin(writer);
    json_key(writer, "values");
    bool pretty = writer->pretty;
    writer->pretty = false;
    json_list_begin(writer);
    for (int i = 0; i < table->count; i++)
        json_put_int(writer, table->value[i]);
    json_list_end(writer);
    writer->pretty = pretty;
    json_key(writer, "weights");
    scenario_reals_put(writer, table->weight, (size_t)table->count);
    json_object_end(writer);
}

static void rate_put(struct json_writer *writer, const struct scenario *scenario, const void *value,
                     const void *context)
{
    (void)scenario;
    (void)context;
    json_put_double(writer, *(const double *)value);
}

static void hours_put(struct json_writer *writer, const struct scenario *scenario,
                      const void *value, const void *context)
{
    (void)scenario;
    (void)context;
    scenario_reals_put(writer, value, 24);
}

static void channel_put(struct scenario_writing *writing, const char *id,
                        const struct market_baskets *baskets)
{
    const struct {
        const char *key;
        scenario_put *put;
        const void *value;
    } parts[] = {
        {"units_per_line", table_put, &baskets->units_per_line},
        {"lines_per_order", table_put, &baskets->lines_per_order},
        {"repeat_rate", rate_put, &baskets->repeat_rate},
        {"repeat_gap_days", table_put, &baskets->repeat_gap_days},
        {"hour_weight", hours_put, baskets->hour_weight},
    };
    json_key(writing->writer, id);
    json_object_begin(writing->writer);
    for (size_t p = 0; p < COUNT_OF(parts); p++) {
        char path[SCENARIO_PATH_MAX];
        snprintf(path, sizeof(path), "baskets.%s.%s", id, parts[p].key);
        scenario_parameter_put(writing, parts[p].key, path, parts[p].put, parts[p].value, NULL);
    }
    json_object_end(writing->writer);
}

void scenario_baskets_put(struct scenario_writing *writing)
{
    const struct scenario *scenario = writing->scenario;
    if (scenario->baskets == NULL)
        return;
    json_key(writing->writer, "baskets");
    json_object_begin(writing->writer);
    for (int c = 0; c < scenario->rules.channel_count; c++)
        channel_put(writing, scenario->rules.channels[c].id, &scenario->baskets[c]);
    json_object_end(writing->writer);
}
