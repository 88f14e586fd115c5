/* The words for what was decided otherwise. */
#include "app/training/decided.h"
#include "app/training/decisions_json.h"
#include "app/training/run_cells.h"

const char *decided_area_name(enum decided_area area)
{
    static const char *const names[DECIDED_COUNT] = {
        [DECIDED_PRICE] = N_("the price"),
        [DECIDED_PROMISE] = N_("the promised delivery"),
        [DECIDED_TERMS] = N_("the terms of sale"),
        [DECIDED_RANGE] = N_("what was offered"),
        [DECIDED_CONTENT] = N_("pictures and words"),
        [DECIDED_ADS] = N_("advertising"),
        [DECIDED_ORDERS] = N_("what was ordered"),
        [DECIDED_MOVES] = N_("where the goods were put"),
        [DECIDED_CUSTOMS] = N_("customs and tax numbers"),
        [DECIDED_FINANCE] = N_("loans and currency"),
        [DECIDED_COMPLIANCE] = N_("compliance and service"),
        [DECIDED_TEAM] = N_("the team")};
    return names[area];
}

struct label {
    enum market_list list;
    enum market_field field;
    const char *text;
};

static const char *field_label(enum market_list list, int field)
{
    static const struct label labels[] = {
        {LIST_listings, F_listings_live, N_("on sale")},
        {LIST_listings, F_listings_price, N_("price asked")},
        {LIST_listings, F_listings_coupon, N_("coupon")},
        {LIST_listings, F_listings_lane, N_("lane of orders")},
        {LIST_listings, F_listings_promise_days, N_("days promised")},
        {LIST_listings, F_listings_return_days, N_("days to return")},
        {LIST_listings, F_listings_duty_paid, N_("duty paid")},
        {LIST_listings, F_listings_bundle_units, N_("units in a bundle")},
        {LIST_listings, F_listings_title_terms, N_("title terms")},
        {LIST_listings, F_listings_content_spend, N_("spent on pictures")},
        {LIST_listings, F_listings_translation, N_("translation")},
        {LIST_reorders, F_reorders_point, N_("reorder point")},
        {LIST_reorders, F_reorders_up_to, N_("reorder level")},
        {LIST_campaigns, F_campaigns_bid, N_("bid")},
        {LIST_campaigns, F_campaigns_cap, N_("cap a day")},
        {LIST_campaigns, F_campaigns_exclusions, N_("excluded terms")},
        {LIST_brand, F_brand_brand_spend, N_("brand spending a day")},
        {LIST_brand, F_brand_social_spend, N_("social spending a day")},
        {LIST_customs, F_customs_mode, N_("customs mode")},
        {LIST_customs, F_customs_hs6, N_("customs class")},
        {LIST_customs, F_customs_declared_value, N_("declared value")},
        {LIST_registrations, F_registrations_ioss, N_("IOSS number")},
        {LIST_registrations, F_registrations_vat, N_("VAT number")},
        {LIST_payout, F_payout_convert, N_("payouts changed at once")},
        {LIST_agents, F_agents_responsible_person, N_("responsible person")},
        {LIST_agents, F_agents_service_hours, N_("hours of service a day")},
        {LIST_team, F_team_exit_plan, N_("plan to leave")},
        {LIST_team, F_team_training_spend, N_("spent on training")}};
    for (size_t i = 0; i < COUNT_OF(labels); i++)
        if (labels[i].list == list && market_field_index(list, labels[i].field) == field)
            return labels[i].text;
    return NULL;
}

/* Lists whose rows act once have no field that stands: the list is named. */
static const char *list_label(enum market_list list)
{
    switch (list) {
    case LIST_orders:
        return N_("orders to suppliers");
    case LIST_transfers:
        return N_("goods moved");
    case LIST_removals:
        return N_("goods written off");
    case LIST_refund_claims:
        return N_("claims of export tax");
    case LIST_loans:
        return N_("loans taken or repaid");
    case LIST_conversions:
        return N_("currency changed");
    case LIST_certificates:
        return N_("certificates applied for");
    case LIST_ip_checks:
        return N_("brand checks");
    case LIST_answers:
        return N_("answers to incidents");
    default:
        return NULL;
    }
}

static void append_row_name(const struct market_rules *rules, const struct decided_first *first,
                            struct buf *text)
{
    const struct market_list_info *list = market_list_info(first->list);
    for (int k = 0; k < list->keys; k++) {
        int64_t key = first->row.value[k].number;
        if (k > 0)
            buf_append_byte(text, '/');
        switch (list->fields[k].kind) {
        case KIND_REF_PRODUCT:
            buf_append_c(text, rules->products[key].name.id);
            break;
        case KIND_REF_MARKET:
            buf_append_c(text, rules->markets[key].name.id);
            break;
        case KIND_REF_CHANNEL:
            buf_append_c(text, rules->channels[key].id);
            break;
        default:
            buf_append_int64(text, key);
            break;
        }
    }
}

