#include "app/training/scenario_time.h"

#include <math.h>

/* Whether goods of the category are sold in the market at all. */
static bool is_sold_in(const struct market_rules *rules, int category, int market)
{
    for (int n = 0; n < rules->nest_count; n++)
        if (rules->nests[n].market == market && rules->nests[n].category == category)
            return true;
    return false;
}

bool scenario_routes(const struct market_rules *rules, int product, struct scenario_route *slowest,
                     struct scenario_route *quickest)
{
    bool any = false;
    for (int s = 0; s < rules->supplier_count; s++) {
        const struct market_supplier *maker = &rules->suppliers[s];
        if (maker->product != product)
            continue;
        for (int l = 0; l < rules->lane_count; l++) {
            const struct market_lane *lane = &rules->lanes[l];
            if (lane->kind == LANE_LOCAL ||
                !is_sold_in(rules, rules->products[product].category, lane->market))
                continue;
            struct scenario_route route = {s, l,
                                           maker->lead_days_min + maker->lead_gamma_mean +
                                               lane->days_min + lane->gamma_mean};
            if (!any || route.days > slowest->days)
                *slowest = route;
            if (!any || route.days < quickest->days)
                *quickest = route;
            any = true;
        }
    }
    return any;
}

static struct str shown(const struct market_name *name, enum lang lang)
{
    const char *text = lang == LANG_ZH && name->zh[0] != '\0' ? name->zh : name->en;
    return str_from_c(text[0] != '\0' ? text : name->id);
}

void scenario_time_put(struct buf *text, enum lang lang, const struct market_rules *rules,
                       int rounds)
{
    int days = rounds * rules->round_days;
    for (int p = 0; p < rules->product_count; p++) {
        struct scenario_route slowest, quickest;
        if (!scenario_routes(rules, p, &slowest, &quickest) || slowest.days <= 0.5 * days)
            continue;
        text_put(text, lang,
                 N_("Warning: {0} takes {3} days from '{1}' by '{2}', more than half of the run of "
                    "{4}."),
                 ERR_TEXT(shown(&rules->products[p].name, lang)),
                 ERR_TEXT(shown(&rules->suppliers[slowest.supplier].name, lang)),
                 ERR_TEXT(shown(&rules->lanes[slowest.lane].name, lang)),
                 ERR_INT((int64_t)ceil(slowest.days)), ERR_INT(days));
        buf_append_byte(text, ' ');
        text_put(
            text, lang,
            rules->round_days < MARKET_ROUND_DAYS_MAX
                ? N_("Remedy: rounds of 28 days, a shorter lane (the quickest route, '{0}' and "
                     "'{1}', takes {2} days) or a longer run ({3} days and more).")
                : N_("Remedy: a shorter lane (the quickest route, '{0}' and '{1}', takes {2} "
                     "days) or a longer run ({3} days and more)."),
            ERR_TEXT(shown(&rules->suppliers[quickest.supplier].name, lang)),
            ERR_TEXT(shown(&rules->lanes[quickest.lane].name, lang)),
            ERR_INT((int64_t)ceil(quickest.days)), ERR_INT((int64_t)ceil(2 * slowest.days)));
        buf_append_byte(text, '\n');
    }
}
