/* Sourcing: standing reorders, training, the exit plan, insurance and accidents
 * (docs/model-level2.md). */
#include "engine/market/sourcing.h"

#include "core/detmath.h"
#include "engine/market/codec.h"
#include "engine/market/work.h"

/* A rule asks a supplier at most once in so many days, also when it was refused: the clerk bundles
 * a week. */
enum { REORDER_PAUSE_DAYS = 7, ORDER_UNITS_MAX = 1000000 };
static const double training_most = 0.5; /* at most half of the mistakes can be trained away */

double market_training_factor(const struct market_work *work, int f)
{
    const struct market_sourcing_rules *rules = &work->rules->sourcing;
    double stock = work->state->firms[f].sourcing.training;
    if (!rules->open || !(stock > 0))
        return 1;
    double gain = rules->training_effect * dm_log(1 + stock / (double)rules->training_scale_minor);
    return 1 - (gain < training_most ? gain : training_most);
}

/* ---- decisions ---- */

static void apply_reorder(struct market_firm *firm, const struct market_row *row)
{
    struct market_reorder *reorder = &firm->reorders[market_row_number(row, F_reorders_product)];
    if (reorder->supplier < 0)
        reorder->lane = -1;
    if (market_row_has(row, F_reorders_supplier))
        reorder->supplier = (int)market_row_number(row, F_reorders_supplier);
    if (market_row_has(row, F_reorders_lane))
        reorder->lane = (int)market_row_number(row, F_reorders_lane);
    if (market_row_has(row, F_reorders_point))
        reorder->point = market_row_number(row, F_reorders_point);
    if (market_row_has(row, F_reorders_up_to))
        reorder->up_to = market_row_number(row, F_reorders_up_to);
}

static void apply_team(struct market_sourcing_firm *firm, const struct market_row *row)
{
    if (market_row_has(row, F_team_training_spend))
        firm->training_minor = market_row_number(row, F_team_training_spend);
    if (market_row_has(row, F_team_exit_plan))
        firm->exit_plan = market_row_number(row, F_team_exit_plan) != 0;
}

enum err market_sourcing_apply(struct market_work *work, int f,
                               const struct market_seat_decisions *decisions)
{
    struct market_firm *firm = &work->state->firms[f];
    if (!work->rules->sourcing.open)
        return ERR_OK;
    const struct market_rows *rows = &decisions->lists[LIST_reorders];
    for (int r = 0; r < rows->count; r++)
        apply_reorder(firm, &rows->rows[r]);
    rows = &decisions->lists[LIST_team];
    for (int r = 0; r < rows->count; r++)
        apply_team(&firm->sourcing, &rows->rows[r]);
    /* Training of a round is given on its first day, if it can be paid. */
    int64_t spend = firm->sourcing.training_minor;
    if (firm->administration || spend > market_can_pay(work, f))
        return ERR_OK;
    market_post(work, f, 0, ACCOUNT_PAYROLL, ACCOUNT_CASH, spend, REASON_TRAINING, -1);
    firm->sourcing.training += (double)spend;
    return ERR_OK;
}

/* ---- days ---- */

/* Units of a product the firm has anywhere, on order and on the way. */
static int64_t position_of(const struct market_state *state, const struct market_firm *firm,
                           int product)
{
    int64_t units = 0;
    for (int place = 0; place < state->place_count; place++)
        units += market_stock_at(state, firm, place, product)->units;
    for (int o = 0; o < firm->order_count; o++)
        units += firm->orders[o].product == product ? firm->orders[o].units : 0;
    for (int s = 0; s < firm->shipment_count; s++)
        units += firm->shipments[s].product == product ? firm->shipments[s].units : 0;
    return units;
}

static void reorder_day(struct market_work *work, int f, int product)
{
    struct market_firm *firm = &work->state->firms[f];
    struct market_reorder *reorder = &firm->reorders[product];
    bool paused =
        reorder->asked_day > 0 && work->day - (reorder->asked_day - 1) < REORDER_PAUSE_DAYS;
    if (reorder->supplier < 0 || paused || firm->sourcing.exit_plan)
        return;
    int64_t position = position_of(work->state, firm, product);
    int64_t units = reorder->up_to - position;
    if (position > reorder->point || units <= 0)
        return;
    int64_t least = work->rules->suppliers[reorder->supplier].breaks[0].units_min;
    units = units > least ? units : least;
    struct market_order_terms terms = {.product = product,
                                       .supplier = reorder->supplier,
                                       .lane = reorder->lane,
                                       .units = units < ORDER_UNITS_MAX ? units : ORDER_UNITS_MAX};
    reorder->asked_day = work->day + 1;
    (void)market_order_place(work, f, &terms);
}

void market_sourcing_day(struct market_work *work)
{
    for (int f = 0; f < work->state->firm_count && work->rules->sourcing.open; f++) {
        struct market_sourcing_firm *firm = &work->state->firms[f].sourcing;
        firm->training *= work->rules->sourcing.training_keep;
        for (int p = 0; p < work->state->product_count; p++)
            reorder_day(work, f, p);
    }
    market_orders_schedule(work);
}

int64_t market_sourcing_wages(const struct market_work *work, int f)
{
    const struct market_firm *firm = &work->state->firms[f];
    int64_t wages = work->rules->finance.payroll_per_day_minor;
    if (!firm->sourcing.exit_plan)
        return wages;
    for (int p = 0; p < work->state->product_count; p++)
        if (position_of(work->state, firm, p) > 0)
            return wages;
    return 0;
}

