/* A value of a scenario document by its field's kind, written: the mirror of scenario_value_read.c.
 */
#include "app/training/scenario_fields.h"
#include "app/training/scenario_read.h"
#include "app/training/scenario_write.h"

static struct currency market_currency(const struct market_rules *rules, int market)
{
    return rules->currencies[rules->markets[market].currency];
}

static void breaks_put(struct json_writer *writer, const struct market_rules *rules,
                       const struct market_supplier *supplier)
{
    json_list_begin(writer);
    for (int b = 0; b < supplier->break_count; b++) {
        json_object_begin(writer);
        json_key(writer, "units_min");
        json_put_int(writer, supplier->breaks[b].units_min);
        json_key(writer, "price");
        json_put_money(writer, supplier->breaks[b].price_minor, rules->currencies[0]);
        json_object_end(writer);
    }
    json_list_end(writer);
}

static void market_set_put(struct json_writer *writer, const struct market_rules *rules,
                           const bool *set)
{
    json_list_begin(writer);
    for (int m = 0; m < rules->market_count; m++)
        if (set[m])
            json_put_text(writer, str_from_c(rules->markets[m].name.id));
    json_list_end(writer);
}

static void needed_put(struct json_writer *writer, const struct market_rules *rules)
{
    json_object_begin(writer);
    for (int c = 0; c < rules->category_count; c++) {
        json_key(writer, rules->categories[c].name.id);
        market_set_put(writer, rules, rules->compliance.certificate_needed[c]);
    }
    json_object_end(writer);
}

void scenario_value_put(struct json_writer *writer, const struct scenario *scenario,
                        const void *row, const void *context)
{
    const struct market_rules *rules = &scenario->rules;
    const struct scenario_field *field = context;
    const void *value = (const char *)row + field->offset;
    switch (field->kind) {
    case SCENARIO_INT:
        json_put_int(writer, *(const int *)value);
        break;
    case SCENARIO_REAL:
        json_put_double(writer, *(const double *)value);
        break;
    case SCENARIO_REALS:
        scenario_reals_put(writer, value, field->size);
        break;
    case SCENARIO_BOOL:
        json_put_bool(writer, *(const bool *)value);
        break;
    case SCENARIO_RATE:
        json_put_double(writer, scenario_from_1e9(*(const int64_t *)value));
        break;
    case SCENARIO_MONEY_HOME:
        json_put_money(writer, *(const int64_t *)value, rules->currencies[0]);
        break;
    case SCENARIO_MONEY_MARKET:
        json_put_money(writer, *(const int64_t *)value,
                       market_currency(rules, ((const struct market_nest *)row)->market));
        break;
    case SCENARIO_DATE:
        json_put_date(writer, *(const int32_t *)value);
        break;
    case SCENARIO_ID:
    case SCENARIO_TEXT:
    case SCENARIO_HS6:
        json_put_text(writer, str_from_c(value));
        break;
    case SCENARIO_REF_MARKET:
        json_put_text(writer, str_from_c(rules->markets[*(const int *)value].name.id));
        break;
    case SCENARIO_REF_CHANNEL:
        json_put_text(writer, str_from_c(rules->channels[*(const int *)value].id));
        break;
    case SCENARIO_REF_CATEGORY:
        json_put_text(writer, str_from_c(rules->categories[*(const int *)value].name.id));
        break;
    case SCENARIO_REF_PRODUCT:
        json_put_text(writer, str_from_c(rules->products[*(const int *)value].name.id));
        break;
    case SCENARIO_REF_CURRENCY:
        json_put_text(writer, str_from_c(rules->currencies[*(const int *)value].code));
        break;
    case SCENARIO_LANE_KIND:
        json_put_text(writer,
                      str_from_c(scenario_lane_kind_name(*(const enum market_lane_kind *)value)));
        break;
    case SCENARIO_BREAKS:
        breaks_put(writer, rules, row);
        break;
    case SCENARIO_LIMIT:
        json_put_int(writer, *(const int *)value);
        break;
    case SCENARIO_INTS:
        json_list_begin(writer);
        for (size_t i = 0; i < field->size; i++)
            json_put_int(writer, ((const int *)value)[i]);
        json_list_end(writer);
        break;
    case SCENARIO_MONEYS_HOME:
        json_list_begin(writer);
        for (size_t i = 0; i < field->size; i++)
            json_put_money(writer, ((const int64_t *)value)[i], rules->currencies[0]);
        json_list_end(writer);
        break;
    case SCENARIO_WORD:
        json_put_text(writer, str_from_c(value));
        break;
    case SCENARIO_WORDS:
        json_list_begin(writer);
        for (int i = 0; i < rules->storefront.brand_word_count; i++)
            json_put_text(writer, str_from_c(rules->storefront.brand_words[i]));
        json_list_end(writer);
        break;
    case SCENARIO_MARKET_SET:
        market_set_put(writer, rules, value);
        break;
    case SCENARIO_NEEDED:
        needed_put(writer, rules);
        break;
    case SCENARIO_REF_MARKET_ALL:
        json_put_text(writer, *(const int *)value < 0
                                  ? STR("*")
                                  : str_from_c(rules->markets[*(const int *)value].name.id));
        break;
    case SCENARIO_EVENT_EFFECT:
        json_put_text(
            writer, str_from_c(market_event_effect_name(*(const enum market_event_effect *)value)));
        break;
    case SCENARIO_EVENT_COUNTER:
        json_put_text(writer, str_from_c(market_event_counter_name(
                                  *(const enum market_event_counter *)value)));
        break;
    case SCENARIO_MARKETS_MONEY:
    case SCENARIO_MARKETS_FINE:
    case SCENARIO_QUERIES:
    case SCENARIO_OBJECT:
        break; /* parameters of their own: markets_put, queries_put, object_put */
    }
}
