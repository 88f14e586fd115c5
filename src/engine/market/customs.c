/* Customs: declarations, registrations, export-tax refunds (docs/model-level2.md, customs). */
#include "engine/market/customs.h"

#include <string.h>

#include "engine/market/work.h"

static const double hold_most = 0.95; /* a hold is never certain */
enum { FOUND_MOST = 1000 };

/* IOSS exists in the European Union only (Directive (EU) 2017/2455, in force since 2021-07-01). */
static bool in_european_union(const char *market)
{
    static const char members[] = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU "
                                  "IE IT LT LU LV MT NL PL PT RO SE SI SK ";
    for (const char *at = members; *at != '\0'; at += 3)
        if (strncmp(at, market, 2) == 0)
            return true;
    return false;
}

static struct market_customs_declaration *declaration_of(const struct market_work *work, int f,
                                                         int product, int market)
{
    return market_declaration_at(work->state, &work->state->firms[f], product, market);
}

/* ---- decisions ---- */

static void apply_declaration(struct market_work *work, int f, const struct market_row *row)
{
    struct market_customs_declaration *declared =
        declaration_of(work, f, (int)market_row_number(row, F_customs_product),
                       (int)market_row_number(row, F_customs_market));
    if (market_row_has(row, F_customs_mode))
        declared->mode = 1 + market_customs_mode_find(market_row_number(row, F_customs_mode));
    if (market_row_has(row, F_customs_declared_value))
        declared->declared_minor = market_row_number(row, F_customs_declared_value);
    if (market_row_has(row, F_customs_hs6)) {
        struct str text = row->value[market_field_index(LIST_customs, F_customs_hs6)].text;
        memcpy(declared->hs6, text.text, 6); /* six digits: checked */
    }
}

static void apply_registration(struct market_work *work, int f, const struct market_row *row)
{
    struct market_customs_firm *held =
        &work->state->firms[f].customs[market_row_number(row, F_registrations_market)];
    if (market_row_has(row, F_registrations_ioss))
        held->ioss = market_row_number(row, F_registrations_ioss) != 0;
    if (market_row_has(row, F_registrations_vat))
        held->vat = market_row_number(row, F_registrations_vat) != 0;
}

static void refund_schedule(struct market_work *work, int f, int mode, int64_t amount)
{
    int days = work->rules->customs.refund_days[mode];
    work->state->firms[f].refunds_minor[(work->day + days) % REFUND_RING] += amount;
}

static int64_t refund_open(const struct market_customs_firm *held)
{
    int64_t open = 0;
    for (int mode = 0; mode < CUSTOMS_MODES; mode++)
        open += held->refund_open_minor[mode];
    return open;
}

/* What is open under the mode that pays soonest is claimed first. */
static int mode_soonest(const struct market_customs_rules *rules,
                        const struct market_customs_firm *held)
{
    int best = -1;
    for (int mode = 0; mode < CUSTOMS_MODES; mode++)
        if (held->refund_open_minor[mode] > 0 &&
            (best < 0 || rules->refund_days[mode] < rules->refund_days[best]))
            best = mode;
    return best;
}

/* What is claimed is booked now, for the products that earned it. */
static void claim_book(struct market_work *work, int f, int market, int64_t amount)
{
    int products = work->rules->product_count;
    int64_t weights[MARKET_PRODUCTS_MAX] = {0}, parts[MARKET_PRODUCTS_MAX] = {0};
    for (int p = 0; p < products; p++)
        weights[p] = declaration_of(work, f, p, market)->open_minor;
    int64_apportion(amount, weights, (size_t)products, parts);
    for (int p = 0; p < products; p++) {
        declaration_of(work, f, p, market)->open_minor -= parts[p];
        market_post(work, f, 0, ACCOUNT_REFUND, ACCOUNT_COGS, parts[p], REASON_EXPORT_REFUND, p);
    }
}

static void apply_claim(struct market_work *work, int f, const struct market_row *row)
{
    int market = (int)market_row_number(row, F_refund_claims_market);
    int64_t amount = market_row_number(row, F_refund_claims_amount);
    struct market_customs_firm *held = &work->state->firms[f].customs[market];
    int64_t open = refund_open(held);
    if (amount > open) {
        market_notice_add(work, f, NOTICE_CLAIM_SHORT, market, -1, open);
        return;
    }
    claim_book(work, f, market, amount);
    while (amount > 0) {
        int mode = mode_soonest(&work->rules->customs, held);
        int64_t part = held->refund_open_minor[mode];
        part = part < amount ? part : amount;
        held->refund_open_minor[mode] -= part;
        refund_schedule(work, f, mode, part);
        amount -= part;
    }
}

