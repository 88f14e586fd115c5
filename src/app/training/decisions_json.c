/* Decisions: what reading and writing share, and the writer. */
#include "app/training/decisions_json.h"

#include <string.h>

#include "core/json.h"

int decisions_field_find(const struct market_list_info *list, const char *name)
{
    for (int f = 0; f < list->field_count; f++) {
        if (strcmp(list->fields[f].name, name) == 0)
            return f;
    }
    return -1;
}

/* The value of the row's field `name`, if the list has it and the row gives it. */
static bool row_number(const struct market_list_info *list, const struct market_row *row,
                       const char *name, int64_t *number)
{
    int field = decisions_field_find(list, name);
    if (field < 0 || !((row->set >> field) & 1))
        return false;
    *number = row->value[field].number;
    return true;
}

static bool list_names_currency(const struct market_list_info *list)
{
    return decisions_field_find(list, "market") >= 0 || decisions_field_find(list, "lane") >= 0 ||
           decisions_field_find(list, "currency") >= 0;
}

bool decisions_currency(const struct market_rules *rules, const struct market_list_info *list,
                        int field, const struct market_row *row, struct currency *currency)
{
    enum market_kind kind = list->fields[field].kind;
    int64_t index;
    /* A quote answers a request; what it asks is told in the home currency. */
    *currency = rules->currencies[0];
    if (kind == KIND_MONEY_HOME || (kind == KIND_MONEY_LOCAL && !list_names_currency(list)))
        return true;
    if (kind == KIND_MONEY_FROM) {
        if (!row_number(list, row, "from", &index))
            return false;
        *currency = rules->currencies[index];
        return true;
    }
    if (row_number(list, row, "market", &index)) {
        *currency = rules->currencies[rules->markets[index].currency];
        return true;
    }
    if (row_number(list, row, "lane", &index) && index >= 0) {
        *currency = rules->currencies[rules->markets[rules->lanes[index].market].currency];
        return true;
    }
    if (!row_number(list, row, "currency", &index))
        return false;
    *currency = rules->currencies[index];
    return true;
}

/* ---- writing ---- */

static const char *reference_name(const struct market_rules *rules, enum market_kind kind,
                                  int64_t index)
{
    switch (kind) {
    case KIND_REF_PRODUCT:
        return rules->products[index].name.id;
    case KIND_REF_MARKET:
        return rules->markets[index].name.id;
    case KIND_REF_CHANNEL:
        return rules->channels[index].id;
    case KIND_REF_SUPPLIER:
        return rules->suppliers[index].name.id;
    case KIND_REF_LANE:
        return rules->lanes[index].name.id;
    default:
        return rules->currencies[index].code;
    }
}

static void firm_put(struct json_writer *writer, int64_t firm)
{
    struct buf name;
    buf_init(&name);
    buf_append_byte(&name, 'F');
    buf_append_int64(&name, firm + 1);
    json_put_text(writer, buf_str(&name));
    buf_clear(&name);
}

static void value_put(struct json_writer *writer, const struct market_rules *rules,
                      const struct market_list_info *list, int field, const struct market_row *row)
{
    const struct market_value *value = &row->value[field];
    enum market_kind kind = list->fields[field].kind;
    struct currency currency;
    switch (kind) {
    case KIND_INT:
    case KIND_REF_INCIDENT:
    case KIND_REF_REQUEST:
        json_put_int(writer, value->number);
        break;
    case KIND_BOOL:
        json_put_bool(writer, value->number != 0);
        break;
    case KIND_PPM:
        json_put_double(writer, (double)value->number / 1e6);
        break;
    case KIND_MONEY_LOCAL:
    case KIND_MONEY_HOME:
    case KIND_MONEY_FROM:
        if (!decisions_currency(rules, list, field, row, &currency))
            currency = rules->currencies[0];
        json_put_money(writer, value->number, currency);
        break;
    case KIND_TEXT:
        json_put_text(writer, value->text);
        break;
    case KIND_REF_FIRM:
        firm_put(writer, value->number);
        break;
    case KIND_REF_PRODUCT:
    case KIND_REF_MARKET:
    case KIND_REF_CHANNEL:
    case KIND_REF_SUPPLIER:
    case KIND_REF_LANE:
    case KIND_REF_CURRENCY:
        if (value->number < 0)
            json_put_null(writer);
        else
            json_put_text(writer, str_from_c(reference_name(rules, kind, value->number)));
        break;
    }
}

static void list_put(struct json_writer *writer, const struct market_rules *rules,
                     const struct market_list_info *list, const struct market_rows *rows)
{
    json_key(writer, list->name);
    json_list_begin(writer);
    for (int r = 0; r < rows->count; r++) {
        const struct market_row *row = &rows->rows[r];
        json_object_begin(writer);
        /* A row a line: people read these files. */
        writer->pretty = false;
        for (int f = 0; f < list->field_count; f++) {
            if (!((row->set >> f) & 1))
                continue;
            json_key(writer, list->fields[f].name);
            value_put(writer, rules, list, f, row);
        }
        json_object_end(writer);
        writer->pretty = true;
    }
    json_list_end(writer);
}

void decisions_append(const struct market_rules *rules, enum market_seat seat,
                      const struct market_seat_decisions *decisions, struct buf *text)
{
    struct json_writer writer;
    json_writer_init(&writer, text, true);
    json_object_begin(&writer);
    json_key(&writer, "format");
    json_put_int(&writer, DECISIONS_FORMAT_VERSION);
    json_key(&writer, "seat");
    json_put_text(&writer, str_from_c(market_seat_name(seat)));
    for (int l = 0; l < LIST_COUNT; l++) {
        const struct market_list_info *list = market_list_info((enum market_list)l);
        if (list->seat == seat && decisions->lists[l].count > 0)
            list_put(&writer, rules, list, &decisions->lists[l]);
    }
    json_object_end(&writer);
}
