/* What a rule of thumb decides at level 2 beside price and stock: titles, campaigns, brand,
 * customs, registrations, refunds, certificates and responsible persons. The novice does none of
 * it. */
#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "engine/market/policy_plan.h"

static const double steady_acos = 0.6; /* of the contribution margin, market model section 8 */
static const double conversion_prior = 0.05; /* units a view, as good as `prior_views` views */
static const double prior_views = 100;
static const double ads_cover_days = 7; /* what is nearly sold out is not advertised */
enum {
    BID_MOST = 1000000,
    CAP_MOST = 100000000,
    BRAND_MOST = 100000000,
    CLAIM_MOST = 1000000000,
    MODE_PARCELS = 9610,
    MODE_WAREHOUSE = 9810,
    CERTIFICATE_DAYS_LEFT = 28 /* of sales that a certificate must still serve */
};

static bool is_open(const struct plan *plan, enum market_field field)
{
    return market_field_level(plan->rules, field) <= plan->rules->level;
}

static struct market_row *row_add(struct arena *arena, struct market_seat_decisions *decisions,
                                  enum market_list list)
{
    struct market_rows *rows = &decisions->lists[list];
    int most = market_list_info(list)->rows_max;
    if (rows->count >= most)
        return NULL;
    struct market_row *copy = ARENA_ARRAY(arena, struct market_row, (size_t)most);
    if (rows->count > 0)
        memcpy(copy, rows->rows, (size_t)rows->count * sizeof(*copy));
    rows->rows = copy;
    return &copy[rows->count++];
}

static void text_set(struct market_row *row, enum market_list list, enum market_field field,
                     struct str text)
{
    market_row_set(row, field, 0);
    row->value[market_field_index(list, field)].text = text;
}

static int64_t clamp(double value, int64_t most)
{
    return value > 0 ? value < (double)most ? (int64_t)value : most : 0;
}

/* ---- storefront ---- */

/* The terms that buyers of the nest type, or what in them is only noise to the firm. */
static struct str terms_of(struct arena *arena, const struct market_nest *nest, bool waste)
{
    char *text = arena_array(arena, MARKET_QUERIES_MAX * (MARKET_WORD_MAX + 2), 1, 1);
    size_t length = 0;
    for (int q = 0; q < nest->query_count; q++) {
        const char *term = waste ? nest->queries[q].waste_term : nest->queries[q].term;
        size_t size = strnlen(term, MARKET_WORD_MAX);
        if (size == 0)
            continue;
        if (length > 0) {
            if (waste)
                text[length++] = ',';
            text[length++] = ' ';
        }
        memcpy(text + length, term, size);
        length += size;
    }
    return (struct str){text, length};
}

void policy_plan_title(struct arena *arena, const struct plan *plan,
                       const struct plan_outlet *outlet, struct market_row *row)
{
    const struct market_nest *nest = &plan->rules->nests[outlet->nest];
    bool told = outlet->view >= 0 && plan->seen->listings[outlet->view].relevance >= 1;
    if (plan->style.naive || !plan->rules->storefront.open || nest->query_count == 0 || told ||
        !is_open(plan, F_listings_title_terms))
        return;
    text_set(row, LIST_listings, F_listings_title_terms, terms_of(arena, nest, false));
}

/* ---- promotion ---- */

/* What is left of a door price after tax, channel and costs, as a share of it. */
static double margin_of(const struct plan *plan, const struct plan_outlet *outlet)
{
    const struct market_unit_cost *cost = &outlet->cost;
    if (!outlet->costed || outlet->price_minor <= 0)
        return 0;
    double price = (double)outlet->price_minor;
    int currency = plan->rules->markets[outlet->market].currency;
    double spent =
        (double)policy_plan_to_local(plan, currency, cost->landed_minor) + (double)cost->sale_minor;
    double margin = 1 / (1 + (double)cost->tax_rate_1e9 / 1e9) -
                    (double)cost->referral_rate_1e9 / 1e9 - spent / price;
    return margin > 0 ? margin : 0;
}

static double acos_of(const struct plan *plan, const struct plan_outlet *outlet)
{
    if (plan->style.ads == ADS_NONE)
        return 0;
    return plan->style.ads == ADS_HEAVY ? 0.25 : steady_acos * margin_of(plan, outlet);
}