enum err market_customs_apply(struct market_work *work, int f,
                              const struct market_seat_decisions *decisions)
{
    if (!work->rules->customs.open)
        return ERR_OK;
    const struct market_rows *rows = &decisions->lists[LIST_customs];
    for (int r = 0; r < rows->count; r++)
        apply_declaration(work, f, &rows->rows[r]);
    rows = &decisions->lists[LIST_registrations];
    for (int r = 0; r < rows->count; r++)
        apply_registration(work, f, &rows->rows[r]);
    rows = &decisions->lists[LIST_refund_claims];
    for (int r = 0; r < rows->count; r++)
        apply_claim(work, f, &rows->rows[r]);
    return ERR_OK;
}

/* ---- export ---- */

static bool mode_fits(int mode, bool parcels)
{
    return mode == CUSTOMS_0110 || (parcels && (mode == CUSTOMS_9610 || mode == CUSTOMS_1210)) ||
           (!parcels && mode == CUSTOMS_9810);
}

enum market_customs_mode market_customs_mode_used(const struct market_customs_declaration *declared,
                                                  bool parcels)
{
    if (mode_fits(declared->mode - 1, parcels))
        return (enum market_customs_mode)(declared->mode - 1);
    return parcels ? CUSTOMS_9610 : CUSTOMS_0110;
}

int64_t market_customs_refund(const struct market_customs_rules *rules, int64_t purchase_minor)
{
    return market_share_of(purchase_minor, rules->refund_rate_1e9,
                           RATE_ONE + rules->input_tax_rate_1e9);
}

void market_customs_export(struct market_work *work, int f, int product, int market, bool parcels,
                           int64_t units, int64_t purchase_minor)
{
    const struct market_customs_rules *rules = &work->rules->customs;
    if (!rules->open)
        return;
    struct market_customs_declaration *declared = declaration_of(work, f, product, market);
    enum market_customs_mode mode = market_customs_mode_used(declared, parcels);
    /* Parcels leave every day: told once a round. */
    bool unfit = declared->mode > 0 && declared->mode - 1 != (int)mode;
    if (unfit && (!parcels || work->day == work->state->day))
        market_notice_add(work, f, NOTICE_MODE_UNFIT, product, market, 0);
    if (rules->refund_days[mode] < 0)
        return; /* exempt: neither tax nor refund */
    int64_t refund = market_customs_refund(rules, purchase_minor);
    if (mode == CUSTOMS_9810 || mode == CUSTOMS_1210) {
        market_post(work, f, 0, ACCOUNT_REFUND, ACCOUNT_COGS, refund, REASON_EXPORT_REFUND,
                    product);
        refund_schedule(work, f, mode, refund);
    } else {
        work->state->firms[f].customs[market].refund_open_minor[mode] += refund;
        declared->open_minor += refund;
    }
    if (!parcels) {
        struct market_customs_ahead *ahead =
            mode == CUSTOMS_9810 ? &declared->provisional : &declared->final;
        ahead->units += units;
        ahead->refund_minor += refund;
    }
}

/* Takes up to `units` out; returns the units taken, and the refund on them. */
static int64_t ahead_take(struct market_customs_ahead *ahead, int64_t units, int64_t *refund)
{
    int64_t taken = units < ahead->units ? units : ahead->units;
    *refund = taken > 0 ? market_share_of(ahead->refund_minor, taken, ahead->units) : 0;
    ahead->units -= taken;
    ahead->refund_minor -= *refund;
    return taken;
}

/* Goods under 9810 count as sold first: their refund waits for it. */
void market_customs_sold(struct market_work *work, int f, int product, int market, int64_t units)
{
    if (!work->rules->customs.open)
        return;
    struct market_customs_declaration *declared = declaration_of(work, f, product, market);
    int64_t refund = 0;
    units -= ahead_take(&declared->provisional, units, &refund);
    (void)ahead_take(&declared->final, units, &refund);
}

/* What general trade refunded is final; what 9810 refunded on goods that are never sold is paid
 * back. */
void market_customs_removed(struct market_work *work, int f, int product, int market, int64_t units)
{
    if (!work->rules->customs.open)
        return;
    struct market_customs_declaration *declared = declaration_of(work, f, product, market);
    int64_t back = 0;
    units -= ahead_take(&declared->final, units, &back);
    (void)ahead_take(&declared->provisional, units, &back);
    market_post(work, f, 0, ACCOUNT_COGS, ACCOUNT_CASH, back, REASON_EXPORT_REFUND_BACK, product);
}

