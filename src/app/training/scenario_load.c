#include "app/training/scenario_load.h"

#include "core/arena.h"

enum {
    LOAD_NESTS_LEVEL1 = 1,
    LOAD_PRODUCTS_LEVEL1 = 3,
    LOAD_DECISIONS_LEVEL1 = 8,
    LOAD_FIELDS_LEVEL1 = 15,
    LOAD_MARKETS_LEVEL2 = 2,
    LOAD_LISTINGS_LEVEL2 = 8,
    LOAD_FIELDS_LEVEL2 = 40,
};

static int least(int one, int other)
{
    return one < other ? one : other;
}

/* What one market offers a firm. */
struct market_load {
    int nests, listings;
    int goods;      /* products that can be sold there: each is ordered for itself */
    int lanes;      /* those of them whose lane abroad is a choice */
    int advertised; /* listings that can be sponsored */
};

static struct market_load market_count(const struct market_rules *rules, int market)
{
    struct market_load load = {0};
    int bulk = 0;
    for (int l = 0; l < rules->lane_count; l++)
        bulk += rules->lanes[l].market == market && rules->lanes[l].kind == LANE_BULK;
    for (int p = 0; p < rules->product_count; p++) {
        int places = 0;
        for (int n = 0; n < rules->nest_count; n++) {
            const struct market_nest *nest = &rules->nests[n];
            if (nest->market != market || nest->category != rules->products[p].category)
                continue;
            places++;
            load.advertised += rules->level >= 2 && rules->promotion.open && nest->query_count > 0;
        }
        load.listings += places;
        load.goods += places > 0;
        load.lanes += places > 0 && bulk > 1;
    }
    for (int n = 0; n < rules->nest_count; n++)
        load.nests += rules->nests[n].market == market;
    return load;
}

static int products_sold(const struct market_rules *rules)
{
    int count = 0;
    for (int p = 0; p < rules->product_count; p++) {
        bool sold = false;
        for (int n = 0; n < rules->nest_count; n++)
            sold = sold || rules->nests[n].category == rules->products[p].category;
        count += sold;
    }
    return count;
}

void scenario_load_count(const struct market_rules *rules, struct scenario_load *load)
{
    bool limited = rules->level >= 2; /* the limits of a firm open at level 2 */
    int most_markets = limited && rules->markets_max > 0
                           ? least(rules->markets_max, rules->market_count)
                           : rules->market_count;
    int most_listings =
        limited && rules->listings_max > 0 ? rules->listings_max : MARKET_LISTINGS_MAX;
    bool taken[MARKET_MARKETS_MAX] = {false};
    struct market_load sum = {0};
    /* The markets with the most listings: a firm may choose them. */
    for (int i = 0; i < most_markets; i++) {
        int best = -1;
        struct market_load of_best = {0};
        for (int m = 0; m < rules->market_count; m++) {
            struct market_load one = market_count(rules, m);
            if (taken[m] || (best >= 0 && one.listings <= of_best.listings))
                continue;
            best = m;
            of_best = one;
        }
        taken[best] = true;
        sum.nests += of_best.nests;
        sum.listings += of_best.listings;
        sum.goods += of_best.goods;
        sum.lanes += of_best.lanes;
        sum.advertised += of_best.advertised;
    }
    int listings = least(sum.listings, most_listings);
    int orders = least(sum.goods, listings);
    *load = (struct scenario_load){.nests = sum.nests,
                                   .products = products_sold(rules),
                                   .markets = most_markets,
                                   .listings = listings,
                                   .decisions = orders + listings};
    /* An order's units and lane; a listing's forecast, price and bid. */
    load->fields =
        orders + least(sum.lanes, orders) + 2 * listings + least(sum.advertised, listings);
}

static void over_put(struct buf *text, enum lang lang, const char *sentence, int level, int count,
                     int limit)
{
    if (count <= limit)
        return;
    text_put(text, lang, sentence, ERR_INT(level), ERR_INT(count), ERR_INT(limit));
    buf_append_byte(text, '\n');
}

static void level_put(struct buf *text, enum lang lang, int level, const struct scenario_load *load)
{
    static const char *const fields =
        N_("Warning: a round of level {0} asks for {1} fields, more than {2}: fewer listings.");
    text_put(
        text, lang,
        N_("A firm at level {0}: nests {1}, products {2}, markets {3}, listings {4}; decisions "
           "that must be made a round {5}, fields a round {6}."),
        ERR_INT(level), ERR_INT(load->nests), ERR_INT(load->products), ERR_INT(load->markets),
        ERR_INT(load->listings), ERR_INT(load->decisions), ERR_INT(load->fields));
    buf_append_byte(text, '\n');
    if (level == 1) {
        over_put(text, lang,
                 N_("Warning: level {0} opens {1} nests to a firm, more than {2}: fewer markets, "
                    "channels or categories."),
                 level, load->nests, LOAD_NESTS_LEVEL1);
        over_put(text, lang,
                 N_("Warning: level {0} has {1} products, more than {2}: fewer products."), level,
                 load->products, LOAD_PRODUCTS_LEVEL1);
        over_put(text, lang,
                 N_("Warning: a round of level {0} has {1} decisions that must be made, more than "
                    "{2}: fewer products or listings."),
                 level, load->decisions, LOAD_DECISIONS_LEVEL1);
        over_put(text, lang, fields, level, load->fields, LOAD_FIELDS_LEVEL1);
        return;
    }
    over_put(text, lang,
             N_("Warning: a firm at level {0} may sell in {1} markets at once, more than {2}: set "
                "markets_max."),
             level, load->markets, LOAD_MARKETS_LEVEL2);
    over_put(text, lang,
             N_("Warning: a firm at level {0} may have {1} listings at once, more than {2}: set "
                "listings_max."),
             level, load->listings, LOAD_LISTINGS_LEVEL2);
    over_put(text, lang, fields, level, load->fields, LOAD_FIELDS_LEVEL2);
}

enum err scenario_load_put(struct arena *arena, struct buf *text, enum lang lang,
                           const struct scenario *scenario, struct problem *problem)
{
    for (int level = 1; level <= scenario->rules.level && level <= MARKET_LEVEL_PLAYED; level++) {
        struct scenario lower = *scenario;
        struct scenario_load load;
        TRY(scenario_level_lower(arena, &lower, level, problem));
        scenario_load_count(&lower.rules, &load);
        level_put(text, lang, level, &load);
    }
    return ERR_OK;
}