/* Takings of a page view, local: those of the last round, with some views' worth of usual ones. */
static double view_worth(const struct plan *plan, const struct plan_outlet *outlet)
{
    double gross = prior_views * conversion_prior * (double)outlet->price_minor;
    double views = prior_views;
    if (outlet->view >= 0) {
        const struct market_listing_view *view = &plan->seen->listings[outlet->view];
        gross += view->round_gross_minor > 0 ? (double)view->round_gross_minor : 0;
        views += view->round_views > 0 ? (double)view->round_views : 0;
    }
    return gross / views;
}

/* A slot's price never passes the bid, so a bid of target x worth keeps the target; where clicks
 * cost more than it last round (their views sold less) it goes down with them. */
static int64_t bid_of(const struct plan *plan, const struct plan_outlet *outlet, double acos)
{
    double bid = acos * view_worth(plan, outlet);
    if (outlet->view >= 0) {
        const struct market_listing_view *view = &plan->seen->listings[outlet->view];
        double allowed = bid * (double)view->round_clicks;
        if (view->round_clicks > 0 && (double)view->round_ads_minor > allowed)
            bid *= allowed / (double)view->round_ads_minor;
    }
    return clamp(bid, BID_MOST);
}

static bool can_serve(const struct plan *plan, const struct plan_outlet *outlet)
{
    const struct plan_cell *cell = &plan->cells[outlet->cell];
    return cell->on_hand > 0 && (double)cell->on_hand >= ads_cover_days * cell->demand;
}

static void campaigns_put(struct arena *arena, const struct plan *plan,
                          struct market_seat_decisions *decisions)
{
    if (!plan->rules->promotion.open || !is_open(plan, F_campaigns_bid) ||
        !is_open(plan, F_campaigns_cap))
        return;
    for (int o = 0; o < plan->outlet_count; o++) {
        const struct plan_outlet *outlet = &plan->outlets[o];
        const struct market_nest *nest = &plan->rules->nests[outlet->nest];
        double acos = acos_of(plan, outlet);
        int64_t bid = can_serve(plan, outlet) ? bid_of(plan, outlet, acos) : 0;
        double takings = outlet->demand * (double)outlet->price_minor;
        struct str waste = terms_of(arena, nest, true);
        for (int q = 0; q < nest->query_count; q++) {
            int64_t before =
                outlet->view >= 0 ? plan->seen->listings[outlet->view].campaigns[q].bid_minor : 0;
            if (bid == 0 && before == 0)
                continue;
            struct market_row *row = row_add(arena, decisions, LIST_campaigns);
            if (row == NULL)
                return;
            market_row_set(row, F_campaigns_product, outlet->product);
            market_row_set(row, F_campaigns_market, outlet->market);
            market_row_set(row, F_campaigns_channel, nest->channel);
            market_row_set(row, F_campaigns_query_group, q);
            market_row_set(row, F_campaigns_bid, bid);
            int64_t cap = clamp(acos * takings * nest->queries[q].weight + 0.5, CAP_MOST);
            market_row_set(row, F_campaigns_cap, cap > bid ? cap : bid);
            if (waste.length > 0 && is_open(plan, F_campaigns_exclusions))
                text_set(row, LIST_campaigns, F_campaigns_exclusions, waste);
        }
    }
}

/* A share of the takings expected, less tax, for the brand; once for each market and channel. */
static void brand_put(struct arena *arena, const struct plan *plan,
                      struct market_seat_decisions *decisions)
{
    if (!(plan->style.brand_share > 0) || !plan->rules->promotion.open ||
        !is_open(plan, F_brand_brand_spend))
        return;
    for (int m = 0; m < plan->rules->market_count; m++)
        for (int c = 0; c < plan->rules->channel_count; c++) {
            double takings = 0;
            for (int o = 0; o < plan->outlet_count; o++) {
                const struct plan_outlet *outlet = &plan->outlets[o];
                if (outlet->market == m && plan->rules->nests[outlet->nest].channel == c)
                    takings += outlet->demand * (double)outlet->price_minor /
                               (1 + (double)outlet->cost.tax_rate_1e9 / 1e9);
            }
            int64_t local = clamp(plan->style.brand_share * takings, BRAND_MOST);
            int64_t spend = policy_plan_to_home(plan, plan->rules->markets[m].currency, local);
            struct market_row *row = takings > 0 ? row_add(arena, decisions, LIST_brand) : NULL;
            if (row == NULL)
                continue;
            market_row_set(row, F_brand_market, m);
            market_row_set(row, F_brand_channel, c);
            market_row_set(row, F_brand_brand_spend, spend < BRAND_MOST ? spend : BRAND_MOST);
        }
}

