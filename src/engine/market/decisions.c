#include "engine/market/decisions.h"

#include <limits.h>

static const struct market_field_info all_fields[] = {
#define SEAT_LIST(seat, list, max, carry, keys, level)
#define LIST_END(list)
#define FIELD(list, field, kind, level, position, least, most, effect)                             \
    {#field, #list "[]." #field, KIND_##kind, level, POSITION_##position, least, most, effect},
#include "engine/market/decisions.def"
#undef FIELD
#undef LIST_END
#undef SEAT_LIST
};

static const enum market_list list_of_field[] = {
#define SEAT_LIST(seat, list, max, carry, keys, level)
#define LIST_END(list)
#define FIELD(list, field, kind, level, position, least, most, effect) LIST_##list,
#include "engine/market/decisions.def"
#undef FIELD
#undef LIST_END
#undef SEAT_LIST
};

static const struct market_list_info all_lists[] = {
#define FIELD(list, field, kind, level, position, least, most, effect)
#define LIST_END(list)
#define SEAT_LIST(seat, list, max, carry, keys, level)                                             \
    {#list,                                                                                        \
     SEAT_##seat,                                                                                  \
     max,                                                                                          \
     MARKET_##carry,                                                                               \
     keys,                                                                                         \
     level,                                                                                        \
     F_##list##_end - F_##list##_first,                                                            \
     all_fields + F_##list##_first},
#include "engine/market/decisions.def"
#undef SEAT_LIST
#undef LIST_END
#undef FIELD
};

_Static_assert(COUNT_OF(all_fields) == F_COUNT, "one record a field");
_Static_assert(COUNT_OF(all_lists) == LIST_COUNT, "one record a list");

static const char *const seat_names[SEAT_COUNT] = {"firm",  "supplier", "carrier",
                                                   "buyer", "platform", "coach"};

static const char *const position_names[POSITION_COUNT] = {N_("product selection"),
                                                           N_("pricing"),
                                                           N_("store and content"),
                                                           N_("advertising"),
                                                           N_("sourcing and stock"),
                                                           N_("logistics"),
                                                           N_("customs and tax"),
                                                           N_("finance"),
                                                           N_("compliance and service"),
                                                           N_("team"),
                                                           N_("seat")};

const struct market_list_info *market_list_info(enum market_list list)
{
    return &all_lists[list];
}

const char *market_seat_name(enum market_seat seat)
{
    return seat_names[seat];
}

const char *market_position_name(enum market_position position)
{
    return position_names[position];
}

int market_field_index(enum market_list list, enum market_field field)
{
    return (int)(all_fields + field - all_lists[list].fields);
}

enum market_list market_field_list(enum market_field field)
{
    return list_of_field[field];
}

int market_field_level(const struct market_rules *rules, enum market_field field)
{
    for (int i = 0; i < rules->field_level_count; i++)
        if (rules->field_levels[i].field == (int)field)
            return rules->field_levels[i].level;
    return all_fields[field].level;
}

int market_list_level(const struct market_rules *rules, enum market_list list)
{
    const struct market_list_info *info = &all_lists[list];
    int first = (int)(info->fields - all_fields), keys = info->keys, level = MARKET_LEVEL_MAX;
    if (rules->field_level_count == 0)
        return info->level;
    if (keys == info->field_count)
        keys = 0;
    for (int f = first + keys; f < first + info->field_count; f++) {
        int own = market_field_level(rules, (enum market_field)f);
        level = own < level ? own : level;
    }
    return level < info->level ? info->level : level;
}

bool market_rules_limited(const struct market_rules *rules)
{
    return rules->level >= 2 && (rules->markets_max > 0 || rules->listings_max > 0);
}

bool market_row_has(const struct market_row *row, enum market_field field)
{
    int index = market_field_index(list_of_field[field], field);
    return (row->set >> index) & 1;
}

int64_t market_row_number(const struct market_row *row, enum market_field field)
{
    return row->value[market_field_index(list_of_field[field], field)].number;
}

void market_row_set(struct market_row *row, enum market_field field, int64_t number)
{
    int index = market_field_index(list_of_field[field], field);
    row->set |= UINT32_C(1) << index;
    row->value[index].number = number;
}

/* Where a row stands, for the place of a problem. */
struct row_place {
    const struct market_list_info *list;
    int row;
};

static enum err at_field(struct problem *problem, struct row_place at, int field)
{
    return problem_place(problem, "%s[%d].%s", at.list->name, at.row, at.list->fields[field].name);
}

static int reference_count(const struct market_rules *rules, enum market_kind kind)
{
    switch (kind) {
    case KIND_REF_PRODUCT:
        return rules->product_count;
    case KIND_REF_MARKET:
        return rules->market_count;
    case KIND_REF_CHANNEL:
        return rules->channel_count;
    case KIND_REF_SUPPLIER:
        return rules->supplier_count;
    case KIND_REF_LANE:
        return rules->lane_count;
    case KIND_REF_CURRENCY:
        return rules->currency_count;
    case KIND_REF_FIRM:
        return rules->firms;
    case KIND_REF_INCIDENT:
    case KIND_REF_REQUEST:
        return INT_MAX;
    default:
        return -1;
    }
}

static enum err check_value(const struct market_rules *rules, struct row_place at, int field,
                            const struct market_value *value, struct problem *problem)
{
    const struct market_field_info *info = &at.list->fields[field];
    int level = market_field_level(rules, (enum market_field)(info - all_fields));
    if (level > rules->level) {
        problem_set(problem, ERR_LEVEL_CLOSED, ERR_INT(level), ERR_INT(rules->level));
        return at_field(problem, at, field);
    }
    if (info->kind == KIND_TEXT) {
        if (value->text.length > (size_t)info->most * 4) {
            problem_set(problem, ERR_TEXT_TOO_LONG, ERR_INT(info->most));
            return at_field(problem, at, field);
        }
        return ERR_OK;
    }
    int64_t least = info->least, most = info->most;
    int references = reference_count(rules, info->kind);
    if (references >= 0) {
        /* Only an order may leave its lane open: the goods then stay at home. */
        bool open_lane = info == &all_fields[F_orders_lane] || info == &all_fields[F_reorders_lane];
        least = open_lane ? -1 : 0;
        most = (int64_t)references - 1;
    }
    /* A mode is a number by name only: its own check tells which there are. */
    if (info == &all_fields[F_customs_mode])
        return ERR_OK;
    if (value->number < least || value->number > most) {
        problem_set(problem, ERR_RANGE, ERR_INT(value->number), ERR_INT(least), ERR_INT(most));
        return at_field(problem, at, field);
    }
    return ERR_OK;
}

static bool same_keys(const struct market_row *a, const struct market_row *b, int keys)
{
    for (int k = 0; k < keys; k++)
        if (a->value[k].number != b->value[k].number)
            return false;
    return true;
}

static enum err require_field(struct row_place at, const struct market_row *row,
                              enum market_field field, struct problem *problem)
{
    if (market_row_has(row, field))
        return ERR_OK;
    int index = market_field_index(list_of_field[field], field);
    problem_set(problem, ERR_FIELD_MISSING, ERR_CTEXT(at.list->fields[index].name));
    return problem_place(problem, "%s[%d]", at.list->name, at.row);
}

static enum err no_nest(const struct market_rules *rules, struct row_place at, int market,
                        int channel, struct problem *problem)
{
    problem_set(problem, ERR_NAME_UNKNOWN, ERR_CTEXT(rules->channels[channel].id),
                ERR_CTEXT(rules->markets[market].name.id));
    return problem_place(problem, "%s[%d].channel", at.list->name, at.row);
}

/* The nest of a row's (product, market, channel), which stand from value `first` on, or an error
 * that names the channel. */
static enum err require_nest(const struct market_rules *rules, struct row_place at,
                             const struct market_row *row, int first, int *nest,
                             struct problem *problem)
{
    int product = (int)row->value[first].number, market = (int)row->value[first + 1].number,
        channel = (int)row->value[first + 2].number;
    *nest = market_nest_find(rules, market, channel, rules->products[product].category);
    return *nest >= 0 ? ERR_OK : no_nest(rules, at, market, channel, problem);
}

/* Buyers of the nest type that many groups of queries. */
static enum err require_query(const struct market_rules *rules, struct row_place at,
                              const struct market_row *row, int nest, struct problem *problem)
{
    int64_t group = market_row_number(row, F_campaigns_query_group);
    int count = rules->nests[nest].query_count;
    if (group < count)
        return ERR_OK;
    problem_set(problem, ERR_RANGE, ERR_INT(group), ERR_INT(0), ERR_INT(count - 1));
    return at_field(problem, at, market_field_index(LIST_campaigns, F_campaigns_query_group));
}

/* Something is sold on the row's channel of its market. */
static enum err require_channel(const struct market_rules *rules, struct row_place at,
                                const struct market_row *row, struct problem *problem)
{
    int market = (int)market_row_number(row, F_brand_market);
    int channel = (int)market_row_number(row, F_brand_channel);
    for (int n = 0; n < rules->nest_count; n++)
        if (rules->nests[n].market == market && rules->nests[n].channel == channel)
            return ERR_OK;
    return no_nest(rules, at, market, channel, problem);
}

enum { BUNDLE_UNITS_MAX = 5 };

static enum err check_price_band(const struct market_rules *rules, struct row_place at, int nest,
                                 const struct market_row *row, struct problem *problem)
{
    if (!market_row_has(row, F_listings_price))
        return ERR_OK;
    const struct market_nest *reference = &rules->nests[nest];
    int decimals = currency_decimals(rules->currencies[rules->markets[reference->market].currency]);
    int64_t price = market_row_number(row, F_listings_price);
    int64_t door = price;
    if (market_row_has(row, F_listings_coupon))
        door -= market_row_number(row, F_listings_coupon);
    /* [0.2, 5] p_ref a unit, in whole minor units on the safe side. A bundle that is carried on is
     * not known here: then the widest band holds, and the step looks again. */
    int64_t units = 1, units_most = rules->level >= 2 ? BUNDLE_UNITS_MAX : 1;
    if (market_row_has(row, F_listings_bundle_units))
        units = units_most = market_row_number(row, F_listings_bundle_units);
    int64_t least = (reference->price_ref_minor + 4) / 5 * units;
    int64_t most = reference->price_ref_minor * 5 * units_most;
    if (price >= least && price <= most && door >= least)
        return ERR_OK;
    enum market_field blame = price < least || price > most ? F_listings_price : F_listings_coupon;
    problem_set(problem, ERR_PRICE_BAND,
                ERR_DECIMAL(blame == F_listings_price ? price : door, decimals),
                ERR_DECIMAL(least, decimals),
                ERR_DECIMAL(reference->price_ref_minor * 5 * units, decimals));
    return at_field(problem, at, market_field_index(LIST_listings, blame));
}

static enum err require_lane(const struct market_rules *rules, struct row_place at,
                             const struct market_row *row, enum market_field field, bool bulk,
                             int market, struct problem *problem)
{
    if (!market_row_has(row, field) || market_row_number(row, field) < 0)
        return ERR_OK;
    const struct market_lane *lane = &rules->lanes[market_row_number(row, field)];
    bool fits = (lane->kind == LANE_BULK) == bulk && (market < 0 || lane->market == market);
    if (fits)
        return ERR_OK;
    problem_set(problem, ERR_LANE_KIND, ERR_CTEXT(lane->name.id));
    return at_field(problem, at, market_field_index(list_of_field[field], field));
}

static enum err check_listing(const struct market_rules *rules, struct row_place at,
                              const struct market_row *row, struct problem *problem)
{
    int nest = 0;
    TRY(require_nest(rules, at, row, 0, &nest, problem));
    TRY(check_price_band(rules, at, nest, row, problem));
    return require_lane(rules, at, row, F_listings_lane, false, rules->nests[nest].market, problem);
}

static enum err require_maker(const struct market_rules *rules, struct row_place at,
                              const struct market_row *row, enum market_list list,
                              enum market_field product, enum market_field maker,
                              struct problem *problem)
{
    const struct market_supplier *supplier = &rules->suppliers[market_row_number(row, maker)];
    if (supplier->product == market_row_number(row, product))
        return ERR_OK;
    problem_set(problem, ERR_SUPPLIER_PRODUCT, ERR_CTEXT(supplier->name.id),
                ERR_CTEXT(rules->products[market_row_number(row, product)].name.id));
    return at_field(problem, at, market_field_index(list, maker));
}

static enum err check_order(const struct market_rules *rules, struct row_place at,
                            const struct market_row *row, struct problem *problem)
{
    TRY(require_field(at, row, F_orders_product, problem));
    TRY(require_field(at, row, F_orders_supplier, problem));
    TRY(require_field(at, row, F_orders_units, problem));
    TRY(require_maker(rules, at, row, LIST_orders, F_orders_product, F_orders_supplier, problem));
    const struct market_supplier *supplier =
        &rules->suppliers[market_row_number(row, F_orders_supplier)];
    int64_t units = market_row_number(row, F_orders_units);
    if (units < supplier->breaks[0].units_min) {
        problem_set(problem, ERR_ORDER_MINIMUM, ERR_INT(units),
                    ERR_INT(supplier->breaks[0].units_min), ERR_CTEXT(supplier->name.id));
        return at_field(problem, at, market_field_index(LIST_orders, F_orders_units));
    }
    return require_lane(rules, at, row, F_orders_lane, true, -1, problem);
}

static enum err check_reorder(const struct market_rules *rules, struct row_place at,
                              const struct market_row *row, struct problem *problem)
{
    if (market_row_has(row, F_reorders_supplier))
        TRY(require_maker(rules, at, row, LIST_reorders, F_reorders_product, F_reorders_supplier,
                          problem));
    return require_lane(rules, at, row, F_reorders_lane, true, -1, problem);
}

static enum err check_transfer(const struct market_rules *rules, struct row_place at,
                               const struct market_row *row, struct problem *problem)
{
    TRY(require_field(at, row, F_transfers_product, problem));
    TRY(require_field(at, row, F_transfers_lane, problem));
    TRY(require_field(at, row, F_transfers_units, problem));
    return require_lane(rules, at, row, F_transfers_lane, true, -1, problem);
}

/* A module's own check named a field: put the row in front of it. */
static enum err in_row(enum err code, struct row_place at, struct problem *problem)
{
    if (code != ERR_OK)
        problem_place_prefix(problem, "%s[%d].", at.list->name, at.row);
    return code;
}

/* What a list needs beyond its fields' ranges. */
static enum err check_row(const struct market_rules *rules, enum market_list list,
                          struct row_place at, const struct market_row *row,
                          struct problem *problem)
{
    int nest = 0;
    switch (list) {
    case LIST_listings:
        return check_listing(rules, at, row, problem);
    case LIST_orders:
        return check_order(rules, at, row, problem);
    case LIST_reorders:
        return check_reorder(rules, at, row, problem);
    case LIST_transfers:
        return check_transfer(rules, at, row, problem);
    case LIST_removals:
        TRY(require_field(at, row, F_removals_product, problem));
        TRY(require_field(at, row, F_removals_market, problem));
        return require_field(at, row, F_removals_units, problem);
    case LIST_forecasts:
        TRY(require_nest(rules, at, row, 0, &nest, problem));
        return require_field(at, row, F_forecasts_units, problem);
    case LIST_campaigns:
        TRY(require_nest(rules, at, row, 0, &nest, problem));
        return require_query(rules, at, row, nest, problem);
    case LIST_brand:
        return require_channel(rules, at, row, problem);
    case LIST_content_ratings:
        return require_nest(rules, at, row, 1, &nest, problem);
    case LIST_customs:
        return in_row(market_customs_row_check(row, problem), at, problem);
    case LIST_refund_claims:
        return in_row(market_customs_claim_check(row, problem), at, problem);
    case LIST_conversions:
        return in_row(market_finance_row_check(row, problem), at, problem);
    default:
        return ERR_OK;
    }
}

static enum err check_list(const struct market_rules *rules, enum market_list list,
                           const struct market_rows *rows, struct problem *problem)
{
    const struct market_list_info *info = &all_lists[list];
    if (rows->count < 0 || rows->count > info->rows_max) {
        problem_set(problem, ERR_LIST_TOO_LONG, ERR_INT(rows->count), ERR_INT(info->rows_max));
        return problem_place(problem, "%s", info->name);
    }
    int level = market_list_level(rules, list);
    if (rows->count > 0 && level > rules->level) {
        problem_set(problem, ERR_LEVEL_CLOSED, ERR_INT(level), ERR_INT(rules->level));
        return problem_place(problem, "%s", info->name);
    }
    for (int r = 0; r < rows->count; r++) {
        const struct market_row *row = &rows->rows[r];
        struct row_place at = {info, r};
        for (int k = 0; k < info->keys; k++)
            TRY(require_field(at, row, (enum market_field)(info->fields - all_fields + k),
                              problem));
        for (int f = 0; f < info->field_count; f++)
            if ((row->set >> f) & 1)
                TRY(check_value(rules, at, f, &row->value[f], problem));
        for (int other = 0; other < r && info->keys > 0; other++)
            if (same_keys(row, &rows->rows[other], info->keys)) {
                enum err code = list == LIST_listings ? ERR_LISTING_TWICE : ERR_FIELD_TWICE;
                problem_set(problem, code, ERR_CTEXT(info->name));
                return problem_place(problem, "%s[%d]", info->name, r);
            }
        TRY(check_row(rules, list, at, row, problem));
    }
    return ERR_OK;
}

enum err market_decisions_check(const struct market_rules *rules, enum market_seat seat,
                                const struct market_seat_decisions *decisions,
                                struct problem *problem)
{
    for (int list = 0; list < LIST_COUNT; list++) {
        const struct market_rows *rows = &decisions->lists[list];
        if (rows->count == 0)
            continue;
        if (all_lists[list].seat != seat) {
            problem_set(problem, ERR_SEAT_FIELD, ERR_CTEXT(seat_names[all_lists[list].seat]),
                        ERR_CTEXT(seat_names[seat]));
            return problem_place(problem, "%s", all_lists[list].name);
        }
        TRY(check_list(rules, (enum market_list)list, rows, problem));
    }
    return ERR_OK;
}
