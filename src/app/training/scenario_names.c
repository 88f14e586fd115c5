#include "app/training/scenario_names.h"

#include "core/nearest.h"

struct names names_of_kind(const struct market_rules *rules, enum market_kind kind)
{
    struct names names = {0};
    switch (kind) {
    case KIND_REF_PRODUCT:
        for (; names.count < rules->product_count; names.count++)
            names.id[names.count] = rules->products[names.count].name.id;
        break;
    case KIND_REF_MARKET:
        for (; names.count < rules->market_count; names.count++)
            names.id[names.count] = rules->markets[names.count].name.id;
        break;
    case KIND_REF_CHANNEL:
        for (; names.count < rules->channel_count; names.count++)
            names.id[names.count] = rules->channels[names.count].id;
        break;
    case KIND_REF_SUPPLIER:
        for (; names.count < rules->supplier_count; names.count++)
            names.id[names.count] = rules->suppliers[names.count].name.id;
        break;
    case KIND_REF_LANE:
        for (; names.count < rules->lane_count; names.count++)
            names.id[names.count] = rules->lanes[names.count].name.id;
        break;
    case KIND_REF_CURRENCY:
        for (; names.count < rules->currency_count; names.count++)
            names.id[names.count] = rules->currencies[names.count].code;
        break;
    default:
        break;
    }
    return names;
}

int names_find(const struct names *names, struct str name)
{
    for (int i = 0; i < names->count; i++) {
        if (str_equal_c(name, names->id[i]))
            return i;
    }
    return -1;
}

enum err names_resolve(const struct names *names, struct str name, int *index,
                       struct problem *problem)
{
    *index = names_find(names, name);
    if (*index >= 0)
        return ERR_OK;
    struct buf known;
    buf_init(&known);
    int nearest = name_nearest(name, names->id, (size_t)names->count);
    if (nearest >= 0)
        buf_append_c(&known, names->id[nearest]);
    for (int i = 0; i < names->count; i++) {
        if (i == nearest)
            continue;
        buf_append(&known, STR(", "));
        buf_append_c(&known, names->id[i]);
    }
    problem_set(problem, ERR_NAME_UNKNOWN, ERR_TEXT(name), ERR_TEXT(buf_str(&known)));
    buf_clear(&known);
    return problem->code;
}

bool name_is_id(struct str name)
{
    if (name.length == 0 || name.length >= MARKET_NAME_MAX)
        return false;
    for (size_t i = 0; i < name.length; i++) {
        char byte = name.text[i];
        bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
        bool digit = byte >= '0' && byte <= '9';
        if (!letter && !digit && byte != '-' && byte != '_')
            return false;
    }
    return true;
}