/* ---- customs ---- */

static bool declared_before(const struct market_rows *rows, const struct plan_outlet *outlet,
                            enum market_field product, enum market_field market)
{
    for (int r = 0; r < rows->count; r++)
        if (market_row_number(&rows->rows[r], product) == outlet->product &&
            market_row_number(&rows->rows[r], market) == outlet->market)
            return true;
    return false;
}

static void customs_put(struct arena *arena, const struct plan *plan,
                        struct market_seat_decisions *decisions)
{
    for (int o = 0; o < plan->outlet_count && is_open(plan, F_customs_mode); o++) {
        const struct plan_outlet *outlet = &plan->outlets[o];
        if (declared_before(&decisions->lists[LIST_customs], outlet, F_customs_product,
                            F_customs_market))
            continue;
        struct market_row *row = row_add(arena, decisions, LIST_customs);
        if (row == NULL)
            return;
        bool abroad = plan->cells[outlet->cell].market != PLAN_HOME;
        market_row_set(row, F_customs_product, outlet->product);
        market_row_set(row, F_customs_market, outlet->market);
        market_row_set(row, F_customs_mode, abroad ? MODE_WAREHOUSE : MODE_PARCELS);
    }
}

static void numbers_put(struct arena *arena, const struct plan *plan,
                        struct market_seat_decisions *decisions)
{
    bool vat_open = is_open(plan, F_registrations_vat);
    bool ioss_open = is_open(plan, F_registrations_ioss);
    for (int m = 0; m < plan->rules->market_count; m++) {
        bool taxed = false, parcels = false;
        for (int o = 0; o < plan->outlet_count; o++)
            if (plan->outlets[o].market == m) {
                taxed = taxed || plan->outlets[o].cost.tax_rate_1e9 > 0;
                parcels = parcels || plan->cells[plan->outlets[o].cell].market == PLAN_HOME;
            }
        bool vat = vat_open && taxed && !plan->seen->customs[m].vat;
        bool ioss = ioss_open && taxed && parcels && !plan->seen->customs[m].ioss;
        struct market_row *row = vat || ioss ? row_add(arena, decisions, LIST_registrations) : NULL;
        if (row == NULL)
            continue;
        market_row_set(row, F_registrations_market, m);
        if (vat)
            market_row_set(row, F_registrations_vat, 1);
        if (ioss)
            market_row_set(row, F_registrations_ioss, 1);
    }
}

static void claims_put(struct arena *arena, const struct plan *plan,
                       struct market_seat_decisions *decisions)
{
    for (int m = 0; m < plan->rules->market_count && is_open(plan, F_refund_claims_amount); m++) {
        int64_t claim = plan->seen->customs[m].refund_open_minor;
        struct market_row *row = claim > 0 ? row_add(arena, decisions, LIST_refund_claims) : NULL;
        if (row == NULL)
            continue;
        market_row_set(row, F_refund_claims_market, m);
        market_row_set(row, F_refund_claims_amount, claim < CLAIM_MOST ? claim : CLAIM_MOST);
    }
}

/* ---- compliance ---- */

static bool certificate_seen(const struct plan *plan, const struct plan_outlet *outlet)
{
    for (int i = 0; i < plan->seen->certificate_count; i++)
        if (plan->seen->certificates[i].product == outlet->product &&
            plan->seen->certificates[i].market == outlet->market)
            return true;
    return false;
}

