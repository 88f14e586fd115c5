#include "app/datasets/rules.h"

#include <string.h>

static char upper(char byte)
{
    return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

static bool starts_with_fold(struct str text, struct str prefix)
{
    return text.length >= prefix.length &&
           str_equal_ascii_fold(str_slice(text, 0, prefix.length), prefix);
}

/* "gift_*" takes every text that begins with gift_. */
static bool entry_takes(struct str entry, struct str text)
{
    if (entry.length > 0 && entry.text[entry.length - 1] == '*')
        return starts_with_fold(text, str_slice(entry, 0, entry.length - 1));
    return str_equal_ascii_fold(text, entry);
}

static bool list_takes(const struct rules_list *list, struct str text, bool prefixes)
{
    for (size_t i = 0; i < list->count; i++)
        if (prefixes ? starts_with_fold(text, list->entries[i])
                     : entry_takes(list->entries[i], text))
            return true;
    return false;
}

static uint64_t list_marks(const struct rules_lists *lists, int first_bit, struct str text,
                           bool prefixes)
{
    uint64_t marks = 0;
    for (size_t i = 0; i < lists->count; i++)
        if (list_takes(&lists->list[i], text, prefixes))
            marks |= RULES_MARK(first_bit + (int)i);
    return marks;
}

uint64_t rules_sku_marks(const struct rules *rules, struct str sku)
{
    return list_marks(&rules->skus, RULES_SKU_LISTS, sku, false);
}

uint64_t rules_order_marks(const struct rules *rules, struct str order)
{
    return list_marks(&rules->orders, RULES_ORDER_LISTS, order, true);
}

uint64_t rules_status_marks(const struct rules *rules, struct str status)
{
    return list_marks(&rules->statuses, RULES_STATUS_LISTS, status, false);
}

static bool test_takes(struct rules_test test, uint64_t marks)
{
    return (marks & test.required) == test.required && (marks & test.forbidden) == 0;
}

enum dataset_kind rules_kind(const struct rules *rules, uint64_t marks)
{
    for (size_t i = 0; i < rules->kind_count; i++)
        if (test_takes(rules->kinds[i].test, marks))
            return rules->kinds[i].kind;
    return DATASET_SALE;
}

const struct rules_channel *rules_channel(const struct rules *rules, uint64_t marks)
{
    for (size_t i = 0; i < rules->channel_count; i++)
        if (test_takes(rules->channels[i].test, marks))
            return &rules->channels[i];
    return NULL;
}

static bool code_by_name(const struct rules_name *names, size_t count, struct str text,
                         char code[3])
{
    for (size_t i = 0; i < count; i++) {
        if (str_equal_ascii_fold(names[i].name, text)) {
            memcpy(code, names[i].code, 3);
            return true;
        }
    }
    return false;
}

static bool is_known_code(const struct rules_countries *countries, const char code[3])
{
    for (size_t i = 0; i < countries->count; i++)
        if (memcmp(countries->names[i].code, code, 2) == 0)
            return true;
    return false;
}

bool rules_country(const struct rules *rules, const struct rules_countries *countries,
                   struct str text, char code[3])
{
    text = str_trim(text);
    if (code_by_name(rules->names, rules->name_count, text, code))
        return code[0] != 0;
    if (text.length == 2) {
        code[0] = upper(text.text[0]);
        code[1] = upper(text.text[1]);
        code[2] = 0;
        if (is_known_code(countries, code))
            return true;
    }
    return code_by_name(countries->names, countries->count, text, code);
}