/* ---- import ---- */

double market_customs_hold_rate(const struct market_customs_rules *rules,
                                int64_t declared_share_1e9, bool misclassed)
{
    double missing = 1 - (double)declared_share_1e9 / RATE_ONE;
    bool too_low = declared_share_1e9 < CUSTOMS_VALUE_RIGHT_1E9;
    return rules->hold_rate +
           (too_low ? rules->undervalue_rate + rules->undervalue_slope * missing : 0) +
           (misclassed ? rules->misclass_rate : 0);
}

/* The true value is what was paid for the goods, in the market's currency. */
void market_customs_stamp(const struct market_work *work, int f, struct market_shipment *shipment)
{
    const struct market_rules *rules = work->rules;
    if (!rules->customs.open)
        return;
    int market = rules->lanes[shipment->lane].market;
    const struct market_customs_declaration *declared =
        declaration_of(work, f, shipment->product, market);
    const char *right = rules->categories[rules->products[shipment->product].category].hs6;
    bool misclassed = declared->hs6[0] != '\0' && memcmp(declared->hs6, right, 6) != 0;
    shipment->declared_share_1e9 = market_customs_declared_share(
        declared->declared_minor, shipment->units,
        market_from_home(work, rules->markets[market].currency, shipment->goods_minor));
    memset(shipment->declared_hs6, 0, sizeof(shipment->declared_hs6));
    if (misclassed)
        memcpy(shipment->declared_hs6, declared->hs6, sizeof(shipment->declared_hs6));
}

/* Keyed by the days the shipment was sent and came, so that every look draws the same. */
static double shipment_uniform(const struct market_work *work, int f,
                               const struct market_shipment *shipment)
{
    uint64_t object = (uint64_t)shipment->arrive_day << 32 | (uint64_t)shipment->product << 16 |
                      (uint64_t)shipment->lane;
    struct rng_words words = rng_at(work->key->seed, STREAM_CUSTOMS, work->key->world,
                                    shipment->sent_day, (uint64_t)f, object, 0);
    return rng_uniform(words.word[0]);
}

static void first_look(const struct market_work *work, int f,
                       const struct market_shipment *shipment, int market,
                       struct market_customs_effect *effect)
{
    const struct market_rules *rules = work->rules;
    bool misclassed = effect->declared_hs6[0] != '\0';
    double rate =
        market_customs_hold_rate(&rules->customs, effect->declared_share_1e9, misclassed) +
        market_events_effect(work, f, market, EVENT_CUSTOMS) +
        market_customs_record_rate(work, f, market);
    if (!(shipment_uniform(work, f, shipment) < (rate < hold_most ? rate : hold_most)))
        return;
    effect->hold_days = rules->customs.hold_days;
    effect->found = misclassed || effect->declared_share_1e9 < CUSTOMS_VALUE_RIGHT_1E9;
}

struct market_customs_effect market_customs_effect_get(const struct market_work *work, int f,
                                                       const struct market_shipment *shipment)
{
    struct market_customs_effect effect = {
        .value_share_1e9 = RATE_ONE, .declared_share_1e9 = RATE_ONE, .vat_deductible = true};
    if (!work->rules->customs.open)
        return effect;
    int market = work->rules->lanes[shipment->lane].market;
    effect.declared_share_1e9 = shipment->declared_share_1e9;
    memcpy(effect.declared_hs6, shipment->declared_hs6, sizeof(effect.declared_hs6));
    effect.found = shipment->found;
    if (!shipment->held)
        first_look(work, f, shipment, market, &effect);
    if (!effect.found) {
        effect.value_share_1e9 = market_customs_taxed_share(effect.declared_share_1e9);
        memcpy(effect.hs6, effect.declared_hs6, sizeof(effect.hs6));
    }
    effect.vat_deductible = work->state->firms[f].customs[market].vat;
    return effect;
}