static void certificates_put(struct arena *arena, const struct plan *plan,
                             struct market_seat_decisions *decisions)
{
    const struct market_compliance_rules *rules = &plan->rules->compliance;
    int32_t left = plan->rules->rounds * plan->rules->round_days - plan->seen->day;
    if (!is_open(plan, F_certificates_apply) ||
        left < rules->certificate_days + CERTIFICATE_DAYS_LEFT)
        return;
    for (int o = 0; o < plan->outlet_count; o++) {
        const struct plan_outlet *outlet = &plan->outlets[o];
        int category = plan->rules->products[outlet->product].category;
        if (!rules->certificate_needed[category][outlet->market] ||
            certificate_seen(plan, outlet) ||
            declared_before(&decisions->lists[LIST_certificates], outlet, F_certificates_product,
                            F_certificates_market))
            continue;
        struct market_row *row = row_add(arena, decisions, LIST_certificates);
        if (row == NULL)
            return;
        market_row_set(row, F_certificates_product, outlet->product);
        market_row_set(row, F_certificates_market, outlet->market);
        market_row_set(row, F_certificates_apply, 1);
    }
}

static void agents_put(struct arena *arena, const struct plan *plan,
                       struct market_seat_decisions *decisions)
{
    for (int m = 0; m < plan->rules->market_count && is_open(plan, F_agents_responsible_person);
         m++) {
        bool sold = false;
        for (int o = 0; o < plan->outlet_count; o++)
            sold = sold || plan->outlets[o].market == m;
        if (!sold || !plan->rules->compliance.responsible_needed[m] || plan->seen->responsible[m])
            continue;
        struct market_row *row = row_add(arena, decisions, LIST_agents);
        if (row == NULL)
            return;
        market_row_set(row, F_agents_market, m);
        market_row_set(row, F_agents_responsible_person, 1);
    }
}

void policy_plan_trade(struct arena *arena, const struct plan *plan,
                       struct market_seat_decisions *decisions)
{
    if (plan->style.naive)
        return;
    campaigns_put(arena, plan, decisions);
    brand_put(arena, plan, decisions);
    if (plan->rules->customs.open) {
        customs_put(arena, plan, decisions);
        numbers_put(arena, plan, decisions);
        claims_put(arena, plan, decisions);
    }
    if (plan->rules->compliance.open) {
        certificates_put(arena, plan, decisions);
        agents_put(arena, plan, decisions);
    }
}

/* ---- fields that a scenario opens later ---- */

/* Fields without which a row of its list is refused; its keys are told by the schema. */
static bool is_required(enum market_field field)
{
    switch (field) {
    case F_orders_product:
    case F_orders_supplier:
    case F_orders_units:
    case F_transfers_product:
    case F_transfers_lane:
    case F_transfers_units:
    case F_forecasts_units:
    case F_refund_claims_amount:
        return true;
    default:
        return false;
    }
}

static bool list_is_closed(const struct market_rules *rules, enum market_list list, int first)
{
    const struct market_list_info *info = market_list_info(list);
    for (int f = 0; f < info->field_count; f++) {
        enum market_field field = (enum market_field)(first + f);
        if ((f < info->keys || is_required(field)) &&
            market_field_level(rules, field) > rules->level)
            return true;
    }
    return market_list_level(rules, list) > rules->level;
}

void policy_plan_drop_closed(struct arena *arena, const struct plan *plan,
                             struct market_seat_decisions *decisions)
{
    int first = 0;
    for (int l = 0; l < LIST_COUNT && plan->rules->field_level_count > 0; l++) {
        const struct market_list_info *info = market_list_info((enum market_list)l);
        struct market_rows *rows = &decisions->lists[l];
        if (rows->count > 0 && list_is_closed(plan->rules, (enum market_list)l, first))
            *rows = (struct market_rows){0};
        struct market_row *copy = ARENA_ARRAY(arena, struct market_row, (size_t)rows->count + 1);
        for (int r = 0; r < rows->count; r++) {
            copy[r] = rows->rows[r];
            for (int f = 0; f < info->field_count; f++)
                if (market_field_level(plan->rules, (enum market_field)(first + f)) >
                    plan->rules->level)
                    copy[r].set &= ~(UINT32_C(1) << f);
        }
        rows->rows = copy;
        first += info->field_count;
    }
}