/* ---- insurance ---- */

int64_t market_insurance_premium(const struct market_rules *rules, int64_t goods_minor)
{
    return market_share_of(goods_minor, rules->sourcing.insurance_rate_1e9, RATE_ONE);
}

void market_sourcing_accident(struct market_work *work, int f, struct market_shipment *shipment)
{
    const struct market_sourcing_rules *rules = &work->rules->sourcing;
    double rate = work->rules->lanes[shipment->lane].loss_rate;
    if (!rules->open || rate <= 0 || shipment->units <= 0)
        return;
    /* What a firm sends of a product by a lane on one day travels together. */
    struct rng_words words =
        market_draw(work, STREAM_ACCIDENT, (uint64_t)f,
                    (uint64_t)shipment->lane << 48 | (uint64_t)shipment->product << 32 |
                        (uint64_t)(uint32_t)shipment->sent_day);
    if (rng_uniform(words.word[0]) >= rate)
        return;
    int64_t lost = (int64_t)((double)shipment->units * rules->bulk_loss_share + 0.5);
    lost = lost < 1 ? 1 : lost > shipment->units ? shipment->units : lost;
    int64_t goods = market_share_of(shipment->goods_minor, lost, shipment->units);
    int64_t freight = market_share_of(shipment->freight_minor, lost, shipment->units);
    market_post(work, f, 0, ACCOUNT_WRITE_OFF, ACCOUNT_TRANSIT, goods + freight, REASON_LOSS,
                shipment->product);
    if (shipment->insured)
        market_post(work, f, 0, ACCOUNT_CASH, ACCOUNT_WRITE_OFF, goods, REASON_INSURANCE,
                    shipment->product);
    shipment->goods_minor -= goods;
    shipment->freight_minor -= freight;
    shipment->units -= lost;
    work->state->firms[f].units[shipment->product].written_off += lost;
    market_notice_add(work, f, NOTICE_ACCIDENT, shipment->product, shipment->lane, lost);
}

/* ---- rules, bytes and defaults ---- */

static bool within(double value, double least, double most)
{
    return value >= least && value <= most; /* false for what is not a number */
}

static enum err refused(struct problem *problem, const char *place)
{
    problem_set(problem, ERR_SCENARIO, ERR_CTEXT("a figure of sourcing is out of its range"));
    return problem_place(problem, "%s", place);
}

enum err market_sourcing_check(const struct market_rules *rules, struct problem *problem)
{
    const struct market_sourcing_rules *own = &rules->sourcing;
    for (int s = 0; s < rules->supplier_count; s++) {
        const struct market_bot_supplier *bot = &rules->suppliers[s].bot;
        if (!bot->bot ||
            (bot->cost_minor >= 1 && bot->cost_minor <= RATE_ONE && within(bot->margin, 0, 1e9) &&
             within(bot->quantity_ref, 1, 1e6) && within(bot->capacity_per_day, 1e-3, 1e9)))
            continue;
        (void)refused(problem, "bot");
        problem_place_prefix(problem, "suppliers[%d].", s);
        return ERR_SCENARIO;
    }
    if (!own->open)
        return ERR_OK;
    if (own->insurance_rate_1e9 < 0 || own->insurance_rate_1e9 > RATE_ONE)
        return refused(problem, "sourcing.insurance_rate");
    if (!within(own->bulk_loss_share, 0, 1))
        return refused(problem, "sourcing.bulk_loss_share");
    if (!within(own->training_effect, 0, 10))
        return refused(problem, "sourcing.training_effect");
    if (own->training_scale_minor < 1)
        return refused(problem, "sourcing.training_scale");
    return within(own->training_keep, 0, 1) ? ERR_OK : refused(problem, "sourcing.training_keep");
}

void market_sourcing_code_firm(struct market_codec *codec, struct market_sourcing_firm *firm)
{
    codec_f64(codec, &firm->training);
    codec_i64(codec, &firm->training_minor);
    codec_bool(codec, &firm->exit_plan);
    if (!(firm->training >= 0) || firm->training_minor < 0)
        codec->damaged = true;
}

void market_sourcing_code_reorder(struct market_codec *codec, struct market_reorder *reorder,
                                  int suppliers, int lanes)
{
    codec_int(codec, &reorder->supplier, -1, suppliers - 1);
    codec_int(codec, &reorder->lane, -1, lanes - 1);
    codec_i64(codec, &reorder->point);
    codec_i64(codec, &reorder->up_to);
    codec_i32(codec, &reorder->asked_day);
    if (reorder->point < 0 || reorder->point > ORDER_UNITS_MAX || reorder->up_to < 0 ||
        reorder->up_to > ORDER_UNITS_MAX || reorder->asked_day < 0)
        codec->damaged = true;
}

/* All *assumed*: docs/model-level2.md, sourcing. */
void market_sourcing_defaults(struct market_sourcing_rules *rules, int64_t usd_minor)
{
    *rules = (struct market_sourcing_rules){
        .open = true,
        .insurance_rate_1e9 = 3000000,
        .bulk_loss_share = 0.5,
        .training_effect = 0.2,
        .training_scale_minor = 100 * usd_minor,
        .training_keep = 0.99,
    };
}
