#include "app/training/scenario_names.h"

#include <string.h>

enum { COMPARED_MAX = 63 };

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

static char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance with one row kept. */
static size_t distance(struct str a, struct str b)
{
    size_t row[COMPARED_MAX + 1];
    a = str_slice(a, 0, COMPARED_MAX);
    b = str_slice(b, 0, COMPARED_MAX);
    for (size_t j = 0; j <= b.length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.length; j++) {
            size_t exchanged = diagonal + (lower(a.text[i - 1]) != lower(b.text[j - 1]));
            diagonal = row[j];
            row[j] = smaller(exchanged, smaller(row[j], row[j - 1]) + 1);
        }
    }
    return row[b.length];
}

int names_nearest(const struct names *names, struct str name)
{
    int nearest = -1;
    size_t least = SIZE_MAX;
    for (int i = 0; i < names->count; i++) {
        size_t apart = distance(name, str_from_c(names->id[i]));
        if (apart < least) {
            least = apart;
            nearest = i;
        }
    }
    return nearest;
}

enum err names_resolve(const struct names *names, struct str name, int *index,
                       struct problem *problem)
{
    *index = names_find(names, name);
    if (*index >= 0)
        return ERR_OK;
    struct buf known;
    buf_init(&known);
    int nearest = names_nearest(names, name);
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
