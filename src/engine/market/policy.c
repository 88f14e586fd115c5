/* The policies: prices and promises of the listings, forecasts; stock is policy_stock.c's. */
#include "engine/market/policy.h"

#include "core/arena.h"
#include "core/detmath.h"
#include "engine/market/policy_plan.h"

/* Elasticity of a firm's own price, -3.2: a unit earns most at e / (e - 1) of its break-even. */
enum { MARKUP_OVER = 32, MARKUP_UNDER = 22 };
enum { NOVICE_OVER = 165, NOVICE_UNDER = 100 };
enum { PRICE_MOST = 100000000, FORECAST_MOST = 1000000 };
/* Of demand when a price changes: between -0.7, when all firms change theirs alike, and -2.7, when
 * one does (docs/model.md, bands). */
static const double impact_elasticity = -1.2;
static const double novice_hope = 1.25; /* of what he sold, for the round to come; *assumed* */

static const char *const names[POLICY_COUNT] = {
    [POLICY_NOVICE] = "novice", [POLICY_STEADY] = "steady",       [POLICY_CHEAP] = "cheap",
    [POLICY_AIR] = "air",       [POLICY_PREMIUM] = "premium",     [POLICY_LATE] = "late",
    [POLICY_OVER] = "over",     [POLICY_HEAVY_ADS] = "heavy-ads", [POLICY_NO_ADS] = "no-ads"};

static const struct plan_style styles[POLICY_COUNT] = {
    [POLICY_NOVICE] = {.price_factor = 1, .stock_factor = 1, .naive = true},
    [POLICY_STEADY] = {.price_factor = 1, .stock_factor = 1},
    [POLICY_CHEAP] = {.price_factor = 0.88, .stock_factor = 1},
    [POLICY_PREMIUM] = {.price_factor = 1.2, .stock_factor = 1},
    [POLICY_AIR] = {.price_factor = 1, .stock_factor = 1, .fastest = true},
    [POLICY_LATE] = {.price_factor = 1, .stock_factor = 1, .late = true},
    [POLICY_OVER] = {.price_factor = 1, .stock_factor = 1.7},
    [POLICY_HEAVY_ADS] = {.price_factor = 1,
                          .stock_factor = 1,
                          .ads = ADS_HEAVY,
                          .brand_share = 0.08},
    [POLICY_NO_ADS] = {.price_factor = 1, .stock_factor = 1, .ads = ADS_NONE}};

const char *market_policy_name(enum market_policy policy)
{
    return (unsigned)policy < POLICY_COUNT ? names[policy] : "";
}

bool market_policy_from_name(struct str name, enum market_policy *policy)
{
    for (int p = 0; p < POLICY_COUNT; p++)
        if (str_equal_c(name, names[p])) {
            *policy = (enum market_policy)p;
            return true;
        }
    return false;
}

/* Into the band that market_decisions_check allows. */
static int64_t price_clamp(const struct market_nest *nest, int64_t price)
{
    int64_t least = (nest->price_ref_minor + 4) / 5, most = nest->price_ref_minor * 5;
    most = most < PRICE_MOST ? most : PRICE_MOST;
    return price < least ? least : price > most ? most : price;
}

static int64_t price_scale(int64_t price, int64_t over, int64_t under)
{
    int64_t scaled = 0;
    return int64_multiply_divide(price, over, under, ROUND_HALF_UP, &scaled) ? scaled : price;
}

/* The price a policy aims at; the usual price where the cost cannot be reckoned. */
static int64_t price_aim(const struct plan *plan, const struct plan_outlet *outlet)
{
    const struct market_nest *nest = &plan->rules->nests[outlet->nest];
    int currency = plan->rules->markets[outlet->market].currency;
    if (!outlet->costed || outlet->cost.break_even_minor == INT64_MAX)
        return nest->price_ref_minor;
    if (plan->style.naive)
        return price_scale(policy_plan_to_local(plan, currency, outlet->cost.landed_minor) +
                               outlet->cost.sale_minor,
                           NOVICE_OVER, NOVICE_UNDER);
    int64_t price = price_scale(outlet->cost.break_even_minor, MARKUP_OVER, MARKUP_UNDER);
    int64_t factor_1e9 = (int64_t)(plan->style.price_factor * 1e9 + 0.5);
    return price_scale(price, factor_1e9, RATE_ONE);
}

/* Half way to the aim a round, all the way when it is within a hundredth; what is new starts there.
 */
static int64_t price_step(int64_t before, int64_t aim)
{
    int64_t gap = aim - before;
    return before <= 0 || (gap < 0 ? -gap : gap) <= aim / 100 ? aim : before + gap / 2;
}

/* Units in an order of the listing: people may have made it a bundle, policies leave it at that. */
static int64_t bundle_of(const struct plan *plan, const struct plan_outlet *outlet)
{
    int units = outlet->view >= 0 ? plan->seen->listings[outlet->view].bundle_units : 1;
    return units > 1 ? units : 1;
}