struct market_customs_parcels market_customs_parcels_look(const struct market_work *work, int f,
                                                          int product, int nest, int64_t units,
                                                          int64_t net_minor)
{
    const struct market_rules *rules = work->rules;
    struct market_customs_parcels look = {.honest = true, .declared_share_1e9 = RATE_ONE};
    if (!rules->customs.open)
        return look;
    const struct market_customs_declaration *declared =
        declaration_of(work, f, product, rules->nests[nest].market);
    const char *right = rules->categories[rules->products[product].category].hs6;
    bool misclassed = declared->hs6[0] != '\0' && memcmp(declared->hs6, right, 6) != 0;
    look.declared_share_1e9 =
        market_customs_declared_share(declared->declared_minor, units, net_minor);
    if (misclassed)
        memcpy(look.declared_hs6, declared->hs6, sizeof(look.declared_hs6));
    look.declared_share_1e9 = market_customs_taxed_share(look.declared_share_1e9);
    look.honest = !misclassed && look.declared_share_1e9 == RATE_ONE;
    if (!misclassed && look.declared_share_1e9 >= RATE_ONE)
        return look;
    double rate = market_customs_hold_rate(&rules->customs, look.declared_share_1e9, misclassed) -
                  rules->customs.hold_rate +
                  market_customs_record_rate(work, f, rules->nests[nest].market);
    struct rng_words words =
        market_draw(work, STREAM_CUSTOMS, market_listing_object(f, product, nest), 1);
    look.found = rng_uniform(words.word[0]) < (rate < hold_most ? rate : hold_most);
    return look;
}

double market_customs_parcel_u(const struct market_work *work, int f,
                               const struct market_listing *listing)
{
    const struct market_rules *rules = work->rules;
    /* Where the buyer pays the duty himself no IOSS is used, and that bill is counted already. */
    if (!rules->customs.open || rules->lanes[listing->lane].kind != LANE_DIRECT ||
        listing->storefront.duty_unpaid)
        return 0;
    int market = rules->nests[listing->nest].market;
    if (work->state->firms[f].customs[market].ioss ||
        !in_european_union(rules->markets[market].name.id))
        return 0;
    return rules->customs.no_ioss_u;
}

/* ---- the record ---- */

double market_customs_record_rate(const struct market_work *work, int f, int market)
{
    return work->rules->customs.repeat_rate * work->state->firms[f].customs[market].watch;
}

void market_customs_evaded(struct market_work *work, int f, int market, int64_t kept_back_home)
{
    if (kept_back_home > 0)
        work->state->firms[f].customs[market].evaded_minor += kept_back_home;
}

int64_t market_customs_discovery_cost(const struct market_work *work, int f, int market,
                                      int64_t kept_back_home)
{
    const struct market_customs_rules *rules = &work->rules->customs;
    int64_t before = work->state->firms[f].customs[market].evaded_minor;
    int64_t now = kept_back_home > 0 ? kept_back_home : 0;
    int64_t fine = market_share_of(before + now, rules->penalty_rate_1e9, RATE_ONE);
    return before + (fine > rules->penalty_least_minor ? fine : rules->penalty_least_minor);
}

bool market_customs_discover(struct market_work *work, int f, int product, int market,
                             int64_t declared_share_1e9, int64_t cost_minor)
{
    const struct market_customs_rules *rules = &work->rules->customs;
    struct market_customs_firm *held = &work->state->firms[f].customs[market];
    bool gross = declared_share_1e9 < CUSTOMS_VALUE_GROSS_1E9;
    held->evaded_minor = 0;
    if (held->found < FOUND_MOST)
        held->found++;
    if (gross && held->gross < FOUND_MOST)
        held->gross++;
    held->watch += 1;
    market_post(work, f, 0, ACCOUNT_PENALTY, ACCOUNT_CASH, cost_minor, REASON_PENALTY, product);
    market_notice_add(work, f, NOTICE_CUSTOMS_FOUND, product, market, cost_minor);
    return gross && rules->seizure_from > 0 && held->gross >= rules->seizure_from;
}

/* ---- the office's time ---- */

void market_customs_start(struct market_work *work, int f)
{
    const struct market_rules *rules = work->rules;
    struct market_firm *firm = &work->state->firms[f];
    for (int i = 0; rules->customs.open && i < firm->listing_count; i++) {
        const struct market_listing *listing = &firm->listings[i];
        const struct market_nest *nest = &rules->nests[listing->nest];
        const char *id = rules->markets[nest->market].name.id;
        struct problem ignored;
        int64_t rate = 0;
        if (trade_tax_rate(&rules->trade, id, rules->categories[nest->category].hs6, work->date,
                           &rate, &ignored) == ERR_OK &&
            rate > 0)
            firm->customs[nest->market].vat = true;
        if (listing->lane >= 0 && rules->lanes[listing->lane].kind == LANE_DIRECT &&
            in_european_union(id))
            firm->customs[nest->market].ioss = true;
    }
}

