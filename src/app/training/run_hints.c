#include "app/training/run_hints.h"

struct hints {
    struct run_hint *rows;
    int count;
};

static void add(struct hints *hints, enum run_hint_kind kind, int a, int b)
{
    if (hints->count < RUN_HINTS_MAX)
        hints->rows[hints->count++] = (struct run_hint){kind, a, b};
}

static void bids(const struct market_observation *seen, struct hints *hints)
{
    if (!seen->rules->promotion.open)
        return;
    for (int i = 0; i < seen->listing_count; i++) {
        const struct market_listing_view *listing = &seen->listings[i];
        for (int q = 0; listing->live && q < seen->rules->nests[listing->nest].query_count; q++)
            if (listing->campaigns[q].bid_minor > listing->campaigns[q].cap_minor)
                add(hints, HINT_BID_ABOVE_CAP, i, q);
    }
}

static void certificates(const struct market_observation *seen, struct hints *hints)
{
    const struct market_rules *rules = seen->rules;
    if (!rules->compliance.open)
        return;
    for (int i = 0; i < seen->certificate_count; i++) {
        const struct market_certificate_view *held = &seen->certificates[i];
        int category = rules->products[held->product].category;
        if (!rules->compliance.certificate_needed[category][held->market])
            add(hints, HINT_CERTIFICATE_NOT_NEEDED, held->product, held->market);
    }
}

static bool is_used(const struct market_observation *seen, int market)
{
    bool used = false;
    for (int i = 0; i < seen->listing_count; i++)
        used = used || (seen->listings[i].live && seen->listings[i].market == market);
    for (int i = 0; i < seen->stock_count; i++)
        used = used || (seen->stock[i].place == 1 + market && seen->stock[i].units > 0);
    for (int i = 0; i < seen->shipment_count; i++)
        used = used || seen->shipments[i].market == market;
    for (int i = 0; i < seen->order_count; i++) {
        int lane = seen->orders[i].lane;
        used = used || (lane >= 0 && seen->rules->lanes[lane].market == market);
    }
    return used;
}

static int64_t units_at(const struct market_observation *seen, int product, int place)
{
    int64_t units = 0;
    for (int i = 0; i < seen->stock_count; i++)
        if (seen->stock[i].product == product && seen->stock[i].place == place)
            units += seen->stock[i].units;
    return units;
}

/* A lane carries from one place: the warehouse of the market, or home. */
static void lanes(const struct market_observation *seen, struct hints *hints)
{
    for (int i = 0; i < seen->listing_count; i++) {
        const struct market_listing_view *listing = &seen->listings[i];
        if (!listing->live || listing->lane < 0)
            continue;
        bool local = seen->rules->lanes[listing->lane].kind == LANE_LOCAL;
        int from = local ? 1 + listing->market : 0, other = local ? 0 : 1 + listing->market;
        int pieces = listing->bundle_units > 1 ? listing->bundle_units : 1;
        if (units_at(seen, listing->product, from) < pieces &&
            units_at(seen, listing->product, other) >= pieces)
            add(hints, HINT_LANE_WITHOUT_STOCK, i, other);
    }
}

int run_hints_get(const struct market_observation *seen, bool repaid_nothing, struct run_hint *rows)
{
    struct hints hints = {.rows = rows};
    bids(seen, &hints);
    certificates(seen, &hints);
    for (int m = 0; seen->rules->customs.open && m < seen->rules->market_count; m++)
        if (seen->customs[m].vat && !is_used(seen, m))
            add(&hints, HINT_VAT_NOT_USED, -1, m);
    if (repaid_nothing)
        add(&hints, HINT_NO_LOAN_TO_REPAY, -1, -1);
    lanes(seen, &hints);
    return hints.count;
}

const char *run_hint_name(enum run_hint_kind kind)
{
    static const char *const names[RUN_HINT_KINDS] = {
        [HINT_BID_ABOVE_CAP] = "bid_above_cap",
        [HINT_CERTIFICATE_NOT_NEEDED] = "certificate_not_needed",
        [HINT_VAT_NOT_USED] = "vat_not_used",
        [HINT_NO_LOAN_TO_REPAY] = "no_loan_to_repay",
        [HINT_LANE_WITHOUT_STOCK] = "lane_without_stock"};
    return names[kind];
}