/* What holds where nobody decides (market/apply.h opens a listing so): known for return windows,
 * and for yes and no: no number, no person, no plan to leave; payouts are changed at once. */
static bool is_set_by_default(const struct decided_first *first, struct market_value *value)
{
    enum { RETURN_DAYS_USUAL = 14 };
    const struct market_field_info *field = &market_list_info(first->list)->fields[first->field];
    *value = (struct market_value){0};
    if (first->list == LIST_listings) {
        value->number = RETURN_DAYS_USUAL;
        return first->field == market_field_index(LIST_listings, F_listings_return_days);
    }
    value->number = first->list == LIST_payout;
    return field->kind == KIND_BOOL;
}

static void append_value(const struct market_rules *rules, const struct decided_first *first,
                         bool has, const struct market_value *value, enum lang lang,
                         struct buf *text)
{
    const struct market_list_info *list = market_list_info(first->list);
    struct currency currency;
    struct market_value unset;
    if (!has && is_set_by_default(first, &unset)) {
        has = true;
        value = &unset;
    }
    if (!has) {
        text_put0(text, lang, N_("as it stood"));
        return;
    }
    switch (list->fields[first->field].kind) {
    case KIND_BOOL:
        text_put0(text, lang, value->number != 0 ? N_("yes") : N_("no"));
        return;
    case KIND_TEXT:
        text_put(text, lang, N_("\"{0}\""), ERR_TEXT(value->text));
        return;
    case KIND_MONEY_LOCAL:
    case KIND_MONEY_HOME:
    case KIND_MONEY_FROM:
        if (!decisions_currency(rules, list, first->field, &first->row, &currency))
            currency = rules->currencies[0];
        money_append(text, value->number, currency);
        buf_format(text, " %s", currency.code);
        return;
    case KIND_REF_LANE:
        buf_append_c(text, value->number < 0 ? "-" : rules->lanes[value->number].name.id);
        return;
    case KIND_REF_SUPPLIER:
        buf_append_c(text, value->number < 0 ? "-" : rules->suppliers[value->number].name.id);
        return;
    default:
        buf_append_int64(text, value->number);
        return;
    }
}

bool decided_evidence_append(const struct market_rules *rules, const struct decided_change *change,
                             enum lang lang, struct buf *text)
{
    const struct decided_first *first = &change->first;
    int64_t all = change->units_a - change->units_b, one = change->product_a - change->product_b;
    bool swapped = 2 * (all < 0 ? -all : all) < (one < 0 ? -one : one);
    if (change->area == DECIDED_ORDERS && all != 0 && !swapped) {
        text_put(text, lang, N_("{0} units ordered against {1}, first in round {2}"),
                 ERR_INT(change->units_a), ERR_INT(change->units_b), ERR_INT(first->round));
        return true;
    }
    if (change->area == DECIDED_ORDERS && change->product_a != change->product_b) {
        text_put(text, lang, N_("{0} units of {3} ordered against {1}, first in round {2}"),
                 ERR_INT(change->product_a), ERR_INT(change->product_b), ERR_INT(first->round),
                 ERR_CTEXT(rules->products[change->product].name.id));
        return true;
    }
    if (first->field < 0 && list_label(first->list) != NULL) {
        text_put(text, lang, N_("{0}, first otherwise in round {1}"),
                 ERR_KEY(list_label(first->list)), ERR_INT(first->round));
        return true;
    }
    const char *label = first->field >= 0 ? field_label(first->list, first->field) : NULL;
    if (label == NULL)
        return false;
    struct buf name, a, b;
    buf_init(&name);
    buf_init(&a);
    buf_init(&b);
    append_row_name(rules, first, &name);
    append_value(rules, first, first->has_a, &first->a, lang, &a);
    append_value(rules, first, first->has_b, &first->b, lang, &b);
    text_put(text, lang,
             name.length > 0 ? N_("{1} of {0} {2} against {3}, from round {4}")
                             : N_("{1} {2} against {3}, from round {4}"),
             ERR_TEXT(buf_str(&name)), ERR_KEY(label), ERR_TEXT(buf_str(&a)), ERR_TEXT(buf_str(&b)),
             ERR_INT(first->round));
    buf_clear(&name);
    buf_clear(&a);
    buf_clear(&b);
    return true;
}