static void see_declarations(const struct market_work *work, int f, struct market_observation *seen)
{
    const struct market_rules *rules = work->rules;
    struct market_declaration_view *views =
        ARENA_ARRAY(work->arena, struct market_declaration_view,
                    (size_t)rules->product_count * (size_t)rules->market_count);
    for (int p = 0; p < rules->product_count; p++)
        for (int m = 0; m < rules->market_count; m++) {
            const struct market_customs_declaration *declared = declaration_of(work, f, p, m);
            if (declared->mode == 0 && declared->declared_minor == 0 && declared->hs6[0] == '\0')
                continue;
            struct market_declaration_view *view = &views[seen->declaration_count++];
            *view = (struct market_declaration_view){
                .product = p, .market = m, .declared_minor = declared->declared_minor};
            if (declared->mode > 0)
                view->mode =
                    market_customs_mode_number((enum market_customs_mode)(declared->mode - 1));
            memcpy(view->hs6, declared->hs6, sizeof(view->hs6));
        }
    seen->declarations = views;
}

void market_customs_see(const struct market_work *work, int f, struct market_observation *seen)
{
    const struct market_firm *firm = &work->state->firms[f];
    if (!work->rules->customs.open)
        return;
    for (int m = 0; m < work->rules->market_count; m++)
        seen->customs[m] =
            (struct market_customs_view){.ioss = firm->customs[m].ioss,
                                         .vat = firm->customs[m].vat,
                                         .refund_open_minor = refund_open(&firm->customs[m])};
    for (int d = 0; d < REFUND_RING; d++)
        seen->refunds_due_minor += firm->refunds_minor[d];
    see_declarations(work, f, seen);
}

void market_customs_day(struct market_work *work)
{
    for (int f = 0; work->rules->customs.open && f < work->state->firm_count; f++) {
        int64_t *due = &work->state->firms[f].refunds_minor[work->day % REFUND_RING];
        market_post(work, f, 0, ACCOUNT_CASH, ACCOUNT_REFUND, *due, REASON_EXPORT_REFUND_PAID, -1);
        *due = 0;
    }
}

void market_customs_round_end(struct market_work *work)
{
    const struct market_rules *rules = work->rules;
    if (!rules->customs.open)
        return;
    for (int f = 0; f < work->state->firm_count; f++)
        for (int m = 0; m < rules->market_count; m++) {
            struct market_customs_firm *held = &work->state->firms[f].customs[m];
            held->watch /= 2;
            bool ioss = held->ioss && in_european_union(rules->markets[m].name.id);
            int64_t fee = (held->vat ? rules->customs.vat_fee_minor : 0) +
                          (ioss ? rules->customs.ioss_fee_minor : 0);
            market_post(work, f, 0, ACCOUNT_FULFILMENT, ACCOUNT_CASH, fee, REASON_REGISTRATION, -1);
            if (refund_open(held) > 0)
                market_notice_add(work, f, NOTICE_REFUND_OPEN, m, -1, refund_open(held));
        }
}

int64_t market_customs_claims(const struct market_firm *firm)
{
    int64_t claims = 0;
    for (int d = 0; d < REFUND_RING; d++)
        claims += firm->refunds_minor[d];
    return claims;
}

static int64_t units_towards(const struct market_state *state, const struct market_rules *rules,
                             const struct market_firm *firm, int product, int market)
{
    int64_t units = market_stock_at(state, firm, 1 + market, product)->units;
    for (int s = 0; s < firm->shipment_count; s++)
        if (firm->shipments[s].product == product &&
            rules->lanes[firm->shipments[s].lane].market == market)
            units += firm->shipments[s].units;
    return units;
}

int64_t market_customs_at_risk(const struct market_state *state, const struct market_rules *rules,
                               const struct market_firm *firm)
{
    int64_t risk = 0;
    for (int m = 0; rules->customs.open && m < rules->market_count; m++) {
        int64_t open = refund_open(&firm->customs[m]), unsold = 0;
        for (int p = 0; p < rules->product_count; p++) {
            struct market_customs_declaration ahead = *market_declaration_at(state, firm, p, m);
            /* Goods lost on their way are not there to be sold: at most what is left counts. */
            int64_t units = units_towards(state, rules, firm, p, m), refund = 0;
            units -= ahead_take(&ahead.provisional, units, &refund);
            unsold += refund;
            (void)ahead_take(&ahead.final, units, &refund);
            unsold += refund;
        }
        /* What is not claimed is not in the books, so only what is unsold beyond it is in them. */
        risk += open > unsold ? 0 : unsold - open;
    }
    return risk;
}