static void prices_decide(struct plan *plan)
{
    for (int o = 0; o < plan->outlet_count; o++) {
        struct plan_outlet *outlet = &plan->outlets[o];
        const struct market_nest *nest = &plan->rules->nests[outlet->nest];
        int64_t before = outlet->view >= 0 ? plan->seen->listings[outlet->view].price_minor /
                                                 bundle_of(plan, outlet)
                                           : 0;
        int64_t aim = price_clamp(nest, price_aim(plan, outlet));
        outlet->price_minor = plan->style.naive ? aim : price_clamp(nest, price_step(before, aim));
        if (plan->style.naive || before <= 0)
            continue;
        /* What was asked for was asked for at the old price. */
        double ratio = (double)outlet->price_minor / (double)before;
        ratio = ratio < 0.5 ? 0.5 : ratio > 2 ? 2 : ratio;
        double effect = dm_pow(ratio, impact_elasticity);
        outlet->level *= effect;
        outlet->variance *= effect * effect;
    }
    policy_plan_sum(plan);
}

static int64_t home_units(const struct plan *plan, int product)
{
    int64_t units = 0;
    for (int i = 0; i < plan->seen->stock_count; i++)
        if (plan->seen->stock[i].product == product && plan->seen->stock[i].place == 0)
            units += plan->seen->stock[i].units;
    return units;
}

/* From home while the warehouse abroad is empty and the goods lie at home, else the plan's lane. */
static int lane_now(const struct plan *plan, const struct plan_outlet *outlet)
{
    const struct plan_cell *cell = &plan->cells[outlet->cell];
    if (cell->market == PLAN_HOME || cell->on_hand > 0 || home_units(plan, outlet->product) == 0)
        return outlet->lane;
    int best = -1;
    for (int l = 0; l < plan->rules->lane_count; l++)
        if (plan->rules->lanes[l].kind == LANE_DIRECT &&
            plan->rules->lanes[l].market == outlet->market &&
            (best < 0 || policy_plan_lane_promise(plan, l) < policy_plan_lane_promise(plan, best)))
            best = l;
    return best >= 0 ? best : outlet->lane;
}

/* Steady promises what the lane kept on four days of five, from a warehouse at the door on 58 of
 * 60, as channels tolerate few late parcels; the novice its days on average. */
static int64_t promise_of(const struct plan *plan, int lane)
{
    double days = plan->style.naive ? policy_plan_lane_days(plan, lane)
                  : plan->rules->lanes[lane].kind == LANE_LOCAL
                      ? policy_plan_lane_sure(plan, lane)
                      : policy_plan_lane_promise(plan, lane);
    int64_t whole = (int64_t)days;
    if (!plan->style.naive && (double)whole < days)
        whole++;
    return whole < 1 ? 1 : whole > MARKET_LANE_DAYS_MAX ? MARKET_LANE_DAYS_MAX : whole;
}

static void keys_set(struct market_row *row, const struct plan *plan,
                     const struct plan_outlet *outlet, enum market_field product,
                     enum market_field market, enum market_field channel)
{
    market_row_set(row, product, outlet->product);
    market_row_set(row, market, outlet->market);
    market_row_set(row, channel, plan->rules->nests[outlet->nest].channel);
}

static void listings_put(struct arena *arena, const struct plan *plan,
                         struct market_seat_decisions *decisions)
{
    struct market_row *rows = ARENA_ARRAY(arena, struct market_row, (size_t)plan->outlet_count + 1);
    for (int o = 0; o < plan->outlet_count; o++) {
        const struct plan_outlet *outlet = &plan->outlets[o];
        struct market_row *row = &rows[o];
        keys_set(row, plan, outlet, F_listings_product, F_listings_market, F_listings_channel);
        market_row_set(row, F_listings_live, 1);
        market_row_set(row, F_listings_price, outlet->price_minor * bundle_of(plan, outlet));
        market_row_set(row, F_listings_coupon, 0);
        policy_plan_title(arena, plan, outlet, row);
        int lane = lane_now(plan, outlet);
        if (lane < 0)
            continue; /* no lane reaches these buyers */
        market_row_set(row, F_listings_lane, lane);
        market_row_set(row, F_listings_promise_days, promise_of(plan, lane));
    }
    decisions->lists[LIST_listings] =
        (struct market_rows){.count = plan->outlet_count, .rows = rows};
}

static void forecasts_put(struct arena *arena, const struct plan *plan,
                          struct market_seat_decisions *decisions)
{
    struct market_row *rows = ARENA_ARRAY(arena, struct market_row, (size_t)plan->outlet_count + 1);
    for (int o = 0; o < plan->outlet_count; o++) {
        const struct plan_outlet *outlet = &plan->outlets[o];
        double hope = plan->style.naive ? novice_hope : 1;
        double units = hope * outlet->demand * plan->rules->round_days + 0.5;
        keys_set(&rows[o], plan, outlet, F_forecasts_product, F_forecasts_market,
                 F_forecasts_channel);
        market_row_set(&rows[o], F_forecasts_units,
                       units < FORECAST_MOST ? (int64_t)units : FORECAST_MOST);
    }
    decisions->lists[LIST_forecasts] =
        (struct market_rows){.count = plan->outlet_count, .rows = rows};
}

void market_policy_decide(struct arena *arena, enum market_policy policy,
                          const struct market_observation *observation,
                          struct market_seat_decisions *decisions)
{
    *decisions = (struct market_seat_decisions){0};
    struct plan *plan = policy_plan_make(arena, observation, &styles[policy]);
    prices_decide(plan);
    listings_put(arena, plan, decisions);
    forecasts_put(arena, plan, decisions);
    if (plan->style.naive)
        policy_plan_order_novice(arena, plan, decisions);
    else
        policy_plan_order_steady(arena, plan, decisions);
    policy_plan_trade(arena, plan, decisions);
    policy_plan_drop_closed(arena, plan, decisions);
}
